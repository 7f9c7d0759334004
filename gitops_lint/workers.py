"""Work done by several processes at once, each a fork that inherits everything that was read and returns plain data only.

Nothing is handed out beforehand: the numbers of the tasks lie in a pipe, and whoever is free takes the next one, the parent too. A worker
that dies takes nothing with it, because what it did not answer is done again here.
"""

from __future__ import annotations

import marshal
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import Any, TypeVar

Task = TypeVar("Task")
Answer = TypeVar("Answer")

started: list[int] = []  # the processes that were ever started here

_NUMBER = 2  # bytes of a task's number in the pipe
_LOOK = 0.2  # seconds between two looks at whether the parent is there
_MOST = 16_000  # tasks whose numbers a pipe surely holds, at 64 KiB


def available() -> int:
    """How many processes can run at once here; one where they cannot be forked safely."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else 1


def each(tasks: Sequence[Task], work: Callable[[Task], Answer], *, parallel: bool, processes: int = 0) -> list[Answer]:
    """What `work` gives for each task, in order: plain data. Where `parallel`, by as many processes as can run, or by `processes`."""
    processes = processes or available()
    if not parallel or processes < 2 or len(tasks) < 2 or len(tasks) > _MOST:  # noqa: PLR2004  one alone needs no help
        return [work(task) for task in tasks]
    numbers = _numbers(len(tasks))
    answers = [_start(tasks, work, numbers) for _ in range(processes - 1)]
    try:
        done = {number: work(tasks[number]) for number in _taken(numbers)}
        os.close(numbers)
        for process, pipe in answers:
            done.update(_answer(pipe))
            with suppress(ChildProcessError):
                os.waitpid(process, 0)
    except BaseException:
        for process, _ in answers:
            with suppress(ProcessLookupError):  # it has ended, and nobody waits for what it found
                os.kill(process, signal.SIGKILL)
        raise
    return [done[number] if number in done else work(task) for number, task in enumerate(tasks)]


def _numbers(count: int) -> int:
    """The end of a pipe to take numbers from."""
    out, into = os.pipe()
    os.write(into, b"".join(number.to_bytes(_NUMBER, "big") for number in range(count)))
    os.close(into)
    return out


def _taken(numbers: int) -> Iterator[int]:
    """Numbers until there are no more; a read of so few bytes is never shared between processes."""
    while taken := os.read(numbers, _NUMBER):
        yield int.from_bytes(taken, "big")


def _start(tasks: Sequence[Task], work: Callable[[Task], Answer], numbers: int) -> tuple[int, int]:
    """A new worker: its process and the end of the pipe that its answer comes out of."""
    out, into = os.pipe()
    process = os.fork()
    if process:
        os.close(into)
        started.append(process)
        return process, out
    status = 1
    _end_with(os.getppid())
    try:
        with os.fdopen(into, "wb") as pipe:
            pipe.write(marshal.dumps({number: work(tasks[number]) for number in _taken(numbers)}))
        status = 0
    finally:
        os._exit(status)  # what the parent has begun is not to be ended here; an error shows again when the parent does the task


def _end_with(parent: int) -> None:
    """Let this process end when its parent has: nobody waits for its answer then."""

    def look(_signal: int, _frame: object) -> None:
        if os.getppid() != parent:
            os._exit(1)

    signal.signal(signal.SIGALRM, look)
    signal.setitimer(signal.ITIMER_REAL, _LOOK, _LOOK)


def _answer(pipe: int) -> dict[int, Any]:
    """What a worker has done; nothing if it died over it."""
    with os.fdopen(pipe, "rb") as answer:
        data = answer.read()
    try:
        done: dict[int, Any] = marshal.loads(data)  # noqa: S302  written by a fork of this very process
    except (EOFError, ValueError, TypeError):
        return {}
    return done
