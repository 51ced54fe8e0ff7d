"""Decide how this installation runs, from its environment, once."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

VERSION = "0.1.0"
PROJECT = Path(__file__).resolve().parent.parent
LOOPBACK = ("127.0.0.1", "localhost")
MAIL_TLS = ("starttls", "tls", "none")


class Unusable(SystemExit):
    """The installation cannot be served as it is; the text is the sentence to show.

    Left alone it ends the program with that sentence and exit code 1.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """The SMTP server that takes the clinic's mail, and the address it is sent from."""

    host: str
    port: int
    tls: str
    sender: str
    user: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What may differ between two installations."""

    home: Path
    database_url: str
    host: str = "127.0.0.1"
    port: int = 8000
    behind_proxy: bool = False
    trusted_hosts: tuple[str, ...] = LOOPBACK
    testing: bool = False
    mail: Mail | None = None

    @classmethod
    def read(cls, environ: Mapping[str, str] = os.environ) -> Self:
        """Return the settings an environment asks for; raises Unusable with what to change."""
        home = _home(environ.get("CLINIC_HOME", ""))
        host = environ.get("HOST", "127.0.0.1")
        behind_proxy = environ.get("BEHIND_PROXY", "") == "1"
        named = tuple(filter(None, environ.get("TRUSTED_HOSTS", "").replace(",", " ").split()))
        if behind_proxy and not named:
            raise Unusable("BEHIND_PROXY=1 also needs TRUSTED_HOSTS, the names people will type.")
        if host not in LOOPBACK and not behind_proxy:
            raise Unusable(
                f"HOST={host} would serve patients' records without encryption. "
                "Put a TLS proxy in front and set BEHIND_PROXY=1 and TRUSTED_HOSTS."
            )
        return cls(
            home=home,
            database_url=_database_url(environ.get("DATABASE_URL", ""), home),
            host=host,
            port=_port(environ.get("PORT", "8000")),
            behind_proxy=behind_proxy,
            trusted_hosts=named or LOOPBACK,
            mail=_mail(environ),
        )

    @property
    def data(self) -> Path:
        """Where the database and the files are."""
        return self.home / "data"

    @property
    def files(self) -> Path:
        """Where signed bytes are kept, named by their content."""
        return self.data / "files"

    @property
    def key_file(self) -> Path:
        """The secret; kept apart from the data, and never in a backup."""
        return self.home / "keys" / "secret.key"

    @property
    def database_file(self) -> Path | None:
        """The SQLite file, or None on PostgreSQL."""
        return None if self.on_postgresql else self.data / "clinic.db"

    @property
    def on_postgresql(self) -> bool:
        """Whether the records are kept by a PostgreSQL server."""
        return self.database_url.startswith("postgresql")


def _home(asked: str) -> Path:
    if asked:
        return Path(asked).resolve()
    clinic = PROJECT / "var" / "clinic"
    return clinic if (clinic / "keys" / "secret.key").exists() else PROJECT / "var" / "demo"


def _database_url(asked: str, home: Path) -> str:
    scheme, separator, rest = asked.partition("://")
    if not asked:
        return f"sqlite:///{home / 'data' / 'clinic.db'}"
    if not separator or scheme not in ("postgres", "postgresql", "postgresql+psycopg"):
        raise Unusable(
            "DATABASE_URL must begin with postgresql://. Leave it out to keep the records "
            "in one file in the clinic's own folder."
        )
    return f"postgresql+psycopg://{rest}"


def _port(asked: str, name: str = "PORT") -> int:
    if not (asked.isascii() and asked.isdigit() and 0 < int(asked) < 65536):
        raise Unusable(f"{name}={asked} is not a port between 1 and 65535.")
    return int(asked)


def _mail(environ: Mapping[str, str]) -> Mail | None:
    """Return how mail leaves, or None where no server is named; raises Unusable."""
    host, tls = environ.get("SMTP_HOST", ""), environ.get("SMTP_TLS", "starttls")
    if not host:
        return None
    if tls not in MAIL_TLS:
        raise Unusable(f"SMTP_TLS={tls} is not one of {', '.join(MAIL_TLS)}.")
    if tls == "none" and host not in LOOPBACK:
        raise Unusable("SMTP_TLS=none is for a mail server on this machine only.")
    sender = environ.get("MAIL_FROM", "")
    if not sender.isprintable() or sender.count("@") != 1 or " " in sender:
        raise Unusable("SMTP_HOST also needs MAIL_FROM, the one address mail is sent from.")
    return Mail(
        host=host,
        port=_port(environ.get("SMTP_PORT", "465" if tls == "tls" else "587"), "SMTP_PORT"),
        tls=tls,
        sender=sender,
        user=environ.get("SMTP_USER", ""),
        password=_secret(environ.get("SMTP_PASSWORD_FILE", "")),
    )


def _secret(file: str) -> str:
    if not file:
        return ""
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except OSError as closed:
        raise Unusable(f"SMTP_PASSWORD_FILE={file} cannot be read: {closed.strerror}.") from closed
