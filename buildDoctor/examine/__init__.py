"""The shell around the core: asks every instrument, judges, tries the fixes, and returns a report.

It imports nothing by itself: a look inside one file needs neither rules nor build scripts. As `buildDoctor.examine` is
also the function of the Python API, this package can be called; what it is called with stands in `api.py`.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any


class _Examination(ModuleType):
    """This package, which can be called."""

    def __call__(self, *targets: Any, **options: Any) -> Any:  # noqa: ANN401  type checkers see the function in `api.py`
        """Examine what is given."""
        from buildDoctor.examine.api import examine  # noqa: PLC0415  see above

        return examine(*targets, **options)


sys.modules[__name__].__class__ = _Examination
