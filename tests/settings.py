"""The product's settings with secrets of no worth; set before anything reads them."""

import os

os.environ["MEDET_SECRET_KEY"] = "tests-only-" + "x" * 48
os.environ["MEDET_FIELD_KEY"] = "5a" * 32
os.environ["MEDET_HTTPS"] = "0"
os.environ["DATABASE_URL"] = os.environ["MEDET_OWNER_URL"] = "postgresql://nobody@127.0.0.1:1/not-started-yet"
for name in ("MEDET_DB_ROLE", "MEDET_DEMO", "MEDET_CLOCK_OFFSET", "MEDET_DATA"):
    os.environ.pop(name, None)

from medet.base.catalogues import files  # noqa: E402

files.compile_all()  # before Django reads the first sentence; git keeps no compiled translations

from medet.settings import *  # noqa: E402, F403

# Argon2 is slow on purpose, and nearly every test has a cast with passwords.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
