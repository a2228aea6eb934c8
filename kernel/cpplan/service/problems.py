"""Problems: how the service says no, as RFC 9457 has it, with every reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from http import HTTPStatus

import attrs

from cpplan.consequences import Consequences
from cpplan.decisions import Reason

MEDIA_TYPE = "application/problem+json"


@attrs.frozen(kw_only=True)
class ReasonGiven:
    """One reason why something was refused.

    Attributes:
        plan: the plan that it concerns.
        code: a stable name.
        says: a sentence.
        cites: the clauses that ask for what is missing; none where the reason is ours.
    """

    plan: str
    code: str
    says: str
    cites: tuple[str, ...] = ()

    @classmethod
    def of(cls, plan: str, reason: Reason) -> ReasonGiven:
        """Return a reason of the kernel's or the store's, for a plan."""
        return cls(plan=plan, code=reason.code, says=reason.says, cites=reason.cites)


@attrs.frozen(kw_only=True)
class PlanStands:
    """Where a plan stands of which something was refused.

    Attributes:
        plan: the name of the plan.
        version: how many entries it has.
        hash: the hash of the last one; empty if there is none. It, and what follows, are only for
            who may read.
        consequences: what the entry would change, where that has to be accepted first.
        accept: what to give as ``accepting`` to accept them.
    """

    plan: str
    version: int
    hash: str = ""
    consequences: Consequences | None = None
    accept: str = ""


@attrs.frozen(kw_only=True)
class Problem:
    """Why a request was not fulfilled.

    Attributes:
        type: always ``about:blank``: ``code`` says what it is.
        title: the phrase of the status.
        status: the status.
        code: a stable name.
        detail: a sentence.
        problems: everything wrong with the request, each with its place and the way out.
        reasons: everything against what was asked.
        plans: where the plans concerned stand.
    """

    type: str = "about:blank"
    title: str
    status: int
    code: str
    detail: str
    problems: tuple[str, ...] = ()
    reasons: tuple[ReasonGiven, ...] = ()
    plans: tuple[PlanStands, ...] = ()


class ProblemError(Exception):
    """A request can't be fulfilled, and the answer is a problem.

    Attributes:
        problem: the answer.
        headers: headers that go with it.
    """

    def __init__(self, problem: Problem, headers: Mapping[str, str] | None = None) -> None:
        """Keep the answer."""
        self.problem = problem
        self.headers = dict(headers or {})
        super().__init__(f"{problem.status} {problem.code}")


def problem(
    status: int,
    code: str,
    detail: str,
    *,
    problems: Iterable[str] = (),
    reasons: Iterable[ReasonGiven] = (),
    plans: Iterable[PlanStands] = (),
) -> Problem:
    """Return a problem, with the phrase of its status."""
    return Problem(
        title=HTTPStatus(status).phrase,
        status=status,
        code=code,
        detail=detail,
        problems=tuple(problems),
        reasons=tuple(reasons),
        plans=tuple(plans),
    )
