"""Lines as the tools write them, and the rules that they lead to."""

from __future__ import annotations

import pytest

from buildDoctor.adapters.rule_files import load_rules
from buildDoctor.core.logs.reading import read_log
from buildDoctor.core.rules.symptoms import symptoms_of

SYMPTOMS = symptoms_of(load_rules().rules)
LINES = {
    "RuntimeError: CUDA error: no kernel image is available for execution on the device": {
        "no-image-for-capability", "kernel-for-other-architectures", "no-kernel-image-at-run-time",
    },
    "ImportError: /venv/vllm/_C.abi3.so: undefined symbol: _Z20cutlass_moe_mm_sm100RN2at6TensorERKS0_S3_": {
        "own-symbol-undefined", "own-symbol-undefined-says-log",
    },
    "ImportError: /venv/flash_attn_2_cuda.so: undefined symbol: _ZN3c105ErrorC2ENS_14SourceLocationESs": {
        "cxx11-abi-mismatch", "torch-lacks-symbols", "other-cxx11-abi-says-log",
    },
    "NotImplementedError: No compiled nvfp4 quantization kernel for SM 89. Recompile with the appropriate CUDA arch.": {
        "stub-only-kernel", "nvfp4-kernel-not-compiled",
    },
    "ImportError: /lib64/libc.so.6: version `GLIBC_2.32' not found (required by /venv/vllm/_C.abi3.so)": {
        "glibc-too-old", "c-library-too-old-says-log",
    },
    "ImportError: /opt/conda/lib/libstdc++.so.6: version `GLIBCXX_3.4.32' not found": {
        "libstdcxx-too-old", "cxx-library-too-old-says-log",
    },
    "nvcc fatal   : Unsupported gpu architecture 'compute_120a'": {"toolkit-too-old-for-architecture"},
    "ValueError: Unknown CUDA arch (10.1) or GPU not supported": {
        "architecture-unknown-to-torch", "torch-does-not-know-architecture",
    },
    "ptxas fatal   : Value 'sm_121a' is not defined for option 'gpu-name'": {"ptxas-too-old-for-gpu"},
    "RuntimeError: The NVIDIA driver on your system is too old (found version 12080).": {
        "driver-too-old-for-torch", "driver-too-old-for-torch-says-log",
    },
    "CUDA error: the provided PTX was compiled with an unsupported toolchain.": {
        "ptx-newer-than-driver", "ptx-newer-than-driver-says-log",
    },
    "CUDA error: device kernel image is invalid": {"compressed-for-newer-driver", "device-image-cannot-be-read"},
    "NVIDIA GeForce RTX 5090 with CUDA capability sm_120 is not compatible with the current PyTorch installation.": {
        "torch-lacks-capability", "torch-too-old-for-gpu-says-log",
    },
    "ImportError: libcudart.so.13: cannot open shared object file: No such file or directory": {
        "cuda-major-not-torchs", "shared-library-not-found",
    },
    "-- Not building NVFP4 as no compatible archs were found.": {
        "feature-gets-no-architecture", "nvfp4-skipped-by-the-build",
    },
    "RuntimeError: Error Internal": {"entry-point-calls-another-family", "cutlass-error-internal"},
}  # fmt: skip
ORDINARY = """
[12/310] /usr/local/cuda/bin/nvcc -DENABLE_NVFP4_SM120=1 -Werror=all -gencode arch=compute_120a,code=sm_120a -c a.cu
ptxas info    : Compiling entry function '_Z6kernelPf' for 'sm_120a'
/src/a.cu(12): warning #177-D: variable "error" was declared but never referenced
-- Performing Test HAS_FLAG - Failed
-- Looking for pthread_create in pthread - not found
-- CUDA target architectures: 12.0
-- Building NVFP4 for archs: 12.0a
Collecting nvidia-cublas-cu12==12.8.4.1
Successfully built vllm
INFO 09-01 12:00:00 [cuda.py:400] Using FlashAttention backend
Downloading error_handling-1.0-py3-none-any.whl (12 kB)
"""


@pytest.mark.parametrize(("line", "rules"), LINES.items())
def test_a_line_leads_to_its_rules(line: str, rules: set[str]) -> None:
    """Also inside of the prefix that a logger puts before it."""
    for text in (line, f"(EngineCore_0 pid=41) ERROR 09-01 12:00:00 [core.py:700] {line}"):
        log, _ = read_log([text.encode()], SYMPTOMS, "x.log")

        assert rules <= {rule for one in log.lines or () for rule in one.rules or ()}


MEMORY = {"too-many-compilers-for-the-memory", "build-was-killed"}


@pytest.mark.parametrize(
    ("line", "rules"),
    [
        pytest.param("ninja: build stopped: subcommand failed.", set(), id="every failed build ends so"),
        pytest.param("c++: fatal error: Killed signal terminated program cc1plus", MEMORY, id="the compiler proper"),
        pytest.param("g++: internal compiler error: Killed (program cc1plus)", MEMORY, id="an older gcc"),
        pytest.param("nvcc error   : 'cicc' died due to signal 9 (Kill signal)", MEMORY, id="nvcc"),
        pytest.param("/bin/sh: line 1:  4211 Killed                  nvcc -c a.cu", MEMORY, id="the shell"),
        pytest.param("returned non-zero exit status 137.", MEMORY, id="a process that docker ended"),
    ],
)
def test_only_a_line_that_tells_of_a_kill_leads_to_lack_of_memory(line: str, rules: set[str]) -> None:
    log, _ = read_log([line.encode()], SYMPTOMS, "x.log")

    assert {rule for one in log.lines or () for rule in one.rules or ()} == rules


def test_an_ordinary_build_shows_no_error() -> None:
    """What a build that goes well prints has no error and no consequence in it."""
    log, _ = read_log([ORDINARY.encode()], SYMPTOMS, "x.log")

    assert [line.text for line in log.lines or () if line.kind != "status"] == []
