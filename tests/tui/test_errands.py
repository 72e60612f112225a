"""What leaves the screen: copies, files, the editor, and a fix that is applied. Nothing of it without being asked."""

from __future__ import annotations

import asyncio
import json
import shutil
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from textual.pilot import Pilot

from buildDoctor.core.report import Report
from buildDoctor.examine.editor import editor_command
from buildDoctor.examine.options import Options
from buildDoctor.examine.run import examine
from buildDoctor.faces.tui import services_for
from buildDoctor.faces.tui.app import BuildDoctor
from buildDoctor.faces.tui.copying import takes_clipboard, write_copy
from buildDoctor.faces.tui.screens.confirm import ConfirmScreen

Drive = Callable[..., Any]
Said = Callable[[BuildDoctor], str]
DEMO = Path(__file__).parents[2] / "buildDoctor" / "demo"


@pytest.mark.parametrize(
    ("environment", "takes"),
    [
        pytest.param({"TERM": "xterm-256color"}, True, id="xterm"),
        pytest.param({"TERM": "screen-256color", "TMUX": "/tmp/tmux,1,0"}, True, id="tmux"),  # noqa: S108 - not a file that is made
        pytest.param({"TERM": "screen"}, False, id="gnu-screen"),
        pytest.param({"TERM": "linux"}, False, id="console"),
        pytest.param({"TERM": "xterm-256color", "TERM_PROGRAM": "Apple_Terminal"}, False, id="apple-terminal"),
        pytest.param({"TERM": "linux", "BUILD_DOCTOR_CLIPBOARD": "on"}, True, id="stated-on"),
        pytest.param({"TERM": "xterm", "BUILD_DOCTOR_CLIPBOARD": "off"}, False, id="stated-off"),
    ],
)
def test_terminals_with_a_clipboard_are_known(environment: dict[str, str], takes: bool) -> None:  # noqa: FBT001 - the answer
    """Those that swallow the sequence, or print it, get a file in its place."""
    assert takes_clipboard(environment) is takes


def test_copy_in_a_file_is_for_the_user_alone(tmp_path: Path) -> None:
    """The newest copy takes the place of the one before."""
    write_copy("first, and longer", tmp_path / "state")
    path = write_copy("second", tmp_path / "state")

    assert path.read_text() == "second"
    assert path.stat().st_mode & 0o077 == 0


def test_terminal_without_a_clipboard_gets_a_file(
    drive: Drive, canned: Any, said: Said, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Only when a copy is asked for, and the message says where it is."""
    monkeypatch.setenv("BUILD_DOCTOR_CLIPBOARD", "off")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setattr(BuildDoctor, "is_headless", property(lambda _app: False))
    target = tmp_path / "build-doctor" / "copied.txt"

    drive(canned.NVFP4).press("j")
    assert not target.exists()

    message = drive(canned.NVFP4).press("p", look=said)
    assert target.read_text() == canned.NVFP4.findings[0].fixes[1].patch
    assert message.startswith(
        "This terminal takes no clipboard: the patch “Drop 12.0a from CUDA_SUPPORTED_ARCHS” is in"
    )


def test_filtered_findings_are_exported(
    drive: Drive, canned: Any, said: Said, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """`e` writes what is listed: a report as text, or as JSON where the name ends so. A file is not replaced unasked."""
    monkeypatch.chdir(tmp_path)
    keys = ("slash", *"entry", "enter", "e")

    drive(canned.NVFP4).press(*keys, "enter")
    text = (tmp_path / "build-doctor-findings.txt").read_text()
    assert "scaled_fp4_quant has an entry point but no kernel behind it" in text
    assert "suffix-lost" not in text

    drive(canned.NVFP4).press(*keys, "enter", look=said)
    assert (tmp_path / "build-doctor-findings.txt").read_text() == text

    drive(canned.NVFP4).press(*keys, *("backspace",) * 3, *"json", "enter")
    document = json.loads((tmp_path / "build-doctor-findings.json").read_text())
    assert [finding["rule"] for finding in document["findings"]] == ["stub-only-kernel"]


def test_rows_of_another_screen_are_exported(
    drive: Drive, demo: Report, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The flow as JSON has a row for each kernel; escape writes nothing."""
    monkeypatch.chdir(tmp_path)

    drive(demo).press("2", "e", "escape")
    assert list(tmp_path.iterdir()) == []

    drive(demo).press("2", "e", *("backspace",) * 3, *"json", "enter")
    rows = json.loads((tmp_path / "build-doctor-flow.json").read_text())["flow"]
    assert rows[0]["feature"] == "NVFP4"
    assert rows[0]["first loss"] == "feature list"


@pytest.mark.parametrize(
    ("editor", "command"),
    [
        (["vim", "-R"], ["vim", "-R", "+15", "/t/CMakeLists.txt"]),
        (["/usr/bin/nano"], ["/usr/bin/nano", "+15", "/t/CMakeLists.txt"]),
        (["code", "--wait"], ["code", "--wait", "--goto", "/t/CMakeLists.txt:15"]),
        (["hx"], ["hx", "/t/CMakeLists.txt:15"]),
    ],
)
def test_editors_are_told_the_line_in_their_way(editor: list[str], command: list[str]) -> None:
    """Most take `+LINE`."""
    assert editor_command(editor, Path("/t/CMakeLists.txt"), 15) == command


def test_editor_is_named_by_the_user(
    drive: Drive, demo: Report, canned: Any, said: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without EDITOR nothing is started; a file that is elsewhere is said to be."""
    for name in ("EDITOR", "VISUAL"):
        monkeypatch.delenv(name, raising=False)

    assert "No editor is set" in drive(demo).press("o", look=said)
    assert "is not on this machine" in drive(canned.NVFP4).press("o", look=said)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """The case's scripts as a tree of the user's own."""
    shutil.copytree(DEMO, tmp_path / "tree", ignore=shutil.ignore_patterns("*.so", "*.sh", "*.toml"))
    return tmp_path / "tree"


def _contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    ("keys", "changes", "message"),
    [
        pytest.param(("a", "escape"), False, "Nothing was changed.", id="refused"),
        pytest.param(("a", "w"), True, "Changed CMakeLists.txt; what it was is in CMakeLists.txt.orig.", id="agreed"),
    ],
)
def test_fix_is_applied_only_after_asking(
    tree: Path,
    said: Said,
    keys: tuple[str, ...],
    changes: bool,  # noqa: FBT001 - what is expected
    message: str,
) -> None:
    """The file changes as shown, what it was stays beside it, nothing else is written, and the tree is looked at again."""
    options = Options(source=str(tree), cuda="12.9", arch_list="9.0 12.0", gpu="12.0", static=True, isolated=True)
    before = _contents(tree)
    app = BuildDoctor(lambda step: examine(options, step), services=services_for(options, demo=False))
    asked: list[str] = []

    async def drive() -> str:
        async with app.run_test(size=(120, 36)) as pilot:
            await _settled(pilot)
            await pilot.press(keys[0])
            await pilot.pause()
            asked.append(type(app.screen).__name__)
            assert _contents(tree) == before
            await pilot.press(keys[1])
            await _settled(pilot)
            await _settled(pilot)
            return said(app)

    text = asyncio.run(drive())

    assert asked == [ConfirmScreen.__name__]
    assert message in text
    if changes:
        assert "It helped" in text
        expected = before["CMakeLists.txt"].replace(b';12.0;12.0a")', b';12.0")', 1)
        assert _contents(tree) == before | {"CMakeLists.txt": expected, "CMakeLists.txt.orig": before["CMakeLists.txt"]}
    else:
        assert _contents(tree) == before


def test_unsafe_and_unproven_fixes_are_not_offered(drive: Drive, canned: Any, demo: Report) -> None:
    """The key is there only for a proven, safe patch of a tree that is the user's own."""
    services = replace(services_for(Options(), demo=True), apply=lambda *_: None, refusal=lambda *_: "")

    def offered(app: BuildDoctor) -> bool:
        return "a" in app.screen.active_bindings

    assert drive(canned.NVFP4, services=services).press(look=offered)
    assert not drive(canned.NVFP4, services=services).press("end", look=offered)
    assert not drive(demo, services=services_for(Options(), demo=True)).press(look=offered)


async def _settled(pilot: Pilot[Any]) -> None:
    for _ in range(3):
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()


@pytest.mark.usefixtures("said")
def test_second_look_says_what_has_changed(canned: Any) -> None:
    """`r` examines anew; while that runs, `c` stops it and `r` begins again."""
    reports = iter((canned.NVFP4, canned.HEALTHY))
    waits = threading.Event()
    waits.set()

    def look(step: Callable[[str], None]) -> Report:
        step("looking")
        waits.wait(10)
        step("judging")
        return next(reports)

    app = BuildDoctor(look)

    async def drive() -> tuple[str, str, str]:
        async with app.run_test(size=(80, 24)) as pilot:
            await _settled(pilot)
            waits.clear()
            await pilot.press("r")
            await pilot.pause()
            running = type(app._state).__name__  # noqa: SLF001 - the state has no other name
            await pilot.press("c")
            await pilot.pause()
            stopped = type(app._state).__name__  # noqa: SLF001 - as above
            waits.set()
            await _settled(pilot)
            await pilot.press("r")
            await _settled(pilot)
            return running, stopped, type(app._state).__name__  # noqa: SLF001 - as above

    assert asyncio.run(drive()) == ("Examining", "Cancelled", "Healthy")
