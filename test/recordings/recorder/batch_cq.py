"""The reference exam's next volume: one small commit each on the storefront team's repositories, where something else breaks."""
import pathlib, runpy, textwrap
globals().update(runpy.run_path(str(pathlib.Path(__file__).parent / "kit.py")))
SCENARIOS, scenario = batch(2276)


def deployment(name, image, port=8080, memory="128Mi", env="", pod="", container="", sidecar="", replicas=2, deadline=90, label=""):
    text = f"""\
    # {name}: owned by team storefront
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: {name}
      labels:
        app.kubernetes.io/name: {name}
    spec:
      replicas: {replicas}
      progressDeadlineSeconds: {deadline}
      selector:
        matchLabels:
          app: {name}
      template:
        metadata:
          labels:
            app: {name}{label and chr(10) + " " * 12 + label}
        spec:
          containers:
            - name: {name}
              image: {image}   # keep in step with the changelog
              ports:
                - name: http
                  containerPort: {port}
              resources:
                requests: {{cpu: 20m, memory: 32Mi}}
                limits: {{memory: {memory}}}
              readinessProbe:
                httpGet: {{path: /readyz, port: http}}
                periodSeconds: 3
              livenessProbe:
                httpGet: {{path: /healthz, port: http}}
                periodSeconds: 5
                failureThreshold: 2
    """
    text = textwrap.dedent(text)
    for block, indent in ((container, 10), (env, 10), (sidecar, 8), (pod, 6)):
        if block:
            text += textwrap.indent(textwrap.dedent(block).strip("\n"), " " * indent) + "\n"
    return text


def service(name, more=""):
    return f"apiVersion: v1\nkind: Service\nmetadata:\n  name: {name}\nspec:\n  selector:\n    app: {name}\n{more}  ports:\n    - name: http\n      port: 80\n      targetPort: http\n"


def kustomized(*resources, more=""):
    return "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n" + "".join(f"  - {r}\n" for r in resources) + more


def plain(name, image="acme/checkout:1.4.1", selector="", **options):
    return {"deploy/deployment.yaml": deployment(name, image, **options), "deploy/service.yaml": service(name, selector)}


def overlay(name, patch, image="acme/catalog", **options):
    return {
        "base/deployment.yaml": deployment(name, image, **options), "base/service.yaml": service(name),
        "base/kustomization.yaml": kustomized("deployment.yaml", "service.yaml"),
        "overlays/prod/kustomization.yaml": kustomized("../../base", more=f"images:\n  - name: {image}\n    newTag: 1.4.1\npatches:\n  - path: patch.yaml\n"),
        "overlays/prod/patch.yaml": f"apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: {name}\nspec:\n  template:\n    spec:\n      containers:\n        - name: {name}\n" + textwrap.indent(patch, " " * 10),
    }


CHART = {
    "chart/Chart.yaml": "apiVersion: v2\nname: shop\nversion: 0.3.0\n",
    "chart/values.yaml": "image:\n  repository: acme/payments\n  tag: 1.4.1\nreplicas: 2\nport: 8080\nprobes:\n  liveness: /healthz\n  readiness: /readyz\nresources:\n  limits:\n    memory: 128Mi\nenv: {}\n",
    "chart/templates/deployment.yaml": """\
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
        - name: shop
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
            {{- toYaml .Values.resources | nindent 12 }}
          livenessProbe:
            httpGet: {path: {{ .Values.probes.liveness }}, port: http}
            periodSeconds: 5
            failureThreshold: 2
          readinessProbe:
            httpGet: {path: {{ .Values.probes.readiness }}, port: http}
            periodSeconds: 3
""",
    "chart/templates/service.yaml": """\
apiVersion: v1
kind: Service
metadata:
  name: {{ .Release.Name }}
spec:
  selector:
    app: {{ .Release.Name }}
  ports:
    - {name: http, port: 80, targetPort: http}
""",
}


def release(name, values):
    """A HelmRelease kept in git beside its chart, applied by a Kustomization."""
    text = f"""\
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: {name}
spec:
  interval: 30s
  timeout: 60s
  chart:
    spec:
      chart: ./chart
      reconcileStrategy: Revision
      sourceRef: {{kind: GitRepository, name: "@NAME@", namespace: flux-system}}
  install:
    remediation: {{retries: 1}}
  upgrade:
    remediation: {{retries: 1, strategy: rollback}}
  values:
"""
    return {**CHART, f"releases/{name}.yaml": text + textwrap.indent(values, "    ")}


D, S, PROD = "deploy/deployment.yaml", "deploy/service.yaml", "overlays/prod/kustomization.yaml"
NEW = [D, "acme/checkout:1.4.1", "acme/checkout:1.4.2"]

# 1
scenario("sidecar-tag", "argocd", plain("courier", sidecar="- name: tail\n  image: busybox:1.37\n  command: [sh, -c, touch /log/access.log && exec tail -F /log/access.log]\n  resources:\n    limits: {memory: 32Mi}\n  volumeMounts:\n    - {name: log, mountPath: /log}\n",
    container="volumeMounts:\n  - {name: log, mountPath: /log}\n", pod="volumes:\n  - name: log\n    emptyDir: {}\n"),
    ["Checkout 1.4.2, newer busybox", NEW, [D, "busybox:1.37", "busybox:1.38"]],
    "image tag busybox:1.38 of the sidecar does not exist; checkout 1.4.2 does",
    expected=expect("image-not-found", [(c("Deployment", "courier", "tail", "image"), BEFORE)]))

# 2
AFFINITY = "      affinity:\n        podAntiAffinity:\n          requiredDuringSchedulingIgnoredDuringExecution:\n            - labelSelector:\n                matchLabels:\n                  app: feed\n              topologyKey: kubernetes.io/hostname\n"
scenario("one-per-host", "argocd", plain("feed"),
    ["One per host, checkout 1.4.2", NEW, [D, "      containers:", AFFINITY + "      containers:"]],
    "required anti-affinity by host, and the cluster has one node: the new pods are pending",
    expected=expect("unschedulable-placement",
        [(pod("Deployment", "feed", "affinity"), GONE)],
        [(pod("Deployment", "feed", "affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution"), GONE), (pod("Deployment", "feed", "affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution"), ANY)]))

# 3
scenario("cache-outgrows-limit", "argocd", overlay("atlas", 'env:\n  - name: CACHE_MB\n    value: "24"   # hot tiles\n', env='env:\n  - name: CACHE_MB\n    value: "8"\n'),
    ["Cache all tiles in prod, catalog 1.4.2", ["overlays/prod/patch.yaml", '"24"   # hot tiles', '"160"   # all tiles'], [PROD, "newTag: 1.4.1", "newTag: 1.4.2"]],
    "the cache of 160 MB does not fit below the limit of 128Mi: OOMKilled", path="overlays/prod",
    expected=expect("out-of-memory",
        [(c("Deployment", "atlas", "atlas", "resources.limits.memory"), at_least("176Mi"))],
        [(c("Deployment", "atlas", "atlas", "env[name=CACHE_MB].value"), BEFORE)]))

# 4
ZONES = "EU=4.90\nCH=9.90\n"
scenario("mounted-key-renamed", "argocd", {
    **plain("tariff", container="env:\n  - name: CONFIG_FILE\n    value: /etc/tariff/zones.env\nvolumeMounts:\n  - {name: tables, mountPath: /etc/tariff}\n",
            pod="volumes:\n  - name: tables\n    configMap:\n      name: tariff-tables\n      items:\n        - key: zones.env\n          path: zones.env\n"),
    "deploy/tables.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: tariff-tables\ndata:\n  zones.env: |\n    EU=4.90\n    CH=9.90\n"},
    ["Shorter keys, checkout 1.4.2", NEW, ["deploy/tables.yaml", "  zones.env: |", "  zones: |"]],
    "the volume takes key zones.env from ConfigMap tariff-tables, where it is zones now: FailedMount",
    expected=expect("config-key-missing volume-mount",
        [(pod("Deployment", "tariff", "volumes[name=tables].configMap.items[0].key"), value("zones"))],
        [('ConfigMap/tariff-tables data["zones.env"]', value(ZONES)), ("ConfigMap/tariff-tables data.zones", GONE)]))

# 5
READY = "HelmRelease/lantern spec.values.probes.readiness", c("Deployment", "lantern", "shop", "readinessProbe.httpGet.path")
scenario("release-readiness", "flux", release("lantern", "image:\n  tag: 1.4.1   # released\nprobes:\n  readiness: /readyz\n"),
    ["Release 1.4.2, shorter path", ["releases/lantern.yaml", "tag: 1.4.1", "tag: 1.4.2"], ["releases/lantern.yaml", "readiness: /readyz", "readiness: /ready"]],
    "readiness probe path /ready answers 404, set in the HelmRelease's values: the upgrade times out and is rolled back", path="releases",
    expected=expect("readiness-probe readiness helm-failed", *[[(field, BEFORE) for field in fields] for fields in (READY[:1], READY[1:], READY)]))

# 6
SHOP = f"shop-{2276 + len(SCENARIOS)}"
scenario("number-with-unit", "argocd", {**CHART, "env/prod-values.yaml": "# production overrides\nimage:\n  tag: 1.4.1\nreplicas: 2\nenv:\n  CACHE_MB: 8\n"},
    ["Payments 1.4.2, twice the cache", ["env/prod-values.yaml", "tag: 1.4.1", "tag: 1.4.2"], ["env/prod-values.yaml", "CACHE_MB: 8", "CACHE_MB: 16MB"]],
    "CACHE_MB is a number of megabytes, 16MB is none: the program says so and exits", path="chart", source={"helm": {"valueFiles": ["../env/prod-values.yaml"]}},
    expected=expect("crash-on-start",
        [(c("Deployment", SHOP, "shop", "env[name=CACHE_MB].value"), value("16"))],
        [(c("Deployment", SHOP, "shop", "env[name=CACHE_MB].value"), BEFORE)]))

# 7
INGEST = deployment("ingest", "acme/worker:1.4.1", container="command: [/bin/shop, serve]\n").replace("kind: Deployment", "kind: StatefulSet").replace("  progressDeadlineSeconds: 90\n", "  serviceName: ingest\n")
scenario("command-in-one-word", "flux", {"deploy/statefulset.yaml": INGEST, S: service("ingest")},
    ["Quote commands", ["deploy/statefulset.yaml", "command: [/bin/shop, serve]", 'command: ["/bin/shop serve"]']],
    "command and argument became one word: there is no program '/bin/shop serve' in the image",
    expected=expect("command-not-found",
        [(c("StatefulSet", "ingest", "ingest", "command"), BEFORE)],
        [(c("StatefulSet", "ingest", "ingest", "command"), value(["/bin/shop"])), (c("StatefulSet", "ingest", "ingest", "args"), value(["serve"]))]))

# 8
scenario("label-dropped", "argocd", plain("parcel", selector="    tier: web\n", label="tier: web"),
    ["Drop the tier label, checkout 1.4.2", NEW, [D, "        app: parcel\n        tier: web\n", "        app: parcel\n"]],
    "Service still selects tier=web, which the pods do not carry any more: no endpoints",
    expected=expect("service-no-endpoints",
        [("Service/parcel spec.selector.tier", GONE)],
        [("Deployment/parcel spec.template.metadata.labels.tier", BEFORE)]))

# 9
scenario("user-dropped", "flux", plain("notary", env='env:\n  - name: MUST_NOT_RUN_AS_ROOT\n    value: "1"\n', pod="securityContext:\n  runAsUser: 1000\n"),
    [{"subject": "Defaults instead of settings, checkout 1.4.2", "edit": [NEW, [D, "      securityContext:\n        runAsUser: 1000\n", ""]]},
     {"subject": "Label the service", "edit": [[S, "  name: notary\n", "  name: notary\n  labels:\n    app.kubernetes.io/part-of: storefront\n"]]}],
    "runAsUser was removed, the image's own user is root, and the program refuses to run as root",
    expected=expect("crash-on-start run-as-root-image",
        [(pod("Deployment", "notary", "securityContext.runAsUser"), BEFORE)],
        [(c("Deployment", "notary", "notary", "securityContext.runAsUser"), value(1000))]))

# 10
scenario("lost-unit", "flux", plain("press"),
    ["Memory for the new fonts", [D, "limits: {memory: 128Mi}", "limits: {memory: 192}"]],
    "memory limit of 192 bytes (a lost Mi) is below the request: the API server refuses it",
    expected=expect("invalid-manifest",
        [(c("Deployment", "press", "press", "resources.limits.memory"), value("192Mi"))],
        [(c("Deployment", "press", "press", "resources.limits.memory"), BEFORE)]))

# 11
scenario("patch-without-target", "flux", overlay("market", "resources:\n  limits:\n    memory: 192Mi   # index fits\n"),
    ["Full names, catalog 1.4.2, more memory in prod", ["overlays/prod/patch.yaml", "  name: market\nspec:", "  name: marketplace\nspec:"], ["overlays/prod/patch.yaml", "192Mi", "256Mi"], [PROD, "newTag: 1.4.1", "newTag: 1.4.2"]],
    "the overlay's patch is for Deployment marketplace, the base's is called market: kustomize finds no match", path="overlays/prod",
    expected=expect("render-failed", [], keep=[
        (c("Deployment", "market", "market", "image"), value("acme/catalog:1.4.2")),
        (c("Deployment", "market", "market", "resources.limits.memory"), value("256Mi"))]))

# 12
scenario("release-chart-path", "flux", release("quay", "image:\n  tag: 1.4.2\nreplicas: 2\n"),
    ["Charts in one folder, three replicas", ["releases/quay.yaml", "chart: ./chart\n", "chart: ./charts/shop\n"], ["releases/quay.yaml", "replicas: 2\n", "replicas: 3\n"]],
    "HelmRelease takes its chart from ./charts/shop, the repository has it in ./chart", path="releases",
    expected=expect("helm-failed render-failed", [("HelmRelease/quay spec.chart.spec.chart", BEFORE)], keep=[("HelmRelease/quay spec.values.replicas", value(3))]))

# 13
scenario("certificate-not-there", "flux", plain("seal"),
    ["Sign documents, checkout 1.4.2", NEW, [D, "          resources:", "          volumeMounts:\n            - {name: signing, mountPath: /etc/signing, readOnly: true}\n          resources:"],
     [D, "      containers:", "      volumes:\n        - name: signing\n          secret:\n            secretName: seal-signing-certificate\n      containers:"]],
    "Secret seal-signing-certificate does not exist: a human must create it", HUMAN, expected=expect("secret-missing", ))

# 14
scenario("quota-of-the-platform", "argocd", plain("campaign"),
    ["Mailer for the campaign", ["deploy/mailer.yaml", None, deployment("campaign-mailer", "acme/worker:1.4.1", replicas=3)]],
    "ResourceQuota platform, not in git, allows 3 pods in the namespace: its owners decide", HUMAN, expected=expect("quota", ),
    given="apiVersion: v1\nkind: ResourceQuota\nmetadata:\n  name: platform\n  annotations:\n    owner: platform team\nspec:\n  hard:\n    pods: \"3\"\n")

# 15
scenario("copies-first", "argocd", plain("almanac", deadline=300),
    ["Copy the tables before the start", [D, "      containers:", "      initContainers:\n        - name: copy\n          image: busybox:1.37\n          command: [sh, -c, for part in 1 2 3 4; do echo copying part $part; sleep 10; done]\n      containers:"]],
    "each pod's init container takes 40 s: it becomes healthy by itself", NONE)

# 16
scenario("paused", "flux", plain("newsletter"),
    ["Pause the newsletter until Monday", [D, "replicas: 2", "replicas: 0"]],
    "scaled to zero, and the commit says that it is meant: nothing fails", NONE)


# What was expected in another form than the rendered objects have it: new items and objects as a whole, and what else of a commit stays.
CORRECTED = {'release-chart-path': {'class': ['helm-failed', 'render-failed'], 'fixes': [[]], 'keep': [{'field': 'Deployment/quay spec.replicas', 'to': {'value': 3}}]},
 'user-dropped': {'class': ['crash-on-start', 'run-as-root-image'],
                  'fixes': [[{'field': 'Deployment/notary spec.template.spec.securityContext', 'to': 'before'}],
                            [{'field': 'Deployment/notary spec.template.spec.containers[name=notary].securityContext.runAsUser', 'to': {'value': 1000}}]]}}
for one in SCENARIOS:
    if one["id"] in CORRECTED:
        one["expected"] = CORRECTED[one["id"]]
