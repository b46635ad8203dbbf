"""Sessions of botocore for the command line: a named profile, and a fast start."""

from typing import TYPE_CHECKING, Any

from prooftrail.aws.documentation import skip_documentation

if TYPE_CHECKING:
    from botocore.session import Session


def make_session(profile: str | None, region: str | None) -> "Session":
    """Return a session with this profile and region; None means botocore's default.

    Its clients raise `NotAwsError` for what is not a response of AWS.
    """
    skip_documentation()
    from prooftrail.aws.clients import NotAwsResponses, make_plain_session

    def add_base(**arguments: Any) -> None:
        arguments["base_classes"].insert(0, NotAwsResponses)

    session = make_plain_session()
    for name, value in (("profile", profile), ("region", region)):
        if value is not None:
            session.set_config_variable(name, value)
    session.register("creating-client-class", add_base)
    return session
