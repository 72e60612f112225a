"""The host side of small shared objects, held against nm and readelf, and what several of them give each other."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from buildDoctor.adapters.elf.binary import map_file, read_binary
from buildDoctor.adapters.elf.dynamic import defined_versions, dynamic_symbols, needed_versions, search_folders
from buildDoctor.adapters.elf.host import highest_versions, loader_origins
from buildDoctor.adapters.elf.linking import linked, torch_abi, torch_exports
from buildDoctor.adapters.elf.objects import ElfObject, read_object
from buildDoctor.adapters.elf.window import Window
from buildDoctor.core.evidence import EntryPoint, Host

HOST = Path(__file__).parent.parent / "binaries" / "host"
FILES = sorted(HOST.glob("*.so"))
LIBSTDCXX = next(iter(Path("/usr/lib").glob("**/libstdc++.so.6")), None)
MOE = "_Z20cutlass_moe_mm_sm100RN2at6TensorERKS0_"
needs_binutils = pytest.mark.skipif(not (shutil.which("nm") and shutil.which("readelf")), reason="no binutils")


def elf_of(path: Path) -> ElfObject:
    window = map_file(path, path.name)
    assert isinstance(window, Window)
    elf = read_object(window, path.name)
    assert isinstance(elf, ElfObject)
    return elf


def host(name: str) -> Host:
    binary = read_binary(HOST / name, kernels=True).binary
    assert binary is not None
    assert binary.host is not None
    return binary.host


def hosts(*names: str, torch: Path | None = None) -> dict[str, Host]:
    readings = list(linked([read_binary(HOST / name, kernels=True) for name in names], torch))
    return {Path(reading.name).name: reading.binary.host or Host() for reading in readings if reading.binary}


def output(*command: str | Path) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout


def oracle_files() -> list[Path]:
    return [*FILES, *([LIBSTDCXX.resolve()] if LIBSTDCXX else [])]


@needs_binutils
@pytest.mark.parametrize("path", [pytest.param(path, id=path.name) for path in oracle_files()])
def test_the_symbols_are_those_of_nm(path: Path) -> None:
    """What is expected, what of it may stay away (`w`, `v`), which version of which it is, and what is given."""
    lines = [line.split() for line in output("nm", "-D", "--with-symbol-versions", path).splitlines()]
    theirs = {
        (words[-1].split("@")[0], words[-2] in "wv", words[-1].partition("@")[2])
        for words in lines
        if words[-2] in "Uwv" and len(words) == 2
    }
    given_names = {words[-1].split("@")[0] for words in lines if len(words) == 3 and words[1] != "A"}

    found = dynamic_symbols(elf_of(path))

    assert {(one.name, one.weak, one.version.name if one.version else "") for one in found.imports} == theirs
    assert given_names <= found.exports


@needs_binutils
@pytest.mark.parametrize("path", [pytest.param(path, id=path.name) for path in oracle_files()])
def test_the_versions_are_those_of_readelf(path: Path) -> None:
    text = output("readelf", "-VW", path)
    needs = text.partition("needs section")[2]
    theirs = set(re.findall(r"Name: (\S+)  Flags: \S+ +Version: \d+", needs))

    assert {version.name for version in needed_versions(elf_of(path)).values()} == theirs


@needs_binutils
@pytest.mark.skipif(LIBSTDCXX is None, reason="no C++ library")
def test_the_versions_that_a_library_offers_are_those_of_readelf() -> None:
    assert LIBSTDCXX is not None
    text = output("readelf", "-VW", LIBSTDCXX).partition("needs section")[0]
    theirs = re.findall(r"Rev: \d+  Flags: \S+ +Index: \d+  Cnt: \d+  Name: (\S+)", text)

    assert list(defined_versions(elf_of(LIBSTDCXX))) == theirs


@needs_binutils
@pytest.mark.parametrize("path", [pytest.param(path, id=path.name) for path in FILES])
def test_needed_libraries_and_folders_are_those_of_readelf(path: Path) -> None:
    text = output("readelf", "-dW", path)
    folders = re.findall(r"\((?:RUNPATH|RPATH)\).*\[(.*)\]", text)

    assert list(host(path.name).needed or ()) == re.findall(r"\(NEEDED\).*\[(.*)\]", text)
    assert list(search_folders(elf_of(path))) == [part for folder in folders for part in folder.split(":")]


def test_the_highest_version_is_a_number_not_a_text() -> None:
    names = ["GLIBC_2.9", "GLIBC_2.29", "GLIBC_2.3.4", "GLIBCXX_3.4", "GLIBC_PRIVATE", "GLIBC_ABI_DT_RELR"]
    assert highest_versions(names) == {"GLIBC": "2.29", "GLIBCXX": "3.4", "CXXABI": ""}


def test_the_abi_is_told_by_the_functions_of_torch() -> None:
    assert (host("strings-abi0.so").cxx11_abi, host("strings-abi1.so").cxx11_abi) == ("old", "new")
    assert host("versions.so").cxx11_abi == ""


def test_what_the_loader_must_find() -> None:
    found = host("two-runtimes.so")
    assert [(library.name, library.major) for library in found.cuda_libraries or ()] == [
        ("libcudart.so.12", 12),
        ("libcublas.so.13", 13),
    ]
    assert found.search_folders == ("/tmp/pip-build-env-x/lib", "$ORIGIN/../lib")  # noqa: S108  a text in the file
    assert (found.machine, host("versions.so").glibc, host("versions.so").glibcxx) == ("x86_64", "2.29", "3.4.21")


def test_what_stands_outside_of_the_symbol_tables_says_where() -> None:
    """Every origin is one of a field, and the versions name their own section."""
    origins = {one.path.removeprefix("host."): one.source for one in loader_origins("x.so")}
    assert set(origins) <= set(Host.__struct_fields__)
    assert origins["glibc"] == "x.so, section .gnu.version_r"


def test_a_symbol_is_counted_for_its_owner() -> None:
    expected = {one.owner: one.count for one in host("caller.so").expected or ()}
    assert expected == {"torch": 1, "own": 1}
    assert host("caller.so").own_undefined == (MOE,)


def test_python_symbols_outside_of_the_stable_abi_are_named_where_the_name_says_abi3() -> None:
    assert (host("module.abi3.so").python_tag, host("module.abi3.so").unstable_python) == ("abi3", ("_PyType_Lookup",))
    other = host("module.cpython-312-x86_64-linux-gnu.so")
    assert (other.python_tag, other.unstable_python) == ("cp312", ())


def test_a_function_that_nothing_defines_is_unresolved() -> None:
    assert hosts("caller.so")["caller.so"].unresolved == (MOE,)


def test_a_function_that_a_sibling_defines_is_not() -> None:
    found = hosts("caller.so", "sibling.so")
    assert (found["caller.so"].unresolved, found["caller.so"].own_undefined) == ((), (MOE,))


def test_a_library_that_was_not_examined_may_define_it() -> None:
    """Then it is not known, and the reason says which library."""
    (reading,) = linked([read_binary(HOST / "caller-of-stranger.so", kernels=True)])
    assert reading.binary is not None
    assert reading.binary.host is not None
    assert reading.binary.host.unresolved is None
    assert [note.path for note in reading.not_seen] == ["host.unresolved"]
    assert "libstranger.so" in reading.not_seen[0].reason


def torch_with(folder: Path, *names: str) -> Path:
    """A torch whose libraries are some of the small files."""
    (folder / "lib").mkdir(parents=True)
    for library, name in zip(("libc10.so", "libtorch_cpu.so"), names, strict=False):
        shutil.copy(HOST / name, folder / "lib" / library)
    return folder


def test_what_torch_does_not_give_is_missing(tmp_path: Path) -> None:
    torch = torch_with(tmp_path / "torch", "sibling.so")
    found = hosts("caller.so", torch=torch)["caller.so"]
    assert found.missing_from_torch == ("_ZNK2at6Tensor8data_ptrEv",)
    assert found.unresolved == ()


def test_without_torch_it_is_not_known_what_is_missing() -> None:
    assert hosts("caller.so")["caller.so"].missing_from_torch is None
    assert hosts("sibling.so")["sibling.so"].missing_from_torch == ()


def test_a_folder_without_libraries_gives_nothing(tmp_path: Path) -> None:
    assert torch_exports(tmp_path) is None
    assert torch_abi(tmp_path) is None


@pytest.mark.parametrize(
    ("name", "calls"),
    [
        ("entry-one.so", ("cutlass_scaled_fp4_mm_sm100a",)),
        ("entry-no-plt.so", ("cutlass_scaled_fp4_mm_sm100a",)),
        ("entry-both.so", ("cutlass_scaled_fp4_mm_sm100a", "cutlass_scaled_fp4_mm_sm120a")),
        ("entry-hidden.so", ("cutlass_scaled_fp4_mm_sm100a", "cutlass_scaled_fp4_mm_sm120a")),
    ],
)
def test_the_implementations_that_an_entry_point_calls(name: str, calls: tuple[str, ...]) -> None:
    """Both are in every file; through the linkage table, through a slot, or directly."""
    point = entry_point(name)
    assert point.implementations == ("cutlass_scaled_fp4_mm_sm100a", "cutlass_scaled_fp4_mm_sm120a")
    assert point.calls == calls


def entry_point(name: str) -> EntryPoint:
    return next(one for one in host(name).entry_points or () if one.name == "cutlass_scaled_fp4_mm")


@pytest.mark.skipif(not shutil.which("objdump"), reason="no binutils")
@pytest.mark.parametrize("name", ["entry-one.so", "entry-no-plt.so", "entry-both.so", "entry-hidden.so"])
def test_the_calls_are_those_of_objdump(name: str) -> None:
    """Every call or jump of the entry point's code to a function or its slot, as the disassembly names it."""
    symbol = "_Z21cutlass_scaled_fp4_mmR6TensorRKS_"
    text = output("objdump", "-dR", f"--disassemble={symbol}", HOST / name)
    body = text.partition(f"<{symbol}>:")[2]
    slots = dict(
        re.findall(
            r"^([0-9a-f]+) R_X86_64_(?:JUMP_SLOT|GLOB_DAT)\s+(\S+)", output("objdump", "-R", HOST / name), re.MULTILINE
        )
    )
    named = set(re.findall(r"(?:call|jmp)\s+[0-9a-f]+ <(\w+?)(?:@plt)?>", body))
    named |= {slots.get(f"{int(place, 16):016x}", "") for place in re.findall(r"# ([0-9a-f]+) <", body)}
    theirs = {found[0] for one in named if (found := re.findall(r"cutlass_scaled_fp4_mm_sm\d+a", one))}

    assert set(entry_point(name).calls or ()) == theirs


def test_code_of_another_processor_is_not_followed() -> None:
    """e_machine says aarch64: the calls are not known, and the rest is."""
    data = bytearray((HOST / "entry-one.so").read_bytes())
    data[18:20] = (183).to_bytes(2, "little")
    binary = read_binary(Window(bytes(data)), "x.so", kernels=True).binary
    assert binary is not None
    assert binary.host is not None
    assert binary.host.machine == "aarch64"
    assert [one.calls for one in binary.host.entry_points or () if one.name == "cutlass_scaled_fp4_mm"] == [None]


NASTY = st.sampled_from([0, 1, 0x7F, 0xFF, 0x7FFFFFFF, 0xFFFFFFFF])


@settings(max_examples=150, deadline=2000)
@given(
    st.sampled_from([path.name for path in FILES]),
    st.lists(
        st.tuples(st.integers(0, 5600), st.sampled_from([1, 2, 4]), NASTY | st.integers(0, 255)), min_size=1, max_size=5
    ),
)
def test_a_damaged_file_gives_an_answer(name: str, changes: list[tuple[int, int, int]]) -> None:
    """Whatever is in the version tables, symbol tables and code."""
    data = bytearray((HOST / name).read_bytes())
    for position, width, value in changes:
        at = position % (len(data) - 4)
        data[at : at + width] = (value & ((1 << 8 * width) - 1)).to_bytes(width, "little")
    list(linked([read_binary(Window(bytes(data)), name, kernels=True)]))
