"""Say at the foot of a page which paper this is, and lead to the page that vouches for it.

A signed paper carries its number, version, digest and place in the log; where the clinic has an
address on the web, also a QR code that opens the verify page.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from workflow.domain.documents import digest
from workflow.domain.papernumber import number_of
from workflow.domain.plandocuments import Document

_WORDS: Mapping[str, Mapping[str, str]] = MappingProxyType({
    "en": MappingProxyType({
        "number": "No.", "version": "Version", "source": "Source", "log": "Log",
        "check": "Check", "code": "QR code. It opens the page that says whether this paper holds:",
    }),
    "es": MappingProxyType({
        "number": "N.º", "version": "Versión", "source": "Fuente", "log": "Registro",
        "check": "Compruebe", "code": "Código QR. Abre la página que dice si este papel vale:",
    }),
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Foot:
    """What stands at the foot: parts that are set in as many lines as they need.

    `address` is that of the verify page for this very paper, `words` what the code says to whoever
    cannot see it; both are empty where there is nothing to check.
    """

    parts: tuple[str, ...]
    address: str = ""
    words: str = ""


def foot_of(document: Document, language: str = "en") -> Foot:
    """Return the foot of a document; only a signed one has a number, and a page to check it on."""
    words = _WORDS.get(language[:2], _WORDS["en"])
    whole, anchor, site = digest(document), document.anchor, document.letterhead.site.rstrip("/")
    signed = document.issued_by is not None
    number = number_of(whole)
    address = f"{site}/verify/{number}" if signed and site else ""
    parts = (
        f"{words['number']} {number}" if signed else "",
        f"{words['version']} {document.version}",
        f"{words['source']} {whole[:8]}",
        f"{words['log']} #{anchor.seq} {anchor.hash[:8]}" if anchor else "",
        f"{words['check']}: {site.removeprefix('https://')}/verify" if address else "",
    )
    code = f"{words['code']} {address}" if address else ""
    return Foot(tuple(filter(None, parts)), address, code)
