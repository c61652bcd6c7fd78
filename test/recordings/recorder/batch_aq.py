"""Batch AQ, written by somebody who knew neither the playbook nor the batches before: shop-1444 to shop-1459, runtime failures. No program of this folder is needed."""
import pathlib, runpy, textwrap
globals().update(runpy.run_path(str(pathlib.Path(__file__).parent / "kit.py")))
SCENARIOS, scenario = batch(1444)

IDLE = "trap 'exit 0' TERM\nwhile :; do sleep 5 & wait $!; done\n"


def bb(name, script=None, image="busybox:1.36", **more):
    return {"name": name, "image": image, "command": ["sh", "-c"] if script else ["sh"], **({"args": [Text(script) if "\n" in script else script]} if script else {}),
            "resources": {"requests": {"cpu": "10m", "memory": "16Mi"}, "limits": {"memory": "48Mi"}}, **more}


def shop(name, image, **more):
    return container(name, "shop", image=image, **more)


def release(name, chart, values=None, **more):
    return dump({"apiVersion": "helm.toolkit.fluxcd.io/v2", "kind": "HelmRelease", "metadata": {"name": name},
                 "spec": {"interval": "30s", "timeout": "75s", "chart": {"spec": {"chart": chart, "reconcileStrategy": "Revision", "sourceRef": {"kind": "GitRepository", "name": "@NAME@", "namespace": "flux-system"}}},
                          **more, **({"values": values} if values else {})}})


def chart_yaml(name):
    return f"apiVersion: v2\nname: {name}\ndescription: {name} as the platform team ships it\nversion: 1.2.0\n"


# 1 a value of a configuration file with a unit the program does not know -------------------------------------------
RELAY_SH = text("""
    #!/bin/sh
    # Forwards order events to the warehouse in batches.
    conf=/etc/relay/relay.conf
    die() { echo "relay[1]: FATAL $conf:$1: $2" >&2; exit 78; }
    n=0
    echo "relay[1]: starting, reading $conf"
    while IFS='=' read -r key value; do
      n=$((n + 1))
      case $key in
        ''|'#'*) ;;
        batch_size|idle_timeout|retries) case $value in ''|*[!0-9]*) die $n "$key: cannot parse \\"$value\\" as unsigned integer" ;; esac ;;
        target|log_level) ;;
        *) die $n "unknown directive \\"$key\\"" ;;
      esac
    done <"$conf"
    echo "relay[1]: configuration ok, $n lines"
    touch /tmp/ready
    """) + IDLE
RELAY = "# relay, production\ntarget=http://10.20.0.40:8080/v1/batches\nbatch_size=200\nidle_timeout=90\nretries=5\nlog_level=info\n"
scenario("relay-timeout-unit", "argocd", {
    "base/deployment.yaml": dump(workload("Deployment", "relay", bb("relay", args=["/opt/relay/relay.sh"], readinessProbe={"exec": {"command": ["test", "-f", "/tmp/ready"]}, "periodSeconds": 4},
        volumeMounts=[{"name": "program", "mountPath": "/opt/relay"}, {"name": "conf", "mountPath": "/etc/relay"}]),
        pod={"volumes": [{"name": "program", "configMap": {"name": "relay-program"}}, {"name": "conf", "configMap": {"name": "relay-conf"}}], "terminationGracePeriodSeconds": 5}, deadline=75)),
    "base/relay.sh": RELAY_SH,
    "base/kustomization.yaml": kustomization("deployment.yaml", configMapGenerator=[{"name": "relay-program", "files": ["relay.sh"]}]),
    "overlays/prod/relay.conf": RELAY,
    "overlays/prod/kustomization.yaml": kustomization("../../base", configMapGenerator=[{"name": "relay-conf", "files": ["relay.conf"]}], images=[{"name": "busybox", "newTag": "1.37"}]),
}, ["Bigger batches for the peak season", ["overlays/prod/relay.conf", "batch_size=200\nidle_timeout=90\n", "batch_size=500\nidle_timeout=2m\n"], ["overlays/prod/relay.conf", "log_level=info", "log_level=warn"]],
    "relay.conf: idle_timeout=2m, the program reads whole seconds", FIX,
    expect("crash-on-start", *([('ConfigMap/relay-conf-# data["relay.conf"]', value(RELAY.replace("=200", "=500").replace("=info", "=warn").replace("idle_timeout=90", f"idle_timeout={t}")))] for t in (90, 120))),
    path="overlays/prod")

# 2 the sidecar listens where the program does --------------------------------------------------------------------------
LEDGER = text("""
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: {{ .Release.Name }}
      labels:
        app.kubernetes.io/managed-by: {{ .Release.Service }}
    spec:
      replicas: {{ .Values.replicas }}
      progressDeadlineSeconds: 70
      selector:
        matchLabels:
          app: {{ .Release.Name }}
      template:
        metadata:
          labels:
            app: {{ .Release.Name }}
        spec:
          containers:
            - name: app
              image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
              ports:
                - name: http
                  containerPort: 8080
              resources:
                {{- toYaml .Values.resources | nindent 16 }}
              readinessProbe:
                httpGet: {path: /readyz, port: http}
                periodSeconds: 4
            {{- with .Values.exporter }}
            - name: exporter
              image: "acme/worker:{{ .tag }}"
              env:
                - name: PORT
                  value: {{ .port | quote }}
                - name: START_SECONDS
                  value: "3"
              ports:
                - name: metrics
                  containerPort: {{ .port }}
              readinessProbe:
                httpGet: {path: /readyz, port: metrics}
                initialDelaySeconds: 6
                periodSeconds: 4
              resources:
                requests: {cpu: 5m, memory: 16Mi}
                limits: {memory: 64Mi}
            {{- end }}
    """)
scenario("exporter-takes-app-port", "flux", {
    "charts/web/Chart.yaml": chart_yaml("web"),
    "charts/web/values.yaml": "image:\n  repository: acme/checkout\n  tag: 1.4.0\nreplicas: 1\nresources:\n  requests: {cpu: 10m, memory: 24Mi}\n  limits: {memory: 96Mi}\n",
    "charts/web/templates/deployment.yaml": LEDGER,
    "charts/web/templates/service.yaml": "apiVersion: v1\nkind: Service\nmetadata:\n  name: {{ .Release.Name }}\nspec:\n  selector:\n    app: {{ .Release.Name }}\n  ports:\n    - {name: http, port: 80, targetPort: http}\n",
    "releases/basket.yaml": release("basket", "./charts/web", {"image": {"tag": "1.4.1"}, "replicas": 2, "exporter": {"tag": "1.4.1", "port": 9102}}),
}, ["Scrape settings as in the platform handbook", ["releases/basket.yaml", "      port: 9102", "      port: 8080"], ["releases/basket.yaml", "    image:\n      tag: 1.4.1", "    image:\n      tag: 1.4.2"]],
    "sidecar exporter listens on 8080, which the program of the same pod has: address already in use", FIX,
    expect("port-conflict", [(c("Deployment", "basket", "exporter", "env[name=PORT].value"), BEFORE), (c("Deployment", "basket", "exporter", "ports[name=metrics].containerPort"), BEFORE)]), path="releases")

# 3 a subPath that is no longer a key: a directory is mounted in place of the file ---------------------------------------
def reader(name, kind, image, **spec):
    return workload(kind, name, shop(name, image, env={"CONFIG_FILE": "/etc/shop/app.env"}, volumeMounts=[{"name": "settings", "mountPath": "/etc/shop/app.env", "subPath": "app.env"}]),
                    pod={"volumes": [{"name": "settings", "configMap": {"name": "shop-settings"}}]}, deadline=75, spec=spec)
scenario("subpath-left-behind", "flux", {
    "deploy/settings.yaml": text("""
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: shop-settings
        data:
          app.env: |
            REGION=eu-central
            PREFETCH=10
        """),
    "deploy/web.yaml": dump(reader("web", "Deployment", "acme/checkout:1.4.1"), service("web")),
    "deploy/queue.yaml": dump(reader("queue", "StatefulSet", "acme/worker:1.4.1", podManagementPolicy="Parallel"), service("queue", clusterIP="None")),
}, ["Name settings files by what they hold, worker 1.4.2", ["deploy/settings.yaml", "  app.env: |", "  settings.env: |"], ["deploy/settings.yaml", "PREFETCH=10", "PREFETCH=20"], ["deploy/web.yaml", "subPath: app.env", "subPath: settings.env"], ["deploy/queue.yaml", "acme/worker:1.4.1", "acme/worker:1.4.2"]],
    "StatefulSet queue still mounts subPath app.env of a ConfigMap whose key is settings.env now: an empty directory", FIX,
    expect("volume-mount config-key-missing crash-on-start", [(c("StatefulSet", "queue", "queue", "volumeMounts[name=settings].subPath"), value("settings.env"))]))

# 4 a deadline that the job cannot meet ----------------------------------------------------------------------------------------
scenario("report-deadline", "argocd", {
    "charts/report/Chart.yaml": chart_yaml("report"),
    "charts/report/values.yaml": "image: busybox:1.36\nschedule: \"0 * * * *\"\ndeadlineSeconds: 600\nkeep: 1\nregions: [eu]\n",
    "charts/report/values-prod.yaml": "schedule: \"* * * * *\"\ndeadlineSeconds: 120\nkeep: 1\nregions: [eu, us, apac, latam]\n",
    "charts/report/templates/cronjob.yaml": text("""
        apiVersion: batch/v1
        kind: CronJob
        metadata:
          name: {{ .Release.Name }}
        spec:
          schedule: {{ .Values.schedule | quote }}
          concurrencyPolicy: Forbid
          failedJobsHistoryLimit: {{ .Values.keep }}
          jobTemplate:
            spec:
              activeDeadlineSeconds: {{ .Values.deadlineSeconds }}
              backoffLimit: 1
              template:
                metadata:
                  labels:
                    app: {{ .Release.Name }}
                spec:
                  restartPolicy: Never
                  terminationGracePeriodSeconds: 2
                  containers:
                    - name: report
                      image: {{ .Values.image }}
                      command: [sh, -c]
                      args:
                        - |
                          trap 'echo "report: terminated, nothing uploaded"; exit 143' TERM
                          for region in $REGIONS; do
                            echo "report: collecting $region"
                            sleep 6 & wait $!
                          done
                          echo "report: uploaded"
                      env:
                        - name: REGIONS
                          value: {{ join " " .Values.regions | quote }}
                      resources:
                        requests: {cpu: 10m, memory: 16Mi}
                        limits: {memory: 32Mi}
        """),
}, ["Never let a hanging report block the next one", ["charts/report/values-prod.yaml", "deadlineSeconds: 120\nkeep: 1", "deadlineSeconds: 12\nkeep: 3"]],
    "activeDeadlineSeconds 12, the report needs about 25 seconds: DeadlineExceeded", FIX,
    expect("job-failed", [("CronJob/turnover spec.jobTemplate.spec.activeDeadlineSeconds", BEFORE)], [("CronJob/turnover spec.jobTemplate.spec.activeDeadlineSeconds", at_least("30"))]),
    path="charts/report", source={"helm": {"releaseName": "turnover", "valueFiles": ["values.yaml", "values-prod.yaml"]}})

# 5 native sidecar that moved, its startup probe did not ----------------------------------------------------------------------
scenario("sidecar-moved", "argocd", {
    "base/deployment.yaml": text("""
        # pricing: prices of the shop, talks to the tax office through its proxy
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: pricing
        spec:
          progressDeadlineSeconds: 80
          selector:
            matchLabels:
              app: pricing
          template:
            metadata:
              labels:
                app: pricing
            spec:
              initContainers:
                - name: tax-proxy
                  image: acme/payments
                  restartPolicy: Always
                  env:
                    - name: PORT
                      value: "9000"
                  ports:
                    - name: proxy
                      containerPort: 9000
                  startupProbe:
                    httpGet:
                      path: /readyz
                      port: 9000
                    periodSeconds: 4
                    failureThreshold: 8
                  resources:
                    requests: {cpu: 5m, memory: 16Mi}
                    limits: {memory: 64Mi}
              containers:
                - name: pricing
                  image: acme/catalog
                  env:
                    - name: REQUIRED_ENV
                      value: TAX_PROXY
                    - name: TAX_PROXY
                      value: http://127.0.0.1:9000
                  ports:
                    - name: http
                      containerPort: 8080
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 96Mi}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 4
        """),
    "base/service.yaml": dump(service("pricing")),
    "base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
    "overlays/live/kustomization.yaml": kustomization("../../base", images=[{"name": "acme/payments", "newTag": "1.4.1"}, {"name": "acme/catalog", "newTag": "1.4.1"}], replicas=[{"name": "pricing", "count": 2}]),
}, ["Tax proxy leaves 9000 to the profiler", ["base/deployment.yaml", "value: \"9000\"", "value: \"9443\""], ["base/deployment.yaml", "containerPort: 9000", "containerPort: 9443"], ["base/deployment.yaml", "http://127.0.0.1:9000", "http://127.0.0.1:9443"]],
    "startup probe of the native sidecar tax-proxy asks 9000, it listens on 9443 now: the pod never gets past its init containers", FIX,
    expect("startup-probe startup probe", *([(c("Deployment", "pricing", "tax-proxy", "startupProbe.httpGet.port", init=True), value(port))] for port in (9443, "proxy")),
           [(c("Deployment", "pricing", "tax-proxy", "env[name=PORT].value", init=True), BEFORE), (c("Deployment", "pricing", "tax-proxy", "ports[name=proxy].containerPort", init=True), BEFORE), (c("Deployment", "pricing", "pricing", "env[name=TAX_PROXY].value"), BEFORE)]),
    path="overlays/live")

# 6 first release: memory in thousandths of a byte --------------------------------------------------------------------------
scenario("memory-in-milli", "argocd", {
    "chart/Chart.yaml": chart_yaml("lookup"),
    "chart/values.yaml": "image: acme/catalog:1.4.1\nreplicas: 1\nlimits:\n  memory: 128Mi\nrequests: {}\ncacheMb: 8\n",
    "chart/values-prod.yaml": "# sized after the load test\nreplicas: 2\nlimits:\n  memory: 256m\ncacheMb: 24\n",
    "chart/templates/deployment.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: {{ .Release.Name }}
        spec:
          replicas: {{ .Values.replicas }}
          progressDeadlineSeconds: 60
          selector:
            matchLabels: {app: {{ .Release.Name }}}
          template:
            metadata:
              labels: {app: {{ .Release.Name }}}
            spec:
              containers:
                - name: lookup
                  image: {{ .Values.image }}
                  env:
                    - name: CACHE_MB
                      value: {{ .Values.cacheMb | quote }}
                  ports:
                    - {name: http, containerPort: 8080}
                  resources:
                    limits: {{- toYaml .Values.limits | nindent 22 }}
                    {{- with .Values.requests }}
                    requests: {{- toYaml . | nindent 22 }}
                    {{- end }}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 4
        """),
    "chart/templates/service.yaml": "apiVersion: v1\nkind: Service\nmetadata:\n  name: {{ .Release.Name }}\nspec:\n  selector: {app: {{ .Release.Name }}}\n  ports:\n    - {name: http, port: 80, targetPort: http}\n",
}, [], "memory limit 256m is a quarter of a byte, 256Mi is meant: the container cannot start", FIX,
    expect("out-of-memory", [(c("Deployment", "lookup", "lookup", "resources.limits.memory"), value("256Mi"))], [(c("Deployment", "lookup", "lookup", "resources.limits.memory"), at_least("48Mi"))]),
    path="chart", never_worked=True, source={"helm": {"releaseName": "lookup", "valueFiles": ["values.yaml", "values-prod.yaml"]}})

# 7 the liveness command runs a script that has another name now ------------------------------------------------------------
scenario("liveness-script-renamed", "argocd", {
    "deploy/scripts.yaml": text("""
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: courier-scripts
        data:
          run.sh: |
            trap 'echo "courier: draining"; exit 0' TERM
            echo "courier: picking up parcels every ${INTERVAL}s"
            while :; do
              touch /tmp/heartbeat
              sleep "$INTERVAL" & wait $!
            done
          alive.sh: |
            # ready: has picked up once; live: still does
            [ -e /tmp/heartbeat ] || { echo "no heartbeat ($1)"; exit 1; }
        """),
    "deploy/courier.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: courier
        spec:
          progressDeadlineSeconds: 80
          selector:
            matchLabels:
              app: courier
          template:
            metadata:
              labels:
                app: courier
            spec:
              terminationGracePeriodSeconds: 3
              containers:
                - name: courier
                  image: busybox:1.36
                  command: [sh, /scripts/run.sh]
                  env:
                    - {name: INTERVAL, value: "10"}
                  resources:
                    requests: {cpu: 10m, memory: 16Mi}
                    limits: {memory: 32Mi}
                  livenessProbe:
                    exec:
                      command: [sh, /scripts/alive.sh, live]
                    initialDelaySeconds: 4
                    periodSeconds: 4
                    failureThreshold: 2
                  readinessProbe:
                    exec:
                      command: [sh, /scripts/alive.sh, ready]
                    initialDelaySeconds: 15
                    periodSeconds: 4
                  volumeMounts:
                    - {name: scripts, mountPath: /scripts}
              volumes:
                - name: scripts
                  configMap:
                    name: courier-scripts
        """),
}, ["One check script for all workers", ["deploy/scripts.yaml", "  alive.sh: |", "  check.sh: |"], ["deploy/courier.yaml", "/scripts/alive.sh, ready", "/scripts/check.sh, ready"], ["deploy/courier.yaml", "INTERVAL, value: \"10\"", "INTERVAL, value: \"15\""]],
    "liveness probe runs /scripts/alive.sh, which is check.sh now: restarts", FIX,
    expect("liveness-probe liveness probe", [(c("Deployment", "courier", "courier", "livenessProbe.exec.command"), value(["sh", "/scripts/check.sh", "live"]))]))

# 8 CPUs instead of thousandths, in an init container, in the values that another file holds ---------------------------------
scenario("init-asks-all-cpus", "flux", {
    "chart/Chart.yaml": chart_yaml("search"),
    "chart/values.yaml": "image:\n  tag: 1.4.0\nreplicas: 1\nprepare:\n  resources: {}\n",
    "chart/templates/deployment.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: {{ .Release.Name }}
        spec:
          replicas: {{ .Values.replicas }}
          progressDeadlineSeconds: 60
          selector:
            matchLabels:
              app: {{ .Release.Name }}
          template:
            metadata:
              labels:
                app: {{ .Release.Name }}
            spec:
              initContainers:
                - name: prepare
                  image: acme/catalog:{{ .Values.image.tag }}
                  args: [migrate]
                  env:
                    - name: DATABASE_URL
                      value: postgres://search@10.20.0.5/search
                  resources:
                    {{- toYaml .Values.prepare.resources | nindent 20 }}
              containers:
                - name: search
                  image: acme/catalog:{{ .Values.image.tag }}
                  ports:
                    - {name: http, containerPort: 8080}
                  resources:
                    requests: {cpu: 20m, memory: 24Mi}
                    limits: {memory: 96Mi}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 4
        """),
    "releases/search.yaml": release("search", "./chart", {"replicas": 1}, valuesFrom=[{"kind": "ConfigMap", "name": "search-sizing"}]),
    "releases/sizing.yaml": text("""
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: search-sizing
        data:
          values.yaml: |
            image:
              tag: 1.4.1
            prepare:
              resources:
                requests:
                  cpu: 200m
                  memory: 32Mi
                limits:
                  memory: 64Mi
        """),
}, ["Index preparation is too slow", ["releases/sizing.yaml", "cpu: 200m\n          memory: 32Mi", "cpu: 400\n          memory: 48Mi"], ["releases/sizing.yaml", "tag: 1.4.1", "tag: 1.4.2"]],
    "init container asks for 400 CPUs, 400m is meant: no node has that", FIX,
    expect("unschedulable-resources", *([(c("Deployment", "search", "prepare", "resources.requests.cpu", init=True), to)] for to in (BEFORE, value("400m")))), path="releases")

# 9 an interpreter that the image does not have -----------------------------------------------------------------------------
scenario("init-wants-bash", "flux", {
    "base/deployment.yaml": dump(workload("Deployment", "rules", shop("rules", "acme/payments:1.4.1", env={"CONFIG_FILE": "/rules/active.env"}, volumeMounts=[{"name": "rules", "mountPath": "/rules"}]), deadline=75,
        pod={"initContainers": [bb("assemble", "cat /parts/*.env >/rules/active.env", volumeMounts=[{"name": "rules", "mountPath": "/rules"}, {"name": "parts", "mountPath": "/parts"}])],
             "volumes": [{"name": "rules", "emptyDir": {}}, {"name": "parts", "configMap": {"name": "rule-parts"}}]}), service("rules")),
    "base/parts/10-common.env": "CURRENCY=EUR\nROUNDING=half-even\n",
    "base/parts/20-limits.env": "MAX_AMOUNT=5000\n",
    "base/kustomization.yaml": kustomization("deployment.yaml", configMapGenerator=[{"name": "rule-parts", "files": ["parts/10-common.env", "parts/20-limits.env"]}]),
    "overlays/prod/assemble.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: rules
        spec:
          template:
            spec:
              initContainers:
                - name: assemble
                  command: [sh, -c]
                  args:
                    - |
                      cat /parts/*.env >/rules/active.env
                      echo "assembled $(wc -l </rules/active.env) rules"
        """),
    "overlays/prod/kustomization.yaml": kustomization("../../base", patches=[{"path": "assemble.yaml"}]),
}, ["Assemble rules strictly", ["overlays/prod/assemble.yaml", "command: [sh, -c]", "command: [bash, -euo, pipefail, -c]"], ["base/parts/20-limits.env", "MAX_AMOUNT=5000", "MAX_AMOUNT=7500"]],
    "init container assemble runs bash, the image has sh only", FIX,
    expect("command-not-found", *([(pod("Deployment", "rules", "initContainers[name=assemble].command"), to)] for to in (BEFORE, *(value(v) for v in (["sh", "-euo", "pipefail", "-c"], ["/bin/sh", "-euo", "pipefail", "-c"], ["sh", "-eu", "-c"], ["sh", "-euc"], ["sh", "-e", "-c"], ["sh", "-ec"], ["/bin/sh", "-c"]))))), path="overlays/prod")

# 10 first release: a key with an underscore where the ConfigMap has a dot ------------------------------------------------
scenario("first-release-key", "flux", {
    "deploy/config.yaml": dump(configmap("ledger-config", **{"region": "eu-west", "log.level": "info", "log.format": "json", "retention.days": "30"})),
    "deploy/ledger.yaml": dump(workload("StatefulSet", "ledger", shop("ledger", "acme/payments:1.4.2", env={
        "REQUIRED_ENV": "REGION,LOG_LEVEL", **{n: {"configMapKeyRef": {"name": "ledger-config", "key": k}} for n, k in (("REGION", "region"), ("LOG_LEVEL", "log_level"), ("LOG_FORMAT", "log.format"))}}),
        spec={"podManagementPolicy": "Parallel"})),
    "deploy/service.yaml": dump(service("ledger", clusterIP="None")),
}, [], "LOG_LEVEL reads key log_level of ConfigMap ledger-config, the key is log.level", FIX,
    expect("config-key-missing", [(c("StatefulSet", "ledger", "ledger", "env[name=LOG_LEVEL].valueFrom.configMapKeyRef.key"), value("log.level"))]), never_worked=True)

# 11 the crash is in one workload, the fault in the Service of another -------------------------------------------------------
FRONTDESK = text("""
    at=http://$STOCK_SERVICE_HOST:$STOCK_SERVICE_PORT/readyz
    tries=0
    until wget -q -O /dev/null "$at"; do
      tries=$((tries + 1))
      echo "level=warn component=stock-client msg=\\"stock not reachable\\" url=$at attempt=$tries"
      [ $tries -lt 4 ] || { echo 'level=fatal component=frontdesk msg="giving up: inventory backend unavailable"'; exit 1; }
      sleep 3
    done
    echo "level=info component=frontdesk msg=ready limit=$BASKET_LIMIT"
    touch /tmp/ready
    """) + IDLE
scenario("client-of-empty-service", "flux", {
    "base/stock.yaml": dump(workload("Deployment", "stock", shop("stock", "acme/catalog:1.4.1")), service("stock")),
    "base/frontdesk.yaml": dump(workload("Deployment", "frontdesk", bb("frontdesk", FRONTDESK, env=[{"name": "BASKET_LIMIT", "value": "20"}], readinessProbe={"exec": {"command": ["test", "-f", "/tmp/ready"]}, "periodSeconds": 4}), pod={"terminationGracePeriodSeconds": 5}, deadline=75)),
    "base/kustomization.yaml": kustomization("stock.yaml", "frontdesk.yaml"),
    "overlays/prod/kustomization.yaml": kustomization("../../base", patches=[{"path": "stock-track.yaml"}, {"path": "stock-service.yaml"}]),
    "overlays/prod/stock-track.yaml": "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: stock\nspec:\n  template:\n    metadata:\n      labels:\n        track: primary\n",
    "overlays/prod/stock-service.yaml": "apiVersion: v1\nkind: Service\nmetadata:\n  name: stock\n  annotations:\n    shop.example/owner: inventory\nspec:\n  selector:\n    app: stock\n",
}, ["Prepare canaries of stock, larger baskets", ["overlays/prod/stock-service.yaml", "    app: stock\n", "    app: stock\n    track: stable\n"], ["base/frontdesk.yaml", "value: '20'", "value: '50'"]],
    "Service stock selects track=stable, its pods carry track=primary: no endpoints, so frontdesk gives up", FIX,
    expect("service-no-endpoints dependency-address", [("Service/stock spec.selector.track", GONE)], [("Service/stock spec.selector.track", value("primary"))], [("Deployment/stock spec.template.metadata.labels.track", value("stable"))]), path="overlays/prod")

# 12 file mode that only root can read ------------------------------------------------------------------------------------------
MODE = "DaemonSet/node-agent spec.template.spec.volumes[name=settings].configMap.defaultMode"
scenario("settings-only-for-root", "argocd", {
    "deploy/agent.yaml": text("""
        apiVersion: apps/v1
        kind: DaemonSet
        metadata:
          name: node-agent
        spec:
          selector:
            matchLabels:
              app: node-agent
          template:
            metadata:
              labels:
                app: node-agent
            spec:
              securityContext:
                runAsNonRoot: true
                runAsUser: 10001
                runAsGroup: 10001
              containers:
                - name: agent
                  image: acme/worker:1.4.1
                  env:
                    - name: CONFIG_FILE
                      value: /etc/agent/agent.env
                    - name: MUST_NOT_RUN_AS_ROOT
                      value: "yes"
                  ports:
                    - {name: http, containerPort: 8080}
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 64Mi}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 4
                  volumeMounts:
                    - name: settings
                      mountPath: /etc/agent
              volumes:
                - name: settings
                  configMap:
                    name: node-agent
        """),
    "deploy/settings.yaml": dump(configmap("node-agent", **{"agent.env": "SAMPLE_EVERY=15\nSPOOL_MB=16\n"})),
}, ["Hardening of mounts, part 2", ["deploy/agent.yaml", "            name: node-agent\n", "            name: node-agent\n            defaultMode: 0400\n"], ["deploy/agent.yaml", "              mountPath: /etc/agent\n", "              mountPath: /etc/agent\n              readOnly: true\n"]],
    "the settings are readable for root only (defaultMode 0400), the agent runs as 10001 without fsGroup", FIX,
    expect("volume-mount crash-on-start", [(MODE, GONE)], [(MODE, value(420))], [(MODE, value(292))], [("DaemonSet/node-agent spec.template.spec.securityContext.fsGroup", ANY)]))

# 13 people: a password that was changed outside of git -------------------------------------------------------------------------
SERVER = text("""
    mkdir -p /tmp/www; echo ok >/tmp/www/session
    echo "/:orders:$PASSWORD" >/tmp/httpd.conf
    trap 'exit 0' TERM
    httpd -f -p 8080 -h /tmp/www -c /tmp/httpd.conf & wait
    """)
CLIENT = text("""
    echo "[orders] connecting to account service as user orders"
    if ! answer=$(wget -O - "http://orders:$ACCOUNT_PASSWORD@$ACCOUNTS_SERVICE_HOST:$ACCOUNTS_SERVICE_PORT/session" 2>&1); then
      echo "[orders] $answer" | tail -1
      echo "[orders] com.acme.orders.StartupException: could not open a session with accounts"
      sleep 2; exit 1
    fi
    echo "[orders] session open"
    touch /tmp/ready
    """) + IDLE
scenario("password-changed-outside", "argocd", {
    "deploy/accounts.yaml": dump(workload("Deployment", "accounts", bb("accounts", SERVER, env=[{"name": "PASSWORD", "valueFrom": {"secretKeyRef": {"name": "accounts-users", "key": "orders"}}}], ports=[{"name": "http", "containerPort": 8080}],
        readinessProbe={"tcpSocket": {"port": "http"}, "periodSeconds": 3}), pod={"terminationGracePeriodSeconds": 5}), service("accounts")),
    "deploy/orders.yaml": dump(workload("Deployment", "orders", bb("orders", CLIENT, env=[{"name": "ACCOUNT_PASSWORD", "valueFrom": {"secretKeyRef": {"name": "orders-login", "key": "password"}}}],
        readinessProbe={"exec": {"command": ["test", "-f", "/tmp/ready"]}, "periodSeconds": 3}), pod={"terminationGracePeriodSeconds": 5}, deadline=75)),
}, ["Move orders to busybox 1.37", ["deploy/orders.yaml", "busybox:1.36", "busybox:1.37"]],
    "the password in Secret orders-login (not in git) was changed by hand, the account service answers 401 Unauthorized: a credential", HUMAN, expect("crash-on-start secret-missing"),
    given=dump(*({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": n}, "stringData": {k: "only-for-tests"}} for n, k in (("accounts-users", "orders"), ("orders-login", "password")))),
    then=[[-5, "kubectl -n $NAMESPACE patch secret orders-login --type merge -p '{\"stringData\":{\"password\":\"rotated-for-tests\"}}'"]])

# 14 people: first release, a Secret nobody made ------------------------------------------------------------------------------
scenario("projected-secret-missing", "flux", {
    "deploy/warehouse.yaml": dump(workload("Deployment", "warehouse", shop("warehouse", "acme/worker:1.4.1", env={"CONFIG_FILE": "/etc/warehouse/login.env"}, volumeMounts=[{"name": "all", "mountPath": "/etc/warehouse", "readOnly": True}]), deadline=75,
        pod={"volumes": [{"name": "all", "projected": {"sources": [{"configMap": {"name": "warehouse-settings"}}, {"secret": {"name": "warehouse-erp-login", "items": [{"key": "login.env", "path": "login.env"}]}}]}}]}), service("warehouse")),
    "deploy/settings.yaml": dump(configmap("warehouse-settings", **{"shelves.env": "SHELVES=240\nAISLES=12\n"})),
}, [], "Secret warehouse-erp-login does not exist, and nothing in git makes it", HUMAN, expect("secret-missing"), never_worked=True)

# 15 nothing: slow, but it comes ---------------------------------------------------------------------------------------------------
scenario("slow-catalogue", "argocd", {
    "chart/Chart.yaml": chart_yaml("catalogue"),
    "chart/values.yaml": "tag: 1.4.0\nwarmupSeconds: 2\nstartup:\n  periodSeconds: 3\n  failureThreshold: 30\n",
    "chart/values-live.yaml": "tag: 1.4.1\nwarmupSeconds: 4\n",
    "chart/templates/all.yaml": text("""
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: {{ .Release.Name }}-env
        data:
          START_SECONDS: {{ .Values.warmupSeconds | quote }}
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: {{ .Release.Name }}
        spec:
          progressDeadlineSeconds: 180
          selector:
            matchLabels: {app: {{ .Release.Name }}}
          template:
            metadata:
              labels: {app: {{ .Release.Name }}}
              annotations:
                checksum/env: {{ .Values.warmupSeconds | quote }}
            spec:
              containers:
                - name: catalogue
                  image: acme/catalog:{{ .Values.tag }}
                  envFrom:
                    - configMapRef: {name: {{ .Release.Name }}-env}
                  ports:
                    - {name: http, containerPort: 8080}
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 96Mi}
                  startupProbe:
                    httpGet: {path: /healthz, port: http}
                    {{- toYaml .Values.startup | nindent 12 }}
                  livenessProbe:
                    httpGet: {path: /healthz, port: http}
                    periodSeconds: 5
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 3
        """),
}, ["Catalogue 1.4.2 loads all shelves at the start", ["chart/values-live.yaml", "tag: 1.4.1\nwarmupSeconds: 4", "tag: 1.4.2\nwarmupSeconds: 45"]],
    "the new version takes 45 seconds to start, its startup probe allows 90: Unhealthy events, then it is ready", NONE, expect("healthy recovering"),
    path="chart", source={"helm": {"releaseName": "catalogue", "valueFiles": ["values.yaml", "values-live.yaml"]}})

# 16 nothing: a job that succeeds at the third try ---------------------------------------------------------------------------------
REINDEX = text("""
    echo "reindex: asking stock at $STOCK_SERVICE_HOST:$STOCK_SERVICE_PORT"
    sleep 4
    wget -q -O - "http://$STOCK_SERVICE_HOST:$STOCK_SERVICE_PORT/" || { echo "reindex: ERROR stock unavailable, this attempt is lost"; exit 1; }
    echo "reindex: done"
    """)
scenario("reindex-retries", "flux", {
    "deploy/stock.yaml": dump(workload("Deployment", "stock", shop("stock", "acme/catalog:1.4.1", env={"START_SECONDS": "18"}, probes=False, readinessProbe={"httpGet": {"path": "/readyz", "port": "http"}, "periodSeconds": 3}), spec={"strategy": {"type": "Recreate"}}, deadline=120), service("stock")),
    "deploy/reindex.yaml": dump(workload("Job", "reindex-7", bb("reindex", REINDEX), spec={"backoffLimit": 6})),
}, ["Stock 1.4.2 and its reindexing", ["deploy/stock.yaml", "acme/catalog:1.4.1", "acme/catalog:1.4.2"], ["deploy/reindex.yaml", "reindex-7", "reindex-8"]],
    "the job's first pods fail while stock restarts, a later one succeeds", NONE, expect("healthy recovering"))
