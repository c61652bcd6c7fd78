"""Batch AL, written by somebody who knew neither the playbook nor the batches before: shop-1364 to shop-1379, commits that want something new and make one mistake in it. No program of this folder is needed."""
import pathlib, runpy, textwrap
globals().update(runpy.run_path(str(pathlib.Path(__file__).parent / "kit.py")))
SCENARIOS, scenario = batch(1364)


def kust(**fields):
    return dump({"apiVersion": "kustomize.config.k8s.io/v1beta1", "kind": "Kustomization", **fields}, indented=True)


def component(**fields):
    return dump({"apiVersion": "kustomize.config.k8s.io/v1alpha1", "kind": "Component", **fields}, indented=True)


def chart(name):
    return f"apiVersion: v2\nname: {name}\ndescription: The {name} service\nversion: 0.3.0\n"


def release(name, values, path="./chart"):
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
              chart: {path}
              reconcileStrategy: Revision
              sourceRef: {{kind: GitRepository, name: "@NAME@", namespace: flux-system}}
          install:
            remediation: {{retries: 1}}
          upgrade:
            remediation: {{retries: 1, strategy: rollback}}
        """) + "  values:\n" + textwrap.indent(text(values), "    ")


# 1364 ------------------------------------------------------------------------------------------------ another port, one probe forgotten
TARIFFS = text("""
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: tariffs
    spec:
      replicas: 2
      progressDeadlineSeconds: 60
      selector:
        matchLabels: {app: tariffs}
      template:
        metadata:
          labels: {app: tariffs}
          annotations:
            metrics.example/port: "8080"
        spec:
          containers:
            - name: tariffs
              image: acme/payments:1.4.1
              env:
                - name: PORT
                  value: "8080"
                - name: CACHE_MB
                  value: "8"
              ports:
                - containerPort: 8080
              resources:
                requests: {cpu: 10m, memory: 24Mi}
                limits: {memory: 96Mi}
              livenessProbe:
                httpGet: {path: /healthz, port: 8080}
                initialDelaySeconds: 5
                periodSeconds: 10
              readinessProbe:
                periodSeconds: 5
                httpGet:
                  path: /readyz
                  port: 8080
    """)
scenario("al-port-moves", "argocd", {"deploy/deployment.yaml": TARIFFS, "deploy/service.yaml": dump(service("tariffs", target=8080)), "deploy/settings.yaml": dump(configmap("tariffs-notes", owner="team-pricing"))},
         ["Free 8080 for the mesh proxy: tariffs listens on 9090", ["deploy/deployment.yaml", 'value: "8080"', 'value: "9090"'], ["deploy/deployment.yaml", "containerPort: 8080", "containerPort: 9090"],
          ["deploy/deployment.yaml", "{path: /healthz, port: 8080}", "{path: /healthz, port: 9090}"], ["deploy/deployment.yaml", 'metrics.example/port: "8080"', 'metrics.example/port: "9090"'], ["deploy/deployment.yaml", "payments:1.4.1", "payments:1.4.2"],
          ["deploy/service.yaml", "targetPort: 8080", "targetPort: 9090"]],
         "The program, its Service and its liveness probe moved to port 9090; the readiness probe still asks 8080",
         expected=expect("readiness-probe", [(c("Deployment", "tariffs", "tariffs", "readinessProbe.httpGet.port"), value(9090))]))

# 1365 ------------------------------------------------------------------------------------------------ a configuration file gets another name
ORDERS = dump(workload("Deployment", "orders", container("orders", "shop", "acme/checkout:1.4.2", env={"CONFIG_FILE": "/etc/orders/orders.conf"}, volumeMounts=[{"name": "config", "mountPath": "/etc/orders", "readOnly": True}]), deadline=60,
                       pod={"volumes": [{"name": "config", "configMap": {"name": "orders-config", "items": [{"key": "orders.conf", "path": "orders.conf"}]}}]}))
scenario("al-file-renamed", "flux", {
    "base/deployment.yaml": ORDERS, "base/service.yaml": dump(service("orders")), "base/kustomization.yaml": kust(resources=["deployment.yaml", "service.yaml"]),
    "overlays/prod/kustomization.yaml": kust(resources=["../../base"], configMapGenerator=[{"name": "orders-config", "files": ["config/orders.conf"]}], patches=[{"path": "prod.yaml"}]),
    "overlays/prod/prod.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: orders
        spec:
          replicas: 2
          template:
            spec:
              containers:
                - name: orders
                  env:
                    - name: CONFIG_FILE
                      value: /etc/orders/orders.conf
        """),
    "overlays/prod/config/orders.conf": "CURRENCY=EUR\nPAGE=50\n"},
    ["Use the properties format of the platform team", ["overlays/prod/config/orders.conf", "CURRENCY=EUR\nPAGE=50\n", DELETE], ["overlays/prod/config/orders.properties", None, "orders.currency=EUR\norders.page=50\norders.retries=3\n"],
     ["overlays/prod/kustomization.yaml", "config/orders.conf", "config/orders.properties"], ["overlays/prod/prod.yaml", "/etc/orders/orders.conf", "/etc/orders/orders.properties"]],
    "The generated ConfigMap has the key orders.properties and the program reads that file, but the volume of the base still picks the item orders.conf", path="overlays/prod",
    expected=expect("config-key-missing volume-mount",
                    [(pod("Deployment", "orders", "volumes[name=config].configMap.items[0].key"), value("orders.properties")), (pod("Deployment", "orders", "volumes[name=config].configMap.items[0].path"), value("orders.properties"))],
                    [(pod("Deployment", "orders", "volumes[name=config].configMap.items"), GONE)]))

# 1366 ------------------------------------------------------------------------------------------------ a new claim
MEDIA = text("""
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: {{ .Values.name }}
      labels: {app.kubernetes.io/name: {{ .Values.name }}}
    spec:
      replicas: 1
      progressDeadlineSeconds: 60
      strategy: {type: Recreate}
      selector:
        matchLabels: {app: {{ .Values.name }}}
      template:
        metadata:
          labels: {app: {{ .Values.name }}}
        spec:
          containers:
            - name: {{ .Values.name }}
              image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
              env:
                - name: WRITE_FILE
                  value: /data/index
              ports:
                - {name: http, containerPort: 8080}
              resources:
                {{- toYaml .Values.resources | nindent 12 }}
              readinessProbe:
                httpGet: {path: /readyz, port: http}
                periodSeconds: 5
              volumeMounts:
                - {name: data, mountPath: /data}
          volumes:
            - name: data
              emptyDir: {}
    """)
scenario("al-first-claim", "argocd", {
    "charts/media/Chart.yaml": chart("media"), "charts/media/templates/deployment.yaml": MEDIA,
    "charts/media/templates/service.yaml": "apiVersion: v1\nkind: Service\nmetadata:\n  name: {{ .Values.name }}\nspec:\n  selector: {app: {{ .Values.name }}}\n  ports:\n    - {name: http, port: 80, targetPort: http}\n",
    "charts/media/values.yaml": "name: media\nimage:\n  repository: acme/catalog\n  tag: 1.4.1\nresources:\n  requests: {cpu: 10m, memory: 24Mi}\n  limits: {memory: 96Mi}\n",
    "charts/media/values-prod.yaml": "image:\n  tag: 1.4.2\n"},
    ["Keep the media index across restarts", ["charts/media/templates/deployment.yaml", "          emptyDir: {}\n", '          persistentVolumeClaim:\n            claimName: {{ .Values.name }}-storage\n'],
     ["charts/media/templates/pvc.yaml", None, text("""
        {{- if .Values.storage.enabled }}
        apiVersion: v1
        kind: PersistentVolumeClaim
        metadata:
          name: {{ .Values.name }}-data
        spec:
          accessModes: [ReadWriteOnce]
          storageClassName: {{ .Values.storage.className }}
          resources:
            requests:
              storage: {{ .Values.storage.size }}
        {{- end }}
        """)],
     ["charts/media/values.yaml", "name: media\n", "name: media\nstorage:\n  enabled: true\n  className: media-disks\n  size: 1Gi\n"]],
    "The chart's new claim is media-data (and bound); the Deployment mounts a claim media-storage, which nobody makes", path="charts/media",
    source={"helm": {"releaseName": "media", "valueFiles": ["values-prod.yaml"]}},
    given=text("""
        apiVersion: v1
        kind: PersistentVolume
        metadata:
          name: "@NAME@-disk-1"
        spec:
          capacity: {storage: 1Gi}
          accessModes: [ReadWriteOnce]
          persistentVolumeReclaimPolicy: Retain
          storageClassName: media-disks
          hostPath: {path: "/tmp/@NAME@-disk-1", type: DirectoryOrCreate}
        """),
    expected=expect("volume-unbound", [(pod("Deployment", "media", "volumes[name=data].persistentVolumeClaim.claimName"), value("media-data"))]))

# 1367 ------------------------------------------------------------------------------------------------ another backend
WAIT = 'echo "asking $SEARCH_URL"; wget -q -O - "$SEARCH_URL/healthz" || { echo "search does not answer at $SEARCH_URL"; exit 1; }'
SEARCH = lambda name, image: dump(workload("Deployment", name, container("search", "shop", image, env={"PORT": "9200"}, port=9200)), service(name, port=9200))
scenario("al-search-v2", "flux", {
    "base/search.yaml": SEARCH("search", "acme/catalog:1.4.0"),
    "base/storefront.yaml": dump(workload("Deployment", "storefront", container("storefront", "shop", "acme/checkout:1.4.2", env={"SEARCH_URL": "http://$(SEARCH_SERVICE_HOST):9200"}), deadline=60,
                                          pod={"initContainers": [{"name": "wait-for-search", "image": "busybox:1.37", "command": ["sh", "-c", WAIT], "env": [{"name": "SEARCH_URL", "value": "http://$(SEARCH_SERVICE_HOST):9200"}]}]}), service("storefront")),
    "base/kustomization.yaml": kust(resources=["search.yaml", "storefront.yaml"]),
    "overlays/prod/kustomization.yaml": kust(resources=["../../base"], patches=[{"path": "storefront.yaml"}]),
    "overlays/prod/storefront.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: storefront
        spec:
          replicas: 2
        """)},
    ["Storefront uses the new search cluster", ["base/search-v2.yaml", None, SEARCH("search-v2", "acme/catalog:1.4.2")], ["base/kustomization.yaml", "- search.yaml\n", "- search.yaml\n  - search-v2.yaml\n"],
     ["overlays/prod/storefront.yaml", "  replicas: 2\n", text("""
        #
          replicas: 2
          template:
            spec:
              initContainers:
                - name: wait-for-search
                  env:
                    - name: SEARCH_URL
                      value: http://$(SEARCHV2_SERVICE_HOST):9200
              containers:
                - name: storefront
                  env:
                    - name: SEARCH_URL
                      value: http://$(SEARCH_V2_SERVICE_HOST):9200
        """).split("\n", 1)[1]]],
    "The new Service search-v2 gives the variable SEARCH_V2_SERVICE_HOST; the init container names SEARCHV2_SERVICE_HOST, which is not expanded", path="overlays/prod",
    expected=expect("dependency-address crash-on-start", [(c("Deployment", "storefront", "wait-for-search", "env[name=SEARCH_URL].value", init=True), value("http://$(SEARCH_V2_SERVICE_HOST):9200"))]))

# 1368 ------------------------------------------------------------------------------------------------ an account of its own
scenario("al-agent-account", "argocd", {
    "base/daemonset.yaml": dump(workload("DaemonSet", "node-agent", container("agent", "shop", "acme/worker:1.4.1", env={"CACHE_MB": "8"}))),
    "base/kustomization.yaml": kust(resources=["daemonset.yaml"]),
    "overlays/prod/kustomization.yaml": kust(namePrefix="prod-", resources=["../../base"], images=[{"name": "acme/worker", "newTag": "1.4.1"}])},
    ["Node agent: metrics mode with an account of its own",
     ["components/metrics/kustomization.yaml", None, component(resources=["account.yaml"], patches=[{"path": "agent.yaml"}])],
     ["components/metrics/account.yaml", None, "apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: node-agent-metrics\nautomountServiceAccountToken: false\n"],
     ["components/metrics/agent.yaml", None, text("""
        apiVersion: apps/v1
        kind: DaemonSet
        metadata:
          name: node-agent
        spec:
          template:
            spec:
              serviceAccountName: node-metrics
              containers:
                - name: agent
                  env:
                    - name: METRICS
                      value: "on"
        """)],
     ["overlays/prod/kustomization.yaml", "resources:\n  - ../../base\n", "resources:\n  - ../../base\ncomponents:\n  - ../../components/metrics\n"], ["overlays/prod/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.2"]],
    "The component makes the ServiceAccount prod-node-agent-metrics, its patch names node-metrics", path="overlays/prod",
    expected=expect("service-account-missing", [(pod("DaemonSet", "prod-node-agent", "serviceAccountName"), value("prod-node-agent-metrics"))]))

# 1369 ------------------------------------------------------------------------------------------------ a new label scheme
POLL = 'while true; do wget -q -O /dev/null "http://$RETURNS_SERVICE_HOST:$RETURNS_SERVICE_PORT/healthz" && echo "returns: ok" || echo "returns: no answer"; sleep 5; done'
ASK = 'wget -q -O /dev/null "http://$RETURNS_SERVICE_HOST:$RETURNS_SERVICE_PORT/healthz"'
scenario("al-label-scheme", "flux", {
    "deploy/returns.yaml": dump(workload("Deployment", "returns", container("returns", "shop", "acme/payments:1.4.2"), replicas=2)),
    "deploy/desk.yaml": dump(workload("Deployment", "desk", {"name": "desk", "image": "busybox:1.37", "command": ["sh", "-c", POLL], "readinessProbe": {"exec": {"command": ["sh", "-c", ASK]}, "periodSeconds": 5}, "resources": {"limits": {"memory": "32Mi"}}}, deadline=60)),
    "deploy/services.yaml": dump(service("returns")),
    "docs/labels.md": "# Labels\n\nEvery workload has `app`.\n"},
    ["Labels of the platform handbook", ["docs/labels.md", None, "# Labels\n\nEvery workload keeps `app` and has `app.kubernetes.io/part-of: shop` and a component:\n\n| workload | app.kubernetes.io/component |\n|---|---|\n| returns | backend |\n| desk | frontend |\n"],
     ["deploy/returns.yaml", "        app: returns\n    spec:", "        app: returns\n        app.kubernetes.io/part-of: shop\n        app.kubernetes.io/component: backend\n    spec:"],
     ["deploy/desk.yaml", "        app: desk\n    spec:", "        app: desk\n        app.kubernetes.io/part-of: shop\n        app.kubernetes.io/component: frontend\n    spec:"],
     ["deploy/services.yaml", "    app: returns\n", "    app: returns\n    app.kubernetes.io/part-of: shop\n    app.kubernetes.io/component: api\n"]],
    "The Service selects component api, the pods (and the handbook) say backend: no endpoints, so that desk is not ready",
    expected=expect("service-no-endpoints", [('Service/returns spec.selector["app.kubernetes.io/component"]', value("backend"))]))

# 1370 ------------------------------------------------------------------------------------------------ a new schedule
DIGEST = text("""
    apiVersion: batch/v1
    kind: CronJob
    metadata:
      name: {{ .Values.name }}
    spec:
      schedule: {{ .Values.schedule | quote }}
      {{- with .Values.timeZone }}
      timeZone: {{ . }}
      {{- end }}
      concurrencyPolicy: Forbid
      jobTemplate:
        spec:
          backoffLimit: 1
          template:
            metadata:
              labels: {app: {{ .Values.name }}}
            spec:
              restartPolicy: Never
              containers:
                - name: digest
                  image: busybox:1.37
                  command: ["sh", "-c", "echo sending to {{ .Values.recipients }}; sleep 2; echo sent"]
                  resources:
                    limits: {memory: {{ .Values.memory }}}
    """)
scenario("al-office-hours", "flux", {
    "charts/digest/Chart.yaml": chart("digest"), "charts/digest/templates/cronjob.yaml": DIGEST, "charts/digest/values.yaml": 'name: digest\nschedule: "0 0 * * *"\ntimeZone: ""\nrecipients: nobody\nmemory: 32Mi\n',
    "releases/digest.yaml": release("digest", """
        schedule: "15 3 * * *"
        recipients: sales
        """, "./charts/digest")},
    ["Send the digest when the Lisbon office opens", ["releases/digest.yaml", 'schedule: "15 3 * * *"\n    recipients: sales\n', 'schedule: "30 8 * * 1-5"\n    timeZone: Europe/Lisboa\n    recipients: sales,support\n']],
    "The time zone is Europe/Lisbon: the server refuses the CronJob with Europe/Lisboa", path="releases",
    expected=expect("cron-invalid job-failed invalid-manifest helm-failed", [("CronJob/digest spec.timeZone", value("Europe/Lisbon"))]))

# 1371 ------------------------------------------------------------------------------------------------ another registry
BROWSE = text("""
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: browse
    spec:
      replicas: {{ .Values.replicas }}
      progressDeadlineSeconds: 60
      selector:
        matchLabels: {app: browse}
      template:
        metadata:
          labels: {app: browse}
        spec:
          containers:
            - name: browse
              image: "{{ with .Values.image.registry }}{{ . }}/{{ end }}{{ .Values.image.repository }}:{{ .Values.image.tag }}"
              ports:
                - {name: http, containerPort: 8080}
              resources:
                requests: {cpu: 10m, memory: 24Mi}
                limits: {memory: 96Mi}
              readinessProbe:
                httpGet: {path: /readyz, port: http}
                periodSeconds: 5
            - name: indexer
              image: {{ .Values.indexer.image }}
              env:
                - {name: PORT, value: "8090"}
              resources:
                requests: {cpu: 10m, memory: 24Mi}
                limits: {memory: 96Mi}
    """)
scenario("al-mirror", "argocd", {
    "chart/Chart.yaml": chart("browse"), "chart/templates/deployment.yaml": BROWSE,
    "chart/values.yaml": 'replicas: 1\nimage:\n  registry: ""\n  repository: acme/catalog\n  tag: 1.4.0\nindexer:\n  image: acme/worker:1.4.0\n',
    "chart/values-prod.yaml": "replicas: 2\nimage:\n  tag: 1.4.1\nindexer:\n  image: mirror.example.com/acme/worker:1.4.1   # the trial of the mirror, since March\n"},
    ["Catalog 1.4.2, from the mirror like the indexer", ["chart/values-prod.yaml", "image:\n  tag: 1.4.1\nindexer", "image:\n  registry: mirror.example.com/acme\n  tag: 1.4.2\nindexer"]],
    "The registry value carries the folder acme, which the repository acme/catalog already has: mirror.example.com/acme/acme/catalog does not exist", path="chart",
    source={"helm": {"releaseName": "browse", "valueFiles": ["values.yaml", "values-prod.yaml"]}},
    expected=expect("image-not-found image-registry", [(c("Deployment", "browse", "browse", "image"), value("mirror.example.com/acme/catalog:1.4.2"))],
    [(c("Deployment", "browse", "browse", "image"), BEFORE)]))

# 1372 ------------------------------------------------------------------------------------------------ migrations in a Job of their own
FROM = [{"configMapRef": {"name": "billing-database"}}]
URL = "postgres://billing@10.20.0.5/billing"
scenario("al-migrate-once", "flux", {
    "deploy/billing.yaml": dump(workload("Deployment", "billing", container("billing", "shop", "acme/payments:1.4.1", env={"REQUIRED_ENV": "DATABASE_URL"}, envFrom=FROM), replicas=2, deadline=60,
                                         pod={"initContainers": [{"name": "migrate", "image": "acme/payments:1.4.1", "args": ["migrate"], "envFrom": [{"configMapRef": {"name": "billing-database"}}]}]}), service("billing")),
    "deploy/database.yaml": dump(configmap("billing-database", DATABASE_URL=URL, DATABASE_POOL="5"))},
    ["Migrate once a release instead of in every pod",
     ["deploy/billing.yaml", "      initContainers:\n      - name: migrate\n        image: acme/payments:1.4.1\n        args:\n        - migrate\n        envFrom:\n        - configMapRef:\n            name: billing-database\n", ""],
     ["deploy/billing.yaml", "payments:1.4.1", "payments:1.4.2"],
     ["deploy/migrate.yaml", None, text("""
        apiVersion: batch/v1
        kind: Job
        metadata:
          name: billing-migrate
          annotations:
            kustomize.toolkit.fluxcd.io/force: enabled
        spec:
          backoffLimit: 1
          template:
            metadata:
              labels: {app: billing-migrate}
            spec:
              restartPolicy: Never
              containers:
                - name: migrate
                  image: acme/payments:1.4.2
                  args: [migrate]
                  env:
                    - name: LOG_LEVEL
                      value: info
                  resources:
                    limits: {memory: 64Mi}
        """)]],
    "The new Job lacks the envFrom of ConfigMap billing-database that the init container had: DATABASE_URL is not set",
    expected=expect("job-failed crash-on-start",
                    [(c("Job", "billing-migrate", "migrate", "envFrom"), value(FROM))],
                    [(c("Job", "billing-migrate", "migrate", "env[name=DATABASE_URL]"), value({"name": "DATABASE_URL", "valueFrom": {"configMapKeyRef": {"name": "billing-database", "key": "DATABASE_URL"}}}))],
                    [(c("Job", "billing-migrate", "migrate", "env[name=DATABASE_URL]"), value({"name": "DATABASE_URL", "value": URL}))]))

# 1373 ------------------------------------------------------------------------------------------------ a new key: for people
HOOKS = text("""
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: hooks
    spec:
      replicas: 1
      progressDeadlineSeconds: 60
      selector:
        matchLabels: {app: hooks}
      template:
        metadata:
          labels: {app: hooks}
        spec:
          containers:
            - name: hooks
              image: acme/payments:1.4.1
              env:
                - name: REQUIRED_ENV
                  value: GATEWAY_TOKEN
                - name: GATEWAY_TOKEN
                  valueFrom:
                    secretKeyRef: {name: gateway-api, key: token}
              ports:
                - {name: http, containerPort: 8080}
              resources:
                limits: {memory: 96Mi}
              readinessProbe:
                httpGet: {path: /readyz, port: http}
                periodSeconds: 5
    """)
scenario("al-signing-key", "argocd", {"deploy/hooks.yaml": HOOKS, "deploy/service.yaml": dump(service("hooks"))},
         ["Payments 1.4.2 verifies the signature of gateway calls", ["deploy/hooks.yaml", "payments:1.4.1", "payments:1.4.2"], ["deploy/hooks.yaml", "value: GATEWAY_TOKEN\n", "value: GATEWAY_TOKEN,CALLBACK_SIGNING_KEY\n"],
          ["deploy/hooks.yaml", "secretKeyRef: {name: gateway-api, key: token}\n", "secretKeyRef: {name: gateway-api, key: token}\n            - name: CALLBACK_SIGNING_KEY\n              valueFrom:\n                secretKeyRef: {name: gateway-callbacks, key: signing-key}\n"]],
         "The Secret gateway-callbacks with the new signing key is in no repository and not in the cluster: somebody has to create it", HUMAN,
         given="apiVersion: v1\nkind: Secret\nmetadata:\n  name: gateway-api\nstringData:\n  token: only-for-tests\n", expected=expect("secret-missing"))

# 1374 ------------------------------------------------------------------------------------------------ a GPU: for people
scenario("al-gpu", "flux", {
    "base/embedder.yaml": dump(workload("Deployment", "embedder", container("embedder", "shop", "acme/worker:1.4.1"), deadline=60), service("embedder")), "base/kustomization.yaml": kust(resources=["embedder.yaml"]),
    "overlays/prod/kustomization.yaml": kust(resources=["../../base"], images=[{"name": "acme/worker", "newTag": "1.4.1"}])},
    ["Embedder 1.4.2 computes on the GPU", ["overlays/prod/gpu.yaml", None, text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: embedder
        spec:
          template:
            spec:
              containers:
                - name: embedder
                  env:
                    - name: DEVICE
                      value: cuda
                  resources:
                    limits:
                      nvidia.com/gpu: "1"
        """)], ["overlays/prod/kustomization.yaml", "images:\n", "patches:\n  - path: gpu.yaml\nimages:\n"], ["overlays/prod/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.2"]],
    "No node of the cluster offers nvidia.com/gpu: people have to add such a node (or its device plugin)", HUMAN, path="overlays/prod", expected=expect("unschedulable-resources"))

# 1375 ------------------------------------------------------------------------------------------------ slow, not broken
ATLAS = dump(workload("Deployment", "atlas", container("atlas", "shop", "acme/catalog:1.4.1", env={"PORT": "8080", "START_SECONDS": "2"}, startupProbe={"httpGet": {"path": "/healthz", "port": "http"}, "periodSeconds": 4, "failureThreshold": 30}), deadline=180,
                      spec={"strategy": {"rollingUpdate": {"maxUnavailable": 0, "maxSurge": 1}}}))
scenario("al-new-port-slow", "argocd", {
    "base/deployment.yaml": ATLAS, "base/service.yaml": dump(service("atlas")), "base/kustomization.yaml": kust(resources=["deployment.yaml", "service.yaml"]),
    "overlays/prod/kustomization.yaml": kust(resources=["../../base"], replicas=[{"name": "atlas", "count": 2}])},
    ["Atlas listens on 8181 and loads all regions", ["base/deployment.yaml", "value: '8080'", "value: '8181'"], ["base/deployment.yaml", "containerPort: 8080", "containerPort: 8181"], ["base/deployment.yaml", "value: '2'", "value: '28'"]],
    "Nothing is broken: every pod takes half a minute to start, within its startup probe", NONE, path="overlays/prod", expected=expect("healthy recovering"))

# 1376 ------------------------------------------------------------------------------------------------ the new service is not there yet
QUOTE = 'wget -q -O /dev/null "http://$RATES_SERVICE_HOST/healthz" || { echo "rates does not answer yet"; exit 1; }; echo "rates: ok"; while true; do sleep 5; done'
NOW = 'echo "rates: from file"; while true; do sleep 5; done'
scenario("al-waits-for-rates", "flux", {
    "deploy/quoter.yaml": dump(workload("Deployment", "quoter", {"name": "quoter", "image": "busybox:1.36", "command": ["sh", "-c", NOW], "resources": {"limits": {"memory": "32Mi"}}}, deadline=240)),
    "deploy/web.yaml": dump(workload("Deployment", "web", container("web", "shop", "acme/checkout:1.4.2")), service("web"))},
    ["Quoter asks the new rates service", ["deploy/quoter.yaml", 'echo "rates: from file"; ', QUOTE.split("; while")[0] + "; "],
     ["deploy/rates.yaml", None, dump(workload("Deployment", "rates", container("rates", "shop", "acme/catalog:1.4.2", env={"START_SECONDS": "35"}, live={"httpGet": {"path": "/healthz", "port": "http"}, "initialDelaySeconds": 50, "periodSeconds": 10}), deadline=180), service("rates"))]],
    "Nothing to do: the quoter restarts until the new service has loaded, and then runs", NONE, expected=expect("healthy recovering"))

# 1377 ------------------------------------------------------------------------------------------------ a bigger cache
SESSIONS = text("""
    apiVersion: apps/v1
    kind: StatefulSet
    metadata:
      name: sessions
    spec:
      serviceName: sessions
      replicas: {{ .Values.replicas }}
      podManagementPolicy: Parallel
      selector:
        matchLabels: {app: sessions}
      template:
        metadata:
          labels: {app: sessions}
        spec:
          containers:
            - name: sessions
              image: "acme/worker:{{ .Values.tag }}"
              env:
                {{- range $name, $value := .Values.env }}
                - name: {{ $name }}
                  value: {{ $value | quote }}
                {{- end }}
              ports:
                - {name: http, containerPort: 8080}
              resources:
                {{- toYaml .Values.resources | nindent 12 }}
              readinessProbe:
                httpGet: {path: /readyz, port: http}
                periodSeconds: 5
    ---
    apiVersion: v1
    kind: Service
    metadata:
      name: sessions
    spec:
      clusterIP: None
      selector: {app: sessions}
      ports:
        - {name: http, port: 80, targetPort: http}
    """)
scenario("al-bigger-cache", "argocd", {
    "chart/Chart.yaml": chart("sessions"), "chart/templates/sessions.yaml": SESSIONS,
    "chart/values.yaml": "replicas: 1\ntag: 1.4.1\nenv:\n  CACHE_MB: 8\n# the limit: CACHE_MB and about 64Mi for the program itself\nresources:\n  requests: {cpu: 10m, memory: 32Mi}\n  limits: {memory: 96Mi}\n",
    "chart/environments/prod.yaml": "replicas: 2\ntag: 1.4.2\nenv:\n  CACHE_MB: 24\n  SESSION_TTL: 30m\n"},
    ["Sessions of a whole day stay in memory", ["chart/environments/prod.yaml", "CACHE_MB: 24", "CACHE_MB: 160"], ["chart/environments/prod.yaml", "SESSION_TTL: 30m", "SESSION_TTL: 24h"]],
    "160 MB of cache do not fit the limit of 96Mi, which is set in another file", path="chart", source={"helm": {"releaseName": "sessions", "valueFiles": ["environments/prod.yaml"]}},
    expected=expect("out-of-memory", [(c("StatefulSet", "sessions", "sessions", "resources.limits.memory"), at_least("176Mi"))]))

# 1378 ------------------------------------------------------------------------------------------------ never worked: two programs, one port
scenario("al-beacon", "argocd", {
    "base/beacon.yaml": dump(workload("Deployment", "beacon", container("beacon", "shop", "acme/checkout:1.4.2", env={"CACHE_MB": "8"}), deadline=60), service("beacon")),
    "base/kustomization.yaml": kust(resources=["beacon.yaml"]),
    "components/exporter/kustomization.yaml": component(patches=[{"path": "sidecar.yaml", "target": {"kind": "Deployment"}}]),
    "components/exporter/sidecar.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: any
        spec:
          template:
            metadata:
              annotations:
                metrics.example/port: "9102"
            spec:
              containers:
                - name: exporter
                  image: acme/worker:1.4.2
                  env:
                    - name: CACHE_MB
                      value: "2"
                  ports:
                    - name: metrics
                      containerPort: 9102
                  readinessProbe:
                    httpGet: {path: /readyz, port: metrics}
                    periodSeconds: 5
                  resources:
                    limits: {memory: 48Mi}
        """),
    "overlays/prod/kustomization.yaml": kust(resources=["../../base"], components=["../../components/exporter"], replicas=[{"name": "beacon", "count": 1}])},
    [], "The exporter beside the program has no PORT and takes 8080 like the program; its port and probe are 9102", path="overlays/prod", never_worked=True,
    expected=expect("port-conflict crash-on-start", [(c("Deployment", "beacon", "exporter", "env[name=PORT]"), value({"name": "PORT", "value": "9102"}))]))

# 1379 ------------------------------------------------------------------------------------------------ a new switch
GIFTS = text("""
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: {{ .Release.Name }}
    spec:
      replicas: {{ .Values.replicas }}
      progressDeadlineSeconds: 60
      selector:
        matchLabels: {app: {{ .Release.Name }}}
      template:
        metadata:
          labels: {app: {{ .Release.Name }}}
        spec:
          containers:
            - name: app
              image: {{ .Values.image }}
              env:
                {{- range $name, $value := .Values.env }}
                - name: {{ $name }}
                  value: {{ $value }}
                {{- end }}
              ports:
                - {name: http, containerPort: 8080}
              resources:
                limits: {memory: 96Mi}
              readinessProbe:
                httpGet: {path: /readyz, port: http}
                periodSeconds: 5
    """)
scenario("al-gift-switch", "flux", {
    "charts/web/Chart.yaml": chart("web"), "charts/web/templates/deployment.yaml": GIFTS, "charts/web/values.yaml": "replicas: 1\nimage: acme/checkout:1.4.0\nenv: {}\n",
    "releases/gifts.yaml": release("gifts", """
        replicas: 2
        image: acme/checkout:1.4.1
        env:
          REGION: eu-west
          THEME: winter
          REQUIRED_ENV: REGION
        """, "./charts/web")},
    ["Gift wrapping for everybody", ["releases/gifts.yaml", "checkout:1.4.1", "checkout:1.4.2"], ["releases/gifts.yaml", "      THEME: winter\n      REQUIRED_ENV: REGION\n", "      THEME: spring\n      GIFT_WRAPPING: \"true\"\n      REQUIRED_ENV: REGION,GIFT_WRAPPING\n"]],
    "The chart writes environment values without quotes: the string \"true\" becomes a bare true, which the server refuses", path="releases",
    expected=expect("invalid-manifest helm-failed", [(c("Deployment", "gifts", "app", "env[name=GIFT_WRAPPING].value"), value("true"))]))
