"""Read a page as a person does, and hold it to the rules of the house."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

_VOID_OF_HTML = (
    "area base br col embed hr img input link meta param source track wbr"  # no closing tag
)
_VOID = frozenset(_VOID_OF_HTML.split())
_NAMED_BY_THEMSELVES = frozenset({"hidden", "submit", "button", "reset", "image"})


@dataclass
class Element:
    """One element: its tag, its attributes, what is inside."""

    tag: str
    attributes: dict[str, str]
    parent: "Element | None" = None
    children: "list[Element | str]" = field(default_factory=list)

    def __iter__(self) -> "Iterator[Element]":
        for child in self.children:
            if isinstance(child, Element):
                yield child
                yield from child

    def all(self, *tags: str) -> "list[Element]":
        """Return the elements of these tags inside this one, in reading order."""
        return [element for element in self if element.tag in tags]

    def get(self, name: str, otherwise: str = "") -> str:
        """Return an attribute."""
        return self.attributes.get(name, otherwise)

    @property
    def text(self) -> str:
        """What a person reads, with single spaces."""
        words = [child if isinstance(child, str) else child.text for child in self.children]
        return re.sub(r"\s+", " ", " ".join(words)).strip()

    def inside(self, tag: str) -> "Element | None":
        """Return the nearest element of this tag around this one."""
        around = self.parent
        while around is not None and around.tag != tag:
            around = around.parent
        return around


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("root", {})
        self.here = self.root

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs}, self.here)
        self.here.children.append(element)
        if tag not in _VOID:
            self.here = element

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs}, self.here)
        self.here.children.append(element)

    def handle_endtag(self, tag: str) -> None:
        around: Element | None = self.here
        while around is not None and around.tag != tag:
            around = around.parent
        if around is not None and around.parent is not None:
            self.here = around.parent

    def handle_data(self, data: str) -> None:
        if self.here.tag not in ("script", "style"):
            self.here.children.append(data)
        elif data.strip():
            self.here.attributes["inline"] = "yes"


@dataclass(frozen=True)
class Form:
    """A form as the page offered it: where it goes and what it would send."""

    action: str
    method: str
    values: dict[str, Any]
    element: Element

    @property
    def labels(self) -> dict[str, str]:
        """Return each field's label by the field's name."""
        by_id = {label.get("for"): label.text for label in self.element.all("label")}
        return {
            box.get("name"): by_id.get(box.get("id"), "")
            for box in self.element.all("input", "select", "textarea")
            if box.get("name")
        }

    @property
    def buttons(self) -> list[str]:
        """Return what its buttons say."""
        return [button.text for button in self.element.all("button")]


class Page:
    """A page that was sent. Making one fails the test if the page breaks a house rule."""

    def __init__(self, response: Any, address: str = "") -> None:
        assert response.mimetype == "text/html", response.mimetype
        self.status = response.status_code
        self.address = address or response.request.full_path.rstrip("?")
        self.html = response.text
        reader = _Reader()
        reader.feed(self.html)
        self.root = reader.root
        broken = list(self.broken_rules())
        assert broken == [], f"{self.address}: {broken}"

    @property
    def text(self) -> str:
        """All that a person reads on the page."""
        return " ".join(body.text for body in self.root.all("body"))

    @property
    def main(self) -> str:
        """What a person reads in the page's main part."""
        return " ".join(part.text for part in self.root.all("main"))

    @property
    def title(self) -> str:
        """The page's title."""
        return " ".join(title.text for title in self.root.all("title"))

    @property
    def heading(self) -> str:
        """The page's one h1."""
        return self.root.all("h1")[0].text

    @property
    def links(self) -> dict[str, str]:
        """Return addresses by what their links say."""
        return {link.text: link.get("href") for link in self.root.all("a")}

    @property
    def buttons(self) -> list[str]:
        """Return what the page's buttons say."""
        return [button.text for button in self.root.all("button")]

    @property
    def errors(self) -> list[str]:
        """Return the sentences of the error summary and of the fields."""
        said = []
        for element in self.root:
            kinds = element.get("class").split()
            if "summary" in kinds:
                said += [line.text for line in element.all("li")]
            elif "error" in kinds:
                said.append(element.text.removeprefix("Error:").strip())
        return said

    @property
    def forms(self) -> list[Form]:
        """Return the page's forms in reading order."""
        return [self._form(element) for element in self.root.all("form")]

    def form(self, wanted: str = "") -> Form:
        """Return the one form in `main` that is wanted: by (part of) its action, id or a button."""
        found = [
            form
            for form in self.forms
            if form.element.inside("main")
            and (
                wanted in form.action or wanted == form.element.get("id") or wanted in form.buttons
            )
        ]
        assert found, f"{self.address} has no form {wanted!r}: {[f.action for f in self.forms]}"
        assert len(found) == 1 or not wanted or found[0].action == wanted, (
            f"{self.address} has {len(found)} forms {wanted!r}"
        )
        return found[0]

    def _form(self, element: Element) -> Form:
        values: dict[str, Any] = {}
        for box in element.all("input", "select", "textarea"):
            name = box.get("name")
            if name and "disabled" not in box.attributes:
                for value in _sent(box):
                    _put(values, name, value)
        return Form(
            element.get("action") or self.address, element.get("method", "get"), values, element
        )

    def broken_rules(self) -> Iterator[str]:
        """Yield each house rule that the page breaks."""
        if len(self.root.all("h1")) != 1:
            yield f"{len(self.root.all('h1'))} h1"
        if not self.title:
            yield "no title"
        ids = [element.get("id") for element in self.root if element.get("id")]
        yield from (f"id {name} twice" for name in sorted(_repeated(ids)))
        known = set(ids)
        labelled = {label.get("for") for label in self.root.all("label") if label.text}
        for element in self.root:
            yield from _broken_by(element, known, labelled)


def _repeated(ids: list[str]) -> set[str]:
    return {name for name, times in Counter(ids).items() if times > 1}


def _broken_by(element: Element, ids: set[str], labelled: set[str]) -> Iterator[str]:
    inline = [name for name in element.attributes if name == "style" or name.startswith("on")]
    if inline:
        yield f"<{element.tag}> has {inline}"
    if element.tag in ("script", "style") and element.get("inline"):
        yield f"inline {element.tag}"
    if element.tag == "img" and "alt" not in element.attributes:
        yield "an image without alt"
    yield from _broken_in_forms(element, labelled)
    for name in ("aria-describedby", "aria-labelledby", "for", "aria-controls"):
        missing = [word for word in element.get(name).split() if word not in ids]
        if missing:
            yield f"{name} names {missing}, which is not there"


def _broken_in_forms(element: Element, labelled: set[str]) -> Iterator[str]:
    if element.tag == "button" and not element.get("type"):
        yield f"button {element.text!r} has no type"
    if element.tag == "form" and element.get("method").lower() == "post":
        tokens = [box for box in element.all("input") if box.get("name") == "csrf_token"]
        if len(tokens) != 1:
            yield f"{len(tokens)} tokens in the form {element.get('action')!r}"
    if element.tag in ("input", "select", "textarea") and not _is_labelled(element, labelled):
        yield f"no label for {element.get('name') or element.get('id')!r}"


def _is_labelled(box: Element, labelled: set[str]) -> bool:
    if box.tag == "input" and box.get("type", "text") in _NAMED_BY_THEMSELVES:
        return True
    if box.get("aria-label") or box.get("aria-labelledby") or box.inside("label"):
        return True
    return box.get("id") in labelled


def _sent(box: Element) -> list[str]:
    if box.tag == "textarea":
        text = "".join(child for child in box.children if isinstance(child, str))
        return [text.removeprefix("\n")]
    if box.tag == "select":
        options = box.all("option")
        chosen = [option for option in options if "selected" in option.attributes]
        if not chosen and "multiple" not in box.attributes:
            chosen = options[:1]
        return [option.get("value", option.text) for option in chosen]
    kind = box.get("type", "text")
    if kind in ("submit", "button", "reset", "image", "file"):
        return []
    if kind in ("checkbox", "radio"):
        return [box.get("value", "on")] if "checked" in box.attributes else []
    return [box.get("value")]


def _put(values: dict[str, Any], name: str, value: str) -> None:
    if name not in values:
        values[name] = value
    elif isinstance(values[name], list):
        values[name].append(value)
    else:
        values[name] = [values[name], value]
