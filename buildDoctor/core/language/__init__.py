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
    expression_later,
)
from buildDoctor.core.language.functions import FUNCTIONS
from buildDoctor.core.language.globs import glob_matcher
from buildDoctor.core.language.loops import name_refusal
from buildDoctor.core.language.parts import Part, text_of
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
    evidence_names,
    fields_of,
)
from buildDoctor.core.language.signatures import Function
from buildDoctor.core.language.templates import Template, compile_template, show, template_later
from buildDoctor.core.language.tree import Binding, Listing, Name, Node, Root, Touched, children
from buildDoctor.core.language.values import in_short, name_of

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
    "Listing",
    "Name",
    "Node",
    "Part",
    "Record",
    "Root",
    "Scalar",
    "Template",
    "Touched",
    "Type",
    "children",
    "common",
    "compile_expression",
    "compile_template",
    "evidence_names",
    "expression_later",
    "fields_of",
    "glob_matcher",
    "in_short",
    "name_of",
    "name_refusal",
    "nearest",
    "show",
    "template_later",
    "text_of",
]
