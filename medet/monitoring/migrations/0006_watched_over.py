"""Who is under observation now, found by the person: they are few among all who ever were."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0005_extra_contacts"), ("people", "0003_document"), ("places", "0001_first")]
    operations = [
        migrations.AddIndex(
            "enrolment",
            models.Index(condition=models.Q(("state", "active")), fields=["person"], name="enrolment_watches_over"),
        ),
    ]
