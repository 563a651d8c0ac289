"""`from tests.prove import ready` first: makes `python -m tests.prove.<name>` a Django program with the tests' settings."""

import os

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
django.setup()
