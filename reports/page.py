"""Set the pages of a paper, one story after another, and write the file.

Head and foot are drawn when the number of pages is known.
"""

from collections.abc import Callable, Iterable
from typing import Any

from reportlab import rl_config
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, NextPageTemplate, PageTemplate

from reports.compact import write
from reports.face import Face
from reports.furniture import (
    MARGIN,
    Sheet,
    draw_check,
    draw_foot,
    draw_head,
    draw_sample,
    foot_rule,
    head_room,
)
from reports.pen import Letters
from reports.tags import Tree, artifact

rl_config.useA85 = 0  # text armour would add a quarter to every stream

SMALLER = (1.0, 0.93, 0.87, 0.81, 0.76, 0.72)
"""The sizes at which a story is tried that must not take more pages than it may."""


def sheet(page: Sheet, story: list[Flowable]) -> bytes:
    """Return the PDF of a story: tagged, with embedded fonts, the same bytes every time."""
    return _set(page, story).bytes


def fitted(page: Sheet, story: Callable[[float], Iterable[Flowable]], *, pages: int) -> bytes:
    """Return the PDF of a story on at most so many pages, set smaller where it takes more.

    `story` makes it anew for each size. What takes more at the smallest size runs over: words are
    never left out.
    """
    made = _set(page, list(story(SMALLER[0])))
    for scale in SMALLER[1:]:
        if made.pages <= pages:
            break
        made = _set(page, list(story(scale)))
    return made.bytes


def _set(page: Sheet, story: list[Flowable]) -> "_Canvas":
    made: list[_Canvas] = []

    def canvas(*_: Any, **__: Any) -> _Canvas:
        made.append(_Canvas(page))
        return made[0]

    tall, foot = page.paper[1], max(54.0, foot_rule(page) + 8)
    template = BaseDocTemplate("", pagesize=page.paper, leftMargin=MARGIN, rightMargin=MARGIN)
    first, later = (
        Frame(MARGIN, foot, page.measure, tall - foot - head, 0, 0, 0, 0)
        for head in (head_room(page, first=True), head_room(page, first=False))
    )
    template.addPageTemplates([PageTemplate("first", [first]), PageTemplate("later", [later])])
    template.build([NextPageTemplate("later"), *story], canvasmaker=canvas)
    return made[0]


class _Canvas(Canvas):
    """A canvas that keeps its pages until their number is known, and the structure tree."""

    _code: list[str]

    def __init__(self, page: Sheet) -> None:
        super().__init__(
            "", pagesize=page.paper, invariant=1, pageCompression=1, lang=page.language,
            initialFontName=Face.REGULAR.value, pdfVersion=(1, 7), initialFontSize=9,
        )  # fmt: skip
        self.tree = Tree(page.language)
        self.letters = {face: Letters() for face in Face}
        self.bytes = b""
        self._sheet = page
        self._kept: list[dict[str, Any]] = []
        self.setSubject(page.title)
        self.setCreator(page.letterhead.clinic)
        self.setProducer("ReportLab")
        self.setViewerPreference("DisplayDocTitle", "true")

    @property
    def pages(self) -> int:
        """Return how many pages there are."""
        return len(self._kept)

    def showPage(self) -> None:  # noqa: N802
        """Put the page aside."""
        self._kept.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        """Draw head and foot on each page kept, and write the file."""
        kept = self._kept
        self.setTitle(self._sheet.title)  # the template has set its own
        self.setAuthor(self._sheet.letterhead.clinic)
        for number, state in enumerate(kept, start=1):
            self.__dict__.update(state)
            if self._sheet.letterhead.sample:
                self._put_beneath()
            with artifact(self):
                draw_head(self, self._sheet, number)
                draw_foot(self, self._sheet, number, len(kept))
            if number == 1:
                draw_check(self, self._sheet)
            super().showPage()
        self.bytes = write(self, self.tree)

    def _put_beneath(self) -> None:
        """Write that the page is a sample across it, beneath all that stands there already."""
        above, self._code = self._code, []
        with artifact(self):
            draw_sample(self, self._sheet)
        self._code += above
