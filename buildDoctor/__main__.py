"""The front door: picks a face and imports only that one."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from buildDoctor import __version__


def main(argv: Sequence[str] | None = None) -> int:
    """Run build-doctor and give its exit code."""
    words = list(sys.argv[1:] if argv is None else argv)
    if words == ["--version"] and _say_version():
        return 0
    from buildDoctor.faces.cli.output import guarded  # noqa: PLC0415  the version needs nothing else

    return guarded(lambda: _answer(words), words)


def _say_version() -> bool:
    """Print the version, if standard output takes it."""
    try:
        sys.stdout.write(f"build-doctor {__version__}\n")
        sys.stdout.flush()
    except (AttributeError, OSError):
        return False
    return True


def _answer(words: list[str]) -> int:
    if words == ["--version"]:
        from buildDoctor.faces.cli.output import put  # noqa: PLC0415  it tells why it cannot write

        put(f"build-doctor {__version__}\n")
        return 0
    from buildDoctor.faces.cli.arguments import parse, wants_screen  # noqa: PLC0415  see above
    from buildDoctor.faces.cli.main import options_of, run  # noqa: PLC0415  see above

    arguments = parse(words)
    if not wants_screen(arguments):
        return run(arguments)
    from buildDoctor.faces.tui import run as show  # noqa: PLC0415  Textual costs 130 ms
    from buildDoctor.faces.tui import services_for  # noqa: PLC0415  as above

    services = services_for(options_of(arguments), demo=arguments.command == "demo")
    return run(arguments, lambda examine: show(examine, fail_on=arguments.fail_on, services=services))


if __name__ == "__main__":
    # `python -m` searches the current folder for modules first, and that may be the tree that is examined.
    if not sys.flags.safe_path:
        del sys.path[:1]
    sys.exit(main())
