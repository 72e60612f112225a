"""The environment that is examined, and its packages, from folders and metadata alone."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from buildDoctor.adapters.elf.binary import read_binary
from buildDoctor.adapters.environment import (
    Prefix,
    interpreter_of,
    kind_of,
    packages_of,
    prefix_of,
    read_environment,
    unreadable,
)
from buildDoctor.adapters.site.caches import compiled_caches
from buildDoctor.adapters.site.metadata import built_for, owner_of_folder, read_packages
from buildDoctor.adapters.site.objects import may_hold_device_code, shared_objects_of
from buildDoctor.adapters.toolkits.versions import toolkit_version
from buildDoctor.core.errors import RequestError
from buildDoctor.examine.options import Options
from buildDoctor.examine.run import examine


def venv(root: Path, python: str = "3.12", configuration: str = "home = /usr/bin\n") -> Path:
    """A virtual environment without packages; its site-packages folder."""
    site = root / f"lib/python{python}/site-packages"
    site.mkdir(parents=True)
    (root / "bin").mkdir(exist_ok=True)
    (root / "bin/python").touch()
    (root / "pyvenv.cfg").write_text(configuration, encoding="utf-8")
    return site


@pytest.fixture(autouse=True)
def nothing_is_active(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("VIRTUAL_ENV", raising=False)
    monkeypatch.delenv("CONDA_PREFIX", raising=False)
    monkeypatch.chdir(tmp_path)


def test_the_interpreter_that_is_named_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIRTUAL_ENV", str(tmp_path / "active"))
    site = venv(tmp_path / "named")
    prefix = prefix_of(str(tmp_path / "named/bin/python"))
    assert (prefix.root, prefix.found_by, packages_of(prefix)) == (tmp_path / "named", "--python", (site,))


def test_then_the_active_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    venv(tmp_path / ".venv")
    monkeypatch.setenv("CONDA_PREFIX", str(tmp_path / "conda"))
    assert prefix_of(None).found_by == "CONDA_PREFIX"
    monkeypatch.setenv("VIRTUAL_ENV", str(tmp_path / "active"))
    assert prefix_of(None).root == tmp_path / "active"


CLOSED = [
    pytest.param("a" * 300, "File name too long", id="a name that no system takes"),
    pytest.param(
        "closed/inside",
        "Permission denied",
        id="a folder of somebody else",
        marks=pytest.mark.skipif(os.geteuid() == 0, reason="root reads every folder"),
    ),
]


@pytest.fixture
def closed(tmp_path: Path) -> Iterator[None]:
    """A folder that nobody may look into, opened again for whoever tidies up."""
    (tmp_path / "closed").mkdir(mode=0)
    yield
    (tmp_path / "closed").chmod(0o700)


@pytest.mark.usefixtures("closed")
@pytest.mark.parametrize(("name", "reason"), CLOSED)
def test_an_active_environment_that_cannot_be_read_has_a_reason(
    name: str, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The run goes on; its parts are not seen, which is another thing than empty."""
    monkeypatch.setenv("VIRTUAL_ENV", str(tmp_path / name))
    prefix = prefix_of(None)

    assert packages_of(prefix) == ()
    assert unreadable(prefix) == (
        f"{tmp_path / name} of the environment that VIRTUAL_ENV leads to cannot be read: {reason}"
    )
    seen = examine(Options(isolated=True, static=True)).evidence
    assert (seen.packages, seen.torch, seen.python) == (None, None, None)
    told = {missing.path: missing.reason for missing in seen.not_seen}
    assert {told[path].rpartition(": ")[2] for path in ("packages", "torch", "python", "system", "triton")} == {reason}


def test_packages_that_cannot_be_listed_are_not_an_empty_environment(tmp_path: Path) -> None:
    """Beside it, an environment that can be read has no reason, and one that is not there has none either."""
    site = venv(tmp_path)
    assert unreadable(Prefix(tmp_path, "VIRTUAL_ENV")) == ""
    assert unreadable(Prefix(tmp_path / "none", "VIRTUAL_ENV")) == ""
    if os.geteuid() != 0:
        site.chmod(0)
        assert unreadable(Prefix(tmp_path, "VIRTUAL_ENV")).startswith(f"{site} of the environment")
        site.chmod(0o700)


@pytest.mark.usefixtures("closed")
@pytest.mark.parametrize(("name", "reason"), CLOSED[1:])
def test_a_python_that_cannot_be_read_is_a_wrong_request(name: str, reason: str, tmp_path: Path) -> None:
    with pytest.raises(RequestError, match=f"it cannot be read: {reason}"):
        prefix_of(str(tmp_path / name))


def test_then_the_nearest_venv_above(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    venv(tmp_path / ".venv")
    (tmp_path / "project/src").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "project/src")
    assert (prefix_of(None).root, prefix_of(None).found_by) == (tmp_path / ".venv", ".venv")


def test_a_python_that_is_not_there_is_a_wrong_request(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match="there is no such interpreter"):
        prefix_of(str(tmp_path / "none"))
    with pytest.raises(RequestError, match="there is no such interpreter"):
        prefix_of("/dev/null")


@pytest.mark.parametrize(
    ("files", "kind"),
    [
        ({"pyvenv.cfg": "home = /usr\n"}, "virtualenv"),
        ({"pyvenv.cfg": "home = /usr\nuv = 0.8.4\n"}, "uv"),
        ({"conda-meta/history": ""}, "conda"),
        ({}, "system"),
    ],
    ids=["virtualenv", "uv", "conda", "system"],
)
def test_what_made_an_environment(tmp_path: Path, files: dict[str, str], kind: str) -> None:
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert kind_of(prefix_of(str(tmp_path))) == kind


def test_the_systems_python_keeps_packages_in_two_places(tmp_path: Path) -> None:
    """Those of another version of Python are not its own."""
    places = [
        "usr/lib/python3/dist-packages",
        "usr/local/lib/python3.12/dist-packages",
        "usr/lib/python3.11/dist-packages",
    ]
    for place in (*places, "usr/bin"):
        (tmp_path / place).mkdir(parents=True)
    (tmp_path / "usr/bin/python3.12").touch()
    prefix = prefix_of(str(tmp_path / "usr/bin/python3.12"))
    assert packages_of(prefix) == tuple(tmp_path / place for place in places[:2])
    assert interpreter_of(prefix) == tmp_path / "usr/bin/python3.12"


def test_variables_are_kept_by_name() -> None:
    environment = read_environment(
        {"CUDA_VISIBLE_DEVICES": "", "CUDA_HOME": "/opt/cuda", "OTHER": "x", "CC": "g" * 9000}
    )
    assert (environment.CUDA_VISIBLE_DEVICES, environment.CUDA_HOME, environment.CUDAARCHS) == ("-1", "/opt/cuda", "")
    assert len(environment.CC or "") == 4096
    assert read_environment({}).CUDA_VISIBLE_DEVICES == ""


def test_packages_are_named_by_their_metadata(tmp_path: Path) -> None:
    for name in (
        "torch-2.8.0+cu129.dist-info",
        "flash_attn-2.8.3.dist-info",
        "Old.Thing-1.0-py3.12.egg-info",
        "notes.txt",
    ):
        (tmp_path / name).mkdir()
    other = tmp_path / "other"
    (other / "torch-1.0.dist-info").mkdir(parents=True)
    found = read_packages([tmp_path, other, tmp_path / "none"])
    assert [(one.name, one.version) for one in found] == [
        ("flash-attn", "2.8.3"),
        ("old-thing", "1.0"),
        ("torch", "2.8.0+cu129"),
    ]


def test_a_file_belongs_to_the_package_that_lists_it(tmp_path: Path) -> None:
    (tmp_path / "flash_attn-2.8.3.dist-info").mkdir()
    (tmp_path / "flash_attn-2.8.3.dist-info/RECORD").write_text(
        "flash_attn/__init__.py,,\nflash_attn_2_cuda.so,sha,1\n", encoding="utf-8"
    )
    packages = read_packages([tmp_path])
    assert owner_of_folder(tmp_path, "flash_attn", packages) == "flash-attn"
    assert owner_of_folder(tmp_path, "flash_attn_2_cuda.so", packages) == "flash-attn"
    assert owner_of_folder(tmp_path, "stranger", packages) == "stranger"


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ('{"version": {"torch": "2.10.0+cu128", "cuda": 1208}}', ("2.10.0+cu128", "12.8")),
        ('{"version": {"torch": null, "cuda": null}}', ("", "")),
        ('{"version": []}', ("", "")),
        ("[" * 100_000, ("", "")),
    ],
    ids=["xformers", "nothing", "a list", "deep"],
)
def test_what_a_package_says_that_it_was_built_with(tmp_path: Path, text: str, answer: tuple[str, str]) -> None:
    (tmp_path / "xformers").mkdir()
    (tmp_path / "xformers/cpp_lib.json").write_text(text, encoding="utf-8")
    assert built_for(tmp_path, "xformers") == answer


def test_shared_objects_are_found_without_following_links(tmp_path: Path) -> None:
    """NVIDIA's own libraries are passed over."""
    for name in ("vllm/_C.abi3.so", "vllm/sub/x.so.12", "nvidia/cublas/lib/libcublas.so.12", "small/x.so", "top.so"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(bytes(10 if "small" in name else 8192))
    (tmp_path / "vllm/circle").symlink_to(tmp_path)
    (tmp_path / "vllm/link.so").symlink_to("_C.abi3.so")
    found = [(top, str(path.relative_to(tmp_path))) for top, path in shared_objects_of(tmp_path)]
    assert found == [("top.so", "top.so"), ("vllm", "vllm/_C.abi3.so"), ("vllm", "vllm/sub/x.so.12")]


def test_caches_are_found_where_their_tools_keep_them(tmp_path: Path) -> None:
    files = {
        ".cache/torch_extensions/py312_cu129/fused/fused.so": b"x",
        ".cache/torch_extensions/py312_cu129/fused/build.ninja": b"ninja_required_version = 1.3\nnvcc = /opt/cuda/bin/nvcc\n",
        ".cache/flashinfer/0.4.0/120f/cached_ops/sampling/sampling.so": b"x",
        ".cache/flashinfer/0.4.0/120f/cached_ops/sampling/build.ninja": b"cuda_home = /usr/local/cuda-12.8\n",
        ".triton/cache/ABC/kernel.cubin": b"x",
    }
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
    found = list(compiled_caches({}, tmp_path))
    assert [(one.tool, one.name, one.cuda_home, len(one.files)) for one in found] == [
        ("torch", "fused", "/opt/cuda", 1),
        ("flashinfer", "sampling", "/usr/local/cuda-12.8", 1),
        ("triton", "", "", 1),
    ]
    moved = compiled_caches(
        {"TORCH_EXTENSIONS_DIR": str(tmp_path / ".cache/torch_extensions/py312_cu129")}, tmp_path / "none"
    )
    assert [one.name for one in moved] == ["fused"]


def test_a_pipe_in_place_of_a_file_is_not_waited_for(tmp_path: Path) -> None:
    """Every small file that is read of an environment, of a toolkit and of a cache."""
    site = venv(tmp_path / "env")
    for name in ("xformers-1.0.dist-info", "xformers"):
        (site / name).mkdir()
    cache = tmp_path / ".cache/torch_extensions/py312/fused"
    cache.mkdir(parents=True)
    (cache / "fused.so").touch()
    (tmp_path / "env/pyvenv.cfg").unlink()
    for path in (
        tmp_path / "env/pyvenv.cfg", site / "xformers-1.0.dist-info/RECORD", site / "xformers/cpp_lib.json",
        cache / "build.ninja", site / "version.json",
    ):  # fmt: skip
        os.mkfifo(path)
    assert kind_of(prefix_of(str(tmp_path / "env"))) == "system"
    assert owner_of_folder(site, "stranger", read_packages([site])) == "stranger"
    assert built_for(site, "xformers") == ("", "")
    assert [one.cuda_home for one in compiled_caches({}, tmp_path)] == [""]
    assert toolkit_version(site, "") is None


BINARIES = Path(__file__).with_name("binaries")


@pytest.mark.parametrize("path", sorted(BINARIES.glob("**/*.so")), ids=lambda path: path.stem)
def test_the_names_of_sections_pass_over_no_device_code(path: Path) -> None:
    """The whole reader is the oracle."""
    binary = read_binary(path, kernels=False).binary
    assert may_hold_device_code(path) or not (binary and binary.units)


def test_a_file_without_device_code_is_passed_over(tmp_path: Path) -> None:
    assert not may_hold_device_code(BINARIES / "no-device-code.so")
    assert may_hold_device_code(BINARIES / "plain.so")
    for content in (b"", b"\x7fELF\x02\x01" + b"\xff" * 58, b"text"):
        (tmp_path / "x.so").write_bytes(content)
        assert may_hold_device_code(tmp_path / "x.so")
