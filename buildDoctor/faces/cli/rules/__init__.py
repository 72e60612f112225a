"""`build-doctor rules`: everything for those who write rules. Each action is a module that is imported when it is asked for."""

from __future__ import annotations

import argparse
from importlib import import_module

_MODULES = {
    "list": "listing",
    "show": "showing",
    "new": "new",
    "check": "checking",
    "test": "testing",
    "try": "trying",
    "schema": "schema",
}


def run(arguments: argparse.Namespace) -> int:
    """Run one action and give its exit code."""
    module = import_module(f"buildDoctor.faces.cli.rules.{_MODULES[arguments.action]}")
    code: int = module.run(arguments)
    return code
