"""Takes everything away from this process that a script could do harm with. There is no way back.

Landlock: only the named folders can be read, and nothing on the disk can be written. seccomp: no socket, no program, no
process, no signal, no change of a file's owner or mode. Namespaces of its own for network and mounts where the system gives
them: then a small folder in memory and a layer in memory over the tree take what the script writes, and end with it.
"""

from __future__ import annotations

import ctypes
import os
import platform
import resource
import struct
from collections.abc import Iterable
from pathlib import Path

NEEDED = ("Landlock", "seccomp")

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_NO_NEW_PRIVILEGES, _SET_SECCOMP, _FILTER = 38, 22, 2
_NEW_USER, _NEW_NETWORK, _NEW_MOUNTS = 0x10000000, 0x40000000, 0x00020000
_NO_SETUID, _NO_DEVICES, _NO_PROGRAMS = 2, 4, 8
_SCRATCH = b"size=8m,nr_inodes=1000"
_READ, _NULL = (1 << 2) | (1 << 3), (1 << 1) | (1 << 2)
_TRUNCATE = 1 << 14
# Read, write, remove and make plain files, folders and links.
_SCRATCH_RIGHTS = (0b11111 << 1) | (1 << 7) | (1 << 8) | (1 << 12) | (1 << 13) | _TRUNCATE
_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15}
"""How many kinds of access each version of Landlock knows."""
_MOST_RIGHTS = 16
_OPEN_FILES, _CORE_BYTES = 64, 0

# Numbers of system calls, from the kernel's tables (arch/x86/entry/syscalls/syscall_64.tbl, include/uapi/asm-generic/unistd.h).
_REFUSED_EVERYWHERE = (424, 425, 428, 429, 430, 434, 435, 438, 442)
_IGNORED_EVERYWHERE = (452,)
_CALLS = {
    "x86_64": (
        0xC000003E,
        # socket, connect, bind, clone, fork, exec, kill, ptrace, truncate, mount, bpf, keys, shared memory and their like
        (41, 42, 49, 56, 57, 58, 59, 62, 322, 200, 234, 129, 297, 101, 310, 311, 76, 272, 308, 165, 166, 155, 161, 321, 250, 248,
         249, 302, 141, 203, 144, 298, 323, 135, 304, 29, 30, 31, 64, 68, 240, 300, 175, 313, 176, 246, 103, 169, 170),
        # chmod, chown, utime, setxattr
        (90, 91, 268, 92, 93, 94, 260, 132, 235, 261, 280, 188, 189, 190, 197, 198, 199),
    ),
    "aarch64": (
        0xC00000B7,
        (198, 203, 200, 220, 221, 281, 129, 130, 131, 138, 240, 117, 270, 271, 45, 97, 268, 40, 39, 41, 51, 280, 219, 217, 218,
         261, 140, 122, 119, 241, 282, 92, 265, 194, 195, 196, 190, 186, 180, 262, 105, 273, 106, 104, 116, 142, 161),
        (52, 53, 54, 55, 88, 5, 6, 7, 14, 15, 16),
    ),
}  # fmt: skip
"""For each processor how the kernel names it, the calls that fail, and those that do nothing and say that all is well."""


def confine(readable: Iterable[str], tree: str, scratch: str, seconds: int) -> list[str]:
    """Take the rights away.

    Args:
        readable: the folders and files that stay readable.
        tree: the source tree, over which a layer in memory is laid.
        scratch: an empty folder, over which a small one in memory is laid.
        seconds: the processor time that is left.

    Returns:
        What holds from now on, in words; each of `NEEDED` is among them where it holds.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    for what, most in (
        (resource.RLIMIT_CORE, _CORE_BYTES),
        (resource.RLIMIT_NOFILE, _OPEN_FILES),
        (resource.RLIMIT_CPU, seconds),
    ):
        resource.setrlimit(what, (most, most))
    held = []
    writable: list[str] = []
    owner = os.getuid(), os.getgid()
    if libc.unshare(_NEW_USER | _NEW_NETWORK | _NEW_MOUNTS) == 0:
        held.append("network namespace")
        writable = _in_memory(libc, owner, tree, scratch)
        held += ["files in memory"] if tree in writable else []
    os.chdir(tree)
    if libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) != 0:
        return held
    if _landlock(libc, [tree, *readable], writable):
        held.append("Landlock")
    if _seccomp(libc):
        held.append("seccomp")
    return held


def _in_memory(libc: ctypes.CDLL, owner: tuple[int, int], tree: str, scratch: str) -> list[str]:
    """Lay a folder in memory over the scratch folder and a layer in memory over the tree; those that were laid."""
    flags = _NO_SETUID | _NO_DEVICES | _NO_PROGRAMS
    try:
        for name, text in (("setgroups", "deny"), ("uid_map", f"0 {owner[0]} 1"), ("gid_map", f"0 {owner[1]} 1")):
            Path(f"/proc/self/{name}").write_text(text, encoding="ascii")
        if libc.mount(b"tmpfs", scratch.encode(), b"tmpfs", flags, _SCRATCH) != 0:
            return []
        for name in ("home", "upper", "work"):
            Path(scratch, name).mkdir()
    except OSError:
        return []
    if set(tree) & set(",:\\"):
        return [f"{scratch}/home"]
    layers = f"lowerdir={tree},upperdir={scratch}/upper,workdir={scratch}/work,userxattr".encode()
    laid = libc.mount(b"overlay", tree.encode(), b"overlay", flags, layers) == 0
    return [f"{scratch}/home", *([tree] if laid else [])]


def _landlock(libc: ctypes.CDLL, readable: Iterable[str], writable: Iterable[str]) -> bool:
    version = libc.syscall(_CREATE_RULESET, None, 0, 1)
    if version < 1:
        return False
    rights = (1 << _RIGHTS.get(version, _MOST_RIGHTS)) - 1
    attributes = struct.pack("=QQQ", rights, 3, 3)[: 24 if version >= 6 else 16 if version >= 4 else 8]
    ruleset = libc.syscall(_CREATE_RULESET, attributes, len(attributes), 0)
    if ruleset < 0:
        return False
    for path in dict.fromkeys(readable):
        _allow(libc, ruleset, path, _READ & rights)
    for path in writable:
        _allow(libc, ruleset, path, _SCRATCH_RIGHTS & rights)
    _allow(libc, ruleset, os.devnull, (_NULL | _TRUNCATE) & rights)
    held = libc.syscall(_RESTRICT_SELF, ruleset, 0) == 0
    os.close(ruleset)
    return bool(held)


def _allow(libc: ctypes.CDLL, ruleset: int, path: str, rights: int) -> None:
    """Leave a folder or file its rights; one that is not there needs none."""
    try:
        handle = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        # A file takes no rights of folders.
        kept = rights if Path(path).is_dir() else rights & ~(1 << 3)
        libc.syscall(_ADD_RULE, ruleset, 1, struct.pack("=Qi", kept, handle), 0)
    finally:
        os.close(handle)


def _seccomp(libc: ctypes.CDLL) -> bool:
    """A filter over the numbers of system calls; on a processor without a table there is none."""
    known = _CALLS.get(platform.machine())
    if known is None:
        return False
    audit, refused, ignored = known
    program = _program(audit, {*refused, *_REFUSED_EVERYWHERE}, {*ignored, *_IGNORED_EVERYWHERE})
    code = ctypes.create_string_buffer(b"".join(program))
    # struct sock_fprog: the number of instructions, padding, a pointer to them.
    header = struct.pack("@HP", len(program), ctypes.addressof(code))
    return bool(libc.prctl(_SET_SECCOMP, _FILTER, header, 0, 0) == 0)


def _program(audit: int, refused: set[int], ignored: set[int]) -> list[bytes]:
    """The filter in the classic BPF of seccomp: load a word, compare, jump; 0 more instructions is the next one."""
    load, equal, greater, answer = 0x20, 0x15, 0x35, 0x06
    allow, refuse, ignore, kill = 0x7FFF0000, 0x00050001, 0x00050000, 0x80000000

    def one(code: int, yes: int, no: int, value: int) -> bytes:
        return struct.pack("=HBBI", code, yes, no, value)

    body = [one(load, 0, 0, 4), one(equal, 1, 0, audit), one(answer, 0, 0, kill), one(load, 0, 0, 0)]
    # The second table of x86 begins at this number and would go around the comparisons.
    body += [one(greater, 0, 1, 0x40000000), one(answer, 0, 0, refuse)]
    for number in sorted(refused | ignored):
        body += [one(equal, 0, 1, number), one(answer, 0, 0, refuse if number in refused else ignore)]
    return [*body, one(answer, 0, 0, allow)]
