"""Failures that the first recordings lack, for the recorder of a real cluster: `SHARED_SCENARIOS=…/scenarios.py SCENARIOS=test/recordings/scenarios.py record OUT ID…`.

SHARED_SCENARIOS is the file of the first 45, whose building blocks are used here. The recorder numbers scenarios by their place, so these are called shop-46 and on.
"""
import os
import runpy

_shared = runpy.run_path(os.environ["SHARED_SCENARIOS"])
deployment, service, configmap, kustomization = (_shared[name] for name in ("deployment", "service", "configmap", "kustomization"))
plain, overlay, release, scenario = (_shared[name] for name in ("plain", "overlay", "release", "scenario"))
FIX, HUMAN, NONE, D = _shared["FIX"], _shared["HUMAN"], _shared["NONE"], _shared["D"]


def daemon(name, image):
    text = deployment(name, image).replace("kind: Deployment", "kind: DaemonSet").replace("  replicas: 2\n", "").replace("  progressDeadlineSeconds: 90\n", "")
    return {"deploy/daemonset.yaml": text}


CRON = """\
apiVersion: batch/v1
kind: CronJob
metadata:
  name: nightly
spec:
  schedule: "* * * * *"
  concurrencyPolicy: Forbid
  jobTemplate:
    spec:
      backoffLimit: 1
      template:
        spec:
          restartPolicy: Never
          containers:
            - name: nightly
              image: acme/worker:1.4.1
              args: [migrate]
              env:
                - name: DATABASE_URL
                  value: postgres://nightly@db.internal/nightly
                - name: BATCH
                  value: "100"
"""

METRICS = """\
        - name: metrics
          image: acme/worker:1.4.0
          env:
            - name: PORT
              value: "9090"
          resources:
            requests: {cpu: 10m, memory: 16Mi}
            limits: {memory: 64Mi}
"""
CACHE = """\
        - name: cache
          image: acme/catalog:1.4.0
          env:
            - name: PORT
              value: "9091"
            - name: CACHE_MB
              value: "80"
          resources:
            requests: {cpu: 10m, memory: 16Mi}
            limits:
              memory: 160Mi
"""


def with_container(files, text):
    return {**files, D: files[D] + text}


WARM = """\
initContainers:
  - name: warm
    image: busybox:1.36
    command: [dd, if=/dev/zero, of=/dev/null, bs=40M, count=1]
    resources:
      limits:
        memory: 64Mi
"""
CONF_VOLUME = """\
volumes:
  - name: conf
    configMap:
      name: motd-conf
"""
CONF_ITEMS = """\
volumes:
  - name: conf
    configMap:
      name: tickets-conf
      items:
        - key: app.conf
          path: app.conf
"""
CONF_MOUNT = """\
volumeMounts:
  - name: conf
    mountPath: /etc/shop
env:
  - name: CONFIG_FILE
    value: /etc/shop/app.conf
"""


def conf(name, text="THEME=dark\nLIMIT=20\n"):
    lines = "".join(f"    {line}\n" for line in text.splitlines())
    return f"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {name}\ndata:\n  app.conf: |\n{lines}"


STARTUP = """\
startupProbe:
  httpGet: {path: /healthz, port: http}
  periodSeconds: 2
  failureThreshold: 20
env:
  - name: START_SECONDS
    value: "12"
"""
EXEC = """\
env:
  - name: DATABASE_URL
    value: postgres://seats@db.internal/seats
"""
WAIT_FOR = """\
hostAliases:
  - ip: 10.96.177.7
    hostnames: [inventory]
initContainers:
  - name: wait-for-inventory
    image: busybox:1.36
    command: [wget, -T, "5", -O, /dev/null, $(INVENTORY_URL)]
    env:
      - name: INVENTORY_URL
        value: http://inventory/readyz
"""
AFFINITY = """\
affinity:
  nodeAffinity:
    requiredDuringSchedulingIgnoredDuringExecution:
      nodeSelectorTerms:
        - matchExpressions:
            - key: kubernetes.io/arch
              operator: In
              values: [amd64]
"""
SPREAD = """\
topologySpreadConstraints:
  - maxSkew: 1
    topologyKey: kubernetes.io/hostname
    whenUnsatisfiable: DoNotSchedule
    labelSelector:
      matchLabels:
        app: guide
"""
ACCOUNT = "serviceAccountName: returns-web\n"
PROBE = "httpGet: {path: /readyz, port: http}"
LIVE = "httpGet: {path: /healthz, port: http}"

_inventory = {"deploy/inventory.yaml": deployment("inventory", "acme/catalog:1.4.2", replicas=1), "deploy/inventory-service.yaml": service("inventory").replace("  selector:", "  clusterIP: 10.96.177.7\n  selector:")}
_parts = {f"deploy/{name}.yaml": deployment(name, "acme/catalog:1.4.1", replicas=1) for name in ("banners", "ratings", "ranking")}
_parts |= {f"deploy/{name}-service.yaml": service(name) for name in ("banners", "ratings", "ranking")}

SCENARIOS = [{"id": "recorded before"} for _ in range(45)] + [
    scenario("daemon-image", "flux", daemon("agent", "acme/worker:1.4.1"), [["deploy/daemonset.yaml", "worker:1.4.1", "worker:1.4.10"]], "Agent 1.4.10", "image tag 1.4.10 does not exist (DaemonSet)"),
    scenario("cron-variable", "argocd", {"deploy/cronjob.yaml": CRON}, [["deploy/cronjob.yaml", "                - name: DATABASE_URL\n                  value: postgres://nightly@db.internal/nightly\n", ""], ["deploy/cronjob.yaml", "\"100\"", "\"250\""]], "Bigger batches", "CronJob's program lacks DATABASE_URL; the batch size is wanted"),
    scenario("sidecar-image", "argocd", with_container(plain("gifts", replicas=1), METRICS), [[D, "worker:1.4.0", "worker:1.3.9"], [D, "checkout:1.4.1", "checkout:1.4.2"]], "Release 1.4.2, pin the exporter", "image tag 1.3.9 of the sidecar does not exist; the release of the main container is wanted"),
    scenario("init-memory", "flux", plain("prices", replicas=1, pod=WARM), [[D, "memory: 64Mi", "memory: 16Mi"]], "Trim init container", "memory limit of init container warm below what it needs: OOMKilled"),
    scenario("digest-gone", "flux", plain("labels", replicas=1), [[D, "acme/checkout:1.4.1", "acme/checkout@sha256:3b1f4c6f0a9d5f8b7e2a1c0d9e8f7a6b5c4d3e2f1a0b9c8d7e6f5a4b3c2d1e0f"]], "Pin by digest", "no image with this digest"),
    scenario("conf-volume-gone", "argocd", {**plain("motd", replicas=1, pod=CONF_VOLUME, container=CONF_MOUNT), "deploy/conf.yaml": conf("motd-conf")}, [[D, "name: motd-conf", "name: motd-config"]], "Longer names", "volume of ConfigMap motd-config, which does not exist (it is motd-conf)"),
    scenario("conf-item-gone", "flux", {**plain("tickets", replicas=1, pod=CONF_ITEMS, container=CONF_MOUNT), "deploy/conf.yaml": conf("tickets-conf")}, [[D, "key: app.conf", "key: application.conf"]], "Full file name", "volume item application.conf is no key of ConfigMap tickets-conf"),
    scenario("startup-short", "argocd", plain("media", replicas=1, container=STARTUP), [[D, "failureThreshold: 20", "failureThreshold: 2"]], "Notice failures sooner", "startup probe gives 4 s, the program needs 12 s"),
    scenario("liveness-port", "flux", plain("alerts", replicas=1), [[D, LIVE, "httpGet: {path: /healthz, port: 8081}"]], "Separate health port", "liveness probe asks port 8081 where nothing listens"),
    scenario("exec-probe-gone", "argocd", {**plain("seats", replicas=1, env=EXEC), D: plain("seats", replicas=1, env=EXEC)[D].replace(PROBE, "exec: {command: [/bin/shop, migrate]}")}, [[D, "command: [/bin/shop, migrate]", "command: [/bin/healthcheck]"]], "Own health check", "readiness probe runs /bin/healthcheck, which is not in the image"),
    scenario("workdir-moved", "flux", plain("maps", replicas=1, container="command: [./shop]\nworkingDir: /bin\n"), [[D, "workingDir: /bin", "workingDir: /srv/shop"]], "Conventional folder", "command ./shop is not in working directory /srv/shop"),
    scenario("release-and-limit", "argocd", plain("feeds", replicas=1, memory="256Mi", env='env:\n  - name: CACHE_MB\n    value: "120"\n'), [[D, "checkout:1.4.1", "checkout:1.4.2"], [D, "limits: {memory: 256Mi}", "limits: {memory: 64Mi}"]], "Release 1.4.2 and tidy resources", "memory limit below what the service needs; the release in the same commit is wanted"),
    scenario("dependency-typo", "flux", {**plain("orders", replicas=1, pod=WAIT_FOR), **_inventory}, [[D, "http://inventory/readyz", "http://inventroy/readyz"]], "Point at the inventory", "address of the dependency misspelt: inventroy"),
    scenario("account-gone", "argocd", {**plain("returns", replicas=1, pod=ACCOUNT), "deploy/account.yaml": "apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: returns-web\n"}, [[D, "serviceAccountName: returns-web", "serviceAccountName: returns"]], "Short account name", "ServiceAccount returns does not exist (it is returns-web)"),
    scenario("affinity-arch", "flux", plain("images", replicas=1, pod=AFFINITY), [[D, "values: [amd64]", "values: [arm64]"]], "Cheaper nodes", "node affinity asks for arm64, there are only amd64 nodes"),
    scenario("spread-zone", "argocd", plain("guide", pod=SPREAD), [[D, "topologyKey: kubernetes.io/hostname", "topologyKey: topology.kubernetes.io/zone"]], "Spread over zones", "topology spread over a label that no node has"),
    scenario("memory-request", "argocd", plain("sitemap", replicas=1), [[D, "requests: {cpu: 20m, memory: 32Mi}", "requests: {cpu: 20m, memory: 96Gi}"], [D, "limits: {memory: 128Mi}", "limits: {memory: 96Gi}"]], "Fix memory", "requests 96Gi of memory, more than any node has (meant Mi)"),
    scenario("sidecar-memory", "flux", with_container(plain("lists", replicas=1), CACHE), [[D, "              memory: 160Mi", "              memory: 48Mi"]], "Smaller cache", "memory limit of sidecar cache below what it needs: OOMKilled"),
    scenario("first-release", "flux", {**plain("shelf", replicas=1, container="envFrom:\n  - configMapRef:\n      name: shelf-setings\n"), "deploy/settings.yaml": configmap("shelf-settings", THEME="dark")}, [["README.md", None, "# shelf\n\nNew.\n"]], "Say what it is", "ConfigMap misspelt from the first release on: there is no version that worked"),
    scenario("paused-rollout", "argocd", plain("polls", replicas=1), [[D, "checkout:1.4.1", "checkout:1.4.9"], [D, "spec:\n  replicas: 1", "spec:\n  paused: true\n  replicas: 1"]], "Hold the release", "the Deployment is paused by intent: nothing fails", NONE),
    scenario("suspended-release", "flux", release("barge", "image:\n  tag: 1.4.1\nreplicas: 1\n"), [["releases/barge.yaml", "  interval: 30s\n", "  interval: 30s\n  suspend: true\n"], ["releases/barge.yaml", "tag: 1.4.1", "tag: 1.7.0"]], "Freeze, prepare 1.7.0", "the HelmRelease is suspended by intent: nothing fails", NONE, path="releases"),
    scenario("mount-moved", "argocd", {**plain("badges", replicas=1, pod=CONF_VOLUME.replace("motd", "badges"), container=CONF_MOUNT), "deploy/conf.yaml": conf("badges-conf")}, [[D, "mountPath: /etc/shop", "mountPath: /etc/badges"]], "Folder per service", "the program reads /etc/shop/app.conf, the volume is mounted at /etc/badges now"),
    scenario("squash-image", "flux", _parts, [["deploy/banners.yaml", "catalog:1.4.1", "catalog:1.4.2"], ["deploy/ratings.yaml", "catalog:1.4.1", "catalog:1.42"], ["deploy/ranking.yaml", "catalog:1.4.1", "catalog:1.4.2"], ["deploy/ranking.yaml", "memory: 128Mi", "memory: 96Mi"]], "Release 1.4.2 (#118)", "image tag 1.42 of ratings does not exist; the other releases of the same commit are wanted"),
    scenario("probe-scheme", "argocd", plain("themes", replicas=1), [[D, PROBE, "httpGet: {path: /readyz, port: http, scheme: HTTPS}"]], "Probe over TLS", "readiness probe asks over HTTPS, the program speaks HTTP"),
]
