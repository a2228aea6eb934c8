"""Guards: triggers by which the database itself refuses to change or delete what is stored."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Table, UniqueConstraint

DIALECTS = ("sqlite", "postgresql")


class UnknownDialectError(ValueError):
    """A database that the store isn't made for. The message names those that it is."""


def require_dialect(dialect: str) -> None:
    """Raise ``UnknownDialectError`` unless the store is made for a database."""
    if dialect not in DIALECTS:
        raise UnknownDialectError(
            f"the store has no triggers for {dialect!r}; use {' or '.join(DIALECTS)}"
        )


def appending_only(dialect: str, table: Table) -> tuple[str, ...]:
    """Return the statements after which a table can only be added to.

    Raises:
        UnknownDialectError: the store isn't made for this database.
    """
    require_dialect(dialect)
    return (_sqlite if dialect == "sqlite" else _postgresql)(table)


def _sqlite(table: Table) -> tuple[str, ...]:
    """Refuse each row's change. REPLACE deletes without a word to a trigger: it is refused too."""
    name = table.name
    refusals = [
        f"CREATE TRIGGER {name}_no_{verb} BEFORE {verb.upper()} ON {name}\n"
        f"BEGIN SELECT RAISE(ABORT, '{name} is only added to: {verb} refused'); END"
        for verb in ("update", "delete")
    ]
    return (*refusals, _no_replacing(table))


def _no_replacing(table: Table) -> str:
    # A question for each key: with OR inside one, SQLite would read the whole plan.
    name = table.name
    same = "\n   OR ".join(
        f"EXISTS (SELECT 1 FROM {name} WHERE "
        + " AND ".join(f"{column} = NEW.{column}" for column in columns)
        + ")"
        for columns in _keys(table)
    )
    return (
        f"CREATE TRIGGER {name}_no_replace BEFORE INSERT ON {name}\n"
        f"WHEN {same}\n"
        f"BEGIN SELECT RAISE(ABORT, '{name} is only added to: this row is there already'); END"
    )


def _keys(table: Table) -> list[Sequence[str]]:
    unique = [one for one in table.constraints if isinstance(one, UniqueConstraint)]
    return [[column.name for column in key.columns] for key in (table.primary_key, *unique)]


def _postgresql(table: Table) -> tuple[str, ...]:
    """Refuse the statement, whatever it would find; ALWAYS, so that no session can leave it out."""
    name = table.name
    return (
        f"CREATE OR REPLACE FUNCTION {name}_only_added_to() RETURNS trigger\n"
        "LANGUAGE plpgsql AS $$\n"
        f"BEGIN RAISE EXCEPTION '{name} is only added to: % refused', lower(TG_OP)\n"
        "    USING ERRCODE = 'restrict_violation'; END $$",
        f"CREATE TRIGGER {name}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {name}\n"
        f"FOR EACH STATEMENT EXECUTE FUNCTION {name}_only_added_to()",
        f"ALTER TABLE {name} ENABLE ALWAYS TRIGGER {name}_append_only",
    )
