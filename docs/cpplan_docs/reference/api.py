"""The reference of the API: pages that name what a program may use; the builder tells each.

What the kernel exports is found in its package, and grouped by the module that it comes from. Of
the simulation, which exports nothing as a whole, the modules that a program would begin with are
listed here.
"""

from __future__ import annotations

import ast
import importlib
import inspect
from collections.abc import Iterable, Iterator, Mapping, Sequence

import attrs

import cpplan
from cpplan_docs.book import Book
from cpplan_docs.pages import Page
from cpplan_docs.words.markdown import bullets, code, heading, page, plain

FOLDER = "reference/api"


@attrs.frozen
class Group:
    """Modules that are told on one page.

    Attributes:
        name: what its page is called in the tree.
        title: its heading.
        modules: the modules, in the order in which they are told.
    """

    name: str
    title: str
    modules: tuple[str, ...]

    @property
    def path(self) -> str:
        """The page."""
        return f"{FOLDER}/{self.name}.md"


KERNEL = (
    Group(
        "procedures",
        "Procedures",
        ("cpplan.loading", "cpplan.packs", "cpplan.procedures", "cpplan.reading", "cpplan.roles"),
    ),
    Group(
        "plans",
        "Plans and decisions",
        (
            "cpplan.plans",
            "cpplan.decisions",
            "cpplan.obligations",
            "cpplan.households",
            "cpplan.explaining",
        ),
    ),
    Group("storing", "Storing plans and events", ("cpplan.codec",)),
)
"""Where what the kernel exports is told, by the module that it comes from."""
OTHERS = Group("further", "Further", ())
"""Where the rest is told, so that nothing exported is left out because nobody has grouped it."""

SIMULATION = (
    Group(
        "told-cases",
        "Told cases",
        ("cpplan_sim.scenarios", "cpplan_sim.running", "cpplan_sim.story"),
    ),
    Group(
        "checking",
        "Checking and proving",
        (
            "cpplan_sim.checks",
            "cpplan_sim.account",
            "cpplan_sim.proving.prover",
            "cpplan_sim.possibility",
            "cpplan_sim.counterexamples",
            "cpplan_sim.endings",
            "cpplan_sim.tolerance",
        ),
    ),
    Group(
        "caseloads",
        "Caseloads",
        (
            "cpplan_sim.caseload.jobs",
            "cpplan_sim.caseload.running",
            "cpplan_sim.caseload.executors",
            "cpplan_sim.caseload.profiles",
        ),
    ),
)
"""What of the simulation a program would begin with."""

OPENING = """\
A program uses what `cpplan` exports. The simulation, `cpplan_sim`, is made for the command line;
the modules told here are those that a program would begin with.
"""
EVENTS = (
    "The classes of events are in `cpplan.events`; [each kind is told](../events.md) by itself."
)


def pages(_: Book) -> Iterator[Page]:
    """Yield the pages of the API."""
    exported = exports()
    groups = kernel_groups(exported)
    yield Page(f"{FOLDER}/index.md", "API", _index(groups, exported))
    for group in groups:
        yield Page(group.path, group.title, _kernel_page(group, exported))
    for group in SIMULATION:
        yield Page(group.path, group.title, _simulation_page(group))


def kernel_groups(exported: Iterable[str]) -> tuple[Group, ...]:
    """Return the groups of the modules that export anything, with one for those of no group."""
    found = tuple(exported)
    grouped = {module for group in KERNEL for module in group.modules}
    others = tuple(module for module in found if module not in grouped)
    groups = [
        attrs.evolve(group, modules=tuple(one for one in group.modules if one in found))
        for group in (*KERNEL, attrs.evolve(OTHERS, modules=others))
    ]
    return tuple(group for group in groups if group.modules)


def exports() -> Mapping[str, Sequence[str]]:
    """Return the names that the kernel exports, by the module that each comes from."""
    tree = ast.parse(inspect.getsource(cpplan))
    found = {
        str(one.module): [name.name for name in one.names if name.name in cpplan.__all__]
        for one in tree.body
        if isinstance(one, ast.ImportFrom)
    }
    return {module: names for module, names in found.items() if names}


def _index(groups: Iterable[Group], exported: Mapping[str, Sequence[str]]) -> str:
    return page(
        heading(1, "API"),
        OPENING,
        EVENTS,
        heading(2, "The kernel: `cpplan`"),
        bullets(
            _listed(
                group, [f"cpplan.{name}" for module in group.modules for name in exported[module]]
            )
            for group in groups
        ),
        heading(2, "The simulation: `cpplan_sim`"),
        bullets(_listed(group, group.modules) for group in SIMULATION),
    )


def _listed(group: Group, things: Iterable[str]) -> str:
    """Return a group with links to what it tells, each where the builder puts its heading."""
    names = ((one, one.removeprefix("cpplan.").removeprefix("cpplan_sim.")) for one in things)
    told = ", ".join(f"[{code(name)}]({group.name}.md#{one})" for one, name in names)
    return f"[{group.title}]({group.name}.md): {told}"


def _kernel_page(group: Group, exported: Mapping[str, Sequence[str]]) -> str:
    """Return a page with each thing that the group's modules export."""
    parts = [heading(1, group.title)]
    for module in group.modules:
        title, says = _about(module)
        parts += [heading(2, title), says, *(f"::: cpplan.{name}" for name in exported[module])]
    return page(*parts)


def _simulation_page(group: Group) -> str:
    """Return a page with each of the group's modules as a whole."""
    told = (f"::: {module}\n    options:\n      heading_level: 2" for module in group.modules)
    return page(heading(1, group.title), *told)


def _about(module: str) -> tuple[str, str]:
    """Return the title and the sentence by which a module opens."""
    says = inspect.getdoc(importlib.import_module(module)) or ""
    title, _, rest = " ".join(says.partition("\n\n")[0].split()).partition(": ")
    return plain(title.rstrip(".")), plain(rest[:1].upper() + rest[1:])
