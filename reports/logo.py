"""Draw the clinic's logo in the letterhead, in the same room whatever its shape."""

import io
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from reportlab.lib.utils import ImageReader

from workflow.domain.documents import Letterhead

_ROOM = (150.0, 24.0)  # the most it takes, in points
_BESIDE = 9.0
_HALF_A_NAME = 5.5  # from the base of the clinic's name to its middle

Pictures = Mapping[str, bytes]
"""The bytes of pictures by their SHA-256."""

NO_PICTURES: Pictures = MappingProxyType({})


def logo_in(pictures: Pictures, letterhead: Letterhead) -> bytes:
    """Return the bytes of the clinic's logo, b'' where it has none.

    One that is named and not there is a KeyError: a paper never leaves out what it names.
    """
    return pictures[letterhead.logo] if letterhead.logo else b""


def room_of(logo: bytes) -> float:
    """Return how far from the margin the clinic's name begins, in points."""
    return _size(logo)[0] + _BESIDE if logo else 0.0


def draw_logo(canvas: Any, logo: bytes, x: float, y: float) -> None:
    """Draw the logo, if there is one, beside the middle of a line of the name at `y`."""
    if not logo:
        return
    wide, tall = _size(logo)
    image = ImageReader(io.BytesIO(logo))
    canvas.drawImage(image, x, y + _HALF_A_NAME - tall / 2, width=wide, height=tall)


def _size(logo: bytes) -> tuple[float, float]:
    wide, tall = ImageReader(io.BytesIO(logo)).getSize()
    scale = min(_ROOM[0] / wide, _ROOM[1] / tall)
    return wide * scale, tall * scale
