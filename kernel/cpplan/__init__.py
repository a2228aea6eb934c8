"""cpplan: child protection plan procedures as executable, enforced lifecycles.

``load`` a procedure, begin a ``Plan`` under it, ``record`` events: each is accepted or refused with
every reason and clause, and the plan tells what is due.
"""

from cpplan.decisions import Accepted, Decision, Omission, Reason, Refused
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
    "InvalidFileError",
    "Obligation",
    "Omission",
    "Option",
    "Plan",
    "Problem",
    "Procedure",
    "Reason",
    "Refused",
    "Role",
    "Status",
    "load",
]
