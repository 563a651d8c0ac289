"""Made-up people (month 00 in their numbers) in the language of the page; not in the catalogues."""

from datetime import datetime, timedelta

from django.utils.translation import get_language

from medet.base.clock import now
from medet.web.parts.shapes import (
    DueView,
    Queue,
    QueueRow,
    Tab,
)
from medet.web.parts.words import band_pill, due_view


def say(kk: str, ru: str, en: str) -> str:
    """The text in the language of the page."""
    return {"kk": kk, "ru": ru}.get((get_language() or "ru")[:2], en)


def due(minutes: int) -> DueView:
    """A deadline so many minutes from now."""
    return due_view(now() + timedelta(minutes=minutes, seconds=20), now=now())


def ago(hours: float) -> datetime:
    """A moment that many hours back."""
    return now() - timedelta(hours=hours)


def queue(title: str, *, url: str) -> Queue:
    """A worklist of nine."""
    rows = [_row(url, index, line) for index, line in enumerate(_lines())]
    tabs = (
        Tab(say("Менің", "Мои", "Mine"), url, 9, current=True),
        Tab(say("Барлығы", "Все", "All"), url, 148),
        Tab(say("Жауап жоқ", "Не дозвонились", "No answer"), url, 21),
    )
    return Queue(title=title, rows=rows, tabs=tabs, overdue=2, urgent=3)


def _row(url: str, index: int, line: tuple[str, int, str, int, str, str]) -> QueueRow:
    name, age, band, minutes, reason, meta = line
    return QueueRow(
        uid=f"{index}",
        url=f"{url}?person={index}",
        name=name,
        age=str(age),
        band=band_pill(band),
        reason=reason,
        due=due(minutes),
        meta=tuple(meta.split("|")),
        current=index == 0,
        held_by=say("Айгүл қоңырау шалып жатыр", "звонит Айгүл", "Aigul is calling") if index == 2 else "",
    )


def _day(number: int) -> str:
    return say(f"{number}-күн", f"день {number}", f"day {number}")


def _tries(number: int) -> str:
    return say(f"талпыныс {number} / 3", f"попытки {number} / 3", f"attempts {number} / 3")


def _lines() -> list[tuple[str, int, str, int, str, str]]:
    home, quarantine = (
        say("үйдегі стационар", "дом. стационар", "home treatment"),
        say("үйдегі карантин", "дом. карантин", "home quarantine"),
    )
    confirmed = say("COVID-19 расталған", "COVID-19 подтв.", "COVID-19 confirmed")
    return [
        (
            "Серікбаева Әсел",
            67,
            "red",
            -35,
            say(
                "Робот: жағдайы нашар, ентігу тыныштықта",
                "Робот: хуже, одышка в покое",
                "Robot: worse, breathless at rest",
            ),
            f"{confirmed} · {_day(6)}|{_tries(1)}",
        ),
        (
            "Қожахметов Ғалым",
            74,
            "red",
            -12,
            say(
                "2 күн жауап жоқ, СЖЖ, 2-типті ҚД",
                "Нет ответа 2 дня, ХСН, СД 2 типа",
                "No answer for 2 days, heart failure, diabetes",
            ),
            f"{home} · {_day(9)}|{_tries(3)}",
        ),
        (
            "Ким Елена",
            58,
            "red",
            8,
            say("Ентігу күшеюде, t 38,9", "Одышка нарастает, t 38,9", "Breathlessness grows, t 38.9"),
            f"{say('COVID-19 ықтимал', 'COVID-19 вероятн.', 'COVID-19 probable')} · {_day(4)}|{_tries(1)}",
        ),
        (
            "Иванов Пётр",
            45,
            "amber",
            25,
            say("Дәрігермен сөйлескісі келеді", "Просит поговорить с врачом", "Asks for a doctor"),
            f"{home} · {_day(5)}|{_tries(1)}",
        ),
        (
            "Үмбетова Һалида",
            61,
            "amber",
            40,
            say("Екі рет жауап бермеді, АГ 2", "Не ответила дважды, АГ 2", "No answer twice, hypertension"),
            f"{quarantine} · {_day(3)}|{_tries(2)}",
        ),
        (
            "Абдрахманов Төлеген",
            52,
            "amber",
            95,
            say("Дәрісі жоқ", "Нет лекарств дома", "Has no medicines at home"),
            f"{home} · {_day(7)}|{_tries(1)}",
        ),
        (
            "Петрова Мария",
            34,
            "green",
            180,
            say("Жоспарлы қоңырау", "Плановый звонок", "Planned call"),
            f"{quarantine} · {_day(8)}|{_tries(0)}",
        ),
        (
            "Жұмабек Іңкәр",
            29,
            "green",
            190,
            say(
                "Жоспарлы қоңырау, жүктілік 18 апта",
                "Плановый звонок, беременность 18 нед.",
                "Planned call, 18 weeks pregnant",
            ),
            f"{quarantine} · {_day(2)}|{_tries(0)}",
        ),
        (
            "Оразов Дәурен",
            41,
            "green",
            260,
            say("Жоспарлы қоңырау", "Плановый звонок", "Planned call"),
            f"{home} · {_day(11)}|{_tries(0)}",
        ),
    ]
