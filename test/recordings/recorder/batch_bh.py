"""Ordinary failures of a month, by somebody who did not know the playbook."""
import pathlib, runpy, textwrap
globals().update(runpy.run_path(str(pathlib.Path(__file__).parent / "kit.py")))
SCENARIOS, scenario = batch(1716)


def shop(name, image, env=None, limits="96Mi", cpu="10m", **more):
    return container(name, "shop", image=image, env=env, resources={"requests": {"cpu": cpu, "memory": "24Mi"}, "limits": {"memory": limits}}, **more)


def chart(name, deployment, values, **templates):
    """A chart in the repository: files below chart/."""
    service = text("""
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
    return {"chart/Chart.yaml": f"apiVersion: v2\nname: {name}\ndescription: Chart of team {name}\ntype: application\nversion: 0.7.2\n", "chart/values.yaml": text(values),
            "chart/templates/deployment.yaml": text(deployment), "chart/templates/service.yaml": service, **{f"chart/templates/{k}.yaml": text(v) for k, v in templates.items()}}


def release(name, values):
    head = text(f"""
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
          values:
        """)
    return head + textwrap.indent(text(values), "    ")


# 1 plain, argocd: the init container got another spelling of the tag
files = {
    "deploy/deployment.yaml": text("""
        # basket: owned by team checkout
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: basket
          labels:
            app.kubernetes.io/name: basket
        spec:
          replicas: 1
          progressDeadlineSeconds: 90
          selector:
            matchLabels:
              app: basket
          template:
            metadata:
              labels:
                app: basket
            spec:
              initContainers:
                - name: migrate
                  image: acme/checkout:1.4.1
                  args: [migrate]
                  env:
                    - name: DATABASE_URL
                      value: postgres://basket@10.20.0.5/basket
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 64Mi}
              containers:
                - name: basket
                  # same version as the migration above
                  image: "acme/checkout:1.4.1"
                  ports:
                    - name: http
                      containerPort: 8080
                  env:
                    - name: LOG_LEVEL
                      value: info
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 96Mi}
                  livenessProbe:
                    httpGet: {path: /healthz, port: http}
                    periodSeconds: 10
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 5
        """),
    "deploy/service.yaml": dump(service("basket")),
}
scenario("basket-init-tag", "argocd", files,
         ["Basket 1.4.2, two replicas", ["deploy/deployment.yaml", "image: acme/checkout:1.4.1", "image: acme/checkout:v1.4.2"],
          ["deploy/deployment.yaml", 'image: "acme/checkout:1.4.1"', 'image: "acme/checkout:1.4.2"'], ["deploy/deployment.yaml", "replicas: 1", "replicas: 2"]],
         "the init container's image has tag v1.4.2, which does not exist: the tag is 1.4.2, as in the main container",
         expected=expect("image-not-found", [(c("Deployment", "basket", "migrate", "image", init=True), value("acme/checkout:1.4.2"))],
                         [(c("Deployment", "basket", "migrate", "image", init=True), BEFORE)]))

# 2 kustomize, flux: a variable was lost when the generator's literals became a file
files = {
    "base/deployment.yaml": dump(workload("Deployment", "tax-api", shop("tax-api", "acme/checkout:1.4.1", env={"REQUIRED_ENV": "TAX_CURRENCY,TAX_REGION"}, envFrom=[{"configMapRef": {"name": "tax-settings"}}]), replicas=2)),
    "base/service.yaml": dump(service("tax-api")),
    "base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
    "overlays/staging/kustomization.yaml": kustomization("../../base", configMapGenerator=[{"name": "tax-settings", "literals": ["TAX_CURRENCY=EUR", "TAX_REGION=eu-test", "LOG_LEVEL=debug"]}]),
    "overlays/prod/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources:
          - ../../base
        configMapGenerator:
          - name: tax-settings
            literals:
              - TAX_CURRENCY=EUR
              - TAX_ROUNDING=half-even
              - TAX_REGION=eu-west
              - CACHE_MB=12
              - LOG_LEVEL=info
        images:
          - name: acme/checkout
            newTag: 1.4.1
        """),
}
scenario("tax-generator-lost", "flux", files,
         ["Keep the prod settings in a file of their own",
          ["overlays/prod/kustomization.yaml", "    literals:\n      - TAX_CURRENCY=EUR\n      - TAX_ROUNDING=half-even\n      - TAX_REGION=eu-west\n      - CACHE_MB=12\n      - LOG_LEVEL=info\n", "    envs:\n      - settings.env\n"],
          ["overlays/prod/settings.env", None, "# money\nTAX_CURRENCY=EUR\nTAX_ROUNDING=half-even\n\n# runtime\nCACHE_MB=24\nLOG_LEVEL=warn\n"]],
         "TAX_REGION was lost when the literals of the generator moved to settings.env; the program requires it",
         expected=expect("crash-on-start", [("ConfigMap/tax-settings-# data.TAX_REGION", BEFORE)]), path="overlays/prod")

# 3 helm, argocd: the port moved, the readiness probe did not
deployment = """
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: {{ .Release.Name }}
      labels:
        app.kubernetes.io/name: {{ .Chart.Name }}
    spec:
      replicas: {{ .Values.replicas }}
      progressDeadlineSeconds: 90
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
              env:
                - name: PORT
                  value: {{ .Values.port | quote }}
                - name: CACHE_MB
                  value: {{ .Values.cacheMegabytes | quote }}
              ports:
                - name: http
                  containerPort: {{ .Values.port }}
              resources:
                {{- toYaml .Values.resources | nindent 12 }}
              livenessProbe:
                httpGet:
                  path: {{ .Values.probes.liveness.path }}
                  port: http
                periodSeconds: 10
              readinessProbe:
                httpGet:
                  path: {{ .Values.probes.readiness.path }}
                  port: {{ .Values.probes.readiness.port }}
                periodSeconds: 5
    """
values = """
    replicas: 1
    image:
      repository: acme/catalog
      tag: 1.4.0
    port: 8080
    cacheMegabytes: 8
    probes:
      liveness:
        path: /healthz
      readiness:
        path: /readyz
        port: 8080
    resources:
      requests:
        cpu: 10m
        memory: 24Mi
      limits:
        memory: 96Mi
    """
files = {**chart("catalog", deployment, values), "environments/staging.yaml": "image:\n  tag: 1.4.2\n", "environments/prod.yaml": "replicas: 2\nimage:\n  tag: 1.4.1\ncacheMegabytes: 16\n"}
scenario("catalog-port-readiness", "argocd", files,
         ["Move catalog to port 9090 in prod", ["environments/prod.yaml", "image:\n  tag: 1.4.1\n", "image:\n  tag: 1.4.2\n# 8080 belongs to the mesh\nport: 9090\n"]],
         "the program listens on 9090 now, the readiness probe still asks 8080 (a value of its own in the chart's values.yaml)",
         expected=expect("readiness-probe readiness probe", [(c("Deployment", "catalog", "app", "readinessProbe.httpGet.port"), value(9090))], [(c("Deployment", "catalog", "app", "readinessProbe.httpGet.port"), value("http"))]),
         path="chart", source={"helm": {"releaseName": "catalog", "valueFiles": ["values.yaml", "../environments/prod.yaml"]}})

# 4 plain, flux: more cache than the limit allows
files = {
    "deploy/statefulset.yaml": dump(workload("StatefulSet", "recommender", shop("recommender", "acme/catalog:1.4.1", env={"CACHE_MB": "64", "LOG_LEVEL": "info"}, limits="128Mi"), replicas=2, spec={"podManagementPolicy": "Parallel"})),
    "deploy/service.yaml": dump(service("recommender", clusterIP="None")),
}
scenario("recommender-cache", "flux", files,
         ["Recommender 1.4.2: keep the whole assortment warm", ["deploy/statefulset.yaml", "value: '64'", "value: '200'"], ["deploy/statefulset.yaml", "acme/catalog:1.4.1", "acme/catalog:1.4.2"]],
         "CACHE_MB is 200 now, the memory limit is still 128Mi: OOMKilled",
         expected=expect("out-of-memory", [(c("StatefulSet", "recommender", "recommender", "resources.limits.memory"), at_least("216Mi"))],
                         [(c("StatefulSet", "recommender", "recommender", "env[name=CACHE_MB].value"), BEFORE)]))

# 5 kustomize, argocd: a key was renamed for the Deployment, the CronJob still asks for the old one
files = {
    "base/settings.yaml": dump(configmap("rates-settings", currency="EUR", source="ecb", decimals="4")),
    "base/deployment.yaml": dump(workload("Deployment", "rates", shop("rates", "acme/payments", env={"BASE_CURRENCY": {"configMapKeyRef": {"name": "rates-settings", "key": "currency"}}, "RATE_SOURCE": {"configMapKeyRef": {"name": "rates-settings", "key": "source"}}, "REQUIRED_ENV": "BASE_CURRENCY,RATE_SOURCE"}))),
    "base/refresh.yaml": text("""
        apiVersion: batch/v1
        kind: CronJob
        metadata:
          name: rates-refresh
          labels:
            app.kubernetes.io/name: rates-refresh
        spec:
          schedule: "* * * * *"
          concurrencyPolicy: Replace
          successfulJobsHistoryLimit: 2
          failedJobsHistoryLimit: 2
          jobTemplate:
            spec:
              backoffLimit: 1
              template:
                metadata:
                  labels:
                    app: rates-refresh
                spec:
                  restartPolicy: Never
                  containers:
                    - name: refresh
                      image: acme/worker
                      args: [migrate]
                      env:
                        - name: DATABASE_URL
                          value: postgres://rates@10.20.0.5/rates
                        - name: BASE_CURRENCY
                          valueFrom:
                            configMapKeyRef:
                              name: rates-settings
                              key: currency
                      resources:
                        requests: {cpu: 10m, memory: 24Mi}
                        limits: {memory: 64Mi}
        """),
    "base/service.yaml": dump(service("rates")),
    "base/kustomization.yaml": kustomization("settings.yaml", "deployment.yaml", "refresh.yaml", "service.yaml"),
    "overlays/prod/kustomization.yaml": kustomization("../../base", images=[{"name": "acme/payments", "newTag": "1.4.1"}, {"name": "acme/worker", "newTag": "1.4.1"}], replicas=[{"name": "rates", "count": 2}]),
}
scenario("rates-key-cron", "argocd", files,
         ["Clearer names for the rates settings", ["base/settings.yaml", "currency: EUR", "base-currency: EUR"], ["base/deployment.yaml", "key: currency", "key: base-currency"],
          ["base/settings.yaml", "decimals: '4'", "decimals: '6'"]],
         "key currency of ConfigMap rates-settings is base-currency now; the CronJob still asks for currency",
         expected=expect("config-key-missing", [(c("CronJob", "rates-refresh", "refresh", "env[name=BASE_CURRENCY].valueFrom.configMapKeyRef.key"), value("base-currency"))]), path="overlays/prod")

# 6 helm, flux: annotations with the wrong indentation function
deployment = """
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
            - name: app
              image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
              ports:
                - name: http
                  containerPort: 8080
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
                httpGet: {path: /readyz, port: http}
                periodSeconds: 5
    """
values = """
    replicas: 1
    image:
      repository: acme/checkout
      tag: 1.4.0
    env: {}
    resources:
      requests: {cpu: 10m, memory: 24Mi}
      limits: {memory: 96Mi}
    """
files = {**chart("web-service", deployment, values), "releases/vouchers.yaml": release("vouchers", """
    replicas: 2
    image:
      tag: 1.4.1
    env:
      CACHE_MB: "16"
    """)}
scenario("vouchers-annotations", "flux", files,
         ["Let Prometheus find the vouchers pods",
          ["chart/templates/deployment.yaml", "        app: {{ .Release.Name }}\n    spec:\n", "        app: {{ .Release.Name }}\n      {{- with .Values.podAnnotations }}\n      annotations:\n        {{- toYaml . | indent 8 }}\n      {{- end }}\n    spec:\n"],
          ["chart/values.yaml", "env: {}\n", "env: {}\npodAnnotations: {}\n"],
          ["releases/vouchers.yaml", "      tag: 1.4.1\n", "      tag: 1.4.2\n    podAnnotations:\n      prometheus.io/scrape: \"true\"\n      prometheus.io/port: \"8080\"\n"]],
         "the chart's template writes the annotations with `{{- … | indent 8 }}` (nindent is meant): no valid YAML",
         expected=expect("helm-failed render-failed", [], keep=[("Deployment/vouchers spec.template.metadata.annotations", value({"prometheus.io/scrape": "true", "prometheus.io/port": "8080"})),
                                                                (c("Deployment", "vouchers", "app", "image"), value("acme/checkout:1.4.2"))]), path="releases")

# 7 kustomize, argocd: container renamed in the base, the overlay's patch still names the old one
files = {
    "base/deployment.yaml": dump(workload("Deployment", "importer", container("app", "shop", image="acme/worker:1.4.1", env={"LOG_LEVEL": "info", "CACHE_MB": "48"}, resources={"requests": {"cpu": "10m", "memory": "24Mi"}, "limits": {"memory": "96Mi"}}))),
    "base/service.yaml": dump(service("importer")),
    "base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
    "overlays/prod/kustomization.yaml": kustomization("../../base", patches=[{"path": "resources.yaml"}, {"path": "replicas.yaml"}]),
    "overlays/prod/replicas.yaml": "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: importer\nspec:\n  replicas: 2\n",
    "overlays/prod/resources.yaml": text("""
        # the nightly feed of prod is larger
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: importer
        spec:
          template:
            spec:
              containers:
                - name: app
                  resources:
                    limits:
                      memory: 192Mi
        """),
}
scenario("importer-patch-name", "argocd", files,
         ["Name the container after its service", ["base/deployment.yaml", "- name: app\n", "- name: importer\n"], ["base/deployment.yaml", "acme/worker:1.4.1", "acme/worker:1.4.2"]],
         "the base's container is called importer now; the overlay's patch still names app and so adds a second container without an image",
         expected=expect("invalid-manifest render-failed", [(pod("Deployment", "importer", "containers[name=app]"), GONE), (c("Deployment", "importer", "importer", "resources.limits.memory"), value("192Mi"))]), path="overlays/prod")

# 8 plain, flux: the Service was narrowed to a label value that no pod has
worker = workload("Deployment", "storefront-worker", container("worker", "shop", image="acme/worker:1.4.1"), labels={"app": "storefront", "component": "worker"}, spec={"selector": {"matchLabels": {"app": "storefront", "component": "worker"}}})
files = {
    "deploy/storefront.yaml": dump(workload("Deployment", "storefront", shop("storefront", "acme/checkout:1.4.1"), replicas=2, labels={"app": "storefront", "component": "frontend"}, spec={"selector": {"matchLabels": {"app": "storefront", "component": "frontend"}}})),
    "deploy/service.yaml": dump(service("storefront")),
}
scenario("storefront-component", "flux", files,
         ["Storefront gets a worker; keep it out of the Service", ["deploy/worker.yaml", None, dump(worker)], ["deploy/service.yaml", "    app: storefront\n", "    app: storefront\n    component: web\n"]],
         "the Service selects component=web, the storefront's pods carry component=frontend: no endpoints",
         expected=expect("service-no-endpoints", [("Service/storefront spec.selector.component", value("frontend"))]))

# 9 helm, argocd: half a core instead of a twentieth, and the tenant's quota
deployment = """
    {{- range $name, $part := .Values.parts }}
    ---
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: {{ $name }}
      labels:
        app.kubernetes.io/part-of: {{ $.Release.Name }}
    spec:
      replicas: {{ $part.replicas | default 1 }}
      progressDeadlineSeconds: 60
      selector:
        matchLabels:
          app: {{ $name }}
      template:
        metadata:
          labels:
            app: {{ $name }}
        spec:
          containers:
            - name: {{ $name }}
              image: "{{ $part.image }}:{{ $.Values.tag }}"
              ports:
                - name: http
                  containerPort: 8080
              resources:
                {{- toYaml $part.resources | nindent 12 }}
              livenessProbe:
                httpGet: {path: /healthz, port: http}
                periodSeconds: 10
              readinessProbe:
                httpGet: {path: /readyz, port: http}
                periodSeconds: 5
    {{- end }}
    """
values = """
    tag: 1.4.0
    parts: {}
    """
files = {**chart("invoices", deployment, values), "chart/values-prod.yaml": text("""
    tag: 1.4.1
    parts:
      invoices-api:
        image: acme/payments
        replicas: 2
        resources:
          requests:
            cpu: 50m
            memory: 24Mi
          limits:
            memory: 96Mi
      invoices-mail:
        image: acme/worker
        resources:
          requests:
            cpu: 20m
            memory: 24Mi
          limits:
            memory: 64Mi
    """)}
files["chart/templates/service.yaml"] = files["chart/templates/service.yaml"].replace("app: {{ .Release.Name }}", "app: invoices-api")
scenario("invoices-cores", "argocd", files,
         ["Write CPU in cores, as the cost report does", ["chart/values-prod.yaml", "cpu: 50m", 'cpu: "0.5"'], ["chart/values-prod.yaml", "cpu: 20m", 'cpu: "0.02"'], ["chart/values-prod.yaml", "tag: 1.4.1", "tag: 1.4.2"]],
         "50m became 0.5 cores instead of 0.05: the namespace's quota refuses the new pods",
         expected=expect("quota", [(c("Deployment", "invoices-api", "invoices-api", "resources.requests.cpu"), BEFORE)], [(c("Deployment", "invoices-api", "invoices-api", "resources.requests.cpu"), value("0.05"))],
                         [(c("Deployment", "invoices-api", "invoices-api", "resources.requests.cpu"), value(0.05))]),
         path="chart", source={"helm": {"releaseName": "invoices", "valueFiles": ["values-prod.yaml"]}},
         given=dump({"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "tenant"}, "spec": {"hard": {"requests.cpu": "400m", "pods": "12"}}}))

# 10 kustomize, flux: a component binds a port of the node, the namespace enforces baseline
files = {
    "base/daemonset.yaml": dump(workload("DaemonSet", "node-agent", shop("agent", "acme/worker:1.4.1", env={"CACHE_MB": "8", "LOG_LEVEL": "info"}))),
    "base/kustomization.yaml": kustomization("daemonset.yaml"),
    "components/scrape/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1alpha1
        kind: Component
        patches:
          - path: scrape.yaml
        """),
    "components/scrape/scrape.yaml": text("""
        apiVersion: apps/v1
        kind: DaemonSet
        metadata:
          name: node-agent
        spec:
          template:
            metadata:
              annotations:
                prometheus.io/scrape: "true"
                prometheus.io/port: "8080"
            spec:
              containers:
                - name: agent
                  ports:
                    - name: http
                      containerPort: 8080
                      hostPort: 19108
        """),
    "overlays/prod/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources:
          - ../../base
        images:
          - name: acme/worker
            newTag: 1.4.1
        """),
}
scenario("agent-host-port", "flux", files,
         ["Agent 1.4.2 with scraping in prod", ["overlays/prod/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.2"], ["overlays/prod/kustomization.yaml", "  - ../../base\n", "  - ../../base\ncomponents:\n  - ../../components/scrape\n"]],
         "the component that is used now asks for a hostPort, which the namespace's Pod Security level baseline refuses; scraping goes to the pod's address and needs none",
         expected=expect("pod-security", [("DaemonSet/node-agent spec.template.spec.containers[name=agent].ports[name=http].hostPort", GONE)]),
         path="overlays/prod", labels={"pod-security.kubernetes.io/enforce": "baseline"})

# 11 helm, flux: bash is not in the init container's image
deployment = """
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
          {{- with .Values.initContainers }}
          initContainers:
            {{- toYaml . | nindent 8 }}
          {{- end }}
          containers:
            - name: app
              image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
              env:
                - name: CONFIG_FILE
                  value: /work/settings.env
              ports:
                - name: http
                  containerPort: 8080
              resources:
                {{- toYaml .Values.resources | nindent 12 }}
              readinessProbe:
                httpGet: {path: /readyz, port: http}
                periodSeconds: 5
              volumeMounts:
                - name: work
                  mountPath: /work
          volumes:
            - name: work
              emptyDir: {}
    """
values = """
    replicas: 1
    image:
      repository: acme/payments
      tag: 1.4.1
    initContainers: []
    resources:
      requests: {cpu: 10m, memory: 24Mi}
      limits: {memory: 96Mi}
    """
files = {**chart("payments", deployment, values), "releases/payouts.yaml": release("payouts", """
    replicas: 2
    initContainers:
      - name: render-settings
        image: busybox:1.36
        command: ["/bin/sh", "-c"]
        args:
          - |
            echo BANK=sepa > /work/settings.env
        volumeMounts:
          - name: work
            mountPath: /work
    """)}
scenario("payouts-bash", "flux", files,
         ["Render the limits too, and stop at the first error",
          ["releases/payouts.yaml", 'command: ["/bin/sh", "-c"]', 'command: ["/bin/bash", "-ec"]'],
          ["releases/payouts.yaml", "echo BANK=sepa > /work/settings.env\n", "echo BANK=sepa > /work/settings.env\n            echo DAILY_LIMIT=50000 >> /work/settings.env\n            chmod 0644 /work/settings.env\n"]],
         "the init container's image busybox has no /bin/bash",
         expected=expect("command-not-found", *[[(c("Deployment", "payouts", "render-settings", "command", init=True), to)] for to in
                                                (BEFORE, value(["/bin/sh", "-ec"]), value(["sh", "-ec"]), value(["sh", "-c"]))]), path="releases")

# 12 plain, argocd, never worked: the sidecar got the port of the service itself
sidecar = {"name": "exporter", "image": "acme/worker:1.4.2", "env": [{"name": "PORT", "value": "8080"}, {"name": "START_SECONDS", "value": "3"}], "ports": [{"name": "metrics", "containerPort": 9102}],
           "resources": {"requests": {"cpu": "10m", "memory": "16Mi"}, "limits": {"memory": "64Mi"}}, "readinessProbe": {"httpGet": {"path": "/readyz", "port": "metrics"}, "periodSeconds": 5}}
files = {
    "deploy/deployment.yaml": dump(workload("Deployment", "returns", shop("returns", "acme/checkout:1.4.2", env={"PORT": "8080"}), sidecar)),
    "deploy/service.yaml": dump({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "returns"}, "spec": {"selector": {"app": "returns"}, "ports": [
        {"name": "http", "port": 80, "targetPort": "http"}, {"name": "metrics", "port": 9102, "targetPort": "metrics"}]}}),
}
scenario("returns-exporter-port", "argocd", files, [],
         "both containers listen on 8080; the exporter's PORT must be 9102, as its containerPort, its probe and the Service say",
         expected=expect("port-conflict crash-on-start", [(c("Deployment", "returns", "exporter", "env[name=PORT].value"), value("9102"))]), never_worked=True)

# 13 plain, argocd, for people: the Secret lacks the key
secret = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "mail-credentials"}, "stringData": {"smtp-user": "mailer", "smtp-password": "only-for-tests"}}
files = {
    "deploy/deployment.yaml": dump(workload("Deployment", "mailer", shop("mailer", "acme/worker:1.4.1", env={
        "REQUIRED_ENV": "SMTP_USER,SMTP_PASSWORD", "SMTP_USER": {"secretKeyRef": {"name": "mail-credentials", "key": "smtp-user"}}, "SMTP_PASSWORD": {"secretKeyRef": {"name": "mail-credentials", "key": "smtp-password"}}}))),
    "deploy/service.yaml": dump(service("mailer")),
}
scenario("mailer-token", "argocd", files,
         ["Send receipts through the provider's API",
          ["deploy/deployment.yaml", "value: SMTP_USER,SMTP_PASSWORD", "value: SMTP_USER,SMTP_PASSWORD,RECEIPTS_API_TOKEN"],
          ["deploy/deployment.yaml", "        - name: SMTP_USER\n", "        - name: RECEIPTS_API_TOKEN\n          valueFrom:\n            secretKeyRef:\n              name: mail-credentials\n              key: receipts-api-token\n        - name: SMTP_USER\n"],
          ["deploy/deployment.yaml", "acme/worker:1.4.1", "acme/worker:1.4.2"]],
         "Secret mail-credentials, which is not in git, has no key receipts-api-token: a human must add the token", answer=HUMAN, expected=expect("secret-missing"),
         given=dump(secret))

# 14 kustomize, flux, for people: no node has a GPU
files = {
    "base/deployment.yaml": dump(workload("Deployment", "image-tagger", shop("tagger", "acme/catalog:1.4.1", env={"CACHE_MB": "16"}))),
    "base/service.yaml": dump(service("image-tagger")),
    "base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
    "overlays/prod/kustomization.yaml": kustomization("../../base", labels=[{"pairs": {"env": "prod"}}]),
}
scenario("tagger-gpu", "flux", files,
         ["Tag pictures on the GPU in prod", ["overlays/prod/kustomization.yaml", "  - ../../base\n", "  - ../../base\npatches:\n  - path: gpu.yaml\n"],
          ["overlays/prod/gpu.yaml", None, text("""
            apiVersion: apps/v1
            kind: Deployment
            metadata:
              name: image-tagger
            spec:
              template:
                spec:
                  containers:
                    - name: tagger
                      resources:
                        limits:
                          nvidia.com/gpu: "1"
                          memory: 160Mi
            """)]],
         "no node of the cluster offers nvidia.com/gpu: people add such a node or decide to wait", answer=HUMAN, expected=expect("unschedulable-resources"), path="overlays/prod")

# 15 helm, argocd, nothing to do: slow, but within its startup probe
deployment = """
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: {{ .Release.Name }}
    spec:
      replicas: {{ .Values.replicas }}
      progressDeadlineSeconds: 300
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
              image: "{{ .Values.image }}:{{ .Values.tag }}"
              env:
                - name: START_SECONDS
                  value: {{ .Values.startSeconds | quote }}
                - name: CACHE_MB
                  value: {{ .Values.cacheMegabytes | quote }}
              ports:
                - name: http
                  containerPort: 8080
              resources:
                requests: {cpu: 10m, memory: 24Mi}
                limits: {memory: {{ .Values.memory }}}
              startupProbe:
                httpGet: {path: /healthz, port: http}
                periodSeconds: 5
                failureThreshold: 24
              livenessProbe:
                httpGet: {path: /healthz, port: http}
                periodSeconds: 5
              readinessProbe:
                httpGet: {path: /readyz, port: http}
                periodSeconds: 5
    """
values = """
    replicas: 2
    image: acme/catalog
    tag: 1.4.1
    startSeconds: 2
    cacheMegabytes: 16
    memory: 96Mi
    """
scenario("search-warms", "argocd", chart("search", deployment, values),
         ["Search 1.4.2: read the synonyms at start", ["chart/values.yaml", "tag: 1.4.1", "tag: 1.4.2"], ["chart/values.yaml", "startSeconds: 2", "startSeconds: 30"], ["chart/values.yaml", "cacheMegabytes: 16", "cacheMegabytes: 40"]],
         "starts slowly, within what the startup probe allows: it becomes healthy by itself", answer=NONE, expected=expect("healthy recovering"),
         path="chart", source={"helm": {"releaseName": "search"}})

# 16 plain, flux, nothing to do: a clean release, and somebody deletes the pods
wait = {"name": "warm-up", "image": "busybox:1.37", "command": ["sh", "-c", "echo warming; sleep 4"], "resources": {"requests": {"cpu": "10m", "memory": "8Mi"}, "limits": {"memory": "32Mi"}}}
files = {
    "deploy/deployment.yaml": dump(workload("Deployment", "loyalty", shop("loyalty", "acme/payments:1.4.1", env={"START_SECONDS": "2"}), replicas=2, pod={"initContainers": [wait]})),
    "deploy/service.yaml": dump(service("loyalty")),
}
scenario("loyalty-release", "flux", files,
         ["Loyalty 1.4.2", ["deploy/deployment.yaml", "acme/payments:1.4.1", "acme/payments:1.4.2"], ["deploy/deployment.yaml", "value: '2'", "value: '4'"]],
         "a healthy release; its pods were deleted by hand once and came back", answer=NONE, expected=expect("healthy recovering"),
         then=[[75, "kubectl -n $NAMESPACE delete pods -l app=loyalty --wait=false"]])
