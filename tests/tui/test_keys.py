from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from buildDoctor.core.errors import RequestError
from buildDoctor.core.report import Report
from buildDoctor.faces import wording
from buildDoctor.faces.reports import text
from buildDoctor.faces.tui.app import BuildDoctor
from buildDoctor.faces.tui.widgets.finding_detail import FindingDetail
from buildDoctor.faces.tui.widgets.finding_list import FindingList
from buildDoctor.faces.tui.widgets.finding_page import finding_page

Drive = Callable[..., Any]
CAUSE = "supported-suffix-consumes-target"
WIDE = (120, 36)


def _chosen(app: BuildDoctor) -> str | None:
    entry = app.screen.query_one(FindingList).chosen
    return entry.finding.rule if entry else None


def _shown_in_detail(app: BuildDoctor) -> str | None:
    entry = app.screen.query_one(FindingDetail).entry
    return entry.finding.rule if entry else None


def _focused(app: BuildDoctor) -> str:
    return type(app.focused).__name__


def _clipboard(app: BuildDoctor) -> str:
    return app.clipboard


def _notices(app: BuildDoctor) -> list[str]:
    return [notice.message for notice in app._notifications]  # noqa: SLF001 - toasts have no public list


def test_first_finding_is_chosen_and_shown(drive: Drive, canned: Any) -> None:
    """The cause is chosen from the beginning, and its detail is shown."""
    seen = drive(canned.NVFP4).press(look=lambda app: (_chosen(app), _shown_in_detail(app), _focused(app)))

    assert seen == (CAUSE, CAUSE, "FindingList")


@pytest.mark.parametrize(
    ("keys", "rule"),
    [
        pytest.param(("j",), "feature-gets-no-architecture", id="j-goes-down"),
        pytest.param(("down", "down"), "stub-only-kernel", id="down"),
        pytest.param(("j", "j", "k"), "feature-gets-no-architecture", id="k-goes-up"),
        pytest.param(("end",), "torch-architecture-not-supported", id="end-goes-to-the-last"),
        pytest.param(("n",), "feature-gets-no-architecture", id="n-goes-to-the-next-error"),
        pytest.param(("n", "n", "n", "n"), CAUSE, id="n-skips-warnings-and-goes-around"),
        pytest.param(("N",), "feature-macro-for-another-family", id="N-goes-to-the-previous-error"),
        pytest.param(("enter", "n"), "feature-gets-no-architecture", id="n-works-while-reading"),
    ],
)
def test_moving_keys_choose_another_finding(drive: Drive, canned: Any, keys: tuple[str, ...], rule: str) -> None:
    """The chosen finding is the one whose detail is shown."""
    seen = drive(canned.NVFP4).press(*keys, look=lambda app: (_chosen(app), _shown_in_detail(app)))

    assert seen == (rule, rule)


@pytest.mark.parametrize("size", [(80, 24), WIDE])
@pytest.mark.parametrize("key", ["enter", "right"])
def test_finding_opens_by_enter_and_right(drive: Drive, canned: Any, key: str, size: tuple[int, int]) -> None:
    """The detail gets the focus."""
    assert drive(canned.NVFP4, size).press(key, look=_focused) == "FindingDetail"


@pytest.mark.parametrize("key", ["escape", "backspace", "left"])
def test_finding_closes_by_each_key_for_back(drive: Drive, canned: Any, key: str) -> None:
    """The list gets the focus back."""
    assert drive(canned.NVFP4).press("enter", key, look=_focused) == "FindingList"


def test_narrow_terminal_gives_a_read_finding_all_the_height(drive: Drive, canned: Any) -> None:
    """While a finding is read, the list makes room for it; it comes back after."""

    def listed(app: BuildDoctor) -> bool:
        return app.screen.query_one(FindingList).display

    assert drive(canned.NVFP4).press(look=listed)
    assert not drive(canned.NVFP4).press("enter", look=listed)
    assert drive(canned.NVFP4).press("enter", "escape", look=listed)
    assert drive(canned.NVFP4, WIDE).press("enter", look=listed)


@pytest.mark.parametrize("report", ["NVFP4", "HEALTHY", "NOTHING"])
def test_back_never_quits(drive: Drive, canned: Any, report: str) -> None:
    """However often the keys for back are pressed, the app stays."""
    keys = ("escape", "backspace", "left") * 3

    assert drive(getattr(canned, report)).press(*keys, look=lambda app: app.is_running and app.return_value is None)


@pytest.mark.parametrize("key", ["u", "question_mark"])
def test_back_leaves_the_screens_above(drive: Drive, canned: Any, key: str) -> None:
    """Escape returns to the findings."""
    seen = drive(canned.NVFP4).press(key, "escape", look=lambda app: type(app.screen).__name__)

    assert seen == "FindingsScreen"


def test_filter_lists_what_has_all_words(drive: Drive, canned: Any) -> None:
    """Words of the title and of the rule count, in any order and any case."""

    def rules(app: BuildDoctor) -> list[str]:
        return [entry.finding.rule for group in app.screen.query_one(FindingList).groups for entry in group.entries]

    assert drive(canned.NVFP4).press("slash", *"KERNEL entry", "enter", look=rules) == ["stub-only-kernel"]
    assert drive(canned.NVFP4).press("slash", *"no such thing", look=rules) == []
    assert len(drive(canned.NVFP4).press("slash", *"stub", "enter", "escape", look=rules)) == 6
    assert len(drive(canned.NVFP4).press("slash", *"stub", "escape", look=rules)) == 6


def test_filter_keeps_the_chosen_finding(drive: Drive, canned: Any) -> None:
    """A finding that matches stays chosen when the others go and come back."""
    seen = drive(canned.NVFP4).press("end", "slash", *"torch", "enter", "escape", look=_chosen)

    assert seen == "torch-architecture-not-supported"


def test_keys_are_text_while_a_filter_is_typed(drive: Drive, canned: Any) -> None:
    """`q` and `u` in a filter neither quit nor open anything."""
    seen = drive(canned.NVFP4).press("slash", *"quty?", look=lambda app: (app.is_running, type(app.screen).__name__))

    assert seen == (True, "FindingsScreen")


def test_line_is_copied(drive: Drive, canned: Any) -> None:
    """`y` copies one line that names severity, title and rule."""
    copied = drive(canned.NVFP4).press("y", look=_clipboard)

    assert copied == f"error: {canned.NVFP4.findings[0].title} [{CAUSE}]"


def test_markdown_is_copied(drive: Drive, canned: Any) -> None:
    """`Y` copies the finding with its evidence and patch."""
    copied = drive(canned.NVFP4).press("Y", look=_clipboard)

    assert copied.startswith("### ✗ error: NVFP4 is not built")
    assert "- `plan.features[FP4_ARCHS].gets: empty`, from CMakeLists.txt:578" in copied
    assert "  ```diff\n  --- a/CMakeLists.txt\n" in copied


def test_patch_of_the_proven_fix_is_copied(drive: Drive, canned: Any) -> None:
    """`p` copies the patch that helps, byte for byte, and says which; never one that was tried in vain."""
    copied, notices = drive(canned.NVFP4).press("p", look=lambda app: (app.clipboard, _notices(app)))

    assert copied == canned.NVFP4.findings[0].fixes[1].patch
    assert notices == ["Copied the patch “Drop 12.0a from CUDA_SUPPORTED_ARCHS”."]


def test_missing_patch_is_said(drive: Drive, canned: Any) -> None:
    """`p` on a finding without a patch copies nothing."""
    copied, notices = drive(canned.NVFP4).press("end", "p", look=lambda app: (app.clipboard, _notices(app)))

    assert copied == ""
    assert notices == ["No fix of this finding has a patch that may help."]


def test_help_executes_what_is_found(drive: Drive, canned: Any) -> None:
    """A key is found by what it does, and Enter does it."""
    assert drive(canned.NVFP4).press("question_mark", *"markdown", "enter", look=_clipboard).startswith("### ✗ error")


def test_help_lists_every_key_of_the_screen(drive: Drive, canned: Any, shown: Callable[[BuildDoctor], str]) -> None:
    """All keys that the footer names are found in the help."""
    text = drive(canned.NVFP4, WIDE).press("question_mark", look=shown)

    for key in ("⏎", "j", "k", "/", "n", "N", "y", "Y", "p", "e", "o", "@", "u"):
        assert f"│ {key} " in text, key


@pytest.mark.parametrize("keys", [(), ("enter",), ("slash", *"stub", "enter")])
def test_every_key_is_visible_at_80_columns(
    drive: Drive, canned: Any, shown: Callable[[BuildDoctor], str], keys: tuple[str, ...]
) -> None:
    """The footer is never cut."""
    assert drive(canned.NVFP4).press(*keys, look=shown).splitlines()[-1].endswith("t theme ? help q quit")


def test_themes_go_around(drive: Drive, canned: Any) -> None:
    """`t` comes back to the first theme, and says which one is taken."""
    first = drive(canned.NVFP4).press(look=lambda app: app.theme)

    assert drive(canned.NVFP4).press("t", look=lambda app: app.theme) != first
    assert drive(canned.NVFP4).press(*"tttt", look=lambda app: app.theme) == first


def test_click_opens_a_finding_and_the_footer_goes_back(canned: Any) -> None:
    """The mouse does what the keys do."""

    async def click(app: BuildDoctor) -> tuple[str | None, str, str]:
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.pause()
            await pilot.click(FindingList, offset=(10, 4))
            await pilot.pause()
            opened = (_shown_in_detail(app), _focused(app))
            await pilot.click("KeyBar", offset=(11, 0))
            await pilot.pause()
            return (*opened, _focused(app))

    seen = asyncio.run(click(BuildDoctor(canned.NVFP4)))

    assert seen == ("feature-gets-no-architecture", "FindingDetail", "FindingList")


def _refuse(_step: Callable[[str], None]) -> Report:
    raise RequestError("rules/x.toml:3: no such field")


def _break(_step: Callable[[str], None]) -> Report:
    raise OSError


@pytest.mark.parametrize(
    ("report", "fail_on", "code"),
    [
        pytest.param("NVFP4", "error", 1, id="an-error"),
        pytest.param("NVFP4", "never", 0, id="an-error-that-does-not-count"),
        pytest.param("HEALTHY", "warning", 0, id="healthy"),
        pytest.param("NOTHING", "error", 3, id="nothing-examined"),
        pytest.param(_refuse, "error", 2, id="wrong-request"),
        pytest.param(_break, "error", 3, id="broken-examination"),
    ],
)
def test_app_leaves_by_reason(canned: Any, report: Any, fail_on: str, code: int) -> None:
    """The exit code says what was found, as without the terminal UI."""
    app = BuildDoctor(getattr(canned, report) if isinstance(report, str) else report, fail_on=fail_on)

    async def leave() -> None:
        async with app.run_test() as pilot:
            await app.workers.wait_for_complete()
            await pilot.pause()
            await pilot.press("q")

    asyncio.run(leave())

    assert app.return_value == code


def test_leaving_early_ends_the_examination() -> None:
    """An examination learns at its next step that nobody waits for it."""
    ended = threading.Event()

    def examine(step: Callable[[str], None]) -> Report:
        try:
            while True:
                step("reading")
                time.sleep(0.01)
        finally:
            ended.set()

    app = BuildDoctor(examine)

    async def leave() -> None:
        async with app.run_test() as pilot:
            await pilot.press("q")

    asyncio.run(leave())

    assert ended.wait(5)
    assert app.return_value == 3


def test_the_check_of_a_fix_is_announced_as_in_the_text_report(canned: Any) -> None:
    """A fix may be a driver or a variable: then there is no rebuild to wait for."""
    page = finding_page(wording.entries(canned.NVFP4)[0], 100).plain
    report = text.render(canned.NVFP4, color=False, width=100, verbose=False)

    assert wording.WHEN_DONE in page
    assert wording.WHEN_DONE in report
    assert "rebuild" not in wording.WHEN_DONE


def test_names_never_become_markup(drive: Drive, canned: Any, shown: Callable[[BuildDoctor], str]) -> None:
    """Names that a markup parser would swallow, obey or fail on are shown as they are, everywhere."""
    texts = [
        drive(canned.HOSTILE, WIDE).press(*"jjjj"[:number], "y", look=shown)
        for number in range(len(canned.MARKUP_NAMES))
    ]
    gaps = drive(canned.HOSTILE).press("u", look=shown)

    for name, seen in zip(canned.MARKUP_NAMES, texts, strict=True):
        assert seen.count(name) > 5
    assert "[b]rule[/b]" in gaps
    assert "a[abi:cxx11] is cut off" in gaps
