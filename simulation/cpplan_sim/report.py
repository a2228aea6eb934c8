"""The report: what the check found, as one page that opens in any browser, with nothing to load.

Says first in words what was found; figures and lists come after.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from cpplan_sim.account import Fate
from cpplan_sim.checks import Checked
from cpplan_sim.monitors import Verdict
from cpplan_sim.proving.prover import Proof
from cpplan_sim.story import story_of, story_of_breach


def write_report(path: Path, found: list[Checked]) -> None:
    """Write the page, and the folder it stands in if there is none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page(found), encoding="utf-8")


def page(found: list[Checked]) -> str:
    """Return the page for several procedures."""
    environment = Environment(
        loader=PackageLoader("cpplan_sim"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    template = environment.get_template("check.html.j2")
    return template.render(
        found=[_shown(one) for one in found],
        passed=all(one.passed for one in found),
        fates=list(Fate),
    )


def _shown(one: Checked) -> dict[str, Any]:
    """Return what the template shows of one procedure."""
    verdicts = one.verdicts()
    return {
        "checked": one,
        "procedure": one.procedure,
        "counts": one.account.counts,
        "excused": one.account.of(Fate.EXCUSED),
        "missing": one.account.of(Fate.MISSING),
        "held": verdicts[Verdict.HELD],
        "broken": verdicts[Verdict.BROKEN],
        "idle": verdicts[Verdict.NOT_EXERCISED],
        "proved": sum(each.proof is Proof.PROVED for each in one.proofs),
        "silent": {t: w for t, w in one.procedure.silent.items() if t not in one.procedure.filled},
        "breaches": {b.requirement.id: list(story_of_breach(b)) for b in one.counterexamples},
        "stories": [(run, list(story_of(run))) for run in one.runs],
        "told": sum(run.passed for run in one.runs),
    }
