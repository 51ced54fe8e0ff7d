"""Picture files as machines, phones and attackers make them."""

import io
import struct
import zipfile
import zlib

from PIL import Image


def a_picture(kind: str = "JPEG", size: tuple[int, int] = (320, 240), shade: int = 90) -> bytes:
    """An ordinary picture: a grey field with a bright bar, so that no two shades are alike."""
    picture = Image.new("RGB", size, (shade, shade, shade))
    picture.paste((230, 230, 230), (10, 10, size[0] // 2, 20))
    return saved(picture, kind)


def saved(picture: Image.Image, kind: str, **options: object) -> bytes:
    """Return a picture as a file of a kind."""
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def with_metadata(turned: int = 6) -> bytes:
    """A phone's JPEG: lying on its side (orientation 6), with a place and a name in its EXIF."""
    exif = Image.Exif()
    exif[0x0112] = turned
    exif[0x010E] = "TEST Anna Case-One"
    exif[0x013B] = "A photographer"
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (40.0, 42.0, 51.0)
    return saved(Image.new("RGB", (300, 200), "grey"), "JPEG", exif=exif, comment=b"Anna")


def polyglot() -> bytes:
    """A good JPEG with a script in its comment and a ZIP of PHP after its end."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as zipped:
        zipped.writestr("shell.php", "<?php system($_GET['c']); ?>")
    body = saved(Image.new("RGB", (64, 64), "grey"), "JPEG", comment=b"<?php evil(); ?>")
    return body + b"<script>alert(1)</script>" + archive.getvalue()


def huge_png(side: int) -> bytes:
    """A PNG that says it is `side` pixels wide and tall, and is a few kilobytes long."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        )

    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    packer = zlib.compressobj(9)
    row = b"\0" * (side // 8 + 1)
    rows = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def animated(kind: str, frames: int = 3) -> bytes:
    """Several pictures in one file."""
    shades = [Image.new("RGB", (40, 40), (n % 256, 0, 0)) for n in range(frames)]
    return saved(shades[0], kind, save_all=True, append_images=shades[1:])
