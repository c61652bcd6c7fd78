"""The seventh batch, written by somebody who knew neither the playbook nor the batches before: shop-700 and on. Ordinary web shops with the `acme` program of the first recordings.

Before it is played: `python3 batch_g.py &` as root on the cluster's machine, after ./up. It serves what lies outside of the cluster (two registries that want a login, a resolver,
a payment provider on 10.99.0.1) and leaves its process id in /tmp/batch-g-outside/pid. Afterwards: kill it, and
`iptables -D INPUT -s 10.244.0.0/16 -p tcp --dport 16711 -j DROP` (the cluster's network does not enforce NetworkPolicies: payout's is enforced with this rule).
"""
import pathlib, runpy, textwrap

OUTSIDE = pathlib.Path("/tmp/batch-g-outside")


def outside():
    import base64, http.client, http.server, os, socket, socketserver, struct, threading
    OUTSIDE.mkdir(exist_ok=True)
    (OUTSIDE / "pid").write_text(str(os.getpid()))
    for name in ("private", "partner"):
        (OUTSIDE / name).write_text("first-password")
    hosts = pathlib.Path(os.environ.get("CLUSTER_HOME", pathlib.Path.home() / ".cache/autofix-cluster")) / "registry-hosts"
    for host, server in {"private.acme-g.example": "http://127.0.0.1:5095", "partner.acme-g.example": "http://127.0.0.1:5094", "eu.regisrty.acme.example": ""}.items():
        (hosts / host).mkdir(parents=True, exist_ok=True)
        (hosts / host / "hosts.toml").write_text(f'server = "{server}"\n[host."{server}"]\n  capabilities = ["pull", "resolve"]\n  skip_verify = true\n' if server else f'server = "https://{host}"\n')

    def registry(user):
        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self, status, headers, body):
                self.send_response(status)
                for k, v in headers:
                    self.send_header(k, v)
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(body)

            def do_GET(self):
                wanted = base64.b64encode(f"{user}:{(OUTSIDE / user).read_text().strip()}".encode()).decode()
                if self.headers.get("Authorization") != f"Basic {wanted}":
                    body = b'{"errors":[{"code":"UNAUTHORIZED","message":"authentication required"}]}\n'
                    return self.answer(401, [("WWW-Authenticate", 'Basic realm="acme"'), ("Content-Type", "application/json"), ("Content-Length", str(len(body)))], body)
                c = http.client.HTTPConnection("127.0.0.1", 5099)
                c.request(self.command, self.path, headers={k: v for k, v in self.headers.items() if k.lower() in ("accept", "range")})
                r = c.getresponse()
                body = r.read()
                headers = [(k, v) for k, v in r.getheaders() if k.lower() not in ("transfer-encoding", "connection", "content-length")]
                self.answer(r.status, headers + [("Content-Length", r.getheader("Content-Length") or str(len(body)))], body)

            do_HEAD = do_GET

            def log_message(self, *_):
                pass
        return Handler

    class Resolver(socketserver.BaseRequestHandler):
        def handle(self):
            data, sock = self.request
            end = data.index(0, 12) + 5
            kind = struct.unpack(">H", data[end - 4:end - 2])[0]
            known = b"\x07carrier\x04acme\x08internal" in data.lower()
            answer = b"\xc0\x0c\x00\x01\x00\x01\x00\x00\x00\x3c\x00\x04" + socket.inet_aton("10.99.0.1") if known and kind == 1 else b""
            sock.sendto(data[:2] + (b"\x85\x80" if known else b"\x85\x83") + b"\x00\x01" + struct.pack(">H", bool(answer)) + b"\x00\x00\x00\x00" + data[12:end] + answer, self.client_address)

    class Payments(socketserver.BaseRequestHandler):
        def handle(self):
            self.request.sendall(b"READY\n")

    socketserver.TCPServer.allow_reuse_address = True
    socketserver.ThreadingMixIn.daemon_threads = True
    tcp = type("Tcp", (socketserver.ThreadingMixIn, socketserver.TCPServer), {})
    servers = [http.server.ThreadingHTTPServer(("127.0.0.1", 5095), registry("private")), http.server.ThreadingHTTPServer(("127.0.0.1", 5094), registry("partner")),
               socketserver.ThreadingUDPServer(("10.99.0.1", 53), Resolver), tcp(("10.99.0.1", 16711), Payments)]
    for server in servers:
        threading.Thread(target=server.serve_forever, daemon=True).start()
    threading.Event().wait()


if __name__ == "__main__":
    outside()

globals().update(runpy.run_path(str(pathlib.Path(__file__).parent / "kit.py")))

SCENARIOS, scenario = batch(700)
D, S, K = "deploy/deployment.yaml", "deploy/service.yaml", "overlays/prod/kustomization.yaml"


def here():
    """The name of the scenario that comes next: what Argo CD calls a chart's release."""
    return f"shop-{700 + len(SCENARIOS)}"


def block(text, indent):
    return textwrap.indent(textwrap.dedent(text).strip("\n"), " " * indent) + "\n" if text else ""


PROBES = """\
readinessProbe:
  httpGet: {path: /readyz, port: http}
  periodSeconds: 3
livenessProbe:
  httpGet: {path: /healthz, port: http}
  periodSeconds: 5
  failureThreshold: 3
"""


def deployment(name, image, port=8080, request="24Mi", memory="128Mi", env="", container="", sidecars="", pod="", replicas=2, deadline=60, probes=PROBES, kind="Deployment", labels="", spec=""):
    scale = {"Deployment": f"  replicas: {replicas}\n  progressDeadlineSeconds: {deadline}\n", "StatefulSet": f"  replicas: {replicas}\n  serviceName: {name}\n", "DaemonSet": ""}[kind]
    return f"""\
apiVersion: apps/v1
kind: {kind}
metadata:
  name: {name}
  labels:
    app.kubernetes.io/name: {name}
    app.kubernetes.io/part-of: webshop
spec:
{scale}{block(spec, 2)}  selector:
    matchLabels:
      app: {name}
  template:
    metadata:
      labels:
        app: {name}
{block(labels, 8)}    spec:
      containers:
        - name: {name}
          image: {image}
          ports:
            - name: http
              containerPort: {port}
          resources:
            requests:
              cpu: 10m
              memory: {request}
            limits:
              memory: {memory}
""" + block(probes, 10) + block(container, 10) + block(env, 10) + block(sidecars, 8) + block(pod, 6)


def service(name, port=80, target="http", selector=""):
    return f"apiVersion: v1\nkind: Service\nmetadata:\n  name: {name}\nspec:\n  selector:\n    app: {name}\n{block(selector, 4)}  ports:\n    - name: http\n      port: {port}\n      targetPort: {target}\n"


def configmap(name, **data):
    return f"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {name}\ndata:\n" + "".join(f'  {key}: "{value}"\n' for key, value in data.items())


def kustomization(*resources, more="", kind="Kustomization"):
    return f"apiVersion: kustomize.config.k8s.io/v1{'alpha1' if kind == 'Component' else 'beta1'}\nkind: {kind}\n" + ("resources:\n" + "".join(f"  - {r}\n" for r in resources) if resources else "") + textwrap.dedent(more)


def plain(name, image="acme/checkout:1.4.1", **options):
    return {D: deployment(name, image, **options), S: service(name)}


def overlay(name, image="acme/catalog", more="", tag="1.4.1", files=(), **options):
    return {
        "base/deployment.yaml": deployment(name, image, **options), "base/service.yaml": service(name), "base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml", *files),
        K: kustomization("../../base", more=f"images:\n  - name: {image}\n    newTag: {tag}\n" + more),
    }


CHART = {
    "charts/web/Chart.yaml": "apiVersion: v2\nname: web\ndescription: One web service of the shop\nversion: 1.6.0\n",
    "charts/web/values.yaml": "image:\n  repository: acme/checkout\n  tag: 1.4.1\nreplicaCount: 2\nresources:\n  requests:\n    cpu: 10m\n    memory: 24Mi\n  limits:\n    memory: 128Mi\nnodeSelector: {}\ndatabase: {}\nenv: {}\n",
    "charts/web/templates/_helpers.tpl": "{{- define \"web.labels\" -}}\napp.kubernetes.io/name: {{ .Chart.Name }}\napp.kubernetes.io/instance: {{ .Release.Name }}\n{{- end }}\n",
    "charts/web/templates/deployment.yaml": """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}
  labels:
    {{- include "web.labels" . | nindent 4 }}
spec:
  replicas: {{ .Values.replicaCount }}
  progressDeadlineSeconds: 60
  selector:
    matchLabels:
      {{- include "web.labels" . | nindent 6 }}
  template:
    metadata:
      labels:
        {{- include "web.labels" . | nindent 8 }}
    spec:
      {{- with .Values.nodeSelector }}
      nodeSelector:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      containers:
        - name: web
          image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
          ports:
            - name: http
              containerPort: 8080
          env:
            - name: RELEASE
              value: {{ .Release.Name }}
            {{- range $name, $value := .Values.env }}
            - name: {{ $name }}
              value: {{ $value | quote }}
            {{- end }}
          resources:
            {{- toYaml .Values.resources | nindent 12 }}
          readinessProbe:
            httpGet:
              path: /readyz
              port: http
            periodSeconds: 3
""",
    "charts/web/templates/service.yaml": "apiVersion: v1\nkind: Service\nmetadata:\n  name: {{ .Release.Name }}\nspec:\n  selector:\n    {{- include \"web.labels\" . | nindent 4 }}\n  ports:\n    - name: http\n      port: 80\n      targetPort: http\n",
}


def release(name, rest, chart=CHART):
    return {**chart, f"releases/{name}.yaml": f"""\
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
      chart: ./charts/web
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
""" + block(rest, 2)}


def main(name, rest, kind="Deployment"):
    return c(kind, name, name, rest)


def both(*documents):
    return "---\n".join(documents)


def login(host, user):
    import base64, json
    entry = json.dumps({"auths": {host: {"username": user, "password": "first-password", "auth": base64.b64encode(f"{user}:first-password".encode()).decode()}}})
    return f"apiVersion: v1\nkind: Secret\nmetadata:\n  name: registry-login\ntype: kubernetes.io/dockerconfigjson\nstringData:\n  .dockerconfigjson: '{entry}'\n"


SIDE = 'resources:\n    requests: {cpu: 5m, memory: 8Mi}\n    limits: {memory: 32Mi}\n'
# ---- images

scenario("lookbook-tag", "flux",
    {**release("lookbook", "valuesFrom:\n  - kind: ConfigMap\n    name: lookbook-values\nvalues:\n  image:\n    repository: acme/catalog\n"),
     "releases/lookbook-values.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: lookbook-values\n  labels:\n    reconcile.fluxcd.io/watch: Enabled\ndata:\n  values.yaml: |\n    replicaCount: 1\n    image:\n      tag: 1.4.1\n    env:\n      SEASON: autumn\n"},
    ["Winter lookbook", ["releases/lookbook-values.yaml", "      tag: 1.4.1\n", "      tag: v1.4.2\n"], ["releases/lookbook-values.yaml", "SEASON: autumn", "SEASON: winter"], ["releases/lookbook-values.yaml", "replicaCount: 1", "replicaCount: 2"]],
    "tags have no v: 1.4.2 was pushed, v1.4.2 was not; season and replicas are wanted", path="releases",
    expected=expect("image-not-found helm-failed", *[[(c("Deployment", "lookbook", "web", "image"), to)] for to in (value("acme/catalog:1.4.2"), BEFORE)]))

scenario("basket-mirror", "argocd",
    {"base/basket.yaml": both(deployment("basket", "registry.acme.example/acme/checkout:1.4.1"), service("basket")), "base/sync.yaml": deployment("basket-sync", "registry.acme.example/acme/worker:1.4.1", replicas=1), "base/kustomization.yaml": kustomization("basket.yaml", "sync.yaml"),
     K: kustomization("../../base", more="images:\n  - name: registry.acme.example/acme/checkout\n    newTag: 1.4.1\n  - name: registry.acme.example/acme/worker\n    newTag: 1.4.1\n")},
    ["Pull from the mirror next door, 1.4.2", [K, "checkout\n    newTag: 1.4.1", "checkout\n    newName: eu.regisrty.acme.example/acme/checkout\n    newTag: 1.4.2"], [K, "worker\n    newTag: 1.4.1", "worker\n    newName: eu.registry.acme.example/acme/worker\n    newTag: 1.4.2"]],
    "the host of basket's image is misspelt (regisrty), basket-sync's is right; mirror and release are wanted", path="overlays/prod",
    expected=expect("image-registry", *[[(main("basket", "image"), to)] for to in (value("eu.registry.acme.example/acme/checkout:1.4.2"), value("registry.acme.example/acme/checkout:1.4.2"), BEFORE)]))

scenario("vip-account", "flux", plain("vip", "private.acme-g.example/acme/checkout:1.4.1", pod="imagePullSecrets:\n  - name: registry-login\n"),
    ["Account of its own, checkout 1.4.2", [D, "      imagePullSecrets:\n        - name: registry-login\n", "      serviceAccountName: vip\n"], ["deploy/account.yaml", None, "apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: vip\nautomountServiceAccountToken: false\n"], [D, "checkout:1.4.1", "checkout:1.4.2"]],
    "the pull secret went with the change, and the new account names none: the registry answers 401; account and release are wanted", given=login("private.acme-g.example", "private"),
    expected=expect("image-unauthorized", [(pod("Deployment", "vip", "imagePullSecrets"), BEFORE)], [("ServiceAccount/vip imagePullSecrets", value([{"name": "registry-login"}]))]))

scenario("outlet-rotated", "argocd", plain("outlet", "partner.acme-g.example/acme/catalog:1.4.1", pod="imagePullSecrets:\n  - name: registry-login\n"), ["Catalog 1.4.2", [D, "catalog:1.4.1", "catalog:1.4.2"], [D, "memory: 128Mi", "memory: 160Mi"]],
    "the partner's registry changed the password: the pull secret, which people keep, is out of date", HUMAN, given=login("partner.acme-g.example", "partner"), then=[[-3, f"echo second-password > {OUTSIDE}/partner"]],
    expected=expect("image-unauthorized"))
# ---- settings

scenario("giftwrap-first", "flux",
    {"deploy/giftwrap.yaml": both("# settings, workload and Service of the gift wrapping team\n" + configmap("giftwrap-settings", START_SECONDS="5s", PAPER="plain"), deployment("giftwrap", "acme/checkout:1.4.1", env="envFrom:\n  - configMapRef:\n      name: giftwrap-settings\n"), service("giftwrap"))}, [],
    "the first release never worked: START_SECONDS must be a number", never_worked=True, expected=expect("crash-on-start", [("ConfigMap/giftwrap-settings data.START_SECONDS", value("5"))]))

SEARCH = "apps/search/components/synonyms"
scenario("search-synonyms", "argocd",
    {"apps/search/base/deployment.yaml": deployment("search", "acme/catalog:1.4.1", env="env:\n  - name: CONFIG_FILE\n    value: /etc/synonyms/words.conf\n"), "apps/search/base/service.yaml": service("search"), "apps/search/base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
     SEARCH + "/kustomization.yaml": kustomization(kind="Component", more="configMapGenerator:\n  - name: synonyms\n    files:\n      - words.conf\ngeneratorOptions:\n  disableNameSuffixHash: true\npatches:\n  - path: mount.yaml\n"), SEARCH + "/words.conf": "SOFA=couch\nTV=television\n",
     SEARCH + "/mount.yaml": "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: search\nspec:\n  template:\n    spec:\n      containers:\n        - name: search\n          volumeMounts:\n            - name: words\n              mountPath: /etc/synonyms\n      volumes:\n        - name: words\n          configMap:\n            name: synonyms\n",
     "envs/prod/kustomization.yaml": kustomization("../../apps/search/base", more="components:\n  - ../../apps/search/components/synonyms\nimages:\n  - name: acme/catalog\n    newTag: 1.4.1\nreplicas:\n  - name: search\n    count: 2\n")},
    ["Say whose synonyms they are (#212)", [SEARCH + "/kustomization.yaml", "  - name: synonyms\n", "  - name: search-synonyms\n"], [SEARCH + "/words.conf", "TV=television\n", "TV=television\nRUG=carpet\n"], ["envs/prod/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.2"]],
    "the generated ConfigMap is search-synonyms now, the volume still names synonyms; the new words and the release are wanted", path="envs/prod",
    expected=expect("config-missing volume-mount", [(pod("Deployment", "search", "volumes[name=words].configMap.name"), value("search-synonyms"))], [("ConfigMap/synonyms metadata.name", BEFORE), ("ConfigMap/search-synonyms metadata.name", GONE)]))

scenario("loyalty-first", "argocd", {**plain("loyalty", env="env:\n  - name: REQUIRED_ENV\n    value: PARTNER_KEY\nenvFrom:\n  - secretRef:\n      name: loyalty-partner\n"), "README.md": "# Loyalty points\n\nThe partner's key is in Secret loyalty-partner; the partner desk creates it.\n"}, [],
    "the first release never worked: nobody has created Secret loyalty-partner yet", HUMAN, never_worked=True, expected=expect("secret-missing"))

scenario("exports-script", "argocd",
    {**overlay("exports", "acme/worker", container="command: [/scripts/start.sh]\nvolumeMounts:\n  - name: scripts\n    mountPath: /scripts\n", pod="volumes:\n  - name: scripts\n    configMap:\n      name: exports-scripts\n      defaultMode: 0555\n"),
     "base/start.sh": "#!/bin/sh\n# one place for what every start needs\necho \"starting exports\"\nexec /bin/shop serve\n",
     "base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml", more="configMapGenerator:\n  - name: exports-scripts\n    files:\n      - start.sh\n")},
    ["Worker 1.4.2, leave out defaults", ["base/deployment.yaml", "            defaultMode: 0555\n", ""], [K, "newTag: 1.4.1", "newTag: 1.4.2"]],
    "without defaultMode the script may not be executed: permission denied; the release is wanted", path="overlays/prod",
    expected=expect("command-not-found volume-mount crash-on-start", *[[(pod("Deployment", "exports", "volumes[name=scripts].configMap.defaultMode"), to)] for to in (BEFORE, value(0o755), value(0o500), value(0o550), value(0o700), value(0o750))],
                    *[[(main("exports", "command"), value([shell, "/scripts/start.sh"]))] for shell in ("sh", "/bin/sh")]))
# ---- memory, probes

limit = c("DaemonSet", "edgecache", "edgecache", "resources.limits.memory")
request = c("DaemonSet", "edgecache", "edgecache", "resources.requests.memory")
scenario("edgecache-size", "argocd",
    {**overlay("edgecache", "acme/worker", kind="DaemonSet", env="envFrom:\n  - configMapRef:\n      name: edgecache-settings\n", more="configMapGenerator:\n  - name: edgecache-settings\n    envs:\n      - settings.env\npatches:\n  - target:\n      kind: DaemonSet\n      name: edgecache\n    path: size.json\n"),
     "overlays/prod/settings.env": "CACHE_MB=40\nTHEME=light\n", "overlays/prod/size.json": '[\n  {"op": "replace", "path": "/spec/template/spec/containers/0/resources/limits/memory", "value": "96Mi"}\n]\n'},
    ["Keep all product pictures at the edge", ["overlays/prod/settings.env", "CACHE_MB=40", "CACHE_MB=150"]], "150 MB of cache do not fit into the limit of 96Mi", path="overlays/prod",
    expected=expect("out-of-memory", [(limit, at_least("160Mi"))], [(limit, at_least("160Mi")), (request, ANY)], [("ConfigMap/edgecache-settings data.CACHE_MB", BEFORE)]))


def check(port):
    return ["sh", "-c", f"printf 'GET /healthz HTTP/1.0\\r\\n\\r\\n' | busybox nc -w 2 127.0.0.1 {port} | busybox grep -q ok"]


scenario("returns-port", "flux",
    plain("returns", env="env:\n  - name: PORT\n    value: \"8080\"\n  - name: RETURN_DAYS\n    value: \"30\"\n", probes="readinessProbe:\n  httpGet: {path: /readyz, port: http}\n  periodSeconds: 3\nlivenessProbe:\n  exec:\n    command:\n      - sh\n      - -c\n      - " + check(8080)[2] + "\n  initialDelaySeconds: 5\n  periodSeconds: 5\n  failureThreshold: 2\n  timeoutSeconds: 4\n"),
    ["Move to 8181, the mesh wants 8080 for itself", [D, 'value: "8080"', 'value: "8181"'], [D, "containerPort: 8080", "containerPort: 8181"]],
    "the liveness check still asks port 8080, where nothing listens any more; the move is wanted",
    expected=expect("liveness-probe", [(main("returns", "livenessProbe.exec.command[2]"), value(check(8181)[2]))], [(main("returns", "env[name=PORT].value"), BEFORE), (main("returns", "ports[name=http].containerPort"), BEFORE)]))

scenario("wishes-names", "argocd", plain("wishes", container="startupProbe:\n  httpGet:\n    path: /healthz\n    port: http\n  periodSeconds: 2\n  failureThreshold: 20\n"),
    ["Call the port web as everywhere else", [D, "- name: http\n", "- name: web\n"], [D, "{path: /readyz, port: http}", "{path: /readyz, port: web}"], [D, "{path: /healthz, port: http}", "{path: /healthz, port: web}"], [S, "targetPort: http", "targetPort: web"], [S, "  name: wishes\n", "  name: wishes\n  annotations:\n    mesh.acme.dev/protocol: http\n"]],
    "the startup probe still asks for a port called http; the new name and the annotation are wanted",
    expected=expect("startup-probe", *[[(main("wishes", "startupProbe.httpGet.port"), value(to))] for to in ("web", 8080)],
                    [(main("wishes", "ports"), BEFORE), (main("wishes", "readinessProbe.httpGet.port"), BEFORE), (main("wishes", "livenessProbe.httpGet.port"), BEFORE), ("Service/wishes spec.ports[name=http].targetPort", BEFORE)]))
# ---- placement, volumes

SIZE = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: statements\nspec:\n  template:\n    spec:\n      containers:\n        - name: statements\n          resources:\n            requests:\n              memory: 32Mi\n            limits:\n              memory: 64Mi\n"
sizes = [main("statements", f"resources.{which}.memory") for which in ("requests", "limits")]
scenario("statements-size", "flux", {**overlay("statements", "acme/payments", more="patches:\n  - path: size.yaml\n", env="env:\n  - name: LOG_LEVEL\n    value: info\n"), "overlays/prod/size.yaml": SIZE},
    ["More memory for the year-end statements", ["overlays/prod/size.yaml", "memory: 32Mi", "memory: 48Gi"], ["overlays/prod/size.yaml", "memory: 64Mi", "memory: 96Gi"], ["base/deployment.yaml", "value: info", "value: warn"]],
    "Gi instead of Mi: no node has 48Gi; the log level is wanted", path="overlays/prod",
    expected=expect("unschedulable-resources", *[list(zip(sizes, (r, l))) for r, l in ((BEFORE, BEFORE), (value("48Mi"), value("96Mi")))], [(sizes[0], BEFORE)], [(sizes[0], value("48Mi"))]))

n = here()
scenario("chart-arch", "argocd", {**CHART, "environments/prod/values.yaml": "image:\n  tag: 1.4.1\nreplicaCount: 2\nnodeSelector:\n  kubernetes.io/os: linux\nenv:\n  REGION: eu-west-1\n", "environments/staging/values.yaml": "image:\n  tag: 1.4.2\nreplicaCount: 1\n"},
    ["Checkout 1.4.2 on the cheaper machines", ["environments/prod/values.yaml", "tag: 1.4.1", "tag: 1.4.2"], ["environments/prod/values.yaml", "  kubernetes.io/os: linux\n", "  kubernetes.io/os: linux\n  kubernetes.io/arch: arm64\n"]],
    "the cluster has no arm64 node; the release is wanted", path="charts/web", source={"helm": {"valueFiles": ["../../environments/prod/values.yaml"]}},
    expected=expect("unschedulable-placement", [(pod("Deployment", n, "nodeSelector"), BEFORE)], [(pod("Deployment", n, "nodeSelector"), value({"kubernetes.io/os": "linux", "kubernetes.io/arch": "amd64"}))]))

scenario("photos-claim", "flux",
    {**plain("photos", "acme/catalog:1.4.1", replicas=1, env="env:\n  - name: WRITE_FILE\n    value: /data/index\n", container="volumeMounts:\n  - name: data\n    mountPath: /data\n", pod="volumes:\n  - name: data\n    persistentVolumeClaim:\n      claimName: photos-data\n"),
     "deploy/claim.yaml": "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata:\n  name: photos-data\nspec:\n  storageClassName: manual\n  accessModes:\n    - ReadWriteOnce\n  resources:\n    requests:\n      storage: 1Gi\n"},
    ["Scratch space next to the index", [D, "          volumeMounts:\n", "          volumeMounts:\n            - name: scratch\n              mountPath: /scratch\n"], [D, "      volumes:\n        - name: data\n          persistentVolumeClaim:\n            claimName: photos-data\n", "      volumes:\n        - name: scratch\n          emptyDir: {}\n        - name: data\n          persistentVolumeClaim:\n            claimName: photo-data\n"]],
    "there is no claim photo-data, it is photos-data; the scratch volume is wanted",
    given="apiVersion: v1\nkind: PersistentVolume\nmetadata:\n  name: \"@NAME@-photos\"\nspec:\n  storageClassName: manual\n  capacity:\n    storage: 1Gi\n  accessModes:\n    - ReadWriteOnce\n  persistentVolumeReclaimPolicy: Retain\n  claimRef:\n    namespace: \"@NAME@\"\n    name: photos-data\n  hostPath:\n    path: /tmp/batch-g-outside/photos\n    type: DirectoryOrCreate\n",
    expected=expect("volume-unbound volume-mount", [(pod("Deployment", "photos", "volumes[name=data].persistentVolumeClaim.claimName"), BEFORE)]))

mount = c("StatefulSet", "rates", "rates", "volumeMounts[name=config]")
scenario("rates-mount", "argocd",
    {"deploy/rates.yaml": deployment("rates", "acme/payments:1.4.1", kind="StatefulSet", spec="podManagementPolicy: Parallel\n", env="env:\n  - name: CONFIG_FILE\n    value: /etc/shop/rates.conf\n", container="volumeMounts:\n  - name: config\n    mountPath: /etc/shop/rates.conf\n    subPath: rates.conf\n", pod="volumes:\n  - name: config\n    configMap:\n      name: rates\n"),
     S: service("rates"), "deploy/config.yaml": configmap("rates", **{"rates.conf": "EUR=1"})},
    ["Mount settings as a directory", ["deploy/rates.yaml", "mountPath: /etc/shop/rates.conf", "mountPath: /etc/shop"]], "with subPath the file itself is mounted as /etc/shop, so there is no /etc/shop/rates.conf",
    expected=expect("volume-mount crash-on-start", [(mount + ".mountPath", BEFORE)], [(mount + ".subPath", GONE)], [(c("StatefulSet", "rates", "rates", "volumeMounts"), BEFORE)]))
# ---- Services, Ingress, accounts

scenario("reviews-channel", "flux", {D: deployment("reviews", "acme/catalog:1.4.1", labels="track: stable\n"), S: service("reviews", selector="track: stable\n")},
    ["Labels as the platform has them, catalog 1.4.2", [D, "        track: stable\n", "        channel: stable\n"], [D, "catalog:1.4.1", "catalog:1.4.2"]],
    "the Service still selects track=stable, pods carry channel=stable: no endpoints; the new label and the release are wanted",
    expected=expect("service-no-endpoints", [("Service/reviews spec.selector.track", GONE), ("Service/reviews spec.selector.channel", value("stable"))], [("Service/reviews spec.selector.track", GONE)], [("Deployment/reviews spec.template.metadata.labels.track", BEFORE)],
                    [("Deployment/reviews spec.template.metadata.labels.track", BEFORE), ("Deployment/reviews spec.template.metadata.labels.channel", GONE)]))

scenario("orders-metrics", "argocd",
    plain("orders", sidecars="- name: exporter\n  image: acme/worker:1.4.1\n  ports:\n    - name: metrics\n      containerPort: 9102\n  env:\n    - name: PORT\n      value: \"9102\"\n  " + SIDE),
    ["Let Prometheus see the exporter", [S, "      targetPort: http\n", "      targetPort: http\n    - name: metrics\n      port: 9102\n      targetPort: metric\n"], [S, "  name: orders\n", "  name: orders\n  annotations:\n    prometheus.io/scrape: \"true\"\n    prometheus.io/port: \"9102\"\n"]],
    "the exporter's port is called metrics, not metric: the Service's new port leads nowhere; port and annotations are wanted",
    expected=expect("service-port", *[[("Service/orders spec.ports[name=metrics].targetPort", value(to))] for to in ("metrics", 9102)]))

BACKEND = "      - path: {}\n        pathType: Prefix\n        backend:\n          service:\n            name: {}\n            port:\n              name: http\n"
INGRESS = "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: shopfront\nspec:\n  ingressClassName: webshop-edge\n  rules:\n  - host: shop.acme.example\n    http:\n      paths:\n" + BACKEND.format("/api", "shopfront-api") + BACKEND.format("/", "shopfront")
scenario("shopfront-route", "flux", {"deploy/web.yaml": both(deployment("shopfront", "acme/checkout:1.4.1", replicas=1), service("shopfront")), "deploy/api.yaml": both(deployment("shopfront-api", "acme/catalog:1.4.1", replicas=1), service("shopfront-api")), "deploy/ingress.yaml": INGRESS},
    ["shopfront-web, to tell it from the API", ["deploy/web.yaml", "kind: Service\nmetadata:\n  name: shopfront\n", "kind: Service\nmetadata:\n  name: shopfront-web\n"]],
    "the Ingress still sends / to Service shopfront, which is shopfront-web now", given="apiVersion: networking.k8s.io/v1\nkind: IngressClass\nmetadata:\n  name: webshop-edge\nspec:\n  controller: acme.dev/edge\n",
    expected=expect("ingress-backend", [("Ingress/shopfront spec.rules[0].http.paths[1].backend.service.name", value("shopfront-web"))], [("Service/shopfront metadata.name", BEFORE), ("Service/shopfront-web metadata.name", GONE)]))

scenario("prices-first", "argocd", {**plain("prices", "acme/catalog:1.4.1", pod="serviceAccountName: pricing-reader\n"), "deploy/account.yaml": "apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: price-reader\n"}, [],
    "the first release never worked: the ServiceAccount of the delivery is price-reader", never_worked=True,
    expected=expect("service-account-missing", [(pod("Deployment", "prices", "serviceAccountName"), value("price-reader"))], [("ServiceAccount/price-reader metadata.name", GONE), ("ServiceAccount/pricing-reader metadata.name", value("pricing-reader"))]))
# ---- policies

scenario("bundles-footer", "flux",
    {**plain("bundles", env="env:\n  - name: FOOTER\n    valueFrom:\n      configMapKeyRef:\n        name: bundles-texts\n        key: footer\n  - name: HEADER\n    valueFrom:\n      configMapKeyRef:\n        name: bundles-texts\n        key: header_text\n"),
     "deploy/texts.yaml": configmap("bundles-texts", header_text="Better together", footer="All prices with tax")},
    ["Texts end in _text, checkout 1.4.2", ["deploy/texts.yaml", '  footer: "All prices with tax"', '  footer_text: "All prices including tax"'], [D, "checkout:1.4.1", "checkout:1.4.2"]],
    "the ConfigMap's key is footer_text now, the Deployment still reads footer; the new text and the release are wanted",
    expected=expect("config-key-missing", [(main("bundles", "env[name=FOOTER].valueFrom.configMapKeyRef.key"), value("footer_text"))],
                    *[[("ConfigMap/bundles-texts data.footer", value(to)), ("ConfigMap/bundles-texts data.footer_text", GONE)] for to in ("All prices including tax", "All prices with tax")]))

scenario("coupon-sidecar", "argocd",
    plain("coupon", "acme/payments:1.4.1", container="securityContext:\n  runAsNonRoot: true\n  runAsUser: 1000\n  allowPrivilegeEscalation: false\n  capabilities:\n    drop: [ALL]\n  seccompProfile:\n    type: RuntimeDefault\n"),
    ["Audit trail, payments 1.4.2", [D, "payments:1.4.1", "payments:1.4.2"], [D, "          securityContext:\n", "          env:\n            - name: AUDIT_FILE\n              value: /audit/trail\n          volumeMounts:\n            - name: audit\n              mountPath: /audit\n          securityContext:\n"],
        [D, "            seccompProfile:\n              type: RuntimeDefault\n", "            seccompProfile:\n              type: RuntimeDefault\n        - name: audit\n          image: busybox:1.36\n          command: [sh, -c, \"touch /audit/trail; tail -f /audit/trail\"]\n          resources:\n            requests: {cpu: 5m, memory: 8Mi}\n            limits: {memory: 32Mi}\n          volumeMounts:\n            - name: audit\n              mountPath: /audit\n      volumes:\n        - name: audit\n          emptyDir: {}\n"]],
    "the namespace enforces restricted, the new container has no security context; container and release are wanted", labels={"pod-security.kubernetes.io/enforce": "restricted"},
    expected=expect("pod-security", [(c("Deployment", "coupon", "audit", "securityContext"), ANY)], [(c("Deployment", "coupon", "audit", "securityContext"), ANY), (pod("Deployment", "coupon", "securityContext"), ANY)]))

scenario("sale-instances", "argocd", overlay("sale", replicas=2, more="replicas:\n  - name: sale\n    count: 2\n"), ["Six instances for the sale, catalog 1.4.2", [K, "count: 2", "count: 6"], [K, "newTag: 1.4.1", "newTag: 1.4.2"]],
    "the platform's quota allows four pods: a human decides", HUMAN, path="overlays/prod", given="apiVersion: v1\nkind: ResourceQuota\nmetadata:\n  name: platform\nspec:\n  hard:\n    pods: \"4\"\n", expected=expect("quota"))

scenario("refunds-budget", "flux", plain("refunds", "acme/payments:1.4.1"),
    ["Keep one instance during upgrades, payments 1.4.2", [D, "payments:1.4.1", "payments:1.4.2"], ["deploy/budget.yaml", None, "apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata:\n  name: refunds\nspec:\n  minAvailable: 1\n  selector:\n    matchLabels:\n      app: refunds\n"]],
    "the account that Flux applies with may not create PodDisruptionBudgets: somebody must grant it", HUMAN, spec={"serviceAccountName": "@NAME@-deployer"},
    extra=[{"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "@NAME@-deployer", "namespace": "flux-system"}},
           {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role", "metadata": {"name": "deployer", "namespace": "@NAME@"}, "rules": [{"apiGroups": ["", "apps"], "resources": ["*"], "verbs": ["*"]}]},
           {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding", "metadata": {"name": "deployer", "namespace": "@NAME@"}, "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "deployer"},
            "subjects": [{"kind": "ServiceAccount", "name": "@NAME@-deployer", "namespace": "flux-system"}]}],
    expected=expect("rbac-forbidden"))

PSP = """\
initContainers:
  - name: wait-for-psp
    image: busybox:1.36
    env:
      - name: PSP_ADDRESS
        value: 10.99.0.1:16711
    command:
      - sh
      - -c
      - |
        for i in 1 2 3; do
          nc -w 4 ${PSP_ADDRESS%:*} ${PSP_ADDRESS#*:} -e /bin/true && exit 0
          echo "payment provider at $PSP_ADDRESS: connection timed out"
        done
        exit 1
"""
scenario("payout-egress", "flux", plain("payout", "acme/payments:1.4.1", pod=PSP),
    ["Payments 1.4.2, no way out but HTTPS", [D, "payments:1.4.1", "payments:1.4.2"], ["deploy/policy.yaml", None, "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: payout-egress\nspec:\n  podSelector:\n    matchLabels:\n      app: payout\n  policyTypes: [Egress]\n  egress:\n    - ports:\n        - port: 443\n          protocol: TCP\n        - port: 53\n          protocol: UDP\n"]],
    "NetworkPolicy payout-egress allows 443 and DNS only, the payment provider is on 16711: what may go out is for people to say", HUMAN, then=[[-1, "iptables -I INPUT -s 10.244.0.0/16 -p tcp --dport 16711 -j DROP"]],
    expected=expect("network-policy dependency-address"))
# ---- jobs, autoscaler, manifests

SEED = "apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: seed\n  annotations:\n    argocd.argoproj.io/hook: Sync\n    argocd.argoproj.io/hook-delete-policy: BeforeHookCreation\nspec:\n  backoffLimit: 0\n  activeDeadlineSeconds: 120\n  template:\n    spec:\n      restartPolicy: Never\n      containers:\n        - name: seed\n          image: busybox:1.36\n          command: [sh, -c, \"for part in brands categories products; do echo seeding $part; sleep 5; done; echo seeded\"]\n          resources:\n            requests: {cpu: 5m, memory: 8Mi}\n            limits: {memory: 32Mi}\n"
scenario("brands-seed", "argocd", {**plain("brands", "acme/catalog:1.4.1", replicas=1), "deploy/seed.yaml": SEED}, ["Do not let a stuck seed block us for two minutes", ["deploy/seed.yaml", "activeDeadlineSeconds: 120", "activeDeadlineSeconds: 5"], [D, "catalog:1.4.1", "catalog:1.4.2"]],
    "the seed needs 15 seconds, the deadline is 5; the release is wanted", expected=expect("job-failed", [("Job/seed spec.activeDeadlineSeconds", BEFORE)], [("Job/seed spec.activeDeadlineSeconds", at_least("20"))]))

CRON = "apiVersion: batch/v1\nkind: CronJob\nmetadata:\n  name: digest\nspec:\n  schedule: \"15 5 * * *\"\n  timeZone: Europe/Vienna\n  concurrencyPolicy: Forbid\n  jobTemplate:\n    spec:\n      backoffLimit: 1\n      template:\n        spec:\n          restartPolicy: Never\n          containers:\n            - name: digest\n              image: acme/worker:1.4.1\n              args: [migrate]\n              env:\n                - name: DATABASE_URL\n                  value: postgres://digest@db.internal/shop\n"
scenario("digest-paris", "argocd", {"deploy/cronjob.yaml": CRON, **plain("digest-api", "acme/worker:1.4.1", replicas=1)},
    ["Digest at six in Paris, where the team is", ["deploy/cronjob.yaml", "15 5 * * *", "0 6 * * *"], ["deploy/cronjob.yaml", "Europe/Vienna", "Paris/Europe"]], "the zone is Europe/Paris; the new time is wanted",
    expected=expect("cron-invalid invalid-manifest", *[[("CronJob/digest spec.timeZone", to)] for to in (value("Europe/Paris"), BEFORE)]))

SCALER = "apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata:\n  name: stylist\nspec:\n  scaleTargetRef:\n    apiVersion: apps/v1\n    kind: Deployment\n    name: stylist\n  minReplicas: 1\n  maxReplicas: 3\n  metrics:\n    - type: Resource\n      resource:\n        name: cpu\n        target:\n          type: Utilization\n          averageUtilization: 80\n"
scenario("stylist-scaling", "flux", {**overlay("stylist", files=("autoscaler.yaml",), replicas=1), "base/autoscaler.yaml": SCALER, "base/worker.yaml": deployment("stylist-worker", "acme/worker:1.4.1", replicas=1), "base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml", "autoscaler.yaml", "worker.yaml")},
    ["Room for the holidays: up to six", ["base/autoscaler.yaml", "maxReplicas: 3", "maxReplicas: 6"], ["base/autoscaler.yaml", "    name: stylist\n", "    name: stylist-web\n"], [K, "newTag: 1.4.1", "newTag: 1.4.2"]],
    "the autoscaler points at Deployment stylist-web, which there is not; maximum and release are wanted", path="overlays/prod", expected=expect("autoscaler", [("HorizontalPodAutoscaler/stylist spec.scaleTargetRef.name", BEFORE)]))

READY = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: banners\nspec:\n  template:\n    spec:\n      containers:\n        - name: banners\n          readinessProbe:\n            tcpSocket:\n              port: http\n            periodSeconds: 2\n"
scenario("banners-probe", "flux", overlay("banners"), ["Cheaper readiness in prod, catalog 1.4.2", [K, "newTag: 1.4.1\n", "newTag: 1.4.2\npatches:\n  - path: readiness.yaml\n"], ["overlays/prod/readiness.yaml", None, READY]],
    "the patch is merged with the base: the probe has httpGet and tcpSocket, which is not allowed; period and release are wanted", path="overlays/prod",
    expected=expect("invalid-manifest readiness-probe", *[[(main("banners", f"readinessProbe.{which}"), GONE)] for which in ("httpGet", "tcpSocket")]))

LEDGER = {**CHART, "charts/web/templates/deployment.yaml": CHART["charts/web/templates/deployment.yaml"].replace("            {{- range", "            - name: DATABASE_HOST\n              value: {{ required \"database.host is required\" .Values.database.host | quote }}\n            {{- range")}
scenario("invoices-values", "flux", release("invoices", "values:\n  image:\n    repository: acme/payments\n    tag: 1.4.1\n  replicaCount: 1\n  database:\n    host: db.internal\n", chart=LEDGER),
    ["Payments 1.4.2, short names for values", ["releases/invoices.yaml", "    database:\n      host: db.internal\n", "    db:\n      host: db.internal\n"], ["releases/invoices.yaml", "tag: 1.4.1", "tag: 1.4.2"]],
    "the chart reads database.host and requires it; the release is wanted", path="releases", expected=expect("helm-failed render-failed", [], keep=[(c("Deployment", "invoices", "web", "image"), value("acme/payments:1.4.2"))]))
# ---- network

WAIT = """\
initContainers:
  - name: wait-for-stock
    image: busybox:1.36
    env:
      - name: STOCK_ADDRESS
        value: $(STOCK_SERVICE_HOST):80
    command:
      - sh
      - -c
      - |
        for i in 1 2 3; do
          nc -w 3 ${STOCK_ADDRESS%:*} ${STOCK_ADDRESS##*:} -e /bin/true && exit 0
          echo "no connection to stock at $STOCK_ADDRESS"; sleep 1
        done
        exit 1
"""
ADDRESS = c("Deployment", "picking", "wait-for-stock", "env[name=STOCK_ADDRESS].value", init=True)
scenario("picking-rename", "flux",
    {"apps/stock/stock.yaml": both(deployment("stock", "acme/catalog:1.4.1", replicas=1), service("stock")), "apps/stock/kustomization.yaml": kustomization("stock.yaml"), "apps/picking/deployment.yaml": deployment("picking", "acme/worker:1.4.1", replicas=1, deadline=90, pod=WAIT), "apps/picking/service.yaml": service("picking"),
     "apps/picking/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"), "apps/kustomization.yaml": kustomization("stock", "picking")},
    ["Stock is called inventory by everybody, picking 1.4.2", ["apps/stock/stock.yaml", "kind: Service\nmetadata:\n  name: stock\n", "kind: Service\nmetadata:\n  name: inventory\n"], ["apps/picking/deployment.yaml", "worker:1.4.1", "worker:1.4.2"]],
    "picking still takes the address of Service stock, which is inventory now; the new name and the release are wanted", path="apps",
    expected=expect("dependency-address crash-on-start", *[[(ADDRESS, value(to))] for to in ("$(INVENTORY_SERVICE_HOST):80", "$(INVENTORY_SERVICE_HOST):$(INVENTORY_SERVICE_PORT)", "inventory:80")], [("Service/stock metadata.name", BEFORE), ("Service/inventory metadata.name", GONE)]))

ports = "- name: exporter\n  image: acme/worker:1.4.1\n  ports:\n    - name: metrics\n      containerPort: 9102\n  env:\n    - name: PORT\n      value: \"9102\"\n  " + SIDE + "- name: admin\n  image: acme/worker:1.4.1\n  ports:\n    - name: admin\n      containerPort: 9103\n  env:\n    - name: PORT\n      value: \"9102\"\n  " + SIDE
scenario("auction-first", "argocd", plain("auction", sidecars=ports), [], "the first release never worked: exporter and admin both listen on 9102; admin's port is 9103", never_worked=True,
    expected=expect("port-conflict crash-on-start", [(c("Deployment", "auction", "admin", "env[name=PORT].value"), value("9103"))]))

CARRIER = "dnsPolicy: None\ndnsConfig:\n  nameservers:\n    - 10.99.0.1\ninitContainers:\n  - name: find-carrier\n    image: busybox:1.36\n    env:\n      - name: CARRIER_HOST\n        value: carrier.acme.internal\n    command: [sh, -c, \"nslookup -type=a $CARRIER_HOST || { echo cannot resolve $CARRIER_HOST; exit 1; }\"]\n"
scenario("parcels-resolver", "flux", plain("parcels", pod=CARRIER, replicas=1, deadline=90),
    ["Fewer useless lookups, checkout 1.4.2", [D, "        nameservers:\n          - 10.99.0.1\n", "        nameservers:\n          - 10.9.0.1\n        options:\n          - name: ndots\n            value: \"1\"\n"], [D, "checkout:1.4.1", "checkout:1.4.2"]],
    "the resolver is 10.99.0.1, not 10.9.0.1; ndots and the release are wanted", expected=expect("dns-policy dependency-address crash-on-start", [(pod("Deployment", "parcels", "dnsConfig.nameservers"), BEFORE)], [(pod("Deployment", "parcels", "dnsConfig"), BEFORE)]))
# ---- nothing to do

scenario("advent-over", "flux", overlay("advent", more="replicas:\n  - name: advent\n    count: 2\n"), ["The advent calendar is over until next year", [K, "count: 2", "count: 0"], ["base/service.yaml", "  name: advent\n", "  name: advent\n  labels:\n    season: winter\n"]], "scaled to zero on purpose", NONE, path="overlays/prod",
    expected=expect("replicas-zero healthy"))

BACKFILL = "apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: backfill-2\nspec:\n  backoffLimit: 5\n  template:\n    spec:\n      restartPolicy: OnFailure\n      containers:\n        - name: backfill\n          image: busybox:1.36\n          command:\n            - sh\n            - -c\n            - |\n              echo x >> /state/tries\n              [ $(wc -l < /state/tries) -lt 3 ] && { echo 'ERROR table is locked by a running export, giving up'; exit 1; }\n              echo 'backfilled 1200 rows'\n          volumeMounts:\n            - name: state\n              mountPath: /state\n      volumes:\n        - name: state\n          emptyDir: {}\n"
scenario("ratings-backfill", "flux", plain("ratings", "acme/catalog:1.4.1"), ["Catalog 1.4.2 and its backfill", [D, "catalog:1.4.1", "catalog:1.4.2"], ["deploy/backfill.yaml", None, BACKFILL]], "the Job fails twice while a table is locked, then it is done: nothing to do", NONE, expected=expect("healthy recovering"))
