"""Who submitted an event, as AWS has authenticated them.

A message that is sent straight to SQS has its sender's id: the unique id of an IAM user (`AIDA…`),
or of a role and its session (`AROA…:session`). A request to the API has the caller's ARN, or the
subject of a token. These are the forms of `submittedBy`.
"""

import re
from hashlib import sha256
from typing import Final

MAX_SUBMITTER_LENGTH: Final = 512  # characters
TOKEN_PREFIX: Final = "token:"  # noqa: S105  # the subject of a token follows, not the token
_UNPRINTABLE: Final = re.compile("[^ -~]")


def clean_submitter(text: str) -> str | None:
    """Return the text as `submittedBy` holds it: printable ASCII of limited length.

    AWS's ids have this form already. None if the text is empty.

    >>> clean_submitter("AROAEXAMPLE:i-0abc"), clean_submitter("token:\\n"), clean_submitter("")
    ('AROAEXAMPLE:i-0abc', 'token:?', None)
    """
    return _UNPRINTABLE.sub("?", text[:MAX_SUBMITTER_LENGTH]) or None


def is_submitter(text: str) -> bool:
    """Return whether the text has the form of `submittedBy`."""
    return 0 < len(text) <= MAX_SUBMITTER_LENGTH and _UNPRINTABLE.search(text) is None


def get_role_id(sender_id: str) -> str:
    """Return the unique id of the role in a sender's id. The id of a user is returned unchanged.

    >>> get_role_id("AROAEXAMPLE:SubmitFunction"), get_role_id("AIDAEXAMPLE")
    ('AROAEXAMPLE', 'AIDAEXAMPLE')
    """
    return sender_id.partition(":")[0]


def hash_submitter(submitted_by: str) -> bytes:
    """Return the SHA-256 of a submitter, which log entries hold in place of the text."""
    return sha256(submitted_by.encode()).digest()
