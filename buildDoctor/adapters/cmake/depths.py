"""How deep each line of a plain trace is called: a line stands in one body, and a body is entered by a call right before it."""

from __future__ import annotations

from bisect import bisect_left

from msgspec import Struct, field

from buildDoctor.core.plan import TraceRecord

_FIRST = 3
"""The driver includes the root script by a macro: two calls are above it."""
_ENTERING = {"include": 2, "add_subdirectory": 3}
"""The commands that run a script, with the calls that the replay's own form of each puts between."""
_MOST_BODIES = 5_000
_DEEPEST = 100


class UncertainError(Exception):
    """A plain trace can be read in more than one way."""


class Body(Struct, eq=False):
    """A script, or a function or macro in one."""

    file: str
    name: str = ""
    """In lower case; nothing for the script itself."""
    start: int = 0
    end: int = 0
    """The lines of its first and last command, which are not part of it."""
    around: Body | None = None
    """What it is defined in."""


class _Script(Struct):
    """A script with the functions and macros that it has defined so far, by their first line."""

    whole: Body
    starts: list[int] = field(default_factory=list)
    defined: list[Body] = field(default_factory=list)


class Depths(Struct):
    """The calls that have not returned yet, followed from record to record."""

    torch_script: str
    """The script whose function the replay itself calls; how deep that is does not matter."""
    _scripts: dict[str, _Script] = field(default_factory=dict)
    _entering: set[str] = field(default_factory=lambda: set(_ENTERING))
    _stack: list[tuple[Body, int]] = field(default_factory=list)
    _before: TraceRecord | None = None

    def define(self, file: str, name: str, start: int, end: int) -> None:
        """Take note of a function or macro."""
        script = self._script(file)
        at = bisect_left(script.starts, start)
        if at == len(script.starts) or script.starts[at] != start:
            if at >= _MOST_BODIES:
                raise UncertainError
            script.defined.insert(at, Body(file, name, start, end, self.body_at(file, start)))
            script.starts.insert(at, start)
        self._entering.add(name)

    def body_at(self, file: str, line: int) -> Body:
        """The innermost body that a line stands in; one that is defined in another is defined after it."""
        script = self._script(file)
        at = bisect_left(script.starts, line)
        body: Body | None = script.defined[at - 1] if at else None
        while body is not None and not body.start < line < body.end:
            body = body.around
        return body or script.whole

    def _script(self, file: str) -> _Script:
        if file not in self._scripts:
            self._scripts[file] = _Script(Body(file))
        return self._scripts[file]

    def depth_of(self, body: Body, record: TraceRecord) -> int:
        """The depth of the next record.

        Args:
            body: where it stands.
            record: the record, at any depth.

        Raises:
            UncertainError: it may have been called in more than one way.
        """
        before, self._before = self._before, record
        if before is None:
            self._stack.append((body, _FIRST))
            return _FIRST
        top, depth = self._stack[-1]
        if top is body and before.command not in self._entering:
            return depth
        return self._moved(body, before)

    def _moved(self, body: Body, before: TraceRecord) -> int:
        """The depth behind a call, or behind a return from one."""
        if any(one is body for one, _depth in self._stack):
            if _may_enter(before, body):
                raise UncertainError
            while self._stack[-1][0] is not body:
                self._stack.pop()
            return self._stack[-1][1]
        depth = self._stack[-1][1] + self._step(body, before)
        if len(self._stack) > _DEEPEST:
            raise UncertainError
        self._stack.append((body, depth))
        return depth

    def _step(self, body: Body, before: TraceRecord) -> int:
        """How much deeper a body lies than the command that entered it."""
        if body.name == before.command or body.file == self.torch_script:
            return 1
        if not body.name and before.command in _ENTERING:
            return _ENTERING[before.command]
        raise UncertainError


def _may_enter(before: TraceRecord, body: Body) -> bool:
    """Whether a command may run a body that runs already."""
    if body.name or before.command not in _ENTERING:
        return bool(body.name) and body.name == before.command
    folder, _slash, name = body.file.rpartition("/")
    target = before.arguments[0].rstrip("/").rpartition("/")[2] if before.arguments else ""
    if before.command == "include":
        return target in {name, name.removesuffix(".cmake")}
    return target in {folder.rpartition("/")[2], "", ".", ".."}
