"""Whom of a clinic's people a centre observes: the one view that sees past the policies of its tables (decision 0008)."""

from django.db import migrations, models

import medet.base.ids
from medet.base.partitions import APP_ROLE
from medet.base.rls import MINE

# Addresses and attachments of people who were under observation once are many, and those of people who are few: this is
# asked first, of the record an address is written under, and of whoever has several records (reading goes through root).
WATCHED = """(
       exists (select 1 from monitoring_enrolment o where o.person_id = {of}.person_id and o.state = 'active')
       or exists (select 1 from people_person m where m.id = {of}.person_id and m.root_id <> m.id)
       or exists (select 1 from people_person m where m.root_id = {of}.person_id and m.root_id <> m.id))"""
# One by one: how few are left by then PostgreSQL does not guess, and would read all persons.
PERSON = "lateral (select id, root_id from people_person where id = {of}.person_id limit 1) p on true"
# Who has one record has one actual address; only of the others it is asked which one is the newest.
MERGED = "exists (select 1 from people_person m where m.root_id = p.root_id and m.root_id <> m.id)"
NEWEST = """
    select b.* from people_{what} b join people_person q on q.id = b.person_id
     where q.root_id = p.root_id and b.valid_to is null
     order by b.valid_from desc, b.id desc limit 1"""
ADDRESS, ATTACHMENT = NEWEST.format(what="address"), NEWEST.format(what="attachment")
# Whose person somebody is: the rule of flows/request_visit.choose_clinic, each way beginning at the clinic.
CLINIC = f"""
select p.root_id as person_id, c.clinic_id, a.id as address_id
  from places_catchment c
  join people_address a on a.district_id = c.district_id and a.street_fold = c.street_fold and a.valid_to is null
  join {PERSON.format(of="a")}
 where c.street_fold <> '' and {WATCHED.format(of="a")}
   and (not {MERGED} or a.id = (select id from ({ADDRESS}) newest))
union all
select p.root_id, c.clinic_id, a.id
  from places_catchment c
  join people_address a on a.district_id = c.district_id and a.valid_to is null
  join {PERSON.format(of="a")}
 where c.street_fold = '' and {WATCHED.format(of="a")}
   and not exists (
     select 1 from places_catchment s
      where s.district_id = a.district_id and s.street_fold = a.street_fold and s.street_fold <> '')
   and (not {MERGED} or a.id = (select id from ({ADDRESS}) newest))
union all
select p.root_id, t.clinic_id, (select id from ({ADDRESS}) newest)
  from people_attachment t
  join {PERSON.format(of="t")}
 where t.valid_to is null and {WATCHED.format(of="t")}
   and (not {MERGED} or t.id = (select id from ({ATTACHMENT}) newest))
   and not exists (
     select 1 from ({ADDRESS}) a
       join places_catchment c on c.district_id = a.district_id and c.street_fold in (a.street_fold, ''))
"""
# It belongs to the owner, to whom no policy applies, so its own last lines say whose rows are shown: the same setting
# as every policy has, asked about the clinic. No process reads it: `*` is nobody here.
# Who is recorded as dead at any centre is not in it (contacts/calls/line.LIVING).
VIEW = f"""
create view handovers_observed with (security_barrier = true) as
select e.id, e.uid, w.person_id, w.address_id, w.clinic_id, e.organisation_id,
       e.programme_code, e.started_on, e.planned_end_on,
       coalesce(d.is_handed, false) as is_handed, coalesce(d.with_doctors, false) as with_doctors,
       d.waits_on, d.spoken_at, v.uid as visit_uid
  from ({CLINIC}) w
  join people_person p on p.root_id = w.person_id
  join monitoring_enrolment e on e.person_id = p.id and e.state = 'active'
  join records_case k on k.id = e.case_id and k.state in ('at_home', 'discharged_home')
  left join lateral (
    select bool_or(c.state = 'handed') as is_handed, bool_or(c.state = 'doctors') as with_doctors,
           min(c."on") filter (where c.state = 'planned' and c.kind <> 'doctor') as waits_on,
           max(c.closed_at) filter (where c.state = 'done') as spoken_at
      from monitoring_duecontact c where c.enrolment_id = e.id
  ) d on true
  left join handovers_homevisit v
    on v.case_id = e.case_id and v.clinic_id = w.clinic_id
   and v.state in ('sent', 'received', 'assigned', 'under_way')
 where w.clinic_id = {MINE}
   and not exists (
     select 1 from people_person self join records_case dead on dead.person_id = self.id
      where self.root_id = w.person_id and dead.state = 'died' and dead.ended_at >= k.opened_at)
"""


class Migration(migrations.Migration):
    dependencies = [
        ("handovers", "0004_shown"),
        ("monitoring", "0006_watched_over"),
        ("people", "0004_street_fold"),
        ("places", "0001_first"),
        ("records", "0005_case_died"),
    ]
    operations = [
        migrations.CreateModel(
            name="Observed",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "uid",
                    models.UUIDField(
                        default=medet.base.ids.uuid7,
                        editable=False,
                        help_text="UUIDv7; the only id shown outside the installation",
                        unique=True,
                    ),
                ),
                ("programme_code", models.CharField(max_length=40)),
                ("started_on", models.DateField()),
                ("planned_end_on", models.DateField()),
                ("is_handed", models.BooleanField(help_text="An operator is to reach them, since today or longer")),
                ("with_doctors", models.BooleanField(help_text="The doctors owe a contact")),
                ("waits_on", models.DateField(help_text="The day of the robot's next contact", null=True)),
                ("spoken_at", models.DateTimeField(help_text="When a contact was last made", null=True)),
                ("visit_uid", models.UUIDField(help_text="The home visit that is open at this clinic", null=True)),
            ],
            options={"db_table": "handovers_observed", "managed": False},
        ),
        migrations.RunSQL(VIEW, "drop view handovers_observed"),
        migrations.RunSQL(
            f"revoke all on handovers_observed from {APP_ROLE}; grant select on handovers_observed to {APP_ROLE}",
            migrations.RunSQL.noop,
        ),
    ]
