"""A platform team's Kustomize repositories: shared bases, components, patches, replacements, generators and Flux objects, after ordinary refactorings."""
import pathlib, runpy, textwrap
globals().update(runpy.run_path(str(pathlib.Path(__file__).parent / "kit.py")))
SCENARIOS, scenario = batch(2324)
DELETE = globals().get("DELETE", object())

RES = {"requests": {"cpu": "10m", "memory": "24Mi"}, "limits": {"memory": "64Mi"}}
SMALL = {"requests": {"cpu": "5m", "memory": "8Mi"}, "limits": {"memory": "32Mi"}}
NOHASH = {"disableNameSuffixHash": True}


def shop(name, image, env=None, **more):
    return container(name, "shop", image=image, env=env, resources=more.pop("resources", RES), **more)


def tags(**versions):
    return [{"name": f"acme/{name}", "newTag": tag} for name, tag in versions.items()]


def component(**more):
    return dump({"apiVersion": "kustomize.config.k8s.io/v1alpha1", "kind": "Component", **more}, indented=True)


def child(name, path, **more):
    """A Flux Kustomization kept in git."""
    return {"apiVersion": "kustomize.toolkit.fluxcd.io/v1", "kind": "Kustomization", "metadata": {"name": name},
            "spec": {"interval": "30s", "retryInterval": "15s", "timeout": "40s", "path": path, "prune": True, "targetNamespace": "@NAME@",
                     "sourceRef": {"kind": "GitRepository", "name": "@NAME@", "namespace": "flux-system"}, **more}}


# 1 ── Argo CD, component: the base names its images in full, the component's image entry keeps the short name
scenario("images-by-full-name", "argocd", {
    "base/checkout.yaml": dump(workload("Deployment", "checkout", shop("checkout", "acme/checkout", {"CURRENCY": "EUR"}), replicas=2), service("checkout")),
    "base/reconciler.yaml": dump(workload("Deployment", "reconciler", shop("reconciler", "acme/worker", {"BATCH": "200"}))),
    "base/kustomization.yaml": kustomization("checkout.yaml", "reconciler.yaml"),
    "components/night-batch/kustomization.yaml": component(images=tags(worker="1.4.1"), patches=[{"path": "window.yaml"}]),
    "components/night-batch/window.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: reconciler
        spec:
          template:
            spec:
              containers:
                - name: reconciler
                  env:
                    - name: WINDOW
                      value: 01:00-04:00
    """),
    "overlays/staging/kustomization.yaml": kustomization("../../base", images=tags(checkout="1.4.2", worker="1.4.2")),
    "overlays/live/kustomization.yaml": kustomization("../../base", components=["../../components/night-batch"], images=tags(checkout="1.4.0")),
}, [{"subject": "Name images in full, with their registry", "edit": [
        ["base/checkout.yaml", "image: acme/checkout", "image: ghcr.io/acme/checkout"],
        ["base/reconciler.yaml", "image: acme/worker", "image: ghcr.io/acme/worker"],
        ["overlays/staging/kustomization.yaml", "name: acme/", "name: ghcr.io/acme/"],
        ["overlays/live/kustomization.yaml", "name: acme/", "name: ghcr.io/acme/"]]},
    {"subject": "live: checkout 1.4.1", "wait": 30, "edit": [["overlays/live/kustomization.yaml", "newTag: 1.4.0", "newTag: 1.4.1"]]}],
    "component night-batch still sets the tag of acme/worker; the base's image is ghcr.io/acme/worker now and stays without a tag: latest does not exist",
    expected=expect("image-not-found",
        [(c("Deployment", "reconciler", "reconciler", "image"), value("ghcr.io/acme/worker:1.4.1"))],
        [(c("Deployment", "reconciler", "reconciler", "image"), BEFORE)]),
    path="overlays/live")

# 2 ── Argo CD, replacement with a delimiter: the mirror's address has a colon of its own
scenario("through-the-mirror", "argocd", {
    "base/catalog.yaml": dump(workload("Deployment", "catalog", shop("catalog", "acme/catalog:set-by-release", {"PAGE_SIZE": "24"}), replicas=2), service("catalog")),
    "base/kustomization.yaml": kustomization("catalog.yaml"),
    "overlays/live/release.yaml": dump(configmap("release", version="1.4.1", channel="stable")),
    "overlays/live/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources:
          - ../../base
          - release.yaml
        replacements:
          - source:
              kind: ConfigMap
              name: release
              fieldPath: data.version
            targets:
              - select:
                  kind: Deployment
                  name: catalog
                fieldPaths:
                  - spec.template.spec.containers.[name=catalog].image
                options:
                  delimiter: ':'
                  index: 1
    """),
}, ["catalog 1.4.2, pulled through the mirror of the data centre",
    ["base/catalog.yaml", "image: acme/catalog:set-by-release", "image: mirror.acme.example:5000/acme/catalog:set-by-release"],
    ["overlays/live/release.yaml", "version: 1.4.1", "version: 1.4.2"]],
    "the replacement puts the version after the first colon, which is that of the mirror's port now: an invalid image name; index must be 2",
    expected=expect("image-not-found",
        [(c("Deployment", "catalog", "catalog", "image"), value("mirror.acme.example:5000/acme/catalog:1.4.2"))],
        [(c("Deployment", "catalog", "catalog", "image"), value("acme/catalog:1.4.2"))]),
    path="overlays/live")


# 3 ── Argo CD, strategic patch: the base's container is renamed, the patch of one overlay is not
def sizes(container_name, memory, trial):
    return dump({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "portal"}, "spec": {"template": {"spec": {"containers": [
        {"name": container_name, "env": [{"name": "FEATURE_TRIAL", "value": trial}], "resources": {"limits": {"memory": memory}}}]}}}}, indented=True)


scenario("containers-called-as-services", "argocd", {
    "base/portal.yaml": dump(workload("Deployment", "portal", container("app", "envalid", image="acme/portal", resources=RES), replicas=2), service("portal")),
    "base/mailer.yaml": dump(workload("Deployment", "mailer", container("app", "ruby", image="acme/mailer", resources=RES)), service("mailer")),
    "base/kustomization.yaml": kustomization("portal.yaml", "mailer.yaml"),
    "overlays/staging/kustomization.yaml": kustomization("../../base", patches=[{"path": "portal.yaml"}], images=tags(portal="2.0.1", mailer="7.1.0")),
    "overlays/staging/portal.yaml": sizes("app", "80Mi", "true"),
    "overlays/live/kustomization.yaml": kustomization("../../base", patches=[{"path": "portal.yaml"}], images=tags(portal="2.0.0", mailer="7.0.5")),
    "overlays/live/portal.yaml": sizes("app", "128Mi", "false"),
}, ["Containers carry their service's name, for the log search; live gets portal 2.0.1",
    ["base/portal.yaml", "- name: app\n", "- name: portal\n"],
    ["base/mailer.yaml", "- name: app\n", "- name: mailer\n"],
    ["overlays/staging/portal.yaml", "- name: app\n", "- name: portal\n"],
    ["overlays/live/kustomization.yaml", "newTag: 2.0.0", "newTag: 2.0.1"]],
    "live's patch still names container app, so it adds a second container without an image: the API server refuses the Deployment",
    expected=expect("invalid-manifest", [
        ("Deployment/portal spec.template.spec.containers[name=app]", GONE),
        (c("Deployment", "portal", "portal", "resources.limits.memory"), value("128Mi")),
        (c("Deployment", "portal", "portal", "env[name=FEATURE_TRIAL].value"), value("false"))]),
    path="overlays/live")

# 4 ── Argo CD, namePrefix: Kustomize renames the Service, not the address in a variable
scenario("eu-prefix", "argocd", {
    "base/inventory.yaml": dump(workload("Deployment", "inventory", {"name": "inventory", "image": "acme/inventory", "env": [{"name": "CACHE_TTL", "value": "30s"}, {"name": "STOCK_ADDR", "value": "stock:80"}],
        "ports": [{"name": "http", "containerPort": 8080}], "resources": RES, "readinessProbe": {"httpGet": {"path": "/readyz", "port": "http"}, "periodSeconds": 5}}), service("inventory")),
    "base/stock.yaml": dump(workload("Deployment", "stock", shop("stock", "acme/catalog")), service("stock")),
    "base/kustomization.yaml": kustomization("stock.yaml", "inventory.yaml"),
    "overlays/us/kustomization.yaml": kustomization("../../base", namePrefix="us-", patches=[{"path": "address.yaml"}], images=[{"name": "acme/inventory", "newTag": "1.10"}, *tags(catalog="1.4.2")]),
    "overlays/us/address.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: inventory
        spec:
          template:
            spec:
              containers:
                - name: inventory
                  env:
                    - name: STOCK_ADDR
                      value: us-stock:80
    """),
    "overlays/eu/kustomization.yaml": kustomization("../../base", images=[{"name": "acme/inventory", "newTag": "1.9"}, *tags(catalog="1.4.1")]),
}, ["eu: names with their region as in us; inventory 1.10, stock on catalog 1.4.2",
    ["overlays/eu/kustomization.yaml", "resources:\n", "namePrefix: eu-\nresources:\n"],
    ["overlays/eu/kustomization.yaml", "newTag: '1.9'", "newTag: '1.10'"],
    ["overlays/eu/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.2"]],
    "the Service is called eu-stock now, STOCK_ADDR is still stock:80 (us has a patch for it): no such host",
    expected=expect("dependency-address crash-on-start", [(c("Deployment", "eu-inventory", "inventory", "env[name=STOCK_ADDR].value"), value("eu-stock:80"))]),
    path="overlays/eu")

# 5 ── Argo CD, patch with a target that nothing matches any more: no error, the base's limit applies
SEARCH = text("""
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: search
    spec:
      replicas: 1
      progressDeadlineSeconds: 90
      selector:
        matchLabels:
          app: search
      template:
        metadata:
          labels:
            app: search
        spec:
          containers:
            - name: web
              image: acme/catalog
              envFrom:
                - configMapRef:
                    name: search-index
              ports:
                - name: http
                  containerPort: 8080
              resources:
                requests: {cpu: 10m, memory: 32Mi}
                limits: {memory: 64Mi}
              readinessProbe:
                httpGet: {path: /readyz, port: http}
                periodSeconds: 5
    ---
    apiVersion: v1
    kind: Service
    metadata:
      name: search
    spec:
      selector:
        app: search
      ports:
        - name: http
          port: 80
          targetPort: http
""")
scenario("search-gets-a-sibling", "argocd", {
    "base/search.yaml": SEARCH,
    "base/kustomization.yaml": kustomization("search.yaml", configMapGenerator=[{"name": "search-index", "literals": ["CACHE_MB=8", "LANGUAGES=en"]}]),
    "overlays/staging/kustomization.yaml": kustomization("../../base", images=tags(catalog="1.4.2")),
    "overlays/live/kustomization.yaml": kustomization("../../base", images=tags(catalog="1.4.1"), replicas=[{"name": "search", "count": 2}],
        configMapGenerator=[{"name": "search-index", "behavior": "merge", "literals": ["CACHE_MB=96", "LANGUAGES=en,de,fr"]}],
        patches=[{"path": "memory.yaml", "target": {"kind": "Deployment", "name": "search"}}]),
    "overlays/live/memory.yaml": text("""
        - op: replace
          path: /spec/template/spec/containers/0/resources
          value:
            requests: {cpu: 20m, memory: 112Mi}
            limits: {memory: 176Mi}
    """),
}, [{"subject": "search becomes search-api: an indexer comes beside it", "edit": [
        ["base/search.yaml", "kind: Deployment\nmetadata:\n  name: search\n", "kind: Deployment\nmetadata:\n  name: search-api\n"],
        ["base/search.yaml", "app: search\n", "app: search-api\n"],
        ["base/indexer.yaml", None, dump(workload("Deployment", "search-indexer", container("indexer", "rust", image="acme/indexer", resources=RES, env={"INDEX_BUCKET": "acme-search"})))],
        ["base/kustomization.yaml", "  - search.yaml\n", "  - search.yaml\n  - indexer.yaml\n"],
        ["overlays/staging/kustomization.yaml", "images:\n", "images:\n  - name: acme/indexer\n    newTag: 0.9.2\n"],
        ["overlays/live/kustomization.yaml", "images:\n", "images:\n  - name: acme/indexer\n    newTag: 0.9.1\n"],
        ["overlays/live/kustomization.yaml", "replicas:\n  - name: search\n", "replicas:\n  - name: search-api\n"]]},
    {"subject": "live: catalog 1.4.2 for search", "wait": 40, "edit": [["overlays/live/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.2"]]}],
    "live's memory patch targets Deployment search, which is search-api now; it silently does nothing, and a cache of 96 MB meets the base's limit of 64Mi: OOMKilled",
    expected=expect("out-of-memory", [(c("Deployment", "search-api", "web", "resources.limits.memory"), at_least("112Mi"))]),
    path="overlays/live")

# 6 ── plain, Argo CD: a volume gets another name, the init container's mount keeps the old one
scenario("one-volume-for-tickets", "argocd", {
    **one("tickets", workload("Deployment", "tickets", {"name": "tickets", "image": "acme/tickets:11.3.0", "env": [{"name": "APP_KEY", "value": "base64:only-for-tests"}], "envFrom": [{"configMapRef": {"name": "tickets-settings"}}],
        "ports": [{"name": "http", "containerPort": 8080}], "resources": RES, "readinessProbe": {"httpGet": {"path": "/up", "port": "http"}, "periodSeconds": 5}, "volumeMounts": [{"name": "storage", "mountPath": "/data"}]},
        pod={"initContainers": [{"name": "folders", "image": "busybox:1.37", "command": ["sh", "-c", "mkdir -p /data/framework/cache /data/logs"], "resources": SMALL, "volumeMounts": [{"name": "storage", "mountPath": "/data"}]}],
             "volumes": [{"name": "storage", "emptyDir": {}}]}), service("tickets")),
    **one("settings", configmap("tickets-settings", QUEUE_CONNECTION="sync", LOG_LEVEL="info")),
    **one("digest", workload("CronJob", "tickets-digest", {"name": "digest", "image": "busybox:1.37", "command": ["sh", "-c", "echo digest sent"], "resources": SMALL}, spec={"schedule": "30 6 * * *"})),
}, ["tickets 11.3.1: volume called after what it holds, with a size; log at notice",
    ["deploy/tickets.yaml", "acme/tickets:11.3.0", "acme/tickets:11.3.1"],
    ["deploy/tickets.yaml", "      volumes:\n      - name: storage\n        emptyDir: {}\n", "      volumes:\n      - name: app-data\n        emptyDir:\n          sizeLimit: 200Mi\n"],
    ["deploy/tickets.yaml", "          periodSeconds: 5\n        volumeMounts:\n        - name: storage\n", "          periodSeconds: 5\n        volumeMounts:\n        - name: app-data\n"],
    ["deploy/settings.yaml", "LOG_LEVEL: info", "LOG_LEVEL: notice"]],
    "init container folders still mounts volume storage, which is app-data now: the API server refuses the Deployment",
    expected=expect("invalid-manifest volume-mount",
        [(c("Deployment", "tickets", "folders", "volumeMounts[name=storage]", init=True), GONE), (c("Deployment", "tickets", "folders", "volumeMounts[name=app-data].mountPath", init=True), value("/data"))],
        [(pod("Deployment", "tickets", "volumes[name=app-data]"), GONE), (pod("Deployment", "tickets", "volumes[name=storage].emptyDir"), ANY),
         (c("Deployment", "tickets", "tickets", "volumeMounts[name=app-data]"), GONE), (c("Deployment", "tickets", "tickets", "volumeMounts[name=storage].mountPath"), value("/data"))]))

# 7 ── Flux with postBuild: the shell's ${…} in a new init container is substituted away
WAIT = ('for i in 1 2 3 4 5; do\n  wget -q -T 2 -O /dev/null "http://%s/healthz" && exit 0\n  sleep 2\ndone\n'
        'echo "no answer from catalog at http://%s/healthz"\nexit 1\n')
WAITS = lambda name: Text(WAIT % (name, name))
INIT = {"initContainers": [{"name": "wait-for-catalog", "image": "busybox:1.37", "command": ["sh", "-c"], "args": [WAITS("${CATALOG_SERVICE_HOST}")], "resources": SMALL}]}
SCRIPT = c("Deployment", "storefront", "wait-for-catalog", "args[0]", init=True)
scenario("wait-for-the-catalog", "flux", {
    "base/storefront.yaml": dump(workload("Deployment", "storefront", container("storefront", "node", image="acme/storefront", resources=RES, env={"REGION": "${region}", "API_BASE_URL": "https://api.${domain}"}), replicas=2), service("storefront")),
    "base/catalog.yaml": dump(workload("Deployment", "catalog", shop("catalog", "acme/catalog", {"REGION": "${region}"})), service("catalog")),
    "base/kustomization.yaml": kustomization("storefront.yaml", "catalog.yaml"),
    "overlays/live/kustomization.yaml": kustomization("../../base", images=tags(storefront="9.4.0", catalog="1.4.1")),
}, ["storefront 9.4.1 waits for the catalog before it starts",
    ["base/storefront.yaml", "    spec:\n      containers:\n", "    spec:\n" + textwrap.indent(dump(INIT), "      ") + "      containers:\n"],
    ["overlays/live/kustomization.yaml", "newTag: 9.4.0", "newTag: 9.4.1"]],
    "Flux's postBuild replaces ${CATALOG_SERVICE_HOST} in the script by nothing; it must be escaped ($${…}) or written $CATALOG_SERVICE_HOST",
    expected=expect("crash-on-start", [(SCRIPT, value(WAITS("${CATALOG_SERVICE_HOST}")))], [(SCRIPT, value(WAITS("$CATALOG_SERVICE_HOST")))], [(SCRIPT, value(WAITS("$${CATALOG_SERVICE_HOST}")))]),
    path="overlays/live", spec={"postBuild": {"substitute": {"region": "eu-west-1", "domain": "acme.example"}}})

# 8 ── Flux objects in git: one gets another name, another depends on it
scenario("foundation-becomes-tenant-base", "flux", {
    "clusters/live/foundation.yaml": dump(child("foundation", "./foundation")),
    "clusters/live/apps.yaml": dump(child("apps", "./apps/live", wait=True, dependsOn=[{"name": "foundation"}])),
    "clusters/live/kustomization.yaml": kustomization("foundation.yaml", "apps.yaml"),
    "foundation/limits.yaml": dump({"apiVersion": "v1", "kind": "LimitRange", "metadata": {"name": "tenant"}, "spec": {"limits": [{"type": "Container", "max": {"memory": "512Mi"}}]}}),
    "foundation/settings.yaml": dump(configmap("tenant-settings", TENANT="storefront", COST_CENTER="4711")),
    "apps/base/payments.yaml": dump(workload("Deployment", "payments", shop("payments", "acme/payments", {"PROVIDER": "stripe"}), replicas=2), service("payments")),
    "apps/base/kustomization.yaml": kustomization("payments.yaml"),
    "apps/live/kustomization.yaml": kustomization("../base", images=tags(payments="1.4.1")),
}, ["foundation is tenant-base now, as in the other clusters; payments 1.4.2",
    ["clusters/live/foundation.yaml", None, dump(child("tenant-base", "./foundation"))],
    ["foundation/settings.yaml", "TENANT: storefront\n", "TENANT: storefront\n  TIER: gold\n"],
    ["apps/live/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.2"]],
    "Kustomization apps still depends on foundation, which is tenant-base now: it is never reconciled, payments stays at 1.4.1",
    expected=expect("invalid-manifest render-failed", [("Kustomization/apps spec.dependsOn", value([{"name": "tenant-base"}]))]),
    path="clusters/live")

# 9 ── Flux object in git with healthChecks: the Deployment that it waits for is called otherwise
CHECK = lambda name: {"apiVersion": "apps/v1", "kind": "Deployment", "name": name, "namespace": "@NAME@"}
CHECKED = lambda name: {**CHECK(name), "namespace": f"shop-{2324 + 8}"}
scenario("orders-in-two-parts", "flux", {
    "clusters/live/orders.yaml": dump(child("orders", "./orders", healthChecks=[CHECK("orders")])),
    "clusters/live/kustomization.yaml": kustomization("orders.yaml"),
    "orders/deployment.yaml": dump(workload("Deployment", "orders", shop("orders", "acme/checkout:1.4.1", {"ORDER_DAYS": "30"}), replicas=2)),
    "orders/service.yaml": dump(service("orders")),
}, ["orders in two parts: orders-api and orders-events, both 1.4.2",
    ["orders/deployment.yaml", "  name: orders\n  labels:\n    app.kubernetes.io/name: orders\n", "  name: orders-api\n  labels:\n    app.kubernetes.io/name: orders-api\n"],
    ["orders/deployment.yaml", "app: orders\n", "app: orders-api\n"],
    ["orders/deployment.yaml", "acme/checkout:1.4.1", "acme/checkout:1.4.2"],
    ["orders/service.yaml", "app: orders\n", "app: orders-api\n"],
    ["orders/events.yaml", None, dump(workload("Deployment", "orders-events", shop("events", "acme/worker:1.4.2", {"TOPIC": "orders"})))]],
    "the Flux Kustomization orders waits for Deployment orders, which is orders-api now: its health check times out while all pods run",
    expected=expect("invalid-manifest config-missing",
        [("Kustomization/orders spec.healthChecks", value([CHECKED("orders-api")]))],
        [("Kustomization/orders spec.healthChecks", value([CHECKED("orders-api"), CHECKED("orders-events")]))]),
    path="clusters/live")

# 10 ── Flux, configMapGenerator: literals move into an env file, quotes and all
LITERALS = ["LEDGER_GATEWAY_URL=https://gateway.example/v2", "LEDGER_BATCH_SIZE=100", "JAVA_TOOL_OPTIONS=-Xmx64m -XX:+UseG1GC"]
scenario("settings-into-a-file", "flux", {
    "base/ledger.yaml": dump(workload("Deployment", "ledger", container("ledger", "java", image="acme/ledger", resources=RES, env={"LEDGER_GATEWAY_URL": None}, envFrom=[{"configMapRef": {"name": "ledger-env"}}])), service("ledger")),
    "base/kustomization.yaml": kustomization("ledger.yaml", configMapGenerator=[{"name": "ledger-env", "literals": LITERALS}], generatorOptions=NOHASH),
    "overlays/live/kustomization.yaml": kustomization("../../base", images=tags(ledger="3.1.3"), replicas=[{"name": "ledger", "count": 2}]),
}, ["ledger 3.1.4; its settings in a file, so that developers can start it with the same",
    ["base/kustomization.yaml", "    literals:\n" + "".join(f"      - {l}\n" for l in LITERALS), "    envs:\n      - ledger.env\n"],
    ["base/ledger.env", None, "# also read by `make run`\nLEDGER_GATEWAY_URL=https://gateway.example/v2\nLEDGER_BATCH_SIZE=200\nJAVA_TOOL_OPTIONS=\"-Xmx64m -XX:+UseG1GC\"\n"],
    ["overlays/live/kustomization.yaml", "newTag: 3.1.3", "newTag: 3.1.4"]],
    "the quotes in ledger.env become part of JAVA_TOOL_OPTIONS (Kustomize takes env files literally): the JVM does not know the option \"-Xmx64m",
    expected=expect("crash-on-start", [("ConfigMap/ledger-env data.JAVA_TOOL_OPTIONS", BEFORE)]),
    path="overlays/live")

# 11 ── Flux, generator with behavior merge: the base's ConfigMap has another name
scenario("settings-carry-their-service", "flux", {
    "base/catalog.yaml": dump(workload("Deployment", "catalog", shop("catalog", "acme/catalog", envFrom=[{"configMapRef": {"name": "settings"}}])), service("catalog")),
    "base/kustomization.yaml": kustomization("catalog.yaml", configMapGenerator=[{"name": "settings", "literals": ["PAGE_SIZE=24", "CURRENCY=EUR"]}], generatorOptions=NOHASH),
    **{f"overlays/{env}/kustomization.yaml": kustomization("../../base", images=tags(catalog="1.4.1"), configMapGenerator=[{"name": "settings", "behavior": "merge", "literals": [f"PAGE_SIZE={size}"]}], generatorOptions=NOHASH)
       for env, size in (("dev", 6), ("staging", 12), ("live", 48))},
}, [{"subject": "Settings carry their service's name, two services share this namespace soon", "edit": [
        ["base/kustomization.yaml", "name: settings", "name: catalog-settings"],
        ["base/catalog.yaml", "name: settings", "name: catalog-settings"],
        ["overlays/dev/kustomization.yaml", "name: settings", "name: catalog-settings"],
        ["overlays/staging/kustomization.yaml", "name: settings", "name: catalog-settings"]]},
    {"subject": "live: catalog 1.4.2", "wait": 45, "edit": [["overlays/live/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.2"]]}],
    "live's generator still merges into ConfigMap settings, which the base calls catalog-settings now: the build fails",
    expected=expect("render-failed", [], keep=[
        (c("Deployment", "catalog", "catalog", "envFrom[0].configMapRef.name"), value("catalog-settings")),
        ("ConfigMap/catalog-settings data.PAGE_SIZE", value("48")),
        ("ConfigMap/catalog-settings data.CURRENCY", value("EUR")),
        (c("Deployment", "catalog", "catalog", "image"), value("acme/catalog:1.4.2"))]),
    path="overlays/live")

# 12 ── Flux, labels: two entries become one, without includeTemplates; the Services select by that label
TEMPLATE = lambda name, label: f"Deployment/{name} spec.template.metadata.labels.{label}"
UPSTREAM = {"exec": {"command": ["sh", "-c", "wget -q -T 2 -O /dev/null http://$CATALOG_SERVICE_HOST/healthz"]}, "periodSeconds": 5, "timeoutSeconds": 4}
scenario("labels-of-the-owners", "flux", {
    "base/catalog.yaml": dump(workload("Deployment", "catalog", shop("catalog", "acme/catalog"), replicas=2), service("catalog", selector={"app": "catalog", "track": "stable"})),
    "base/storefront.yaml": dump(workload("Deployment", "storefront", container("storefront", "node", image="acme/storefront", resources=RES, ready=UPSTREAM)), service("storefront", selector={"app": "storefront", "track": "stable"})),
    "base/kustomization.yaml": kustomization("catalog.yaml", "storefront.yaml"),
    "overlays/live/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources:
          - ../../base
        labels:
          - pairs:
              track: stable
            includeTemplates: true
          - pairs:
              owner: storefront
        images:
          - name: acme/catalog
            newTag: 1.4.1
          - name: acme/storefront
            newTag: 9.4.0
    """),
}, ["Cost centre on every object, labels in one place; catalog 1.4.2",
    ["overlays/live/kustomization.yaml", "      track: stable\n    includeTemplates: true\n  - pairs:\n      owner: storefront\n", "      track: stable\n      owner: storefront\n      cost-center: \"4711\"\n"],
    ["overlays/live/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.2"]],
    "includeTemplates got lost: the pods have no label track=stable any more, by which both Services select; storefront's readiness asks the catalog and finds no endpoint",
    expected=expect("service-no-endpoints",
        [(TEMPLATE("catalog", "track"), BEFORE), (TEMPLATE("storefront", "track"), BEFORE)],
        [(TEMPLATE(name, label), to) for name in ("catalog", "storefront") for label, to in (("track", BEFORE), ("owner", value("storefront")), ("cost-center", value("4711")))],
        [("Service/catalog spec.selector.track", GONE), ("Service/storefront spec.selector.track", GONE)]),
    path="overlays/live")

# 13 ── for people. Argo CD: the namespace's quota, which the platform team sets by hand, is used up
scenario("recommendations-move-in", "argocd", {
    "base/catalog.yaml": dump(workload("Deployment", "catalog", shop("catalog", "acme/catalog", {"RELATED": "none"}), replicas=2), service("catalog")),
    "base/checkout.yaml": dump(workload("Deployment", "checkout", shop("checkout", "acme/checkout"), replicas=2), service("checkout")),
    "base/kustomization.yaml": kustomization("catalog.yaml", "checkout.yaml"),
    "overlays/live/kustomization.yaml": kustomization("../../base", images=tags(catalog="1.4.1", checkout="1.4.1")),
}, ["Recommendations as a component, on in live",
    ["components/recommendations/recommendations.yaml", None, dump(workload("Deployment", "recommendations", shop("recommendations", "acme/catalog", {"RELATED": "bought-together"}), replicas=2), service("recommendations"))],
    ["components/recommendations/kustomization.yaml", None, component(resources=["recommendations.yaml"])],
    ["overlays/live/kustomization.yaml", "images:\n", "components:\n  - ../../components/recommendations\nimages:\n"]],
    "ResourceQuota tenant-pods of the platform team (not in git) allows four pods, all taken: its owner must raise it or the team must give something up",
    answer=HUMAN, expected=expect("quota", ), path="overlays/live",
    given="apiVersion: v1\nkind: ResourceQuota\nmetadata:\n  name: tenant-pods\n  annotations:\n    owner: platform team\nspec:\n  hard:\n    pods: \"4\"\n")

# 14 ── for people. Flux, component: the controller's account has no role, and roles are given by others
scenario("settings-watcher", "flux", {
    "base/reports.yaml": dump(workload("Deployment", "reports", container("reports", "python", image="acme/reports", resources=RES, envFrom=[{"configMapRef": {"name": "reports-settings"}}])), service("reports")),
    "base/kustomization.yaml": kustomization("reports.yaml", configMapGenerator=[{"name": "reports-settings", "literals": ["TIMEZONE=Europe/Zurich"]}]),
    "overlays/live/kustomization.yaml": kustomization("../../base", images=tags(reports="5.0.2")),
}, ["reports 5.0.3, and a watcher that reloads settings",
    ["components/settings-watcher/watcher.yaml", None, "# Roles of tenants are kept by the platform team, not in this repository.\n" + dump(
        {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "settings-watcher"}},
        workload("Deployment", "settings-watcher", container("watcher", "operator", image="acme/operator:1.2.0", resources=RES), pod={"serviceAccountName": "settings-watcher"}))],
    ["components/settings-watcher/kustomization.yaml", None, component(resources=["watcher.yaml"])],
    ["overlays/live/kustomization.yaml", "images:\n", "components:\n  - ../../components/settings-watcher\nimages:\n"],
    ["overlays/live/kustomization.yaml", "newTag: 5.0.2", "newTag: 5.0.3"]],
    "the account settings-watcher may not list configmaps: the platform team must give it a role",
    answer=HUMAN, expected=expect("rbac-forbidden", ), path="overlays/live")

# 15 ── nothing to do. plain, Flux: the new catalogue loads longer than Flux waits, and its startup probe allows for it
START = {"startupProbe": {"httpGet": {"path": "/healthz", "port": "http"}, "periodSeconds": 3, "failureThreshold": 80}}
scenario("whole-catalogue-in-memory", "flux", {
    **one("catalog", workload("Deployment", "catalog", shop("catalog", "acme/catalog:1.4.1", {"START_SECONDS": "4", "CATALOGUE": "bestsellers"}, **START), deadline=300), service("catalog")),
    **one("checkout", workload("Deployment", "checkout", shop("checkout", "acme/checkout:1.4.1")), service("checkout")),
}, ["catalog 1.4.2 with the whole catalogue in memory",
    ["deploy/catalog.yaml", "acme/catalog:1.4.1", "acme/catalog:1.4.2"],
    ["deploy/catalog.yaml", "value: bestsellers", "value: all"],
    ["deploy/catalog.yaml", "value: '4'", "value: '85'"]],
    "catalog loads for 85 s, Flux's health check gives up after 60 s and tries again: ready by itself",
    answer=NONE)

# 16 ── nothing to do. plain, Argo CD: the migration before the release takes its time
scenario("order-lines-migration", "argocd", {
    **one("schema", workload("Job", "orders-schema", {"name": "flyway", "image": "acme/schema:22", "env": [{"name": "FLYWAY_URL", "value": "jdbc:postgresql://10.20.0.9:5432/orders"}, {"name": "WORK_SECONDS", "value": "3"}], "resources": RES},
        spec={"activeDeadlineSeconds": 900}, meta={"annotations": {"argocd.argoproj.io/hook": "PreSync", "argocd.argoproj.io/hook-delete-policy": "BeforeHookCreation"}})),
    **one("orders", workload("Deployment", "orders", shop("orders", "acme/checkout:1.4.1", {"LINES_PER_ORDER": "50"}), replicas=2), service("orders")),
}, ["orders 1.4.2 with longer orders, schema 23",
    ["deploy/schema.yaml", "acme/schema:22", "acme/schema:23"],
    ["deploy/schema.yaml", "value: '3'", "value: '140'"],
    ["deploy/orders.yaml", "acme/checkout:1.4.1", "acme/checkout:1.4.2"],
    ["deploy/orders.yaml", "value: '50'", "value: '200'"]],
    "the PreSync migration runs for some minutes, the release follows: progressing, then healthy",
    answer=NONE)


# What was expected in another form than the rendered objects have it: new items and objects as a whole, and what else of a commit stays.
CORRECTED = {'containers-called-as-services': {'class': ['invalid-manifest'],
                                   'fixes': [[{'field': 'Deployment/portal spec.template.spec.containers[name=app]', 'to': 'gone'},
                                              {'field': 'Deployment/portal spec.template.spec.containers[name=portal].resources.limits.memory',
                                               'to': {'value': '128Mi'}},
                                              {'field': 'Deployment/portal spec.template.spec.containers[name=portal].env[name=FEATURE_TRIAL]',
                                               'to': {'value': {'name': 'FEATURE_TRIAL', 'value': 'false'}}}]]},
 'one-volume-for-tickets': {'class': ['invalid-manifest', 'volume-mount'],
                            'fixes': [[{'field': 'Deployment/tickets spec.template.spec.initContainers[name=folders].volumeMounts[name=storage]',
                                        'to': 'gone'},
                                       {'field': 'Deployment/tickets spec.template.spec.initContainers[name=folders].volumeMounts[name=app-data]',
                                        'to': {'value': {'mountPath': '/data', 'name': 'app-data'}}}],
                                      [{'field': 'Deployment/tickets spec.template.spec.volumes[name=app-data]', 'to': 'gone'},
                                       {'field': 'Deployment/tickets spec.template.spec.volumes[name=storage]', 'to': 'any'},
                                       {'field': 'Deployment/tickets spec.template.spec.containers[name=tickets].volumeMounts[name=app-data]',
                                        'to': 'gone'},
                                       {'field': 'Deployment/tickets spec.template.spec.containers[name=tickets].volumeMounts[name=storage]',
                                        'to': {'value': {'mountPath': '/data', 'name': 'storage'}}}]]},
 'settings-carry-their-service': {'class': ['render-failed'],
                                  'fixes': [[]],
                                  'keep': [{'field': 'ConfigMap/settings', 'to': 'gone'},
                                           {'field': 'ConfigMap/catalog-settings',
                                            'to': {'value': {'apiVersion': 'v1',
                                                             'data': {'CURRENCY': 'EUR', 'PAGE_SIZE': '48'},
                                                             'kind': 'ConfigMap',
                                                             'metadata': {'name': 'catalog-settings', 'namespace': 'shop-2334'}}}},
                                           {'field': 'Deployment/catalog spec.template.spec.containers[name=catalog].envFrom[0].configMapRef.name',
                                            'to': {'value': 'catalog-settings'}},
                                           {'field': 'Deployment/catalog spec.template.spec.containers[name=catalog].image',
                                            'to': {'value': 'acme/catalog:1.4.2'}}]},
 'wait-for-the-catalog': {'class': ['render-failed'],
                          'fixes': [[]],
                          'keep': [{'field': 'Deployment/storefront spec.template.spec.containers[name=storefront].image',
                                    'to': {'value': 'acme/storefront:9.4.1'}},
                                   {'field': 'Deployment/storefront spec.template.spec.initContainers',
                                    'to': {'value': [{'args': ['for i in 1 2 3 4 5; do\n'
                                                               '  wget -q -T 2 -O /dev/null "http://${CATALOG_SERVICE_HOST}/healthz" && exit 0\n'
                                                               '  sleep 2\n'
                                                               'done\n'
                                                               'echo "no answer from catalog at http://${CATALOG_SERVICE_HOST}/healthz"\n'
                                                               'exit 1\n'],
                                                      'command': ['sh', '-c'],
                                                      'image': 'busybox:1.37',
                                                      'name': 'wait-for-catalog',
                                                      'resources': {'limits': {'memory': '32Mi'}, 'requests': {'cpu': '5m', 'memory': '8Mi'}}}]}}]}}
for one in SCENARIOS:
    if one["id"] in CORRECTED:
        one["expected"] = CORRECTED[one["id"]]
