"""A contract held against files, and the contract that files fulfil today."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from msgspec.structs import replace

from buildDoctor.adapters import targets
from buildDoctor.adapters.recorded import read_evidence
from buildDoctor.adapters.settings import load_file, load_settings
from buildDoctor.adapters.targets import Kind
from buildDoctor.core.contracts.contract import State, check
from buildDoctor.core.contracts.findings import broken
from buildDoctor.core.contracts.writing import contract_text
from buildDoctor.core.device.serving import capabilities_of
from buildDoctor.core.errors import RequestError
from buildDoctor.core.evidence import Evidence
from buildDoctor.core.report import Report
from buildDoctor.core.settings import Settings
from buildDoctor.examine.difference import readings_of
from buildDoctor.examine.gathered import Gathered
from buildDoctor.examine.options import Options, Progress


def check_targets(options: Options, contract: str | None, progress: Progress) -> Report:
    """What files give for a contract.

    Args:
        options: the targets.
        contract: the file with the requirements; without it the settings of the current folder.
        progress: called with a sentence before each step.

    Raises:
        RequestError: there is no contract, it has mistakes, or a target cannot be read.
    """
    settings, file = _settings(contract)
    evidence = _evidence(options, progress)
    progress("checking")
    checked = check(file, settings.requirements, evidence)
    findings = broken(checked)
    asked = len(checked.requirements)
    missed = sum(any(cell.state is not State.FULFILLED for cell in one.cells) for one in checked.requirements)
    failed = (
        f"{missed} of {asked} requirement{'s' if asked != 1 else ''} {'is' if missed == 1 else 'are'} not fulfilled"
    )
    return Report(
        targets=options.targets,
        verdict=f"The contract is broken: {failed}." if findings else f"The contract is fulfilled: {asked} of {asked}.",
        findings=findings,
        undecided=(),
        evidence=evidence,
        contract=checked,
        rule_pages=settings.rule_pages,
    )


def contract_for(options: Options, progress: Progress) -> str:
    """The contract that files fulfil today, as TOML.

    Raises:
        RequestError: a target cannot be read, or holds no kernels.
    """
    evidence = _evidence(options, progress)
    progress("writing the contract")
    binaries = evidence.binaries or ()
    built = [name for b in binaries for unit in b.units or () for name in (*(unit.cubins or ()), *(unit.ptx or ()))]
    text = contract_text(options.targets, binaries, options.capabilities() or capabilities_of(built))
    if not text:
        served = f" serves {options.gpu}" if options.gpu else " is there that a contract could require"
        raise RequestError(f"{', '.join(options.targets)}: no kernel{served}")
    return text


def _settings(contract: str | None) -> tuple[Settings, str]:
    """The settings that hold the contract, and the name of their file.

    Raises:
        RequestError: there are none, or they have mistakes.
    """
    found = load_settings(Path()) if contract is None else load_file(Path(contract))
    if found.problems:
        raise RequestError("\n".join(map(str, found.problems)))
    if not found.settings.requirements:
        where = found.file or "this folder"
        raise RequestError(
            f"{where} holds no contract: write [[require]] tables into build-doctor.toml, "
            "or let build-doctor check --init do it"
        )
    return found.settings, str(found.file or contract)


def _evidence(options: Options, progress: Progress) -> Evidence:
    """What the targets hold, with all their kernels.

    Raises:
        RequestError: one cannot be read.
    """
    gathered = Gathered()
    for given in options.targets:
        progress(f"reading {given}")
        target = targets.classify(given, ())
        if target.kind is Kind.REPORT:
            _add_report(gathered, read_evidence(target.path))
            continue
        for _place, reading in readings_of(target):
            if reading.binary is not None:
                gathered.add_binary(reading.binary, reading.origins, reading.not_seen)
            else:
                gathered.fail("binaries", " ".join(missing.reason for missing in reading.not_seen))
    _refuse(gathered, options.targets)
    return gathered.evidence


def _add_report(gathered: Gathered, evidence: Evidence) -> None:
    """Put the binaries of a saved report beside those that are there, with what could not be read of them."""
    shift = len(gathered.evidence.binaries or ())
    for at, binary in enumerate(evidence.binaries or ()):
        head = f"binaries[{at}]"
        missing = [one for one in evidence.not_seen if one.path.startswith((f"{head}.", f"{head}["))]
        moved = [replace(one, path=f"binaries[{shift + at}]{one.path.removeprefix(head)}") for one in missing]
        gathered.add(binaries=(*(gathered.evidence.binaries or ()), binary), not_seen=moved)


def _refuse(gathered: Gathered, given: Iterable[str]) -> None:
    """Refuse targets without a single file that could be read.

    Raises:
        RequestError: there is none.
    """
    if not gathered.evidence.binaries:
        raise RequestError("\n".join(gathered.failures) or f"{', '.join(given)}: no shared object is there")
