"""The one error that a user can mend."""

from __future__ import annotations


class RequestError(Exception):
    """The request was wrong: an option, a path, a rule file. The message says what, where and what to do."""


class NoTargetError(RequestError):
    """A word names nothing that is there.

    Args:
        given: the word.
        advice: what may have been meant, as the end of the sentence.
    """

    def __init__(self, given: str, advice: str = "") -> None:
        super().__init__(f"{given}: there is no such file, folder or installed package{advice}")
        self.given = given
