"""Hold the files to the rules of the house."""

import re
from pathlib import Path

import pytest

from workflow.domain.rulespage import rules_page
from workflow.settings import PROJECT

TEMPLATES = sorted((PROJECT / "templates").rglob("*.html"))
STATIC = sorted(
    path for path in (PROJECT / "static").rglob("*") if path.suffix in (".css", ".js", ".svg")
)
CODE = sorted(
    path for folder in ("workflow", "reports") for path in (PROJECT / folder).rglob("*.py")
)
BANNED_NAMES = re.compile(r"(utils?|helpers?|services?|managers?|common|core)\.py")
XML_NAMES = re.compile(r'xmlns(:\w+)?="http://www\.w3\.org/[^"]*"')


def name(path: Path) -> str:
    return str(path.relative_to(PROJECT))


@pytest.mark.parametrize("template", TEMPLATES, ids=name)
def test_a_template_has_nothing_inline_and_escapes_everything(template: Path) -> None:
    text = XML_NAMES.sub("", template.read_text(encoding="utf-8"))
    assert not re.search(r"\|\s*safe\b", text), "|safe"
    assert not re.search(r"{%-?\s*autoescape", text), "autoescape"
    assert not re.search(r"<script(?![^>]*\bsrc=)", text), "inline script"
    assert "<style" not in text
    assert not re.search(r"\sstyle=", text), "inline style"
    assert not re.search(r"\son[a-z]+=", text), "inline handler"
    assert "javascript:" not in text
    assert not re.search(r"https?://", text), "an address of another site"


@pytest.mark.parametrize("file", STATIC, ids=name)
def test_a_static_file_asks_no_other_site(file: Path) -> None:
    text = XML_NAMES.sub("", file.read_text(encoding="utf-8"))
    text = text.replace("http://www.w3.org/2000/svg", "")
    assert not re.search(r"https?://|@import|url\(\s*['\"]?//", text)


@pytest.mark.parametrize("file", STATIC, ids=name)
def test_a_script_runs_nothing_from_text(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    if file.suffix == ".js":
        assert not re.search(r"\beval\(|new Function\(|document\.write|\.style\.cssText", text)
        assert not re.search(r"localStorage|sessionStorage|indexedDB", text), "kept in the browser"


def test_modules_are_named_for_what_they_decide() -> None:
    assert [name(path) for path in CODE if BANNED_NAMES.fullmatch(path.name)] == []


def test_modules_open_with_a_sentence() -> None:
    silent = [
        name(path)
        for path in CODE
        if not path.read_text(encoding="utf-8").startswith(('"""', 'r"""'))
        and "migrations" not in path.parts
    ]
    assert silent == []


def test_no_query_is_put_together_from_text() -> None:
    for path in CODE:
        text = path.read_text(encoding="utf-8")
        if "sqlalchemy" in text:
            assert not re.search(r"\btext\(\s*f[\"']|\.execute\(\s*f[\"']", text), name(path)


def test_templates_are_never_made_from_stored_text() -> None:
    for path in CODE:
        assert "render_template_string" not in path.read_text(encoding="utf-8"), name(path)


def test_the_page_of_rules_says_what_the_code_does() -> None:
    written = (PROJECT / "docs" / "rules.md").read_text(encoding="utf-8")
    assert written == rules_page(), "make rules writes it anew"
