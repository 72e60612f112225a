"""The lines of a log have a screen of their own, and findings lead to them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from textual.widgets import Input

from buildDoctor.core.evidence import Evidence, Log, LogLine
from buildDoctor.core.report import Report
from buildDoctor.examine.options import Options
from buildDoctor.examine.run import examine
from buildDoctor.faces.tui.app import BuildDoctor
from buildDoctor.faces.tui.tables.log_rows import place_of_cited_line

Drive = Callable[..., Any]
Shown = Callable[[BuildDoctor], str]


def _line(number: int, kind: str, text: str, *rules: str, count: int = 1) -> LogLine:
    return LogLine(number=number, text=text, kind=kind, rules=rules, count=count)


LOG = Log(
    path="build[/x].log",
    size_bytes=10,
    line_count=900,
    lines=(
        _line(3, "benign", "warning: unused [/x]", "unused"),
        _line(40, "status", "Not building NVFP4 as no architecture matches", "skipped"),
        _line(812, "error", "nvcc fatal : Unsupported gpu architecture 'compute_120'", "one", count=3),
        _line(812, "error", "nvcc fatal : Unsupported gpu architecture 'compute_120'", "other"),
        _line(813, "consequence", "ninja: build stopped: subcommand failed."),
        _line(850, "error", "error: command failed"),
    ),
)


def _report(log: Log | None) -> Report:
    return Report(targets=(), verdict="", findings=(), undecided=(), evidence=Evidence(log=log))


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """What a real examination makes of a small log."""
    file = tmp_path_factory.mktemp("log") / "build.log"
    file.write_text(
        "[1/2] nvcc -c a.cu\n"
        'a.cu(12): error: identifier "cudaFoo" is undefined\n'
        "nvcc fatal   : Unsupported gpu architecture 'compute_120a'\n"
    )  # fmt: skip
    return examine(Options(targets=(str(file.parent),), log=str(file), gpu="12.0", static=True))


def test_lines_are_listed_first_error_first(drive: Drive, shown: Shown) -> None:
    """Each once, with what it is and its number; what is harmless comes last."""
    text = drive(_report(LOG)).press("6", look=shown)

    order = ["first error  812 nvcc fatal", "error        850 error: command failed", "follows      813 ninja:", "told          40 Not building", "harmless       3 warning: unused [/x]"]  # fmt: skip
    lines = [" ".join(line.split()) for line in text.splitlines()]
    places = [next(at for at, line in enumerate(lines) if line.startswith(" ".join(words.split()))) for words in order]
    assert places == sorted(places)
    assert sum("'compute_120'" in line and "first error" in line for line in lines) == 1
    assert "build[/x].log: 900 lines, 2 different errors" in text
    assert "5 lines matter; 1 of the errors no rule knows" in text


def test_page_of_a_line_says_how_often_and_which_rules_know_it(drive: Drive, shown: Shown) -> None:
    """Also those of a line that shows two symptoms; of an unknown error that none does."""
    known = drive(_report(LOG), (120, 36)).press("6", look=shown)
    unknown = drive(_report(LOG), (120, 36)).press("6", "n", look=shown)

    assert "line 812 of build[/x].log; 2 more lines say the same" in known
    assert "one, other" in known
    assert "No rule knows this line" in unknown
    assert "error: command failed" in unknown


def test_lines_are_filtered_by_their_words_and_rules(drive: Drive, shown: Shown) -> None:
    """All words count, in any case."""
    listed = drive(_report(LOG)).press("6", "slash", *"FATAL other", "enter", look=shown)

    assert "nvcc fatal" in listed
    assert "command failed" not in listed


def test_there_is_no_such_screen_without_a_log(drive: Drive, shown: Shown) -> None:
    """Neither its tab nor its key nor its turn among the tabs."""
    text, mode, keys = drive(_report(None)).press(
        "6", *("tab",) * 5, look=lambda app: (shown(app), app.current_mode, app.screen.active_bindings)
    )

    assert "6 Log" not in text
    assert mode == "Findings"
    assert "6" not in keys
    assert drive(_report(LOG)).press(*("tab",) * 5, look=lambda app: app.current_mode) == "Log"


def test_tab_of_the_log_comes_with_the_report(shown: Shown, drive: Drive) -> None:
    """Before the examination has seen the log there is none."""
    assert "6 Log" in drive(lambda _step: _report(LOG)).press(look=shown)


def test_empty_log_says_so(drive: Drive, shown: Shown) -> None:
    """A log in which nothing matters has no rows."""
    text = drive(_report(Log(path="b.log", line_count=1, lines=()))).press("6", look=shown)

    assert "b.log: 1 line, no line that is an error by its form. No rule knows a line of it." in " ".join(text.split())


def test_enter_goes_to_the_finding_that_knows_the_line(drive: Drive, judged: Report, shown: Shown) -> None:
    """From a line that no rule knows enter reads the line."""
    found = drive(judged, (120, 36)).press("6", "slash", *"nvcc fatal", "enter", "enter", look=lambda app: (shown(app), app.current_mode))  # fmt: skip
    unknown = drive(judged, (120, 36)).press(
        "6", "slash", *"cudaFoo", "enter", "enter", look=lambda app: (app.screen.is_reading, app.current_mode)
    )

    assert found[1] == "Findings"
    assert "nvcc-too-old-for-architecture" in found[0]
    assert unknown == (True, "Log")


def test_finding_opens_the_line_of_the_log_that_it_cites(
    judged: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By an absolute path; a log that is not there, such as standard input, has no line to open."""
    log = judged.evidence.log
    finding = next(finding for finding in judged.findings if finding.rule == "nvcc-too-old-for-architecture")
    assert log is not None

    place = place_of_cited_line(finding, log)

    assert place is not None
    assert (Path(place.file).name, place.line) == ("build.log", 3)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "build.log").touch()
    beside = place_of_cited_line(finding, Log(path="build.log", lines=log.lines))
    assert beside is not None
    assert Path(beside.file).is_absolute()
    gone = Log(path=str(tmp_path / "standard input"), lines=log.lines)
    assert place_of_cited_line(finding, gone) is None


def test_line_is_copied_with_its_number(drive: Drive) -> None:
    """`y` copies the chosen line; `/` keeps the keys as text."""
    copied = drive(_report(LOG)).press("6", "y", look=lambda app: app.clipboard)
    typed = drive(_report(LOG)).press("6", "slash", *"6y", look=lambda app: app.screen.query_one(Input).value)

    assert copied == "line 812: nvcc fatal : Unsupported gpu architecture 'compute_120' (and 2 more)"
    assert typed == "6y"
