"""The service: plans over HTTP, for systems that are not written in Python (extra ``http``).

An ASGI application over a store. It judges by the kernel, keeps in the store and has no memory of
its own; who asks is found out by a guard, and which day it is by a function that the host gives.
"""

from cpplan.service.application import create_app, description
from cpplan.service.callers import Caller, Guard, Permission
from cpplan.service.desk import Today
from cpplan.service.door import Door
from cpplan.service.patience import impatient
from cpplan.service.tokens import InvalidTokensError, Tokens, line_for

__all__ = [
    "Caller",
    "Door",
    "Guard",
    "InvalidTokensError",
    "Permission",
    "Today",
    "Tokens",
    "create_app",
    "description",
    "impatient",
    "line_for",
]
