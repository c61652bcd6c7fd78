"""Batch T, written by somebody who knew neither the playbook nor the batches before: shop-1090 to shop-1103, two months of a platform's repository, recorded with CAP=300.
shop-1090 brings PriorityClasses (cluster-wide).
"""
import pathlib, runpy, textwrap
globals().update(runpy.run_path(str(pathlib.Path(__file__).parent / "kit.py")))
SCENARIOS, scenario = batch(1090)

# One platform repository, October and November: every entry is a slice of it, with the ordinary commit that broke it.


def shop(name, image, env=None, **more):
    return container(name, "shop", image=image, env=env, **more)


# ---- 1090 priority classes by tier -------------------------------------------------------------------------------------------------------------
def priority(name, number, description):
    return {"apiVersion": "scheduling.k8s.io/v1", "kind": "PriorityClass", "metadata": {"name": name}, "value": number, "globalDefault": False, "description": description}


scenario("priority-tiers", "argocd", {
    "deploy/priorities.yaml": "# agreed in PLAT-118\n" + dump(priority("acme-serving", 1000, "answers customers"), priority("acme-background", 100, "may wait")),
    "deploy/catalog.yaml": dump(workload("Deployment", "catalog", shop("catalog", "acme/catalog:1.4.1"), replicas=2, pod={"priorityClassName": "acme-serving"}), service("catalog")),
    "deploy/reviews.yaml": dump(workload("Deployment", "reviews", shop("reviews", "acme/catalog:1.4.1", {"CACHE_MB": "8"}), replicas=2, pod={"priorityClassName": "acme-serving"}), service("reviews")),
    "deploy/importer.yaml": dump(workload("Deployment", "importer", shop("importer", "acme/worker:1.4.1"), pod={"priorityClassName": "acme-background"})),
}, ["PLAT-231: priority classes by tier; catalog 1.4.2",
    ["deploy/priorities.yaml", "name: acme-serving", "name: acme-tier1"],
    ["deploy/catalog.yaml", "priorityClassName: acme-serving", "priorityClassName: acme-tier1"],
    ["deploy/catalog.yaml", "acme/catalog:1.4.1", "acme/catalog:1.4.2"],
    ["deploy/reviews.yaml", "acme/catalog:1.4.1", "acme/catalog:1.4.2"]],
    "PriorityClass acme-serving was renamed acme-tier1; reviews still asks for the old one and its new pods are forbidden",
    expected=expect("invalid-manifest unschedulable-placement config-missing service-account-missing",
                    [(pod("Deployment", "reviews", "priorityClassName"), value("acme-tier1"))],
                    [("PriorityClass/acme-serving value", BEFORE), ("PriorityClass/acme-tier1 value", GONE), (pod("Deployment", "catalog", "priorityClassName"), BEFORE)]))

# ---- 1091 configuration file of the bus renamed, mounted by subPath ------------------------------------------------------------------------------
NATS = text("""
    # message bus of the shop
    port: 4222
    http_port: 8222
    server_name: bus
    max_connections: 200
    max_payload: 1MB
    """)
BUS = {"name": "bus", "image": "acme/bus", "ports": [{"name": "client", "containerPort": 4222}, {"name": "http", "containerPort": 8222}],
       "resources": {"requests": {"cpu": "10m", "memory": "24Mi"}, "limits": {"memory": "96Mi"}},
       "readinessProbe": {"httpGet": {"path": "/healthz", "port": "http"}, "periodSeconds": 5},
       "livenessProbe": {"httpGet": {"path": "/healthz", "port": "http"}, "initialDelaySeconds": 8, "periodSeconds": 10},
       "volumeMounts": [{"name": "config", "mountPath": "/etc/nats/nats.conf", "subPath": "nats.conf", "readOnly": True}]}
scenario("bus-file-name", "flux", {
    "bus/base/statefulset.yaml": dump(workload("StatefulSet", "bus", BUS, pod={"volumes": [{"name": "config", "configMap": {"name": "bus-config"}}]})),
    "bus/base/service.yaml": dump(service("bus", target="client", port=4222, clusterIP="None")),
    "bus/base/nats.conf": NATS,
    "bus/base/kustomization.yaml": kustomization("statefulset.yaml", "service.yaml", configMapGenerator=[{"name": "bus-config", "files": ["nats.conf"]}]),
    "bus/overlays/prod/kustomization.yaml": kustomization("../../base", images=[{"name": "acme/bus", "newTag": "2.10.22"}]),
}, ["Bus 2.10.24, file names as in the other brokers",
    ["bus/base/nats.conf", NATS, DELETE],
    ["bus/base/server.conf", None, NATS],
    ["bus/base/kustomization.yaml", "- nats.conf", "- server.conf"],
    ["bus/overlays/prod/kustomization.yaml", "2.10.22", "2.10.24"]],
    "the generated ConfigMap's key is server.conf now, the mount's subPath is still nats.conf: the program finds an empty directory",
    path="bus/overlays/prod",
    expected=expect("volume-mount config-key-missing crash-on-start",
                    [(c("StatefulSet", "bus", "bus", "volumeMounts[name=config].subPath"), value("server.conf"))],
                    [('ConfigMap/bus-config-# data["nats.conf"]', BEFORE), ('ConfigMap/bus-config-# data["server.conf"]', GONE)]))

# ---- 1092 edge: names of the backends, host aliases beside ---------------------------------------------------------------------------------------
EDGE = text("""
    server {
        listen 80;
        server_name shop.example;
        location /catalog/ {
            proxy_pass http://catalog.internal:8080;
            proxy_read_timeout 15s;
        }
        location /pay/ {
            proxy_pass http://payments.internal:8080;
        }
        location /healthz {
            return 200;
        }
    }
    """)
scenario("edge-backend-names", "argocd", {
    "edge/base/deployment.yaml": dump(workload("Deployment", "edge", container("edge", "nginx", image="acme/edge", volumeMounts=[{"name": "conf", "mountPath": "/etc/nginx/conf.d"}]), replicas=2, pod={
        "hostAliases": [{"ip": "10.20.0.40", "hostnames": ["catalog.internal"]}, {"ip": "10.20.0.41", "hostnames": ["payments.internal"]}],
        "volumes": [{"name": "conf", "configMap": {"name": "edge-conf"}}]})),
    "edge/base/service.yaml": dump(service("edge")),
    "edge/base/default.conf": EDGE,
    "edge/base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml", configMapGenerator=[{"name": "edge-conf", "files": ["default.conf"]}]),
    "edge/overlays/prod/kustomization.yaml": kustomization("../../base", images=[{"name": "acme/edge", "newTag": "1.27.2"}], replicas=[{"name": "edge", "count": 2}]),
}, ["EDGE-88: one name per backend service, nginx 1.27.3",
    ["edge/base/default.conf", "http://payments.internal:8080", "http://checkout-payments.internal:8080"],
    ["edge/overlays/prod/kustomization.yaml", "1.27.2", "1.27.3"]],
    "the configuration proxies to checkout-payments.internal, the pod's hostAliases know payments.internal",
    path="edge/overlays/prod",
    expected=expect("dependency-address crash-on-start",
                    [('ConfigMap/edge-conf-# data["default.conf"]', BEFORE)],
                    [(pod("Deployment", "edge", "hostAliases[1].hostnames[0]"), value("checkout-payments.internal"))],
                    [(pod("Deployment", "edge", "hostAliases[1].hostnames[1]"), value("checkout-payments.internal"))]))

# ---- 1093 audit sidecar in a namespace with a quota ---------------------------------------------------------------------------------------------
AGENT = dump(workload("DaemonSet", "node-agent", shop("agent", "acme/worker:1.4.1", {"CACHE_MB": "6"})))
scenario("agent-audit", "flux", {
    "deploy/quota.yaml": "# set by the platform team, ask in #platform before you change it\n" + dump({"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "agents"}, "spec": {"hard": {"requests.memory": "512Mi", "limits.memory": "1Gi", "pods": "10"}}}),
    "deploy/agent.yaml": AGENT,
    "deploy/settings.yaml": dump(configmap("agent-settings", REGION="eu-west-1", SAMPLE="10")),
}, ["SEC-77: audit trail of the node agent",
    ["deploy/agent.yaml", "      containers:\n", text("""
              volumes:
              - name: trail
                emptyDir:
                  sizeLimit: 32Mi
              containers:
              - name: audit
                image: busybox:1.37
                command:
                - sh
                - -c
                - touch /trail/audit.log; trap 'exit 0' TERM; tail -F /trail/audit.log & wait
                volumeMounts:
                - name: trail
                  mountPath: /trail
        """).replace("\n", "\n      ").rstrip(" ").replace("volumes:", "      volumes:", 1)],
    ["deploy/agent.yaml", "      - name: agent\n", "      - name: agent\n        volumeMounts:\n        - name: trail\n          mountPath: /var/log/agent\n"]],
    "the namespace's quota wants requests and limits of memory for every container; the new sidecar has none, no pod is admitted",
    expected=expect("quota", [(c("DaemonSet", "node-agent", "audit", "resources"), ANY)]))

# ---- 1094 helpers of the shared chart ------------------------------------------------------------------------------------------------------------
CHART = {
    "chart/Chart.yaml": "apiVersion: v2\nname: shop\nversion: 0.6.0\n",
    "chart/values.yaml": text("""
        image:
          repository: acme/payments
          tag: 1.4.1
        replicas: 2
        port: 8080
        env: {}
        resources:
          requests: {cpu: 10m, memory: 24Mi}
          limits: {memory: 96Mi}
        """),
    "chart/templates/_helpers.tpl": text("""
        {{- define "shop.selector" -}}
        app: {{ .Release.Name }}
        {{- end }}
        {{- define "shop.labels" -}}
        {{ include "shop.selector" . }}
        app.kubernetes.io/part-of: shop
        {{- end }}
        """),
    "chart/templates/deployment.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: {{ .Release.Name }}
          labels:
            {{- include "shop.labels" . | nindent 4 }}
        spec:
          replicas: {{ .Values.replicas }}
          progressDeadlineSeconds: 90
          selector:
            matchLabels:
              {{- include "shop.selector" . | nindent 6 }}
          template:
            metadata:
              labels:
                {{- include "shop.labels" . | nindent 8 }}
              {{- with .Values.podAnnotations }}
              annotations:
                {{- toYaml . | nindent 8 }}
              {{- end }}
            spec:
              containers:
                - name: app
                  image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
                  ports:
                    - name: http
                      containerPort: {{ .Values.port }}
                  {{- with .Values.env }}
                  env:
                    {{- range $name, $value := . }}
                    - name: {{ $name }}
                      value: {{ $value | quote }}
                    {{- end }}
                  {{- end }}
                  {{- with .Values.lifecycle }}
                  lifecycle:
                    {{- toYaml . | nindent 12 }}
                  {{- end }}
                  resources:
                    {{- toYaml .Values.resources | nindent 12 }}
                  livenessProbe:
                    httpGet: {path: /healthz, port: http}
                    initialDelaySeconds: 5
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 3
        """),
    "chart/templates/service.yaml": text("""
        apiVersion: v1
        kind: Service
        metadata:
          name: {{ .Release.Name }}
          labels:
            {{- include "shop.labels" . | nindent 4 }}
        spec:
          selector:
            {{- include "shop.selector" . | nindent 4 }}
          ports:
            - {name: http, port: 80, targetPort: http}
        """),
}
PDB = text("""
    {{- if gt (int .Values.replicas) 1 }}
    apiVersion: policy/v1
    kind: PodDisruptionBudget
    metadata:
      name: {{ .Release.Name }}
    spec:
      maxUnavailable: 1
      selector:
        matchLabels:
          {{- include "shop.selector" . | nindent 6 }}
    {{- end }}
    """)
scenario("chart-helpers", "argocd", {**CHART, "chart/templates/pdb.yaml": PDB, "env/prod-values.yaml": "# production\nimage:\n  tag: 1.4.1\nreplicas: 2\n", "env/dev-values.yaml": "# one replica is enough\nreplicas: 1\n"},
         ["Chart 0.7: helpers get the platform prefix, payments 1.4.2",
          ["chart/templates/_helpers.tpl", '"shop.', '"platform.'],
          ["chart/templates/deployment.yaml", '"shop.', '"platform.'],
          ["chart/templates/service.yaml", '"shop.', '"platform.'],
          ["chart/Chart.yaml", "0.6.0", "0.7.0"],
          ["env/prod-values.yaml", "1.4.1", "1.4.2"]],
         "templates/pdb.yaml still includes the helper shop.selector, which is platform.selector now; with one replica (dev) it is not rendered",
         path="chart", source={"helm": {"valueFiles": ["../env/prod-values.yaml"]}},
         expected=expect("render-failed helm-failed", [], keep=[(c("Deployment", "shop-1094", "app", "image"), value("acme/payments:1.4.2"))]))

# ---- 1095 first release of the pricer by chart --------------------------------------------------------------------------------------------------
RELEASE = text("""
    apiVersion: helm.toolkit.fluxcd.io/v2
    kind: HelmRelease
    metadata:
      name: NAME
    spec:
      interval: 30s
      timeout: 60s
      chart:
        spec:
          chart: ./chart
          reconcileStrategy: Revision
          sourceRef: {kind: GitRepository, name: "@NAME@", namespace: flux-system}
      install:
        remediation: {retries: 1}
      upgrade:
        remediation: {retries: 1, strategy: rollback}
    """)
scenario("pricer-first", "flux", {
    "chart/Chart.yaml": "apiVersion: v2\nname: pricer\nversion: 0.1.0\n",
    "chart/values.yaml": text("""
        image: {repository: acme/pricer, tag: 2.4.6}
        replicas: 1
        args: []
        config:
          interval: 30s
          workers: 2
        """),
    "chart/templates/configmap.yaml": text("""
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: {{ .Release.Name }}-config
        data:
          config.yaml: |
            {{- range $key, $value := .Values.config }}
            {{ $key }}: {{ $value }}
            {{- end }}
        """),
    "chart/templates/deployment.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: {{ .Release.Name }}
          labels: {app: {{ .Release.Name }}}
        spec:
          replicas: {{ .Values.replicas }}
          progressDeadlineSeconds: 60
          selector:
            matchLabels: {app: {{ .Release.Name }}}
          template:
            metadata:
              labels: {app: {{ .Release.Name }}}
              annotations:
                checksum/config: {{ .Values.config | toYaml | sha256sum }}
            spec:
              containers:
                - name: pricer
                  image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
                  {{- with .Values.args }}
                  args:
                    {{- toYaml . | nindent 12 }}
                  {{- end }}
                  ports:
                    - {name: http, containerPort: 9000}
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 96Mi}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 5
                  livenessProbe:
                    httpGet: {path: /healthz, port: http}
                    initialDelaySeconds: 8
                  volumeMounts:
                    - {name: config, mountPath: /etc/pricer, readOnly: true}
              volumes:
                - name: config
                  configMap: {name: {{ .Release.Name }}-config}
        """),
    "chart/templates/service.yaml": text("""
        apiVersion: v1
        kind: Service
        metadata:
          name: {{ .Release.Name }}
        spec:
          selector: {app: {{ .Release.Name }}}
          ports:
            - {name: http, port: 80, targetPort: http}
        """),
    "releases/pricer.yaml": RELEASE.replace("NAME\n", "pricer\n", 1) + textwrap.indent(text("""
        values:
          image:
            tag: 2.4.7
          args:
            - -log-level=info
            - -config=/etc/pricer/pricer.yaml
          config:
            interval: 15s
            workers: 4
            currency: EUR
        """), "  "),
}, [], "the arguments name /etc/pricer/pricer.yaml, the chart mounts the configuration as /etc/pricer/config.yaml", path="releases", never_worked=True,
    expected=expect("crash-on-start volume-mount config-key-missing",
                    [(c("Deployment", "pricer", "pricer", "args[1]"), value("-config=/etc/pricer/config.yaml"))],
                    [(c("Deployment", "pricer", "pricer", "args[1]"), GONE)],
                    [('ConfigMap/pricer-config data["config.yaml"]', GONE), ('ConfigMap/pricer-config data["pricer.yaml"]', ANY)]))

# ---- 1096 first release of the ledger -----------------------------------------------------------------------------------------------------------
scenario("ledger-first", "flux", {
    "deploy/account.yaml": dump({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "ledger", "labels": {"app.kubernetes.io/part-of": "ledger"}}, "automountServiceAccountToken": False}),
    "deploy/ledger.yaml": "# owner: team money\n" + dump(workload("Deployment", "ledger", container("ledger", "java", env={"LEDGER_BATCH_SIZE": "100"}), replicas=2, pod={"serviceAccountName": "ledger-app"}), service("ledger")),
    "deploy/export.yaml": dump(workload("Deployment", "ledger-export", shop("export", "acme/worker:1.4.1"), pod={"serviceAccountName": "ledger"})),
    "deploy/budget.yaml": dump({"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": {"name": "ledger"}, "spec": {"maxUnavailable": 1, "selector": {"matchLabels": {"app": "ledger"}}}}),
}, [], "ledger runs under service account ledger-app, the delivery has ledger (which the export uses)", never_worked=True,
    expected=expect("service-account-missing", [(pod("Deployment", "ledger", "serviceAccountName"), value("ledger"))]))

# ---- 1097 cost saving: maintenance jobs --------------------------------------------------------------------------------------------------------
CHECK = {"name": "validate", "image": "acme/schema:22", "env": [{"name": "FLYWAY_URL", "value": "jdbc:postgresql://10.20.0.5:5432/orders"}, {"name": "FLYWAY_USER", "value": "orders"}, {"name": "WORK_SECONDS", "value": "25"}],
         "resources": {"requests": {"cpu": "10m", "memory": "16Mi"}, "limits": {"memory": "64Mi"}}}
CRON = workload("CronJob", "schema-check", CHECK)
CRON["spec"]["jobTemplate"]["spec"] = {"activeDeadlineSeconds": 180, **CRON["spec"]["jobTemplate"]["spec"]}
scenario("job-lingers", "argocd", {
    "maintenance/base/schema-check.yaml": dump(CRON),
    "maintenance/base/kustomization.yaml": kustomization("schema-check.yaml"),
    "maintenance/overlays/prod/kustomization.yaml": kustomization("../../base", patches=[{"path": "housekeeping.yaml"}]),
    "maintenance/overlays/prod/housekeeping.yaml": text("""
        apiVersion: batch/v1
        kind: CronJob
        metadata:
          name: schema-check
        spec:
          successfulJobsHistoryLimit: 3
        """),
}, ["FIN-19: finished and stuck jobs do not linger",
    ["maintenance/overlays/prod/housekeeping.yaml", "  successfulJobsHistoryLimit: 3\n", text("""
        successfulJobsHistoryLimit: 1
          failedJobsHistoryLimit: 2
          jobTemplate:
            spec:
              activeDeadlineSeconds: 15
              ttlSecondsAfterFinished: 600
        """).replace("successful", "  successful", 1)]],
    "every run takes 25 seconds, activeDeadlineSeconds is 15 since the commit: DeadlineExceeded", path="maintenance/overlays/prod",
    expected=expect("job-failed cron-invalid",
                    [("CronJob/schema-check spec.jobTemplate.spec.activeDeadlineSeconds", BEFORE)],
                    [("CronJob/schema-check spec.jobTemplate.spec.activeDeadlineSeconds", at_least("30"))]))

# ---- 1098 log shipper before the service --------------------------------------------------------------------------------------------------------
SHIPPER = text("""
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: orders
    spec:
      template:
        spec:
          containers:
            - name: shipper
              image: busybox:1.36
              command: [sh, -c, "touch /spool/app.log; trap 'exit 0' TERM; tail -F /spool/app.log & wait"]
              resources:
                requests: {cpu: 5m, memory: 8Mi}
                limits: {memory: 32Mi}
              volumeMounts:
                - {name: spool, mountPath: /spool}
          volumes:
            - name: spool
              emptyDir: {}
    """)
scenario("shipper-first", "flux", {
    "orders/base/deployment.yaml": dump(workload("Deployment", "orders", shop("orders", "acme/checkout", {"CACHE_MB": "12"}), replicas=2, deadline=60)),
    "orders/base/service.yaml": dump(service("orders")),
    "orders/base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
    "components/log-shipper/kustomization.yaml": "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\npatches:\n  - path: shipper.yaml\n",
    "components/log-shipper/shipper.yaml": SHIPPER,
    "orders/overlays/prod/kustomization.yaml": kustomization("../../base", components=["../../../components/log-shipper"], images=[{"name": "acme/checkout", "newTag": "1.4.1"}]),
}, ["PLAT-240: orders 1.4.2, do not lose the first log lines",
    ["components/log-shipper/shipper.yaml", "      containers:\n", "      initContainers:\n"],
    ["orders/overlays/prod/kustomization.yaml", "1.4.1", "1.4.2"]],
    "the shipper became an init container without restartPolicy Always: it never ends, the service never starts", path="orders/overlays/prod",
    expected=expect("startup-probe crash-on-start invalid-manifest",
                    [(c("Deployment", "orders", "shipper", "restartPolicy", init=True), value("Always"))],
                    [(pod("Deployment", "orders", "initContainers"), GONE), (pod("Deployment", "orders", "containers[name=shipper]"), BEFORE)]))

# ---- 1099 checkout on a port of the node --------------------------------------------------------------------------------------------------------
scenario("checkout-scrape", "argocd", {**CHART, "env/prod-values.yaml": text("""
    # production
    image:
      repository: acme/checkout
      tag: 1.4.1
    replicas: 2
    env:
      CACHE_MB: 10
    """)}, ["OBS-52: checkout can be scraped from the host network",
    ["chart/templates/deployment.yaml", "              containerPort: {{ .Values.port }}\n", "              containerPort: {{ .Values.port }}\n              {{- with .Values.hostPort }}\n              hostPort: {{ . }}\n              {{- end }}\n"],
    ["env/prod-values.yaml", "replicas: 2\n", 'replicas: 2\nhostPort: 18099\npodAnnotations:\n  prometheus.io/scrape: "true"\n']],
    "hostPort with two replicas on one node: the second pod finds no free port", path="chart", source={"helm": {"valueFiles": ["../env/prod-values.yaml"]}},
    expected=expect("port-conflict unschedulable-placement", [(c("Deployment", "shop-1099", "app", "ports[name=http].hostPort"), GONE)]))

# ---- 1100 hooks around the life of a pod --------------------------------------------------------------------------------------------------------
scenario("voucher-hooks", "flux", {**CHART, "releases/voucher.yaml": RELEASE.replace("NAME\n", "voucher\n", 1) + textwrap.indent(text("""
    valuesFrom:
      - kind: ConfigMap
        name: voucher-values
    values:
      image:
        tag: 1.4.2
    """), "  "),
    "releases/values.yaml": dump(configmap("voucher-values", values__yaml="replicas: 2\nenv:\n  CACHE_MB: 16\n"))},
    ["Graceful restarts for voucher",
     ["releases/voucher.yaml", "    image:\n", text("""
        lifecycle:
              preStop:
                sleep: {seconds: 3}
              postStart:
                exec:
                  command: [/usr/local/bin/warm-cache, --all]
            image:
        """).replace("lifecycle", "    lifecycle", 1)]],
    "the postStart hook runs /usr/local/bin/warm-cache, which the image does not have: the container is killed after each start", path="releases",
    expected=expect("command-not-found helm-failed crash-on-start", [(c("Deployment", "voucher", "app", "lifecycle.postStart"), GONE)]))

# ---- 1101 for people: the password was rotated outside git --------------------------------------------------------------------------------------
scenario("shipping-release", "flux", {
    "deploy/shipping.yaml": "# consumer group shipping\n" + dump(workload("Deployment", "shipping", {
        "name": "shipping", "image": "acme/shipping:3.9.0",
        "env": [{"name": "CONSUMER_BOOTSTRAP_SERVERS", "value": "10.20.0.9:9094"}, {"name": "SASL_USERNAME", "value": "shipping"},
                {"name": "SASL_PASSWORD", "valueFrom": {"secretKeyRef": {"name": "shipping-kafka", "key": "password"}}}],
        "ports": [{"name": "http", "containerPort": 8080}],
        "resources": {"requests": {"cpu": "10m", "memory": "24Mi"}, "limits": {"memory": "96Mi"}},
        "readinessProbe": {"httpGet": {"path": "/healthz", "port": "http"}, "periodSeconds": 5}}, replicas=2)),
    "deploy/settings.yaml": dump(configmap("shipping-settings", LABEL_SIZE="A6", CARRIERS="dhl,post")),
}, ["Release shipping 3.9.1",
    ["deploy/shipping.yaml", "acme/shipping:3.9.0", "acme/shipping:3.9.1"],
    ["deploy/settings.yaml", "dhl,post", "dhl,post,gls"]],
    "somebody changed the password in Secret shipping-kafka to one that the broker refuses; the release only restarted the pods", answer=HUMAN,
    given=dump({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "shipping-kafka"}, "stringData": {"username": "shipping", "password": "valid"}}),
    then=[[-20, "kubectl -n $NAMESPACE patch secret shipping-kafka --type merge -p '{\"stringData\":{\"password\":\"rotated-2026-11\"}}'"]],
    expected=expect("crash-on-start secret-missing"))

# ---- 1102 for people: a new component that needs a GPU ------------------------------------------------------------------------------------------
scenario("similar-items", "argocd", {
    "search/base/search.yaml": dump(workload("Deployment", "search", shop("search", "acme/catalog:1.4.1", {"CACHE_MB": "20"}), replicas=2), service("search")),
    "search/base/kustomization.yaml": kustomization("search.yaml"),
    "search/overlays/prod/kustomization.yaml": kustomization("../../base", images=[{"name": "acme/catalog", "newTag": "1.4.2"}]),
}, ["New component: similar items",
    ["search/base/similar.yaml", None, dump(workload("Deployment", "similar-items", shop("embed", "acme/worker:1.4.2", {"CACHE_MB": "24"}, resources={"requests": {"cpu": "20m", "memory": "48Mi"}, "limits": {"memory": "128Mi", "nvidia.com/gpu": "1"}})), service("similar-items"))],
    ["search/base/kustomization.yaml", "  - search.yaml\n", "  - search.yaml\n  - similar.yaml\n"]],
    "the new component asks for a GPU, no node has one: people must provide it or decide otherwise", answer=HUMAN, path="search/overlays/prod",
    expected=expect("unschedulable-resources"))

# ---- 1103 nothing to do: loyalty waits for its store --------------------------------------------------------------------------------------------
scenario("loyalty-waits", "argocd", {
    "deploy/store.yaml": dump(workload("Deployment", "loyalty-store", shop("store", "acme/catalog:1.4.1", {"START_SECONDS": "1"}, live={"httpGet": {"path": "/healthz", "port": "http"}, "initialDelaySeconds": 60, "periodSeconds": 10}),
                                       deadline=300, spec={"strategy": {"type": "Recreate"}}), service("loyalty-store")),
    "deploy/settings.yaml": dump(configmap("loyalty-settings", POINTS_PER_EURO="2")),
}, ["New component: loyalty points, store 1.4.2 loads everything at start",
    ["deploy/store.yaml", "acme/catalog:1.4.1", "acme/catalog:1.4.2"],
    ["deploy/store.yaml", "value: '1'", "value: '35'"],
    ["deploy/loyalty.yaml", None, dump(workload("Deployment", "loyalty", shop("loyalty", "acme/checkout:1.4.2", envFrom=[{"configMapRef": {"name": "loyalty-settings"}}]), deadline=300, pod={"initContainers": [
        {"name": "wait-for-store", "image": "busybox:1.36", "command": ["sh", "-c", "wget -q -O /dev/null http://$LOYALTY_STORE_SERVICE_HOST/readyz && echo store answers"],
         "resources": {"requests": {"cpu": "5m", "memory": "8Mi"}, "limits": {"memory": "32Mi"}}}]}), service("loyalty"))]],
    "the init container fails and is restarted while the store loads for 35 seconds; then everything runs", answer=NONE, expected=expect("healthy"))
