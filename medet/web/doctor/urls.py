"""Addresses of the doctor's desk."""

from django.urls import path

from medet.web.doctor import views

app_name = "doctor"
urlpatterns = [
    path("", views.desk, name="desk"),
    path("<uuid:uid>/", views.person, name="person"),
]
