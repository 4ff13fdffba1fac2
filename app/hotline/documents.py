"""Flow documents by content hash: a call in progress stays on the document it began with."""

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.core import clock
from app.hotline.models import FlowDocument
from ivr_flows import loader


def current(session: Session, name: str) -> str:
    """Digest of the flow ``name`` as shipped; stored in the database at its first use."""
    document = loader.document(name)
    digest = loader.digest(document)
    if session.scalar(select(FlowDocument.digest).where(FlowDocument.digest == digest)) is None:
        row = insert(FlowDocument).values(digest=digest, name=name, document=document, stored_at=clock.now())
        session.execute(row.on_conflict_do_nothing(index_elements=["digest"]))
    return digest


def flow(session: Session, digest: str) -> loader.Flow:
    """The flow that a call began with, whatever is shipped now."""
    known = loader.known(digest)
    return known if known is not None else loader.load(session.get_one(FlowDocument, digest).document)
