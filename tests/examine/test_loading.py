"""What the examination says about loading: once for an environment, or for each file."""

from __future__ import annotations

import shutil
from pathlib import Path

from msgspec.structs import replace

from buildDoctor.core.evidence import Binary, Evidence, Host, System, Torch
from buildDoctor.core.reporting.composing import reason_for, source_of
from buildDoctor.examine.gathered import Gathered
from buildDoctor.examine.loading import see_loading
from buildDoctor.examine.options import Options
from buildDoctor.examine.run import judge_again

ARTEFACTS = Path(__file__).parents[1] / "adapters" / "binaries" / "loader"
PACKAGES = "venv/lib/python3.12/site-packages"


def environment(root: Path) -> Path:
    """An environment with a torch; answers its folder of packages."""
    for place, artefact in {
        "venv/bin/python3": "python",
        f"{PACKAGES}/torch/_C.cpython-312-x86_64-linux-gnu.so": "torch-module.so",
        f"{PACKAGES}/torch/lib/libtorch_global_deps.so": "libtorch_global_deps.so",
        f"{PACKAGES}/torch/lib/libtorch_python.so": "libtorch_python.so",
        f"{PACKAGES}/nvidia/cuda_runtime/lib/libcudart.so.12": "libcudart-12.so",
        f"{PACKAGES}/vllm/_C.abi3.so": "extension-12.so",
        f"{PACKAGES}/vllm/_moe_C.abi3.so": "extension-12.so",
    }.items():
        (root / place).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ARTEFACTS / artefact, root / place)
    return root / PACKAGES


def gathered(*paths: Path | str, torch: Path | None = None) -> Gathered:
    binaries = tuple(Binary(path=str(path), package="vllm", host=Host()) for path in paths)
    return Gathered(evidence=Evidence(binaries=binaries, torch=Torch(path=str(torch)) if torch else None))


def test_each_file_is_loaded_by_itself_after_torch(tmp_path: Path) -> None:
    packages = environment(tmp_path)
    looked = gathered(packages / "vllm/_C.abi3.so", packages / "vllm/_moe_C.abi3.so")

    see_loading(looked, variable="")

    first, second = (binary.host or Host() for binary in looked.evidence.binaries or ())
    assert [(one.name, one.by) for one in first.resolved or ()] == [
        ("libtorch_python.so", "loaded"),
        ("libcudart.so.12", "loaded"),
    ]
    assert second.resolved is not None
    assert looked.evidence.loader is not None
    assert looked.evidence.loader.program == f"{tmp_path}/venv/bin/python3"
    assert "nothing was loaded" in source_of("binaries[1].host.resolved[0].path", looked.evidence.origins)


def test_what_all_files_share_is_said_once() -> None:
    """A wheel with a dozen files gives one line, which answers for each of them."""
    looked = gathered("vllm.whl!vllm/_C.abi3.so", "vllm.whl!vllm/_moe_C.abi3.so")

    see_loading(looked, variable="")

    assert [gap.path for gap in looked.evidence.not_seen] == ["loader", "binaries[].host.resolved"]
    assert "a file in a wheel" in (reason_for("binaries[1].host.resolved", looked.evidence.not_seen) or "")


def test_what_is_wrong_with_one_file_stands_at_that_file(tmp_path: Path) -> None:
    packages = environment(tmp_path)
    (packages / "vllm/cut.so").write_bytes(b"\x7fELF")
    looked = gathered(packages / "vllm/_C.abi3.so", packages / "vllm/cut.so")

    see_loading(looked, variable="")

    assert [gap.path for gap in looked.evidence.not_seen] == ["binaries[1].host.resolved"]


def test_a_file_outside_of_an_environment_is_loaded_beside_the_torch_that_is_examined(tmp_path: Path) -> None:
    packages = environment(tmp_path)
    shutil.copy(ARTEFACTS / "extension-12.so", tmp_path / "built.so")
    looked = gathered(tmp_path / "built.so", torch=packages / "torch")

    see_loading(looked, variable="")

    (binary,) = looked.evidence.binaries or ()
    assert binary.host is not None
    assert [one.by for one in binary.host.resolved or ()] == ["loaded", "loaded"]


def test_a_file_is_held_against_this_machine_only_when_an_environment_of_it_is_examined(tmp_path: Path) -> None:
    """A file that was copied here is loaded elsewhere: what this machine lacks says nothing of it."""
    shutil.copy(ARTEFACTS / "libcusparse.so", tmp_path / "alone.so")
    alone = gathered(tmp_path / "alone.so")
    see_loading(alone, variable="")
    beside = Gathered(evidence=replace(gathered(tmp_path / "alone.so").evidence, system=System(machine="x86_64")))
    see_loading(beside, variable="")

    of_alone, of_beside = ((looked.evidence.binaries or ())[0].host or Host() for looked in (alone, beside))
    assert (of_alone.resolved, alone.evidence.loader) == (None, None)
    assert "no environment is examined" in (reason_for("binaries[0].host.resolved", alone.evidence.not_seen) or "")
    assert [one.name for one in of_beside.resolved or ()] == ["libnvJitLink.so.12"]


def test_with_no_shared_object_the_loader_is_not_seen() -> None:
    looked = Gathered()
    see_loading(looked, variable="")
    assert looked.evidence.loader is None
    assert looked.evidence.binaries is None
    assert [gap.path for gap in looked.evidence.not_seen] == ["loader"]


def test_a_torch_that_does_not_load_is_known_from_somewhere_and_explains_what_its_absence_does(tmp_path: Path) -> None:
    """The reason cites where it comes from, and what the other rules say of the same gap stands beneath it."""
    packages = environment(tmp_path)
    (packages / "nvidia/cuda_runtime/lib/libcudart.so.12").unlink()
    looked = gathered(packages / "vllm/_C.abi3.so")

    see_loading(looked, variable="")

    loader = looked.evidence.loader
    assert loader is not None
    assert "which is not found" in (loader.torch_problem or "")
    assert "nothing was loaded" in source_of("loader.torch_problem", looked.evidence.origins)
    assert source_of("binaries[0].host.resolved", looked.evidence.origins) == "not recorded"
    host = {"missing_from_torch": ["_ZN2at6f"], "cuda_libraries": [{"name": "libcudart.so.13", "major": 13}]}
    saved = {
        "loader": {"torch_problem": loader.torch_problem},
        "torch": {"version": "2.8.0", "cuda": "12.9", "architectures": ["sm_120"]},
        "binaries": [{"path": "vllm/_C.abi3.so", "package": "vllm", "host": host}],
    }
    report = judge_again(saved, "machine", Options(isolated=True, select=("loader",)))
    assert {one.rule: one.explained_by for one in report.findings} == {
        "torch-does-not-load": None,
        "torch-lacks-symbols": "torch-does-not-load",
        "cuda-major-not-torchs": "torch-does-not-load",
    }
    assert report.findings[0].why.count("libcudart") == 0
