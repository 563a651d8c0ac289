"""The clinic's list and one opened visit, with made-up people."""

from typing import Any

from medet.records.codes import choices
from medet.web.clinic.forms import AssignForm, NotFoundForm, RefuseForm, ResultForm
from medet.web.parts.shapes import Action, Fact, Pill, Step, Tab, TimelineRow, VisitRow, VisitView
from medet.web.parts.words import band_pill
from medet.web.showcase.people import ago, due, say

Context = dict[str, Any]


def clinic(url: str, *, opened: bool = False) -> Context:
    """The clinic's list, alone or with the first visit opened."""
    tabs = (
        Tab(say("Жаңа", "Новые", "New"), url, 3, current=True),
        Tab(say("Жолда", "В работе", "Under way"), url, 2),
        Tab(say("Аяқталған", "Завершённые", "Finished"), url, 14),
    )
    context: Context = {
        "clinic": say("№ 17 қалалық емхана", "Городская поликлиника № 17", "City clinic No. 17"),
        "tabs": tabs,
        "visits": _visits(url, opened),
        "overdue": 1,
        "urgent": 2,
    }
    return context | (_opened(url) if opened else {"visit": None})


def _visits(url: str, opened: bool) -> list[VisitRow]:
    new, assigned = (
        Pill("brand", "send", say("жаңа", "новый", "new")),
        Pill("grey", "user-check", say("тағайындалды", "назначен", "assigned")),
    )
    aqsai = say("Ақсай-4, 12-үй, 48-пәтер", "Ақсай-4, 12, кв. 48", "Aqsai-4, 12, flat 48")
    return [
        VisitRow(
            "v0",
            f"{url}?visit=0",
            "Серікбаева Әсел",
            "67",
            new,
            band_pill("red"),
            say("SpO₂ 91 %, ентігу күшеюде", "SpO₂ 91 %, одышка нарастает", "SpO₂ 91 %, breathlessness grows"),
            aqsai,
            due(-35),
            current=opened,
        ),
        VisitRow(
            "v1",
            f"{url}?visit=1",
            "Ким Елена",
            "58",
            new,
            band_pill("red"),
            say("t 38,9 үшінші күн", "t 38,9 третий день", "t 38.9 for the third day"),
            say("Төле би к-сі, 187, 12-пәтер", "ул. Төле би, 187, кв. 12", "Tole Bi 187, flat 12"),
            due(18),
        ),
        VisitRow(
            "v2",
            f"{url}?visit=2",
            "Иванов Пётр",
            "45",
            assigned,
            band_pill("amber"),
            say("Екі күн жауап бермеді", "Не отвечает два дня", "No answer for two days"),
            say("Жандосов к-сі, 51", "ул. Жандосова, 51", "Zhandosov 51"),
            due(140),
            say("Сейітова Г.", "Сейітова Г.", "Seiitova G."),
        ),
        VisitRow(
            "v3",
            f"{url}?visit=3",
            "Үмбетова Һалида",
            "61",
            assigned,
            band_pill("amber"),
            say("Дәрі жеткізу керек", "Нужны лекарства", "Needs medicines"),
            say("Мамыр-7, 8-үй, 3-пәтер", "Мамыр-7, 8, кв. 3", "Mamyr-7, 8, flat 3"),
            due(300),
            say("Омаров Е.", "Омаров Е.", "Omarov E."),
        ),
    ]


def _opened(url: str) -> Context:
    steps = [
        Step(say("Келді", "Получен", "Received"), current=True),
        Step(say("Тағайындалды", "Назначен", "Assigned")),
        Step(say("Жолда", "В пути", "Under way")),
        Step(say("Нәтиже", "Результат", "Result")),
    ]
    visit = VisitView(
        uid="v0",
        url=url,
        number="2026-11-004217",
        name="Серікбаева Әсел Нұрланқызы",
        age=say("67 жас", "67 лет", "67 years old"),
        sex=say("әйел", "женщина", "woman"),
        state=Pill("brand", "send", say("жаңа", "новый", "new")),
        band=band_pill("red"),
        reason=say(
            "SpO₂ 91 %, тыныштықта ентігеді, екінші күн нашарлауда.",
            "SpO₂ 91 %, одышка в покое, ухудшение второй день.",
            "SpO₂ 91 %, breathless at rest, worse for the second day.",
        ),
        from_whom=say(
            "Телемедицина орталығы, дәрігер Ахметов Б. С., 11:18",
            "Телемедицинский центр, врач Ахметов Б. С., 11:18",
            "Telemedicine centre, Dr Akhmetov B. S., 11:18",
        ),
        address=say(
            "Алматы, Әуезов ауданы, Ақсай-4 ы/а, 12-үй, 48-пәтер",
            "Алматы, Ауэзовский район, мкр Ақсай-4, 12, кв. 48",
            "Almaty, Auezov district, Aqsai-4, 12, flat 48",
        ),
        address_note=say(
            "3-кіреберіс, 4-қабат, домофон 48", "подъезд 3, этаж 4, домофон 48", "entrance 3, floor 4, door phone 48"
        ),
        why_this_clinic=say(
            "Сізге тұрғылықты мекенжайы бойынша келді; тіркелген емханасы — № 5.",
            "К вам по адресу проживания; прикреплена к ГП № 5.",
            "To you by the address; attached to clinic 5.",
        ),
        phone="+7 700 555 45 67",
        phone_url="tel:+77005554567",
        due=due(-35),
        steps=steps,
        told=(
            Fact(say("Ентігу", "Одышка", "Breathlessness"), say("тыныш күйде", "в покое", "at rest")),
            Fact("SpO₂, %", "91", strong=True),
        ),
        facts=(
            Fact(say("Диагноз", "Диагноз", "Diagnosis"), "U07.1"),
            Fact(say("Тілі", "Язык", "Language"), say("қазақша", "казахский", "Kazakh")),
            Fact(say("Аллергия", "Аллергия", "Allergy"), say("пенициллин", "пенициллин", "penicillin"), strong=True),
        ),
        history=(
            TimelineRow(ago(0.6), "11:18", "send", say("Орталық жіберді", "Отправлен центром", "Sent by the centre")),
        ),
        actions=(
            Action("accept", say("Қабылдау", "Принять", "Accept"), url, "check", "primary", "KeyA"),
            Action("under_way", say("Жолға шықтым", "Выехал", "On the way"), url, "walk", "", "KeyW"),
        ),
    )
    return {
        "visit": visit,
        "back_url": url,
        "assign_form": AssignForm(names=["Сейітова Г.", "Омаров Е."]),
        "done_form": ResultForm(diagnoses=[(code, f"{code} {words}") for code, words in choices("icd10")]),
        "not_found_form": NotFoundForm(),
        "refuse_form": RefuseForm(),
    }
