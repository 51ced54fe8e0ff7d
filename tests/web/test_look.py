"""The look holds its promises: enough contrast, files as they were taken, pages by the rules."""

import base64
import hashlib
import json
import re
from itertools import product
from pathlib import Path

import pytest
from flask import Flask

from tests.browser import Browser
from workflow import gallery

ROOT = Path(__file__).parents[2]
STYLES = sorted((ROOT / "static" / "css").glob("*.css"))
MODULES = sorted((ROOT / "static" / "js").glob("*.js"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
TOKEN = re.compile(r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)")
TOKENS = {
    name: {"light": light, "dark": dark}
    for name, light, dark in TOKEN.findall((ROOT / "static" / "css" / "tokens.css").read_text())
}
LOCK = json.loads((ROOT / "static" / "VENDOR.lock").read_text())
SURFACES = ("paper", "raised", "sunken", "hover")
WASHES = ("accent-wash", "reflux-wash", "caution-wash", "vein-wash", "done-wash")
TEXTS = ("ink", "quiet", "accent", "accent-deep", "reflux", "caution", "vein", "done")


def luminance(colour: str) -> float:
    """Return the relative luminance of #rrggbb (WCAG 2.2)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str, scheme: str) -> float:
    """Return the contrast of two tokens in a scheme, from 1 to 21."""
    dark, light = sorted(luminance(TOKENS[name][scheme]) for name in (one, other))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("text", "surface"),
    [
        *product(TEXTS, SURFACES + WASHES),
        ("on-accent", "accent"),
        ("on-accent", "accent-deep"),
        ("on-reflux", "reflux"),
        ("paper", "ink"),
        ("paper", "done"),
    ],
)
def test_text_can_be_read_on_every_surface(text: str, surface: str, scheme: str) -> None:
    assert contrast(text, surface, scheme) >= 4.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("surface", SURFACES + WASHES)
def test_what_can_be_changed_stands_out_from_its_surface(surface: str, scheme: str) -> None:
    assert contrast("control", surface, scheme) >= 3


@pytest.mark.parametrize("vendored", LOCK, ids=lambda row: row["file"])
def test_a_vendored_file_is_as_it_was_taken(vendored: dict[str, str]) -> None:
    digest = hashlib.sha384((ROOT / vendored["file"]).read_bytes()).digest()

    assert vendored["hash"] == "sha384-" + base64.b64encode(digest).decode()
    assert vendored["licence"]


def test_every_vendored_file_is_in_the_lock() -> None:
    listed = {row["file"] for row in LOCK}
    kept = [
        *(ROOT / "static" / "fonts").iterdir(),
        *(ROOT / "templates" / "components" / "icons").iterdir(),
        *(path for path in (ROOT / "tests" / "vendor").rglob("*") if path.is_file()),
    ]

    assert {str(path.relative_to(ROOT)) for path in kept} == listed


@pytest.mark.parametrize("style", STYLES, ids=lambda path: path.name)
def test_a_stylesheet_asks_nobody_else_for_anything(style: Path) -> None:
    for address in re.findall(r"url\(\"?([^)\"]+)", style.read_text()):
        assert (style.parent / address).resolve().is_file()


@pytest.mark.parametrize("style", STYLES, ids=lambda path: path.name)
def test_a_stylesheet_uses_only_tokens_that_there_are(style: Path) -> None:
    text = "".join(path.read_text() for path in STYLES)
    defined = set(re.findall(r"(--[\w-]+):", text))

    assert set(re.findall(r"var\((--[\w-]+)", style.read_text())) <= defined


@pytest.mark.parametrize("path", STYLES + MODULES, ids=lambda path: path.name)
def test_a_file_of_the_look_can_be_read_at_one_sitting(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 300


@pytest.mark.parametrize("style", STYLES, ids=lambda path: path.name)
def test_a_page_can_be_asked_for_every_stylesheet(style: Path) -> None:
    everything = "".join(path.read_text() for path in TEMPLATES)

    assert f'"{style.stem}"' in everything or f"css/{style.name}" in everything


def test_the_base_page_asks_only_for_stylesheets_that_there_are() -> None:
    listed = re.search(r"{% for sheet in \[(.*?)\]", (ROOT / "templates" / "base.html").read_text())

    assert listed
    assert set(re.findall(r'"(\w+)"', listed[1])) <= {path.stem for path in STYLES}


def test_the_gallery_and_its_sample_screens_keep_the_rules_of_a_page(
    app: Flask, client: Browser
) -> None:
    if "gallery.show" not in app.view_functions:
        gallery.install(app)

    page = client.page("/_components")

    assert page.heading == "Components"
    assert "Enter the patient’s full name." in page.text
    for name in gallery.SCREENS:
        assert client.page(f"/_components/{name}").heading
