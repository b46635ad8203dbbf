r"""A job that sets prices from lines of `product,price`, and audits each change.

Run it in a clone of this repository:

pip install ./layers/prooftrail
make dev                                     # in another terminal; export what it prints
printf '4711,12.50\n4712,free\n' | python examples/script.py
"""

import csv
import getpass
import sys
from decimal import Decimal, InvalidOperation
from uuid import uuid4

from prooftrail.client import AuditLogger, audit_context, track_changes

PRICES = {"4711": Decimal("11.00"), "4712": Decimal("3.00")}


def main() -> int:
    """Set the prices; return 1 if a line has no valid price."""
    logger = AuditLogger(tenant_id="shop")
    run = str(uuid4())
    with audit_context(user_id=getpass.getuser(), request_id=run, metadata={"job": "prices"}):
        results = [set_price(logger, product, price) for product, price in csv.reader(sys.stdin)]
    if not logger.close(timeout=10):
        print(
            "not all events are in the queue yet; the next run sends them",
            file=sys.stderr,
        )
    return 0 if all(results) else 1


def set_price(logger: AuditLogger, product: str, text: str) -> bool:
    """Set one price. The event has the change, or the error."""
    try:
        price = Decimal(text)
    except InvalidOperation:
        logger.log_failure(
            action="price.update",
            resource_type="product",
            resource_id=product,
            error=f"not a price: {text!r}",
        )
        return False
    before = {"price": PRICES.get(product)}
    PRICES[product] = price
    logger.log_success(
        action="price.update",
        resource_type="product",
        resource_id=product,
        changes=track_changes(before, {"price": price}),
    )
    return True


if __name__ == "__main__":
    sys.exit(main())
