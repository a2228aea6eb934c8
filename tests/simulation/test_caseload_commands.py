"""The commands on caseloads, as somebody types them; cases few, so that they run uncompiled."""

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cpplan_sim.commands.group import cpplan

HERE = ("--workers", "1")


def invoke(*arguments: str | Path | int) -> Result:
    return CliRunner().invoke(cpplan, [str(one) for one in arguments])


def rows_of(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


def simulated(*arguments: str | Path | int) -> dict[str, object]:
    done = invoke("simulate", *arguments, *HERE, "--format", "json")
    assert done.exit_code == 0, done.output
    found: dict[str, object] = json.loads(done.stdout)
    return found


class TestSimulate:
    def test_tells_in_words_first_and_then_every_duty_ending_and_refusal(self) -> None:
        done = invoke("simulate", "standards", "--cases", 120, *HERE)

        assert done.exit_code == 0, done.output
        assert "120 synthetic cases were run" in done.stdout
        assert "no real child" in done.stdout
        assert "Replayed through the kernel without a difference" in done.stdout
        assert "ended.rcpc" in done.stdout

    def test_gives_the_same_figures_for_the_same_seed_however_it_is_cut(self) -> None:
        one = simulated("standards", "--cases", 90, "--block", 90)
        other = simulated("standards", "--cases", 90, "--block", 7)

        assert one == other
        assert one != simulated("standards", "--cases", 90, "--seed", 2)

    def test_says_whose_endings_are_taken_where_a_procedure_has_none(self) -> None:
        filled = invoke("simulate", "luton", "--cases", 10, *HERE).stdout
        silent = invoke("simulate", "luton", "--cases", 10, "--fill", "", *HERE).stdout

        assert "luton is silent on some of this; standards speaks there." in filled
        assert "speaks there" not in silent
        assert "ended." not in silent

    def test_tells_one_case_as_a_timeline_and_the_same_one_each_time(self) -> None:
        one = invoke("simulate", "composite", "--case", 48151623)
        other = invoke("simulate", "composite", "--case", 48151623)

        assert one.exit_code == 0, one.output
        assert one.stdout == other.stdout
        assert one.stdout.startswith("Case 48151623, under composite\nAn invented child")
        assert "-> outline" in one.stdout
        assert invoke("simulate", "composite", "--case", 48151624).stdout != one.stdout

    def test_writes_cases_and_events_that_agree_with_what_it_tells(self, tmp_path: Path) -> None:
        cases, events = tmp_path / "cases.csv", tmp_path / "events.csv"
        told = simulated("standards", "--cases", 40, "--cases-to", cases, "--events-to", events)

        rows, attempts = rows_of(cases), rows_of(events)
        assert [row["case"] for row in rows] == [str(number) for number in range(40)]
        means = {one["name"]: one["total"] for one in told["means"]}  # type: ignore[attr-defined]
        assert sum(int(row["visits"]) for row in rows) == means["visits"]
        assert sum(int(row["refused"]) for row in rows) == means["refused attempts"]
        recorded = [row for row in attempts if row["accepted"] == "true"]
        assert len(recorded) == means["events recorded"]
        assert len(attempts) - len(recorded) == means["refused attempts"]
        ended = {row["case"]: row["ending"] for row in rows if row["ending"]}
        last = {row["case"]: row["state_after"] for row in attempts}
        assert all(last[case] == ending for case, ending in ended.items())

    def test_does_not_overwrite_a_file_unless_asked(self, tmp_path: Path) -> None:
        there = tmp_path / "cases.csv"
        there.write_text("mine", encoding="utf-8")

        refused = invoke("simulate", "standards", "--cases", 5, "--cases-to", there, *HERE)

        assert refused.exit_code == 2
        assert str(there) in refused.stderr
        assert there.read_text(encoding="utf-8") == "mine"

    def test_writes_a_page_that_asks_for_nothing_from_elsewhere(self, tmp_path: Path) -> None:
        page = tmp_path / "page.html"

        done = invoke("simulate", "standards", "--cases", 60, "--report", page, *HERE)

        assert done.exit_code == 0, done.output
        text = page.read_text(encoding="utf-8")
        assert "<svg" in text
        assert "src=" not in text
        assert "@import" not in text

    def test_keeps_finished_blocks_and_refuses_those_of_another_run(self, tmp_path: Path) -> None:
        kept = ("--cases", 20, "--block", 10, "--keep", tmp_path / "kept")
        first = simulated("standards", *kept)

        assert simulated("standards", *kept) == first
        other = invoke("simulate", "standards", *kept, "--seed", 2, *HERE)
        assert other.exit_code == 2
        assert "kept" in other.stderr

    @pytest.mark.parametrize(
        ("arguments", "told"),
        [
            (("--set", "nonsense=3"), "unknown value 'nonsense'"),
            (("--set", "nonsense"), "is not a name and a number"),
            (("--figure", "attempts.too-erly=0.1"), "attempts.too-early"),
            (("--figure", "attempts.too-early=1.5"), "1.5 is not a share"),
            (("--profile", "england-2042"), "england-2024"),
            (("--cluster", "tcp://127.0.0.1:9"), "no scheduler answered"),
        ],
    )
    def test_bad_input_is_told_with_the_way_out(
        self, arguments: tuple[str, ...], told: str
    ) -> None:
        done = invoke("simulate", "standards", "--cases", 5, *arguments, *HERE)

        assert done.exit_code == 2
        assert told in done.stderr


class TestCompare:
    def test_finds_no_difference_between_a_procedure_and_itself(self) -> None:
        done = invoke("compare", "standards", "standards", "--cases", 60, *HERE)

        assert done.exit_code == 0, done.output
        assert "the same in every case" in done.stdout
        assert " more\n" not in done.stdout

    def test_a_longer_interval_between_core_groups_takes_fewer_meetings(self) -> None:
        done = invoke(
            "compare", "composite", "--set", "core-group-interval=12", "--cases", 80, *HERE,
            "--format", "json",
        )  # fmt: skip

        assert done.exit_code == 0, done.output
        means = {one["name"]: one["by"] for one in json.loads(done.stdout)["means"]}
        assert means["meetings"]["high"] < 0

    def test_asks_for_a_second_procedure_or_a_change(self) -> None:
        done = invoke("compare", "standards")

        assert done.exit_code == 2
        assert "--set" in done.stderr


class TestCalibrate:
    @pytest.mark.slow
    def test_compares_without_fitting_and_holds_years_and_regions_back(self) -> None:
        done = invoke("calibrate", "standards", "--compare", "--cases", 1000, "--format", "json")

        assert done.exit_code == 0, done.output
        residuals = json.loads(done.stdout)["residuals"]
        fitted = [one for one in residuals if not one["held_back"]]
        assert len(fitted) == 19
        assert {one["year"] for one in residuals if one["held_back"]} >= {2022, 2023, 2024}

    def test_a_year_that_is_not_there_is_told(self) -> None:
        done = invoke("calibrate", "standards", "--compare", "--cases", 1000, "--year", 1999)

        assert done.exit_code != 0
        assert "1999" in done.output
