#!/bin/sh
. /app/common.sh
log() { echo "[$(date -u '+%Y-%m-%d %H:%M:%S')] production.$1: $2"; }
log INFO "booting tickets $APP_VERSION"
[ -n "$APP_KEY" ] || { log ERROR 'No application encryption key has been specified. {"exception":"[object] (Illuminate\\Encryption\\MissingAppKeyException(code: 0): No application encryption key has been specified. at /app/vendor/laravel/framework/src/Illuminate/Encryption/EncryptionServiceProvider.php:83)'; exit 1; }
if [ -e /state/partner-away ]; then
  log ERROR 'cURL error 28: Operation timed out after 10001 milliseconds with 0 bytes received (see https://curl.haxx.se/libcurl/c/libcurl-errors.html) for https://rates.partner.example/v2/today {"exception":"[object] (Illuminate\\Http\\Client\\ConnectionException(code: 0)'; exit 1
fi
if ! touch "${STORAGE:-/data}/laravel.log" 2>/dev/null; then
  echo "PHP Fatal error:  Uncaught UnexpectedValueException: The stream or file \"${STORAGE:-/data}/laravel.log\" could not be opened in append mode: Failed to open stream: Permission denied in /app/vendor/monolog/monolog/src/Monolog/Handler/StreamHandler.php:156"; exit 255
fi
serve 8080 up
