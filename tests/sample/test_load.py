"""Loading: the drawn district is in the database, encrypted where it must be, and loading again harms nothing."""

from datetime import timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select, text

from app.catalogue import items
from app.core import clock, db, settings
from app.people import residents
from app.people.models import Relative, Resident, ResidentPhone, Staff
from app.places import areas
from app.places.models import Area, Landmark
from app.sample.commands import sample as command
from app.sample.draw import Options, Sample, cast_numbers, draw
from app.sample.load import is_empty, load, midnight
from app.workforce.models import Shift, Worker

SMALL = Options(subdistricts=2, communities=8, residents=60, workers=12, organisations=4)


@pytest.fixture
def drawn() -> Sample:
    return draw(SMALL, clock.now().astimezone(settings.current().zone).date())


@pytest.fixture
def counts(session, drawn) -> dict[str, int]:
    return load(session, drawn, midnight(settings.current().zone))


def count(session, model) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def test_everything_drawn_is_loaded(session, drawn, counts):
    assert counts["residents"] == count(session, Resident) == 60
    assert counts["workers"] == count(session, Worker) == 12
    assert counts["communities"] == 8 and count(session, Area) == 11
    assert count(session, ResidentPhone) == sum(len(one.phones) for one in drawn.residents)
    assert count(session, Relative) == sum(len(one.relatives) for one in drawn.residents)
    assert count(session, Shift) == counts["shifts"] == sum(len(one.shifts) for one in drawn.workers)
    assert count(session, Landmark) == 16
    assert len(items.orderable(session)) == 30


def test_rosa_is_found_by_her_landline_and_lives_in_her_community(session, counts):
    (rosa,) = residents.by_number(session, cast_numbers()["rosa"])
    assert (rosa.name, rosa.phones[0].kind) == ("罗莎", "landline")
    amir = session.get(Worker, rosa.usual_worker_id)
    assert amir.name_en == "Amir"
    assert areas.community_of(areas.communities(session), *rosa.place).id == rosa.community_id


def test_residents_are_found_as_agents_type(session, counts):
    for typed in ("shandeming", "shandemi", "shandemnig"):  # whole, half typed, misspelt
        assert [one.external_id for one in residents.search(session, typed)][:1] == ["R-SHAN"], typed


def test_every_resident_lies_in_the_stored_polygon_of_her_community(session, counts):
    communities = areas.communities(session)
    for resident in session.scalars(select(Resident)):
        assert areas.community_of(communities, *resident.place).id == resident.community_id


def test_amir_is_on_duty_now_and_tom_is_not(session, counts):
    now = clock.now()
    on_duty = (
        select(Worker.name_en).join(Shift).where(Shift.kind == "work", Shift.starts_at <= now, Shift.ends_at > now)
    )
    names = set(session.scalars(on_duty))
    assert {"Amir", "Lena"} <= names and "Tom" not in names


def test_what_is_sensitive_is_ciphertext_at_rest(session, counts):
    session.flush()
    row = session.execute(text("SELECT address, place, flags FROM resident WHERE external_id = 'R-ROSA'")).one()
    assert all(str(value).startswith("gAAAA") for value in row)
    number = session.execute(text("SELECT number FROM resident_phone LIMIT 1")).scalar_one()
    assert "+86" not in number


def test_passwords_are_hashed(session, counts):
    hashes = session.scalars(select(Staff.password_hash)).all()
    assert len(hashes) == 5 and all(one.startswith("$argon2id$") for one in hashes)


def test_loading_again_adds_nothing_but_a_new_fortnight(session, drawn, counts):
    clock.wind(timedelta(days=3))
    zone = settings.current().zone
    later = draw(SMALL, clock.now().astimezone(zone).date())
    again = load(session, later, midnight(zone))
    assert {kind: n for kind, n in again.items() if n} == {"shifts": again["shifts"]}
    amir = session.scalars(select(Worker).where(Worker.external_id == "W-AMIR")).one()
    days = session.scalars(select(Shift.starts_at).where(Shift.worker_id == amir.id)).all()
    assert len(days) == len(set(days)) == 3 + 14


def test_an_empty_database_is_known_as_such(session, drawn):
    assert is_empty(session)
    load(session, drawn, midnight(settings.current().zone))
    assert not is_empty(session)


def run(*arguments: str):
    sizes = ["--communities", "4", "--subdistricts", "2", "--residents", "5", "--workers", "4", "--organisations", "2"]
    return CliRunner().invoke(command, [*sizes, *arguments])


def test_the_command_fills_an_empty_database_once(database, tmp_path):
    first = run("--geojson", str(tmp_path / "map.json"))
    assert first.exit_code == 0 and "5 residents" in first.output and "agent1" in first.output
    assert (tmp_path / "map.json").read_text().startswith('{"type": "FeatureCollection"')
    refused = run()
    assert refused.exit_code == 1 and "holds data already" in refused.output
    assert run("--if-empty").exit_code == 0
    assert "0 residents" in run("--again").output
    with db.unit_of_work() as session:
        assert count(session, Resident) == 5


def test_production_refuses_made_up_people(database, monkeypatch):
    monkeypatch.setattr(settings, "current", lambda: settings.Settings.model_construct(app_env="production"))
    refused = run()
    assert refused.exit_code == 1 and "production" in refused.output


def test_the_map_alone_needs_no_database(tmp_path):
    assert run("--map-only", "--geojson", str(tmp_path / "map.json")).exit_code == 0
    assert run("--map-only").exit_code == 2
