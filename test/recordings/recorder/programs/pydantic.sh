#!/bin/sh
. /app/common.sh
errors= count=0
missing() { count=$((count + 1)); errors="$errors
$1
  Field required [type=missing, input_value={'log_level': 'info'}, input_type=dict]
    For further information visit https://errors.pydantic.dev/2.10/v/missing"; }
wrong() { count=$((count + 1)); errors="$errors
$1
  Input should be a valid integer, unable to parse string as an integer [type=int_parsing, input_value='$2', input_type=str]
    For further information visit https://errors.pydantic.dev/2.10/v/int_parsing"; }
[ -n "$DATABASE_URL" ] || missing database_url
case ${POOL_SIZE:-5} in *[!0-9]*) wrong pool_size "$POOL_SIZE" ;; esac
if [ $count -gt 0 ]; then
  printf 'Traceback (most recent call last):\n  File "/usr/local/bin/uvicorn", line 8, in <module>\n    sys.exit(main())\n  File "/app/quotes/main.py", line 11, in <module>\n    settings = Settings()\n  File "/usr/local/lib/python3.13/site-packages/pydantic_settings/main.py", line 171, in __init__\n    super().__init__(\npydantic_core._pydantic_core.ValidationError: %s validation error%s for Settings%s\n' $count "$([ $count = 1 ] || echo s)" "$errors"; exit 1
fi
if [ -n "$PARTNER_KEY" ] && [ "$PARTNER_KEY" != valid ]; then
  printf 'INFO:     Started server process [1]\nINFO:     Waiting for application startup.\nERROR:    Traceback (most recent call last):\n  File "/app/quotes/partner.py", line 52, in check\n    response.raise_for_status()\n  File "/usr/local/lib/python3.13/site-packages/httpx/_models.py", line 829, in raise_for_status\n    raise HTTPStatusError(message, request=request, response=self)\nhttpx.HTTPStatusError: Client error '"'401 Unauthorized'"' for url '"'https://partner.example/v1/session'"'\n\nERROR:    Application startup failed. Exiting.\n'; exit 3
fi
if [ -n "$PARTNER_CERT" ]; then
  printf 'INFO:     Waiting for application startup.\nhttpx.ConnectError: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: certificate has expired (_ssl.c:1032)\nERROR:    Application startup failed. Exiting.\n'; exit 3
fi
if [ -n "$SPOOL" ] && [ "$(df -m "$SPOOL" 2>/dev/null | tail -1 | tr -s ' ' | cut -d' ' -f4)" = 0 ]; then echo "OSError: [Errno 28] No space left on device: '$SPOOL/quotes.tmp'"; exit 1; fi
echo "INFO:     Started server process [1]"; echo "INFO:     Application startup complete."
serve "${PORT:-8000}" healthz
