"""A tree that is a mapping: for tests, and for files that come from nowhere else."""

from __future__ import annotations

from collections.abc import Mapping

from gitops_lint.trees.blob import blob_id
from gitops_lint.trees.entry import Entry, UnreadableError


class MemoryTree:
    """Files by path; text is UTF-8."""

    def __init__(self, files: Mapping[str, bytes | str], label: str = "") -> None:
        self.label = label
        self.root = ""
        self.prefix = ""
        self._files = {path: text.encode() if isinstance(text, str) else text for path, text in sorted(files.items())}

    def names(self) -> Mapping[str, Entry]:
        """Every file, sorted."""
        return {path: Entry(0o100644, blob_id(data)) for path, data in self._files.items()}

    def read(self, path: str) -> bytes:
        """The bytes of a file. Raises UnreadableError for a name that is not in the mapping."""
        try:
            return self._files[path]
        except KeyError:
            raise UnreadableError(path, "is not there") from None

    def blob(self, path: str) -> str:
        """The git blob id of what `read` gives."""
        return blob_id(self.read(path))
