"""The report as one block of Markdown: as it was, short enough, true, and with nothing in it that a reader would obey."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from markdown_it import MarkdownIt
from msgspec.structs import replace

from buildDoctor import __version__
from buildDoctor.core.evidence import (
    Binary,
    Evidence,
    Gpu,
    Image,
    Kernel,
    Loader,
    Model,
    ModelFormat,
    ModelRequirement,
    ModelWay,
    NotSeen,
    Torch,
)
from buildDoctor.core.findings import Item, Undecided
from buildDoctor.core.redaction import Names
from buildDoctor.core.report import Report
from buildDoctor.faces.reports import markdown_report
from buildDoctor.faces.reports.markdown import finding_markdown
from buildDoctor.faces.reports.markdown_text import code, escaped, paragraph

ROOT = Path(__file__).parents[2]
GOLDEN = Path(__file__).parent / "golden"
NOBODY = Names()
GITHUB = 65_536
"""The characters that GitHub takes in a comment."""
NASTY = (
    "<script>alert(1)</script>", "[here](http://evil.example)", "![x](//evil.example/p.png)", "**loud**", "__init__", "~~gone~~",
    "@everyone", "#1", "vllm-project/vllm#1", "http://evil.example/a", "www.evil.example", "`code`", "``a`` ```b", "a|b|c",
    "$x_1$", "&lt;b&gt;", "# title", "- item", "+ item", "1. item", "> quote", "=====", "    indented", "\\", "<!-- comment",
    "mail@evil.example", "a\nb", "</details>", "GH-1", "\x1b[31mred", "\u202ereversed",
)  # fmt: skip


def tokens(markdown: str) -> list[tuple[str, str]]:
    """What a parser of GitHub's Markdown sees: the kind of each part, and its text."""
    parsed = MarkdownIt("gfm-like", {"html": True}).parse(markdown)
    return [(part.type, part.content) for one in parsed for part in (one, *(one.children or ()))]


def kinds(markdown: str) -> set[str]:
    return {kind for kind, _text in tokens(markdown)} - {"html_inline"} | {
        "html"
        for kind, text in tokens(markdown)
        if kind.startswith("html") and text not in {"<!-- -->", "<sub>", "</sub>"}
    }


def facts() -> Evidence:
    """A machine and a model with everything that the report tells of them."""
    need = ModelRequirement(
        format="nvfp4",
        capability="12.0",
        best="",
        native=False,
        ways=(
            ModelWay(name="cutlass", needs="10.0", native=True, hardware=True, build="stub"),
            ModelWay(name="marlin", needs="7.5", native=False, hardware=True, build="none"),
        ),
    )
    stored = ModelFormat(name="nvfp4", part="weights", weight_bits=4, activation_bits=4, group_size=16)
    return Evidence(
        capabilities=("12.0",),
        gpus=(Gpu(index=0, name="NVIDIA GeForce RTX 5090", capability="12.0", uuid="GPU-1234"),),
        torch=Torch(version="2.8.0+cu129", cuda="12.9", architectures=("sm_90", "sm_120"), cxx11_abi="new"),
        loader=Loader(program="/home/alice/venv/bin/python3", folders=("/usr/local/cuda/lib64",), mixed=(), torch_problem=""),
        binaries=(
            Binary(
                path="/home/alice/venv/lib/python3.12/site-packages/vllm/_C.abi3.so",
                size_bytes=387_000_000,
                images=(
                    Image(kind="cubin", architecture="9.0a"),
                    Image(kind="cubin", architecture="10.0"),
                    Image(kind="ptx", architecture="9.0"),
                ),
            ),
        ),
        model=Model(path="/home/alice/models/m", architecture="LlamaForCausalLM", method="compressed-tensors", formats=(stored,), requires=(need,)),
        not_seen=(NotSeen(path="driver", reason="nvidia-smi is not there"),),
    )  # fmt: skip


@pytest.mark.parametrize("name", ["NVFP4", "NOTHING", "HEALTHY"])
def test_a_report_reads_as_it_did(canned: Any, name: str) -> None:
    """The whole block; a change of it is a decision."""
    text = markdown_report.render(getattr(canned, name), NOBODY).replace(__version__, "VERSION")

    golden = GOLDEN / f"{name.lower()}.md"
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")


def test_the_facts_are_those_of_the_evidence(canned: Any) -> None:
    text = markdown_report.render(
        replace(canned.HEALTHY, evidence=facts()), Names(homes=("/home/alice",), users=("alice",))
    )

    assert "- GPU 0: NVIDIA GeForce RTX 5090, 12.0" in text
    assert "- torch: 2.8.0+cu129, CUDA 12.9, C++ ABI new" in text
    assert "387.0 MB; machine code for 9.0a 10.0; PTX for 9.0" in text
    assert "- nvfp4 on 12.0: no way: cutlass an entry point without a kernel; marlin not in the build" in text
    assert "`~/venv/lib/python3.12/site-packages/vllm/_C.abi3.so`" in text
    assert "- `driver`: nvidia-smi is not there" in text
    assert "alice" not in text
    assert "GPU-1234" not in text


def test_what_is_unknown_of_several_files_is_said_once(canned: Any) -> None:
    """A wheel has twenty files; what was not seen of each of them is one reason."""
    missing = tuple(f"binaries[{at}].host.mixed" for at in range(3))
    undecided = Undecided(
        rule="a-rule", needs=missing, why="; ".join([*(f"{path} was not seen" for path in missing), "no GPU was found"])
    )

    said = markdown_report.render(replace(canned.NVFP4, undecided=(undecided,)), NOBODY)

    assert "- binaries\\[\\].host.mixed was not seen; no GPU was found: `a-rule`\n" in said


def test_names_of_the_machine_are_left_out_everywhere(canned: Any) -> None:
    """Titles, reasons, values, sources, patches and targets."""
    name = "/home/alice/secret on gpu-box-7"
    findings = tuple(
        replace(
            one, title=name, why=name, evidence=(Item(path="plan", value=name, source=name),),
            fixes=tuple(replace(fix, title=name, patch=f"--- {name}", text=name, trial=replace(fix.trial, why=name, effect=(name,))) for fix in one.fixes),
        )
        for one in canned.NVFP4.findings
    )  # fmt: skip
    report = replace(canned.NVFP4, targets=(name,), verdict=name, findings=findings)

    text = markdown_report.render(report, Names(users=("alice",), host="gpu-box-7"))

    assert "alice" not in text
    assert "gpu-box-7" not in text
    assert text.count("secret") > len(findings) * 5


@pytest.mark.parametrize("text", NASTY)
def test_a_name_is_text_to_a_parser(text: str) -> None:
    """Neither markup, nor a link, nor HTML, nor a list, wherever it stands."""
    allowed = {"paragraph_open", "paragraph_close", "inline", "text", "text_special", "softbreak", "code_inline"}
    for markdown in (paragraph(text), f"word {escaped(text)} word", f"word {code(text)}"):
        assert kinds(markdown) <= allowed, markdown


@pytest.mark.parametrize("text", [one for one in NASTY if one.isprintable() and one.strip() == one])
def test_a_name_can_still_be_read(text: str) -> None:
    shown = "".join(content for kind, content in tokens(paragraph(text)) if kind in {"text", "text_special"})
    assert shown == text


def test_hostile_names_are_text_in_the_whole_report(canned: Any) -> None:
    plain = kinds(markdown_report.render(canned.NVFP4, NOBODY))
    for text in NASTY:
        report = replace(
            canned.NVFP4, targets=(text,), verdict=text,
            findings=tuple(
                replace(one, title=text, why=text, evidence=(Item(path=text, value=text, source=text),),
                        fixes=tuple(replace(fix, title=text, text=text, command=text, patch=text) for fix in one.fixes))
                for one in canned.NVFP4.findings
            ),
            evidence=replace(facts(), not_seen=(NotSeen(path=text, reason=text),), binaries=(Binary(path=text, images=(Image(kind="cubin", architecture=text),)),)),
        )  # fmt: skip
        assert kinds(markdown_report.render(report, NOBODY)) <= plain, text


def many(report: Report, count: int, length: int) -> Report:
    finding = report.findings[0]
    return replace(
        report, findings=tuple(replace(finding, subject=str(at), why="word " * length) for at in range(count))
    )


@pytest.mark.parametrize(("count", "length"), [(1, 10), (40, 100), (2000, 100), (3, 40_000), (1, 400_000)])
def test_it_is_never_longer_than_github_takes(canned: Any, count: int, length: int) -> None:
    text = markdown_report.render(many(canned.NVFP4, count, length), NOBODY)

    assert len(text) < GITHUB
    assert text.endswith("</sub>\n")
    left = count - text.count("\n### ✗ error")
    assert ("left out" in text.replace("are left out", "")) == (left > 0 or length > 10_000)
    if left:
        assert f"**{left} more finding" in text


def test_long_facts_are_cut_and_said(canned: Any) -> None:
    evidence = replace(
        facts(),
        binaries=tuple(Binary(path=f"{'long/' * 300}{at}.so", images=()) for at in range(500)),
        not_seen=tuple(NotSeen(path=f"binaries[{at}]", reason="why " * 2000) for at in range(500)),
    )
    text = markdown_report.render(replace(canned.NVFP4, evidence=evidence), NOBODY)

    assert len(text) < GITHUB
    assert "- and 460 more" in text or "Left out for their length" in text


def test_a_hundred_thousand_kernels_cost_nothing(canned: Any) -> None:
    """No part of the report shows them."""
    kernels = tuple(Kernel(name=f"/home/alice/{at}") for at in range(100_000))
    evidence = replace(facts(), binaries=(Binary(path="a.so", kernels=kernels),))
    assert "alice" not in markdown_report.render(replace(canned.NVFP4, evidence=evidence), Names(users=("alice",)))


def test_a_finding_is_told_in_the_words_that_the_terminal_ui_copies(canned: Any) -> None:
    finding = canned.NVFP4.findings[0]
    assert finding_markdown(finding) in markdown_report.render(canned.NVFP4, NOBODY)


def test_the_command_prints_it_without_the_home_folder(tmp_path: Path) -> None:
    home = tmp_path / "homes" / "somebody"
    (home / "project").mkdir(parents=True)
    (home / "project" / "broken.so").write_bytes(b"\x7fELF")
    ended = subprocess.run(
        [sys.executable, "-m", "buildDoctor", "--format", "markdown", "--static", "--isolated", home / "project"],
        capture_output=True, text=True, check=False, timeout=120, cwd=home,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), "HOME": str(home), "USER": "somebody", "LANG": "C.UTF-8"},
    )  # fmt: skip

    assert "## " in ended.stdout
    assert "~/project" in ended.stdout
    assert "somebody" not in ended.stdout
    assert ended.stderr == ""
