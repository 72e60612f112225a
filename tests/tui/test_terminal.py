"""The program in a real terminal: tmux types the keys and reads the screen."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TMUX = shutil.which("tmux")
pytestmark = pytest.mark.skipif(TMUX is None, reason="tmux is not installed")

Tmux = Callable[..., str]


@pytest.fixture
def tmux(tmp_path: Path) -> Iterator[Tmux]:
    """Runs commands of a tmux of its own, which shows `build-doctor demo` at 80x24."""
    socket = str(tmp_path / "tmux")

    def run(*words: str) -> str:
        done = subprocess.run([str(TMUX), "-S", socket, *words], capture_output=True, text=True, check=False)
        return done.stdout

    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm-256color"}
    environment.pop("TMUX", None)
    command = [str(TMUX), "-S", socket, "-f", "/dev/null", "new-session", "-d", "-x", "80", "-y", "24"]
    program = f"{sys.executable} -m buildDoctor demo; echo ended with $?; sleep 60"
    subprocess.run([*command, program], env=environment, check=True, cwd=tmp_path)
    run("set-option", "-s", "set-clipboard", "on")
    yield run
    run("kill-server")


def _until(look: Callable[[], str], words: str) -> str:
    """What is seen as soon as it holds some words."""
    end = time.monotonic() + 30
    while words not in (seen := look()):
        assert time.monotonic() < end, f"{words!r} is not seen:\n{seen}"
        time.sleep(0.1)
    return seen


def test_proven_fix_is_found_and_copied(tmux: Tmux) -> None:
    """Read the first finding, scroll to the fix, copy its patch into the clipboard of the terminal, leave."""

    def screen() -> str:
        return tmux("capture-pane", "-p")

    seen = _until(screen, "5 errors")
    assert "▸1 Findings" in seen
    assert "Proven fix: Drop 12.0a from CUDA_SUPPORTED_ARCHS." in seen

    tmux("send-keys", "Enter")
    _until(screen, "esc back")
    tmux("send-keys", "PageDown")
    _until(screen, "What to do")
    tmux("send-keys", "p")
    _until(screen, "Copied the patch")
    copied = _until(lambda: tmux("show-buffer"), "+++ b/CMakeLists.txt")
    assert '+  set(CUDA_SUPPORTED_ARCHS "7.0;7.2;7.5;8.0;8.6;8.7;8.9;9.0;12.0")' in copied

    tmux("send-keys", "2")
    _until(screen, "NVFP4 on 12.0 is lost at the layer feature list.")
    tmux("send-keys", "q")
    _until(screen, "ended with 1")
