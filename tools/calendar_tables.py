"""Draws the calendar tables from the ``holidays`` library. Development only: the tables are data.

Usage: ``python tools/calendar_tables.py kernel/cpplan/tables``. Look at every difference before
committing it: a projection may change when a proclamation is made, a date of the past may not.
"""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path

import holidays

YEARS = range(2008, 2036)
ACT = "Banking and Financial Dealings Act 1971, section 1 and Schedule 1"
LIST = (
    "dates compared with the GOV.UK list (alphagov/calendars 4fc4099, alphagov/frontend cb2a016d)"
)
JERSEY = (
    "Act of the States under the Public Holidays and Bank Holidays (Jersey) Law 1951, article 2"
)
UK_BLOCKS = (
    (2011, "proclaimed", f"{ACT}; GOV.UK list not seen for these years"),
    (2027, "proclaimed", f"{ACT}; {LIST}"),
    (2028, "projected", f"{ACT}; on the GOV.UK list of August 2026, proclamation to come"),
    (2035, "projected", f"{ACT}; by its usual rules (holidays 0.109)"),
)
JERSEY_BLOCKS = (
    (2009, "proclaimed", f"{JERSEY} (1952 Act); from holidays 0.109, no official list seen"),
    (2026, "proclaimed", f"{JERSEY} (2010 Act); from holidays 0.109, no official list seen"),
    (2035, "projected", f"{JERSEY} (2010 Act), by its usual rules (holidays 0.109)"),
)
UK_HEADER = """\
# Proclaimed means here: the year was on the GOV.UK list of bank holidays (2012 to 2027; read on
# 2026-11-22 in the public repositories alphagov/calendars and alphagov/frontend, last changed
# 2026-02-25), or is past (2008 to 2011, from the library holidays 0.109 alone). Of the royal
# proclamations only the titles of those cited by number were read. GOV.UK lists 2028 too; it stays
# projected, as its proclamation is to come. A projected date may move, and days may be added.
"""
JERSEY_HEADER = """\
# Source: the library holidays 0.109, which says that it checked 2010 onwards against gov.je. No
# official list could be read here, so that proclaimed means: law of a year no later than 2026. A
# projected date may move, and days may be added. Liberation Day (9 May) has no substitute day when
# it falls at a weekend. In 2020 Jersey kept 4 May and added 8 May (States Assembly, autumn 2019);
# one third-party report says that 31 August was given up in exchange: not confirmed, kept here.
"""
SCOTLAND_HEADER = """\
# These are the national bank holidays. Councils keep local days instead of or beside them: load a
# file of your own that extends this one. Left out, though the library has them: 4 January 2010 and
# 4 January 2011, for which no proclamation was made (the Scottish Government's answer, reported at
# https://dracos.co.uk/wrote/bad-bank-holidays, update of 21 January 2014).
"""
WEEKEND = (
    "# Only holidays observed from Monday to Friday are listed: weekends never are working days.\n"
)
NOT_PROCLAIMED = {"scotland": {dt.date(2010, 1, 4), dt.date(2011, 1, 4)}}

PROCLAMATION = "Royal proclamation under the Banking and Financial Dealings Act 1971, section 1"
UK_SPECIAL = {
    dt.date(2011, 4, 29): PROCLAMATION,
    dt.date(2012, 6, 4): f"{PROCLAMATION}: moved from 28 May",
    dt.date(2012, 6, 5): PROCLAMATION,
    dt.date(2020, 5, 8): f"{PROCLAMATION}: moved from 4 May, for the 75th anniversary of VE Day",
    dt.date(2022, 6, 2): f"{PROCLAMATION}: moved from 30 May",
    dt.date(2022, 6, 3): PROCLAMATION,
    dt.date(2022, 9, 19): PROCLAMATION,
    dt.date(2023, 5, 8): PROCLAMATION,
}
GAZETTE = {
    dt.date(2020, 5, 8): f"{UK_SPECIAL[dt.date(2020, 5, 8)]} (London Gazette, notice 3326938)",
    dt.date(2022, 9, 19): f"{PROCLAMATION} (London Gazette, notice 4158896)",
}
WORLD_CUP = (
    f"{PROCLAMATION}, Scotland only (Privy Council, February 2026; alphagov/frontend 609b0436)"
)
SPECIAL = {
    "england-and-wales": UK_SPECIAL | GAZETTE,
    "northern-ireland": UK_SPECIAL | GAZETTE,
    "scotland": UK_SPECIAL | {dt.date(2026, 6, 15): WORLD_CUP},
    "jersey": {
        dt.date(2009, 12, 28): f"{JERSEY}: one-off (gov.je, ministerial decision of 2009)",
        dt.date(2011, 4, 29): JERSEY,
        dt.date(2012, 6, 4): f"{JERSEY}: moved from 28 May",
        dt.date(2012, 6, 5): JERSEY,
        dt.date(2020, 5, 8): f"{JERSEY}: one-off, adopted in September 2019",
        dt.date(2021, 9, 27): f"{JERSEY}: one-off, 2021",
        dt.date(2022, 6, 2): f"{JERSEY}: moved from 30 May",
        dt.date(2022, 6, 3): JERSEY,
        dt.date(2022, 9, 19): JERSEY,
        dt.date(2023, 5, 8): JERSEY,
        dt.date(2024, 7, 15): f"{JERSEY}: one-off (R&O 36/2024, cited by holidays 0.109)",
    },
}
TABLES = {
    "england-and-wales": ("GB", "ENG", UK_BLOCKS, UK_HEADER),
    "scotland": ("GB", "SCT", UK_BLOCKS, UK_HEADER + SCOTLAND_HEADER),
    "northern-ireland": ("GB", "NIR", UK_BLOCKS, UK_HEADER),
    "jersey": ("JE", None, JERSEY_BLOCKS, JERSEY_HEADER),
}
RENAMED = (("(observed)", "(substitute day)"), ("May Day", "Early May Bank Holiday"),
           ("Late Summer", "Summer"), ("New Year Holiday", "2 January"))  # fmt: skip


def weekdays(name: str) -> dict[dt.date, str]:
    """Return the holidays of one table that fall from Monday to Friday, with their names."""
    country, part, _, _ = TABLES[name]
    found = holidays.country_holidays(country, subdiv=part, years=YEARS)
    left_out = NOT_PROCLAIMED.get(name, set())
    return {
        day: renamed(str(found[day]))
        for day in sorted(found)
        if day.weekday() < 5 and day not in left_out
    }


def renamed(title: str) -> str:
    """Return the library's name of a holiday in the words of the GOV.UK list."""
    for old, new in RENAMED:
        title = title.replace(old, new)
    return title


def group(status: str, source: str, dates: dict[dt.date, str]) -> str:
    """Return one group of the table as YAML."""
    lines = [f"  - status: {status}", f'    source: "{source}"', "    dates:"]
    return "\n".join(lines + [f'      "{day}": "{title}"' for day, title in dates.items()]) + "\n"


def table(name: str) -> str:
    """Return one table as YAML: the regular days in blocks of years, then the one-offs."""
    _, _, blocks, header = TABLES[name]
    dates, special = weekdays(name), SPECIAL[name]
    parts = [f"# Public holidays: {name}.\n{header}{WEEKEND}jurisdiction: {name}\n"]
    parts.append(f"first: {YEARS[0]}-01-01\nlast: {YEARS[-1]}-12-31\nholidays:\n")
    start = YEARS[0]
    for last, status, source in blocks:
        chosen = {d: t for d, t in dates.items() if start <= d.year <= last and d not in special}
        parts.append(group(status, source, chosen))
        start = last + 1
    for source in dict.fromkeys(special.values()):
        chosen = {day: dates[day] for day, reason in special.items() if reason == source}
        parts.append(group("proclaimed", source, chosen))
    return "".join(parts)


if __name__ == "__main__":
    for each in TABLES:
        Path(sys.argv[1], f"{each}.yaml").write_text(table(each), encoding="utf-8")
