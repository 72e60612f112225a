"""The host side of a file, as text: what the loader must find for it."""

from __future__ import annotations

from collections.abc import Iterator

from buildDoctor.core.evidence import EntryPoint, Host
from buildDoctor.faces.reports.wrapping import wrapped
from buildDoctor.faces.wording import visible

_OWNERS = {
    "c++": "the C++ library",
    "cuda": "CUDA",
    "python": "Python",
    "c": "the C library",
    "own": "itself",
    "other": "others",
}


def host_lines(host: Host, width: int) -> Iterator[str]:
    """What a file needs, what it expects of whom, and what of the known operations it has."""
    yield from wrapped(f"host side: {', '.join(_kind(host))}", width, "", "  ")
    if host.needed:
        yield from wrapped(f"needs {visible(', '.join(host.needed))}", width, "  ", "    ")
    if host.search_folders:
        yield from wrapped(f"looks in {visible(', '.join(host.search_folders))}", width, "  ", "    ")
    counts = [f"{one.count} of {_OWNERS.get(one.owner or '', one.owner)}" for one in host.expected or ()]
    if counts:
        yield from wrapped(f"expects symbols: {', '.join(counts)}{_strings(host)}", width, "  ", "    ")
    for name in host.unresolved or ():
        yield from wrapped(f"nothing defines {visible(name)}", width, "  ", "    ")
    for point in host.entry_points or ():
        if point.state and point.state != "absent":
            yield from wrapped(f"{visible(point.name or '')}: {_state(point)}", width, "  ", "    ")


def _kind(host: Host) -> Iterator[str]:
    """Processor, Python and the versions of the system's libraries."""
    yield host.machine or "unknown machine"
    if host.python_tag:
        yield f"Python {host.python_tag}"
    yield from (f"CUDA {major}" for major in dict.fromkeys(one.major for one in host.cuda_libraries or ()))
    for words, version in (("glibc", host.glibc), ("GLIBCXX_", host.glibcxx), ("CXXABI_", host.cxxabi)):
        if version:
            yield f"{words}{'' if words.endswith('_') else ' '}{version}"


def _strings(host: Host) -> str:
    return f"; torch's with the {host.cxx11_abi} std::string" if host.cxx11_abi else ""


def _state(point: EntryPoint) -> str:
    if point.state == "kernel":
        return f"kernels for {', '.join(point.architectures or ()) or 'nothing'}"
    if point.launches is False:
        return "answers a question on the host; no kernel belongs to it"
    return "an entry point, no kernel behind it"
