"""Policies of logs, witnesses and quorums, as C2SP tlog-policy writes them."""

from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

from prooftrail.errors import InvalidPolicyError, UntrustedNoteError
from prooftrail.tlog.checkpoint import Checkpoint
from prooftrail.tlog.note import Note
from prooftrail.tlog.policy import Policy
from tests.support.log_samples import (
    LOG_KEY,
    flip_bit,
    make_cosignature,
    make_verifier_key,
    make_witness_key,
    sign_checkpoint,
)

NAMES = ("X1", "X2", "X3", "Y1", "Y2", "Y3")
KEYS: dict[str, Ed25519PrivateKey | MLDSA44PrivateKey] = {
    name: Ed25519PrivateKey.from_private_bytes(name.encode() * 16) for name in NAMES[:-1]
} | {"Y3": MLDSA44PrivateKey.generate()}
LOG = str(make_verifier_key())
WITNESSES = "\n".join(
    f"witness {name} {make_witness_key(f'{name}.example', KEYS[name])}" for name in NAMES
)
TWO_LEVELS = f"""
# the example of the specification
log {LOG}

{WITNESSES}
group X-witnesses 2 X1 X2 X3
\tgroup Y-witnesses any Y1 Y2 Y3
group X-and-Y all  X-witnesses Y-witnesses
quorum X-and-Y
"""
NOTE = sign_checkpoint(Checkpoint("example.com/log", 7, bytes(32)))


def by(*names: str, note: Note = NOTE) -> Note:
    return note.with_signatures(
        [make_cosignature(note, f"{name}.example", KEYS[name], 1_700_000_000) for name in names]
    )


@pytest.mark.parametrize(
    ("names", "is_enough"),
    [
        ("", False),
        ("X1 Y1", False),
        ("X1 X2", False),
        ("Y1 Y2 Y3", False),
        ("X1 X3 Y2", True),
        ("X2 X3 Y3", True),
        ("X1 X2 X3 Y1 Y2 Y3", True),
    ],
)
def test_the_example_of_the_specification(names: str, is_enough: bool) -> None:
    policy = Policy.from_text(TWO_LEVELS)
    note = by(*names.split())
    if is_enough:
        assert policy.check(note) == Checkpoint("example.com/log", 7, bytes(32))
    else:
        with pytest.raises(UntrustedNoteError, match="too few witnesses"):
            policy.check(note)


@pytest.mark.parametrize(
    ("group", "names", "is_enough"),
    [
        ("all X1 X2", "X1", False),
        ("all X1 X2", "X1 X2", True),
        ("any X1 X2", "", False),
        ("any X1 X2", "X2", True),
        ("1 X1 X2", "X1", True),
        ("2 X1 X2", "X1", False),
    ],
)
def test_groups_count_their_members(group: str, names: str, is_enough: bool) -> None:
    policy = Policy.from_text(f"log {LOG}\n{WITNESSES}\ngroup g {group}\nquorum g\n")
    if is_enough:
        policy.check(by(*names.split()))
    else:
        with pytest.raises(UntrustedNoteError):
            policy.check(by(*names.split()))


def test_no_quorum_asks_for_the_log_alone() -> None:
    for policy in (
        Policy.from_text(f"log {LOG} https://example.com/log\nquorum none"),
        Policy.from_key(make_verifier_key()),
    ):
        assert policy.check(NOTE).size == 7


def test_one_witness_can_be_the_quorum() -> None:
    policy = Policy.from_text(f"log {LOG}\n{WITNESSES}\nquorum X1")
    policy.check(by("X1"))
    with pytest.raises(UntrustedNoteError):
        policy.check(by("X2"))


def test_other_logs_and_keys_are_not_trusted() -> None:
    policy = Policy.from_key(make_verifier_key())
    with pytest.raises(UntrustedNoteError, match=r"one of example\.com/other"):
        policy.check(sign_checkpoint(Checkpoint("example.com/other", 7, bytes(32))))
    with pytest.raises(UntrustedNoteError, match="not signed by the given key"):
        policy.check(sign_checkpoint(Checkpoint("example.com/log", 7, bytes(32)), KEYS["X1"]))  # type: ignore[arg-type]


def test_a_wrong_cosignature_of_a_known_witness_is_refused() -> None:
    policy = Policy.from_text(f"log {LOG}\n{WITNESSES}\nquorum none")
    [*_, good] = by("X1").signatures
    wrong = type(good)(good.name, good.key_id, flip_bit(good.content, 100))
    with pytest.raises(UntrustedNoteError, match=r"X1\.example is not valid"):
        policy.check(NOTE.with_signatures([wrong]))


X1 = f"witness X1 {make_witness_key('X1.example', KEYS['X1'])}"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "must have a quorum line"),
        (f"log {LOG}", "must have a quorum line"),
        ("quorum none\nquorum none", "line 2: the policy must have one quorum line only"),
        ("quorum X1", "line 1: X1 is not defined"),
        ("logs x", "line 1: a line must be one of"),
        ("log", "line 1: a line must be one of"),
        ("log nonsense", "line 1: a verifier key must have the form"),
        (f"log {LOG}\nlog {LOG}", "line 2: the key of example.com/log is given twice"),
        (f"log {X1.split()[2]}", "line 1: X1.example has the key of a witness"),
        (f"witness a {LOG}", "line 1: example.com/log has the key of a log"),
        (f"{X1}\n{X1}", "line 2: the name X1 is used already"),
        (f"{X1}\n{X1.replace(' X1 ', ' X2 ')}", "line 2: the key of X1.example is given twice"),
        (X1.replace(" X1 ", " none "), "line 1: the name none is used already"),
        (f"{X1}\ngroup X1 any X1", "line 2: the name X1 is used already"),
        (f"{X1}\ngroup g any X2", "line 2: X2 is not defined"),
        (f"{X1}\ngroup g any none", "line 2: none is not defined"),
        (f"{X1}\ngroup g any X1 X1", "line 2: the group g has a member twice"),
        (f"{X1}\ngroup g 2 X1", "line 2: the group g cannot have the threshold 2"),
        (f"{X1}\ngroup g 0 X1", "line 2: the group g cannot have the threshold 0"),
        (f"{X1}\ngroup g many X1", "line 2: the group g cannot have the threshold many"),
        (f"{X1}\ngroup g any", "line 2: a line must be one of"),
    ],
)
def test_a_text_that_is_not_a_policy_is_refused_with_its_line(text: str, problem: str) -> None:
    with pytest.raises(InvalidPolicyError) as caught:
        Policy.from_text(text)
    assert problem in str(caught.value)


OWN_COSIGNATURE = make_cosignature(NOTE, "example.com/log", LOG_KEY, 1_700_000_000)


@pytest.mark.parametrize("order", [1, -1])
def test_a_log_is_no_witness_of_itself(order: int) -> None:
    """It cosigns its own checkpoints, which must not count for the quorum."""
    lines = [f"log {LOG}", f"witness W {make_verifier_key().cosigner}"][::order]
    with pytest.raises(InvalidPolicyError, match=r"^the witness W has the key of a log$"):
        Policy.from_text("\n".join([*lines, "quorum W"]))


def test_the_log_s_own_cosignature_gives_the_time_and_fulfils_no_quorum() -> None:
    note = NOTE.with_signatures([OWN_COSIGNATURE])
    policy = Policy.from_text(f"log {LOG}\nquorum none\n")
    assert policy.check(note) == policy.check(NOTE)
    assert policy.check(note).signed_ms == 1_700_000_000_000
    assert policy.check(NOTE).signed_ms is None
    with pytest.raises(UntrustedNoteError, match="too few witnesses"):
        Policy.from_text(TWO_LEVELS).check(note)


def test_a_damaged_cosignature_of_the_log_is_not_trusted() -> None:
    damaged = replace(OWN_COSIGNATURE, content=flip_bit(OWN_COSIGNATURE.content, 5))
    policy = Policy.from_text(f"log {LOG}\nquorum none\n")
    with pytest.raises(UntrustedNoteError, match=r"signature of example\.com/log is not valid"):
        policy.check(NOTE.with_signatures([damaged]))
