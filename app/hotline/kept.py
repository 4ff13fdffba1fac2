"""What the caller has said and keyed so far, taken out of the flow's state: kept whatever becomes of the call."""

from sqlalchemy.orm import Session

from app.core import clock
from app.hotline.models import Call, Recording
from ivr_flows.state import State


def words(state: State) -> str:
    """All that was said in words, a line each."""
    return "\n".join(entry["value"] for entry in state.kept if entry["kind"] == "speech" and entry["value"])


def keys(state: State) -> str:
    """All that was keyed, apart by blanks."""
    return " ".join(entry["value"] for entry in state.kept if entry["kind"] == "keys")


def recordings(session: Session, call: Call, state: State) -> list[Recording]:
    """The caller's recordings as rows, made once each."""
    rows = []
    for entry in state.kept:
        if entry["kind"] != "recording" or not entry.get("seconds"):
            continue
        row = session.query(Recording).filter_by(ref=entry["value"]).one_or_none()
        if row is None:
            row = Recording(call_id=call.id, ref=entry["value"], seconds=int(entry["seconds"]), at=clock.now())
            session.add(row)
            session.flush()
        rows.append(row)
    return rows


def anything(state: State) -> bool:
    """Whether the caller left words or a recording from which an order could be made."""
    return any(entry["kind"] in ("speech", "recording") for entry in state.kept)
