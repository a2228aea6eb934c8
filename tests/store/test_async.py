"""The async door that SQLAlchemy gives for free."""

from __future__ import annotations

import asyncio

from sqlalchemy.ext.asyncio import create_async_engine

from cpplan.store import Store
from tests.store.keeping import draft
from tests.store.servers import Server


def test_an_async_host_adds_inside_its_own_transaction(server: Server) -> None:
    address = server.database("async")
    store = Store.create(address)

    async def added() -> int:
        engine = create_async_engine(address.replace("postgresql:", "postgresql+psycopg:"))
        async with engine.begin() as conn:
            await conn.run_sync(lambda c: store.append("Ada", [draft("1")], expected=0, conn=c))
        async with engine.connect() as conn:
            await conn.run_sync(lambda c: store.append("Ada", [draft("2")], expected=1, conn=c))
            await conn.rollback()
            head = await conn.run_sync(lambda c: store.head("Ada", conn=c))
        await engine.dispose()
        return head.version

    assert asyncio.run(added()) == 1
    assert list(store.verify()) == []
    store.close()
