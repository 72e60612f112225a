"""What a contract asks and what files give, and what a baseline knows, as the JSON report of version 1 promises it."""

from __future__ import annotations

from typing import Literal

from buildDoctor.faces.reports.json_v1_shape import Shape

Mode = Literal["native", "family", "jit"]
State = Literal["fulfilled", "broken", "cannot-tell"]
Verdict = Literal["native", "family", "jit", "not-promised", "none"]


class CellV1(Shape, frozen=True, kw_only=True):
    """What files give for one requirement and one capability."""

    capability: str
    """The compute capability of a GPU, such as `12.0`."""
    state: State
    """Whether it is given; `cannot-tell` where files that might give it could not be read."""
    serving: int
    """How many of the kernels serve such a GPU in the way that is required, or a better one."""
    best: Verdict
    """The best that any of the kernels is to such a GPU."""


class RequirementV1(Shape, frozen=True, kw_only=True):
    """One requirement and what files give for it."""

    kernel: str
    """The pattern for the names of kernels, as the symbol table has them."""
    file: str
    """The pattern for the files in which they are looked for."""
    mode: Mode
    """What is good enough: `native`, `family` (runs as it is), or `jit` (the driver may compile it first)."""
    at_least: int
    """How many kernels must serve each capability."""
    place: str
    """File and line of the requirement."""
    kernels: int
    """How many kernels the pattern matches."""
    cells: tuple[CellV1, ...]
    """One for each capability that is required, in the order of the contract."""


class ContractV1(Shape, frozen=True, kw_only=True):
    """A contract, held against files."""

    file: str
    """The file that holds the contract."""
    fulfilled: bool
    """Whether all of it is given."""
    requirements: tuple[RequirementV1, ...]
    """In the order of the contract."""


class GoneV1(Shape, frozen=True, kw_only=True):
    """A finding of the baseline that is not there any more."""

    rule: str
    """The rule's id."""
    subject: str
    """What it was about."""
    fingerprint: str
    """Its fingerprint in the baseline."""


class BaselineV1(Shape, frozen=True, kw_only=True):
    """What a baseline knows: findings that it holds are left out of this report."""

    name: str
    """The file of the baseline."""
    known: int
    """How many findings are left out because the baseline holds them."""
    gone: tuple[GoneV1, ...]
    """The findings of the baseline that are not there any more."""
