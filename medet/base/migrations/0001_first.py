"""The platform's own tables, the rights of the two roles, the append-only guard and monthly partitions."""

import django.contrib.postgres.constraints
import django.core.serializers.json
import django.db.models.functions.comparison
import medet.base.ids
from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations, models

from medet.base.migrations import _0001_sql as sql
from medet.base.partitions import MonthlyPartitions


class Migration(migrations.Migration):

    initial = True

    dependencies = []

    operations = [
        BtreeGistExtension(),
        migrations.RunSQL(sql.GRANTS, migrations.RunSQL.noop),
        migrations.RunSQL(sql.PARTITIONS, sql.NO_PARTITIONS),
        migrations.RunSQL(sql.GUARD, sql.NO_GUARD),
        migrations.CreateModel(
            name='AuditEntry',
            fields=[
                ('id', models.BigAutoField(help_text='running number', primary_key=True, serialize=False)),
                ('xid', models.BigIntegerField(db_default=django.db.models.functions.comparison.Cast(django.db.models.functions.comparison.Cast(models.Func(function='pg_current_xact_id'), models.TextField()), models.BigIntegerField()), editable=False, help_text='number of the transaction that wrote the row')),
                ('at', models.DateTimeField(help_text='when it happened, by the clock of the program')),
                ('by_user_id', models.BigIntegerField(help_text='the user who did it; empty for own processes', null=True)),
                ('by_label', models.CharField(blank=True, help_text='robot or worker; empty for users', max_length=20)),
                ('action', models.CharField(help_text='what was done, as room.verb', max_length=80)),
                ('person_id', models.BigIntegerField(help_text='whose record', null=True)),
                ('object_uid', models.UUIDField(help_text='which object', null=True)),
                ('organisation_id', models.BigIntegerField(help_text='on behalf of which organisation', null=True)),
                ('detail', models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder, help_text='address, reason, number of rows')),
            ],
            options={
                'db_table': 'audit_entry',
                'indexes': [models.Index(fields=['xid', 'id'], name='audit_settled'), models.Index(fields=['person_id', 'at'], name='audit_person'), models.Index(fields=['by_user_id', 'at'], name='audit_user')],
            },
        ),
        migrations.CreateModel(
            name='Evidence',
            fields=[
                ('uid', models.UUIDField(default=medet.base.ids.uuid7, editable=False, help_text='UUIDv7; the only id shown outside the installation', unique=True)),
                ('id', models.BigAutoField(help_text='running number', primary_key=True, serialize=False)),
                ('xid', models.BigIntegerField(db_default=django.db.models.functions.comparison.Cast(django.db.models.functions.comparison.Cast(models.Func(function='pg_current_xact_id'), models.TextField()), models.BigIntegerField()), editable=False, help_text='number of the transaction that wrote the row')),
                ('at', models.DateTimeField(help_text='when it happened, by the clock of the program')),
                ('by_user_id', models.BigIntegerField(help_text='the user who did it; empty for own processes', null=True)),
                ('by_label', models.CharField(blank=True, help_text='robot or worker; empty for users', max_length=20)),
                ('kind', models.CharField(help_text='what the facts prove, as room.noun', max_length=80)),
                ('object_uid', models.UUIDField(db_index=True, help_text='what they are about')),
                ('facts', models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder, help_text='the facts themselves')),
                ('sha256', models.BinaryField(help_text='hash of the canonical JSON of the facts', max_length=32)),
            ],
            options={
                'db_table': 'evidence',
                'indexes': [models.Index(fields=['xid', 'id'], name='evidence_settled')],
            },
        ),
        migrations.CreateModel(
            name='JournalEntry',
            fields=[
                ('id', models.BigAutoField(help_text='running number', primary_key=True, serialize=False)),
                ('xid', models.BigIntegerField(db_default=django.db.models.functions.comparison.Cast(django.db.models.functions.comparison.Cast(models.Func(function='pg_current_xact_id'), models.TextField()), models.BigIntegerField()), editable=False, help_text='number of the transaction that wrote the row')),
                ('at', models.DateTimeField(help_text='when it happened, by the clock of the program')),
                ('by_user_id', models.BigIntegerField(help_text='the user who did it; empty for own processes', null=True)),
                ('by_label', models.CharField(blank=True, help_text='robot or worker; empty for users', max_length=20)),
                ('kind', models.CharField(help_text='what happened, as room.verb', max_length=80)),
                ('code', models.CharField(blank=True, help_text='which sentence tells it', max_length=80)),
                ('values', models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder, help_text='values for the sentence')),
                ('person_id', models.BigIntegerField(help_text='the person it was recorded under', null=True)),
                ('case_id', models.BigIntegerField(help_text='the case it belongs to', null=True)),
                ('organisation_id', models.BigIntegerField(help_text='the organisation it belongs to', null=True)),
                ('object_uid', models.UUIDField(help_text='what it happened to')),
            ],
            options={
                'db_table': 'journal_entry',
                'indexes': [models.Index(fields=['xid', 'id'], name='journal_settled'), models.Index(fields=['person_id', 'at'], name='journal_person'), models.Index(fields=['object_uid', 'at'], name='journal_object')],
            },
        ),
        migrations.CreateModel(
            name='PolicyParameter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(help_text='name of the limit', max_length=60)),
                ('value', models.JSONField(help_text='the value')),
                ('unit', models.CharField(blank=True, help_text='days, minutes, local time ...', max_length=20)),
                ('valid_from', models.DateField(help_text='first local day it is in force')),
                ('valid_to', models.DateField(blank=True, help_text='first local day it is no longer in force', null=True)),
                ('legal_ref', models.TextField(blank=True, help_text='act and item; empty: not confirmed by law')),
                ('jurisdiction', models.CharField(default='KZ', help_text='where it holds', max_length=20)),
                ('set_by', models.BigIntegerField(help_text='user who set it; empty: shipped with the program', null=True)),
                ('confirmed_by', models.BigIntegerField(help_text='user who confirmed it for production', null=True)),
                ('confirmed_at', models.DateTimeField(help_text='when it was confirmed', null=True)),
            ],
            options={
                'db_table': 'policy_parameter',
                'constraints': [django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('code', '='), ('jurisdiction', '='), (models.Func('valid_from', 'valid_to', function='daterange'), '&&')], name='policy_one_value_a_day'), models.CheckConstraint(condition=models.Q(models.Q(('confirmed_at__isnull', True), ('confirmed_by__isnull', True)), models.Q(('confirmed_at__isnull', False), ('confirmed_by__isnull', False)), _connector='OR'), name='policy_confirmed_by_and_at')],
            },
        ),
        migrations.CreateModel(
            name='Seal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('chain', models.CharField(help_text='audit or evidence', max_length=20)),
                ('number', models.BigIntegerField(help_text='place in the chain, from 1')),
                ('at', models.DateTimeField(help_text='when it was sealed')),
                ('last_xid', models.BigIntegerField(help_text='transaction of the last row covered')),
                ('last_id', models.BigIntegerField(help_text='id of the last row covered')),
                ('rows', models.BinaryField(help_text='for each row 8 bytes of its id and 8 bytes of its hash, to name a changed row')),
                ('sha256', models.BinaryField(help_text='hash over the link before and all covered rows', max_length=32)),
                ('mac', models.BinaryField(help_text="the same under the installation's key: a chain cannot be remade", max_length=32)),
            ],
            options={
                'db_table': 'seal',
                'constraints': [models.UniqueConstraint(fields=('chain', 'number'), name='seal_number')],
            },
        ),
        MonthlyPartitions("journal_entry"),
        MonthlyPartitions("audit_entry"),
        *(migrations.RunSQL(sql.append_only(table), migrations.RunSQL.noop) for table in sql.APPEND_ONLY),
    ]
