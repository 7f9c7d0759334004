"""The options of `check` as plain words say them; what is not understood at once, a mistake above all, is left to click."""

from __future__ import annotations

Options = dict[str, object]  # by the names of the command's parameters, the path among them

_FLAGS = {
    "--all": "everything",
    "--exit-zero": "exit_zero",
    "--no-cache": "no_cache",
    "--no-suppressions": "no_suppressions",
    "--quiet": "quiet",
    "--staged": "staged",
    "--statistics": "statistics",
    "--verbose": "verbose",
    "-q": "quiet",
    "-v": "verbose",
}
TEXTS = {"--base": "base", "--config": "config", "--format": "formats"}
SEVERAL = {"--ignore": "ignore", "--output": "outputs", "--select": "select"}
WORDS = {
    "--color": ("color", ("auto", "always", "never")),
    "--fail-on": ("fail_on", ("error", "warning", "info")),
    "--parity": ("parity", ("strict", "together", "staged")),
    "--policy-from": ("policy_from", ("head", "base")),
}


def read(words: list[str]) -> Options | None:
    """The options by the names of the command's parameters, the path among them; None for anything but plain ones."""
    options: Options = {"path": None, "formats": "text", "fail_on": "error", "policy_from": "head", "color": "auto"}
    options |= dict.fromkeys(_FLAGS.values(), False) | dict.fromkeys(("base", "config", "parity", "stdin_filename"))
    several: dict[str, list[str]] = {name: [] for name in SEVERAL.values()}
    waiting = iter(words)
    for word in waiting:
        if word in _FLAGS:
            options[_FLAGS[word]] = True
        elif word.startswith("-"):
            option, equals, value = word.partition("=")
            given = value if equals else next(waiting, None)
            if given is None or not _take(option, given, options, several):
                return None
        elif options["path"] is not None:
            return None
        else:
            options["path"] = word
    options |= {name: tuple(values) for name, values in several.items()}
    return options | ({"path": "."} if options["path"] is None else {})


def _take(option: str, given: str, options: Options, several: dict[str, list[str]]) -> bool:
    """Take an option's value; whether it is one of ours, with a value that it may have."""
    name, words = WORDS.get(option, (TEXTS.get(option, ""), ()))
    if option in SEVERAL:
        several[SEVERAL[option]].append(given)
    elif not name or (words and given not in words):
        return False
    else:
        options[name] = given
    return True
