"""A platform team's Kustomize and Flux repositories: generators, components, patches with targets, replacements, prefixes, substitution, children that depend on each other."""
import pathlib, runpy, textwrap
globals().update(runpy.run_path(str(pathlib.Path(__file__).parent / "kit.py")))
SCENARIOS, scenario = batch(2244)

RES = {"requests": {"cpu": "10m", "memory": "24Mi"}, "limits": {"memory": "64Mi"}}
SMALL = {"requests": {"cpu": "5m", "memory": "8Mi"}, "limits": {"memory": "32Mi"}}
DELETE = globals().get("DELETE") or object()
PLAIN_NAMES = {"disableNameSuffixHash": True}


def shop(name, image, env=None, **more):
    return container(name, "shop", image=image, env=env, resources=more.pop("resources", RES), **more)


def tags(*also, **versions):
    return [{"name": f"acme/{name}", "newTag": tag} for name, tag in versions.items()] + list(also)


def component(**more):
    return dump({"apiVersion": "kustomize.config.k8s.io/v1alpha1", "kind": "Component", **more}, indented=True)


def budget(name):
    return {"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": {"name": name}, "spec": {"maxUnavailable": 1, "selector": {"matchLabels": {"app": name}}}}


def every(schedule, name, *containers):
    return workload("CronJob", name, *containers, spec={"schedule": schedule})


def child(name, path, **more):
    """A Flux Kustomization that the delivery's own Kustomization applies."""
    spec = {"interval": "30s", "retryInterval": "20s", "timeout": "60s", "path": path, "prune": True, "targetNamespace": "@NAME@", "sourceRef": {"kind": "GitRepository", "name": "@NAME@", "namespace": "flux-system"}, **more}
    return dump({"apiVersion": "kustomize.toolkit.fluxcd.io/v1", "kind": "Kustomization", "metadata": {"name": name}, "spec": spec})


# 1 ── Argo CD, configMapGenerator with behavior merge: the base's generator has another name, one of two overlays follows
def mail_overlay(tag, batch, replicas):
    return kustomization("../../base", images=tags(worker=tag), replicas=[{"name": "notifications", "count": replicas}],
        configMapGenerator=[{"name": "mail-settings", "behavior": "merge", "literals": [f"BATCH_SIZE={batch}"]}], generatorOptions=PLAIN_NAMES)


scenario("settings-of-notifications", "argocd", {
    "base/notifications.yaml": dump(workload("Deployment", "notifications", shop("notifications", "acme/worker", {"REQUIRED_ENV": "SMTP_RELAY,BATCH_SIZE"}, envFrom=[{"configMapRef": {"name": "mail-settings"}}]))),
    "base/digest.yaml": dump(every("0 6 * * *", "daily-digest", {"name": "digest", "image": "acme/worker", "args": ["migrate"], "env": [{"name": "DATABASE_URL", "value": "postgres://mail@10.20.0.9/mail"}], "envFrom": [{"configMapRef": {"name": "mail-settings"}}], "resources": RES})),
    "base/budget.yaml": dump(budget("notifications")),
    "base/kustomization.yaml": kustomization("notifications.yaml", "digest.yaml", "budget.yaml",
        configMapGenerator=[{"name": "mail-settings", "literals": ["SMTP_RELAY=10.20.0.25", "BATCH_SIZE=10", "LOCALE=en"]}], generatorOptions=PLAIN_NAMES),
    "overlays/staging/kustomization.yaml": mail_overlay("1.4.2", 5, 1),
    "overlays/live/kustomization.yaml": mail_overlay("1.4.1", 50, 2),
}, ["notifications 1.4.2: settings are called after the service, German by default",
    ["base/kustomization.yaml", "name: mail-settings", "name: notifications-settings"],
    ["base/kustomization.yaml", "LOCALE=en", "LOCALE=de"],
    ["base/notifications.yaml", "name: mail-settings", "name: notifications-settings"],
    ["base/digest.yaml", "name: mail-settings", "name: notifications-settings"],
    ["overlays/staging/kustomization.yaml", "name: mail-settings", "name: notifications-settings"],
    ["overlays/live/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.2"]],
    "the live overlay merges into generator mail-settings, which the base calls notifications-settings now (staging followed): the build fails",
    expected=expect("render-failed", [], keep=[
        (c("Deployment", "notifications", "notifications", "image"), value("acme/worker:1.4.2")),
        (c("Deployment", "notifications", "notifications", "envFrom[0].configMapRef.name"), value("notifications-settings")),
        (c("CronJob", "daily-digest", "digest", "envFrom[0].configMapRef.name"), value("notifications-settings")),
        ("ConfigMap/notifications-settings data.LOCALE", value("de")),
        ("ConfigMap/notifications-settings data.BATCH_SIZE", value("50")),
        ("ConfigMap/mail-settings", GONE)]),
    path="overlays/live")

# 2 ── Argo CD, JSON6902 patch by label: the new member of the tier has no list of variables; another commit on top
def backend(name, program, image, env=None, **more):
    return workload("Deployment", name, container(name, program, image=image, env=env, resources=RES), meta={"labels": {"app.kubernetes.io/name": name, "tier": "backend"}}, **more)


scenario("region-for-the-backend", "argocd", {
    "base/cart.yaml": dump(backend("cart", "shop", "acme/checkout", {"CART_TTL": "24h"}), service("cart")),
    "base/receipts.yaml": dump(backend("receipts", "shop", "acme/payments", {"LOG_FORMAT": "json"}), service("receipts")),
    "base/kustomization.yaml": kustomization("cart.yaml", "receipts.yaml"),
    "overlays/live/region.yaml": text("""
        - op: add
          path: /spec/template/spec/containers/0/env/-
          value:
            name: REGION
            value: eu-central
    """),
    "overlays/live/kustomization.yaml": kustomization("../../base", images=tags(checkout="1.4.1", payments="1.4.1"), patches=[{"path": "region.yaml", "target": {"kind": "Deployment", "labelSelector": "tier=backend"}}]),
}, [{"subject": "pricer joins the backend", "edit": [
        ["base/pricer.yaml", None, dump(backend("pricer", "go", "acme/pricer"), service("pricer"))],
        ["base/kustomization.yaml", "  - receipts.yaml\n", "  - receipts.yaml\n  - pricer.yaml\n"],
        ["overlays/live/kustomization.yaml", "images:\n", "images:\n  - name: acme/pricer\n    newTag: 2.4.7\n"]]},
    {"subject": "cart 1.4.2, carts live for two days", "edit": [
        ["overlays/live/kustomization.yaml", "  - name: acme/checkout\n    newTag: 1.4.1\n", "  - name: acme/checkout\n    newTag: 1.4.2\n"],
        ["base/cart.yaml", "value: 24h", "value: 48h"]], "wait": 50}],
    "the overlay's JSON patch appends to the env of every Deployment with tier=backend; the new pricer has none (give it one, or a patch that suits it): the build fails",
    expected=expect("render-failed", [], keep=[
        (c("Deployment", "pricer", "pricer", "image"), value("acme/pricer:2.4.7")),
        ("Service/pricer", ANY),
        (c("Deployment", "cart", "cart", "image"), value("acme/checkout:1.4.2")),
        (c("Deployment", "cart", "cart", "env[name=CART_TTL].value"), value("48h")),
        (c("Deployment", "cart", "cart", "env[name=REGION].value"), value("eu-central")),
        (c("Deployment", "receipts", "receipts", "env[name=REGION].value"), value("eu-central"))]),
    path="overlays/live")

# 3 ── Argo CD, namePrefix: names of objects get it, addresses in variables do not
scenario("stock-of-the-live-line", "argocd", {
    "base/inventory.yaml": dump(workload("Deployment", "inventory", {"name": "inventory", "image": "acme/inventory", "env": [{"name": "CACHE_TTL", "value": "30s"}], "ports": [{"name": "http", "containerPort": 8080}], "resources": RES,
        "readinessProbe": {"httpGet": {"path": "/readyz", "port": "http"}, "periodSeconds": 5}}), service("inventory")),
    "base/kustomization.yaml": kustomization("inventory.yaml"),
    "overlays/dev/kustomization.yaml": kustomization("../../base", images=tags(inventory="1.10")),
    "overlays/live/kustomization.yaml": kustomization("../../base", namePrefix="live-", images=tags(inventory="1.9"), labels=[{"pairs": {"line": "live"}, "includeTemplates": True}]),
}, ["inventory 1.10 asks the stock service; entries live for a minute",
    ["base/stock.yaml", None, dump(workload("Deployment", "stock", shop("stock", "acme/catalog")), service("stock"))],
    ["base/kustomization.yaml", "  - inventory.yaml\n", "  - inventory.yaml\n  - stock.yaml\n"],
    ["base/inventory.yaml", "value: 30s\n", "value: 60s\n        - name: STOCK_ADDR\n          value: stock:80\n"],
    ["overlays/dev/kustomization.yaml", "images:\n", "images:\n  - name: acme/catalog\n    newTag: 1.4.2\n"],
    ["overlays/live/kustomization.yaml", "images:\n", "images:\n  - name: acme/catalog\n    newTag: 1.4.2\n"],
    ["overlays/live/kustomization.yaml", "newTag: '1.9'", "newTag: '1.10'"]],
    "the live overlay's namePrefix makes the new Service live-stock, STOCK_ADDR says stock:80: no such host",
    expected=expect("dependency-address crash-on-start", [(c("Deployment", "live-inventory", "inventory", "env[name=STOCK_ADDR].value"), value("live-stock:80"))]),
    path="overlays/live")

# 4 ── Argo CD, strategic merge: a list of plain values is replaced, not merged
ARGUMENTS = ["reports.wsgi:application", "--bind", "0.0.0.0:8000", "--workers", "2"]
scenario("four-workers-in-live", "argocd", {
    "base/reports.yaml": dump(workload("Deployment", "reports", container("reports", "python", image="acme/reports", args=ARGUMENTS, resources=RES, env={"REDIS_URL": "redis://10.20.0.6:6379/0"})), service("reports")),
    "base/cleanup.yaml": dump(every("20 3 * * *", "reports-cleanup", {"name": "cleanup", "image": "busybox:1.37", "command": ["sh", "-c", "echo cleaned"], "resources": SMALL})),
    "base/kustomization.yaml": kustomization("reports.yaml", "cleanup.yaml"),
    "overlays/staging/kustomization.yaml": kustomization("../../base", images=tags(reports="5.0.3")),
    "overlays/live/kustomization.yaml": kustomization("../../base", images=tags(reports="5.0.2"), patches=[{"path": "reports.yaml"}]),
    "overlays/live/reports.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: reports
        spec:
          replicas: 2
          template:
            spec:
              containers:
                - name: reports
                  resources:
                    limits:
                      memory: 96Mi
    """),
}, ["reports 5.0.3 in live, with four workers and memory for them",
    ["overlays/live/kustomization.yaml", "newTag: 5.0.2", "newTag: 5.0.3"],
    ["overlays/live/reports.yaml", "        - name: reports\n", "        - name: reports\n          args:\n            - --workers\n            - \"4\"\n"],
    ["overlays/live/reports.yaml", "memory: 96Mi", "memory: 160Mi"]],
    "the overlay's args replace those of the base, so the application module and --bind are lost: No application module specified",
    expected=expect("crash-on-start",
        [(c("Deployment", "reports", "reports", "args"), value([*ARGUMENTS[:-1], "4"]))],
        [(c("Deployment", "reports", "reports", "args"), value([ARGUMENTS[0], "--workers", "4", *ARGUMENTS[1:3]]))]),
    path="overlays/live")

# 5 ── Argo CD, patch with a target of kind alone: it also meets the Deployment that comes later
READY = "readinessProbe"
scenario("quicker-probes", "argocd", {
    "base/cart.yaml": dump(workload("Deployment", "cart", shop("cart", "acme/checkout", {"CART_TTL": "24h"}), replicas=2), service("cart")),
    "base/search.yaml": dump(workload("Deployment", "search", shop("search", "acme/catalog")), service("search")),
    "base/kustomization.yaml": kustomization("cart.yaml", "search.yaml"),
    "overlays/live/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources:
          - ../../base
        images:
          - name: acme/checkout
            newTag: 1.4.1
          - name: acme/catalog
            newTag: 1.4.1
        patches:
          - path: quick-readiness.yaml
            target:
              kind: Deployment
    """),
    "overlays/live/quick-readiness.yaml": text("""
        - op: replace
          path: /spec/template/spec/containers/0/readinessProbe
          value:
            httpGet:
              path: /readyz
              port: http
            periodSeconds: 3
            failureThreshold: 2
    """),
}, ["The new storefront; search 1.4.2",
    ["base/storefront.yaml", None, dump(workload("Deployment", "storefront", container("storefront", "node", image="acme/storefront", resources=RES, env={"PAGE_SIZE": "24"})), service("storefront"))],
    ["base/kustomization.yaml", "  - search.yaml\n", "  - search.yaml\n  - storefront.yaml\n"],
    ["overlays/live/kustomization.yaml", "  - name: acme/catalog\n    newTag: 1.4.1\n", "  - name: acme/catalog\n    newTag: 1.4.2\n  - name: acme/storefront\n    newTag: 9.4.1\n"]],
    "the live overlay's patch gives every Deployment the readiness path /readyz; storefront answers on /api/health, as its base says: 404, never ready",
    expected=expect("readiness-probe readiness",
        [(c("Deployment", "storefront", "storefront", READY + ".httpGet.path"), value("/api/health"))],
        [(c("Deployment", "storefront", "storefront", READY + ".httpGet.path"), value("/api/health")), (c("Deployment", "storefront", "storefront", READY + ".periodSeconds"), value(5)),
         (c("Deployment", "storefront", "storefront", READY + ".failureThreshold"), GONE)]),
    path="overlays/live")

# 6 ── Argo CD, replacements: the mirror's port is one more colon in the image's name
def version_of(name):
    return [{"source": {"kind": "ConfigMap", "name": "versions", "fieldPath": f"data.{name}"},
             "targets": [{"select": {"kind": "Deployment", "name": name}, "fieldPaths": [f"spec.template.spec.containers.[name={name}].image"], "options": {"delimiter": ":", "index": 1}}]}]


PAYMENTS_TARGET = "          - spec.template.spec.containers.[name=payments].image\n        options:\n          delimiter: ':'\n          index: "
CHECKOUT_TARGET = PAYMENTS_TARGET.replace("payments", "checkout")
scenario("images-by-the-mirror", "argocd", {
    "shop/versions.yaml": dump(configmap("versions", checkout="1.4.1", payments="1.4.1")),
    "shop/checkout.yaml": dump(workload("Deployment", "checkout", shop("checkout", "acme/checkout:from-versions", {"CURRENCY": "EUR"}), replicas=2), service("checkout")),
    "shop/payments.yaml": dump(workload("Deployment", "payments", shop("payments", "acme/payments:from-versions", {"PROVIDER": "stripe"})), service("payments")),
    "shop/kustomization.yaml": kustomization("versions.yaml", "checkout.yaml", "payments.yaml", replacements=version_of("checkout") + version_of("payments")),
}, ["Checkout and payments 1.4.2, pulled through the mirror",
    ["shop/versions.yaml", "1.4.1", "1.4.2"],
    ["shop/checkout.yaml", "image: acme/", "image: mirror.example:5000/acme/"],
    ["shop/payments.yaml", "image: acme/", "image: mirror.example:5000/acme/"],
    ["shop/kustomization.yaml", CHECKOUT_TARGET + "1\n", CHECKOUT_TARGET + "2\n"]],
    "with the mirror's port the tag is part 2 between the colons: the replacement for payments still writes part 1 (that for checkout follows): mirror.example:1.4.2:from-versions, InvalidImageName",
    expected=expect("image-not-found", [(c("Deployment", "payments", "payments", "image"), value("mirror.example:5000/acme/payments:1.4.2"))]),
    path="shop")

# 7 ── Flux, images transformer: the base's image has another name, the overlay's entry no longer meets it
def images_of(checkout, worker):
    return [{"name": "acme/checkout", "newTag": checkout}, {"name": "acme/worker", "newTag": worker}]


FOLLOW = [["name: acme/checkout", "name: mirror.example/acme/checkout"], ["name: acme/worker", "name: mirror.example/acme/worker"]]
scenario("base-by-the-mirror", "flux", {
    "base/checkout.yaml": dump(workload("Deployment", "checkout", shop("checkout", "acme/checkout", {"REQUIRED_ENV": "CURRENCY", "CURRENCY": "EUR"}), replicas=2), service("checkout")),
    "base/worker.yaml": dump(workload("Deployment", "order-worker", shop("worker", "acme/worker"))),
    "base/expiry.yaml": dump(every("40 2 * * *", "carts-expiry", {"name": "expiry", "image": "acme/worker", "args": ["migrate"], "env": [{"name": "DATABASE_URL", "value": "postgres://carts@10.20.0.9/carts"}], "resources": RES})),
    "base/kustomization.yaml": kustomization("checkout.yaml", "worker.yaml", "expiry.yaml"),
    "overlays/staging/kustomization.yaml": kustomization("../../base", images=images_of("1.4.2", "1.4.2")),
    "overlays/live/kustomization.yaml": kustomization("../../base", images=images_of("1.4.1", "1.4.1"), replicas=[{"name": "checkout", "count": 2}]),
}, ["Pull through the mirror everywhere; checkout 1.4.2 in live with three replicas",
    ["base/checkout.yaml", "image: acme/", "image: mirror.example/acme/"],
    ["base/worker.yaml", "image: acme/", "image: mirror.example/acme/"],
    ["base/expiry.yaml", "image: acme/", "image: mirror.example/acme/"],
    *[["overlays/staging/kustomization.yaml", *pair] for pair in FOLLOW],
    ["overlays/live/kustomization.yaml", *FOLLOW[1]],
    ["overlays/live/kustomization.yaml", "  - name: acme/checkout\n    newTag: 1.4.1\n", "  - name: acme/checkout\n    newTag: 1.4.2\n"],
    ["overlays/live/kustomization.yaml", "count: 2", "count: 3"]],
    "live's images entry is for acme/checkout, the base says mirror.example/acme/checkout now: the pods get no tag, latest does not exist",
    expected=expect("image-not-found", [(c("Deployment", "checkout", "checkout", "image"), value("mirror.example/acme/checkout:1.4.2"))]),
    path="overlays/live")

# 8 ── Flux, strategic merge by the container's name: the base renames it, live's patch adds a second one; another commit on top
def provider_patch(provider, memory):
    return text(f"""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: checkout
        spec:
          template:
            spec:
              containers:
                - name: app
                  env:
                    - name: PAYMENT_PROVIDER
                      value: {provider}
                  resources:
                    limits:
                      memory: {memory}
    """)


scenario("containers-named-after-services", "flux", {
    "base/checkout.yaml": dump(workload("Deployment", "checkout", shop("app", "acme/checkout", {"REQUIRED_ENV": "PAYMENT_PROVIDER", "PAYMENT_PROVIDER": "sandbox"}), pod={"initContainers": [{"name": "schema", "image": "acme/checkout", "args": ["migrate"], "env": [{"name": "DATABASE_URL", "value": "postgres://orders@10.20.0.9/orders"}], "resources": RES}]}), service("checkout")),
    "base/catalog.yaml": dump(workload("Deployment", "catalog", shop("catalog", "acme/catalog", {"PAGE_SIZE": "24"})), service("catalog")),
    "base/kustomization.yaml": kustomization("checkout.yaml", "catalog.yaml"),
    "overlays/staging/kustomization.yaml": kustomization("../../base", images=tags(checkout="1.4.2", catalog="1.4.1"), patches=[{"path": "checkout.yaml"}]),
    "overlays/staging/checkout.yaml": provider_patch("stripe-test", "96Mi"),
    "overlays/live/kustomization.yaml": kustomization("../../base", images=tags(checkout="1.4.1", catalog="1.4.1"), patches=[{"path": "checkout.yaml"}]),
    "overlays/live/checkout.yaml": provider_patch("adyen", "128Mi"),
}, [{"subject": "Containers are called after their service, as the dashboards expect; checkout 1.4.2", "edit": [
        ["base/checkout.yaml", "- name: app\n", "- name: checkout\n"],
        ["overlays/staging/checkout.yaml", "- name: app\n", "- name: checkout\n"],
        ["overlays/live/kustomization.yaml", "  - name: acme/checkout\n    newTag: 1.4.1\n", "  - name: acme/checkout\n    newTag: 1.4.2\n"]]},
    {"subject": "catalog: 36 a page", "edit": [["base/catalog.yaml", "value: '24'", "value: '36'"]], "wait": 50}],
    "live's patch still names container app, which the base calls checkout now (staging followed): a second container without an image is added, the API server refuses the Deployment",
    expected=expect("invalid-manifest", [
        ("Deployment/checkout spec.template.spec.containers[name=app]", GONE),
        (c("Deployment", "checkout", "checkout", "env[name=PAYMENT_PROVIDER].value"), value("adyen")),
        (c("Deployment", "checkout", "checkout", "resources.limits.memory"), value("128Mi"))]),
    path="overlays/live")

# 9 ── Flux, postBuild substitute: it also reads the shell's variables in a generated ConfigMap
EXPORT = "#!/bin/sh\nset -eu\nout=/data/export\nmkdir -p $out\necho \"exporter $STAGE in $REGION\"\nwhile true; do\n  date -u >$out/last\n  %s\ndone\n"
SCRIPT = 'ConfigMap/exporter-scripts data["export.sh"]'
SUBSTITUTE = 'ConfigMap/exporter-scripts metadata.annotations["kustomize.toolkit.fluxcd.io/substitute"]'
scenario("interval-of-the-export", "flux", {
    "exporter/deployment.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: exporter
        spec:
          replicas: 1
          progressDeadlineSeconds: 90
          selector:
            matchLabels:
              app: exporter
          template:
            metadata:
              labels:
                app: exporter
            spec:
              containers:
                - name: exporter
                  image: busybox:1.36
                  command: [sh, /scripts/export.sh]
                  env:
                    - name: STAGE
                      value: ${STAGE}
                    - name: REGION
                      value: ${REGION}
                  resources:
                    requests: {cpu: 5m, memory: 8Mi}
                    limits: {memory: 32Mi}
                  readinessProbe:
                    exec:
                      command: [test, -s, /data/export/last]
                    initialDelaySeconds: 3
                    periodSeconds: 5
                  volumeMounts:
                    - name: scripts
                      mountPath: /scripts
                    - name: data
                      mountPath: /data
              volumes:
                - name: scripts
                  configMap:
                    name: exporter-scripts
                - name: data
                  emptyDir: {}
    """),
    "exporter/export.sh": EXPORT % "sleep 30",
    "exporter/kustomization.yaml": kustomization("deployment.yaml", configMapGenerator=[{"name": "exporter-scripts", "files": ["export.sh"]}], generatorOptions=PLAIN_NAMES),
}, ["exporter: interval as a setting, two minutes for now; busybox 1.37",
    ["exporter/export.sh", "  sleep 30\n", "  sleep \"${EXPORT_SECONDS}\"\n"],
    ["exporter/deployment.yaml", "              value: ${REGION}\n", "              value: ${REGION}\n            - name: EXPORT_SECONDS\n              value: \"120\"\n"],
    ["exporter/deployment.yaml", "busybox:1.36", "busybox:1.37"]],
    "Flux's postBuild substitution replaces ${EXPORT_SECONDS} in the script, a variable of the container and not of the delivery, by nothing: sleep \"\" ends the script",
    expected=expect("crash-on-start",
        [(SCRIPT, value(EXPORT % 'sleep "$EXPORT_SECONDS"'))],
        [(SCRIPT, value(EXPORT % 'sleep "${EXPORT_SECONDS}"'))],
        [(SCRIPT, value(EXPORT % 'sleep "$${EXPORT_SECONDS}"'))],
        [(SUBSTITUTE, value("disabled")), (SCRIPT, value(EXPORT % 'sleep "${EXPORT_SECONDS}"'))]),
    path="exporter", spec={"postBuild": {"substitute": {"STAGE": "live", "REGION": "eu-central"}}})

# 10 ── Flux, children: the Deployment has another name, the health check of its Kustomization has not
scenario("checkout-api", "flux", {
    "clusters/live/infra.yaml": child("infra", "./infra", wait=True),
    "clusters/live/apps.yaml": child("apps", "./apps/live", dependsOn=[{"name": "infra"}], healthChecks=[{"apiVersion": "apps/v1", "kind": "Deployment", "name": n, "namespace": "@NAME@"} for n in ("checkout", "catalog")]),
    "clusters/live/kustomization.yaml": kustomization("infra.yaml", "apps.yaml"),
    "infra/cache.yaml": dump(workload("StatefulSet", "cache", container("cache", "redis", image="acme/cache:7.4.1", resources=RES)), service("cache", port=6379, clusterIP="None")),
    "infra/kustomization.yaml": kustomization("cache.yaml"),
    "apps/base/checkout.yaml": dump(workload("Deployment", "checkout", shop("checkout", "acme/checkout"), replicas=2), service("checkout")),
    "apps/base/catalog.yaml": dump(workload("Deployment", "catalog", shop("catalog", "acme/catalog", {"PAGE_SIZE": "24"})), service("catalog")),
    "apps/base/kustomization.yaml": kustomization("checkout.yaml", "catalog.yaml"),
    "apps/live/kustomization.yaml": kustomization("../base", images=tags(checkout="1.4.1", catalog="1.4.1"), replicas=[{"name": "checkout", "count": 2}]),
}, ["checkout is checkout-api, as its repository; 1.4.2",
    ["apps/base/checkout.yaml", "name: checkout\n", "name: checkout-api\n"],
    ["apps/base/checkout.yaml", "app: checkout\n", "app: checkout-api\n"],
    ["apps/live/kustomization.yaml", "  - name: checkout\n    count: 2\n", "  - name: checkout-api\n    count: 2\n"],
    ["apps/live/kustomization.yaml", "  - name: acme/checkout\n    newTag: 1.4.1\n", "  - name: acme/checkout\n    newTag: 1.4.2\n"]],
    "Kustomization apps still waits for Deployment checkout, which is checkout-api now: its health check ends in NotFound",
    expected=expect("invalid-manifest", [("Kustomization/apps spec.healthChecks[0].name", value("checkout-api"))]),
    path="clusters/live")

# 11 ── Flux, HelmRelease with values from a generated ConfigMap: with the hash in its name nobody finds it
CHART = {
    "charts/service/Chart.yaml": "apiVersion: v2\nname: service\nversion: 0.6.0\n",
    "charts/service/values.yaml": "image:\n  repository: acme/checkout\n  tag: 1.4.1\nreplicas: 1\nenv: {}\nresources:\n  requests: {cpu: 10m, memory: 24Mi}\n  limits: {memory: 64Mi}\n",
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
                - name: service
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
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 5
    """),
}
HASHED = "catalog-values-gctd2442h4"
scenario("hash-in-the-names", "flux", {
    **CHART,
    "releases/catalog.yaml": text("""
        apiVersion: helm.toolkit.fluxcd.io/v2
        kind: HelmRelease
        metadata:
          name: catalog
        spec:
          interval: 30s
          timeout: 60s
          chart:
            spec:
              chart: ./charts/service
              reconcileStrategy: Revision
              sourceRef: {kind: GitRepository, name: "@NAME@", namespace: flux-system}
          install:
            remediation: {retries: 1}
          upgrade:
            remediation: {retries: 1, strategy: rollback}
          valuesFrom:
            - kind: ConfigMap
              name: catalog-values
    """),
    "releases/catalog-values.yaml": "image:\n  repository: acme/catalog\n  tag: 1.4.1\nreplicas: 2\nenv:\n  PAGE_SIZE: 24\n",
    "releases/sitemap.yaml": dump(workload("Deployment", "sitemap", shop("sitemap", "acme/worker:1.4.1", {"REQUIRED_ENV": "SITEMAP_LIMIT"}, envFrom=[{"configMapRef": {"name": "sitemap-settings"}}]))),
    "releases/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources:
          - catalog.yaml
          - sitemap.yaml
        configMapGenerator:
          - name: catalog-values
            files:
              - values.yaml=catalog-values.yaml
          - name: sitemap-settings
            literals:
              - SITEMAP_LIMIT=5000
        generatorOptions:
          disableNameSuffixHash: true
    """),
}, ["sitemap rolls when its settings change: names with a hash, limit 20000; catalog 1.4.2",
    ["releases/kustomization.yaml", "generatorOptions:\n  disableNameSuffixHash: true\n", ""],
    ["releases/kustomization.yaml", "SITEMAP_LIMIT=5000", "SITEMAP_LIMIT=20000"],
    ["releases/catalog-values.yaml", "tag: 1.4.1", "tag: 1.4.2"]],
    "the ConfigMap of the values has a hash in its name now as well, and Kustomize does not know the reference in the HelmRelease's valuesFrom: ConfigMap catalog-values is not found",
    expected=expect("helm-failed config-missing",
        [("ConfigMap/catalog-values", ANY), ("ConfigMap/" + HASHED, GONE)],
        [("HelmRelease/catalog spec.valuesFrom[0].name", value(HASHED))]),
    path="releases")

# 12 ── Flux, components: the later one wins
SEARCH_MEMORY = text("""
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: search
    spec:
      template:
        spec:
          containers:
            - name: search
              resources:
                limits:
                  memory: 176Mi
""")
scenario("cache-of-search-as-component", "flux", {
    "base/search.yaml": dump(workload("Deployment", "search", shop("search", "acme/catalog", {"CACHE_MB": "96"})), service("search")),
    "base/cart.yaml": dump(workload("Deployment", "cart", shop("cart", "acme/checkout", {"CART_TTL": "24h"}), replicas=2), service("cart")),
    "base/kustomization.yaml": kustomization("search.yaml", "cart.yaml"),
    "components/sizes/kustomization.yaml": component(patches=[{"path": "sizes.yaml", "target": {"kind": "Deployment"}}]),
    "components/sizes/sizes.yaml": text("""
        - op: replace
          path: /spec/template/spec/containers/0/resources
          value:
            requests:
              cpu: 10m
              memory: 32Mi
            limits:
              memory: 64Mi
    """),
    "clusters/live/kustomization.yaml": kustomization("../../base", components=["../../components/sizes"], images=tags(catalog="1.4.1", checkout="1.4.1"), patches=[{"path": "search.yaml"}]),
    "clusters/live/search.yaml": SEARCH_MEMORY,
}, ["search: its cache becomes a component that staging can take too, index every five minutes; search and cart 1.4.2",
    ["components/search-cache/kustomization.yaml", None, component(patches=[{"path": "search.yaml"}])],
    ["components/search-cache/search.yaml", None, text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: search
        spec:
          template:
            spec:
              containers:
                - name: search
                  env:
                    - name: INDEX_SECONDS
                      value: "300"
                  resources:
                    limits:
                      memory: 176Mi
    """)],
    ["clusters/live/kustomization.yaml", "  - ../../components/sizes\n", "  - ../../components/search-cache\n  - ../../components/sizes\n"],
    ["clusters/live/kustomization.yaml", "patches:\n  - path: search.yaml\n", ""],
    ["clusters/live/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.2"],
    ["clusters/live/search.yaml", SEARCH_MEMORY, DELETE]],
    "component sizes is applied after search-cache and puts 64Mi over its 176Mi, the cache takes 96 MB: OOMKilled",
    expected=expect("out-of-memory", [(c("Deployment", "search", "search", "resources.limits.memory"), at_least("112Mi"))]),
    path="clusters/live")

# 13 ── for people. Argo CD: more replicas than another team's quota has room for
scenario("replicas-for-the-sale", "argocd", {
    "base/checkout.yaml": dump(workload("Deployment", "checkout", shop("checkout", "acme/checkout", {"CURRENCY": "EUR"})), service("checkout")),
    "base/worker.yaml": dump(workload("Deployment", "order-worker", shop("worker", "acme/worker"))),
    "base/kustomization.yaml": kustomization("checkout.yaml", "worker.yaml"),
    "overlays/live/kustomization.yaml": kustomization("../../base", images=tags(checkout="1.4.1", worker="1.4.1"), replicas=[{"name": "checkout", "count": 2}]),
}, ["Six checkouts for the sale that starts tonight, 1.4.2",
    ["overlays/live/kustomization.yaml", "count: 2", "count: 6"],
    ["overlays/live/kustomization.yaml", "  - name: acme/checkout\n    newTag: 1.4.1\n", "  - name: acme/checkout\n    newTag: 1.4.2\n"]],
    "the namespace's quota, kept by the platform's owners outside of git, allows five pods; six checkouts are wanted for the sale: its owners must raise it",
    answer=HUMAN, expected=expect("quota", ), path="overlays/live",
    given="apiVersion: v1\nkind: ResourceQuota\nmetadata:\n  name: tenant-pods\n  annotations:\n    owner: capacity board\nspec:\n  hard:\n    pods: \"5\"\n")

# 14 ── for people. Flux: the partner refuses the key in a Secret that is kept by hand
scenario("key-of-the-partner", "flux", {
    "base/quotes.yaml": dump(workload("Deployment", "quotes", container("quotes", "pydantic", image="acme/quotes", resources=RES, envFrom=[{"configMapRef": {"name": "quotes-settings"}}],
        env={"DATABASE_URL": "postgresql://quotes@10.20.0.5/quotes", "PARTNER_KEY": {"secretKeyRef": {"name": "partner-api", "key": "key"}}}), replicas=2), service("quotes")),
    "base/kustomization.yaml": kustomization("quotes.yaml", configMapGenerator=[{"name": "quotes-settings", "literals": ["POOL_SIZE=5", "QUOTE_DAYS=14"]}]),
    "overlays/live/kustomization.yaml": kustomization("../../base", images=tags(quotes="1.12.0"), configMapGenerator=[{"name": "quotes-settings", "behavior": "merge", "literals": ["POOL_SIZE=8"]}]),
}, ["quotes 1.12.1, quotes are valid for thirty days",
    ["base/kustomization.yaml", "QUOTE_DAYS=14", "QUOTE_DAYS=30"],
    ["overlays/live/kustomization.yaml", "newTag: 1.12.0", "newTag: 1.12.1"]],
    "the partner answers 401 to the key in Secret partner-api, which is not in git and was exchanged by hand: who has the right key must set it; the commit did nothing wrong",
    answer=HUMAN, expected=expect("crash-on-start", ), path="overlays/live",
    given="apiVersion: v1\nkind: Secret\nmetadata:\n  name: partner-api\n  annotations:\n    owner: partner management\nstringData:\n  key: valid\n",
    then=[[-10, "kubectl -n $NAMESPACE patch secret partner-api --type merge -p '{\"stringData\":{\"key\":\"pk-2026-11\"}}'"]])

# 15 ── nothing to do. Flux, children: apps waits for data, which takes its time
scenario("search-index-first", "flux", {
    "clusters/live/data.yaml": child("data", "./data", wait=True, timeout="3m"),
    "clusters/live/apps.yaml": child("apps", "./apps", wait=True, timeout="3m", dependsOn=[{"name": "data"}]),
    "clusters/live/kustomization.yaml": kustomization("data.yaml", "apps.yaml"),
    "data/cache.yaml": dump(workload("StatefulSet", "cache", container("cache", "redis", image="acme/cache:7.4.1", resources=RES)), service("cache", port=6379)),
    "data/kustomization.yaml": kustomization("cache.yaml"),
    "apps/checkout.yaml": dump(workload("Deployment", "checkout", shop("checkout", "acme/checkout"), deadline=300), service("checkout")),
    "apps/kustomization.yaml": kustomization("checkout.yaml", images=tags(checkout="1.4.1")),
}, ["The search index as a service of its own; checkout 1.4.2 asks it",
    ["data/index.yaml", None, dump(workload("Deployment", "index", shop("index", "acme/catalog:1.4.2", {"START_SECONDS": "75"}, live={"httpGet": {"path": "/healthz", "port": "http"}, "initialDelaySeconds": 120, "periodSeconds": 10}), deadline=300), service("index"))],
    ["data/kustomization.yaml", "  - cache.yaml\n", "  - cache.yaml\n  - index.yaml\n"],
    ["apps/checkout.yaml", "- name: checkout\n        image: acme/checkout\n", "- name: checkout\n        image: acme/checkout\n        env:\n        - name: INDEX_ADDR\n          value: index:80\n"],
    ["apps/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.2"]],
    "the index loads for 75 s, apps waits for data as dependsOn says, and the parent's timeout passes once: all is Ready after two or three minutes",
    answer=NONE, path="clusters/live")

# 16 ── nothing to do. Argo CD: a slow rollout, two pods one after the other
scenario("ledger-with-all-rates", "argocd", {
    "base/ledger.yaml": dump(workload("Deployment", "ledger", container("ledger", "java", image="acme/ledger", resources=RES, envFrom=[{"configMapRef": {"name": "ledger-settings"}}],
        live={"httpGet": {"path": "/actuator/health/liveness", "port": "http"}, "initialDelaySeconds": 120, "periodSeconds": 10}), replicas=2, deadline=300), service("ledger")),
    "base/kustomization.yaml": kustomization("ledger.yaml", configMapGenerator=[{"name": "ledger-settings", "literals": ["START_SECONDS=4", "LEDGER_BATCH_SIZE=50"]}]),
    "overlays/live/kustomization.yaml": kustomization("../../base", images=tags(ledger="3.1.3"), configMapGenerator=[{"name": "ledger-settings", "behavior": "merge", "literals": ["LEDGER_BATCH_SIZE=200"]}]),
}, ["ledger 3.1.4 reads the rates of all years at its start",
    ["base/kustomization.yaml", "START_SECONDS=4", "START_SECONDS=55"],
    ["overlays/live/kustomization.yaml", "newTag: 3.1.3", "newTag: 3.1.4"]],
    "each of the two pods now takes a minute to start, within its probes and the Deployment's deadline: progressing, then healthy",
    answer=NONE, path="overlays/live")


# What was expected in another form than the rendered objects have it: new items and objects as a whole, and what else of a commit stays.
CORRECTED = {'interval-of-the-export': {'class': ['crash-on-start'],
                            'fixes': [[]],
                            'keep': [{'field': 'Deployment/exporter spec.template.spec.containers[name=exporter].image', 'to': {'value': 'busybox:1.37'}},
                                     {'field': 'Deployment/exporter spec.template.spec.containers[name=exporter].env[name=EXPORT_SECONDS]',
                                      'to': {'value': {'name': 'EXPORT_SECONDS', 'value': '120'}}},
                                     {'field': 'ConfigMap/exporter-scripts data["export.sh"]', 'to': 'any'}]},
 'settings-of-notifications': {'class': ['render-failed'],
                               'fixes': [[]],
                               'keep': [{'field': 'ConfigMap/mail-settings', 'to': 'gone'},
                                        {'field': 'ConfigMap/notifications-settings', 'to': 'any'},
                                        {'field': 'Deployment/notifications spec.template.spec.containers[name=notifications].image', 'to': {'value': 'acme/worker:1.4.2'}},
                                        {'field': 'Deployment/notifications spec.template.spec.containers[name=notifications].envFrom[0].configMapRef.name', 'to': {'value': 'notifications-settings'}},
                                        {'field': 'CronJob/daily-digest spec.jobTemplate.spec.template.spec.containers[name=digest].image', 'to': {'value': 'acme/worker:1.4.2'}},
                                        {'field': 'CronJob/daily-digest spec.jobTemplate.spec.template.spec.containers[name=digest].envFrom[0].configMapRef.name',
                                         'to': {'value': 'notifications-settings'}}]}}
for one in SCENARIOS:
    if one["id"] in CORRECTED:
        one["expected"] = CORRECTED[one["id"]]
