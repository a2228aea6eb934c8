"""Hosts as their users start them: in a process, on loopback, ended by the test."""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import attrs

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
PATIENCE = 60


def environment(**more: str) -> dict[str, str]:
    """Return an environment in which the kernel of this tree is found, and no byte code is left."""
    places = [str(ROOT / "kernel"), os.environ.get("PYTHONPATH", "")]
    path = os.pathsep.join(filter(None, places))
    return {**os.environ, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1", **more}


def run(example: str, *words: str, folder: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """Run an example to its end, in a folder."""
    return subprocess.run(
        [sys.executable, str(EXAMPLES / example), *words],
        cwd=folder,
        env=environment(**more),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


def free_port() -> int:
    """Return a port of loopback that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@attrs.frozen
class Host:
    """A host that answers.

    Attributes:
        port: where.
        said: what it printed.
    """

    port: int
    said: Path

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        """Ask, and return the status and the answer, as data where it is JSON."""
        conn = http.client.HTTPConnection("localhost", self.port, timeout=PATIENCE)
        given = {"content-type": "application/json"}
        given |= {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            conn.request(method, path, None if body is None else json.dumps(body), given)
            response = conn.getresponse()
            text = response.read().decode()
            is_json = "json" in response.headers.get("content-type", "")
            return response.status, json.loads(text) if is_json else text
        finally:
            conn.close()

    def says(self, text: str, patience: float = PATIENCE) -> bool:
        """Return whether it has printed a text, or does within some seconds."""
        end = time.monotonic() + patience
        while text not in self.said.read_text(encoding="utf-8"):
            if time.monotonic() >= end:
                return False
            time.sleep(0.05)
        return True


@contextmanager
def hosting(
    example: str, *words: str, port: int, folder: Path, more: Mapping[str, str] | None = None
) -> Iterator[Host]:
    """Start an example that serves on a port, and end it with the block."""
    said = folder / "said"
    with said.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, str(EXAMPLES / example), *words],
            cwd=folder,
            env=environment(**(more or {})),
            stdout=output,
            stderr=output,
        )
    try:
        _wait_for(process, port, said)
        yield Host(port, said)
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _wait_for(process: subprocess.Popen[bytes], port: int, said: Path) -> None:
    end = time.monotonic() + PATIENCE
    while True:
        try:
            socket.create_connection(("localhost", port), timeout=1).close()
        except OSError:
            assert process.poll() is None, said.read_text()
            assert time.monotonic() < end, "the host does not answer"
            time.sleep(0.05)
        else:
            return
