"""The services that a real run gives to the app. What answers them is imported when it is first asked."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

from msgspec.structs import replace

from buildDoctor.examine.options import Options
from buildDoctor.faces.tui.services import Services


def services_for(options: Options, *, demo: bool) -> Services:
    """What can be asked in a run.

    Args:
        options: what was typed.
        demo: whether it shows the bundled case, which is the same everywhere.
    """
    asked = replace(options, isolated=True) if demo else options
    rules = Services(rules=lambda: _later("all_rules")(asked))
    # The tree and the files of a saved report may be on another machine, or others by now.
    if len(options.targets) == 1 and options.targets[0].endswith(".json"):
        return rules
    looks = replace(
        rules,
        what_if=lambda report, changes: _later("try_change")(asked, report, changes),
        excerpt=_later("excerpt"),
        kernels=lambda name, package: _later("kernels_of")(asked, name, package),
        package_files=_later("package_files"),
        edit=_later("edit"),
    )
    # The bundled tree is a part of build-doctor, so nothing is applied to it.
    return looks if demo else replace(looks, refusal=_later("refusal"), apply=_later("apply"))


def _later(name: str) -> Callable[..., Any]:
    """A function of the module that answers."""

    def ask(*given: object) -> Any:  # noqa: ANN401 - what the named function answers
        return getattr(import_module("buildDoctor.faces.tui.outside"), name)(*given)

    return ask
