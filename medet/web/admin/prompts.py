"""The robot's recordings: what each says, how it sounds, one's own in its place, and back."""

from typing import Any

from django import forms
from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from medet.base import wording
from medet.contacts.line.actions import drop_prompt, put_prompt, words_hash
from medet.contacts.line.models import OwnPrompt
from medet.contacts.line.texts import shipped_texts
from medet.people.states import Language
from medet.web.admin.ways import Outcome, done, moved, show
from medet.web.asked import Asked
from medet.web.moves import carried_out
from medet.web.parts.shapes import Pill, Tab
from medet.web.security import with_sound

WAY = "admin:prompts"


class RecordingForm(forms.Form):
    """A WAV file."""

    file = forms.FileField(
        label=gettext_lazy("Your recording"),
        widget=forms.FileInput({"accept": ".wav,audio/wav"}),
        help_text=gettext_lazy("WAV, 16 bit, up to a minute. Level and frequency are fitted to the telephone."),
        error_messages={"required": gettext_lazy("Choose a file."), "empty": gettext_lazy("This is not a WAV file.")},
    )


@require_safe
def every(request: Asked) -> HttpResponse:
    """All prompts of one language."""
    language = request.GET.get("language", "")
    language = language if language in Language.values else wording.language()
    own = {row.key: row for row in OwnPrompt.objects.filter(language=language).defer("wav")}
    rows = [_row(key, language, words[language], own.get(key)) for key, words in shipped_texts().items()]
    tabs = [Tab(str(label), f"?language={code}", current=code == language) for code, label in Language.choices]
    return show(request, "prompts", WAY, {"rows": rows, "tabs": tabs})


def _row(key: str, language: str, words: str, own: OwnPrompt | None) -> dict[str, Any]:
    return {
        "key": key,
        "words": words,
        "url": reverse("admin:prompt", args=[language, key]),
        "pill": _pill(words, own),
    }


def _pill(words: str, own: OwnPrompt | None) -> Pill:
    if own is None:
        return Pill("grey", "robot", _("shipped"))
    if bytes(own.text_sha256) != words_hash(words):
        return Pill("amber", "alert-triangle", _("own, for older words"))
    return Pill("green", "user-check", _("own"))


@require_http_methods(["GET", "HEAD", "POST"])
def one(request: Asked, language: str, key: str) -> HttpResponse:
    """One prompt in one language."""
    words = _words(language, key)
    outcome: Outcome = moved(request, MOVES, language, key, words) if request.method == "POST" else {}
    if isinstance(outcome, HttpResponse):
        return outcome
    own = OwnPrompt.objects.filter(language=language, key=key).first()
    context = {
        **_row(key, language, words, own),
        "language": str(Language(language).label),
        "own": own,
        "facts": _facts(own) if own else "",
        "back": f"{reverse('admin:prompts')}?language={language}",
        # Another version has another address: no browser plays the old one.
        "wav": f"{reverse('admin:prompt_wav', args=[language, key])}?v={own.put_at.timestamp() if own else 0}",
        "form": RecordingForm(),
    }
    return with_sound(request, show(request, "prompt", WAY, context | outcome))


def _facts(own: OwnPrompt) -> str:
    level = _("%(n)s dBFS") % {"n": wording.number(own.level_dbfs, 1)}
    seconds = _("%(n)s s") % {"n": wording.number(own.seconds, 1)}
    return f"{own.put_by}, {wording.moment(own.put_at)} · {seconds} · {level}"


def _words(language: str, key: str) -> str:
    words = shipped_texts().get(key)
    if words is None or language not in words:
        raise Http404
    return words[language]


@require_safe
def wav(request: Asked, language: str, key: str) -> HttpResponse:
    """The sound itself."""
    _words(language, key)
    own = OwnPrompt.objects.filter(language=language, key=key).first()
    path = settings.PROMPTS / language / f"{key}.wav"
    if own is None and not path.exists():
        raise Http404
    return HttpResponse(bytes(own.wav) if own else path.read_bytes(), content_type="audio/wav")


def _put(request: Asked, language: str, key: str, words: str) -> Outcome:
    form = RecordingForm(request.POST, request.FILES)
    if form.is_valid() and carried_out(
        form,
        lambda: put_prompt(
            key=key,
            language=Language(language),
            words=words,
            data=form.cleaned_data["file"].read(),
            by=request.actor,
            now=request.now,
        ),
    ):
        done(request, _("From now on the robot speaks your recording. Listen to it."))
        return redirect("admin:prompt", language=language, key=key)
    return {"form": form}


def _drop(request: Asked, language: str, key: str, words: str) -> Outcome:
    if drop_prompt(key=key, language=Language(language), by=request.actor, now=request.now):
        done(request, _("The shipped recording is spoken again."))
    return redirect("admin:prompt", language=language, key=key)


MOVES = {"put": _put, "drop": _drop}
