from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from textual.app import App, ComposeResult

from buildDoctor.core.evidence import Binary, Kernel, Unit
from buildDoctor.faces.tui.tables import kernel_index as kernel_index_module
from buildDoctor.faces.tui.tables.groups import Place, capabilities_to_show, file_names, first_place, short_names
from buildDoctor.faces.tui.tables.kernel_index import StoppedError, kernel_index, listed
from buildDoctor.faces.tui.widgets.line_table import Cell, Column, LineTable, cut

HOSTILE = ("fn[/x]", "[@click=app.quit]here[/]", "カーネル", "a" * 300, "\x1b[31m")


class _Rows:
    """A hundred thousand rows, of which only those that are shown are made."""

    def __init__(self) -> None:
        self.made: set[int] = set()

    def __len__(self) -> int:
        return 100_000

    def __getitem__(self, number: int, /) -> Sequence[Cell]:
        self.made.add(number)
        return (Cell(f"{number} {HOSTILE[number % 4]}"), Cell("✓ native"))


class _App(App[None]):
    def __init__(self, rows: _Rows) -> None:
        super().__init__()
        self._rows = rows

    def compose(self) -> ComposeResult:
        yield LineTable()

    def on_mount(self) -> None:
        self.query_one(LineTable).show((Column("name"), Column("12.0", 9)), self._rows)


def test_table_makes_only_the_rows_that_it_shows() -> None:
    """Keys and the wheel reach every row; a row is made when it is shown, and names stay text."""
    rows = _Rows()

    async def drive() -> tuple[list[int], list[str]]:
        app = _App(rows)
        seen = []
        async with app.run_test(size=(60, 12)) as pilot:
            table = app.query_one(LineTable)
            for key in ("end", "up", "home", "pagedown", "k", "pageup"):
                await pilot.press(key)
                await pilot.pause()
                seen.append(table.row)
            return seen, [table.render_line(y).text for y in range(3)]

    seen, lines = asyncio.run(drive())

    assert seen == [99_999, 99_998, 0, 10, 9, 0]
    assert len(rows.made) < 100
    assert lines[0].startswith("name")
    assert lines[1].startswith("0 fn[/x]")
    assert lines[2].startswith("1 [@click=app.quit]here[/]")
    assert {len(line) for line in lines[:2]} == {len(lines[0])}


@pytest.fixture(autouse=True, scope="module")
def small_pieces() -> Iterator[None]:
    """Pieces so small that every list has several."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kernel_index_module, "_PIECE", 4)
        yield


@given(names=st.lists(st.text("abcAB12", max_size=4), max_size=60), word=st.text("abAB1", max_size=2))
def test_listing_in_pieces_is_a_plain_filter_and_sort(names: list[str], word: str) -> None:
    """Whatever the size of the pieces, the result is that of Python's own sort and search."""
    cubins = (("12.0",), ("9.0a",))
    kernels = tuple(Kernel(name=name, unit=0, cubins=cubins[len(name) % 2], ptx=()) for name in names)
    index = kernel_index([Binary(path="x.so", kernels=kernels)], None, lambda: False)

    assert index.names == sorted(names)
    kept = listed(index, word, None, lambda: False)
    assert [index.names[n] for n in kept] == [name for name in sorted(names) if word.casefold() in name.casefold()]
    worst = listed(index, word, "12.0", lambda: False)
    assert [index.names[n] for n in worst] == sorted(
        (index.names[n] for n in kept), key=lambda name: len(name) % 2 == 0
    )


def test_kernel_is_judged_by_the_image_that_the_driver_takes() -> None:
    """As on a real GPU: an image that lacks the kernel hides the others, and an unregistered kernel cannot be launched."""
    unit = Unit(index=0, cubins=("9.0", "9.0a"), ptx=(), kernel_count=3)
    kernels = (
        Kernel(name="in-both", unit=0, cubins=("9.0", "9.0a"), ptx=(), registered=True),
        Kernel(name="not-in-the-exact-one", unit=0, cubins=("9.0",), ptx=(), registered=True),
        Kernel(name="unregistered", unit=0, cubins=("9.0", "9.0a"), ptx=(), registered=False),
    )
    index = kernel_index([Binary(path="x.so", units=(unit,), kernels=kernels)], None, lambda: False)

    verdicts = index.verdicts("9.0")
    assert [verdicts[index.signature_of[at]].value for at in range(3)] == ["native", "none", "none"]


def test_listing_stops_when_nobody_waits() -> None:
    """A filter that goes on being typed stops the listing of the one before."""
    binaries = [Binary(kernels=(Kernel(name="a"),))]

    with pytest.raises(StoppedError):
        kernel_index(binaries, None, lambda: True)


def test_files_are_called_by_what_tells_them_apart() -> None:
    """Folders that all share are left out, inside of wheels too."""
    paths = ("w/vllm.whl!vllm/_C.so", "w/vllm.whl!vllm/fa/_F.so")

    assert short_names(tuple(Binary(path=path) for path in paths)) == ("_C.so", "fa/_F.so")
    assert short_names((Binary(path="/a/_C.so"),)) == ("_C.so",)
    assert short_names(()) == ()


def test_first_place_is_where_there_is_a_choice() -> None:
    """One file of one package is opened at once; two packages are shown side by side."""
    units = (Unit(index=0, kernel_count=1), Unit(index=1, kernel_count=1))
    one = Binary(path="a.so", package="p", units=units)

    assert first_place((one,)) == Place(None, 0)
    assert first_place((one, Binary(path="b.so", package="p", units=units))) == Place()
    assert first_place((one, Binary(path="b.so", package="q", units=units))) == Place()


def test_asked_gpus_come_first() -> None:
    """Then those that the files have code for; never more than fit."""
    files = (Binary(units=(Unit(cubins=("8.0", "9.0a"), kernel_count=1),)),)

    shown = capabilities_to_show(("12.1",), files)

    assert shown[:3] == ("12.1", "9.0", "8.0")
    assert len(shown) == 8


@pytest.mark.parametrize(
    ("text", "keeps_end", "shown"),
    [
        pytest.param("bitsandbytes/lib_cuda118.so", True, "…uda118.so", id="path"),
        pytest.param("vllm::kernel<float>", False, "vllm::ker…", id="other"),
        pytest.param("folder/漢字漢字漢字", True, "…漢字漢字", id="wide-characters"),
    ],
)
def test_long_path_loses_its_beginning_and_another_text_its_end(text: str, shown: str, *, keeps_end: bool) -> None:
    """Paths differ at their ends; the sign says that something is missing, and nothing is wider than its room."""
    assert cut(text, 10, keeps_end=keeps_end) == shown
    assert cell_len(shown) <= 10


def test_files_of_a_package_are_named_without_its_folder() -> None:
    """Other packages do not lengthen the names, and the numbers stay those of the evidence."""
    binaries = tuple(Binary(path=path, package=path.split("/")[1]) for path in ("s/a/x.so", "s/b/lib/y.so", "s/b/z.so"))

    assert file_names(binaries, "b") == {1: "lib/y.so", 2: "z.so"}
    assert file_names(binaries, None) == {0: "a/x.so", 1: "b/lib/y.so", 2: "b/z.so"}


def test_kernels_are_listed_by_their_cpp_names_without_what_all_of_them_return() -> None:
    """A name that is not mangled stays as it is."""
    kernels = (Kernel(name="_Z1fIiEvi", demangled="void f<int>(int)", unit=0), Kernel(name="plain", unit=0))
    found = kernel_index([Binary(path="a.so", kernels=kernels)], None, lambda: False)

    assert found.names == ["f<int>(int)", "plain"]
