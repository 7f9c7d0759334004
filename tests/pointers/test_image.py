from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitops_lint.pointers.image import Image, ImageError, normalized, parse, valid_digest, valid_tag

F64 = "sha256:" + "f" * 64
F128 = "sha512:" + "f" * 128
V6 = "[2001:db8::1]"

# The cases of TestReferenceParse, github.com/distribution/reference v0.6.0.
WELL_FORMED = [
    ("test_com", Image("", "test_com")),
    ("test.com:tag", Image("", "test.com", "tag")),
    ("test.com:5000", Image("", "test.com", "5000")),
    ("test.com/repo:tag", Image("test.com", "repo", "tag")),
    ("test:5000/repo", Image("test:5000", "repo")),
    ("test:5000/repo:tag", Image("test:5000", "repo", "tag")),
    (f"test:5000/repo@{F64}", Image("test:5000", "repo", "", F64)),
    (f"test:5000/repo:tag@{F64}", Image("test:5000", "repo", "tag", F64)),
    ("lowercase:Uppercase", Image("", "lowercase", "Uppercase")),
    ("a/" * 127 + "a:tag-puts-this-over-max", Image("a", "a/" * 126 + "a", "tag-puts-this-over-max")),
    ("sub-dom1.foo.com/bar/baz/quux", Image("sub-dom1.foo.com", "bar/baz/quux")),
    ("sub-dom1.foo.com/bar/baz/quux:some-long-tag", Image("sub-dom1.foo.com", "bar/baz/quux", "some-long-tag")),
    ("b.gcr.io/test.example.com/my-app:test.example.com", Image("b.gcr.io", "test.example.com/my-app", "test.example.com")),
    ("xn--n3h.com/myimage:xn--n3h.com", Image("xn--n3h.com", "myimage", "xn--n3h.com")),
    (f"xn--7o8h.com/myimage:xn--7o8h.com@{F128}", Image("xn--7o8h.com", "myimage", "xn--7o8h.com", F128)),
    ("foo_bar.com:8080", Image("", "foo_bar.com", "8080")),
    ("foo/foo_bar.com:8080", Image("foo", "foo_bar.com", "8080")),
    ("192.168.1.1", Image("", "192.168.1.1")),
    ("192.168.1.1:tag", Image("", "192.168.1.1", "tag")),
    ("192.168.1.1:5000", Image("", "192.168.1.1", "5000")),
    ("192.168.1.1/repo", Image("192.168.1.1", "repo")),
    ("192.168.1.1:5000/repo", Image("192.168.1.1:5000", "repo")),
    ("192.168.1.1:5000/repo:5050", Image("192.168.1.1:5000", "repo", "5050")),
    (f"{V6}/repo", Image(V6, "repo")),
    ("[2001:db8:1:2:3:4:5:6]/repo:tag", Image("[2001:db8:1:2:3:4:5:6]", "repo", "tag")),
    (f"{V6}:5000/repo", Image(f"{V6}:5000", "repo")),
    (f"{V6}:5000/repo:tag", Image(f"{V6}:5000", "repo", "tag")),
    (f"{V6}:5000/repo@{F64}", Image(f"{V6}:5000", "repo", "", F64)),
    (f"{V6}:5000/repo:tag@{F64}", Image(f"{V6}:5000", "repo", "tag", F64)),
    ("[2001:db8::]:5000/repo", Image("[2001:db8::]:5000", "repo")),
    ("[::1]:5000/repo", Image("[::1]:5000", "repo")),
    ("example.com/" + "a" * 255 + ":tag", Image("example.com", "a" * 255, "tag")),
]
MALFORMED = [
    ("", "empty"),
    (":justtag", "grammar"),
    (f"@{F64}", "grammar"),
    ("repo@sha256:" + "f" * 34, "has 34 digits instead of 64"),
    ("validname@invaliddigest:" + "f" * 128, "not supported"),
    ("Uppercase:tag", "upper-case"),
    ("test:5000/Uppercase/lowercase:tag", "upper-case"),
    ("domain/" + "a" * 256 + ":tag", "longer than 255"),
    ("aa/asdf$$^/aa", "grammar"),
    (V6, "grammar"),
    (f"{V6}:5000", "grammar"),
    (f"{V6}:tag", "grammar"),
    ("[fe80::1%eth0]:5000/repo", "grammar"),
    ("[fe80::1%@invalidzone]:5000/repo", "grammar"),
    ("https://ghcr.io/acme/shop:1", "scheme"),
    ("ghcr.io/acme/shop:", "nothing follows"),
    ("ghcr.io/acme/shop: 1", "white space"),
    ("repo@sha256:" + "F" * 64, "upper-case"),
    ("a" * 5000, "grammar"),
]


@pytest.mark.parametrize(("text", "parts"), WELL_FORMED)
def test_parse(text: str, parts: Image) -> None:
    assert parse(text) == parts
    assert str(parts) == text


@pytest.mark.parametrize(("text", "complaint"), MALFORMED)
def test_parse_refuses(text: str, complaint: str) -> None:
    with pytest.raises(ImageError, match=complaint):
        parse(text)


# The cases of TestParseRepositoryInfo and TestValidateReferenceName, same source.
@pytest.mark.parametrize(
    ("text", "full"),
    [
        ("ubuntu", "docker.io/library/ubuntu"),
        ("library/ubuntu:22.04", "docker.io/library/ubuntu:22.04"),
        ("nonlibrary/ubuntu", "docker.io/nonlibrary/ubuntu"),
        ("index.docker.io/fooo/bar", "docker.io/fooo/bar"),
        ("docker.io/ubuntu", "docker.io/library/ubuntu"),
        ("localhost/fooo", "localhost/fooo"),
        ("LOCALDOMAIN/fooo/bar", "LOCALDOMAIN/fooo/bar"),
        ("127.0.0.1:8000/private/moonbase", "127.0.0.1:8000/private/moonbase"),
        ("Docker/docker", "Docker/docker"),
        ("192.168.0.1:80", "docker.io/library/192.168.0.1:80"),
    ],
)
def test_normalized(text: str, full: str) -> None:
    assert str(normalized(text)) == full


@pytest.mark.parametrize(
    "text", ["1a3f5e7d" * 8, "docker/Docker", "-docker/docker", "docker///docker", "____/____", "dock..er/docker", "docker/"]
)
def test_normalized_refuses(text: str) -> None:
    with pytest.raises(ImageError):
        normalized(text)


@given(st.text(st.sampled_from("aZ09._-:/@[]$ \n"), max_size=40))
def test_what_parses_prints_as_it_was(text: str) -> None:
    try:
        parts = parse(text)
    except ImageError:
        return
    assert str(parts) == text
    assert not parts.tag or valid_tag(parts.tag)
    assert not parts.digest or valid_digest(parts.digest)
