"""The `images` of a kustomization: which image references they mean, and what becomes of those.

Sources: kustomize api/internal/image/image.go and api/filters/imagetag/updater.go, v5.8.1.
"""

from __future__ import annotations

from typing import NamedTuple

from gitops_lint.merge.kustomize.edit import Origin
from gitops_lint.merge.kustomize.selecting import compiled


class Image(NamedTuple):
    """An entry of `images`. `name` is an expression that must fit the whole name."""

    name: str
    new_name: str
    tag: str
    digest: str
    suffix: str
    origin: Origin


def renamed(reference: str, image: Image) -> str:
    """An image reference after an entry has had its say: a new tag drops the digest, a digest drops the tag."""
    if image.name not in reference and image.name.isalnum():
        return reference
    rest = "(:[a-zA-Z0-9_.{}-]*)?(@sha256:[a-zA-Z0-9_.{}-]*)?"
    if image.name.startswith("*"):  # to Go it is a start that may be anywhere
        fits = compiled(f"{image.name.lstrip('*')}{rest}\\Z").search(reference)
    else:
        fits = compiled(image.name + rest).fullmatch(reference)
    if not fits:
        return reference
    name, tag, digest = split(reference)
    name = image.new_name or name
    if image.tag or image.digest:
        tag, digest = image.tag, image.digest
    elif image.suffix:
        tag, digest = tag + image.suffix, ""
    return name + (f":{tag}" if tag else "") + (f"@{digest}" if digest else "")


def split(reference: str) -> tuple[str, str, str]:
    """The name, the tag and the digest; a colon before the first slash is a port."""
    slash = max(reference.find("/"), 0)
    rest = reference[slash:]
    at, colon = rest.find("@"), rest.find(":")
    if at >= 0 and (at < colon or colon < 0):
        return reference[: slash + at], "", rest[at + 1 :]
    if colon < 0:
        return reference, "", ""
    return reference[: slash + colon], rest[colon + 1 : at] if at >= 0 else rest[colon + 1 :], rest[at + 1 :] if at >= 0 else ""
