"""What the API server, the controllers and the renderer refuse: deliveries that fail before a program has said a word."""
import pathlib, runpy, textwrap
globals().update(runpy.run_path(str(pathlib.Path(__file__).parent / "kit.py")))
SCENARIOS, scenario = batch(2052)

RES = {"requests": {"cpu": "10m", "memory": "24Mi"}, "limits": {"memory": "64Mi"}}
SMALL = {"requests": {"cpu": "10m", "memory": "16Mi"}, "limits": {"memory": "32Mi"}}


def shop(name, image, env=None, **more):
    return container(name, "shop", image=image, env=env, resources=more.pop("resources", RES), **more)


# 1 ── Kustomize, Argo CD: the base counts by minAvailable, the live overlay adds maxUnavailable; a release on top
scenario("budget-counted-twice", "argocd", {
    "k8s/base/cart.yaml": dump(workload("Deployment", "cart", shop("cart", "acme/checkout", {"CACHE_MB": "8"}), replicas=2), service("cart")),
    "k8s/base/budget.yaml": text("""
        apiVersion: policy/v1
        kind: PodDisruptionBudget
        metadata:
          name: cart
        spec:
          minAvailable: 1
          selector:
            matchLabels:
              app: cart
    """),
    "k8s/base/kustomization.yaml": kustomization("cart.yaml", "budget.yaml"),
    "k8s/overlays/test/kustomization.yaml": kustomization("../../base", images=[{"name": "acme/checkout", "newTag": "1.4.2"}]),
    "k8s/overlays/live/kustomization.yaml": kustomization("../../base", images=[{"name": "acme/checkout", "newTag": "1.4.1"}], patches=[{"path": "size.yaml"}]),
    "k8s/overlays/live/size.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: cart
        spec:
          replicas: 3
    """),
}, [{"subject": "cart live: four copies, node upgrades drain one at a time", "edit": [
        ["k8s/overlays/live/size.yaml", "  replicas: 3\n", "  replicas: 4\n---\napiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata:\n  name: cart\nspec:\n  maxUnavailable: 1\n"]]},
    {"subject": "cart 1.4.2 live", "edit": [["k8s/overlays/live/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.2"]], "wait": 45}],
    "the live patch adds maxUnavailable to a budget that has minAvailable from the base: the API server takes only one of them",
    expected=expect("invalid-manifest",
        [("PodDisruptionBudget/cart spec.minAvailable", GONE)],
        [("PodDisruptionBudget/cart spec.maxUnavailable", GONE)]),
    path="k8s/overlays/live")

# 2 ── Kustomize, Flux: a JSON patch counts the base's variables, the base has one less now
scenario("patch-by-position", "flux", {
    "apps/payout/base/deployment.yaml": dump(workload("Deployment", "payout", shop("payout", "acme/payments", {"LOG_FORMAT": "text", "REGION": "eu-central", "POOL_SIZE": "5"}))),
    "apps/payout/base/service.yaml": dump(service("payout")),
    "apps/payout/base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
    "apps/payout/staging/kustomization.yaml": kustomization("../base", images=[{"name": "acme/payments", "newTag": "1.4.2"}]),
    "apps/payout/production/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources:
          - ../base
        images:
          - name: acme/payments
            newTag: 1.4.1
        patches:
          - target:
              kind: Deployment
              name: payout
            path: pool.yaml
    """),
    "apps/payout/production/pool.yaml": text("""
        # connections to the database: agreed with the DBAs
        - op: replace
          path: /spec/template/spec/containers/0/env/2/value
          value: "20"
    """),
}, ["payout 1.4.2: JSON logs are the default now, pool of 24",
    ["apps/payout/base/deployment.yaml", "        - name: LOG_FORMAT\n          value: text\n", ""],
    ["apps/payout/production/pool.yaml", 'value: "20"', 'value: "24"'],
    ["apps/payout/production/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.2"]],
    "production's JSON patch replaces env/2, POOL_SIZE, which is env/1 since LOG_FORMAT left the base: the build fails",
    expected=expect("render-failed", [], keep=[
        (c("Deployment", "payout", "payout", "env[name=LOG_FORMAT]"), GONE), (c("Deployment", "payout", "payout", "env[name=POOL_SIZE].value"), value("24")),
        (c("Deployment", "payout", "payout", "image"), value("acme/payments:1.4.2"))]),
    path="apps/payout/production")

# 3 ── Helm, Flux: the chart's schema knows two log formats
scenario("format-not-in-schema", "flux", {
    "charts/notifier/Chart.yaml": "apiVersion: v2\nname: notifier\nversion: 0.8.2\ndescription: Sends mail and text messages\n",
    "charts/notifier/values.yaml": text("""
        replicas: 1
        image:
          repository: acme/mailer
          tag: 7.0.5
        smtpHost: smtp.example
        logFormat: text
    """),
    "charts/notifier/values.schema.json": text("""
        {
          "$schema": "http://json-schema.org/draft-07/schema#",
          "type": "object",
          "required": ["image", "smtpHost"],
          "properties": {
            "replicas": {"type": "integer", "minimum": 1, "maximum": 6},
            "smtpHost": {"type": "string", "minLength": 1},
            "logFormat": {"enum": ["text", "json"]}
          }
        }
    """),
    "charts/notifier/templates/deployment.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: notifier
        spec:
          replicas: {{ .Values.replicas }}
          progressDeadlineSeconds: 60
          selector:
            matchLabels: {app: notifier}
          template:
            metadata:
              labels: {app: notifier}
            spec:
              containers:
                - name: notifier
                  image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
                  env:
                    - {name: SMTP_HOST, value: {{ .Values.smtpHost | quote }}}
                    - {name: LOG_FORMAT, value: {{ .Values.logFormat | quote }}}
                  ports:
                    - {name: http, containerPort: 3000}
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 64Mi}
                  readinessProbe:
                    httpGet: {path: /up, port: http}
                    periodSeconds: 4
    """),
    "charts/notifier/templates/service.yaml": text("""
        apiVersion: v1
        kind: Service
        metadata:
          name: notifier
        spec:
          selector: {app: notifier}
          ports:
            - {name: http, port: 80, targetPort: http}
    """),
    "releases/notifier.yaml": text("""
        apiVersion: helm.toolkit.fluxcd.io/v2
        kind: HelmRelease
        metadata:
          name: notifier
        spec:
          interval: 30s
          timeout: 60s
          releaseName: notifier
          chart:
            spec:
              chart: ./charts/notifier
              reconcileStrategy: Revision
              sourceRef:
                kind: GitRepository
                name: "@NAME@"
                namespace: flux-system
          install:
            remediation:
              retries: 1
          upgrade:
            remediation:
              retries: 2
          values:
            image:
              tag: 7.0.5
            logFormat: json
            smtpHost: smtp.eu.example
    """),
}, ["notifier 7.1.0, two copies, logs for the new collector",
    ["releases/notifier.yaml", "      tag: 7.0.5\n", "      tag: 7.1.0\n    replicas: 2\n"],
    ["releases/notifier.yaml", "logFormat: json", "logFormat: logfmt"]],
    "logFormat logfmt is none of the formats that the chart's schema allows (text, json): the upgrade is refused",
    expected=expect("helm-failed", [], keep=[
        (c("Deployment", "notifier", "notifier", "image"), value("acme/mailer:7.1.0")), ("Deployment/notifier spec.replicas", value(2))]),
    path="releases")

# 4 ── Helm, Argo CD: 250 CPUs instead of 250m, and the platform's quota counts
scenario("cpus-without-the-m", "argocd", {
    "helm/reports/Chart.yaml": "apiVersion: v2\nname: reports\nversion: 3.0.1\n",
    "helm/reports/values.yaml": text("""
        web:
          image: acme/reports:5.0.2
          workers: 2
          replicas: 1
          resources:
            requests: {cpu: 10m, memory: 24Mi}
            limits: {memory: 96Mi}
    """),
    "helm/reports/templates/web.yaml": text("""
        {{- with .Values.web }}
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: reports
        spec:
          replicas: {{ .replicas }}
          progressDeadlineSeconds: 90
          selector:
            matchLabels:
              app: reports
          template:
            metadata:
              labels:
                app: reports
            spec:
              containers:
                - name: gunicorn
                  image: {{ .image }}
                  args: ["reports.wsgi:application", "--bind", "0.0.0.0:8000", "--workers", "{{ .workers }}"]
                  env:
                    - name: REDIS_URL
                      value: redis://10.20.0.8:6379/0
                  ports:
                    - name: http
                      containerPort: 8000
                  resources:
                    {{- toYaml .resources | nindent 12 }}
                  readinessProbe:
                    httpGet:
                      path: /ready
                      port: http
                    periodSeconds: 4
        {{- end }}
        ---
        apiVersion: v1
        kind: Service
        metadata:
          name: reports
        spec:
          selector:
            app: reports
          ports:
            - name: http
              port: 80
              targetPort: http
    """),
    "values/production/reports.yaml": text("""
        web:
          replicas: 2
          resources:
            requests:
              cpu: 40m
    """),
}, ["reports 5.0.3: more workers, and the CPU they really use",
    ["values/production/reports.yaml", "  replicas: 2\n", "  image: acme/reports:5.0.3\n  workers: 4\n  replicas: 2\n"],
    ["values/production/reports.yaml", "cpu: 40m", "cpu: 250"]],
    "each pod asks for 250 CPUs (250m was meant), the namespace's quota allows 1: FailedCreate, exceeded quota",
    expected=expect("quota",
        [(c("Deployment", "reports", "gunicorn", "resources.requests.cpu"), BEFORE)],
        [(c("Deployment", "reports", "gunicorn", "resources.requests.cpu"), value("250m"))]),
    path="helm/reports", source={"helm": {"valueFiles": ["../../values/production/reports.yaml"]}},
    given="apiVersion: v1\nkind: ResourceQuota\nmetadata:\n  name: tenant\n  annotations:\n    owner: platform\nspec:\n  hard:\n    requests.cpu: \"1\"\n    limits.memory: 2Gi\n")

# 5 ── Kustomize with a component, Flux: the new sidecar asks for less than a container must
scenario("sidecar-too-modest", "flux", {
    "platform/limits.yaml": text("""
        # platform team: the same in every namespace
        apiVersion: v1
        kind: LimitRange
        metadata:
          name: container-sizes
        spec:
          limits:
            - type: Container
              min:
                memory: 16Mi
              max:
                memory: 512Mi
    """),
    "platform/kustomization.yaml": kustomization("limits.yaml"),
    "stock/base/stock.yaml": dump(workload("Deployment", "stock", container("inventory", "shop", image="acme/inventory:1.9", env={"CACHE_TTL": "30s"}, resources=RES,
        live={"httpGet": {"path": "/livez", "port": "http"}, "periodSeconds": 10}), replicas=2), service("stock")),
    "stock/base/kustomization.yaml": kustomization("stock.yaml"),
    "stock/components/heartbeat/kustomization.yaml": "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\npatches:\n  - path: sidecar.yaml\n",
    "stock/components/heartbeat/sidecar.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: stock
        spec:
          template:
            spec:
              containers:
                - name: heartbeat
                  image: busybox:1.37
                  command: [sh, -c, "while :; do wget -q -T 4 -O /dev/null http://127.0.0.1:8080/livez && echo alive; sleep 15; done"]
                  resources:
                    requests: {cpu: 2m, memory: 6Mi}
                    limits: {memory: 24Mi}
    """),
    "stock/prod/kustomization.yaml": kustomization("../base", "../../platform"),
}, ["stock: heartbeat beside it in production, entries live for a minute",
    ["stock/prod/kustomization.yaml", "  - ../../platform\n", "  - ../../platform\ncomponents:\n  - ../components/heartbeat\n"],
    ["stock/base/stock.yaml", "value: 30s", "value: 60s"]],
    "the LimitRange wants at least 16Mi per container, heartbeat of the component requests 6Mi: no pod is created",
    expected=expect("limit-range", [(c("Deployment", "stock", "heartbeat", "resources.requests.memory"), at_least("16Mi"))]),
    path="stock/prod")

# 6 ── plain, Argo CD: a first release in a restricted namespace
scenario("first-in-restricted", "argocd", {
    "manifests/storefront/deployment.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: storefront
          labels:
            app.kubernetes.io/name: storefront
        spec:
          replicas: 2
          progressDeadlineSeconds: 90
          selector:
            matchLabels:
              app: storefront
          template:
            metadata:
              labels:
                app: storefront
            spec:
              securityContext:
                runAsNonRoot: true
                runAsUser: 1000
                seccompProfile:
                  type: RuntimeDefault
              containers:
                - name: web
                  image: acme/storefront-rootless:9.4.1
                  args: [dist/server.js]
                  env:
                    - name: API_BASE_URL
                      value: https://api.example
                  ports:
                    - name: http
                      containerPort: 3000
                  securityContext:
                    allowPrivilegeEscalation: false
                    capabilities:
                      drop: [ALL]
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 96Mi}
                  readinessProbe:
                    httpGet: {path: /api/health, port: http}
                    periodSeconds: 4
                - name: uptime
                  image: busybox:1.37
                  command: [sh, -c, "while sleep 20; do uptime; done"]
                  securityContext:
                    readOnlyRootFilesystem: true
                    capabilities:
                      drop: [ALL]
                  resources:
                    requests: {cpu: 5m, memory: 8Mi}
                    limits: {memory: 24Mi}
    """),
    "manifests/storefront/service.yaml": dump(service("storefront")),
    "manifests/settings.yaml": dump(configmap("storefront-about", owner="team web", pager="web-oncall")),
}, [], "the namespace enforces Pod Security restricted; container uptime does not set allowPrivilegeEscalation: false: no pod is created",
    expected=expect("pod-security", [(c("Deployment", "storefront", "uptime", "securityContext.allowPrivilegeEscalation"), value(False))]),
    path="manifests", source={"directory": {"recurse": True}}, never_worked=True, labels={"pod-security.kubernetes.io/enforce": "restricted"})

# 7 ── Kustomize, Flux: own accounts for two workloads, one is called differently where it is used; a commit on top
scenario("account-of-the-consumer", "flux", {
    "base/accounts.yaml": "apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: shipping\nautomountServiceAccountToken: false\n",
    "base/api.yaml": dump(workload("Deployment", "shipping-api", shop("api", "acme/checkout"), pod={"serviceAccountName": "shipping"}), service("shipping-api")),
    "base/consumer.yaml": dump(workload("Deployment", "shipping-consumer", shop("consumer", "acme/worker", {"PREFETCH": "10"}), pod={"serviceAccountName": "shipping"})),
    "base/labels.yaml": dump(workload("CronJob", "shipping-labels", container("labels", "shop", image="acme/worker", args=["migrate"], probes=False, resources=RES, env={"DATABASE_URL": "postgres://shipping@10.20.0.9/labels"}),
        pod={"serviceAccountName": "shipping"}, spec={"schedule": "20 2 * * *"})),
    "base/kustomization.yaml": kustomization("accounts.yaml", "api.yaml", "consumer.yaml", "labels.yaml"),
    "envs/prod/kustomization.yaml": kustomization("../../base", images=[{"name": "acme/checkout", "newTag": "1.4.1"}, {"name": "acme/worker", "newTag": "1.4.1"}]),
}, [{"subject": "Shipping: an account each for api and consumer, labels follow next week", "edit": [
        ["base/accounts.yaml", "automountServiceAccountToken: false\n", "automountServiceAccountToken: false\n---\napiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: shipping-api\nautomountServiceAccountToken: false\n"
         "---\napiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: shipping-consumer\nautomountServiceAccountToken: false\n"],
        ["base/api.yaml", "serviceAccountName: shipping\n", "serviceAccountName: shipping-api\n"],
        ["base/consumer.yaml", "serviceAccountName: shipping\n", "serviceAccountName: shipping-worker\n"]]},
    {"subject": "consumer: prefetch 25, worker 1.4.2", "edit": [["base/consumer.yaml", "value: '10'", "value: '25'"], ["envs/prod/kustomization.yaml", "- name: acme/worker\n    newTag: 1.4.1", "- name: acme/worker\n    newTag: 1.4.2"]], "wait": 50}],
    "shipping-consumer runs as shipping-worker, the new account is called shipping-consumer: FailedCreate, service account not found",
    expected=expect("service-account-missing",
        [(pod("Deployment", "shipping-consumer", "serviceAccountName"), value("shipping-consumer"))],
        [(pod("Deployment", "shipping-consumer", "serviceAccountName"), BEFORE)]),
    path="envs/prod")

# 8 ── plain, Flux: the zone in the schedule; a commit on top
scenario("zone-in-the-schedule", "flux", {
    **one("office-report", workload("CronJob", "office-report", container("report", "shop", image="acme/worker:1.4.1", args=["migrate"], probes=False, resources=RES, env={"DATABASE_URL": "postgres://office@10.20.0.9/office"}), spec={"schedule": "30 4 * * 1-5"})),
    **one("office", workload("Deployment", "office", shop("office", "acme/catalog:1.4.1")), service("office")),
    **one("settings", configmap("office-about", rooms="48", city="Berlin")),
}, [{"subject": "Office report at 05:15 Berlin time, summer and winter; worker 1.4.2", "edit": [
        ["deploy/office-report.yaml", "schedule: 30 4 * * 1-5", "schedule: CRON_TZ=Europe/Berlin 15 5 * * 1-5"],
        ["deploy/office-report.yaml", "acme/worker:1.4.1", "acme/worker:1.4.2"],
        ["deploy/office-report.yaml", "  concurrencyPolicy: Forbid\n", "  concurrencyPolicy: Forbid\n  startingDeadlineSeconds: 600\n"]]},
    {"subject": "Two rooms more, office 1.4.2", "edit": [["deploy/settings.yaml", "rooms: '48'", "rooms: '50'"], ["deploy/office.yaml", "acme/catalog:1.4.1", "acme/catalog:1.4.2"]], "wait": 40}],
    "the schedule holds CRON_TZ=, which the API server refuses: the zone belongs into timeZone",
    expected=expect("cron-invalid invalid-manifest",
        [("CronJob/office-report spec.schedule", value("15 5 * * 1-5")), ("CronJob/office-report spec.timeZone", value("Europe/Berlin"))],
        [("CronJob/office-report spec.schedule", BEFORE)]))

# 9 ── for people. plain, Argo CD: the hook's Job asks another team's service, which its owners have switched off
FETCH = 'for i in 1 2 3 4 5 6 7 8 9 10; do\n  wget -q -T 4 -O /tmp/tariffs "http://$TARIFFS_SERVICE_HOST:8080/" && echo "tariffs fetched: $(wc -c </tmp/tariffs) bytes" && exit 0\n  sleep 3\ndone\necho "tariffs: http://$TARIFFS_SERVICE_HOST:8080/ does not answer, giving up"\nexit 1\n'
scenario("tariffs-of-others", "argocd", {
    "deploy/10-fetch.yaml": dump(workload("Job", "tariffs-fetch", {"name": "fetch", "image": "busybox:1.36", "command": ["sh", "-c", Text(FETCH)], "resources": SMALL},
        meta={"annotations": {"argocd.argoproj.io/hook": "PreSync", "argocd.argoproj.io/hook-delete-policy": "BeforeHookCreation"}})),
    "deploy/20-billing.yaml": dump(workload("Deployment", "billing", {"name": "billing", "image": "acme/billing:2.8.0",
        "env": [{"name": "SECRET_KEY", "value": "only-for-tests"}, {"name": "DATABASE_HOST", "value": "10.20.0.5"}, {"name": "PAGE_LENGTH", "value": "25"}], "ports": [{"name": "http", "containerPort": 8000}], "resources": RES,
        "readinessProbe": {"httpGet": {"path": "/ready", "port": "http"}, "periodSeconds": 5}}), service("billing")),
}, ["billing 2.8.1, longer pages", ["deploy/20-billing.yaml", "acme/billing:2.8.0", "acme/billing:2.8.1"], ["deploy/20-billing.yaml", "value: '25'", "value: '50'"]],
    "the PreSync Job asks Service tariffs of team tariffs, whose Deployment (not in this repository) was scaled to 0 by hand: its owners must say what is right; the commit did nothing wrong",
    answer=HUMAN, expected=expect("job-failed dependency-address service-no-endpoints"),
    given=textwrap.dedent("""\
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: tariffs
          annotations:
            owner: team tariffs, delivered by their own pipeline
        spec:
          replicas: 1
          selector:
            matchLabels: {app: tariffs}
          template:
            metadata:
              labels: {app: tariffs}
            spec:
              containers:
                - name: tariffs
                  image: acme/catalog:1.4.1
                  ports: [{name: http, containerPort: 8080}]
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 64Mi}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 2
        ---
        apiVersion: v1
        kind: Service
        metadata:
          name: tariffs
        spec:
          selector: {app: tariffs}
          ports: [{name: http, port: 8080, targetPort: http}]
        """),
    then=[[-8, "kubectl -n $NAMESPACE scale deployment tariffs --replicas 0"]])

# 10 ── plain, Flux: the Deployment becomes a StatefulSet, its autoscaler still looks for a Deployment
INDEX = workload("Deployment", "indexer", container("indexer", "rust", image="acme/indexer:0.9.1", resources=RES))
INDEX["spec"].pop("replicas")  # the autoscaler's
scenario("scaler-of-a-kind", "flux", {
    "clusters/prod/indexer/workload.yaml": dump(INDEX, service("indexer")),
    "clusters/prod/indexer/scaling.yaml": text("""
        apiVersion: autoscaling/v2
        kind: HorizontalPodAutoscaler
        metadata:
          name: indexer
        spec:
          scaleTargetRef:
            apiVersion: apps/v1
            kind: Deployment
            name: indexer
          minReplicas: 1
          maxReplicas: 3
          metrics:
            - type: Resource
              resource:
                name: cpu
                target:
                  type: Utilization
                  averageUtilization: 75
    """),
}, ["indexer 0.9.2 as a StatefulSet: stable names for the shards, up to five",
    ["clusters/prod/indexer/workload.yaml", "kind: Deployment\n", "kind: StatefulSet\n"],
    ["clusters/prod/indexer/workload.yaml", "  progressDeadlineSeconds: 90\n", "  serviceName: indexer\n  podManagementPolicy: Parallel\n"],
    ["clusters/prod/indexer/workload.yaml", "acme/indexer:0.9.1", "acme/indexer:0.9.2"],
    ["clusters/prod/indexer/scaling.yaml", "maxReplicas: 3", "maxReplicas: 5"]],
    "the autoscaler's target is Deployment indexer, which is a StatefulSet now: FailedGetScale",
    expected=expect("autoscaler", [("HorizontalPodAutoscaler/indexer spec.scaleTargetRef.kind", value("StatefulSet"))]),
    path="clusters/prod/indexer")

# 11 ── plain, Argo CD: a second workload on the archive, by a claim that is called differently
PV = """\
apiVersion: v1
kind: PersistentVolume
metadata:
  name: %(name)s-@NAME@
spec:
  capacity: {storage: 1Gi}
  accessModes: [ReadWriteOnce]
  persistentVolumeReclaimPolicy: Delete
  storageClassName: node-disk
  claimRef: {namespace: "@NAME@", name: %(name)s}
  hostPath: {path: /tmp/volumes-@NAME@, type: DirectoryOrCreate}
"""


def claim(name):
    return {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {"name": name}, "spec": {"accessModes": ["ReadWriteOnce"], "storageClassName": "node-disk", "resources": {"requests": {"storage": "1Gi"}}}}


def on_claim(name):
    return {"volumes": [{"name": "archive", "persistentVolumeClaim": {"claimName": name}}]}


SPACE = 'while :; do df -h /archive | tail -1; sleep 30; done'
scenario("second-user-of-the-archive", "argocd", {
    "deploy/archive/claim.yaml": dump(claim("report-archive")),
    "deploy/archive/writer.yaml": dump(workload("Deployment", "archive-writer", shop("writer", "acme/worker:1.4.1", {"WRITE_FILE": "/archive/state"}, volumeMounts=[{"name": "archive", "mountPath": "/archive"}]),
        pod=on_claim("report-archive"), spec={"strategy": {"type": "Recreate"}})),
    "deploy/archive/service.yaml": dump(service("archive-writer")),
}, ["Watch the archive's space; writer 1.4.2",
    ["deploy/archive/watch.yaml", None, dump(workload("Deployment", "archive-watch", {"name": "space", "image": "busybox:1.37", "command": ["sh", "-c", SPACE], "resources": SMALL,
        "volumeMounts": [{"name": "archive", "mountPath": "/archive", "readOnly": True}]}, pod=on_claim("reports-archive")))],
    ["deploy/archive/writer.yaml", "acme/worker:1.4.1", "acme/worker:1.4.2"]],
    "archive-watch mounts claim reports-archive, the claim is called report-archive: its pod stays pending",
    expected=expect("volume-unbound", [(pod("Deployment", "archive-watch", "volumes[name=archive].persistentVolumeClaim.claimName"), value("report-archive"))]),
    source={"directory": {"recurse": True}}, given=PV % {"name": "report-archive"})

# 12 ── for people. Helm, Argo CD: a new part wants a GPU, and the cluster has none
scenario("waits-for-a-gpu", "argocd", {
    "chart/Chart.yaml": "apiVersion: v2\nname: discovery\nversion: 1.9.0\ndescription: Search with its helpers\n",
    "chart/values.yaml": text("""
        parts:
          search:
            image: acme/catalog:1.4.1
            replicas: 2
            limits: {memory: 64Mi}
    """),
    "chart/templates/parts.yaml": text("""
        {{- range $name, $part := .Values.parts }}
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: {{ $name }}
        spec:
          replicas: {{ $part.replicas | default 1 }}
          progressDeadlineSeconds: 90
          selector:
            matchLabels: {app: {{ $name }}}
          template:
            metadata:
              labels: {app: {{ $name }}}
            spec:
              containers:
                - name: {{ $name }}
                  image: {{ $part.image }}
                  ports:
                    - {name: http, containerPort: 8080}
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits:
                      {{- toYaml $part.limits | nindent 14 }}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 4
        ---
        apiVersion: v1
        kind: Service
        metadata:
          name: {{ $name }}
        spec:
          selector: {app: {{ $name }}}
          ports:
            - {name: http, port: 80, targetPort: http}
        {{- end }}
    """),
    "env/live.yaml": text("""
        parts:
          search:
            replicas: 1
    """),
}, ["discovery: embeddings on the GPU, search 1.4.2",
    ["env/live.yaml", "    replicas: 1\n", "    replicas: 1\n    image: acme/catalog:1.4.2\n  embeddings:\n    image: acme/worker:1.4.2\n    limits:\n      memory: 96Mi\n      nvidia.com/gpu: 1\n"]],
    "the new part embeddings needs nvidia.com/gpu, no node offers one: the platform team must bring one, or the team do without",
    answer=HUMAN, expected=expect("unschedulable-resources"),
    path="chart", source={"helm": {"valueFiles": ["../env/live.yaml"]}})

# 13 ── Kustomize, Flux: Service ports get the mesh's names, one of the Ingress's backends keeps the old one; two commits on top
scenario("backend-port-by-name", "flux", {
    "apps/shopfront/web.yaml": dump(workload("Deployment", "web", shop("web", "acme/checkout")), {**service("web"), "spec": {"selector": {"app": "web"}, "ports": [{"name": "web", "port": 80, "targetPort": "http"}]}}),
    "apps/shopfront/media.yaml": dump(workload("Deployment", "media", shop("media", "acme/catalog")), {**service("media"), "spec": {"selector": {"app": "media"}, "ports": [{"name": "web", "port": 80, "targetPort": "http"}]}}),
    "apps/shopfront/kustomization.yaml": kustomization("web.yaml", "media.yaml"),
    "edge/ingress.yaml": text("""
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata:
          name: shopfront
        spec:
          rules:
            - host: shop.example
              http:
                paths:
                  - path: /media
                    pathType: Prefix
                    backend:
                      service:
                        name: media
                        port:
                          name: web
                  - path: /
                    pathType: Prefix
                    backend:
                      service:
                        name: web
                        port:
                          name: web   # not the path, the port
    """),
    "edge/kustomization.yaml": kustomization("ingress.yaml"),
    "live/kustomization.yaml": kustomization("../apps/shopfront", "../edge", images=[{"name": "acme/checkout", "newTag": "1.4.1"}, {"name": "acme/catalog", "newTag": "1.4.1"}]),
}, [{"subject": "Service ports are called http-web, the mesh reads the protocol from it", "edit": [
        ["apps/shopfront/web.yaml", "  - name: web\n    port: 80\n", "  - name: http-web\n    port: 80\n"],
        ["apps/shopfront/media.yaml", "  - name: web\n    port: 80\n", "  - name: http-web\n    port: 80\n"],
        ["edge/ingress.yaml", "name: web   # not the path, the port\n", "name: http-web\n"]]},
    {"subject": "web 1.4.2", "edit": [["live/kustomization.yaml", "- name: acme/checkout\n    newTag: 1.4.1", "- name: acme/checkout\n    newTag: 1.4.2"]], "wait": 30},
    {"subject": "media: two copies for the campaign", "edit": [["apps/shopfront/media.yaml", "replicas: 1", "replicas: 2"]], "wait": 40}],
    "the Ingress's /media asks for port web of Service media, whose port is called http-web now",
    expected=expect("ingress-backend", [("Ingress/shopfront spec.rules[0].http.paths[0].backend.service.port.name", value("http-web"))]),
    path="live")

# 14 ── nothing to do. plain, Flux: closed on purpose, so its Service has no endpoints
scenario("closed-for-the-season", "flux", {
    **one("garden", workload("Deployment", "garden", shop("garden", "acme/catalog:1.4.1"), replicas=2), service("garden")),
    **one("gifts", workload("Deployment", "gifts", shop("gifts", "acme/checkout:1.4.1")), service("gifts")),
    **one("settings", configmap("garden-season", opens="2026-03-01", closes="2026-11-29")),
}, ["Garden shop closed for the winter, gifts 1.4.2",
    ["deploy/garden.yaml", "  replicas: 2\n", "  replicas: 0   # until 2027-03-01, ticket SEASON-31\n"],
    ["deploy/settings.yaml", "opens: '2026-03-01'\n  closes: '2026-11-29'", "opens: '2027-03-01'\n  closes: '2027-11-28'"],
    ["deploy/gifts.yaml", "acme/checkout:1.4.1", "acme/checkout:1.4.2"]],
    "garden was scaled to 0 on purpose, with a ticket and a date: that its Service has no endpoints is what was wanted",
    answer=NONE, expected=expect("replicas-zero healthy service-no-endpoints"))

# 15 ── Kustomize, Argo CD: the program moves to another port, the Service's targetPort is a number; the check after the sync says so
SMOKE = 'for i in 1 2 3 4; do\n  wget -q -T 4 -O - "http://$QUOTES_SERVICE_HOST:$QUOTES_SERVICE_PORT/readyz" && exit 0\n  sleep 3\ndone\necho "quotes: $QUOTES_SERVICE_HOST:$QUOTES_SERVICE_PORT does not answer"\nexit 1\n'
scenario("moved-to-9090", "argocd", {
    "quotes/base/deployment.yaml": dump(workload("Deployment", "quotes", shop("quotes", "acme/payments", {"PORT": "8080", "CACHE_MB": "8"}), replicas=2)),
    "quotes/base/service.yaml": dump(service("quotes", target=8080)),
    "quotes/base/smoke.yaml": dump(workload("Job", "quotes-smoke", {"name": "ask", "image": "busybox:1.37", "command": ["sh", "-c", Text(SMOKE)], "resources": SMALL},
        meta={"annotations": {"argocd.argoproj.io/hook": "PostSync", "argocd.argoproj.io/hook-delete-policy": "BeforeHookCreation"}})),
    "quotes/base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml", "smoke.yaml"),
    "quotes/prod/kustomization.yaml": kustomization("../base", images=[{"name": "acme/payments", "newTag": "1.4.1"}]),
}, ["quotes on 9090 like all services with metrics, 1.4.2, larger cache",
    ["quotes/base/deployment.yaml", "value: '8080'", "value: '9090'"],
    ["quotes/base/deployment.yaml", "containerPort: 8080", "containerPort: 9090"],
    ["quotes/base/deployment.yaml", "value: '8'\n", "value: '12'\n"],
    ["quotes/prod/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.2"]],
    "Service quotes still sends to port 8080, the program listens on 9090: the PostSync check gets no answer",
    expected=expect("service-port job-failed",
        [("Service/quotes spec.ports[name=http].targetPort", value(9090))],
        [("Service/quotes spec.ports[name=http].targetPort", value("http"))]),
    path="quotes/prod")

# 16 ── nothing to do. plain, Argo CD: the claim waits until the storage team has brought the volume, a minute later
scenario("volume-on-its-way", "argocd", {
    **one("uploads", workload("Deployment", "uploads", shop("uploads", "acme/catalog:1.4.1"), deadline=400)),
    **one("service", service("uploads")),
}, ["uploads 1.4.2, kept on the disk of request STO-88",
    ["deploy/claim.yaml", None, dump(claim("uploads"))],
    ["deploy/uploads.yaml", "acme/catalog:1.4.1", "acme/catalog:1.4.2"],
    ["deploy/uploads.yaml", "      containers:\n", "      volumes:\n      - name: uploads\n        persistentVolumeClaim:\n          claimName: uploads\n      containers:\n"],
    ["deploy/uploads.yaml", "        resources:\n", "        volumeMounts:\n        - name: uploads\n          mountPath: /uploads\n        resources:\n"]],
    "the claim was pending for a minute, until the storage team brought the volume: then it is bound, the pod starts, all is healthy",
    answer=NONE, expected=expect("healthy recovering"),
    then=[[60, "cat <<END | kubectl apply -f -\n" + PV.replace("@NAME@", "$NAMESPACE") % {"name": "uploads"} + "END\n"]])
