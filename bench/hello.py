"""Hold the yardstick of every page and rule: a bare Flask hello-world, served in this process."""

from collections.abc import Callable

from flask import Flask
from werkzeug.test import EnvironBuilder


def hello() -> Callable[[], object]:
    """Return a function that answers one request for 'Hello' through WSGI, headers included."""
    app = Flask("hello")
    app.add_url_rule("/", "hello", lambda: "Hello")
    environ = EnvironBuilder(path="/").get_environ()
    sent: list[object] = []

    def start(status: str, headers: list[tuple[str, str]], *_: object) -> Callable[[bytes], object]:
        sent[:] = [status, headers]
        return sent.append

    def answer() -> bytes:
        return b"".join(app.wsgi_app(dict(environ), start))

    if answer() != b"Hello" or not str(sent[0]).startswith("200"):
        raise RuntimeError("The yardstick does not answer.")
    return answer
