"""A Django project in one file that audits logins, failed logins and approvals of orders.

Run it in a clone of this repository:

pip install ./layers/prooftrail django
make dev                                     # in another terminal; export what it prints
python examples/django_app.py migrate
python examples/django_app.py createsuperuser --username ada --email ada@example.org
python examples/django_app.py runserver
curl -c cookies localhost:8000/login -d username=ada -d password=...
curl -b cookies localhost:8000/orders/4711/approve -d pin=0000
"""

import os
import sys
from pathlib import Path
from typing import Any

from django import conf
from django.core.management import execute_from_command_line
from django.http import HttpRequest, JsonResponse
from django.urls import path

from prooftrail.client import AuditAction, AuditLogger, audited, install

conf.settings.configure(
    SECRET_KEY=os.environ.get("SECRET_KEY", "secret of an example"),
    DEBUG=True,
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
    ],
    MIDDLEWARE=[  # without CSRF protection, for curl; a real site needs it
        "prooftrail.client.middleware.django.AuditContextMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
    ],
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": os.environ.get("DATABASE", Path(__file__).with_name("django_app.sqlite3")),
        }
    },
    PROOFTRAIL_TRUSTED_PROXIES=int(os.environ.get("TRUSTED_PROXIES", "0")),
)

ORDERS = {"4711": {"amount": 12}}
logger = AuditLogger(tenant_id="shop")
install(logger)  # the logger of `audited`


def log_in(request: HttpRequest) -> JsonResponse:
    """Record success and failure. After `login`, events have the new user."""
    from django.contrib.auth import authenticate, login  # needs the settings above

    name = request.POST.get("username", "")
    user = authenticate(request, username=name, password=request.POST.get("password"))
    event = {"action": AuditAction.USER_LOGIN, "resource_type": "user", "resource_id": name}
    if user is None:
        logger.log_failure(**event, error="wrong name or password")
        return JsonResponse({"error": "wrong name or password"}, status=401)
    login(request, user)
    logger.log_success(**event)
    return JsonResponse({"user": name})


@audited(
    action="order.approve",
    resource="order:{order_id}",
    details=lambda given: {"form": given["request"].POST},
)
def approve(request: HttpRequest, order_id: str) -> JsonResponse:
    """Approve an order. The event has the result and the form, with the pin masked."""
    if not request.user.is_authenticated:
        raise PermissionError("log in first")
    return JsonResponse({"approved": ORDERS[order_id]["amount"]})


urlpatterns: list[Any] = [path("login", log_in), path("orders/<order_id>/approve", approve)]

if __name__ == "__main__":
    execute_from_command_line(sys.argv)
