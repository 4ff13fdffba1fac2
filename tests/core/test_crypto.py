"""Secrets at rest and in links."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import clock, crypto, settings
from app.core.errors import BadInput


@pytest.fixture
def keys(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Use these encryption keys from now on."""

    def use(*given: str) -> None:
        monkeypatch.setenv("ENCRYPTION_KEYS", ",".join(given))
        settings.current.cache_clear()

    yield use
    monkeypatch.undo()
    settings.current.cache_clear()


@given(st.text())
def test_what_is_encrypted_is_hidden_and_comes_back(text: str) -> None:
    token = crypto.encrypt(text)
    assert crypto.decrypt(token) == text
    assert token.isascii() and (len(text) < 4 or text not in token)


def test_the_same_text_is_never_the_same_ciphertext() -> None:
    assert crypto.encrypt("13800138000") != crypto.encrypt("13800138000")


def test_keys_are_rotated_without_losing_anything(keys: Callable[..., None]) -> None:
    old, new = crypto.new_key(), crypto.new_key()
    keys(old)
    before = crypto.encrypt("白玉兰")
    keys(new, old)
    assert crypto.decrypt(before) == "白玉兰"
    after = crypto.encrypt("白玉兰")
    keys(new)
    assert crypto.decrypt(after) == "白玉兰"
    with pytest.raises(BadInput, match=r"crypto\.key_missing"):
        crypto.decrypt(before)


def test_a_key_that_is_none_is_named(keys: Callable[..., None]) -> None:
    keys("not a key")
    with pytest.raises(BadInput, match="ENCRYPTION_KEYS"):
        crypto.encrypt("x")


def test_tampered_ciphertext_is_refused() -> None:
    token = crypto.encrypt("白玉兰")
    with pytest.raises(BadInput, match=r"crypto\.key_missing"):
        crypto.decrypt(token[:-4] + "AAAA")


def test_a_search_hash_needs_the_key(monkeypatch: pytest.MonkeyPatch) -> None:
    ours = crypto.keyed_hash("+8613800138000")
    assert (len(ours), ours) == (64, crypto.keyed_hash("+8613800138000"))
    assert ours != crypto.keyed_hash("+8613800138001")
    monkeypatch.setenv("HASH_KEY", "another")
    settings.current.cache_clear()
    theirs = crypto.keyed_hash("+8613800138000")
    monkeypatch.undo()
    settings.current.cache_clear()
    assert theirs != ours


def test_a_signed_link_says_what_was_signed_and_fits_an_address() -> None:
    token = crypto.sign("offer", {"id": 7})
    assert crypto.unsign("offer", token) == {"id": 7}
    assert token == token.strip("/?&=# ") and " " not in token


def test_a_link_is_good_for_its_purpose_only() -> None:
    with pytest.raises(BadInput, match=r"link\.invalid"):
        crypto.unsign("track", crypto.sign("offer", 7))


@pytest.mark.parametrize(
    "damage", [lambda t: t[:-1] + ("A" if t[-1] != "A" else "B"), lambda t: "", lambda t: "7." + t]
)
def test_a_damaged_link_is_refused(damage: Callable[[str], str]) -> None:
    with pytest.raises(BadInput, match=r"link\.invalid"):
        crypto.unsign("offer", damage(crypto.sign("offer", 7)))


def test_a_link_ages_by_the_products_clock() -> None:
    token = crypto.sign("offer", 7)
    clock.wind(timedelta(seconds=60))
    assert crypto.unsign("offer", token, max_age=60) == 7
    clock.wind(timedelta(seconds=1))
    with pytest.raises(BadInput, match=r"link\.invalid"):
        crypto.unsign("offer", token, max_age=60)
    assert crypto.unsign("offer", token) == 7


def test_another_secret_key_makes_old_links_worthless(monkeypatch: pytest.MonkeyPatch) -> None:
    token = crypto.sign("offer", 7)
    monkeypatch.setenv("SECRET_KEY", "another-secret-key-of-32-characters!")
    settings.current.cache_clear()
    with pytest.raises(BadInput, match=r"link\.invalid"):
        crypto.unsign("offer", token)
    monkeypatch.undo()
    settings.current.cache_clear()


@pytest.mark.parametrize(
    ("name", "use"),
    [("SECRET_KEY", lambda: crypto.sign("offer", 7)), ("HASH_KEY", lambda: crypto.keyed_hash("+8613800138000"))],
)
def test_without_a_key_nothing_is_signed_or_hashed(
    monkeypatch: pytest.MonkeyPatch, name: str, use: Callable[[], str]
) -> None:
    monkeypatch.setenv(name, "")
    settings.current.cache_clear()
    with pytest.raises(BadInput, match=name):
        use()
    monkeypatch.undo()
    settings.current.cache_clear()
