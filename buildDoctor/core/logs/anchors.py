"""Chooses a few short texts such that every line that shows a symptom has one of them.

A log of hundreds of megabytes is searched for each of them, so there should be few, long and rare ones: a search takes
less time the longer a text is, and every line that is found by chance is looked at for nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

_BLANKS = re.compile(" +")
_SHORTEST = 6
_LONGEST = 40
# What every line of an ordinary build has; a text from it would find all of them.
_ORDINARY = (
    "[1/2] /usr/local/cuda/bin/nvcc -forward-unknown-to-host-compiler -DENABLE_NVFP4_SM120=1 -DTORCH_EXTENSION_NAME=_C "
    "-I/csrc -isystem /lib/python3.12/site-packages/torch/include -gencode arch=compute_120a,code=sm_120a "
    "-gencode=arch=compute_90,code=sm_90 -O3 -std=c++17 -x cu -c kernels.cu -o CMakeFiles/_C.dir/csrc/kernels.cu.o\n"
    "ptxas info    : Compiling entry function for 'sm_90'\nFunction properties for stack frame, spill stores\n"
    "warning #177-D: variable was declared but never referenced\nBuilding CUDA object Building CXX object\n"
    "Downloading Requirement already satisfied: Collecting Using cached copying build/lib creating\n"
)


def anchors_for(symptoms: Iterable[Sequence[str]], given: Sequence[str]) -> tuple[str, ...]:
    """Texts such that of each symptom at least one is part of one of its pieces.

    Args:
        symptoms: the pieces of each symptom.
        given: texts that are searched for anyway.
    """
    left = {at: pieces for at, pieces in enumerate(symptoms) if not any(g in p for p in pieces for g in given)}
    by_text: dict[str, set[int]] = {}
    for at, pieces in left.items():
        for text in _parts(pieces) or {max(pieces, key=len)[:_LONGEST]}:
            by_text.setdefault(text, set()).add(at)
    chosen: list[str] = []
    while left:
        # The time of a search is about 1 + 40 / length; of equals, the longest and then the first of the alphabet.
        best = max(sorted(by_text), key=lambda text: (len(by_text[text]) / (1 + 40 / len(text)), len(text)))
        chosen.append(best)
        found = by_text[best]
        left = {at: pieces for at, pieces in left.items() if at not in found}
        by_text = {text: rest for text, owners in by_text.items() if (rest := owners - found)}
    return tuple(chosen)


def _parts(pieces: Iterable[str]) -> set[str]:
    """Every run of whole words in the pieces that is rare enough, of a fit length."""
    found: set[str] = set()
    for piece in pieces:
        starts = [0, *(match.end() for match in _BLANKS.finditer(piece))]
        ends = [*(match.start() for match in _BLANKS.finditer(piece)), len(piece)]
        found |= {piece[a:b] for a in starts for b in ends if _SHORTEST <= b - a <= _LONGEST}
    return {text for text in found if text not in _ORDINARY}
