"""The SenderId of messages, which moto gives no function: the unique id of the sender's role.

A request of a function has its role in a header. moto's queue gives the messages of that request
this SenderId. Messages of other senders get the id that moto's STS gives to everybody: AWS names a
caller by one id in both.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any, Final

from botocore.handlers import BUILTIN_HANDLERS
from moto.sqs import models
from moto.sqs.models import Message
from moto.sqs.responses import SQSResponse

from local.template import make_role_id

_HEADER: Final = "X-Local-Sender"
_FUNCTION_ENDING: Final = "Function"
CALLER_ID: Final = "AKIAIOSFODNN7EXAMPLE"  # of moto's GetCallerIdentity
models.DEFAULT_SENDER_ID = CALLER_ID
_invoked: ContextVar[str | None] = ContextVar("invoked", default=None)
_sending: ContextVar[str | None] = ContextVar("sending", default=None)


def make_sender_id(function: str) -> str:
    """Return the SenderId of a function's messages.

    >>> make_sender_id("SubmitFunction")
    'AROASUBMITROLE:SubmitFunction'
    """
    return f"{make_role_id(function.removesuffix(_FUNCTION_ENDING) + 'Role')}:{function}"


@contextmanager
def send_as(function: str) -> Iterator[None]:
    """Make this function the sender of what the block sends with the functions' clients."""
    _patch_moto()
    token = _invoked.set(make_sender_id(function))
    try:
        yield
    finally:
        _invoked.reset(token)


def _add_header(**details: Any) -> None:
    request = details["request"]
    if sender_id := _invoked.get():
        request.headers[_HEADER] = sender_id


# Sessions that exist already do not get it. moto registers its own handler in the same way.
BUILTIN_HANDLERS.append(("before-sign.sqs", _add_header))


@cache
def _patch_moto() -> None:
    make_message = Message.__init__

    def make_sent_message(message: Any, *args: Any, **options: Any) -> None:
        make_message(message, *args, **options)
        message.sender_id = _sending.get() or message.sender_id

    setattr(Message, "__init__", make_sent_message)  # noqa: B010  # mypy refuses an assignment
    for name in ("send_message", "send_message_batch"):
        setattr(SQSResponse, name, _keep_sender(getattr(SQSResponse, name)))


def _keep_sender(respond: Any) -> Any:
    def respond_to_sender(response: Any) -> Any:
        token = _sending.set(response.headers.get(_HEADER))
        try:
            return respond(response)
        finally:
            _sending.reset(token)

    return respond_to_sender
