"""What a look at a file was for, in words: the access log keeps the place as a code and a person's reason as it is."""

import re

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from app.web.console import naming
from app.web.console.blueprint import blueprint

PLACES = {
    "console": _l("the resident's file"),
    "edit": _l("editing the file"),
    "phones": _l("changing the phones"),
    "relatives": _l("changing family and neighbours"),
    "order:new": _l("a new order"),
}

NUMBERS = {
    "phone": _l("resident's number"),
    "relative": _l("relative's number"),
    "order": _l("number of the order"),
    "call_back": _l("number to ring back"),
    "worker": _l("worker's number"),
}


@blueprint.app_template_filter("looked_for")
def looked_for(reason: str | None) -> str:
    """The reason of a row of the access log, as numbers.reveal, intake and the pages write it, in words."""
    reason = reason or ""
    if reason in PLACES:
        return str(PLACES[reason])
    if found := re.fullmatch(r"order (\d{8})", reason):
        return gettext("order %(number)s", number=naming.spoken(found[1]))
    if re.fullmatch(r"visit \d+", reason):
        return gettext("deciding about a visit")
    if re.fullmatch(r"door:\d+", reason):
        return gettext("going to the door: the worker's own page of the visit")
    if re.fullmatch(r"order:call:\d+", reason):
        return gettext("a new order during a call")
    if re.fullmatch(r"order:draft:\d+", reason):
        return gettext("finishing an order")
    if found := re.fullmatch(r"(\w+) \d+: (.*)", reason, re.DOTALL):
        what = NUMBERS.get(found[1])
        return gettext("%(what)s: %(why)s", what=what, why=found[2]) if what else reason
    return reason or naming.NOBODY
