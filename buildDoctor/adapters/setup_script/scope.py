"""The names of a script: of a module, of a call, and of what stands around a function."""

from __future__ import annotations

from msgspec import Struct, field

from buildDoctor.adapters.setup_script.values import Value

ABSENT = object()
"""What a look-up gives for a name that nobody set."""


class Scope(Struct, eq=False):
    """The names of one module or one call."""

    file: str
    names: dict[str, Value] = field(default_factory=dict)
    around: Scope | None = None
    """The scope in which the function stands."""
    elsewhere: dict[str, Scope] = field(default_factory=dict)
    """The names that `global` and `nonlocal` send to another scope."""

    def get(self, name: str) -> Value:
        """The value of a name, here or around; `ABSENT` when there is none."""
        scope: Scope | None = self.elsewhere.get(name, self)
        while scope is not None:
            if name in scope.names:
                return scope.names[name]
            scope = scope.around
        return ABSENT

    def set(self, name: str, value: Value) -> None:
        """Give a name a value."""
        self.elsewhere.get(name, self).names[name] = value

    shown: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """For the trace: the architectures that each list had when it was shown last."""
    vague_at: int = 0
    """How much was in doubt when this scope was entered; above that it is in doubt whether a statement is reached."""
    perhaps_left: bool = False
    """Whether a `return` of this call was perhaps reached, so that what follows is in doubt."""
    perhaps_out: bool = False
    """The same for a `break` or `continue` and the rest of its loop, or a `raise` and the rest of its `try`."""

    @property
    def module(self) -> Scope:
        """The outermost scope."""
        return self if self.around is None else self.around.module

    def holder(self, name: str) -> Scope:
        """The scope around this one that has a name already, for `nonlocal`; the module when none has it."""
        scope = self.around
        while scope is not None and name not in scope.names:
            scope = scope.around
        return scope or self.module
