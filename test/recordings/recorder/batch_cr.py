"""What the API server, the controllers, the scheduler and the kubelet refuse or wait for, mostly among wanted changes."""
import pathlib, runpy, textwrap
globals().update(runpy.run_path(str(pathlib.Path(__file__).parent / "kit.py")))
SCENARIOS, scenario = batch(2292)

RES = {"requests": {"cpu": "10m", "memory": "24Mi"}, "limits": {"memory": "64Mi"}}
SMALL = {"requests": {"cpu": "5m", "memory": "8Mi"}, "limits": {"memory": "32Mi"}}


def shop(name, image, env=None, **more):
    return container(name, "shop", image=image, env=env, resources=more.pop("resources", RES), **more)


def tags(**versions):
    return [{"name": f"acme/{name}", "newTag": tag} for name, tag in versions.items()]


def release(name, values, more=""):
    """A HelmRelease whose chart lies in the same repository."""
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
              chart: ./charts/{name}
              reconcileStrategy: Revision
              sourceRef:
                kind: GitRepository
                name: "@NAME@"
                namespace: flux-system
    """) + textwrap.indent(text(more), "  ") + "  values:\n" + textwrap.indent(text(values), "    ")


# 1 ── plain, Flux: one field of a StatefulSet that may not change, among four that may
scenario("session-store-side-by-side", "flux", {
    **one("session-store", workload("StatefulSet", "session-store", container("redis", "redis", image="acme/cache:7.4.1", args=["/etc/redis/redis.conf"], resources=RES, volumeMounts=[{"name": "config", "mountPath": "/etc/redis"}, {"name": "data", "mountPath": "/data"}]),
        replicas=2, pod={"terminationGracePeriodSeconds": 10, "volumes": [{"name": "config", "configMap": {"name": "session-store-config"}}, {"name": "data", "emptyDir": {}}]}),
        service("session-store", port=6379, clusterIP="None")),
    **one("config", configmap("session-store-config", redis__conf="port 6379\nmaxmemory 32mb\nmaxmemory-policy allkeys-lru\n")),
    **one("cart", workload("Deployment", "cart", shop("cart", "acme/checkout:1.4.1", {"SESSION_MINUTES": "30"}), replicas=2), service("cart")),
}, [{"subject": "session-store: redis 7.4.2, three replicas, all up faster after a node restart", "edit": [
        ["deploy/session-store.yaml", "acme/cache:7.4.1", "acme/cache:7.4.2"],
        ["deploy/session-store.yaml", "  replicas: 2\n", "  replicas: 3\n  podManagementPolicy: Parallel\n  minReadySeconds: 5\n"],
        ["deploy/session-store.yaml", "terminationGracePeriodSeconds: 10", "terminationGracePeriodSeconds: 20"]]},
    {"subject": "cart 1.4.2, sessions of an hour", "edit": [
        ["deploy/cart.yaml", "acme/checkout:1.4.1", "acme/checkout:1.4.2"],
        ["deploy/cart.yaml", "value: '30'", "value: '60'"]], "wait": 40}],
    "podManagementPolicy of a StatefulSet may not change (replicas, template and minReadySeconds may): the API server refuses the whole update, nothing is applied",
    expected=expect("invalid-manifest",
        [("StatefulSet/session-store spec.podManagementPolicy", GONE)],
        [("StatefulSet/session-store spec.podManagementPolicy", value("OrderedReady"))]))

# 2 ── Helm, Argo CD: a list in a values file replaces the chart's list
DROP = c("Deployment", "quotes", "quotes", "securityContext.capabilities.drop")
scenario("no-raw-sockets", "argocd", {
    "chart/Chart.yaml": "apiVersion: v2\nname: quotes\nversion: 1.6.0\n",
    "chart/values.yaml": text("""
        image:
          repository: acme/quotes
          tag: ""
        replicas: 1
        settings: {}
        podSecurityContext:
          runAsNonRoot: true
          runAsUser: 1000
          seccompProfile:
            type: RuntimeDefault
        securityContext:
          allowPrivilegeEscalation: false
          capabilities:
            drop: [ALL]
        resources:
          requests: {cpu: 10m, memory: 24Mi}
          limits: {memory: 64Mi}
    """),
    "chart/templates/deployment.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: {{ .Release.Name }}
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
              securityContext:
                {{- toYaml .Values.podSecurityContext | nindent 8 }}
              containers:
                - name: quotes
                  image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
                  securityContext:
                    {{- toYaml .Values.securityContext | nindent 12 }}
                  env:
                    {{- range $name, $value := .Values.settings }}
                    - name: {{ $name }}
                      value: {{ $value | quote }}
                    {{- end }}
                  ports:
                    - name: http
                      containerPort: 8000
                  resources:
                    {{- toYaml .Values.resources | nindent 12 }}
                  readinessProbe:
                    httpGet: {path: /healthz, port: http}
                    periodSeconds: 5
    """),
    "chart/templates/service.yaml": text("""
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
    "env/staging.yaml": text("""
        image:
          tag: 1.12.1
        settings:
          DATABASE_URL: postgresql://quotes@10.20.0.15/quotes
    """),
    "env/live.yaml": text("""
        image:
          tag: 1.12.0
        replicas: 2
        settings:
          DATABASE_URL: postgresql://quotes@10.20.0.5/quotes
          POOL_SIZE: "5"
    """),
}, ["quotes 1.12.1 to live: pool of ten, root read-only, no raw sockets (pentest finding 12)",
    ["env/live.yaml", "tag: 1.12.0", "tag: 1.12.1"],
    ["env/live.yaml", 'POOL_SIZE: "5"\n', 'POOL_SIZE: "10"\nsecurityContext:\n  readOnlyRootFilesystem: true\n  capabilities:\n    drop:\n      - NET_RAW\n']],
    "the values file's list drop: [NET_RAW] replaces the chart's drop: [ALL]; the namespace enforces the restricted profile, which wants ALL dropped: no new pod is created",
    expected=expect("pod-security", [(DROP, BEFORE)], [(DROP, value(["ALL", "NET_RAW"]))], [(DROP, value(["NET_RAW", "ALL"]))]),
    path="chart", source={"helm": {"releaseName": "quotes", "valueFiles": ["../env/live.yaml"]}},
    labels={"pod-security.kubernetes.io/enforce": "restricted"})

# 3 ── HelmRelease, Flux: the chart's value has a new name, the release still sets the old one
CLAIM = "reports-archive"
scenario("chart-of-one-archive", "flux", {
    "charts/reports/Chart.yaml": "apiVersion: v2\nname: reports\nversion: 0.4.0\n",
    "charts/reports/values.yaml": text("""
        image:
          tag: 5.0.2
        workers: 2
        persistence:
          existingClaim: ""   # empty: RELEASE-data
          mountPath: /archive
    """),
    "charts/reports/templates/deployment.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: {{ .Release.Name }}
        spec:
          progressDeadlineSeconds: 90
          selector:
            matchLabels:
              app: {{ .Release.Name }}
          template:
            metadata:
              labels:
                app: {{ .Release.Name }}
            spec:
              containers:
                - name: reports
                  image: "acme/reports:{{ .Values.image.tag }}"
                  args: [reports.wsgi:application, --bind, "0.0.0.0:8000", --workers, {{ .Values.workers | quote }}]
                  env:
                    - name: REDIS_URL
                      value: redis://cache:6379/0
                    - name: CACHE_DIR
                      value: {{ .Values.persistence.mountPath }}
                  ports:
                    - name: http
                      containerPort: 8000
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 64Mi}
                  readinessProbe:
                    httpGet: {path: /ready, port: http}
                    periodSeconds: 5
                  volumeMounts:
                    - name: archive
                      mountPath: {{ .Values.persistence.mountPath }}
              volumes:
                - name: archive
                  persistentVolumeClaim:
                    claimName: {{ .Values.persistence.existingClaim | default (printf "%s-data" .Release.Name) }}
    """),
    "deploy/claim.yaml": text("""
        # bound to the volume that the storage team made for us; never rename
        apiVersion: v1
        kind: PersistentVolumeClaim
        metadata:
          name: reports-archive
          annotations:
            kustomize.toolkit.fluxcd.io/prune: disabled
        spec:
          storageClassName: ""
          accessModes: [ReadWriteOnce]
          resources:
            requests:
              storage: 1Gi
    """),
    "deploy/release.yaml": release("reports", """
        image:
          tag: 5.0.2
        persistence:
          existingClaim: reports-archive
    """),
}, ["reports 5.0.3 with four workers; chart 0.5.0 says archive instead of persistence",
    ["charts/reports/Chart.yaml", "version: 0.4.0", "version: 0.5.0"],
    ["charts/reports/values.yaml", 'persistence:\n  existingClaim: "" ', 'archive:\n  claim: "" '],
    ["charts/reports/templates/deployment.yaml", ".Values.persistence.existingClaim", ".Values.archive.claim"],
    ["charts/reports/templates/deployment.yaml", ".Values.persistence.mountPath", ".Values.archive.mountPath"],
    ["deploy/release.yaml", "tag: 5.0.2\n", "tag: 5.0.3\n    workers: 4\n"]],
    "the chart reads archive.claim now, the release still sets persistence.existingClaim: the pod asks for the default claim reports-data, which does not exist",
    expected=expect("volume-unbound helm-failed", [("Deployment/reports spec.template.spec.volumes[name=archive].persistentVolumeClaim.claimName", value(CLAIM))]),
    given=text("""
        apiVersion: v1
        kind: PersistentVolume
        metadata:
          name: "@NAME@-archive"
        spec:
          capacity:
            storage: 1Gi
          accessModes: [ReadWriteOnce]
          persistentVolumeReclaimPolicy: Delete
          storageClassName: ""
          claimRef:
            namespace: "@NAME@"
            name: reports-archive
          hostPath:
            path: "/tmp/@NAME@-archive"
            type: DirectoryOrCreate
    """))

# 4 ── plain, Argo CD: a host port and a rollout that starts the new pod first
STRATEGY = "Deployment/gateway spec.strategy"
scenario("gateway-without-a-gap", "argocd", {
    "deploy/gateway.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: gateway
        spec:
          replicas: 1
          progressDeadlineSeconds: 90
          strategy:
            type: Recreate
          selector:
            matchLabels:
              app: gateway
          template:
            metadata:
              labels:
                app: gateway
            spec:
              containers:
                - name: gateway
                  image: acme/gateway:3.2.1
                  args:
                    - --entrypoints.web.address=:8000
                    - --ping=true
                  ports:
                    - name: web
                      containerPort: 8000
                      hostPort: 18000   # the load balancer in front sends here
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 64Mi}
                  livenessProbe:
                    httpGet: {path: /ping, port: web}
                    initialDelaySeconds: 5
                  readinessProbe:
                    httpGet: {path: /ping, port: web}
                    periodSeconds: 5
    """),
    **one("shop", workload("Deployment", "shop", shop("shop", "acme/catalog:1.4.1", {"BANNER": "none"}), replicas=2), service("shop")),
}, ["gateway 3.2.3 with an access log, no gap when it rolls; winter banner",
    ["deploy/gateway.yaml", "acme/gateway:3.2.1", "acme/gateway:3.2.3"],
    ["deploy/gateway.yaml", "            - --ping=true\n", "            - --ping=true\n            - --accesslog=true\n"],
    ["deploy/gateway.yaml", "    type: Recreate\n", "    type: RollingUpdate\n    rollingUpdate:\n      maxSurge: 1\n      maxUnavailable: 0\n"],
    ["deploy/shop.yaml", "value: none", "value: winter"]],
    "the new pod is to start before the old one ends, both want host port 18000 of the only node: it is pending for ever",
    expected=expect("unschedulable-placement port-conflict",
        [(STRATEGY + ".type", BEFORE), (STRATEGY + ".rollingUpdate", GONE)],
        [(STRATEGY + ".rollingUpdate.maxSurge", value(0)), (STRATEGY + ".rollingUpdate.maxUnavailable", value(1))]))

# 5 ── Kustomize, Argo CD: a hook's deadline in a patch is shorter than its work
DEADLINE = "Job/price-lists spec.activeDeadlineSeconds"
scenario("price-lists-for-six", "argocd", {
    "base/price-lists.yaml": text("""
        apiVersion: batch/v1
        kind: Job
        metadata:
          name: price-lists
          annotations:
            argocd.argoproj.io/hook: PreSync
            argocd.argoproj.io/hook-delete-policy: BeforeHookCreation
        spec:
          completionMode: Indexed
          completions: 3   # one for each market
          parallelism: 1   # the price database takes one reader
          backoffLimit: 2
          template:
            spec:
              restartPolicy: Never
              containers:
                - name: price-lists
                  image: busybox:1.37
                  command:
                    - sh
                    - -c
                    - |
                      echo "market $JOB_COMPLETION_INDEX: reading prices"
                      sleep 6
                      echo "market $JOB_COMPLETION_INDEX: list written"
                  resources:
                    requests: {cpu: 5m, memory: 8Mi}
                    limits: {memory: 32Mi}
    """),
    "base/catalog.yaml": dump(workload("Deployment", "catalog", shop("catalog", "acme/catalog", {"MARKETS": "de,at,ch"}), replicas=2), service("catalog")),
    "base/kustomization.yaml": kustomization("price-lists.yaml", "catalog.yaml"),
    "overlays/live/kustomization.yaml": kustomization("../../base", images=tags(catalog="1.4.1"), patches=[{"path": "hooks.yaml"}]),
    "overlays/live/hooks.yaml": text("""
        apiVersion: batch/v1
        kind: Job
        metadata:
          name: price-lists
        spec:
          activeDeadlineSeconds: 240
    """),
}, ["Norway, Denmark and Finland; catalog 1.4.2; a hook that hangs is noticed sooner",
    ["base/price-lists.yaml", "completions: 3 ", "completions: 6 "],
    ["base/catalog.yaml", "value: de,at,ch", "value: de,at,ch,no,dk,fi"],
    ["overlays/live/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.2"],
    ["overlays/live/hooks.yaml", "activeDeadlineSeconds: 240", "activeDeadlineSeconds: 24"]],
    "six markets, one after the other, take about a minute, the hook's deadline is 24 s now (240 before): DeadlineExceeded after two or three lists, the sync fails",
    expected=expect("job-failed", [(DEADLINE, BEFORE)], [(DEADLINE, at_least("90"))]),
    path="overlays/live")

# 6 ── Kustomize, Argo CD, three commits: a priority class is renamed, one of its two users follows
scenario("priority-by-tier", "argocd", {
    "base/priorities.yaml": text("""
        apiVersion: scheduling.k8s.io/v1
        kind: PriorityClass
        metadata:
          name: storefront-urgent
          annotations:
            argocd.argoproj.io/sync-wave: "-1"
        value: 100000
        preemptionPolicy: Never
        description: What a customer waits for.
        ---
        apiVersion: scheduling.k8s.io/v1
        kind: PriorityClass
        metadata:
          name: storefront-later
          annotations:
            argocd.argoproj.io/sync-wave: "-1"
        value: 1000
        preemptionPolicy: Never
        description: What can wait.
    """),
    "base/checkout.yaml": dump(workload("Deployment", "checkout", shop("checkout", "acme/checkout", {"CURRENCY": "EUR"}), pod={"priorityClassName": "storefront-urgent"}, replicas=2), service("checkout")),
    "base/payments.yaml": dump(workload("Deployment", "payments", shop("payments", "acme/payments", {"RETRIES": "2"}), pod={"priorityClassName": "storefront-urgent"}, replicas=2), service("payments")),
    "base/worker.yaml": dump(workload("Deployment", "mail-worker", shop("worker", "acme/worker"), pod={"priorityClassName": "storefront-later"})),
    "base/kustomization.yaml": kustomization("priorities.yaml", "checkout.yaml", "payments.yaml", "worker.yaml"),
    "overlays/live/kustomization.yaml": kustomization("../../base", images=tags(checkout="1.4.1", payments="1.4.1", worker="1.4.1")),
}, [{"subject": "Priority classes are called by tier, as on the platform page; checkout 1.4.2", "edit": [
        ["base/priorities.yaml", "name: storefront-urgent", "name: storefront-tier-1"],
        ["base/priorities.yaml", "name: storefront-later", "name: storefront-tier-3"],
        ["base/checkout.yaml", "priorityClassName: storefront-urgent", "priorityClassName: storefront-tier-1"],
        ["base/worker.yaml", "priorityClassName: storefront-later", "priorityClassName: storefront-tier-3"],
        ["overlays/live/kustomization.yaml", "name: acme/checkout\n    newTag: 1.4.1", "name: acme/checkout\n    newTag: 1.4.2"]]},
    {"subject": "payments 1.4.2, four retries", "edit": [
        ["base/payments.yaml", "value: '2'", "value: '4'"],
        ["overlays/live/kustomization.yaml", "name: acme/payments\n    newTag: 1.4.1", "name: acme/payments\n    newTag: 1.4.2"]], "wait": 60},
    {"subject": "checkout: prices in kronor", "edit": [["base/checkout.yaml", "value: EUR", "value: SEK"]], "wait": 30}],
    "payments still names PriorityClass storefront-urgent, which is storefront-tier-1 since the first of the commits: no new pod of payments is created",
    expected=expect("unschedulable-placement invalid-manifest", [(pod("Deployment", "payments", "priorityClassName"), value("storefront-tier-1"))]),
    path="overlays/live")

# 7 ── plain, Flux: the time zone written into the schedule
scenario("bank-export-in-berlin", "flux", {
    "deploy/night.yaml": text("""
        apiVersion: batch/v1
        kind: CronJob
        metadata:
          name: statements
        spec:
          schedule: "30 4 * * 1"
          timeZone: Europe/Berlin
          concurrencyPolicy: Forbid
          jobTemplate:
            spec:
              backoffLimit: 1
              template:
                spec:
                  restartPolicy: Never
                  containers:
                    - name: statements
                      image: acme/worker:1.4.1
                      args: [migrate]
                      env:
                        - {name: DATABASE_URL, value: "postgres://billing@10.20.0.9/billing"}
                      resources:
                        requests: {cpu: 5m, memory: 16Mi}
                        limits: {memory: 64Mi}
        ---
        # the bank's door opens at three
        apiVersion: batch/v1
        kind: CronJob
        metadata:
          name: bank-export
        spec:
          schedule: "15 2 * * *"
          concurrencyPolicy: Forbid
          jobTemplate:
            spec:
              backoffLimit: 1
              template:
                spec:
                  restartPolicy: Never
                  containers:
                    - name: export
                      image: acme/payments:1.4.1
                      args: [migrate]
                      env:
                        - {name: DATABASE_URL, value: "postgres://billing@10.20.0.9/billing"}
                        - {name: FORMAT, value: mt940}
                      resources:
                        requests: {cpu: 5m, memory: 16Mi}
                        limits: {memory: 64Mi}
    """),
    **one("billing", workload("Deployment", "billing", shop("billing", "acme/payments:1.4.1", {"DUE_DAYS": "14"}), replicas=2), service("billing")),
}, ["Bank export as CAMT.053 at 3:15 Berlin time, summer and winter; billing 1.4.2",
    ["deploy/night.yaml", 'schedule: "15 2 * * *"', 'schedule: "CRON_TZ=Europe/Berlin 15 3 * * *"'],
    ["deploy/night.yaml", "acme/payments:1.4.1", "acme/payments:1.4.2"],
    ["deploy/night.yaml", "value: mt940", "value: camt053"],
    ["deploy/billing.yaml", "acme/payments:1.4.1", "acme/payments:1.4.2"],
    ["deploy/billing.yaml", "value: '14'", "value: '30'"]],
    "a CronJob's schedule may not hold a time zone, field timeZone is for that: the API server refuses it, nothing is applied",
    expected=expect("cron-invalid invalid-manifest job-failed",
        [("CronJob/bank-export spec.schedule", value("15 3 * * *")), ("CronJob/bank-export spec.timeZone", value("Europe/Berlin"))],
        [("CronJob/bank-export spec.schedule", BEFORE)]))

# 8 ── HelmRelease, Flux: two successes are for readiness only
LIVE = c("Deployment", "portal", "portal", "livenessProbe.successThreshold")
scenario("less-nervous-probes", "flux", {
    "charts/portal/Chart.yaml": "apiVersion: v2\nname: portal\nversion: 2.3.0\n",
    "charts/portal/values.yaml": text("""
        image: {repository: acme/portal, tag: 2.0.0}
        replicas: 1
        trial: false
        livenessProbe:
          httpGet: {path: /health, port: http}
          periodSeconds: 10
        readinessProbe:
          httpGet: {path: /health, port: http}
          periodSeconds: 5
    """),
    "charts/portal/templates/portal.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: {{ .Release.Name }}
        spec:
          replicas: {{ .Values.replicas }}
          progressDeadlineSeconds: 90
          selector:
            matchLabels: {app: {{ .Release.Name }}}
          template:
            metadata:
              labels: {app: {{ .Release.Name }}}
            spec:
              containers:
                - name: portal
                  image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
                  env:
                    - name: SESSION_STORE
                      value: memory
                    - name: FEATURE_TRIAL
                      value: {{ .Values.trial | quote }}
                  ports:
                    - name: http
                      containerPort: 4000
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 64Mi}
                  {{- with .Values.livenessProbe }}
                  livenessProbe:
                    {{- toYaml . | nindent 12 }}
                  {{- end }}
                  {{- with .Values.readinessProbe }}
                  readinessProbe:
                    {{- toYaml . | nindent 12 }}
                  {{- end }}
        ---
        apiVersion: v1
        kind: Service
        metadata:
          name: {{ .Release.Name }}
        spec:
          selector: {app: {{ .Release.Name }}}
          ports:
            - {name: http, port: 80, targetPort: http}
    """),
    "deploy/release.yaml": release("portal", """
        image:
          tag: 2.0.0
        replicas: 2
        livenessProbe:
          failureThreshold: 3
        readinessProbe:
          failureThreshold: 3
    """, more="""
        upgrade:
          remediation:
            retries: 1
            strategy: rollback
    """),
}, ["portal 2.0.1 with the trial; probes are less nervous",
    ["deploy/release.yaml", "tag: 2.0.0", "tag: 2.0.1"],
    ["deploy/release.yaml", "    replicas: 2\n", "    replicas: 2\n    trial: true\n"],
    ["deploy/release.yaml", "      failureThreshold: 3\n", "      failureThreshold: 5\n      successThreshold: 2\n"]],
    "successThreshold of a liveness probe must be 1 (2 is fine for readiness): the API server refuses the Deployment, the upgrade fails and is rolled back",
    expected=expect("liveness-probe invalid-manifest helm-failed", [(LIVE, GONE)], [(LIVE, value(1))]))

# 9 ── plain, Argo CD: the namespace's LimitRange holds a ratio
MEMORY = lambda kind: c("Deployment", "search", "search", f"resources.{kind}.memory")
scenario("room-for-peaks", "argocd", {
    "deploy/limits.yaml": text("""
        # agreed with the platform team: nobody books a quarter of what they may use
        apiVersion: v1
        kind: LimitRange
        metadata:
          name: honest-requests
        spec:
          limits:
            - type: Container
              default: {memory: 64Mi}
              defaultRequest: {cpu: 5m, memory: 32Mi}
              maxLimitRequestRatio: {memory: "4"}
    """),
    **one("search", workload("Deployment", "search", shop("search", "acme/catalog:1.4.1", {"CACHE_MB": "16"}, resources={"requests": {"cpu": "20m", "memory": "64Mi"}, "limits": {"memory": "192Mi"}}), replicas=2), service("search")),
    **one("suggest", workload("Deployment", "suggest", shop("suggest", "acme/catalog:1.4.1", {"WORDS": "5"}, resources={"requests": {"cpu": "20m", "memory": "48Mi"}, "limits": {"memory": "96Mi"}})), service("suggest")),
}, ["search and suggest 1.4.2: requests by last month's median, room for peaks; eight words",
    ["deploy/search.yaml", "acme/catalog:1.4.1", "acme/catalog:1.4.2"],
    ["deploy/search.yaml", "            cpu: 20m\n            memory: 64Mi\n          limits:\n            memory: 192Mi\n", "            cpu: 10m\n            memory: 40Mi\n          limits:\n            memory: 256Mi\n"],
    ["deploy/suggest.yaml", "acme/catalog:1.4.1", "acme/catalog:1.4.2"],
    ["deploy/suggest.yaml", "            cpu: 20m\n            memory: 48Mi\n", "            cpu: 10m\n            memory: 32Mi\n"],
    ["deploy/suggest.yaml", "value: '5'", "value: '8'"]],
    "search's memory limit is 6.4 times its request, the LimitRange honest-requests allows 4 (suggest has 3): no new pod of search is created",
    expected=expect("limit-range quota",
        [(MEMORY("requests"), at_least("64Mi"))],
        [(MEMORY("limits"), value("160Mi"))],
        [(MEMORY("requests"), BEFORE), (MEMORY("limits"), BEFORE)]))

# 10 ── Kustomize, Flux, two commits: a pod has to stand longer than its rollout may take
DEPLOYMENT = lambda name, field: f"Deployment/{name} spec.{field}"
scenario("two-minutes-before-the-next", "flux", {
    "base/web.yaml": dump(workload("Deployment", "web", shop("web", "acme/checkout", {"PAGE_SIZE": "24"}), replicas=2), service("web")),
    "base/worker.yaml": dump(workload("Deployment", "worker", shop("worker", "acme/worker"))),
    "base/importer.yaml": dump(workload("Deployment", "importer", shop("importer", "acme/catalog", {"START_SECONDS": "3"}), deadline=600)),
    "base/kustomization.yaml": kustomization("web.yaml", "worker.yaml", "importer.yaml"),
    "overlays/test/kustomization.yaml": kustomization("../../base", images=tags(checkout="1.4.2", worker="1.4.1", catalog="1.4.2")),
    "overlays/live/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources:
          - ../../base
        images:
          - name: acme/checkout
            newTag: 1.4.1
          - name: acme/worker
            newTag: 1.4.1
          - name: acme/catalog
            newTag: 1.4.1
        patches:
          - path: rollout.yaml
            target:
              kind: Deployment
    """),
    "overlays/live/rollout.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: any
        spec:
          minReadySeconds: 5
          revisionHistoryLimit: 10
    """),
}, [{"subject": "After the incident of the 14th: a pod stands two minutes before the next one goes", "edit": [
        ["overlays/live/rollout.yaml", "  minReadySeconds: 5\n  revisionHistoryLimit: 10\n", "  minReadySeconds: 120\n  revisionHistoryLimit: 4\n"]]},
    {"subject": "Promote checkout and catalog 1.4.2 to live, 36 a page", "edit": [
        ["overlays/live/kustomization.yaml", "name: acme/checkout\n    newTag: 1.4.1", "name: acme/checkout\n    newTag: 1.4.2"],
        ["overlays/live/kustomization.yaml", "name: acme/catalog\n    newTag: 1.4.1", "name: acme/catalog\n    newTag: 1.4.2"],
        ["base/web.yaml", "value: '24'", "value: '36'"]], "wait": 60}],
    "minReadySeconds is 120 in the live overlay, progressDeadlineSeconds of web and worker is 90 in the base and must be greater (importer has 600): the API server refuses them, nothing is applied",
    expected=expect("invalid-manifest",
        [(DEPLOYMENT("web", "progressDeadlineSeconds"), at_least("121")), (DEPLOYMENT("worker", "progressDeadlineSeconds"), at_least("121"))],
        [(DEPLOYMENT(name, "minReadySeconds"), BEFORE) for name in ("web", "worker", "importer")],
        [(DEPLOYMENT(name, "minReadySeconds"), BEFORE) for name in ("web", "worker")]),
    path="overlays/live")

# 11 ── plain, Argo CD: a mount's subPathExpr reads a variable that has another name now
scenario("instance-instead-of-pod-name", "argocd", {
    "deploy/webhooks.yaml": text("""
        apiVersion: apps/v1
        kind: StatefulSet
        metadata:
          name: webhooks
        spec:
          serviceName: webhooks
          replicas: 2
          selector:
            matchLabels: {app: webhooks}
          template:
            metadata:
              labels: {app: webhooks}
            spec:
              containers:
                - name: webhooks
                  image: acme/payments:1.4.1
                  env:
                    - name: REQUIRED_ENV
                      value: POD_NAME,JOURNAL_DAYS
                    - name: POD_NAME
                      valueFrom:
                        fieldRef:
                          fieldPath: metadata.name
                    - name: JOURNAL_DAYS
                      value: "3"
                    - name: WRITE_FILE
                      value: /journal/state
                  ports:
                    - name: http
                      containerPort: 8080
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 64Mi}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 5
                  volumeMounts:
                    - name: journal
                      mountPath: /journal
                      subPathExpr: $(POD_NAME)
                - name: journal-keeper
                  image: busybox:1.37
                  command: [sh, -c, "while sleep 30; do find /journal -type f -mtime +3 -delete; done"]
                  resources:
                    requests: {cpu: 5m, memory: 8Mi}
                    limits: {memory: 32Mi}
                  volumeMounts:
                    - name: journal
                      mountPath: /journal
              terminationGracePeriodSeconds: 3
              volumes:
                - name: journal
                  emptyDir: {}
    """),
    **one("service", service("webhooks", clusterIP="None")),
}, ["webhooks 1.4.2 reads INSTANCE like the other services; journal of a week",
    ["deploy/webhooks.yaml", "acme/payments:1.4.1", "acme/payments:1.4.2"],
    ["deploy/webhooks.yaml", "value: POD_NAME,JOURNAL_DAYS", "value: INSTANCE,JOURNAL_DAYS"],
    ["deploy/webhooks.yaml", "- name: POD_NAME", "- name: INSTANCE"],
    ["deploy/webhooks.yaml", 'value: "3"', 'value: "7"'],
    ["deploy/webhooks.yaml", "-mtime +3", "-mtime +7"]],
    "the mount's subPathExpr is $(POD_NAME), a variable that is called INSTANCE now: the kubelet cannot make the container (CreateContainerConfigError)",
    expected=expect("volume-mount config-missing",
        [(c("StatefulSet", "webhooks", "webhooks", "volumeMounts[name=journal].subPathExpr"), value("$(INSTANCE)"))],
        [(c("StatefulSet", "webhooks", "webhooks", "env[name=POD_NAME]"), BEFORE)]))

# 12 ── Kustomize, Flux: a custom resource with a word that its CRD writes otherwise
scenario("backups-for-the-auditors", "flux", {
    "base/ledger.yaml": dump(workload("Deployment", "ledger", container("ledger", "java", image="acme/ledger", resources=RES, env={"LEDGER_BATCH_SIZE": "50"}, live={"httpGet": {"path": "/actuator/health/liveness", "port": "http"}, "initialDelaySeconds": 20}), deadline=150), service("ledger")),
    "base/backups.yaml": text("""
        apiVersion: data.acme.example/v1
        kind: BackupPlan
        metadata:
          name: ledger
        spec:
          schedule: 0 1 * * *
          tier: standard
          keepDays: 30
        ---
        apiVersion: data.acme.example/v1
        kind: BackupPlan
        metadata:
          name: ledger-monthly
        spec:
          schedule: 0 5 1 * *
          tier: infrequent
          keepDays: 365
    """),
    "base/kustomization.yaml": kustomization("ledger.yaml", "backups.yaml"),
    "overlays/live/kustomization.yaml": kustomization("../../base", images=tags(ledger="3.1.3")),
}, ["ledger 3.1.4, batches of a hundred; monthly backups go to the archive for the auditors",
    ["base/ledger.yaml", "value: '50'", "value: '100'"],
    ["base/backups.yaml", "schedule: 0 1 * * *", "schedule: 30 0 * * *"],
    ["base/backups.yaml", "tier: infrequent\n  keepDays: 365", "tier: Archive\n  keepDays: 3650"],
    ["overlays/live/kustomization.yaml", "newTag: 3.1.3", "newTag: 3.1.4"]],
    "the CRD of BackupPlan knows standard, infrequent and archive, in small letters: the API server refuses tier Archive, nothing is applied",
    expected=expect("invalid-manifest",
        [("BackupPlan/ledger-monthly spec.tier", value("archive"))],
        [("BackupPlan/ledger-monthly spec.tier", BEFORE)]),
    path="overlays/live",
    given=text("""
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata:
          name: backupplans.data.acme.example
        spec:
          group: data.acme.example
          scope: Namespaced
          names:
            kind: BackupPlan
            plural: backupplans
            singular: backupplan
          versions:
            - name: v1
              served: true
              storage: true
              schema:
                openAPIV3Schema:
                  type: object
                  properties:
                    spec:
                      type: object
                      required: [schedule, tier]
                      properties:
                        schedule: {type: string}
                        tier: {type: string, enum: [standard, infrequent, archive]}
                        keepDays: {type: integer, minimum: 1}
    """))

# 13 ── for people. Kustomize, Argo CD: what is asked for is no node's
scenario("ranking-model-on-a-gpu", "argocd", {
    "base/ranking.yaml": dump(workload("Deployment", "ranking", shop("ranking", "acme/catalog", {"MODEL": "linear-7"}), replicas=2), service("ranking")),
    "base/kustomization.yaml": kustomization("ranking.yaml"),
    "overlays/live/kustomization.yaml": kustomization("../../base", images=tags(catalog="1.4.1")),
}, ["ranking 1.4.2; the cross-encoder runs as a service of its own, on a GPU",
    ["base/kustomization.yaml", "  - ranking.yaml\n", "  - ranking.yaml\n  - cross-encoder.yaml\n"],
    ["base/ranking.yaml", "value: linear-7", "value: linear-8"],
    ["overlays/live/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.2"],
    ["base/cross-encoder.yaml", None, dump(workload("Deployment", "cross-encoder", shop("encoder", "acme/catalog", {"CACHE_MB": "24"},
        resources={"requests": {"cpu": "20m", "memory": "48Mi"}, "limits": {"memory": "96Mi", "nvidia.com/gpu": "1"}})), service("cross-encoder"))]],
    "the cluster has no node with a GPU: whoever runs it must add one, or the team decides to do without",
    answer=HUMAN, expected=expect("unschedulable-resources", ), path="overlays/live")

# 14 ── for people. HelmRelease, Flux: a client certificate that another team issues
scenario("acquirer-wants-a-certificate", "flux", {
    "charts/payments/Chart.yaml": "apiVersion: v2\nname: payments\nversion: 1.1.0\n",
    "charts/payments/values.yaml": text("""
        tag: 1.4.1
        replicas: 2
        env: {}
        certificate: ""   # Secret with tls.crt and tls.key
    """),
    "charts/payments/templates/deployment.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: {{ .Release.Name }}
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
              containers:
                - name: payments
                  image: acme/payments:{{ .Values.tag }}
                  {{- with .Values.env }}
                  env:
                    {{- range $name, $value := . }}
                    - name: {{ $name }}
                      value: {{ $value | quote }}
                    {{- end }}
                  {{- end }}
                  ports:
                    - name: http
                      containerPort: 8080
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 64Mi}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 5
                  {{- with .Values.certificate }}
                  volumeMounts:
                    - name: certificate
                      mountPath: /etc/acquirer
                      readOnly: true
                  {{- end }}
              {{- with .Values.certificate }}
              volumes:
                - name: certificate
                  secret:
                    secretName: {{ . }}
              {{- end }}
    """),
    "deploy/release.yaml": release("payments", """
        tag: 1.4.1
        env:
          ACQUIRER: https://acquirer.example/v1
    """),
}, ["payments 1.4.2: the acquirer's v2 with mutual TLS (certificate ordered from security, SEC-481)",
    ["deploy/release.yaml", "tag: 1.4.1", "tag: 1.4.2"],
    ["deploy/release.yaml", "https://acquirer.example/v1\n", "https://acquirer.example/v2\n      CONFIG_FILE: /etc/acquirer/tls.crt\n    certificate: acquirer-client-tls\n"]],
    "Secret acquirer-client-tls, which the security team is to issue outside of git, does not exist yet: FailedMount; only they can make it",
    answer=HUMAN, expected=expect("secret-missing", ))

# 15 ── nothing to do. plain, Argo CD: the quota refuses the surge, the rollout goes on without it
scenario("rollout-in-a-full-namespace", "argocd", {
    **one("coupons", workload("Deployment", "coupons", shop("coupons", "acme/checkout:1.4.1", {"MAX_PERCENT": "20", "START_SECONDS": "4"}), replicas=3, deadline=300,
        spec={"strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1, "maxUnavailable": 1}}}), service("coupons")),
    **one("budget", {"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": {"name": "coupons"}, "spec": {"maxUnavailable": 1, "selector": {"matchLabels": {"app": "coupons"}}}}),
}, ["coupons 1.4.2, up to thirty percent",
    ["deploy/coupons.yaml", "acme/checkout:1.4.1", "acme/checkout:1.4.2"],
    ["deploy/coupons.yaml", "value: '20'", "value: '30'"]],
    "the platform's quota of three pods refuses the additional pod of the rollout, one old pod may go first: healthy after a minute or so",
    answer=NONE,
    given="apiVersion: v1\nkind: ResourceQuota\nmetadata:\n  name: platform\n  annotations:\n    owner: platform team\nspec:\n  hard:\n    pods: \"3\"\n")

# 16 ── nothing to do. Kustomize, Flux: the rollout takes longer than Flux waits
scenario("slow-but-sure", "flux", {
    "base/assortment.yaml": dump(workload("Deployment", "assortment", shop("assortment", "acme/catalog", {"START_SECONDS": "4", "PICTURES": "none"}, startupProbe={"httpGet": {"path": "/healthz", "port": "http"}, "periodSeconds": 3, "failureThreshold": 40}),
        replicas=3, deadline=400, spec={"minReadySeconds": 8, "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}}}), service("assortment")),
    "base/kustomization.yaml": kustomization("assortment.yaml"),
    "overlays/live/kustomization.yaml": kustomization("../../base", images=tags(catalog="1.4.1")),
}, ["assortment 1.4.2 loads its pictures at the start",
    ["base/assortment.yaml", "value: '4'", "value: '28'"],
    ["base/assortment.yaml", "value: none", "value: preload"],
    ["overlays/live/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.2"]],
    "each of the three pods takes 40 s, one after the other, well within its startup probe and the deadline; Flux gives up waiting after 60 s and is content a round or two later",
    answer=NONE, path="overlays/live")


# It did not recover within the record: the quota stayed full, and the rollout's deadline passed.
for one in SCENARIOS:
    if one["id"] == "rollout-in-a-full-namespace":
        one["answer"] = HUMAN
