"""A server that goes away under load loses nothing acknowledged; its clients may try again."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from cpplan.store import Appended, Head, RetryableError, Store
from tests.store.keeping import draft
from tests.store.servers import Server, missing, wait_for

CLIENTS = 8
RESTARTS = 4


@pytest.fixture
def restarted() -> Iterator[Server]:
    """A server of this test's own."""
    if missing():
        pytest.skip(missing())
    server = Server.started()
    yield server
    server.remove()


class Client(threading.Thread):
    """Adds entries one by one, and the same again when told that it may be tried again."""

    def __init__(self, store: Store, number: int, over: threading.Event) -> None:
        """Take the store, and what says that it is over."""
        super().__init__()
        self.store, self.plan, self.over = store, f"plan {number}", over
        self.acknowledged: list[Head] = []
        self.retried = 0
        self.failed: list[BaseException] = []

    def run(self) -> None:
        """Add until it is over."""
        try:
            while not self.over.is_set():
                self.acknowledged.append(self._added(f"{len(self.acknowledged) + 1}"))
        except BaseException as error:  # told to the test
            self.failed.append(error)

    def _added(self, name: str) -> Head:
        while True:
            try:
                answer = self.store.append(
                    self.plan, [draft(name)], expected=len(self.acknowledged)
                )
            except RetryableError:
                self.retried += 1
                time.sleep(0.02)
            else:
                assert isinstance(answer, Appended), answer
                return answer.head


@pytest.mark.slow
def test_a_server_restarted_under_load_keeps_what_was_acknowledged(restarted: Server) -> None:
    store = Store.create(restarted.database("load"))
    over = threading.Event()
    clients = [Client(store, number, over) for number in range(CLIENTS)]
    for client in clients:
        client.start()
    for number in range(RESTARTS):
        time.sleep(0.5)
        restarted.stop("immediate" if number % 2 else "fast")
        time.sleep(0.1)
        restarted.start()
    wait_for(restarted)
    time.sleep(0.5)
    over.set()
    for client in clients:
        client.join(60)

    assert [client.failed for client in clients] == [[]] * CLIENTS
    assert sum(client.retried for client in clients) >= RESTARTS, "nobody noticed a restart"
    for client in clients:
        rows = store.history(client.plan)
        assert [Head(row.plan, row.version, row.hash) for row in rows] == client.acknowledged
        assert len(rows) > RESTARTS
    assert list(store.verify()) == []
    store.close()
