"""The commands of docs/json.md, word for word, answer the five questions that people ask."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
BLOCKS = re.findall(r"```sh\n(.*?)```", (ROOT / "docs" / "json.md").read_text(encoding="utf-8"), re.DOTALL)
ANSWERS = {
    "which GPUs can this wheel serve": (
        "7.5\t1\tnative\n8.0\t3\tnative\n8.6\t3\tnative\n8.9\t3\tnative\n9.0\t3\tnative\n"
        "10.0\t1\tjit\n10.3\t1\tjit\n12.0\t3\tnative\n12.1\t3\tnative\n"
    ),
    "which kernels are JIT-only on 12.0": "_Z5scalePff\n",
    "what does this tree build for 12.1": "scaled_mm_sm90\tnot built\nscaled_mm_sm120\t12.0a\nNVFP4\t12.0a\n",
    "which packages in this environment break on my GPU": "my\n",
    "did this build lose a kernel": "_Z10everywhereILi1EEvPf\n_Z10newer_onlyILi2EEvPf\n",
}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel, the last one, a tree and an environment, all of the bundled case; and the program on the path."""
    demo = ROOT / "buildDoctor" / "demo"
    here = tmp_path_factory.mktemp("questions")
    binaries = ROOT / "tests" / "adapters" / "binaries"
    for name, other in (("my.whl", "plain.so"), ("last.whl", "several.so")):
        with zipfile.ZipFile(here / name, "w") as wheel:
            wheel.write(demo / "_C.abi3.so", "my/_C.abi3.so")
            wheel.write(binaries / "ptx.so", "my/_ptx.abi3.so")
            wheel.write(binaries / other, "my/_other.abi3.so")
    shutil.copytree(demo, here / "my-tree")
    packages = here / "path" / "to" / "site-packages" / "my"
    packages.mkdir(parents=True)
    shutil.copy(demo / "_C.abi3.so", packages)
    (here / "bin").mkdir()
    (here / "bin" / "build-doctor").write_text(
        f'#!/bin/sh\nexec {sys.executable} -m buildDoctor "$@"\n', encoding="utf-8"
    )
    (here / "bin" / "build-doctor").chmod(0o755)
    return here


@pytest.mark.skipif(shutil.which("jq") is None, reason="jq is not installed")
@pytest.mark.parametrize(
    ("number", "answer"), [pytest.param(at, text, id=name) for at, (name, text) in enumerate(ANSWERS.items())]
)
def test_a_question_is_answered(number: int, answer: str, place: Path) -> None:
    ended = subprocess.run(
        ["sh", "-eu", "-c", BLOCKS[number]], cwd=place, capture_output=True, text=True, check=False,
        env={"PATH": f"{place}/bin:/usr/bin:/bin", "PYTHONPATH": str(ROOT), "HOME": "/", "LANG": "C.UTF-8"},
    )  # fmt: skip

    assert ended.stderr == ""
    assert ended.stdout == answer
