from __future__ import annotations

from collections.abc import Callable
from typing import Any

from buildDoctor.core.evidence import (
    Evidence,
    Live,
    LiveLibrary,
    Log,
    LogLine,
    Model,
    ModelFormat,
    ModelRequirement,
    ModelWay,
)
from buildDoctor.core.report import Report
from buildDoctor.faces.tui.app import BuildDoctor

Drive = Callable[..., Any]
Shown = Callable[[BuildDoctor], str]


def _line(number: int, kind: str, text: str) -> LogLine:
    return LogLine(number=number, text=text, kind=kind, rules=(), count=1)


LOG = Log(
    path="build.log",
    size_bytes=10,
    line_count=900,
    lines=(
        _line(3, "benign", "warning: unused [/x]"),
        _line(40, "status", "Not building NVFP4 as no architecture matches"),
        _line(812, "error", "nvcc fatal : Unsupported gpu architecture 'compute_120'"),
        _line(813, "consequence", "ninja: build stopped: subcommand failed."),
        _line(850, "error", "error: command failed"),
    ),
)
MODEL = Model(
    path="model",
    architecture="LlamaForCausalLM",
    method="modelopt",
    formats=(ModelFormat(name="nvfp4", part="weights", weight_bits=4, activation_bits=4, group_size=16),),
    requires=(
        ModelRequirement(
            format="nvfp4",
            capability="12.0",
            ways=(ModelWay(name="cutlass", needs="10.0", native=True, hardware=True, build="stub"),),
            best="",
        ),
    ),
)
LIVE = Live(
    ended="answered",
    torch="2.8.0",
    architectures=("sm_90",),
    libraries=(LiveLibrary(path="site/_C.so", error="undefined symbol: _ZN1aE"), LiveLibrary(path="b.so", error="")),
)


def _known(drive: Drive, shown: Shown, size: tuple[int, int] = (100, 50), **seen: object) -> str:
    report = Report(targets=(), verdict="", findings=(), undecided=(), evidence=Evidence(**seen))  # type: ignore[arg-type]
    return str(drive(report, size).press("at", look=shown))


def test_log_is_told_first_error_first(drive: Drive, shown: Shown) -> None:
    """Each line has its number and what it is; what is harmless comes last."""
    text = _known(drive, shown, log=LOG)

    order = [
        "build.log: 900 lines, 2 different errors",
        "first error line 812: nvcc fatal",
        "error       line 850: error: command failed",
        "follows     line 813: ninja: build stopped",
        "told        line 40: Not building NVFP4",
        "harmless    line 3: warning: unused [/x]",
    ]
    places = [text.index(words) for words in order]
    assert places == sorted(places)


def test_log_does_not_hide_what_was_done(drive: Drive, shown: Shown) -> None:
    """At 80x24 a log of many errors is cut, and says by how much."""
    lines = tuple(_line(number, "error", f"error: {number}") for number in range(1, 200))

    text = _known(drive, shown, (80, 60), log=Log(path="l", line_count=200, lines=lines))

    assert "and 169 more" in text
    assert "What was done" in text


def test_model_and_python_are_told(drive: Drive, shown: Shown) -> None:
    """The formats, the ways on each GPU, and what the examined Python answered."""
    text = _known(drive, shown, model=MODEL, live=LIVE)

    assert "weights: nvfp4 (4-bit weights, 4-bit activations)" in text
    assert "nvfp4 on 12.0: no way: cutlass an entry point without a kernel" in text
    assert "loaded: 1 of 2 shared objects" in text
    assert "does not load: site/_C.so: undefined symbol: _ZN1aE" in text


def test_what_was_not_given_is_not_mentioned(drive: Drive, shown: Shown) -> None:
    """Without a log, a model and a process the page begins with what was done."""
    text = _known(drive, shown)

    assert "Model" not in text
    assert "Python" not in text
    assert text.strip().startswith("What was done")
