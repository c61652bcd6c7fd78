"""A platform team's night shift: what shared bases, sidecars, hooks and squash commits leave behind."""
import copy, pathlib, runpy, textwrap
globals().update(runpy.run_path(str(pathlib.Path(__file__).parent / "kit.py")))
SCENARIOS, scenario = batch(2084)

RES = {"requests": {"cpu": "10m", "memory": "24Mi"}, "limits": {"memory": "96Mi"}}
SMALL = {"requests": {"cpu": "5m", "memory": "8Mi"}, "limits": {"memory": "32Mi"}}


def shop(name, image, env=None, **more):
    return container(name, "shop", image=image, env=env, resources=more.pop("resources", RES), **more)


def run(name, image, env=None, port=None, live=None, ready=None, resources=RES, **more):
    """A container whose program the kit has no defaults for."""
    probe = lambda path: {"httpGet": {"path": path, "port": "http"}, "periodSeconds": 5}
    return {"name": name, "image": image, **({"env": [{"name": k, "value": v} if isinstance(v, str) else {"name": k, "valueFrom": v} for k, v in env.items()]} if env else {}),
            **({"ports": [{"name": "http", "containerPort": port}]} if port else {}), "resources": resources,
            **({"livenessProbe": {**probe(live), "initialDelaySeconds": 8}} if live else {}), **({"readinessProbe": probe(ready)} if ready else {}), **more}


def account(name):
    return {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": name}, "automountServiceAccountToken": False}


def key(name, key, **more):
    return {"configMapKeyRef": {"name": name, "key": key, **more}}


# 1 ── Kustomize, Argo CD: one account for the whole system; the StatefulSet of the shared base keeps the old name
scenario("one-account-per-system", "argocd", {
    "base/accounts.yaml": dump(account("reports-sa")),
    "base/api.yaml": dump(workload("Deployment", "reports", container("reports", "python", image="acme/reports", resources=RES), pod={"serviceAccountName": "reports-sa"}), service("reports")),
    "base/archive.yaml": dump(workload("StatefulSet", "reports-archive", shop("archive", "acme/worker", {"CACHE_MB": "6"}, volumeMounts=[{"name": "spool", "mountPath": "/spool"}]),
                                       pod={"serviceAccountName": "reports-sa", "volumes": [{"name": "spool", "emptyDir": {}}]}, replicas=2),
                              service("reports-archive", clusterIP="None")),
    "base/janitor.yaml": dump(workload("CronJob", "reports-janitor", container("janitor", "shop", image="acme/worker", args=["migrate"], probes=False, resources=RES,
                                       env={"DATABASE_URL": "postgres://reports@10.20.0.9/reports"}), pod={"serviceAccountName": "reports-sa"}, spec={"schedule": "10 2 * * *"})),
    "base/kustomization.yaml": kustomization("accounts.yaml", "api.yaml", "archive.yaml", "janitor.yaml"),
    "staging/kustomization.yaml": kustomization("../base", images=[{"name": "acme/reports", "newTag": "5.0.3"}, {"name": "acme/worker", "newTag": "1.4.2"}]),
    "production/kustomization.yaml": kustomization("../base", images=[{"name": "acme/reports", "newTag": "5.0.2"}, {"name": "acme/worker", "newTag": "1.4.1"}], patches=[{"path": "archive.yaml"}]),
    "production/archive.yaml": text("""
        apiVersion: apps/v1
        kind: StatefulSet
        metadata:
          name: reports-archive
        spec:
          template:
            spec:
              containers:
                - name: archive
                  env:
                    - name: CACHE_MB
                      value: "12"
    """),
}, ["reports: release 5.0.3 / worker 1.4.2 to production, account named after the system (#588)",
    ["base/accounts.yaml", "name: reports-sa", "name: reports"],
    ["base/api.yaml", "serviceAccountName: reports-sa", "serviceAccountName: reports"],
    ["base/janitor.yaml", "serviceAccountName: reports-sa", "serviceAccountName: reports"],
    ["base/janitor.yaml", "10 2 * * *", "40 2 * * *"],
    ["production/kustomization.yaml", "newTag: 5.0.2", "newTag: 5.0.3"], ["production/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.2"],
    ["production/archive.yaml", 'value: "12"', 'value: "16"']],
    "StatefulSet reports-archive runs as ServiceAccount reports-sa, which is reports now: no pod of it can be created",
    expected=expect("service-account-missing", [(pod("StatefulSet", "reports-archive", "serviceAccountName"), value("reports"))]),
    path="production")

# 2 ── Kustomize, Flux: a memory value in Kubernetes' spelling, in the configuration of a StatefulSet of the shared base
REDIS = "port 6379\nprotected-mode no\ndir /data\nappendonly no\nmaxmemory {}\nmaxmemory-policy {}\n"
scenario("session-store-size", "flux", {
    "base/store/config.yaml": dump(configmap("session-store", redis__conf=REDIS.format("48mb", "allkeys-lru"))),
    "base/store/statefulset.yaml": dump(workload("StatefulSet", "session-store", container("redis", "redis", image="acme/cache", args=["/etc/redis/redis.conf"], resources=RES,
        volumeMounts=[{"name": "config", "mountPath": "/etc/redis", "readOnly": True}]), pod={"volumes": [{"name": "config", "configMap": {"name": "session-store"}}]})),
    "base/store/service.yaml": dump(service("session-store", port=6379)),
    "base/store/kustomization.yaml": kustomization("config.yaml", "statefulset.yaml", "service.yaml"),
    "base/login/login.yaml": dump(workload("Deployment", "login", shop("login", "acme/checkout", {"SESSION_MINUTES": "30"})), service("login")),
    "base/login/kustomization.yaml": kustomization("login.yaml"),
    "base/kustomization.yaml": kustomization("store", "login"),
    "overlays/staging/kustomization.yaml": kustomization("../../base", images=[{"name": "acme/cache", "newTag": "7.4.2"}, {"name": "acme/checkout", "newTag": "1.4.2"}]),
    "overlays/production/kustomization.yaml": kustomization("../../base", images=[{"name": "acme/cache", "newTag": "7.4.1"}, {"name": "acme/checkout", "newTag": "1.4.1"}],
                                                            replicas=[{"name": "login", "count": 2}]),
}, ["Sessions live longer: store grows to 64 MiB, evicts by frequency, redis 7.4.2 everywhere",
    ["base/store/config.yaml", "maxmemory 48mb", "maxmemory 64MiB"], ["base/store/config.yaml", "allkeys-lru", "allkeys-lfu"],
    ["base/store/statefulset.yaml", "memory: 96Mi", "memory: 128Mi"],
    ["base/login/login.yaml", "value: '30'", "value: '90'"],
    ["overlays/production/kustomization.yaml", "newTag: 7.4.1", "newTag: 7.4.2"], ["overlays/production/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.2"]],
    "redis.conf says maxmemory 64MiB, which redis does not read: it spells 64mb",
    expected=expect("crash-on-start",
        [('ConfigMap/session-store data["redis.conf"]', value(REDIS.format("64mb", "allkeys-lfu")))],
        [('ConfigMap/session-store data["redis.conf"]', value(REDIS.format("48mb", "allkeys-lfu")))]),
    path="overlays/production")

# 3 ── Helm, Argo CD: the migration hook looks for its scripts elsewhere
scenario("migration-scripts", "argocd", {
    "charts/billing/Chart.yaml": "apiVersion: v2\nname: billing\nversion: 4.2.0\ndescription: Billing with its migration\n",
    "charts/billing/values.yaml": text("""
        image: {repository: acme/billing, tag: 2.8.0}
        replicas: 1
        logLevel: info
        database:
          host: 10.20.0.5
          name: billing
        migrations:
          image: {repository: acme/schema, tag: "22"}
          location: filesystem:/app/sql   # where the image keeps them
          backoffLimit: 1
    """),
    "charts/billing/templates/migrate.yaml": text("""
        apiVersion: batch/v1
        kind: Job
        metadata:
          name: billing-migrate
          annotations:
            helm.sh/hook: pre-install,pre-upgrade
            helm.sh/hook-delete-policy: before-hook-creation
        spec:
          backoffLimit: {{ .Values.migrations.backoffLimit }}
          template:
            spec:
              restartPolicy: Never
              containers:
                - name: flyway
                  image: "{{ .Values.migrations.image.repository }}:{{ .Values.migrations.image.tag }}"
                  env:
                    - name: FLYWAY_URL
                      value: jdbc:postgresql://{{ .Values.database.host }}/{{ .Values.database.name }}
                    - name: FLYWAY_LOCATIONS
                      value: {{ .Values.migrations.location }}
                  resources:
                    requests: {cpu: 10m, memory: 16Mi}
                    limits: {memory: 64Mi}
    """),
    "charts/billing/templates/billing.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: billing
        spec:
          replicas: {{ .Values.replicas }}
          progressDeadlineSeconds: 90
          selector:
            matchLabels: {app: billing}
          template:
            metadata:
              labels: {app: billing}
            spec:
              containers:
                - name: billing
                  image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
                  env:
                    - {name: DATABASE_HOST, value: {{ .Values.database.host | quote }}}
                    - {name: SECRET_KEY, value: only-for-tests}
                    - {name: LOG_LEVEL, value: {{ .Values.logLevel }}}
                  ports:
                    - {name: http, containerPort: 8000}
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 96Mi}
                  readinessProbe:
                    httpGet: {path: /ready, port: http}
                    periodSeconds: 4
        ---
        apiVersion: v1
        kind: Service
        metadata:
          name: billing
        spec:
          selector: {app: billing}
          ports:
            - {name: http, port: 80, targetPort: http}
    """),
    "environments/staging/billing.yaml": "image:\n  tag: 2.8.1\nmigrations:\n  image:\n    tag: \"23\"\n",
    "environments/production/billing.yaml": "image:\n  tag: 2.8.0\nreplicas: 1\nmigrations:\n  image:\n    tag: \"22\"\n",
}, ["billing 2.8.1 with schema 23, two copies, three attempts for the migration",
    ["environments/production/billing.yaml", "  tag: 2.8.0\nreplicas: 1\n", "  tag: 2.8.1\nreplicas: 2\nlogLevel: warning\n"],
    ["environments/production/billing.yaml", "    tag: \"22\"\n", "    tag: \"23\"\n  location: filesystem:/flyway/sql\n  backoffLimit: 2\n"],
    ["environments/staging/billing.yaml", "  tag: 2.8.1\n", "  tag: 2.8.1\nlogLevel: debug\n"]],
    "production's values point the migration at /flyway/sql, the image keeps its scripts in /app/sql: the hook fails before every sync",
    expected=expect("job-failed", [(c("Job", "billing-migrate", "flyway", "env[name=FLYWAY_LOCATIONS].value"), BEFORE)]),
    path="charts/billing", source={"helm": {"valueFiles": ["../../environments/production/billing.yaml"]}})

# 4 ── Helm, Flux: two faults in one commit: the sidecar's tag does not exist, the program's readiness is asked at another path
scenario("usage-exporter", "flux", {
    "charts/portal/Chart.yaml": "apiVersion: v2\nname: portal\nversion: 1.3.1\n",
    "charts/portal/values.yaml": text("""
        image: {repository: acme/portal, tag: 2.0.0}
        pageLimit: 25
        probes:
          liveness: /health
          readiness: /health
        exporter:
          image: {repository: acme/worker, tag: 1.4.1}
          port: 9102
        digest:
          schedule: "0 5 * * 1"
    """),
    "charts/portal/templates/portal.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: portal
        spec:
          progressDeadlineSeconds: 60
          selector:
            matchLabels: {app: portal}
          template:
            metadata:
              labels: {app: portal}
            spec:
              containers:
                - name: portal
                  image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
                  env:
                    - {name: SESSION_STORE, value: memory}
                    - {name: PAGE_LIMIT, value: {{ .Values.pageLimit | quote }}}
                  ports:
                    - {name: http, containerPort: 4000}
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 96Mi}
                  livenessProbe:
                    httpGet: {path: {{ .Values.probes.liveness }}, port: http}
                    periodSeconds: 10
                  readinessProbe:
                    httpGet: {path: {{ .Values.probes.readiness }}, port: http}
                    periodSeconds: 4
                - name: exporter
                  image: "{{ .Values.exporter.image.repository }}:{{ .Values.exporter.image.tag }}"
                  env:
                    - {name: PORT, value: {{ .Values.exporter.port | quote }}}
                  ports:
                    - {name: metrics, containerPort: {{ .Values.exporter.port }}}
                  resources:
                    requests: {cpu: 10m, memory: 16Mi}
                    limits: {memory: 64Mi}
    """),
    "charts/portal/templates/digest.yaml": text("""
        apiVersion: batch/v1
        kind: CronJob
        metadata:
          name: portal-digest
        spec:
          schedule: {{ .Values.digest.schedule | quote }}
          jobTemplate:
            spec:
              template:
                spec:
                  restartPolicy: Never
                  containers:
                    - name: digest
                      image: busybox:1.37
                      command: [sh, -c, "echo digest"]
    """),
    "charts/portal/templates/service.yaml": "apiVersion: v1\nkind: Service\nmetadata:\n  name: portal\nspec:\n  selector: {app: portal}\n  ports:\n    - {name: http, port: 80, targetPort: http}\n",
    "releases/portal.yaml": text("""
        apiVersion: helm.toolkit.fluxcd.io/v2
        kind: HelmRelease
        metadata:
          name: portal
        spec:
          interval: 30s
          timeout: 60s
          releaseName: portal
          chart:
            spec:
              chart: ./charts/portal
              reconcileStrategy: Revision
              sourceRef:
                kind: GitRepository
                name: "@NAME@"
                namespace: flux-system
          install:
            remediation:
              retries: 1
          values:
            image:
              tag: 2.0.0
            exporter:
              image:
                tag: 1.4.1
    """),
}, ["portal 2.0.1, exporter release, probes as agreed with the platform, digest on Mondays at six",
    ["releases/portal.yaml", "      image:\n        tag: 1.4.1\n", "      image:\n        tag: 1.4.3\n    pageLimit: 40\n    probes:\n      readiness: /ready\n    digest:\n      schedule: \"0 6 * * 1\"\n"],
    ["releases/portal.yaml", "      tag: 2.0.0\n", "      tag: 2.0.1\n"]],
    "two faults: acme/worker has no tag 1.4.3 (1.4.1 before), and the portal answers 404 at /ready, its readiness is at /health",
    expected=expect("image-not-found readiness-probe readiness", [
        (c("Deployment", "portal", "exporter", "image"), BEFORE), (c("Deployment", "portal", "portal", "readinessProbe.httpGet.path"), BEFORE)]),
    path="releases")

# 5 ── plain, Flux: a DaemonSet's command that the image does not have
scenario("router-on-every-node", "flux", {
    **one("node-router/daemonset", workload("DaemonSet", "node-router", run("router", "acme/router:0.38.0", {"ROUTER_UPSTREAM": "http://10.20.0.5:80"}, 8080, "/livez", "/readyz", command=["/app/run"]),
        pod={"initContainers": [{"name": "note-node", "image": "busybox:1.36", "command": ["sh", "-c", "cat /etc/hostname > /run-info/node"], "resources": SMALL, "volumeMounts": [{"name": "info", "mountPath": "/run-info"}]}],
             "volumes": [{"name": "info", "emptyDir": {}}]})),
    **one("node-router/service", service("node-router")),
    **one("fleet/api", workload("Deployment", "fleet", shop("fleet", "acme/checkout:1.4.1", {"ROUTES": "static"})), service("fleet")),
    **one("fleet/sweep", workload("CronJob", "fleet-sweep", container("sweep", "shop", image="acme/worker:1.4.1", args=["migrate"], probes=False, resources=RES, env={"DATABASE_URL": "postgres://fleet@10.20.0.9/fleet"}), spec={"schedule": "15 1 * * *"})),
}, ["Node router 0.39.0 and fleet 1.4.2 (squash of feature/router-039)",
    ["deploy/node-router/daemonset.yaml", "acme/router:0.38.0", "acme/router:0.39.0"],
    ["deploy/node-router/daemonset.yaml", "        - /app/run\n", "        - /app/router\n"],
    ["deploy/node-router/daemonset.yaml", "busybox:1.36", "busybox:1.37"],
    ["deploy/node-router/service.yaml", "port: 80\n", "port: 8080\n"],
    ["deploy/fleet/api.yaml", "acme/checkout:1.4.1", "acme/checkout:1.4.2"], ["deploy/fleet/api.yaml", "value: static", "value: dynamic"],
    ["deploy/fleet/sweep.yaml", "15 1 * * *", "45 1 * * *"]],
    "the image acme/router has no /app/router; its program is /app/run, as before",
    expected=expect("command-not-found",
        [(c("DaemonSet", "node-router", "router", "command[0]"), BEFORE)],
        [(c("DaemonSet", "node-router", "router", "command"), BEFORE)],
        [(c("DaemonSet", "node-router", "router", "command"), GONE)]))

# 6 ── Kustomize, Argo CD: a component's sidecar mounts the ConfigMap by the name that the base has given up
scenario("shipper-component", "argocd", {
    "base/shop.yaml": dump(workload("Deployment", "storefront", container("storefront", "node", image="acme/storefront", resources=RES)), service("storefront")),
    "base/mail.yaml": dump(workload("Deployment", "mailer", container("mailer", "ruby", image="acme/mailer:7.0.5", resources=RES)), service("mailer")),
    "base/logging.yaml": dump(configmap("shipper-config", shipper__conf="target=10.20.0.40:5044\nbatch=200\n")),
    "base/kustomization.yaml": kustomization("shop.yaml", "mail.yaml", "logging.yaml"),
    "components/log-shipper/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1alpha1
        kind: Component
        patches:
          - path: sidecar.yaml
            target:
              kind: Deployment
    """),
    "components/log-shipper/sidecar.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: any
        spec:
          template:
            spec:
              containers:
                - name: log-shipper
                  image: acme/worker:1.4.1
                  env:
                    - name: PORT
                      value: "9200"
                    - name: CONFIG_FILE
                      value: /etc/shipper/shipper.conf
                  resources:
                    requests: {cpu: 5m, memory: 16Mi}
                    limits: {memory: 48Mi}
                  volumeMounts:
                    - name: shipper
                      mountPath: /etc/shipper
              volumes:
                - name: shipper
                  configMap:
                    name: shipper-config
    """),
    "staging/kustomization.yaml": kustomization("../base", images=[{"name": "acme/storefront", "newTag": "9.4.1"}]),
    "production/kustomization.yaml": kustomization("../base", components=["../components/log-shipper"], images=[{"name": "acme/storefront", "newTag": "9.4.0"}]),
}, ["Logging settings under the platform's naming scheme, larger batches, storefront 9.4.1, shipper 1.4.2",
    ["base/logging.yaml", "  name: shipper-config\n", "  name: platform-log-shipper\n"], ["base/logging.yaml", "batch=200", "batch=500"],
    ["components/log-shipper/sidecar.yaml", "acme/worker:1.4.1", "acme/worker:1.4.2"], ["components/log-shipper/sidecar.yaml", "limits: {memory: 48Mi}", "limits: {memory: 64Mi}"],
    ["base/mail.yaml", "replicas: 1", "replicas: 2"],
    ["production/kustomization.yaml", "newTag: 9.4.0", "newTag: 9.4.1"]],
    "the component's volume reads ConfigMap shipper-config, which is platform-log-shipper now: the new pods of both Deployments wait for the mount",
    expected=expect("config-missing volume-mount", [
        (pod("Deployment", "storefront", "volumes[name=shipper].configMap.name"), value("platform-log-shipper")), (pod("Deployment", "mailer", "volumes[name=shipper].configMap.name"), value("platform-log-shipper"))]),
    path="production")

# 7 ── Kustomize, Flux: a StatefulSet's limit above the namespace's LimitRange
scenario("index-over-the-range", "flux", {
    "tenancy/limits.yaml": text("""
        # platform team: same range in every tenant's namespace
        apiVersion: v1
        kind: LimitRange
        metadata:
          name: containers
        spec:
          limits:
            - type: Container
              max:
                memory: 256Mi
              defaultRequest:
                memory: 32Mi
    """),
    "tenancy/kustomization.yaml": kustomization("limits.yaml"),
    "base/index.yaml": dump(workload("StatefulSet", "search-index", shop("index", "acme/catalog", {"CACHE_MB": "16"})), service("search-index")),
    "base/query.yaml": dump(workload("Deployment", "search-query", shop("query", "acme/checkout", {"PAGE": "20"})), service("search-query")),
    "base/kustomization.yaml": kustomization("index.yaml", "query.yaml"),
    "overlays/staging/kustomization.yaml": kustomization("../../tenancy", "../../base", images=[{"name": "acme/catalog", "newTag": "1.4.2"}, {"name": "acme/checkout", "newTag": "1.4.2"}]),
    "overlays/production/kustomization.yaml": kustomization("../../tenancy", "../../base", images=[{"name": "acme/catalog", "newTag": "1.4.1"}, {"name": "acme/checkout", "newTag": "1.4.1"}], patches=[{"path": "index.yaml"}]),
    "overlays/production/index.yaml": text("""
        apiVersion: apps/v1
        kind: StatefulSet
        metadata:
          name: search-index
        spec:
          template:
            spec:
              containers:
                - name: index
                  env:
                    - name: CACHE_MB
                      value: "48"
                  resources:
                    limits:
                      memory: 192Mi
    """),
}, ["Search 1.4.2: index of the winter range, longer result pages",
    ["overlays/production/index.yaml", 'value: "48"', 'value: "72"'], ["overlays/production/index.yaml", "memory: 192Mi", "memory: 384Mi"],
    ["overlays/production/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.2"],
    ["base/query.yaml", "value: '20'", "value: '30'"]],
    "the index may have 384Mi, LimitRange containers of the platform allows 256Mi per container: its pod is not created again (the cache of 72 MB fits 192Mi)",
    expected=expect("quota limit-range",
        [(c("StatefulSet", "search-index", "index", "resources.limits.memory"), BEFORE)],
        [(c("StatefulSet", "search-index", "index", "resources.limits.memory"), value("256Mi"))]),
    path="overlays/production")

# 8 ── plain, Argo CD: two faults in one commit, in two workloads
scenario("orders-tidy-up", "argocd", {
    **one("settings", configmap("orders-settings", **{"currency": "EUR", "rounding": "2"})),
    **one("api", workload("Deployment", "orders", shop("orders", "acme/checkout:1.4.1", {"CURRENCY": key("orders-settings", "currency"), "REQUIRED_ENV": "CURRENCY"})), service("orders")),
    **one("relay", workload("Deployment", "orders-relay", shop("relay", "acme/worker:1.4.1", {"CURRENCY": key("orders-settings", "currency"), "ROUNDING": key("orders-settings", "rounding")}),
        {"name": "heartbeat", "image": "busybox:1.36", "command": ["sh", "-c", "while true; do date; sleep 30; done"], "resources": SMALL})),
    **one("index", workload("StatefulSet", "orders-index", shop("index", "acme/catalog:1.4.1", {"CACHE_MB": "56"}, resources={"requests": {"cpu": "10m", "memory": "32Mi"}, "limits": {"memory": "112Mi"}})), service("orders-index")),
}, ["Orders 1.4.2: kebab-case settings with a default currency, requests and limits from the cost report",
    ["deploy/settings.yaml", "  currency: EUR\n", "  default-currency: EUR\n"], ["deploy/settings.yaml", "rounding: '2'", "rounding: '3'"],
    ["deploy/api.yaml", "key: currency", "key: default-currency"], ["deploy/api.yaml", "acme/checkout:1.4.1", "acme/checkout:1.4.2"], ["deploy/api.yaml", "memory: 24Mi", "memory: 32Mi"],
    ["deploy/relay.yaml", "acme/worker:1.4.1", "acme/worker:1.4.2"], ["deploy/relay.yaml", "memory: 24Mi", "memory: 16Mi"],
    ["deploy/index.yaml", "acme/catalog:1.4.1", "acme/catalog:1.4.2"], ["deploy/index.yaml", "memory: 112Mi", "memory: 48Mi"]],
    "two faults: orders-relay reads key currency of ConfigMap orders-settings, which is default-currency now; orders-index holds 56 MB and may have 48Mi: OOMKilled",
    expected=expect("config-key-missing out-of-memory",
        [(c("Deployment", "orders-relay", "relay", "env[name=CURRENCY].valueFrom.configMapKeyRef.key"), value("default-currency")), (c("StatefulSet", "orders-index", "index", "resources.limits.memory"), at_least("80Mi"))],
        [("ConfigMap/orders-settings data.currency", BEFORE), (c("StatefulSet", "orders-index", "index", "resources.limits.memory"), at_least("80Mi"))]))

# 9 ── Kustomize, Flux: a new CronJob made from a Deployment's pod: no restartPolicy
scenario("verify-every-night", "flux", {
    "base/jobs/compact.yaml": dump(workload("CronJob", "index-compact", container("compact", "shop", image="acme/worker", args=["migrate"], probes=False, resources=RES, env={"DATABASE_URL": "postgres://index@10.20.0.9/index"}),
                                            pod={"restartPolicy": "OnFailure"}, spec={"schedule": "20 3 * * *"})),
    "base/jobs/kustomization.yaml": kustomization("compact.yaml"),
    "base/index.yaml": dump(workload("Deployment", "indexer", container("indexer", "rust", image="acme/indexer", resources=RES, args=["--threads=2"])), service("indexer")),
    "base/kustomization.yaml": kustomization("index.yaml", "jobs"),
    "overlays/staging/kustomization.yaml": kustomization("../../base", images=[{"name": "acme/indexer", "newTag": "0.9.2"}, {"name": "acme/worker", "newTag": "1.4.2"}]),
    "overlays/production/kustomization.yaml": kustomization("../../base", images=[{"name": "acme/indexer", "newTag": "0.9.1"}, {"name": "acme/worker", "newTag": "1.4.1"}]),
}, ["Verify the index every night; indexer 0.9.2 with four threads (#1204)",
    ["base/jobs/verify.yaml", None, text("""
        apiVersion: batch/v1
        kind: CronJob
        metadata:
          name: index-verify
        spec:
          schedule: "50 3 * * *"
          concurrencyPolicy: Forbid
          jobTemplate:
            spec:
              backoffLimit: 1
              template:
                metadata:
                  labels:
                    app: index-verify
                spec:
                  containers:
                    - name: verify
                      image: acme/worker
                      args: [migrate]
                      env:
                        - name: DATABASE_URL
                          value: postgres://index@10.20.0.9/index
                      resources:
                        requests: {cpu: 10m, memory: 24Mi}
                        limits: {memory: 96Mi}
    """)],
    ["base/jobs/kustomization.yaml", "  - compact.yaml\n", "  - compact.yaml\n  - verify.yaml\n"],
    ["base/jobs/compact.yaml", "schedule: 20 3 * * *", "schedule: 20 2 * * *"],
    ["base/index.yaml", "--threads=2", "--threads=4"],
    ["overlays/production/kustomization.yaml", "newTag: 0.9.1", "newTag: 0.9.2"], ["overlays/production/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.2"]],
    "CronJob index-verify sets no restartPolicy, the default Always is not allowed for Jobs (index-compact has OnFailure): the server refuses the dry run, nothing is applied",
    expected=expect("invalid-manifest",
        [("CronJob/index-verify spec.jobTemplate.spec.template.spec.restartPolicy", value("OnFailure"))],
        [("CronJob/index-verify spec.jobTemplate.spec.template.spec.restartPolicy", value("Never"))]),
    path="overlays/production")

# 10 ── Kustomize, Argo CD: the sidecar becomes a native one, production's JSON patch still counts containers
scenario("native-sidecar", "argocd", {
    "base/tracking.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: tracking
        spec:
          replicas: 1
          progressDeadlineSeconds: 90
          selector:
            matchLabels:
              app: tracking
          template:
            metadata:
              labels:
                app: tracking
            spec:
              containers:
                - name: tracking
                  image: acme/checkout
                  ports:
                    - name: http
                      containerPort: 8080
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 64Mi}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 4
                  volumeMounts:
                    - name: logs
                      mountPath: /logs
                - name: log-tail
                  image: busybox:1.36
                  command: [sh, -c, "trap 'exit 0' TERM; touch /logs/app.log; tail -F /logs/app.log & wait"]
                  resources:
                    requests: {cpu: 5m, memory: 8Mi}
                    limits: {memory: 24Mi}
                  volumeMounts:
                    - name: logs
                      mountPath: /logs
              volumes:
                - name: logs
                  emptyDir: {}
    """),
    "base/events.yaml": dump(workload("StatefulSet", "events", shop("events", "acme/worker"))),
    "base/service.yaml": dump(service("tracking"), service("events")),
    "base/kustomization.yaml": kustomization("tracking.yaml", "events.yaml", "service.yaml"),
    "staging/kustomization.yaml": kustomization("../base", images=[{"name": "acme/checkout", "newTag": "1.4.2"}, {"name": "acme/worker", "newTag": "1.4.2"}]),
    "production/kustomization.yaml": kustomization("../base", images=[{"name": "acme/checkout", "newTag": "1.4.1"}, {"name": "acme/worker", "newTag": "1.4.1"}],
                                                   patches=[{"path": "sizes.yaml", "target": {"kind": "Deployment", "name": "tracking"}}]),
    "production/sizes.yaml": text("""
        - op: replace
          path: /spec/replicas
          value: 2
        # production writes far more than staging
        - op: replace
          path: /spec/template/spec/containers/1/resources/limits/memory
          value: 48Mi
    """),
}, ["tracking: log-tail as a native sidecar, so that it outlives the program; 1.4.2 in production",
    ["base/tracking.yaml", textwrap.indent(text("""
        - name: log-tail
          image: busybox:1.36
          command: [sh, -c, "trap 'exit 0' TERM; touch /logs/app.log; tail -F /logs/app.log & wait"]
          resources:
            requests: {cpu: 5m, memory: 8Mi}
            limits: {memory: 24Mi}
          volumeMounts:
            - name: logs
              mountPath: /logs
    """), " " * 8), ""],
    ["base/tracking.yaml", "      containers:\n        - name: tracking\n", textwrap.indent(text("""
        initContainers:
          - name: log-tail
            image: busybox:1.37
            restartPolicy: Always
            command: [sh, -c, "trap 'exit 0' TERM; touch /logs/app.log; tail -F /logs/app.log & wait"]
            resources:
              requests: {cpu: 5m, memory: 8Mi}
              limits: {memory: 24Mi}
            volumeMounts:
              - name: logs
                mountPath: /logs
    """), " " * 6) + "      containers:\n        - name: tracking\n"],
    ["production/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.2"]],
    "production's JSON patch sets the memory of containers/1, which is initContainers/0 now: the path does not exist, nothing renders",
    expected=expect("render-failed", [], keep=[
        (c("Deployment", "tracking", "log-tail", "restartPolicy", init=True), value("Always")),
        (c("Deployment", "tracking", "log-tail", "resources.limits.memory", init=True), value("48Mi")),
        (c("Deployment", "tracking", "tracking", "image"), value("acme/checkout:1.4.2")),
        (c("StatefulSet", "events", "events", "image"), value("acme/worker:1.4.2")),
        ("Deployment/tracking spec.replicas", value(2))]),
    path="production")

# 11 ── plain, Flux: the Service moves to the port of its pods; one of its two clients is told
STOCK = {"STOCK_ADDR": "stock:80", "CACHE_TTL": "30s"}
scenario("same-port-everywhere", "flux", {
    **one("stock", workload("Deployment", "stock", run("stock", "acme/inventory:1.9", {"CACHE_TTL": "30s"}, 8080, "/livez", "/readyz")), service("stock")),
    **one("allocator", workload("Deployment", "allocator", run("allocator", "acme/allocator:stable", STOCK, 8080, "/livez", "/readyz"), deadline=80), service("allocator")),
    **one("picking", workload("StatefulSet", "picking", run("picking", "acme/allocator:stable", STOCK, 8080, "/livez", "/readyz")), service("picking", clusterIP="None")),
}, [{"subject": "Warehouse: Services listen where their pods do, fresher caches", "edit": [
    ["deploy/stock.yaml", "  - name: http\n    port: 80\n", "  - name: http\n    port: 8080\n"],
    ["deploy/allocator.yaml", "stock:80", "stock:8080"], ["deploy/allocator.yaml", "value: 30s", "value: 20s"],
    ["deploy/allocator.yaml", "  - name: http\n    port: 80\n", "  - name: http\n    port: 8080\n"],
    ["deploy/picking.yaml", "value: 30s", "value: 20s"], ["deploy/picking.yaml", "  - name: http\n    port: 80\n", "  - name: http\n    port: 8080\n"]]},
    {"subject": "stock 1.10", "edit": [["deploy/stock.yaml", "acme/inventory:1.9", "acme/inventory:1.10"]], "wait": 40}],
    "StatefulSet picking calls stock:80, Service stock listens at 8080 since this commit",
    expected=expect("dependency-address", [(c("StatefulSet", "picking", "picking", "env[name=STOCK_ADDR].value"), value("stock:8080"))]))

# 12 ── plain, Argo CD: a first release; program and sidecar of one pod want the same port
scenario("ledger-with-rates", "argocd", {
    **one("ledger", workload("Deployment", "ledger", container("ledger", "java", image="acme/ledger:3.1.4", resources=RES),
        {"name": "fx-rates", "image": "acme/catalog:1.4.1", "env": [{"name": "PORT", "value": "8080"}, {"name": "CACHE_MB", "value": "6"}], "ports": [{"name": "rates", "containerPort": 8081}], "resources": copy.deepcopy(RES),
         "readinessProbe": {"httpGet": {"path": "/readyz", "port": "rates"}, "periodSeconds": 5}}, deadline=90)),
    **one("services", service("ledger"), service("ledger-rates", target="rates", selector={"app": "ledger"})),
    **one("close", workload("CronJob", "ledger-close", container("close", "shop", image="acme/worker:1.4.1", args=["migrate"], probes=False, resources=RES, env={"DATABASE_URL": "postgres://ledger@10.20.0.9/ledger"}), spec={"schedule": "30 22 * * *"})),
}, [],
    "the sidecar fx-rates listens at PORT 8080 like the program beside it; its containerPort, its probe and Service ledger-rates say 8081",
    expected=expect("port-conflict", [(c("Deployment", "ledger", "fx-rates", "env[name=PORT].value"), value("8081"))]),
    never_worked=True)

# 13 ── for people. plain, Argo CD: the database's history is not what the migrations left
scenario("history-edited", "argocd", {
    **one("schema", workload("Job", "quotes-schema", run("flyway", "acme/schema:23", {"FLYWAY_URL": "jdbc:postgresql://10.20.0.5/quotes", "FAIL_VALIDATE": key("quotes-database", "history", optional=True)}, resources=SMALL),
        meta={"annotations": {"argocd.argoproj.io/hook": "PreSync", "argocd.argoproj.io/hook-delete-policy": "BeforeHookCreation"}})),
    **one("quotes", workload("Deployment", "quotes", container("quotes", "pydantic", image="acme/quotes:1.12.0", resources=RES, env={"POOL_SIZE": "5"})), service("quotes")),
    **one("refresh", workload("CronJob", "quotes-refresh", container("refresh", "shop", image="acme/worker:1.4.1", args=["migrate"], probes=False, resources=RES, env={"DATABASE_URL": "postgres://quotes@10.20.0.5/quotes"}), spec={"schedule": "5 4 * * *"})),
}, ["quotes 1.12.1 with a pool of eight, refresh at half past four",
    ["deploy/quotes.yaml", "acme/quotes:1.12.0", "acme/quotes:1.12.1"], ["deploy/quotes.yaml", "value: '5'", "value: '8'"], ["deploy/refresh.yaml", "5 4 * * *", "30 4 * * *"]],
    "the checksum of migration 14 in the database differs from that in the image, which this commit does not touch: somebody changed the database's history; its owner must look and repair",
    answer=HUMAN, expected=expect("job-failed"),
    given="apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: quotes-database\n  annotations:\n    owner: database team, by hand\ndata:\n  host: 10.20.0.5\n",
    then=[[-6, "kubectl -n $NAMESPACE patch configmap quotes-database --type merge -p '{\"data\":{\"history\":\"edited\"}}'"]])

# 14 ── for people. Kustomize, Flux: a StatefulSet's stored stream is damaged; the commit is about something else
NATS = "port: 4222\nhttp_port: 8222\nserver_name: bus\nmax_payload: 1MB\njetstream {\nstore_dir: /data\n}\n"
scenario("stream-on-disk", "flux", {
    "base/bus.yaml": dump(configmap("bus", nats__conf=NATS), workload("StatefulSet", "bus", run("nats", "acme/bus:2.10.24", None, 8222, "/healthz", "/healthz", volumeMounts=[{"name": "config", "mountPath": "/etc/nats"}, {"name": "data", "mountPath": "/data"}]),
        pod={"volumes": [{"name": "config", "configMap": {"name": "bus"}}, {"name": "data", "emptyDir": {}}]}), service("bus")),
    "base/dispatch.yaml": dump(workload("Deployment", "dispatch", shop("dispatch", "acme/worker", {"BATCH": "10"})), service("dispatch")),
    "base/kustomization.yaml": kustomization("bus.yaml", "dispatch.yaml"),
    "production/kustomization.yaml": kustomization("../base", images=[{"name": "acme/worker", "newTag": "1.4.1"}]),
}, ["dispatch 1.4.2 in batches of twenty-five", ["production/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.2"], ["base/dispatch.yaml", "value: '10'", "value: '25'"]],
    "the stream that bus keeps in /data is damaged, it cannot start over it; the commit only changed dispatch: a person must decide about the data",
    answer=HUMAN, expected=expect("crash-on-start"), path="production",
    then=[[35, "kubectl -n $NAMESPACE exec bus-0 -c nats -- sh -c 'touch /data/corrupt; kill 1'"]])

# 15 ── nothing to do. Kustomize, Flux: the dependency warms up for most of a minute, its client restarts until then
scenario("warming-up", "flux", {
    "base/inventory.yaml": dump(workload("Deployment", "inventory", run("inventory", "acme/inventory", {"CACHE_TTL": "30s", "WARMUP_SECONDS": "3"}, 8080, "/livez", "/readyz",
        startupProbe={"httpGet": {"path": "/livez", "port": "http"}, "periodSeconds": 5, "failureThreshold": 30}), deadline=300, spec={"strategy": {"type": "Recreate"}}), service("inventory")),
    "base/allocator.yaml": dump(workload("Deployment", "allocator", run("allocator", "acme/allocator:stable", {"STOCK_ADDR": "inventory:80", "CACHE_TTL": "30s"}, 8080, "/livez", "/readyz"), deadline=300), service("allocator")),
    "base/kustomization.yaml": kustomization("inventory.yaml", "allocator.yaml"),
    "production/kustomization.yaml": kustomization("../base", images=[{"name": "acme/inventory", "newTag": "1.9"}]),
}, ["inventory 1.10 loads the whole range before it listens; shorter caches in allocator",
    ["production/kustomization.yaml", "newTag: '1.9'", "newTag: '1.10'"],
    ["base/inventory.yaml", "value: '3'", "value: '50'"], ["base/allocator.yaml", "value: 30s", "value: 15s"]],
    "inventory warms up for 50 s, as intended, and allocator restarts until it answers: healthy after about a minute and a half",
    answer=NONE, expected=expect("healthy recovering"), path="production")

# 16 ── nothing to do. plain, Argo CD: a hook that takes its time, as announced
scenario("reindex-before-sync", "argocd", {
    **one("schema", workload("Job", "ledger-schema", run("flyway", "acme/schema:22", {"FLYWAY_URL": "jdbc:postgresql://10.20.0.5/ledger", "WORK_SECONDS": "3"}, resources=SMALL), spec={"activeDeadlineSeconds": 900},
        meta={"annotations": {"argocd.argoproj.io/hook": "PreSync", "argocd.argoproj.io/hook-delete-policy": "BeforeHookCreation"}})),
    **one("ledger", workload("Deployment", "ledger", container("ledger", "java", image="acme/ledger:3.1.3", resources=RES), replicas=2), service("ledger")),
    **one("journal", workload("StatefulSet", "journal", shop("journal", "acme/worker:1.4.1")), service("journal", clusterIP="None")),
}, ["Schema 23 builds two indexes (takes some minutes), ledger 3.1.4, journal 1.4.2",
    ["deploy/schema.yaml", "acme/schema:22", "acme/schema:23"], ["deploy/schema.yaml", "value: '3'", "value: '110'"],
    ["deploy/ledger.yaml", "acme/ledger:3.1.3", "acme/ledger:3.1.4"], ["deploy/journal.yaml", "acme/worker:1.4.1", "acme/worker:1.4.2"]],
    "the PreSync hook works for almost two minutes, well inside its deadline; then the release rolls out and is healthy",
    answer=NONE, expected=expect("healthy recovering"))


# What was expected, corrected in form after it was played: every rendered field that such a fix changes, as it is called there.
CORRECTED = {'same-port-everywhere': None,
 'native-sidecar': {'class': ['render-failed'],
                    'fixes': [[]],
                    'keep': [{'field': 'Deployment/tracking spec.template.spec.containers[name=tracking].image', 'to': {'value': 'acme/checkout:1.4.2'}},
                             {'field': 'Deployment/tracking spec.template.spec.containers[name=log-tail]', 'to': 'gone'},
                             {'field': 'Deployment/tracking spec.template.spec.initContainers',
                              'to': {'value': [{'command': ['sh', '-c', "trap 'exit 0' TERM; touch /logs/app.log; tail -F /logs/app.log & wait"],
                                                'image': 'busybox:1.37',
                                                'name': 'log-tail',
                                                'resources': {'limits': {'memory': '48Mi'}, 'requests': {'cpu': '5m', 'memory': '8Mi'}},
                                                'restartPolicy': 'Always',
                                                'volumeMounts': [{'mountPath': '/logs', 'name': 'logs'}]}]}},
                             {'field': 'StatefulSet/events spec.template.spec.containers[name=events].image', 'to': {'value': 'acme/worker:1.4.2'}}]},
 'usage-exporter': {'class': ['image-not-found', 'readiness-probe', 'readiness'],
                    'fixes': [[{'field': 'Deployment/portal spec.template.spec.containers[name=exporter].image', 'to': 'before'},
                               {'field': 'Deployment/portal spec.template.spec.containers[name=portal].readinessProbe.httpGet.path', 'to': 'before'}],
                              [{'field': 'Deployment/portal spec.template.spec.containers[name=exporter].image', 'to': 'before'}]]}}
FOUND = {'same-port-everywhere': {'cause': 'Service stock listens on 8080 now, picking asked port 80 when it started: its pods run on, nothing fails',
                          'answer': 'nothing to do'}}  # what really happened
for one in SCENARIOS:
    if one["id"] in CORRECTED:
        one["expected"] = CORRECTED[one["id"]]
    one.update(FOUND.get(one["id"], {}))
