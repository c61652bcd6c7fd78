"""Batch BA, written by somebody who knew neither the playbook nor the batches before: shop-1604 to shop-1619, where plain history is no answer: what is new and wanted has one mistake in it. No program of this folder is needed."""
import pathlib, runpy, textwrap
globals().update(runpy.run_path(str(pathlib.Path(__file__).parent / "kit.py")))
SCENARIOS, scenario = batch(1604)


def deploy(name, image, kind="Deployment", replicas=1, deadline=75, labels="", env=(), extra="", podspec="", port_name="http", port=8080, live="/healthz", ready="/readyz", memory="96Mi", comment=""):
    """A plain Deployment, StatefulSet or DaemonSet as text; `extra` belongs to the container, `podspec` to the pod."""
    out = [comment] if comment else []
    out += [f"apiVersion: apps/v1", f"kind: {kind}", "metadata:", f"  name: {name}", "  labels:", f"    app.kubernetes.io/name: {name}", "spec:"]
    if kind == "Deployment":
        out += [f"  replicas: {replicas}", f"  progressDeadlineSeconds: {deadline}"]
    if kind == "StatefulSet":
        out += [f"  serviceName: {name}", "  podManagementPolicy: Parallel", f"  replicas: {replicas}"]
    pairs = labels or f"app: {name}"
    lines = [l.strip() for l in pairs.split(",")]
    out += ["  selector:", "    matchLabels:", *[f"      {l}" for l in lines], "  template:", "    metadata:", "      labels:", *[f"        {l}" for l in lines], "    spec:"]
    if podspec:
        out += textwrap.indent(text(podspec).rstrip("\n"), "      ").split("\n")
    out += ["      containers:", f"        - name: {name}", f"          image: {image}"]
    if env:
        out += ["          env:", *[f'            - {{name: {k}, value: "{v}"}}' for k, v in env]]
    out += ["          ports:", f"            - {{name: {port_name}, containerPort: {port}}}"]
    out += ["          resources:", "            requests: {cpu: 10m, memory: 24Mi}", f"            limits: {{memory: {memory}}}"]
    out += ["          livenessProbe:", f"            httpGet: {{path: {live}, port: {port_name}}}", "            periodSeconds: 10"]
    out += ["          readinessProbe:", f"            httpGet: {{path: {ready}, port: {port_name}}}", "            periodSeconds: 4"]
    if extra:
        out += textwrap.indent(text(extra).rstrip("\n"), "          ").split("\n")
    return "\n".join(out) + "\n"


def svc(name, selector=None, target="http", port=80, port_name="http", labels=None):
    return text(f"""
        apiVersion: v1
        kind: Service
        metadata:
          name: {name}
          labels: {labels or '{app.kubernetes.io/name: ' + name + '}'}
        spec:
          selector: {selector or '{app: ' + name + '}'}
          ports:
            - {{name: {port_name}, port: {port}, targetPort: {target}}}
        """)


# 1604: a metrics sidecar that listens where the program already does
scenario("ba-sidecar-port-copied", "argocd", {
    "deploy/storefront.yaml": deploy("storefront", "acme/checkout:1.4.1", replicas=2, env=[("PORT", "8080"), ("REGION", "eu-west-1")]),
    "deploy/service.yaml": svc("storefront"),
}, ["Export storefront metrics",
    ["deploy/storefront.yaml", "limits: {memory: 96Mi}", "limits: {memory: 128Mi}"],
    ["deploy/storefront.yaml", '            httpGet: {path: /readyz, port: http}\n            periodSeconds: 4\n', """            httpGet: {path: /readyz, port: http}
            periodSeconds: 4
        - name: exporter
          image: acme/worker:1.4.1
          env:
            - {name: PORT, value: "8080"}
            - {name: REGION, value: "eu-west-1"}
          ports:
            - {name: metrics, containerPort: 9102}
          resources:
            requests: {cpu: 5m, memory: 16Mi}
            limits: {memory: 48Mi}
          readinessProbe:
            httpGet: {path: /readyz, port: metrics}
            periodSeconds: 4
"""],
    ["deploy/service.yaml", "    - {name: http, port: 80, targetPort: http}\n", "    - {name: http, port: 80, targetPort: http}\n    - {name: metrics, port: 9102, targetPort: metrics}\n"]],
    "the new exporter sidecar has PORT=8080, which the main container of the pod has already taken; its own port, probe and Service say 9102",
    expected=expect("port-conflict", [(c("Deployment", "storefront", "exporter", "env[name=PORT].value"), value("9102"))]))


# 1605: a new DaemonSet picks a key that the generated ConfigMap does not have
scenario("ba-new-daemon-key", "flux", {
    "base/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources:
          - catalog.yaml
          - service.yaml
        configMapGenerator:
          - name: catalog-limits
            files:
              - limits.properties
        """),
    "base/limits.properties": "PAGE_SIZE=50\nMAX_ITEMS=2000\n",
    "base/catalog.yaml": deploy("catalog", "acme/catalog:1.4.1", env=[("CONFIG_FILE", "/etc/limits/limits.properties")],
        podspec="""
        volumes:
          - name: limits
            configMap: {name: catalog-limits}
        """, extra="""
        volumeMounts:
          - {name: limits, mountPath: /etc/limits, readOnly: true}
        """),
    "base/service.yaml": svc("catalog"),
    "overlays/prod/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources:
          - ../../base
        replicas:
          - {name: catalog, count: 1}
        """),
}, ["Warm the catalogue on every node",
    ["base/kustomization.yaml", "  - service.yaml\n", "  - service.yaml\n  - warmer.yaml\n"],
    ["overlays/prod/kustomization.yaml", "count: 1", "count: 2"],
    ["base/warmer.yaml", None, deploy("warmer", "acme/worker:1.4.1", kind="DaemonSet", env=[("CONFIG_FILE", "/etc/limits/limits.properties"), ("CACHE_MB", "8")],
        podspec="""
        volumes:
          - name: limits
            configMap:
              name: catalog-limits
              items:
                - {key: limits.prod.properties, path: limits.properties}
        """, extra="""
        volumeMounts:
          - {name: limits, mountPath: /etc/limits, readOnly: true}
        """)]],
    "the new DaemonSet takes key limits.prod.properties of ConfigMap catalog-limits, which only has limits.properties",
    path="overlays/prod",
    expected=expect("config-key-missing volume-mount",
                    [(pod("DaemonSet", "warmer", "volumes[name=limits].configMap.items[0].key"), value("limits.properties"))],
                    [(pod("DaemonSet", "warmer", "volumes[name=limits].configMap.items"), GONE)]))


CHART_DEPLOYMENT = text("""
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
          {{- with .Values.nodeSelector }}
          nodeSelector:
            {{- toYaml . | nindent 8 }}
          {{- end }}
          containers:
            - name: app
              image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
              env:
                - name: PORT
                  value: {{ .Values.port | quote }}
                {{- range $name, $value := .Values.env }}
                - name: {{ $name }}
                  value: {{ $value | quote }}
                {{- end }}
              ports:
                - name: http
                  containerPort: {{ .Values.port }}
              resources:
                {{- toYaml .Values.resources | nindent 12 }}
              livenessProbe:
                httpGet:
                  path: {{ .Values.probes.liveness }}
                  port: http
                periodSeconds: 10
              readinessProbe:
                httpGet:
                  path: {{ .Values.probes.readiness }}
                  port: http
                periodSeconds: 4
    """)
CHART_SERVICE = text("""
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
    """)


def chart(name, image, more="", version="0.4.0"):
    return {
        "chart/Chart.yaml": f"apiVersion: v2\nname: {name}\nversion: {version}\n",
        "chart/templates/deployment.yaml": CHART_DEPLOYMENT,
        "chart/templates/service.yaml": CHART_SERVICE,
        "chart/values.yaml": text(f"""
            image:
              repository: {image}
              tag: 1.4.1
            replicas: 1
            port: 8080
            env: {{}}
            nodeSelector: {{}}
            probes:
              liveness: /healthz
              readiness: /readyz
            resources:
              requests:
                cpu: 10m
                memory: 24Mi
              limits:
                memory: 96Mi
            """) + text(more),
    }


def release(name, values):
    return text(f"""
        apiVersion: helm.toolkit.fluxcd.io/v2
        kind: HelmRelease
        metadata:
          name: {name}
        spec:
          interval: 30s
          timeout: 75s
          chart:
            spec:
              chart: ./chart
              reconcileStrategy: Revision
              sourceRef:
                kind: GitRepository
                name: "@NAME@"
                namespace: flux-system
        """) + "  values:\n" + textwrap.indent(text(values), "    ")


# 1606: a new CronJob whose minute and hour are swapped
scenario("ba-digest-schedule", "argocd", {
    **chart("statements", "acme/payments"),
    "env/prod.yaml": text("""
        replicas: 2
        image:
          tag: 1.4.1
        env:
          REGION: eu-west-1
        """),
    "env/staging.yaml": text("""
        replicas: 1
        env:
          REGION: eu-central-1
        """),
}, ["Send the statement digest",
    ["chart/templates/digest.yaml", None, text("""
        {{- if .Values.digest.enabled }}
        apiVersion: batch/v1
        kind: CronJob
        metadata:
          name: {{ .Release.Name }}-digest
        spec:
          schedule: {{ .Values.digest.schedule | quote }}
          concurrencyPolicy: Forbid
          jobTemplate:
            spec:
              backoffLimit: 1
              template:
                spec:
                  restartPolicy: Never
                  containers:
                    - name: digest
                      image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
                      args: [migrate]
                      env:
                        - name: DATABASE_URL
                          value: {{ .Values.digest.database | quote }}
                      resources:
                        limits:
                          memory: 64Mi
        {{- end }}
        """)],
    ["chart/values.yaml", "env: {}\n", "env: {}\ndigest:\n  enabled: false\n  # hourly, on the hour\n  schedule: \"0 * * * *\"\n  database: postgres://digest@db.internal/statements\n"],
    ["env/staging.yaml", "  REGION: eu-central-1\n", "  REGION: eu-central-1\ndigest:\n  enabled: true\n  # every day at 05:15\n  schedule: \"15 5 * * *\"\n"],
    ["env/prod.yaml", "  tag: 1.4.1\n", "  tag: 1.4.2\n"],
    ["env/prod.yaml", "  REGION: eu-west-1\n", "  REGION: eu-west-1\ndigest:\n  enabled: true\n  # weekdays at 06:30\n  schedule: \"6 30 * * 1-5\"\n"]],
    "schedule of the new CronJob has minute and hour swapped: hour 30 is refused; the comment says weekdays at 06:30",
    path="chart", source={"helm": {"releaseName": "statements", "valueFiles": ["../env/prod.yaml"]}},
    expected=expect("cron-invalid job-failed invalid-manifest", [("CronJob/statements-digest spec.schedule", value("30 6 * * 1-5"))]))


# 1607: first release, a value under a name the chart does not read
scenario("ba-first-ready-key", "flux", {
    **chart("courier", "acme/worker"),
    "releases/courier.yaml": release("courier", """
        image:
          tag: 1.4.2
        replicas: 1
        env:
          HEALTH_PATH: /status/live
          READY_PATH: /status/ready
        probes:
          liveness: /status/live
          ready: /status/ready
        """),
}, [], "first release: the values say probes.ready, the chart reads probes.readiness, so the default /readyz is probed while the program answers at /status/ready",
    path="releases", never_worked=True,
    expected=expect("readiness readiness-probe probe helm-failed", [(c("Deployment", "courier", "app", "readinessProbe.httpGet.path"), value("/status/ready"))]))


# 1608: first release, non-root without a user in one container of the two
HARDENED = """
    securityContext:
      runAsNonRoot: true
      allowPrivilegeEscalation: false
      capabilities: {drop: [ALL]}
    """
scenario("ba-first-nonroot", "argocd", {
    "deploy/ledger.yaml": deploy("ledger", "acme/payments:1.4.1", kind="StatefulSet", extra=HARDENED) + """        - name: audit
          image: acme/worker:1.4.1
          env:
            - {name: PORT, value: "9090"}
          ports:
            - {name: audit, containerPort: 9090}
          resources:
            requests: {cpu: 5m, memory: 16Mi}
            limits: {memory: 64Mi}
          readinessProbe:
            httpGet: {path: /readyz, port: audit}
            periodSeconds: 4
          securityContext:
            runAsNonRoot: true
            runAsUser: 1000
            allowPrivilegeEscalation: false
            capabilities: {drop: [ALL]}
""",
    "deploy/ledger-web.yaml": deploy("ledger-web", "acme/checkout:1.4.1", extra=HARDENED.replace("runAsNonRoot: true\n", "runAsNonRoot: true\n      runAsUser: 1000\n")),
    "deploy/services.yaml": text("""
        apiVersion: v1
        kind: Service
        metadata:
          name: ledger
        spec:
          clusterIP: None
          selector: {app: ledger}
          ports:
            - {name: http, port: 8080, targetPort: http}
            - {name: audit, port: 9090, targetPort: audit}
        ---
        """) + svc("ledger-web"),
}, [], "first release: container ledger says runAsNonRoot without runAsUser and its image runs as root; the other containers of the repository have runAsUser 1000",
    never_worked=True,
    expected=expect("run-as-root-image", [(c("StatefulSet", "ledger", "ledger", "securityContext.runAsUser"), value(1000))],
                    [(pod("StatefulSet", "ledger", "securityContext"), ANY)]))


# 1609: a new worker that names an account nobody made
scenario("ba-new-worker-account", "flux", {
    "deploy/accounts.yaml": text("""
        apiVersion: v1
        kind: ServiceAccount
        metadata:
          name: search
        automountServiceAccountToken: false
        """),
    "deploy/search.yaml": deploy("search", "acme/catalog:1.4.1", replicas=2, podspec="serviceAccountName: search"),
    "deploy/service.yaml": svc("search"),
}, ["Move reindexing out of the search pods",
    ["deploy/search.yaml", "  replicas: 2", "  replicas: 1"],
    ["deploy/search.yaml", "limits: {memory: 96Mi}", "limits: {memory: 80Mi}"],
    ["deploy/reindex.yaml", None, deploy("reindex", "acme/worker:1.4.1", comment="# Reindexes under the account of search, as the search pods did until now.", deadline=60, env=[("BATCH_SIZE", "500")], podspec="serviceAccountName: search-sa")]],
    "the new Deployment reindex uses service account search-sa, which does not exist; the account of search is called search",
    expected=expect("service-account-missing", [(pod("Deployment", "reindex", "serviceAccountName"), value("search"))]))


# 1610: first release, the quota wants a memory limit of the init container too
scenario("ba-first-quota-init", "argocd", {
    "base/kustomization.yaml": kustomization("orders.yaml", "service.yaml"),
    "base/orders.yaml": deploy("orders", "acme/payments:1.4.1", deadline=60, env=[("DATABASE_URL", "postgres://orders@db.internal/orders")], podspec="""
        initContainers:
          - name: migrate
            image: acme/payments:1.4.1
            args: [migrate]
            env:
              - {name: DATABASE_URL, value: "postgres://orders@db.internal/orders"}
        """),
    "base/service.yaml": svc("orders"),
    "overlays/prod/kustomization.yaml": kustomization("../../base", "quota.yaml", replicas=[{"name": "orders", "count": 2}], images=[{"name": "acme/payments", "newTag": "1.4.2"}]),
    "overlays/prod/quota.yaml": text("""
        # Set by the platform team for every production namespace.
        apiVersion: v1
        kind: ResourceQuota
        metadata:
          name: team
        spec:
          hard:
            limits.memory: 1Gi
            pods: "10"
        """),
}, [], "first release: the quota demands a memory limit of every container, the init container migrate has none",
    path="overlays/prod", never_worked=True,
    expected=expect("quota", [(c("Deployment", "orders", "migrate", "resources", init=True), ANY)]))


# 1611: many files at once, the selector of the new Service is wrong
scenario("ba-squash-selector", "flux", {
    "base/kustomization.yaml": kustomization("gateway.yaml", "admin.yaml", "services.yaml"),
    "base/gateway.yaml": deploy("gateway", "acme/checkout:1.4.0", labels="app: gateway, component: front", env=[("REGION", "eu-west-1")]),
    "base/admin.yaml": deploy("gateway-admin", "acme/worker:1.4.0", labels="app: gateway, component: admin", env=[("PORT", "8081")], port_name="admin", port=8081),
    "base/services.yaml": svc("gateway", "{app: gateway, component: front}", labels="{component: front}") + "---\n" + svc("gateway-admin", "{app: gateway, component: admin}", target="admin", port_name="admin", labels="{component: admin}"),
    "overlays/prod/kustomization.yaml": kustomization("../../base", replicas=[{"name": "gateway", "count": 1}], images=[{"name": "acme/checkout", "newTag": "1.4.1"}, {"name": "acme/worker", "newTag": "1.4.1"}]),
}, ["Release 2026.48 (#412)",
    ["overlays/prod/kustomization.yaml", "count: 1", "count: 2"],
    ["overlays/prod/kustomization.yaml", "name: acme/checkout\n    newTag: 1.4.1", "name: acme/checkout\n    newTag: 1.4.2"],
    ["base/gateway.yaml", '            - {name: REGION, value: "eu-west-1"}\n', '            - {name: REGION, value: "eu-west-1"}\n            - {name: CACHE_MB, value: "16"}\n'],
    ["base/admin.yaml", "limits: {memory: 96Mi}", "limits: {memory: 64Mi}"],
    ["base/services.yaml", "    - {name: admin, port: 80, targetPort: admin}\n", "    - {name: admin, port: 8081, targetPort: admin}\n"],
    ["base/kustomization.yaml", "  - services.yaml\n", "  - services.yaml\n  - service-internal.yaml\n"],
    ["base/service-internal.yaml", None, svc("gateway-internal", "{app: gateway, component: edge}", port=8080, labels="{component: front}")]],
    "the new Service gateway-internal selects component edge, no pod has that: the pods with port http are component front",
    path="overlays/prod",
    expected=expect("service-no-endpoints", [("Service/gateway-internal spec.selector.component", value("front"))]))


# 1612: first release, a mounted script that may not be executed
scenario("ba-first-script-mode", "flux", {
    "deploy/scripts.yaml": text("""
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: seed-scripts
        data:
          seed.sh: |
            #!/bin/sh
            set -eu
            echo "seeding $TENANT"
            echo "tenant=$TENANT" > /out/seed.properties
            cat /out/seed.properties
            echo "done"
        """),
    "deploy/seed.yaml": text("""
        apiVersion: batch/v1
        kind: Job
        metadata:
          name: seed
          annotations:
            kustomize.toolkit.fluxcd.io/force: enabled
        spec:
          backoffLimit: 1
          template:
            metadata:
              labels: {app: seed}
            spec:
              restartPolicy: Never
              volumes:
                - name: scripts
                  configMap: {name: seed-scripts}
                - name: out
                  emptyDir: {}
              containers:
                - name: seed
                  image: busybox:1.36
                  command: [/scripts/seed.sh]
                  env:
                    - {name: TENANT, value: north}
                  resources:
                    requests: {cpu: 5m, memory: 8Mi}
                    limits: {memory: 32Mi}
                  volumeMounts:
                    - {name: scripts, mountPath: /scripts, readOnly: true}
                    - {name: out, mountPath: /out}
        """),
    "deploy/tenants.yaml": deploy("tenants", "acme/catalog:1.4.1"),
    "deploy/service.yaml": svc("tenants"),
}, [], "first release: the Job runs /scripts/seed.sh from a ConfigMap volume whose files are not executable (permission denied)",
    never_worked=True,
    expected=expect("command-not-found volume-mount job-failed",
                    [(pod("Job", "seed", "volumes[name=scripts].configMap.defaultMode"), ANY)],
                    [(c("Job", "seed", "seed", "command"), ANY)],
                    [(c("Job", "seed", "seed", "command"), ANY), (c("Job", "seed", "seed", "args"), ANY)],
                    [(pod("Job", "seed", "volumes[name=scripts].configMap.items"), ANY)]))


# 1613: first release, no node has this operating system
scenario("ba-first-os-label", "argocd", {
    **chart("pricing", "acme/catalog"),
    "env/prod.yaml": text("""
        replicas: 2
        image:
          tag: 1.4.2
        env:
          REGION: eu-west-1
        nodeSelector:
          kubernetes.io/arch: amd64
          kubernetes.io/os: Linux
        """),
}, [], "first release: nodeSelector kubernetes.io/os is Linux, the label's value is linux",
    path="chart", never_worked=True, source={"helm": {"releaseName": "pricing", "valueFiles": ["../env/prod.yaml"]}},
    expected=expect("unschedulable-placement", [(pod("Deployment", "pricing", 'nodeSelector["kubernetes.io/os"]'), value("linux"))]))


# 1614: a new startup probe that gives up before the program, which now loads more, can listen
scenario("ba-startup-budget", "argocd", {
    "base/kustomization.yaml": kustomization("recommend.yaml", "service.yaml"),
    "base/recommend.yaml": deploy("recommend", "acme/catalog:1.4.1", deadline=80, podspec="terminationGracePeriodSeconds: 5"),
    "base/service.yaml": svc("recommend"),
    "overlays/prod/kustomization.yaml": kustomization("../../base", patches=[{"path": "recommend.yaml"}]),
    "overlays/prod/recommend.yaml": text("""
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
                    - {name: MODEL, value: small}
        """),
}, ["Serve the full model in production",
    ["overlays/prod/recommend.yaml", "            - {name: MODEL, value: small}\n", """            - {name: MODEL, value: full}
            - {name: START_SECONDS, value: "35"}   # measured, loading the full model
          startupProbe:
            httpGet: {path: /healthz, port: http}
            periodSeconds: 3
            failureThreshold: 5
"""]],
    "the new startup probe allows 15 s, the program loads 35 s (it says so) and is killed again and again",
    path="overlays/prod",
    expected=expect("startup startup-probe probe liveness",
                    [(c("Deployment", "recommend", "recommend", "startupProbe.failureThreshold"), at_least("13"))],
                    [(c("Deployment", "recommend", "recommend", "startupProbe.periodSeconds"), at_least("9"))],
                    [(c("Deployment", "recommend", "recommend", "startupProbe.initialDelaySeconds"), at_least("24"))],
                    [(c("Deployment", "recommend", "recommend", "startupProbe.failureThreshold"), ANY), (c("Deployment", "recommend", "recommend", "startupProbe.periodSeconds"), ANY)],
                    [(c("Deployment", "recommend", "recommend", "startupProbe.failureThreshold"), ANY), (c("Deployment", "recommend", "recommend", "startupProbe.initialDelaySeconds"), ANY)]))


# 1615: a new setting that the template writes without quotes
scenario("ba-release-unquoted", "flux", {
    **chart("listing", "acme/catalog", more="region: eu-west-1\n"),
    "chart/templates/deployment.yaml": CHART_DEPLOYMENT.replace("            {{- range $name", "            - name: REGION\n              value: {{ .Values.region | quote }}\n            {{- range $name"),
    "releases/listing.yaml": release("listing", """
        image:
          tag: 1.4.1
        replicas: 2
        region: eu-central-1
        """),
}, ["Configurable page size",
    ["chart/templates/deployment.yaml", "              value: {{ .Values.region | quote }}\n", "              value: {{ .Values.region | quote }}\n            - name: PAGE_SIZE\n              value: {{ .Values.pageSize }}\n"],
    ["chart/values.yaml", "region: eu-west-1\n", "region: eu-west-1\npageSize: 50\n"],
    ["chart/Chart.yaml", "version: 0.4.0", "version: 0.5.0"],
    ["releases/listing.yaml", "      tag: 1.4.1\n", "      tag: 1.4.2\n"],
    ["releases/listing.yaml", "    region: eu-central-1\n", "    region: eu-central-1\n    pageSize: 100\n"]],
    "the template writes the new PAGE_SIZE without quotes: a number where a string must be",
    path="releases",
    expected=expect("invalid-manifest helm-failed", [(c("Deployment", "listing", "app", "env[name=PAGE_SIZE].value"), value("100"))]))


# 1616: a new workload that needs a credential nobody made
scenario("ba-new-partner-token", "argocd", {
    "deploy/shipping.yaml": deploy("shipping", "acme/checkout:1.4.1", replicas=2),
    "deploy/service.yaml": svc("shipping"),
}, ["Sync parcels with the partner",
    ["deploy/shipping.yaml", "limits: {memory: 96Mi}", "limits: {memory: 112Mi}"],
    ["deploy/partner-sync.yaml", None, deploy("partner-sync", "acme/worker:1.4.1", env=[("REQUIRED_ENV", "PARTNER_TOKEN")]).replace(
        "          ports:\n", "            - name: PARTNER_TOKEN\n              valueFrom:\n                secretKeyRef: {name: partner-api, key: token}\n          ports:\n", 1)]],
    "Secret partner-api does not exist and nothing in the repository makes it: a human must create the credential", HUMAN)


# 1617: a new workload with a storage class that the cluster does not have
scenario("ba-new-archive-class", "flux", {
    "base/kustomization.yaml": kustomization("documents.yaml", "service.yaml"),
    "base/documents.yaml": deploy("documents", "acme/catalog:1.4.1", replicas=1),
    "base/service.yaml": svc("documents"),
    "overlays/prod/kustomization.yaml": kustomization("../../base", replicas=[{"name": "documents", "count": 2}]),
}, ["Keep scanned documents",
    ["overlays/prod/kustomization.yaml", "- ../../base\n", "- ../../base\n  - archive.yaml\n"],
    ["overlays/prod/archive.yaml", None, deploy("archive", "acme/worker:1.4.1", kind="StatefulSet", env=[("WRITE_FILE", "/var/archive/state")], extra="""
        volumeMounts:
          - {name: archive, mountPath: /var/archive}
        """) + """  volumeClaimTemplates:
    - metadata:
        name: archive
      spec:
        accessModes: [ReadWriteOnce]
        storageClassName: retain-encrypted
        resources:
          requests: {storage: 2Gi}
---
apiVersion: v1
kind: Service
metadata:
  name: archive
spec:
  clusterIP: None
  selector: {app: archive}
  ports:
    - {name: http, port: 8080, targetPort: http}
"""]],
    "StorageClass retain-encrypted does not exist (the cluster has none at all): people must provide it", HUMAN, path="overlays/prod")


# 1618: a new workload that only needs its time
scenario("ba-new-slow-recovers", "flux", {
    "deploy/planner.yaml": deploy("planner", "acme/payments:1.4.1"),
    "deploy/service.yaml": svc("planner"),
}, ["Add demand forecasting",
    ["deploy/planner.yaml", "periodSeconds: 4", "periodSeconds: 5"],
    ["deploy/forecast.yaml", None, deploy("forecast", "acme/catalog:1.4.2", deadline=300, env=[("START_SECONDS", "75")], extra="""
        startupProbe:
          httpGet: {path: /healthz, port: http}
          periodSeconds: 5
          failureThreshold: 36
        """)]],
    "nothing is wrong: forecast loads for 75 s, Flux's first wait of 60 s runs out, then it is Ready", NONE)


# 1619: a new workload that waits for its day
scenario("ba-new-dormant", "argocd", {
    **chart("loyalty", "acme/checkout"),
    "env/prod.yaml": text("""
        replicas: 2
        env:
          REGION: eu-west-1
        """),
}, ["Prepare the points expiry",
    ["chart/templates/expiry.yaml", None, text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: {{ .Release.Name }}-canary
        spec:
          replicas: {{ .Values.canary.replicas }}
          progressDeadlineSeconds: 75
          selector:
            matchLabels:
              app: {{ .Release.Name }}-canary
          template:
            metadata:
              labels:
                app: {{ .Release.Name }}-canary
            spec:
              containers:
                - name: app
                  image: "{{ .Values.image.repository }}:{{ .Values.canary.tag }}"
                  resources:
                    limits:
                      memory: 96Mi
        ---
        apiVersion: batch/v1
        kind: CronJob
        metadata:
          name: {{ .Release.Name }}-expiry
        spec:
          schedule: "20 3 * * *"
          suspend: {{ .Values.expiry.suspend }}
          jobTemplate:
            spec:
              backoffLimit: 1
              template:
                spec:
                  restartPolicy: Never
                  containers:
                    - name: expiry
                      image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
                      args: [migrate]
                      env:
                        - name: DATABASE_URL
                          value: postgres://loyalty@db.internal/loyalty
        """)],
    ["chart/values.yaml", "env: {}\n", "env: {}\n# scaled up by hand while a release is tried\ncanary:\n  replicas: 0\n  tag: 1.4.2\nexpiry:\n  # starts with the new terms in January\n  suspend: true\n"],
    ["env/prod.yaml", "replicas: 2", "replicas: 3"]],
    "nothing is wrong: the canary has no replicas and the expiry is suspended, both on purpose", NONE,
    path="chart", source={"helm": {"releaseName": "loyalty", "valueFiles": ["../env/prod.yaml"]}})
