"""A test call becomes a call to a colleague: of a test, or to the telephone on duty of a clinic."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from medet.base.rls import RowLevelSecurity

# Whoever asked for a test was an administrator of an organisation; a test of nobody is no longer of use.
WHERE = """
update contacts_staffcall call set organisation_id = (
  select held.organisation_id from staff_roleat held where held.user_id = call.asked_by_id
   order by held.role <> 'administrator', held.id limit 1);
delete from contacts_staffcall where organisation_id is null;
set constraints all immediate;
set constraints all deferred
"""
KINDS = [("test", "Test call"), ("duty", "Call to the telephone on duty")]
OURS = {"related_name": "+", "on_delete": django.db.models.deletion.PROTECT}
PLACE = {**OURS, "to": "places.organisation", "help_text": "Whose colleague is rung: a clinic, or who tests"}


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0009_line"),
        ("places", "0002_duty_language"),
        ("staff", "0003_invitation"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.RenameModel("TestCall", "StaffCall"),
        migrations.RenameIndex("staffcall", new_name="staff_call_open", old_name="test_call_open"),
        migrations.RenameIndex("staffcall", new_name="staff_call_of_user", old_name="test_call_of_user"),
        migrations.AddField(
            "staffcall", "kind", models.CharField(choices=KINDS, default="test", max_length=6), preserve_default=False
        ),
        migrations.AddField("staffcall", "organisation", models.ForeignKey(null=True, **PLACE)),
        migrations.RunSQL(WHERE, migrations.RunSQL.noop),
        migrations.AlterField("staffcall", "organisation", models.ForeignKey(**PLACE)),
        migrations.AlterField(
            "staffcall",
            "asked_by",
            models.ForeignKey(
                blank=True, null=True, help_text="Empty: the platform itself", to=settings.AUTH_USER_MODEL, **OURS
            ),
        ),
        migrations.AlterField(
            "staffcall", "number", models.CharField(help_text="E.164 as it is dialled", max_length=20)
        ),
        migrations.AddIndex(
            "staffcall", models.Index(fields=["organisation", "-asked_at"], name="staff_call_of_place")
        ),
        migrations.AddConstraint(
            "staffcall",
            models.UniqueConstraint(
                fields=["organisation"],
                condition=models.Q(kind="duty") & ~models.Q(state="ended"),
                name="staff_call_one_duty_open",
            ),
        ),
        migrations.AddConstraint(
            "staffcall",
            models.CheckConstraint(
                condition=models.Q(state__in=["asked", "ringing", "answered", "ended"]), name="staff_call_state_known"
            ),
        ),
        migrations.AddConstraint(
            "staffcall",
            models.CheckConstraint(condition=models.Q(kind__in=["test", "duty"]), name="staff_call_kind_known"),
        ),
        RowLevelSecurity("contacts_staffcall"),
    ]
