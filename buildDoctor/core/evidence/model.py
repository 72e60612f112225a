"""A model: the number formats that it is stored in, and what of them the hardware and the build can do."""

from __future__ import annotations

from msgspec import Struct


class ModelFormat(Struct, frozen=True, kw_only=True):
    """One number format of a model."""

    name: str | None = None
    """`nvfp4`, `mxfp4`, `mxfp8`, `fp8`, `fp8-block`, `int8`, `int4`, `nf4`, … in small letters."""
    part: str | None = None
    """What is stored in it: `weights` or `kv-cache`."""
    weight_bits: int | None = None
    """The bits of a weight, or of an entry of the KV cache."""
    activation_bits: int | None = None
    """The bits that activations are turned into before they are multiplied; 16 when they are left as they are."""
    group_size: int | None = None
    """How many neighbours share a scale; 0 when it is shared by a whole row or tensor."""


class ModelWay(Struct, frozen=True, kw_only=True):
    """One way to compute with a format on a GPU."""

    name: str | None = None
    """The kernels: `cutlass`, `marlin`, `triton`, `torch`, …"""
    needs: str | None = None
    """The lowest compute capability on which it works."""
    native: bool | None = None
    """Whether it multiplies in the format; otherwise weights are first turned back into 16 bits, which is slower."""
    hardware: bool | None = None
    """Whether the GPU is new enough for it."""
    build: str | None = None
    """What is there for the GPU: `kernel`, `jit` (PTX), `other-gpus` (kernels, for others), `stub` (an entry point without one),
    `no-suffix` (compiled without the suffix that it needs), `none`, `run-time` (compiled when it is used), `library` (part of torch), `planned` or `not-planned` (by the build scripts)."""


class ModelRequirement(Struct, frozen=True, kw_only=True):
    """What one format of a model needs on GPUs of one capability."""

    format: str | None = None
    """The format's name, such as `nvfp4`."""
    capability: str | None = None
    """The compute capability, such as `12.0`."""
    ways: tuple[ModelWay, ...] | None = None
    """The ways that are known, the preferred one first."""
    best: str | None = None
    """The first of them that hardware and build allow; empty when none does."""
    native: bool | None = None
    """Whether that one multiplies in the format."""


class Model(Struct, frozen=True, kw_only=True):
    """A model, from its configuration files; weights are not opened."""

    path: str | None = None
    """Its folder."""
    architecture: str | None = None
    """The class that runs it, such as `LlamaForCausalLM`; empty when the configuration names none."""
    method: str | None = None
    """How it was quantized, such as `compressed-tensors`; empty for a model that is not."""
    experts: int | None = None
    """How many experts a layer has; 0 for a model without."""
    formats: tuple[ModelFormat, ...] | None = None
    """The number formats that it is stored in, apart from 16 and 32 bits."""
    requires: tuple[ModelRequirement, ...] | None = None
    """What they need, for each capability to diagnose for."""
