"""A centre may want the day's robot calls started by a person: until then their campaign waits."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('contacts', '0010_staff_calls'),
        ('places', '0002_duty_language'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='campaign',
            name='campaign_state_known',
        ),
        migrations.AlterField(
            model_name='campaign',
            name='state',
            field=models.CharField(choices=[('waiting', 'Waits to be started'), ('running', 'Running'), ('paused', 'Paused'), ('stopped', 'Stopped'), ('finished', 'Finished')], default='running', max_length=10),
        ),
        migrations.AddConstraint(
            model_name='campaign',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'running', 'paused', 'stopped', 'finished'])), name='campaign_state_known'),
        ),
    ]
