"""Reports made by hand for tests and pictures: the NVFP4 case, a healthy machine, and one with hostile names."""

from __future__ import annotations

from msgspec.structs import replace

from buildDoctor.core.evidence import Binary, Evidence, NotSeen, Plan
from buildDoctor.core.findings import Confidence, Finding, Fix, Item, Outcome, Safety, Severity, Trial, Undecided
from buildDoctor.core.report import Report

_PATCH = """\
--- a/CMakeLists.txt
+++ b/CMakeLists.txt
@@ -94,7 +94,7 @@
    CMAKE_CUDA_COMPILER_VERSION VERSION_GREATER_EQUAL 12.8)
   # 10.0 and 11.0 are left out here.
   # 12.0a is here so that the FP4 kernels are compiled for it.
-  set(CUDA_SUPPORTED_ARCHS "7.0;7.2;7.5;8.0;8.6;8.7;8.9;9.0;12.0;12.0a")
+  set(CUDA_SUPPORTED_ARCHS "7.0;7.2;7.5;8.0;8.6;8.7;8.9;9.0;12.0")
 else()
   set(CUDA_SUPPORTED_ARCHS "7.0;7.2;7.5;8.0;8.6;8.7;8.9;9.0")
 endif()
"""

_POPULAR_PATCH = """\
--- a/CMakeLists.txt
+++ b/CMakeLists.txt
@@ -97,1 +97,1 @@
-  set(CUDA_SUPPORTED_ARCHS "7.0;7.2;7.5;8.0;8.6;8.7;8.9;9.0;12.0;12.0a")
+  set(CUDA_SUPPORTED_ARCHS "7.0;7.2;7.5;8.0;8.6;8.7;8.9;9.0;12.0;12.0a;10.0;10.0a")
"""

_DROP_SUFFIX = Fix(
    title="Drop 12.0a from CUDA_SUPPORTED_ARCHS",
    safety=Safety.SAFE,
    patch=_PATCH,
    verify="build-doctor inspect --kernels '*fp4*' --gpu 12.0 vllm/_C.abi3.so",
    trial=Trial(
        outcome=Outcome.PROVEN,
        why="The finding is gone and no new error has come.",
        effect=("FP4_ARCHS: empty -> 12.0a", "SCALED_MM_ARCHS (scaled_mm_c3x_sm120): 12.0 -> 12.0a"),
    ),
)

_ADD_TEN = Fix(
    title="Add 10.0 and 10.0a to CUDA_SUPPORTED_ARCHS",
    safety=Safety.UNSAFE,
    patch=_POPULAR_PATCH,
    trial=Trial(outcome=Outcome.NO_EFFECT, why="FP4_ARCHS is still empty: the target 12.0 is consumed all the same."),
)

_CAUSE = Finding(
    rule="supported-suffix-consumes-target",
    title="NVFP4 is not built: listing 12.0a as supported consumes the target 12.0 that NVFP4 needs",
    severity=Severity.ERROR,
    confidence=Confidence.CERTAIN,
    family="plan",
    why="""\
cuda_archs_loose_intersection() matches a suffixed architecture such as 12.0a with a plain target 12.0 and then
takes that target out of the list. The supported list names 12.0a, so the first intersection turns the requested
12.0 into 12.0a. NVFP4 then asks for 12.0a in a list that has no plain 12.0 left, and gets nothing.

The message of the build says only that no compatible architectures were found, which sounds as if 10.0 were missing.
It is not: the list without the suffixed entry gives NVFP4 back.""",
    limits="Only for projects that use vLLM's architecture functions before the rewrite of version 0.15.",
    subject="plan.features[FP4_ARCHS]",
    evidence=(
        Item(
            path="plan.supported.architectures",
            value="7.0 7.2 7.5 8.0 8.6 8.7 8.9 9.0 12.0 12.0a",
            source="CMakeLists.txt:97",
        ),
        Item(
            path="plan.architectures",
            value="7.0 7.5 8.0 8.6 9.0 12.0a",
            source="cmake/utils.cmake:296, called at CMakeLists.txt:170",
        ),
        Item(path="plan.features[FP4_ARCHS].wants", value="12.0a 12.1a", source="CMakeLists.txt:578"),
        Item(path="plan.features[FP4_ARCHS].gets", value="", source="CMakeLists.txt:578"),
    ),
    fixes=(_ADD_TEN, _DROP_SUFFIX),
    references=("vllm-project/vllm#56548", "https://docs.nvidia.com/cuda/blackwell-compatibility-guide"),
)

_CONSEQUENCE = Finding(
    rule="feature-gets-no-architecture",
    title="NVFP4 is left out: none of 12.0a and 12.1a is among the targets",
    severity=Severity.ERROR,
    confidence=Confidence.CERTAIN,
    family="plan",
    why="A block of the build scripts whose architecture list ends up empty adds no sources and defines no macros.",
    limits="A block for GPUs that you do not have is left out on purpose.",
    subject="plan.features[FP4_ARCHS]",
    evidence=(Item(path="plan.features[FP4_ARCHS].gets", value="", source="CMakeLists.txt:578"),),
    explained_by="supported-suffix-consumes-target",
)

_WRONG_MACRO = Finding(
    rule="feature-macro-for-another-family",
    title="NVFP4 defines ENABLE_NVFP4_SM100 but is built for 12.0a only",
    severity=Severity.ERROR,
    confidence=Confidence.LIKELY,
    family="plan",
    why="""\
The macro names the family of 10.0, the architectures are of the family of 12.0. The entry point then hands over to
kernels that are written for other tensor core instructions. This fault waits behind the first: it shows as soon as
the block is built at all.""",
    limits="A project may name its macros for another family on purpose.",
    subject="plan.features[FP4_ARCHS]",
    evidence=(
        Item(path="plan.features[FP4_ARCHS].definitions", value="ENABLE_NVFP4_SM100=1", source="CMakeLists.txt:591"),
        Item(path="plan.features[FP4_ARCHS].wants", value="12.0a 12.1a", source="CMakeLists.txt:578"),
    ),
    fixes=(
        Fix(
            title="Take the SM120 block of a newer release",
            safety=Safety.DISPLAY,
            text="Upstream has its own sources for 12.0 with -DENABLE_NVFP4_SM120=1. Update to 0.11.0 or newer.",
            command="git fetch --tags && git merge v0.11.0",
            trial=Trial(outcome=Outcome.CANNOT_TRY, why="The newer sources are not on this machine."),
        ),
    ),
)

_STUB = Finding(
    rule="stub-only-kernel",
    title="scaled_fp4_quant has an entry point but no kernel behind it",
    severity=Severity.ERROR,
    confidence=Confidence.CERTAIN,
    family="binary",
    why="The function is registered with torch whether or not its kernel was compiled, and fails when it is called.",
    limits="",
    subject="binaries[_C.abi3.so].host.entry_points[scaled_fp4_quant]",
    evidence=(
        Item(
            path="binaries[_C.abi3.so].host.entry_points[scaled_fp4_quant].stub",
            value="No compiled nvfp4 quantization kernel",
            source="vllm/_C.abi3.so, .rodata at 0x1f3a40",
        ),
        Item(
            path="binaries[_C.abi3.so].host.entry_points[scaled_fp4_quant].kernels",
            value="",
            source="vllm/_C.abi3.so, .nv_fatbin: 214 units",
        ),
    ),
    explained_by="supported-suffix-consumes-target",
)

_SUFFIX_LOST = Finding(
    rule="suffix-lost",
    title="scaled_mm_c3x_sm120 is built for plain 12.0 although it asks for 12.0a",
    severity=Severity.WARNING,
    confidence=Confidence.LIKELY,
    family="plan",
    why="Without the suffix the compiler leaves out instructions that only 12.0a has, and the kernel runs slower.",
    limits="The kernel may not use such instructions.",
    subject="plan.features[SCALED_MM_ARCHS]",
    evidence=(
        Item(path="plan.features[SCALED_MM_ARCHS].wants", value="12.0a", source="CMakeLists.txt:468"),
        Item(path="plan.features[SCALED_MM_ARCHS].gets", value="12.0", source="CMakeLists.txt:468"),
    ),
    fixes=(replace(_DROP_SUFFIX, trial=replace(_DROP_SUFFIX.trial, effect=("SCALED_MM_ARCHS: 12.0 -> 12.0a",))),),
)

_TORCH_NOTE = Finding(
    rule="torch-architecture-not-supported",
    title="torch is built for sm_100, which the project does not list as supported",
    severity=Severity.NOTE,
    confidence=Confidence.CERTAIN,
    family="plan",
    why="An architecture that torch has and the project's list lacks is left out. That matters only on such a GPU.",
    limits="",
    subject="",
    evidence=(
        Item(
            path="torch.architectures",
            value="sm_70 sm_75 sm_80 sm_86 sm_90 sm_100 sm_120 compute_120",
            source="torch/lib/libtorch_cuda.so, .nv_fatbin",
        ),
        Item(
            path="plan.supported.architectures",
            value="7.0 7.2 7.5 8.0 8.6 8.7 8.9 9.0 12.0 12.0a",
            source="CMakeLists.txt:97",
        ),
    ),
)

_NOT_SEEN = (
    NotSeen(path="gpus", reason="No NVIDIA driver answers here; name the GPU with --gpu 12.0."),
    NotSeen(path="binaries[0].kernels", reason="Kernels were not asked for; add --kernels '*fp4*'."),
    NotSeen(path="toolkits", reason="No CUDA toolkit was found in the usual places."),
)

_BINARIES = (Binary(path="vllm/_C.abi3.so", size_bytes=387_000_000),)

_UNDECIDED = (
    Undecided(rule="driver-too-old-for-toolkit", needs=("driver.version",), why="no NVIDIA driver answers here"),
)

NVFP4 = Report(
    targets=("the NVFP4 case",),
    verdict=(
        "The NVFP4 kernels are lost at CMakeLists.txt:97: 12.0a in the supported list consumes the target 12.0. "
        "Dropping it brings them back; adding 10.0 does not."
    ),
    findings=(_CAUSE, _CONSEQUENCE, _STUB, _WRONG_MACRO, _SUFFIX_LOST, _TORCH_NOTE),
    undecided=_UNDECIDED,
    evidence=Evidence(capabilities=("12.0",), plan=Plan(source="vllm"), binaries=_BINARIES, not_seen=_NOT_SEEN),
)
"""The case that the demo shows."""

HEALTHY = Report(
    targets=("flash_attn",),
    verdict="Every kernel that was looked for runs on 9.0.",
    findings=(),
    undecided=(),
    evidence=Evidence(capabilities=("9.0",), binaries=_BINARIES),
)
"""Nothing is wrong and all was seen."""

UNSURE = replace(
    HEALTHY,
    verdict="No fault was found in what could be examined.",
    undecided=_UNDECIDED,
    evidence=Evidence(binaries=_BINARIES, not_seen=_NOT_SEEN),
)
"""Nothing is wrong in what was seen, and much was not seen."""

MARKUP_NAMES = ("fn[/x]", "a[abi:cxx11]", "[bold]loud[/bold]", "[@click=app.quit]here[/]", "$error \\[x]")
"""Names of symbols and files that a markup parser would swallow, obey or fail on."""

HOSTILE = Report(
    targets=("[red]dir[/red]/fn[/x].so",),
    verdict="The kernel fn[/x] is lost in a[abi:cxx11].",
    findings=tuple(
        Finding(
            rule=f"rule-{number}",
            title=f"{name} has no kernel",
            severity=Severity.ERROR,
            confidence=Confidence.POSSIBLE,
            family="binary",
            why=f"The symbol {name} stands alone.",
            limits=name,
            subject=name,
            evidence=(Item(path=f"binaries[0].kernels[{name}]", value=name, source=f"{name}.so"),),
            fixes=(
                Fix(
                    title=f"Rename {name}",
                    safety=Safety.DISPLAY,
                    command=f"objcopy --redefine-sym '{name}'",
                    patch=f"--- a/{name}\n+++ b/{name}\n@@ -1,1 +1,1 @@\n-{name}\n+{name}x\n",
                    trial=Trial(outcome=Outcome.CANNOT_TRY, why=name, effect=(f"{name}: gone",)),
                ),
            ),
            references=(name,),
        )
        for number, name in enumerate(MARKUP_NAMES)
    ),
    undecided=(Undecided(rule="[b]rule[/b]", needs=("fn[/x]",), why="a[abi:cxx11]"),),
    evidence=Evidence(not_seen=(NotSeen(path="fn[/x]", reason="a[abi:cxx11] is cut off"),)),
)
"""Every text that comes from files holds markup."""

NOTHING = Report(
    targets=(),
    verdict="Nothing could be examined: name a shared object.",
    findings=(),
    undecided=(),
    evidence=Evidence(),
)
"""Nothing was there to be judged."""
