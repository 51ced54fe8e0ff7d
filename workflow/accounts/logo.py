"""Take a clinic's logo from a file somebody chose: decoded apart, and written anew.

It goes the way of every picture from outside (docs/decisions/0008-pictures-decoded-apart.md). Only
what is drawn is kept, on white, as it stands on paper.
"""

from workflow.domain.errors import Refused
from workflow.picture import read_picture

LARGEST_FILE = 512 * 1024
KEPT = (800, 240)


def redrawn(content: bytes) -> bytes:
    """Return the logo as a plain PNG of at most 800 × 240; raises Refused."""
    if len(content) > LARGEST_FILE:
        raise Refused(f"The file is larger than {LARGEST_FILE // 1024} KiB. Choose a smaller one.")
    return read_picture(content, within=KEPT, kind="png").content
