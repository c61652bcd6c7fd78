"""Batch Q, written by somebody who knew neither the playbook nor the batches before: shop-1000 to shop-1021. No program of this folder is needed.
shop-1009, shop-1012 and shop-1021 are missing: their good states did not work (a claim that no volume fits, and `wget -T` of this busybox, which ends with a segmentation fault).
"""
import pathlib, runpy, textwrap
globals().update(runpy.run_path(str(pathlib.Path(__file__).parent / "kit.py")))
SCENARIOS, scenario = batch(1000)

READY = "readiness liveness readiness-probe liveness-probe probe"


def shop(name, image, env=None, **more):
    more.setdefault("live", {"httpGet": {"path": "/healthz", "port": "http"}, "initialDelaySeconds": 5, "periodSeconds": 5, "failureThreshold": 3})
    more.setdefault("ready", {"httpGet": {"path": "/readyz", "port": "http"}, "periodSeconds": 3})
    return container(name, "shop", image=image, env=env, **more)


def quiet(name, image, *command, **more):
    """A container without port and probes."""
    return {"name": name, "image": image, "command": list(command), **more}


SMALL = {"requests": {"cpu": "5m", "memory": "16Mi"}, "limits": {"memory": "64Mi"}}

# ---------------------------------------------------------------- plain, Argo CD

scenario("sidecar-variable", "argocd", {
    "deploy/till.yaml": dump(workload("Deployment", "till", shop("till", "acme/checkout:1.4.1", env={"CACHE_MB": "8"}),
                                      {"name": "usage", "image": "acme/worker:1.4.0", "env": [{"name": "PORT", "value": "9102"}, {"name": "CACHE_MB", "value": "2"}],
                                       "ports": [{"name": "usage", "containerPort": 9102}], "resources": SMALL,
                                       "readinessProbe": {"httpGet": {"path": "/readyz", "port": "usage"}, "periodSeconds": 5}}, deadline=60)),
    "deploy/service.yaml": dump(service("till"))},
    ["Usage exporter 1.4.2, settings as its new manual writes them",
     ["deploy/till.yaml", "image: acme/worker:1.4.0", "image: acme/worker:1.4.2"],
     ["deploy/till.yaml", "name: PORT\n          value: '9102'", "name: USAGE_PORT\n          value: '9102'"]],
    "the sidecar's PORT was renamed USAGE_PORT: it falls back to 8080, where the main container already listens",
    expected=expect("port-conflict crash-on-start",
                    [(c("Deployment", "till", "usage", "env[name=PORT]"), BEFORE), (c("Deployment", "till", "usage", "env[name=USAGE_PORT]"), GONE)],
                    [(c("Deployment", "till", "usage", "env[name=PORT]"), BEFORE)]))

scenario("service-left-behind", "argocd", {
    "deploy/offers.yaml": dump(workload("Deployment", "offers", shop("offers", "acme/catalog:1.4.1", env={"PORT": "8080", "CACHE_MB": "12"}), replicas=2, deadline=60)),
    "deploy/network.yaml": dump(service("offers", target=8080)),
    "deploy/budget.yaml": dump({"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": {"name": "offers"}, "spec": {"maxUnavailable": 1, "selector": {"matchLabels": {"app": "offers"}}}})},
    ["Offers listens on 9000 like our other services",
     ["deploy/offers.yaml", "value: '8080'", "value: '9000'"],
     ["deploy/offers.yaml", "containerPort: 8080", "containerPort: 9000"]],
    "the program moved to port 9000 with its container port and probes, the Service still sends to 8080",
    expected=expect("service-port", [("Service/offers spec.ports[name=http].targetPort", value(9000))], [("Service/offers spec.ports[name=http].targetPort", value("http"))]))

scenario("hook-before-settings", "argocd", {
    "deploy/migrate.yaml": text("""
        apiVersion: batch/v1
        kind: Job
        metadata:
          name: orders-migrate
          annotations:
            argocd.argoproj.io/hook: PreSync
            argocd.argoproj.io/hook-delete-policy: BeforeHookCreation
        spec:
          backoffLimit: 1
          activeDeadlineSeconds: 45
          template:
            metadata:
              labels:
                app: orders-migrate
            spec:
              restartPolicy: Never
              containers:
                - name: migrate
                  image: acme/checkout:1.4.1
                  args: [migrate]
                  env:
                    - name: DATABASE_URL
                      value: postgres://orders@10.20.0.5/orders
        """),
    "deploy/orders.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: orders
        spec:
          progressDeadlineSeconds: 60
          selector:
            matchLabels:
              app: orders
          template:
            metadata:
              labels:
                app: orders
            spec:
              containers:
                - name: orders
                  image: acme/checkout:1.4.1
                  env:
                    - name: REQUIRED_ENV
                      value: DATABASE_URL
                    - name: DATABASE_URL
                      value: postgres://orders@10.20.0.5/orders
                  ports:
                    - name: http
                      containerPort: 8080
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 3
        """),
    "deploy/service.yaml": dump(service("orders"))},
    ["One place for the database address",
     ["deploy/settings.yaml", None, dump(configmap("orders-settings", database_url="postgres://orders@10.20.0.5/orders"))],
     ["deploy/migrate.yaml", "value: postgres://orders@10.20.0.5/orders", "valueFrom:\n                configMapKeyRef: {name: orders-settings, key: database_url}"],
     ["deploy/orders.yaml", "value: postgres://orders@10.20.0.5/orders", "valueFrom:\n                configMapKeyRef: {name: orders-settings, key: database_url}"]],
    "the PreSync hook reads a ConfigMap that the same sync creates only after the hook: it waits for it in vain",
    expected=expect("config-missing job-failed",
                    [(c("Job", "orders-migrate", "migrate", "env[name=DATABASE_URL].value"), BEFORE), (c("Job", "orders-migrate", "migrate", "env[name=DATABASE_URL].valueFrom"), GONE)],
                    [("ConfigMap/orders-settings metadata.annotations", ANY)],
                    [('Job/orders-migrate metadata.annotations["argocd.argoproj.io/hook"]', value("Sync"))],
                    [('Job/orders-migrate metadata.annotations["argocd.argoproj.io/hook"]', value("Sync")), ('Job/orders-migrate metadata.annotations["argocd.argoproj.io/sync-wave"]', ANY)]))

scenario("script-mode", "argocd", {
    "deploy/scripts.yaml": text("""
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: shelf-scripts
        data:
          prepare.sh: |
            #!/bin/sh
            set -e
            mkdir -p /work/shelves
            echo "prepared"
        """),
    "deploy/shelf.yaml": text("""
        # warehouse team: the shelf keeps its index on a scratch volume
        apiVersion: apps/v1
        kind: StatefulSet
        metadata:
          name: shelf
        spec:
          serviceName: shelf
          replicas: 1
          selector:
            matchLabels: {app: shelf}
          template:
            metadata:
              labels: {app: shelf}
            spec:
              initContainers:
                - name: prepare
                  image: busybox:1.36
                  command: [/scripts/prepare.sh]
                  volumeMounts:
                    - name: scripts
                      mountPath: /scripts
                    - name: work
                      mountPath: /work
              containers:
                - name: shelf
                  image: acme/catalog:1.4.2
                  env:
                    - name: WRITE_FILE
                      value: /work/shelves/index
                  ports:
                    - {name: http, containerPort: 8080}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 3
                  volumeMounts:
                    - name: work
                      mountPath: /work
              volumes:
                - name: scripts
                  configMap:
                    name: shelf-scripts
                    defaultMode: 0755
                - name: work
                  emptyDir: {}
        """),
    "deploy/service.yaml": dump(service("shelf", clusterIP="None"))},
    ["Shelf: tighten what is mounted, say what was prepared",
     ["deploy/scripts.yaml", 'echo "prepared"', 'echo "prepared $(ls /work)"'],
     ["deploy/shelf.yaml", "defaultMode: 0755", "defaultMode: 0444"],
     ["deploy/shelf.yaml", "emptyDir: {}", "emptyDir: {sizeLimit: 64Mi}"]],
    "the script is mounted without the executable bit and cannot be started",
    expected=expect("command-not-found volume-mount crash-on-start",
                    [(pod("StatefulSet", "shelf", "volumes[name=scripts].configMap.defaultMode"), BEFORE)],
                    [(pod("StatefulSet", "shelf", "volumes[name=scripts].configMap.defaultMode"), value(0o555))],
                    [(c("StatefulSet", "shelf", "prepare", "command[0]", init=True), ANY), (c("StatefulSet", "shelf", "prepare", "command[1]", init=True), value("/scripts/prepare.sh"))]))

# ---------------------------------------------------------------- Kustomize, Argo CD

scenario("index-shift", "argocd", {
    "base/kustomization.yaml": kustomization("banner.yaml", "service.yaml"),
    "base/banner.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: banner
        spec:
          replicas: 1
          progressDeadlineSeconds: 60
          selector:
            matchLabels:
              app: banner
          template:
            metadata:
              labels:
                app: banner
            spec:
              containers:
                - name: banner
                  image: acme/catalog:1.4.1
                  env:
                    - name: ADVENT_TEASER
                      value: "on"
                    - name: CACHE_MB
                      value: "8"
                    - name: PORT
                      value: "8080"
                  ports:
                    - name: http
                      containerPort: 8080
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 128Mi}
                  livenessProbe:
                    httpGet: {path: /healthz, port: http}
                    initialDelaySeconds: 5
                    periodSeconds: 5
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 3
        """),
    "base/service.yaml": dump(service("banner")),
    "overlays/prod/kustomization.yaml": kustomization("../../base", patches=[{"path": "cache.yaml", "target": {"kind": "Deployment", "name": "banner"}}]),
    "overlays/prod/cache.yaml": text("""
        - op: replace
          path: /spec/template/spec/containers/0/env/1/value
          value: "48"
        """)},
    ["The advent teaser is over",
     ["base/banner.yaml", '            - name: ADVENT_TEASER\n              value: "on"\n', ""]],
    "the overlay's JSON patch counts: with the first variable gone its index 1 is PORT, which becomes 48",
    expected=expect(READY + " crash-on-start",
                    [(c("Deployment", "banner", "banner", "env[name=PORT].value"), BEFORE), (c("Deployment", "banner", "banner", "env[name=CACHE_MB].value"), BEFORE)]),
    path="overlays/prod")

scenario("spread-component", "argocd", {
    "base/kustomization.yaml": kustomization("search.yaml"),
    "base/search.yaml": dump(workload("Deployment", "search", shop("search", "acme/catalog", env={"CACHE_MB": "16"}), replicas=2, deadline=60), service("search")),
    "components/labels/kustomization.yaml": dump({"apiVersion": "kustomize.config.k8s.io/v1alpha1", "kind": "Component", "labels": [{"pairs": {"acme.io/team": "discovery"}, "includeTemplates": True}]}),
    "overlays/prod/kustomization.yaml": kustomization("../../base", components=["../../components/labels"], images=[{"name": "acme/catalog", "newTag": "1.4.1"}])},
    ["Search 1.4.2 for the sales, and survive the loss of a zone",
     ["components/spread/kustomization.yaml", None, text("""
        apiVersion: kustomize.config.k8s.io/v1alpha1
        kind: Component
        patches:
          - target:
              kind: Deployment
            patch: |
              - op: add
                path: /spec/template/spec/topologySpreadConstraints
                value:
                  - maxSkew: 1
                    topologyKey: topology.kubernetes.io/zone
                    whenUnsatisfiable: DoNotSchedule
                    labelSelector:
                      matchLabels:
                        app: search
        """)],
     ["overlays/prod/kustomization.yaml", "- ../../components/labels", "- ../../components/labels\n  - ../../components/spread"],
     ["overlays/prod/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.2"]],
    "the pods must spread over zones, and no node has a zone label",
    expected=expect("unschedulable-placement",
                    [(pod("Deployment", "search", "topologySpreadConstraints"), GONE)],
                    [(pod("Deployment", "search", "topologySpreadConstraints[0]"), GONE)],
                    [(pod("Deployment", "search", "topologySpreadConstraints[0].whenUnsatisfiable"), value("ScheduleAnyway"))],
                    [(pod("Deployment", "search", "topologySpreadConstraints[0].topologyKey"), value("kubernetes.io/hostname"))]),
    path="overlays/prod")

scenario("sidecar-under-quota", "argocd", {
    "base/kustomization.yaml": kustomization("parcels.yaml", "service.yaml"),
    "base/parcels.yaml": dump(workload("Deployment", "parcels", shop("parcels", "acme/worker:1.4.1", env={"CACHE_MB": "8"}, limits="128Mi"), deadline=60)),
    "base/service.yaml": dump(service("parcels")),
    "overlays/prod/quota.yaml": dump({"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "fulfilment"}, "spec": {"hard": {"limits.memory": "1Gi", "pods": "12"}}}),
    "overlays/prod/kustomization.yaml": kustomization("quota.yaml", "../../base", patches=[{"path": "parcels.yaml"}]),
    "overlays/prod/parcels.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: parcels
        spec:
          template:
            spec:
              containers:
                - name: parcels
                  env:
                    - name: CARRIERS
                      value: post,dhl
        """)},
    ["Parcels: keep the carriers' answers for the audit",
     ["overlays/prod/parcels.yaml", "value: post,dhl\n", text("""
        value: post,dhl,gls
                - name: audit
                  image: busybox:1.37
                  command: [sh, -c, "while true; do date; sleep 30; done"]
        """)]],
    "the new container audit has no memory limit, which the namespace's quota demands",
    expected=expect("quota limit-range", [(c("Deployment", "parcels", "audit", "resources"), ANY)]),
    path="overlays/prod")

# ---------------------------------------------------------------- Helm, Argo CD

HELPERS = text("""
    {{- define "service.labels" -}}
    app: {{ .Release.Name }}
    {{- end }}
    """)
DEPLOYMENT = text("""
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: {{ .Release.Name }}
      labels:
        {{- include "service.labels" . | nindent 4 }}
    spec:
      replicas: {{ .Values.replicas }}
      progressDeadlineSeconds: 60
      selector:
        matchLabels:
          {{- include "service.labels" . | nindent 6 }}
      template:
        metadata:
          labels:
            {{- include "service.labels" . | nindent 8 }}
          {{- if .Values.podAnnotations }}
          annotations:
            {{- range $key, $value := .Values.podAnnotations }}
            {{ $key }}: {{ $value | quote }}
            {{- end }}
          {{- end }}
        spec:
          containers:
            - name: app
              image: {{ printf "%s:%s" .Values.image.repository (.Values.image.tag | toString) | quote }}
              env:
                {{- range $key, $value := .Values.env }}
                - name: {{ $key }}
                  value: {{ $value | quote }}
                {{- end }}
                {{- range $key, $ref := .Values.secretEnv }}
                - name: {{ $key }}
                  valueFrom:
                    secretKeyRef:
                      name: {{ $ref.secret }}
                      key: {{ $ref.key }}
                {{- end }}
              ports:
                - name: http
                  containerPort: 8080
              resources:
                {{- toYaml .Values.resources | nindent 12 }}
              livenessProbe:
                httpGet:
                  path: {{ .Values.probes.live.path }}
                  port: http
                initialDelaySeconds: 5
                periodSeconds: 5
              readinessProbe:
                httpGet:
                  path: {{ .Values.probes.ready.path }}
                  port: http
                  scheme: {{ .Values.probes.ready.scheme }}
                periodSeconds: 3
              {{- if .Values.persistence.enabled }}
              volumeMounts:
                - name: data
                  mountPath: {{ .Values.persistence.mountPath }}
              {{- end }}
          {{- if .Values.persistence.enabled }}
          volumes:
            - name: data
              persistentVolumeClaim:
                claimName: {{ .Values.persistence.claim }}
          {{- end }}
    """)
VALUES = text("""
    image:
      repository: %s
      tag: 1.4.1
    replicas: 1
    env:
      CACHE_MB: "8"
    secretEnv: {}
    podAnnotations: {}
    resources:
      requests:
        cpu: 10m
        memory: 32Mi
      limits:
        memory: 128Mi
    probes:
      live:
        path: /healthz
      ready:
        path: /readyz
        scheme: HTTP
    persistence:
      enabled: false
      mountPath: /data
      claim: ""
    """)


def chart(repository):
    return {"chart/Chart.yaml": "apiVersion: v2\nname: service\ndescription: One of our web services\nversion: 1.6.0\n", "chart/values.yaml": VALUES % repository,
            "chart/templates/_helpers.tpl": HELPERS, "chart/templates/deployment.yaml": DEPLOYMENT,
            "chart/templates/service.yaml": text("""
                apiVersion: v1
                kind: Service
                metadata:
                  name: {{ .Release.Name }}
                spec:
                  selector:
                    {{- include "service.labels" . | nindent 4 }}
                  ports:
                    - name: http
                      port: 80
                      targetPort: http
                """)}


def helm(release, *files):
    return {"helm": {"releaseName": release, "valueFiles": list(files)}}


def release(name, values, repository, **spec):
    body = {"apiVersion": "helm.toolkit.fluxcd.io/v2", "kind": "HelmRelease", "metadata": {"name": name}, "spec": {
        "interval": "30s", "timeout": "60s",
        "chart": {"spec": {"chart": "./chart", "reconcileStrategy": "Revision", "sourceRef": {"kind": "GitRepository", "name": "@NAME@", "namespace": "flux-system"}}},
        "install": {"remediation": {"retries": 1}}, "upgrade": {"remediation": {"retries": 1, "strategy": "rollback"}}, **spec, **({"values": values} if values else {})}}
    return {f"releases/{name}.yaml": dump(body), **chart(repository)}


scenario("bigger-cache", "argocd", {**chart("acme/catalog"),
    "env/prod.yaml": text("""
        replicas: 2
        image:
          tag: 1.4.2
        env:
          CACHE_MB: "40"
          SEASON: autumn
        """)},
    ["Winter catalogue: more of it in memory",
     ["env/prod.yaml", 'CACHE_MB: "40"', 'CACHE_MB: "160"'], ["env/prod.yaml", "SEASON: autumn", "SEASON: winter"]],
    "the cache of 160 MB does not fit into the chart's memory limit of 128Mi",
    expected=expect("out-of-memory", [(c("Deployment", "catalogue", "app", "resources.limits.memory"), at_least("176Mi"))], [(c("Deployment", "catalogue", "app", "env[name=CACHE_MB].value"), BEFORE)]),
    path="chart", source=helm("catalogue", "../env/prod.yaml"))

scenario("tag-twice", "argocd", {**chart("acme/payments"),
    "env/common.yaml": "podAnnotations:\n  acme.io/team: money\n",
    "env/prod.yaml": text("""
        image:
          repository: acme/payments
          tag: 1.4.1
        replicas: 2
        """)},
    ["Pay 1.4.2, pinned in full",
     ["env/prod.yaml", "repository: acme/payments\n", "repository: acme/payments:1.4.2\n"], ["env/prod.yaml", "tag: 1.4.1", "tag: 1.4.2"]],
    "the values give the tag in the repository too: acme/payments:1.4.2:1.4.2 is no image name",
    expected=expect("image-not-found", [(c("Deployment", "pay", "app", "image"), value("acme/payments:1.4.2"))], [(c("Deployment", "pay", "app", "image"), BEFORE)]),
    path="chart", source=helm("pay", "../env/common.yaml", "../env/prod.yaml"))

scenario("claim-of-another-name", "argocd", {**chart("acme/catalog"),
    "chart/templates/claim.yaml": text("""
        {{- if .Values.persistence.enabled }}
        apiVersion: v1
        kind: PersistentVolumeClaim
        metadata:
          name: {{ .Release.Name }}-pictures
          annotations:
            argocd.argoproj.io/sync-options: Prune=false
        spec:
          accessModes: [ReadWriteOnce]
          storageClassName: ""
          volumeName: {{ .Values.persistence.volume }}
          resources:
            requests:
              storage: 1Gi
        {{- end }}
        """),
    "env/prod.yaml": text("""
        env:
          WRITE_FILE: /data/state
        persistence:
          enabled: true
          mountPath: /data
          claim: gallery-pictures
          volume: @NAME@-pictures
        """)},
    ["Gallery: pictures below /pictures, names as in the wiki",
     ["env/prod.yaml", "WRITE_FILE: /data/state", "WRITE_FILE: /pictures/state"], ["env/prod.yaml", "mountPath: /data", "mountPath: /pictures"],
     ["env/prod.yaml", "claim: gallery-pictures", "claim: pictures-gallery"]],
    "the Deployment asks for the claim pictures-gallery, the chart makes gallery-pictures",
    expected=expect("volume-unbound", [(pod("Deployment", "gallery", "volumes[name=data].persistentVolumeClaim.claimName"), BEFORE)]),
    path="chart", source=helm("gallery", "../env/prod.yaml"),
    given=dump({"apiVersion": "v1", "kind": "PersistentVolume", "metadata": {"name": "@NAME@-pictures"}, "spec": {
        "capacity": {"storage": "1Gi"}, "accessModes": ["ReadWriteOnce"], "persistentVolumeReclaimPolicy": "Retain", "storageClassName": "", "hostPath": {"path": "/tmp/@NAME@-pictures", "type": "DirectoryOrCreate"}}}))

# ---------------------------------------------------------------- plain, Flux

scenario("file-became-folder", "flux", {
    "deploy/edge.yaml": text("""
        apiVersion: apps/v1
        kind: DaemonSet
        metadata:
          name: edge-collector
        spec:
          selector:
            matchLabels: {app: edge-collector}
          template:
            metadata:
              labels: {app: edge-collector}
            spec:
              containers:
                - name: collector
                  image: acme/worker:1.4.1
                  env:
                    - name: CONFIG_FILE
                      value: /etc/edge/collector.conf
                  ports:
                    - {name: http, containerPort: 8080}
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 96Mi}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 3
                  volumeMounts:
                    - name: settings
                      mountPath: /etc/edge/collector.conf
                      subPath: collector.conf
              volumes:
                - name: settings
                  configMap:
                    name: edge-settings
        """),
    "deploy/settings.yaml": text("""
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: edge-settings
        data:
          collector.conf: |
            interval=30
            region=north
        """)},
    ["Collector 1.4.2 reads the short intervals",
     ["deploy/settings.yaml", "collector.conf: |\n    interval=30", "edge.conf: |\n    interval=5"], ["deploy/edge.yaml", "acme/worker:1.4.1", "acme/worker:1.4.2"]],
    "the ConfigMap's key is now edge.conf, the subPath still collector.conf: an empty folder is mounted where the program expects a file",
    expected=expect("volume-mount config-key-missing crash-on-start",
                    [(c("DaemonSet", "edge-collector", "collector", "volumeMounts[name=settings].subPath"), value("edge.conf"))],
                    [('ConfigMap/edge-settings data["collector.conf"]', value("interval=5\nregion=north\n")), ('ConfigMap/edge-settings data["edge.conf"]', GONE)],
                    [('ConfigMap/edge-settings data["collector.conf"]', value("interval=5\nregion=north\n"))]))

scenario("digest-first-release", "flux", {
    "deploy/inbox.yaml": dump(workload("Deployment", "inbox", shop("inbox", "acme/worker:1.4.2", env={"CACHE_MB": "8"}), deadline=60), service("inbox")),
    "deploy/digest.yaml": text("""
        apiVersion: batch/v1
        kind: CronJob
        metadata:
          name: morning-digest
        spec:
          schedule: "*/2 * * * *"
          concurrencyPolicy: Forbid
          jobTemplate:
            spec:
              backoffLimit: 1
              template:
                metadata:
                  labels: {app: morning-digest}
                spec:
                  containers:
                    - name: digest
                      image: acme/worker:1.4.2
                      args: [migrate]
                      env:
                        - name: DATABASE_URL
                          value: postgres://inbox@10.20.0.5/inbox
        """)},
    [], "the CronJob's pods have no restartPolicy: Always is the default and not allowed there, the server refuses the whole first release",
    expected=expect("invalid-manifest cron-invalid job-failed", [(pod("CronJob", "morning-digest", "restartPolicy"), value("Never"))], [(pod("CronJob", "morning-digest", "restartPolicy"), value("OnFailure"))]),
    never_worked=True)

# ---------------------------------------------------------------- Kustomize, Flux

WAIT = 'wget -T 3 -q -O /dev/null "$STOCK_URL" || { echo "stock does not answer at $STOCK_URL"; exit 1; }'


def stock_files(stock_env, spec=None, deadline=60):
    waiting = quiet("wait-for-stock", "busybox:1.36", "sh", "-c", WAIT, env=[{"name": "STOCK_URL", "value": "http://$(STOCK_SERVICE_HOST):80/healthz"}])
    return {
        "base/kustomization.yaml": kustomization("stock.yaml", "orders.yaml"),
        "base/stock.yaml": dump(workload("Deployment", "stock", shop("stock", "acme/catalog", env=stock_env, live={"httpGet": {"path": "/healthz", "port": "http"}, "initialDelaySeconds": 60, "periodSeconds": 10}),
                                         deadline=deadline, spec=spec), service("stock")),
        "base/orders.yaml": dump(workload("Deployment", "orders", shop("orders", "acme/checkout", env={"CACHE_MB": "8", "HOLIDAY_NOTICE": "none"}), deadline=deadline, pod={"initContainers": [waiting]}, spec=spec), service("orders")),
        "overlays/prod/kustomization.yaml": kustomization("../../base", images=[{"name": "acme/catalog", "newTag": "1.4.1"}, {"name": "acme/checkout", "newTag": "1.4.1"}])}


scenario("port-of-the-neighbour", "flux", stock_files({"CACHE_MB": "8"}),
    ["Stock on the same port inside and outside, holiday notice for orders",
     ["base/stock.yaml", "port: 80\n    targetPort", "port: 8080\n    targetPort"],
     ["base/orders.yaml", "value: none", "value: late-deliveries"]],
    "Service stock moved from port 80 to 8080, the init container of orders still asks for it on 80",
    expected=expect("dependency-address service-port crash-on-start",
                    [(c("Deployment", "orders", "wait-for-stock", "env[name=STOCK_URL].value", init=True), value("http://$(STOCK_SERVICE_HOST):8080/healthz"))],
                    [(c("Deployment", "orders", "wait-for-stock", "env[name=STOCK_URL].value", init=True), value("http://$(STOCK_SERVICE_HOST):$(STOCK_SERVICE_PORT)/healthz"))],
                    [("Service/stock spec.ports[name=http].port", BEFORE)]),
    path="overlays/prod")

scenario("zone-of-the-clock", "flux", {
    "base/kustomization.yaml": kustomization("stocktake.yaml"),
    "base/stocktake.yaml": text("""
        apiVersion: batch/v1
        kind: CronJob
        metadata:
          name: stocktake
        spec:
          schedule: "*/2 * * * *"
          concurrencyPolicy: Forbid
          successfulJobsHistoryLimit: 1
          jobTemplate:
            spec:
              backoffLimit: 1
              template:
                metadata:
                  labels: {app: stocktake}
                spec:
                  restartPolicy: Never
                  containers:
                    - name: count
                      image: busybox:1.36
                      command: [sh, -c, "echo counted $WAREHOUSES"]
                      env:
                        - name: WAREHOUSES
                          value: basel
        """),
    "overlays/prod/kustomization.yaml": kustomization("../../base", patches=[{"path": "stocktake.yaml"}]),
    "overlays/prod/stocktake.yaml": text("""
        apiVersion: batch/v1
        kind: CronJob
        metadata:
          name: stocktake
        spec:
          schedule: "*/3 * * * *"
        """)},
    ["Year-end stocktake at night, by the clock of the warehouse",
     ["overlays/prod/stocktake.yaml", 'schedule: "*/3 * * * *"', 'schedule: "30 2 * * *"\n  timeZone: Europe/Zuerich'], ["base/stocktake.yaml", "value: basel", "value: basel,olten"]],
    "timeZone Europe/Zuerich does not exist (Europe/Zurich does): the server refuses the CronJob",
    expected=expect("cron-invalid invalid-manifest job-failed", [("CronJob/stocktake spec.timeZone", value("Europe/Zurich"))], [("CronJob/stocktake spec.timeZone", GONE)]),
    path="overlays/prod")

# ---------------------------------------------------------------- Helm, Flux

scenario("values-with-a-hash", "flux", {
    **release("counter", None, "acme/checkout", valuesFrom=[{"kind": "ConfigMap", "name": "counter-values"}]),
    "releases/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources:
          - counter.yaml
        configMapGenerator:
          - name: counter-values
            files:
              - values.yaml=counter-values.yaml
        generatorOptions:
          disableNameSuffixHash: true
        """),
    "releases/counter-values.yaml": text("""
        replicas: 1
        env:
          CACHE_MB: "12"
          TILLS: "4"
        """)},
    ["More tills for the sales; changed settings shall roll out by themselves",
     ["releases/counter-values.yaml", 'TILLS: "4"', 'TILLS: "9"'],
     ["releases/kustomization.yaml", "generatorOptions:\n  disableNameSuffixHash: true\n", ""]],
    "the generated ConfigMap now carries a hash in its name, and kustomize does not follow a HelmRelease's valuesFrom: counter-values is gone",
    expected=expect("config-missing helm-failed", [], [("ConfigMap/counter-values data", GONE), ('ConfigMap/counter-values-# data["values.yaml"]', ANY)],
                    keep=[(c("Deployment", "counter", "app", "env[name=TILLS].value"), value("9"))]),
    path="releases")

scenario("scheme-before-certificate", "flux", release("vouchers", {
    "image": {"tag": "1.4.2"}, "env": {"CACHE_MB": "8", "TLS_MODE": "off"}, "probes": {"ready": {"path": "/readyz", "scheme": "HTTP"}}}, "acme/payments"),
    ["Vouchers accepts TLS from its callers",
     ["releases/vouchers.yaml", "TLS_MODE: 'off'", "TLS_MODE: permissive"], ["releases/vouchers.yaml", "scheme: HTTP\n", "scheme: HTTPS\n"]],
    "the readiness probe speaks HTTPS to a port that serves plain HTTP",
    expected=expect(READY + " helm-failed", [(c("Deployment", "vouchers", "app", "readinessProbe.httpGet.scheme"), BEFORE)]),
    path="releases")

scenario("annotation-number", "flux", release("refunds", {
    "env": {"CACHE_MB": "8"}, "podAnnotations": {"acme.io/team": "money", "acme.io/cost-centre": 4711}, "replicas": 1}, "acme/payments"),
    ["Chart 1.7: annotations with less ceremony, room for the sales",
     ["chart/Chart.yaml", "version: 1.6.0", "version: 1.7.0"],
     ["chart/templates/deployment.yaml", "        {{- range $key, $value := .Values.podAnnotations }}\n        {{ $key }}: {{ $value | quote }}\n        {{- end }}\n", "        {{- toYaml .Values.podAnnotations | nindent 8 }}\n"],
     ["releases/refunds.yaml", "replicas: 1", "replicas: 2"]],
    "the chart no longer quotes annotations, so the release's cost centre becomes a number, which the server refuses",
    expected=expect("helm-failed invalid-manifest", [('Deployment/refunds spec.template.metadata.annotations["acme.io/cost-centre"]', value("4711"))]),
    path="releases")

scenario("two-ideas-of-ready", "flux", release("wishes", {
    "image": {"tag": "1.4.2"}, "env": {"CACHE_MB": "16", "READY_PATH": "/ready", "LIST_SIZE": "200"}, "replicas": 1}, "acme/catalog"),
    [], "READY_PATH makes the program answer on /ready, the chart's readiness probe asks for /readyz",
    expected=expect(READY + " helm-failed",
                    [(c("Deployment", "wishes", "app", "readinessProbe.httpGet.path"), value("/ready"))],
                    [(c("Deployment", "wishes", "app", "env[name=READY_PATH].value"), value("/readyz"))],
                    [(c("Deployment", "wishes", "app", "env[name=READY_PATH]"), GONE)]),
    path="releases", never_worked=True)

# ---------------------------------------------------------------- for people, and for nobody

secret = lambda name, **data: dump({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name}, "stringData": data})

scenario("credential-swept-away", "argocd", {
    "deploy/ship.yaml": dump(workload("Deployment", "ship", shop("ship", "acme/worker:1.4.1", env={
        "REQUIRED_ENV": "CARRIER_TOKEN", "CARRIER_TOKEN": {"secretKeyRef": {"name": "carrier-api", "key": "token"}}}), deadline=60)),
    "deploy/service.yaml": dump(service("ship"))},
    ["Ship 1.4.2", ["deploy/ship.yaml", "acme/worker:1.4.1", "acme/worker:1.4.2"]],
    "somebody deleted the Secret carrier-api by hand before an innocent release: only people can bring the credential back",
    answer=HUMAN, expected=expect("secret-missing"), given=secret("carrier-api", token="only-for-tests"),
    then=[[-10, "kubectl -n $NAMESPACE delete secret carrier-api"]])

scenario("key-nobody-filled-in", "flux", release("letters", {
    "env": {"CACHE_MB": "8", "REQUIRED_ENV": "RELAY_PASSWORD"}, "secretEnv": {"RELAY_PASSWORD": {"secret": "mail-relay", "key": "password"}}}, "acme/worker"),
    ["Letters: sign what we send",
     ["releases/letters.yaml", "REQUIRED_ENV: RELAY_PASSWORD", "REQUIRED_ENV: RELAY_PASSWORD,DKIM_PRIVATE_KEY"],
     ["releases/letters.yaml", "      key: password\n", "      key: password\n      DKIM_PRIVATE_KEY:\n        secret: mail-relay\n        key: dkim.pem\n"]],
    "the Secret mail-relay, made by hand, has no key dkim.pem: somebody has to put the private key there",
    answer=HUMAN, expected=expect("secret-missing"), path="releases", given=secret("mail-relay", password="only-for-tests"))

scenario("paused-for-christmas", "flux", {
    "base/kustomization.yaml": kustomization("newsletter.yaml", "sender.yaml"),
    "base/newsletter.yaml": dump(workload("CronJob", "newsletter", quiet("send", "busybox:1.36", "sh", "-c", "echo sent"), spec={"suspend": False})),
    "base/sender.yaml": dump(workload("Deployment", "sender", shop("sender", "acme/worker:1.4.2", env={"CACHE_MB": "8"}), deadline=60)),
    "overlays/prod/kustomization.yaml": kustomization("../../base", replicas=[{"name": "sender", "count": 2}])},
    ["No newsletters until 7 January",
     ["base/newsletter.yaml", "suspend: false", "suspend: true"], ["overlays/prod/kustomization.yaml", "count: 2", "count: 0"]],
    "paused on purpose: the CronJob is suspended and the sender has no replicas",
    answer=NONE, expected=expect("suspended replicas-zero healthy"), path="overlays/prod")

scenario("waits-for-its-neighbour", "flux", stock_files({"CACHE_MB": "8", "START_SECONDS": "2"}, spec={"strategy": {"type": "Recreate"}}, deadline=180),
    ["Stock and orders 1.4.2, stock reads all warehouses first",
     ["base/stock.yaml", "value: '2'", "value: '35'"], ["overlays/prod/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.2"]],
    "orders crashes while stock loads for 35 seconds, and then both are well",
    answer=NONE, expected=expect("healthy recovering"), path="overlays/prod")
