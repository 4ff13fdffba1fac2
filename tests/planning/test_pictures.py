"""The pictures are well-formed, hold every curve and every visit, and name what they show."""

import re
from xml.etree import ElementTree

from benchmarks.planning import days, made_up, pictures, simple

SVG = "{http://www.w3.org/2000/svg}"


def test_each_search_is_a_curve_that_ends_at_its_last_gain() -> None:
    traces = {"50 patients": ([(0.1, 150.0), (1.0, 99.0)], 100.0), "75 patients": ([(0.2, 110.0)], 100.0)}
    drawing = pictures.convergence(traces, 2.0)
    texts = [text.text for text in ElementTree.fromstring(drawing).iter(f"{SVG}text")]
    assert "50 patients: -1.00 %" in texts and "75 patients: +10.00 %" in texts
    assert "0" in texts and "2 s" in texts


def test_every_visit_is_on_the_map_with_a_ring_if_nobody_does_it() -> None:
    day = made_up.day(visits=30, workers=2, seed=1)
    plan = days.plan(day, simple.nearest_free(day))
    done = sum(len(route["stops"]) for route in plan["routes"])
    drawing = pictures.route_map(day, plan)
    circles = list(ElementTree.fromstring(drawing).iter(f"{SVG}circle"))
    assert [circle.get("fill") == "none" for circle in circles].count(True) == 30 - done > 0
    assert len(circles) == 30
    assert re.search(rf"{done} of 30 visits by 2 workers", drawing)
