"""Batch R, written by somebody who knew neither the playbook nor the batches before: shop-1030 to shop-1051, a failure for each class that can fail on this cluster, in an unusual form.
No program of this folder is needed. shop-1037 leaves a PersistentVolume in the cluster. shop-1046 is missing: its good state did not work (an init container's `nc`).
"""
import pathlib, runpy, textwrap
globals().update(runpy.run_path(str(pathlib.Path(__file__).parent / "kit.py")))
SCENARIOS, scenario = batch(1030)

K = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n"


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
            remediation: {{retries: 2}}
        """) + more + ("  values:\n" + textwrap.indent(text(values), "    ") if values else "")


def chart(name, values, **templates):
    return {"chart/Chart.yaml": f"apiVersion: v2\nname: {name}\ndescription: {name} of team storefront\nversion: 1.2.0\n", "chart/values.yaml": text(values),
            **{f"chart/templates/{key}.yaml": text(t) for key, t in templates.items()}}


def argo_helm(release_name, *files):
    return {"path": "chart", "source": {"helm": {"releaseName": release_name, "valueFiles": list(files)}}}


# 1 image-not-found: a digest set by a component, DaemonSet
agent = container("shipper", "shop", image="acme/worker", limits="64Mi", env={"QUEUE": "audit"})
scenario("digest-in-component", "flux", {
    "base/daemonset.yaml": dump(workload("DaemonSet", "shipper", agent)),
    "base/kustomization.yaml": kustomization("daemonset.yaml"),
    "components/versions/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1alpha1
        kind: Component
        images:
          - name: acme/worker
            newTag: 1.4.1
        """),
    "clusters/prod/kustomization.yaml": K + "resources:\n  - ../../base\ncomponents:\n  - ../../components/versions\nlabels:\n  - pairs:\n      team: platform\n",
}, ["Supply chain: no mutable references", ["components/versions/kustomization.yaml", "    newTag: 1.4.1\n", "    digest: sha256:9f2c1b6f0e4d7a8835c2be6d1f0a94c77e3b5d2a6c8f1e0b4d9a7c3e5f1b2d60\n"],
    ["clusters/prod/kustomization.yaml", "      team: platform\n", "      team: platform\n      policy: pinned\n"]],
    "the component pins a digest that the registry does not have", path="clusters/prod",
    expected=expect("image-not-found", [(c("DaemonSet", "shipper", "shipper", "image"), BEFORE)]))

# 2 command-not-found: a postStart hook
scenario("hook-shell", "argocd", {
    "deploy/kiosk.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: kiosk
          annotations:
            owner: storefront@acme.example
        spec:
          replicas: 2
          progressDeadlineSeconds: 80
          selector:
            matchLabels: {app: kiosk}
          template:
            metadata:
              labels: {app: kiosk}
            spec:
              containers:
                - name: kiosk
                  image: acme/catalog:1.4.1
                  ports:
                    - {name: http, containerPort: 8080}
                  env:
                    - {name: BANNER, value: spring}
                  lifecycle:
                    postStart:
                      exec:
                        command: [sh, -c, "cat /etc/passwd > /tmp/users"]
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 5
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 96Mi}
        """),
    "deploy/service.yaml": dump(service("kiosk")),
}, ["Autumn banner, one shell everywhere", ["deploy/kiosk.yaml", "[sh, -c,", "[bash, -c,"], ["deploy/kiosk.yaml", "value: spring", "value: autumn"]],
    "the postStart hook runs bash, which the image does not have",
    expected=expect("command-not-found crash-on-start", [(c("Deployment", "kiosk", "kiosk", "lifecycle.postStart.exec.command[0]"), BEFORE)],
                    [(c("Deployment", "kiosk", "kiosk", "lifecycle.postStart.exec.command[0]"), value("/bin/sh"))]))

# 3 crash-on-start: a number with a unit in an env file merged into the base's generator
basket = container("basket", "shop", image="acme/payments:1.4.0", envFrom=[{"configMapRef": {"name": "basket-env"}}])
scenario("env-file-unit", "argocd", {
    "base/deployment.yaml": dump(workload("Deployment", "basket", basket, replicas=2)), "base/service.yaml": dump(service("basket")),
    "base/basket.env": "CACHE_MB=8\nCURRENCY=EUR\nLOG_FORMAT=text\n",
    "base/kustomization.yaml": K + "resources:\n  - deployment.yaml\n  - service.yaml\nconfigMapGenerator:\n  - name: basket-env\n    envs:\n      - basket.env\n",
    "overlays/production/production.env": "CACHE_MB=16\nREGION=eu-west-1\n",
    "overlays/production/kustomization.yaml": K + "resources:\n  - ../../base\nconfigMapGenerator:\n  - name: basket-env\n    behavior: merge\n    envs:\n      - production.env\n",
    "overlays/staging/kustomization.yaml": K + "resources:\n  - ../../base\n",
}, ["Production: larger cache, second region", ["overlays/production/production.env", "CACHE_MB=16\nREGION=eu-west-1\n", "CACHE_MB=24M\nREGION=eu-west-1\nFAILOVER_REGION=eu-central-1\n"]],
    "CACHE_MB must be a bare number, 24M is none", path="overlays/production",
    expected=expect("crash-on-start", [("ConfigMap/basket-env-# data.CACHE_MB", BEFORE)], [("ConfigMap/basket-env-# data.CACHE_MB", value("24"))]))

# 4 config-key-missing: the file behind a generated key gets another name; the key is asked for in the base
limits = container("throttle", "shop", image="acme/checkout:1.4.2", env={"CONFIG_FILE": "/etc/throttle/limits.conf"}, volumeMounts=[{"name": "conf", "mountPath": "/etc/throttle", "readOnly": True}])
scenario("generated-key", "flux", {
    "app/deployment.yaml": dump(workload("Deployment", "throttle", limits, deadline=75, pod={"volumes": [{"name": "conf", "configMap": {"name": "throttle-limits", "items": [{"key": "limits.conf", "path": "limits.conf"}]}}]})),
    "app/service.yaml": dump(service("throttle")), "app/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
    "env/live/conf/limits.conf": "per_minute=600\nburst=40\n",
    "env/live/kustomization.yaml": K + "resources:\n  - ../../app\nconfigMapGenerator:\n  - name: throttle-limits\n    files:\n      - conf/limits.conf\n",
}, ["Limits: syntax highlighting in the editor, burst 60", ["env/live/conf/limits.conf", "burst=40", DELETE], ["env/live/conf/limits.properties", None, "per_minute=600\nburst=60\n"],
    ["env/live/kustomization.yaml", "conf/limits.conf", "conf/limits.properties"]],
    "the generated ConfigMap has the key limits.properties now, the volume's items ask for limits.conf", path="env/live",
    expected=expect("config-key-missing volume-mount", [(pod("Deployment", "throttle", "volumes[name=conf].configMap.items[0].key"), value("limits.properties"))],
                    [('ConfigMap/throttle-limits-# data["limits.conf"]', value("per_minute=600\nburst=60\n")), ('ConfigMap/throttle-limits-# data["limits.properties"]', GONE)]))

# 5 out-of-memory: without a limit of its own the container gets the LimitRange's
scenario("default-memory", "argocd", {
    "deploy/search.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: search
        spec:
          replicas: 1
          progressDeadlineSeconds: 90
          selector:
            matchLabels: {app: search}
          template:
            metadata:
              labels: {app: search}
            spec:
              containers:
                - name: search
                  image: acme/catalog:1.4.1
                  env:
                    - {name: CACHE_MB, value: "110"}
                  ports:
                    - {name: http, containerPort: 8080}
                  resources:
                    requests:
                      cpu: 20m
                      memory: 48Mi
                    limits:
                      cpu: 500m
                      memory: 192Mi
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 5
        """),
    "deploy/defaults.yaml": dump({"apiVersion": "v1", "kind": "LimitRange", "metadata": {"name": "defaults"}, "spec": {"limits": [{"type": "Container", "default": {"memory": "64Mi"}, "defaultRequest": {"memory": "16Mi"}}]}}),
    "deploy/service.yaml": dump(service("search")),
}, ["Rely on the namespace's defaults", ["deploy/search.yaml", "              cpu: 500m\n              memory: 192Mi\n", "              cpu: 500m\n"], ["deploy/search.yaml", "catalog:1.4.1", "catalog:1.4.2"]],
    "without a memory limit of its own the container gets the LimitRange's default of 64Mi and is OOM-killed while it warms its cache of 110 MB",
    expected=expect("out-of-memory", [(c("Deployment", "search", "search", "resources.limits.memory"), BEFORE)], [(c("Deployment", "search", "search", "resources.limits.memory"), at_least("144Mi"))]))

# 6 startup probe: values from a ConfigMap, StatefulSet, HelmRelease
depot = chart("depot", """
    image: {repository: acme/worker, tag: 1.4.1}
    replicas: 1
    env: {}
    startup: {periodSeconds: 3, failureThreshold: 40}
    """, statefulset="""
    apiVersion: apps/v1
    kind: StatefulSet
    metadata:
      name: {{ .Release.Name }}
    spec:
      serviceName: {{ .Release.Name }}
      replicas: {{ .Values.replicas }}
      selector:
        matchLabels: {app: {{ .Release.Name }}}
      template:
        metadata:
          labels: {app: {{ .Release.Name }}}
        spec:
          containers:
            - name: worker
              image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
              ports:
                - {name: http, containerPort: 8080}
              env:
                {{- range $k, $v := .Values.env }}
                - name: {{ $k }}
                  value: {{ $v | quote }}
                {{- end }}
              startupProbe:
                tcpSocket: {port: http}
                {{- toYaml .Values.startup | nindent 12 }}
              livenessProbe:
                httpGet: {path: /healthz, port: http}
              resources:
                requests: {cpu: 10m, memory: 24Mi}
                limits: {memory: 96Mi}
    """, service="""
    apiVersion: v1
    kind: Service
    metadata:
      name: {{ .Release.Name }}
    spec:
      clusterIP: None
      selector: {app: {{ .Release.Name }}}
      ports:
        - {name: http, port: 8080, targetPort: http}
    """)
scenario("startup-budget", "flux", {**depot, "releases/depot.yaml": release("depot", "", "  valuesFrom:\n    - kind: ConfigMap\n      name: depot-values\n      valuesKey: depot.yaml\n"),
    "releases/values.yaml": text("""
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: depot-values
        data:
          depot.yaml: |
            image:
              tag: 1.4.1
            env:
              START_SECONDS: 18
            startup:
              periodSeconds: 3
              failureThreshold: 20
        """)},
    ["Depot 1.4.2, notice dead starts sooner", ["releases/values.yaml", "tag: 1.4.1", "tag: 1.4.2"], ["releases/values.yaml", "failureThreshold: 20", "failureThreshold: 3"]],
    "the startup probe gives the program 9 seconds, it needs 18", path="releases",
    expected=expect("startup probe liveness startup-probe", [(c("StatefulSet", "depot", "worker", "startupProbe.failureThreshold"), BEFORE)],
                    [(c("StatefulSet", "depot", "worker", "startupProbe.failureThreshold"), at_least("7"))],
                    [(c("StatefulSet", "depot", "worker", "startupProbe.periodSeconds"), at_least("7"))]))

# 7 unschedulable-resources: an init container's request
index = chart("finder", """
    image: {repository: acme/catalog, tag: 1.4.1}
    replicas: 1
    index:
      databaseUrl: postgres://finder@10.20.0.5/finder
      resources:
        requests: {cpu: 50m, memory: 16Mi}
    resources:
      requests: {cpu: 20m, memory: 24Mi}
      limits: {memory: 96Mi}
    """, deployment="""
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: {{ .Release.Name }}
    spec:
      replicas: {{ .Values.replicas }}
      progressDeadlineSeconds: 75
      selector:
        matchLabels: {app: {{ .Release.Name }}}
      template:
        metadata:
          labels: {app: {{ .Release.Name }}}
        spec:
          initContainers:
            - name: index
              image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
              args: [migrate]
              env:
                - name: DATABASE_URL
                  value: {{ .Values.index.databaseUrl | quote }}
              resources:
                {{- toYaml .Values.index.resources | nindent 16 }}
          containers:
            - name: finder
              image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
              ports:
                - {name: http, containerPort: 8080}
              readinessProbe:
                httpGet: {path: /readyz, port: http}
              resources:
                {{- toYaml .Values.resources | nindent 16 }}
    """, service="""
    apiVersion: v1
    kind: Service
    metadata:
      name: {{ .Release.Name }}
    spec:
      selector: {app: {{ .Release.Name }}}
      ports:
        - {name: http, port: 80, targetPort: http}
    """)
scenario("init-wants-cores", "argocd", {**index, "chart/values-prod.yaml": "replicas: 2\nindex:\n  resources:\n    requests:\n      cpu: 100m\n      memory: 32Mi\n"},
    ["Build the index in seconds, not minutes", ["chart/values-prod.yaml", "cpu: 100m\n      memory: 32Mi", "cpu: 4\n      memory: 64Mi"]],
    "the init container requests 4 CPUs, the node has 2", **argo_helm("finder", "values-prod.yaml"),
    expected=expect("unschedulable-resources", [(c("Deployment", "finder", "index", "resources.requests.cpu", init=True), BEFORE)]))

# 8 volume-unbound: the first release names a claim that its chart does not make
archive = chart("archive", """
    image: acme/worker:1.4.0
    persistence:
      create: true
      existingClaim: ""
      size: 1Gi
    """, deployment="""
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: {{ .Release.Name }}
    spec:
      replicas: 1
      progressDeadlineSeconds: 80
      strategy: {type: Recreate}
      selector:
        matchLabels: {app: {{ .Release.Name }}}
      template:
        metadata:
          labels: {app: {{ .Release.Name }}}
        spec:
          containers:
            - name: archive
              image: {{ .Values.image }}
              env:
                - {name: WRITE_FILE, value: /archive/state}
              ports:
                - {name: http, containerPort: 8080}
              readinessProbe:
                httpGet: {path: /readyz, port: http}
              resources:
                requests: {cpu: 10m, memory: 24Mi}
                limits: {memory: 96Mi}
              volumeMounts:
                - {name: files, mountPath: /archive}
          volumes:
            - name: files
              persistentVolumeClaim:
                claimName: {{ .Values.persistence.existingClaim | default (printf "%s-data" .Release.Name) }}
    """, volume="""
    {{- if .Values.persistence.create }}
    apiVersion: v1
    kind: PersistentVolume
    metadata:
      name: {{ .Release.Namespace }}-{{ .Release.Name }}
    spec:
      capacity: {storage: {{ .Values.persistence.size }}}
      accessModes: [ReadWriteOnce]
      persistentVolumeReclaimPolicy: Retain
      hostPath: {path: /var/tmp/{{ .Release.Namespace }}-{{ .Release.Name }}, type: DirectoryOrCreate}
    ---
    apiVersion: v1
    kind: PersistentVolumeClaim
    metadata:
      name: {{ .Release.Name }}-data
    spec:
      accessModes: [ReadWriteOnce]
      storageClassName: ""
      volumeName: {{ .Release.Namespace }}-{{ .Release.Name }}
      resources:
        requests: {storage: {{ .Values.persistence.size }}}
    {{- end }}
    """)
scenario("claim-of-another-name", "argocd", {**archive, "env/prod.yaml": "# first production release of the archive\nimage: acme/worker:1.4.2\npersistence:\n  create: true\n  existingClaim: archive-files\n  size: 2Gi\n"}, [],
    "the values name a claim archive-files, the chart makes archive-data; there is no earlier revision", **argo_helm("archive", "../env/prod.yaml"), never_worked=True,
    expected=expect("volume-unbound", [(pod("Deployment", "archive", "volumes[name=files].persistentVolumeClaim.claimName"), value("archive-data"))]))

# 9 volume-mount: a subPath that names no key becomes an empty folder
scenario("file-becomes-folder", "flux", {
    "deploy/relay.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: relay
        spec:
          replicas: 1
          progressDeadlineSeconds: 80
          selector:
            matchLabels: {app: relay}
          template:
            metadata:
              labels: {app: relay}
            spec:
              containers:
                - name: relay
                  image: acme/payments:1.4.1
                  env:
                    - name: CONFIG_FILE
                      value: /etc/relay/relay.env
                  ports:
                    - {name: http, containerPort: 8080}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 5
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 96Mi}
                  volumeMounts:
                    - name: config
                      mountPath: /etc/relay/relay.env
                      subPath: relay.env
                      readOnly: true
              volumes:
                - name: config
                  configMap: {name: relay-config}
        """),
    "deploy/config.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: relay-config\ndata:\n  relay.env: |\n    HOPS=3\n    TIMEOUT=20\n",
    "deploy/service.yaml": dump(service("relay")),
}, ["Relay 1.4.2, retries", ["deploy/config.yaml", "  relay.env: |\n    HOPS=3\n    TIMEOUT=20\n", "  relay-prod.env: |\n    HOPS=3\n    TIMEOUT=20\n    RETRIES=2\n"], ["deploy/relay.yaml", "payments:1.4.1", "payments:1.4.2"]],
    "subPath relay.env names no key of the ConfigMap any more (it is relay-prod.env), so an empty folder is mounted where the file should be",
    expected=expect("volume-mount config-key-missing crash-on-start", [(c("Deployment", "relay", "relay", "volumeMounts[name=config].subPath"), value("relay-prod.env"))],
                    [('ConfigMap/relay-config data["relay.env"]', value("HOPS=3\nTIMEOUT=20\nRETRIES=2\n")), ('ConfigMap/relay-config data["relay-prod.env"]', GONE)]))

# 10 service-no-endpoints and autoscaler: two silent faults
bus = container("bus", "shop", image="acme/worker:1.4.1", env={"TOPICS": "orders,stock"})
scenario("ordinals-and-scaler", "flux", {
    "deploy/bus.yaml": dump(workload("StatefulSet", "bus", bus, replicas=2, spec={"podManagementPolicy": "Parallel"})),
    "deploy/services.yaml": dump(service("bus", clusterIP="None"), service("bus-primary", selector={"app": "bus", "statefulset.kubernetes.io/pod-name": "bus-0"})),
    "deploy/autoscaler.yaml": text("""
        apiVersion: autoscaling/v2
        kind: HorizontalPodAutoscaler
        metadata:
          name: bus
        spec:
          scaleTargetRef:
            apiVersion: apps/v1
            kind: StatefulSet
            name: bus
          minReplicas: 2
          maxReplicas: 4
          metrics:
            - type: Resource
              resource:
                name: cpu
                target: {type: Utilization, averageUtilization: 70}
        """),
}, ["Number the nodes from 1 like the racks, calmer autoscaler", ["deploy/bus.yaml", "  serviceName: bus\n", "  serviceName: bus\n  ordinals:\n    start: 1\n"],
    ["deploy/autoscaler.yaml", "    apiVersion: apps/v1\n", "    apiVersion: autoscaling/v2\n"],
    ["deploy/autoscaler.yaml", "  minReplicas: 2\n", "  behavior:\n    scaleDown:\n      stabilizationWindowSeconds: 600\n  minReplicas: 2\n"]],
    "Service bus-primary selects the pod bus-0, which is bus-1 now; and the autoscaler's scaleTargetRef has the API group autoscaling, in which there is no StatefulSet",
    expected=expect("service-no-endpoints autoscaler",
                    [('Service/bus-primary spec.selector["statefulset.kubernetes.io/pod-name"]', value("bus-1")), ("HorizontalPodAutoscaler/bus spec.scaleTargetRef.apiVersion", BEFORE)],
                    [("StatefulSet/bus spec.ordinals", BEFORE), ("HorizontalPodAutoscaler/bus spec.scaleTargetRef.apiVersion", BEFORE)],
                    [('Service/bus-primary spec.selector["statefulset.kubernetes.io/pod-name"]', value("bus-1"))], [("HorizontalPodAutoscaler/bus spec.scaleTargetRef.apiVersion", BEFORE)]))

# 11 service-account-missing and job-failed: two CronJobs
cron = """
    apiVersion: batch/v1
    kind: CronJob
    metadata:
      name: {name}
    spec:
      schedule: "* * * * *"
      concurrencyPolicy: Forbid
      failedJobsHistoryLimit: {history}
      jobTemplate:
        spec:
          backoffLimit: 0
          activeDeadlineSeconds: {deadline}
          template:
            spec:
              serviceAccountName: {account}
              restartPolicy: Never
              terminationGracePeriodSeconds: 2
              containers:
                - name: {name}
                  image: busybox:1.36
                  command: [sh, -c, "{script}"]
                  resources:
                    requests: {{cpu: 10m, memory: 8Mi}}
    """
def cronjob(name, deadline, account, script, history=1):
    return text(cron.format(name=name, deadline=deadline, account=account, script=script, history=history))
EXPORT = "for part in 1 2 3 4 5 6; do echo exporting part $part of 6; sleep 5; done; echo exported"
scenario("night-shift", "argocd", {
    "jobs/export.yaml": cronjob("export", 120, "housekeeper", EXPORT), "jobs/account.yaml": dump({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "housekeeper"}, "automountServiceAccountToken": False}),
}, ["Purge old carts, do not let exports hang", ["jobs/export.yaml", "activeDeadlineSeconds: 120", "activeDeadlineSeconds: 12"], ["jobs/export.yaml", "failedJobsHistoryLimit: 1", "failedJobsHistoryLimit: 3"],
    ["jobs/purge.yaml", None, cronjob("purge", 60, "housekeeping", "echo purging carts; sleep 2; echo 118 carts purged", 3)]],
    "the export needs 30 s and gets 12; and the new CronJob purge runs as ServiceAccount housekeeping, the one that there is is housekeeper", path="jobs",
    expected=expect("service-account-missing job-failed",
                    [("CronJob/export spec.jobTemplate.spec.activeDeadlineSeconds", BEFORE), (pod("CronJob", "purge", "serviceAccountName"), value("housekeeper"))],
                    [("CronJob/export spec.jobTemplate.spec.activeDeadlineSeconds", at_least("40")), (pod("CronJob", "purge", "serviceAccountName"), value("housekeeper"))],
                    [("CronJob/export spec.jobTemplate.spec.activeDeadlineSeconds", BEFORE)], [(pod("CronJob", "purge", "serviceAccountName"), value("housekeeper"))]))

# 12 limit-range: the ratio of limit to request
ferry = chart("ferry", """
    image: {repository: acme/checkout, tag: 1.4.1}
    replicas: 2
    resources: {}
    """, deployment="""
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: {{ .Release.Name }}
    spec:
      replicas: {{ .Values.replicas }}
      progressDeadlineSeconds: 60
      selector:
        matchLabels: {app: {{ .Release.Name }}}
      template:
        metadata:
          labels: {app: {{ .Release.Name }}}
        spec:
          containers:
            - name: web
              image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
              ports:
                - {name: http, containerPort: 8080}
              readinessProbe:
                httpGet: {path: /readyz, port: http}
              resources:
                {{- toYaml .Values.resources | nindent 16 }}
    """, service="""
    apiVersion: v1
    kind: Service
    metadata:
      name: {{ .Release.Name }}
    spec:
      selector: {app: {{ .Release.Name }}}
      ports:
        - {name: http, port: 80, targetPort: http}
    """)
scenario("burst-ratio", "flux", {**ferry, "releases/ferry.yaml": release("ferry", """
        replicas: 2
        image:
          tag: 1.4.1
        resources:
          requests: {cpu: 50m, memory: 32Mi}
          limits: {cpu: 200m, memory: 96Mi}
        """), "releases/limits.yaml": dump({"apiVersion": "v1", "kind": "LimitRange", "metadata": {"name": "fair-share"}, "spec": {"limits": [{"type": "Container", "maxLimitRequestRatio": {"cpu": "4"}}]}})},
    ["Ferry 1.4.2 may burst", ["releases/ferry.yaml", "tag: 1.4.1", "tag: 1.4.2"], ["releases/ferry.yaml", "cpu: 200m", "cpu: 500m"]],
    "the CPU limit is ten times the request, the LimitRange allows four times", path="releases",
    expected=expect("limit-range quota", [(c("Deployment", "ferry", "web", "resources.limits.cpu"), BEFORE)], [(c("Deployment", "ferry", "web", "resources.requests.cpu"), at_least("125m"))]))

# 13 run-as-root-image: only the main container says which user
teller = container("teller", "shop", image="acme/payments:1.4.1", securityContext={"runAsUser": 1000, "allowPrivilegeEscalation": False})
scenario("new-init-as-root", "flux", {
    "base/deployment.yaml": dump(workload("Deployment", "teller", teller, deadline=75, pod={"securityContext": {"runAsNonRoot": True}})), "base/service.yaml": dump(service("teller")),
    "base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
    "overlays/prod/kustomization.yaml": K + "resources:\n  - ../../base\nreplicas:\n  - name: teller\n    count: 2\n",
}, ["Migrate before start in production", ["overlays/prod/kustomization.yaml", "replicas:\n", "patches:\n  - path: migrate.yaml\nreplicas:\n"],
    ["overlays/prod/migrate.yaml", None, text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: teller
        spec:
          template:
            spec:
              initContainers:
                - name: migrate
                  image: acme/payments:1.4.1
                  args: [migrate]
                  env:
                    - name: DATABASE_URL
                      value: postgres://teller@10.20.0.5/teller
                  resources:
                    requests: {cpu: 10m, memory: 16Mi}
        """)]],
    "the pod must not run as root, the new init container says no user and its image is root's", path="overlays/prod",
    expected=expect("run-as-root-image", [(c("Deployment", "teller", "migrate", "securityContext", init=True), value({"runAsUser": 1000}))],
                    [(c("Deployment", "teller", "migrate", "securityContext", init=True), value({"runAsUser": 1000, "allowPrivilegeEscalation": False}))],
                    [(pod("Deployment", "teller", "securityContext.runAsUser"), value(1000))]))

# 14 invalid-manifest: a patch and the base disagree about the strategy
vault = container("vault", "shop", image="acme/checkout:1.4.1", env={"LOCK": "exclusive"})
scenario("strategy-merged", "argocd", {
    "base/deployment.yaml": dump(workload("Deployment", "vault", vault, spec={"strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}}})), "base/service.yaml": dump(service("vault")),
    "base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
    "overlays/prod/vault.yaml": "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: vault\nspec:\n  revisionHistoryLimit: 3\n",
    "overlays/prod/kustomization.yaml": K + "resources:\n  - ../../base\npatches:\n  - path: vault.yaml\nimages:\n  - name: acme/checkout\n    newTag: 1.4.1\n",
}, ["Vault: never two writers, 1.4.2", ["overlays/prod/vault.yaml", "  revisionHistoryLimit: 3\n", "  revisionHistoryLimit: 3\n  strategy:\n    type: Recreate\n"], ["overlays/prod/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.2"]],
    "the overlay sets type Recreate, the base's rollingUpdate stays beside it, which the API server refuses", path="overlays/prod",
    expected=expect("invalid-manifest", [("Deployment/vault spec.strategy.rollingUpdate", GONE)], [("Deployment/vault spec.strategy.type", BEFORE)]))

# 15 render-failed: the commit shortens a list in the base, an overlay's JSON patch counts its items
rates = container("rates", "shop", image="acme/catalog:1.4.0", env={"CURRENCY": "EUR", "LEGACY_FEED": "on", "CACHE_MB": "8"})
scenario("patch-counts-items", "argocd", {
    "base/rates.yaml": dump(workload("Deployment", "rates", rates)), "base/service.yaml": dump(service("rates")), "base/kustomization.yaml": kustomization("rates.yaml", "service.yaml"),
    "sites/berlin/cache.json": '[\n  {"op": "replace", "path": "/spec/template/spec/containers/0/env/2/value", "value": "20"},\n  {"op": "replace", "path": "/spec/replicas", "value": 2}\n]\n',
    "sites/berlin/kustomization.yaml": K + "resources:\n  - ../../base\npatches:\n  - path: cache.json\n    target:\n      kind: Deployment\n      name: rates\n",
}, ["Rates: the old feed is history", ["base/rates.yaml", "        - name: LEGACY_FEED\n          value: 'on'\n", ""]],
    "the base's env list is shorter by one, the overlay's JSON patch still replaces item 2", path="sites/berlin",
    expected=expect("render-failed", [], keep=[(c("Deployment", "rates", "rates", "env[name=LEGACY_FEED]"), GONE)]))

# 16 helm-failed: the chart's schema
tower = chart("tower", """
    image: {repository: acme/worker, tag: 1.4.0}
    replicas: 1
    logLevel: info
    """, deployment="""
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: {{ .Release.Name }}
    spec:
      replicas: {{ .Values.replicas }}
      progressDeadlineSeconds: 60
      selector:
        matchLabels: {app: {{ .Release.Name }}}
      template:
        metadata:
          labels: {app: {{ .Release.Name }}}
        spec:
          containers:
            - name: tower
              image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
              env:
                - name: LOG_LEVEL
                  value: {{ .Values.logLevel }}
              ports:
                - {name: http, containerPort: 8080}
              readinessProbe:
                httpGet: {path: /readyz, port: http}
              resources:
                requests: {cpu: 10m, memory: 24Mi}
                limits: {memory: 96Mi}
    """)
scenario("schema-enum", "flux", {**tower, "chart/values.schema.json": text("""
        {
          "$schema": "http://json-schema.org/draft-07/schema#",
          "type": "object",
          "required": ["image", "logLevel"],
          "properties": {
            "replicas": {"type": "integer", "minimum": 1},
            "logLevel": {"type": "string", "enum": ["debug", "info", "warning", "error"]},
            "image": {"type": "object"}
          }
        }
        """), "releases/tower.yaml": release("tower", "replicas: 2\nlogLevel: info   # see the runbook\nimage:\n  tag: 1.4.1\n")},
    ["Tower 1.4.2, less noise", ["releases/tower.yaml", "logLevel: info ", "logLevel: warn "], ["releases/tower.yaml", "tag: 1.4.1", "tag: 1.4.2"]],
    "the chart's schema knows the level warning, not warn", path="releases",
    expected=expect("helm-failed render-failed", [], [(c("Deployment", "tower", "tower", "env[name=LOG_LEVEL].value"), value("warning"))], keep=[(c("Deployment", "tower", "tower", "image"), value("acme/worker:1.4.2"))]))

# 17 dependency-address: a variable of a Service that does not exist stays unexpanded
quay = chart("quay", """
    image: {repository: acme/checkout, tag: 1.4.1}
    stock: {address: ""}
    """, stock="""
    apiVersion: v1
    kind: Service
    metadata:
      name: stock
    spec:
      selector: {app: stock}
      ports:
        - {name: http, port: 80, targetPort: 8080}
    ---
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: stock
    spec:
      progressDeadlineSeconds: 90
      selector:
        matchLabels: {app: stock}
      template:
        metadata:
          labels: {app: stock}
        spec:
          containers:
            - name: stock
              image: acme/catalog:1.4.1
              readinessProbe:
                httpGet: {path: /readyz, port: 8080}
              resources:
                requests: {cpu: 10m, memory: 24Mi}
                limits: {memory: 96Mi}
    """, quay="""
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: quay
    spec:
      progressDeadlineSeconds: 80
      selector:
        matchLabels: {app: quay}
      template:
        metadata:
          labels: {app: quay}
        spec:
          initContainers:
            - name: wait-for-stock
              image: busybox:1.37
              env:
                - name: STOCK_ADDRESS
                  value: {{ .Values.stock.address | quote }}
              command:
                - sh
                - -c
                - |
                  for i in 1 2 3 4; do
                    wget -T 5 -qO /dev/null "http://$STOCK_ADDRESS/healthz" && exit 0
                    sleep 3
                  done
                  echo "stock does not answer at $STOCK_ADDRESS"; exit 1
              resources:
                requests: {cpu: 10m, memory: 8Mi}
          containers:
            - name: quay
              image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
              ports:
                - {name: http, containerPort: 8080}
              readinessProbe:
                httpGet: {path: /readyz, port: http}
              resources:
                requests: {cpu: 10m, memory: 24Mi}
                limits: {memory: 96Mi}
    """)
scenario("unexpanded-address", "argocd", {**quay, "chart/values-live.yaml": "stock:\n  address: $(STOCK_SERVICE_HOST):$(STOCK_SERVICE_PORT)\n"},
    ["Quay 1.4.2", ["chart/values-live.yaml", "stock:\n  address: $(STOCK_SERVICE_HOST):$(STOCK_SERVICE_PORT)\n", "image:\n  tag: 1.4.2\nstock:\n  address: $(STOCKS_SERVICE_HOST):$(STOCKS_SERVICE_PORT)\n"]],
    "there is no Service stocks, so its variables stay unexpanded; the Service is stock", **argo_helm("quay", "values-live.yaml"),
    expected=expect("dependency-address", [(c("Deployment", "quay", "wait-for-stock", "env[name=STOCK_ADDRESS].value", init=True), BEFORE)],
                    [(c("Deployment", "quay", "wait-for-stock", "env[name=STOCK_ADDRESS].value", init=True), value("$(STOCK_SERVICE_HOST):80"))]))

# 18 port-conflict: the first release; the second container's port is set in a variable that it does not read
booth = text("""
    # booth and its exporter, first release
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: booth
    spec:
      replicas: 1
      progressDeadlineSeconds: 80
      selector:
        matchLabels: {app: booth}
      template:
        metadata:
          labels: {app: booth}
        spec:
          containers:
            - name: booth
              image: acme/checkout:1.4.2
              env:
                - name: PORT
                  value: "8080"
              ports:
                - {name: http, containerPort: 8080}
              readinessProbe:
                httpGet: {path: /readyz, port: http}
              resources:
                requests: {cpu: 10m, memory: 24Mi}
                limits: {memory: 96Mi}
            - name: exporter
              image: acme/worker:1.4.2
              env:
                - name: HTTP_PORT
                  value: "9102"
                - name: START_SECONDS
                  value: "3"
              ports:
                - {name: metrics, containerPort: 9102}
              readinessProbe:
                httpGet: {path: /readyz, port: metrics}
              resources:
                requests: {cpu: 10m, memory: 16Mi}
                limits: {memory: 64Mi}
    """)
PORT = (c("Deployment", "booth", "exporter", "env[name=PORT]"), value({"name": "PORT", "value": "9102"}))
scenario("two-on-one-port", "flux", {"deploy/booth.yaml": booth,
    "deploy/services.yaml": dump(service("booth"), {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "booth-metrics"}, "spec": {"selector": {"app": "booth"}, "ports": [{"name": "metrics", "port": 9102, "targetPort": "metrics"}]}})}, [],
    "the exporter reads PORT, not HTTP_PORT, so it listens on 8080 as its neighbour does: address already in use; there is no earlier revision", never_worked=True,
    expected=expect("port-conflict crash-on-start", [PORT, (c("Deployment", "booth", "exporter", "env[name=HTTP_PORT]"), GONE)], [PORT]))

# 19 secret-missing, for people
receipts = chart("receipts", """
    image: {repository: acme/payments, tag: 1.4.1}
    signing: {enabled: false, secretName: ""}
    """, deployment="""
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: receipts
    spec:
      replicas: 2
      progressDeadlineSeconds: 80
      selector:
        matchLabels: {app: receipts}
      template:
        metadata:
          labels: {app: receipts}
        spec:
          containers:
            - name: receipts
              image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
              ports:
                - {name: http, containerPort: 8080}
              readinessProbe:
                httpGet: {path: /readyz, port: http}
              resources:
                requests: {cpu: 10m, memory: 24Mi}
                limits: {memory: 96Mi}
              {{- if .Values.signing.enabled }}
              volumeMounts:
                - {name: signing, mountPath: /etc/signing, readOnly: true}
          volumes:
            - name: signing
              projected:
                sources:
                  - secret: {name: {{ .Values.signing.secretName }}}
              {{- end }}
    """)
scenario("signing-key", "argocd", {**receipts, "env/prod.yaml": "image:\n  tag: 1.4.1\nsigning:\n  enabled: false\n"},
    ["Sign receipts from October on (tax law)", ["env/prod.yaml", "  tag: 1.4.1\nsigning:\n  enabled: false\n", "  tag: 1.4.2\nsigning:\n  enabled: true\n  secretName: receipt-signing-key\n"]],
    "Secret receipt-signing-key does not exist: somebody has to create the key", HUMAN, **argo_helm("receipts", "../env/prod.yaml"), expected=expect("secret-missing"))

# 20 pod-security, for people
journal = container("journal", "shop", image="acme/worker:1.4.1", limits="64Mi", volumeMounts=[{"name": "logs", "mountPath": "/host/log", "readOnly": True}])
scenario("node-logs", "flux", {
    "base/daemonset.yaml": dump(workload("DaemonSet", "journal", journal, pod={"volumes": [{"name": "logs", "hostPath": {"path": "/var/log"}}]})), "base/kustomization.yaml": kustomization("daemonset.yaml"),
    "overlays/prod/kustomization.yaml": K + "resources:\n  - ../../base\nimages:\n  - name: acme/worker\n    newTag: 1.4.2\n",
}, [], "the namespace enforces PodSecurity baseline, which forbids the node's folder that a log collector has to read: the namespace's owner decides", HUMAN, path="overlays/prod", never_worked=True,
    labels={"pod-security.kubernetes.io/enforce": "baseline"}, expected=expect("pod-security"))

# 21 suspended
digest = chart("digest", """
    schedule: "* * * * *"
    suspend: false
    image: busybox:1.37
    """, cronjob="""
    apiVersion: batch/v1
    kind: CronJob
    metadata:
      name: digest
    spec:
      schedule: {{ .Values.schedule | quote }}
      suspend: {{ .Values.suspend }}
      concurrencyPolicy: Forbid
      jobTemplate:
        spec:
          backoffLimit: 1
          template:
            spec:
              restartPolicy: Never
              containers:
                - name: digest
                  image: {{ .Values.image }}
                  command: [sh, -c, "echo sending digest; sleep 2; echo sent"]
                  resources:
                    requests: {cpu: 10m, memory: 8Mi}
    """)
scenario("paused-on-purpose", "argocd", {**digest, "env/prod.yaml": "# the customers' digest\nsuspend: false\n"},
    ["No digest until the new template is approved", ["env/prod.yaml", "suspend: false", "suspend: true"]],
    "the CronJob is suspended on purpose, nothing fails", NONE, **argo_helm("digest", "../env/prod.yaml"), expected=expect("suspended replicas-zero healthy"))

# 22 recovering: slow on purpose, Flux's timeout is shorter than the rollout
tram = container("tram", "shop", image="acme/catalog:1.4.1")
scenario("patient-rollout", "flux", {
    **one("tram", workload("Deployment", "tram", tram, replicas=2, deadline=400, spec={"minReadySeconds": 5, "strategy": {"rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}}})), "deploy/service.yaml": dump(service("tram")),
}, ["Tram 1.4.2, watch each pod for a minute", ["deploy/tram.yaml", "catalog:1.4.1", "catalog:1.4.2"], ["deploy/tram.yaml", "minReadySeconds: 5\n", "minReadySeconds: 60\n"]],
    "each new pod has to be ready for a minute: the rollout takes longer than Flux waits, and completes by itself", NONE, expected=expect("healthy recovering"))
