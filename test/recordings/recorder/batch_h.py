"""The batch shop-800 and on: everyday incidents of platform teams, written by somebody who knew neither the playbook nor the cases of the batches before.

Before it is played: images.sh; api-door.py at 10.99.0.1:8002; registries.py with a STATE folder whose file `password` holds `s3cret-pull`, and below
$CLUSTER_HOME/registry-hosts private.acme.example/hosts.toml for 127.0.0.1:5098 and harbor.amce.example/hosts.toml with nothing but `server = "https://harbor.amce.example"`. Volumes, the ingress class and the webhook are the cluster's: `kubectl delete pv,ingressclass,mutatingwebhookconfiguration`
of the scenario's name before one is played again.
"""
import pathlib, runpy, textwrap
globals().update(runpy.run_path(str(pathlib.Path(__file__).parent / "kit.py")))
PROGRAMS.update({
    "rails": ("acme/backoffice:7.2.0", 3000, "/up", "/up", {"SECRET_KEY_BASE": "only-for-tests"}),
    "django": ("acme/billing:2.8.0", 8000, "/health", "/ready", {"SECRET_KEY": "only-for-tests"}),
    "aspnet": ("acme/shipments:9.0.1", 8080, "/health/live", "/health/ready", {"Carrier__BaseUrl": "https://carrier.example/v1"}),
    "zap": ("acme/inventory:1.9", 8080, "/livez", "/readyz", {}),
})
SCENARIOS, scenario = batch(800)
K = "overlays/prod/kustomization.yaml"


def shop(name, image="acme/checkout:1.4.1", kind="Deployment", replicas=1, labels=None, spec=None, pod=None, deadline=60, box=None, **more):
    """A workload of the acme program, its container called `box` or like the workload."""
    return workload(kind, name, container(box or name, "shop", image=image, **more), replicas=replicas, labels=labels, spec=spec, pod=pod, deadline=deadline)


def of(kind, name, rest, box=None):
    return c(kind, name, box or name, rest)


def component(**more):
    return dump({"apiVersion": "kustomize.config.k8s.io/v1alpha1", "kind": "Component", **more}, indented=True)


# A chart for all services of a company: one folder of values a service and an environment.
SERVICE_CHART = {
    "charts/service/Chart.yaml": "apiVersion: v2\nname: service\ndescription: One HTTP service, the way we run them\ntype: application\nversion: 2.3.0\n",
    "charts/service/values.yaml": text("""
        # Defaults for every service. Environments override them in services/<name>/<environment>.yaml
        image:
          repository: ""
          tag: ""
          pullPolicy: IfNotPresent
        replicas: 1
        port: 8080
        args: []
        env: {}
        extraEnv: []
        secretName: ""
        readinessPath: /readyz
        livenessPath: /healthz
        service:
          port: 80
          targetPort: http
        resources:
          requests:
            cpu: 10m
            memory: 24Mi
          limits:
            memory: 96Mi
        """),
    "charts/service/templates/_helpers.tpl": text("""
        {{- define "service.name" -}}
        {{ .Values.nameOverride | default .Release.Name | trunc 63 | trimSuffix "-" }}
        {{- end }}

        {{- define "service.selector" -}}
        app.kubernetes.io/name: {{ include "service.name" . }}
        {{- end }}

        {{- define "service.labels" -}}
        {{ include "service.selector" . }}
        app.kubernetes.io/managed-by: {{ .Release.Service }}
        {{- end }}
        """),
    "charts/service/templates/deployment.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: {{ include "service.name" . }}
          labels:
            {{- include "service.labels" . | nindent 4 }}
        spec:
          replicas: {{ .Values.replicas }}
          progressDeadlineSeconds: 75
          selector:
            matchLabels:
              {{- include "service.selector" . | nindent 6 }}
          template:
            metadata:
              labels:
                {{- include "service.labels" . | nindent 8 }}
            spec:
              containers:
                - name: app
                  image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
                  imagePullPolicy: {{ .Values.image.pullPolicy }}
                  {{- with .Values.args }}
                  args:
                    {{- toYaml . | nindent 12 }}
                  {{- end }}
                  env:
                    {{- range $name, $value := .Values.env }}
                    - name: {{ $name }}
                      value: {{ $value | quote }}
                    {{- end }}
                    {{- with .Values.extraEnv }}
                    {{- toYaml . | nindent 12 }}
                    {{- end }}
                  {{- with .Values.secretName }}
                  envFrom:
                    - secretRef:
                        name: {{ . }}
                  {{- end }}
                  ports:
                    - name: http
                      containerPort: {{ .Values.port }}
                  livenessProbe:
                    httpGet:
                      path: {{ .Values.livenessPath }}
                      port: http
                    initialDelaySeconds: 8
                  readinessProbe:
                    httpGet:
                      path: {{ .Values.readinessPath }}
                      port: http
                    periodSeconds: 5
                  resources:
                    {{- toYaml .Values.resources | nindent 12 }}
        """),
    "charts/service/templates/service.yaml": text("""
        apiVersion: v1
        kind: Service
        metadata:
          name: {{ include "service.name" . }}
          labels:
            {{- include "service.labels" . | nindent 4 }}
        spec:
          selector:
            {{- include "service.selector" . | nindent 4 }}
          ports:
            - name: http
              port: {{ .Values.service.port }}
              targetPort: {{ .Values.service.targetPort }}
        """),
}


def in_prod(name, **files):
    """An Argo CD source of the service chart with the values of one service in prod."""
    return {"path": "charts/service", "source": {"helm": {"releaseName": name, "valueFiles": [f"../../services/{name}/common.yaml", f"../../services/{name}/prod.yaml"]}}}


def release(name, values, chart="charts/service", timeout="60s", more=""):
    return text(f"""
        apiVersion: helm.toolkit.fluxcd.io/v2
        kind: HelmRelease
        metadata:
          name: {name}
        spec:
          interval: 1m
          timeout: {timeout}
          releaseName: {name}
          chart:
            spec:
              chart: ./{chart}
              reconcileStrategy: Revision
              sourceRef:
                kind: GitRepository
                name: "@NAME@"
                namespace: flux-system
        """) + textwrap.indent(text(more), "  ") + "  values:\n" + textwrap.indent(text(values), "    ")


def app(name, box="app", rest=""):
    return c("Deployment", name, box, rest)


# ---- 800: Helm, values per environment
scenario("fares-release", "argocd",
    {**SERVICE_CHART, "services/fares/common.yaml": "image:\n  repository: acme/payments\nenv:\n  CURRENCY: EUR\n", "services/fares/staging.yaml": "image:\n  tag: 1.4.2\nreplicas: 1\n",
     "services/fares/prod.yaml": "image:\n  tag: 1.4.1\nreplicas: 1\nenv:\n  QUOTE_TIMEOUT: 2s\n"},
    ["fares 1.4.2 to prod, with the longer timeout the airlines asked for", ["services/fares/prod.yaml", "tag: 1.4.1", "tag: v1.4.2"], ["services/fares/prod.yaml", "replicas: 2", "replicas: 3"], ["services/fares/prod.yaml", "QUOTE_TIMEOUT: 2s", "QUOTE_TIMEOUT: 3s"]],
    earlier=[{"subject": "fares: a second instance in prod", "edit": [["services/fares/prod.yaml", "replicas: 1", "replicas: 2"]]}], cause="the git tag is v1.4.2, the image's is 1.4.2 (as in staging); replicas and timeout are wanted", **in_prod("fares"),
    expected=expect("image-not-found", [(app("fares", rest="image"), value("acme/payments:1.4.2"))], [(app("fares", rest="image"), BEFORE)]))

# ---- 801: a component that knows only Deployments
PULL = dump({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "harbor-robot"}, "type": "kubernetes.io/dockerconfigjson", "stringData": {".dockerconfigjson": '{"auths":{"private.acme.example":{"username":"robot","password":"s3cret-pull"}}}'}})
settler = dump(shop("settler", "private.acme.example/acme/worker", imagePullPolicy="Always"))
scenario("settler-ordinals", "argocd",
    {"base/api.yaml": dump(shop("clearing", "private.acme.example/acme/payments", imagePullPolicy="Always"), service("clearing")), "base/settler.yaml": settler, "base/kustomization.yaml": kustomization("api.yaml", "settler.yaml"),
     "components/private-registry/kustomization.yaml": component(patches=[{"target": {"kind": "Deployment"}, "patch": Text("- op: add\n  path: /spec/template/spec/imagePullSecrets\n  value:\n    - name: harbor-robot\n")}]),
     K: kustomization("../../base", components=["../../components/private-registry"], images=[{"name": f"private.acme.example/acme/{i}", "newTag": "1.4.1"} for i in ("payments", "worker")])},
    ["settler as a StatefulSet: it needs its ordinal for the partitions; 1.4.2", ["base/settler.yaml", settler, dump(shop("settler", "private.acme.example/acme/worker", kind="StatefulSet", imagePullPolicy="Always", env={"PARTITIONS": "4"}), service("settler", clusterIP="None"))],
        [K, "newTag: 1.4.1", "newTag: 1.4.2"]],
    "the component gives pull secrets to Deployments only, the StatefulSet has none: 401; the StatefulSet, its variable and the release are wanted", path="overlays/prod", given=PULL,
    expected=expect("image-unauthorized", [(pod("StatefulSet", "settler", "imagePullSecrets"), value([{"name": "harbor-robot"}]))]))

# ---- 802: nginx in a generated ConfigMap
PROXY = text("""
    server {
      listen 8080;
      server_name _;
      gzip on;
      location /healthz {
        return 200;
      }
      location / {
        proxy_pass http://10.20.0.5:8000;
        proxy_set_header Host $host;
      }
    }
    """)
WRONG = PROXY.replace("    proxy_set_header Host $host;\n  }\n", "    proxy_set_header Host $host;\n    proxy_read_timeout 20s;\n  }\n  location /checkin {\n    proxy_pass http://10.20.0.6:8000;\n    proxy_set_header Host $host;\n    proxy_read_timout 45s;\n  }\n")
edge = workload("Deployment", "gatehouse", container("nginx", "nginx", port=8080, volumeMounts=[{"name": "conf", "mountPath": "/etc/nginx/conf.d"}]), replicas=2, deadline=60, pod={"volumes": [{"name": "conf", "configMap": {"name": "gatehouse-conf"}}]})
WHOLE = 'ConfigMap/gatehouse-conf-# data["default.conf"]'
scenario("gatehouse-checkin", "flux",
    {"base/deployment.yaml": dump(edge), "base/service.yaml": dump(service("gatehouse")), "base/conf.d/default.conf": PROXY, "base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml", configMapGenerator=[{"name": "gatehouse-conf", "files": ["conf.d/default.conf"]}]),
     K: kustomization("../../base", images=[{"name": "acme/edge", "newTag": "1.27.2"}])},
    [{"subject": "gatehouse: /checkin has a backend of its own, 1.27.3 (#471)", "edit": [["base/conf.d/default.conf", PROXY, WRONG], [K, "newTag: 1.27.2", "newTag: 1.27.3"]]},
     {"subject": "gatehouse: on-call rota", "edit": [["README.md", "# Delivery\n", "# Delivery\n\nOn call: #team-edge\n"]], "wait": 10}],
    "proxy_read_timout is misspelt in the new location; location, timeouts and release are wanted; a README commit on top", path="overlays/prod",
    expected=expect("crash-on-start", [(WHOLE, value(WRONG.replace("timout", "timeout")))], [(WHOLE, value(WRONG.replace("    proxy_read_timout 45s;\n", "")))], [(WHOLE, BEFORE)]))

# ---- 803: images through a registry of our own, in HelmReleases
scenario("harbor-move", "flux",
    {**SERVICE_CHART, "releases/billing.yaml": release("billing", """
        image:
          repository: acme/billing
          tag: 2.8.0
        replicas: 1
        port: 8000
        livenessPath: /health
        readinessPath: /ready
        env:
          DATABASE_HOST: 10.20.0.5
          SECRET_KEY: only-for-tests
        """), "releases/portal.yaml": release("portal", """
        image:
          repository: acme/portal
          tag: 2.0.0
        port: 4000
        livenessPath: /health
        readinessPath: /health
        env:
          SESSION_STORE: memory
        """), "releases/kustomization.yaml": kustomization("billing.yaml", "portal.yaml")},
    ["prod: images come from Harbor, billing 2.8.1 with two instances", ["releases/billing.yaml", "repository: acme/billing", "repository: harbor.amce.example/acme/billing"], ["releases/billing.yaml", "tag: 2.8.0", "tag: 2.8.1"], ["releases/billing.yaml", "replicas: 1", "replicas: 2"],
        ["releases/portal.yaml", "repository: acme/portal", "repository: harbor.acme.example/acme/portal"]],
    "the registry is harbor.acme.example, as portal has it; the move, replicas and release are wanted", path="releases",
    expected=expect("image-registry image-not-found", *[[(app("billing", rest="image"), value(f"{registry}acme/billing:2.8.1"))] for registry in ("harbor.acme.example/", "")], [(app("billing", rest="image"), BEFORE)]))

# ---- 804: a chart whose CronJob was forgotten
LOYALTY = {
    "chart/Chart.yaml": "apiVersion: v2\nname: loyalty\ntype: application\nversion: 0.6.2\n",
    "chart/values.yaml": "image: acme/payments\ntag: 1.4.1\nconfig:\n  DATABASE_URL: postgres://loyalty@10.20.0.5/loyalty\n  POINTS_PER_EURO: \"2\"\nexpire:\n  schedule: \"* * * * *\"\n",
    "chart/templates/configmap.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}-config\ndata:\n  {{- range $key, $value := .Values.config }}\n  {{ $key }}: {{ $value | quote }}\n  {{- end }}\n",
    "chart/templates/deployment.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: {{ .Release.Name }}
        spec:
          replicas: 1
          progressDeadlineSeconds: 60
          selector:
            matchLabels: {app: {{ .Release.Name }}}
          template:
            metadata:
              labels: {app: {{ .Release.Name }}}
            spec:
              containers:
                - name: loyalty
                  image: {{ .Values.image }}:{{ .Values.tag }}
                  envFrom:
                    - configMapRef:
                        name: {{ .Release.Name }}-config
                  ports:
                    - {name: http, containerPort: 8080}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 5
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 96Mi}
        """),
    "chart/templates/expire.yaml": text("""
        apiVersion: batch/v1
        kind: CronJob
        metadata:
          name: {{ .Release.Name }}-expire
        spec:
          schedule: {{ .Values.expire.schedule | quote }}
          concurrencyPolicy: Forbid
          jobTemplate:
            spec:
              backoffLimit: 1
              template:
                spec:
                  restartPolicy: Never
                  containers:
                    - name: expire
                      image: {{ .Values.image }}:{{ .Values.tag }}
                      args: [migrate]
                      envFrom:
                        - configMapRef:
                            name: {{ .Release.Name }}-config
                      resources:
                        requests: {cpu: 10m, memory: 24Mi}
                        limits: {memory: 64Mi}
        """),
    "chart/templates/service.yaml": "apiVersion: v1\nkind: Service\nmetadata:\n  name: {{ .Release.Name }}\nspec:\n  selector: {app: {{ .Release.Name }}}\n  ports:\n    - {name: http, port: 80, targetPort: http}\n",
    "env/prod/values.yaml": "tag: 1.4.1\nconfig:\n  POINTS_PER_EURO: \"3\"\n",
}
scenario("loyalty-names", "argocd", LOYALTY,
    ["Chart 0.7.0: names as in the other charts, loyalty 1.4.2", ["chart/Chart.yaml", "0.6.2", "0.7.0"], ["chart/templates/configmap.yaml", "{{ .Release.Name }}-config", "{{ .Release.Name }}-settings"], ["chart/templates/deployment.yaml", "{{ .Release.Name }}-config", "{{ .Release.Name }}-settings"],
        ["env/prod/values.yaml", "tag: 1.4.1", "tag: 1.4.2"]],
    "the ConfigMap is loyalty-settings now, the CronJob still wants loyalty-config; names and release are wanted", path="chart", source={"helm": {"releaseName": "loyalty", "valueFiles": ["../env/prod/values.yaml"]}},
    expected=expect("config-missing", [(c("CronJob", "loyalty-expire", "expire", "envFrom[0].configMapRef.name"), value("loyalty-settings"))]))

# ---- 805: a first release
hold = {"configMapKeyRef": {"name": "gates-settings", "key": "gate-hold-minutes"}}
scenario("gates-first", "flux",
    {"base/api/deployment.yaml": dump(shop("gates", "acme/catalog", env={"GATE_HOLD_MINUTES": hold})), "base/api/service.yaml": dump(service("gates")), "base/api/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
     "base/worker/deployment.yaml": dump(shop("gates-worker", "acme/worker", env={"HOLD": {"configMapKeyRef": {"name": "gates-settings", "key": "GATE_HOLD_MINUTES"}}})), "base/worker/kustomization.yaml": kustomization("deployment.yaml"),
     "base/kustomization.yaml": kustomization("api", "worker"), "overlays/prod/settings.env": "GATE_HOLD_MINUTES=15\nTERMINAL=2\n",
     K: kustomization("../../base", configMapGenerator=[{"name": "gates-settings", "envs": ["settings.env"]}], images=[{"name": "acme/catalog", "newTag": "1.4.1"}, {"name": "acme/worker", "newTag": "1.4.1"}])}, [],
    "the first release never worked: the generated ConfigMap's key is GATE_HOLD_MINUTES, the api asks for gate-hold-minutes", path="overlays/prod", never_worked=True,
    expected=expect("config-key-missing", [(of("Deployment", "gates", "env[name=GATE_HOLD_MINUTES].valueFrom.configMapKeyRef.key"), value("GATE_HOLD_MINUTES"))]))

# ---- 806: limits left to the platform
def sized(name, image, memory, **more):
    return dump(shop(name, image, limits=memory, **more), service(name))


scenario("seatmap-defaults", "flux",
    {"apps/seatmap.yaml": sized("seatmap", "acme/catalog:1.4.1", "160Mi", env={"CACHE_MB": "80"}), "apps/menu.yaml": sized("menu", "acme/catalog:1.4.1", "72Mi"), "apps/upgrades.yaml": sized("upgrades", "acme/payments:1.4.1", "80Mi"),
     "platform/limits.yaml": dump({"apiVersion": "v1", "kind": "LimitRange", "metadata": {"name": "defaults"}, "spec": {"limits": [{"type": "Container", "default": {"memory": "64Mi"}, "defaultRequest": {"cpu": "10m", "memory": "24Mi"}}]}}),
     "kustomization.yaml": kustomization("apps/seatmap.yaml", "apps/menu.yaml", "apps/upgrades.yaml", "platform/limits.yaml")},
    ["RFC 12: no limits of our own, the platform's defaults are good enough", *[[f"apps/{name}.yaml", f"          limits:\n            memory: {memory}\n", ""] for name, memory in (("seatmap", "160Mi"), ("menu", "88Mi"), ("upgrades", "80Mi"))],
        ["apps/upgrades.yaml", "payments:1.4.1", "payments:1.4.2"]],
    earlier=[{"subject": "menu: more room while the season changes", "edit": [["apps/menu.yaml", "memory: 72Mi", "memory: 88Mi"]]}], cause="the default limit of 64Mi is too little for seatmap's 80 MB of cache; the others may do without limits; the release is wanted", path=".",
    expected=expect("out-of-memory", [(of("Deployment", "seatmap", "resources.limits"), BEFORE)], [(of("Deployment", "seatmap", "resources.limits.memory"), at_least("96Mi"))],
                    [(of("Deployment", "seatmap", "resources.limits.memory"), at_least("96Mi")), (of("Deployment", "seatmap", "resources.requests.memory"), ANY)]))

# ---- 807: a probe that is a command
def wget(port):
    return ["wget", "-q", "-O-", f"http://127.0.0.1:{port}/healthz"]


belts = shop("belts", "acme/worker:1.4.1", kind="StatefulSet", replicas=2, env={"PORT": "8080", "BELTS": "12"}, live={"exec": {"command": wget(8080)}, "initialDelaySeconds": 5, "periodSeconds": 5, "failureThreshold": 2, "timeoutSeconds": 3})
scenario("belts-port", "argocd", {"deploy/belts.yaml": dump(belts), "deploy/service.yaml": dump(service("belts"), {**service("belts"), "metadata": {"name": "belts-peers"}, "spec": {**service("belts")["spec"], "clusterIP": "None"}})},
    ["belts: 8080 belongs to the mesh, listen on 8090; worker 1.4.2, fourteen belts", ["deploy/belts.yaml", "value: '8080'", "value: '8090'"], ["deploy/belts.yaml", "containerPort: 8080", "containerPort: 8090"], ["deploy/belts.yaml", "value: '12'", "value: '14'"], ["deploy/belts.yaml", "worker:1.4.1", "worker:1.4.2"]],
    "the liveness command still asks port 8080; port, belts and release are wanted",
    expected=expect("liveness-probe", [(of("StatefulSet", "belts", "livenessProbe.exec.command[3]"), value(wget(8090)[3]))]))

# ---- 808: keys of a chart renamed, one environment half migrated
D, V = "charts/service/templates/deployment.yaml", "charts/service/values.yaml"
scenario("shipments-keys", "argocd",
    {**SERVICE_CHART, "services/shipments/common.yaml": "image:\n  repository: acme/shipments\nenv:\n  Carrier__BaseUrl: https://carrier.example/v1\n",
     "services/shipments/staging.yaml": "image:\n  tag: 9.0.1\nlivenessPath: /health/live\nreadinessPath: /health/ready\n", "services/shipments/prod.yaml": "image:\n  tag: 9.0.1\nreplicas: 2\nlivenessPath: /health/live\nreadinessPath: /health/ready\n"},
    ["Chart 3.0.0: probes.* instead of loose keys; shipments 9.0.2", ["charts/service/Chart.yaml", "2.3.0", "3.0.0"], [V, "readinessPath: /readyz\nlivenessPath: /healthz\n", "probes:\n  liveness:\n    path: /healthz\n  readiness:\n    path: /readyz\n"],
        [D, ".Values.livenessPath", ".Values.probes.liveness.path"], [D, ".Values.readinessPath", ".Values.probes.readiness.path"],
        ["services/shipments/staging.yaml", "livenessPath: /health/live\nreadinessPath: /health/ready\n", "probes:\n  liveness:\n    path: /health/live\n  readiness:\n    path: /health/ready\n"],
        ["services/shipments/prod.yaml", "livenessPath: /health/live\n", "probes:\n  liveness:\n    path: /health/live\n"], ["services/shipments/prod.yaml", "tag: 9.0.1", "tag: 9.0.2"]],
    "prod still sets readinessPath, which the chart no longer reads: the probe asks the default /readyz; keys and release are wanted", **in_prod("shipments"),
    expected=expect("readiness-probe", [(app("shipments", rest="readinessProbe.httpGet.path"), BEFORE)]))

# ---- 809: a JSON patch with one letter too big
def sizing(memory, cpu):
    return f"- op: replace\n  path: /spec/template/spec/containers/0/resources/requests/memory\n  value: {memory}\n- op: replace\n  path: /spec/template/spec/containers/0/resources/requests/cpu\n  value: {cpu}\n"


scenario("index-sizing", "flux",
    {"base/index.yaml": dump(shop("fare-index", "acme/catalog", resources={"requests": {"cpu": "10m", "memory": "24Mi"}}), service("fare-index")), "base/kustomization.yaml": kustomization("index.yaml"),
     "overlays/prod/sizing.yaml": sizing("48Mi", "20m"), K: kustomization("../../base", patches=[{"path": "sizing.yaml", "target": {"kind": "Deployment", "name": "fare-index"}}], replicas=[{"name": "fare-index", "count": 2}], images=[{"name": "acme/catalog", "newTag": "1.4.1"}])},
    [{"subject": "prod: fare-index after last week's load test", "edit": [["overlays/prod/sizing.yaml", "48Mi", "64Gi"], ["overlays/prod/sizing.yaml", "20m", "30m"], [K, "count: 2", "count: 3"]]},
     {"subject": "fare-index: where the dashboards are", "edit": [["README.md", "# Delivery\n", "# Delivery\n\nDashboards: grafana/d/fares\n"]], "wait": 20}],
    "64Gi of memory where 64Mi was meant; cpu and replicas are wanted", path="overlays/prod",
    expected=expect("unschedulable-resources", *[[(of("Deployment", "fare-index", "resources.requests.memory"), to)] for to in (value("64Mi"), BEFORE)]))

# ---- 810: node selectors for everybody
LINUX = "      nodeSelector:\n        kubernetes.io/os: {}\n      containers:\n"
WHERE = pod("Deployment", "crew-rota", "nodeSelector")
scenario("crew-windows", "argocd",
    {"crew/api.yaml": dump(shop("crew", "acme/checkout:1.4.1"), service("crew")), "crew/rota.yaml": dump(shop("crew-rota", "acme/worker:1.4.1", env={"WEEKS": "4"}), service("crew-rota")), "crew/rest.yaml": dump(shop("crew-rest", "acme/worker:1.4.1"), configmap("crew-rules", hours="12"))},
    ["Windows nodes join next week: say that we need Linux; rota for six weeks", ["crew/api.yaml", "      containers:\n", LINUX.format("linux")], ["crew/rota.yaml", "      containers:\n", LINUX.format("Linux")], ["crew/rest.yaml", "      containers:\n", LINUX.format("linux")],
        ["crew/rota.yaml", "value: '4'", "value: '6'"]],
    "the label's value is linux, in small letters, as the two others have it; weeks and selectors are wanted", path="crew",
    expected=expect("unschedulable-placement", [(WHERE, value({"kubernetes.io/os": "linux"}))], [(WHERE, GONE)]))

# ---- 811: backup of a StatefulSet's disk
def disk(name):
    return {"apiVersion": "v1", "kind": "PersistentVolume", "metadata": {"name": f"@NAME@-{name}"}, "spec": {"capacity": {"storage": "1Gi"}, "accessModes": ["ReadWriteOnce"], "storageClassName": "manual-@NAME@", "persistentVolumeReclaimPolicy": "Retain", "hostPath": {"path": f"/tmp/@NAME@-{name}", "type": "DirectoryOrCreate"}}}


CLAIMS = {"volumeClaimTemplates": [{"metadata": {"name": "data"}, "spec": {"accessModes": ["ReadWriteOnce"], "storageClassName": "manual-@NAME@", "resources": {"requests": {"storage": "1Gi"}}}}]}
BACKUP = dump(workload("CronJob", "milesbook-backup", {"name": "backup", "image": "busybox:1.37", "command": ["sh", "-c", "tar -cf /tmp/backup.tar -C /data . && ls -l /tmp/backup.tar"], "resources": {"requests": {"cpu": "5m", "memory": "8Mi"}, "limits": {"memory": "48Mi"}}, "volumeMounts": [{"name": "data", "mountPath": "/data", "readOnly": True}]},
    pod={"volumes": [{"name": "data", "persistentVolumeClaim": {"claimName": "data-milesbook", "readOnly": True}}]}, spec={"schedule": "*/2 * * * *"}))
scenario("milesbook-backup", "argocd",
    {"base/store.yaml": dump(shop("milesbook", "acme/worker", kind="StatefulSet", env={"WRITE_FILE": "/data/book"}, volumeMounts=[{"name": "data", "mountPath": "/data"}], spec=CLAIMS), service("milesbook")), "base/kustomization.yaml": kustomization("store.yaml"),
     K: kustomization("../../base", images=[{"name": "acme/worker", "newTag": "1.4.1"}])},
    ["milesbook: back up the book, worker 1.4.2", ["components/backup/backup.yaml", None, BACKUP], ["components/backup/kustomization.yaml", None, component(resources=["backup.yaml"])], [K, "images:", "components:\n  - ../../components/backup\nimages:"], [K, "newTag: 1.4.1", "newTag: 1.4.2"]],
    "the StatefulSet's claim is called data-milesbook-0; CronJob and release are wanted", path="overlays/prod", given=dump(disk("book")),
    expected=expect("volume-unbound unschedulable-placement", [(pod("CronJob", "milesbook-backup", "volumes[name=data].persistentVolumeClaim.claimName"), value("data-milesbook-0"))]))

# ---- 812: a mount over the program
WEB = dump(workload("Deployment", "kiosk", container("web", "node", env={"PAGE_SIZE": "20"}, volumeMounts=[{"name": "theme", "mountPath": "/app/theme"}, {"name": "tmp", "mountPath": "/tmp"}]), replicas=2, deadline=60, pod={"volumes": [{"name": "theme", "configMap": {"name": "kiosk-theme"}}, {"name": "tmp", "emptyDir": {}}]}), service("kiosk"))
MOUNTS = c("Deployment", "kiosk", "web", "volumeMounts")
scenario("kiosk-theme", "flux", {"deploy/kiosk.yaml": WEB, "deploy/theme.yaml": dump(configmap("kiosk-theme", theme__json='{\n  "colour": "navy"\n}\n'))},
    ["kiosk 9.4.1: winter theme, the theme lies beside the code now", ["deploy/kiosk.yaml", "mountPath: /app/theme", "mountPath: /app"], ["deploy/kiosk.yaml", ":9.4.0", ":9.4.1"], ["deploy/kiosk.yaml", "value: '20'", "value: '30'"],
        ["deploy/theme.yaml", '"colour": "navy"', '"colour": "icy", "snow": true']],
    "the ConfigMap mounted at /app hides the program /app/run; theme, page size and release are wanted",
    expected=expect("volume-mount command-not-found", [(MOUNTS + "[name=theme].mountPath", BEFORE)], [(MOUNTS, BEFORE)]))

# ---- 813: labels renamed in several workloads
def part(name, image, component, **more):
    return dump(shop(name, image, labels={"component": component, "part-of": "routes"}, **more))


PDB = dump({"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": {"name": "routes-query"}, "spec": {"maxUnavailable": 1, "selector": {"matchLabels": {"part-of": "routes", "component": "query"}}}})
scenario("routes-components", "argocd",
    {"base/query.yaml": part("routes-query", "acme/catalog", "query", replicas=2), "base/planner.yaml": part("routes-planner", "acme/worker", "planner"), "base/budget.yaml": PDB,
     "base/services.yaml": dump(service("routes", selector={"part-of": "routes", "component": "query"}), service("routes-planner", selector={"part-of": "routes", "component": "planner"})), "base/kustomization.yaml": kustomization("query.yaml", "planner.yaml", "budget.yaml", "services.yaml"),
     K: kustomization("../../base", images=[{"name": "acme/catalog", "newTag": "1.4.1"}, {"name": "acme/worker", "newTag": "1.4.1"}])},
    ["routes: component names of the catalogue (backstage), 1.4.2", ["base/query.yaml", "component: query", "component: routes-api"], ["base/budget.yaml", "component: query", "component: routes-api"], ["base/planner.yaml", "component: planner", "component: routes-planner"],
        ["base/services.yaml", "component: planner", "component: routes-planner"], [K, "newTag: 1.4.1", "newTag: 1.4.2"]],
    "the Service routes still selects component=query; the labels elsewhere and the release are wanted", path="overlays/prod",
    expected=expect("service-no-endpoints", [("Service/routes spec.selector.component", value("routes-api"))]))

# ---- 814: a chart's port name, one environment
scenario("vouchers-port-name", "argocd",
    {**SERVICE_CHART, "services/vouchers/common.yaml": "image:\n  repository: acme/checkout\nenv:\n  THEME: plain\n", "services/vouchers/staging.yaml": "image:\n  tag: 1.4.2\n", "services/vouchers/prod.yaml": "image:\n  tag: 1.4.1\nreplicas: 2\nservice:\n  port: 8000\n  targetPort: http\n"},
    ["Chart 2.4.0: the port is called web, as the gateway wants it; vouchers 1.4.2", ["charts/service/Chart.yaml", "2.3.0", "2.4.0"], [V, "targetPort: http", "targetPort: web"], [D, "            - name: http\n", "            - name: web\n"], [D, "port: http\n", "port: web\n"], ["services/vouchers/prod.yaml", "tag: 1.4.1", "tag: 1.4.2"]],
    "prod's values still send the Service to a port called http; the name and the release are wanted", **in_prod("vouchers"),
    expected=expect("service-port service-no-endpoints", *[[("Service/vouchers spec.ports[name=http].targetPort", value(to))] for to in ("web", 8080)]))

# ---- 815: one Service becomes two
def path(p, name):
    return {"path": p, "pathType": "Prefix", "backend": {"service": {"name": name, "port": {"name": "http"}}}}


INGRESS = {"apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "metadata": {"name": "airline"}, "spec": {"ingressClassName": "nginx", "defaultBackend": {"service": {"name": "site", "port": {"name": "http"}}}, "rules": [{"host": "fly.example", "http": {"paths": [path("/admin", "site"), path("/", "site")]}}]}}
ingress = dump(INGRESS)
rules = {**INGRESS, "spec": {**INGRESS["spec"], "rules": [{"host": "fly.example", "http": {"paths": [path("/admin", "site-admin"), path("/", "site-web")]}}]}}
scenario("site-split", "flux",
    {"apps/site/site.yaml": dump(workload("Deployment", "site", container("web", "node")), service("site")), "apps/site/kustomization.yaml": kustomization("site.yaml"), "ingress/airline.yaml": ingress, "ingress/kustomization.yaml": kustomization("airline.yaml"), "prod/kustomization.yaml": kustomization("../apps/site", "../ingress")},
    ["site: admin gets a workload and a Service of its own; 9.4.1", ["apps/site/site.yaml", dump(workload("Deployment", "site", container("web", "node")), service("site")), dump(workload("Deployment", "site", container("web", "node", image="acme/storefront:9.4.1")), service("site-web", selector={"app": "site"}))],
        ["apps/site/admin.yaml", None, dump(workload("Deployment", "site-admin", container("web", "node", image="acme/storefront:9.4.1")), service("site-admin"))], ["apps/site/kustomization.yaml", "- site.yaml", "- site.yaml\n  - admin.yaml"], ["ingress/airline.yaml", ingress, dump(rules)]],
    "the Ingress' default backend is still the Service site, which is gone; the split and the release are wanted", path="prod", given=dump({"apiVersion": "networking.k8s.io/v1", "kind": "IngressClass", "metadata": {"name": "nginx"}, "spec": {"controller": "k8s.io/ingress-nginx"}}),
    expected=expect("ingress-backend", [("Ingress/airline spec.defaultBackend.service.name", value("site-web"))]))

# ---- 816: one account for an application
def account(name):
    return {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": name}, "automountServiceAccountToken": False}


ACCOUNTS = dump(account("lounge-api"), account("lounge-worker"), account("lounge-mailer"))
scenario("lounge-accounts", "argocd",
    {f"apps/lounge/{name}.yaml": dump(shop(f"lounge-{name}", f"acme/{image}", pod={"serviceAccountName": f"lounge-{name}"})) for name, image in (("api", "checkout"), ("worker", "worker"), ("mailer", "worker"))} | {
     "apps/lounge/accounts.yaml": ACCOUNTS, "apps/lounge/service.yaml": dump(service("lounge-api")), "apps/lounge/kustomization.yaml": kustomization("accounts.yaml", "api.yaml", "worker.yaml", "mailer.yaml", "service.yaml"),
     "clusters/prod/lounge/kustomization.yaml": kustomization("../../../apps/lounge", images=[{"name": "acme/checkout", "newTag": "1.4.1"}, {"name": "acme/worker", "newTag": "1.4.1"}])},
    ["lounge: one account for the application; lounge 1.4.2", ["apps/lounge/accounts.yaml", ACCOUNTS, dump(account("lounge"))], ["apps/lounge/api.yaml", "serviceAccountName: lounge-api", "serviceAccountName: lounge"], ["apps/lounge/worker.yaml", "serviceAccountName: lounge-worker", "serviceAccountName: lounge"],
        ["clusters/prod/lounge/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.2"]],
    "the mailer still runs as lounge-mailer, an account that is gone; the one account and the release are wanted", path="clusters/prod/lounge",
    expected=expect("service-account-missing", [(pod("Deployment", "lounge-mailer", "serviceAccountName"), value("lounge"))]))

# ---- 817: a port of the node
scenario("radar-metrics", "flux",
    {"base/radar.yaml": dump(shop("radar", "acme/catalog", replicas=2), service("radar")), "base/kustomization.yaml": kustomization("radar.yaml"), K: kustomization("../../base", images=[{"name": "acme/catalog", "newTag": "1.4.1"}])},
    ["radar: metrics for the node's scraper, 1.4.2", ["overlays/prod/metrics.yaml", None, text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: radar
        spec:
          template:
            metadata:
              annotations:
                prometheus.io/scrape: "true"
                prometheus.io/port: "9102"
            spec:
              containers:
                - name: exporter
                  image: acme/worker:1.4.1
                  env:
                    - name: PORT
                      value: "9102"
                  ports:
                    - name: metrics
                      containerPort: 9102
                      hostPort: 9102
                  resources:
                    requests: {cpu: 5m, memory: 16Mi}
                    limits: {memory: 48Mi}
        """)], [K, "images:", "patches:\n  - path: metrics.yaml\nimages:"], [K, "newTag: 1.4.1", "newTag: 1.4.2"]],
    "the namespace enforces baseline, which allows no hostPort; exporter, annotations and release are wanted", path="overlays/prod", labels={"pod-security.kubernetes.io/enforce": "baseline"},
    expected=expect("pod-security", [(c("Deployment", "radar", "exporter", "ports[name=metrics].hostPort"), GONE)]))

# ---- 818: hardening as a component
NOBODY = {"securityContext": {"runAsUser": 1000, "runAsGroup": 1000}}
hardened = dump(workload("Deployment", "concierge", container("web", "node", image="acme/storefront-rootless"), deadline=60, pod=NOBODY), service("concierge"))
scenario("concierge-hardening", "flux",
    {"base/concierge.yaml": hardened, "base/wishes.yaml": dump(shop("wishes", "acme/worker", pod={"securityContext": {"runAsUser": 10001}})), "base/kustomization.yaml": kustomization("concierge.yaml", "wishes.yaml"), K: kustomization("../../base", images=[{"name": "acme/storefront-rootless", "newTag": "9.4.1"}, {"name": "acme/worker", "newTag": "1.4.1"}])},
    ["Hardening for every workload, as a component; wishes 1.4.2", ["components/hardening/kustomization.yaml", None, component(patches=[{"target": {"kind": "Deployment"}, "patch": Text("apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: any\nspec:\n  template:\n    spec:\n      securityContext:\n        runAsNonRoot: true\n        seccompProfile:\n          type: RuntimeDefault\n")}])],
        ["base/concierge.yaml", "      securityContext:\n        runAsUser: 1000\n        runAsGroup: 1000\n", ""], [K, "images:", "components:\n  - ../../components/hardening\nimages:"], [K, "newTag: 1.4.1", "newTag: 1.4.2"]],
    "concierge lost its runAsUser: the image's user is a name, which runAsNonRoot cannot check; hardening and release are wanted", path="overlays/prod",
    expected=expect("run-as-root-image", [(pod("Deployment", "concierge", "securityContext.runAsUser"), BEFORE)], [(pod("Deployment", "concierge", "securityContext.runAsUser"), BEFORE), (pod("Deployment", "concierge", "securityContext.runAsGroup"), BEFORE)],
                    [(c("Deployment", "concierge", "web", "securityContext.runAsUser"), value(1000))], [(c("Deployment", "concierge", "web", "securityContext.runAsUser"), value(1000)), (c("Deployment", "concierge", "web", "securityContext.runAsGroup"), value(1000))]))

# ---- 819: a migration in a chart
SCHEMA = text("""
    apiVersion: batch/v1
    kind: Job
    metadata:
      name: {{ .Release.Name }}-schema
      annotations:
        argocd.argoproj.io/hook: PreSync
        argocd.argoproj.io/hook-delete-policy: BeforeHookCreation
    spec:
      backoffLimit: 1
      template:
        spec:
          restartPolicy: Never
          containers:
            - name: flyway
              image: acme/schema:{{ .Values.schema.version }}
              env:
                - name: FLYWAY_URL
                  value: {{ .Values.schema.url | quote }}
                - name: FLYWAY_LOCATIONS
                  value: {{ .Values.schema.locations | quote }}
              resources:
                requests: {cpu: 10m, memory: 24Mi}
                limits: {memory: 64Mi}
    """)
scenario("tickets-schema", "argocd",
    {**SERVICE_CHART, "charts/service/templates/schema.yaml": "{{- if .Values.schema }}\n" + SCHEMA + "{{- end }}\n", "services/tickets/common.yaml": "image:\n  repository: acme/ledger\nport: 8080\nlivenessPath: /actuator/health/liveness\nreadinessPath: /actuator/health/readiness\nenv:\n  LEDGER_GATEWAY_URL: https://gateway.example/v2\nschema:\n  url: jdbc:postgresql://10.20.0.5:5432/tickets\n  locations: filesystem:/app/sql\n",
     "services/tickets/prod.yaml": "image:\n  tag: 3.1.3\nschema:\n  version: \"22\"\n"},
    ["tickets 3.1.4 with schema 23, batches of 80", ["services/tickets/prod.yaml", "tag: 3.1.3", "tag: 3.1.4"], ["services/tickets/prod.yaml", 'version: "22"\n', 'version: "23"\n  locations: filesystem:/app/sql/prod\nenv:\n  LEDGER_BATCH_SIZE: "80"\n']],
    "the image has its migrations in /app/sql, not in /app/sql/prod; release, schema and batch size are wanted", **in_prod("tickets"),
    expected=expect("job-failed crash-on-start", [(c("Job", "tickets-schema", "flyway", "env[name=FLYWAY_LOCATIONS].value"), BEFORE)]))

# ---- 820: an autoscaler from an old repository
scenario("standby-autoscaler", "flux",
    {"apps/standby/standby.yaml": dump(shop("standby", "acme/checkout", replicas=1), service("standby")), "apps/standby/kustomization.yaml": kustomization("standby.yaml"), "clusters/prod/kustomization.yaml": kustomization("../../apps/standby", images=[{"name": "acme/checkout", "newTag": "1.4.1"}])},
    ["standby: scales by itself at Christmas; 1.4.2", ["apps/standby/autoscaler.yaml", None, dump({"apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler", "metadata": {"name": "standby"}, "spec": {"scaleTargetRef": {"apiVersion": "extensions/v1beta1", "kind": "Deployment", "name": "standby"}, "minReplicas": 1, "maxReplicas": 5,
        "metrics": [{"type": "Resource", "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 70}}}]}})], ["apps/standby/kustomization.yaml", "- standby.yaml", "- standby.yaml\n  - autoscaler.yaml"], ["clusters/prod/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.2"]],
    "scaleTargetRef says extensions/v1beta1, where there are no Deployments any more: it is apps/v1; autoscaler and release are wanted", path="clusters/prod",
    expected=expect("autoscaler", [("HorizontalPodAutoscaler/standby spec.scaleTargetRef.apiVersion", value("apps/v1"))]))

# ---- 821: a boolean among variables
scenario("portal-trial", "flux",
    {**SERVICE_CHART, "releases/prod/trials.yaml": release("trials", """
        image:
          repository: acme/portal
          tag: 2.0.0
        port: 4000
        livenessPath: /health
        readinessPath: /health
        env:
          SESSION_STORE: memory
        extraEnv:
          - name: INSTANCE
            valueFrom:
              fieldRef:
                fieldPath: metadata.name
        """, more="upgrade:\n  remediation:\n    retries: 1\n"), "releases/prod/kustomization.yaml": kustomization("trials.yaml")},
    ["trials 2.0.1: the trial month starts, two instances", ["releases/prod/trials.yaml", "tag: 2.0.0", "tag: 2.0.1"], ["releases/prod/trials.yaml", "            fieldPath: metadata.name\n", "            fieldPath: metadata.name\n      - name: FEATURE_TRIAL\n        value: true\n"],
        ["releases/prod/trials.yaml", "    port: 4000\n", "    replicas: 2\n    port: 4000\n"]],
    "the chart takes extraEnv as it is, and a variable's value must be a string; release and replicas are wanted", path="releases/prod",
    expected=expect("helm-failed invalid-manifest", [(app("trials", rest="env[name=FEATURE_TRIAL].value"), value("true"))], [(app("trials", rest="env[name=FEATURE_TRIAL]"), GONE)]))

# ---- 822: Recreate beside the base's rolling update
ROLLING = {"strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}}}
scenario("ledgerbook-recreate", "argocd",
    {"base/book.yaml": dump(shop("cashbook", "acme/payments", spec=ROLLING), service("cashbook")), "base/kustomization.yaml": kustomization("book.yaml"),
     "overlays/prod/deployment.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: cashbook
        spec:
          template:
            spec:
              containers:
                - name: cashbook
                  resources:
                    limits:
                      memory: 112Mi
        """), K: kustomization("../../base", patches=[{"path": "deployment.yaml"}], images=[{"name": "acme/payments", "newTag": "1.4.1"}])},
    ["prod: only one cashbook at a time, it locks the ledger; 1.4.2", ["overlays/prod/deployment.yaml", "spec:\n  template:\n", "spec:\n  strategy:\n    type: Recreate\n  template:\n"], ["overlays/prod/deployment.yaml", "memory: 112Mi", "memory: 128Mi"], [K, "newTag: 1.4.1", "newTag: 1.4.2"]],
    "the patch leaves the base's rollingUpdate beside type Recreate, which the API refuses; Recreate, memory and release are wanted", path="overlays/prod",
    expected=expect("invalid-manifest", [("Deployment/cashbook spec.strategy.rollingUpdate", GONE)], [("Deployment/cashbook spec.strategy", value({"type": "Recreate"}))], [("Deployment/cashbook spec.strategy.type", BEFORE)]))

# ---- 823: folders moved
TREE = {"base/deployment.yaml": dump(shop("bookings", "acme/checkout", env={"THEME": "plain"})), "base/service.yaml": dump(service("bookings")), "base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml")}
TRACING = component(patches=[{"target": {"kind": "Deployment"}, "patch": Text("- op: add\n  path: /spec/template/spec/containers/0/env/-\n  value:\n    name: TRACES\n    value: http://10.20.0.8:4318\n")}])
scenario("bookings-folders", "argocd",
    {**TREE, "components/tracing/kustomization.yaml": TRACING, K: kustomization("../../base", components=["../../components/tracing"], images=[{"name": "acme/checkout", "newTag": "1.4.1"}])},
    ["Room for more applications: apps/ and platform/; spring theme, 1.4.2", *[[old, text, DELETE] for old, text in TREE.items()], ["components/tracing/kustomization.yaml", TRACING, DELETE],
        *[[old.replace("base/", "apps/bookings/"), None, text.replace("plain", "spring")] for old, text in TREE.items()], ["platform/components/tracing/kustomization.yaml", None, TRACING],
        [K, "- ../../base", "- ../../apps/bookings"], [K, "newTag: 1.4.1", "newTag: 1.4.2"]],
    "the overlay still takes the component from ../../components, it is in ../../platform/components now; folders, theme and release are wanted", path="overlays/prod",
    expected=expect("render-failed", [], keep=[(of("Deployment", "bookings", "image"), value("acme/checkout:1.4.2")), (of("Deployment", "bookings", "env[name=THEME].value"), value("spring"))]))

# ---- 824: a first release with two services
CACHE = workload("Deployment", "backoffice-cache", container("redis", "redis"), deadline=90)
scenario("backoffice-first", "flux",
    {"base/cache.yaml": dump(CACHE, service("backoffice-cache", port=6379)), "base/web.yaml": dump(workload("Deployment", "backoffice", container("web", "rails", env={"REDIS_URL": {"configMapKeyRef": {"name": "backoffice", "key": "redis-url"}}}), deadline=90), service("backoffice")),
     "base/settings.yaml": dump(configmap("backoffice", **{"redis-url": "redis://cache:6379/0", "rails-max-threads": "5"})), "base/kustomization.yaml": kustomization("cache.yaml", "web.yaml", "settings.yaml"), K: kustomization("../../base", images=[{"name": "acme/backoffice", "newTag": "7.2.0"}])}, [],
    "the first release never worked: redis-url names a Service cache, the one of this delivery is backoffice-cache", path="overlays/prod", never_worked=True,
    expected=expect("dependency-address crash-on-start", [('ConfigMap/backoffice data.redis-url', value("redis://backoffice-cache:6379/0"))]))

# ---- 825: everybody on one port
AUDIT = {"name": "audit", "image": "acme/worker:1.4.1", "env": [{"name": "PORT", "value": "8080"}], "ports": [{"name": "audit", "containerPort": 8080}], "resources": {"requests": {"cpu": "5m", "memory": "16Mi"}, "limits": {"memory": "64Mi"}}}
DESK = dump(workload("Deployment", "desk", container("desk", "shop", port=9000, env={"PORT": "9000", "THEME": "plain"}), AUDIT, deadline=60), service("desk"))
GUIDE = dump(workload("Deployment", "guide", container("guide", "shop", image="acme/catalog:1.4.1", port=9000, env={"PORT": "9000"}), deadline=60), service("guide"))
scenario("ports-8080", "argocd", {"apps/desk.yaml": DESK, "apps/guide.yaml": GUIDE},
    ["Port 8080 for everybody (platform handbook, 4.2); guide 1.4.2", *[[f"apps/{name}.yaml", "value: '9000'", "value: '8080'"] for name in ("desk", "guide")], *[[f"apps/{name}.yaml", "containerPort: 9000", "containerPort: 8080"] for name in ("desk", "guide")], ["apps/guide.yaml", "catalog:1.4.1", "catalog:1.4.2"]],
    "in the pod desk the sidecar audit has port 8080 already; guide's port and release are wanted", path="apps",
    expected=expect("port-conflict crash-on-start", [(of("Deployment", "desk", "env[name=PORT].value"), BEFORE), (of("Deployment", "desk", "ports[name=http].containerPort"), BEFORE)], [(c("Deployment", "desk", "audit", "env[name=PORT].value"), ANY), (c("Deployment", "desk", "audit", "ports[name=audit].containerPort"), ANY)],
                    [(c("Deployment", "desk", "audit", "env[name=PORT].value"), ANY)]))

# ---- 826: fewer look-ups
RATES = dump(workload("Deployment", "rates", container("pricer", "go", image="acme/pricer", env={"CHECK_DNS": "rates.internal"}), deadline=60), service("rates"))
DNS, NAMES = pod("Deployment", "rates", "dnsPolicy"), pod("Deployment", "rates", "dnsConfig")
OPTIONS = {"options": [{"name": "ndots", "value": "2"}]}
scenario("rates-ndots", "flux",
    {"base/rates.yaml": RATES, "base/kustomization.yaml": kustomization("rates.yaml"), K: kustomization("../../base", images=[{"name": "acme/pricer", "newTag": "2.4.6"}])},
    ["rates 2.4.7: fewer DNS look-ups, as on the other cluster", ["overlays/prod/dns.yaml", None, text("""
        - op: add
          path: /spec/template/spec/dnsPolicy
          value: None
        - op: add
          path: /spec/template/spec/dnsConfig
          value:
            nameservers:
              - 10.88.0.53
            options:
              - name: ndots
                value: "2"
        """)], [K, "images:", "patches:\n  - path: dns.yaml\n    target:\n      kind: Deployment\nimages:"], [K, "newTag: 2.4.6", "newTag: 2.4.7"]],
    "10.88.0.53 is the other cluster's name server: nothing answers there; ndots and release are wanted", path="overlays/prod",
    expected=expect("dns-policy crash-on-start", [(DNS, BEFORE), (NAMES, BEFORE)], [(DNS, BEFORE)], [(DNS, BEFORE), (NAMES + ".nameservers", GONE)], [(DNS, value("ClusterFirst")), (NAMES, value(OPTIONS))], [(NAMES + ".nameservers", value(["10.96.0.10"]))]))

# ---- 827 and on: for people
scenario("fares-provider", "flux",
    {**SERVICE_CHART, "releases/fares.yaml": release("fares", """
        image:
          repository: acme/payments
          tag: 1.4.1
        replicas: 1
        env:
          PROVIDER: sabre
        """), "releases/kustomization.yaml": kustomization("fares.yaml")},
    ["fares 1.4.2: second provider, with a key of its own", ["releases/fares.yaml", "tag: 1.4.1", "tag: 1.4.2"], ["releases/fares.yaml", "PROVIDER: sabre\n", "PROVIDER: sabre,amadeus\n    secretName: fares-amadeus\n"]],
    "nobody has created the Secret fares-amadeus yet: somebody must put the provider's key there", HUMAN, path="releases", expected=expect("secret-missing helm-failed"))

ROLE = dump({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "slots-operator"}},
            {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role", "metadata": {"name": "slots-operator"}, "rules": [{"apiGroups": [""], "resources": ["configmaps"], "verbs": ["get", "watch"]}, {"apiGroups": [""], "resources": ["secrets"], "verbs": ["get", "list"]}]},
            {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding", "metadata": {"name": "slots-operator"}, "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "slots-operator"}, "subjects": [{"kind": "ServiceAccount", "name": "slots-operator", "namespace": "@NAME@"}]})
scenario("operator-first", "argocd",
    {"config/rbac/role.yaml": ROLE, "config/rbac/kustomization.yaml": kustomization("role.yaml"), "config/manager/manager.yaml": dump(workload("Deployment", "slots-operator", container("manager", "operator", image="acme/operator"), deadline=60, pod={"serviceAccountName": "slots-operator"})),
     "config/manager/kustomization.yaml": kustomization("manager.yaml"), "config/default/kustomization.yaml": kustomization("../rbac", "../manager", images=[{"name": "acme/operator", "newTag": "1.2.1"}])}, [],
    "the first release never worked: the role lacks the verb list on configmaps; who may do what is for people", HUMAN, path="config/default", never_worked=True, expected=expect("rbac-forbidden crash-on-start"))

scenario("logbook-second", "argocd",
    {"base/logbook.yaml": dump(shop("logbook", "acme/worker", kind="StatefulSet", env={"WRITE_FILE": "/data/log"}, volumeMounts=[{"name": "data", "mountPath": "/data"}], spec=CLAIMS), service("logbook")), "base/kustomization.yaml": kustomization("logbook.yaml"),
     K: kustomization("../../base", replicas=[{"name": "logbook", "count": 1}], images=[{"name": "acme/worker", "newTag": "1.4.1"}])},
    ["logbook 1.4.2, and a second instance", [K, "count: 1", "count: 2"], [K, "newTag: 1.4.1", "newTag: 1.4.2"]],
    "the namespace's quota, not in git, allows one claim: whoever owns it decides about a second", HUMAN, path="overlays/prod",
    given=dump(disk("a"), disk("b"), {"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "tenant"}, "spec": {"hard": {"persistentvolumeclaims": "1", "pods": "20"}}}), expected=expect("quota"))

scenario("pricer-first", "argocd",
    {**SERVICE_CHART, "services/pricer/common.yaml": "image:\n  repository: acme/pricer\nport: 9000\nenv:\n  REGION: eu\n", "services/pricer/prod.yaml": "image:\n  tag: 2.5.0\nreplicas: 2\n"}, [],
    "the first release never worked: version 2.5.0 of the program panics at start; no other was ever delivered here", HUMAN, never_worked=True, **in_prod("pricer"), expected=expect("crash-on-start"))

INJECTOR = """kubectl apply -f - <<END
{"apiVersion": "admissionregistration.k8s.io/v1", "kind": "MutatingWebhookConfiguration", "metadata": {"name": "mesh-injector-$NAMESPACE"}, "webhooks": [{"name": "inject.mesh.acme.dev", "failurePolicy": "Fail", "sideEffects": "None", "admissionReviewVersions": ["v1"], "timeoutSeconds": 3,
 "clientConfig": {"service": {"namespace": "mesh-system", "name": "mesh-injector", "path": "/inject"}}, "rules": [{"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["pods"]}], "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "$NAMESPACE"}}}]}
END"""
scenario("atlas-injector", "flux",
    {"apps/atlas/atlas.yaml": dump(shop("atlas", "acme/catalog", replicas=2), service("atlas")), "apps/atlas/kustomization.yaml": kustomization("atlas.yaml"), "clusters/prod/kustomization.yaml": kustomization("../../apps/atlas", images=[{"name": "acme/catalog", "newTag": "1.4.1"}])},
    ["atlas 1.4.2, 112Mi", ["clusters/prod/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.2"], ["apps/atlas/atlas.yaml", "memory: 96Mi", "memory: 112Mi"]],
    "the mesh's injector, which every new pod must pass, has no server: no pod can be created; the release is innocent", HUMAN, path="clusters/prod", then=[[-3, INJECTOR]], expected=expect("node"))

# ---- nothing to do
scenario("freeze", "argocd",
    {"base/import.yaml": dump(shop("legacy-import", "acme/worker", replicas=None), workload("CronJob", "legacy-sweep", {"name": "sweep", "image": "acme/worker", "args": ["migrate"], "env": [{"name": "DATABASE_URL", "value": "postgres://legacy@10.20.0.5/legacy"}]})).replace("  replicas: null\n", "  replicas: 2\n"), "base/api.yaml": dump(shop("legacy-api", "acme/checkout"), service("legacy-api")), "base/kustomization.yaml": kustomization("import.yaml", "api.yaml"),
     K: kustomization("../../base", images=[{"name": "acme/worker", "newTag": "1.4.1"}, {"name": "acme/checkout", "newTag": "1.4.1"}])},
    ["Year-end freeze: no imports, no sweeps until January", [K, "images:", "replicas:\n  - name: legacy-import\n    count: 0\npatches:\n  - target:\n      kind: CronJob\n    patch: |\n      - op: add\n        path: /spec/suspend\n        value: true\nimages:"]],
    "scaled to zero and suspended on purpose: nothing is broken", NONE, path="overlays/prod", expected=expect("replicas-zero suspended healthy"))

scenario("stock-together", "flux",
    {"base/catering.yaml": dump(workload("Deployment", "catering", container("catering", "zap", image="acme/inventory"), deadline=240), service("catering")), "base/kustomization.yaml": kustomization("catering.yaml"), K: kustomization("../../base", images=[{"name": "acme/inventory", "newTag": "1.9"}])},
    ["catering asks the new galley for its stock", ["base/galley.yaml", None, dump(workload("Deployment", "galley", container("galley", "zap", image="acme/inventory", env={"WARMUP_SECONDS": "25"}, startupProbe={"httpGet": {"path": "/livez", "port": "http"}, "periodSeconds": 3, "failureThreshold": 20}), deadline=240), service("galley"))],
        ["base/kustomization.yaml", "- catering.yaml", "- catering.yaml\n  - galley.yaml"], ["base/catering.yaml", "        ports:\n        - name: http\n          containerPort", "        env:\n        - name: STOCK_ADDR\n          value: galley:80\n        ports:\n        - name: http\n          containerPort"]],
    "catering restarts until the galley, which is new, has warmed up: it heals by itself", NONE, path="overlays/prod", expected=expect("healthy recovering"))
