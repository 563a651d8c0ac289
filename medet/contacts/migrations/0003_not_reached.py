"""A vain call by hand is an outcome."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('contacts', '0002_understood_once'),
    ]

    operations = [
        migrations.AlterField(
            model_name='contact',
            name='outcome',
            field=models.CharField(blank=True, choices=[('complete', 'All answered'), ('danger', 'Danger sign'), ('partial', 'Answered in part'), ('not_understood', 'Not understood'), ('wrong_number', 'Wrong number'), ('not_the_patient', 'Not the patient'), ('hung_up', 'Hung up'), ('silent', 'No key pressed'), ('technical', 'Technical fault'), ('written', 'Written by staff'), ('not_reached', 'Nobody answered')], max_length=20),
        ),
    ]
