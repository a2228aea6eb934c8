"""A server of a test's own: the command, in a process, on loopback, ended by the test."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import attrs

ROOT = Path(__file__).parents[2]
COMMAND = (sys.executable, "-c", "from cpplan_sim.cli import main; main()")
PATIENCE = 60


def environment() -> dict[str, str]:
    """Return an environment in which the packages of this tree are found."""
    places = [str(ROOT / "kernel"), str(ROOT / "simulation"), os.environ.get("PYTHONPATH", "")]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, places))}


def serve(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run ``cpplan serve`` where it comes to an end by itself."""
    return subprocess.run(
        [*COMMAND, "serve", *arguments],
        env=environment(),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


def new_token(store: str, file: Path, *may: str) -> str:
    """Return a token, known by a file from now on."""
    allowed = [word for one in may for word in ("--may", one)]
    done = serve("--store", store, "--token-file", str(file), "--new-token", "a-test", *allowed)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@attrs.define
class Server:
    """A server, and whoever asks it."""

    port: int
    token: str
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}"

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        """Ask, and return the status and the answer."""
        status, _, data = self.asked(method, path, body, **headers)
        return status, data

    def asked(
        self, method: str, path: str, body: Any = None, **headers: str
    ) -> tuple[int, Any, Any]:
        """Ask, and return the status, the headers and the answer."""
        conn = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        given = {"content-type": "application/json", "authorization": f"Bearer {self.token}"}
        try:
            data = None if body is None else json.dumps(body)
            conn.request(method, path, data, {**given, **headers})
            response = conn.getresponse()
            return response.status, response.headers, json.loads(response.read())
        finally:
            conn.close()

    def kill(self) -> None:
        """Kill it as a power cut would."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(PATIENCE)


@contextmanager
def serving(store: str, folder: Path, *arguments: str) -> Iterator[Server]:
    """Serve a store under the standards until the block ends."""
    file, log = folder / "tokens", folder / "log"
    token = new_token(store, file, "read", "write")
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    words = ("--store", store, "--token-file", str(file), "--port", str(port))
    with log.open("ab") as said:
        process = subprocess.Popen(
            [*COMMAND, "serve", *words, "--procedure", "standards", *arguments],
            env=environment(),
            stdout=said,
            stderr=said,
        )
    server = Server(port, token, process, log)
    try:
        _wait_for(server)
        yield server
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(PATIENCE)


def _wait_for(server: Server) -> None:
    end = time.monotonic() + PATIENCE
    while True:
        try:
            server.ask("GET", "/health")
        except OSError:
            assert server.process.poll() is None, server.log.read_text()
            assert time.monotonic() < end, "the server does not answer"
            time.sleep(0.1)
        else:
            return
