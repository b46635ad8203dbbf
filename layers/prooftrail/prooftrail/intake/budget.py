"""What one invocation of the processor may spend: its time, and calls that do not succeed."""

import math
from collections.abc import Callable
from enum import Enum, auto
from typing import Final

from prooftrail.errors import AuditLogError, OutOfTimeError

# The longest time of a call to AWS: three attempts of 2 s to connect and 5 s to read, and the
# waits between them. `aws.clients` has the same numbers.
MAX_CALL_SECONDS: Final = 24.0
MAX_MESSAGE_SECONDS: Final = 10.0  # to read and check the largest message
END_SECONDS: Final = 2.0  # to log and to return


class Service(Enum):
    """What the processor calls."""

    EVENTS = auto()
    PAYLOADS = auto()
    DEAD_LETTERS = auto()


class Budget:
    """The time of an invocation, and the services that it calls no more.

    `seconds_left` returns the seconds until the invocation is stopped. A call begins only if there
    is time for it, for one more call that sets the delays of the retries, and for the end.
    """

    def __init__(self, seconds_left: Callable[[], float] = lambda: math.inf) -> None:
        self._seconds_left = seconds_left
        self._faults: dict[Service, AuditLogError] = {}

    def give_up(self, service: Service, fault: AuditLogError) -> None:
        """Call a service no more in this invocation."""
        self._faults.setdefault(service, fault)

    def get_fault(self, service: Service) -> AuditLogError | None:
        """Return the fault for which the service is called no more."""
        return self._faults.get(service)

    def check(self, service: Service) -> AuditLogError | None:
        """Return why the service must not be called now, or None."""
        if self._seconds_left() < 2 * MAX_CALL_SECONDS + END_SECONDS:
            self.give_up(service, OutOfTimeError())
        return self._faults.get(service)

    def allows_message(self) -> bool:
        """Return whether there is time to work on one more message."""
        reserve = MAX_MESSAGE_SECONDS + 2 * MAX_CALL_SECONDS + END_SECONDS
        return self._seconds_left() >= reserve

    def allows_last_call(self) -> bool:
        """Return whether there is time for a call that sets delays of retries."""
        return self._seconds_left() >= MAX_CALL_SECONDS + END_SECONDS
