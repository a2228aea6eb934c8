"""cpplan: child protection plan procedures as executable, enforced lifecycles.

``load`` a procedure, begin a ``Plan`` under it, ``record`` events: each is accepted or refused with
every reason and clause, and the plan tells what is due. A ``Ledger`` keeps what was recorded, and
when, with every correction.
"""

from cpplan.codec import (
    InvalidEventError,
    InvalidPlanError,
    OtherProcedureError,
    SeveralEditionsError,
    dumps,
    event_from_dict,
    event_to_dict,
    loads,
)
from cpplan.consequences import Consequences, consequences_to_dict
from cpplan.decisions import Accepted, Decision, Omission, Reason, Refused
from cpplan.editions import UnknownEditionError
from cpplan.entries import (
    Happened,
    InvalidEntryError,
    LedgerEntry,
    Migrated,
    Replaced,
    Withdrawn,
    entry_from_dict,
    entry_to_dict,
)
from cpplan.entry_checks import InvalidLedgerError
from cpplan.explaining import explain
from cpplan.household_ledgers import (
    HouseholdLedgers,
    HouseholdLedgersAccepted,
    HouseholdLedgersRefused,
)
from cpplan.households import (
    Household,
    HouseholdAccepted,
    HouseholdRefused,
    UnknownChildError,
)
from cpplan.ledger_decisions import LedgerAccepted, LedgerRefused
from cpplan.ledgers import Ledger
from cpplan.loading import load
from cpplan.migrating import Migration, migrate, migration_of
from cpplan.obligations import Obligation, Status
from cpplan.packs import PROCEDURES
from cpplan.plans import Entry, HistoryError, Option, Plan
from cpplan.procedures import Procedure
from cpplan.reading import InvalidFileError, Problem
from cpplan.roles import Role

__all__ = [
    "PROCEDURES",
    "Accepted",
    "Consequences",
    "Decision",
    "Entry",
    "Happened",
    "HistoryError",
    "Household",
    "HouseholdAccepted",
    "HouseholdLedgers",
    "HouseholdLedgersAccepted",
    "HouseholdLedgersRefused",
    "HouseholdRefused",
    "InvalidEntryError",
    "InvalidEventError",
    "InvalidFileError",
    "InvalidLedgerError",
    "InvalidPlanError",
    "Ledger",
    "LedgerAccepted",
    "LedgerEntry",
    "LedgerRefused",
    "Migrated",
    "Migration",
    "Obligation",
    "Omission",
    "Option",
    "OtherProcedureError",
    "Plan",
    "Problem",
    "Procedure",
    "Reason",
    "Refused",
    "Replaced",
    "Role",
    "SeveralEditionsError",
    "Status",
    "UnknownChildError",
    "UnknownEditionError",
    "Withdrawn",
    "consequences_to_dict",
    "dumps",
    "entry_from_dict",
    "entry_to_dict",
    "event_from_dict",
    "event_to_dict",
    "explain",
    "load",
    "loads",
    "migrate",
    "migration_of",
]
