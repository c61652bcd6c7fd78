"""Batch O, written by somebody who knew neither the playbook nor the other batches: shop-985 and on. Ordinary operations in the style of the published recordings:
one team's repository, one commit that breaks it. No program of this folder is needed; shop-987 brings an IngressClass of its own (cluster-scoped: delete it afterwards).
"""
import pathlib, runpy, textwrap
globals().update(runpy.run_path(str(pathlib.Path(__file__).parent / "kit.py")))

SCENARIOS, scenario = batch(985)


def here():
    """The name of the scenario that comes next: what Argo CD calls a chart's release."""
    return f"shop-{985 + len(SCENARIOS)}"


def block(text, indent):
    return textwrap.indent(textwrap.dedent(text).strip("\n"), " " * indent) + "\n" if text else ""


PROBES = """\
livenessProbe:
  httpGet:
    path: /healthz
    port: http
  periodSeconds: 5
  failureThreshold: 3
readinessProbe:
  httpGet:
    path: /readyz
    port: http
  periodSeconds: 3
"""


def deployment(name, image, container="", pod="", replicas=2, deadline=75, probes=PROBES, memory="128Mi", kind="Deployment"):
    scale = {"Deployment": f"  replicas: {replicas}\n  progressDeadlineSeconds: {deadline}\n", "StatefulSet": f"  serviceName: {name}\n  replicas: {replicas}\n"}[kind]
    return f"""\
apiVersion: apps/v1
kind: {kind}
metadata:
  name: {name}
  labels:
    app.kubernetes.io/name: {name}
spec:
{scale}  selector:
    matchLabels:
      app: {name}
  template:
    metadata:
      labels:
        app: {name}
    spec:
""" + block(pod, 6) + f"""\
      containers:
        - name: {name}
          image: {image}
          ports:
            - name: http
              containerPort: 8080
""" + block(container, 10) + f"""\
          resources:
            requests:
              cpu: 10m
              memory: 24Mi
            limits:
              memory: {memory}
""" + block(probes, 10)


def service(name, port=80, target="http"):
    return f"apiVersion: v1\nkind: Service\nmetadata:\n  name: {name}\nspec:\n  selector:\n    app: {name}\n  ports:\n    - name: http\n      port: {port}\n      targetPort: {target}\n"


def kustomization(*resources, more="", kind="Kustomization", api="kustomize.config.k8s.io/v1beta1"):
    return f"apiVersion: {api}\nkind: {kind}\n" + ("resources:\n" + "".join(f"  - {r}\n" for r in resources) if resources else "") + textwrap.dedent(more)


def many(*documents):
    return "---\n".join(documents)


def main(name, rest, kind="Deployment"):
    return c(kind, name, name, rest)


K = "overlays/prod/kustomization.yaml"
# ---- plain YAML

ALL = "deploy/all.yaml"
image, ready, ports = main("notifier", "image"), main("api", "readinessProbe.httpGet.port"), [(main("api", "ports"), BEFORE), (main("api", "livenessProbe.httpGet.port"), BEFORE), ("Service/api spec.ports[name=http].targetPort", BEFORE)]
API = [[(ready, value("web"))], [(ready, value(8080))], ports]
NOTIFIER = [[(image, value("acme/worker:1.4.2"))], [(image, BEFORE)]]
scenario("api-and-notifier", "argocd", {ALL: many("# team checkout: everything of the delivery\n" + deployment("api", "acme/checkout:1.4.1"), service("api"), deployment("notifier", "acme/worker:1.4.1", replicas=1, container="env:\n  - name: CHANNEL\n    value: email\n"), service("notifier"))},
    ["Name the port web, notifier 1.4.2", [ALL, "# team checkout: everything of the delivery\n", "# team checkout: api and notifier\n"],
        [ALL, "          image: acme/checkout:1.4.1\n          ports:\n            - name: http\n", "          image: acme/checkout:1.4.1\n          ports:\n            - name: web\n"],
        [ALL, "            limits:\n              memory: 128Mi\n          livenessProbe:\n            httpGet:\n              path: /healthz\n              port: http\n            periodSeconds: 5\n            failureThreshold: 3\n          readinessProbe:\n            httpGet:\n              path: /readyz\n              port: http\n            periodSeconds: 3\n---\napiVersion: v1\nkind: Service\nmetadata:\n  name: api\n",
              "            limits:\n              memory: 128Mi\n          livenessProbe:\n            httpGet:\n              path: /healthz\n              port: web\n            periodSeconds: 5\n            failureThreshold: 3\n          readinessProbe:\n            httpGet:\n              path: /readyz\n              port: http\n            periodSeconds: 3\n---\napiVersion: v1\nkind: Service\nmetadata:\n  name: api\n"],
        [ALL, "    app: api\n  ports:\n    - name: http\n      port: 80\n      targetPort: http\n", "    app: api\n  ports:\n    - name: http\n      port: 80\n      targetPort: web\n"],
        [ALL, "acme/worker:1.4.1", "acme/worker:1.42"]],
    "two faults: api's readiness probe still asks the port called http, which is called web now; notifier's tag 1.42 does not exist, 1.4.2 is meant",
    expected=expect("image-not-found readiness-probe", *API, *NOTIFIER, *[a + b for a in API for b in NOTIFIER]))

SHELF = "apps/shelf.yaml"
mounts = main("shelf", "volumeMounts")
scenario("shelf-subpath", "flux", {
    SHELF: many("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: shelf-config\ndata:\n  shelf.conf: |\n    ROWS=12\n    SORT=price\n",
                deployment("shelf", "acme/catalog:1.4.1", container="env:\n  - name: CONFIG_FILE\n    value: /etc/shelf/shelf.conf\nvolumeMounts:\n  - name: config\n    mountPath: /etc/shelf\n    readOnly: true\n", pod="volumes:\n  - name: config\n    configMap:\n      name: shelf-config\n"), service("shelf")),
    "apps/labels.yaml": many(deployment("labels", "acme/worker:1.4.1", replicas=1), service("labels"))},
    ["Catalog 1.4.2, mount only the file", [SHELF, "catalog:1.4.1", "catalog:1.4.2"], [SHELF, "              mountPath: /etc/shelf\n", "              mountPath: /etc/shelf\n              subPath: shelf.conf\n"]],
    "with subPath /etc/shelf is the file itself: the program cannot read /etc/shelf/shelf.conf; the release is wanted", path="apps",
    expected=expect("volume-mount crash-on-start", [(mounts, BEFORE)], [(mounts, value([{"name": "config", "mountPath": "/etc/shelf/shelf.conf", "subPath": "shelf.conf", "readOnly": True}]))], [(main("shelf", "env[name=CONFIG_FILE].value"), value("/etc/shelf"))]))

EVENTS = "deploy/events.yaml"
backend = "Ingress/events spec.rules[0].http.paths[0].backend.service.port"
scenario("events-ingress", "flux", {EVENTS: many(deployment("events", "acme/checkout:1.4.1"), service("events"),
    "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: events\nspec:\n  ingressClassName: public\n  rules:\n    - host: events.acme.example\n      http:\n        paths:\n          - path: /\n            pathType: Prefix\n            backend:\n              service:\n                name: events\n                port:\n                  name: http\n")},
    ["Port names as the mesh wants them", [EVENTS, "    - name: http\n      port: 80\n", "    - name: http-web\n      appProtocol: http\n      port: 80\n"], [EVENTS, "    app.kubernetes.io/name: events\n", "    app.kubernetes.io/name: events\n    mesh: enabled\n"]],
    "the Ingress' backend names the Service's port http, which is called http-web now: nobody comes in; the mesh's name, protocol and label are wanted",
    given="apiVersion: networking.k8s.io/v1\nkind: IngressClass\nmetadata:\n  name: public\nspec:\n  controller: acme.example/ingress\n",
    expected=expect("ingress-backend", [(backend + ".name", value("http-web"))], [(backend + ".name", GONE), (backend + ".number", value(80))], [("Service/events spec.ports", BEFORE)],
                    [("Service/events spec.ports", BEFORE), ("Deployment/events metadata.labels.mesh", GONE)]))

ROLE = """\
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: deployer
rules:
  - apiGroups: ["", apps]
    resources: [deployments, replicasets, services, configmaps, pods, events, serviceaccounts]
    verbs: ["*"]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: deployer
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: Role
  name: deployer
subjects:
  - kind: ServiceAccount
    name: "@NAME@-deployer"
    namespace: flux-system
"""
scenario("parcels-cleanup", "flux", {"deploy/parcels.yaml": many(deployment("parcels", "acme/checkout:1.4.1"), service("parcels"))},
    ["Clean up old parcels every night, checkout 1.4.2", ["deploy/parcels.yaml", "checkout:1.4.1", "checkout:1.4.2"], ["deploy/cleanup.yaml", None,
        "apiVersion: batch/v1\nkind: CronJob\nmetadata:\n  name: parcels-cleanup\nspec:\n  schedule: \"15 2 * * *\"\n  concurrencyPolicy: Forbid\n  jobTemplate:\n    spec:\n      backoffLimit: 1\n      template:\n        spec:\n          restartPolicy: Never\n          containers:\n            - name: cleanup\n              image: acme/worker:1.4.1\n              args: [migrate]\n              env:\n                - name: DATABASE_URL\n                  value: postgres://parcels@db.internal/parcels\n              resources:\n                requests: {cpu: 10m, memory: 24Mi}\n                limits: {memory: 64Mi}\n"]],
    "the delivery's account may not touch cronjobs.batch: whoever keeps the team's roles must allow it", HUMAN, given=ROLE, spec={"serviceAccountName": "@NAME@-deployer"},
    extra=[{"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "@NAME@-deployer", "namespace": "flux-system"}}], expected=expect("rbac-forbidden"))

MONEY = "deploy/money.yaml"
WAIT = "initContainers:\n  - name: wait-for-rates\n    image: busybox:1.36\n    command:\n      - sh\n      - -c\n      - nc -w 3 $RATES_SERVICE_HOST 80 -e /bin/true || { echo \"rates does not answer yet\"; exit 1; }\n"
scenario("rates-slow", "argocd", {MONEY: many(deployment("money", "acme/payments:1.4.1", deadline=300), service("money"))},
    ["Exchange rates come from a service of their own, payments 1.4.2", [MONEY, "payments:1.4.1", "payments:1.4.2"], [MONEY, "      containers:\n", block(WAIT, 6) + "      containers:\n"],
        ["deploy/rates.yaml", None, many(deployment("rates", "acme/catalog:1.4.2", replicas=1, deadline=300, container="env:\n  - name: START_SECONDS\n    value: \"25\"\n", probes="startupProbe:\n  httpGet:\n    path: /healthz\n    port: http\n  periodSeconds: 3\n  failureThreshold: 40\n" + PROBES), service("rates"))]],
    "money waits for rates, which loads for 25 seconds: the init container fails a few times, then all is well by itself", NONE, expected=expect("healthy recovering"))
# ---- Kustomize


def overlay(name, image, more="", tag="1.4.1", **options):
    return {"base/deployment.yaml": deployment(name, image, **options), "base/service.yaml": service(name), "base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
            "overlays/staging/kustomization.yaml": kustomization("../../base", more=f"replicas:\n  - name: {name}\n    count: 1\nimages:\n  - name: {image}\n    newTag: 1.4.2\n"), K: kustomization("../../base", more=f"images:\n  - name: {image}\n    newTag: {tag}\n" + more)}


selectors = [("Deployment/badges spec.selector.matchLabels.train", GONE), ("Service/badges spec.selector.train", GONE)]
template = [("Deployment/badges spec.template.metadata.labels.train", GONE)]
scenario("badges-train", "flux", overlay("badges", "acme/catalog"),
    ["Label everything with its release train", [K, "images:\n", "commonLabels:\n  train: \"2026-12\"\nimages:\n"]],
    "commonLabels also changes the Deployment's selector, which is immutable; labels without selectors would do", path="overlays/prod",
    expected=expect("invalid-manifest", selectors + template + [("Deployment/badges metadata.labels.train", GONE), ("Service/badges metadata.labels", GONE)], selectors + template, selectors))

GENERATED = "configMapGenerator:\n  - name: offers-settings\n    literals:\n      - CURRENCY=EUR\n      - LOCALE=de\n      - CACHE_MB=8\n"
OFFERS = "ConfigMap/offers-settings-# data."
offers = overlay("offers", "acme/catalog", more="configMapGenerator:\n  - name: offers-settings\n    behavior: merge\n    literals:\n      - LOCALE=en\n",
    container="env:\n  - name: CURRENCY\n    valueFrom:\n      configMapKeyRef:\n        name: offers-settings\n        key: CURRENCY\n  - name: LOCALE\n    valueFrom:\n      configMapKeyRef:\n        name: offers-settings\n        key: LOCALE\n")
offers["base/kustomization.yaml"] += GENERATED
scenario("offers-behavior", "flux", offers,
    ["Prod has its own settings: winter theme", [K, "    behavior: merge\n    literals:\n      - LOCALE=en\n", "    behavior: replace\n    literals:\n      - LOCALE=en\n      - THEME=winter\n"]],
    "replace instead of merge: the key CURRENCY, which comes from the base, is gone; the theme is wanted", path="overlays/prod",
    expected=expect("config-key-missing", [(OFFERS + "CURRENCY", BEFORE), (OFFERS + "CACHE_MB", BEFORE)], [(OFFERS + "CURRENCY", BEFORE)], [(OFFERS + "CURRENCY", BEFORE), (OFFERS + "CACHE_MB", BEFORE), (OFFERS + "THEME", GONE)]))

loyalty = overlay("loyalty", "acme/checkout", tag="1.4.2")
loyalty["base/deployment.yaml"] = loyalty["base/deployment.yaml"].replace("    metadata:\n      labels:\n        app: loyalty\n", "    metadata:\n      labels:\n        app: loyalty-api\n        tier: backend\n")
scenario("loyalty-first", "argocd", loyalty, [], "the first release never worked: the Deployment's selector does not match its template's labels; the Service selects app=loyalty too", path="overlays/prod", never_worked=True,
    expected=expect("invalid-manifest", [("Deployment/loyalty spec.template.metadata.labels.app", value("loyalty"))], [("Deployment/loyalty spec.selector.matchLabels.app", value("loyalty-api")), ("Service/loyalty spec.selector.app", value("loyalty-api"))]))

HA = {"components/high-availability/kustomization.yaml": kustomization("budget.yaml", kind="Component", api="kustomize.config.k8s.io/v1alpha1", more="patches:\n  - path: spread.yaml\n    target:\n      kind: Deployment\n"),
      "components/high-availability/budget.yaml": "apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata:\n  name: basket\nspec:\n  minAvailable: 1\n  selector:\n    matchLabels:\n      app: basket\n",
      "components/high-availability/spread.yaml": "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: any\nspec:\n  template:\n    spec:\n      affinity:\n        podAntiAffinity:\n          requiredDuringSchedulingIgnoredDuringExecution:\n            - topologyKey: kubernetes.io/hostname\n              labelSelector:\n                matchLabels:\n                  app: basket\n"}
affinity = pod("Deployment", "basket", "affinity")
rule = affinity + ".podAntiAffinity."
scenario("basket-spread", "argocd", overlay("basket", "acme/checkout"),
    ["High availability for prod", *[[path, None, text] for path, text in HA.items()], [K, "images:\n", "components:\n  - ../../components/high-availability\nimages:\n"]],
    "no two instances may share a node, and there is one node: the new instances cannot be placed; the budget is wanted, the spreading would be as a preference", path="overlays/prod",
    expected=expect("unschedulable-placement", [(affinity, GONE)], [(affinity + ".podAntiAffinity", GONE)], [(rule + "requiredDuringSchedulingIgnoredDuringExecution", GONE)], [(rule + "requiredDuringSchedulingIgnoredDuringExecution", GONE), (rule + "preferredDuringSchedulingIgnoredDuringExecution", ANY)],
                    [(affinity, GONE), ("PodDisruptionBudget/basket metadata.name", GONE)]))

JSON = "patches:\n  - target:\n      kind: Deployment\n      name: returns\n    patch: |-\n      - op: replace\n        path: /spec/template/spec/containers/0/env/1/value\n        value: postgres://returns@db-prod.internal/returns\n"
scenario("returns-patch", "argocd", overlay("returns", "acme/payments", more=JSON, container="env:\n  - name: LOG_LEVEL\n    value: info\n  - name: DATABASE_URL\n    value: postgres://returns@localhost/returns\n  - name: CACHE_MB\n    value: \"12\"\n"),
    ["LOG_LEVEL is not read any more", ["base/deployment.yaml", "            - name: LOG_LEVEL\n              value: info\n", ""]],
    "prod's JSON patch counts: env/1 is CACHE_MB now, which gets the database's address, and DATABASE_URL stays the base's; that LOG_LEVEL goes is wanted", path="overlays/prod",
    expected=expect("crash-on-start", [(main("returns", "env[name=DATABASE_URL].value"), BEFORE), (main("returns", "env[name=CACHE_MB].value"), BEFORE)]))
# ---- Helm

TEMPLATE = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}
  labels:
    helm.sh/chart: {{ .Chart.Name }}
spec:
  replicas: {{ .Values.replicaCount }}
  progressDeadlineSeconds: 75
  selector:
    matchLabels:
      app.kubernetes.io/instance: {{ .Release.Name }}
  template:
    metadata:
      {{- with .Values.podAnnotations }}
      annotations:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      labels:
        app.kubernetes.io/instance: {{ .Release.Name }}
    spec:
      containers:
        - name: {{ .Chart.Name }}
          image: "{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}"
          ports:
            - name: http
              containerPort: 8080
          {{- if or .Values.env .Values.existingSecret }}
          env:
            {{- range $name, $value := .Values.env }}
            - name: {{ $name }}
              value: {{ $value | quote }}
            {{- end }}
            {{- with .Values.existingSecret }}
            - name: DATABASE_URL
              valueFrom:
                secretKeyRef:
                  name: {{ . }}
                  key: url
            {{- end }}
          {{- end }}
          resources:
            {{- toYaml .Values.resources | nindent 12 }}
          {{- with .Values.startupProbe }}
          startupProbe:
            {{- toYaml . | nindent 12 }}
          {{- end }}
          livenessProbe:
            {{- toYaml .Values.livenessProbe | nindent 12 }}
          readinessProbe:
            {{- toYaml .Values.readinessProbe | nindent 12 }}
"""
VALUES = """\
replicaCount: 1
image:
  repository: {}
  tag: ""
podAnnotations: {{}}
env: {{}}
existingSecret: ""
resources:
  requests:
    cpu: 10m
    memory: 24Mi
  limits:
    memory: 128Mi
startupProbe: {{}}
livenessProbe:
  httpGet:
    path: /healthz
    port: http
  periodSeconds: 5
  failureThreshold: 3
readinessProbe:
  httpGet:
    path: /readyz
    port: http
  periodSeconds: 3
"""


def chart(name, image, root="charts", version="1.6.0"):
    return {f"{root}/{name}/Chart.yaml": f"apiVersion: v2\nname: {name}\nversion: {version}\nappVersion: 1.4.1\n", f"{root}/{name}/values.yaml": VALUES.format(image), f"{root}/{name}/templates/deployment.yaml": TEMPLATE,
            f"{root}/{name}/templates/service.yaml": "apiVersion: v1\nkind: Service\nmetadata:\n  name: {{ .Release.Name }}\nspec:\n  selector:\n    app.kubernetes.io/instance: {{ .Release.Name }}\n  ports:\n    - name: http\n      port: 80\n      targetPort: http\n"}


def files(*names):
    return {"source": {"helm": {"valueFiles": list(names)}}}


n = here()
FEED = "charts/feed/values-prod.yaml"
scenario("feed-annotations", "argocd", {**chart("feed", "acme/catalog"), "charts/feed/values-staging.yaml": "env:\n  FEED_URL: https://feed.staging.acme.example/v2\n  CURRENCY: EUR\n  REQUIRED_ENV: FEED_URL,CURRENCY\n",
    FEED: "replicaCount: 2\nenv:\n  REQUIRED_ENV: FEED_URL,CURRENCY\n  FEED_URL: https://feed.acme.example/v2\n  CURRENCY: EUR\n"},
    ["Scrape the feed's metrics in prod", [FEED, "  CURRENCY: EUR\n", "podAnnotations:\n  prometheus.io/scrape: \"true\"\n  CURRENCY: EUR\n"]],
    "the new block stands in the middle of env: CURRENCY has become an annotation; the scraping is wanted", path="charts/feed", **files("values-prod.yaml"),
    expected=expect("crash-on-start", [(c("Deployment", n, "feed", "env[name=CURRENCY]"), BEFORE), (f"Deployment/{n} spec.template.metadata.annotations.CURRENCY", GONE)], [(c("Deployment", n, "feed", "env[name=CURRENCY]"), BEFORE)],
                    [(c("Deployment", n, "feed", "env[name=CURRENCY]"), BEFORE), (f"Deployment/{n} spec.template.metadata.annotations", GONE)]))

MIGRATE = """\
apiVersion: batch/v1
kind: Job
metadata:
  name: {{ .Release.Name }}-migrate
  annotations:
    helm.sh/hook: pre-install,pre-upgrade
    helm.sh/hook-delete-policy: before-hook-creation
spec:
  backoffLimit: 1
  template:
    spec:
      restartPolicy: Never
      containers:
        - name: migrate
          image: "{{ .Values.image.repository }}:{{ .Values.migrations.tag }}"
          args: [migrate]
          env:
            - name: DATABASE_URL
              value: {{ .Values.env.DATABASE_URL | quote }}
"""
n = here()
BILL = "environments/prod/billing.yaml"
scenario("billing-hook", "argocd", {**chart("billing", "acme/payments"), "charts/billing/templates/migrate.yaml": MIGRATE, "environments/staging/billing.yaml": "image:\n  tag: 1.4.2\nmigrations:\n  tag: 1.4.2\nenv:\n  DATABASE_URL: postgres://billing@db.staging/billing\n",
    BILL: "replicaCount: 2\nimage:\n  tag: 1.4.1\nmigrations:\n  tag: 1.4.1\nenv:\n  DATABASE_URL: postgres://billing@db.internal/billing\n"},
    ["Billing 1.4.2 in prod", [BILL, "image:\n  tag: 1.4.1\nmigrations:\n  tag: 1.4.1\n", "image:\n  tag: 1.4.2\nmigrations:\n  tag: v1.4.2\n"]],
    "the migrations' tag is v1.4.2, the tags have no v: the hook never ends and the sync waits for it; 1.4.2 is wanted", path="charts/billing", **files("../../environments/prod/billing.yaml"),
    expected=expect("image-not-found job-failed", *[[(c("Job", f"{n}-migrate", "migrate", "image"), to)] for to in (value("acme/payments:1.4.2"), BEFORE)], [(c("Job", f"{n}-migrate", "migrate", "image"), BEFORE), (c("Deployment", n, "billing", "image"), BEFORE)]))

scenario("orders-first", "argocd", {**chart("orders", "acme/checkout"), "environments/prod/orders.yaml": "replicaCount: 2\nimage:\n  tag: 1.4.2\nexistingSecret: orders-db   # from the vault, see the wiki\nenv:\n  REQUIRED_ENV: DATABASE_URL\n"}, [],
    "the first release never worked: nobody has put Secret orders-db into the namespace", HUMAN, path="charts/orders", **files("../../environments/prod/orders.yaml"), never_worked=True, expected=expect("secret-missing"))


def release(name, chart, values, more=""):
    return f"""\
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: {name}
spec:
  interval: 30s
  timeout: 75s
  chart:
    spec:
      chart: ./charts/{chart}
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
""" + more + "  values:\n" + block(values, 4)


PROBE_VALUES = VALUES[VALUES.index("startupProbe"):].format()
MOVED = "probes:\n" + textwrap.indent(PROBE_VALUES.replace("startupProbe", "startup").replace("livenessProbe", "liveness").replace("readinessProbe", "readiness"), "  ")
T = "charts/service/templates/deployment.yaml"
probe = c("Deployment", "ranking", "service", "livenessProbe.")
scenario("ranking-chart", "flux", {**chart("service", "acme/catalog"), "clusters/prod/ranking.yaml": release("ranking", "service", "replicaCount: 1\nstartupProbe:\n  httpGet:\n    path: /healthz\n    port: http\n  periodSeconds: 3\n  failureThreshold: 20\nenv:\n  START_SECONDS: \"28\"\n")},
    ["Chart 2.0.0: probes in one place", ["charts/service/Chart.yaml", "version: 1.6.0", "version: 2.0.0"], ["charts/service/values.yaml", PROBE_VALUES, MOVED], [T, ".Values.startupProbe", ".Values.probes.startup"], [T, ".Values.livenessProbe", ".Values.probes.liveness"], [T, ".Values.readinessProbe", ".Values.probes.readiness"]],
    "the chart reads probes.startup now, the release still sets startupProbe: without a startup probe liveness kills the program, which needs 28 seconds; the chart's new form is wanted", path="clusters/prod",
    spec={"timeout": "90s"},
    expected=expect("liveness-probe startup-probe helm-failed", [(c("Deployment", "ranking", "service", "startupProbe"), BEFORE)], [(c("Deployment", "ranking", "service", "startupProbe"), ANY)], [(probe + "initialDelaySeconds", at_least("15"))], [(probe + "failureThreshold", at_least("6"))]))

DEPOT = "clusters/prod/depot-values.yaml"
limit = c("Deployment", "depot", "service", "resources.limits.memory")
scenario("depot-cache", "flux", {**chart("service", "acme/payments"), "clusters/prod/depot.yaml": release("depot", "service", "replicaCount: 2\nresources:\n  limits:\n    memory: 128Mi\n", more="  valuesFrom:\n    - kind: ConfigMap\n      name: depot-values\n"),
    DEPOT: "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: depot-values\ndata:\n  values.yaml: |\n    image:\n      tag: 1.4.1\n    env:\n      CACHE_MB: \"60\"\n      WAREHOUSE: north\n"},
    ["Payments 1.4.2, keep the whole stock list in memory", [DEPOT, "tag: 1.4.1", "tag: 1.4.2"], [DEPOT, "CACHE_MB: \"60\"", "CACHE_MB: \"180\""]],
    "180 MB of cache do not fit into 128Mi; the release and the cache are wanted", path="clusters/prod",
    expected=expect("out-of-memory helm-failed", [(limit, at_least("190Mi"))], [(limit, at_least("190Mi")), (c("Deployment", "depot", "service", "resources.requests.memory"), ANY)], [(c("Deployment", "depot", "service", "env[name=CACHE_MB].value"), BEFORE)],
                    [(c("Deployment", "depot", "service", "env[name=CACHE_MB].value"), BEFORE), (c("Deployment", "depot", "service", "image"), BEFORE)]))
