"""One call step (signed webhook to TwiML, one transaction, flow state kept) beside a bare Flask route.

Both run in the same gunicorn worker in the same run, take the same signed form, and answer TwiML; the bare route only
checks the signature and answers a fixed document. CPU of the worker and of PostgreSQL are read from the kernel.

    doorline bench call-step --calls 400
"""

import secrets
import time
from dataclasses import dataclass

import httpx
from flask import Flask, Response, request
from sqlalchemy import select
from twilio.request_validator import RequestValidator

from app.core import db, settings, site
from app.hotline import seats
from app.people.models import Staff
from app.web.factory import create_app
from benchmarks import ground

STEPS = 1
"""Steps of each call that are measured: after the greeting an elder hears the menu. A later one may book a call-back.

The arrival before them, which looks people up, is not measured."""

FIXED = '<?xml version="1.0" encoding="UTF-8"?><Response><Say language="cmn-CN">您好</Say></Response>'


@dataclass(frozen=True)
class Figure:
    """requests: how many. seconds: real time. cpu: the worker's CPU seconds. database: PostgreSQL's."""

    requests: int
    seconds: float
    cpu: float
    database: float

    @property
    def cpu_ms(self) -> float:
        """The worker's CPU for one request, in milliseconds."""
        return 1000 * self.cpu / self.requests


def with_bare_route() -> Flask:
    """The product's application with the bare route beside it, for gunicorn."""
    product = create_app()
    bare = Flask("bare")
    token = settings.current().twilio_auth_token
    base = settings.current().public_base_url

    @bare.post("/bare")
    def answer() -> Response:
        url = base + request.full_path.removesuffix("?")
        if not RequestValidator(token).validate(url, request.form, request.headers.get("X-Twilio-Signature", "")):
            return Response(status=403)
        return Response(FIXED, mimetype="text/xml")

    handed_on = product.wsgi_app
    product.wsgi_app = lambda env, start: (bare if env["PATH_INFO"] == "/bare" else handed_on)(env, start)  # type: ignore[method-assign,assignment]
    return product


def measure(calls: int) -> tuple[Figure, Figure]:
    """(bare, ours), each over ``calls`` calls of STEPS steps."""
    figures: list[Figure] = []
    with ground.prepared() as prepared:
        server = (
            "gunicorn", "--config", "python:app.web.serving", "--no-control-socket", "--worker-class", "gthread",
            "--threads", "2", "--bind", "127.0.0.1:18080", "benchmarks.call_step:with_bare_route()",
        )  # fmt: skip
        with ground.process(*server, log=prepared.folder / "web.log") as web:
            ground.wait_for("http://127.0.0.1:18080/bare")
            _somebody_is_ready()
            postgres = prepared.stores.database
            assert postgres is not None
            with httpx.Client(base_url="http://127.0.0.1:18080") as client:
                for bare in (True, False):
                    _walk(client, 20, bare)
                    figures.append(_timed(client, calls, bare, web.pid, postgres.pid))
    return figures[0], figures[1]


def _somebody_is_ready() -> None:
    """Open at any hour, with an agent who is free, so that callers wait and listen."""
    with db.unit_of_work() as session:
        site.put(session, "opening_hours", {"from": "00:00", "to": "23:59:59"})
        agent = session.scalars(select(Staff).where(Staff.role == "agent")).first()
        assert agent is not None
        agent.number = "+8613900000001"
        seats.ready(session, agent.id, "phone")


def _timed(client: httpx.Client, calls: int, bare: bool, web: int, postgres: int) -> Figure:
    first = _arrived(client, calls, bare)
    cpu, database, began = ground.cpu_seconds(web), ground.cpu_seconds(postgres), time.perf_counter()
    _steps(client, first)
    return Figure(
        calls * STEPS,
        time.perf_counter() - began,
        ground.cpu_seconds(web) - cpu,
        ground.cpu_seconds(postgres) - database,
    )


def _walk(client: httpx.Client, calls: int, bare: bool) -> None:
    _steps(client, _arrived(client, calls, bare))


def _arrived(client: httpx.Client, calls: int, bare: bool) -> list[tuple[str, dict[str, str]]]:
    """(address of the first step, form) of so many new calls."""
    forms = [_form() for _ in range(calls)]
    if bare:
        return [("/bare?call=1&n=1", form) for form in forms]
    return [(_action(_post(client, "/carrier/voice", form)), form) for form in forms]


def _steps(client: httpx.Client, calls: list[tuple[str, dict[str, str]]]) -> None:
    for address, form in calls:
        for _ in range(STEPS):
            answer = _post(client, address, form)
            address = _action(answer) or address


def _form() -> dict[str, str]:
    return {
        "CallSid": f"CA{secrets.token_hex(16)}",
        "AccountSid": settings.current().twilio_account_sid,
        "From": "+8613900000000",
        "To": settings.current().hotline_number,
        "CallStatus": "in-progress",
    }


def _action(document: str) -> str:
    address = document.partition('action="')[2].partition('"')[0].replace("&amp;", "&")
    return address.partition("#")[0].removeprefix(settings.current().public_base_url)


def _post(client: httpx.Client, path: str, form: dict[str, str]) -> str:
    configured = settings.current()
    signature = RequestValidator(configured.twilio_auth_token).compute_signature(
        configured.public_base_url + path, form
    )
    answer = client.post(path, data=form, headers={"X-Twilio-Signature": signature})
    answer.raise_for_status()
    return answer.text


def report(bare: Figure, ours: Figure) -> list[str]:
    """The figures as lines."""
    rows = [("bare Flask route", bare), ("call step", ours)]
    lines = [f"{'':18}{'requests/s':>12}{'CPU ms':>10}{'PostgreSQL ms':>16}"]
    for name, figure in rows:
        rate, database = figure.requests / figure.seconds, 1000 * figure.database / figure.requests
        lines.append(f"{name:18}{rate:12.0f}{figure.cpu_ms:10.2f}{database:16.2f}")
    lines.append(f"the application's CPU is {ours.cpu_ms / bare.cpu_ms:.1f} times the bare route's (aim: at most 5)")
    return lines
