"""The sets of images that are built, run and predicted: for each the targets, and what is special about it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ImageSet:
    """One program to build."""

    name: str
    targets: tuple[str, ...]
    """As nvcc's `code=`: `sm_90a`, `compute_90`, `lto_80`."""
    options: tuple[str, ...] = ()
    """Further options of nvcc."""
    separate: tuple[str, ...] | None = None
    """The targets of the second translation unit, for separate compilation."""
    edit: tuple[str, int] | None = None
    """A change to the header of the first image after the build: `architecture`, `set`, `clear` or `kind`, and a number."""


PLAIN = ("75", "80", "86", "87", "88", "89", "90", "100", "103", "110", "120", "121")
SPECIFIC = ("90a", "100a", "103a", "110a", "120a", "121a")
FAMILY = ("100f", "103f", "110f", "120f", "121f")
VIRTUAL = ("75", "80", "86", "87", "89", "90", "90a", "100", "100a", "100f", "103", "120", "120a", "120f")
PAIRS = (
    ("sm_80", "compute_80"),
    ("sm_80", "compute_90"),
    ("sm_80", "compute_90a"),
    ("sm_90", "compute_80"),
    ("sm_90", "sm_90a"),
    ("sm_90a", "compute_90a"),
    ("sm_120", "compute_75"),
    ("sm_120", "compute_120"),
    ("sm_80", "sm_100"),
    ("sm_80", "sm_86", "sm_89"),
    ("sm_100a", "compute_90a"),
    ("compute_80", "compute_90"),
)
ZLIB_PAIRS = (("sm_90", "compute_80"), ("sm_80", "compute_80"), ("sm_80", "sm_90"))
"""PTX that is packed with zlib beside machine code."""
ALGORITHMS = {"zlib": 1, "lz4": 2, "lz4-frame": 3, "lz4-high": 4, "zstd": 5}
"""The hidden option of fatbinary that chooses each compression."""
SEPARATE = (
    (("sm_80",), ("sm_80",)),
    (("sm_90",), ("sm_90",)),
    (("sm_90a",), ("sm_90a",)),
    (("sm_80", "compute_80"), ("sm_80", "compute_80")),
    (("sm_80", "compute_90"), ("sm_80", "compute_90")),
    (("sm_90", "compute_90"), ("sm_90", "compute_90")),
    (("sm_80", "compute_80"), ("sm_80",)),
    (("sm_80", "compute_80"), ("sm_80", "sm_90")),
    (("sm_80", "sm_90"), ("sm_80", "compute_80")),
    (("sm_80", "lto_80"), ("sm_80", "lto_80")),
    (("sm_80", "compute_100"), ("sm_80", "compute_100")),
)
LEAVING_OUT = (
    (("sm_90", "compute_80"), "WITHOUT_900"),
    (("sm_90", "compute_80"), "WITHOUT_BELOW_900"),
    (("compute_80", "compute_90"), "WITHOUT_900"),
    (("compute_80", "compute_90"), "WITHOUT_BELOW_900"),
    (("sm_90", "sm_90a"), "WITHOUT_SPECIFIC"),
    (("sm_90", "sm_90a"), "WITHOUT_PLAIN"),
    (("compute_90", "compute_90a"), "WITHOUT_SPECIFIC"),
    (("compute_90", "compute_90a"), "WITHOUT_PLAIN"),
    (("sm_90a", "compute_90"), "WITHOUT_SPECIFIC"),
    (("sm_90", "compute_90a"), "WITHOUT_PLAIN"),
    (("sm_80", "sm_90"), "WITHOUT_900"),
    (("sm_80", "sm_90"), "WITHOUT_BELOW_900"),
)
"""In both orders: the host side registers the kernels of the architecture that nvcc was told last."""
EDITS = (
    *(("sm_90", ("architecture", number)) for number in (75, 80, 89, 91, 100, 120)),
    ("sm_90", ("set", 0x100000)),
    ("sm_90", ("set", 0x200000)),
    ("sm_90", ("set", 0x1000000)),
    ("sm_90", ("set", 0x40)),
    ("sm_90", ("kind", 512)),
    ("sm_90a", ("clear", 0x100000)),
    ("sm_90a", ("set", 0x200000)),
    *(("compute_80", ("architecture", number)) for number in (75, 90, 100, 120)),
    ("compute_80", ("set", 0x100000)),
    ("compute_80", ("set", 0x200000)),
    ("compute_90a", ("clear", 0x100000)),
    ("compute_80", ("kind", 512)),
)


def all_sets() -> list[ImageSet]:
    """Every set, each with a name of its own."""
    sets = [ImageSet(f"sm_{each}", (f"sm_{each}",)) for each in (*PLAIN, *SPECIFIC, *FAMILY)]
    sets += [ImageSet(f"compute_{each}", (f"compute_{each}",)) for each in VIRTUAL]
    sets += [ImageSet("+".join(pair), pair) for pair in PAIRS]
    for packing, number in ALGORITHMS.items():
        options = ("-Xfatbin", "--compress-all", "-Xfatbin", f"--compress-algorithm={number}")
        sets += [ImageSet(f"{packing}:{target}", (target,), options) for target in ("sm_90", "compute_80", "sm_80")]
        if packing == "zlib":
            sets += [ImageSet(f"zlib:{'+'.join(pair)}", pair, options) for pair in ZLIB_PAIRS]
    sets += [ImageSet("none:compute_80", ("compute_80",), ("-Xfatbin", "--compress=false"))]
    sets += [
        ImageSet(f"separate:{'+'.join(first)}:{'+'.join(second)}", first, ("-DSEPARATE",), second)
        for first, second in SEPARATE
    ]
    sets += [
        ImageSet(f"{what}:{'+'.join(order)}", order, (f"-D{what}",))
        for targets, what in LEAVING_OUT
        for order in (targets, targets[::-1])
    ]
    sets += [
        ImageSet(f"edited:{target}:{field}={number:#x}", (target,), edit=(field, number))
        for target, (field, number) in EDITS
    ]
    return sets
