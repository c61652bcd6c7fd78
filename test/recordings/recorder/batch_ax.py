"""Batch AX, written by somebody who knew neither the playbook nor the batches before: shop-1556 to shop-1571, the most important classes as they are met. No program of this folder is needed."""
import pathlib, runpy, textwrap
globals().update(runpy.run_path(str(pathlib.Path(__file__).parent / "kit.py")))
SCENARIOS, scenario = batch(1556)

PLAIN_RES = {"requests": {"cpu": "10m", "memory": "24Mi"}, "limits": {"memory": "96Mi"}}
CHATTER = ["/bin/sh", "-c", "while true; do echo 'level=warn msg=\"retrying export\" error=\"collector not configured\"'; sleep 15; done"]


def shop(kind, name, image, replicas=1, env=None, pod=None, extra=(), **more):
    return workload(kind, name, container(name, "shop", image=image, env=env, **more), *extra, replicas=replicas, pod=pod)


def agent(name="node-agent"):
    """A noisy but healthy neighbour."""
    body = {"name": "agent", "image": "busybox:1.36", "command": CHATTER, "resources": {"requests": {"cpu": "5m", "memory": "8Mi"}, "limits": {"memory": "32Mi"}}}
    return workload("DaemonSet", name, body)


# ---------------------------------------------------------------------------------------------------------------- plain YAML
scenario("ax-worker-tag", "argocd", {
    "deploy/catalog.yaml": dump(shop("Deployment", "catalog", "acme/catalog:1.4.1", replicas=2), service("catalog")),
    "deploy/worker.yaml": dump(shop("Deployment", "indexing", "acme/worker:1.4.1", env={"START_SECONDS": "2"})),
    "deploy/agent.yaml": dump(agent()),
}, ["Release catalogue 1.4.2",
    ["deploy/catalog.yaml", "acme/catalog:1.4.1", "acme/catalog:1.4.2"],
    ["deploy/worker.yaml", "acme/worker:1.4.1", "acme/worker:1.42"]],
    "the worker's tag was mistyped (1.42 for 1.4.2): it does not exist; the catalogue's 1.4.2 is right and stays",
    expected=expect("image-not-found",
                    [(c("Deployment", "indexing", "indexing", "image"), value("acme/worker:1.4.2"))],
                    [(c("Deployment", "indexing", "indexing", "image"), BEFORE)]))


def account(name):
    return {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": name}}


ROLE = {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role", "metadata": {"name": "read-settings"}, "rules": [{"apiGroups": [""], "resources": ["configmaps"], "verbs": ["get", "list"]}]}
BINDING = {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding", "metadata": {"name": "read-settings"}, "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "read-settings"},
           "subjects": [{"kind": "ServiceAccount", "name": "importer"}]}
scenario("ax-account-renamed", "flux", {
    "deploy/access.yaml": dump(account("importer"), ROLE, BINDING),
    "deploy/importer.yaml": dump(shop("Deployment", "feed", "acme/worker:1.4.0", pod={"serviceAccountName": "importer"})),
    "deploy/shop.yaml": dump(shop("Deployment", "storefront", "acme/checkout:1.4.1", replicas=2), service("storefront")),
}, ["Follow the naming of service accounts, feed 1.4.1",
    ["deploy/access.yaml", "name: importer\n", "name: feed-importer\n"],
    ["deploy/importer.yaml", "serviceAccountName: importer\n", "serviceAccountName: importer-feed\n"],
    ["deploy/importer.yaml", "acme/worker:1.4.0", "acme/worker:1.4.1"]],
    "ServiceAccount importer (and the RoleBinding's subject) is now feed-importer; Deployment feed names importer-feed, which does not exist: its new pods cannot be created",
    expected=expect("service-account-missing", [(pod("Deployment", "feed", "serviceAccountName"), value("feed-importer"))]))

REPORT = {"name": "report", "image": "busybox:1.36", "command": ["/bin/sh", "-c", "echo \"report in $CURRENCY for $REGION\""], "envFrom": [{"configMapRef": {"name": "shop-settings"}}],
          "resources": {"requests": {"cpu": "5m", "memory": "8Mi"}, "limits": {"memory": "32Mi"}}}
scenario("ax-report-settings", "argocd", {
    "deploy/settings.yaml": dump(configmap("shop-settings", CURRENCY="EUR", REGION="eu-west")),
    "deploy/payments.yaml": dump(shop("Deployment", "payments", "acme/payments:1.4.1", replicas=2, envFrom=[{"configMapRef": {"name": "shop-settings"}}], env={"REQUIRED_ENV": "CURRENCY"}), service("payments")),
    "jobs/README.md": "The nightly jobs moved to deploy/jobs.yaml.\n",
    "deploy/jobs.yaml": dump(workload("CronJob", "turnover-report", REPORT)),
}, ["One settings object per team",
    ["deploy/settings.yaml", "name: shop-settings", "name: payments-settings"],
    ["deploy/settings.yaml", "REGION: eu-west", "REGION: eu-west\n  ROUNDING: half-even"],
    ["deploy/payments.yaml", "name: shop-settings", "name: payments-settings"]],
    "ConfigMap shop-settings became payments-settings, in the Deployment too; CronJob turnover-report still reads shop-settings",
    expected=expect("config-missing",
                    [("CronJob/turnover-report spec.jobTemplate.spec.template.spec.containers[name=report].envFrom[0].configMapRef.name", value("payments-settings"))]))

MIGRATE = workload("Job", "orders-schema", {"name": "schema", "image": "acme/checkout:1.4.2", "args": ["migrations"], "env": [{"name": "DATABASE_URL", "value": "postgres://orders@10.20.0.5/orders"}], "resources": PLAIN_RES},
                   meta={"annotations": {"argocd.argoproj.io/hook": "PreSync", "argocd.argoproj.io/hook-delete-policy": "BeforeHookCreation"}})
scenario("ax-first-migration", "argocd", {
    "deploy/schema.yaml": dump(MIGRATE),
    "deploy/orders.yaml": dump(shop("Deployment", "orders", "acme/checkout:1.4.2", replicas=2, env={"DATABASE_URL": "postgres://orders@10.20.0.5/orders", "REQUIRED_ENV": "DATABASE_URL"}), service("orders")),
    "deploy/cache.yaml": dump(shop("StatefulSet", "basket", "acme/catalog:1.4.2", env={"CACHE_MB": "16"}), service("basket")),
}, [], "first release: the PreSync Job calls the subcommand migrations; the program knows serve and migrate (the log says so)", never_worked=True,
    expected=expect("job-failed crash-on-start command-not-found", [(c("Job", "orders-schema", "schema", "args[0]"), value("migrate"))]))

scenario("ax-tenant-rights", "flux", {
    "deploy/tickets.yaml": dump(shop("Deployment", "tickets", "acme/payments:1.4.1", replicas=2), service("tickets")),
    "deploy/settings.yaml": dump(configmap("tickets-settings", QUEUE="support")),
}, ["Keep one replica during node upgrades",
    ["deploy/availability.yaml", None, dump({"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": {"name": "tickets"}, "spec": {"minAvailable": 1, "selector": {"matchLabels": {"app": "tickets"}}}})],
    ["deploy/tickets.yaml", "acme/payments:1.4.1", "acme/payments:1.4.2"]],
    "the tenant's deployer account, which Flux impersonates, may not touch PodDisruptionBudgets: a right that the platform team gives, not in this repository", HUMAN,
    expected=expect("rbac-forbidden"), spec={"serviceAccountName": "@NAME@"},
    extra=[{"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "@NAME@", "namespace": "flux-system"}}],
    given=dump({"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role", "metadata": {"name": "tenant-deployer"},
                "rules": [{"apiGroups": ["", "apps", "batch"], "resources": ["*"], "verbs": ["*"]}, {"apiGroups": ["*"], "resources": ["*"], "verbs": ["get", "list", "watch"]}]},
               {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding", "metadata": {"name": "tenant-deployer"}, "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "tenant-deployer"},
                "subjects": [{"kind": "ServiceAccount", "name": "@NAME@", "namespace": "flux-system"}]}))

# ---------------------------------------------------------------------------------------------------------------- Kustomize
scenario("ax-generator-behavior", "flux", {
    "base/deployment.yaml": dump(shop("Deployment", "quotes", "acme/checkout", replicas=2, envFrom=[{"configMapRef": {"name": "quotes-env"}}], env={"REQUIRED_ENV": "CATALOG_URL,CURRENCY"})),
    "base/service.yaml": dump(service("quotes")),
    "base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml", configMapGenerator=[{"name": "quotes-env", "literals": ["CATALOG_URL=http://catalog", "CURRENCY=EUR", "LOG_LEVEL=info"]}]),
    "overlays/prod/agent.yaml": dump(agent()),
    "overlays/prod/kustomization.yaml": kustomization("../../base", "agent.yaml", images=[{"name": "acme/checkout", "newTag": "1.4.1"}],
                                                      configMapGenerator=[{"name": "quotes-env", "behavior": "merge", "literals": ["LOG_LEVEL=warn"]}]),
}, ["Production settings in their own file",
    ["overlays/prod/quotes.env", None, "LOG_LEVEL=warn\nCURRENCY=EUR\n"],
    ["overlays/prod/kustomization.yaml", "    behavior: merge\n    literals:\n      - LOG_LEVEL=warn\n", "    behavior: replace\n    envs:\n      - quotes.env\n"]],
    "the overlay's generator replaces the base's literals instead of merging: CATALOG_URL is gone from the environment, which the program requires", path="overlays/prod",
    expected=expect("crash-on-start config-key-missing", [("ConfigMap/quotes-env-# data.CATALOG_URL", BEFORE)]))

scenario("ax-container-renamed", "argocd", {
    "base/search.yaml": dump(workload("Deployment", "search", container("app", "shop", image="acme/catalog:1.4.1", limits="64Mi", env={"CACHE_MB": "24"}), replicas=1)),
    "base/service.yaml": dump(service("search")),
    "base/suggest.yaml": dump(shop("Deployment", "suggest", "acme/worker:1.4.1")),
    "base/kustomization.yaml": kustomization("search.yaml", "service.yaml", "suggest.yaml"),
    "overlays/prod/size.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: search
        spec:
          replicas: 2
          template:
            spec:
              containers:
                - name: app
                  resources:
                    limits:
                      memory: 160Mi
        """),
    "overlays/prod/kustomization.yaml": kustomization("../../base", patches=[{"path": "size.yaml"}]),
    "overlays/staging/kustomization.yaml": kustomization("../../base"),
}, ["Name containers after what they run",
    ["base/search.yaml", "      - name: app\n", "      - name: search\n"]],
    "the base's container app is now search; the production patch still names app, so it adds a second container without image: the API server refuses the Deployment", path="overlays/prod",
    expected=expect("invalid-manifest",
                    [("Deployment/search spec.template.spec.containers[name=app]", GONE), (c("Deployment", "search", "search", "resources.limits.memory"), value("160Mi"))],
                    [("Deployment/search spec.template.spec.containers[name=search]", GONE), ("Deployment/search spec.template.spec.containers[name=app]", BEFORE)]))

scenario("ax-patch-index", "flux", {
    "base/payments.yaml": dump(workload("Deployment", "payments", container("payments", "shop", image="acme/payments", env={"REQUIRED_ENV": "GATEWAY_URL", "LEGACY_SOAP": "off", "GATEWAY_URL": "https://sandbox.gateway.example"}), replicas=2)),
    "base/service.yaml": dump(service("payments")),
    "base/kustomization.yaml": kustomization("payments.yaml", "service.yaml"),
    "overlays/prod/gateway.yaml": "- op: replace\n  path: /spec/template/spec/containers/0/env/2/value\n  value: https://gateway.example\n",
    "overlays/prod/kustomization.yaml": kustomization("../../base", images=[{"name": "acme/payments", "newTag": "1.4.1"}], patches=[{"path": "gateway.yaml", "target": {"kind": "Deployment", "name": "payments"}}]),
}, ["Remove the last traces of SOAP",
    ["base/payments.yaml", "        - name: LEGACY_SOAP\n          value: 'off'\n", ""]],
    "the base lost an environment variable, so the overlay's JSON patch of env/2 finds nothing: it has to name env/1", path="overlays/prod",
    expected=expect("render-failed", [], keep=[(c("Deployment", "payments", "payments", "env[name=LEGACY_SOAP]"), GONE)]))

SAFE = {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}}
POD_SAFE = {"securityContext": {"runAsNonRoot": True, "runAsUser": 1000, "fsGroup": 1000, "seccompProfile": {"type": "RuntimeDefault"}}}
scenario("ax-restricted-init", "argocd", {
    "base/media.yaml": dump(workload("Deployment", "media", container("media", "shop", image="acme/catalog", env={"WRITE_FILE": "/work/index"}, securityContext=SAFE, volumeMounts=[{"name": "work", "mountPath": "/work"}]),
                                     pod={**POD_SAFE, "volumes": [{"name": "work", "emptyDir": {}}]})),
    "base/service.yaml": dump(service("media")),
    "base/kustomization.yaml": kustomization("media.yaml", "service.yaml"),
    "overlays/prod/kustomization.yaml": kustomization("../../base", images=[{"name": "acme/catalog", "newTag": "1.4.1"}]),
}, ["Prepare the work folder before media starts",
    ["components/prepare/kustomization.yaml", None, dump({"apiVersion": "kustomize.config.k8s.io/v1alpha1", "kind": "Component", "patches": [{"path": "init.yaml"}]})],
    ["components/prepare/init.yaml", None, dump({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "media"}, "spec": {"template": {"spec": {"initContainers": [
        {"name": "prepare", "image": "busybox:1.36", "command": ["/bin/sh", "-c", "mkdir -p /work/thumbs && echo prepared"], "resources": {"requests": {"cpu": "5m", "memory": "8Mi"}, "limits": {"memory": "32Mi"}}, "volumeMounts": [{"name": "work", "mountPath": "/work"}]}]}}}})],
    ["overlays/prod/kustomization.yaml", "images:\n", "components:\n  - ../../components/prepare\nimages:\n"]],
    "the namespace enforces the restricted Pod Security Standard; the new init container has no securityContext (privilege escalation, capabilities)", path="overlays/prod",
    labels={"pod-security.kubernetes.io/enforce": "restricted"},
    expected=expect("pod-security", [(c("Deployment", "media", "prepare", "securityContext", init=True), ANY)]))

scenario("ax-slow-but-fine", "flux", {
    "base/recommend.yaml": dump(shop("Deployment", "recommend", "acme/catalog", replicas=1, live={"httpGet": {"path": "/healthz", "port": "http"}, "initialDelaySeconds": 60, "periodSeconds": 10})),
    "base/service.yaml": dump(service("recommend")),
    "base/kustomization.yaml": kustomization("recommend.yaml", "service.yaml"),
    "overlays/prod/agent.yaml": dump(agent("trace-agent")),
    "overlays/prod/kustomization.yaml": kustomization("../../base", "agent.yaml", images=[{"name": "acme/catalog", "newTag": "1.4.1"}]),
}, ["Recommendations 1.4.2 with the larger model",
    ["base/recommend.yaml", "        ports:\n", "        env:\n        - name: CACHE_MB\n          value: '40'\n        - name: START_SECONDS\n          value: '35'\n        ports:\n"],
    ["overlays/prod/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.2"]],
    "nothing is broken: the new pod needs 35 seconds before it is ready (readiness warnings on the way), then the rollout completes; the agent's warnings are old and harmless", NONE, path="overlays/prod",
    expected=expect("healthy"))

# ---------------------------------------------------------------------------------------------------------------- Helm
DEPLOYMENT = text("""
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: {{ .Release.Name }}
      labels:
        app.kubernetes.io/name: {{ .Chart.Name }}
        app.kubernetes.io/instance: {{ .Release.Name }}
    spec:
      replicas: {{ .Values.replicaCount }}
      progressDeadlineSeconds: 75
      selector:
        matchLabels:
          app.kubernetes.io/instance: {{ .Release.Name }}
      template:
        metadata:
          labels:
            app.kubernetes.io/instance: {{ .Release.Name }}
        spec:
          containers:
            - name: {{ .Chart.Name }}
              image: "{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}"
              env:
                - name: PORT
                  value: {{ .Values.containerPort | quote }}
                {{- range $name, $value := .Values.env }}
                - name: {{ $name }}
                  value: {{ $value | quote }}
                {{- end }}
                {{- with .Values.apiKeySecret }}
                - name: API_KEY
                  valueFrom:
                    secretKeyRef:
                      name: {{ .name }}
                      key: {{ .key }}
                {{- end }}
              ports:
                - name: http
                  containerPort: {{ .Values.containerPort }}
              resources:
                {{- toYaml .Values.resources | nindent 12 }}
              livenessProbe:
                {{- toYaml .Values.livenessProbe | nindent 12 }}
              readinessProbe:
                {{- toYaml .Values.readinessProbe | nindent 12 }}
            {{- if .Values.logShipper.enabled }}
            - name: log-shipper
              image: "{{ .Values.logShipper.image }}"
              command: ["/bin/sh", "-c", "while true; do echo shipped 0 lines; sleep 20; done"]
              resources:
                {{- toYaml .Values.logShipper.resources | nindent 12 }}
            {{- end }}
    """)
SERVICE = text("""
    apiVersion: v1
    kind: Service
    metadata:
      name: {{ .Release.Name }}
    spec:
      selector:
        app.kubernetes.io/instance: {{ .Release.Name }}
      ports:
        - name: http
          port: {{ .Values.service.port }}
          targetPort: http
    """)
VALUES = text("""
    replicaCount: 1
    image:
      repository: acme/checkout
      tag: ""
    containerPort: 8080
    service:
      port: 80
    env: {}
    apiKeySecret: {}
    resources:
      requests: {cpu: 10m, memory: 24Mi}
      limits: {memory: 96Mi}
    livenessProbe:
      httpGet: {path: /healthz, port: http}
      initialDelaySeconds: 8
    readinessProbe:
      httpGet: {path: /readyz, port: http}
      periodSeconds: 5
    logShipper:
      enabled: false
      image: busybox:1.36
      resources:
        requests: {cpu: 5m, memory: 8Mi}
    """)


def chart(name):
    return {"chart/Chart.yaml": f"apiVersion: v2\nname: {name}\nversion: 1.2.0\nappVersion: 1.4.1\n", "chart/values.yaml": VALUES, "chart/templates/deployment.yaml": DEPLOYMENT, "chart/templates/service.yaml": SERVICE}



def by_argo(release, *files):
    return {"path": "chart", "source": {"helm": {"releaseName": release, "valueFiles": list(files)}}}


def helmrelease(name, values="", values_from=""):
    return text(f"""
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
              chart: ./chart
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
        """) + (f"  valuesFrom:\n    - kind: ConfigMap\n      name: {values_from}\n" if values_from else "") + ("  values:\n" + textwrap.indent(text(values), "    ") if values else "")


SCHEMA = text("""
    {
      "$schema": "http://json-schema.org/draft-07/schema#",
      "type": "object",
      "required": ["replicaCount", "image", "containerPort"],
      "properties": {
        "replicaCount": {"type": "integer", "minimum": 1},
        "containerPort": {"type": "integer"},
        "env": {"type": "object"}
      }
    }
    """)
scenario("ax-values-schema", "argocd", {
    **chart("checkout"), "chart/values.schema.json": SCHEMA,
    "env/common.yaml": "image:\n  repository: acme/checkout\nenv:\n  CURRENCY: EUR\n",
    "env/prod.yaml": "image:\n  tag: 1.4.1\nreplicaCount: 1\nenv:\n  CACHE_MB: \"8\"\n",
}, ["Get ready for the season",
    ["env/prod.yaml", "replicaCount: 1", "replicaCount: \"2\""],
    ["env/prod.yaml", "tag: 1.4.1", "tag: 1.4.2"]],
    "replicaCount is a string in the production values, the chart's schema wants an integer: nothing is rendered; the two replicas and 1.4.2 are wanted",
    expected=expect("helm-failed render-failed", [], keep=[("Deployment/checkout spec.replicas", value(2)), (c("Deployment", "checkout", "checkout", "image"), value("acme/checkout:1.4.2"))]),
    **by_argo("checkout", "../env/common.yaml", "../env/prod.yaml"))

scenario("ax-readiness-port", "argocd", {
    **chart("payments"),
    "env/prod.yaml": text("""
        image:
          repository: acme/payments
          tag: 1.4.1
        replicaCount: 2
        containerPort: 8080
        env:
          CURRENCY: EUR
        readinessProbe:
          httpGet:
            path: /readyz
            port: 8080
          periodSeconds: 5
        """),
}, ["Payments listens on 9090 like the other backends",
    ["env/prod.yaml", "containerPort: 8080", "containerPort: 9090"]],
    "the program and its named port moved to 9090; the readiness probe of the production values still asks 8080",
    expected=expect("readiness-probe readiness probe",
                    [(c("Deployment", "payments", "payments", "readinessProbe.httpGet.port"), value(9090))],
                    [(c("Deployment", "payments", "payments", "readinessProbe.httpGet.port"), value("http"))],
                    [(c("Deployment", "payments", "payments", "env[name=PORT].value"), BEFORE), (c("Deployment", "payments", "payments", "ports[name=http].containerPort"), BEFORE)]),
    **by_argo("payments", "../env/prod.yaml"))

scenario("ax-memory-values-from", "flux", {
    **chart("catalog"),
    "releases/catalog.yaml": helmrelease("catalog", "image:\n  repository: acme/catalog\n  tag: 1.4.1\nenv:\n  CACHE_MB: \"120\"\n", values_from="catalog-sizes"),
    "releases/sizes.yaml": dump(configmap("catalog-sizes", values__yaml="replicaCount: 1\nresources:\n  requests: {cpu: 10m, memory: 64Mi}\n  limits: {memory: 192Mi}\n")),
    "releases/agent.yaml": dump(agent("trace-agent")),
}, ["Sizes as measured in staging",
    ["releases/sizes.yaml", "limits: {memory: 192Mi}", "limits: {memory: 80Mi}"]],
    "the memory limit in the values ConfigMap went from 192Mi to 80Mi while the cache holds 120 MB: OOMKilled", path="releases",
    expected=expect("out-of-memory",
                    [(c("Deployment", "catalog", "catalog", "resources.limits.memory"), BEFORE)],
                    [(c("Deployment", "catalog", "catalog", "resources.limits.memory"), at_least("136Mi"))],
                    [(c("Deployment", "catalog", "catalog", "resources.limits.memory"), BEFORE), ('ConfigMap/catalog-sizes data["values.yaml"]', ANY)],
                    [(c("Deployment", "catalog", "catalog", "resources.limits.memory"), at_least("136Mi")), ('ConfigMap/catalog-sizes data["values.yaml"]', ANY)]))

QUOTA = {"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "team"}, "spec": {"hard": {"requests.memory": "512Mi", "limits.memory": "1Gi"}}}
scenario("ax-first-with-quota", "flux", {
    **chart("checkout"),
    "releases/checkout.yaml": helmrelease("checkout", """
        image:
          repository: acme/checkout
          tag: 1.4.2
        resources:
          requests: {cpu: 10m, memory: 24Mi}
          limits: {memory: 96Mi}
        logShipper:
          enabled: true
          resources:
            requests: {cpu: 5m, memory: 16Mi}
        """),
    "releases/fx.yaml": dump(shop("Deployment", "fx-rates", "acme/worker:1.4.2")),
}, [], "first release: the namespace's quota covers limits.memory, and the chart's log shipper has no memory limit: no pod is created", path="releases", never_worked=True, given=dump(QUOTA),
    expected=expect("quota limit-range quota/limit-range", [(c("Deployment", "checkout", "log-shipper", "resources.limits"), ANY)]))

scenario("ax-first-without-secret", "flux", {
    **chart("payments"),
    "releases/payments.yaml": helmrelease("payments", """
        image:
          repository: acme/payments
          tag: 1.4.2
        replicaCount: 2
        env:
          REQUIRED_ENV: API_KEY
        apiKeySecret:
          name: payments-gateway
          key: api-key
        """),
    "releases/refunds.yaml": dump(shop("Deployment", "refunds", "acme/worker:1.4.2"), configmap("refunds-rules", LIMIT="500")),
}, [], "first release: Secret payments-gateway with the gateway's key was never created in this namespace, and nothing in the repository would create it: people have to", HUMAN, path="releases", never_worked=True,
    expected=expect("secret-missing"))

scenario("ax-corrected-at-once", "argocd", {
    **chart("worker"),
    "env/prod.yaml": "image:\n  repository: acme/worker\n  tag: 1.4.1\nreplicaCount: 2\nenv:\n  QUEUE: orders\nlogShipper:\n  enabled: true\n",
}, [{"subject": "Worker 1.4.2", "edit": [["env/prod.yaml", "tag: 1.4.1", "tag: v1.4.2"]]},
    {"subject": "Tags have no v", "edit": [["env/prod.yaml", "tag: v1.4.2", "tag: 1.4.2"]], "wait": 30}],
    "the tag v1.4.2 does not exist, but the next commit, half a minute later, corrected it: the rollout completes by itself", NONE,
    expected=expect("healthy recovering"), **by_argo("worker", "../env/prod.yaml"))
