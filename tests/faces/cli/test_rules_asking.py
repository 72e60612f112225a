"""`build-doctor rules new` on a terminal: it asks, asks again where an answer is wrong, and writes where it is told."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[3]
PATIENCE = 30


def talk(folder: Path, answers: list[str]) -> tuple[int, str, str]:
    """A run whose standard input and error are a terminal: the code, what was printed, and what was said."""
    ours, theirs = pty.openpty()
    started = subprocess.Popen(
        [sys.executable, "-m", "buildDoctor", "rules", "new"],
        cwd=folder, stdin=theirs, stdout=subprocess.PIPE, stderr=theirs,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), "HOME": "/", "LANG": "C.UTF-8"},
    )  # fmt: skip
    os.close(theirs)
    said = b""
    for answer in answers:
        said += until_asked(ours)
        os.write(ours, answer.encode())
    output, _ = started.communicate(timeout=PATIENCE)
    said += rest(ours)
    os.close(ours)
    return started.returncode, output.decode(), said.decode()


def until_asked(terminal: int) -> bytes:
    """What is said until the next question, which ends in a colon and a space."""
    said = b""
    end = time.monotonic() + PATIENCE
    while not said.endswith(b": ") and time.monotonic() < end:
        said += os.read(terminal, 4096)
    return said


def rest(terminal: int) -> bytes:
    said = b""
    try:
        while more := os.read(terminal, 4096):
            said += more
    except OSError:
        # The other end is closed, and everything was read.
        pass
    return said


def test_the_answers_become_a_rule(tmp_path: Path) -> None:
    answers = [
        "Old Torch\n",
        "old-torch\n",
        "torhc\n",
        "torch\n",
        "torch.versoin == ''\n",
        "torch.version == '1.0'\n",
        "\n",
        "\n",
        "mine\n",
    ]

    code, output, said = talk(tmp_path, answers)

    text = (tmp_path / "mine" / "old-torch.toml").read_text(encoding="utf-8")
    assert (code, output) == (0, "")
    assert "torch.version == '1.0'" in text
    assert 'severity = "warning"' in text
    assert "'Old Torch' is not in kebab-case" in said
    assert "did you mean 'torch'?" in said
    assert "column 1: 'torch.versoin' is not a field of the torch; did you mean 'version'?" in said
    assert "old-torch.toml is written and has no mistakes" in said


def test_whoever_leaves_has_written_nothing(tmp_path: Path) -> None:
    code, output, said = talk(tmp_path, ["old-torch\n", "\x04"])

    assert (code, output) == (2, "")
    assert "the questions were not answered; nothing was written" in said
    assert list(tmp_path.iterdir()) == []
