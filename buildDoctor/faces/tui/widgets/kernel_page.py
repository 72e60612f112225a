"""What is said about a package, file, unit or kernel, laid out for a width."""

from __future__ import annotations

from textual.content import Content

from buildDoctor.core.device.architectures import Verdict
from buildDoctor.core.device.matrix import kernel_verdict
from buildDoctor.core.device.serving import BEST_FIRST
from buildDoctor.core.evidence import Evidence, Kernel, KernelImage, Unit
from buildDoctor.core.reporting.composing import source_of
from buildDoctor.faces import wording
from buildDoctor.faces.tui.sheet import QUIET, Sheet
from buildDoctor.faces.tui.tables.groups import Group
from buildDoctor.faces.tui.tables.package_rows import PackageRow
from buildDoctor.faces.wording import package_words
from buildDoctor.faces.wording.verdict_words import verdict_meaning, verdict_words

VERDICT_STYLES = {
    Verdict.NATIVE: "$text-success",
    Verdict.FAMILY: "$text-success",
    Verdict.JIT: "$text-warning",
    Verdict.NOT_PROMISED: "$text-warning",
    Verdict.NONE: "$text-error",
}
"""The look of each verdict."""
_LABEL = 8
_MOST_KINDS = 40
"""Kinds of unit that a package's page lists; a package that picks architectures file by file has a few dozen."""


def group_page(group: Group, capabilities: tuple[str, ...], known: tuple[str, str] | None, width: int) -> Content:
    """What it is called in full, what its kernels are to each GPU, and how that is known.

    Args:
        group: a package, file or unit.
        capabilities: the GPUs.
        known: the file, and where what is known of it comes from; nothing for a package.
        width: the columns that there are.
    """
    sheet = Sheet(width)
    sheet.text(wording.visible(group.title), "bold")
    images = dict.fromkeys(a for unit in group.units for a in (*(unit.cubins or ()), *_ptx(unit.ptx)))
    count = sum(unit.kernel_count or 0 for unit in group.units)
    units = wording.counted(len(group.units), "unit")
    sheet.text(f"{wording.counted(count, 'kernel')} in {units}; images for {_listed(tuple(images))}", QUIET)
    sheet.blank()
    for capability in capabilities:
        tally = group.tally(capability)
        parts = [f"{tally[verdict]} {verdict.value}" for verdict in BEST_FIRST if tally[verdict]]
        sheet.text(f"{capability.ljust(_LABEL)}{', '.join(parts) or 'no kernel'}", indent="  ")
    if known is not None:
        sheet.blank()
        for said in known:
            sheet.text(wording.visible(said), QUIET)
    return sheet.content()


def package_page(row: PackageRow, capabilities: tuple[str, ...], evidence: Evidence, width: int) -> Content:
    """What a package is to each GPU, what its units hold, what it was built with, and how that is known."""
    sheet, package = Sheet(width), row.package
    sheet.text(package_words.package_name(package), "bold")
    for fact in package_words.package_facts(package):
        sheet.text(fact, QUIET)
    sheet.blank()
    for capability, found in zip(capabilities, row.services, strict=False):
        sheet.text(f"{capability.ljust(_LABEL)}{package_words.cell(found)}", indent="  ")
    sheet.heading("What its units hold")
    for code in (package.code or ())[:_MOST_KINDS]:
        units = wording.counted(code.units or 0, "unit")
        sheet.text(f"{units}: {package_words.code_words(code)}", indent="  ", hanging="    ")
    more = len(package.code or ()) - _MOST_KINDS
    if more > 0:
        sheet.text(f"and {wording.counted(more, 'more kind')} of unit", QUIET, indent="  ")
    sheet.blank()
    sheet.text(wording.visible(package.path or ""), QUIET)
    source = source_of(f"packages[{row.number}].code", evidence.origins)
    sheet.text(f"from {wording.visible(source)}", QUIET)
    return sheet.content()


def kernel_page(kernel: Kernel, unit: Unit, file: str, capabilities: tuple[str, ...], width: int) -> Content:
    """Its name in full, where it is, what it is to each GPU, and what each image says of it."""
    sheet = Sheet(width)
    for name in dict.fromkeys(filter(None, (kernel.demangled, kernel.name))):
        sheet.text(wording.visible(name), "bold")
    sheet.text(f"{wording.visible(file)}, unit {kernel.unit}; images for {_listed(_images(kernel))}", QUIET)
    if kernel.registered is False:
        sheet.text("The host side does not register it, so nothing can launch it.", "$text-error")
    sheet.blank()
    for capability in capabilities:
        verdict = kernel_verdict(kernel, unit, capability)
        label = f"{capability.ljust(_LABEL)}{verdict_words(verdict).ljust(9)}"
        sheet.labelled(label, VERDICT_STYLES[verdict], verdict_meaning(verdict), indent="  ", text_style=QUIET)
    if kernel.images:
        sheet.heading("What each image says")
    for image in kernel.images or ():
        sheet.text(_image_words(image), indent="  ", hanging="    ")
    return sheet.content()


def _image_words(image: KernelImage) -> str:
    facts = {
        "registers": image.registers,
        "bytes of stack": image.stack_bytes,
        "bytes of shared memory": image.shared_bytes,
        "barriers": image.barriers,
    }
    said = ", ".join(f"{value} {name}" for name, value in facts.items() if value is not None)
    made = f", made by CUDA {image.toolkit}" if image.toolkit else ""
    return wording.visible(f"{image.kind} {image.architecture} at {image.offset or 0:#x}: {said or 'nothing'}{made}")


def _images(kernel: Kernel) -> tuple[str, ...]:
    return (*(kernel.cubins or ()), *_ptx(kernel.ptx))


def _ptx(architectures: tuple[str, ...] | None) -> tuple[str, ...]:
    return tuple(f"{architecture}+PTX" for architecture in architectures or ())


def _listed(architectures: tuple[str, ...]) -> str:
    return wording.visible(", ".join(architectures)) or "nothing"
