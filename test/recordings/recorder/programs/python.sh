#!/bin/sh
. /app/common.sh
stamp() { date -u '+%Y-%m-%d %H:%M:%S +0000'; }
trace() { echo "Traceback (most recent call last):"; for frame; do echo "  File \"$frame"; done; }
module= bind=0.0.0.0:8000 workers=${WEB_CONCURRENCY:-2}
while [ $# -gt 0 ]; do
  case $1 in
    --bind|-b) bind=$2; shift 2 ;;
    --bind=*) bind=${1#*=}; shift ;;
    --workers|-w) workers=$2; shift 2 ;;
    --workers=*) workers=${1#*=}; shift ;;
    --timeout|--log-level|--access-logfile) shift 2 ;;
    -*) echo "usage: gunicorn [OPTIONS] [APP_MODULE]"; echo "gunicorn: error: unrecognized arguments: $1"; exit 2 ;;
    *) module=$1; shift ;;
  esac
done
case $workers in ''|*[!0-9]*) trace '/usr/local/bin/gunicorn", line 8, in <module>' '/usr/local/lib/python3.13/site-packages/gunicorn/config.py", line 367, in validate_pos_int'; echo "    val = int(val, 0)"; echo "ValueError: invalid literal for int() with base 0: '$workers'"; exit 1 ;; esac
echo "[$(stamp)] [1] [INFO] Starting gunicorn 23.0.0"
echo "[$(stamp)] [1] [INFO] Listening at: http://$bind (1)"
echo "[$(stamp)] [1] [INFO] Using worker: sync"
echo "[$(stamp)] [7] [INFO] Booting worker with pid: 7"
boot_failed() { echo "[$(stamp)] [7] [INFO] Worker exiting (pid: 7)"; echo "[$(stamp)] [1] [ERROR] Worker (pid:7) exited with code 3"; echo "[$(stamp)] [1] [ERROR] Shutting down: Master"; echo "[$(stamp)] [1] [ERROR] Reason: Worker failed to boot."; exit 3; }
worker_error() { echo "[$(stamp)] [7] [ERROR] Exception in worker process"; trace '/usr/local/lib/python3.13/site-packages/gunicorn/arbiter.py", line 608, in spawn_worker' "$@"; }
case $module in
  reports.wsgi:application|reports.asgi:application) ;;
  '') echo "Error: No application module specified."; exit 1 ;;
  *) worker_error '/usr/local/lib/python3.13/importlib/__init__.py", line 88, in import_module'; echo "ModuleNotFoundError: No module named '$(echo "$module" | cut -d: -f1)'"; boot_failed ;;
esac
if [ -z "$REDIS_URL" ]; then
  worker_error '/app/reports/settings/production.py", line 41, in <module>' '<frozen os>", line 685, in __getitem__'; echo "KeyError: 'REDIS_URL'"; boot_failed
fi
if [ -n "$CACHE_DIR" ] && ! touch "$CACHE_DIR/.lock" 2>/dev/null; then
  worker_error '/app/reports/cache.py", line 19, in open_cache'
  if [ -d "$CACHE_DIR" ] && [ "$(id -u)" != 0 ]; then echo "PermissionError: [Errno 13] Permission denied: '$CACHE_DIR/.lock'"; elif [ -d "$CACHE_DIR" ]; then echo "OSError: [Errno 30] Read-only file system: '$CACHE_DIR/.lock'"; else echo "FileNotFoundError: [Errno 2] No such file or directory: '$CACHE_DIR/.lock'"; fi
  boot_failed
fi
if [ -n "$DATABASE_HOST" ] && ! resolves "$DATABASE_HOST"; then
  worker_error '/usr/local/lib/python3.13/site-packages/psycopg2/__init__.py", line 122, in connect'; echo "psycopg2.OperationalError: could not translate host name \"$DATABASE_HOST\" to address: Name or service not known"; boot_failed
fi
if [ -r /run/secrets/db/password ] && [ "$(cat /run/secrets/db/password)" != correct-horse ]; then
  worker_error '/usr/local/lib/python3.13/site-packages/psycopg2/__init__.py", line 122, in connect'; echo 'psycopg2.OperationalError: connection to server at "10.20.0.5", port 5432 failed: FATAL:  password authentication failed for user "reports"'; boot_failed
fi
[ -z "$PRELOAD_MB" ] || hold "${PRELOAD_MB}M"
serve "${bind##*:}" healthz ready
