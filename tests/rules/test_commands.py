"""What a rule prints to be typed stays what it is in a shell, whatever the names of files are."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from buildDoctor.adapters.rule_files import load_rules
from buildDoctor.core.evidence import Evidence, Log, Torch
from buildDoctor.core.language import Expression, Template, compile_expression

CHECKED = {
    "base(a)", "base(r)", "base(s)", "c", "g.index", "join([c for c in capabilities if version(c) >= version(e.needs)], ',')",
    "join(every_c, ',')", "newer", "newest_toolkit(a)", "oldest_toolkit(a)", "oldest_toolkit(s)", "r.capability", "t",
}  # fmt: skip
"""Expressions that need no quotes: numbers, and what the condition has compared as an architecture, capability or version."""
TEXTS = [
    "dist/my.whl!pkg/_C.so",
    "a path/with  spaces.so",
    "it's.so",
    '"double".so',
    "$HOME`id`$(id).so",
    "~/x.so",
    "#not-a-comment",
    "*.so",
    "a\\b\\n.so",
    "a;b|c&d<e>f(g){h}[i]",
    "!!",
    "ü 漢字.so",
    "",
]


def _unquoted(template: Template | None) -> set[str]:
    expressions = [part.text.strip() for part in (template.parts if template else ()) if isinstance(part, Expression)]
    return {
        text for text in expressions if not text.startswith(("quoted(", "join([quoted(")) and "else quoted(" not in text
    }


def test_every_path_and_name_in_a_command_of_a_rule_is_quoted() -> None:
    found = {
        (rule.id, text)
        for rule in load_rules().rules
        for fix in rule.fixes
        for template in (fix.command, fix.verify)
        for text in _unquoted(template)
    }

    assert {one for one in found if one[1] not in CHECKED} == set()
    assert {text for _rule, text in found} == CHECKED


@pytest.mark.parametrize("shell", ["sh", "bash", "zsh", "dash"])
def test_a_shell_takes_a_quoted_text_for_that_text(shell: str) -> None:
    """At a prompt, where `!` asks for an earlier command."""
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    alone = {"bash": ["--norc"], "zsh": ["-f"]}.get(shell, [])
    lines = [f"printf '<%s>\\n' {_quoted(text)}\n" for text in TEXTS]

    ended = subprocess.run(
        [shell, *alone, "-i"], input="".join(lines), capture_output=True, text=True, check=False,
        env={"PATH": "/usr/bin:/bin", "HOME": "/nothere", "LANG": "C.UTF-8", "PS1": ""}, start_new_session=True,
    )  # fmt: skip

    assert [line for line in ended.stdout.split("\n") if line.startswith("<")] == [f"<{text}>" for text in TEXTS]


def _quoted(text: str) -> str:
    evidence = Evidence(torch=Torch(path=text))
    return str(compile_expression("quoted(torch.path)").evaluate(evidence).value)


def test_a_log_that_was_named_is_named_again() -> None:
    """One that came through a pipe has no name."""
    rule = next(one for one in load_rules().rules if one.id == "no-kernel-image-at-run-time")
    command = rule.fixes[0].command
    assert command is not None

    for path, shown in (("my log!.txt", "'my log!.txt'"), ("standard input", "FILE")):
        assert command.render(Evidence(log=Log(path=path))).startswith(f"build-doctor --log {shown} ")


def test_the_shell_of_these_tests_would_notice() -> None:
    """Between double quotes `!` is what it is at a prompt."""
    ended = subprocess.run(
        ["bash", "--norc", "-i"], input='printf "%s\\n" "a.whl!b.so"\n', capture_output=True, text=True, check=False,
        env={"PATH": "/usr/bin:/bin"}, start_new_session=True, cwd=Path("/"),
    )  # fmt: skip

    assert "event not found" in ended.stderr
