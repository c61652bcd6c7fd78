"""Batch AT, written by somebody who knew neither the playbook nor the batches before: shop-1492 to shop-1507, what on-call engineers see most weeks. No program of this folder is needed."""
import pathlib, runpy, textwrap
globals().update(runpy.run_path(str(pathlib.Path(__file__).parent / "kit.py")))
SCENARIOS, scenario = batch(1492)


def dep(name, image, env=None, labels=None, deadline=75, extra=(), podspec=None, replicas=1, kind="Deployment", limits="96Mi", **more):
    return workload(kind, name, container(name, "shop", image=image, env=env, limits=limits, **more), *extra, replicas=replicas, labels=labels, deadline=deadline, pod=podspec)


def app(name, image, target="http", **more):
    """A Deployment and its Service in one file."""
    return dump(dep(name, image, **more), service(name, target))


CHART = {
    "Chart.yaml": "apiVersion: v2\nname: services\ndescription: One Deployment and Service per entry of .Values.services\nversion: 0.7.2\n",
    "values.yaml": text("""
        registry: acme
        port: 8080
        probes:
          liveness: /healthz
          readiness: /readyz
          startupSeconds: 90
        resources:
          requests:
            cpu: 10m
            memory: 24Mi
          limits:
            memory: 96Mi
        services: {}
        """),
    "templates/_names.tpl": text("""
        {{- define "services.labels" -}}
        app.kubernetes.io/name: {{ . }}
        app.kubernetes.io/part-of: shop
        {{- end -}}
        """),
    "templates/deployment.yaml": text("""
        {{- range $name, $s := .Values.services }}
        {{- $probes := merge (dict) ($s.probes | default dict) $.Values.probes }}
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: {{ $name }}
          labels:
            {{- include "services.labels" $name | nindent 4 }}
        spec:
          replicas: {{ $s.replicas | default 1 }}
          progressDeadlineSeconds: {{ $s.deadline | default 75 }}
          selector:
            matchLabels:
              app: {{ $name }}
          template:
            metadata:
              labels:
                app: {{ $name }}
            spec:
              containers:
                - name: {{ $name }}
                  image: "{{ $.Values.registry }}/{{ $s.image | default $name }}:{{ $s.tag }}"
                  ports:
                    - name: http
                      containerPort: {{ $.Values.port }}
                  {{- if or $s.env $s.secretEnv }}
                  env:
                    {{- range $key, $value := $s.env }}
                    - name: {{ $key }}
                      value: {{ $value | quote }}
                    {{- end }}
                    {{- range $key, $ref := $s.secretEnv }}
                    - name: {{ $key }}
                      valueFrom:
                        secretKeyRef:
                          name: {{ $ref.name }}
                          key: {{ $ref.key }}
                    {{- end }}
                  {{- end }}
                  resources:
                    {{- toYaml ($s.resources | default $.Values.resources) | nindent 12 }}
                  startupProbe:
                    httpGet:
                      path: {{ $probes.liveness }}
                      port: http
                    periodSeconds: 3
                    failureThreshold: {{ div (int $probes.startupSeconds) 3 }}
                  livenessProbe:
                    httpGet:
                      path: {{ $probes.liveness }}
                      port: http
                    periodSeconds: 10
                  readinessProbe:
                    httpGet:
                      path: {{ $probes.readiness }}
                      port: http
                    periodSeconds: 5
        {{- end }}
        """),
    "templates/service.yaml": text("""
        {{- range $name, $s := .Values.services }}
        ---
        apiVersion: v1
        kind: Service
        metadata:
          name: {{ $name }}
          labels:
            {{- include "services.labels" $name | nindent 4 }}
        spec:
          selector:
            app: {{ $name }}
          ports:
            - name: http
              port: 80
              targetPort: http
        {{- end }}
        """),
}


def chart(folder, **more):
    return {f"{folder}/{k}": v for k, v in {**CHART, **more}.items()}


def release(name, values, timeout="90s", folder="./charts/services"):
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
              chart: {folder}
              reconcileStrategy: Revision
              sourceRef:
                kind: GitRepository
                name: "@NAME@"
                namespace: flux-system
          values:
        """) + textwrap.indent(text(values), "    ")


# 1 ─ image-not-found: Argo CD, Kustomize; three tags are promoted, one is written otherwise; an unrelated commit follows
scenario("promote-tags", "argocd", {
    "base/kustomization.yaml": kustomization("catalog.yaml", "checkout.yaml", "payments.yaml", "mailbox.yaml"),
    "base/catalog.yaml": app("catalog", "acme/catalog"),
    "base/checkout.yaml": app("checkout", "acme/checkout"),
    "base/payments.yaml": app("payments", "acme/payments"),
    "base/mailbox.yaml": app("mailbox", "acme/worker"),
    "overlays/prod/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources:
          - ../../base
        images:
          - name: acme/catalog
            newTag: 1.4.1
          - name: acme/checkout
            newTag: 1.4.0
          - name: acme/payments
            newTag: 1.4.1
          - name: acme/worker
            newTag: 1.4.1
        patches:
          - path: replicas.yaml
        """),
    "overlays/prod/replicas.yaml": "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: mailbox\nspec:\n  replicas: 1\n",
}, [
    {"subject": "Promote release 2026.48 to production", "edit": [["overlays/prod/kustomization.yaml",
        "acme/catalog\n    newTag: 1.4.1\n  - name: acme/checkout\n    newTag: 1.4.0\n  - name: acme/payments\n    newTag: 1.4.1\n",
        "acme/catalog\n    newTag: 1.4.2\n  - name: acme/checkout\n    newTag: v1.4.2\n  - name: acme/payments\n    newTag: 1.4.2\n"]]},
    {"subject": "A second mailbox", "wait": 40, "edit": [["overlays/prod/replicas.yaml", "replicas: 1", "replicas: 2"]]},
], "checkout's tag is written v1.4.2, the registry's tags have no v", FIX,
    expect("image-not-found", [(c("Deployment", "checkout", "checkout", "image"), value("acme/checkout:1.4.2"))], [(c("Deployment", "checkout", "checkout", "image"), BEFORE)]),
    path="overlays/prod")

# 2 ─ crash-on-start: Flux, Kustomize generator from an env file
scenario("env-line-lost", "flux", {
    "base/kustomization.yaml": kustomization("settlement.yaml", "fx-rates.yaml", "statements.yaml"),
    "base/settlement.yaml": app("settlement", "acme/payments:1.4.1", env={"REQUIRED_ENV": "SETTLEMENT_CURRENCY,GATEWAY_REGION"}, envFrom=[{"configMapRef": {"name": "settlement-env"}}]),
    "base/fx-rates.yaml": app("fx-rates", "acme/catalog:1.4.1"),
    "base/statements.yaml": dump(workload("CronJob", "statements", {"name": "statements", "image": "busybox:1.37", "command": ["sh", "-c", "echo statements written"]}, spec={"schedule": "15 3 * * *"})),
    "overlays/prod/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources:
          - ../../base
        configMapGenerator:
          - name: settlement-env
            envs:
              - settlement.env
        """),
    "overlays/prod/settlement.env": "# read by settlement\nGATEWAY_REGION=eu-west\nGATEWAY_TIMEOUT=4s\nSETTLEMENT_CURRENCY=EUR\nSETTLEMENT_WINDOW=18:00\n",
}, ["Settlement: retry the gateway",
    ["overlays/prod/settlement.env", "GATEWAY_TIMEOUT=4s\nSETTLEMENT_CURRENCY=EUR\n", "GATEWAY_TIMEOUT=2s\nGATEWAY_RETRIES=3\nGATEWAY_BACKOFF=250ms\n"]],
    "the env file lost SETTLEMENT_CURRENCY, which the program requires; the retry settings are wanted", FIX,
    expect("crash-on-start", [("ConfigMap/settlement-env-# data.SETTLEMENT_CURRENCY", BEFORE)], [(c("Deployment", "settlement", "settlement", "env[name=SETTLEMENT_CURRENCY]"), value({"name": "SETTLEMENT_CURRENCY", "value": "EUR"}))]),
    path="overlays/prod",
    earlier=[{"subject": "Statements a quarter of an hour later", "edit": [["base/statements.yaml", "15 3 * * *", "30 3 * * *"]]}])

# 3 ─ out-of-memory: Argo CD, Helm with a values file per environment
scenario("whole-catalogue", "argocd", {**chart("charts/services"),
    "environments/staging.yaml": text("""
        services:
          catalog:
            tag: 1.4.2
            env:
              CACHE_MB: "30"
        """),
    "environments/prod.yaml": text("""
        services:
          catalog:
            tag: 1.4.1
            env:
              CACHE_MB: "40"
              CATALOGUE_SCOPE: bestsellers
            resources:
              requests:
                cpu: 10m
                memory: 48Mi
              limits:
                memory: 112Mi
          checkout:
            tag: 1.4.1
            env:
              CACHE_MB: "16"
          returns:
            image: worker
            tag: 1.4.0
        """)},
    ["Keep all of the catalogue warm", ["environments/prod.yaml", 'tag: 1.4.1\n    env:\n      CACHE_MB: "40"\n      CATALOGUE_SCOPE: bestsellers', 'tag: 1.4.2\n    env:\n      CACHE_MB: "160"\n      CATALOGUE_SCOPE: all']],
    "the cache grew to 160 MB, the memory limit stayed at 112Mi", FIX,
    expect("out-of-memory", [(c("Deployment", "catalog", "catalog", "resources.limits.memory"), at_least("184Mi"))],
           [(c("Deployment", "catalog", "catalog", "resources.limits.memory"), at_least("184Mi")), (c("Deployment", "catalog", "catalog", "resources.requests.memory"), ANY)],
           [(c("Deployment", "catalog", "catalog", "env[name=CACHE_MB].value"), BEFORE)],
           [(c("Deployment", "catalog", "catalog", "env[name=CACHE_MB].value"), BEFORE), (c("Deployment", "catalog", "catalog", "env[name=CATALOGUE_SCOPE].value"), BEFORE)]),
    path="charts/services", source={"helm": {"valueFiles": ["../../environments/prod.yaml"]}})

# 4 ─ readiness: Flux HelmRelease, inline values; the path that was forgotten is a default of the chart
scenario("internal-paths", "flux", {**chart("charts/services"),
    "releases/storefront.yaml": release("storefront", """
        services:
          basket:
            image: checkout
            tag: 1.4.1
            env:
              CACHE_MB: "8"
          search:
            image: catalog
            tag: 1.4.1
          gifts:
            image: worker
            tag: 1.4.0
        """),
    "releases/kustomization.yaml": kustomization("storefront.yaml")},
    ["Basket: keep health endpoints off the public routes", ["releases/storefront.yaml", '          CACHE_MB: "8"\n', '          CACHE_MB: "8"\n          HEALTH_PATH: /internal/healthz\n          READY_PATH: /internal/readyz\n        probes:\n          liveness: /internal/healthz\n']],
    "the program's readiness path moved, the probe still asks the chart's default /readyz (404)", FIX,
    expect("readiness-probe", [(c("Deployment", "basket", "basket", "readinessProbe.httpGet.path"), value("/internal/readyz"))],
           [(c("Deployment", "basket", "basket", "env[name=READY_PATH]"), GONE)], [(c("Deployment", "basket", "basket", "env[name=READY_PATH].value"), value("/readyz"))]),
    path="releases", earlier=[{"subject": "Gifts 1.4.1", "edit": [["releases/storefront.yaml", "tag: 1.4.0", "tag: 1.4.1"]]}])

# 5 ─ unschedulable-resources: Argo CD, plain
RES = lambda cpu, memory, limit: {"requests": {"cpu": cpu, "memory": memory}, "limits": {"memory": limit}}
scenario("load-test-sizes", "argocd", {
    "deploy/indexer.yaml": app("indexer", "acme/catalog:1.4.1", resources=RES("50m", "32Mi", "96Mi")),
    "deploy/suggest.yaml": app("suggest", "acme/catalog:1.4.2", resources=RES("25m", "32Mi", "96Mi")),
    "deploy/crawler.yaml": dump(dep("crawler", "acme/worker:1.4.1", resources=RES("20m", "32Mi", "96Mi"))),
    "deploy/disruption.yaml": dump({"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": {"name": "indexer"}, "spec": {"maxUnavailable": 1, "selector": {"matchLabels": {"app": "indexer"}}}}),
}, ["Sizes from the load test",
    ["deploy/indexer.yaml", "cpu: 50m\n            memory: 32Mi\n          limits:\n            memory: 96Mi", "cpu: 150\n            memory: 48Mi\n          limits:\n            memory: 128Mi"],
    ["deploy/suggest.yaml", "cpu: 25m", "cpu: 40m"]],
    "the indexer requests 150 processors instead of 150m", FIX,
    expect("unschedulable-resources", [(c("Deployment", "indexer", "indexer", "resources.requests.cpu"), value("150m"))], [(c("Deployment", "indexer", "indexer", "resources.requests.cpu"), BEFORE)]),
    earlier=[{"subject": "Crawler 1.4.2", "edit": [["deploy/crawler.yaml", "acme/worker:1.4.1", "acme/worker:1.4.2"]]}])

# 6 ─ service-no-endpoints: Flux, plain; labels in one file, the Service in another
scenario("tier-labels", "flux", {
    "deploy/workloads/search.yaml": dump(dep("search", "acme/catalog:1.4.1", labels={"tier": "web"}, replicas=2)),
    "deploy/workloads/offers.yaml": dump(dep("offers", "acme/catalog:1.4.1", labels={"tier": "web"})),
    "deploy/workloads/refunds.yaml": dump(dep("refunds", "acme/payments:1.4.1", labels={"tier": "jobs"})),
    "deploy/network/services.yaml": dump(service("search", selector={"app": "search", "tier": "web"}), service("offers"), service("refunds")),
    "deploy/network/policy.yaml": dump({"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": {"name": "same-namespace"}, "spec": {"podSelector": {"matchLabels": {"app": "refunds"}}, "policyTypes": ["Ingress"], "ingress": [{"from": [{"podSelector": {}}]}]}}),
}, ["Adopt the platform's names for tiers",
    ["deploy/workloads/search.yaml", "tier: web", "tier: frontend"], ["deploy/workloads/offers.yaml", "tier: web", "tier: frontend"], ["deploy/workloads/refunds.yaml", "tier: jobs", "tier: backend"]],
    "Service search selects tier web, its pods are tier frontend now", FIX,
    expect("service-no-endpoints", [("Service/search spec.selector.tier", value("frontend"))], [("Service/search spec.selector.tier", GONE)], [("Deployment/search spec.template.metadata.labels.tier", BEFORE)]))

# 7 ─ config-key-missing: Argo CD, Kustomize, init container, never worked
DB = lambda key: {"configMapKeyRef": {"name": "orders-config", "key": key}}
scenario("first-orders", "argocd", {
    "base/kustomization.yaml": kustomization("config.yaml", "orders.yaml", "dispatcher.yaml"),
    "base/config.yaml": dump(configmap("orders-config", DATABASE_URL="postgresql://orders@10.20.0.5/orders", BATCH_SIZE="50", REGION="eu")),
    "base/orders.yaml": dump(workload("Deployment", "orders", container("orders", "shop", image="acme/checkout:1.4.1", env={"DATABASE_URL": DB("DATABASE_URL"), "REGION": DB("REGION"), "REQUIRED_ENV": "DATABASE_URL,REGION"}), deadline=75,
        pod={"initContainers": [{"name": "migrate", "image": "acme/checkout:1.4.1", "args": ["migrate"], "env": [{"name": "DATABASE_URL", "valueFrom": DB("DB_URL")}], "resources": {"requests": {"cpu": "10m", "memory": "16Mi"}, "limits": {"memory": "64Mi"}}}]}), service("orders")),
    "base/dispatcher.yaml": dump(dep("dispatcher", "acme/worker:1.4.1", env={"DATABASE_URL": DB("DATABASE_URL"), "BATCH_SIZE": DB("BATCH_SIZE"), "REQUIRED_ENV": "DATABASE_URL"})),
    "overlays/prod/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources:
          - ../../base
        labels:
          - pairs:
              environment: prod
        replicas:
          - name: orders
            count: 2
        """),
}, [], "the init container asks the ConfigMap for DB_URL, its key (used by the others) is DATABASE_URL", FIX,
    expect("config-key-missing", [(c("Deployment", "orders", "migrate", "env[name=DATABASE_URL].valueFrom.configMapKeyRef.key", init=True), value("DATABASE_URL"))]),
    path="overlays/prod", never_worked=True)

# 8 ─ volume-mount: Flux, plain StatefulSet, subPath that is in no ConfigMap: a directory is mounted; never worked
scenario("first-prices", "flux", {
    "deploy/prices-config.yaml": dump(configmap("prices-config", prices__conf="CURRENCY=EUR\nROUNDING=half-up\nTIERS=3\n", tiers__conf="GOLD=10\nSILVER=5\n")),
    "deploy/prices.yaml": dump(dep("prices", "acme/catalog:1.4.2", kind="StatefulSet", env={"CONFIG_FILE": "/etc/prices/prices.conf"},
        volumeMounts=[{"name": "config", "mountPath": "/etc/prices/prices.conf", "subPath": "price.conf", "readOnly": True}, {"name": "scratch", "mountPath": "/tmp"}],
        podspec={"volumes": [{"name": "config", "configMap": {"name": "prices-config"}}, {"name": "scratch", "emptyDir": {"sizeLimit": "64Mi"}}]}), service("prices", clusterIP="None")),
    "deploy/vouchers.yaml": app("vouchers", "acme/checkout:1.4.1"),
    "deploy/loyalty.yaml": app("loyalty", "acme/payments:1.4.1", env={"CACHE_MB": "10"}),
}, [], "subPath price.conf is no key of the ConfigMap (prices.conf is): an empty directory is mounted in place of the file", FIX,
    expect("volume-mount", [(c("StatefulSet", "prices", "prices", "volumeMounts[name=config].subPath"), value("prices.conf"))],
           [(c("StatefulSet", "prices", "prices", "volumeMounts[name=config].subPath"), GONE), (c("StatefulSet", "prices", "prices", "volumeMounts[name=config].mountPath"), value("/etc/prices"))],
           [('ConfigMap/prices-config data["price.conf"]', ANY), ('ConfigMap/prices-config data["prices.conf"]', GONE)]),
    never_worked=True)

# 9 ─ quota: Argo CD, plain DaemonSet, a sidecar without resources below the platform's quota
scenario("agent-exporter", "argocd", {
    "deploy/edge-agent.yaml": dump(dep("edge-agent", "acme/worker:1.4.1", kind="DaemonSet")),
    "deploy/sessions.yaml": app("sessions", "acme/checkout:1.4.1"),
    "deploy/profile.yaml": app("profile", "acme/catalog:1.4.0"),
}, ["Expose the agent's counters",
    ["deploy/edge-agent.yaml", "      containers:\n", textwrap.indent(text("""
        containers:
        - name: counters
          image: acme/worker:1.4.2
          env:
          - name: PORT
            value: '9102'
          ports:
          - name: metrics
            containerPort: 9102
        """), "      ")],
    ["deploy/edge-agent.yaml", "image: acme/worker:1.4.1", "image: acme/worker:1.4.2"]],
    "the new sidecar has no requests and limits, which the namespace's quota demands", FIX,
    expect("quota limit-range", [(c("DaemonSet", "edge-agent", "counters", "resources"), ANY)]),
    given=dump({"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "team-budget"}, "spec": {"hard": {"requests.cpu": "2", "requests.memory": "2Gi", "limits.memory": "4Gi", "pods": "30"}}}),
    earlier=[{"subject": "Profile 1.4.1", "edit": [["deploy/profile.yaml", "acme/catalog:1.4.0", "acme/catalog:1.4.1"]]}])

# 10 ─ render-failed: Flux, Kustomize; the base lost a sidecar that the overlay still patches by its number
scenario("sidecar-retired", "flux", {
    "base/kustomization.yaml": kustomization("web.yaml", "session-store.yaml"),
    "base/web.yaml": dump(dep("web", "acme/checkout:1.4.1", extra=[{"name": "log-shipper", "image": "busybox:1.36", "command": ["sh", "-c", "while true; do echo shipped; sleep 60; done"], "resources": {"requests": {"cpu": "5m", "memory": "8Mi"}, "limits": {"memory": "32Mi"}}}]), service("web")),
    "base/session-store.yaml": app("session-store", "acme/worker:1.4.1"),
    "overlays/prod/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources:
          - ../../base
        patches:
          - path: web-size.yaml
            target:
              kind: Deployment
              name: web
          - path: store-size.yaml
        """),
    "overlays/prod/web-size.yaml": text("""
        - op: replace
          path: /spec/replicas
          value: 2
        - op: replace
          path: /spec/template/spec/containers/0/resources/limits/memory
          value: 128Mi
        - op: replace
          path: /spec/template/spec/containers/1/resources/limits/memory
          value: 48Mi
        """),
    "overlays/prod/store-size.yaml": "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: session-store\nspec:\n  template:\n    spec:\n      containers:\n        - name: session-store\n          resources:\n            limits:\n              memory: 80Mi\n",
}, ["Logs are collected on the node now", ["base/web.yaml", text("""
          - name: log-shipper
            image: busybox:1.36
            command:
            - sh
            - -c
            - while true; do echo shipped; sleep 60; done
            resources:
              requests:
                cpu: 5m
                memory: 8Mi
              limits:
                memory: 32Mi
        """), ""]],
    "the overlay's JSON patch still names container 1, which the base no longer has", FIX,
    expect("render-failed", [], keep=[("Deployment/web spec.template.spec.containers[name=log-shipper]", GONE)]), path="overlays/prod")
SCENARIOS[-1]["commits"][0]["edit"][0][1] = textwrap.indent(SCENARIOS[-1]["commits"][0]["edit"][0][1], "      ")

# 11 ─ helm-failed: Flux HelmRelease; the chart has a schema
SCHEMA = text("""
    {
      "$schema": "http://json-schema.org/draft-07/schema#",
      "type": "object",
      "properties": {
        "port": {"type": "integer"},
        "services": {
          "type": "object",
          "additionalProperties": {
            "type": "object",
            "required": ["tag"],
            "properties": {
              "tag": {"type": "string"},
              "image": {"type": "string"},
              "replicas": {"type": "integer", "minimum": 0},
              "env": {"type": "object", "additionalProperties": {"type": "string"}}
            }
          }
        }
      }
    }
    """)
scenario("sale-weekend", "flux", {**chart("charts/services", **{"values.schema.json": SCHEMA}),
    "clusters/prod/orders.yaml": release("orders", """
        services:
          cart:
            image: checkout
            tag: 1.4.1
            replicas: 1
            env:
              QUEUE_LENGTH: "200"
          invoices:
            image: payments
            tag: 1.4.1
          parcel:
            image: worker
            tag: 1.4.0
        """),
    "clusters/prod/quota-note.yaml": dump(configmap("sale-notes", OWNER="team-orders", CALENDAR="2026-W48"))},
    ["Cart: ready for the sale weekend", ["clusters/prod/orders.yaml", 'tag: 1.4.1\n        replicas: 1\n        env:\n          QUEUE_LENGTH: "200"', 'tag: 1.4.2\n        replicas: 3\n        env:\n          QUEUE_LENGTH: 800']],
    "the chart's schema wants env values as strings, QUEUE_LENGTH is a number", FIX,
    expect("helm-failed render-failed invalid-manifest", [], keep=[(c("Deployment", "cart", "cart", "image"), value("acme/checkout:1.4.2")), ("Deployment/cart spec.replicas", value(3)), (c("Deployment", "cart", "cart", "env[name=QUEUE_LENGTH].value"), value("800"))]),
    path="clusters/prod")

# 12 ─ job-failed: Flux, Kustomize, CronJob with a deadline that it cannot meet
EXPORT = {"name": "export", "image": "busybox:1.36", "command": ["sh", "-c", "echo export started; for part in 1 2 3 4; do sleep 10; echo part $part of 4 written; done; echo export complete"], "resources": {"requests": {"cpu": "5m", "memory": "8Mi"}, "limits": {"memory": "32Mi"}}}
scenario("export-deadline", "flux", {
    "base/kustomization.yaml": kustomization("export.yaml", "warehouse.yaml"),
    "base/export.yaml": dump(workload("CronJob", "export", EXPORT, pod={"terminationGracePeriodSeconds": 2})),
    "base/warehouse.yaml": app("warehouse", "acme/worker:1.4.1"),
    "overlays/prod/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources:
          - ../../base
        patches:
          - path: export.yaml
        """),
    "overlays/prod/export.yaml": text("""
        apiVersion: batch/v1
        kind: CronJob
        metadata:
          name: export
        spec:
          successfulJobsHistoryLimit: 3
          jobTemplate:
            spec:
              activeDeadlineSeconds: 240
              backoffLimit: 0
        """),
}, ["Exports: tidy up after hung runs", ["overlays/prod/export.yaml", "successfulJobsHistoryLimit: 3\n", "successfulJobsHistoryLimit: 2\n  failedJobsHistoryLimit: 3\n"], ["overlays/prod/export.yaml", "activeDeadlineSeconds: 240", "activeDeadlineSeconds: 24"]],
    "the deadline of 24 seconds ends every export, which takes 40", FIX,
    expect("job-failed", [("CronJob/export spec.jobTemplate.spec.activeDeadlineSeconds", BEFORE)], [("CronJob/export spec.jobTemplate.spec.activeDeadlineSeconds", at_least("50"))]),
    path="overlays/prod")

# 13 ─ for people: Argo CD, plain; the platform's admission webhook has lost its Service, an innocent commit meets it
WEBHOOK = """kubectl apply -f - <<EOF
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata:
  name: image-policy-$NAMESPACE
webhooks:
  - name: images.policy.platform.example
    failurePolicy: Fail
    sideEffects: None
    timeoutSeconds: 5
    admissionReviewVersions: [v1]
    namespaceSelector:
      matchLabels:
        kubernetes.io/metadata.name: $NAMESPACE
    rules:
      - apiGroups: [apps]
        apiVersions: [v1]
        operations: [CREATE, UPDATE]
        resources: [deployments, statefulsets, daemonsets]
    clientConfig:
      service:
        namespace: platform-policy
        name: image-policy
        path: /validate
        port: 443
EOF"""
scenario("policy-webhook", "argocd", {
    "deploy/shards.yaml": dump(workload("StatefulSet", "shards", container("shards", "shop", image="acme/catalog:1.4.1", env={"CACHE_MB": "6"}), replicas=2), service("shards", clusterIP="None")),
    "deploy/router.yaml": app("router", "acme/checkout:1.4.1"),
    "deploy/compactor.yaml": dump(workload("CronJob", "compactor", {"name": "compactor", "image": "busybox:1.37", "command": ["sh", "-c", "echo compacted"]}, spec={"schedule": "5 4 * * *"})),
}, ["Shards 1.4.2, compaction an hour later", ["deploy/shards.yaml", "acme/catalog:1.4.1", "acme/catalog:1.4.2"], ["deploy/compactor.yaml", "5 4 * * *", "5 5 * * *"]],
    "the cluster's image-policy webhook has no Service any more and refuses every workload: the platform's people have to mend it", HUMAN, expect("node control-plane node/control-plane"),
    then=[[-8, WEBHOOK]])

# 14 ─ for people: Argo CD, Helm; a Secret that nobody created
scenario("new-gateway-key", "argocd", {**chart("charts/services"),
    "environments/prod.yaml": text("""
        services:
          payments:
            tag: 1.4.1
            env:
              REQUIRED_ENV: DATABASE_URL
            secretEnv:
              DATABASE_URL:
                name: payments-db
                key: url
          receipts:
            image: worker
            tag: 1.4.1
          ledger:
            image: catalog
            tag: 1.4.1
        """)},
    ["Payments: second gateway", ["environments/prod.yaml", "REQUIRED_ENV: DATABASE_URL\n    secretEnv:\n", "REQUIRED_ENV: DATABASE_URL,GATEWAY_API_KEY\n      GATEWAY_NAME: northpay\n    secretEnv:\n      GATEWAY_API_KEY:\n        name: northpay-credentials\n        key: api-key\n"]],
    "Secret northpay-credentials exists nowhere: somebody with the key has to create it", HUMAN, expect("secret-missing"),
    path="charts/services", source={"helm": {"valueFiles": ["../../environments/prod.yaml"]}},
    given=dump({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "payments-db"}, "type": "Opaque", "stringData": {"url": "postgresql://payments@10.20.0.5/payments"}}))

# 15 ─ nothing to do: Flux HelmRelease; slow to start, within its startup probe
scenario("slow-but-fine", "flux", {**chart("charts/services"),
    "releases/kustomization.yaml": kustomization("discovery.yaml"),
    "releases/discovery.yaml": release("discovery", """
        services:
          recommend:
            image: catalog
            tag: 1.4.1
            deadline: 150
            env:
              START_SECONDS: "1"
          trending:
            image: catalog
            tag: 1.4.1
          feed:
            image: worker
            tag: 1.4.1
        """, timeout="3m")},
    ["Recommendations 1.4.2 with the full model", ["releases/discovery.yaml", 'tag: 1.4.1\n        deadline: 150\n        env:\n          START_SECONDS: "1"', 'tag: 1.4.2\n        deadline: 150\n        env:\n          START_SECONDS: "28"']],
    "the model takes half a minute to load, the startup probe allows for it", NONE, expect("healthy"), path="releases", spec={"timeout": "2m"})

# 16 ─ nothing to do: Argo CD, plain; a consumer that restarts until its new dependency is up
SYNC = {"name": "stock-sync", "image": "busybox:1.37", "command": ["sh", "-c", "timeout 5 wget -q -O /dev/null http://$STOCK_SERVICE_HOST:$STOCK_SERVICE_PORT/ || { echo stock does not answer yet; exit 1; }; echo connected to stock; while true; do sleep 30; done"], "resources": {"requests": {"cpu": "5m", "memory": "8Mi"}, "limits": {"memory": "32Mi"}}}
scenario("waits-for-stock", "argocd", {
    "deploy/shelf.yaml": app("shelf", "acme/catalog:1.4.1"),
    "deploy/reorder.yaml": app("reorder", "acme/worker:1.4.1"),
}, ["Stock service and its sync",
    ["deploy/stock.yaml", None, app("stock", "acme/catalog:1.4.2", env={"START_SECONDS": "22"}, live={"httpGet": {"path": "/healthz", "port": "http"}, "initialDelaySeconds": 45, "periodSeconds": 10})],
    ["deploy/stock-sync.yaml", None, dump(workload("Deployment", "stock-sync", SYNC, deadline=180))]],
    "the sync restarts a few times until the new service has started, then it works", NONE, expect("healthy"),
    source={"directory": {"recurse": True}})
