"""`prooftrail hold set`: what a scope may be."""

import pytest
from click.testing import CliRunner

from prooftrail.cli.main import main


@pytest.mark.parametrize(
    "resource", [("Team 9", "1"), ("", "1"), ("team", ""), ("team", "9" * 257)]
)
def test_a_resource_that_no_event_can_have_is_refused(resource: tuple[str, str]) -> None:
    command = ["hold", "set", "--resource", *resource, "--reason", "case 4711", "--stack", "any"]
    result = CliRunner().invoke(main, command)
    assert result.exit_code == 2
    assert "'--resource'" in result.stderr
