#!/usr/bin/env python3
"""Runs Medet's management commands."""

import os
import sys

from django.core.management import execute_from_command_line

from medet.supervisor.current import adopt

if __name__ == "__main__":
    adopt(os.environ)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "medet.settings")
    execute_from_command_line(sys.argv)
