"""All settings in one file, read from the environment; the defaults are the strict ones."""

import os
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from medet.base import logs
from medet.supervisor.dsn import database_from_url

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(os.environ.get("MEDET_DATA", BASE_DIR / ".data"))

# The secrets file is made by the supervisor (or the administrator); without it nothing starts.
SECRET_KEY = os.environ.get("MEDET_SECRET_KEY", "")
# 32 random bytes as hex: encrypts national numbers at rest and keys their look-up hash.
FIELD_KEY = os.environ.get("MEDET_FIELD_KEY", "")

DEBUG = False
ALLOWED_HOSTS = os.environ.get("MEDET_HOSTS", "127.0.0.1 localhost").split()
DEMO = os.environ.get("MEDET_DEMO") == "1"
# Our own reverse proxy stands before us and speaks TLS: only then what it adds to a request is believed.
BEHIND_PROXY = os.environ.get("MEDET_PROXY") == "1"
# Seconds the demo clock runs ahead of the wall clock, so that a demo at night has calling hours.
CLOCK_OFFSET = float(os.environ.get("MEDET_CLOCK_OFFSET", "0")) if DEMO else 0.0

LOGGING = logs.config()

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_htmx",
    "medet.base",
    "medet.places",
    "medet.staff",
    "medet.people",
    "medet.records",
    "medet.tasks",
    "medet.monitoring",
    "medet.contacts",
    "medet.handovers",
    "medet.web",
    "medet.web.parts",
    "medet.web.card",
    "medet.web.operator",
    "medet.web.doctor",
    "medet.web.clinic",
    "medet.web.centre",
    "medet.web.intake",
    "medet.web.admin",
    "medet.web.account",
    "medet.web.showcase",
    "medet.phone",
    "medet.worker",
    "medet.demo",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "medet.web.security.SecurityHeaders",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "medet.web.access.Gate",
]

ROOT_URLCONF = "medet.urls"
WSGI_APPLICATION = "medet.wsgi.application"
AUTH_USER_MODEL = "staff.User"
LOGIN_URL = "web:sign_in"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "medet.web.parts.shell.shell",
                "medet.web.nav.places",
            ],
            # Every page speaks three languages and shows icons: no {% load %} in each template.
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "medet.web.parts.templatetags.parts",
            ],
        },
    },
]

# Two roles: the owner migrates, the application cannot change journal, audit or evidence.
_URL = "MEDET_OWNER_URL" if os.environ.get("MEDET_DB_ROLE") == "owner" else "DATABASE_URL"
DATABASES = {"default": database_from_url(os.environ.get(_URL, "postgresql://medet@127.0.0.1/medet"))}
# A server that vanished without a word is given up: whoever waits for it then asks a new one.
DATABASES["default"]["OPTIONS"] = {"connect_timeout": 5, "tcp_user_timeout": 20_000, **DATABASES["default"]["OPTIONS"]}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

_RULES = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {"NAME": f"{_RULES}.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": f"{_RULES}.CommonPasswordValidator"},
    {
        "NAME": f"{_RULES}.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "family_name", "given_name")},
    },
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]

LANGUAGE_CODE = "ru"
LANGUAGES = [("kk", _("Kazakh")), ("ru", _("Russian")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "medet" / "locale"]
FORMAT_MODULE_PATH = ["medet.base.formats"]
TIME_ZONE = "Asia/Almaty"
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [("inter", BASE_DIR / "medet" / "web" / "vendor" / "inter")]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # Hashed names, and each file beside its gzip: a clinic's slow line loads a quarter.
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
HTTPS = BEHIND_PROXY or os.environ.get("MEDET_HTTPS", "0" if DEMO else "1") == "1"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
USE_X_FORWARDED_HOST = False
# `https://name` of the pages, where the proxy does not hand on the host it was asked by.
CSRF_TRUSTED_ORIGINS = os.environ.get("MEDET_ORIGINS", "").split()
SESSION_COOKIE_AGE = 12 * 3600
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"

# A given list never lies in a folder for temporary files: it holds patients.
FILE_UPLOAD_HANDLERS = ["medet.web.uploads.InMemory"]

# The pages under /parts/ show every component and desk with made-up people.
SHOWCASE = DEMO

# Where the browser finds the push process: empty means our own origin, and behind a proxy it is always that.
PUSH_PORT = "" if BEHIND_PROXY else os.environ.get("MEDET_PUSH_PORT", "")

# The telephone: a driver by dotted path, one trunk, and where the engine listens.
_ENV = os.environ.get
TELEPHONY: dict[str, Any] = {
    "driver": _ENV("MEDET_TELEPHONY_DRIVER", "medet.engines.telephony.drivers.baresip"),
    "trunk": {
        "address": _ENV("MEDET_TRUNK_ADDRESS", ""),
        "user": _ENV("MEDET_TRUNK_USER", "medet"),
        "password": _ENV("MEDET_TRUNK_PASSWORD", ""),
        "register": _ENV("MEDET_TRUNK_REGISTER", "0") == "1",
        "caller_id": _ENV("MEDET_TRUNK_CALLER_ID", ""),
        "allowed_prefixes": tuple(_ENV("MEDET_TRUNK_PREFIXES", "+7").split()),
        "max_channels": int(_ENV("MEDET_TRUNK_CHANNELS", "30")),
        "attempts_per_s": float(_ENV("MEDET_TRUNK_RATE", "5")),
        "register_every_s": int(_ENV("MEDET_TRUNK_REGISTER_S", "600")),
        "ping_every_s": float(_ENV("MEDET_TRUNK_PING_S", "15")),  # 0 for a company that drops OPTIONS
    },
    "network": {
        "sip_port": int(_ENV("MEDET_SIP_PORT", "5060")),
        "rtp_first": int(_ENV("MEDET_RTP_FIRST", "20000")),
        "rtp_last": int(_ENV("MEDET_RTP_LAST", "20999")),
        "host": _ENV("MEDET_SIP_HOST", "0.0.0.0"),  # noqa: S104 -- a trunk must reach us; the firewall decides
        "interface": _ENV("MEDET_SIP_INTERFACE") or None,
    },
}
# How long the phone process lets conversations end before it ends itself.
PHONE_DRAIN_S = float(_ENV("MEDET_PHONE_DRAIN_S", "20"))
# Recordings of the robot: the shipped ones, or a clinic's own folder with the same names.
PROMPTS = Path(_ENV("MEDET_PROMPTS") or BASE_DIR / "medet" / "phone" / "prompts")
