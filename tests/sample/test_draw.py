"""The drawing: same seed, same district; addresses on streets; a cast that never changes."""

from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from itertools import combinations
from zoneinfo import ZoneInfo

import phonenumbers
import pytest
from shapely import STRtree
from shapely.geometry import LineString, Point, Polygon, box, shape

from app.sample.draw import Options, Sample, cast_numbers, draw
from app.sample.geojson import map_of, polygon
from app.sample.plane import ORIGIN, Box, degrees, line_on_map

TUESDAY = date(2026, 11, 24)
WHOLE = Options()
SMALL = Options(subdistricts=3, communities=12, residents=90, workers=14, organisations=5)
METRE = 1 / 111_195
SAME_LINE = 2.5 * METRE
"""A bent street is drawn in straight pieces, which run up to two metres beside the bend."""


@cache
def sample(options: Options = WHOLE) -> Sample:
    return draw(options, TUESDAY)


def features(drawn: Sample, kind: str) -> list[dict]:
    return [one for one in map_of(drawn.town)["features"] if one["properties"]["kind"] == kind]


def test_sizes_are_as_the_defaults_promise():
    drawn = sample()
    services = [item for item in drawn.items if item.parent]
    sizes = [len(x) for x in (drawn.town.subdistricts, drawn.town.communities, drawn.residents, drawn.workers)]
    assert [*sizes, len(drawn.organisations), len(services)] == [8, 150, 2000, 60, 12, 30]


def test_same_seed_draws_the_same_district_and_another_seed_another():
    assert draw(SMALL, TUESDAY) == draw(SMALL, TUESDAY)
    other = draw(replace(SMALL, seed=2), TUESDAY)
    assert [one.name for one in other.residents[3:]] != [one.name for one in sample(SMALL).residents[3:]]
    assert map_of(other.town) != map_of(sample(SMALL).town)


@pytest.mark.parametrize("options", [WHOLE, SMALL, replace(SMALL, seed=7), replace(SMALL, subdistricts=1)])
def test_every_address_lies_on_a_street_inside_its_community(options):
    drawn = sample(options)
    streets = [shape(one["geometry"]) for one in features(drawn, "street")]
    tree = STRtree(streets)
    areas = {one["properties"]["code"]: shape(one["geometry"]) for one in features(drawn, "community")}
    homes = [one.address for one in drawn.residents] + [one.home for one in drawn.workers]
    for home in homes:
        latitude, longitude = home.place
        at = Point(longitude, latitude)
        assert areas[home.community.code].contains(at)
        if not home.approximate:
            street = streets[tree.nearest(at)]
            assert street.distance(at) < SAME_LINE
            assert any(lane.name.zh in home.zh for lane in home.community.lanes)


def test_an_address_off_the_streets_would_be_noticed():
    drawn = sample(SMALL)
    streets = STRtree([shape(one["geometry"]) for one in features(drawn, "street")])
    block = shape(features(drawn, "block")[0]["geometry"]).centroid
    assert streets.geometries[streets.nearest(block)].distance(block) > SAME_LINE


def test_the_street_in_an_address_is_the_street_it_lies_on():
    for resident in sample(SMALL).residents:
        if resident.address.approximate:
            continue
        latitude, longitude = resident.address.place
        lane = next(one for one in resident.address.community.lanes if one.name.zh in resident.address.zh)
        assert LineString(line_on_map(lane.line)).distance(Point(longitude, latitude)) < SAME_LINE


def test_approximate_residents_stand_at_the_centre_of_their_community():
    vague = [one.address for one in sample().residents if one.address.approximate]
    assert 20 < len(vague) < 200
    for address in vague:
        longitude, latitude = degrees(address.community.box.middle)
        assert address.place == [latitude, longitude]


def test_areas_nest_and_do_not_overlap_and_keep_off_the_river():
    town = sample().town
    sheet = {one.code: box(*vars(one.box).values()) for one in [*town.subdistricts, *town.communities]}
    river = box(town.river.left, town.river.bottom, town.river.right, town.river.top)
    for community in town.communities:
        inside = sheet[community.code]
        assert sheet[community.subdistrict.code].buffer(1e-6).contains(inside)
        assert not inside.intersects(river)
    for one, other in combinations(town.communities, 2):
        assert sheet[one.code].intersection(sheet[other.code]).area < 1e-3


def test_lanes_and_blocks_lie_inside_their_community():
    for community in sample().town.communities:
        inside = box(*vars(community.box).values())
        assert all(inside.covers(LineString(lane.line)) for lane in community.lanes)
        assert all(inside.covers(Polygon(block.box.ring())) for block in community.blocks)


def test_the_map_is_valid_and_bends_without_folding():
    drawn = sample()
    for one in map_of(drawn.town)["features"]:
        geometry = shape(one["geometry"])
        assert geometry.is_valid and not geometry.is_empty
    for one in drawn.town.communities:
        assert shape(polygon(one.box)).contains(Point(degrees(one.box.middle)))


def test_the_sheet_lies_at_its_origin_in_metres():
    one, other = degrees((0, 0)), degrees((0, 1000))
    assert abs(one[1] - ORIGIN[0]) < 0.01 and abs(one[0] - ORIGIN[1]) < 0.01
    assert 0.8 < (other[1] - one[1]) * 111.195 < 1.2


def test_cutting_a_box_loses_nothing():
    first, second, line = Box(0, 0, 10, 4).cut(0.3)
    assert (first.width, second.width, line) == (3, 7, ((3, 0), (3, 4)))
    assert Box(0, 0, 4, 10).cut(0.5)[0].height == 5


def test_no_two_areas_or_streets_of_a_kind_share_a_name():
    town = sample().town
    assert len({one.name.zh for one in town.communities}) == 150
    lanes = [lane.name.zh for one in town.communities for lane in one.lanes]
    assert len(set(lanes)) == len(lanes)


def test_a_very_large_district_still_finds_names():
    large = draw(Options(communities=600, residents=10, workers=5), TUESDAY)
    lanes = [lane.name.zh for one in large.town.communities for lane in one.lanes]
    assert len(set(lanes)) == len(lanes)


def test_impossible_sizes_are_refused():
    with pytest.raises(ValueError, match="at least one community"):
        draw(replace(SMALL, communities=2), TUESDAY)


def test_the_cast_is_the_same_in_every_sample():
    for options in (WHOLE, SMALL, replace(SMALL, seed=99, residents=0, workers=0)):
        drawn = sample(options)
        rosa, shan, grace = drawn.residents[:3]
        assert (rosa.name.zh, rosa.phones) == ("罗莎", ["+862155500001"])
        assert (shan.name.zh, shan.phones) == ("单德明", ["+8613800130002"])
        assert grace.language == "en"
        assert [one.name.en for one in drawn.workers[:3]] == ["Amir", "Lena", "Tom"]
        assert [one.username for one in drawn.staff] == ["agent1", "agent2", "dispatcher", "supervisor", "admin"]
        assert rosa.usual_worker == "W-AMIR"


def test_the_cast_numbers_are_known_by_name():
    numbers = cast_numbers()
    assert numbers["rosa"] == "+862155500001" and numbers["amir"] == "+8613800130021"
    assert "eve" in numbers
    everyone = [number for one in sample().residents for number in one.phones]
    assert numbers["eve"] not in everyone


def test_amir_and_lena_are_on_duty_every_day_and_tom_never():
    amir, lena, tom = sample().workers[:3]
    days = {span.starts_at.date() for span in amir.shifts}
    assert days == {TUESDAY + timedelta(days=n) for n in range(14)}
    assert len(lena.shifts) == 14
    assert tom.shifts == []


def test_only_the_cast_lives_close_to_rosa():
    drawn = sample()
    rosa = drawn.residents[0].address.spot
    near = [one.cast for one in drawn.workers if Point(rosa).distance(Point(one.home.spot)) < 690]
    assert set(near) == {"amir", "tom"}


def test_every_number_is_valid_and_belongs_where_it_should():
    drawn = sample()
    numbers = [number for one in drawn.residents for number in one.phones] + [one.number for one in drawn.workers]
    numbers += list(drawn.offices.values()) + [one.phone for one in drawn.organisations]
    assert all(phonenumbers.is_valid_number(phonenumbers.parse(number)) for number in numbers)
    workers = [one.number for one in drawn.workers]
    assert len(set(workers)) == len(workers)
    assert len(set(drawn.offices.values())) == 159


def test_phones_are_shared_and_people_have_several():
    drawn = sample()
    owners: dict[str, set[str]] = {}
    for one in drawn.residents:
        for number in one.phones:
            owners.setdefault(number, set()).add(one.external_id)
    assert sum(len(ids) > 1 for ids in owners.values()) > 100
    assert sum(len(one.phones) > 1 for one in drawn.residents) > 300
    assert all(one.phones for one in drawn.residents)


def test_the_hard_of_hearing_talk_to_people_only():
    deaf = [one for one in sample().residents if "hard_of_hearing" in one.flags]
    assert len(deaf) > 100
    assert all("people_only" in one.flags for one in deaf)


def test_polyphonic_surnames_are_read_as_surnames():
    read = {one.name.zh[0]: one.name.en.split()[0] for one in sample().residents if one.language == "zh-CN"}
    expected = {"单": ("Shan", "Mr"), "仇": ("Qiu",), "解": ("Xie",), "曾": ("Zeng",), "查": ("Zha",)}
    assert all(read[surname] in readings for surname, readings in expected.items())


def test_shifts_are_local_hours_with_the_break_inside():
    zone = ZoneInfo("Asia/Shanghai")
    for worker in sample().workers[3:]:
        work = [span for span in worker.shifts if span.kind == "work"]
        assert work and all(6 <= span.starts_at.astimezone(zone).hour <= 20 for span in worker.shifts)
        for pause in (span for span in worker.shifts if span.kind == "break"):
            assert any(span.starts_at < pause.starts_at < pause.ends_at < span.ends_at for span in work)


def test_every_service_has_somebody_on_duty_today_who_can_do_it():
    drawn = sample()
    needed = {item.skill for item in drawn.items if item.parent}
    on_duty = [one for one in drawn.workers if any(span.starts_at.date() == TUESDAY for span in one.shifts)]
    able = {skill for one in on_duty for skill in one.skills}
    assert needed <= able


def test_service_clocks_follow_the_hotline_rules():
    by_code = {item.code: item for item in sample().items}
    assert (by_code["CARE-03"].offer_seconds, by_code["CARE-03"].resolution_seconds) == (7200, 7 * 86400)
    assert (by_code["HOME-04"].offer_seconds, by_code["HOME-04"].resolution_seconds) == (900, 86400)
    assert by_code["RIGHT-01"].resolution_seconds == 15 * 86400
    assert all(item.skill for item in by_code.values() if item.parent)
    assert all(item.parent is None or item.parent in by_code for item in by_code.values())


def test_one_licence_has_lapsed_and_the_others_hold():
    lapsed = [one for one in sample().organisations if one.licence_until < TUESDAY]
    assert len(lapsed) == 1


def test_usual_workers_can_do_the_usual_service():
    drawn = sample()
    skills = {one.external_id: one.skills for one in drawn.workers}
    needs = {item.code: item.skill for item in drawn.items}
    chosen = [one for one in drawn.residents if one.usual_worker and one.usual_item]
    assert len(chosen) > 300
    assert all(needs[one.usual_item] in skills[one.usual_worker] for one in chosen)
