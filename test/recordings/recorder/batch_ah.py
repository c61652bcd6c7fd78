"""Batch AH, written by somebody who knew neither the playbook nor the batches before: shop-1300 to shop-1315, squashed changes of which one thing is wrong, often in another file than what fails. No program of this folder is needed."""
import pathlib, runpy, textwrap
globals().update(runpy.run_path(str(pathlib.Path(__file__).parent / "kit.py")))
SCENARIOS, scenario = batch(1300)


def shop(name, image, env=None, limit="96Mi", **more):
    return container(name, "shop", image=image, env=env, limits=limit, **more)


CHART = {
    "chart/Chart.yaml": "apiVersion: v2\nname: service\nversion: 1.2.0\n",
    "chart/values.yaml": text("""
        image:
          repository: acme/catalog
          tag: 1.4.0
        replicas: 1
        port: 8080
        tier: web
        size: small
        sizes:
          small: 64Mi
          medium: 192Mi
          large: 512Mi
        podAnnotations: {}
        env: {}
        startup:
          period: 2
          failures: 40
        readiness: /readyz
        """),
    "chart/templates/deployment.yaml": text("""
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
                tier: {{ .Values.tier }}
              {{- with .Values.podAnnotations }}
              annotations:
                {{- toYaml . | nindent 8 }}
              {{- end }}
            spec:
              containers:
                - name: app
                  image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
                  ports:
                    - name: http
                      containerPort: {{ .Values.port }}
                  {{- with .Values.env }}
                  env:
                    {{- range $name, $value := . }}
                    - name: {{ $name }}
                      value: {{ $value | quote }}
                    {{- end }}
                  {{- end }}
                  resources:
                    requests:
                      cpu: 10m
                      memory: 24Mi
                    limits:
                      memory: {{ index .Values.sizes .Values.size }}
                  startupProbe:
                    httpGet: {path: /healthz, port: http}
                    periodSeconds: {{ .Values.startup.period }}
                    failureThreshold: {{ .Values.startup.failures }}
                  livenessProbe:
                    httpGet: {path: /healthz, port: http}
                    periodSeconds: 10
                  readinessProbe:
                    httpGet: {path: {{ .Values.readiness }}, port: http}
                    periodSeconds: 3
        """),
    "chart/templates/service.yaml": text("""
        apiVersion: v1
        kind: Service
        metadata:
          name: {{ .Release.Name }}
        spec:
          selector:
            app: {{ .Release.Name }}
            tier: web
          ports:
            - name: http
              port: 80
              targetPort: http
        """),
}


def release(name, rest, timeout="60s"):
    return text(f"""
        apiVersion: helm.toolkit.fluxcd.io/v2
        kind: HelmRelease
        metadata:
          name: {name}
        spec:
          interval: 30s
          timeout: {timeout}
          chart:
            spec:
              chart: ./chart
              reconcileStrategy: Revision
              sourceRef: {{kind: GitRepository, name: "@NAME@", namespace: flux-system}}
          install:
            remediation: {{retries: 1}}
          upgrade:
            remediation: {{retries: 1, strategy: rollback}}
        """) + textwrap.indent(text(rest), "  ")


# 1300: values of a HelmRelease come from a ConfigMap in another file; the startup budget shrinks below the start time
scenario("ah-startup-values-from", "flux", {
    **CHART,
    "releases/search.yaml": release("search", """
        valuesFrom:
          - kind: ConfigMap
            name: search-values
        values:
          image:
            tag: 1.4.1
        """),
    "releases/values.yaml": text("""
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: search-values
        data:
          values.yaml: |
            replicas: 1
            size: medium
            env:
              START_SECONDS: "22"
              CACHE_MB: "12"
            startup:
              period: 2
              failures: 30
        """)},
    ["Search 1.4.2 with a bigger cache (#218)",
     ["releases/search.yaml", "tag: 1.4.1", "tag: 1.4.2"],
     ["releases/values.yaml", "replicas: 1\n    size: medium", "replicas: 2\n    size: medium"],
     ["releases/values.yaml", 'CACHE_MB: "12"', 'CACHE_MB: "48"'],
     ["releases/values.yaml", "failures: 30", "failures: 4"]],
    "startup probe allows 8 s (4 × 2 s, in the values ConfigMap) but the service loads its catalogue for 22 s; tag, replicas and cache are wanted",
    path="releases",
    expected=expect("startup-probe liveness-probe",
        [(c("Deployment", "search", "app", "startupProbe.failureThreshold"), BEFORE)],
        [(c("Deployment", "search", "app", "startupProbe.failureThreshold"), at_least("13"))],
        [(c("Deployment", "search", "app", "startupProbe.periodSeconds"), at_least("8"))]))

# 1301: the component's generator is renamed with its own patch, the overlay's patch for the sidecar still says the old name
scenario("ah-component-renamed-config", "argocd", {
    "base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
    "base/deployment.yaml": dump(workload("Deployment", "basket", shop("basket", "acme/checkout:1.4.1"))),
    "base/service.yaml": dump(service("basket")),
    "components/cache/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1alpha1
        kind: Component
        generatorOptions:
          disableNameSuffixHash: true
        configMapGenerator:
          - name: basket-cache
            literals:
              - CACHE_MB=16
              - CACHE_TTL=300
        patches:
          - path: use-cache.yaml
        """),
    "components/cache/use-cache.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: basket
        spec:
          template:
            spec:
              containers:
                - name: basket
                  envFrom:
                    - configMapRef:
                        name: basket-cache
        """),
    "overlays/prod/kustomization.yaml": kustomization("../../base", components=["../../components/cache"], patches=[{"path": "prewarm.yaml"}]),
    "overlays/prod/prewarm.yaml": text("""
        # production only: warms the cache beside the service
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: basket
        spec:
          replicas: 2
          template:
            spec:
              containers:
                - name: prewarm
                  image: busybox:1.37
                  command: [sh, -c, 'echo "prewarm: ttl $CACHE_TTL"; exec sleep 86400']
                  envFrom:
                    - configMapRef:
                        name: basket-cache
                  resources:
                    limits: {memory: 32Mi}
        """)},
    ["Cache component: longer TTL, clearer naming, checkout 1.4.2 (#77)",
     ["components/cache/kustomization.yaml", "name: basket-cache", "name: basket-cache-settings"],
     ["components/cache/kustomization.yaml", "CACHE_TTL=300", "CACHE_TTL=900"],
     ["components/cache/use-cache.yaml", "name: basket-cache", "name: basket-cache-settings"],
     ["base/deployment.yaml", "acme/checkout:1.4.1", "acme/checkout:1.4.2"]],
    "the component's ConfigMap is now basket-cache-settings; the production patch's sidecar prewarm still reads basket-cache",
    path="overlays/prod",
    expected=expect("config-missing",
        [(c("Deployment", "basket", "prewarm", "envFrom[0].configMapRef.name"), value("basket-cache-settings"))]))

# 1302: the generator loses its key alias, so subPath names a key that is not there and a directory appears in its place
TILL = workload("Deployment", "till", shop("till", "acme/payments:1.4.1", env={"CONFIG_FILE": "/etc/till/till.conf"},
    volumeMounts=[{"name": "config", "mountPath": "/etc/till/till.conf", "subPath": "till.conf", "readOnly": True}]),
    pod={"volumes": [{"name": "config", "configMap": {"name": "till-config"}}]})
scenario("ah-generator-key-alias", "flux", {
    "base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
    "base/deployment.yaml": dump(TILL),
    "base/service.yaml": dump(service("till")),
    "overlays/live/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources:
          - ../../base
        configMapGenerator:
          - name: till-config
            files:
              - till.conf=config/live.conf
        images:
          - name: acme/payments
            newTag: 1.4.1
        """),
    "overlays/live/config/live.conf": "CURRENCY=EUR\nROUNDING=half-even\n"},
    ["Till: rounding rules, payments 1.4.2, tidy the generator (#132)",
     ["overlays/live/kustomization.yaml", "- till.conf=config/live.conf", "- config/live.conf"],
     ["overlays/live/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.2"],
     ["overlays/live/config/live.conf", "ROUNDING=half-even", "ROUNDING=half-up"]],
    "the generator's key is live.conf since the alias till.conf= went; the subPath mount of till.conf in the base finds nothing and becomes a directory",
    path="overlays/live",
    expected=expect("volume-mount config-key-missing crash-on-start",
        [('ConfigMap/till-config-# data["till.conf"]', value("CURRENCY=EUR\nROUNDING=half-up\n")), ('ConfigMap/till-config-# data["live.conf"]', GONE)],
        [(c("Deployment", "till", "till", "volumeMounts[name=config].subPath"), value("live.conf"))],
        [(pod("Deployment", "till", "volumes[name=config].configMap.items"), value([{"key": "live.conf", "path": "till.conf"}]))]))

# 1303: a size class in the production values becomes too small
scenario("ah-size-class", "argocd", {
    **CHART,
    "env/common.yaml": "image:\n  tag: 1.4.1\nenv:\n  CACHE_MB: \"100\"\n  LOG_LEVEL: info\n",
    "env/prod.yaml": "replicas: 1\nsize: medium\n"},
    [{"subject": "Rightsizing after the Q3 cost review (#301)", "edit": [
        ["env/prod.yaml", "replicas: 1\nsize: medium", "replicas: 2\nsize: small"],
        ["env/common.yaml", "LOG_LEVEL: info", "LOG_LEVEL: warn"]]},
     {"subject": "Catalog 1.4.2", "wait": 25, "edit": [["env/common.yaml", "tag: 1.4.1", "tag: 1.4.2"]]}],
    "size class small (64Mi) is less than the 100 MB cache of the service; the later commit with the new tag is innocent",
    path="chart", source={"helm": {"releaseName": "atlas", "valueFiles": ["../env/common.yaml", "../env/prod.yaml"]}},
    expected=expect("out-of-memory",
        [(c("Deployment", "atlas", "app", "resources.limits.memory"), BEFORE)],
        [(c("Deployment", "atlas", "app", "resources.limits.memory"), at_least("128Mi"))]))

# 1304: a key is renamed for the Deployment, a CronJob in another file still asks for the old one
scenario("ah-cron-old-key", "argocd", {
    "deploy/config.yaml": dump(configmap("accounts", DATABASE_URL="postgresql://accounts@10.20.0.5/accounts", REGION="eu-west-1")),
    "deploy/api.yaml": dump(workload("Deployment", "accounts", shop("api", "acme/payments:1.4.1",
        env={"REQUIRED_ENV": "DB_DSN", "DB_DSN": {"configMapKeyRef": {"name": "accounts", "key": "DATABASE_URL"}}})), service("accounts")),
    "deploy/nightly.yaml": dump(workload("CronJob", "accounts-compact", {"name": "compact", "image": "acme/payments:1.4.1", "args": ["migrate"],
        "env": [{"name": "DATABASE_URL", "valueFrom": {"configMapKeyRef": {"name": "accounts", "key": "DATABASE_URL"}}}],
        "resources": {"limits": {"memory": "64Mi"}}}, spec={"concurrencyPolicy": "Replace"}))},
    ["Accounts: second replica, 1.4.2, settings by their real names (#64)",
     ["deploy/config.yaml", "DATABASE_URL: ", "DB_DSN: "],
     ["deploy/config.yaml", "REGION: eu-west-1", "REGION: eu-central-1"],
     ["deploy/api.yaml", "key: DATABASE_URL", "key: DB_DSN"],
     ["deploy/api.yaml", "acme/payments:1.4.1", "acme/payments:1.4.2"],
     ["deploy/api.yaml", "replicas: 1", "replicas: 2"]],
    "ConfigMap key DATABASE_URL is now DB_DSN; the CronJob accounts-compact still refers to DATABASE_URL",
    expected=expect("config-key-missing",
        [(c("CronJob", "accounts-compact", "compact", "env[name=DATABASE_URL].valueFrom.configMapKeyRef.key"), value("DB_DSN"))],
        [("ConfigMap/accounts data.DATABASE_URL", BEFORE)]))

# 1305: pods get another tier label by values, the chart's Service still selects tier: web
scenario("ah-tier-label", "flux", {
    **CHART,
    "releases/front.yaml": release("front", """
        values:
          image:
            repository: acme/checkout
            tag: 1.4.1
          replicas: 2
          size: medium
          env:
            CACHE_MB: "8"
        """)},
    ["Front: cost allocation labels and a larger cache (#90)",
     ["releases/front.yaml", "    tag: 1.4.1\n", "    tag: 1.4.2\n"],
     ["releases/front.yaml", "    replicas: 2\n", "    replicas: 2\n    tier: edge\n"],
     ["releases/front.yaml", 'CACHE_MB: "8"', 'CACHE_MB: "24"']],
    "the pods' tier label is edge now (values), the chart's Service selects tier: web by a literal: no endpoints",
    path="releases",
    expected=expect("service-no-endpoints",
        [("Service/front spec.selector.tier", value("edge"))],
        [("Service/front spec.selector.tier", GONE)],
        [("Deployment/front spec.template.metadata.labels.tier", BEFORE)]))

# 1306: LimitRange of the platform team, not in git; the overlay's patch for the init container is beyond it
scenario("ah-limit-range-init", "argocd", {
    "base/kustomization.yaml": kustomization("statefulset.yaml", "service.yaml"),
    "base/statefulset.yaml": dump(workload("StatefulSet", "vault-index", shop("index", "acme/catalog:1.4.1", env={"CACHE_MB": "16"}),
        pod={"initContainers": [{"name": "unpack", "image": "busybox:1.36", "command": ["sh", "-c", "echo unpacked"], "resources": {"requests": {"cpu": "10m", "memory": "16Mi"}, "limits": {"memory": "64Mi"}}}]})),
    "base/service.yaml": dump(service("vault-index", clusterIP="None")),
    "overlays/prod/kustomization.yaml": kustomization("../../base", patches=[{"path": "sizing.yaml"}], images=[{"name": "acme/catalog", "newTag": "1.4.1"}]),
    "overlays/prod/sizing.yaml": text("""
        apiVersion: apps/v1
        kind: StatefulSet
        metadata:
          name: vault-index
        spec:
          template:
            spec:
              initContainers:
                - name: unpack
                  resources:
                    limits:
                      memory: 128Mi
              containers:
                - name: index
                  resources:
                    limits:
                      memory: 160Mi
        """)},
    ["Index: headroom for the spring catalogue (#412)",
     ["overlays/prod/sizing.yaml", "memory: 128Mi", "memory: 1280Mi"],
     ["overlays/prod/sizing.yaml", "memory: 160Mi", "memory: 200Mi"],
     ["overlays/prod/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.2"],
     ["base/statefulset.yaml", "value: '16'", "value: '64'"]],
    "the init container's limit of 1280Mi is beyond the namespace's LimitRange (256Mi a container); the other sizes are fine",
    path="overlays/prod",
    given=dump({"apiVersion": "v1", "kind": "LimitRange", "metadata": {"name": "tenant-default"}, "spec": {"limits": [{"type": "Container", "max": {"memory": "256Mi"}, "default": {"memory": "128Mi"}, "defaultRequest": {"memory": "32Mi", "cpu": "10m"}}]}}),
    expected=expect("limit-range quota",
        [(c("StatefulSet", "vault-index", "unpack", "resources.limits.memory", init=True), BEFORE)],
        [(c("StatefulSet", "vault-index", "unpack", "resources.limits.memory", init=True), value("256Mi"))]))

# 1307: a variable goes from the base, the overlay's JSON patch counts positions
scenario("ah-json-patch-index", "flux", {
    "base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
    "base/deployment.yaml": dump(workload("Deployment", "cart", shop("cart", "acme/checkout:1.4.1", env={"LEDGER": "on", "LEGACY_CART": "off", "CACHE_MB": "8"}))),
    "base/service.yaml": dump(service("cart")),
    "overlays/prod/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources:
          - ../../base
        patches:
          - path: cache.yaml
            target:
              kind: Deployment
              name: cart
        """),
    "overlays/prod/cache.yaml": text("""
        - op: replace
          path: /spec/template/spec/containers/0/env/2/value
          value: "40"
        - op: replace
          path: /spec/replicas
          value: 2
        """)},
    ["Retire the legacy cart, checkout 1.4.2 (#55)",
     ["base/deployment.yaml", "        - name: LEGACY_CART\n          value: 'off'\n", ""],
     ["base/deployment.yaml", "acme/checkout:1.4.1", "acme/checkout:1.4.2"]],
    "the overlay's JSON patch replaces env/2, which the base has no longer since LEGACY_CART went: CACHE_MB is env/1 now",
    path="overlays/prod",
    expected=expect("render-failed", [],
        keep=[(c("Deployment", "cart", "cart", "env[name=LEGACY_CART]"), GONE), (c("Deployment", "cart", "cart", "image"), value("acme/checkout:1.4.2"))]))

# 1308: the ConfigMap is broken by the first commit, which restarts nothing; the next one rolls the pods
scenario("ah-config-bites-later", "argocd", {
    "deploy/settings.yaml": dump(configmap("meter-settings", CACHE_MB="32", READ_TIMEOUT="5s", UPLOAD_MAX="10Mi")),
    "deploy/meter.yaml": dump(workload("StatefulSet", "meter", shop("meter", "acme/worker:1.4.1", envFrom=[{"configMapRef": {"name": "meter-settings"}}])), service("meter", clusterIP="None")),
    "deploy/budget.yaml": dump({"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": {"name": "meter"}, "spec": {"maxUnavailable": 1, "selector": {"matchLabels": {"app": "meter"}}}})},
    [{"subject": "Settings: say the units everywhere", "edit": [
        ["deploy/settings.yaml", "CACHE_MB: '32'", "CACHE_MB: 32Mi"],
        ["deploy/settings.yaml", "READ_TIMEOUT: 5s", "READ_TIMEOUT: 5000ms"],
        ["deploy/settings.yaml", "UPLOAD_MAX: 10Mi", "UPLOAD_MAX: 20Mi"]]},
     {"subject": "Meter 1.4.2", "wait": 30, "edit": [["deploy/meter.yaml", "acme/worker:1.4.1", "acme/worker:1.4.2"]]},
     {"subject": "Owner label", "wait": 30, "edit": [["deploy/budget.yaml", "  name: meter\n", "  name: meter\n  labels:\n    owner: team-meter\n"]]}],
    "CACHE_MB must be a bare number; the ConfigMap says 32Mi since the first commit, which no pod read before the second one's rollout",
    expected=expect("crash-on-start",
        [("ConfigMap/meter-settings data.CACHE_MB", BEFORE)]))

# 1309: the account is renamed with the Deployment; the DaemonSet in another file keeps the old one and gets a new image
scenario("ah-daemonset-account", "flux", {
    "deploy/account.yaml": dump({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "courier"}, "automountServiceAccountToken": False}),
    "deploy/api.yaml": dump(workload("Deployment", "courier", shop("api", "acme/worker:1.4.1"), pod={"serviceAccountName": "courier"}), service("courier")),
    "deploy/agent.yaml": dump(workload("DaemonSet", "courier-agent", shop("agent", "acme/worker:1.4.1", env={"CACHE_MB": "4"}, lifecycle={"preStop": {"sleep": {"seconds": 12}}}), pod={"serviceAccountName": "courier"}))},
    ["Courier 1.4.2 with its own runtime identity (#148)",
     ["deploy/account.yaml", "name: courier", "name: courier-runtime"],
     ["deploy/api.yaml", "serviceAccountName: courier", "serviceAccountName: courier-runtime"],
     ["deploy/api.yaml", "acme/worker:1.4.1", "acme/worker:1.4.2"],
     ["deploy/agent.yaml", "acme/worker:1.4.1", "acme/worker:1.4.2"],
     ["deploy/agent.yaml", "value: '4'", "value: '6'"]],
    "ServiceAccount courier is courier-runtime now; the DaemonSet still names courier",
    expected=expect("service-account-missing",
        [(pod("DaemonSet", "courier-agent", "serviceAccountName"), value("courier-runtime"))]))

# 1310: the base moves the health path, the overlay's patch overrides the probe with the old path
HUB = workload("Deployment", "hub", shop("hub", "acme/catalog:1.4.1", env={"HEALTH_PATH": "/healthz", "READY_PATH": "/readyz"}))
scenario("ah-overlay-keeps-probe", "flux", {
    "base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
    "base/deployment.yaml": dump(HUB),
    "base/service.yaml": dump(service("hub")),
    "overlays/prod/kustomization.yaml": kustomization("../../base", patches=[{"path": "probes.yaml"}, {"path": "noise.yaml"}]),
    "overlays/prod/probes.yaml": text("""
        # impatient in production
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: hub
        spec:
          replicas: 2
          template:
            spec:
              containers:
                - name: hub
                  livenessProbe:
                    httpGet:
                      path: /healthz
                      port: http
                    initialDelaySeconds: 3
                    periodSeconds: 4
                    failureThreshold: 2
        """),
    "overlays/prod/noise.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: hub
        spec:
          template:
            spec:
              containers:
                - name: shipper
                  image: busybox:1.36
                  command: [sh, -c, 'while :; do echo "level=error msg=\\"flush failed, will retry\\" err=\\"dial tcp 10.20.0.9:9200: connect: connection refused\\""; sleep 7; done']
                  resources:
                    limits: {memory: 32Mi}
        """)},
    ["Internal endpoints under /internal, catalog 1.4.2 (#271)",
     ["base/deployment.yaml", "/healthz", "/internal/healthz"],
     ["base/deployment.yaml", "/readyz", "/internal/readyz"],
     ["base/deployment.yaml", "acme/catalog:1.4.1", "acme/catalog:1.4.2"]],
    "the service answers health at /internal/healthz now, base and readiness follow; the production patch overrides the liveness path with /healthz (the shipper's errors were there before)",
    path="overlays/prod",
    expected=expect("liveness-probe",
        [(c("Deployment", "hub", "hub", "livenessProbe.httpGet.path"), value("/internal/healthz"))],
        [(c("Deployment", "hub", "hub", "env[name=HEALTH_PATH].value"), BEFORE)]))

# 1311: a bare true among the annotations
scenario("ah-annotation-bool", "argocd", {
    **CHART,
    "env/prod.yaml": text("""
        image:
          repository: acme/payments
          tag: 1.4.1
        replicas: 1
        podAnnotations:
          team: money
        env:
          CACHE_MB: "8"
        """)},
    [{"subject": "Scrape payments, two replicas, 1.4.2 (#19)", "edit": [
        ["env/prod.yaml", "  team: money\n", "  team: money\n  prometheus.io/port: \"8080\"\n  prometheus.io/scrape: true\n"],
        ["env/prod.yaml", "replicas: 1", "replicas: 2"],
        ["env/prod.yaml", "tag: 1.4.1", "tag: 1.4.2"]]},
     {"subject": "Larger cache", "wait": 30, "edit": [["env/prod.yaml", 'CACHE_MB: "8"', 'CACHE_MB: "20"']]}],
    "an annotation's value is a bare boolean: prometheus.io/scrape must be the string \"true\"",
    path="chart", source={"helm": {"releaseName": "cashier", "valueFiles": ["../env/prod.yaml"]}},
    expected=expect("invalid-manifest",
        [('Deployment/cashier spec.template.metadata.annotations["prometheus.io/scrape"]', value("true"))]))

# 1312: first release; a Secret that nobody made and nothing in the repository makes
scenario("ah-secret-never-made", "flux", {
    "deploy/config.yaml": dump(configmap("refunds", REGION="eu-west-1", PROVIDER="acquirer-two")),
    "deploy/refunds.yaml": dump(workload("Deployment", "refunds", shop("refunds", "acme/payments:1.4.2",
        env={"REQUIRED_ENV": "ACQUIRER_TOKEN", "ACQUIRER_TOKEN": {"secretKeyRef": {"name": "acquirer-two-api", "key": "token"}}}, envFrom=[{"configMapRef": {"name": "refunds"}}])), service("refunds"))},
    [], "Secret acquirer-two-api (an external provider's token) does not exist and nothing in git makes it: somebody must create it",
    answer=HUMAN, never_worked=True, expected=expect("secret-missing"))

# 1313: somebody changes the password in the cluster; a harmless commit rolls the pods
CHECK = """\
echo "connecting to 10.20.0.5:5432 as orders"
if [ "$(printf %s "$PGPASSWORD" | md5sum | cut -c1-32)" != "$PGPASSWORD_SUM" ]; then
  echo 'psql: error: connection to server at "10.20.0.5", port 5432 failed: FATAL:  password authentication failed for user "orders"' >&2
  exit 2
fi
echo "database is there"
"""
import hashlib
scenario("ah-password-rotated", "argocd", {
    "deploy/orders.yaml": dump(workload("Deployment", "orders", shop("orders", "acme/checkout:1.4.1", env={"CACHE_MB": "8"}),
        pod={"initContainers": [{"name": "check-db", "image": "busybox:1.36", "command": ["sh", "-c", Text(CHECK)],
            "env": [{"name": "PGPASSWORD", "valueFrom": {"secretKeyRef": {"name": "orders-db", "key": "password"}}},
                    {"name": "PGPASSWORD_SUM", "value": hashlib.md5(b"only-for-tests").hexdigest()}],
            "resources": {"limits": {"memory": "32Mi"}}}]}), service("orders"))},
    ["Orders 1.4.2, larger cache, second replica (#510)",
     ["deploy/orders.yaml", "acme/checkout:1.4.1", "acme/checkout:1.4.2"],
     ["deploy/orders.yaml", "value: '8'", "value: '16'"],
     ["deploy/orders.yaml", "replicas: 1", "replicas: 2"]],
    "the database refuses the password in Secret orders-db, which was changed in the cluster and is not in git; the commit only rolled the pods",
    answer=HUMAN, expected=expect("crash-on-start"),
    given=dump({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "orders-db"}, "stringData": {"password": "only-for-tests"}}),
    then=[[-5, "kubectl -n $NAMESPACE patch secret orders-db --type merge -p '{\"stringData\":{\"password\":\"rotated-for-tests\"}}'"]])

# 1314: slow, with many warnings, but it arrives
scenario("ah-slow-but-fine", "argocd", {
    **CHART,
    "env/prod.yaml": "image:\n  repository: acme/catalog\n  tag: 1.4.1\nreplicas: 1\nsize: medium\nenv:\n  START_SECONDS: \"5\"\n  CACHE_MB: \"10\"\n"},
    ["Full catalogue at start, catalog 1.4.2 (#33)",
     ["env/prod.yaml", "tag: 1.4.1", "tag: 1.4.2"],
     ["env/prod.yaml", 'START_SECONDS: "5"', 'START_SECONDS: "45"'],
     ["env/prod.yaml", 'CACHE_MB: "10"', 'CACHE_MB: "60"']],
    "nothing is broken: the new release loads for 45 s and its startup probe (80 s) fails meanwhile; then it is ready",
    answer=NONE, path="chart", source={"helm": {"releaseName": "almanac", "valueFiles": ["../env/prod.yaml"]}}, expected=expect("healthy"))

# 1315: the init container gives up twice, then what it waits for is there
WAIT = """\
n=$(cat /state/tries 2>/dev/null || echo 0); n=$((n + 1)); echo $n >/state/tries
if [ $n -lt 3 ]; then echo "level=fatal msg=\\"schema registry not ready\\" addr=10.20.0.7:8081 err=\\"connect: connection refused\\""; exit 1; fi
echo "schema registry ready"
"""
scenario("ah-init-recovers", "flux", {
    "base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
    "base/deployment.yaml": dump(workload("Deployment", "pulse", shop("pulse", "acme/worker:1.4.1"), pod={"volumes": [{"name": "state", "emptyDir": {}}]})),
    "base/service.yaml": dump(service("pulse")),
    "overlays/prod/kustomization.yaml": kustomization("../../base", images=[{"name": "acme/worker", "newTag": "1.4.1"}])},
    ["Wait for the schema registry before starting, worker 1.4.2 (#81)",
     ["overlays/prod/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.2"],
     ["overlays/prod/kustomization.yaml", "resources:\n", "patches:\n  - path: wait.yaml\nresources:\n"],
     ["overlays/prod/wait.yaml", None, dump({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "pulse"}, "spec": {"template": {"spec": {"initContainers": [
         {"name": "wait-registry", "image": "busybox:1.37", "command": ["sh", "-c", Text(WAIT)], "resources": {"limits": {"memory": "32Mi"}}, "volumeMounts": [{"name": "state", "mountPath": "/state"}]}]}}}})]],
    "nothing is broken: the init container gave up twice while the registry started, the third attempt went through",
    answer=NONE, path="overlays/prod", expected=expect("healthy"))
