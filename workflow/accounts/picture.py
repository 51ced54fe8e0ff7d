"""Draw what an authenticator scans."""

import segno

from workflow import frame
from workflow.accounts import factor
from workflow.models.staff import Staff


def picture_of(secret: str, staff: Staff) -> str:
    """Return the picture of a new secret, as an image's address; it is kept nowhere."""
    code = segno.make(factor.address(secret, staff, frame.clinic().name), error="m")
    return str(code.svg_data_uri(scale=4, border=3, dark="#1b2126", light="#ffffff"))
