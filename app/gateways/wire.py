"""The wire to the carrier: the SDK's HTTP client aimed where we want it, and what it raises in our own words."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from requests import exceptions as http
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from urllib3.exceptions import NewConnectionError

from app.core import clock
from app.gateways import errors


def time_out() -> float:
    """Longest real time, in seconds, that a request may take; short where the carrier is our own switch next door."""
    return 3.0 if clock.is_adjustable() else 10.0


class Wire(TwilioHttpClient):
    """The SDK's HTTP client, aimed at whichever carrier is configured, with a time-out."""

    def __init__(self, base_url: str) -> None:
        super().__init__(timeout=time_out())
        self._base = urlsplit(base_url)

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Response:
        return super().request(method, self._aim(url), *args, **kwargs)

    def fetch(self, url: str, auth: tuple[str, str]) -> bytes:
        """What lies at ``url``, which the SDK could only read as text."""
        answer = self.session.get(self._aim(url), auth=auth, timeout=time_out())
        if answer.status_code != 200:
            raise errors.from_code(None, answer.status_code)
        return bytes(answer.content)

    def _aim(self, url: str) -> str:
        return urlunsplit(urlsplit(url)._replace(scheme=self._base.scheme, netloc=self._base.netloc))


@contextmanager
def told_apart() -> Iterator[None]:
    """Turn what the SDK and the network raise into our own errors."""
    try:
        yield
    except TwilioRestException as error:
        raise errors.from_code(error.code, error.status) from error
    except http.ConnectTimeout as error:
        raise errors.Passing("unreachable") from error
    except http.ConnectionError as error:
        raise _from_connection(error) from error
    except (http.RequestException, TwilioException) as error:
        raise errors.Unclear("no_answer") from error


def _from_connection(error: http.ConnectionError) -> errors.GatewayError:
    reason = getattr(error.args[0] if error.args else None, "reason", None)
    if isinstance(reason, NewConnectionError):
        return errors.Passing("unreachable")
    return errors.Unclear("no_answer")


@contextmanager
def already_gone() -> Iterator[None]:
    """Ending what has ended is no error."""
    try:
        yield
    except errors.Permanent as error:
        if not isinstance(error, errors.CallOver) and error.code != "20404":
            raise
