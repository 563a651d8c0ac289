"""A request carries the programme whose words its reader needs: the centre's enrolment is not for the clinic to read."""

from django.db import migrations, models

KNOWN = """
update handovers_homevisit v set programme_code = e.programme_code
  from (select distinct on (case_id) case_id, programme_code from monitoring_enrolment
         order by case_id, started_on desc, id desc) e
 where e.case_id = v.case_id
"""


class Migration(migrations.Migration):
    dependencies = [("handovers", "0002_door"), ("monitoring", "0001_first")]
    operations = [
        migrations.AddField(
            "homevisit",
            "programme_code",
            models.CharField(max_length=40, blank=True, default="", help_text="Has the words of what was told"),
            preserve_default=False,
        ),
        migrations.RunSQL(KNOWN, migrations.RunSQL.noop),
    ]
