"""Batch M, written by somebody who knew neither the playbook nor the batches before: shop-772 to shop-799. No program of this folder is needed, nothing has to run beside it.
shop-790 gives a PersistentVolume by hand (its name is shop-790-uploads, hostPath /tmp/shop-790-uploads); it stays in the cluster afterwards.
shop-798 is missing: its good state did not work (`wget -T` of this busybox ends with a segmentation fault).
A fix of a chart's or a HelmRelease's values is expected as what is rendered of it.
"""
import pathlib, runpy, textwrap
globals().update(runpy.run_path(str(pathlib.Path(__file__).parent / "kit.py")))

SCENARIOS, scenario = batch(772)


def here():
    return f"shop-{772 + len(SCENARIOS)}"


def block(text, indent):
    return textwrap.indent(textwrap.dedent(text).strip("\n"), " " * indent) + "\n" if text else ""


PROBES = """\
readinessProbe:
  httpGet:
    path: /readyz
    port: http
  periodSeconds: 3
livenessProbe:
  httpGet:
    path: /healthz
    port: http
  periodSeconds: 5
  failureThreshold: 3
"""
RES = "resources:\n  requests:\n    cpu: 10m\n    memory: 24Mi\n  limits:\n    memory: 128Mi\n"


def work(name, image, kind="Deployment", replicas=2, port=8080, env="", container="", probes=PROBES, resources=RES, sidecars="", pod="", spec="", deadline=60, first=""):
    """One workload, in the order people write it: what it is, its pod, its containers."""
    scale = {"Deployment": f"  replicas: {replicas}\n  progressDeadlineSeconds: {deadline}\n", "StatefulSet": f"  serviceName: {name}\n  replicas: {replicas}\n", "DaemonSet": ""}[kind]
    return f"""\
apiVersion: apps/v1
kind: {kind}
metadata:
  name: {name}
spec:
{scale}{block(spec, 2)}  selector:
    matchLabels:
      app: {name}
  template:
    metadata:
      labels:
        app: {name}
    spec:
{block(pod, 6)}      containers:
{block(first, 8)}        - name: {name}
          image: {image}
{block(container, 10)}          ports:
            - containerPort: {port}
              name: http
{block(env, 10)}{block(resources, 10)}{block(probes, 10)}{block(sidecars, 8)}"""


def svc(name, port=80, target="http"):
    return f"apiVersion: v1\nkind: Service\nmetadata:\n  name: {name}\nspec:\n  selector:\n    app: {name}\n  ports:\n    - name: http\n      port: {port}\n      targetPort: {target}\n"


def settings(name, **data):
    return f"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {name}\ndata:\n" + "".join(f"  {k}: {v}\n" for k, v in data.items())


def kust(*resources, more="", kind="Kustomization", version="v1beta1"):
    return f"apiVersion: kustomize.config.k8s.io/{version}\nkind: {kind}\n" + ("resources:\n" + "".join(f"  - {r}\n" for r in resources) if resources else "") + textwrap.dedent(more)


def docs(*parts):
    return "---\n".join(parts)


CHART = {
    "charts/web/Chart.yaml": "apiVersion: v2\nname: web\ndescription: What all our web services look like\nversion: 0.5.0\n",
    "charts/web/values.yaml": textwrap.dedent("""\
        replicaCount: 1
        image:
          repository: acme/payments
          tag: 1.4.0
        resources:
          requests:
            cpu: 10m
            memory: 24Mi
          limits:
            memory: 128Mi
        env: {}
        settings: {}
        """),
    "charts/web/templates/deployment.yaml": textwrap.dedent("""\
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: {{ .Release.Name }}
          labels:
            helm.sh/chart: {{ .Chart.Name }}
        spec:
          replicas: {{ .Values.replicaCount }}
          progressDeadlineSeconds: 60
          selector:
            matchLabels:
              app.kubernetes.io/instance: {{ .Release.Name }}
          template:
            metadata:
              labels:
                app.kubernetes.io/instance: {{ .Release.Name }}
            spec:
              containers:
                - name: web
                  image: "{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}"
                  ports:
                    - name: http
                      containerPort: 8080
                  env:
                    - name: PORT
                      value: "8080"
                    {{- range $name, $value := .Values.env }}
                    - name: {{ $name }}
                      value: {{ $value | quote }}
                    {{- end }}
                  {{- if .Values.settings }}
                  envFrom:
                    - configMapRef:
                        name: {{ .Release.Name }}-settings
                  {{- end }}
                  readinessProbe:
                    httpGet:
                      path: /readyz
                      port: http
                    periodSeconds: 3
                  livenessProbe:
                    httpGet:
                      path: /healthz
                      port: http
                    periodSeconds: 5
                  resources:
                    {{- toYaml .Values.resources | nindent 12 }}
        """),
    "charts/web/templates/service.yaml": textwrap.dedent("""\
        apiVersion: v1
        kind: Service
        metadata:
          name: {{ .Release.Name }}
        spec:
          selector:
            app.kubernetes.io/instance: {{ .Release.Name }}
          ports:
            - name: http
              port: 80
              targetPort: http
        """),
}
CHART_SETTINGS = {"charts/web/templates/settings.yaml": textwrap.dedent("""\
        {{- if .Values.settings }}
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: {{ .Release.Name }}-settings
        data:
          {{- range $name, $value := .Values.settings }}
          {{ $name }}: {{ $value }}
          {{- end }}
        {{- end }}
        """)}
CHART_MIGRATE = {"charts/web/templates/migrate.yaml": textwrap.dedent("""\
        apiVersion: batch/v1
        kind: Job
        metadata:
          name: {{ .Release.Name }}-migrate
          annotations:
            helm.sh/hook: pre-install,pre-upgrade
            helm.sh/hook-delete-policy: before-hook-creation
        spec:
          backoffLimit: 1
          template:
            spec:
              restartPolicy: Never
              containers:
                - name: migrate
                  image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
                  args: [migrate]
                  env:
                    - name: DATABASE_URL
                      value: {{ .Values.databaseUrl | quote }}
        """)}


def release(name, values, more=""):
    return f"""\
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: {name}
spec:
  interval: 30s
  timeout: 50s
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
""" + block(more, 2) + ("  values:\n" + block(values, 4) if values else "")


def main(name, rest, kind="Deployment"):
    return c(kind, name, name, rest)


# 772
scenario("tariff-v", "argocd", {
    "base/tariff.yaml": docs(work("tariff", "acme/payments", env="env:\n  - name: REGION\n    value: eu-west-1\n"), svc("tariff")), "base/kustomization.yaml": kust("tariff.yaml"),
    "components/release/kustomization.yaml": kust(kind="Component", version="v1alpha1", more="images:\n  - name: acme/payments\n    newTag: 1.4.1\n"),
    "components/size/kustomization.yaml": kust(kind="Component", version="v1alpha1", more="replicas:\n  - name: tariff\n    count: 2\n"),
    "envs/live/kustomization.yaml": kust("../../base", more="components:\n  - ../../components/release\n  - ../../components/size\n")},
    ["tariff 1.4.2, one more instance for month's end", ["components/release/kustomization.yaml", "newTag: 1.4.1", "newTag: v1.4.2"], ["components/size/kustomization.yaml", "count: 2", "count: 3"]],
    "images are tagged without a v; three instances are wanted", path="envs/live",
    expected=expect("image-not-found", [(main("tariff", "image"), value("acme/payments:1.4.2"))], [(main("tariff", "image"), BEFORE)]))

# 773
scenario("shelter-command", "flux", {"apps/shelter.yaml": docs(work("shelter", "acme/catalog:1.4.1", container="command:\n  - /bin/shop\nargs:\n  - serve\n", env="env:\n  - name: CACHE_MB\n    value: \"8\"\n"), svc("shelter")),
    "apps/shelter-worker.yaml": work("shelter-worker", "acme/worker:1.4.1", replicas=1, container="command:\n  - /bin/shop\nargs:\n  - serve\n")},
    ["shelter: state the whole command in one place", ["apps/shelter.yaml", "          command:\n            - /bin/shop\n          args:\n            - serve\n", "          command: [\"/bin/shop serve\"]\n"]],
    "command is one string with a space: there is no such program", path="apps",
    expected=expect("command-not-found", [(main("shelter", "command"), value(["/bin/shop", "serve"]))], [(main("shelter", "command"), BEFORE), (main("shelter", "args"), BEFORE)], [(main("shelter", "command"), BEFORE)]))

# 774
scenario("anvil-env-file", "argocd", {
    "base/deployment.yaml": work("anvil", "acme/checkout:1.4.1", container="envFrom:\n  - configMapRef:\n      name: anvil-env\n"), "base/service.yaml": svc("anvil"), "base/kustomization.yaml": kust("deployment.yaml", "service.yaml"),
    "overlays/production/settings.env": "REQUIRED_ENV=ORDERS_URL,WAREHOUSE_ID\nORDERS_URL=http://orders.internal:8080\nWAREHOUSE_ID=fra-2\nLOG_FORMAT=text\nCACHE_MB=6\n",
    "overlays/production/kustomization.yaml": kust("../../base", more="configMapGenerator:\n  - name: anvil-env\n    envs:\n      - settings.env\n")},
    ["anvil: JSON logs, new warehouse", ["overlays/production/settings.env", "LOG_FORMAT=text", "LOG_FORMAT=json"], ["overlays/production/settings.env", "WAREHOUSE_ID=fra-2", "WAREHOUSEID=fra-3"]],
    "the program needs WAREHOUSE_ID, the commit wrote WAREHOUSEID; fra-3 and JSON logs are wanted", path="overlays/production",
    expected=expect("crash-on-start", *[[("ConfigMap/anvil-env-# data.WAREHOUSE_ID", to), *more] for to in (value("fra-3"), BEFORE) for more in ([("ConfigMap/anvil-env-# data.WAREHOUSEID", GONE)], [])]))

# 775
scenario("quay-first", "flux", {"clusters/main/quay/config.yaml": settings("quay-config", **{"log-level": "info", "max-connections": '"40"', "region": "eu-north-1"}),
    "clusters/main/quay/quay.yaml": docs(work("quay", "acme/worker:1.4.2", replicas=1, env="""\
        env:
          - name: LOG_LEVEL
            valueFrom:
              configMapKeyRef:
                name: quay-config
                key: log-level
          - name: MAX_CONNECTIONS
            valueFrom:
              configMapKeyRef:
                name: quay-config
                key: max_connections
        """), svc("quay"))}, [],
    "the first release never worked: the key is max-connections, the Deployment asks for max_connections", path="clusters/main/quay", never_worked=True,
    expected=expect("config-key-missing", [(main("quay", "env[name=MAX_CONNECTIONS].valueFrom.configMapKeyRef.key"), value("max-connections"))],
        [('ConfigMap/quay-config data["max-connections"]', GONE), ("ConfigMap/quay-config data.max_connections", value("40"))], [("ConfigMap/quay-config data.max_connections", value("40"))]))

# 776
scenario("turnstile-tls", "argocd", {"deploy/turnstile.yaml": docs(work("turnstile", "acme/checkout:1.4.1", container="volumeMounts:\n  - name: tls\n    mountPath: /etc/tls\n    readOnly: true\n", env="env:\n  - name: CONFIG_FILE\n    value: /etc/tls/tls.crt\n",
        pod="volumes:\n  - name: tls\n    secret:\n      secretName: turnstile-tls-2026\n"), svc("turnstile")),
    "deploy/tls.yaml": "# test certificate, the real one comes from the vault\napiVersion: v1\nkind: Secret\nmetadata:\n  name: turnstile-tls-2026\nstringData:\n  tls.crt: certificate-of-2026\n  tls.key: key-of-2026\n"},
    ["Certificates of 2027, turnstile 1.4.2", ["deploy/tls.yaml", "2026", "2027"], ["deploy/turnstile.yaml", "checkout:1.4.1", "checkout:1.4.2"]],
    "the Secret is turnstile-tls-2027 now, the volume still names turnstile-tls-2026; certificate and release are wanted",
    expected=expect("secret-missing volume-mount", [(pod("Deployment", "turnstile", "volumes[name=tls].secret.secretName"), value("turnstile-tls-2027"))],
        [("Secret/turnstile-tls-2026 metadata.name", BEFORE), ("Secret/turnstile-tls-2027 metadata.name", GONE)]))

# 777
memory = main("loom", "resources.limits.memory")
scenario("loom-defaults", "flux", {"teams/loom/limits.yaml": "apiVersion: v1\nkind: LimitRange\nmetadata:\n  name: defaults\nspec:\n  limits:\n    - type: Container\n      default:\n        memory: 48Mi\n      defaultRequest:\n        cpu: 10m\n        memory: 24Mi\n",
    "teams/loom/loom.yaml": docs(work("loom", "acme/catalog:1.4.1", env="env:\n  - name: CACHE_MB\n    value: \"80\"\n"), svc("loom")), "teams/loom/kustomization.yaml": kust("limits.yaml", "loom.yaml")},
    ["loom: resources come from the namespace's defaults", ["teams/loom/loom.yaml", block(RES, 10), ""]],
    "the LimitRange's default is 48Mi, the program holds 80 MB", path="teams/loom",
    expected=expect("out-of-memory", [(main("loom", "resources"), BEFORE)], [(memory, at_least("90Mi"))], [(memory, at_least("90Mi")), (main("loom", "resources.requests.memory"), ANY)], [(memory, at_least("90Mi")), (main("loom", "resources.requests"), ANY)],
        [(main("loom", "resources"), value({"limits": {"memory": "128Mi"}}))], [(main("loom", "resources"), value({"limits": {"memory": "96Mi"}}))], [(main("loom", "env[name=CACHE_MB].value"), ANY)]))

# 778
EXEC = "livenessProbe:\n  exec:\n    command:\n      - sh\n      - -c\n      - {} http://127.0.0.1:8080/healthz\n  initialDelaySeconds: 3\n  periodSeconds: 5\n  failureThreshold: 2\nreadinessProbe:\n  tcpSocket:\n    port: http\n  periodSeconds: 3\n"
live = c("StatefulSet", "herald", "herald", "livenessProbe")
scenario("herald-curl", "flux", {"deploy/herald.yaml": docs(work("herald", "acme/worker:1.4.1", kind="StatefulSet", replicas=1, probes=EXEC.format("wget -q -O /dev/null")), svc("herald"))},
    ["herald: same health check as everywhere else", ["deploy/herald.yaml", "- wget -q -O /dev/null http", "- curl -fsS http"]],
    "the image has no curl: the liveness check ends with 127 and the container is killed again and again",
    expected=expect("liveness-probe command-not-found", [(live + ".exec.command", BEFORE)], [(live + ".exec.command[2]", BEFORE)], [(live, BEFORE)], [(live + ".exec", GONE), (live + ".httpGet", ANY)]))

# 779
n = here()
scenario("pantry-first", "argocd", {"deploy/base/pantry.yaml": work("pantry", "acme/catalog:1.4.1", replicas=2, env="env:\n  - name: READY_PATH\n    value: /health/ready\n  - name: HEALTH_PATH\n    value: /health/live\n",
        probes="readinessProbe:\n  httpGet:\n    path: /health/readiness\n    port: http\n  periodSeconds: 3\nlivenessProbe:\n  httpGet:\n    path: /health/live\n    port: http\n  periodSeconds: 5\n"),
    "deploy/base/service.yaml": svc("pantry"), "deploy/base/kustomization.yaml": kust("pantry.yaml", "service.yaml"), "deploy/eu/kustomization.yaml": kust("../base", more="commonAnnotations:\n  region: eu\n")}, [],
    "the first release never worked: READY_PATH says /health/ready, the probe asks /health/readiness", path="deploy/eu", never_worked=True,
    expected=expect("readiness-probe", [(main("pantry", "readinessProbe.httpGet.path"), value("/health/ready"))], [(main("pantry", "env[name=READY_PATH].value"), value("/health/readiness"))]))

# 780
side = lambda rest: c("Deployment", "canteen", "proxy", rest, init=True)
scenario("canteen-proxy", "flux", {"apps/canteen/deployment.yaml": work("canteen", "acme/checkout:1.4.1", pod="""\
        initContainers:
          - name: proxy
            image: acme/worker:1.4.1
            restartPolicy: Always
            ports:
              - name: admin
                containerPort: 9901
            env:
              - name: PORT
                value: "9901"
            startupProbe:
              httpGet:
                path: /healthz
                port: 9901
              periodSeconds: 2
              failureThreshold: 10
            resources:
              requests:
                cpu: 5m
                memory: 16Mi
              limits:
                memory: 64Mi
        """), "apps/canteen/service.yaml": svc("canteen")},
    ["Proxy listens on 15021 as the mesh team asks, canteen 1.4.2", ["apps/canteen/deployment.yaml", "containerPort: 9901", "containerPort: 15021"], ["apps/canteen/deployment.yaml", 'value: "9901"', 'value: "15021"'], ["apps/canteen/deployment.yaml", "checkout:1.4.1", "checkout:1.4.2"]],
    "the proxy's startup probe still asks 9901, so the pod never gets to its main container; port and release are wanted", path="apps/canteen",
    expected=expect("startup-probe", [(side("startupProbe.httpGet.port"), value(15021))], [(side("startupProbe.httpGet.port"), value("admin"))], [(side("env[name=PORT].value"), BEFORE)], [(side("env[name=PORT].value"), BEFORE), (side("ports[name=admin].containerPort"), BEFORE)]))

# 781
n = here()
request, limit = (c("Deployment", n, "web", f"resources.{k}.memory") for k in ("requests", "limits"))
scenario("annuity-size", "argocd", {**CHART, "envs/stage/values.yaml": "replicaCount: 1\nimage:\n  tag: 1.4.1\n", "envs/prod/values.yaml": "# annuity in production\nreplicaCount: 1\nimage:\n  tag: 1.4.1\nresources:\n  requests:\n    memory: 32Mi\n  limits:\n    memory: 96Mi\nenv:\n  TERM_YEARS: \"30\"\n"},
    ["annuity: sizes from the load test, two instances", ["envs/prod/values.yaml", "memory: 32Mi", "memory: 48Gi"], ["envs/prod/values.yaml", "memory: 96Mi", "memory: 96Gi"], ["envs/prod/values.yaml", "replicaCount: 1", "replicaCount: 2"]],
    "Gi instead of Mi: no node has 48Gi; two instances are wanted", path="charts/web", source={"helm": {"valueFiles": ["../../envs/prod/values.yaml"]}},
    expected=expect("unschedulable-resources", [(request, value("48Mi"))], [(request, BEFORE)], [(request, value("48Mi")), (limit, value("96Mi"))], [(request, BEFORE), (limit, BEFORE)]))

# 782
where = pod("Deployment", "ferrule", "nodeSelector")
scenario("ferrule-arch", "flux", {"base/ferrule.yaml": docs(work("ferrule", "acme/catalog:1.4.1"), svc("ferrule")), "base/kustomization.yaml": kust("ferrule.yaml"),
    "overlays/prod/placement.yaml": "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: ferrule\nspec:\n  template:\n    spec:\n      nodeSelector:\n        kubernetes.io/os: linux\n",
    "overlays/prod/kustomization.yaml": kust("../../base", more="patches:\n  - path: placement.yaml\nimages:\n  - name: acme/catalog\n    newTag: 1.4.1\n")},
    ["ferrule 1.4.2, not on the new ARM nodes", ["overlays/prod/placement.yaml", "kubernetes.io/os: linux\n", "kubernetes.io/os: linux\n        kubernetes.io/arch: x86_64\n"], ["overlays/prod/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.2"]],
    "nodes call it amd64, not x86_64; the release is wanted", path="overlays/prod",
    expected=expect("unschedulable-placement", [(where + '["kubernetes.io/arch"]', value("amd64"))], [(where + '["kubernetes.io/arch"]', GONE)], [(where, BEFORE)], [(where, value({"kubernetes.io/os": "linux", "kubernetes.io/arch": "amd64"}))]))

# 783
mount = c("StatefulSet", "lantern", "lantern", "volumeMounts")
scenario("lantern-subpath", "argocd", {"deploy/statefulset.yaml": work("lantern", "acme/worker:1.4.1", kind="StatefulSet", replicas=1, env="env:\n  - name: CONFIG_FILE\n    value: /etc/lantern/lantern.conf\n",
        container="volumeMounts:\n  - name: config\n    mountPath: /etc/lantern/lantern.conf\n    subPath: lantern.conf\n", pod="volumes:\n  - name: config\n    configMap:\n      name: lantern\n"),
    "deploy/config.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: lantern\ndata:\n  lantern.conf: |\n    WICK=short\n    OIL=lamp\n", "deploy/service.yaml": svc("lantern")},
    ["lantern: take in changes of the configuration without a restart", ["deploy/statefulset.yaml", "              subPath: lantern.conf\n", ""], ["deploy/config.yaml", "WICK=short", "WICK=long"]],
    "without subPath the file's path is a directory; the new wick is wanted",
    expected=expect("volume-mount crash-on-start", [(mount + "[name=config].subPath", BEFORE)], [(mount, BEFORE)], [(mount + "[name=config].mountPath", value("/etc/lantern"))], [(mount, value([{"name": "config", "mountPath": "/etc/lantern"}]))],
        [(c("StatefulSet", "lantern", "lantern", "env[name=CONFIG_FILE].value"), value("/etc/lantern/lantern.conf/lantern.conf"))]))

# 784
sel, tem, ser = ("Deployment/siding spec.selector.matchLabels.team", GONE), ("Deployment/siding spec.template.metadata.labels.team", GONE), ("Service/siding spec.selector.team", GONE)
meta = [("Deployment/siding metadata.labels", GONE), ("Service/siding metadata.labels", GONE)]
scenario("siding-labels", "argocd", {"base/deployment.yaml": work("siding", "acme/payments:1.4.1"), "base/service.yaml": svc("siding"), "base/kustomization.yaml": kust("deployment.yaml", "service.yaml"),
    "envs/prod/kustomization.yaml": kust("../../base", more="replicas:\n  - name: siding\n    count: 2\n")},
    ["siding: who pays for it", ["envs/prod/kustomization.yaml", "replicas:\n", "labels:\n  - includeSelectors: true\n    pairs:\n      team: rail\nreplicas:\n"]],
    "the label also goes into the Deployment's selector, which is immutable; the label as such is wanted", path="envs/prod",
    expected=expect("invalid-manifest", [sel, tem, ser], [sel, ser], [sel], [sel, tem, ser, *meta]))

# 785
scenario("larder-depends", "flux", {**CHART, "releases/stock.yaml": release("inventory", "replicaCount: 1\nimage:\n  repository: acme/catalog\n  tag: 1.4.1\n"), "releases/larder.yaml": release("larder", "replicaCount: 1\nimage:\n  repository: acme/checkout\n  tag: 1.4.1\nenv:\n  THEME: light\n", more="dependsOn:\n  - name: inventory\n"),
    "releases/kustomization.yaml": kust("stock.yaml", "larder.yaml")},
    ["inventory is called stock now, larder gets the dark theme", ["releases/stock.yaml", "name: inventory", "name: stock"], ["releases/stock.yaml", "releaseName: inventory", "releaseName: stock"], ["releases/larder.yaml", "THEME: light", "THEME: dark"]],
    "larder still depends on HelmRelease inventory, which is stock now; name and theme are wanted", path="releases",
    expected=expect("helm-failed invalid-manifest", [("HelmRelease/larder spec.dependsOn[0].name", value("stock"))], [("HelmRelease/larder spec.dependsOn", value([{"name": "stock"}]))], [("HelmRelease/larder spec.dependsOn[name=inventory].name", value("stock"))]))

# 786
n = here()
scenario("ledgerline-chart", "argocd", {**CHART, **CHART_MIGRATE, "charts/web/values.yaml": CHART["charts/web/values.yaml"] + "databaseUrl: \"\"\n", "envs/prod/values.yaml": "replicaCount: 2\nimage:\n  tag: 1.4.1\ndatabaseUrl: postgres://ledgerline@10.20.0.5/ledgerline\n"},
    ["Chart 0.6.0: settings in blocks; ledgerline 1.4.2", ["charts/web/Chart.yaml", "0.5.0", "0.6.0"], ["charts/web/templates/migrate.yaml", ".Values.databaseUrl", ".Values.database.url"], ["charts/web/values.yaml", "databaseUrl: \"\"\n", "database:\n  url: \"\"\n"], ["envs/prod/values.yaml", "tag: 1.4.1", "tag: 1.4.2"]],
    "the template reads database.url now, production's values still say databaseUrl: the migration hook gets an empty address; release and chart are wanted", path="charts/web", source={"helm": {"valueFiles": ["../../envs/prod/values.yaml"]}},
    expected=expect("job-failed crash-on-start", [(c("Job", f"{n}-migrate", "migrate", "env[name=DATABASE_URL].value"), BEFORE)]))

# 787
context = main("sextant", "securityContext")
scenario("sextant-debug", "flux", {"deploy/sextant.yaml": docs(work("sextant", "acme/catalog:1.4.1", container="securityContext:\n  allowPrivilegeEscalation: false\n"), svc("sextant"))},
    ["sextant 1.4.2, allow profiling", ["deploy/sextant.yaml", "allowPrivilegeEscalation: false\n", "allowPrivilegeEscalation: false\n            capabilities:\n              add: [SYS_PTRACE, PERFMON]\n"], ["deploy/sextant.yaml", "catalog:1.4.1", "catalog:1.4.2"]],
    "the namespace enforces baseline, which allows neither capability; the release is wanted", labels={"pod-security.kubernetes.io/enforce": "baseline"},
    expected=expect("pod-security", [(context + ".capabilities", GONE)], [(context + ".capabilities.add", GONE)], [(context, BEFORE)]))

# 788
scenario("parquet-index", "argocd", {"base/deployment.yaml": work("parquet", "acme/worker:1.4.1", first="- name: proxy\n  image: busybox:1.36\n  command: [sh, -c, \"trap 'exit 0' TERM; while true; do sleep 1; done\"]\n  resources:\n    requests:\n      cpu: 5m\n      memory: 8Mi\n    limits:\n      memory: 32Mi\n"),
    "base/service.yaml": svc("parquet"), "base/kustomization.yaml": kust("deployment.yaml", "service.yaml"),
    "overlays/prod/memory.yaml": "- op: replace\n  path: /spec/template/spec/containers/1/resources/limits/memory\n  value: 192Mi\n",
    "overlays/prod/kustomization.yaml": kust("../../base", more="patches:\n  - path: memory.yaml\n    target:\n      kind: Deployment\n      name: parquet\n")},
    ["parquet no longer needs the proxy", ["base/deployment.yaml", block("- name: proxy\n  image: busybox:1.36\n  command: [sh, -c, \"trap 'exit 0' TERM; while true; do sleep 1; done\"]\n  resources:\n    requests:\n      cpu: 5m\n      memory: 8Mi\n    limits:\n      memory: 32Mi\n", 8), ""]],
    "the patch counts containers: there is no container 1 any more; that the proxy goes is wanted", path="overlays/prod",
    expected=expect("render-failed", [], keep=[(pod("Deployment", "parquet", "containers[name=proxy]"), GONE)]))

# 789
scenario("harbor-merge", "flux", {"base/harbor.yaml": docs(work("harbor", "acme/catalog", env="env:\n  - name: TIDE_TABLE\n    value: \"2026\"\n"), svc("harbor")), "base/kustomization.yaml": kust("harbor.yaml"),
    "overlays/prod/kustomization.yaml": kust("../../base", more="images:\n  - name: acme/catalog\n    newTag: 1.4.1\n")},
    ["Merge branch 'release-1.4.2'", ["overlays/prod/kustomization.yaml", "    newTag: 1.4.1\n", "<<<<<<< HEAD\n    newTag: 1.4.1\n=======\n    newTag: 1.4.2\n>>>>>>> release-1.4.2\n"], ["base/harbor.yaml", 'value: "2026"', 'value: "2027"']],
    "marks of an unfinished merge in the kustomization; the tide table is wanted, the release is what was merged", path="overlays/prod",
    expected=expect("render-failed", [], [(main("harbor", "image"), value("acme/catalog:1.4.2"))], keep=[(main("harbor", "env[name=TIDE_TABLE].value"), value("2027"))]))

# 790
scenario("gallery-claim", "argocd", {"deploy/claim.yaml": "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata:\n  name: uploads\nspec:\n  storageClassName: \"\"\n  accessModes:\n    - ReadWriteOnce\n  resources:\n    requests:\n      storage: 1Gi\n",
    "deploy/easel.yaml": docs(work("easel", "acme/worker:1.4.1", replicas=1, spec="strategy:\n  type: Recreate\n", container="volumeMounts:\n  - name: uploads\n    mountPath: /data\n", env="env:\n  - name: WRITE_FILE\n    value: /data/state\n",
        pod="volumes:\n  - name: uploads\n    persistentVolumeClaim:\n      claimName: uploads\n"), svc("easel"))},
    ["easel: names by service", ["deploy/easel.yaml", "claimName: uploads", "claimName: easel-uploads"]],
    "the claim is called uploads; nothing makes an easel-uploads",
    given="apiVersion: v1\nkind: PersistentVolume\nmetadata:\n  name: @NAME@-uploads\nspec:\n  capacity:\n    storage: 1Gi\n  accessModes: [ReadWriteOnce]\n  persistentVolumeReclaimPolicy: Retain\n  claimRef:\n    namespace: @NAME@\n    name: uploads\n  hostPath:\n    path: /tmp/@NAME@-uploads\n    type: DirectoryOrCreate\n",
    expected=expect("volume-unbound", [(pod("Deployment", "easel", "volumes[name=uploads].persistentVolumeClaim.claimName"), BEFORE)]))

# 791
scenario("bellows-stateful", "flux", {"apps/bellows/bellows.yaml": docs(work("bellows", "acme/worker:1.4.1"), svc("bellows")),
    "apps/bellows/autoscaler.yaml": "apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata:\n  name: bellows\nspec:\n  scaleTargetRef:\n    apiVersion: apps/v1\n    kind: Deployment\n    name: bellows\n  minReplicas: 2\n  maxReplicas: 5\n  metrics:\n    - type: Resource\n      resource:\n        name: cpu\n        target:\n          type: Utilization\n          averageUtilization: 70\n"},
    ["bellows keeps an identity per instance: StatefulSet", ["apps/bellows/bellows.yaml", "kind: Deployment", "kind: StatefulSet"], ["apps/bellows/bellows.yaml", "  progressDeadlineSeconds: 60\n", "  serviceName: bellows\n"]],
    "the autoscaler still names a Deployment bellows; the StatefulSet is wanted", path="apps/bellows",
    expected=expect("autoscaler", [("HorizontalPodAutoscaler/bellows spec.scaleTargetRef.kind", value("StatefulSet"))]))

# 792
scenario("abacus-first", "flux", {**CHART, **CHART_SETTINGS, "releases/abacus.yaml": release("abacus", "image:\n  repository: acme/catalog\n  tag: 1.4.1\nreplicaCount: 1\nsettings:\n  MODE: exact\n  CACHE_MB: 12\n  LOCALE: de_DE\n"), "releases/kustomization.yaml": kust("abacus.yaml")}, [],
    "the first release never worked: the chart writes settings without quotes, so CACHE_MB is a number in a ConfigMap", path="releases", never_worked=True,
    expected=expect("helm-failed invalid-manifest", [("ConfigMap/abacus-settings data.CACHE_MB", value("12"))]))

# 793
tags = (value("acme/worker:1.4.2"), BEFORE)
image, names = c("DaemonSet", "weathervane", "weathervane", "image"), pod("Deployment", "vane-report", "volumes[name=config].projected.sources[0].configMap.name")
scenario("weathervane-two", "flux", {"platform/base/weathervane/daemonset.yaml": work("weathervane", "acme/worker:1.4.1", kind="DaemonSet"), "platform/base/report/deployment.yaml": work("vane-report", "acme/catalog:1.4.1", replicas=1, env="env:\n  - name: CONFIG_FILE\n    value: /etc/vane/vane.conf\n",
        container="volumeMounts:\n  - name: config\n    mountPath: /etc/vane\n",
        pod="volumes:\n  - name: config\n    projected:\n      sources:\n        - configMap:\n            name: vane-config\n        - downwardAPI:\n            items:\n              - path: labels\n                fieldRef:\n                  fieldPath: metadata.labels\n"),
    "platform/base/report/config.yaml": settings("vane-config", **{"vane.conf": "DIRECTION=true"}), "platform/base/report/kustomization.yaml": kust("deployment.yaml", "config.yaml"), "platform/base/weathervane/kustomization.yaml": kust("daemonset.yaml"),
    "platform/base/kustomization.yaml": kust("weathervane", "report"), "platform/north/kustomization.yaml": kust("../base", more="commonAnnotations:\n  site: north\n")},
    ["weathervane 1.4.2, full names", ["platform/base/weathervane/daemonset.yaml", "worker:1.4.1", "worker:1.4.12"], ["platform/base/report/config.yaml", "name: vane-config", "name: weathervane-config"], ["platform/base/report/deployment.yaml", "catalog:1.4.1", "catalog:1.4.2"]],
    "two faults in two workloads: there is no 1.4.12, and the report's volume still names ConfigMap vane-config; the name and the report's release are wanted", path="platform/north",
    expected=expect("image-not-found config-missing volume-mount", *[[(image, tag)] for tag in tags], [(names, value("weathervane-config"))],
        [("ConfigMap/vane-config metadata.name", BEFORE), ("ConfigMap/weathervane-config metadata.name", GONE)]))
# ---- for people

# 794
scenario("gantry-rights", "flux", {"deploy/gantry.yaml": docs(work("gantry", "acme/payments:1.4.1"), svc("gantry"))},
    ["gantry 1.4.2, survive node upgrades", ["deploy/gantry.yaml", "payments:1.4.1", "payments:1.4.2"], ["deploy/budget.yaml", None, "apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata:\n  name: gantry\nspec:\n  maxUnavailable: 1\n  selector:\n    matchLabels:\n      app: gantry\n"]],
    "the account that Flux delivers with may not write PodDisruptionBudgets: whoever keeps the platform's roles must allow it", HUMAN, spec={"serviceAccountName": "@NAME@-deployer"},
    extra=[{"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "@NAME@-deployer", "namespace": "flux-system"}}],
    given="apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata:\n  name: deployer\nrules:\n  - apiGroups: [\"\", apps, batch]\n    resources: [\"*\"]\n    verbs: [\"*\"]\n---\napiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata:\n  name: deployer\nroleRef:\n  apiGroup: rbac.authorization.k8s.io\n  kind: Role\n  name: deployer\nsubjects:\n  - kind: ServiceAccount\n    name: @NAME@-deployer\n    namespace: flux-system\n",
    expected=expect("rbac-forbidden"))

# 795
scenario("loyalty-smtp", "flux", {**CHART, "releases/perks.yaml": release("perks", "replicaCount: 1\nimage:\n  tag: 1.4.1\n", more="valuesFrom:\n  - kind: Secret\n    name: perks-database\n    valuesKey: values.yaml\n"), "releases/kustomization.yaml": kust("perks.yaml")},
    ["perks sends mail", ["releases/perks.yaml", "      valuesKey: values.yaml\n", "      valuesKey: values.yaml\n    - kind: Secret\n      name: perks-smtp\n      valuesKey: values.yaml\n"]],
    "Secrets are kept by people outside of git, and perks-smtp is not there yet: somebody must create it", HUMAN, path="releases",
    given="apiVersion: v1\nkind: Secret\nmetadata:\n  name: perks-database\nstringData:\n  values.yaml: |\n    env:\n      DATABASE_PASSWORD: only-for-tests\n", expected=expect("secret-missing helm-failed"))

# 796
scenario("orders-innocent", "argocd", {"deploy/crate.yaml": docs(work("crate", "acme/checkout:1.4.1", env="env:\n  - name: DATABASE_URL\n    valueFrom:\n      secretKeyRef:\n        name: crate-db\n        key: url\n  - name: REQUIRED_ENV\n    value: DATABASE_URL\n"), svc("crate")), "deploy/worker.yaml": work("crate-worker", "acme/worker:1.4.1", replicas=1)},
    ["crate 1.4.2", ["deploy/crate.yaml", "checkout:1.4.1", "checkout:1.4.2"]],
    "somebody deleted the Secret crate-db, which is not in git, shortly before: the release is innocent, the Secret must be brought back", HUMAN,
    given="apiVersion: v1\nkind: Secret\nmetadata:\n  name: crate-db\nstringData:\n  url: postgres://crate@10.20.0.5/crate\n", then=[[-4, "kubectl -n $NAMESPACE delete secret crate-db"]], expected=expect("secret-missing"))

# 797
scenario("ticketing-project", "argocd", {"deploy/turnout.yaml": docs(work("turnout", "acme/payments:1.4.1"), svc("turnout"))},
    ["turnout goes first when nodes are full", ["deploy/priority.yaml", None, "apiVersion: scheduling.k8s.io/v1\nkind: PriorityClass\nmetadata:\n  name: @NAME@-turnout\nvalue: 100000\ndescription: Ticket sales before reports\n"], ["deploy/turnout.yaml", "    spec:\n      containers:", "    spec:\n      priorityClassName: @NAME@-turnout\n      containers:"]],
    "the team's AppProject allows no cluster-wide objects: the platform team must allow it or bring the PriorityClass itself", HUMAN, spec={"project": "@NAME@"},
    extra=[{"apiVersion": "argoproj.io/v1alpha1", "kind": "AppProject", "metadata": {"name": "@NAME@", "namespace": "argocd"}, "spec": {"sourceRepos": ["*"], "destinations": [{"server": "*", "namespace": "@NAME@"}], "clusterResourceWhitelist": []}}],
    expected=expect("rbac-forbidden invalid-manifest"))
# ---- nothing to do

# 798
STORE = work("store", "acme/catalog:1.4.1", replicas=1, spec="strategy:\n  type: Recreate\n", env="env:\n  - name: START_SECONDS\n    value: \"2\"\n", probes=PROBES + "startupProbe:\n  httpGet:\n    path: /healthz\n    port: http\n  periodSeconds: 3\n  failureThreshold: 30\n", deadline=120)
FRONT = work("front", "acme/checkout:1.4.1", replicas=1, deadline=180, pod="initContainers:\n  - name: wait-for-store\n    image: busybox:1.36\n    command: [sh, -c, \"wget -q -T 3 -O /dev/null http://$STORE_SERVICE_HOST:80/readyz || { echo \\\"store $STORE_SERVICE_HOST does not answer\\\"; exit 1; }\"]\n    resources:\n      requests:\n        cpu: 5m\n        memory: 8Mi\n      limits:\n        memory: 32Mi\n")
scenario("store-warms", "argocd", {"store/store.yaml": docs(STORE, svc("store")), "front/front.yaml": docs(FRONT, svc("front"))},
    ["Release 1.4.2 of both, store reads its index at start", ["store/store.yaml", "catalog:1.4.1", "catalog:1.4.2"], ["store/store.yaml", 'value: "2"', 'value: "28"'], ["front/front.yaml", "checkout:1.4.1", "checkout:1.4.2"]],
    "front's init container fails until the store is warm, half a minute later: it heals by itself", NONE, path=".", source={"directory": {"recurse": True}}, expected=expect("healthy recovering"))

# 799
CRON = "apiVersion: batch/v1\nkind: CronJob\nmetadata:\n  name: regatta-mail\nspec:\n  schedule: \"15 6 * * *\"\n  suspend: false\n  jobTemplate:\n    spec:\n      backoffLimit: 1\n      template:\n        spec:\n          restartPolicy: Never\n          containers:\n            - name: mail\n              image: acme/worker:1.4.1\n              args: [migrate]\n              env:\n                - name: DATABASE_URL\n                  value: postgres://regatta@10.20.0.5/regatta\n"
scenario("regatta-closed", "flux", {"apps/regatta/regatta.yaml": docs(work("regatta", "acme/checkout:1.4.1"), svc("regatta")), "apps/regatta/mail.yaml": CRON, "apps/regatta/kustomization.yaml": kust("regatta.yaml", "mail.yaml")},
    ["The season is over: regatta sleeps until April", ["apps/regatta/regatta.yaml", "replicas: 2", "replicas: 0"], ["apps/regatta/mail.yaml", "suspend: false", "suspend: true"]],
    "scaled to zero and suspended on purpose", NONE, path="apps/regatta", expected=expect("replicas-zero suspended"))
