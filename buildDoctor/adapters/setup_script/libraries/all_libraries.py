"""The modelled libraries by the names under which a script imports them."""

from __future__ import annotations

from buildDoctor.adapters.setup_script.interpreter import Interpreter
from buildDoctor.adapters.setup_script.libraries import running_text  # noqa: F401  it adds exec and eval to the built-ins
from buildDoctor.adapters.setup_script.libraries.common import common_libraries
from buildDoctor.adapters.setup_script.libraries.matching import regex_library
from buildDoctor.adapters.setup_script.libraries.paths import path_libraries
from buildDoctor.adapters.setup_script.libraries.system import system_libraries
from buildDoctor.adapters.setup_script.libraries.torch_library import torch_libraries


def install(run: Interpreter) -> None:
    """Give a run its libraries; each run has its own, for a script may set their attributes."""
    paths = path_libraries()
    run.modules |= paths | common_libraries() | torch_libraries(run) | system_libraries(run, paths["os.path"])
    run.modules["re"] = regex_library()
