"""All kernels of a file, when someone looks at it closely."""

from __future__ import annotations

import re
from pathlib import Path

from msgspec.structs import replace

from buildDoctor.adapters import demo_case
from buildDoctor.adapters.elf.binary import read_binary
from buildDoctor.adapters.elf.demangle import with_texts
from buildDoctor.adapters.elf.files import read_file
from buildDoctor.adapters.elf.reading import BinaryReading
from buildDoctor.adapters.elf.wheels import read_wheel
from buildDoctor.core.errors import RequestError
from buildDoctor.core.evidence import Binary

_ALL = re.compile("")


def all_kernels(name: str, package: str | None, *, texts: bool = False) -> Binary:
    """A file of the evidence with every kernel listed.

    Args:
        name: what the evidence calls it: a path, or `wheel.whl!member.so`, also for other packages and libraries.
        package: the package that it is part of, which its bytes do not say.
        texts: whether to say the C++ names of the kernels, for which another program is started.

    Raises:
        RequestError: it cannot be read any more.
    """
    reading = _reading(name)
    if reading is None or reading.binary is None:
        reasons = [gap.reason for gap in reading.not_seen] if reading else []
        raise RequestError(" ".join(reasons) or f"{name} is not there any more")
    binary = replace(reading.binary, package=package)
    return with_texts(binary) if texts else binary


def _reading(name: str) -> BinaryReading | None:
    holder, _, member = name.partition("!")
    if member and not Path(name).exists():
        wheel = holder.endswith(".whl")
        readings = (
            read_wheel(Path(holder), kernels=_ALL, only=member) if wheel else read_file(Path(holder), kernels=_ALL)
        )
        return next((one for one in readings if one.name == name), None)
    # The bundled case calls its file by its name alone.
    path = demo_case.BINARY if name == demo_case.BINARY.name and not Path(name).exists() else Path(name)
    return read_binary(path, name, kernels=_ALL)
