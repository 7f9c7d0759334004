from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from gitops_lint.redact import _RANDOM, _SHAPES, MASK, redact

PARTS = st.sampled_from(
    [
        "-----BEGIN RSA PRIVATE KEY-----",
        *(f"{start}ABCDEFGHIJKLMNOP" for start in ("AKIA", "ASIA")),
        *(f"{start}{'a1' * 12}" for start in ("ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-", "sk_live_", "sk_test_")),
        *("xoxb-1234-abcdef", f"AIza{'j0' * 18}", "AGE-SECRET-KEY-1K1K1K1", "eyJhbGciOi.eyJzdWIi.c2ln"),
        *("https://me:secret@example.com", "https://token@example.com/x"),
        *("aB3" * 14, "aB3" * 13, "aB3+/" * 9 + "==", "plain", " ", "\t", "`", "@", "://"),
    ]
)


@given(st.lists(PARTS | st.text(max_size=6), max_size=6).map("".join))
@example("")
def test_what_looks_harmless_at_first_sight_is(text: str) -> None:
    assert redact(text) == _RANDOM.sub(MASK, _SHAPES.sub(MASK, text))
