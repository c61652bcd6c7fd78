"""The night shift of an ordinary company: what merges of the afternoon leave for it."""
import pathlib, runpy, textwrap
globals().update(runpy.run_path(str(pathlib.Path(__file__).parent / "kit.py")))
SCENARIOS, scenario = batch(1988)

RES = {"requests": {"cpu": "10m", "memory": "24Mi"}, "limits": {"memory": "64Mi"}}
SMALL = {"requests": {"cpu": "10m", "memory": "8Mi"}, "limits": {"memory": "32Mi"}}


def shop(name, image, env=None, **more):
    return container(name, "shop", image=image, env=env, resources=more.pop("resources", RES), **more)


# 1 ── Helm, Argo CD: more memory was meant, but the key is `limit`: the chart's small default counts
scenario("limit-for-limits", "argocd", {
    "charts/search/Chart.yaml": text("""
        apiVersion: v2
        name: search
        version: 2.1.0
        description: Product search, one Deployment and its Service
    """),
    "charts/search/values.yaml": text("""
        image:
          repository: acme/catalog
          tag: 1.4.0
        replicas: 1
        cacheMb: 8
        resources:
          requests:
            cpu: 10m
            memory: 24Mi
          limits:
            memory: 48Mi   # enough for a laptop
    """),
    "charts/search/templates/deployment.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: search
          labels:
            helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
        spec:
          replicas: {{ .Values.replicas }}
          progressDeadlineSeconds: 90
          selector:
            matchLabels:
              app: search
          template:
            metadata:
              labels:
                app: search
            spec:
              containers:
                - name: search
                  image: {{ .Values.image.repository }}:{{ .Values.image.tag }}
                  env:
                    - name: CACHE_MB
                      value: {{ .Values.cacheMb | quote }}
                  ports:
                    - name: http
                      containerPort: 8080
                  resources:
                    requests:
                      cpu: {{ .Values.resources.requests.cpu }}
                      memory: {{ .Values.resources.requests.memory }}
                    limits:
                      memory: {{ .Values.resources.limits.memory }}
                  readinessProbe:
                    httpGet:
                      path: /readyz
                      port: http
                    periodSeconds: 4
    """),
    "charts/search/templates/service.yaml": text("""
        apiVersion: v1
        kind: Service
        metadata:
          name: search
        spec:
          selector:
            app: search
          ports:
            - name: http
              port: 80
              targetPort: http
    """),
    "env/prod/search.yaml": text("""
        image:
          tag: 1.4.1
        cacheMb: 64
        resources:
          limits:
            memory: 160Mi
    """),
}, ["search: 1.4.2, second copy, room for the Christmas range",
    ["env/prod/search.yaml", "  tag: 1.4.1\ncacheMb: 64\n", "  tag: 1.4.2\nreplicas: 2\ncacheMb: 72\n"],
    ["env/prod/search.yaml", "  limits:\n    memory: 160Mi\n", "  limit:\n    memory: 192Mi\n"]],
    "the values say resources.limit instead of resources.limits: the chart's default of 48Mi counts, the cache needs 72 MB: OOMKilled",
    expected=expect("out-of-memory", [(c("Deployment", "search", "search", "resources.limits.memory"), at_least("104Mi"))]),
    path="charts/search", source={"helm": {"valueFiles": ["../../env/prod/search.yaml"]}})

# 2 ── Kustomize, Flux: the base renames a ConfigMap, the overlay's patch still names the old one
scenario("flags-patch-name", "flux", {
    "portal/base/deployment.yaml": dump(workload("Deployment", "portal", container("portal", "envalid", image="acme/portal", resources=RES, envFrom=[{"configMapRef": {"name": "web-flags"}}]))),
    "portal/base/flags.yaml": text("""
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: web-flags
        data:
          BANNER: "none"
          FEATURE_TRIAL: "false"
    """),
    "portal/base/service.yaml": dump(service("portal")),
    "portal/base/kustomization.yaml": kustomization("deployment.yaml", "flags.yaml", "service.yaml"),
    "portal/test/kustomization.yaml": kustomization("../base", images=[{"name": "acme/portal", "newTag": "2.0.1"}]),
    "portal/live/kustomization.yaml": kustomization("../base", images=[{"name": "acme/portal", "newTag": "2.0.0"}], patches=[{"path": "flags.yaml"}]),
    "portal/live/flags.yaml": text("""
        # switched on by marketing, ticket SHOP-412
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: web-flags
        data:
          FEATURE_TRIAL: "true"
    """),
}, ["Portal flags under the portal's name; portal 2.0.1 live",
    ["portal/base/flags.yaml", "  name: web-flags\ndata:\n", "  name: portal-flags\ndata:\n  PAGE_LIMIT: \"40\"\n"],
    ["portal/base/deployment.yaml", "name: web-flags", "name: portal-flags"],
    ["portal/live/kustomization.yaml", "newTag: 2.0.0", "newTag: 2.0.1"]],
    "the live overlay patches ConfigMap web-flags, which the base calls portal-flags now: nothing matches the patch",
    expected=expect("render-failed", [], keep=[
        ("ConfigMap/portal-flags data.FEATURE_TRIAL", value("true")), ("ConfigMap/portal-flags data.BANNER", value("none")), ("ConfigMap/portal-flags data.PAGE_LIMIT", value("40")),
        ("ConfigMap/web-flags data", GONE),
        (c("Deployment", "portal", "portal", "envFrom[0].configMapRef.name"), value("portal-flags")), (c("Deployment", "portal", "portal", "image"), value("acme/portal:2.0.1"))]),
    path="portal/live")

# 3 ── plain, Flux: the ConfigMap is renamed with its Deployment, the CronJob beside it is not
scenario("nightly-run-left-behind", "flux", {
    **one("api", workload("Deployment", "dunning", shop("dunning", "acme/payments:1.4.1", {"REQUIRED_ENV": "DATABASE_URL"}, envFrom=[{"configMapRef": {"name": "dunning-settings"}}])), service("dunning")),
    **one("nightly", workload("CronJob", "dunning-nightly", container("run", "shop", image="acme/worker:1.4.1", args=["migrate"], probes=False, resources=RES,
        env={"DATABASE_URL": {"configMapKeyRef": {"name": "dunning-settings", "key": "DATABASE_URL"}}}))),
    **one("settings", configmap("dunning-settings", DATABASE_URL="postgres://dunning@10.20.0.9/dunning", GRACE_DAYS="14")),
}, ["dunning 1.4.2: ten days of grace, ConfigMap named like the others",
    ["deploy/settings.yaml", "  name: dunning-settings\n", "  name: dunning-env\n"],
    ["deploy/settings.yaml", "GRACE_DAYS: '14'", "GRACE_DAYS: '10'"],
    ["deploy/api.yaml", "name: dunning-settings", "name: dunning-env"],
    ["deploy/api.yaml", "acme/payments:1.4.1", "acme/payments:1.4.2"]],
    "CronJob dunning-nightly reads ConfigMap dunning-settings, which is dunning-env now: its pods do not start",
    expected=expect("config-missing",
        [(c("CronJob", "dunning-nightly", "run", "env[name=DATABASE_URL].valueFrom.configMapKeyRef.name"), value("dunning-env"))],
        [("ConfigMap/dunning-settings data.DATABASE_URL", BEFORE)]))

# 4 ── plain, Argo CD: a hook's Job is stopped before it can be done
scenario("hook-short-leash", "argocd", {
    **one("schema", workload("Job", "ledger-schema", {"name": "flyway", "image": "acme/schema:22", "resources": SMALL,
        "env": [{"name": "FLYWAY_URL", "value": "jdbc:postgresql://10.20.0.5/ledger"}, {"name": "WORK_SECONDS", "value": "14"}]},
        spec={"activeDeadlineSeconds": 120}, meta={"annotations": {"argocd.argoproj.io/hook": "PreSync", "argocd.argoproj.io/hook-delete-policy": "BeforeHookCreation"}})),
    **one("deployment", workload("Deployment", "ledger", container("ledger", "java", image="acme/ledger:3.1.3", resources=RES), deadline=120)),
    **one("service", service("ledger")),
}, ["Schema 23 for ledger 3.1.4, no endless migrations any more",
    ["deploy/schema.yaml", "acme/schema:22", "acme/schema:23"],
    ["deploy/schema.yaml", "activeDeadlineSeconds: 120", "activeDeadlineSeconds: 10"],
    ["deploy/schema.yaml", "backoffLimit: 1", "backoffLimit: 2"],
    ["deploy/deployment.yaml", "acme/ledger:3.1.3", "acme/ledger:3.1.4"]],
    "the migration takes about 15 s, its Job may run for 10: DeadlineExceeded before every sync",
    expected=expect("job-failed",
        [("Job/ledger-schema spec.activeDeadlineSeconds", BEFORE)],
        [("Job/ledger-schema spec.activeDeadlineSeconds", at_least("30"))]))

# 5 ── Kustomize, Argo CD: the port's name changes in the base, the live overlay's startup probe asks by the old name; another commit on top
M = lambda rest: c("Deployment", "media", "media", rest)
scenario("port-name-in-overlay", "argocd", {
    "base/media.yaml": dump(workload("Deployment", "media", shop("media", "acme/catalog", {"START_SECONDS": "3"}), deadline=90)),
    "base/service.yaml": dump(service("media")),
    "base/kustomization.yaml": kustomization("media.yaml", "service.yaml"),
    "overlays/dev/kustomization.yaml": kustomization("../../base", images=[{"name": "acme/catalog", "newTag": "1.4.2"}]),
    "overlays/live/kustomization.yaml": kustomization("../../base", images=[{"name": "acme/catalog", "newTag": "1.4.1"}], patches=[{"path": "start.yaml"}]),
    "overlays/live/start.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: media
        spec:
          template:
            spec:
              containers:
                - name: media
                  env:
                    - name: START_SECONDS
                      value: "6"   # the thumbnails
                  startupProbe:
                    httpGet:
                      path: /healthz
                      port: http
                    periodSeconds: 3
                    failureThreshold: 12
    """),
}, [{"subject": "Name ports as the mesh wants them", "edit": [
        ["base/media.yaml", "- name: http\n", "- name: http-web\n"], ["base/media.yaml", "port: http\n", "port: http-web\n"],
        ["base/service.yaml", "name: http\n", "name: http-web\n"], ["base/service.yaml", "targetPort: http\n", "targetPort: http-web\n"]]},
    {"subject": "media 1.4.2 live", "edit": [["overlays/live/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.2"]], "wait": 40}],
    "the live overlay's startup probe asks port http, the base calls the port http-web now: the probe never succeeds",
    expected=expect("startup-probe startup",
        [(M("startupProbe.httpGet.port"), value("http-web"))],
        [(M("startupProbe.httpGet.port"), value(8080))]),
    path="overlays/live")

# 6 ── Helm, Flux: one tag for two images
scenario("one-tag-for-both", "flux", {
    "charts/front/Chart.yaml": "apiVersion: v2\nname: front\nversion: 1.0.6\n",
    "charts/front/values.yaml": text("""
        registry: acme
        global:
          tag: ""        # for parts without a tag of their own
        web:
          tag: ""
          pageSize: 20
        mail:
          tag: ""
          smtpHost: smtp.example
    """),
    "charts/front/templates/web.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: {{ .Release.Name }}-web
        spec:
          progressDeadlineSeconds: 60
          selector:
            matchLabels: {app: {{ .Release.Name }}, part: web}
          template:
            metadata:
              labels: {app: {{ .Release.Name }}, part: web}
            spec:
              containers:
                - name: web
                  image: "{{ .Values.registry }}/storefront:{{ .Values.web.tag | default .Values.global.tag }}"
                  env:
                    - {name: API_BASE_URL, value: "https://api.example"}
                    - {name: PAGE_SIZE, value: {{ .Values.web.pageSize | quote }}}
                  ports:
                    - {name: http, containerPort: 3000}
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 64Mi}
                  readinessProbe:
                    httpGet: {path: /api/health, port: http}
                    periodSeconds: 4
    """),
    "charts/front/templates/mail.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: {{ .Release.Name }}-mail
        spec:
          progressDeadlineSeconds: 60
          selector:
            matchLabels: {app: {{ .Release.Name }}, part: mail}
          template:
            metadata:
              labels: {app: {{ .Release.Name }}, part: mail}
            spec:
              containers:
                - name: mail
                  image: "{{ .Values.registry }}/mailer:{{ .Values.mail.tag | default .Values.global.tag }}"
                  env:
                    - {name: SMTP_HOST, value: {{ .Values.mail.smtpHost }}}
                  ports:
                    - {name: http, containerPort: 3000}
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 64Mi}
                  readinessProbe:
                    httpGet: {path: /up, port: http}
                    periodSeconds: 4
    """),
    "releases/front.yaml": text("""
        apiVersion: helm.toolkit.fluxcd.io/v2
        kind: HelmRelease
        metadata:
          name: front
        spec:
          interval: 30s
          timeout: 60s
          chart:
            spec:
              chart: ./charts/front
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
              retries: 1
              strategy: rollback
          values:
            web:
              tag: 9.4.0
            mail:
              tag: 7.0.5
    """),
}, ["front 9.4.1: one place for the version, longer pages",
    ["releases/front.yaml", "    web:\n      tag: 9.4.0\n    mail:\n      tag: 7.0.5\n", "    global:\n      tag: 9.4.1\n    web:\n      pageSize: 30\n"]],
    "global.tag 9.4.1 is the storefront's version; acme/mailer has no 9.4.1, it was 7.0.5",
    expected=expect("image-not-found", [(c("Deployment", "front-mail", "mail", "image"), BEFORE)]),
    path="releases")

# 7 ── plain, Argo CD: a key is renamed, the program is told, the init container that copies it is not
WINTER = "toys;10\nsledges;15\nskates;5\n"
scenario("winter-rules", "argocd", {
    **one("deployment", workload("Deployment", "discounts", shop("discounts", "acme/checkout:1.4.1", {"CONFIG_FILE": "/work/discounts.csv"}, volumeMounts=[{"name": "work", "mountPath": "/work"}]), replicas=2,
        pod={"initContainers": [{"name": "stage-rules", "image": "busybox:1.37", "command": ["cp"], "args": ["/rules/discounts.csv", "/work/"], "resources": SMALL,
                                 "volumeMounts": [{"name": "rules", "mountPath": "/rules", "readOnly": True}, {"name": "work", "mountPath": "/work"}]}],
             "volumes": [{"name": "rules", "configMap": {"name": "discount-rules"}}, {"name": "work", "emptyDir": {}}]})),
    **one("rules", configmap("discount-rules", discounts__csv="toys;5\ngarden;20\n")),
    **one("service", service("discounts")),
}, ["Winter discounts, checkout 1.4.2",
    ["deploy/rules.yaml", "  discounts.csv: |\n    toys;5\n    garden;20\n", "  winter.csv: |\n    toys;10\n    sledges;15\n    skates;5\n"],
    ["deploy/deployment.yaml", "value: /work/discounts.csv", "value: /work/winter.csv"],
    ["deploy/deployment.yaml", "acme/checkout:1.4.1", "acme/checkout:1.4.2"]],
    "the init container still copies /rules/discounts.csv, the ConfigMap's key is winter.csv now",
    expected=expect("crash-on-start config-key-missing command-not-found volume-mount",
        [(c("Deployment", "discounts", "stage-rules", "args[0]", init=True), value("/rules/winter.csv"))],
        [("ConfigMap/discount-rules data[\"discounts.csv\"]", value(WINTER)), ("ConfigMap/discount-rules data[\"winter.csv\"]", GONE), (c("Deployment", "discounts", "discounts", "env[name=CONFIG_FILE].value"), BEFORE)],
        [(pod("Deployment", "discounts", "volumes[name=rules].configMap.items"), value([{"key": "winter.csv", "path": "discounts.csv"}])), (c("Deployment", "discounts", "discounts", "env[name=CONFIG_FILE].value"), BEFORE)]))

# 8 ── Kustomize, Argo CD: a shell and its switch in one word
NICE = "exec nice -n 5 /app/run sidekiq"
scenario("shell-in-one-word", "argocd", {
    "base/jobs.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: backoffice-jobs
        spec:
          progressDeadlineSeconds: 90
          selector:
            matchLabels:
              app: backoffice-jobs
          template:
            metadata:
              labels:
                app: backoffice-jobs
            spec:
              containers:
                - name: sidekiq
                  image: acme/backoffice
                  args: [sidekiq]
                  env:
                    - name: SECRET_KEY_BASE
                      value: only-for-tests
                  ports:
                    - name: health
                      containerPort: 7433
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 96Mi}
                  readinessProbe:
                    httpGet: {path: /up, port: health}
                    periodSeconds: 5
    """),
    "base/kustomization.yaml": kustomization("jobs.yaml"),
    "prod/kustomization.yaml": kustomization("../base", images=[{"name": "acme/backoffice", "newTag": "7.2.0"}], patches=[{"path": "jobs.yaml"}]),
    "prod/jobs.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: backoffice-jobs
        spec:
          template:
            spec:
              containers:
                - name: sidekiq
                  env:
                    - name: RAILS_MAX_THREADS
                      value: "5"
    """),
}, ["Backoffice jobs: 7.2.1, ten threads, at low priority",
    ["prod/jobs.yaml", "        - name: sidekiq\n          env:\n", "        - name: sidekiq\n          command: [\"sh -c\", \"" + NICE + "\"]\n          env:\n"],
    ["prod/jobs.yaml", 'value: "5"', 'value: "10"'],
    ["prod/kustomization.yaml", "newTag: 7.2.0", "newTag: 7.2.1"]],
    "the command's first word is \"sh -c\", no such program: sh and -c are two words",
    expected=expect("command-not-found",
        [(c("Deployment", "backoffice-jobs", "sidekiq", "command"), value(["sh", "-c", NICE]))],
        [(c("Deployment", "backoffice-jobs", "sidekiq", "command"), value(["/bin/sh", "-c", NICE]))],
        [(c("Deployment", "backoffice-jobs", "sidekiq", "command"), GONE)]),
    path="prod")

# 9 ── plain, Argo CD: the release's label moves on, the Service's selector does not; the next commit's pods wait for it
ASK = 'for i in 1 2 3; do wget -q -T 4 -O /dev/null "http://$CATALOG_SERVICE_HOST/readyz" && exit 0; sleep 2; done\necho "catalog at $CATALOG_SERVICE_HOST:80 does not answer"\nexit 1\n'
scenario("version-in-selector", "argocd", {
    **one("catalog/deployment", workload("Deployment", "catalog", shop("catalog", "acme/catalog:1.4.1"), replicas=2, labels={"version": "1.4.1"})),
    **one("catalog/service", service("catalog", selector={"app": "catalog", "version": "1.4.1"})),
    **one("basket/deployment", workload("Deployment", "basket", shop("basket", "acme/checkout:1.4.1"), deadline=90, pod={"initContainers": [
        {"name": "catalog-answers", "image": "busybox:1.36", "command": ["sh", "-c", ASK], "resources": SMALL}]})),
    **one("basket/service", service("basket")),
}, [{"subject": "catalog 1.4.2", "edit": [["deploy/catalog/deployment.yaml", "1.4.1", "1.4.2"]]},
    {"subject": "basket 1.4.2, two copies", "edit": [["deploy/basket/deployment.yaml", "acme/checkout:1.4.1", "acme/checkout:1.4.2"], ["deploy/basket/deployment.yaml", "replicas: 1", "replicas: 2"]], "wait": 50}],
    "Service catalog selects version 1.4.1, the pods are labelled 1.4.2: no endpoints; basket's init container gets no answer",
    expected=expect("service-no-endpoints dependency-address", [("Service/catalog spec.selector.version", value("1.4.2"))]),
    source={"directory": {"recurse": True}})

# 10 ── Kustomize, Flux: a sidecar without the limit that the quota asks for
LOG = {"name": "access-log", "image": "busybox:1.36", "command": ["sh", "-c", "touch /logs/access.log && exec tail -F /logs/access.log"]}
LOGS = {"volumes": [{"name": "logs", "emptyDir": {}}]}
MOUNT = [{"name": "logs", "mountPath": "/logs"}]
scenario("log-tail-without-limit", "flux", {
    "apps/orders.yaml": dump(workload("Deployment", "orders", shop("orders", "acme/checkout:1.4.2", volumeMounts=MOUNT), {**LOG, "resources": SMALL, "volumeMounts": MOUNT}, pod=LOGS)),
    "apps/returns.yaml": dump(workload("Deployment", "returns", shop("returns", "acme/payments:1.4.1"))),
    "apps/services.yaml": dump(service("orders"), service("returns")),
    "apps/kustomization.yaml": kustomization("orders.yaml", "returns.yaml", "services.yaml"),
    "namespace/quota.yaml": text("""
        # platform team: one per namespace
        apiVersion: v1
        kind: ResourceQuota
        metadata:
          name: compute
        spec:
          hard:
            limits.memory: 768Mi
            pods: "12"
    """),
    "namespace/kustomization.yaml": kustomization("quota.yaml"),
    "live/kustomization.yaml": kustomization("../namespace", "../apps"),
}, ["returns 1.4.2 with an access log, like orders",
    ["apps/returns.yaml", "acme/payments:1.4.1", "acme/payments:1.4.2"],
    ["apps/returns.yaml", "      containers:\n", "      volumes:\n      - name: logs\n        emptyDir: {}\n      containers:\n      - name: access-log\n        image: busybox:1.36\n        command:\n        - sh\n        - -c\n        - touch /logs/access.log && exec tail -F /logs/access.log\n        volumeMounts:\n        - name: logs\n          mountPath: /logs\n"],
    ["apps/returns.yaml", "        readinessProbe:\n", "        volumeMounts:\n        - name: logs\n          mountPath: /logs\n        readinessProbe:\n"]],
    "the namespace's quota counts limits.memory, the new container access-log of returns sets none (that of orders has 32Mi): no pod is created",
    expected=expect("quota", [(c("Deployment", "returns", "access-log", "resources.limits.memory"), ANY)]),
    path="live")

# 11 ── plain, Flux: the Deployment is renamed, its autoscaler is not
RECOMMEND = workload("Deployment", "recommend", shop("recommend", "acme/catalog:1.4.1"))
RECOMMEND["spec"].pop("replicas")  # the autoscaler's
scenario("autoscaler-old-name", "flux", {
    **one("deployment", RECOMMEND),
    **one("service", service("recommend")),
    **one("autoscaler", {"apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler", "metadata": {"name": "recommend"}, "spec": {
        "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "recommend"}, "minReplicas": 1, "maxReplicas": 4,
        "metrics": [{"type": "Resource", "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 70}}}]}}),
}, ["recommend-api beside the coming recommend-batch; 1.4.2, up to six",
    ["deploy/deployment.yaml", "metadata:\n  name: recommend\n", "metadata:\n  name: recommend-api\n"],
    ["deploy/deployment.yaml", "acme/catalog:1.4.1", "acme/catalog:1.4.2"],
    ["deploy/autoscaler.yaml", "maxReplicas: 4", "maxReplicas: 6"]],
    "the autoscaler's target is Deployment recommend, which is recommend-api now: FailedGetScale",
    expected=expect("autoscaler", [("HorizontalPodAutoscaler/recommend spec.scaleTargetRef.name", value("recommend-api"))]))

# 12 ── Kustomize, Flux: hour and minute the wrong way round
scenario("hour-and-minute", "flux", {
    "base/cleanup.yaml": dump(workload("CronJob", "session-cleanup", container("cleanup", "shop", image="acme/worker", args=["migrate"], probes=False, resources=RES, env={"DATABASE_URL": "postgres://sessions@10.20.0.9/sessions"}), spec={"schedule": "0 3 * * 0"})),
    "base/sessions.yaml": dump(workload("Deployment", "sessions", shop("sessions", "acme/checkout:1.4.1")), service("sessions")),
    "base/kustomization.yaml": kustomization("cleanup.yaml", "sessions.yaml"),
    "overlays/live/kustomization.yaml": kustomization("../../base", images=[{"name": "acme/worker", "newTag": "1.4.1"}], patches=[{"path": "times.yaml"}]),
    "overlays/live/times.yaml": text("""
        apiVersion: batch/v1
        kind: CronJob
        metadata:
          name: session-cleanup
        spec:
          schedule: "40 0 * * *"
          timeZone: Etc/UTC
    """),
}, ["Session clean-up at 01:25, when the backup is through; worker 1.4.2",
    ["overlays/live/times.yaml", '  schedule: "40 0 * * *"\n', '  schedule: "1 25 * * *"\n  failedJobsHistoryLimit: 3\n'],
    ["overlays/live/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.2"]],
    "schedule \"1 25 * * *\" has 25 for the hour; 01:25 is \"25 1 * * *\": the API server refuses the CronJob",
    expected=expect("cron-invalid invalid-manifest",
        [("CronJob/session-cleanup spec.schedule", value("25 1 * * *"))],
        [("CronJob/session-cleanup spec.schedule", BEFORE)]),
    path="overlays/live")

# 13 ── for people. plain, Argo CD: the client certificate that was put in place by hand has expired
scenario("client-certificate-expired", "argocd", {
    **one("deployment", workload("Deployment", "quotes", container("quotes", "pydantic", image="acme/quotes:1.12.0", resources=RES,
        env={"POOL_SIZE": "5", "PARTNER_CERT": {"secretKeyRef": {"name": "partner-client", "key": "tls.crt", "optional": True}}}), deadline=90)),
    **one("service", service("quotes")),
}, ["quotes 1.12.1, larger pool", ["deploy/deployment.yaml", "acme/quotes:1.12.0", "acme/quotes:1.12.1"], ["deploy/deployment.yaml", "value: '5'", "value: '8'"]],
    "the client certificate in Secret partner-client, which is not in git, has expired: its owner must renew it; the commit did nothing wrong",
    answer=HUMAN, expected=expect("crash-on-start"),
    given="apiVersion: v1\nkind: Secret\nmetadata:\n  name: partner-client\n  annotations:\n    owner: security, renewed by hand\nstringData:\n  ca.crt: only-for-tests\n",
    then=[[-6, "kubectl -n $NAMESPACE patch secret partner-client --type merge -p '{\"stringData\":{\"tls.crt\":\"only-for-tests-2025\"}}'"]])

# 14 ── for people. plain, Flux: a partner outside does not answer
scenario("partner-silent", "flux", {
    **one("deployment", workload("Deployment", "tickets", {"name": "tickets", "image": "acme/tickets:11.3.0",
        "env": [{"name": "APP_KEY", "value": "base64:only-for-tests"}, {"name": "LOG_CHANNEL", "value": "stderr"}], "ports": [{"name": "http", "containerPort": 8080}], "resources": RES,
        "readinessProbe": {"httpGet": {"path": "/up", "port": "http"}, "periodSeconds": 5}, "volumeMounts": [{"name": "state", "mountPath": "/state"}]},
        pod={"volumes": [{"name": "state", "configMap": {"name": "tickets-state", "optional": True}}]}, deadline=80)),
    **one("service", service("tickets")),
}, ["tickets 11.3.1, log as JSON", ["deploy/deployment.yaml", "acme/tickets:11.3.0", "acme/tickets:11.3.1"], ["deploy/deployment.yaml", "value: stderr", "value: json"]],
    "https://rates.partner.example, a partner's service outside of the cluster, does not answer: nothing in this repository changes that",
    answer=HUMAN, expected=expect("dependency-address crash-on-start"),
    given="apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: tickets-state\ndata:\n  season: winter\n",
    then=[[-8, "kubectl -n $NAMESPACE patch configmap tickets-state --type merge -p '{\"data\":{\"partner-away\":\"02:10\"}}'"]])

# 15 ── nothing to do. plain, Argo CD: a careful rollout takes its time
scenario("one-after-the-other", "argocd", {
    **one("deployment", workload("Deployment", "prices", shop("prices", "acme/catalog:1.4.1"), replicas=3, deadline=400)),
    **one("service", service("prices")),
}, ["prices 1.4.2, one pod after the other",
    ["deploy/deployment.yaml", "  replicas: 3\n", "  replicas: 3\n  minReadySeconds: 35\n  strategy:\n    rollingUpdate:\n      maxSurge: 1\n      maxUnavailable: 0\n"],
    ["deploy/deployment.yaml", "acme/catalog:1.4.1", "acme/catalog:1.4.2"]],
    "three pods, each watched for 35 s before the next one: about two minutes of progress, then healthy",
    answer=NONE, expected=expect("healthy recovering"))

# 16 ── nothing to do. plain, Flux: the third pod waits in the quota until an export by hand has ended
scenario("export-in-the-quota", "flux", {
    **one("deployment", workload("Deployment", "stock", shop("stock", "acme/worker:1.4.2"), replicas=2, deadline=400)),
    **one("service", service("stock")),
    **one("quota", {"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "pods"}, "spec": {"hard": {"pods": "3"}}}),
}, ["A third copy of stock for the inventory", ["deploy/deployment.yaml", "  replicas: 2\n", "  replicas: 3\n"]],
    "the quota allows 3 pods, a Job that somebody started by hand has the third place for a minute: the pod comes when it has ended",
    answer=NONE, expected=expect("healthy recovering"),
    then=[[-8, "kubectl -n $NAMESPACE create job export-by-hand --image=busybox:1.36 -- sleep 70"]])


# What was expected, corrected in form after it was played: every rendered field that such a fix changes, as it is called there.
CORRECTED = {'flags-patch-name': {'class': ['render-failed'],
                      'fixes': [[]],
                      'keep': [{'field': 'ConfigMap/web-flags', 'to': 'gone'},
                               {'field': 'Deployment/portal spec.template.spec.containers[name=portal].envFrom[0].configMapRef.name', 'to': {'value': 'portal-flags'}},
                               {'field': 'Deployment/portal spec.template.spec.containers[name=portal].image', 'to': {'value': 'acme/portal:2.0.1'}},
                               {'field': 'ConfigMap/portal-flags', 'to': 'any'}]},
 'log-tail-without-limit': {'class': ['quota'],
                            'fixes': [[{'field': 'Deployment/returns spec.template.spec.containers[name=access-log].resources.limits.memory', 'to': 'any'}],
                                      [{'field': 'Deployment/returns spec.template.spec.containers[name=access-log].resources', 'to': {'value': {'limits': {'memory': '64Mi'}}}}]]}}
for one in SCENARIOS:
    if one["id"] in CORRECTED:
        one["expected"] = CORRECTED[one["id"]]
