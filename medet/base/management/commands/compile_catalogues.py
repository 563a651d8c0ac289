"""Compiles the translations; part of installing, because git keeps no compiled files."""

from django.core.management.base import BaseCommand

from medet.base.catalogues import files


class Command(BaseCommand):
    """manage.py compile_catalogues"""

    help = "Writes medet/locale/*/LC_MESSAGES/django.mo from the .po files; needs neither gettext nor a database."
    requires_system_checks = ()

    def handle(self, **options: object) -> None:
        """Both languages, always."""
        for path in files.compile_all():
            self.stdout.write(str(path.relative_to(files.LOCALE)))
