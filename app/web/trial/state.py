"""An order's whole state as JSON, for the demo's last line and for whoever wants to look from outside."""

from datetime import datetime
from typing import Any

from flask import Response, jsonify, request
from flask_babel import refresh
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import db
from app.core.errors import NotFound
from app.hotline.models import Call
from app.messages.models import Message
from app.orders import listing, timeline
from app.orders.models import ServiceOrder
from app.quality.models import FollowUp
from app.visits.models import Visit
from app.web import i18n
from app.web.console import telling
from app.web.trial.blueprint import blueprint


@blueprint.get("/state")
def state() -> Response:
    """call, order, visit, messages, follow_up with ids, states, times (ISO 8601, UTC); timeline in both languages."""
    with db.unit_of_work() as session:
        order = listing.by_number(session, request.args.get("order", ""))
        if order is None:
            raise NotFound("order.unknown")
        return jsonify(_state(session, order))


def _state(session: Session, order: ServiceOrder) -> dict[str, Any]:
    call = session.get(Call, order.call_id) if order.call_id else None
    visit = session.scalars(select(Visit).where(Visit.order_id == order.id).order_by(Visit.id.desc())).first()
    follow_up = session.scalars(select(FollowUp).where(FollowUp.order_id == order.id)).first()
    messages = session.scalars(select(Message).where(Message.order_id == order.id).order_by(Message.id)).all()
    return {
        "call": _row(call, "status", "started_at", "ended_at"),
        "order": {"number": order.number} | _row(order, "state", "opened_at", "responded_at", "resolved_at"),
        "visit": _row(visit, "state", "accepted_at", "arrived_at", "started_at", "ended_at"),
        "messages": [_row(row, "template", "kind", "state", "created_at", "sent_at") for row in messages],
        "follow_up": _row(follow_up, "state", "grade", "answered_at"),
        "timeline": _timeline(session, order, visit),
    }


def _row(row: Any, *names: str) -> dict[str, Any]:
    if row is None:
        return {}
    values = {name: getattr(row, name) for name in names}
    return {"id": row.id} | {n: v.isoformat() if isinstance(v, datetime) else v for n, v in values.items()}


def _timeline(session: Session, order: ServiceOrder, visit: Visit | None) -> list[dict[str, str]]:
    entries = timeline.assemble(session, order)
    whose = {("visit", visit.id): visit.worker_id} if visit is not None and visit.worker_id else {}
    told = {}
    for language in i18n.LOCALES:
        i18n.use(language)
        refresh()
        told[language] = telling.lines(entries, whose)
    return [
        {"at": zh.at.isoformat(), "kind": zh.kind, "zh-CN": zh.text, "en": en.text}
        for zh, en in zip(told["zh-CN"], told["en"], strict=True)
        if not zh.quiet
    ]
