"""Refusals: a sentence for every code, and no words of a patient in the log."""

import ast
import importlib
import logging
import re
from pathlib import Path
from uuid import UUID

import pytest
from django.conf import settings
from django.utils import translation

from medet.base import refused
from medet.base.refused import SENTENCES, Refused


def test_it_gives_the_sentence_with_its_values():
    with translation.override("en"):
        assert "“no.such”" in Refused("policy.missing", limit="no.such", day="today").sentence()
        assert Refused("policy.missing", limit="no.such").sentence().endswith("in force on —.")
        assert Refused("un.known").sentence() == "This cannot be done (un.known)."


def test_a_value_may_be_called_code(monkeypatch):
    monkeypatch.setitem(SENTENCES, "test.code", "No %(code)s.")
    assert Refused("test.code", code="U07.1").sentence() == "No U07.1."


def test_a_room_adds_sentences_but_takes_none():
    refused.register({"test.one": "One."})
    refused.register({"test.one": "One."})
    with pytest.raises(ValueError, match=r"test\.one"):
        refused.register({"test.one": "Two."})
    del SENTENCES["test.one"]


def test_the_log_has_numbers_and_uids_only(caplog):
    uid = UUID(int=7)
    no = Refused("person.x", name="Жұмақызы", person=5, uid=uid, iin="900013300018")
    with caplog.at_level(logging.INFO, "medet.refused"), translation.override("en"):
        assert no.report() == "This cannot be done (person.x)."
    assert caplog.messages == [f"refused person.x {{'person': 5, 'uid': {uid!r}}}"]
    assert "Жұмақызы" not in f"{no} {no!r}"


def codes_in(path: Path) -> set[str]:
    """Literal first arguments of Refused(...) in a file."""
    calls = [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)]
    named = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "Refused" and call.args]
    found = [leaf.value for call in named for leaf in ast.walk(call.args[0]) if isinstance(leaf, ast.Constant)]
    return {code for code in found if isinstance(code, str) and re.fullmatch(r"\w+(\.\w+)+", code)}


def test_every_code_in_the_product_has_its_sentence():
    files = sorted((Path(settings.BASE_DIR) / "medet").rglob("*.py"))
    for path in files:
        if re.search(r"\bregister\(", path.read_text("utf-8")) and path.name != "refused.py":
            importlib.import_module(".".join(path.relative_to(settings.BASE_DIR).with_suffix("").parts))
    assert {code for path in files for code in codes_in(path)} - set(SENTENCES) == set()
