"""Signs: the shape that each kind of moment has, so that it can be told without its colour."""

from __future__ import annotations

from cpplan_docs.pictures.moments import Kind
from cpplan_docs.pictures.svg import element, number

_R = 6.0
"""Half the size of a sign."""

_GOOD, _LATE, _BAD, _LINE = "good", "late", "bad", "line"
LOOKS = {
    Kind.MET: _GOOD,
    Kind.MET_LATE: _LATE,
    Kind.OVERDUE: _BAD,
    Kind.MISSED: _BAD,
    Kind.REFUSED: _BAD,
}
"""The class of a kind's sign and of its word; any other has the colour of lines."""

# Drawn around the middle: M begins, L goes on, Z closes; from -1 to 1.
_CROSS = "M-.8 -.8L.8 .8M.8 -.8L-.8 .8"
_SQUARE = "M-1 -1L1 -1L1 1L-1 1Z"
_OPEN_SHAPES = {
    Kind.REFUSED: _CROSS,
    Kind.DUE: _SQUARE,
    Kind.MET: "M-1 0L-.3 .8L1 -.8",
    Kind.MISSED: _SQUARE + "M-.6 -.6L.6 .6M.6 -.6L-.6 .6",
    Kind.LAPSED: _SQUARE + "M-.5 0L.5 0",
    Kind.UNDECIDABLE: "M-.6 -.5L-.3 -1L.4 -1L.7 -.5L.6 -.1L0 .2L0 .5M0 .8L0 1",
    Kind.HOLIDAY: "M-1 -.4L1 -.4M-1 .4L1 .4",
}
_FULL_SHAPES = {
    Kind.STATE: "M0 -1L1 0L0 1L-1 0Z",
    Kind.MET_LATE: "M-1 -1L1 0L-1 1Z",
    Kind.OVERDUE: "M0 -1L1 .8L-1 .8Z",
}


def sign(kind: Kind, x: float, y: float) -> str:
    """Return the sign of a kind, with its middle at a point."""
    look = LOOKS.get(kind, _LINE)
    if kind in {Kind.RECORDED, Kind.OPENED}:
        form = "full" if kind is Kind.RECORDED else "open"
        return _drawn("circle", f"sign {form} {look}", cx=x, cy=y, r=_R - 1)
    if kind in _FULL_SHAPES:
        return _drawn("path", f"sign full {look}", d=_moved(_FULL_SHAPES[kind], x, y))
    return _drawn("path", f"sign open {look}", d=_moved(_OPEN_SHAPES[kind], x, y))


def _drawn(name: str, look: str, **places: str | float) -> str:
    full = "currentColor" if " full " in look else "none"
    return element(name, class_=look, **places, fill=full, stroke="currentColor")


def _moved(shape: str, x: float, y: float) -> str:
    return "".join(
        letter + " ".join(_place(point, x, y)) if point else letter
        for letter, point in _steps(shape)
    )


def _steps(shape: str) -> list[tuple[str, str]]:
    apart = shape.replace("M", "|M").replace("L", "|L").replace("Z", "|Z").split("|")
    return [(step[0], step[1:]) for step in apart if step]


def _place(point: str, x: float, y: float) -> tuple[str, str]:
    right, down = map(float, point.split())
    return number(x + right * _R), number(y + down * _R)
