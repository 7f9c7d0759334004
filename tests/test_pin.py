"""`gitops-lint pin` against a real registry process on this machine, and against servers that answer as registries should not."""

from __future__ import annotations

import base64
import json
import os
import socket
import subprocess
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from gitops_lint.cli.main import main
from gitops_lint.docker_config import RegistryError, docker_credentials
from gitops_lint.pointers.image import normalized

pytest.importorskip("dxf", reason="the extra `registry` is not installed")
from gitops_lint.registry import digest
from tests.registries import Certificate, certificate, free_port, needs_registry, push, realm, running, serving

NOBODY = docker_credentials(b"")


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path / "docker"))
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "values-dev.yaml").write_text("web: {image: 'acme/web:main'}\n")
    return folder


def crane(image: str) -> str | None:
    """What crane says, where the oracles are installed."""
    folder = os.environ.get("GITOPS_LINT_ORACLES")
    if folder is None:
        return None
    done = subprocess.run([f"{folder}/crane", "digest", "--insecure", image], capture_output=True, text=True, check=True)
    return done.stdout.strip()


class TestRegistry:
    pytestmark = needs_registry

    def test_tags_get_their_digests_in_place(self, shop: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        values = shop / "values-prod.yaml"
        with running(tmp_path) as host:
            one, many = push(host, "acme/web", "1.4.2"), push(host, "acme/db", "1.10", several=True)
            text = (
                f'# prod\nweb: {{image: "{host}/acme/web:1.4.2"}} # runs\ndb:\n  image:\n    repository: {host}/acme/db\n    tag: "1.10"\n'
            )
            values.write_text(text)
            assert main(["pin", str(shop), "--diff"]) == 0
            assert f'+    tag: "1.10@{many}"' in capsys.readouterr().out
            assert values.read_text() == text
            assert main(["pin", str(shop)]) == 0
            assert crane(f"{host}/acme/web:1.4.2") in (one, None)
            assert crane(f"{host}/acme/db:1.10") in (many, None)
        assert values.read_text() == text.replace("1.4.2", f"1.4.2@{one}").replace("1.10", f"1.10@{many}")
        assert (shop / "values-dev.yaml").read_text() == "web: {image: 'acme/web:main'}\n"
        assert main(["pin", str(shop)]) == 0  # nothing is left to ask for

    def test_nothing_is_written_where_one_tag_is_not_there(self, shop: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        with running(tmp_path) as host:
            push(host, "acme/web", "1.4.2")
            text = f"web: {{image: '{host}/acme/web:1.4.2'}}\ndb: {{image: '{host}/acme/db:1.0.0'}}\n"
            (shop / "values-prod.yaml").write_text(text)
            assert main(["pin", str(shop)]) == 2
        assert (shop / "values-prod.yaml").read_text() == text
        assert "acme/db:1.0.0`: it has no such tag" in capsys.readouterr().err


def test_a_tag_that_stands_in_two_pieces_is_left_and_told(
    shop: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("gitops_lint.registry.digest", lambda *_: f"sha256:{'1' * 64}")
    values = shop / "values-prod.yaml"
    values.write_text("web: {image: 'acme/web:1.4.2'}\ndb:\n  image:\n    repository: acme/db\n    tag: &tag 1.0.0\n")
    assert main(["pin", str(shop)]) == 1
    assert values.read_text().splitlines()[0] == f"web: {{image: 'acme/web:1.4.2@sha256:{'1' * 64}'}}"
    assert values.read_text().endswith("    tag: &tag 1.0.0\n")
    assert "values-prod.yaml:5: not pinned" in capsys.readouterr().err


HASHED = "me:$2b$05$ewdf0JHp/BbyOba4NA/yw.hfuqGqI2bty1aKLUqiOUDJhAsRvSYMS\n"  # bcrypt of `it:is`
LOGIN = ("me", "it:is")


@pytest.fixture
def trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Certificate:
    made = certificate(tmp_path)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(made.public))
    return made


def passwords(folder: Path) -> str:
    (folder / "htpasswd").write_text(HASHED)
    return f"auth: {{htpasswd: {{realm: acme, path: '{folder / 'htpasswd'}'}}}}\n"


def helper(folder: Path, name: str, body: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A credential helper, the only one in PATH."""
    programs = folder / "programs"
    programs.mkdir(exist_ok=True)
    (programs / f"docker-credential-{name}").write_text(f"#!/bin/sh\n{body}\n")
    (programs / f"docker-credential-{name}").chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}:/usr/bin:/bin")


def answer(host: str, user: str, secret: str) -> str:
    """What a helper does that knows one host."""
    said = json.dumps({"ServerURL": host, "Username": user, "Secret": secret})
    return (
        f"""test "$1" = get && test "$(cat)" = {host} && echo '{said}' && exit; echo "credentials not found in native keychain"; exit 1"""
    )


class TestLogin:
    pytestmark = needs_registry

    @pytest.mark.parametrize("where", ["auths", "credHelpers", "credsStore"])
    def test_by_name_and_password(
        self, where: str, shop: Path, tmp_path: Path, trusted: Certificate, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with running(tmp_path, passwords(tmp_path), trusted) as host:
            helper(tmp_path, "acme", answer(host, *LOGIN), monkeypatch)
            said = {"auths": {host: {"auth": encoded(":".join(LOGIN))}}, "credHelpers": {host: "acme"}, "credsStore": "acme"}[where]
            (tmp_path / "docker").mkdir()
            (tmp_path / "docker/config.json").write_text(json.dumps({where: said}))
            found = push(host, "acme/web", "1.4.2", login=LOGIN)
            (shop / "values-prod.yaml").write_text(f"web: {{image: '{host}/acme/web:1.4.2'}}\n")
            assert main(["pin", str(shop)]) == 0
            assert crane(f"{host}/acme/web:1.4.2") in (found, None)
        assert (shop / "values-prod.yaml").read_text() == f"web: {{image: '{host}/acme/web:1.4.2@{found}'}}\n"

    @pytest.mark.parametrize("config", [{}, {"auths": {"HOST": {"username": "me", "password": "wrong"}}}])
    def test_without_the_right_password_nothing_is_written(
        self, config: object, shop: Path, tmp_path: Path, trusted: Certificate, capsys: pytest.CaptureFixture[str]
    ) -> None:
        with running(tmp_path, passwords(tmp_path), trusted) as host:
            (tmp_path / "docker").mkdir()
            (tmp_path / "docker/config.json").write_text(json.dumps(config).replace("HOST", host))
            text = f"web: {{image: '{host}/acme/web:1.4.2'}}\n"
            (shop / "values-prod.yaml").write_text(text)
            assert main(["pin", str(shop)]) == 2
        assert (shop / "values-prod.yaml").read_text() == text
        said = capsys.readouterr().err
        assert ("none of the credentials" if config else "has none for it") in said
        assert "wrong" not in said

    @pytest.mark.parametrize("login", [LOGIN, ("<token>", "who-i-am")])
    def test_by_a_token_of_its_realm(self, login: tuple[str, str], tmp_path: Path, trusted: Certificate) -> None:
        with realm(trusted, LOGIN, "who-i-am") as address:
            about = f"realm: '{address}', service: shop, issuer: acme, rootcertbundle: '{trusted.public}'"
            with running(tmp_path, f"auth: {{token: {{{about}}}}}\n", trusted) as host:
                found = push(host, "acme/web", "1.4.2", several=True, login=LOGIN)
                assert digest(normalized(f"{host}/acme/web:1.4.2"), lambda _: login) == found
                with pytest.raises(RegistryError, match="none of the credentials"):
                    digest(normalized(f"{host}/acme/web:1.4.2"), lambda _: (login[0], "wrong"))
                with pytest.raises(RegistryError, match="has none for it"):
                    digest(normalized(f"{host}/acme/web:1.4.2"), NOBODY)
                with pytest.raises(RegistryError, match="no such tag"):
                    digest(normalized(f"{host}/acme/web:1.5.0"), lambda _: login)

    def test_without_tls_nobody_logs_in(self, tmp_path: Path) -> None:
        with running(tmp_path, passwords(tmp_path)) as host, pytest.raises(RegistryError, match="without TLS, and gets none"):
            digest(normalized(f"{host}/acme/web:1.0.0"), lambda _: LOGIN)

    def test_a_certificate_that_nobody_trusts(self, tmp_path: Path) -> None:
        with running(tmp_path, tls=certificate(tmp_path)) as host, pytest.raises(RegistryError, match="is not trusted"):
            digest(normalized(f"{host}/acme/web:1.0.0"), NOBODY)


@pytest.mark.parametrize(
    ("status", "said"),
    [(404, "no such tag"), (403, "denied"), (429, r"too often; .*\(30 seconds\)"), (500, "status 500"), (200, "no digest")],
)
def test_answers_that_are_no_digest(status: int, said: str) -> None:
    class Answer(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self.send_response(status)
            self.send_header("Retry-After", "30")
            self.send_header("Docker-Content-Digest", "sha256:short")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with serving(Answer) as port, pytest.raises(RegistryError, match=said):
        digest(normalized(f"127.0.0.1:{port}/acme/web:1.0.0"), NOBODY)


def test_no_answer_and_nobody_there() -> None:
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen()
        with pytest.raises(RegistryError, match=r"no answer within 0\.2 seconds"):
            digest(normalized(f"127.0.0.1:{deaf.getsockname()[1]}/acme/web:1.0.0"), NOBODY, timeout=0.2)
    with pytest.raises(RegistryError, match="cannot be asked"):
        digest(normalized(f"127.0.0.1:{free_port()}/acme/web:1.0.0"), NOBODY)


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    ("config", "host", "expected"),
    [
        ({"auths": {"ghcr.io": {"auth": encoded("me:it:is")}}}, "ghcr.io", ("me", "it:is")),
        ({"auths": {"https://ghcr.io": {"auth": encoded("me:x")}}}, "ghcr.io", ("me", "x")),
        ({"auths": {"https://index.docker.io/v1/": {"auth": encoded("me:x")}}}, "docker.io", ("me", "x")),
        ({"auths": {"ghcr.io": {"username": "me", "password": "x"}}}, "ghcr.io", ("me", "x")),
        ({"auths": {"ghcr.io": {"auth": encoded("me:x")}}}, "ghcr.io.evil.example", None),
        ({"auths": {"ghcr.io": {"auth": encoded("me:x"), "identitytoken": "who"}}}, "ghcr.io", ("<token>", "who")),
        ({"auths": {"ghcr.io": {"auth": "no base64"}}}, "ghcr.io", None),
        ({"auths": ["ghcr.io"]}, "ghcr.io", None),
        ([], "ghcr.io", None),
    ],
)
def test_docker_configuration(config: object, host: str, expected: tuple[str, str] | None) -> None:
    assert docker_credentials(json.dumps(config).encode())(host) == expected


def test_a_docker_configuration_that_is_none() -> None:
    with pytest.raises(RegistryError):
        docker_credentials(b"{")


@pytest.mark.parametrize(
    ("config", "asked", "expected"),
    [
        ({"credHelpers": {"ghcr.io": "acme"}}, "ghcr.io", LOGIN),
        ({"credsStore": "acme", "auths": {"ghcr.io": {}}}, "ghcr.io", LOGIN),
        ({"credsStore": "gone", "credHelpers": {"ghcr.io": "acme"}}, "ghcr.io", LOGIN),
        ({"credHelpers": {"quay.io": "gone"}, "auths": {"ghcr.io": {"auth": encoded("you:x")}}}, "ghcr.io", ("you", "x")),
        ({"credsStore": "acme"}, "quay.io", None),
        ({"credsStore": ""}, "ghcr.io", None),
    ],
)
def test_helpers(config: object, asked: str, expected: tuple[str, str] | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    helper(tmp_path, "acme", answer("ghcr.io", *LOGIN), monkeypatch)
    assert docker_credentials(json.dumps(config).encode())(asked) == expected


def test_helpers_know_the_hub_by_its_old_address_and_are_asked_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    helper(tmp_path, "acme", f"echo once >> {tmp_path}/calls; " + answer("https://index.docker.io/v1/", "<token>", "x"), monkeypatch)
    of = docker_credentials(b'{"credsStore": "acme"}')
    assert of("docker.io") == of("docker.io") == ("<token>", "x")
    assert (tmp_path / "calls").read_text() == "once\n"


@pytest.mark.parametrize(
    ("name", "body", "said"),
    [
        ("acme", "echo me:it-is-secret; exit 3", "fails with status 3"),
        ("acme", "echo it-is-secret", "answer of `docker-credential-acme` is none"),
        ("acme", "echo '[\"it-is-secret\"]'", "answer of `docker-credential-acme` is none"),
        ("other", "", "`docker-credential-acme`, which the Docker configuration names, is not in PATH"),
    ],
)
def test_helpers_that_do_not_help(name: str, body: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    helper(tmp_path, name, body, monkeypatch)
    with pytest.raises(RegistryError, match=said) as error:
        docker_credentials(b'{"credsStore": "acme"}')("ghcr.io")
    assert "it-is-secret" not in str(error.value)


@pytest.mark.parametrize("name", ["../acme", "a b", "-x", "/bin/sh"])
def test_helpers_that_are_no_names(name: str) -> None:
    with pytest.raises(RegistryError, match="is no name"):
        docker_credentials(json.dumps({"credsStore": name}).encode())("ghcr.io")


def test_no_helper_is_run_out_of_the_current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    helper(tmp_path, "acme", answer("ghcr.io", *LOGIN), monkeypatch)
    monkeypatch.chdir(tmp_path / "programs")
    monkeypatch.setenv("PATH", ".:")
    with pytest.raises(RegistryError, match="is not in PATH"):
        docker_credentials(b'{"credsStore": "acme"}')("ghcr.io")


def test_a_helper_that_says_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    helper(tmp_path, "acme", "exec sleep 5", monkeypatch)
    monkeypatch.setattr("gitops_lint.docker_config._PATIENCE", 0.1)
    with pytest.raises(RegistryError, match=r"no answer within 0\.1 seconds"):
        docker_credentials(b'{"credsStore": "acme"}')("ghcr.io")
