"""`build-doctor rules show`: a rule's page; the same as `build-doctor explain`."""

from __future__ import annotations

import argparse

from buildDoctor.faces.cli import explain


def run(arguments: argparse.Namespace) -> int:
    """Print the page of a rule.

    Raises:
        RequestError: there is no such rule.
    """
    return explain.run(arguments)
