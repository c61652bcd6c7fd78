"""In the style of the first recordings: as ordinary, and as hard."""
import pathlib, runpy, textwrap
globals().update(runpy.run_path(str(pathlib.Path(__file__).parent / "kit.py")))
SCENARIOS, scenario = batch(1876)


def shop(kind, name, image, env="", more="", pod="", spec="", memory="128Mi", extra="", init="", cname=None, labels=True):
    """A workload of the shop image as a team writes it; the blocks are put in at their places."""
    ind = lambda block, n: textwrap.indent(text(block).rstrip("\n"), " " * n) + "\n" if block else ""
    own = {"Deployment": "replicas: 1\nprogressDeadlineSeconds: 75\n", "StatefulSet": f"serviceName: {name}\nreplicas: 2\n", "DaemonSet": ""}[kind] if not spec else spec
    return (f"apiVersion: apps/v1\nkind: {kind}\nmetadata:\n  name: {name}\nspec:\n" + ind(own, 2) +
            f"  selector:\n    matchLabels:\n      app: {name}\n  template:\n    metadata:\n      labels:\n        app: {name}\n    spec:\n" + ind(pod, 6) + ind(init, 6) +
            f"      containers:\n        - name: {cname or name}\n          image: {image}\n          ports:\n            - name: http\n              containerPort: 8080\n" +
            (f"          env:\n" + ind(env, 12) if env else "") + ind(more, 10) +
            f"          resources:\n            requests: {{cpu: 10m, memory: 24Mi}}\n            limits: {{memory: {memory}}}\n" +
            "          readinessProbe:\n            httpGet: {path: /readyz, port: http}\n            periodSeconds: 3\n"
            "          livenessProbe:\n            httpGet: {path: /healthz, port: http}\n            initialDelaySeconds: 45\n            periodSeconds: 10\n" + ind(extra, 8))


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


def kust(body, kind="Kustomization", version="v1beta1"):
    return f"apiVersion: kustomize.config.k8s.io/{version}\nkind: {kind}\n" + text(body)


# 1 ---------------------------------------------------------------- CronJob whose script got another file name
scenario("cron-script-name", "flux", {
    "deploy/cronjob.yaml": text("""
        apiVersion: batch/v1
        kind: CronJob
        metadata:
          name: basket-sweep
        spec:
          schedule: "* * * * *"
          concurrencyPolicy: Forbid
          jobTemplate:
            spec:
              backoffLimit: 1
              template:
                metadata:
                  labels:
                    app: basket-sweep
                spec:
                  restartPolicy: Never
                  containers:
                    - name: sweep
                      image: busybox:1.36
                      command: [/bin/sh, /scripts/sweep.sh]
                      env:
                        - name: MAX_AGE_DAYS
                          value: "30"
                      resources:
                        requests: {cpu: 10m, memory: 16Mi}
                        limits: {memory: 32Mi}
                      volumeMounts:
                        - name: scripts
                          mountPath: /scripts
                  volumes:
                    - name: scripts
                      configMap:
                        name: basket-scripts
        """),
    "deploy/scripts.yaml": text("""
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: basket-scripts
        data:
          sweep.sh: |
            set -eu
            echo "sweeping baskets older than $MAX_AGE_DAYS days"
            echo "done"
          report.sh: |
            echo "no report yet"
        """),
}, ["Sweep after two weeks, busybox 1.37",
    ["deploy/cronjob.yaml", 'image: busybox:1.36', 'image: busybox:1.37'],
    ["deploy/cronjob.yaml", 'value: "30"', 'value: "14"'],
    ["deploy/scripts.yaml", "  sweep.sh: |", "  sweep-baskets.sh: |"],
    ["deploy/scripts.yaml", "  report.sh: |", "  report-baskets.sh: |"]],
    "the script's key in the ConfigMap is sweep-baskets.sh now, the CronJob still runs /scripts/sweep.sh",
    expected=expect("command-not-found volume-mount config-key-missing job-failed",
                    [(c("CronJob", "basket-sweep", "sweep", "command"), value(["/bin/sh", "/scripts/sweep-baskets.sh"]))],
                    [('ConfigMap/basket-scripts data["sweep.sh"]', BEFORE), ('ConfigMap/basket-scripts data["sweep-baskets.sh"]', GONE)],
                    [('ConfigMap/basket-scripts data["sweep.sh"]', BEFORE), ('ConfigMap/basket-scripts data["sweep-baskets.sh"]', GONE),
                     ('ConfigMap/basket-scripts data["report.sh"]', BEFORE), ('ConfigMap/basket-scripts data["report-baskets.sh"]', GONE)],
                    [(pod("CronJob", "basket-sweep", "volumes[name=scripts].configMap.items"), ANY)]))

# 2 ---------------------------------------------------------------- StatefulSet, generated ConfigMap, items key
scenario("generated-file-renamed", "argocd", {
    "base/statefulset.yaml": shop("StatefulSet", "ratebook", "acme/catalog", env="""
        - name: CONFIG_FILE
          value: /etc/ratebook/ratebook.properties
        """, more="""
        volumeMounts:
          - name: config
            mountPath: /etc/ratebook
        """).rstrip("\n") + "\n" + textwrap.indent(text("""
        volumes:
          - name: config
            configMap:
              name: ratebook-config
              items:
                - key: ratebook.properties
                  path: ratebook.properties
        """), " " * 6),
    "base/service.yaml": svc("ratebook"),
    "base/kustomization.yaml": kust("""
        resources:
          - statefulset.yaml
          - service.yaml
        """),
    "overlays/prod/kustomization.yaml": kust("""
        resources:
          - ../../base
        images:
          - name: acme/catalog
            newTag: 1.4.1
        configMapGenerator:
          - name: ratebook-config
            files:
              - ratebook.properties
        """),
    "overlays/prod/ratebook.properties": "base=EUR\nrefresh=15m\n",
}, ["Rates per region",
    ["overlays/prod/ratebook.properties", "base=EUR\nrefresh=15m\n", DELETE],
    ["overlays/prod/rates.properties", None, "base=EUR\nrefresh=15m\nregions=dach,benelux\n"],
    ["overlays/prod/kustomization.yaml", "      - ratebook.properties", "      - rates.properties"]],
    "the generated ConfigMap holds rates.properties, the StatefulSet's volume asks for the key ratebook.properties", path="overlays/prod",
    expected=expect("volume-mount config-key-missing",
                    [(pod("StatefulSet", "ratebook", "volumes[name=config].configMap.items[0].key"), value("rates.properties"))],
                    [(pod("StatefulSet", "ratebook", "volumes[name=config].configMap.items[0].key"), value("rates.properties")),
                     (pod("StatefulSet", "ratebook", "volumes[name=config].configMap.items[0].path"), value("rates.properties")),
                     (c("StatefulSet", "ratebook", "ratebook", "env[name=CONFIG_FILE].value"), value("/etc/ratebook/rates.properties"))],
                    [('ConfigMap/ratebook-config-# data["ratebook.properties"]', ANY), ('ConfigMap/ratebook-config-# data["rates.properties"]', GONE)]))

# 3 ---------------------------------------------------------------- Helm by Argo CD: probes by HTTPS
CHART = {
    "Chart.yaml": "apiVersion: v2\nname: @@\nversion: 0.4.0\n",
    "templates/service.yaml": text("""
        apiVersion: v1
        kind: Service
        metadata:
          name: {{ .Chart.Name }}
        spec:
          selector:
            app: {{ .Chart.Name }}
          ports:
            - name: http
              port: 80
              targetPort: {{ .Values.portName | default "http" }}
        """),
    "templates/deployment.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: {{ .Chart.Name }}
        spec:
          replicas: {{ .Values.replicas }}
          progressDeadlineSeconds: 75
          selector:
            matchLabels:
              app: {{ .Chart.Name }}
          template:
            metadata:
              labels:
                app: {{ .Chart.Name }}
            spec:
              containers:
                - name: app
                  image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
                  ports:
                    - name: {{ .Values.portName | default "http" }}
                      containerPort: 8080
                  {{- with .Values.secretName }}
                  envFrom:
                    - secretRef:
                        name: {{ . }}
                  {{- end }}
                  {{- with .Values.env }}
                  env:
                    {{- range $name, $value := . }}
                    - name: {{ $name }}
                      value: {{ $value | quote }}
                    {{- end }}
                  {{- end }}
                  resources:
                    {{- toYaml .Values.resources | nindent 12 }}
                  readinessProbe:
                    httpGet:
                      path: /readyz
                      port: http
                      scheme: {{ .Values.probes.scheme }}
                    periodSeconds: 3
                  livenessProbe:
                    httpGet:
                      path: /healthz
                      port: http
                      scheme: {{ .Values.probes.scheme }}
                    initialDelaySeconds: 10
                    periodSeconds: 10
        """),
}
VALUES = text("""
    image:
      repository: acme/payments
      tag: 1.4.0
    replicas: 1
    portName: http
    probes:
      scheme: HTTP
    resources:
      requests:
        cpu: 10m
        memory: 24Mi
      limits:
        memory: 96Mi
    env: {}
    """)


def chart(folder, name, **other):
    return {f"{folder}/{path}": body.replace("@@", name) for path, body in {**CHART, "values.yaml": VALUES, **{k.replace("__", "/") : v for k, v in other.items()}}.items()}


scenario("probes-by-tls", "argocd", {
    **chart("charts/refunds", "refunds"),
    "env/prod.yaml": "replicas: 2\nimage:\n  tag: 1.4.1\nenv:\n  REGION: eu-west\n",
    "env/test.yaml": "image:\n  tag: 1.4.2\nenv:\n  REGION: test\n",
}, ["refunds 1.4.2 in prod, everything by TLS",
    ["env/prod.yaml", "  tag: 1.4.1\nenv:\n", "  tag: 1.4.2\nprobes:\n  scheme: HTTPS\nenv:\n"]],
    "the probes ask by HTTPS, the program speaks HTTP", path="charts/refunds", source={"helm": {"valueFiles": ["values.yaml", "../../env/prod.yaml"]}},
    expected=expect("readiness-probe liveness-probe readiness liveness",
                    [(c("Deployment", "refunds", "app", "readinessProbe.httpGet.scheme"), BEFORE), (c("Deployment", "refunds", "app", "livenessProbe.httpGet.scheme"), BEFORE)]))

# 4 ---------------------------------------------------------------- Helm by Argo CD: helper of another name
scenario("helper-spelling", "argocd", {
    **chart("chart", "wishlist"),
    "env/live.yaml": "replicas: 2\nimage:\n  repository: acme/catalog\n  tag: 1.4.1\n",
}, ["Labels in one place, catalog 1.4.2",
    ["chart/templates/_helpers.tpl", None, '{{- define "wishlist.selectorlabels" -}}\napp: {{ .Chart.Name }}\n{{- end }}\n'],
    ["chart/templates/deployment.yaml", "    matchLabels:\n      app: {{ .Chart.Name }}\n", '    matchLabels:\n      {{- include "wishlist.selectorLabels" . | nindent 6 }}\n'],
    ["chart/templates/deployment.yaml", "      labels:\n        app: {{ .Chart.Name }}\n", '      labels:\n        {{- include "wishlist.selectorLabels" . | nindent 8 }}\n'],
    ["chart/templates/service.yaml", "  selector:\n    app: {{ .Chart.Name }}\n", '  selector:\n    {{- include "wishlist.selectorLabels" . | nindent 4 }}\n'],
    ["env/live.yaml", "  tag: 1.4.1", "  tag: 1.4.2"]],
    "the helper is defined as wishlist.selectorlabels and included as wishlist.selectorLabels: the chart does not render", path="chart", source={"helm": {"valueFiles": ["../env/live.yaml"]}},
    expected=expect("render-failed helm-failed", [], keep=[(c("Deployment", "wishlist", "app", "image"), value("acme/catalog:1.4.2"))]))

# 5 ---------------------------------------------------------------- plain, first release: file and mount do not meet
scenario("mount-beside-the-file", "argocd", {
    "deploy/config.yaml": text("""
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: tariff-config
        data:
          tariff.conf: |
            CURRENCY=EUR
            ROUNDING=half-up
        """),
    "deploy/deployment.yaml": shop("Deployment", "tariff", "acme/checkout:1.4.1", env="""
        - name: CONFIG_FILE
          value: /etc/tariff/tariff.conf
        - name: REQUIRED_ENV
          value: MARKET
        - name: MARKET
          value: dach
        """, more="""
        volumeMounts:
          - name: config
            mountPath: /etc/tarrif
            readOnly: true
        """).rstrip("\n") + "\n" + textwrap.indent(text("""
        volumes:
          - name: config
            configMap:
              name: tariff-config
        """), " " * 6),
    "deploy/service.yaml": svc("tariff"),
}, [], "never worked: the ConfigMap is mounted at /etc/tarrif, the program reads /etc/tariff/tariff.conf", never_worked=True,
    expected=expect("volume-mount crash-on-start",
                    [(c("Deployment", "tariff", "tariff", "volumeMounts[name=config].mountPath"), value("/etc/tariff"))],
                    [(c("Deployment", "tariff", "tariff", "env[name=CONFIG_FILE].value"), value("/etc/tarrif/tariff.conf"))]))

# 6 ---------------------------------------------------------------- HelmRelease: port name, probes in the template keep the old
scenario("release-port-name", "flux", {
    **chart("charts/banners", "banners"),
    "releases/banners.yaml": text("""
        apiVersion: helm.toolkit.fluxcd.io/v2
        kind: HelmRelease
        metadata:
          name: banners
        spec:
          interval: 30s
          timeout: 60s
          chart:
            spec:
              chart: ./charts/banners
              reconcileStrategy: Revision
              sourceRef: {kind: GitRepository, name: "@NAME@", namespace: flux-system}
          install:
            remediation: {retries: 1}
          upgrade:
            remediation: {retries: 1, strategy: rollback}
          values:
            image:
              repository: acme/checkout
              tag: 1.4.1
            replicas: 2
            env:
              SLOT: home
        """),
}, ["One port name for all services",
    ["releases/banners.yaml", "    replicas: 2\n", "    replicas: 2\n    portName: web\n"],
    ["releases/banners.yaml", "      SLOT: home\n", "      SLOT: home-top\n"]],
    "the container's port is called web now, the chart's probes still ask the port http", path="releases",
    expected=expect("readiness-probe liveness-probe readiness liveness helm-failed",
                    [(c("Deployment", "banners", "app", "ports[name=http]"), BEFORE), (c("Deployment", "banners", "app", "ports[name=web]"), GONE), ("Service/banners spec.ports[name=http].targetPort", BEFORE)],
                    [(c("Deployment", "banners", "app", "readinessProbe.httpGet.port"), value("web")), (c("Deployment", "banners", "app", "livenessProbe.httpGet.port"), value("web"))],
                    [(c("Deployment", "banners", "app", "readinessProbe.httpGet.port"), value(8080)), (c("Deployment", "banners", "app", "livenessProbe.httpGet.port"), value(8080))]))

# 7 ---------------------------------------------------------------- Kustomize component of the wrong kind
scenario("component-kind", "flux", {
    "base/deployment.yaml": shop("Deployment", "courier", "acme/worker:1.4.1", env="""
        - name: DEPOT
          value: north
        """),
    "base/service.yaml": svc("courier"),
    "base/kustomization.yaml": kust("""
        resources:
          - deployment.yaml
          - service.yaml
        """),
    "components/spread/kustomization.yaml": kust("""
        replicas:
          - name: courier
            count: 2
        """, "Component", "v1alpha1"),
    "overlays/live/kustomization.yaml": kust("""
        resources:
          - ../../base
        components:
          - ../../components/spread
        """),
}, ["Sample traces in live",
    ["components/tracing/kustomization.yaml", None, kust("""
        patches:
          - path: env.yaml
        """)],
    ["components/tracing/env.yaml", None, text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: courier
        spec:
          template:
            spec:
              containers:
                - name: courier
                  env:
                    - name: TRACE_SAMPLE
                      value: "0.1"
        """)],
    ["overlays/live/kustomization.yaml", "  - ../../components/spread\n", "  - ../../components/spread\n  - ../../components/tracing\n"]],
    "components/tracing says kind Kustomization, a component has to be of kind Component: the overlay does not build", path="overlays/live",
    expected=expect("render-failed", [], keep=[(c("Deployment", "courier", "courier", "env[name=TRACE_SAMPLE]"), value({"name": "TRACE_SAMPLE", "value": "0.1"}))]))

# 8 ---------------------------------------------------------------- first release: account of another name
scenario("account-other-name", "flux", {
    "deploy/account.yaml": text("""
        apiVersion: v1
        kind: ServiceAccount
        metadata:
          name: replay
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata:
          name: replay-view
        roleRef:
          apiGroup: rbac.authorization.k8s.io
          kind: ClusterRole
          name: view
        subjects:
          - kind: ServiceAccount
            name: replay
            namespace: "@NAME@"
        """),
    "deploy/statefulset.yaml": shop("StatefulSet", "replay", "acme/worker:1.4.2", env="""
        - name: TOPIC
          value: orders
        """, pod="""
        serviceAccountName: replay-runner
        """),
    "deploy/service.yaml": svc("replay"),
}, [], "never worked: serviceAccountName replay-runner, the delivery's account is called replay", never_worked=True,
    expected=expect("service-account-missing", [(pod("StatefulSet", "replay", "serviceAccountName"), value("replay"))]))

# 9 ---------------------------------------------------------------- Kustomize generator: more cache than memory
scenario("dictionary-in-memory", "argocd", {
    "base/deployment.yaml": shop("Deployment", "suggest", "acme/catalog:1.4.1", memory="112Mi", more="""
        envFrom:
          - configMapRef:
              name: suggest-settings
        """),
    "base/service.yaml": svc("suggest"),
    "base/kustomization.yaml": kust("""
        resources:
          - deployment.yaml
          - service.yaml
        configMapGenerator:
          - name: suggest-settings
            literals:
              - CACHE_MB=8
              - LOG_LEVEL=debug
        """),
    "overlays/prod/kustomization.yaml": kust("""
        resources:
          - ../../base
        replicas:
          - name: suggest
            count: 2
        configMapGenerator:
          - name: suggest-settings
            behavior: merge
            literals:
              - CACHE_MB=40
              - LOG_LEVEL=info
        """),
}, ["Settings for the autumn catalogue",
    ["overlays/prod/kustomization.yaml", "CACHE_MB=40", "CACHE_MB=180"],
    ["overlays/prod/kustomization.yaml", "LOG_LEVEL=info", "LOG_LEVEL=warn"]],
    "CACHE_MB 180 in the overlay's settings does not fit in the base's memory limit of 112Mi: OOMKilled", path="overlays/prod",
    expected=expect("out-of-memory",
                    [("ConfigMap/suggest-settings-# data.CACHE_MB", BEFORE)],
                    [(c("Deployment", "suggest", "suggest", "resources.limits.memory"), at_least("192Mi"))],
                    [(c("Deployment", "suggest", "suggest", "resources.limits.memory"), at_least("192Mi")), (c("Deployment", "suggest", "suggest", "resources.requests.memory"), ANY)]))

# 10 --------------------------------------------------------------- quota of the namespace, sidecar without resources
scenario("sidecar-without-limits", "flux", {
    "base/deployment.yaml": shop("Deployment", "voucher", "acme/payments:1.4.1", env="""
        - name: MARKET
          value: at
        """),
    "base/service.yaml": svc("voucher"),
    "base/kustomization.yaml": kust("""
        resources:
          - deployment.yaml
          - service.yaml
        """),
    "overlays/prod/quota.yaml": text("""
        apiVersion: v1
        kind: ResourceQuota
        metadata:
          name: team-vouchers
        spec:
          hard:
            requests.memory: 1Gi
            limits.memory: 2Gi
        """),
    "overlays/prod/kustomization.yaml": kust("""
        resources:
          - ../../base
          - quota.yaml
        images:
          - name: acme/payments
            newTag: 1.4.1
        """),
}, ["Ship the audit trail, 1.4.2",
    ["overlays/prod/audit.yaml", None, text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: voucher
        spec:
          template:
            spec:
              containers:
                - name: audit
                  image: busybox:1.37
                  command: [sh, -c, 'trap "exit 0" TERM; while true; do echo audit alive; sleep 20 & wait; done']
        """)],
    ["overlays/prod/kustomization.yaml", "    newTag: 1.4.1\n", "    newTag: 1.4.2\npatches:\n  - path: audit.yaml\n"]],
    "the namespace's quota counts memory: the new sidecar audit has neither requests nor limits, no pod can be created", path="overlays/prod",
    expected=expect("quota limit-range",
                    [(c("Deployment", "voucher", "audit", "resources"), ANY)],
                    [("Deployment/voucher spec.template.spec.containers[name=audit]", GONE)]))

# 11 --------------------------------------------------------------- DaemonSet, init container: two words in one
scenario("two-words-in-one", "flux", {
    "deploy/daemonset.yaml": shop("DaemonSet", "shelf-agent", "acme/worker:1.4.1", env="""
        - name: WRITE_FILE
          value: /cache/spool/state
        """, more="""
        volumeMounts:
          - name: cache
            mountPath: /cache
        """, init="""
        initContainers:
          - name: prepare
            image: busybox:1.36
            command: [sh, -c, "mkdir -p /cache/spool && echo spool is ready"]
            resources:
              requests: {cpu: 10m, memory: 16Mi}
              limits: {memory: 32Mi}
            volumeMounts:
              - name: cache
                mountPath: /cache
        """, spec="""
        updateStrategy:
          type: RollingUpdate
          rollingUpdate:
            maxUnavailable: 1
        """).rstrip("\n") + "\n" + textwrap.indent(text("""
        volumes:
          - name: cache
            emptyDir: {}
        """), " " * 6),
    "deploy/settings.yaml": text("""
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: shelf-agent-notes
        data:
          owner: team logistics
        """),
}, ["worker 1.4.2, quotes as yamllint likes them",
    ["deploy/daemonset.yaml", "acme/worker:1.4.1", "acme/worker:1.4.2"],
    ["deploy/daemonset.yaml", '[sh, -c, "mkdir -p /cache/spool && echo spool is ready"]', '["sh -c", "mkdir -p /cache/spool && echo spool is ready"]']],
    'the init container\'s command is the one word "sh -c", which is no program',
    expected=expect("command-not-found", [(c("DaemonSet", "shelf-agent", "prepare", "command", init=True), BEFORE)]))

# 12 --------------------------------------------------------------- Kustomize images: a digest nobody has
scenario("digest-unknown", "argocd", {
    "base/deployment.yaml": shop("Deployment", "giftcard", "acme/payments", env="""
        - name: DATABASE_URL
          value: postgres://gift@db.internal/gift
        """, init="""
        initContainers:
          - name: migrate
            image: acme/payments
            args: [migrate]
            env:
              - name: DATABASE_URL
                value: postgres://gift@db.internal/gift
            resources:
              requests: {cpu: 10m, memory: 24Mi}
              limits: {memory: 64Mi}
        """),
    "base/service.yaml": svc("giftcard"),
    "base/kustomization.yaml": kust("""
        resources:
          - deployment.yaml
          - service.yaml
        """),
    "overlays/prod/kustomization.yaml": kust("""
        resources:
          - ../../base
        labels:
          - pairs:
              env: prod
        images:
          - name: acme/payments
            newTag: 1.4.1
        """),
}, ["Pin what prod runs",
    ["overlays/prod/kustomization.yaml", "    newTag: 1.4.1\n", "    digest: sha256:7f0c1d6b1f0e4a5c9d3b28e6a1475b90cc8e2f6d35a4b71908e6d2c3f4a5b617\n"]],
    "the digest in the overlay's images is not in the registry: both containers' image cannot be pulled", path="overlays/prod",
    expected=expect("image-not-found",
                    [(c("Deployment", "giftcard", "giftcard", "image"), BEFORE), (c("Deployment", "giftcard", "migrate", "image", init=True), BEFORE)]))

# 13 --------------------------------------------------------------- HUMAN: the Secret was deleted by hand
scenario("secret-deleted-by-hand", "flux", {
    **chart("charts/clearing", "clearing"),
    "releases/clearing.yaml": text("""
        apiVersion: helm.toolkit.fluxcd.io/v2
        kind: HelmRelease
        metadata:
          name: clearing
        spec:
          interval: 30s
          timeout: 60s
          chart:
            spec:
              chart: ./charts/clearing
              reconcileStrategy: Revision
              sourceRef: {kind: GitRepository, name: "@NAME@", namespace: flux-system}
          values:
            image:
              tag: 1.4.1
            secretName: clearing-credentials
            env:
              REQUIRED_ENV: CLEARING_TOKEN
        """),
}, ["payments 1.4.2", ["releases/clearing.yaml", "      tag: 1.4.1", "      tag: 1.4.2"]],
    "Secret clearing-credentials, which is made by hand, was deleted: the new pods cannot start; nothing in git is wrong", HUMAN, path="releases",
    given=text("""
        apiVersion: v1
        kind: Secret
        metadata:
          name: clearing-credentials
        stringData:
          CLEARING_TOKEN: only-for-tests
        """),
    then=[[-1, "kubectl -n $NAMESPACE delete secret clearing-credentials"]],
    expected=expect("secret-missing"))

# 14 --------------------------------------------------------------- HUMAN: address outside that refuses, first release
scenario("outside-refuses", "argocd", {
    "base/deployment.yaml": shop("Deployment", "duties", "acme/checkout", env="""
        - name: CUSTOMS_URL
          valueFrom:
            configMapKeyRef:
              name: duties-settings
              key: CUSTOMS_URL
        - name: REQUIRED_ENV
          value: CUSTOMS_URL
        """, init="""
        initContainers:
          - name: check-customs
            image: busybox:1.36
            command: [sh, -c, 'echo "asking $CUSTOMS_URL/health"; wget -q -O /dev/null "$CUSTOMS_URL/health"']
            envFrom:
              - configMapRef:
                  name: duties-settings
            resources:
              requests: {cpu: 10m, memory: 16Mi}
              limits: {memory: 32Mi}
        """),
    "base/service.yaml": svc("duties"),
    "base/kustomization.yaml": kust("""
        resources:
          - deployment.yaml
          - service.yaml
        """),
    "overlays/prod/kustomization.yaml": kust("""
        resources:
          - ../../base
        images:
          - name: acme/checkout
            newTag: 1.4.1
        configMapGenerator:
          - name: duties-settings
            literals:
              - CUSTOMS_URL=http://10.99.0.1:8790
        """),
    "README.md": "# duties\n\nDuty rates come from the customs office's gateway. It is run by the customs office, not by us; prod's address is the one in the contract.\n",
}, [], "never worked: the customs office's gateway, which is outside, refuses connections; only people can find out why", HUMAN, path="overlays/prod", never_worked=True,
    expected=expect("dependency-address"))

# 15 --------------------------------------------------------------- NONE: job that succeeds when the service is up
seed = text("""
    apiVersion: batch/v1
    kind: Job
    metadata:
      name: {{ .Chart.Name }}-seed-{{ .Values.seed }}
    spec:
      backoffLimit: 5
      template:
        metadata:
          labels:
            app: {{ .Chart.Name }}-seed
        spec:
          restartPolicy: Never
          containers:
            - name: seed
              image: busybox:1.36
              command:
                - sh
                - -c
                - |
                  echo "seeding season {{ .Values.seed }}"
                  wget -q -O /dev/null "http://$LOOKBOOK_SERVICE_HOST:$LOOKBOOK_SERVICE_PORT/readyz" || { echo "lookbook is not up yet"; exit 1; }
                  echo "seeded"
              resources:
                requests: {cpu: 10m, memory: 16Mi}
                limits: {memory: 32Mi}
    """)
scenario("seed-before-service", "argocd", {
    **chart("chart", "lookbook", templates__seed_yaml=seed),
    "env/prod.yaml": 'image:\n  repository: acme/catalog\n  tag: 1.4.1\nseed: "7"\nenv:\n  START_SECONDS: "2"\n',
}, ["Season 8, catalog 1.4.2",
    ["env/prod.yaml", "tag: 1.4.1", "tag: 1.4.2"], ["env/prod.yaml", 'seed: "7"', 'seed: "8"'], ["env/prod.yaml", 'START_SECONDS: "2"', 'START_SECONDS: "9"']],
    "the seed job's first pods fail while the service is replaced, a later one succeeds: healthy by itself", NONE, path="chart", source={"helm": {"valueFiles": ["../env/prod.yaml"]}},
    expected=expect("healthy recovering"))
_files = SCENARIOS[-1]["files"]
_files["chart/templates/seed.yaml"] = _files.pop("chart/templates/seed_yaml")
_files["chart/templates/deployment.yaml"] = _files["chart/templates/deployment.yaml"].replace("  progressDeadlineSeconds: 75\n", "  progressDeadlineSeconds: 75\n  strategy:\n    type: Recreate\n").replace("initialDelaySeconds: 10", "initialDelaySeconds: 30")

# 16 --------------------------------------------------------------- NONE: a StatefulSet takes longer than Flux waits
scenario("slower-than-the-wait", "flux", {
    "deploy/statefulset.yaml": shop("StatefulSet", "ledger-index", "acme/worker:1.4.1", env="""
        - name: START_SECONDS
          value: "1"
        """, spec="""
        serviceName: ledger-index
        replicas: 3
        """),
    "deploy/service.yaml": svc("ledger-index"),
}, ["worker 1.4.2, read the whole index at start",
    ["deploy/statefulset.yaml", "acme/worker:1.4.1", "acme/worker:1.4.2"], ["deploy/statefulset.yaml", 'value: "1"', 'value: "22"']],
    "three pods of 25 s each, one after the other: Flux's wait of 60 s ends before, the next attempt succeeds", NONE,
    expected=expect("healthy recovering"))
