"""Conversations, and who is rung for whom, are shown to one's own organisation only."""

from django.db import migrations

from medet.base.rls import RowLevelSecurity


class Migration(migrations.Migration):
    dependencies = [("contacts", "0005_campaign_moved_at")]
    operations = [
        RowLevelSecurity("contacts_campaign"),
        RowLevelSecurity("contacts_contact"),
        RowLevelSecurity("contacts_callorder"),
        RowLevelSecurity("contacts_callattempt"),
    ]
