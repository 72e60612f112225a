"""Which of the Python symbols that a file uses are outside of the stable ABI."""

from __future__ import annotations

from collections.abc import Iterable


def unstable(symbols: Iterable[str]) -> tuple[str, ...]:
    """Those of some symbols of Python that are no part of its stable ABI, so that a later Python may lack them."""
    # The package carries CPython's own list; only files that state abi3 pay for it.
    from abi3info import DATAS, FUNCTIONS  # noqa: PLC0415  see above

    stable = {symbol.name for symbol in (*FUNCTIONS, *DATAS)}
    return tuple(sorted(set(symbols) - stable))
