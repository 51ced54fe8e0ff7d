"""Each upload that is not one honest picture is refused with its sentence, or cleaned."""

import io
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import pictures, scans
from tests.browser import Browser
from tests.pages import Page
from workflow import backups, clock, files, image_decoder
from workflow.domain.errors import Refused
from workflow.domain.staff import Role
from workflow.models.exam import Exam
from workflow.models.image import KeyImage
from workflow.picture import LARGEST_UPLOAD, read_picture
from workflow.settings import Settings

SignIn = Callable[[Role], Browser]
NOT_ONE = "This is not a JPEG or PNG picture. Nothing was added."
BROKEN = "This picture is damaged or cut short, so it was not added."
SEVERAL = "This file holds several pictures. Save the one you want by itself."
TOO_LARGE = "This picture has more than 40 million pixels. Save it smaller first."
EMPTY = "This file is empty. Choose the picture again."

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
JPEG = pictures.a_picture()
PNG = pictures.a_picture("PNG")

REFUSED = {
    "112 a program called a.jpg": (b"MZ\x90\x00\x03" + b"\0" * 500, NOT_ONE),
    "113 a drawing with a script": (SVG, NOT_ONE),
    "114 a page called a.png": (b"<!doctype html><script>alert(1)</script>", NOT_ONE),
    "114 a page with a PNG's first bytes": (b"\x89PNG\r\n\x1a\n<html><script>x</script>", None),
    "116 400 million pixels": (pictures.huge_png(20_000), TOO_LARGE),
    "116 144 million pixels": (pictures.huge_png(12_000), TOO_LARGE),
    "116 just above 40 million": (pictures.huge_png(6_328), TOO_LARGE),
    "117 a JPEG cut short": (JPEG[: len(JPEG) // 2], BROKEN),
    "117 a JPEG without its last bytes": (JPEG[:-40], BROKEN),
    "117 a PNG cut short": (PNG[:-30], BROKEN),
    "118 an animated GIF": (pictures.animated("GIF"), NOT_ONE),
    "118 a TIFF of 1,000 pages": (pictures.animated("TIFF", 1000), NOT_ONE),
    "118 an animated PNG": (pictures.animated("PNG"), SEVERAL),
    "118 two JPEGs in one": (pictures.animated("MPO"), SEVERAL),
    "120 nothing": (b"", EMPTY),
    "16 bits a pixel": (
        pictures.saved(Image.new("I;16", (9, 9)), "PNG"),
        "This picture has more than 8 bits a colour. Save it as a usual PNG.",
    ),
    "127 what came of a cut connection": (JPEG[: len(JPEG) // 2], BROKEN),
}


@pytest.fixture
def room(signed_in: SignIn) -> Browser:
    return signed_in(Role.SONOGRAPHER)


@pytest.fixture
def exam(session: Session) -> Exam:
    return scans.scanning(session)


def _send(browser: Browser, exam: Exam, content: bytes, name: str = "a.jpg") -> Any:
    form = browser.page(f"/exams/{exam.id}/images").form("Add the image")
    return browser.upload(form, content, name, leg="R", segment="SFJ")


def _images(session: Session) -> list[KeyImage]:
    session.expire_all()
    return list(session.scalars(select(KeyImage)))


@pytest.mark.parametrize(("content", "sentence"), REFUSED.values(), ids=REFUSED)
def test_what_is_not_one_picture_says_so_and_changes_nothing(
    session: Session,
    settings: Settings,
    room: Browser,
    exam: Exam,
    content: bytes,
    sentence: str | None,
) -> None:
    response = _send(room, exam, content)
    assert response.status_code == 422
    errors = Page(response).errors
    said = {sentence} if sentence else {NOT_ONE, BROKEN}
    assert any(each in error for error in errors for each in said), errors
    assert _images(session) == []
    assert list(settings.files.glob("*/*")) == []


def test_115_what_hides_behind_or_inside_a_picture_is_gone(
    session: Session, settings: Settings, room: Browser, exam: Exam
) -> None:
    assert _send(room, exam, pictures.polyglot()).status_code == 303
    (image,) = _images(session)
    kept = files.get(settings.files, image.file_sha256)
    for trace in (b"php", b"<script", b"PK\x03\x04", b"shell"):
        assert trace not in kept
    assert kept.endswith(b"\xff\xd9")


def test_119_metadata_is_left_out_and_the_picture_stands_upright() -> None:
    made = read_picture(pictures.with_metadata())
    kept = Image.open(io.BytesIO(made.content))
    assert (kept.size, made.width, made.height) == ((200, 300), 200, 300)
    assert dict(kept.getexif()) == {}
    assert "comment" not in kept.info
    assert b"Anna" not in made.content
    assert b"Exif" not in made.content


def test_119_text_in_a_png_is_left_out() -> None:
    from PIL.PngImagePlugin import PngInfo

    told = PngInfo()
    told.add_text("Patient", "TEST Anna Case-One", zip=False)
    made = read_picture(pictures.saved(Image.new("L", (30, 30)), "PNG", pnginfo=told))
    assert made.kind == "png"
    assert b"Anna" not in made.content


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGBA", "RGB"])
def test_a_picture_of_any_usual_mode_is_kept(mode: str) -> None:
    made = read_picture(pictures.saved(Image.new(mode, (30, 20)), "PNG"))
    kept = Image.open(io.BytesIO(made.content))
    assert kept.mode in {"L", "RGB"}
    assert kept.size == (30, 20)


def test_121_more_than_a_route_takes_is_refused_before_it_is_decoded(
    session: Session, room: Browser, exam: Exam
) -> None:
    response = _send(room, exam, b"\xff\xd8" + b"\0" * LARGEST_UPLOAD)
    assert response.status_code == 413
    assert "larger than this page accepts" in Page(response).main
    form = room.page(f"/exams/{exam.id}/images").form("Add the image")
    told = room.post(
        form.action,
        data=b"",
        content_type="multipart/form-data; boundary=x",
        environ_overrides={"CONTENT_LENGTH": str(5 * 1024**3)},
    )
    assert told.status_code == 413
    assert _images(session) == []


def test_a_picture_larger_than_a_form_may_be_is_taken_where_pictures_are(
    session: Session, room: Browser, exam: Exam
) -> None:
    noise = pictures.saved(Image.effect_noise((1400, 1400), 90).convert("RGB"), "PNG")
    assert 2 * 1024**2 < len(noise) < LARGEST_UPLOAD
    assert _send(room, exam, noise).status_code == 303
    form = room.page(f"/exams/{exam.id}/scan").form("grid")
    assert room.send(form, **{"exam.limitations": "x" * 1024 * 1024}).status_code == 413
    assert len(_images(session)) == 1


@pytest.mark.parametrize(
    "name",
    [
        "../../x",
        "con.txt",
        "a\\0.jpg",
        "x" * 300 + ".jpg",
        "=cmd.jpg",
        "\u202egpj.exe",
        "a.php",
        " ",
    ],
)
def test_122_a_name_is_never_looked_at_or_kept(
    session: Session, settings: Settings, room: Browser, exam: Exam, name: str
) -> None:
    assert _send(room, exam, JPEG, name).status_code == 303
    (image,) = _images(session)
    stored = [path.name for path in settings.files.glob("*/*")]
    assert stored == [image.file_sha256]


def test_126_the_same_file_twice_is_one_image_and_one_file(
    session: Session, settings: Settings, room: Browser, exam: Exam
) -> None:
    for _ in range(2):
        assert _send(room, exam, JPEG).status_code == 303
    assert len(_images(session)) == 1
    assert len(list(settings.files.glob("*/*"))) == 1


def test_a_bomb_is_stopped_by_the_decoder_itself_when_the_head_lies() -> None:
    content = bytearray(pictures.huge_png(5_000))
    for at in range(60, len(content), 7):
        content[at] ^= 0x55
    with pytest.raises(Refused):
        read_picture(bytes(content))


def test_the_decoder_writes_no_file_and_takes_no_more_memory_than_it_is_given() -> None:
    tried = (
        "import sys; sys.path.insert(0, {folder!r}); import image_decoder as d; d.confine()\n"
        "try:\n    bytearray(2 * 1024**3); print('took')\nexcept MemoryError:\n    print('held')\n"
        "try:\n    open('/tmp/should-not-be', 'wb').write(b'x' * 9000); print('wrote')\n"
        "except OSError:\n    print('kept')\n"
    )
    folder = str(Path(image_decoder.__file__).parent)
    script = "import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
    done = subprocess.run(
        [sys.executable, "-I", "-c", script + tried.format(folder=folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.split() == ["held", "kept"], done.stderr


def test_images_are_in_the_backup_and_come_back(
    session: Session, settings: Settings, room: Browser, exam: Exam, tmp_path: Path
) -> None:
    if settings.on_postgresql:
        pytest.skip("restoring needs an empty database: the SQLite run tries it")
    _send(room, exam, JPEG)
    (image,) = _images(session)
    sha256 = image.file_sha256
    content = files.get(settings.files, sha256)
    session.close()
    backups.backup(settings, tmp_path / "backup", clock.now())
    there = Settings(
        home=tmp_path / "restored",
        database_url=f"sqlite:///{tmp_path}/restored/data/clinic.db",
        testing=True,
    )
    there.key_file.parent.mkdir(parents=True)
    there.key_file.write_bytes(settings.key_file.read_bytes())
    there.key_file.chmod(0o600)
    assert backups.restore(there, tmp_path / "backup").breaks == ()
    assert files.get(there.files, sha256) == content
