"""C++ names, and that a name made to fill the memory stays what it is."""

from __future__ import annotations

import re
from pathlib import Path

from buildDoctor.adapters.elf.binary import read_binary
from buildDoctor.adapters.elf.demangle import demangled, with_texts


def doubling(levels: int) -> str:
    """A function whose parameters are each made of the one before, twice (Itanium C++ ABI, "Compression")."""
    digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    name = "_Z1f1aIiiE"
    for level in range(levels):
        number = 2 * level
        reference = f"S{digits[number // 36] if number >= 36 else ''}{digits[number % 36]}_"
        name += f"1bI{reference}{reference}E"
    return name


def test_mangled_names_become_cpp() -> None:
    names = ["_Z5scalePff", "_ZN4vllm3addIfLi4EEEvPT_"]
    assert demangled(names) == {
        "_Z5scalePff": "scale(float*, float)",
        "_ZN4vllm3addIfLi4EEEvPT_": "void vllm::add<float, 4>(float*)",
    }


def test_what_is_no_mangled_name_stays() -> None:
    names = ["plain", "", "_Z", "_Zjunk", "_Z5scale\nPff", "_Z3\N{SNOWMAN}v", "_Z1fv" + "x" * (1 << 17)]
    assert demangled(names) == {name: name for name in names}


def test_a_name_made_to_fill_the_memory_stays_and_the_others_are_answered() -> None:
    found = demangled(["_Z1fv", doubling(30), "_Z1gv"])
    assert [found["_Z1fv"], found["_Z1gv"]] == ["f()", "g()"]
    assert found[doubling(30)] == doubling(30)


def test_it_is_known_which_of_many_names_was_made_to_fill_the_memory() -> None:
    names = [f"_Z{len(f'name{number}')}name{number}v" for number in range(4_000)]
    found = demangled([*names[:2_000], doubling(30), *names[2_000:]])
    assert [name for name, text in found.items() if name == text] == [doubling(30)]


def test_every_kernel_of_a_binary_gets_its_text(binaries: Path) -> None:
    binary = read_binary(binaries / "rdc.so", kernels=re.compile(".")).binary
    assert binary is not None
    named = with_texts(binary)
    kernels = (
        *(named.kernels or ()),
        *(kernel for each in named.other_sections or () for kernel in each.kernels or ()),
    )
    assert [kernel.demangled for kernel in kernels] == ["scale(float*, float)"] * 2
