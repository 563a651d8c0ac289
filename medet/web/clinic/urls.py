"""Addresses of the clinic's desk."""

from django.urls import path

from medet.web.clinic import views

app_name = "clinic"
urlpatterns = [
    path("", views.desk, name="desk"),
    path("<uuid:uid>/", views.visit, name="visit"),
]
