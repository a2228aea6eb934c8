"""A Django project whose own rows and cpplan's entries are stored together, or not at all.

By hand, in this folder: ``python manage.py migrate && python manage.py runserver``, and then
``curl localhost:8000/cases/case-1 -d '{"id": "e1", "note": "All came.", "event":
{"event": "initial-conference-opened", "on": "2026-01-05"}}'``. What is refused is a 409.
"""

import os

from django.conf import settings
from django.core.management import execute_from_command_line

KIND = os.environ.get("KIND", "sqlite3")  # or postgresql, with libpq's own PGHOST and PGUSER
DATABASE = {"ENGINE": f"django.db.backends.{KIND}", "NAME": os.environ.get("NAME", "cases.db")}
settings.configure(
    ALLOWED_HOSTS=["localhost"],
    DATABASES={"default": DATABASE},
    INSTALLED_APPS=["cases"],
    ROOT_URLCONF="cases.views",
    TIME_ZONE="Europe/London",  # the day on which an entry is recorded
)
execute_from_command_line()
