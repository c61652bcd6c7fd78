"""Repositories of several teams, reviewed after a month of on-call: everyday mistakes."""
import pathlib, runpy, textwrap
globals().update(runpy.run_path(str(pathlib.Path(__file__).parent / "kit.py")))
SCENARIOS, scenario = batch(2004)
DELETE = globals().get("DELETE", "deleted")

RES = {"requests": {"cpu": "10m", "memory": "24Mi"}, "limits": {"memory": "64Mi"}}
SMALL = {"requests": {"cpu": "10m", "memory": "8Mi"}, "limits": {"memory": "32Mi"}}


def shop(name, image, env=None, **more):
    return container(name, "shop", image=image, env=env, resources=more.pop("resources", RES), **more)


def release(name, chart, values):
    return dump({"apiVersion": "helm.toolkit.fluxcd.io/v2", "kind": "HelmRelease", "metadata": {"name": name}, "spec": {
        "interval": "30s", "timeout": "60s",
        "chart": {"spec": {"chart": "./charts/" + chart, "reconcileStrategy": "Revision", "sourceRef": {"kind": "GitRepository", "name": "@NAME@", "namespace": "flux-system"}}},
        "install": {"remediation": {"retries": 1}}, "upgrade": {"remediation": {"retries": 1, "strategy": "rollback"}}, "values": values}})


# 1 ── Kustomize images, Argo CD: a tag written as the git tag is, with a v
scenario("tag-with-v", "argocd", {
    "pricer/base/deployment.yaml": text("""
        # team pricing
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: pricer
        spec:
          replicas: 1
          progressDeadlineSeconds: 90
          selector:
            matchLabels:
              app: pricer
          template:
            metadata:
              labels:
                app: pricer
            spec:
              containers:
                - name: pricer
                  image: acme/pricer
                  args:
                    - -config=/etc/pricer/config.yaml
                    - -log-level=info
                  ports:
                    - name: http
                      containerPort: 9000
                  volumeMounts:
                    - name: config
                      mountPath: /etc/pricer
                      readOnly: true
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 64Mi}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 5
                  livenessProbe:
                    httpGet: {path: /healthz, port: http}
                    initialDelaySeconds: 5
                    periodSeconds: 10
              volumes:
                - name: config
                  configMap:
                    name: pricer-config
    """),
    "pricer/base/service.yaml": dump(service("pricer")),
    "pricer/base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
    "pricer/overlays/staging/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources:
          - ../../base
        images:
          - name: acme/pricer
            newTag: 2.4.7
        configMapGenerator:
          - name: pricer-config
            files: [config.yaml]
    """),
    "pricer/overlays/staging/config.yaml": "interval: 10s\nworkers: 1\ncurrency: EUR\n",
    "pricer/overlays/prod/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources:
          - ../../base
        replicas:
          - name: pricer
            count: 2
        images:
          - name: acme/pricer
            newTag: 2.4.6
        configMapGenerator:
          - name: pricer-config
            files: [config.yaml]
    """),
    "pricer/overlays/prod/config.yaml": "interval: 30s\nworkers: 2\ncurrency: EUR\n",
}, ["Promote pricer v2.4.7 to prod, four workers",
    ["pricer/overlays/prod/kustomization.yaml", "newTag: 2.4.6", "newTag: v2.4.7"],
    ["pricer/overlays/prod/config.yaml", "interval: 30s\nworkers: 2\n", "interval: 20s\nworkers: 4\n"]],
    "the image's tags have no v: v2.4.7 is not in the registry, staging runs 2.4.7",
    expected=expect("image-not-found",
        [(c("Deployment", "pricer", "pricer", "image"), value("acme/pricer:2.4.7"))],
        [(c("Deployment", "pricer", "pricer", "image"), BEFORE)]),
    path="pricer/overlays/prod")

# 2 ── Kustomize secretGenerator, Argo CD: the base and staging use the Secret's new name, prod generates the old one
SECRETS = lambda name, key, more="": text(f"""
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - ../../base
    generatorOptions:
      disableNameSuffixHash: true
    secretGenerator:
      - name: {name}
        literals:
          - SECRET_KEY={key}
    images:
      - name: acme/billing
        newTag: 2.8.0
""")
scenario("secret-renamed-in-staging", "argocd", {
    "apps/billing/base/deployment.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: billing
          labels:
            app.kubernetes.io/part-of: finance
        spec:
          progressDeadlineSeconds: 90
          selector:
            matchLabels:
              app: billing
          template:
            metadata:
              labels:
                app: billing
            spec:
              containers:
                - name: django
                  image: acme/billing
                  env:
                    - name: DJANGO_SETTINGS_MODULE
                      value: billing.settings.production
                    - name: DATABASE_HOST
                      value: 10.20.0.5
                    - name: SECRET_KEY
                      valueFrom:
                        secretKeyRef:
                          name: django
                          key: SECRET_KEY
                  ports:
                    - name: http
                      containerPort: 8000
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 96Mi}
                  readinessProbe:
                    httpGet: {path: /ready, port: http}
                    periodSeconds: 5
                  livenessProbe:
                    httpGet: {path: /health, port: http}
                    initialDelaySeconds: 8
                    periodSeconds: 10
    """),
    "apps/billing/base/service.yaml": dump(service("billing")),
    "apps/billing/base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
    "apps/billing/overlays/staging/kustomization.yaml": SECRETS("django", "staging-only-for-tests"),
    "apps/billing/overlays/prod/kustomization.yaml": SECRETS("django", "prod-only-for-tests"),
}, ["Billing 2.8.1; the Secret is called like the app",
    ["apps/billing/base/deployment.yaml", "                  name: django\n", "                  name: billing-django\n"],
    ["apps/billing/base/deployment.yaml", "            - name: DATABASE_HOST\n", "            - name: EMAIL_TIMEOUT\n              value: \"10\"\n            - name: DATABASE_HOST\n"],
    ["apps/billing/overlays/staging/kustomization.yaml", "  - name: django\n", "  - name: billing-django\n"],
    ["apps/billing/overlays/staging/kustomization.yaml", "newTag: 2.8.0", "newTag: 2.8.1"],
    ["apps/billing/overlays/prod/kustomization.yaml", "newTag: 2.8.0", "newTag: 2.8.1"]],
    "the base refers to Secret billing-django, prod still generates django (staging was renamed)",
    expected=expect("secret-missing",
        [("Secret/billing-django data.SECRET_KEY", value("cHJvZC1vbmx5LWZvci10ZXN0cw==")), ("Secret/django data.SECRET_KEY", GONE)],
        [("Secret/billing-django data.SECRET_KEY", value("cHJvZC1vbmx5LWZvci10ZXN0cw=="))],
        [(c("Deployment", "billing", "django", "env[name=SECRET_KEY].valueFrom.secretKeyRef.name"), BEFORE)]),
    path="apps/billing/overlays/prod")

# 3 ── Kustomize generator from a file, Flux: a semicolon; a release on top
EDGE_CONF = text("""
    server {
      listen 8080;
      server_name shop.example;

      location /healthz {
        return 200;
      }

      location / {
        proxy_pass http://127.0.0.1:8081;
        proxy_set_header Host $host;
        proxy_read_timeout 30s;
      }
    }
""")
UPLOADS = EDGE_CONF.replace("  server_name shop.example;\n", "  server_name shop.example;\n  gzip on;\n  client_max_body_size 20m\n").replace("30s", "60s")
scenario("larger-uploads", "flux", {
    "edge/base/deployment.yaml": dump(workload("Deployment", "edge",
        container("nginx", "nginx", image="acme/edge", port=8080, resources=RES, volumeMounts=[{"name": "conf", "mountPath": "/etc/nginx/conf.d", "readOnly": True}]),
        {"name": "shop", "image": "acme/checkout:1.4.1", "env": [{"name": "PORT", "value": "8081"}], "ports": [{"name": "shop", "containerPort": 8081}], "resources": RES,
         "readinessProbe": {"httpGet": {"path": "/readyz", "port": "shop"}, "periodSeconds": 5}},
        replicas=2, pod={"volumes": [{"name": "conf", "configMap": {"name": "edge-conf"}}]})),
    "edge/base/service.yaml": dump(service("edge")),
    "edge/base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml", images=[{"name": "acme/edge", "newTag": "1.27.2"}]),
    "edge/overlays/prod/kustomization.yaml": kustomization("../../base", configMapGenerator=[{"name": "edge-conf", "files": ["default.conf"]}]),
    "edge/overlays/prod/default.conf": EDGE_CONF,
}, [{"subject": "edge: uploads up to 20 MB, gzip, longer reads", "edit": [["edge/overlays/prod/default.conf", EDGE_CONF, UPLOADS]]},
    {"subject": "edge: nginx 1.27.3", "edit": [["edge/base/kustomization.yaml", "newTag: 1.27.2", "newTag: 1.27.3"]], "wait": 30}],
    "default.conf lacks the semicolon after client_max_body_size 20m; the release on top is innocent",
    expected=expect("crash-on-start",
        [("ConfigMap/edge-conf-# data[\"default.conf\"]", value(UPLOADS.replace("20m\n", "20m;\n")))]),
    path="edge/overlays/prod")

# 4 ── Kustomize base, Flux: a port is named otherwise, its Service is not; the consumer notices at its next release
scenario("port-named-web", "flux", {
    "base/rates/deployment.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: rates
        spec:
          progressDeadlineSeconds: 90
          selector:
            matchLabels:
              app: rates
          template:
            metadata:
              labels:
                app: rates
            spec:
              containers:
                - name: rates
                  image: acme/catalog
                  ports:
                    - name: http
                      containerPort: 8080
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 64Mi}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 4
                  livenessProbe:
                    httpGet: {path: /healthz, port: http}
                    initialDelaySeconds: 5
                    periodSeconds: 10
    """),
    "base/rates/service.yaml": dump(service("rates")),
    "base/quoter/deployment.yaml": dump(workload("Deployment", "quoter", shop("quoter", "acme/checkout", {"LOG_LEVEL": "info"}), replicas=2, pod={"initContainers": [
        {"name": "await-rates", "image": "busybox:1.36", "command": ["sh", "-c"], "args": [
            'for i in 1 2 3; do wget -q -T 3 -O /dev/null "http://$RATES_SERVICE_HOST:80/readyz" && exit 0; sleep 2; done\necho "rates ($RATES_SERVICE_HOST:80) does not answer"\nexit 1\n'], "resources": SMALL}]})),
    "base/quoter/service.yaml": dump(service("quoter")),
    "base/kustomization.yaml": kustomization("rates/deployment.yaml", "rates/service.yaml", "quoter/deployment.yaml", "quoter/service.yaml"),
    "overlays/prod/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources:
          - ../../base
        images:
          - name: acme/catalog
            newTag: 1.4.1
          - name: acme/checkout
            newTag: 1.4.1
    """),
}, [{"subject": "rates: port is called web like everywhere, release 1.4.2", "edit": [
        ["base/rates/deployment.yaml", "- name: http\n", "- name: web\n"], ["base/rates/deployment.yaml", "port: http}", "port: web}"],
        ["overlays/prod/kustomization.yaml", "  - name: acme/catalog\n    newTag: 1.4.1\n", "  - name: acme/catalog\n    newTag: 1.4.2\n"]]},
    {"subject": "quoter 1.4.2, less logging", "wait": 60, "edit": [
        ["overlays/prod/kustomization.yaml", "  - name: acme/checkout\n    newTag: 1.4.1\n", "  - name: acme/checkout\n    newTag: 1.4.2\n"],
        ["base/quoter/deployment.yaml", "value: info", "value: warn"]]}],
    "Service rates has targetPort http, the container's port is called web since the commit before: no endpoints, and quoter's init container waits in vain",
    expected=expect("service-port service-no-endpoints dependency-address",
        [("Service/rates spec.ports[name=http].targetPort", value("web"))],
        [("Service/rates spec.ports[name=http].targetPort", value(8080))],
        [(c("Deployment", "rates", "rates", "ports[name=web]"), GONE), (c("Deployment", "rates", "rates", "ports[name=http].containerPort"), BEFORE),
         (c("Deployment", "rates", "rates", "readinessProbe.httpGet.port"), BEFORE), (c("Deployment", "rates", "rates", "livenessProbe.httpGet.port"), BEFORE)]),
    path="overlays/prod")

# 5 ── Kustomize overlay, Flux: a sidecar comes into a namespace that enforces the restricted level
STRICT = {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}}
SIDE = c("Deployment", "orders", "outbox-relay", "securityContext")
scenario("relay-joins-restricted", "flux", {
    "base/deployment.yaml": dump(workload("Deployment", "orders", shop("orders", "acme/payments", {"LOG_LEVEL": "info"}, securityContext=STRICT),
        replicas=2, pod={"securityContext": {"runAsNonRoot": True, "runAsUser": 1000, "seccompProfile": {"type": "RuntimeDefault"}}})),
    "base/service.yaml": dump(service("orders")),
    "base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
    "overlays/live/kustomization.yaml": kustomization("../../base", images=[{"name": "acme/payments", "newTag": "1.4.1"}]),
}, ["orders 1.4.2 with the outbox relay beside it",
    ["overlays/live/outbox-relay.yaml", None, text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: orders
        spec:
          template:
            spec:
              containers:
                - name: orders
                  env:
                    - name: OUTBOX
                      value: enabled
                - name: outbox-relay
                  image: acme/worker:1.4.1
                  env:
                    - name: PORT
                      value: "8090"
                  ports:
                    - name: relay
                      containerPort: 8090
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 64Mi}
                  readinessProbe:
                    httpGet: {path: /readyz, port: relay}
                    periodSeconds: 5
    """)],
    ["overlays/live/kustomization.yaml", "    newTag: 1.4.1\n", "    newTag: 1.4.2\npatches:\n  - path: outbox-relay.yaml\n"]],
    "the namespace enforces restricted: the new sidecar lacks allowPrivilegeEscalation: false and capabilities drop ALL, which the main container has",
    expected=expect("pod-security", [(SIDE, value(STRICT))], [(SIDE, ANY)]),
    path="overlays/live", labels={"pod-security.kubernetes.io/enforce": "restricted"})

# 6 ── Kustomize base, Argo CD: the template's security context knows no runAsUser, the image's user is a name
scenario("security-from-template", "argocd", {
    "storefront/base/deployment.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: storefront
        spec:
          progressDeadlineSeconds: 90
          selector:
            matchLabels:
              app: storefront
          template:
            metadata:
              labels:
                app: storefront
            spec:
              securityContext:
                runAsNonRoot: true
                runAsUser: 1000
              containers:
                - name: web
                  image: acme/storefront-rootless:9.4.1
                  args: [dist/server.js]
                  env:
                    - name: API_BASE_URL
                      value: https://api.example
                    - name: PAGE_SIZE
                      value: "20"
                  ports:
                    - name: http
                      containerPort: 3000
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 96Mi}
                  readinessProbe:
                    httpGet: {path: /api/health, port: http}
                    periodSeconds: 5
    """),
    "storefront/base/service.yaml": dump(service("storefront")),
    "storefront/base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
    "storefront/overlays/prod/kustomization.yaml": kustomization("../../base", replicas=[{"name": "storefront", "count": 2}], patches=[{"path": "page-size.yaml"}]),
    "storefront/overlays/prod/page-size.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: storefront
        spec:
          template:
            spec:
              containers:
                - name: web
                  env:
                    - name: PAGE_SIZE
                      value: "24"
    """),
}, ["storefront: security context from the platform template, 36 per page",
    ["storefront/base/deployment.yaml", "        runAsNonRoot: true\n        runAsUser: 1000\n", "        runAsNonRoot: true\n        fsGroup: 2000\n        fsGroupChangePolicy: OnRootMismatch\n"],
    ["storefront/base/deployment.yaml", "          args: [dist/server.js]\n", "          args: [dist/server.js]\n          securityContext:\n            allowPrivilegeEscalation: false\n            capabilities:\n              drop: [ALL]\n"],
    ["storefront/overlays/prod/page-size.yaml", '"24"', '"36"']],
    "runAsUser 1000 was lost; the image's user is a name, so that the kubelet cannot verify runAsNonRoot",
    expected=expect("run-as-root-image",
        [(pod("Deployment", "storefront", "securityContext.runAsUser"), BEFORE)],
        [(c("Deployment", "storefront", "web", "securityContext.runAsUser"), value(1000))]),
    path="storefront/overlays/prod")

# 7 ── Helm, Argo CD: the account is no longer made, the template still asks for it
scenario("account-not-created", "argocd", {
    "charts/checkout/Chart.yaml": "apiVersion: v2\nname: checkout\ndescription: Checkout of the shop\nversion: 1.9.0\n",
    "charts/checkout/templates/_helpers.tpl": text("""
        {{- define "checkout.serviceAccountName" -}}
        {{ .Values.serviceAccount.name | default .Chart.Name }}
        {{- end }}
    """),
    "charts/checkout/templates/serviceaccount.yaml": text("""
        {{- if .Values.serviceAccount.create }}
        apiVersion: v1
        kind: ServiceAccount
        metadata:
          name: {{ include "checkout.serviceAccountName" . }}
        automountServiceAccountToken: false
        {{- end }}
    """),
    "charts/checkout/templates/deployment.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: {{ .Chart.Name }}
        spec:
          replicas: {{ .Values.replicas }}
          progressDeadlineSeconds: 90
          selector:
            matchLabels:
              app: {{ .Chart.Name }}
          template:
            metadata:
              labels:
                app: {{ .Chart.Name }}
            spec:
              serviceAccountName: {{ include "checkout.serviceAccountName" . }}
              containers:
                - name: checkout
                  image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
                  {{- with .Values.env }}
                  env:
                    {{- range $name, $value := . }}
                    - name: {{ $name }}
                      value: {{ $value | quote }}
                    {{- end }}
                  {{- end }}
                  ports:
                    - name: http
                      containerPort: 8080
                  resources:
                    {{- toYaml .Values.resources | nindent 12 }}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 5
    """),
    "charts/checkout/templates/service.yaml": text("""
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
              targetPort: http
    """),
    "charts/checkout/values.yaml": text("""
        image:
          repository: acme/checkout
          tag: 1.4.0
        replicas: 1
        env: {}
        serviceAccount:
          create: true
          # the chart's name unless set
          name: ""
        resources:
          requests: {cpu: 10m, memory: 24Mi}
          limits: {memory: 64Mi}
    """),
    "charts/checkout/values-prod.yaml": text("""
        image:
          tag: 1.4.1
        replicas: 2
        env:
          LOG_LEVEL: info
    """),
}, ["Checkout 1.4.2 to prod, values sorted as in the other services",
    ["charts/checkout/values-prod.yaml", "image:\n  tag: 1.4.1\nreplicas: 2\nenv:\n  LOG_LEVEL: info\n",
     "env:\n  CURRENCY: EUR\n  LOG_LEVEL: info\nimage:\n  tag: 1.4.2\nreplicas: 3\nserviceAccount:\n  create: false\n"]],
    "serviceAccount.create is false now: the account checkout is pruned, the Deployment still names it",
    expected=expect("service-account-missing",
        [("ServiceAccount/checkout automountServiceAccountToken", BEFORE)],
        [(pod("Deployment", "checkout", "serviceAccountName"), value("default"))]),
    path="charts/checkout", source={"helm": {"valueFiles": ["values-prod.yaml"]}})

# 8 ── Helm, Argo CD: the values file moves, the Application names the old place
VALUES = text("""
    # live, changes need an approval of team assortment
    image:
      tag: 1.4.1
    replicas: 2
    settings:
      CACHE_MB: 8
""")
scenario("values-in-folders", "argocd", {
    "README.md": "# Catalogue\n\nThe Applications are kept by the platform team in its own repository; they point to `chart` with `../env/<name>.yaml`.\n",
    "chart/Chart.yaml": "apiVersion: v2\nname: catalogue\nversion: 0.5.2\n",
    "chart/values.yaml": text("""
        image:
          repository: acme/catalog
          tag: 1.4.0
        replicas: 1
        settings: {}
        memory: 64Mi
    """),
    "chart/templates/catalogue.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: catalogue
        spec:
          replicas: {{ .Values.replicas }}
          progressDeadlineSeconds: 90
          selector:
            matchLabels: {app: catalogue}
          template:
            metadata:
              labels: {app: catalogue}
            spec:
              containers:
                - name: catalogue
                  image: {{ .Values.image.repository }}:{{ .Values.image.tag }}
                  env:
                    {{- range $name, $value := .Values.settings }}
                    - {name: {{ $name }}, value: {{ $value | quote }}}
                    {{- end }}
                  ports:
                    - {name: http, containerPort: 8080}
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: {{ .Values.memory }}}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 5
        ---
        apiVersion: v1
        kind: Service
        metadata:
          name: catalogue
        spec:
          selector: {app: catalogue}
          ports:
            - {name: http, port: 80, targetPort: http}
    """),
    "env/live.yaml": VALUES,
    "env/staging.yaml": "replicas: 1\nimage:\n  tag: 1.4.2\n",
}, ["Live gets a folder for its values; catalogue 1.4.2 with a larger cache",
    ["env/live.yaml", VALUES, DELETE],
    ["env/live/values.yaml", None, VALUES.replace("1.4.1", "1.4.2").replace("CACHE_MB: 8", "CACHE_MB: 24") + "memory: 96Mi\n"]],
    "the Application, which is not in this repository, reads ../env/live.yaml; the file is env/live/values.yaml now",
    expected=expect("render-failed helm-failed", [], keep=[
        (c("Deployment", "catalogue", "catalogue", "image"), value("acme/catalog:1.4.2")), (c("Deployment", "catalogue", "catalogue", "env[name=CACHE_MB].value"), value("24")),
        (c("Deployment", "catalogue", "catalogue", "resources.limits.memory"), value("96Mi"))]),
    path="chart", source={"helm": {"valueFiles": ["../env/live.yaml"]}})

# 9 ── Helm, Flux: a cpu request that lost its m
scenario("cpu-without-m", "flux", {
    "charts/indexer/Chart.yaml": "apiVersion: v2\nname: indexer\nversion: 0.3.1\n",
    "charts/indexer/values.yaml": text("""
        image:
          repository: acme/indexer
          tag: 0.9.1
        bucket: acme-index-test
        threads: 1
        resources:
          requests:
            cpu: 10m
            memory: 24Mi
          limits:
            memory: 64Mi
    """),
    "charts/indexer/templates/deployment.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: {{ .Release.Name }}
        spec:
          replicas: 1
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
                - name: indexer
                  image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
                  args:
                    - --threads={{ .Values.threads }}
                    - --index-dir=/index
                  env:
                    - name: INDEX_BUCKET
                      value: {{ .Values.bucket | quote }}
                  ports:
                    - name: http
                      containerPort: 7700
                  volumeMounts:
                    - name: index
                      mountPath: /index
                  resources: {{- toYaml .Values.resources | nindent 20 }}
                  readinessProbe:
                    httpGet: {path: /health, port: http}
                    periodSeconds: 5
              volumes:
                - name: index
                  emptyDir: {}
    """),
    "charts/indexer/templates/service.yaml": text("""
        apiVersion: v1
        kind: Service
        metadata:
          name: {{ .Release.Name }}
        spec:
          selector:
            app: {{ .Release.Name }}
          ports:
            - name: http
              port: 7700
              targetPort: http
    """),
    "releases/indexer.yaml": release("indexer", "indexer", {"image": {"tag": "0.9.1"}, "bucket": "acme-index", "threads": 1, "resources": {"requests": {"cpu": "20m", "memory": "24Mi"}, "limits": {"memory": "64Mi"}}}),
}, ["Indexer 0.9.2, two threads and room for both",
    ["releases/indexer.yaml", "tag: 0.9.1", "tag: 0.9.2"], ["releases/indexer.yaml", "threads: 1", "threads: 2"],
    ["releases/indexer.yaml", "cpu: 20m", "cpu: 40"], ["releases/indexer.yaml", "memory: 24Mi", "memory: 48Mi"], ["releases/indexer.yaml", "memory: 64Mi", "memory: 96Mi"]],
    "cpu 40 asks for forty processors, 40m was meant (20m before): the pod stays pending",
    expected=expect("unschedulable-resources",
        [(c("Deployment", "indexer", "indexer", "resources.requests.cpu"), value("40m"))],
        [(c("Deployment", "indexer", "indexer", "resources.requests.cpu"), BEFORE)]),
    path="releases")

# 10 ── Helm, Flux: the chart requires a value by another name than the release gives
RETURNS = text("""
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: {{ .Release.Name }}
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
          terminationGracePeriodSeconds: 30
          containers:
            - name: app
              image: "{{ required "image.name must be set" .Values.image.name }}:{{ .Values.image.tag }}"
              env:
                - name: LOG_LEVEL
                  value: {{ .Values.logLevel }}
              ports:
                - name: http
                  containerPort: 8080
              resources:
                requests: {cpu: 10m, memory: 24Mi}
                limits: {memory: 64Mi}
              readinessProbe:
                httpGet:
                  path: /readyz
                  port: http
                periodSeconds: 5
""")
scenario("chart-wants-repository", "flux", {
    "charts/web-app/Chart.yaml": "apiVersion: v2\nname: web-app\nversion: 1.6.0\n",
    "charts/web-app/values.yaml": text("""
        image:
          name: ""      # by each release
          tag: 1.4.1
        replicas: 1
        logLevel: info
    """),
    "charts/web-app/templates/deployment.yaml": RETURNS,
    "charts/web-app/templates/service.yaml": text("""
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
    """),
    "releases/returns.yaml": release("returns", "web-app", {"image": {"name": "acme/payments", "tag": "1.4.2"}, "replicas": 2}),
}, ["web-app 2.0.0: image.repository as in the public charts, more time to end, quieter",
    ["charts/web-app/Chart.yaml", "1.6.0", "2.0.0"],
    ["charts/web-app/values.yaml", "  name: \"\"      # by each release\n", "  repository: \"\"      # by each release\n"],
    ["charts/web-app/values.yaml", "logLevel: info", "logLevel: warn"],
    ["charts/web-app/templates/deployment.yaml", "required \"image.name must be set\" .Values.image.name", "required \"image.repository must be set\" .Values.image.repository"],
    ["charts/web-app/templates/deployment.yaml", "terminationGracePeriodSeconds: 30", "terminationGracePeriodSeconds: 45"]],
    "the chart reads image.repository now, the HelmRelease still gives image.name",
    expected=expect("helm-failed render-failed", [], keep=[
        (pod("Deployment", "returns", "terminationGracePeriodSeconds"), value(45)), (c("Deployment", "returns", "app", "env[name=LOG_LEVEL].value"), value("warn"))]),
    path="releases")

# 11 ── plain, Argo CD: bash where the image has only sh
scenario("strict-shell", "argocd", {
    **one("catalog", workload("Deployment", "catalog", shop("catalog", "acme/catalog:1.4.1")), service("catalog")),
    "deploy/exports.yaml": text("""
        # nightly exports and their small API, team data
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: exports
        spec:
          replicas: 1
          progressDeadlineSeconds: 90
          selector:
            matchLabels:
              app: exports
          template:
            metadata:
              labels:
                app: exports
            spec:
              initContainers:
                - name: await-catalog
                  image: busybox:1.36
                  command: ["sh", "-c"]
                  args:
                    - |
                      until wget -q -T 3 -O /dev/null "http://${CATALOG_SERVICE_HOST}/readyz"; do
                        sleep 2
                      done
                  resources:
                    requests: {cpu: 10m, memory: 8Mi}
                    limits: {memory: 32Mi}
              containers:
                - name: exports
                  image: acme/worker:1.4.1
                  env:
                    - name: EXPORT_FORMAT
                      value: csv
                  ports:
                    - name: http
                      containerPort: 8080
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 64Mi}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 5
    """),
}, ["exports 1.4.2 writes parquet; start check says what it waits for",
    ["deploy/exports.yaml", 'command: ["sh", "-c"]', 'command: ["bash", "-c"]'],
    ["deploy/exports.yaml", "            - |\n              until", "            - |\n              set -eu\n              echo \"waiting for catalog at ${CATALOG_SERVICE_HOST}\"\n              until"],
    ["deploy/exports.yaml", "acme/worker:1.4.1", "acme/worker:1.4.2"], ["deploy/exports.yaml", "value: csv", "value: parquet"]],
    "busybox has no bash, the script needs sh only",
    expected=expect("command-not-found",
        [(c("Deployment", "exports", "await-catalog", "command[0]", init=True), value("sh"))],
        [(c("Deployment", "exports", "await-catalog", "command[0]", init=True), value("/bin/sh"))]))

# 12 ── plain, Flux: the new worker asks for Redis by a name that no Service has
KEY = "            - name: SECRET_KEY_BASE\n              valueFrom:\n                secretKeyRef:\n                  name: backoffice-app\n                  key: secret_key_base\n"
scenario("worker-asks-redis", "flux", {
    **one("redis", workload("Deployment", "backoffice-redis", container("redis", "redis", resources=RES), spec={"strategy": {"type": "Recreate"}}), service("backoffice-redis", port=6379)),
    "deploy/web.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: backoffice-web
        spec:
          replicas: 2
          progressDeadlineSeconds: 120
          selector:
            matchLabels:
              app: backoffice-web
          template:
            metadata:
              labels:
                app: backoffice-web
            spec:
              containers:
                - name: web
                  image: acme/backoffice:7.2.0
                  args: [server]
                  env:
                    - name: REDIS_URL
                      value: redis://backoffice-redis:6379/0
                    - name: RAILS_MAX_THREADS
                      value: "5"
        """) + KEY + textwrap.indent(text("""
        ports:
          - name: http
            containerPort: 3000
        resources:
          requests: {cpu: 10m, memory: 24Mi}
          limits: {memory: 96Mi}
        readinessProbe:
          httpGet: {path: /up, port: http}
          periodSeconds: 5
    """), " " * 10),
    **one("service", service("backoffice-web")),
}, ["Backoffice 7.2.1, mails go through a worker of their own",
    ["deploy/worker.yaml", None, text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: backoffice-worker
        spec:
          replicas: 1
          progressDeadlineSeconds: 120
          selector:
            matchLabels:
              app: backoffice-worker
          template:
            metadata:
              labels:
                app: backoffice-worker
            spec:
              containers:
                - name: sidekiq
                  image: acme/backoffice:7.2.1
                  args: [sidekiq]
                  env:
                    - name: REDIS_URL
                      value: redis://redis:6379/0
        """) + KEY + textwrap.indent(text("""
        ports:
          - name: health
            containerPort: 7433
        resources:
          requests: {cpu: 10m, memory: 24Mi}
          limits: {memory: 96Mi}
        readinessProbe:
          httpGet: {path: /up, port: health}
          periodSeconds: 5
    """), " " * 10)],
    ["deploy/web.yaml", "acme/backoffice:7.2.0", "acme/backoffice:7.2.1"], ["deploy/web.yaml", 'value: "5"', 'value: "8"']],
    "the worker's REDIS_URL names a Service redis, it is called backoffice-redis (as in the web's)",
    expected=expect("dependency-address crash-on-start",
        [(c("Deployment", "backoffice-worker", "sidekiq", "env[name=REDIS_URL].value"), value("redis://backoffice-redis:6379/0"))]),
    given="apiVersion: v1\nkind: Secret\nmetadata:\n  name: backoffice-app\nstringData:\n  secret_key_base: only-for-tests\n")

# 13 ── for people. Kustomize, Argo CD: GPUs that no node has yet
scenario("gpu-nodes-to-come", "argocd", {
    "base/deployment.yaml": dump(workload("Deployment", "recommend", shop("recommend", "acme/catalog", {"MODEL": "small"}))),
    "base/service.yaml": dump(service("recommend")),
    "base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
    "overlays/prod/kustomization.yaml": kustomization("../../base", replicas=[{"name": "recommend", "count": 2}], images=[{"name": "acme/catalog", "newTag": "1.4.1"}]),
}, ["Recommendations: 1.4.2 with the large model on GPUs",
    ["overlays/prod/gpu.yaml", None, text("""
        # node group gpu-a10, PLAT-2231 with the platform team
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: recommend
        spec:
          template:
            spec:
              containers:
                - name: recommend
                  env:
                    - name: MODEL
                      value: large
                  resources:
                    limits:
                      nvidia.com/gpu: 1
    """)],
    ["overlays/prod/kustomization.yaml", "    newTag: 1.4.1\n", "    newTag: 1.4.2\npatches:\n  - path: gpu.yaml\n"]],
    "no node offers nvidia.com/gpu: the platform team has to bring the node group (PLAT-2231); the manifest says what the team wants",
    answer=HUMAN, expected=expect("unschedulable-resources"), path="overlays/prod")

# 14 ── for people. plain, Flux: a client certificate, kept by hand, has expired; the commit is innocent
scenario("partner-certificate-expired", "flux", {
    "deploy/quotes.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: quotes
        spec:
          replicas: 1
          progressDeadlineSeconds: 90
          selector:
            matchLabels:
              app: quotes
          template:
            metadata:
              labels:
                app: quotes
            spec:
              containers:
                - name: quotes
                  image: acme/quotes:1.12.0
                  env:
                    - name: DATABASE_URL
                      value: postgresql://quotes@10.20.0.5/quotes
                    - name: POOL_SIZE
                      value: "5"
                    - name: PARTNER_CERT
                      valueFrom:
                        secretKeyRef:
                          name: quotes-partner-client   # security team, rotated by hand
                          key: tls.crt
                  ports:
                    - name: http
                      containerPort: 8000
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 64Mi}
                  readinessProbe:
                    httpGet: {path: /healthz, port: http}
                    periodSeconds: 5
    """),
    **one("service", service("quotes")),
}, ["quotes 1.12.1, more connections",
    ["deploy/quotes.yaml", "acme/quotes:1.12.0", "acme/quotes:1.12.1"], ["deploy/quotes.yaml", 'value: "5"', 'value: "10"']],
    "the certificate between quotes and its partner has expired: a person must renew it in a Secret that is not in git; the release did nothing wrong",
    answer=HUMAN, expected=expect("crash-on-start"),
    given="apiVersion: v1\nkind: Secret\nmetadata:\n  name: quotes-partner-client\nstringData:\n  tls.crt: \"\"\n",
    then=[[-6, "kubectl -n $NAMESPACE patch secret quotes-partner-client --type merge -p '{\"stringData\":{\"tls.crt\":\"only-for-tests, not after 2026-01-31\"}}'"]])

# 15 ── nothing to do. plain, Flux: the release is in git before its image is in the registry
scenario("git-faster-than-build", "flux", {
    "deploy/portal.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: portal
        spec:
          replicas: 2
          progressDeadlineSeconds: 300
          selector:
            matchLabels:
              app: portal
          template:
            metadata:
              labels:
                app: portal
            spec:
              containers:
                - name: portal
                  image: acme/portal:2.0.1
                  env:
                    - name: SESSION_STORE
                      value: memory
                    - name: FEATURE_TRIAL
                      value: "false"
                  ports:
                    - name: http
                      containerPort: 4000
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: 64Mi}
                  readinessProbe:
                    httpGet: {path: /health, port: http}
                    periodSeconds: 5
    """),
    **one("service", service("portal")),
}, ["portal 2.0.1-hotfix.3, trials for all",
    ["deploy/portal.yaml", "acme/portal:2.0.1", "acme/portal:2.0.1-hotfix.3"], ["deploy/portal.yaml", '"false"', '"true"']],
    "the image was built a minute after the commit: the pull succeeds at a later attempt, everything becomes ready by itself",
    answer=NONE, expected=expect("healthy recovering"),
    then=[[70, "crane copy --insecure $REGISTRY/acme/portal:2.0.1 $REGISTRY/acme/portal:2.0.1-hotfix.3"]])

# 16 ── nothing to do. Kustomize, Argo CD: old fields written anew, the same result; the release starts slowly, as it may
SHELF = text("""
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    resources:
      - ../../base
    commonLabels:
      team: shelf
    patches:
      - path: start.yaml
    images:
      - name: acme/catalog
        newTag: 1.4.1
""")
scenario("labels-written-anew", "argocd", {
    "base/deployment.yaml": dump(workload("Deployment", "shelf", shop("shelf", "acme/catalog", {"START_SECONDS": "3"},
        startupProbe={"httpGet": {"path": "/healthz", "port": "http"}, "periodSeconds": 3, "failureThreshold": 20}), replicas=2, deadline=180)),
    "base/service.yaml": dump(service("shelf")),
    "base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
    "overlays/live/kustomization.yaml": SHELF,
    "overlays/live/start.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: shelf
        spec:
          template:
            spec:
              containers:
                - name: shelf
                  env:
                    - name: START_SECONDS
                      value: "5"
    """),
}, ["shelf: labels instead of commonLabels; 1.4.2 loads the winter range",
    ["overlays/live/kustomization.yaml", "commonLabels:\n  team: shelf\n", "labels:\n  - includeSelectors: true\n    pairs:\n      team: shelf\n"],
    ["overlays/live/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.2"],
    ["overlays/live/start.yaml", '"5"', '"25"']],
    "the rendered labels and selectors are the same; the release takes 25 s to start, within what the startup probe allows: healthy",
    answer=NONE, expected=expect("healthy recovering"), path="overlays/live")
