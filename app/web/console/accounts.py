"""Accounts of staff, for administrators: made, given a new password, closed and opened again."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import PasswordField, SelectField, StringField

from app.core import db
from app.core.errors import BadInput, Refused
from app.people import staff
from app.people.models import Staff
from app.people.rules import LANGUAGES, ROLES
from app.web import guards, sentences, words
from app.web.console.blueprint import blueprint

Answer = str | Response | tuple[str, int]


class AccountForm(FlaskForm):
    """A new account."""

    username = StringField(_l("Sign-in name"))
    name = StringField(_l("Name"))
    role = SelectField(_l("Role"), choices=words.options_of("role", ROLES))
    language = SelectField(_l("Language"), choices=words.options_of("language", LANGUAGES))
    number = StringField(_l("Own phone number, if calls come to it"))
    password = PasswordField(_l("First password"))


@blueprint.route("/accounts", methods=["GET", "POST"])
@guards.allow(*guards.ADMINS)
def accounts() -> Answer:
    """All accounts, and the form for another one."""
    form = AccountForm()
    if request.method == "GET":
        return _page(form)
    given: dict[str, Any] = {
        name: form[name].data or "" for name in ("username", "name", "role", "language", "number", "password")
    }
    try:
        with db.unit_of_work() as session:
            made = staff.create(session, by=current_user.by, **given)
    except BadInput as error:
        for name, text in sentences.problems(error).items():
            form[name].errors = [*form[name].errors, text]
        return _page(form, sentences.sentence(error)), 422
    flash(
        gettext("The account %(name)s is made; its first password should be changed at once.", name=made.username),
        "done",
    )
    return redirect(url_for("console.accounts"))


def _page(form: AccountForm, trouble: str = "") -> str:
    with db.unit_of_work() as session:
        return render_template("console/accounts.html", form=form, everybody=staff.everybody(session), trouble=trouble)


@blueprint.post("/accounts/<int:key>/<any(password, deactivate, activate):what>")
@guards.allow(*guards.ADMINS)
def change_account(key: int, what: str) -> Answer:
    """A new password (all sessions end), or no way in any more, or in again."""
    try:
        with db.unit_of_work() as session:
            _change(session, staff.get(session, key), what)
    except BadInput as error:
        flash(" ".join(sentences.problems(error).values()), "error")
    except Refused as error:
        flash(sentences.sentence(error), "error")
    else:
        flash(gettext("Done."), "done")
    return redirect(url_for("console.accounts", _anchor=f"account-{key}"))


def _change(session: Session, found: Staff, what: str) -> None:
    if what == "password":
        staff.set_password(session, found, request.form.get("password", ""), current_user.by)
    elif what == "activate":
        staff.activate(session, found, current_user.by)
    else:
        if found.role == "admin" and found.active and staff.administrators(session) == 1:
            raise Refused("staff.last_admin")
        staff.deactivate(session, found, current_user.by)
