from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from buildDoctor.core.evidence import Evidence, Origin, Package, PackageCode
from buildDoctor.core.report import Report
from buildDoctor.faces.reports.text import render
from buildDoctor.faces.tui.app import BuildDoctor
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
    """There is nothing deeper, so enter gives the page the focus, and no key lists kernels."""
    reading, keys = drive(REPORT).press(
        "3", "enter", look=lambda app: (app.screen.is_reading, set(app.screen.active_bindings))
    )

    assert reading
    assert "v" not in keys
