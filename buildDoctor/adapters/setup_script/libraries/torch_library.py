"""torch, as far as it is known: its version, its CUDA, the GPUs that it sees, and its build helper."""

from __future__ import annotations

import ast

from buildDoctor.adapters.setup_script.interpreter import Interpreter
from buildDoctor.adapters.setup_script.libraries.extensions import EXTENSIONS
from buildDoctor.adapters.setup_script.libraries.native import constant, library
from buildDoctor.adapters.setup_script.values import Items, Library, Native, Unknown, Value

CUDA_HOME = "/not-run/cuda"
"""Where the script believes that the toolkit lies."""


def torch_libraries(run: Interpreter) -> dict[str, Library]:
    """The modules of torch that build scripts use."""
    helper = library(
        "torch.utils.cpp_extension",
        CUDA_HOME=CUDA_HOME, ROCM_HOME=None, HIP_HOME=None, CUDNN_HOME=None, IS_HIP_EXTENSION=False, IS_WINDOWS=False,
        IS_MACOS=False, IS_LINUX=True, **EXTENSIONS,
    )  # fmt: skip
    cuda = _cuda(run)
    version = library("torch.version", cuda=run.question.cuda_of_torch, hip=None, xpu=None)
    utils = library("torch.utils", cpp_extension=helper)
    torch = library("torch", version=version, cuda=cuda, utils=utils)
    if run.question.torch:
        torch.attributes["__version__"] = version.attributes["__version__"] = run.question.torch
    return {
        "torch": torch, "torch.version": version, "torch.cuda": cuda, "torch.utils": utils,
        "torch.utils.cpp_extension": helper,
    }  # fmt: skip


def _cuda(run: Interpreter) -> Library:
    architectures = run.question.torch_architectures
    cuda = library("torch.cuda")
    if architectures is not None:
        cuda.attributes["get_arch_list"] = Native("torch.cuda.get_arch_list", lambda *_: Items(architectures))
    seen = run.question.capabilities
    if seen is None:
        return cuda
    cuda.attributes |= {
        "is_available": constant("torch.cuda.is_available", bool(seen)),
        "device_count": constant("torch.cuda.device_count", len(seen)),
        "current_device": constant("torch.cuda.current_device", 0),
        "get_device_capability": Native("torch.cuda.get_device_capability", _capability),
        "get_device_properties": Native("torch.cuda.get_device_properties", _properties),
    }
    return cuda


def _capability(
    run: Interpreter, node: ast.Call, args: list[Value], named: dict[str, Value]
) -> tuple[int, int] | Unknown:
    """The capability of a device: of the first one for `cuda` and for none."""
    which = args[0] if args else named.get("device", 0)
    number = 0 if which in {"cuda", "cuda:0", None} else which
    seen = run.question.capabilities or ()
    if not isinstance(number, int) or not 0 <= number < len(seen):
        return run.unknown(node)
    major, _, minor = seen[number].partition(".")
    return int(major), int(minor)


def _properties(run: Interpreter, node: ast.Call, args: list[Value], named: dict[str, Value]) -> Value:
    found = _capability(run, node, args, named)
    if isinstance(found, Unknown):
        return found
    return library("torch.cuda.get_device_properties()", major=found[0], minor=found[1])
