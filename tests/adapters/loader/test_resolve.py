"""What an environment's files would be loaded with: trees of real small shared objects, each beneath a root of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from buildDoctor.adapters.loader.resolve import Environment, Loading, Resolution
from buildDoctor.adapters.loader.torch_first import _first_of
from buildDoctor.core.evidence import ResolvedLibrary

PACKAGES = "venv/lib/python3.12/site-packages"
EXTENSION = f"{PACKAGES}/vllm/_C.abi3.so"


def load(root: Path, *, variable: str = "", torch: bool = True, file: str = EXTENSION) -> tuple[Loading, Resolution]:
    packages = root / PACKAGES
    environment = Environment(
        packages=packages, torch=packages / "torch" if torch else None, variable=variable, root=str(root)
    )
    loading = Loading(environment, root / file)
    return loading, loading.resolve(root / file)


def library(resolution: Resolution, name: str) -> ResolvedLibrary:
    return next(one for one in resolution.resolved or () if one.name == name)


def test_an_extension_gets_the_runtime_that_torch_has_loaded(trees: Any, tmp_path: Path) -> None:
    """It says no folder itself: what torch has loaded serves it by name."""
    trees.put(tmp_path, {**trees.TORCH, EXTENSION: "extension-12.so"})

    loading, resolution = load(tmp_path)

    found = library(resolution, "libcudart.so.12")
    assert (found.path, found.by, found.direct) == (
        f"/{PACKAGES}/nvidia/cuda_runtime/lib/libcudart.so.12",
        "loaded",
        True,
    )
    assert resolution.mixed == ()
    assert loading.loader is not None
    assert [Path(path).name for path in loading.loader.loaded or ()] == [
        "python3", "libtorch_global_deps.so", "libcudart.so.12", "_C.cpython-312-x86_64-linux-gnu.so", "libtorch_python.so",
    ]  # fmt: skip


def test_a_second_cuda_runtime_in_the_process_is_seen(trees: Any, tmp_path: Path) -> None:
    other = f"{PACKAGES}/nvidia/cu13/lib/libcudart.so.13"
    trees.put(tmp_path, {**trees.TORCH, EXTENSION: "extension-13.so", other: "libcudart-13.so"})

    _, resolution = load(tmp_path)

    assert library(resolution, "libcudart.so.13").by == "runpath"
    (mixed,) = resolution.mixed or ()
    assert (mixed.kind, mixed.versions) == ("libcudart", ("12", "13"))
    assert mixed.paths == (f"/{PACKAGES}/nvidia/cuda_runtime/lib/libcudart.so.12", f"/{other}")


def test_a_wheels_own_copy_of_the_same_version_is_told_apart(trees: Any, tmp_path: Path) -> None:
    """Repaired wheels give their copies names of their own, and the loader then loads them beside the others."""
    wheels = f"{PACKAGES}/torchvision.libs/libcudart.faf08d9a.so.12"
    trees.put(tmp_path, {**trees.TORCH, wheels: "libcudart-12.so"})

    _, resolution = load(tmp_path, file=wheels)
    process = tmp_path / "venv/lib/libcudart.faf08d9a.so.12"
    trees.put(
        tmp_path,
        {
            f"{PACKAGES}/torchvision/image.so": "extension-copy.so",
            str(process.relative_to(tmp_path)): "libcudart-12.so",
        },
    )
    _, image = load(tmp_path, file=f"{PACKAGES}/torchvision/image.so")

    assert resolution.mixed == (), "the copy itself is opened by whoever knows why"
    (mixed,) = image.mixed or ()
    assert (mixed.kind, mixed.versions) == ("libcudart", ("12",))


def test_a_missing_library_is_said_with_where_it_lies_otherwise(trees: Any, tmp_path: Path) -> None:
    trees.put(tmp_path, {**trees.TORCH, EXTENSION: "extension-13.so", f"{PACKAGES}/other/lib/libcudart.so.13": "libcudart-13.so"})  # fmt: skip

    _, resolution = load(tmp_path)

    missing = library(resolution, "libcudart.so.13")
    assert (missing.path, missing.by) == ("", "")
    assert missing.elsewhere == (f"/{PACKAGES}/other/lib/libcudart.so.13",)


def test_the_older_cpp_library_of_conda_comes_first(trees: Any, tmp_path: Path) -> None:
    """The RPATH of conda's Python counts for every extension, before LD_LIBRARY_PATH."""
    conda, newer = "venv/lib/libstdc++.so.6", "newer/libstdc++.so.6"
    trees.put(tmp_path, {"venv/bin/python3": "python", EXTENSION: "wants-new-libstdcxx.so", conda: "libstdcxx-old.so", newer: "libstdcxx-new.so"})  # fmt: skip

    _, resolution = load(tmp_path, torch=False, variable="/newer")

    found = library(resolution, "libstdc++.so.6")
    assert (found.path, found.by) == (f"/{conda}", "rpath")
    assert found.lacks == ("GLIBCXX_3.4.32",)
    assert found.shadowed == (f"/{newer}",)


def test_a_library_with_what_is_needed_lacks_nothing(trees: Any, tmp_path: Path) -> None:
    trees.put(tmp_path, {"venv/bin/python3": "python", EXTENSION: "wants-new-libstdcxx.so", "venv/lib/libstdc++.so.6": "libstdcxx-new.so"})  # fmt: skip

    _, resolution = load(tmp_path, torch=False)

    assert library(resolution, "libstdc++.so.6").lacks == ()


def test_the_variable_brings_an_older_jit_linker(trees: Any, tmp_path: Path) -> None:
    """Both are called libnvJitLink.so.12; only a symbol tells 12.1 from 12.4."""
    pip = f"{PACKAGES}/nvidia/cusparse/lib"
    trees.put(tmp_path, {
        "venv/bin/python3": "python", EXTENSION: "extension-sparse.so",
        "cuda-12.1/lib64/libnvJitLink.so.12": "libnvJitLink-12.1.so",
        "venv/lib/libcusparse.so.12": "libcusparse.so", f"{pip}/libnvJitLink.so.12": "libnvJitLink-12.4.so",
    })  # fmt: skip

    _, resolution = load(tmp_path, torch=False, variable="/cuda-12.1/lib64")

    found = library(resolution, "libnvJitLink.so.12")
    assert found.path == "/cuda-12.1/lib64/libnvJitLink.so.12"
    assert (found.direct, found.needed_by) == (False, "/venv/lib/libcusparse.so.12")
    assert found.lacks == ("__nvJitLinkComplete_12_4",)


def test_torch_opens_pips_libraries_when_its_own_search_fails(trees: Any, tmp_path: Path) -> None:
    bare = {f"{PACKAGES}/torch/lib/libtorch_global_deps.so": "libtorch_bare_deps.so"}
    trees.put(tmp_path, {**trees.TORCH, **bare, EXTENSION: "extension-12.so"})

    loading, resolution = load(tmp_path)

    assert loading.loader is not None
    assert loading.loader.torch_problem == ""
    assert [Path(path).name for path in loading.loader.loaded or ()][1:3] == [
        "libcudart.so.12",
        "libtorch_global_deps.so",
    ]
    assert library(resolution, "libcudart.so.12").by == "loaded"


def test_a_torch_that_does_not_load_is_the_reason(trees: Any, tmp_path: Path) -> None:
    files = {place: name for place, name in trees.TORCH.items() if "libcudart" not in place}
    trees.put(tmp_path, {**files, EXTENSION: "extension-12.so"})

    loading, resolution = load(tmp_path)

    assert loading.loader is not None
    assert "libcudart.so.12, which is not found" in (loading.loader.torch_problem or "")
    assert resolution.resolved is None
    assert resolution.reason.startswith("torch itself does not load")


def test_a_torch_without_the_file_that_it_opens_first_does_not_load(trees: Any, tmp_path: Path) -> None:
    """It looks for pip's libraries only when the error names one, and raises what is said of its own file (torch 2.8)."""
    files = {place: name for place, name in trees.TORCH.items() if "global_deps" not in place}
    trees.put(tmp_path, {**files, EXTENSION: "extension-12.so"})

    loading, _ = load(tmp_path)

    assert loading.loader is not None
    assert loading.loader.torch_problem == f"/{PACKAGES}/torch/lib/libtorch_global_deps.so is not there"


@pytest.mark.parametrize(
    ("missing", "said"),
    [
        (["libcudart.so.12"], "libcudart.so.12, which is"),
        (["libcudart.so.12", "libcublas.so.12"], "libcudart.so.12 and 1 more library, which are"),
        (["libcudart.so.12", *map(str, range(10))], "libcudart.so.12 and 10 more libraries, which are"),
    ],
)
def test_of_many_libraries_that_torch_lacks_the_first_is_named(missing: list[str], said: str) -> None:
    assert _first_of(missing) == said


def test_an_extension_of_torch_without_a_torch_is_not_judged(trees: Any, tmp_path: Path) -> None:
    trees.put(tmp_path, {"venv/bin/python3": "python", EXTENSION: "extension-12.so"})

    _, resolution = load(tmp_path, torch=False)

    assert resolution.resolved is None
    assert "no torch is examined" in resolution.reason


@pytest.mark.parametrize(
    ("python", "words"), [("python-musl", "the loader of musl"), ("python-nix", "/nix/store/glibc")]
)
def test_a_loader_with_other_rules_is_said(python: str, words: str, trees: Any, tmp_path: Path) -> None:
    trees.put(tmp_path, {"venv/bin/python3": python, EXTENSION: "extension-12.so"})

    loading, resolution = load(tmp_path)

    assert loading.loader is None
    assert words in loading.problem
    assert resolution.reason == loading.problem


def test_a_file_for_another_processor_is_said(trees: Any, tmp_path: Path) -> None:
    trees.put(tmp_path, {"venv/bin/python3": "python", EXTENSION: "extension-12.so"})
    raw = bytearray((tmp_path / EXTENSION).read_bytes())
    raw[18:20] = (183).to_bytes(2, "little")
    (tmp_path / EXTENSION).write_bytes(raw)

    _, resolution = load(tmp_path, torch=False)

    assert "is for another processor than the x86_64" in resolution.reason


def test_a_library_for_another_processor_is_passed_over(trees: Any, tmp_path: Path) -> None:
    """The loader does so without a word, and takes the next one."""
    trees.put(tmp_path, {"venv/bin/python3": "python", EXTENSION: "wants-new-libstdcxx.so", "venv/lib/libstdc++.so.6": "libstdcxx-new.so", "other/libstdc++.so.6": "libstdcxx-new.so"})  # fmt: skip
    raw = bytearray((tmp_path / "venv/lib/libstdc++.so.6").read_bytes())
    raw[18:20] = (183).to_bytes(2, "little")
    (tmp_path / "venv/lib/libstdc++.so.6").write_bytes(raw)

    _, resolution = load(tmp_path, torch=False, variable="/other")

    assert library(resolution, "libstdc++.so.6").path == "/other/libstdc++.so.6"


def test_a_text_under_the_name_of_a_library_ends_the_search(trees: Any, tmp_path: Path) -> None:
    trees.put(tmp_path, {"venv/bin/python3": "python", EXTENSION: "wants-new-libstdcxx.so", "other/libstdc++.so.6": "libstdcxx-new.so"})  # fmt: skip
    (tmp_path / "venv/lib/libstdc++.so.6").write_text("/* GNU ld script */", encoding="utf-8")

    _, resolution = load(tmp_path, torch=False, variable="/other")

    found = library(resolution, "libstdc++.so.6")
    assert found.path == ""
    assert found.problem == "/venv/lib/libstdc++.so.6: it is no ELF file"


def test_no_link_leads_out_of_the_tree(trees: Any, tmp_path: Path) -> None:
    """An absolute link means a path of the tree."""
    root = tmp_path / "root"
    trees.put(root, {"venv/bin/python3": "python", EXTENSION: "wants-new-libstdcxx.so", "real/libstdc++.so.6": "libstdcxx-new.so"})  # fmt: skip
    trees.put(tmp_path, {"outside/libstdc++.so.6": "libstdcxx-new.so"})
    (root / "venv/lib/libstdc++.so.6").symlink_to("/real/libstdc++.so.6")

    _, resolution = load(root, torch=False)
    (root / "venv/lib/libstdc++.so.6").unlink()
    (root / "venv/lib/libstdc++.so.6").symlink_to(tmp_path / "outside" / "libstdc++.so.6")
    _, outside = load(root, torch=False)

    assert library(resolution, "libstdc++.so.6").path == "/venv/lib/libstdc++.so.6"
    assert library(outside, "libstdc++.so.6").path == ""


def test_links_that_go_round_end(trees: Any, tmp_path: Path) -> None:
    trees.put(tmp_path, {"venv/bin/python3": "python", EXTENSION: "wants-new-libstdcxx.so"})
    (tmp_path / "venv/lib/libstdc++.so.6").symlink_to("/venv/lib/libstdc++.so.6")

    _, resolution = load(tmp_path, torch=False)

    assert library(resolution, "libstdc++.so.6").path == ""


@pytest.mark.parametrize("folder", ["usr/local/cuda/compat", "usr/local/cuda/lib64/stubs"])
def test_the_drivers_library_is_found_as_the_runtime_would(folder: str, trees: Any, tmp_path: Path) -> None:
    trees.put(tmp_path, {**trees.TORCH, EXTENSION: "extension-12.so", f"{folder}/libcuda.so.1": "libb.so.1"})

    loading, _ = load(tmp_path, variable=f"/{folder}")

    assert loading.loader is not None
    assert loading.loader.driver is not None
    assert (loading.loader.driver.path, loading.loader.driver.by) == (f"/{folder}/libcuda.so.1", "LD_LIBRARY_PATH")


def test_another_kind_of_processor_has_folders_and_cache_entries_of_its_own(trees: Any, tmp_path: Path) -> None:
    """The files are ours for x86-64 with AArch64 written into their headers: only the search is looked at."""
    library_folder = "lib/aarch64-linux-gnu"
    trees.put(tmp_path, {"venv/bin/python3": "python", EXTENSION: "wants-new-libstdcxx.so", f"{library_folder}/libstdc++.so.6": "libstdcxx-new.so"})  # fmt: skip
    for place in ("venv/bin/python3", EXTENSION, f"{library_folder}/libstdc++.so.6"):
        raw = bytearray((tmp_path / place).read_bytes())
        raw[18:20] = (183).to_bytes(2, "little")
        (tmp_path / place).write_bytes(raw)

    loading, resolution = load(tmp_path, torch=False)

    found = library(resolution, "libstdc++.so.6")
    assert loading.problem == ""
    assert (found.path, found.by) == (f"/{library_folder}/libstdc++.so.6", "default")


def test_a_processor_whose_loader_is_not_known_is_said(trees: Any, tmp_path: Path) -> None:
    trees.put(tmp_path, {"venv/bin/python3": "python", EXTENSION: "extension-12.so"})
    raw = bytearray((tmp_path / "venv/bin/python3").read_bytes())
    raw[18:20] = (243).to_bytes(2, "little")
    (tmp_path / "venv/bin/python3").write_bytes(raw)

    loading, _ = load(tmp_path)

    assert "e_machine 243" in loading.problem
