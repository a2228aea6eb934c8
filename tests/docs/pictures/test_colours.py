"""The colours of pictures stand out enough, in light and in dark (WCAG 2.2, 1.4.3 and 1.4.11)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

CSS = (Path(__file__).parents[3] / "docs/assets/pictures.css").read_text(encoding="utf-8")
SCHEMES = {"light": r"^\.picture \{", "dark": r'^\[data-md-color-scheme="slate"\] \.picture \{'}
WORDS = ("ink", "line", "link", "good", "late", "bad")
PAPERS = ("paper", "state", "ending")


def _colours(scheme: str) -> dict[str, str]:
    start = re.search(SCHEMES[scheme], CSS, re.MULTILINE)
    assert start
    block = CSS[start.end() : CSS.index("}", start.end())]
    return dict(re.findall(r"--picture-([a-z-]+):[^;]*#([0-9a-f]{3,6})", block))


def _light(colour: str) -> float:
    whole = colour if len(colour) == 6 else "".join(2 * digit for digit in colour)
    parts = [int(whole[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    dark, light = sorted((_light(one), _light(other)))
    return (light + 0.05) / (dark + 0.05)


def test_black_on_white_is_as_much_as_there_can_be() -> None:
    assert _contrast("000", "ffffff") == pytest.approx(21)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("words", WORDS)
def test_words_can_be_read_on_whatever_they_stand(scheme: str, paper: str, words: str) -> None:
    colours = _colours(scheme)
    assert _contrast(colours[words], colours[paper]) >= 4.5


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("line", ["line", "frame", "good", "late", "bad"])
def test_lines_and_signs_can_be_seen(scheme: str, line: str) -> None:
    colours = _colours(scheme)
    assert _contrast(colours[line], colours["paper"]) >= 3


@pytest.mark.parametrize("media", ["print", "(forced-colors: active)"])
def test_every_colour_is_told_again_where_the_reader_or_the_paper_decides(media: str) -> None:
    block = CSS.partition(f"@media {media}")[2].partition("\n}")[0]
    told = set(re.findall(r"--picture-([a-z-]+):", block))
    assert told == set(_colours("light")) == set(_colours("dark"))
