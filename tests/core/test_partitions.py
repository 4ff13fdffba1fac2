"""Months of the tables that grow without end."""

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine, text

from app.core import partitions
from tests.databases import Database

DAYS = st.dates(date(2020, 1, 1), date(2090, 1, 1))


@given(DAYS, st.integers(1, 40))
def test_months_follow_each_other_without_a_gap(first: date, count: int) -> None:
    found = partitions.months(first, count)
    assert len(found) == count
    assert found[0][0] == first.replace(day=1)
    for (_, end), (start, _) in pairwise(found):
        assert end == start
    assert all(start.day == end.day == 1 and timedelta(27) < end - start < timedelta(32) for start, end in found)


def test_making_months_again_does_no_harm(database: Database) -> None:
    engine = create_engine(database.owner_url)
    with engine.begin() as connection:
        for _ in range(2):
            partitions.make(connection, date(2040, 1, 15), count=2)
        made = connection.scalars(
            text("SELECT relname FROM pg_class WHERE relname LIKE 'history_2040_%' AND relkind='r'")
        )
        assert sorted(made) == ["history_2040_01", "history_2040_02"]
        allowed = connection.scalar(text("SELECT has_table_privilege('doorline_app', 'history_2040_01', 'DELETE')"))
        assert allowed is False
        for table in partitions.TABLES:
            connection.execute(text(f"DROP TABLE {table}_2040_01, {table}_2040_02"))
    engine.dispose()
