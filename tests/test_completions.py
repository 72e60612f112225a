"""The completions, as the shells themselves complete a typed line; each where its shell is installed."""

from __future__ import annotations

import os
import pty
import shlex
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[1] / "docs" / "shell"
COMPLETE = b"\x14"
"""Ctrl-T, which each shell is told to complete with and to write down what came of it."""
CLEAR = b"\x15"

ZSH = r"""
unset zle_bracketed_paste; PS1=; setopt extendedglob
fpath=(FOLDER $fpath); autoload -Uz compinit; compinit -u -D
compadd() {
  # What is asked for an array is not offered yet.
  if [[ ${@[1,(i)(-|--)]} != *-[a-zA-Z]#[OAD]* ]]; then
    local -a __offered; builtin compadd -O __offered "$@"; print -rl -- $__offered >> $OUT
  fi
  builtin compadd "$@"
}
capture() { : > $OUT; zle complete-word; print -rn -- "$BUFFER" > $OUT.part; mv $OUT.part $OUT.line }
zle -N capture; bindkey '^T' capture; : > $OUT.ready
"""
BASH = r"""
PS1=; bind 'set enable-bracketed-paste off'; bind 'set bell-style none'; source FOLDER/build-doctor.bash
capture() { printf '%s' "$READLINE_LINE" > $OUT.part; mv $OUT.part $OUT.line; }
bind -x '"\C-xt": capture'; bind '"\C-t": "\t\C-xt"'; : > $OUT.ready
"""


class Shell:
    """A shell at a terminal of its own, in an empty home."""

    def __init__(self, words: list[str], script: str, folder: Path) -> None:
        (folder / "home").mkdir()
        self.out = folder / "out"
        (folder / "home" / ".zshrc").write_text(script.replace("FOLDER", str(FOLDER)), encoding="utf-8")
        self.main, side = pty.openpty()
        os.set_blocking(self.main, False)
        self.process = subprocess.Popen(
            [*words], cwd=folder / "here", stdin=side, stdout=side, stderr=side, start_new_session=True,
            env={"PATH": os.environ["PATH"], "HOME": str(folder / "home"), "ZDOTDIR": str(folder / "home"), "OUT": str(self.out), "TERM": "dumb", "LANG": "C.UTF-8"},
        )  # fmt: skip
        os.close(side)
        self._written("ready")

    def completed(self, line: str) -> str:
        """What a line becomes."""
        (self.out.parent / "out.line").unlink(missing_ok=True)
        os.write(self.main, CLEAR + line.encode() + COMPLETE)
        return self._written("line").rstrip(" ")

    def offered(self) -> set[str]:
        """What was offered for it."""
        return {line for line in self.out.read_text(encoding="utf-8").splitlines() if line}

    def _written(self, name: str) -> str:
        file, seen, deadline = self.out.parent / f"out.{name}", b"", time.monotonic() + 60
        while not file.exists():
            try:
                # A terminal that nobody reads stops its shell.
                seen += os.read(self.main, 65_536)
            except BlockingIOError:
                assert time.monotonic() < deadline, seen.decode(errors="replace")
                time.sleep(0.01)
        return file.read_text(encoding="utf-8")

    def close(self) -> None:
        """End it."""
        self.process.kill()
        self.process.wait()
        os.close(self.main)


def _folder(factory: pytest.TempPathFactory) -> Path:
    folder = factory.mktemp("shell")
    (folder / "here" / "tree").mkdir(parents=True)
    for name in ("a file.so", "b.whl"):
        (folder / "here" / name).touch()
    return folder


def _needs(shell: str) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")


@pytest.fixture(scope="module")
def zsh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shell]:
    _needs("zsh")
    shell = Shell(["zsh", "-i"], ZSH, _folder(tmp_path_factory))
    yield shell
    shell.close()


@pytest.fixture(scope="module")
def bash(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shell]:
    folder = _folder(tmp_path_factory)
    shell = Shell(["bash", "--rcfile", str(folder / "home" / ".zshrc"), "-i"], BASH, folder)
    yield shell
    shell.close()


LINES = {
    "a command": ("in", "inspect"),
    "a file": ("b", "b.whl"),
    "a name with a space": ("a", r"a\ file.so"),
    "a file of the home folder": ("inspect ~/.zsh", "inspect ~/.zshrc"),
    "a file of a command": ("inspect b", "inspect b.whl"),
    "a file behind a command of the same name": ("inspect plan b", "inspect plan b.whl"),
    "an option": ("--stat", "--static"),
    "an option of a command": ("inspect --reso", "inspect --resources"),
    "an option behind an operand": ("inspect b.whl --reso", "inspect b.whl --resources"),
    "an option of another command": ("inspect --cov", "inspect --cov"),
    "an option where a word is awaited": ("rules show --iso", "rules show --isolated"),
    "an action": ("rules sc", "rules schema"),
    "a command that is no action": ("rules dem", "rules dem"),
    "a choice": ("demo --format sa", "demo --format sarif"),
    "a choice behind an equals sign": ("demo --format=sa", "demo --format=sarif"),
    "a choice of an action": ("rules new x --severity w", "rules new x --severity warning"),
    "a file of an option": ("demo --output b", "demo --output b.whl"),
    "a file behind an equals sign": ("demo --output=b", "demo --output=b.whl"),
    "a value that cannot be told": ("--gpu b", "--gpu b"),
    "no file where none is taken": ("demo b", "demo b"),
    "no file of an action without any": ("rules list b", "rules list b"),
    "a target behind serve": ("serve b", "serve b.whl"),
    "an option of the diagnosis behind serve": ("serve demo --igno", "serve demo --ignore"),
}
"""What stands behind `build-doctor`, and what it becomes."""


@pytest.mark.parametrize("shell", ["bash", "zsh"])
@pytest.mark.parametrize(("typed", "expected"), [pytest.param(*case, id=name) for name, case in LINES.items()])
def test_a_typed_line_is_completed(shell: str, typed: str, expected: str, request: pytest.FixtureRequest) -> None:
    """Zsh adds the equals sign of an option that takes a value."""
    became = request.getfixturevalue(shell).completed(f"build-doctor {typed}")

    assert became.removesuffix("=") == f"build-doctor {expected}"


OFFERS = {
    "commands and files": ("", {"demo", "plan", "rules", "b.whl"}, {"list"}),
    "actions": ("rules ", {"list", "schema"}, {"demo", "b.whl"}),
    "forms": ("demo --format ", {"text", "json", "sarif", "junit", "github"}, {"b.whl"}),
    "what an action takes": ("rules new --", {"--severity", "--force"}, {"--select", "--gpu"}),
    "files behind an option": ("--gpu 12.0 ", {"b.whl"}, {"demo", "plan"}),
    "an option a second time": ("demo --output a --", {"--output", "--select"}, {"--cover"}),
    "folders for a folder": ("--source ", {"tree"}, {"b.whl"}),
}
"""What stands behind `build-doctor`, what is offered, and what is not."""


@pytest.mark.parametrize(
    ("typed", "wanted", "unwanted"), [pytest.param(*case, id=name) for name, case in OFFERS.items()]
)
def test_zsh_offers_what_may_stand_there(typed: str, wanted: set[str], unwanted: set[str], zsh: Shell) -> None:
    zsh.completed(f"build-doctor {typed}")

    offered = zsh.offered()
    assert wanted <= offered
    assert not unwanted & offered


@pytest.mark.parametrize(
    ("typed", "wanted", "unwanted"), [pytest.param(*case, id=name) for name, case in OFFERS.items()]
)
def test_fish_offers_what_may_stand_there(typed: str, wanted: set[str], unwanted: set[str], tmp_path: Path) -> None:
    offered = _fish(f"build-doctor {typed}", tmp_path)

    assert wanted <= offered
    # For a folder fish offers files as well.
    assert not (unwanted - {"b.whl"} if typed.startswith("--source") else unwanted) & offered


@pytest.mark.parametrize(("typed", "expected"), [pytest.param(*case, id=name) for name, case in LINES.items()])
def test_fish_knows_each_line(typed: str, expected: str, tmp_path: Path) -> None:
    """`complete -C` gives the last word; a file with a space is given as it is called."""
    offered = _fish(f"build-doctor {typed}", tmp_path)

    assert offered == (set() if typed == expected else {shlex.split(expected)[-1]})


def _fish(line: str, folder: Path) -> set[str]:
    _needs("fish")
    for name in ("a file.so", "b.whl", ".zshrc"):
        (folder / name).touch()
    (folder / "tree").mkdir()
    script = f"source {shlex.quote(str(FOLDER / 'build-doctor.fish'))}; complete -C {shlex.quote(line)}"
    ended = subprocess.run(
        ["fish", "--no-config", "-c", script], cwd=folder, capture_output=True, text=True, check=True,
        env={"PATH": os.environ["PATH"], "HOME": str(folder), "LANG": "C.UTF-8"},
    )  # fmt: skip
    assert ended.stderr == ""
    return {one.partition("\t")[0].removesuffix("/") for one in ended.stdout.splitlines()}


def test_zsh_can_source_the_file_too(tmp_path: Path) -> None:
    _needs("zsh")
    script = f"autoload -Uz compinit; compinit -u -D; source {FOLDER}/_build-doctor; print $_comps[build-doctor]"

    ended = subprocess.run(
        ["zsh", "-f", "-c", script], capture_output=True, text=True, check=False,
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path)},
    )  # fmt: skip

    assert (ended.stdout, ended.stderr) == ("_build_doctor\n", "")
