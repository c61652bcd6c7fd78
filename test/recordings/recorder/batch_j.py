"""Batch J, shop-740 and on: small shops like the published recordings, one breaking commit, one cause, other variants of the classes.

No program of the recorder's folder is needed. shop-752 uses port 18752 of the node, shop-763 the cluster addresses 10.96.0.177 and 10.96.0.187, shop-753 makes a PersistentVolume
of its own name: delete them before it is played again on the same cluster. A fix of a chart's or a HelmRelease's values is expected as what is rendered of it.
"""
import pathlib, runpy, textwrap
globals().update(runpy.run_path(str(pathlib.Path(__file__).parent / "kit.py")))

SCENARIOS, scenario = batch(740)
D, S, K, P = "deploy/deployment.yaml", "deploy/service.yaml", "overlays/prod/kustomization.yaml", "overlays/prod/patch.yaml"


def here():
    return f"shop-{740 + len(SCENARIOS)}"


def block(text, indent):
    return textwrap.indent(textwrap.dedent(text).strip("\n"), " " * indent) + "\n" if text else ""


PROBES = """\
readinessProbe:
  httpGet: {path: /readyz, port: http}
  periodSeconds: 3
livenessProbe:
  httpGet: {path: /healthz, port: http}
  periodSeconds: 5
  failureThreshold: 2
"""


def deployment(name, image, port=8080, memory="128Mi", env="", container="", sidecars="", pod="", spec="", replicas=2, deadline=60, probes=PROBES, kind="Deployment", team="storefront"):
    scale = {"Deployment": f"  replicas: {replicas}\n  progressDeadlineSeconds: {deadline}\n", "StatefulSet": f"  replicas: {replicas}\n  serviceName: {name}\n", "DaemonSet": ""}[kind]
    return f"""\
# {name}: owned by team {team}
apiVersion: apps/v1
kind: {kind}
metadata:
  name: {name}
  labels:
    app.kubernetes.io/name: {name}
spec:
{scale}{block(spec, 2)}  selector:
    matchLabels:
      app: {name}
  template:
    metadata:
      labels:
        app: {name}
    spec:
      containers:
        - name: {name}
          image: {image}
          ports:
            - name: http
              containerPort: {port}
          resources:
            requests: {{cpu: 10m, memory: 24Mi}}
            limits: {{memory: {memory}}}
""" + block(probes, 10) + block(container, 10) + block(env, 10) + block(sidecars, 8) + block(pod, 6)


def service(name, port=80, target="http", selector=None):
    return f"apiVersion: v1\nkind: Service\nmetadata:\n  name: {name}\nspec:\n  selector:\n    app: {selector or name}\n  ports:\n    - name: http\n      port: {port}\n      targetPort: {target}\n"


def configmap(name, **data):
    return f"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {name}\ndata:\n" + "".join(f'  {key}: "{value}"\n' for key, value in data.items())


def kustomization(*resources, more=""):
    return "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n" + "".join(f"  - {r}\n" for r in resources) + textwrap.dedent(more)


def plain(name, image="acme/checkout:1.4.1", **options):
    return {D: deployment(name, image, **options), S: service(name)}


def overlay(name, image="acme/catalog", patch="", more="", tag="1.4.1", **options):
    return {
        "base/deployment.yaml": deployment(name, image, **options), "base/service.yaml": service(name), "base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
        K: kustomization("../../base", more=f"images:\n  - name: {image}\n    newTag: {tag}\n" + more), **({P: textwrap.dedent(patch)} if patch else {}),
    }


def strategic(name, spec, kind="Deployment"):
    """A patch of a workload: `spec` is what stands below its spec."""
    return f"apiVersion: apps/v1\nkind: {kind}\nmetadata:\n  name: {name}\nspec:\n" + block(spec, 2)


PATCHED = "patches:\n  - path: patch.yaml\n"
CHART = {
    "chart/Chart.yaml": "apiVersion: v2\nname: shop\nversion: 0.5.2\n",
    "chart/values.yaml": "image:\n  repository: acme/payments\nreplicas: 2\nport: 8080\nreadinessProbe:\n  httpGet:\n    path: /readyz\n    port: http\n  periodSeconds: 3\nlivenessProbe:\n  httpGet:\n    path: /healthz\n    port: http\n  periodSeconds: 5\nresources:\n  requests:\n    cpu: 10m\n    memory: 24Mi\n  limits:\n    memory: 128Mi\nenv: {}\n",
    "chart/templates/deployment.yaml": """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}
spec:
  replicas: {{ .Values.replicas }}
  progressDeadlineSeconds: 60
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
          image: "{{ .Values.image.repository }}:{{ required "image.tag must be set per environment" .Values.image.tag }}"
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
          readinessProbe:
            {{- toYaml .Values.readinessProbe | nindent 12 }}
          livenessProbe:
            {{- toYaml .Values.livenessProbe | nindent 12 }}
""",
    "chart/templates/service.yaml": "apiVersion: v1\nkind: Service\nmetadata:\n  name: {{ .Release.Name }}\nspec:\n  selector:\n    app: {{ .Release.Name }}\n  ports:\n    - {name: http, port: 80, targetPort: http}\n",
}
V = "environments/prod/values.yaml"
PROD = {"path": "chart", "source": {"helm": {"valueFiles": ["../" + V]}}}


def helm(more=""):
    return {**CHART, V: "# production overrides\nimage:\n  tag: 1.4.1\nreplicas: 2\n" + more, "environments/test/values.yaml": "image:\n  tag: 1.4.2\nreplicas: 1\n"}


def release(name, values):
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
    return {**CHART, f"releases/{name}.yaml": text + block(values, 4)}


def main(name, rest, kind="Deployment"):
    return c(kind, name, name, rest)


CONFIG_VOLUME = "volumes:\n  - name: config\n    configMap:\n      name: {}\n"
SIDE = "resources:\n    requests: {cpu: 5m, memory: 8Mi}\n    limits: {memory: 32Mi}\n"

# 740
scenario("release-repository", "flux", release("tally", "image:\n  repository: acme/payments\n  tag: 1.4.1\nreplicas: 1\nenv:\n  CURRENCY: EUR\n"),
    ["Payments 1.4.2", ["releases/tally.yaml", "repository: acme/payments\n", "repository: acme/payments:1.4.2\n"]],
    "the new tag was written into the repository, the old one is appended: acme/payments:1.4.2:1.4.1 is no image name", path="releases",
    expected=expect("image-not-found", *[[(c("Deployment", "tally", "shop", "image"), to)] for to in (value("acme/payments:1.4.2"), BEFORE)]))

# 741
scenario("worker-first", "argocd", {"deploy/api.yaml": deployment("coins", "acme/catalog:1.4.1") + "---\n" + service("coins"), "deploy/worker.yaml": deployment("coins-worker", "acme/worker:v1.4.1", replicas=1, env="env:\n  - {name: THEME, value: light}\n")}, [],
    "the first release never worked: there is no tag v1.4.1, tags have no v, as the other workload shows", never_worked=True,
    expected=expect("image-not-found", [(main("coins-worker", "image"), value("acme/worker:1.4.1"))]))

# 742
scenario("template-tool", "argocd",
    {**plain("signage", env="env:\n  - {name: CONFIG_FILE, value: /etc/shop/app.conf}\n", container="volumeMounts:\n  - {name: rendered, mountPath: /etc/shop}\n",
        pod="initContainers:\n  - name: render\n    image: busybox:1.36\n    command: [sh, -c]\n    args:\n      - sed \"s/[$]{REGION}/$REGION/\" /templates/app.tmpl > /etc/shop/app.conf\n    env:\n      - {name: REGION, value: eu-west-1}\n    volumeMounts:\n      - {name: templates, mountPath: /templates}\n      - {name: rendered, mountPath: /etc/shop}\n"
            "volumes:\n  - name: templates\n    configMap:\n      name: signage-templates\n  - name: rendered\n    emptyDir: {}\n"),
     "deploy/templates.yaml": configmap("signage-templates", **{"app.tmpl": "REGION=${REGION}"})},
    ["Templates with envsubst, checkout 1.4.2", [D, 'sed "s/[$]{REGION}/$REGION/" /templates/app.tmpl > ', "envsubst < /templates/app.tmpl > "], [D, "checkout:1.4.1", "checkout:1.4.2"]],
    "busybox has no envsubst: the init container ends with 127; the release is wanted",
    expected=expect("command-not-found", [(c("Deployment", "signage", "render", "args", init=True), BEFORE)], [(c("Deployment", "signage", "render", "args[0]", init=True), BEFORE)]))

# 743
scenario("sorted-variables", "argocd",
    {**plain("atlas", env="env:\n  - name: ETC_DIR\n    value: /etc/shop\n  - name: CONFIG_FILE\n    value: $(ETC_DIR)/app.conf\n  - name: LOG_LEVEL\n    value: info\n", container="volumeMounts:\n  - {name: config, mountPath: /etc/shop}\n", pod=CONFIG_VOLUME.format("atlas-config")),
     "deploy/config.yaml": configmap("atlas-config", **{"app.conf": "SCALE=4"})},
    ["Sort variables by name, checkout 1.4.2", [D, "            - name: ETC_DIR\n              value: /etc/shop\n            - name: CONFIG_FILE\n              value: $(ETC_DIR)/app.conf\n", "            - name: CONFIG_FILE\n              value: $(ETC_DIR)/app.conf\n            - name: ETC_DIR\n              value: /etc/shop\n"], [D, "checkout:1.4.1", "checkout:1.4.2"]],
    "$(ETC_DIR) is only replaced where ETC_DIR stands before: the order matters; the release is wanted",
    expected=expect("crash-on-start", [(main("atlas", "env"), BEFORE)], [(main("atlas", "env[name=CONFIG_FILE].value"), value("/etc/shop/app.conf"))]))

# 744
scenario("projected-name", "flux",
    {"base/statefulset.yaml": deployment("harbor", "acme/worker", kind="StatefulSet", replicas=1, env="env:\n  - {name: CONFIG_FILE, value: /etc/shop/app.conf}\n", container="volumeMounts:\n  - {name: config, mountPath: /etc/shop}\n",
        pod="volumes:\n  - name: config\n    projected:\n      sources:\n        - configMap:\n            name: harbor-app\n        - configMap:\n            name: harbor-rules\n"),
     "base/config.yaml": configmap("harbor-app", **{"app.conf": "BERTHS=12"}) + "---\n" + configmap("harbor-rules", **{"rules.conf": "RETRY=3"}), "base/service.yaml": service("harbor"),
     "base/kustomization.yaml": kustomization("statefulset.yaml", "service.yaml", "config.yaml"), K: kustomization("../../base", more="images:\n  - name: acme/worker\n    newTag: 1.4.1\n")},
    ["Spelling, more retries", ["base/statefulset.yaml", "name: harbor-rules", "name: harbour-rules"], ["base/config.yaml", "RETRY=3", "RETRY=5"]],
    "the projected volume names ConfigMap harbour-rules, which does not exist: it is harbor-rules; RETRY is wanted", path="overlays/prod",
    expected=expect("config-missing volume-mount", [(pod("StatefulSet", "harbor", "volumes[name=config].projected.sources[1].configMap.name"), BEFORE)], [(pod("StatefulSet", "harbor", "volumes[name=config].projected"), BEFORE)]))

# 745
scenario("settings-file", "argocd", {**overlay("fares", env="env:\n  - name: CURRENCY\n    valueFrom:\n      configMapKeyRef:\n        name: fares-settings\n        key: currency\n", more="configMapGenerator:\n  - name: fares-settings\n    envs: [settings.env]\n"), "overlays/prod/settings.env": "# read by fares\ncurrency=EUR\nrounding=2\nzone-count=7\n"},
    ["Drop settings that nobody reads, finer rounding", ["overlays/prod/settings.env", "currency=EUR\n", ""], ["overlays/prod/settings.env", "rounding=2", "rounding=3"]],
    "the Deployment reads key currency, which is gone from settings.env; the rounding is wanted", path="overlays/prod",
    expected=expect("config-key-missing", [("ConfigMap/fares-settings-# data.currency", BEFORE)]))

# 746
AGENT = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: agent-tls\nstringData:\n  tls.crt: only for tests\n---\n" + deployment("agent", "acme/worker:1.4.1", kind="DaemonSet", env="env:\n  - {name: CONFIG_FILE, value: /tls/tls.crt}\n", container="volumeMounts:\n  - {name: tls, mountPath: /tls, readOnly: true}\n", pod="volumes:\n  - name: tls\n    secret:\n      secretName: agent-tls\n")
scenario("certificate-name", "argocd", {"deploy/agent.yaml": AGENT, "deploy/panel.yaml": deployment("panel", "acme/catalog:1.4.1", replicas=1)},
    ["Certificates end in -certificate, worker 1.4.2", ["deploy/agent.yaml", "  name: agent-tls\nstringData", "  name: agent-certificate\nstringData"], ["deploy/agent.yaml", "worker:1.4.1", "worker:1.4.2"]],
    "the Secret is agent-certificate now, the DaemonSet's volume still names agent-tls; the release is wanted",
    expected=expect("secret-missing volume-mount", [(pod("DaemonSet", "agent", "volumes[name=tls].secret.secretName"), value("agent-certificate"))], [("Secret/agent-tls metadata.name", BEFORE), ("Secret/agent-certificate metadata.name", GONE)]))

# 747
ECONOMY = "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\npatches:\n  - path: memory.yaml\n"
scenario("economy-component", "flux",
    {"base/statefulset.yaml": deployment("search", "acme/catalog", kind="StatefulSet", memory="160Mi", env='env:\n  - {name: CACHE_MB, value: "100"}\n'), "base/service.yaml": service("search"), "base/kustomization.yaml": kustomization("statefulset.yaml", "service.yaml"),
     "components/economy/kustomization.yaml": ECONOMY, "components/economy/memory.yaml": strategic("search", "template:\n  spec:\n    containers:\n      - name: search\n        resources:\n          limits:\n            memory: 64Mi\n", "StatefulSet"),
     "overlays/test/kustomization.yaml": kustomization("../../base", more="components:\n  - ../../components/economy\nimages:\n  - name: acme/catalog\n    newTag: 1.4.2\n"), K: kustomization("../../base", more="images:\n  - name: acme/catalog\n    newTag: 1.4.1\n")},
    ["Economy settings in production too, catalog 1.4.2", [K, "images:\n", "components:\n  - ../../components/economy\nimages:\n"], [K, "newTag: 1.4.1", "newTag: 1.4.2"]],
    "the component sets a memory limit of 64Mi, the program holds 100 MB; the release is wanted", path="overlays/prod",
    expected=expect("out-of-memory", *[[(main("search", "resources.limits.memory", "StatefulSet"), to)] for to in (BEFORE, at_least("110Mi"))]))

# 748
scenario("probe-tool", "flux", plain("mirror", "acme/catalog:1.4.1", probes="readinessProbe:\n  httpGet: {path: /readyz, port: http}\n  periodSeconds: 3\nlivenessProbe:\n  exec:\n    command: [sh, -c, \"wget -qO- http://127.0.0.1:8080/healthz\"]\n  periodSeconds: 5\n  failureThreshold: 2\n"),
    ["Same health check everywhere", [D, '"wget -qO- http://127.0.0.1:8080/healthz"', '"curl -fsS http://127.0.0.1:8080/healthz"']],
    "the image has no curl: the liveness probe fails and the program is restarted over and over",
    expected=expect("liveness-probe command-not-found", *[[(main("mirror", "livenessProbe" + rest), BEFORE)] for rest in ("", ".exec.command", ".exec.command[2]")]))

# 749
n = here()
scenario("chart-probe-host", "argocd", helm(), ["Readiness through localhost, three instances", [V, "replicas: 2\n", "replicas: 3\nreadinessProbe:\n  httpGet:\n    host: localhost\n"]],
    "localhost is the node for the kubelet: nothing listens there; three replicas are wanted", **PROD,
    expected=expect("readiness-probe", [(c("Deployment", n, "shop", "readinessProbe.httpGet.host"), GONE)]))

# 750
scenario("import-memory", "flux", overlay("census", patch=strategic("census", "template:\n  spec:\n    initContainers:\n      - name: import\n        resources:\n          requests:\n            memory: 32Mi\n"), more=PATCHED,
        pod="initContainers:\n  - name: import\n    image: busybox:1.36\n    command: [sh, -c, \"echo imported\"]\n    resources:\n      requests: {cpu: 10m, memory: 16Mi}\n"),
    ["Room for the yearly import", [P, "memory: 32Mi", "memory: 64Gi"]],
    "the init container asks for 64Gi (meant: 64Mi), the node has 23", path="overlays/prod",
    expected=expect("unschedulable-resources", *[[(c("Deployment", "census", "import", "resources.requests.memory", init=True), to)] for to in (BEFORE, value("64Mi"))]))

# 751
AFFINITY = "affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms"
scenario("ocean-first", "flux", {"apps/ocean/deployment.yaml": deployment("ocean", "acme/catalog:1.4.1", pod="affinity:\n  nodeAffinity:\n    requiredDuringSchedulingIgnoredDuringExecution:\n      nodeSelectorTerms:\n        - matchExpressions:\n            - key: kubernetes.io/os\n              operator: In\n              values: [Linux]\n"),
        "apps/ocean/service.yaml": service("ocean"), "apps/tide/deployment.yaml": deployment("tide", "acme/worker:1.4.1", replicas=1, pod="nodeSelector:\n  kubernetes.io/os: linux\n")}, [],
    "the first release never worked: the label's value is linux, not Linux", path="apps", never_worked=True,
    expected=expect("unschedulable-placement", [(pod("Deployment", "ocean", AFFINITY + "[0].matchExpressions[0].values"), value(["linux"]))], [(pod("Deployment", "ocean", AFFINITY + "[0].matchExpressions[0].values[0]"), value("linux"))],
        [(pod("Deployment", "ocean", AFFINITY), value([{"matchExpressions": [{"key": "kubernetes.io/os", "operator": "In", "values": ["linux"]}]}]))]))

# 752
scenario("host-port-surge", "argocd", {D: deployment("timekeeper", "acme/worker:1.4.1", replicas=1, spec="strategy:\n  type: Recreate\n").replace("              containerPort: 8080\n", "              containerPort: 8080\n              hostPort: 18752\n"), S: service("timekeeper")},
    ["No downtime while releasing, worker 1.4.2", [D, "    type: Recreate\n", "    type: RollingUpdate\n    rollingUpdate: {maxSurge: 1, maxUnavailable: 0}\n"], [D, "worker:1.4.1", "worker:1.4.2"]],
    "the new pod needs the node's port 18752 that the old one holds until the new one is ready; the release is wanted",
    expected=expect("unschedulable-placement port-conflict", [("Deployment/timekeeper spec.strategy", BEFORE)], [("Deployment/timekeeper spec.strategy.type", BEFORE), ("Deployment/timekeeper spec.strategy.rollingUpdate", GONE)],
        [("Deployment/timekeeper spec.strategy.rollingUpdate.maxSurge", value(0)), ("Deployment/timekeeper spec.strategy.rollingUpdate.maxUnavailable", value(1))]))

# 753
VOLUME = "apiVersion: v1\nkind: PersistentVolume\nmetadata:\n  name: @NAME@-archive\nspec:\n  capacity: {storage: 1Gi}\n  accessModes: [ReadWriteOnce]\n  storageClassName: @NAME@-disk\n  hostPath: {path: /tmp/@NAME@-archive, type: DirectoryOrCreate}\n"
CLAIM = "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata:\n  name: archive-data\nspec:\n  accessModes: [ReadWriteOnce]\n  storageClassName: @NAME@-disk\n  resources:\n    requests:\n      storage: 1Gi\n"
FILES = overlay("archive", "acme/worker", replicas=1, patch=strategic("archive", "template:\n  spec:\n    containers:\n      - name: archive\n        env:\n          - {name: WRITE_FILE, value: /data/state}\n        volumeMounts:\n          - {name: data, mountPath: /data}\n    volumes:\n      - name: data\n        persistentVolumeClaim:\n          claimName: archive-data\n"), more=PATCHED)
scenario("claim-name", "flux", {**FILES, "overlays/prod/claim.yaml": CLAIM, K: FILES[K].replace("  - ../../base\n", "  - ../../base\n  - claim.yaml\n")},
    ["Worker 1.4.2, names per environment", [P, "claimName: archive-data", "claimName: archive-data-prod"], [K, "newTag: 1.4.1", "newTag: 1.4.2"]],
    "the claim is archive-data, the Deployment names archive-data-prod; the release is wanted", path="overlays/prod", given=VOLUME,
    expected=expect("volume-unbound", [(pod("Deployment", "archive", "volumes[name=data].persistentVolumeClaim.claimName"), BEFORE)]))

# 754
MOUNTS = [{"name": "config", "mountPath": "/etc/shop/app.conf", "subPath": "glossary.conf"}]
scenario("sub-path", "argocd", {**plain("glossary", env="env:\n  - {name: CONFIG_FILE, value: /etc/shop/app.conf}\n", container="volumeMounts:\n  - {name: config, mountPath: /etc/shop/app.conf, subPath: app.conf}\n", pod=CONFIG_VOLUME.format("glossary-config")),
     "deploy/config.yaml": configmap("glossary-config", **{"app.conf": "WORDS=900", "stop.conf": "the"})},
    ["One file name per service, checkout 1.4.2", ["deploy/config.yaml", "app.conf:", "glossary.conf:"], [D, "checkout:1.4.1", "checkout:1.4.2"]],
    "the ConfigMap's key is glossary.conf now, the mount's subPath still app.conf: a directory is mounted instead of the file; the release is wanted",
    expected=expect("volume-mount config-key-missing crash-on-start", [(main("glossary", "volumeMounts"), value(MOUNTS))], [(main("glossary", "volumeMounts[name=config].subPath"), value("glossary.conf"))],
        [(pod("Deployment", "glossary", "volumes[name=config].configMap.items"), value([{"key": "glossary.conf", "path": "app.conf"}]))],
        [('ConfigMap/glossary-config data["app.conf"]', BEFORE), ('ConfigMap/glossary-config data["glossary.conf"]', GONE)]))

# 755
scenario("selector-patch", "flux", overlay("museum", more=""),
    ["Send traffic to the stable track only, catalog 1.4.2", [K, "images:\n", "patches:\n  - target: {kind: Service, name: museum}\n    patch: |-\n      - op: add\n        path: /spec/selector/track\n        value: stable\nimages:\n"], [K, "newTag: 1.4.1", "newTag: 1.4.2"]],
    "no pod carries track=stable: the Service has no endpoints; the release is wanted", path="overlays/prod",
    expected=expect("service-no-endpoints", [("Service/museum spec.selector.track", GONE)], [("Deployment/museum spec.template.metadata.labels.track", value("stable"))]))

# 756
scenario("second-protocol", "argocd", {D: deployment("beacon", "acme/worker:1.4.1"), S: service("beacon") + "      protocol: TCP\n"},
    ["Take statsd packets as well", [S, "      protocol: TCP\n", "      protocol: UDP\n    - name: statsd\n      port: 8125\n      targetPort: statsd\n      protocol: UDP\n"], [D, "              containerPort: 8080\n", "              containerPort: 8080\n            - name: statsd\n              containerPort: 8125\n              protocol: UDP\n"]],
    "the Service's port http is UDP now, the container's is TCP: it leads nowhere; the port statsd is wanted",
    expected=expect("service-port", *[[("Service/beacon spec.ports[name=http].protocol", to)] for to in (BEFORE, GONE)]))

# 757
INGRESS = "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: bakery\nspec:\n  rules:\n    - host: bakery.example\n      http:\n        paths:\n          - path: /\n            pathType: Prefix\n            backend:\n              service:\n                name: bakery\n                port:\n                  name: http\n          - path: /api\n            pathType: Prefix\n            backend:\n              service:\n                name: bakery-api\n                port:\n                  name: http\n"
scenario("ingress-name", "flux", {"deploy/web.yaml": deployment("bakery", "acme/checkout:1.4.1") + "---\n" + service("bakery"), "deploy/api.yaml": deployment("bakery-api", "acme/catalog:1.4.1", replicas=1) + "---\n" + service("bakery-api"), "deploy/ingress.yaml": INGRESS},
    ["Services say what they serve", ["deploy/web.yaml", "kind: Service\nmetadata:\n  name: bakery\n", "kind: Service\nmetadata:\n  name: bakery-web\n"]],
    "the Service is bakery-web now, the Ingress still sends / to bakery",
    expected=expect("ingress-backend", [("Ingress/bakery spec.rules[0].http.paths[0].backend.service.name", value("bakery-web"))], [("Service/bakery metadata.name", BEFORE), ("Service/bakery-web metadata.name", GONE)]))

# 758
scenario("spool-root", "flux", overlay("parcel", patch=strategic("parcel", "template:\n  spec:\n    containers:\n      - name: parcel\n        resources:\n          limits:\n            memory: 128Mi\n"), more=PATCHED, pod="securityContext:\n  runAsNonRoot: true\n  runAsUser: 1000\n  runAsGroup: 1000\n"),
    ["Write the spool as root, more memory", [P, "            limits:\n              memory: 128Mi\n", "            limits:\n              memory: 160Mi\n          securityContext:\n            runAsUser: 0\n"]],
    "the base demands runAsNonRoot, the patch sets user 0: the kubelet refuses; the memory is wanted", path="overlays/prod",
    expected=expect("run-as-root-image", [(main("parcel", "securityContext"), GONE)], [(main("parcel", "securityContext.runAsUser"), GONE)], [(main("parcel", "securityContext.runAsUser"), value(1000))]))

# 759
JOB = "apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: seed\n  annotations:\n    kustomize.toolkit.fluxcd.io/force: enabled\nspec:\n  backoffLimit: 1\n  activeDeadlineSeconds: 60\n  template:\n    spec:\n      restartPolicy: Never\n      containers:\n        - name: seed\n          image: busybox:1.36\n          command: [sh, -c, \"for part in 1 2 3 4 5 6; do echo \\\"part $part of 6\\\"; sleep 2; done; echo seeded\"]\n"
scenario("seed-deadline", "flux", {"deploy/seed.yaml": JOB, **plain("nursery", "acme/catalog:1.4.1")},
    ["busybox 1.37, give up sooner", ["deploy/seed.yaml", "activeDeadlineSeconds: 60", "activeDeadlineSeconds: 6"], ["deploy/seed.yaml", "busybox:1.36", "busybox:1.37"]],
    "the job needs 12 seconds and may take 6; the new busybox is wanted", expected=expect("job-failed", *[[("Job/seed spec.activeDeadlineSeconds", to)] for to in (BEFORE, at_least("14"), GONE)]))

# 760
CRON = "apiVersion: batch/v1\nkind: CronJob\nmetadata:\n  name: bulletin\nspec:\n  schedule: \"0 5 * * *\"\n  concurrencyPolicy: Forbid\n  jobTemplate:\n    spec:\n      backoffLimit: 1\n      template:\n        spec:\n          restartPolicy: Never\n          containers:\n            - name: bulletin\n              image: acme/worker\n              args: [migrate]\n              env:\n                - {name: DATABASE_URL, value: postgres://bulletin@db.internal/bulletin}\n"
scenario("time-zone", "argocd", {"base/cronjob.yaml": CRON, "base/web.yaml": deployment("bulletin-web", "acme/catalog", replicas=1), "base/kustomization.yaml": kustomization("cronjob.yaml", "web.yaml"),
        K: kustomization("../../base", more="images:\n  - name: acme/worker\n    newTag: 1.4.1\n  - name: acme/catalog\n    newTag: 1.4.1\npatches:\n  - path: patch.yaml\n"), P: "apiVersion: batch/v1\nkind: CronJob\nmetadata:\n  name: bulletin\nspec:\n  schedule: \"0 6 * * 1-5\"\n"},
    ["Bulletin at half past six in New York", [P, '  schedule: "0 6 * * 1-5"\n', '  schedule: "30 6 * * 1-5"\n  timeZone: America/New York\n']],
    "the time zone is called America/New_York; the schedule is wanted", path="overlays/prod",
    expected=expect("cron-invalid invalid-manifest", *[[("CronJob/bulletin spec.timeZone", to)] for to in (value("America/New_York"), GONE)]))

# 761
scenario("recreate-merge", "flux", overlay("printer", "acme/payments", spec="strategy:\n  type: RollingUpdate\n  rollingUpdate:\n    maxSurge: 1\n    maxUnavailable: 0\n", patch=strategic("printer", "template:\n  spec:\n    terminationGracePeriodSeconds: 5\n"), more=PATCHED),
    ["Never two printers at once, payments 1.4.2", [P, "spec:\n  template:\n", "spec:\n  strategy:\n    type: Recreate\n  template:\n"], [K, "newTag: 1.4.1", "newTag: 1.4.2"]],
    "the base's rollingUpdate is merged with type Recreate, which forbids it; the release is wanted", path="overlays/prod",
    expected=expect("invalid-manifest", [("Deployment/printer spec.strategy.rollingUpdate", GONE)], [("Deployment/printer spec.strategy", BEFORE)], [("Deployment/printer spec.strategy.type", BEFORE)]))

# 762
n = here()
scenario("values-dotted", "argocd", helm(), ["Flat values, three instances", [V, "image:\n  tag: 1.4.1\nreplicas: 2\n", "image.tag: 1.4.1\nreplicas: 3\n"]],
    "a key with a dot is no path in a values file: image.tag is not set any more; three replicas are wanted", **PROD,
    expected=expect("helm-failed render-failed", [], keep=[(f"Deployment/{n} spec.replicas", value(3))]))

# 763
WATCH = "- name: watch-rates\n  image: busybox:1.36\n  envFrom:\n    - configMapRef:\n        name: quotes-settings\n  command:\n    - sh\n    - -c\n    - |\n      misses=0\n      while [ $misses -lt 3 ]; do\n        if printf 'GET / HTTP/1.0\\r\\n\\r\\n' | timeout 4 nc -w 3 ${RATES_ADDRESS%:*} ${RATES_ADDRESS#*:} | grep -q cached; then misses=0; sleep 4; else misses=$((misses + 1)); echo \"rates at $RATES_ADDRESS: no answer\"; sleep 1; fi\n      done\n      echo \"rates does not answer at $RATES_ADDRESS\"; exit 1\n  " + SIDE
scenario("rates-address", "argocd",
    {"rates/deployment.yaml": deployment("rates", "acme/catalog:1.4.1", replicas=1), "rates/service.yaml": service("rates").replace("spec:\n", "spec:\n  clusterIP: 10.96.0.177\n"),
     "quotes/deployment.yaml": deployment("quotes", "acme/checkout:1.4.1", replicas=1, deadline=90, sidecars=WATCH), "quotes/service.yaml": service("quotes"), "quotes/settings.yaml": configmap("quotes-settings", RATES_ADDRESS="10.96.0.177:80", MARGIN="2")},
    ["Rates API v2 at its own address, checkout 1.4.2", ["rates/service.yaml", "  name: rates\nspec:\n  clusterIP: 10.96.0.177\n", "  name: rates-v2\nspec:\n  clusterIP: 10.96.0.187\n"], ["quotes/deployment.yaml", "checkout:1.4.1", "checkout:1.4.2"]],
    "the Service of rates has another name and cluster address, quotes still asks the old one; v2's address and the release are wanted", path=".", source={"directory": {"recurse": True}},
    expected=expect("dependency-address crash-on-start", [("ConfigMap/quotes-settings data.RATES_ADDRESS", value("10.96.0.187:80"))],
        [("Service/rates metadata.name", BEFORE), ("Service/rates-v2 metadata.name", GONE)]))

# ---- for people
# 764
TENANT = [{"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "@NAME@", "namespace": "flux-system"}},
    {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role", "metadata": {"name": "tenant", "namespace": "@NAME@"}, "rules": [{"apiGroups": ["apps"], "resources": ["deployments", "replicasets"], "verbs": ["*"]}, {"apiGroups": [""], "resources": ["services", "configmaps", "pods", "events"], "verbs": ["*"]}]},
    {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding", "metadata": {"name": "tenant", "namespace": "@NAME@"}, "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "tenant"}, "subjects": [{"kind": "ServiceAccount", "name": "@NAME@", "namespace": "flux-system"}]}]
scenario("tenant-role", "flux", plain("bazaar"), ["Nightly clean-up, checkout 1.4.2", ["deploy/cleanup.yaml", None, CRON.replace("bulletin", "cleanup").replace("image: acme/worker\n", "image: acme/worker:1.4.1\n")], [D, "checkout:1.4.1", "checkout:1.4.2"]],
    "the team's account may not create CronJobs: the platform's people must allow it", HUMAN, spec={"serviceAccountName": "@NAME@"}, extra=TENANT, expected=expect("rbac-forbidden"))

# 765
scenario("secret-deleted", "argocd", plain("rental", "acme/payments:1.4.1", env="env:\n  - name: DATABASE_URL\n    valueFrom:\n      secretKeyRef: {name: rental-db, key: url}\n"),
    ["Payments 1.4.2", [D, "payments:1.4.1", "payments:1.4.2"]], "somebody deleted the Secret, which is kept by hand: people must put it back; the release is innocent", HUMAN,
    given="apiVersion: v1\nkind: Secret\nmetadata:\n  name: rental-db\nstringData:\n  url: postgres://rental@db.internal/rental\n", then=[[-3, "kubectl -n $NAMESPACE delete secret rental-db"]], expected=expect("secret-missing"))

# 766
POLICY = """kubectl apply -f - <<END
{"apiVersion": "v1", "kind": "List", "items": [
 {"apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingAdmissionPolicy", "metadata": {"name": "cost-center-$NAMESPACE"}, "spec": {"failurePolicy": "Fail", "matchConstraints": {"resourceRules": [{"apiGroups": ["apps"], "apiVersions": ["v1"], "operations": ["CREATE", "UPDATE"], "resources": ["deployments"]}]},
  "validations": [{"expression": "has(object.metadata.labels) && 'finance.acme.dev/cost-center' in object.metadata.labels", "message": "every Deployment must carry the label finance.acme.dev/cost-center with a number that finance has issued"}]}},
 {"apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingAdmissionPolicyBinding", "metadata": {"name": "cost-center-$NAMESPACE"}, "spec": {"policyName": "cost-center-$NAMESPACE", "validationActions": ["Deny"], "matchResources": {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "$NAMESPACE"}}}}}]}
END
sleep 8"""
scenario("cost-center", "argocd", plain("theater"), ["Checkout 1.4.2, three instances", [D, "checkout:1.4.1", "checkout:1.4.2"], [D, "replicas: 2", "replicas: 3"]],
    "a new policy of the cluster asks for a label whose value only finance knows", HUMAN, then=[[-3, POLICY]], expected=expect("invalid-manifest node"))

# 767
scenario("platform-settings", "flux", overlay("orchard", env="envFrom:\n  - configMapRef:\n      name: platform-settings\n"), ["Catalog 1.4.2", [K, "newTag: 1.4.1", "newTag: 1.4.2"]],
    "somebody put a word into CACHE_MB of the platform's ConfigMap, which is not in git: people must mend it there; the release is innocent", HUMAN, path="overlays/prod",
    given=configmap("platform-settings", CACHE_MB="8", REGION="eu-west-1"), then=[[-3, "kubectl -n $NAMESPACE patch configmap platform-settings --type merge -p '{\"data\":{\"CACHE_MB\":\"auto\"}}'"]], expected=expect("crash-on-start"))

# ---- nothing to do
# 768
scenario("export-paused", "argocd", {"deploy/export.yaml": CRON.replace("bulletin", "export").replace("image: acme/worker\n", "image: acme/worker:1.4.1\n").replace("0 5 * * *", "*/2 * * * *"), **plain("export-web", "acme/catalog:1.4.1", replicas=1)},
    ["No exports during the audit, worker 1.4.2", ["deploy/export.yaml", "  concurrencyPolicy: Forbid\n", "  suspend: true\n  concurrencyPolicy: Forbid\n"], ["deploy/export.yaml", "worker:1.4.1", "worker:1.4.2"]],
    "the CronJob is suspended on purpose", NONE, expected=expect("replicas-zero suspended healthy"))

# 769
scenario("closed-season", "flux", {"base/web.yaml": deployment("chalet", "acme/checkout", replicas=1) + "---\n" + service("chalet"), "base/booking.yaml": deployment("chalet-booking", "acme/worker", replicas=1) + "---\n" + service("chalet-booking"), "base/kustomization.yaml": kustomization("web.yaml", "booking.yaml"),
        K: kustomization("../../base", more="images:\n  - name: acme/checkout\n    newTag: 1.4.1\n  - name: acme/worker\n    newTag: 1.4.1\nreplicas:\n  - name: chalet\n    count: 2\n  - name: chalet-booking\n    count: 2\n")},
    ["No bookings until December", [K, "  - name: chalet-booking\n    count: 2\n", "  - name: chalet-booking\n    count: 0\n"]], "chalet-booking is scaled to zero on purpose: its Service has no endpoints", NONE, path="overlays/prod", expected=expect("replicas-zero suspended healthy"))

# 770
scenario("careful-rollout", "argocd", plain("clinic", "acme/catalog:1.4.1", replicas=3, deadline=150, container="startupProbe:\n  httpGet: {path: /healthz, port: http}\n  periodSeconds: 3\n  failureThreshold: 20\n", env='env:\n  - {name: START_SECONDS, value: "1"}\n'),
    ["Warm caches and a careful rollout, catalog 1.4.2", [D, 'value: "1"', 'value: "15"'], [D, "  replicas: 3\n", "  replicas: 3\n  minReadySeconds: 20\n"], [D, "catalog:1.4.1", "catalog:1.4.2"]],
    "one instance after the other starts slowly and is watched for 20 seconds: it takes minutes and ends well", NONE, expected=expect("healthy recovering"))

# 771
STORE = "initContainers:\n  - name: wait-for-store\n    image: busybox:1.36\n    env:\n      - name: STORE\n        value: $(STAMPS_STORE_SERVICE_HOST)\n    command: [sh, -c, \"nc -w 2 $STORE 80 -e /bin/true || { echo \\\"stamps-store does not answer yet\\\"; exit 1; }\"]\n"
scenario("store-first", "flux", plain("stamps"),
    ["Stamps with a store and a worker", ["deploy/store.yaml", None, deployment("stamps-store", "acme/catalog:1.4.1", replicas=1, deadline=200, probes=PROBES.replace("periodSeconds: 5\n", "periodSeconds: 5\n  initialDelaySeconds: 50\n"), env='env:\n  - {name: START_SECONDS, value: "40"}\n') + "---\n" + service("stamps-store")],
        ["deploy/worker.yaml", None, deployment("stamps-worker", "acme/worker:1.4.1", replicas=1, deadline=200, pod=STORE)]],
    "the worker waits for the store, which takes 40 seconds to start: its init container fails some times, then all is well", NONE, expected=expect("healthy recovering"))
