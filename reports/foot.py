"""Say at the foot of a page which paper this is: its version, digest and place in the log.

Plan and letter carry their number before it, which the verify page asks for.
"""

from collections.abc import Mapping
from types import MappingProxyType

from workflow.domain.documents import digest
from workflow.domain.papernumber import number_of
from workflow.domain.plandocuments import Document, ReferrerLetter, TreatmentPlan

_ENGLISH: Mapping[str, str] = MappingProxyType(
    {"version": "Version", "source": "Source", "log": "Log"}
)


def source(document: Document, words: Mapping[str, str] = _ENGLISH) -> str:
    """Return the left half of the foot; `words` are those of the document's language."""
    anchor = document.anchor
    parts = [
        f"{words['version']} {document.version}",
        f"{words['source']} {digest(document)[:8]}",
        *([f"{words['log']} #{anchor.seq} {anchor.hash[:8]}"] if anchor else []),
    ]
    return "  ·  ".join(parts)


def numbered(document: TreatmentPlan | ReferrerLetter) -> str:
    """Return the same in English behind the paper's number, which only a signed document has."""
    number = f"No. {number_of(digest(document))}  ·  " if document.signature else ""
    return number + source(document)
