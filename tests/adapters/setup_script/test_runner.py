"""`--run-setup`: the script runs, and can do nothing but read its tree and be recorded."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from buildDoctor.adapters.commands import Failed
from buildDoctor.adapters.setup_script.plan import record_setup_plan
from buildDoctor.adapters.setup_script.runner import run_setup

Call = Callable[..., Any]
END = "\next_modules = [CUDAExtension('e', ['a.cu'])]\n"
SAYS = "\next_modules = [CUDAExtension(str(%s), ['a.cu'])]\n"


def said(record: Call, tree: Path, **more: Any) -> str:
    """What a script puts into the name of its extension."""
    (extension,) = record(tree, **more).way.extensions
    name: str = extension.name
    return name


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """A folder beside the tree with a file in it."""
    folder = tmp_path / "outside"
    folder.mkdir()
    (folder / "file.txt").write_text("before", encoding="utf-8")
    return folder


ATTEMPTS = {
    "write": "open('{out}/new', 'w').write('x')",
    "overwrite": "open('{out}/file.txt', 'w').write('x')",
    "append by descriptor": "os.write(os.open('{out}/file.txt', os.O_WRONLY | os.O_APPEND), b'x')",
    "truncate": "os.truncate('{out}/file.txt', 0)",
    "remove": "os.unlink('{out}/file.txt')",
    "rename": "os.rename('{out}/file.txt', '{out}/other.txt')",
    "link": "os.link('{out}/file.txt', '{out}/other.txt')",
    "symlink": "os.symlink('/', '{out}/other')",
    "folder": "os.mkdir('{out}/folder')",
    "pipe": "os.mkfifo('{out}/pipe')",
    "read": "open('{out}/file.txt').read()",
    "list": "os.listdir('{out}')",
    "a program": "os.execv('/bin/sh', ['sh', '-c', 'echo x > {out}/new'])",
    "a shell": "1 // (os.system('echo x > {out}/new') == 0)",
    "a process": "os.fork()",
    "a thread's process": "__import__('_posixsubprocess')",
    "kill": "os.kill(os.getppid(), 0)",
    "trace": "1 // (1 + __import__('ctypes').CDLL(None).ptrace(16, os.getppid(), 0, 0))",
    "unmount": "1 // (1 + __import__('ctypes').CDLL(None).umount(os.getcwd().encode()))",
}  # fmt: skip
HARMLESS = {"a thread's process"}
"""Importing it starts nothing."""


@pytest.mark.parametrize(("name", "attempt"), ATTEMPTS.items(), ids=ATTEMPTS)
def test_a_script_cannot_reach_outside(name: str, attempt: str, make_tree: Call, record: Call, outside: Path) -> None:
    attempt = attempt.replace("{out}", str(outside))
    body = (
        f"try:\n    {attempt}\n    done = 'done'\nexcept (OSError, ZeroDivisionError) as error:\n    done = 'refused'\n"
    )

    answer = said(record, make_tree(body + SAYS % "done"))

    assert answer == ("done" if name in HARMLESS else "refused")
    assert [(path.name, path.read_text(encoding="utf-8")) for path in outside.iterdir()] == [("file.txt", "before")]


def test_mode_and_owner_stay_as_they_are(make_tree: Call, record: Call, outside: Path) -> None:
    """The script is told that all went well, for tools that copy files insist on it."""
    file = outside / "file.txt"
    before = file.stat()
    body = f"os.chmod('{file}', 0o777)\nos.utime('{file}', (1, 1))\n"

    record(make_tree(body + END))

    after = file.stat()
    assert (after.st_mode, after.st_mtime_ns, after.st_uid) == (before.st_mode, before.st_mtime_ns, before.st_uid)


def test_the_tree_itself_does_not_change(make_tree: Call, record: Call) -> None:
    """What the script writes into its tree ends with it: its own copy is in memory."""
    body = (
        "import shutil\ntry:\n    open('new.txt', 'w').write('x')\n    os.unlink('old.txt')\n    shutil.copytree('folder', 'copied')\n"
        "    done = sorted(os.listdir('.'))\nexcept OSError:\n    done = 'refused'\n"
    )
    tree = make_tree(body + SAYS % "done", old_dot_txt="old", folder__in_dot_txt="in")

    answer = said(record, tree)

    assert answer in {"refused", "['copied', 'folder', 'new.txt', 'setup.py']"}
    assert sorted(path.name for path in tree.iterdir()) == ["folder", "old.txt", "setup.py"]


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """Someone who listens on the loopback address."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.5)
        yield server


def test_a_script_cannot_reach_the_network(make_tree: Call, record: Call, listener: socket.socket) -> None:
    port = listener.getsockname()[1]
    body = (
        "import socket, urllib.request\nanswers = []\n"
        f"for go in (lambda: socket.create_connection(('127.0.0.1', {port}), 2), lambda: socket.socket(socket.AF_UNIX),\n"
        f"           lambda: urllib.request.urlopen('http://127.0.0.1:{port}/', timeout=2)):\n"
        "    try:\n        go()\n        answers.append('reached')\n    except OSError:\n        answers.append('refused')\n"
    )

    answer = said(record, make_tree(body + SAYS % "answers"))

    assert answer == "['refused', 'refused', 'refused']"
    with pytest.raises(TimeoutError):
        listener.accept()


@pytest.mark.parametrize(
    "body", ["while True:\n    pass\n", "import time\ntime.sleep(60)\n", "import signal\nsignal.signal(15, signal.SIG_IGN)\nwhile True:\n    pass\n"],
    ids=["it counts", "it sleeps", "it ignores signals"],
)  # fmt: skip
def test_a_script_is_stopped_in_time(body: str, make_tree: Call, record: Call) -> None:
    record(make_tree(END))
    begun = time.monotonic()

    done = run_setup(make_tree(body + END), _question(), seconds=2)

    assert isinstance(done, Failed)
    assert "stopped" in done.reason or "ended with code" in done.reason
    assert time.monotonic() - begun < 10


def _question() -> Any:
    from buildDoctor.adapters.setup_script.question import SetupQuestion  # noqa: PLC0415  one test needs it

    return SetupQuestion(cuda="12.8", torch="2.8.0")


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("x = bytearray(8 * 1024 ** 3)\n", "MemoryError"),
        ("sys.stdout.write('x' * 10 ** 7)\nprint('y' * 10 ** 7)\n", "OSError"),
        ("raise SystemExit(3)\n", "it exits with 3"),
        ("torch.ops.aten.something()\n", "it asks for torch.ops"),
        ("try:\n    torch.ops\nexcept:\n    pass\n", "it asks for torch.ops"),
        ("import numpy_that_is_not_here\n", "ModuleNotFoundError"),
        ("raise KeyError('x')\n", "setup.py:7: KeyError: 'x'"),
    ],
    ids=["memory", "output", "an exit", "no stand-in", "no stand-in, swallowed", "a module that is not there", "an exception"],
)  # fmt: skip
def test_an_end_is_said_in_words(body: str, words: str, make_tree: Call, record: Call) -> None:
    assert words in record(make_tree(body + END)).way.stop


def test_the_users_environment_is_not_there(make_tree: Call, record: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MY_SECRET", "x")
    monkeypatch.setenv("FLASH_ATTN_CUDA_ARCHS", "80")

    names = said(record, make_tree(SAYS % "sorted(os.environ)"), variables=(("STATED", "1"),))

    assert names == "['HOME', 'PATH', 'STATED', 'TMPDIR', 'TORCH_CUDA_ARCH_LIST']"


def test_the_report_says_that_it_was_run_and_what_kept_it_in(make_tree: Call, record: Call) -> None:
    tree = make_tree(END)
    held = record(tree).held

    reading = record_setup_plan(tree, _question(), ("9.0",))

    assert {"Landlock", "seccomp"} <= set(held)
    assert reading.origins[0].source.startswith("setup.py, run as --run-setup asks")
    assert all(word in reading.origins[0].source for word in held)


def test_where_the_script_cannot_be_confined_it_is_not_run(make_tree: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    """A processor without a table of system calls has no seccomp here."""
    from buildDoctor.adapters.setup_script import runner  # noqa: PLC0415  one test changes it

    no_table = "import buildDoctor.adapters.setup_script.child.confine as c\nc._CALLS.clear()\nmain(sys"
    monkeypatch.setattr(runner, "START", runner.START.replace("main(sys", no_table))
    tree = make_tree("raise KeyError('it was run')\n" + END)

    done = run_setup(tree, _question())

    assert isinstance(done, Failed)
    assert "setup.py was not run: this system cannot confine it" in done.reason
