"""Who is watched, what is due, answered and seen is shown to one's own organisation only."""

from django.db import migrations

from medet.base.rls import RowLevelSecurity


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0003_doctors_contact")]
    operations = [
        RowLevelSecurity("monitoring_enrolment"),
        RowLevelSecurity("monitoring_duecontact"),
        RowLevelSecurity("monitoring_answers"),
        RowLevelSecurity("monitoring_alert"),
    ]
