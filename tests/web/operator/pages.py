"""What the tests of the operator's desk say again and again."""

from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from medet.monitoring.models import Enrolment
from tests import make


def signed_in(town: make.City, name: str, language: str = "en") -> Client:
    """Somebody of the cast with a language."""
    client = Client(headers={"Accept-Language": language})
    client.force_login(town.users[name])
    return client


def page_of(enrolment: Enrolment, **query: Any) -> str:
    """The page of the person under observation."""
    return reverse("operator:person", args=[enrolment.person.uid], query=query or None)


def text(answer: HttpResponse) -> str:
    """The page as its reader gets it."""
    return answer.content.decode()
