"""Every component once, for the showcase's first page."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from medet.web.parts.shapes import Action, AlertBox, Look, Pill, Step, Tab, Tone
from medet.web.parts.templatetags.parts import ICONS
from medet.web.parts.words import band_pill
from medet.web.showcase.people import due, queue, say
from medet.web.showcase.record import timeline, vitals

LOOKS: tuple[Look, ...] = ("primary", "", "go", "stop", "danger", "ghost")
BOXES: tuple[tuple[Tone, str], ...] = (
    ("red", "alert-triangle"),
    ("amber", "clock"),
    ("green", "circle-check"),
    ("brand", "info-circle"),
)


class _Faulty(forms.Form):
    name = forms.CharField(label=_("Name"), help_text=_("small Latin letters, digits and hyphens belong here"))
    pick = forms.ChoiceField(label=_("Language"), choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)


def components() -> dict[str, Any]:
    """The context of showcase/index.html."""
    return {
        "bands": [band_pill(band) for band in ("red", "amber", "green", "")] + [Pill("brand", "virus", "COVID-19")],
        "dues": [due(minutes) for minutes in (-3000, -150, -35, 8, 120, 3000)],
        "buttons": [Action("x", say("Жіберу", "Отправить", "Send"), "#", "send", look, key="") for look in LOOKS],
        "boxes": [
            AlertBox(
                tone,
                icon,
                say("Хабарлама мәтіні", "Текст сообщения", "Text of a message"),
                say("Толығырақ", "Подробнее", "Details"),
                due(8),
            )
            for tone, icon in BOXES
        ],
        "form": _Faulty({}),
        "queue": queue(say("Кезек", "Очередь", "Queue"), url="?"),
        "vitals": vitals(),
        "rows": timeline(),
        "icons": sorted(path.stem for path in ICONS.glob("*.svg")),
        "tabs": [
            Tab(say("Бірінші", "Первая", "First"), "#", 3, current=True),
            Tab(say("Екінші", "Вторая", "Second"), "#", 0),
        ],
        "steps": [
            Step(say("Бірінші", "Первый", "First"), done=True),
            Step(say("Екінші", "Второй", "Second"), current=True),
            Step(say("Үшінші", "Третий", "Third")),
        ],
    }
