"""What a name typed by a user means in a plan."""

from __future__ import annotations

import pytest

from buildDoctor.core.errors import RequestError
from buildDoctor.core.evidence import Feature, Plan, PlannedSource, Step, SupportedList
from buildDoctor.core.subjects import Subject, features_named, steps_of, subject_of

PLAN = Plan(
    supported=SupportedList(variable="CUDA_SUPPORTED_ARCHS", architectures=("9.0", "12.0"), file="a.txt", line=2),
    architectures=("12.0",),
    features=(
        Feature(name="NVFP4 SM120", variable="FP4_ARCHS", file="a.txt", line=9, sources=("csrc/fp4/quant.cu",)),
        Feature(name="NVFP4 SM100", variable="FP4_ARCHS", file="a.txt", line=14, sources=("csrc/fp4/quant.cu",)),
        Feature(name="Marlin", variable="MARLIN_ARCHS", file="a.txt", line=20, sources=("csrc/marlin.cu",)),
    ),
    sources=(PlannedSource(path="csrc/marlin.cu", extension="_C"), PlannedSource(path="csrc/plain.cu", extension="_C")),
    steps=(
        Step(variable="CUDA_SUPPORTED_ARCHS", before=(), after=("9.0", "12.0"), file="a.txt", line=2),
        Step(variable="OFFERS", before=(), after=("9.0", "12.0"), file="u.cmake", line=3, call="a.txt:4"),
        Step(variable="CUDA_ARCHS", before=("12.0", "12.1"), after=("12.0",), file="u.cmake", line=7, call="a.txt:4"),
        Step(variable="OFFERS", before=(), after=("12.0a",), file="u.cmake", line=3, call="a.txt:9"),
        Step(variable="MARLIN_ARCHS", before=(), after=("12.0",), file="u.cmake", line=7, call="a.txt:20"),
    ),
)  # fmt: skip


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("FP4_ARCHS", Subject(name="", variables=("FP4_ARCHS",), features=("NVFP4 SM120", "NVFP4 SM100"))),
        ("supported", Subject(name="", variables=("CUDA_SUPPORTED_ARCHS",))),
        ("CUDA_ARCHS", Subject(name="", variables=("CUDA_ARCHS",))),
        ("marlin", Subject(name="", features=("Marlin",))),
        ("nvfp4", Subject(name="", features=("NVFP4 SM120", "NVFP4 SM100"))),
        ("*SM100", Subject(name="", features=("NVFP4 SM100",))),
        ("csrc/plain.cu", Subject(name="", sources=("csrc/plain.cu",))),
        ("quant.cu", Subject(name="", sources=("csrc/fp4/quant.cu",), features=("NVFP4 SM120", "NVFP4 SM100"))),
        ("csrc/*.cu", Subject(name="", sources=("csrc/marlin.cu", "csrc/plain.cu", "csrc/fp4/quant.cu"), features=("NVFP4 SM120", "NVFP4 SM100", "Marlin"))),
    ],
    ids=["list", "supported-list", "list-of-the-build", "feature-in-another-case", "part-of-a-feature", "pattern", "source", "last-part-of-a-path", "sources-by-pattern"],
)  # fmt: skip
def test_a_name_is_a_list_before_a_feature_before_a_source(name: str, found: Subject) -> None:
    subject = subject_of(PLAN, name)

    assert (subject.variables, subject.features, subject.sources) == (found.variables, found.features, found.sources)
    assert subject.name == name


def test_a_kernel_stands_for_the_sources_that_define_it() -> None:
    subject = subject_of(PLAN, "*to_fp4*", {"cvt_fp16_to_fp4": ("csrc/fp4/quant.cu",)})

    assert (subject.sources, subject.features) == (("csrc/fp4/quant.cu",), ("NVFP4 SM120", "NVFP4 SM100"))


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("FP4_ARCHZ", "did you mean FP4_ARCHS"),
        ("Marlim", "did you mean Marlin"),
        ("plane.cu", "did you mean csrc/plain.cu"),
    ],
    ids=["list", "feature", "source"],
)
def test_an_unknown_name_is_answered_with_the_nearest(name: str, hint: str) -> None:
    with pytest.raises(RequestError, match=hint):
        subject_of(PLAN, name)


def test_the_steps_of_a_feature_are_those_of_its_own_call() -> None:
    assert [step.line for step in steps_of(PLAN, subject_of(PLAN, "NVFP4 SM120"))] == [3]
    assert [step.call for step in steps_of(PLAN, subject_of(PLAN, "Marlin"))] == ["a.txt:20"]


def test_the_steps_of_the_supported_list_end_with_what_it_leaves() -> None:
    assert [step.line for step in steps_of(PLAN, subject_of(PLAN, "supported"))] == [2, 3, 7]


def test_no_feature_fits_an_empty_name() -> None:
    """A lonely star is everything, which nobody asks for."""
    assert features_named(PLAN, "") == ()
    assert features_named(PLAN, "*") == ()
