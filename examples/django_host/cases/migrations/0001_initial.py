from django.db import connection, migrations, models

from cpplan.store import ddl

KEY = models.TextField(primary_key=True, serialize=False)
NOTE = migrations.CreateModel("Note", [("key", KEY), ("text", models.TextField())])


class Migration(migrations.Migration):
    operations = (NOTE, migrations.RunSQL(ddl(connection.vendor)))
