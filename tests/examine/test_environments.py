"""A whole environment: its packages held against GPUs, from their headers alone."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from buildDoctor.adapters import demo_case
from buildDoctor.core.device.package_code import service
from buildDoctor.core.errors import RequestError
from buildDoctor.core.evidence import ONLY_WHEN_ASKED, Evidence, Package, PackageCode
from buildDoctor.core.report import was_examined
from buildDoctor.examine.options import Options
from buildDoctor.examine.run import examine, examine_demo
from buildDoctor.faces.reports.text import render
from buildDoctor.faces.wording.package_words import package_table

BINARIES = Path(__file__).parents[1] / "adapters" / "binaries"
ROOT = Path(__file__).parents[2]
EXPLODES = "raise SystemExit('a package was imported')\n"


@pytest.fixture
def environment(tmp_path: Path) -> Path:
    """An environment with a torch without CUDA, an extension, and an executable that must not be started."""
    root = tmp_path / "env"
    site = root / "lib/python3.12/site-packages"
    for name in ("torch", "ext", "triton", "vllm"):
        (site / name).mkdir(parents=True)
        (site / name / "__init__.py").write_text(EXPLODES, encoding="utf-8")
    (site / "ext-1.0.dist-info").mkdir()
    (site / "torch/version.py").write_text("__version__ = '2.8.0+cu129'\ncuda = '12.9'\n", encoding="utf-8")
    shutil.copy(BINARIES / "several.so", site / "ext/_C.so")
    shutil.copy(BINARIES / "suffixes.so", site / "ext/_D.so")
    shutil.copy(BINARIES / "no-device-code.so", site / "vllm/x.so")
    (root / "pyvenv.cfg").write_text("home = /usr/bin\n", encoding="utf-8")
    (root / "bin").mkdir()
    python = root / "bin/python"
    python.write_text(f"#!/bin/sh\ntouch {tmp_path}/started\nexec sleep 100\n", encoding="utf-8")
    python.chmod(0o755)
    return root


def test_packages_with_device_code_are_held_against_gpus(environment: Path) -> None:
    report = examine(Options(python=str(environment), gpu="8.0,12.0", static=True, isolated=True))
    packages = {package.name: package for package in report.evidence.packages or ()}
    assert {name for name, package in packages.items() if package.code} == {"ext"}
    assert (packages["ext"].version, packages["ext"].files) == ("1.0", 2)
    assert "The environment's packages" in render(report, color=False, width=80, verbose=False)
    assert package_table(report.evidence)[0] == ("package", "GPU 8.0", "GPU 12.0")


def test_what_is_absent_without_a_reason_is_what_nobody_asked_for(environment: Path) -> None:
    evidence = examine(Options(python=str(environment), gpu="8.0", static=True, isolated=True)).evidence
    said = {missing.path for missing in evidence.not_seen}
    silent = {name for name in Evidence.__struct_fields__ if getattr(evidence, name) is None and name not in said}

    assert silent == set(ONLY_WHEN_ASKED)


def test_build_doctor_itself_is_no_package_with_device_code(environment: Path) -> None:
    """Its demonstration is there for 12.0 alone; nobody shall be told that it has nothing for their GPU."""
    site = environment / "lib/python3.12/site-packages"
    shutil.copytree(demo_case.FOLDER, site / "buildDoctor/demo")
    (site / "build_doctor-0.1.0.dist-info").mkdir()
    (site / "build_doctor-0.1.0.dist-info/RECORD").write_text("buildDoctor/__init__.py,,\n", encoding="utf-8")
    report = examine(Options(python=str(environment), gpu="10.3", static=True, isolated=True))
    packages = {package.name: package for package in report.evidence.packages or ()}
    assert packages["build-doctor"].code == ()
    assert {name for name, package in packages.items() if package.code} == {"ext"}
    assert not [finding for finding in report.findings if "build-doctor" in finding.title]


def test_the_copy_of_cutlass_that_a_package_brings_is_told(environment: Path) -> None:
    """By the header; the package is the one whose metadata names the folder."""
    site = environment / "lib/python3.12/site-packages"
    header = site / "flashinfer/data/cutlass/include/cutlass/version.h"
    header.parent.mkdir(parents=True)
    header.write_text("#define CUTLASS_MAJOR 4\n#define CUTLASS_MINOR 2\n#define CUTLASS_PATCH 1\n", encoding="utf-8")
    (site / "flashinfer_python-0.5.2.dist-info").mkdir()
    (site / "flashinfer_python-0.5.2.dist-info/RECORD").write_text("flashinfer/__init__.py,,\n", encoding="utf-8")

    report = examine(Options(python=str(environment), gpu="12.0", static=True, isolated=True))

    (finding,) = (one for one in report.findings if one.rule == "package-brings-old-cutlass")
    assert finding.title.startswith("flashinfer-python 0.5.2 compiles its FP4 kernels from CUTLASS 4.2.1")


def test_packages_alone_are_something_that_was_examined(environment: Path) -> None:
    shutil.rmtree(environment / "lib/python3.12/site-packages/torch")
    assert was_examined(examine(Options(python=str(environment), gpu="12.0", static=True, isolated=True)).evidence)


def test_each_unit_is_counted_with_what_it_is_to_a_gpu() -> None:
    """A unit that has PTX alone is not counted as native because another one is."""
    kinds = (
        PackageCode(units=200, cubins=("9.0a",), ptx=()),
        PackageCode(units=76, cubins=("8.0",), ptx=("8.0",)),
        PackageCode(units=4, cubins=("12.0f",), ptx=()),
    )
    package = Package(name="vllm", version="0.33.0", code=kinds)
    table = package_table(Evidence(capabilities=("8.6", "9.0", "12.1", "7.5"), packages=(package,)))
    assert table[1] == (
        "vllm 0.33.0",
        "native, 76 of 280 units",
        "native, 200 of 280 units; 76 more through PTX",
        "family, 4 of 280 units; 76 more through PTX",
        "no code",
    )
    assert service(Package(code=()), "9.0") is None


WATCHED = """
import sys
forbidden = ("torch", "vllm", "ext", "triton")
class Watch:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in forbidden:
            print("IMPORTED", name, file=sys.stderr)
sys.meta_path.insert(0, Watch())
def hook(event, arguments):
    if event in ("subprocess.Popen", "os.exec", "os.posix_spawn", "os.fork", "os.forkpty", "os.system", "os.startfile"):
        print("STARTED", event, arguments[0], file=sys.stderr)
    elif event in ("ctypes.dlopen",) and "cuda" in str(arguments[0]):
        print("LOADED", arguments[0], file=sys.stderr)
sys.addaudithook(hook)
from buildDoctor.__main__ import main
sys.exit(main(sys.argv[1:]))
"""


def watched(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The doctor in a fresh interpreter that tells what it imports, starts and loads; there is an nvidia-smi."""
    program = folder / "tools" / "nvidia-smi"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    program.chmod(0o755)
    return subprocess.run(
        [sys.executable, "-c", WATCHED, "--json", "--quiet", "--isolated", *arguments],
        capture_output=True, text=True, timeout=120, cwd=folder, check=False,
        env={"PATH": f"{folder}/tools:/usr/local/bin:/usr/bin:/bin", "PYTHONPATH": str(ROOT), "HOME": str(folder)},
    )  # fmt: skip


def test_nothing_that_is_examined_is_imported(environment: Path, tmp_path: Path) -> None:
    ended = watched(tmp_path, "--python", str(environment / "bin/python"), "--gpu", "12.0")
    assert json.loads(ended.stdout)["evidence"]["packages"], ended.stderr
    assert not [line for line in ended.stderr.splitlines() if line.startswith(("IMPORTED", "LOADED"))]
    assert not (tmp_path / "started").exists()


def test_static_starts_no_program(environment: Path, tmp_path: Path) -> None:
    """Neither nvidia-smi nor nvcc, gcc or the examined Python, and NVML is not loaded."""
    ended = watched(tmp_path, "--python", str(environment / "bin/python"), "--gpu", "12.0", "--static")
    assert json.loads(ended.stdout)["evidence"]["packages"], ended.stderr
    assert ended.stderr == ""


def test_static_replays_no_build_scripts(environment: Path, tmp_path: Path) -> None:
    """A replay is a program too: the plan is then missing, with what to do."""
    tree = ("--source", str(demo_case.FOLDER), "--cuda", "12.9", str(demo_case.BINARY))
    ended = watched(tmp_path, "--python", str(environment / "bin/python"), "--gpu", "12.0", "--static", *tree)
    report = json.loads(ended.stdout)
    assert ended.stderr == ""
    assert report["evidence"].get("plan") is None
    assert "build-doctor plan " in next(gap["reason"] for gap in report["not_seen"] if gap["path"] == "plan")


def test_static_and_a_setup_script_that_runs_contradict_each_other(tmp_path: Path) -> None:
    (tmp_path / "setup.py").write_text("", encoding="utf-8")
    with pytest.raises(RequestError, match="--run-setup"):
        examine(Options(source=str(tmp_path), static=True, replays=False, run_setup=True))


def test_without_static_only_known_programs_are_started(environment: Path, tmp_path: Path) -> None:
    ended = watched(tmp_path, "--python", str(environment / "bin/python"))
    started = {Path(line.split()[2]).name for line in ended.stderr.splitlines() if line.startswith("STARTED")}
    assert "nvidia-smi" in started
    assert started <= {"nvidia-smi", "nvcc", "g++", "gcc", "cc", "c++", "cmake"}


def test_the_examined_python_is_asked_only_on_request(environment: Path, tmp_path: Path) -> None:
    """The interpreter of this environment crashes at once, which is a finding."""
    python = environment / "bin/python"
    python.write_text(f"#!/bin/sh\ntouch {tmp_path}/started\nkill -SEGV $$\n", encoding="utf-8")
    still = examine(Options(python=str(python), gpu="12.0", isolated=True))
    assert not (tmp_path / "started").exists()
    asked = examine(Options(python=str(python), gpu="12.0", isolated=True, ask_python=True))
    assert (tmp_path / "started").exists()
    assert still.evidence.live is None
    assert asked.evidence.live is not None
    assert asked.evidence.live.ended == "signal SIGSEGV"
    assert "live-python-ends-early" in {finding.rule for finding in asked.findings}


def test_static_and_asking_contradict_each_other(environment: Path) -> None:
    with pytest.raises(RequestError, match="--static"):
        examine(Options(python=str(environment), static=True, ask_python=True))


def test_a_folder_without_packages_is_not_said_to_be_unnamed(tmp_path: Path) -> None:
    report = examine(Options(python=str(tmp_path), gpu="12.0", isolated=True, static=True))
    reasons = {missing.path: missing.reason for missing in report.evidence.not_seen}
    assert reasons["python"] == f"{tmp_path} has no folder of packages"


def test_the_demo_says_of_everything_why_it_was_not_seen() -> None:
    assert [one.rule for one in examine_demo(Options()).undecided if " was not seen" in one.why] == []


def test_a_tree_that_was_named_is_not_said_to_be_unnamed(tmp_path: Path) -> None:
    """What is missing is the request, for nothing says what it is built for."""
    (tmp_path / "CMakeLists.txt").write_text("project(a)\n", encoding="utf-8")
    verdict = examine(Options(targets=(str(tmp_path),), isolated=True, static=True)).verdict
    assert "it is not known what the build of" in verdict
    assert "name a shared object" not in verdict
