"""A further volume of the reference exam: the same classes, layouts and difficulty, other stories, values and subjects."""
import pathlib, runpy, textwrap
globals().update(runpy.run_path(str(pathlib.Path(__file__).parent / "kit.py")))
SCENARIOS, scenario = batch(2148)


def manifest(name, image, kind="Deployment", team="fulfilment", container="", port=8080, live="/healthz", ready="/readyz", requests="32Mi", memory="128Mi", env="", extra="", pod="", more="", replicas=2, deadline=90, app=None):
    """A workload as text, with comments and flow maps as people write them."""
    head = {"Deployment": f"  replicas: {replicas}\n  progressDeadlineSeconds: {deadline}\n", "StatefulSet": f"  replicas: {replicas}\n  serviceName: {name}\n", "DaemonSet": ""}[kind]
    result = text(f"""
        # {name}: owned by team {team}
        apiVersion: apps/v1
        kind: {kind}
        metadata:
          name: {name}
          labels:
            app.kubernetes.io/name: {name}
        spec:
        HEAD
          selector:
            matchLabels:
              app: {app or name}
          template:
            metadata:
              labels:
                app: {app or name}
            spec:
        POD
              containers:
                - name: {container or name}
                  image: {image}
                  ports:
                    - name: http
                      containerPort: {port}
        ENV
                  resources:
                    requests: {{cpu: 20m, memory: {requests}}}   # from last quarter's review
                    limits: {{memory: {memory}}}
                  livenessProbe:
                    httpGet: {{path: {live}, port: http}}
                    initialDelaySeconds: 5
                    periodSeconds: 5
                  readinessProbe:
                    httpGet: {{path: {ready}, port: http}}
                    periodSeconds: 3
        EXTRA
        MORE
    """)
    for mark, block, indent in (("HEAD", head, 0), ("POD", pod, 6), ("ENV", env, 10), ("EXTRA", extra, 10), ("MORE", more, 8)):
        block = textwrap.indent(textwrap.dedent(block).strip("\n"), " " * indent) if mark != "HEAD" else block.strip("\n")
        result = result.replace(mark + "\n", block + "\n" if block else "")
    return result


def front(name, port=80, target="http", app=None):
    return text(f"""
        apiVersion: v1
        kind: Service
        metadata:
          name: {name}
        spec:
          selector:
            app: {app or name}
          ports:
            - name: http
              port: {port}
              targetPort: {target}
    """)


def listing(*resources, more=""):
    return "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n" + "".join(f"  - {r}\n" for r in resources) + textwrap.dedent(more).lstrip("\n")


CHART = {
    "chart/Chart.yaml": "apiVersion: v2\nname: web-service\ndescription: One web service with its Service\nversion: 1.7.0\n",
    "chart/values.yaml": text("""
        # defaults: every service sets at least its name
        name: ""
        image:
          repository: acme/payments
          tag: 1.4.0
        replicas: 1
        env: {}
        resources:
          requests: {cpu: 20m, memory: 32Mi}
          limits: {memory: 128Mi}
        probes:
          path: /readyz
          periodSeconds: 3
    """),
    "chart/templates/_helpers.tpl": '{{- define "web.name" -}}\n{{ .Values.name | default .Release.Name }}\n{{- end }}\n',
    "chart/templates/deployment.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: {{ include "web.name" . }}
          labels:
            helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
        spec:
          replicas: {{ .Values.replicas }}
          progressDeadlineSeconds: 90
          selector:
            matchLabels:
              app: {{ include "web.name" . }}
          template:
            metadata:
              labels:
                app: {{ include "web.name" . }}
            spec:
              containers:
                - name: web
                  image: {{ .Values.image.repository }}:{{ .Values.image.tag }}
                  ports:
                    - name: http
                      containerPort: 8080
                  {{- with .Values.env }}
                  env:
                    {{- range $key, $value := . }}
                    - name: {{ $key }}
                      value: {{ $value | quote }}
                    {{- end }}
                  {{- end }}
                  resources:
                    {{- toYaml .Values.resources | nindent 12 }}
                  readinessProbe:
                    httpGet: {path: {{ .Values.probes.path }}, port: http}
                    periodSeconds: {{ .Values.probes.periodSeconds }}
    """),
    "chart/templates/service.yaml": text("""
        apiVersion: v1
        kind: Service
        metadata:
          name: {{ include "web.name" . }}
        spec:
          selector:
            app: {{ include "web.name" . }}
          ports:
            - name: http
              port: 80
              targetPort: http
    """),
}
D = "deploy/deployment.yaml"

# 1 ── Helm, Argo CD: the new version is written behind the repository, the tag stays as well
scenario("version-behind-the-repository", "argocd", {**CHART, "env/live.yaml": text("""
    # live: what differs from the chart's defaults
    name: payouts
    image:
      tag: 1.4.1
    replicas: 2
    env:
      PAYOUT_CURRENCY: EUR
""")}, ["payouts 1.4.2, three replicas, SEPA instant",
    ["env/live.yaml", "image:\n  tag: 1.4.1\nreplicas: 2\n", "image:\n  repository: acme/payments:1.4.2\n  tag: 1.4.1\nreplicas: 3\n"],
    ["env/live.yaml", "  PAYOUT_CURRENCY: EUR\n", "  PAYOUT_CURRENCY: EUR\n  SEPA_INSTANT: \"true\"\n"]],
    "the repository in the values carries the tag 1.4.2, the chart appends the tag once more: acme/payments:1.4.2:1.4.1 is no image name",
    expected=expect("image-not-found",
        [(c("Deployment", "payouts", "web", "image"), value("acme/payments:1.4.2"))],
        [(c("Deployment", "payouts", "web", "image"), BEFORE)]),
    path="chart", source={"helm": {"valueFiles": ["../env/live.yaml"]}})

# 2 ── plain DaemonSet, Flux: a shell that the sidecar's image does not have
scenario("shell-of-the-sidecar", "flux", {
    "deploy/collector.yaml": manifest("collector", "acme/worker:1.4.1", kind="DaemonSet", team="platform", memory="64Mi", env="env:\n  - name: BATCH\n    value: \"200\"\n",
        pod="volumes:\n  - name: spool\n    emptyDir: {}\n",
        more="""
            - name: rotate
              image: busybox:1.37
              command: [sh, -c]
              args:
                - while true; do date > /spool/rotated; sleep 60; done
              resources:
                requests: {cpu: 5m, memory: 8Mi}
                limits: {memory: 32Mi}
              volumeMounts:
                - {name: spool, mountPath: /spool}
        """),
    "deploy/service.yaml": front("collector"),
}, ["Rotate the spool every 20 s, worker 1.4.2",
    ["deploy/collector.yaml", "command: [sh, -c]", "command: [bash, -c]"],
    ["deploy/collector.yaml", "date > /spool/rotated; sleep 60; done", "date > /spool/rotated; sleep 20; done"],
    ["deploy/collector.yaml", "acme/worker:1.4.1", "acme/worker:1.4.2"]],
    "the busybox image of the sidecar rotate has no bash: executable file not found",
    expected=expect("command-not-found",
        [(c("DaemonSet", "collector", "rotate", "command[0]"), BEFORE)],
        [(c("DaemonSet", "collector", "rotate", "command[0]"), value("/bin/sh"))]))

# 3 ── Kustomize generator, Flux: the generated ConfigMap has another name, the volume keeps the old one
scenario("generator-renamed", "flux", {
    "base/deployment.yaml": manifest("gallery", "acme/catalog", team="content", env="env:\n  - name: CONFIG_FILE\n    value: /etc/gallery/options.env\n",
        pod="volumes:\n  - name: options\n    configMap:\n      name: gallery-config\n", extra="volumeMounts:\n  - {name: options, mountPath: /etc/gallery}\n"),
    "base/service.yaml": front("gallery"),
    "base/options.env": "COLUMNS=4\nTHUMB_WIDTH=320\n",
    "base/kustomization.yaml": listing("deployment.yaml", "service.yaml", more="configMapGenerator:\n  - name: gallery-config\n    files:\n      - options.env\n"),
    "overlays/live/kustomization.yaml": listing("../../base", more="images:\n  - name: acme/catalog\n    newTag: 1.4.1   # see the calendar\n"),
}, ["Generated settings are called options everywhere, gallery 1.4.2",
    ["base/kustomization.yaml", "- name: gallery-config", "- name: gallery-options"],
    ["overlays/live/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.2"]],
    "the volume still names ConfigMap gallery-config, the generator's name is gallery-options now: FailedMount",
    expected=expect("config-missing volume-mount",
        [(pod("Deployment", "gallery", "volumes[name=options].configMap.name"), value("gallery-options-tct98m6tg7"))],
        [(pod("Deployment", "gallery", "volumes[name=options].configMap.name"), BEFORE), ("ConfigMap/gallery-config-tct98m6tg7", ANY), ("ConfigMap/gallery-options-tct98m6tg7", GONE)]),
    path="overlays/live")

# 4 ── Kustomize, Argo CD: a larger cache under the same limit; another commit on top
scenario("cache-of-suggestions", "argocd", {
    "base/deployment.yaml": manifest("suggest", "acme/catalog:1.4.2", team="search", env="env:\n  - name: CACHE_MB\n    value: \"16\"\n"),
    "base/service.yaml": front("suggest"),
    "base/kustomization.yaml": listing("deployment.yaml", "service.yaml"),
    "overlays/staging/kustomization.yaml": listing("../../base"),
    "overlays/live/kustomization.yaml": listing("../../base", more="replicas:\n  - name: suggest\n    count: 2\npatches:\n  - path: cache.yaml\n"),
    "overlays/live/cache.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: suggest
        spec:
          template:
            spec:
              containers:
                - name: suggest
                  env:
                    - name: CACHE_MB
                      value: "56"   # the ten thousand most asked
    """),
}, [{"subject": "Keep all suggestions warm, also the Dutch ones", "edit": [
        ["overlays/live/cache.yaml", "value: \"56\"   # the ten thousand most asked\n", "value: \"180\"   # all of them\n            - name: LANGUAGES\n              value: de,fr,nl\n"]]},
    {"subject": "Three replicas for the weekend", "edit": [["overlays/live/kustomization.yaml", "count: 2", "count: 3"]], "wait": 40}],
    "the cache takes 180 MB now under a limit of 128Mi: OOMKilled",
    expected=expect("out-of-memory",
        [(c("Deployment", "suggest", "suggest", "resources.limits.memory"), at_least("192Mi"))],
        [(c("Deployment", "suggest", "suggest", "env[name=CACHE_MB].value"), BEFORE)]),
    path="overlays/live")

# 5 ── plain, Argo CD: the marker file moves, the startup probe looks for it where it was
scenario("marker-file", "argocd", {
    D: manifest("checkin", "acme/checkout:1.4.1", team="travel", env="env:\n  - name: WRITE_FILE\n    value: /tmp/started\n",
        extra="startupProbe:\n  exec:\n    command: [cat, /tmp/started]\n  periodSeconds: 3\n  failureThreshold: 8\n"),
    "deploy/service.yaml": front("checkin"),
}, ["checkin 1.4.2 keeps its state in a volume",
    [D, "checkout:1.4.1", "checkout:1.4.2"],
    [D, "value: /tmp/started", "value: /state/started"],
    [D, "          startupProbe:\n", "          volumeMounts:\n            - {name: state, mountPath: /state}\n          startupProbe:\n"],
    [D, "      containers:\n", "      volumes:\n        - name: state\n          emptyDir: {}\n      containers:\n"]],
    "the program writes /state/started now, the startup probe still reads /tmp/started: the container is restarted again and again",
    expected=expect("startup-probe startup",
        [(c("Deployment", "checkin", "checkin", "startupProbe.exec.command[1]"), value("/state/started"))],
        [(c("Deployment", "checkin", "checkin", "env[name=WRITE_FILE].value"), BEFORE)]))

# 6 ── HelmRelease, Flux: more is requested than the limit allows
scenario("reserve-for-noon", "flux", {**CHART, "releases/pickup.yaml": text("""
    apiVersion: helm.toolkit.fluxcd.io/v2
    kind: HelmRelease
    metadata:
      name: pickup
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
      values:
        image:
          repository: acme/checkout
          tag: 1.4.1   # follows the release calendar
        replicas: 2
        env:
          SLOT_MINUTES: "30"
        resources:
          requests: {cpu: 20m, memory: 48Mi}
          limits: {memory: 96Mi}
""")}, ["Reserve what pickup uses at noon, slots of 20 minutes, 1.4.2",
    ["releases/pickup.yaml", "tag: 1.4.1", "tag: 1.4.2"],
    ["releases/pickup.yaml", "SLOT_MINUTES: \"30\"", "SLOT_MINUTES: \"20\""],
    ["releases/pickup.yaml", "memory: 48Mi", "memory: 112Mi"]],
    "requests 112Mi of memory under a limit of 96Mi: the API server refuses the Deployment, the upgrade fails",
    expected=expect("helm-failed invalid-manifest",
        [(c("Deployment", "pickup", "web", "resources.requests.memory"), BEFORE)],
        [(c("Deployment", "pickup", "web", "resources.limits.memory"), at_least("112Mi"))],
        [(c("Deployment", "pickup", "web", "resources.requests.memory"), value("96Mi"))]),
    path="releases")

# 7 ── Kustomize component, Argo CD: spreading over zones becomes a must, the node has no zone
SPREAD = "topologySpreadConstraints[0]"
scenario("strict-zones", "argocd", {
    "base/deployment.yaml": manifest("seats", "acme/catalog", team="travel", env="env:\n  - name: HOLD_MINUTES\n    value: \"10\"\n"),
    "base/service.yaml": front("seats"),
    "base/kustomization.yaml": listing("deployment.yaml", "service.yaml"),
    "components/spread/kustomization.yaml": "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\npatches:\n  - path: spread.yaml\n    target:\n      kind: Deployment\n",
    "components/spread/spread.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: any
        spec:
          template:
            spec:
              topologySpreadConstraints:
                - maxSkew: 1
                  topologyKey: topology.kubernetes.io/zone
                  whenUnsatisfiable: ScheduleAnyway
                  labelSelector:
                    matchLabels:
                      app: seats
    """),
    "overlays/live/kustomization.yaml": listing("../../base", more="components:\n  - ../../components/spread\nimages:\n  - name: acme/catalog\n    newTag: 1.4.1\n"),
}, ["Spread for real, seats 1.4.2, hold for a quarter of an hour",
    ["components/spread/spread.yaml", "whenUnsatisfiable: ScheduleAnyway", "whenUnsatisfiable: DoNotSchedule"],
    ["base/deployment.yaml", "value: \"10\"", "value: \"15\""],
    ["overlays/live/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.2"]],
    "no node has the label topology.kubernetes.io/zone, which DoNotSchedule makes a must: new pods are pending",
    expected=expect("unschedulable-placement",
        [(pod("Deployment", "seats", SPREAD + ".whenUnsatisfiable"), BEFORE)],
        [(pod("Deployment", "seats", SPREAD + ".topologyKey"), value("kubernetes.io/hostname"))]),
    path="overlays/live")

# 8 ── plain, Flux: the account has a new name, the Deployment the old one
scenario("account-name", "flux", {
    D: manifest("courier", "acme/worker:1.4.1", pod="serviceAccountName: courier\nterminationGracePeriodSeconds: 10\n"),
    "deploy/service.yaml": front("courier"),
    "deploy/access.yaml": text("""
        apiVersion: v1
        kind: ServiceAccount
        metadata:
          name: courier
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata:
          name: read-routes
        rules:
          - apiGroups: [""]
            resources: [configmaps]
            verbs: [get, list]
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata:
          name: courier-reads-routes
        roleRef:
          apiGroup: rbac.authorization.k8s.io
          kind: Role
          name: read-routes
        subjects:
          - kind: ServiceAccount
            name: courier
            namespace: "@NAME@"
    """),
}, ["Accounts say what they may do, courier 1.4.2",
    ["deploy/access.yaml", "  name: courier\n---", "  name: courier-reader\n---"],
    ["deploy/access.yaml", "    name: courier\n    namespace", "    name: courier-reader\n    namespace"],
    [D, "worker:1.4.1", "worker:1.4.2"]],
    "the Deployment runs as ServiceAccount courier, which is courier-reader now: no pod is created",
    expected=expect("service-account-missing",
        [(pod("Deployment", "courier", "serviceAccountName"), value("courier-reader"))],
        [("ServiceAccount/courier", ANY), ("ServiceAccount/courier-reader", GONE), ("RoleBinding/courier-reads-routes subjects[0].name", BEFORE)]))

# 9 ── plain, Flux: a schedule at 24:30
scenario("settle-at-night", "flux", {
    "deploy/settlement.yaml": text("""
        # settlement: owned by team payments
        apiVersion: batch/v1
        kind: CronJob
        metadata:
          name: settlement
        spec:
          schedule: "30 22 * * *"   # UTC
          concurrencyPolicy: Forbid
          jobTemplate:
            spec:
              backoffLimit: 1
              template:
                spec:
                  restartPolicy: Never
                  containers:
                    - name: settle
                      image: acme/worker:1.4.1
                      args: [migrate]
                      env:
                        - {name: DATABASE_URL, value: postgres://settlement@db.internal/settlement}
                      resources:
                        requests: {cpu: 10m, memory: 16Mi}
                        limits: {memory: 64Mi}
    """),
    "deploy/statements.yaml": manifest("statements", "acme/payments:1.4.1", team="payments"),
    "deploy/service.yaml": front("statements"),
}, ["Settle after midnight, not before; payments and worker 1.4.2",
    ["deploy/settlement.yaml", "\"30 22 * * *\"", "\"30 24 * * *\""],
    ["deploy/settlement.yaml", "worker:1.4.1", "worker:1.4.2"],
    ["deploy/statements.yaml", "payments:1.4.1", "payments:1.4.2"]],
    "a schedule's hours end at 23: the API server refuses the CronJob, and nothing of the commit is applied",
    expected=expect("cron-invalid job-failed invalid-manifest",
        [("CronJob/settlement spec.schedule", value("30 0 * * *"))],
        [("CronJob/settlement spec.schedule", BEFORE)]))

# 10 ── Kustomize, Argo CD: the base is renamed, the overlay's patch is not
scenario("patch-of-the-old-name", "argocd", {
    "base/deployment.yaml": manifest("news", "acme/catalog", team="content", container="web", env="env:\n  - name: DIGEST_DAY\n    value: friday\n"),
    "base/service.yaml": front("news"),
    "base/kustomization.yaml": listing("deployment.yaml", "service.yaml"),
    "overlays/live/kustomization.yaml": listing("../../base", more="images:\n  - name: acme/catalog\n    newTag: 1.4.0\npatches:\n  - path: memory.yaml\n"),
    "overlays/live/memory.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: news
        spec:
          template:
            spec:
              containers:
                - name: web
                  resources:
                    limits:
                      memory: 160Mi  # archive pages
    """),
}, ["Its full name for the newsletter, 1.4.2, on Thursdays",
    ["base/deployment.yaml", "news", "newsletter"], ["base/service.yaml", "news", "newsletter"],
    ["base/deployment.yaml", "value: friday", "value: thursday"],
    ["overlays/live/kustomization.yaml", "newTag: 1.4.0", "newTag: 1.4.2"]],
    "the live overlay's patch is for Deployment news, which is newsletter now: the build fails",
    expected=expect("render-failed", [], keep=[
        (c("Deployment", "newsletter", "web", "image"), value("acme/catalog:1.4.2")),
        (c("Deployment", "newsletter", "web", "env[name=DIGEST_DAY].value"), value("thursday")),
        (c("Deployment", "newsletter", "web", "resources.limits.memory"), value("160Mi")),
        ("Service/newsletter spec.selector.app", value("newsletter"))]),
    path="overlays/live")

# 11 ── plain, Flux: the autoscaler's target has another name; nothing else minds
scenario("target-of-the-autoscaler", "flux", {
    D: manifest("giftcard", "acme/checkout:1.4.1", team="storefront"),
    "deploy/service.yaml": front("giftcard"),
    "deploy/autoscaler.yaml": text("""
        apiVersion: autoscaling/v2
        kind: HorizontalPodAutoscaler
        metadata:
          name: giftcard
        spec:
          minReplicas: 2
          maxReplicas: 5
          scaleTargetRef:
            apiVersion: apps/v1
            kind: Deployment
            name: giftcard
          metrics:
            - type: Resource
              resource:
                name: cpu
                target: {type: Utilization, averageUtilization: 70}
    """),
}, ["Plural as all others, checkout 1.4.2",
    [D, "giftcard", "giftcards"], ["deploy/service.yaml", "giftcard", "giftcards"], [D, "checkout:1.4.1", "checkout:1.4.2"]],
    "HorizontalPodAutoscaler giftcard scales Deployment giftcard, which is giftcards now: FailedGetScale",
    expected=expect("autoscaler", [("HorizontalPodAutoscaler/giftcard spec.scaleTargetRef.name", value("giftcards"))]))

# 12 ── plain, Argo CD: a store is renamed, one of its two readers follows
RAILS = "env:\n  - name: SECRET_KEY_BASE\n    value: only-for-tests\n  - name: REDIS_URL\n    value: redis://jobs-redis:6379/{}\n"
scenario("store-of-the-jobs", "argocd", {
    "deploy/store.yaml": manifest("jobs-redis", "acme/cache:7.4.1", team="backoffice", container="redis", port=6379, live="/ping", ready="/ping", replicas=1),
    "deploy/store-service.yaml": front("jobs-redis", port=6379),
    "deploy/web.yaml": manifest("backoffice", "acme/backoffice:7.2.0", team="backoffice", container="rails", port=3000, live="/up", ready="/up", replicas=1, env=RAILS.format(0)),
    "deploy/web-service.yaml": front("backoffice"),
    "deploy/worker.yaml": manifest("backoffice-jobs", "acme/backoffice:7.2.0", team="backoffice", container="sidekiq", port=7433, live="/up", ready="/up", replicas=1, env="args: [sidekiq]\n" + RAILS.format(1)),
}, ["backoffice 7.2.1; the store's name without its product",
    ["deploy/store.yaml", "jobs-redis", "jobs-store"], ["deploy/store-service.yaml", "jobs-redis", "jobs-store"],
    ["deploy/web.yaml", "redis://jobs-redis:6379/0", "redis://jobs-store:6379/0"],
    ["deploy/web.yaml", "backoffice:7.2.0", "backoffice:7.2.1"],
    ["deploy/worker.yaml", "backoffice:7.2.0", "backoffice:7.2.1"]],
    "backoffice-jobs still connects to jobs-redis, the Service is jobs-store now: the name is not known",
    expected=expect("dependency-address crash-on-start", [(c("Deployment", "backoffice-jobs", "sidekiq", "env[name=REDIS_URL].value"), value("redis://jobs-store:6379/1"))]))

# 13 ── for people. plain, Flux: the account that delivers may not create what the commit adds
scenario("budget-by-a-tenant", "flux", {
    D: manifest("tickets", "acme/checkout:1.4.1", team="events"),
    "deploy/service.yaml": front("tickets"),
}, ["A disruption budget before the nodes are renewed, tickets 1.4.2",
    [D, "checkout:1.4.1", "checkout:1.4.2"],
    ["deploy/budget.yaml", None, text("""
        apiVersion: policy/v1
        kind: PodDisruptionBudget
        metadata:
          name: tickets
        spec:
          maxUnavailable: 1
          selector:
            matchLabels:
              app: tickets
    """)]],
    "the tenant's ServiceAccount, as which the Kustomization applies, may not write PodDisruptionBudgets: whoever gives rights must decide",
    answer=HUMAN, expected=expect("rbac-forbidden", ), spec={"serviceAccountName": "@NAME@-tenant"},
    extra=[
        {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "@NAME@-tenant", "namespace": "flux-system"}},
        {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole", "metadata": {"name": "@NAME@-tenant"}, "rules": [
            {"apiGroups": ["apps"], "resources": ["deployments", "statefulsets", "daemonsets", "replicasets"], "verbs": ["*"]},
            {"apiGroups": [""], "resources": ["services", "configmaps", "secrets", "persistentvolumeclaims", "pods", "events"], "verbs": ["*"]},
            {"apiGroups": ["batch"], "resources": ["jobs", "cronjobs"], "verbs": ["*"]},
            {"apiGroups": ["policy"], "resources": ["poddisruptionbudgets"], "verbs": ["get", "list", "watch"]}]},
        {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRoleBinding", "metadata": {"name": "@NAME@-tenant"}, "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "@NAME@-tenant"},
         "subjects": [{"kind": "ServiceAccount", "name": "@NAME@-tenant", "namespace": "flux-system"}]}])

# 14 ── for people. plain, Argo CD: a device that no node has
scenario("embeddings-on-the-card", "argocd", {
    D: manifest("similar", "acme/catalog:1.4.1", team="search", env="env:\n  - name: VECTORS\n    value: \"384\"\n"),
    "deploy/service.yaml": front("similar"),
}, ["Compute similar products on the GPU, 1.4.2",
    [D, "catalog:1.4.1", "catalog:1.4.2"],
    [D, "value: \"384\"", "value: \"768\""],
    [D, "limits: {memory: 128Mi}", "limits: {memory: 128Mi, nvidia.com/gpu: 1}"]],
    "no node offers nvidia.com/gpu: a node pool with cards, or another plan, is for people to decide",
    answer=HUMAN, expected=expect("unschedulable-resources", ))

# 15 ── nothing to do. Kustomize, Argo CD: scaled to none on purpose
scenario("fair-is-over", "argocd", {
    "base/deployment.yaml": manifest("fair", "acme/checkout", team="events", env="env:\n  - name: HALL\n    value: \"7\"\n"),
    "base/service.yaml": front("fair"),
    "base/kustomization.yaml": listing("deployment.yaml", "service.yaml"),
    "overlays/live/kustomization.yaml": listing("../../base", more="images:\n  - name: acme/checkout\n    newTag: 1.4.2\nreplicas:\n  - name: fair\n    count: 2\n"),
}, ["The fair is over until October", ["overlays/live/kustomization.yaml", "count: 2", "count: 0"]],
    "scaled to zero with intent: healthy, nothing fails",
    answer=NONE, path="overlays/live")

# 16 ── nothing to do. plain, Flux: longer than the delivery waits, within the startup probe
scenario("longer-warm-up", "flux", {
    D: manifest("fares", "acme/catalog:1.4.1", team="travel", deadline=400, env="env:\n  - name: START_SECONDS\n    value: \"4\"\n",
        extra="startupProbe:\n  httpGet: {path: /healthz, port: http}\n  periodSeconds: 5\n  failureThreshold: 30\n"),
    "deploy/service.yaml": front("fares"),
}, ["fares 1.4.2 loads all carriers before it starts",
    [D, "catalog:1.4.1", "catalog:1.4.2"], [D, "value: \"4\"", "value: \"70\""]],
    "each pod needs 70 s, the startup probe allows 150 s: the health check runs into its timeout once or twice, then all is ready",
    answer=NONE)


# What was expected in another form than the rendered objects have it: new items and objects as a whole, and what else of a commit stays.
CORRECTED = {'patch-of-the-old-name': {'class': ['render-failed'],
                           'fixes': [[]],
                           'keep': [{'field': 'Deployment/news', 'to': 'gone'},
                                    {'field': 'Service/news', 'to': 'gone'},
                                    {'field': 'Deployment/newsletter', 'to': 'any'},
                                    {'field': 'Service/newsletter', 'to': 'any'}]}}
for one in SCENARIOS:
    if one["id"] in CORRECTED:
        one["expected"] = CORRECTED[one["id"]]
