"""Addresses of the administrator's desk."""

from django.urls import path

from medet.web.admin import given, limits, organisations, prompts, state, trunk, users

app_name = "admin"
urlpatterns = [
    path("", state.desk, name="desk"),
    path("organisations/", organisations.every, name="organisations"),
    path("organisations/new/", organisations.new, name="organisation_new"),
    path("organisations/<uuid:uid>/", organisations.one, name="organisation"),
    path("users/", users.every, name="users"),
    path("users/new/", users.new, name="user_new"),
    path("users/<uuid:uid>/", users.one, name="user"),
    path("given/<slug:kind>/", given.given, name="given"),
    path("telephone/", trunk.trunk, name="trunk"),
    path("recordings/", prompts.every, name="prompts"),
    path("recordings/<slug:language>/<path:key>.wav", prompts.wav, name="prompt_wav"),
    path("recordings/<slug:language>/<path:key>/", prompts.one, name="prompt"),
    path("limits/", limits.every, name="limits"),
    path("limits/<slug:group>.<str:name>/", limits.one, name="limit"),
]
