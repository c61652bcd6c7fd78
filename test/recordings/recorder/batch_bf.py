"""Ordinary failures in larger repositories: several apps, one chart for several releases, components, commits of several changes."""
import pathlib, runpy, textwrap
globals().update(runpy.run_path(str(pathlib.Path(__file__).parent / "kit.py")))
SCENARIOS, scenario = batch(1684)


def app(name, image, port=8080, env=None, kind="Deployment", more=None, **options):
    """One workload of the shop's program, as a document."""
    env = {**env} if env else {}
    if port != 8080:
        env["PORT"] = str(port)
    return workload(kind, name, container(name, "shop", image=image, port=port, env=env, **(more or {})), **options)


def files(**documents):
    """a__b=… is a/b.yaml"""
    return {key.replace("__", "/").replace("_", "-") + ".yaml": dump(*(d if isinstance(d, tuple) else (d,))) for key, d in documents.items()}


# ---------------------------------------------------------------- 1: one chart, several apps, values in two files (Argo CD)
PLATFORM = {
    "charts/platform/Chart.yaml": "apiVersion: v2\nname: platform\nversion: 1.8.0\n",
    "charts/platform/values.yaml": text("""
        image:
          tag: 1.4.0
        defaults:
          replicas: 1
          memory: 64Mi
          logLevel: info
        apps: {}
        """),
    "charts/platform/templates/apps.yaml": text("""
        {{- range $name, $app := .Values.apps }}
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: {{ $name }}
          labels:
            app.kubernetes.io/name: {{ $name }}
            app.kubernetes.io/part-of: {{ $.Release.Name }}
        spec:
          replicas: {{ $app.replicas | default $.Values.defaults.replicas }}
          progressDeadlineSeconds: 90
          selector:
            matchLabels:
              app: {{ $name }}
          template:
            metadata:
              labels:
                app: {{ $name }}
            spec:
              containers:
                - name: app
                  image: "acme/{{ $app.image }}:{{ $app.tag | default $.Values.image.tag }}"
                  env:
                    - name: LOG_LEVEL
                      value: {{ $.Values.defaults.logLevel | quote }}
                    {{- range $key, $value := $app.env }}
                    - name: {{ $key }}
                      value: {{ $value | quote }}
                    {{- end }}
                  ports:
                    - name: http
                      containerPort: 8080
                  resources:
                    requests:
                      cpu: 10m
                      memory: 24Mi
                    limits:
                      memory: {{ $app.memory | default $.Values.defaults.memory }}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 4
        ---
        apiVersion: v1
        kind: Service
        metadata:
          name: {{ $name }}
        spec:
          selector:
            app: {{ $name }}
          ports:
            - {name: http, port: 80, targetPort: http}
        {{- end }}
        """),
    "envs/common.yaml": text("""
        # everything that is the same in all environments
        image:
          tag: 1.4.1
        defaults:
          memory: 96Mi
        apps:
          storefront:
            image: checkout
          search:
            image: catalog
            env:
              INDEX: products
              CACHE_MB: "12"
          notify:
            image: worker
        """),
    "envs/staging.yaml": text("""
        defaults:
          logLevel: debug
        """),
    "envs/prod.yaml": text("""
        defaults:
          logLevel: info
        apps:
          storefront:
            replicas: 1
            memory: 128Mi
          search:
            replicas: 1
            memory: 192Mi
            env:
              CACHE_MB: "110"
          notify:
            memory: 128Mi
        """),
}
scenario("platform-values-tidied", "argocd", PLATFORM,
         ["Platform 1.4.2, two storefronts, less repetition in prod",
          ["envs/common.yaml", "  tag: 1.4.1", "  tag: 1.4.2"],
          ["envs/prod.yaml", "  logLevel: info", "  logLevel: warn"],
          ["envs/prod.yaml", "    replicas: 1\n    memory: 128Mi\n", "    replicas: 2\n"],
          ["envs/prod.yaml", "    replicas: 1\n    memory: 192Mi\n", "    replicas: 1\n"],
          ["envs/prod.yaml", "  notify:\n    memory: 128Mi\n", "  notify:\n    env:\n      QUEUE: outbound\n"]],
         "prod's own memory limit of search (192Mi) was dropped with the others: the default of envs/common.yaml, 96Mi, is below the cache of 110 MB that prod asks for",
         path="charts/platform", source={"helm": {"releaseName": "platform", "valueFiles": ["../../envs/common.yaml", "../../envs/prod.yaml"]}},
         expected=expect("out-of-memory", [(c("Deployment", "search", "app", "resources.limits.memory"), BEFORE)], [(c("Deployment", "search", "app", "resources.limits.memory"), at_least("128Mi"))]))


# ---------------------------------------------------------------- the chart of the HelmReleases
def chart(image_line='"{{ .Values.image.repository }}:{{ .Values.image.tag }}"', readiness="{{ .Values.probes.readiness }}", version="0.6.2", app_version="1.4.1"):
    return {
        "charts/service/Chart.yaml": f'apiVersion: v2\nname: service\nversion: {version}\nappVersion: "{app_version}"\n',
        "charts/service/values.yaml": text("""
            image:
              repository: acme/checkout
              tag: ""
            replicas: 1
            port: 8080
            probes:
              liveness: /healthz
              readiness: /readyz
            resources:
              requests:
                cpu: 10m
                memory: 24Mi
              limits:
                memory: 96Mi
            env: {}
            """),
        "charts/service/templates/deployment.yaml": text("""
            apiVersion: apps/v1
            kind: Deployment
            metadata:
              name: {{ .Release.Name }}
              labels:
                app.kubernetes.io/name: {{ .Release.Name }}
                helm.sh/chart: {{ .Chart.Name }}
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
                    - name: service
                      image: IMAGE
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
                        initialDelaySeconds: 5
                        periodSeconds: 10
                      readinessProbe:
                        httpGet:
                          path: READINESS
                          port: http
                        periodSeconds: 4
            """).replace("IMAGE", image_line).replace("READINESS", readiness),
        "charts/service/templates/service.yaml": text("""
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
    }


def release(name, values, values_from=("service-values",)):
    sources = "".join(f"    - kind: ConfigMap\n      name: {source}\n" for source in values_from)
    return text("""
        apiVersion: helm.toolkit.fluxcd.io/v2
        kind: HelmRelease
        metadata:
          name: RELEASE
        spec:
          interval: 30s
          timeout: 60s
          chart:
            spec:
              chart: ./charts/service
              reconcileStrategy: Revision
              sourceRef:
                kind: GitRepository
                name: "@NAME@"
                namespace: flux-system
          install:
            strategy: {name: RetryOnFailure, retryInterval: 20s}
          upgrade:
            strategy: {name: RetryOnFailure, retryInterval: 20s}
        """).replace("RELEASE", name) + (f"  valuesFrom:\n{sources}" if sources else "") + "  values:\n" + textwrap.indent(text(values), "    ")


# ---------------------------------------------------------------- 2: the chart's values get another shape; one of three releases keeps the old one
scenario("probe-values-reshaped", "flux", {
    **chart(),
    "releases/prod/values.yaml": dump(configmap("service-values", values__yaml="image:\n  tag: 1.4.1\nenv:\n  LOG_LEVEL: info\n")),
    "releases/prod/web.yaml": release("web", "image:\n  repository: acme/checkout\nprobes:\n  readiness: /ready/web\nenv:\n  READY_PATH: /ready/web\n"),
    "releases/prod/api.yaml": release("api", "image:\n  repository: acme/catalog\nreplicas: 1\n"),
    "releases/prod/billing.yaml": release("billing", "image:\n  repository: acme/payments\nprobes:\n  readiness: /ready/billing\nenv:\n  READY_PATH: /ready/billing\n  CURRENCY: EUR\n"),
}, ["Service chart 0.7: probe timings can be set per release",
    ["charts/service/Chart.yaml", "version: 0.6.2", "version: 0.7.0"],
    ["charts/service/values.yaml", "  readiness: /readyz\n", "  readinessProbe:\n    path: /readyz\n    periodSeconds: 4\n"],
    ["charts/service/templates/deployment.yaml", "path: {{ .Values.probes.readiness }}", "path: {{ .Values.probes.readinessProbe.path }}"],
    ["charts/service/templates/deployment.yaml", "            periodSeconds: 4\n", "            periodSeconds: {{ .Values.probes.readinessProbe.periodSeconds }}\n"],
    ["releases/prod/web.yaml", "  readiness: /ready/web\n", "  readinessProbe:\n        path: /ready/web\n        periodSeconds: 6\n"],
    ["releases/prod/values.yaml", "tag: 1.4.1", "tag: 1.4.2"]],
    "the chart reads probes.readinessProbe.path now; release billing still sets probes.readiness, which nothing reads, so that it is probed at the default /readyz and answers 404",
    path="releases/prod",
    expected=expect("readiness-probe helm-failed", [(c("Deployment", "billing", "service", "readinessProbe.httpGet.path"), BEFORE)]))


# ---------------------------------------------------------------- 3: two apps and a component with a sidecar
scenario("audit-sidecar-settings", "argocd", {
    **files(apps__orders__deployment=app("orders", "acme/checkout", env={"REGION": "eu-west"}), apps__orders__service=service("orders"),
            apps__catalog__deployment=app("catalog", "acme/catalog", port=8090, env={"INDEX": "products"}), apps__catalog__service=service("catalog")),
    "apps/orders/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
    "apps/catalog/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
    "components/audit/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1alpha1
        kind: Component
        configMapGenerator:
          - name: audit-settings
            literals:
              - PORT=9102
              - START_SECONDS=3
              - FLUSH_SECONDS=30
              - SINK=stdout
        patches:
          - path: sidecar.yaml
            target:
              kind: Deployment
        """),
    "components/audit/sidecar.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: any
        spec:
          template:
            spec:
              containers:
                - name: audit
                  image: acme/worker
                  envFrom:
                    - configMapRef:
                        name: audit-settings
                  resources:
                    requests: {cpu: 5m, memory: 16Mi}
                    limits: {memory: 48Mi}
        """),
    "overlays/staging/kustomization.yaml": kustomization("../../apps/orders", "../../apps/catalog", images=[{"name": "acme/checkout", "newTag": "1.4.2"}, {"name": "acme/catalog", "newTag": "1.4.2"}]),
    "overlays/prod/kustomization.yaml": kustomization("../../apps/orders", "../../apps/catalog", components=["../../components/audit"],
        images=[{"name": "acme/checkout", "newTag": "1.4.1"}, {"name": "acme/catalog", "newTag": "1.4.0"}, {"name": "acme/worker", "newTag": "1.4.1"}], replicas=[{"name": "orders", "count": 1}]),
}, ["Catalog 1.4.1 and tuned audit trail",
    ["overlays/prod/kustomization.yaml", "newTag: 1.4.0", "newTag: 1.4.1"],
    ["overlays/prod/kustomization.yaml", "count: 1", "count: 2"],
    ["components/audit/kustomization.yaml", "PORT=9102", "PORT=8090"],
    ["components/audit/kustomization.yaml", "FLUSH_SECONDS=30", "FLUSH_SECONDS=10"],
    ["components/audit/sidecar.yaml", "memory: 48Mi", "memory: 64Mi"]],
    "the audit sidecar of the component listens on 8090 now, where catalog itself listens: address already in use (orders, on 8080, is fine)",
    path="overlays/prod",
    expected=expect("port-conflict", [("ConfigMap/audit-settings-# data.PORT", BEFORE)]))


# ---------------------------------------------------------------- 4: the end of a canary
scenario("canary-finished", "flux", {
    **files(base__api__deployment=app("api", "acme/payments:1.4.0", labels={"component": "api"}), base__api__service=service("api", selector={"component": "api"}),
            base__web__deployment=app("web", "acme/checkout", env={"THEME": "classic"}), base__web__service=service("web"),
            overlays__prod__api_canary=workload("Deployment", "api-canary", container("api", "shop", image="acme/payments:1.4.2"), labels={"component": "api", "track": "canary"})),
    "base/api/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
    "base/web/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
    "overlays/prod/api-track.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: api
        spec:
          template:
            metadata:
              labels:
                track: stable
                team: payments
            spec:
              containers:
                - name: api
                  image: acme/payments:1.4.1
        """),
    "overlays/prod/api-service.yaml": text("""
        apiVersion: v1
        kind: Service
        metadata:
          name: api
          annotations:
            acme.example/owner: payments
        spec:
          selector:
            track: stable
        """),
    "overlays/prod/kustomization.yaml": kustomization("../../base/api", "../../base/web", "api-canary.yaml", patches=[{"path": "api-track.yaml"}, {"path": "api-service.yaml"}],
        images=[{"name": "acme/checkout", "newTag": "1.4.1"}]),
}, ["Promote api 1.4.2",
    ["overlays/prod/api-canary.yaml", "", globals().get("DELETE")],
    ["overlays/prod/kustomization.yaml", "  - api-canary.yaml\n", ""],
    ["overlays/prod/api-track.yaml", "payments:1.4.1", "payments:1.4.2"],
    ["overlays/prod/api-track.yaml", "        track: stable\n", ""],
    ["base/web/deployment.yaml", "value: classic", "value: autumn"]],
    "the pods of api lost the label track=stable with the canary; the overlay's patch of Service api still selects it: no endpoints",
    path="overlays/prod",
    expected=expect("service-no-endpoints", [("Service/api spec.selector.track", GONE)], [("Deployment/api spec.template.metadata.labels.track", BEFORE)]))


# ---------------------------------------------------------------- 5: requests go down, limits stay
def sized(request, limit):
    return {"resources": {"requests": {"cpu": "10m", "memory": request}, "limits": {"memory": limit}}}


scenario("requests-measured", "argocd", files(
    deploy__limits={"apiVersion": "v1", "kind": "LimitRange", "metadata": {"name": "container-limits"}, "spec": {"limits": [{"type": "Container", "maxLimitRequestRatio": {"memory": "4"}}]}},
    deploy__web=(app("web", "acme/checkout:1.4.1", more=sized("48Mi", "96Mi")), service("web")),
    deploy__queue=(app("queue", "acme/worker:1.4.1", kind="StatefulSet", env={"CACHE_MB": "8"}, more=sized("64Mi", "160Mi")), service("queue", clusterIP="None")),
    deploy__report=(app("report", "acme/catalog:1.4.1", more=sized("40Mi", "128Mi")), service("report"))),
    ["Requests as measured last month, web 1.4.2",
     ["deploy/web.yaml", "memory: 48Mi", "memory: 24Mi"], ["deploy/web.yaml", "checkout:1.4.1", "checkout:1.4.2"],
     ["deploy/queue.yaml", "memory: 64Mi", "memory: 18Mi"], ["deploy/queue.yaml", "cpu: 10m", "cpu: 5m"],
     ["deploy/report.yaml", "memory: 40Mi", "memory: 32Mi"]],
    "queue's memory request of 18Mi is less than a quarter of its limit of 160Mi: the LimitRange allows a ratio of 4 at most, queue-0 is not created again",
    expected=expect("limit-range", [(c("StatefulSet", "queue", "queue", "resources.requests.memory"), at_least("40Mi"))], [(c("StatefulSet", "queue", "queue", "resources.requests.memory"), BEFORE)],
                    [(c("StatefulSet", "queue", "queue", "resources.limits.memory"), value("72Mi"))], [(c("StatefulSet", "queue", "queue", "resources.limits.memory"), value("64Mi"))]))


# ---------------------------------------------------------------- 6: a file is renamed, its subPath is not
scenario("agent-file-renamed", "flux", {
    **files(
        apps__agent__settings=configmap("agent-settings", agent__conf="INTERVAL=30\nTARGET=local\n", labels__conf="TEAM=core\n"),
        apps__agent__daemonset=app("agent", "acme/worker:1.4.1", kind="DaemonSet", env={"CONFIG_FILE": "/etc/agent/agent.conf"}, pod={"volumes": [{"name": "settings", "configMap": {"name": "agent-settings"}}]},
            more={"volumeMounts": [{"name": "settings", "mountPath": "/etc/agent/agent.conf", "subPath": "agent.conf", "readOnly": True}]}),
        apps__gateway__gateway=(app("gateway", "acme/checkout:1.4.1"), service("gateway")),
        apps__stock__stock=(app("stock", "acme/catalog:1.4.1"), service("stock")))},
    ["Agent reads YAML from now on",
     ["apps/agent/settings.yaml", "  agent.conf: |\n    INTERVAL=30\n    TARGET=local\n", "  agent.yaml: |\n    interval: 15\n    target: local\n"],
     ["apps/agent/daemonset.yaml", "value: /etc/agent/agent.conf", "value: /etc/agent/agent.yaml"],
     ["apps/agent/daemonset.yaml", "mountPath: /etc/agent/agent.conf", "mountPath: /etc/agent/agent.yaml"],
     ["apps/agent/daemonset.yaml", "worker:1.4.1", "worker:1.4.2"],
     ["apps/gateway/gateway.yaml", "replicas: 1", "replicas: 2"]],
    "the ConfigMap's key is agent.yaml now, the mount's subPath is still agent.conf: the kubelet makes an empty folder of it and the agent says 'is a directory'",
    path="apps",
    expected=expect("volume-mount config-key-missing", [(c("DaemonSet", "agent", "agent", "volumeMounts[name=settings].subPath"), value("agent.yaml"))]))


# ---------------------------------------------------------------- 7: a CronJob's settings move
DSN = "postgres://ledger@10.20.0.5:5432/ledger"
scenario("cron-settings-moved", "argocd", {
    **files(base__reconcile__cronjob=workload("CronJob", "reconcile", {"name": "reconcile", "image": "acme/worker:1.4.1", "args": ["migrate"],
                "env": [{"name": "LOG_LEVEL", "value": "info"}, {"name": "DATABASE_URL", "value": DSN}], "resources": {"requests": {"cpu": "10m", "memory": "16Mi"}, "limits": {"memory": "64Mi"}}}),
            base__ledger__deployment=app("ledger", "acme/payments:1.4.1"), base__ledger__service=service("ledger")),
    "base/reconcile/kustomization.yaml": kustomization("cronjob.yaml"),
    "base/ledger/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
    "overlays/prod/kustomization.yaml": kustomization("../../base/reconcile", "../../base/ledger", replicas=[{"name": "ledger", "count": 1}]),
}, ["Settings of the ledger jobs per environment",
    ["base/reconcile/cronjob.yaml", f"            - name: DATABASE_URL\n              value: {DSN}\n", "            envFrom:\n            - configMapRef:\n                name: ledger-jobs\n"],
    ["base/reconcile/cronjob.yaml", "worker:1.4.1", "worker:1.4.2"],
    ["overlays/prod/jobs.env", None, f"BATCH_SIZE=200\nDATABASE_DSN={DSN}\n"],
    ["overlays/prod/kustomization.yaml", "replicas:\n", "configMapGenerator:\n  - name: ledger-jobs\n    envs:\n      - jobs.env\nreplicas:\n"],
    ["overlays/prod/kustomization.yaml", "count: 1", "count: 2"]],
    "the job reads DATABASE_URL; jobs.env of the overlay, where it moved to, calls it DATABASE_DSN",
    path="overlays/prod",
    expected=expect("job-failed crash-on-start", [("ConfigMap/ledger-jobs-# data.DATABASE_URL", value(DSN)), ("ConfigMap/ledger-jobs-# data.DATABASE_DSN", GONE)], [("ConfigMap/ledger-jobs-# data.DATABASE_URL", value(DSN))],
                    [(c("CronJob", "reconcile", "reconcile", "env[name=DATABASE_URL]"), BEFORE)]))


# ---------------------------------------------------------------- 8: the tag follows the chart
scenario("tag-follows-chart", "flux", {
    **chart(image_line='"{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}"', app_version="1.5.0"),
    "releases/values.yaml": dump(configmap("service-values", values__yaml="replicas: 1\nenv:\n  LOG_LEVEL: info\n")),
    "releases/cart.yaml": release("cart", 'image:\n  repository: acme/checkout\n  tag: 1.4.1\n'),
    "releases/search.yaml": release("search", 'image:\n  repository: acme/catalog\n  tag: 1.4.1\nenv:\n  INDEX: products\n'),
    "releases/refunds.yaml": release("refunds", 'image:\n  repository: acme/payments\n  tag: 1.4.1\n'),
}, ["Cart and refunds 1.4.2, quieter logs, search without its own settings",
    ["releases/cart.yaml", "tag: 1.4.1", "tag: 1.4.2"], ["releases/refunds.yaml", "tag: 1.4.1", "tag: 1.4.2"],
    ["releases/values.yaml", "LOG_LEVEL: info", "LOG_LEVEL: warn"],
    ["releases/search.yaml", "      tag: 1.4.1\n    env:\n      INDEX: products\n", "    env:\n      INDEX: products-v2\n"]],
    "search no longer sets image.tag, so that it takes the chart's appVersion 1.5.0, which was never pushed",
    path="releases",
    expected=expect("image-not-found", [(c("Deployment", "search", "service", "image"), BEFORE)], [(c("Deployment", "search", "service", "image"), value("acme/catalog:1.4.2"))]))


# ---------------------------------------------------------------- 9: an init container's script moves to a file
SCRIPT = "sed s/@REGION@/$REGION/ /templates/app.conf >/work/app.conf\n"
INIT = {"name": "render", "image": "busybox:1.36", "command": ["/bin/sh", "-c", SCRIPT.strip()], "env": [{"name": "REGION", "value": "eu-west"}],
        "volumeMounts": [{"name": "templates", "mountPath": "/templates"}, {"name": "work", "mountPath": "/work"}]}
ledger = workload("Deployment", "ledger", container("ledger", "shop", image="acme/payments:1.4.1", env={"CONFIG_FILE": "/work/app.conf"}, volumeMounts=[{"name": "work", "mountPath": "/work"}]),
                  pod={"initContainers": [INIT], "volumes": [{"name": "templates", "configMap": {"name": "ledger-templates"}}, {"name": "work", "emptyDir": {}}]})
scenario("render-script-file", "argocd", files(
    deploy__ledger__deployment=ledger, deploy__ledger__service=service("ledger"), deploy__ledger__templates=configmap("ledger-templates", app__conf="REGION=@REGION@\nCURRENCY=EUR\n"),
    deploy__web__web=(app("web", "acme/checkout:1.4.1"), service("web")), deploy__mailer__mailer=app("mailer", "acme/worker:1.4.1")),
    ["Ledger: keep the rendering script in a file of its own",
     ["deploy/ledger/scripts.yaml", None, dump(configmap("ledger-scripts", render__sh="#!/bin/sh\nset -eu\n" + SCRIPT + "echo rendered for $REGION\n"))],
     ["deploy/ledger/deployment.yaml", "        command:\n        - /bin/sh\n        - -c\n        - " + SCRIPT.strip() + "\n", "        command:\n        - /scripts/render.sh\n"],
     ["deploy/ledger/deployment.yaml", "        - name: templates\n          mountPath: /templates\n", "        - name: templates\n          mountPath: /templates\n        - name: scripts\n          mountPath: /scripts\n"],
     ["deploy/ledger/deployment.yaml", "      - name: work\n        emptyDir: {}\n", "      - name: work\n        emptyDir: {}\n      - name: scripts\n        configMap:\n          name: ledger-scripts\n"],
     ["deploy/ledger/deployment.yaml", "busybox:1.36", "busybox:1.37"],
     ["deploy/web/web.yaml", "checkout:1.4.1", "checkout:1.4.2"]],
    "the init container executes /scripts/render.sh from a ConfigMap volume without an executable mode: permission denied",
    source={"directory": {"recurse": True}},
    expected=expect("command-not-found volume-mount", [(pod("Deployment", "ledger", "volumes[name=scripts].configMap.defaultMode"), ANY)],
                    [(c("Deployment", "ledger", "render", "command", init=True), value(["/bin/sh", "/scripts/render.sh"]))], [(c("Deployment", "ledger", "render", "command", init=True), value(["sh", "/scripts/render.sh"]))],
                    [(c("Deployment", "ledger", "render", "command", init=True), BEFORE)]))


# ---------------------------------------------------------------- 10: an overlay counts the base's variables
scenario("env-counted", "flux", {
    **files(base__deployment=app("orders", "acme/checkout", env={"CURRENCY": "EUR", "LEGACY_TAX": "on", "REGION": "local"}), base__service=service("orders"),
            base__worker=app("worker", "acme/worker", env={"QUEUE": "orders"})),
    "base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml", "worker.yaml"),
    "components/guard/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1alpha1
        kind: Component
        patches:
          - target: {kind: Deployment}
            patch: |-
              - op: add
                path: /spec/template/metadata/annotations
                value: {acme.example/guarded: "yes"}
        """),
    "overlays/staging/kustomization.yaml": kustomization("../../base", images=[{"name": "acme/checkout", "newTag": "1.4.2"}, {"name": "acme/worker", "newTag": "1.4.2"}]),
    "overlays/prod/kustomization.yaml": kustomization("../../base", components=["../../components/guard"], images=[{"name": "acme/checkout", "newTag": "1.4.1"}, {"name": "acme/worker", "newTag": "1.4.1"}],
        patches=[{"path": "orders-region.yaml", "target": {"kind": "Deployment", "name": "orders"}}]),
    "overlays/prod/orders-region.yaml": text("""
        - op: replace
          path: /spec/replicas
          value: 2
        - op: replace
          path: /spec/template/spec/containers/0/env/2/value
          value: eu-west
        """),
}, ["Orders 1.4.2 without the old tax rules",
    ["base/deployment.yaml", "        - name: LEGACY_TAX\n          value: 'on'\n", ""],
    ["overlays/prod/kustomization.yaml", "name: acme/checkout\n    newTag: 1.4.1", "name: acme/checkout\n    newTag: 1.4.2"],
    ["base/worker.yaml", "value: orders", "value: orders-v2"],
    ["components/guard/kustomization.yaml", 'acme.example/guarded: "yes"', 'acme.example/guarded: "strict"']],
    "prod's JSON patch replaces env/2 of orders; the base has two variables left, so that the build fails (REGION is env/1 now)",
    path="overlays/prod",
    expected=expect("render-failed", [], keep=[
        (c("Deployment", "orders", "orders", "env[name=LEGACY_TAX]"), GONE), (c("Deployment", "orders", "orders", "image"), value("acme/checkout:1.4.2")),
        (c("Deployment", "worker", "worker", "env[name=QUEUE].value"), value("orders-v2")),
        ('Deployment/orders spec.template.metadata.annotations["acme.example/guarded"]', value("strict")), ('Deployment/worker spec.template.metadata.annotations["acme.example/guarded"]', value("strict"))]))


# ---------------------------------------------------------------- 11: an account by another name
ACCOUNT = {**chart(),
    "charts/service/templates/serviceaccount.yaml": text("""
        {{- if .Values.serviceAccount.create }}
        apiVersion: v1
        kind: ServiceAccount
        metadata:
          name: {{ .Release.Name }}-runtime
          labels:
            app.kubernetes.io/name: {{ .Release.Name }}
        {{- end }}
        """)}
ACCOUNT["charts/service/values.yaml"] += 'serviceAccount:\n  create: true\n  name: ""\n'
ACCOUNT["charts/service/templates/deployment.yaml"] = ACCOUNT["charts/service/templates/deployment.yaml"].replace("    spec:\n      containers:", "    spec:\n      serviceAccountName: {{ .Values.serviceAccount.name | default .Release.Name }}\n      containers:")
scenario("account-per-environment", "argocd", {
    **ACCOUNT,
    "values/base.yaml": "image:\n  repository: acme/catalog\n  tag: 1.4.1\nserviceAccount:\n  name: shopfront-runtime\nenv:\n  INDEX: products\n",
    "values/eu/prod.yaml": "replicas: 1\nenv:\n  REGION: eu-west\n",
    "values/us/prod.yaml": "replicas: 1\nenv:\n  REGION: us-east\n",
}, ["Shopfront 1.4.2, what differs by region in the region's values",
    ["values/base.yaml", "tag: 1.4.1", "tag: 1.4.2"],
    ["values/base.yaml", "serviceAccount:\n  name: shopfront-runtime\n", ""],
    ["values/eu/prod.yaml", "replicas: 1\nenv:\n  REGION: eu-west\n", "replicas: 2\nserviceAccount:\n  name: shop-front-runtime\nenv:\n  REGION: eu-west-1\n"],
    ["values/us/prod.yaml", "replicas: 1\n", "replicas: 2\nserviceAccount:\n  name: shopfront-runtime\n"],
    ["charts/service/values.yaml", "    memory: 96Mi", "    memory: 112Mi"]],
    "values/eu/prod.yaml asks for ServiceAccount shop-front-runtime; the chart makes shopfront-runtime (as values/us/prod.yaml has it)",
    path="charts/service", source={"helm": {"releaseName": "shopfront", "valueFiles": ["../../values/base.yaml", "../../values/eu/prod.yaml"]}},
    expected=expect("service-account-missing", [("Deployment/shopfront spec.template.spec.serviceAccountName", BEFORE)]))


# ---------------------------------------------------------------- 12: the first release
def from_settings(key):
    return {"configMapKeyRef": {"name": "shop-settings", "key": key}}


scenario("first-release-key", "flux", {
    **files(base__listing__deployment=app("listing", "acme/catalog", env={"PAGE_SIZE": from_settings("page_size"), "SORT": from_settings("sort_order")}), base__listing__service=service("listing"),
            base__basket__deployment=app("basket", "acme/checkout", env={"PAGE_SIZE": from_settings("page-size"), "CURRENCY": from_settings("currency")}), base__basket__service=service("basket"),
            base__export__statefulset=app("export", "acme/worker", kind="StatefulSet", env={"CURRENCY": from_settings("currency")}), base__export__service=service("export", clusterIP="None")),
    "base/listing/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
    "base/basket/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
    "base/export/kustomization.yaml": kustomization("statefulset.yaml", "service.yaml"),
    "overlays/prod/shop.env": "page_size=50\nsort_order=price\ncurrency=EUR\n",
    "overlays/prod/kustomization.yaml": kustomization("../../base/listing", "../../base/basket", "../../base/export", configMapGenerator=[{"name": "shop-settings", "envs": ["shop.env"]}],
        images=[{"name": f"acme/{n}", "newTag": "1.4.2"} for n in ("catalog", "checkout", "worker")]),
}, [], "basket reads the key page-size of shop-settings; it is called page_size, as listing has it",
    path="overlays/prod", never_worked=True,
    expected=expect("config-key-missing", [(c("Deployment", "basket", "basket", "env[name=PAGE_SIZE].valueFrom.configMapKeyRef.key"), value("page_size"))]))


# ---------------------------------------------------------------- 13: values from a Secret that nobody made
scenario("gateway-credentials", "flux", {
    **chart(),
    "releases/values.yaml": dump(configmap("service-values", values__yaml="image:\n  tag: 1.4.1\nenv:\n  LOG_LEVEL: info\n")),
    "releases/checkout.yaml": release("checkout", "image:\n  repository: acme/checkout\n"),
    "releases/payments.yaml": release("payments", "image:\n  repository: acme/payments\nenv:\n  GATEWAY: sandbox\n"),
}, ["Payments goes live with the real gateway",
    ["releases/payments.yaml", "  valuesFrom:\n", "  valuesFrom:\n    - kind: Secret\n      name: payments-gateway-credentials\n"],
    ["releases/payments.yaml", "      GATEWAY: sandbox\n", "      GATEWAY: live\n      REQUIRED_ENV: GATEWAY_TOKEN\n"],
    ["releases/values.yaml", "LOG_LEVEL: info", "LOG_LEVEL: warn"],
    ["releases/checkout.yaml", "  values:\n", "  values:\n    replicas: 2\n"]],
    "the HelmRelease takes the gateway's token from Secret payments-gateway-credentials, which nobody has created: a credential, for people", HUMAN,
    path="releases", expected=expect("secret-missing helm-failed"))


# ---------------------------------------------------------------- 14: the platform team's quota is used up
scenario("third-app", "argocd", files(
    deploy__orders__orders=(app("orders", "acme/checkout:1.4.1"), service("orders")),
    deploy__stock__stock=(app("stock", "acme/catalog:1.4.1"), service("stock"))),
    ["Returns, as its own service",
     ["deploy/returns/returns.yaml", None, dump(app("returns", "acme/worker:1.4.1", more={"envFrom": [{"configMapRef": {"name": "returns-settings"}}]}), service("returns"))],
     ["deploy/returns/settings.yaml", None, dump(configmap("returns-settings", WINDOW_DAYS="30"))],
     ["deploy/orders/orders.yaml", "metadata:\n  name: orders\n  labels:\n", "metadata:\n  name: orders\n  labels:\n    acme.example/squad: buying\n"],
     ["deploy/stock/stock.yaml", "metadata:\n  name: stock\n  labels:\n", "metadata:\n  name: stock\n  labels:\n    acme.example/squad: buying\n"]],
    "the quota of the platform team, which is not in this repository, allows two pods; both are needed by orders and stock, the new service gets none", HUMAN,
    source={"directory": {"recurse": True}},
    given=dump({"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "tenant-quota", "labels": {"managed-by": "platform-team"}}, "spec": {"hard": {"pods": "2"}}}),
    expected=expect("quota"))


# ---------------------------------------------------------------- 15: it takes its time
scenario("catalogue-warms-up", "argocd", {
    **files(base__search__deployment=app("search", "acme/catalog", env={"START_SECONDS": "2"}, deadline=180, more={"startupProbe": {"httpGet": {"path": "/healthz", "port": "http"}, "periodSeconds": 5, "failureThreshold": 24}}),
            base__search__service=service("search"), base__web__deployment=app("web", "acme/checkout"), base__web__service=service("web")),
    "base/search/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
    "base/web/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
    "overlays/prod/search.yaml": dump({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "search"}, "spec": {"template": {"spec": {"containers": [{"name": "search", "env": [{"name": "INDEX", "value": "products"}, {"name": "START_SECONDS", "value": "5"}]}]}}}}),
    "overlays/prod/kustomization.yaml": kustomization("../../base/search", "../../base/web", patches=[{"path": "search.yaml"}], images=[{"name": "acme/catalog", "newTag": "1.4.1"}, {"name": "acme/checkout", "newTag": "1.4.1"}]),
}, ["Search loads the whole catalogue at start",
    ["overlays/prod/search.yaml", "value: '5'", "value: '55'"], ["overlays/prod/search.yaml", "value: products", "value: all"],
    ["overlays/prod/kustomization.yaml", "name: acme/catalog\n    newTag: 1.4.1", "name: acme/catalog\n    newTag: 1.4.2"],
    ["base/web/deployment.yaml", "replicas: 1", "replicas: 2"]],
    "nothing: search needs 55 seconds to start, its startup probe allows two minutes", NONE,
    path="overlays/prod", expected=expect("healthy recovering"))


# ---------------------------------------------------------------- 16: put right by its author
scenario("second-thought", "flux", files(
    apps__cart=(app("cart", "acme/checkout:1.4.1", env={"THEME": "classic"}), service("cart")),
    apps__refunds=(app("refunds", "acme/payments:1.4.1"), service("refunds")),
    apps__agent=app("agent", "acme/worker:1.4.1", kind="DaemonSet")), [
    {"subject": "Cart and agent 1.4.2, autumn theme", "edit": [["apps/cart.yaml", "checkout:1.4.1", "checkout:1.4.2-rc"], ["apps/cart.yaml", "value: classic", "value: autumn"], ["apps/agent.yaml", "worker:1.4.1", "worker:1.4.2"], ["apps/refunds.yaml", "replicas: 1", "replicas: 2"]]},
    {"subject": "Cart 1.4.2, the released one", "wait": 80, "edit": [["apps/cart.yaml", "checkout:1.4.2-rc", "checkout:1.4.2"]]}],
    "nothing any more: the tag 1.4.2-rc was never pushed, its author put it right a minute later", NONE,
    path="apps", expected=expect("healthy recovering"))
