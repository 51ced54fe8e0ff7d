"""Write the finished file: small objects packed together, the structure tree among them.

ReportLab writes every object on its own. A tagged report has hundreds of tiny ones, which packed
into one compressed object stream (PDF 1.5) take a tenth of the room.
"""

import struct
import zlib

from reportlab.pdfbase import pdfdoc
from reportlab.pdfgen.canvas import Canvas

from reports.tags import Tree

_ROW = struct.Struct(">BIH")  # widths as /W says them
_BINARY = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"


def write(canvas: Canvas, tree: Tree) -> bytes:
    """Return the bytes of a canvas whose pages are done, with its structure tree."""
    document = canvas._doc  # noqa: SLF001  the only way to its objects
    names = [f"Page{number}" for number in range(1, document.pageCounter)]
    numbers = [document.idToObjectNumberAndVersion[name][0] for name in names]
    while len(tree.pages) < len(numbers):
        tree.pages.append([])
    for index, name in enumerate(names):
        page = document.idToObject[name]
        page.__NoDefault__ = (*page.__NoDefault__, "StructParents", "Tabs")
        page.StructParents, page.Tabs = index, pdfdoc.PDFName("S")
    first = document.objectcounter + 1
    structure = tree.objects(first, numbers)
    document.objectcounter += len(structure)  # these numbers are taken
    document.Catalog.StructTreeRoot = f"{first} 0 R"
    document.Catalog.MarkInfo = "<</Marked true>>"
    for font in document.delayedFonts:
        font.addObjects(document)
    document.info.invariant = 1
    document.info.digest(document.signature)
    document.Catalog.Outlines = None
    root, info = document.Reference(document.Catalog), document.Reference(document.info)
    bodies = {first + index: body for index, body in enumerate(structure)}
    bodies |= _formatted(document)
    trailer = {"Root": root, "Info": info}
    return _file(bodies, {key: ref.format(document) for key, ref in trailer.items()}, document)


def _formatted(document: pdfdoc.PDFDocument) -> dict[int, bytes]:
    """Format every numbered object; formatting one may register more."""
    bodies: dict[int, bytes] = {}
    while fresh := [number for number in document.numberToId if number not in bodies]:
        for number in fresh:
            name = document.numberToId[number]
            found = document.idToObject[name]
            bodies[number] = bytes(pdfdoc.pdfdocEnc(pdfdoc.format(found, document, toplevel=1)))
    return bodies


def _file(bodies: dict[int, bytes], ends: dict[str, bytes], document: pdfdoc.PDFDocument) -> bytes:
    out = bytearray(_BINARY)
    rows: dict[int, tuple[int, int, int]] = {0: (0, 0, 65535)}
    packed = []
    for number, body in sorted(bodies.items()):
        body = body.strip() if not body.endswith(b">>") else body
        if body.endswith(b"endstream"):
            rows[number] = (1, len(out), 0)
            out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
        else:
            packed.append((number, body))
    holder = max(bodies) + 1
    for index, (number, _) in enumerate(packed):
        rows[number] = (2, holder, index)
    rows[holder] = (1, len(out), 0)
    out += _stream(holder, *_pack(packed))
    rows[holder + 1] = (1, len(out), 0)
    start = len(out)
    out += _index(rows, holder + 1, ends, document)
    out += b"startxref\n%d\n%%%%EOF\n" % start
    return bytes(out)


def _pack(packed: list[tuple[int, bytes]]) -> tuple[bytes, bytes]:
    heads, texts, offset = [], [], 0
    for number, text in packed:
        heads.append(b"%d %d" % (number, offset))
        texts.append(text)
        offset += len(text) + 1
    head = b" ".join(heads) + b"\n"
    entries = b"/Type/ObjStm/N %d/First %d" % (len(packed), len(head))
    return entries, head + b"\n".join(texts)


def _index(
    rows: dict[int, tuple[int, int, int]],
    number: int,
    ends: dict[str, bytes],
    document: pdfdoc.PDFDocument,
) -> bytes:
    size = number + 1
    table = b"".join(_ROW.pack(*rows.get(n, (0, 0, 65535))) for n in range(size))
    identity = document.signature.hexdigest().encode()
    entries = b"/Type/XRef/Size %d/W[1 4 2]/Root %s/Info %s/ID[<%s><%s>]" % (
        size, ends["Root"], ends["Info"], identity, identity,
    )  # fmt: skip
    return _stream(number, entries, table)


def _stream(number: int, entries: bytes, content: bytes) -> bytes:
    content = zlib.compress(content, 9)
    return b"%d 0 obj\n<<%s/Filter/FlateDecode/Length %d>>\nstream\n%s\nendstream\nendobj\n" % (
        number, entries, len(content), content,
    )  # fmt: skip
