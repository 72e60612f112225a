"""The language of rules: a closed part of Python's expressions, checked against the types of the evidence.

An expression answers with three values: evidence that was not seen makes it unknown, unless the rest decides.
"""

from __future__ import annotations

from buildDoctor.core.language.errors import BudgetError, LanguageError, nearest
from buildDoctor.core.language.expression import (
    DEFAULT_BUDGET,
    Evaluation,
    Expression,
    compile_expression,
)
from buildDoctor.core.language.functions import FUNCTIONS
from buildDoctor.core.language.loops import name_refusal
from buildDoctor.core.language.schema import (
    NUMBER,
    TEXT,
    TRUTH,
    VERSION,
    ListOf,
    Record,
    Scalar,
    Type,
    common,
    fields_of,
)
from buildDoctor.core.language.signatures import Function
from buildDoctor.core.language.templates import Template, compile_template, show
from buildDoctor.core.language.tree import Binding, Touched

__all__ = [
    "DEFAULT_BUDGET",
    "FUNCTIONS",
    "NUMBER",
    "TEXT",
    "TRUTH",
    "VERSION",
    "Binding",
    "BudgetError",
    "Evaluation",
    "Expression",
    "Function",
    "LanguageError",
    "ListOf",
    "Record",
    "Scalar",
    "Template",
    "Touched",
    "Type",
    "common",
    "compile_expression",
    "compile_template",
    "fields_of",
    "name_refusal",
    "nearest",
    "show",
]
