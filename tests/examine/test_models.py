"""The NVFP4 case with its model: what it needs, what the bundled build has."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from buildDoctor.adapters import demo_case
from buildDoctor.core.errors import RequestError
from buildDoctor.examine.gathered import Gathered
from buildDoctor.examine.models import see_model
from buildDoctor.examine.options import Options
from buildDoctor.examine.run import examine

ROOT = Path(__file__).parents[2]
GROUP = {"num_bits": 4, "type": "float", "strategy": "tensor_group", "group_size": 16, "symmetric": True}


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """The model of the case, as compressed-tensors describes it; it holds no weights."""
    quantization = {
        "quant_method": "compressed-tensors",
        "format": "nvfp4-pack-quantized",
        "config_groups": {"group_0": {"weights": GROUP, "input_activations": GROUP, "targets": ["Linear"]}},
        "ignore": ["lm_head"],
    }
    config = {"architectures": ["LlamaForCausalLM"], "hidden_size": 8192, "quantization_config": quantization}
    (tmp_path / "config.json").write_text(json.dumps(config), encoding="utf-8")
    return tmp_path


def test_the_model_of_the_case_has_no_kernel_in_the_build_of_the_case(model: Path) -> None:
    report = examine(
        Options(targets=(str(demo_case.BINARY),), gpu="12.0", model=str(model), isolated=True, static=True)
    )

    assert report.evidence.model is not None
    (need,) = report.evidence.model.requires or ()
    assert [(way.name, way.hardware, way.build) for way in need.ways or ()] == [
        ("cutlass", True, "stub"),
        ("marlin", True, "none"),
    ]
    found = {finding.rule: finding.explained_by for finding in report.findings}
    assert found["model-meets-stub"] == "stub-only-kernel"


def test_on_a_hopper_the_model_needs_marlin_which_is_not_there_either(model: Path) -> None:
    report = examine(Options(targets=(str(demo_case.BINARY),), gpu="9.0", model=str(model), isolated=True, static=True))

    (need,) = (report.evidence.model.requires if report.evidence.model else None) or ()
    assert [way.hardware for way in need.ways or ()] == [False, True]
    assert need.best == ""


def test_on_a_volta_no_build_helps(model: Path) -> None:
    report = examine(Options(targets=(str(demo_case.BINARY),), gpu="7.0", model=str(model), isolated=True, static=True))

    found = [finding.rule for finding in report.findings]
    assert "format-beyond-hardware" in found
    assert "model-without-kernel" not in found


def test_a_folder_that_is_not_there_is_a_wrong_request() -> None:
    with pytest.raises(RequestError, match="--model"):
        see_model(Gathered(), "/no/such/folder")


def test_a_folder_without_a_configuration_is_not_seen(tmp_path: Path) -> None:
    gathered = Gathered()
    see_model(gathered, str(tmp_path))
    assert gathered.evidence.model is None
    assert [gap.path for gap in gathered.evidence.not_seen] == ["model"]


def test_the_command_takes_the_option(model: Path) -> None:
    ended: Any = subprocess.run(
        [sys.executable, "-m", "buildDoctor", "--json", "--static", "--isolated", "--gpu", "12.0", "--model", model, demo_case.BINARY],
        capture_output=True, text=True, check=False, timeout=120, cwd=ROOT,
    )  # fmt: skip
    assert json.loads(ended.stdout)["evidence"]["model"]["formats"][0]["name"] == "nvfp4"
