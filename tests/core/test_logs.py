"""A log becomes the lines that matter, in one pass, whatever its bytes are."""

from __future__ import annotations

import random
import re

import pytest

from buildDoctor.core.evidence import LogLine
from buildDoctor.core.logs import reading as log_reading
from buildDoctor.core.logs import scanning as log_scanning
from buildDoctor.core.logs.anchors import anchors_for
from buildDoctor.core.logs.kinds import ANCHORS, kind_of
from buildDoctor.core.logs.reading import read_log
from buildDoctor.core.logs.scanning import Scanner
from buildDoctor.core.logs.symptoms import Symptom, refusal_of

UNSUPPORTED = Symptom(text="Unsupported gpu architecture '*'", rules=("nvcc-rule",), benign=False)
SKIPPED = Symptom(text="DeepGEMM will not compile*", rules=("skip-rule",), benign=True)


def lines_of(text: str | bytes, *symptoms: Symptom, piece: int = 1 << 20) -> tuple[LogLine, ...]:
    """The lines of a log that matter, read in pieces of some bytes."""
    content = text.encode() if isinstance(text, str) else text
    pieces = [content[at : at + piece] for at in range(0, len(content), piece)]
    return read_log(pieces, symptoms, "x.log")[0].lines or ()


@pytest.mark.parametrize(
    ("symptom", "line", "values"),
    [
        pytest.param("arch '*'", "an arch 'compute_120' is", ("compute_120",), id="between two pieces"),
        pytest.param("needs * of *", "needs 3 of them", ("3", "them"), id="to the end of the line"),
        pytest.param("version *GLIBC_*' not found", "version `GLIBC_2.32' not found", ("`", "2.32"), id="two stars"),
        pytest.param("arch '*'", "arch compute_120", None, id="a piece is missing"),
        pytest.param("no star", "there is no star here", (), id="no star"),
        pytest.param("b '*' a", "a 'x' b", None, id="in another order"),
    ],
)
def test_a_star_is_what_stands_between_the_texts(symptom: str, line: str, values: tuple[str, ...] | None) -> None:
    assert Symptom(text=symptom, rules=("r",), benign=False).values_in(line) == values


@pytest.mark.parametrize(
    "text",
    ["*starts with one", "two ** stars", " blank", "short*it", "two\nlines", "x" * 201, "a*b*c*d*e*f*g*text enough"],
)
def test_a_symptom_that_too_many_lines_would_show_is_refused(text: str) -> None:
    assert refusal_of(text) is not None


def test_the_first_error_is_told_apart_from_what_follows_it() -> None:
    """Ninja names the target before the compiler's words, and pip its own error before everything."""
    log = """
      error: subprocess-exited-with-error
      FAILED: CMakeFiles/_C.dir/a.cu.o
      nvcc fatal   : Unsupported gpu architecture 'compute_120a'
      ninja: build stopped: subcommand failed.
      subprocess.CalledProcessError: Command '['cmake']' returned non-zero exit status 1.
  ERROR: Failed building wheel for vllm
ERROR: Failed to build installable wheels for some pyproject.toml based projects (vllm)
"""
    kinds = [(line.number, line.kind) for line in lines_of(log, UNSUPPORTED)]

    assert kinds == [(2, "consequence"), (3, "consequence"), (4, "error"), *((n, "consequence") for n in (5, 6, 7, 8))]


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("nvcc fatal   : Unsupported gpu architecture 'compute_70'", "error"),
        ("ptxas fatal   : Value 'sm_121a' is not defined for option 'gpu-name'", "error"),
        ("nvcc error   : 'cicc' died due to signal 9 (Kill signal)", "error"),
        ("/usr/include/crt/host_config.h:143:2: error: #error -- unsupported GNU version!", "error"),
        ("c++: fatal error: Killed signal terminated program cc1plus", "error"),
        ("CMake Error at CMakeLists.txt:12 (message):", "status"),
        ("/usr/bin/ld: cannot find -lcuda: No such file or directory", "error"),
        ("a.o: undefined reference to `cuInit'", "error"),
        ("WARNING [_custom_ops.py:20] Failed to import from vllm._C with ImportError('libcudart.so.12: cannot …", "error"),
        ("ImportError: libcudart.so.13: cannot open shared object file: No such file or directory", "error"),
        ("AttributeError: '_OpNamespace' '_C' object has no attribute 'rms_norm'", "consequence"),
        ("make[2]: *** [CMakeFiles/a.dir/build.make:76: a.cu.o] Error 1", "consequence"),
        ("RuntimeError: Engine core initialization failed. See root cause above. Failed core proc(s): {}", "consequence"),
        ('    raise RuntimeError("Error: x")', "status"),
        ("nvcc -Werror all-warnings -DERROR=1 -c cuda_error.cu", "status"),
        ("/src/a.cu(3): warning #177-D: variable was declared", "status"),
        ("ERROR: pip's dependency resolver does not currently take into account all the packages", "status"),
    ],
)  # fmt: skip
def test_what_a_line_is_by_its_form(line: str, kind: str) -> None:
    """Facts of the tools: what pip, ninja, make, nvcc, ptxas, gcc, ld and Python write."""
    assert kind_of(line) == kind


def test_lines_that_say_the_same_are_told_once() -> None:
    """The first with its number, and how many there are; another value is another line."""
    log = "Unsupported gpu architecture 'compute_70'\n" * 300 + "x Unsupported gpu architecture 'compute_75'\n"

    found = lines_of(log, UNSUPPORTED)

    assert [(line.number, line.values, line.count) for line in found] == [
        (1, ("compute_70",), 300),
        (301, ("compute_75",), 1),
    ]


def test_a_harmless_line_is_called_so() -> None:
    (line,) = lines_of("-- DeepGEMM will not compile: unsupported CUDA architecture 12.0\n", SKIPPED)

    assert (line.kind, line.rules) == ("benign", ("skip-rule",))


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(b"\x1b[31mUnsupported gpu \x1b[1marchitecture\x1b[0m 'compute_70'", id="colours"),
        pytest.param(b" 10%\r 20%\rUnsupported gpu architecture 'compute_70'\r 30%", id="progress bars"),
        pytest.param(b"Unsupp\0orted gpu archi\0tecture 'compute_70'", id="zero bytes"),
        pytest.param(b"\xff\xfe\x80Unsupported gpu architecture 'compute_70'\xc3", id="no text"),
        pytest.param(b"x" * 3_000_000 + b"Unsupported gpu architecture 'compute_70'" + b"y" * 3_000_000, id="a long line"),
        pytest.param(b"\x1b]0;" + b"t" * 2_000 + b"\nUnsupported gpu architecture 'compute_70'\x07", id="a broken title"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("piece", [7, 1 << 16])
def test_a_symptom_is_found_whatever_stands_around_it(raw: bytes, piece: int) -> None:
    if piece == 7 and len(raw) > 100_000:
        piece = 999
    found = [line for line in lines_of(raw, UNSUPPORTED, piece=piece) if line.rules]

    assert {line.values for line in found} == {("compute_70",)}
    assert all(len(line.text or "") < 410 for line in found)


def _by_hand(log: bytes, anchors: tuple[bytes, ...]) -> list[tuple[int, bytes]]:
    """The lines that have one of the texts, found in the plain way."""
    return [
        (number, part)
        for number, line in enumerate(log.split(b"\n"), 1)
        for part in line.split(b"\r")
        if any(anchor in part for anchor in anchors)
    ]


@pytest.mark.parametrize("seed", range(40))
def test_the_scan_finds_what_a_plain_search_finds(seed: int) -> None:
    """Random logs, cut at random places, against splitting the whole text."""
    chance = random.Random(seed)  # noqa: S311  the same texts every time
    words = [b"error:", b"fat", b"al", b"fatal", b"\n", b"\r", b"\r\n", b" ", b"ok", b"\n\n", b"err"]
    log = b"".join(chance.choices(words, k=chance.randrange(400)))
    cuts = sorted(chance.randrange(len(log) + 1) for _ in range(chance.randrange(12)))
    pieces = [log[a:b] for a, b in zip([0, *cuts], [*cuts, len(log)], strict=True)]
    scanner = Scanner((b"error:", b"fatal"))

    found = list(scanner.lines(pieces))

    assert found == _by_hand(log, (b"error:", b"fatal"))
    assert scanner.size_bytes == len(log)
    assert scanner.line_count == len(log.splitlines() and log.rstrip(b"\r").split(b"\n")) - (log[-1:] == b"\n")


@pytest.mark.parametrize("seed", range(8))
def test_the_scan_finds_the_same_where_every_line_has_another_number(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Lines are then compared without hexadecimal numbers; some texts have nothing but such letters left."""
    monkeypatch.setattr("buildDoctor.core.logs.scanning._MOST_FORMS", 3)
    chance = random.Random(seed)  # noqa: S311  the same texts every time
    ends = ("ok", "error: x", "fatal", "deadbeef", "fa\u0301tal", "faded", "")
    lines = [f"request {chance.getrandbits(64):x} {chance.choice(ends)}\n".encode() for _ in range(120)]
    pieces = [b"".join(lines[at : at + 9]) for at in range(0, len(lines), 9)]
    anchors = (b"error:", b"fatal", b"faded")
    scanner = Scanner(anchors)

    found = list(scanner.lines(pieces))

    assert found == _by_hand(b"".join(lines), anchors)
    assert b"a" in scanner._left_out  # noqa: SLF001  that it compares without them is what is tested


def test_a_flood_of_errors_is_bounded_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first lines and the last one are kept; that others were passed over is told."""
    monkeypatch.setattr(log_scanning, "MOST_HITS", 100)
    monkeypatch.setattr(log_reading, "MOST_OF_A_KIND", 10)
    pieces = [b"".join(b"error: %d\n" % (k * 1000 + n) for n in range(1000)) for k in range(20)]

    log, not_seen = read_log(pieces, (), "x.log")

    lines = log.lines or ()
    assert [line.number for line in lines] == [*range(1, 11), 20_000]
    assert [gap.path for gap in not_seen] == ["log"]


def test_a_long_line_is_held_in_part(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a line without end only a bounded part is kept at a time."""
    kept: list[int] = []
    real = log_scanning.parted

    def noted(body: bytes) -> tuple[bytes, bytes]:
        kept.append(len(body))
        return real(body)

    monkeypatch.setattr(log_scanning, "parted", noted)
    scanner = Scanner((b"fatal",))
    assert list(scanner.lines([b"z" * 100_000] * 200)) == []

    assert max(kept) < 600_000
    assert scanner.line_count == 1


def test_every_symptom_has_an_anchor() -> None:
    """Whichever texts are chosen, a line that shows a symptom has one of them."""
    chance = random.Random(7)  # noqa: S311  the same texts every time
    words = [
        "Unsupported",
        "gpu",
        "architecture",
        "not",
        "found",
        "undefined",
        "symbol",
        "version",
        "error",
        "compute_",
        "sm_120a",
        "fatal",
    ]
    symptoms = [[" ".join(chance.choices(words, k=chance.randrange(1, 5))) for _ in range(2)] for _ in range(200)]
    given = [anchor.decode() for anchor in ANCHORS]

    chosen = anchors_for(symptoms, given)

    assert all(any(text in piece for piece in pieces for text in (*given, *chosen)) for pieces in symptoms)
    assert len(chosen) < 60


def test_no_regular_expression_of_the_forms_is_slow() -> None:
    """The longest line that is looked at, made of what the forms begin with, is judged at once."""
    for part in ("Error(", "'_OpNamespace' ", "No module named 'a.", " ", "fatal ", "Failed "):
        assert kind_of((part * 4_000)[:4_000]) in {"status", "error", "consequence"}


def test_the_anchors_of_the_forms_are_complete() -> None:
    """A line that is an error or a consequence by its form has a text that is searched for."""
    samples = [
        value[0] for mark in test_what_a_line_is_by_its_form.pytestmark for value in mark.args[1] if value[1] != "status"
    ]  # fmt: skip

    assert samples
    assert all(any(re.search(re.escape(anchor.decode()), line) for anchor in ANCHORS) for line in samples)


def test_a_text_with_digits_is_found() -> None:
    """Lines are told apart without their digits; the texts that are searched for have some."""
    log = b"Error 100\nError 803\n" * 3

    assert [number for number, _ in Scanner((b"Error 803",)).lines([log])] == [2, 4, 6]


def test_a_text_is_found_where_a_long_line_is_cut() -> None:
    """Of a line without end a little is kept for the next piece."""
    found = list(Scanner((b"fatal",)).lines([b"x" * 300_000 + b"fat", b"al" + b"y" * 300_000]))

    assert [number for number, _ in found] == [1]
    assert all(b"fatal" in line for _, line in found)
