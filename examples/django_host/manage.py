"""A Django project whose own rows and cpplan's entries are stored together, or not at all.

Here: ``python manage.py migrate && python manage.py runserver``, ``curl localhost:8000/cases/a -d
'{"id":"e1","note":"","event":{"event":"initial-conference-opened","on":"2026-01-05"}}'``.
"""

import os

from django.conf import settings
from django.core.management import execute_from_command_line

KIND = os.environ.get("KIND", "sqlite3")  # or postgresql, with libpq's own PGHOST and PGUSER
DATABASE = {"ENGINE": f"django.db.backends.{KIND}", "NAME": os.environ.get("NAME", "cases.db")}
TURNS = {"transaction_mode": "IMMEDIATE"} if KIND == "sqlite3" else {}  # who reads first may write
settings.configure(
    ALLOWED_HOSTS=["localhost"],
    DATABASES={"default": {**DATABASE, "OPTIONS": TURNS}},
    INSTALLED_APPS=["cases"],
    ROOT_URLCONF="cases.views",
    TIME_ZONE="Europe/London",  # the day on which an entry is recorded
)
execute_from_command_line()
