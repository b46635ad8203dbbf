"""The file formats by name."""

from collections.abc import Mapping
from typing import Final

from prooftrail.export.cloudevents import CLOUDEVENTS
from prooftrail.export.csv import CSV
from prooftrail.export.ecs import ECS
from prooftrail.export.ndjson import NDJSON
from prooftrail.export.ocsf import OCSF
from prooftrail.export.parquet import PARQUET
from prooftrail.export.ports import FileFormat

FORMATS: Final[Mapping[str, FileFormat]] = {
    "ndjson": NDJSON,
    "csv": CSV,
    "parquet": PARQUET,
    "ocsf": OCSF,
    "ecs": ECS,
    "cloudevents": CLOUDEVENTS,
}
