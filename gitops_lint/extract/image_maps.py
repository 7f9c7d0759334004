"""An image that several keys of a mapping describe together, as charts have it; and tags that stand alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from gitops_lint.extract.image_text import IMAGE_KEY, NO_IMAGE, pointer, tag_beside
from gitops_lint.extract.walk import Place, text
from gitops_lint.node import Map, value_location
from gitops_lint.pointer import Motion, Pointer, PointerKind
from gitops_lint.pointers import image as grammar
from gitops_lint.pointers.tag import judge, named
from gitops_lint.regex import regex

_PLAIN_IMAGE_KEY = regex(r"images?$", re.IGNORECASE)
_TAG_KEY = regex(r"(?:^|[-_.a-z])(?:image|Image)[-_.]?(?:tag|Tag|version|Version)$|^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*_TAG$")
_REPOSITORIES = ("repository", "imageRepository", "image_repository", "repo")
_TAGS = ("tag", "imageTag", "image_tag")
_REGISTRIES = ("registry", "imageRegistry", "image_registry")
_DIGESTS = ("digest", "sha", "imageDigest")
_TELLING = frozenset((*_REPOSITORIES, *_TAGS, *_DIGESTS, "version"))  # without one of these, nothing describes an image
_OF_SOURCES = frozenset({"url", "repoURL", "ref", "branch", "commit", "chart", "git", "rev", "revision", "sourceRef", "semver"})


def described(place: Place) -> Pointer | None:
    """The image of a mapping with a repository and what belongs to it: registry, tag, digest."""
    node = place.node
    repository_key = _repository(place)
    if not repository_key:
        return None
    versioned = repository_key == "image" or _PLAIN_IMAGE_KEY.search(place.parent)
    tag_key = _first(node, (*_TAGS, "version") if versioned else _TAGS)
    registry_key, digest_key = _first(node, _REGISTRIES), _first(node, _DIGESTS)
    repository, tag = text(node, repository_key), text(node, tag_key)
    name = "/".join(part for part in (text(node, registry_key).rstrip("/"), repository) if part)
    digest = text(node, digest_key)
    shown_key = tag_key or repository_key
    at, key = value_location(node, shown_key), (*place.path, shown_key)
    related = () if shown_key == repository_key else (value_location(node, repository_key),)
    if not tag and not digest and ":" not in repository.rpartition("/")[2] and "@" not in repository:
        return Pointer(PointerKind.IMAGE, name, name, "", Motion.UNKNOWN, "the tag is left to the chart", at, key, related=related)
    whole = name + (f":{tag}" if tag else "") + (f"@{digest if ':' in digest else 'sha256:' + digest}" if digest else "")
    return pointer(whole, at, key, strict=True, related=related)


def _repository(place: Place) -> str:
    """The key that holds the repository, where the mapping is one that describes an image."""
    node = place.node
    if _TELLING.isdisjoint(node) or not _OF_SOURCES.isdisjoint(node):
        return ""
    within_image = any(_PLAIN_IMAGE_KEY.search(part) for part in _keys(place)[-2:])
    tagged = bool(_first(node, _TAGS) or _first(node, _DIGESTS))
    for key in _REPOSITORIES:
        if (tagged or within_image) and "://" not in (text(node, key) or "://"):
            return key
    if within_image and tagged and text(node, "name"):
        return "name"
    return "image" if (tagged or text(node, "version")) and _untagged(text(node, "image")) else ""


def _untagged(image: str) -> bool:
    return bool(image) and not NO_IMAGE.search(image) and ":" not in image.rpartition("/")[2]


def _keys(place: Place) -> list[str]:
    return [part for part in place.path if not part.startswith("[")]


def lone_tags(place: Place) -> Iterator[Pointer]:
    """Tags whose repository stands in no values: a chart's template knows it, or another file."""
    node = place.node
    keys = [key for key in node if key == "tag" or _names_tag(key)]
    taken = {tag_beside(node, key) for key in node if IMAGE_KEY.search(key)} if keys else ()
    for key in keys:
        if key in taken:
            continue
        telling = _names_tag(key)
        value = text(node, key)
        if not value or isinstance(node[key], bool) or not grammar.valid_tag(value):
            continue
        motion, reason = judge(value)
        if telling or _tag_alone(place, motion):
            yield Pointer(PointerKind.IMAGE, value, "", value, motion, reason, value_location(node, key), (*place.path, key))


@lru_cache(maxsize=20_000)
def _names_tag(key: str) -> bool:
    return _TAG_KEY.search(key) is not None


def _tag_alone(place: Place, motion: Motion) -> bool:
    if _OF_SOURCES.intersection(place.node) or any(isinstance(value, str) and "://" in value for value in place.node.values()):
        return False
    return "image" in place.parent.lower() or (motion is Motion.MOVING and named(text(place.node, "tag")))


def _first(node: Map, keys: tuple[str, ...]) -> str:
    return next((key for key in keys if key in node and not isinstance(node[key], dict | list)), "")
