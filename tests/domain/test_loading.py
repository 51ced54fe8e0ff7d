"""What the rules work out while they are loaded is the same whenever they are loaded."""

from importlib.util import find_spec, module_from_spec
from types import ModuleType

import pytest

from workflow.domain import anatomy, legshape, limits, profile, protocols, thrombosis
from workflow.domain.kept import kept


def _loaded_anew(module: ModuleType) -> ModuleType:
    """Return the module as a fresh start of the clinic would load it."""
    spec = find_spec(module.__name__)
    assert spec is not None
    assert spec.loader is not None
    fresh = module_from_spec(spec)
    spec.loader.exec_module(fresh)
    return fresh


@pytest.mark.parametrize(
    ("module", "names"),
    [
        (anatomy, ("CATALOGUE", "REQUIRED", "REQUIRED_DEEP", "TRUNKS")),
        (legshape, ("COURSES", "OUTLINE", "CREASES")),
        (limits, ("DEFAULT_LIMITS", "ABOUT")),
        (profile, ("PROFILES",)),
        (protocols, ("PROTOCOLS",)),
        (thrombosis, ("_PLACES",)),
    ],
)
def test_a_table_is_the_same_when_it_is_loaded_anew(
    module: ModuleType, names: tuple[str, ...]
) -> None:
    fresh = _loaded_anew(module)
    for name in names:
        assert repr(getattr(fresh, name)) == repr(getattr(module, name)), name


def test_a_fact_is_worked_out_once_and_kept_under_its_name() -> None:
    asked = []

    class Sum:
        @kept
        def total(self) -> int:
            """Say how much it is."""
            asked.append("asked")
            return 42

    one, other = Sum(), Sum()
    assert (one.total, one.total) == (42, 42)
    assert asked == ["asked"]
    assert vars(one) == {"total": 42}
    assert vars(other) == {}
    assert vars(Sum)["total"].__doc__ == "Say how much it is."
