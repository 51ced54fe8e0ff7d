"""Take a clinic's logo from a file somebody chose: read as a picture, and written anew.

Only what is drawn is kept; what else the file held is gone. The size is checked in the first bytes,
before anything is unpacked, so that the largest picture that is read takes 8 MB of memory.
"""

import io
import warnings

from PIL import Image, PngImagePlugin

from workflow.domain.errors import Refused

LARGEST_FILE = 512 * 1024
MOST_PIXELS = 2_000_000
KEPT = (800, 240)
NOT_A_PICTURE = "This file is not a PNG picture that can be read. Save it as PNG and choose again."
_HEAD = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"


def redrawn(content: bytes) -> bytes:
    """Return the logo as a plain PNG of at most 800 × 240; raises Refused."""
    if len(content) > LARGEST_FILE:
        raise Refused(f"The file is larger than {LARGEST_FILE // 1024} KiB. Choose a smaller one.")
    if not content.startswith(_HEAD) or len(content) < len(_HEAD) + 8:
        raise Refused(NOT_A_PICTURE)
    width, height = (
        int.from_bytes(content[at : at + 4], "big") for at in (len(_HEAD), len(_HEAD) + 4)
    )
    if width * height > MOST_PIXELS:
        raise Refused(f"The picture is {width} × {height} pixels. Make it smaller first.")
    return _written(_read(content))


def _read(content: bytes) -> Image.Image:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            picture = PngImagePlugin.PngImageFile(io.BytesIO(content))
            picture.load()
            return picture.convert("RGBA")
    except (OSError, SyntaxError, ValueError, EOFError, MemoryError, Warning) as broken:
        raise Refused(NOT_A_PICTURE) from broken


def _written(picture: Image.Image) -> bytes:
    picture.thumbnail(KEPT)
    buffer = io.BytesIO()
    picture.save(buffer, "PNG", optimize=True)
    return buffer.getvalue()
