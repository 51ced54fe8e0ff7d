"""Ask axe-core whether a page, as a browser shows it now, can be used by everybody."""

from typing import Any

from playwright.sync_api import Page

from tests.journeys.conftest import PROJECT

AXE = PROJECT / "tests" / "vendor" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS = ["color-contrast", "link-in-text-block"]
"""The rules that look at colours: the only ones that may say something else in the dark."""
ASKED = {"light": TAGS, "dark": COLOURS}


def violations(page: Page, asked: list[str] = TAGS) -> list[str]:
    """Return what axe-core finds wrong with the page, one line a rule and place."""
    # The page's own policy lets no script in by address, so the text is run as the test's own.
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found: dict[str, Any] = page.evaluate(
        "asked => axe.run(document, { runOnly: asked, resultTypes: ['violations'] })", asked
    )
    return [
        f"{rule['id']}: {node['target'][0]}: {node['failureSummary']}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


def in_both_schemes(page: Page) -> list[str]:
    """Return what is wrong with the page in the light or in the dark."""
    wrong = []
    for scheme, asked in ASKED.items():
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        wrong += [f"{scheme}: {line}" for line in violations(page, asked)]
    page.emulate_media(color_scheme="light")
    return wrong
