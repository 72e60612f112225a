"""Sequences that are made when they are first looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Generic, TypeVar, overload

_Element_co = TypeVar("_Element_co", covariant=True)


@dataclass(frozen=True)
class Later(Sequence[_Element_co], Generic[_Element_co]):
    """A sequence that is made when it is first looked at: most rules do not hold, and need neither fixes nor reasons."""

    make: Callable[[], tuple[_Element_co, ...]] = field(repr=False, compare=False)
    """Makes the elements; asked once."""

    @cached_property
    def _made(self) -> tuple[_Element_co, ...]:
        return self.make()

    @overload
    def __getitem__(self, index: int) -> _Element_co: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[_Element_co, ...]: ...
    def __getitem__(self, index: int | slice) -> _Element_co | tuple[_Element_co, ...]:
        return self._made[index]

    def __iter__(self) -> Iterator[_Element_co]:
        return iter(self._made)

    def __len__(self) -> int:
        return len(self._made)
