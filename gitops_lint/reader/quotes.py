r"""The one escape that go-yaml v2 reads and libyaml does not: `\'` in a double-quoted scalar.

It is swapped for two code points of the private use area, so that nothing moves, and turned into the quote when the events come out.
"""

from __future__ import annotations

import re

import yaml
from yaml.events import ScalarEvent

from gitops_lint.reader.parser import Event, Next, events
from gitops_lint.reader.refusal import RefusedError
from gitops_lint.regex import regex

_STAND_IN = "\ue001\ue002"
_ESCAPE = regex(r"(?<!\\)((?:\\\\)*)\\'")
_SCALAR = regex(r'[^"\\]*(?:\\.[^"\\]*)*', re.DOTALL)  # what follows an opening quote
_ATTEMPTS = 200  # each reads the text again, up to the next scalar that needs it


def mended(text: str) -> str:
    r"""The text with every `\'` that stops libyaml swapped; the text itself where there is none."""
    if "\\'" not in text or _STAND_IN in text:
        return text
    for _ in range(_ATTEMPTS):
        opening = _stop(text)
        if opening is None:
            break
        scalar = _SCALAR.match(text, opening + 1)
        end = scalar.end() if scalar else len(text)
        swapped = _ESCAPE.sub(rf"\1{_STAND_IN}", text[opening:end])
        if swapped == text[opening:end]:
            break
        text = text[:opening] + swapped + text[end:]
    return text


def _stop(text: str) -> int | None:
    """Where the double-quoted scalar begins in which libyaml meets an escape that it does not know."""
    following = events(text)
    try:
        while following() is not None:
            pass
    except yaml.MarkedYAMLError as error:
        if error.problem == "found unknown escape character" and error.context_mark is not None:
            return error.context_mark.index
    except (yaml.YAMLError, RefusedError):
        pass  # which `read` will meet again, and report
    return None


def restored(following: Next) -> Next:
    """The events of a mended text, with the quotes in their place."""

    def next_event() -> Event:
        event: Event = following()
        if event.__class__ is ScalarEvent and _STAND_IN in event.value:
            event.value = event.value.replace(_STAND_IN, "'")
        return event

    return next_event
