"""Count what a page asks of the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from sqlalchemy import event

from workflow.extensions import db


@contextmanager
def counted(app: Flask) -> Iterator[list[str]]:
    """Collect every statement that reaches the database meanwhile."""
    with app.app_context():
        engine = db.engine
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        asked.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(engine, "before_cursor_execute", note)
