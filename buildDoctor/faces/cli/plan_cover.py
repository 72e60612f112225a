"""`build-doctor plan --cover`: the smallest request that covers some GPUs."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from msgspec.structs import replace

from buildDoctor.core.device.architectures import ArchitectureError, capabilities_in
from buildDoctor.core.errors import RequestError
from buildDoctor.core.fixes.covering import Cover, Need, Unmet
from buildDoctor.core.plan_answers import PlanAnswer
from buildDoctor.examine.covering import cover
from buildDoctor.examine.options import Options
from buildDoctor.examine.plan_asking import ask_plan
from buildDoctor.faces.cli.answers import Answer, feature_names
from buildDoctor.faces.cli.exit_codes import ExitCode
from buildDoctor.faces.wording import visible
from buildDoctor.faces.wording.plain import counted


def answer(options: Options, arguments: argparse.Namespace) -> Answer:
    """The answer to `--cover GPUS`; its code is 1 when something cannot be covered.

    Raises:
        RequestError: a GPU is none, there is no plan, or no feature of a name.
    """
    try:
        capabilities = capabilities_in(arguments.cover)
    except ArchitectureError as error:
        raise RequestError(f"--cover {arguments.cover}: {error}") from error
    if not capabilities:
        raise RequestError("--cover names no capability: write for example --cover 9.0,12.0")
    # Without a list of its own the plan is asked for the GPUs themselves.
    asked = ask_plan(replace(options, gpu=options.gpu or ",".join(capabilities)))
    found = cover(asked, capabilities, feature_names(arguments))
    complete = found.request is not None and not any(one.way for one in found.unmet)
    return Answer(
        text=text(found),
        report=lambda: replace(asked.report(), answer=PlanAnswer(cover=found)),
        code=ExitCode.OK if complete else ExitCode.FOUND,
    )


def text(found: Cover) -> str:
    """The request, what it gives each GPU, and what no request gives."""
    return "\n".join(map(visible, _lines(found))) + "\n"


def _lines(found: Cover) -> Iterator[str]:
    if found.request is None:
        yield f"no request was found that covers {', '.join(found.capabilities)}"
    else:
        # The first line is what is copied: it must not look like an answer where something is left out.
        if left := [f"{_name(one.need)} on {one.need.capability}" for one in found.unmet if one.way]:
            yield f"no request gives {', '.join(left)}; the smallest for the rest:"
        yield f'TORCH_CUDA_ARCH_LIST="{" ".join(found.request)}"'
    yield f"{counted(found.tried, 'request')} replayed, each architecture alone first"
    yield ""
    for need, by in found.served:
        yield f"  {need.capability:<5} {_name(need)}: {', '.join(by)}"
    for unmet in found.unmet:
        yield f"  {unmet.need.capability:<5} {_name(unmet.need)}: {_why(unmet)}"


def _name(need: Need) -> str:
    return " or ".join(need.features) or need.name or "plain sources"


def _why(unmet: Unmet) -> str:
    way = unmet.way
    if way is None:
        return f"not written for {unmet.need.capability}"
    loss = way.row.first_loss
    by = f" by {way.lost_by.command} ({way.lost_by.file}:{way.lost_by.line})" if way.lost_by else ""
    layer = loss.layer.value if loss else "compile command"
    return f"no request gives it; asked for {unmet.need.capability} alone, it is lost at the layer {layer}{by}"
