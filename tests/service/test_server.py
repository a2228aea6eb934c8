from __future__ import annotations

import socket
import sqlite3
import threading
from pathlib import Path

import pytest

from cpplan.store import Store
from tests.kernel.histories import START, opened
from tests.kernel.service.asgi import happened
from tests.service.serving import Server, new_token, serve, serving
from tests.store import servers as postgresql

pytestmark = pytest.mark.slow

OPENED = happened("e1", opened(START))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    where = tmp_path / "plans.db"
    Store.create(where).close()
    return where


def record(server: Server, plan: str) -> tuple[int, object]:
    body = {"entry": OPENED, "expected": 0, "procedure": "standards"}
    return server.ask("POST", f"/v1/plans/{plan}/entries", body)


def test_a_plan_is_opened_and_read_over_a_connection(file: Path, tmp_path: Path) -> None:
    with serving(str(file), tmp_path) as server:
        status, answer = record(server, "a-childs-number")
        assert status == 201, answer
        status, headers, plan = server.asked("GET", "/v1/plans/a-childs-number")
        assert (status, plan["version"]) == (200, 1)
        assert "server" not in headers
        assert server.ask("GET", "/v1/plans", authorization="Bearer no")[0] == 401
        assert server.ask("POST", "/v1/entries", "x" * 300_000)[0] == 413
        log = server.log.read_text()
    assert "a-test POST /v1/plans/{plan}/entries 201" in log
    assert "childs" not in log
    assert server.token not in log


def test_what_was_acknowledged_is_there_after_a_kill_and_asking_again_changes_nothing(
    file: Path, tmp_path: Path
) -> None:
    acknowledged: list[str] = []
    with serving(str(file), tmp_path) as server:

        def write() -> None:
            for number in range(10_000):
                try:
                    status, _ = record(server, f"p{number}")
                except (OSError, ValueError):
                    return
                assert status == 201
                acknowledged.append(f"p{number}")

        thread = threading.Thread(target=write)
        thread.start()
        while len(acknowledged) < 30 and thread.is_alive():
            thread.join(0.01)
        server.kill()
        thread.join()
    assert len(acknowledged) >= 30
    with serving(str(file), tmp_path) as server:
        after = f"p{len(acknowledged)}"
        for plan in (*acknowledged, after):
            assert record(server, plan)[0] == 201
    store = Store.open(file)
    assert list(store.verify()) == []
    assert {head.plan: head.version for head in store.heads()} == dict.fromkeys(
        (*acknowledged, after), 1
    )
    store.close()


def test_a_locked_database_is_busy_and_answers_again(file: Path, tmp_path: Path) -> None:
    with serving(str(file), tmp_path) as server:
        other = sqlite3.connect(file, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        body = {"entry": OPENED, "expected": 0, "procedure": "standards"}
        status, headers, answer = server.asked("POST", "/v1/plans/p1/entries", body)
        assert (status, answer["code"], headers["retry-after"]) == (503, "store-busy", "1")
        assert server.ask("GET", "/health")[0] == 200
        other.execute("ROLLBACK")
        other.close()
        assert record(server, "p1")[0] == 201


@pytest.mark.skipif(bool(postgresql.missing()), reason=postgresql.missing() or "it is there")
def test_a_database_that_goes_away_and_comes_back_is_told_as_such(tmp_path: Path) -> None:
    database = postgresql.Server.started()
    try:
        where = database.database("plans")
        Store.create(where).close()
        with serving(where, tmp_path) as server:
            assert record(server, "p1")[0] == 201
            database.stop("immediate")
            for _ in range(3):
                body = {"entry": OPENED, "expected": 0, "procedure": "standards"}
                status, headers, answer = server.asked("POST", "/v1/plans/p2/entries", body)
                assert (status, headers["retry-after"]) == (503, "1"), answer
                assert server.ask("GET", "/health")[0] == 503
            database.start()
            postgresql.wait_for(database)
            answers = [record(server, "p2")[0] for _ in range(20)]
            assert set(answers) <= {201, 503}
            assert answers[-1] == 201
            assert server.ask("GET", "/v1/plans/p1")[0] == 200
            assert "Traceback" not in server.log.read_text()
    finally:
        database.remove()


def test_it_does_not_begin_unless_it_is_safe(file: Path, tmp_path: Path) -> None:
    tokens = tmp_path / "tokens"
    words = ("--store", str(file), "--token-file", str(tokens), "--procedure", "standards")
    missing = serve(*words)
    assert (missing.returncode, "--new-token" in missing.stderr) == (2, True)
    new_token(str(file), tokens, "read")
    open_to_all = serve(*words, "--host", "0.0.0.0")  # it has to refuse
    assert (open_to_all.returncode, "--behind-proxy" in open_to_all.stderr) == (2, True)
    nowhere = serve(*words, "--store", str(tmp_path / "none.db"))
    assert (nowhere.returncode, "there is no store" in nowhere.stderr) == (2, True)
    (tmp_path / "empty.db").touch()
    empty = serve(*words, "--store", str(tmp_path / "empty.db"))
    assert (empty.returncode, "a table is missing" in empty.stderr) == (2, True)
    away = serve(*words, "--store", "postgresql://127.0.0.1:1/plans")
    assert (away.returncode, "the connection was lost" in away.stderr) == (2, True)
    tokens.chmod(0o666)
    let_in = serve(*words)
    assert (let_in.returncode, "others than its owner can write" in let_in.stderr) == (2, True)
    tokens.chmod(0o600)
    tokens.write_text("secret-secret read me\n")
    wrong = serve(*words)
    assert (wrong.returncode, f"{tokens}:1: " in wrong.stderr) == (2, True)
    assert "secret-secret" not in wrong.stderr


def test_it_does_not_begin_with_a_certificate_that_it_can_not_serve_with(
    file: Path, tmp_path: Path
) -> None:
    tokens, wrong = tmp_path / "tokens", tmp_path / "wrong.pem"
    new_token(str(file), tokens, "read")
    wrong.write_text("no certificate\n")
    words = ("--store", str(file), "--token-file", str(tokens), "--procedure", "standards")
    halves = [serve(*words, half, str(wrong)) for half in ("--certificate", "--key")]
    assert [one.returncode for one in halves] == [2, 2]
    assert all("give both" in one.stderr for one in halves)
    both = serve(*words, "--certificate", str(wrong), "--key", str(wrong))
    assert (both.returncode, f"{wrong} and {wrong} are no certificate" in both.stderr) == (2, True)
    assert "Traceback" not in both.stderr


@pytest.mark.parametrize(
    ("host", "family", "shown"),
    [("127.0.0.1", socket.AF_INET, "127.0.0.1"), ("::1", socket.AF_INET6, "[::1]")],
)
def test_it_does_not_begin_at_a_port_that_is_taken(
    file: Path, tmp_path: Path, host: str, family: socket.AddressFamily, shown: str
) -> None:
    tokens = tmp_path / "tokens"
    new_token(str(file), tokens, "read")
    words = ("--store", str(file), "--token-file", str(tokens), "--procedure", "standards")
    with socket.socket(family) as taken:
        try:
            taken.bind((host, 0))
        except OSError:
            pytest.skip(f"this machine has no {host}")
        taken.listen()
        port = taken.getsockname()[1]
        told = serve(*words, "--host", host, "--port", str(port))
    says = f"it can't listen at http://{shown}:{port}: give another"
    assert (told.returncode, says in told.stderr) == (2, True), told.stderr


def test_a_new_token_is_printed_once_and_kept_as_a_hash(file: Path, tmp_path: Path) -> None:
    tokens = tmp_path / "tokens"
    first, second = (new_token(str(file), tokens, "read") for _ in range(2))
    assert first != second
    assert len(tokens.read_text().splitlines()) == 2
    assert tokens.stat().st_mode & 0o077 == 0
    assert first not in tokens.read_text()
    words = ("--store", str(file), "--token-file", str(tokens))
    assert serve(*words, "--new-token", "two words").returncode == 2
