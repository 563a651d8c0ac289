"""What was meant: other layouts of the same keys, and the ways to write a name in Latin letters."""

import pytest

from medet.base import keyboards, names


def meant_by(typed):
    return [" ".join(word[0] for word in reading) for reading in keyboards.readings(tuple(typed.split()))]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ghbdtn", "привет"),
        ("F[vtnjd", "Ахметов"),
        ("<fqufkb", "Байгали"),
        (";evf,fq", "Жумабай"),
        ("c3hsr", "Сірик"),
        ("y9hkfy ;9vf,trjd", "Нұрлан Жұмабеков"),
        ("с9лтан 0асымов", "Сұлтан Қасымов"),
        ("ынявнлщм", "Syzdykov"),
    ],
)
def test_the_wrong_keyboard(typed, meant):
    assert " ".join(map(names.fold, meant.split())) in meant_by(typed)


def test_what_was_typed_comes_first():
    assert meant_by("Ахметов")[0] == "ахметов"
    assert meant_by("Akhmetov")[0] == "ахметов"
    assert meant_by("12") == []


@pytest.mark.parametrize(
    ("name", "spelled"),
    [
        ("Жұмабеков", "Zhumabekov Jumabekov Djumabekov Dzhumabekov"),
        ("Ахметов", "Akhmetov Ahmetov Axmetov"),
        ("Соловьёв", "Solovyov Solovyev"),
        ("Юлия", "Yulia Yuliya Julia"),
        ("Виктор", "Viktor Victor"),
        ("Цой", "Tsoi Tsoy Coy"),
        ("Александр", "Aleksandr Alexandr"),
    ],
)
def test_latin_spellings_meet(name, spelled):
    for spelling in spelled.split():
        assert names.fold(name) in keyboards.forms(spelling), spelling


def test_digits_of_the_kazakh_row():
    assert keyboards.digits_meant('"ұ.ұ') == keyboards.digits_meant("1979") == "1979"
    assert keyboards.digits_meant("қала") == keyboards.digits_meant("59.") == ""
