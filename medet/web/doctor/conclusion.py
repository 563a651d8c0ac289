"""From the form of keys to a decision and back: coded lists, what an outcome entails, the recorded conclusion."""

from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from medet.base import wording
from medet.base.actor import Actor
from medet.base.clock import local_day
from medet.flows.conclude import Decision, Next
from medet.flows.observation_over import needs_more_days
from medet.flows.request_visit import VisitWish
from medet.handovers.states import Urgency, VisitReason
from medet.monitoring.queries import active_enrolment
from medet.monitoring.states import GoesOn
from medet.records.actions import Findings
from medet.records.codes import choices, label, words
from medet.records.models import Conclusion
from medet.records.states import Severity, WithoutPcr
from medet.web.asked import Asked
from medet.web.doctor.forms import OTHER, ConclusionForm
from medet.web.doctor.work import Work
from medet.web.parts.pcr import lacking
from medet.web.parts.shapes import Action, ConclusionView, Fact
from medet.web.parts.shown import shown_in, shown_of

# The diagnoses of one key each, after the case's own.
FREQUENT = ("U07.1", "U07.2", "J12.8", "J18.9", "J06.9")
LATER_DAYS = (0, 1, 2, 3)
NO_CONTACT = ""
# What an outcome says must follow; every other goes on as before. Hospital and ambulance do too: until somebody writes
# down that the person was admitted, they are watched at home, for an ambulance may leave them there.
ENTAILS = {
    "home_visit": Next.VISIT,
    "ended": Next.END,
    "not_confirmed": Next.END,
}
# What the key of a move means when no outcome was chosen, and with which outcomes it goes together.
KEYS = {Next.VISIT: "home_visit", Next.END: "ended"}
GOES_WITH = {
    Next.VISIT: frozenset({"home_visit", "stays", "more_often", "tests", "clinic", "specialist", "video"}),
    Next.END: frozenset({"ended", "not_confirmed", "refused"}),
}
CONTRADICTION = gettext_lazy("“%(outcome)s” does not go together with this key.")


def form_of(work: Work, request: Asked, amends: Conclusion | None = None) -> ConclusionForm:
    """Empty with what is known, filled from the version to amend, or with what was posted."""
    case = work.seen()
    codes = dict.fromkeys((case.icd10, *FREQUENT))
    posted = request.POST.copy() if request.method == "POST" else None
    then = posted.get("then", "") if posted else ""
    if posted is not None and then in KEYS and not posted.get("outcome"):
        posted["outcome"] = KEYS[Next(then)]
    return ConclusionForm(
        posted,
        initial=_known(amends, request) if amends else _initial(work),
        severities=[(severity.value, str(severity.label)) for severity in Severity],
        diagnoses=[(code, f"{code} {label('icd10', code)}") for code in codes],
        outcomes=choices("outcomes"),
        advice=choices("advice"),
        contacts=_days(local_day(request.now)),
        all_diagnoses=choices("icd10"),
        ends_on=_ends_on(work, request),
        last_pcr=lacking(case, now=request.now),
        phrases=words("phrases", work.person.language),
        language=work.person.language,
    )


def _ends_on(work: Work, request: Asked) -> str:
    """When the planned days end, said while the next contact may lie beyond them."""
    enrolment = active_enrolment(work.seen())
    last = local_day(request.now) + timedelta(days=LATER_DAYS[-1])
    if enrolment is None or not needs_more_days(enrolment, last, now=request.now):
        return ""
    return _("The planned days end on %(day)s.") % {"day": wording.day(enrolment.planned_end_on)}


def _days(today: date) -> list[tuple[str, str]]:
    days = []
    for later in LATER_DAYS:
        word = (_("today"), _("tomorrow"))[later] if later < 2 else ngettext("in %(n)d day", "in %(n)d days", later)
        days.append((str(later), word % {"n": later} if later >= 2 else word))
    return [*days, ("none", _("not planned"))]


def _initial(work: Work) -> dict[str, object]:
    case = work.seen()
    return {"severity": case.severity, "diagnosis": case.icd10, "next_contact": "1"}


def _known(conclusion: Conclusion, request: Asked) -> dict[str, object]:
    planned = conclusion.next_contact_on
    later = str((planned - local_day(request.now)).days) if planned else "none"
    return {
        "severity": conclusion.severity,
        "diagnosis": conclusion.icd10 if conclusion.icd10 in FREQUENT else OTHER,
        "other_diagnosis": "" if conclusion.icd10 in FREQUENT else conclusion.icd10,
        "outcome": conclusion.outcome,
        "advice": conclusion.advice,
        "treatment": conclusion.treatment,
        "next_contact": later,
    }


def decision_of(form: ConclusionForm, work: Work, request: Asked, amends: Conclusion | None) -> Decision | None:
    """What was decided; None with the fault on the form when key and outcome contradict each other."""
    outcome, then = form.cleaned_data["outcome"], request.POST.get("then", "")
    if then in KEYS and outcome not in GOES_WITH[Next(then)]:
        form.add_error("outcome", CONTRADICTION % {"outcome": label("outcomes", outcome)})
        return None
    follows = Next(then) if then in KEYS else _entailed(outcome, work, amends)
    return Decision(
        findings=_findings(form, request, follows),
        then=follows,
        visit=wish_of(work) if follows == Next.VISIT else None,
        amends=amends,
        goes_on=GoesOn(form.cleaned_data["goes_on"]) if form.cleaned_data["goes_on"] else None,
        without_pcr=WithoutPcr(form.cleaned_data["without_pcr"]) if form.cleaned_data["without_pcr"] else None,
        seen=shown_in(request),
    )


def _entailed(outcome: str, work: Work, amends: Conclusion | None) -> Next:
    """What is under way already, or was sent with the version before, is not sent once more."""
    follows = ENTAILS.get(outcome, Next.GO_ON)
    is_sent = bool(amends and amends.outcome == outcome) or (follows == Next.VISIT and work.visit is not None)
    return Next.GO_ON if is_sent else follows


def _findings(form: ConclusionForm, request: Asked, follows: Next) -> Findings:
    data, later = form.cleaned_data, form.cleaned_data["next_contact"]
    stays = follows in (Next.GO_ON, Next.VISIT) and later.isdecimal()
    return Findings(
        severity=Severity(data["severity"]),
        icd10=data["icd10"],
        outcome=data["outcome"],
        advice=tuple(data["advice"]),
        treatment=data["treatment"],
        next_contact_on=local_day(request.now) + timedelta(days=int(later)) if stays else None,
    )


def wish_of(work: Work) -> VisitWish:
    """Worsening, and within two hours after a danger sign; clinic, complaints and address come from the record."""
    danger = any(alert.band == "red" for alert in work.alerts)
    return VisitWish(
        reason=VisitReason.WORSENING if work.alerts else VisitReason.DOCTOR_ASKS,
        urgency=Urgency.TWO_HOURS if danger else Urgency.TODAY,
    )


def view_of(conclusion: Conclusion, work: Work, request: Asked) -> ConclusionView:
    """The recorded conclusion with what may follow it by one key."""
    facts = [
        Fact(_("Severity"), str(Severity(conclusion.severity).label)),
        Fact(_("Diagnosis"), f"{conclusion.icd10} {label('icd10', conclusion.icd10)}"),
        Fact(_("Outcome"), label("outcomes", conclusion.outcome), strong=True),
    ]
    facts += [Fact(_("Treatment"), conclusion.treatment)] if conclusion.treatment else []
    if conclusion.next_contact_on:
        facts.append(Fact(_("Next contact"), wording.day(conclusion.next_contact_on)))
    return ConclusionView(
        uid=str(conclusion.uid),
        version=conclusion.version,
        signed=wording.near(conclusion.signed_at, now=request.now),
        by=str(conclusion.by_user),
        facts=facts,
        advice=[label("advice", code) for code in conclusion.advice],
        amend_url=_with(work.url, f"amend={conclusion.uid}") if work.at_home else "",
        next_moves=_moves(work, request.actor),
    )


def _with(url: str, more: str) -> str:
    return f"{url}{'&' if '?' in url else '?'}{more}"


def _moves(work: Work, actor: Actor) -> list[Action]:
    if not work.at_home:
        return []
    moves = [Action("new", _("New conclusion"), _with(work.url, "new=1"), "edit", "primary", "KeyN", "get")]
    if work.holder(actor):
        return moves
    if work.visit is None:
        moves.append(Action("visit", _("Home visit"), work.url, "home-plus", key="F8"))
    moves.append(Action("end", _("End the observation"), work.url, "flag", key="F9", shown=shown_of(work.alerts)))
    return moves
