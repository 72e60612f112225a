"""From what the tools write that quantize models to number formats.

The keys are those that vLLM 0.33.0 reads in `vllm/model_executor/layers/quantization/`, one file for each method there,
and those of compressed-tensors' `QuantizationArgs`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from buildDoctor.adapters.models.documents import part, text, whole
from buildDoctor.core.evidence import ModelFormat

WHOLE = 16
"""The bits of an activation that is left as it is."""
MOST_GROUPS = 10_000
Reader = Callable[[dict[str, object]], Iterator[ModelFormat]]


def weights(name: str, bits: int, activations: int = WHOLE, group: int = 0) -> ModelFormat:
    """The format of a model's weights."""
    return ModelFormat(name=name, part="weights", weight_bits=bits, activation_bits=activations, group_size=group)


def cache(name: str) -> ModelFormat:
    """The format of the KV cache."""
    bits = 4 if "4" in name else 8
    return ModelFormat(name=name, part="kv-cache", weight_bits=bits, activation_bits=WHOLE, group_size=0)


def _compressed(values: dict[str, object]) -> Iterator[ModelFormat]:
    """compressed-tensors: groups of layers, each with its numbers."""
    groups = list(part(values, "config_groups").values())[:MOST_GROUPS]
    for group in groups:
        packed = text(group, "format") or text(values, "format")
        yield from _numbers(part(group, "weights"), part(group, "input_activations"), packed)
    if not groups and (named := text(values, "format").partition("-")[0]) in {"nvfp4", "mxfp4"}:
        yield weights(named, 4, 4 if named == "nvfp4" else WHOLE, 16 if named == "nvfp4" else 32)
    if scheme := part(values, "kv_cache_scheme"):
        yield cache("fp8" if text(scheme, "type") == "float" else f"int{whole(scheme, 'num_bits')}")


def _numbers(stored: dict[str, object], taken: dict[str, object], packed: str = "") -> Iterator[ModelFormat]:
    """The format of one group: how weights are stored, and what activations become."""
    bits, group = whole(stored, "num_bits"), whole(stored, "group_size")
    activations = whole(taken, "num_bits") or WHOLE
    if not bits:
        return
    if text(stored, "type") != "float":
        yield weights(f"int{bits}", bits, activations, group)
    elif bits == 4:
        # Both are pairs of 4-bit floats; NVFP4 shares an 8-bit float among 16, MXFP4 a power of two among 32.
        micro = packed.startswith("mxfp4") or group == 32
        yield weights("mxfp4" if micro else "nvfp4", bits, activations, group)
    else:
        block = text(stored, "strategy") == "block"
        name = "mxfp8" if packed.startswith("mxfp8") or group == 32 else "fp8-block" if block else "fp8"
        yield weights(name if bits == 8 else f"fp{bits}", bits, activations, group)


_ALGORITHMS = {
    "nvfp4": ("nvfp4", 4, 4, 16), "nvfp4_awq": ("nvfp4", 4, 4, 16), "nvfp4_svdquant": ("nvfp4", 4, 4, 16),
    "w4a16_nvfp4": ("nvfp4", 4, WHOLE, 16), "nvfp4_w4a16": ("nvfp4", 4, WHOLE, 16), "w4a8_nvfp4_fp8": ("nvfp4", 4, 8, 16),
    "fp8": ("fp8", 8, 8, 0), "fp8_per_channel_per_token": ("fp8", 8, 8, 0), "fp8_pb_wo": ("fp8-block", 8, 8, 128),
    "fp8_pb_real_quant": ("fp8-block", 8, 8, 128), "mxfp8": ("mxfp8", 8, 8, 32),
    "mxfp4": ("mxfp4", 4, WHOLE, 32), "w4a8_mxfp4_fp8": ("mxfp4", 4, 8, 32),
    "w4a16_awq": ("awq", 4, WHOLE, 128), "w4a8_awq": ("awq", 4, 8, 128), "int8_sq": ("int8", 8, 8, 0),
}  # fmt: skip
"""What modelopt calls `quant_algo`: format, bits of weights and of activations, and group."""


def _modelopt(values: dict[str, object]) -> Iterator[ModelFormat]:
    """modelopt, in config.json or, beneath `quantization`, in hf_quant_config.json."""
    inside = part(values, "quantization") or values
    layers = list(part(inside, "quantized_layers").values())[:MOST_GROUPS]
    for one in [inside, *layers]:
        if known := _ALGORITHMS.get(text(one, "quant_algo")):
            name, bits, activations, group = known
            yield weights(name, bits, activations, whole(one, "group_size") or group)
    if named := text(inside, "kv_cache_quant_algo") or text(part(inside, "kv_cache_scheme"), "type"):
        yield cache("fp8" if named == "float" else named)


def _fp8(values: dict[str, object]) -> Iterator[ModelFormat]:
    block = values.get("weight_block_size")
    sides = [side for side in block if isinstance(side, int)] if isinstance(block, list) else []
    yield weights("fp8-block" if sides else "fp8", 8, 8, sides[-1] if sides else 0)


def _integers(values: dict[str, object]) -> Iterator[ModelFormat]:
    """GPTQ, AutoRound and others: a number of bits and a group; activations stay as they are."""
    bits = whole(values, "bits", "w_bit", "nbits") or 4
    yield weights(f"int{bits}", bits, WHOLE, whole(values, "group_size", "q_group_size"))


def _awq(values: dict[str, object]) -> Iterator[ModelFormat]:
    bits = whole(values, "bits", "w_bit") or 4
    yield weights("awq" if bits == 4 else f"int{bits}", bits, WHOLE, whole(values, "group_size", "q_group_size"))


def _bitsandbytes(values: dict[str, object]) -> Iterator[ModelFormat]:
    if values.get("load_in_8bit") is True or values.get("_load_in_8bit") is True:
        yield weights("int8", 8, 8)
    else:
        # Both 4-bit types of bitsandbytes go through one kernel.
        yield weights("nf4", 4, WHOLE, 64)


_QUARK_TYPES = {"fp8_e4m3": "float", "fp4": "float", "mxfp4": "float", "int4": "int", "uint4": "int", "int8": "int"}
_BITS = {"fp8_e4m3": 8, "int8": 8, "fp4": 4, "mxfp4": 4, "int4": 4, "uint4": 4}


def _quark(values: dict[str, object]) -> Iterator[ModelFormat]:
    """quark: one scheme for all layers, and others for some."""
    schemes = [part(values, "global_quant_config"), *part(values, "layer_quant_config").values()]
    for scheme in schemes[:MOST_GROUPS]:
        stored, taken = part(scheme, "weight"), part(scheme, "input_tensors")
        kind = text(stored, "dtype")
        numbers: dict[str, object] = {
            "num_bits": _BITS.get(kind, 0), "type": _QUARK_TYPES.get(kind, ""), "group_size": stored.get("group_size"),
        }  # fmt: skip
        yield from _numbers(numbers, {"num_bits": _BITS.get(text(taken, "dtype"), 0)})


READERS: dict[str, Reader] = {
    "compressed-tensors": _compressed,
    "compressed_tensors": _compressed,
    "modelopt": _modelopt,
    "modelopt_fp4": _modelopt,
    "modelopt_mxfp8": _modelopt,
    "modelopt_mixed": _modelopt,
    "fp8": _fp8,
    "fbgemm_fp8": _fp8,
    "deepspeedfp": _fp8,
    "mxfp4": lambda _values: iter((weights("mxfp4", 4, WHOLE, 32),)),
    "gpt_oss_mxfp4": lambda _values: iter((weights("mxfp4", 4, WHOLE, 32),)),
    "fp_quant": lambda values: iter((weights(text(values, "forward_dtype") or "mxfp4", 4, 4, 32),)),
    "awq": _awq,
    "awq_marlin": _awq,
    "auto_awq": _awq,
    "gptq": _integers,
    "gptq_marlin": _integers,
    "marlin": _integers,
    "auto_gptq": _integers,
    "auto-round": _integers,
    "intel/auto-round": _integers,
    "inc": _integers,
    "hqq": _integers,
    "bitsandbytes": _bitsandbytes,
    "quark": _quark,
    "experts_int8": lambda _values: iter((weights("int8", 8),)),
    "eetq": lambda _values: iter((weights("int8", 8),)),
}
"""How the configuration of each method is read."""
