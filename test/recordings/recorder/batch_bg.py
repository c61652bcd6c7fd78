"""Sixteen failures where git's history is of little help, by somebody who did not know the playbook."""
import pathlib, runpy, textwrap
globals().update(runpy.run_path(str(pathlib.Path(__file__).parent / "kit.py")))
SCENARIOS, scenario = batch(1700)

CHART = {
    "Chart.yaml": text("""
        apiVersion: v2
        name: webapp
        description: One HTTP service of the shop
        version: 0.7.2
        """),
    "values.yaml": text("""
        image:
          repository: acme/payments
          tag: 1.4.1
        replicas: 2
        http:
          containerPort: 8080
        env: {}
        nodeSelector: {}
        liveness:
          initialDelaySeconds: 10
          periodSeconds: 5
          failureThreshold: 2
        resources:
          requests:
            cpu: 10m
            memory: 24Mi
          limits:
            memory: 96Mi
        """),
    "templates/_helpers.tpl": text("""
        {{- define "shop.labels" -}}
        app.kubernetes.io/name: {{ .Release.Name }}
        app.kubernetes.io/part-of: shop
        {{- end }}
        """),
    "templates/deployment.yaml": text("""
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
              app: {{ .Release.Name }}
          template:
            metadata:
              labels:
                app: {{ .Release.Name }}
            spec:
              {{- with .Values.nodeSelector }}
              nodeSelector:
                {{- toYaml . | nindent 8 }}
              {{- end }}
              containers:
                - name: web
                  image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
                  {{- with .Values.env }}
                  env:
                    {{- range $name, $value := . }}
                    - name: {{ $name }}
                      value: {{ $value | quote }}
                    {{- end }}
                  {{- end }}
                  ports:
                    - name: http
                      containerPort: {{ .Values.http.containerPort }}
                  livenessProbe:
                    httpGet:
                      path: /healthz
                      port: http
                    {{- toYaml .Values.liveness | nindent 12 }}
                  readinessProbe:
                    httpGet:
                      path: /readyz
                      port: http
                    periodSeconds: 3
                  resources:
                    {{- toYaml .Values.resources | nindent 12 }}
        """),
    "templates/service.yaml": text("""
        apiVersion: v1
        kind: Service
        metadata:
          name: {{ .Release.Name }}
          labels:
            {{- include "shop.labels" . | nindent 4 }}
        spec:
          selector:
            app: {{ .Release.Name }}
          ports:
            - name: http
              port: 80
              targetPort: http
        """),
}


def chart(folder="chart", **replaced):
    return {f"{folder}/{path}": content for path, content in {**CHART, **replaced}.items()}


def release(name, values="", more=""):
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
              sourceRef:
                kind: GitRepository
                name: "@NAME@"
                namespace: flux-system
        """)
    return head + textwrap.indent(text(more), "  ") + ("  values:\n" + textwrap.indent(text(values), "    ") if values else "")


def shop(name, image, **more):
    return container(name, "shop", image=image, **more)


# 1700: first release; the volume's item names a key that its ConfigMap does not have
scenario("tuner-first-release", "flux", {
    "deploy/configmap.yaml": dump(configmap("node-tuner", agent__conf="INTERVAL=30\nSYSCTL=on\n", limits__conf="MAX_FILES=65536\n")),
    "deploy/daemonset.yaml": dump(workload("DaemonSet", "node-tuner", shop("agent", "acme/worker:1.4.1", env={"CONFIG_FILE": "/etc/tuner/agent.conf"}, volumeMounts=[{"name": "config", "mountPath": "/etc/tuner", "readOnly": True}]),
        pod={"volumes": [{"name": "config", "configMap": {"name": "node-tuner", "items": [{"key": "tuner.conf", "path": "agent.conf"}, {"key": "limits.conf", "path": "limits.conf"}]}}]})),
}, [], "first release: the volume projects key tuner.conf, the ConfigMap's key is agent.conf", never_worked=True, expected=expect("config-key-missing volume-mount config-missing",
    [(pod("DaemonSet", "node-tuner", "volumes[name=config].configMap.items[0].key"), value("agent.conf"))],
    [(pod("DaemonSet", "node-tuner", "volumes[name=config].configMap.items"), GONE)],
    [('ConfigMap/node-tuner data["agent.conf"]', GONE), ('ConfigMap/node-tuner data["tuner.conf"]', value("INTERVAL=30\nSYSCTL=on\n"))]))

# 1701: key renamed in the generator and the base; the init container that prod patches in still asks for the old key
scenario("region-key-renamed", "flux", {
    "base/deployment.yaml": dump(workload("Deployment", "catalog", shop("catalog", "acme/catalog:1.4.1", env={"REQUIRED_ENV": "REGION,CURRENCY"}, envFrom=[{"configMapRef": {"name": "catalog-env"}}]), replicas=2, deadline=60)),
    "base/service.yaml": dump(service("catalog")),
    "base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml", configMapGenerator=[{"name": "catalog-env", "envs": ["catalog.env"]}]),
    "base/catalog.env": "REGION=eu-central-1\nCURRENCY=EUR\n",
    "overlays/prod/kustomization.yaml": kustomization("../../base", patches=[{"path": "announce.yaml"}]),
    "overlays/prod/announce.yaml": text("""
        # prints where this pod serves, for the fleet inventory
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: catalog
        spec:
          template:
            spec:
              initContainers:
                - name: announce
                  image: busybox:1.36
                  command: [sh, -c, 'echo "catalog in $REGION"']
                  env:
                    - name: REGION
                      valueFrom:
                        configMapKeyRef:
                          name: catalog-env
                          key: REGION
                  resources:
                    limits: {memory: 32Mi}
        """),
}, ["Call the region what the SDK calls it", ["base/catalog.env", "REGION=eu-central-1\n", "AWS_REGION=eu-central-1\nAWS_MAX_ATTEMPTS=5\n"], ["base/deployment.yaml", "value: REGION,CURRENCY", "value: AWS_REGION,CURRENCY"]],
    "the key REGION is now AWS_REGION; the init container that the prod overlay adds still reads REGION", path="overlays/prod", expected=expect("config-key-missing config-missing",
    [(c("Deployment", "catalog", "announce", "env[name=REGION].valueFrom.configMapKeyRef.key", init=True), value("AWS_REGION"))],
    [("ConfigMap/catalog-env-# data.REGION", BEFORE)]))

# 1702: the chart's value moved, prod still sets it under its old name: prod gets the default limit
OLD_MEMORY = CHART["templates/deployment.yaml"].replace("{{- toYaml .Values.resources | nindent 12 }}", "requests:\n              cpu: 10m\n              memory: 24Mi\n            limits:\n              memory: {{ .Values.memory }}")
OLD_VALUES = CHART["values.yaml"][:CHART["values.yaml"].index("resources:")] + "memory: 96Mi\n"
scenario("values-layout", "argocd", {
    **chart("charts/pricing", **{"templates/deployment.yaml": OLD_MEMORY, "values.yaml": OLD_VALUES}),
    "charts/pricing/values-prod.yaml": "replicas: 2\nmemory: 256Mi\nenv:\n  CACHE_MB: 150\n",
    "charts/pricing/values-staging.yaml": "replicas: 1\nenv:\n  CACHE_MB: 16\n",
}, ["Chart: usual layout for resources", ["charts/pricing/templates/deployment.yaml", "requests:\n              cpu: 10m\n              memory: 24Mi\n            limits:\n              memory: {{ .Values.memory }}", "{{- toYaml .Values.resources | nindent 12 }}"],
    ["charts/pricing/values.yaml", "memory: 96Mi\n", "resources:\n  requests:\n    cpu: 20m\n    memory: 24Mi\n  limits:\n    memory: 96Mi\n"]],
    "the chart reads resources.limits.memory now; values-prod.yaml still says memory: 256Mi, so prod runs with the default 96Mi and is OOMKilled", path="charts/pricing",
    source={"helm": {"releaseName": "pricing", "valueFiles": ["values.yaml", "values-prod.yaml"]}}, expected=expect("out-of-memory",
    [(c("Deployment", "pricing", "web", "resources.limits.memory"), BEFORE)],
    [(c("Deployment", "pricing", "web", "resources.limits.memory"), at_least("176Mi"))]))

# 1703: the release is wanted, its tag is written with a v that the registry does not know
scenario("worker-release", "argocd", {
    "base/worker.yaml": dump(workload("Deployment", "worker", shop("worker", "acme/worker", env={"CACHE_MB": "4"}), deadline=60)),
    "base/catalog.yaml": dump(workload("Deployment", "catalog", shop("catalog", "acme/catalog"), deadline=60)),
    "base/kustomization.yaml": kustomization("worker.yaml", "catalog.yaml"),
    "overlays/prod/kustomization.yaml": kustomization("../../base", images=[{"name": "acme/catalog", "newTag": "1.4.2"}, {"name": "acme/worker", "newTag": "1.4.1"}], replicas=[{"name": "worker", "count": 1}]),
    "CHANGELOG.md": "## 1.4.2\n- worker: retries with jitter\n- catalog: smaller pages\n\n## 1.4.1\n- first release on Kubernetes\n",
}, ["Worker: v1.4.2 for everybody", ["overlays/prod/kustomization.yaml", "newTag: 1.4.1", "newTag: v1.4.2"], ["overlays/prod/kustomization.yaml", "count: 1", "count: 2"]],
    "tag v1.4.2 does not exist, the registry has 1.4.2 (as catalog beside it)", path="overlays/prod", expected=expect("image-not-found",
    [(c("Deployment", "worker", "worker", "image"), value("acme/worker:1.4.2"))],
    [(c("Deployment", "worker", "worker", "image"), BEFORE)]))

# 1704: Service renamed; a CronJob in another file builds its URL from the variables of the old Service
URL = "http://$(CATALOG_SERVICE_HOST):$(CATALOG_SERVICE_PORT)/readyz"
WARM = {"name": "warm", "image": "busybox:1.36", "command": ["sh", "-c", 'echo "warming $CATALOG_URL"; wget -q -O /dev/null "$CATALOG_URL" && echo warm'], "env": [{"name": "CATALOG_URL", "value": URL}], "resources": {"limits": {"memory": "32Mi"}}}
field = c("CronJob", "cache-warmer", "warm", "env[name=CATALOG_URL].value")
scenario("catalog-api", "argocd", {
    "deploy/catalog.yaml": dump(workload("Deployment", "catalog", shop("catalog", "acme/catalog:1.4.1"), replicas=2)),
    "deploy/service.yaml": dump(service("catalog")),
    "deploy/cache-warmer.yaml": dump(workload("CronJob", "cache-warmer", WARM, spec={"failedJobsHistoryLimit": 3, "successfulJobsHistoryLimit": 2})),
}, ["Expose catalog under its public name", ["deploy/service.yaml", "  name: catalog\n", "  name: catalog-api\n"], ["deploy/catalog.yaml", "acme/catalog:1.4.1", "acme/catalog:1.4.2"]],
    "the Service is catalog-api now; the CronJob's URL is made of CATALOG_SERVICE_HOST, which nobody sets any more and which stays unexpanded", expected=expect("dependency-address job-failed",
    [(field, value(URL.replace("CATALOG_", "CATALOG_API_")))],
    [(field, value("http://$(CATALOG_API_SERVICE_HOST)/readyz"))],
    [("Service/catalog spec", BEFORE), ("Service/catalog-api spec", GONE)]))

# 1705: first release: the program is told another port than the chart declares and probes
scenario("refunds-first-release", "flux", {**chart(),
    "releases/refunds.yaml": release("refunds", """
        image:
          repository: acme/payments
          tag: 1.4.2
        replicas: 1
        env:
          PORT: "8081"
          CACHE_MB: "8"
        """)},
    [], "first release: PORT is 8081, the chart's containerPort (which the probes use) is 8080", never_worked=True, path="releases", expected=expect("readiness-probe liveness-probe",
    [(c("Deployment", "refunds", "web", "env[name=PORT].value"), value("8080"))],
    [(c("Deployment", "refunds", "web", "env[name=PORT]"), GONE)],
    [(c("Deployment", "refunds", "web", "ports[name=http].containerPort"), value(8081))]))

# 1706: first release: the account of the component has another name
scenario("exporter-first-release", "argocd", {
    "base/statefulset.yaml": dump(workload("StatefulSet", "exporter", shop("exporter", "acme/worker:1.4.1", env={"CACHE_MB": "8"}), pod={"serviceAccountName": "exporter"})),
    "base/service.yaml": dump(service("exporter", clusterIP="None")),
    "base/kustomization.yaml": kustomization("statefulset.yaml", "service.yaml"),
    "components/access/access.yaml": text("""
        apiVersion: v1
        kind: ServiceAccount
        metadata:
          name: exporter-sa
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata:
          name: exporter
        rules:
          - apiGroups: [""]
            resources: [pods]
            verbs: [get, list]
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata:
          name: exporter
        roleRef:
          apiGroup: rbac.authorization.k8s.io
          kind: Role
          name: exporter
        subjects:
          - kind: ServiceAccount
            name: exporter-sa
            namespace: "@NAME@"
        """),
    "components/access/kustomization.yaml": dump({"apiVersion": "kustomize.config.k8s.io/v1alpha1", "kind": "Component", "resources": ["access.yaml"]}, indented=True),
    "overlays/prod/kustomization.yaml": kustomization("../../base", components=["../../components/access"]),
}, [], "first release: the StatefulSet runs as exporter, the component delivers (and binds) the account exporter-sa", never_worked=True, path="overlays/prod", expected=expect("service-account-missing",
    [(pod("StatefulSet", "exporter", "serviceAccountName"), value("exporter-sa"))]))

# 1707: maxUnavailable 0 is wanted, but the base has maxSurge 0: the server refuses both
scenario("full-capacity", "flux", {
    "base/deployment.yaml": dump(workload("Deployment", "checkout", shop("checkout", "acme/checkout:1.4.1"), replicas=2, deadline=60, spec={"strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 0, "maxUnavailable": 1}}})),
    "base/service.yaml": dump(service("checkout")),
    "base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
    "overlays/prod/kustomization.yaml": kustomization("../../base", patches=[{"path": "scale.yaml"}]),
    "overlays/prod/scale.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: checkout
        spec:
          replicas: 2
        """),
}, ["Keep full capacity in prod during releases", ["overlays/prod/scale.yaml", "  replicas: 2\n", "  replicas: 3\n  strategy:\n    rollingUpdate:\n      maxUnavailable: 0\n"]],
    "maxUnavailable 0 together with the base's maxSurge 0: invalid", path="overlays/prod", expected=expect("invalid-manifest",
    [("Deployment/checkout spec.strategy.rollingUpdate.maxSurge", ANY)],
    [("Deployment/checkout spec.strategy.rollingUpdate.maxUnavailable", BEFORE)]))

# 1708: helper template renamed, one of its users forgotten
scenario("chart-helpers", "argocd", {**chart("charts/billing"), "charts/billing/values-prod.yaml": "replicas: 2\nenv:\n  CACHE_MB: 8\n"},
    ["Billing gets a chart of its own", ["charts/billing/Chart.yaml", "name: webapp", "name: billing"], ["charts/billing/templates/_helpers.tpl", "shop.labels", "billing.labels"], ["charts/billing/templates/deployment.yaml", "shop.labels", "billing.labels"],
     ["charts/billing/values.yaml", "tag: 1.4.1", "tag: 1.4.2"]],
    "the helper is billing.labels now, service.yaml still includes shop.labels: nothing renders", path="charts/billing", source={"helm": {"releaseName": "billing", "valueFiles": ["values.yaml", "values-prod.yaml"]}},
    expected=expect("render-failed", [], keep=[(c("Deployment", "billing", "web", "image"), value("acme/payments:1.4.2"))]))

# 1709: new sidecar without the limit that the namespace's quota asks for
SHIPPER = """\
      - name: log-shipper
        image: busybox:1.36
        command:
        - sh
        - -c
        - while true; do sleep 30; echo shipped; done
        resources:
          requests:
            cpu: 5m
            memory: 8Mi
"""
scenario("log-shipper", "flux", {
    "deploy/quota.yaml": dump({"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "team"}, "spec": {"hard": {"limits.memory": "1Gi", "pods": "12"}}}),
    "deploy/orders.yaml": dump(workload("Deployment", "orders", shop("orders", "acme/checkout:1.4.1", env={"LOG_FORMAT": "text"}), replicas=2, deadline=60), service("orders")),
}, ["Ship logs of orders as JSON", ["deploy/orders.yaml", "value: text", "value: json"], ["deploy/orders.yaml", "      containers:\n", "      containers:\n" + SHIPPER]],
    "the new sidecar has no memory limit, the quota demands one of every container", expected=expect("quota quota-exceeded limit-range",
    [(c("Deployment", "orders", "log-shipper", "resources.limits"), ANY)]))

# 1710: longer start, wanted; liveness kills it before it listens
scenario("preload", "flux", {**chart(),
    "releases/search.yaml": release("search", "image:\n  repository: acme/catalog\n  tag: 1.4.1\n", "valuesFrom:\n  - kind: ConfigMap\n    name: search-values\n"),
    "releases/search-values.yaml": text("""
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: search-values
        data:
          values.yaml: |
            replicas: 1
            env:
              START_SECONDS: 3
              CACHE_MB: 8
        """)},
    ["Search: preload the whole index", ["releases/search-values.yaml", "START_SECONDS: 3", "START_SECONDS: 35"], ["releases/search-values.yaml", "CACHE_MB: 8", "CACHE_MB: 24"]],
    "the service needs 35 s to start, liveness ends it after about 15", path="releases", expected=expect("liveness-probe startup-probe",
    [(c("Deployment", "search", "web", "livenessProbe.initialDelaySeconds"), at_least("31"))],
    [(c("Deployment", "search", "web", "livenessProbe.failureThreshold"), at_least("7"))],
    [(c("Deployment", "search", "web", "startupProbe"), ANY)],
    [(c("Deployment", "search", "web", "env[name=START_SECONDS].value"), BEFORE)]))

# 1711: nodes are wanted of one architecture, written as no node has it
scenario("x86-only", "argocd", {**chart("charts/ranking"), "charts/ranking/values-prod.yaml": "replicas: 2\nimage:\n  repository: acme/catalog\n  tag: 1.4.1\n"},
    ["ranking 1.4.2, which is built for x86 only", ["charts/ranking/values-prod.yaml", "tag: 1.4.1\n", "tag: 1.4.2\nnodeSelector:\n  kubernetes.io/os: linux\n  kubernetes.io/arch: x86_64\n"]],
    "kubernetes.io/arch is amd64 on these nodes, never x86_64", path="charts/ranking", source={"helm": {"releaseName": "ranking", "valueFiles": ["values.yaml", "values-prod.yaml"]}},
    expected=expect("unschedulable-placement",
    [(pod("Deployment", "ranking", 'nodeSelector["kubernetes.io/arch"]'), value("amd64"))],
    [(pod("Deployment", "ranking", 'nodeSelector["kubernetes.io/arch"]'), GONE)],
    [(pod("Deployment", "ranking", "nodeSelector"), GONE)]))

# 1712 HUMAN: first release wants a storage class; the cluster has none
scenario("archive-first-release", "argocd", {
    "deploy/claim.yaml": dump({"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {"name": "archive"}, "spec": {"accessModes": ["ReadWriteOnce"], "storageClassName": "premium-rwo", "resources": {"requests": {"storage": "5Gi"}}}}),
    "deploy/archive.yaml": dump(workload("Deployment", "archive", shop("archive", "acme/worker:1.4.1", env={"WRITE_FILE": "/archive/state"}, volumeMounts=[{"name": "archive", "mountPath": "/archive"}]),
        deadline=60, pod={"volumes": [{"name": "archive", "persistentVolumeClaim": {"claimName": "archive"}}]}, spec={"strategy": {"type": "Recreate"}}), service("archive")),
}, [], "first release: storage class premium-rwo does not exist and the cluster has no other: somebody must provide storage", HUMAN, expected=expect("volume-unbound"), never_worked=True)

# 1713 HUMAN: the token was taken out of a Secret that is not in git; the commit is innocent
scenario("gateway-token", "flux", {
    "deploy/payments.yaml": dump(workload("Deployment", "payments", shop("payments", "acme/payments:1.4.1", env={"REQUIRED_ENV": "GATEWAY_TOKEN", "GATEWAY_ENDPOINT": {"secretKeyRef": {"name": "payment-gateway", "key": "endpoint"}},
        "GATEWAY_TOKEN": {"secretKeyRef": {"name": "payment-gateway", "key": "token"}}}), deadline=60, spec={"strategy": {"type": "Recreate"}}), service("payments")),
}, ["payments 1.4.2", ["deploy/payments.yaml", "acme/payments:1.4.1", "acme/payments:1.4.2"]],
    "key token is gone from Secret payment-gateway, which is kept by hand outside git; the new release only restarted the pods", HUMAN, expected=expect("secret-missing"),
    given="apiVersion: v1\nkind: Secret\nmetadata:\n  name: payment-gateway\nstringData:\n  endpoint: https://gateway.example/v2\n  token: only-for-tests\n",
    then=[[-5, """kubectl -n "$NAMESPACE" patch secret payment-gateway --type=json -p '[{"op":"remove","path":"/data/token"}]'"""]])

# 1714 NONE: a new Job whose first attempt fails and whose second works, as it is meant to
REINDEX = {"name": "reindex", "image": "busybox:1.37", "command": ["sh", "-c", 'if [ ! -e /state/lease ]; then touch /state/lease; echo "lease is held by another run, trying again"; exit 1; fi; echo "index rebuilt"'],
           "volumeMounts": [{"name": "state", "mountPath": "/state"}], "resources": {"limits": {"memory": "32Mi"}}}
scenario("reindex", "flux", {
    "deploy/catalog.yaml": dump(workload("Deployment", "catalog", shop("catalog", "acme/catalog:1.4.1"), replicas=2), service("catalog")),
}, ["Rebuild the index once for the new pages", ["deploy/reindex.yaml", None, dump(workload("Job", "reindex-2026-11", REINDEX, pod={"restartPolicy": "OnFailure", "volumes": [{"name": "state", "emptyDir": {}}]}, spec={"backoffLimit": 4}))],
    ["deploy/catalog.yaml", "acme/catalog:1.4.1", "acme/catalog:1.4.2"]],
    "nothing: the Job's first attempt failed, its second completed", NONE, expected=expect("healthy"))

# 1715 NONE: a slow start that its startup probe allows
scenario("slow-but-fine", "argocd", {
    "base/deployment.yaml": dump(workload("Deployment", "recommend", shop("recommend", "acme/catalog:1.4.1", env={"START_SECONDS": "3"}, startupProbe={"httpGet": {"path": "/healthz", "port": "http"}, "periodSeconds": 4, "failureThreshold": 30}), deadline=180)),
    "base/service.yaml": dump(service("recommend")),
    "base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
    "overlays/prod/kustomization.yaml": kustomization("../../base", images=[{"name": "acme/catalog", "newTag": "1.4.1"}], patches=[{"path": "start.yaml"}]),
    "overlays/prod/start.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: recommend
        spec:
          template:
            spec:
              containers:
                - name: recommend
                  env:
                    - name: START_SECONDS
                      value: "5"
        """),
}, ["Recommend from the whole catalogue", ["overlays/prod/start.yaml", 'value: "5"', 'value: "45"'], ["overlays/prod/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.2"]],
    "nothing: the new release starts in 45 s, its startup probe allows 120", NONE, path="overlays/prod", expected=expect("healthy"))
