"""A PostgreSQL server of a test's own: a data folder and a socket, no port, gone with the test.

A server refuses to run as root, so as root it is started as the user that Debian's package makes.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import attrs
import psycopg

USER = "postgres"
OLDEST = 15
SETTINGS = """
listen_addresses = ''
unix_socket_permissions = 0777
max_connections = 60
shared_buffers = 32MB
fsync = on
synchronous_commit = on
log_min_messages = fatal
"""


def programs() -> Path | None:
    """Return the folder of the newest server that is new enough; ``None`` if there is none."""
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    found += [Path(path).resolve().parent for path in [shutil.which("initdb")] if path]
    versions = [(int(path.parent.name), path) for path in found if path.parent.name.isdecimal()]
    return max(((v, p) for v, p in versions if v >= OLDEST), default=(0, None))[1]


def missing() -> str:
    """Return why no server can be started here; empty if one can."""
    if programs() is None:
        return f"no PostgreSQL {OLDEST} or later is installed"
    if os.geteuid() == 0 and (shutil.which("runuser") is None or not _known(USER)):
        return f"root can't run a server, and there is no user {USER} to run it"
    return ""


def _known(user: str) -> bool:
    return any(one.pw_name == user for one in pwd.getpwall())


@attrs.frozen
class Server:
    """A server that was started.

    Attributes:
        folder: where its data and its socket are.
    """

    folder: Path

    @classmethod
    def started(cls) -> Server:
        """Make a data folder, and start a server on it."""
        server = cls(Path(tempfile.mkdtemp(prefix="cpplan-pg-")))
        if os.geteuid() == 0:
            shutil.chown(server.folder, USER)
        server.folder.chmod(0o755)
        server.run("initdb", "-A", "trust", "-U", USER, "-E", "UTF8", "--locale=C", "--no-sync")
        with (server.data / "postgresql.conf").open("a") as settings:
            settings.write(SETTINGS)
        server.start()
        return server

    @property
    def data(self) -> Path:
        """The data folder."""
        return self.folder / "data"

    def start(self) -> None:
        """Start it, and wait until it answers."""
        options = f"-k {self.folder}"
        log = str(self.folder / "log")
        self.run("pg_ctl", "start", "-w", "-t", "60", "-l", log, "-o", options)

    def stop(self, mode: str = "fast") -> None:
        """Stop it: ``fast`` ends what is under way, ``immediate`` is a crash."""
        self.run("pg_ctl", "stop", "-w", "-t", "60", "-m", mode)

    def remove(self) -> None:
        """Stop it, and remove all that it kept."""
        try:
            self.stop("immediate")
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)

    def database(self, name: str, encoding: str = "UTF8") -> str:
        """Make a database, and return its address."""
        with psycopg.connect(self.dsn("postgres"), autocommit=True) as conn:
            conn.execute(f"CREATE DATABASE \"{name}\" TEMPLATE template0 ENCODING '{encoding}'")
        return f"postgresql://{USER}@/{name}?host={self.folder}"

    def dsn(self, name: str) -> str:
        """Return the words by which libpq finds a database."""
        return f"host={self.folder} user={USER} dbname={name}"

    def run(self, program: str, *arguments: str) -> None:
        """Run one of the server's programs as the user that it belongs to."""
        found = programs()
        assert found is not None
        command = [str(found / program), "-D", str(self.data), *arguments]
        if os.geteuid() == 0:
            command = ["runuser", "-u", USER, "--", *command]
        # The server keeps what it is given open, and a pipe would never end.
        with (self.folder / "said").open("a+") as said:
            done = subprocess.run(
                command,
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                check=False,
            )
            said.seek(0)
            assert done.returncode == 0, said.read()[-2000:]


def wait_for(server: Server, seconds: float = 30) -> None:
    """Wait until a server takes connections."""
    end = time.monotonic() + seconds
    while True:
        try:
            psycopg.connect(server.dsn("postgres")).close()
        except psycopg.OperationalError:
            assert time.monotonic() < end, "the server does not answer"
            time.sleep(0.05)
        else:
            return
