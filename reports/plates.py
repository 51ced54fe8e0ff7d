"""Set the pictures of a report two in a row, each a figure with its words and its caption."""

import io
from collections.abc import Iterator, Mapping, Sequence

from reportlab.lib.utils import ImageReader
from reportlab.platypus import Flowable, KeepTogether

from reports.face import Face
from reports.pen import broken, put
from reports.tags import Element, tagged
from reports.type import INK, QUIET, SECTION, text
from workflow.domain.documents import ReportImage

_GAP, _TALLEST, _SIZE = 16.0, 200.0, 8.0
_LEADING = _SIZE * 1.32


def plates(images: Sequence[ReportImage], pictures: Mapping[str, bytes]) -> Iterator[Flowable]:
    """Yield the section of a report's images, in their order; nothing where there is none.

    `pictures` holds each image's JPEG or PNG bytes by its SHA-256; one that is not there is a
    KeyError, for a report never leaves out what it names.
    """
    rows = [images[at : at + 2] for at in range(0, len(images), 2)]
    for at, row in enumerate(rows):
        plate = _Row(row, [pictures[image.sha256] for image in row])
        yield KeepTogether([text("Images", SECTION), plate]) if at == 0 else plate


class _Row(Flowable):
    """One or two pictures side by side, with the site in weight and the caption under each."""

    def __init__(self, images: Sequence[ReportImage], contents: Sequence[bytes]) -> None:
        super().__init__()
        self.images, self.contents = images, contents
        self.spaceAfter = 10

    def wrap(self, avail_width: float, avail_height: float) -> tuple[float, float]:
        """Measure for a width: a picture fills its half, and none is taller than a page likes."""
        self.width = avail_width
        self.half = (avail_width - _GAP) / 2
        self._scales = [
            min(self.half / image.width, _TALLEST / image.height) for image in self.images
        ]
        self._words = [
            (
                broken(image.site, Face.BOLD, _SIZE, self.half),
                broken(image.caption, Face.REGULAR, _SIZE, self.half) if image.caption else [],
            )
            for image in self.images
        ]
        self._over = max(
            image.height * scale for image, scale in zip(self.images, self._scales, strict=True)
        )
        lines = max(len(site) + len(caption) for site, caption in self._words)
        self.height = self._over + 4 + lines * _LEADING
        return avail_width, self.height

    def draw(self) -> None:
        """Draw each picture as a figure, then its caption as a paragraph."""
        for at, (image, scale) in enumerate(zip(self.images, self._scales, strict=True)):
            left = at * (self.half + _GAP)
            wide, tall = image.width * scale, image.height * scale
            with tagged(self.canv, Element("Figure", alt=image.words)):
                self.canv.drawImage(
                    ImageReader(io.BytesIO(self.contents[at])),
                    left,
                    self.height - tall,
                    width=wide,
                    height=tall,
                )
            self._caption(left, self.height - tall - 4, *self._words[at])

    def _caption(self, left: float, y: float, site: list[str], caption: list[str]) -> None:
        looks = [(line, Face.BOLD, INK) for line in site]
        looks += [(line, Face.REGULAR, QUIET) for line in caption]
        with tagged(self.canv, Element("P")):
            for line, face, colour in looks:
                y -= _LEADING
                put(self.canv, left, y, f"{line} ", face=face, size=_SIZE, colour=colour)
