"""The check of translations sees each kind of fault, and Django's own sentences exist in Kazakh and Russian."""

from pathlib import Path

import pytest
from django import forms
from django.contrib.auth.password_validation import MinimumLengthValidator
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.utils import translation

from medet.base.catalogues import check, extract, files, loose
from medet.base.catalogues.update import update

CODE = """
from django.utils.translation import gettext_lazy as _, npgettext
A = _("Ring %(who)s")
B = npgettext("calls", "%(count)d call", "%(count)d calls", 2)
C = f"{_('From an f-string')}"
"""
TEMPLATE = """{% load i18n %}
<div title="{% translate "A title" %}">
    {% blocktranslate trimmed with a=b %}
      {{ a }} of them
    {% endblocktranslate %} {{ _("In braces")|default:_("Or else") }} 100 %
  <p>{% if x %}·{% endif %}</p></div>
"""
SENTENCES = {"Ring %(who)s", "From an f-string", "A title", "%(a)s of them", "In braces", "Or else"}


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A small product with one Python file and one template."""
    package = tmp_path / "product"
    (package / "room" / "templates").mkdir(parents=True)
    (package / "room" / "calls.py").write_text(CODE, encoding="utf-8")
    (package / "room" / "templates" / "page.html").write_text(TEMPLATE, encoding="utf-8")
    return package


@pytest.fixture
def locale(package: Path) -> Path:
    """Its translations, complete: every form is the English one with a mark."""
    locale = package / "locale"
    update(package, locale)
    for language in files.LANGUAGES:
        path = files.folder(language, locale) / files.OWN
        catalog = files.read(path, language)
        for message in catalog:
            english = message.id if isinstance(message.id, str) else message.id[1]
            if english:
                count = 1 if isinstance(message.id, str) else catalog.num_plurals
                message.string = f"[{english}]" if count == 1 else (f"[{english}]",) * count
        files.write(catalog, path)
    return locale


def edit(locale: Path, language: str, old: str, new: str) -> None:
    path = files.folder(language, locale) / files.OWN
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_every_way_of_saying_is_found(package):
    found = {m.id: m.context for m in extract.template_catalog(package) if m.id}
    assert found == dict.fromkeys(SENTENCES) | {("%(count)d call", "%(count)d calls"): "calls"}


def test_a_complete_catalogue_has_no_faults(package, locale):
    assert check.problems(package, locale) == []


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('msgstr "[A title]"', 'msgstr ""', "ru: not translated: 'A title'"),
        ('msgid "A title"', '#, fuzzy\nmsgid "A title"', "ru: fuzzy: 'A title'"),
        ("[Ring %(who)s]", "[Ring %(whom)s]", "ru: other placeholders: 'Ring %(who)s'"),
        ("[Ring %(who)s]", "[Ring]", "ru: other placeholders: 'Ring %(who)s'"),
        (
            'msgstr[2] "[%(count)d calls]"',
            'msgstr[2] ""',
            "ru: not translated: '%(count)d call | %(count)d calls' (calls)",
        ),
        (
            'msgstr[2] "[%(count)d calls]"',
            'msgstr[2] "[calls]"',
            "ru: other placeholders: '%(count)d call | %(count)d calls' (calls)",
        ),
    ],
)
def test_planted_faults(package, locale, old, new, fault):
    edit(locale, "ru", old, new)
    assert check.problems(package, locale) == [fault]


@pytest.mark.parametrize("mark", ["", "#~ "])
def test_an_obsolete_sentence_is_a_fault(package, locale, mark):
    path = files.folder("kk", locale) / files.OWN
    path.write_text(path.read_text(encoding="utf-8") + f'\n{mark}msgid "Gone"\n{mark}msgstr "Жоқ"\n', encoding="utf-8")
    assert check.problems(package, locale) == ["kk: obsolete: 'Gone'"]
    update(package, locale)
    assert check.problems(package, locale) == []


def test_a_new_sentence_is_missing_in_both_languages_and_never_guessed(package, locale):
    (package / "room" / "more.py").write_text('_("Ring %(who)s now")', encoding="utf-8")
    assert update(package, locale) == {"kk": 1, "ru": 1}
    assert check.problems(package, locale) == [f"{lang}: not translated: 'Ring %(who)s now'" for lang in ("kk", "ru")]


def test_source_sentences_are_english(package, locale):
    (package / "room" / "more.py").write_text('_("Позвонить")', encoding="utf-8")
    assert "source: not English: 'Позвонить'" in check.problems(package, locale)


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("<p>Hello</p>", ["Hello"]),
        ('<a title="Call">{{ x }}</a>', ["Call"]),
        ('<input placeholder="Имя">', ["Имя"]),
        ('<p class="wide" id="x">{% translate "Hello" %} · {{ a }} {# note #}</p>', []),
        ('<b translate="no">SpO<sub>2</sub> ЭКГ</b><i>x</i>', []),
        ('<b translate="no">SpO<sub>2</sub></b> percent', ["percent"]),
        ("<script>const words = 1 < 2</script><style>p {color: red}</style>", []),
        ("{% blocktranslate %}Text <b>inside</b>{% endblocktranslate %}{% comment %}no{% endcomment %}", []),
        ("<svg><title>Chart</title></svg>", ["Chart"]),
        ('<button lang="kk" aria-label="Қазақша">ҚАЗ</button><title>{{ x }} · Medet</title><kbd>Ctrl</kbd>', []),
        ('<html lang="{{ lang }}"><body>Loose</body></html>', ["Loose"]),
        ("{% block density %}touch{% endblock density %}{% block main %}Loose{% endblock %}", ["…Loose…"]),
    ],
)
def test_loose_words_in_templates(html, words):
    assert loose.in_template(html) == words


def test_void_tags_do_not_silence_what_follows():
    assert loose.in_template('<img lang="kk" alt="x"/>text') == ["text"]


def test_plain_labels_in_python():
    code = """
class Kind(models.TextChoices):
    A = "a", _("Marked")
    B = "b", "Plain choice"
class Language(TextChoices):
    KK = "kk", "Қазақша"
name = forms.CharField(label="Plain label", help_text="not shown")
other = forms.CharField(label=_("Marked"), initial="x")
"""
    assert loose.in_python(code) == ["Plain choice", "Plain label"]


def test_compiled_catalogues_hold_ours_over_djangos(tmp_path, package, locale):
    assert [path.name for path in files.compile_all(locale)] == ["django.mo", "django.mo"]
    assert len({path.stat().st_mode & 0o777 for path in files.compile_all(locale)} | {0o644}) == 1
    assert [path.name for path in files.folder("ru", locale).iterdir() if path.name.startswith("tmp")] == []


@pytest.mark.parametrize("language", files.LANGUAGES)
def test_no_sentence_of_django_is_left_in_another_language(language):
    assert check.framework_gaps(language) == []


@pytest.mark.parametrize("language", files.LANGUAGES)
def test_our_words_for_djangos_sentences_fill_the_same_places(language):
    path = files.folder(language) / files.FRAMEWORK
    for message in files.read(path, language):
        forms = [message.string] if isinstance(message.string, str) else message.string
        for form in forms or ():
            assert check._placeholders(form) == check._placeholders(check._text(message.id)), message.id


def test_djangos_forms_speak_kazakh():
    with translation.override("kk"):
        with pytest.raises(ValidationError) as refusal:
            forms.EmailField().clean("nobody")
        assert refusal.value.messages == ["Дұрыс электрондық пошта мекенжайын енгізіңіз."]
        with pytest.raises(ValidationError) as refusal:
            MinimumLengthValidator(12).validate("short")
        assert refusal.value.messages == ["Құпия сөз тым қысқа. Онда кемінде 12 таңба болуы керек."]
        with pytest.raises(ValidationError) as refusal:
            forms.CharField(max_length=3).clean("абвг")
        assert refusal.value.messages == ["Бұл мәнде 3 таңбадан артық болмауы керек (қазір 4)."]


def test_commands(monkeypatch, package, locale, capsys):
    monkeypatch.setattr(check, "problems", lambda: ["kk: not translated: 'x'"])
    with pytest.raises(CommandError, match="not translated"):
        call_command("catalogues", "--check")
    monkeypatch.setattr(check, "problems", list)
    call_command("catalogues")
    call_command("compile_catalogues")
    assert "translations complete: kk ru" in capsys.readouterr().out
