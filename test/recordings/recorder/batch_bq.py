"""Many teams in one repository: shared settings, moves, renames and clean-ups."""
import pathlib, runpy, textwrap
globals().update(runpy.run_path(str(pathlib.Path(__file__).parent / "kit.py")))
SCENARIOS, scenario = batch(1860)


def shop(name, image, env=None, **more):
    return container(name, "shop", image, env=env, live=more.pop("live", {"httpGet": {"path": "/healthz", "port": "http"}, "periodSeconds": 5, "failureThreshold": 3}), **more)


def key(configmap, key):
    return {"configMapKeyRef": {"name": configmap, "key": key}}


def d(*documents):
    return dump(*documents)


SMALL = {"requests": {"cpu": "10m", "memory": "16Mi"}, "limits": {"memory": "32Mi"}}

# 1: shared ConfigMap of a monorepo, key renamed, the migration hook was forgotten ------------------------------------------------
hook = workload("Job", "orders-migrate", shop("migrate", "acme/checkout:1.4.1", {"DATABASE_URL": key("platform", "orders-db-url")}, args=["migrate"], probes=False),
                spec={"activeDeadlineSeconds": 50}, meta={"annotations": {"argocd.argoproj.io/hook": "Sync", "argocd.argoproj.io/hook-delete-policy": "BeforeHookCreation"}})
scenario("shared-key-hook", "argocd", {
    "clusters/prod/kustomization.yaml": kustomization("../../shared", "../../services/orders", "../../services/invoices"),
    "shared/kustomization.yaml": kustomization("platform.yaml"),
    "shared/platform.yaml": d(configmap("platform", **{"log-level": "info", "orders-db-url": "postgres://orders@10.20.0.5/orders", "region": "eu-west-1"})),
    "services/orders/kustomization.yaml": kustomization("deployment.yaml", "service.yaml", "migrate.yaml"),
    "services/orders/deployment.yaml": d(workload("Deployment", "orders", shop("orders", "acme/checkout:1.4.1", {"REQUIRED_ENV": "DATABASE_URL", "DATABASE_URL": key("platform", "orders-db-url")}))),
    "services/orders/migrate.yaml": d(hook),
    "services/orders/service.yaml": d(service("orders")),
    "services/invoices/kustomization.yaml": kustomization("deployment.yaml"),
    "services/invoices/deployment.yaml": d(workload("Deployment", "invoices", shop("invoices", "acme/payments:1.4.0", {"REQUIRED_ENV": "ORDERS_DB", "ORDERS_DB": key("platform", "orders-db-url")}))),
}, ["Uniform names for shared connection settings, invoices 1.4.1",
    ["shared/platform.yaml", "orders-db-url:", "orders.database.url:"],
    ["services/orders/deployment.yaml", "key: orders-db-url", "key: orders.database.url"],
    ["services/invoices/deployment.yaml", "key: orders-db-url", "key: orders.database.url"],
    ["services/invoices/deployment.yaml", "acme/payments:1.4.0", "acme/payments:1.4.1"]],
    "the shared ConfigMap's key is now orders.database.url; both Deployments follow, the Sync hook Job orders-migrate still asks for orders-db-url",
    expected=expect("config-key-missing", [(c("Job", "orders-migrate", "migrate", "env[name=DATABASE_URL].valueFrom.configMapKeyRef.key"), value("orders.database.url"))]), path="clusters/prod")

# 2: generator's file moved, its key is another now; subPath becomes an empty directory ---------------------------------------------
mounted = shop("catalog", "acme/catalog:1.4.1", {"CONFIG_FILE": "/etc/shop/app.conf"}, volumeMounts=[{"name": "config", "mountPath": "/etc/shop/app.conf", "subPath": "app.conf", "readOnly": True}])
CONF = "PAGE_SIZE=40\nCURRENCY=EUR\n"
scenario("generator-file-moved", "flux", {
    "services/catalog/base/deployment.yaml": d(workload("Deployment", "catalog", mounted, replicas=2, pod={"volumes": [{"name": "config", "configMap": {"name": "catalog-config"}}]})),
    "services/catalog/base/service.yaml": d(service("catalog")),
    "services/catalog/base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
    "services/catalog/overlays/prod/kustomization.yaml": kustomization("../../base", configMapGenerator=[{"name": "catalog-config", "files": ["app.conf"]}]),
    "services/catalog/overlays/prod/app.conf": CONF,
}, ["Sort settings into a folder per service, larger pages",
    ["services/catalog/overlays/prod/app.conf", CONF, globals().get("DELETE")],
    ["services/catalog/overlays/prod/config/application.conf", None, "PAGE_SIZE=60\nCURRENCY=EUR\n"],
    ["services/catalog/overlays/prod/kustomization.yaml", "- app.conf", "- config/application.conf"]],
    "the generated ConfigMap's key is application.conf now, the base still mounts subPath app.conf: an empty directory stands where the program reads its file",
    expected=expect("volume-mount config-key-missing crash-on-start",
        [(c("Deployment", "catalog", "catalog", "volumeMounts[name=config].subPath"), value("application.conf"))],
        [('ConfigMap/catalog-config-# data["app.conf"]', ANY), ('ConfigMap/catalog-config-# data["application.conf"]', GONE)],
        [(c("Deployment", "catalog", "catalog", "volumeMounts[name=config].subPath"), value("application.conf")), (c("Deployment", "catalog", "catalog", "volumeMounts[name=config].mountPath"), value("/etc/shop/application.conf")),
         (c("Deployment", "catalog", "catalog", "env[name=CONFIG_FILE].value"), value("/etc/shop/application.conf"))]), path="services/catalog/overlays/prod")

# Helm charts -------------------------------------------------------------------------------------------------------------------
TEMPLATE = text("""
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: {{ .Release.Name }}
      labels:
        {{- include "service.labels" . | nindent 4 }}
    spec:
      replicas: {{ .Values.replicas }}
      progressDeadlineSeconds: 80
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
              image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
              ports:
                - name: http
                  containerPort: {{ .Values.port }}
              {{- with .Values.env }}
              env:
                {{- range $name, $value := . }}
                - name: {{ $name }}
                  value: {{ $value | quote }}
                {{- end }}
              {{- end }}
              resources:
                {{- toYaml .Values.resources | nindent 12 }}
              {{- with .Values.startup }}
              startupProbe:
                httpGet: {path: /readyz, port: http}
                {{- toYaml . | nindent 12 }}
              {{- end }}
              livenessProbe:
                httpGet: {path: /healthz, port: http}
                periodSeconds: 5
              readinessProbe:
                httpGet: {path: /readyz, port: http}
                periodSeconds: 3
    """)
HELPERS = text("""
    {{- define "service.labels" -}}
    app.kubernetes.io/name: {{ .Release.Name }}
    team: storefront
    {{- end }}
    {{- define "service.selector" -}}
    app: {{ .Release.Name }}
    {{- end }}
    """)
CHARTSERVICE = text("""
    apiVersion: v1
    kind: Service
    metadata:
      name: {{ .Release.Name }}
      labels:
        {{- include "service.labels" . | nindent 4 }}
    spec:
      selector:
        {{- include "service.selector" . | nindent 4 }}
      ports:
        - {name: http, port: 80, targetPort: http}
    """)
VALUES = text("""
    image:
      repository: acme/payments
      tag: 1.4.0
    replicas: 1
    port: 8080
    resources:
      requests:
        cpu: 10m
        memory: 32Mi
      limits:
        memory: 96Mi
    env: {}
    """)


def chart(at="chart", **more):
    return {f"{at}/Chart.yaml": "apiVersion: v2\nname: service\nversion: 0.6.2\n", f"{at}/values.yaml": VALUES, f"{at}/templates/_helpers.tpl": HELPERS, f"{at}/templates/deployment.yaml": TEMPLATE, f"{at}/templates/service.yaml": CHARTSERVICE, **more}


def release(name, values, more=""):
    return text("""
        apiVersion: helm.toolkit.fluxcd.io/v2
        kind: HelmRelease
        metadata:
          name: %s
        spec:
          interval: 30s
          timeout: 80s
          chart:
            spec:
              chart: ./charts/service
              reconcileStrategy: Revision
              sourceRef: {kind: GitRepository, name: "@NAME@", namespace: flux-system}
        """ % name) + textwrap.indent(text(more), "  ") + (("  values:\n" + textwrap.indent(text(values), "    ")) if values else "")


# 3: the chart's value was renamed, one environment's file not ------------------------------------------------------------------------
scenario("chart-value-renamed", "argocd", chart("charts/service", **{
    "env/basket/staging.yaml": "image:\n  tag: 1.4.1\nport: 8081\nenv:\n  PORT: \"8081\"\n",
    "env/basket/prod.yaml": "# basket, production\nimage:\n  tag: 1.4.1\nreplicas: 2\nport: 9000  # 8080 belongs to the mesh\nenv:\n  PORT: \"9000\"\n",
}), ["Group the ports of the service chart",
     ["charts/service/values.yaml", "port: 8080\n", "ports:\n  container: 8080\n  service: 80\n"],
     ["charts/service/Chart.yaml", "0.6.2", "0.7.0"],
     ["charts/service/templates/deployment.yaml", ".Values.port }}", ".Values.ports.container }}"],
     ["charts/service/templates/service.yaml", "port: 80,", "port: {{ .Values.ports.service }},"],
     ["env/basket/staging.yaml", "port: 8081\nenv", "ports:\n  container: 8081\nenv"]],
    "the chart reads ports.container now, prod.yaml still sets port: 9000: the container port falls back to 8080 while the program listens on 9000, both probes are refused",
    expected=expect("readiness-probe liveness-probe readiness liveness", [(c("Deployment", "basket", "app", "ports[name=http].containerPort"), BEFORE)]),
    path="charts/service", source={"helm": {"releaseName": "basket", "valueFiles": ["../../env/basket/prod.yaml"]}})

# 4: values ConfigMap split, one key is called otherwise in the HelmRelease -------------------------------------------------------------
NESTED = configmap("tariffs-values", values__yaml="image:\n  tag: 1.4.1\nreplicas: 2\nresources:\n  limits:\n    memory: 128Mi\n")
scenario("values-split", "flux", chart("charts/service", **{
    "releases/tariffs.yaml": release("tariffs", "", "valuesFrom:\n  - kind: ConfigMap\n    name: tariffs-values\n"),
    "releases/values.yaml": d(NESTED),
}), ["Split values by concern, tariffs 1.4.2",
     ["releases/values.yaml", d(NESTED), d(configmap("tariffs-values", image__yaml="image:\n  tag: 1.4.2\n", sizing__yaml="replicas: 2\nresources:\n  limits:\n    memory: 128Mi\n"))],
     ["releases/tariffs.yaml", "    - kind: ConfigMap\n      name: tariffs-values\n",
      "    - kind: ConfigMap\n      name: tariffs-values\n      valuesKey: image.yaml\n    - kind: ConfigMap\n      name: tariffs-values\n      valuesKey: size.yaml\n"]],
    "valuesFrom asks for key size.yaml, the ConfigMap calls it sizing.yaml",
    expected=expect("helm-failed config-key-missing", [], keep=[(c("Deployment", "tariffs", "app", "image"), value("acme/payments:1.4.2"))]), path="releases")

# 5: shared ConfigMap of another delivery renamed ----------------------------------------------------------------------------------------
CONFIG_DELIVERY = {"apiVersion": "kustomize.toolkit.fluxcd.io/v1", "kind": "Kustomization", "metadata": {"name": "@NAME@-config", "namespace": "flux-system"},
                   "spec": {"interval": "30s", "retryInterval": "20s", "timeout": "60s", "path": "./platform", "prune": True, "wait": True, "targetNamespace": "@NAME@", "sourceRef": {"kind": "GitRepository", "name": "@NAME@"}}}
scenario("other-delivery-renames", "flux", {
    "platform/settings.yaml": d(configmap("shared-settings", REGION="eu-west-1", CARRIER_LIMIT="12")),
    "platform/flags.yaml": d(configmap("feature-flags", EXPRESS="on")),
    "apps/shipping.yaml": d(workload("Deployment", "shipping", shop("shipping", "acme/worker:1.4.0", {"REQUIRED_ENV": "REGION,CARRIER_LIMIT"}, envFrom=[{"configMapRef": {"name": "feature-flags"}}, {"configMapRef": {"name": "shared-settings"}}])), service("shipping")),
    "apps/returns.yaml": d(workload("Deployment", "returns", shop("returns", "acme/worker:1.4.0", {"REQUIRED_ENV": "REGION"}, envFrom=[{"configMapRef": {"name": "shared-settings"}}]))),
}, ["Clear names for platform settings; worker 1.4.1",
    ["platform/settings.yaml", "name: shared-settings", "name: platform-settings"],
    ["apps/returns.yaml", "name: shared-settings", "name: platform-settings"],
    ["apps/returns.yaml", "worker:1.4.0", "worker:1.4.1"],
    ["apps/shipping.yaml", "worker:1.4.0", "worker:1.4.1"]],
    "the platform delivery's ConfigMap shared-settings is called platform-settings now; returns follows, shipping does not",
    expected=expect("config-missing", [(c("Deployment", "shipping", "shipping", "envFrom[1].configMapRef.name"), value("platform-settings"))]),
    path="apps", extra=[CONFIG_DELIVERY], spec={"dependsOn": [{"name": "@NAME@-config"}]})

# 6: service account renamed, the CronJob still has the old one ------------------------------------------------------------------------------
nightly = workload("CronJob", "digest", {"name": "digest", "image": "busybox:1.36", "command": ["sh", "-c", "echo digest of $(date +%F) written"], "resources": SMALL}, pod={"serviceAccountName": "reports"})
scenario("account-renamed-cron", "argocd", {
    "services/reports/kustomization.yaml": kustomization("api.yaml", "digest.yaml", components=["../../components/identity"]),
    "services/reports/api.yaml": d(workload("Deployment", "reports-api", shop("api", "acme/catalog:1.4.1"), pod={"serviceAccountName": "reports"}), service("reports-api")),
    "services/reports/digest.yaml": d(nightly),
    "components/identity/kustomization.yaml": dump({"apiVersion": "kustomize.config.k8s.io/v1alpha1", "kind": "Component", "resources": ["account.yaml"]}),
    "components/identity/account.yaml": d({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "reports"}, "automountServiceAccountToken": False}),
}, ["Accounts are named after their team, busybox 1.37",
    ["components/identity/account.yaml", "name: reports", "name: insights"],
    ["services/reports/api.yaml", "serviceAccountName: reports", "serviceAccountName: insights"],
    ["services/reports/digest.yaml", "busybox:1.36", "busybox:1.37"]],
    "the ServiceAccount is called insights now; the Deployment follows, the CronJob digest still names reports: its jobs create no pod",
    expected=expect("service-account-missing", [(pod("CronJob", "digest", "serviceAccountName"), value("insights"))]), path="services/reports")

# 7: images: entry no longer matches the renamed base image ------------------------------------------------------------------------------------
scenario("mirror-half-moved", "argocd", {
    "services/search/deployment.yaml": d(workload("Deployment", "search", shop("search", "acme/catalog"))),
    "services/search/kustomization.yaml": kustomization("deployment.yaml"),
    "services/indexer/deployment.yaml": d(workload("Deployment", "indexer", shop("indexer", "acme/worker"))),
    "services/indexer/kustomization.yaml": kustomization("deployment.yaml"),
    "overlays/prod/kustomization.yaml": kustomization("../../services/search", "../../services/indexer", images=[{"name": "acme/catalog", "newTag": "1.4.1"}, {"name": "acme/worker", "newTag": "1.4.0"}]),
    "overlays/staging/kustomization.yaml": kustomization("../../services/search", "../../services/indexer", images=[{"name": "acme/catalog", "newTag": "1.4.2"}, {"name": "acme/worker", "newTag": "1.4.2"}]),
}, ["Pull through the mirror",
    ["services/search/deployment.yaml", "image: acme/catalog", "image: mirror.acme.example/acme/catalog"],
    ["services/indexer/deployment.yaml", "image: acme/worker", "image: mirror.acme.example/acme/worker"],
    ["overlays/prod/kustomization.yaml", "name: acme/catalog", "name: mirror.acme.example/acme/catalog"],
    ["overlays/staging/kustomization.yaml", "name: acme/catalog", "name: mirror.acme.example/acme/catalog"],
    ["overlays/staging/kustomization.yaml", "name: acme/worker", "name: mirror.acme.example/acme/worker"]],
    "prod's images: entry for acme/worker no longer matches the base's mirror.acme.example/acme/worker: no tag is set, latest does not exist",
    expected=expect("image-not-found", [(c("Deployment", "indexer", "indexer", "image"), value("mirror.acme.example/acme/worker:1.4.0"))], [(c("Deployment", "indexer", "indexer", "image"), BEFORE)]), path="overlays/prod")

# 8: helper refactored, the Service selects what no pod carries -----------------------------------------------------------------------------------
scenario("selector-helper", "argocd", chart("charts/service", **{"env/reviews/prod.yaml": "image:\n  repository: acme/catalog\n  tag: 1.4.2\nreplicas: 2\n"}), [
    "One helper for names, label the chart",
    ["charts/service/templates/_helpers.tpl", HELPERS, text("""
        {{- define "service.fullname" -}}
        {{ .Release.Name }}-{{ .Chart.Name }}
        {{- end }}
        {{- define "service.labels" -}}
        app.kubernetes.io/name: {{ .Release.Name }}
        helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
        team: storefront
        {{- end }}
        {{- define "service.selector" -}}
        app: {{ include "service.fullname" . }}
        {{- end }}
        """)],
    ["charts/service/Chart.yaml", "0.6.2", "0.6.3"]],
    "the selector helper now gives reviews-service, the pods carry app=reviews: the Service has no endpoints",
    expected=expect("service-no-endpoints", [("Service/reviews spec.selector.app", BEFORE)]),
    path="charts/service", source={"helm": {"releaseName": "reviews", "valueFiles": ["../../env/reviews/prod.yaml"]}})

# 9: chart update moves resources, the release's values are not read any more -------------------------------------------------------------------------
scenario("resources-moved-in-chart", "flux", chart("charts/service", **{
    "releases/pricing.yaml": release("pricing", "image:\n  tag: 1.4.1\nenv:\n  CACHE_MB: \"150\"  # price lists\nresources:\n  limits:\n    memory: 256Mi\n"),
}), ["Service chart 0.7, pricing 1.4.2",
     ["charts/service/Chart.yaml", "0.6.2", "0.7.0"],
     ["charts/service/values.yaml", VALUES, VALUES.replace("resources:\n  requests:\n    cpu: 10m\n    memory: 32Mi\n  limits:\n    memory: 96Mi\n", "workload:\n  resources:\n    requests:\n      cpu: 10m\n      memory: 32Mi\n    limits:\n      memory: 96Mi\n")],
     ["charts/service/templates/deployment.yaml", "toYaml .Values.resources", "toYaml .Values.workload.resources"],
     ["releases/pricing.yaml", "tag: 1.4.1", "tag: 1.4.2"]],
    "the chart reads workload.resources now, the release still sets resources: the limit falls back to 96Mi, the service holds 150 MB and is OOM-killed",
    expected=expect("out-of-memory", [(c("Deployment", "pricing", "app", "resources.limits.memory"), BEFORE)], [(c("Deployment", "pricing", "app", "resources.limits.memory"), at_least("176Mi"))]), path="releases")

# 10: first release, the readiness probe names a port that the container calls otherwise -----------------------------------------------------------------
sessions = shop("sessions", "acme/payments:1.4.1", {"SESSION_TTL": "3600"}, live={"httpGet": {"path": "/healthz", "port": "web"}, "periodSeconds": 10})
sessions["ports"] = [{"name": "web", "containerPort": 8080}]
scenario("first-release-port-name", "flux", {
    "deploy/sessions.yaml": d(workload("StatefulSet", "sessions", sessions)),
    "deploy/service.yaml": d(service("sessions", target="web", clusterIP="None")),
    "deploy/settings.yaml": d(configmap("sessions-notes", OWNER="team-accounts")),
}, [], "first release: the readiness probe asks port http, the container's port is called web (liveness and Service say web)",
    expected=expect("readiness-probe readiness", *[[(c("StatefulSet", "sessions", "sessions", "readinessProbe.httpGet.port"), value(v))] for v in ("web", 8080)]), never_worked=True)

# 11: sidecar without limits where a quota asks for them ------------------------------------------------------------------------------------------------
agent = workload("DaemonSet", "node-agent", shop("agent", "acme/worker:1.4.1", {"WRITE_FILE": "/var/log/agent/state"}, volumeMounts=[{"name": "logs", "mountPath": "/var/log/agent"}]),
                 pod={"terminationGracePeriodSeconds": 3, "volumes": [{"name": "logs", "emptyDir": {}}]})
shipper = {"name": "shipper", "image": "busybox:1.37", "command": ["sh", "-c", "touch /var/log/agent/agent.log; exec tail -F /var/log/agent/agent.log"],
           "resources": {"requests": {"cpu": "5m", "memory": "16Mi"}}, "volumeMounts": [{"name": "logs", "mountPath": "/var/log/agent"}]}
with_shipper = {**agent, "spec": {**agent["spec"], "template": {**agent["spec"]["template"], "spec": {**agent["spec"]["template"]["spec"], "containers": [*agent["spec"]["template"]["spec"]["containers"], shipper]}}}}
with_shipper["spec"]["template"]["spec"]["containers"][0] = {**with_shipper["spec"]["template"]["spec"]["containers"][0], "image": "acme/worker:1.4.2"}
scenario("sidecar-without-limit", "argocd", {
    "deploy/agent.yaml": d(agent),
    "deploy/quota.yaml": d({"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "team-infra"}, "spec": {"hard": {"limits.memory": "1Gi", "requests.memory": "512Mi"}}}),
}, ["Ship the agent's log, worker 1.4.2", ["deploy/agent.yaml", d(agent), d(with_shipper)]],
    "the new sidecar shipper has no memory limit, which the namespace's ResourceQuota demands: no pod can be created",
    expected=expect("quota limit-range", [(c("DaemonSet", "node-agent", "shipper", "resources.limits"), ANY)]))

# 12: common variables moved to a shared file, the sidecar's own port was among them ---------------------------------------------------------------------
EXPORTER_PORT = "        - name: PORT\n          value: \"9100\"\n"
exporter = shop("exporter", "acme/worker:1.4.1", {"EXPORT_PERIOD": "30", "PORT": "9100"}, envFrom=[{"configMapRef": {"name": "common-env"}}], live={"tcpSocket": {"port": 9100}, "periodSeconds": 10}, ready={"httpGet": {"path": "/readyz", "port": 9100}, "periodSeconds": 5})
exporter["ports"] = [{"name": "metrics", "containerPort": 9100}]
scenario("port-moved-to-shared", "flux", {
    "services/stock/deployment.yaml": d(workload("Deployment", "stock", shop("stock", "acme/catalog:1.4.1", {"DEPTH": "3", "PORT": "8080"}, envFrom=[{"configMapRef": {"name": "common-env"}}]), exporter)),
    "services/stock/service.yaml": d(service("stock")),
    "services/stock/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
    "components/common/kustomization.yaml": dump({"apiVersion": "kustomize.config.k8s.io/v1alpha1", "kind": "Component", "configMapGenerator": [{"name": "common-env", "envs": ["common.env"]}]}),
    "components/common/common.env": "LOG_LEVEL=info\n",
    "overlays/prod/kustomization.yaml": kustomization("../../services/stock", components=["../../components/common"]),
}, ["Keep common variables in one place",
    ["components/common/common.env", "LOG_LEVEL=info\n", "LOG_LEVEL=info\nPORT=8080\nREGION=eu-west-1\n"],
    ["services/stock/deployment.yaml", "        - name: PORT\n          value: '8080'\n", ""],
    ["services/stock/deployment.yaml", "        - name: PORT\n          value: '9100'\n", ""]],
    "the sidecar exporter lost its own PORT 9100 and takes the shared 8080, which the main container of the pod listens on",
    expected=expect("port-conflict", [(c("Deployment", "stock", "exporter", "env[name=PORT]"), BEFORE)]), path="overlays/prod")

# 13: for people: a key that the Secret (made by hand) does not have -----------------------------------------------------------------------------------
scenario("secret-key-to-be-added", "flux", {
    "deploy/gateway.yaml": d(workload("Deployment", "gateway", shop("gateway", "acme/payments:1.4.1", {"REQUIRED_ENV": "API_KEY", "API_KEY": {"secretKeyRef": {"name": "psp-gateway", "key": "api-key"}}}), replicas=2)),
    "deploy/service.yaml": d(service("gateway")),
}, ["Verify webhooks of the payment provider, 1.4.2",
    ["deploy/gateway.yaml", "payments:1.4.1", "payments:1.4.2"],
    ["deploy/gateway.yaml", "value: API_KEY\n", "value: API_KEY,WEBHOOK_SIGNING_KEY\n        - name: WEBHOOK_SIGNING_KEY\n          valueFrom:\n            secretKeyRef:\n              name: psp-gateway\n              key: webhook-signing-key\n"]],
    "Secret psp-gateway, which people keep outside of git, has no key webhook-signing-key: somebody has to add the provider's value", HUMAN, expect("secret-missing"),
    given=d({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "psp-gateway"}, "stringData": {"api-key": "only-for-tests"}}))

# 14: for people: an immutable field of a StatefulSet ---------------------------------------------------------------------------------------------------
scenario("parallel-pods", "argocd", {
    "deploy/dispatch.yaml": d(workload("StatefulSet", "dispatch", shop("dispatch", "acme/worker:1.4.1"), replicas=2, spec={"podManagementPolicy": "OrderedReady"})),
    "deploy/service.yaml": d(service("dispatch", clusterIP="None")),
}, ["Start dispatchers side by side, worker 1.4.2",
    ["deploy/dispatch.yaml", "podManagementPolicy: OrderedReady", "podManagementPolicy: Parallel"],
    ["deploy/dispatch.yaml", "worker:1.4.1", "worker:1.4.2"]],
    "podManagementPolicy of a StatefulSet is immutable: it has to be deleted (orphaning its pods) and created again, which people decide; as it was, everything else arrives", FIX, expect("invalid-manifest", [("StatefulSet/dispatch spec.podManagementPolicy", BEFORE)]))

# 15: nothing to do: files moved, everything still works ---------------------------------------------------------------------------------------------------
PROFILE, PROFILE_SERVICE, PROFILE_K = d(workload("Deployment", "profile", shop("profile", "acme/catalog:1.4.1"), replicas=2)), d(service("profile")), kustomization("profile-deploy.yaml", "profile-svc.yaml")
scenario("moved-and-well", "argocd", {
    "apps/prod/kustomization.yaml": kustomization("../../legacy/profile"),
    "legacy/profile/kustomization.yaml": PROFILE_K, "legacy/profile/profile-deploy.yaml": PROFILE, "legacy/profile/profile-svc.yaml": PROFILE_SERVICE,
}, ["Move profile out of legacy, catalog 1.4.2",
    ["legacy/profile/kustomization.yaml", PROFILE_K, globals().get("DELETE")], ["legacy/profile/profile-deploy.yaml", PROFILE, globals().get("DELETE")], ["legacy/profile/profile-svc.yaml", PROFILE_SERVICE, globals().get("DELETE")],
    ["services/profile/kustomization.yaml", None, kustomization("deployment.yaml", "service.yaml")],
    ["services/profile/deployment.yaml", None, PROFILE.replace("catalog:1.4.1", "catalog:1.4.2")], ["services/profile/service.yaml", None, PROFILE_SERVICE],
    ["apps/prod/kustomization.yaml", "../../legacy/profile", "../../services/profile"]],
    "a move of files with a release: a healthy rollout", NONE, expect("healthy"), path="apps/prod")

# 16: nothing to do: slow start inside what the startup probe allows ---------------------------------------------------------------------------------------
scenario("slow-but-allowed", "flux", chart("charts/service", **{
    "releases/suggest.yaml": release("suggest", "image:\n  repository: acme/catalog\n  tag: 1.4.1\nenv:\n  START_SECONDS: \"2\"\nstartup:\n  periodSeconds: 3\n  failureThreshold: 20\n"),
}), ["Load the synonyms at start, catalog 1.4.2",
     ["releases/suggest.yaml", "START_SECONDS: \"2\"", "START_SECONDS: \"25\""], ["releases/suggest.yaml", "tag: 1.4.1", "tag: 1.4.2"]],
    "the new release starts in 25 seconds, the startup probe waits for 60: it says Unhealthy for a while and becomes ready by itself", NONE, expect("healthy recovering"), path="releases")
