"""A marketplace with forty services: what an SRE remembers of ordinary weeks."""
import pathlib, runpy, textwrap
globals().update(runpy.run_path(str(pathlib.Path(__file__).parent / "kit.py")))
SCENARIOS, scenario = batch(1892)
DELETE = globals().get("DELETE")

# ---------------------------------------------------------------------------------------------------------------- charts
CHART_DEPLOYMENT = text("""
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: {{ .Values.name | default .Release.Name }}
      labels:
        app.kubernetes.io/managed-by: {{ .Release.Service }}
    spec:
      replicas: {{ .Values.replicas }}
      progressDeadlineSeconds: 75
      selector:
        matchLabels:
          app: {{ .Values.name | default .Release.Name }}
      template:
        metadata:
          labels:
            app: {{ .Values.name | default .Release.Name }}
          {{- with .Values.podAnnotations }}
          annotations:
            {{- toYaml . | nindent 8 }}
          {{- end }}
        spec:
          {{- if .Values.index.enabled }}
          initContainers:
            - name: build-index
              image: busybox:1.37
              command: [dd, if=/dev/zero, of=/scratch/index, bs=1M, count={{ .Values.index.megabytes | quote }}]
              resources:
                requests: {cpu: 10m, memory: 24Mi}
                limits: {memory: {{ .Values.index.memory }}}
              volumeMounts:
                - name: scratch
                  mountPath: /scratch
          {{- end }}
          containers:
            - name: app
              image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
              env:
                {{- range $name, $value := .Values.env }}
                - name: {{ $name }}
                  value: {{ $value | quote }}
                {{- end }}
              ports:
                - name: http
                  containerPort: 8080
              resources:
                {{- toYaml .Values.resources | nindent 12 }}
              livenessProbe:
                httpGet: {path: /healthz, port: http}
                initialDelaySeconds: 8
                periodSeconds: 10
              readinessProbe:
                httpGet: {path: /readyz, port: http}
                periodSeconds: 5
              {{- if .Values.index.enabled }}
              volumeMounts:
                - name: scratch
                  mountPath: /scratch
              {{- end }}
            {{- with .Values.sidecars }}
            {{- toYaml . | nindent 8 }}
            {{- end }}
          {{- if .Values.index.enabled }}
          volumes:
            - name: scratch
              emptyDir:
                {{- toYaml .Values.index.volume | nindent 12 }}
          {{- end }}
    """)
CHART_SERVICE = text("""
    apiVersion: v1
    kind: Service
    metadata:
      name: {{ .Values.name | default .Release.Name }}
    spec:
      selector:
        app: {{ .Values.name | default .Release.Name }}
      ports:
        - name: http
          port: 80
          targetPort: http
    """)
CHART_VALUES = text("""
    image:
      repository: acme/checkout
      tag: 1.4.0
    replicas: 1
    env:
      LOG_LEVEL: info
    podAnnotations: {}
    sidecars: []
    index:
      enabled: false
      megabytes: 80
      memory: 64Mi
      volume:
        sizeLimit: 200Mi
    resources:
      requests:
        cpu: 10m
        memory: 24Mi
      limits:
        memory: 96Mi
    """)


def chart(**templates):
    return {"chart/Chart.yaml": "apiVersion: v2\nname: service\nversion: 2.6.0\n", "chart/values.yaml": CHART_VALUES, "chart/templates/deployment.yaml": CHART_DEPLOYMENT,
            "chart/templates/service.yaml": CHART_SERVICE, **{f"chart/templates/{name}.yaml": body for name, body in templates.items()}}


def release(name, values):
    return text(f"""
        apiVersion: helm.toolkit.fluxcd.io/v2
        kind: HelmRelease
        metadata:
          name: {name}
        spec:
          interval: 30s
          timeout: 70s
          chart:
            spec:
              chart: ./chart
              reconcileStrategy: Revision
              sourceRef:
                kind: GitRepository
                name: "@NAME@"
                namespace: flux-system
          values:
        """) + textwrap.indent(text(values), "    ")


PROD = {"path": "chart", "helm": {"valueFiles": ["../env/prod.yaml"]}}

# ------------------------------------------------------------------------------------------------- 1 argocd kustomize, never worked
exporter = {"name": "exporter", "image": "acme/worker:1.4.2", "env": [{"name": "LOG_LEVEL", "value": "warn"}, {"name": "PORT", "value": "8080"}],
            "ports": [{"name": "metrics", "containerPort": 9102}], "resources": {"requests": {"cpu": "10m", "memory": "16Mi"}, "limits": {"memory": "48Mi"}},
            "readinessProbe": {"httpGet": {"path": "/readyz", "port": "metrics"}, "periodSeconds": 5}}
scenario("exporter-copied-port", "argocd", {
    "base/deployment.yaml": dump(workload("Deployment", "basket", container("basket", "shop", env={"PORT": "8080", "LOG_LEVEL": "info"}), deadline=75)),
    "base/service.yaml": dump(service("basket")),
    "base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
    "components/exporter/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1alpha1
        kind: Component
        patches:
          - path: sidecar.yaml
            target:
              kind: Deployment
          - path: scrape.yaml
            target:
              kind: Service
        """),
    "components/exporter/sidecar.yaml": dump({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "any"}, "spec": {"template": {"spec": {"containers": [exporter]}}}}),
    "components/exporter/scrape.yaml": text("""
        - op: add
          path: /spec/ports/-
          value:
            name: metrics
            port: 9102
            targetPort: metrics
        """),
    "overlays/prod/kustomization.yaml": kustomization("../../base", components=["../../components/exporter"], images=[{"name": "acme/checkout", "newTag": "1.4.2"}]),
}, [], "the exporter sidecar of the first release has the application's PORT (copied): it declares and is probed on 9102 but binds 8080 and starts first, so the application finds its address in use",
    expected=expect("port-conflict crash-on-start", [(c("Deployment", "basket", "exporter", "env[name=PORT].value"), value("9102"))]), path="overlays/prod", never_worked=True)

# ------------------------------------------------------------------------------------------------- 2 flux kustomize: subPath of a renamed key
APP_CONF = "CURRENCY=EUR\nROUNDING=half-even\n"
APP_CONF_NEW = "CURRENCY=EUR\nROUNDING=half-even\nVAT=included\n"
scenario("settings-became-directory", "flux", {
    "base/deployment.yaml": dump(workload("DaemonSet", "pricing", container("pricing", "shop", image="acme/catalog:1.4.1", env={"CONFIG_FILE": "/etc/shop/app.conf"},
                                 volumeMounts=[{"name": "settings", "mountPath": "/etc/shop/app.conf", "subPath": "app.conf", "readOnly": True}]),
                                 pod={"volumes": [{"name": "settings", "configMap": {"name": "pricing-settings"}}]})),
    "base/service.yaml": dump(service("pricing")),
    "base/app.conf": APP_CONF,
    "base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml", configMapGenerator=[{"name": "pricing-settings", "files": ["app.conf"]}]),
    "overlays/prod/kustomization.yaml": kustomization("../../base", images=[{"name": "acme/catalog", "newTag": "1.4.2"}]),
}, ["Prices with VAT, settings under the name the editor knows", ["base/app.conf", APP_CONF, DELETE], ["base/pricing.properties", None, APP_CONF_NEW], ["base/kustomization.yaml", "- app.conf", "- pricing.properties"]],
    "the generated ConfigMap's key app.conf became pricing.properties; the mount still has subPath app.conf, so the kubelet mounts an empty directory where the file was",
    expected=expect("volume-mount config-key-missing",
                    [(c("DaemonSet", "pricing", "pricing", "volumeMounts[name=settings].subPath"), value("pricing.properties"))],
                    [('ConfigMap/pricing-settings-# data["app.conf"]', value(APP_CONF_NEW)), ('ConfigMap/pricing-settings-# data["pricing.properties"]', GONE)]), path="overlays/prod")

# ------------------------------------------------------------------------------------------------- 3 argocd helm: quota wants a limit on the new sidecar
scenario("shipper-without-limit", "argocd", {
    **chart(quota=text("""
        apiVersion: v1
        kind: ResourceQuota
        metadata:
          name: team-returns
        spec:
          hard:
            limits.memory: 1Gi
            pods: "8"
        """)),
    "env/prod.yaml": text("""
        name: returns
        image:
          tag: 1.4.1
        replicas: 2
        env:
          LOG_LEVEL: info
          CACHE_MB: "16"
        """),
}, ["Audit lines to the collector", ["env/prod.yaml", '  CACHE_MB: "16"\n', text("""
      CACHE_MB: "16"
    sidecars:
      - name: audit
        image: busybox:1.37
        command: [sh, -c, "while true; do echo forwarded; sleep 30; done"]
    """).replace("  CACHE_MB", "  CACHE_MB", 1)]],
    "the namespace's ResourceQuota counts limits.memory and the new sidecar audit has none: every new pod is refused",
    expected=expect("quota", [(c("Deployment", "returns", "audit", "resources"), ANY)], [("Deployment/returns spec.template.spec.containers[name=audit]", GONE)]), path="chart", source=PROD)

# ------------------------------------------------------------------------------------------------- 4 flux helm: values schema
SCHEMA = text("""
    {
      "$schema": "http://json-schema.org/draft-07/schema#",
      "type": "object",
      "required": ["image", "replicas"],
      "properties": {
        "replicas": {"type": "integer", "minimum": 1, "maximum": 6},
        "image": {
          "type": "object",
          "required": ["repository", "tag"],
          "properties": {"repository": {"type": "string"}, "tag": {"type": "string"}}
        },
        "env": {"type": "object", "additionalProperties": {"type": "string"}}
      }
    }
    """)
scenario("replicas-in-quotes", "flux", {**chart(), "chart/values.schema.json": SCHEMA, "releases/payout.yaml": release("payout", """
    image:
      repository: acme/payments
      tag: 1.4.1
    replicas: 2
    env:
      LOG_LEVEL: info
      BATCH: "50"
    """)}, ["Ready for Black Friday", ["releases/payout.yaml", "replicas: 2", 'replicas: "3"'], ["releases/payout.yaml", "tag: 1.4.1", "tag: 1.4.2"], ["releases/payout.yaml", 'BATCH: "50"', 'BATCH: "80"']],
    "replicas is a string in the release's values; the chart's schema wants an integer",
    expected=expect("helm-failed", [], keep=[("Deployment/payout spec.replicas", value(3)), (c("Deployment", "payout", "app", "image"), value("acme/payments:1.4.2")), (c("Deployment", "payout", "app", "env[name=BATCH].value"), value("80"))]), path="releases")

# ------------------------------------------------------------------------------------------------- 5 flux plain: host port and surge
intake = container("intake", "shop")
intake["ports"][0]["hostPort"] = 18417
scenario("surge-on-a-host-port", "flux", {
    "deploy/deployment.yaml": dump(workload("Deployment", "intake", intake, deadline=60, spec={"strategy": {"type": "Recreate"}})),
    "deploy/service.yaml": dump(service("intake")),
}, ["Intake 1.4.2 without a gap", ["deploy/deployment.yaml", "checkout:1.4.1", "checkout:1.4.2"],
    ["deploy/deployment.yaml", "    type: Recreate\n", "    type: RollingUpdate\n    rollingUpdate:\n      maxSurge: 1\n      maxUnavailable: 0\n"]],
    "the pod holds a hostPort on the only node: a rolling update with surge never finds a free port, the new pod stays Pending",
    expected=expect("unschedulable-placement port-conflict", [("Deployment/intake spec.strategy.type", BEFORE), ("Deployment/intake spec.strategy.rollingUpdate", GONE)],
                    [("Deployment/intake spec.strategy.rollingUpdate.maxSurge", value(0)), ("Deployment/intake spec.strategy.rollingUpdate.maxUnavailable", value(1))]))

# ------------------------------------------------------------------------------------------------- 6 flux helm: CronJob with too little time
CRON = {"chart/Chart.yaml": "apiVersion: v2\nname: batch\nversion: 0.4.1\n", "chart/values.yaml": text("""
    schedule: "0 * * * *"
    image: busybox:1.36
    parts: 3
    deadlineSeconds: 60
    history: 3
    """), "chart/templates/cronjob.yaml": text("""
    apiVersion: batch/v1
    kind: CronJob
    metadata:
      name: {{ .Release.Name }}
    spec:
      schedule: {{ .Values.schedule | quote }}
      concurrencyPolicy: Forbid
      failedJobsHistoryLimit: {{ .Values.history }}
      successfulJobsHistoryLimit: 2
      jobTemplate:
        spec:
          backoffLimit: 0
          activeDeadlineSeconds: {{ .Values.deadlineSeconds }}
          template:
            metadata:
              labels:
                app: {{ .Release.Name }}
            spec:
              restartPolicy: Never
              containers:
                - name: export
                  image: {{ .Values.image }}
                  command:
                    - sh
                    - -c
                    - |
                      trap 'echo "terminated after part $i of $PARTS"; exit 143' TERM
                      i=0
                      while [ $i -lt $PARTS ]; do i=$((i+1)); sleep 7 & wait $!; echo "part $i of $PARTS written"; done
                      echo "export complete"
                  env:
                    - name: PARTS
                      value: {{ .Values.parts | quote }}
                  resources:
                    requests: {cpu: 5m, memory: 8Mi}
                    limits: {memory: 32Mi}
    """)}
scenario("export-cut-short", "flux", {**CRON, "releases/settlement.yaml": release("settlement", """
    schedule: "* * * * *"
    image: busybox:1.36
    parts: 4
    deadlineSeconds: 55
    """)}, ["A run must never reach into the next", ["releases/settlement.yaml", "deadlineSeconds: 55", "deadlineSeconds: 15"]],
    "activeDeadlineSeconds 15 is less than the four parts of the export take (28 s): every run ends with DeadlineExceeded",
    expected=expect("job-failed", [("CronJob/settlement spec.jobTemplate.spec.activeDeadlineSeconds", BEFORE)], [("CronJob/settlement spec.jobTemplate.spec.activeDeadlineSeconds", at_least("35"))]), path="releases")

# ------------------------------------------------------------------------------------------------- 7 argocd plain: PreSync hook reads what Sync brings
migrate = {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "orders-migrate", "annotations": {"argocd.argoproj.io/hook": "PreSync", "argocd.argoproj.io/hook-delete-policy": "BeforeHookCreation"}},
           "spec": {"backoffLimit": 0, "activeDeadlineSeconds": 50, "template": {"metadata": {"labels": {"app": "orders-migrate"}}, "spec": {"restartPolicy": "Never", "containers": [
               {"name": "migrate", "image": "acme/payments:1.4.1", "args": ["migrate"], "env": [{"name": "DATABASE_URL", "value": "postgres://orders@10.20.0.5/orders"}],
                "resources": {"requests": {"cpu": "10m", "memory": "16Mi"}, "limits": {"memory": "48Mi"}}}]}}}}
URL = "value: postgres://orders@10.20.0.5/orders\n"
orders = workload("Deployment", "orders", container("orders", "shop", image="acme/payments:1.4.1", env={"REQUIRED_ENV": "DATABASE_URL", "DATABASE_URL": "postgres://orders@10.20.0.5/orders"}), deadline=75)


def from_map(indent):
    return "valueFrom:\n" + textwrap.indent("configMapKeyRef:\n  name: orders-database\n  key: url\n", " " * indent)


job_env = "env[name=DATABASE_URL]"
migrate_text, orders_text = dump(migrate), dump(orders)
at = lambda t: len(next(line for line in t.splitlines() if URL.strip() in line)) - len(URL.strip()) + 2
scenario("hook-before-its-settings", "argocd", {"deploy/migrate.yaml": migrate_text, "deploy/deployment.yaml": orders_text, "deploy/service.yaml": dump(service("orders"))},
         ["One place for the database address, orders 1.4.2", ["deploy/database.yaml", None, dump({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "orders-database"}, "data": {"url": "postgres://orders@10.20.0.5/orders"}})],
          ["deploy/migrate.yaml", URL, from_map(at(migrate_text))], ["deploy/deployment.yaml", URL, from_map(at(orders_text))],
          ["deploy/migrate.yaml", "payments:1.4.1", "payments:1.4.2"], ["deploy/deployment.yaml", "payments:1.4.1", "payments:1.4.2"]],
         "the PreSync hook Job reads ConfigMap orders-database, which the same commit adds in the Sync phase: it does not exist when the hook runs, so the sync never gets there",
         expected=expect("config-missing job-failed",
                         [("ConfigMap/orders-database metadata.annotations", ANY)],
                         [(c("Job", "orders-migrate", "migrate", job_env + ".value"), BEFORE), (c("Job", "orders-migrate", "migrate", job_env + ".valueFrom"), GONE)],
                         [(c("Job", "orders-migrate", "migrate", job_env), BEFORE)],
                         [('Job/orders-migrate metadata.annotations["argocd.argoproj.io/hook"]', value("Sync"))]))

# ------------------------------------------------------------------------------------------------- 8 flux kustomize: patch by index
scenario("patch-by-index", "flux", {
    "base/deployment.yaml": dump(workload("Deployment", "cart", container("cart", "shop", env={"LEGACY_CART": "off", "CONFIG_FILE": "/etc/shop/default.conf", "CACHE_MB": "12", "LOG_LEVEL": "info"},
                                 volumeMounts=[{"name": "settings", "mountPath": "/etc/shop"}]), deadline=75, pod={"volumes": [{"name": "settings", "configMap": {"name": "cart-settings"}}]})),
    "base/service.yaml": dump(service("cart")),
    "base/default.conf": "CHECKOUT=classic\n", "base/prod.conf": "CHECKOUT=express\nLIMIT=40\n",
    "base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml", configMapGenerator=[{"name": "cart-settings", "files": ["default.conf", "prod.conf"]}]),
    "overlays/prod/settings.yaml": text("""
        - op: replace
          path: /spec/template/spec/containers/0/env/1/value
          value: /etc/shop/prod.conf
        """),
    "overlays/prod/kustomization.yaml": kustomization("../../base", patches=[{"path": "settings.yaml", "target": {"kind": "Deployment", "name": "cart"}}], images=[{"name": "acme/checkout", "newTag": "1.4.1"}]),
}, ["Nobody has the old cart any more; 1.4.2", ["base/deployment.yaml", '        - name: LEGACY_CART\n          value: \'off\'\n', ""], ["overlays/prod/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.2"]],
    "the overlay's JSON patch addresses the environment by index: with LEGACY_CART gone it overwrites CACHE_MB with a path instead of CONFIG_FILE; the patch's index must follow",
    expected=expect("crash-on-start", [(c("Deployment", "cart", "cart", "env[name=CACHE_MB].value"), BEFORE), (c("Deployment", "cart", "cart", "env[name=CONFIG_FILE].value"), BEFORE)]), path="overlays/prod")

# ------------------------------------------------------------------------------------------------- 9 argocd kustomize: account lost from the list
scenario("account-off-the-list", "argocd", {
    "base/statefulset.yaml": dump(workload("StatefulSet", "ratings", container("ratings", "shop", image="acme/catalog:1.4.1", env={"WRITE_FILE": "/data/state"}, volumeMounts=[{"name": "data", "mountPath": "/data"}]),
                                  pod={"serviceAccountName": "ratings", "volumes": [{"name": "data", "emptyDir": {"sizeLimit": "64Mi"}}]})),
    "base/service.yaml": dump(service("ratings", clusterIP="None")),
    "base/kustomization.yaml": kustomization("service.yaml", "statefulset.yaml"),
    "overlays/prod/account.yaml": dump({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "ratings", "labels": {"team": "discovery"}}, "automountServiceAccountToken": False}),
    "overlays/prod/kustomization.yaml": kustomization("../../base", "account.yaml", images=[{"name": "acme/catalog", "newTag": "1.4.1"}]),
}, ["Disruption budget for ratings, 1.4.2", ["overlays/prod/budget.yaml", None, dump({"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": {"name": "ratings"}, "spec": {"maxUnavailable": 1, "selector": {"matchLabels": {"app": "ratings"}}}})],
    ["overlays/prod/kustomization.yaml", "- account.yaml", "- budget.yaml"], ["overlays/prod/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.2"]],
    "account.yaml fell off the overlay's resources when budget.yaml was added: the ServiceAccount is pruned and the StatefulSet cannot create its pod again",
    expected=expect("service-account-missing", [("ServiceAccount/ratings automountServiceAccountToken", BEFORE)]), path="overlays/prod")

# ------------------------------------------------------------------------------------------------- 10 flux plain, never worked: service variable of a name that is not
wait_for = {"name": "wait-for-catalog", "image": "busybox:1.36", "command": ["sh", "-c", 'until wget -q -O /dev/null "$UPSTREAM/readyz"; do echo "waiting for $UPSTREAM"; sleep 3; done'],
            "env": [{"name": "UPSTREAM", "value": "http://$(CATALOGUE_SERVICE_HOST):$(CATALOGUE_SERVICE_PORT)"}], "resources": {"requests": {"cpu": "5m", "memory": "8Mi"}, "limits": {"memory": "32Mi"}}}
scenario("variable-of-no-service", "flux", {
    "deploy/catalog.yaml": dump(service("catalog"), workload("Deployment", "catalog", container("catalog", "shop", image="acme/catalog:1.4.2"))),
    "deploy/storefront.yaml": dump(service("storefront"), workload("Deployment", "storefront", container("storefront", "shop", image="acme/checkout:1.4.2"), deadline=75, pod={"initContainers": [wait_for]})),
}, [], "first release: the init container's UPSTREAM is made of CATALOGUE_SERVICE_HOST, but the Service is called catalog: the reference stays unexpanded and the pod waits for ever",
    expected=expect("dependency-address", [(c("Deployment", "storefront", "wait-for-catalog", "env[name=UPSTREAM].value", init=True), value("http://$(CATALOG_SERVICE_HOST):$(CATALOG_SERVICE_PORT)"))],
                    [(c("Deployment", "storefront", "wait-for-catalog", "env[name=UPSTREAM].value", init=True), value("http://$(CATALOG_SERVICE_HOST)"))],
                    [(c("Deployment", "storefront", "wait-for-catalog", "env[name=UPSTREAM].value", init=True), value("http://$(CATALOG_SERVICE_HOST):80"))]), never_worked=True)

# ------------------------------------------------------------------------------------------------- 11 flux helm: scratch in memory counts as memory
scenario("scratch-in-memory", "flux", {**chart(), "releases/search.yaml": release("search", """
    image:
      repository: acme/catalog
      tag: 1.4.1
    index:
      enabled: true
      megabytes: 80
      volume:
        sizeLimit: 200Mi
    resources:
      requests:
        cpu: 10m
        memory: 24Mi
      limits:
        memory: 160Mi
    """)}, ["Index off the slow disk", ["releases/search.yaml", "        sizeLimit: 200Mi", "        medium: Memory\n        sizeLimit: 200Mi"]],
    "the scratch volume became tmpfs: the 80 MB index that the init container writes now count against its limit of 64Mi (a chart default): OOMKilled",
    expected=expect("out-of-memory", [(c("Deployment", "search", "build-index", "resources.limits.memory", init=True), at_least("88Mi"))],
                    [("Deployment/search spec.template.spec.volumes[name=scratch].emptyDir.medium", GONE)]), path="releases")

# ------------------------------------------------------------------------------------------------- 12 argocd helm: annotations that are no strings
scenario("annotation-not-a-string", "argocd", {**chart(), "env/prod.yaml": text("""
    name: vouchers
    image:
      repository: acme/payments
      tag: 1.4.0
    podAnnotations:
      acme.example/team: loyalty
    env:
      LOG_LEVEL: info
    """)}, ["Scrape vouchers", ["env/prod.yaml", "team: loyalty\n", "team: loyalty\n  prometheus.io/path: /metrics\n  prometheus.io/scrape: true\n"]],
    "prometheus.io/scrape: true is a boolean in the rendered Deployment: annotations must be strings, the API server refuses the object",
    expected=expect("invalid-manifest helm-failed", [('Deployment/vouchers spec.template.metadata.annotations["prometheus.io/scrape"]', value("true"))]), path="chart", source=PROD)

# ------------------------------------------------------------------------------------------------- 13 HUMAN: a Secret that somebody deleted by hand
scenario("secret-deleted-by-hand", "argocd", {
    "base/deployment.yaml": dump(workload("Deployment", "payments", container("payments", "shop", image="acme/payments:1.4.1", env={"REQUIRED_ENV": "PSP_TOKEN", "PSP_TOKEN": {"secretKeyRef": {"name": "psp-account", "key": "token"}}}), deadline=60)),
    "base/service.yaml": dump(service("payments")),
    "base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
    "overlays/prod/kustomization.yaml": kustomization("../../base", images=[{"name": "acme/payments", "newTag": "1.4.1"}]),
}, ["Payments 1.4.2", ["overlays/prod/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.2"]],
    "Secret psp-account, never in git, was deleted by hand shortly before the release; the new pods cannot read it: a person must create it again", HUMAN,
    expected=expect("secret-missing"), path="overlays/prod", given=dump({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "psp-account"}, "stringData": {"token": "only-for-tests"}}),
    then=[[-8, "kubectl -n $NAMESPACE delete secret psp-account"]])

# ------------------------------------------------------------------------------------------------- 14 HUMAN: another team's service is switched off
check = {"name": "licence", "image": "busybox:1.37", "command": ["sh", "-c", 'u="http://$LICENCE_SERVICE_HOST:$LICENCE_SERVICE_PORT/readyz"; wget -q -O /dev/null "$u" || { echo "no licence: $u does not answer"; exit 1; }; echo "licence granted"'],
         "resources": {"requests": {"cpu": "5m", "memory": "8Mi"}, "limits": {"memory": "32Mi"}}}
scenario("licence-server-away", "argocd", {
    "deploy/tax.yaml": dump(workload("Deployment", "tax", container("tax", "shop", env={"LOG_LEVEL": "info"}), deadline=60, pod={"initContainers": [check]})),
    "deploy/service.yaml": dump(service("tax")),
}, ["Tax 1.4.2, more to read in the log", ["deploy/tax.yaml", "checkout:1.4.1", "checkout:1.4.2"], ["deploy/tax.yaml", "value: info", "value: debug"]],
    "the licence service, which another team runs and which is not in this repository, was scaled to zero by hand: the init container of every new pod is refused; people must talk", HUMAN,
    expected=expect("dependency-address replicas-zero"),
    given=dump(service("licence"), workload("Deployment", "licence", container("licence", "shop", image="acme/worker:1.4.0"))), then=[[-20, "kubectl -n $NAMESPACE scale deployment licence --replicas=0"]])

# ------------------------------------------------------------------------------------------------- 15 NONE: slow, and then well
scenario("preload-takes-its-time", "flux", {
    "base/catalog.yaml": dump(service("catalog"), workload("Deployment", "catalog", container("catalog", "shop", image="acme/catalog:1.4.1", env={"START_SECONDS": "2", "CACHE_MB": "8"},
                              startupProbe={"httpGet": {"path": "/healthz", "port": "http"}, "periodSeconds": 5, "failureThreshold": 36}), deadline=240)),
    "base/kustomization.yaml": kustomization("catalog.yaml"),
    "overlays/prod/kustomization.yaml": kustomization("../../base", images=[{"name": "acme/catalog", "newTag": "1.4.1"}], patches=[{"path": "preload.yaml"}]),
    "overlays/prod/preload.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: catalog
        spec:
          template:
            spec:
              containers:
                - name: catalog
                  env:
                    - name: START_SECONDS
                      value: "4"
        """),
}, ["Catalog 1.4.2 with the whole assortment preloaded", ["overlays/prod/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.2"], ["overlays/prod/preload.yaml", 'value: "4"', 'value: "80"']],
    "the service needs 80 s to start and its startup probe allows 180: Flux's health check of 60 s runs out once or twice, then all is well by itself", NONE, expected=expect("healthy"), path="overlays/prod")

# ------------------------------------------------------------------------------------------------- 16 NONE: parked on purpose
nightly = {"name": "nightly", "image": "busybox:1.36", "command": ["sh", "-c", "echo stock counted"], "resources": {"requests": {"cpu": "5m", "memory": "8Mi"}, "limits": {"memory": "32Mi"}}}
scenario("parked-for-the-move", "argocd", {
    "deploy/stock.yaml": dump(service("stock"), workload("Deployment", "stock", container("stock", "shop", image="acme/worker:1.4.1"), replicas=2)),
    "deploy/count.yaml": dump(workload("CronJob", "stock-count", nightly, spec={"suspend": False})),
}, ["Park stock until the warehouse has moved", ["deploy/stock.yaml", "replicas: 2", "replicas: 0"], ["deploy/count.yaml", "suspend: false", "suspend: true"]],
    "scaled to zero and suspended on purpose, the subject says so: the Service without endpoints is what is wanted", NONE, expected=expect("replicas-zero"))
