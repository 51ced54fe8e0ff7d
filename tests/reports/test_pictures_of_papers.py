"""Pictures of the papers for the documentation: every page of two worked cases.

`SCREENS=1` replaces those in docs/screens; any other run draws them into a folder of its own.
"""

import os
import subprocess
from pathlib import Path

import pytest
from PIL import Image

from tests.reports.pdf import pages
from tests.reports.worked import KINDS, drawn
from workflow.settings import PROJECT

_CASES = ("C01", "C03")  # a leaking trunk, and an acute clot
_DPI = 76


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the pictures go: docs/screens where they are asked for, else nowhere that stays."""
    return PROJECT / "docs" / "screens" if os.environ.get("SCREENS") == "1" else tmp_path


@pytest.mark.parametrize("name", _CASES)
@pytest.mark.parametrize(
    ("kind", "language"), [*((kind, "en") for kind in KINDS), ("patient", "es")]
)
def test_every_page_of_a_paper_is_pictured(
    name: str, kind: str, language: str, folder: Path, tmp_path: Path
) -> None:
    pdf = drawn(name, language)[kind]
    file = tmp_path / "paper.pdf"
    file.write_bytes(pdf)
    suffix = "" if language == "en" else f"-{language}"
    stem = f"paper-{name.lower()}-{kind}{suffix}"
    for old in folder.glob(f"{stem}-[0-9].png"):
        old.unlink()
    subprocess.run(
        ["pdftoppm", "-r", str(_DPI), "-png", str(file), str(folder / stem)], check=True, timeout=60
    )
    taken = sorted(folder.glob(f"{stem}-[0-9].png"))
    assert len(taken) == len(pages(pdf))
    for picture in taken:
        with Image.open(picture) as page:
            assert sum(page.convert("L").histogram()[:128]) > 2_000, picture.name
