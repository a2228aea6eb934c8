"""The host's own table, and cpplan's store on Django's own connection."""

from django.db import connection, models
from sqlalchemy import NullPool, create_engine

from cpplan.store import Store


class Note(models.Model):
    key = models.TextField(primary_key=True)
    text = models.TextField()


class Lent:
    """This thread's connection inside ``atomic``: Django alone sets it up, begins and ends."""

    def __init__(self):
        if not connection.in_atomic_block:
            raise RuntimeError("begin with transaction.atomic(): nothing would be committed here")

    def __getattr__(self, name):
        return getattr(connection.connection, name)

    commit = rollback = close = create_function = add_notice_handler = lambda *_, **__: None


KIND = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg"}[connection.vendor]
MORE = {"use_native_hstore": False} if connection.vendor == "postgresql" else {}
STORE = Store(create_engine(f"{KIND}://", creator=Lent, poolclass=NullPool, **MORE))
