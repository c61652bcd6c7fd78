"""Batch AS, written by somebody who knew neither the playbook nor the batches before: shop-1476 to shop-1491, the less common classes. No program of this folder is needed."""
import pathlib, runpy, textwrap
globals().update(runpy.run_path(str(pathlib.Path(__file__).parent / "kit.py")))
SCENARIOS, scenario = batch(1476)

PROBES = {"live": {"httpGet": {"path": "/healthz", "port": "http"}, "initialDelaySeconds": 5, "periodSeconds": 10}, "ready": {"httpGet": {"path": "/readyz", "port": "http"}, "periodSeconds": 4}}


def shop(name, image, **more):
    return container(name, "shop", image, **{**PROBES, **more})


HELPER_RELEASE = """\
    apiVersion: helm.toolkit.fluxcd.io/v2
    kind: HelmRelease
    metadata:
      name: {name}
    spec:
      interval: 30s
      timeout: 75s
      chart:
        spec:
          chart: ./charts/{chart}
          reconcileStrategy: Revision
          sourceRef: {{kind: GitRepository, name: "@NAME@", namespace: flux-system}}
      install:
        remediation: {{retries: 2}}
      upgrade:
        remediation: {{retries: 1, strategy: rollback}}
    """


def release(name, chart, values, more=""):
    return text(HELPER_RELEASE).format(name=name, chart=chart) + more + "  values:\n" + textwrap.indent(text(values), "    ")


# 1 autoscaler: the workload became a StatefulSet, the HPA in another file still points at the Deployment
SESSIONS = text("""
    # sessions: keeps the baskets of people who are not signed in
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: sessions
      labels: {app.kubernetes.io/name: sessions, team: storefront}
    spec:
      progressDeadlineSeconds: 80
      selector:
        matchLabels: {app: sessions}
      template:
        metadata:
          labels: {app: sessions}
        spec:
          containers:
            - name: sessions
              image: acme/checkout:1.4.1
              ports:
                - {name: http, containerPort: 8080}
              resources:
                requests: {cpu: 20m, memory: 32Mi}
                limits: {memory: 96Mi}
              readinessProbe:
                httpGet: {path: /readyz, port: http}
                periodSeconds: 3
    """)
SESSIONS_HPA = text("""
    apiVersion: autoscaling/v2
    kind: HorizontalPodAutoscaler
    metadata:
      name: sessions
    spec:
      minReplicas: 1
      maxReplicas: 4
      scaleTargetRef:
        apiVersion: apps/v1
        kind: Deployment
        name: sessions
      metrics:
        - type: Resource
          resource:
            name: cpu
            target: {type: Utilization, averageUtilization: 70}
    """)
scenario("as-autoscaler-kind", "flux",
    {"deploy/sessions.yaml": SESSIONS, "deploy/autoscaling.yaml": SESSIONS_HPA, "deploy/service.yaml": dump(service("sessions"))},
    ["Sessions get stable names", ["deploy/sessions.yaml", "kind: Deployment", "kind: StatefulSet"], ["deploy/sessions.yaml", "  progressDeadlineSeconds: 80\n", "  serviceName: sessions\n"],
     ["deploy/sessions.yaml", "acme/checkout:1.4.1", "acme/checkout:1.4.2"]],
    "the workload is a StatefulSet now, the HorizontalPodAutoscaler still scales a Deployment of that name: FailedGetScale", FIX,
    expect("autoscaler", [("HorizontalPodAutoscaler/sessions spec.scaleTargetRef.kind", value("StatefulSet"))]))

# 2 limit-range: ratio of limit to request
TILES = workload("Deployment", "tiles", shop("tiles", "acme/catalog:1.4.1", resources={"requests": {"cpu": "20m", "memory": "32Mi"}, "limits": {"memory": "96Mi"}}), deadline=75)
scenario("as-limit-ratio", "argocd", {
    "base/deployment.yaml": dump(TILES), "base/service.yaml": dump(service("tiles")), "base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
    "overlays/live/kustomization.yaml": kustomization("../../base", "guardrails.yaml", images=[{"name": "acme/catalog", "newTag": "1.4.1"}], patches=[{"path": "sizing.yaml"}]),
    "overlays/live/guardrails.yaml": text("""
        # agreed with the platform team: nobody overcommits memory by more than four
        apiVersion: v1
        kind: LimitRange
        metadata:
          name: guardrails
        spec:
          limits:
            - type: Container
              max: {memory: 1Gi}
              maxLimitRequestRatio: {memory: "4"}
        """),
    "overlays/live/sizing.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: tiles
        spec:
          replicas: 1
          template:
            spec:
              containers:
                - name: tiles
                  resources:
                    limits:
                      memory: 128Mi
        """)},
    ["Two tile servers with room for peaks", ["overlays/live/sizing.yaml", "memory: 128Mi", "memory: 320Mi"], ["overlays/live/sizing.yaml", "replicas: 1", "replicas: 2"], ["overlays/live/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.2"]],
    "limit 320Mi is ten times the request of 32Mi, the LimitRange allows a ratio of 4: no pod is created", FIX,
    expect("limit-range", [(c("Deployment", "tiles", "tiles", "resources.requests.memory"), at_least("80Mi"))], [(c("Deployment", "tiles", "tiles", "resources.limits.memory"), BEFORE)]),
    path="overlays/live")

# 3 quota: a new sidecar names no limits where the quota wants them
WORK_CHART = {
    "charts/svc/Chart.yaml": "apiVersion: v2\nname: svc\nversion: 1.2.0\n",
    "charts/svc/values.yaml": text("""
        image: {repository: acme/payments, tag: 1.4.0}
        replicas: 1
        resources:
          requests: {cpu: 10m, memory: 24Mi}
          limits: {memory: 96Mi}
        env: {}
        sidecars: []
        """),
    "charts/svc/templates/deployment.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: {{ .Release.Name }}
          labels:
            app.kubernetes.io/name: {{ .Release.Name }}
            app.kubernetes.io/managed-by: {{ .Release.Service }}
        spec:
          replicas: {{ .Values.replicas }}
          progressDeadlineSeconds: 60
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
                    - {name: http, containerPort: 8080}
                  {{- with .Values.env }}
                  env:
                    {{- range $k, $v := . }}
                    - name: {{ $k }}
                      value: {{ $v | quote }}
                    {{- end }}
                  {{- end }}
                  resources:
                    {{- toYaml .Values.resources | nindent 12 }}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 3
                {{- range .Values.sidecars }}
                - {{- toYaml . | nindent 10 }}
                {{- end }}
        """),
    "charts/svc/templates/service.yaml": text("""
        apiVersion: v1
        kind: Service
        metadata:
          name: {{ .Release.Name }}
        spec:
          selector:
            app: {{ .Release.Name }}
          ports:
            - {name: http, port: 80, targetPort: http}
        """)}
scenario("as-quota-sidecar", "flux", {**WORK_CHART,
    "deploy/namespace-quota.yaml": text("""
        apiVersion: v1
        kind: ResourceQuota
        metadata:
          name: team-payments
        spec:
          hard:
            limits.memory: 1Gi
            pods: "12"
        """),
    "deploy/refunds.yaml": release("refunds", "svc", """
        image:
          tag: 1.4.1
        env:
          REGION: eu-central
        """)},
    ["Refunds keep an audit trail", ["deploy/refunds.yaml", "  REGION: eu-central\n", """  REGION: eu-central
      AUDIT_TARGET: /audit/trail
    sidecars:
      - name: audit
        image: busybox:1.37
        command: [sh, -c, "while true; do date; sleep 30; done"]
        securityContext:
          allowPrivilegeEscalation: false
"""]],
    "the sidecar audit names no memory limit, the ResourceQuota wants one of every container: the new pods are refused", FIX,
    expect("quota limit-range", [(c("Deployment", "refunds", "audit", "resources"), ANY)]))

# 4 service-port: ports were renamed in the workload, the Service elsewhere still has the old name
scenario("as-port-renamed", "flux", {
    "deploy/ledger/statefulset.yaml": text("""
        apiVersion: apps/v1
        kind: StatefulSet
        metadata:
          name: journal
        spec:
          serviceName: journal
          replicas: 2
          podManagementPolicy: Parallel
          selector:
            matchLabels: {app: journal}
          template:
            metadata:
              labels: {app: journal}
            spec:
              terminationGracePeriodSeconds: 5
              containers:
                - name: journal
                  image: acme/payments:1.4.1
                  ports:
                    - name: http
                      containerPort: 8080
                    - name: stats
                      containerPort: 9102
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 96Mi}
                  readinessProbe:
                    httpGet:
                      path: /readyz
                      port: http
                    periodSeconds: 3
        """),
    "deploy/ledger/service.yaml": text("""
        apiVersion: v1
        kind: Service
        metadata:
          name: journal
          labels: {monitoring: scrape}
        spec:
          selector:
            app: journal
          ports:
            - name: http
              port: 80
              targetPort: http
            - name: stats
              port: 9102
              targetPort: stats
        """)},
    ["Port names as the mesh wants them", ["deploy/ledger/statefulset.yaml", "- name: http\n", "- name: http-api\n"], ["deploy/ledger/statefulset.yaml", "port: http\n", "port: http-api\n"],
     ["deploy/ledger/statefulset.yaml", "acme/payments:1.4.1", "acme/payments:1.4.2"]],
    "the container port is called http-api now, the Service's port http still has targetPort http: its endpoints have no such port", FIX,
    expect("service-port service-no-endpoints", [("Service/journal spec.ports[name=http].targetPort", value("http-api"))], [("Service/journal spec.ports[name=http].targetPort", value(8080))]),
    path="deploy/ledger")

# 5 ingress backend: number and name at once
scenario("as-ingress-port", "flux", {
    "base/app.yaml": dump(workload("Deployment", "brochure", shop("brochure", "acme/catalog:1.4.2"), deadline=80), service("brochure")),
    "base/ingress.yaml": text("""
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata:
          name: brochure
        spec:
          rules:
            - host: brochure.example.com
              http:
                paths:
                  - path: /
                    pathType: Prefix
                    backend:
                      service:
                        name: brochure
                        port:
                          number: 80
        """),
    "base/kustomization.yaml": kustomization("app.yaml", "ingress.yaml"),
    "overlays/public/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources:
          - ../../base
        patches:
          - target: {kind: Ingress, name: brochure}
            path: ingress-patch.yaml
        """),
    "overlays/public/ingress-patch.yaml": text("""
        - op: replace
          path: /spec/rules/0/host
          value: www.shop.example.com
        """)},
    ["Refer to ports by name, long reads at the edge", ["overlays/public/ingress-patch.yaml", "  value: www.shop.example.com\n", """  value: www.shop.example.com
- op: add
  path: /metadata/annotations
  value:
    nginx.ingress.kubernetes.io/proxy-read-timeout: "120"
- op: add
  path: /spec/rules/0/http/paths/0/backend/service/port/name
  value: http
"""]],
    "the patch adds the port's name, the base's number stays: a backend may have one of both, the API server refuses the Ingress", FIX,
    expect("ingress-backend invalid-manifest", [("Ingress/brochure spec.rules[0].http.paths[0].backend.service.port.number", GONE)], [("Ingress/brochure spec.rules[0].http.paths[0].backend.service.port.name", GONE)]),
    path="overlays/public")

# 6 volumes: a memory volume too small for what the init container unpacks
SYNONYMS = workload("Deployment", "synonyms", shop("synonyms", "acme/catalog:1.4.1", volumeMounts=[{"name": "scratch", "mountPath": "/scratch"}]), deadline=75, pod={
    "initContainers": [{"name": "unpack", "image": "busybox:1.36", "command": ["sh", "-ec", "echo unpacking dictionary to /scratch\ndd if=/dev/zero of=/scratch/words.bin bs=1048576 count=16\necho done\n"],
                        "resources": {"requests": {"cpu": "10m", "memory": "40Mi"}, "limits": {"memory": "96Mi"}}, "volumeMounts": [{"name": "scratch", "mountPath": "/scratch"}]}],
    "volumes": [{"name": "scratch", "emptyDir": {"medium": "Memory", "sizeLimit": "64Mi"}}]})
scenario("as-memory-volume", "argocd", {
    "base/deployment.yaml": dump(SYNONYMS), "base/service.yaml": dump(service("synonyms")), "base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
    "overlays/prod/kustomization.yaml": kustomization("../../base", patches=[{"path": "size.yaml"}], labels=[{"pairs": {"env": "prod"}}]),
    "overlays/prod/size.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: synonyms
        spec:
          template:
            spec:
              containers:
                - name: synonyms
                  resources:
                    requests: {cpu: 40m}
              volumes:
                - name: scratch
                  emptyDir:
                    sizeLimit: 48Mi
        """)},
    ["Rightsize after last month's report", ["overlays/prod/size.yaml", "cpu: 40m", "cpu: 15m"], ["overlays/prod/size.yaml", "sizeLimit: 48Mi", "sizeLimit: 8Mi"]],
    "the memory-backed volume holds 8Mi, the init container unpacks 16 MiB into it: no space left on device", FIX,
    expect("volume-mount crash-on-start", [(pod("Deployment", "synonyms", "volumes[name=scratch].emptyDir.sizeLimit"), BEFORE)], [(pod("Deployment", "synonyms", "volumes[name=scratch].emptyDir.sizeLimit"), at_least("17Mi"))]),
    path="overlays/prod")

# 7 placement: zero-downtime rollout and a hard anti-affinity on one node
GATE_CHART = {
    "chart/Chart.yaml": "apiVersion: v2\nname: gate\nversion: 0.9.0\n",
    "chart/values.yaml": text("""
        image: {repository: acme/checkout, tag: 1.4.0}
        replicas: 1
        rollout: {}
        """),
    "chart/templates/gate.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: {{ .Release.Name }}
        spec:
          replicas: {{ .Values.replicas }}
          progressDeadlineSeconds: 60
          {{- with .Values.rollout }}
          strategy:
            type: RollingUpdate
            rollingUpdate:
              {{- toYaml . | nindent 6 }}
          {{- end }}
          selector:
            matchLabels: {app: {{ .Release.Name }}}
          template:
            metadata:
              labels: {app: {{ .Release.Name }}}
            spec:
              terminationGracePeriodSeconds: 5
              affinity:
                podAntiAffinity:
                  # two gates on one node share its uplink: never
                  requiredDuringSchedulingIgnoredDuringExecution:
                    - topologyKey: kubernetes.io/hostname
                      labelSelector:
                        matchLabels: {app: {{ .Release.Name }}}
              containers:
                - name: gate
                  image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
                  ports:
                    - {name: http, containerPort: 8080}
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 96Mi}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 3
        """),
    "chart/templates/service.yaml": WORK_CHART["charts/svc/templates/service.yaml"],
    "env/edge.yaml": text("""
        image:
          tag: 1.4.1
        rollout:
          maxSurge: 0
          maxUnavailable: 1
        """)}
R = "Deployment/gate spec.strategy.rollingUpdate."
scenario("as-surge-anti-affinity", "argocd", GATE_CHART,
    ["Gate 1.4.2 without an interruption", ["env/edge.yaml", "tag: 1.4.1", "tag: 1.4.2"], ["env/edge.yaml", "maxSurge: 0", "maxSurge: 1"], ["env/edge.yaml", "maxUnavailable: 1", "maxUnavailable: 0"]],
    "the old pod must stay until the new one is ready, and the hard anti-affinity keeps the new one off the only node: the rollout cannot go on", FIX,
    expect("unschedulable-placement", [(R + "maxSurge", BEFORE), (R + "maxUnavailable", BEFORE)], [(R + "maxUnavailable", BEFORE)]),
    path="chart", source={"helm": {"releaseName": "gate", "valueFiles": ["../env/edge.yaml"]}})

# 8 dns-policy: the nameservers went with the options
DNS_CHART = {**{k: v for k, v in WORK_CHART.items()},
    "charts/svc/values.yaml": WORK_CHART["charts/svc/values.yaml"] + "dns: {}\n",
    "charts/svc/templates/deployment.yaml": WORK_CHART["charts/svc/templates/deployment.yaml"].replace("    spec:\n      containers:\n", """    spec:
      {{- with .Values.dns }}
      dnsPolicy: {{ .policy }}
      dnsConfig:
        {{- toYaml .config | nindent 8 }}
      {{- end }}
      containers:
""")}
assert ".Values.dns" in DNS_CHART["charts/svc/templates/deployment.yaml"]
scenario("as-dns-servers", "flux", {**DNS_CHART,
    "deploy/rates-values.yaml": text("""
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: rates-values
        data:
          values.yaml: |
            replicas: 1
            dns:
              policy: None   # the pods ask the branch resolver only
              config:
                nameservers:
                  - 10.20.0.53
                options:
                  - {name: ndots, value: "5"}
        """),
    "deploy/rates.yaml": release("rates", "svc", """
        image:
          tag: 1.4.1
        env:
          CURRENCY: EUR
        """, more="  valuesFrom:\n    - kind: ConfigMap\n      name: rates-values\n")},
    ["Fewer lookups per request", ["deploy/rates-values.yaml", '''        nameservers:
          - 10.20.0.53
        options:
          - {name: ndots, value: "5"}
''', '''        options:
          - {name: ndots, value: "1"}
          - {name: single-request-reopen}
'''], ["deploy/rates.yaml", "tag: 1.4.1", "tag: 1.4.2"]],
    "dnsPolicy None without a nameserver: the API server refuses the Deployment, helm's upgrade fails", FIX,
    expect("dns-policy invalid-manifest helm-failed", [(pod("Deployment", "rates", "dnsConfig.nameservers"), BEFORE)]))

# 9 port-conflict: the sidecar falls back to the PORT of the settings that both containers read
BASKET = {
    "chart/Chart.yaml": "apiVersion: v2\nname: basket\nversion: 2.0.1\n",
    "chart/values.yaml": text("""
        tag: 1.4.1
        settings:
          PORT: "8080"
          THEME: light
        exporter:
          tag: 1.4.0
          port: 9102
          env: {}
        """),
    "chart/templates/settings.yaml": text("""
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: {{ .Release.Name }}-settings
        data:
          {{- toYaml .Values.settings | nindent 2 }}
        """),
    "chart/templates/basket.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: {{ .Release.Name }}
        spec:
          replicas: 1
          progressDeadlineSeconds: 75
          selector:
            matchLabels: {app: {{ .Release.Name }}}
          template:
            metadata:
              labels: {app: {{ .Release.Name }}}
            spec:
              containers:
                - name: basket
                  image: "acme/checkout:{{ .Values.tag }}"
                  envFrom:
                    - configMapRef: {name: {{ .Release.Name }}-settings}
                  ports:
                    - {name: http, containerPort: 8080}
                  resources:
                    limits: {memory: 96Mi}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 3
                - name: exporter
                  image: "acme/worker:{{ .Values.exporter.tag }}"
                  envFrom:
                    - configMapRef: {name: {{ .Release.Name }}-settings}
                  {{- with .Values.exporter.env }}
                  env:
                    {{- range $k, $v := . }}
                    - {name: {{ $k }}, value: {{ $v | quote }}}
                    {{- end }}
                  {{- end }}
                  ports:
                    - {name: metrics, containerPort: {{ .Values.exporter.port }}}
                  resources:
                    limits: {memory: 64Mi}
        """),
    "chart/templates/service.yaml": WORK_CHART["charts/svc/templates/service.yaml"],
    "env/prod.yaml": text("""
        tag: 1.4.2
        settings:
          THEME: dark
        exporter:
          env:
            PORT: 9102
            HEALTH_PATH: /-/healthy
        """)}
scenario("as-sidecar-port", "argocd", BASKET,
    ["Shared settings for both containers", ["env/prod.yaml", "    PORT: 9102\n", ""], ["env/prod.yaml", "  THEME: dark\n", "  THEME: dark\n  SCRAPE_INTERVAL: 30s\n"], ["env/prod.yaml", "exporter:\n", "exporter:\n  tag: 1.4.1\n"]],
    "the exporter lost its own PORT and takes 8080 from the settings it shares with basket: address already in use", FIX,
    expect("port-conflict", [(c("Deployment", "basket", "exporter", "env[name=PORT]"), BEFORE)]),
    path="chart", source={"helm": {"releaseName": "basket", "valueFiles": ["../env/prod.yaml"]}})

# 10 cron: a pod's deadline below what the run needs
EXPORT = {
    "chart/Chart.yaml": "apiVersion: v2\nname: export\nversion: 0.4.0\n",
    "chart/values.yaml": text("""
        schedule: "* * * * *"
        batches: 10
        history: {succeeded: 3, failed: 1}
        timeoutSeconds: 300
        """),
    "chart/templates/cronjob.yaml": text("""
        apiVersion: batch/v1
        kind: CronJob
        metadata:
          name: {{ .Release.Name }}
        spec:
          schedule: {{ .Values.schedule | quote }}
          concurrencyPolicy: Replace
          successfulJobsHistoryLimit: {{ .Values.history.succeeded }}
          failedJobsHistoryLimit: {{ .Values.history.failed }}
          jobTemplate:
            spec:
              backoffLimit: 0
              template:
                metadata:
                  labels: {app: {{ .Release.Name }}}
                spec:
                  restartPolicy: Never
                  activeDeadlineSeconds: {{ .Values.timeoutSeconds }}
                  terminationGracePeriodSeconds: 2
                  containers:
                    - name: export
                      image: busybox:1.37
                      command: [sh, -c]
                      args:
                        - |
                          i=1
                          while [ $i -le $BATCHES ]; do echo "batch $i of $BATCHES written"; i=$((i+1)); sleep 3; done
                          echo "export complete"
                      env:
                        - {name: BATCHES, value: {{ .Values.batches | quote }}}
                      resources:
                        requests: {cpu: 10m, memory: 16Mi}
                        limits: {memory: 32Mi}
        """),
    "env/prod.yaml": "# nightly on staging, every minute here: the partner polls\nbatches: 11\ntimeoutSeconds: 120\n"}
D = pod("CronJob", "partner-export", "activeDeadlineSeconds")
scenario("as-cron-pod-deadline", "argocd", EXPORT,
    ["Do not let a stuck export block the next", ["env/prod.yaml", "timeoutSeconds: 120\n", "timeoutSeconds: 12\nhistory:\n  failed: 3\n"]],
    "a run takes about 33 seconds, the pod may live 12: every run ends with DeadlineExceeded", FIX,
    expect("job-failed cron-invalid", [(D, BEFORE)], [(D, at_least("36"))]),
    path="chart", source={"helm": {"releaseName": "partner-export", "valueFiles": ["../env/prod.yaml"]}})

# 11 run-as-root: the user moved from the pod to one container, the init container has none
scenario("as-init-root", "flux", {
    "deploy/relay.yaml": text("""
        # relay runs on every node
        apiVersion: apps/v1
        kind: DaemonSet
        metadata:
          name: relay
        spec:
          selector:
            matchLabels: {app: relay}
          template:
            metadata:
              labels: {app: relay}
            spec:
              securityContext:
                runAsNonRoot: true
                runAsUser: 1000
                runAsGroup: 1000
              terminationGracePeriodSeconds: 5
              initContainers:
                - name: spool
                  image: busybox:1.36
                  command: [sh, -c, "mkdir -p /spool/in /spool/out && echo spool ready"]
                  resources:
                    limits: {memory: 32Mi}
                  volumeMounts:
                    - {name: spool, mountPath: /spool}
              containers:
                - name: relay
                  image: acme/worker:1.4.1
                  ports:
                    - {name: http, containerPort: 8080}
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 96Mi}
                  volumeMounts:
                    - {name: spool, mountPath: /spool}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 3
              volumes:
                - name: spool
                  emptyDir: {}
        """),
    "deploy/service.yaml": dump(service("relay"))},
    ["Relay runs as its own user 10001", ["deploy/relay.yaml", "        runAsUser: 1000\n        runAsGroup: 1000\n", "        fsGroup: 10001\n"],
     ["deploy/relay.yaml", "          image: acme/worker:1.4.1\n", "          image: acme/worker:1.4.2\n          securityContext:\n            runAsUser: 10001\n            runAsGroup: 10001\n"]],
    "the user moved from the pod to the container relay: the init container spool has none and its image is root's, runAsNonRoot refuses it", FIX,
    expect("run-as-root-image", [(c("DaemonSet", "relay", "spool", "securityContext", init=True), ANY)], [(pod("DaemonSet", "relay", "securityContext.runAsUser"), ANY)],
           [(pod("DaemonSet", "relay", "securityContext.runAsUser"), ANY), (pod("DaemonSet", "relay", "securityContext.runAsGroup"), ANY)]))

# 12 immutable: podManagementPolicy of a StatefulSet
scenario("as-immutable-policy", "argocd", {
    "deploy/10-service.yaml": dump(service("tickets", clusterIP="None")),
    "deploy/20-statefulset.yaml": dump(workload("StatefulSet", "tickets", shop("tickets", "acme/worker:1.4.1", env={"QUEUE_DEPTH": "50"}), replicas=2, spec={"podManagementPolicy": "OrderedReady"})),
    "deploy/30-budget.yaml": text("""
        apiVersion: policy/v1
        kind: PodDisruptionBudget
        metadata:
          name: tickets
        spec:
          maxUnavailable: 1
          selector:
            matchLabels:
              app: tickets
        """)},
    ["Tickets 1.4.2: deeper queues, quicker restarts", ["deploy/20-statefulset.yaml", "worker:1.4.1", "worker:1.4.2"], ["deploy/20-statefulset.yaml", "value: '50'", "value: '200'"],
     ["deploy/20-statefulset.yaml", "podManagementPolicy: OrderedReady", "podManagementPolicy: Parallel"]],
    "podManagementPolicy of a StatefulSet cannot change: the API server refuses the whole update, the new image does not arrive", FIX,
    expect("invalid-manifest", [("StatefulSet/tickets spec.podManagementPolicy", BEFORE)]))

# 13 people: the account belongs to another team, and the first release finds none
scenario("as-account-elsewhere", "argocd", {
    "deploy/deployment.yaml": dump(workload("Deployment", "settlement", shop("settlement", "acme/payments:1.4.2", env={"MODE": "daily"}), deadline=70, pod={"serviceAccountName": "bank-connector", "automountServiceAccountToken": False})),
    "deploy/service.yaml": dump(service("settlement")),
    "docs/identity.md": "# Identity\n\n`bank-connector` is federated with the bank. The security team creates it in each namespace on request; it is not in this repository.\n"},
    [], "the service account bank-connector does not exist and is none of this repository's: the security team creates it", HUMAN, expect("service-account-missing"), never_worked=True)

# 14 people: an agent that reads the node's logs, in a namespace that forbids it
AGENT = workload("DaemonSet", "log-agent", {"name": "agent", "image": "busybox:1.36", "command": ["sh", "-c", "while true; do ls /host/log | wc -l; sleep 20; done"],
    "resources": {"requests": {"cpu": "10m", "memory": "16Mi"}, "limits": {"memory": "32Mi"}}, "securityContext": {"allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True},
    "env": [{"name": "SINK", "valueFrom": {"configMapKeyRef": {"name": "agent-targets", "key": "SINK"}}}],
    "volumeMounts": [{"name": "node-logs", "mountPath": "/host/log", "readOnly": True}]}, pod={"volumes": [{"name": "node-logs", "hostPath": {"path": "/var/log", "type": "Directory"}}]})
scenario("as-agent-host-path", "flux", {
    "base/agent.yaml": dump(AGENT), "base/kustomization.yaml": kustomization("agent.yaml"),
    "clusters/west/kustomization.yaml": kustomization("../../base", commonAnnotations={"acme.example/owner": "observability"}, configMapGenerator=[{"name": "agent-targets", "literals": ["SINK=10.20.0.9:514"]}])},
    [], "the namespace enforces Pod Security baseline and the agent is there to read the node's /var/log: whether it may is for those who own the namespace", HUMAN,
    expect("pod-security"), path="clusters/west", never_worked=True, labels={"pod-security.kubernetes.io/enforce": "baseline"})

# 15 nothing to do: paused on purpose
scenario("as-cron-paused", "argocd", {
    "deploy/digest.yaml": dump(workload("CronJob", "digest", {"name": "digest", "image": "busybox:1.37", "command": ["sh", "-c", "echo digest sent to 0 readers"], "resources": {"limits": {"memory": "32Mi"}}}, spec={"suspend": False})),
    "deploy/api.yaml": dump(workload("Deployment", "digest-api", shop("api", "acme/catalog:1.4.1"), deadline=80), service("digest-api"))},
    ["Pause the digest until legal has signed the new text", ["deploy/digest.yaml", "suspend: false", "suspend: true"], ["deploy/api.yaml", "catalog:1.4.1", "catalog:1.4.2"]],
    "the CronJob is suspended on purpose, and the API rolled out well", NONE, expect("replicas-zero suspended healthy"))

# 16 nothing to do: an init container that fails until the other workload is warm
CATALOG = workload("Deployment", "stock", shop("stock", "acme/catalog:1.4.1", env={"START_SECONDS": "1"}, live={"httpGet": {"path": "/healthz", "port": "http"}, "initialDelaySeconds": 60, "periodSeconds": 10}), deadline=240,
    pod={"terminationGracePeriodSeconds": 2}, spec={"strategy": {"type": "Recreate"}})
FRONT = workload("Deployment", "shelf", shop("shelf", "acme/checkout:1.4.1"), deadline=240, spec={"strategy": {"type": "Recreate"}}, pod={"terminationGracePeriodSeconds": 2, "initContainers": [
    {"name": "stock-first", "image": "busybox:1.36", "command": ["sh", "-c", "sleep 4; wget -q -O- http://$STOCK_SERVICE_HOST/readyz || { echo stock does not answer yet; exit 1; }"], "resources": {"limits": {"memory": "32Mi"}}}]})
scenario("as-waits-for-stock", "flux", {
    "base/stock.yaml": dump(service("stock"), CATALOG), "base/shelf.yaml": dump(FRONT, service("shelf")), "base/kustomization.yaml": kustomization("stock.yaml", "shelf.yaml"),
    "overlays/prod/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources:
          - ../../base
        images:
          - {name: acme/catalog, newTag: 1.4.1}
          - {name: acme/checkout, newTag: 1.4.1}
        patches:
          - target: {kind: Deployment, name: stock}
            patch: |-
              - op: replace
                path: /spec/template/spec/containers/0/env/0/value
                value: "2"
        """)},
    ["Stock and shelf 1.4.2, stock reads the whole table at start", ["overlays/prod/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.2"], ["overlays/prod/kustomization.yaml", 'value: "2"', 'value: "25"']],
    "the init container fails until stock has loaded its table, then everything is ready: it becomes healthy by itself", NONE, expect("healthy recovering"), path="overlays/prod", spec={"timeout": "3m"})
