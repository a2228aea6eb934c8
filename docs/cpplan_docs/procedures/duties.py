"""The page of a procedure's duties: what falls due, by when, and what meets it."""

from __future__ import annotations

from collections.abc import Iterator

from cpplan import Procedure
from cpplan.duties import Duty
from cpplan_docs import addresses
from cpplan_docs.book import Book
from cpplan_docs.pages import Page
from cpplan_docs.words import linking
from cpplan_docs.words.duties import place, says
from cpplan_docs.words.markdown import bullets, code, heading, link, page, plain
from cpplan_docs.words.origins import by_topic, remark
from cpplan_docs.words.wording import titled

OPENING = """\
A duty is an obligation with a date. It is opened by an event, and met by another in time, met late,
or missed. It never stops an event from being recorded: that would leave a child without a plan.
The day that a time is counted from is not counted, and what is due is due at the end of the last
day. A time is kept in the unit that the source gives it in: ten working days are not two weeks.
"""


def pages(book: Book) -> Iterator[Page]:
    """Yield the page of each procedure's duties."""
    for procedure in book.procedures.values():
        yield _page(procedure, addresses.duty(procedure.name, "").path)


def _page(procedure: Procedure, path: str) -> Page:
    title = f"Duties of {titled(procedure.name)}"
    shown = link("its last day", addresses.last_days(procedure.name), path)
    return Page(
        path,
        title,
        page(
            heading(1, title),
            OPENING,
            f"There are {len(procedure.duties)} duties. Working days are those of"
            f" {plain(place(procedure.calendar.jurisdiction))}. Plans on which each is met on"
            f" {shown} stand on a page of their own.",
            *_topics(procedure, path),
        ),
    )


def _topics(procedure: Procedure, path: str) -> Iterator[str]:
    for topic, duties in by_topic(procedure, procedure.duties.values()):
        yield heading(2, linking.capital(plain(procedure.topics.get(topic, topic))))
        for duty in duties:
            yield from _duty(procedure, duty, path)


def _duty(procedure: Procedure, duty: Duty, path: str) -> Iterator[str]:
    yield heading(3, plain(duty.says.rstrip(".")), addresses.duty(procedure.name, duty.id).anchor)
    yield bullets([f"Duty {code(duty.id)}", *says(procedure, duty, path)])
    if duty.why:
        yield f"Why so: {remark(duty)}"
