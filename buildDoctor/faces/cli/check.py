"""`build-doctor check`: whether binaries hold what the project requires of them."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from pathlib import Path

from buildDoctor.core.contracts.contract import Answer, State
from buildDoctor.core.errors import RequestError
from buildDoctor.core.report import Report
from buildDoctor.examine.contract_check import check_targets, contract_for
from buildDoctor.faces.cli.destinations import Destination
from buildDoctor.faces.cli.exit_codes import ExitCode, code_for
from buildDoctor.faces.cli.forms import FOR_PROGRAMS, for_programs
from buildDoctor.faces.cli.main import against_baseline, options_of, places_for, progress_for
from buildDoctor.faces.cli.screen import columns
from buildDoctor.faces.cli.tables import cut, table
from buildDoctor.faces.cli.writing import hand_out
from buildDoctor.faces.reports.wrapping import wrapped
from buildDoctor.faces.wording import visible
from buildDoctor.faces.wording.contract_words import SIGNS, cell_words


def run(arguments: argparse.Namespace) -> int:
    """Print what files give for the contract, or the contract that they fulfil.

    Raises:
        RequestError: there is no contract, it has mistakes, or a target cannot be read.
    """
    if arguments.init:
        _refuse_forms(arguments)
    elif arguments.force:
        raise RequestError("--force goes with --init: a report is written over the one before anyway")
    places = places_for(arguments)
    if arguments.init and not arguments.force:
        _keep_what_is_there(places)
    options, progress = options_of(arguments), progress_for(arguments)
    if arguments.init:
        contract = contract_for(options, progress)
        hand_out(places, lambda _place: contract)
        return ExitCode.OK
    examine = against_baseline(lambda told: check_targets(options, arguments.contract, told), arguments.baseline)
    report = examine(progress)
    progress("trying the fixes")  # takes the last step off the terminal
    hand_out(places, lambda place: _rendered(report, place, arguments.fail_on))
    return code_for(report, arguments.fail_on)


def _rendered(report: Report, place: Destination, fail_on: str) -> str:
    return for_programs(report, place.form, fail_on) if place.form in FOR_PROGRAMS else _text(report)


def _refuse_forms(arguments: argparse.Namespace) -> None:
    """Refuse options that have no meaning for a contract that is written.

    Raises:
        RequestError: one is there.
    """
    said = [f"--{option} {value}".strip() for option, value in arguments.said if option != "output" and value != "text"]
    if said:
        raise RequestError(f"--init writes TOML; leave out {said[0]}")
    if sum(option == "output" for option, _value in arguments.said) > 1:
        raise RequestError("--init writes one contract: give one --output")
    if arguments.contract or arguments.baseline:
        raise RequestError("--init writes a contract from the targets alone; leave out --contract and --baseline")


def _keep_what_is_there(places: Iterable[Destination]) -> None:
    """Refuse to write over a file: the usual one holds a project's settings beside its contract.

    Raises:
        RequestError: a file is there.
    """
    for place in places:
        if place.file is not None and Path(place.file).is_file():
            raise RequestError(f"{place.file} is there already; --force writes over it")


def _text(report: Report) -> str:
    contract = report.contract
    if contract is None:
        return f"{report.verdict}\n"
    capabilities = list(dict.fromkeys(cell.capability for one in contract.requirements for cell in one.cells))
    capabilities.sort(key=lambda text: tuple(map(int, text.split("."))))
    heads = ("mode", *capabilities, "kernel")
    rows = [_row(answer, capabilities) for answer in contract.requirements]
    missing = [line for answer in contract.requirements for line in _missing(answer)]
    blocks = [
        f"{visible(contract.file)} against {', '.join(map(visible, report.targets))}\n",
        table(heads, rows, width=columns()),
        "".join(f"{line}\n" for line in missing),
        f"{report.verdict}{_known(report)}\n",
    ]
    return "\n".join(block for block in blocks if block)


def _row(answer: Answer, capabilities: list[str]) -> tuple[str, ...]:
    cells = {cell.capability: f"{SIGNS[cell.state]} {cell.serving}" for cell in answer.cells}
    return (answer.mode, *(cells.get(one, "") for one in capabilities), cut(visible(answer.kernel), columns()))


def _missing(answer: Answer) -> list[str]:
    """What is not given, a paragraph for each capability, or one for all where no kernel is there."""
    lacking = [cell for cell in answer.cells if cell.state is not State.FULFILLED]
    sentences = {f"{SIGNS[cell.state]} {visible(answer.place)}: {cell_words(answer, cell)}": None for cell in lacking}
    return [line for sentence in sentences for line in wrapped(sentence, columns(), "", "  ")]


def _known(report: Report) -> str:
    return f" {report.baseline.known} of the requirements were not fulfilled before either." if report.baseline else ""
