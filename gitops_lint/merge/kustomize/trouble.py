"""Why a part of an overlay could not be built, as kustomize would refuse it or because it is out of reach."""

from __future__ import annotations


class BuildError(Exception):
    """One entry that cannot be evaluated: the reason, in one line, and the place that asks for it."""

    def __init__(self, reason: str, path: str = "", line: int = 0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.path = path
        self.line = line


class AbsentError(BuildError):
    """Something is not there that may be in what could not be had: news only where everything was."""


class TooMuchError(BuildError):
    """A build that is too large to go on with; unlike the others it ends the whole of it."""
