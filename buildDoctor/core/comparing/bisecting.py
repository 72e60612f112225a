"""Where a row of states changes its value, found with as few looks as possible."""

from __future__ import annotations

from collections.abc import Callable


def changes(count: int, value: Callable[[int], object]) -> tuple[int, ...]:
    """The places whose value differs from that of the place before, on the way from the first value to the last.

    Each stretch between two different values is halved until their change is found, and the search goes on behind it. A
    value that comes and goes between two equal ends is not seen, as with any bisection.

    Args:
        count: how many states there are.
        value: the value of a state by its number; it is asked for the same one more than once.
    """
    found: list[int] = []
    start = 0
    while start < count - 1 and value(start) != value(count - 1):
        low, high = start, count - 1
        while high - low > 1:
            middle = (low + high) // 2
            if value(middle) == value(start):
                low = middle
            else:
                high = middle
        found.append(high)
        start = high
    return tuple(found)
