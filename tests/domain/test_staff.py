"""Who may do what is said in a sentence that names the roles."""

import pytest

from workflow.domain.staff import Permission, Role, may, only, who_may


@pytest.mark.parametrize("permission", Permission)
def test_the_sentence_names_whoever_may_and_nobody_else(permission: Permission) -> None:
    sentence = only(permission)
    names = {
        Role.FRONT_DESK: "the front desk",
        Role.SONOGRAPHER: "a sonographer",
        Role.PHYSICIAN: "a physician",
        Role.ADMINISTRATOR: "an administrator",
    }
    allowed = [name for role, name in names.items() if may(role, permission)]
    assert [names[role] for role in who_may(permission)] == allowed
    head, *rest = allowed[::-1]
    people = f"{', '.join(rest[::-1])} or {head}" if rest else head
    assert sentence == f"Only {people} may {permission}."


def test_one_and_several_roles_are_named() -> None:
    assert only(Permission.SIGN_REPORTS).startswith("Only a physician may ")
    assert only(Permission.MERGE_RECORDS).startswith("Only a physician or an administrator may ")
    assert only(Permission.BOOK_SCANS).startswith(
        "Only the front desk, a sonographer or a physician may "
    )
