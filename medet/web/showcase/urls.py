"""Addresses of the showcase."""

from django.urls import path

from medet.web.showcase import views

app_name = "showcase"
urlpatterns = [
    path("", views.index, name="index"),
    path("operator/", views.operator, name="operator"),
    path("doctor/", views.doctor, name="doctor"),
    path("clinic/", views.clinic, name="clinic"),
    path("sign-in/", views.sign_in, name="sign_in"),
    path("refused/", views.refused, name="refused"),
]
