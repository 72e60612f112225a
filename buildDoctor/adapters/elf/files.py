"""Any file that can hold device code: what it is decides how it is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from buildDoctor.adapters.elf.binary import read_binary
from buildDoctor.adapters.elf.reading import BinaryReading

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator
    from pathlib import Path

ZIP = b"PK"
BZIP2 = b"BZh"
ARCHIVES = (b"!<arch>\n", b"!<thin>\n")


def read_file(
    path: Path, name: str | None = None, *, kernels: bool | re.Pattern[str], resources: bool = False
) -> Iterator[BinaryReading]:
    """A reading of a file, or of each shared object inside it: of a wheel, a conda package or a static library.

    Args:
        path: The file.
        name: What to call it when it is read as a whole; the path when not given.
        kernels: As for `read_binary`.
        resources: As for `read_binary`.
    """
    # Each kind costs the import of its reader.
    start = _start(path)
    if start.startswith(ARCHIVES):
        from buildDoctor.adapters.elf.archives import read_archive  # noqa: PLC0415  as above

        yield from read_archive(path, kernels=kernels, resources=resources)
    elif start.startswith(BZIP2) or (start.startswith(ZIP) and path.suffix == ".conda"):
        from buildDoctor.adapters.elf.conda import read_conda  # noqa: PLC0415  as above

        yield from read_conda(path, kernels=kernels, resources=resources)
    elif start.startswith(ZIP):
        from buildDoctor.adapters.elf.wheels import read_wheel  # noqa: PLC0415  as above

        yield from read_wheel(path, kernels=kernels, resources=resources)
    else:
        yield read_binary(path, name, kernels=kernels, resources=resources)


def _start(path: Path) -> bytes:
    """The first bytes of a file; none of one that cannot be read, which its reader then says."""
    try:
        if not path.is_file():
            return b""
        with path.open("rb") as file:
            return file.read(8)
    except OSError:
        return b""
