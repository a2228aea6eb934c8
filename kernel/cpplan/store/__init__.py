"""The store: plans' histories in SQLite or PostgreSQL, only ever added to (extra ``store``).

A history is the truth. Each row is chained to the one before it; the database refuses to change or
delete one; and of two conflicting additions the second is told what stands there.
"""

from cpplan.store.answers import Addition, Answer, Appended, Conflict
from cpplan.store.attempts import Attempt
from cpplan.store.canonical import NotCanonicalError, canonical
from cpplan.store.ddl import ddl
from cpplan.store.drafting import drafted, entry_of
from cpplan.store.failures import (
    DamagedError,
    FullError,
    MissingError,
    ReadOnlyError,
    RetryableError,
    StoreError,
)
from cpplan.store.guards import UnknownDialectError, appending_only
from cpplan.store.opening import InvalidAddressError
from cpplan.store.rows import Draft, Head, InvalidRowError, Row
from cpplan.store.stores import Store
from cpplan.store.tables import entries_table
from cpplan.store.verifying import Broken, Verifier

__all__ = [
    "Addition",
    "Answer",
    "Appended",
    "Attempt",
    "Broken",
    "Conflict",
    "DamagedError",
    "Draft",
    "FullError",
    "Head",
    "InvalidAddressError",
    "InvalidRowError",
    "MissingError",
    "NotCanonicalError",
    "ReadOnlyError",
    "RetryableError",
    "Row",
    "Store",
    "StoreError",
    "UnknownDialectError",
    "Verifier",
    "appending_only",
    "canonical",
    "ddl",
    "drafted",
    "entries_table",
    "entry_of",
]
