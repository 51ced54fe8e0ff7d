"""Say at the foot of a page which paper this is: its number, version, digest and place in the log.

The number is what the verify page asks for; only a signed document has one.
"""

from workflow.domain.documents import digest
from workflow.domain.papernumber import number_of
from workflow.domain.plandocuments import ReferrerLetter, TreatmentPlan


def source(document: TreatmentPlan | ReferrerLetter) -> str:
    """Return the left half of the foot, in English."""
    whole, anchor = digest(document), document.anchor
    parts = [f"No. {number_of(whole)}"] if document.signature else []
    parts += [f"Version {document.version}", f"Source {whole[:8]}"]
    parts += [f"Log #{anchor.seq} {anchor.hash[:8]}"] if anchor else []
    return "  ·  ".join(parts)
