from __future__ import annotations

import asyncio
import shutil
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from buildDoctor.adapters import demo_case
from buildDoctor.core.evidence import Binary, Evidence, Origin, Package, PackageCode
from buildDoctor.core.report import Report
from buildDoctor.examine.options import Options
from buildDoctor.faces.reports.text import render
from buildDoctor.faces.tui import services_for
from buildDoctor.faces.tui.app import BuildDoctor
from buildDoctor.faces.tui.services import Services
from buildDoctor.faces.tui.tables.kernel_rows import columns
from buildDoctor.faces.tui.widgets.line_table import LineTable
from buildDoctor.faces.wording.package_words import package_table

Drive = Callable[..., Any]
Shown = Callable[[BuildDoctor], str]


def _code(units: int, cubins: tuple[str, ...], ptx: tuple[str, ...] = ()) -> PackageCode:
    return PackageCode(units=units, cubins=cubins, ptx=ptx)


PACKAGES = (
    Package(name="numpy", version="2.1", path="site/numpy", code=()),
    Package(
        name="torch",
        version="2.8.0+cu128",
        path="site/torch-2.8.0.dist-info",
        files=3,
        code=(_code(1_200, ("8.0", "9.0", "12.0")), _code(30, ("9.0a",))),
    ),
    Package(
        name="flash[/x]",
        version="2.8.3",
        path="site/flash",
        files=1,
        code=(_code(4, ("8.0", "9.0")),),
        built_for_torch="2.7",
        built_for_cuda="12.4",
    ),
    Package(name="xformers", version="0.0.31", path="site/xformers", files=1, code=(_code(2, (), ("9.0",)),)),
)
EVIDENCE = Evidence(
    capabilities=("12.0", "9.0"),
    binaries=(),
    packages=PACKAGES,
    origins=(Origin(path="packages", source="metadata and headers in site"),),
)
REPORT = Report(targets=(), verdict="Not judged.", findings=(), undecided=(), evidence=EVIDENCE)


@pytest.fixture
def look(drive: Drive, shown: Shown) -> Callable[..., str]:
    """What is shown after keys on the kernels."""

    def press(*keys: str, size: tuple[int, int] = (120, 36)) -> str:
        return str(drive(REPORT, size).press("3", *keys, look=shown))

    return press


def test_packages_are_listed_in_the_words_of_the_text_report(look: Callable[..., str]) -> None:
    """Every cell of the text report's table is on the screen; a package without device code is in neither."""
    text = look()
    report = render(REPORT, color=False, width=100, verbose=False)

    assert "The environment's packages" in text
    assert "3 packages with device code; 1 of them has none for 12.0" in text
    for row in package_table(EVIDENCE)[1:]:
        for cell in row:
            assert cell in text
            assert cell in report
    assert "numpy" not in text


def test_narrow_cells_are_short(look: Callable[..., str]) -> None:
    """At 80 columns both GPUs that were asked for have their column."""
    text = look(size=(80, 24))

    assert "✓ native 1200/1230" in text
    assert "~ through PTX 2/2" in text
    assert "✗ no code" in text


def test_page_of_a_package_says_what_its_units_hold(look: Callable[..., str]) -> None:
    """`n` goes to the package without code; its page names files, images and what it was built with."""
    text = look("n")

    assert "4 units with device code in 1 shared object" in text
    assert "built with torch 2.7 and CUDA 12.4, as it says" in text
    assert "4 units: machine code for 8.0 9.0" in text
    assert "from metadata and headers in site" in text


def test_packages_are_sorted_filtered_and_copied(drive: Drive, look: Callable[..., str]) -> None:
    """`s` puts first what serves the first GPU worst, `/` keeps words, `y` copies a row."""
    by_name, worst = look(), look("s")
    assert by_name.index("torch 2.8.0") < by_name.index("flash[/x] 2.8.3")
    assert worst.index("flash[/x] 2.8.3") < worst.index("xformers 0.0.31") < worst.index("torch 2.8.0")

    assert "torch 2.8.0" not in look("slash", *"XFORM", "enter")
    copied = drive(REPORT, (120, 36)).press("3", "n", "y", look=lambda app: app.clipboard)
    assert copied.startswith("flash[/x] 2.8.3: 12.0 ✗ no code, 9.0 ✓ native, 4 of 4 units")


def test_enter_reads_the_package(drive: Drive) -> None:
    """Where nobody can read files there is nothing deeper: enter gives the page the focus, and no key lists kernels."""
    reading, keys = drive(REPORT).press(
        "3", "enter", look=lambda app: (app.screen.is_reading, set(app.screen.active_bindings))
    )

    assert reading
    assert "v" not in keys


@pytest.fixture
def site(tmp_path: Path) -> Report:
    """A report of packages, of which one has two files on disk and the other none."""
    for name in ("_C.so", "_moe.so"):
        (tmp_path / "vllm" / "lib").mkdir(parents=True, exist_ok=True)
        shutil.copy(demo_case.BINARY, tmp_path / "vllm" / "lib" / name)
    packages = tuple(
        Package(name=name, version="1.0", path=str(tmp_path / f"{name}-1.0.dist-info"), files=2, code=(_code(2, ("9.0",)),))
        for name in ("gone", "vllm")
    )  # fmt: skip
    evidence = Evidence(capabilities=("12.0",), binaries=(), packages=packages)
    return Report(targets=(), verdict="Not judged.", findings=(), undecided=(), evidence=evidence)


NAME, MANGLED = "silu_and_mul_kernel(float*, float const*, long)", "_Z19silu_and_mul_kernelPfPKfl"
REAL = services_for(Options(), demo=False)


def test_enter_leads_from_a_package_to_its_kernels_and_back(site: Report, shown: Shown) -> None:
    """Package, file, unit, kernel; escape goes the same way up, to the row that one came from."""

    async def walk() -> list[str]:
        seen = []
        app = BuildDoctor(site, services=REAL)
        async with app.run_test(size=(100, 30)) as pilot:
            await pilot.press("3", "slash", *"vllm", "enter")
            for key in ("enter", "down", "enter", "enter", "escape", "escape", "escape", "escape"):
                await pilot.press(key)
                await app.workers.wait_for_complete()
                for _ in range(3):
                    await pilot.pause()
                seen.append(" ".join(shown(app).splitlines()[1].split()))
            assert app.screen.query_one(LineTable).row == 1
        return seen

    down = ["✓ vllm", "✓ vllm", "✓ vllm > _moe.so", "✓ vllm > _moe.so > unit 0"]
    assert asyncio.run(walk()) == [*down, down[2], down[1], *["✗ The environment's packages"] * 2]


def test_files_of_a_package_are_described(site: Report, drive: Drive, shown: Shown) -> None:
    """Each file with its kernels, where it is, and how that is known; `v` lists all kernels of them."""
    files = drive(site, (120, 36), REAL).press("3", "end", "enter", look=shown)
    kernels = drive(site, (120, 36), REAL).press("3", "end", "enter", "v", look=shown)

    assert "2 files; everything runs on 12.0" in files
    assert "1 kernel in 1 unit" in files
    assert "from the file itself, read now" in files
    assert "2 kernels; everything runs on 12.0" in kernels


def test_package_whose_files_are_gone_is_said(site: Report, drive: Drive, shown: Shown, said: Shown) -> None:
    """The list of packages stays."""
    text, message = drive(site, (120, 36), REAL).press("3", "enter", look=lambda app: (shown(app), said(app)))

    assert message.startswith("no file of gone with device code is in ")
    assert "The environment's packages" in text


def test_reading_of_files_can_be_stopped(site: Report, shown: Shown) -> None:
    """While the files are read the screen says which, and escape leaves them."""
    go_on = threading.Event()

    def slow(_package: Package, _all: object, tell: Callable[[str, int, int, int], None]) -> tuple[Binary, ...]:
        tell("site/vllm/[/x].so", 3_000_000, 1, 2)
        go_on.wait(10)
        tell("site/vllm/_moe.so", 3_000_000, 2, 2)
        raise AssertionError

    async def stop() -> tuple[str, str, int]:
        app = BuildDoctor(site, services=Services(package_files=slow))
        async with app.run_test(size=(100, 30)) as pilot:
            await pilot.press("3", "end", "enter")
            await pilot.pause(0.1)
            reading = shown(app)
            await pilot.press("escape")
            go_on.set()
            await app.workers.wait_for_complete()
            await pilot.pause()
            return reading, shown(app), app.screen.query_one(LineTable).row

    reading, after, row = asyncio.run(stop())

    assert "Reading all kernels of site/vllm/[/x].so, 3 MB (1 of 2 files)" in reading
    assert "The environment's packages" in after
    assert row == 1


@pytest.mark.parametrize(("static", "name"), [(False, NAME), (True, MANGLED)])
def test_kernels_have_their_cpp_names_unless_no_program_may_be_started(
    site: Report, drive: Drive, shown: Shown, *, static: bool, name: str
) -> None:
    """`--static` starts none; the names are then as the file has them."""
    services = services_for(Options(static=static), demo=False)

    text = drive(site, (120, 36), services).press("3", "end", "enter", "v", look=shown)

    assert name in text
    assert (NAME in text) is not static


def test_names_of_kernels_keep_half_of_the_width() -> None:
    """They begin alike, and differ where a narrow column would end; a file or unit needs less."""
    gpus = ("12.0", "9.0", "10.0", "8.9", "8.6", "8.0", "7.5", "7.0")

    def left(rows: str, width: int) -> int:
        return width - sum(column.width + 1 for column in columns(rows, gpus, None, width)[1:])

    assert all(left("kernel", width) >= width // 2 for width in range(60, 200))
    assert left("unit", 110) < 55
    assert len(columns("kernel", gpus, None, 20)) == 2, "one GPU has its column however narrow it is"
