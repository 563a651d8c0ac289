"""Addresses of the centre's pages."""

from django.urls import path

from medet.web.centre import reports, rota, shift, shifts

app_name = "centre"
urlpatterns = [
    path("reports/", reports.report, name="reports"),
    path("reports/rows/", reports.rows, name="report_rows"),
    path("reports/file.<str:kind>", reports.file, name="report_file"),
    path("rota/", rota.page, name="rota"),
    path("shifts/", shifts.page, name="shifts"),
    path("shift/", shift.page, name="shift"),
]
