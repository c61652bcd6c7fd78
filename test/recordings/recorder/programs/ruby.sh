#!/bin/sh
. /app/common.sh
case ${1:-server} in server|sidekiq) ;; *) printf 'Could not find command "%s".\nDid you mean?  %s\n' "$1" server; exit 1 ;; esac
if [ -z "$SMTP_HOST" ]; then
  printf "/app/config/environments/production.rb:22:in \`fetch': key not found: \"SMTP_HOST\" (KeyError)\n\tfrom /app/config/environments/production.rb:22:in \`block in <main>'\n\tfrom /usr/local/bundle/gems/railties-8.0.1/lib/rails.rb:92:in \`configure'\n"; exit 1
fi
echo "=> Booting Puma"; echo "* Listening on http://0.0.0.0:3000"
serve 3000 up
