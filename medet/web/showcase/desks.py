"""The contexts of the desks, filled with made-up people."""

from typing import Any

from medet.base import wording
from medet.monitoring.actions import FOLDER
from medet.monitoring.schema import Programme, read_programme
from medet.records.codes import choices
from medet.web.account.forms import SignInForm
from medet.web.doctor.forms import ConclusionForm
from medet.web.operator.forms import AnswersForm, VisitForm
from medet.web.parts.shapes import (
    Action,
    ConclusionView,
    DemoLogin,
    Fact,
    Tab,
)
from medet.web.parts.told import facts
from medet.web.showcase.people import queue, say
from medet.web.showcase.record import card

Context = dict[str, Any]


def operator(url: str, *, side: str = "visit", posted: Any = None) -> Context:
    """The operator's desk with a prefilled home visit or the questions."""
    tabs = (
        Tab(say("Үйге шақыру", "Актив", "Home visit"), f"{url}?form=visit", current=side == "visit", key="KeyA"),
        Tab(say("Жауаптар", "Ответы", "Answers"), f"{url}?form=answers", current=side == "answers", key="KeyQ"),
    )
    context = {
        "queue": queue(say("Бізді күтіп тұрғандар", "Ждут нас", "Waiting for us"), url=url),
        "card": card(url),
        "side": side,
        "tabs": tabs,
        "search_url": url,
        "form_url": url,
    }
    return context | (_answers(posted) if side == "answers" else _visit(posted))


def _visit(posted: Any) -> Context:
    form = VisitForm(
        posted,
        initial={
            "urgency": "today",
            "reason": "worsening",
            "icd10": "U07.1",
            "note": say(
                "Екі күн бойы нашарлауда. Жалғыз тұрады, домофон 48.",
                "Ухудшение второй день. Живёт одна, домофон 48.",
                "Worse for two days. Lives alone, door phone 48.",
            ),
        },
        clinics=[
            ("17", say("№ 17 емхана, 9-учаске", "ГП № 17, участок 9", "Clinic 17, area 9")),
            ("5", say("№ 5 емхана", "ГП № 5", "Clinic 5")),
        ],
        diagnoses=[(code, f"{code} {words}") for code, words in choices("icd10")],
    )
    why = say(
        "Тұрғылықты мекенжайы бойынша; тіркелген емханасы — № 5.",
        "Выбрана по адресу проживания; прикреплена к ГП № 5.",
        "Chosen by the address; attached to clinic 5.",
    )
    answers = {"state": "worse", "breath": "exertion", "fever": "38to39", "spo2": "91", "temperature": "38.4"}
    return {"form": form, "chosen_why": why, "told": facts(answers, _programme()), "told_at": "10:41"}


def _answers(posted: Any) -> Context:
    return {
        "form": AnswersForm(posted, programme=_programme()),
        "programme": f"{_programme().title.in_language(wording.language())} · 3",
    }


def _programme() -> Programme:
    return read_programme(FOLDER / "covid-home.yaml")


def doctor(url: str, *, recorded: bool = False, posted: Any = None) -> Context:
    """The doctor's desk with the conclusion to be written, or already recorded."""
    context = {
        "queue": queue(say("Нашарлағандар алдымен", "Сначала ухудшения", "Worsening first"), url=url),
        "card": card(url),
        "search_url": url,
        "form_url": url,
    }
    return context | ({"conclusion": _conclusion(url)} if recorded else {"form": _conclusion_form(posted)})


def _conclusion_form(posted: Any) -> ConclusionForm:
    return ConclusionForm(
        posted,
        initial={"severity": "moderate", "diagnosis": "U07.1", "next_contact": "evening"},
        severities=[
            ("mild", say("жеңіл", "лёгкая", "mild")),
            ("moderate", say("орташа", "средняя", "moderate")),
            ("severe", say("ауыр", "тяжёлая", "severe")),
            ("critical", say("аса ауыр", "крайне тяжёлая", "critical")),
        ],
        diagnoses=[
            (
                "U07.1",
                say(
                    "U07.1 COVID-19, вирус анықталды",
                    "U07.1 COVID-19, вирус идентифицирован",
                    "U07.1 COVID-19, virus identified",
                ),
            ),
            (
                "U07.2",
                say(
                    "U07.2 COVID-19, вирус анықталмады",
                    "U07.2 COVID-19, вирус не идентифицирован",
                    "U07.2 COVID-19, virus not identified",
                ),
            ),
            ("J12.8", say("J12.8 Вирустық пневмония", "J12.8 Вирусная пневмония", "J12.8 Viral pneumonia")),
        ],
        outcomes=[
            ("home", say("Үйде емдеуді жалғастыру", "Продолжить лечение дома", "Go on with treatment at home")),
            (
                "visit",
                say(
                    "Учаскелік дәрігердің қарауы керек",
                    "Нужен осмотр участкового врача",
                    "To be seen by the district doctor",
                ),
            ),
            ("hospital", say("Емдеуге жатқызу көрсетілген", "Показана госпитализация", "Hospital is indicated")),
            ("recovered", say("Жазылды", "Выздоровление", "Recovered")),
        ],
        advice=[
            ("drink", say("көп сұйықтық", "обильное питьё", "drink much")),
            ("prone", say("етпетімен жату", "положение на животе", "lie prone")),
            ("spo2", say("SpO₂ күніне 3 рет", "SpO₂ 3 раза в день", "SpO₂ 3 times a day")),
            ("103", say("нашарласа — 103", "при ухудшении — 103", "103 if worse")),
        ],
        contacts=[
            ("evening", say("бүгін кешке", "сегодня вечером", "this evening")),
            ("tomorrow", say("ертең", "завтра", "tomorrow")),
            ("2d", say("2 күннен кейін", "через 2 дня", "in 2 days")),
        ],
    )


def _conclusion(url: str) -> ConclusionView:
    facts = (
        Fact(say("Ауырлығы", "Степень", "Severity"), say("орташа", "средняя", "moderate"), strong=True),
        Fact(
            say("Диагноз", "Диагноз", "Diagnosis"),
            say(
                "U07.1 COVID-19, вирус анықталды",
                "U07.1 COVID-19, вирус идентифицирован",
                "U07.1 COVID-19, virus identified",
            ),
        ),
        Fact(
            say("Шешім", "Исход", "Outcome"),
            say(
                "Учаскелік дәрігердің қарауы керек",
                "Нужен осмотр участкового врача",
                "To be seen by the district doctor",
            ),
        ),
        Fact(
            say("Келесі байланыс", "След. контакт", "Next contact"),
            say("бүгін, 19:00", "сегодня, 19:00", "today, 19:00"),
        ),
    )
    moves = (
        Action(
            "home_visit", say("Үйге шақыру", "Отправить актив", "Send a home visit"), url, "home-plus", "primary", "F8"
        ),
        Action("end", say("Бақылауды аяқтау", "Закончить наблюдение", "End the observation"), url, "flag", "", "F9"),
    )
    return ConclusionView(
        "c1",
        1,
        "11:18",
        "Ахметов Б. С.",
        facts,
        (
            say("көп сұйықтық", "обильное питьё", "drink much"),
            say("нашарласа — 103", "при ухудшении — 103", "103 if worse"),
        ),
        f"{url}?amend=1",
        moves,
    )


def sign_in() -> Context:
    """The sign-in page of the demo."""
    logins = [
        DemoLogin("operator", say("Оператор", "Оператор", "Operator"), "medet"),
        DemoLogin("doctor", say("Дәрігер", "Врач", "Doctor"), "medet"),
        DemoLogin("clinic", say("Емхана", "Поликлиника", "Clinic"), "medet"),
    ]
    return {"form": SignInForm(), "demo_logins": logins}
