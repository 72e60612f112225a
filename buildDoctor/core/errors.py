"""The one error that a user can mend."""

from __future__ import annotations


class RequestError(Exception):
    """The request was wrong: an option, a path, a rule file. The message says what, where and what to do."""
