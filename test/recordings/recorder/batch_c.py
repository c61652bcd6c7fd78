"""The third batch, written before anything was made to fit it: shop-300 and on."""
import pathlib, runpy
globals().update(runpy.run_path(str(pathlib.Path(__file__).parent / "kit.py")))
BATCH_A = runpy.run_path(str(pathlib.Path(__file__).parent / "batch_a.py"))
CHART, helm_release = BATCH_A["CHART"], BATCH_A["helm_release"]
PROGRAMS.update({
    "phoenix": ("acme/conference:1.18.0", 4000, "/health", "/health", {"SECRET_KEY_BASE": "only-for-tests"}),
    "laravel": ("acme/tickets:11.3.0", 8080, "/up", "/up", {"APP_KEY": "base64:only-for-tests"}),
    "traefik": ("acme/gateway:3.2.1", 8000, "/ping", "/ping", {}),
    "nats": ("acme/bus:2.10.22", 8222, "/healthz", "/healthz", {}),
    "rabbit": ("acme/queue:4.0.4", 15672, "/healthz", "/healthz", {}),
    "kafka": ("acme/shipping:3.9.0", 8080, "/healthz", "/healthz", {"CONSUMER_BOOTSTRAP_SERVERS": "10.20.0.9:9094"}),
})

SCENARIOS, scenario = batch(300)


# ---------------------------------------------------------------- environment
DB = [{"name": "DB_HOST", "value": "10.20.0.5"}, {"name": "DATABASE_URL", "value": "ecto://conf@$(DB_HOST)/conf"}]
conference = workload("StatefulSet", "conference", container("web", "phoenix"), spec={})
conference["spec"]["template"]["spec"]["containers"][0]["env"] += DB
scenario("env-order", "argocd", one("conference", conference, service("conference", clusterIP="None")),
    ["conference 1.18.1, settings in alphabetical order", ["deploy/conference.yaml", ":1.18.0", ":1.18.1"], ["deploy/conference.yaml", "        - name: DB_HOST\n          value: 10.20.0.5\n        - name: DATABASE_URL\n          value: ecto://conf@$(DB_HOST)/conf\n", "        - name: DATABASE_URL\n          value: ecto://conf@$(DB_HOST)/conf\n        - name: DB_HOST\n          value: 10.20.0.5\n"]],
    "$(DB_HOST) is expanded only after it was defined; the release is wanted",
    expected=expect("crash-on-start dependency-address", [(c("StatefulSet", "conference", "web", "env"), BEFORE)]))
scenario("optional-key", "flux", one("tickets", configmap("tickets", app_key="base64:only-for-tests", locale="de"), workload("Deployment", "tickets", container("php", "laravel", env={"APP_KEY": {"configMapKeyRef": {"name": "tickets", "key": "app_key", "optional": True}}}), replicas=2), service("tickets")),
    ["tickets 11.3.1, one style of keys", ["deploy/tickets.yaml", ":11.3.0", ":11.3.1"], ["deploy/tickets.yaml", "key: app_key", "key: app-key"]],
    "the optional key app-key does not exist, so APP_KEY is not set; the release is wanted",
    expected=expect("crash-on-start config-key-missing config-missing", [(c("Deployment", "tickets", "php", "env[name=APP_KEY].valueFrom.configMapKeyRef.key"), BEFORE)]))
scenario("opaque-single-change", "argocd", one("conference", workload("Deployment", "talks", container("web", "phoenix", env={"LOG_LEVEL": "info"})), service("talks")),
    ["talks: log more", ["deploy/conference.yaml", "value: info", "value: verbose"]], "verbose is no log level; the crash says nothing of it",
    expected=expect("crash-on-start", [(c("Deployment", "talks", "web", "env[name=LOG_LEVEL].value"), BEFORE)]))
scenario("silent-exit", "flux", one("conference", workload("DaemonSet", "beacon", container("web", "phoenix", env={"MIX_MODE": "serve"}))),
    ["beacon: mode as in the docs, label", ["deploy/conference.yaml", "value: serve", "value: release"], ["deploy/conference.yaml", "app.kubernetes.io/name: beacon", "app.kubernetes.io/name: beacon\n    team: floor"]],
    "the program exits without a word with this mode; the label is wanted",
    expected=expect("crash-on-start", [(c("DaemonSet", "beacon", "web", "env[name=MIX_MODE].value"), BEFORE)]))
scenario("enum-value", "argocd", one("shipping", workload("Deployment", "shipping", container("consumer", "kafka", env={"CONSUMER_AUTO_OFFSET_RESET": "latest", "GROUP": "a"}), replicas=2), service("shipping")),
    ["shipping 3.9.1, start from the beginning", ["deploy/shipping.yaml", "value: latest", "value: beginning"], ["deploy/shipping.yaml", ":3.9.0", ":3.9.1"], ["deploy/shipping.yaml", "value: a\n", "value: b\n"]],
    "beginning is no value of auto.offset.reset; release and group are wanted",
    expected=expect("crash-on-start", [(c("Deployment", "shipping", "consumer", "env[name=CONSUMER_AUTO_OFFSET_RESET].value"), BEFORE)], [(c("Deployment", "shipping", "consumer", "env[name=CONSUMER_AUTO_OFFSET_RESET].value"), value("earliest"))]))
scenario("variable-renamed-dots", "flux", one("cron", workload("CronJob", "lag", {"name": "lag", "image": "acme/shipping:3.9.0", "env": [{"name": "CONSUMER_BOOTSTRAP_SERVERS", "value": "10.20.0.9:9094"}, {"name": "ONCE", "value": "1"}]})),
    ["lag: every minute, shorter names", ["deploy/cron.yaml", "CONSUMER_BOOTSTRAP_SERVERS", "BOOTSTRAP_SERVERS"], ["deploy/cron.yaml", "concurrencyPolicy: Forbid", "concurrencyPolicy: Replace"]],
    "the program reads CONSUMER_BOOTSTRAP_SERVERS, which the commit renamed; the policy is wanted", spec={"wait": False},
    expected=expect("crash-on-start job-failed", [(c("CronJob", "lag", "lag", "env"), BEFORE)], [(c("CronJob", "lag", "lag", "env[name=CONSUMER_BOOTSTRAP_SERVERS]"), BEFORE)], [(c("CronJob", "lag", "lag", "env[name=CONSUMER_BOOTSTRAP_SERVERS]"), BEFORE), (c("CronJob", "lag", "lag", "env[name=BOOTSTRAP_SERVERS]"), GONE)]))

# ---------------------------------------------------------------- security contexts
scenario("capabilities", "argocd", one("queue", workload("StatefulSet", "queue", container("rabbit", "rabbit", securityContext={"allowPrivilegeEscalation": True})), service("queue", clusterIP="None")),
    ["queue 4.0.5, hardened", ["deploy/queue.yaml", ":4.0.4", ":4.0.5"], ["deploy/queue.yaml", "allowPrivilegeEscalation: true", "allowPrivilegeEscalation: false\n          capabilities:\n            drop: [ALL]"]],
    "without CHOWN the program cannot take its folder; the release and allowPrivilegeEscalation are wanted",
    expected=expect("crash-on-start pod-security", [(c("StatefulSet", "queue", "rabbit", "securityContext.capabilities"), GONE)], [(c("StatefulSet", "queue", "rabbit", "securityContext.capabilities.drop"), GONE)], [(c("StatefulSet", "queue", "rabbit", "securityContext.capabilities.add"), value(["CHOWN"]))]))
scenario("user-cannot-write", "flux", {**one("tickets", workload("Deployment", "desk", container("php", "laravel", env={"STORAGE": "/state"}, volumeMounts=[{"name": "state", "mountPath": "/state"}]), pod={"volumes": [{"name": "state", "hostPath": {"path": "/tmp/state-@NAME@", "type": "DirectoryOrCreate"}}]}), service("desk")), "deploy/kustomization.yaml": kustomization("tickets.yaml")},
    ["desk 11.3.1, not as root", ["deploy/tickets.yaml", ":11.3.0", ":11.3.1"], ["deploy/tickets.yaml", "      volumes:", "      securityContext:\n        runAsUser: 1000\n      volumes:"]],
    "user 1000 may not write into the volume; the release is wanted",
    expected=expect("crash-on-start volume-mount pod-security", [("Deployment/desk spec.template.spec.securityContext", ANY)], [("Deployment/desk spec.template.spec.securityContext.runAsUser", GONE)]))
scenario("seccomp-profile", "argocd", one("gateway", workload("Deployment", "gateway", container("traefik", "traefik", args=["--ping=true", "--entrypoints.web.address=:8000"])), service("gateway")),
    ["gateway 3.2.3 with our profile", ["deploy/gateway.yaml", ":3.2.1", ":3.2.3"], ["deploy/gateway.yaml", "    spec:\n      containers:", "    spec:\n      securityContext:\n        seccompProfile:\n          type: Localhost\n          localhostProfile: profiles/gateway.json\n      containers:"]],
    "the seccomp profile is not on the node; the release is wanted",
    expected=expect("pod-security crash-on-start command-not-found unknown", [("Deployment/gateway spec.template.spec.securityContext", GONE)], [("Deployment/gateway spec.template.spec.securityContext", ANY)], [("Deployment/gateway spec.template.spec.securityContext.seccompProfile", GONE)], [("Deployment/gateway spec.template.spec.securityContext.seccompProfile", value({"type": "RuntimeDefault"}))]))

# ---------------------------------------------------------------- hooks, probes, commands
scenario("post-start", "flux", one("gateway", workload("Deployment", "doors", container("traefik", "traefik", args=["--ping=true"]), replicas=2), service("doors")),
    ["doors 3.2.3, warm up", ["deploy/gateway.yaml", ":3.2.1", ":3.2.3"], ["deploy/gateway.yaml", "        ports:", "        lifecycle:\n          postStart:\n            exec:\n              command: [/app/warm, --all]\n        ports:"]],
    "the hook's program /app/warm is not in the image; the release is wanted",
    expected=expect("crash-on-start command-not-found", [(c("Deployment", "doors", "traefik", "lifecycle"), GONE)]))
scenario("grpc-readiness", "argocd", one("pricer", workload("Deployment", "pricer", container("pricer", "go"), replicas=2), service("pricer")),
    ["pricer 2.4.7, gRPC health", ["deploy/pricer.yaml", ":2.4.6", ":2.4.7"], ["deploy/pricer.yaml", "        readinessProbe:\n          httpGet:\n            path: /readyz\n            port: http\n", "        readinessProbe:\n          grpc:\n            port: 9000\n"]],
    "the program speaks no gRPC; the release is wanted",
    expected=expect("readiness-probe", [(c("Deployment", "pricer", "pricer", "readinessProbe"), BEFORE)]))
scenario("startup-tcp", "flux", one("bus", workload("StatefulSet", "ledger", container("ledger", "java", startupProbe={"tcpSocket": {"port": 8080}, "periodSeconds": 3, "failureThreshold": 8})), service("ledger", clusterIP="None")),
    ["ledger 3.1.3, probe the management port", ["deploy/bus.yaml", ":3.1.4", ":3.1.3"], ["deploy/bus.yaml", "tcpSocket:\n            port: 8080", "tcpSocket:\n            port: 8081"]],
    "nothing listens on 8081; the release is wanted",
    expected=expect("startup-probe", [(c("StatefulSet", "ledger", "ledger", "startupProbe.tcpSocket.port"), BEFORE)], [(c("StatefulSet", "ledger", "ledger", "startupProbe.tcpSocket.port"), value("http"))]))
scenario("probe-timeout", "argocd", one("mailer", workload("Deployment", "mailer", container("mailer", "ruby", live={"exec": {"command": ["sh", "-c", "sleep 2; wget -qO- 127.0.0.1:3000/up"]}, "timeoutSeconds": 5, "periodSeconds": 6, "failureThreshold": 2}), deadline=60), service("mailer")),
    ["mailer: quick probes, quiet restarts", ["deploy/mailer.yaml", "timeoutSeconds: 5", "timeoutSeconds: 1"], ["deploy/mailer.yaml", "replicas: 1", "replicas: 2"]],
    "the liveness command takes two seconds and may take one; two replicas are wanted",
    expected=expect("liveness-probe", [(c("Deployment", "mailer", "mailer", "livenessProbe.timeoutSeconds"), at_least("3"))]))
scenario("probe-port-name-first", "flux", one("gateway", workload("DaemonSet", "lobby", container("traefik", "traefik", args=["--ping=true"], ready={"httpGet": {"path": "/ping", "port": "htpp"}, "periodSeconds": 5}))),
    [], "the readiness probe asks port htpp; the port is called http, from the first release on", never_worked=True,
    expected=expect("readiness-probe", [(c("DaemonSet", "lobby", "traefik", "readinessProbe.httpGet.port"), value("http"))], [(c("DaemonSet", "lobby", "traefik", "readinessProbe.httpGet.port"), value(8000))]))
scenario("working-dir", "argocd", one("gateway", workload("Deployment", "terrace", container("traefik", "traefik", command=["./run"], args=["--ping=true"], workingDir="/app")), service("terrace")),
    ["terrace 3.2.3, folders as everywhere", ["deploy/gateway.yaml", ":3.2.1", ":3.2.3"], ["deploy/gateway.yaml", "workingDir: /app", "workingDir: /srv"]],
    "./run is in /app, not in /srv; the release is wanted",
    expected=expect("command-not-found crash-on-start", [(c("Deployment", "terrace", "traefik", "workingDir"), BEFORE)], [(c("Deployment", "terrace", "traefik", "command"), value(["/app/run"]))], [(c("Deployment", "terrace", "traefik", "command[0]"), value("/app/run"))]))
TRAEFIK = one("gateway", workload("Deployment", "atrium", container("traefik", "traefik", args=["--ping=true", "--entrypoints.web.address=:8000", "--log.level=INFO"])), service("atrium"))
scenario("component-patch", "flux",
    {"base/gateway.yaml": TRAEFIK["deploy/gateway.yaml"], "base/kustomization.yaml": kustomization("gateway.yaml"),
     "components/verbose/kustomization.yaml": "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\npatches:\n  - target:\n      kind: Deployment\n      name: atrium\n    patch: |-\n      - op: add\n        path: /spec/template/spec/containers/0/args/-\n        value: --accesslog=true\n",
     "overlays/prod/kustomization.yaml": kustomization("../../base", components=["../../components/verbose"], replicas=[{"name": "atrium", "count": 1}])},
    ["prod: two, access logs in JSON", ["components/verbose/kustomization.yaml", "value: --accesslog=true", "value: --accesslogs.format=json"], ["overlays/prod/kustomization.yaml", "count: 1", "count: 2"]],
    "the flag accesslogs does not exist; two replicas are wanted", path="overlays/prod",
    expected=expect("crash-on-start", [(c("Deployment", "atrium", "traefik", "args[3]"), BEFORE)], [(c("Deployment", "atrium", "traefik", "args"), BEFORE)]))
REPORTS = workload("Deployment", "reports", container("reports", "python", env={"DATABASE_HOST": "set-by-replacement", "TIER": "a"}))
scenario("replacement", "argocd",
    {"deploy/reports.yaml": dump(REPORTS, service("reports")), "deploy/facts.yaml": dump(configmap("facts", host="10.20.0.5", alias="reports-db")),
     "deploy/kustomization.yaml": kustomization("reports.yaml", "facts.yaml", replacements=[{"source": {"kind": "ConfigMap", "name": "facts", "fieldPath": "data.host"}, "targets": [{"select": {"kind": "Deployment", "name": "reports"}, "fieldPaths": ["spec.template.spec.containers.[name=reports].env.[name=DATABASE_HOST].value"]}]}])},
    ["reports 5.0.3, address by name", ["deploy/kustomization.yaml", "fieldPath: data.host", "fieldPath: data.alias"], ["deploy/reports.yaml", ":5.0.2", ":5.0.3"]],
    "reports-db is a name that nobody resolves; the release is wanted",
    expected=expect("dependency-address crash-on-start", [(c("Deployment", "reports", "reports", "env[name=DATABASE_HOST].value"), BEFORE)]))

# ---------------------------------------------------------------- volumes and files
NATS = "port: 4222\nhttp_port: 8222\nmax_payload: 1MB\nserver_name: bus\n"
CONF = {"volumes": [{"name": "conf", "configMap": {"name": "bus"}}]}
MOUNT = [{"name": "conf", "mountPath": "/etc/nats"}]
scenario("map-only", "argocd", one("bus", configmap("bus", nats__conf=NATS), workload("Deployment", "bus", container("nats", "nats", volumeMounts=MOUNT), pod=CONF), service("bus")),
    ["bus: many clients, patient writers", ["deploy/bus.yaml", "    server_name: bus\n", "    server_name: bus\n    max_conections: 5000\n    write_deadline: 10s\n"]],
    "the field max_conections does not exist; write_deadline is wanted",
    then=[[20, "kubectl -n $NAMESPACE delete pod -l app=bus"]],
    expected=expect("crash-on-start", [('ConfigMap/bus data["nats.conf"]', value(NATS + "write_deadline: 10s\n"))], [('ConfigMap/bus data["nats.conf"]', value(NATS + "max_connections: 5000\nwrite_deadline: 10s\n"))]))
scenario("two-back", "flux", {**one("bus", workload("StatefulSet", "bus", container("nats", "nats", volumeMounts=MOUNT), pod=CONF), service("bus", clusterIP="None")), "deploy/nats.conf": NATS, "deploy/kustomization.yaml": kustomization("bus.yaml", configMapGenerator=[{"name": "bus", "files": ["nats.conf"]}])},
    [{"subject": "bus: bigger messages", "edit": [["deploy/nats.conf", "1MB", "8 MB"]]}, {"subject": "bus 2.10.24", "edit": [["deploy/bus.yaml", ":2.10.22", ":2.10.24"]]}, {"subject": "Notes", "edit": [["README.md", "# Delivery\n", "# Delivery\n\nOf the bus.\n"]], "wait": 5}],
    "8 MB is no size since two commits; the release is wanted",
    expected=expect("crash-on-start", [('ConfigMap/bus-# data["nats.conf"]', BEFORE)], [('ConfigMap/bus-# data["nats.conf"]', value(NATS.replace("1MB", "8MB")))]))
scenario("sub-path", "argocd", one("bus", configmap("bus", nats__conf=NATS), workload("StatefulSet", "relay", container("nats", "nats", volumeMounts=[{"name": "conf", "mountPath": "/etc/nats/nats.conf", "subPath": "nats.conf"}]), pod=CONF), service("relay", clusterIP="None")),
    ["relay 2.10.24, file names as in the docs", ["deploy/bus.yaml", ":2.10.22", ":2.10.24"], ["deploy/bus.yaml", "subPath: nats.conf", "subPath: nats-server.conf"]],
    "the ConfigMap has no file nats-server.conf, so a folder is mounted; the release is wanted",
    expected=expect("crash-on-start volume-mount config-key-missing", [(c("StatefulSet", "relay", "nats", "volumeMounts[mountPath=/etc/nats/nats.conf].subPath"), BEFORE)], [(c("StatefulSet", "relay", "nats", "volumeMounts[name=conf].subPath"), BEFORE)]))
scenario("projected-key", "flux", one("bus", configmap("bus", nats__conf=NATS), workload("DaemonSet", "leaf", container("nats", "nats", volumeMounts=MOUNT), pod={"volumes": [{"name": "conf", "projected": {"sources": [{"configMap": {"name": "bus", "items": [{"key": "nats.conf", "path": "nats.conf"}]}}, {"downwardAPI": {"items": [{"path": "labels", "fieldRef": {"fieldPath": "metadata.labels"}}]}}]}}]})),
    ["leaf 2.10.24", ["deploy/bus.yaml", ":2.10.22", ":2.10.24"], ["deploy/bus.yaml", "key: nats.conf\n", "key: nats.cfg\n"]],
    "the ConfigMap has no key nats.cfg; the release is wanted",
    expected=expect("config-key-missing volume-mount", [(pod("DaemonSet", "leaf", "volumes[name=conf].projected.sources[0].configMap.items[0].key"), BEFORE)], [(pod("DaemonSet", "leaf", "volumes[name=conf].projected.sources[0].configMap.items"), BEFORE)], [(pod("DaemonSet", "leaf", "volumes[name=conf].projected.sources"), BEFORE)], [(pod("DaemonSet", "leaf", "volumes[name=conf].projected.sources[0].configMap.items[key=nats.cfg].key"), BEFORE)]))

# ---------------------------------------------------------------- placement
scenario("host-port", "argocd", one("gateway", workload("Deployment", "east", container("traefik", "traefik", args=["--ping=true"], ports=[{"name": "http", "containerPort": 8000, "hostPort": 28085}])), workload("Deployment", "west", container("traefik", "traefik", args=["--ping=true"], ports=[{"name": "http", "containerPort": 8000}]))),
    ["west 3.2.3, reachable on the node", ["deploy/gateway.yaml", "        - name: http\n          containerPort: 8000\n        resources", "        - name: http\n          containerPort: 8000\n          hostPort: 28085\n        resources"], ["deploy/gateway.yaml", "  name: west\n  labels:", "  name: west\n  annotations:\n    reach: node\n  labels:"]],
    "the node's port 28085 is taken by the other Deployment; the annotation is wanted",
    expected=expect("unschedulable-placement port-conflict unschedulable-resources", [(c("Deployment", "west", "traefik", "ports[containerPort=8000].hostPort"), GONE)], [(c("Deployment", "west", "traefik", "ports[name=http].hostPort"), GONE)], [(c("Deployment", "west", "traefik", "ports[0].hostPort"), GONE)], [(c("Deployment", "west", "traefik", "ports"), BEFORE)]))
PRIORITY = "apiVersion: scheduling.k8s.io/v1\nkind: PriorityClass\nmetadata:\n  name: batch-low\nvalue: 100\n"
scenario("priority-class", "flux", one("shipping", workload("Deployment", "returns", container("consumer", "kafka"), replicas=2, pod={"priorityClassName": "batch-low"}), service("returns")),
    ["returns 3.9.1, more important", ["deploy/shipping.yaml", "batch-low", "batch-high"], ["deploy/shipping.yaml", ":3.9.0", ":3.9.1"]], "there is no priority class batch-high; the release is wanted", given=PRIORITY,
    expected=expect("invalid-manifest unschedulable-placement unknown quota", [(pod("Deployment", "returns", "priorityClassName"), BEFORE)]))
scenario("spread-key", "argocd", one("shipping", workload("StatefulSet", "stock", container("consumer", "kafka"), replicas=2), service("stock", clusterIP="None")),
    ["stock 3.9.1, one per zone", ["deploy/shipping.yaml", ":3.9.0", ":3.9.1"], ["deploy/shipping.yaml", "    spec:\n      containers:", "    spec:\n      topologySpreadConstraints:\n      - maxSkew: 1\n        topologyKey: topology.kubernetes.io/zone\n        whenUnsatisfiable: DoNotSchedule\n        labelSelector:\n          matchLabels:\n            app: stock\n      containers:"]],
    "no node says its zone; the release is wanted",
    expected=expect("unschedulable-placement", [(pod("StatefulSet", "stock", "topologySpreadConstraints"), GONE)], [(pod("StatefulSet", "stock", "topologySpreadConstraints[0].whenUnsatisfiable"), value("ScheduleAnyway"))]))
scenario("arch-selector", "flux", {"base/shipping.yaml": dump(workload("DaemonSet", "scanner", container("consumer", "kafka"), pod={"nodeSelector": {"kubernetes.io/os": "linux"}}), workload("Deployment", "scan-api", container("api", "go"), pod={"nodeSelector": {"kubernetes.io/os": "linux"}}), service("scan-api")), "base/kustomization.yaml": kustomization("shipping.yaml"),
     "overlays/prod/kustomization.yaml": kustomization("../../base", patches=[{"path": "pool.yaml"}]),
     "overlays/prod/pool.yaml": "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: scan-api\nspec:\n  replicas: 1\n"},
    ["prod: two, on the cheaper machines", ["overlays/prod/pool.yaml", "  replicas: 1\n", "  replicas: 2\n  template:\n    spec:\n      nodeSelector:\n        kubernetes.io/arch: arm64\n"]],
    "the cluster has no arm64 node; two replicas are wanted", path="overlays/prod",
    expected=expect("unschedulable-placement", [(pod("Deployment", "scan-api", 'nodeSelector["kubernetes.io/arch"]'), GONE)], [(pod("Deployment", "scan-api", "nodeSelector"), BEFORE)]))
scenario("pull-never", "argocd", one("web", workload("Deployment", "news", container("web", "node"), pod={"initContainers": [{"name": "assets", "image": "acme/schema:22", "imagePullPolicy": "IfNotPresent", "env": [{"name": "FLYWAY_URL", "value": "jdbc:postgresql://10.20.0.5/x"}]}]}), service("news")),
    ["news: newest assets, never pull twice", ["deploy/web.yaml", "acme/schema:22", "quay.io/acme/schema:23"], ["deploy/web.yaml", "imagePullPolicy: IfNotPresent", "imagePullPolicy: Never"]],
    "the init container's image is not on the node and may never be pulled; the image is wanted",
    expected=expect("image-not-found", [(c("Deployment", "news", "assets", "imagePullPolicy", init=True), BEFORE)], [(c("Deployment", "news", "assets", "imagePullPolicy", init=True), value("Always"))], [(c("Deployment", "news", "assets", "imagePullPolicy", init=True), GONE)]))

# ---------------------------------------------------------------- refused by the API server
scenario("quantity-unit", "flux", {**CHART, "apps/release.yaml": helm_release("storefront", values="  values:\n    image:\n      tag: 9.4.0\n    resources:\n      limits:\n        memory: 96Mi\n")},
    ["storefront 9.4.1, more memory", ["apps/release.yaml", "tag: 9.4.0", "tag: 9.4.1"], ["apps/release.yaml", "memory: 96Mi", "memory: 128MB"]], "128MB is no quantity; the release is wanted", path="apps",
    expected=expect("helm-failed invalid-manifest", [(c("Deployment", "storefront", "web", "resources.limits.memory"), BEFORE)], [(c("Deployment", "storefront", "web", "resources.limits.memory"), value("128Mi"))], [(c("Deployment", "storefront", "web", "resources.limits.memory"), value("128M"))]))
scenario("rollout-zero", "argocd", one("web", workload("Deployment", "polls", container("web", "node"), replicas=2, spec={"strategy": {"rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}}}), service("polls")),
    ["polls 9.4.1 without extra pods", ["deploy/web.yaml", ":9.4.0", ":9.4.1"], ["deploy/web.yaml", "maxSurge: 1", "maxSurge: 0"]], "maxSurge and maxUnavailable may not both be 0; the release is wanted",
    expected=expect("invalid-manifest", [("Deployment/polls spec.strategy.rollingUpdate.maxSurge", BEFORE)], [("Deployment/polls spec.strategy.rollingUpdate.maxUnavailable", at_least("1"))]))
scenario("disruption-both", "flux", one("web", workload("Deployment", "votes", container("web", "node"), replicas=2), service("votes"), {"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": {"name": "votes"}, "spec": {"minAvailable": 1, "selector": {"matchLabels": {"app": "votes"}}}}),
    ["votes 9.4.1, one away at most", ["deploy/web.yaml", ":9.4.0", ":9.4.1"], ["deploy/web.yaml", "minAvailable: 1\n", "minAvailable: 1\n  maxUnavailable: 1\n"]], "minAvailable and maxUnavailable exclude each other; the release is wanted",
    expected=expect("invalid-manifest", [("PodDisruptionBudget/votes spec.maxUnavailable", GONE)], [("PodDisruptionBudget/votes spec.minAvailable", GONE)]))
scenario("restart-policy", "argocd", one("cron", workload("CronJob", "tidy", {"name": "tidy", "image": "acme/schema:22", "env": [{"name": "FLYWAY_URL", "value": "jdbc:postgresql://10.20.0.5/x"}]}, spec={"schedule": "7 * * * *"})),
    ["tidy: at ten past, try until it works", ["deploy/cron.yaml", "restartPolicy: Never", "restartPolicy: Always"], ["deploy/cron.yaml", "7 * * * *", "10 * * * *"]], "a Job's pods may not restart always; the schedule is wanted",
    expected=expect("invalid-manifest cron-invalid", [(pod("CronJob", "tidy", "restartPolicy"), BEFORE)], [(pod("CronJob", "tidy", "restartPolicy"), value("OnFailure"))]))
scenario("template-label", "flux", one("web", workload("StatefulSet", "stage", container("web", "node")), service("stage", clusterIP="None")),
    ["stage 9.4.1, clearer labels", ["deploy/web.yaml", ":9.4.0", ":9.4.1"], ["deploy/web.yaml", "    metadata:\n      labels:\n        app: stage", "    metadata:\n      labels:\n        app: main-stage"]], "the template's label no longer fits the selector; the release is wanted",
    expected=expect("invalid-manifest", [("StatefulSet/stage spec.template.metadata.labels.app", BEFORE)]))
scenario("mounted-twice", "argocd", one("bus", configmap("bus", nats__conf=NATS), workload("DaemonSet", "spool", container("nats", "nats", volumeMounts=MOUNT), pod=CONF)),
    ["spool 2.10.24 with scratch", ["deploy/bus.yaml", ":2.10.22", ":2.10.24"], ["deploy/bus.yaml", "        - name: conf\n          mountPath: /etc/nats\n", "        - name: conf\n          mountPath: /etc/nats\n        - name: scratch\n          mountPath: /etc/nats\n"], ["deploy/bus.yaml", "      volumes:\n", "      volumes:\n      - name: scratch\n        emptyDir: {}\n"]],
    "two volumes are mounted at the same place; the release is wanted",
    expected=expect("invalid-manifest", [(c("DaemonSet", "spool", "nats", "volumeMounts"), BEFORE)], [(c("DaemonSet", "spool", "nats", "volumeMounts"), BEFORE), (pod("DaemonSet", "spool", "volumes"), BEFORE)], [(c("DaemonSet", "spool", "nats", "volumeMounts"), BEFORE), (pod("DaemonSet", "spool", "volumes[name=scratch]"), GONE)]))

# ---------------------------------------------------------------- nobody's manifest
STATE = {"volumes": [{"name": "state", "hostPath": {"path": "/tmp/state-@NAME@", "type": "DirectoryOrCreate"}}]}
scenario("partner-times-out", "argocd", one("tickets", workload("Deployment", "rates", container("php", "laravel", volumeMounts=[{"name": "state", "mountPath": "/state"}]), pod=STATE), service("rates")),
    ["rates 11.3.1", ["deploy/tickets.yaml", ":11.3.0", ":11.3.1"]], "the partner's API does not answer; the release is not to blame", HUMAN, then=[[-1, "touch /tmp/state-$NAMESPACE/partner-away"]], expected=expect("dependency-address crash-on-start"))
scenario("stream-corrupt", "flux", one("bus", configmap("bus", nats__conf=NATS), workload("StatefulSet", "orders", container("nats", "nats", volumeMounts=[*MOUNT, {"name": "state", "mountPath": "/data"}]), pod={"volumes": CONF["volumes"] + STATE["volumes"]}), service("orders", clusterIP="None")),
    ["orders: ask for a little more CPU", ["deploy/bus.yaml", "cpu: 10m", "cpu: 15m"]], "the stream on the volume is corrupt: somebody restores it; the commit is innocent", HUMAN, then=[[-1, "touch /tmp/state-$NAMESPACE/corrupt"]], expected=expect("crash-on-start unknown"))
SECRET = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: broker\nstringData:\n  password: valid\n"
scenario("broker-password", "argocd", one("shipping", workload("Deployment", "parcels", container("consumer", "kafka", env={"SASL_PASSWORD": {"secretKeyRef": {"name": "broker", "key": "password"}}, "BATCH": "10"})), service("parcels")),
    ["parcels: bigger batches", ["deploy/shipping.yaml", "value: '10'", "value: '20'"]], "the broker refuses the password in the Secret: it must be renewed; the batches are innocent", HUMAN, given=SECRET,
    then=[[-1, "kubectl -n $NAMESPACE patch secret broker -p '{\"stringData\":{\"password\":\"expired\"}}'"]], expected=expect("crash-on-start secret-missing dependency-address"))
scenario("slots-taken", "flux", one("web", workload("Deployment", "seats", container("web", "node"), pod={"initContainers": [{"name": "migrate", "image": "busybox:1.36", "command": ["sh", "-c", "echo 'running 2 migrations'; [ ! -e /state/full ] || { echo 'psql: error: connection to server at \"10.20.0.5\", port 5432 failed: FATAL:  remaining connection slots are reserved for roles with the SUPERUSER attribute'; exit 2; }"], "volumeMounts": [{"name": "state", "mountPath": "/state"}]}], **STATE}), service("seats")),
    ["seats 9.4.1", ["deploy/web.yaml", ":9.4.0", ":9.4.1"]], "the database has no free connection slots; the release is innocent", HUMAN, then=[[-1, "touch /tmp/state-$NAMESPACE/full"]], expected=expect("crash-on-start dependency-address"))
scenario("min-ready", "argocd", one("web", workload("Deployment", "booth", container("web", "node"), replicas=3, spec={"minReadySeconds": 1}, deadline=2400), service("booth")),
    ["booth 9.4.1, careful", ["deploy/web.yaml", ":9.4.0", ":9.4.1"], ["deploy/web.yaml", "minReadySeconds: 1", "minReadySeconds: 900"]], "every pod counts after 15 minutes only: the rollout goes on", NONE)
scenario("partition", "flux", one("web", workload("StatefulSet", "archive", container("web", "node"), replicas=2, spec={"updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"partition": 2}}}), service("archive", clusterIP="None")),
    ["archive 9.9.9, staged", ["deploy/web.yaml", ":9.4.0", ":9.9.9"]], "the partition keeps every pod as it is, by intent", NONE, spec={"wait": False})
