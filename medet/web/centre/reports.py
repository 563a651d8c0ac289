"""The reports: tables of a period, the rows of a figure, and files of the same."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from medet.base import audit
from medet.base.clock import local_day
from medet.people.queries import seen_in_list
from medet.reports.files import FILES
from medet.reports.measures import MEASURES
from medet.reports.queries import after, key_of, rows_of, tables
from medet.reports.tables import Figure
from medet.web.asked import Asked
from medet.web.centre.forms import PeriodForm
from medet.web.centre.shown import counted, groups, person_of, rows_url

PAGE = 50


@require_safe
def report(request: Asked) -> HttpResponse:
    """Every table of the period; days that make no sense are said and this month is shown."""
    form = PeriodForm(request.GET, today=local_day(request.now))
    context: dict[str, Any] = {
        "form": form,
        "groups": groups(tables(period=form.period, by=request.actor)),
        "kinds": list(FILES),
        "query": request.GET.urlencode(),
    }
    return render(request, "centre/report.html", context, status=200 if form.is_valid() else 422)


@require_safe
def rows(request: Asked) -> HttpResponse:
    """What a figure counts, a page at a time."""
    figure = _figure(request)
    found, measure = rows_of(figure, by=request.actor), MEASURES[figure.measure]
    count = found.count()
    page = list(after(found, measure, request.GET.get("after", ""))[: PAGE + 1])
    shown = page[:PAGE]
    people = [who.pk for row in shown if (who := person_of(row, measure))]
    seen_in_list(people=people, by=request.actor, now=request.now, desk="report")
    breakdown = measure.part(figure.breakdown)
    part = dict(breakdown.parts()).get(figure.part, figure.part) if breakdown else ""
    context = {
        "title": measure.title,
        "part": part,
        "figure": figure,
        "count": count,
        "rows": counted(shown, measure, now=request.now),
        "more_url": rows_url(figure, key_of(shown[-1], measure)) if len(page) > PAGE else "",
    }
    return render(request, "centre/rows.html", context)


def _figure(request: Asked) -> Figure:
    asked = request.GET
    form = PeriodForm(asked, today=local_day(request.now))
    period = form.period if "first" in asked and "last" in asked else None
    return Figure(0, asked.get("measure", ""), period, asked.get("breakdown", ""), asked.get("part", ""))


@require_safe
def file(request: Asked, kind: str) -> HttpResponse:
    """The same tables as a file; figures only, nobody is named."""
    maker = FILES.get(kind)
    if maker is None:
        raise Http404
    form = PeriodForm(request.GET, today=local_day(request.now))
    period = form.period
    made = maker.make(list(tables(period=period, by=request.actor)), period, request.now)
    audit.record(by=request.actor, now=request.now, action="export", report="centre", kind=kind)
    name = f"medet-{period.first:%Y%m%d}-{period.last:%Y%m%d}.{kind}"
    return HttpResponse(
        made, content_type=maker.content_type, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
