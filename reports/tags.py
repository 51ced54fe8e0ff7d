"""Keep the structure of a document beside its pages: what is a heading, a cell, a figure.

ReportLab draws but does not tag. Each piece of content is marked in the page's stream with a
number; the tree of elements, in the order of first drawing, is written at the end of the file.
"""

from dataclasses import dataclass, field
from typing import Protocol


class Stream(Protocol):
    """The part of a canvas that a mark needs."""

    tree: "Tree"

    def addLiteral(self, s: str, escaped: int = 1) -> None:  # noqa: N802
        """Write PDF operators to the page."""

    def getPageNumber(self) -> int:  # noqa: N802
        """Return the number of the page being drawn, from 1."""


@dataclass(slots=True, eq=False)
class Element:
    """One node of the structure tree; `role` is a standard type such as P, H1, TD.

    `holds` says that other elements hang below it.

    A Link opens what the annotation with the object number `opens`, on its `page`, leads to.
    """

    role: str
    parent: "Element | None" = None
    alt: str = ""
    scope: str = ""
    kids: "list[Element | tuple[int, int]]" = field(default_factory=list)
    placed: bool = False
    holds: bool = False
    number: int = 0
    opens: int = 0
    page: int = 0

    def place(self, root: "Element") -> None:
        """Hang the element (and its parents) into the tree at its first drawing."""
        if not self.placed:
            self.placed = True
            above = self.parent or root
            above.place(root)
            above.kids.append(self)
            above.holds = True


class Tree:
    """The structure of one document."""

    def __init__(self, language: str) -> None:
        self.root = Element("Document", placed=True)
        self.language = language
        self.pages: list[list[Element]] = []
        self.link: Element | None = None
        self.promised = 10_000
        """The key by which the one link of a file is found; its pages have those from 0."""

    def mark(self, element: Element, page: int) -> int:
        """Return the number under which content of this page belongs to the element."""
        while len(self.pages) < page:
            self.pages.append([])
        if not element.placed:
            element.place(self.root)
        owners = self.pages[page - 1]
        number = len(owners)
        owners.append(element)
        element.kids.append((page, number))
        return number

    def objects(self, first: int, pages: list[int]) -> list[bytes]:
        """Return the tree as PDF objects numbered from `first`, given the pages' object numbers.

        The first object is the StructTreeRoot.
        """
        order = _walk(self.root)
        for number, element in enumerate(order, start=first + 2):
            element.number = number
        bodies = [
            (
                f"<</Type/StructTreeRoot/K {order[0].number} 0 R/ParentTree {first + 1} 0 R"
                f"/ParentTreeNextKey {self.promised + 1 if self.link else len(pages)}>>"
            ),
            f"<</Nums[{self._parents()}]>>",
        ]
        bodies += [self._body(element, first, pages) for element in order]
        return [body.encode("ascii") for body in bodies]

    def _parents(self) -> str:
        pages = "".join(
            f"{index}[{' '.join(f'{owner.number} 0 R' for owner in owners)}]"
            for index, owners in enumerate(self.pages)
        )
        return f"{pages}{self.promised} {self.link.number} 0 R" if self.link else pages

    def _body(self, element: Element, first: int, pages: list[int]) -> str:
        above = (element.parent or self.root).number if element is not self.root else first
        body = f"<</S/{element.role}/P {above} 0 R"
        home = _home(element)
        if home:
            body += f"/Pg {pages[home - 1]} 0 R"
        if element.opens:
            page = pages[element.page - 1]
            opens = f" <</Type/OBJR/Obj {element.opens} 0 R/Pg {page} 0 R>>"
        else:
            opens = ""
        if element.kids:
            kids = [_kid(kid, home, pages) for kid in element.kids]
            body += f"/K[{' '.join(kids)}{opens}]"
        if element.alt:
            body += f"/Alt{_string(element.alt)}"
        if element.scope:
            body += f"/A<</O/Table/Scope/{element.scope}>>"
        if element is self.root:
            body += f"/Lang{_string(self.language)}"
        return f"{body}>>"


class tagged:  # noqa: N801  read as the verb it is
    """Draw what follows as content of the element."""

    __slots__ = ("_canvas",)

    def __init__(self, canvas: Stream, element: Element) -> None:
        number = canvas.tree.mark(element, canvas.getPageNumber())
        canvas.addLiteral(begun(element.role, number))
        self._canvas = canvas

    def __enter__(self) -> None:
        """Content follows."""

    def __exit__(self, *_: object) -> None:
        """Close the mark."""
        self._canvas.addLiteral(END)


class artifact:  # noqa: N801
    """Draw what follows as decoration or page furniture: a screen reader passes over it."""

    __slots__ = ("_canvas",)

    def __init__(self, canvas: Stream) -> None:
        canvas.addLiteral(FURNITURE)
        self._canvas = canvas

    def __enter__(self) -> None:
        """Decoration follows."""

    def __exit__(self, *_: object) -> None:
        """Close the mark."""
        self._canvas.addLiteral(END)


FURNITURE, END = "/Artifact BMC", "EMC"


def begun(role: str, number: int) -> str:
    """Return what opens marked content of a role; END closes it."""
    return f"/{role}<</MCID {number}>>BDC"


def _walk(root: Element) -> list[Element]:
    """Return an element and all below it, each before what it holds."""
    order, waiting = [], [root]
    while waiting:
        element = waiting.pop()
        order.append(element)
        if element.holds:
            waiting += [kid for kid in reversed(element.kids) if isinstance(kid, Element)]
    return order


def _home(element: Element) -> int:
    """Return the page an element's content is on first; 0 where it has none of its own."""
    for kid in element.kids:
        if isinstance(kid, tuple):
            return kid[0]
    return 0


def _kid(kid: "Element | tuple[int, int]", home: int, pages: list[int]) -> str:
    if isinstance(kid, Element):
        return f"{kid.number} 0 R"
    page, mark = kid
    return str(mark) if page == home else f"<</Type/MCR/Pg {pages[page - 1]} 0 R/MCID {mark}>>"


def _string(text: str) -> str:
    return "<FEFF" + text.encode("utf-16-be").hex().upper() + ">"
