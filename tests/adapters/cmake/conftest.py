"""Small source trees made for one test, and the question that they are asked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from buildDoctor.adapters.cmake.plan import PlanReading, read_plan
from buildDoctor.adapters.cmake.question import Question

QUESTION = Question(cuda="12.9", request=("9.0", "12.0"))
HEAD = "cmake_minimum_required(VERSION 3.26)\nproject(small LANGUAGES CXX)\n"

MakeTree = Callable[..., Path]
Ask = Callable[..., PlanReading]


@pytest.fixture
def make_tree(tmp_path: Path) -> MakeTree:
    """Makes a tree from the text of its CMakeLists.txt and of further scripts by path."""

    def make(text: str, /, folder: str = "tree", **scripts: str) -> Path:
        tree = tmp_path / folder
        for name, content in {"CMakeLists.txt": HEAD + text, **scripts}.items():
            path = tree / name.replace("__", "/")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
        return tree

    return make


@pytest.fixture
def ask() -> Ask:
    """Reads the plan of a tree."""

    def read(tree: Path, question: Question = QUESTION) -> PlanReading:
        return read_plan(tree, question)

    return read
