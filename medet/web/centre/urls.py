"""Addresses of the centre's pages."""

from django.urls import path

from medet.web.centre import morning, reports, rota, shift, shifts
from medet.web.centre.robot import new
from medet.web.centre.robot import views as robot

app_name = "centre"
urlpatterns = [
    path("reports/", reports.report, name="reports"),
    path("reports/rows/", reports.rows, name="report_rows"),
    path("reports/file.<str:kind>", reports.file, name="report_file"),
    path("morning/", morning.page, name="morning"),
    path("morning/rows/", morning.rows, name="morning_rows"),
    path("robot/", robot.page, name="robot"),
    path("robot/new/", new.page, name="campaign"),
    path("rota/", rota.page, name="rota"),
    path("shifts/", shifts.page, name="shifts"),
    path("shift/", shift.page, name="shift"),
]
