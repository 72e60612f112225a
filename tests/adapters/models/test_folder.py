"""What configurations say: those of every method, and those that lie."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from buildDoctor.adapters.models.folder import ModelReading, read_model
from buildDoctor.core.evidence import Model

NVFP4 = {"num_bits": 4, "type": "float", "strategy": "tensor_group", "group_size": 16, "symmetric": True}
FP8 = {"num_bits": 8, "type": "float", "strategy": "channel", "symmetric": True}


def read(folder: Path, **files: Any) -> ModelReading:
    for name, content in files.items():
        (folder / f"{name}.json").write_text(
            content if isinstance(content, str) else json.dumps(content), encoding="utf-8"
        )
    return read_model(folder)


def formats(model: Model | None) -> list[tuple[Any, ...]]:
    assert model is not None
    return [(one.name, one.part, one.weight_bits, one.activation_bits, one.group_size) for one in model.formats or ()]


def compressed(weights: dict[str, Any], activations: dict[str, Any] | None, packed: str, **more: Any) -> dict[str, Any]:
    group = {"weights": weights, "input_activations": activations, "targets": ["Linear"]}
    return {"quant_method": "compressed-tensors", "format": packed, "config_groups": {"group_0": group}, **more}


CONFIGURATIONS: dict[str, tuple[dict[str, Any], list[tuple[Any, ...]]]] = {
    "NVFP4 by compressed-tensors": (compressed(NVFP4, NVFP4, "nvfp4-pack-quantized"), [("nvfp4", "weights", 4, 4, 16)]),
    "NVFP4 weights alone": (compressed(NVFP4, None, "nvfp4-pack-quantized"), [("nvfp4", "weights", 4, 16, 16)]),
    "MXFP4 by its group": (compressed({**NVFP4, "group_size": 32}, None, "mxfp4-pack-quantized"), [("mxfp4", "weights", 4, 16, 32)]),
    "FP8 by compressed-tensors": (compressed(FP8, {"num_bits": 8, "type": "float", "dynamic": True}, "float-quantized"), [("fp8", "weights", 8, 8, 0)]),
    "FP8 in blocks": (compressed({**FP8, "strategy": "block", "group_size": 128}, {"num_bits": 8, "type": "float"}, "float-quantized"), [("fp8-block", "weights", 8, 8, 128)]),
    "integers of 8 bits": (compressed({"num_bits": 8, "type": "int"}, {"num_bits": 8, "type": "int"}, "int-quantized"), [("int8", "weights", 8, 8, 0)]),
    "integers of 4 bits": (compressed({"num_bits": 4, "type": "int", "group_size": 128}, None, "pack-quantized"), [("int4", "weights", 4, 16, 128)]),
    "only the format is said": ({"quant_method": "compressed-tensors", "format": "nvfp4-pack-quantized"}, [("nvfp4", "weights", 4, 4, 16)]),
    "with a KV cache": (
        compressed(NVFP4, NVFP4, "nvfp4-pack-quantized", kv_cache_scheme={"num_bits": 8, "type": "float"}),
        [("nvfp4", "weights", 4, 4, 16), ("fp8", "kv-cache", 8, 16, 0)],
    ),
    "modelopt in config.json": ({"quant_method": "modelopt", "quant_algo": "NVFP4", "kv_cache_scheme": {"type": "float", "num_bits": 8}}, [("nvfp4", "weights", 4, 4, 16), ("fp8", "kv-cache", 8, 16, 0)]),
    "modelopt MXFP8": ({"quant_method": "modelopt", "quant_algo": "MXFP8"}, [("mxfp8", "weights", 8, 8, 32)]),
    "fp8": ({"quant_method": "fp8", "activation_scheme": "dynamic"}, [("fp8", "weights", 8, 8, 0)]),
    "fp8 in blocks, as DeepSeek has it": ({"quant_method": "fp8", "weight_block_size": [128, 128]}, [("fp8-block", "weights", 8, 8, 128)]),
    "gpt-oss": ({"quant_method": "mxfp4", "modules_to_not_convert": ["lm_head"]}, [("mxfp4", "weights", 4, 16, 32)]),
    "AWQ": ({"quant_method": "awq", "bits": 4, "group_size": 128, "version": "gemm"}, [("awq", "weights", 4, 16, 128)]),
    "GPTQ": ({"quant_method": "gptq", "bits": 4, "group_size": 128, "desc_act": False}, [("int4", "weights", 4, 16, 128)]),
    "GPTQ of 8 bits": ({"quant_method": "gptq", "bits": 8, "group_size": -1}, [("int8", "weights", 8, 16, 0)]),
    "marlin": ({"quant_method": "marlin", "bits": 4, "group_size": 128}, [("int4", "weights", 4, 16, 128)]),
    "bitsandbytes": ({"quant_method": "bitsandbytes", "_load_in_4bit": True, "bnb_4bit_quant_type": "nf4"}, [("nf4", "weights", 4, 16, 64)]),
    "bitsandbytes of 8 bits": ({"quant_method": "bitsandbytes", "load_in_8bit": True}, [("int8", "weights", 8, 8, 0)]),
    "quark FP8": ({"quant_method": "quark", "global_quant_config": {"weight": {"dtype": "fp8_e4m3"}, "input_tensors": {"dtype": "fp8_e4m3"}}}, [("fp8", "weights", 8, 8, 0)]),
    "quark MXFP4": ({"quant_method": "quark", "global_quant_config": {"weight": {"dtype": "fp4", "group_size": 32}, "input_tensors": {"dtype": "fp4", "group_size": 32}}}, [("mxfp4", "weights", 4, 4, 32)]),
}  # fmt: skip


@pytest.mark.parametrize("case", CONFIGURATIONS)
def test_a_configuration_gives_its_formats(case: str, tmp_path: Path) -> None:
    quantization, wanted = CONFIGURATIONS[case]

    reading = read(tmp_path, config={"architectures": ["LlamaForCausalLM"], "quantization_config": quantization})

    assert formats(reading.model) == wanted
    assert reading.model is not None
    assert reading.model.method == quantization["quant_method"]
    assert reading.not_seen == ()


def test_what_modelopt_puts_beside_the_configuration_counts(tmp_path: Path) -> None:
    beside = {
        "producer": {"name": "modelopt"},
        "quantization": {"quant_algo": "NVFP4", "kv_cache_quant_algo": "FP8", "group_size": 16},
    }

    reading = read(tmp_path, config={"architectures": ["Qwen3ForCausalLM"]}, hf_quant_config=beside)

    assert formats(reading.model) == [("nvfp4", "weights", 4, 4, 16), ("fp8", "kv-cache", 8, 16, 0)]
    assert [origin.source.rpartition("/")[2] for origin in reading.origins] == [
        "config.json",
        *["hf_quant_config.json"] * 2,
    ]


def test_layers_of_several_formats_give_each_once(tmp_path: Path) -> None:
    layers = {"a": {"quant_algo": "NVFP4"}, "b": {"quant_algo": "FP8"}, "c": {"quant_algo": "NVFP4"}}
    reading = read(
        tmp_path, hf_quant_config={"quantization": {"quant_algo": "MIXED_PRECISION", "quantized_layers": layers}}
    )
    assert [one[0] for one in formats(reading.model)] == ["nvfp4", "fp8"]


def test_the_text_part_of_a_model_with_images_is_read(tmp_path: Path) -> None:
    inside = {"quantization_config": {"quant_method": "fp8"}, "num_experts": 128}
    reading = read(tmp_path, config={"architectures": ["Gemma3ForConditionalGeneration"], "text_config": inside})
    assert reading.model is not None
    assert (reading.model.method, reading.model.experts) == ("fp8", 128)


def test_a_model_that_is_not_quantized_has_no_formats(tmp_path: Path) -> None:
    reading = read(tmp_path, config={"architectures": ["LlamaForCausalLM"], "torch_dtype": "bfloat16"})
    assert reading.model is not None
    assert (reading.model.method, reading.model.formats, reading.not_seen) == ("", (), ())


def test_an_unknown_method_is_said_and_not_guessed(tmp_path: Path) -> None:
    reading = read(tmp_path, config={"quantization_config": {"quant_method": "vptq"}})
    assert reading.model is not None
    assert reading.model.formats is None
    assert [(gap.path, "vptq" in gap.reason) for gap in reading.not_seen] == [("model.formats", True)]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        pytest.param("", "is no JSON", id="nothing"),
        pytest.param("[" * 1_000_000, "nested too deeply", id="deep"),
        pytest.param('{"a":' * 200_000, "nested too deeply", id="deep objects"),
        pytest.param("[1, 2]", "holds no JSON object", id="a list"),
        pytest.param('{"a": ' + "9" * 10_000 + "}", "is no JSON", id="a number as long as a page"),
        pytest.param('{"a": "\ud800', "is no JSON", id="half a character"),
        pytest.param(" " * (17 << 20) + "{}", "more than 16 MiB", id="huge"),
    ],
)
def test_a_configuration_that_is_none_is_said(content: str, words: str, tmp_path: Path) -> None:
    (tmp_path / "config.json").write_bytes(content.encode("utf-8", "surrogatepass"))

    reading = read_model(tmp_path)

    assert reading.model is None
    assert [gap.path for gap in reading.not_seen] == ["model"]
    assert words in reading.not_seen[0].reason


def test_a_key_that_stands_twice_is_said(tmp_path: Path) -> None:
    """Python takes the last one, and so does whatever loads the model."""
    reading = read(tmp_path, config='{"quantization_config": {"quant_method": "awq", "quant_method": "fp8"}}')
    assert reading.model is not None
    assert reading.model.method == "fp8"
    assert "quant_method twice" in reading.not_seen[0].reason


def test_values_that_are_no_numbers_are_passed_over(tmp_path: Path) -> None:
    odd = '{"quantization_config": {"quant_method": "gptq", "bits": NaN, "group_size": Infinity}, "architectures": [[]], "num_experts": true}'
    reading = read(tmp_path, config=odd)
    assert formats(reading.model) == [("int4", "weights", 4, 16, 0)]
    assert reading.model is not None
    assert (reading.model.architecture, reading.model.experts) == ("", 0)


def test_a_pipe_under_the_name_of_the_configuration_does_not_block(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "config.json")
    assert read_model(tmp_path).not_seen[0].reason == "config.json is no file"


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(
        st.sampled_from(
            ["quant_method", "config_groups", "group_0", "weights", "input_activations", "num_bits", "type", "format", "quantization",
             "quant_algo", "quantized_layers", "weight_block_size", "bits", "global_quant_config", "weight", "dtype", "kv_cache_scheme"]
        ),
        inner,
        max_size=6,
    ),
    max_leaves=25,
)  # fmt: skip
METHODS = ["compressed-tensors", "modelopt", "fp8", "awq", "gptq", "bitsandbytes", "quark", "mxfp4", "fp_quant", "hqq"]


@given(anything=ANYTHING, method=st.sampled_from(METHODS))
@settings(deadline=None, max_examples=200)
def test_no_types_make_it_raise(anything: Any, method: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("model")
    inside = {**anything, "quant_method": method} if isinstance(anything, dict) else anything
    reading = read(
        folder,
        config={"quantization_config": inside, "architectures": anything},
        hf_quant_config={"quantization": anything},
    )
    assert reading.model is not None


def test_what_cannot_be_read_as_a_file_is_said(tmp_path: Path) -> None:
    """A folder opens as a file does, and a process's own memory looks like one until it is read."""
    (tmp_path / "config.json").mkdir()
    (tmp_path / "quant_config.json").symlink_to("/proc/self/mem")

    reading = read_model(tmp_path)

    assert reading.model is None
    assert [missing.reason for missing in reading.not_seen] == [
        "config.json is no file",
        "quant_config.json cannot be read: Input/output error",
    ]
