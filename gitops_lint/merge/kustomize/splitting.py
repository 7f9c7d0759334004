"""The parts of a dotted path, as replacements and `vars` write it.

Source: kustomize kyaml/utils/pathsplitter.go, v5.8.1.
"""

from __future__ import annotations

from gitops_lint.merge.kustomize.trouble import BuildError
from gitops_lint.reader.refusal import DEPTH, TOO_DEEP


def split(path: str) -> list[str]:
    r"""The parts of a path, which may begin with a dot: `\.` is a dot in a part, `[name=a.b]` and `[a.b]` are one.

    Raises BuildError for one that leads too deep.
    """
    parts = [part.replace("\0", ".") for part in path.replace("\\.", "\0").split(".")]
    if len(parts) > 1 and not parts[0]:
        del parts[0]
    if len(parts) > DEPTH:
        raise BuildError(f"a path is {TOO_DEEP}")
    out: list[str] = []
    pending: list[str] = []
    for part in parts:
        if pending or (part.startswith("[") and not part.endswith("]")):
            pending.append(part)
            if part.endswith("]") and len(pending) > 1:
                out.append(_bracketed(".".join(pending)))
                pending = []
        else:
            out.append(part)
    return [*out, _bracketed(".".join(pending))] if pending else out


def _bracketed(text_: str) -> str:
    return text_ if "=" in text_ else text_.strip("[]")
