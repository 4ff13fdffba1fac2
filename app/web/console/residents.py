"""Residents: search, the file, edits, phones, family and consent; every look is logged, numbers are masked."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.core import db
from app.core.errors import BadInput, NotFound
from app.orders import listing
from app.people import access, residents
from app.people.models import Relative, Resident
from app.web import guards, sentences
from app.web.console import resident_form
from app.web.console.blueprint import blueprint
from app.web.console.resident_form import RelativeForm, ResidentForm

Answer = str | Response | tuple[str, int]


@blueprint.get("/residents", endpoint="residents")
@guards.allow(*guards.OPERATORS)
def search() -> Answer:
    """Find somebody by phone, last four digits, name, pinyin or initials."""
    text = request.args.get("q", "")
    with db.unit_of_work() as session:
        found = residents.search(session, text, 30) if text.strip() else []
        page = "residents_found" if request.headers.get("HX-Request") else "residents"
        return render_template(f"console/{page}.html", found=found, text=text)


@blueprint.get("/residents/<int:resident_id>")
@guards.allow(*guards.OPERATORS)
def resident(resident_id: int) -> Answer:
    """The file; opening it is logged."""
    with db.unit_of_work() as session:
        found = residents.get(session, resident_id, current_user.by, "console")
        return _file(session, found, RelativeForm(formdata=None))


def _file(
    session: Session, found: Resident, form: RelativeForm, trouble: dict[str, str] | None = None, **wrong: str
) -> str:
    looks = access.of(session, found.id, 20) if current_user.role in guards.SUPERVISORS else None
    orders = listing.live(session, {"subject_id": found.id, "state": "all"}).lines
    return render_template(
        "console/resident.html", resident=found, orders=orders, looks=looks, form=form, trouble=trouble or {}, **wrong
    )


@blueprint.route("/residents/new", methods=["GET", "POST"])
@guards.allow(*guards.OPERATORS)
def new_resident() -> Answer:
    """Open a file for somebody new."""
    form = ResidentForm()
    if request.method == "GET":
        return _form_page(form, None)
    try:
        with db.unit_of_work() as session:
            made = residents.create(session, form.values(None), current_user.by)
    except BadInput as error:
        return _form_page(form, None, form.complain(error)), 422
    flash(gettext("The file is made."), "done")
    return redirect(url_for("console.resident", resident_id=made.id))


@blueprint.route("/residents/<int:resident_id>/edit", methods=["GET", "POST"])
@guards.allow(*guards.OPERATORS)
def edit_resident(resident_id: int) -> Answer:
    """Change the file."""
    form = ResidentForm() if request.method == "POST" else None
    try:
        with db.unit_of_work() as session:
            found = residents.get(session, resident_id, current_user.by, "edit")
            if form is None:
                return _form_page(ResidentForm(data=resident_form.present(found)), found)
            residents.update(session, found, form.values(found), current_user.by)
    except BadInput as error:
        assert form is not None
        return _form_page(form, found, form.complain(error)), 422
    flash(gettext("The file is changed."), "done")
    return redirect(url_for("console.resident", resident_id=resident_id))


def _form_page(form: ResidentForm, found: Resident | None, trouble: str = "") -> str:
    with db.unit_of_work() as session:
        resident_form.offer_choices(session, form)
        return render_template("console/resident_form.html", form=form, resident=found, trouble=trouble)


@blueprint.post("/residents/<int:resident_id>/phones")
@guards.allow(*guards.OPERATORS)
def change_phones(resident_id: int) -> Answer:
    """Add a phone, take one away, or make one the first to be tried."""
    try:
        with db.unit_of_work() as session:
            found = residents.get(session, resident_id, current_user.by, "phones")
            residents.update(session, found, {"phones": _phones(found)}, current_user.by)
    except BadInput as error:
        return _wrong_number(resident_id, " ".join(sentences.problems(error).values())), 422
    flash(gettext("The phones are changed."), "done")
    return redirect(url_for("console.resident", resident_id=resident_id, _anchor="phones"))


def _wrong_number(resident_id: int, why: str) -> str:
    with db.unit_of_work() as session:
        found = residents.get(session, resident_id, current_user.by, "phones")
        typed = request.form.get("number", "")
        return _file(session, found, RelativeForm(formdata=None), wrong_number=typed, wrong_number_why=why)


def _phones(found: Resident) -> list[str]:
    numbers = {str(phone.id): phone.number for phone in found.phones}
    chosen = numbers.get(request.form.get("phone", ""), "")
    what = request.form.get("what")
    if what == "add":
        return [*numbers.values(), request.form.get("number", "")]
    rest = [number for number in numbers.values() if number != chosen]
    return [chosen, *rest] if what == "first" and chosen else rest


@blueprint.post("/residents/<int:resident_id>/relatives")
@guards.allow(*guards.OPERATORS)
def add_relative(resident_id: int) -> Answer:
    """Add somebody of the family or the neighbourhood."""
    form = RelativeForm()
    try:
        with db.unit_of_work() as session:
            found = residents.get(session, resident_id, current_user.by, "relatives")
            family = [resident_form.as_given(one) for one in found.relatives]
            residents.update(session, found, {"relatives": [*family, form.given()]}, current_user.by)
    except BadInput as error:
        with db.unit_of_work() as session:
            found = residents.get(session, resident_id, current_user.by, "relatives")
            return _file(session, found, form, sentences.problems(error)), 422
    flash(gettext("Added."), "done")
    return redirect(url_for("console.resident", resident_id=resident_id, _anchor="relatives"))


@blueprint.post("/residents/<int:resident_id>/relatives/<int:key>")
@guards.allow(*guards.OPERATORS)
def change_relative(resident_id: int, key: int) -> Answer:
    """Record or take back the resident's consent, or take the person off the file."""
    with db.unit_of_work() as session:
        found = residents.get(session, resident_id, current_user.by, "relatives")
        one = next((relative for relative in found.relatives if relative.id == key), None)
        if one is None:
            raise NotFound("relative.unknown")
        _change_relative(session, found, one, request.form.get("what", ""))
    return redirect(url_for("console.resident", resident_id=resident_id, _anchor="relatives"))


def _change_relative(session: Session, found: Resident, one: Relative, what: str) -> None:
    if what == "consent":
        residents.consent(session, one, current_user.by)
    elif what == "withdraw":
        residents.withdraw_consent(session, one, current_user.by)
    elif what == "remove":
        rest: list[Any] = [resident_form.as_given(other) for other in found.relatives if other is not one]
        residents.update(session, found, {"relatives": rest}, current_user.by)
    flash(gettext("Changed."), "done")
