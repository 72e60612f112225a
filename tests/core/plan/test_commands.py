"""What the commands of a build folder compile: nvcc itself says what its flags mean."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from buildDoctor.core.plan.commands import Command, compiled_source, compiler_of, compiles_cuda, words_of
from buildDoctor.core.plan.configured import pieces
from buildDoctor.core.plan.nvcc_flags import named_architectures

SPELLINGS = {
    "a pair of words": "-gencode arch=compute_90a,code=sm_90a",
    "one word": "-gencode=arch=compute_90a,code=sm_90a",
    "the long name": "--generate-code arch=compute_90a,code=sm_90a",
    "the long name in one word": "--generate-code=arch=compute_120f,code=sm_120f",
    "brackets": "-gencode=arch=compute_90,code=[sm_90,compute_90]",
    "brackets, PTX first": "-gencode arch=compute_80,code=[compute_80,sm_80,sm_86]",
    "quotes inside": r"-gencode=arch=compute_80,code=\"sm_80,compute_80\"",
    "quotes around": '"--generate-code=arch=compute_80,code=[compute_80,sm_80]"',
    "code before arch": "-gencode code=sm_80,arch=compute_80",
    "a space behind the comma": "-gencode 'arch=compute_80, code=sm_80'",
    "a newer cubin of an older virtual architecture": "-gencode arch=compute_80,code=sm_86",
    "PTX alone": "-gencode arch=compute_80,code=compute_80",
    "two flags for one architecture": "-gencode arch=compute_80,code=sm_80 -gencode arch=compute_80,code=compute_80",
    "the same with PTX first": "-gencode arch=compute_80,code=compute_80 -gencode arch=compute_80,code=sm_80",
    "several flags": "-gencode arch=compute_80,code=sm_80 -gencode=arch=compute_90a,code=sm_90a",
    "the short form": "-arch=sm_90",
    "the short form in two words": "-arch sm_90",
    "the short form's long name": "--gpu-architecture=sm_90",
    "a virtual architecture alone": "-arch=compute_80",
    "a virtual architecture with cubins": "-arch=compute_80 -code=sm_80,sm_86",
    "cubins in two flags": "-arch=compute_80 -code=sm_80 --gpu-code=sm_86",
    "cubin and PTX": "-arch=compute_80 -code=compute_80,sm_80",
    "both forms": "-arch=sm_90 -gencode arch=compute_80,code=sm_80",
    "the last short form counts": "-arch=sm_80 -arch=sm_90",
}
_EMBEDDED = re.compile(r"kind=(elf|ptx),sm=(\w+),file=")


@pytest.fixture(scope="session")
def nvcc() -> str:
    """The compiler of this machine."""
    found = shutil.which("nvcc")
    if found is None:
        pytest.skip("there is no nvcc on the PATH")
    return found


@pytest.mark.parametrize("flags", [pytest.param(text, id=name) for name, text in SPELLINGS.items()])
def test_flags_mean_what_nvcc_makes_of_them(flags: str, nvcc: str, tmp_path: Path) -> None:
    """`nvcc --dryrun` names what would be embedded; it compiles nothing."""
    source = tmp_path / "kernel.cu"
    source.write_text("__global__ void kernel() {}\n", encoding="utf-8")
    said = subprocess.run(
        [nvcc, "--dryrun", "-c", source, *shlex.split(flags)], capture_output=True, text=True, check=True
    )
    real = {("compute_" if kind == "ptx" else "sm_") + number for kind, number in _EMBEDDED.findall(said.stderr)}

    named = named_architectures(shlex.split(flags))

    assert named is not None
    assert {
        ("compute_" + p.removeprefix("compute_")) if p.startswith("compute_") else "sm_" + p.replace(".", "")
        for p in pieces(named)
    } == real


COMMANDS = {
    "plain": "nvcc -O3 -c a.cu -o a.o",
    "double quotes": r'nvcc -DNAME="\"a b\"" -I"/a path/with spaces" a.cu',
    "single quotes": "nvcc '-DNAME=\"a b\"' a.cu",
    "a backslash": r"nvcc -DNAME=a\ b \"x\" a.cu",
    "quotes in the middle": """nvcc -D'A'="1"b a.cu""",
    "an empty text": 'nvcc "" a.cu',
}


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in COMMANDS.items()])
def test_words_are_those_of_a_shell(text: str) -> None:
    """A shell's own rules, as the standard library has them."""
    assert list(words_of(text)) == shlex.split(text)


def compiled(text: str, output: str = "", cuda: str | None = None) -> object:
    """What a command line says of a.cu."""
    return compiled_source(Command(source="a.cu", text=text, output=output), "a.cu", cuda)


def test_the_flags_of_the_host_are_none_of_the_device() -> None:
    """`-march` is no architecture of a GPU."""
    source = compiled("nvcc -Xcompiler -march=native -gencode arch=compute_80,code=sm_80 -c a.cu")

    assert source.architectures == ("8.0",)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("text", "cuda", "expected"),
    [
        pytest.param("nvcc -c a.cu", "13.0.88", ("7.5+PTX",), id="the default of a known compiler"),
        pytest.param("nvcc -c a.cu", None, None, id="the default of an unknown one"),
        pytest.param("nvcc -arch=native -c a.cu", "13.0", None, id="whatever GPU the machine has"),
        pytest.param("nvcc --options-file flags.rsp -c a.cu", "13.0", None, id="options in a file"),
        pytest.param("nvcc -optf flags.rsp -c a.cu", "13.0", None, id="options in a file, short"),
        pytest.param(
            "nvcc --options-file CMakeFiles/x.dir/includes_CUDA.rsp -arch=sm_90 -c a.cu", "13.0", ("9.0+PTX",),
            id="a file of CMake's that holds folders only",
        ),
    ],
)  # fmt: skip
def test_what_flags_leave_open_is_not_claimed(text: str, cuda: str | None, expected: tuple[str, ...] | None) -> None:
    source = compiled(text, cuda=cuda)

    assert source.architectures == expected  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("text", "output", "extension"),
    [
        pytest.param("nvcc a.cu", "CMakeFiles/_C.dir/csrc/a.cu.o", "_C", id="the folder of CMake's objects"),
        pytest.param("nvcc a.cu", "/b/sub/CMakeFiles/_C.dir/a.cu.o", "_C", id="in a folder below"),
        pytest.param(
            "nvcc -DTORCH_EXTENSION_NAME=fast a.cu", "build/temp/a.o", "fast", id="the name of torch's helper"
        ),
        pytest.param("nvcc a.cu", "a.o", "", id="neither"),
    ],
)
def test_the_target_is_told_by_the_object_or_by_torch(text: str, output: str, extension: str) -> None:
    assert compiled(text, output).extension == extension  # type: ignore[attr-defined]


def test_device_code_is_told_by_name_or_language() -> None:
    commands = [
        Command(source=name, text=text)
        for name, text in (("a.cu", "nvcc a.cu"), ("b.cpp", "nvcc -x cu b.cpp"), ("c.cpp", "c++ c.cpp"))
    ]

    assert [command.source for command in commands if compiles_cuda(command)] == ["a.cu", "b.cpp"]


def test_a_launcher_hides_no_compiler() -> None:
    commands = [Command(source="a.cu", text="ccache /usr/local/cuda/bin/nvcc -c a.cu")]

    assert compiler_of(commands) == "/usr/local/cuda/bin/nvcc"
    assert compiler_of([*commands, Command(source="b.cu", text="/opt/nvcc b.cu")]) == ""
