"""The site as a reader meets it: from a folder, on a laptop, a phone and at 400%, by keyboard."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("site")]

KINDS = {
    "home": r"index",
    "tutorial": r"start/.+",
    "plain language": r"plain-language",
    "list of procedures": r"procedures/index",
    "procedure": r"procedures/[^/]+/index",
    "rules": r"procedures/[^/]+/rules",
    "duties": r"procedures/[^/]+/duties",
    "proofs": r"procedures/[^/]+/proofs",
    "endings": r"procedures/[^/]+/endings",
    "last days": r"procedures/[^/]+/last-days",
    "two at a time": r"procedures/two-at-a-time/.+",
    "comparison": r"procedures/comparison",
    "account": r"clauses/index",
    "clauses": r"clauses/.+",
    "list of told cases": r"scenarios/index",
    "told case": r"scenarios/.+/.+",
    "reference": r"reference/.+",
    "explained": r"explained/.+",
    "caseloads": r"caseloads/.+",
    "choices": r"choices/.+",
}
"""Every kind of page, by what its path looks like; of several that fit the first."""

LAPTOP = ViewportSize(width=1280, height=800)
PHONE = ViewportSize(width=360, height=740)
ZOOMED = ViewportSize(width=320, height=200)
"""1280 by 800 at 400%."""


def kind_of(path: str) -> str:
    name = path.removesuffix(".html")
    return next((kind for kind, like in KINDS.items() if re.fullmatch(like, name)), "")


def paths(site: Path) -> list[str]:
    found = (page.relative_to(site).as_posix() for page in site.rglob("*.html"))
    return sorted(path for path in found if path != "404.html")


def longest(site: Path) -> dict[str, str]:
    """Return the longest page of each kind: what can be too wide is so there."""
    return {kind_of(path): path for path in _by_size(site)}


def usual(site: Path) -> dict[str, str]:
    """Return a page of each kind, shorter than most: axe takes a minute for the longest."""
    by_size = _by_size(site)
    of_kind = {kind: [path for path in by_size if kind_of(path) == kind] for kind in KINDS}
    return {kind: found[len(found) // 4] for kind, found in of_kind.items() if found}


def _by_size(site: Path) -> list[str]:
    return sorted(paths(site), key=lambda path: (site / path).stat().st_size)


def test_every_page_is_of_a_known_kind_and_there_is_one_of_each(site: Path) -> None:
    assert [path for path in paths(site) if not kind_of(path)] == []
    assert longest(site).keys() == KINDS.keys()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A window that reaches nothing but files, and remembers who asked for more."""
    context = browser.new_context(viewport=LAPTOP, reduced_motion="reduce")
    context.route(re.compile(r"^(?!file:|data:|blob:)"), lambda route: route.abort())
    yield context
    context.close()


def opened(context: BrowserContext, site: Path, path: str) -> Page:
    page = context.new_page()
    page.goto((site / path).as_uri())
    return page


@pytest.mark.parametrize("kind", KINDS)
def test_no_page_asks_for_anything_outside(site: Path, context: BrowserContext, kind: str) -> None:
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    page = opened(context, site, longest(site)[kind])
    page.wait_for_load_state("networkidle")
    assert asked
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("kind", KINDS)
def test_axe_finds_nothing(site: Path, context: BrowserContext, kind: str, scheme: str) -> None:
    page = context.new_page()
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.goto((site / usual(site)[kind]).as_uri())
    page.wait_for_selector(".md-search[aria-label]", state="attached")
    background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (sum(map(int, re.findall(r"\d+", background)[:3])) > 384) == (scheme == "light")
    # What is dark differs in its colours alone.
    options = {"runOnly": ["color-contrast"]} if scheme == "dark" else None
    found = Axe().run(page, options=options)
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("size", [LAPTOP, PHONE, ZOOMED], ids=["laptop", "phone", "at 400%"])
def test_no_page_has_to_be_scrolled_sideways(
    site: Path, context: BrowserContext, size: ViewportSize
) -> None:
    page = context.new_page()
    page.set_viewport_size(size)
    wide = {}
    for path in longest(site).values():
        page.goto((site / path).as_uri())
        over = page.evaluate(
            "document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth"
        )
        wide[path] = over
    assert {path: over for path, over in wide.items() if over > 0} == {}


def test_search_finds_from_a_folder(site: Path, context: BrowserContext) -> None:
    page = opened(context, site, "index.html")
    page.keyboard.press("/")
    page.keyboard.type("core group")
    result = page.locator(".md-search-result__item a").first
    result.wait_for(timeout=20_000)
    result.click()
    page.wait_for_load_state()
    assert page.url.startswith("file:")
    assert "index.html" not in page.url.rsplit("/", 1)[-1] or "/procedures/" in page.url


def test_the_keyboard_reaches_the_text_and_what_a_picture_links_to(
    site: Path, context: BrowserContext
) -> None:
    page = opened(context, site, longest(site)["procedure"])
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.classList.contains('md-skip')")
    page.keyboard.press("Enter")
    reached = []
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.closest('svg a') !== null"))
        if reached[-1]:
            break
    assert reached[-1]
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline != "none"
    page.keyboard.press("Enter")
    page.wait_for_load_state()
    assert "#rule-" in page.url or "#" in page.url
