"""Every address of the pages for people."""

from django.contrib.auth.views import LogoutView
from django.urls import URLPattern, URLResolver, include, path
from django.views.i18n import set_language

app_name = "web"
urlpatterns: list[URLPattern | URLResolver] = [
    path("language/", set_language, name="language"),
    path("sign-out/", LogoutView.as_view(next_page="/"), name="sign_out"),
    path("parts/", include("medet.web.showcase.urls")),
]
