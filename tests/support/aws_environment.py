"""AWS settings that keep a test or a benchmark away from this machine's AWS configuration."""

import os
from collections.abc import Mapping
from typing import Final

NO_ACCOUNT: Final[Mapping[str, str]] = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_ACCOUNT_ID_ENDPOINT_MODE": "disabled",  # moto's streams have no endpoint of an account
    "POWERTOOLS_TRACE_DISABLED": "true",
}
