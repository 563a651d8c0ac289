"""Every address of the pages for people; who may open which stands in access.py."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("medet.web.account.urls")),
    path("person/", include("medet.web.card.urls")),
    path("doctor/", include("medet.web.doctor.urls")),
    path("operator/", include("medet.web.operator.urls")),
    path("centre/", include("medet.web.centre.urls")),
    path("lists/", include("medet.web.intake.urls")),
    path("clinic/", include("medet.web.clinic.urls")),
    path("manage/", include("medet.web.admin.urls")),
    path("parts/", include("medet.web.showcase.urls")),
]
