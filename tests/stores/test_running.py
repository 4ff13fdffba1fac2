"""The stores start for anybody, keep their data, leave no orphan, and say in a sentence what stops them."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from redis import Redis

from app import stores
from app.stores import StoresError, errors, launch, postgres, start

NAMED = {"DATABASE_URL": "postgresql://app@db/d", "OWNER_DATABASE_URL": "postgresql://o@db/d", "REDIS_URL": "redis://q"}


PRODUCTION = {"APP_ENV": "production"}


@pytest.fixture
def folder(server_folder: Path) -> Path:
    return server_folder


def test_what_is_configured_elsewhere_is_left_alone(folder: Path) -> None:
    with stores.running(folder, environ=NAMED) as running:
        assert (running.database_url, running.redis_url) == (NAMED["DATABASE_URL"], NAMED["REDIS_URL"])
        assert running.owner_database_url == NAMED["OWNER_DATABASE_URL"]
    assert not folder.exists()


def test_one_configured_store_leaves_the_other_to_us(folder: Path) -> None:
    with stores.running(folder, environ={"DATABASE_URL": "postgresql://o@db/d"}) as running:
        assert running.owner_database_url == running.database_url == "postgresql://o@db/d"
        assert Redis.from_url(running.redis_url).ping()


def test_production_brings_its_own_servers(folder: Path) -> None:
    with pytest.raises(StoresError, match="set DATABASE_URL"), stores.running(folder, environ=PRODUCTION):
        pass


def test_rows_outlive_a_stop_and_a_power_cut(folder: Path) -> None:
    told: list[str] = []
    with stores.running(folder, environ={}, tell=told.append) as running:
        with psycopg.connect(running.owner_database_url) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 1 AS one")
        assert running.database
        running.database.kill()
    with stores.running(folder, environ={}, tell=told.append) as running:
        assert _rows(running.owner_database_url, "SELECT one FROM kept") == [(1,)]
    assert told == ["stores.create", "stores.queue", "stores.database", "stores.queue"]


def _rows(url: str, query: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url) as connection:
        return connection.execute(query).fetchall()


def test_a_stopped_server_can_be_started_again(folder: Path) -> None:
    with stores.running(folder, environ={}, hasty=True) as running:
        assert running.database and running.queue
        for server in (running.database, running.queue):
            server.stop()
            server.start()
        psycopg.connect(running.database_url).close()
        assert Redis.from_url(running.redis_url).ping()


def test_roles_are_two_and_neither_is_almighty(folder: Path) -> None:
    with stores.running(folder, environ={}, hasty=True) as running:
        for url, role in ((running.database_url, "doorline_app"), (running.owner_database_url, "doorline_owner")):
            query = "SELECT current_user, rolsuper FROM pg_roles WHERE rolname = current_user"
            assert _rows(url, query) == [(role, False)]


def test_chinese_is_compared_sign_by_sign(folder: Path) -> None:
    with stores.running(folder, environ={}, hasty=True) as running:
        assert _rows(running.database_url, "SELECT similarity('福州路', '福州路 12 号') > 0") == [(True,)]


def test_nobody_else_can_reach_the_sockets(folder: Path) -> None:
    with stores.running(folder, environ={}, hasty=True):
        assert (folder / "run").stat().st_mode & 0o777 == 0o700
        assert (folder / "data").stat().st_mode & 0o777 == 0o700


def test_a_second_one_over_the_same_folder_is_refused(folder: Path) -> None:
    first, second = (stores.running(folder, environ={}, hasty=True) for _ in range(2))
    with first, pytest.raises(StoresError, match=rf"process {os.getpid()}"), second:
        pass


def test_a_killed_starter_leaves_no_orphan_and_the_next_one_takes_over(folder: Path) -> None:
    script = (
        "import sys, time; from pathlib import Path; from app import stores\n"
        "with stores.running(Path(sys.argv[1]), environ={}) as s:\n"
        "    print(s.database.pid, s.queue.pid, flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", script, folder], stdout=subprocess.PIPE, text=True) as starter:
        assert starter.stdout
        pids = [int(word) for word in starter.stdout.readline().split()]
        starter.send_signal(signal.SIGKILL)
    with stores.running(folder, environ={}) as running:
        psycopg.connect(running.database_url).close()
        assert len(pids) == 2 and not [pid for pid in pids if _comes_from(pid, folder)]


def _comes_from(pid: int, folder: Path) -> bool:
    """Whether ``pid`` still runs over ``folder`` a moment later."""
    end = time.monotonic() + 5
    while time.monotonic() < end:
        try:
            if str(folder).encode() not in Path(f"/proc/{pid}/cmdline").read_bytes():
                return False
        except OSError:
            return False
        time.sleep(0.05)
    return True


def test_an_interrupted_making_is_begun_anew(folder: Path) -> None:
    (folder / "data.new").mkdir(parents=True)
    (folder / "data.new" / "PG_VERSION").write_text("18\n")
    with stores.running(folder, environ={}, hasty=True) as running:
        psycopg.connect(running.database_url).close()


def test_data_of_another_version_are_not_touched(folder: Path) -> None:
    (folder / "data").mkdir(parents=True)
    (folder / "data" / "PG_VERSION").write_text("14\n")
    with pytest.raises(StoresError, match="written by PostgreSQL 14"), stores.running(folder, environ={}):
        pass


def test_a_full_disk_is_said(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(start, "FRESH_MEGABYTES", 10**9)
    with pytest.raises(StoresError, match=r"disk of .* is full"), stores.running(folder, environ={}):
        pass


def test_a_place_that_can_not_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoresError, match="may not write"), stores.running(tmp_path / "file" / "stores", environ={}):
        pass


def test_a_server_that_dies_at_once_gives_its_last_words(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(postgres.SETTINGS, "max_connections", "many")
    with pytest.raises(StoresError, match=r"stopped at once.*max_connections"), stores.running(folder, environ={}):
        pass


def test_a_machine_without_servers_is_said(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.stores.programs._runs", lambda program: False)
    with pytest.raises(StoresError, match="Install PostgreSQL 15"), stores.running(folder, environ={}):
        pass


def test_long_paths_do_not_reach_the_sockets_limit(tmp_path: Path) -> None:
    with stores.running(tmp_path / ("long" * 25), environ={}, hasty=True) as running:
        psycopg.connect(running.database_url).close()


@pytest.fixture
def _no_user_namespaces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A system, such as a container, that refuses ``unshare``."""
    refusing = tmp_path / "bin" / "unshare"
    refusing.parent.mkdir()
    refusing.write_text("#!/bin/sh\nexit 1\n")
    refusing.chmod(0o755)
    monkeypatch.setenv("PATH", f"{refusing.parent}:{os.environ['PATH']}")
    launch.choose.cache_clear()
    yield
    launch.choose.cache_clear()


@pytest.mark.usefixtures("_no_user_namespaces")
class TestRootWithoutUserNamespaces:
    """pytest's folder is closed to others, as /root is: programs and data must move to where nobody can reach them."""

    __test__ = os.geteuid() == 0  # nobody else has to become somebody else

    @pytest.fixture(autouse=True)
    def _private_place(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
        private = Path("/var/tmp") / f"doorline-test-{os.getpid()}"
        monkeypatch.setattr(launch, "PRIVATE", private)
        monkeypatch.setattr(launch, "_reaches", lambda way, path: path.is_relative_to(private))
        yield
        shutil.rmtree(private)

    def test_they_run_as_nobody(self, tmp_path: Path) -> None:
        with stores.running(tmp_path / "stores", environ={}, hasty=True) as running:
            psycopg.connect(running.database_url).close()
            assert Redis.from_url(running.redis_url).ping()
            assert running.database
            status = Path(f"/proc/{running.database.pid}/status").read_text()
            assert f"Uid:\t{launch.NOBODY}" in status

    def test_they_find_their_data_again_until_the_folder_is_removed(self, tmp_path: Path) -> None:
        found = []
        for is_removed in (False, False, True):
            if is_removed:
                shutil.rmtree(tmp_path / "stores")
            with stores.running(tmp_path / "stores", environ={}, hasty=True) as running:
                found.append(bool(_rows(running.owner_database_url, "SELECT to_regclass('kept') IS NOT NULL")[0][0]))
                with psycopg.connect(running.owner_database_url) as connection:
                    connection.execute("CREATE TABLE IF NOT EXISTS kept (one int)")
        assert found == [False, True, False]


def test_what_is_in_the_way_is_told_in_the_language_of_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    error = StoresError("stores.in_use", pid=7, folder="/x")
    for locale, language, word in (("zh_CN.UTF-8", "zh-CN", "进程 7"), ("C.UTF-8", "en", "process 7")):
        monkeypatch.setenv("LC_ALL", locale)
        assert str(error) == error.said(language) and word in str(error)


def test_every_sign_has_a_sentence() -> None:
    facts = {"program": "P", "folder": "F"}
    for sign, code in errors.SIGNS:
        told = errors.explained("stores.died", sign, **facts)
        assert told.code == code and told.said("zh-CN") != told.said("en")
