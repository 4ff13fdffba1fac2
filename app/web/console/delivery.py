"""Why a message did not reach somebody, in words; a rare code of the carrier is shown as it is, to be looked up."""

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from app.web.console.blueprint import blueprint

WHY = {
    "not_reached": _l("nobody heard it"),
    "voicemail": _l("an answering machine took it"),
    "machine": _l("an answering machine took it"),
    "busy": _l("the line was busy"),
    "no-answer": _l("nobody answered"),
    "failed": _l("no connection"),
    "canceled": _l("called off before anybody answered"),
    "21610": _l("this number said STOP"),
    "21211": _l("no such number"),
    "21214": _l("this number can't be reached"),
    "21217": _l("no such number"),
    "21612": _l("no way to this number"),
    "21614": _l("takes no texts"),
    "30003": _l("the phone was off or out of reach"),
    "30005": _l("no such number"),
    "30006": _l("takes no texts"),
    "30007": _l("filtered by the network"),
    "30008": _l("the network gave no reason"),
}
"""Call states, what a call flow reports, and the carrier's codes of app/gateways/carrier_errors.yaml."""


@blueprint.app_template_filter("delivery_error")
def delivery_error(code: str) -> str:
    """The words for ``Message.error``."""
    known = WHY.get(code)
    return str(known) if known is not None else gettext("carrier's code %(code)s", code=code)
