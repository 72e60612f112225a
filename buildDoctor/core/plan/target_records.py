"""The targets that build scripts state, with what counts for each: sources, options, properties, links, folders."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from msgspec import Struct, field

from buildDoctor.core.plan.records import TraceRecord, flat

NOTE = "_build_doctor_note"
"""The command whose arguments the replay leaves in the trace: what is told there is no line of a script."""
FROM_TOP = "//"
"""Begins a path that is named from the top of the tree, wherever the command stands."""
_LIBRARIES = frozenset(
    {
        "add_library", "python_add_library", "python3_add_library", "pybind11_add_module", "nanobind_add_module",
        "cuda_add_library", "hip_add_library",
    }
)  # fmt: skip
_PROGRAMS = frozenset({"add_executable", "cuda_add_executable", "hip_add_executable"})
_KINDS = frozenset({"MODULE", "SHARED", "STATIC", "OBJECT", "INTERFACE"})
_WORDS = _KINDS | {
    "WITH_SOABI", "USE_SABI", "EXCLUDE_FROM_ALL", "THIN_LTO", "NO_EXTRAS", "SYSTEM", "OPT_SIZE", "STABLE_ABI",
    "NB_STATIC", "NB_SHARED", "NOMINSIZE", "FREE_THREADED", "WIN32", "MACOSX_BUNDLE",
}  # fmt: skip
_GLOB_WORDS = frozenset({"CONFIGURE_DEPENDS", "LIST_DIRECTORIES", "RELATIVE", "true", "false", "TRUE", "FALSE"})
_SCRIPT_SUFFIXES = (".py", ".sh")
_PASSED_ON = frozenset({"PUBLIC", "INTERFACE"})
_OWN = frozenset({"PUBLIC", "PRIVATE"})
_VISIBILITIES = _PASSED_ON | _OWN
_OPTION_PROPERTIES = frozenset({"COMPILE_OPTIONS", "COMPILE_FLAGS"})


Key = tuple[str, str]
"""A source, behind the folder whose script says something of it: targets of other folders do not see that."""


class Stated(Struct):
    """What a target has of one kind: for itself, and for those that link to it."""

    own: list[str] = field(default_factory=list)
    passed_on: list[str] = field(default_factory=list)

    def add(self, values: Iterable[str], visibility: str = "PRIVATE") -> None:
        """Take values with a visibility; one that is not stated is `PUBLIC` for links and nothing else."""
        listed = list(values)
        if visibility in _OWN:
            self.own += listed
        if visibility in _PASSED_ON:
            self.passed_on += listed


class Target(Struct):
    """A library or a program of the build."""

    name: str
    kind: str
    """`module`, `shared`, `static`, `object`, `interface`, `program`, or empty: CMake's default, a library."""
    folder: str
    """The folder that its sources are named from: relative to the tree, with a slash at its end."""
    file: str
    line: int
    architectures: str | None
    """CUDA_ARCHITECTURES; nothing when it is not set."""
    hip_architectures: str | None
    sources: list[str] = field(default_factory=list)
    generated: tuple[str, ...] = ()
    flags: list[str] = field(default_factory=list)
    """Its COMPILE_FLAGS, an older property beside the options."""
    options: Stated = field(default_factory=Stated)
    definitions: Stated = field(default_factory=Stated)
    links: Stated = field(default_factory=Stated)


class Folder(Struct):
    """What a folder of the build states for all targets in it."""

    flags: str = ""
    """CMAKE_CUDA_FLAGS and those of a release build, as they are when its script has ended."""
    options: list[str] = field(default_factory=list)
    definitions: list[str] = field(default_factory=list)


class Statements(Struct):
    """All that the scripts state about targets, read in one pass."""

    targets: dict[str, Target] = field(default_factory=dict)
    folders: dict[str, Folder] = field(default_factory=lambda: defaultdict(Folder))
    options: dict[Key, dict[str, list[str]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))
    """Compile options by source and property."""
    definitions: dict[Key, list[str]] = field(default_factory=lambda: defaultdict(list))
    languages: dict[Key, str] = field(default_factory=dict)
    """What a source is said to be, whatever its name is."""
    aliases: dict[str, str] = field(default_factory=dict)
    noted: dict[str, list[tuple[str, ...]]] = field(default_factory=lambda: defaultdict(list))
    """What the replay tells beside the scripts' own commands, by its kind."""
    writers: dict[str, str] = field(default_factory=dict)
    """By a pattern that finds nothing: the script that was to run last before, if one was."""
    _writer: str = ""
    _here: list[str] = field(default_factory=lambda: [""])
    _made: Target | None = None
    _generated: list[str] = field(default_factory=list)

    @property
    def here(self) -> str:
        """The folder whose script runs."""
        return self._here[-1]

    def take(self, record: TraceRecord) -> None:
        """Read one command."""
        if record.command == NOTE:
            self._note(record.arguments)
        elif not record.arguments:
            return
        elif record.command in _LIBRARIES or record.command in _PROGRAMS:
            self._target(record)
        elif record.command in _COMMANDS:
            getattr(self, _COMMANDS[record.command])(record.arguments)

    def _note(self, told: tuple[str, ...]) -> None:
        kind, *values = told
        if kind == "target" and self._made is not None:
            self._made.architectures, self._made.hip_architectures = (value or None for value in values[1:3])
        elif kind == "enter":
            folder = values[0]
            self.folders[folder] = Folder(
                options=list(self.folders[self.here].options), definitions=list(self.folders[self.here].definitions)
            )
            self._here.append(folder)
        elif kind == "leave":
            self.folders[values[0]].flags = " ".join(values[1:])
            if len(self._here) > 1:
                self._here.pop()
        elif kind == "found":
            self._found(values[1], values[2])
        else:
            self.noted[kind].append(tuple(values))

    def _target(self, record: TraceRecord) -> None:
        name, *rest = record.arguments
        items = list(flat(rest))
        if "ALIAS" in items:
            self.aliases[name] = items[-1]
            return
        if "IMPORTED" in items:
            return
        kind = "program" if record.command in _PROGRAMS else next((i.lower() for i in items if i in _KINDS), "")
        made = self._made = Target(name, kind, self.here, record.file, record.line, None, None)
        made.sources = [i for i in items if i not in _WORDS and ("." in i or "$<" in i) and not _is_number(i)]
        # Both are copied when a target is made: what is stated later is for later targets.
        made.options.own = list(self.folders[self.here].options)
        made.definitions.own = list(self.folders[self.here].definitions)
        made.generated = tuple(dict.fromkeys(self._generated))
        self._generated.clear()
        self.targets.setdefault(name, made)

    def named(self, name: str) -> Target | None:
        """A target by its name or another name of it."""
        return self.targets.get(self.aliases.get(name, name))

    def path(self, source: str) -> str:
        """A source as it is called from the top of the tree."""
        return placed(self.here, source)

    def _program(self, arguments: tuple[str, ...]) -> None:
        """The last script that a program was to run before a search is what writes the files that it finds."""
        self._writer = next((one for one in flat(arguments) if one.endswith(_SCRIPT_SUFFIXES)), self._writer)

    def _found(self, result: str, searched: str) -> None:
        """What a search found; where it found nothing, the files are taken to be written later."""
        if not result:
            found = [pattern for pattern in searched.split(";") if pattern and pattern not in _GLOB_WORDS]
            self._generated += found
            self.writers |= dict.fromkeys(found, self._writer)

    def _target_sources(self, arguments: tuple[str, ...]) -> None:
        target = self.named(arguments[0])
        if target is not None:
            found = [value for _visibility, value in _by_visibility(arguments[1:]) if "." in value or "$<" in value]
            target.sources += [value if "$<" in value else f"{FROM_TOP}{self.path(value)}" for value in found]

    def _target_options(self, arguments: tuple[str, ...]) -> None:
        target = self.named(arguments[0])
        for visibility, value in _by_visibility(arguments[1:]) if target else ():
            if value not in {"BEFORE", "SYSTEM"}:
                target.options.add([value], visibility)  # type: ignore[union-attr]  # the loop is empty without a target

    def _target_definitions(self, arguments: tuple[str, ...]) -> None:
        target = self.named(arguments[0])
        for visibility, value in _by_visibility(arguments[1:]) if target else ():
            target.definitions.add([value], visibility)  # type: ignore[union-attr]  # as above

    def _target_links(self, arguments: tuple[str, ...]) -> None:
        target = self.named(arguments[0])
        for visibility, value in _by_visibility(arguments[1:], "PUBLIC") if target else ():
            target.links.add([value], visibility)  # type: ignore[union-attr]  # as above

    def _folder_options(self, arguments: tuple[str, ...]) -> None:
        self.folders[self.here].options += flat(arguments)

    def _folder_definitions(self, arguments: tuple[str, ...]) -> None:
        self.folders[self.here].definitions += flat(arguments)

    def _set_property(self, arguments: tuple[str, ...]) -> None:
        if "PROPERTY" not in arguments:
            return
        at = arguments.index("PROPERTY")
        names = [item for item in flat(arguments[1:at]) if item not in {"APPEND", "APPEND_STRING"}]
        if at + 1 < len(arguments):
            appends = "APPEND" in arguments[1:at] or "APPEND_STRING" in arguments[1:at]
            self._property(arguments[0], names, arguments[at + 1], arguments[at + 2 :], appends=appends)

    def _set_target_properties(self, arguments: tuple[str, ...]) -> None:
        self._set_properties(arguments, "TARGET")

    def _set_source_properties(self, arguments: tuple[str, ...]) -> None:
        self._set_properties(arguments, "SOURCE")

    def _set_properties(self, arguments: tuple[str, ...], kind: str) -> None:
        if "PROPERTIES" not in arguments:
            return
        at = arguments.index("PROPERTIES")
        pairs = arguments[at + 1 :]
        for name, value in zip(pairs[::2], pairs[1::2], strict=False):
            self._property(kind, list(flat(arguments[:at])), name, (value,), appends=False)

    def _property(self, kind: str, names: list[str], name: str, values: tuple[str, ...], *, appends: bool) -> None:
        for owner in names if kind in {"TARGET", "SOURCE"} else ():
            if kind == "TARGET":
                _give_target_property(self.named(owner), name, values, appends=appends)
            elif name in _OPTION_PROPERTIES:
                kept = self.options[self.here, self.path(owner)][name]
                if not appends:
                    kept.clear()
                kept += values
            elif name == "COMPILE_DEFINITIONS":
                self.definitions[self.here, self.path(owner)] += flat(values)
            elif name == "LANGUAGE" and values:
                self.languages[self.here, self.path(owner)] = values[0]


def _give_target_property(target: Target | None, name: str, values: tuple[str, ...], *, appends: bool) -> None:
    if target is None:
        return
    if name in {"CUDA_ARCHITECTURES", "HIP_ARCHITECTURES"}:
        attribute = "architectures" if name == "CUDA_ARCHITECTURES" else "hip_architectures"
        before = getattr(target, attribute) if appends else None
        setattr(target, attribute, ";".join(filter(None, (before, *values))))
    elif name == "COMPILE_OPTIONS":
        target.options.own = [*(target.options.own if appends else ()), *values]
    elif name == "COMPILE_FLAGS":
        target.flags = [*(target.flags if appends else ()), *values]
    elif name == "INTERFACE_COMPILE_OPTIONS":
        target.options.passed_on += values
    elif name == "COMPILE_DEFINITIONS":
        target.definitions.own += flat(values)


def _by_visibility(arguments: Iterable[str], first: str = "PRIVATE") -> Iterable[tuple[str, str]]:
    """Each value with the visibility that stands before it."""
    visibility = first
    for item in arguments:
        if item in _VISIBILITIES:
            visibility = item
        elif item and item not in {"FILE_SET", "TYPE", "BASE_DIRS", "FILES"}:
            yield visibility, item


def placed(folder: str, path: str) -> str:
    """A path that is stated in a folder, as it is called from the top; what leads out of the tree stays as it is."""
    if path.startswith(FROM_TOP):
        return path[len(FROM_TOP) :]
    if path.startswith(("/", "$<")):
        return path
    parts: list[str] = []
    for part in f"{folder}{path}".split("/"):
        if part == ".." and parts and parts[-1] != "..":
            parts.pop()
        elif part not in {"", "."}:
            parts.append(part)
    return "/".join(parts)


def _is_number(text: str) -> bool:
    return text.replace(".", "").isdigit()


_COMMANDS = {
    "execute_process": "_program",
    "target_sources": "_target_sources",
    "target_compile_options": "_target_options",
    "target_compile_definitions": "_target_definitions",
    "target_link_libraries": "_target_links",
    "add_compile_options": "_folder_options",
    "add_definitions": "_folder_options",
    "add_compile_definitions": "_folder_definitions",
    "set_property": "_set_property",
    "set_target_properties": "_set_target_properties",
    "set_source_files_properties": "_set_source_properties",
}
"""What reads the arguments of each command."""
SOURCE_COMMANDS = _LIBRARIES | _PROGRAMS | {"target_sources", "set_property", "set_source_files_properties"}
"""Commands that name sources."""
_STATING = _LIBRARIES | _PROGRAMS | frozenset(_COMMANDS) | {NOTE}
"""All commands that state something; most of a trace are others."""


def statements_of(records: Iterable[TraceRecord]) -> Statements:
    """Everything that the commands of a run state about targets."""
    found = Statements()
    for record in records:
        if record.command in _STATING:
            found.take(record)
    return found
