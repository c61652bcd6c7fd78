"""Batch AA, written by somebody who knew neither the playbook nor the batches before: shop-1164 to shop-1179, the ordinary year of a team of ten services. No program of this folder is
needed."""
import pathlib, runpy, textwrap
globals().update(runpy.run_path(str(pathlib.Path(__file__).parent / "kit.py")))
SCENARIOS, scenario = batch(1164)

SAFE = {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}}
USER = {"runAsNonRoot": True, "runAsUser": 10001, "seccompProfile": {"type": "RuntimeDefault"}}


def shop(name, image="catalog:1.4.1", **more):
    return container(name, "shop", image=f"acme/{image}", **more)


def chatter(name, line, **more):
    """A sidecar that logs, whatever happens."""
    return {"name": name, "image": "busybox:1.36", "command": ["sh", "-c", f"trap 'exit 0' TERM; while true; do echo \"$(date -u +%H:%M:%S) {line}\"; sleep 20 & wait $!; done"],
            "resources": {"requests": {"cpu": "5m", "memory": "8Mi"}, "limits": {"memory": "24Mi"}}, **more}


def volume(claim, size="2Gi"):
    """A volume that the platform team made by hand."""
    return dump({"apiVersion": "v1", "kind": "PersistentVolume", "metadata": {"name": "@NAME@-" + claim}, "spec": {
        "capacity": {"storage": size}, "accessModes": ["ReadWriteOnce"], "persistentVolumeReclaimPolicy": "Retain", "storageClassName": "",
        "claimRef": {"namespace": "@NAME@", "name": claim}, "hostPath": {"path": "/tmp/@NAME@-" + claim, "type": "DirectoryOrCreate"}}})


def pvc(name, size="1Gi"):
    return {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {"name": name}, "spec": {"accessModes": ["ReadWriteOnce"], "storageClassName": "", "resources": {"requests": {"storage": size}}}}


def helmrelease(name, values, timeout="2m"):
    return text(f"""
        apiVersion: helm.toolkit.fluxcd.io/v2
        kind: HelmRelease
        metadata:
          name: {name}
        spec:
          interval: 1m
          timeout: {timeout}
          releaseName: {name}
          chart:
            spec:
              chart: ./charts/{name}
              reconcileStrategy: Revision
              sourceRef:
                kind: GitRepository
                name: "@NAME@"
                namespace: flux-system
          values:
        """) + textwrap.indent(text(values), "    ")


# crash-on-start ------------------------------------------------------------------------------------------------------------------------------------
scenario("aa-cache-size-unit", "flux", {
    "base/kustomization.yaml": kustomization("catalog.yaml", "feed.yaml"),
    "base/catalog.yaml": dump(workload("Deployment", "catalog", shop("catalog", "catalog:1.4.1", envFrom=[{"configMapRef": {"name": "catalog-settings"}}], limits="128Mi"), replicas=2), service("catalog")),
    "base/feed.yaml": dump(workload("Deployment", "feed", shop("feed", "worker:1.4.1", env={"FEED_INTERVAL": "300"}), chatter("partner-sync", "ERROR partner feed answered 503, trying again in 20s"))),
    "overlays/prod/kustomization.yaml": kustomization("../../base", configMapGenerator=[{"name": "catalog-settings", "envs": ["catalog.env"]}], images=[{"name": "acme/catalog", "newTag": "1.4.2"}]),
    "overlays/prod/catalog.env": "# read by catalog at start\nLOG_LEVEL=debug\nCACHE_MB=16\nHEALTH_PATH=/healthz\nPAGE_SIZE=50\n",
    "overlays/staging/kustomization.yaml": kustomization("../../base", configMapGenerator=[{"name": "catalog-settings", "literals": ["LOG_LEVEL=debug", "CACHE_MB=8"]}]),
}, ["Catalog: settings for the sale week", ["overlays/prod/catalog.env", "LOG_LEVEL=debug\nCACHE_MB=16\n", "LOG_LEVEL=info\nCACHE_MB=32MB\n"], ["overlays/prod/catalog.env", "PAGE_SIZE=50", "PAGE_SIZE=100"]],
    "CACHE_MB is 32MB, the program wants a bare number and exits (invalid setting name=CACHE_MB)", path="overlays/prod",
    expected=expect("crash-on-start", [("ConfigMap/catalog-settings-# data.CACHE_MB", value("32"))], [("ConfigMap/catalog-settings-# data.CACHE_MB", BEFORE)]))

# config-key-missing, the first release --------------------------------------------------------------------------------------------------------------
DEPLOY = """
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: {name}
      labels:
        app.kubernetes.io/part-of: {{{{ .Chart.Name }}}}
    spec:
      replicas: {{{{ .Values.{name}.replicas }}}}
      progressDeadlineSeconds: 90
      selector:
        matchLabels:
          app: {name}
      template:
        metadata:
          labels:
            app: {name}
        spec:
          {pod}containers:
            - name: {name}
              image: "{{{{ .Values.{name}.image.repository }}}}:{{{{ .Values.{name}.image.tag }}}}"
              ports:
                - name: http
                  containerPort: 8080
              env:
                - name: LOG_LEVEL
                  value: {{{{ .Values.{name}.logLevel | default "info" | quote }}}}
    {env}          livenessProbe:
                {live}
              readinessProbe:
                httpGet:
                  path: /readyz
                  port: http
                periodSeconds: 5
              resources:
                {{{{- toYaml .Values.{name}.resources | nindent 12 }}}}
    """
LIVE = "httpGet:\n    path: /healthz\n    port: http\n  initialDelaySeconds: 8"


def chart_deployment(name, env="", pod="", live=LIVE):
    block = textwrap.dedent(DEPLOY).lstrip("\n")
    return block.format(name=name, env=textwrap.indent(textwrap.dedent(env).lstrip("\n"), " " * 12), pod=pod and pod + "\n      ", live=live.replace("\n", "\n" + " " * 10))


def chart_service(name):
    return dump(service(name))


def chart_yaml(name, version="0.4.0"):
    return f"apiVersion: v2\nname: {name}\ndescription: Services of team {name}\nversion: {version}\n"


RES = "resources:\n    requests:\n      cpu: 10m\n      memory: 24Mi\n    limits:\n      memory: 96Mi\n"

scenario("aa-currency-key", "argocd", {
    "chart/Chart.yaml": chart_yaml("billing", "0.1.0"),
    "chart/values.yaml": "settings:\n  settlement-currency: EUR\n  settlement-window: \"4\"\npayments:\n  image:\n    repository: acme/payments\n    tag: 1.4.1\n  replicas: 1\n  " + RES + "settlement:\n  image:\n    repository: acme/worker\n    tag: 1.4.1\n  replicas: 1\n  " + RES,
    "chart/templates/configmap.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: billing-settings\ndata:\n  {{- range $key, $value := .Values.settings }}\n  {{ $key }}: {{ $value | quote }}\n  {{- end }}\n",
    "chart/templates/payments.yaml": chart_deployment("payments", """
        - name: SETTLEMENT_CURRENCY
          valueFrom:
            configMapKeyRef:
              name: billing-settings
              key: settlement_currency
        - name: SETTLEMENT_WINDOW
          valueFrom:
            configMapKeyRef:
              name: billing-settings
              key: settlement-window
        """),
    "chart/templates/settlement.yaml": chart_deployment("settlement", """
        - name: SETTLEMENT_CURRENCY
          valueFrom:
            configMapKeyRef:
              name: billing-settings
              key: settlement-currency
        """),
    "chart/templates/service.yaml": chart_service("payments"),
    "env/prod.yaml": "payments:\n  image:\n    tag: 1.4.2\n  replicas: 2\nsettings:\n  settlement-window: \"6\"\n",
}, [], "payments reads key settlement_currency of ConfigMap billing-settings, the key is settlement-currency (as settlement reads it)", path="chart", never_worked=True,
    source={"helm": {"valueFiles": ["../env/prod.yaml"]}},
    expected=expect("config-key-missing", [(c("Deployment", "payments", "payments", "env[name=SETTLEMENT_CURRENCY].valueFrom.configMapKeyRef.key"), value("settlement-currency"))]))

# liveness timings -----------------------------------------------------------------------------------------------------------------------------------
live = lambda rest: c("Deployment", "search", "search", rest)
scenario("aa-search-warmup", "flux", {
    "charts/search/Chart.yaml": chart_yaml("search"),
    "charts/search/values.yaml": "search:\n  image:\n    repository: acme/catalog\n    tag: 1.4.1\n  replicas: 1\n  warmupSeconds: 0\n  liveness:\n    initialDelaySeconds: 10\n    periodSeconds: 5\n    failureThreshold: 3\n  " + RES + "indexer:\n  image:\n    repository: acme/worker\n    tag: 1.4.1\n  replicas: 1\n  " + RES,
    "charts/search/templates/search.yaml": chart_deployment("search", "- name: START_SECONDS\n  value: {{ .Values.search.warmupSeconds | quote }}\n", live="httpGet:\n    path: /healthz\n    port: http\n  {{- toYaml .Values.search.liveness | nindent 12 }}"),
    "charts/search/templates/indexer.yaml": chart_deployment("indexer"),
    "charts/search/templates/service.yaml": chart_service("search"),
    "releases/search.yaml": helmrelease("search", """
        search:
          image:
            tag: 1.4.2
          warmupSeconds: 40
          liveness:
            initialDelaySeconds: 60
          resources:
            limits:
              memory: 96Mi
        indexer:
          logLevel: warn
        """, timeout="90s"),
}, ["Search: notice hanging pods sooner, more memory for the new index", ["releases/search.yaml", "initialDelaySeconds: 60", "initialDelaySeconds: 10"], ["releases/search.yaml", "memory: 96Mi", "memory: 128Mi"]],
    "the liveness probe starts after 10 s and gives up after 25 s, search loads its index for 40 s", path="releases",
    expected=expect("liveness liveness-probe startup-probe", [(live("livenessProbe.initialDelaySeconds"), BEFORE)], [(live("livenessProbe.initialDelaySeconds"), ANY)], [(live("livenessProbe.failureThreshold"), ANY)],
                    [(live("livenessProbe.periodSeconds"), ANY)], [(live("startupProbe"), ANY)]))

# volume-unbound: a claim that nobody has, in a new file ------------------------------------------------------------------------------------------------
ARCHIVE = {"volumes": [{"name": "archive", "persistentVolumeClaim": {"claimName": "reports-archive"}}]}
MOUNT = [{"name": "archive", "mountPath": "/archive"}]
scenario("aa-export-claim", "argocd", {
    "deploy/reports.yaml": dump(workload("Deployment", "reports", shop("reports", "catalog:1.4.1", env={"WRITE_FILE": "/archive/.reports", "EXPORTS": "inline"}, volumeMounts=MOUNT), pod=ARCHIVE, spec={"strategy": {"type": "Recreate"}}), service("reports")),
    "deploy/storage.yaml": dump(pvc("reports-archive")),
    "deploy/mailer.yaml": dump(workload("Deployment", "mailer", shop("mailer", "worker:1.4.2"), chatter("bounce-log", "WARN 14 addresses bounced"))),
    "deploy/cleanup.yaml": dump(workload("CronJob", "cleanup", {"name": "cleanup", "image": "busybox:1.36", "command": ["sh", "-c", "find /archive -name '*.tmp' -mtime +7 -delete; echo cleaned"], "volumeMounts": MOUNT}, pod=ARCHIVE, spec={"schedule": "15 3 * * *"})),
}, ["Move the exports out of reports into a service of their own",
    ["deploy/reports.yaml", "value: inline", "value: queued"],
    ["deploy/exporter.yaml", None, dump(workload("Deployment", "exporter", shop("exporter", "worker:1.4.2", env={"WRITE_FILE": "/archive/.exporter"}, volumeMounts=MOUNT),
                                                 pod={"volumes": [{"name": "archive", "persistentVolumeClaim": {"claimName": "report-archive"}}]}, deadline=80), service("exporter"))]],
    "the new exporter mounts claim report-archive, the claim is reports-archive", given=volume("reports-archive"),
    expected=expect("volume-unbound", [(pod("Deployment", "exporter", "volumes[name=archive].persistentVolumeClaim.claimName"), value("reports-archive"))]))

# unschedulable-placement -------------------------------------------------------------------------------------------------------------------------------
arch = lambda name: pod("Deployment", name, 'nodeSelector["kubernetes.io/arch"]')
PATCH = {"target": {"kind": "Deployment"}, "path": "rollout.yaml"}
scenario("aa-arch-pin", "argocd", {
    "base/kustomization.yaml": kustomization("checkout.yaml", "payments.yaml", "node-agent.yaml"),
    "base/checkout.yaml": dump(workload("Deployment", "checkout", shop("checkout", "checkout:1.4.1"), replicas=2, deadline=70), service("checkout")),
    "base/payments.yaml": dump(workload("Deployment", "payments", shop("payments", "payments:1.4.1"), deadline=70), service("payments")),
    "base/node-agent.yaml": dump(workload("DaemonSet", "node-agent", chatter("agent", "ERROR scrape of kubelet summary failed: 401"), pod={"nodeSelector": {"kubernetes.io/os": "linux"}})),
    "overlays/prod/kustomization.yaml": kustomization("../../base", patches=[PATCH], images=[{"name": "acme/checkout", "newTag": "1.4.1"}, {"name": "acme/payments", "newTag": "1.4.2"}]),
    "overlays/prod/rollout.yaml": "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: any\nspec:\n  strategy:\n    rollingUpdate:\n      maxSurge: 1\n      maxUnavailable: 0\n",
}, ["Run on the nodes that our images are built for; checkout 1.4.2",
    ["overlays/prod/kustomization.yaml", "    newTag: 1.4.1", "    newTag: 1.4.2"],
    ["overlays/prod/rollout.yaml", "      maxUnavailable: 0\n", "      maxUnavailable: 0\n  template:\n    spec:\n      nodeSelector:\n        kubernetes.io/arch: x86_64\n"]],
    "nodeSelector kubernetes.io/arch: x86_64 matches no node (amd64)", path="overlays/prod",
    expected=expect("unschedulable-placement", [(arch("checkout"), value("amd64")), (arch("payments"), value("amd64"))],
                    [(pod("Deployment", "checkout", "nodeSelector"), GONE), (pod("Deployment", "payments", "nodeSelector"), GONE)]))

# pod-security: a new init container --------------------------------------------------------------------------------------------------------------------
PAYMENTS = shop("payments", "payments:1.4.1", env={"DATABASE_URL": "postgres://payments@10.20.0.5/payments", "PROVIDER_TIMEOUT": "3s"}, securityContext=SAFE)
payments = dump(workload("Deployment", "payments", PAYMENTS, pod={"securityContext": USER}, deadline=70), service("payments"))
scenario("aa-migrate-init", "flux", {
    "deploy/payments.yaml": payments,
    "deploy/outbox.yaml": dump(workload("StatefulSet", "outbox", shop("outbox", "worker:1.4.1", securityContext=SAFE), chatter("relay", "WARN broker slow: 812 ms", securityContext=SAFE), pod={"securityContext": USER}), service("outbox", clusterIP="None")),
    "deploy/checkout.yaml": dump(workload("Deployment", "checkout", shop("checkout", "checkout:1.4.2", securityContext=SAFE), pod={"securityContext": USER}), service("checkout")),
    "deploy/settle.yaml": dump(workload("CronJob", "settle", {"name": "settle", "image": "busybox:1.36", "command": ["sh", "-c", "echo nothing to settle"], "securityContext": SAFE}, pod={"securityContext": USER}, spec={"schedule": "40 1 * * *"})),
}, ["Payments 1.4.2: migrate before the start",
    ["deploy/payments.yaml", "      containers:\n      - name: payments\n        image: acme/payments:1.4.1\n",
     "      initContainers:\n      - name: migrate\n        image: acme/payments:1.4.2\n        args:\n        - migrate\n        env:\n        - name: DATABASE_URL\n          value: postgres://payments@10.20.0.5/payments\n        resources:\n          requests:\n            cpu: 10m\n            memory: 24Mi\n          limits:\n            memory: 64Mi\n"
     "      containers:\n      - name: payments\n        image: acme/payments:1.4.2\n"],
    ["deploy/payments.yaml", "value: 3s", "value: 5s"]],
    "the namespace enforces the restricted level; the new init container lacks allowPrivilegeEscalation: false and capabilities.drop ALL", labels={"pod-security.kubernetes.io/enforce": "restricted"},
    expected=expect("pod-security", [(c("Deployment", "payments", "migrate", "securityContext", init=True), ANY)]))

# run-as-root-image ---------------------------------------------------------------------------------------------------------------------------------------
user = [(pod("Deployment", "profile", "securityContext.runAsUser"), BEFORE)]
scenario("aa-harden-profile", "argocd", {
    "chart/Chart.yaml": chart_yaml("accounts"),
    "chart/values.yaml": "profile:\n  image:\n    repository: acme/catalog\n    tag: 1.4.1\n  replicas: 1\n  podSecurityContext: {}\n  " + RES + "sessions:\n  image:\n    repository: acme/worker\n    tag: 1.4.1\n  replicas: 1\n  " + RES,
    "chart/templates/profile.yaml": chart_deployment("profile", pod="securityContext:\n        {{- toYaml .Values.profile.podSecurityContext | nindent 8 }}"),
    "chart/templates/sessions.yaml": chart_deployment("sessions"),
    "chart/templates/service.yaml": chart_service("profile"),
    "env/staging.yaml": "profile:\n  replicas: 1\n",
    "env/prod.yaml": "profile:\n  image:\n    tag: 1.4.2\n  replicas: 2\n  podSecurityContext:\n    runAsNonRoot: true\n    runAsUser: 10001\n    fsGroup: 10001\nsessions:\n  image:\n    tag: 1.4.2\n",
}, ["Follow the hardening guide for profile", ["env/prod.yaml", "    runAsNonRoot: true\n    runAsUser: 10001\n    fsGroup: 10001\n", "    runAsNonRoot: true\n    fsGroup: 10001\n    fsGroupChangePolicy: OnRootMismatch\n    seccompProfile:\n      type: RuntimeDefault\n"],
    ["env/prod.yaml", "sessions:\n", "sessions:\n  logLevel: warn\n"]],
    "runAsUser 10001 was dropped beside runAsNonRoot, the image's user is root", path="chart", source={"helm": {"valueFiles": ["../env/prod.yaml"]}},
    expected=expect("run-as-root-image", user, [(c("Deployment", "profile", "profile", "securityContext"), ANY)]))

# job-failed: a hook of a chart ------------------------------------------------------------------------------------------------------------------------------
scenario("aa-migrate-hook", "argocd", {
    "chart/Chart.yaml": chart_yaml("orders"),
    "chart/values.yaml": "database:\n  url: \"\"\n  pool: 5\norders:\n  image:\n    repository: acme/checkout\n    tag: 1.4.1\n  replicas: 1\n  " + RES + "invoices:\n  image:\n    repository: acme/worker\n    tag: 1.4.1\n  replicas: 1\n  " + RES,
    "chart/templates/orders.yaml": chart_deployment("orders", "- name: DATABASE_URL\n  value: {{ .Values.database.url | quote }}\n- name: DATABASE_POOL\n  value: {{ .Values.database.pool | quote }}\n"),
    "chart/templates/invoices.yaml": chart_deployment("invoices"),
    "chart/templates/service.yaml": chart_service("orders"),
    "chart/templates/migrate.yaml": text("""
        apiVersion: batch/v1
        kind: Job
        metadata:
          name: orders-migrate
          annotations:
            helm.sh/hook: pre-install,pre-upgrade
            helm.sh/hook-delete-policy: before-hook-creation
        spec:
          backoffLimit: 1
          activeDeadlineSeconds: 120
          template:
            metadata:
              labels:
                app: orders-migrate
            spec:
              restartPolicy: Never
              containers:
                - name: migrate
                  image: "{{ .Values.orders.image.repository }}:{{ .Values.orders.image.tag }}"
                  args: [migrate]
                  env:
                    - name: DATABASE_URL
                      value: {{ .Values.database.url | quote }}
        """),
    "env/prod.yaml": "database:\n  url: postgres://orders@10.20.0.5:5432/orders\norders:\n  image:\n    tag: 1.4.1\n  replicas: 2\ninvoices:\n  image:\n    tag: 1.4.1\n",
}, ["Orders 1.4.2 with a larger connection pool", ["env/prod.yaml", "  url: postgres://orders@10.20.0.5:5432/orders\norders:\n  image:\n    tag: 1.4.1\n", "  dsn: postgres://orders@10.20.0.5:5432/orders\n  pool: 12\norders:\n  image:\n    tag: 1.4.2\n"]],
    "the values say database.dsn, the chart reads database.url: the migration hook has an empty DATABASE_URL", path="chart", source={"helm": {"valueFiles": ["../env/prod.yaml"]}},
    expected=expect("job-failed crash-on-start", [("Job/orders-migrate spec.template.spec.containers[name=migrate].env[name=DATABASE_URL].value", BEFORE), (c("Deployment", "orders", "orders", "env[name=DATABASE_URL].value"), BEFORE)]))

# autoscaler ----------------------------------------------------------------------------------------------------------------------------------------------------
consumer = dump(workload("Deployment", "consumer", shop("app", "worker:1.4.1", env={"QUEUE": "orders"})))
scenario("aa-consumer-scaling", "argocd", {
    "base/kustomization.yaml": kustomization("api.yaml", "consumer.yaml"),
    "base/api.yaml": dump(workload("Deployment", "api", shop("app", "checkout:1.4.2"), replicas=2), service("api")),
    "base/consumer.yaml": consumer,
    "overlays/prod/kustomization.yaml": kustomization("../../base", "scaling.yaml", patches=[{"path": "consumer.yaml"}]),
    "overlays/prod/consumer.yaml": "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: consumer\nspec:\n  template:\n    spec:\n      terminationGracePeriodSeconds: 20\n      containers:\n        - name: app\n          env:\n            - name: PREFETCH\n              value: \"20\"\n",
    "overlays/prod/scaling.yaml": dump({"apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler", "metadata": {"name": "consumer"}, "spec": {
        "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "consumer"}, "minReplicas": 1, "maxReplicas": 4,
        "metrics": [{"type": "External", "external": {"metric": {"name": "queue_messages_ready", "selector": {"matchLabels": {"queue": "orders"}}}, "target": {"type": "AverageValue", "averageValue": "50"}}}]}}),
}, ["Name the consumer after its queue, a second one follows", ["base/consumer.yaml", "name: consumer\n", "name: order-consumer\n"], ["base/consumer.yaml", "app: consumer\n", "app: order-consumer\n"],
    ["overlays/prod/consumer.yaml", "name: consumer\n", "name: order-consumer\n"], ["overlays/prod/consumer.yaml", "value: \"20\"", "value: \"40\""]],
    "the HorizontalPodAutoscaler still scales Deployment consumer, which is now order-consumer", path="overlays/prod",
    expected=expect("autoscaler", [("HorizontalPodAutoscaler/consumer spec.scaleTargetRef.name", value("order-consumer"))]))

# invalid-manifest, others committed on top ------------------------------------------------------------------------------------------------------------------------
scenario("aa-audit-flag", "flux", {
    "base/kustomization.yaml": kustomization("checkout.yaml", "worker.yaml", "payments.yaml"),
    "base/checkout.yaml": dump(workload("Deployment", "checkout", shop("checkout", "checkout:1.4.1")), service("checkout")),
    "base/worker.yaml": dump(workload("Deployment", "worker", shop("worker", "worker:1.4.1", env={"QUEUE": "events"}))),
    "base/payments.yaml": dump(workload("StatefulSet", "payments", shop("payments", "payments:1.4.1")), service("payments", clusterIP="None")),
    "overlays/prod/kustomization.yaml": kustomization("../../base", patches=[{"path": "worker.yaml"}, {"path": "checkout.yaml"}]),
    "overlays/prod/worker.yaml": "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: worker\nspec:\n  template:\n    spec:\n      containers:\n        - name: worker\n          env:\n            - name: CONCURRENCY\n              value: \"4\"\n",
    "overlays/prod/checkout.yaml": "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: checkout\nspec:\n  replicas: 1\n  template:\n    spec:\n      containers:\n        - name: checkout\n          env:\n            - name: CURRENCY\n              value: EUR\n",
}, [{"subject": "Worker writes the audit stream, with more concurrency", "edit": [["overlays/prod/worker.yaml", "              value: \"4\"\n", "              value: \"8\"\n            - name: AUDIT_STREAM\n              value: audit-v2\n            - name: AUDIT_ENABLED\n              value: true\n"]]},
    {"subject": "Second checkout pod", "edit": [["overlays/prod/checkout.yaml", "replicas: 1", "replicas: 2"]], "wait": 40},
    {"subject": "Payments 1.4.2", "edit": [["base/payments.yaml", "acme/payments:1.4.1", "acme/payments:1.4.2"]], "wait": 30}],
    "AUDIT_ENABLED has a boolean for a value, environment values are strings; nothing is applied since", path="overlays/prod",
    expected=expect("invalid-manifest", [(c("Deployment", "worker", "worker", "env[name=AUDIT_ENABLED].value"), value("true"))]))

# helm-failed: the chart's schema -----------------------------------------------------------------------------------------------------------------------------------
SCHEMA = text("""
    {
      "$schema": "http://json-schema.org/draft-07/schema#",
      "type": "object",
      "properties": {
        "gateway": {"type": "object", "properties": {"replicas": {"type": "integer", "minimum": 1}, "logLevel": {"enum": ["debug", "info", "warn"]}}},
        "limiter": {"type": "object", "properties": {"replicas": {"type": "integer", "minimum": 1}}}
      }
    }
    """)
scenario("aa-gateway-replicas", "flux", {
    "charts/gateway/Chart.yaml": chart_yaml("gateway"),
    "charts/gateway/values.yaml": "gateway:\n  image:\n    repository: acme/checkout\n    tag: 1.4.1\n  replicas: 1\n  " + RES + "limiter:\n  image:\n    repository: acme/worker\n    tag: 1.4.1\n  replicas: 1\n  " + RES,
    "charts/gateway/values.schema.json": SCHEMA,
    "charts/gateway/templates/gateway.yaml": chart_deployment("gateway"),
    "charts/gateway/templates/limiter.yaml": chart_deployment("limiter"),
    "charts/gateway/templates/service.yaml": chart_service("gateway"),
    "releases/gateway.yaml": helmrelease("gateway", """
        gateway:
          image:
            tag: 1.4.1
          replicas: 1
          logLevel: debug
        limiter:
          replicas: 1
        """),
}, ["Gateway 1.4.2, ready for the campaign", ["releases/gateway.yaml", "        tag: 1.4.1\n      replicas: 1\n      logLevel: debug\n", "        tag: 1.4.2\n      replicas: \"3\"\n      logLevel: warn\n"]],
    "gateway.replicas is the string \"3\", the chart's schema wants an integer", path="releases",
    expected=expect("helm-failed render-failed invalid-manifest", [], keep=[("Deployment/gateway spec.replicas", value(3)), (c("Deployment", "gateway", "gateway", "image"), value("acme/checkout:1.4.2")), (c("Deployment", "gateway", "gateway", "env[name=LOG_LEVEL].value"), value("warn"))]))

# port-conflict: a new sidecar --------------------------------------------------------------------------------------------------------------------------------------
cart = dump(workload("Deployment", "cart", shop("cart", "checkout:1.4.1", env={"PORT": "8080", "CART_TTL": "3600"}), deadline=70), service("cart"))
sidecar = textwrap.indent(text("""
    - name: exporter
      image: acme/worker:1.4.1
      env:
      - name: PORT
        value: '8080'
      - name: START_SECONDS
        value: '4'
      ports:
      - name: metrics
        containerPort: 9102
      readinessProbe:
        httpGet:
          path: /readyz
          port: metrics
        periodSeconds: 5
      resources:
        requests:
          cpu: 5m
          memory: 16Mi
        limits:
          memory: 48Mi
    """), "      ")
scenario("aa-cart-exporter", "flux", {
    "deploy/cart.yaml": cart,
    "deploy/recommend.yaml": dump(workload("Deployment", "recommend", shop("recommend", "catalog:1.4.2"), chatter("trainer", "ERROR model store: connect: connection refused, keeping the model of yesterday")), service("recommend")),
    "deploy/stock.yaml": dump(workload("StatefulSet", "stock", shop("stock", "worker:1.4.1")), service("stock", clusterIP="None")),
    "deploy/settings.yaml": dump(configmap("team-settings", team="carts", region="eu-1")),
}, ["Cart: metrics for the dashboards, shorter lifetime",
    ["deploy/cart.yaml", "          value: '3600'\n", "          value: '1800'\n"],
    ["deploy/cart.yaml", "---\napiVersion: v1\nkind: Service", sidecar + "---\napiVersion: v1\nkind: Service"]],
    "the new exporter listens on 8080 like cart in the same pod (its port and probe say 9102)",
    expected=expect("port-conflict", [(c("Deployment", "cart", "exporter", "env[name=PORT].value"), value("9102"))]))

# for people ----------------------------------------------------------------------------------------------------------------------------------------------------------
scenario("aa-provider-secret", "argocd", {
    "deploy/payments.yaml": dump(workload("Deployment", "payments", shop("payments", "payments:1.4.1", env={"PROVIDER_TOKEN": {"secretKeyRef": {"name": "provider-credentials", "key": "token"}}, "REQUIRED_ENV": "PROVIDER_TOKEN", "RETRIES": "2"}), deadline=70), service("payments")),
    "deploy/refunds.yaml": dump(workload("Deployment", "refunds", shop("refunds", "worker:1.4.1")), service("refunds")),
    "deploy/fraud.yaml": dump(workload("Deployment", "fraud", shop("fraud", "catalog:1.4.1"), chatter("rules", "WARN rule set is 9 days old"))),
    "deploy/settings.yaml": dump(configmap("payments-settings", provider="https://pay.example/v3")),
}, ["Payments 1.4.2, one more retry", ["deploy/payments.yaml", "acme/payments:1.4.1", "acme/payments:1.4.2"], ["deploy/payments.yaml", "value: '2'", "value: '3'"]],
    "somebody deleted Secret provider-credentials by hand; the new pods cannot start, no manifest is at fault", answer=HUMAN,
    given=dump({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "provider-credentials"}, "stringData": {"token": "only-for-tests"}}),
    then=[[-5, "kubectl -n $NAMESPACE delete secret provider-credentials"]], expected=expect("secret-missing"))

orders = workload("StatefulSet", "orders", shop("orders", "checkout:1.4.1", env={"WRITE_FILE": "/data/state", "COMPACT": "weekly"}, volumeMounts=[{"name": "data", "mountPath": "/data"}]))
orders["spec"]["volumeClaimTemplates"] = [{"metadata": {"name": "data"}, "spec": pvc("data")["spec"]}]
scenario("aa-orders-disk", "flux", {
    "deploy/orders.yaml": dump(orders, service("orders", clusterIP="None")),
    "deploy/shipping.yaml": dump(workload("Deployment", "shipping", shop("shipping", "worker:1.4.2")), service("shipping")),
    "deploy/labels.yaml": dump(workload("Deployment", "labels", shop("labels", "catalog:1.4.1"), chatter("printer", "ERROR printer 3 out of paper"))),
    "deploy/settings.yaml": dump(configmap("shipping-settings", carrier="north", window="4h")),
}, ["More room for orders", ["deploy/orders.yaml", "storage: 1Gi", "storage: 5Gi"], ["deploy/orders.yaml", "value: weekly", "value: daily"]],
    "volumeClaimTemplates of a StatefulSet cannot be changed: the disk has to be enlarged and the set recreated by people", answer=HUMAN,
    given=volume("data-orders-0", "10Gi"), expected=expect("invalid-manifest"))

# nothing to do -----------------------------------------------------------------------------------------------------------------------------------------------------------
scenario("aa-slow-catalogue", "argocd", {
    "base/kustomization.yaml": kustomization("catalog.yaml", "prices.yaml"),
    "base/catalog.yaml": dump(workload("Deployment", "catalog", shop("catalog", "catalog:1.4.1", env={"START_SECONDS": "3"}, live={"httpGet": {"path": "/healthz", "port": "http"}, "initialDelaySeconds": 60, "periodSeconds": 10}), replicas=2, deadline=150), service("catalog")),
    "base/prices.yaml": dump(workload("Deployment", "prices", shop("prices", "worker:1.4.1"), chatter("rates", "ERROR rates of ECB not there yet, using those of yesterday"))),
    "overlays/prod/kustomization.yaml": kustomization("../../base", patches=[{"path": "catalog.yaml"}]),
    "overlays/prod/catalog.yaml": "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: catalog\nspec:\n  template:\n    spec:\n      containers:\n        - name: catalog\n          env:\n            - name: START_SECONDS\n              value: \"5\"\n",
}, ["Preload the whole catalogue", ["overlays/prod/catalog.yaml", "value: \"5\"", "value: \"30\""], ["base/catalog.yaml", "acme/catalog:1.4.1", "acme/catalog:1.4.2"]],
    "a slow start with failing readiness probes on the way; both pods become ready", answer=NONE, path="overlays/prod", expected=expect("healthy recovering"))

scenario("aa-tag-repaired", "flux", {
    "deploy/web.yaml": dump(workload("Deployment", "web", shop("web", "checkout:1.4.1", env={"THEME": "autumn"}), replicas=2), service("web")),
    "deploy/media.yaml": dump(workload("Deployment", "media", shop("media", "catalog:1.4.1")), service("media")),
    "deploy/thumbs.yaml": dump(workload("DaemonSet", "thumbs", chatter("thumbs", "ERROR cannot read IMG_0412.HEIC: unsupported"))),
    "deploy/settings.yaml": dump(configmap("web-settings", title="Shop")),
}, [{"subject": "Web 1.4.2, winter theme", "edit": [["deploy/web.yaml", "acme/checkout:1.4.1", "acme/checkout:v1.4.2"], ["deploy/web.yaml", "value: autumn", "value: winter"]]},
    {"subject": "Web: tag without the v", "edit": [["deploy/web.yaml", "acme/checkout:v1.4.2", "acme/checkout:1.4.2"]], "wait": 60}],
    "the tag was wrong for a minute and is repaired by the next commit", answer=NONE, expected=expect("healthy recovering"))
