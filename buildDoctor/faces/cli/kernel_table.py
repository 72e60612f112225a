"""Kernels: for which architectures each exists, what it is to a GPU, and what it takes there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from buildDoctor.core.comparing.kernel_changes import numeric
from buildDoctor.core.device.matrix import kernel_matrix
from buildDoctor.core.evidence import Binary, Kernel, KernelImage
from buildDoctor.faces.cli.tables import cut, table
from buildDoctor.faces.reports.wrapping import wrapped
from buildDoctor.faces.wording.kernel_names import readable

MOST_NAMED = 5
"""So many kernels are named in a sentence."""


def kernel_table(binary: Binary, capabilities: tuple[str, ...], architecture: str | None, width: int) -> str:
    """One row for each kernel of each unit, and a sentence about those that cannot be launched.

    Args:
        binary: the file, with those of its kernels that are listed.
        capabilities: those whose GPUs the user asks about; then a column for each, in place of the architectures.
        architecture: only kernels that are made for this one; `9.0+PTX` for PTX.
        width: the columns of the terminal.
    """
    shown = [
        (kernel, row)
        for kernel, row in zip(binary.kernels or (), kernel_matrix(binary, capabilities), strict=True)
        if architecture is None or architecture in architectures_of(kernel)
    ]
    rows = [
        (
            str(kernel.unit),
            *(verdict.value for verdict in row.verdicts),
            *(() if capabilities else (", ".join(architectures_of(kernel)),)),
            readable(kernel.name or "", kernel.demangled),
        )
        for kernel, row in shown
    ]
    if not rows:
        return "no kernel matches"
    middle = tuple(f"on {capability}" for capability in capabilities) or ("made for",)
    lines = table(("unit", *middle, "kernel"), rows, right=(0,), width=width)
    return "\n".join((lines.rstrip("\n"), *_unregistered([kernel for kernel, _row in shown], width)))


def _unregistered(kernels: list[Kernel], width: int) -> Iterator[str]:
    """What is said of kernels that the host side does not register."""
    names = [readable(kernel.name or "", kernel.demangled) for kernel in kernels if kernel.registered is False]
    if names:
        more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
        text = f"not registered by the host side, so that no launch reaches them: {', '.join(names[:MOST_NAMED])}{more}"
        yield ""
        yield from wrapped(text, width, "", "  ")


def architectures_of(kernel: Kernel) -> tuple[str, ...]:
    """The architectures of a kernel's images; PTX as `9.0+PTX`."""
    return (*(kernel.cubins or ()), *(f"{architecture}+PTX" for architecture in kernel.ptx or ()))


def resource_table(kernels: Iterable[Kernel], architecture: str | None, width: int) -> str:
    """Beneath the name of each kernel a row for each of its images: registers, stack, shared and constant memory, threads.

    Args:
        kernels: those that are listed.
        architecture: only images for this one; `9.0+PTX` for PTX.
        width: the columns of the terminal.
    """
    names: list[str] = []
    rows = []
    for kernel in kernels:
        for image in sorted(kernel.images or (), key=lambda image: numeric(image.architecture or "")):
            made_for = f"{image.architecture}+PTX" if image.kind == "ptx" else image.architecture or ""
            if architecture in (None, made_for):
                names.append(cut(readable(kernel.name or "", kernel.demangled), width))
                rows.append((f"  {made_for}", *_row(image)))
    if not rows:
        return "no kernel matches"
    heads = ("  made for", "registers", "stack", "shared", "const", "threads", "barriers")
    head, *lines = table(heads, rows, right=range(1, 7)).splitlines()
    starts = {at for at, name in enumerate(names) if not at or names[at - 1] != name}
    return "\n".join([head, *(f"{names[at]}\n{line}" if at in starts else line for at, line in enumerate(lines))])


def _row(image: KernelImage) -> tuple[str, ...]:
    """What a kernel takes in one image; PTX has no registers yet."""
    threads = image.required_threads or image.max_threads
    numbers = (image.registers, image.stack_bytes, image.shared_bytes, image.constant_bytes)
    return (*map(_number, numbers), _block(threads), _number(image.barriers))


def _block(threads: tuple[int, ...] | None) -> str:
    """The size of a block without the dimensions that are 1 at its end: `512`, `32x8`."""
    if not threads:
        return "-"
    last = max((at for at, size in enumerate(threads) if size != 1), default=0)
    return "x".join(map(str, threads[: last + 1]))


def _number(value: int | None) -> str:
    return "-" if value is None else f"{value:,}"
