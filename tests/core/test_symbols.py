"""Whose a symbol is and which string it means, held against what c++filt makes of the same names."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from buildDoctor.core.symbols import (
    Owner,
    cuda_major,
    cxx11_abi,
    owner_of,
    owner_of_library,
    python_tag,
    qualified_name,
    root_name,
    string_abis,
)

OLD_STRING = "char, std::char_traits<char>, std::allocator<char>"
LIBSTDCXX = next(iter(Path("/usr/lib").glob("**/libstdc++.so.6")), None)


@pytest.mark.parametrize(
    ("symbol", "owner"),
    [
        ("_ZN3c105ErrorC2ENS_14SourceLocationESs", Owner.TORCH),
        ("_ZNK2at6Tensor8data_ptrIaEEPT_v", Owner.TORCH),
        ("_ZTVN5torch3jit4NodeE", Owner.TORCH),
        ("_ZTHN3c104impl26raw_local_dispatch_key_setE", Owner.TORCH),
        ("_Z16THPVariable_WrapN2at10TensorBaseE", Owner.TORCH),
        ("aoti_torch_library_def", Owner.TORCH),
        ("_ZN8pybind116detail11type_casterIN2at6TensorEvE4loadENS_6handleEb", Owner.TORCH),
        ("_Z20cutlass_moe_mm_sm100RN2at6TensorERKS0_S3_", Owner.OWN),
        ("_ZN10torchaudio12cuda_versionEv", Owner.OWN),
        ("_ZTI9Something", Owner.OWN),
        ("_ZNSt13runtime_errorD1Ev", Owner.CPP),
        ("_ZSt4cout", Owner.CPP),
        ("_ZNKSs4sizeEv", Owner.CPP),
        ("_ZTVN10__cxxabiv120__si_class_type_infoE", Owner.CPP),
        ("_ZTIPKc", Owner.CPP),
        ("_ZdlPvm", Owner.CPP),
        ("__cxa_throw", Owner.CPP),
        ("PyModule_Create2", Owner.PYTHON),
        ("_Py_NoneStruct", Owner.PYTHON),
        ("cudaMalloc", Owner.CUDA),
        ("cuTensorMapEncodeTiled", Owner.CUDA),
        ("cublasGemmEx", Owner.CUDA),
        ("__nvJitLinkComplete_12_4", Owner.CUDA),
        ("__gmon_start__", Owner.C),
        ("custom_function", Owner.OTHER),
        ("curl_easy_init", Owner.OTHER),
    ],
)
def test_the_owner_of_a_symbol_without_a_version(symbol: str, owner: Owner) -> None:
    assert owner_of(symbol) is owner


def test_the_library_of_its_version_decides_over_a_name() -> None:
    assert owner_of("_ZN2at6TensorD1Ev", "libstdc++.so.6") is Owner.CPP
    assert owner_of("memcpy", "libc.so.6") is Owner.C


@pytest.mark.parametrize(
    ("library", "owner"),
    [
        ("libtorch_cuda.so", Owner.TORCH),
        ("libc10.so", Owner.TORCH),
        ("libtorchaudio.so", Owner.OTHER),
        ("libtorchvision.so", Owner.OTHER),
        ("libcudart.so.12", Owner.CUDA),
        ("libcurl.so.4", Owner.OTHER),
        ("libc.so.6", Owner.C),
        ("ld-linux-x86-64.so.2", Owner.C),
        ("libgcc_s.so.1", Owner.CPP),
        ("libpython3.11.so.1.0", Owner.PYTHON),
        ("libsycl.so.8", Owner.OTHER),
    ],
)
def test_the_owner_of_a_library(library: str, owner: Owner) -> None:
    assert owner_of_library(library) is owner


@pytest.mark.parametrize(
    ("symbol", "abis"),
    [
        ("_ZN3c105ErrorC2ENS_14SourceLocationESs", {"old"}),
        ("_ZN3c105ErrorC2ENS_14SourceLocationENSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEEE", {"new"}),
        ("_ZN2at4nameB5cxx11Ev", {"new"}),
        ("_ZN2at6Ss_SssEv", set()),
        ("_ZN2at8functionILi2EEEvv", set()),
        ("_ZN2at3addERKNS_6TensorES2_", set()),
        ("Ss", set()),
    ],
)
def test_which_string_a_symbol_means(symbol: str, abis: set[str]) -> None:
    assert string_abis(symbol) == abis


def test_only_symbols_of_torch_tell_the_abi() -> None:
    """The C++ library has functions for both strings, and a file may use both of these."""
    old, new = "_ZN3c104warnESs", "_ZN3c104warnENSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEEE"
    assert cxx11_abi([old, "_ZNSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEED1Ev"]) == "old"
    assert cxx11_abi([new, "_ZNSsD1Ev"]) == "new"
    assert cxx11_abi([old, new]) == "both"
    assert cxx11_abi(["_ZN2at6TensorD1Ev", "aoti_torch_library_def"]) == ""


@pytest.mark.skipif(LIBSTDCXX is None or not shutil.which("c++filt") or not shutil.which("nm"), reason="no binutils")
def test_strings_and_namespaces_are_those_of_cppfilt() -> None:
    """On every symbol of libstdc++, which has both kinds of string: `std::string` is the old one."""
    listed = subprocess.run(
        ["nm", "-D", "--defined-only", str(LIBSTDCXX)], capture_output=True, text=True, check=True
    ).stdout
    names = sorted(
        {line.split()[-1].split("@")[0] for line in listed.splitlines() if line.split()[-1].startswith("_Z")}
    )
    texts = subprocess.run(
        ["c++filt"], input="\n".join(names), capture_output=True, text=True, check=True
    ).stdout.splitlines()

    assert len(names) == len(texts) > 1000
    for name, text in zip(names, texts, strict=True):
        # `Sb` builds the same type out of template parameters; torch's functions are no such templates.
        if text == name or "Sb" in name:
            continue
        is_old = "std::string" in text or f"std::basic_string<{OLD_STRING} >" in text
        assert ("old" in string_abis(name)) == is_old, (name, text)
        assert ("new" in string_abis(name)) == ("cxx11" in text), (name, text)
        if " std::" not in text and text.startswith("std::"):
            assert root_name(name) == "std", (name, text)


@pytest.mark.parametrize(
    ("symbol", "name"),
    [
        ("_ZN4vllm15cvt_fp16_to_fp4I6__halfLb0EEEviiPKT_PKfPjS7_", "vllm::cvt_fp16_to_fp4<…>"),
        ("_Z5scalePff", "scale"),
        ("_ZN50_GLOBAL__N__8ff9d9ca_15_layernorm_cu_0d4f8f22_16966kernelEv", "{anonymous}::kernel"),
        ("plain_kernel", "plain_kernel"),
        ("_Z", "_Z"),
    ],
)
def test_the_qualified_name_of_a_symbol(symbol: str, name: str) -> None:
    assert qualified_name(symbol) == name


@given(st.text(alphabet="_ZNKSsTIELbv0123456789cxx11abi", max_size=60))
def test_any_text_has_an_owner_and_a_name(text: str) -> None:
    assert owner_of(f"_Z{text}") in Owner
    assert isinstance(qualified_name(f"_Z{text}"), str)
    assert string_abis(f"_Z{text}") <= {"old", "new"}


@pytest.mark.parametrize(
    ("library", "major"),
    [
        ("libcudart.so.12", 12), ("libcublasLt.so.13", 13), ("libcudart.so.11.0", 11), ("libnvrtc.so.13", 13),
        ("libcufft.so.11", None), ("libcusolver.so.11", None), ("libcuda.so.1", None), ("libcudnn.so.9", None),
    ],
)  # fmt: skip
def test_the_cuda_version_in_the_name_of_a_library(library: str, major: int | None) -> None:
    """The 11 of libcufft and libcusolver belongs to CUDA 12."""
    assert cuda_major(library) == major


@pytest.mark.parametrize(
    ("path", "tag"),
    [
        ("vllm/_C.abi3.so", "abi3"),
        ("x.cpython-312-x86_64-linux-gnu.so", "cp312"),
        ("x.cpython-313t-aarch64-linux-gnu.so", "cp313t"),
        ("libtorch.so", ""),
        ("x.abi3.so.1", ""),
    ],
)
def test_the_python_tag_of_a_file_name(path: str, tag: str) -> None:
    assert python_tag(path) == tag
