"""The street of an address as a catchment knows it, so that a clinic's people are found by its streets."""

from django.db import migrations, models

from medet.base.names import fold_street


def fill(apps, schema_editor):
    """Addresses that are known already: each way of writing a street is folded once."""
    address = apps.get_model("people", "Address")
    for street in address.objects.values_list("street", flat=True).distinct().iterator():
        address.objects.filter(street=street).update(street_fold=fold_street(street))


class Migration(migrations.Migration):
    dependencies = [("people", "0003_document"), ("places", "0001_first")]
    operations = [
        migrations.AddField(
            "address",
            "street_fold",
            models.CharField(
                blank=True, default="", help_text="Street folded for look-up in a catchment", max_length=240
            ),
            preserve_default=False,
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AddIndex(
            "address",
            models.Index(
                condition=models.Q(("valid_to__isnull", True)),
                fields=["district", "street_fold"],
                include=("person", "id"),
                name="address_by_street",
            ),
        ),
        migrations.AddIndex(
            "person",
            models.Index(
                condition=models.Q(("root", models.F("id")), _negated=True), fields=["root"], name="person_merged_into"
            ),
        ),
        migrations.AddIndex(
            "person",
            models.Index(condition=models.Q(("root", models.F("id")), _negated=True), fields=["id"], name="person_merged"),
        ),
    ]
