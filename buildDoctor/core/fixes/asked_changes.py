"""Changes as a user types them: `cuda=13.0`, `request+=12.1`, `supported-=12.0a`, `FP4_ARCHS+=12.0`."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable

from msgspec import Struct

from buildDoctor.core.device.architectures import ArchitectureError, parse
from buildDoctor.core.errors import RequestError

_CHANGE = re.compile(r"\s*(?P<name>[^=+]+?)\s*(?P<operator>\+=|-=|=)\s*(?P<value>.*?)\s*", re.DOTALL)
_BETWEEN = re.compile(r"[\s,;]+")
CUDA, REQUEST = "cuda", "request"


class AskedChange(Struct, frozen=True):
    """One change, with its elements as they were typed."""

    text: str
    """The whole, as it was typed."""
    name: str
    operator: str
    """`=`, `+=` or `-=`."""
    elements: tuple[str, ...]

    def applied(self, before: tuple[str, ...]) -> tuple[str, ...]:
        """The list after the change.

        Raises:
            RequestError: what is to be taken out is not in it, or an element is no architecture.
        """
        if self.operator == "-=":
            gone = self._elements_of(before)
            return tuple(item for item in before if item not in gone)
        given = tuple(self._dotted(element) for element in self.elements)
        if self.operator == "=":
            return tuple(dict.fromkeys(given))
        return (*before, *(item for item in dict.fromkeys(given) if item not in before))

    def _elements_of(self, before: tuple[str, ...]) -> tuple[str, ...]:
        """The elements to take out, as the list writes them."""
        held = {item.lower(): item for item in before}
        missing = [element for element in self.elements if self._held(element, held) is None]
        if missing:
            raise RequestError(
                f"--what-if {self.text!r}: {missing[0]} is not in the list, which holds {', '.join(before) or 'nothing'}"
            )
        return tuple(held[self._held(element, held) or ""] for element in self.elements)

    def _held(self, element: str, held: Iterable[str]) -> str | None:
        """The lower-case form under which an element is held; `sm_120a` is `12.0a`."""
        forms = [element.lower()]
        with contextlib.suppress(ArchitectureError):
            forms.append(parse(element).dotted.lower())
        return next((form for form in forms if form in held), None)

    def _dotted(self, element: str) -> str:
        try:
            return parse(element).dotted
        except ArchitectureError as error:
            raise RequestError(f"--what-if {self.text!r}: {error}") from error


def read_change(text: str) -> AskedChange:
    """A change as it was typed.

    Raises:
        RequestError: it has not the form of one.
    """
    found = _CHANGE.fullmatch(text)
    elements = tuple(part for part in _BETWEEN.split(found["value"]) if part) if found else ()
    if found is None or not elements:
        raise RequestError(
            f"--what-if {text!r}: write a name, an operator and values, such as cuda=13.0, request+=12.1 or supported-=12.0a"
        )
    change = AskedChange(text, found["name"], found["operator"], elements)
    if change.name.lower() == CUDA and (change.operator != "=" or len(elements) != 1):
        raise RequestError(f"--what-if {text!r}: a toolkit has one version: write cuda=13.0")
    return change
