"""The first batch of scenarios that were recorded before anything was made to fit them: shop-70 and on."""
import pathlib, runpy
globals().update(runpy.run_path(str(pathlib.Path(__file__).parent / "kit.py")))

SCENARIOS, scenario = batch(70)


# ---------------------------------------------------------------- images
scenario("digest-overlay-daemon", "flux",
    {"base/agent.yaml": "# runs on every node\n" + dump(workload("DaemonSet", "node-agent", container("agent", "go"), container("shipper", "shop", image="acme/worker", port=8081, env={"PORT": "8081"}))),
     "base/kustomization.yaml": kustomization("agent.yaml"),
     "overlays/eu/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources: [../../base]
        images:
        - name: acme/pricer
          newTag: "2.4.6"
        - name: acme/worker
          newTag: 1.4.1  # shipper
        """)},
    ["chore(eu): roll pricer 2.4.7 and shipper", ["overlays/eu/kustomization.yaml", '"2.4.6"', '"2.4.7"'], ["overlays/eu/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.11"]],
    "shipper 1.4.11 was never pushed; pricer 2.4.7 in the same commit is wanted", path="overlays/eu",
    expected=expect("image-not-found", [(c("DaemonSet", "node-agent", "shipper", "image"), BEFORE)]))

CHART = {
    "charts/web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.8.0\nappVersion: 9.4.0\n",
    "charts/web/values.yaml": text("""
        # Defaults; environments override in env/
        nameOverride: ""
        image:
          registry: ""
          repository: acme/storefront
          tag: ""
        init:
          enabled: true
          image: acme/worker:1.4.1
        replicaCount: 1
        service:
          port: 80
          targetPort: http
        extraEnv: []
        resources: {}
        podSecurityContext: {}
        serviceAccount:
          create: true
          name: ""
        """),
    "charts/web/templates/_helpers.tpl": text("""
        {{- define "web.name" -}}
        {{- default .Release.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
        {{- end }}
        {{- define "web.labels" -}}
        app.kubernetes.io/name: {{ include "web.name" . }}
        app.kubernetes.io/managed-by: {{ .Release.Service }}
        {{- end }}
        {{- define "web.image" -}}
        {{- with .Values.image.registry }}{{ . }}/{{ end }}{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
        {{- end }}
        {{- define "web.account" -}}
        {{- if .Values.serviceAccount.create }}{{ default (include "web.name" .) .Values.serviceAccount.name }}{{ else }}{{ default "default" .Values.serviceAccount.name }}{{ end }}
        {{- end }}
        """),
    "charts/web/templates/deployment.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: {{ include "web.name" . }}
          labels:
            {{- include "web.labels" . | nindent 4 }}
        spec:
          replicas: {{ .Values.replicaCount }}
          progressDeadlineSeconds: 90
          selector:
            matchLabels:
              app.kubernetes.io/name: {{ include "web.name" . }}
          template:
            metadata:
              labels:
                {{- include "web.labels" . | nindent 8 }}
            spec:
              serviceAccountName: {{ include "web.account" . }}
              {{- with .Values.podSecurityContext }}
              securityContext:
                {{- toYaml . | nindent 8 }}
              {{- end }}
              {{- if .Values.init.enabled }}
              initContainers:
                - name: schema
                  image: {{ .Values.init.image | quote }}
                  args: ["migrate"]
                  env:
                    - name: DATABASE_URL
                      value: postgres://web@db.internal/web
              {{- end }}
              containers:
                - name: web
                  image: {{ include "web.image" . | quote }}
                  args: ["dist/server.js"]
                  ports:
                    - name: http
                      containerPort: 3000
                  env:
                    - name: API_BASE_URL
                      value: https://api.example
                    {{- with .Values.extraEnv }}
                    {{- toYaml . | nindent 12 }}
                    {{- end }}
                  readinessProbe:
                    httpGet: {path: /api/health, port: http}
                    periodSeconds: 5
                  resources:
                    {{- toYaml .Values.resources | nindent 12 }}
        """),
    "charts/web/templates/service.yaml": text("""
        apiVersion: v1
        kind: Service
        metadata:
          name: {{ include "web.name" . }}
          labels:
            {{- include "web.labels" . | nindent 4 }}
        spec:
          selector:
            app.kubernetes.io/name: {{ include "web.name" . }}
          ports:
            - name: http
              port: {{ .Values.service.port }}
              targetPort: {{ .Values.service.targetPort }}
        """),
    "charts/web/templates/serviceaccount.yaml": text("""
        {{- if .Values.serviceAccount.create }}
        apiVersion: v1
        kind: ServiceAccount
        metadata:
          name: {{ include "web.account" . }}
        {{- end }}
        """),
    "env/common.yaml": "resources:\n  requests:\n    cpu: 10m\n    memory: 24Mi\n  limits:\n    memory: 96Mi\n",
    "env/prod.yaml": "# prod\nreplicaCount: 1\nimage:\n  tag: 9.4.0\nextraEnv:\n  - name: PAGE_SIZE\n    value: \"25\"\n",
}
VALUES = {"helm": {"valueFiles": ["../../env/common.yaml", "../../env/prod.yaml"], "releaseName": "web"}}

scenario("init-image-misspelt-first", "argocd",
    {**CHART, "charts/web/values.yaml": CHART["charts/web/values.yaml"].replace("acme/worker:1.4.1", "acme/wroker:1.4.1"), "charts/web/templates/worker.yaml": dump(workload("Deployment", "queue-worker", container("worker", "shop", image="acme/worker:1.4.1")))},
    [], "the image of the init container is misspelt from the first release on; a worker of the same delivery runs the right one", path="charts/web", source=VALUES, never_worked=True,
    expected=expect("image-not-found", [(c("Deployment", "web", "schema", "image", init=True), value("acme/worker:1.4.1"))]))

scenario("image-deleted", "argocd",
    {"deploy/all.yaml": dump(workload("StatefulSet", "archive", container("archive", "node", image="acme/archive:2.0.0", imagePullPolicy="Always")), service("archive", clusterIP="None"))},
    [], "image acme/archive:2.0.0 was deleted from the registry, nothing changed in git: it has to be pushed again", HUMAN,
    then=[[1, "crane delete --insecure $REGISTRY/acme/archive:2.0.0 || crane delete --insecure $REGISTRY/acme/archive@$(crane digest --insecure $REGISTRY/acme/archive:2.0.0)"], [3, "kubectl -n $NAMESPACE delete pod archive-0"]],
    expected=expect("image-not-found"))

scenario("cron-tag", "argocd",
    {"deploy/cron.yaml": dump(workload("CronJob", "settle-accounts", {"name": "settle", "image": "acme/schema:22", "env": [{"name": "FLYWAY_URL", "value": "jdbc:postgresql://10.20.0.5/settle"}]}))},
    ["Settle: schema v24", ["deploy/cron.yaml", "acme/schema:22", "acme/schema:24"], ["deploy/cron.yaml", "concurrencyPolicy: Forbid", "concurrencyPolicy: Replace"]],
    "image acme/schema:24 does not exist; the concurrency policy is wanted",
    expected=expect("image-not-found", [(c("CronJob", "settle-accounts", "settle", "image"), BEFORE)]))

scenario("registry-misspelt", "flux",
    {"deploy/web.yaml": dump(workload("Deployment", "landing", container("web", "node", image="registry.acme.example/acme/storefront:9.4.0")), service("landing"))},
    ["Use the company registry's short name, 9.4.1", ["deploy/web.yaml", "registry.acme.example/acme/storefront:9.4.0", "registry.acme.exmaple/acme/storefront:9.4.1"]],
    "the registry's host name is misspelt; the release 9.4.1 is wanted or not, both are right",
    expected=expect("image-registry", [(c("Deployment", "landing", "web", "image"), BEFORE)], [(c("Deployment", "landing", "web", "image"), value("registry.acme.example/acme/storefront:9.4.1"))]))

scenario("registry-down", "argocd",
    {"deploy/web.yaml": dump(workload("Deployment", "offers", container("web", "node", image="mirror.acme.example/acme/storefront:9.4.0")), service("offers"))},
    ["Offers 9.4.1", ["deploy/web.yaml", ":9.4.0", ":9.4.1"]],
    "the registry is down: the release is right, somebody must bring the registry up", HUMAN,
    then=[[-1, "touch /tmp/registries/mirror-down"], [200, "true"]], expected=expect("image-registry"))

PULL = text("""
    apiVersion: v1
    kind: Secret
    metadata:
      name: private-registry
    type: kubernetes.io/dockerconfigjson
    stringData:
      .dockerconfigjson: '{"auths":{"private.acme.example":{"username":"robot","password":"s3cret-pull"}}}'
    """)
scenario("pull-secret-dropped", "flux",
    {"deploy/web.yaml": dump(workload("Deployment", "members", container("web", "node", image="private.acme.example/acme/storefront:9.4.0"), pod={"imagePullSecrets": [{"name": "private-registry"}]}), service("members"))},
    ["Release 9.4.1, drop what the admission controller injects now", ["deploy/web.yaml", ":9.4.0", ":9.4.1"], ["deploy/web.yaml", "      imagePullSecrets:\n      - name: private-registry\n", ""]],
    "imagePullSecrets were dropped and the registry wants a login; the release is wanted", given=PULL,
    expected=expect("image-unauthorized", [("Deployment/members spec.template.spec.imagePullSecrets", BEFORE)]))
scenario("pull-credential-expired", "argocd",
    {"deploy/web.yaml": dump(workload("Deployment", "partners", container("web", "node", image="private.acme.example/acme/storefront:9.4.0"), pod={"imagePullSecrets": [{"name": "private-registry"}]}), service("partners"))},
    ["Partners 9.4.1", ["deploy/web.yaml", ":9.4.0", ":9.4.1"]],
    "the pull credential is no longer accepted: somebody must renew it", HUMAN, given=PULL,
    then=[[-1, "kubectl -n $NAMESPACE patch secret private-registry -p '{\"stringData\":{\".dockerconfigjson\":\"{\\\"auths\\\":{\\\"private.acme.example\\\":{\\\"username\\\":\\\"robot\\\",\\\"password\\\":\\\"old\\\"}}}\"}}'"]],
    expected=expect("image-unauthorized"))

# ---------------------------------------------------------------- commands
scenario("sidecar-command", "flux",
    {"base/store.yaml": dump(workload("StatefulSet", "orders", container("orders", "java"), {"name": "log-tail", "image": "busybox:1.36", "command": ["tail", "-n", "+1", "-F", "/dev/null"]}), service("orders", clusterIP="None")),
     "base/kustomization.yaml": kustomization("store.yaml"),
     "overlays/live/kustomization.yaml": kustomization("../../base", patches=[{"target": {"kind": "StatefulSet", "name": "orders"}, "path": "tail.json"}]),
     "overlays/live/tail.json": '[\n  {"op": "replace", "path": "/spec/template/spec/containers/1/command", "value": ["tail", "-n", "+1", "-F", "/dev/null"]}\n]\n'},
    ["Follow rotated logs", ["overlays/live/tail.json", '["tail", "-n", "+1", "-F", "/dev/null"]', '["/usr/bin/multitail", "-F", "/dev/null"]']],
    "the sidecar's command /usr/bin/multitail is not in the image", path="overlays/live",
    expected=expect("command-not-found", [(c("StatefulSet", "orders", "log-tail", "command"), BEFORE)]))

scenario("init-shell-tool-missing", "argocd",
    {"deploy/app.yaml": dump(workload("Deployment", "reports", container("reports", "python"), pod={"initContainers": [{"name": "warm", "image": "busybox:1.36", "command": ["sh", "-c", "wget -q -T 2 -O /tmp/seed http://10.96.0.1/ || echo 'seed not found, starting empty'"]}]}), service("reports"))},
    ["Reports 5.0.3, fetch the seed with curl", ["deploy/app.yaml", "acme/reports:5.0.2", "acme/reports:5.0.3"], ["deploy/app.yaml", "wget -q -T 2 -O /tmp/seed http://10.96.0.1/ || echo 'seed not found, starting empty'", "curl -fsS --max-time 2 -o /tmp/seed http://10.96.0.1/"]],
    "the init container's shell has no curl (exit 127); the release is wanted",
    expected=expect("command-not-found", [(c("Deployment", "reports", "warm", "command", init=True), BEFORE)]))

scenario("command-never-there", "flux",
    {"deploy/app.yaml": dump(workload("Deployment", "thumbnailer", container("thumbs", "shop", command=["/opt/thumbs/bin/run"])))},
    [], "the first release starts a program that the image does not have, and nothing shows the right one", HUMAN, never_worked=True, expected=expect("command-not-found"))

# ---------------------------------------------------------------- crashes that name their cause
scenario("generator-literal-gone", "argocd",
    {"deploy/reports.yaml": dump(workload("Deployment", "reports", container("reports", "python", env={"REDIS_URL": None}, envFrom=[{"configMapRef": {"name": "reports-env"}}]), replicas=2), service("reports")),
     "deploy/kustomization.yaml": kustomization("reports.yaml", configMapGenerator=[{"name": "reports-env", "literals": ["REDIS_URL=redis://cache:6379/0", "LOCALE=de_DE", "RETENTION_DAYS=30"]}])},
    ["Reports: keep ninety days", ["deploy/kustomization.yaml", "      - REDIS_URL=redis://cache:6379/0\n", ""], ["deploy/kustomization.yaml", "RETENTION_DAYS=30", "RETENTION_DAYS=90"]],
    "REDIS_URL is gone from the generated ConfigMap (KeyError); ninety days are wanted",
    expected=expect("crash-on-start", [("ConfigMap/reports-env-# data.REDIS_URL", BEFORE)]))

scenario("properties-line-gone", "flux",
    {"deploy/ledger.yaml": dump(workload("Deployment", "ledger", container("ledger", "java", env={"LEDGER_GATEWAY_URL": None}, volumeMounts=[{"name": "config", "mountPath": "/config"}]), pod={"volumes": [{"name": "config", "configMap": {"name": "ledger-config"}}]}, meta={"annotations": {"owner": "team-payments"}}), service("ledger")),
     "deploy/config.yaml": dump(configmap("ledger-config", application__properties="ledger.gateway.url=https://gateway.example/v2\nledger.batch.size=50\nlogging.level.root=INFO\n"))},
    ["Ledger: quieter logs", ["deploy/config.yaml", "    ledger.gateway.url=https://gateway.example/v2\n", ""], ["deploy/config.yaml", "root=INFO", "root=WARN"], ["deploy/ledger.yaml", "      labels:\n        app: ledger\n", "      labels:\n        app: ledger\n      annotations:\n        config/version: \"2\"\n"]],
    "the line ledger.gateway.url is gone from the ConfigMap's file; only that line is wrong",
    expected=expect("crash-on-start", [('ConfigMap/ledger-config data["application.properties"]', value("ledger.gateway.url=https://gateway.example/v2\nledger.batch.size=50\nlogging.level.root=WARN\n"))]))

scenario("rust-argument", "argocd",
    {"deploy/indexer.yaml": dump(workload("Deployment", "indexer", container("indexer", "rust", args=["--port", "7700", "--threads", "2"])), service("indexer"), indented=True)},
    ["Tidy arguments, four threads", ["deploy/indexer.yaml", "- --port\n", "- --prot\n"], ["deploy/indexer.yaml", "- '2'\n", "- '4'\n"]],
    "argument --prot is unknown; four threads are wanted",
    expected=expect("crash-on-start", [(c("Deployment", "indexer", "indexer", "args[0]"), BEFORE)]))

scenario("rust-argument-first", "flux",
    {"deploy/indexer.yaml": dump(workload("StatefulSet", "search-index", container("indexer", "rust", args=["--port=7700", "--index-dri=/data"])), service("search-index", clusterIP="None"))},
    [], "argument --index-dri is unknown from the first release on; the program's own tip names --index-dir", never_worked=True,
    expected=expect("crash-on-start", [(c("StatefulSet", "search-index", "indexer", "args[1]"), value("--index-dir=/data"))]))

NGINX = "server {\n  listen 80;\n  location = /healthz {\n    return 200;\n  }\n  location /api/ {\n    proxy_pass http://127.0.0.1:9000;\n    proxy_read_timeout 30s;\n  }\n}\n"
scenario("nginx-directive", "argocd",
    {"deploy/edge.yaml": dump(workload("Deployment", "edge", container("nginx", "nginx", volumeMounts=[{"name": "conf", "mountPath": "/etc/nginx/conf.d", "readOnly": True}]), pod={"volumes": [{"name": "conf", "configMap": {"name": "edge-conf"}}]}), service("edge")),
     "deploy/kustomization.yaml": kustomization("edge.yaml", configMapGenerator=[{"name": "edge-conf", "files": ["default.conf"]}]), "deploy/default.conf": NGINX},
    ["Edge: longer timeout for exports", ["deploy/default.conf", "proxy_read_timeout 30s;", "proxy_read_timout 90s;"]],
    "unknown directive proxy_read_timout in the generated nginx configuration",
    expected=expect("crash-on-start", [('ConfigMap/edge-conf-# data["default.conf"]', BEFORE)]))

scenario("go-config-duration", "flux",
    {"deploy/pricer.yaml": dump(configmap("pricer-config", config__yaml="interval: 30s\ntimeout: 5s\nworkers: 4\ncurrency: EUR\n"), workload("Deployment", "pricer", container("pricer", "go", volumeMounts=[{"name": "config", "mountPath": "/etc/pricer"}]), pod={"volumes": [{"name": "config", "configMap": {"name": "pricer-config"}}]}, spec={"strategy": {"type": "Recreate"}}), service("pricer"))},
    [{"subject": "pricer: two replicas' worth of workers", "edit": [["deploy/pricer.yaml", "workers: 4", "workers: 8"], ["deploy/pricer.yaml", "timeout: 5s", "timeout: 10"], ["deploy/pricer.yaml", "        app: pricer\n    spec:", "        app: pricer\n      annotations:\n        config: v2\n    spec:"]]}],
    "the timeout in the ConfigMap's file lacks its unit; eight workers are wanted",
    expected=expect("crash-on-start", [('ConfigMap/pricer-config data["config.yaml"]', value("interval: 30s\ntimeout: 5s\nworkers: 8\ncurrency: EUR\n"))]))

scenario("release-crashes", "argocd",
    {"deploy/ledger.yaml": dump(workload("Deployment", "ledger", container("ledger", "java", env={"LEDGER_BATCH_SIZE": "50"})), service("ledger"))},
    ["Ledger 3.2.0", ["deploy/ledger.yaml", "acme/ledger:3.1.4", "acme/ledger:3.2.0"]],
    "the new release crashes with a NullPointerException: a bug; the last good image heals",
    expected=expect("crash-on-start", [(c("Deployment", "ledger", "ledger", "image"), BEFORE)]))

scenario("crash-nothing-changed", "flux",
    {"deploy/mailer.yaml": dump(workload("Deployment", "mailer", container("mailer", "ruby", command=["sh", "-c", "[ ! -e /state/poison ] || { echo 'rake aborted!'; echo 'ActiveRecord::StatementInvalid: PG::UndefinedColumn: ERROR:  column users.locale does not exist'; exit 1; }; exec /app/run"], volumeMounts=[{"name": "state", "mountPath": "/state"}]), pod={"volumes": [{"name": "state", "hostPath": {"path": "/tmp/state-@NAME@", "type": "DirectoryOrCreate"}}]}), service("mailer"))},
    [], "the database lacks a column that the program needs; nothing changed in git", HUMAN,
    then=[[1, "touch /tmp/state-$NAMESPACE/poison"], [2, "kubectl -n $NAMESPACE delete pod -l app=mailer"]], expected=expect("crash-on-start"))

scenario("database-password", "argocd",
    {"deploy/reports.yaml": dump(workload("Deployment", "reports", container("reports", "python", volumeMounts=[{"name": "db", "mountPath": "/run/secrets/db", "readOnly": True}]), pod={"volumes": [{"name": "db", "secret": {"secretName": "reports-db"}}]}), service("reports"))},
    ["Reports 5.0.3", ["deploy/reports.yaml", ":5.0.2", ":5.0.3"]],
    "the database refuses the password in the Secret: it was rotated elsewhere; the release is not to blame", HUMAN,
    given="apiVersion: v1\nkind: Secret\nmetadata:\n  name: reports-db\nstringData:\n  password: correct-horse\n",
    then=[[-1, "kubectl -n $NAMESPACE patch secret reports-db -p '{\"stringData\":{\"password\":\"outdated\"}}'"], [8, "kubectl -n $NAMESPACE delete pod -l app=reports"]],
    expected=expect("crash-on-start secret-missing dependency-address"))

scenario("ports-collide", "flux",
    {"deploy/pair.yaml": dump(workload("Deployment", "gateway", container("gateway", "shop", env={"PORT": "8080"}), container("admin", "node", port=3001, env={"PORT": "3001"}, ready=None, live=None, probes=False)), service("gateway"))},
    ["Admin on the usual port", ["deploy/pair.yaml", "value: '3001'", "value: '8080'"]],
    "the sidecar now listens on the port of the main container",
    expected=expect("port-conflict", [(c("Deployment", "gateway", "admin", "env[name=PORT].value"), BEFORE)]))

# ---------------------------------------------------------------- references
scenario("projected-misspelt-first", "flux",
    {"deploy/settings.yaml": dump(configmap("billing-settings", application__properties="ledger.batch.size=20\n")),
     "deploy/billing.yaml": dump(workload("StatefulSet", "billing", container("billing", "java", volumeMounts=[{"name": "all", "mountPath": "/config"}]), pod={"volumes": [{"name": "all", "projected": {"sources": [{"configMap": {"name": "billing-setings"}}, {"downwardAPI": {"items": [{"path": "labels", "fieldRef": {"fieldPath": "metadata.labels"}}]}}]}}]}), service("billing", clusterIP="None"))},
    [], "the projected volume names ConfigMap billing-setings from the first release on; it is billing-settings", never_worked=True,
    expected=expect("config-missing", [("StatefulSet/billing spec.template.spec.volumes[name=all].projected.sources[0].configMap.name", value("billing-settings"))]))

scenario("map-deleted-by-hand", "argocd",
    {"deploy/app.yaml": dump(workload("Deployment", "invoicing", container("invoicing", "dotnet", envFrom=[{"configMapRef": {"name": "tenant-overrides"}}])), service("invoicing"))},
    [], "ConfigMap tenant-overrides was made by hand and deleted by hand: somebody must make it again", HUMAN,
    given="apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: tenant-overrides\ndata:\n  TENANT: acme\n",
    then=[[1, "kubectl -n $NAMESPACE delete configmap tenant-overrides"], [3, "kubectl -n $NAMESPACE delete pod -l app=invoicing"]], expected=expect("config-missing"))

scenario("generator-renamed", "flux",
    {"base/deployment.yaml": dump(workload("Deployment", "catalog", container("catalog", "go", envFrom=[{"configMapRef": {"name": "catalog-env"}}]))), "base/service.yaml": dump(service("catalog")),
     "base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml", configMapGenerator=[{"name": "catalog-env", "literals": ["REGION=eu", "TIER=gold"]}]),
     "overlays/prod/kustomization.yaml": kustomization("../../base", namePrefix="prod-")},
    ["Name the generated map after its content", ["base/kustomization.yaml", "name: catalog-env", "name: catalog-variables"]],
    "the generator's map was renamed, the Deployment still refers to catalog-env", path="overlays/prod",
    expected=expect("config-missing", [(c("Deployment", "prod-catalog", "catalog", "envFrom[0].configMapRef.name"), ANY)]))

scenario("cron-key-renamed-in-map", "argocd",
    {"deploy/cron.yaml": dump(workload("CronJob", "reconcile-stock", {"name": "reconcile", "image": "acme/schema:22", "env": [{"name": "FLYWAY_URL", "valueFrom": {"configMapKeyRef": {"name": "stock-db", "key": "jdbc-url"}}}]})),
     "deploy/db.yaml": dump(configmap("stock-db", **{"jdbc-url": "jdbc:postgresql://10.20.0.5/stock", "pool": "4"}))},
    ["stock-db: consistent key names", ["deploy/db.yaml", "jdbc-url:", "jdbcUrl:"]],
    "the key jdbc-url of the ConfigMap was renamed to jdbcUrl, the CronJob still asks for the old one",
    expected=expect("config-key-missing", [(c("CronJob", "reconcile-stock", "reconcile", "env[name=FLYWAY_URL].valueFrom.configMapKeyRef.key"), value("jdbcUrl"))], [("ConfigMap/stock-db data", BEFORE)]))

scenario("secret-key-renamed", "flux",
    {"deploy/mailer.yaml": dump(workload("Deployment", "mailer", container("mailer", "ruby", env={"SMTP_HOST": None, "SMTP_PASSWORD": {"secretKeyRef": {"name": "mailer-smtp", "key": "password"}}}), replicas=2), service("mailer")).replace("        env:\n", "        env:\n        - name: SMTP_HOST\n          value: smtp.example\n")},
    ["Mailer 7.1.0 reads its password under the new name", ["deploy/mailer.yaml", ":7.0.5", ":7.1.0"], ["deploy/mailer.yaml", "key: password", "key: smtp-password"]],
    "Secret mailer-smtp has no key smtp-password; it was password before; the release is wanted", given="apiVersion: v1\nkind: Secret\nmetadata:\n  name: mailer-smtp\nstringData:\n  password: x\n  username: someone\n",
    expected=expect("secret-missing", [(c("Deployment", "mailer", "mailer", "env[name=SMTP_PASSWORD].valueFrom.secretKeyRef.key"), BEFORE)]))

scenario("secret-near-rendered", "argocd",
    {"deploy/secret.yaml": "apiVersion: v1\nkind: Secret\nmetadata:\n  name: storefront-session\nstringData:\n  SESSION_SALT: not-a-real-one\n",
     "deploy/web.yaml": dump(workload("Deployment", "storefront", container("web", "node", envFrom=[{"secretRef": {"name": "storefront-sessions"}}])), service("storefront"))},
    [], "the Secret is called storefront-session; the Deployment refers to storefront-sessions from the first release on", never_worked=True,
    expected=expect("secret-missing", [(c("Deployment", "storefront", "web", "envFrom[0].secretRef.name"), value("storefront-session"))]))

scenario("secret-deleted-by-hand", "flux",
    {"deploy/ds.yaml": dump(workload("DaemonSet", "edge-proxy", container("proxy", "go", volumeMounts=[{"name": "tls", "mountPath": "/tls"}]), pod={"volumes": [{"name": "tls", "secret": {"secretName": "edge-tls"}}]}))},
    [], "Secret edge-tls was deleted by hand", HUMAN, given="apiVersion: v1\nkind: Secret\nmetadata:\n  name: edge-tls\nstringData:\n  tls.crt: x\n",
    then=[[1, "kubectl -n $NAMESPACE delete secret edge-tls"], [3, "kubectl -n $NAMESPACE delete pod -l app=edge-proxy"]], expected=expect("secret-missing"))

# ---------------------------------------------------------------- memory
def helm_release(name, values="", more="", chart="./charts/web"):
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
              chart: {chart}
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
        """) + more + values


LIVE_VALUES = "image:\n  repository: acme/payments\n  tag: 1.4.0\nresources:\n  requests:\n    memory: 24Mi\n  limits:\n    memory: 160Mi # the catalogue fits\nextraEnv:\n  - name: CACHE_MB\n    value: \"90\"\n  - name: PORT\n    value: \"3000\"\n  - name: READY_PATH\n    value: /api/health\n"
HUNGRY = {**CHART, "charts/web/templates/deployment.yaml": CHART["charts/web/templates/deployment.yaml"].replace('args: ["dist/server.js"]', 'args: ["serve"]')}
scenario("memory-values-from", "flux",
    {**HUNGRY, "apps/release.yaml": helm_release("storefront", more="  valuesFrom:\n    - kind: ConfigMap\n      name: storefront-values\n"),
     "apps/values.yaml": dump(configmap("storefront-values", values__yaml=LIVE_VALUES))},
    ["Payments 1.4.1, right-size", ["apps/values.yaml", "tag: 1.4.0", "tag: 1.4.1"], ["apps/values.yaml", "memory: 160Mi", "memory: 64Mi"]],
    "the memory limit in the release's values is below what the program needs; the release is wanted", path="apps",
    expected=expect("out-of-memory", [(c("Deployment", "storefront", "web", "resources.limits.memory"), BEFORE)], [(c("Deployment", "storefront", "web", "resources.limits.memory"), at_least("100Mi"))]))

scenario("cron-needs-more", "argocd",
    {"deploy/cron.yaml": dump(workload("CronJob", "rebuild-index", {"name": "rebuild", "image": "busybox:1.36", "command": ["sh", "-c", "echo rebuilding; exec dd if=/dev/zero of=/dev/null bs=${SHARD_MB}M count=1"], "env": [{"name": "SHARD_MB", "value": "20"}], "resources": {"limits": {"memory": "48Mi"}, "requests": {"memory": "32Mi"}}}))},
    ["Bigger shards", ["deploy/cron.yaml", "value: '20'", "value: '70'"]],
    "the bigger shards need more memory than the limit of 48Mi",
    expected=expect("out-of-memory", [(c("CronJob", "rebuild-index", "rebuild", "resources.limits.memory"), at_least("80Mi"))], [(c("CronJob", "rebuild-index", "rebuild", "env[name=SHARD_MB].value"), BEFORE)]))

scenario("init-memory-first", "flux",
    {"deploy/app.yaml": dump(workload("StatefulSet", "pricing", container("pricer", "go"), pod={"initContainers": [{"name": "load-rates", "image": "busybox:1.36", "command": ["dd", "if=/dev/zero", "of=/dev/null", "bs=45M", "count=1"], "resources": {"requests": {"memory": "16Mi"}, "limits": {"memory": "32Mi"}}}]}), service("pricing", clusterIP="None"))},
    [], "the init container needs more than its 32Mi from the first release on", never_worked=True,
    expected=expect("out-of-memory", [(c("StatefulSet", "pricing", "load-rates", "resources.limits.memory", init=True), at_least("50Mi"))]))

# ---------------------------------------------------------------- probes
scenario("tcp-liveness-named", "argocd",
    {"deploy/ledger.yaml": dump(workload("StatefulSet", "ledger", container("ledger", "java", live={"tcpSocket": {"port": "http"}, "initialDelaySeconds": 6, "periodSeconds": 5, "failureThreshold": 2})), service("ledger", clusterIP="None"))},
    ["Probe the management port", ["deploy/ledger.yaml", "tcpSocket:\n            port: http", "tcpSocket:\n            port: 8081"], ["deploy/ledger.yaml", "ledger:3.1.4", "ledger:3.1.3"]],
    "the liveness probe asks port 8081, where nothing listens; the release 3.1.3 is wanted",
    expected=expect("liveness-probe", [(c("StatefulSet", "ledger", "ledger", "livenessProbe.tcpSocket.port"), BEFORE)], [(c("StatefulSet", "ledger", "ledger", "livenessProbe.tcpSocket.port"), value(8080))]))

scenario("exec-readiness-sidecar", "flux",
    {"deploy/feed.yaml": dump(workload("Deployment", "feed", container("feed", "shop"), {"name": "sync", "image": "busybox:1.37", "command": ["sh", "-c", "touch /tmp/synced; while true; do sleep 30; done"], "readinessProbe": {"exec": {"command": ["cat", "/tmp/synced"]}, "periodSeconds": 5}}), service("feed"))},
    ["sync: ready file moved", ["deploy/feed.yaml", "- /tmp/synced", "- /var/run/synced"]],
    "the sidecar's readiness probe reads /var/run/synced, which the program never writes",
    expected=expect("readiness-probe", [(c("Deployment", "feed", "sync", "readinessProbe.exec.command"), BEFORE)]))

scenario("startup-first-release", "argocd",
    {"deploy/ledger.yaml": dump(workload("Deployment", "ledger-cold", container("ledger", "java", env={"START_SECONDS": "40"}, startupProbe={"httpGet": {"path": "/actuator/health/liveness", "port": "http"}, "periodSeconds": 5, "failureThreshold": 3}), deadline=300), service("ledger-cold"))},
    [], "the startup probe gives 15 s, the program needs 40 s from the first release on", never_worked=True,
    expected=expect("startup-probe", [(c("Deployment", "ledger-cold", "ledger", "startupProbe.failureThreshold"), at_least("9"))]))

scenario("port-moved-probes-not", "flux",
    {"deploy/api.yaml": dump(workload("Deployment", "quotes", container("quotes", "shop", env={"PORT": "8080"})), service("quotes"))},
    ["Quotes listens on 8090 as all our services", ["deploy/api.yaml", "value: '8080'", "value: '8090'"]],
    "the program listens on 8090 now; its port, its probes and its Service still say 8080",
    expected=expect("liveness-probe readiness-probe", [(c("Deployment", "quotes", "quotes", "env[name=PORT].value"), BEFORE)], [(c("Deployment", "quotes", "quotes", "ports"), ANY)]))

# ---------------------------------------------------------------- scheduling
scenario("cpu-unit-lost-chart", "argocd", CHART,
    ["More CPU for the sale", ["env/common.yaml", "cpu: 10m", "cpu: 1500"], ["env/prod.yaml", 'value: "25"', 'value: "40"']],
    "cpu 1500 without its unit; the page size is wanted", path="charts/web", source=VALUES,
    expected=expect("unschedulable-resources", [(c("Deployment", "web", "web", "resources.requests.cpu"), BEFORE)], [(c("Deployment", "web", "web", "resources.requests.cpu"), value("1500m"))]))

scenario("cluster-full", "flux",
    {"deploy/api.yaml": dump(workload("Deployment", "render-farm", container("render", "shop", resources={"requests": {"cpu": "400m", "memory": "16Mi"}, "limits": {"memory": "64Mi"}})))},
    ["Scale the farm for the campaign", ["deploy/api.yaml", "replicas: 1", "replicas: 6"]],
    "six replicas of 400m do not fit on the node: more nodes, or fewer replicas, which is a human's decision", HUMAN, expected=expect("unschedulable-resources"))

scenario("gpu-asked", "argocd",
    {"deploy/api.yaml": dump(workload("Deployment", "transcribe", container("transcribe", "shop")))},
    ["Transcribe on GPUs", ["deploy/api.yaml", "            memory: 96Mi", "            memory: 96Mi\n            nvidia.com/gpu: 1"]],
    "no node has a GPU: a human decides", HUMAN, expected=expect("unschedulable-resources"))

scenario("anti-affinity-added", "flux",
    {"base/web.yaml": dump(workload("Deployment", "web", container("web", "node"), replicas=2)), "base/kustomization.yaml": kustomization("web.yaml"),
     "overlays/prod/kustomization.yaml": kustomization("../../base", patches=[{"path": "spread.yaml"}]),
     "overlays/prod/spread.yaml": "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  template:\n    spec:\n      affinity:\n        podAntiAffinity:\n          preferredDuringSchedulingIgnoredDuringExecution:\n            - weight: 100\n              podAffinityTerm:\n                topologyKey: kubernetes.io/hostname\n                labelSelector:\n                  matchLabels:\n                    app: web\n"},
    ["Never two on a node", ["overlays/prod/spread.yaml", "          preferredDuringSchedulingIgnoredDuringExecution:\n            - weight: 100\n              podAffinityTerm:\n                topologyKey: kubernetes.io/hostname\n                labelSelector:\n                  matchLabels:\n                    app: web\n",
      "          requiredDuringSchedulingIgnoredDuringExecution:\n            - topologyKey: kubernetes.io/hostname\n              labelSelector:\n                matchLabels:\n                  app: web\n"]],
    "two replicas may no longer share the only node", path="overlays/prod",
    expected=expect("unschedulable-placement", [("Deployment/web spec.template.spec.affinity", BEFORE)]))

scenario("selector-key-misspelt-first", "argocd",
    {"deploy/job.yaml": dump(workload("DaemonSet", "cleanup", container("cleanup", "shop"), pod={"nodeSelector": {"kubernetes.io/os": "linux", "kubernetes.io/arch": "amd46"}})), "deploy/api.yaml": dump(workload("Deployment", "cleanup-api", container("api", "shop"), pod={"nodeSelector": {"kubernetes.io/arch": "amd46"}}))},
    [], "the node label kubernetes.io/arch is amd64; amd46 from the first release on", never_worked=True,
    expected=expect("unschedulable-placement", [("Deployment/cleanup-api spec.template.spec.nodeSelector[\"kubernetes.io/arch\"]", value("amd64"))]))

# ---------------------------------------------------------------- volumes
PV = text("""
    apiVersion: v1
    kind: PersistentVolume
    metadata:
      name: "@NAME@-media"
    spec:
      capacity: {storage: 1Gi}
      accessModes: [ReadWriteOnce]
      storageClassName: ""
      claimRef: {namespace: "@NAME@", name: media-data}
      hostPath: {path: "/tmp/pv-@NAME@", type: DirectoryOrCreate}
    """)
CLAIM = text("""
    apiVersion: v1
    kind: PersistentVolumeClaim
    metadata:
      name: media-data
    spec:
      accessModes:
        - ReadWriteOnce
      storageClassName: ""
      resources:
        requests:
          storage: 1Gi
    """)
MEDIA = dump(workload("Deployment", "media", container("media", "shop", volumeMounts=[{"name": "data", "mountPath": "/data"}]), pod={"volumes": [{"name": "data", "persistentVolumeClaim": {"claimName": "media-data"}}]}, spec={"strategy": {"type": "Recreate"}}), service("media"))
scenario("claim-renamed", "flux", {"deploy/media.yaml": MEDIA, "deploy/claim.yaml": CLAIM},
    ["Media: claim after our naming scheme", ["deploy/media.yaml", "claimName: media-data", "claimName: data-media"]],
    "claim data-media does not exist, it is media-data", given=PV,
    expected=expect("volume-unbound", [("Deployment/media spec.template.spec.volumes[name=data].persistentVolumeClaim.claimName", BEFORE)]))
scenario("claim-mode-immutable", "argocd", {"deploy/media.yaml": MEDIA, "deploy/claim.yaml": CLAIM},
    ["Share the media volume", ["deploy/claim.yaml", "- ReadWriteOnce", "- ReadWriteMany"]],
    "the access mode of a claim that exists cannot be changed", given=PV,
    expected=expect("invalid-manifest volume-unbound", [("PersistentVolumeClaim/media-data spec.accessModes", BEFORE)]))
scenario("claim-too-large-first", "flux", {"deploy/media.yaml": MEDIA, "deploy/claim.yaml": CLAIM.replace("storage: 1Gi", "storage: 500Gi")},
    [], "no volume has 500Gi; a human decides", HUMAN, given=PV, never_worked=True, expected=expect("volume-unbound"))

scenario("subpath-dropped", "argocd",
    {"deploy/pricer.yaml": dump(configmap("pricer-config", config__yaml="interval: 30s\nworkers: 4\n"), workload("Deployment", "pricer", container("pricer", "go", args=["-config=/app/config.yaml"], volumeMounts=[{"name": "config", "mountPath": "/app/common.sh.d/config.yaml", "subPath": "config.yaml"}, {"name": "config", "mountPath": "/app/config.yaml", "subPath": "config.yaml"}]), pod={"volumes": [{"name": "config", "configMap": {"name": "pricer-config"}}]}), service("pricer")), },
    ["Mount the folder, not the file", ["deploy/pricer.yaml", "mountPath: /app/config.yaml\n          subPath: config.yaml", "mountPath: /app/common.sh"]],
    "a folder is mounted over the image's file /app/common.sh; before, the file was mounted by subPath",
    expected=expect("volume-mount", [(c("Deployment", "pricer", "pricer", "volumeMounts"), BEFORE)]))

scenario("mount-hides-program", "flux",
    {"deploy/shop.yaml": dump(workload("Deployment", "kiosk", container("kiosk", "shop", command=["/bin/shop", "serve"], volumeMounts=[{"name": "scratch", "mountPath": "/scratch"}]), pod={"volumes": [{"name": "scratch", "emptyDir": {}}]}), service("kiosk"))},
    ["Scratch where the program looks for it", ["deploy/shop.yaml", "mountPath: /scratch", "mountPath: /bin"]],
    "the volume mounted at /bin hides the program",
    expected=expect("command-not-found volume-mount", [(c("Deployment", "kiosk", "kiosk", "volumeMounts"), BEFORE)]))

# ---------------------------------------------------------------- services
scenario("tier-label-moved", "argocd",
    {"deploy/cart.yaml": dump(workload("Deployment", "cart", container("cart", "node"), labels={"tier": "web"}), service("cart", selector={"app": "cart", "tier": "web"})), "deploy/cart-jobs.yaml": dump(workload("Deployment", "cart-jobs", container("jobs", "shop"), labels={"tier": "jobs"}))},
    ["Tiers: web is frontend now", ["deploy/cart.yaml", "        tier: web\n    spec:", "        tier: frontend\n    spec:"]],
    "the pods' label tier changed to frontend, the Service still selects web",
    expected=expect("service-no-endpoints", [("Service/cart spec.selector.tier", value("frontend"))], [("Deployment/cart spec.template.metadata.labels.tier", BEFORE)]))

scenario("target-port-number", "flux",
    {"deploy/quotes.yaml": dump(workload("Deployment", "quotes", container("quotes", "shop")), service("quotes", target=8080))},
    ["quotes: service port per convention", ["deploy/quotes.yaml", "targetPort: 8080", "targetPort: 8081"], ["deploy/quotes.yaml", "port: 80\n", "port: 8000\n"]],
    "targetPort 8081 is no port of the pods (8080); port 8000 of the Service is wanted",
    expected=expect("service-port", [("Service/quotes spec.ports[name=http].targetPort", BEFORE)], [("Service/quotes spec.ports[name=http].targetPort", value("http"))]))

scenario("target-port-chart-value", "argocd", CHART,
    ["web: separate metrics port", ["env/prod.yaml", "replicaCount: 1\n", "replicaCount: 1\nservice:\n  targetPort: web\n"], ["env/prod.yaml", 'value: "25"', 'value: "30"']],
    "the Service's target port web is no port of the pods", path="charts/web", source=VALUES,
    expected=expect("service-port", [("Service/web spec.ports[name=http].targetPort", BEFORE)]))

INGRESS = dump({"apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "metadata": {"name": "shopfront"}, "spec": {"ingressClassName": "edge", "rules": [{"host": "shop.acme.example", "http": {"paths": [{"path": "/", "pathType": "Prefix", "backend": {"service": {"name": "shopfront", "port": {"number": 80}}}}]}}]}})
CLASS = "apiVersion: networking.k8s.io/v1\nkind: IngressClass\nmetadata:\n  name: edge\nspec:\n  controller: acme.example/edge\n"
ADMITTED = "for i in 1 2 3 4 5 6 7 8 9 10; do kubectl -n $NAMESPACE patch ingress shopfront --subresource=status --type=merge -p '{\"status\":{\"loadBalancer\":{\"ingress\":[{\"ip\":\"10.99.0.9\"}]}}}' && break; sleep 3; done"
scenario("ingress-service-renamed", "argocd",
    {"deploy/front.yaml": dump(workload("Deployment", "shopfront", container("web", "node")), service("shopfront")), "deploy/ingress.yaml": INGRESS},
    ["Service names get a suffix", ["deploy/front.yaml", "kind: Service\nmetadata:\n  name: shopfront", "kind: Service\nmetadata:\n  name: shopfront-svc"]],
    "the Ingress sends to Service shopfront, which is called shopfront-svc now", given=CLASS, then=[[-20, ADMITTED]],
    expected=expect("ingress-backend", [("Ingress/shopfront spec.rules[0].http.paths[0].backend.service.name", value("shopfront-svc"))]))
scenario("ingress-port-wrong", "flux",
    {"deploy/front.yaml": dump(workload("Deployment", "shopfront", container("web", "node")), service("shopfront")), "deploy/ingress.yaml": INGRESS},
    ["Ingress: talk to the program directly", ["deploy/ingress.yaml", "number: 80", "number: 3000"]],
    "the Service has no port 3000", given=CLASS, then=[[-20, ADMITTED]], spec={"wait": False},
    expected=expect("ingress-backend", [("Ingress/shopfront spec.rules[0].http.paths[0].backend.service.port", BEFORE)]))

# ---------------------------------------------------------------- accounts, quotas, security
scenario("account-not-created", "argocd", CHART,
    ["web: bring our own account", ["env/prod.yaml", "replicaCount: 1\n", "replicaCount: 1\nserviceAccount:\n  create: false\n  name: web-runtime\n"], ["env/prod.yaml", 'value: "25"', 'value: "24"']],
    "service account web-runtime exists nowhere: somebody creates it, or lets the chart create its own", HUMAN, path="charts/web", source=VALUES,
    expected=expect("service-account-missing"))
scenario("account-unknown-job", "flux",
    {"deploy/job.yaml": dump(workload("Job", "load-fixtures", {"name": "load", "image": "acme/schema:22", "env": [{"name": "FLYWAY_URL", "value": "jdbc:postgresql://10.20.0.5/x"}]}, pod={"serviceAccountName": "fixtures-loader"}))},
    [], "service account fixtures-loader exists nowhere: a human must create it", HUMAN, never_worked=True, expected=expect("service-account-missing"))

QUOTA = "apiVersion: v1\nkind: ResourceQuota\nmetadata:\n  name: compute\nspec:\n  hard:\n    requests.cpu: 200m\n    limits.memory: 512Mi\n"
scenario("quota-demands-limit", "argocd",
    {"deploy/api.yaml": dump(workload("Deployment", "vouchers", container("vouchers", "shop")), service("vouchers"))},
    ["vouchers: no limits, we watch usage instead", ["deploy/api.yaml", "          limits:\n            memory: 96Mi\n", ""], ["deploy/api.yaml", "checkout:1.4.1", "checkout:1.4.2"]],
    "the quota demands limits.memory, which the commit dropped; the release is wanted", given=QUOTA,
    expected=expect("quota", [(c("Deployment", "vouchers", "vouchers", "resources.limits"), BEFORE)]))
scenario("quota-cpu-raised", "flux",
    {"deploy/api.yaml": dump(workload("Deployment", "loyalty", container("loyalty", "node", resources={"requests": {"cpu": "50m", "memory": "24Mi"}, "limits": {"memory": "96Mi"}})), service("loyalty"))},
    ["loyalty: headroom", ["deploy/api.yaml", "cpu: 50m", "cpu: 250m"]],
    "250m of CPU exceed the quota of 200m; 50m fitted", given=QUOTA,
    expected=expect("quota", [(c("Deployment", "loyalty", "loyalty", "resources.requests.cpu"), BEFORE)]))
scenario("limit-range-ratio", "argocd",
    {"deploy/api.yaml": dump(workload("StatefulSet", "ratings", container("ratings", "shop", resources={"requests": {"cpu": "50m", "memory": "32Mi"}, "limits": {"cpu": "200m", "memory": "96Mi"}})), service("ratings", clusterIP="None"))},
    ["ratings: bursts", ["deploy/api.yaml", "cpu: 200m", "cpu: '1'"]],
    "the LimitRange allows a CPU limit of at most four times the request", given="apiVersion: v1\nkind: LimitRange\nmetadata:\n  name: ratio\nspec:\n  limits:\n    - type: Container\n      maxLimitRequestRatio: {cpu: 4}\n",
    expected=expect("limit-range", [(c("StatefulSet", "ratings", "ratings", "resources.limits.cpu"), BEFORE)]))

RESTRICTED = {"runAsNonRoot": True, "runAsUser": 1000, "allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}, "seccompProfile": {"type": "RuntimeDefault"}}
scenario("restricted-loosened", "flux",
    {"deploy/web.yaml": dump(workload("Deployment", "portal", container("web", "node", securityContext=RESTRICTED)), service("portal"))},
    ["portal 9.4.1, debug capabilities", ["deploy/web.yaml", "storefront:9.4.0", "storefront:9.4.1"], ["deploy/web.yaml", "          allowPrivilegeEscalation: false\n          capabilities:\n            drop:\n            - ALL\n", ""]],
    "the namespace's level restricted wants allowPrivilegeEscalation false and all capabilities dropped; the release is wanted", labels={"pod-security.kubernetes.io/enforce": "restricted"},
    expected=expect("pod-security", [(c("Deployment", "portal", "web", "securityContext"), BEFORE)]))
scenario("host-network-added", "argocd",
    {"deploy/ds.yaml": dump(workload("DaemonSet", "metrics-agent", container("agent", "go")))},
    ["agent: see the node's interfaces", ["deploy/ds.yaml", "    spec:\n      containers:", "    spec:\n      hostNetwork: true\n      containers:"]],
    "the namespace's level baseline refuses hostNetwork", labels={"pod-security.kubernetes.io/enforce": "baseline"},
    expected=expect("pod-security", [("DaemonSet/metrics-agent spec.template.spec.hostNetwork", GONE)], [("DaemonSet/metrics-agent spec.template.spec.hostNetwork", value(False))]))
scenario("run-as-user-dropped", "argocd",
    {**CHART, "env/prod.yaml": CHART["env/prod.yaml"] + "podSecurityContext:\n  runAsNonRoot: true\n  runAsUser: 1000\n  fsGroup: 1000\ninit:\n  enabled: false\n"},
    ["web: the image brings its user", ["env/prod.yaml", "  runAsUser: 1000\n", ""], ["env/prod.yaml", 'value: "25"', 'value: "26"']],
    "without runAsUser the image runs as root, which runAsNonRoot refuses", path="charts/web", source=VALUES,
    expected=expect("run-as-root-image", [("Deployment/web spec.template.spec.securityContext.runAsUser", BEFORE)]))
scenario("user-by-name", "flux",
    {"deploy/web.yaml": dump(workload("Deployment", "account", container("web", "node"), pod={"securityContext": {"runAsNonRoot": True}}))},
    [], "the image's user is a name, which the kubelet cannot check against runAsNonRoot: the image must name a number", HUMAN, never_worked=True, expected=expect("run-as-root-image"))
SCENARIOS[-1]["files"] = {"deploy/web.yaml": SCENARIOS[-1]["files"]["deploy/web.yaml"].replace("acme/storefront:9.4.0", "acme/storefront-rootless:9.4.1")}

ROLE = dump({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "operator"}},
    {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role", "metadata": {"name": "operator"}, "rules": [{"apiGroups": [""], "resources": ["configmaps"], "verbs": ["get", "list", "watch"]}]},
    {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding", "metadata": {"name": "operator"}, "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "operator"}, "subjects": [{"kind": "ServiceAccount", "name": "operator", "namespace": "@NAME@"}]})
scenario("role-loses-verb", "argocd",
    {"deploy/rbac.yaml": ROLE, "deploy/operator.yaml": dump(workload("Deployment", "operator", container("manager", "operator"), pod={"serviceAccountName": "operator"}, spec={"strategy": {"type": "Recreate"}}))},
    ["operator 1.2.1, least privilege", ["deploy/rbac.yaml", "  - list\n", ""], ["deploy/operator.yaml", ":1.2.0", ":1.2.1"]],
    "the operator's account may not list configmaps any more: permissions are a human's decision", HUMAN, expected=expect("rbac-forbidden"))

# ---------------------------------------------------------------- jobs and schedules
scenario("job-deadline", "flux",
    {"deploy/job.yaml": dump(workload("Job", "backfill-7", {"name": "backfill", "image": "acme/schema:22", "env": [{"name": "FLYWAY_URL", "value": "jdbc:postgresql://10.20.0.5/x"}, {"name": "WORK_SECONDS", "value": "15"}]}, spec={"activeDeadlineSeconds": 120}))},
    ["Backfill 8, fail fast", ["deploy/job.yaml", "name: backfill-7", "name: backfill-8"], ["deploy/job.yaml", "activeDeadlineSeconds: 120", "activeDeadlineSeconds: 5"], ["deploy/job.yaml", "acme/schema:22", "acme/schema:23"]],
    "the Job needs 15 s and may take 5; name and release are wanted",
    expected=expect("job-failed", [("Job/backfill-8 spec.activeDeadlineSeconds", BEFORE)], [("Job/backfill-8 spec.activeDeadlineSeconds", at_least("15"))]))
scenario("cron-schedule-range", "argocd",
    {"deploy/cron.yaml": dump(workload("CronJob", "nightly-export", {"name": "export", "image": "acme/schema:22", "env": [{"name": "FLYWAY_URL", "value": "jdbc:postgresql://10.20.0.5/x"}]}, spec={"schedule": "30 2 * * *"}))},
    ["Export later at night", ["deploy/cron.yaml", "schedule: 30 2 * * *", "schedule: 30 24 * * *"]],
    "hour 24 is no valid schedule",
    expected=expect("cron-invalid invalid-manifest", [("CronJob/nightly-export spec.schedule", BEFORE)]))
scenario("job-template-immutable", "flux",
    {"deploy/job.yaml": dump(workload("Job", "seed", {"name": "seed", "image": "acme/schema:22", "env": [{"name": "FLYWAY_URL", "value": "jdbc:postgresql://10.20.0.5/x"}]}))},
    ["Seed with schema 23", ["deploy/job.yaml", "acme/schema:22", "acme/schema:23"]],
    "the template of a Job that exists cannot be changed: delete it, or give the new one a new name", HUMAN, expected=expect("invalid-manifest job-failed"))

# ---------------------------------------------------------------- autoscaler
HPA = {"apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler", "metadata": {"name": "tickets"}, "spec": {"minReplicas": 1, "maxReplicas": 3, "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "tickets"}, "metrics": [{"type": "Resource", "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 70}}}]}}
scenario("scale-target-misspelt", "flux",
    {"deploy/tickets.yaml": dump(workload("Deployment", "tickets", container("web", "node")), service("tickets")), "deploy/hpa.yaml": dump({**HPA, "spec": {**HPA["spec"], "scaleTargetRef": {**HPA["spec"]["scaleTargetRef"], "name": "ticket"}}})},
    [], "the autoscaler's target is called tickets, not ticket, from the first release on", never_worked=True, spec={"wait": False},
    expected=expect("autoscaler", [("HorizontalPodAutoscaler/tickets spec.scaleTargetRef.name", value("tickets"))]))
scenario("no-metrics", "argocd",
    {"deploy/tickets.yaml": dump(workload("Deployment", "tickets", container("web", "node")), service("tickets"))},
    ["tickets: scale with load", ["deploy/hpa.yaml", None, dump(HPA)]],
    "the cluster has no metrics API: the autoscaler cannot work until somebody installs one", HUMAN, expected=expect("autoscaler"))

# ---------------------------------------------------------------- manifests and rendering
scenario("number-where-text", "argocd",
    {"deploy/api.yaml": dump(workload("Deployment", "offers", container("offers", "node", env={"PAGE_SIZE": "30"})), service("offers")).replace("value: '30'", "value: 30")},
    [], "an environment value is a number from the first release on; it must be text", never_worked=True,
    expected=expect("invalid-manifest", [(c("Deployment", "offers", "offers", "env[name=PAGE_SIZE].value"), value("30"))]))
scenario("port-name-long", "flux",
    {"deploy/api.yaml": dump(workload("Deployment", "sizes", container("sizes", "shop")), service("sizes"))},
    ["Speaking port names", ["deploy/api.yaml", "name: http\n          containerPort", "name: http-public-traffic\n          containerPort"], ["deploy/api.yaml", "targetPort: http", "targetPort: http-public-traffic"]],
    "a port name may have at most 15 characters",
    expected=expect("invalid-manifest", *[[(c("Deployment", "sizes", "sizes", "ports[name=http]"), BEFORE), (c("Deployment", "sizes", "sizes", "ports[name=http-public-traffic]"), GONE), *more]
                                          for more in ([], [("Service/sizes spec.ports[name=http].targetPort", BEFORE)])]))
scenario("claim-template-changed", "argocd",
    {"deploy/db.yaml": dump(workload("StatefulSet", "queue", container("queue", "shop"), spec={"volumeClaimTemplates": [{"metadata": {"name": "data"}, "spec": {"accessModes": ["ReadWriteOnce"], "storageClassName": "", "volumeName": "@NAME@-queue", "resources": {"requests": {"storage": "1Gi"}}}}]}), service("queue", clusterIP="None"))},
    ["queue: more room, 1.4.2", ["deploy/db.yaml", "storage: 1Gi", "storage: 5Gi"], ["deploy/db.yaml", "checkout:1.4.1", "checkout:1.4.2"]],
    "the claim templates of a StatefulSet that exists cannot be changed; the release is wanted",
    given=PV.replace("-media", "-queue").replace("name: media-data", "name: data-queue-0"),
    expected=expect("invalid-manifest", [("StatefulSet/queue spec.volumeClaimTemplates", BEFORE)]))
scenario("old-api-version", "flux",
    {"deploy/cron.yaml": dump(workload("CronJob", "digest-mail", {"name": "digest", "image": "acme/schema:22", "env": [{"name": "FLYWAY_URL", "value": "jdbc:postgresql://10.20.0.5/x"}]}))},
    ["Align CronJob with the other repositories", ["deploy/cron.yaml", "apiVersion: batch/v1\n", "apiVersion: batch/v1beta1\n"], ["deploy/cron.yaml", "acme/schema:22", "acme/schema:23"]],
    "batch/v1beta1 is gone from the cluster; the release is wanted",
    expected=expect("invalid-manifest", [("CronJob/digest-mail apiVersion", BEFORE)]))
scenario("patch-target-renamed", "argocd",
    {"base/api.yaml": dump(workload("Deployment", "checkout", container("checkout", "shop")), service("checkout")), "base/kustomization.yaml": kustomization("api.yaml"),
     "overlays/prod/kustomization.yaml": kustomization("../../base", patches=[{"path": "replicas.yaml"}]), "overlays/prod/replicas.yaml": "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: checkout\nspec:\n  replicas: 2\n"},
    ["Fix a typo in the overlay", ["overlays/prod/replicas.yaml", "name: checkout", "name: chekout"]],
    "the patch names a Deployment that is not there", path="overlays/prod", expected=expect("render-failed"))
scenario("resource-twice", "flux",
    {"base/api.yaml": dump(workload("Deployment", "news", container("news", "shop")), service("news")), "base/kustomization.yaml": kustomization("api.yaml"), "overlays/prod/kustomization.yaml": kustomization("../../base")},
    ["Say explicitly what prod runs", ["overlays/prod/kustomization.yaml", "  - ../../base\n", "  - ../../base\n  - ../../base/api.yaml\n"]],
    "the same objects are listed twice", path="overlays/prod", expected=expect("render-failed"))
scenario("required-value-gone", "argocd",
    {**CHART, "charts/web/templates/deployment.yaml": CHART["charts/web/templates/deployment.yaml"].replace("value: https://api.example", 'value: {{ required "apiBaseUrl must be set" .Values.apiBaseUrl | quote }}'), "env/prod.yaml": CHART["env/prod.yaml"] + "apiBaseUrl: https://api.example\n"},
    ["prod: only what differs", ["env/prod.yaml", "apiBaseUrl: https://api.example\n", ""], ["env/prod.yaml", "tag: 9.4.0", "tag: 9.4.1"]],
    "the chart requires apiBaseUrl, which the values no longer set; the release is wanted", path="charts/web", source=VALUES, expected=expect("helm-failed render-failed", keep=[(c("Deployment", "web", "web", "image"), value("acme/storefront:9.4.1"))]))
scenario("values-schema", "flux",
    {**CHART, "charts/web/values.schema.json": '{"$schema": "https://json-schema.org/draft-07/schema#", "type": "object", "properties": {"replicaCount": {"type": "integer", "minimum": 1}}}\n', "apps/release.yaml": helm_release("shop-web", values="  values:\n    replicaCount: 1\n    image:\n      tag: 9.4.0\n    resources:\n      limits:\n        memory: 96Mi\n")},
    ["Two of them, 9.4.1", ["apps/release.yaml", "replicaCount: 1", "replicaCount: \"two\""], ["apps/release.yaml", "tag: 9.4.0", "tag: 9.4.1"]],
    "the chart's schema wants a number of replicas; the release is wanted", path="apps", expected=expect("helm-failed invalid-manifest render-failed", [("Deployment/shop-web spec.replicas", BEFORE)], keep=[(c("Deployment", "shop-web", "web", "image"), value("acme/storefront:9.4.1"))]))
scenario("substitute-from-parent", "flux",
    {"clusters/prod/apps.yaml": text("""
        apiVersion: kustomize.toolkit.fluxcd.io/v1
        kind: Kustomization
        metadata:
          name: "@NAME@-apps"
          namespace: flux-system
        spec:
          interval: 30s
          retryInterval: 20s
          timeout: 60s
          path: ./apps
          prune: true
          wait: true
          targetNamespace: "@NAME@"
          sourceRef:
            kind: GitRepository
            name: "@NAME@"
          postBuild:
            substitute:
              api: https://api.example
              release: 9.4.0
        """),
     "apps/web.yaml": dump(workload("Deployment", "web", container("web", "node", image="acme/storefront:${release}", env={"API_BASE_URL": "${api}"})), service("web"))},
    ["prod: 9.4.1, the address comes from elsewhere", ["clusters/prod/apps.yaml", "release: 9.4.0", "release: 9.4.1"], ["clusters/prod/apps.yaml", "api: https://api.example", 'api: ""']],
    "API_BASE_URL is substituted from the parent's file and is empty; the release is wanted", path="clusters/prod", spec={"targetNamespace": None},
    expected=expect("crash-on-start", [(c("Deployment", "web", "web", "env[name=API_BASE_URL].value"), BEFORE)]))

# ---------------------------------------------------------------- addresses and networks
INVENTORY = dump(workload("Deployment", "rates", container("rates", "shop", image="acme/catalog:1.4.1")), service("rates", clusterIP="10.96.180.21"))
HOSTS = [{"ip": "10.96.180.21", "hostnames": ["rates", "rates.@NAME@.svc"]}]
scenario("service-address-first", "argocd",
    {"deploy/rates.yaml": INVENTORY, "deploy/pricer.yaml": dump(configmap("pricer-config", config__yaml="interval: 30s\n"), workload("Deployment", "pricer", container("pricer", "go", env={"FX_ADDR": "raets:80"}, volumeMounts=[{"name": "config", "mountPath": "/etc/pricer"}]), pod={"hostAliases": HOSTS, "volumes": [{"name": "config", "configMap": {"name": "pricer-config"}}]}), service("pricer"))},
    [], "the address of the rates Service is misspelt from the first release on", never_worked=True,
    expected=expect("dependency-address", [(c("Deployment", "pricer", "pricer", "env[name=FX_ADDR].value"), value("rates:80"))]))
scenario("external-host-gone", "flux",
    {"deploy/reports.yaml": dump(workload("Deployment", "reports", container("reports", "python", command=["sh", "-c", "[ ! -e /state/dns-broken ] || export DATABASE_HOST=reports-db.acme.example; exec /app/run reports.wsgi:application --bind 0.0.0.0:8000"], volumeMounts=[{"name": "state", "mountPath": "/state"}]), pod={"volumes": [{"name": "state", "hostPath": {"path": "/tmp/state-@NAME@", "type": "DirectoryOrCreate"}}]}), service("reports"))},
    ["Reports 5.0.3", ["deploy/reports.yaml", ":5.0.2", ":5.0.3"]],
    "the external database's name does not resolve any more; the release is not to blame", HUMAN,
    then=[[-1, "touch /tmp/state-$NAMESPACE/dns-broken"]], expected=expect("dependency-address"))

scenario("dns-server-changed", "argocd",
    {"deploy/pricer.yaml": dump(configmap("pricer-config", config__yaml="interval: 30s\n"), workload("Deployment", "pricer", container("pricer", "go", env={"CHECK_DNS": "1"}, volumeMounts=[{"name": "config", "mountPath": "/etc/pricer"}]), pod={"dnsPolicy": "ClusterFirst", "volumes": [{"name": "config", "configMap": {"name": "pricer-config"}}]}), service("pricer"))},
    ["pricer: our own resolver", ["deploy/pricer.yaml", "dnsPolicy: ClusterFirst", "dnsPolicy: None\n      dnsConfig:\n        nameservers:\n        - 10.0.0.53"]],
    "the resolver 10.0.0.53 does not answer; ClusterFirst worked",
    expected=expect("dns-policy", [("Deployment/pricer spec.template.spec.dnsPolicy", BEFORE), ("Deployment/pricer spec.template.spec.dnsConfig", GONE)]))

scenario("policy-blocks", "flux",
    {"deploy/web.yaml": dump(workload("Deployment", "web", container("web", "node", env={"CATALOG_HOST": "10.99.0.77", "CATALOG_PORT": "5432"})), service("web"))},
    ["Zero trust: deny egress by default, web 9.4.1", ["deploy/policy.yaml", None, dump({"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": {"name": "deny-egress"}, "spec": {"podSelector": {}, "policyTypes": ["Egress"], "egress": [{"to": [{"namespaceSelector": {}}]}]}})], ["deploy/web.yaml", ":9.4.0", ":9.4.1"]],
    "NetworkPolicy deny-egress blocks the way to the database outside of the cluster", HUMAN,
    then=[[-30, "ip addr show dev cluster0 | grep -q 10.99.0.77 || ip addr add 10.99.0.77/32 dev cluster0"], [-1, "iptables -I INPUT -d 10.99.0.77 -p tcp --dport 5432 -j DROP"]],
    expected=expect("network-policy dependency-address"))

# ---------------------------------------------------------------- several commits, several faults, several files
scenario("docs-on-top", "argocd",
    {"deploy/web.yaml": dump(workload("Deployment", "deals", container("web", "node"), replicas=2), service("deals"))},
    [{"subject": "deals 9.5.0", "edit": [["deploy/web.yaml", "storefront:9.4.0", "storefront:9.5.0"]]},
     {"subject": "deals: say who owns it", "edit": [["deploy/web.yaml", "    app.kubernetes.io/name: deals\n", "    app.kubernetes.io/name: deals\n    owner: growth\n"]], "wait": 60}],
    "image 9.5.0 does not exist; the label of the commit on top is wanted",
    expected=expect("image-not-found", [(c("Deployment", "deals", "web", "image"), BEFORE)]))
scenario("second-try", "argocd",
    {"deploy/web.yaml": dump(workload("Deployment", "deals", container("web", "node"), replicas=2), service("deals"))},
    [{"subject": "deals 9.4.7", "edit": [["deploy/web.yaml", "storefront:9.4.0", "storefront:9.4.7"]]},
     {"subject": "deals 9.4.8, 9.4.7 was never built", "edit": [["deploy/web.yaml", "storefront:9.4.7", "storefront:9.4.8"]], "wait": 60}],
    "neither 9.4.7 nor 9.4.8 exist; 9.4.0 worked",
    expected=expect("image-not-found", [(c("Deployment", "deals", "web", "image"), BEFORE)]))
scenario("limit-then-feature", "flux",
    {"base/cache.yaml": dump(workload("StatefulSet", "cache", container("cache", "shop", env={"CACHE_MB": "80"}, limits="160Mi")), service("cache", clusterIP="None")), "base/kustomization.yaml": kustomization("cache.yaml"), "overlays/prod/kustomization.yaml": kustomization("../../base")},
    [{"subject": "Right-size everything", "edit": [["base/cache.yaml", "memory: 160Mi", "memory: 60Mi"]]},
     {"subject": "cache: health endpoints of their own", "edit": [["base/cache.yaml", "value: '80'", "value: '80'\n        - name: READY_PATH\n          value: /ready\n        - name: HEALTH_PATH\n          value: /live"], ["base/cache.yaml", "path: /readyz", "path: /ready"], ["base/cache.yaml", "path: /healthz", "path: /live"]], "wait": 60}],
    "the memory limit is too low since the first commit; the second commit's endpoints are wanted", path="overlays/prod", spec={"wait": False},
    expected=expect("out-of-memory", [(c("StatefulSet", "cache", "cache", "resources.limits.memory"), BEFORE)], [(c("StatefulSet", "cache", "cache", "resources.limits.memory"), at_least("90Mi"))]))
scenario("after-another-incident", "flux",
    {"deploy/web.yaml": dump(workload("Deployment", "guides", container("web", "node", env={"API_BASE_URL": {"configMapKeyRef": {"name": "guides-config", "key": "api-url"}}}), replicas=2), service("guides"), configmap("guides-config", **{"api-url": "https://api.example", "theme": "dark"}))},
    ["guides: names as in the wiki", ["deploy/web.yaml", "key: api-url", "key: api_base_url"]],
    "ConfigMap guides-config has no key api_base_url; an earlier incident with a missing image is over", spec={"wait": False},
    earlier=[{"subject": "guides 9.4.9", "edit": [["deploy/web.yaml", "storefront:9.4.0", "storefront:9.4.9"]]}, {"subject": "guides 9.4.1", "edit": [["deploy/web.yaml", "storefront:9.4.9", "storefront:9.4.1"]]}],
    expected=expect("config-key-missing", [(c("Deployment", "guides", "web", "env[name=API_BASE_URL].valueFrom.configMapKeyRef.key"), BEFORE)]))
scenario("two-containers-two-faults", "argocd",
    {"deploy/pair.yaml": dump(workload("Deployment", "basket", container("basket", "shop", env={"CACHE_MB": "70"}, limits="128Mi"), container("exporter", "go", port=9000, args=["-listen=:9000"], volumeMounts=[{"name": "c", "mountPath": "/etc/pricer"}]), pod={"volumes": [{"name": "c", "configMap": {"name": "basket-exporter"}}]}), service("basket"), configmap("basket-exporter", config__yaml="interval: 30s\n"))},
    ["basket: smaller, newer exporter", ["deploy/pair.yaml", "memory: 128Mi", "memory: 48Mi"], ["deploy/pair.yaml", "pricer:2.4.6", "pricer:2.4.77"]],
    "the limit of basket is too low, and the exporter's image 2.4.77 does not exist",
    expected=expect("image-not-found out-of-memory", [(c("Deployment", "basket", "exporter", "image"), BEFORE)], [(c("Deployment", "basket", "basket", "resources.limits.memory"), BEFORE)], [(c("Deployment", "basket", "exporter", "image"), BEFORE), (c("Deployment", "basket", "basket", "resources.limits.memory"), BEFORE)]))
MANY = {f"apps/{n}/config.yaml": dump(configmap(f"{n}-config", LEVEL="info", REGION="eu")) for n in ("alpha", "bravo", "carbon", "delta", "echo", "fox", "golf", "hotel", "india", "jazz", "kilo", "lima", "mango", "nova", "oscar", "papa", "quad", "romeo", "sierra", "tango", "ultra", "vivid", "whisky", "xray", "yoke")}
MANY |= {f"apps/{n}/deployment.yaml": dump(workload("Deployment", n, container(n, "shop", envFrom=[{"configMapRef": {"name": f"{n}-config"}}]))) for n in ("alpha", "bravo", "carbon", "delta")}
MANY["apps/kustomization.yaml"] = kustomization(*sorted(path[len("apps/"):] for path in MANY))
scenario("squash-of-many", "flux", MANY,
    [{"subject": "Q4 platform update (#412)", "edit": [[path, "LEVEL: info", "LEVEL: warn"] for path in MANY if path.endswith("config.yaml")] + [[f"apps/{n}/deployment.yaml", "checkout:1.4.1", "checkout:1.4.2"] for n in ("alpha", "bravo", "delta")] + [["apps/carbon/deployment.yaml", "name: carbon-config", "name: carbon-conf"], ["apps/carbon/deployment.yaml", "checkout:1.4.1", "checkout:1.4.2"]]}],
    "one of thirty changed files refers to ConfigMap carbon-conf, which is carbon-config", path="apps",
    expected=expect("config-missing", [(c("Deployment", "carbon", "carbon", "envFrom[0].configMapRef.name"), BEFORE)]))
scenario("multi-source-values", "argocd", {**CHART, "clusters/eu/web.yaml": "image:\n  tag: 9.4.0\nreplicaCount: 1\n"},
    ["eu: web 9.6.0, one more argument", ["clusters/eu/web.yaml", "tag: 9.4.0", "tag: 9.6.0\nextraEnv:\n  - name: PAGE_SIZE\n    value: \"15\""]],
    "image 9.6.0 does not exist; it is set in the values of a second source; the page size is wanted", path="charts/web",
    spec={"sources": [{"repoURL": "@URL@", "targetRevision": "main", "path": "charts/web", "helm": {"releaseName": "web", "valueFiles": ["$conf/env/common.yaml", "$conf/clusters/eu/web.yaml"]}}, {"repoURL": "@URL@", "targetRevision": "main", "ref": "conf"}]},
    expected=expect("image-not-found", [(c("Deployment", "web", "web", "image"), BEFORE)]))
scenario("app-of-apps-values", "argocd",
    {**CHART, "apps/web.yaml": dump({"apiVersion": "argoproj.io/v1alpha1", "kind": "Application", "metadata": {"name": "@NAME@-web", "namespace": "argocd"}, "spec": {"project": "default", "source": {"repoURL": "@URL@", "targetRevision": "main", "path": "charts/web", "helm": {"releaseName": "web", "valuesObject": {"image": {"tag": "9.4.0"}, "extraEnv": [{"name": "PAGE_SIZE", "value": "20"}], "resources": {"limits": {"memory": "96Mi"}}}}}, "destination": {"server": "https://kubernetes.default.svc", "namespace": "@NAME@"}, "syncPolicy": {"automated": {"prune": True, "selfHeal": True}}}})},
    ["web: as many as fit", ["apps/web.yaml", "value: '20'", "value: many"], ["apps/web.yaml", "tag: 9.4.0", "tag: 9.4.1"]],
    "PAGE_SIZE is no number; it is set in the Application of an app of apps; the release is wanted", path="apps",
    expected=expect("crash-on-start", [(c("Deployment", "web", "web", "env[name=PAGE_SIZE].value"), BEFORE)]))
scenario("depends-on-infra", "flux",
    {"infra/cache.yaml": dump(workload("Deployment", "cache", container("cache", "shop", envFrom=[{"configMapRef": {"name": "cache-settings"}}])), service("cache"), configmap("cache-settings", TIER="a")), "apps/web.yaml": dump(workload("Deployment", "web", container("web", "node")), service("web"))},
    ["Rename the cache's settings, web 9.4.1", ["infra/cache.yaml", "        - configMapRef:\n            name: cache-settings", "        - configMapRef:\n            name: cache-setting"], ["apps/web.yaml", ":9.4.0", ":9.4.1"]],
    "the Kustomization of the cache fails, the one that depends on it only waits", path="infra",
    extra=[{"apiVersion": "kustomize.toolkit.fluxcd.io/v1", "kind": "Kustomization", "metadata": {"name": "@NAME@-apps", "namespace": "flux-system"}, "spec": {"interval": "30s", "retryInterval": "20s", "timeout": "60s", "path": "./apps", "prune": True, "wait": True, "targetNamespace": "@NAME@", "sourceRef": {"kind": "GitRepository", "name": "@NAME@"}, "dependsOn": [{"name": "@NAME@"}]}}],
    expected=expect("config-missing", [(c("Deployment", "cache", "cache", "envFrom[0].configMapRef.name"), BEFORE)]))
SHARED = configmap("platform", REDIS_URL="redis://cache:6379/0", REGION="eu")
scenario("shared-base-map", "argocd",
    {"base/platform.yaml": dump(SHARED), "base/kustomization.yaml": kustomization("platform.yaml"),
     "apps/reports.yaml": dump(workload("Deployment", "reports", container("reports", "python", env={"REDIS_URL": None}, envFrom=[{"configMapRef": {"name": "platform"}}]))), "apps/exports.yaml": dump(workload("Deployment", "exports", container("exports", "python", env={"REDIS_URL": None}, envFrom=[{"configMapRef": {"name": "platform"}}]))),
     "apps/kustomization.yaml": kustomization("../base", "reports.yaml", "exports.yaml")},
    ["platform: REDIS_URI, as the library wants it; restart all", ["base/platform.yaml", "REDIS_URL:", "REDIS_URI:"], ["apps/reports.yaml", "        app: reports\n    spec:", "        app: reports\n      annotations:\n        restarted: '1'\n    spec:"], ["apps/exports.yaml", "        app: exports\n    spec:", "        app: exports\n      annotations:\n        restarted: '1'\n    spec:"]],
    "REDIS_URL was renamed in the shared ConfigMap; two programs miss it", path="apps",
    expected=expect("crash-on-start", [("ConfigMap/platform data.REDIS_URL", BEFORE)], [("ConfigMap/platform data", BEFORE)]))
scenario("first-install-fails", "flux",
    {**CHART, "apps/release.yaml": helm_release("gallery", values="  values:\n    image:\n      tag: 9.4.0-rc7\n    init:\n      enabled: false\n")},
    [], "the first install asks for an image that does not exist; Helm takes everything away again; no good version is known", HUMAN, path="apps", never_worked=True,
    expected=expect("image-not-found helm-failed"))
scenario("read-only-cache", "argocd",
    {"deploy/reports.yaml": dump(workload("Deployment", "reports", container("reports", "python", env={"CACHE_DIR": "/var/cache"})), service("reports"))},
    ["reports 5.0.3, harden", ["deploy/reports.yaml", ":5.0.2", ":5.0.3"], ["deploy/reports.yaml", "        ports:\n", "        securityContext:\n          readOnlyRootFilesystem: true\n        ports:\n"]],
    "the program writes /var/cache, which is read-only now; an emptyDir there heals",
    expected=expect("crash-on-start", [(c("Deployment", "reports", "reports", "volumeMounts"), ANY), ("Deployment/reports spec.template.spec.volumes", ANY)]))

# ---------------------------------------------------------------- refused by somebody else
scenario("webhook-down", "flux",
    {"deploy/web.yaml": dump(workload("Deployment", "forms", container("web", "node")), service("forms"))},
    ["forms 9.4.1", ["deploy/web.yaml", ":9.4.0", ":9.4.1"]], "the admission webhook of the policy engine does not answer", HUMAN,
    then=[[-1, "kubectl label ns $NAMESPACE policy=$NAMESPACE --overwrite; printf 'apiVersion: admissionregistration.k8s.io/v1\\nkind: ValidatingWebhookConfiguration\\nmetadata: {name: %s-policy}\\nwebhooks:\\n- name: validate.policy.acme.example\\n  admissionReviewVersions: [v1]\\n  sideEffects: None\\n  timeoutSeconds: 3\\n  clientConfig: {service: {name: policy-engine, namespace: %s, path: /validate}}\\n  namespaceSelector: {matchLabels: {policy: %s}}\\n  rules: [{apiGroups: [apps], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [deployments]}]\\n' $NAMESPACE $NAMESPACE $NAMESPACE | kubectl apply -f -"]],
    expected=expect("node"))
scenario("policy-denies", "argocd",
    {"deploy/web.yaml": dump(workload("Deployment", "polls", container("web", "node"), meta={"annotations": {"cost-center": "4711"}}), service("polls"))},
    ["polls: anonymous, 9.4.1", ["deploy/web.yaml", "  annotations:\n    cost-center: '4711'\n", ""], ["deploy/web.yaml", ":9.4.0", ":9.4.1"]],
    "the cluster's policy wants the annotation cost-center, which the commit dropped: people decide", HUMAN,
    given=text("""
        apiVersion: admissionregistration.k8s.io/v1
        kind: ValidatingAdmissionPolicy
        metadata: {name: "@NAME@-cost"}
        spec:
          failurePolicy: Fail
          matchConstraints:
            resourceRules: [{apiGroups: [apps], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [deployments]}]
            namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: "@NAME@"}}
          validations: [{expression: "has(object.metadata.annotations) && 'cost-center' in object.metadata.annotations", message: "every Deployment names its cost-center"}]
        ---
        apiVersion: admissionregistration.k8s.io/v1
        kind: ValidatingAdmissionPolicyBinding
        metadata: {name: "@NAME@-cost"}
        spec: {policyName: "@NAME@-cost", validationActions: [Deny]}
        """), expected=expect("invalid-manifest node"))
scenario("deployer-forbidden", "flux",
    {"deploy/web.yaml": dump(workload("Deployment", "badges", container("web", "node")), service("badges"))},
    ["badges: policy of its own", ["deploy/policy.yaml", None, dump({"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": {"name": "badges"}, "spec": {"podSelector": {"matchLabels": {"app": "badges"}}, "policyTypes": ["Ingress"], "ingress": [{}]}})]],
    "the service account with which Flux applies may not write network policies", HUMAN, spec={"serviceAccountName": "@NAME@-deployer"},
    extra=[{"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "@NAME@-deployer", "namespace": "flux-system"}},
           {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role", "metadata": {"name": "deployer", "namespace": "@NAME@"}, "rules": [{"apiGroups": ["", "apps"], "resources": ["services", "deployments", "configmaps", "pods", "replicasets"], "verbs": ["*"]}]},
           {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding", "metadata": {"name": "deployer", "namespace": "@NAME@"}, "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "deployer"}, "subjects": [{"kind": "ServiceAccount", "name": "@NAME@-deployer", "namespace": "flux-system"}]}],
    expected=expect("rbac-forbidden"))
scenario("object-quota", "argocd",
    {"deploy/web.yaml": dump(workload("Deployment", "faq", container("web", "node")), service("faq"))},
    ["faq: one more service", ["deploy/internal.yaml", None, dump(service("faq-internal", selector={"app": "faq"}))]],
    "the quota allows one Service", HUMAN, given="apiVersion: v1\nkind: ResourceQuota\nmetadata:\n  name: objects\nspec:\n  hard:\n    services: '1'\n", expected=expect("quota"))

# ---------------------------------------------------------------- silence
scenario("long-start", "argocd",
    {"deploy/ledger.yaml": dump(workload("Deployment", "ledger", container("ledger", "java", env={"START_SECONDS": "2"}, startupProbe={"httpGet": {"path": "/actuator/health/liveness", "port": "http"}, "periodSeconds": 10, "failureThreshold": 180}), deadline=3000), service("ledger"))},
    ["Ledger: preload the archive", ["deploy/ledger.yaml", "value: '2'", "value: '1500'"]], "it starts within its startup probe and its deadline", NONE)
scenario("slow-pull", "argocd",
    {"deploy/web.yaml": dump(workload("Deployment", "maps", container("web", "node", image="slow.acme.example/acme/storefront:9.4.0"), deadline=1800), service("maps")).replace("slow.acme.example/acme/storefront:9.4.0", "acme/storefront:9.4.0")},
    ["maps from the regional registry", ["deploy/web.yaml", "image: acme/storefront:9.4.0", "image: slow.acme.example/acme/indexer:0.9.2"], ["deploy/web.yaml", "        args:\n        - dist/server.js\n", ""]], "the image is still being pulled, within the deadline", NONE)
scenario("recovered", "flux",
    {"deploy/mailer.yaml": dump(workload("Deployment", "mailer", container("mailer", "ruby", command=["sh", "-c", "[ -e /state/ready ] || [ \"$APP_VERSION\" = 7.0.5 ] || { echo 'FATAL: could not connect to server: Connection refused'; exit 1; }; exec /app/run"], volumeMounts=[{"name": "state", "mountPath": "/state"}]), pod={"volumes": [{"name": "state", "hostPath": {"path": "/tmp/state-@NAME@", "type": "DirectoryOrCreate"}}]}, deadline=600), service("mailer"))},
    ["Mailer 7.1.0", ["deploy/mailer.yaml", ":7.0.5", ":7.1.0"]], "it crashed until what it depends on was there, and runs since", NONE, then=[[45, "touch /tmp/state-$NAMESPACE/ready"]])
scenario("being-deleted", "argocd",
    {"deploy/web.yaml": dump(workload("Deployment", "museum", container("web", "node"), meta={"finalizers": ["acme.example/archive"]}), service("museum"))},
    ["museum 9.9.9", ["deploy/web.yaml", ":9.4.0", ":9.9.9"]], "the Application is being deleted", NONE, meta={"finalizers": ["resources-finalizer.argocd.argoproj.io"]},
    then=[[60, "kubectl -n argocd delete application $NAMESPACE --wait=false"]])
scenario("manual-sync", "argocd",
    {"deploy/web.yaml": dump(workload("Deployment", "terms", container("web", "node")), service("terms"))},
    ["terms 9.9.9", ["deploy/web.yaml", ":9.4.0", ":9.9.9"]], "the commit is not synced: somebody syncs by hand", NONE,
    then=[[-5, "kubectl -n argocd patch application $NAMESPACE --type merge -p '{\"spec\":{\"syncPolicy\":null}}'; sleep 2"]])
scenario("suspended-by-hand", "flux",
    {"deploy/web.yaml": dump(workload("Deployment", "atlas", container("web", "node", envFrom=[{"secretRef": {"name": "atlas"}}])), service("atlas"))},
    [], "somebody suspended the Kustomization and works on it: its Secret is gone for now", NONE, given="apiVersion: v1\nkind: Secret\nmetadata:\n  name: atlas\nstringData:\n  a: b\n",
    then=[[1, "kubectl -n flux-system patch kustomization $NAMESPACE --type merge -p '{\"spec\":{\"suspend\":true}}'"], [5, "kubectl -n $NAMESPACE delete secret atlas; kubectl -n $NAMESPACE delete pod -l app=atlas"]])
scenario("scaled-to-zero", "argocd",
    {"deploy/web.yaml": dump(workload("Deployment", "xmas", container("web", "node"), replicas=2), service("xmas"))},
    ["xmas: closed until November", ["deploy/web.yaml", "replicas: 2", "replicas: 0"]], "scaled to zero by intent", NONE)
scenario("cron-suspended", "flux",
    {"deploy/cron.yaml": dump(workload("CronJob", "poller", {"name": "poll", "image": "acme/schema:22", "env": [{"name": "FLYWAY_URL", "value": "jdbc:postgresql://10.20.0.5/x"}]}))},
    [{"subject": "poller: new host", "edit": [["deploy/cron.yaml", "10.20.0.5", "db-next.acme.example"]]}, {"subject": "poller: hold until the host is there", "edit": [["deploy/cron.yaml", "schedule:", "suspend: true\n  schedule:"]], "wait": 100}],
    "the CronJob is suspended by intent after its last Job failed", NONE, spec={"wait": False})
scenario("job-second-try", "argocd",
    {"deploy/job.yaml": dump(workload("Job", "warm-1", {"name": "warm", "image": "busybox:1.36", "command": ["sh", "-c", "[ -e /state/once ] && { echo done; exit 0; }; touch /state/once; echo 'error: upstream returned 503, giving up'; exit 1"], "volumeMounts": [{"name": "state", "mountPath": "/state"}]}, pod={"volumes": [{"name": "state", "hostPath": {"path": "/tmp/state-@NAME@", "type": "DirectoryOrCreate"}}]}, spec={"backoffLimit": 4}))},
    ["Warm again", ["deploy/job.yaml", "name: warm-1", "name: warm-2"]], "the Job failed once and then completed", NONE, then=[[-1, "rm -f /tmp/state-$NAMESPACE/once"]])
scenario("evicted-remains", "flux",
    {"deploy/web.yaml": dump(workload("Deployment", "wiki", container("web", "node"), replicas=2), service("wiki"))},
    ["wiki 9.4.1", ["deploy/web.yaml", ":9.4.0", ":9.4.1"]], "an evicted pod is left over, its replacement works", NONE,
    then=[[60, "p=$(kubectl -n $NAMESPACE get pod -l app=wiki -o name | head -1); kubectl -n $NAMESPACE patch $p --subresource=status --type merge -p '{\"status\":{\"phase\":\"Failed\",\"reason\":\"Evicted\",\"message\":\"The node was low on resource: memory. Threshold quantity: 100Mi, available: 81Mi.\"}}'"]])
scenario("ready-takes-long", "flux",
    {"deploy/ledger.yaml": dump(workload("Deployment", "statements", container("ledger", "java", env={"START_SECONDS": "2"}, live=None, ready={"httpGet": {"path": "/actuator/health/readiness", "port": "http"}, "periodSeconds": 10, "failureThreshold": 3}), deadline=1500), service("statements")).replace("        livenessProbe: null\n", "")},
    ["statements: replay the journal at start", ["deploy/ledger.yaml", "value: '2'", "value: '900'"]], "not ready yet, within its progress deadline", NONE, spec={"wait": False})
scenario("noisy-but-well", "argocd",
    {"deploy/ledger.yaml": dump(workload("Deployment", "balance", container("ledger", "java", env={"START_SECONDS": "2"}, command=["sh", "-c", "echo 'ERROR cache not found, rebuilding'; echo 'panic button disabled'; exec /app/run"]), replicas=2, deadline=600), service("balance"))},
    ["balance 3.1.3, slower start", ["deploy/ledger.yaml", ":3.1.4", ":3.1.3"], ["deploy/ledger.yaml", "value: '2'", "value: '25'"]], "warnings while it started, healthy since", NONE)

# ---------------------------------------------------------------- nodes: to be played alone
scenario("node-tainted", "argocd",
    {"deploy/web.yaml": dump(workload("Deployment", "api", container("web", "node")), service("api"))},
    ["api 9.4.1", ["deploy/web.yaml", ":9.4.0", ":9.4.1"]], "the node is tainted: nobody's pods may run there", HUMAN,
    then=[[-1, "kubectl taint node node-1 maintenance=true:NoSchedule --overwrite"]], expected=expect("unschedulable-placement node"))
scenario("drain-just-now", "flux",
    {"deploy/web.yaml": dump(workload("Deployment", "chat", container("web", "node"), replicas=1), service("chat"))},
    [], "the node is being drained: it has just been cordoned", NONE, spec={"wait": False},
    then=[[330, "kubectl cordon node-1"], [340, "kubectl -n $NAMESPACE delete pod -l app=chat"]])
scenario("daemon-on-lost-node", "flux",
    {"deploy/ds.yaml": dump(workload("DaemonSet", "log-agent", container("agent", "shop")))},
    [], "a node is gone: its pod of the DaemonSet cannot run", HUMAN, spec={"wait": False},
    then=[[1, "printf 'apiVersion: v1\\nkind: Node\\nmetadata: {name: node-2, labels: {kubernetes.io/os: linux, kubernetes.io/arch: amd64, kubernetes.io/hostname: node-2}}\\n' | kubectl apply -f -; kubectl patch node node-2 --subresource=status --type merge -p '{\"status\":{\"capacity\":{\"cpu\":\"2\",\"memory\":\"4Gi\",\"pods\":\"110\"},\"allocatable\":{\"cpu\":\"2\",\"memory\":\"4Gi\",\"pods\":\"110\"},\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\",\"reason\":\"KubeletReady\",\"lastHeartbeatTime\":\"2026-11-28T11:00:00Z\",\"lastTransitionTime\":\"2026-11-28T11:00:00Z\"}]}}'"]],
    expected=expect("node unschedulable-placement"))
scenario("pool-label-removed", "argocd",
    {"deploy/web.yaml": dump(workload("Deployment", "batch", container("web", "node"), pod={"nodeSelector": {"pool": "batch-@NAME@"}}))},
    [], "the node pool is gone: no node has its label any more; nothing changed in git", HUMAN,
    then=[[1, "kubectl label node node-1 pool-"], [3, "kubectl -n $NAMESPACE delete pod -l app=batch"]], expected=expect("unschedulable-placement"))
