"""What is wrong with a configuration."""

from __future__ import annotations


class ConfigError(Exception):
    """A configuration that cannot be used; line and column count from 1."""

    def __init__(self, path: str, line: int, column: int, message: str) -> None:
        super().__init__(f"{path}:{line}:{column}: {message}")
        self.path = path
        self.line = line
        self.column = column
        self.message = message
