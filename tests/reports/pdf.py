"""Read a PDF as a person and as an inspector would."""

import io
import re
import subprocess
import zlib
from pathlib import Path
from typing import Any

from pypdf import PdfReader

_ACTIVE = re.compile(r"/(?:URI|JS|JavaScript|Launch|EmbeddedFiles?|OpenAction|AA|Annots)\b")


def pages(pdf: bytes) -> list[str]:
    """Return the text of each page, with runs of white space made one."""
    reader = PdfReader(io.BytesIO(pdf))
    return [" ".join(page.extract_text().split()) for page in reader.pages]


def root(pdf: bytes) -> Any:
    """Return the catalogue of the file."""
    return PdfReader(io.BytesIO(pdf)).trailer["/Root"]


def words(pdf: bytes) -> str:
    """Return the text of the whole document."""
    return " ".join(pages(pdf))


def _unpacked(pdf: bytes) -> str:
    """Return the file with every stream unpacked, to look for what must not be there."""
    found = [pdf.decode("latin-1")]
    for match in re.finditer(rb"(?<!end)stream\r?\n(.*?)endstream", pdf, re.DOTALL):
        try:
            found.append(zlib.decompressobj().decompress(match[1]).decode("latin-1"))
        except zlib.error:
            continue
    return "\n".join(found)


def actions(pdf: bytes) -> list[str]:
    """Return whatever in the file could act: links, scripts, attachments."""
    return _ACTIVE.findall(_unpacked(pdf))


def said_by(tool: str, *options: str, pdf: bytes, folder: Path, then: tuple[str, ...] = ()) -> str:
    """Return what a command-line tool says of the file; `then` follows the file's name."""
    file = folder / "document.pdf"
    file.write_bytes(pdf)
    done = subprocess.run(
        [tool, *options, str(file), *then], capture_output=True, text=True, check=False, timeout=60
    )
    return done.stdout + done.stderr


def sizes(pdf: bytes) -> list[float]:
    """Return the size of every run of text, in points."""
    found: list[float] = []
    for page in PdfReader(io.BytesIO(pdf)).pages:
        page.extract_text(visitor_operand_before=lambda operator, operands, *_: (
            found.append(float(operands[1])) if operator == b"Tf" else None))  # fmt: skip
    return found
