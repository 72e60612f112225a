"""Writes the completions for bash, zsh and fish and the manual page from the parsers, so that none says something else."""

from __future__ import annotations

import argparse
import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from buildDoctor import __version__
from buildDoctor.faces.cli import rule_arguments
from buildDoctor.faces.cli.arguments import COMMANDS, Adding, Saying, parser_for, parser_of_action
from buildDoctor.faces.cli.exit_codes import ExitCode
from buildDoctor.faces.cli.help_page import SUMMARIES

FOLDER = Path(__file__).parent / "shell"
_FILES = {"DIR", "EXE", "FILE", "PATH", "REPORT", "FILE|-", "ID|FILE|-", "TARGET", "RULE", "A", "B"}
"""Metavariables whose value may be a path."""
_ENDING = {"-h", "--help", "--help-all", "--version"}
"""Options that print something and end: nothing follows them."""
_MARK = "made by docs/make_shell_pages.py"
_REPEATED = (argparse._AppendAction, Adding, Saying)  # noqa: SLF001  argparse shows it nowhere else


@dataclass(frozen=True, slots=True)
class Option:
    """An option of a command."""

    names: tuple[str, ...]
    help: str
    value: str
    """The metavariable of its value; empty for a switch."""
    choices: tuple[str, ...]
    many: bool
    """Whether it may be given several times."""

    @property
    def takes_path(self) -> bool:
        """Whether its value is a path."""
        return self.value in _FILES


@dataclass(frozen=True, slots=True)
class Command:
    """A command with its options."""

    words: str
    """Such as `inspect` or `rules new`; empty for the diagnosis."""
    about: str
    options: tuple[Option, ...]
    operands: tuple[Option, ...]
    usage: str

    @property
    def takes_paths(self) -> bool:
        """Whether a word that belongs to no option may be a path."""
        return any(one.takes_path for one in self.operands)


def commands() -> list[Command]:
    """All commands, the diagnosis first."""
    found = [_command("", parser_for("examine"))]
    found += [_command(name, parser_for(name)) for name in COMMANDS]
    return found + [_command(f"rules {action}", parser_of_action(action)) for action in rule_arguments.ACTIONS]


def completed() -> list[Command]:
    """All commands as they are completed: behind `serve` stands what the diagnosis takes, but no form and no file."""
    head, *others = commands()
    more = tuple(one for one in head.options if not {"--help", "--format", "--json", "--output"} & set(one.names))
    return [head, *(_serving(one, more, head.operands) if one.words == "serve" else one for one in others)]


def _serving(serve: Command, more: tuple[Option, ...], operands: tuple[Option, ...]) -> Command:
    known = {name for one in serve.options for name in one.names}
    options = (*serve.options, *(one for one in more if not known & set(one.names)))
    return replace(serve, options=options, operands=operands)


def _command(words: str, parser: argparse.ArgumentParser) -> Command:
    actions = [_option(action) for action in parser._actions if action.help is not argparse.SUPPRESS]  # noqa: SLF001  argparse shows them nowhere else
    options = tuple(one for one in actions if one.names)
    operands = tuple(one for one in actions if not one.names)
    usage = " ".join(parser.format_usage().removeprefix("usage: ").split())
    return Command(words, " ".join((parser.description or "").split()), options, operands, usage)


def _option(action: argparse.Action) -> Option:
    metavar = action.metavar if isinstance(action.metavar, str) else action.dest.upper()
    switch = action.nargs == 0
    return Option(
        names=tuple(action.option_strings),
        help=" ".join((action.help or "").split()).replace("%%", "%"),
        value="" if switch else metavar,
        choices=tuple(map(str, action.choices or ())),
        many=action.nargs in {"*", "+"} or (isinstance(action, _REPEATED) and not switch),
    )


def bash() -> str:
    """The completion for bash."""
    names = " ".join(COMMANDS)
    actions = " ".join(rule_arguments.ACTIONS)
    cases = "\n".join(_bash_case(command) for command in completed())
    return f"""\
# bash completion for build-doctor; {_MARK}
_build_doctor() {{
    local current=${{COMP_WORDS[COMP_CWORD]}} previous=${{COMP_WORDS[COMP_CWORD-1]}} command="" options="" first="" files=""
    COMPREPLY=()
    # Readline takes --option=value for three words.
    if [ "$current" = = ]; then
        current=""
    elif [ "$previous" = = ]; then
        previous=${{COMP_WORDS[COMP_CWORD-2]}}
    fi
    if [ "$COMP_CWORD" -gt 1 ]; then
        case " {names} " in *" ${{COMP_WORDS[1]}} "*) command=${{COMP_WORDS[1]}} ;; esac
        if [ "$command" = rules ] && [ "$COMP_CWORD" -gt 2 ]; then
            case " {actions} " in *" ${{COMP_WORDS[2]}} "*) command="rules ${{COMP_WORDS[2]}}" ;; esac
        fi
    else
        first="{names}"
    fi
    case "$command" in
{cases}
    esac
    if [[ $current == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$options" -- "$current")
    elif [ "$command" = rules ]; then
        mapfile -t COMPREPLY < <(compgen -W "{actions}" -- "$current")
    elif [ -n "$files" ]; then
        mapfile -t COMPREPLY < <(compgen -W "$first" -- "$current"; compgen -f -- "$current")
        compopt -o filenames 2>/dev/null
    fi
}}
complete -F _build_doctor build-doctor
"""


def _bash_case(command: Command) -> str:
    names = " ".join(name for option in command.options for name in option.names)
    files = "yes" if command.takes_paths else ""
    lines = [f"    '{command.words}')", f'        options="{names}" files="{files}"', '        case "$previous" in']
    for option in command.options:
        heads = "|".join(option.names)
        if option.choices:
            words = " ".join(option.choices)
            lines.append(
                f'            {heads}) mapfile -t COMPREPLY < <(compgen -W "{words}" -- "$current"); return ;;'
            )
        elif option.takes_path:
            files = 'mapfile -t COMPREPLY < <(compgen -f -- "$current"); compopt -o filenames 2>/dev/null; return'
            lines.append(f"            {heads}) {files} ;;")
        elif option.value:
            lines.append(f"            {heads}) return ;;")
    return "\n".join([*lines, "        esac ;;"])


def zsh() -> str:
    """The completion for zsh."""
    described = "\n".join(f"    '{name}:{_zsh(SUMMARIES[name])}'" for name in COMMANDS)
    actions = "\n".join(f"    '{name}:{_zsh(about)}'" for name, about in rule_arguments.ABOUT.items())
    cases = "\n".join(_zsh_case(command) for command in completed())
    return f"""\
#compdef build-doctor
# zsh completion for build-doctor; {_MARK}
_build_doctor() {{
  local command=""
  local -a named actions
  named=(
{described}
  )
  actions=(
{actions}
  )
  if (( CURRENT == 2 )) && [[ $words[2] != -* ]]; then
    _describe -t commands command named
    _files
    return
  fi
  if (( $+named[(r)$words[2]:*] )); then
    command=$words[2]
    shift words
    (( CURRENT-- ))
    if [[ $command == rules ]]; then
      if (( CURRENT == 2 )) && [[ $words[2] != -* ]]; then
        _describe -t actions action actions
        return
      fi
      if (( $+actions[(r)$words[2]:*] )); then
        command="rules $words[2]"
        shift words
        (( CURRENT-- ))
      fi
    fi
  fi
  case $command in
{cases}
  esac
}}
# The first word that is completed loads this file as a function of its own name; `source` asks for no completion.
if [[ $funcstack[1] == _build-doctor ]]; then
  _build_doctor "$@"
else
  compdef _build_doctor build-doctor
fi
"""


def _zsh_case(command: Command) -> str:
    specs = [_zsh_spec(option, name) for option in command.options for name in option.names]
    specs += [_zsh_operand(at, operand) for at, operand in enumerate(command.operands, 1)]
    whole = " \\\n      ".join(specs)
    return f"    '{command.words}')\n      _arguments -S \\\n      {whole} ;;"


def _zsh_spec(option: Option, name: str) -> str:
    about = f"[{_zsh(option.help)}]"
    others = "*" if option.many else "(- *)" if name in _ENDING else ""
    if not option.value:
        return f"'{others}{name}{about}'"
    equals = "=" if name.startswith("--") else ""
    return f"'{others}{name}{equals}{about}:{_zsh(option.value)}:{_zsh_value(option)}'"


def _zsh_operand(at: int, operand: Option) -> str:
    name = _zsh(operand.value)
    # Where nothing can be offered, the guard leaves a word with a hyphen to the options.
    value = _zsh_value(operand) if operand.takes_path else f'_guard "^-*" "{name}"'
    return f"'{'*' if operand.many else at}:{name}:{value}'"


def _zsh_value(option: Option) -> str:
    if option.choices:
        return f"({' '.join(option.choices)})"
    # A space: there is a value, and nothing to offer for it.
    return ("_files -/" if option.value == "DIR" else "_files") if option.takes_path else " "


def _zsh(text: str) -> str:
    return re.sub(r"([\[\]:\\])", r"\\\1", text).replace("'", "'\\''")


_FISH_HEAD = """\
function __build_doctor_in -d 'whether the words before the cursor are of this command of build-doctor'
    set -l words (commandline -opc)
    set -l command
    if contains -- "$words[2]" {commands}
        set command $words[2]
        if test "$command" = rules; and contains -- "$words[3]" {actions}
            set -a command $words[3]
        end
    end
    test "$command" = "$argv"
end
function __build_doctor_words -d 'whether so many words stand before the cursor'
    test (count (commandline -opc)) -eq $argv[1]
end
"""


def fish() -> str:
    """The completion for fish."""
    head = _FISH_HEAD.format(commands=" ".join(COMMANDS), actions=" ".join(rule_arguments.ACTIONS))
    lines = [f"# fish completion for build-doctor; {_MARK}", *head.splitlines()]
    lines += [f"{_FISH} -n '__build_doctor_words 1' -a {name} -d {_fish(SUMMARIES[name])}" for name in COMMANDS]
    among = "__build_doctor_in rules; and __build_doctor_words 2"
    lines += [f"{_FISH} -n '{among}' -a {name} -d {_fish(about)}" for name, about in rule_arguments.ABOUT.items()]
    for command in completed():
        condition = f"__build_doctor_in {command.words}".rstrip()
        lines += [] if command.takes_paths else [f"{_FISH} -n '{condition}' -f"]
        lines += [_fish_option(option, condition) for option in command.options]
    return "\n".join(lines) + "\n"


_FISH = "complete -c build-doctor"


def _fish_option(option: Option, condition: str) -> str:
    names = " ".join(f"-l {name[2:]}" if name.startswith("--") else f"-s {name[1:]}" for name in option.names)
    if option.choices:
        value = f" -x -a {_fish(' '.join(option.choices))}"
    else:
        value = (" -r -F" if option.takes_path else " -x") if option.value else ""
    return f"{_FISH} -n '{condition}' {names}{value} -d {_fish(option.help)}"


def _fish(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def manual() -> str:
    """The manual page, in the language of man(7)."""
    head, *others = commands()
    lines = [
        f'.\\" {_MARK}',
        f'.TH BUILD-DOCTOR 1 "{_released()}" "build-doctor {__version__}" "User Commands"',
        ".SH NAME",
        "build-doctor \\- says why a GPU kernel is missing from a compiled CUDA extension",
        ".SH SYNOPSIS",
        ".B build-doctor\n.RI [ TARGET \\~...]\\&\n.RI [ options ]",
        ".br\n.B build-doctor\n.I COMMAND\n\\&...",
        ".SH DESCRIPTION",
        _roff(head.about),
        *_roff_options(head),
        ".SH COMMANDS",
    ]
    for command in others:
        lines += [f".SS {_roff(command.words)}", _roff(command.about), ".PP", f"\\fB{_roff(command.usage)}\\fR"]
        lines += _roff_options(command)
    lines += [".SH EXIT STATUS", *(f".TP\n.B {code.value}\n{_roff(_about(code))}" for code in ExitCode)]
    lines += [
        ".SH ENVIRONMENT",
        ".TP\n.B NO_COLOR\nno colours.",
        ".TP\n.B BUILD_DOCTOR_CLIPBOARD\n\\fBoff\\fR puts what is copied into a file.",
        ".SH FILES",
        ".TP\n.I build\\-doctor.toml\nthe settings and the contract of a project;",
        "also the table tool.build\\-doctor of pyproject.toml.",
        ".TP\n.I .build\\-doctor/rules/\nthe rules of a project.",
    ]
    return "\n".join(lines) + "\n"


def _released() -> str:
    """The day of this version in the changelog; empty before its release."""
    changes = (FOLDER.parents[1] / "CHANGELOG.md").read_text(encoding="utf-8")
    found = re.search(rf"^## \[{re.escape(__version__)}\] - (\d{{4}}-\d\d-\d\d)$", changes, re.MULTILINE)
    return found[1] if found else ""


def _roff_options(command: Command) -> Iterator[str]:
    for option in (*command.operands, *command.options):
        names = ", ".join(f"\\fB{_roff(name)}\\fR" for name in option.names)
        value = f"\\fI{_roff('|'.join(option.choices) if option.choices else option.value)}\\fR" if option.value else ""
        yield f".TP\n{f'{names} {value}'.strip()}\n{_roff(option.help) or '.'}"


def _about(code: ExitCode) -> str:
    texts = re.findall(r"^    [A-Z_]+ = (\d+)\n    \"\"\"(.*?)\"\"\"", _source_of_codes(), re.MULTILINE | re.DOTALL)
    return next(" ".join(text.split()) for number, text in texts if int(number) == code)


def _source_of_codes() -> str:
    from buildDoctor.faces.cli import exit_codes  # noqa: PLC0415  its source is read

    return Path(exit_codes.__file__).read_text(encoding="utf-8")


def _roff(text: str) -> str:
    """Text as man(7) takes it: no character is a command, and no line is longer than 80 bytes."""
    # What is one character here may take four there; a line must not begin with one that makes it a command.
    lines = textwrap.wrap(text, 60, break_long_words=False, break_on_hyphens=False)
    return "\n".join(map(_roff_line, lines))


def _roff_line(text: str) -> str:
    escaped = text.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq").replace("…", "...")
    return f"\\&{escaped}" if escaped.startswith((".", "\\(aq")) else escaped


PAGES = {"build-doctor.bash": bash, "_build-doctor": zsh, "build-doctor.fish": fish, "build-doctor.1": manual}


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, page in PAGES.items():
        (FOLDER / name).write_text(page(), encoding="utf-8")
