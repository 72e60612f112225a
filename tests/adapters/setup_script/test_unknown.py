"""What hangs on something that is not known is not claimed, and the thing is named with its place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Tree = Callable[..., Any]
ONE = "ext_modules = [CUDAExtension('e', ['a.cu'], extra_compile_args={'nvcc': %s})]"
G80, G90 = (f"'-gencode', 'arch=compute_{n},code=sm_{n}'" for n in (80, 90))
SURE = f"flags = [{G80}]\n"

DOUBTS = {
    "a condition on the machine": (f"{SURE}if os.cpu_count() > 4:\n    flags += [{G90}]\n", "os.cpu_count() > 4 at setup.py:8"),
    "a flag that is not known": (f"{SURE}flags += [os.popen('x').read()]\n", "setup.py:8"),
    "a list that is not known": ("import helper_that_is_not_here as h\nflags = h.flags()\n", "h.flags() at setup.py:8"),
    "a list handed to an unknown function": (f"import h\n{SURE}h.change(flags)\n", "what h.change does to it at setup.py:9"),
    "a loop over something unknown": (f"{SURE}for x in os.scandir('/'):\n    flags.append('-arch=sm_90')\n", "setup.py:9"),
    "a return under an unknown condition": (
        f"def f():\n    for x in os.scandir('/'):\n        return [{G90}]\n    return [{G80}]\nflags = f()\n", "unknown condition"
    ),
    "a break under an unknown condition": (
        f"{SURE}for x in ('80', '90'):\n    for y in os.scandir('/'):\n        x = '70'\n    flags += [f'-gencode=arch=compute_{{x}},code=sm_{{x}}']\n",
        "setup.py:",
    ),
    "an unknown failure": (f"import h\ntry:\n    h.check()\n    flags = [{G90}]\nexcept Exception:\n    flags = [{G80}]\n", "that h.check does not fail at setup.py:9"),
    "the compiler chooses": ("flags = ['-arch=native']\n", "leave the architectures to the compiler"),
    "text that is run": (f"{SURE}exec(os.popen('x').read())\n", "exec(os.popen('x').read()) at setup.py:8 may change anything"),
    "a generator": ("def g():\n    yield '-O3'\nflags = list(g())\n", "what g of setup.py gives"),
    "torch's helper is replaced": (f"{SURE}torch.utils.cpp_extension._write_ninja_file = print\n", "is replaced at setup.py:8"),
}  # fmt: skip


@pytest.mark.parametrize(("body", "reason"), DOUBTS.values(), ids=DOUBTS)
def test_what_is_not_known_is_not_claimed(body: str, reason: str, make_tree: Tree, read: Tree) -> None:
    reading = read(make_tree(body + ONE % "flags"))

    assert [s.architectures for s in reading.plan.sources] == [None]
    assert any(reason in gap.reason for gap in reading.not_seen), [gap.reason for gap in reading.not_seen]


@pytest.mark.parametrize(
    "body",
    [
        f"{SURE}if os.cpu_count() > 4:\n    flags += ['-DFAST']\nelse:\n    flags += ['--threads', str(os.cpu_count())]\n",
        f"{SURE}if torch.cuda.is_available():\n    pass\n",
        f"if os.cpu_count() > 4:\n    flags = [{G80}]\nelse:\n    flags = [{G80}]\n",
        f"if os.cpu_count() > 4:\n    raise RuntimeError('too many')\nflags = [{G80}]\n",
        f"assert os.cpu_count() > 4\nflags = [{G80}]\n",
        f"flags = [{G80}, f'-DWHEN={{os.getpid()}}']\n",
    ],
    ids=[
        "flags that name no architecture", "nothing happens", "both ways do the same", "one way ends the build",
        "a claim of the script", "a macro's value",
    ],
)  # fmt: skip
def test_a_doubt_that_changes_nothing_takes_nothing_away(body: str, make_tree: Tree, read: Tree) -> None:
    reading = read(make_tree(body + ONE % "flags"), capabilities=None)

    assert [s.architectures for s in reading.plan.sources] == [("8.0",)]


def test_the_same_unknown_fact_is_answered_in_one_way(make_tree: Tree, read: Tree) -> None:
    """Two tests of `is_available` agree, so no way has the one extension and not the other."""
    body = (
        "ext_modules = []\nif torch.cuda.is_available():\n    ext_modules.append(CUDAExtension('a', ['a.cu']))\n"
        "if not torch.cuda.is_available():\n    ext_modules = [CUDAExtension('b', ['b.cu'])]\n"
    )

    reading = read(make_tree(body), capabilities=None)

    gaps = {gap.reason for gap in reading.not_seen if gap.path.startswith("plan.extensions[")}
    assert [e.name for e in reading.plan.extensions] == ["a", "b"]
    assert gaps == {f"whether {name} is built hangs on torch.cuda.is_available() at setup.py:8" for name in "ab"}


def test_sources_that_differ_stay_in_the_plan_as_unknown(make_tree: Tree, read: Tree) -> None:
    body = "sources = ['a.cu']\nif os.cpu_count() > 4:\n    sources.append('b.cu')\next_modules = [CUDAExtension('e', sources)]"

    plan = read(make_tree(body)).plan

    assert [(s.path, s.architectures) for s in plan.sources] == [("a.cu", ("9.0",)), ("b.cu", None)]


def test_many_unknown_conditions_are_followed_at_once(make_tree: Tree, read: Tree) -> None:
    """Behind the sixth, both branches are followed in one run: less is known, nothing is claimed wrongly."""
    tests = "".join(
        f"if os.cpu_count() > {n}:\n    flags += ['-gencode=arch=compute_{n}0,code=sm_{n}0']\n"
        for n in (5, 6, 7, 8, 9, 10, 11, 12)
    )

    reading = read(make_tree(f"{SURE}{tests}{ONE % 'flags'}"))

    assert reading.plan.sources[0].architectures is None


def test_a_script_that_stops_gives_its_reason(make_tree: Tree, read: Tree) -> None:
    reading = read(
        make_tree(
            "if parse(torch.version.cuda) < Version('13.0'):\n    raise RuntimeError('CUDA 13 is needed')\next_modules = []"
        )
    )

    assert reading.plan is None
    assert reading.not_seen[0].reason == "the script stops: setup.py:8: RuntimeError: CUDA 13 is needed"


def test_an_own_build_command_is_not_claimed_for(make_tree: Tree, read: Tree) -> None:
    body = "class Build(BuildExtension):\n    def build_extension(self, ext):\n        os.system('cmake')\nBuildExtension = Build\n"

    reading = read(make_tree(body + ONE % f"[{G80}]"))

    assert reading.plan.sources[0].architectures is None
    assert any("the script's own class Build (setup.py:7)" in gap.reason for gap in reading.not_seen)


def test_without_a_list_and_a_gpu_torch_decides_nothing(make_tree: Tree, read: Tree) -> None:
    reading = read(make_tree(ONE % "[]"), arch_list=None, capabilities=None)

    assert reading.plan.sources[0].architectures is None
    assert any("state --arch-list or --gpu" in gap.reason for gap in reading.not_seen)
