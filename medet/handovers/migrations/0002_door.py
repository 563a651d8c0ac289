"""What a doctor needs at the door as parts, so that each reader gets them in words of their language."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("handovers", "0001_first")]
    operations = [
        migrations.RemoveField("homevisit", "door"),
        migrations.AddField(
            "homevisit",
            "door",
            models.JSONField(default=dict, blank=True, help_text="flat, entrance, floor, intercom, note"),
        ),
    ]
