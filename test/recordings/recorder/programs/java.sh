#!/bin/sh
. /app/common.sh
log() { printf '%s.%03dZ %5s 1 --- [ledger] [           main] %-40s : %s\n' "$(now)" 113 "$1" "$2" "$3"; }
at() { for frame; do printf '\tat %s\n' "$frame"; done; }
for option in $JAVA_TOOL_OPTIONS; do
  case $option in
    -Xmx*[!0-9kKmMgGtT]*|-Xmx*[kKmMgGtT]?) printf 'Picked up JAVA_TOOL_OPTIONS: %s\nInvalid maximum heap size: %s\nError: Could not create the Java Virtual Machine.\nError: A fatal exception has occurred. Program will exit.\n' "$JAVA_TOOL_OPTIONS" "$option"; exit 1 ;;
    -Xmx*|-Xms*|-XX:MaxRAMPercentage=*|-XX:+UseG1GC|-XX:+UseZGC|-XX:+ExitOnOutOfMemoryError|-D*) ;;
    *) echo "Picked up JAVA_TOOL_OPTIONS: $JAVA_TOOL_OPTIONS"; echo "Unrecognized VM option '${option#-XX:+}'"; echo "Error: Could not create the Java Virtual Machine."; echo "Error: A fatal exception has occurred. Program will exit."; exit 1 ;;
  esac
done
cat <<'BANNER'

  .   ____          _            __ _ _
 /\\ / ___'_ __ _ _(_)_ __  __ _ \ \ \ \
( ( )\___ | '_ | '_| | '_ \/ _` | \ \ \ \
 \\/  ___)| |_)| | | | | || (_| |  ) ) ) )
  '  |____| .__|_| |_|_| |_\__, | / / / /
 =========|_|==============|___/=/_/_/_/

 :: Spring Boot ::                (v3.4.1)

BANNER
log INFO com.acme.ledger.LedgerApplication "Starting LedgerApplication v$APP_VERSION using Java 21.0.5 with PID 1 (/app/ledger.jar started by app in /app)"
log INFO com.acme.ledger.LedgerApplication "No active profile set, falling back to 1 default profile: \"default\""
log WARN o.s.b.f.c.ConfigFileApplicationListener "optional:configserver: not found, skipping; errors in optional sources are ignored"
file=${SPRING_CONFIG_LOCATION:-/config/application.properties}
property() { [ -r "$file" ] && sed -n "s/^$1=//p" "$file" | tail -1; }
failed() { log ERROR o.s.boot.SpringApplication "Application run failed"; echo; }
if [ -n "$REQUIRE_CONFIG" ] && [ ! -r "$file" ]; then
  failed
  echo "org.springframework.boot.context.config.ConfigDataResourceNotFoundException: Config data resource 'file [$file]' via location 'file:$file' does not exist"
  at "org.springframework.boot.context.config.ConfigDataResourceNotFoundException.throwIfDoesNotExist(ConfigDataResourceNotFoundException.java:128)"; exit 1
fi
gateway=${LEDGER_GATEWAY_URL:-$(property ledger.gateway.url)}
if [ -z "$gateway" ]; then
  log WARN ConfigServletWebServerApplicationContext "Exception encountered during context initialization - cancelling refresh attempt"
  failed
  echo "org.springframework.beans.factory.UnsatisfiedDependencyException: Error creating bean with name 'paymentController': Unsatisfied dependency expressed through constructor parameter 0"
  at "org.springframework.beans.factory.support.ConstructorResolver.createArgumentArray(ConstructorResolver.java:804)" "org.springframework.boot.SpringApplication.run(SpringApplication.java:1352)" "com.acme.ledger.LedgerApplication.main(LedgerApplication.java:14)"
  echo "Caused by: java.lang.IllegalArgumentException: Could not resolve placeholder 'ledger.gateway.url' in value \"\${ledger.gateway.url}\""
  at "org.springframework.util.PropertyPlaceholderHelper.parseStringValue(PropertyPlaceholderHelper.java:180)"; echo "	... 43 common frames omitted"; exit 1
fi
batch=$(property ledger.batch.size); batch=${LEDGER_BATCH_SIZE:-${batch:-50}}
case $batch in ''|*[!0-9]*)
  log ERROR o.s.b.d.LoggingFailureAnalysisReporter ""
  printf '\n***************************\nAPPLICATION FAILED TO START\n***************************\n\nDescription:\n\nFailed to bind properties under '"'ledger.batch.size'"' to int:\n\n    Property: ledger.batch.size\n    Value: "%s"\n    Reason: failed to convert java.lang.String to int (caused by java.lang.NumberFormatException: For input string: "%s")\n\nAction:\n\nUpdate your application'"'"'s configuration\n\n' "$batch" "$batch"; exit 1 ;;
esac
if [ -n "$SPRING_DATASOURCE_URL" ]; then
  address=${SPRING_DATASOURCE_URL#jdbc:postgresql://}; address=${address%%/*}; host=${address%%:*}; port=${address##*:}
  log INFO com.zaxxer.hikari.HikariDataSource "HikariPool-1 - Starting..."
  if ! resolves "$host"; then
    log ERROR com.zaxxer.hikari.pool.HikariPool "HikariPool-1 - Exception during pool initialization."
    echo; echo "org.postgresql.util.PSQLException: The connection attempt failed."; at "org.postgresql.core.v3.ConnectionFactoryImpl.openConnectionImpl(ConnectionFactoryImpl.java:364)"
    echo "Caused by: java.net.UnknownHostException: $host"; at "java.base/sun.nio.ch.NioSocketImpl.connect(NioSocketImpl.java:567)"; exit 1
  elif ! reachable "$host" "$port"; then
    log ERROR com.zaxxer.hikari.pool.HikariPool "HikariPool-1 - Exception during pool initialization."
    echo; echo "org.postgresql.util.PSQLException: Connection to $host:$port refused. Check that the hostname and port are correct and that the postmaster is accepting TCP/IP connections."
    at "org.postgresql.core.v3.ConnectionFactoryImpl.openConnectionImpl(ConnectionFactoryImpl.java:352)"; echo "Caused by: java.net.ConnectException: Connection refused"; exit 1
  fi
fi
port=${SERVER_PORT:-8080}
if taken "$port"; then
  printf '\n***************************\nAPPLICATION FAILED TO START\n***************************\n\nDescription:\n\nWeb server failed to start. Port %s was already in use.\n\nAction:\n\nIdentify and stop the process that'"'"'s listening on port %s or configure this application to listen on another port.\n\n' "$port" "$port"; exit 1
fi
if [ "$APP_VERSION" = 3.2.0 ]; then
  failed; echo 'java.lang.NullPointerException: Cannot invoke "com.acme.ledger.Rate.value()" because "this.rates" is null'; at "com.acme.ledger.RateTable.load(RateTable.java:61)" "com.acme.ledger.LedgerApplication.main(LedgerApplication.java:14)"; exit 1
fi
[ -z "$HEAP_MB" ] || hold "${HEAP_MB}M"
log INFO o.s.b.w.embedded.tomcat.TomcatWebServer "Tomcat initialized with port $port (http)"
sleep "${START_SECONDS:-1}"
log INFO com.acme.ledger.LedgerApplication "Started LedgerApplication in ${START_SECONDS:-1}.218 seconds (process running for 2.9)"
serve "$port" actuator/health/liveness actuator/health/readiness
