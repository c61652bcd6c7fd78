"""Batch U, written by somebody who knew neither the playbook nor the batches before: shop-1104 to shop-1119, an ordinary year: the form in which most teams would meet each class.
No program of this folder is needed.
"""
import pathlib, runpy, textwrap
globals().update(runpy.run_path(str(pathlib.Path(__file__).parent / "kit.py")))
SCENARIOS, scenario = batch(1104)


def shop(name, image, env=None, **more):
    return container(name, "shop", image=image, env=env, **more)


def app(name, image, env=None, replicas=1, pod=None, **more):
    return workload("Deployment", name, shop(name, image, env, **more), replicas=replicas, pod=pod)


def loop(name, script, image="busybox:1.36", memory="32Mi", **more):
    return {"name": name, "image": image, "command": ["/bin/sh", "-c"], "args": [Text(text(script))], "resources": {"requests": {"cpu": "5m", "memory": "8Mi"}, "limits": {"memory": memory}}, **more}


def chart(name, extra="", **templates):
    """A team's chart: Deployment and Service of the web program, and what else is given."""
    deployment = text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: {{ .Chart.Name }}
          labels:
            app.kubernetes.io/name: {{ .Chart.Name }}
            app.kubernetes.io/managed-by: {{ .Release.Service }}
        spec:
          replicas: {{ .Values.replicaCount }}
          progressDeadlineSeconds: 75
          selector:
            matchLabels:
              app: {{ .Chart.Name }}
          template:
            metadata:
              labels:
                app: {{ .Chart.Name }}
            spec:
              containers:
                - name: {{ .Chart.Name }}
                  image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
                  ports:
                    - name: http
                      containerPort: 8080
                  {{- with .Values.env }}
                  env:
                    {{- toYaml . | nindent 12 }}
                  {{- end }}
                  resources:
                    {{- toYaml .Values.resources | nindent 12 }}
                  livenessProbe:
                    {{- toYaml .Values.livenessProbe | nindent 12 }}
                  readinessProbe:
                    {{- toYaml .Values.readinessProbe | nindent 12 }}
        """)
    service = text("""
        apiVersion: v1
        kind: Service
        metadata:
          name: {{ .Chart.Name }}
        spec:
          selector:
            app: {{ .Chart.Name }}
          ports:
            - name: http
              port: {{ .Values.service.port }}
              targetPort: http
        """)
    values = text("""
        image:
          repository: acme/@IMAGE@
          tag: 1.4.1
        replicaCount: 1
        env: []
        service:
          port: 80
        resources:
          requests:
            cpu: 10m
            memory: 32Mi
          limits:
            memory: 128Mi
        livenessProbe:
          httpGet:
            path: /healthz
            port: http
          initialDelaySeconds: 10
          periodSeconds: 10
        readinessProbe:
          httpGet:
            path: /readyz
            port: http
          periodSeconds: 5
        """)
    root = f"charts/{name}"
    return {f"{root}/Chart.yaml": f"apiVersion: v2\nname: {name}\ndescription: {name} of the shop\ntype: application\nversion: 1.7.2\n", f"{root}/values.yaml": values + text(extra),
            f"{root}/templates/deployment.yaml": deployment, f"{root}/templates/service.yaml": service, **{f"{root}/templates/{k}.yaml": text(v) for k, v in templates.items()}}


def images(files, image):
    return {k: v.replace("@IMAGE@", image) for k, v in files.items()}


def release(name, values, **more):
    head = text(f"""
        apiVersion: helm.toolkit.fluxcd.io/v2
        kind: HelmRelease
        metadata:
          name: {name}
        spec:
          interval: 30s
          timeout: 60s
          releaseName: {name}
          chart:
            spec:
              chart: ./charts/{name}
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
              strategy: rollback
          values:
        """)
    return head + textwrap.indent(text(values), "    ")


NOISY = """
    n=0
    while true; do
      n=$((n + 1))
      echo "level=info msg=\\"batch sent\\" n=$n"
      [ $((n % 3)) -ne 0 ] || echo "level=error msg=\\"upstream answered 503, will retry\\" attempt=1"
      [ $((n % 3)) -ne 0 ] || echo "level=warn msg=\\"retry succeeded\\" attempt=2"
      sleep 5
    done
    """

# 1104 image-not-found: Kustomize overlay, two workloads share the image; the tag was never pushed
scenario(
    "u-tag-not-pushed", "argocd",
    {"base/checkout.yaml": dump(app("checkout", "acme/checkout", {"LOG_LEVEL": "info"}), service("checkout")),
     "base/checkout-worker.yaml": dump(app("checkout-worker", "acme/checkout", {"QUEUE": "orders", "LOG_LEVEL": "info"})),
     "base/catalog.yaml": dump(app("catalog", "acme/catalog", {"START_SECONDS": "9"}), service("catalog")),
     "base/kustomization.yaml": kustomization("checkout.yaml", "checkout-worker.yaml", "catalog.yaml"),
     "overlays/prod/checkout-patch.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: checkout
        spec:
          replicas: 2
          template:
            spec:
              containers:
                - name: checkout
                  env:
                    - name: LOG_LEVEL
                      value: warn
        """),
     "overlays/prod/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources:
          - ../../base
        patches:
          - path: checkout-patch.yaml
        images:
          - name: acme/checkout
            newTag: 1.4.1
          - name: acme/catalog
            newTag: 1.4.1
        """)},
    ["Release 2026-48: checkout and catalog", ["overlays/prod/kustomization.yaml", "acme/checkout\n    newTag: 1.4.1\n  - name: acme/catalog\n    newTag: 1.4.1", "acme/checkout\n    newTag: 1.4.3\n  - name: acme/catalog\n    newTag: 1.4.2"],
     ["overlays/prod/checkout-patch.yaml", "replicas: 2", "replicas: 3"], ["base/catalog.yaml", "value: '9'", "value: '12'"]],
    "tag 1.4.3 of acme/checkout was never pushed; both workloads that use the image cannot pull it. Catalog 1.4.2, three replicas and the slower start are wanted", path="overlays/prod",
    expected=expect("image-not-found", *[[(c("Deployment", w, w, "image"), to) for w in ("checkout", "checkout-worker")] for to in (BEFORE, value("acme/checkout:1.4.2"))]))

# 1105 readiness-probe: the port moved, one probe has it as a number and was forgotten
web = app("payments", "acme/payments:1.4.1", {"PORT": "8080", "LOG_LEVEL": "info"}, replicas=2, ready={"httpGet": {"path": "/readyz", "port": 8080}, "periodSeconds": 5})
scenario(
    "u-port-moved", "flux",
    {"deploy/payments.yaml": dump(web), "deploy/payments-service.yaml": dump(service("payments")),
     "deploy/catalog.yaml": dump(app("catalog", "acme/catalog:1.4.1", {"START_SECONDS": "8"}), service("catalog")),
     "deploy/settle.yaml": dump(workload("CronJob", "settle", loop("settle", """
        echo "level=error msg=\\"bank file of yesterday is not there yet\\""
        echo "level=warn msg=\\"using the day before\\""
        echo "level=info msg=\\"settled 0 payments\\""
        """))),
     "deploy/kustomization.yaml": kustomization("payments.yaml", "payments-service.yaml", "catalog.yaml", "settle.yaml")},
    ["payments 1.4.2, serve on 8081 like the other teams", ["deploy/payments.yaml", "acme/payments:1.4.1", "acme/payments:1.4.2"], ["deploy/payments.yaml", "value: '8080'", "value: '8081'"],
     ["deploy/payments.yaml", "containerPort: 8080", "containerPort: 8081"], ["deploy/catalog.yaml", "cpu: 10m", "cpu: 15m"]],
    "payments listens on 8081 now, its readiness probe still asks 8080",
    expected=expect("readiness-probe readiness probe", [(c("Deployment", "payments", "payments", "readinessProbe.httpGet.port"), value(8081))], [(c("Deployment", "payments", "payments", "readinessProbe.httpGet.port"), value("http"))],
                    [(c("Deployment", "payments", "payments", "env[name=PORT].value"), BEFORE), (c("Deployment", "payments", "payments", "ports[name=http].containerPort"), BEFORE)]))

# 1106 out-of-memory: a bigger cache is wanted, the limit stayed
scenario(
    "u-cache-bigger", "argocd",
    {**images(chart("catalog", extra="""
        importer:
          tag: "1.36"
        """, importer="""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: {{ .Chart.Name }}-importer
        spec:
          replicas: 1
          progressDeadlineSeconds: 75
          selector:
            matchLabels:
              app: {{ .Chart.Name }}-importer
          template:
            metadata:
              labels:
                app: {{ .Chart.Name }}-importer
            spec:
              containers:
                - name: importer
                  image: "busybox:{{ .Values.importer.tag }}"
                  command: ["/bin/sh", "-c"]
                  args:
                    - |
                      while true; do
                        echo "level=warn msg=\\"feed of supplier 17 is stale\\""
                        sleep 10
                      done
                  resources:
                    requests: {cpu: 5m, memory: 8Mi}
                    limits: {memory: 32Mi}
        """), "catalog"),
     "env/values-staging.yaml": "image:\n  tag: 1.4.2\nenv:\n  - name: CACHE_MB\n    value: \"16\"\n",
     "env/values-prod.yaml": text("""
        image:
          tag: 1.4.1
        replicaCount: 2
        env:
          - name: CACHE_MB
            value: "64"
          - name: REGION
            value: eu-central
        """)},
    ["Catalog 1.4.2 with the whole assortment in the cache", ["env/values-prod.yaml", "tag: 1.4.1", "tag: 1.4.2"], ["env/values-prod.yaml", 'value: "64"', 'value: "180"'], ["env/values-prod.yaml", "eu-central\n", "eu-central\n  - name: LOG_LEVEL\n    value: warn\n"],
     ["charts/catalog/values.yaml", 'tag: "1.36"', 'tag: "1.37"']],
    "180 MB of cache do not fit into the chart's limit of 128Mi: OOMKilled", path="charts/catalog", source={"helm": {"valueFiles": ["../../env/values-prod.yaml"]}},
    expected=expect("out-of-memory", [(c("Deployment", "catalog", "catalog", "resources.limits.memory"), at_least("196Mi"))],
                    [(c("Deployment", "catalog", "catalog", "resources.limits.memory"), at_least("196Mi")), (c("Deployment", "catalog", "catalog", "resources.requests.memory"), ANY)],
                    [(c("Deployment", "catalog", "catalog", "env[name=CACHE_MB].value"), BEFORE)]))

# 1107 config-missing: a new workload in a new file names the shared settings wrongly
common = {"LOG_LEVEL": "info", "REGION": "eu-central", "CURRENCY": "EUR"}
scenario(
    "u-new-notifier", "argocd",
    {"deploy/config.yaml": dump(configmap("shop-common", **common)),
     "deploy/checkout.yaml": dump(app("checkout", "acme/checkout:1.4.1", {"START_SECONDS": "8", "REQUIRED_ENV": "CURRENCY,REGION"}, replicas=2, envFrom=[{"configMapRef": {"name": "shop-common"}}]), service("checkout")),
     "deploy/worker.yaml": dump(app("worker", "acme/worker:1.4.1", {"QUEUE": "orders"}, envFrom=[{"configMapRef": {"name": "shop-common"}}])),
     "deploy/mailer.yaml": dump(workload("Deployment", "mailer", loop("mailer", NOISY)))},
    ["Notifier: tell customers about their parcels", ["deploy/notifier.yaml", None, dump(app("notifier", "acme/worker:1.4.2", {"QUEUE": "parcels", "REQUIRED_ENV": "REGION"}, envFrom=[{"configMapRef": {"name": "common-config"}}]), service("notifier"))],
     ["deploy/config.yaml", "CURRENCY: EUR", "CURRENCY: EUR\n  PARCEL_EVENTS: 'true'"], ["deploy/checkout.yaml", "acme/checkout:1.4.1", "acme/checkout:1.4.2"]],
    "the new notifier reads ConfigMap common-config; the shared one is called shop-common",
    expected=expect("config-missing", [(c("Deployment", "notifier", "notifier", "envFrom[0].configMapRef.name"), value("shop-common"))]))

# 1108 unschedulable-resources: 500 instead of 500m, together with wanted memory
store = workload("StatefulSet", "session-store", shop("session-store", "acme/catalog", {"CACHE_MB": "32"}), spec={"podManagementPolicy": "Parallel"})
scenario(
    "u-cores-for-millis", "flux",
    {"base/session-store.yaml": dump(store, service("session-store", clusterIP="None")),
     "base/checkout.yaml": dump(app("checkout", "acme/checkout", {"START_SECONDS": "9"}), service("checkout")),
     "base/kustomization.yaml": kustomization("session-store.yaml", "checkout.yaml", images=[{"name": "acme/catalog", "newTag": "1.4.1"}, {"name": "acme/checkout", "newTag": "1.4.1"}]),
     "overlays/staging/kustomization.yaml": kustomization("../../base"),
     "overlays/prod/resources.yaml": text("""
        apiVersion: apps/v1
        kind: StatefulSet
        metadata:
          name: session-store
        spec:
          replicas: 2
          template:
            spec:
              containers:
                - name: session-store
                  resources:
                    requests:
                      cpu: 50m
                      memory: 64Mi
                    limits:
                      memory: 96Mi
        """),
     "overlays/prod/kustomization.yaml": kustomization("../../base", patches=[{"path": "resources.yaml"}], images=[{"name": "acme/checkout", "newTag": "1.4.2"}])},
    ["Session store: sized after the load test", ["overlays/prod/resources.yaml", "cpu: 50m\n              memory: 64Mi", "cpu: 120\n              memory: 96Mi"], ["overlays/prod/resources.yaml", "limits:\n              memory: 96Mi", "limits:\n              memory: 160Mi"],
     ["base/session-store.yaml", "value: '32'", "value: '48'"]],
    "the CPU request is 120 cores where 120m was meant: no node has them", path="overlays/prod",
    expected=expect("unschedulable-resources", [(c("StatefulSet", "session-store", "session-store", "resources.requests.cpu"), value("120m"))], [(c("StatefulSet", "session-store", "session-store", "resources.requests.cpu"), BEFORE)]))

# 1109 service-no-endpoints: new component labels; one selector was copied from the other Service
catalog, front = app("catalog", "acme/catalog:1.4.1", {"LOG_LEVEL": "info"}, replicas=2), app("storefront", "acme/checkout:1.4.1", {"START_SECONDS": "8"}, replicas=2)
scenario(
    "u-selector-copied", "flux",
    {"deploy/catalog/deployment.yaml": dump(catalog), "deploy/catalog/service.yaml": dump(service("catalog")),
     "deploy/storefront/deployment.yaml": dump(front), "deploy/storefront/service.yaml": dump(service("storefront")),
     "deploy/feeds.yaml": dump(workload("Deployment", "feeds", loop("feeds", NOISY))),
     "deploy/kustomization.yaml": kustomization("catalog/deployment.yaml", "catalog/service.yaml", "storefront/deployment.yaml", "storefront/service.yaml", "feeds.yaml")},
    ["Component labels for the cost report", ["deploy/catalog/deployment.yaml", "      labels:\n        app: catalog\n", "      labels:\n        app: catalog\n        component: api\n"], ["deploy/catalog/deployment.yaml", "    app.kubernetes.io/name: catalog\n", "    app.kubernetes.io/name: catalog\n    component: api\n"],
     ["deploy/catalog/service.yaml", "    app: catalog\n", "    app: catalog\n    component: web\n"],
     ["deploy/storefront/deployment.yaml", "      labels:\n        app: storefront\n", "      labels:\n        app: storefront\n        component: web\n"], ["deploy/storefront/deployment.yaml", "    app.kubernetes.io/name: storefront\n", "    app.kubernetes.io/name: storefront\n    component: web\n"],
     ["deploy/storefront/service.yaml", "    app: storefront\n", "    app: storefront\n    component: web\n"]],
    "the Service catalog selects component web; the catalog's pods have component api: no endpoints",
    expected=expect("service-no-endpoints", [("Service/catalog spec.selector.component", value("api"))], [("Service/catalog spec.selector.component", GONE)]))

# 1110 quota: a new sidecar without a memory limit in a namespace whose quota asks for one
shipper = text("""
          - name: log-shipper
            image: busybox:1.37
            command:
            - /bin/sh
            - -c
            - while true; do echo "shipped"; sleep 15; done
    """)
shipper = textwrap.indent(textwrap.dedent(shipper), "      ")
scenario(
    "u-sidecar-quota", "argocd",
    {"deploy/quota.yaml": dump({"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "team-payments"}, "spec": {"hard": {"limits.memory": "2Gi", "requests.memory": "1Gi", "pods": "20"}}}),
     "deploy/payments.yaml": dump(app("payments", "acme/payments:1.4.1", {"LOG_LEVEL": "info"}, replicas=2)), "deploy/payments-service.yaml": dump(service("payments")),
     "deploy/refunds.yaml": dump(app("refunds", "acme/worker:1.4.1", {"START_SECONDS": "9", "QUEUE": "refunds"})),
     "deploy/audit.yaml": dump(workload("Deployment", "audit", loop("audit", NOISY)))},
    ["Ship the payment logs, LOG_LEVEL debug for a week", ["deploy/payments.yaml", "      - name: payments\n", shipper + "      - name: payments\n"], ["deploy/payments.yaml", "value: info", "value: debug"], ["deploy/refunds.yaml", "acme/worker:1.4.1", "acme/worker:1.4.2"]],
    "the quota demands memory requests and limits of every container; the new log-shipper has none",
    expected=expect("quota limit-range", [(c("Deployment", "payments", "log-shipper", "resources"), ANY)]))

# 1111 Helm values: a number as the value of a new variable
scenario(
    "u-number-variable", "flux",
    {**images(chart("checkout"), "checkout"),
     "releases/checkout.yaml": release("checkout", """
        image:
          tag: 1.4.1
        replicaCount: 2
        env:
          - name: LOG_LEVEL
            value: info
          - name: CACHE_MB
            value: "16"
        """),
     "releases/catalog.yaml": dump(app("catalog", "acme/catalog:1.4.1", {"START_SECONDS": "8"}), service("catalog")),
     "releases/kustomization.yaml": kustomization("checkout.yaml", "catalog.yaml")},
    ["Checkout 1.4.2: keep baskets for half an hour", ["releases/checkout.yaml", "tag: 1.4.1", "tag: 1.4.2"], ["releases/checkout.yaml", '        value: "16"\n', '        value: "24"\n      - name: BASKET_TTL_SECONDS\n        value: 1800\n'], ["releases/catalog.yaml", "value: '8'", "value: '10'"]],
    "BASKET_TTL_SECONDS has a number as its value; the API wants a string, so the upgrade fails", path="releases",
    expected=expect("helm-failed invalid-manifest", [(c("Deployment", "checkout", "checkout", "env[name=BASKET_TTL_SECONDS].value"), value("1800"))]))

# 1112 render-failed: a file was renamed, the list of resources was not
worker = dump(app("worker", "acme/worker", {"QUEUE": "orders"}, replicas=1))
scenario(
    "u-file-renamed", "argocd",
    {"base/checkout.yaml": dump(app("checkout", "acme/checkout", {"LOG_LEVEL": "info"}), service("checkout")), "base/worker-deployment.yaml": worker,
     "base/catalog.yaml": dump(app("catalog", "acme/catalog", {"START_SECONDS": "8"}), service("catalog")),
     "base/kustomization.yaml": kustomization("checkout.yaml", "worker-deployment.yaml", "catalog.yaml"),
     "overlays/prod/replicas.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: checkout
        spec:
          replicas: 2
        """),
     "overlays/prod/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources:
          - ../../base
        patches:
          - path: replicas.yaml
        images:
          - name: acme/checkout
            newTag: 1.4.1
          - name: acme/worker
            newTag: 1.4.1
          - name: acme/catalog
            newTag: 1.4.1
        """)},
    ["Tidy up base, worker 1.4.2", ["base/worker-deployment.yaml", worker, DELETE], ["base/worker.yaml", None, worker.replace("value: orders", "value: orders\n        - name: LOG_LEVEL\n          value: info")],
     ["overlays/prod/kustomization.yaml", "acme/worker\n    newTag: 1.4.1", "acme/worker\n    newTag: 1.4.2"], ["overlays/prod/replicas.yaml", "replicas: 2", "replicas: 3"]],
    "base/kustomization.yaml still lists worker-deployment.yaml, which is worker.yaml now", path="overlays/prod",
    expected=expect("render-failed", [], keep=[(c("Deployment", "worker", "worker", "image"), value("acme/worker:1.4.2")), (c("Deployment", "worker", "worker", "env[name=LOG_LEVEL]"), value({"name": "LOG_LEVEL", "value": "info"})), ("Deployment/checkout spec.replicas", value(3))]))

# 1113 job-failed: the first release; the migration hook calls a command that the program does not have
scenario(
    "u-first-migration", "argocd",
    {**images(chart("payments", extra="""
        migration:
          enabled: true
          args: [migrate-up]
          databaseUrl: postgres://payments@10.20.0.5:5432/payments
        """, migrate="""
        {{- if .Values.migration.enabled }}
        apiVersion: batch/v1
        kind: Job
        metadata:
          name: {{ .Chart.Name }}-migrate
          annotations:
            helm.sh/hook: pre-install,pre-upgrade
            helm.sh/hook-delete-policy: before-hook-creation
        spec:
          backoffLimit: 1
          template:
            metadata:
              labels:
                job: {{ .Chart.Name }}-migrate
            spec:
              restartPolicy: Never
              containers:
                - name: migrate
                  image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
                  args: {{ toJson .Values.migration.args }}
                  env:
                    - name: DATABASE_URL
                      value: {{ .Values.migration.databaseUrl }}
                  resources:
                    requests: {cpu: 10m, memory: 16Mi}
                    limits: {memory: 64Mi}
        {{- end }}
        """), "payments"),
     "env/values-prod.yaml": "image:\n  tag: 1.4.2\nreplicaCount: 2\nenv:\n  - name: LOG_LEVEL\n    value: info\n",
     "docs/operations.md": "# Payments\n\nThe database is reached from every namespace. Before each release a Job brings the tables up to date.\n"},
    [], "the migration Job calls `migrate-up`, the program knows serve and migrate", path="charts/payments", source={"helm": {"valueFiles": ["../../env/values-prod.yaml"]}}, never_worked=True,
    expected=expect("job-failed crash-on-start", [(c("Job", "payments-migrate", "migrate", "args[0]"), value("migrate"))]))

# 1114 dependency-address: a new workload in a new file looks for a Service under another name
indexer = workload("Deployment", "indexer", loop("indexer", """
    host=${CATALOG_ADDR%%:*} port=${CATALOG_ADDR##*:}
    echo "level=info msg=starting version=0.3.0 catalog=$CATALOG_ADDR"
    variable=$(echo "$host" | tr 'a-z.-' 'A-Z__')_SERVICE_HOST
    eval "ip=\\${$variable:-}"
    if [ -z "$ip" ]; then
      echo "level=fatal msg=\\"cannot load catalog\\" err=\\"Get http://$CATALOG_ADDR/: dial tcp: lookup $host: no such host\\""
      exit 1
    fi
    until wget -q -O /dev/null "http://$ip:$port/"; do
      echo "level=warn msg=\\"catalog does not answer yet\\""
      sleep 3
    done
    echo "level=info msg=\\"catalog loaded\\""
    touch /tmp/ready
    while true; do sleep 30; done
    """, image="busybox:1.37", env=[{"name": "CATALOG_ADDR", "value": "catalog-service:80"}, {"name": "BATCH_SIZE", "value": "200"}], readinessProbe={"exec": {"command": ["/bin/cat", "/tmp/ready"]}, "periodSeconds": 5}, volumeMounts=[{"name": "tmp", "mountPath": "/tmp"}]), deadline=75, pod={"volumes": [{"name": "tmp", "emptyDir": {}}]})
scenario(
    "u-indexer-address", "flux",
    {"base/catalog.yaml": dump(app("catalog", "acme/catalog", {"START_SECONDS": "8"}), service("catalog")),
     "base/checkout.yaml": dump(app("checkout", "acme/checkout", {"CATALOG_ADDR": "catalog:80"}), service("checkout")),
     "base/kustomization.yaml": kustomization("catalog.yaml", "checkout.yaml", images=[{"name": "acme/catalog", "newTag": "1.4.1"}, {"name": "acme/checkout", "newTag": "1.4.1"}]),
     "components/feeds/feeds.yaml": dump(workload("Deployment", "feeds", loop("feeds", NOISY))),
     "components/feeds/kustomization.yaml": "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nresources:\n  - feeds.yaml\n",
     "overlays/prod/kustomization.yaml": kustomization("../../base", components=["../../components/feeds"], replicas=[{"name": "checkout", "count": 2}])},
    ["Search: an indexer of our own", ["base/indexer.yaml", None, dump(indexer)], ["base/kustomization.yaml", "  - checkout.yaml\n", "  - checkout.yaml\n  - indexer.yaml\n"], ["base/kustomization.yaml", "name: acme/catalog\n    newTag: 1.4.1", "name: acme/catalog\n    newTag: 1.4.2"]],
    "the new indexer looks for catalog-service; the Service is called catalog", path="overlays/prod",
    expected=expect("dependency-address", [(c("Deployment", "indexer", "indexer", "env[name=CATALOG_ADDR].value"), value("catalog:80"))]))

# 1115 volume-mount: the first release; subPath settings.yml, the generator's file is settings.yaml
pricing = app("pricing", "acme/catalog", {"CONFIG_FILE": "/etc/pricing/settings.yaml"}, replicas=2, pod={"volumes": [{"name": "settings", "configMap": {"name": "pricing-settings"}}, {"name": "tmp", "emptyDir": {}}]},
              volumeMounts=[{"name": "settings", "mountPath": "/etc/pricing/settings.yaml", "subPath": "settings.yml"}, {"name": "tmp", "mountPath": "/tmp"}])
scenario(
    "u-first-settings", "flux",
    {"base/pricing.yaml": dump(pricing, service("pricing")), "base/checkout.yaml": dump(app("checkout", "acme/checkout", {"START_SECONDS": "8"}), service("checkout")),
     "base/kustomization.yaml": kustomization("pricing.yaml", "checkout.yaml", images=[{"name": "acme/catalog", "newTag": "1.4.2"}, {"name": "acme/checkout", "newTag": "1.4.1"}]),
     "overlays/prod/settings.yaml": "rounding: half-up\ncurrencies:\n  - EUR\n  - CHF\nvat: 19\n",
     "overlays/prod/kustomization.yaml": kustomization("../../base", configMapGenerator=[{"name": "pricing-settings", "files": ["settings.yaml"]}], replicas=[{"name": "checkout", "count": 2}])},
    [], "the mount's subPath is settings.yml, the ConfigMap has settings.yaml: the program finds a directory", path="overlays/prod", never_worked=True,
    expected=expect("volume-mount config-key-missing crash-on-start", [(c("Deployment", "pricing", "pricing", "volumeMounts[name=settings].subPath"), value("settings.yaml"))],
                    [('ConfigMap/pricing-settings-# data["settings.yml"]', ANY), ('ConfigMap/pricing-settings-# data["settings.yaml"]', GONE)], [('ConfigMap/pricing-settings-# data["settings.yml"]', ANY)]))

# 1116 HUMAN: the new variable comes from a Secret that nobody has made
scenario(
    "u-webhook-secret", "flux",
    {**images(chart("payments"), "payments"),
     "releases/payments.yaml": release("payments", """
        image:
          tag: 1.4.1
        replicaCount: 2
        env:
          - name: REQUIRED_ENV
            value: DATABASE_PASSWORD
          - name: DATABASE_PASSWORD
            valueFrom:
              secretKeyRef:
                name: payments-db
                key: password
        """),
     "releases/refunds.yaml": dump(app("refunds", "acme/worker:1.4.1", {"START_SECONDS": "8"})),
     "releases/kustomization.yaml": kustomization("payments.yaml", "refunds.yaml")},
    ["Payments 1.4.2: verify the provider's webhooks", ["releases/payments.yaml", "tag: 1.4.1", "tag: 1.4.2"],
     ["releases/payments.yaml", "            key: password\n", "            key: password\n      - name: WEBHOOK_SIGNING_KEY\n        valueFrom:\n          secretKeyRef:\n            name: provider-webhook\n            key: signing-key\n"],
     ["releases/payments.yaml", "value: DATABASE_PASSWORD\n", "value: DATABASE_PASSWORD,WEBHOOK_SIGNING_KEY\n"]],
    "Secret provider-webhook does not exist: somebody has to create it with the provider's key", answer=HUMAN, path="releases",
    given=dump({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "payments-db"}, "stringData": {"password": "only-for-tests"}}),
    expected=expect("secret-missing"))

# 1117 HUMAN: a GPU, which no node has
gpu = app("embeddings", "acme/worker", {"QUEUE": "embeddings", "MODEL": "minilm"}, resources={"requests": {"cpu": "50m", "memory": "64Mi", "nvidia.com/gpu": "1"}, "limits": {"memory": "128Mi", "nvidia.com/gpu": "1"}})
scenario(
    "u-gpu", "argocd",
    {"base/catalog.yaml": dump(app("catalog", "acme/catalog", {"START_SECONDS": "9"}), service("catalog")), "base/worker.yaml": dump(app("worker", "acme/worker", {"QUEUE": "orders"})),
     "base/feeds.yaml": dump(workload("Deployment", "feeds", loop("feeds", NOISY))),
     "base/kustomization.yaml": kustomization("catalog.yaml", "worker.yaml", "feeds.yaml"),
     "overlays/prod/kustomization.yaml": kustomization("../../base", images=[{"name": "acme/catalog", "newTag": "1.4.1"}, {"name": "acme/worker", "newTag": "1.4.1"}])},
    ["Similar articles: compute embeddings", ["base/embeddings.yaml", None, dump(gpu)], ["base/kustomization.yaml", "  - feeds.yaml\n", "  - feeds.yaml\n  - embeddings.yaml\n"], ["overlays/prod/kustomization.yaml", "name: acme/catalog\n    newTag: 1.4.1", "name: acme/catalog\n    newTag: 1.4.2"]],
    "embeddings asks for a GPU; no node of the cluster has one: the platform has to decide", answer=HUMAN, path="overlays/prod",
    expected=expect("unschedulable-resources"))

# 1118 NONE: a slow start with probe warnings, then healthy
scenario(
    "u-slow-but-fine", "flux",
    {"deploy/catalog.yaml": dump(app("catalog", "acme/catalog:1.4.1", {"START_SECONDS": "4"}, replicas=2, live={"httpGet": {"path": "/healthz", "port": "http"}, "initialDelaySeconds": 40, "periodSeconds": 10})),
     "deploy/catalog-service.yaml": dump(service("catalog")), "deploy/checkout.yaml": dump(app("checkout", "acme/checkout:1.4.1"), service("checkout")),
     "deploy/feeds.yaml": dump(workload("Deployment", "feeds", loop("feeds", NOISY))),
     "deploy/kustomization.yaml": kustomization("catalog.yaml", "catalog-service.yaml", "checkout.yaml", "feeds.yaml")},
    ["Catalog 1.4.2 loads the assortment at the start", ["deploy/catalog.yaml", "acme/catalog:1.4.1", "acme/catalog:1.4.2"], ["deploy/catalog.yaml", "value: '4'", "value: '17'"]],
    "nothing: the new pods are not ready for 17 seconds, then they are", answer=NONE, expected=expect("healthy recovering"))

# 1119 NONE: a clean release beside a noisy sidecar; a wanted switch to fewer replicas
scenario(
    "u-noisy-but-fine", "argocd",
    {**images(chart("checkout", extra="""
        relay:
          interval: 5
        """, relay="""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: {{ .Chart.Name }}-relay
        spec:
          replicas: 1
          progressDeadlineSeconds: 75
          selector:
            matchLabels:
              app: {{ .Chart.Name }}-relay
          template:
            metadata:
              labels:
                app: {{ .Chart.Name }}-relay
            spec:
              containers:
                - name: relay
                  image: busybox:1.36
                  command: ["/bin/sh", "-c"]
                  args:
                    - |
                      echo "level=fatal msg=\\"cannot load plugin geoip: no such file\\" action=skipped"
                      while true; do
                        echo "level=error msg=\\"connection refused by partner.example:443, message kept\\""
                        sleep {{ .Values.relay.interval }}
                        echo "level=info msg=\\"message delivered\\""
                      done
                  resources:
                    requests: {cpu: 5m, memory: 8Mi}
                    limits: {memory: 32Mi}
        """), "checkout"),
     "env/values-prod.yaml": "image:\n  tag: 1.4.1\nreplicaCount: 3\nenv:\n  - name: START_SECONDS\n    value: \"4\"\n"},
    ["Checkout 1.4.2, two replicas are enough after the sale", ["env/values-prod.yaml", "tag: 1.4.1", "tag: 1.4.2"], ["env/values-prod.yaml", "replicaCount: 3", "replicaCount: 2\nrelay:\n  interval: 8"]],
    "nothing: everything is healthy, the relay's errors are its ordinary retries", answer=NONE, path="charts/checkout", source={"helm": {"valueFiles": ["../../env/values-prod.yaml"]}}, expected=expect("healthy recovering"))
