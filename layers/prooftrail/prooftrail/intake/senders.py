"""The senders that the processor trusts: the stack's own functions, by their role ids.

AWS authenticates the sender of a message. Nobody else can send with the id of a role.
"""

from dataclasses import dataclass

from prooftrail.event.submitter import clean_submitter, get_role_id


@dataclass(frozen=True, slots=True)
class OwnRoles:
    """The unique ids of the roles of the stack's functions.

    `submit` is the role of the function submit, which says who called the API. Empty if unknown.
    `system` are the roles of the other functions, which may send the events that are reserved to
    the system.
    """

    submit: str = ""
    system: frozenset[str] = frozenset()

    def find_submitter(self, sender_id: str, claimed: str | None) -> str | None:
        """Return who submitted the events of a message, or None if that is not known.

        `claimed` is what the message itself says. Only the function submit is believed.

        >>> roles = OwnRoles(submit="AROASUBMIT")
        >>> roles.find_submitter("AROASUBMIT:submit", "token:u-1")
        'token:u-1'
        >>> roles.find_submitter("AROAOTHER:app", "token:u-1")
        'AROAOTHER:app'
        """
        if claimed and self.submit and get_role_id(sender_id) == self.submit:
            return clean_submitter(claimed)
        return clean_submitter(sender_id)

    def is_system(self, sender_id: str) -> bool:
        """Return whether the sender may send events that are reserved to the system."""
        return get_role_id(sender_id) in self.system
