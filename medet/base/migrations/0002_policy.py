"""The limits shipped with the program."""

from django.db import migrations

from medet.base import policy


class Migration(migrations.Migration):
    dependencies = [("base", "0001_first")]
    operations = [migrations.RunPython(policy.seed, migrations.RunPython.noop)]
