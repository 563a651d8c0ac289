"""Addresses of the operator's desk."""

from django.urls import path

from medet.web.operator import new, views

app_name = "operator"
urlpatterns = [
    path("", views.desk, name="desk"),
    path("robot/", views.switch_robot, name="robot"),
    path("new/", new.new, name="new"),
    path("new/alike/", new.alike, name="alike"),
    path("<uuid:uid>/", views.person, name="person"),
]
