"""Ask for pages as a person's browser does."""

import io
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import encode_multipart

from tests.pages import Form, Page


class Browser(FlaskClient):
    """A client that first commits what the test itself changed, as another request would have."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        """Send a request; the test's session sees its effect afterwards."""
        ours: Session | None = self.application.config.get("TEST_SESSION")
        if ours is not None:
            ours.commit()
        kwargs.setdefault("buffered", True)  # a file that is sent is closed again
        return super().open(*args, **kwargs)

    def page(self, address: str, status: int = 200) -> Page:
        """Open an address as a person does, and hold the page to the house rules."""
        response = self.get(address, follow_redirects=True)
        assert response.status_code == status, f"{address}: {response.status_code}"
        return Page(response)

    def sign_in(self, username: str, password: str, code: str = "") -> Any:
        """Sign in through the page, with the code that the next page asks for, if it does."""
        form = self.page("/sign-in").form("sign-in")
        response = self.send(form, username=username, password=password)
        if response.status_code == 303 and response.location.startswith("/sign-in/code"):
            form = self.page(response.location).form("sign-in")
            response = self.send(form, code=code)
        return response

    def send(self, form: Form, **values: Any) -> Any:
        """Send a form that a page offered, with some of its fields filled in."""
        return self.post(form.action, data={**form.values, **values})

    def upload(
        self,
        form: Form,
        content: bytes,
        name: str = "a.jpg",
        *,
        field: str = "picture",
        **rest: Any,
    ) -> Any:
        """Send a form that a page offered with a file in it; `headers` may be given."""
        headers = rest.pop("headers", None)
        file = FileStorage(io.BytesIO(content), filename=name, name="picture")
        values = MultiDict({**form.values, **rest, "picture": file})
        boundary, body = encode_multipart(values)
        kind = f"multipart/form-data; boundary={boundary}"
        return self.post(form.action, data=body, content_type=kind, headers=headers)
