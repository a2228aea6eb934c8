"""Writers race for one plan, as threads or as processes: ``python -m tests.store.racing``.

Runs in a process of its own, because it forks. Prints what each writer was answered as JSON.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Callable
from typing import Any

from cpplan.store import Appended, Conflict, RetryableError, Store
from tests.store.keeping import draft

PLAN = "raced for"


def main() -> None:
    """Let so many writers race until the plan has so many versions, and print what they say."""
    where, how, writers, rounds = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    race = {"threads": _threads, "processes": _processes}[how]
    print(json.dumps(race(where, writers, rounds)))  # noqa: T201  # this is a program


def _threads(where: str, writers: int, rounds: int) -> list[Any]:
    store = Store.open(where)
    said: list[Any] = [None] * writers

    def run(number: int) -> None:
        said[number] = _race(store, number, rounds)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(writers)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    store.close()
    return said


def _processes(where: str, writers: int, rounds: int) -> list[Any]:
    readers = [_forked(where, number, rounds) for number in range(writers)]
    return [json.loads(read()) for read in readers]


def _forked(where: str, number: int, rounds: int) -> Callable[[], str]:
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        with os.fdopen(writing, "w") as told:
            json.dump(_race(Store.open(where), number, rounds), told)
        os._exit(0)
    os.close(writing)

    def read() -> str:
        with os.fdopen(reading) as told:
            text = told.read()
        os.waitpid(child, 0)
        return text

    return read


def _race(store: Store, number: int, rounds: int) -> dict[str, Any]:
    """Try to add the next version until there are enough; return what was won and what was lost."""
    won, lost, again, wrong = {}, [], 0, []
    head = store.head(PLAN)
    while head.version < rounds:
        name = f"{number}.{head.version + 1}"
        try:
            answer = store.append(PLAN, [draft(name)], expected=head)
        except RetryableError:
            again += 1
            continue
        if isinstance(answer, Appended):
            won[answer.head.version] = [name, answer.head.hash]
        elif _wrong(answer, head.version):
            wrong.append([head.version, str(answer)])
        else:
            lost.append([answer.head.version, answer.head.hash])
        head = answer.head
    return {"won": won, "lost": lost, "again": again, "wrong": wrong}


def _wrong(answer: Conflict, version: int) -> bool:
    return answer.codes != ("version-conflict",) or answer.head.version <= version


if __name__ == "__main__":
    main()
