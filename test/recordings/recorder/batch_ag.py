"""Batch AG, written by somebody who knew neither the playbook nor the batches before: shop-1284 to shop-1299, the failures of every week. No program of this folder is needed."""
import pathlib, runpy, textwrap
globals().update(runpy.run_path(str(pathlib.Path(__file__).parent / "kit.py")))
SCENARIOS, scenario = batch(1284)

RES = {"requests": {"cpu": "10m", "memory": "32Mi"}, "limits": {"memory": "96Mi"}}
PROBES = {"live": {"httpGet": {"path": "/healthz", "port": "http"}, "periodSeconds": 10}, "ready": {"httpGet": {"path": "/readyz", "port": "http"}, "periodSeconds": 3}}

def release(name, chart, values, **more):
    return dump({"apiVersion": "helm.toolkit.fluxcd.io/v2", "kind": "HelmRelease", "metadata": {"name": name},
                 "spec": {"interval": "30s", "timeout": "60s", "releaseName": name,
                          "chart": {"spec": {"chart": f"./{chart}", "reconcileStrategy": "Revision", "sourceRef": {"kind": "GitRepository", "name": "@NAME@", "namespace": "flux-system"}}},
                          **more, "values": values}}, indented=True)

# 1 image-not-found: Kustomize overlay, Argo CD
scenario("overlay-tag-with-v", "argocd", {
    "base/deployment.yaml": dump(workload("Deployment", "catalog",
        container("catalog", "shop", image="acme/catalog", env={"DATABASE_URL": "postgres://catalog@10.20.0.7/catalog", "REQUIRED_ENV": "DATABASE_URL"}, resources=RES),
        pod={"initContainers": [{"name": "migrate", "image": "acme/catalog", "args": ["migrate"], "env": [{"name": "DATABASE_URL", "value": "postgres://catalog@10.20.0.7/catalog"}]}]})),
    "base/service.yaml": dump(service("catalog")),
    "base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
    "overlays/prod/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources:
          - ../../base
        replicas:
          - name: catalog
            count: 1
        images:
          - name: acme/catalog
            newTag: 1.4.1
        """),
    "overlays/staging/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources:
          - ../../base
        images:
          - name: acme/catalog
            newTag: 1.4.2
        """),
}, ["Promote catalog v1.4.2 to production",
    ["overlays/prod/kustomization.yaml", "newTag: 1.4.1", "newTag: v1.4.2"],
    ["overlays/prod/kustomization.yaml", "count: 1", "count: 2"]],
    "the tag is written v1.4.2, the registry (and staging) have 1.4.2; the second replica is wanted", path="overlays/prod",
    expected=expect("image-not-found",
        [(c("Deployment", "catalog", "migrate", "image", init=True), value("acme/catalog:1.4.2")), (c("Deployment", "catalog", "catalog", "image"), value("acme/catalog:1.4.2"))],
        [(c("Deployment", "catalog", "migrate", "image", init=True), BEFORE), (c("Deployment", "catalog", "catalog", "image"), BEFORE)]))

# 2 job-failed: Helm pre-upgrade hook, Argo CD
scenario("hook-value-renamed", "argocd", {
    "charts/payments/Chart.yaml": "apiVersion: v2\nname: payments\nversion: 1.8.0\n",
    "charts/payments/values.yaml": text("""
        image:
          repository: acme/payments
          tag: 1.4.1
        replicas: 1
        database:
          url: ""
          poolSize: 5
        """),
    "charts/payments/values-prod.yaml": text("""
        replicas: 2
        database:
          url: postgres://payments@10.20.0.11:5432/payments
        """),
    "charts/payments/templates/migrate.yaml": text("""
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
            metadata:
              labels:
                app: {{ .Release.Name }}-migrate
            spec:
              restartPolicy: Never
              containers:
                - name: migrate
                  image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
                  args: [migrate]
                  env:
                    - name: DATABASE_URL
                      value: {{ .Values.database.url | quote }}
        """),
    "charts/payments/templates/deployment.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: payments
        spec:
          replicas: {{ .Values.replicas }}
          progressDeadlineSeconds: 90
          selector:
            matchLabels:
              app: payments
          template:
            metadata:
              labels:
                app: payments
            spec:
              containers:
                - name: payments
                  image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
                  env:
                    - name: REQUIRED_ENV
                      value: DATABASE_URL
                    - name: DATABASE_URL
                      value: {{ .Values.database.url | quote }}
                    - name: DATABASE_POOL
                      value: {{ .Values.database.poolSize | quote }}
                  ports:
                    - name: http
                      containerPort: 8080
                  resources:
                    requests: {cpu: 10m, memory: 32Mi}
                    limits: {memory: 96Mi}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 3
        """),
    "charts/payments/templates/service.yaml": text("""
        apiVersion: v1
        kind: Service
        metadata:
          name: payments
        spec:
          selector:
            app: payments
          ports:
            - {name: http, port: 80, targetPort: http}
        """),
}, ["Production: bigger connection pool",
    ["charts/payments/values-prod.yaml", "  url: postgres://payments@10.20.0.11:5432/payments\n", "  dsn: postgres://payments@10.20.0.11:5432/payments\n  poolSize: 20\n"]],
    "the production values say database.dsn, the chart reads database.url: the migration hook gets an empty DATABASE_URL and the sync stops there", path="charts/payments",
    source={"helm": {"releaseName": "payments", "valueFiles": ["values.yaml", "values-prod.yaml"]}},
    expected=expect("job-failed crash-on-start",
        [(c("Job", "payments-migrate", "migrate", "env[name=DATABASE_URL].value"), BEFORE), (c("Deployment", "payments", "payments", "env[name=DATABASE_URL].value"), BEFORE)]))

# 3 out-of-memory: HelmRelease, StatefulSet, Flux
scenario("cache-tier-memory", "flux", {
    "charts/pricecache/Chart.yaml": "apiVersion: v2\nname: pricecache\nversion: 0.6.2\n",
    "charts/pricecache/values.yaml": text("""
        image: acme/catalog:1.4.1
        replicas: 1
        cacheMb: 150
        logLevel: info
        resources:
          requests: {cpu: 10m, memory: 32Mi}
          limits: {memory: 96Mi}
        """),
    "charts/pricecache/templates/statefulset.yaml": text("""
        apiVersion: apps/v1
        kind: StatefulSet
        metadata:
          name: {{ .Release.Name }}
        spec:
          serviceName: {{ .Release.Name }}
          replicas: {{ .Values.replicas }}
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
                - name: cache
                  image: {{ .Values.image }}
                  env:
                    - name: CACHE_MB
                      value: {{ .Values.cacheMb | quote }}
                    - name: LOG_LEVEL
                      value: {{ .Values.logLevel }}
                  ports:
                    - name: http
                      containerPort: 8080
                  resources:
                    {{- toYaml .Values.resources | nindent 20 }}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 3
        """),
    "charts/pricecache/templates/service.yaml": text("""
        apiVersion: v1
        kind: Service
        metadata:
          name: {{ .Release.Name }}
        spec:
          clusterIP: None
          selector:
            app: {{ .Release.Name }}
          ports:
            - {name: http, port: 8080, targetPort: http}
        """),
    "releases/pricecache.yaml": release("pricecache", "charts/pricecache", {"logLevel": "info", "resources": {"requests": {"cpu": "50m", "memory": "128Mi"}, "limits": {"memory": "256Mi"}}}),
}, ["Right-size the cache tier, less logging",
    ["releases/pricecache.yaml", "logLevel: info", "logLevel: warn"],
    ["releases/pricecache.yaml", "cpu: 50m\n        memory: 128Mi", "cpu: 20m\n        memory: 64Mi"],
    ["releases/pricecache.yaml", "memory: 256Mi", "memory: 128Mi"]],
    "the chart's cache of 150 MB does not fit into the lowered limit of 128Mi: OOMKilled", path="releases",
    expected=expect("out-of-memory",
        [(c("StatefulSet", "pricecache", "cache", "resources.limits.memory"), at_least("176Mi"))],
        [(c("StatefulSet", "pricecache", "cache", "resources.limits.memory"), at_least("176Mi")), (c("StatefulSet", "pricecache", "cache", "resources.requests.memory"), ANY)]))

# 4 readiness probe: plain, Flux
scenario("port-moved", "flux", {
    "deploy/basket.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: basket
          labels:
            app.kubernetes.io/name: basket
        spec:
          replicas: 2
          progressDeadlineSeconds: 60
          selector:
            matchLabels:
              app: basket
          template:
            metadata:
              labels:
                app: basket
            spec:
              containers:
                - name: basket
                  image: acme/checkout:1.4.1
                  env:
                    - name: PORT
                      value: "8080"
                  ports:
                    - name: http
                      containerPort: 8080
                  resources:
                    requests: {cpu: 10m, memory: 32Mi}
                    limits: {memory: 96Mi}
                  livenessProbe:
                    tcpSocket:
                      port: http
                    initialDelaySeconds: 5
                  readinessProbe:
                    httpGet:
                      path: /readyz
                      port: 8080
                    periodSeconds: 3
        """),
    "deploy/service.yaml": dump(service("basket")),
}, ["basket: listen on 9090, 8080 is for the mesh's admin page from now on",
    ["deploy/basket.yaml", 'value: "8080"', 'value: "9090"'],
    ["deploy/basket.yaml", "containerPort: 8080", "containerPort: 9090"]],
    "the readiness probe still asks the old port 8080",
    expected=expect("readiness-probe readiness",
        [(c("Deployment", "basket", "basket", "readinessProbe.httpGet.port"), value(9090))],
        [(c("Deployment", "basket", "basket", "readinessProbe.httpGet.port"), value("http"))]))

# 5 render-failed: Helm helper, Argo CD
scenario("helper-misnamed", "argocd", {
    "chart/Chart.yaml": "apiVersion: v2\nname: ledger-api\nversion: 2.1.0\n",
    "chart/values.yaml": "image: acme/payments:1.4.1\nreplicas: 1\n",
    "chart/env/prod.yaml": "replicas: 2\n",
    "chart/templates/deployment.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: ledger-api
        spec:
          replicas: {{ .Values.replicas }}
          progressDeadlineSeconds: 90
          selector:
            matchLabels:
              app: ledger-api
          template:
            metadata:
              labels:
                app: ledger-api
            spec:
              containers:
                - name: api
                  image: {{ .Values.image }}
                  ports:
                    - name: http
                      containerPort: 8080
                  resources:
                    requests: {cpu: 10m, memory: 32Mi}
                    limits: {memory: 96Mi}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 3
        """),
    "chart/templates/service.yaml": text("""
        apiVersion: v1
        kind: Service
        metadata:
          name: ledger-api
        spec:
          selector:
            app: ledger-api
          ports:
            - {name: http, port: 80, targetPort: http}
        """),
}, ["Cost labels on everything we own (FIN-88)",
    ["chart/templates/_helpers.tpl", None, text("""
        {{- define "ledger-api.labels" -}}
        acme.example/cost-centre: "4410"
        acme.example/team: billing
        {{- end }}
        """)],
    ["chart/templates/service.yaml", "  name: ledger-api\nspec:", '  name: ledger-api\n  labels:\n    {{- include "ledger-api.labels" . | nindent 4 }}\nspec:'],
    ["chart/templates/deployment.yaml", "  name: ledger-api\nspec:", '  name: ledger-api\n  labels:\n    {{- include "ledger.labels" . | nindent 4 }}\nspec:']],
    "deployment.yaml includes a template ledger.labels; the helper is called ledger-api.labels", path="chart",
    source={"helm": {"releaseName": "ledger-api", "valueFiles": ["env/prod.yaml"]}},
    expected=expect("render-failed", [], keep=[
        ("Service/ledger-api metadata.labels", value({"acme.example/cost-centre": "4410", "acme.example/team": "billing"})),
        ("Deployment/ledger-api metadata.labels", value({"acme.example/cost-centre": "4410", "acme.example/team": "billing"}))]))

# 6 config-missing: plain DaemonSet with a projected volume, Flux
scenario("projected-source", "flux", {
    "deploy/daemonset.yaml": text("""
        apiVersion: apps/v1
        kind: DaemonSet
        metadata:
          name: node-agent
        spec:
          selector:
            matchLabels:
              app: node-agent
          template:
            metadata:
              labels:
                app: node-agent
            spec:
              terminationGracePeriodSeconds: 5
              containers:
                - name: agent
                  image: acme/worker:1.4.1
                  env:
                    - name: CONFIG_FILE
                      value: /etc/agent/targets.conf
                  ports:
                    - name: http
                      containerPort: 8080
                  resources:
                    requests: {cpu: 10m, memory: 16Mi}
                    limits: {memory: 64Mi}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 3
                  volumeMounts:
                    - name: config
                      mountPath: /etc/agent
              volumes:
                - name: config
                  projected:
                    sources:
                      - configMap:
                          name: agent-targets
        """),
    "deploy/config.yaml": dump(configmap("agent-targets", targets__conf="kubelet=10.99.0.1:10250\ninterval=30s\n")),
}, ["Agent: drop noisy series at the source",
    ["deploy/relabel.yaml", None, dump(configmap("agent-relabeling", relabel__conf="drop=container_network_.*\ndrop=go_gc_.*\n"))],
    ["deploy/daemonset.yaml", "                  name: agent-targets\n", "                  name: agent-targets\n              - configMap:\n                  name: agent-relabel\n"],
    ["deploy/daemonset.yaml", "acme/worker:1.4.1", "acme/worker:1.4.2"]],
    "the projected volume names ConfigMap agent-relabel, the new one is called agent-relabeling",
    expected=expect("config-missing volume-mount",
        [(pod("DaemonSet", "node-agent", "volumes[name=config].projected.sources[1].configMap.name"), value("agent-relabeling"))],
        [("ConfigMap/agent-relabel data", ANY), ("ConfigMap/agent-relabeling data", GONE)]))

# 7 config-key-missing: Kustomize generator, Argo CD
scenario("generator-file-renamed", "argocd", {
    "base/deployment.yaml": dump(workload("Deployment", "reviews",
        container("reviews", "shop", image="acme/catalog:1.4.2", env={"CONFIG_FILE": "/etc/reviews/app.conf"}, resources=RES, volumeMounts=[{"name": "config", "mountPath": "/etc/reviews"}]),
        deadline=60, pod={"volumes": [{"name": "config", "configMap": {"name": "reviews-config", "items": [{"key": "app.conf", "path": "app.conf"}, {"key": "logging.conf", "path": "logging.conf"}]}}]})),
    "base/service.yaml": dump(service("reviews")),
    "base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
    "overlays/prod/app.conf": "page_size=20\nmoderation=on\n",
    "overlays/prod/logging.conf": "level=info\nformat=json\n",
    "overlays/prod/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources:
          - ../../base
        configMapGenerator:
          - name: reviews-config
            files:
              - app.conf
              - logging.conf
        """),
}, ["Longer review pages; settings get a folder of their own",
    ["overlays/prod/app.conf", "", DELETE],
    ["overlays/prod/logging.conf", "", DELETE],
    ["overlays/prod/config/app.conf", None, "page_size=50\nmoderation=on\n"],
    ["overlays/prod/config/log.conf", None, "level=info\nformat=json\n"],
    ["overlays/prod/kustomization.yaml", "- app.conf", "- config/app.conf"],
    ["overlays/prod/kustomization.yaml", "- logging.conf", "- config/log.conf"]],
    "the generated ConfigMap's key is log.conf since the file was renamed; the base's volume asks for logging.conf", path="overlays/prod",
    expected=expect("config-key-missing volume-mount",
        [(pod("Deployment", "reviews", "volumes[name=config].configMap.items[1].key"), value("log.conf"))],
        [(pod("Deployment", "reviews", "volumes[name=config].configMap.items[1].key"), value("log.conf")), (pod("Deployment", "reviews", "volumes[name=config].configMap.items[1].path"), value("log.conf"))],
        [('ConfigMap/reviews-config-# data["logging.conf"]', BEFORE), ('ConfigMap/reviews-config-# data["log.conf"]', GONE)]))

# 8 HUMAN secret-missing: a key nobody put into the Secret, HelmRelease, Flux
scenario("webhook-key-absent", "flux", {
    "charts/service/Chart.yaml": "apiVersion: v2\nname: service\nversion: 1.2.0\n",
    "charts/service/values.yaml": "image: acme/payments:1.4.1\nreplicas: 1\nenv: {}\nsecretEnv: {}\n",
    "charts/service/templates/deployment.yaml": text("""
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
                - name: app
                  image: {{ .Values.image }}
                  env:
                    {{- range $name, $value := .Values.env }}
                    - name: {{ $name }}
                      value: {{ $value | quote }}
                    {{- end }}
                    {{- range $name, $ref := .Values.secretEnv }}
                    - name: {{ $name }}
                      valueFrom:
                        secretKeyRef:
                          name: {{ $ref.secret }}
                          key: {{ $ref.key }}
                    {{- end }}
                  ports:
                    - name: http
                      containerPort: 8080
                  resources:
                    requests: {cpu: 10m, memory: 32Mi}
                    limits: {memory: 96Mi}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 3
        """),
    "releases/psp.yaml": release("psp-gateway", "charts/service", {"env": {"REQUIRED_ENV": "PSP_API_KEY"}, "secretEnv": {"PSP_API_KEY": {"secret": "psp-credentials", "key": "api-key"}}}),
}, ["Check the signature of payment webhooks (PAY-412)",
    ["releases/psp.yaml", "REQUIRED_ENV: PSP_API_KEY", "REQUIRED_ENV: PSP_API_KEY,WEBHOOK_SIGNING_KEY"],
    ["releases/psp.yaml", "        key: api-key\n", "        key: api-key\n      WEBHOOK_SIGNING_KEY:\n        secret: psp-credentials\n        key: webhook-signing-key\n"]],
    "Secret psp-credentials, kept outside git, has no key webhook-signing-key: somebody has to put it there", answer=HUMAN, path="releases",
    given="apiVersion: v1\nkind: Secret\nmetadata:\n  name: psp-credentials\nstringData:\n  api-key: only-for-tests\n",
    expected=expect("secret-missing"))

# 9 command-not-found: CronJob, plain, Argo CD
scenario("sweeper-shell", "argocd", {
    "deploy/sweeper.yaml": text("""
        apiVersion: batch/v1
        kind: CronJob
        metadata:
          name: upload-sweeper
        spec:
          schedule: "* * * * *"
          concurrencyPolicy: Forbid
          successfulJobsHistoryLimit: 2
          failedJobsHistoryLimit: 3
          jobTemplate:
            spec:
              backoffLimit: 0
              template:
                metadata:
                  labels:
                    app: upload-sweeper
                spec:
                  restartPolicy: Never
                  containers:
                    - name: sweep
                      image: busybox:1.36
                      command: ["/bin/sh"]
                      args:
                        - -c
                        - |
                          find /uploads -type f -mmin +120 -print -exec rm {} +
                          echo "sweep finished"
                      resources:
                        requests: {cpu: 10m, memory: 8Mi}
                        limits: {memory: 32Mi}
                      volumeMounts:
                        - name: uploads
                          mountPath: /uploads
                  volumes:
                    - name: uploads
                      emptyDir: {}
        """),
    "deploy/upload.yaml": dump(workload("Deployment", "upload", container("upload", "shop", image="acme/worker:1.4.1", resources=RES)), service("upload")),
}, ["Sweeper stops at the first error and keeps uploads for a day",
    ["deploy/sweeper.yaml", 'command: ["/bin/sh"]', 'command: ["/bin/bash", "-euo", "pipefail"]'],
    ["deploy/sweeper.yaml", "-mmin +120", "-mmin +1440"]],
    "busybox has no /bin/bash; its sh knows -euo pipefail too",
    expected=expect("command-not-found job-failed",
        [(c("CronJob", "upload-sweeper", "sweep", "command[0]"), value("/bin/sh"))],
        [(c("CronJob", "upload-sweeper", "sweep", "command[0]"), value("sh"))],
        [(c("CronJob", "upload-sweeper", "sweep", "command"), BEFORE)]))

# 10 invalid-manifest: Kustomize patch, Flux
scenario("json-patch-boolean", "flux", {
    "base/cronjob.yaml": dump(workload("CronJob", "settlement", {"name": "settle", "image": "acme/worker:1.4.1", "args": ["migrate"],
        "env": [{"name": "DATABASE_URL", "value": "postgres://settle@10.20.0.7/settle"}, {"name": "DRY_RUN", "value": "false"}], "resources": RES}, spec={"schedule": "15 2 * * *"})),
    "base/api.yaml": dump(workload("Deployment", "settlement-api", container("api", "shop", image="acme/payments:1.4.1", resources=RES)), service("settlement-api")),
    "base/kustomization.yaml": kustomization("cronjob.yaml", "api.yaml"),
    "overlays/staging/settlement.yaml": text("""
        # JSON patch of CronJob settlement
        - op: replace
          path: /spec/schedule
          value: "30 4 * * *"
        """),
    "overlays/staging/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources:
          - ../../base
        patches:
          - path: settlement.yaml
            target:
              kind: CronJob
              name: settlement
        """),
}, ["Staging settles hourly, without touching the bank",
    ["overlays/staging/settlement.yaml", '  value: "30 4 * * *"\n', text("""
        .  value: "30 * * * *"
        - op: replace
          path: /spec/jobTemplate/spec/template/spec/containers/0/env/1/value
          value: true
        """).replace(".  value", "  value")]],
    "the patch sets an environment variable to a boolean: it must be the string \"true\"", path="overlays/staging",
    expected=expect("invalid-manifest", [(c("CronJob", "settlement", "settle", "env[name=DRY_RUN].value"), value("true"))]))

# 11 service-no-endpoints: never worked, Kustomize, Flux
scenario("wishlist-first-release", "flux", {
    "base/api/deployment.yaml": dump(workload("Deployment", "wishlist-api", container("api", "shop", image="acme/catalog:1.4.2", resources=RES), labels={"app": "wishlist", "component": "api"},
        spec={"selector": {"matchLabels": {"app": "wishlist", "component": "api"}}})),
    "base/api/service.yaml": dump(service("wishlist", selector={"app": "wishlist", "component": "web"})),
    "base/api/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
    "base/worker/deployment.yaml": dump(workload("Deployment", "wishlist-worker", container("worker", "shop", image="acme/worker:1.4.2", resources=RES), labels={"app": "wishlist", "component": "worker"},
        spec={"selector": {"matchLabels": {"app": "wishlist", "component": "worker"}}})),
    "base/worker/kustomization.yaml": kustomization("deployment.yaml"),
    "overlays/prod/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources:
          - ../../base/api
          - ../../base/worker
        replicas:
          - name: wishlist-api
            count: 2
        """),
}, [], "Service wishlist selects component=web; the pods that serve carry component=api: no endpoints since the first release", path="overlays/prod", never_worked=True,
    expected=expect("service-no-endpoints", [("Service/wishlist spec.selector.component", value("api"))]))

# 12 dependency-address: never worked, Helm, Argo CD
scenario("quoter-first-release", "argocd", {
    "charts/exchange/Chart.yaml": "apiVersion: v2\nname: exchange\nversion: 0.1.0\n",
    "charts/exchange/values.yaml": text("""
        rates:
          image: acme/catalog:1.4.1
        quoter:
          image: acme/checkout:1.4.1
          replicas: 1
          ratesUrl: ""
        """),
    "charts/exchange/values-prod.yaml": text("""
        quoter:
          replicas: 2
          # no cluster DNS here: addresses come from the service variables
          ratesUrl: http://$(FXRATES_SERVICE_HOST)
        """),
    "charts/exchange/templates/rates.yaml": text("""
        apiVersion: v1
        kind: Service
        metadata:
          name: fx-rates
        spec:
          selector:
            app: fx-rates
          ports:
            - {name: http, port: 80, targetPort: http}
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: fx-rates
        spec:
          progressDeadlineSeconds: 90
          selector:
            matchLabels:
              app: fx-rates
          template:
            metadata:
              labels:
                app: fx-rates
            spec:
              containers:
                - name: rates
                  image: {{ .Values.rates.image }}
                  ports:
                    - name: http
                      containerPort: 8080
                  resources:
                    requests: {cpu: 10m, memory: 32Mi}
                    limits: {memory: 96Mi}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 3
        """),
    "charts/exchange/templates/quoter.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: quoter
        spec:
          replicas: {{ .Values.quoter.replicas }}
          progressDeadlineSeconds: 90
          selector:
            matchLabels:
              app: quoter
          template:
            metadata:
              labels:
                app: quoter
            spec:
              initContainers:
                - name: wait-for-rates
                  image: busybox:1.36
                  command:
                    - sh
                    - -c
                    - |
                      for i in 1 2 3; do
                        wget -q -O- "$RATES_URL/readyz" && exit 0
                        sleep 2
                      done
                      echo "rates service does not answer at $RATES_URL"
                      exit 1
                  env:
                    - name: RATES_URL
                      value: {{ .Values.quoter.ratesUrl | quote }}
              containers:
                - name: quoter
                  image: {{ .Values.quoter.image }}
                  ports:
                    - name: http
                      containerPort: 8080
                  resources:
                    requests: {cpu: 10m, memory: 32Mi}
                    limits: {memory: 96Mi}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 3
        """),
}, [], "the address of the rates service is taken from FXRATES_SERVICE_HOST; Service fx-rates gives FX_RATES_SERVICE_HOST", path="charts/exchange", never_worked=True,
    source={"helm": {"releaseName": "exchange", "valueFiles": ["values.yaml", "values-prod.yaml"]}},
    expected=expect("dependency-address crash-on-start",
        *[[(c("Deployment", "quoter", "wait-for-rates", "env[name=RATES_URL].value", init=True), value(v))] for v in
          ("http://$(FX_RATES_SERVICE_HOST)", "http://$(FX_RATES_SERVICE_HOST):80", "http://$(FX_RATES_SERVICE_HOST):$(FX_RATES_SERVICE_PORT)", "http://$(FX_RATES_SERVICE_HOST):$(FX_RATES_SERVICE_PORT_HTTP)")]))

# 13 pod-security: never worked, Kustomize component, Flux
SAFE = {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}}
scenario("sidecar-in-strict-namespace", "flux", {
    "base/deployment.yaml": dump(workload("Deployment", "orders", container("orders", "shop", image="acme/checkout:1.4.2", resources=RES, securityContext=SAFE), deadline=60,
        pod={"securityContext": {"runAsNonRoot": True, "runAsUser": 1000, "seccompProfile": {"type": "RuntimeDefault"}}})),
    "base/service.yaml": dump(service("orders")),
    "base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
    "components/heartbeat/patch.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: orders
        spec:
          template:
            spec:
              containers:
                - name: heartbeat
                  image: busybox:1.37
                  command: ["sh", "-c", "while true; do echo alive; sleep 30; done"]
                  resources:
                    requests: {cpu: 5m, memory: 8Mi}
                    limits: {memory: 16Mi}
        """),
    "components/heartbeat/kustomization.yaml": "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\npatches:\n  - path: patch.yaml\n",
    "overlays/prod/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources:
          - ../../base
        components:
          - ../../components/heartbeat
        replicas:
          - name: orders
            count: 2
        """),
}, [], "the heartbeat sidecar lacks what the namespace's restricted Pod Security asks of every container; the orders container has it", path="overlays/prod", never_worked=True,
    labels={"pod-security.kubernetes.io/enforce": "restricted"},
    expected=expect("pod-security", [(c("Deployment", "orders", "heartbeat", "securityContext"), ANY)]))

# 14 HUMAN quota: plain, Argo CD
scenario("quota-of-pods", "argocd", {
    "deploy/search.yaml": dump(workload("Deployment", "search", container("search", "shop", image="acme/catalog:1.4.2", resources=RES), replicas=3, deadline=60, spec={"strategy": {"rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}}}), service("search")),
}, ["Suggestions as a service of their own (SRCH-77)",
    ["deploy/suggest.yaml", None, dump(workload("Deployment", "suggest", container("suggest", "shop", image="acme/catalog:1.4.2", resources=RES), replicas=3, deadline=60), service("suggest"))]],
    "the namespace's ResourceQuota (not in git) allows 4 pods, search and suggest want 6: the platform team decides", answer=HUMAN,
    given="apiVersion: v1\nkind: ResourceQuota\nmetadata:\n  name: team-search\nspec:\n  hard:\n    pods: \"4\"\n",
    expected=expect("quota"))

# 15 NONE recovering: plain, Argo CD
scenario("consumer-before-broker", "argocd", {
    "deploy/broker.yaml": dump(workload("Deployment", "broker", container("broker", "shop", image="acme/worker:1.4.1", env={"START_SECONDS": "30"}, resources=RES, live={"tcpSocket": {"port": "http"}, "initialDelaySeconds": 60, "periodSeconds": 10}),
        deadline=240, spec={"strategy": {"type": "Recreate"}}), service("broker")),
    "deploy/consumer.yaml": dump(workload("Deployment", "consumer", container("consumer", "shop", image="acme/payments:1.4.1", env={"BROKER_URL": "http://$(BROKER_SERVICE_HOST)"}, resources=RES),
        deadline=240, pod={"initContainers": [{"name": "broker-up", "image": "busybox:1.36", "command": ["sh", "-c", 'wget -q -O- "http://$BROKER_SERVICE_HOST/readyz" || { echo "broker is not up yet"; exit 1; }']}]})),
}, ["Release 1.4.2 of broker and consumer",
    ["deploy/broker.yaml", "acme/worker:1.4.1", "acme/worker:1.4.2"],
    ["deploy/consumer.yaml", "acme/payments:1.4.1", "acme/payments:1.4.2"]],
    "the consumer's init container fails while the broker restarts (30 s), then everything is healthy by itself", answer=NONE,
    expected=expect("healthy recovering"))

# 16 NONE recovering: Kustomize, Flux
scenario("rollout-longer-than-wait", "flux", {
    "base/deployment.yaml": dump(workload("Deployment", "recommend", container("recommend", "shop", image="acme/catalog", env={"START_SECONDS": "35"}, resources=RES,
        startupProbe={"httpGet": {"path": "/healthz", "port": "http"}, "periodSeconds": 3, "failureThreshold": 40}), replicas=2, deadline=180, spec={"strategy": {"rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}}})),
    "base/service.yaml": dump(service("recommend")),
    "base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
    "overlays/prod/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources:
          - ../../base
        images:
          - name: acme/catalog
            newTag: 1.4.1
        """),
}, ["recommend 1.4.2", ["overlays/prod/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.2"]],
    "two pods one after the other, 35 s each: Flux's wait of 60 s runs out once, the rollout ends well by itself", answer=NONE, path="overlays/prod",
    expected=expect("healthy recovering"))
