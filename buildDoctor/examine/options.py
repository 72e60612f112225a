"""What an examination is asked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from msgspec import Struct

from buildDoctor.core.device.architectures import ArchitectureError, capabilities_in
from buildDoctor.core.errors import RequestError

Progress = Callable[[str], None]
"""Called with a short sentence before each step."""


class Options(Struct, frozen=True, kw_only=True):
    """The user's request, as the command line gives it."""

    targets: tuple[str, ...] = ()
    """What to examine; without any the current folder and the active environment."""
    source: str | None = None
    """The source tree of the build plan."""
    source_option: str = "--source "
    """How the source tree was named: the words before it, none for an operand."""
    model: str | None = None
    """The folder of a model that is to be run."""
    python: str | None = None
    """The interpreter, or the folder, of the environment to examine."""
    gpu: str | None = None
    """The compute capabilities to diagnose for, such as `12.0,10.3`."""
    cuda: str | None = None
    """The toolkit version to plan with."""
    arch_list: str | None = None
    """The architectures that the build is asked for."""
    rules: tuple[Path, ...] = ()
    """Files and folders of the user's own rules."""
    select: tuple[str, ...] = ()
    """Ids or families of the rules to run; all without any."""
    ignore: tuple[str, ...] = ()
    """Ids or families of rules to leave out."""
    isolated: bool = False
    """Only the built-in rules and those of `rules`; no settings of the project."""
    replays: bool = True
    """Whether the bundled cmake may be started, to replay the build scripts of a tree."""
    static: bool = False
    """Ask no program of the machine."""
    ask_python: bool = False
    """Ask a process of the examined Python what only that knows."""
    run_setup: bool = False
    """Run the tree's setup.py in a confined child process that only records what it asks for."""
    log: str | None = None
    """A log to read, or `-` for standard input."""
    env: tuple[str, ...] = ()
    """Variables of the build beside TORCH_CUDA_ARCH_LIST, such as `FLASH_ATTN_CUDA_ARCHS=120`."""

    def variables(self) -> tuple[tuple[str, str], ...]:
        """The names and values of `--env`.

        Raises:
            RequestError: one of them is no `NAME=VALUE`.
        """
        found = []
        for text in self.env:
            name, equals, value = text.partition("=")
            if not equals or not name.isidentifier() or "\0" in value:
                raise RequestError(f"--env {text}: write a name and a value, such as --env FLASH_ATTN_CUDA_ARCHS=120")
            found.append((name, value))
        return tuple(found)

    def capabilities(self) -> tuple[str, ...] | None:
        """The capabilities of `--gpu`.

        Raises:
            RequestError: one of them is none.
        """
        if self.gpu is None:
            return None
        try:
            found = capabilities_in(self.gpu)
        except ArchitectureError as error:
            raise RequestError(f"--gpu {self.gpu}: {error}") from error
        if not found:
            raise RequestError("--gpu names no capability: write for example --gpu 12.0,10.3")
        return found

    def request(self) -> tuple[str, ...] | None:
        """The architectures of `--arch-list`.

        Raises:
            RequestError: one of them is none.
        """
        if self.arch_list is None:
            return None
        from buildDoctor.adapters.cmake.question import split_request  # noqa: PLC0415  only for who asks for a build

        try:
            return split_request(self.arch_list)
        except ArchitectureError as error:
            raise RequestError(f"--arch-list {self.arch_list!r}: {error}") from error

    def toolkit(self) -> str | None:
        """The version of `--cuda`.

        Raises:
            RequestError: it is no version.
        """
        if self.cuda is None:
            return None
        parts = self.cuda.split(".")
        if not 2 <= len(parts) <= 3 or not all(part.isascii() and part.isdigit() for part in parts):
            raise RequestError(f"--cuda {self.cuda}: this is not a toolkit version: write for example --cuda 12.9")
        return self.cuda
