"""Batch BD, written by somebody who knew neither the playbook nor the batches before: shop-1652 to shop-1667, every other class of the table of failures. No program of this folder is needed."""
import pathlib, runpy, textwrap
globals().update(runpy.run_path(str(pathlib.Path(__file__).parent / "kit.py")))
SCENARIOS, scenario = batch(1652)


def release(name, chart, values, more=""):
    """A HelmRelease of a chart in this repository; failed upgrades stay to be seen."""
    return text(f"""
        apiVersion: helm.toolkit.fluxcd.io/v2
        kind: HelmRelease
        metadata:
          name: {name}
        spec:
          interval: 30s
          timeout: 75s
          chart:
            spec:
              chart: ./{chart}
              reconcileStrategy: Revision
              sourceRef: {{kind: GitRepository, name: "@NAME@", namespace: flux-system}}
        """) + textwrap.indent(more, "  ") + "  values:\n" + textwrap.indent(text(values), "    ")


def chart_yaml(name, version="0.4.0", **more):
    return dump({"apiVersion": "v2", "name": name, "description": f"{name} of team storefront", "type": "application", "version": version, **more})


CHART_SERVICE = text("""
    apiVersion: v1
    kind: Service
    metadata:
      name: {{ .Release.Name }}
    spec:
      selector:
        app: {{ .Release.Name }}
      ports:
        - name: http
          port: 80
          targetPort: http
    """)

# 1652 -------------------------------------------------------------------------------------------------------------- image, DaemonSet
scenario("registry-with-scheme", "flux", {
    "base/kustomization.yaml": kustomization("daemonset.yaml", "settings.yaml"),
    "base/daemonset.yaml": text("""
        # card-agent: one on each node, talks to the terminals
        apiVersion: apps/v1
        kind: DaemonSet
        metadata:
          name: card-agent
        spec:
          selector:
            matchLabels:
              app: card-agent
          template:
            metadata:
              labels:
                app: card-agent
            spec:
              containers:
                - name: agent
                  image: acme/payments
                  envFrom:
                    - configMapRef:
                        name: card-agent
                  ports:
                    - name: http
                      containerPort: 8080
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 96Mi}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 4
        """),
    "base/settings.yaml": dump(configmap("card-agent", TERMINALS="12", CACHE_MB="8")),
    "overlays/prod/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources:
          - ../../base
        images:
          - name: acme/payments
            newTag: 1.4.1
        """),
}, ["Pull the card agent through the company registry",
    ["overlays/prod/kustomization.yaml", "  - name: acme/payments\n    newTag: 1.4.1\n", "  - name: acme/payments\n    newName: https://registry.acme.example/acme/payments\n    newTag: 1.4.2\n"],
    ["base/settings.yaml", "TERMINALS: '12'", "TERMINALS: '16'"]],
    "newName holds a URL with its scheme: https://registry.acme.example/acme/payments:1.4.2 is no image reference (InvalidImageName)",
    expected=expect("image-registry image-not-found",
                    [(c("DaemonSet", "card-agent", "agent", "image"), value("registry.acme.example/acme/payments:1.4.2"))],
                    [(c("DaemonSet", "card-agent", "agent", "image"), value("acme/payments:1.4.2"))],
                    [(c("DaemonSet", "card-agent", "agent", "image"), BEFORE)]),
    path="overlays/prod")

# 1653 -------------------------------------------------------------------------------------------------------------- crash on start
scenario("env-from-prefix", "argocd", {
    "deploy/deployment.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: cart
          labels:
            app.kubernetes.io/name: cart
        spec:
          replicas: 2
          progressDeadlineSeconds: 75
          selector:
            matchLabels:
              app: cart
          template:
            metadata:
              labels:
                app: cart
            spec:
              containers:
                - name: cart
                  image: acme/checkout:1.4.1
                  env:
                    - name: REQUIRED_ENV
                      value: DATABASE_HOST,CURRENCY
                  envFrom:
                    - configMapRef:
                        name: cart-settings
                  ports:
                    - name: http
                      containerPort: 8080
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 96Mi}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 4
                  livenessProbe:
                    httpGet: {path: /healthz, port: http}
                    periodSeconds: 10
        """),
    "deploy/service.yaml": dump(service("cart")),
    "deploy/settings.yaml": dump(configmap("cart-settings", DATABASE_HOST="10.20.0.5", CURRENCY="EUR", CACHE_MB="12")),
}, ["Read the feature flags from a map of their own",
    ["deploy/deployment.yaml", "            - configMapRef:\n                name: cart-settings\n",
     "            - prefix: CART_\n              configMapRef:\n                name: cart-settings\n            - prefix: FEATURE_\n              configMapRef:\n                name: cart-features\n"],
    ["deploy/features.yaml", None, dump(configmap("cart-features", GIFT_WRAP="true", ONE_CLICK="false"))]],
    "envFrom of cart-settings got the prefix CART_, so DATABASE_HOST and CURRENCY are no longer set",
    expected=expect("crash-on-start", [(c("Deployment", "cart", "cart", "envFrom[0].prefix"), GONE)]))

# 1654 -------------------------------------------------------------------------------------------------------------- key missing, projected volume
scenario("projected-key-gone", "flux", {
    "base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
    "base/deployment.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: throttle
        spec:
          replicas: 1
          progressDeadlineSeconds: 60
          selector:
            matchLabels:
              app: throttle
          template:
            metadata:
              labels:
                app: throttle
            spec:
              containers:
                - name: throttle
                  image: acme/catalog
                  env:
                    - name: CONFIG_FILE
                      value: /etc/throttle/limits.conf
                  ports:
                    - name: http
                      containerPort: 8080
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 96Mi}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 4
                  volumeMounts:
                    - name: config
                      mountPath: /etc/throttle
                      readOnly: true
              volumes:
                - name: config
                  projected:
                    sources:
                      - configMap:
                          name: limits
                          items:
                            - key: limits.conf
                              path: limits.conf
                      - downwardAPI:
                          items:
                            - path: labels
                              fieldRef:
                                fieldPath: metadata.labels
        """),
    "base/service.yaml": dump(service("throttle")),
    "overlays/eu/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources:
          - ../../base
        configMapGenerator:
          - name: limits
            files:
              - limits.conf=limits-eu.conf
        images:
          - name: acme/catalog
            newTag: 1.4.1
        """),
    "overlays/eu/limits-eu.conf": "per_client=40\nburst=80\n",
}, ["Throttle 1.4.2, tidy the generator",
    ["overlays/eu/kustomization.yaml", "      - limits.conf=limits-eu.conf\n", "      - limits-eu.conf\n"],
    ["overlays/eu/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.2"]],
    "the generated ConfigMap limits has the key limits-eu.conf now; the projected volume asks for limits.conf",
    expected=expect("config-key-missing volume-mount",
                    [('ConfigMap/limits-# data["limits.conf"]', BEFORE), ('ConfigMap/limits-# data["limits-eu.conf"]', GONE)],
                    [('ConfigMap/limits-# data["limits.conf"]', BEFORE)],
                    [(pod("Deployment", "throttle", "volumes[name=config].projected.sources[0].configMap.items[0].key"), value("limits-eu.conf"))]),
    path="overlays/eu")

# 1655 -------------------------------------------------------------------------------------------------------------- out of memory by unit
RECOMMENDER = text("""
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: {{ .Release.Name }}
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
            - name: shop
              image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
              env:
                - name: CACHE_MB
                  value: {{ .Values.cacheMb | quote }}
              ports:
                - name: http
                  containerPort: 8080
              resources:
                requests:
                  cpu: {{ .Values.cpu }}
                limits:
                  memory: {{ .Values.memory }}
              readinessProbe:
                httpGet: {path: /readyz, port: http}
                periodSeconds: 4
    """)
scenario("memory-in-milli", "flux", {
    "charts/service/Chart.yaml": chart_yaml("service"),
    "charts/service/values.yaml": "image:\n  repository: acme/catalog\n  tag: 1.4.1\nreplicas: 1\ncpu: 10m\nmemory: 96Mi\ncacheMb: 8\n",
    "charts/service/templates/deployment.yaml": RECOMMENDER,
    "charts/service/templates/service.yaml": CHART_SERVICE,
    "releases/recommender.yaml": release("recommender", "charts/service", """
        image:
          tag: 1.4.1
        cpu: 20m
        memory: 128Mi
        cacheMb: 24
        """),
}, ["Keep more recommendations at hand",
    ["releases/recommender.yaml", "    cpu: 20m\n    memory: 128Mi\n    cacheMb: 24\n", "    cpu: 40m\n    memory: 200m\n    cacheMb: 140\n"]],
    "the memory limit is 200m (a fifth of a byte) where 200Mi is meant: no process of the pod can start. The old 128Mi would be too little for the 140 MB of the new cache",
    expected=expect("out-of-memory", [(c("Deployment", "recommender", "shop", "resources.limits.memory"), at_least("180Mi"))]),
    path="releases")

# 1656 -------------------------------------------------------------------------------------------------------------- cpu of an init container
scenario("warmup-cpu", "argocd", {
    "charts/quotes/Chart.yaml": chart_yaml("quotes", "1.3.2"),
    "charts/quotes/values.yaml": text("""
        image:
          repository: acme/catalog
          tag: 1.4.0
        replicas: 1
        resources:
          requests: {cpu: 10m, memory: 24Mi}
          limits: {memory: 96Mi}
        warmup:
          image: busybox:1.36
          seconds: 1
          resources:
            requests: {cpu: 10m, memory: 8Mi}
        """),
    "charts/quotes/values-prod.yaml": text("""
        image:
          tag: 1.4.1
        replicas: 2
        warmup:
          seconds: 3
          resources:
            requests:
              cpu: 50m
              memory: 16Mi
        """),
    "charts/quotes/templates/deployment.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: {{ .Release.Name }}
        spec:
          replicas: {{ .Values.replicas }}
          progressDeadlineSeconds: 75
          selector:
            matchLabels:
              app: {{ .Release.Name }}
          template:
            metadata:
              labels:
                app: {{ .Release.Name }}
            spec:
              initContainers:
                - name: warmup
                  image: {{ .Values.warmup.image }}
                  command: [sh, -c, "echo reading the price list; sleep {{ .Values.warmup.seconds }}"]
                  resources:
                    {{- toYaml .Values.warmup.resources | nindent 12 }}
              containers:
                - name: quotes
                  image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
                  ports:
                    - name: http
                      containerPort: 8080
                  resources:
                    {{- toYaml .Values.resources | nindent 12 }}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 4
        """),
    "charts/quotes/templates/service.yaml": CHART_SERVICE,
}, ["Quotes 1.4.2 with a quicker warm-up",
    ["charts/quotes/values-prod.yaml", "tag: 1.4.1", "tag: 1.4.2"],
    ["charts/quotes/values-prod.yaml", "cpu: 50m", "cpu: 250"],
    ["charts/quotes/values-prod.yaml", "seconds: 3", "seconds: 1"]],
    "the init container warmup requests 250 CPUs where 250m is meant",
    expected=expect("unschedulable-resources",
                    [(c("Deployment", "quotes", "warmup", "resources.requests.cpu", init=True), value("250m"))],
                    [(c("Deployment", "quotes", "warmup", "resources.requests.cpu", init=True), BEFORE)]),
    path="charts/quotes", source={"helm": {"releaseName": "quotes", "valueFiles": ["values-prod.yaml"]}})

# 1657 -------------------------------------------------------------------------------------------------------------- ephemeral volume, never worked
def scratch(letter):
    return {"apiVersion": "v1", "kind": "PersistentVolume", "metadata": {"name": f"renderer-scratch-{letter}", "labels": {"team": "imaging"}},
            "spec": {"capacity": {"storage": "2Gi"}, "accessModes": ["ReadWriteOnce"], "persistentVolumeReclaimPolicy": "Retain", "storageClassName": "local-scratch",
                     "hostPath": {"path": f"/tmp/shop-volumes/renderer-{letter}", "type": "DirectoryOrCreate"}}}


scenario("scratch-class", "argocd", {
    "deploy/deployment.yaml": text("""
        # renderer: thumbnails; each pod has a disk of its own for the time it lives
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: renderer
        spec:
          replicas: 1
          progressDeadlineSeconds: 60
          strategy:
            type: Recreate
          selector:
            matchLabels:
              app: renderer
          template:
            metadata:
              labels:
                app: renderer
            spec:
              containers:
                - name: renderer
                  image: acme/worker:1.4.1
                  env:
                    - name: WRITE_FILE
                      value: /scratch/state
                  ports:
                    - name: http
                      containerPort: 8080
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 96Mi}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 4
                  volumeMounts:
                    - name: scratch
                      mountPath: /scratch
              volumes:
                - name: scratch
                  ephemeral:
                    volumeClaimTemplate:
                      spec:
                        accessModes: [ReadWriteOnce]
                        storageClassName: scratch
                        resources:
                          requests:
                            storage: 1Gi
        """),
    "deploy/service.yaml": dump(service("renderer")),
    "deploy/volumes.yaml": "# the disks of node-1 that belong to this team; storage made them and owns their class\n" + dump(scratch("a"), scratch("b")),
}, [], "the ephemeral volume asks for StorageClass scratch; the volumes that were made for it are of class local-scratch",
    expected=expect("volume-unbound",
                    [(pod("Deployment", "renderer", "volumes[name=scratch].ephemeral.volumeClaimTemplate.spec.storageClassName"), value("local-scratch"))],
                    [("PersistentVolume/renderer-scratch-a spec.storageClassName", value("scratch")), ("PersistentVolume/renderer-scratch-b spec.storageClassName", value("scratch"))]),
    never_worked=True)

# 1658 -------------------------------------------------------------------------------------------------------------- service port, in another file
scenario("port-moved-service-stayed", "flux", {
    "base/kustomization.yaml": kustomization("catalog.yaml", "store.yaml", "services.yaml"),
    "base/catalog.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: catalog
        spec:
          replicas: 1
          progressDeadlineSeconds: 75
          selector:
            matchLabels:
              app: catalog
          template:
            metadata:
              labels:
                app: catalog
            spec:
              containers:
                - name: catalog
                  image: acme/catalog:1.4.1
                  env:
                    - name: PORT
                      value: "8080"
                  ports:
                    - name: http
                      containerPort: 8080
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 96Mi}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 4
        """),
    "base/store.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: store
        spec:
          replicas: 1
          progressDeadlineSeconds: 75
          selector:
            matchLabels:
              app: store
          template:
            metadata:
              labels:
                app: store
            spec:
              containers:
                - name: store
                  image: acme/checkout:1.4.1
                  ports:
                    - name: http
                      containerPort: 8080
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 96Mi}
                  livenessProbe:
                    httpGet: {path: /healthz, port: http}
                    periodSeconds: 10
                  readinessProbe:   # a store without its catalog takes no customers
                    exec:
                      command: [sh, -c, "wget -q -O /dev/null http://$CATALOG_SERVICE_HOST:$CATALOG_SERVICE_PORT/readyz"]
                    periodSeconds: 5
                    timeoutSeconds: 4
        """),
    "base/services.yaml": dump(service("catalog", target=8080), service("store")),
    "overlays/prod/kustomization.yaml": kustomization("../../base", commonAnnotations={"team": "storefront"}, images=[{"name": "acme/checkout", "newTag": "1.4.1"}]),
}, ["Catalog leaves 8080 to the mesh proxy; store 1.4.2",
    ["base/catalog.yaml", 'value: "8080"', 'value: "8081"'],
    ["base/catalog.yaml", "containerPort: 8080", "containerPort: 8081"],
    ["overlays/prod/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.2"]],
    "catalog listens on 8081 now, Service catalog still sends to targetPort 8080: the store's readiness check is refused",
    expected=expect("service-port dependency-address",
                    [("Service/catalog spec.ports[name=http].targetPort", value(8081))],
                    [("Service/catalog spec.ports[name=http].targetPort", value("http"))],
                    [(c("Deployment", "catalog", "catalog", "ports[name=http].containerPort"), BEFORE), (c("Deployment", "catalog", "catalog", "env[name=PORT].value"), BEFORE)]),
    path="overlays/prod")

# 1659 -------------------------------------------------------------------------------------------------------------- service account, StatefulSet
scenario("accounts-split", "flux", {
    "charts/ledger/Chart.yaml": chart_yaml("ledger", "2.0.1"),
    "charts/ledger/values.yaml": text("""
        image:
          repository: acme/payments
          tag: 1.4.0
        accounts: [ledger]
        serviceAccountName: ledger
        report:
          schedule: "0 3 * * *"
          serviceAccountName: ledger
        """),
    "charts/ledger/templates/accounts.yaml": text("""
        {{- range .Values.accounts }}
        ---
        apiVersion: v1
        kind: ServiceAccount
        metadata:
          name: {{ . }}
          labels:
            app.kubernetes.io/part-of: {{ $.Release.Name }}
        {{- end }}
        """),
    "charts/ledger/templates/statefulset.yaml": text("""
        apiVersion: apps/v1
        kind: StatefulSet
        metadata:
          name: {{ .Release.Name }}
        spec:
          serviceName: {{ .Release.Name }}
          replicas: 1
          selector:
            matchLabels:
              app: {{ .Release.Name }}
          template:
            metadata:
              labels:
                app: {{ .Release.Name }}
            spec:
              serviceAccountName: {{ .Values.serviceAccountName }}
              containers:
                - name: ledger
                  image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
                  ports:
                    - name: http
                      containerPort: 8080
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 96Mi}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 4
        """),
    "charts/ledger/templates/report.yaml": text("""
        apiVersion: batch/v1
        kind: CronJob
        metadata:
          name: {{ .Release.Name }}-report
        spec:
          schedule: {{ .Values.report.schedule | quote }}
          jobTemplate:
            spec:
              backoffLimit: 1
              template:
                spec:
                  restartPolicy: Never
                  serviceAccountName: {{ .Values.report.serviceAccountName }}
                  containers:
                    - name: report
                      image: busybox:1.36
                      command: [sh, -c, "echo report written"]
        """),
    "charts/ledger/templates/service.yaml": CHART_SERVICE,
    "releases/ledger.yaml": release("ledger", "charts/ledger", """
        image:
          tag: 1.4.1
        """, more="valuesFrom:\n  - kind: ConfigMap\n    name: ledger-values\n"),
    "releases/ledger-values.yaml": text("""
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: ledger-values
        data:
          values.yaml: |
            serviceAccountName: ledger
            report:
              schedule: "30 2 * * *"
              serviceAccountName: ledger
            accounts:
              - ledger
        """),
}, ["Ledger 1.4.2: server and report under accounts of their own",
    ["releases/ledger.yaml", "tag: 1.4.1", "tag: 1.4.2"],
    ["releases/ledger-values.yaml", "      serviceAccountName: ledger\n    accounts:\n      - ledger\n", "      serviceAccountName: ledger-report\n    accounts:\n      - ledger-server\n      - ledger-report\n"]],
    "the accounts are ledger-server and ledger-report now, the StatefulSet still runs as ledger, which is gone",
    expected=expect("service-account-missing",
                    [(pod("StatefulSet", "ledger", "serviceAccountName"), value("ledger-server"))],
                    [("ServiceAccount/ledger metadata.name", BEFORE), ("ServiceAccount/ledger-server metadata.name", GONE)],
                    [("ServiceAccount/ledger metadata.name", BEFORE)]),
    path="releases")

# 1660 -------------------------------------------------------------------------------------------------------------- user of a sidecar
scenario("user-per-container", "argocd", {
    "deploy/deployment.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: invoices
        spec:
          replicas: 1
          progressDeadlineSeconds: 60
          selector:
            matchLabels:
              app: invoices
          template:
            metadata:
              labels:
                app: invoices
            spec:
              securityContext:
                runAsNonRoot: true
                runAsUser: 1000
                fsGroup: 1000
              containers:
                - name: invoices
                  image: acme/payments:1.4.1
                  securityContext:
                    allowPrivilegeEscalation: false
                  env:
                    - name: WRITE_FILE
                      value: /spool/state
                  ports:
                    - name: http
                      containerPort: 8080
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 96Mi}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 4
                  volumeMounts:
                    - {name: spool, mountPath: /spool}
                - name: shipper
                  image: busybox:1.36
                  securityContext:
                    allowPrivilegeEscalation: false
                  command: [sh, -c, "while true; do ls /spool; sleep 15; done"]
                  resources:
                    requests: {cpu: 5m, memory: 8Mi}
                    limits: {memory: 32Mi}
                  volumeMounts:
                    - {name: spool, mountPath: /spool, readOnly: true}
              volumes:
                - name: spool
                  emptyDir: {}
        """),
    "deploy/service.yaml": dump(service("invoices")),
}, ["Invoices 1.4.2, the user beside the program it belongs to",
    ["deploy/deployment.yaml", "        runAsUser: 1000\n        fsGroup", "        fsGroup"],
    ["deploy/deployment.yaml", "          image: acme/payments:1.4.1\n          securityContext:\n", "          image: acme/payments:1.4.2\n          securityContext:\n            runAsUser: 1000\n"]],
    "runAsUser moved from the pod to the container invoices; the sidecar shipper has runAsNonRoot but no user any more, and its image is root's",
    expected=expect("run-as-root-image",
                    [(c("Deployment", "invoices", "shipper", "securityContext.runAsUser"), value(1000))],
                    [(pod("Deployment", "invoices", "securityContext.runAsUser"), BEFORE)],
                    [(pod("Deployment", "invoices", "securityContext.runAsUser"), BEFORE), (c("Deployment", "invoices", "invoices", "securityContext.runAsUser"), GONE)]))

# 1661 -------------------------------------------------------------------------------------------------------------- schedule
scenario("schedule-with-zone", "argocd", {
    "charts/statements/Chart.yaml": chart_yaml("statements", "0.9.0"),
    "charts/statements/values.yaml": text("""
        image: acme/worker:1.4.0
        schedule: "0 1 * * *"
        # timeZone: a name of the tz database; UTC where it is not set
        timeZone: ""
        cacheMb: 8
        """),
    "charts/statements/values-prod.yaml": text("""
        image: acme/worker:1.4.1
        schedule: "15 4 * * *"
        """),
    "charts/statements/templates/cronjob.yaml": text("""
        apiVersion: batch/v1
        kind: CronJob
        metadata:
          name: {{ .Release.Name }}-nightly
        spec:
          schedule: {{ .Values.schedule | quote }}
          {{- with .Values.timeZone }}
          timeZone: {{ . | quote }}
          {{- end }}
          concurrencyPolicy: Forbid
          jobTemplate:
            spec:
              backoffLimit: 1
              template:
                spec:
                  restartPolicy: Never
                  containers:
                    - name: nightly
                      image: {{ .Values.image }}
                      args: [migrate]
                      env:
                        - name: DATABASE_URL
                          value: postgres://statements@10.20.0.5/statements
        """),
    "charts/statements/templates/deployment.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: {{ .Release.Name }}
        spec:
          replicas: 1
          progressDeadlineSeconds: 75
          selector:
            matchLabels:
              app: {{ .Release.Name }}
          template:
            metadata:
              labels:
                app: {{ .Release.Name }}
            spec:
              containers:
                - name: statements
                  image: {{ .Values.image }}
                  env:
                    - name: CACHE_MB
                      value: {{ .Values.cacheMb | quote }}
                  ports:
                    - name: http
                      containerPort: 8080
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 96Mi}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 4
        """),
}, ["Statements 1.4.2, ready before the office opens",
    ["charts/statements/values-prod.yaml", "acme/worker:1.4.1", "acme/worker:1.4.2"],
    ["charts/statements/values-prod.yaml", 'schedule: "15 4 * * *"', 'schedule: "CRON_TZ=Europe/Berlin 30 5 * * *"']],
    "CRON_TZ is not allowed in a schedule: the time zone belongs into timeZone, which the chart has",
    expected=expect("cron-invalid job-failed invalid-manifest",
                    [("CronJob/statements-nightly spec.schedule", value("30 5 * * *")), ("CronJob/statements-nightly spec.timeZone", value("Europe/Berlin"))],
                    [("CronJob/statements-nightly spec.schedule", BEFORE)]),
    path="charts/statements", source={"helm": {"releaseName": "statements", "valueFiles": ["values-prod.yaml"]}})

# 1662 -------------------------------------------------------------------------------------------------------------- two handlers after a merge
scenario("probe-with-two-handlers", "argocd", {
    "base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
    "base/deployment.yaml": dump(workload("Deployment", "basket", container("basket", "shop", "acme/checkout:1.4.1"), deadline=75)),
    "base/service.yaml": dump(service("basket")),
    "overlays/prod/kustomization.yaml": kustomization("../../base", patches=[{"path": "basket.yaml"}]),
    "overlays/prod/basket.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: basket
        spec:
          replicas: 2
          template:
            spec:
              containers:
                - name: basket
                  env:
                    - name: CACHE_MB
                      value: "12"
        """),
}, ["Prod: ask the basket for its page, and cache more",
    ["overlays/prod/basket.yaml", '              value: "12"\n', '              value: "24"\n          readinessProbe:\n            exec:\n              command: [sh, -c, "wget -q -O /dev/null http://127.0.0.1:8080/"]\n']],
    "the overlay's readinessProbe has exec, the base's httpGet: merged they are two handlers, which the API server refuses",
    expected=expect("invalid-manifest",
                    [(c("Deployment", "basket", "basket", "readinessProbe.httpGet"), GONE)],
                    [(c("Deployment", "basket", "basket", "readinessProbe.exec"), GONE)]),
    path="overlays/prod")

# 1663 -------------------------------------------------------------------------------------------------------------- values schema
scenario("schema-says-number", "flux", {
    "charts/search/Chart.yaml": chart_yaml("search", "3.1.0"),
    "charts/search/values.yaml": text("""
        image:
          repository: acme/catalog
          tag: 1.4.0
        replicas: 1
        cache:
          sizeMb: 16
        memory: 128Mi
        """),
    "charts/search/values.schema.json": text("""
        {
          "$schema": "http://json-schema.org/draft-07/schema#",
          "type": "object",
          "properties": {
            "replicas": {"type": "integer", "minimum": 0},
            "memory": {"type": "string", "pattern": "^[0-9]+(Mi|Gi)$"},
            "cache": {
              "type": "object",
              "additionalProperties": false,
              "properties": {"sizeMb": {"type": "integer", "minimum": 1}}
            }
          }
        }
        """),
    "charts/search/templates/deployment.yaml": RECOMMENDER.replace(".Values.cacheMb", ".Values.cache.sizeMb").replace("{{ .Values.cpu }}", "10m"),
    "charts/search/templates/service.yaml": CHART_SERVICE,
    "releases/search.yaml": release("search", "charts/search", """
        image:
          tag: 1.4.1
        memory: 128Mi
        cache:
          sizeMb: 32
        """),
}, ["Search 1.4.2 with room for the autumn range",
    ["releases/search.yaml", "    image:\n      tag: 1.4.1\n    memory: 128Mi\n    cache:\n      sizeMb: 32\n", "    image:\n      tag: 1.4.2\n    memory: 160Mi\n    cache:\n      sizeMb: 64Mi\n"]],
    "cache.sizeMb is 64Mi, the chart's schema wants a number",
    expected=expect("helm-failed render-failed", [],
                    keep=[(c("Deployment", "search", "shop", "image"), value("acme/catalog:1.4.2")), (c("Deployment", "search", "shop", "resources.limits.memory"), value("160Mi")),
                          (c("Deployment", "search", "shop", "env[name=CACHE_MB].value"), value("64"))]),
    path="releases")

# 1664 -------------------------------------------------------------------------------------------------------------- for people: the delivery's own rights
scenario("deployer-may-not", "flux", one("carts", workload("Deployment", "carts", container("carts", "shop", "acme/checkout:1.4.1"), deadline=75), service("carts")), [
    "Forget abandoned carts at night",
    ["deploy/cleanup.yaml", None, dump(workload("CronJob", "forget-carts", {"name": "forget", "image": "busybox:1.36", "command": ["sh", "-c", "echo nothing to forget"]}, spec={"schedule": "10 2 * * *"}))]],
    "the delivery applies as ServiceAccount shop-1664-deployer, which may not patch cronjobs.batch: somebody has to widen its role", HUMAN,
    expected=expect("rbac-forbidden"),
    spec={"serviceAccountName": "@NAME@-deployer"},
    extra=[{"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "@NAME@-deployer", "namespace": "flux-system"}},
           {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role", "metadata": {"name": "deployer", "namespace": "@NAME@"},
            "rules": [{"apiGroups": ["", "apps", "networking.k8s.io"], "resources": ["*"], "verbs": ["*"]}]},
           {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding", "metadata": {"name": "deployer", "namespace": "@NAME@"},
            "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "deployer"},
            "subjects": [{"kind": "ServiceAccount", "name": "@NAME@-deployer", "namespace": "flux-system"}]}])

# 1665 -------------------------------------------------------------------------------------------------------------- for people: a Secret that lost its key
scenario("secret-made-anew", "argocd", {
    "base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
    "base/deployment.yaml": dump(workload("Deployment", "refunds", container("refunds", "shop", "acme/payments", env={
        "DB_USER": {"secretKeyRef": {"name": "refunds-db", "key": "username"}}, "DB_PASSWORD": {"secretKeyRef": {"name": "refunds-db", "key": "password"}}, "REQUIRED_ENV": "DB_USER,DB_PASSWORD"}), deadline=60)),
    "base/service.yaml": dump(service("refunds")),
    "overlays/prod/kustomization.yaml": kustomization("../../base", images=[{"name": "acme/payments", "newTag": "1.4.1"}]),
}, ["Refunds 1.4.2", ["overlays/prod/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.2"]],
    "the Secret refunds-db, which is not in git, was made anew without its key password: nothing in the repository is wrong", HUMAN,
    expected=expect("secret-missing"), path="overlays/prod",
    given="apiVersion: v1\nkind: Secret\nmetadata:\n  name: refunds-db\nstringData:\n  username: refunds\n  password: only-for-tests\n",
    then=[[-6, "kubectl -n $NAMESPACE delete secret refunds-db && kubectl -n $NAMESPACE create secret generic refunds-db --from-literal=username=refunds"]])

# 1666 -------------------------------------------------------------------------------------------------------------- nothing to do: held on purpose
scenario("rollout-held", "argocd", {
    "deploy/deployment.yaml": dump(workload("Deployment", "loyalty", container("loyalty", "shop", "acme/catalog:1.4.1", env={"CACHE_MB": "8"}), replicas=2, deadline=75)),
    "deploy/service.yaml": dump(service("loyalty")),
}, ["Stage loyalty 1.4.2, held until marketing says go",
    ["deploy/deployment.yaml", "  replicas: 2\n", "  replicas: 2\n  paused: true\n"],
    ["deploy/deployment.yaml", "acme/catalog:1.4.1", "acme/catalog:1.4.2"]],
    "the rollout is paused on purpose, 1.4.1 goes on serving", NONE, expected=expect("suspended replicas-zero healthy"))

# 1667 -------------------------------------------------------------------------------------------------------------- nothing to do: it comes up by itself
OFFERS = workload("Deployment", "offers", container("offers", "shop", "acme/checkout:1.4.1", command=["sh", "-c"], args=["exec /bin/shop serve"]), deadline=240)
scenario("waits-for-rates", "flux", {
    "deploy/offers.yaml": dump(OFFERS, service("offers")),
}, ["Offers in the customer's currency",
    ["deploy/offers.yaml", "        - exec /bin/shop serve\n",
     "        - 'wget -q -O /dev/null http://$RATES_SERVICE_HOST:$RATES_SERVICE_PORT/readyz || { echo \"rates do not answer yet, giving up\"; exit 1; }; exec /bin/shop serve'\n"],
    ["deploy/rates.yaml", None, dump(workload("Deployment", "rates", container("rates", "shop", "acme/catalog:1.4.1", env={"START_SECONDS": "35"},
                                     startupProbe={"httpGet": {"path": "/healthz", "port": "http"}, "periodSeconds": 3, "failureThreshold": 40}), deadline=240), service("rates"))]],
    "offers crashes until the new rates service has loaded, and then runs: it recovers by itself", NONE, expected=expect("healthy recovering"))
