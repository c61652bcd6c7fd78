"""The second batch, written before anything was made to fit it: shop-200 and on."""
import pathlib, runpy
globals().update(runpy.run_path(str(pathlib.Path(__file__).parent / "kit.py")))
CHART = runpy.run_path(str(pathlib.Path(__file__).parent / "batch_a.py"))["CHART"]

SCENARIOS, scenario = batch(200)


def mounted(name, config, at):
    """A pod's volume from a ConfigMap, and its mount."""
    return {"volumes": [{"name": "conf", "configMap": {"name": config}}]}, [{"name": "conf", "mountPath": at}]


# ---------------------------------------------------------------- files that programs read
pod, mounts = mounted("cache", "cache-conf", "/etc/redis")
REDIS_CONF = "port 6379\nmaxmemory 64mb\nmaxmemory-policy noeviction\nsave 3600 1\n"
scenario("redis-value", "argocd",
    {**one("cache", workload("StatefulSet", "cache", container("redis", "redis", args=["/etc/redis/redis.conf"], volumeMounts=mounts), pod=pod), service("cache", clusterIP="None")),
     "deploy/conf.yaml": dump(configmap("cache-conf", redis__conf=REDIS_CONF))},
    ["cache: more memory, keep connections alive", ["deploy/conf.yaml", "maxmemory 64mb", "maxmemory 96 meg"], ["deploy/conf.yaml", "    save 3600 1\n", "    save 3600 1\n    tcp-keepalive 120\n"], ["deploy/cache.yaml", "        app: cache\n    spec:", "        app: cache\n      annotations:\n        checksum/conf: \"2\"\n    spec:"]],
    "maxmemory has a value that Redis does not understand; tcp-keepalive is wanted",
    expected=expect("crash-on-start", [('ConfigMap/cache-conf data["redis.conf"]', value(REDIS_CONF + "tcp-keepalive 120\n"))]))

scenario("redis-directive-generated", "flux",
    {"base/cache.yaml": dump(workload("Deployment", "sessions", container("redis", "redis", args=["/etc/redis/redis.conf"], volumeMounts=[{"name": "conf", "mountPath": "/etc/redis"}]), pod={"volumes": [{"name": "conf", "configMap": {"name": "sessions-conf"}}]}), service("sessions", port=6379)),
     "base/redis.conf": REDIS_CONF, "base/kustomization.yaml": kustomization("cache.yaml", configMapGenerator=[{"name": "sessions-conf", "files": ["redis.conf"]}]),
     "overlays/eu/kustomization.yaml": kustomization("../../base")},
    ["sessions: evict the oldest, 7.4.2", ["base/redis.conf", "maxmemory-policy noeviction", "maxmemory-polcy allkeys-lru"], ["base/cache.yaml", "acme/cache:7.4.1", "acme/cache:7.4.2"]],
    "the directive maxmemory-polcy does not exist; the release and, if possible, the policy are wanted", path="overlays/eu",
    expected=expect("crash-on-start", [('ConfigMap/sessions-conf-# data["redis.conf"]', BEFORE)], [('ConfigMap/sessions-conf-# data["redis.conf"]', value(REDIS_CONF.replace("noeviction", "allkeys-lru")))]))

HAPROXY = "global\n  maxconn 200\ndefaults\n  mode http\n  timeout connect 5s\nfrontend main\n  bind *:8404\n  monitor-uri /healthz\n  default_backend web\nbackend web\n  server one 10.20.0.5:80\n"
pod, mounts = mounted("balancer", "balancer-conf", "/usr/local/etc/haproxy")
scenario("backend-renamed", "argocd",
    {"deploy/balancer.yaml": dump(workload("Deployment", "balancer", container("haproxy", "haproxy", volumeMounts=mounts), pod=pod), service("balancer")),
     "deploy/haproxy.cfg": HAPROXY, "deploy/kustomization.yaml": kustomization("balancer.yaml", configMapGenerator=[{"name": "balancer-conf", "files": ["haproxy.cfg"]}])},
    ["balancer: clearer name, patient clients", ["deploy/haproxy.cfg", "backend web\n  server", "backend storefront\n  server"], ["deploy/haproxy.cfg", "  timeout connect 5s\n", "  timeout connect 5s\n  timeout client 90s\n"]],
    "the backend was renamed, default_backend still says web; the timeout is wanted",
    expected=expect("crash-on-start", [('ConfigMap/balancer-conf-# data["haproxy.cfg"]', value(HAPROXY.replace("5s\n", "5s\n  timeout client 90s\n").replace("backend web", "backend storefront")))],
                    [('ConfigMap/balancer-conf-# data["haproxy.cfg"]', value(HAPROXY.replace("5s\n", "5s\n  timeout client 90s\n")))]))

pod, mounts = mounted("edge", "edge-lb", "/usr/local/etc/haproxy")
scenario("config-key-renamed", "flux",
    {**one("edge", workload("DaemonSet", "edge-lb", container("haproxy", "haproxy", volumeMounts=mounts), pod=pod), service("edge-lb")), "deploy/conf.yaml": dump(configmap("edge-lb", haproxy__cfg=HAPROXY))},
    ["edge: balancer 3.1.1, file names as everywhere", ["deploy/conf.yaml", "haproxy.cfg:", "haproxy.conf:"], ["deploy/edge.yaml", ":3.1.0", ":3.1.1"]],
    "the ConfigMap's key was renamed; the program opens haproxy.cfg; the release is wanted",
    expected=expect("crash-on-start config-key-missing config-missing volume-mount", [("ConfigMap/edge-lb data", BEFORE)], [('ConfigMap/edge-lb data["haproxy.cfg"]', BEFORE), ('ConfigMap/edge-lb data["haproxy.conf"]', ANY)], [('ConfigMap/edge-lb data["haproxy.cfg"]', BEFORE)]))

PROM = "global:\n  scrape_interval: 30s\nscrape_configs:\n  - job_name: shop\n    static_configs:\n      - targets: [10.20.0.5:9100]\n"
pod, mounts = mounted("metrics", "metrics-config", "/etc/prometheus")
METRICS = {**one("metrics", workload("StatefulSet", "metrics", container("prometheus", "prometheus", args=["--config.file=/etc/prometheus/prometheus.yml", "--storage.tsdb.path=/data", "--storage.tsdb.retention.time=15d", "--web.enable-lifecycle"], volumeMounts=mounts), pod=pod), service("metrics", clusterIP="None")),
           "deploy/config.yaml": dump(configmap("metrics-config", prometheus__yml=PROM))}
scenario("flag-removed", "argocd", METRICS,
    ["metrics 3.1.0, keep a month", ["deploy/metrics.yaml", ":3.0.1", ":3.1.0"], ["deploy/metrics.yaml", "--storage.tsdb.retention.time=15d", "--storage.tsdb.retention=30d"]],
    "the flag --storage.tsdb.retention does not exist any more; the release is wanted",
    expected=expect("crash-on-start", [(c("StatefulSet", "metrics", "prometheus", "args[2]"), BEFORE)], [(c("StatefulSet", "metrics", "prometheus", "args[2]"), value("--storage.tsdb.retention.time=30d"))]))
scenario("flag-value", "flux", METRICS,
    ["metrics: fifteen days and the admin's address", ["deploy/metrics.yaml", "retention.time=15d", "retention.time=15days"], ["deploy/metrics.yaml", "        - --web.enable-lifecycle\n", "        - --web.enable-lifecycle\n        - --web.external-url=https://metrics.example\n"]],
    "15days is no duration; the address is wanted",
    expected=expect("crash-on-start", [(c("StatefulSet", "metrics", "prometheus", "args[2]"), BEFORE)]))
scenario("field-unknown", "flux", METRICS,
    ["metrics: scrape the payments", ["deploy/config.yaml", "      scrape_interval: 30s\n", "      scrape_interval: 30s\n      scrape_timout: 10s\n"], ["deploy/config.yaml", "targets: [10.20.0.5:9100]", "targets: [10.20.0.5:9100, 10.20.0.6:9100]"], ["deploy/metrics.yaml", "        app: metrics\n    spec:", "        app: metrics\n      annotations:\n        config-revision: '7'\n    spec:"]],
    "the field scrape_timout does not exist; the second target is wanted",
    expected=expect("crash-on-start", [('ConfigMap/metrics-config data["prometheus.yml"]', value(PROM.replace("9100]", "9100, 10.20.0.6:9100]")))], [('ConfigMap/metrics-config data["prometheus.yml"]', value(PROM.replace("9100]", "9100, 10.20.0.6:9100]").replace("30s\n", "30s\n  scrape_timeout: 10s\n")))]))

LIMITS = '{\n  "page": 50,\n  "export": 1000\n}\n'
pod, mounts = mounted("portal", "portal-limits", "/config")
scenario("json-comma", "argocd",
    {**one("portal", workload("Deployment", "portal", container("portal", "envalid", env={"LIMITS_FILE": "/config/limits.json"}, volumeMounts=mounts), replicas=2, pod=pod), service("portal")), "deploy/limits.yaml": dump(configmap("portal-limits", limits__json=LIMITS))},
    ["portal: smaller exports", ["deploy/limits.yaml", '"export": 1000\n', '"export": 200,\n'], ["deploy/portal.yaml", "        app: portal\n    spec:", "        app: portal\n      annotations:\n        limits: small\n    spec:"]],
    "a comma too many in the JSON file; the smaller export is wanted",
    expected=expect("crash-on-start", [('ConfigMap/portal-limits data["limits.json"]', value(LIMITS.replace("1000", "200")))], [('ConfigMap/portal-limits data["limits.json"]', BEFORE)]))

# ---------------------------------------------------------------- settings
scenario("env-file-line-gone", "flux",
    {"deploy/quotes.yaml": dump(workload("Deployment", "quotes", container("quotes", "pydantic", env={"DATABASE_URL": None}, envFrom=[{"configMapRef": {"name": "quotes-env"}}]), replicas=2), service("quotes")),
     "deploy/quotes.env": "DATABASE_URL=postgresql://quotes@10.20.0.5/quotes\nPOOL_SIZE=5\nLOG_LEVEL=info\n", "deploy/kustomization.yaml": kustomization("quotes.yaml", configMapGenerator=[{"name": "quotes-env", "envs": ["quotes.env"]}])},
    ["quotes: bigger pool", ["deploy/quotes.env", "DATABASE_URL=postgresql://quotes@10.20.0.5/quotes\nPOOL_SIZE=5", "POOL_SIZE=12"]],
    "DATABASE_URL is gone from the env file; the pool is wanted",
    expected=expect("crash-on-start", [("ConfigMap/quotes-env-# data.DATABASE_URL", BEFORE)]))

PYCHART = {**CHART,
    "charts/web/templates/deployment.yaml": CHART["charts/web/templates/deployment.yaml"].replace('args: ["dist/server.js"]', "").replace("containerPort: 3000", "containerPort: 8000").replace("path: /api/health", "path: /healthz").replace("name: API_BASE_URL\n              value: https://api.example", "name: DATABASE_URL\n              value: postgresql://quotes@10.20.0.5/quotes\n            - name: POOL_SIZE\n              value: {{ .Values.pool.size | quote }}"),
    "charts/web/values.yaml": CHART["charts/web/values.yaml"].replace("acme/storefront", "acme/quotes") + "pool:\n  size: 5\n",
    "env/prod.yaml": "image:\n  tag: 1.12.0\npool:\n  size: 8\n"}
VALUES = {"helm": {"valueFiles": ["../../env/common.yaml", "../../env/prod.yaml"], "releaseName": "quotes"}}
scenario("number-in-values", "argocd", PYCHART,
    ["prod: quotes 1.12.1, 12 connections", ["env/prod.yaml", "tag: 1.12.0", "tag: 1.12.1"], ["env/prod.yaml", "size: 8", "size: 1Z"]],
    "the pool's size is no number; the release is wanted", path="charts/web", source=VALUES,
    expected=expect("crash-on-start", [(c("Deployment", "quotes", "web", "env[name=POOL_SIZE].value"), BEFORE)]))

scenario("bool-with-sidecar", "argocd",
    {**one("portal", workload("Deployment", "trial", {"name": "metrics", "image": "busybox:1.36", "command": ["sh", "-c", "while true; do echo 'warning: scrape failed: connection refused'; sleep 5; done"]}, container("portal", "envalid", env={"FEATURE_TRIAL": "false", "PORT": "4000"})), service("trial"))},
    ["trial: on, and two of them", ["deploy/portal.yaml", "value: 'false'", "value: 'on'"], ["deploy/portal.yaml", "replicas: 1", "replicas: 2"]],
    "FEATURE_TRIAL must be true or false; two replicas are wanted",
    expected=expect("crash-on-start", [(c("Deployment", "trial", "portal", "env[name=FEATURE_TRIAL].value"), BEFORE)], [(c("Deployment", "trial", "portal", "env[name=FEATURE_TRIAL].value"), value("true"))]))

scenario("port-word-first", "flux", one("portal", workload("Deployment", "kiosk", container("portal", "envalid", env={"PORT": "http"})), service("kiosk")),
    [], "PORT is http, which is no number, from the first release on; the container's port is 4000", never_worked=True,
    expected=expect("crash-on-start", [(c("Deployment", "kiosk", "portal", "env[name=PORT].value"), value("4000"))]))

scenario("env-from-prefix", "argocd",
    one("router", configmap("router-env", ROUTER_UPSTREAM="http://10.20.0.5:80", TIER="gold"), workload("StatefulSet", "router", container("router", "router", env={"ROUTER_UPSTREAM": None}, envFrom=[{"configMapRef": {"name": "router-env"}}])), service("router", clusterIP="None")),
    ["router 0.39.0, prefixed settings", ["deploy/router.yaml", ":0.38.0", ":0.39.0"], ["deploy/router.yaml", "        - configMapRef:\n            name: router-env\n", "        - prefix: EDGE_\n          configMapRef:\n            name: router-env\n"]],
    "the prefix renames the variable that the program needs; the release is wanted",
    expected=expect("crash-on-start", [(c("StatefulSet", "router", "router", "envFrom[0].prefix"), GONE)], [(c("StatefulSet", "router", "router", "envFrom"), BEFORE)]))

scenario("variable-renamed-reference", "flux",
    one("quotes", configmap("quotes-db", url="postgresql://quotes@10.20.0.5/quotes"), workload("CronJob", "refresh-quotes", {"name": "refresh", "image": "acme/schema:22", "env": [{"name": "FLYWAY_URL", "valueFrom": {"configMapKeyRef": {"name": "quotes-db", "key": "url"}}}]})),
    ["refresh: names as in the other jobs", ["deploy/quotes.yaml", "- name: FLYWAY_URL", "- name: DATABASE_URL"], ["deploy/quotes.yaml", "'* * * * *'", "'*/1 * * * *'"]],
    "the program reads FLYWAY_URL, which the commit renamed; the schedule is equal", spec={"wait": False},
    expected=expect("crash-on-start job-failed", [(c("CronJob", "refresh-quotes", "refresh", "env"), BEFORE)], [(c("CronJob", "refresh-quotes", "refresh", "env[name=FLYWAY_URL]"), BEFORE)], [(c("CronJob", "refresh-quotes", "refresh", "env[name=FLYWAY_URL]"), BEFORE), (c("CronJob", "refresh-quotes", "refresh", "env[name=DATABASE_URL]"), GONE)]))

scenario("heap-of-node", "argocd",
    one("portal", workload("Deployment", "admin", container("portal", "envalid", env={"NODE_OPTIONS": "--max-old-space-size=64 --enable-source-maps"})), service("admin")),
    ["admin: right-size the heap, 2.0.1", ["deploy/portal.yaml", "--max-old-space-size=64", "--max-old-space-size=32"], ["deploy/portal.yaml", ":2.0.0", ":2.0.1"]],
    "the heap of 32 MB is too small (exit 134, no OOMKill); the release is wanted",
    expected=expect("crash-on-start out-of-memory", [(c("Deployment", "admin", "portal", "env[name=NODE_OPTIONS].value"), BEFORE)]))

scenario("heap-of-java", "flux",
    {"base/ledger.yaml": dump(workload("Deployment", "ledger", container("ledger", "java", env={"JAVA_TOOL_OPTIONS": "-XX:+UseG1GC -Xmx64m"})), service("ledger")), "base/kustomization.yaml": kustomization("ledger.yaml"),
     "overlays/prod/kustomization.yaml": kustomization("../../base", patches=[{"path": "java.yaml"}]),
     "overlays/prod/java.yaml": "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: ledger\nspec:\n  template:\n    spec:\n      containers:\n      - name: ledger\n        env:\n        - name: JAVA_TOOL_OPTIONS\n          value: -XX:+UseZGC -Xmx72m\n        - name: LEDGER_BATCH_SIZE\n          value: \"40\"\n"},
    ["prod: a little more heap, bigger batches", ["overlays/prod/java.yaml", "-Xmx72m", "-Xmx80mb"], ["overlays/prod/java.yaml", '"40"', '"60"']],
    "-Xmx80mb is no heap size; the batches are wanted", path="overlays/prod",
    expected=expect("crash-on-start", [(c("Deployment", "ledger", "ledger", "env[name=JAVA_TOOL_OPTIONS].value"), BEFORE)], [(c("Deployment", "ledger", "ledger", "env[name=JAVA_TOOL_OPTIONS].value"), value("-XX:+UseZGC -Xmx80m"))]))

# ---------------------------------------------------------------- databases
def database(name, volume, **more):
    return workload("StatefulSet", name, container("postgres", "postgres", volumeMounts=[{"name": "data", "mountPath": "/var/lib/postgresql/data"}], probes=False, **more), pod={"volumes": [{"name": "data", "hostPath": {"path": f"/tmp/{volume}-@NAME@", "type": "DirectoryOrCreate"}}]})


scenario("major-upgrade", "argocd", one("db", database("orders-db", "pg", args=["-c", "max_connections=50"]), service("orders-db", port=5432, clusterIP="None")),
    ["orders-db: PostgreSQL 17, more connections", ["deploy/db.yaml", "acme/postgres:16.4", "acme/postgres:17.2"], ["deploy/db.yaml", "max_connections=50", "max_connections=80"]],
    "the files in the volume are of PostgreSQL 16; the connections are wanted",
    expected=expect("crash-on-start", [(c("StatefulSet", "orders-db", "postgres", "image"), BEFORE)]))
scenario("parameter-misspelt", "flux", one("db", database("carts-db", "pg", args=["-c", "max_connections=50", "-c", "log_statement=ddl"])),
    ["carts-db: tune", ["deploy/db.yaml", "- max_connections=50", "- max_conections=80"], ["deploy/db.yaml", "log_statement=ddl", "log_statement=none"]],
    "max_conections is no parameter; the other one is wanted",
    expected=expect("crash-on-start", [(c("StatefulSet", "carts-db", "postgres", "args[1]"), BEFORE)], [(c("StatefulSet", "carts-db", "postgres", "args[1]"), value("max_connections=80"))]))
scenario("data-directory", "argocd", one("db", database("users-db", "pgdata", env={"PGDATA": "/var/lib/postgresql/data/pgdata"}, args=["-c", "work_mem=4MB"])),
    ["users-db: defaults where we can", ["deploy/db.yaml", "        - name: PGDATA\n          value: /var/lib/postgresql/data/pgdata\n", ""], ["deploy/db.yaml", "work_mem=4MB", "work_mem=8MB"]],
    "without PGDATA the database looks at the mount point itself, which is not empty; work_mem is wanted",
    expected=expect("crash-on-start volume-mount", [(c("StatefulSet", "users-db", "postgres", "env[name=PGDATA]"), BEFORE)]))

# ---------------------------------------------------------------- images
scenario("segfault", "argocd", one("router", workload("Deployment", "edge-router", container("router", "router", env={"LOG": "info"}), replicas=2), service("edge-router")),
    ["edge-router 0.40.0, quieter", ["deploy/router.yaml", ":0.38.0", ":0.40.0"], ["deploy/router.yaml", "value: info", "value: warn"]],
    "the release dies of a segmentation fault (exit 139); the log level is wanted",
    expected=expect("crash-on-start", [(c("Deployment", "edge-router", "router", "image"), BEFORE)]))
scenario("other-processor", "flux", {**one("router", workload("DaemonSet", "node-router", container("router", "router"))), "deploy/kustomization.yaml": kustomization("router.yaml", images=[{"name": "acme/router", "newTag": "0.39.0"}])},
    ["node-router 0.41.0", ["deploy/kustomization.yaml", "0.39.0", "0.41.0"]], "the image was built for another processor (exec format error)",
    expected=expect("crash-on-start command-not-found image-not-found", [(c("DaemonSet", "node-router", "router", "image"), BEFORE)]))
scenario("digest-unknown", "argocd", one("portal", workload("Deployment", "campaign", container("portal", "envalid", env={"THEME": "spring"})), service("campaign")),
    ["campaign 2.0.1, pinned, autumn", ["deploy/portal.yaml", "acme/portal:2.0.0", "acme/portal:2.0.1@sha256:5f4dcc3b5aa765d61d8327deb882cf99b5aa765d61d8327deb882cf995f4dcc3"], ["deploy/portal.yaml", "value: spring", "value: autumn"]],
    "no image has this digest; the theme is wanted",
    expected=expect("image-not-found", [(c("Deployment", "campaign", "portal", "image"), BEFORE)], [(c("Deployment", "campaign", "portal", "image"), value("acme/portal:2.0.1"))]))
scenario("tag-as-number", "flux", {"base/portal.yaml": dump(workload("Deployment", "intranet", container("portal", "envalid")), service("intranet")), "base/kustomization.yaml": kustomization("portal.yaml"),
     "overlays/prod/kustomization.yaml": "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n  - ../../base\nimages:\n  - name: acme/portal\n    newTag: 2.0.1\n"},
    ["intranet 2.1", ["overlays/prod/kustomization.yaml", "newTag: 2.0.1", "newTag: 2.1"]], "there is no image of version 2.1", path="overlays/prod", expected=expect("image-not-found", [(c("Deployment", "intranet", "portal", "image"), BEFORE)]))
scenario("account-tag-arg", "argocd", one("job", workload("Job", "import-1", {"name": "import", "image": "acme/schema:22", "env": [{"name": "FLYWAY_URL", "value": "jdbc:postgresql://10.20.0.5/import"}]})),
    ["import: second run with 23", ["deploy/job.yaml", "name: import-1", "name: import-2"], ["deploy/job.yaml", "app: import-1", "app: import-2"], ["deploy/job.yaml", "acme/schema:22", "acme/shcema:23"]],
    "the image of the new Job is misspelt; the tag 23 exists",
    expected=expect("image-not-found", [(c("Job", "import-2", "import", "image"), value("acme/schema:22"))], [(c("Job", "import-2", "import", "image"), value("acme/schema:23"))]))

# ---------------------------------------------------------------- probes and memory
scenario("chart-template-probe", "argocd", {**CHART, "env/prod.yaml": CHART["env/prod.yaml"]},
    ["chart 1.9: probe what the load balancer probes", ["charts/web/templates/deployment.yaml", "path: /api/health, port: http", "path: /ready, port: http"], ["charts/web/Chart.yaml", "version: 1.8.0", "version: 1.9.0"], ["env/prod.yaml", 'value: "25"', 'value: "40"']],
    "the probe in the chart's template asks a path that the program does not have; the page size is wanted", path="charts/web", source={"helm": {"valueFiles": ["../../env/common.yaml", "../../env/prod.yaml"], "releaseName": "shopfront"}},
    expected=expect("readiness-probe", [(c("Deployment", "shopfront", "web", "readinessProbe.httpGet.path"), BEFORE)]))
scenario("liveness-too-early", "flux", one("ledger", workload("Deployment", "journal", container("ledger", "java", env={"START_SECONDS": "25"}, live={"httpGet": {"path": "/actuator/health/liveness", "port": "http"}, "initialDelaySeconds": 45, "periodSeconds": 5, "failureThreshold": 3}), deadline=120), service("journal")),
    ["journal 3.1.3: notice hangs sooner", ["deploy/ledger.yaml", ":3.1.4", ":3.1.3"], ["deploy/ledger.yaml", "initialDelaySeconds: 45", "initialDelaySeconds: 5"], ["deploy/ledger.yaml", "failureThreshold: 3", "failureThreshold: 2"]],
    "the liveness probe kills the program while it starts; the release is wanted",
    expected=expect("liveness-probe", [(c("Deployment", "journal", "ledger", "livenessProbe.initialDelaySeconds"), at_least("21"))], [(c("Deployment", "journal", "ledger", "livenessProbe.initialDelaySeconds"), BEFORE), (c("Deployment", "journal", "ledger", "livenessProbe.failureThreshold"), BEFORE)], [(c("Deployment", "journal", "ledger", "livenessProbe.failureThreshold"), at_least("5"))]))
scenario("limits-from-range", "argocd", one("shop", workload("Deployment", "prices", container("shop", "shop", env={"CACHE_MB": "70"}, limits="160Mi")), service("prices")),
    ["prices 1.4.2, the namespace knows the limits", ["deploy/shop.yaml", ":1.4.1", ":1.4.2"], ["deploy/shop.yaml", "        resources:\n          requests:\n            cpu: 10m\n            memory: 24Mi\n          limits:\n            memory: 160Mi\n", ""]],
    "without limits of its own the program gets the namespace's default of 48Mi, too little; the release is wanted",
    given="apiVersion: v1\nkind: LimitRange\nmetadata:\n  name: defaults\nspec:\n  limits:\n  - type: Container\n    default: {memory: 48Mi}\n    defaultRequest: {memory: 16Mi}\n",
    expected=expect("out-of-memory", [(c("Deployment", "prices", "shop", "resources"), BEFORE)], [(c("Deployment", "prices", "shop", "resources"), ANY)]))
scenario("scratch-too-small", "flux", one("render", workload("Deployment", "renderer", {"name": "render", "image": "busybox:1.36", "command": ["sh", "-c", "dd if=/dev/zero of=/scratch/tiles bs=1M count=${TILES_MB} 2>/dev/null; echo rendered; exec sleep 86400"], "env": [{"name": "TILES_MB", "value": "24"}], "volumeMounts": [{"name": "scratch", "mountPath": "/scratch"}]}, pod={"volumes": [{"name": "scratch", "emptyDir": {"sizeLimit": "64Mi"}}]})),
    ["renderer: less scratch, twelve workers later", ["deploy/render.yaml", "sizeLimit: 64Mi", "sizeLimit: 8Mi"], ["deploy/render.yaml", "labels:\n        app: renderer\n", "labels:\n        app: renderer\n        tier: batch\n"]],
    "the scratch volume is smaller than what the program writes, so its pods are evicted; the label is wanted", spec={"wait": False},
    expected=expect("volume-mount crash-on-start out-of-memory unknown node", [("Deployment/renderer spec.template.spec.volumes[name=scratch].emptyDir.sizeLimit", BEFORE)], [("Deployment/renderer spec.template.spec.volumes[name=scratch].emptyDir.sizeLimit", at_least("26Mi"))]))

# ---------------------------------------------------------------- refused by the API server
scenario("common-labels", "flux", {"deploy/web.yaml": dump(workload("Deployment", "help", container("web", "node")), service("help")), "deploy/kustomization.yaml": kustomization("web.yaml")},
    ["Label everything with its team", ["deploy/kustomization.yaml", "resources:", "commonLabels:\n  team: support\nresources:"]],
    "commonLabels changes the Deployment's selector, which cannot be changed", 
    expected=expect("invalid-manifest", [("Deployment/help metadata.labels.team", GONE), ("Deployment/help spec.selector.matchLabels.team", GONE), ("Deployment/help spec.template.metadata.labels.team", GONE), ("Service/help metadata.labels", GONE), ("Service/help spec.selector.team", GONE)],
                    [("Deployment/help spec.selector.matchLabels.team", GONE)], [("Deployment/help spec.selector.matchLabels.team", GONE), ("Service/help spec.selector.team", GONE)]))
scenario("field-of-downward", "argocd", one("web", workload("Deployment", "where", container("web", "node", env={"NODE": {"fieldRef": {"fieldPath": "spec.nodeName"}}})), service("where")),
    ["where 9.4.1 knows its zone", ["deploy/web.yaml", ":9.4.0", ":9.4.1"], ["deploy/web.yaml", "fieldPath: spec.nodeName", "fieldPath: spec.nodename"]], "spec.nodename is no field of the downward API; the release is wanted",
    expected=expect("invalid-manifest", [(c("Deployment", "where", "web", "env[name=NODE].valueFrom.fieldRef.fieldPath"), BEFORE)]))
scenario("time-zone", "flux", one("cron", workload("CronJob", "nightly", {"name": "nightly", "image": "acme/schema:22", "env": [{"name": "FLYWAY_URL", "value": "jdbc:postgresql://10.20.0.5/x"}]}, spec={"timeZone": "Europe/Berlin", "schedule": "5 3 * * *"})),
    ["nightly: an hour later", ["deploy/cron.yaml", "5 3 * * *", "5 4 * * *"], ["deploy/cron.yaml", "Europe/Berlin", "Europe/Munich"]], "there is no time zone Europe/Munich; the hour is wanted",
    expected=expect("cron-invalid invalid-manifest", [("CronJob/nightly spec.timeZone", BEFORE)]))
scenario("scale-bounds", "argocd", one("web", workload("Deployment", "deals", container("web", "node")), {"apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler", "metadata": {"name": "deals"}, "spec": {"scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "deals"}, "minReplicas": 1, "maxReplicas": 3, "metrics": [{"type": "Resource", "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 70}}}]}}),
    ["deals 9.4.1, at least five at the weekend", ["deploy/web.yaml", "minReplicas: 1", "minReplicas: 5"], ["deploy/web.yaml", ":9.4.0", ":9.4.1"]], "minReplicas is above maxReplicas; the release is wanted",
    expected=expect("autoscaler invalid-manifest", [("HorizontalPodAutoscaler/deals spec.minReplicas", BEFORE)], [("HorizontalPodAutoscaler/deals spec.maxReplicas", at_least("5"))]), spec={"ignoreDifferences": []})
scenario("patch-new-container", "flux", {"base/web.yaml": dump(workload("Deployment", "guides", container("web", "node")), service("guides")), "base/kustomization.yaml": kustomization("web.yaml"),
     "overlays/prod/kustomization.yaml": kustomization("../../base", patches=[{"path": "memory.yaml"}]),
     "overlays/prod/memory.yaml": "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: guides\nspec:\n  replicas: 1\n  template:\n    spec:\n      containers:\n      - name: web\n        resources:\n          limits:\n            memory: 128Mi\n"},
    ["prod: two guides, names as in the charts", ["overlays/prod/memory.yaml", "- name: web", "- name: guides"], ["overlays/prod/memory.yaml", "replicas: 1", "replicas: 2"]],
    "the patch names a container that is not there and so makes a second one, without an image; two replicas are wanted", path="overlays/prod",
    expected=expect("invalid-manifest", [("Deployment/guides spec.template.spec.containers[name=guides]", GONE), (c("Deployment", "guides", "web", "resources.limits.memory"), BEFORE)], [("Deployment/guides spec.template.spec.containers", BEFORE)]))
POLICY = text("""
    apiVersion: admissionregistration.k8s.io/v1
    kind: ValidatingAdmissionPolicy
    metadata: {name: "@NAME@-limits"}
    spec:
      failurePolicy: Fail
      matchConstraints:
        resourceRules: [{apiGroups: [apps], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [deployments]}]
        namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: "@NAME@"}}
      validations: [{expression: "object.spec.template.spec.containers.all(c, has(c.resources.limits) && 'memory' in c.resources.limits)", message: "every container has a memory limit"}]
    ---
    apiVersion: admissionregistration.k8s.io/v1
    kind: ValidatingAdmissionPolicyBinding
    metadata: {name: "@NAME@-limits"}
    spec: {policyName: "@NAME@-limits", validationActions: [Deny]}
    """)
scenario("policy-wants-limits", "argocd", one("web", workload("Deployment", "vouchers", container("web", "node")), service("vouchers")),
    ["vouchers 9.4.1 without limits", ["deploy/web.yaml", ":9.4.0", ":9.4.1"], ["deploy/web.yaml", "          limits:\n            memory: 96Mi\n", ""]],
    "the cluster's policy wants a memory limit, which the commit dropped: its owners decide", HUMAN, given=POLICY, expected=expect("invalid-manifest limit-range"))
scenario("token-off", "flux", {**one("operator", {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "keeper"}}, {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role", "metadata": {"name": "keeper"}, "rules": [{"apiGroups": [""], "resources": ["configmaps"], "verbs": ["get", "list", "watch"]}]},
     {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding", "metadata": {"name": "keeper"}, "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "keeper"}, "subjects": [{"kind": "ServiceAccount", "name": "keeper"}]},
     workload("Deployment", "keeper", container("operator", "operator"), pod={"serviceAccountName": "keeper"}))},
    ["keeper 1.2.1, hardened", ["deploy/operator.yaml", ":1.2.0", ":1.2.1"], ["deploy/operator.yaml", "      serviceAccountName: keeper\n", "      serviceAccountName: keeper\n      automountServiceAccountToken: false\n"]],
    "the operator needs the token that is not mounted any more; the release is wanted",
    expected=expect("crash-on-start rbac-forbidden service-account-missing", [("Deployment/keeper spec.template.spec.automountServiceAccountToken", GONE)], [("Deployment/keeper spec.template.spec.automountServiceAccountToken", value(True))]))
scenario("address-moved", "argocd", one("router", workload("Deployment", "gate", container("router", "router", env={"ROUTER_UPSTREAM": "http://backend.acme.internal:80"}), pod={"hostAliases": [{"ip": "10.20.0.5", "hostnames": ["backend.acme.internal"]}]}), service("gate")),
    ["gate 0.39.0, backend by its short name", ["deploy/router.yaml", "http://backend.acme.internal:80", "http://backend:80"], ["deploy/router.yaml", ":0.38.0", ":0.39.0"]],
    "the new name resolves as well: nothing fails", NONE)
scenario("two-commits-on-top", "flux", one("quotes", workload("Deployment", "tariffs", container("quotes", "pydantic", env={"POOL_SIZE": "5", "REGION": "eu"})), service("tariffs")),
    [{"subject": "tariffs: pool from the calculator", "edit": [["deploy/quotes.yaml", "value: '5'", "value: '7.5'"]]}, {"subject": "tariffs 1.12.1", "edit": [["deploy/quotes.yaml", ":1.12.0", ":1.12.1"]], "wait": 40}, {"subject": "tariffs: region", "edit": [["deploy/quotes.yaml", "value: eu", "value: eu-central"]], "wait": 40}],
    "POOL_SIZE is no whole number since three commits; the later two are wanted",
    expected=expect("crash-on-start", [(c("Deployment", "tariffs", "quotes", "env[name=POOL_SIZE].value"), BEFORE)]))
scenario("service-name-port", "argocd", one("web", workload("Deployment", "press", container("web", "node")), service("press")),
    ["press 9.4.1, port names as the mesh wants them", ["deploy/web.yaml", ":9.4.0", ":9.4.1"], ["deploy/web.yaml", "        - name: http\n          containerPort: 3000", "        - name: http-web\n          containerPort: 3000"], ["deploy/web.yaml", "            port: http\n", "            port: http-web\n"]],
    "the container's port was renamed, the Service still targets http; release and name are wanted",
    expected=expect("service-port service-no-endpoints", [("Service/press spec.ports[name=http].targetPort", value("http-web"))], [("Service/press spec.ports[port=80].targetPort", value("http-web"))], [("Service/press spec.ports[0].targetPort", value("http-web"))], [("Service/press spec.ports[name=http].targetPort", value(3000))]))

# ---------------------------------------------------------------- nobody's manifest
SECRET = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: partner\nstringData:\n  key: valid\n"
scenario("partner-key-revoked", "argocd", one("quotes", workload("Deployment", "rates", container("quotes", "pydantic", env={"PARTNER_KEY": {"secretKeyRef": {"name": "partner", "key": "key"}}}), replicas=2), service("rates")),
    ["rates 1.12.1", ["deploy/quotes.yaml", ":1.12.0", ":1.12.1"]], "the partner's API no longer accepts the key: it must be renewed; the release is not to blame", HUMAN, given=SECRET,
    then=[[-1, "kubectl -n $NAMESPACE patch secret partner -p '{\"stringData\":{\"key\":\"revoked\"}}'"]], expected=expect("crash-on-start secret-missing dependency-address"))
scenario("partner-certificate", "flux", one("quotes", workload("StatefulSet", "fx", container("quotes", "pydantic", env={"PARTNER_CERT": {"configMapKeyRef": {"name": "partner-ca", "key": "expired", "optional": True}}})), service("fx", clusterIP="None")),
    [], "the partner's certificate has expired: only the partner can renew it", HUMAN, given="apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: partner-ca\ndata:\n  note: ok\n",
    then=[[1, "kubectl -n $NAMESPACE patch configmap partner-ca -p '{\"data\":{\"expired\":\"yes\"}}'"], [2, "kubectl -n $NAMESPACE delete pod fx-0"]], expected=expect("crash-on-start dependency-address"))
scenario("license-ran-out", "argocd", one("shop", workload("Deployment", "maps", container("tiles", "go", command=["sh", "-c", "[ ! -e /state/late ] || { echo '{\"level\":\"fatal\",\"msg\":\"license check failed\",\"error\":\"license ACME-4711 expired on 2026-11-27\"}'; exit 1; }; exec /app/run"], volumeMounts=[{"name": "state", "mountPath": "/state"}]), pod={"volumes": [{"name": "state", "hostPath": {"path": "/tmp/state-@NAME@", "type": "DirectoryOrCreate"}}]})),
    ["maps: two of them", ["deploy/shop.yaml", "replicas: 1", "replicas: 2"]], "the licence has expired; the commit is innocent", HUMAN,
    then=[[1, "touch /tmp/state-$NAMESPACE/late"], [2, "kubectl -n $NAMESPACE delete pod -l app=maps"]], expected=expect("crash-on-start unknown"))
scenario("queue-poisoned", "flux", one("mailer", workload("Deployment", "letters", {"name": "relay", "image": "busybox:1.36", "command": ["sh", "-c", "while true; do echo 'WARN no route, retrying'; sleep 7; done"]}, container("mailer", "ruby", command=["sh", "-c", "[ ! -e /state/poison ] || { sleep 4; echo 'app/jobs/letter_job.rb:41:in `render`: undefined method `strip` for nil (NoMethodError)'; exit 1; }; exec /app/run"], volumeMounts=[{"name": "state", "mountPath": "/state"}]), pod={"volumes": [{"name": "state", "hostPath": {"path": "/tmp/state-@NAME@", "type": "DirectoryOrCreate"}}]})),
    ["letters: label", ["deploy/mailer.yaml", "app.kubernetes.io/name: letters", "app.kubernetes.io/name: letters\n    team: post"]], "a message in the queue makes the program crash: a bug in it; the commit is innocent", HUMAN,
    then=[[20, "touch /tmp/state-$NAMESPACE/poison"], [21, "kubectl -n $NAMESPACE delete pod -l app=letters"]], expected=expect("crash-on-start"))
scenario("quota-taken-by-others", "argocd", one("web", workload("Deployment", "events", container("web", "node"), replicas=2), service("events")),
    ["events 9.4.1", ["deploy/web.yaml", ":9.4.0", ":9.4.1"]], "the namespace's quota of pods leaves no room for a rollout: somebody raises it or removes a pod", HUMAN,
    given="apiVersion: v1\nkind: ResourceQuota\nmetadata:\n  name: pods\nspec:\n  hard:\n    pods: '2'\n", expected=expect("quota"))
scenario("role-taken-away", "flux", one("operator", workload("Deployment", "warden", container("operator", "operator"))),
    [], "somebody removed the role that the operator's account had: it is not in git", HUMAN,
    given=text("""
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata: {name: reader}
        rules: [{apiGroups: [""], resources: [configmaps], verbs: [get, list, watch]}]
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: {name: reader}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader}
        subjects: [{kind: ServiceAccount, name: default, namespace: "@NAME@"}]
        """), then=[[1, "kubectl -n $NAMESPACE delete rolebinding reader"], [3, "kubectl -n $NAMESPACE delete pod -l app=warden"]], expected=expect("rbac-forbidden"))
scenario("database-away", "argocd", one("ledger", workload("Deployment", "payouts", container("ledger", "java", env={"SPRING_DATASOURCE_URL": "jdbc:postgresql://10.99.0.78:5432/payouts"})), service("payouts")),
    ["payouts 3.1.3", ["deploy/ledger.yaml", ":3.1.4", ":3.1.3"]], "the database does not answer; the release is not to blame", HUMAN,
    then=[[-1, "kill $(cat /tmp/registries/db78.pid)"]], expected=expect("dependency-address crash-on-start"))
scenario("pull-account", "flux", one("web", workload("Deployment", "lounge", container("web", "node", image="private.acme.example/acme/storefront:9.4.0", imagePullPolicy="Always"), pod={"serviceAccountName": "puller"})),
    ["lounge: two", ["deploy/web.yaml", "replicas: 1", "replicas: 2"]], "the account that pulls lost its secret outside of git; the commit is innocent", HUMAN,
    given="apiVersion: v1\nkind: Secret\nmetadata:\n  name: pull\ntype: kubernetes.io/dockerconfigjson\nstringData:\n  .dockerconfigjson: '{\"auths\":{\"private.acme.example\":{\"username\":\"robot\",\"password\":\"s3cret-pull\"}}}'\n---\napiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: puller\nimagePullSecrets:\n- name: pull\n",
    then=[[-1, "kubectl -n $NAMESPACE patch serviceaccount puller --type merge -p '{\"imagePullSecrets\":null}'"]], expected=expect("image-unauthorized"))

# ---------------------------------------------------------------- nothing to do
scenario("rollout-paused", "argocd", one("web", workload("Deployment", "stage", container("web", "node")), service("stage")),
    ["stage 9.9.9, paused until the tests say so", ["deploy/web.yaml", ":9.4.0", ":9.9.9"], ["deploy/web.yaml", "replicas: 1", "replicas: 1\n  paused: true"]], "the rollout is paused by intent", NONE)
scenario("on-delete", "flux", one("web", workload("StatefulSet", "vault", container("web", "node"), spec={"updateStrategy": {"type": "OnDelete"}}), service("vault", clusterIP="None")),
    ["vault 9.9.9, rolled by hand", ["deploy/web.yaml", ":9.4.0", ":9.9.9"]], "pods are replaced by hand only, and the old one is well", NONE, spec={"wait": False})
scenario("long-job", "argocd", one("job", workload("Job", "backfill-1", {"name": "backfill", "image": "busybox:1.36", "command": ["sh", "-c", "echo 'ERROR 3 rows skipped'; sleep ${SECONDS_TO_RUN}"], "env": [{"name": "SECONDS_TO_RUN", "value": "3"}]})),
    ["backfill the year", ["deploy/job.yaml", "backfill-1", "backfill-2"], ["deploy/job.yaml", "value: '3'", "value: '3000'"]], "the Job is at work", NONE)
scenario("cron-second-run-well", "flux", one("cron", workload("CronJob", "sync", {"name": "sync", "image": "busybox:1.36", "command": ["sh", "-c", "if [ -e /state/broken ]; then rm /state/broken; echo 'error: connection reset by peer'; exit 1; fi; echo synced"], "volumeMounts": [{"name": "state", "mountPath": "/state"}]}, pod={"volumes": [{"name": "state", "hostPath": {"path": "/tmp/state-@NAME@", "type": "DirectoryOrCreate"}}]})),
    ["sync: keep more history", ["deploy/cron.yaml", "concurrencyPolicy: Forbid", "concurrencyPolicy: Forbid\n  successfulJobsHistoryLimit: 5"]], "one run failed, all later ones were well", NONE, spec={"wait": False}, then=[[1, "touch /tmp/state-$NAMESPACE/broken"]])
scenario("waits-for-its-turn", "argocd", one("web", workload("Deployment", "arrivals", container("web", "node"), pod={"initContainers": [{"name": "wait-for-import", "image": "busybox:1.36", "command": ["sh", "-c", "[ -z \"$WAIT\" ] || while true; do echo 'import not found, waiting'; sleep 5; done"], "env": [{"name": "WAIT", "value": ""}]}]}, deadline=3000), service("arrivals")),
    ["arrivals 9.4.1 after the import", ["deploy/web.yaml", ":9.4.0", ":9.4.1"], ["deploy/web.yaml", "value: ''", "value: import"]], "the init container waits for an import that takes its time, within the deadline", NONE)
