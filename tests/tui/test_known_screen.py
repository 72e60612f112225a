from __future__ import annotations

from collections.abc import Callable
from typing import Any

from buildDoctor.core.evidence import (
    Evidence,
    Live,
    LiveLibrary,
    Model,
    ModelFormat,
    ModelRequirement,
    ModelWay,
)
from buildDoctor.core.report import Report
from buildDoctor.faces.tui.app import BuildDoctor

Drive = Callable[..., Any]
Shown = Callable[[BuildDoctor], str]


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


def test_model_and_python_are_told(drive: Drive, shown: Shown) -> None:
    """The formats, the ways on each GPU, and what the examined Python answered."""
    text = _known(drive, shown, model=MODEL, live=LIVE)

    assert "weights: nvfp4 (4-bit weights, 4-bit activations)" in text
    assert "nvfp4 on 12.0: no way: cutlass an entry point without a kernel" in text
    assert "loaded: 1 of 2 shared objects" in text
    assert "does not load: site/_C.so: undefined symbol: _ZN1aE" in text


def test_what_was_not_given_is_not_mentioned(drive: Drive, shown: Shown) -> None:
    """Without a model and a process the page begins with what was done."""
    text = _known(drive, shown)

    assert "Model" not in text
    assert "Python" not in text
    assert text.strip().startswith("What was done")
