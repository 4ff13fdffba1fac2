"""The sentence for each error code: what was wrong and what was expected, in the reader's language."""

from collections import defaultdict
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from app.core.errors import DoorlineError
from app.web import i18n, words

SENTENCES = {
    "absence.long": _l("Nobody is away for more than a year; give an earlier end."),
    "absence.over": _l("The end must be later than the beginning, and still to come."),
    "access.reason_missing": _l("Say why you need the full number."),
    "area.unknown": _l("There is no such area."),
    "assignment.reason_missing": _l("Say why you decide by hand."),
    "call.unknown": _l("There is no such call."),
    "call_back.result_missing": _l("Say how it was settled."),
    "call_back.taken": _l("Somebody else has already taken this one."),
    "call_back.unknown": _l("There is no such call-back."),
    "choice.unknown": _l("“%(given)s” is not one of the choices."),
    "community.unknown": _l("Choose a community of the list."),
    "crypto.key_missing": _l("Stored data can't be read: the key it was encrypted with is missing."),
    "day.unreadable": _l("Give a day, such as 2027-02-06."),
    "field.missing": _l("This is needed."),
    "field.unknown": _l("This can't be changed here."),
    "follow_up.own_grade": _l("Nobody grades his own work."),
    "follow_up.unknown": _l("There is no such question."),
    "grade.unknown": _l("“%(given)s” is not one of the five grades."),
    "item.not_orderable": _l("This service can't be ordered; choose one of the list."),
    "item.unknown": _l("There is no such service."),
    "link.invalid": _l("This link is not valid (any more)."),
    "login.wrong": _l("Name or password is wrong."),
    "move.not_allowed": _l("It has changed meanwhile: this can't be done in its present state."),
    "move.overtaken": _l("Somebody else was faster; look at its present state."),
    "number.unknown": _l("There is no number."),
    "number.unreadable": _l("“%(given)s” is not a whole number."),
    "number.used_up": _l("There are no more order numbers; tell the person who looks after the system."),
    "offer.codes_used_up": _l("This worker has too many open questions already."),
    "order.over": _l("This order is over; it can't be changed any more."),
    "order.unknown": _l("There is no such order."),
    "order.wrong": _l("Something in the form is not right; see the marked fields."),
    "organisation.unknown": _l("There is no such organisation."),
    "password.common": _l("This password is among the first that anybody would try."),
    "password.length": _l("A password has at least 10 characters."),
    "password.wrong": _l("Your present password is wrong."),
    "phone.unreadable": _l("“%(given)s” is not a phone number; write it such as 138 0013 8000 or 021-5551 2349."),
    "phone.area_code_missing": _l("“%(given)s” lacks the area code, such as 021."),
    "place.off_the_earth": _l("That place is not on the map."),
    "place.unreadable": _l("That place can't be read."),
    "proposal.changed": _l("Somebody has changed the absences meanwhile. Look again before you confirm."),
    "reason.missing": _l("Say why."),
    "reason.unknown": _l("“%(given)s” is not one of the reasons."),
    "relative.unknown": _l("There is no such person in the file."),
    "resident.unknown": _l("There is no such resident."),
    "resident.wrong": _l("Something in the form is not right; see the marked fields."),
    "seat.no_number": _l("Your account has no phone number of its own; take the browser line."),
    "setting.changed_meanwhile": _l(
        "Somebody else has changed numbers meanwhile, see below. Nothing was set: compare, and send yours again."
    ),
    "setting.out_of_bounds": _l("“%(given)s” is not possible here: a number from %(least)s to %(most)s."),
    "staff.last_admin": _l("The last administrator can't be shut out."),
    "staff.unknown": _l("There is no such account."),
    "staff.wrong": _l("Something in the form is not right; see the marked fields."),
    "text.too_long": _l("That is too long: %(given)s characters, at most %(expected)s."),
    "time.without_zone": _l("This time has no time zone."),
    "username.taken": _l("This sign-in name is taken."),
    "username.unusable": _l("A sign-in name has letters, digits and . _ - only."),
    "visit.double_booked": _l("This worker has another visit at that time."),
    "visit.changed_meanwhile": _l("It has changed meanwhile; look at its present state."),
    "visit.has_nobody": _l("This visit has nobody yet: give it to somebody, or look again."),
    "visit.unknown": _l("There is no such visit."),
    "window.empty": _l("The end must be after the beginning."),
    "window.past": _l("That time is over."),
    "window.unreadable": _l("Give a date and two times, such as 09:30 and 11:00."),
    "worker.unknown": _l("There is no such social worker."),
    "year.unlikely": _l("“%(given)s” is not a likely year of birth."),
}


def sentence(error: DoorlineError) -> str:
    """What to tell a person about ``error``."""
    return by_code(error.code, error.facts)


def by_code(code: str, facts: dict[str, Any] | None = None) -> str:
    """The sentence for ``code`` with its ``facts`` filled in; an unknown code still gives a plain sentence."""
    known = SENTENCES.get(code)
    if known is None:
        return gettext("That can't be done (%(code)s).", code=code)
    return str(known) % defaultdict(str, {name: _plain(value) for name, value in (facts or {}).items()})


def _plain(value: Any) -> str:
    return i18n.listed(value) if isinstance(value, (list, tuple)) else str(value)


def problems(error: DoorlineError) -> dict[str, str]:
    """Field to sentence, from an error that lists the problems of a form."""
    listed: Any = error.facts.get("problems", [])
    return {one["field"]: by_code(one["code"], one) for one in listed if isinstance(one, dict)}


def rule(code: str) -> str:
    """A hard rule of dispatch in words."""
    return words.word(code, "hard_rule")
