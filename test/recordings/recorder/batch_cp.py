"""Programs and their settings: what breaks is read out of what Go, Keycloak, RabbitMQ, Prometheus, Fluent Bit, Grafana, Phoenix, Flyway, Postgres, Envoy, Laravel and Spring Boot print."""
import pathlib, runpy, textwrap
globals().update(runpy.run_path(str(pathlib.Path(__file__).parent / "kit.py")))
SCENARIOS, scenario = batch(2260)

RES = {"requests": {"cpu": "10m", "memory": "24Mi"}, "limits": {"memory": "64Mi"}}
SMALL = {"requests": {"cpu": "5m", "memory": "8Mi"}, "limits": {"memory": "32Mi"}}
HEALTH = lambda path, port="http", every=5, **more: {"httpGet": {"path": path, "port": port}, "periodSeconds": every, **more}


def shop(name, image, env=None, **more):
    return container(name, "shop", image=image, env=env, resources=more.pop("resources", RES), **more)


def env(**variables):
    return [{"name": k, "value": v} for k, v in variables.items()]


def tags(**versions):
    return [{"name": f"acme/{name}", "newTag": tag} for name, tag in versions.items()]


def secret(name, meta=None, **data):
    return {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name, **(meta or {})}, "stringData": data}


# 1 ── Kustomize component, Argo CD: Go wants MiB, Kubernetes says Mi
GO = "env[name=GOMEMLIMIT].value"
scenario("go-knows-its-limit", "argocd", {
    "base/checkout.yaml": dump(workload("Deployment", "checkout", shop("app", "acme/checkout", {"REQUIRED_ENV": "PAYMENT_PROVIDER", "PAYMENT_PROVIDER": "adyen", "CACHE_MB": "8"}), replicas=2), service("checkout")),
    "base/catalog.yaml": dump(workload("Deployment", "catalog", shop("app", "acme/catalog", {"CACHE_MB": "16"})), service("catalog")),
    "base/kustomization.yaml": kustomization("checkout.yaml", "catalog.yaml"),
    "components/go-runtime/kustomization.yaml": dump({"apiVersion": "kustomize.config.k8s.io/v1alpha1", "kind": "Component", "patches": [{"path": "runtime.yaml", "target": {"kind": "Deployment"}}]}, indented=True),
    "components/go-runtime/runtime.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: any
        spec:
          template:
            spec:
              containers:
                - name: app   # every Go service calls its container app
                  env:
                    - name: GOMAXPROCS
                      value: "2"
    """),
    "overlays/live/kustomization.yaml": kustomization("../../base", components=["../../components/go-runtime"], images=tags(checkout="1.4.1", catalog="1.4.1")),
}, ["Tell the Go services their memory limit; checkout and catalog 1.4.2, four threads",
    ["components/go-runtime/runtime.yaml", "              value: \"2\"\n", "              value: \"4\"\n            - name: GOMEMLIMIT\n              value: 56Mi\n"],
    ["overlays/live/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.2"],
    ["base/catalog.yaml", "value: '16'", "value: '24'"]],
    "GOMEMLIMIT=56Mi is not of Go's form (it takes B, KiB, MiB, GiB, TiB): the runtime of both programs dies with `malformed GOMEMLIMIT`",
    expected=expect("crash-on-start",
        [(c("Deployment", "checkout", "app", GO), value("56MiB")), (c("Deployment", "catalog", "app", GO), value("56MiB"))],
        [(c("Deployment", "checkout", "app", "env[name=GOMEMLIMIT]"), GONE), (c("Deployment", "catalog", "app", "env[name=GOMEMLIMIT]"), GONE)]),
    path="overlays/live")

# 2 ── plain, Flux: the management interface follows the relative path
KC = text(r"""
    #!/bin/sh
    # Starts the optimized server with the settings of the environment.
    path=${KC_HTTP_RELATIVE_PATH:-/} port=${KC_HTTP_PORT:-8080}
    management=${KC_HTTP_MANAGEMENT_RELATIVE_PATH:-$path}
    say() { echo "$(date -u '+%Y-%m-%d %H:%M:%S'),113 $1"; }
    case ${KC_PROXY_HEADERS:-xforwarded} in forwarded|xforwarded) ;; *)
      say "ERROR [org.keycloak.quarkus.runtime.cli.ExecutionExceptionHandler] (main) Invalid value for option 'KC_PROXY_HEADERS': $KC_PROXY_HEADERS. Expected values are: forwarded, xforwarded"; exit 2 ;;
    esac
    if [ -z "$KC_HOSTNAME" ]; then
      say "ERROR [org.keycloak.quarkus.runtime.cli.ExecutionExceptionHandler] (main) ERROR: hostname is not configured; either configure hostname, or set hostname-strict to false"; exit 1
    fi
    page() { mkdir -p "$1/$(dirname "$2")"; echo '{"status": "UP", "checks": []}' >"$1/$2"; }
    www=/dev/shm/keycloak
    page $www/http "$path/realms/master"
    if [ "$KC_HEALTH_ENABLED" = true ]; then
      for check in started live ready; do page $www/management "$management/health/$check"; done
    fi
    say "INFO  [org.infinispan.CONTAINER] (Thread-5) ISPN000556: Starting user marshaller 'org.infinispan.commons.marshall.ImmutableProtoStreamMarshaller'"
    sleep 3
    trap 'say "INFO  [io.quarkus] (main) Keycloak stopped"; exit 0' TERM INT
    httpd -f -p "$port" -h $www/http &
    httpd -f -p 9000 -h $www/management &
    say "INFO  [io.quarkus] (main) Keycloak 26.0.7 on JVM (powered by Quarkus 3.15.1) started in 4.218s. Listening on: http://0.0.0.0:$port$path. Management interface listening on http://0.0.0.0:9000$management."
    wait
""")
KCP = lambda probe: c("Deployment", "keycloak", "keycloak", f"{probe}.httpGet.path")
scenario("login-below-auth", "flux", {
    **one("keycloak", workload("Deployment", "keycloak", {"name": "keycloak", "image": "busybox:1.37", "command": ["sh", "/opt/keycloak/bin/kc.sh"], "args": ["start", "--optimized"],
        "env": env(KC_HOSTNAME="https://login.shop.example", KC_HEALTH_ENABLED="true", KC_PROXY_HEADERS="forwarded"),
        "ports": [{"name": "http", "containerPort": 8080}, {"name": "management", "containerPort": 9000}], "resources": RES,
        "startupProbe": HEALTH("/health/started", "management", 3, failureThreshold=8), "livenessProbe": HEALTH("/health/live", "management", 10), "readinessProbe": HEALTH("/health/ready", "management"),
        "volumeMounts": [{"name": "bin", "mountPath": "/opt/keycloak/bin"}]}, pod={"volumes": [{"name": "bin", "configMap": {"name": "keycloak-bin"}}]}), service("keycloak")),
    **one("bin", {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "keycloak-bin"}, "data": {"kc.sh": Text(KC)}}),
}, ["Keycloak at login.shop.example/auth, as the apps expect it; two replicas behind the new proxy",
    ["deploy/keycloak.yaml", "replicas: 1", "replicas: 2"],
    ["deploy/keycloak.yaml", "          value: forwarded\n", "          value: xforwarded\n        - name: KC_HTTP_RELATIVE_PATH\n          value: /auth\n"]],
    "with KC_HTTP_RELATIVE_PATH=/auth the management interface is below /auth too, the probes ask /health/… : 404, the startup probe kills the container",
    expected=expect("startup-probe liveness-probe readiness-probe startup liveness readiness",
        [(KCP("startupProbe"), value("/auth/health/started")), (KCP("livenessProbe"), value("/auth/health/live")), (KCP("readinessProbe"), value("/auth/health/ready"))],
        [(c("Deployment", "keycloak", "keycloak", "env[name=KC_HTTP_MANAGEMENT_RELATIVE_PATH].value"), value("/"))]))

# 3 ── plain, Argo CD: the cookie's file mode goes with the volume's old lines
COOKIE = text(r"""
    #!/bin/sh
    # The image's entrypoint, after a look at the cookie that the nodes share.
    cookie=/var/lib/rabbitmq/.erlang.cookie
    stamp() { date -u '+%Y-%m-%d %H:%M:%S.204513+00:00'; }
    if ! [ -s "$cookie" ]; then echo "$(stamp) [error] <0.143.0> Failed to read cookie file $cookie: enoent"; exit 1; fi
    mode=$(stat -L -c %a "$cookie")
    case $mode in 400|600) ;; *)
      echo "$(stamp) [error] <0.143.0> Cookie file $cookie must be accessible by owner only"
      echo "$(stamp) [notice] <0.44.0> Application kernel exited with reason: {{shutdown,{failed_to_start_child,auth,{\"Cookie file $cookie must be accessible by owner only\",[{auth,init_cookie,0,[{file,\"auth.erl\"},{line,312}]}]}}},{kernel,start,[normal,[]]}}"
      echo 'Kernel pid terminated (application_controller) ({application_start_failure,kernel,{{shutdown,{failed_to_start_child,auth,...}}}})'; exit 1 ;;
    esac
    exec /app/run
""")
scenario("one-cookie-for-the-cluster", "argocd", {
    **one("rabbitmq", workload("StatefulSet", "rabbitmq", {"name": "rabbitmq", "image": "acme/queue:4.0.4", "command": ["sh", "/scripts/entrypoint.sh"], "env": env(RABBITMQ_NODENAME="rabbit@localhost"),
        "ports": [{"name": "management", "containerPort": 15672}], "resources": RES, "readinessProbe": HEALTH("/healthz", "management"),
        "volumeMounts": [{"name": "cookie", "mountPath": "/var/lib/rabbitmq/.erlang.cookie", "subPath": ".erlang.cookie"}, {"name": "scripts", "mountPath": "/scripts"}]},
        pod={"volumes": [{"name": "scripts", "configMap": {"name": "rabbitmq-scripts"}}, {"name": "cookie", "secret": {"secretName": "rabbitmq-cookie", "defaultMode": 256}}]}), service("rabbitmq", target="management", port=15672)),
    **one("scripts", {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "rabbitmq-scripts"}, "data": {"entrypoint.sh": Text(COOKIE)}}),
    **one("secrets", secret("rabbitmq-cookie", **{".erlang.cookie": "ONLYFORTESTS"})),
}, ["RabbitMQ 4.0.5: the messaging cluster's cookie, memory watermark for the small pods",
    ["deploy/rabbitmq.yaml", "acme/queue:4.0.4", "acme/queue:4.0.5"],
    ["deploy/rabbitmq.yaml", "          value: rabbit@localhost\n", "          value: rabbit@localhost\n        - name: RABBITMQ_VM_MEMORY_HIGH_WATERMARK\n          value: '0.5'\n"],
    ["deploy/rabbitmq.yaml", "          secretName: rabbitmq-cookie\n          defaultMode: 256\n", "          secretName: messaging-cookie\n"],
    ["deploy/secrets.yaml", "  .erlang.cookie: ONLYFORTESTS\n", "  .erlang.cookie: ONLYFORTESTS\n---\napiVersion: v1\nkind: Secret\nmetadata:\n  name: messaging-cookie\nstringData:\n  .erlang.cookie: ONLYFORTESTSTOO\n"]],
    "the volume of the cookie has no defaultMode any more (it was 0400): the file is 0644, RabbitMQ wants it accessible by its owner only",
    expected=expect("crash-on-start volume-mount",
        [(pod("StatefulSet", "rabbitmq", "volumes[name=cookie].secret.defaultMode"), BEFORE)],
        [(pod("StatefulSet", "rabbitmq", "volumes[name=cookie].secret.defaultMode"), value(384))]))

# 4 ── HelmRelease, Flux: thirty, without a unit
scenario("metrics-for-a-month", "flux", {
    "charts/metrics/Chart.yaml": "apiVersion: v2\nname: metrics\nversion: 1.6.0\n",
    "charts/metrics/values.yaml": text("""
        image:
          repository: acme/metrics
          tag: 3.0.1
        retention: 7d
        scrapeInterval: 60s
        resources:
          requests: {cpu: 10m, memory: 24Mi}
          limits: {memory: 64Mi}
    """),
    "charts/metrics/templates/config.yaml": text("""
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: {{ .Release.Name }}-config
        data:
          prometheus.yml: |
            global:
              scrape_interval: {{ .Values.scrapeInterval }}
            scrape_configs:
              - job_name: shop
                static_configs:
                  - targets: ["10.20.0.5:9100"]
    """),
    "charts/metrics/templates/statefulset.yaml": text("""
        apiVersion: apps/v1
        kind: StatefulSet
        metadata:
          name: {{ .Release.Name }}
        spec:
          serviceName: {{ .Release.Name }}
          replicas: 1
          selector:
            matchLabels:
              app: {{ .Release.Name }}
          template:
            metadata:
              labels:
                app: {{ .Release.Name }}
            spec:
              containers:
                - name: prometheus
                  image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
                  args:
                    - --config.file=/etc/prometheus/prometheus.yml
                    - --storage.tsdb.path=/data
                    - --storage.tsdb.retention.time={{ .Values.retention }}
                    - --web.enable-lifecycle
                  ports:
                    - name: http
                      containerPort: 9090
                  resources:
                    {{- toYaml .Values.resources | nindent 12 }}
                  livenessProbe:
                    httpGet: {path: /-/healthy, port: http}
                    initialDelaySeconds: 8
                  readinessProbe:
                    httpGet: {path: /-/ready, port: http}
                    periodSeconds: 5
                  volumeMounts:
                    - {name: config, mountPath: /etc/prometheus}
                    - {name: tsdb, mountPath: /data}
              volumes:
                - name: config
                  configMap:
                    name: {{ .Release.Name }}-config
                - name: tsdb
                  emptyDir: {}
    """),
    "charts/metrics/templates/service.yaml": text("""
        apiVersion: v1
        kind: Service
        metadata:
          name: {{ .Release.Name }}
        spec:
          selector:
            app: {{ .Release.Name }}
          ports:
            - {name: http, port: 9090, targetPort: http}
    """),
    "releases/metrics.yaml": text("""
        apiVersion: helm.toolkit.fluxcd.io/v2
        kind: HelmRelease
        metadata:
          name: metrics
        spec:
          interval: 30s
          timeout: 60s
          chart:
            spec:
              chart: ./charts/metrics
              reconcileStrategy: Revision
              sourceRef:
                kind: GitRepository
                name: "@NAME@"
                namespace: flux-system
          values:
            image:
              tag: 3.0.1
            retention: 15d
            scrapeInterval: 30s
    """),
}, ["metrics 3.1.0: keep 30 days for the capacity report, scrape every 15 s",
    ["releases/metrics.yaml", "tag: 3.0.1", "tag: 3.1.0"],
    ["releases/metrics.yaml", "retention: 15d", "retention: 30"],
    ["releases/metrics.yaml", "scrapeInterval: 30s", "scrapeInterval: 15s"]],
    "retention 30 has no unit: Prometheus does not take --storage.tsdb.retention.time=30",
    expected=expect("crash-on-start helm-failed",
        [(c("StatefulSet", "metrics", "prometheus", "args[2]"), value("--storage.tsdb.retention.time=30d"))],
        [(c("StatefulSet", "metrics", "prometheus", "args[2]"), BEFORE)]),
    path="releases")

# 5 ── Kustomize, Flux: a second file in the ConfigMap, the volume picks files one by one
FB = text(r"""
    #!/bin/sh
    # Fluent Bit with the configuration of the mounted folder.
    etc=/fluent-bit/etc conf=/fluent-bit/etc/fluent-bit.conf
    say() { echo "[$(date -u '+%Y/%m/%d %H:%M:%S')] [$1] $2"; }
    printf 'Fluent Bit v3.2.4\n* Copyright (C) 2015-2024 The Fluent Bit Authors\n* Fluent Bit is a CNCF sub-project under the umbrella of Fluentd\n* https://fluentbit.io\n\n'
    if ! [ -r $conf ]; then say error "[config] could not open configuration file $conf"; exit 1; fi
    known="docker cri json"
    for file in $(sed -n 's/^ *Parsers_File *//p' $conf); do
      case $file in /*) ;; *) file=$etc/$file ;; esac
      if ! [ -r "$file" ]; then
        say error "[/src/fluent-bit/src/flb_parser.c:1023 errno=2] No such file or directory: $file"
        say error "could not open parser configuration file, aborting."; exit 1
      fi
      known="$known $(sed -n 's/^ *Name *//p' "$file" | tr '\n' ' ')"
    done
    for parser in $(sed -n 's/^ *Parser  *//p' $conf); do
      case " $known " in *" $parser "*) ;; *) say error "[input:tail:tail.0] parser '$parser' is not registered"; say error "Failed initialize input tail.0"; exit 1 ;; esac
    done
    port=$(sed -n 's/^ *HTTP_Port *//p' $conf)
    say " info" "[fluent bit] version=3.2.4, commit=3f8a1b2c4d, pid=1"
    say " info" "[sp] stream processor started"
    mkdir -p /dev/shm/fluent-bit/api/v1; echo ok >/dev/shm/fluent-bit/api/v1/health
    trap 'say " warn" "[engine] service will shutdown in max 5 seconds"; exit 0' TERM INT
    say " info" "[http_server] listen iface=0.0.0.0 tcp_port=$port"
    httpd -f -p "$port" -h /dev/shm/fluent-bit & wait
""")
FBCONF = "[SERVICE]\n    Flush        5\n    Log_Level    info\n    HTTP_Server  On\n    HTTP_Port    2020\n\n[INPUT]\n    Name    tail\n    Path    /var/log/containers/*.log\n    Parser  cri\n\n[OUTPUT]\n    Name   http\n    Host   10.20.0.31\n    Match  *\n"
FBITEMS = "volumes[name=config].configMap.items"
FBITEM = lambda name: {"key": name, "path": name}
scenario("log-lines-of-the-shop", "flux", {
    "logging/daemonset.yaml": dump(workload("DaemonSet", "fluent-bit", {"name": "fluent-bit", "image": "busybox:1.37", "command": ["sh", "/fluent-bit/bin/fluent-bit"], "ports": [{"name": "http", "containerPort": 2020}], "resources": RES,
        "livenessProbe": HEALTH("/api/v1/health", every=10, initialDelaySeconds=5), "readinessProbe": HEALTH("/api/v1/health"),
        "volumeMounts": [{"name": "config", "mountPath": "/fluent-bit/etc"}, {"name": "bin", "mountPath": "/fluent-bit/bin"}]},
        pod={"volumes": [{"name": "config", "configMap": {"name": "fluent-bit-config", "items": [FBITEM("fluent-bit.conf")]}}, {"name": "bin", "configMap": {"name": "fluent-bit-bin"}}]})),
    "logging/bin/fluent-bit": FB,
    "logging/config/fluent-bit.conf": FBCONF,
    "logging/kustomization.yaml": kustomization("daemonset.yaml", configMapGenerator=[{"name": "fluent-bit-bin", "files": ["bin/fluent-bit"]}, {"name": "fluent-bit-config", "files": ["config/fluent-bit.conf"]}]),
}, ["Parse the shop's JSON lines, flush every two seconds",
    ["logging/config/parsers.conf", None, "[PARSER]\n    Name         shop-json\n    Format       json\n    Time_Key     time\n    Time_Format  %Y-%m-%dT%H:%M:%S.%L\n"],
    ["logging/config/fluent-bit.conf", "    Flush        5\n", "    Flush        2\n    Parsers_File parsers.conf\n"],
    ["logging/config/fluent-bit.conf", "    Parser  cri\n", "    Parser  shop-json\n"],
    ["logging/kustomization.yaml", "config/fluent-bit.conf\n", "config/fluent-bit.conf\n      - config/parsers.conf\n"],
    ["logging/daemonset.yaml", "memory: 64Mi", "memory: 96Mi"]],
    "the ConfigMap has parsers.conf now, the volume's items list fluent-bit.conf only: the file that Parsers_File names is not in the container",
    expected=expect("crash-on-start volume-mount config-missing",
        [(pod("DaemonSet", "fluent-bit", FBITEMS), value([FBITEM("fluent-bit.conf"), FBITEM("parsers.conf")]))],
        [(pod("DaemonSet", "fluent-bit", FBITEMS), GONE)]),
    path="logging")

# 6 ── Kustomize generator, Argo CD: two data sources want to be the default
GRAFANA = text(r"""
    #!/bin/sh
    # Grafana's server: reads grafana.ini, provisions the data sources, serves.
    ini=/etc/grafana/grafana.ini sources=/etc/grafana/provisioning/datasources
    log() { echo "logger=$1 t=$(date -u +%Y-%m-%dT%H:%M:%S).204513Z level=$2 msg=\"$3\"$4"; }
    log settings info "Starting Grafana" " version=11.4.0 commit=b58701869e branch=HEAD"
    if ! [ -r $ini ]; then log settings error "failed to read config" " path=$ini error=\"open $ini: no such file or directory\""; exit 1; fi
    log settings info "Config loaded from" " file=$ini"
    port=$(sed -n 's/^ *http_port *= *//p' $ini)
    defaults=0
    for file in $sources/*.yaml; do
      log provisioning.datasources info "reading data sources" " file=$file count=$(grep -c '^ *- name:' "$file") default=$(grep -c '^ *isDefault: *true' "$file")"
      defaults=$((defaults + $(grep -c '^ *isDefault: *true' "$file")))
    done
    if [ "$defaults" -gt 1 ]; then
      log provisioning error "Failed to provision data sources" ' error="Datasource provisioning error: datasource.yaml config is invalid. Only one datasource per organization can be marked as default"'
      echo 'Error: Datasource provisioning error: datasource.yaml config is invalid. Only one datasource per organization can be marked as default'; exit 1
    fi
    mkdir -p /dev/shm/grafana/api; echo '{"database": "ok", "version": "11.4.0"}' >/dev/shm/grafana/api/health
    trap 'exit 0' TERM INT
    log http.server info "HTTP Server Listen" " address=[::]:$port protocol=http"
    httpd -f -p "$port" -h /dev/shm/grafana & wait
""")
LOKI = "apiVersion: 1\ndatasources:\n  - name: Loki\n    type: loki\n    uid: loki\n    url: http://10.20.0.31:3100\n%s    jsonData:\n      maxLines: 2000\n"
scenario("logs-beside-metrics", "argocd", {
    "base/grafana.yaml": dump(workload("Deployment", "grafana", {"name": "grafana", "image": "busybox:1.37", "command": ["sh", "/opt/grafana/bin/grafana"], "args": ["server"], "env": env(GF_LOG_LEVEL="info"), "ports": [{"name": "http", "containerPort": 3000}], "resources": RES,
        "livenessProbe": HEALTH("/api/health", every=10, initialDelaySeconds=5), "readinessProbe": HEALTH("/api/health"),
        "volumeMounts": [{"name": "ini", "mountPath": "/etc/grafana/grafana.ini", "subPath": "grafana.ini"}, {"name": "datasources", "mountPath": "/etc/grafana/provisioning/datasources"}, {"name": "bin", "mountPath": "/opt/grafana/bin"}]},
        pod={"volumes": [{"name": "ini", "configMap": {"name": "grafana-ini"}}, {"name": "datasources", "configMap": {"name": "grafana-datasources"}}, {"name": "bin", "configMap": {"name": "grafana-bin"}}]}), service("grafana")),
    "base/bin/grafana": GRAFANA,
    "base/grafana.ini": "[server]\nhttp_port = 3000\nroot_url = https://grafana.shop.example/\n\n[users]\nallow_sign_up = false\ndefault_theme = dark\n",
    "base/kustomization.yaml": kustomization("grafana.yaml", configMapGenerator=[{"name": "grafana-ini", "files": ["grafana.ini"]}, {"name": "grafana-bin", "files": ["bin/grafana"]}], generatorOptions={"disableNameSuffixHash": True}),
    "overlays/live/datasources/prometheus.yaml": "apiVersion: 1\ndatasources:\n  - name: Prometheus\n    type: prometheus\n    uid: prometheus\n    url: http://10.20.0.30:9090\n    isDefault: true\n",
    "overlays/live/kustomization.yaml": kustomization("../../base", configMapGenerator=[{"name": "grafana-datasources", "files": ["datasources/prometheus.yaml"]}], generatorOptions={"disableNameSuffixHash": True}),
}, ["Loki as second data source next to Prometheus; light theme, debug log for a week",
    ["overlays/live/datasources/loki.yaml", None, LOKI % "    isDefault: true\n"],
    ["overlays/live/kustomization.yaml", "datasources/prometheus.yaml\n", "datasources/prometheus.yaml\n      - datasources/loki.yaml\n"],
    ["base/grafana.ini", "default_theme = dark", "default_theme = light"],
    ["base/grafana.yaml", "value: info", "value: debug"]],
    "the new data source Loki is marked as default as Prometheus is: Grafana takes one default only",
    expected=expect("crash-on-start",
        [('ConfigMap/grafana-datasources data["loki.yaml"]', value(LOKI % "    isDefault: false\n"))],
        [('ConfigMap/grafana-datasources data["loki.yaml"]', value(LOKI % ""))]),
    path="overlays/live")

# 7 ── plain, Flux: a variable is renamed, a reference within another variable is not
PHX = lambda: {"image": "acme/conference:1.18.0", "ports": [{"name": "http", "containerPort": 4000}], "resources": RES, "readinessProbe": HEALTH("/health")}
URL = c("Deployment", "conference", "web", "env[name=DATABASE_URL].value")
OLD = c("Deployment", "conference", "web", "env[name=DB_HOST]")
scenario("platform-names-for-the-database", "flux", {
    **one("web", workload("Deployment", "conference", {"name": "web", **PHX(), "env": env(SECRET_KEY_BASE="only-for-tests", DB_HOST="10.20.0.9", DB_NAME="conference", DATABASE_URL="ecto://conference@$(DB_HOST):5432/$(DB_NAME)", POOL_SIZE="10")}, replicas=2), service("conference")),
    **one("mails", workload("Deployment", "conference-mails", {"name": "mails", **PHX(), "env": env(SECRET_KEY_BASE="only-for-tests", DB_HOST="10.20.0.9", DATABASE_URL="ecto://conference@$(DB_HOST):5432/conference")})),
}, ["conference 1.18.1, settings named as on the platform, pool of 15",
    ["deploy/web.yaml", "acme/conference:1.18.0", "acme/conference:1.18.1"],
    ["deploy/web.yaml", "name: DB_HOST", "name: DATABASE_HOST"],
    ["deploy/web.yaml", "name: DB_NAME", "name: DATABASE_NAME"],
    ["deploy/web.yaml", "/$(DB_NAME)", "/$(DATABASE_NAME)"],
    ["deploy/web.yaml", "value: '10'", "value: '15'"],
    ["deploy/mails.yaml", "acme/conference:1.18.0", "acme/conference:1.18.1"],
    ["deploy/mails.yaml", "name: DB_HOST", "name: DATABASE_HOST"],
    ["deploy/mails.yaml", "$(DB_HOST)", "$(DATABASE_HOST)"]],
    "DATABASE_URL of conference still refers to $(DB_HOST), which is DATABASE_HOST now: the program connects to a host called $(DB_HOST)",
    expected=expect("crash-on-start dependency-address",
        [(URL, value("ecto://conference@$(DATABASE_HOST):5432/$(DATABASE_NAME)"))],
        [(OLD, BEFORE)],
        [(OLD, BEFORE), (c("Deployment", "conference", "web", "env[name=DATABASE_HOST]"), GONE)]))

# 8 ── plain, Argo CD: a hook's files are mounted elsewhere
HOOK = lambda wave: {"argocd.argoproj.io/hook": "PreSync", "argocd.argoproj.io/hook-delete-policy": "BeforeHookCreation", "argocd.argoproj.io/sync-wave": wave}
scenario("migrations-of-november", "argocd", {
    **one("schema", workload("Job", "loans-schema", {"name": "flyway", "image": "acme/schema:22", "env": env(FLYWAY_URL="jdbc:postgresql://10.20.0.9:5432/loans", FLYWAY_USER="loans", FLYWAY_LOCATIONS="filesystem:/flyway/sql"), "resources": RES,
        "volumeMounts": [{"name": "migrations", "mountPath": "/flyway/sql"}]}, pod={"volumes": [{"name": "migrations", "configMap": {"name": "loans-migrations"}}]}, meta={"annotations": HOOK("0")})),
    **one("migrations", {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "loans-migrations", "annotations": HOOK("-1")}, "data": {"V21__loans.sql": Text("create table loans (\n  id bigint primary key\n);\n"), "V22__rates.sql": Text("alter table loans\n  add column rate numeric;\n")}}),
    **one("loans", workload("Deployment", "loans", shop("loans", "acme/payments:1.4.1", {"MAX_MONTHS": "60"}), replicas=2), service("loans")),
}, ["Loans up to 72 months: payments 1.4.2, schema 23, migrations read-only at /migrations",
    ["deploy/schema.yaml", "acme/schema:22", "acme/schema:23"],
    ["deploy/schema.yaml", "mountPath: /flyway/sql\n", "mountPath: /migrations\n          readOnly: true\n"],
    ["deploy/migrations.yaml", "      add column rate numeric;\n", "      add column rate numeric;\n  V23__months.sql: |\n    alter table loans\n      add column months int;\n"],
    ["deploy/loans.yaml", "acme/payments:1.4.1", "acme/payments:1.4.2"],
    ["deploy/loans.yaml", "value: '60'", "value: '72'"]],
    "the migrations are mounted at /migrations, FLYWAY_LOCATIONS is still filesystem:/flyway/sql: the PreSync Job fails, nothing else is synced",
    expected=expect("job-failed crash-on-start volume-mount",
        [(c("Job", "loans-schema", "flyway", "env[name=FLYWAY_LOCATIONS].value"), value("filesystem:/migrations"))],
        [(c("Job", "loans-schema", "flyway", "volumeMounts[name=migrations].mountPath"), BEFORE)]))

# 9 ── Kustomize, Flux: the base backup of a replica is one major version old
RESTORE = text(r"""
    #!/bin/sh
    # Fetches the base backup and unpacks it where the server expects its data.
    say() { echo "INFO: $(date -u '+%Y/%m/%d %H:%M:%S').204513 $1"; }
    name=${BACKUP##*/}
    [ -n "$name" ] || { echo "ERROR: $(date -u '+%Y/%m/%d %H:%M:%S').204513 BACKUP is not set"; exit 1; }
    say "Selecting the backup with name $name..."
    mkdir -p "$PGDATA" && chmod 700 "$PGDATA"
    sleep 2
    echo "${name##*-pg}" >"$PGDATA/PG_VERSION"
    say "Finished extraction of part_003.tar.lz4"
    say "Backup extraction complete."
""")
PG = {"PGDATA": "/var/lib/postgresql/data/pgdata"}
scenario("replica-for-the-reports", "flux", {
    "base/replica.yaml": dump(workload("StatefulSet", "reports-replica", {"name": "postgres", "image": "acme/postgres", "args": ["-c", "work_mem=8MB"], "env": env(**PG), "ports": [{"name": "postgres", "containerPort": 5432}], "resources": RES,
        "readinessProbe": HEALTH("/healthz", "postgres"), "volumeMounts": [{"name": "data", "mountPath": "/var/lib/postgresql/data"}]},
        pod={"initContainers": [{"name": "restore", "image": "busybox:1.37", "command": ["sh", "/scripts/restore.sh"], "env": env(BACKUP="s3://acme-backups/reports/base_20261128-pg16", **PG), "resources": SMALL,
            "volumeMounts": [{"name": "data", "mountPath": "/var/lib/postgresql/data"}, {"name": "scripts", "mountPath": "/scripts"}]}],
            "volumes": [{"name": "data", "emptyDir": {}}, {"name": "scripts", "configMap": {"name": "replica-scripts"}}]}), service("reports-replica", target="postgres", port=5432)),
    "base/reports.yaml": dump(workload("Deployment", "reports", container("reports", "python", image="acme/reports", resources=RES, env={"STATEMENT_TIMEOUT": "30s"})), service("reports")),
    "base/scripts/restore.sh": RESTORE,
    "base/kustomization.yaml": kustomization("replica.yaml", "reports.yaml", configMapGenerator=[{"name": "replica-scripts", "files": ["scripts/restore.sh"]}]),
    "clusters/live/kustomization.yaml": kustomization("../../base", images=tags(postgres="16.4", reports="5.0.2")),
}, ["Newest images for the reporting stack; more memory per sort, statements up to a minute",
    ["clusters/live/kustomization.yaml", "newTag: '16.4'", "newTag: '17.2'"],
    ["clusters/live/kustomization.yaml", "newTag: 5.0.2", "newTag: 5.0.3"],
    ["base/replica.yaml", "work_mem=8MB", "work_mem=16MB"],
    ["base/reports.yaml", "value: 30s", "value: 60s"]],
    "the replica starts from a base backup of PostgreSQL 16, its image is 17.2 now: database files are incompatible with server",
    expected=expect("crash-on-start", [(c("StatefulSet", "reports-replica", "postgres", "image"), BEFORE)]),
    path="clusters/live")

# 10 ── Helm chart, Argo CD: two programs of one pod want the same port
ENVOY = text(r"""
    #!/bin/sh
    # Envoy with the file of the chart: admin and one listener.
    file=/etc/envoy/envoy.yaml
    say() { echo "[$(date -u '+%Y-%m-%d %H:%M:%S').113][1][$1][main] $2"; }
    say info "[source/server/server.cc:430] initializing epoch 0 (base id=0, hot restart version=11.104)"
    if ! [ -r $file ]; then say critical "[source/server/server.cc:414] error initializing config '  $file': Unable to read file: $file"; exit 1; fi
    ports=$(sed -n 's/.*port_value: *\([0-9]*\).*/\1/p' $file | head -2)
    sleep 4
    for port in $ports; do
      if nc -w 1 127.0.0.1 "$port" -e /bin/true 2>/dev/null; then
        say critical "[source/server/server.cc:414] error initializing config '  $file': cannot bind '0.0.0.0:$port': Address already in use"
        say info "[source/server/server.cc:1051] exiting"; exit 1
      fi
    done
    mkdir -p /dev/shm/envoy; echo LIVE >/dev/shm/envoy/ready
    trap 'say info "[source/server/server.cc:1001] caught ENVOY_SIGTERM"; exit 0' TERM INT
    for port in $ports; do httpd -f -p "$port" -h /dev/shm/envoy & done
    say info "[source/server/server.cc:978] starting main dispatch loop"
    wait
""")
ENVOYCONF = lambda admin, seconds: text(f"""
    admin:
      address:
        socket_address: {{address: 0.0.0.0, port_value: {admin}}}
    static_resources:
      listeners:
        - name: ingress
          address:
            socket_address: {{address: 0.0.0.0, port_value: 10000}}
          route_timeout: {seconds}
      clusters:
        - name: checkout
          connect_timeout: 1s
          endpoint: 127.0.0.1:8080
""")
scenario("envoy-admin-where-all-is-scraped", "argocd", {
    "chart/Chart.yaml": "apiVersion: v2\nname: checkout\nversion: 2.1.0\n",
    "chart/values.yaml": text("""
        image:
          tag: 1.4.1
        provider: stripe
        envoy:
          adminPort: 9901
          routeTimeout: 3s
        metrics:
          tag: 3.0.1
          port: 9090   # the agent beside the service
          interval: 30s
    """),
    "chart/files/envoy.sh": ENVOY,
    "chart/templates/config.yaml": text("""
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: checkout-envoy
        data:
          envoy.yaml: |
        """) + textwrap.indent(ENVOYCONF("{{ .Values.envoy.adminPort }}", "{{ .Values.envoy.routeTimeout }}"), "    ") + text("""
        ---
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: checkout-files
        data:
          envoy.sh: |
            {{- .Files.Get "files/envoy.sh" | nindent 4 }}
          prometheus.yml: |
            global:
              scrape_interval: {{ .Values.metrics.interval }}
            scrape_configs:
              - job_name: checkout
                static_configs:
                  - targets: ["127.0.0.1:8080"]
    """),
    "chart/templates/deployment.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: checkout
        spec:
          replicas: 1
          progressDeadlineSeconds: 90
          selector:
            matchLabels:
              app: checkout
          template:
            metadata:
              labels:
                app: checkout
            spec:
              containers:
                - name: checkout
                  image: "acme/checkout:{{ .Values.image.tag }}"
                  env:
                    - name: PAYMENT_PROVIDER
                      value: {{ .Values.provider }}
                  ports:
                    - {name: http, containerPort: 8080}
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 64Mi}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 5
                - name: metrics
                  image: "acme/metrics:{{ .Values.metrics.tag }}"
                  args:
                    - --config.file=/etc/checkout/prometheus.yml
                    - --web.listen-address=0.0.0.0:{{ .Values.metrics.port }}
                  resources:
                    requests: {cpu: 5m, memory: 16Mi}
                    limits: {memory: 64Mi}
                  volumeMounts:
                    - {name: files, mountPath: /etc/checkout}
                - name: envoy
                  image: busybox:1.37
                  command: [sh, /etc/checkout/envoy.sh]
                  ports:
                    - {name: ingress, containerPort: 10000}
                  resources:
                    requests: {cpu: 5m, memory: 8Mi}
                    limits: {memory: 32Mi}
                  readinessProbe:
                    httpGet: {path: /ready, port: {{ .Values.envoy.adminPort }}}
                    periodSeconds: 5
                  volumeMounts:
                    - {name: files, mountPath: /etc/checkout}
                    - {name: envoy, mountPath: /etc/envoy}
              volumes:
                - name: files
                  configMap:
                    name: checkout-files
                - name: envoy
                  configMap:
                    name: checkout-envoy
        ---
        apiVersion: v1
        kind: Service
        metadata:
          name: checkout
        spec:
          selector:
            app: checkout
          ports:
            - {name: http, port: 80, targetPort: ingress}
    """),
    "env/live.yaml": text("""
        image:
          tag: 1.4.1
        provider: adyen
        envoy:
          adminPort: 9901
          routeTimeout: 5s
    """),
}, ["checkout 1.4.2: eight seconds for slow banks, Envoy's admin at the scrapers' usual port",
    ["env/live.yaml", "tag: 1.4.1", "tag: 1.4.2"],
    ["env/live.yaml", "adminPort: 9901", "adminPort: 9090"],
    ["env/live.yaml", "routeTimeout: 5s", "routeTimeout: 8s"]],
    "Envoy's admin listens at 9090 now, as the container metrics of the same pod does: address already in use",
    expected=expect("port-conflict crash-on-start",
        [('ConfigMap/checkout-envoy data["envoy.yaml"]', value(ENVOYCONF(9901, "8s"))), (c("Deployment", "checkout", "envoy", "readinessProbe.httpGet.port"), BEFORE)]),
    path="chart", source={"helm": {"releaseName": "checkout", "valueFiles": ["../env/live.yaml"]}})

# 11 ── Kustomize, Flux, three commits: the program has another user, its folder has not
OWN = lambda uid: f"chown -R {uid}:{uid} /data && chmod -R u=rwX,g=rX,o= /data && ls -ldn /data"
USER = pod("Deployment", "tickets", "securityContext.runAsUser")
scenario("user-ids-of-the-team", "flux", {
    "base/tickets.yaml": dump(workload("Deployment", "tickets", {"name": "tickets", "image": "acme/tickets", "env": env(APP_KEY="base64:b25seS1mb3ItdGVzdHM=", LOG_LEVEL="warning"), "ports": [{"name": "http", "containerPort": 8080}], "resources": RES,
        "readinessProbe": HEALTH("/up"), "volumeMounts": [{"name": "storage", "mountPath": "/data"}]},
        pod={"securityContext": {"runAsUser": 1000, "runAsGroup": 1000}, "initContainers": [{"name": "storage", "image": "busybox:1.37", "command": ["sh", "-c", OWN(1000)], "securityContext": {"runAsUser": 0, "runAsGroup": 0}, "resources": SMALL, "volumeMounts": [{"name": "storage", "mountPath": "/data"}]}],
            "volumes": [{"name": "storage", "emptyDir": {}}]}), service("tickets")),
    "base/portal.yaml": dump(workload("Deployment", "portal", container("portal", "envalid", image="acme/portal", resources=RES), pod={"securityContext": {"runAsUser": 1000, "runAsGroup": 1000}}), service("portal")),
    "base/kustomization.yaml": kustomization("tickets.yaml", "portal.yaml"),
    "overlays/live/kustomization.yaml": kustomization("../../base", images=tags(tickets="11.3.0", portal="2.0.0")),
}, [{"subject": "User ids of our own range: 20113 for tickets and portal", "edit": [
        ["base/tickets.yaml", "runAsUser: 1000\n        runAsGroup: 1000\n", "runAsUser: 20113\n        runAsGroup: 20113\n"],
        ["base/portal.yaml", "runAsUser: 1000\n        runAsGroup: 1000\n", "runAsUser: 20113\n        runAsGroup: 20113\n"]]},
    {"subject": "tickets 11.3.1, two of them", "edit": [["overlays/live/kustomization.yaml", "newTag: 11.3.0", "newTag: 11.3.1"], ["base/tickets.yaml", "replicas: 1", "replicas: 2"]], "wait": 20},
    {"subject": "portal 2.0.1; tickets log at level notice", "edit": [["overlays/live/kustomization.yaml", "newTag: 2.0.0", "newTag: 2.0.1"], ["base/tickets.yaml", "value: warning", "value: notice"]], "wait": 20}],
    "tickets runs as 20113, its init container gives /data to 1000 with mode 0750: permission denied for the log file",
    expected=expect("crash-on-start",
        [(c("Deployment", "tickets", "storage", "command[2]", init=True), value(OWN(20113)))],
        [(USER, BEFORE), (pod("Deployment", "tickets", "securityContext.runAsGroup"), BEFORE)],
        [(USER, BEFORE)]),
    path="overlays/live")

# 12 ── Helm chart, Argo CD: a first release that reads its properties where they are not mounted
scenario("ledger-for-the-subsidiary", "argocd", {
    "chart/Chart.yaml": "apiVersion: v2\nname: ledger\nversion: 0.1.0\n",
    "chart/values.yaml": text("""
        image:
          tag: 3.1.3
        replicas: 1
        config:
          mountPath: /config
        env: {}
        properties: {}
    """),
    "chart/templates/config.yaml": text("""
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: {{ .Release.Name }}-properties
        data:
          application.properties: |
            {{- range $name, $value := .Values.properties }}
            {{ $name }}={{ $value }}
            {{- end }}
    """),
    "chart/templates/deployment.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: {{ .Release.Name }}
        spec:
          replicas: {{ .Values.replicas }}
          progressDeadlineSeconds: 90
          selector:
            matchLabels:
              app: {{ .Release.Name }}
          template:
            metadata:
              labels:
                app: {{ .Release.Name }}
            spec:
              containers:
                - name: ledger
                  image: "acme/ledger:{{ .Values.image.tag }}"
                  env:
                    {{- range $name, $value := .Values.env }}
                    - name: {{ $name }}
                      value: {{ $value | quote }}
                    {{- end }}
                  ports:
                    - {name: http, containerPort: 8080}
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 96Mi}
                  livenessProbe:
                    httpGet: {path: /actuator/health/liveness, port: http}
                    initialDelaySeconds: 10
                  readinessProbe:
                    httpGet: {path: /actuator/health/readiness, port: http}
                    periodSeconds: 5
                  volumeMounts:
                    - name: properties
                      mountPath: {{ .Values.config.mountPath }}
                      readOnly: true
              volumes:
                - name: properties
                  configMap:
                    name: {{ .Release.Name }}-properties
        ---
        apiVersion: v1
        kind: Service
        metadata:
          name: {{ .Release.Name }}
        spec:
          selector:
            app: {{ .Release.Name }}
          ports:
            - {name: http, port: 80, targetPort: http}
    """),
    "env/at.yaml": text("""
        # the Austrian subsidiary
        image:
          tag: 3.1.4
        replicas: 2
        config:
          mountPath: /etc/ledger
        env:
          REQUIRE_CONFIG: "true"
          SPRING_CONFIG_LOCATION: /config/application.properties
          JAVA_TOOL_OPTIONS: -XX:MaxRAMPercentage=70
        properties:
          ledger.gateway.url: https://gateway.example/at/v2
          ledger.batch.size: 200
    """),
}, [], "SPRING_CONFIG_LOCATION is /config/application.properties, the ConfigMap is mounted at /etc/ledger: Spring Boot does not find its properties",
    expected=expect("crash-on-start volume-mount",
        [(c("Deployment", "ledger-at", "ledger", "env[name=SPRING_CONFIG_LOCATION].value"), value("/etc/ledger/application.properties"))],
        [(c("Deployment", "ledger-at", "ledger", "volumeMounts[name=properties].mountPath"), value("/config"))]),
    path="chart", source={"helm": {"releaseName": "ledger-at", "valueFiles": ["../env/at.yaml"]}}, never_worked=True)

# 13 ── for people. plain, Argo CD: the workflow service that another team keeps is not running
TEMPORAL = text(r"""
    #!/bin/sh
    # The worker's start: dials the frontend that TEMPORAL_ADDRESS names, registers, polls.
    address=${TEMPORAL_ADDRESS:-127.0.0.1:7233}; name=${address%%:*} port=${address##*:}
    case $name in *[!0-9.]*) eval "host=\${$(echo "$name" | tr 'a-z-' 'A-Z_')_SERVICE_HOST:-}" ;; *) host=$name ;; esac
    log() { echo "$(date -u '+%Y/%m/%d %H:%M:%S') $1 $2"; }
    log INFO "worker starting Namespace $TEMPORAL_NAMESPACE TaskQueue $TASK_QUEUE"
    if [ -z "$host" ]; then log ERROR "unable to create client: failed reaching server: name resolver error: produced zero addresses for $name"; exit 1; fi
    if ! nc -w 3 "$host" "$port" -e /bin/true 2>/dev/null; then
      log ERROR "unable to create client: failed reaching server: last connection error: connection error: desc = \"transport: Error while dialing: dial tcp $host:$port: connect: connection refused\""; exit 1
    fi
    mkdir -p /dev/shm/worker; echo ok >/dev/shm/worker/healthz
    trap 'log INFO "Worker has been stopped. Signal terminated"; exit 0' TERM INT
    log INFO "Started Worker Namespace $TEMPORAL_NAMESPACE TaskQueue $TASK_QUEUE WorkerID 1@$(hostname)"
    httpd -f -p 8080 -h /dev/shm/worker & wait
""")
scenario("refund-workflows", "argocd", {
    **one("worker", workload("Deployment", "refund-worker", {"name": "worker", "image": "busybox:1.36", "command": ["sh", "/app/worker"], "env": env(TEMPORAL_ADDRESS="temporal-frontend:7233", TEMPORAL_NAMESPACE="refunds", TASK_QUEUE="refunds", MAX_CONCURRENT_ACTIVITIES="20"),
        "ports": [{"name": "http", "containerPort": 8080}], "resources": RES, "readinessProbe": HEALTH("/healthz"), "volumeMounts": [{"name": "app", "mountPath": "/app"}]}, pod={"volumes": [{"name": "app", "configMap": {"name": "refund-worker"}}]}, replicas=2)),
    **one("app", {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "refund-worker"}, "data": {"worker": Text(TEMPORAL)}}),
    **one("api", workload("Deployment", "refunds", shop("refunds", "acme/payments:1.4.1", {"MAX_REFUND_EUR": "500"})), service("refunds")),
}, ["Refunds up to 800 euros: payments 1.4.2, forty activities at once",
    ["deploy/api.yaml", "acme/payments:1.4.1", "acme/payments:1.4.2"],
    ["deploy/api.yaml", "value: '500'", "value: '800'"],
    ["deploy/worker.yaml", "busybox:1.36", "busybox:1.37"],
    ["deploy/worker.yaml", "value: '20'", "value: '40'"]],
    "temporal-frontend, which the workflow platform's people run by hand and which is not in git, was scaled to 0: new workers cannot connect; the address is right and the commit did nothing wrong",
    answer=HUMAN, expected=expect("dependency-address crash-on-start replicas-zero", ),
    given=dump(workload("Deployment", "temporal-frontend", {"name": "frontend", "image": "busybox:1.37", "command": ["sh", "-c", "mkdir -p /dev/shm/frontend && exec httpd -f -p 7233 -h /dev/shm/frontend"], "ports": [{"name": "grpc", "containerPort": 7233}], "resources": SMALL, "readinessProbe": {"tcpSocket": {"port": "grpc"}, "periodSeconds": 3}},
        pod={"terminationGracePeriodSeconds": 1}, meta={"annotations": {"owner": "workflow platform team"}}), service("temporal-frontend", target="grpc", port=7233)),
    then=[[-10, "kubectl -n $NAMESPACE annotate deployment temporal-frontend note='schema upgrade of the workflow store' && kubectl -n $NAMESPACE scale deployment temporal-frontend --replicas=0 && sleep 8"]])

# 14 ── for people. Kustomize, Flux: Vault does not know the role any more
AGENT = text(r"""
    #!/bin/sh
    # vault agent -exit-after-auth: logs in with the pod's account, writes the secrets, ends.
    host=${VAULT_SERVICE_HOST:-127.0.0.1} vault=http://${VAULT_SERVICE_HOST:-127.0.0.1}:8200
    log() { echo "$(date -u +%Y-%m-%dT%H:%M:%S).204Z [$1]  $2"; }
    printf '==> Vault Agent started! Log data will stream in below:\n\n==> Vault Agent configuration:\n\n           Api Address 1: http://127.0.0.1:8200\n                     Cgo: disabled\n               Log Level: info\n                 Version: Vault v1.18.3\n\n'
    log INFO "agent.auth.handler: starting auth handler"
    log INFO "agent.auth.handler: authenticating"
    for try in 1 2 3; do
      answer=$({ printf 'GET /v1/auth/kubernetes/login/%s HTTP/1.0\r\n\r\n' "$VAULT_ROLE"; sleep 1; } | nc -w 5 "$host" 8200 2>/dev/null)
      case $answer in
        *" 200 "*)
          log INFO "agent.auth.handler: authentication successful, sending token to sinks"
          echo "CARD_KEY=$(echo "$answer" | tail -1)" >/vault/secrets/payments.env
          log INFO "(runner) rendered \"(dynamic)\" => \"/vault/secrets/payments.env\""; exit 0 ;;
        *" 404 "*) log ERROR "agent.auth.handler: error authenticating: error=\"Error making API request. URL: PUT $vault/v1/auth/kubernetes/login Code: 400. Errors: * invalid role name \\\"$VAULT_ROLE\\\"\" backoff=${try}s" ;;
        *) log ERROR "agent.auth.handler: error authenticating: error=\"Put \\\"$vault/v1/auth/kubernetes/login\\\": dial tcp ${vault#http://}: connect: connection refused\" backoff=${try}s" ;;
      esac
      sleep "$try"
    done
    log ERROR "agent: auth handler gave up: max_backoff exceeded"; exit 1
""")
VAULT = "mkdir -p /dev/shm/vault/v1/auth/kubernetes/login && cd /dev/shm/vault/v1/auth/kubernetes/login && for role in $ROLES; do echo only-for-tests >$role; done && exec httpd -f -p 8200 -h /dev/shm/vault"
scenario("card-keys-from-vault", "flux", {
    "base/payments.yaml": dump(workload("Deployment", "payments", shop("payments", "acme/payments", {"CONFIG_FILE": "/vault/secrets/payments.env", "CAPTURE_AFTER": "2h"}, volumeMounts=[{"name": "secrets", "mountPath": "/vault/secrets"}]),
        pod={"initContainers": [{"name": "vault-agent", "image": "busybox:1.37", "command": ["sh", "/vault/bin/agent.sh"], "env": env(VAULT_ROLE="payments"), "resources": SMALL, "volumeMounts": [{"name": "secrets", "mountPath": "/vault/secrets"}, {"name": "bin", "mountPath": "/vault/bin"}]}],
            "volumes": [{"name": "secrets", "emptyDir": {"medium": "Memory"}}, {"name": "bin", "configMap": {"name": "vault-agent"}}]}), service("payments")),
    "base/agent.sh": AGENT,
    "base/kustomization.yaml": kustomization("payments.yaml", configMapGenerator=[{"name": "vault-agent", "files": ["agent.sh"]}]),
    "overlays/live/kustomization.yaml": kustomization("../../base", images=tags(payments="1.4.1")),
}, ["payments 1.4.2: capture after one hour",
    ["overlays/live/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.2"],
    ["base/payments.yaml", "value: 2h", "value: 1h"]],
    "the security team took the role payments out of Vault, which is not in git: they must give it back; the commit did nothing wrong and another role is nobody's guess",
    answer=HUMAN, expected=expect("crash-on-start", ), path="overlays/live",
    given=dump(workload("Deployment", "vault", {"name": "vault", "image": "busybox:1.37", "command": ["sh", "-c", VAULT], "env": env(ROLES="payments orders invoices"), "ports": [{"name": "api", "containerPort": 8200}], "resources": SMALL, "readinessProbe": {"tcpSocket": {"port": "api"}, "periodSeconds": 3}},
        pod={"terminationGracePeriodSeconds": 1}, meta={"annotations": {"owner": "security team"}}), service("vault", target="api", port=8200)),
    then=[[-10, "kubectl -n $NAMESPACE set env deployment/vault ROLES='orders invoices' && kubectl -n $NAMESPACE rollout status deployment/vault --timeout=60s && sleep 3"]])

# 15 ── nothing to do. plain, Argo CD: many indices take their time
SNAPSHOT = text(r"""
    #!/bin/sh
    # Restores the indices of the list from the snapshot before the node starts.
    list=/restore/indices.txt; all=$(grep -c . $list) n=0
    log() { echo "[$(date -u +%Y-%m-%dT%H:%M:%S),113][$1 ][o.e.s.RestoreService    ] [search-0] $2"; }
    log INFO "start restore of snapshot [nightly/2026.11.30], [$all] indices"
    while read -r index; do
      n=$((n + 1)); sleep 3
      log INFO "restored index [$index] ($n of $all)"
      mkdir -p "/usr/share/elasticsearch/data/$index"
    done <$list
    log INFO "completed restore of snapshot [nightly/2026.11.30]"
""")
NODE = text(r"""
    #!/bin/sh
    data=/usr/share/elasticsearch/data
    log() { echo "[$(date -u +%Y-%m-%dT%H:%M:%S),113][$1][$2] [search-0] $3"; }
    log "INFO " "o.e.n.Node               " "version[8.17.0], pid[1], build[docker/2b6a7fe], JVM[Eclipse Adoptium/OpenJDK 64-Bit Server VM/23]"
    log "WARN " "o.e.b.BootstrapChecks    " "max virtual memory areas vm.max_map_count [$(cat /proc/sys/vm/max_map_count)] is too low, increase to at least [262144]"
    log "INFO " "o.e.g.GatewayService     " "recovered [$(ls $data | grep -c .)] indices into cluster_state"
    sleep 2
    mkdir -p /dev/shm/search/_cluster; echo '{"status": "yellow", "timed_out": false}' >/dev/shm/search/_cluster/health
    trap 'log "INFO " "o.e.n.Node               " stopped; exit 0' TERM INT
    log "INFO " "o.e.c.r.a.AllocationService" "current.health=\"YELLOW\" message=\"Cluster health status changed from [RED] to [YELLOW]\""
    httpd -f -p 9200 -h /dev/shm/search & wait
""")
FEW = "".join(f"products-{country}\n" for country in ("de", "at", "ch"))
MANY = FEW + "".join(f"products-{country}\n" for country in "fr it es pt nl be lu dk se no fi ie gb pl cz sk hu si hr ro bg gr ee lv lt mt cy is li rs ba me mk al ua md ge am tr il za au nz".split())
scenario("products-of-all-countries", "argocd", {
    **one("search", workload("StatefulSet", "search", {"name": "elasticsearch", "image": "busybox:1.37", "command": ["sh", "/scripts/node.sh"], "env": env(**{"discovery.type": "single-node", "ES_JAVA_OPTS": "-Xms256m -Xmx256m"}), "ports": [{"name": "http", "containerPort": 9200}], "resources": RES,
        "readinessProbe": HEALTH("/_cluster/health"), "livenessProbe": {"tcpSocket": {"port": "http"}, "initialDelaySeconds": 15, "periodSeconds": 10}, "volumeMounts": [{"name": "data", "mountPath": "/usr/share/elasticsearch/data"}, {"name": "scripts", "mountPath": "/scripts"}]},
        pod={"initContainers": [{"name": "restore", "image": "busybox:1.37", "command": ["sh", "/scripts/restore.sh"], "resources": SMALL, "volumeMounts": [{"name": "data", "mountPath": "/usr/share/elasticsearch/data"}, {"name": "scripts", "mountPath": "/scripts"}, {"name": "restore", "mountPath": "/restore"}]}],
            "volumes": [{"name": "data", "emptyDir": {}}, {"name": "scripts", "configMap": {"name": "search-scripts"}}, {"name": "restore", "configMap": {"name": "search-restore"}}]}), service("search", port=9200)),
    **one("scripts", {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "search-scripts"}, "data": {"restore.sh": Text(SNAPSHOT), "node.sh": Text(NODE)}}),
    **one("restore", {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "search-restore"}, "data": {"indices.txt": Text(FEW)}}),
}, ["Search in all countries: restore their indices, a larger heap",
    ["deploy/restore.yaml", textwrap.indent(FEW, "    "), textwrap.indent(MANY, "    ")],
    ["deploy/search.yaml", "-Xms256m -Xmx256m", "-Xms512m -Xmx512m"]],
    "the init container restores 46 indices, three seconds each: the pod waits for more than two minutes and is ready then",
    answer=NONE)

# 16 ── nothing to do. Kustomize, Flux: the program starts before the proxy beside it
MESH = text(r"""
    #!/bin/sh
    # The mesh's proxy: fetches its bootstrap configuration, then opens the outbound listener.
    log() { echo "$(date -u +%Y-%m-%dT%H:%M:%S).204513Z	$1	$2"; }
    log info "FLAG: --concurrency=\"${CONCURRENCY:-2}\""
    log info "Pilot agent starting, connecting to upstream XDS server"
    sleep 18
    log info "xdsproxy	connected to upstream XDS server"
    mkdir -p /dev/shm/mesh/healthz; echo ok >/dev/shm/mesh/healthz/ready
    trap 'log info "Agent draining Proxy for termination"; exit 0' TERM INT
    httpd -f -p 15001 -h /dev/shm/mesh &
    httpd -f -p 15021 -h /dev/shm/mesh &
    log info "Envoy proxy is ready"
    wait
""")
scenario("allocation-through-the-mesh", "flux", {
    "base/inventory.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: inventory
        spec:
          replicas: 1
          progressDeadlineSeconds: 300
          selector:
            matchLabels:
              app: inventory
          template:
            metadata:
              labels:
                app: inventory
            spec:
              containers:
                - name: inventory
                  image: acme/inventory
                  env:
                    - name: CACHE_TTL
                      value: 30s
                  ports:
                    - name: http
                      containerPort: 8080
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 64Mi}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 5
    """),
    "base/kustomization.yaml": kustomization("inventory.yaml"),
    "components/mesh/kustomization.yaml": dump({"apiVersion": "kustomize.config.k8s.io/v1alpha1", "kind": "Component", "patches": [{"path": "proxy.yaml", "target": {"kind": "Deployment"}}], "configMapGenerator": [{"name": "mesh-proxy", "files": ["proxy.sh"]}]}, indented=True),
    "components/mesh/proxy.sh": MESH,
    "components/mesh/proxy.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: any
        spec:
          template:
            spec:
              containers:
                - name: mesh-proxy
                  image: busybox:1.37
                  command: [sh, /etc/mesh/proxy.sh]
                  ports:
                    - name: mesh-health
                      containerPort: 15021
                  resources:
                    requests: {cpu: 5m, memory: 8Mi}
                    limits: {memory: 32Mi}
                  readinessProbe:
                    httpGet: {path: /healthz/ready, port: mesh-health}
                    periodSeconds: 3
                  volumeMounts:
                    - name: mesh
                      mountPath: /etc/mesh
              volumes:
                - name: mesh
                  configMap:
                    name: mesh-proxy
    """),
    "overlays/live/kustomization.yaml": kustomization("../../base", images=[{"name": "acme/inventory", "newTag": "1.9"}]),
}, ["inventory 1.10 in the mesh, stock by the proxy's outbound port",
    ["overlays/live/kustomization.yaml", "resources:\n", "components:\n  - ../../components/mesh\nresources:\n"],
    ["overlays/live/kustomization.yaml", "newTag: '1.9'", "newTag: '1.10'"],
    ["base/inventory.yaml", "              value: 30s\n", "              value: 45s\n            - name: STOCK_ADDR\n              value: 127.0.0.1:15001\n"]],
    "inventory starts before the proxy in its pod listens, ends with connection refused once or twice and is restarted: ready within a minute",
    answer=NONE, path="overlays/live", spec={"timeout": "3m"})
