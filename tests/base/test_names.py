"""Names: spellings of three scripts meet, the wrong keyboard is forgiven, and lists follow the Kazakh alphabet."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medet.base import names

CYRILLIC = st.text(names.ALPHABET + names.ALPHABET.upper() + " -'", max_size=20)


@pytest.mark.parametrize(
    "spellings",
    [
        ("Жұмақызы", "Жумакызы", "Zhumakyzy", "Jūmaqyzy", "ЖҰМАҚЫЗЫ"),
        ("Әлия", "Алия", "Aliya", "Aliia", "Äliya"),
        ("Серікұлы", "Серикулы", "Serikuly"),
        ("Ғабит", "Габит", "Gabit", "Ğabit"),
        ("Өмірбек", "Омирбек", "Omirbek"),
        ("Асель", "Әсел", "Asel"),
        ("Ещанов", "Ешанов", "Yeshanov"),
        ("Назарбаева", "Nazarbayeva", "Nazarbaeva"),
        ("Ахметов", "Akhmetov", "Ahmetov", "Aхметов"),  # the last begins with a Latin A
        ("Геннадий", "Генадий", "Gennadiy"),
        ("Сыдықова", "Сыдыкова", "Sydykova"),
        ("О'Нил-Ким", "ОНил Ким", "о’нил‑ким"),
        ("Семёнов", "Семенов"),
    ],
)
def test_fold_meets(spellings):
    assert len({names.fold(spelling) for spelling in spellings}) == 1


@pytest.mark.parametrize(
    "spellings",
    [
        ("ул. Абая", "улица Абая", "Абая", "АБАЯ УЛ"),
        ("Достық даңғылы", "Достык", "пр. Достык", "Dostyk ave."),
        ("8 мкр.", "8 микрорайон", "мкр 8", "8 ықшам ауданы"),
        ("Жібек жолы даңғылы", "проспект Жибек жолы"),
    ],
)
def test_streets_meet(spellings):
    assert len({names.fold_street(spelling) for spelling in spellings}) == 1
    assert names.fold_street("ул.") != ""  # nothing would mean the whole district
    assert names.fold_street("1 мкр") != names.fold_street("11 мкр")


@pytest.mark.parametrize("other", ["Омаров", "Оспанова", "Ким"])
def test_fold_keeps_people_apart(other):
    assert names.fold("Ахметов") != names.fold(other)


@given(CYRILLIC, CYRILLIC)
def test_typing_on_never_loses_the_person(start, rest):
    assert names.fold(start + rest).startswith(names.fold(start))


@given(st.text(max_size=30))
def test_fold_is_stable_on_any_text(text):
    folded = names.fold(text)
    assert names.fold(folded) == folded
    assert names.fold(text.strip()) == folded


def test_sort_follows_the_kazakh_alphabet():
    letters = list(names.ALPHABET)
    assert sorted(reversed(letters), key=names.sort_key) == letters
    people = ["Иванов", "Һәкімов", "Хан", "Іңкәр", "Уәли", "Ұлан", "Үсен", "Әбіш", "Асан", "Ыбырай", "Қасым", "Ким"]
    assert sorted(people, key=names.sort_key) == [
        *("Асан", "Әбіш", "Иванов", "Ким", "Қасым", "Уәли", "Ұлан", "Үсен", "Хан", "Һәкімов", "Ыбырай", "Іңкәр")
    ]


def test_sort_words_numbers_and_scripts():
    assert names.sort_key("Ли Анна") < names.sort_key("Лиана")
    assert names.sort_key("Емхана № 2") < names.sort_key("Емхана № 10") < names.sort_key("Емхана № 110")
    assert names.sort_key("Яров") < names.sort_key("Adams")
    assert names.sort_key("Яров", "en") > names.sort_key("Adams", "en")
    assert names.sort_key("  ахметов ") == names.sort_key("Ахметов")


@given(CYRILLIC)
def test_sort_key_sorts_the_same_under_any_collation(text):
    assert set(names.sort_key(text)) <= set("0123456789abcdef")


def test_parts_of_a_name():
    assert names.full("Ахметов", "Болат", "Серікұлы") == "Ахметов Болат Серікұлы"
    assert names.full("Ким", "Анна") == names.short("Ким", "Анна") == "Ким Анна"
    assert names.initials("Ахметов", "болат", "Серікұлы") == "Ахметов Б. С."
    assert names.initials("Ким", "Анна") == "Ким А."


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  АХМЕТОВА ", "Ахметова"),
        ("оспанова-ким", "Оспанова-Ким"),
        ("серікұлы", "Серікұлы"),
        ("МакКарти", "МакКарти"),
        ("абу  али", "Абу Али"),
    ],
)
def test_tidy(typed, kept):
    assert names.tidy(typed) == kept
