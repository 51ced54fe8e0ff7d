"""Turn an upload into a picture that may be kept, or say why it may not."""

import json
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

from workflow import image_decoder
from workflow.domain.errors import Refused

LARGEST_UPLOAD = 12 * 1024 * 1024
"""The most bytes a request that brings a picture may have."""

PATIENCE_S = 10
AT_ONCE = 2
_turns = threading.BoundedSemaphore(AT_ONCE)

_WHY = {
    image_decoder.NOT_A_PICTURE: "This is not a JPEG or PNG picture. Nothing was added.",
    image_decoder.TOO_LARGE: "This picture has more than 40 million pixels. Save it smaller first.",
    image_decoder.SEVERAL: "This file holds several pictures. Save the one you want by itself.",
    image_decoder.BROKEN: "This picture is damaged or cut short, so it was not added.",
    image_decoder.TOO_DEEP: "This picture has more than 8 bits a colour. Save it as a usual PNG.",
}


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture made anew: its kind ('jpeg' or 'png'), its size in pixels, its bytes."""

    kind: str
    width: int
    height: int
    content: bytes


WHOLE = (image_decoder.LONGEST_SIDE, image_decoder.LONGEST_SIDE)
"""The box a picture fits into that is kept for what it shows."""


def read_picture(content: bytes, *, within: tuple[int, int] = WHOLE, kind: str = "") -> Picture:
    """Decode an upload in a process of its own and return it made anew; raises Refused.

    `within` is the box in pixels it is made to fit into, `kind` what it is written as whatever it
    came as. Call it outside any transaction. Its name is never looked at: what a file is, its
    bytes say.
    """
    if not content:
        raise Refused("This file is empty. Choose the picture again.")
    with _turns:
        done = _decoded(content, [str(side) for side in within] + ([kind] if kind else []))
    if done.returncode != 0:
        raise Refused(_WHY.get(done.returncode, _WHY[image_decoder.BROKEN]))
    told, _, made = done.stdout.partition(b"\n")
    return Picture(**json.loads(told), content=made)


def _decoded(content: bytes, wanted: list[str]) -> subprocess.CompletedProcess[bytes]:
    decoder = Path(image_decoder.__file__)
    try:
        return subprocess.run(
            [sys.executable, "-I", str(decoder), *wanted],
            input=content,
            capture_output=True,
            timeout=PATIENCE_S,
            check=False,
            env={},
        )
    except subprocess.TimeoutExpired:
        raise Refused("This picture took too long to read, so it was not added.") from None
