"""What `build-doctor --help` prints: one screen, with what people need first."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from buildDoctor.faces.cli.output import put

SUMMARIES = {
    "demo": "the NVFP4 case, bundled: a first look, works anywhere",
    "inspect": "what files hold: images, kernels and host side, by architecture",
    "plan": "what a source tree would build, and what a change would do",
    "diff": "what two builds differ in, and what of it is a loss",
    "check": "whether a wheel holds what your contract requires",
    "explain": "a rule's page, or what a log shows",
    "rules": "list, show, write, check, test and try rules",
    "serve": "the terminal UI in a browser of this machine",
}
"""Each command in a line."""

_HEAD = """\
usage: build-doctor [TARGET …] [options]     (diagnose; a screen on a terminal)
       build-doctor COMMAND …                (build-doctor COMMAND --help)

Says why a GPU kernel is missing from a compiled CUDA extension, where it was
lost, and which change brings it back. It only looks: nothing is run or changed.
TARGET: a wheel, shared object, folder, package, source tree or saved report.

"""
_TAIL = """
  --gpu 12.0,10.3   the GPUs to diagnose for   --source DIR   the build scripts
  --json            one JSON document          --fail-on LEVEL  what ends with 1
  --help-all        every option               --version
exit codes: 0 nothing found, 1 found, 2 wrong request, 3 nothing to examine
example: build-doctor --gpu 12.0 vllm-0.11.0-cp38-abi3-manylinux1_x86_64.whl
"""


def page() -> str:
    """The whole page."""
    return _HEAD + "".join(f"  {name:<9} {words}\n" for name, words in SUMMARIES.items()) + _TAIL


class HelpPage(argparse.Action):
    """Prints the page and ends."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,  # noqa: ARG002  what argparse calls
        values: str | Sequence[object] | None,  # noqa: ARG002  as above
        option_string: str | None = None,  # noqa: ARG002  as above
    ) -> None:
        """Print it."""
        put(page())
        parser.exit()
