"""Failures whose cause is elsewhere than the last commit, and commits of which only one of several changes is at fault."""
import pathlib, runpy, textwrap
globals().update(runpy.run_path(str(pathlib.Path(__file__).parent / "kit.py")))
SCENARIOS, scenario = batch(1764)
# The counterpart of a trap: innocent commits beside a failure from elsewhere, and commits of which one change of several is at fault.


def shop(name, image, env=None, limits="96Mi", **more):
    """A container of the shop program."""
    return container(name, "shop", image, env=env, limits=limits, **more)


def chart(name, workload, service, values):
    return {"chart/Chart.yaml": f"apiVersion: v2\nname: {name}\nversion: 0.4.1\n", "chart/values.yaml": text(values), "chart/templates/workload.yaml": text(workload), "chart/templates/service.yaml": text(service)}


def release(name, values="", more="", timeout="60s"):
    body = text(f"""
        apiVersion: helm.toolkit.fluxcd.io/v2
        kind: HelmRelease
        metadata:
          name: {name}
        spec:
          interval: 30s
          timeout: {timeout}
          chart:
            spec:
              chart: ./chart
              reconcileStrategy: Revision
              sourceRef: {{kind: GitRepository, name: "@NAME@", namespace: flux-system}}
        """)
    return body + textwrap.indent(text(more), "  ") + ("  values:\n" + textwrap.indent(text(values), "    ") if values else "")


# --- FIX 1: the port's name is a value everywhere but in the readiness probe's template
CHART_ACCOUNT = chart("account", """
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: {{ .Release.Name }}
      labels:
        app.kubernetes.io/name: {{ .Release.Name }}
    spec:
      replicas: {{ .Values.replicas }}
      progressDeadlineSeconds: 75
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
              env:
                {{- range $name, $value := .Values.env }}
                - name: {{ $name }}
                  value: {{ $value | quote }}
                {{- end }}
              ports:
                - name: {{ .Values.port.name }}
                  containerPort: {{ .Values.port.number }}
              resources:
                {{- toYaml .Values.resources | nindent 16 }}
              livenessProbe:
                httpGet:
                  path: /healthz
                  port: {{ .Values.port.name }}
                periodSeconds: 10
              readinessProbe:
                httpGet:
                  path: /readyz
                  port: http
                periodSeconds: 5
    """, """
    apiVersion: v1
    kind: Service
    metadata:
      name: {{ .Release.Name }}
    spec:
      selector:
        app: {{ .Release.Name }}
      ports:
        - name: {{ .Values.port.name }}
          port: 80
          targetPort: {{ .Values.port.name }}
    """, """
    image:
      repository: acme/payments
      tag: 1.4.1
    replicas: 1
    port:
      name: http
      number: 8080
    env:
      LOG_LEVEL: info
    resources:
      requests:
        cpu: 10m
        memory: 24Mi
      limits:
        memory: 96Mi
    """)
D = "Deployment/account spec.template.spec.containers[name=app]."
scenario("port-name-in-template", "argocd", {**CHART_ACCOUNT, "env/prod.yaml": text("""
    # production
    image:
      tag: 1.4.1
    replicas: 2
    port:
      name: http
    env:
      LOG_LEVEL: info
    """)},
    ["Names and levels as the mesh wants them", ["env/prod.yaml", "tag: 1.4.1", "tag: 1.4.2"], ["env/prod.yaml", "name: http", "name: web"], ["env/prod.yaml", "LOG_LEVEL: info", "LOG_LEVEL: warn\n  LOG_FORMAT: json"]],
    "the port is now called web; the chart's readiness probe alone names it literally (http)",
    expected=expect("readiness readiness-probe", [(D + "readinessProbe.httpGet.port", value("web"))], [(D + "readinessProbe.httpGet.port", value(8080))],
                    [(D + "ports[name=web]", GONE), (D + "ports[name=http]", BEFORE), (D + "livenessProbe.httpGet.port", BEFORE), ("Service/account spec.ports[name=web]", GONE), ("Service/account spec.ports[name=http]", BEFORE)]),
    path="chart", source={"helm": {"releaseName": "account", "valueFiles": ["../env/prod.yaml"]}})

# --- FIX 2: a JSON patch by index meets another container than before
BASE_SEARCH = dump(workload("Deployment", "search", shop("app", "acme/catalog:1.4.1", {"CACHE_MB": "70", "RANKING": "v1"}, limits="48Mi"), deadline=75))
SHIPPER = """      containers:
      - name: log-shipper
        image: busybox:1.36
        command: [sh, -c, 'echo "shipping /var/log/access"; trap "exit 0" TERM; while :; do sleep 5; done']
        resources:
          requests:
            cpu: 5m
            memory: 8Mi
          limits:
            memory: 16Mi
      - name: app
"""
scenario("memory-patch-by-index", "flux", {
    "base/deployment.yaml": BASE_SEARCH, "base/service.yaml": dump(service("search")), "base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
    "overlays/prod/memory.yaml": "- op: replace\n  path: /spec/template/spec/containers/0/resources/limits/memory\n  value: 128Mi\n",
    "overlays/prod/kustomization.yaml": kustomization("../../base", images=[{"name": "acme/catalog", "newTag": "1.4.1"}], patches=[{"path": "memory.yaml", "target": {"kind": "Deployment", "name": "search"}}])},
    ["Ship access logs, ranking v2", ["base/deployment.yaml", "      containers:\n      - name: app\n", SHIPPER], ["base/deployment.yaml", "value: v1", "value: v2"], ["overlays/prod/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.2"]],
    "the overlay's memory patch goes by index 0, which is now the log shipper; app keeps the base's 48Mi and needs more than 70",
    expected=expect("out-of-memory", [(c("Deployment", "search", "app", "resources.limits.memory"), at_least("80Mi"))],
                    [(c("Deployment", "search", "app", "resources.limits.memory"), at_least("80Mi")), (c("Deployment", "search", "log-shipper", "resources.limits.memory"), value("16Mi"))]),
    path="overlays/prod")

# --- FIX 3: a new Service's environment variables collide with the program's own setting
BOARD = {"name": "board", "image": "busybox:1.36", "command": ["sh", "-c", Text(text("""
    port=${BOARD_PORT:-7000}
    case $port in
      *[!0-9]*) echo "board: BOARD_PORT: not a port number: \\"$port\\""; exit 64 ;;
    esac
    mkdir -p /tmp/www && echo ok >/tmp/www/healthz && echo "$BOARD_TITLE" >/tmp/www/index.html
    trap 'exit 0' TERM
    echo "board: listening on :$port"
    httpd -f -p "$port" -h /tmp/www & wait
    """))], "env": [{"name": "BOARD_TITLE", "value": "Orders today"}], "ports": [{"name": "http", "containerPort": 7000}],
    "resources": {"requests": {"cpu": "10m", "memory": "8Mi"}, "limits": {"memory": "32Mi"}}, "readinessProbe": {"httpGet": {"path": "/healthz", "port": "http"}, "periodSeconds": 5}}
scenario("service-variables", "argocd", {"deploy/board.yaml": dump(workload("Deployment", "board", BOARD, deadline=75))},
    ["Let other teams read the board", ["deploy/service.yaml", None, dump(service("board"))], ["deploy/board.yaml", "busybox:1.36", "busybox:1.37"], ["deploy/board.yaml", "value: Orders today", "value: Orders of today"], ["deploy/board.yaml", "memory: 8Mi", "memory: 12Mi"]],
    "the new Service is called board, so pods get BOARD_PORT=tcp://…, which the program takes for its own setting",
    expected=expect("crash-on-start port-conflict", [(pod("Deployment", "board", "enableServiceLinks"), value(False))], [(c("Deployment", "board", "board", "env[name=BOARD_PORT]"), ANY)], [(c("Deployment", "board", "board", "command[2]"), ANY)],
                    [(c("Deployment", "board", "board", "env[name=BOARD_PORT]"), ANY), (pod("Deployment", "board", "enableServiceLinks"), value(False))]))

# --- FIX 4: a whole number of seven digits comes out of the template as 5e+06
CHART_UPLOADER = chart("uploader", """
    apiVersion: apps/v1
    kind: StatefulSet
    metadata:
      name: {{ .Release.Name }}
    spec:
      serviceName: {{ .Release.Name }}
      replicas: {{ .Values.replicas }}
      selector:
        matchLabels:
          app: {{ .Release.Name }}
      template:
        metadata:
          labels:
            app: {{ .Release.Name }}
        spec:
          terminationGracePeriodSeconds: {{ .Values.graceSeconds }}
          containers:
            - name: uploader
              image: "busybox:{{ .Values.busybox }}"
              command:
                - sh
                - -c
                - |
                  if ! [ "$MAX_UPLOAD" -gt 0 ]; then echo "uploader: refusing to start: no upload would be small enough"; exit 78; fi
                  mkdir -p /tmp/www && echo ok >/tmp/www/healthz
                  trap 'exit 0' TERM
                  echo "uploader: up to $MAX_UPLOAD bytes, $PARALLEL at a time, kept $KEEP_SECONDS seconds"
                  httpd -f -p 8080 -h /tmp/www & wait
              env:
                {{- range $name, $value := .Values.settings }}
                - name: {{ $name }}
                  value: {{ $value | quote }}
                {{- end }}
              ports:
                - name: http
                  containerPort: 8080
              resources:
                {{- toYaml .Values.resources | nindent 16 }}
              readinessProbe:
                httpGet:
                  path: /healthz
                  port: http
                periodSeconds: 5
    """, """
    apiVersion: v1
    kind: Service
    metadata:
      name: {{ .Release.Name }}
    spec:
      clusterIP: None
      selector:
        app: {{ .Release.Name }}
      ports:
        - name: http
          port: 8080
    """, """
    busybox: "1.36"
    replicas: 1
    graceSeconds: 10
    settings:
      MAX_UPLOAD: 500000
      PARALLEL: 2
      KEEP_SECONDS: 86400
    resources:
      requests:
        cpu: 10m
        memory: 8Mi
      limits:
        memory: 32Mi
    """)
scenario("large-number", "argocd", {**CHART_UPLOADER, "env/prod.yaml": text("""
    settings:
      MAX_UPLOAD: 900000
      PARALLEL: 4
      KEEP_SECONDS: 86400
    """)},
    ["Larger uploads, kept longer", ["env/prod.yaml", "MAX_UPLOAD: 900000", "MAX_UPLOAD: 5000000"], ["env/prod.yaml", "PARALLEL: 4", "PARALLEL: 8"], ["env/prod.yaml", "KEEP_SECONDS: 86400", "KEEP_SECONDS: 604800"], ["chart/values.yaml", "memory: 32Mi", "memory: 48Mi"]],
    "5000000 without quotes is a float to Helm and is rendered as 5e+06, which the shell does not take for a number",
    expected=expect("crash-on-start helm-failed", [(c("StatefulSet", "uploader", "uploader", "env[name=MAX_UPLOAD].value"), value("5000000"))], [(c("StatefulSet", "uploader", "uploader", "env[name=MAX_UPLOAD].value"), BEFORE)]),
    path="chart", source={"helm": {"releaseName": "uploader", "valueFiles": ["../env/prod.yaml"]}})

# --- FIX 5: a PreSync hook reads a ConfigMap that only the sync after it creates
MIGRATE = workload("Job", "orders-migrate", {"name": "migrate", "image": "acme/payments:1.4.1", "args": ["migrate"], "env": [{"name": "LOCK_SECONDS", "value": "10"}, {"name": "DATABASE_URL", "value": "postgres://orders@10.20.0.5/orders"}],
    "resources": {"requests": {"cpu": "10m", "memory": "16Mi"}, "limits": {"memory": "64Mi"}}}, spec={"backoffLimit": 0, "activeDeadlineSeconds": 40})
MIGRATE["metadata"]["annotations"] = {"argocd.argoproj.io/hook": "PreSync", "argocd.argoproj.io/hook-delete-policy": "BeforeHookCreation"}
J = "Job/orders-migrate "
scenario("hook-before-settings", "argocd", {
    "deploy/migrate.yaml": dump(MIGRATE), "deploy/service.yaml": dump(service("orders")),
    "deploy/orders.yaml": dump(workload("Deployment", "orders", shop("orders", "acme/payments:1.4.1", {"REQUIRED_ENV": "DATABASE_URL", "DATABASE_URL": "postgres://orders@10.20.0.5/orders"}), deadline=75))},
    ["One place for the database address", ["deploy/settings.yaml", None, dump(configmap("orders-database", DATABASE_URL="postgres://orders@10.20.0.5/orders"))],
     ["deploy/migrate.yaml", "        - name: DATABASE_URL\n          value: postgres://orders@10.20.0.5/orders\n", "        envFrom:\n        - configMapRef:\n            name: orders-database\n"],
     ["deploy/orders.yaml", "        - name: DATABASE_URL\n          value: postgres://orders@10.20.0.5/orders\n", "        envFrom:\n        - configMapRef:\n            name: orders-database\n"],
     ["deploy/migrate.yaml", "payments:1.4.1", "payments:1.4.2"], ["deploy/orders.yaml", "payments:1.4.1", "payments:1.4.2"]],
    "the PreSync job needs ConfigMap orders-database, which is created in the sync that waits for that job",
    expected=expect("config-missing job-failed", [(J + "spec.template.spec.containers[name=migrate].env[name=DATABASE_URL]", BEFORE), (J + "spec.template.spec.containers[name=migrate].envFrom", GONE)],
                    [("ConfigMap/orders-database metadata.annotations", ANY)], [(J + 'metadata.annotations["argocd.argoproj.io/hook"]', ANY)],
                    [(J + 'metadata.annotations["argocd.argoproj.io/hook"]', ANY), (J + 'metadata.annotations["argocd.argoproj.io/sync-wave"]', ANY)]))

# --- FIX 6: quotes in an environment file are part of the value
AGENT = shop("agent", "acme/worker:1.4.1", limits="64Mi", envFrom=[{"configMapRef": {"name": "agent-settings"}}])
scenario("quotes-in-env-file", "flux", {
    "base/agent.yaml": dump(workload("DaemonSet", "agent", {**AGENT, "ports": [{"name": "http", "containerPort": 8085}]})), "base/kustomization.yaml": kustomization("agent.yaml"),
    "overlays/prod/kustomization.yaml": kustomization("../../base", images=[{"name": "acme/worker", "newTag": "1.4.1"}], configMapGenerator=[{"name": "agent-settings", "literals": ["PORT=8085", "REGION=eu-west-1", "GREETING='good morning'"]}])},
    ["Settings in a file of their own", ["overlays/prod/kustomization.yaml", "    literals:\n      - PORT=8085\n      - REGION=eu-west-1\n      - GREETING='good morning'\n", "    envs:\n      - agent.env\n"],
     ["overlays/prod/agent.env", None, '# one setting a line\nPORT="8085"\nREGION="eu-west-1"\nGREETING=good evening\nSAMPLING=0.2\n'], ["overlays/prod/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.2"]],
    "Kustomize keeps the quotes of an env file (it took those of literals off): the port is \"8085\" with them",
    expected=expect("crash-on-start", [("ConfigMap/agent-settings-# data.PORT", BEFORE)], [("ConfigMap/agent-settings-# data.PORT", BEFORE), ("ConfigMap/agent-settings-# data.REGION", BEFORE)]),
    path="overlays/prod")

# --- FIX 7: a port of the node is held by the pod that waits for its successor
RELAY = {**shop("relay", "acme/checkout:1.4.1", {"UPSTREAM_SECONDS": "20"}), "ports": [{"name": "http", "containerPort": 8080, "hostPort": 18764}]}
scenario("host-port-rolling", "flux", {"deploy/relay.yaml": dump(workload("Deployment", "relay", RELAY, deadline=75, spec={"strategy": {"type": "Recreate"}})), "deploy/service.yaml": dump(service("relay"))},
    ["No downtime on releases", ["deploy/relay.yaml", "    type: Recreate\n", "    type: RollingUpdate\n    rollingUpdate:\n      maxUnavailable: 0\n      maxSurge: 1\n"], ["deploy/relay.yaml", "checkout:1.4.1", "checkout:1.4.2"],
     ["deploy/relay.yaml", "value: '20'", "value: '30'"], ["deploy/relay.yaml", "cpu: 10m", "cpu: 15m"]],
    "the pod takes port 18764 of the only node: a successor cannot be scheduled before it ends, and maxUnavailable 0 waits for the successor",
    expected=expect("port-conflict unschedulable-placement", [("Deployment/relay spec.strategy.type", BEFORE), ("Deployment/relay spec.strategy.rollingUpdate", GONE)], [("Deployment/relay spec.strategy.rollingUpdate.maxUnavailable", ANY)],
                    [("Deployment/relay spec.strategy.rollingUpdate.maxUnavailable", ANY), ("Deployment/relay spec.strategy.rollingUpdate.maxSurge", ANY)]))

# --- HUMAN 1: a Secret of somebody else's making was deleted; the commit renames the variable that reads it, rightly
PAYOUT = shop("payout", "acme/payments:1.4.1", {"REQUIRED_ENV": "GATEWAY_TOKEN", "GATEWAY_TOKEN": {"secretKeyRef": {"name": "gateway-access", "key": "token"}}, "HEALTH_PATH": "/healthz"})
scenario("secret-deleted-by-hand", "argocd", {
    "base/payout.yaml": dump(workload("StatefulSet", "payout", PAYOUT)), "base/service.yaml": dump(service("payout", clusterIP="None")), "base/kustomization.yaml": kustomization("payout.yaml", "service.yaml"),
    "overlays/prod/kustomization.yaml": kustomization("../../base", images=[{"name": "acme/payments", "newTag": "1.4.1"}])},
    ["Payments 1.4.2 and clearer names", ["base/payout.yaml", "GATEWAY_TOKEN", "PAYMENT_GATEWAY_TOKEN"], ["base/payout.yaml", "/healthz", "/internal/live"], ["overlays/prod/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.2"]],
    "Secret gateway-access, never in git, was deleted by hand just before; variable, probe path and tag are right", HUMAN, expect("secret-missing"), "overlays/prod",
    given="apiVersion: v1\nkind: Secret\nmetadata:\n  name: gateway-access\nstringData:\n  token: only-for-tests\n", then=[[-15, "kubectl -n $NAMESPACE delete secret gateway-access; sleep 2"]])

# --- HUMAN 2: the platform froze changes with a quota of no pods
CHART_QUEUE = chart("dispatch", """
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: {{ .Release.Name }}
    spec:
      replicas: {{ .Values.replicas }}
      progressDeadlineSeconds: 60
      strategy:
        type: Recreate
      selector:
        matchLabels:
          app: {{ .Release.Name }}
      template:
        metadata:
          labels:
            app: {{ .Release.Name }}
        spec:
          containers:
            - name: worker
              image: "acme/worker:{{ .Values.tag }}"
              env:
                {{- range $name, $value := .Values.env }}
                - name: {{ $name }}
                  value: {{ $value | quote }}
                {{- end }}
              ports:
                - name: http
                  containerPort: 8080
              resources:
                {{- toYaml .Values.resources | nindent 16 }}
              readinessProbe:
                httpGet:
                  path: /readyz
                  port: http
                periodSeconds: 5
    """, """
    apiVersion: v1
    kind: Service
    metadata:
      name: {{ .Release.Name }}
    spec:
      selector:
        app: {{ .Release.Name }}
      ports:
        - name: http
          port: 80
          targetPort: http
    """, """
    tag: 1.4.1
    replicas: 1
    env: {}
    resources:
      requests:
        cpu: 10m
        memory: 24Mi
      limits:
        memory: 64Mi
    """)
scenario("freeze-quota", "flux", {**CHART_QUEUE, "releases/dispatch.yaml": release("dispatch", """
    tag: 1.4.1
    replicas: 2
    env:
      CACHE_MB: "16"
    resources:
      requests:
        cpu: 10m
        memory: 32Mi
      limits:
        memory: 64Mi
    """)},
    ["A little more room for dispatch", ["releases/dispatch.yaml", 'CACHE_MB: "16"', 'CACHE_MB: "24"'], ["releases/dispatch.yaml", "memory: 64Mi", "memory: 96Mi"], ["releases/dispatch.yaml", "tag: 1.4.1", "tag: 1.4.2"]],
    "the platform put a quota of no pods at all (change-freeze) on the namespace: no size of the pods would pass", HUMAN, expect("quota"), "releases",
    then=[[-15, "kubectl -n $NAMESPACE create quota change-freeze --hard=pods=0; sleep 6"]])

# --- HUMAN 3: the program's own panic, there before the commit
CHART_BASKET = {**CHART_QUEUE, "chart/Chart.yaml": "apiVersion: v2\nname: basket\nversion: 1.2.0\n"}
CHART_BASKET["chart/templates/workload.yaml"] = CHART_BASKET["chart/templates/workload.yaml"].replace("acme/worker:", "acme/checkout:").replace("name: worker", "name: basket").replace("  strategy:\n    type: Recreate\n", "  minReadySeconds: 25\n").replace("progressDeadlineSeconds: 60", "progressDeadlineSeconds: 75").replace(
    "          ports:\n", "          envFrom:\n            - secretRef:\n                name: {{ .Release.Name }}-runtime\n          ports:\n")
scenario("panic-before-commit", "argocd", {**CHART_BASKET, "env/prod.yaml": text("""
    replicas: 2
    env:
      LOG_LEVEL: info
      CURRENCY: EUR
    """)},
    ["Quieter logs, prices in cents", ["env/prod.yaml", "LOG_LEVEL: info", "LOG_LEVEL: warn"], ["env/prod.yaml", "CURRENCY: EUR", "CURRENCY: EUR\n  PRICE_UNIT: cents"], ["chart/values.yaml", "cpu: 10m", "cpu: 15m"]],
    "the program panics (nil pointer in checkout.total) some seconds after every start; pods of the revision before did so already, before the push", HUMAN, expect("crash-on-start"), "chart",
    source={"helm": {"releaseName": "basket", "valueFiles": ["../env/prod.yaml"]}},
    given="apiVersion: v1\nkind: Secret\nmetadata:\n  name: basket-runtime\nstringData:\n  LICENSE: only-for-tests\n",
    then=[[-60, "kubectl -n $NAMESPACE patch secret basket-runtime --type merge -p '{\"stringData\":{\"FAIL_AFTER_SECONDS\":\"9\"}}' && kubectl -n $NAMESPACE delete pod -l app=basket --wait=false; sleep 50"]])

# --- HUMAN 4: the password of a feed was changed where it is served
FEEDS = text("""
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: feeds-httpd
    data:
      httpd.conf: "/:reader:spring-tide\\n"
      prices.csv: "sku,price\\n1,200\\n2,350\\n"
    ---
    apiVersion: v1
    kind: Secret
    metadata:
      name: feeds-login
    stringData:
      user: reader
      password: spring-tide
    ---
    apiVersion: v1
    kind: Service
    metadata:
      name: feeds
    spec:
      selector:
        run: feeds
      ports:
        - port: 80
          targetPort: 8080
    ---
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: feeds
    spec:
      selector:
        matchLabels:
          run: feeds
      template:
        metadata:
          labels:
            run: feeds
        spec:
          terminationGracePeriodSeconds: 1
          containers:
            - name: httpd
              image: busybox:1.36
              command: [httpd, -f, -p, "8080", -h, /srv, -c, /srv/httpd.conf]
              readinessProbe:
                tcpSocket:
                  port: 8080
                periodSeconds: 2
              volumeMounts:
                - name: srv
                  mountPath: /srv
          volumes:
            - name: srv
              configMap:
                name: feeds-httpd
    """)
FETCH = {"name": "fetch-feed", "image": "busybox:1.36", "command": ["sh", "-c", 'echo "fetch-feed: reading prices.csv as $FEED_USER" && wget -O /feed/prices.csv "http://$FEED_USER:$FEED_PASSWORD@$FEEDS_SERVICE_HOST/prices.csv"'],
    "env": [{"name": "FEED_USER", "valueFrom": {"secretKeyRef": {"name": "feeds-login", "key": "user"}}}, {"name": "FEED_PASSWORD", "valueFrom": {"secretKeyRef": {"name": "feeds-login", "key": "password"}}}],
    "volumeMounts": [{"name": "feed", "mountPath": "/feed"}], "resources": {"requests": {"cpu": "5m", "memory": "8Mi"}, "limits": {"memory": "32Mi"}}}
PRICING = shop("pricing", "acme/catalog:1.4.1", {"CONFIG_FILE": "/feed/prices.csv", "ROUNDING": "half-up"}, volumeMounts=[{"name": "feed", "mountPath": "/feed"}])
scenario("feed-password-changed", "flux", {
    "base/pricing.yaml": dump(workload("Deployment", "pricing", PRICING, deadline=90, pod={"initContainers": [FETCH], "volumes": [{"name": "feed", "emptyDir": {}}]})), "base/service.yaml": dump(service("pricing")),
    "base/kustomization.yaml": kustomization("pricing.yaml", "service.yaml"),
    "overlays/prod/kustomization.yaml": kustomization("../../base", images=[{"name": "acme/catalog", "newTag": "1.4.1"}, {"name": "busybox", "newTag": "1.36"}])},
    ["Feed in a directory of its own", ["base/pricing.yaml", "mountPath: /feed", "mountPath: /var/feed"], ["base/pricing.yaml", "-O /feed/prices.csv", "-O /var/feed/prices.csv"], ["base/pricing.yaml", "value: /feed/prices.csv", "value: /var/feed/prices.csv"],
     ["base/pricing.yaml", "half-up", "half-even"], ["overlays/prod/kustomization.yaml", "newTag: '1.36'", "newTag: '1.37'"]],
    "401 from feeds: its password was changed by the team that runs it, and Secret feeds-login (not in git) holds the old one; the renamed directory is consistent", HUMAN, expect("crash-on-start"), "overlays/prod",
    given=FEEDS, then=[[-30, "kubectl -n $NAMESPACE patch configmap feeds-httpd --type merge -p '{\"data\":{\"httpd.conf\":\"/:reader:autumn-ebb\\n\"}}' && kubectl -n $NAMESPACE rollout restart deployment feeds && kubectl -n $NAMESPACE rollout status deployment feeds --timeout=40s; sleep 5"]])

# --- HUMAN 5: an admission policy of the platform refuses every new pod
PROBE = shop("sampler", "acme/worker:1.4.1", {"SAMPLE_RATE": "5"}, limits="64Mi")
POLICY = """kubectl apply -f - <<EOF
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata:
  name: attested-images-$NAMESPACE
spec:
  failurePolicy: Fail
  matchConstraints:
    namespaceSelector:
      matchLabels:
        kubernetes.io/metadata.name: $NAMESPACE
    resourceRules:
      - apiGroups: [""]
        apiVersions: [v1]
        operations: [CREATE]
        resources: [pods]
  validations:
    - expression: "has(object.metadata.annotations) && 'supply-chain.acme.example/attestation' in object.metadata.annotations"
      message: "no attestation of the supply-chain team for the images of this pod (rule SC-118)"
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata:
  name: attested-images-$NAMESPACE
spec:
  policyName: attested-images-$NAMESPACE
  validationActions: [Deny]
EOF
sleep 15"""
scenario("admission-policy-new", "argocd", {
    "base/sampler.yaml": dump(workload("DaemonSet", "sampler", PROBE)), "base/kustomization.yaml": kustomization("sampler.yaml"),
    "components/tolerant/kustomization.yaml": dump({"apiVersion": "kustomize.config.k8s.io/v1alpha1", "kind": "Component", "patches": [{"path": "tolerant.yaml", "target": {"kind": "DaemonSet"}}]}),
    "components/tolerant/tolerant.yaml": dump({"apiVersion": "apps/v1", "kind": "DaemonSet", "metadata": {"name": "any"}, "spec": {"template": {"spec": {"tolerations": [{"operator": "Exists"}]}}}}),
    "overlays/prod/kustomization.yaml": kustomization("../../base", components=["../../components/tolerant"], images=[{"name": "acme/worker", "newTag": "1.4.1"}])},
    ["Sample more often", ["base/sampler.yaml", "value: '5'", "value: '10'"], ["base/sampler.yaml", "memory: 64Mi", "memory: 80Mi"], ["base/sampler.yaml", "initialDelaySeconds: 8", "initialDelaySeconds: 10"], ["overlays/prod/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.2"]],
    "a new admission policy of the platform refuses pods whose images the supply-chain team has not attested; nothing that git could rightly say", HUMAN, expect("invalid-manifest pod-security node control-plane"), "overlays/prod",
    then=[[-20, POLICY]])

# --- HUMAN 6: the account that deploys lost a right
REPORT = workload("CronJob", "nightly-report", {"name": "report", "image": "busybox:1.36", "command": ["sh", "-c", 'echo "report: $REPORT_FORMAT written"'], "env": [{"name": "REPORT_FORMAT", "value": "csv"}],
    "resources": {"requests": {"cpu": "5m", "memory": "8Mi"}, "limits": {"memory": "32Mi"}}}, spec={"schedule": "15 3 * * *"})
VERBS = ["get", "list", "watch", "create", "update", "patch", "delete"]
DEPLOYER = [
    {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "@NAME@-deployer", "namespace": "flux-system"}},
    {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role", "metadata": {"name": "deployer", "namespace": "@NAME@"}, "rules": [
        {"apiGroups": ["*"], "resources": ["*"], "verbs": ["get", "list", "watch"]}, {"apiGroups": ["apps"], "resources": ["deployments", "statefulsets"], "verbs": VERBS},
        {"apiGroups": [""], "resources": ["services", "configmaps"], "verbs": VERBS}, {"apiGroups": ["batch"], "resources": ["jobs", "cronjobs"], "verbs": VERBS}]},
    {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding", "metadata": {"name": "deployer", "namespace": "@NAME@"}, "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "deployer"},
     "subjects": [{"kind": "ServiceAccount", "name": "@NAME@-deployer", "namespace": "flux-system"}]}]
scenario("deployer-lost-right", "flux", {"deploy/report.yaml": dump(REPORT), "deploy/viewer.yaml": dump(workload("Deployment", "viewer", shop("viewer", "acme/catalog:1.4.1", {"FORMAT": "csv"}), deadline=75), service("viewer"))},
    ["Reports as JSON, an hour later", ["deploy/report.yaml", "value: csv", "value: json"], ["deploy/report.yaml", "15 3 * * *", "15 4 * * *"], ["deploy/viewer.yaml", "value: csv", "value: json"], ["deploy/viewer.yaml", "catalog:1.4.1", "catalog:1.4.2"]],
    "the deployer's Role, given outside git, was cut: it may no longer patch cronjobs", HUMAN, expect("rbac-forbidden"),
    extra=DEPLOYER, spec={"serviceAccountName": "@NAME@-deployer"}, then=[[-15, "kubectl -n $NAMESPACE patch role deployer --type json -p '[{\"op\":\"remove\",\"path\":\"/rules/3\"}]'; sleep 4"]])

# --- NONE 1: a dependency that another team restarts comes back
STOCK = dump(service("stock"), workload("Deployment", "stock", shop("stock", "acme/catalog:1.4.0")))
CHART_OFFERS = {**CHART_QUEUE, "chart/Chart.yaml": "apiVersion: v2\nname: offers\nversion: 0.9.3\n"}
CHART_OFFERS["chart/templates/workload.yaml"] = CHART_OFFERS["chart/templates/workload.yaml"].replace("progressDeadlineSeconds: 60", "progressDeadlineSeconds: 200").replace("  strategy:\n    type: Recreate\n", "").replace("acme/worker:", "acme/catalog:").replace(
    "      containers:\n", """      initContainers:
        - name: wait-for-stock
          image: busybox:1.36
          command: [sh, -c, 'echo "offers: asking stock"; wget -O /dev/null "http://$STOCK_SERVICE_HOST/healthz"']
      containers:
""")
scenario("dependency-returns", "flux", {**CHART_OFFERS, "releases/offers.yaml": release("offers", more="""
    valuesFrom:
      - kind: ConfigMap
        name: offers-values
    """, timeout="4m"), "releases/values.yaml": dump(configmap("offers-values", values__yaml='tag: 1.4.1\nreplicas: 1\nenv:\n  CACHE_MB: "8"\n'))},
    ["Offers 1.4.2, larger cache", ["releases/values.yaml", "tag: 1.4.1", "tag: 1.4.2"], ["releases/values.yaml", 'CACHE_MB: "8"', 'CACHE_MB: "16"']],
    "stock, run by another team, was down for a minute and a half; the pod's init container tried again and the release came through", NONE, expect("healthy recovering"), "releases",
    given=STOCK, spec={"timeout": "4m"}, then=[[-10, "kubectl -n $NAMESPACE scale deployment stock --replicas=0 && kubectl -n $NAMESPACE wait --for=delete pod -l app=stock --timeout=40s; sleep 3"], [85, "kubectl -n $NAMESPACE scale deployment stock --replicas=1"]])

# --- NONE 2: the Secret of the commit arrives a little later than the commit
TRACKER = shop("tracker", "acme/checkout:1.4.1", {"MODE": "off"})
scenario("secret-arrives-later", "argocd", {
    "base/tracker.yaml": dump(workload("Deployment", "tracker", TRACKER, deadline=180)), "base/service.yaml": dump(service("tracker")), "base/kustomization.yaml": kustomization("tracker.yaml", "service.yaml"),
    "overlays/prod/kustomization.yaml": kustomization("../../base", replicas=[{"name": "tracker", "count": 2}])},
    ["Switch tracking on", ["base/tracker.yaml", "value: 'off'\n", "value: 'on'\n        - name: TRACKING_KEY\n          valueFrom:\n            secretKeyRef:\n              name: tracking\n              key: key\n"], ["base/tracker.yaml", "checkout:1.4.1", "checkout:1.4.2"]],
    "the key's Secret was created by its owner 45 seconds after the push; the pods waited for it and run", NONE, expect("healthy recovering"), "overlays/prod",
    then=[[45, "kubectl -n $NAMESPACE create secret generic tracking --from-literal=key=only-for-tests"]])

# --- NONE 3: slow, within its startup probe
LIBRARY = shop("library", "acme/catalog:1.4.1", {"START_SECONDS": "2", "CACHE_MB": "8"}, startupProbe={"httpGet": {"path": "/healthz", "port": "http"}, "periodSeconds": 5, "failureThreshold": 12})
scenario("slow-but-comes", "flux", {"deploy/library.yaml": dump(workload("StatefulSet", "library", LIBRARY, replicas=2)), "deploy/service.yaml": dump(service("library", clusterIP="None"))},
    ["Read the whole catalogue at start", ["deploy/library.yaml", "value: '2'", "value: '30'"], ["deploy/library.yaml", "value: '8'", "value: '24'"], ["deploy/library.yaml", "catalog:1.4.1", "catalog:1.4.2"]],
    "each of two pods takes half a minute, one after the other: longer than Flux waits at first, within what the startup probe allows", NONE, expect("healthy recovering"))
