"""A task is shown to the organisation that owes it only."""

from django.db import migrations

from medet.base.rls import RowLevelSecurity


class Migration(migrations.Migration):
    dependencies = [("tasks", "0004_doctors_contact")]
    operations = [
        RowLevelSecurity("tasks_task"),
    ]
