#!/bin/sh
. /app/common.sh
log() { echo "[$(date -u '+%Y-%m-%d %H:%M:%S'),113] $1 $2"; }
log INFO "Kafka version: $APP_VERSION (org.apache.kafka.common.utils.AppInfoParser)"
if [ -z "$CONSUMER_BOOTSTRAP_SERVERS" ]; then
  echo 'Exception in thread "main" org.apache.kafka.common.config.ConfigException: Missing required configuration "bootstrap.servers" which has no default value.'
  printf '\tat org.apache.kafka.common.config.ConfigDef.parseValue(ConfigDef.java:533)\n\tat com.acme.shipping.Main.main(Main.java:31)\n'; exit 1
fi
case ${CONSUMER_AUTO_OFFSET_RESET:-earliest} in earliest|latest|none) ;; *)
  echo "Exception in thread \"main\" org.apache.kafka.common.config.ConfigException: Invalid value $CONSUMER_AUTO_OFFSET_RESET for configuration auto.offset.reset: Invalid value \`$CONSUMER_AUTO_OFFSET_RESET\`. Valid values are: 'earliest', 'latest', 'none' or of format 'by_duration:<duration>'"
  printf '\tat org.apache.kafka.clients.consumer.internals.AutoOffsetResetStrategy$Validator.ensureValid(AutoOffsetResetStrategy.java:128)\n\tat com.acme.shipping.Main.main(Main.java:31)\n'; exit 1 ;;
esac
if [ -n "$SASL_PASSWORD" ] && [ "$SASL_PASSWORD" != valid ]; then
  log ERROR "[Consumer clientId=shipping-1, groupId=shipping] Connection to node -1 (10.20.0.9/10.20.0.9:9094) failed authentication due to: Authentication failed during authentication due to invalid credentials with SASL mechanism SCRAM-SHA-512 (org.apache.kafka.clients.NetworkClient)"
  echo 'Exception in thread "main" org.apache.kafka.common.errors.SaslAuthenticationException: Authentication failed during authentication due to invalid credentials with SASL mechanism SCRAM-SHA-512'; exit 1
fi
[ -z "$ONCE" ] || { log INFO "lag 0, done"; exit 0; }
log INFO "[Consumer clientId=shipping-1, groupId=shipping] Successfully joined group"
serve 8080 healthz
