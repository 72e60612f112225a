"""The compute capability of a GPU from the name of the product, where no tool says it."""

from __future__ import annotations

import re

_NAMES = (
    # A name that holds another stands before it.
    (r"GB10", "12.1"),
    (r"GB300|B300", "10.3"),
    (r"GB200|B200|B100", "10.0"),
    (r"RTX PRO \d+ Blackwell|RTX 50[5-9]0", "12.0"),
    (r"Thor", "11.0"),
    (r"GH200|H[12]00|H800|H20", "9.0"),
    (r"RTX 40[5-9]0|L4|L40S?|L20|L2|RTX \d000 Ada|RTX \d000 SFF Ada", "8.9"),
    (r"Orin", "8.7"),
    (r"RTX 30[5-9]0|A2|A40|A10G?|A16|RTX A\d+", "8.6"),
    (r"A100|A800|A30", "8.0"),
    (r"RTX 20[678]0|GTX 16[356]0|T4G?|TITAN RTX|Quadro RTX \d000|Quadro T\d+|T\d000?", "7.5"),
    (r"Xavier", "7.2"),
    (r"V100S?|TITAN V|Quadro GV100", "7.0"),
    (r"GTX 10[3-8]0|P40?|P6|TITAN Xp|Quadro P\d+", "6.1"),
    (r"P100|Quadro GP100", "6.0"),
)  # fmt: skip
"""Names of products and what they are, from NVIDIA's page "CUDA GPU Compute Capability" and its page of legacy GPUs."""
_TABLE = tuple((re.compile(rf"(?<![A-Za-z0-9])(?:{pattern})(?![0-9])"), capability) for pattern, capability in _NAMES)


def capability_of_name(name: str) -> str | None:
    """The capability of a GPU whose product has this name; none for a name that is not known.

    Args:
        name: as the driver writes it, such as `NVIDIA GeForce RTX 5090`.
    """
    return next((capability for pattern, capability in _TABLE if pattern.search(name)), None)
