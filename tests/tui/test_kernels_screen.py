from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import Any

import pytest

from buildDoctor.core.errors import RequestError
from buildDoctor.core.evidence import Binary, Evidence, Kernel, Unit
from buildDoctor.core.report import Report
from buildDoctor.faces.tui.app import BuildDoctor
from buildDoctor.faces.tui.services import Services

Drive = Callable[..., Any]
Shown = Callable[[BuildDoctor], str]


def _kernels(prefix: str, unit: int, count: int, cubins: tuple[str, ...]) -> tuple[Kernel, ...]:
    return tuple(Kernel(name=f"{prefix}_{n}", unit=unit, cubins=cubins, ptx=()) for n in range(count))


def _file(path: str, package: str, kernels: tuple[Kernel, ...]) -> Binary:
    units = (
        Unit(index=0, cubins=("8.0", "12.0a"), ptx=(), kernel_count=2),
        Unit(index=1, cubins=("9.0a",), ptx=(), kernel_count=3),
    )
    return Binary(path=path, package=package, size_bytes=3_000_000, units=units, kernels=kernels)


ALL = (*_kernels("fp4", 0, 2, ("8.0", "12.0a")), *_kernels("sort[/x]", 1, 3, ("9.0a",)))
BINARIES = (
    _file("site/vllm/_C.so", "vllm", ALL[:1]),
    _file("site/vllm/_moe.so", "vllm", ALL),
    _file("site/flash/_F.so", "flash", ALL),
)


def _read(name: str, package: str | None) -> Binary:
    if name.endswith("_moe.so"):
        raise RequestError(f"{name} is not there any more")
    return _file(name, package or "", ALL)


REPORT = Report(
    targets=("site",),
    verdict="Not judged.",
    findings=(),
    undecided=(),
    evidence=Evidence(capabilities=("12.0",), binaries=BINARIES),
)
SERVICES = Services(kernels=_read)


@pytest.fixture
def look(drive: Drive, shown: Shown) -> Callable[..., str]:
    """What is shown after keys on the kernels."""

    def press(*keys: str, report: Report = REPORT) -> str:
        return str(drive(report, (80, 24), SERVICES).press("3", *keys, look=shown))

    return press


def test_enter_leads_from_package_to_kernel_and_back(shown: Shown) -> None:
    """Package, file, unit, kernel; escape goes the same way up, and stays at the top."""

    async def walk() -> list[str]:
        seen = []
        app = BuildDoctor(REPORT, services=SERVICES)
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.press("3")
            for key in ("enter", "enter", "enter", "escape", "escape", "escape", "escape"):
                await pilot.press(key)
                await app.workers.wait_for_complete()
                await pilot.pause()
                await pilot.pause()
                seen.append(shown(app).splitlines()[1].strip())
        return seen

    down = ["✗ vllm", "✗ vllm > _C.so", "✓ vllm > _C.so > unit 0"]
    assert asyncio.run(walk()) == [*down, *down[1::-1], "✗ All shared objects", "✗ All shared objects"]


def test_groups_say_how_many_kernels_do_not_run(look: Callable[..., str]) -> None:
    """Three kernels of each file are for 9.0a only."""
    text = look("enter")

    assert "2 files; 2 with kernels that do not run on 12.0" in text
    assert "_C.so  " in text
    assert "✗ 3/5" in text


def test_all_kernels_are_filtered_and_sorted(look: Callable[..., str]) -> None:
    """`v` lists every kernel beneath the place, `s` puts those first that run worst, `/` keeps words."""
    flat = look("end", "enter", "v")
    assert "5 kernels; 3 with kernels that do not run on 12.0" in flat
    assert flat.index("fp4_0") < flat.index("sort[/x]_0")

    worst = look("end", "enter", "v", "s")
    assert worst.index("sort[/x]_0") < worst.index("fp4_0")

    kept = look("end", "enter", "v", "slash", *"FP4 1", "enter")
    assert "fp4_1" in kept
    assert "fp4_0" not in kept


def test_file_that_is_gone_is_said(look: Callable[..., str], drive: Drive, shown: Shown, said: Shown) -> None:
    """A file whose kernels are not all known is read again; when that fails, the place above is shown."""
    partial = Report(
        targets=(),
        verdict="",
        findings=(),
        undecided=(),
        evidence=Evidence(binaries=(BINARIES[0],), capabilities=("12.0",)),
    )
    moved = Report(
        targets=(),
        verdict="",
        findings=(),
        undecided=(),
        evidence=Evidence(binaries=(_file("site/vllm/_moe.so", "vllm", ()),), capabilities=("12.0",)),
    )

    assert "fp4_1" in look("enter", report=partial)
    text, message = drive(moved, services=SERVICES).press("3", "enter", look=lambda app: (shown(app), said(app)))
    assert message == "site/vllm/_moe.so is not there any more"
    assert "unit 1" in text


def test_reading_can_be_stopped(shown: Shown) -> None:
    """While a file is read the screen says what and how much, and escape leaves it."""
    go_on = threading.Event()

    def slow(name: str, package: str | None) -> Binary:
        go_on.wait(10)
        return _read(name, package)

    async def stop() -> tuple[str, str]:
        report = Report(targets=(), verdict="", findings=(), undecided=(), evidence=Evidence(binaries=BINARIES[:1]))
        app = BuildDoctor(report, services=Services(kernels=slow))
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.press("3", "enter")
            await pilot.pause(0.05)
            reading = shown(app)
            await pilot.press("escape")
            await pilot.pause()
            go_on.set()
            await app.workers.wait_for_complete()
            await pilot.pause()
            return reading, shown(app)

    reading, after = asyncio.run(stop())

    assert "Reading all kernels of site/vllm/_C.so, 3 MB" in reading
    assert "unit 0" in after
    assert "fp4_0" not in after
