"""A full phone number, shown for a reason that is written down."""

from flask import render_template, request
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.core import db
from app.core.errors import BadInput, NotFound
from app.hotline.models import CallBack
from app.orders.models import ServiceOrder
from app.people import access
from app.people.models import Relative, ResidentPhone
from app.web import guards
from app.web.console.blueprint import blueprint
from app.workforce.models import Worker

Answer = str | Response | tuple[str, int]


@blueprint.post("/numbers/<any(phone, relative, order, call_back, worker):what>/<int:key>")
@guards.allow(*guards.OPERATORS)
def reveal(what: str, key: int) -> Answer:
    """The full number, and a line in the access log that says who saw it and why."""
    reason = request.form.get("reason", "").strip()
    if not reason:
        raise BadInput("access.reason_missing")
    with db.unit_of_work() as session:
        number, resident_id = _number(session, what, key)
        if not number:
            raise NotFound("number.unknown")
        access.log(session, current_user.by, "number", resident_id, f"{what} {key}: {reason}")
    page = "number" if request.headers.get("HX-Request") else "revealed"
    return render_template(f"console/{page}.html", number=number)


def _number(session: Session, what: str, key: int) -> tuple[str | None, int | None]:
    """The number of a thing and the resident whom it concerns."""
    if what == "phone":
        phone = session.get(ResidentPhone, key)
        return (phone.number, phone.resident_id) if phone else (None, None)
    if what == "relative":
        relative = session.get(Relative, key)
        return (relative.number, relative.resident_id) if relative else (None, None)
    if what == "order":
        order = session.get(ServiceOrder, key)
        return (order.contact_number, order.subject_id) if order else (None, None)
    if what == "call_back":
        row = session.get(CallBack, key)
        return (row.number, row.resident_id) if row else (None, None)
    worker = session.get(Worker, key)
    return (worker.number, None) if worker else (None, None)
