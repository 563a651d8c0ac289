"""Addresses of the lists."""

from django.urls import path

from medet.web.intake import views

app_name = "intake"
urlpatterns = [
    path("", views.lists, name="lists"),
    path("<uuid:uid>/", views.one, name="list"),
    path("<uuid:uid>/mend/", views.mend, name="mend"),
    path("<uuid:uid>/<int:number>/", views.row, name="row"),
]
