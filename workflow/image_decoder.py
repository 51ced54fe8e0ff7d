"""Decode one picture in a process of its own, so that a hostile file can end nothing else.

It is started as a file by `picture.py`, knows nothing of the clinic, reads the upload from standard
input, and writes a line of JSON and the picture made anew. It may be told the box to make it fit
into, and the kind to write. Its exit code says why it refused.
"""

import io
import json
import resource
import sys
import warnings

from PIL import Image, ImageOps, UnidentifiedImageError

MOST_PIXELS = 40_000_000
LONGEST_SIDE = 2560
MEMORY = 1024**3
SECONDS = 8

NOT_A_PICTURE, TOO_LARGE, SEVERAL, BROKEN, TOO_DEEP = 10, 11, 12, 13, 14
_MODES = {"1": "L", "L": "L", "RGB": "RGB", "CMYK": "RGB", "YCbCr": "RGB"}
_SEE_THROUGH = frozenset({"P", "PA", "LA", "RGBA"})


class Unreadable(Exception):
    """The upload is not one picture that can be kept; the code says why."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


def confine() -> None:
    """Take from this process what decoding does not need: memory, time, writing files."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def decoded(
    content: bytes, within: tuple[int, int] = (LONGEST_SIDE, LONGEST_SIDE)
) -> tuple[str, Image.Image]:
    """Return the kind and the pixels of one JPEG or PNG, upright; raises Unreadable."""
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    try:
        opened = Image.open(io.BytesIO(content), formats=("JPEG", "PNG"))
        kind = "png" if opened.format == "PNG" else "jpeg"
        if opened.width * opened.height > MOST_PIXELS:
            raise Unreadable(TOO_LARGE)
        if getattr(opened, "n_frames", 1) > 1:
            raise Unreadable(SEVERAL)
        opened.load()  # verify() would pass a truncated file
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
        raise Unreadable(TOO_LARGE) from bomb
    except UnidentifiedImageError as unknown:
        raise Unreadable(NOT_A_PICTURE) from unknown
    return kind, _plain(ImageOps.exif_transpose(opened), within)


def _plain(picture: Image.Image, within: tuple[int, int]) -> Image.Image:
    """Return the bare pixels in grey or colour: no metadata, no palette, nothing see-through."""
    if picture.mode in _SEE_THROUGH:
        seen = picture.convert("RGBA")
        plain = Image.new("RGB", seen.size, "white")
        plain.paste(seen, mask=seen.getchannel("A"))
    elif picture.mode in _MODES:
        plain = Image.new(_MODES[picture.mode], picture.size)
        plain.paste(picture.convert(_MODES[picture.mode]))
    else:
        raise Unreadable(TOO_DEEP)  # 16 bits a pixel and more would be clipped in silence
    plain.thumbnail(within, Image.Resampling.LANCZOS)
    return plain


def encoded(kind: str, picture: Image.Image) -> bytes:
    """Return the picture as a file made anew."""
    out = io.BytesIO()
    if kind == "png":
        picture.save(out, "PNG")
    else:
        picture.save(out, "JPEG", quality=90, optimize=True)
    return out.getvalue()


def main(wide: str = str(LONGEST_SIDE), tall: str = str(LONGEST_SIDE), kind: str = "") -> int:
    """Decode what comes in, and return the exit code."""
    warnings.simplefilter("error")
    confine()
    try:
        came_as, picture = decoded(sys.stdin.buffer.read(), (int(wide), int(tall)))
        kind = kind or came_as
        content = encoded(kind, picture)
    except Unreadable as refused:
        return refused.code
    except Exception:  # whatever a decoder trips over, the file is refused
        return BROKEN
    told = json.dumps({"kind": kind, "width": picture.width, "height": picture.height})
    sys.stdout.buffer.write(told.encode() + b"\n" + content)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
