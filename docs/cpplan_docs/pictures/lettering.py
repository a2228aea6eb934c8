"""Lettering: how wide words are drawn, and where a line of them is broken.

Pages bring no font of their own, so the widths are those of the widest of the usual ones (DejaVu
Sans, in thousandths of the size of the letters): in any other the words fit more loosely.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import attrs

_FIRST = 32
_WIDTHS = (
    *(318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337),
    *(636, 636, 636, 636, 636, 636, 636, 636, 636, 636, 337, 337, 838, 838, 838, 531),
    *(1000, 684, 686, 698, 770, 632, 575, 775, 752, 295, 295, 656, 557, 863, 748, 787),
    *(603, 787, 695, 635, 611, 732, 684, 989, 685, 611, 685, 390, 337, 390, 838, 500),
    *(500, 613, 635, 550, 635, 615, 352, 635, 634, 278, 278, 579, 278, 974, 634, 612),
    *(635, 635, 411, 521, 392, 634, 592, 818, 592, 592, 525, 636, 337, 636, 838),
)
_ANY_OTHER = 1000
_BOLD = 1.16
"""No letter of words grows by more than this when it is bold."""
_AROUND = 9
"""Added to the height of a link, so that it can be pressed and told from the next."""


def width(text: str, size: float, *, bold: bool = False) -> float:
    """Return how wide a line is drawn, at most."""
    return sum(map(_letter, text)) * size / 1000 * (_BOLD if bold else 1)


def wrapped(text: str, size: float, room: float, *, bold: bool = False) -> tuple[str, ...]:
    """Return a text in lines no wider than ``room``; a longer word has a line of its own."""
    return tuple(_lines(text.split(), size, room, bold=bold))


def _letter(letter: str) -> int:
    place = ord(letter) - _FIRST
    return _WIDTHS[place] if 0 <= place < len(_WIDTHS) else _ANY_OTHER


def _lines(words: list[str], size: float, room: float, *, bold: bool) -> Iterator[str]:
    line = ""
    for word in words:
        longer = f"{line} {word}".strip()
        if line and width(longer, size, bold=bold) > room:
            yield line
            longer = word
        line = longer
    if line:
        yield line


@attrs.frozen(kw_only=True)
class Words:
    """Words in a picture, in as many lines as they take.

    Attributes:
        lines: the words.
        size: the size of the letters.
        bold: whether they are bold.
        link: where they lead to; empty for nowhere.
        kind: a class for the style sheet; empty for none.
        lead: what the first line begins with and is bold on its own; empty for nothing.
        lead_kind: a class for that alone.
    """

    lines: tuple[str, ...]
    size: float
    bold: bool = False
    link: str = ""
    kind: str = ""
    lead: str = ""
    lead_kind: str = ""

    @property
    def width(self) -> float:
        """How wide they are drawn, at most."""
        bold = self.bold or bool(self.lead)
        return max(width(line, self.size, bold=bold) for line in self.lines)

    @property
    def pitch(self) -> float:
        """How far one line stands below another."""
        return self.size * 1.35

    @property
    def height(self) -> float:
        """How much room they take from those above to those below."""
        return self.pitch * len(self.lines) + (_AROUND if self.link else 0)

    @property
    def first(self) -> float:
        """How far below their top the middle of the first line is."""
        return (self.height - self.pitch * (len(self.lines) - 1)) / 2


def size(words: Iterable[Words]) -> tuple[float, float]:
    """Return the width and height that words below one another take."""
    each = tuple(words)
    return max((one.width for one in each), default=0), sum(one.height for one in each)
