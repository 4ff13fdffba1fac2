"""Residents: who they are, by which phones they and their relatives are reached, and what each phone may hear."""

from functools import cache
from importlib.resources import files
from typing import Any

import yaml
from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from app.core import clock, crypto, moves, phones
from app.core.errors import BadInput, NotFound
from app.people import access, finding, forms, names, rules
from app.people.models import Relative, Resident, ResidentPhone
from app.places import addresses
from app.places.models import Area


def get(session: Session, resident_id: int, by: str, reason: str) -> Resident:
    """The whole file of a resident, for somebody who looks at it: the look is logged.

    by: "staff:7". reason: why he looks. Raises NotFound("resident.unknown").
    """
    resident = session.get(Resident, resident_id)
    if resident is None:
        raise NotFound("resident.unknown", id=resident_id)
    access.log(session, by, "file", resident_id, reason)
    return resident


def by_number(session: Session, e164: str) -> list[Resident]:
    """Everybody who has this phone (E.164), whoever has it as his first phone before the others."""
    rows = (
        select(Resident)
        .join(ResidentPhone)
        .where(ResidentPhone.number_hash == crypto.keyed_hash(e164))
        .order_by(ResidentPhone.rank, Resident.id)
        .options(selectinload(Resident.phones), selectinload(Resident.relatives))
    )
    return list(session.scalars(rows).unique())


def relatives_by_number(session: Session, e164: str) -> list[Relative]:
    """Everybody known as somebody's relative or neighbour under this phone (E.164), consented or not."""
    rows = select(Relative).where(Relative.number_hash == crypto.keyed_hash(e164)).order_by(Relative.id)
    return list(session.scalars(rows.options(selectinload(Relative.resident))))


def search(session: Session, text: str, limit: int = 20) -> list[Resident]:
    """Residents who fit what an agent typed, best first.

    text: a phone in any spelling, its last four digits, a name, its tone-less pinyin, initials, or something close;
    phones of relatives lead to the resident too.
    """
    ids = finding.find(session, text, limit)
    if not ids:
        return []
    loads = (selectinload(Resident.phones), selectinload(Resident.relatives))
    found = {row.id: row for row in session.scalars(select(Resident).where(Resident.id.in_(ids)).options(*loads))}
    return [found[key] for key in ids]


def create(session: Session, values: forms.Values, by: str) -> Resident:
    """Open a file. Without a place, a landmark in the address or the community's centre stands in, marked approximate.

    values: see forms.resident. Raises BadInput("resident.wrong", problems=[…]).
    """
    checked = forms.resident(values, new=True)
    area = _community(session, checked["community_id"])
    if "place" not in checked:
        found = addresses.locate(session, area.id, checked["address"])
        checked |= {"place": found.place, "approximate": found.approximate}
    resident = Resident(created_at=clock.now())
    _apply(resident, checked)
    session.add(resident)
    moves.record(session, resident, "created", by)
    return resident


def update(session: Session, resident: Resident, values: forms.Values, by: str) -> Resident:
    """Change what ``values`` names; the history keeps the names of the fields, never what stood there.

    Raises BadInput("resident.wrong", problems=[…]).
    """
    checked = forms.resident(values, new=False)
    if "community_id" in checked:
        _community(session, checked["community_id"])
    _apply(resident, checked)
    moves.record(session, resident, "changed", by, fields=sorted(checked))
    return resident


def consent(session: Session, relative: Relative, by: str, call_id: int | None = None) -> None:
    """The resident allowed, in call ``call_id``, that this relative hears about orders."""
    relative.consented_at = clock.now()
    relative.consent_call_id = call_id
    moves.record(session, relative.resident, "consented", by, relative_id=relative.id, call_id=call_id)


def withdraw_consent(session: Session, relative: Relative, by: str) -> None:
    """The resident took the permission back."""
    relative.consented_at = None
    relative.consent_call_id = None
    moves.record(session, relative.resident, "consent_withdrawn", by, relative_id=relative.id)


def may_hear(session: Session, resident: Resident, e164: str, what: str) -> bool:
    """Whether the phone ``e164`` may be told ``what`` about ``resident`` (see rules.may_hear)."""
    number = crypto.keyed_hash(e164)
    holders = set(session.scalars(select(ResidentPhone.resident_id).where(ResidentPhone.number_hash == number)))
    consented = session.scalar(
        select(func.count()).where(
            Relative.resident_id == resident.id, Relative.number_hash == number, Relative.consented_at.is_not(None)
        )
    )
    own = resident.id in holders
    return rules.may_hear(what, own=own, shared=len(holders) > 1, consented=bool(consented))


def notified_relatives(resident: Resident) -> list[Relative]:
    """The relatives who get the notices accepted, done and missed."""
    return [relative for relative in resident.relatives if relative.consented_at is not None]


def speakable(resident: Resident, language: str) -> str:
    """The name in a few syllables, as a worker or a machine says it: 单先生, Mr Shan; a Latin name as it is."""
    latin = resident.name.isascii()
    family, given = names.pinyin_of(resident.name)
    form = _address_forms()[language]["latin" if latin else resident.gender or "unknown"]
    return form.format(
        name=resident.name,
        surname=names.surname_of(resident.name),
        romanised=family,
        romanised_name=f"{family} {given}".strip(),
    )


@cache
def _address_forms() -> dict[str, dict[str, str]]:
    forms_of_address: dict[str, dict[str, str]] = yaml.safe_load(
        (files("app.people") / "address_forms.yaml").read_text(encoding="utf-8")
    )
    return forms_of_address


def _community(session: Session, area_id: int) -> Area:
    area = session.get(Area, area_id)
    if area is None or area.level != "community":
        problem = {"field": "community_id", "code": "community.unknown", "given": area_id}
        raise BadInput("resident.wrong", problems=[problem])
    return area


def _apply(resident: Resident, checked: dict[str, Any]) -> None:
    values = dict(checked)
    numbers = values.pop("phones", None)
    relatives = values.pop("relatives", None)
    for field, value in values.items():
        setattr(resident, field, value)
    if numbers is not None:
        known = {phone.number: phone for phone in resident.phones}
        resident.phones = [_phone(known.get(phone.e164), phone, rank) for rank, phone in enumerate(numbers)]
    if relatives is not None:
        family = {relative.number: relative for relative in resident.relatives}
        resident.relatives = [_relative(family.get(one["phone"].e164), one) for one in relatives]


def _phone(row: ResidentPhone | None, phone: phones.Phone, rank: int) -> ResidentPhone:
    row = row or ResidentPhone(**hashed(phone))
    row.rank = rank
    return row


def _relative(row: Relative | None, values: dict[str, Any]) -> Relative:
    row = row or Relative(**hashed(values["phone"]))
    row.name, row.relation, row.language = values["name"], values["relation"], values["language"]
    if not values["consented"]:
        row.consented_at = None
    elif row.consented_at is None:
        row.consented_at = clock.now()
    row.consent_call_id = values["consent_call_id"] or row.consent_call_id if values["consented"] else None
    return row


def hashed(phone: phones.Phone) -> dict[str, str]:
    """The columns that keep a phone: the number itself (encrypted), its two search hashes, its kind."""
    return {
        "number": phone.e164,
        "number_hash": crypto.keyed_hash(phone.e164),
        "last4_hash": crypto.keyed_hash(phones.last_four(phone.e164)),
        "kind": phone.kind,
    }
