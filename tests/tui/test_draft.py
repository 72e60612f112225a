from __future__ import annotations

from buildDoctor.core.evidence import Feature, Plan, SupportedList
from buildDoctor.core.fixes.plan_changes import Changes, ListChange
from buildDoctor.faces.tui.draft import History, as_patch, changes_of, draft_of, is_empty

PLAN = Plan(
    cuda_version="12.9",
    request=("9.0", "12.0+PTX"),
    supported=SupportedList(architectures=("9.0", "12.0a"), file="CMakeLists.txt", line=15),
    features=(Feature(name="NVFP4", wants=("12.0a",), file="CMakeLists.txt", line=59),),
)


def test_untouched_draft_changes_nothing() -> None:
    """Other spaces and separators are no change either."""
    draft = draft_of(PLAN)

    assert is_empty(changes_of(PLAN, draft))
    assert is_empty(changes_of(PLAN, draft.with_text("request", " 9.0;12.0+PTX ").with_list(0, "12.0a ")))


def test_each_field_becomes_its_change() -> None:
    """Only what differs is told."""
    draft = draft_of(PLAN).with_text("cuda", "13.0").with_text("supported", "9.0 12.0").with_list(0, "12.0f")

    assert changes_of(PLAN, draft) == Changes(
        cuda="13.0",
        lists=(
            ListChange(file="CMakeLists.txt", line=15, before=("9.0", "12.0a"), after=("9.0", "12.0")),
            ListChange(file="CMakeLists.txt", line=59, before=("12.0a",), after=("12.0f",)),
        ),
    )


def test_typing_goes_on_is_taken_back_at_once() -> None:
    """What is typed in one go is one step back, and can be made again."""
    first = draft_of(PLAN)
    history = History(first)
    history.become(first.with_text("cuda", "1"), goes_on=False)
    history.become(first.with_text("cuda", "13.0"), goes_on=True)
    history.become(first.with_text("request", "9.0"), goes_on=False)

    assert history.undo()
    assert history.present == first.with_text("cuda", "1").with_text("cuda", "13.0")
    assert history.undo()
    assert history.present == first
    assert not history.undo()
    assert history.redo()
    assert history.present.cuda == "13.0"


def test_saved_change_says_what_no_patch_can() -> None:
    """Words stand above the patch, where `git apply` passes over them."""
    assert as_patch(Changes(cuda="13.0", request="9.0 12.0"), "--- a/x\n") == (
        'Build with CUDA 13.0.\nBuild with TORCH_CUDA_ARCH_LIST="9.0;12.0".\n\n--- a/x\n'
    )
