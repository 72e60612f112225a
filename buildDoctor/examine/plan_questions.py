"""What CMake is asked about a tree: the request as torch and CMake get it, and a build for HIP."""

from __future__ import annotations

from pathlib import Path

from buildDoctor.adapters.cmake.question import Question, definitions_in, names_in
from buildDoctor.adapters.cmake.torch_script import find_torch_script
from buildDoctor.core.evidence import Evidence, Plan, Torch
from buildDoctor.examine.gathered import Gathered
from buildDoctor.examine.options import Options

_ROCM = "rocm"


def hip_question(gathered: Gathered, options: Options) -> Question | None:
    """The question for a build with ROCm; nothing unless the examined torch is built for it."""
    torch = gathered.evidence.torch
    if torch is None or _ROCM not in (torch.version or ""):
        return None
    environment = gathered.evidence.environment
    stated = dict(options.variables()).get("PYTORCH_ROCM_ARCH")
    asked = stated if stated is not None else (environment.PYTORCH_ROCM_ARCH if environment else None) or ""
    return Question(
        cuda="",
        request=(),
        torch=torch.version or "",
        definitions=_definitions(gathered, options),
        hip=True,
        hip_request=tuple(asked.replace(";", " ").split()),
    )


def cuda_question(gathered: Gathered, options: Options, cuda: str, request: tuple[str, ...]) -> Question:
    """The question for a build with CUDA.

    Args:
        gathered: what was seen so far.
        options: the user's request.
        cuda: the toolkit's version.
        request: the architectures that the build is asked for.
    """
    torch = gathered.evidence.torch
    environment = gathered.evidence.environment
    listed = options.arch_list or (environment.TORCH_CUDA_ARCH_LIST if environment else None) or ""
    return Question(
        cuda=cuda,
        request=request,
        torch=(torch.version if torch else None) or "",
        named=names_in(listed),
        # The same tuple: no list was stated anywhere, so torch and CMake look for the GPUs themselves.
        detects=request is gathered.evidence.capabilities,
        torch_script=_torch_script(torch),
        definitions=_definitions(gathered, options),
    )


def asked_again(evidence: Evidence, plan: Plan, options: Options) -> Question:
    """The question that a plan of the evidence was made with.

    Args:
        evidence: what was seen.
        plan: the plan.
        options: the user's request.
    """
    gathered = Gathered(evidence=evidence)
    hip = hip_question(gathered, options) if plan.platform == "hip" else None
    return hip or cuda_question(gathered, options, plan.cuda_version or "", plan.request or ())


def _torch_script(torch: Torch | None) -> Path | None:
    return find_torch_script(Path(torch.path)) if torch is not None and torch.path else None


def _definitions(gathered: Gathered, options: Options) -> tuple[tuple[str, str], ...]:
    """What CMake is told by CMAKE_ARGS, of `--env` before that of the environment."""
    environment = gathered.evidence.environment
    stated = dict(options.variables()).get("CMAKE_ARGS")
    return definitions_in(stated if stated is not None else (environment.CMAKE_ARGS if environment else None) or "")
