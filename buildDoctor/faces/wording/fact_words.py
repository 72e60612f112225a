"""What was seen, as short lines for people: machine, torch, toolkits, model, loader, plan and shared objects."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from buildDoctor.core.evidence import Binary, Evidence, Image, Live, Loader, Model, ModelRequirement, ModelWay, Plan
from buildDoctor.faces.wording.plain import counted, visible

Fact = tuple[str, str]
"""What it is, and what was seen of it."""
_BUILD = {
    "kernel": "in the build",
    "jit": "in the build as PTX",
    "no-suffix": "compiled without the suffix that it needs",
    "other-gpus": "in the build for other GPUs",
    "stub": "an entry point without a kernel",
    "none": "not in the build",
    "run-time": "compiled when it is used",
    "library": "part of torch",
    "planned": "planned",
    "not-planned": "not planned",
}
"""What the build has of a way to compute with a format."""


def machine_facts(evidence: Evidence) -> Iterator[Fact]:
    """GPUs, driver, toolkits, torch and Python."""
    if evidence.capabilities:
        yield "diagnosed for", ", ".join(map(visible, evidence.capabilities))
    for gpu in evidence.gpus or ():
        yield f"GPU {gpu.index if gpu.index is not None else ''}".strip(), _joined(gpu.name, gpu.capability)
    if evidence.driver is not None:
        yield "driver", _joined(evidence.driver.version, _after("CUDA", evidence.driver.cuda))
    for toolkit in evidence.toolkits or ():
        yield "toolkit", _joined(toolkit.version, toolkit.path, "taken by a build here" if toolkit.chosen else None)
    torch = evidence.torch
    if torch is not None:
        yield "torch", _joined(torch.version, _after("CUDA", torch.cuda), _after("C++ ABI", torch.cxx11_abi))
        yield "torch is built for", visible(" ".join(torch.architectures or ())) or "nothing"
    if evidence.python is not None:
        yield "Python", _joined(evidence.python.version, evidence.python.tag)
    if evidence.system is not None:
        yield "system", _joined(evidence.system.machine, _after("glibc", evidence.system.glibc))


def loader_facts(loader: Loader | None) -> Iterator[Fact]:
    """What the loader would do, as far as it is out of the ordinary."""
    if loader is None:
        return
    if loader.folders:
        yield "LD_LIBRARY_PATH", visible(":".join(loader.folders))
    if loader.torch_problem:
        yield "importing torch", f"fails: {visible(loader.torch_problem)}"
    for mixed in loader.mixed or ():
        yield f"two of {visible(mixed.kind or '')}", visible(", ".join(mixed.paths or ()))
    # In its usual place it is nothing to tell.
    if loader.driver is not None and loader.driver.path and loader.driver.by not in {"cache", "default"}:
        yield "driver's library", _joined(loader.driver.path, f"by {loader.driver.by}")


def live_facts(live: Live | None) -> Iterator[Fact]:
    """What a process of the examined Python answered, where it was asked."""
    if live is None:
        return
    ended = live.ended if live.ended == "answered" else f"{live.ended} while it did this: {live.doing or 'starting'}"
    yield "the process", visible(ended or "(not seen)")
    if live.torch:
        yield "imports torch", _joined(live.torch, live.torch_path)
    if live.error:
        yield "torch says", visible(" ".join(live.error.split()))
    if live.architectures is not None:
        yield "torch.cuda.get_arch_list()", visible(" ".join(live.architectures)) or "nothing"
    for device in live.devices or ():
        yield "torch sees", _joined(device.name, device.capability)
    libraries = live.libraries or ()
    broken = [library for library in libraries if library.error]
    if libraries:
        yield "loaded", f"{len(libraries) - len(broken)} of {counted(len(libraries), 'shared object')}"
    for library in broken:
        yield "does not load", visible(f"{library.path}: {' '.join((library.error or '').split())}")


def model_facts(model: Model | None) -> Iterator[Fact]:
    """A model's formats, and what each needs on each GPU."""
    if model is None:
        return
    yield "model", _joined(model.path, model.architecture, model.method or "not quantized")
    for one in model.formats or ():
        stored = (
            f"{one.weight_bits} bits"
            if one.part == "kv-cache"
            else f"{one.weight_bits}-bit weights, {one.activation_bits}-bit activations"
        )
        yield _part(one.part), f"{visible(one.name or '')} ({stored})"
    for need in model.requires or ():
        yield f"{visible(need.format or '')} on {visible(need.capability or '')}", _need(need)


def _part(part: str | None) -> str:
    return "KV cache" if part == "kv-cache" else "weights"


def _need(need: ModelRequirement) -> str:
    ways = "; ".join(map(_way, need.ways or ()))
    if need.best is None:
        return f"not known: {ways}"
    if not need.best:
        return f"no way: {ways}"
    return f"{visible(need.best)}{'' if need.native else ', in 16 bits'}: {ways}"


def _way(way: ModelWay) -> str:
    if not way.hardware:
        return f"{visible(way.name or '')} needs {visible(way.needs or '')}"
    return f"{visible(way.name or '')} {_BUILD.get(way.build or '', 'not known')}"


def plan_facts(plan: Plan | None) -> Iterator[Fact]:
    """What the build scripts decide."""
    if plan is None:
        return
    yield "source tree", visible(plan.source or "")
    if plan.cuda_version:
        yield "planned with CUDA", visible(plan.cuda_version)
    yield "asked for", _list(plan.request)
    if plan.supported is not None and plan.supported.architectures is not None:
        yield visible(plan.supported.variable or "supported"), _list(plan.supported.architectures)
    for feature in plan.features or ():
        yield visible(feature.name or ""), f"wants {_list(feature.wants)}, gets {_list(feature.gets)}"


def binary_facts(binary: Binary) -> str:
    """What one shared object holds, in a line."""
    images = binary.images
    parts = [_size(binary.size_bytes)]
    if images is None:
        parts.append("device code not seen")
    elif not images:
        parts.append("no device code")
    else:
        parts += [f"machine code for {_kinds(images, 'cubin')}", f"PTX for {_kinds(images, 'ptx')}"]
    needed = [library.name or "" for library in (binary.host.cuda_libraries if binary.host else None) or ()]
    parts += [f"needs {visible(', '.join(needed))}"] if needed else []
    return "; ".join(part for part in parts if part)


def _kinds(images: Iterable[Image], kind: str) -> str:
    found = {image.architecture for image in images if image.kind == kind and image.architecture}
    return visible(" ".join(sorted(found, key=_order))) or "nothing"


def _order(architecture: str) -> tuple[int, str]:
    major = architecture.partition(".")[0]
    return (int(major) if major.isdecimal() else 0, architecture)


def _size(number: int | None) -> str:
    return "" if number is None else f"{number / 1e6:,.1f} MB" if number >= 100_000 else counted(number, "byte")


def _list(architectures: Iterable[str] | None) -> str:
    return "(not seen)" if architectures is None else visible(" ".join(architectures)) or "nothing"


def _after(word: str, value: str | None) -> str | None:
    return f"{word} {value}" if value else None


def _joined(*parts: str | None) -> str:
    return ", ".join(visible(part) for part in parts if part) or "(not seen)"
