"""Say of each issued document whether it still is what was signed.

What is held against what: the frozen text against its digest, the digest and the signer against
the line the audit log wrote when the document was issued, and the stored bytes against their name.
A signature that was moved under another document fails the first; a row that was made up, the rest.
"""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow import files
from workflow.models.audit import AuditDetail, AuditRow
from workflow.models.document import IssuedDocument


def broken(session: Session, folder: Path) -> Iterator[tuple[IssuedDocument, str]]:
    """Yield each issued document that is not what was signed, with what is wrong."""
    for document in session.scalars(select(IssuedDocument).order_by(IssuedDocument.id)):
        if wrong := fault(session, document, folder):
            yield document, wrong


def fault(session: Session, document: IssuedDocument, folder: Path | None = None) -> str:
    """Say why a document is not what was signed, or ''; with a folder, its bytes are read too."""
    if hashlib.sha256(document.snapshot.encode()).hexdigest() != document.digest:
        return "What it says is not what was signed: its digest does not match."
    logged = _logged(session, document)
    if logged is None:
        return "The log holds no line of its being issued."
    told = (logged.get("digest"), logged.get("file"), logged.get("by"), logged.get("name"))
    signed = (document.digest, document.file_sha256, document.signed_by_id, document.signer_name)
    if told != signed:
        return "It is not the document that the log says was issued."
    return _unreadable(document, folder) if folder is not None else ""


def _logged(session: Session, document: IssuedDocument) -> dict[str, Any] | None:
    row = session.execute(
        select(AuditRow.actor_id, AuditRow.actor, AuditDetail.body)
        .join(AuditDetail, AuditDetail.digest == AuditRow.detail_digest)
        .where(
            AuditRow.action == f"document.issue.{document.kind}",
            AuditRow.entity_type == "document",
            AuditRow.entity_id == str(document.id),
        )
    ).first()
    if row is None:
        return None
    detail: dict[str, Any] = json.loads(row.body)["detail"]
    return {**detail, "by": row.actor_id, "name": row.actor}


def _unreadable(document: IssuedDocument, folder: Path) -> str:
    try:
        files.get(folder, document.file_sha256)
    except files.Damaged:
        return "Its stored bytes are missing, or are not those that were issued."
    return ""
