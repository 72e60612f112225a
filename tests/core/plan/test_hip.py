"""A build for HIP: the list that takes a part of the request away is found by what it leaves."""

from __future__ import annotations

import pytest

from buildDoctor.core.plan.hip import hip_supported
from buildDoctor.core.plan.records import TraceRecord

Commands = tuple[tuple[str, ...], ...]
LIST = ("set", "HIP_SUPPORTED_ARCHS", "gfx90a;gfx942;gfx1100")


def records_of(*commands: tuple[str, ...]) -> list[TraceRecord]:
    """Commands of a script, a line each."""
    return [TraceRecord(name, tuple(rest), "CMakeLists.txt", at, 1) for at, (name, *rest) in enumerate(commands, 1)]


def test_the_list_that_explains_the_loss_is_named_with_its_place() -> None:
    found = hip_supported(records_of(("project", "x"), LIST), ("gfx942", "gfx1103"), ("gfx942",))

    assert found is not None
    assert (found.variable, found.file, found.line) == ("HIP_SUPPORTED_ARCHS", "CMakeLists.txt", 2)
    assert found.architectures == ("gfx90a", "gfx942", "gfx1100")


@pytest.mark.parametrize(
    ("command", "request_", "built"),
    [
        pytest.param(LIST, ("gfx942",), ("gfx942",), id="nothing is lost"),
        pytest.param(LIST, ("gfx942", "gfx90a", "gfx1103"), ("gfx942",), id="it leaves more than is built"),
        pytest.param(LIST, ("gfx942", "gfx1103"), ("gfx1101",), id="it leaves something else"),
        pytest.param(("set", "LEFT", "gfx942"), ("gfx942", "gfx1103"), ("gfx942",), id="it holds only what is left"),
        pytest.param(("set", "CHIPS", "gfx942;Hawaii"), ("gfx942", "gfx1103"), ("gfx942",), id="not all of it is chips"),
        pytest.param(("set", "ENV{X}", "gfx942;gfx90a"), ("gfx942", "gfx1103"), ("gfx942",), id="a variable of the system"),
        pytest.param(("message", "X", "gfx942;gfx90a"), ("gfx942", "gfx1103"), ("gfx942",), id="another command"),
        pytest.param(("set", "X"), ("gfx942",), (), id="a variable that is unset"),
    ],
)  # fmt: skip
def test_another_list_is_not_taken_for_it(
    command: tuple[str, ...], request_: tuple[str, ...], built: tuple[str, ...]
) -> None:
    assert hip_supported(records_of(command), request_, built) is None


def test_a_chip_may_state_its_features() -> None:
    """As LLVM's Target ID writes them; a generic one stands for several."""
    listed = "gfx90a:sramecc+:xnack-;gfx942:xnack+;gfx9-4-generic"

    found = hip_supported(records_of(("set", "CHIPS", listed)), ("gfx942:xnack+", "gfx942"), ("gfx942:xnack+",))

    assert found is not None
    assert ";".join(found.architectures or ()) == listed
