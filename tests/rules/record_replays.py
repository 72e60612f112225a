"""Writes the examples of rules that are made from a replay: `python record_replays.py FOLDER`.

FOLDER holds unpacked source distributions, such as `vllm-0.11.0`. What is written is what the replay says of them: the
lists, the blocks and the request, and nothing of their files.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from msgspec import to_builtins

from buildDoctor.adapters.cmake.plan import read_plan
from buildDoctor.adapters.cmake.question import Question, split_request

RULES = Path(__file__).parents[2] / "rules"
REPLAYS = {
    "plan/vllm-0.11.0-cuda-11.8.json": ("vllm-0.11.0", "11.8", "8.0 9.0", ["9.0"]),
    "plan/vllm-0.11.0-b300.json": ("vllm-0.11.0", "12.9", "10.3", ["10.3"]),
    "plan/vllm-0.11.0-gb10.json": ("vllm-0.11.0", "12.9", "12.1", ["12.1"]),
    "plan/vllm-0.33.0-rtx-5090.json": ("vllm-0.33.0", "13.0", "12.0", ["12.0"]),
}
"""The file, the tree, the toolkit, the request, and the capabilities to diagnose for."""


def record(trees: Path) -> None:
    """All of them."""
    for name, (tree, cuda, request, capabilities) in REPLAYS.items():
        plan = read_plan(trees / tree, Question(cuda=cuda, request=split_request(request))).plan
        if plan is None:
            raise SystemExit(f"{tree} has no plan")
        features = [
            {key: value for key, value in to_builtins(feature).items() if value is not None and key != "sources"}
            for feature in plan.features or ()
        ]
        supported = to_builtins(plan.supported) if plan.supported else None
        evidence = {
            "capabilities": capabilities,
            "plan": {
                "source": tree,
                "builder": "cmake",
                "cuda_version": cuda,
                "request": plan.request,
                "supported": supported,
                "architectures": plan.architectures,
                "features": features,
            },
        }
        (RULES / name).write_text(json.dumps(evidence, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    record(Path(sys.argv[1]))
