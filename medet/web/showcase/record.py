"""The card, vital signs and timeline of the first made-up person."""

from medet.web.parts.shapes import AlertBox, CardView, Fact, Pill, TimelineRow, VitalTile
from medet.web.showcase.people import ago, due, say


def card(url: str) -> CardView:
    """The first person of the list."""
    return CardView(
        uid="0",
        url=url,
        name="Серікбаева Әсел Нұрланқызы",
        initials="ӘС",
        age=say("67 жас", "67 лет", "67 years old"),
        sex=say("әйел", "женщина", "woman"),
        iin="590012 ••••••",
        iin_url=f"{url}?iin=1",
        pills=(
            Pill("red", "alert-triangle", say("Тәуекелі жоғары", "Высокий риск", "High risk")),
            Pill(
                "brand",
                "virus",
                say(
                    "COVID-19 расталған · 14 күннің 6-күні",
                    "COVID-19 подтверждён · день 6 из 14",
                    "COVID-19 confirmed · day 6 of 14",
                ),
            ),
            Pill("grey", "home", say("үйдегі стационар", "дом. стационар", "home treatment")),
        ),
        alerts=(
            AlertBox(
                "red",
                "alert-triangle",
                say(
                    "Тыныштықта ентігеді және кешегіден нашар.",
                    "Одышка в покое, состояние хуже вчерашнего.",
                    "Breathless at rest and worse than yesterday.",
                ),
                say(
                    "Роботқа берген жауабы бүгін 10:41. Орталық 10 минут ішінде қоңырау шаламыз деп уәде берді.",
                    "Ответ роботу сегодня в 10:41. Обещано: центр перезвонит за 10 минут.",
                    "Answered the robot at 10:41. Promised: the centre rings within 10 minutes.",
                ),
                due(-35),
            ),
        ),
        facts=_facts(),
        vitals=vitals(),
        timeline=timeline(),
        history_url=f"{url}?history=1",
    )


def _facts() -> tuple[Fact, ...]:
    return (
        Fact(
            say("Телефон", "Телефон", "Telephone"),
            "+7 700 555 45 67",
            "circle-check",
            say("тексерілген", "проверен", "checked"),
        ),
        Fact(say("Тілі", "Язык", "Language"), say("қазақша", "казахский", "Kazakh")),
        Fact(
            say("Мекенжайы", "Адрес", "Address"),
            say(
                "Ақсай-4 ы/а, 12-үй, 48-пәтер, 3-кіреберіс",
                "мкр Ақсай-4, 12, кв. 48, подъезд 3",
                "Aqsai-4, 12, flat 48, entrance 3",
            ),
        ),
        Fact(
            say("Емханасы", "Поликлиника", "Clinic"),
            say("№ 17 қалалық емхана, 9-учаске", "ГП № 17, участок 9", "City clinic 17, area 9"),
        ),
        Fact(
            say("Қауіп тобы", "Риск-факторы", "Risk groups"),
            say("60+, АГ 3, 2-типті ҚД", "60+, АГ 3, СД 2 типа", "60+, hypertension, diabetes"),
        ),
        Fact(say("Аллергия", "Аллергия", "Allergy"), say("пенициллин", "пенициллин", "penicillin"), strong=True),
    )


def vitals() -> tuple[VitalTile, ...]:
    """Four tiles: two worse, one steady, one without a line."""
    down, up = say("төмендеді", "снизилась", "fell"), say("көтерілді", "выросла", "rose")
    spo2, fever, pulse = (
        (96.0, 96.0, 95.0, 94.0, 93.0, 91.0),
        (37.2, 37.8, 38.0, 38.1, 38.6, 38.4),
        (88.0, 90.0, 94.0, 96.0, 101.0, 104.0),
    )
    return (
        VitalTile("SpO₂", "91", "%", "red", "down", down, values=spo2, course=_course(spo2)),
        VitalTile(
            say("Қызуы", "Температура", "Temperature"),
            say("38,4", "38,4", "38.4"),
            "°C",
            "amber",
            "up",
            up,
            values=fever,
            course=_course(fever),
        ),
        VitalTile(
            say("Тамыр соғысы", "Пульс", "Pulse"),
            "104",
            say("/мин", "/мин", "/min"),
            "grey",
            values=pulse,
            course=_course(pulse),
        ),
        VitalTile(say("Жауаптар", "Ответы", "Answers"), "6 / 6", note=say("үзіліссіз", "без пропусков", "none missed")),
    )


def _course(values: tuple[float, ...]) -> str:
    numbers = "; ".join(str(value).replace(".", ",") for value in values)
    return say("соңғы өлшемдер", "последние измерения", "last measurements") + f": {numbers}"


def _yesterday(time: str) -> str:
    return say(f"кеше, {time}", f"вчера, {time}", f"yesterday, {time}")


def timeline() -> tuple[TimelineRow, ...]:
    """Five things that happened."""
    return (
        TimelineRow(
            ago(1),
            "10:41",
            "robot",
            say(
                "Робот: жауап берді, жағдайы «нашар» (3), ентігу тыныштықта (3)",
                "Робот: ответила, состояние «хуже» (3), одышка в покое (3)",
                "Robot: answered, state “worse” (3), breathless at rest (3)",
            ),
            bad=True,
        ),
        TimelineRow(
            ago(1.1),
            "10:40",
            "phone-outgoing",
            say("Робот қоңырауы, 1-талпыныс, 74 с", "Звонок робота, попытка 1, 74 с", "Robot call, attempt 1, 74 s"),
        ),
        TimelineRow(
            ago(20),
            _yesterday("19:05"),
            "robot",
            say(
                "Робот: жағдайы кешегідей, SpO₂ 93",
                "Робот: состояние без изменений, SpO₂ 93",
                "Robot: state unchanged, SpO₂ 93",
            ),
        ),
        TimelineRow(
            ago(26),
            _yesterday("11:20"),
            "stethoscope",
            say(
                "Қорытынды: орташа ауыр, үйде емдеу",
                "Заключение: средняя степень, лечение дома",
                "Conclusion: moderate, treatment at home",
            ),
            say("Ахметов Б. С., терапевт", "Ахметов Б. С., терапевт", "Akhmetov B. S., physician"),
        ),
        TimelineRow(
            ago(90),
            "18.11, 15:30",
            "home",
            say(
                "Үйге бару орындалды: № 17 емхана, 3 сағ 10 мин",
                "Актив выполнен: ГП № 17, за 3 ч 10 мин",
                "Home visit done: clinic 17, in 3 h 10 min",
            ),
        ),
    )
