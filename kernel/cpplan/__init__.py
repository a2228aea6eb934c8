"""cpplan: child protection plan procedures as executable, enforced lifecycles.

``load`` a procedure, begin a ``Plan`` under it, ``record`` events: each is accepted or refused with
every reason and clause, and the plan tells what is due.
"""

from cpplan.codec import (
    InvalidEventError,
    InvalidPlanError,
    OtherProcedureError,
    dumps,
    event_from_dict,
    event_to_dict,
    loads,
)
from cpplan.decisions import Accepted, Decision, Omission, Reason, Refused
from cpplan.explaining import explain
from cpplan.households import (
    Household,
    HouseholdAccepted,
    HouseholdRefused,
    UnknownChildError,
)
from cpplan.loading import load
from cpplan.obligations import Obligation, Status
from cpplan.packs import PROCEDURES
from cpplan.plans import Entry, HistoryError, Option, Plan
from cpplan.procedures import Procedure
from cpplan.reading import InvalidFileError, Problem
from cpplan.roles import Role

__all__ = [
    "PROCEDURES",
    "Accepted",
    "Decision",
    "Entry",
    "HistoryError",
    "Household",
    "HouseholdAccepted",
    "HouseholdRefused",
    "InvalidEventError",
    "InvalidFileError",
    "InvalidPlanError",
    "Obligation",
    "Omission",
    "Option",
    "OtherProcedureError",
    "Plan",
    "Problem",
    "Procedure",
    "Reason",
    "Refused",
    "Role",
    "Status",
    "UnknownChildError",
    "dumps",
    "event_from_dict",
    "event_to_dict",
    "explain",
    "load",
    "loads",
]
