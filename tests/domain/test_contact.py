"""How somebody is reached is read strictly, and kept as it was typed."""

import pytest

from workflow.domain import contact
from workflow.domain.errors import Refused


@pytest.mark.parametrize(
    "typed",
    [
        "212 555 0147",
        "(212) 555-0147",
        "+1 212.555.0147",
        "+49 (0)89/123456",
        "5550147",
        "+123456789012345",
        "212 555 0147 x12",
        "212 555 0147 ext. 123456",
        "212 555 0147 EXT9",
    ],
)
def test_a_phone_number_is_kept_as_it_was_typed(typed: str) -> None:
    assert contact.phone(f"  {typed} ") == typed


@pytest.mark.parametrize(
    "typed",
    [
        "555 014",
        "555 01 x4567",
        "+1234567890123456",
        "call me",
        "212 555 0147 or 48",
        "212+5550147",
        "212 555 0147 x",
        "212 555 0147 x1234567",
        "٢١٢ ٥٥٥ ٠١٤٧",
    ],
)
def test_what_is_no_phone_number_says_what_one_looks_like(typed: str) -> None:
    with pytest.raises(Refused) as refusal:
        contact.phone(typed)
    assert str(refusal.value) == "Type a phone number with its area code, such as 212 555 0147."


def test_a_phone_number_longer_than_a_line_is_refused_by_its_name() -> None:
    with pytest.raises(Refused, match=r"^The phone number is 41 characters long; at most 40 fit"):
        contact.phone("2" * 41)


@pytest.mark.parametrize(
    "typed", ["ana@example.org", "a@b.c", "ana.maria+veins@mail.example.org", "josé@ejemplo.es"]
)
def test_an_email_address_is_kept_as_it_was_typed(typed: str) -> None:
    assert contact.email(f" {typed}  ") == typed


@pytest.mark.parametrize(
    "typed",
    [
        "ana",
        "ana@example",
        "@example.org",
        "ana@",
        "ana@.org",
        "ana@example.",
        "ana@@example.org",
        "ana@example.org, bo@example.org",
        "ana bo@example.org",
        "Ana <ana@example.org>",
        "mailto:ana@example.org",
        "ana@[127.0.0.1]",
        f"{'a' * 65}@example.org",
    ],
)
def test_what_is_not_one_email_address_says_what_one_looks_like(typed: str) -> None:
    with pytest.raises(Refused) as refusal:
        contact.email(typed)
    assert str(refusal.value) == "Type one e-mail address, such as ana@example.org."


def test_an_email_address_holds_at_most_what_mail_can_carry() -> None:
    longest = f"ana@{'a' * 246}.org"
    assert contact.email(longest) == longest
    with pytest.raises(Refused, match=r"^The e-mail address is 255 characters long"):
        contact.email(f"x{longest}")


@pytest.mark.parametrize("read", [contact.phone, contact.email])
@pytest.mark.parametrize("typed", ["", "   ", "\u200b"])
def test_nobody_has_to_be_reached(read: object, typed: str) -> None:
    assert callable(read)
    assert read(typed) == ""
