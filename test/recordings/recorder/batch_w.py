"""Batch W, written by somebody who knew neither the playbook nor the batches before: shop-1144 to shop-1159, charts and overlays, with the fault where the rendered field is not.
No program of this folder is needed.
"""
import pathlib, runpy, textwrap
globals().update(runpy.run_path(str(pathlib.Path(__file__).parent / "kit.py")))
SCENARIOS, scenario = batch(1144)

# ---- a chart as teams have it; scenarios replace parts of it -------------------------------------------------
DEPLOYMENT = text("""
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
        spec:
          containers:
            - name: shop
              image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
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
                {{- toYaml .Values.resources | nindent 12 }}
              livenessProbe:
                httpGet: {path: /healthz, port: http}
                initialDelaySeconds: 5
                periodSeconds: 10
              readinessProbe:
                httpGet: {path: /readyz, port: http}
                periodSeconds: 4
    """)
SERVICE = text("""
    apiVersion: v1
    kind: Service
    metadata:
      name: {{ .Release.Name }}
    spec:
      selector:
        app: {{ .Release.Name }}
      ports:
        - name: http
          port: 80
          targetPort: http
    """)
VALUES = text("""
    image:
      repository: acme/checkout
      tag: 1.4.1
    replicas: 1
    resources:
      requests:
        cpu: 10m
        memory: 24Mi
      limits:
        memory: 96Mi
    env: {}
    """)


def chart(folder="chart", name="shop", deployment=DEPLOYMENT, values=VALUES, service=SERVICE, **more):
    files = {"Chart.yaml": f"apiVersion: v2\nname: {name}\ndescription: Services of the shop\nversion: 0.7.2\n", "values.yaml": values, "templates/deployment.yaml": deployment, "templates/service.yaml": service, **more}
    return {f"{folder}/{path}": content for path, content in files.items() if content}


def release(name, values="", values_from="", more=""):
    head = text(f"""
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
              sourceRef:
                kind: GitRepository
                name: "@NAME@"
                namespace: flux-system
        """)
    body = text(more) + (text(values_from) and "valuesFrom:\n" + textwrap.indent(text(values_from), "  ")) + (text(values) and "values:\n" + textwrap.indent(text(values), "  "))
    return head + textwrap.indent(body, "  ")


ROLLBACK = """
    install:
      remediation:
        retries: 1
    upgrade:
      remediation:
        retries: 1
        strategy: rollback
    """


def argo(name, *value_files, path="chart"):
    return {"path": path, "source": {"helm": {"releaseName": name, "valueFiles": list(value_files)}}}


# 1 ---- parent chart, two subcharts, the image from a global value by a helper -------------------------------
SUB = text("""
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: {{ .Release.Name }}-{{ .Chart.Name }}
    spec:
      replicas: {{ .Values.replicas }}
      progressDeadlineSeconds: 75
      selector:
        matchLabels:
          app: {{ .Release.Name }}-{{ .Chart.Name }}
      template:
        metadata:
          labels:
            app: {{ .Release.Name }}-{{ .Chart.Name }}
        spec:
          containers:
            - name: {{ .Chart.Name }}
              image: {{ include "market.image" . | quote }}
              ports:
                - name: http
                  containerPort: 8080
              resources:
                requests: {cpu: 10m, memory: 24Mi}
                limits: {memory: 96Mi}
              readinessProbe:
                httpGet: {path: /readyz, port: http}
                periodSeconds: 4
    """)
scenario("market-registry-slash", "argocd",
    {"market/Chart.yaml": "apiVersion: v2\nname: market\nversion: 2.1.0\ndependencies:\n  - name: checkout\n    version: 0.3.0\n  - name: payments\n    version: 0.3.0\n",
     "market/values.yaml": "global:\n  registry: acme\n  release: 1.4.0\n",
     "market/templates/_images.tpl": text("""
        {{- /* every image of the market: REGISTRY/NAME:RELEASE */ -}}
        {{- define "market.image" -}}
        {{ printf "%s/%s:%s" .Values.global.registry (.Values.image | default .Chart.Name) .Values.global.release }}
        {{- end }}
        """),
     **{f"market/charts/{n}/Chart.yaml": f"apiVersion: v2\nname: {n}\nversion: 0.3.0\n" for n in ("checkout", "payments")},
     **{f"market/charts/{n}/values.yaml": "replicas: 1\n" for n in ("checkout", "payments")},
     **{f"market/charts/{n}/templates/deployment.yaml": SUB for n in ("checkout", "payments")},
     "env/prod.yaml": text("""
        global:
          registry: acme
          release: 1.4.1
        checkout:
          replicas: 2
        """)},
    ["Release 1.4.2 of the market", ["env/prod.yaml", "  registry: acme\n  release: 1.4.1\n", "  registry: acme/\n  release: 1.4.2\n"],
     ["market/Chart.yaml", "version: 2.1.0", "version: 2.2.0"]],
    "global.registry in env/prod.yaml got a slash at its end; the helper adds one too, so both subcharts render acme//NAME:1.4.2 (InvalidImageName); the new release 1.4.2 is wanted and exists",
    expected=expect("image-not-found", [(c("Deployment", "market-checkout", "checkout", "image"), value("acme/checkout:1.4.2")), (c("Deployment", "market-payments", "payments", "image"), value("acme/payments:1.4.2"))]),
    **argo("market", "../env/prod.yaml", path="market"))

# 2 ---- HelmRelease, values from a generated ConfigMap ---------------------------------------------------------
PIER = "Deployment/pier spec.template.spec.containers[name=shop]"
PIER_VALUES = 'ConfigMap/pier-values-# data["values.yaml"]'
scenario("pier-cache-grows", "flux",
    {**chart(), "releases/pier.yaml": release("pier", "image:\n  repository: acme/catalog\n", "- kind: ConfigMap\n  name: pier-values\n", ROLLBACK),
     "releases/kustomization.yaml": kustomization("pier.yaml", configMapGenerator=[{"name": "pier-values", "files": ["values.yaml=pier.values.yaml"]}], configurations=["names.yaml"]),
     "releases/names.yaml": "nameReference:\n  - kind: ConfigMap\n    version: v1\n    fieldSpecs:\n      - path: spec/valuesFrom/name\n        kind: HelmRelease\n",
     "releases/pier.values.yaml": "replicas: 1\nimage:\n  tag: 1.4.1\nenv:\n  CACHE_MB: 40\n  LOG_LEVEL: info\n"},
    ["Pier: catalogue of the autumn", ["releases/pier.values.yaml", "replicas: 1\nimage:\n  tag: 1.4.1\nenv:\n  CACHE_MB: 40\n", "replicas: 2\nimage:\n  tag: 1.4.2\nenv:\n  CACHE_MB: 160\n"]],
    "CACHE_MB of 160 in the values file that a generator makes a ConfigMap of; the chart's default memory limit is 96Mi: OOMKilled, then rolled back. New tag and two replicas are wanted",
    expected=expect("out-of-memory", *([*fix, *more] for fix in ([(PIER + ".resources.limits.memory", at_least("176Mi"))], [(PIER + ".env[name=CACHE_MB].value", BEFORE)]) for more in ([], [(PIER_VALUES, ANY)]))),
    path="releases")

# 3 ---- Service selector by a named template ------------------------------------------------------------------
scenario("lantern-labels-helper", "argocd",
    {**chart(name="storefront"), "env/prod.yaml": "replicas: 2\nimage:\n  tag: 1.4.2\n"},
    ["Labels by helpers, as in our other charts",
     ["chart/templates/_helpers.tpl", None, text("""
        {{- define "storefront.name" -}}
        {{ .Values.nameOverride | default .Chart.Name }}
        {{- end }}

        {{- define "storefront.match" -}}
        app: {{ include "storefront.name" . }}
        {{- end }}

        {{- define "storefront.labels" -}}
        app.kubernetes.io/name: {{ .Release.Name }}
        app.kubernetes.io/part-of: shop
        app.kubernetes.io/managed-by: {{ .Release.Service }}
        {{- end }}
        """)],
     ["chart/templates/deployment.yaml", "  labels:\n    app.kubernetes.io/name: {{ .Release.Name }}\n", "  labels:\n    {{- include \"storefront.labels\" . | nindent 4 }}\n"],
     ["chart/templates/service.yaml", "  name: {{ .Release.Name }}\nspec:\n  selector:\n    app: {{ .Release.Name }}\n", "  name: {{ .Release.Name }}\n  labels:\n    {{- include \"storefront.labels\" . | nindent 4 }}\nspec:\n  selector:\n    {{- include \"storefront.match\" . | nindent 4 }}\n"]],
    "the new helper storefront.match takes the chart's name, the pods carry the release's: the Service selects app=storefront, nothing has it. The labels of the metadata are wanted",
    expected=expect("service-no-endpoints", [("Service/lantern spec.selector.app", BEFORE)]),
    **argo("lantern", "../env/prod.yaml"))

# 4 ---- values.schema.json ------------------------------------------------------------------------------------
scenario("tide-schema", "flux",
    {**chart(), "releases/tide.yaml": release("tide", "image:\n  repository: acme/payments\n  tag: 1.4.1\nreplicas: \"2\"\nenv:\n  LOG_LEVEL: info\n", more=ROLLBACK),
     "releases/kustomization.yaml": kustomization("tide.yaml")},
    ["Check the values of the chart",
     ["chart/values.schema.json", None, text("""
        {
          "$schema": "http://json-schema.org/draft-07/schema#",
          "type": "object",
          "required": ["image", "replicas", "resources"],
          "properties": {
            "image": {
              "type": "object",
              "required": ["repository", "tag"],
              "properties": {"repository": {"type": "string"}, "tag": {"type": "string", "pattern": "^[0-9]+\\\\.[0-9]+\\\\.[0-9]+$"}}
            },
            "replicas": {"type": "integer", "minimum": 1},
            "env": {"type": "object"},
            "resources": {"type": "object"}
          }
        }
        """)],
     ["chart/Chart.yaml", "version: 0.7.2", "version: 0.8.0"],
     ["releases/tide.yaml", "tag: 1.4.1", "tag: 1.4.2"]],
    "the new schema of the chart wants an integer for replicas; the HelmRelease has had the text \"2\" since ever: the upgrade fails. The schema and tag 1.4.2 are wanted: replicas without quotes",
    expected=expect("helm-failed render-failed", [], keep=[(c("Deployment", "tide", "shop", "image"), value("acme/payments:1.4.2"))]),
    path="releases")

# 5 ---- topology spread, built by a helper from a map of values ---------------------------------------------
scenario("beacon-spread", "argocd",
    {**chart(deployment=DEPLOYMENT.replace("    spec:\n      containers:", "    spec:\n      {{- include \"shop.spread\" . | nindent 6 }}\n      containers:")),
     "chart/templates/_spread.tpl": text("""
        {{- define "shop.spread" -}}
        topologySpreadConstraints:
          {{- range $key, $mode := .Values.spread }}
          - topologyKey: {{ $key }}
            whenUnsatisfiable: {{ $mode }}
            maxSkew: 1
            labelSelector:
              matchLabels:
                app: {{ $.Release.Name }}
          {{- end }}
        {{- end }}
        """),
     "env/common.yaml": "image:\n  repository: acme/catalog\nspread:\n  kubernetes.io/hostname: ScheduleAnyway\n",
     "env/prod.yaml": "replicas: 2\nimage:\n  tag: 1.4.1\nenv:\n  LOG_LEVEL: info\n"},
    ["Survive the loss of a zone",
     ["env/common.yaml", "  kubernetes.io/hostname: ScheduleAnyway\n", "  kubernetes.io/hostname: ScheduleAnyway\n  topology.kubernetes.io/zone: DoNotSchedule\n"],
     ["env/prod.yaml", "replicas: 2\n", "replicas: 3\n"]],
    "the common values demand spreading over topology.kubernetes.io/zone; no node has that label, so new pods cannot be scheduled. Three replicas are wanted",
    expected=expect("unschedulable-placement", [(pod("Deployment", "beacon", "topologySpreadConstraints"), BEFORE)], [(pod("Deployment", "beacon", "topologySpreadConstraints[1].whenUnsatisfiable"), value("ScheduleAnyway"))]),
    **argo("beacon", "../env/common.yaml", "../env/prod.yaml"))

# 6 ---- a hook that shares the settings of the service --------------------------------------------------------
HOOKED = DEPLOYMENT.replace("""          {{- with .Values.env }}
          env:
            {{- range $name, $value := . }}
            - name: {{ $name }}
              value: {{ $value | quote }}
            {{- end }}
          {{- end }}
""", "          env:\n            {{- include \"shop.env\" . | nindent 12 }}\n")
assert HOOKED != DEPLOYMENT
scenario("quay-hook-settings", "flux",
    {**chart(deployment=HOOKED), "chart/templates/_env.tpl": text("""
        {{- define "shop.env" -}}
        {{- range $name, $value := .Values.settings }}
        - name: {{ $name | snakecase | upper }}
          value: {{ tpl (toString $value) $ | quote }}
        {{- end }}
        {{- end }}
        """),
     "chart/templates/schema-job.yaml": text("""
        apiVersion: batch/v1
        kind: Job
        metadata:
          name: {{ .Release.Name }}-schema
          annotations:
            helm.sh/hook: pre-install,pre-upgrade
            helm.sh/hook-weight: "-5"
            helm.sh/hook-delete-policy: before-hook-creation
        spec:
          backoffLimit: 0
          template:
            spec:
              restartPolicy: Never
              containers:
                - name: schema
                  image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
                  args: ["migrate"]
                  env:
                    {{- include "shop.env" . | nindent 12 }}
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 64Mi}
        """),
     "releases/quay.yaml": release("quay", """
        image:
          repository: acme/payments
          tag: 1.4.1
        settings:
          logLevel: info
          legacyMode: "off"
          databaseUrl: postgres://{{ .Release.Name }}@10.20.0.5/{{ .Release.Name }}
          ordersUrl: http://10.20.0.9/orders
        """, more=ROLLBACK),
     "releases/kustomization.yaml": kustomization("quay.yaml")},
    ["Quay talks to the orders API only: drop what 1.4.2 does not read any more",
     ["releases/quay.yaml", "tag: 1.4.1", "tag: 1.4.2"],
     ["releases/quay.yaml", "      legacyMode: \"off\"\n      databaseUrl: postgres://{{ .Release.Name }}@10.20.0.5/{{ .Release.Name }}\n", ""]],
    "settings.databaseUrl is gone from the HelmRelease; the service does without, but the pre-upgrade hook Job quay-schema needs DATABASE_URL. Tag 1.4.2 and the end of LEGACY_MODE are wanted",
    expected=expect("job-failed helm-failed crash-on-start", [("Job/quay-schema spec.template.spec.containers[name=schema].env[name=DATABASE_URL]", BEFORE), (c("Deployment", "quay", "shop", "env[name=DATABASE_URL]"), BEFORE)],
                    [("Job/quay-schema spec.template.spec.containers[name=schema].env[name=DATABASE_URL]", BEFORE)]),
    path="releases")

# 7 ---- sidecars from a list of values ------------------------------------------------------------------------
SIDE = text("""
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: {{ .Release.Name }}
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
        spec:
          containers:
            - name: shop
              image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
              env:
                - name: PORT
                  value: {{ .Values.port | quote }}
              ports:
                - name: http
                  containerPort: {{ .Values.port }}
              resources:
                {{- toYaml .Values.resources | nindent 12 }}
              readinessProbe:
                httpGet: {path: /readyz, port: http}
                periodSeconds: 4
            {{- range .Values.sidecars }}
            - name: {{ .name }}
              image: {{ .image }}
              env:
                - name: PORT
                  value: {{ .port | quote }}
              ports:
                - name: {{ .name }}
                  containerPort: {{ .port }}
              resources:
                {{- toYaml $.Values.resources | nindent 12 }}
              readinessProbe:
                httpGet: {path: /readyz, port: {{ .name }}}
                initialDelaySeconds: 2
                periodSeconds: 4
            {{- end }}
    """)
HEATER = "Deployment/ferry spec.template.spec.containers"
scenario("ferry-ports", "argocd",
    {**chart(deployment=SIDE, values=VALUES.replace("env: {}\n", "port: 8080\nsidecars: []\n")),
     "env/common.yaml": "image:\n  repository: acme/checkout\nsidecars:\n  - name: pricing\n    image: acme/catalog:1.4.1\n    port: 8081\n  - name: audit\n    image: acme/worker:1.4.1\n    port: 8082\n",
     "env/staging.yaml": "replicas: 1\nport: 9090\nimage:\n  tag: 1.4.2\n",
     "env/prod.yaml": "replicas: 1\nimage:\n  tag: 1.4.1\n"},
    ["Production gets what staging has had for a week",
     ["env/prod.yaml", "replicas: 1\nimage:\n  tag: 1.4.1\n", "replicas: 2\nport: 8082\nimage:\n  tag: 1.4.2\n"]],
    "port 8082 of env/prod.yaml is the port of the sidecar audit in env/common.yaml: address already in use in whichever starts later. Tag and replicas are wanted",
    expected=expect("port-conflict", *([(f"{HEATER}[name=shop].env[name=PORT].value", to), (f"{HEATER}[name=shop].ports[name=http].containerPort", number)] for to, number in ((BEFORE, BEFORE), (value("9090"), value(9090)))),
                    [(f"{HEATER}[name=audit].env[name=PORT].value", ANY), (f"{HEATER}[name=audit].ports[name=audit].containerPort", ANY)]),
    **argo("ferry", "../env/common.yaml", "../env/prod.yaml"))

# 8 ---- two releases of one chart, one ConfigMap; the first release of one never worked -----------------------
FROM = DEPLOYMENT.replace("          ports:\n", "          {{- with .Values.configFrom }}\n          envFrom:\n            {{- range . }}\n            - configMapRef:\n                name: {{ . }}\n            {{- end }}\n          {{- end }}\n          ports:\n", 1)
scenario("harbour-first-release", "flux",
    {**chart(deployment=FROM),
     "releases/wharf.yaml": release("wharf", "image:\n  repository: acme/catalog\n  tag: 1.4.2\nconfigFrom:\n  - harbour-settings\n"),
     "releases/berth.yaml": release("berth", "image:\n  repository: acme/worker\n  tag: 1.4.2\nconfigFrom:\n  - harbour-config\nenv:\n  QUEUE: moorings\n"),
     "releases/settings.yaml": dump(configmap("harbour-settings", LOG_LEVEL="info", REGION="eu-north-1")),
     "releases/kustomization.yaml": kustomization("settings.yaml", "wharf.yaml", "berth.yaml")},
    [], "release berth takes its environment from ConfigMap harbour-config; there is only harbour-settings, which release wharf uses rightly",
    expected=expect("config-missing", [(c("Deployment", "berth", "shop", "envFrom[0].configMapRef.name"), value("harbour-settings"))]),
    path="releases", never_worked=True)

# 9 ---- DaemonSet: the value changed in one file, the probe is in another -------------------------------------
DAEMON = text("""
    apiVersion: apps/v1
    kind: DaemonSet
    metadata:
      name: {{ .Release.Name }}
    spec:
      selector:
        matchLabels:
          app: {{ .Release.Name }}
      template:
        metadata:
          labels:
            app: {{ .Release.Name }}
        spec:
          terminationGracePeriodSeconds: 5
          containers:
            - name: agent
              image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
              env:
                - name: START_SECONDS
                  value: {{ .Values.index.seconds | quote }}
                - name: INDEX_SCOPE
                  value: {{ .Values.index.scope }}
              ports:
                - name: http
                  containerPort: 8080
              resources:
                {{- toYaml .Values.resources | nindent 12 }}
              {{- range $kind, $probe := .Values.probes }}
              {{ $kind }}Probe:
                httpGet: {path: {{ $probe.path }}, port: http}
                {{- omit $probe "path" | toYaml | nindent 12 }}
              {{- end }}
    """)
AGENT = "DaemonSet/lookout spec.template.spec.containers[name=agent]"
scenario("lookout-index", "argocd",
    {**chart(deployment=None, service=None, values=VALUES.replace("replicas: 1\n", "").replace("env: {}\n", text("""
        index:
          seconds: 4
          scope: local
        probes:
          startup:
            path: /healthz
            periodSeconds: 4
            failureThreshold: 4
          liveness:
            path: /healthz
            periodSeconds: 10
          readiness:
            path: /readyz
            periodSeconds: 5
        """))), "chart/templates/daemonset.yaml": DAEMON,
     "env/common.yaml": "image:\n  repository: acme/catalog\n  tag: 1.4.1\n", "env/prod.yaml": "index:\n  seconds: 5\n"},
    ["Index all regions on every node", ["env/prod.yaml", "index:\n  seconds: 5\n", "index:\n  seconds: 50\n  scope: global\n"], ["env/common.yaml", "tag: 1.4.1", "tag: 1.4.2"]],
    "the agent now takes 50 s to start, the chart's startup probe gives it 16: killed and restarted without end. Tag and scope are wanted",
    expected=expect("startup-probe liveness-probe", [(AGENT + ".startupProbe.failureThreshold", at_least("14"))], [(AGENT + ".startupProbe.periodSeconds", at_least("17"))], [(AGENT + ".startupProbe.initialDelaySeconds", at_least("39"))],
                    [(AGENT + ".startupProbe.failureThreshold", at_least("7")), (AGENT + ".startupProbe.periodSeconds", at_least("9"))], [(AGENT + ".env[name=START_SECONDS].value", BEFORE)]),
    **argo("lookout", "../env/common.yaml", "../env/prod.yaml"))

# 10 --- Kustomize component with accounts, never worked -------------------------------------------------------
scenario("teller-account", "argocd",
    {"base/teller.yaml": dump(workload("StatefulSet", "teller", container("teller", "shop", "acme/payments:1.4.1")), service("teller")),
     "base/counter.yaml": dump(workload("Deployment", "counter", container("counter", "shop", "acme/checkout:1.4.1"), deadline=75), service("counter")),
     "base/kustomization.yaml": kustomization("teller.yaml", "counter.yaml"),
     "components/accounts/accounts.yaml": dump({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "bank-runner"}, "automountServiceAccountToken": False}),
     "components/accounts/kustomization.yaml": dump({"apiVersion": "kustomize.config.k8s.io/v1alpha1", "kind": "Component", "resources": ["accounts.yaml"], "patches": [
         {"target": {"kind": "Deployment"}, "patch": Text("- op: add\n  path: /spec/template/spec/serviceAccountName\n  value: bank-runner\n")},
         {"target": {"kind": "StatefulSet"}, "patch": Text("- op: add\n  path: /spec/template/spec/serviceAccountName\n  value: bank\n")}]}, indented=True),
     "overlays/prod/kustomization.yaml": kustomization("../../base", namePrefix="prod-", components=["../../components/accounts"], images=[{"name": "acme/payments", "newTag": "1.4.2"}], replicas=[{"name": "counter", "count": 2}])},
    [], "the component's patch of StatefulSets names the account bank; the component makes bank-runner (prod-bank-runner with the prefix), which the Deployment uses rightly",
    expected=expect("service-account-missing", [(pod("StatefulSet", "prod-teller", "serviceAccountName"), value("prod-bank-runner"))]),
    path="overlays/prod", never_worked=True)

# 11 --- generator from env files, merged by the overlay -------------------------------------------------------
KIOSK = container("kiosk", "shop", "acme/catalog:1.4.1", env={"CACHE_MB": {"configMapKeyRef": {"name": "kiosk-settings", "key": "cache_mb"}}, "LOG_LEVEL": {"configMapKeyRef": {"name": "kiosk-settings", "key": "log_level"}}})
KEY = c("Deployment", "kiosk", "kiosk", "env[name=CACHE_MB].valueFrom.configMapKeyRef.key")
scenario("kiosk-env-file", "flux",
    {"base/kiosk.yaml": dump(workload("Deployment", "kiosk", KIOSK, deadline=75), service("kiosk")),
     "base/defaults.env": "log_level=info\n",
     "base/kustomization.yaml": kustomization("kiosk.yaml", configMapGenerator=[{"name": "kiosk-settings", "envs": ["defaults.env"]}]),
     "overlays/prod/prod.env": "cache_mb=12\nregion=eu-west-1\n",
     "overlays/prod/kustomization.yaml": kustomization("../../base", configMapGenerator=[{"name": "kiosk-settings", "behavior": "merge", "envs": ["prod.env"]}])},
    ["Two regions, settings of production in one form", ["overlays/prod/prod.env", "cache_mb=12\nregion=eu-west-1\n", "log_level=warn\ncache_size_mb=16\nregion=eu-west-1\nfallback_region=eu-north-1\n"],
     ["overlays/prod/kustomization.yaml", "resources:\n", "replicas:\n  - name: kiosk\n    count: 2\nresources:\n"]],
    "prod.env now calls cache_mb cache_size_mb; the base's Deployment refers to the key cache_mb of the merged ConfigMap (CreateContainerConfigError). The other settings and two replicas are wanted",
    expected=expect("config-key-missing", [(KEY, value("cache_size_mb"))],
                    *([("ConfigMap/kiosk-settings-# data.cache_mb", to), *gone] for to in (BEFORE, value("16")) for gone in ([("ConfigMap/kiosk-settings-# data.cache_size_mb", GONE)], []))),
    path="overlays/prod")

# 12 --- CronJob, its schedule by an overlay's JSON patch ------------------------------------------------------
SWEEP = workload("CronJob", "sweep", {"name": "sweep", "image": "acme/worker:1.4.1", "args": ["migrate"], "env": [{"name": "DATABASE_URL", "value": "postgres://sweep@10.20.0.5/sweep"}, {"name": "REGION", "value": "${region}"}],
                                      "resources": {"requests": {"cpu": "10m", "memory": "24Mi"}, "limits": {"memory": "64Mi"}}}, spec={"schedule": "0 * * * *"})
scenario("sweep-less-often", "flux",
    {"base/sweep.yaml": dump(SWEEP), "base/panel.yaml": dump(workload("Deployment", "panel", container("panel", "shop", "acme/checkout:1.4.1"), deadline=75), service("panel")),
     "base/kustomization.yaml": kustomization("sweep.yaml", "panel.yaml"),
     "overlays/prod/kustomization.yaml": kustomization("../../base", patches=[{"path": "sweep.patch.yaml", "target": {"kind": "CronJob", "name": "sweep"}}], images=[{"name": "acme/checkout", "newTag": "1.4.1"}]),
     "overlays/prod/sweep.patch.yaml": text("""
        - op: replace
          path: /spec/schedule
          value: "*/5 * * * *"
        - op: add
          path: /spec/successfulJobsHistoryLimit
          value: 1
        """)},
    ["Sweep every twenty minutes, keep the last three runs; panel 1.4.2", ["overlays/prod/sweep.patch.yaml", '"*/5 * * * *"', '"*/20 * * *"'], ["overlays/prod/sweep.patch.yaml", "value: 1\n", "value: 3\n"],
     ["overlays/prod/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.2"]],
    "the schedule in the overlay's JSON patch has four fields: the API server refuses the CronJob, nothing of the commit is applied. History limit and panel 1.4.2 are wanted",
    expected=expect("cron-invalid invalid-manifest", [("CronJob/sweep spec.schedule", value("*/20 * * * *"))], [("CronJob/sweep spec.schedule", BEFORE)]),
    path="overlays/prod", spec={"postBuild": {"substitute": {"region": "eu-west-1"}}})

# 13 --- HUMAN: the HelmRelease's account may not do what a value switches on ----------------------------------
PDB = text("""
    {{- if .Values.disruption.minAvailable }}
    apiVersion: policy/v1
    kind: PodDisruptionBudget
    metadata:
      name: {{ .Release.Name }}
    spec:
      minAvailable: {{ .Values.disruption.minAvailable }}
      selector:
        matchLabels:
          app: {{ .Release.Name }}
    {{- end }}
    """)
scenario("mooring-budget", "flux",
    {**chart(values=VALUES + "disruption:\n  minAvailable: 0\n"), "chart/templates/disruption.yaml": PDB,
     "releases/mooring.yaml": release("mooring", "image:\n  repository: acme/checkout\n  tag: 1.4.1\nreplicas: 2\n", more="serviceAccountName: deployer\n" + text(ROLLBACK)),
     "releases/kustomization.yaml": kustomization("mooring.yaml")},
    ["Keep one pod up while nodes are drained", ["releases/mooring.yaml", "  replicas: 2\n", "  replicas: 2\n    disruption:\n      minAvailable: 1\n"]],
    "the account deployer of the HelmRelease may not handle poddisruptionbudgets.policy, which the value disruption.minAvailable adds: its Role is the platform's, not in git",
    answer=HUMAN, expected=expect("rbac-forbidden"), path="releases",
    given=dump({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "deployer"}},
               {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role", "metadata": {"name": "deployer"}, "rules": [
                   {"apiGroups": [""], "resources": ["secrets", "configmaps", "services", "pods", "events"], "verbs": ["*"]}, {"apiGroups": ["apps"], "resources": ["deployments", "replicasets"], "verbs": ["*"]}]},
               {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding", "metadata": {"name": "deployer"}, "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "deployer"},
                "subjects": [{"kind": "ServiceAccount", "name": "deployer", "namespace": "@NAME@"}]}))

# 14 --- NONE: slow, but within what the probes of the same values give ----------------------------------------
SLOW = DEPLOYMENT.replace("progressDeadlineSeconds: 75", "progressDeadlineSeconds: 240").replace("          livenessProbe:", "          startupProbe:\n            httpGet: {path: /healthz, port: http}\n            {{- toYaml .Values.startup | nindent 12 }}\n          livenessProbe:")
scenario("compass-warms-up", "argocd",
    {**chart(deployment=SLOW, values=VALUES + "startup:\n  periodSeconds: 5\n  failureThreshold: 12\n"), "env/prod.yaml": "image:\n  repository: acme/catalog\n  tag: 1.4.1\nenv:\n  START_SECONDS: 5\n"},
    ["Compass loads the whole chart at its start", ["env/prod.yaml", "tag: 1.4.1\nenv:\n  START_SECONDS: 5\n", "tag: 1.4.2\nenv:\n  START_SECONDS: 75\nstartup:\n  failureThreshold: 30\n"]],
    "slow but within the startup probe, which the same commit widened: it becomes healthy by itself", answer=NONE, expected=expect("healthy recovering"),
    **argo("compass", "../env/prod.yaml"))

# 15 --- NONE: a second commit has already put it right --------------------------------------------------------
scenario("booth-already-corrected", "flux",
    {"base/booth.yaml": dump(workload("Deployment", "booth", container("booth", "shop", "acme/checkout"), deadline=75), service("booth")),
     "base/kustomization.yaml": kustomization("booth.yaml"),
     "components/quiet/kustomization.yaml": dump({"apiVersion": "kustomize.config.k8s.io/v1alpha1", "kind": "Component", "patches": [{"target": {"kind": "Deployment"}, "patch": Text("- op: add\n  path: /spec/template/spec/containers/0/env\n  value:\n    - name: LOG_LEVEL\n      value: warn\n")}]}, indented=True),
     "overlays/prod/kustomization.yaml": kustomization("../../base", components=["../../components/quiet"], images=[{"name": "acme/checkout", "newTag": "1.4.1"}])},
    [{"subject": "Booth 1.4.3", "edit": [["overlays/prod/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.3"]]},
     {"subject": "Booth 1.4.2: 1.4.3 is not built yet", "wait": 75, "edit": [["overlays/prod/kustomization.yaml", "newTag: 1.4.3", "newTag: 1.4.2"]]}],
    "the first commit's tag was never pushed, the second has put it right: healthy by now", answer=NONE, expected=expect("healthy recovering"), path="overlays/prod")

# 16 --- HUMAN: the Secret was taken away by hand, the commit is innocent --------------------------------------
VAULT = container("cashbox", "shop", "acme/payments:1.4.1", env={"GATEWAY_TOKEN": {"secretKeyRef": {"name": "gateway-credentials", "key": "token"}}, "REQUIRED_ENV": "GATEWAY_TOKEN", "LOG_LEVEL": "info"})
scenario("cashbox-secret-away", "argocd",
    {"base/cashbox.yaml": dump(workload("Deployment", "cashbox", VAULT, deadline=75), service("cashbox")), "base/kustomization.yaml": kustomization("cashbox.yaml"),
     "overlays/prod/kustomization.yaml": kustomization("../../base", patches=[{"path": "cashbox.yaml"}], images=[{"name": "acme/payments", "newTag": "1.4.1"}]),
     "overlays/prod/cashbox.yaml": dump({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "cashbox"}, "spec": {"replicas": 2, "template": {"spec": {"containers": [{"name": "cashbox", "env": [{"name": "LOG_LEVEL", "value": "info"}]}]}}}})},
    ["Cashbox: less noise in the logs", ["overlays/prod/cashbox.yaml", "value: info", "value: warn"]],
    "Secret gateway-credentials, which was made by hand, has been deleted by hand; the commit only made new pods: a person must put the Secret back",
    answer=HUMAN, expected=expect("secret-missing"), path="overlays/prod",
    given=dump({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "gateway-credentials"}, "stringData": {"token": "only-for-tests"}}),
    then=[[-5, "kubectl -n $NAMESPACE delete secret gateway-credentials"]])
