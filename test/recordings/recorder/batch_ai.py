"""Batch AI, written by somebody who knew neither the playbook nor the batches before: shop-1316 to shop-1331, classes that exams forget. No program of this folder is needed."""
import pathlib, runpy, textwrap
globals().update(runpy.run_path(str(pathlib.Path(__file__).parent / "kit.py")))
SCENARIOS, scenario = batch(1316)

SMALL = {"requests": {"cpu": "10m", "memory": "16Mi"}, "limits": {"memory": "64Mi"}}


def release(name, values, timeout="60s", **spec):
    return {"apiVersion": "helm.toolkit.fluxcd.io/v2", "kind": "HelmRelease", "metadata": {"name": name},
            "spec": {"interval": "30s", "timeout": timeout, "chart": {"spec": {"chart": "./charts/service", "reconcileStrategy": "Revision", "sourceRef": {"kind": "GitRepository", "name": "@NAME@", "namespace": "flux-system"}}},
                     "install": {"remediation": {"retries": 1}}, **spec, "values": values}}


# 1 ─ CronJob with a time zone that does not exist; another CronJob of the file has the right one
scenario("cron-zone", "argocd", {
    "deploy/reports.yaml": text("""
        # Reports of the trading desks. One CronJob a desk.
        apiVersion: batch/v1
        kind: CronJob
        metadata:
          name: report-equities
        spec:
          schedule: "30 6 * * 1-5"
          timeZone: Europe/London
          concurrencyPolicy: Forbid
          jobTemplate:
            spec:
              backoffLimit: 1
              template:
                metadata:
                  labels: {app: report-equities}
                spec:
                  restartPolicy: Never
                  containers:
                    - name: report
                      image: busybox:1.36
                      command: ["sh", "-c", "echo report for $DESK; sleep 2"]
                      env:
                        - {name: DESK, value: equities}
                      resources:
                        requests: {cpu: 10m, memory: 16Mi}
        ---
        apiVersion: batch/v1
        kind: CronJob
        metadata:
          name: report-bonds
        spec:
          schedule: "45 5 * * 1-5"
          timeZone: Europe/Zurich
          concurrencyPolicy: Forbid
          jobTemplate:
            spec:
              backoffLimit: 1
              template:
                metadata:
                  labels: {app: report-bonds}
                spec:
                  restartPolicy: Never
                  containers:
                    - name: report
                      image: busybox:1.36
                      command: ["sh", "-c", "echo report for $DESK; sleep 2"]
                      env:
                        - {name: DESK, value: bonds}
                      resources:
                        requests: {cpu: 10m, memory: 16Mi}
        """),
    "deploy/viewer.yaml": dump(workload("Deployment", "report-viewer", container("viewer", "shop", image="acme/catalog:1.4.1")), service("report-viewer")),
}, ["Bonds desk has moved to London",
    ["deploy/reports.yaml", 'schedule: "45 5 * * 1-5"\n  timeZone: Europe/Zurich', 'schedule: "15 6 * * 1-5"\n  timeZone: Europe/Londn'],
    ["deploy/viewer.yaml", "acme/catalog:1.4.1", "acme/catalog:1.4.2"]],
    "CronJob report-bonds has the unknown time zone Europe/Londn; Europe/London is meant, as in report-equities", expected=expect("cron-invalid invalid-manifest job-failed", [("CronJob/report-bonds spec.timeZone", value("Europe/London"))]))


# 2 ─ pods are relabelled in the overlay, the Service of the base selects the old label
scenario("role-renamed", "argocd", {
    "base/kustomization.yaml": kustomization("statefulset.yaml", "service.yaml"),
    "base/statefulset.yaml": dump(workload("StatefulSet", "search", container("search", "shop", image="acme/catalog:1.4.1", env={"ROLE": "primary"}), labels={"role": "primary"}, replicas=1)),
    "base/service.yaml": dump(service("search", clusterIP="None"), service("search-write", selector={"app": "search", "role": "primary"})),
    "overlays/production/kustomization.yaml": kustomization("../../base", patches=[{"path": "search.yaml"}], labels=[{"pairs": {"team": "discovery"}}]),
    "overlays/production/search.yaml": text("""
        apiVersion: apps/v1
        kind: StatefulSet
        metadata:
          name: search
        spec:
          replicas: 2
          template:
            spec:
              containers:
                - name: search
                  env:
                    - {name: CACHE_MB, value: "12"}
        """),
}, ["Say leader, as the docs of the new version do",
    ["base/statefulset.yaml", "role: primary", "role: leader"],
    ["base/statefulset.yaml", "value: primary", "value: leader"],
    ["overlays/production/search.yaml", 'value: "12"', 'value: "16"']],
    "Service search-write still selects role=primary, the pods carry role=leader since the commit: no endpoints", path="overlays/production",
    expected=expect("service-no-endpoints", [("Service/search-write spec.selector.role", value("leader"))]))


# 3 ─ Helm: the container's port is renamed, one of the chart's two Services still targets the old name
CHART = {
    "charts/service/Chart.yaml": "apiVersion: v2\nname: service\nversion: 1.2.0\n",
    "charts/service/values.yaml": text("""
        image:
          repository: acme/checkout
          tag: 1.4.1
        replicas: 1
        env: {}
        resources:
          requests: {cpu: 10m, memory: 24Mi}
          limits: {memory: 96Mi}
        """),
    "charts/service/templates/deployment.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: {{ .Release.Name }}
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
                  ports:
                    - name: http
                      containerPort: 8080
                  env:
                    {{- range $name, $value := .Values.env }}
                    - name: {{ $name }}
                      value: {{ $value | quote }}
                    {{- end }}
                    {{- with .Values.extraEnv }}
                    {{- toYaml . | nindent 12 }}
                    {{- end }}
                  resources:
                    {{- toYaml .Values.resources | nindent 12 }}
                  livenessProbe:
                    httpGet: {path: /healthz, port: http}
                    periodSeconds: 10
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 3
                  {{- if .Values.persistence }}
                  volumeMounts:
                    - {name: data, mountPath: /data}
                  {{- end }}
              {{- with .Values.persistence }}
              volumes:
                - name: data
                  persistentVolumeClaim:
                    claimName: {{ .existingClaim }}
              {{- end }}
        """),
    "charts/service/templates/service.yaml": text("""
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
}
scenario("mesh-port", "flux", {**CHART,
    "charts/service/templates/internal.yaml": text("""
        apiVersion: v1
        kind: Service
        metadata:
          name: {{ .Release.Name }}-internal
          labels: {visibility: internal}
        spec:
          selector:
            app: {{ .Release.Name }}
          ports:
            - name: http
              port: 8080
              targetPort: http
        """),
    "releases/production/basket.yaml": dump(release("basket", {"replicas": 2, "image": {"repository": "acme/checkout", "tag": "1.4.1"}, "env": {"CACHE_MB": "8"}})),
}, ["Port names for the service mesh",
    ["charts/service/templates/deployment.yaml", "- name: http\n", "- name: http-app\n"],
    ["charts/service/templates/deployment.yaml", "port: http}", "port: http-app}"],
    ["charts/service/templates/service.yaml", "{name: http, port: 80, targetPort: http}", "{name: http, port: 80, targetPort: http-app, appProtocol: http}"],
    ["charts/service/Chart.yaml", "1.2.0", "1.3.0"]],
    "Service basket-internal still targets the port name http, which the container no longer has (http-app)", path="releases/production",
    expected=expect("service-port service-no-endpoints", [("Service/basket-internal spec.ports[name=http].targetPort", value("http-app"))], [("Service/basket-internal spec.ports[name=http].targetPort", value(8080))]))


# 4 ─ first release: the Ingress names a port that the Service does not have
scenario("ingress-first", "flux", {
    "deploy/front.yaml": dump(workload("Deployment", "front", container("front", "shop", image="acme/checkout:1.4.2"), replicas=2), service("front")),
    "deploy/offers.yaml": dump(workload("Deployment", "offers", container("offers", "shop", image="acme/catalog:1.4.2")), service("offers", port=8080)),
    "deploy/ingress.yaml": text("""
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata:
          name: shop
        spec:
          rules:
            - host: shop.example.com
              http:
                paths:
                  - path: /offers
                    pathType: Prefix
                    backend:
                      service:
                        name: offers
                        port: {number: 80}
                  - path: /
                    pathType: Prefix
                    backend:
                      service:
                        name: front
                        port: {number: 80}
        """),
}, [], "Ingress shop sends /offers to port 80 of Service offers, which only has 8080", never_worked=True,
    expected=expect("ingress-backend", [("Ingress/shop spec.rules[0].http.paths[0].backend.service.port.number", value(8080))],
                    [("Ingress/shop spec.rules[0].http.paths[0].backend.service.port.number", GONE), ("Ingress/shop spec.rules[0].http.paths[0].backend.service.port.name", value("http"))]))


# 5 ─ the workload became a StatefulSet, its autoscaler still looks for a Deployment
HPA = text("""
    apiVersion: autoscaling/v2
    kind: HorizontalPodAutoscaler
    metadata:
      name: sessions
    spec:
      scaleTargetRef:
        apiVersion: apps/v1
        kind: Deployment
        name: sessions
      minReplicas: 2
      maxReplicas: 6
      metrics:
        - type: Resource
          resource:
            name: cpu
            target: {type: Utilization, averageUtilization: 70}
    """)
SESSIONS = text("""
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: sessions
      labels: {app.kubernetes.io/part-of: login}
    spec:
      replicas: 2
      progressDeadlineSeconds: 90
      selector:
        matchLabels: {app: sessions}
      template:
        metadata:
          labels: {app: sessions}
        spec:
          containers:
            - name: sessions
              image: acme/payments:1.4.1
              ports:
                - {name: http, containerPort: 8080}
              resources:
                requests: {cpu: 20m, memory: 32Mi}
                limits: {memory: 96Mi}
              readinessProbe:
                httpGet: {path: /readyz, port: http}
                periodSeconds: 3
    """)
scenario("hpa-kind", "flux", {
    "deploy/sessions.yaml": SESSIONS, "deploy/service.yaml": dump(service("sessions", clusterIP="None")), "deploy/autoscaling.yaml": HPA,
}, ["Sessions get stable host names",
    ["deploy/sessions.yaml", "kind: Deployment", "kind: StatefulSet"],
    ["deploy/sessions.yaml", "  replicas: 2\n  progressDeadlineSeconds: 90\n", "  serviceName: sessions\n  podManagementPolicy: Parallel\n  replicas: 2\n"]],
    "HorizontalPodAutoscaler sessions targets Deployment sessions, which is now a StatefulSet: FailedGetScale",
    expected=expect("autoscaler", [("HorizontalPodAutoscaler/sessions spec.scaleTargetRef.kind", value("StatefulSet"))]))


# 6 ─ HelmRelease: the claim is called otherwise than the new one beside it
def disk(name, size):
    return [{"apiVersion": "v1", "kind": "PersistentVolume", "metadata": {"name": f"@NAME@-{name}"},
             "spec": {"capacity": {"storage": size}, "accessModes": ["ReadWriteOnce"], "persistentVolumeReclaimPolicy": "Retain", "storageClassName": "",
                      "hostPath": {"path": f"/tmp/disks/@NAME@-{name}", "type": "DirectoryOrCreate"}}},
            {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {"name": name},
             "spec": {"accessModes": ["ReadWriteOnce"], "storageClassName": "", "volumeName": f"@NAME@-{name}", "resources": {"requests": {"storage": size}}}}]


scenario("claim-renamed", "flux", {**CHART,
    "releases/archive.yaml": dump(release("archive", {"image": {"repository": "acme/worker", "tag": "1.4.1"}, "env": {"WRITE_FILE": "/data/state"}, "persistence": {"existingClaim": "archive-data"}})),
    "releases/disks/data.yaml": dump(*disk("archive-data", "1Gi")),
}, ["Archive on the larger disk",
    ["releases/disks/large.yaml", None, dump(*disk("archive-data-large", "4Gi"))],
    ["releases/archive.yaml", "existingClaim: archive-data", "existingClaim: archive-large"],
    ["releases/archive.yaml", "tag: 1.4.1", "tag: 1.4.2"]],
    "the release mounts the claim archive-large, the new claim is called archive-data-large", path="releases",
    expected=expect("volume-unbound volume-mount", [("Deployment/archive spec.template.spec.volumes[name=data].persistentVolumeClaim.claimName", value("archive-data-large"))]))


# 7 ─ a generated ConfigMap's key is renamed, the mount's subPath is not: the file is an empty directory
scenario("sub-path", "argocd", {
    "base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
    "base/deployment.yaml": dump(workload("Deployment", "pricing", container("pricing", "shop", image="acme/catalog:1.4.1", env={"CONFIG_FILE": "/etc/pricing/pricing.env"},
                                          volumeMounts=[{"name": "settings", "mountPath": "/etc/pricing/pricing.env", "subPath": "pricing.env", "readOnly": True}]),
                                          pod={"volumes": [{"name": "settings", "configMap": {"name": "pricing-settings"}}]})),
    "base/service.yaml": dump(service("pricing")),
    "overlays/eu/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources:
          - ../../base
        images:
          - name: acme/catalog
            newTag: 1.4.1
        configMapGenerator:
          - name: pricing-settings
            files:
              - pricing.env
        """),
    "overlays/eu/pricing.env": "CURRENCY=EUR\nVAT_INCLUDED=true\n",
}, ["Version 1.4.2 for Europe, settings per region",
    ["overlays/eu/kustomization.yaml", "- pricing.env", "- pricing-eu.env"],
    ["overlays/eu/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.2"],
    ["overlays/eu/pricing.env", "CURRENCY=EUR\nVAT_INCLUDED=true\n", DELETE],
    ["overlays/eu/pricing-eu.env", None, "CURRENCY=EUR\nVAT_INCLUDED=true\nROUNDING=cent\n"]],
    "the ConfigMap's key is now pricing-eu.env, the mount's subPath still pricing.env: the kubelet makes an empty directory of it, the program cannot read its configuration", path="overlays/eu",
    expected=expect("volume-mount config-key-missing crash-on-start config-missing",
                    [(c("Deployment", "pricing", "pricing", "volumeMounts[name=settings].subPath"), value("pricing-eu.env"))],
                    [('ConfigMap/pricing-settings-# data["pricing.env"]', value("CURRENCY=EUR\nVAT_INCLUDED=true\nROUNDING=cent\n")), ('ConfigMap/pricing-settings-# data["pricing-eu.env"]', GONE)]))


# 8 ─ DaemonSet by a chart: the account is renamed in one file, its user gets it misspelt in another
scenario("account-name", "argocd", {
    "chart/Chart.yaml": "apiVersion: v2\nname: log-agent\nversion: 0.4.2\n",
    "chart/values.yaml": text("""
        image:
          repository: acme/worker
          tag: 1.4.1
        serviceAccount:
          name: collector
          annotations: {}
        agent:
          serviceAccountName: collector
          env:
            CACHE_MB: "4"
        """),
    "chart/values-production.yaml": text("""
        agent:
          env:
            CACHE_MB: "8"
        """),
    "chart/templates/serviceaccount.yaml": text("""
        apiVersion: v1
        kind: ServiceAccount
        metadata:
          name: {{ .Values.serviceAccount.name }}
          {{- with .Values.serviceAccount.annotations }}
          annotations:
            {{- toYaml . | nindent 4 }}
          {{- end }}
        automountServiceAccountToken: false
        """),
    "chart/templates/daemonset.yaml": text("""
        apiVersion: apps/v1
        kind: DaemonSet
        metadata:
          name: log-agent
        spec:
          selector:
            matchLabels: {app: log-agent}
          template:
            metadata:
              labels: {app: log-agent}
            spec:
              serviceAccountName: {{ .Values.agent.serviceAccountName }}
              containers:
                - name: agent
                  image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
                  env:
                    {{- range $k, $v := .Values.agent.env }}
                    - {name: {{ $k }}, value: {{ $v | quote }}}
                    {{- end }}
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 96Mi}
                  readinessProbe:
                    httpGet: {path: /readyz, port: 8080}
                    periodSeconds: 5
        """),
}, ["Account of its own in production, version 1.4.2",
    ["chart/values-production.yaml", "agent:\n", "image:\n  tag: 1.4.2\nserviceAccount:\n  name: log-collector\n  annotations:\n    acme.example/cost-center: \"4711\"\nagent:\n  serviceAccountName: logs-collector\n"]],
    "the DaemonSet uses the account logs-collector, the chart makes log-collector", path="chart", source={"helm": {"valueFiles": ["values.yaml", "values-production.yaml"]}},
    expected=expect("service-account-missing", [("DaemonSet/log-agent spec.template.spec.serviceAccountName", value("log-collector"))]))


# 9 ─ a LimitRange of a component forbids limits of more than four times the request
scenario("limit-ratio", "argocd", {
    "components/guardrails/kustomization.yaml": dump({"apiVersion": "kustomize.config.k8s.io/v1alpha1", "kind": "Component", "resources": ["limitrange.yaml"]}),
    "components/guardrails/limitrange.yaml": text("""
        apiVersion: v1
        kind: LimitRange
        metadata:
          name: overcommit
        spec:
          limits:
            - type: Container
              maxLimitRequestRatio:
                memory: "4"
        """),
    "base/kustomization.yaml": kustomization("deployment.yaml"),
    "base/deployment.yaml": dump(workload("Deployment", "stock", container("stock", "shop", image="acme/worker:1.4.1", resources={"requests": {"cpu": "20m", "memory": "48Mi"}, "limits": {"memory": "96Mi"}}),
                                          container("relay", "shop", image="acme/catalog:1.4.1", env={"PORT": "8090"}, probes=False, ports=[{"name": "relay", "containerPort": 8090}], resources={"requests": {"cpu": "20m", "memory": "32Mi"}, "limits": {"memory": "128Mi"}})), service("stock")),
    "overlays/production/kustomization.yaml": kustomization("../../base", components=["../../components/guardrails"], patches=[{"path": "size.yaml"}]),
    "overlays/production/size.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: stock
        spec:
          replicas: 1
          template:
            spec:
              containers:
                - name: relay
                  resources:
                    requests: {cpu: 20m, memory: 40Mi}
        """),
}, ["Give back what the pods do not use",
    ["overlays/production/size.yaml", "requests: {cpu: 20m, memory: 40Mi}", "requests: {cpu: 10m, memory: 20Mi}"],
    ["overlays/production/size.yaml", "replicas: 1", "replicas: 2"]],
    "LimitRange overcommit allows a memory limit of four times the request; relay now requests 20Mi with a limit of 128Mi", path="overlays/production",
    expected=expect("limit-range quota", [(c("Deployment", "stock", "relay", "resources.requests.memory"), BEFORE)], [(c("Deployment", "stock", "relay", "resources.requests.memory"), at_least("32Mi"))],
                    [(c("Deployment", "stock", "relay", "resources.limits.memory"), value("80Mi"))], [(c("Deployment", "stock", "relay", "resources.limits.memory"), value("64Mi"))]))


# 10 ─ a new init container lacks what the namespace's pod security wants
TIGHT = {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}}
LEDGER = workload("StatefulSet", "ledger", container("ledger", "shop", image="acme/payments:1.4.1", env={"CONFIG_FILE": "/work/ledger.env"}, securityContext=TIGHT, volumeMounts=[{"name": "work", "mountPath": "/work"}]),
                  pod={"securityContext": {"runAsNonRoot": True, "runAsUser": 1000, "seccompProfile": {"type": "RuntimeDefault"}}, "volumes": [{"name": "work", "emptyDir": {}}],
                       "initContainers": [{"name": "settings", "image": "busybox:1.36", "command": ["sh", "-c", "echo REGION=eu > /work/ledger.env"], "securityContext": TIGHT, "resources": SMALL, "volumeMounts": [{"name": "work", "mountPath": "/work"}]}]})
scenario("init-restricted", "flux", {
    "deploy/ledger.yaml": dump(LEDGER), "deploy/service.yaml": dump(service("ledger", clusterIP="None")),
    "deploy/notes.yaml": dump(configmap("release-notes", channel="stable")),
}, ["Rates are there before the ledger starts",
    ["deploy/ledger.yaml", "      - name: settings\n", textwrap.indent(text("""
        - name: rates
          image: busybox:1.37
          command: [sh, -c, "echo EUR=1 > /work/rates"]
          resources:
            requests: {cpu: 10m, memory: 16Mi}
            limits: {memory: 64Mi}
          volumeMounts:
          - name: work
            mountPath: /work
        """), " " * 6) + "      - name: settings\n"],
    ["deploy/ledger.yaml", "acme/payments:1.4.1", "acme/payments:1.4.2"]],
    "the namespace enforces the restricted pod security standard; the new init container rates lacks allowPrivilegeEscalation: false and dropped capabilities",
    labels={"pod-security.kubernetes.io/enforce": "restricted"},
    expected=expect("pod-security", [(c("StatefulSet", "ledger", "rates", "securityContext", init=True), ANY)]))


# 11 ─ Helm lists are replaced, not merged: the sidecar loses its PORT and takes the main container's
scenario("list-replaced", "argocd", {
    "chart/Chart.yaml": "apiVersion: v2\nname: orders\nversion: 2.0.0\n",
    "chart/values.yaml": text("""
        app:
          tag: 1.4.1
          env:
            - name: CACHE_MB
              value: "6"
        exporter:
          tag: 1.4.1
          env:
            - name: PORT
              value: "9102"
            - name: READY_PATH
              value: /metrics
        """),
    "chart/values-prod.yaml": text("""
        replicas: 2
        app:
          tag: 1.4.2
        """),
    "chart/templates/orders.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: orders
        spec:
          replicas: {{ .Values.replicas | default 1 }}
          progressDeadlineSeconds: 75
          selector:
            matchLabels: {app: orders}
          template:
            metadata:
              labels: {app: orders}
            spec:
              containers:
                - name: orders
                  image: acme/checkout:{{ .Values.app.tag }}
                  ports:
                    - {name: http, containerPort: 8080}
                  env:
                    {{- toYaml .Values.app.env | nindent 12 }}
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 96Mi}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 3
                - name: exporter
                  image: acme/worker:{{ .Values.exporter.tag }}
                  ports:
                    - {name: metrics, containerPort: 9102}
                  env:
                    {{- toYaml .Values.exporter.env | nindent 12 }}
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 96Mi}
        ---
        apiVersion: v1
        kind: Service
        metadata:
          name: orders
        spec:
          selector: {app: orders}
          ports:
            - {name: http, port: 80, targetPort: http}
            - {name: metrics, port: 9102, targetPort: metrics}
        """),
}, ["Larger metrics window in production",
    ["chart/values-prod.yaml", "  tag: 1.4.2\n", "  tag: 1.4.2\nexporter:\n  env:\n    - name: READY_PATH\n      value: /metrics\n    - name: CACHE_MB\n      value: \"16\"\n"]],
    "values-prod.yaml replaces the whole list exporter.env, so the exporter has no PORT and listens on 8080, which orders has", path="chart", source={"helm": {"valueFiles": ["values.yaml", "values-prod.yaml"]}},
    expected=expect("port-conflict crash-on-start", [(c("Deployment", "orders", "exporter", "env[name=PORT]"), BEFORE)]))


# 12 ─ the startup probe's window shrinks below what the program needs
scenario("startup-window", "flux", {
    "base/kustomization.yaml": kustomization("catalog.yaml"),
    "base/catalog.yaml": dump(workload("Deployment", "catalog", container("catalog", "shop", image="acme/catalog:1.4.1", env={"START_SECONDS": "25"},
                                       live={"httpGet": {"path": "/healthz", "port": "http"}, "periodSeconds": 10},
                                       startupProbe={"httpGet": {"path": "/healthz", "port": "http"}, "periodSeconds": 5, "failureThreshold": 12}), deadline=75), service("catalog")),
    "overlays/prod/kustomization.yaml": kustomization("../../base", patches=[{"path": "probes.yaml", "target": {"kind": "Deployment", "name": "catalog"}}]),
    "overlays/prod/probes.yaml": text("""
        - op: replace
          path: /spec/template/spec/containers/0/readinessProbe/periodSeconds
          value: 4
        """),
}, ["Notice a started catalog sooner",
    ["overlays/prod/probes.yaml", "  value: 4\n", "  value: 2\n- op: replace\n  path: /spec/template/spec/containers/0/startupProbe/periodSeconds\n  value: 1\n"]],
    "the startup probe now gives up after 12 times 1 s, the catalog needs 25 s to start", path="overlays/prod",
    expected=expect("startup-probe startup liveness-probe", [(c("Deployment", "catalog", "catalog", "startupProbe.periodSeconds"), BEFORE)],
                    [(c("Deployment", "catalog", "catalog", "startupProbe.periodSeconds"), at_least("3"))],
                    [(c("Deployment", "catalog", "catalog", "startupProbe.failureThreshold"), at_least("30"))]))


# 13 ─ HUMAN: the migration meets rows that somebody has to clean up
scenario("duplicate-rows", "argocd", {
    "deploy/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources:
          - orders.yaml
          - schema.yaml
        configMapGenerator:
          - name: schema
            files:
              - migrate.sh
        """),
    "deploy/migrate.sh": "echo 'schema: version 17, applying 1 migration'\nsleep 2\necho '0017_add_reference: done'\n",
    "deploy/schema.yaml": dump(workload("Job", "schema-17", {"name": "migrate", "image": "busybox:1.36", "command": ["sh", "/sql/migrate.sh"], "resources": SMALL, "volumeMounts": [{"name": "sql", "mountPath": "/sql"}]},
                                        pod={"volumes": [{"name": "sql", "configMap": {"name": "schema"}}]})),
    "deploy/orders.yaml": dump(workload("Deployment", "orders", container("orders", "shop", image="acme/checkout:1.4.1")), service("orders")),
}, ["Order references are unique (schema 18)",
    ["deploy/schema.yaml", "schema-17", "schema-18"],
    ["deploy/migrate.sh", "echo 'schema: version 17, applying 1 migration'\nsleep 2\necho '0017_add_reference: done'\n",
     "echo 'schema: version 18, applying 1 migration'\nsleep 2\necho 'ERROR:  could not create unique index \"orders_reference_key\"' >&2\necho 'DETAIL:  Key (reference)=(A-20417) is duplicated.' >&2\necho '0018_unique_reference: rolled back' >&2\nexit 3\n"],
    ["deploy/orders.yaml", "acme/checkout:1.4.1", "acme/checkout:1.4.2"]],
    "migration 18 makes order references unique, and the table holds duplicates: somebody has to clean the data", answer=HUMAN, expected=expect("job-failed"))


# 14 ─ HUMAN: a key that the Secret (made by hand) does not have
scenario("secret-key", "flux", {**CHART,
    "releases/payments.yaml": dump(release("payments", {"image": {"repository": "acme/payments", "tag": "1.4.1"},
        "extraEnv": [{"name": "PSP_API_KEY", "valueFrom": {"secretKeyRef": {"name": "psp", "key": "api-key"}}}]}, valuesFrom=[{"kind": "ConfigMap", "name": "payments-values"}])),
    "releases/values.yaml": dump(configmap("payments-values", values__yaml="replicas: 2\nenv:\n  REQUIRED_ENV: PSP_API_KEY\n")),
}, ["Check signatures of the provider's callbacks",
    ["releases/payments.yaml", "    extraEnv:\n", "    extraEnv:\n    - name: PSP_CALLBACK_SIGNING\n      valueFrom:\n        secretKeyRef:\n          name: psp\n          key: callback-signing\n"],
    ["releases/values.yaml", "REQUIRED_ENV: PSP_API_KEY", "REQUIRED_ENV: PSP_API_KEY,PSP_CALLBACK_SIGNING"]],
    "Secret psp has no key callback-signing: somebody has to put the value there", answer=HUMAN, path="releases", expected=expect("secret-missing"),
    given=dump({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "psp"}, "stringData": {"api-key": "only-for-tests"}}))


# 15 ─ NONE: the new pod waits for a lease of the old one, fails twice and then runs
scenario("lease", "argocd", {
    "chart/Chart.yaml": "apiVersion: v2\nname: scheduler\nversion: 0.9.0\n",
    "chart/values.yaml": "image: busybox:1.36\nshard: \"1\"\n",
    "chart/values-prod.yaml": "shard: \"3\"\n",
    "chart/templates/scheduler.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: scheduler
        spec:
          replicas: 1
          strategy: {type: Recreate}
          progressDeadlineSeconds: 180
          selector:
            matchLabels: {app: scheduler}
          template:
            metadata:
              labels: {app: scheduler}
            spec:
              terminationGracePeriodSeconds: 3
              containers:
                - name: scheduler
                  image: {{ .Values.image }}
                  command: [sh, /opt/scheduler.sh]
                  env:
                    - {name: SHARD, value: {{ .Values.shard | quote }}}
                  resources:
                    requests: {cpu: 10m, memory: 16Mi}
                    limits: {memory: 64Mi}
                  readinessProbe:
                    exec: {command: [test, -f, /run/lease/held]}
                    periodSeconds: 3
                  volumeMounts:
                    - {name: lease, mountPath: /run/lease}
                    - {name: program, mountPath: /opt}
              volumes:
                - name: lease
                  emptyDir: {}
                - name: program
                  configMap: {name: scheduler}
        ---
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: scheduler
        data:
          scheduler.sh: |
            echo x >> /run/lease/attempts
            echo "scheduler: shard $SHARD, asking for the lease"
            sleep 2
            if [ $(wc -l < /run/lease/attempts) -lt 3 ]; then
              echo "scheduler: lease is still held by the previous instance, giving up for now"
              exit 1
            fi
            echo "scheduler: lease acquired"
            touch /run/lease/held
            while true; do sleep 5; done
        """),
}, ["Shard 4, busybox 1.37", ["chart/values-prod.yaml", 'shard: "3"', 'shard: "4"\nimage: busybox:1.37']],
    "the scheduler fails until the lease is free and runs at the third attempt: nothing to do", answer=NONE, path="chart", source={"helm": {"valueFiles": ["values.yaml", "values-prod.yaml"]}}, expected=expect("healthy recovering"))


# 16 ─ NONE: paused on purpose
scenario("paused", "flux", {
    "base/kustomization.yaml": kustomization("mailer.yaml", "digest.yaml"),
    "base/mailer.yaml": dump(workload("Deployment", "mailer", container("mailer", "shop", image="acme/worker:1.4.1"), replicas=2), service("mailer")),
    "base/digest.yaml": dump(workload("CronJob", "digest", {"name": "digest", "image": "busybox:1.36", "command": ["sh", "-c", "echo digest sent"], "resources": SMALL}, spec={"schedule": "*/30 * * * *"})),
    "overlays/prod/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources:
          - ../../base
        replicas:
          - name: mailer
            count: 2
        patches:
          - path: digest.yaml
        """),
    "overlays/prod/digest.yaml": "apiVersion: batch/v1\nkind: CronJob\nmetadata:\n  name: digest\nspec:\n  suspend: false\n",
}, ["No mail while the provider moves (CHG-2291, until Monday)",
    ["overlays/prod/kustomization.yaml", "count: 2", "count: 0"],
    ["overlays/prod/digest.yaml", "suspend: false", "suspend: true"]],
    "the mailer has no replicas and the digest is suspended, both on purpose: nothing to do", answer=NONE, path="overlays/prod", expected=expect("replicas-zero suspended replicas-zero/suspended healthy"))
