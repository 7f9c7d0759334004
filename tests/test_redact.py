from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from gitops_lint.redact import _SHAPES, MASK, redact

PARTS = st.sampled_from([
    *("-----BEGIN RSA PRIVATE KEY-----", "AKIAABCDEFGHIJKLMNOP", "ASIAABCDEFGHIJKLMNOP", "ghp_" + "a1" * 10, "gho_" + "b2" * 10),
    *("ghu_" + "c3" * 10, "ghs_" + "d4" * 10, "ghr_" + "e5" * 10, "github_pat_" + "f6" * 12, "glpat-" + "g7" * 10, "xoxb-1234-abcdef"),
    *("sk_live_" + "h8" * 6, "sk_test_" + "i9" * 6, "AIza" + "j0" * 18, "AGE-SECRET-KEY-1" + "K1" * 6, "eyJhbGciOi.eyJzdWIi.c2ln"),
    *("https://me:secret@example.com", "https://token@example.com/x", "aB3" * 14, "aB3" * 13, "aB3+/" * 9 + "==", "plain", " ", "\t", "`", "@", "://"),
])  # fmt: skip


@given(st.lists(PARTS | st.text(max_size=6), max_size=6).map("".join))
@example("")
def test_what_looks_harmless_at_first_sight_is(text: str) -> None:
    assert redact(text) == _SHAPES.sub(MASK, text)
