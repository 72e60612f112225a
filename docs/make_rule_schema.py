"""Writes rules/rule-v1.schema.json from what the program reads, so that an editor never says something else."""

from __future__ import annotations

import json
from pathlib import Path

from buildDoctor.adapters.evidence_words import evidence_words
from buildDoctor.core.rules.schema import rule_schema

SCHEMA = Path(__file__).parent.parent / "rules" / "rule-v1.schema.json"


def text() -> str:
    """The whole file."""
    return json.dumps(rule_schema(evidence_words()), indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    SCHEMA.write_text(text(), encoding="utf-8")
