"""Batch AO, written by somebody who knew neither the playbook nor the batches before: shop-1412 to shop-1427, everyday changes of which one detail breaks the delivery. No program of this folder is needed."""
import pathlib, runpy, textwrap
globals().update(runpy.run_path(str(pathlib.Path(__file__).parent / "kit.py")))
SCENARIOS, scenario = batch(1412)

SMALL = {"requests": {"cpu": "10m", "memory": "24Mi"}, "limits": {"memory": "96Mi"}}
TINY = {"requests": {"cpu": "5m", "memory": "8Mi"}, "limits": {"memory": "32Mi"}}


def shop(name, image, env=None, **more):
    return container(name, "shop", image=image, env=env, **more)


def box(name, script, image="busybox:1.36", **more):
    return {"name": name, "image": image, "command": ["sh", "-c", Text(text(script))], "resources": TINY, **more}


def release(name, chart, values, values_from=""):
    return text(f"""
        apiVersion: helm.toolkit.fluxcd.io/v2
        kind: HelmRelease
        metadata:
          name: {name}
        spec:
          interval: 30s
          timeout: 60s
          chart:
            spec:
              chart: ./{chart}
              reconcileStrategy: Revision
              sourceRef: {{kind: GitRepository, name: "@NAME@", namespace: flux-system}}
        """) + textwrap.indent(text(values_from), "  ") + ("  values:\n" + textwrap.indent(text(values), "    ") if values else "")


# 1 — hardening component takes the API token away from every Deployment; one reads its namespace from it
scenario("token-unmounted", "argocd", {
    "base/catalog.yaml": dump(workload("Deployment", "catalog", shop("catalog", "acme/catalog:1.4.1"), deadline=80), service("catalog")),
    "base/announcer.yaml": dump(
        {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "announcer"}},
        workload("Deployment", "announcer", box("announcer", """
            set -e
            namespace=$(cat /var/run/secrets/kubernetes.io/serviceaccount/namespace)
            echo "announcing catalog.$namespace every ${INTERVAL}s"
            touch /dev/shm/announced
            while true; do sleep "$INTERVAL" & wait $!; done
            """, env=[{"name": "INTERVAL", "value": "15"}],
            readinessProbe={"exec": {"command": ["sh", "-c", "test -f /dev/shm/announced"]}, "periodSeconds": 5}),
            deadline=80, pod={"serviceAccountName": "announcer", "terminationGracePeriodSeconds": 5})),
    "base/kustomization.yaml": kustomization("catalog.yaml", "announcer.yaml"),
    "components/hardening/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1alpha1
        kind: Component
        patches:
          - target:
              kind: Deployment
            patch: |-
              - op: add
                path: /spec/template/spec/containers/0/securityContext
                value:
                  allowPrivilegeEscalation: false
        """),
    "overlays/prod/kustomization.yaml": kustomization("../../base", components=["../../components/hardening"], replicas=[{"name": "catalog", "count": 2}]),
    "overlays/staging/kustomization.yaml": kustomization("../../base"),
}, ["Close audit findings 3 and 4",
    ["components/hardening/kustomization.yaml", "          allowPrivilegeEscalation: false\n", "          allowPrivilegeEscalation: false\n          privileged: false\n      - op: add\n        path: /spec/template/spec/automountServiceAccountToken\n        value: false\n"]],
    "the hardening component unmounts the service account token of every Deployment; announcer reads its namespace from that mount", path="overlays/prod",
    expected=expect("crash-on-start volume-mount",
        [("Deployment/announcer spec.template.spec.automountServiceAccountToken", GONE)],
        [("Deployment/announcer spec.template.spec.automountServiceAccountToken", value(True))]))

# 2 — an integer of the values becomes scientific notation on its way through the template
scenario("upload-limit-float", "flux", {
    "charts/uploads/Chart.yaml": "apiVersion: v2\nname: uploads\nversion: 1.2.0\n",
    "charts/uploads/values.yaml": text("""
        image: {repository: acme/checkout, tag: 1.4.1}
        replicas: 1
        settings:
          LOG_LEVEL: info
          MAX_UPLOAD_BYTES: 524288
        """),
    "charts/uploads/templates/deployment.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: uploads
        spec:
          replicas: {{ .Values.replicas }}
          progressDeadlineSeconds: 70
          selector:
            matchLabels: {app: uploads}
          template:
            metadata:
              labels: {app: uploads}
            spec:
              containers:
                - name: uploads
                  image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
                  ports: [{name: http, containerPort: 8080}]
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 96Mi}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 4
                - name: janitor
                  image: busybox:1.36
                  command: ["sh", "-c"]
                  args:
                    - |
                      [ "$MAX_UPLOAD_BYTES" -gt 0 ] || { echo "janitor: MAX_UPLOAD_BYTES must be a positive integer, got '$MAX_UPLOAD_BYTES'"; exit 1; }
                      echo "janitor: removing files larger than $MAX_UPLOAD_BYTES bytes"
                      while true; do sleep 20 & wait $!; done
                  resources:
                    requests: {cpu: 5m, memory: 8Mi}
                    limits: {memory: 32Mi}
                  env:
                    {{- range $name, $value := .Values.settings }}
                    - name: {{ $name }}
                      value: {{ $value | quote }}
                    {{- end }}
        """),
    "charts/uploads/templates/service.yaml": dump(service("uploads")),
    "releases/uploads.yaml": release("uploads", "charts/uploads", """
        image:
          tag: 1.4.1
        settings:
          MAX_UPLOAD_BYTES: 786432
        """),
}, ["Photos up to 10 MB, two replicas",
    ["releases/uploads.yaml", "MAX_UPLOAD_BYTES: 786432", "MAX_UPLOAD_BYTES: 10485760"],
    ["releases/uploads.yaml", "    image:\n      tag: 1.4.1\n", "    replicas: 2\n    image:\n      tag: 1.4.2\n"]],
    "the unquoted number 10485760 is rendered as 1.048576e+07, which the janitor's shell does not take for an integer", path="releases",
    expected=expect("crash-on-start helm-failed",
        [(c("Deployment", "uploads", "janitor", "env[name=MAX_UPLOAD_BYTES].value"), value("10485760"))],
        [(c("Deployment", "uploads", "janitor", "env[name=MAX_UPLOAD_BYTES].value"), BEFORE)]))

# 3 — cost cutting lowers limits in the values of prod; the requests of the defaults are higher
PART = """
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: {{ $name }}
          labels:
            app.kubernetes.io/part-of: orders
        spec:
          replicas: {{ $part.replicas }}
          progressDeadlineSeconds: 80
          selector:
            matchLabels:
              app: {{ $name }}
          template:
            metadata:
              labels:
                app: {{ $name }}
            spec:
              containers:
                - name: {{ $name }}
                  image: {{ $part.image }}
                  ports:
                    - name: http
                      containerPort: 8080
                  resources:
                    {{- toYaml $part.resources | nindent 12 }}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 4
        """
scenario("limit-under-request", "argocd", {
    "charts/orders/Chart.yaml": "apiVersion: v2\nname: orders\nversion: 4.0.1\n",
    "charts/orders/values.yaml": text("""
        parts:
          orders-api:
            image: acme/checkout:1.4.2
            replicas: 1
            resources:
              requests: {cpu: 20m, memory: 96Mi}
              limits: {memory: 192Mi}
          orders-worker:
            image: acme/worker:1.4.2
            replicas: 1
            resources:
              requests: {cpu: 20m, memory: 32Mi}
              limits: {memory: 192Mi}
        """),
    "charts/orders/values-prod.yaml": text("""
        parts:
          orders-api:
            replicas: 2
            resources:
              limits: {memory: 160Mi}
          orders-worker:
            replicas: 2
            resources:
              limits: {memory: 160Mi}
        """),
    "charts/orders/values-staging.yaml": "parts:\n  orders-api:\n    replicas: 1\n",
    "charts/orders/templates/parts.yaml": "{{- range $name, $part := .Values.parts }}\n---\n" + text(PART) + "{{- end }}\n",
    "charts/orders/templates/service.yaml": dump(service("orders-api")),
}, ["Right-size orders after the November cost review",
    ["charts/orders/values-prod.yaml", "limits: {memory: 160Mi}", "limits: {memory: 64Mi}"],
    ["charts/orders/values-prod.yaml", "  orders-worker:\n    replicas: 2\n", "  orders-worker:\n    replicas: 1\n"]],
    "the memory limit of orders-api in prod, 64Mi, is below its request of 96Mi from the chart's values", path="charts/orders", source={"helm": {"valueFiles": ["values.yaml", "values-prod.yaml"]}},
    expected=expect("invalid-manifest", *[[(c("Deployment", "orders-api", "orders-api", "resources.requests.memory"), value(m))] for m in ("64Mi", "48Mi", "32Mi", "24Mi")],
        [(c("Deployment", "orders-api", "orders-api", "resources.limits.memory"), at_least("96Mi"))]))

# 4 — pinned by a digest that was never pushed
scenario("digest-unknown", "flux", {
    "base/settler.yaml": dump(workload("StatefulSet", "settler", shop("settler", "acme/worker", env={"CONFIG_FILE": "/etc/settler/settler.conf"},
            volumeMounts=[{"name": "settings", "mountPath": "/etc/settler"}, {"name": "spool", "mountPath": "/spool"}]),
        spec={"podManagementPolicy": "Parallel"}, pod={"volumes": [{"name": "settings", "configMap": {"name": "settler"}}, {"name": "spool", "emptyDir": {"sizeLimit": "64Mi"}}]}),
        service("settler", clusterIP="None")),
    "base/gateway.yaml": dump(workload("Deployment", "gateway", shop("gateway", "acme/payments"), deadline=80), service("gateway")),
    "base/settler.conf": "BATCH=200\nWINDOW=30s\n",
    "base/kustomization.yaml": kustomization("settler.yaml", "gateway.yaml", configMapGenerator=[{"name": "settler", "files": ["settler.conf"]}]),
    "overlays/prod/kustomization.yaml": kustomization("../../base", images=[{"name": "acme/payments", "newTag": "1.4.1"}, {"name": "acme/worker", "newTag": "1.4.1"}]),
}, ["Immutable image references for everything that touches money",
    ["overlays/prod/kustomization.yaml", "  - name: acme/worker\n    newTag: 1.4.1\n", "  - name: acme/worker\n    digest: sha256:5d0da3dc976460b72c77d94c8a1ad043720b0416bfc16c52c45d4847e53fadb6  # 1.4.1\n"],
    ["base/settler.conf", "BATCH=200", "BATCH=250"]],
    "acme/worker is pinned to a digest that the registry does not have", path="overlays/prod",
    expected=expect("image-not-found", [(c("StatefulSet", "settler", "settler", "image"), BEFORE)]))

# 5 — a time zone that does not exist
scenario("cron-time-zone", "argocd", {
    "deploy/settlement.yaml": dump(workload("CronJob", "settlement", box("settlement", 'echo "settling $(date -u +%F) for $COUNTRY"; sleep 2', env=[{"name": "COUNTRY", "value": "DE"}]),
        spec={"schedule": "*/2 * * * *", "successfulJobsHistoryLimit": 1, "failedJobsHistoryLimit": 2})),
    "deploy/statements.yaml": dump(workload("CronJob", "statements", box("statements", 'echo "statements for $COUNTRY"', env=[{"name": "COUNTRY", "value": "GB"}]), spec={"schedule": "15 4 * * *"})),
    "deploy/payments.yaml": dump(workload("Deployment", "payments", shop("payments", "acme/payments:1.4.2"), deadline=80), service("payments")),
}, ["Settle in the branches' local time",
    ["deploy/settlement.yaml", "  schedule: '*/2 * * * *'\n", "  schedule: 30 1 * * 1-5\n  timeZone: Europe/Frankfurt\n"],
    ["deploy/statements.yaml", "  schedule: 15 4 * * *\n", "  schedule: 15 4 * * *\n  timeZone: Europe/London\n"]],
    "the time zone database has no Europe/Frankfurt: Germany's zone is Europe/Berlin",
    expected=expect("cron-invalid invalid-manifest", [("CronJob/settlement spec.timeZone", value("Europe/Berlin"))], [("CronJob/settlement spec.timeZone", GONE)]))

# 6 — least privilege for mounted files takes the x of a script
scenario("script-mode", "flux", {
    "base/node-report.yaml": text("""
        apiVersion: apps/v1
        kind: DaemonSet
        metadata:
          name: node-report
        spec:
          selector:
            matchLabels: {app: node-report}
          template:
            metadata:
              labels: {app: node-report}
            spec:
              terminationGracePeriodSeconds: 5
              containers:
                - name: report
                  image: busybox:1.36
                  command: ["/opt/report/report.sh"]
                  env:
                    - name: NODE
                      valueFrom: {fieldRef: {fieldPath: spec.nodeName}}
                  resources:
                    requests: {cpu: 5m, memory: 8Mi}
                    limits: {memory: 32Mi}
                  volumeMounts:
                    - name: scripts
                      mountPath: /opt/report
                    - name: targets
                      mountPath: /etc/report
              volumes:
                - name: scripts
                  configMap:
                    name: report-scripts
                    defaultMode: 0755
                - name: targets
                  configMap:
                    name: report-targets
                    defaultMode: 0644
        """),
    "base/report.sh": "#!/bin/sh\nset -e\necho \"reporting for $NODE to $(cat /etc/report/targets)\"\nwhile true; do sleep 15 & wait $!; done\n",
    "base/targets": "collector-a\n",
    "base/catalog.yaml": dump(workload("Deployment", "catalog", shop("catalog", "acme/catalog:1.4.2"), deadline=80), service("catalog")),
    "base/kustomization.yaml": kustomization("node-report.yaml", "catalog.yaml", configMapGenerator=[{"name": "report-scripts", "files": ["report.sh"]}, {"name": "report-targets", "files": ["targets"]}]),
    "overlays/prod/kustomization.yaml": kustomization("../../base", namespace="@NAME@"),
}, ["Tighten permissions of mounted files (CIS 5.4)",
    ["base/node-report.yaml", "defaultMode: 0755", "defaultMode: 0440"],
    ["base/node-report.yaml", "defaultMode: 0644", "defaultMode: 0440"],
    ["base/node-report.yaml", "              mountPath: /etc/report\n", "              mountPath: /etc/report\n              readOnly: true\n"]],
    "the script that the container executes is mounted without execute permission", path="overlays/prod",
    expected=expect("command-not-found volume-mount", [(pod("DaemonSet", "node-report", "volumes[name=scripts].configMap.defaultMode"), BEFORE)],
        *[[(pod("DaemonSet", "node-report", "volumes[name=scripts].configMap.defaultMode"), value(mode))] for mode in (0o555, 0o550, 0o500, 0o540, 0o700, 0o750, 0o744, 0o554, 0o544)],
        *[[(c("DaemonSet", "node-report", "report", "command"), value([sh, "/opt/report/report.sh"]))] for sh in ("sh", "/bin/sh")]))

# 7 — the PreSync hook refers to a ConfigMap that only the sync after it creates
URL = "postgres://billing@10.20.0.5:5432/billing"
scenario("hook-before-settings", "argocd", {
    "charts/billing/Chart.yaml": "apiVersion: v2\nname: billing\nversion: 2.3.0\n",
    "charts/billing/values.yaml": "image: acme/payments:1.4.1\nreplicas: 1\ndatabase:\n  url: postgres://billing@localhost:5432/billing\n",
    "charts/billing/values-prod.yaml": f"replicas: 2\ndatabase:\n  url: {URL}\n",
    "charts/billing/templates/migrate.yaml": text("""
        apiVersion: batch/v1
        kind: Job
        metadata:
          name: billing-migrate
          annotations:
            argocd.argoproj.io/hook: PreSync
            argocd.argoproj.io/hook-delete-policy: BeforeHookCreation
        spec:
          backoffLimit: 1
          activeDeadlineSeconds: 45
          template:
            metadata:
              labels: {app: billing-migrate}
            spec:
              restartPolicy: Never
              containers:
                - name: migrate
                  image: {{ .Values.image }}
                  args: [migrate]
                  resources:
                    requests: {cpu: 10m, memory: 16Mi}
                    limits: {memory: 64Mi}
                  env:
                    - name: DATABASE_URL
                      value: {{ .Values.database.url | quote }}
        """),
    "charts/billing/templates/deployment.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: billing
        spec:
          replicas: {{ .Values.replicas }}
          progressDeadlineSeconds: 80
          selector:
            matchLabels: {app: billing}
          template:
            metadata:
              labels: {app: billing}
            spec:
              containers:
                - name: billing
                  image: {{ .Values.image }}
                  ports: [{name: http, containerPort: 8080}]
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 96Mi}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 4
                  env:
                    - name: REQUIRED_ENV
                      value: DATABASE_URL
                    - name: DATABASE_URL
                      value: {{ .Values.database.url | quote }}
        """),
    "charts/billing/templates/service.yaml": dump(service("billing")),
}, ["One place for the database address",
    ["charts/billing/templates/database.yaml", None, "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: billing-database\ndata:\n  url: {{ .Values.database.url | quote }}\n"],
    ["charts/billing/templates/migrate.yaml", "              value: {{ .Values.database.url | quote }}\n", "              valueFrom:\n                configMapKeyRef: {name: billing-database, key: url}\n"],
    ["charts/billing/templates/deployment.yaml", "              value: {{ .Values.database.url | quote }}\n", "              valueFrom:\n                configMapKeyRef: {name: billing-database, key: url}\n"],
    ["charts/billing/values.yaml", "acme/payments:1.4.1", "acme/payments:1.4.2"]],
    "the migration runs before the sync and reads ConfigMap billing-database, which that same sync would create only afterwards", path="charts/billing", source={"helm": {"valueFiles": ["values.yaml", "values-prod.yaml"]}},
    expected=expect("config-missing job-failed",
        [("Job/billing-migrate spec.template.spec.containers[name=migrate].env[name=DATABASE_URL]", BEFORE)],
        [("ConfigMap/billing-database metadata.annotations", ANY)],
        [('Job/billing-migrate metadata.annotations["argocd.argoproj.io/hook"]', value("Sync"))]))

# 8 — the chart reads its resources elsewhere now; the release's values were not moved along
scenario("values-not-moved", "flux", {
    "charts/search/Chart.yaml": "apiVersion: v2\nname: search\nversion: 0.8.0\n",
    "charts/search/values.yaml": text("""
        image: acme/catalog:1.4.1
        replicas: 1
        cacheMegabytes: 8
        resources:
          requests: {cpu: 10m, memory: 24Mi}
          limits: {memory: 64Mi}
        """),
    "charts/search/templates/deployment.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: search
        spec:
          replicas: {{ .Values.replicas }}
          progressDeadlineSeconds: 70
          selector:
            matchLabels: {app: search}
          template:
            metadata:
              labels: {app: search}
            spec:
              containers:
                - name: search
                  image: {{ .Values.image }}
                  env:
                    - name: CACHE_MB
                      value: {{ .Values.cacheMegabytes | quote }}
                  ports: [{name: http, containerPort: 8080}]
                  resources:
                    {{- toYaml .Values.resources | nindent 12 }}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 4
        """),
    "charts/search/templates/service.yaml": dump(service("search")),
    "releases/search.yaml": release("search", "charts/search", "", """
        valuesFrom:
          - kind: ConfigMap
            name: search-values
        """),
    "releases/search-values.yaml": text("""
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: search-values
        data:
          values.yaml: |
            replicas: 1
            cacheMegabytes: 130
            resources:
              limits: {memory: 224Mi}
        """),
}, ["Search chart 0.9: synonyms as a sidecar with its own resources",
    ["charts/search/Chart.yaml", "0.8.0", "0.9.0"],
    ["charts/search/values.yaml", "resources:\n  requests: {cpu: 10m, memory: 24Mi}\n  limits: {memory: 64Mi}\n", "search:\n  resources:\n    requests: {cpu: 10m, memory: 24Mi}\n    limits: {memory: 64Mi}\nsynonyms:\n  resources:\n    requests: {cpu: 5m, memory: 8Mi}\n    limits: {memory: 32Mi}\n"],
    ["charts/search/templates/deployment.yaml", "            {{- toYaml .Values.resources | nindent 12 }}\n", "            {{- toYaml .Values.search.resources | nindent 12 }}\n"],
    ["charts/search/templates/deployment.yaml", "            periodSeconds: 4\n", "            periodSeconds: 4\n        - name: synonyms\n          image: busybox:1.37\n          command: [\"sh\", \"-c\", \"echo synonyms loaded; while true; do sleep 30 & wait $!; done\"]\n          resources:\n            {{- toYaml .Values.synonyms.resources | nindent 12 }}\n"]],
    "the chart reads search.resources now; the release's values still say resources.limits, so that the default of 64Mi holds for a cache of 130 MB", path="releases",
    expected=expect("out-of-memory helm-failed", [(c("Deployment", "search", "search", "resources.limits.memory"), at_least("160Mi"))]))

# 9 — the base's generator is gone, the overlay still merges into it
scenario("merge-into-nothing", "argocd", {
    "base/storefront.yaml": dump(workload("Deployment", "storefront", shop("storefront", "acme/checkout:1.4.1", envFrom=[{"configMapRef": {"name": "storefront-settings"}}]), deadline=80), service("storefront")),
    "base/kustomization.yaml": kustomization("storefront.yaml", configMapGenerator=[{"name": "storefront-settings", "literals": ["LOG_LEVEL=info", "CURRENCY=EUR"]}]),
    "overlays/staging/kustomization.yaml": kustomization("../../base", configMapGenerator=[{"name": "storefront-settings", "behavior": "merge", "literals": ["BANNER=staging"]}]),
    "overlays/prod/kustomization.yaml": kustomization("../../base", configMapGenerator=[{"name": "storefront-settings", "behavior": "merge", "literals": ["BANNER=none"]}]),
}, ["Settings per environment, wishlist on",
    ["base/kustomization.yaml", "configMapGenerator:\n  - name: storefront-settings\n    literals:\n      - LOG_LEVEL=info\n      - CURRENCY=EUR\n", "# settings: in the overlays\n"],
    ["overlays/staging/kustomization.yaml", "    behavior: merge\n    literals:\n", "    literals:\n      - LOG_LEVEL=info\n      - CURRENCY=EUR\n      - FEATURE_WISHLIST=true\n"],
    ["overlays/prod/kustomization.yaml", "    literals:\n", "    literals:\n      - LOG_LEVEL=info\n      - CURRENCY=EUR\n      - FEATURE_WISHLIST=true\n"]],
    "the overlay's generator merges into a ConfigMap that the base no longer generates", path="overlays/prod",
    expected=expect("render-failed", [], keep=[("ConfigMap/storefront-settings-# data.FEATURE_WISHLIST", value("true"))]))

# 10 — the port's new name does not reach the Service: another workload that calls it is the one that is not ready
API = workload("Deployment", "api", shop("api", "acme/checkout:1.4.1"), deadline=80)
scenario("port-name-service", "flux", {
    "deploy/api.yaml": dump(API),
    "deploy/network.yaml": dump(service("api")),
    "deploy/canary.yaml": dump(workload("Deployment", "canary", box("canary", 'echo "watching http://$API_SERVICE_HOST:$API_SERVICE_PORT"\nwhile true; do sleep 20 & wait $!; done',
        readinessProbe={"exec": {"command": ["sh", "-c", 'wget -q -O /dev/null "http://$API_SERVICE_HOST:$API_SERVICE_PORT/readyz"']}, "periodSeconds": 5, "timeoutSeconds": 4}),
        deadline=80, pod={"terminationGracePeriodSeconds": 5})),
}, ["API 1.4.2, port names after the mesh's convention",
    ["deploy/api.yaml", "acme/checkout:1.4.1", "acme/checkout:1.4.2"],
    ["deploy/api.yaml", "- name: http\n", "- name: http-api\n"],
    ["deploy/api.yaml", "port: http\n", "port: http-api\n"]],
    "Service api still targets port http, which the pods call http-api now: no endpoint has a port, and canary's probe of the Service fails",
    expected=expect("service-port dependency-address service-no-endpoints readiness",
        [("Service/api spec.ports[name=http].targetPort", value("http-api"))],
        [("Service/api spec.ports[name=http].targetPort", value(8080))],
        [(c("Deployment", "api", "api", "ports[name=http-api]"), GONE), (c("Deployment", "api", "api", "ports[name=http]"), BEFORE),
         (c("Deployment", "api", "api", "livenessProbe.httpGet.port"), BEFORE), (c("Deployment", "api", "api", "readinessProbe.httpGet.port"), BEFORE)]))

# 11 — first release: one of two containers lacks what the namespace's restricted profile asks for
STRICT = {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}}
scenario("sidecar-not-restricted", "argocd", {
    "deploy/returns.yaml": dump(workload("Deployment", "returns",
        shop("returns", "acme/worker:1.4.2", env={"WRITE_FILE": "/var/spool/returns/state"}, securityContext=STRICT, volumeMounts=[{"name": "spool", "mountPath": "/var/spool/returns"}]),
        box("shipper", 'echo "shipping /spool to the archive"\nwhile true; do ls -l /spool; sleep 30 & wait $!; done', volumeMounts=[{"name": "spool", "mountPath": "/spool", "readOnly": True}]),
        deadline=70, pod={"securityContext": {"runAsNonRoot": True, "runAsUser": 10001, "fsGroup": 10001, "seccompProfile": {"type": "RuntimeDefault"}}, "volumes": [{"name": "spool", "emptyDir": {}}]})),
    "deploy/parcels.yaml": dump(workload("Deployment", "parcels", shop("parcels", "acme/catalog:1.4.2", securityContext=STRICT),
        deadline=70, pod={"securityContext": {"runAsNonRoot": True, "runAsUser": 10001, "seccompProfile": {"type": "RuntimeDefault"}}})),
    "deploy/services.yaml": dump(service("returns"), service("parcels")),
}, [], "the namespace enforces the restricted profile; container shipper sets neither allowPrivilegeEscalation: false nor drops its capabilities", never_worked=True,
    labels={"pod-security.kubernetes.io/enforce": "restricted"},
    expected=expect("pod-security", *[[(c("Deployment", "returns", "shipper", "securityContext"), value({**STRICT, **more}))] for more in
        ({}, {"runAsNonRoot": True}, {"readOnlyRootFilesystem": True}, {"runAsNonRoot": True, "runAsUser": 10001}, {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}}, {"seccompProfile": {"type": "RuntimeDefault"}})]))

# 12 — first release: a liveness probe may not ask for two successes
scenario("liveness-two-successes", "flux", {
    "charts/vouchers/Chart.yaml": "apiVersion: v2\nname: vouchers\nversion: 0.1.0\n",
    "charts/vouchers/values.yaml": text("""
        image: acme/payments:1.4.2
        replicas: 1
        port: 8080
        resources:
          requests: {cpu: 10m, memory: 24Mi}
          limits: {memory: 96Mi}
        probes:
          liveness: {}
          readiness: {}
        """),
    "charts/vouchers/templates/vouchers.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: vouchers
        spec:
          replicas: {{ .Values.replicas }}
          progressDeadlineSeconds: 70
          selector:
            matchLabels: {app: vouchers}
          template:
            metadata:
              labels: {app: vouchers}
            spec:
              containers:
                - name: vouchers
                  image: {{ .Values.image }}
                  ports:
                    - name: http
                      containerPort: {{ .Values.port }}
                  resources:
                    {{- toYaml .Values.resources | nindent 12 }}
                  livenessProbe:
                    httpGet: {path: /healthz, port: http}
                    {{- with .Values.probes.liveness }}
                    {{- toYaml . | nindent 12 }}
                    {{- end }}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    {{- with .Values.probes.readiness }}
                    {{- toYaml . | nindent 12 }}
                    {{- end }}
        ---
        apiVersion: v1
        kind: Service
        metadata:
          name: vouchers
        spec:
          selector: {app: vouchers}
          ports:
            - {name: http, port: 80, targetPort: http}
        """),
    "releases/kustomization.yaml": kustomization("vouchers.yaml"),
    "releases/vouchers.yaml": release("vouchers", "charts/vouchers", """
        replicas: 2
        probes:
          liveness:
            periodSeconds: 10
            failureThreshold: 3
            successThreshold: 2
          readiness:
            periodSeconds: 4
            failureThreshold: 3
            successThreshold: 2
        """, """
        install:
          remediation: {retries: 1}
        """),
}, [], "the API server refuses a liveness probe with successThreshold 2: only 1 is allowed there", never_worked=True, path="releases",
    expected=expect("invalid-manifest helm-failed liveness",
        [(c("Deployment", "vouchers", "vouchers", "livenessProbe.successThreshold"), value(1))], [(c("Deployment", "vouchers", "vouchers", "livenessProbe.successThreshold"), GONE)]))

# 13 — HUMAN: the Secret left git, and nobody has put it into the cluster
SECRET = dump({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "ledger-database"}, "type": "Opaque", "stringData": {"url": "postgres://ledger:only-for-tests@10.20.0.5/ledger"}})
scenario("secret-left-git", "flux", {
    "deploy/ledger.yaml": dump(workload("Deployment", "ledger", shop("ledger", "acme/payments:1.4.1", env={"REQUIRED_ENV": "DATABASE_URL", "DATABASE_URL": {"secretKeyRef": {"name": "ledger-database", "key": "url"}}}), deadline=80,
        pod={"initContainers": [box("journal", 'mkdir -p /journal/open /journal/closed\necho "journal prepared, waiting for the writer of the old pod"\nsleep 6', volumeMounts=[{"name": "journal", "mountPath": "/journal"}])],
            "volumes": [{"name": "journal", "emptyDir": {}}]})),
    "deploy/secret.yaml": SECRET,
    "deploy/service.yaml": dump(service("ledger")),
    "docs/secrets.md": "# Secrets\n\nSee deploy/secret.yaml.\n",
}, ["No credentials in git (audit finding 7), ledger 1.4.2",
    ["deploy/secret.yaml", SECRET, DELETE],
    ["deploy/ledger.yaml", "acme/payments:1.4.1", "acme/payments:1.4.2"],
    ["docs/secrets.md", "See deploy/secret.yaml.", "The platform team creates them in the namespace by hand, from the vault. Never commit one."]],
    "Secret ledger-database was deleted from git on purpose and pruned; somebody has to create it (with a new password) in the namespace", answer=HUMAN,
    expected=expect("secret-missing"))

# 14 — HUMAN: the licence in a Secret that is not in git has expired; the commit only restarts the pods
scenario("licence-expired", "argocd", {
    "charts/routing/Chart.yaml": "apiVersion: v2\nname: routing\nversion: 3.1.0\n",
    "charts/routing/values.yaml": "image: acme/worker:1.4.1\nreplicas: 1\nlicence: routing-licence\nlogLevel: info\n",
    "charts/routing/values-prod.yaml": "replicas: 2\n",
    "charts/routing/templates/deployment.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: routing
        spec:
          replicas: {{ .Values.replicas }}
          progressDeadlineSeconds: 70
          selector:
            matchLabels: {app: routing}
          template:
            metadata:
              labels: {app: routing}
            spec:
              initContainers:
                - name: licence
                  image: busybox:1.36
                  command: ["sh", "-c"]
                  args:
                    - |
                      until=$(cat /licence/valid-until)
                      if [ "$(date -u +%Y%m%d)" -gt "$(echo "$until" | tr -d -)" ]; then
                        echo "licence $(cat /licence/number) expired on $until: ask licensing@routing.example for a renewal"
                        exit 3
                      fi
                      echo "licence valid until $until"
                  resources:
                    requests: {cpu: 5m, memory: 8Mi}
                    limits: {memory: 32Mi}
                  volumeMounts:
                    - {name: licence, mountPath: /licence, readOnly: true}
              containers:
                - name: routing
                  image: {{ .Values.image }}
                  env:
                    - name: LOG_LEVEL
                      value: {{ .Values.logLevel }}
                  ports: [{name: http, containerPort: 8080}]
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 96Mi}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 4
              volumes:
                - name: licence
                  secret:
                    secretName: {{ .Values.licence }}
        """),
    "charts/routing/templates/service.yaml": dump(service("routing")),
}, ["Routing 1.4.2 with the toll avoidance feature",
    ["charts/routing/values.yaml", "acme/worker:1.4.1", "acme/worker:1.4.2"],
    ["charts/routing/values-prod.yaml", "replicas: 2\n", "replicas: 2\nlogLevel: debug\n"]],
    "the licence in Secret routing-licence, which is not in git, has expired: every new pod of any revision fails on it; somebody must get a new one", answer=HUMAN, path="charts/routing",
    source={"helm": {"valueFiles": ["values.yaml", "values-prod.yaml"]}},
    given=dump({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "routing-licence"}, "stringData": {"number": "RT-20418", "valid-until": "2031-06-30"}}),
    then=[[-4, """kubectl -n "$NAMESPACE" patch secret routing-licence -p '{"stringData":{"valid-until":"2025-11-24"}}'"""]],
    expected=expect("crash-on-start"))

# 15 — NONE: a tag that does not exist, put right by its author a minute later
scenario("corrected-already", "flux", {
    "base/checkout.yaml": dump(workload("Deployment", "checkout", shop("checkout", "acme/checkout"), deadline=90), service("checkout")),
    "base/kustomization.yaml": kustomization("checkout.yaml"),
    "overlays/prod/kustomization.yaml": kustomization("../../base", images=[{"name": "acme/checkout", "newTag": "1.4.1"}], replicas=[{"name": "checkout", "count": 2}]),
}, [{"subject": "Checkout with gift cards", "edit": [["overlays/prod/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.20"]]},
    {"subject": "Checkout 1.4.2", "wait": 75, "edit": [["overlays/prod/kustomization.yaml", "newTag: 1.4.20", "newTag: 1.4.2"]]}],
    "the first commit's tag does not exist, the second corrects it and is healthy: nothing is left to do", answer=NONE, path="overlays/prod",
    expected=expect("healthy recovering"))

# 16 — NONE: parked on purpose
scenario("parked-for-winter", "argocd", {
    "deploy/tours.yaml": dump(workload("Deployment", "tours", shop("tours", "acme/catalog:1.4.2"), replicas=2, deadline=80), service("tours")),
    "deploy/import.yaml": dump(workload("CronJob", "tours-import", box("import", 'echo "importing tours"; sleep 1'), spec={"schedule": "*/2 * * * *", "suspend": False, "successfulJobsHistoryLimit": 1})),
    "deploy/landing.yaml": dump(workload("Deployment", "landing", shop("landing", "acme/catalog:1.4.1"), deadline=80), service("landing")),
}, ["Park the tours until April, landing page says so",
    ["deploy/tours.yaml", "replicas: 2", "replicas: 0"],
    ["deploy/import.yaml", "suspend: false", "suspend: true"],
    ["deploy/landing.yaml", "acme/catalog:1.4.1", "acme/catalog:1.4.2"]],
    "scaled to nothing and suspended on purpose, to save costs: the delivery did what the commit says", answer=NONE,
    expected=expect("replicas-zero suspended healthy"))
