#!/bin/sh
. /app/common.sh
raise() { printf '** (%s) %s\n    /app/releases/%s/runtime.exs:%s: (file)\n    (elixir 1.18.1) src/elixir.erl:386: :elixir.eval_external_handler/3\n' "$1" "$2" "$APP_VERSION" "$3"; exit 1; }
[ -n "$SECRET_KEY_BASE" ] || raise RuntimeError "environment variable SECRET_KEY_BASE is missing.
You can generate one by calling: mix phx.gen.secret" 24
if [ -n "$DATABASE_URL" ]; then
  host=$(echo "$DATABASE_URL" | sed 's,.*@,,; s,[:/].*,,')
  case $host in *'('*) echo "$(now | cut -c12-).102 [error] Postgrex.Protocol (#PID<0.214.0>) failed to connect: ** (DBConnection.ConnectionError) tcp connect ($host:5432): non-existing domain - :nxdomain"; echo "$(now | cut -c12-).104 [notice] Application conference exited: shutdown"; exit 1 ;; esac
fi
case ${LOG_LEVEL:-info} in debug|info|notice|warning|error) ;; *) printf '{"Kernel pid terminated",application_controller,"{application_start_failure,logger,{bad_return,{{'"'"'Elixir.Logger.App'"'"',start,[normal,[]]},{'"'"'EXIT'"'"',{badarg,[]}}}}}"}\nKernel pid terminated (application_controller)\n\nCrash dump is being written to: erl_crash.dump...done\n'; exit 1 ;; esac
case ${MIX_MODE:-serve} in serve) ;; *) exit 1 ;; esac
echo "$(now | cut -c12-).311 [info] Running ConferenceWeb.Endpoint with Bandit 1.6.1 at :::4000 (http)"
serve 4000 health
