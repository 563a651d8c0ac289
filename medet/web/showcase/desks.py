"""The contexts of the desks, filled with made-up people."""

from typing import Any

from django.contrib.auth.forms import AuthenticationForm

from medet.web.doctor.forms import ConclusionForm
from medet.web.operator.forms import AnswersForm, Measure, Question, VisitForm
from medet.web.parts.shapes import (
    Action,
    ConclusionView,
    DemoLogin,
    Fact,
    Tab,
)
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
        "queue": queue(say("Бүгінгі бақылау", "Наблюдение сегодня", "Under observation today"), url=url),
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
            "symptoms": ["breath", "fever", "cough"],
            "spo2": 91,
            "temperature": 38.4,
            "icd10": say(
                "U07.1 COVID-19, вирус анықталды",
                "U07.1 COVID-19, вирус идентифицирован",
                "U07.1 COVID-19, virus identified",
            ),
            "comment": say(
                "Екі күн бойы нашарлауда. Жалғыз тұрады, домофон 48.",
                "Ухудшение второй день. Живёт одна, домофон 48.",
                "Worse for two days. Lives alone, door phone 48.",
            ),
        },
        clinics=[
            ("17", say("№ 17 емхана, 9-учаске", "ГП № 17, участок 9", "Clinic 17, area 9")),
            ("5", say("№ 5 емхана", "ГП № 5", "Clinic 5")),
        ],
        urgencies=[
            ("2h", say("2 сағат", "2 часа", "2 hours")),
            ("today", say("бүгін 16:00", "сегодня до 16:00", "today by 16:00")),
            ("24h", say("24 сағат", "24 часа", "24 hours")),
        ],
        symptoms=[
            ("breath", say("ентігу", "одышка", "breathless")),
            ("cough", say("жөтел", "кашель", "cough")),
            ("fever", "t ≥ 38"),
            ("chest", say("кеуде ауыруы", "боль в груди", "chest pain")),
            ("smell", say("иіс сезбеу", "потеря обоняния", "no smell")),
            ("confused", say("сананың шатасуы", "спутанность", "confused")),
        ],
    )
    why = say(
        "Тұрғылықты мекенжайы бойынша; тіркелген емханасы — № 5.",
        "Выбрана по адресу проживания; прикреплена к ГП № 5.",
        "Chosen by the address; attached to clinic 5.",
    )
    return {
        "form": form,
        "chosen_why": why,
        "prefilled": say("10:41 жауаптарынан", "из ответов 10:41", "from the answers of 10:41"),
    }


def _answers(posted: Any) -> Context:
    questions = [
        Question(
            "state",
            say("Кешегімен салыстырғанда жағдайы", "Состояние по сравнению со вчера", "State against yesterday"),
            [
                ("better", say("жақсы", "лучше", "better")),
                ("same", say("сол күйі", "так же", "same")),
                ("worse", say("нашар", "хуже", "worse")),
            ],
        ),
        Question(
            "breath",
            say("Ентігу", "Одышка", "Breathlessness"),
            [
                ("none", say("жоқ", "нет", "none")),
                ("exertion", say("қимылдағанда", "при нагрузке", "on exertion")),
                ("rest", say("тыныштықта", "в покое", "at rest")),
            ],
        ),
        Question(
            "fever",
            say("Дене қызуы", "Температура", "Fever"),
            [("no", say("жоқ", "нет", "no")), ("low", "< 38"), ("mid", "38–39"), ("high", "> 39")],
        ),
        Question(
            "at_home",
            say("Қазір үйде ме?", "Сейчас дома?", "At home now?"),
            [("yes", say("иә", "да", "yes")), ("no", say("жоқ", "нет", "no"))],
        ),
    ]
    measures = [
        Measure("spo2", "SpO₂", "%", 50, 100),
        Measure("temperature", say("Қызуы", "Температура", "Temperature"), "°C", 34, 43, 1),
        Measure("pulse", say("Тамыр соғысы", "Пульс", "Pulse"), say("/мин", "/мин", "/min"), 30, 220),
    ]
    return {"form": AnswersForm(posted, questions=questions, measures=measures), "programme": "covid-home · 3"}


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
    return {"form": AuthenticationForm(), "demo_logins": logins}
