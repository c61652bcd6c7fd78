"""Failures spread over all classes, by somebody who did not know the playbook."""
import pathlib, runpy, textwrap
globals().update(runpy.run_path(str(pathlib.Path(__file__).parent / "kit.py")))
SCENARIOS, scenario = batch(1748)


def helm_source(values):
    return {"path": "chart", "helm": {"valueFiles": [values]}}


def chart(name, version="0.4.0"):
    return f"apiVersion: v2\nname: {name}\nversion: {version}\n"


# 1748 dependency-address: the Service got a new name, one of its two consumers (a CronJob in another file) still asks for the old one
sync = {"name": "sync", "image": "busybox:1.37", "command": ["/bin/sh", "-c"],
        "args": [Text('echo "reading prices from $CATALOG_URL"\nwget -q -O /tmp/prices "$CATALOG_URL/" || { echo "price list not reachable: $CATALOG_URL"; exit 1; }\ncat /tmp/prices\n')],
        "env": [{"name": "CATALOG_URL", "value": "http://$(CATALOG_SERVICE_HOST):80"}], "resources": {"requests": {"cpu": "10m", "memory": "16Mi"}, "limits": {"memory": "48Mi"}}}
scenario("catalog-service-name", "flux", {
    **one("catalog", workload("Deployment", "catalog", container("catalog", "shop", "acme/catalog:1.4.1"), deadline=80), service("catalog")),
    **one("storefront", workload("Deployment", "storefront", container("storefront", "shop", "acme/checkout:1.4.1", env={"CATALOG_URL": "http://$(CATALOG_SERVICE_HOST):80", "REQUIRED_ENV": "CATALOG_URL"}), deadline=80), service("storefront")),
    **one("price-sync", workload("CronJob", "price-sync", sync, spec={"failedJobsHistoryLimit": 2, "successfulJobsHistoryLimit": 1})),
}, ["Separate the catalog's API from its admin pages",
    ["deploy/catalog.yaml", "kind: Service\nmetadata:\n  name: catalog\n", "kind: Service\nmetadata:\n  name: catalog-api\n"],
    ["deploy/storefront.yaml", "http://$(CATALOG_SERVICE_HOST):80", "http://$(CATALOG_API_SERVICE_HOST):80"]],
    "Service catalog is now catalog-api; the CronJob price-sync still uses CATALOG_SERVICE_HOST, which no Service provides", FIX,
    expect("dependency-address job-failed",
           [(c("CronJob", "price-sync", "sync", "env[name=CATALOG_URL].value"), value("http://$(CATALOG_API_SERVICE_HOST):80"))],
           [(c("CronJob", "price-sync", "sync", "env[name=CATALOG_URL].value"), value("http://$(CATALOG_API_SERVICE_HOST):$(CATALOG_API_SERVICE_PORT)"))]))

# 1749 unschedulable-placement: spread over zones, but the node carries no zone
scenario("spread-zones", "argocd", {
    "chart/Chart.yaml": chart("catalog"),
    "chart/values.yaml": text("""
        image:
          repository: acme/catalog
          tag: 1.4.0
        replicas: 1
        spread:
          maxSkew: 1
          topologyKey: kubernetes.io/hostname
        resources:
          requests: {cpu: 10m, memory: 24Mi}
          limits: {memory: 96Mi}
        """),
    "chart/templates/statefulset.yaml": text("""
        apiVersion: apps/v1
        kind: StatefulSet
        metadata:
          name: catalog
          labels:
            app.kubernetes.io/name: catalog
        spec:
          serviceName: catalog
          podManagementPolicy: Parallel
          replicas: {{ .Values.replicas }}
          selector:
            matchLabels:
              app: catalog
          template:
            metadata:
              labels:
                app: catalog
            spec:
              topologySpreadConstraints:
                - maxSkew: {{ .Values.spread.maxSkew }}
                  topologyKey: {{ .Values.spread.topologyKey }}
                  whenUnsatisfiable: {{ .Values.spread.whenUnsatisfiable | default "DoNotSchedule" }}
                  labelSelector:
                    matchLabels:
                      app: catalog
              containers:
                - name: catalog
                  image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
                  ports:
                    - name: http
                      containerPort: 8080
                  resources:
                    {{- toYaml .Values.resources | nindent 12 }}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 3
        """),
    "chart/templates/service.yaml": text("""
        apiVersion: v1
        kind: Service
        metadata:
          name: catalog
        spec:
          clusterIP: None
          selector:
            app: catalog
          ports:
            - {name: http, port: 8080, targetPort: http}
        """),
    "env/staging.yaml": "replicas: 1\nimage:\n  tag: 1.4.2\n",
    "env/prod.yaml": "# production\nreplicas: 2\nimage:\n  tag: 1.4.1\nspread:\n  topologyKey: kubernetes.io/hostname\n",
}, ["Catalog 1.4.2, ready for the second data centre",
    ["env/prod.yaml", "tag: 1.4.1", "tag: 1.4.2"], ["env/prod.yaml", "topologyKey: kubernetes.io/hostname", "topologyKey: topology.kubernetes.io/zone"]],
    "the spread constraint asks for topology.kubernetes.io/zone, a label that no node carries; DoNotSchedule leaves the new pod pending", FIX,
    expect("unschedulable-placement",
           [(pod("StatefulSet", "catalog", "topologySpreadConstraints[0].topologyKey"), BEFORE)],
           [(pod("StatefulSet", "catalog", "topologySpreadConstraints[0].whenUnsatisfiable"), value("ScheduleAnyway"))]),
    path="chart", source=helm_source("../env/prod.yaml"))

# 1750 port-conflict: base moves to a port that the exporter of a component has in production
scenario("exporter-component", "flux", {
    "base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
    "base/deployment.yaml": dump(workload("Deployment", "ledger", container("ledger", "shop", "acme/payments:1.4.1", env={"PORT": "8080", "CACHE_MB": "8"}), deadline=70)),
    "base/service.yaml": dump(service("ledger")),
    "components/exporter/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1alpha1
        kind: Component
        patches:
          - path: exporter.yaml
        """),
    "components/exporter/exporter.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: ledger
        spec:
          template:
            spec:
              containers:
                - name: exporter
                  image: acme/worker:1.4.1
                  env:
                    - name: PORT
                      value: "9102"
                  ports:
                    - name: metrics
                      containerPort: 9102
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 64Mi}
        """),
    "overlays/staging/kustomization.yaml": kustomization("../../base"),
    "overlays/prod/kustomization.yaml": kustomization("../../base", components=["../../components/exporter"], replicas=[{"name": "ledger", "count": 2}]),
}, ["Ledger listens where the gateway expects it",
    ["base/deployment.yaml", "value: '8080'", "value: '9102'"], ["base/deployment.yaml", "containerPort: 8080", "containerPort: 9102"], ["base/deployment.yaml", "value: '8'", "value: '12'"]],
    "ledger now listens on 9102, where the exporter sidecar of the production overlay's component listens: address already in use", FIX,
    expect("port-conflict crash-on-start",
           [(c("Deployment", "ledger", "ledger", "env[name=PORT].value"), BEFORE), (c("Deployment", "ledger", "ledger", "ports[name=http].containerPort"), BEFORE)],
           [(c("Deployment", "ledger", "exporter", "env[name=PORT].value"), ANY), (c("Deployment", "ledger", "exporter", "ports[name=metrics].containerPort"), ANY)]),
    path="overlays/prod")

# 1751 render-failed: an overlay's JSON patch counts the variables of the base
scenario("patch-index", "argocd", {
    "base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
    "base/deployment.yaml": dump(workload("Deployment", "search", container("search", "shop", "acme/catalog:1.4.1", env={"REGION": "eu-central", "LEGACY_FEED": "off", "CACHE_MB": "8"}), deadline=80)),
    "base/service.yaml": dump(service("search")),
    "overlays/staging/kustomization.yaml": kustomization("../../base"),
    "overlays/prod/kustomization.yaml": kustomization("../../base", patches=[{"path": "tuning.yaml", "target": {"kind": "Deployment", "name": "search"}}]),
    "overlays/prod/tuning.yaml": text("""
        # production has more memory
        - op: replace
          path: /spec/replicas
          value: 2
        - op: replace
          path: /spec/template/spec/containers/0/env/2/value
          value: "24"
        """),
}, ["Search 1.4.2 without the old feed",
    ["base/deployment.yaml", "acme/catalog:1.4.1", "acme/catalog:1.4.2"], ["base/deployment.yaml", "        - name: LEGACY_FEED\n          value: 'off'\n", ""]],
    "base lost the second variable, so env/2 of the production patch does not exist any more (CACHE_MB is env/1 now)", FIX,
    expect("render-failed", [], keep=[(c("Deployment", "search", "search", "env[name=LEGACY_FEED]"), GONE), (c("Deployment", "search", "search", "image"), value("acme/catalog:1.4.2"))]),
    path="overlays/prod")

# 1752 helm-failed: a value that the chart's schema does not know, in the ConfigMap that a HelmRelease reads
scenario("schema-values", "flux", {
    "chart/Chart.yaml": chart("web", "1.2.0"),
    "chart/values.yaml": "image:\n  repository: acme/checkout\n  tag: 1.4.1\nreplicas: 1\ncacheMb: 8\n",
    "chart/values.schema.json": text("""
        {
          "$schema": "http://json-schema.org/draft-07/schema#",
          "type": "object",
          "additionalProperties": false,
          "required": ["image", "replicas"],
          "properties": {
            "global": {"type": "object"},
            "image": {"type": "object", "properties": {"repository": {"type": "string"}, "tag": {"type": "string"}}},
            "replicas": {"type": "integer", "minimum": 0},
            "cacheMb": {"type": "integer"}
          }
        }
        """),
    "chart/templates/web.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: {{ .Release.Name }}
        spec:
          replicas: {{ .Values.replicas }}
          progressDeadlineSeconds: 80
          selector:
            matchLabels:
              app: {{ .Release.Name }}
          template:
            metadata:
              labels:
                app: {{ .Release.Name }}
            spec:
              containers:
                - name: web
                  image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
                  env:
                    - name: CACHE_MB
                      value: {{ .Values.cacheMb | quote }}
                  ports:
                    - name: http
                      containerPort: 8080
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 96Mi}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 3
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
    "releases/values.yaml": text("""
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: harbour-values
        data:
          values.yaml: |
            replicas: 2
            cacheMb: 8
        """),
    "releases/harbour.yaml": text("""
        apiVersion: helm.toolkit.fluxcd.io/v2
        kind: HelmRelease
        metadata:
          name: harbour
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
          valuesFrom:
            - kind: ConfigMap
              name: harbour-values
          values:
            image:
              tag: 1.4.2
        """),
}, ["Three instances for the season", ["releases/values.yaml", "    replicas: 2\n    cacheMb: 8\n", "    replicaCount: 3\n    cacheMb: 12\n"]],
    "the chart's value is named replicas; its schema refuses replicaCount", FIX,
    expect("helm-failed render-failed", [], keep=[("Deployment/harbour spec.replicas", value(3)), (c("Deployment", "harbour", "web", "env[name=CACHE_MB].value"), value("12"))]),
    path="releases")

# 1753 limit-range: the ratio of limit to request
PAYMENTS = text("""
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: payments
      labels:
        app.kubernetes.io/name: payments
    spec:
      replicas: {{ .Values.replicas }}
      progressDeadlineSeconds: 70
      selector:
        matchLabels:
          app: payments
      template:
        metadata:
          labels:
            app: payments
        spec:
          containers:
            - name: payments
              image: "acme/payments:{{ .Values.tag }}"
              ports:
                - name: http
                  containerPort: 8080
              resources:
                {{- toYaml .Values.resources | nindent 12 }}
              readinessProbe:
                httpGet: {path: /readyz, port: http}
                periodSeconds: 3
              livenessProbe:
                httpGet: {path: /healthz, port: http}
                periodSeconds: 10
    """)
scenario("usage-report", "argocd", {
    "chart/Chart.yaml": chart("payments"),
    "chart/values.yaml": "replicas: 1\ntag: 1.4.1\nresources: {}\n",
    "chart/templates/deployment.yaml": PAYMENTS,
    "chart/templates/service.yaml": dump(service("payments")),
    "env/prod.yaml": "replicas: 2\ntag: 1.4.2\nresources:\n  requests:\n    cpu: 40m\n    memory: 64Mi\n  limits:\n    memory: 128Mi\n",
}, ["Requests from last month's usage report", ["env/prod.yaml", "    cpu: 40m\n    memory: 64Mi\n", "    cpu: 20m\n    memory: 16Mi\n"]],
    "LimitRange allows a memory limit of at most four times the request; it is eight times now", FIX,
    expect("limit-range quota",
           [(c("Deployment", "payments", "payments", "resources.requests.memory"), BEFORE)],
           [(c("Deployment", "payments", "payments", "resources.requests.memory"), value("32Mi"))],
           [(c("Deployment", "payments", "payments", "resources.limits.memory"), value("64Mi"))]),
    path="chart", source=helm_source("../env/prod.yaml"),
    given=text("""
        apiVersion: v1
        kind: LimitRange
        metadata:
          name: overcommit
        spec:
          limits:
            - type: Container
              maxLimitRequestRatio:
                memory: "4"
        """))

# 1754 run-as-root-image: the user moved from the pod to one of its containers, the init container has none now
scenario("context-per-container", "flux", {
    "deploy/service.yaml": dump(service("quotes")),
    "deploy/quotes.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: quotes
          labels:
            app.kubernetes.io/name: quotes
        spec:
          replicas: 2
          progressDeadlineSeconds: 70
          selector:
            matchLabels:
              app: quotes
          template:
            metadata:
              labels:
                app: quotes
            spec:
              securityContext:
                runAsNonRoot: true
                runAsUser: 1000
              initContainers:
                - name: prepare
                  image: busybox:1.36
                  command: [/bin/sh, -c, 'echo "CURRENCY=EUR" > /work/app.conf']
                  resources:
                    requests: {cpu: 10m, memory: 16Mi}
                    limits: {memory: 48Mi}
                  volumeMounts:
                    - {name: work, mountPath: /work}
              containers:
                - name: quotes
                  image: acme/checkout:1.4.1
                  env:
                    - name: CONFIG_FILE
                      value: /work/app.conf
                  ports:
                    - name: http
                      containerPort: 8080
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 96Mi}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 3
                  volumeMounts:
                    - {name: work, mountPath: /work}
              volumes:
                - name: work
                  emptyDir: {}
        """),
}, ["Security context of the audit's template",
    ["deploy/quotes.yaml", "        runAsNonRoot: true\n        runAsUser: 1000\n", "        runAsNonRoot: true\n"],
    ["deploy/quotes.yaml", "          image: acme/checkout:1.4.1\n", "          image: acme/checkout:1.4.1\n          securityContext:\n            runAsUser: 1000\n            allowPrivilegeEscalation: false\n            capabilities:\n              drop: [ALL]\n"]],
    "runAsUser moved from the pod to the container quotes; the init container prepare would run as root, which runAsNonRoot refuses", FIX,
    expect("run-as-root-image",
           *[[(c("Deployment", "quotes", "prepare", "securityContext", init=True), value({"runAsUser": 1000, **more}))] for more in (
               {}, {"runAsNonRoot": True}, {"allowPrivilegeEscalation": False}, {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}})],
           [(pod("Deployment", "quotes", "securityContext.runAsUser"), BEFORE)]))

# 1755 command-not-found: the first release's postStart hook asks for bash
HOOK = 'mkdir -p /state && date -u > /state/started'
scenario("start-note", "argocd", {
    "deploy/settings.yaml": dump(configmap("collector-settings", INTERVAL="15", TARGET="/var/spool/acme")),
    "deploy/collector.yaml": text(f"""
        apiVersion: apps/v1
        kind: DaemonSet
        metadata:
          name: collector
          labels:
            app.kubernetes.io/name: collector
        spec:
          selector:
            matchLabels:
              app: collector
          template:
            metadata:
              labels:
                app: collector
            spec:
              terminationGracePeriodSeconds: 5
              containers:
                - name: collector
                  image: busybox:1.37
                  command: [/bin/sh, -c]
                  args:
                    - |
                      echo "collecting every $INTERVAL s into $TARGET"
                      mkdir -p "$TARGET"
                      while true; do date -u > "$TARGET/last"; sleep "$INTERVAL"; done
                  envFrom:
                    - configMapRef:
                        name: collector-settings
                  lifecycle:
                    postStart:
                      exec:
                        command: [/bin/bash, -c, "{HOOK}"]
                  resources:
                    requests: {{cpu: 10m, memory: 16Mi}}
                    limits: {{memory: 48Mi}}
                  readinessProbe:
                    exec:
                      command: [test, -f, /state/started]
                    periodSeconds: 4
        """),
}, [], "the postStart hook runs /bin/bash, which busybox does not have (it has /bin/sh)", FIX,
    expect("command-not-found crash-on-start",
           [(c("DaemonSet", "collector", "collector", "lifecycle.postStart.exec.command"), value(["/bin/sh", "-c", HOOK]))],
           [(c("DaemonSet", "collector", "collector", "lifecycle.postStart.exec.command[0]"), value("/bin/sh"))],
           [(c("DaemonSet", "collector", "collector", "lifecycle.postStart.exec.command"), value(["sh", "-c", HOOK]))],
           [(c("DaemonSet", "collector", "collector", "lifecycle.postStart.exec.command[0]"), value("sh"))]),
    never_worked=True)

# 1756 dns-policy: policy None without a nameserver
scenario("dns-options", "argocd", {
    "base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
    "base/deployment.yaml": dump(workload("Deployment", "webhooks", container("webhooks", "shop", "acme/worker:1.4.1"), deadline=80)),
    "base/service.yaml": dump(service("webhooks")),
    "overlays/prod/kustomization.yaml": kustomization("../../base", patches=[{"path": "dns.yaml"}], images=[{"name": "acme/worker", "newTag": "1.4.2"}]),
    "overlays/prod/dns.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: webhooks
        spec:
          template:
            spec:
              dnsPolicy: None
              dnsConfig:
                nameservers:
                  - 169.254.20.10
                options:
                  - name: ndots
                    value: "5"
        """),
}, ["Fewer lookups of outside names",
    ["overlays/prod/dns.yaml", "        nameservers:\n          - 169.254.20.10\n", ""], ["overlays/prod/dns.yaml", 'value: "5"', 'value: "2"']],
    "dnsPolicy None needs a nameserver, and dnsConfig has none any more: the API server refuses the Deployment", FIX,
    expect("dns-policy invalid-manifest",
           [(pod("Deployment", "webhooks", "dnsPolicy"), GONE)],
           [(pod("Deployment", "webhooks", "dnsPolicy"), value("ClusterFirst"))],
           [(pod("Deployment", "webhooks", "dnsConfig.nameservers"), BEFORE)]),
    path="overlays/prod")

# 1757 out-of-memory: a scratch volume in memory counts for the container
scenario("scratch-medium", "flux", {
    "chart/Chart.yaml": chart("indexer", "0.9.0"),
    "chart/values.yaml": "image: busybox:1.36\nreplicas: 1\nscratch:\n  sizeLimit: 256Mi\n  medium: \"\"\nresources: {}\n",
    "chart/templates/deployment.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: {{ .Release.Name }}
        spec:
          replicas: {{ .Values.replicas }}
          progressDeadlineSeconds: 80
          selector:
            matchLabels:
              app: {{ .Release.Name }}
          template:
            metadata:
              labels:
                app: {{ .Release.Name }}
            spec:
              terminationGracePeriodSeconds: 5
              containers:
                - name: indexer
                  image: {{ .Values.image }}
                  command: [/bin/sh, -ec]
                  args:
                    - |
                      for part in 1 2 3 4 5 6 7 8 9 10 11 12 13 14; do
                        echo "building part $part of 14"
                        dd if=/dev/zero of=/scratch/part-$part bs=8388608 count=1 conv=fsync 2>/dev/null
                        sleep 1
                      done
                      echo "index is complete"
                      touch /tmp/ready
                      while true; do sleep 5; done
                  resources:
                    {{- toYaml .Values.resources | nindent 12 }}
                  readinessProbe:
                    exec:
                      command: [test, -f, /tmp/ready]
                    periodSeconds: 4
                  volumeMounts:
                    - name: scratch
                      mountPath: /scratch
              volumes:
                - name: scratch
                  emptyDir:
                    sizeLimit: {{ .Values.scratch.sizeLimit }}
                    {{- with .Values.scratch.medium }}
                    medium: {{ . }}
                    {{- end }}
        """),
    "releases/indexer.yaml": text("""
        apiVersion: helm.toolkit.fluxcd.io/v2
        kind: HelmRelease
        metadata:
          name: indexer
        spec:
          interval: 30s
          timeout: 90s
          chart:
            spec:
              chart: ./chart
              reconcileStrategy: Revision
              sourceRef: {kind: GitRepository, name: "@NAME@", namespace: flux-system}
          install:
            remediation: {retries: 1}
          values:
            image: busybox:1.36
            scratch:
              sizeLimit: 256Mi
            resources:
              requests:
                cpu: 20m
                memory: 64Mi
              limits:
                memory: 64Mi
        """),
}, ["Faster index builds on busybox 1.37",
    ["releases/indexer.yaml", "image: busybox:1.36", "image: busybox:1.37"], ["releases/indexer.yaml", "      sizeLimit: 256Mi\n", "      sizeLimit: 256Mi\n      medium: Memory\n"]],
    "the scratch volume lies in memory now and its 112 MB count for the container, whose limit is 64Mi: OOMKilled", FIX,
    expect("out-of-memory",
           [(pod("Deployment", "indexer", "volumes[name=scratch].emptyDir.medium"), GONE)],
           [(c("Deployment", "indexer", "indexer", "resources.limits.memory"), at_least("144Mi"))]),
    path="releases", spec={"timeout": "100s"})

# 1758 volume-unbound: the claim's name in the values
scenario("existing-claim", "argocd", {
    "chart/Chart.yaml": chart("uploads"),
    "chart/values.yaml": "tag: 1.4.1\ncacheMb: 4\npersistence:\n  existingClaim: \"\"\n",
    "chart/templates/uploads.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: uploads
          labels:
            app.kubernetes.io/name: uploads
        spec:
          replicas: 1
          progressDeadlineSeconds: 70
          strategy:
            type: Recreate
          selector:
            matchLabels:
              app: uploads
          template:
            metadata:
              labels:
                app: uploads
            spec:
              containers:
                - name: uploads
                  image: "acme/worker:{{ .Values.tag }}"
                  env:
                    - name: WRITE_FILE
                      value: /var/uploads/.state
                    - name: CACHE_MB
                      value: {{ .Values.cacheMb | quote }}
                  ports:
                    - name: http
                      containerPort: 8080
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 96Mi}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 3
                  volumeMounts:
                    - name: uploads
                      mountPath: /var/uploads
              volumes:
                - name: uploads
                  {{- if .Values.persistence.existingClaim }}
                  persistentVolumeClaim:
                    claimName: {{ .Values.persistence.existingClaim }}
                  {{- else }}
                  emptyDir: {}
                  {{- end }}
        """),
    "chart/templates/service.yaml": dump(service("uploads")),
    "env/prod.yaml": "tag: 1.4.1\ncacheMb: 8\npersistence:\n  # made by the storage team\n  existingClaim: uploads-data\n",
}, ["Same settings as the other services", ["env/prod.yaml", "cacheMb: 8", "cacheMb: 16"], ["env/prod.yaml", "existingClaim: uploads-data", "existingClaim: data-uploads"]],
    "there is no claim data-uploads; the one that exists is uploads-data", FIX,
    expect("volume-unbound", [(pod("Deployment", "uploads", "volumes[name=uploads].persistentVolumeClaim.claimName"), BEFORE)]),
    path="chart", source=helm_source("../env/prod.yaml"),
    given=text("""
        apiVersion: v1
        kind: PersistentVolume
        metadata:
          name: @NAME@-uploads
        spec:
          capacity: {storage: 1Gi}
          accessModes: [ReadWriteOnce]
          storageClassName: ""
          hostPath:
            path: /tmp/@NAME@-uploads
            type: DirectoryOrCreate
        ---
        apiVersion: v1
        kind: PersistentVolumeClaim
        metadata:
          name: uploads-data
        spec:
          accessModes: [ReadWriteOnce]
          storageClassName: ""
          volumeName: @NAME@-uploads
          resources:
            requests: {storage: 1Gi}
        """))

# 1759 pod-security: the first release asks for a port of the node where baseline is enforced
scenario("node-agent", "flux", {
    "base/kustomization.yaml": kustomization("daemonset.yaml"),
    "base/daemonset.yaml": dump(workload("DaemonSet", "node-agent", container("agent", "shop", "acme/worker:1.4.2", port=9100, env={"PORT": "9100"}))),
    "overlays/prod/kustomization.yaml": kustomization("../../base", "service.yaml", patches=[{"path": "agent.yaml"}]),
    "overlays/prod/service.yaml": dump(service("node-agent", port=9100)),
    "overlays/prod/agent.yaml": text("""
        apiVersion: apps/v1
        kind: DaemonSet
        metadata:
          name: node-agent
        spec:
          template:
            metadata:
              annotations:
                acme.example/scrape: "true"
            spec:
              containers:
                - name: agent
                  ports:
                    - containerPort: 9100
                      hostPort: 9100
        """),
}, [], "the namespace enforces Pod Security baseline, which refuses hostPort 9100: no pod is created", FIX,
    expect("pod-security", [(c("DaemonSet", "node-agent", "agent", "ports[name=http].hostPort"), GONE)]),
    path="overlays/prod", never_worked=True, labels={"pod-security.kubernetes.io/enforce": "baseline"})

# 1760 secret-missing, for people: a Secret that nobody made
scenario("signing-key", "flux", {
    "base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
    "base/deployment.yaml": dump(workload("Deployment", "checkout", container("checkout", "shop", "acme/checkout:1.4.1", env={"CURRENCY": "EUR", "REQUIRED_ENV": "CURRENCY"}), replicas=2, deadline=70)),
    "base/service.yaml": dump(service("checkout")),
    "overlays/prod/kustomization.yaml": kustomization("../../base"),
}, ["Checkout 1.4.2 signs its receipts",
    ["base/deployment.yaml", "acme/checkout:1.4.1", "acme/checkout:1.4.2"],
    ["base/deployment.yaml", "          value: CURRENCY\n", "          value: CURRENCY,SIGNING_KEY\n        - name: SIGNING_KEY\n          valueFrom:\n            secretKeyRef:\n              name: receipt-signing\n              key: current\n"]],
    "Secret receipt-signing does not exist, nothing in the repository makes it, and the release needs its key: a human must create it", HUMAN,
    expect("secret-missing"), path="overlays/prod")

# 1761 quota, for people: a new service where the team's pods are used up
scenario("new-service", "argocd", {
    **one("api", workload("Deployment", "api", container("api", "shop", "acme/payments:1.4.2"), replicas=2, deadline=70), service("api")),
    **one("queue", workload("StatefulSet", "queue", container("queue", "shop", "acme/worker:1.4.2"), replicas=2), service("queue")),
}, ["Exports as a service of its own",
    ["deploy/exports.yaml", None, dump(workload("Deployment", "exports", container("exports", "shop", "acme/catalog:1.4.2"), deadline=70), service("exports"))]],
    "the ResourceQuota of the platform allows the team four pods, and four run: whether exports may have a fifth is for people", HUMAN,
    expect("quota"),
    given=text("""
        apiVersion: v1
        kind: ResourceQuota
        metadata:
          name: team-payments
        spec:
          hard:
            pods: "4"
        """))

# 1762 replicas-zero: paused on purpose
scenario("stock-taking", "flux", {
    **one("importer", workload("StatefulSet", "importer", container("importer", "shop", "acme/worker:1.4.1"), replicas=1), service("importer")),
    **one("stock", workload("Deployment", "stock", container("stock", "shop", "acme/catalog:1.4.1"), replicas=1, deadline=80), service("stock")),
}, ["No imports during stock-taking", ["deploy/importer.yaml", "replicas: 1", "replicas: 0"]],
    "the importer is scaled to zero on purpose: nothing to do", NONE, expect("replicas-zero suspended healthy"))

# 1763 recovering: slow, but within its probes
scenario("whole-catalogue", "argocd", {
    **one("recommend", workload("Deployment", "recommend", container("recommend", "shop", "acme/catalog:1.4.1", env={"START_SECONDS": "3", "CACHE_MB": "8"},
          startupProbe={"httpGet": {"path": "/healthz", "port": "http"}, "periodSeconds": 5, "failureThreshold": 30}), replicas=2, deadline=200), service("recommend")),
}, ["Recommend 1.4.2 loads the whole catalogue",
    ["deploy/recommend.yaml", "acme/catalog:1.4.1", "acme/catalog:1.4.2"], ["deploy/recommend.yaml", "name: START_SECONDS\n          value: '3'", "name: START_SECONDS\n          value: '45'"], ["deploy/recommend.yaml", "name: CACHE_MB\n          value: '8'", "name: CACHE_MB\n          value: '24'"]],
    "it starts in 45 seconds, which its startup probe and deadline allow: it becomes healthy by itself", NONE, expect("recovering healthy"))
