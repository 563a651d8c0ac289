"""Addresses of the person's card that every desk shares."""

from django.urls import path

from medet.web.card import views

app_name = "card"
urlpatterns = [
    path("<uuid:uid>/timeline/", views.history, name="timeline"),
    path("<uuid:uid>/number/", views.number, name="number"),
]
