"""Encryption of single fields and their look-up hash."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given
from hypothesis import strategies as st

from medet.base.secret import Tampered, decrypt, encrypt, keyed_hash

IIN = "900013300018"
OLD, NEW = "11" * 32, "22" * 32


@given(st.text())
def test_the_text_comes_back(text):
    assert decrypt(encrypt(text)) == text
    assert decrypt(memoryview(encrypt(text))) == text


def test_it_looks_different_each_time_and_hashes_alike():
    assert len({encrypt(IIN) for _ in range(100)}) == 100
    assert IIN.encode() not in encrypt(IIN)
    assert keyed_hash(IIN) == keyed_hash(IIN) != keyed_hash(IIN[:-1] + "9")
    assert len(keyed_hash(IIN)) == 32


def test_each_changed_byte_is_noticed():
    data = encrypt(IIN)
    for place in range(len(data)):
        changed = bytearray(data)
        changed[place] ^= 1
        with pytest.raises(Tampered):
            decrypt(bytes(changed))
    for length in range(len(data)):
        with pytest.raises(Tampered):
            decrypt(data[:length])


def test_a_new_key_reads_the_old_text_and_finds_the_old_hash(settings):
    settings.FIELD_KEY = OLD
    old, found = encrypt(IIN), keyed_hash(IIN)
    settings.FIELD_KEY = f"{NEW},{OLD}"
    assert (decrypt(old), keyed_hash(IIN)) == (IIN, found)
    new = encrypt(IIN)
    assert (old[0], new[0]) == (1, 2)
    settings.FIELD_KEY = OLD
    with pytest.raises(Tampered):
        decrypt(new)


def test_another_installation_reads_and_finds_nothing(settings):
    data, found = encrypt(IIN), keyed_hash(IIN)
    settings.FIELD_KEY = NEW
    assert keyed_hash(IIN) != found
    with pytest.raises(Tampered):
        decrypt(data)


@pytest.mark.parametrize("key", ["", "5a", "zz" * 32, "5a" * 31, f"{OLD},"])
def test_a_wrong_key_is_one_clear_sentence(settings, key):
    settings.FIELD_KEY = key
    with pytest.raises(ImproperlyConfigured, match="64 hex digits"):
        encrypt(IIN)
