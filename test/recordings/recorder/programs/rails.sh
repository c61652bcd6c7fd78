#!/bin/sh
. /app/common.sh
gems=/usr/local/bundle/ruby/3.3.0/gems
command=${1:-server}
case $command in server|sidekiq) ;; *) printf 'Unrecognized command "%s" (Rails::Command::UnrecognizedCommandError)\n' "$command"; exit 1 ;; esac
if [ -z "$SECRET_KEY_BASE" ]; then
  printf "%s/railties-7.2.2/lib/rails/application.rb:474:in \`secret_key_base': Missing \`secret_key_base\` for 'production' environment, set this string with \`bin/rails credentials:edit\` (ArgumentError)\n\tfrom %s/railties-7.2.2/lib/rails/application/finisher.rb:37:in \`block in <module:Finisher>'\n\tfrom /app/config/environment.rb:5:in \`<main>'\n" $gems $gems; exit 1
fi
case ${RAILS_MAX_THREADS:-5} in *[!0-9]*) printf "/app/config/puma.rb:7:in \`Integer': invalid value for Integer(): \"%s\" (ArgumentError)\n\tfrom /app/config/puma.rb:7:in \`_load_from'\n" "$RAILS_MAX_THREADS"; exit 1 ;; esac
if [ -n "$REDIS_URL" ]; then
  place=${REDIS_URL#*://}; place=${place#*@}; place=${place%%/*}; host=${place%%:*}; port=${place##*:}
  at=$(address "$host")
  [ -n "$at" ] || { printf "%s/redis-client-0.22.2/lib/redis_client/ruby_connection.rb:104:in \`getaddrinfo': getaddrinfo: Name or service not known (%s) (RedisClient::CannotConnectError)\n\tfrom %s/redis-client-0.22.2/lib/redis_client/ruby_connection.rb:104:in \`connect'\n\tfrom /app/config/initializers/sidekiq.rb:11:in \`block in <main>'\n" $gems "$REDIS_URL" $gems; exit 1; }
  reachable "$at" "$port" || { printf "%s/redis-client-0.22.2/lib/redis_client/ruby_connection.rb:118:in \`rescue in connect': Connection refused - connect(2) for %s:%s (%s) (RedisClient::CannotConnectError)\n\tfrom %s/redis-client-0.22.2/lib/redis_client/ruby_connection.rb:104:in \`connect'\n\tfrom /app/config/initializers/sidekiq.rb:11:in \`block in <main>'\n" $gems "$at" "$port" "$REDIS_URL" $gems; exit 1; }
fi
case $command in
  sidekiq) echo "$(now).113Z pid=1 tid=gn5 INFO: Booted Rails 7.2.2 application in production environment"; echo "$(now).120Z pid=1 tid=gn5 INFO: Sidekiq 7.3.6 connecting to Redis with options {:size=>10, :url=>\"$REDIS_URL\"}"; serve 7433 up ;;
  *) printf '=> Booting Puma\n=> Rails 7.2.2 application starting in production\n* Puma version: 6.5.0 ("Sky'"'"'s Version")\n* Listening on http://0.0.0.0:%s\n' "${PORT:-3000}"; serve "${PORT:-3000}" up ;;
esac
