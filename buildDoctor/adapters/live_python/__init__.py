"""Asks a process of the examined Python, where the user says so: the only place that runs what is examined."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from buildDoctor.adapters.commands import Failed, run
from buildDoctor.core.evidence.live import Live, LiveDevice, LiveLibrary

_SCRIPT = Path(__file__).with_name("asked.py")
_MARK = "build-doctor-answer:"
SECONDS = 60.0
_OUTPUT_BYTES = 8 * 1024 * 1024
_MOST = 4_000


def ask_python(
    python: Path, libraries: Iterable[tuple[Path, str]], variables: Mapping[str, str], *, seconds: float = SECONDS
) -> Live:
    """What a process of a Python says of itself. A crash, a hang and nonsense are answers too.

    Args:
        python: the interpreter.
        libraries: shared objects to load one after the other, each with the name by which Python imports it.
        variables: the environment variables of the process.
        seconds: how long it may take.
    """
    words = [word for path, module in libraries for word in (str(path), module)]
    # Without -c, the script's own folder would come first in the search for modules.
    script = _SCRIPT.read_text(encoding="utf-8")
    ended = run(
        [str(python), "-c", script, *words],
        folder=Path("/"),
        seconds=seconds,
        environment=variables,
        output_bytes=_OUTPUT_BYTES,
    )
    answers = list(_answers(ended.output))[:_MOST]
    how = _how(ended) if isinstance(ended, Failed) else _ending(ended.code, answers)
    return _live(how, answers)


def _how(failed: Failed) -> str:
    return "timed out" if failed.started else "did not start"


def _ending(code: int, answers: list[dict[str, Any]]) -> str:
    if code < 0:
        try:
            return f"signal {signal.Signals(-code).name}"
        except ValueError:
            return f"signal {-code}"
    if code > 0:
        return f"exit code {code}"
    return "answered" if answers and answers[-1] == {"kind": "doing", "what": ""} else "no answer"


def _answers(output: str) -> Iterator[dict[str, Any]]:
    """The lines that are answers; packages print what they like between them."""
    for line in output.splitlines():
        _before, mark, text = line.partition(_MARK)
        try:
            answer = json.loads(text) if mark else None
        except (ValueError, RecursionError):
            continue
        if isinstance(answer, dict) and isinstance(answer.get("kind"), str):
            yield answer


def _live(ended: str, answers: list[dict[str, Any]]) -> Live:
    last = {answer["kind"]: answer for answer in answers}
    torch, devices = last.get("torch"), last.get("devices")
    return Live(
        ended=ended,
        doing=_text(last.get("doing", {}), "what"),
        torch=_text(torch, "version") if torch else None,
        torch_path=_text(torch, "path") if torch else None,
        architectures=_texts(last["architectures"], "architectures") if "architectures" in last else None,
        devices=tuple(_device(one) for one in _list(devices, "devices") if isinstance(one, dict)) if devices else None,
        libraries=tuple(_library(answer) for answer in answers if answer["kind"] == "library"),
        error=_text(torch, "error") or _text(last.get("error", {}), "error") if torch else None,
    )


def _device(answer: dict[str, Any]) -> LiveDevice:
    return LiveDevice(name=_text(answer, "name"), capability=_text(answer, "capability"), uuid=_text(answer, "uuid"))


def _library(answer: dict[str, Any]) -> LiveLibrary:
    return LiveLibrary(
        path=_text(answer, "path"),
        module=_text(answer, "module"),
        found=_text(answer, "found"),
        operators=_texts(answer, "operators"),
        error=_text(answer, "error"),
    )


def _text(answer: dict[str, Any], key: str) -> str:
    value = answer.get(key)
    return value[:_MOST] if isinstance(value, str) else ""


def _list(answer: dict[str, Any], key: str) -> list[Any]:
    value = answer.get(key)
    return value[:_MOST] if isinstance(value, list) else []


def _texts(answer: dict[str, Any], key: str) -> tuple[str, ...]:
    return tuple(value for value in _list(answer, key) if isinstance(value, str))
