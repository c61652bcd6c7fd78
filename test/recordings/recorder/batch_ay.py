"""Batch AY, written by somebody who knew neither the playbook nor the batches before: shop-1572 to shop-1587, ordinary nights. shop-1579 is not recorded: its good state did not work either. No program of this folder is needed."""
import pathlib, runpy, textwrap
globals().update(runpy.run_path(str(pathlib.Path(__file__).parent / "kit.py")))
SCENARIOS, scenario = batch(1572)


def shop(name, image, env=None, limits="96Mi", **more):
    return container(name, "shop", image, env=env, limits=limits, **more)


def read(name, key="url"):
    return {"secretKeyRef": {"name": name, "key": key}}


def chart(name, **templates):
    return {"chart/Chart.yaml": f"apiVersion: v2\nname: {name}\ndescription: {name} and its service\nversion: 0.5.0\nappVersion: \"1.4\"\n",
            **{f"chart/{path.replace('__', '/').replace('_yaml', '.yaml').replace('_tpl', '.tpl').replace('_prod', '-prod')}": text(body) for path, body in templates.items()}}


def release(name, values):
    head = text(f"""
        apiVersion: helm.toolkit.fluxcd.io/v2
        kind: HelmRelease
        metadata:
          name: {name}
        spec:
          interval: 30s
          timeout: 60s
          chart:
            spec:
              chart: ./chart
              reconcileStrategy: Revision
              sourceRef: {{kind: GitRepository, name: "@NAME@", namespace: flux-system}}
          values:
        """)
    return {f"releases/{name}.yaml": head + textwrap.indent(text(values), "    ")}


# 1572 — the bases' image placeholders are renamed, one overlay still speaks of an old one
def images(**names):
    return [{"name": placeholder.replace("_", "-"), "newName": image.split(":")[0], "newTag": image.split(":")[1]} for placeholder, image in names.items()]


base = {
    "base/checkout.yaml": dump(workload("Deployment", "checkout", shop("checkout", "checkout-image"), replicas=2, deadline=75)),
    "base/worker.yaml": dump(workload("Deployment", "receipts", shop("receipts", "worker-image"), deadline=75)),
    "base/service.yaml": dump(service("checkout")),
    "base/kustomization.yaml": kustomization("checkout.yaml", "worker.yaml", "service.yaml"),
    "overlays/staging/kustomization.yaml": kustomization("../../base", images=images(checkout_image="acme/checkout:1.4.2", worker_image="acme/worker:1.4.2")),
    "overlays/prod/kustomization.yaml": kustomization("../../base", images=images(checkout_image="acme/checkout:1.4.1", worker_image="acme/worker:1.4.1")),
}
scenario("placeholder-renamed", "argocd", base, ["One naming scheme for image placeholders",
    ["base/checkout.yaml", "image: checkout-image", "image: shop-checkout"],
    ["base/worker.yaml", "image: worker-image", "image: shop-worker"],
    ["base/worker.yaml", "replicas: 1", "replicas: 2"],
    ["overlays/staging/kustomization.yaml", "name: checkout-image", "name: shop-checkout"],
    ["overlays/staging/kustomization.yaml", "name: worker-image", "name: shop-worker"],
    ["overlays/prod/kustomization.yaml", "name: worker-image", "name: shop-worker"]],
    "the base's image placeholder is now shop-checkout; prod's images: entry still says checkout-image, so the placeholder itself is pulled",
    expected=expect("image-not-found", [(c("Deployment", "checkout", "checkout", "image"), BEFORE)]), path="overlays/prod")


# 1573 — a script's first line names an interpreter that busybox has not
SHIP = """
#!/bin/sh
# Sends what the node's journal holds, in batches.
set -eu
echo "shipping from ${NODE_NAME:-unknown}, $BATCH lines a batch"
while true; do
  echo "batch sent"
  sleep 20
done
"""
journal = workload("DaemonSet", "journal", {
    "name": "ship", "image": "busybox:1.36", "command": ["/scripts/ship.sh"],
    "env": [{"name": "NODE_NAME", "valueFrom": {"fieldRef": {"fieldPath": "spec.nodeName"}}}, {"name": "BATCH", "value": "50"}],
    "resources": {"requests": {"cpu": "10m", "memory": "8Mi"}, "limits": {"memory": "32Mi"}},
    "volumeMounts": [{"name": "scripts", "mountPath": "/scripts"}]},
    pod={"terminationGracePeriodSeconds": 5, "volumes": [{"name": "scripts", "configMap": {"name": "journal-scripts", "defaultMode": 0o755}}]})
command = c("DaemonSet", "journal", "ship", "command")
scenario("script-interpreter", "flux", {
    "agents/journal/daemonset.yaml": dump(journal), "agents/journal/ship.sh": text(SHIP),
    "agents/journal/kustomization.yaml": kustomization("daemonset.yaml", configMapGenerator=[{"name": "journal-scripts", "files": ["ship.sh"]}])},
    ["Larger batches, and shellcheck's advice",
     ["agents/journal/ship.sh", "#!/bin/sh\n", "#!/usr/bin/env bash\n"],
     ["agents/journal/daemonset.yaml", "value: '50'", "value: '200'"]],
    "the script's first line asks for /usr/bin/env and bash, which busybox:1.36 does not have",
    expected=expect("command-not-found crash-on-start", [('ConfigMap/journal-scripts-# data["ship.sh"]', BEFORE)],
                    *[[(command, value([*sh, "/scripts/ship.sh"]))] for sh in (["sh"], ["/bin/sh"])]),
    path="agents/journal")


# 1574 — a whole number of seven digits in a values file becomes 2.592e+06
BASKET = """
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: {{ .Release.Name }}
      labels:
        app.kubernetes.io/name: {{ .Chart.Name }}
    spec:
      replicas: {{ .Values.replicaCount }}
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
            - name: basket
              image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
              env:
                - name: CACHE_MB
                  value: {{ .Values.cache.megabytes | quote }}
                # ends by itself after this long; the kubelet starts it anew
                - name: FAIL_AFTER_SECONDS
                  value: {{ .Values.recycleAfterSeconds | quote }}
              ports:
                - name: http
                  containerPort: 8080
              resources:
                {{- toYaml .Values.resources | nindent 12 }}
              livenessProbe:
                httpGet: {path: /healthz, port: http}
                initialDelaySeconds: 5
                periodSeconds: 10
              readinessProbe:
                httpGet: {path: /readyz, port: http}
                periodSeconds: 4
    """
SERVICE = """
    apiVersion: v1
    kind: Service
    metadata:
      name: {{ .Release.Name }}
    spec:
      selector:
        app: {{ .Release.Name }}
      ports:
        - {name: http, port: 80, targetPort: http}
    """
seconds = c("Deployment", "basket", "basket", "env[name=FAIL_AFTER_SECONDS].value")
scenario("seven-digits", "argocd", chart("basket", templates__deployment_yaml=BASKET, templates__service_yaml=SERVICE, values_yaml="""
    image:
      repository: acme/catalog
      tag: 1.4.1
    replicaCount: 1
    recycleAfterSeconds: 86400
    cache:
      megabytes: 8
    resources:
      requests: {cpu: 10m, memory: 24Mi}
      limits: {memory: 96Mi}
    """, values_prod_yaml="""
    replicaCount: 2
    image:
      tag: 1.4.1
    recycleAfterSeconds: 604800   # a week
    cache:
      megabytes: 24
    """), ["Recycle monthly, catalog 1.4.2",
    ["chart/values-prod.yaml", "tag: 1.4.1", "tag: 1.4.2"], ["chart/values-prod.yaml", "recycleAfterSeconds: 604800   # a week", "recycleAfterSeconds: 2592000   # 30 days"]],
    "helm writes the unquoted number 2592000 as 2.592e+06, which the program cannot read as a whole number",
    expected=expect("crash-on-start", [(seconds, value("2592000"))], [(seconds, BEFORE)]), path="chart",
    source={"helm": {"releaseName": "basket", "valueFiles": ["values.yaml", "values-prod.yaml"]}})


# 1575 — the release's values are nested one level deeper than the chart reads them
LEDGER = """
    {{- define "ledger.name" -}}
    {{- default .Release.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
    {{- end }}
    """
LEDGER_DEPLOYMENT = """
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: {{ include "ledger.name" . }}
    spec:
      replicas: {{ .Values.replicas }}
      progressDeadlineSeconds: 80
      selector:
        matchLabels:
          app: {{ include "ledger.name" . }}
      template:
        metadata:
          labels:
            app: {{ include "ledger.name" . }}
        spec:
          containers:
            - name: ledger
              image: "acme/payments:{{ .Values.image.tag }}"
              env:
                - name: REQUIRED_ENV
                  value: DATABASE_URL,DATABASE_POOL
                - name: DATABASE_URL
                  valueFrom:
                    secretKeyRef:
                      name: {{ .Values.database.secretName | default (printf "%s-database" (include "ledger.name" .)) }}
                      key: {{ .Values.database.secretKey | default "url" }}
                - name: DATABASE_POOL
                  value: {{ .Values.database.pool | default 5 | quote }}
              ports:
                - name: http
                  containerPort: 8080
              resources:
                requests: {cpu: 10m, memory: 24Mi}
                limits: {memory: {{ .Values.memory }}}
              livenessProbe:
                httpGet: {path: /healthz, port: http}
                periodSeconds: 10
              readinessProbe:
                httpGet: {path: /readyz, port: http}
                periodSeconds: 4
    """
scenario("values-nested", "flux", {
    **chart("ledger", templates___helpers_tpl=LEDGER, templates__deployment_yaml=LEDGER_DEPLOYMENT, templates__service_yaml=SERVICE,
            values_yaml="image:\n  tag: 1.4.0\nreplicas: 1\nmemory: 96Mi\ndatabase:\n  secretName: \"\"\n  secretKey: url\n  pool: 5\n"),
    **release("ledger", """
        image:
          tag: 1.4.1
        replicas: 2
        database:
          secretName: pg-orders-app
        """)},
    ["Ledger: larger pool, settings grouped like in our other releases",
     ["releases/ledger.yaml", "      secretName: pg-orders-app\n", "      pool: 20\n      secret:\n        name: pg-orders-app\n"]],
    "the chart reads database.secretName; the release now says database.secret.name, so the chart's default name of a Secret that does not exist is used",
    expected=expect("secret-missing", [(c("Deployment", "ledger", "ledger", "env[name=DATABASE_URL].valueFrom.secretKeyRef.name"), BEFORE)]), path="releases",
    given=dump({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "pg-orders-app"}, "stringData": {"url": "postgres://orders@10.20.0.5/orders"}}))


# 1576 — a state file moves, the base's probe still looks where it was
catalog = workload("Deployment", "catalog", shop("catalog", "acme/catalog:1.4.1", env={"WRITE_FILE": "/tmp/ready", "CACHE_MB": "8"},
    ready={"exec": {"command": ["cat", "/tmp/ready"]}, "periodSeconds": 5}), replicas=2, deadline=75)
STATE = """
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: catalog
    spec:
      template:
        spec:
          volumes:
            - name: state
              emptyDir:
                sizeLimit: 16Mi
          containers:
            - name: catalog
              env:
                - name: WRITE_FILE
                  value: /state/ready
              volumeMounts:
                - name: state
                  mountPath: /state
    """
scenario("state-file-moved", "argocd", {
    "base/deployment.yaml": dump(catalog), "base/service.yaml": dump(service("catalog")), "base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
    "overlays/prod/replicas.yaml": dump({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "catalog"}, "spec": {"replicas": 2}}),
    "overlays/prod/kustomization.yaml": kustomization("../../base", patches=[{"path": "replicas.yaml"}])},
    ["Keep the catalog's state on a volume of its own", ["overlays/prod/state.yaml", None, text(STATE)],
     ["overlays/prod/kustomization.yaml", "  - path: replicas.yaml\n", "  - path: replicas.yaml\n  - path: state.yaml\n"]],
    "the readiness probe of the base reads /tmp/ready, the program now writes /state/ready",
    expected=expect("readiness-probe readiness", [(c("Deployment", "catalog", "catalog", "readinessProbe.exec.command"), value(["cat", "/state/ready"]))],
                    [(c("Deployment", "catalog", "catalog", "env[name=WRITE_FILE].value"), BEFORE)]), path="overlays/prod")


# 1577 — the first release: the web pods want to be beside pods that are labelled otherwise
def beside(app):
    return {"affinity": {"podAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [{"topologyKey": "kubernetes.io/hostname", "labelSelector": {"matchLabels": {"app": app}}}]}}}


scenario("beside-nobody", "flux", {
    **one("sessions", workload("StatefulSet", "sessions", shop("store", "acme/worker:1.4.2", env={"CACHE_MB": "16"}), labels={"tier": "cache"}), service("sessions", clusterIP="None")),
    **one("web", workload("Deployment", "web", shop("web", "acme/checkout:1.4.2"), replicas=2, deadline=60, labels={"tier": "front"}, pod=beside("session-cache")), service("web"))},
    [], "web's required pod affinity selects app=session-cache; the session store's pods are labelled app=sessions",
    expected=expect("unschedulable-placement", [(pod("Deployment", "web", "affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].labelSelector.matchLabels.app"), value("sessions"))],
                    [(pod("Deployment", "web", "affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].labelSelector.matchLabels"), value({"tier": "cache"}))]),
    never_worked=True)


# 1578 — three new pods would fit in the quota, but not one of them beside three old ones
quoted = workload("Deployment", "pricing", shop("pricing", "acme/checkout:1.4.1", env={"CACHE_MB": "24"}, resources={"requests": {"cpu": "10m", "memory": "64Mi"}, "limits": {"memory": "160Mi"}}),
    replicas=3, deadline=75, spec={"strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}}})
ROLLING = "Deployment/pricing spec.strategy.rollingUpdate."
scenario("quota-while-rolling", "argocd", one("pricing", quoted, service("pricing")),
    ["Checkout 1.4.2, request what we measured", ["deploy/pricing.yaml", "acme/checkout:1.4.1", "acme/checkout:1.4.2"], ["deploy/pricing.yaml", "memory: 64Mi", "memory: 80Mi"]],
    "the quota of 256Mi holds three pods of 80Mi, but no fourth while three old ones of 64Mi still run and none may be unavailable",
    expected=expect("quota", [(c("Deployment", "pricing", "pricing", "resources.requests.memory"), BEFORE)],
                    [(ROLLING + "maxSurge", value(0)), (ROLLING + "maxUnavailable", value(1))], [(ROLLING + "maxUnavailable", value(1))]),
    given=dump({"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "team-pricing"}, "spec": {"hard": {"requests.memory": "256Mi", "pods": "10"}}}))


# 1579 — the Service selects by the labels of the chart instead of those of the pods
FRONT_HELPERS = """
    {{- define "front.selectorLabels" -}}
    app.kubernetes.io/name: {{ .Chart.Name }}
    app.kubernetes.io/instance: {{ .Release.Name }}
    {{- end }}
    {{- define "front.labels" -}}
    helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
    {{ include "front.selectorLabels" . }}
    app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
    app.kubernetes.io/part-of: {{ .Values.partOf }}
    {{- end }}
    """
FRONT_DEPLOYMENT = """
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: {{ .Release.Name }}
      labels:
        {{- include "front.labels" . | nindent 4 }}
    spec:
      replicas: {{ .Values.replicas }}
      progressDeadlineSeconds: 80
      selector:
        matchLabels:
          {{- include "front.selectorLabels" . | nindent 6 }}
      template:
        metadata:
          labels:
            {{- include "front.selectorLabels" . | nindent 8 }}
        spec:
          containers:
            - name: front
              image: "acme/catalog:{{ .Values.tag }}"
              ports:
                - name: http
                  containerPort: 8080
              resources:
                requests: {cpu: 10m, memory: 24Mi}
                limits: {memory: 96Mi}
              readinessProbe:
                httpGet: {path: /readyz, port: http}
                periodSeconds: 4
    """
FRONT_SERVICE = """
    apiVersion: v1
    kind: Service
    metadata:
      name: {{ .Release.Name }}
    spec:
      type: ClusterIP
      selector:
        {{- include "front.selectorLabels" . | nindent 4 }}
      ports:
        - name: http
          port: {{ .Values.service.port }}
          targetPort: http
    """
scenario("selector-of-chart", "flux", {
    **chart("front", templates___helpers_tpl=FRONT_HELPERS, templates__deployment_yaml=FRONT_DEPLOYMENT, templates__service_yaml=FRONT_SERVICE,
            values_yaml="tag: 1.4.0\nreplicas: 1\npartOf: shop\nservice:\n  port: 80\n"),
    **release("front", "tag: 1.4.2\nreplicas: 2\n")},
    ["The same labels on everything the chart makes",
     ["chart/templates/service.yaml", "  name: {{ .Release.Name }}\n", "  name: {{ .Release.Name }}\n  labels:\n    {{- include \"front.labels\" . | nindent 4 }}\n"],
     ["chart/templates/service.yaml", "    {{- include \"front.selectorLabels\" . | nindent 4 }}", "    {{- include \"front.labels\" . | nindent 4 }}"]],
    "the Service's selector now also has the chart's, version's and part-of labels, which no pod carries: it has no endpoints",
    expected=expect("service-no-endpoints", [('Service/front spec.selector["helm.sh/chart"]', GONE), ('Service/front spec.selector["app.kubernetes.io/version"]', GONE), ('Service/front spec.selector["app.kubernetes.io/part-of"]', GONE)]),
    path="releases")


# 1580 — more cache by an .env file of the overlay, the limit is the base's
search = workload("StatefulSet", "search", shop("search", "acme/catalog:1.4.2", limits="128Mi", envFrom=[{"configMapRef": {"name": "search-settings"}}],
    live={"httpGet": {"path": "/healthz", "port": "http"}, "initialDelaySeconds": 20, "periodSeconds": 10}), pod={"terminationGracePeriodSeconds": 5})
scenario("cache-outgrows", "flux", {
    "base/statefulset.yaml": dump(search), "base/service.yaml": dump(service("search", clusterIP="None")), "base/kustomization.yaml": kustomization("statefulset.yaml", "service.yaml"),
    "overlays/prod/search.env": "# read by the search nodes on start\nCACHE_MB=60\nLOCALE=en\n",
    "overlays/prod/kustomization.yaml": kustomization("../../base", configMapGenerator=[{"name": "search-settings", "envs": ["search.env"]}])},
    ["Search: hold the whole index, German locale", ["overlays/prod/search.env", "CACHE_MB=60\nLOCALE=en", "CACHE_MB=220\nLOCALE=de"]],
    "220 MB of cache do not fit in the base's memory limit of 128Mi",
    expected=expect("out-of-memory", [(c("StatefulSet", "search", "search", "resources.limits.memory"), at_least("240Mi"))], [("ConfigMap/search-settings-# data.CACHE_MB", BEFORE)]), path="overlays/prod")


# 1581 — a schema for the values finds a number written as a string
SCHEMA = """
    {
      "$schema": "http://json-schema.org/draft-07/schema#",
      "type": "object",
      "required": ["image", "replicas"],
      "properties": {
        "image": {
          "type": "object",
          "required": ["repository", "tag"],
          "properties": {
            "repository": {"type": "string"},
            "tag": {"type": "string", "pattern": "^[0-9]+\\\\.[0-9]+\\\\.[0-9]+$"}
          }
        },
        "replicas": {"type": "integer", "minimum": 1, "maximum": 20},
        "cacheMegabytes": {"type": "integer"},
        "logLevel": {"enum": ["debug", "info", "warn"]}
      }
    }
    """
PAYOUT = """
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: payout
    spec:
      replicas: {{ .Values.replicas }}
      progressDeadlineSeconds: 75
      selector:
        matchLabels: {app: payout}
      template:
        metadata:
          labels: {app: payout}
        spec:
          containers:
            - name: payout
              image: {{ .Values.image.repository }}:{{ .Values.image.tag }}
              env:
                - {name: CACHE_MB, value: {{ .Values.cacheMegabytes | quote }}}
                - {name: LOG_LEVEL, value: {{ .Values.logLevel }}}
              ports:
                - {name: http, containerPort: 8080}
              resources:
                requests: {cpu: 10m, memory: 24Mi}
                limits: {memory: 96Mi}
              readinessProbe:
                httpGet: {path: /readyz, port: http}
                periodSeconds: 4
    """
schema = {**chart("payout", templates__payout_yaml=PAYOUT, values_yaml="image:\n  repository: acme/payments\n  tag: 1.4.0\nreplicas: 1\ncacheMegabytes: 8\nlogLevel: info\n"),
          "environments/prod.yaml": "replicas: \"2\"\nimage:\n  tag: 1.4.1\nlogLevel: warn\n", "environments/staging.yaml": "replicas: 1\nimage:\n  tag: 1.4.2\nlogLevel: debug\n"}
scenario("values-schema", "argocd", schema, ["Payout 1.4.2, check values before they are rendered",
    ["chart/values.schema.json", None, text(SCHEMA)], ["environments/prod.yaml", "tag: 1.4.1", "tag: 1.4.2"]],
    "prod's replicas is the string \"2\", the chart's new schema wants an integer",
    expected=expect("helm-failed render-failed", [], keep=[(c("Deployment", "payout", "payout", "image"), value("acme/payments:1.4.2"))]), path="chart",
    source={"helm": {"releaseName": "payout", "valueFiles": ["../environments/prod.yaml"]}})


# 1582 — a sidecar that starts first takes the program's port
rates = workload("Deployment", "rates", shop("rates", "acme/checkout:1.4.2", env={"PORT": "8080"}), replicas=2, deadline=75)
SIDECAR = """
      initContainers:
      - name: exporter
        image: acme/worker:1.4.2
        restartPolicy: Always
        env:
        - name: PORT
          value: '8080'
        - name: CACHE_MB
          value: '2'
        ports:
        - name: metrics
          containerPort: 9102
        resources:
          requests:
            cpu: 10m
            memory: 16Mi
          limits:
            memory: 64Mi
"""
scenario("sidecar-first", "argocd", {"deploy/rates.yaml": dump(rates), "deploy/service.yaml": dump(service("rates"))},
    ["Export the rates' metrics", ["deploy/rates.yaml", "    spec:\n      containers:\n", "    spec:\n" + SIDECAR.lstrip("\n") + "      containers:\n"],
     ["deploy/service.yaml", "    targetPort: http\n", "    targetPort: http\n  - name: metrics\n    port: 9102\n    targetPort: 9102\n"]],
    "the new sidecar exporter listens on 8080 instead of 9102; it starts before the program, which then finds its port taken",
    expected=expect("port-conflict crash-on-start", [(c("Deployment", "rates", "exporter", "env[name=PORT].value", init=True), value("9102"))]))


# 1583 — the prefix stands at the wrong one of two ConfigMaps
job = workload("Job", "schema", {"name": "migrate", "image": "acme/payments:1.4.1", "args": ["migrate"], "envFrom": [{"configMapRef": {"name": "payments-db"}}],
    "resources": {"requests": {"cpu": "10m", "memory": "16Mi"}, "limits": {"memory": "64Mi"}}}, meta={"annotations": {"kustomize.toolkit.fluxcd.io/force": "enabled"}})
prefix = pod("Job", "schema", "containers[name=migrate].envFrom[{}].prefix")
scenario("prefix-misplaced", "flux", {
    "deploy/migration.yaml": dump(job), "deploy/settings.yaml": dump(configmap("payments-db", DATABASE_URL="postgres://payments@10.20.0.5/payments")),
    "deploy/payments.yaml": dump(workload("Deployment", "payments", shop("payments", "acme/payments:1.4.1", env={"REQUIRED_ENV": "DATABASE_URL"}, envFrom=[{"configMapRef": {"name": "payments-db"}}]), deadline=75), service("payments"))},
    ["Payments 1.4.2, trace the migrations",
     ["deploy/migration.yaml", "acme/payments:1.4.1", "acme/payments:1.4.2"], ["deploy/payments.yaml", "acme/payments:1.4.1", "acme/payments:1.4.2"],
     ["deploy/migration.yaml", "        - configMapRef:\n            name: payments-db\n", "        - prefix: TRACE_\n          configMapRef:\n            name: payments-db\n        - configMapRef:\n            name: payments-tracing\n"],
     ["deploy/tracing.yaml", None, dump(configmap("payments-tracing", ENDPOINT="http://10.20.0.9:4318", SAMPLE="0.1"))]],
    "the prefix TRACE_ is set for the ConfigMap of the database instead of that of the tracing: DATABASE_URL is called TRACE_DATABASE_URL in the job",
    expected=expect("job-failed crash-on-start", [(prefix.format(0), GONE)], [(prefix.format(0), GONE), (prefix.format(1), value("TRACE_"))]))


# 1584 — for people: a credential that nobody has put into the cluster
pay = workload("Deployment", "payments", shop("payments", "acme/payments:1.4.2", env={"CACHE_MB": "8"}), deadline=75)
PSP = """
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: payments
    spec:
      template:
        spec:
          containers:
            - name: payments
              env:
                - name: REQUIRED_ENV
                  value: PSP_API_KEY
                - name: PSP_ENDPOINT
                  value: https://api.psp.example/v3
                - name: PSP_API_KEY
                  valueFrom:
                    secretKeyRef:
                      name: psp-credentials
                      key: api-key
    """
scenario("credential-of-provider", "argocd", {
    "base/deployment.yaml": dump(pay), "base/service.yaml": dump(service("payments")), "base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
    "overlays/prod/kustomization.yaml": kustomization("../../base", replicas=[{"name": "payments", "count": 2}])},
    ["Pay with the new provider", ["overlays/prod/psp.yaml", None, text(PSP)],
     ["overlays/prod/kustomization.yaml", "resources:\n  - ../../base\n", "resources:\n  - ../../base\npatches:\n  - path: psp.yaml\n"]],
    "the Secret psp-credentials of the new payment provider was never created: somebody has to put the key into the cluster", HUMAN,
    expected=expect("secret-missing"), path="overlays/prod")


# 1585 — for people: the cluster has no GPU
ranking = workload("StatefulSet", "ranking", shop("ranking", "acme/catalog:1.4.1", env={"CACHE_MB": "16"}), pod={"terminationGracePeriodSeconds": 5})
GPU = """
    apiVersion: apps/v1
    kind: StatefulSet
    metadata:
      name: ranking
    spec:
      template:
        spec:
          containers:
            - name: ranking
              env:
                - name: BACKEND
                  value: cuda
              resources:
                limits:
                  nvidia.com/gpu: 1
    """
scenario("no-accelerator", "flux", {
    "base/statefulset.yaml": dump(ranking), "base/service.yaml": dump(service("ranking", clusterIP="None")), "base/kustomization.yaml": kustomization("statefulset.yaml", "service.yaml"),
    "overlays/prod/kustomization.yaml": kustomization("../../base", images=[{"name": "acme/catalog", "newTag": "1.4.1"}])},
    ["Rank with the neural model, catalog 1.4.2",
     ["components/cuda/kustomization.yaml", None, dump({"apiVersion": "kustomize.config.k8s.io/v1alpha1", "kind": "Component", "patches": [{"path": "gpu.yaml"}]}, indented=True)],
     ["components/cuda/gpu.yaml", None, text(GPU)],
     ["overlays/prod/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.2"],
     ["overlays/prod/kustomization.yaml", "resources:\n  - ../../base\n", "resources:\n  - ../../base\ncomponents:\n  - ../../components/cuda\n"]],
    "the model asks for a GPU and no node of the cluster offers nvidia.com/gpu: nodes have to be added, or the model waits", HUMAN,
    expected=expect("unschedulable-resources"), path="overlays/prod")


# 1586 — nothing to do: the Secret comes a minute after the commit
mail = workload("Deployment", "newsletter", shop("newsletter", "acme/worker:1.4.1", env={"CACHE_MB": "8"}), replicas=2, deadline=240)
scenario("secret-a-minute-later", "flux", {"deploy/newsletter.yaml": dump(mail), "deploy/service.yaml": dump(service("newsletter"))},
    ["Newsletter by the new relay", ["deploy/newsletter.yaml", "acme/worker:1.4.1", "acme/worker:1.4.2"],
     ["deploy/newsletter.yaml", "        env:\n", "        env:\n        - name: REQUIRED_ENV\n          value: SMTP_PASSWORD\n        - name: SMTP_PASSWORD\n          valueFrom:\n            secretKeyRef:\n              name: newsletter-relay\n              key: password\n"]],
    "the new pods waited for a Secret that was created about a minute later; since then everything runs", NONE,
    then=[[55, "kubectl -n $NAMESPACE create secret generic newsletter-relay --from-literal=password=only-for-tests"]])


# 1587 — nothing to do: a slow start within its startup probe
QUOTES = """
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: {{ .Release.Name }}
    spec:
      replicas: {{ .Values.replicas }}
      progressDeadlineSeconds: 240
      selector:
        matchLabels:
          app: {{ .Release.Name }}
      template:
        metadata:
          labels:
            app: {{ .Release.Name }}
        spec:
          containers:
            - name: quotes
              image: "acme/catalog:{{ .Values.image.tag }}"
              env:
                {{- range $name, $value := .Values.settings }}
                - name: {{ $name }}
                  value: {{ $value | quote }}
                {{- end }}
              ports:
                - name: http
                  containerPort: 8080
              resources:
                requests: {cpu: 10m, memory: 24Mi}
                limits: {memory: {{ .Values.memory }}}
              startupProbe:
                httpGet: {path: /healthz, port: http}
                periodSeconds: 5
                failureThreshold: 30
              livenessProbe:
                httpGet: {path: /healthz, port: http}
                periodSeconds: 10
              readinessProbe:
                httpGet: {path: /readyz, port: http}
                periodSeconds: 4
    """
scenario("preload", "argocd", {**chart("quotes", templates__deployment_yaml=QUOTES, templates__service_yaml=SERVICE, values_yaml="image:\n  tag: 1.4.1\nreplicas: 1\nmemory: 96Mi\nsettings:\n  CACHE_MB: 8\n"),
    "environments/prod.yaml": "replicas: 2\nmemory: 128Mi\nsettings:\n  CACHE_MB: 32\n  START_SECONDS: 2\n"},
    ["Preload all quotes before serving", ["environments/prod.yaml", "memory: 128Mi", "memory: 192Mi"], ["environments/prod.yaml", "CACHE_MB: 32\n  START_SECONDS: 2", "CACHE_MB: 64\n  START_SECONDS: 45"]],
    "the new pods take 45 seconds to start, well within their startup probe: the rollout ends by itself", NONE, path="chart",
    source={"helm": {"releaseName": "quotes", "valueFiles": ["../environments/prod.yaml"]}})
