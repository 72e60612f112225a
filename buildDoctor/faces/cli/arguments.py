"""What may be typed."""

from __future__ import annotations

import argparse
import os
import sys
import textwrap
from collections.abc import Sequence
from typing import Any, NoReturn

from buildDoctor import __version__
from buildDoctor.faces.cli import rule_arguments
from buildDoctor.faces.cli.forms import FOR_PEOPLE, FOR_PROGRAMS
from buildDoctor.faces.cli.help_page import HelpPage
from buildDoctor.faces.cli.usage import UsageError
from buildDoctor.faces.cli.width import columns

COMMANDS = ("demo", "plan", "inspect", "diff", "check", "explain", "rules", "serve")
_EXAMINE = "examine"

_EXAMPLES = """\
examples:
  build-doctor demo                                  the NVFP4 case, bundled
  build-doctor --gpu 12.0 vllm-0.11.0-…-x86_64.whl   what a wheel has for a GPU
  build-doctor --source vllm --cuda 12.9 --arch-list "12.0" --gpu 12.0
  build-doctor plan vllm --cuda 13.0 --arch-list "10.3"
  build-doctor inspect --gpu 12.1 _C.abi3.so
  build-doctor report.json                           judge a saved report again
exit codes: 0 nothing found, 1 something found, 2 wrong request, 3 nothing could be examined
"""


class Formatter(argparse.HelpFormatter):
    """Lets indented lines stand as they are, and fills the others. argparse makes one for each option that it is told."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=columns() - 2)

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        blocks: list[str] = []
        for line in text.splitlines():
            whole = bool(line) and not line.startswith(" ") and not line.endswith(":")
            if whole and blocks and blocks[-1] and not blocks[-1].startswith(" ") and not blocks[-1].endswith(":"):
                blocks[-1] += f" {line}"
            else:
                blocks.append(line)
        filled = [block if block.startswith(" ") else textwrap.fill(block, width) for block in blocks]
        return "\n".join(f"{indent}{line}" for block in filled for line in block.split("\n"))


class Parser(argparse.ArgumentParser):
    """A parser that says the nearest option to one that it does not know."""

    def options(self) -> list[str]:
        """Every option that it takes."""
        return [option for action in self._actions for option in action.option_strings]

    def error(self, message: str) -> NoReturn:
        """Say what is wrong, and the nearest option.

        Raises:
            UsageError: always.
        """
        import difflib  # noqa: PLC0415  only a wrong word is compared with others

        options = self.options()
        words = [word for word in message.split() if word.startswith("-")]
        close = [match for word in words for match in difflib.get_close_matches(word, options, n=1)]
        hint = f"; did you mean {close[0]}?" if close and "unrecognized" in message else ""
        raise UsageError(self.prog, f"{message}{hint}")


class Saying(argparse.Action):
    """Keeps what is said about form and place in the order in which it is said."""

    def __init__(self, option_strings: Sequence[str], dest: str, **more: Any) -> None:  # noqa: ANN401  what argparse gives
        super().__init__(option_strings, dest, default=argparse.SUPPRESS, **more)

    def __call__(
        self,
        parser: argparse.ArgumentParser,  # noqa: ARG002  what argparse calls
        namespace: argparse.Namespace,
        values: str | Sequence[Any] | None,
        option_string: str | None = None,  # noqa: ARG002  as above
    ) -> None:
        """Add the option and its value."""
        namespace.said = (*namespace.said, (self.dest, values if isinstance(values, str) else ""))


class Adding(argparse.Action):
    """Adds to what was said before: `--gpu 8.0 --gpu 9.0` is `--gpu 8.0,9.0`, and no GPU is forgotten."""

    def __call__(
        self,
        _parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: Any,  # noqa: ANN401  what argparse gives
        _option: str | None = None,
    ) -> None:
        """Keep what is said."""
        before = getattr(namespace, self.dest)
        setattr(namespace, self.dest, values if before is None else f"{before},{values}")


def parser_for(command: str) -> Parser:
    """The parser of one command."""
    name = "build-doctor" if command == _EXAMINE else f"build-doctor {command}"
    build = {
        _EXAMINE: _examine, "demo": _demo, "plan": _plan, "inspect": _inspect, "diff": _diff, "check": _check, "explain": _explain, "rules": rule_arguments.overview, "serve": _serve,
    }[command]  # fmt: skip
    parser = Parser(
        prog=name,
        formatter_class=Formatter,
        allow_abbrev=False,
        add_help=command != _EXAMINE,
    )
    parser.set_defaults(command=command)
    build(parser)
    _common(parser)
    return parser


def parse(argv: Sequence[str]) -> argparse.Namespace:
    """The arguments, with `command` among them; a first word that is no command begins the targets."""
    if len(argv) > 1 and argv[0] == "rules" and argv[1] in rule_arguments.ACTIONS:
        return parser_of_action(argv[1]).parse_args(argv[2:])
    if argv and argv[0] == "serve":
        parser = parser_for("serve")
        arguments, words = parser.parse_known_args(argv[1:])
        arguments.words = words
        return arguments
    if argv and argv[0] in COMMANDS:
        parser = parser_for(argv[0])
        arguments, unknown = parser.parse_known_args(argv[1:])
        if argv[0] == "demo":
            _refuse_another_case(unknown)
        return arguments if not unknown else parser.error(f"unrecognized arguments: {' '.join(unknown)}")
    parser = parser_for(_EXAMINE)
    # A command behind its options leaves words that an examination does not know: what is wrong is its place.
    arguments, unknown = parser.parse_known_args(argv)
    _refuse_late_command(parser.prog, arguments.targets, argv)
    if unknown:
        parser.error(f"unrecognized arguments: {' '.join(unknown)}")
    return arguments


def _refuse_late_command(program: str, targets: Sequence[str], argv: Sequence[str]) -> None:
    """Say where a command stands that is taken for the first target; a file of its name is a target.

    Raises:
        UsageError: the first target is the name of a command and of nothing that is there.
    """
    if targets and targets[0] in COMMANDS and not os.path.lexists(targets[0]):
        import shlex  # noqa: PLC0415  only what is typed in a wrong place is quoted

        rest = list(argv)
        rest.remove(targets[0])
        if targets[0] == "demo":
            _refuse_another_case(rest)
        raise UsageError(program, f"put the command first: {shlex.join(['build-doctor', targets[0], *rest])}")


def _refuse_another_case(words: Sequence[str]) -> None:
    """Say that the demo takes nothing that would change its case.

    Raises:
        UsageError: an option is there that an examination of something else takes.
    """
    demo = parser_for("demo")
    others = {*parser_for(_EXAMINE).options()} - {*demo.options(), "--help-all"}
    typed = words[: words.index("--")] if "--" in words else words
    if option := next((name for name in (word.partition("=")[0] for word in typed) if name in others), ""):
        raise UsageError(demo.prog, f"the case of the demo is fixed, and takes no {option}: leave it out")


def parser_of_action(action: str) -> argparse.ArgumentParser:
    """The parser of `build-doctor rules` with one action."""
    parser = Parser(prog=f"build-doctor rules {action}", allow_abbrev=False)
    parser.set_defaults(command="rules")
    rule_arguments.build(parser, action)
    _common(parser)
    return parser


def _examine(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Says why a GPU kernel is missing from a compiled CUDA extension, at which step of the build it was lost,\n"
        "and which change brings it back. It only looks: nothing is imported, built or changed."
    )
    parser.epilog = f"commands: {', '.join(COMMANDS)} (build-doctor COMMAND --help)\n\n{_EXAMPLES}"
    parser.add_argument("-h", "--help", action=HelpPage, nargs=0, help="the commands and the options of every day")
    parser.add_argument("--help-all", action="help", help="every option")
    parser.add_argument(
        "targets", nargs="*", metavar="TARGET", help="a shared object, wheel, folder, package or saved report"
    )
    parser.add_argument("--source", metavar="DIR", help="the source tree of the build plan")
    parser.add_argument("--python", metavar="EXE", help="the interpreter of the environment to examine")
    _machine(parser)
    parser.add_argument("--model", metavar="DIR", help="a model's folder: which kernels its number formats need")
    parser.add_argument(
        "--log", metavar="FILE", help="a log of the build or of a run, to read beside it; - reads standard input"
    )
    parser.add_argument(
        "--ask-python",
        action="store_true",
        help="ask a process of the examined Python as well (off by default): it imports torch and loads the extensions",
    )
    parser.add_argument("--static", action="store_true", help="start no other program, not even nvidia-smi or cmake")
    _rule_options(parser)
    _output(parser)


def _demo(parser: argparse.ArgumentParser) -> None:
    parser.description = "The NVFP4 case, bundled: works anywhere, offline."
    _rule_options(parser)
    _output(parser)


def _plan(parser: argparse.ArgumentParser) -> None:
    parser.usage = "build-doctor plan [DIR] [--what-if|--trace|--search|--cover|--rev] […]"
    parser.description = "What a source tree would build: features and sources by architecture."
    parser.add_argument(
        "directory", nargs="?", default=".", metavar="DIR", help="the source tree (default: this folder)"
    )
    parser.add_argument("--steps", action="store_true", help="show every change to a list of architectures")
    parser.add_argument(
        "--what-if",
        action="append",
        default=[],
        metavar="CHANGE",
        help="cuda=13.0, request+=12.1, supported-=12.0a, LIST+=12.0",
    )
    parser.add_argument("--trace", metavar="NAME", help="where a list, feature, source or kernel is lost")
    parser.add_argument("--search", action="store_true", help="the smallest changes that are proven to help")
    parser.add_argument("--cover", metavar="GPUS", help="the smallest request for GPUs such as 9.0,12.1")
    parser.add_argument("--rev", metavar="A..B", help="the commits of git where results changed")
    parser.add_argument("--features", metavar="NAMES", help="only these features, such as nvfp4,marlin")
    _machine(parser)
    parser.add_argument("--static", action="store_true", help="start no program of the machine")
    parser.add_argument("--json", action="store_true", help="one JSON document on standard output")


def _inspect(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "What is inside shared objects and wheels: images and kernels, by architecture, unit or kernel."
    )
    parser.epilog = (
        "what code is to a GPU:\n"
        "  native        machine code that runs as it is\n"
        "  family        machine code for its family, which runs as it is\n"
        "  jit           PTX that the driver compiles when it is loaded\n"
        "  not-promised  machine code that may run; NVIDIA does not promise it\n"
        "  none          nothing that runs\n"
    )
    parser.add_argument("targets", nargs="+", metavar="FILE", help="a shared object, wheel or folder")
    parser.add_argument("--gpu", action=Adding, metavar="12.0,10.3", help="say what runs on these compute capabilities")
    parser.add_argument(
        "--by",
        choices=["architecture", "unit", "kernel"],
        help="one row for each of these (default: architecture, and with --kernels or --resources kernel too)",
    )
    parser.add_argument("--kernels", metavar="PATTERN", help="list the kernels whose names match, such as '*fp4*'")
    parser.add_argument("--arch", metavar="12.0a", help="only what is made for this architecture; 12.0+PTX for its PTX")
    parser.add_argument(
        "--resources", action="store_true", help="registers, stack and shared memory of each kernel in each image"
    )
    parser.add_argument("--json", action="store_true", help="one JSON document on standard output")


def _diff(parser: argparse.ArgumentParser) -> None:
    parser.description = "What two builds differ in: files, images, kernels, the host side, and sizes."
    parser.add_argument("before", metavar="A", help="a shared object, wheel, folder or saved report")
    parser.add_argument("after", metavar="B", help="the one to compare it with")
    parser.add_argument(
        "--fail-on",
        choices=["loss", "never"],
        default="never",
        help="what ends with code 1: a file or kernel that is gone, or serves a GPU less well (default: never)",
    )
    parser.add_argument("--json", action="store_true", help="one JSON document on standard output")


def _check(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Whether binaries hold what the project requires of them: the [[require]] tables of its build-doctor.toml,\n"
        "or of [tool.build-doctor] in its pyproject.toml. Needs no GPU and no CUDA toolkit."
    )
    parser.add_argument("targets", nargs="+", metavar="TARGET", help="a wheel, shared object, folder or saved report")
    parser.add_argument("--contract", metavar="FILE", help="the file with the requirements (default: the project's)")
    parser.add_argument("--init", action="store_true", help="write the contract that the targets fulfil today")
    parser.add_argument("--force", action="store_true", help="with --init: write over a file that is there")
    parser.add_argument(
        "--gpu", action=Adding, metavar="12.0,10.3", help="with --init: only these compute capabilities"
    )
    _baseline(parser)
    parser.add_argument(
        "--fail-on", choices=["error", "never"], default="error", help="what ends with code 1 (default: error)"
    )
    _output(parser)


def _explain(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "A rule's page: what it finds, why, and when it may be wrong. Or what a log shows: its first error, and the rules\n"
        "whose symptoms stand in it."
    )
    parser.add_argument("id", metavar="ID|FILE|-", help="a rule, or a log; - reads one from standard input")
    parser.add_argument("--json", action="store_true", help="of a log: one JSON document on standard output")
    rule_arguments.sources(parser)


def _serve(parser: argparse.ArgumentParser) -> None:
    parser.usage = "build-doctor serve [--port N] [demo | TARGET …] [options]"
    parser.description = "The terminal UI in a browser of this machine (needs the extra serve); Ctrl-C ends it."
    parser.add_argument("--port", type=int, default=8000, metavar="N", help="the port at localhost (default: 8000)")


def _machine(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--gpu", action=Adding, metavar="12.0,10.3", help="the compute capabilities to diagnose for")
    parser.add_argument("--cuda", metavar="12.9", help="the toolkit version to plan with")
    parser.add_argument("--arch-list", metavar="LIST", help='what the build is asked for, such as "8.0 9.0 12.0+PTX"')
    parser.add_argument(
        "--env", action="append", default=[], metavar="NAME=VALUE", help="a variable that a setup.py of the build reads"
    )
    parser.add_argument(
        "--run-setup",
        action="store_true",
        help="run the tree's setup.py (off by default): a confined child process that only records, builds and changes nothing",
    )


def _rule_options(parser: argparse.ArgumentParser) -> None:
    rule_arguments.sources(parser)
    parser.add_argument("--select", action="append", default=[], metavar="ID", help="run only this rule or family")
    parser.add_argument("--ignore", action="append", default=[], metavar="ID", help="leave out this rule or family")
    _baseline(parser)
    parser.add_argument(
        "--fail-on",
        choices=["error", "warning", "note", "never"],
        default="error",
        help="what ends with code 1 (default: error)",
    )


def _baseline(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--baseline", metavar="REPORT", help="leave out what this saved report has already")


def _output(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(said=())
    parser.add_argument("--json", action=Saying, nargs=0, help="one JSON document on standard output, as --format json")
    parser.add_argument(
        "--format",
        action=Saying,
        choices=[*FOR_PEOPLE, *FOR_PROGRAMS],
        help="the form of the report, or of the next file",
    )
    parser.add_argument(
        "--output",
        action=Saying,
        metavar="FILE",
        help="write the report to a file, in the form of its ending (.json, .sarif, .xml, .md, .txt) or of the --format "
        "before it; may be given several times, and - is standard output",
    )


def _common(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--no-color", action="store_true", help="no colours (so does NO_COLOR)")
    parser.add_argument("--quiet", action="store_true", help="no progress on standard error")
    parser.add_argument("--verbose", action="store_true", help="show limits, references and all evidence")
    parser.add_argument("--version", action="version", version=f"build-doctor {__version__}")


def wants_form(arguments: argparse.Namespace) -> bool:
    """Whether the report is asked for in a form, or in a file, and not in the terminal UI."""
    return bool(arguments.said)


def wants_screen(arguments: argparse.Namespace) -> bool:
    """Whether the terminal UI is to be opened: a report is asked for, in no form, and a person sits there."""
    if arguments.command not in {_EXAMINE, "demo"} or wants_form(arguments):
        return False
    # textual-serve names its driver here, and hands the screen on through pipes.
    if os.environ.get("TEXTUAL_DRIVER", "").startswith("textual.drivers.web_driver:"):
        return True
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout))
