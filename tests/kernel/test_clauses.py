"""The register as shipped, pinned; and what a broken register is told."""

from __future__ import annotations

import copy
import pickle
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from cpplan.clause_checks import LOCATOR_WORDS
from cpplan.clause_register import (
    FOLDER,
    UnknownSourceError,
    _ids_shown,
    check_register,
    load_register,
    load_source,
)
from cpplan.clauses import SOURCES, Clause, Enforcement, Parameter, Strength
from cpplan.reading import InvalidFileError

GUARD, OBLIGATION, FIELD, DOCS = Enforcement

# Source: clauses, then how many guard a step, open a duty, fill a field, stay in the documents.
COUNTS = {
    "london": (121, 14, 22, 62, 23),
    "jersey": (138, 19, 23, 59, 37),
    "standards": (61, 28, 10, 21, 2),
    "lead-social-worker": (38, 2, 7, 17, 12),
    "luton": (194, 23, 31, 97, 43),
}

# Every figure of the five sources that a program counts with, read off the source texts by hand.
FIGURES: dict[str, dict[str, Parameter]] = {
    "london/5.2.5": {"within": "immediately", "unit": "unstated", "anchor": "initial-conference"},
    "london/5.2.6c": {"every": 4, "unit": "calendar-weeks"},
    "london/5.3.10a": {"within": 5, "unit": "working-days", "anchor": "core-group-meeting"},
    "london/5.4.5a": {"every": 1, "unit": "calendar-weeks", "until": "initial-conference"},
    "london/5.4.5d": {"every_min": 7, "every_max": 15, "unit": "working-days"},
    "london/5.4.5e": {"threshold": 15, "unit": "days-unspecified", "read_as": "working-days"},
    "london/5.4.5f": {"threshold": 7, "unit": "days-unspecified", "authority_needed": False},
    "london/5.4.5h": {"every": 1, "unit": "visits"},
    "london/5.4.5q": {"every": 2, "unit": "visits"},
    "london/5.4.5u": {"within": 5, "unit": "working-days", "from": "london/5.3.10a"},
    "london/5.4.5y": {"within": 5, "unit": "working-days", "from": "london/5.3.10a"},
    "london/5.5.2": {"count": 2, "consecutive": True, "within": "immediately"},
    "jersey/para-18a": {"within": 10, "unit": "working-days", "anchor": "initial-conference"},
    "jersey/para-18b": {"within": 4, "unit": "calendar-weeks", "anchor": "first-core-group"},
    "jersey/para-18c": {"every": 4, "unit": "calendar-weeks", "anchor": "previous-core-group"},
    "jersey/para-68a": {"within": 5, "unit": "working-days", "anchor": "core-group-meeting"},
    "jersey/para-77a": {"every": 2, "unit": "calendar-weeks", "anchor": "previous-cp-visit"},
    "jersey/para-78": {"every": 2, "unit": "visits"},
    "jersey/para-80": {"every": 2, "unit": "visits"},
    "jersey/para-84": {"within": 5, "unit": "working-days", "from": "jersey/para-68a"},
    "jersey/para-87b": {"within": 5, "unit": "working-days", "from": "jersey/para-68a"},
    "jersey/para-95a": {"count": 2, "consecutive": True},
    "standards/4b": {"every": 2, "unit": "calendar-weeks", "anchor": "previous-cp-visit"},
    "standards/11e": {"within": 15, "unit": "working-days", "anchor": "move-notified"},
    "standards/11g": {"age": 18, "unit": "years", "anchor": "date-of-birth"},
    "standards/12i": {"notice": 10, "unit": "days-unspecified", "anchor": "chair-letter-sent"},
    "standards/13e": {"within": 10, "unit": "working-days", "anchor": "unstated"},
    "lead-social-worker/para-15a": {"before": 2, "unit": "working-days"},
    "lead-social-worker/para-15b": {"before": 5, "unit": "working-days"},
    "lead-social-worker/para-19a": {"within": 10, "unit": "working-days"},
    "lead-social-worker/para-20a": {"every": 4, "unit": "calendar-weeks"},
    "lead-social-worker/para-23b": {"every": 10, "unit": "working-days"},
    "luton/1.2.4a": {"within": 10, "unit": "working-days", "anchor": "initial-conference"},
    "luton/1.2.4b": {"every": 6, "unit": "calendar-weeks", "anchor": "previous-core-group"},
    "luton/1.3.1a": {"within": 35, "unit": "working-days", "anchor": "unstated"},
    "luton/1.3.7c": {"within": 5, "unit": "working-days", "from": "luton/1.3.16b"},
    "luton/1.3.16a": {"within": 5, "unit": "working-days", "anchor": "core-group-meeting"},
    "luton/1.3.16b": {"within": 5, "unit": "working-days", "anchor": "agreement-circulated"},
    "luton/1.3.20a": {"every": 4, "unit": "calendar-weeks", "anchor": "previous-cp-visit"},
    "luton/1.4.6a": {"every": 4, "unit": "calendar-weeks", "anchor": "previous-cp-visit"},
    "luton/1.4.6b": {"at_least": 1, "unit": "per-interval"},
    "luton/1.4.6c": {"every": 6, "unit": "calendar-weeks", "anchor": "seen-alone"},
    "luton/1.4.11c": {"within": 3, "unit": "months", "anchor": "initial-conference"},
    "luton/1.4.11d": {"every": 6, "unit": "months", "anchor": "previous-review-conference"},
    "luton/1.5.2a": {"count": 2, "consecutive": True, "within": "immediately"},
    "luton/1.5.2b": {"count": 2},
}
COUNTING = {"within", "every", "every_min", "every_max", "before", "notice", "threshold", "count"}
COUNTING |= {"at_least", "age"}


class TestTheRegisterShipped:
    def test_meets_its_own_form_and_every_reference_meets_a_clause(self) -> None:
        check_register()

    def test_holds_the_five_sources_in_the_order_of_the_register(self) -> None:
        assert tuple(COUNTS) == SOURCES
        assert list(load_register())[:: len(load_register()) - 1] == [
            "london/headings",
            "luton/1.6.12",
        ]

    @pytest.mark.parametrize("name", COUNTS)
    def test_holds_as_many_clauses_as_were_counted(self, name: str) -> None:
        clauses = load_source(name).clauses.values()
        kinds = Counter(clause.enforcement for clause in clauses)
        counted = (len(clauses), kinds[GUARD], kinds[OBLIGATION], kinds[FIELD], kinds[DOCS])
        assert counted == COUNTS[name]

    def test_holds_552_clauses_together(self) -> None:
        register = load_register()
        assert len(register) == 552
        assert Counter(clause.strength for clause in register.values()) == {
            Strength.MUST: 274,
            Strength.SHOULD: 216,
            Strength.FACT: 44,
            Strength.MAY: 18,
        }

    @pytest.mark.parametrize("clause_id", FIGURES)
    def test_gives_the_figures_of_the_source(self, clause_id: str) -> None:
        assert FIGURES[clause_id].items() <= load_register()[clause_id].parameters.items()

    def test_counts_with_no_figure_that_was_not_read_off_the_source(self) -> None:
        counted = {
            clause.id
            for clause in load_register().values()
            if any(type(clause.parameters.get(key)) is int for key in COUNTING)
        }
        assert counted <= FIGURES.keys()

    def test_names_what_every_guard_blocks(self) -> None:
        for clause in load_register().values():
            assert ("guards" in clause.parameters) is (clause.enforcement is GUARD), clause.id

    def test_ends_a_plan_by_seven_routes_and_names_none_after_one_country(self) -> None:
        guarded = {
            step
            for clause in load_register().values()
            for steps in [clause.parameters.get("guards", ())]
            if isinstance(steps, tuple)
            for step in map(str, steps)
        }
        assert {step.partition("ended.")[2] for step in guarded if "ended." in step} == {
            "rcpc",
            "letter",
            "move",
            "age-18",
            "looked-after",
            "death",
            "left-jurisdiction",
        }

    def test_says_why_a_clause_is_left_to_the_documents(self) -> None:
        for clause in load_register().values():
            assert bool(clause.why) is (clause.enforcement is DOCS), clause.id

    def test_holds_no_control_character_where_its_text_was_folded(self) -> None:
        # ruamel's round-trip reader leaves one at every fold.
        for clause in load_register().values():
            assert (clause.rule + clause.why + clause.notes).isprintable()

    def test_shows_every_id_without_being_read_in_full(self) -> None:
        for name in SOURCES:
            clauses = load_source(name).clauses
            assert _ids_shown(FOLDER / f"{name}.yaml") == clauses.keys()

    def test_holds_only_the_sources_asked_for(self) -> None:
        register = load_register(names=("jersey", "luton"))
        assert {clause.source for clause in register.values()} == {"jersey", "luton"}
        assert len(register) == len(list(register))
        assert "jersey/para-4a" in register
        assert "standards/1a" not in register
        with pytest.raises(KeyError):
            register["standards/1a"]

    def test_finds_a_passage_without_copying_it(self) -> None:
        longest = max(len(clause.locator.split()) for clause in load_register().values())
        assert longest == LOCATOR_WORDS

    def test_says_only_what_the_texts_say_about_themselves(self) -> None:
        told = {
            name: (source.published, source.publisher, source.jurisdiction)
            for name in SOURCES
            for source in [load_source(name)]
        }
        assert told == {
            "london": (None, None, "england-and-wales"),
            "jersey": ("2024-11-01", "SPB Jersey", "jersey"),
            "standards": (None, None, "england-and-wales"),
            "lead-social-worker": ("2020-03", None, "england-and-wales"),
            "luton": ("2010-09-21", "Luton Safeguarding Children Board", "england-and-wales"),
        }
        assert all("not legal advice" in load_source(name).note for name in SOURCES)


class TestAClause:
    def test_is_found_by_its_id_in_its_source_and_in_the_register(self) -> None:
        clause = load_source("lead-social-worker").clauses["lead-social-worker/para-15a"]
        assert clause is load_register()["lead-social-worker/para-15a"]
        assert (clause.source, clause.number) == ("lead-social-worker", "para-15a")
        assert (clause.strength, clause.enforcement) == (Strength.SHOULD, OBLIGATION)
        assert (clause.actor, clause.authorised_by) == (("allocated-social-worker",), ())
        assert clause.parameters["recipients"] == ("family", "conference-chair")

    def test_cannot_be_changed_through_its_parameters(self) -> None:
        parameters = (
            load_source("lead-social-worker").clauses["lead-social-worker/para-15a"].parameters
        )
        with pytest.raises(TypeError, match="does not support item assignment"):
            parameters["before"] = 3  # type: ignore[index]  # what is refused

    def test_is_a_value_that_can_be_compared_hashed_and_sent_to_another_process(self) -> None:
        clause = load_source("lead-social-worker").clauses["lead-social-worker/para-15a"]
        sent = pickle.loads(pickle.dumps(clause))
        assert sent == clause
        assert {sent, clause} == {clause}

    @pytest.mark.parametrize("clause_id", ["london/9.9", "londn/5.2.5", "5.2.5"])
    def test_is_missing_from_the_register_under_any_other_id(self, clause_id: str) -> None:
        assert clause_id not in load_register()
        with pytest.raises(KeyError, match=clause_id):
            load_register()[clause_id]

    def test_is_known_by_its_id_before_its_source_is_read(self, tmp_path: Path) -> None:
        (tmp_path / "jersey.yaml").write_text("  - id: jersey/1\n    lines: not read yet\n")
        assert "jersey/1" in load_register(tmp_path)
        with pytest.raises(InvalidFileError):
            assert "jersey/2" not in load_register(tmp_path)

    def test_is_known_by_its_id_however_the_id_is_written(self, tmp_path: Path) -> None:
        write(tmp_path, "jersey", [entry("jersey/1")])
        text = (tmp_path / "jersey.yaml").read_text()
        (tmp_path / "jersey.yaml").write_text(text.replace("jersey/1", '"jersey/1"'))
        assert "jersey/1" in load_register(tmp_path)
        assert "jersey/2" not in load_register(tmp_path)

    def test_is_read_without_reading_the_other_sources(self, tmp_path: Path) -> None:
        write(tmp_path, "jersey", [entry("jersey/1")])
        assert isinstance(load_register(tmp_path)["jersey/1"], Clause)


def entry(clause_id: str, **changed: Any) -> dict[str, Any]:
    """Return a sound entry; a value of ``...`` takes the key away."""
    sound = {
        "id": clause_id,
        "lines": [1],
        "locator": "First words",
        "topic": "visit.interval",
        "strength": "must",
        "kind": "deadline",
        "applies_in": ["active"],
        "rule": "Somebody does something.",
        "parameters": {},
        "enforce": "kernel-field",
    }
    return {key: value for key, value in {**sound, **changed}.items() if value is not ...}


HEAD = {"title": "A title", "edition": "1", "jurisdiction": "jersey", "note": "A note."}


def write(folder: Path, name: str, entries: list[Any], head: object = None) -> Path:
    head = copy.deepcopy({"name": name, **HEAD} if head is None else head)
    path = folder / f"{name}.yaml"
    YAML().dump({"source": head, "clauses": copy.deepcopy(entries)}, path)
    return path


def problems_of(folder: Path, name: str = "jersey") -> list[str]:
    with pytest.raises(InvalidFileError) as caught:
        load_source(name, folder)
    return [str(problem).replace(f"{folder}/", "") for problem in caught.value.problems]


class TestABadRegister:
    @pytest.mark.parametrize(
        ("changed", "told"),
        [
            ({"id": ...}, "has no 'id'"),
            ({"rule": "  "}, "rule is not text (write a word)"),
            ({"topic": ""}, "topic is not text (write a word)"),
            ({"strength": "shuold"}, "strength is 'shuold' (did you mean should?)"),
            ({"kind": "deadlines"}, "kind is 'deadlines' (did you mean deadline?)"),
            ({"kind": ["deadline"]}, "kind is ['deadline'] (did you mean deadline?)"),
            (
                {"enforce": "kernel-gaurd"},
                "enforce is 'kernel-gaurd' (did you mean kernel-guard?)",
            ),
            ({"enforce": "docs-only"}, "docs-only without a reason (add 'why')"),
            ({"stength": "must"}, "unknown key 'stength' (did you mean strength?)"),
            ({"lines": []}, "lines is not a list of line numbers (count from 1)"),
            ({"lines": 3}, "lines is not a list of line numbers (count from 1)"),
            ({"lines": [True]}, "lines is not a list of line numbers (count from 1)"),
            ({"lines": [0]}, "lines is not a list of line numbers (count from 1)"),
            (
                {"locator": "one two three four five six"},
                "locator has 6 words, more than 5 (the first few will do)",
            ),
            ({"locator": 7}, "locator is not text (write a word)"),
            ({"locator": ""}, "locator is not text (write a word)"),
            ({"applies_in": "active"}, "applies_in is not a list (write [outline, detailed])"),
            ({"applies_in": ["actve"]}, "applies_in has 'actve' (did you mean active?)"),
            ({"actor": []}, "actor is not a name or a list of names"),
            ({"actor": [1]}, "actor is not a name or a list of names"),
            ({"authorised_by": ""}, "authorised_by is not a name or a list of names"),
            ({"parameters": []}, "parameters is not a mapping (write {} if there are none)"),
            (
                {"parameters": {"within": 2.5}},
                "parameters has 'within' that is neither text, whole number, true, "
                "false nor a list",
            ),
            (
                {"parameters": {"unit": "working-day"}},
                "parameters has the unit 'working-day' (did you mean working-days?)",
            ),
            (
                {"parameters": {"from": "5.2.5"}},
                "parameters has 'from' with '5.2.5', not a clause id (write source/number)",
            ),
            (
                {"notes": "See jersey/11."},
                "there is no clause 'jersey/11' (did you mean jersey/1?)",
            ),
            (
                {"parameters": {"limits": ["jersey/1", "jersey/2"]}},
                "there is no clause 'jersey/2' (did you mean jersey/1?)",
            ),
        ],
    )
    def test_is_told_what_is_wrong_and_the_way_out(
        self, tmp_path: Path, changed: dict[str, Any], told: str
    ) -> None:
        write(tmp_path, "jersey", [entry("jersey/1", **changed)])
        (problem,) = problems_of(tmp_path)
        assert problem.partition(": ")[2] == told

    def test_is_told_all_of_its_problems_at_once_each_with_its_place(self, tmp_path: Path) -> None:
        first = entry("jersey/1", rule=..., strength="most")
        second = entry("jersey/2", notes="As jersey/1, and as jersey/3 and london/1.")
        path = write(tmp_path, "jersey", [first, second, "text", entry("jersey/2"), entry("x/1")])
        text = path.read_text().splitlines()
        told = [problem.split(":", 3) for problem in problems_of(tmp_path)]
        assert [(text[int(line) - 1].strip(), message) for _, line, _, message in told] == [
            ("- id: jersey/1", " has no 'rule'"),
            ("strength: most", " strength is 'most' (did you mean must?)"),
            (
                "notes: As jersey/1, and as jersey/3 and london/1.",
                " there is no clause 'jersey/3' (did you mean jersey/2?)",
            ),
            ("- text", " is not a mapping of names to values"),
            ("- id: jersey/2", " id 'jersey/2' is used before (add a letter)"),
            ("- id: x/1", " id 'x/1' is not of jersey (write jersey/...)"),
        ]

    @pytest.mark.parametrize(
        ("head", "told"),
        [
            ("text", "is not a mapping of names to values"),
            ({"name": "london", **HEAD}, "name is not 'jersey'"),
            ({"name": "jersey", **HEAD, "titel": "1"}, "unknown key 'titel' (did you mean title?)"),
            ({"name": "jersey", **HEAD, "published": 2024}, "published is not text (write a word)"),
        ],
    )
    def test_is_told_what_is_wrong_with_its_head(
        self, tmp_path: Path, head: object, told: str
    ) -> None:
        write(tmp_path, "jersey", [entry("jersey/1")], head=head)
        (problem,) = problems_of(tmp_path)
        assert problem.partition(": ")[2] == told

    @pytest.mark.parametrize("text", ["[]", "source: {}", "{source: {}, clauses: {}}", "word"])
    def test_is_refused_when_it_is_no_register_at_all(self, tmp_path: Path, text: str) -> None:
        (tmp_path / "jersey.yaml").write_text(text)
        (problem,) = problems_of(tmp_path)
        assert (
            "is not a source with its clauses (write source: {...} and clauses: [...])" in problem
        )

    def test_is_told_of_references_between_sources_and_of_every_broken_file(
        self, tmp_path: Path
    ) -> None:
        write(tmp_path, "london", [entry("london/1", notes="As jersey/1, luton/1 and luton/2.")])
        write(tmp_path, "jersey", [entry("jersey/1", why="Unlike standards/9z.")])
        write(tmp_path, "standards", [entry("standards/1", strength="most")])
        write(tmp_path, "luton", [entry("luton/1", parameters={"from": "london/1"})])
        with pytest.raises(InvalidFileError) as caught:
            check_register(tmp_path)
        told = [(Path(one.place.file).stem, one.message) for one in caught.value.problems]
        assert told == [
            ("lead-social-worker", "can't be read: No such file or directory"),
            ("london", "there is no clause 'luton/2'"),
            ("standards", "strength is 'most'"),
        ]

    def test_is_asked_for_under_a_name_that_no_source_has(self) -> None:
        with pytest.raises(UnknownSourceError, match="no source 'jersy'; did you mean jersey"):
            load_source("jersy")
