"""The Python API: small, typed, and cheap to import."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import buildDoctor

ROOT = Path(__file__).parents[1]
DEMO = ROOT / "buildDoctor" / "demo"
PAGE = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")


def test_an_examination_is_one_call() -> None:
    report = buildDoctor.examine(DEMO / "_C.abi3.so", gpu="12.0", static=True, isolated=True)

    assert isinstance(report, buildDoctor.Report)
    assert report.evidence.capabilities == ("12.0",)
    assert {finding.severity for finding in report.findings} >= {buildDoctor.Severity.ERROR}


def test_the_options_are_those_of_the_command_line() -> None:
    """Several targets, a tree, capabilities as a list."""
    report = buildDoctor.examine(
        [str(DEMO / "_C.abi3.so")], source=DEMO, gpu=["12.0", "12.1"], cuda="12.9", arch_list="12.0", isolated=True, select=["plan"]
    )  # fmt: skip

    assert report.evidence.capabilities == ("12.0", "12.1")
    assert report.evidence.plan is not None
    assert {finding.family for finding in report.findings} == {"plan"}


@pytest.mark.parametrize(
    "wrong", [{"gpu": "120"}, {"cuda": "x"}, {"select": ["nothing"]}, {"env": {"a b": "c"}}], ids=str
)
def test_a_wrong_request_is_an_error_with_words(wrong: dict[str, object]) -> None:
    with pytest.raises(buildDoctor.RequestError, match=r".{20}"):
        buildDoctor.examine(DEMO / "_C.abi3.so", static=True, **wrong)  # type: ignore[arg-type]  a table of options


def test_a_saved_report_is_read_as_it_says(tmp_path: Path) -> None:
    saved = tmp_path / "report.json"
    subprocess.run([sys.executable, "-m", "buildDoctor", "demo", "--json", "--output", saved], cwd=ROOT, check=False)

    report = buildDoctor.read_report(saved)

    assert report.findings[0].rule == "supported-suffix-consumes-target"
    assert report.findings[0].fixes[0].trial.outcome is buildDoctor.Outcome.PROVEN
    assert report.findings[0].fixes[0].trial.claimed


def test_an_interpreter_lists_the_names() -> None:
    """What Tab completes is what the page lists."""
    assert dir(buildDoctor) == sorted(buildDoctor.__all__)


def test_every_name_is_there_and_on_the_page() -> None:
    """`examine` stays what it is after its package was imported."""
    import buildDoctor.examine.run  # noqa: PLC0415  what is tested

    assert callable(buildDoctor.examine)
    for name in buildDoctor.__all__:
        assert getattr(buildDoctor, name) is not None
        assert name == "__version__" or f"`{name}" in PAGE or f", `{name}`" in PAGE
    with pytest.raises(AttributeError, match="no attribute 'examin'"):
        _ = buildDoctor.examin  # type: ignore[attr-defined]  what is tested


def test_importing_the_package_imports_nothing() -> None:
    script = "import sys; before = set(sys.modules); import buildDoctor; print(*set(sys.modules) - before)"
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT)

    assert set(ended.stdout.split()) == {"buildDoctor"}


def test_the_page_is_clean_for_a_user_who_checks_types(tmp_path: Path) -> None:
    """Strict, and a wrong type is found."""
    blocks = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    (tmp_path / "right.py").write_text("\n".join(blocks), encoding="utf-8")
    (tmp_path / "wrong.py").write_text("import buildDoctor\nx: int = buildDoctor.examine().verdict\n", encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "mypy",
        "--strict",
        "--follow-imports=silent",
        "--cache-dir",
        str(tmp_path / "cache"),
    ]
    variables = {"PATH": "/usr/bin:/bin", "MYPYPATH": str(ROOT), "HOME": "/"}

    right, wrong = (
        subprocess.run([*command, name], cwd=tmp_path, env=variables, capture_output=True, text=True, check=False)
        for name in ("right.py", "wrong.py")
    )

    assert right.returncode == 0, right.stdout
    assert 'has type "str", variable has type "int"' in wrong.stdout
