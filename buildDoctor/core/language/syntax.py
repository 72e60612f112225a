"""From text to Python's syntax tree, within limits, with positions in the given text."""

from __future__ import annotations

import ast
import warnings

from buildDoctor.core.language.errors import LanguageError

MAX_LENGTH = 4_000
MAX_NODES = 2_000
MAX_DEPTH = 60


class Source:
    """The text of an expression.

    Args:
        text: The expression as its author wrote it, on one or more lines.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self._lines = text.split("\n")

    def error(self, node: ast.AST, message: str) -> LanguageError:
        """A mistake at a node."""
        return self._at(getattr(node, "lineno", 1), getattr(node, "col_offset", 0), message)

    def parse(self) -> ast.expr:
        """The syntax tree of the one expression.

        Raises:
            LanguageError: the text is no expression, or is too large.
        """
        if len(self.text) > MAX_LENGTH:
            raise LanguageError(f"the expression has {len(self.text)} characters; {MAX_LENGTH} are allowed")
        # Inside brackets, line breaks and comments are allowed; square ones cannot be closed by a text that also
        # has to be a single element of the list.
        tree = self._read(f"[{self.text}\n]")
        if isinstance(tree, ast.List) and not tree.elts:
            raise LanguageError("the expression is empty")
        if not isinstance(tree, ast.List) or len(tree.elts) > 1:
            raise LanguageError("one expression is expected")
        self._check_size(tree)
        return tree.elts[0]

    def segment(self, node: ast.expr) -> str:
        """What a node was written as, on one line."""
        lines = f"[{self.text}\n]".split("\n")[node.lineno - 1 : node.end_lineno]
        lines[-1] = lines[-1].encode()[: node.end_col_offset].decode(errors="ignore")
        lines[0] = lines[0].encode()[node.col_offset :].decode(errors="ignore")
        # A comment would swallow what follows it on the one line.
        return ast.unparse(node) if any("#" in line for line in lines[:-1]) else " ".join(map(str.strip, lines))

    def _read(self, bracketed: str) -> ast.expr:
        try:
            with warnings.catch_warnings():
                # A doubtful escape or comparison is a mistake of the author, not a message on a terminal.
                warnings.simplefilter("error")
                return ast.parse(bracketed, mode="eval").body
        except SyntaxError as error:
            raise self._from_python(error) from None
        except (ValueError, RecursionError, MemoryError, Warning):
            raise LanguageError("the text cannot be read as an expression") from None

    def _from_python(self, error: SyntaxError) -> LanguageError:
        """Python's own complaint, without the brackets that its author never wrote."""
        reason = error.msg
        if "'['" in reason or "']'" in reason or "never closed" in reason:
            reason = "the brackets do not match"
        line = error.lineno or 1
        if line > len(self._lines):
            # It ends too early.
            line, characters = len(self._lines), len(self._lines[-1])
        else:
            characters = (error.offset or 1) - (2 if line == 1 else 1)
        characters = min(characters, len(self._lines[line - 1]))
        return self._at_characters(line, characters, f"not an expression: {reason}")

    def _check_size(self, tree: ast.AST) -> None:
        if len(self.text) <= MAX_DEPTH:
            return
        waiting = [(tree, 0)]
        count = 0
        while waiting:
            node, depth = waiting.pop()
            count += 1
            if depth > MAX_DEPTH:
                raise self.error(node, f"the expression is nested more than {MAX_DEPTH} deep")
            if count > MAX_NODES:
                raise self.error(node, f"the expression has more than {MAX_NODES} parts")
            waiting += [(child, depth + 1) for child in ast.iter_child_nodes(node)]

    def _at(self, line: int, offset: int, message: str) -> LanguageError:
        # Python counts the bytes of a line.
        before = self._lines[min(line, len(self._lines)) - 1].encode()[: offset - (line == 1)]
        return self._at_characters(line, len(before.decode(errors="ignore")), message)

    def _at_characters(self, line: int, characters: int, message: str) -> LanguageError:
        return LanguageError(message, min(line, len(self._lines)), max(characters, 0) + 1)


def shown(node: ast.AST) -> str:
    """The expression of a node for a message: short, and between quotation marks unless it has its own."""
    text = ast.unparse(node)
    text = text if len(text) <= 60 else f"{text[:57]}..."
    return text if "'" in text or '"' in text else f"'{text}'"
