"""What is kept between runs and handed between processes is plain data."""

from __future__ import annotations

import marshal

from gitops_lint import plain
from gitops_lint.node import Location, Opaque
from gitops_lint.pointer import Motion, Pointer, PointerKind


def test_a_pointer_whose_text_is_filled_in_later_is_plain() -> None:
    text = Opaque("${REGISTRY}/shop:${TAG}")
    pointer = Pointer(PointerKind.IMAGE, text, "shop", "", Motion.DIGEST, "nobody knows", Location("a.yaml"), ("image",))
    assert plain.pointer(marshal.loads(marshal.dumps(plain.flat_pointer(pointer)))) == pointer  # noqa: S302  what was dumped here
