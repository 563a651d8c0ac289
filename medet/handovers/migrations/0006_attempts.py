"""A request that somebody goes to once more is not ended any more."""

from django.db import migrations, models
from django.db.models import Q

AT_CLINIC = ("sent", "received", "assigned", "under_way")
GOES_ON = "update handovers_homevisit set ended_at = null where ended_at is not null and state in ('assigned', 'under_way')"


class Migration(migrations.Migration):
    dependencies = [("handovers", "0005_observed")]
    operations = [
        migrations.RunSQL(GOES_ON, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="homevisit",
            name="ended_at",
            field=models.DateTimeField(
                blank=True, help_text="Visited, not found, refused, redirected; empty while it is owed", null=True
            ),
        ),
        migrations.AddConstraint(
            model_name="homevisit",
            constraint=models.CheckConstraint(
                condition=~Q(state__in=AT_CLINIC) | Q(ended_at__isnull=True), name="visit_at_clinic_not_ended"
            ),
        ),
    ]
