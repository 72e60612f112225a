"""The trees, environments and binaries that recorded examples are made from, put together in a folder of their own."""

from __future__ import annotations

import os
import shutil
import tarfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from buildDoctor.core.evidence import Evidence

TESTS = Path(__file__).parents[1]
DEMO = TESTS.parent / "buildDoctor" / "demo"
_READ = (".cmake", "CMakeLists.txt", ".cu", ".py", ".cpp", ".toml", ".md", "cutlass/version.h", "cutlass/cutlass.h")
"""The ends of the names of files that build scripts ask for."""
_OF_TORCH = (
    "torch/version.py",
    "torch/utils/cpp_extension.py",
    "torch/share/cmake/Caffe2/Modules_CUDA_fix/upstream/FindCUDA/select_compute_arch.cmake",
)


@dataclass
class Places:
    """What is put together, and what it is called in a recording."""

    folder: Path
    """Where it lies while it is examined."""
    corpus: Any = None
    """Real wheels and source distributions; without it only what is of our own can be recorded."""
    names: dict[str, str] = field(default_factory=dict)
    """The names that stand for the folders of this machine."""
    seen: dict[Any, Evidence] = field(default_factory=dict)
    """What was examined already, by the recording."""

    def named(self, place: Path, name: str) -> Path:
        """A place whose path does not stand in a recording."""
        self.names[str(place)] = name
        return place


Make = Callable[[Places], Path]


def sdist(project: str, version: str) -> Make:
    """The unpacked source distribution of a project."""

    def make(places: Places) -> Path:
        name = f"{project}-{version}"
        if not (places.folder / name).is_dir():
            with tarfile.open(places.corpus.sdist(project, version)) as archive:
                archive.extractall(
                    places.folder, (m for m in archive if m.isfile() and m.name.endswith(_READ)), filter="data"
                )
        return places.named(places.folder / name, name)

    return make


def wheel(project: str, version: str) -> Make:
    """A wheel."""

    def make(places: Places) -> Path:
        path: Path = places.corpus.wheel(project, version)
        return places.named(path, path.name)

    return make


def written(name: str, **files: str) -> Make:
    """A small tree of our own, from the texts of its files."""

    def make(places: Places) -> Path:
        tree = places.folder / name
        for path, text in files.items():
            file = tree / path.replace("__", "/").replace("_dot_", ".")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        return places.named(tree, name)

    return make


def demo(places: Places) -> Path:
    """The tree of the bundled case."""
    return places.named(Path(shutil.copytree(DEMO, places.folder / "demo", dirs_exist_ok=True)), "demo")


def configured(name: str, *, added: str = "") -> Make:
    """A small tree with the folder that CMake and nvcc 13.0 have made of it for 9.0.

    Args:
        name: what the tree is called.
        added: a source that its script names since then.
    """

    def make(places: Places) -> Path:
        tree, recorded = places.folder / name, TESTS / "adapters" / "build_folder"
        shutil.copytree(recorded / "plain", tree, dirs_exist_ok=True)
        shutil.copytree(recorded / "recorded" / "plain", tree / "build", dirs_exist_ok=True)
        script = tree / "CMakeLists.txt"
        text = script.read_text(encoding="utf-8").replace("csrc/kernels.cu", f"csrc/kernels.cu {added}")
        script.write_text(text, encoding="utf-8")
        for path in (tree / "build").rglob("*"):
            os.utime(path, (2, 2))
        os.utime(script, (3, 3) if added else (1, 1))
        return places.named(tree, name)

    return make


def named(file: str) -> Make:
    """A small shared object of the tests, built by nvcc 13.0."""
    return lambda places: places.named(TESTS / "adapters" / "binaries" / "named" / file, file)


def torch(version: str) -> Make:
    """An environment with those files of a torch that decide about builds."""

    def make(places: Places) -> Path:
        site = _site(places.folder / f"torch-{version}")
        with zipfile.ZipFile(places.corpus.wheel("torch", version, "cp311-cp311-manylinux_2_28_x86_64")) as archive:
            for name in _OF_TORCH:
                archive.extract(name, site)
        return places.folder / f"torch-{version}"

    return make


def torch_for_rocm(places: Places) -> Path:
    """An environment with a torch that says it is built for ROCm."""
    version = _site(places.folder / "rocm") / "torch" / "version.py"
    version.parent.mkdir(exist_ok=True)
    version.write_text("__version__ = '2.8.0+rocm6.4'\ncuda = None\nhip = '6.4'\n", encoding="utf-8")
    return places.folder / "rocm"


def no_torch(places: Places) -> Path:
    """An environment without packages."""
    _site(places.folder / "empty")
    return places.folder / "empty"


def _site(root: Path) -> Path:
    site = root / "lib" / "python3.11" / "site-packages"
    site.mkdir(parents=True, exist_ok=True)
    return site
