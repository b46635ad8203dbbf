"""Trust policies: which logs are trusted, and how many of which witnesses must cosign.

Source: C2SP tlog-policy (https://c2sp.org/tlog-policy).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from prooftrail.errors import InvalidPolicyError, MalformedNoteError, UntrustedNoteError
from prooftrail.tlog.checkpoint import Checkpoint
from prooftrail.tlog.note import Note, VerifierKey
from prooftrail.tlog.signatures import find_signers, find_signing_time, verify_checkpoint

NO_WITNESS: Final = "none"
_NUMBER: Final = re.compile(r"[1-9][0-9]{0,3}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Group:
    """Names of witnesses and groups, of which at least `threshold` must have cosigned."""

    threshold: int
    members: Sequence[str]


@dataclass(frozen=True, slots=True)
class Policy:
    """The trusted logs, the witnesses and groups by the policy's names, and the quorum's name."""

    logs: Sequence[VerifierKey]
    witnesses: Mapping[str, VerifierKey]
    groups: Mapping[str, Group]
    quorum: str = NO_WITNESS

    @classmethod
    def from_key(cls, key: VerifierKey) -> "Policy":
        """Return the policy that trusts one log and requires no witness."""
        return cls([key], {}, {})

    @classmethod
    def from_text(cls, text: str) -> "Policy":
        """Parse a policy.

        Raises:
            InvalidPolicyError: the text is not a policy. The error names the line.
        """
        builder = _PolicyBuilder()
        for number, line in enumerate(text.split("\n"), 1):
            parts = [part for part in re.split("[ \t]+", line) if part]
            if parts and not parts[0].startswith("#"):
                try:
                    builder.add_line(parts)
                except (InvalidPolicyError, MalformedNoteError) as error:
                    raise InvalidPolicyError(f"line {number}: {error}") from error
        return builder.build()

    def check(self, note: Note) -> Checkpoint:
        """Return the checkpoint in a note that fulfils the policy, with its time.

        Raises:
            MalformedNoteError: the note is not a checkpoint.
            UntrustedNoteError: no trusted log has signed it, too few witnesses have cosigned it, or
                a signature of a key in the policy is not valid.
        """
        origin = Checkpoint.from_note(note).origin
        keys = [key for key in self.logs if key.name == origin]
        if not keys:
            known = ", ".join(key.name for key in self.logs)
            raise UntrustedNoteError(f"the checkpoint is one of {origin}, not of {known}")
        signed = find_signers(note, keys)
        if not signed:
            raise UntrustedNoteError(f"the checkpoint is not signed by the given key of {origin}")
        checkpoint = verify_checkpoint(note, signed[0])
        cosigned = find_signers(note, list(self.witnesses.values()))
        names = {name for name, key in self.witnesses.items() if key in cosigned}
        if not self._is_met(self.quorum, names):
            raise UntrustedNoteError(
                f"too few witnesses have cosigned for the quorum {self.quorum}"
            )
        return replace(checkpoint, signed_ms=find_signing_time(note, signed[0]))

    def _is_met(self, name: str, cosigned: set[str]) -> bool:
        if name == NO_WITNESS or name in cosigned:
            return True
        group = self.groups.get(name)
        if group is None:
            return False
        return sum(self._is_met(member, cosigned) for member in group.members) >= group.threshold


class _PolicyBuilder:
    """The parts of a policy in the lines so far."""

    def __init__(self) -> None:
        self._logs: list[VerifierKey] = []
        self._witnesses: dict[str, VerifierKey] = {}
        self._groups: dict[str, Group] = {}
        self._quorum: str | None = None

    def build(self) -> Policy:
        if self._quorum is None:
            raise InvalidPolicyError("the policy must have a quorum line")
        own_keys = {key.public_key for key in self._logs}
        for name, witness in self._witnesses.items():
            if witness.public_key in own_keys:  # a log cosigns its own checkpoints: no witness
                raise InvalidPolicyError(f"the witness {name} has the key of a log")
        return Policy(self._logs, self._witnesses, self._groups, self._quorum)

    def add_line(self, parts: Sequence[str]) -> None:
        match parts:
            case ["log", key] | ["log", key, _]:
                self._add_log(VerifierKey.from_text(key))
            case ["witness", name, key] | ["witness", name, key, _]:
                self._add_witness(name, VerifierKey.from_text(key))
            case ["group", name, threshold, *members] if members:
                self._add_group(name, threshold, members)
            case ["quorum", name] if self._quorum is None:
                if name != NO_WITNESS and name not in self._names:
                    raise InvalidPolicyError(f"{name} is not defined in a line before")
                self._quorum = name
            case ["quorum", _]:
                raise InvalidPolicyError("the policy must have one quorum line only")
            case _:
                raise InvalidPolicyError("a line must be one of log, witness, group or quorum")

    @property
    def _names(self) -> set[str]:
        return {*self._witnesses, *self._groups}

    def _check_name(self, name: str) -> None:
        if name == NO_WITNESS or name in self._names:
            raise InvalidPolicyError(f"the name {name} is used already")

    def _add_log(self, key: VerifierKey) -> None:
        if key.is_witness:
            raise InvalidPolicyError(f"{key.name} has the key of a witness, not of a log")
        if any(log.public_key == key.public_key for log in self._logs):
            raise InvalidPolicyError(f"the key of {key.name} is given twice")
        self._logs.append(key)

    def _add_witness(self, name: str, key: VerifierKey) -> None:
        self._check_name(name)
        if not key.is_witness:
            raise InvalidPolicyError(f"{key.name} has the key of a log, not of a witness")
        if any(known.public_key == key.public_key for known in self._witnesses.values()):
            raise InvalidPolicyError(f"the key of {key.name} is given twice")
        self._witnesses[name] = key

    def _add_group(self, name: str, threshold: str, members: Sequence[str]) -> None:
        self._check_name(name)
        for member in members:
            if member not in self._names:
                raise InvalidPolicyError(f"{member} is not defined in a line before")
        if len(set(members)) != len(members):
            raise InvalidPolicyError(f"the group {name} has a member twice")
        counts = {"all": len(members), "any": 1}
        count = counts.get(threshold) or (int(threshold) if _NUMBER.fullmatch(threshold) else 0)
        if not 1 <= count <= len(members):
            raise InvalidPolicyError(f"the group {name} cannot have the threshold {threshold}")
        self._groups[name] = Group(count, members)
