"""An ordinary night shift of a team with plain manifests and Kustomize: the everyday failures, mostly among wanted changes."""
import pathlib, runpy, textwrap
globals().update(runpy.run_path(str(pathlib.Path(__file__).parent / "kit.py")))
SCENARIOS, scenario = batch(2020)

RES = {"requests": {"cpu": "10m", "memory": "24Mi"}, "limits": {"memory": "64Mi"}}
SMALL = {"requests": {"cpu": "5m", "memory": "8Mi"}, "limits": {"memory": "32Mi"}}


def shop(name, image, env=None, **more):
    return container(name, "shop", image=image, env=env, resources=more.pop("resources", RES), **more)


def tags(**versions):
    return [{"name": f"acme/{name}", "newTag": tag} for name, tag in versions.items()]


# 1 ── Kustomize, Argo CD: the tag is written as the git tag is called
scenario("live-tag-like-git", "argocd", {
    "base/checkout.yaml": dump(workload("Deployment", "checkout", shop("checkout", "acme/checkout", {"REQUIRED_ENV": "PAYMENT_PROVIDER", "PAYMENT_PROVIDER": "stripe"}))),
    "base/service.yaml": dump(service("checkout")),
    "base/budget.yaml": dump({"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": {"name": "checkout"}, "spec": {"maxUnavailable": 1, "selector": {"matchLabels": {"app": "checkout"}}}}),
    "base/kustomization.yaml": kustomization("checkout.yaml", "service.yaml", "budget.yaml"),
    "overlays/staging/kustomization.yaml": kustomization("../../base", images=tags(checkout="1.4.2")),
    "overlays/live/kustomization.yaml": kustomization("../../base", images=tags(checkout="1.4.1"), replicas=[{"name": "checkout", "count": 2}], patches=[{"path": "provider.yaml"}]),
    "overlays/live/provider.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: checkout
        spec:
          template:
            spec:
              containers:
                - name: checkout
                  env:
                    - name: PAYMENT_PROVIDER
                      value: adyen
    """),
}, ["Promote checkout 1.4.2 to live, three replicas, currency by country",
    ["overlays/live/kustomization.yaml", "newTag: 1.4.1", "newTag: v1.4.2"],
    ["overlays/live/kustomization.yaml", "count: 2", "count: 3"],
    ["overlays/live/provider.yaml", "              value: adyen\n", "              value: adyen\n            - name: CURRENCY_BY_COUNTRY\n              value: \"true\"\n"]],
    "the image's tag is 1.4.2 (as staging has it), not v1.4.2: ImagePullBackOff",
    expected=expect("image-not-found",
        [(c("Deployment", "checkout", "checkout", "image"), value("acme/checkout:1.4.2"))],
        [(c("Deployment", "checkout", "checkout", "image"), BEFORE)]),
    path="overlays/live")

# 2 ── plain, Flux: a semicolon is missing in the new location
EDGE = ("server {\n    listen 80;\n    server_name shop.example;\n    location /healthz {\n        return 200;\n    }\n"
        "%s    location / {\n        proxy_pass http://10.20.0.5:8080;\n        proxy_set_header Host shop.example;\n    }\n}\n")
ASSETS = "    location /assets/ {\n        proxy_pass http://10.20.0.6:8080;\n        proxy_read_timeout 15s%s\n        add_header Cache-Control public;\n    }\n"
indent = lambda block: textwrap.indent(block, "    ")
scenario("assets-location", "flux", {
    **one("edge", workload("Deployment", "edge", container("edge", "nginx", image="acme/edge:1.27.2", resources=RES, volumeMounts=[{"name": "conf", "mountPath": "/etc/nginx/conf.d", "readOnly": True}]), replicas=2,
        pod={"volumes": [{"name": "conf", "configMap": {"name": "edge-conf"}}]}), service("edge")),
    **one("conf", configmap("edge-conf", default__conf=EDGE % "")),
}, ["edge: 1.27.3, product pictures from the asset store",
    ["deploy/edge.yaml", "acme/edge:1.27.2", "acme/edge:1.27.3"],
    ["deploy/conf.yaml", indent("    location / {\n"), indent(ASSETS % "" + "    location / {\n")]],
    "the line proxy_read_timeout 15s of the new location has no semicolon: nginx does not start",
    expected=expect("crash-on-start", [('ConfigMap/edge-conf data["default.conf"]', value(EDGE % (ASSETS % ";")))]))

# 3 ── plain, Argo CD: a Secret and its reader come with one commit, under two names
scenario("signing-key-name", "argocd", {
    **one("webhooks", workload("Deployment", "webhooks", shop("webhooks", "acme/payments:1.4.1", {"REQUIRED_ENV": "CALLBACK_TOKEN", "CALLBACK_TOKEN": {"secretKeyRef": {"name": "callback", "key": "token"}}}), replicas=2), service("webhooks")),
    **one("retries", workload("Deployment", "webhook-retries", shop("retries", "acme/worker:1.4.1"))),
    **one("secrets", {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "callback"}, "stringData": {"token": "only-for-tests"}}),
}, ["Sign outgoing webhooks; payments 1.4.2",
    ["deploy/webhooks.yaml", "acme/payments:1.4.1", "acme/payments:1.4.2"],
    ["deploy/webhooks.yaml", "value: CALLBACK_TOKEN\n", "value: CALLBACK_TOKEN,SIGNING_KEY\n        - name: SIGNING_KEY\n          valueFrom:\n            secretKeyRef:\n              name: webhook-signing\n              key: key\n"],
    ["deploy/retries.yaml", "acme/worker:1.4.1", "acme/worker:1.4.2"],
    ["deploy/secrets.yaml", "  token: only-for-tests\n", "  token: only-for-tests\n---\napiVersion: v1\nkind: Secret\nmetadata:\n  name: webhook-signing-key\nstringData:\n  key: only-for-tests-too\n"]],
    "webhooks reads Secret webhook-signing, the Secret of the same commit is webhook-signing-key: CreateContainerConfigError",
    expected=expect("secret-missing",
        [(c("Deployment", "webhooks", "webhooks", "env[name=SIGNING_KEY].valueFrom.secretKeyRef.name"), value("webhook-signing-key"))],
        [("Secret/webhook-signing", ANY), ("Secret/webhook-signing-key", GONE)]))

# 4 ── Kustomize, Flux: a generated ConfigMap's key is renamed, one of two readers follows
DB = lambda: {"SECRET_KEY": "only-for-tests", "DATABASE_HOST": {"configMapKeyRef": {"name": "billing-settings", "key": "DATABASE_HOST"}}}


def billing(name):
    return workload("Deployment", name, {"name": "django", "image": "acme/billing", "env": [{"name": k, "value": v} if isinstance(v, str) else {"name": k, "valueFrom": v} for k, v in DB().items()],
        "ports": [{"name": "http", "containerPort": 8000}], "resources": RES, "readinessProbe": {"httpGet": {"path": "/ready", "port": "http"}, "periodSeconds": 5}})


scenario("settings-prefix", "flux", {
    "base/web.yaml": dump(billing("billing"), service("billing")),
    "base/worker.yaml": dump(billing("billing-worker")),
    "base/settings.env": "DATABASE_HOST=10.20.0.9\nDATABASE_NAME=billing\nINVOICE_DAYS=14\n",
    "base/kustomization.yaml": kustomization("web.yaml", "worker.yaml", configMapGenerator=[{"name": "billing-settings", "envs": ["settings.env"]}]),
    "overlays/live/kustomization.yaml": kustomization("../../base", images=tags(billing="2.8.0")),
}, ["billing 2.8.1: settings carry the service's prefix, invoices due in 30 days",
    ["base/settings.env", "DATABASE_HOST=10.20.0.9\nDATABASE_NAME=billing\nINVOICE_DAYS=14\n", "BILLING_DATABASE_HOST=10.20.0.9\nBILLING_DATABASE_NAME=billing\nBILLING_INVOICE_DAYS=30\n"],
    ["base/web.yaml", "key: DATABASE_HOST", "key: BILLING_DATABASE_HOST"],
    ["overlays/live/kustomization.yaml", "newTag: 2.8.0", "newTag: 2.8.1"]],
    "billing-worker still reads key DATABASE_HOST, which is BILLING_DATABASE_HOST now: CreateContainerConfigError",
    expected=expect("config-key-missing", [(c("Deployment", "billing-worker", "django", "env[name=DATABASE_HOST].valueFrom.configMapKeyRef.key"), value("BILLING_DATABASE_HOST"))]),
    path="overlays/live")

# 5 ── Kustomize component, Argo CD: x86_64 is what uname says, the nodes' label is amd64
ARCH = 'nodeSelector["kubernetes.io/arch"]'
scenario("before-the-arm-nodes", "argocd", {
    "base/portal.yaml": dump(workload("Deployment", "portal", container("portal", "envalid", image="acme/portal", resources=RES)), service("portal")),
    "base/mailer.yaml": dump(workload("Deployment", "mailer", container("mailer", "ruby", image="acme/mailer", resources=RES)), service("mailer")),
    "base/kustomization.yaml": kustomization("portal.yaml", "mailer.yaml"),
    "components/placement/kustomization.yaml": dump({"apiVersion": "kustomize.config.k8s.io/v1alpha1", "kind": "Component", "patches": [{"path": "nodes.yaml", "target": {"kind": "Deployment"}}]}, indented=True),
    "components/placement/nodes.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: any
        spec:
          template:
            spec:
              nodeSelector:
                kubernetes.io/os: linux
    """),
    "envs/live/kustomization.yaml": kustomization("../../base", components=["../../components/placement"], images=tags(portal="2.0.0", mailer="7.0.5")),
}, ["Stay on x86 when the ARM nodes come; portal 2.0.1, mailer 7.1.0",
    ["components/placement/nodes.yaml", "        kubernetes.io/os: linux\n", "        kubernetes.io/os: linux\n        kubernetes.io/arch: x86_64\n      terminationGracePeriodSeconds: 20\n"],
    ["envs/live/kustomization.yaml", "newTag: 2.0.0", "newTag: 2.0.1"],
    ["envs/live/kustomization.yaml", "newTag: 7.0.5", "newTag: 7.1.0"]],
    "no node has kubernetes.io/arch=x86_64, the label's value is amd64: the new pods are pending",
    expected=expect("unschedulable-placement",
        [(pod("Deployment", "portal", ARCH), value("amd64")), (pod("Deployment", "mailer", ARCH), value("amd64"))],
        [(pod("Deployment", "portal", ARCH), GONE), (pod("Deployment", "mailer", ARCH), GONE)]),
    path="envs/live")

# 6 ── Kustomize, Flux: limits from the dashboard's averages
scenario("right-sized", "flux", {
    "base/search.yaml": dump(workload("Deployment", "search", shop("search", "acme/catalog", {"CACHE_MB": "96"}, resources={"requests": {"cpu": "20m", "memory": "112Mi"}, "limits": {"memory": "176Mi"}})), service("search")),
    "base/cart.yaml": dump(workload("Deployment", "cart", shop("cart", "acme/checkout", resources={"requests": {"cpu": "20m", "memory": "64Mi"}, "limits": {"memory": "160Mi"}}), replicas=2), service("cart")),
    "base/kustomization.yaml": kustomization("search.yaml", "cart.yaml"),
    "clusters/live/kustomization.yaml": kustomization("../../base", images=tags(catalog="1.4.1", checkout="1.4.1")),
}, ["Right-size search and cart after last week's averages; both 1.4.2",
    ["base/search.yaml", "            cpu: 20m\n            memory: 112Mi\n          limits:\n            memory: 176Mi\n", "            cpu: 10m\n            memory: 48Mi\n          limits:\n            memory: 80Mi\n"],
    ["base/cart.yaml", "            memory: 64Mi\n          limits:\n            memory: 160Mi\n", "            memory: 32Mi\n          limits:\n            memory: 64Mi\n"],
    ["clusters/live/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.2"]],
    "search fills a cache of 96 MB at its start, its limit is 80Mi now (176Mi before): OOMKilled; cart is content with less",
    expected=expect("out-of-memory", [(c("Deployment", "search", "search", "resources.limits.memory"), at_least("112Mi"))]),
    path="clusters/live")

# 7 ── Kustomize, Argo CD: the cost report's label goes into the selectors too
TEAM = lambda kind, rest: (f"{kind}/wishlist {rest}.team", GONE)
scenario("label-for-the-cost-report", "argocd", {
    "base/wishlist.yaml": dump(workload("Deployment", "wishlist", shop("wishlist", "acme/catalog", {"MAX_ITEMS": "50"}), replicas=2)),
    "base/service.yaml": dump(service("wishlist")),
    "base/kustomization.yaml": kustomization("wishlist.yaml", "service.yaml"),
    "overlays/live/kustomization.yaml": kustomization("../../base", images=tags(catalog="1.4.1")),
}, ["Team label for the cost report; wishlist 1.4.2 with a hundred items",
    ["overlays/live/kustomization.yaml", "newTag: 1.4.1\n", "newTag: 1.4.2\nlabels:\n  - pairs:\n      team: storefront\n    includeSelectors: true\n"],
    ["base/wishlist.yaml", "value: '50'", "value: '100'"]],
    "labels with includeSelectors also change the Deployment's selector, which is immutable: the sync fails (and the Service selects a label that no running pod has)",
    expected=expect("invalid-manifest",
        [TEAM("Deployment", "spec.selector.matchLabels"), TEAM("Deployment", "spec.template.metadata.labels"), TEAM("Service", "spec.selector")],
        [TEAM("Deployment", "spec.selector.matchLabels"), TEAM("Service", "spec.selector")]),
    path="overlays/live")

# 8 ── plain, Flux: the health path moves, the readiness probe stays
scenario("health-like-the-others", "flux", {
    **one("storefront", workload("Deployment", "storefront", container("storefront", "node", image="acme/storefront:9.4.0", resources=RES, env={"PAGE_SIZE": "20", "HEALTH_PATH": "api/health"}), replicas=2)),
    **one("services", service("storefront")),
    **one("warm", workload("CronJob", "storefront-warm", {"name": "warm", "image": "busybox:1.37", "command": ["sh", "-c", "wget -q -T 5 -O /dev/null http://$STOREFRONT_SERVICE_HOST/ || true"], "resources": SMALL}, spec={"schedule": "*/30 * * * *"})),
}, ["storefront 9.4.1: health at /health as in every other service, 40 products a page",
    ["deploy/storefront.yaml", "acme/storefront:9.4.0", "acme/storefront:9.4.1"],
    ["deploy/storefront.yaml", "value: '20'", "value: '40'"],
    ["deploy/storefront.yaml", "value: api/health", "value: health"],
    ["deploy/storefront.yaml", "path: /api/health\n            port: http\n          initialDelaySeconds: 8", "path: /health\n            port: http\n          initialDelaySeconds: 8"]],
    "HEALTH_PATH and the liveness probe are /health now, the readiness probe still asks /api/health: 404, never ready",
    expected=expect("readiness-probe readiness", [(c("Deployment", "storefront", "storefront", "readinessProbe.httpGet.path"), value("/health"))]))

# 9 ── Kustomize, Argo CD: a JSON patch counts the variables of the base
scenario("patch-by-number", "argocd", {
    "base/router.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: router
        spec:
          replicas: 1
          progressDeadlineSeconds: 90
          selector:
            matchLabels:
              app: router
          template:
            metadata:
              labels:
                app: router
            spec:
              containers:
                - name: router
                  image: acme/router
                  env:
                    - name: ROUTER_UPSTREAM
                      value: http://10.20.0.5:80
                    - name: LEGACY_PATHS
                      value: "true"
                    - name: LOG_LEVEL
                      value: info
                  ports:
                    - name: http
                      containerPort: 8080
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 64Mi}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 5
    """),
    "base/service.yaml": dump(service("router")),
    "base/kustomization.yaml": kustomization("router.yaml", "service.yaml"),
    "overlays/dev/kustomization.yaml": kustomization("../../base", images=tags(router="0.39.0")),
    "overlays/live/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources:
          - ../../base
        images:
          - name: acme/router
            newTag: 0.38.0
        patches:
          - target:
              kind: Deployment
              name: router
            patch: |-
              - op: replace
                path: /spec/template/spec/containers/0/env/2/value
                value: warn
    """),
}, ["router 0.39.0, which knows no legacy paths any more",
    ["base/router.yaml", "            - name: LEGACY_PATHS\n              value: \"true\"\n", ""],
    ["overlays/live/kustomization.yaml", "newTag: 0.38.0", "newTag: 0.39.0"]],
    "the live overlay's patch replaces env/2, LOG_LEVEL's place before LEGACY_PATHS was dropped; it is env/1 now: the build fails",
    expected=expect("render-failed", [], keep=[
        (c("Deployment", "router", "router", "env[name=LEGACY_PATHS]"), GONE),
        (c("Deployment", "router", "router", "image"), value("acme/router:0.39.0"))]),
    path="overlays/live")

# 10 ── plain, Flux: a sidecar in a namespace with the restricted profile
CAPS = {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}}
scenario("audit-tail", "flux", {
    **one("receipts", workload("Deployment", "receipts", shop("receipts", "acme/payments:1.4.1", {"LOG_FORMAT": "text"}, securityContext=CAPS), replicas=2,
        pod={"securityContext": {"runAsNonRoot": True, "runAsUser": 1000, "seccompProfile": {"type": "RuntimeDefault"}}, "volumes": [{"name": "audit", "emptyDir": {}}]})),
    **one("service", service("receipts")),
}, ["receipts 1.4.2: JSON log, audit trail as a stream of its own",
    ["deploy/receipts.yaml", "acme/payments:1.4.1", "acme/payments:1.4.2"],
    ["deploy/receipts.yaml", "value: text", "value: json"],
    ["deploy/receipts.yaml", "      containers:\n", "      containers:\n      - name: audit-tail\n        image: busybox:1.36\n        command:\n        - sh\n        - -c\n        - touch /audit/trail.log && exec tail -F /audit/trail.log\n"
     "        resources:\n          requests:\n            cpu: 5m\n            memory: 8Mi\n          limits:\n            memory: 32Mi\n        volumeMounts:\n        - name: audit\n          mountPath: /audit\n"]],
    "the namespace enforces the restricted profile, container audit-tail has no securityContext (that of receipts has one): no new pod is created",
    expected=expect("pod-security", [(c("Deployment", "receipts", "audit-tail", "securityContext"), value(CAPS))]),
    labels={"pod-security.kubernetes.io/enforce": "restricted"})

# 11 ── plain, Argo CD: a first release whose hook calls the program by a command that it does not have
scenario("first-loyalty-release", "argocd", {
    **one("schema", workload("Job", "loyalty-schema", {"name": "schema", "image": "acme/worker:1.4.2", "args": ["migrations"], "env": [{"name": "DATABASE_URL", "value": "postgres://loyalty@10.20.0.9/loyalty"}], "resources": RES},
        meta={"annotations": {"argocd.argoproj.io/hook": "PreSync", "argocd.argoproj.io/hook-delete-policy": "BeforeHookCreation"}})),
    **one("loyalty", workload("Deployment", "loyalty", shop("loyalty", "acme/checkout:1.4.2", {"POINTS_PER_EURO": "2"}, args=["serve"]), replicas=2), service("loyalty")),
    **one("expiry", workload("CronJob", "points-expiry", {"name": "expiry", "image": "acme/worker:1.4.2", "args": ["migrate"], "env": [{"name": "DATABASE_URL", "value": "postgres://loyalty@10.20.0.9/loyalty"}], "resources": RES}, spec={"schedule": "15 3 * * *"})),
}, [], "the PreSync Job runs the command migrations, the program has serve and migrate: the hook fails, nothing is synced",
    expected=expect("job-failed crash-on-start", [(c("Job", "loyalty-schema", "schema", "args[0]"), value("migrate"))]),
    never_worked=True)

# 12 ── Kustomize generator, Flux: the key in the ConfigMap is renamed, the mount's subPath is not
KEY = "bus.conf"
scenario("bus-config-key", "flux", {
    "bus/statefulset.yaml": dump(workload("StatefulSet", "bus", {"name": "bus", "image": "acme/bus:2.10.22", "args": ["-c", "/etc/nats/nats.conf"], "ports": [{"name": "monitor", "containerPort": 8222}], "resources": RES,
        "readinessProbe": {"httpGet": {"path": "/healthz", "port": "monitor"}, "periodSeconds": 5}, "volumeMounts": [{"name": "config", "mountPath": "/etc/nats/nats.conf", "subPath": "nats.conf"}]},
        pod={"volumes": [{"name": "config", "configMap": {"name": "bus-config"}}]})),
    "bus/service.yaml": dump(service("bus", target="monitor", port=8222, clusterIP="None")),
    "bus/config/nats.conf": "port: 4222\nhttp_port: 8222\nmax_payload: 1MB\n",
    "bus/kustomization.yaml": kustomization("statefulset.yaml", "service.yaml", configMapGenerator=[{"name": "bus-config", "files": ["config/nats.conf"]}], generatorOptions={"disableNameSuffixHash": True}),
}, ["bus 2.10.24 with 2 MB messages; its file is called after the service",
    ["bus/kustomization.yaml", "- config/nats.conf", "- bus.conf=config/nats.conf"],
    ["bus/config/nats.conf", "max_payload: 1MB", "max_payload: 2MB"],
    ["bus/statefulset.yaml", "acme/bus:2.10.22", "acme/bus:2.10.24"]],
    "the ConfigMap's key is bus.conf now, the mount's subPath is still nats.conf: an empty directory is mounted where the program reads its file",
    expected=expect("volume-mount crash-on-start",
        [(c("StatefulSet", "bus", "bus", "volumeMounts[name=config].subPath"), value(KEY))],
        [('ConfigMap/bus-config data["nats.conf"]', value("port: 4222\nhttp_port: 8222\nmax_payload: 2MB\n")), ('ConfigMap/bus-config data["bus.conf"]', GONE)],
        [(pod("StatefulSet", "bus", "volumes[name=config].configMap.items"), value([{"key": KEY, "path": "nats.conf"}]))]),
    path="bus")

# 13 ── for people. plain, Flux: the database password was changed at the database's side of the house
scenario("password-of-the-reports", "flux", {
    **one("reports", workload("Deployment", "reports", container("reports", "python", image="acme/reports:5.0.2", resources=RES, volumeMounts=[{"name": "db", "mountPath": "/run/secrets/db", "readOnly": True}]),
        pod={"volumes": [{"name": "db", "secret": {"secretName": "reports-db"}}]}), service("reports")),
    **one("cleanup", workload("CronJob", "reports-cleanup", {"name": "cleanup", "image": "busybox:1.37", "command": ["sh", "-c", "echo cleaned"], "resources": SMALL}, spec={"schedule": "5 4 * * *"})),
}, ["reports 5.0.3, three workers",
    ["deploy/reports.yaml", "acme/reports:5.0.2", "acme/reports:5.0.3"], ["deploy/reports.yaml", "- '2'", "- '3'"]],
    "the database refuses the password in Secret reports-db, which is not in git and was rotated by hand: its owner must set the right one; the commit did nothing wrong",
    answer=HUMAN, expected=expect("crash-on-start", ),
    given="apiVersion: v1\nkind: Secret\nmetadata:\n  name: reports-db\n  annotations:\n    owner: database team\nstringData:\n  password: correct-horse\n",
    then=[[-10, "kubectl -n $NAMESPACE patch secret reports-db --type merge -p '{\"stringData\":{\"password\":\"battery-staple\"}}'"]])

# 14 ── for people. Kustomize, Argo CD: a new key in a Secret that others keep
scenario("webhook-token-to-come", "argocd", {
    "base/partner.yaml": dump(workload("Deployment", "partner-sync", shop("sync", "acme/worker", {"PARTNER_API_KEY": {"secretKeyRef": {"name": "partner-credentials", "key": "api-key"}}, "SYNC_MINUTES": "15"})), service("partner-sync")),
    "base/kustomization.yaml": kustomization("partner.yaml"),
    "overlays/live/kustomization.yaml": kustomization("../../base", images=tags(worker="1.4.1")),
}, ["partner-sync 1.4.2: verify the partner's webhooks, sync every ten minutes",
    ["base/partner.yaml", "        - name: SYNC_MINUTES\n          value: '15'\n", "        - name: PARTNER_WEBHOOK_TOKEN\n          valueFrom:\n            secretKeyRef:\n              name: partner-credentials\n              key: webhook-token\n        - name: SYNC_MINUTES\n          value: '10'\n"],
    ["overlays/live/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.2"]],
    "Secret partner-credentials, kept by hand outside of git, has no key webhook-token yet: somebody who has the token must add it",
    answer=HUMAN, expected=expect("secret-missing", ), path="overlays/live",
    given="apiVersion: v1\nkind: Secret\nmetadata:\n  name: partner-credentials\n  annotations:\n    owner: integrations team\nstringData:\n  api-key: only-for-tests\n")

# 15 ── nothing to do. plain, Argo CD: the reader restarts until what it reads has loaded
scenario("stock-comes-up-first", "argocd", {
    **one("inventory", workload("Deployment", "inventory", {"name": "inventory", "image": "acme/inventory:1.9", "env": [{"name": "CACHE_TTL", "value": "30s"}], "ports": [{"name": "http", "containerPort": 8080}], "resources": RES,
        "readinessProbe": {"httpGet": {"path": "/readyz", "port": "http"}, "periodSeconds": 5}}, deadline=400), service("inventory")),
}, ["inventory 1.10 asks the new stock service",
    ["deploy/inventory.yaml", "acme/inventory:1.9", 'acme/inventory:1.10'],
    ["deploy/inventory.yaml", "        - name: CACHE_TTL\n", "        - name: STOCK_ADDR\n          value: stock:80\n        - name: CACHE_TTL\n"],
    ["deploy/stock.yaml", None, dump(workload("Deployment", "stock", shop("stock", "acme/catalog:1.4.2", {"START_SECONDS": "50"}, live={"httpGet": {"path": "/healthz", "port": "http"}, "initialDelaySeconds": 90}), deadline=300), service("stock"))]],
    "stock needs 50 s to load, inventory restarts until it answers: healthy after two or three minutes",
    answer=NONE)

# 16 ── nothing to do. Kustomize, Flux: the author has seen it already
scenario("corrected-by-its-author", "flux", {
    "base/catalog.yaml": dump(workload("Deployment", "catalog", shop("catalog", "acme/catalog", {"PAGE_SIZE": "24"}), replicas=2, deadline=300), service("catalog")),
    "base/kustomization.yaml": kustomization("catalog.yaml"),
    "overlays/live/kustomization.yaml": kustomization("../../base", images=tags(catalog="1.4.1")),
}, [{"subject": "catalog 1.4.2, 36 a page", "edit": [["overlays/live/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.20"], ["base/catalog.yaml", "value: '24'", "value: '36'"]]},
    {"subject": "catalog: 1.4.2", "edit": [["overlays/live/kustomization.yaml", "newTag: 1.4.20", "newTag: 1.4.2"]], "wait": 60}],
    "the first commit named 1.4.20, which does not exist; its author corrected it a minute later: healthy",
    answer=NONE, path="overlays/live")
