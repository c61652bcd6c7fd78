"""Batch AJ, written by somebody who knew neither the playbook nor the batches before: shop-1332 to shop-1347, variants of one failure per class, with nginx, nats, node, phoenix, java, migrate, dotnet, django, zap and kafka of this folder."""
import pathlib, runpy, textwrap
globals().update(runpy.run_path(str(pathlib.Path(__file__).parent / "kit.py")))
SCENARIOS, scenario = batch(1332)

SMALL = {"requests": {"cpu": "10m", "memory": "16Mi"}, "limits": {"memory": "32Mi"}}


def beside(name, what, every=20):
    """A busybox sidecar that says something now and then."""
    return {"name": name, "image": "busybox:1.36", "command": ["sh", "-c", f"trap 'exit 0' TERM; while true; do echo \"{what}\"; sleep {every} & wait $!; done"], "resources": SMALL}


def release(name, values, values_from=None):
    spec = {"interval": "30s", "timeout": "60s",
            "chart": {"spec": {"chart": "./charts/service", "reconcileStrategy": "Revision", "sourceRef": {"kind": "GitRepository", "name": "@NAME@", "namespace": "flux-system"}}}}
    if values_from:
        spec["valuesFrom"] = values_from
    return dump({"apiVersion": "helm.toolkit.fluxcd.io/v2", "kind": "HelmRelease", "metadata": {"name": name}, "spec": {**spec, "values": values}})


def chart(name):
    return f"apiVersion: v2\nname: {name}\ndescription: {name} as we run it\nversion: 0.4.0\n"


# 1 ---- crash-on-start: nginx does not know a directive; generator in the overlay ----
edge_conf = text("""
    server {
      listen 80;
      server_name shop.example;
      client_max_body_size 8m;
      location / {
        proxy_pass http://10.20.0.5:8080;
        proxy_set_header Host $host;
        proxy_read_timeout 30s;
      }
      location /healthz {
        return 200;
      }
    }
    """)
edge_new = edge_conf.replace("client_max_body_size 8m;", "client_max_body_size 16m;").replace("    proxy_read_timeout 30s;\n", "    proxy_conect_timeout 3s;\n    proxy_read_timeout 75s;\n")
edge = container("edge", "nginx", volumeMounts=[{"name": "conf", "mountPath": "/etc/nginx/conf.d", "readOnly": True}])
scenario("edge-directive", "argocd", {
    "apps/edge/base/deployment.yaml": dump(workload("Deployment", "edge", edge, beside("exporter", "WARN exporter: stub_status is not enabled, 0 series exported"),
                                                    replicas=2, pod={"volumes": [{"name": "conf", "configMap": {"name": "edge-conf"}}]})),
    "apps/edge/base/service.yaml": dump(service("edge")),
    "apps/edge/base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
    "apps/edge/prod/kustomization.yaml": kustomization("../base", configMapGenerator=[{"name": "edge-conf", "files": ["default.conf=conf/site.conf"]}], images=[{"name": "acme/edge", "newTag": "1.27.3"}]),
    "apps/edge/prod/conf/site.conf": edge_conf,
}, ["Allow slow uploads through the edge",
    ["apps/edge/prod/conf/site.conf", "client_max_body_size 8m;", "client_max_body_size 16m;"],
    ["apps/edge/prod/conf/site.conf", "    proxy_read_timeout 30s;\n", "    proxy_conect_timeout 3s;\n    proxy_read_timeout 75s;\n"]],
    "proxy_connect_timeout is misspelt proxy_conect_timeout: nginx does not know the directive",
    expected=expect("crash-on-start", [('ConfigMap/edge-conf-# data["default.conf"]', value(edge_new.replace("    proxy_conect_timeout 3s;\n", "")))],
                    [('ConfigMap/edge-conf-# data["default.conf"]', value(edge_new.replace("conect", "connect")))],
                    [('ConfigMap/edge-conf-# data["default.conf"]', BEFORE)]),
    path="apps/edge/prod")

# 2 ---- volume-mount: subPath dropped, the file is a directory; Helm by Argo CD ----
scenario("bus-config-directory", "argocd", {
    "chart/Chart.yaml": chart("bus"),
    "chart/values.yaml": text("""
        image:
          repository: acme/bus
          tag: 2.10.22
        replicas: 1
        config:
          maxPayload: 1MB
          maxConnections: 512
        mounts: []
        """),
    "chart/templates/config.yaml": text("""
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: {{ .Chart.Name }}-config
        data:
          nats.conf: |
            server_name: {{ .Chart.Name }}
            port: 4222
            http_port: 8222
            max_connections: {{ .Values.config.maxConnections }}
            max_payload: {{ .Values.config.maxPayload }}
        """),
    "chart/templates/statefulset.yaml": text("""
        apiVersion: apps/v1
        kind: StatefulSet
        metadata:
          name: {{ .Chart.Name }}
          labels:
            app.kubernetes.io/name: {{ .Chart.Name }}
        spec:
          serviceName: {{ .Chart.Name }}
          podManagementPolicy: Parallel
          replicas: {{ .Values.replicas }}
          selector:
            matchLabels:
              app: {{ .Chart.Name }}
          template:
            metadata:
              labels:
                app: {{ .Chart.Name }}
              annotations:
                checksum/config: {{ include (print .Template.BasePath "/config.yaml") . | sha256sum }}
            spec:
              volumes:
                - name: config
                  configMap:
                    name: {{ .Chart.Name }}-config
              containers:
                - name: nats
                  image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
                  args: ["-c", "/etc/nats/nats.conf"]
                  ports:
                    - name: client
                      containerPort: 4222
                    - name: monitor
                      containerPort: 8222
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 96Mi}
                  volumeMounts:
                    {{- toYaml .Values.mounts | nindent 20 }}
                  readinessProbe:
                    httpGet: {path: /healthz, port: monitor}
                    periodSeconds: 5
        """),
    "chart/templates/service.yaml": text("""
        apiVersion: v1
        kind: Service
        metadata:
          name: {{ .Chart.Name }}
        spec:
          clusterIP: None
          selector:
            app: {{ .Chart.Name }}
          ports:
            - name: client
              port: 4222
              targetPort: client
        """),
    "env/prod.yaml": text("""
        replicas: 2
        config:
          maxPayload: 1MB
          maxConnections: 2048
        mounts:
          - name: config
            mountPath: /etc/nats/nats.conf
            subPath: nats.conf
        """),
}, ["Larger messages; pick up configuration without a restart",
    ["env/prod.yaml", "maxPayload: 1MB", "maxPayload: 4MB"],
    ["env/prod.yaml", "            subPath: nats.conf\n".replace("            ", "    "), ""]],
    "without subPath the ConfigMap is mounted as a directory over /etc/nats/nats.conf",
    expected=expect("volume-mount", [(c("StatefulSet", "bus", "nats", "volumeMounts[name=config].subPath"), BEFORE)],
                    [(c("StatefulSet", "bus", "nats", "volumeMounts[name=config].mountPath"), value("/etc/nats"))]),
    path="chart", source={"helm": {"valueFiles": ["../env/prod.yaml"]}})

# 3 ---- dependency-address: the host is only known under its old name ----
front = container("web", "node", env={"CATALOG_HOST": {"configMapKeyRef": {"name": "storefront-env", "key": "CATALOG_HOST"}}, "PAGE_SIZE": {"configMapKeyRef": {"name": "storefront-env", "key": "PAGE_SIZE"}}})
ENV = "ConfigMap/storefront-env-# data.CATALOG_HOST"
ALIASES = pod("Deployment", "storefront", "hostAliases[0].hostnames")
scenario("storefront-host", "flux", {
    "base/storefront.yaml": dump(workload("Deployment", "storefront", front, replicas=2), service("storefront")),
    "base/kustomization.yaml": kustomization("storefront.yaml"),
    "clusters/prod/kustomization.yaml": kustomization("../../base", configMapGenerator=[{"name": "storefront-env", "envs": ["storefront.env"]}], patches=[{"path": "hosts.yaml"}], images=[{"name": "acme/storefront", "newTag": "9.4.0"}]),
    "clusters/prod/storefront.env": "CATALOG_HOST=catalog.internal\nPAGE_SIZE=20\n",
    "clusters/prod/hosts.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: storefront
        spec:
          template:
            spec:
              hostAliases:
                - ip: 10.20.0.7
                  hostnames: [catalog.internal]
        """),
}, ["Storefront 9.4.1, bigger pages, long host names",
    ["clusters/prod/kustomization.yaml", "newTag: 9.4.0", "newTag: 9.4.1"],
    ["clusters/prod/storefront.env", "CATALOG_HOST=catalog.internal\nPAGE_SIZE=20", "CATALOG_HOST=catalog.shop.internal\nPAGE_SIZE=40"]],
    "CATALOG_HOST is a name that hostAliases does not have: ENOTFOUND",
    expected=expect("dependency-address", [(ENV, BEFORE)], [(ALIASES, value(["catalog.shop.internal"]))], [(ALIASES, value(["catalog.internal", "catalog.shop.internal"]))], [(ALIASES, value(["catalog.shop.internal", "catalog.internal"]))]),
    path="clusters/prod")

# 4 ---- readiness: the probe asks a port nobody listens on; Helm by Argo CD ----
scenario("conference-metrics-port", "argocd", {
    "charts/conference/Chart.yaml": chart("conference"),
    "charts/conference/values.yaml": text("""
        image: {repository: acme/conference, tag: 1.18.0}
        replicas: 1
        logLevel: info
        metrics:
          enabled: false
        probes:
          liveness: {path: /health, port: http}
          readiness: {path: /health, port: http}
        """),
    "charts/conference/values-prod.yaml": text("""
        image: {tag: 1.18.1}
        replicas: 2
        logLevel: info
        """),
    "charts/conference/templates/_pod.tpl": text("""
        {{- define "conference.probe" -}}
        httpGet:
          path: {{ .path }}
          port: {{ .port }}
        periodSeconds: 5
        {{- end }}
        """),
    "charts/conference/templates/deployment.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: conference
        spec:
          replicas: {{ .Values.replicas }}
          progressDeadlineSeconds: 80
          selector:
            matchLabels: {app: conference}
          template:
            metadata:
              labels: {app: conference}
            spec:
              containers:
                - name: phoenix
                  image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
                  env:
                    - name: SECRET_KEY_BASE
                      value: only-for-tests-8d1f0c2b7e
                    - name: LOG_LEVEL
                      value: {{ .Values.logLevel }}
                  ports:
                    - name: http
                      containerPort: 4000
                    {{- if .Values.metrics.enabled }}
                    - name: metrics
                      containerPort: 9568
                    {{- end }}
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 96Mi}
                  livenessProbe:
                    {{- include "conference.probe" .Values.probes.liveness | nindent 20 }}
                  readinessProbe:
                    {{- include "conference.probe" .Values.probes.readiness | nindent 20 }}
        """),
    "charts/conference/templates/service.yaml": dump(service("conference")),
}, ["Expose BEAM metrics",
    ["charts/conference/values-prod.yaml", "logLevel: info\n", "logLevel: notice\nmetrics:\n  enabled: true\nprobes:\n  readiness: {path: /health, port: metrics}\n"]],
    "the readiness probe asks port metrics (9568), the program answers on 4000",
    expected=expect("readiness readiness-probe", [(c("Deployment", "conference", "phoenix", "readinessProbe.httpGet.port"), BEFORE)], [(c("Deployment", "conference", "phoenix", "readinessProbe.httpGet.port"), value(4000))]),
    path="charts/conference", source={"helm": {"valueFiles": ["values.yaml", "values-prod.yaml"]}})

# 5 ---- startup probe, in a component ----
PROBE = c("Deployment", "ledger", "ledger", "startupProbe.")
scenario("ledger-startup-budget", "flux", {
    "kustomize/base/ledger.yaml": dump(workload("Deployment", "ledger", container("ledger", "java", env={"START_SECONDS": "25", "LEDGER_BATCH_SIZE": "50"}), beside("audit-tail", "audit: 0 entries since last run"), pod={"terminationGracePeriodSeconds": 5}), service("ledger")),
    "kustomize/base/kustomization.yaml": kustomization("ledger.yaml"),
    "kustomize/components/jvm/kustomization.yaml": dump({"apiVersion": "kustomize.config.k8s.io/v1alpha1", "kind": "Component", "patches": [{"path": "startup.yaml"}]}),
    "kustomize/components/jvm/startup.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: ledger
        spec:
          template:
            spec:
              containers:
                - name: ledger
                  startupProbe:
                    httpGet: {path: /actuator/health/liveness, port: http}
                    periodSeconds: 2
                    failureThreshold: 30
        """),
    "kustomize/overlays/prod/kustomization.yaml": kustomization("../../base", components=["../../components/jvm"], patches=[
        {"target": {"kind": "Deployment", "name": "ledger"}, "patch": Text('- op: replace\n  path: /spec/template/spec/containers/0/env/2/value\n  value: "100"\n')}]),
}, ["Fail fast when the ledger hangs, batches of 200",
    ["kustomize/components/jvm/startup.yaml", "failureThreshold: 30", "failureThreshold: 5"],
    ["kustomize/overlays/prod/kustomization.yaml", 'value: "100"', 'value: "200"']],
    "the ledger takes 26 s to start, the startup probe gives it 10 s",
    expected=expect("startup startup-probe", [(PROBE + "failureThreshold", BEFORE)], [(PROBE + "failureThreshold", at_least("15"))], [(PROBE + "periodSeconds", at_least("6"))], [(PROBE + "initialDelaySeconds", at_least("20"))]),
    path="kustomize/overlays/prod")

# 6 ---- job-failed: PreSync hook, migrations looked for where the image has none ----
schema = {"name": "flyway", "image": "acme/schema:22", "env": [{"name": "FLYWAY_URL", "value": "jdbc:postgresql://10.20.0.5/payments"}, {"name": "FLYWAY_LOCATIONS", "value": "filesystem:/app/sql"}], "resources": SMALL}
scenario("schema-locations", "argocd", {
    "deploy/10-schema.yaml": dump(workload("Job", "schema", schema, meta={"annotations": {"argocd.argoproj.io/hook": "PreSync", "argocd.argoproj.io/hook-delete-policy": "BeforeHookCreation"}})),
    "deploy/20-payments.yaml": dump(workload("Deployment", "payments", container("payments", "shop", image="acme/payments:1.4.1"), replicas=2)),
    "deploy/30-service.yaml": dump(service("payments")),
}, ["Payments 1.4.2 with schema 23",
    ["deploy/10-schema.yaml", "acme/schema:22", "acme/schema:23"],
    ["deploy/10-schema.yaml", "filesystem:/app/sql", "filesystem:/app/db/migration"],
    ["deploy/20-payments.yaml", "acme/payments:1.4.1", "acme/payments:1.4.2"]],
    "the hook Job looks for migrations in /app/db/migration, which is not in the image",
    expected=expect("job-failed", [("Job/schema spec.template.spec.containers[name=flyway].env[name=FLYWAY_LOCATIONS].value", BEFORE)],
                    [("Job/schema spec.template.spec.containers[name=flyway].env[name=FLYWAY_LOCATIONS]", GONE)]))

# 7 ---- secret-missing: a key that the Secret (by hand) does not have; HelmRelease, values from a ConfigMap ----
scenario("invoicing-secret-key", "flux", {
    "charts/service/Chart.yaml": chart("service"),
    "charts/service/values.yaml": "replicas: 1\nport: 8080\nprobePath: /healthz\nimage: \"\"\nsecretEnv: {}\n",
    "charts/service/templates/deployment.yaml": text("""
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
                - name: app
                  image: {{ .Values.image | quote }}
                  env:
                    {{- range $name, $ref := .Values.secretEnv }}
                    - name: {{ $name }}
                      valueFrom:
                        secretKeyRef:
                          name: {{ $ref.secret }}
                          key: {{ $ref.key }}
                    {{- end }}
                  ports:
                    - name: http
                      containerPort: {{ .Values.port }}
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 96Mi}
                  readinessProbe:
                    httpGet: {path: {{ .Values.probePath }}, port: http}
                    periodSeconds: 5
        """),
    "releases/invoicing.yaml": release("invoicing", {"replicas": 2}, [{"kind": "ConfigMap", "name": "invoicing-values"}]),
    "releases/invoicing-values.yaml": text("""
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: invoicing-values
          labels:
            reconcile.fluxcd.io/watch: Enabled
        data:
          values.yaml: |
            image: acme/invoicing:8.1.0
            secretEnv:
              ConnectionStrings__Orders:
                secret: orders-db
                key: connectionString
        """),
}, ["Invoicing 8.1.1, keys as the style guide has them",
    ["releases/invoicing-values.yaml", "acme/invoicing:8.1.0", "acme/invoicing:8.1.1"],
    ["releases/invoicing-values.yaml", "key: connectionString", "key: connection-string"]],
    "Secret orders-db has key connectionString, not connection-string",
    expected=expect("secret-missing", [(c("Deployment", "invoicing", "app", "env[name=ConnectionStrings__Orders].valueFrom.secretKeyRef.key"), BEFORE)]),
    path="releases", given="apiVersion: v1\nkind: Secret\nmetadata:\n  name: orders-db\nstringData:\n  connectionString: Server=10.20.0.5;Database=orders;User=invoicing\n  username: invoicing\n")

# 8 ---- command-not-found: the script of a ConfigMap lost its mode (permission denied); DaemonSet ----
scenario("shipper-mode", "argocd", {
    "deploy/daemonset.yaml": text("""
        # log shipping on every node: team platform
        apiVersion: apps/v1
        kind: DaemonSet
        metadata:
          name: shipper
        spec:
          selector:
            matchLabels: {app: shipper}
          template:
            metadata:
              labels: {app: shipper}
              annotations:
                acme.example/script: "3"
            spec:
              terminationGracePeriodSeconds: 3
              volumes:
                - name: spool
                  emptyDir: {}
                - name: scripts
                  configMap:
                    name: shipper-scripts
                    defaultMode: 0755
              containers:
                - name: rotate
                  image: busybox:1.37
                  command: [sh, -c, "while true; do echo rotate: nothing to rotate; sleep 30; done"]
                  resources:
                    requests: {cpu: 5m, memory: 8Mi}
                    limits: {memory: 32Mi}
                - name: ship
                  image: busybox:1.37
                  command: ["/scripts/ship.sh"]
                  args: ["/spool"]
                  resources:
                    requests: {cpu: 5m, memory: 8Mi}
                    limits: {memory: 32Mi}
                  volumeMounts:
                    - {name: scripts, mountPath: /scripts, readOnly: true}
                    - {name: spool, mountPath: /spool}
        """),
    "deploy/scripts.yaml": dump(configmap("shipper-scripts", **{"ship.sh": "#!/bin/sh\necho \"shipping from $1\"\nwhile true; do\n  sleep 20\n  echo \"batch sent\"\ndone\n"})),
}, ["Ship every ten seconds",
    ["deploy/scripts.yaml", "sleep 20", "sleep 10"],
    ["deploy/daemonset.yaml", 'acme.example/script: "3"', 'acme.example/script: "4"'],
    ["deploy/daemonset.yaml", "            name: shipper-scripts\n            defaultMode: 0755\n", "            name: shipper-scripts\n"]],
    "ship.sh is no longer executable: permission denied",
    expected=expect("command-not-found volume-mount", [(pod("DaemonSet", "shipper", "volumes[name=scripts].configMap.defaultMode"), BEFORE)], [(pod("DaemonSet", "shipper", "volumes[name=scripts].configMap.defaultMode"), value(0o555))],
                    [(c("DaemonSet", "shipper", "ship", "command"), value(["sh", "/scripts/ship.sh"]))], [(c("DaemonSet", "shipper", "ship", "command"), value(["/bin/sh", "/scripts/ship.sh"]))]))

# 9 ---- service-account-missing, in the first release ----
BILLING = {"SECRET_KEY": "only-for-tests", "DATABASE_HOST": "10.20.0.5"}
scenario("billing-account", "flux", {
    "deploy/web.yaml": dump(workload("Deployment", "billing-web", {**container("web", "pydantic", image="acme/billing:2.8.1", env={"DATABASE_URL": None, **BILLING}, live={"httpGet": {"path": "/health", "port": "http"}}, ready={"httpGet": {"path": "/ready", "port": "http"}})},
                                     replicas=2, pod={"serviceAccountName": "billing-web"}), service("billing-web")),
    "deploy/worker.yaml": dump(workload("Deployment", "billing-worker", container("worker", "shop", image="acme/worker:1.4.1"), pod={"serviceAccountName": "billing"})),
    "deploy/access.yaml": dump({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "billing"}},
                               {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role", "metadata": {"name": "billing"}, "rules": [{"apiGroups": [""], "resources": ["configmaps"], "verbs": ["get", "list"]}]},
                               {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding", "metadata": {"name": "billing"}, "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "billing"}, "subjects": [{"kind": "ServiceAccount", "name": "billing", "namespace": "@NAME@"}]}),
}, [], "billing-web runs as ServiceAccount billing-web; the delivery has only billing",
    expected=expect("service-account-missing", [(pod("Deployment", "billing-web", "serviceAccountName"), value("billing"))]), never_worked=True)

# 10 ---- unschedulable-placement: no node has a zone ----
SPREAD = pod("Deployment", "inventory", "topologySpreadConstraints[0].")
inventory = container("api", "shop", image="acme/inventory:1.9", env={"CACHE_TTL": "30s"}, live={"httpGet": {"path": "/livez", "port": "http"}}, ready={"httpGet": {"path": "/readyz", "port": "http"}})
scenario("inventory-zones", "argocd", {
    "k8s/inventory/deployment.yaml": dump(workload("Deployment", "inventory", inventory, replicas=2, deadline=75,
                                                   pod={"topologySpreadConstraints": [{"maxSkew": 1, "topologyKey": "kubernetes.io/hostname", "whenUnsatisfiable": "DoNotSchedule", "labelSelector": {"matchLabels": {"app": "inventory"}}}]})),
    "k8s/inventory/service.yaml": dump(service("inventory")),
    "k8s/inventory/pdb.yaml": dump({"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": {"name": "inventory"}, "spec": {"minAvailable": 1, "selector": {"matchLabels": {"app": "inventory"}}}}),
}, ["Inventory 1.10, survive the loss of a data centre",
    ["k8s/inventory/deployment.yaml", "acme/inventory:1.9", "acme/inventory:1.10"],
    ["k8s/inventory/deployment.yaml", "topologyKey: kubernetes.io/hostname", "topologyKey: topology.kubernetes.io/zone"]],
    "no node has the label topology.kubernetes.io/zone, and the constraint is hard",
    expected=expect("unschedulable-placement", [(SPREAD + "topologyKey", BEFORE)], [(SPREAD + "whenUnsatisfiable", value("ScheduleAnyway"))]), path="k8s/inventory")

# 11 ---- out-of-memory: the cache grew in the HelmRelease, the limit is in the chart ----
scenario("ranking-cache", "flux", {
    "charts/service/Chart.yaml": chart("service"),
    "charts/service/values.yaml": text("""
        replicas: 1
        image: acme/worker:1.4.1
        settings: {}
        resources:
          requests: {cpu: 20m, memory: 64Mi}
          limits: {memory: 160Mi}
        """),
    "charts/service/templates/settings.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}-settings\ndata:\n  {{- range $k, $v := .Values.settings }}\n  {{ $k }}: {{ $v | quote }}\n  {{- end }}\n",
    "charts/service/templates/statefulset.yaml": text("""
        apiVersion: apps/v1
        kind: StatefulSet
        metadata:
          name: {{ .Release.Name }}
        spec:
          serviceName: {{ .Release.Name }}
          podManagementPolicy: Parallel
          replicas: {{ .Values.replicas }}
          selector:
            matchLabels:
              app: {{ .Release.Name }}
          template:
            metadata:
              labels:
                app: {{ .Release.Name }}
              annotations:
                settings: {{ toJson .Values.settings | sha256sum | trunc 12 | quote }}
            spec:
              containers:
                - name: metrics
                  image: busybox:1.36
                  command: [sh, -c, "trap 'exit 0' TERM; while true; do echo 'metrics: connection reset by peer, will retry'; sleep 15 & wait $!; done"]
                  resources:
                    requests: {cpu: 5m, memory: 8Mi}
                    limits: {memory: 32Mi}
                - name: ranking
                  image: {{ .Values.image | quote }}
                  envFrom:
                    - configMapRef:
                        name: {{ .Release.Name }}-settings
                  ports:
                    - name: http
                      containerPort: 8080
                  resources:
                    {{- toYaml .Values.resources | nindent 20 }}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 5
        """),
    "charts/service/templates/service.yaml": "apiVersion: v1\nkind: Service\nmetadata:\n  name: {{ .Release.Name }}\nspec:\n  clusterIP: None\n  selector:\n    app: {{ .Release.Name }}\n  ports:\n    - {name: http, port: 80, targetPort: http}\n",
    "releases/ranking.yaml": release("ranking", {"replicas": 2, "settings": {"CACHE_MB": "80", "REGION": "eu-west-1"}}),
}, ["Keep all of the catalogue's ranks at hand",
    ["releases/ranking.yaml", "CACHE_MB: '80'", "CACHE_MB: '230'"],
    ["releases/ranking.yaml", "REGION: eu-west-1", "REGION: eu-central-1"]],
    "the cache of 230 MB does not fit the limit of 160Mi: OOMKilled",
    # the annotation with the settings' checksum follows the value
    expected=expect("out-of-memory", [(c("StatefulSet", "ranking", "ranking", "resources.limits.memory"), at_least("250Mi"))],
                    [("ConfigMap/ranking-settings data.CACHE_MB", BEFORE), ("StatefulSet/ranking spec.template.metadata.annotations.settings", ANY)]),
    path="releases")

# 12 ---- limit-range: limit / request is too large ----
catalog = container("catalog", "shop", image="acme/catalog:1.4.2", resources={"requests": {"cpu": "50m", "memory": "64Mi"}, "limits": {"memory": "128Mi"}})
scenario("catalog-ratio", "flux", {
    "platform/limits.yaml": dump({"apiVersion": "v1", "kind": "LimitRange", "metadata": {"name": "tenants"}, "spec": {"limits": [{"type": "Container", "maxLimitRequestRatio": {"memory": "4"}, "max": {"memory": "512Mi"}}]}}),
    "platform/kustomization.yaml": kustomization("limits.yaml"),
    "catalog/deployment.yaml": dump(workload("Deployment", "catalog", catalog, beside("feed", "feed: 0 changes"), replicas=2)),
    "catalog/service.yaml": dump(service("catalog")),
    "catalog/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
    "prod/kustomization.yaml": kustomization("../platform", "../catalog", patches=[{"path": "size.yaml"}]),
    "prod/size.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: catalog
        spec:
          template:
            spec:
              containers:
                - name: catalog
                  resources:
                    requests:
                      cpu: 50m
                      memory: 64Mi
                    limits:
                      memory: 160Mi
        """),
}, ["Requests as measured last month",
    ["prod/size.yaml", "cpu: 50m", "cpu: 20m"], ["prod/size.yaml", "memory: 64Mi", "memory: 24Mi"]],
    "LimitRange tenants allows a limit of four times the request; 160Mi is more than six times 24Mi",
    expected=expect("limit-range", [(c("Deployment", "catalog", "catalog", "resources.requests.memory"), BEFORE)], [(c("Deployment", "catalog", "catalog", "resources.requests.memory"), at_least("40Mi"))],
                    [(c("Deployment", "catalog", "catalog", "resources.limits.memory"), value("96Mi"))]),
    path="prod")

# 13 ---- for people: the broker refuses the password, which is not in git ----
shipping = container("consumer", "shop", image="acme/shipping:3.9.0", live={"httpGet": {"path": "/healthz", "port": "http"}}, ready={"httpGet": {"path": "/healthz", "port": "http"}},
                     env={"CONSUMER_BOOTSTRAP_SERVERS": "10.20.0.9:9094", "CONSUMER_AUTO_OFFSET_RESET": "earliest", "SASL_USERNAME": "shipping", "SASL_PASSWORD": {"secretKeyRef": {"name": "shipping-kafka", "key": "password"}}})
scenario("shipping-credentials", "flux", {
    "deploy/consumer.yaml": dump(workload("Deployment", "shipping", shipping, replicas=2)),
    "deploy/labels.yaml": dump(configmap("shipping-labels", carrier="north", format="zpl")),
}, ["Shipping 3.9.1, start new groups at the end",
    ["deploy/consumer.yaml", "acme/shipping:3.9.0", "acme/shipping:3.9.1"], ["deploy/consumer.yaml", "value: earliest", "value: latest"]],
    "the password in Secret shipping-kafka was replaced by hand and the broker refuses it; the commit only restarted the pods", answer=HUMAN,
    expected=expect("crash-on-start secret-missing"),
    given="apiVersion: v1\nkind: Secret\nmetadata:\n  name: shipping-kafka\nstringData:\n  password: valid\n",
    then=[[-12, """kubectl -n "$NAMESPACE" patch secret shipping-kafka --type merge -p '{"stringData":{"password":"rotated-2026-11"}}'"""]])

# 14 ---- for people: the first release of an image that was never pushed ----
scenario("loyalty-first", "argocd", {
    "chart/Chart.yaml": chart("loyalty"),
    "chart/values.yaml": "image:\n  registry: registry.acme.example\n  name: acme/loyalty\n  tag: 0.1.0\nreplicas: 2\n",
    "chart/values-prod.yaml": "replicas: 2\n",
    "chart/templates/deployment.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: loyalty
        spec:
          replicas: {{ .Values.replicas }}
          progressDeadlineSeconds: 60
          selector:
            matchLabels: {app: loyalty}
          template:
            metadata:
              labels: {app: loyalty}
            spec:
              containers:
                - name: audit
                  image: busybox:1.36
                  command: [sh, -c, "trap 'exit 0' TERM; while true; do echo 'audit: waiting for points.log'; sleep 20 & wait $!; done"]
                - name: loyalty
                  image: "{{ .Values.image.registry }}/{{ .Values.image.name }}:{{ .Values.image.tag }}"
                  ports:
                    - {name: http, containerPort: 8080}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
        """),
    "chart/templates/service.yaml": dump(service("loyalty")),
}, [], "acme/loyalty was never pushed in any version: somebody has to build it", answer=HUMAN, expected=expect("image-not-found"), never_worked=True,
    path="chart", source={"helm": {"valueFiles": ["values-prod.yaml"]}})

# 15 ---- nothing to do: the Secret arrives a little after the commit ----
search = container("search", "shop", image="acme/catalog:1.4.1")
scenario("search-secret-late", "flux", {
    "deploy/search.yaml": dump(workload("Deployment", "search", search, replicas=2, deadline=180)),
    "deploy/service.yaml": dump(service("search")),
    "docs/secrets.md": "Secrets are not in git. The vault agent of the platform writes them into the namespace some time after they are asked for.\n",
}, ["Search signs its requests",
    ["deploy/search.yaml", "        ports:\n", "        envFrom:\n        - secretRef:\n            name: search-signing\n        ports:\n"]],
    "the pods waited for Secret search-signing, which was written 40 s later; all is well since", answer=NONE, expected=expect("recovering healthy"),
    then=[[40, "kubectl -n \"$NAMESPACE\" create secret generic search-signing --from-literal=SIGNING_KEY=only-for-tests"]])

# 16 ---- nothing to do: the init container fails twice and then passes ----
scenario("checkout-warmup", "argocd", {
    "base/checkout.yaml": dump(workload("Deployment", "checkout", container("checkout", "shop", image="acme/checkout:1.4.1"), replicas=2, deadline=180, pod={"volumes": [{"name": "state", "emptyDir": {}}]}), service("checkout")),
    "base/kustomization.yaml": kustomization("checkout.yaml"),
    "overlays/prod/kustomization.yaml": kustomization("../../base", images=[{"name": "acme/checkout", "newTag": "1.4.1"}]),
}, ["Checkout 1.4.2, prices are fetched before the start",
    ["overlays/prod/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.2\npatches:\n  - path: prices.yaml"],
    ["overlays/prod/prices.yaml", None, text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: checkout
        spec:
          template:
            spec:
              initContainers:
                - name: prices
                  image: busybox:1.37
                  command:
                    - sh
                    - -c
                    - |
                      echo x >>/state/tries
                      n=$(wc -l </state/tries)
                      if [ "$n" -lt 3 ]; then echo "prices: snapshot is being built (503), attempt $n"; exit 1; fi
                      echo "prices: snapshot of 48210 entries read"
                  resources:
                    requests: {cpu: 5m, memory: 8Mi}
                    limits: {memory: 32Mi}
                  volumeMounts:
                    - {name: state, mountPath: /state}
        """)]],
    "the init container fails twice while the snapshot is built and then passes: healthy after about 40 s", answer=NONE, expected=expect("recovering healthy"), path="overlays/prod")
