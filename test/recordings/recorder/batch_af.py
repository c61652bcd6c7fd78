"""Batch AF, written by somebody who knew neither the playbook nor the batches before: shop-1264 to shop-1279, an ordinary year of a team with eight services. No program of this folder is needed."""
import pathlib, runpy, textwrap
globals().update(runpy.run_path(str(pathlib.Path(__file__).parent / "kit.py")))
SCENARIOS, scenario = batch(1264)

TEMPLATE = text("""
    {{- range $name, $s := .Values.services }}
    {{- $s := mergeOverwrite (deepCopy $.Values.defaults) $s }}
    ---
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: {{ $name }}
    spec:
      replicas: {{ $s.replicas }}
      progressDeadlineSeconds: 80
      selector:
        matchLabels: {app: {{ $name }}}
      template:
        metadata:
          labels: {app: {{ $name }}}
        spec:
          {{- with $s.warmup }}
          initContainers:
            - name: warmup
              image: busybox:1.36
              command: ["sh", "-c", "echo copying search index; sleep {{ .seconds }}; echo done"]
          {{- end }}
          containers:
            - name: app
              image: "acme/{{ $s.image }}:{{ $s.tag }}"
              env:
                - {name: REQUIRED_ENV, value: {{ $s.required | quote }}}
                {{- range $k, $v := $s.env }}
                - {name: {{ $k }}, value: {{ $v | quote }}}
                {{- end }}
              {{- with $s.secretEnv }}
              envFrom:
                - secretRef: {name: {{ . }}}
              {{- end }}
              ports:
                - {name: http, containerPort: 8080}
              resources:
                {{- toYaml $s.resources | nindent 16 }}
              livenessProbe:
                httpGet: {path: /healthz, port: http}
                initialDelaySeconds: 5
              readinessProbe:
                httpGet: {path: /readyz, port: http}
                periodSeconds: 4
    ---
    apiVersion: v1
    kind: Service
    metadata:
      name: {{ $name }}
    spec:
      selector: {app: {{ $name }}}
      ports:
        - {name: http, port: 80, targetPort: http}
    {{- end }}
    """)
DEFAULTS = text("""
    # what every service of the team gets
    defaults:
      replicas: 1
      image: checkout
      tag: 1.4.1
      required: ""
      env: {}
      resources:
        requests: {cpu: 10m, memory: 48Mi}
        limits: {memory: 96Mi}
    services: {}
    """)


def chart(folder, **files):
    return {f"{folder}/Chart.yaml": "apiVersion: v2\nname: team-service\nversion: 2.3.0\n", f"{folder}/values.yaml": DEFAULTS, f"{folder}/templates/services.yaml": TEMPLATE, **{f"{folder}/{k.replace('__', '.')}": v for k, v in files.items()}}


def helmrelease(values, name="shops"):
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
              chart: ./charts/team-service
              reconcileStrategy: Revision
              sourceRef: {{kind: GitRepository, name: "@NAME@", namespace: flux-system}}
          install:
            remediation: {{retries: 1}}
          upgrade:
            remediation: {{retries: 1, strategy: rollback}}
          values:
        """)
    return head + textwrap.indent(text(values), "    ")


def shop(name, image, version="1.4.1", **more):
    return container(name, "shop", f"acme/{image}:{version}", **more)


# 1 ---------------------------------------------------------------- plain, argocd
checkout = workload("Deployment", "checkout", shop("checkout", "checkout", env={"CONFIG_FILE": "/etc/checkout/shop.properties"}, volumeMounts=[{"name": "settings", "mountPath": "/etc/checkout"}]),
                    pod={"volumes": [{"name": "settings", "configMap": {"name": "checkout-settings"}}]}, replicas=2)
scenario("settings-folder-moved", "argocd", {**one("checkout", checkout), **one("settings", configmap("checkout-settings", shop__properties="currency=EUR\nvat=19\n")), **one("service", service("checkout"))},
         ["Same folder layout as the other services, payment in CHF", ["deploy/checkout.yaml", "mountPath: /etc/checkout", "mountPath: /etc/acme/checkout"], ["deploy/settings.yaml", "currency=EUR", "currency=CHF"]],
         "the settings are mounted at /etc/acme/checkout now, CONFIG_FILE still names /etc/checkout/shop.properties", FIX,
         expect("crash-on-start volume-mount", [(c("Deployment", "checkout", "checkout", "env[name=CONFIG_FILE].value"), value("/etc/acme/checkout/shop.properties"))],
                [(c("Deployment", "checkout", "checkout", "volumeMounts[name=settings].mountPath"), BEFORE)]))

# 2 ---------------------------------------------------------------- plain, flux
nightly = workload("CronJob", "nightly-export", {"name": "export", "image": "busybox:1.36", "command": ["sh", "-c", "echo exporting orders; sleep 2; echo 1204 rows"], "env": [{"name": "EXPORT_DAYS", "value": "1"}]},
                   spec={"schedule": "15 1 * * *"})
scenario("nightly-later", "flux", {**one("nightly", nightly), **one("worker", workload("Deployment", "orders-worker", shop("worker", "worker")))},
         ["Nightly export after the backup, two days back", ["deploy/nightly.yaml", "schedule: 15 1 * * *", "schedule: 30 2 * *"], ["deploy/nightly.yaml", "value: '1'", "value: '2'"]],
         "the new schedule of the nightly export has four fields", FIX,
         expect("job-failed cron-invalid invalid-manifest", [("CronJob/nightly-export spec.schedule", value("30 2 * * *"))], [("CronJob/nightly-export spec.schedule", BEFORE)]))

# 3 ---------------------------------------------------------------- kustomize, argocd
orders = workload("Deployment", "orders", shop("orders", "checkout", envFrom=[{"configMapRef": {"name": "orders-settings"}}]),
                  pod={"initContainers": [{"name": "migrate", "image": "acme/checkout:1.4.1", "args": ["migrate"], "envFrom": [{"configMapRef": {"name": "orders-settings"}}]}]})
ENVFILE = "DATABASE_URL=postgresql://orders@10.20.0.5/orders\nLOG_LEVEL=info\nORDERS_PAGE_SIZE=50\n"
base3 = {"base/orders.yaml": dump(orders), "base/service.yaml": dump(service("orders")), "base/kustomization.yaml": kustomization("orders.yaml", "service.yaml")}
MAP3 = "ConfigMap/orders-settings-# data."
scenario("settings-house-style", "argocd", {**base3, "overlays/production/orders.env": ENVFILE,
         "overlays/production/kustomization.yaml": kustomization("../../base", configMapGenerator=[{"name": "orders-settings", "envs": ["orders.env"]}])},
         ["Settings in house style", ["overlays/production/orders.env", "DATABASE_URL=", "ORDERS_DATABASE_URL="], ["overlays/production/orders.env", "LOG_LEVEL=info", "LOG_LEVEL=warn"]],
         "DATABASE_URL is ORDERS_DATABASE_URL now, the init container's migration reads DATABASE_URL", FIX,
         expect("crash-on-start config-key-missing", [(MAP3 + "DATABASE_URL", BEFORE), (MAP3 + "ORDERS_DATABASE_URL", GONE)], [(MAP3 + "DATABASE_URL", BEFORE)],
                [(c("Deployment", "orders", "migrate", "env", init=True), ANY)]), path="overlays/production")

# 4 ---------------------------------------------------------------- kustomize with a component, flux
catalog = workload("Deployment", "catalog", shop("catalog", "catalog"))
scenario("release-pin-component", "flux", {"base/catalog.yaml": dump(catalog), "base/service.yaml": dump(service("catalog")), "base/kustomization.yaml": kustomization("catalog.yaml", "service.yaml"),
         "components/release/kustomization.yaml": text("""
             apiVersion: kustomize.config.k8s.io/v1alpha1
             kind: Component
             images:
               - name: acme/catalog
                 newTag: 1.4.1
             """),
         "overlays/production/kustomization.yaml": kustomization("../../base", components=["../../components/release"], replicas=[{"name": "catalog", "count": 1}])},
         ["Release 1.4.2 on two pods", ["components/release/kustomization.yaml", "newTag: 1.4.1", "newTag: v1.4.2"], ["overlays/production/kustomization.yaml", "count: 1", "count: 2"]],
         "the tag is pinned with a v that no image has", FIX,
         expect("image-not-found", [(c("Deployment", "catalog", "catalog", "image"), value("acme/catalog:1.4.2"))], [(c("Deployment", "catalog", "catalog", "image"), BEFORE)]), path="overlays/production")

# 5 ---------------------------------------------------------------- chart of three, argocd
PRODUCTION = text("""
    services:
      checkout:
        env: {LOG_LEVEL: info}
        resources:
          limits: {memory: 96Mi}
      catalog:
        image: catalog
      payments:
        image: payments
        env: {CURRENCY: EUR}
    """)
ARGO = {"source": {"helm": {"valueFiles": ["values-production.yaml"]}}}
scenario("limit-without-unit", "argocd", chart("charts/team-service", **{"values-production__yaml": PRODUCTION}),
         ["More room for the checkout before the sale", ["charts/team-service/values-production.yaml", "limits: {memory: 96Mi}", "limits: {memory: 256}"], ["charts/team-service/values-production.yaml", "LOG_LEVEL: info", "LOG_LEVEL: warn"]],
         "checkout's memory limit has no unit: 256 bytes, less than its request", FIX,
         expect("invalid-manifest", *[[(c("Deployment", "checkout", "app", "resources.limits.memory"), to)] for to in (value("256Mi"), value("256M"), BEFORE)]), path="charts/team-service", **ARGO)

# 6 ---------------------------------------------------------------- the same chart by a HelmRelease, flux
RELEASE6 = """
    services:
      checkout:
        required: REGION
        env:
          REGION: eu-central
          CACHE_MB: "8"
      payments:
        image: payments
    """
scenario("release-variables-dropped", "flux", {**chart("charts/team-service"), "releases/shops.yaml": helmrelease(RELEASE6)},
         ["Payments 1.4.2, settings sorted", ["releases/shops.yaml", "        env:\n          REGION", "        environment:\n          REGION"], ["releases/shops.yaml", "image: payments", "image: payments\n        tag: 1.4.2"]],
         "the HelmRelease gives checkout's variables as `environment`, the chart reads `env`", FIX,
         expect("crash-on-start helm-failed", [(c("Deployment", "checkout", "app", "env[name=REGION]"), BEFORE), (c("Deployment", "checkout", "app", "env[name=CACHE_MB]"), BEFORE)]), path="releases",
         spec={"timeout": "90s"})

# 7 ---------------------------------------------------------------- the shared chart itself, argocd
scenario("chart-probe-port", "argocd", chart("charts/team-service", **{"values-production__yaml": PRODUCTION}),
         ["Chart: own probe port for services that want one, faster probing", ["charts/team-service/templates/services.yaml", "httpGet: {path: /readyz, port: http}\n            periodSeconds: 4", "httpGet: {path: /readyz, port: {{ $s.probePort | default \"web\" }}}\n            periodSeconds: 3"]],
         "the chart's readiness probe asks the port `web`, the containers' port is `http`", FIX,
         expect("readiness-probe readiness", [(c("Deployment", n, "app", "readinessProbe.httpGet.port"), BEFORE) for n in ("checkout", "catalog", "payments")],
                [(c("Deployment", n, "app", "readinessProbe.httpGet.port"), value(8080)) for n in ("checkout", "catalog", "payments")]), path="charts/team-service", **ARGO)

# 8 ---------------------------------------------------------------- kustomize, flux
front = workload("Deployment", "storefront", shop("web", "catalog"), labels={"tier": "frontend"}, replicas=2)
scenario("service-tier-label", "flux", {"base/storefront.yaml": dump(front), "base/service.yaml": dump(service("storefront")), "base/kustomization.yaml": kustomization("storefront.yaml", "service.yaml"),
         "overlays/production/service-patch.yaml": dump({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "storefront"}, "spec": {"sessionAffinity": "None"}}),
         "overlays/production/kustomization.yaml": kustomization("../../base", patches=[{"path": "service-patch.yaml"}])},
         ["Sticky sessions for the shop front, no batch pods behind its Service", ["overlays/production/service-patch.yaml", "sessionAffinity: None", "sessionAffinity: ClientIP\n  selector:\n    tier: web"]],
         "the Service selects tier=web, the pods carry tier=frontend", FIX,
         expect("service-no-endpoints", [("Service/storefront spec.selector.tier", value("frontend"))], [("Service/storefront spec.selector.tier", GONE)]), path="overlays/production")

# 9 ---------------------------------------------------------------- plain, argocd: sidecar
pay = workload("Deployment", "payments", shop("payments", "payments"), deadline=80)
side = dump(shop("audit", "worker", port=9090, env={"PORT": "8080", "LOG_LEVEL": "info"}, ready={"httpGet": {"path": "/readyz", "port": 9090}, "periodSeconds": 5}, live={"httpGet": {"path": "/healthz", "port": 9090}, "initialDelaySeconds": 20})).replace("name: http", "name: audit")
scenario("audit-beside-payments", "argocd", {**one("payments", pay), **one("service", service("payments"))},
         ["Audit trail beside payments", ["deploy/payments.yaml", "      containers:\n", "      containers:\n" + textwrap.indent("- " + textwrap.indent(side, "  ").lstrip(), "      ")]],
         "the new sidecar audit listens on 8080 as payments does, though its port and probes are 9090", FIX,
         expect("port-conflict", [(c("Deployment", "payments", "audit", "env[name=PORT].value"), value("9090"))]))

# 10 --------------------------------------------------------------- kustomize overlay patch, flux
worker = workload("Deployment", "mail-worker", shop("worker", "worker"), replicas=2, deadline=60)
PATCH10 = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "mail-worker"}, "spec": {"template": {"metadata": {"annotations": {"team": "orders"}}}}}
SPREAD = text("""
        spec:
          affinity:
            podAntiAffinity:
              requiredDuringSchedulingIgnoredDuringExecution:
                - topologyKey: kubernetes.io/hostname
                  labelSelector:
                    matchLabels:
                      app: mail-worker
    """)
scenario("workers-apart", "flux", {"base/worker.yaml": dump(worker), "base/kustomization.yaml": kustomization("worker.yaml"), "overlays/production/worker.yaml": dump(PATCH10),
         "overlays/production/kustomization.yaml": kustomization("../../base", patches=[{"path": "worker.yaml"}])},
         ["Mail workers apart", ["overlays/production/worker.yaml", "        team: orders\n", "        team: orders\n" + textwrap.indent(SPREAD, "    ")]],
         "required anti-affinity by hostname with two replicas and one node", FIX,
         expect("unschedulable-placement", [(pod("Deployment", "mail-worker", "affinity"), GONE)], [(pod("Deployment", "mail-worker", "affinity"), GONE), (pod("Deployment", "mail-worker", "topologySpreadConstraints"), ANY)],
                [(pod("Deployment", "mail-worker", "affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution"), GONE), (pod("Deployment", "mail-worker", "affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution"), ANY)]),
         path="overlays/production")

# 11 --------------------------------------------------------------- plain, argocd: never worked
stock = workload("StatefulSet", "stock", shop("stock", "catalog"), pod={"serviceAccountName": "stock-sync"})
rbac = [{"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "stock"}},
        {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role", "metadata": {"name": "stock"}, "rules": [{"apiGroups": [""], "resources": ["configmaps"], "verbs": ["get", "list"]}]},
        {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding", "metadata": {"name": "stock"}, "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "stock"},
         "subjects": [{"kind": "ServiceAccount", "name": "stock", "namespace": "@NAME@"}]}]
scenario("stock-first-release", "argocd", {**one("stock", stock), **one("account", *rbac), **one("service", service("stock", clusterIP="None"))}, [],
         "the StatefulSet runs as ServiceAccount stock-sync, the delivery (and its RoleBinding) has stock", FIX,
         expect("service-account-missing", [(pod("StatefulSet", "stock", "serviceAccountName"), value("stock"))]), never_worked=True)

# 12 --------------------------------------------------------------- kustomize generator, flux: never worked
prices = workload("DaemonSet", "prices", shop("prices", "catalog", env={"CONFIG_FILE": "/config/prices.conf"}, volumeMounts=[{"name": "config", "mountPath": "/config"}]),
                  pod={"volumes": [{"name": "config", "configMap": {"name": "prices-config", "items": [{"key": "prices.conf", "path": "prices.conf"}]}}]})
scenario("prices-first-release", "flux", {"base/prices.yaml": dump(prices), "base/service.yaml": dump(service("prices")), "base/kustomization.yaml": kustomization("prices.yaml", "service.yaml"),
         "overlays/production/prices-production.conf": "currency=EUR\nrounding=0.05\n",
         "overlays/production/kustomization.yaml": kustomization("../../base", configMapGenerator=[{"name": "prices-config", "files": ["prices-production.conf"]}])}, [],
         "the generated ConfigMap's key is prices-production.conf, the volume's item asks prices.conf", FIX,
         expect("config-key-missing volume-mount", [('ConfigMap/prices-config-# data["prices.conf"]', ANY), ('ConfigMap/prices-config-# data["prices-production.conf"]', GONE)],
                [('ConfigMap/prices-config-# data["prices.conf"]', ANY)],
                [(pod("DaemonSet", "prices", "volumes[name=config].configMap.items[0].key"), value("prices-production.conf"))],
                [(pod("DaemonSet", "prices", "volumes[name=config].configMap.items"), GONE), (c("DaemonSet", "prices", "prices", "env[name=CONFIG_FILE].value"), value("/config/prices-production.conf"))],
                [(pod("DaemonSet", "prices", "volumes[name=config].configMap.items[0].key"), value("prices-production.conf")), (pod("DaemonSet", "prices", "volumes[name=config].configMap.items[0].path"), value("prices-production.conf")),
                 (c("DaemonSet", "prices", "prices", "env[name=CONFIG_FILE].value"), value("/config/prices-production.conf"))]), path="overlays/production", never_worked=True)

# 13 --------------------------------------------------------------- HUMAN, chart by HelmRelease, flux
RELEASE13 = """
    services:
      payments:
        image: payments
        env:
          PROVIDER: classic
      catalog:
        image: catalog
    """
scenario("new-payment-provider", "flux", {**chart("charts/team-service"), "releases/shops.yaml": helmrelease(RELEASE13)},
         ["Payments by the new provider", ["releases/shops.yaml", "PROVIDER: classic", "PROVIDER: paywise\n          CURRENCY: EUR\n        secretEnv: paywise-credentials"]],
         "the credentials of the new provider (Secret paywise-credentials) were never put into the namespace", HUMAN, expect("secret-missing"), path="releases", spec={"timeout": "90s"})

# 14 --------------------------------------------------------------- HUMAN, plain, argocd
mail = workload("Deployment", "newsletter", shop("newsletter", "worker", env={"SMTP_PASSWORD": {"secretKeyRef": {"name": "smtp-account", "key": "password"}}}))
scenario("smtp-account-gone", "argocd", {**one("newsletter", mail), **one("service", service("newsletter"))},
         ["Newsletter 1.4.2", ["deploy/newsletter.yaml", "acme/worker:1.4.1", "acme/worker:1.4.2"]],
         "somebody deleted the Secret smtp-account by hand; the new release's pods are the first to miss it", HUMAN, expect("secret-missing"),
         given=dump({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "smtp-account"}, "stringData": {"password": "only-for-tests"}}),
         then=[[-3, "kubectl -n $NAMESPACE delete secret smtp-account"]])

# 15 --------------------------------------------------------------- NONE, chart, argocd
scenario("index-copied-first", "argocd", chart("charts/team-service", **{"values-production__yaml": PRODUCTION}),
         ["Catalog copies the search index before it starts", ["charts/team-service/values-production.yaml", "    image: catalog\n", "    image: catalog\n    warmup: {seconds: 45}\n"]],
         "the catalog's pod initialises for 45 seconds and is ready then", NONE, expect("healthy recovering"), path="charts/team-service", **ARGO)

# 16 --------------------------------------------------------------- NONE, plain, flux
bill = workload("Job", "billing-2026-11", {"name": "billing", "image": "busybox:1.37", "volumeMounts": [{"name": "work", "mountPath": "/work"}],
                "command": ["sh", "-c", "if [ ! -f /work/tried ]; then touch /work/tried; echo 'rates are not published yet, trying again'; sleep 5; exit 1; fi\necho 'rates loaded'; sleep 3; echo '318 invoices written'\n"]},
                pod={"restartPolicy": "OnFailure", "volumes": [{"name": "work", "emptyDir": {}}]}, spec={"backoffLimit": 4})
scenario("billing-second-try", "flux", one("api", workload("Deployment", "billing-api", shop("api", "payments"), replicas=1)),
         ["Billing run of November", ["deploy/billing-run.yaml", None, dump(bill)]],
         "the billing run fails once, its second try writes the invoices", NONE, expect("healthy recovering"))
