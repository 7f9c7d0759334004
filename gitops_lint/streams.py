"""The process's two output streams: written to once and for all, or recorded while somebody else writes to them."""

from __future__ import annotations

import io
import os
import sys
from types import TracebackType

TYPE_CHECKING = False  # as `typing` has it, which takes longer to import than all of this
if TYPE_CHECKING:
    from collections.abc import Callable

_FAILED = 5  # EIO, wherever there is such a thing


def whole(write: Callable[[bytes], object], data: bytes) -> None:
    """Write all of the data. A stream without a buffer, as with PYTHONUNBUFFERED, takes a part before it says that the disk is full."""
    left = data
    while left:
        written = write(left)
        if not isinstance(written, int) or not written:
            raise OSError(_FAILED, "nobody takes it")
        left = left[written:]


def replay(status: int, out: bytes, err: bytes) -> int:
    """Write to both streams and give the status; leave with 2 if that cannot be done, with 141 if nobody reads to the end."""
    try:
        for stream, data in ((sys.stderr, err), (sys.stdout, out)):
            if data:
                whole(stream.buffer.write, data)
                stream.flush()
    except BrokenPipeError:
        os._exit(141)  # the interpreter's own last flush would fail again, and change the status
    except (AttributeError, OSError):  # closed before we were started: None, or a descriptor of nothing; or the disk is full
        os._exit(2)
    return status


class Recording:
    """A stretch of time in which what is written to `sys.stdout` or `sys.stderr` is also kept, as bytes, in `copy`."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._before: io.TextIOWrapper = getattr(sys, name)
        self._tee = _Tee(self._before)
        self.copy = self._tee.copy

    def __enter__(self) -> Recording:  # noqa: PYI034  `Self` would cost the import of typing
        before = self._before
        before.flush()
        stream = io.TextIOWrapper(self._tee, before.encoding, before.errors, newline="", write_through=True)  # type: ignore[type-var]  # no `name`
        setattr(sys, self._name, stream)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        stream = getattr(sys, self._name)
        setattr(sys, self._name, self._before)
        self._tee.ended = True
        stream.detach()


class _Tee(io.RawIOBase):
    def __init__(self, target: io.TextIOWrapper) -> None:
        super().__init__()
        self._target = target.buffer
        self.copy = bytearray()
        self.ended = False

    def writable(self) -> bool:
        return True

    def write(self, data: bytes, /) -> int:  # type: ignore[override]  # what a text stream hands over is bytes
        whole(self._target.write, data)
        self.copy += data
        return len(data)

    def flush(self) -> None:
        if not self.ended:  # what could not be written was said when it was tried
            self._target.flush()

    def isatty(self) -> bool:
        return self._target.isatty()

    def fileno(self) -> int:
        return self._target.fileno()
