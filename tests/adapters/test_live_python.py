"""A process of the examined Python that answers, crashes, hangs or talks nonsense."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest

from buildDoctor.adapters.live_python import ask_python
from buildDoctor.core.evidence import Live, LiveDevice

TORCH = """
import os, sys
__version__ = "2.8.0+cu129"
class Props:
    name, major, minor, uuid = "NVIDIA GB10", 12, 1, "11112222"
class cuda:
    get_arch_list = staticmethod(lambda: ["sm_90", "sm_120"])
    device_count = staticmethod(lambda: 1)
    get_device_properties = staticmethod(lambda at: Props)
known = ["aten::add"]
class _C:
    _dispatch_get_all_op_names = staticmethod(lambda: list(known))
def load(path):
    if path.endswith("broken.so"):
        raise OSError("undefined symbol: x")
    if path.endswith("crash.so"):
        os.abort()
    known.append("_C::scaled_fp4_quant")
class ops:
    load_library = staticmethod(load)
print("a banner")
"""  # a torch of twenty lines, whose functions are called by their names


@pytest.fixture
def site(tmp_path: Path) -> Path:
    folder = tmp_path / "site"
    (folder / "torch").mkdir(parents=True)
    (folder / "torch/__init__.py").write_text(TORCH, encoding="utf-8")
    (folder / "pack").mkdir()
    (folder / "pack/__init__.py").write_text("raise SystemExit('imported')", encoding="utf-8")
    (folder / "pack/_C.abi3.so").touch()
    return folder


def asked(site: Path, *libraries: tuple[Path, str], python: str = sys.executable, seconds: float = 30) -> Live:
    variables = {"PYTHONPATH": str(site), "PATH": os.environ["PATH"]}
    return ask_python(Path(python), libraries, variables, seconds=seconds)


def test_a_process_says_what_only_it_knows(site: Path) -> None:
    """What torch prints is passed over, and a package is not imported to find its file."""
    live = asked(site, (site / "pack/_C.abi3.so", "pack._C"))
    assert (live.ended, live.doing, live.torch, live.error) == ("answered", "", "2.8.0+cu129", "")
    assert live.torch_path == str(site / "torch/__init__.py")
    assert live.architectures == ("sm_90", "sm_120")
    assert live.devices == (LiveDevice(name="NVIDIA GB10", capability="12.1", uuid="GPU-11112222"),)
    assert live.libraries is not None
    only = live.libraries[0]
    assert (only.found, only.operators, only.error) == (str(site / "pack/_C.abi3.so"), ("_C::scaled_fp4_quant",), "")


def test_what_does_not_load_is_told(site: Path) -> None:
    live = asked(site, (site / "broken.so", "pack.none"), (site / "pack/_C.abi3.so", "pack._C"))
    assert live.libraries is not None
    assert [(one.found, one.error) for one in live.libraries] == [
        ("", "OSError: undefined symbol: x"),
        (str(site / "pack/_C.abi3.so"), ""),
    ]


def test_a_crash_keeps_what_was_said_before(site: Path) -> None:
    live = asked(site, (site / "pack/_C.abi3.so", "pack._C"), (site / "crash.so", "crash"), (site / "x.so", "x"))
    assert (live.ended, live.doing) == ("signal SIGABRT", f"loading {site}/crash.so")
    assert live.torch == "2.8.0+cu129"
    assert [one.module for one in live.libraries or ()] == ["pack._C"]


def test_a_hang_is_ended(site: Path) -> None:
    (site / "torch/__init__.py").write_text("import time\ntime.sleep(100)\n", encoding="utf-8")
    start = time.monotonic()
    live = asked(site, seconds=1)
    assert (live.ended, live.doing, live.torch) == ("timed out", "importing torch", None)
    assert time.monotonic() - start < 50


def test_a_python_without_torch_says_so(tmp_path: Path) -> None:
    live = asked(tmp_path)
    if live.torch:
        pytest.skip("this Python has a torch")
    assert live.ended == "answered"
    assert "ModuleNotFoundError" in (live.error or "")


@pytest.mark.parametrize(
    ("script", "ended"),
    [
        ("echo nonsense", "no answer"),
        ("exit 3", "exit code 3"),
        ("kill -SEGV $$", "signal SIGSEGV"),
        ('echo \'build-doctor-answer:{"kind": 7}\'; echo \'build-doctor-answer:[\'; echo "build-doctor-answer:{\\"kind\\": \\"torch\\", \\"version\\": []}"', "no answer"),
        ("head -c 20000000 /dev/zero", "no answer"),
    ],
    ids=["nonsense", "an exit code", "a signal", "wrong answers", "a flood"],
)  # fmt: skip
def test_what_is_no_python_never_raises(tmp_path: Path, script: str, ended: str) -> None:
    program = tmp_path / "python"
    program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    program.chmod(0o755)
    assert asked(tmp_path, python=str(program)).ended == ended


def test_a_program_that_cannot_be_started_is_told(tmp_path: Path) -> None:
    assert asked(tmp_path, python=str(tmp_path / "none")).ended == "did not start"
