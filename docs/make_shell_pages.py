"""Writes the completions for bash, zsh and fish and the manual page from the parsers, so that none says something else."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from buildDoctor import __version__
from buildDoctor.faces.cli import rule_arguments
from buildDoctor.faces.cli.arguments import COMMANDS, parser_for, parser_of_action
from buildDoctor.faces.cli.exit_codes import ExitCode
from buildDoctor.faces.cli.help_page import SUMMARIES

FOLDER = Path(__file__).parent / "shell"
_FILES = {"DIR", "EXE", "FILE", "PATH", "REPORT", "FILE|-", "TARGET", "RULE", "A", "B"}
"""Metavariables whose value is a path."""
_MARK = "made by docs/make_shell_pages.py"


@dataclass(frozen=True, slots=True)
class Option:
    """An option of a command."""

    names: tuple[str, ...]
    help: str
    value: str
    """The metavariable of its value; empty for a switch."""
    choices: tuple[str, ...]

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


def commands() -> list[Command]:
    """All commands, the diagnosis first."""
    found = [_command("", parser_for("examine"))]
    found += [_command(name, parser_for(name)) for name in COMMANDS]
    return found + [_command(f"rules {action}", parser_of_action(action)) for action in rule_arguments.ACTIONS]


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
    )


def bash() -> str:
    """The completion for bash."""
    names = " ".join(COMMANDS)
    actions = " ".join(rule_arguments.ACTIONS)
    cases = "\n".join(_bash_case(command) for command in commands())
    return f"""\
# bash completion for build-doctor; {_MARK}
_build_doctor() {{
    local current=${{COMP_WORDS[COMP_CWORD]}} previous=${{COMP_WORDS[COMP_CWORD-1]}} command="" options="" first=""
    COMPREPLY=()
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
    else
        mapfile -t COMPREPLY < <(compgen -W "$first" -- "$current"; compgen -f -- "$current")
        compopt -o filenames 2>/dev/null
    fi
}}
complete -F _build_doctor build-doctor
"""


def _bash_case(command: Command) -> str:
    names = " ".join(name for option in command.options for name in option.names)
    lines = [f"    '{command.words}')", f'        options="{names}"', '        case "$previous" in']
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
    actions = " ".join(rule_arguments.ACTIONS)
    cases = "\n".join(_zsh_case(command) for command in commands())
    return f"""\
#compdef build-doctor
# zsh completion for build-doctor; {_MARK}
_build_doctor() {{
  local command=""
  local -a commands
  commands=(
{described}
  )
  if (( CURRENT == 2 )) && [[ $words[2] != -* ]]; then
    _describe -t commands command commands
    _files
    return
  fi
  if (( $+commands[(r)$words[2]:*] )); then
    command=$words[2]
    shift words
    (( CURRENT-- ))
    if [[ $command == rules ]]; then
      if (( CURRENT == 2 )) && [[ $words[2] != -* ]]; then
        compadd -- {actions}
        return
      fi
      command="rules $words[2]"
      shift words
      (( CURRENT-- ))
    fi
  fi
  case $command in
{cases}
  esac
}}
_build_doctor "$@"
"""


def _zsh_case(command: Command) -> str:
    specs = [_zsh_spec(option, name) for option in command.options for name in option.names]
    whole = " \\\n      ".join([*specs, "'*:TARGET:_files'"])
    return f"    '{command.words}')\n      _arguments \\\n      {whole} ;;"


def _zsh_spec(option: Option, name: str) -> str:
    about = f"[{_zsh(option.help)}]"
    if not option.value:
        return f"'{name}{about}'"
    value = f"({' '.join(option.choices)})" if option.choices else "_files" if option.takes_path else ""
    equals = "=" if name.startswith("--") else ""
    return f"'{name}{equals}{about}:{_zsh(option.value)}:{value}'"


def _zsh(text: str) -> str:
    return re.sub(r"([\[\]:])", r"\\\1", text).replace("'", "'\\''")


def fish() -> str:
    """The completion for fish."""
    known = " ".join(COMMANDS)
    lines = [f"# fish completion for build-doctor; {_MARK}"]
    lines += [f"complete -c build-doctor -n __fish_use_subcommand -a {n} -d {_fish(SUMMARIES[n])}" for n in COMMANDS]
    for command in commands():
        first, _, second = command.words.partition(" ")
        if second:
            condition = f"__fish_seen_subcommand_from {first}; and __fish_seen_subcommand_from {second}"
            about = rule_arguments.ABOUT[second]
            lines.append(
                f"complete -c build-doctor -n '__fish_seen_subcommand_from rules' -a {second} -d {_fish(about)}"
            )
        else:
            condition = f"__fish_seen_subcommand_from {first}" if first else f"not __fish_seen_subcommand_from {known}"
        lines += [_fish_option(option, condition) for option in command.options]
    return "\n".join(lines) + "\n"


def _fish_option(option: Option, condition: str) -> str:
    names = " ".join(f"-l {name[2:]}" if name.startswith("--") else f"-s {name[1:]}" for name in option.names)
    if option.choices:
        value = f" -x -a {_fish(' '.join(option.choices))}"
    else:
        value = (" -r -F" if option.takes_path else " -x") if option.value else ""
    return f"complete -c build-doctor -n '{condition}' {names}{value} -d {_fish(option.help)}"


def _fish(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def manual() -> str:
    """The manual page, in the language of man(7)."""
    head, *others = commands()
    lines = [
        f'.\\" {_MARK}',
        f'.TH BUILD-DOCTOR 1 "" "build-doctor {__version__}" "User Commands"',
        ".SH NAME",
        "build-doctor \\- says why a GPU kernel is missing from a compiled CUDA extension",
        ".SH SYNOPSIS",
        ".B build-doctor\n.RI [ TARGET \\~...]\n.RI [ options ]",
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
        ".TP\n.I build\\-doctor.toml\nthe settings and the contract of a project; also the table tool.build\\-doctor of pyproject.toml.",
        ".TP\n.I .build\\-doctor/rules/\nthe rules of a project.",
    ]
    return "\n".join(lines) + "\n"


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
    """Text as man(7) takes it: no character is a command."""
    escaped = text.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq").replace("…", "...")
    return f"\\&{escaped}" if escaped.startswith((".", "\\(aq")) else escaped


PAGES = {"build-doctor.bash": bash, "_build-doctor": zsh, "build-doctor.fish": fish, "build-doctor.1": manual}


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, page in PAGES.items():
        (FOLDER / name).write_text(page(), encoding="utf-8")
