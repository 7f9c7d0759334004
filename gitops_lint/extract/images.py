"""Container images wherever a tree may name one: objects, Helm values, custom resources.

The places are those of the Kubernetes API (`containers[].image` and its sisters) and, for Helm values, the conventions of charts:
`image: repository:tag`, a map of `registry`, `repository`, `tag` and `digest`, and lone `imageTag` keys.
"""

from __future__ import annotations

from collections.abc import Iterator

from gitops_lint.extract.image_maps import described, lone_tags
from gitops_lint.extract.image_text import texts
from gitops_lint.extract.walk import Place
from gitops_lint.pointer import Pointer

_OF_NO_CONTAINER = ("ImageRepository/", "ImageUpdater/", "OCIRepository/", "Plan/")  # what is watched, or whose version is another field


def images(place: Place) -> Iterator[Pointer]:
    """The images that a mapping names by its own keys."""
    if place.parent == "annotations" or (place.path[:1] and place.path[0].startswith(_OF_NO_CONTAINER)):
        return
    whole = described(place)
    if whole is not None:
        yield whole
    yield from texts(place, described=whole is not None)
    if whole is None:
        yield from lone_tags(place)
