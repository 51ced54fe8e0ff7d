"""Write one card of the board.

A board holds hundreds, so a card is put together here and not in a template: it is most of what a
board costs. Only the name was typed by somebody; it is escaped, and everything else is our words.
"""

from dataclasses import dataclass

from markupsafe import Markup, escape

from workflow.domain.pathway import Ageing

_LATE = {Ageing.FRESH: "", Ageing.AMBER: " caution", Ageing.RED: " late"}


@dataclass(frozen=True, slots=True)
class Style:
    """What all cards of one board share: where they lead, and the drawn signs."""

    before_id: str
    after_id: str
    linked: bool
    critical_sign: Markup
    late_sign: Markup


def write(
    style: Style,
    episode_id: int,
    name: str,
    who: str,
    what: str,
    waits: str,
    age: Ageing,
    *,
    critical: bool,
    mine: bool,
) -> Markup:
    """Return the card: who, which leg, what is waited for, how long; a band where critical."""
    kind = f"ticket{' critical' if critical else ''}{' mine' if mine else ''}"
    place = f'id="card-{episode_id}" data-card'
    opens, closes = (
        (f'<a class="{kind}" {place} href="{style.before_id}{episode_id}{style.after_id}">', "</a>")
        if style.linked
        else (f'<div class="{kind}" {place}>', "</div>")
    )
    band = f'<span class="band">{style.critical_sign}Critical finding</span>' if critical else ""
    sign = style.late_sign if age is not Ageing.FRESH else ""
    return Markup(  # noqa: S704 - the name is escaped, the rest is ours
        f'<li>{opens}{band}<span class="name"><bdi>{escape(name)}</bdi></span>'
        f'<span class="who">{who}</span><span class="next"><span>{what}</span>'
        f'<span class="ageing{_LATE[age]}">{sign}{waits}</span></span>{closes}</li>'
    )
