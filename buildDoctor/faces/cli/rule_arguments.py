"""What may be typed behind `build-doctor rules`."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from buildDoctor.core.findings import Confidence, Severity

ABOUT = {
    "list": "every rule, where it comes from, and whether it runs",
    "show": "a rule's page",
    "new": "begin a rule: asks, and writes a commented file with examples",
    "check": "every mistake in rule files and settings",
    "test": "run the examples, and show why one fails",
    "try": "why a rule holds on a saved report, does not hold, or cannot tell",
    "schema": "the JSON Schema of rule files, for editors",
}
"""Each action in a line."""
ACTIONS = tuple(ABOUT)


def overview(parser: argparse.ArgumentParser) -> None:
    """The parser for a word that is no action."""
    width = max(map(len, ACTIONS))
    parser.description = "The rules, and everything for those who write some."
    lines = "\n".join(f"  {action.ljust(width)}  {words}" for action, words in ABOUT.items())
    parser.epilog = f"actions:\n{lines}\n\nbuild-doctor rules ACTION --help says more."
    parser.add_argument("action", metavar="ACTION", type=_action, help="what to do")


def _action(word: str) -> str:
    import difflib  # noqa: PLC0415  only a wrong word is compared with others

    close = difflib.get_close_matches(word, ACTIONS, n=1)
    hint = f"; did you mean {close[0]}?" if close else f": name one of {', '.join(ACTIONS)}"
    raise argparse.ArgumentTypeError(f"there is no 'rules {word}'{hint}")


def build(parser: argparse.ArgumentParser, action: str) -> None:
    """Give a parser the arguments of an action."""
    about = ABOUT[action]
    parser.description = f"{about[0].upper()}{about[1:]}."
    parser.set_defaults(action=action)
    _BUILDERS[action](parser)


def sources(parser: argparse.ArgumentParser) -> None:
    """The options that say where rules come from."""
    parser.add_argument("--rules", action="append", default=[], metavar="PATH", help="a file or folder of own rules")
    parser.add_argument(
        "--isolated", action="store_true", help="no settings, and no rules but the built-in ones and those of --rules"
    )


def _list(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--origin", action="store_true", help="the file of each rule, and whose place it takes")
    parser.add_argument("--source", metavar="DIR", help="the project whose settings and rules count (default: here)")
    sources(parser)


def _show(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("id", metavar="ID", help="the rule")
    sources(parser)


def _new(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("id", nargs="?", metavar="ID", help="the rule's id, in kebab-case, such as stub-only-kernel")
    parser.add_argument("--output", metavar="PATH", help="the folder or file to write; without it the rule is printed")
    parser.add_argument(
        "--about", metavar="PART", help="the part of the evidence to begin with, such as torch or plan.features"
    )
    parser.add_argument(
        "--for-each", action="append", default=[], metavar="NAME=LIST", help="one finding for each element"
    )
    parser.add_argument("--when", metavar="CONDITION", help="the condition")
    parser.add_argument("--title", metavar="TEXT", help="what is wrong, in one line")
    parser.add_argument("--family", metavar="WORD", help="the layer that the fault belongs to, such as plan or binary")
    parser.add_argument("--severity", choices=[str(one) for one in Severity], help="how bad it is (default: warning)")
    parser.add_argument(
        "--confidence", choices=[str(one) for one in Confidence], help="how sure it is (default: likely)"
    )
    parser.add_argument("--why", metavar="TEXT", help="how the fault comes about")
    parser.add_argument("--limits", metavar="TEXT", help="when the alarm may be false")
    parser.add_argument("--force", action="store_true", help="write over a file that is there")


def _check(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", nargs="*", metavar="PATH", help="rule files or folders (default: all that count here)")
    sources(parser)


def _test(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "paths", nargs="*", metavar="RULE", help="rule files, folders or ids (default: all that count here)"
    )
    sources(parser)


def _try(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("rule", metavar="RULE", help="a rule file or id")
    parser.add_argument("report", metavar="REPORT", help="a saved report (build-doctor --json), or evidence alone")
    parser.add_argument(
        "--subject", metavar="PATTERN", help="only combinations with a name that fits, such as 'feature = *FP4*'"
    )
    sources(parser)


def _schema(_parser: argparse.ArgumentParser) -> None:
    """There is nothing to choose."""


_BUILDERS: dict[str, Callable[[argparse.ArgumentParser], None]] = {
    "list": _list,
    "show": _show,
    "new": _new,
    "check": _check,
    "test": _test,
    "try": _try,
    "schema": _schema,
}
