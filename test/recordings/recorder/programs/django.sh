#!/bin/sh
. /app/common.sh
site=/usr/local/lib/python3.12/site-packages
settings=${DJANGO_SETTINGS_MODULE:-billing.settings.production}
failed() { printf 'Traceback (most recent call last):\n  File "/app/manage.py", line 22, in <module>\n    main()\n  File "/app/manage.py", line 18, in main\n    execute_from_command_line(sys.argv)\n  File "%s/django/core/management/__init__.py", line 442, in execute_from_command_line\n    utility.execute()\n%s\n' $site "$1"; exit 1; }
case $settings in billing.settings.production|billing.settings.base) ;; *) failed "  File \"$site/django/conf/__init__.py\", line 190, in __init__
    mod = importlib.import_module(self.SETTINGS_MODULE)
ModuleNotFoundError: No module named '$settings'" ;; esac
[ -n "$SECRET_KEY" ] || failed "  File \"/app/billing/settings/base.py\", line 27, in <module>
    SECRET_KEY = env(\"SECRET_KEY\")
  File \"$site/environ/environ.py\", line 392, in get_value
    raise ImproperlyConfigured(error_msg) from exc
django.core.exceptions.ImproperlyConfigured: Set the SECRET_KEY environment variable"
[ -n "$DATABASE_HOST" ] || failed "  File \"/app/billing/settings/base.py\", line 61, in <module>
    \"HOST\": env(\"DATABASE_HOST\"),
  File \"$site/environ/environ.py\", line 392, in get_value
    raise ImproperlyConfigured(error_msg) from exc
django.core.exceptions.ImproperlyConfigured: Set the DATABASE_HOST environment variable"
echo "[$(date -u '+%Y-%m-%d %H:%M:%S +0000')] [1] [INFO] Starting gunicorn 23.0.0"
echo "[$(date -u '+%Y-%m-%d %H:%M:%S +0000')] [1] [INFO] Listening at: http://0.0.0.0:8000 (1)"
echo "[$(date -u '+%Y-%m-%d %H:%M:%S +0000')] [8] [INFO] Booting worker with pid: 8"
serve 8000 health ready
