"""Imported first by every judge: makes `python -m tests.prove.<name>` a Django program with the settings of tests."""

import os

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
django.setup()
