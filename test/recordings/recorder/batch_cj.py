"""A platform team's Kustomize monorepo under refactoring: generators, replacements, prefixes, components, waves, policies and Flux variables, mostly among wanted changes."""
import pathlib, runpy, textwrap
globals().update(runpy.run_path(str(pathlib.Path(__file__).parent / "kit.py")))
SCENARIOS, scenario = batch(2164)
DELETE = globals().get("DELETE", object())  # record.py's mark of a file that goes

RES = {"requests": {"cpu": "10m", "memory": "24Mi"}, "limits": {"memory": "64Mi"}}
SMALL = {"requests": {"cpu": "5m", "memory": "8Mi"}, "limits": {"memory": "32Mi"}}


def shop(name, image, env=None, **more):
    return container(name, "shop", image=image, env=env, resources=more.pop("resources", RES), **more)


def tags(**versions):
    return [{"name": f"acme/{name}", "newTag": tag} for name, tag in versions.items()]


def next_name():
    return f"shop-{2164 + len(SCENARIOS)}"


# 1 ── Kustomize generators, Argo CD: the overlay's settings replace those of the base instead of merging into them
scenario("live-settings-in-a-file", "argocd", {
    "apps/basket/base/basket.yaml": dump(workload("Deployment", "basket", shop("basket", "acme/checkout", {"REQUIRED_ENV": "CURRENCY,TAX_SERVICE,ROUNDING"}, envFrom=[{"configMapRef": {"name": "basket-settings"}}]), replicas=2), service("basket")),
    "apps/basket/base/sweeper.yaml": dump(workload("CronJob", "basket-sweeper", {"name": "sweeper", "image": "busybox:1.37", "command": ["sh", "-c", "echo swept baskets in $CURRENCY"], "envFrom": [{"configMapRef": {"name": "basket-settings"}}], "resources": SMALL}, spec={"schedule": "20 2 * * *"})),
    "apps/basket/base/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources:
          - basket.yaml
          - sweeper.yaml
        configMapGenerator:
          - name: basket-settings
            literals:
              - CURRENCY=EUR
              - TAX_SERVICE=http://10.20.0.7:8080
              - ROUNDING=2
        generatorOptions:
          disableNameSuffixHash: true
    """),
    "apps/basket/overlays/staging/kustomization.yaml": kustomization("../../base", images=tags(checkout="1.4.2")),
    "apps/basket/overlays/live/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources:
          - ../../base
        configMapGenerator:
          - name: basket-settings
            behavior: merge
            literals:
              - CURRENCY=CHF
        generatorOptions:
          disableNameSuffixHash: true
        images:
          - name: acme/checkout
            newTag: 1.4.1
    """),
}, ["basket 1.4.2: live settings in a file of their own, vouchers on",
    ["apps/basket/overlays/live/kustomization.yaml", "    behavior: merge\n    literals:\n      - CURRENCY=CHF\n", "    behavior: replace\n    envs:\n      - settings.env\n"],
    ["apps/basket/overlays/live/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.2"],
    ["apps/basket/overlays/live/settings.env", None, "CURRENCY=CHF\nVOUCHERS=true\n"]],
    "the live overlay's generator has behavior: replace now, so TAX_SERVICE and ROUNDING of the base are gone from the ConfigMap: the program misses required variables",
    expected=expect("crash-on-start", [("ConfigMap/basket-settings data.TAX_SERVICE", BEFORE), ("ConfigMap/basket-settings data.ROUNDING", BEFORE)]),
    path="apps/basket/overlays/live")

# 2 ── Kustomize patches, Flux: the target of a probe patch is widened to all Deployments; a release lands on top
scenario("one-probe-for-all", "flux", {
    "base/storefront.yaml": dump(workload("Deployment", "storefront", container("storefront", "node", image="acme/storefront", resources=RES, env={"PAGE_SIZE": "24"}), replicas=2), service("storefront")),
    "base/cart.yaml": dump(workload("Deployment", "cart", shop("cart", "acme/checkout")), service("cart")),
    "base/orders.yaml": dump(workload("Deployment", "orders", shop("orders", "acme/payments")), service("orders")),
    "base/kustomization.yaml": kustomization("storefront.yaml", "cart.yaml", "orders.yaml"),
    "overlays/live/probe.yaml": text("""
        - op: replace
          path: /spec/template/spec/containers/0/readinessProbe
          value:
            httpGet:
              path: /readyz
              port: http
            periodSeconds: 3
            timeoutSeconds: 2
    """),
    "overlays/live/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources:
          - ../../base
        images:
          - name: acme/storefront
            newTag: 9.4.0
          - name: acme/checkout
            newTag: 1.4.1
          - name: acme/payments
            newTag: 1.4.1
        patches:
          - path: probe.yaml
            target:
              kind: Deployment
              name: cart
    """),
}, [{"subject": "The cart's probe timings for every Deployment of live", "edit": [
        ["overlays/live/kustomization.yaml", "      kind: Deployment\n      name: cart\n", "      kind: Deployment\n"],
        ["overlays/live/probe.yaml", "    timeoutSeconds: 2\n", "    timeoutSeconds: 2\n    failureThreshold: 4\n"]]},
    {"subject": "cart and orders 1.4.2", "edit": [["overlays/live/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.2"]], "wait": 50}],
    "the probe patch now applies to storefront too, which answers /api/health and not /readyz: 404, never ready; the timings are wanted",
    expected=expect("readiness-probe readiness", [(c("Deployment", "storefront", "storefront", "readinessProbe.httpGet.path"), BEFORE)]),
    path="overlays/live")

# 3 ── Kustomize replacements, Argo CD: containers are called after their service, one replacement still looks for the old name
scenario("containers-by-their-service", "argocd", {
    "base/ledger.yaml": dump(workload("Deployment", "ledger", container("app", "java", image="acme/ledger", resources=RES)), service("ledger")),
    "base/mailer.yaml": dump(workload("Deployment", "mailer", container("app", "ruby", image="acme/mailer", resources=RES)), service("mailer")),
    "base/kustomization.yaml": kustomization("ledger.yaml", "mailer.yaml"),
    "overlays/live/endpoints.yaml": text("""
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: endpoints
          annotations:
            config.kubernetes.io/local-config: "true"
        data:
          gateway: https://gateway.live.example/v2
          smtp: smtp.live.example
    """),
    "overlays/live/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources:
          - ../../base
          - endpoints.yaml
        images:
          - name: acme/ledger
            newTag: 3.1.3
          - name: acme/mailer
            newTag: 7.0.5
        replacements:
          - source:
              kind: ConfigMap
              name: endpoints
              fieldPath: data.smtp
            targets:
              - select:
                  kind: Deployment
                  name: mailer
                fieldPaths:
                  - spec.template.spec.containers.[name=app].env.[name=SMTP_HOST].value
          - source:
              kind: ConfigMap
              name: endpoints
              fieldPath: data.gateway
            targets:
              - select:
                  kind: Deployment
                  name: ledger
                fieldPaths:
                  - spec.template.spec.containers.[name=app].env.[name=LEDGER_GATEWAY_URL].value
    """),
}, ["Containers carry their service's name (dashboards); ledger 3.1.4, mailer 7.1.0",
    ["base/ledger.yaml", "- name: app\n", "- name: ledger\n"],
    ["base/mailer.yaml", "- name: app\n", "- name: mailer\n"],
    ["overlays/live/kustomization.yaml", "containers.[name=app].env.[name=SMTP_HOST]", "containers.[name=mailer].env.[name=SMTP_HOST]"],
    ["overlays/live/kustomization.yaml", "newTag: 3.1.3", "newTag: 3.1.4"],
    ["overlays/live/kustomization.yaml", "newTag: 7.0.5", "newTag: 7.1.0"]],
    "the replacement for ledger still addresses container app, which is ledger now: the build fails",
    expected=expect("render-failed", [], keep=[
        (c("Deployment", "ledger", "ledger", "image"), value("acme/ledger:3.1.4")),
        (c("Deployment", "ledger", "ledger", "env[name=LEDGER_GATEWAY_URL].value"), value("https://gateway.live.example/v2")),
        (c("Deployment", "mailer", "mailer", "image"), value("acme/mailer:7.1.0")),
        (c("Deployment", "mailer", "mailer", "env[name=SMTP_HOST].value"), value("smtp.live.example"))]),
    path="overlays/live")

# 4 ── plain, Argo CD: a PreSync Job reads a ConfigMap that comes with the sync it precedes
HOOK = {"argocd.argoproj.io/hook": "PreSync", "argocd.argoproj.io/hook-delete-policy": "BeforeHookCreation"}
scenario("one-place-for-the-address", "argocd", {
    **one("schema", workload("Job", "quotes-schema", {"name": "flyway", "image": "acme/schema:22", "env": [{"name": "FLYWAY_URL", "value": "jdbc:postgresql://10.20.0.5:5432/quotes"}], "resources": RES}, spec={"activeDeadlineSeconds": 60}, meta={"annotations": HOOK})),
    **one("quotes", workload("Deployment", "quotes", container("quotes", "pydantic", image="acme/quotes:1.12.0", resources=RES, env={"POOL_SIZE": "5"}), replicas=2), service("quotes")),
}, ["quotes 1.12.1, schema 23: the database's address in one place, ten connections",
    ["deploy/schema.yaml", "acme/schema:22", "acme/schema:23"],
    ["deploy/schema.yaml", "          value: jdbc:postgresql://10.20.0.5:5432/quotes\n", "          valueFrom:\n            configMapKeyRef:\n              name: quotes-database\n              key: jdbc-url\n"],
    ["deploy/quotes.yaml", "acme/quotes:1.12.0", "acme/quotes:1.12.1"],
    ["deploy/quotes.yaml", "value: '5'", "value: '10'"],
    ["deploy/quotes.yaml", "          value: postgresql://quotes@10.20.0.5/quotes\n", "          valueFrom:\n            configMapKeyRef:\n              name: quotes-database\n              key: url\n"],
    ["deploy/database.yaml", None, text("""
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: quotes-database
        data:
          url: postgresql://quotes@10.20.0.5/quotes
          jdbc-url: jdbc:postgresql://10.20.0.5:5432/quotes
    """)]],
    "the PreSync Job needs ConfigMap quotes-database, which is created in the sync phase after it: the hook never starts and runs into its deadline",
    expected=expect("config-missing job-failed",
        [('ConfigMap/quotes-database metadata.annotations["argocd.argoproj.io/hook"]', value("PreSync"))],
        [(c("Job", "quotes-schema", "flyway", "env[name=FLYWAY_URL].value"), BEFORE), (c("Job", "quotes-schema", "flyway", "env[name=FLYWAY_URL].valueFrom"), GONE)]))

# 5 ── Kustomize, Flux: a workload moves into a directory of its own, out of reach of the label that an admission policy asks for
POLICY = text("""
    apiVersion: admissionregistration.k8s.io/v1
    kind: ValidatingAdmissionPolicy
    metadata:
      name: @NAME@-team-label
    spec:
      failurePolicy: Fail
      matchConstraints:
        resourceRules:
          - apiGroups: [apps]
            apiVersions: [v1]
            operations: [CREATE, UPDATE]
            resources: [deployments, statefulsets]
      validations:
        - expression: "has(object.metadata.labels) && 'acme.example/team' in object.metadata.labels"
          message: "workloads need the label acme.example/team (whom the alert calls)"
    ---
    apiVersion: admissionregistration.k8s.io/v1
    kind: ValidatingAdmissionPolicyBinding
    metadata:
      name: @NAME@-team-label
    spec:
      policyName: @NAME@-team-label
      validationActions: [Deny]
      matchResources:
        namespaceSelector:
          matchLabels:
            kubernetes.io/metadata.name: @NAME@
""")
CART_WORKER = dump(workload("Deployment", "cart-worker", shop("worker", "acme/worker", {"BATCH": "50"})))
scenario("worker-in-its-own-directory", "flux", {
    "cart/cart.yaml": dump(workload("Deployment", "cart", shop("cart", "acme/checkout"), replicas=2), service("cart")),
    "cart/worker.yaml": CART_WORKER,
    "cart/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources:
          - cart.yaml
          - worker.yaml
        labels:
          - pairs:
              acme.example/team: checkout
    """),
    "clusters/live/kustomization.yaml": kustomization("../../cart", images=tags(checkout="1.4.1", worker="1.4.1")),
}, ["cart-worker in a directory of its own, released by itself from now on: worker 1.4.2, batches of a hundred",
    ["cart/worker.yaml", CART_WORKER, DELETE],
    ["cart/kustomization.yaml", "  - worker.yaml\n", ""],
    ["cart-worker/worker.yaml", None, CART_WORKER.replace("value: '50'", "value: '100'")],
    ["cart-worker/kustomization.yaml", None, kustomization("worker.yaml")],
    ["clusters/live/kustomization.yaml", "  - ../../cart\n", "  - ../../cart\n  - ../../cart-worker\n"],
    ["clusters/live/kustomization.yaml", "name: acme/worker\n    newTag: 1.4.1", "name: acme/worker\n    newTag: 1.4.2"]],
    "cart-worker lost the label acme.example/team, which cart/kustomization.yaml gave it: the cluster's admission policy refuses it",
    expected=expect("invalid-manifest", [('Deployment/cart-worker metadata.labels["acme.example/team"]', BEFORE)]),
    path="clusters/live", given=POLICY)

# 6 ── Kustomize, Argo CD: a name prefix renames the Service, not the address in a variable; a setting lands on top
scenario("prefix-for-two-environments", "argocd", {
    "base/stock.yaml": dump(workload("Deployment", "stock", shop("stock", "acme/catalog")), service("stock")),
    "base/inventory.yaml": dump(workload("Deployment", "inventory", {"name": "inventory", "image": "acme/inventory", "env": [{"name": "STOCK_ADDR", "value": "stock:80"}, {"name": "CACHE_TTL", "value": "30s"}],
        "ports": [{"name": "http", "containerPort": 8080}], "resources": RES, "readinessProbe": {"httpGet": {"path": "/readyz", "port": "http"}, "periodSeconds": 5}}), service("inventory")),
    "base/budget.yaml": dump({"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": {"name": "inventory"}, "spec": {"maxUnavailable": 1, "selector": {"matchLabels": {"app": "inventory"}}}}),
    "base/kustomization.yaml": kustomization("stock.yaml", "inventory.yaml", "budget.yaml"),
    "envs/live/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources:
          - ../../base
        images:
          - name: acme/catalog
            newTag: 1.4.1
          - name: acme/inventory
            newTag: "1.9"
    """),
}, [{"subject": "live: the environment's name in front of everything, inventory 1.10", "edit": [
        ["envs/live/kustomization.yaml", "kind: Kustomization\n", "kind: Kustomization\nnamePrefix: live-\n"],
        ["envs/live/kustomization.yaml", 'newTag: "1.9"', 'newTag: "1.10"']]},
    {"subject": "inventory: keep entries for two minutes", "edit": [["base/inventory.yaml", "value: 30s", "value: 2m"]], "wait": 60}],
    "namePrefix renames Service stock to live-stock, the text in STOCK_ADDR stays stock:80: no such host",
    expected=expect("dependency-address", [(c("Deployment", "live-inventory", "inventory", "env[name=STOCK_ADDR].value"), value("live-stock:80"))]),
    path="envs/live")

# 7 ── Kustomize images, Argo CD: bases name images logically, one entry of the overlay keeps the name it had
scenario("logical-image-names", "argocd", {
    "apps/base/checkout.yaml": dump(workload("Deployment", "checkout", shop("checkout", "acme/checkout"), replicas=2), service("checkout")),
    "apps/base/worker.yaml": dump(workload("Deployment", "checkout-worker", shop("worker", "acme/worker", {"QUEUE": "orders"}))),
    "apps/base/archive.yaml": dump(workload("CronJob", "checkout-archive", {"name": "archive", "image": "acme/worker", "args": ["migrate"], "env": [{"name": "DATABASE_URL", "value": "postgres://archive@10.20.0.9/orders"}], "resources": SMALL}, spec={"schedule": "15 3 * * *"})),
    "apps/base/kustomization.yaml": kustomization("checkout.yaml", "worker.yaml", "archive.yaml"),
    "apps/live/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources:
          - ../base
        images:
          - name: acme/checkout
            newTag: 1.4.1
          - name: acme/worker
            newTag: 1.4.1
    """),
}, ["Bases say which image, environments say from where; everything 1.4.2",
    ["apps/base/checkout.yaml", "image: acme/checkout\n", "image: checkout\n"],
    ["apps/base/worker.yaml", "image: acme/worker\n", "image: worker\n"],
    ["apps/base/archive.yaml", "image: acme/worker\n", "image: worker\n"],
    ["apps/live/kustomization.yaml", "  - name: acme/checkout\n    newTag: 1.4.1\n", "  - name: checkout\n    newName: acme/checkout\n    newTag: 1.4.2\n"],
    ["apps/live/kustomization.yaml", "  - name: acme/worker\n    newTag: 1.4.1\n", "  - name: acme/worker\n    newTag: 1.4.2\n"]],
    "the overlay's entry still matches acme/worker, the bases say worker: the image is docker.io's worker:latest, which does not exist",
    expected=expect("image-not-found", [
        (c("Deployment", "checkout-worker", "worker", "image"), value("acme/worker:1.4.2")),
        (c("CronJob", "checkout-archive", "archive", "image"), value("acme/worker:1.4.2"))]),
    path="apps/live")

# 8 ── HelmRelease, Flux: its values move into a generated ConfigMap, under the file's name
CHART = {
    "charts/service/Chart.yaml": "apiVersion: v2\nname: service\nversion: 2.1.0\n",
    "charts/service/values.yaml": "image:\n  repository: acme/payments\n  tag: 1.4.0\nreplicas: 1\nenv: {}\nresources:\n  requests: {cpu: 10m, memory: 24Mi}\n  limits: {memory: 64Mi}\n",
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
                  ports:
                    - name: http
                      containerPort: 8080
                  env:
                    {{- range $name, $value := .Values.env }}
                    - name: {{ $name }}
                      value: {{ $value | quote }}
                    {{- end }}
                  resources:
                    {{- toYaml .Values.resources | nindent 12 }}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 5
    """),
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
ATLAS = text("""
    image:
      repository: acme/payments
      tag: 1.4.2
    replicas: 2
    env:
      REQUIRED_ENV: PROVIDER
      PROVIDER: adyen
      RETRIES: "5"
""")
RELEASE = text("""
    apiVersion: helm.toolkit.fluxcd.io/v2
    kind: HelmRelease
    metadata:
      name: atlas
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
""")
INLINE = "  values:\n    image:\n      repository: acme/payments\n      tag: 1.4.1\n    replicas: 2\n    env:\n      REQUIRED_ENV: PROVIDER\n      PROVIDER: adyen\n      RETRIES: \"3\"\n"
scenario("values-as-a-file", "flux", {
    **CHART,
    "releases/live/atlas.yaml": RELEASE + INLINE,
    "releases/live/kustomization.yaml": kustomization("atlas.yaml"),
}, ["atlas 1.4.2: the team edits a plain values file, five retries",
    ["releases/live/atlas.yaml", INLINE, "  valuesFrom:\n    - kind: ConfigMap\n      name: atlas-values\n"],
    ["releases/live/kustomization.yaml", "  - atlas.yaml\n", "  - atlas.yaml\nconfigMapGenerator:\n  - name: atlas-values\n    files:\n      - atlas-values.yaml\ngeneratorOptions:\n  disableNameSuffixHash: true\n"],
    ["releases/live/atlas-values.yaml", None, ATLAS]],
    "the generated ConfigMap's key is atlas-values.yaml, the HelmRelease reads the default key values.yaml: no values",
    expected=expect("config-key-missing helm-failed",
        [("HelmRelease/atlas spec.valuesFrom[name=atlas-values].valuesKey", value("atlas-values.yaml"))],
        [('ConfigMap/atlas-values data["values.yaml"]', value(ATLAS)), ('ConfigMap/atlas-values data["atlas-values.yaml"]', GONE)]),
    path="releases/live")

# 9 ── plain, Argo CD: custom resources in a wave before the definition of their kind
WAVE = 'metadata.annotations["argocd.argoproj.io/sync-wave"]'
CARDS = [f"RateCard/{name} {WAVE}" for name in ("retail", "wholesale")]
card = lambda name, currency: {"apiVersion": "pricing.acme.example/v1alpha1", "kind": "RateCard", "metadata": {"name": name, "annotations": {"argocd.argoproj.io/sync-wave": "-1"}}, "spec": {"currency": currency, "rounding": 2}}
scenario("rate-cards-before-the-pricer", "argocd", {
    **one("pricer", workload("Deployment", "pricer", container("pricer", "go", image="acme/pricer:2.4.6", resources=RES, args=["-log-level=info"]), replicas=2), service("pricer")),
}, ["pricer 2.4.7 works with rate cards; they are there before it starts",
    ["deploy/pricer.yaml", "acme/pricer:2.4.6", "acme/pricer:2.4.7"],
    ["deploy/pricer.yaml", "-log-level=info", "-log-level=debug"],
    ["deploy/ratecard-crd.yaml", None, text("""
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata:
          name: ratecards.pricing.acme.example
        spec:
          group: pricing.acme.example
          scope: Namespaced
          names:
            kind: RateCard
            listKind: RateCardList
            plural: ratecards
            singular: ratecard
          versions:
            - name: v1alpha1
              served: true
              storage: true
              schema:
                openAPIV3Schema:
                  type: object
                  properties:
                    spec:
                      type: object
                      properties:
                        currency:
                          type: string
                        rounding:
                          type: integer
    """)],
    ["deploy/ratecards.yaml", None, dump(card("retail", "EUR"), card("wholesale", "EUR"))]],
    "the RateCards are in wave -1, their CustomResourceDefinition in wave 0: the API knows no such kind when they are applied, and the sync never gets further",
    expected=expect("invalid-manifest",
        [(f"CustomResourceDefinition/ratecards.pricing.acme.example {WAVE}", ANY)],
        [(field, GONE) for field in CARDS],
        [(field, value("1")) for field in CARDS]))

# 10 ── Kustomize, Flux: postBuild takes the variables of a shell script for its own
SEED = "#!/bin/sh\nset -eu\nmkdir -p %(d)s/catalog\ncp /seed/products.txt %(d)s/catalog/products.txt\necho \"seeded %(d)s/catalog\"\n"
BRACES, DOLLAR = SEED % {"d": "${CACHE_DIR}"}, SEED % {"d": "$CACHE_DIR"}
CATALOG = text("""
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: catalog
    spec:
      replicas: 2
      progressDeadlineSeconds: 90
      selector:
        matchLabels:
          app: catalog
      template:
        metadata:
          labels:
            app: catalog
        spec:
          initContainers:
            - name: seed
              image: busybox:1.37
              command: [sh, -c, "mkdir -p $(CACHE_DIR)/catalog && cp /seed/products.txt $(CACHE_DIR)/catalog/products.txt"]
              env:
                - name: CACHE_DIR
                  value: /cache
              securityContext:
                runAsUser: 1000
              resources:
                requests: {cpu: 5m, memory: 8Mi}
                limits: {memory: 32Mi}
              volumeMounts:
                - {name: cache, mountPath: /cache}
                - {name: seed, mountPath: /seed}
          containers:
            - name: catalog
              image: acme/catalog
              env:
                - name: REGION
                  value: "${region}"
                - name: TAX_ZONE
                  value: "${tax_zone}"
                - name: CONFIG_FILE
                  value: /cache/catalog/products.txt
              ports:
                - name: http
                  containerPort: 8080
              resources:
                requests: {cpu: 10m, memory: 24Mi}
                limits: {memory: 64Mi}
              readinessProbe:
                httpGet: {path: /readyz, port: http}
                periodSeconds: 5
              volumeMounts:
                - {name: cache, mountPath: /cache}
          volumes:
            - name: cache
              emptyDir: {}
            - name: seed
              configMap:
                name: catalog-seed
""")
scenario("seed-script", "flux", {
    "base/catalog.yaml": CATALOG,
    "base/service.yaml": dump(service("catalog")),
    "base/products.txt": "TEAPOT=19\nKETTLE=42\n",
    "base/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources:
          - catalog.yaml
          - service.yaml
        configMapGenerator:
          - name: catalog-seed
            files:
              - products.txt
        generatorOptions:
          disableNameSuffixHash: true
    """),
    "clusters/live/kustomization.yaml": kustomization("../../base", images=tags(catalog="1.4.1")),
}, ["catalog 1.4.2, a cup in the seed; seeding is a script that can be read",
    ["base/catalog.yaml", 'command: [sh, -c, "mkdir -p $(CACHE_DIR)/catalog && cp /seed/products.txt $(CACHE_DIR)/catalog/products.txt"]', "command: [sh, /seed/seed.sh]"],
    ["base/seed.sh", None, BRACES],
    ["base/products.txt", "KETTLE=42\n", "KETTLE=42\nCUP=7\n"],
    ["base/kustomization.yaml", "      - products.txt\n", "      - products.txt\n      - seed.sh\n"],
    ["clusters/live/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.2"]],
    "Flux's postBuild substitutes ${CACHE_DIR} in the script, a variable of the shell that it does not know, with nothing: the script writes to /catalog and may not",
    expected=expect("crash-on-start",
        [('ConfigMap/catalog-seed data["seed.sh"]', value(BRACES))],
        [('ConfigMap/catalog-seed data["seed.sh"]', value(DOLLAR))],
        [('ConfigMap/catalog-seed data["seed.sh"]', value(BRACES)), ('ConfigMap/catalog-seed metadata.annotations["kustomize.toolkit.fluxcd.io/substitute"]', value("disabled"))]),
    path="clusters/live",
    spec={"postBuild": {"substitute": {"region": "eu-west-1"}, "substituteFrom": [{"kind": "ConfigMap", "name": "@NAME@-cluster"}]}},
    extra=[{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "@NAME@-cluster", "namespace": "flux-system"}, "data": {"tax_zone": "de-south", "cluster": "live-1"}}])

# 11 ── Flux Kustomizations of Flux Kustomizations: directories move, one path does not
NAME = next_name()


def layer(suffix, path, **more):
    return dump({"apiVersion": "kustomize.toolkit.fluxcd.io/v1", "kind": "Kustomization", "metadata": {"name": f"@NAME@-{suffix}", "namespace": "flux-system"}, "spec": {
        "interval": "30s", "retryInterval": "20s", "timeout": "60s", "path": path, "prune": True, "wait": True, "targetNamespace": "@NAME@", "sourceRef": {"kind": "GitRepository", "name": "@NAME@"}, **more}})


ORDERS = kustomization("../../base", images=tags(payments="1.4.1"), replicas=[{"name": "orders", "count": 2}])
SHARED = dump(configmap("shared-settings", REGION="eu-west-1", LOG_FORMAT="json"))
scenario("environments-at-the-top", "flux", {
    "clusters/live/settings.yaml": layer("settings", "./settings/live"),
    "clusters/live/apps.yaml": layer("apps", "./apps/overlays/live", dependsOn=[{"name": "@NAME@-settings"}]),
    "clusters/live/kustomization.yaml": kustomization("settings.yaml", "apps.yaml"),
    "settings/live/shared.yaml": SHARED,
    "settings/live/kustomization.yaml": kustomization("shared.yaml"),
    "apps/base/orders.yaml": dump(workload("Deployment", "orders", shop("orders", "acme/payments", {"REQUIRED_ENV": "REGION"}, envFrom=[{"configMapRef": {"name": "shared-settings"}}])), service("orders")),
    "apps/base/kustomization.yaml": kustomization("orders.yaml"),
    "apps/overlays/live/kustomization.yaml": ORDERS,
}, ["One directory per environment (envs/live/…); orders 1.4.2",
    ["settings/live/shared.yaml", SHARED, DELETE],
    ["settings/live/kustomization.yaml", kustomization("shared.yaml"), DELETE],
    ["envs/live/settings/shared.yaml", None, SHARED],
    ["envs/live/settings/kustomization.yaml", None, kustomization("shared.yaml")],
    ["clusters/live/settings.yaml", "./settings/live", "./envs/live/settings"],
    ["apps/overlays/live/kustomization.yaml", ORDERS, DELETE],
    ["envs/live/apps/kustomization.yaml", None, ORDERS.replace("../../base", "../../../apps/base").replace("1.4.1", "1.4.2")]],
    "the Kustomization of the apps still points to ./apps/overlays/live, which moved to ./envs/live/apps: path not found",
    expected=expect("render-failed", [(f"Kustomization/{NAME}-apps spec.path", value("./envs/live/apps"))], [(f"Kustomization/{NAME}-apps spec.path", value("envs/live/apps"))]),
    path="clusters/live", spec={"targetNamespace": None})

# 12 ── Kustomize labels, Flux: includeTemplates reaches the claim templates of a StatefulSet
VOLUME = text("""
    apiVersion: v1
    kind: PersistentVolume
    metadata:
      name: @NAME@-orders-db
    spec:
      capacity:
        storage: 1Gi
      accessModes: [ReadWriteOnce]
      persistentVolumeReclaimPolicy: Delete
      storageClassName: @NAME@-local
      hostPath:
        path: /tmp/@NAME@-orders-db
        type: DirectoryOrCreate
""")
OWNER = '["acme.example/owner"]'
CLAIM = (f"StatefulSet/orders-db spec.volumeClaimTemplates[0].metadata.labels{OWNER}", GONE)
scenario("owner-for-the-cost-report", "flux", {
    "base/orders-db.yaml": dump(workload("StatefulSet", "orders-db", container("postgres", "postgres", resources=RES, args=["-c", "max_connections=40"], env={"PGDATA": "/var/lib/postgresql/data/pgdata"},
        volumeMounts=[{"name": "data", "mountPath": "/var/lib/postgresql/data"}]), spec={"volumeClaimTemplates": [{"metadata": {"name": "data"}, "spec": {"accessModes": ["ReadWriteOnce"], "storageClassName": "@NAME@-local", "resources": {"requests": {"storage": "1Gi"}}}}]}),
        service("orders-db", port=5432, clusterIP="None")),
    "base/reports.yaml": dump(workload("Deployment", "reports", container("reports", "python", image="acme/reports", resources=RES)), service("reports")),
    "base/kustomization.yaml": kustomization("orders-db.yaml", "reports.yaml"),
    "overlays/live/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources:
          - ../../base
        images:
          - name: acme/reports
            newTag: 5.0.2
    """),
}, ["Owner label for the cost report; reports 5.0.3, sixty connections to orders-db",
    ["overlays/live/kustomization.yaml", "newTag: 5.0.2\n", "newTag: 5.0.3\nlabels:\n  - pairs:\n      acme.example/owner: orders\n    includeTemplates: true\n"],
    ["base/orders-db.yaml", "max_connections=40", "max_connections=60"]],
    "labels with includeTemplates also go into the StatefulSet's volumeClaimTemplates, which are immutable: the dry-run fails and nothing is applied",
    expected=expect("invalid-manifest",
        [CLAIM],
        [CLAIM, (f"StatefulSet/orders-db spec.template.metadata.labels{OWNER}", GONE)],
        [CLAIM, (f"StatefulSet/orders-db spec.template.metadata.labels{OWNER}", GONE), (f"Deployment/reports spec.template.metadata.labels{OWNER}", GONE)]),
    path="overlays/live", given=VOLUME)

# 13 ── for people. Kustomize, Flux under a tenant's account: what deploys may not create Roles
ELECTION = dump(
    {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "settlement"}},
    {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role", "metadata": {"name": "settlement-election"}, "rules": [{"apiGroups": ["coordination.k8s.io"], "resources": ["leases"], "verbs": ["get", "create", "update"]}]},
    {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding", "metadata": {"name": "settlement-election"}, "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "settlement-election"}, "subjects": [{"kind": "ServiceAccount", "name": "settlement"}]})
scenario("settlement-leader-election", "flux", {
    "base/settlement.yaml": dump(workload("Deployment", "settlement", shop("settlement", "acme/worker", {"WINDOW_MINUTES": "30"})), service("settlement")),
    "base/kustomization.yaml": kustomization("settlement.yaml"),
    "tenants/settlement/live/kustomization.yaml": kustomization("../../../base", images=tags(worker="1.4.1")),
}, ["settlement 1.4.2: two replicas that elect a leader",
    ["base/settlement.yaml", "  replicas: 1\n", "  replicas: 2\n"],
    ["base/settlement.yaml", "    spec:\n      containers:\n", "    spec:\n      serviceAccountName: settlement\n      containers:\n"],
    ["base/election.yaml", None, ELECTION],
    ["base/kustomization.yaml", "  - settlement.yaml\n", "  - settlement.yaml\n  - election.yaml\n"],
    ["tenants/settlement/live/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.2"]],
    "the tenant's deploying account, which the platform team binds to ClusterRole edit, may not write Roles and RoleBindings: whoever grants rights there must decide",
    answer=HUMAN, expected=expect("rbac-forbidden", ), path="tenants/settlement/live",
    spec={"serviceAccountName": "@NAME@-deployer"},
    extra=[{"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "@NAME@-deployer", "namespace": "flux-system"}},
        {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding", "metadata": {"name": "deployer", "namespace": "@NAME@"}, "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "edit"},
         "subjects": [{"kind": "ServiceAccount", "name": "@NAME@-deployer", "namespace": "flux-system"}]}])

# 14 ── for people. Kustomize component, Argo CD: a third service meets the quota that the platform team gave the tenant
scenario("recommendations-join-in", "argocd", {
    "base/catalog.yaml": dump(workload("Deployment", "catalog", shop("catalog", "acme/catalog"), replicas=2), service("catalog")),
    "base/search.yaml": dump(workload("Deployment", "search", shop("search", "acme/catalog", {"INDEX": "products"}), replicas=2), service("search")),
    "base/kustomization.yaml": kustomization("catalog.yaml", "search.yaml"),
    "overlays/live/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources:
          - ../../base
        images:
          - name: acme/catalog
            newTag: 1.4.1
    """),
}, ["Recommendations for live, as a component",
    ["overlays/live/kustomization.yaml", "  - ../../base\n", "  - ../../base\ncomponents:\n  - ../../components/recommendations\n"],
    ["components/recommendations/kustomization.yaml", None, dump({"apiVersion": "kustomize.config.k8s.io/v1alpha1", "kind": "Component", "resources": ["recommendations.yaml"]}, indented=True)],
    ["components/recommendations/recommendations.yaml", None, dump(workload("Deployment", "recommendations", shop("recommendations", "acme/catalog", {"MODEL": "also-bought"}), replicas=3), service("recommendations"))]],
    "the platform team's ResourceQuota allows the tenant five pods, four are in use and the new service wants three: more quota is theirs to give",
    answer=HUMAN, expected=expect("quota", ), path="overlays/live",
    given="apiVersion: v1\nkind: ResourceQuota\nmetadata:\n  name: tenant-pods\n  annotations:\n    owner: platform team\nspec:\n  hard:\n    pods: \"5\"\n")

# 15 ── nothing to do. Helm, Argo CD: a migration before the sync takes its two minutes
LEDGER_CHART = {
    "charts/ledger/Chart.yaml": "apiVersion: v2\nname: ledger\nversion: 1.3.0\n",
    "charts/ledger/values.yaml": "image:\n  tag: 3.1.3\nschema:\n  tag: \"22\"\n  workSeconds: 1\nreplicas: 1\ngateway: https://gateway.example/v2\n",
    "charts/ledger/templates/schema.yaml": text("""
        apiVersion: batch/v1
        kind: Job
        metadata:
          name: ledger-schema
          annotations:
            helm.sh/hook: pre-install,pre-upgrade
            helm.sh/hook-delete-policy: before-hook-creation
        spec:
          backoffLimit: 0
          activeDeadlineSeconds: 900
          template:
            spec:
              restartPolicy: Never
              containers:
                - name: flyway
                  image: "acme/schema:{{ .Values.schema.tag }}"
                  env:
                    - name: FLYWAY_URL
                      value: jdbc:postgresql://10.20.0.5:5432/ledger
                    - name: WORK_SECONDS
                      value: {{ .Values.schema.workSeconds | quote }}
                  resources:
                    requests: {cpu: 5m, memory: 8Mi}
                    limits: {memory: 32Mi}
    """),
    "charts/ledger/templates/ledger.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: ledger
        spec:
          replicas: {{ .Values.replicas }}
          progressDeadlineSeconds: 120
          selector:
            matchLabels:
              app: ledger
          template:
            metadata:
              labels:
                app: ledger
            spec:
              containers:
                - name: ledger
                  image: "acme/ledger:{{ .Values.image.tag }}"
                  env:
                    - name: LEDGER_GATEWAY_URL
                      value: {{ .Values.gateway }}
                  ports:
                    - name: http
                      containerPort: 8080
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 96Mi}
                  readinessProbe:
                    httpGet: {path: /actuator/health/readiness, port: http}
                    periodSeconds: 5
        ---
        apiVersion: v1
        kind: Service
        metadata:
          name: ledger
        spec:
          selector:
            app: ledger
          ports:
            - {name: http, port: 80, targetPort: http}
    """),
    "envs/live/ledger.yaml": "image:\n  tag: 3.1.3\nschema:\n  tag: \"22\"\nreplicas: 2\n",
}
scenario("postings-backfill", "argocd", LEDGER_CHART, ["ledger 3.1.4, schema 23: postings are backfilled before the rollout, two minutes",
    ["envs/live/ledger.yaml", "tag: 3.1.3", "tag: 3.1.4"],
    ["envs/live/ledger.yaml", "  tag: \"22\"\n", "  tag: \"23\"\n  workSeconds: 120\n"]],
    "the pre-upgrade Job works for two minutes, then the rollout follows: healthy by itself",
    answer=NONE, path="charts/ledger", source={"helm": {"valueFiles": ["../../envs/live/ledger.yaml"]}})

# 16 ── nothing to do. Kustomize, Flux: files are split and moved, and the pods load longer than Flux waits once
PORTAL = workload("Deployment", "offers", shop("offers", "acme/catalog", {"START_SECONDS": "2", "OFFERS_PER_PAGE": "12"}, live={"httpGet": {"path": "/healthz", "port": "http"}, "initialDelaySeconds": 80}), replicas=2, deadline=300)
OFFERS = dump(PORTAL, service("offers"))
scenario("offers-split-and-moved", "flux", {
    "base/all.yaml": OFFERS,
    "base/kustomization.yaml": kustomization("all.yaml"),
    "overlays/live/kustomization.yaml": kustomization("../../base", images=tags(catalog="1.4.1")),
}, ["offers: one object per file below apps/; 1.4.2 loads all offers at its start",
    ["base/all.yaml", OFFERS, DELETE],
    ["base/kustomization.yaml", kustomization("all.yaml"), DELETE],
    ["apps/offers/deployment.yaml", None, dump(PORTAL).replace("value: '2'", "value: '40'")],
    ["apps/offers/service.yaml", None, dump(service("offers"))],
    ["apps/offers/kustomization.yaml", None, kustomization("deployment.yaml", "service.yaml")],
    ["overlays/live/kustomization.yaml", "../../base", "../../apps/offers"],
    ["overlays/live/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.2"]],
    "each new pod loads for 40 s, so the rollout outlasts Flux's first wait of 60 s; probes and deadline allow for it: ready after about two minutes",
    answer=NONE, path="overlays/live")


# What was expected in another form than the rendered objects have it: new items and objects as a whole, and what else of a commit stays.
CORRECTED = {'values-as-a-file': {'class': ['config-key-missing', 'helm-failed'],
                      'fixes': [[]],
                      'keep': [{'field': 'Deployment/atlas spec.template.spec.containers[name=service].image', 'to': {'value': 'acme/payments:1.4.2'}},
                               {'field': 'Deployment/atlas spec.template.spec.containers[name=service].env[name=RETRIES].value', 'to': {'value': '5'}}]},
 'containers-by-their-service': {'class': ['render-failed'],
                                 'fixes': [[]],
                                 'keep': [{'field': 'Deployment/ledger spec.template.spec.containers[name=app]', 'to': 'gone'},
                                          {'field': 'Deployment/ledger spec.template.spec.containers[name=ledger]', 'to': 'any'},
                                          {'field': 'Deployment/mailer spec.template.spec.containers[name=app]', 'to': 'gone'},
                                          {'field': 'Deployment/mailer spec.template.spec.containers[name=mailer]', 'to': 'any'}]}}
for one in SCENARIOS:
    if one["id"] in CORRECTED:
        one["expected"] = CORRECTED[one["id"]]
