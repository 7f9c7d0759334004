"""Why a command could not do its job: the one error that ends it with status 2."""

from __future__ import annotations


class Failure(Exception):  # noqa: N818  it is what the user is told
    """The message is one line for the user: what is wrong, where, and what to do."""
