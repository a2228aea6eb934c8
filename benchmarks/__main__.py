"""The command: ``python -m benchmarks [GROUP ...] [--format json]``."""

from __future__ import annotations

import argparse
import sys

import attrs

from benchmarks.groups import GROUPS
from benchmarks.measuring import measure
from benchmarks.reporting import as_json, print_setting, print_table


def main() -> None:
    """Measure the groups asked for and print what was found. Nothing is judged."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("group", nargs="*", help=f"any of: {', '.join(GROUPS)}; all by default")
    parser.add_argument("--format", choices=("table", "json"), default="table")
    parser.add_argument("--rounds", type=int, default=0, help="rounds of each group")
    asked = parser.parse_args()
    unknown = [name for name in asked.group if name not in GROUPS]
    if unknown:
        parser.error(f"no group {unknown[0]!r}; there are: {', '.join(GROUPS)}")
    as_table = asked.format == "table"
    if as_table:
        print_setting()
    results = []
    for name in asked.group or GROUPS:
        for make in GROUPS[name]:
            group = make()
            if asked.rounds:
                group = attrs.evolve(group, rounds=asked.rounds)
            measured = measure(group)
            results.append((group, measured))
            if as_table:
                print_table(group, measured)
    if not as_table:
        sys.stdout.write(as_json(results) + "\n")


if __name__ == "__main__":
    main()
