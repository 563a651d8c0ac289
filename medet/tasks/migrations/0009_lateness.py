"""Since when a task is late, kept when its due time moves; of open ones that climbed, from the journal."""

from django.db import migrations, models

CLIMBED = """
update tasks_task t
   set late_since = (
     select min(j.at) from journal_entry j
      where j.object_uid = t.about_uid and j.kind = 'task.climbed' and j.at >= t.opened_at
        and j."values" ->> 'task' = t.uid::text)
 where t.state = 'open' and t.rung > 0
"""


class Migration(migrations.Migration):
    dependencies = [("base", "0001_first"), ("tasks", "0008_robot_stopped")]
    operations = [
        migrations.AddField(
            model_name="task",
            name="late_since",
            field=models.DateTimeField(
                help_text="Its first due time that passed, when another came", null=True
            ),
        ),
        migrations.AddField(
            model_name="task",
            name="late_until",
            field=models.DateTimeField(help_text="When it was laid to rest after it had been late", null=True),
        ),
        migrations.RunSQL(CLIMBED, migrations.RunSQL.noop),
    ]
