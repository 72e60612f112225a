"""Writes the JSON Schema of the report from its types, so that the shipped file cannot say something else."""

from __future__ import annotations

from pathlib import Path

from buildDoctor.faces.reports import json_v1

SCHEMA = Path(json_v1.__file__).parent / "report-v1.schema.json"


if __name__ == "__main__":
    SCHEMA.write_text(json_v1.schema_text(), encoding="utf-8")
