"""Make the extensions; create_app joins them."""

from flask_login import LoginManager
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from sqlalchemy.orm import Session

from workflow.models.base import Base

db = SQLAlchemy(metadata=Base.metadata)
login = LoginManager()
csrf = CSRFProtect()
migrate = Migrate()


def session() -> Session:
    """Return this request's session, as the verbs of `actions.py` take it."""
    return db.session()
