"""Batch AE, written by somebody who knew neither the playbook nor the batches before: shop-1244 to shop-1259, a year's failures of all kinds. No program of this folder is needed."""
import pathlib, runpy, textwrap
globals().update(runpy.run_path(str(pathlib.Path(__file__).parent / "kit.py")))
SCENARIOS, scenario = batch(1244)


def shop(kind, name, image, env="", spec="", template="", extra="", requests="{cpu: 20m, memory: 32Mi}", limits="{memory: 128Mi}", replicas=2):
    """A workload as the team writes it; env, extra: of the container; spec, template: of the workload and the pod."""
    head = {"Deployment": f"  replicas: {replicas}\n  progressDeadlineSeconds: 75\n", "StatefulSet": f"  replicas: {replicas}\n  serviceName: {name}\n", "DaemonSet": ""}[kind]
    def block(t, n):
        return textwrap.indent(text(t), " " * n) if t else ""
    return f"""# {name}: owned by team storefront
apiVersion: apps/v1
kind: {kind}
metadata:
  name: {name}
  labels:
    app.kubernetes.io/name: {name}
spec:
{head}{block(spec, 2)}  selector:
    matchLabels:
      app: {name}
  template:
    metadata:
      labels:
        app: {name}
    spec:
{block(template, 6)}      containers:
        - name: {name}
          image: {image}
          ports:
            - name: http
              containerPort: 8080
          resources:
            requests: {requests}
            limits: {limits}
          readinessProbe:
            httpGet: {{path: /readyz, port: http}}
            periodSeconds: 3
          livenessProbe:
            httpGet: {{path: /healthz, port: http}}
            periodSeconds: 5
            failureThreshold: 3
{block(env, 10)}{block(extra, 10)}"""


def svc(name):
    return text(f"""
        apiVersion: v1
        kind: Service
        metadata:
          name: {name}
        spec:
          selector:
            app: {name}
          ports:
            - name: http
              port: 80
              targetPort: http
        """)


def kust(*resources, more=""):
    return "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n" + "".join(f"  - {r}\n" for r in resources) + text(more)


CHART = "apiVersion: v2\nname: shop\nversion: 0.3.0\n"
CHART_SERVICE = """apiVersion: v1
kind: Service
metadata:
  name: {{ .Release.Name }}
spec:
  selector:
    app: {{ .Release.Name }}
  ports:
    - {name: http, port: 80, targetPort: http}
"""
CHART_WORKLOAD = """apiVersion: apps/v1
kind: KIND
metadata:
  name: {{ .Release.Name }}
spec:
  replicas: {{ .Values.replicas }}
HEAD
  selector:
    matchLabels:
      app: {{ .Release.Name }}
  template:
    metadata:
      labels:
        app: {{ .Release.Name }}
    spec:
      containers:
        - name: shop
          image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
          ports:
            - name: http
              containerPort: {{ .Values.port }}
          env:
            {{- range $name, $value := .Values.env }}
            - name: {{ $name }}
              value: {{ $value | quote }}
            {{- end }}
            {{- with .Values.database }}
            - name: DATABASE_PASSWORD
              valueFrom:
                secretKeyRef:
                  name: {{ .secret }}
                  key: {{ .key }}
            {{- end }}
          resources:
            {{- toYaml .Values.resources | nindent 12 }}
          livenessProbe:
            tcpSocket: {port: http}
            periodSeconds: 5
          readinessProbe:
            httpGet:
              path: {{ .Values.readiness.path }}
              port: http
              scheme: {{ .Values.readiness.scheme }}
            periodSeconds: {{ .Values.readiness.period }}
"""
CHART_VALUES = """image:
  repository: acme/payments
  tag: 1.4.1
replicas: 2
port: 8080
readiness:
  path: /readyz
  scheme: HTTP
  period: 3
resources:
  requests:
    memory: 32Mi
  limits:
    memory: 128Mi
env:
  LOG_LEVEL: info
"""


def chart(kind="Deployment", service=True):
    head = "  progressDeadlineSeconds: 75" if kind == "Deployment" else "  serviceName: {{ .Release.Name }}"
    return {"chart/Chart.yaml": CHART, "chart/values.yaml": CHART_VALUES, "chart/templates/workload.yaml": CHART_WORKLOAD.replace("KIND", kind).replace("HEAD", head), "chart/templates/service.yaml": CHART_SERVICE}


def release(name, values, more=""):
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
              chart: ./chart
              reconcileStrategy: Revision
              sourceRef: {{kind: GitRepository, name: "@NAME@", namespace: flux-system}}
          install:
            remediation: {{retries: 1}}
          upgrade:
            remediation: {{retries: 1, strategy: rollback}}
          values:
        """) + textwrap.indent(text(values), "    ")


def by_helm(name):
    return {"source": {"helm": {"releaseName": name, "valueFiles": ["values.yaml", "../env/prod-values.yaml"]}}, "path": "chart"}


# 1: the sidecar asks the port that the service has left
GAZETTEER = text("""
    # gazetteer: owned by team storefront
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: gazetteer
      labels:
        app.kubernetes.io/name: gazetteer
    spec:
      replicas: 1
      progressDeadlineSeconds: 75
      selector:
        matchLabels:
          app: gazetteer
      template:
        metadata:
          labels:
            app: gazetteer
        spec:
          containers:
            - name: gazetteer
              image: acme/catalog:1.4.1
              env:
                - name: PORT
                  value: "8080"
              ports:
                - name: http
                  containerPort: 8080
              resources:
                requests: {cpu: 20m, memory: 32Mi}
                limits: {memory: 128Mi}
              readinessProbe:
                httpGet: {path: /readyz, port: http}
                periodSeconds: 3
              livenessProbe:
                httpGet: {path: /healthz, port: http}
                periodSeconds: 5
            - name: indexer
              image: busybox:1.37
              command: [sh, -c]
              args:
                - |
                  n=0
                  until wget -q -O /dev/null "$SOURCE_URL"; do
                    n=$((n + 1))
                    if [ $n -ge 8 ]; then echo "indexer: gave up on $SOURCE_URL after $n attempts"; exit 1; fi
                    sleep 1
                  done
                  echo "indexer: first pass done"; touch /indexed
                  while true; do sleep 5; done
              env:
                - name: SOURCE_URL
                  value: http://127.0.0.1:8080/
              readinessProbe:
                exec: {command: [test, -f, /indexed]}
                periodSeconds: 3
              resources:
                requests: {cpu: 5m, memory: 8Mi}
                limits: {memory: 32Mi}
    """)
scenario("sidecar-asks-old-port", "flux", {"deploy/gazetteer.yaml": GAZETTEER, "deploy/service.yaml": svc("gazetteer")},
    ["Gazetteer off the shared port", ["deploy/gazetteer.yaml", 'value: "8080"', 'value: "8085"'], ["deploy/gazetteer.yaml", "containerPort: 8080", "containerPort: 8085"]],
    "the service listens on 8085 now, the sidecar's SOURCE_URL still says 8080: connection refused",
    expected=expect("dependency-address crash-on-start",
        [(c("Deployment", "gazetteer", "indexer", "env[name=SOURCE_URL].value"), value("http://127.0.0.1:8085/"))],
        [(c("Deployment", "gazetteer", "gazetteer", "env[name=PORT].value"), BEFORE), (c("Deployment", "gazetteer", "gazetteer", "ports[name=http].containerPort"), BEFORE)]))

# 2: generated ConfigMap, the file has another name now, the volume's items keep the old key
RULES = "discount=5\nfloor=20\n"
scenario("generated-key-renamed", "flux", {
    "base/deployment.yaml": shop("Deployment", "rebates", "acme/checkout", env="""
        env:
          - name: CONFIG_FILE
            value: /etc/rebates/rules.conf
        """, extra="""
        volumeMounts:
          - name: rules
            mountPath: /etc/rebates
        """, template="""
        volumes:
          - name: rules
            configMap:
              name: rebates-rules
              items:
                - key: rules.conf
                  path: rules.conf
        """),
    "base/service.yaml": svc("rebates"),
    "base/rules.conf": RULES,
    "base/kustomization.yaml": kust("deployment.yaml", "service.yaml", more="""
        configMapGenerator:
          - name: rebates-rules
            files:
              - rules.conf
        """),
    "overlays/prod/kustomization.yaml": kust("../../base", more="""
        images:
          - name: acme/checkout
            newTag: 1.4.1
        """)},
    ["Rebates 1.4.2, file names as in the other services", ["base/rules.conf", RULES, DELETE], ["base/rebates.conf", None, RULES], ["base/kustomization.yaml", "- rules.conf", "- rebates.conf"], ["overlays/prod/kustomization.yaml", "1.4.1", "1.4.2"]],
    "the generated ConfigMap has key rebates.conf now, the volume's items ask for rules.conf",
    path="overlays/prod", expected=expect("config-key-missing volume-mount",
        [(pod("Deployment", "rebates", "volumes[name=rules].configMap.items[0].key"), value("rebates.conf"))],
        [('ConfigMap/rebates-rules-# data["rules.conf"]', BEFORE), ('ConfigMap/rebates-rules-# data["rebates.conf"]', GONE)]))

# 3: the readiness probe speaks TLS to a program that does not
scenario("readiness-scheme", "argocd", {**chart("StatefulSet"), "env/prod-values.yaml": text("""
        image:
          repository: acme/worker
        replicas: 2
        readiness:
          period: 5
        """)},
    ["Prepare for encrypted traffic", ["env/prod-values.yaml", "  period: 5\n", "  period: 5\n  scheme: HTTPS\nenv:\n  TLS_MIN_VERSION: \"1.2\"\n"]],
    "the readiness probe uses HTTPS, the program serves plain HTTP",
    **by_helm("sorter"), expected=expect("readiness-probe", [(c("StatefulSet", "sorter", "shop", "readinessProbe.httpGet.scheme"), BEFORE)],
        [(c("StatefulSet", "sorter", "shop", "readinessProbe.httpGet.scheme"), GONE)]))

# 4: a LimitRange's ratio
scenario("limit-request-ratio", "flux", {
    "deploy/daemonset.yaml": shop("DaemonSet", "tailer", "acme/worker:1.4.1"),
    "deploy/limits.yaml": text("""
        apiVersion: v1
        kind: LimitRange
        metadata:
          name: team
        spec:
          limits:
            - type: Container
              maxLimitRequestRatio:
                memory: "4"
        """)},
    ["Requests as measured", ["deploy/daemonset.yaml", "requests: {cpu: 20m, memory: 32Mi}", "requests: {cpu: 10m, memory: 16Mi}"]],
    "LimitRange team allows a memory limit of 4 times the request: 16Mi to 128Mi is 8 times",
    expected=expect("limit-range quota",
        [(c("DaemonSet", "tailer", "tailer", "resources.requests.memory"), BEFORE)],
        [(c("DaemonSet", "tailer", "tailer", "resources.requests.memory"), at_least("32Mi"))],
        [(c("DaemonSet", "tailer", "tailer", "resources.limits.memory"), value("64Mi"))]))

# 5: a host port under Pod Security baseline
scenario("host-port-refused", "argocd", {
    "base/deployment.yaml": shop("Deployment", "beacon", "acme/catalog", replicas=1),
    "base/service.yaml": svc("beacon"),
    "base/kustomization.yaml": kust("deployment.yaml", "service.yaml"),
    "overlays/prod/kustomization.yaml": kust("../../base", more="""
        images:
          - name: acme/catalog
            newTag: 1.4.1
        patches:
          - path: beacon.yaml
        """),
    "overlays/prod/beacon.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: beacon
        spec:
          template:
            spec:
              containers:
                - name: beacon
                  ports:
                    - containerPort: 8080
                      name: http
                  resources:
                    limits:
                      memory: 160Mi
        """)},
    ["Let the load balancer reach beacon", ["overlays/prod/beacon.yaml", "name: http\n", "name: http\n              hostPort: 18080\n"], ["overlays/prod/kustomization.yaml", "1.4.1", "1.4.2"]],
    "the namespace enforces Pod Security baseline: hostPort refused", path="overlays/prod", labels={"pod-security.kubernetes.io/enforce": "baseline"},
    expected=expect("pod-security", [(c("Deployment", "beacon", "beacon", "ports[name=http].hostPort"), GONE)]))

# 6: no such time zone
scenario("time-zone-unknown", "flux", {
    "chart/Chart.yaml": CHART, "chart/values.yaml": "image: acme/checkout:1.4.1\nschedule: \"0 5 * * *\"\ntimeZone: UTC\ndatabase: postgres://statements@10.20.0.5/statements\n",
    "chart/templates/cronjob.yaml": text("""
        apiVersion: batch/v1
        kind: CronJob
        metadata:
          name: {{ .Release.Name }}
        spec:
          schedule: {{ .Values.schedule | quote }}
          timeZone: {{ .Values.timeZone }}
          concurrencyPolicy: Forbid
          jobTemplate:
            spec:
              backoffLimit: 1
              template:
                metadata:
                  labels:
                    app: {{ .Release.Name }}
                spec:
                  restartPolicy: Never
                  containers:
                    - name: job
                      image: {{ .Values.image }}
                      args: [migrate]
                      env:
                        - name: DATABASE_URL
                          value: {{ .Values.database }}
                      resources:
                        requests: {cpu: 10m, memory: 16Mi}
                        limits: {memory: 64Mi}
        """),
    "releases/statements.yaml": release("statements", """
        image: acme/checkout:1.4.2
        schedule: "30 5 * * *"
        """)},
    ["Statements at six, weekdays", ["releases/statements.yaml", 'schedule: "30 5 * * *"\n', 'schedule: "0 6 * * 1-5"\n    timeZone: Europe/Frankfurt\n']],
    "time zone Europe/Frankfurt does not exist: the API server refuses the CronJob", path="releases",
    expected=expect("cron-invalid job-failed helm-failed invalid-manifest", [("CronJob/statements spec.timeZone", BEFORE)], [("CronJob/statements spec.timeZone", value("Europe/Berlin"))]))

# 7: no good revision: the account has another name
scenario("first-account-name", "argocd", {
    "deploy/daemonset.yaml": shop("DaemonSet", "stocktake", "acme/worker:1.4.2", template="""
        serviceAccountName: stocktake-agent
        """),
    "deploy/rbac.yaml": text("""
        apiVersion: v1
        kind: ServiceAccount
        metadata:
          name: stocktake
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata:
          name: stocktake-reader
        rules:
          - apiGroups: [""]
            resources: [configmaps]
            verbs: [get, list]
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata:
          name: stocktake-reader
        roleRef:
          apiGroup: rbac.authorization.k8s.io
          kind: Role
          name: stocktake-reader
        subjects:
          - kind: ServiceAccount
            name: stocktake
        """)},
    [], "the DaemonSet's account stocktake-agent does not exist, the delivery makes stocktake", never_worked=True,
    expected=expect("service-account-missing", [(pod("DaemonSet", "stocktake", "serviceAccountName"), value("stocktake"))]))

# 8: no good revision: the program looks for its settings beside the mount
scenario("first-settings-path", "argocd", {
    "base/deployment.yaml": shop("Deployment", "lookup", "acme/payments", replicas=1, env="""
        env:
          - name: CONFIG_FILE
            value: /etc/lookup/lookup.env
        """, extra="""
        volumeMounts:
          - name: settings
            mountPath: /etc/lookups
            readOnly: true
        """, template="""
        volumes:
          - name: settings
            configMap:
              name: lookup-settings
        """),
    "base/service.yaml": svc("lookup"),
    "base/settings.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: lookup-settings\ndata:\n  lookup.env: |\n    COUNTRY=de\n    DEPTH=3\n",
    "base/kustomization.yaml": kust("deployment.yaml", "service.yaml", "settings.yaml"),
    "overlays/prod/kustomization.yaml": kust("../../base", more="""
        images:
          - name: acme/payments
            newTag: 1.4.2
        """)},
    [], "CONFIG_FILE is below /etc/lookup, the ConfigMap is mounted at /etc/lookups", path="overlays/prod", never_worked=True,
    expected=expect("crash-on-start volume-mount config-missing",
        [(c("Deployment", "lookup", "lookup", "env[name=CONFIG_FILE].value"), value("/etc/lookups/lookup.env"))],
        [(c("Deployment", "lookup", "lookup", "volumeMounts[name=settings].mountPath"), value("/etc/lookup"))]))

# 9: a bigger cache under the old limit, from generated settings
scenario("cache-outgrows-limit", "argocd", {
    "base/statefulset.yaml": shop("StatefulSet", "pantry", "acme/catalog", replicas=1, limits="{memory: 160Mi}", extra="""
        envFrom:
          - configMapRef:
              name: pantry-settings
        """),
    "base/service.yaml": svc("pantry"),
    "base/kustomization.yaml": kust("statefulset.yaml", "service.yaml"),
    "overlays/prod/kustomization.yaml": kust("../../base", more="""
        images:
          - name: acme/catalog
            newTag: 1.4.1
        configMapGenerator:
          - name: pantry-settings
            literals:
              - CACHE_MB=60
              - LOG_LEVEL=debug
        """)},
    ["Pantry settings for the season", ["overlays/prod/kustomization.yaml", "CACHE_MB=60", "CACHE_MB=230"], ["overlays/prod/kustomization.yaml", "LOG_LEVEL=debug", "LOG_LEVEL=info"]],
    "CACHE_MB 230 does not fit the memory limit of 160Mi: OOMKilled", path="overlays/prod",
    expected=expect("out-of-memory", [("ConfigMap/pantry-settings-# data.CACHE_MB", BEFORE)], [(c("StatefulSet", "pantry", "pantry", "resources.limits.memory"), at_least("256Mi"))]))

# 10: a JSON patch counts on an env entry's place
scenario("patch-index-shifted", "flux", {
    "base/deployment.yaml": shop("Deployment", "postage", "acme/checkout", env="""
        env:
          - name: LEGACY_TABLES
            value: "on"
          - name: LOG_LEVEL
            value: debug
        """),
    "base/service.yaml": svc("postage"),
    "base/kustomization.yaml": kust("deployment.yaml", "service.yaml"),
    "overlays/prod/kustomization.yaml": kust("../../base", more="""
        images:
          - name: acme/checkout
            newTag: 1.4.1
        patches:
          - path: log-level.yaml
            target:
              kind: Deployment
              name: postage
        """),
    "overlays/prod/log-level.yaml": "- op: replace\n  path: /spec/template/spec/containers/0/env/1/value\n  value: warn\n"},
    ["Legacy tables are gone", ["base/deployment.yaml", '            - name: LEGACY_TABLES\n              value: "on"\n', ""]],
    "the overlay's JSON patch replaces env/1, and the base has only env/0 since LEGACY_TABLES is gone", path="overlays/prod",
    expected=expect("render-failed", [], keep=[(c("Deployment", "postage", "postage", "env[name=LEGACY_TABLES]"), GONE)]))

# 11: the init container's script is not executable any more
scenario("script-mode-dropped", "argocd", {
    "deploy/statefulset.yaml": shop("StatefulSet", "crate", "acme/worker:1.4.1", replicas=1, template="""
        initContainers:
          - name: prepare
            image: busybox:1.36
            command: [/scripts/prepare.sh]
            volumeMounts:
              - name: scripts
                mountPath: /scripts
              - name: data
                mountPath: /data
        volumes:
          - name: scripts
            configMap:
              name: crate-scripts
              defaultMode: 0755
          - name: data
            emptyDir: {}
        """, extra="""
        volumeMounts:
          - name: data
            mountPath: /data
        """),
    "deploy/scripts.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: crate-scripts\ndata:\n  prepare.sh: |\n    #!/bin/sh\n    set -e\n    mkdir -p /data/spool\n    echo \"spool is ready\"\n",
    "deploy/service.yaml": svc("crate")},
    ["Crate 1.4.2, shorter manifest", ["deploy/statefulset.yaml", "            defaultMode: 0755\n", ""], ["deploy/statefulset.yaml", "acme/worker:1.4.1", "acme/worker:1.4.2"]],
    "the ConfigMap volume lost defaultMode 0755: /scripts/prepare.sh cannot be executed",
    expected=expect("command-not-found volume-mount crash-on-start",
        [(pod("StatefulSet", "crate", "volumes[name=scripts].configMap.defaultMode"), BEFORE)],
        [(pod("StatefulSet", "crate", "volumes[name=scripts].configMap.defaultMode"), value(365))],
        [(c("StatefulSet", "crate", "prepare", "command", init=True), value(["sh", "/scripts/prepare.sh"]))],
        [(c("StatefulSet", "crate", "prepare", "command", init=True), value(["/bin/sh", "/scripts/prepare.sh"]))]))

# 12: the Secret has no such key
scenario("release-secret-key", "flux", {**chart(),
    "releases/berths.yaml": release("berths", """
        image:
          tag: 1.4.1   # released
        env:
          REQUIRED_ENV: DATABASE_PASSWORD
        database:
          secret: berths-db
          key: password
        """),
    "releases/secret.yaml": "apiVersion: v1\nkind: Secret\nmetadata:\n  name: berths-db\nstringData:\n  username: berths\n  password: only-for-tests\n"},
    ["Berths 1.4.2", ["releases/berths.yaml", "tag: 1.4.1", "tag: 1.4.2"], ["releases/berths.yaml", "key: password", "key: db-password"]],
    "Secret berths-db has no key db-password, set in the HelmRelease's values", path="releases",
    expected=expect("secret-missing helm-failed", [(c("Deployment", "berths", "shop", "env[name=DATABASE_PASSWORD].valueFrom.secretKeyRef.key"), BEFORE)]))

# 13: somebody deleted the Secret
scenario("secret-deleted", "argocd", {**chart(), "env/prod-values.yaml": text("""
        image:
          repository: acme/checkout
          tag: 1.4.1
        replicas: 2
        database:
          secret: tolls-db
          key: password
        """)},
    ["Tolls 1.4.2", ["env/prod-values.yaml", "tag: 1.4.1", "tag: 1.4.2"]],
    "Secret tolls-db, made by hand, was deleted before the release: a human must create it again", HUMAN,
    **by_helm("tolls"), given="apiVersion: v1\nkind: Secret\nmetadata:\n  name: tolls-db\nstringData:\n  password: only-for-tests\n", then=[[-5, "kubectl -n $NAMESPACE delete secret tolls-db"]],
    expected=expect("secret-missing"))

# 14: no GPU
scenario("job-wants-gpu", "flux", {"deploy/job.yaml": text("""
        apiVersion: batch/v1
        kind: Job
        metadata:
          name: train-1
        spec:
          backoffLimit: 1
          template:
            metadata:
              labels:
                app: train
            spec:
              restartPolicy: Never
              containers:
                - name: train
                  image: acme/worker:1.4.2
                  args: [migrate]
                  env:
                    - name: DATABASE_URL
                      value: postgres://train@10.20.0.5/train
                  resources:
                    requests: {cpu: 20m, memory: 32Mi}
                    limits: {memory: 128Mi, nvidia.com/gpu: 1}
        """)},
    [], "no node has a GPU: a human gives the cluster one or changes the job", HUMAN, never_worked=True,
    expected=expect("unschedulable-resources"))

# 15: paused on purpose
scenario("release-paused", "flux", {**chart(), "releases/fares.yaml": release("fares", """
        image:
          tag: 1.4.1
        replicas: 2
        env:
          LOG_LEVEL: info
        """)},
    ["Pause fares until the new tariff", ["releases/fares.yaml", "replicas: 2", "replicas: 0"]],
    "scaled to 0 on purpose: nothing fails", NONE, path="releases", expected=expect("replicas-zero suspended healthy"))

# 16: waits for a slow neighbour, then works
scenario("waits-for-neighbour", "argocd", {
    "deploy/atlas.yaml": shop("Deployment", "atlas", "acme/catalog:1.4.1", replicas=1, spec="""
        strategy:
          type: Recreate
        """, env="""
        env:
          - name: START_SECONDS
            value: "2"
        """).replace("periodSeconds: 5\n            failureThreshold: 3", "periodSeconds: 5\n            initialDelaySeconds: 60\n            failureThreshold: 3"),
    "deploy/service.yaml": svc("atlas"),
    "deploy/courier.yaml": shop("Deployment", "courier", "acme/worker:1.4.1", replicas=1, template="""
        initContainers:
          - name: wait-for-atlas
            image: busybox:1.37
            command: [sh, -c, 'sleep 3; wget -q -O /dev/null "http://$ATLAS_SERVICE_HOST:80/" || { echo "atlas does not answer yet"; exit 1; }']
            resources:
              requests: {cpu: 5m, memory: 8Mi}
              limits: {memory: 32Mi}
        """).replace("progressDeadlineSeconds: 75", "progressDeadlineSeconds: 180")},
    ["Atlas and courier 1.4.2, full map", ["deploy/atlas.yaml", "1.4.1", "1.4.2"], ["deploy/atlas.yaml", 'value: "2"', 'value: "35"'], ["deploy/courier.yaml", "1.4.1", "1.4.2"]],
    "courier's init container restarts until atlas has loaded, then everything is healthy", NONE, expected=expect("healthy recovering"))
