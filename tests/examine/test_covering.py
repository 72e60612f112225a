"""The smallest request that covers some GPUs."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from buildDoctor.adapters.cmake.plan import read_plan
from buildDoctor.core.errors import RequestError
from buildDoctor.core.flow import Layer
from buildDoctor.examine.covering import cover
from buildDoctor.examine.options import Options
from buildDoctor.examine.plan_asking import AskedPlan, ask_plan

DEMO = Path(__file__).parents[2] / "buildDoctor" / "demo"


def ask(tree: Path) -> AskedPlan:
    return ask_plan(Options(source=str(tree), cuda="12.9", arch_list="9.0 12.0", static=True))


@pytest.fixture(scope="module")
def demo() -> AskedPlan:
    return ask(DEMO)


def test_the_request_gets_around_the_list_that_takes_the_plain_number(demo: AskedPlan) -> None:
    """Asking for 12.0a keeps what 12.0 loses; the replay agrees."""
    found = cover(demo, ("9.0", "12.0"), ("nvfp4",))

    assert found.request == ("9.0", "12.0a")
    plan = read_plan(DEMO, demo.question.asking(found.request)).plan
    assert plan is not None
    assert [f.gets for f in plan.features or () if f.name == "NVFP4"] == [("12.0a",)]
    assert [(n.capability, n.name, by) for n, by in found.served] == [
        ("9.0", "", ("9.0",)),
        ("12.0", "", ("12.0",)),
        ("12.0", "nvfp4", ("12.0a",)),
    ]


def test_a_feature_for_other_gpus_is_not_missed(demo: AskedPlan) -> None:
    (unmet,) = cover(demo, ("9.0",), ("nvfp4",)).unmet

    assert (unmet.need.capability, unmet.need.features, unmet.way) == ("9.0", (), None)


def test_what_no_request_gives_says_where_it_is_lost(demo: AskedPlan) -> None:
    """10.0 is not supported at all, and PTX of 9.0 is not kept by these scripts."""
    found = cover(demo, ("10.0",), ())

    assert found.request is None
    (unmet,) = found.unmet
    assert unmet.way is not None
    assert unmet.way.row.first_loss is not None
    assert unmet.way.row.first_loss.layer is Layer.SUPPORTED


def test_the_plain_sources_are_covered_by_as_few_as_possible(demo: AskedPlan) -> None:
    """Code for 8.0 runs on 8.6 as well."""
    assert cover(demo, ("8.0", "8.6"), ()).request == ("8.0",)


def test_another_list_needs_no_suffix(tmp_path: Path) -> None:
    """Without 12.0a in the supported list the plain number is enough."""
    tree = tmp_path / "tree"
    shutil.copytree(DEMO, tree)
    script = tree / "CMakeLists.txt"
    script.write_text(script.read_text(encoding="utf-8").replace("9.0;12.0;12.0a", "9.0;12.0"), encoding="utf-8")

    assert cover(ask(tree), ("12.0",), ("NVFP4",)).request == ("12.0",)


def test_an_unknown_feature_is_a_wrong_request(demo: AskedPlan) -> None:
    with pytest.raises(RequestError, match="did you mean NVFP4"):
        cover(demo, ("12.0",), ("NVFP5",))
