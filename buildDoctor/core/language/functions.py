"""Every function that expressions may call, by name."""

from __future__ import annotations

from collections.abc import Mapping

from buildDoctor.core.language.architecture_functions import ARCHITECTURE_FUNCTIONS
from buildDoctor.core.language.driver_functions import DRIVER_FUNCTIONS
from buildDoctor.core.language.list_functions import LIST_FUNCTIONS
from buildDoctor.core.language.signatures import Function
from buildDoctor.core.language.text_functions import TEXT_FUNCTIONS
from buildDoctor.core.language.version_functions import VERSION_FUNCTIONS

FUNCTIONS: Mapping[str, Function] = {
    function.name: function
    for function in (*LIST_FUNCTIONS, *ARCHITECTURE_FUNCTIONS, *DRIVER_FUNCTIONS, *VERSION_FUNCTIONS, *TEXT_FUNCTIONS)
}
