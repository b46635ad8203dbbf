"""Whom one trusts: which logs, which witnesses, and how many of them. Source: C2SP tlog-policy."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from prooftrail.errors import InvalidPolicyError, MalformedNoteError, UntrustedNoteError
from prooftrail.tlog.checkpoint import Checkpoint
from prooftrail.tlog.note import Note, VerifierKey
from prooftrail.tlog.signatures import find_signers, verify_checkpoint

NO_WITNESS: Final = "none"
_NUMBER: Final = re.compile(r"[1-9][0-9]{0,3}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Group:
    """Witnesses or groups by name, of which at least `threshold` must have cosigned."""

    threshold: int
    members: Sequence[str]


@dataclass(frozen=True, slots=True)
class Policy:
    """Logs by key, witnesses by the policy's name for them, groups, and who has to cosign."""

    logs: Sequence[VerifierKey]
    witnesses: Mapping[str, VerifierKey]
    groups: Mapping[str, Group]
    quorum: str = NO_WITNESS

    @classmethod
    def from_key(cls, key: VerifierKey) -> "Policy":
        """Trust one log, and ask for no witness."""
        return cls([key], {}, {})

    @classmethod
    def from_text(cls, text: str) -> "Policy":
        """The policy in this text.

        Raises:
            InvalidPolicyError: it is none; it says which line, and why.
        """
        parsed = _Parser()
        for number, line in enumerate(text.split("\n"), 1):
            parts = [part for part in re.split("[ \t]+", line) if part]
            if parts and not parts[0].startswith("#"):
                try:
                    parsed.take(parts)
                except (InvalidPolicyError, MalformedNoteError) as error:
                    raise InvalidPolicyError(f"line {number}: {error}") from error
        return parsed.policy()

    def check(self, note: Note) -> Checkpoint:
        """The checkpoint that a note is, signed by a log and cosigned as the policy asks.

        Raises:
            MalformedNoteError: the note is no checkpoint.
            UntrustedNoteError: it is not signed by a trusted log, or too few witnesses have
                cosigned, or a signature of a known key is wrong.
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
            raise UntrustedNoteError(f"too few witnesses have cosigned for {self.quorum}")
        return checkpoint

    def _is_met(self, name: str, cosigned: set[str]) -> bool:
        if name == NO_WITNESS or name in cosigned:
            return True
        group = self.groups.get(name)
        if group is None:
            return False
        return sum(self._is_met(one, cosigned) for one in group.members) >= group.threshold


class _Parser:
    def __init__(self) -> None:
        self._logs: list[VerifierKey] = []
        self._witnesses: dict[str, VerifierKey] = {}
        self._groups: dict[str, Group] = {}
        self._quorum: str | None = None

    def policy(self) -> Policy:
        if self._quorum is None:
            raise InvalidPolicyError("there is no quorum line")
        return Policy(self._logs, self._witnesses, self._groups, self._quorum)

    def take(self, parts: Sequence[str]) -> None:
        match parts:
            case ["log", key] | ["log", key, _]:
                self._add_log(VerifierKey.from_text(key))
            case ["witness", name, key] | ["witness", name, key, _]:
                self._add_witness(name, VerifierKey.from_text(key))
            case ["group", name, threshold, *members] if members:
                self._add_group(name, threshold, members)
            case ["quorum", name] if self._quorum is None:
                if name != NO_WITNESS and name not in self._names:
                    raise InvalidPolicyError(f"{name} is not defined before")
                self._quorum = name
            case ["quorum", _]:
                raise InvalidPolicyError("there is a quorum line already")
            case _:
                raise InvalidPolicyError("a line is one of log, witness, group or quorum")

    @property
    def _names(self) -> set[str]:
        return {*self._witnesses, *self._groups}

    def _check_name(self, name: str) -> None:
        if name == NO_WITNESS or name in self._names:
            raise InvalidPolicyError(f"{name} is taken")

    def _add_log(self, key: VerifierKey) -> None:
        if key.is_witness:
            raise InvalidPolicyError(f"{key.name} has a witness's key, not a log's")
        if any(one.public_key == key.public_key for one in self._logs):
            raise InvalidPolicyError(f"the key of {key.name} is given twice")
        self._logs.append(key)

    def _add_witness(self, name: str, key: VerifierKey) -> None:
        self._check_name(name)
        if not key.is_witness:
            raise InvalidPolicyError(f"{key.name} has a log's key, not a witness's")
        if any(one.public_key == key.public_key for one in self._witnesses.values()):
            raise InvalidPolicyError(f"the key of {key.name} is given twice")
        self._witnesses[name] = key

    def _add_group(self, name: str, threshold: str, members: Sequence[str]) -> None:
        self._check_name(name)
        for member in members:
            if member not in self._names:
                raise InvalidPolicyError(f"{member} is not defined before")
        if len(set(members)) != len(members):
            raise InvalidPolicyError(f"the group {name} has a member twice")
        counts = {"all": len(members), "any": 1}
        count = counts.get(threshold) or (int(threshold) if _NUMBER.fullmatch(threshold) else 0)
        if not 1 <= count <= len(members):
            raise InvalidPolicyError(f"the group {name} has no threshold {threshold}")
        self._groups[name] = Group(count, members)
