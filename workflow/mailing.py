"""Send what is due, once or for as long as the program runs; a failure never ends the sending."""

import logging
import threading
import time
from typing import NoReturn

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from workflow import clock, database, home, outbox
from workflow.keys import Purpose
from workflow.settings import Settings

EVERY_S = 10.0
_log = logging.getLogger(__name__)


def begin(engine: Engine, settings: Settings) -> None:
    """Start sending beside the server, where a mail server is named."""
    if settings.mail is not None:
        threading.Thread(
            target=keep_on, args=(engine, settings), name="outbox", daemon=True
        ).start()


def keep_on(engine: Engine, settings: Settings) -> NoReturn:
    """Send what is due, again and again."""
    while True:
        try:
            once(engine, settings)
        except (SQLAlchemyError, database.Busy, OSError):
            _log.exception("Mail could not be sent now; it is tried again.")
        time.sleep(EVERY_S)


def once(engine: Engine, settings: Settings) -> int:
    """Send what is due now; returns how many messages the server took."""
    if settings.mail is None:
        return 0
    key = home.key(settings).derive(Purpose.LINK)
    return outbox.send_due(engine, settings.mail, key, clock.now)
