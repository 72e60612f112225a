"""Asks each instrument in turn, and writes down what it saw or why it saw nothing."""

from __future__ import annotations

from buildDoctor.adapters.targets import Kind, Target
from buildDoctor.core.errors import RequestError
from buildDoctor.examine.binaries import see_binary, see_folder, see_wheel
from buildDoctor.examine.build_plans import see_plan, tree_of
from buildDoctor.examine.gathered import Gathered
from buildDoctor.examine.loading import see_loading
from buildDoctor.examine.machine import see_machine, see_torch
from buildDoctor.examine.models import see_model
from buildDoctor.examine.options import Options, Progress
from buildDoctor.examine.progress import Told


def look(options: Options, found: tuple[Target, ...], progress: Progress) -> Gathered:
    """Everything that the instruments see of the targets and of the machine.

    Raises:
        RequestError: an option is wrong.
    """
    gathered = Gathered()

    def told(step: str) -> None:
        """Tell a step with what was seen before it, so that a face can show that already."""
        progress(Told.of(step, evidence=gathered.evidence))

    gathered.progress = told
    capabilities = options.capabilities()
    told("looking at the machine")
    see_machine(gathered, options, capabilities)
    see_torch(gathered, options, found, told)
    for target in found:
        told(f"reading {target.given}")
        _READERS[target.kind](gathered, target)
    told("working out what the loader would do")
    see_loading(gathered)
    tree = tree_of(options, found)
    if tree is not None:
        see_plan(gathered, tree, options, told)
    else:
        gathered.miss("plan", "no source tree with a CMakeLists.txt or setup.py was given; name one with --source DIR")
    # A folder without any has said so itself.
    if gathered.evidence.binaries is None and all(one.path != "binaries" for one in gathered.evidence.not_seen):
        gathered.miss("binaries", "no shared object was found; name a .so, a wheel or a package to look inside")
    see_model(gathered, options.model)
    return gathered


def _report(_gathered: Gathered, target: Target) -> None:
    raise RequestError(f"{target.given}: a saved report is examined alone, without other targets")


_READERS = {
    Kind.BINARY: see_binary,
    Kind.WHEEL: see_wheel,
    Kind.FOLDER: see_folder,
    Kind.TREE: see_folder,
    Kind.REPORT: _report,
}
