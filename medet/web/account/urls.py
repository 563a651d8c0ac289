"""Addresses of signing in and of the start page."""

from django.urls import path

from medet.web.account import arriving, devices, locked, pin, views

app_name = "web"
urlpatterns = [
    path("", views.home, name="home"),
    path("sign-in/", views.sign_in, name="sign_in"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("locked/", locked.locked, name="locked"),
    path("lock/", locked.lock, name="lock"),
    path("here/", locked.here, name="here"),
    path("pin/", pin.pin, name="pin"),
    path("devices/", devices.devices, name="devices"),
    path("setup/<str:secret>/", arriving.setup, name="setup"),
    path("welcome/<str:secret>/", arriving.welcome, name="welcome"),
    path("authority/", arriving.authority, name="authority"),
    path("language/", views.language, name="language"),
]
