"""The formats by name."""

from collections.abc import Mapping
from typing import Final

from auditlog.export.cloudevents import CLOUDEVENTS
from auditlog.export.comma import CSV
from auditlog.export.ecs import ECS
from auditlog.export.ndjson import NDJSON
from auditlog.export.ocsf import OCSF
from auditlog.export.parquet import PARQUET
from auditlog.export.ports import Format

FORMATS: Final[Mapping[str, Format]] = {
    "ndjson": NDJSON,
    "csv": CSV,
    "parquet": PARQUET,
    "ocsf": OCSF,
    "ecs": ECS,
    "cloudevents": CLOUDEVENTS,
}
