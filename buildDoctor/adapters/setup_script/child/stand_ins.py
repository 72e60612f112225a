"""Modules that stand in for torch, setuptools and subprocess: they record, and build nothing."""

from __future__ import annotations

import posixpath
import sys
import types
from typing import Any


class NoStandIn(BaseException):
    """The script asks for something that nobody stands in for. No `except Exception` of a script may take it for an answer."""


class Extension:
    """Stands in for `setuptools.Extension`."""

    kind = "Extension"

    def __init__(self, name: Any, sources: Any = (), *more: Any, **named: Any) -> None:  # noqa: ANN401  a script passes what it likes
        self.name = name
        self.sources = list(sources)
        self.extra_compile_args: Any = named.get("extra_compile_args", {})
        macros = named.get("define_macros", more[1] if len(more) > 1 else [])
        self.define_macros = list(macros or [])
        self.line = _line_of_script()


class Module(types.ModuleType):
    """A module of which only the given attributes exist; asking for another one ends the run."""

    def __init__(self, name: str, missing: list[str], **attributes: Any) -> None:  # noqa: ANN401  whatever a module holds
        super().__init__(name)
        self.__dict__.update(attributes)
        self.__dict__["_missing"] = missing
        self.__path__: list[str] = []

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  as above
        """End the run, and remember why in case the script catches even that."""
        if name.startswith("__") and name != "__version__":
            raise AttributeError(name)
        words = f"{self.__name__}.{name}"
        self.__dict__["_missing"].append(words)
        raise NoStandIn(words)


class Recorder:
    """What a run of the script asked for."""

    def __init__(self, facts: dict[str, Any]) -> None:
        self.facts = facts
        self.missing: list[str] = []
        self.extensions: list[Any] = []
        self.build: Any = None
        self.calls = 0

    def setup(self, **named: Any) -> None:  # noqa: ANN401  as above
        """Stands in for `setuptools.setup`."""
        self.calls += 1
        self.extensions += list(named.get("ext_modules") or [])
        self.build = (named.get("cmdclass") or {}).get("build_ext", self.build)

    def modules(self) -> dict[str, types.ModuleType]:
        """All modules that stand in for others, by name."""
        return {**self._torch(), **self._setuptools(), "subprocess": self._subprocess()}

    def _torch(self) -> dict[str, types.ModuleType]:
        facts = self.facts
        seen = facts["capabilities"]
        helper = Module(
            "torch.utils.cpp_extension", self.missing, CUDA_HOME="/not-run/cuda", ROCM_HOME=None, HIP_HOME=None, CUDNN_HOME=None,
            IS_HIP_EXTENSION=False, IS_WINDOWS=False, IS_MACOS=False, IS_LINUX=True, BuildExtension=_command("BuildExtension"),
            CUDAExtension=_maker("CUDAExtension"), CppExtension=_maker("CppExtension"), LIB_EXT=".so", CLIB_PREFIX="lib",
            include_paths=lambda *_, **__: [], library_paths=lambda *_, **__: [],
        )  # fmt: skip
        cuda = Module("torch.cuda", self.missing)
        if seen is not None:
            pairs = [tuple(map(int, text.split("."))) for text in seen]
            cuda.__dict__.update(
                is_available=lambda: bool(pairs), device_count=lambda: len(pairs), current_device=lambda: 0,
                get_device_capability=lambda device=None: pairs[_number(device)],
                get_device_properties=lambda device=None: types.SimpleNamespace(
                    major=pairs[_number(device)][0], minor=pairs[_number(device)][1]
                ),
            )  # fmt: skip
        if facts["torch_architectures"] is not None:
            cuda.__dict__["get_arch_list"] = lambda: list(facts["torch_architectures"])
        version = Module("torch.version", self.missing, cuda=facts["torch_cuda"], hip=None, xpu=None)
        config = Module("torch.__config__", self.missing, parallel_info=lambda: "", show=lambda: "")
        internals = Module(
            "torch._C", self.missing, _GLIBCXX_USE_CXX11_ABI=True, parse_schema=self._refusal("torch._C.parse_schema")
        )
        utils = Module("torch.utils", self.missing, cpp_extension=helper)
        torch = Module(
            "torch", self.missing, version=version, cuda=cuda, utils=utils, _C=internals, __config__=config,
            compiled_with_cxx11_abi=lambda: True,
        )  # fmt: skip
        if facts["torch"]:
            torch.__dict__["__version__"] = version.__dict__["__version__"] = facts["torch"]
        torch.__path__ = ["/not-run/torch"]
        return {module.__name__: module for module in (torch, version, cuda, config, internals, utils, helper)}

    def _refusal(self, words: str) -> Any:  # noqa: ANN401  a function, as torch has it
        """A function that may be imported; calling it ends the run."""

        def refuse(*_: Any, **__: Any) -> None:  # noqa: ANN401  as above
            self.missing.append(words)
            raise NoStandIn(words)

        return refuse

    def _setuptools(self) -> dict[str, types.ModuleType]:
        found: dict[str, types.ModuleType] = {}
        for top in ("setuptools", "distutils"):
            for name in (
                "build_ext",
                "build_py",
                "build",
                "bdist_wheel",
                "develop",
                "install",
                "sdist",
                "clean",
                "egg_info",
            ):
                found[f"{top}.command.{name}"] = Module(f"{top}.command.{name}", self.missing, **{name: _command(name)})
            inner = {
                name.rpartition(".")[2]: module for name, module in found.items() if name.startswith(f"{top}.command.")
            }
            found[f"{top}.command"] = Module(f"{top}.command", self.missing, **inner)
            extension = Module(f"{top}.extension", self.missing, Extension=Extension)
            found[f"{top}.extension"] = extension
            found[top] = Module(
                top, self.missing, setup=self.setup, Extension=Extension, find_packages=lambda *_, **__: [], command=found[f"{top}.command"],
                find_namespace_packages=lambda *_, **__: [], Command=_command("Command"), Distribution=_command("Distribution"),
                extension=extension, __version__="75.0.0",
            )  # fmt: skip
        found["distutils.core"] = Module("distutils.core", self.missing, setup=self.setup, Extension=Extension)
        found["distutils.sysconfig"] = Module(
            "distutils.sysconfig", self.missing, get_python_lib=lambda *_, **__: "/not-run/site-packages",
            get_python_inc=lambda *_, **__: "/not-run/include", get_config_var=lambda *_: None,
        )  # fmt: skip
        found["setuptools.dist"] = Module("setuptools.dist", self.missing, Distribution=_command("Distribution"))
        wheel = Module("wheel.bdist_wheel", self.missing, bdist_wheel=_command("bdist_wheel"))
        return {**found, "wheel": Module("wheel", self.missing, bdist_wheel=wheel), "wheel.bdist_wheel": wheel}

    def _subprocess(self) -> types.ModuleType:
        class CalledProcessError(Exception):
            pass

        def ended(command: Any, *_: Any, check: bool = False, **__: Any) -> types.SimpleNamespace:  # noqa: ANN401  as above
            """What nvcc says; every other program is said to fail."""
            words = command.split() if isinstance(command, str) else [str(word) for word in command]
            is_nvcc = posixpath.basename(words[0]) == "nvcc"
            if check and not is_nvcc:
                raise CalledProcessError(f"{words[0]}: no program is started by build-doctor")
            said = str(self.facts["nvcc_says"]) if is_nvcc else ""
            return types.SimpleNamespace(stdout=said, stderr="", returncode=0 if is_nvcc else 1)

        return Module(
            "subprocess", self.missing, run=ended, PIPE=-1, STDOUT=-2, DEVNULL=-3, SubprocessError=CalledProcessError,
            check_output=lambda command, *_, **__: ended(command, check=True).stdout, CalledProcessError=CalledProcessError,
            check_call=lambda command, *_, **__: ended(command, check=True).returncode,
            call=lambda command, *_, **__: ended(command).returncode, getoutput=lambda command: ended(command).stdout,
        )  # fmt: skip


def _maker(kind: str) -> Any:  # noqa: ANN401  a function, as torch has it
    def make(name: Any, sources: Any, *more: Any, **named: Any) -> Extension:  # noqa: ANN401  as above
        made = Extension(name, sources, *more, **named)
        made.kind = kind
        return made

    return make


def _command(name: str) -> Any:  # noqa: ANN401  a class whose name is given
    def with_options(cls: Any, /, **_: Any) -> Any:  # noqa: ANN401  as above
        return cls

    return type(name, (), {"with_options": classmethod(with_options), "user_options": []})


def _number(device: Any) -> int:  # noqa: ANN401  `None`, a number or a name
    return device if isinstance(device, int) else 0


def _line_of_script() -> int:
    """The line of the script that asks for an extension."""
    frame = sys._getframe(1)  # noqa: SLF001  there is no other way to a caller's line
    while frame.f_back is not None and not frame.f_code.co_filename.endswith("setup.py"):
        frame = frame.f_back
    return frame.f_lineno
