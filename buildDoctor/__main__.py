"""The front door: picks a face and imports only that one."""

from __future__ import annotations

import sys
from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Run build-doctor and give its exit code."""
    words = list(sys.argv[1:] if argv is None else argv)
    if words == ["--version"]:
        from buildDoctor import __version__  # noqa: PLC0415  the version needs nothing else

        sys.stdout.write(f"build-doctor {__version__}\n")
        return 0
    from buildDoctor.faces.cli.arguments import parse, wants_screen  # noqa: PLC0415  see above
    from buildDoctor.faces.cli.main import run  # noqa: PLC0415  see above

    arguments = parse(words)
    if not wants_screen(arguments):
        return run(arguments)
    from buildDoctor.faces.tui import run as show  # noqa: PLC0415  Textual costs 130 ms

    return run(arguments, lambda examine: show(examine, fail_on=arguments.fail_on))


if __name__ == "__main__":
    sys.exit(main())
