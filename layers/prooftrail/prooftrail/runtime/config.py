"""The configuration of the functions. Only this module reads the environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from prooftrail.errors import ConfigurationError
from prooftrail.intake.retries import DEFAULT_MAX_RECEIVES

MAX_SHARD_COUNT = 256
MAX_RECEIVES = 1_000  # as SQS has it


@dataclass(frozen=True, slots=True)
class Settings:
    """The variables that the template sets for a function; the others are empty.

    `is_sam_local`: `sam local`, which authenticates no caller, runs the function and has set
    AWS_SAM_LOCAL.
    """

    events_table: str = ""
    ledger_table: str = ""
    overflow_bucket: str = ""
    queue_url: str = ""
    dead_letter_queue_url: str = ""
    log_bucket: str = ""
    log_origin: str = ""
    signing_key: str = ""
    witnesses: str = ""
    shard_count: int = 4
    retention_days: int = 0
    has_detailed_metrics: bool = False
    masks_secrets: bool = True
    personal_keys: frozenset[str] = frozenset()
    usage_table: str = ""
    tenant_events_per_second: int = 0
    max_receives: int = DEFAULT_MAX_RECEIVES
    service: str = "audit-log"
    submit_role_id: str = ""
    system_role_ids: frozenset[str] = frozenset()
    sign_in_url: str = ""
    sign_in_client_id: str = ""
    stack_name: str = ""
    is_sam_local: bool = False
    audits_reads: bool = True

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> "Settings":
        """Return the settings in these variables.

        Raises:
            ConfigurationError: a number or flag is not valid; the message names the variable.
        """
        max_receives = _parse_integer(environ, "MAX_RECEIVES", DEFAULT_MAX_RECEIVES)
        if not 1 <= max_receives <= MAX_RECEIVES:
            raise ConfigurationError(f"MAX_RECEIVES must be between 1 and {MAX_RECEIVES}")
        shard_count = _parse_integer(environ, "SHARD_COUNT", 4)
        if not 1 <= shard_count <= MAX_SHARD_COUNT or shard_count & (shard_count - 1):
            raise ConfigurationError(
                f"SHARD_COUNT must be a power of two, at most {MAX_SHARD_COUNT}"
            )
        retention_days = _parse_integer(environ, "RETENTION_DAYS", 0)
        if retention_days < 0:
            raise ConfigurationError("RETENTION_DAYS must be 0 (keep for ever) or more")
        return cls(
            events_table=environ.get("EVENTS_TABLE", ""),
            ledger_table=environ.get("LEDGER_TABLE", ""),
            overflow_bucket=environ.get("OVERFLOW_BUCKET", ""),
            queue_url=environ.get("QUEUE_URL", ""),
            dead_letter_queue_url=environ.get("DEAD_LETTER_QUEUE_URL", ""),
            log_bucket=environ.get("LOG_BUCKET", ""),
            log_origin=environ.get("LOG_ORIGIN", ""),
            signing_key=environ.get("SIGNING_KEY", ""),
            witnesses=environ.get("WITNESSES", ""),
            shard_count=shard_count,
            retention_days=retention_days,
            has_detailed_metrics=_parse_flag(environ, "DETAILED_METRICS", default=False),
            usage_table=environ.get("USAGE_TABLE", ""),
            tenant_events_per_second=_parse_integer(environ, "TENANT_EVENTS_PER_SECOND", 0),
            masks_secrets=_parse_flag(environ, "MASK_SECRETS", default=True),
            personal_keys=_parse_names(environ, "PERSONAL_KEYS"),
            max_receives=max_receives,
            service=environ.get("POWERTOOLS_SERVICE_NAME", "audit-log"),
            submit_role_id=environ.get("SUBMIT_ROLE_ID", ""),
            system_role_ids=_parse_names(environ, "SYSTEM_ROLE_IDS"),
            sign_in_url=environ.get("SIGN_IN_URL", ""),
            sign_in_client_id=environ.get("SIGN_IN_CLIENT_ID", ""),
            stack_name=environ.get("STACK_NAME", ""),
            is_sam_local=environ.get("AWS_SAM_LOCAL") == "true",
            audits_reads=_parse_flag(environ, "AUDIT_READS", default=True),
        )


@cache
def get_settings() -> Settings:
    """Return the settings of this process, read on first use."""
    return Settings.from_environ(os.environ)


def find_extensions_api() -> str:
    """Return the address of Lambda's Extensions API. Empty outside Lambda, and without AuditReads.

    It is called at import, because Lambda takes registrations only then. So nothing is cached.
    """
    is_audited = os.environ.get("AUDIT_READS") != "false"
    return os.environ.get("AWS_LAMBDA_RUNTIME_API", "") if is_audited else ""


def _parse_integer(environ: Mapping[str, str], name: str, default: int) -> int:
    text = environ.get(name) or str(default)
    try:
        return int(text)
    except ValueError as error:
        raise ConfigurationError(f"{name} must be a whole number (got {text[:20]!r})") from error


def _parse_names(environ: Mapping[str, str], name: str) -> frozenset[str]:
    names = (text.strip() for text in environ.get(name, "").split(","))
    return frozenset(filter(None, names))


def _parse_flag(environ: Mapping[str, str], name: str, *, default: bool) -> bool:
    text = environ.get(name) or str(default).lower()
    if text not in {"true", "false"}:
        raise ConfigurationError(f"{name} must be true or false (got {text[:20]!r})")
    return text == "true"
