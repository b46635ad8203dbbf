"""docs/cli.md equals the help texts of the commands."""

import json
import re

from prooftrail.cli.dead_letters.edit import parse_change
from prooftrail.cli.dead_letters.group import COMMANDS as DEAD_LETTER_COMMANDS
from prooftrail.cli.errors import Exit
from prooftrail.cli.hold.group import COMMANDS as HOLD_COMMANDS
from prooftrail.cli.main import COMMANDS
from prooftrail.intake.body_path import set_field
from tests.support.samples import bulk_job
from tools.cli_docs import INTRODUCTION, main, make_page


def test_the_page_is_up_to_date() -> None:
    assert main(["--check"]) == 0


def test_every_command_has_a_section_and_an_example() -> None:
    pattern = r"(?ms)^#+ (prooftrail[^\n]*)\n\n```text\n(.*?)\n```$"
    sections = dict(re.findall(pattern, make_page()))
    names = [f"prooftrail {name}" for name in COMMANDS]
    names += [f"prooftrail dead-letters {name}" for name in DEAD_LETTER_COMMANDS]
    names += [f"prooftrail hold {name}" for name in HOLD_COMMANDS]
    assert set(names) < sections.keys()
    groups = {"prooftrail", "prooftrail dead-letters", "prooftrail verify", "prooftrail completion"}
    groups.add("prooftrail hold")
    for name, text in sections.items():
        assert text.startswith(f"Usage: {name} ")
        assert name in groups or f"Example: {name}" in " ".join(text.split())


def test_all_exit_codes_are_listed() -> None:
    codes = {int(code) for code in re.findall(r"^\| (\d+) \|", INTRODUCTION, re.MULTILINE)}
    assert codes == set(Exit)


def test_the_changes_of_a_redrive_do_what_the_page_says() -> None:
    changes = re.findall(r"^\| `(\S+=\S+)` \|", INTRODUCTION, re.MULTILINE)
    assert len(changes) == 8
    body = bulk_job({}, {})
    for change in changes:
        body = set_field(body, *parse_change(change))
    events = json.loads(body)["data"]["events"]
    assert [event.pop("userId") for event in events] == [None, "u-1"]
    details = {"size": "5", "tags": ["a", "b"], "annotations": {"example.com/size": 5}}
    assert events == [{"details": details}] * 2
