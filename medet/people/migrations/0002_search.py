"""The dictionaries of names, and the indexes by which people are found."""

import django.contrib.postgres.indexes
import django.db.models.functions.text
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations, models

from medet.base.names import fold

BATCH = 2000


def fill(apps, schema_editor):
    """Patronymics of people who are registered already, and the names they bear."""
    person = apps.get_model("people", "Person")
    batch = []
    for row in person.objects.exclude(patronymic="").only("pk", "patronymic").iterator(BATCH):
        row.patronymic_fold = fold(row.patronymic)[:80]
        batch.append(row)
        if len(batch) == BATCH:
            person.objects.bulk_update(batch, ["patronymic_fold"])
            batch = []
    person.objects.bulk_update(batch, ["patronymic_fold"])
    for table, column in (("people_surname", "family_fold"), ("people_givenname", "given_fold")):
        schema_editor.execute(
            f"insert into {table} (fold) select distinct {column} from people_person on conflict do nothing"
        )


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0001_first'),
        ('places', '0001_first'),
    ]

    operations = [
        TrigramExtension(),
        migrations.CreateModel(
            name='GivenName',
            fields=[
                ('fold', models.CharField(db_collation='C', help_text='Folded for search', max_length=80, primary_key=True, serialize=False)),
            ],
        ),
        migrations.CreateModel(
            name='Surname',
            fields=[
                ('fold', models.CharField(db_collation='C', help_text='Folded for search', max_length=80, primary_key=True, serialize=False)),
            ],
        ),
        migrations.RemoveIndex(
            model_name='person',
            name='person_by_name',
        ),
        migrations.AddField(
            model_name='person',
            name='patronymic_fold',
            field=models.CharField(blank=True, help_text='Folded for search', max_length=80),
        ),
        migrations.AddIndex(
            model_name='person',
            index=models.Index(fields=['family_fold', 'given_fold', 'birth_date'], include=('organisation', 'root'), name='person_by_name', opclasses=['varchar_pattern_ops', 'varchar_pattern_ops', 'date_ops']),
        ),
        migrations.AddIndex(
            model_name='person',
            index=models.Index(fields=['given_fold', 'patronymic_fold', 'birth_date'], include=('organisation', 'root'), name='person_by_given', opclasses=['varchar_pattern_ops', 'varchar_pattern_ops', 'date_ops']),
        ),
        migrations.AddIndex(
            model_name='person',
            index=models.Index(fields=['birth_date', 'family_fold'], name='person_by_birth'),
        ),
        migrations.AddIndex(
            model_name='phone',
            index=models.Index(django.contrib.postgres.indexes.OpClass(django.db.models.functions.text.Reverse('number'), 'text_pattern_ops'), name='phone_by_end'),
        ),
        migrations.AddIndex(
            model_name='givenname',
            index=django.contrib.postgres.indexes.GistIndex(fields=['fold'], name='given_name_alike', opclasses=['gist_trgm_ops(siglen=64)']),
        ),
        migrations.AddIndex(
            model_name='surname',
            index=django.contrib.postgres.indexes.GistIndex(fields=['fold'], name='surname_alike', opclasses=['gist_trgm_ops(siglen=64)']),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
