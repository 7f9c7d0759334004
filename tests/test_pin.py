"""`gitops-lint pin` against a real registry process on this machine, and against servers that answer as registries should not."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from gitops_lint.cli.main import main
from gitops_lint.pointers.image import normalized
from gitops_lint.registry import RegistryError, digest, docker_credentials

dxf = pytest.importorskip("dxf", reason="the extra `registry` is not installed")

REGISTRY = shutil.which("docker-registry") or ""
MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
INDEX = "application/vnd.docker.distribution.manifest.list.v2+json"
needs_registry = [pytest.mark.slow, pytest.mark.skipif(not REGISTRY, reason="no docker-registry to ask")]
NOBODY = docker_credentials(b"")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(folder: Path, auth: str = "") -> Iterator[str]:
    """A registry that keeps nothing, by its host and port."""
    host = f"127.0.0.1:{free_port()}"
    config = folder / "registry.yml"
    config.write_text(f"version: 0.1\nlog: {{level: error}}\nstorage: {{inmemory: {{}}}}\nhttp: {{addr: '{host}'}}\n{auth}")
    with subprocess.Popen([REGISTRY, "serve", config], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            for _ in range(200):
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", int(host.rpartition(":")[2]))) == 0:
                        break
                time.sleep(0.05)
            yield host
        finally:
            process.terminate()


def push(host: str, repository: str, tag: str, *, several: bool = False) -> str:
    """Push an image of no layers, or an index of two such, and give its digest."""
    client = dxf.DXF(host, repository, insecure=True, timeout=10)
    members = []
    for platform in ("amd64", "arm64") if several else ("amd64",):
        blob = json.dumps({"architecture": platform, "os": "linux", "rootfs": {"type": "layers", "diff_ids": []}}).encode()
        config = client.push_blob(data=iter([blob]), digest="sha256:" + hashlib.sha256(blob).hexdigest())
        of_config = {"mediaType": "application/vnd.docker.container.image.v1+json", "size": len(blob), "digest": config}
        text = json.dumps({"schemaVersion": 2, "mediaType": MANIFEST, "config": of_config, "layers": []})
        own = "sha256:" + hashlib.sha256(text.encode()).hexdigest()
        put(client, own if several else tag, text, MANIFEST)
        members.append({"mediaType": MANIFEST, "size": len(text), "digest": own, "platform": {"architecture": platform, "os": "linux"}})
    if not several:
        return str(members[0]["digest"])
    text = json.dumps({"schemaVersion": 2, "mediaType": INDEX, "manifests": members})
    put(client, tag, text, INDEX)
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def put(client: object, name: str, text: str, kind: str) -> None:
    client._request("put", f"manifests/{name}", data=text, headers={"Content-Type": kind})  # type: ignore[attr-defined]  # noqa: SLF001  it has no public way to push an index


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

    def test_a_registry_that_wants_credentials(self, tmp_path: Path) -> None:
        users = tmp_path / "htpasswd"
        users.write_text("")
        with running(tmp_path, f"auth: {{htpasswd: {{realm: acme, path: '{users}'}}}}\n") as host, pytest.raises(RegistryError) as error:
            digest(normalized(f"{host}/acme/web:1.0.0"), NOBODY)
        assert "credentials" in str(error.value)


@pytest.mark.parametrize(
    ("status", "said"),
    [(404, "no such tag"), (403, "denied"), (429, "too often"), (500, "status 500"), (200, "no digest")],
)
def test_answers_that_are_no_digest(status: int, said: str) -> None:
    class Answer(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self.send_response(status)
            self.send_header("Docker-Content-Digest", "sha256:short")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        with pytest.raises(RegistryError, match=said):
            digest(normalized(f"127.0.0.1:{server.server_port}/acme/web:1.0.0"), NOBODY)
        server.shutdown()


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
        ({"auths": {"ghcr.io": {}}, "credsStore": "desktop"}, "ghcr.io", None),
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
