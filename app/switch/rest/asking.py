"""What all resources share: credentials, forms, date filters and paging."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from secrets import compare_digest
from typing import Any, TypeVar
from urllib.parse import urlencode

from aiohttp import encode_basic_auth, web
from multidict import MultiDictProxy

from app.switch.config import Config
from app.switch.exchange import Exchange
from app.switch.rest.errors import RestError
from app.switch.rest.shapes import Json

EXCHANGE = web.AppKey("exchange", Exchange)

PAGE_SIZE, PAGE_MOST = 50, 1000

Form = MultiDictProxy[Any]
T = TypeVar("T")


def exchange_of(request: web.Request) -> Exchange:
    """The switch that was asked."""
    return request.config_dict[EXCHANGE]


def authorised(request: web.Request) -> Exchange:
    """The switch, if the credentials and the account in the path are right.

    Raises RestError 20003 or 20404 (https://www.twilio.com/docs/usage/requests-to-twilio#credentials).
    """
    exchange = exchange_of(request)
    given = request.headers.get("Authorization", "").encode()
    right = [encode_basic_auth(user, password).encode() for user, password in exchange.config.credentials]
    # In constant time, so that nobody learns a token letter by letter.
    if not any([compare_digest(given, one) for one in right]):
        raise RestError(20003)
    if request.match_info["account"] != exchange.config.account:
        raise RestError(20404)
    return exchange


async def form(request: web.Request) -> Form:
    """The posted fields."""
    return await request.post()


def text(fields: Form, name: str, default: str = "") -> str:
    """One field."""
    return str(fields.get(name, default)).strip()


def flag(fields: Form, name: str) -> bool | None:
    """One field as true or false, None if it is not there."""
    return None if name not in fields else text(fields, name).lower() == "true"


@dataclass(frozen=True)
class Between:
    """A filter by time: since and before in epoch seconds."""

    since: float = float("-inf")
    before: float = float("inf")

    def fits(self, moment: float | None) -> bool:
        """Whether a moment lies in it; what has no moment does not, unless there is no bound."""
        if moment is None:
            return self == Between()
        return self.since <= moment < self.before


def between(query: Mapping[str, str], name: str) -> Between:
    """The filter of ``name``, ``name<`` and ``name>``: dates or date-times in UTC; a bare ``name`` is that whole day.

    Source: https://www.twilio.com/docs/messaging/api/message-resource#read-multiple-message-resources
    """
    since, before = float("-inf"), float("inf")
    if value := query.get(name):
        since, width = _moment(value)
        before = since + (width or 86_400)
    if value := query.get(f"{name}>"):
        since = _moment(value)[0]
    if value := query.get(f"{name}<"):
        start, width = _moment(value)
        before = start + width
    return Between(since, before)


def _moment(value: str) -> tuple[float, float]:
    """Epoch seconds, and the length of the day if only a date was given."""
    try:
        moment = datetime.fromisoformat(value)
    except ValueError as error:
        raise RestError(20001, value) from error
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return moment.timestamp(), timedelta(days=1).total_seconds() if len(value) <= 10 else 0.0


def page(
    request: web.Request, name: str, found: Sequence[T], shape: Callable[[T, Config], Json], config: Config
) -> web.Response:
    """One page of a list, with the addresses of its neighbours (https://www.twilio.com/docs/usage/twilios-response)."""
    size = min(max(_whole(request, "PageSize", PAGE_SIZE), 1), PAGE_MOST)
    number = _whole(request, "Page", 0)
    start = number * size
    shown = found[start : start + size]
    more = start + size < len(found)
    body = {
        name: [shape(one, config) for one in shown],
        "end": start + max(len(shown) - 1, 0),
        "first_page_uri": _page_uri(request, size, 0),
        "next_page_uri": _page_uri(request, size, number + 1) if more else None,
        "page": number,
        "page_size": size,
        "previous_page_uri": _page_uri(request, size, number - 1) if number else None,
        "start": start,
        "uri": str(request.rel_url),
    }
    return web.json_response(body)


def _page_uri(request: web.Request, size: int, number: int) -> str:
    kept: Iterable[tuple[str, str]] = [
        (key, value) for key, value in request.query.items() if key not in ("Page", "PageSize", "PageToken")
    ]
    return f"{request.path}?{urlencode([*kept, ('PageSize', size), ('Page', number), ('PageToken', f'PA{number}')])}"


def _whole(request: web.Request, name: str, default: int) -> int:
    value = request.query.get(name, "")
    return int(value) if value.isdigit() else default
