"""Signing in and out, one's own password, and the way in from the bare address."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_login import current_user, login_user, logout_user
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import InputRequired, Length

from app.core import db
from app.core.errors import BadInput
from app.people import staff
from app.people.models import Staff
from app.web import auth, guards, i18n, resend, sentences
from app.web.console.blueprint import blueprint
from app.web.links import local_path

Answer = str | Response | tuple[str, int]


class SignIn(FlaskForm):
    """Name and password."""

    username = StringField(_l("Sign-in name"), [InputRequired(_l("This is needed.")), Length(max=40)])
    password = PasswordField(_l("Password"), [InputRequired(_l("This is needed.")), Length(max=200)])
    again = HiddenField()


class NewPassword(FlaskForm):
    """The old password and the new one."""

    old = PasswordField(_l("Present password"), [InputRequired(_l("This is needed."))])
    new = PasswordField(_l("New password"), [InputRequired(_l("This is needed."))])


@blueprint.route("/login", methods=["GET", "POST"])
@guards.public("the way in")
@auth.limiter.limit(auth.GUESSES, methods=["POST"], deduct_when=auth.was_wrong)
@auth.limiter.limit(auth.GUESSES, methods=["POST"], key_func=auth.tried_account, deduct_when=auth.was_wrong)
def login() -> Answer:
    """Sign in; guessing is braked by address and by account."""
    form = SignIn()
    if request.method == "GET":
        return sign_in_page(form)
    if form.validate():
        with db.unit_of_work() as session:
            found = staff.authenticate(session, form.username.data, form.password.data)
        if found is not None:
            login_user(auth.account_of(found))
            if form_before := resend.held(form.again.data):
                return resend.page(form_before)
            return redirect(local_path(request.args.get("next")) or url_for("console.home"))
    return sign_in_page(form, sentences.by_code("login.wrong")), 422


def sign_in_page(form: SignIn, wrong: str = "") -> str:
    """The page with name and password; it keeps where the person wants to go and what he was about to send."""
    return render_template("console/login.html", form=form, wrong=wrong, next=local_path(request.args.get("next")))


def sign_in_again(typed: str) -> str:
    """The same for somebody whose session ended while he typed; typed: what resend.hold gave."""
    return sign_in_page(SignIn(formdata=None, again=typed))


@blueprint.post("/logout")
@guards.allow(*guards.EVERYBODY)
def logout() -> Answer:
    """Sign out; the sign-in page keeps the account's language."""
    language = i18n.code()
    logout_user()
    answer = redirect(url_for("console.login"))
    i18n.remember(answer, language)
    return answer


@blueprint.route("/password", methods=["GET", "POST"])
@guards.allow(*guards.EVERYBODY)
def password() -> Answer:
    """Change one's own password; all other sessions of the account end."""
    form = NewPassword()
    if form.validate_on_submit():
        with db.unit_of_work() as session:
            found = staff.authenticate(session, current_user.username, form.old.data)
            if found is None:
                form.old.errors = [sentences.by_code("password.wrong")]
            elif _changed(session, found, form):
                login_user(auth.account_of(found))
                flash(gettext("Your password is changed; other sessions of this account have ended."), "done")
                return redirect(url_for("console.home"))
    return render_template("console/password.html", form=form), 422 if form.errors else 200


def _changed(session: Session, found: Staff, form: NewPassword) -> bool:
    try:
        staff.set_password(session, found, form.new.data, current_user.by)
    except BadInput as error:
        form.new.errors = list(sentences.problems(error).values())
        return False
    return True
