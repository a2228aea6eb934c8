"""The Django project: a store on Django's own connection, in Django's own transactions."""

from __future__ import annotations

import http.client
import sqlite3
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import attrs
import psycopg
import pytest

from cpplan.store import Store
from tests.examples.hosting import PATIENCE, Host, free_port, hosting, run
from tests.store.servers import Server, missing

MANAGE = "django_host/manage.py"
OPENED = {"event": "initial-conference-opened", "on": "2026-01-05"}
DECIDED = {"event": "initial-conference-decided", "on": "2026-01-05", "plan_made": True}
WHOLE = {
    **DECIDED,
    "by": "conference-chair",
    "lead_social_worker": {"name": "worker A", "qualified": True},
}


@attrs.frozen
class Site:
    """The project on a database of its own, where it is served."""

    host: Host
    folder: Path
    more: dict[str, str]
    address: str

    def record(self, case: str, name: str, event: object, note: object = "A note.") -> Any:
        return self.host.ask("POST", f"/cases/{case}", {"id": name, "event": event, "note": note})

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        with closing(self.connected()) as conn:
            return list(conn.execute(statement).fetchall())

    def connected(self) -> Any:
        if "NAME" in self.more:
            return psycopg.connect(self.address)
        return sqlite3.connect(self.folder / "cases.db")

    def entries(self, case: str) -> list[str]:
        """Return the entries stored for a case, in order."""
        stored = self.rows("SELECT plan, entry_id FROM cpplan_entries ORDER BY version")
        return [name for plan, name in stored if plan == case]

    def notes(self, case: str) -> list[str]:
        """Return the entries of a case that a note is stored for."""
        keys = [key.split() for (key,) in self.rows("SELECT key FROM cases_note")]
        return [name for plan, name in keys if plan == case]


@contextmanager
def served(folder: Path, more: dict[str, str], address: str) -> Iterator[Site]:
    made = run(MANAGE, "migrate", folder=folder, **more)
    assert made.returncode == 0, made.stderr
    port = free_port()
    words = ("runserver", "--noreload", f"127.0.0.1:{port}")
    with hosting(MANAGE, *words, port=port, folder=folder, more=more) as host:
        yield Site(host, folder, more, address)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def site(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("django_host")
    if request.param == "sqlite":
        with served(folder, {}, str(folder / "cases.db")) as found:
            yield found
        return
    if missing():
        pytest.skip(missing())
    server = Server.started()
    try:
        more = {"KIND": "postgresql", "NAME": "cases", "PGUSER": "postgres"}
        address = server.database("cases")
        with served(folder, {**more, "PGHOST": str(server.folder)}, address) as found:
            yield found
    finally:
        server.remove()


def test_an_event_is_stored_with_its_note(site: Site) -> None:
    assert site.record("good", "e1", OPENED, "All came.") == (201, {"version": 1})
    assert site.entries("good") == ["e1"]
    assert ("All came.",) in site.rows("SELECT text FROM cases_note WHERE key = 'good e1'")


def test_the_same_entry_again_gets_the_same_answer_and_is_stored_once(site: Site) -> None:
    answers = [site.record("again", "e1", OPENED) for _ in range(2)]
    assert answers == [(201, {"version": 1})] * 2
    assert site.entries("again") == site.notes("again") == ["e1"]


def test_a_refusal_comes_with_every_reason_and_leaves_neither_row(site: Site) -> None:
    site.record("refused", "e1", OPENED)
    status, answer = site.record("refused", "e2", DECIDED)
    assert (status, len(answer["refused"])) == (409, 3)
    assert all(reason.endswith("[lead-social-worker/para-17a]") for reason in answer["refused"])
    assert site.entries("refused") == site.notes("refused") == ["e1"]
    assert site.record("refused", "e2", WHOLE) == (201, {"version": 2})


def test_a_note_that_can_not_be_stored_takes_the_entry_with_it(site: Site) -> None:
    with closing(site.connected()) as conn:
        conn.execute("ALTER TABLE cases_note RENAME TO elsewhere")
        conn.commit()
        status, said = site.record("failing", "e1", OPENED)
        conn.execute("ALTER TABLE elsewhere RENAME TO cases_note")
        conn.commit()
    assert (status, "Traceback" in said) == (500, False)
    assert site.entries("failing") == site.notes("failing") == []
    assert site.record("failing", "e1", OPENED) == (201, {"version": 1})


def test_what_is_malformed_is_told_with_the_way_out(site: Site) -> None:
    misspelt = {**OPENED, "event": "initial-conference-opend"}
    status, answer = site.record("malformed", "e1", misspelt)
    assert (status, "did you mean initial-conference-opened?" in str(answer)) == (400, True)
    assert site.entries("malformed") == []


@pytest.mark.parametrize(
    ("case", "name", "note"),
    [
        ("bad", "", "A note."),
        ("bad", 5, "A note."),
        ("bad", "e" * 201, "A note."),
        ("bad", "e\0", "A note."),
        ("b" * 201, "e1", "A note."),
        ("bad", "e1", None),
        ("bad", "e1", "A\0note."),
    ],
)
def test_what_no_database_could_keep_is_malformed(
    site: Site, case: str, name: Any, note: object
) -> None:
    status, answer = site.record(case, name, OPENED, note)
    assert (status, bool(answer["malformed"])) == (400, True)
    assert site.entries(case) == site.notes(case) == []


def test_what_is_nested_too_deeply_is_malformed(site: Site) -> None:
    conn = http.client.HTTPConnection("localhost", site.host.port, timeout=PATIENCE)
    with closing(conn):
        conn.request("POST", "/cases/deep", "[" * 100_000)
        response = conn.getresponse()
        assert (response.status, b"recursion" in response.read()) == (400, True)


def test_whoever_records_while_the_host_writes_waits_for_a_turn(site: Site) -> None:
    with closing(site.connected()) as other, ThreadPoolExecutor(1) as pool:
        other.execute("INSERT INTO cases_note VALUES ('other e1', 'A note.')")
        asked = pool.submit(site.record, "turn", "e1", OPENED)
        wait([asked], 0.5)
        other.commit()
    assert asked.result() == (201, {"version": 1})


def test_of_many_who_record_at_once_each_is_stored_whole_or_not_at_all(site: Site) -> None:
    site.record("race", "e1", OPENED)
    site.record("race", "e2", WHOLE)
    visit = {"event": "visit-made", "on": "2026-01-08", "location": "home"}
    names = [f"v{number}" for number in range(24)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda name: site.record("race", name, visit)[0], names))
    assert set(Counter(answers)) <= {201, 409, 503}
    told = [name for name, status in zip(names, answers, strict=True) if status == 201]
    assert told
    assert sorted(site.entries("race")) == sorted(site.notes("race")) == sorted(["e1", "e2", *told])


def test_the_migration_says_all_that_the_models_do(site: Site) -> None:
    words = ("makemigrations", "--check", "--dry-run")
    told = run(MANAGE, *words, folder=site.folder, **site.more)
    assert (told.returncode, told.stdout) == (0, "No changes detected\n")


def test_the_migration_brings_what_refuses_a_change(site: Site) -> None:
    site.record("kept", "e1", OPENED)
    with pytest.raises((sqlite3.DatabaseError, psycopg.DatabaseError), match="only added to"):
        site.rows("UPDATE cpplan_entries SET body = '{}'")


def test_a_connection_is_not_lent_where_nobody_would_commit(site: Site) -> None:
    program = "from cases.models import STORE; STORE.head('case-1')"
    told = run(MANAGE, "shell", "--command", program, folder=site.folder, **site.more)
    assert "begin with transaction.atomic()" in told.stderr


def test_what_it_stores_is_a_store_like_any_other(site: Site) -> None:
    site.record("whole", "e1", OPENED)
    with closing(Store.open(site.address)) as store:
        assert "whole" in {head.plan for head in store.heads()}
        assert list(store.verify()) == []
