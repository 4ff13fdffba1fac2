"""The form of a resident's file and of a relative, and their values in the words of the people wing."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from wtforms import BooleanField, SelectField, SelectMultipleField, StringField, TextAreaField

from app.catalogue import items
from app.core.errors import BadInput
from app.people import names
from app.people.models import Relative, Resident
from app.people.rules import FLAGS, GENDERS, LANGUAGES, PACES
from app.places import areas
from app.web import i18n, sentences, words
from app.workforce.models import Worker

EITHER = ("", _l("not said"))


class ResidentForm(FlaskForm):
    """A resident's file, without phones and family, which have forms of their own."""

    name = StringField(_l("Name"))
    phone = StringField(_l("Phone"))
    gender = SelectField(_l("Gender"), validate_choice=False)
    birth_year = StringField(_l("Year of birth"))
    community_id = SelectField(_l("Community"), validate_choice=False)
    address = StringField(_l("Address"))
    language = SelectField(_l("Language"), validate_choice=False)
    dialect = StringField(_l("Dialect"))
    pace = SelectField(_l("Speak to this person"), validate_choice=False)
    flags = SelectMultipleField(_l("What to know"), validate_choice=False)
    straight_to_person = BooleanField(_l("Goes straight to a person, without keys"))
    wished_gender = SelectField(_l("Wishes a worker who is"), validate_choice=False)
    usual_item_id = SelectField(_l("Usual service"), validate_choice=False)
    usual_worker_id = SelectField(_l("Usual worker"), validate_choice=False)
    household_password = StringField(_l("Household password, said at the door instead of the code"))
    note = TextAreaField(_l("Note"))

    def values(self, known: Resident | None) -> dict[str, Any]:
        """What the form says, as people.forms reads it; wishes that it does not show stay as they are ``known``."""
        plain = {name: self._fields[name].data for name in PLAIN}
        shown = {"gender": self.wished_gender.data, "straight_to_person": self.straight_to_person.data}
        others = {name: wish for name, wish in (known.wishes or {}).items() if name not in shown} if known else {}
        wishes = others | {name: wish for name, wish in shown.items() if wish}
        phones = {} if known else {"phones": [self.phone.data] if self.phone.data else []}
        return plain | {"flags": self.flags.data or [], "wishes": wishes} | phones

    def complain(self, error: BadInput) -> str:
        """Show each problem at its field; returns the sentence for the top of the page."""
        for name, text in sentences.problems(error).items():
            field = self._fields.get({"phones": "phone", "wishes": "wished_gender"}.get(name, name))
            if field is not None:
                field.errors = [*field.errors, text]
        return sentences.sentence(error)


PLAIN = (
    "name",
    "gender",
    "birth_year",
    "community_id",
    "address",
    "language",
    "dialect",
    "pace",
    "household_password",
    "note",
    "usual_item_id",
    "usual_worker_id",
)


class RelativeForm(FlaskForm):
    """Somebody of the family or the neighbourhood."""

    name = StringField(_l("Name"))
    relation = StringField(_l("Relation, such as daughter or neighbour"))
    number = StringField(_l("Phone"))
    language = SelectField(_l("Language"), choices=words.options_of("language", LANGUAGES))
    consented = BooleanField(_l("The resident allows that this person hears about visits"))

    def given(self) -> dict[str, Any]:
        """What the form says, as people.forms reads it."""
        return {name: self._fields[name].data for name in ("name", "relation", "number", "language", "consented")}


def as_given(one: Relative) -> dict[str, Any]:
    """A relative who is there already, as people.forms reads it."""
    return {
        "name": one.name,
        "relation": one.relation,
        "number": one.number,
        "language": one.language,
        "consented": one.consented_at is not None,
        "consent_call_id": one.consent_call_id,
    }


def present(resident: Resident) -> dict[str, Any]:
    """The form as the file stands."""
    wishes = resident.wishes or {}
    plain = {name: getattr(resident, name) for name in PLAIN}
    return {name: "" if value is None else str(value) for name, value in plain.items()} | {
        "flags": resident.flags or [],
        "wished_gender": wishes.get("gender", ""),
        "straight_to_person": bool(wishes.get("straight_to_person")),
    }


def offer_choices(session: Session, form: ResidentForm) -> None:
    """Fill the lists."""
    named = i18n.in_language
    form.gender.choices = words.options([EITHER, *words.choices("gender", GENDERS)])
    form.wished_gender.choices = words.options([EITHER, *words.choices("gender", GENDERS)])
    form.language.choices = words.options_of("language", LANGUAGES)
    form.pace.choices = words.options_of("pace", PACES)
    form.flags.choices = words.options_of("flag", FLAGS)
    communities = [(str(area.id), named(area)) for area in areas.communities(session)]
    form.community_id.choices = words.options([("", _l("Choose a community")), *communities])
    usual = ((str(item.id), named(item)) for item in items.orderable(session))
    form.usual_item_id.choices = words.options([EITHER, *usual])
    workers = [(str(worker.id), named(worker)) for worker in session.query(Worker).filter(Worker.active)]
    form.usual_worker_id.choices = words.options([EITHER, *sorted(workers, key=lambda one: names.in_order(one[1]))])
