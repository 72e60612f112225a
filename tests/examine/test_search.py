"""The search for fixes, told nothing."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from buildDoctor.adapters.cmake.plan import read_plan
from buildDoctor.core.findings import Outcome
from buildDoctor.core.fixes.candidates import Kind
from buildDoctor.core.fixes.searching import Found, goals
from buildDoctor.core.flow import Layer, serving
from buildDoctor.examine.options import Options
from buildDoctor.examine.plan_asking import AskedPlan, ask_plan
from buildDoctor.examine.probing import Lists, probe
from buildDoctor.examine.search import Search
from buildDoctor.examine.what_if import edited

DEMO = Path(__file__).parents[2] / "buildDoctor" / "demo"
REQUEST = "7.0 7.5 8.0 8.6 9.0 10.0 12.0+PTX"


def ask(tree: Path, request: str = REQUEST, gpu: str = "12.0", cuda: str = "12.9") -> AskedPlan:
    return ask_plan(Options(source=str(tree), cuda=cuda, arch_list=request, gpu=gpu, static=True))


def search_of(asked: AskedPlan, **values: int) -> Search:
    return Search(
        asked.evidence, asked.plan, asked.tree, asked.question, asked.book.rules, asked.gathered.complaints, **values
    )


def found_in(asked: AskedPlan, **values: int) -> tuple[Found, ...]:
    search = search_of(asked, **values)
    return tuple(search.find(goal) for goal in goals(asked.evidence))


@pytest.fixture(scope="module")
def case() -> Found:
    """What is found in the bundled case."""
    (found,) = found_in(ask(DEMO))
    return found


def test_the_case_is_mended_by_dropping_one_element(case: Found) -> None:
    """The removal of 12.0a from the supported list comes first, with its patch, before everything that adds."""
    first = case.proven[0]

    assert (case.goal.name, case.goal.capability) == ("NVFP4", "12.0")
    assert first.candidate.title == "Drop 12.0a from CUDA_SUPPORTED_ARCHS (CMakeLists.txt:15)"
    assert first.candidate.size == 1
    assert first.side_effects == ("scaled_mm_sm120: 12.0 -> 12.0a",)
    assert '+  set(CUDA_SUPPORTED_ARCHS "7.0;7.2;7.5;8.0;8.6;8.7;8.9;9.0;12.0")\n' in first.patch
    assert not any(tried.candidate.size == 1 and not tried.candidate.added for tried in case.proven[1:])


def test_it_says_why_the_popular_change_cannot_help(case: Found) -> None:
    """10.0 is nothing that the FP4 list asks for, and 12.0 is taken out as before."""
    (refuted,) = case.refuted

    assert refuted.titles[0] == "Add 10.0 and 10.0a to CUDA_SUPPORTED_ARCHS (CMakeLists.txt:15)"
    assert {title.split(" to ")[0] for title in refuted.titles} >= {"Add 10.0", "Add 10.0a"}
    assert refuted.why == (
        "10.0 and 10.0a are nothing that NVFP4 asks for: its own list is 12.0a, 12.1a. What it needs is a plain 12.0 in "
        "the build's list, and list(REMOVE_ITEM OPEN 12.0) (cmake/architectures.cmake:29) still takes that out for 12.0a."
    )


def test_the_search_accounts_for_every_change(case: Found) -> None:
    assert case.candidates == case.filtered + case.replayed + case.left_out
    assert case.filtered > case.replayed > len(case.proven) > 0


def test_whatever_is_proven_is_proven_by_a_whole_replay(case: Found) -> None:
    """None of them loses anything, and each gives NVFP4 something for 12.0."""
    asked = ask(DEMO)
    for tried in case.proven:
        assert tried.trial.outcome is Outcome.PROVEN
        texts, _patch = edited(DEMO, tried.candidate.changes.lists)
        if tried.candidate.kind in {Kind.SUPPORTED, Kind.OWN}:
            plan = read_plan(DEMO, asked.question, texts).plan
            assert plan is not None
            (gets,) = [f.gets for f in plan.features or () if f.name == "NVFP4"]
            assert serving(gets or (), "12.0")


def test_the_functions_called_alone_give_what_the_whole_replay_gives() -> None:
    """The filter against its oracle: every single change of the supported list and of the own list of NVFP4."""
    asked = ask(DEMO)
    (goal,) = goals(asked.evidence)
    search = search_of(asked)
    chosen = [
        c for c in search._candidates(goal) if c.kind in {Kind.SUPPORTED, Kind.OWN} and len(c.changes.lists) == 1  # noqa: SLF001  the filter is inside
    ][::4]  # fmt: skip
    lists = [one for c in chosen for one in search._lists(goal, c)]  # noqa: SLF001  as above

    predicted = probe(asked.plan, asked.tree, asked.question, goal.feature, lists)

    assert predicted is not None
    for candidate, left in zip(chosen, predicted, strict=True):
        texts, _patch = edited(DEMO, candidate.changes.lists)
        plan = read_plan(DEMO, asked.question, texts).plan
        assert plan is not None
        assert (candidate.title, left) == (candidate.title, *[f.gets for f in plan.features or () if f.name == "NVFP4"])


def test_scripts_that_do_not_come_to_their_end_are_replayed_whole(tmp_path: Path) -> None:
    """The calls at the end of the script are not reached, so every change is tried in full."""
    tree = tmp_path / "tree"
    shutil.copytree(DEMO, tree)
    script = tree / "CMakeLists.txt"
    script.write_text(f"{script.read_text(encoding='utf-8')}\nreturn()\n", encoding="utf-8")
    asked = ask(tree)

    assert probe(asked.plan, asked.tree, asked.question, None, [Lists()]) is None
    (found,) = found_in(asked, most_replays=12)
    assert found.filtered == 0
    assert found.candidates == found.replayed + found.left_out
    assert found.proven[0].candidate.title.startswith("Drop 12.0a from CUDA_SUPPORTED_ARCHS")


def test_a_kernel_that_keeps_its_suffix_comes_before_one_that_loses_it() -> None:
    """With 12.1 the FP4 list's 12.0a does not run; the family does, and plain 12.0 is less than what was asked for."""
    found = next(one for one in found_in(ask(DEMO, "12.1", "12.1")) if one.goal.name == "NVFP4")

    assert found.proven
    weaker = [tried.weaker for tried in found.proven]
    assert weaker == sorted(weaker)


def test_the_plain_sources_are_brought_back_as_well() -> None:
    (found,) = found_in(ask(DEMO, "9.0 10.0", "10.0"))

    assert (found.goal.feature, found.goal.row.first_loss and found.goal.row.first_loss.layer) == (
        None,
        Layer.SUPPORTED,
    )
    assert found.proven[0].candidate.title == "Add 10.0 to CUDA_SUPPORTED_ARCHS (CMakeLists.txt:15)"
    assert found.refuted == ()


def test_what_arrives_is_not_searched_for() -> None:
    assert goals(ask(DEMO, "9.0", "9.0").evidence) == ()


def test_a_search_changes_nothing_in_the_tree(tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    shutil.copytree(DEMO, tree)
    before = {path: path.read_bytes() for path in tree.rglob("*") if path.is_file()}

    found_in(ask(tree), most_replays=4)

    assert {path: path.read_bytes() for path in tree.rglob("*") if path.is_file()} == before
