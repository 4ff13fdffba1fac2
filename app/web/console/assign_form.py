"""The forms with which a dispatcher gives a visit to somebody, or moves it to another time."""

from datetime import UTC, datetime

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, SelectField, StringField, TimeField
from wtforms.validators import Optional

from app.core import settings
from app.core.errors import BadInput
from app.visits import rows
from app.visits.matching.answer import Insertion
from app.visits.models import Visit
from app.web import i18n


class When(FlaskForm):
    """A day and a time of the district."""

    day = DateField(_l("Day"), [Optional()])
    at = TimeField(_l("Begins"), [Optional()])

    def moment(self) -> datetime:
        """The moment, aware. Raises BadInput("window.unreadable")."""
        if self.day.data is None or self.at.data is None:
            raise BadInput("window.unreadable")
        return datetime.combine(self.day.data, self.at.data, settings.current().zone)


class AssignForm(When):
    """Who, when, and why by hand."""

    worker = SelectField(_l("Worker"), validate_choice=False)
    reason = StringField(_l("Why do you decide by hand?"))
    anyway = BooleanField(_l("Do it all the same"))

    def worker_id(self) -> int:
        """The chosen worker. Raises BadInput("worker.unknown")."""
        if not (self.worker.data or "").isdigit():
            raise BadInput("worker.unknown")
        return int(self.worker.data)

    def begin_with(self, visit: Visit, best: Insertion | None) -> None:
        """The best candidate and his time, or the time that was promised."""
        start = datetime.fromtimestamp(best.start, UTC) if best else rows.starts_at(visit)
        there = i18n.local(start)
        self.worker.data = str(best.worker_id) if best else ""
        self.day.data, self.at.data = there.date(), there.time()
