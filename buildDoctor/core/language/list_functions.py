"""Functions over lists."""

from __future__ import annotations

from collections.abc import Callable

from buildDoctor.core.language.errors import Unsure
from buildDoctor.core.language.schema import NUMBER, TEXT, TRUTH, VERSION, ListOf
from buildDoctor.core.language.signatures import ELEMENT, ELEMENTS, SIZED, Function

List = tuple[object, ...]

_PLAIN = (TEXT, NUMBER, TRUTH, VERSION)


def _sorted(elements: List) -> List:
    return tuple(sorted(elements))  # type: ignore[type-var]  # the checker lets only ordered elements through


def _extreme(choose: Callable[[List], object], word: str) -> Callable[[List], object]:
    def extreme(elements: List) -> object:
        if not elements:
            raise Unsure(f"an empty list has no {word} element")
        return choose(elements)

    return extreme


def _without(elements: List, other: List) -> List:
    dropped = frozenset(other)
    return tuple(element for element in elements if element not in dropped)


def _union(elements: List, other: List) -> List:
    return tuple(dict.fromkeys(elements + other))


def _intersection(elements: List, other: List) -> List:
    kept = frozenset(other)
    return tuple(element for element in elements if element in kept)


LIST_FUNCTIONS = (
    Function(
        name="any",
        takes=(("conditions", ListOf(TRUTH)),),
        gives=TRUTH,
        about="Whether at least one condition is true; usually over a loop.",
        example="any(a == '12.0' for a in ['9.0', '12.0'])",
        answer=True,
        run=any,
    ),
    Function(
        name="all",
        takes=(("conditions", ListOf(TRUTH)),),
        gives=TRUTH,
        about="Whether every condition is true; true of an empty list.",
        example="all(a == '12.0' for a in ['9.0', '12.0'])",
        answer=False,
        run=all,
    ),
    Function(
        name="len",
        takes=(("list", SIZED),),
        gives=NUMBER,
        about="How many elements a list, or characters a text, has.",
        example="len(a for a in ['9.0', '12.0', '12.0a'] if has_suffix(a))",
        answer=1,
        run=len,
    ),
    Function(
        name="min",
        takes=(("list", ELEMENTS),),
        gives=ELEMENT,
        of=(NUMBER, VERSION),
        about="The smallest number or version; unknown for an empty list.",
        example="min(version(v) for v in ['12.10', '12.9']) == version('12.9')",
        answer=True,
        run=_extreme(min, "smallest"),  # type: ignore[arg-type]  # the checker lets only ordered elements through
    ),
    Function(
        name="max",
        takes=(("list", ELEMENTS),),
        gives=ELEMENT,
        of=(NUMBER, VERSION),
        about="The largest number or version; unknown for an empty list.",
        example="max([3, 12, 9])",
        answer=12,
        run=_extreme(max, "largest"),  # type: ignore[arg-type]  # the checker lets only ordered elements through
    ),
    Function(
        name="sum",
        takes=(("list", ListOf(NUMBER)),),
        gives=NUMBER,
        about="All numbers of the list together; 0 for an empty list.",
        example="sum([512, 512])",
        answer=1024,
        run=sum,
    ),
    Function(
        name="sorted",
        takes=(("list", ELEMENTS),),
        gives=ELEMENTS,
        of=(TEXT, NUMBER, VERSION),
        about="The elements in ascending order; text goes by its characters, so '12.0' comes before '9.0'.",
        example="sorted(['b', 'a'])",
        answer=("a", "b"),
        run=_sorted,
    ),
    Function(
        name="unique",
        takes=(("list", ELEMENTS),),
        gives=ELEMENTS,
        of=_PLAIN,
        about="The elements in their order, each once.",
        example="unique(['9.0', '12.0', '9.0'])",
        answer=("9.0", "12.0"),
        run=lambda elements: tuple(dict.fromkeys(elements)),
    ),
    Function(
        name="without",
        takes=(("list", ELEMENTS), ("other", ELEMENTS)),
        gives=ELEMENTS,
        of=_PLAIN,
        about="The elements of the first list that are not in the other.",
        example="without(['9.0', '12.0'], ['9.0'])",
        answer=("12.0",),
        run=_without,
    ),
    Function(
        name="union",
        takes=(("list", ELEMENTS), ("other", ELEMENTS)),
        gives=ELEMENTS,
        of=_PLAIN,
        about="The elements of both lists in their order, each once.",
        example="union(['9.0', '12.0'], ['12.0', '12.1'])",
        answer=("9.0", "12.0", "12.1"),
        run=_union,
    ),
    Function(
        name="intersection",
        takes=(("list", ELEMENTS), ("other", ELEMENTS)),
        gives=ELEMENTS,
        of=_PLAIN,
        about="The elements of the first list that are in the other too.",
        example="intersection(['9.0', '12.0'], ['12.0', '12.1'])",
        answer=("12.0",),
        run=_intersection,
    ),
)
