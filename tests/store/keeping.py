"""What the tests of faults keep: small drafts."""

from __future__ import annotations

from cpplan.store import Draft, canonical


def draft(name: str, says: str = "x" * 40) -> Draft:
    """Return something small to be kept."""
    return Draft(
        entry_id=name,
        kind="happened",
        effective="2026-03-02",
        recorded_on="2026-03-05",
        procedure="standards",
        digest="5f0c",
        body=canonical({"id": name, "says": says}),
    )
