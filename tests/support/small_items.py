"""A lower limit of an item's size, so that a test stores events beyond it fast."""

from base64 import b64encode
from random import Random

import pytest

from prooftrail.aws import item

_MAX_ITEM_SIZE = 2_500  # bytes
TOO_LARGE_FOR_AN_ITEM = b64encode(Random(1).randbytes(3_000)).decode()  # does not compress


def lower_item_limit(patch: pytest.MonkeyPatch) -> None:
    """Let items have at most 2,500 bytes, until the patch is undone."""
    patch.setattr(item, "MAX_ITEM_SIZE", _MAX_ITEM_SIZE)
