"""An audited Django project in one file: who logs in, who fails to, and who approves orders.

pip install './layers/prooftrail' django
make dev                                     # and export what it prints
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
    SECRET_KEY=os.environ.get("SECRET_KEY", "an example's"),
    DEBUG=True,
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
    ],
    MIDDLEWARE=[  # for curl without Django's CSRF protection, which a site needs
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
install(logger)  # for `audited`


def log_in(request: HttpRequest) -> JsonResponse:
    """Both outcomes are recorded; the user of a success is already the new one."""
    from django.contrib.auth import authenticate, login  # they need the settings above

    name = request.POST.get("username", "")
    user = authenticate(request, username=name, password=request.POST.get("password"))
    login_of = {"action": AuditAction.USER_LOGIN, "resource_type": "user", "resource_id": name}
    if user is None:
        logger.log_failure(**login_of, error="wrong name or password")
        return JsonResponse({"error": "wrong name or password"}, status=401)
    login(request, user)
    logger.log_success(**login_of)
    return JsonResponse({"user": name})


@audited(
    action="order.approve",
    resource="order:{order_id}",
    details=lambda given: {"form": given["request"].POST},
)
def approve(request: HttpRequest, order_id: str) -> JsonResponse:
    """Recorded with its outcome and the form, of which the pin is masked by its name."""
    if not request.user.is_authenticated:
        raise PermissionError("log in first")
    return JsonResponse({"approved": ORDERS[order_id]["amount"]})


urlpatterns: list[Any] = [path("login", log_in), path("orders/<order_id>/approve", approve)]

if __name__ == "__main__":
    execute_from_command_line(sys.argv)
