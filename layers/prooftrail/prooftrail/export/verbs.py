"""Find what an action does by the verb in its name: one table for OCSF and ECS.

The verbs are those of CloudTrail, GitHub, Okta, Kubernetes, Google Cloud and Azure. A wrong
operation misleads more than a missing one, so an action without a certain verb has no operation.
"""

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import lru_cache
from typing import Final


class Operation(StrEnum):
    """What an action does to its resource, or for its user."""

    LOGIN = "login"
    LOGOUT = "logout"
    CREATE = "create"
    READ = "read"
    UPDATE = "update"
    DELETE = "delete"
    MOVE = "move"
    ENROLL = "enroll"
    UNENROLL = "unenroll"
    ENABLE = "enable"
    DISABLE = "disable"
    ACTIVATE = "activate"
    DEACTIVATE = "deactivate"
    SUSPEND = "suspend"
    RESUME = "resume"


_VERBS_OF: Final[Mapping[Operation | None, str]] = {
    Operation.LOGIN: "login logon loggedin signin authenticate",
    Operation.LOGOUT: "logout logoff loggedout signout",
    Operation.CREATE: "create add insert register allocate import copy provision upload signup "
    "instantiate duplicate",
    Operation.READ: "read view get list describe head search query scan lookup access export "
    "download retrieve fetch watch preview is",
    Operation.UPDATE: "update put set modify edit change patch write replace reset configure "
    "attach detach associate disassociate dissociate assign unassign link unlink tag untag "
    "grant revoke upgrade rotate increase decrease extend",
    Operation.DELETE: "delete deletecollection remove destroy terminate purge drop erase "
    "deregister unregister deprovision",
    Operation.MOVE: "move rename",
    Operation.ENROLL: "enroll",
    Operation.UNENROLL: "unenroll",
    Operation.ENABLE: "enable",
    Operation.DISABLE: "disable",
    Operation.ACTIVATE: "activate reactivate",
    Operation.DEACTIVATE: "deactivate",
    Operation.SUSPEND: "suspend",
    Operation.RESUME: "resume unsuspend",
    # Verbs without an operation. They are listed so that the noun after one is not read as a verb.
    None: "abort accept acknowledge allow analyze apply approve archive assume authorize backup "
    "block build calculate cancel check claim clear clone close commit complete confirm connect "
    "count decline decrypt deny deploy detect disconnect dismiss elevate encrypt enforce evaluate "
    "evict execute expire fail failover finish flush force generate initiate install invite invoke "
    "issue join kill launch leave lock mark merge notify open pause perform poll post prepare "
    "process promote publish purchase push reboot receive record recover refresh regenerate reject "
    "release renew report request resend resolve respond restart restore retire retry review "
    "rollback run save schedule select send share sign skip snooze split start stop submit "
    "subscribe switch sync synchronize test toggle transfer trigger unarchive unblock unlock "
    "unshare unsubscribe use validate verify withdraw",
}
_VERBS: Final[Mapping[str, Operation | None]] = {
    verb: operation for operation, verbs in _VERBS_OF.items() for verb in verbs.split()
}


def _list_words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Verbs that are nouns too. At the end of a name, a thing is not what the action does
# (`mailing_list`), but an event is (`password_change`).
_ALSO_THINGS: Final = _list_words(
    "access backup build check claim copy count decrease export force head import increase issue "
    "join link list lock mark patch post preview process push query record release report request "
    "restore review run scan schedule search set share split switch tag test transfer trigger use "
    "view watch"
)
_ALSO_EVENTS: Final = _list_words(
    "change download edit login logoff logon logout read reset signin signout signup update "
    "upgrade upload write"
)
_ALSO_NOUNS: Final = _ALSO_THINGS | _ALSO_EVENTS
# Of these nouns, those that are verbs at the beginning of a name: `SetRole`.
_RARELY_NOUNS_IN_FRONT: Final = _list_words("set update")
_LOGONS: Final = frozenset({Operation.LOGIN, Operation.LOGOUT})
_PREPOSITIONS: Final = _list_words("as by from into to using via with")
# Words before the verb that do not change it: `BatchGetItem`.
_MODIFIERS: Final = _list_words("admin aggregated async batch bulk force hard soft transact")
_OUTCOMES: Final = _list_words(
    "action attempt attempted error fail failed failure succeeded success successful"
)
_SUBRESOURCES: Final = _list_words("attach eviction exec portforward proxy")  # of Kubernetes
_EXCEPTIONS: Final[Mapping[tuple[str, ...], Operation | None]] = {
    ("authentication", "sso"): Operation.LOGIN,  # Okta
    ("git", "clone"): Operation.READ,
    ("git", "push"): Operation.UPDATE,
    ("pods", "attach"): None,
    ("repo", "access"): Operation.UPDATE,  # GitHub: the repository's visibility changed
    ("run", "instances"): Operation.CREATE,
    ("token", "grant", "access", "token"): None,  # Okta: an access token, not access to a token
    ("user", "authentication"): Operation.LOGIN,  # AWS IAM Identity Center
    ("user", "session", "end"): Operation.LOGOUT,  # Okta
    ("user", "session", "start"): Operation.LOGIN,
}
_MAX_LENGTH: Final = 128  # of an action
_SEPARATORS: Final = re.compile(r"[.:/]+")
_WORD: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
# Not "sign off": in applications it approves, as in `contract.sign_off`.
_TWO_WORDS: Final = re.compile(
    r"\b(?:log|logged) (in|on|out|off)\b|\b(?:sign|signed) (in|on|out|up)\b"
)
_JOINED: Final = {"in": "login", "on": "login", "out": "logout", "off": "logout", "up": "signup"}


def split_words(text: str) -> list[str]:
    """Return the words of a name in lower case.

    >>> split_words("DeleteDBInstance"), split_words("org.add_member"), split_words("pods/exec")
    (['delete', 'db', 'instance'], ['org', 'add', 'member'], ['pods', 'exec'])
    """
    return [word.lower() for word in _WORD.findall(text)]


def find_operation(action: str) -> Operation | None:
    """Return what the action does, or None if its name does not say it for certain.

    A name that is longer than an event's action can be says nothing.

    >>> [find_operation(action).name for action in ("ConsoleLogin", "user.role.update")]
    ['LOGIN', 'UPDATE']
    >>> find_operation("Microsoft.Authorization/elevateAccess/action")
    """
    return _find_operation(action) if len(action) <= _MAX_LENGTH else None


@lru_cache(maxsize=4096)
def _find_operation(action: str) -> Operation | None:
    segments = [_split_segment(segment) for segment in _SEPARATORS.split(action)]
    segments = [words for words in segments if words]
    if not segments:
        return None
    words = [word for segment in segments for word in segment]
    for ending, operation in _EXCEPTIONS.items():
        if tuple(words[-len(ending) :]) == ending:
            return operation
    if len(segments) == 1:
        return _find_in_segment(words)
    if _SUBRESOURCES.issuperset(segments[-2]):
        return None
    has_verb = any(word in _VERBS or _find_infinitive(word) for word in segments[-1])
    if has_verb or len(segments[0]) > 1 or _SUBRESOURCES.issuperset(segments[-1]):
        return _find_in_segment(segments[-1])
    return None if words[0] in _ALSO_NOUNS else _VERBS.get(words[0])


def _split_segment(segment: str) -> list[str]:
    """Return the words of a part of a name, without those that tell outcome or manner."""
    text = _TWO_WORDS.sub(
        lambda match: _JOINED[match[1] or match[2]], " ".join(split_words(segment))
    )
    words = text.split()
    while words and words[-1] in _OUTCOMES:
        words.pop()
    while words and (words[0] in _OUTCOMES or (len(words) > 1 and words[0] in _MODIFIERS)):
        words.pop(0)
    return words


def _find_in_segment(words: Sequence[str]) -> Operation | None:
    """Return the operation of the words' verb, which is the first or the last of them."""
    first, last = (
        word if word in _VERBS else _find_infinitive(word) for word in (words[0], words[-1])
    )
    if len(words) == 1:
        return _VERBS.get(first)
    is_past = last != words[-1]
    if "not" in words or (is_past and last and _VERBS[last] is None):
        return None
    if _VERBS.get(first) in _LOGONS and words[1] in _PREPOSITIONS:
        return _VERBS[first]
    if first and first not in _ALSO_NOUNS - _RARELY_NOUNS_IN_FRONT:
        return _VERBS[first]
    if last and (is_past or last not in _ALSO_NOUNS):
        return _VERBS[last]
    if first and _VERBS[first] not in _LOGONS:
        return _VERBS[first]
    has_verb_before = any(word in _VERBS and word not in _ALSO_NOUNS for word in words[:-1])
    return None if has_verb_before or last in _ALSO_THINGS else _VERBS.get(last)


def _find_infinitive(word: str) -> str:
    """Return the verb in the table whose past form this is, or an empty text.

    >>> [_find_infinitive(word) for word in ("created", "added", "dropped", "modified", "role")]
    ['create', 'add', 'drop', 'modify', '']
    """
    if not word.endswith("ed"):
        return ""
    stem = word[:-2]
    candidates = (stem, word[:-1], stem[:-1], f"{stem[:-1]}y")
    return next((verb for verb in candidates if verb in _VERBS), "")
