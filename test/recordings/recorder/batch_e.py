"""The fifth batch, written by somebody who knew neither the playbook nor the batches before: shop-500 and on, a year of ordinary incidents at several companies.

Before it is played: `kubectl label node node-1 node-pool=general storage-tier=fast`, api-door.py at 10.99.0.1:8002, `python3 -m http.server 16379 --bind 10.99.0.1`
with its process id in /tmp/batch-e-redis.pid (the Redis outside of the cluster that goes away), registries.py with its STATE in /tmp/batch-e-registries (`s3cret-pull`
in its file `password`), and below $CLUSTER_HOME/registry-hosts private.acme.example/hosts.toml for 127.0.0.1:5098 and habor.acme.example/hosts.toml with
nothing but `server = "https://habor.acme.example"`. Labels, password, process and the image acme/allocator:stable are to be put back before a scenario is played again.
"""
import pathlib, runpy
globals().update(runpy.run_path(str(pathlib.Path(__file__).parent / "kit.py")))
PROGRAMS.update({
    "rails": ("acme/backoffice:7.2.0", 3000, "/up", "/up", {"SECRET_KEY_BASE": "only-for-tests"}),
    "django": ("acme/billing:2.8.0", 8000, "/health", "/ready", {"SECRET_KEY": "only-for-tests"}),
    "aspnet": ("acme/shipments:9.0.1", 8080, "/health/live", "/health/ready", {"Carrier__BaseUrl": "https://carrier.example/v1"}),
    "zap": ("acme/inventory:1.9", 8080, "/livez", "/readyz", {}),
    "nats": ("acme/bus:2.10.22", 8222, "/healthz", "/healthz", {}),
    "kafka": ("acme/shipping:3.9.0", 8080, "/healthz", "/healthz", {"CONSUMER_BOOTSTRAP_SERVERS": "10.20.0.9:9094"}),
})

SCENARIOS, scenario = batch(500)


def chart(name, folder=None, tag="", repository="", **defaults):
    """A chart of one service, as its team copied it from the last one. `defaults`: further keys of values.yaml."""
    folder = folder or f"charts/{name}"
    values = {"image": {"repository": repository or f"acme/{name}", "tag": tag}, "replicas": 1, "env": {}, "existingSecret": "", "args": [], "port": 8080, "probes": {"liveness": {"path": "/livez"}, "readiness": {"path": "/readyz"}},
              "service": {"port": 80, "targetPort": "http"}, "serviceAccount": {"create": False, "name": "default"}, "podAnnotations": {}, "resources": {"requests": {"cpu": "10m", "memory": "24Mi"}, "limits": {"memory": "96Mi"}}, **defaults}
    return {
        f"{folder}/Chart.yaml": f"apiVersion: v2\nname: {name}\ndescription: The {name} service\ntype: application\nversion: 1.4.2\n",
        f"{folder}/values.yaml": f"# Defaults of {name}.\n" + dump(values),
        f"{folder}/templates/_helpers.tpl": text("""
            {{- define "app.labels" -}}
            app.kubernetes.io/name: {{ .Chart.Name }}
            app.kubernetes.io/instance: {{ .Release.Name }}
            {{- end }}
            {{- define "app.image" -}}
            {{- with (.Values.global | default dict).imageRegistry }}{{ . }}/{{ end }}{{ .Values.image.repository }}:{{ .Values.image.tag }}
            {{- end }}
            """),
        f"{folder}/templates/deployment.yaml": text("""
            apiVersion: apps/v1
            kind: Deployment
            metadata:
              name: {{ .Chart.Name }}
              labels:
                {{- include "app.labels" . | nindent 4 }}
                helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
            spec:
              replicas: {{ .Values.replicas }}
              progressDeadlineSeconds: 90
              selector:
                matchLabels:
                  {{- include "app.labels" . | nindent 6 }}
              template:
                metadata:
                  labels:
                    {{- include "app.labels" . | nindent 8 }}
                  {{- with .Values.podAnnotations }}
                  annotations:
                    {{- toYaml . | nindent 8 }}
                  {{- end }}
                spec:
                  serviceAccountName: {{ .Values.serviceAccount.name }}
                  containers:
                    - name: {{ .Chart.Name }}
                      image: {{ include "app.image" . | quote }}
                      {{- with .Values.args }}
                      args:
                        {{- toYaml . | nindent 12 }}
                      {{- end }}
                      {{- with .Values.env }}
                      env:
                        {{- range $name, $value := . }}
                        - name: {{ $name }}
                          value: {{ $value | quote }}
                        {{- end }}
                      {{- end }}
                      {{- with .Values.existingSecret }}
                      envFrom:
                        - secretRef:
                            name: {{ . }}
                      {{- end }}
                      ports:
                        - name: http
                          containerPort: {{ .Values.port }}
                      livenessProbe:
                        httpGet:
                          path: {{ .Values.probes.liveness.path }}
                          port: http
                        initialDelaySeconds: 8
                        timeoutSeconds: {{ .Values.probes.liveness.timeoutSeconds | default 2 }}
                      readinessProbe:
                        httpGet:
                          path: {{ .Values.probes.readiness.path }}
                          port: http
                        periodSeconds: 5
                        timeoutSeconds: {{ .Values.probes.readiness.timeoutSeconds | default 2 }}
                      resources:
                        {{- toYaml .Values.resources | nindent 12 }}
            """),
        f"{folder}/templates/service.yaml": text("""
            apiVersion: v1
            kind: Service
            metadata:
              name: {{ .Chart.Name }}
              labels:
                {{- include "app.labels" . | nindent 4 }}
            spec:
              selector:
                {{- include "app.labels" . | nindent 4 }}
              ports:
                - name: http
                  port: {{ .Values.service.port }}
                  targetPort: {{ .Values.service.targetPort }}
            """),
    }


def release(name, values, chart=None, timeout="60s", more=""):
    """A Flux HelmRelease of a chart of the same repository."""
    return text(f"""
        apiVersion: helm.toolkit.fluxcd.io/v2
        kind: HelmRelease
        metadata:
          name: {name}
        spec:
          interval: 1m
          timeout: {timeout}
          releaseName: {name}
          chart:
            spec:
              chart: ./{chart or f"charts/{name}"}
              reconcileStrategy: Revision
              sourceRef:
                kind: GitRepository
                name: "@NAME@"
                namespace: flux-system
        """) + textwrap.indent(more, "  ") + "  values:\n" + textwrap.indent(text(values), "    ")


def prod(name, *others):
    return {"helm": {"releaseName": name, "valueFiles": [*others, "values-prod.yaml"]}}


def mount(name, config, at, **more):
    """A pod's volume from a ConfigMap, and the container's mount."""
    return {"volumes": [{"name": name, "configMap": {"name": config}}]}, [{"name": name, "mountPath": at, **more}]


# ================================================================ plain manifests
scenario("agent-shell", "flux", one("agent",
        workload("DaemonSet", "log-agent", {"name": "tail", "image": "busybox:1.36", "command": ["sh", "-c", "while true; do date; sleep 15; done"], "env": [{"name": "CLUSTER", "value": "prod-1"}],
                                            "resources": {"requests": {"cpu": "5m", "memory": "8Mi"}, "limits": {"memory": "32Mi"}}})),
    ["log-agent: busybox 1.37, say which region", ["deploy/agent.yaml", "busybox:1.36", "busybox:1.37"], ["deploy/agent.yaml", "          value: prod-1\n", "          value: prod-1\n        - name: REGION\n          value: eu-central-1\n"],
        ["deploy/agent.yaml", "        - sh\n        - -c\n", "        - sh -c\n"]],
    "sh and -c are two words of the command; image and REGION are wanted",
    expected=expect("command-not-found crash-on-start", [(c("DaemonSet", "log-agent", "tail", "command"), BEFORE)], [(c("DaemonSet", "log-agent", "tail", "command"), value(["/bin/sh", "-c", "while true; do date; sleep 15; done"]))]))

NGINX = text("""
    server {
      listen 80;
      server_name _;
      client_max_body_size 8m;
      location /healthz {
        return 200;
      }
      location / {
        root /usr/share/nginx/html;
        try_files $uri /index.html;
      }
    }
    """)
p, m = mount("site", "docs-site", "/etc/nginx/conf.d")
scenario("docs-upload-size", "argocd",
    {"deploy/deployment.yaml": dump(workload("Deployment", "docs", container("nginx", "nginx", volumeMounts=m), replicas=2, deadline=60, pod=p)), "deploy/service.yaml": dump(service("docs")), "deploy/site.yaml": dump(configmap("docs-site", default__conf=NGINX))},
    [{"subject": "docs: larger uploads, security header (#212)", "edit": [["deploy/deployment.yaml", "acme/edge:1.27.2", "acme/edge:1.27.3"],
        ["deploy/site.yaml", "client_max_body_size 8m;\n", "client_max_body_size 25m\n      add_header X-Content-Type-Options nosniff;\n"]]},
     {"subject": "docs: how to preview locally", "edit": [["README.md", "# Delivery\n", "# Delivery\n\nRun `make preview` to see the site on port 8000.\n"]]}],
    "client_max_body_size lacks its semicolon; the size, the header and the release are wanted; a README commit sits on top",
    expected=expect("crash-on-start", [('ConfigMap/docs-site data["default.conf"]', value(NGINX.replace("8m;\n", "25m;\n  add_header X-Content-Type-Options nosniff;\n")))],
                    [('ConfigMap/docs-site data["default.conf"]', value(NGINX.replace("8m;\n", "8m;\n  add_header X-Content-Type-Options nosniff;\n")))]))

scenario("storefront-8080", "argocd", one("storefront", workload("Deployment", "storefront", container("web", "node", port=3000, env={"PORT": "3000", "PAGE_SIZE": "24"}, live={"httpGet": {"path": "/api/health", "port": 3000}, "initialDelaySeconds": 5, "periodSeconds": 5},
        ready={"httpGet": {"path": "/api/health", "port": "http"}, "periodSeconds": 5}), deadline=60), service("storefront")),
    ["storefront: port 8080 like everybody else, 9.4.1", ["deploy/storefront.yaml", ":9.4.0", ":9.4.1"], ["deploy/storefront.yaml", "          value: '3000'", "          value: '8080'"], ["deploy/storefront.yaml", "containerPort: 3000", "containerPort: 8080"]],
    "the liveness probe still asks port 3000; the move to 8080 and the release are wanted",
    expected=expect("liveness-probe", *[[(c("Deployment", "storefront", "web", "livenessProbe.httpGet.port"), value(to))] for to in (8080, "http")]))

scenario("ledger-squash", "flux",
    {"deploy/deployment.yaml": dump(workload("Deployment", "ledger", container("ledger", "java", image="acme/ledger:3.1.3", env={"START_SECONDS": "25"}, startupProbe={"httpGet": {"path": "/actuator/health/liveness", "port": "http"}, "periodSeconds": 5, "failureThreshold": 18}), deadline=80,
        pod={"terminationGracePeriodSeconds": 5})),
     "deploy/service.yaml": dump(service("ledger")), "deploy/settings.yaml": dump(configmap("ledger-settings", currency="EUR"))},
    ["ledger: review of our manifests (#388)", ["deploy/deployment.yaml", "memory: 24Mi", "memory: 32Mi"], ["deploy/deployment.yaml", "failureThreshold: 18", "failureThreshold: 3"],
        ["deploy/deployment.yaml", ":3.1.3", ":3.1.4"], ["deploy/deployment.yaml", "    app.kubernetes.io/name: ledger\n", "    app.kubernetes.io/name: ledger\n    team: finance\n"], ["deploy/settings.yaml", "currency: EUR", "currency: EUR\n  rounding: half-even"],
        ["deploy/pdb.yaml", None, dump({"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": {"name": "ledger"}, "spec": {"maxUnavailable": 1, "selector": {"matchLabels": {"app": "ledger"}}}})]],
    "the startup probe gives up after 15 seconds, the program needs 25; everything else of the squash is wanted",
    expected=expect("startup-probe", [(c("Deployment", "ledger", "ledger", "startupProbe.failureThreshold"), BEFORE)], *[[(c("Deployment", "ledger", "ledger", f"startupProbe.{f}"), at_least(n))] for f, n in (("failureThreshold", "6"), ("periodSeconds", "10"), ("initialDelaySeconds", "15"))]))

VOLUME = dump({"apiVersion": "v1", "kind": "PersistentVolume", "metadata": {"name": "@NAME@-uploads"}, "spec": {"capacity": {"storage": "1Gi"}, "accessModes": ["ReadWriteOnce"], "storageClassName": "manual", "hostPath": {"path": "/tmp/@NAME@-uploads", "type": "DirectoryOrCreate"}, "claimRef": {"name": "uploads", "namespace": "@NAME@"}}})
scenario("uploads-recreate", "argocd",
    {"deploy/claim.yaml": dump({"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {"name": "uploads"}, "spec": {"accessModes": ["ReadWriteOnce"], "storageClassName": "manual", "resources": {"requests": {"storage": "1Gi"}}}}),
     "deploy/media.yaml": dump(workload("Deployment", "media", container("media", "rails", volumeMounts=[{"name": "uploads", "mountPath": "/app/storage"}]), deadline=60, pod={"volumes": [{"name": "uploads", "persistentVolumeClaim": {"claimName": "uploads"}}]}), service("media"))},
    ["media 7.2.1, more threads, Recreate since the disk mounts once", ["deploy/media.yaml", ":7.2.0", ":7.2.1"], ["deploy/media.yaml", "          value: only-for-tests\n", "          value: only-for-tests\n        - name: RAILS_MAX_THREADS\n          value: '8'\n"],
        ["deploy/media.yaml", "  progressDeadlineSeconds: 60\n", "  progressDeadlineSeconds: 60\n  strategy:\n    type: Recreate\n"], ["deploy/media.yaml", "claimName: uploads\n", "claimName: media-uploads\n"]],
    "there is no claim media-uploads, the claim is called uploads; release, threads and strategy are wanted", given=VOLUME,
    expected=expect("volume-unbound unschedulable-placement", [(pod("Deployment", "media", "volumes[name=uploads].persistentVolumeClaim.claimName"), BEFORE)]))

PATHS = [{"path": "/", "pathType": "Prefix", "backend": {"service": {"name": "shopfront", "port": {"number": 80}}}}]
scenario("api-path", "flux",
    {"deploy/shopfront.yaml": dump(workload("Deployment", "shopfront", container("web", "node")), service("shopfront")),
     "deploy/ingress.yaml": dump({"apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "metadata": {"name": "shop"}, "spec": {"ingressClassName": "nginx", "rules": [{"host": "shop.example", "http": {"paths": PATHS}}]}})},
    ["shop: the api behind the same host", ["deploy/api.yaml", None, dump(workload("Deployment", "shop-api", container("api", "zap")), service("shop-api"))],
        ["deploy/ingress.yaml", "              number: 80\n", "              number: 80\n      - path: /api\n        pathType: Prefix\n        backend:\n          service:\n            name: shop-api\n            port:\n              number: 8080\n"]],
    "the Service shop-api has port 80; the new workload and the path are wanted", given=dump({"apiVersion": "networking.k8s.io/v1", "kind": "IngressClass", "metadata": {"name": "nginx"}, "spec": {"controller": "k8s.io/ingress-nginx"}}),
    expected=expect("ingress-backend", [("Ingress/shop spec.rules[0].http.paths[1].backend.service.port.number", value(80))], [("Ingress/shop spec.rules[0].http.paths[1].backend.service.port", value({"name": "http"}))],
                    [("Service/shop-api spec.ports[name=http].port", value(8080))]))

SAFE = {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}}
scenario("access-log-sidecar", "argocd", one("portal", workload("Deployment", "portal", container("web", "node", image="acme/storefront-rootless:9.4.1", securityContext=SAFE), deadline=60,
        pod={"securityContext": {"runAsNonRoot": True, "runAsUser": 1000, "seccompProfile": {"type": "RuntimeDefault"}}}), service("portal")),
    ["portal: ship the access log", ["deploy/portal.yaml", "      - name: web\n", "      - name: log-shipper\n        image: busybox:1.37\n        command:\n        - sh\n        - -c\n        - while true; do sleep 30; done\n        resources:\n          requests:\n            cpu: 5m\n            memory: 8Mi\n          limits:\n            memory: 32Mi\n      - name: web\n"],
        ["deploy/portal.yaml", "          value: https://api.example\n", "          value: https://api.example\n        - name: ACCESS_LOG\n          value: stdout\n"]],
    "the new container lacks what the namespace's restricted level asks for; the sidecar and the variable are wanted", labels={"pod-security.kubernetes.io/enforce": "restricted"},
    expected=expect("pod-security", [(c("Deployment", "portal", "log-shipper", "securityContext"), value(SAFE))],
                    [(c("Deployment", "portal", "log-shipper", "securityContext.allowPrivilegeEscalation"), value(False)), (c("Deployment", "portal", "log-shipper", "securityContext.capabilities.drop"), value(["ALL"])), (c("Deployment", "portal", "log-shipper", "securityContext"), ANY)]))

scenario("page-size", "flux", one("catalog", workload("Deployment", "catalog", container("web", "node", env={"PAGE_SIZE": "20", "CURRENCY": "EUR"}), replicas=2, labels={"team": "search"}), service("catalog")),
    ["catalog: fifty a page, prices for the Swiss", ["deploy/catalog.yaml", "          value: '20'\n", "          value: 50\n"], ["deploy/catalog.yaml", "          value: EUR\n", "          value: EUR,CHF\n"], ["deploy/catalog.yaml", "memory: 24Mi", "memory: 28Mi"]],
    "values of variables are strings, 50 is a number; currencies and memory are wanted",
    expected=expect("invalid-manifest", [(c("Deployment", "catalog", "web", "env[name=PAGE_SIZE].value"), value("50"))], [(c("Deployment", "catalog", "web", "env[name=PAGE_SIZE].value"), BEFORE)]))

PULL = dump({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "registry"}, "type": "kubernetes.io/dockerconfigjson", "stringData": {".dockerconfigjson": '{"auths":{"private.acme.example":{"username":"robot","password":"s3cret-pull"}}}'}})
scenario("robot-password", "argocd", one("partners", workload("Deployment", "partners", container("web", "envalid", image="private.acme.example/acme/portal:2.0.0"), deadline=60, pod={"imagePullSecrets": [{"name": "registry"}]}), service("partners")),
    ["partners 2.0.1", ["deploy/partners.yaml", "acme/portal:2.0.0", "acme/portal:2.0.1"]],
    "the registry's robot password was changed, the Secret in the cluster (not in git) still holds the old one", HUMAN, given=PULL,
    then=[[-4, "echo rotated-in-november >/tmp/batch-e-registries/password"]], expected=expect("image-unauthorized"))

scenario("stable-tag", "flux", one("allocator", workload("Deployment", "allocator", container("allocator", "zap", image="acme/allocator:stable", imagePullPolicy="Always", env={"CACHE_TTL": "30s"}), deadline=60), service("allocator")),
    ["allocator: keep entries for a minute", ["deploy/allocator.yaml", "value: 30s", "value: 60s"], ["deploy/allocator.yaml", "    app.kubernetes.io/name: allocator\n", "    app.kubernetes.io/name: allocator\n    team: fulfilment\n"]],
    "the tag stable was pushed again with a build that panics; nothing in the manifests is to blame", HUMAN,
    then=[[-4, 'crane tag --insecure "$REGISTRY/acme/allocator:20261127.3" stable']], expected=expect("crash-on-start"))

# ================================================================ Kustomize
scenario("quotes-release", "flux",
    {"base/deployment.yaml": dump(workload("Deployment", "quotes", container("api", "pydantic", envFrom=[{"configMapRef": {"name": "quotes"}}]), deadline=60)), "base/service.yaml": dump(service("quotes")),
     "base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml", configMapGenerator=[{"name": "quotes", "literals": ["POOL_SIZE=5"]}]),
     "overlays/prod/kustomization.yaml": kustomization("../../base", namePrefix="prod-", images=[{"name": "acme/quotes", "newTag": "1.12.0"}], replicas=[{"name": "quotes", "count": 1}], configMapGenerator=[{"name": "quotes", "behavior": "merge", "literals": ["POOL_SIZE=8"]}])},
    ["prod: quotes of this sprint", ["overlays/prod/kustomization.yaml", "1.12.0", "1.12.2"], ["overlays/prod/kustomization.yaml", "POOL_SIZE=8", "POOL_SIZE=12"], ["overlays/prod/kustomization.yaml", "count: 1", "count: 2"]],
    "there is no quotes 1.12.2 in the registry; pool and replicas are wanted", path="overlays/prod",
    expected=expect("image-not-found", [(c("Deployment", "prod-quotes", "api", "image"), BEFORE)]))

scenario("shared-env", "flux",
    {"shared/common.env": "CURRENCY=EUR\nLEDGER_GATEWAY_URL=https://gateway.example/v2\nLEDGER_BATCH_SIZE=50\n", "shared/kustomization.yaml": kustomization(configMapGenerator=[{"name": "common", "envs": ["common.env"]}]),
     "ledger/deployment.yaml": dump(workload("Deployment", "ledger", container("ledger", "java", env={"LEDGER_GATEWAY_URL": None}, envFrom=[{"configMapRef": {"name": "common"}}]), deadline=60)), "ledger/service.yaml": dump(service("ledger")),
     "ledger/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
     "clusters/eu/kustomization.yaml": kustomization("../../shared", "../../ledger")},
    ["shared: names without the prefix, bigger batches", ["shared/common.env", "LEDGER_GATEWAY_URL=", "GATEWAY_URL="], ["shared/common.env", "LEDGER_BATCH_SIZE=50", "LEDGER_BATCH_SIZE=80"], ["shared/common.env", "CURRENCY=EUR\n", "CURRENCY=EUR\nLOCALE=de-DE\n"]],
    "the program reads LEDGER_GATEWAY_URL, which the shared file no longer sets; batch size and locale are wanted", path="clusters/eu",
    expected=expect("crash-on-start", [("ConfigMap/common-# data.LEDGER_GATEWAY_URL", BEFORE), ("ConfigMap/common-# data.GATEWAY_URL", GONE)], [("ConfigMap/common-# data.LEDGER_GATEWAY_URL", BEFORE)],
                    [(c("Deployment", "ledger", "ledger", "env[name=LEDGER_GATEWAY_URL].value"), value("https://gateway.example/v2"))]))

scenario("billing-first", "argocd",
    {"base/deployment.yaml": dump(workload("Deployment", "billing", container("web", "django", env={"DATABASE_HOST": {"configMapKeyRef": {"name": "billing-settings", "key": "db-host"}}, "CACHE_HOST": {"configMapKeyRef": {"name": "billing-settings", "key": "cache-host"}}}), deadline=60)),
     "base/service.yaml": dump(service("billing")), "base/settings.yaml": dump({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "billing-settings"}, "data": {"cache-host": "10.20.0.7", "database-host": "10.20.0.5", "invoice-prefix": "AC"}}),
     "base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml", "settings.yaml"),
     "overlays/prod/kustomization.yaml": kustomization("../../base", labels=[{"pairs": {"stage": "prod"}}], images=[{"name": "acme/billing", "newTag": "2.8.1"}])},
    [], "the key is called database-host, the workload asks for db-host: from the first release on", path="overlays/prod", never_worked=True,
    expected=expect("config-key-missing config-missing", [(c("Deployment", "billing", "web", "env[name=DATABASE_HOST].valueFrom.configMapKeyRef.key"), value("database-host"))], [("ConfigMap/billing-settings data.db-host", value("10.20.0.5"))],
                    [("ConfigMap/billing-settings data.db-host", value("10.20.0.5")), ("ConfigMap/billing-settings data.database-host", GONE)]))

scenario("requests-substituted", "flux",
    {"base/deployment.yaml": dump(workload("Deployment", "pricer", container("pricer", "go", env={"REGION": "${REGION}"}, resources={"requests": {"cpu": "${CPU_REQUEST:=10m}", "memory": "24Mi"}, "limits": {"memory": "${MEMORY_LIMIT:=96Mi}"}}), deadline=60)),
     "base/service.yaml": dump(service("pricer")), "base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"), "clusters/eu-1/kustomization.yaml": kustomization("../../base", images=[{"name": "acme/pricer", "newTag": "2.4.6"}])},
    ["pricer: requests after the load test, 2.4.7", ["base/deployment.yaml", "${CPU_REQUEST:=10m}", "${CPU_REQUEST:=50}"], ["base/deployment.yaml", "${MEMORY_LIMIT:=96Mi}", "${MEMORY_LIMIT:=128Mi}"], ["clusters/eu-1/kustomization.yaml", "2.4.6", "2.4.7"]],
    "fifty cores where fifty millicores were meant; limit and release are wanted", path="clusters/eu-1", spec={"postBuild": {"substitute": {"REGION": "eu-central-1", "CLUSTER": "eu-1"}}},
    expected=expect("unschedulable-resources", [(c("Deployment", "pricer", "pricer", "resources.requests.cpu"), value("50m"))], [(c("Deployment", "pricer", "pricer", "resources.requests.cpu"), BEFORE)]))

scenario("placement-component", "flux",
    {"base/web.yaml": dump(workload("Deployment", "web", container("web", "node"), deadline=60), service("web")), "base/worker.yaml": dump(workload("Deployment", "worker", container("worker", "kafka"), deadline=60)), "base/kustomization.yaml": kustomization("web.yaml", "worker.yaml"),
     "components/placement/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1alpha1
        kind: Component
        patches:
          - target:
              kind: Deployment
            patch: |-
              apiVersion: apps/v1
              kind: Deployment
              metadata:
                name: any
              spec:
                template:
                  spec:
                    nodeSelector:
                      node-pool: general
        """),
     "overlays/prod/kustomization.yaml": kustomization("../../base", components=["../../components/placement"], images=[{"name": "acme/storefront", "newTag": "9.4.0"}, {"name": "acme/shipping", "newTag": "3.9.0"}])},
    ["prod: November round-up (#97)", ["overlays/prod/kustomization.yaml", "9.4.0", "9.4.1"], ["overlays/prod/kustomization.yaml", "3.9.0", "3.9.1"],
        ["components/placement/kustomization.yaml", "              node-pool: general\n", "              acme.example/node-pool: general\n            terminationGracePeriodSeconds: 20\n"], ["base/worker.yaml", "memory: 96Mi", "memory: 112Mi"]],
    "no node has the label acme.example/node-pool yet; it comes from the component, for both workloads; releases, grace period and memory are wanted", path="overlays/prod",
    expected=expect("unschedulable-placement", [(pod("Deployment", "web", "nodeSelector"), BEFORE), (pod("Deployment", "worker", "nodeSelector"), BEFORE)]))

BUS = "port: 4222\nhttp_port: 8222\nserver_name: bus-1\nmax_payload: 1MB\n"
p, m = mount("config", "bus-conf", "/etc/nats/nats.conf", subPath="nats.conf")
scenario("bus-file-name", "argocd",
    {"base/bus.yaml": dump(workload("StatefulSet", "bus", container("nats", "nats", volumeMounts=m), pod=p), service("bus", clusterIP="None")), "base/nats.conf": BUS,
     "base/kustomization.yaml": kustomization("bus.yaml", configMapGenerator=[{"name": "bus-conf", "files": ["nats.conf"]}]), "overlays/prod/kustomization.yaml": kustomization("../../base", images=[{"name": "acme/bus", "newTag": "2.10.22"}])},
    ["bus: one file a server, messages up to 4 MB", ["base/nats.conf", BUS, DELETE], ["base/server.conf", None, BUS.replace("1MB", "4MB")], ["base/kustomization.yaml", "- nats.conf", "- server.conf"], ["overlays/prod/kustomization.yaml", "2.10.22", "2.10.24"]],
    "the mount's subPath still is nats.conf, which the ConfigMap no longer has, so a folder is mounted; payload and release are wanted", path="overlays/prod",
    expected=expect("volume-mount crash-on-start config-missing", [(c("StatefulSet", "bus", "nats", "volumeMounts"), value([{**m[0], "subPath": "server.conf"}]))], [(c("StatefulSet", "bus", "nats", "volumeMounts[name=config].subPath"), value("server.conf"))],
                    [('ConfigMap/bus-conf-# data["nats.conf"]', value(BUS.replace("1MB", "4MB"))), ('ConfigMap/bus-conf-# data["server.conf"]', GONE)], [('ConfigMap/bus-conf-# data["nats.conf"]', value(BUS.replace("1MB", "4MB")))]))

LIMITS = dump({"apiVersion": "v1", "kind": "LimitRange", "metadata": {"name": "containers"}, "spec": {"limits": [{"type": "Container", "max": {"memory": "128Mi"}, "default": {"memory": "64Mi"}, "defaultRequest": {"cpu": "10m", "memory": "16Mi"}}]}})
scenario("peak-season", "argocd",
    {"base/deployment.yaml": dump(workload("Deployment", "checkout", container("checkout", "shop"), deadline=60)), "base/service.yaml": dump(service("checkout")), "base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
     "overlays/prod/resources.yaml": dump({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "checkout"}, "spec": {"template": {"spec": {"containers": [{"name": "checkout", "resources": {"limits": {"memory": "112Mi"}}}]}}}}),
     "overlays/prod/kustomization.yaml": kustomization("../../base", patches=[{"path": "resources.yaml"}], images=[{"name": "acme/checkout", "newTag": "1.4.1"}])},
    [{"subject": "prod: ready for the season", "edit": [["overlays/prod/resources.yaml", "memory: 112Mi", "memory: 256Mi"], ["overlays/prod/kustomization.yaml", "1.4.1", "1.4.2"], ["base/deployment.yaml", "cpu: 10m", "cpu: 20m"]]},
     {"subject": "checkout: say whom to call", "edit": [["base/deployment.yaml", "    app.kubernetes.io/name: checkout\n", "    app.kubernetes.io/name: checkout\n  annotations:\n    acme.example/on-call: payments\n"]]}],
    "the namespace's LimitRange allows 128Mi a container; release and cpu are wanted, and a commit with an annotation sits on top", path="overlays/prod", given=LIMITS,
    expected=expect("limit-range quota", [(c("Deployment", "checkout", "checkout", "resources.limits.memory"), value("128Mi"))], [(c("Deployment", "checkout", "checkout", "resources.limits.memory"), BEFORE)]))

scenario("group-of-files", "argocd",
    {"base/deployment.yaml": dump(workload("Deployment", "reports", container("reports", "python"), deadline=60, pod={"securityContext": {"runAsNonRoot": True, "runAsUser": 1000}})), "base/service.yaml": dump(service("reports")), "base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
     "overlays/prod/security.yaml": text("""
        - op: add
          path: /spec/template/spec/securityContext/seccompProfile
          value:
            type: RuntimeDefault
        """),
     "overlays/prod/kustomization.yaml": kustomization("../../base", patches=[{"target": {"kind": "Deployment", "name": "reports"}, "path": "security.yaml"}], images=[{"name": "acme/reports", "newTag": "5.0.2"}])},
    ["reports 5.0.3, exports readable for the share's group", ["overlays/prod/kustomization.yaml", "5.0.2", "5.0.3"],
        ["overlays/prod/security.yaml", "- op: add\n  path: /spec/template/spec/securityContext/seccompProfile\n  value:\n    type: RuntimeDefault\n", "- op: replace\n  path: /spec/template/spec/securityContext\n  value:\n    runAsNonRoot: true\n    fsGroup: 2000\n    seccompProfile:\n      type: RuntimeDefault\n"]],
    "the patch now replaces the whole securityContext and so drops runAsUser; the group and the release are wanted", path="overlays/prod",
    expected=expect("run-as-root-image", [(pod("Deployment", "reports", "securityContext.runAsUser"), BEFORE)], [(c("Deployment", "reports", "reports", "securityContext.runAsUser"), value(1000))]))

scenario("local-time", "flux",
    {"base/cronjob.yaml": dump(workload("CronJob", "settlement", {k: v for k, v in container("settlement", "kafka", env={"ONCE": "1"}, probes=False).items() if k != "ports"}, spec={"successfulJobsHistoryLimit": 2})), "base/kustomization.yaml": kustomization("cronjob.yaml"),
     "overlays/eu/schedule.yaml": dump({"apiVersion": "batch/v1", "kind": "CronJob", "metadata": {"name": "settlement"}, "spec": {"schedule": "*/1 * * * *"}}),
     "overlays/eu/kustomization.yaml": kustomization("../../base", patches=[{"path": "schedule.yaml"}], images=[{"name": "acme/shipping", "newTag": "3.9.0"}])},
    ["eu: settlement every two minutes, in local time, 3.9.1", ["overlays/eu/schedule.yaml", "schedule: '*/1 * * * *'" , "schedule: '*/2 * * * *'\n  timeZone: Europe/Berln"], ["overlays/eu/kustomization.yaml", "3.9.0", "3.9.1"]],
    "there is no time zone Europe/Berln; schedule and release are wanted", path="overlays/eu",
    expected=expect("cron-invalid invalid-manifest", [("CronJob/settlement spec.timeZone", value("Europe/Berlin"))], [("CronJob/settlement spec.timeZone", GONE)]))

HPA = {"apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler", "metadata": {"name": "web"}, "spec": {"scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"}, "minReplicas": 1, "maxReplicas": 4, "metrics": [{"type": "Resource", "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 70}}}]}}
web = dump(workload("Deployment", "web", container("web", "node"), spec={"replicas": None}), service("web")).replace("  replicas: null\n", "")
scenario("speaking-names", "flux",
    {"base/web.yaml": web, "base/autoscaler.yaml": dump(HPA), "base/kustomization.yaml": kustomization("web.yaml", "autoscaler.yaml"), "overlays/prod/kustomization.yaml": kustomization("../../base", images=[{"name": "acme/storefront", "newTag": "9.4.0"}])},
    ["base: a speaking name for the web workload", ["base/web.yaml", web.split("---\n")[0], web.split("---\n")[0].replace("name: web\n  labels", "name: storefront\n  labels").replace("name: web\nspec", "name: storefront\nspec")], ["base/autoscaler.yaml", "maxReplicas: 4", "maxReplicas: 6"], ["overlays/prod/kustomization.yaml", "9.4.0", "9.4.1"]],
    "the autoscaler still names the Deployment web; the new name, the maximum and the release are wanted", path="overlays/prod",
    expected=expect("autoscaler", [("HorizontalPodAutoscaler/web spec.scaleTargetRef.name", value("storefront"))]))

scenario("file-per-kind", "argocd",
    {"base/workload.yaml": dump(workload("Deployment", "basket", container("basket", "zap"), deadline=60)), "base/service.yaml": dump(service("basket")), "base/budget.yaml": dump({"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": {"name": "basket"}, "spec": {"minAvailable": 0, "selector": {"matchLabels": {"app": "basket"}}}}),
     "base/kustomization.yaml": kustomization("workload.yaml", "service.yaml", "budget.yaml"),
     "overlays/prod/kustomization.yaml": kustomization("../../base", images=[{"name": "acme/inventory", "newTag": "1.9"}])},
    ["basket: tidy up (#51)", ["base/workload.yaml", dump(workload("Deployment", "basket", container("basket", "zap"), deadline=60)), DELETE], ["base/deployment.yaml", None, dump(workload("Deployment", "basket", container("basket", "zap", env={"CACHE_TTL": "2m"}), deadline=60))],
        ["base/budget.yaml", dump({"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": {"name": "basket"}, "spec": {"minAvailable": 0, "selector": {"matchLabels": {"app": "basket"}}}}), DELETE],
        ["base/disruption-budget.yaml", None, dump({"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": {"name": "basket"}, "spec": {"maxUnavailable": 1, "selector": {"matchLabels": {"app": "basket"}}}})],
        ["base/kustomization.yaml", "workload.yaml", "deployment.yaml"], ["base/kustomization.yaml", "budget.yaml", "pod-disruption-budget.yaml"], ["overlays/prod/kustomization.yaml", "'1.9'", "'1.10'"]],
    "kustomization.yaml lists pod-disruption-budget.yaml, the file is called disruption-budget.yaml; everything else of the squash is wanted", path="overlays/prod",
    expected=expect("render-failed", keep=[(c("Deployment", "basket", "basket", "image"), value("acme/inventory:1.10")), (c("Deployment", "basket", "basket", "env"), value([{"name": "CACHE_TTL", "value": "2m"}])), ("PodDisruptionBudget/basket spec.maxUnavailable", value(1)), ("PodDisruptionBudget/basket spec.minAvailable", GONE)]))

scenario("search-upgrade", "flux",
    {"base/search.yaml": dump(workload("Deployment", "search", container("indexer", "rust", args=["--port", "7700"]), deadline=60), service("search")), "base/kustomization.yaml": kustomization("search.yaml"), "overlays/prod/kustomization.yaml": kustomization("../../base", images=[{"name": "acme/indexer", "newTag": "0.9.1"}])},
    ["search 0.9.2, four threads", ["overlays/prod/kustomization.yaml", "0.9.1", "0.9.2"], ["base/search.yaml", "        - '7700'\n", "        - '7700'\n        - --threads\n        - '4'\n"]],
    "the platform team took the label storage-tier from the node; the selector is in the delivery's patches, the commit is harmless", HUMAN, path="overlays/prod",
    spec={"patches": [{"target": {"kind": "Deployment"}, "patch": "- op: add\n  path: /spec/template/spec/nodeSelector\n  value:\n    storage-tier: fast\n"}]},
    then=[[-4, "kubectl label node node-1 storage-tier-"]], expected=expect("unschedulable-placement"))

ROLE = dump({"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role", "metadata": {"name": "config-reader"}, "rules": [{"apiGroups": [""], "resources": ["configmaps"], "verbs": ["get", "list", "watch"]}]},
            {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding", "metadata": {"name": "config-reader"}, "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "config-reader"}, "subjects": [{"kind": "ServiceAccount", "name": "tenant-operator", "namespace": "@NAME@"}]})
scenario("operator-release", "argocd",
    {"base/operator.yaml": dump({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "tenant-operator"}}, workload("Deployment", "tenant-operator", container("manager", "operator"), deadline=60, pod={"serviceAccountName": "tenant-operator"})), "base/kustomization.yaml": kustomization("operator.yaml"),
     "overlays/prod/kustomization.yaml": kustomization("../../base", images=[{"name": "acme/operator", "newTag": "1.2.0"}])},
    ["tenant-operator 1.2.1, a little more memory", ["overlays/prod/kustomization.yaml", "1.2.0", "1.2.1"], ["base/operator.yaml", "memory: 96Mi", "memory: 128Mi"]],
    "the RoleBinding of the operator's account, which is not in git, was deleted by hand", HUMAN, path="overlays/prod", given=ROLE,
    then=[[-4, "kubectl -n $NAMESPACE delete rolebinding config-reader"]], expected=expect("rbac-forbidden crash-on-start"))

scenario("one-by-one", "argocd",
    {"base/ledger.yaml": dump(workload("StatefulSet", "ledger", container("ledger", "java", probes=False, env={"START_SECONDS": "65"}, readinessProbe={"httpGet": {"path": "/actuator/health/readiness", "port": "http"}, "periodSeconds": 5}), replicas=4, spec={"podManagementPolicy": "Parallel"}, pod={"terminationGracePeriodSeconds": 10}), service("ledger", clusterIP="None")),
     "base/kustomization.yaml": kustomization("ledger.yaml"), "overlays/prod/kustomization.yaml": kustomization("../../base", images=[{"name": "acme/ledger", "newTag": "3.1.3"}])},
    ["prod: ledger 3.1.4, batches of 80", ["overlays/prod/kustomization.yaml", "3.1.3", "3.1.4"], ["base/ledger.yaml", "          value: '65'\n", "          value: '65'\n        - name: LEDGER_BATCH_SIZE\n          value: '80'\n"]],
    "nothing is wrong: each of the four pods takes more than a minute, one after the other", NONE, path="overlays/prod", expected=expect("healthy unknown"))

# ================================================================ Helm
scenario("inventory-next", "argocd",
    {**chart("inventory", tag="1.9"), "charts/inventory/values-prod.yaml": "image:\n  tag: 1.9\nreplicas: 2\nenv:\n  CACHE_TTL: 30s\n"},
    ["inventory: next release", ["charts/inventory/values-prod.yaml", "tag: 1.9", "tag: 1.10"], ["charts/inventory/values-prod.yaml", "CACHE_TTL: 30s\n", "CACHE_TTL: 45s\n  LOG_LEVEL: info\n"]],
    "without quotes the tag 1.10 is the number 1.1, an image that does not exist; the variables are wanted", path="charts/inventory", source=prod("inventory"),
    expected=expect("image-not-found", [(c("Deployment", "inventory", "inventory", "image"), value("acme/inventory:1.10"))], [(c("Deployment", "inventory", "inventory", "image"), BEFORE)]))

SUITE = {**chart("portal", "charts/suite/charts/portal", tag="2.0.0", port=4000, probes={"liveness": {"path": "/health"}, "readiness": {"path": "/health"}}, env={"SESSION_STORE": "memory"}), **chart("inventory", "charts/suite/charts/inventory", tag="1.9"),
         "charts/suite/Chart.yaml": "apiVersion: v2\nname: suite\ndescription: Everything of the back office\ntype: application\nversion: 0.8.0\n"}
scenario("harbor", "argocd",
    {**SUITE, "charts/suite/values.yaml": "global:\n  imageRegistry: docker.acme.example\nportal:\n  image:\n    tag: 2.0.0\ninventory:\n  image:\n    tag: \"1.9\"\n"},
    ["suite: images from Harbor, portal 2.0.1", ["charts/suite/values.yaml", "docker.acme.example", "habor.acme.example"], ["charts/suite/values.yaml", "2.0.0", "2.0.1"], ["charts/suite/Chart.yaml", "0.8.0", "0.9.0"]],
    "the registry's name is misspelt, for all images; the portal's release is wanted", path="charts/suite", source={"helm": {"releaseName": "suite"}},
    expected=expect("image-registry image-not-found", *[[(c("Deployment", "portal", "portal", "image"), value(f"{r}.acme.example/acme/portal:2.0.1")), (c("Deployment", "inventory", "inventory", "image"), value(f"{r}.acme.example/acme/inventory:1.9"))] for r in ("docker", "harbor")]))

scenario("carrier-timeout", "flux",
    {**chart("shipments", tag="9.0.1", probes={"liveness": {"path": "/health/live"}, "readiness": {"path": "/health/ready"}}), "apps/release.yaml": release("shipments", "replicas: 1\n", more="valuesFrom:\n  - kind: ConfigMap\n    name: shipments-values\n"),
     "apps/values.yaml": dump(configmap("shipments-values", values__yaml="image:\n  tag: 9.0.1\nenv:\n  Carrier__BaseUrl: https://carrier.example/v1\n  Carrier__TimeoutSeconds: \"15\"\n")), "apps/kustomization.yaml": kustomization("values.yaml", "release.yaml")},
    ["shipments 9.0.2: the carrier is slow these days", ["apps/values.yaml", "9.0.1", "9.0.2"], ["apps/values.yaml", '"15"', '"30s"'], ["apps/release.yaml", "replicas: 1", "replicas: 2"]],
    "Carrier:TimeoutSeconds is a number without unit; release and replicas are wanted", path="apps",
    expected=expect("crash-on-start helm-failed", [(c("Deployment", "shipments", "shipments", "env[name=Carrier__TimeoutSeconds].value"), value("30"))], [(c("Deployment", "shipments", "shipments", "env[name=Carrier__TimeoutSeconds].value"), BEFORE)]))

scenario("backoffice-secret", "flux",
    {**chart("backoffice", tag="7.2.0", port=3000, probes={"liveness": {"path": "/up"}, "readiness": {"path": "/up"}}), "apps/backoffice.yaml": release("backoffice", """
        image:
          tag: 7.2.0
        existingSecret: backoffice
        env:
          RAILS_ENV: production
        """)},
    [{"subject": "backoffice 7.2.1, eight threads", "edit": [["apps/backoffice.yaml", "7.2.0", "7.2.1"], ["apps/backoffice.yaml", "RAILS_ENV: production\n", "RAILS_ENV: production\n      RAILS_MAX_THREADS: 8\n"], ["apps/backoffice.yaml", "existingSecret: backoffice", "existingSecret: backoffice-prod"]]},
     {"subject": "chart: describe the values", "edit": [["charts/backoffice/values.yaml", "# Defaults of backoffice.", "# Defaults of backoffice. Set `image.tag` in the release."]]}],
    "there is no Secret backoffice-prod; release and threads are wanted; a comment of the chart sits on top", path="apps",
    given=dump({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "backoffice"}, "stringData": {"SECRET_KEY_BASE": "only-for-tests"}}),
    expected=expect("secret-missing helm-failed", [(c("Deployment", "backoffice", "backoffice", "envFrom[0].secretRef.name"), BEFORE)]))

MARKET = {**chart("catalog", "charts/market/charts/catalog", tag="1.4.1", probes={"liveness": {"path": "/healthz"}, "readiness": {"path": "/readyz"}}, env={"CACHE_MB": "24"}), **chart("payments", "charts/market/charts/payments", tag="1.4.1", probes={"liveness": {"path": "/healthz"}, "readiness": {"path": "/readyz"}}),
          "charts/market/Chart.yaml": "apiVersion: v2\nname: market\ndescription: The market\ntype: application\nversion: 2.1.0\n", "charts/market/values.yaml": "catalog:\n  replicas: 1\npayments:\n  replicas: 1\n"}
scenario("warm-catalog", "flux",
    {**MARKET, "apps/market.yaml": release("market", """
        catalog:
          image:
            tag: 1.4.1
          env:
            CACHE_MB: 24
        payments:
          image:
            tag: 1.4.1
        """)},
    ["market: keep the whole catalog warm, payments 1.4.2", ["apps/market.yaml", "CACHE_MB: 24", "CACHE_MB: 120"], ["apps/market.yaml", "    payments:\n      image:\n        tag: 1.4.1", "    payments:\n      image:\n        tag: 1.4.2"], ["apps/market.yaml", "    payments:\n", "    payments:\n      podAnnotations:\n        acme.example/owner: money\n"]],
    "a cache of 120 MB does not fit into a limit of 96Mi; the release and the annotation of the other service are wanted", path="apps",
    expected=expect("out-of-memory helm-failed", [(c("Deployment", "catalog", "catalog", "resources.limits.memory"), at_least("130Mi"))], [(c("Deployment", "catalog", "catalog", "env[name=CACHE_MB].value"), BEFORE)]))

scenario("probe-defaults", "argocd",
    {**chart("shipments", tag="9.0.1"), "values/common.yaml": "# of all services\nprobes:\n  liveness:\n    path: /health/live\n    timeoutSeconds: 2\n  readiness:\n    path: /health/ready\n    timeoutSeconds: 2\nresources:\n  limits:\n    memory: 96Mi\n",
     "values/shipments.yaml": "image:\n  tag: 9.0.1\nreplicas: 2\nenv:\n  Carrier__BaseUrl: https://carrier.example/v1\n"},
    ["values: the same probes for all, with patience", ["values/common.yaml", "/health/ready", "/ready"], ["values/common.yaml", "timeoutSeconds: 2", "timeoutSeconds: 5"], ["values/shipments.yaml", "9.0.1", "9.0.2"]],
    "this service has no /ready, which the common values now ask for; timeouts and release are wanted", path="charts/shipments", source={"helm": {"releaseName": "shipments", "valueFiles": ["../../values/common.yaml", "../../values/shipments.yaml"]}},
    expected=expect("readiness-probe", [(c("Deployment", "shipments", "shipments", "readinessProbe.httpGet.path"), BEFORE)]))

scenario("port-of-the-container", "flux",
    {**chart("storefront", tag="9.4.0", probes={"liveness": {"path": "/api/health"}, "readiness": {"path": "/api/health"}}), "apps/storefront.yaml": release("storefront", """
        image:
          tag: 9.4.0
        port: 3000
        args:
          - dist/server.js
        env:
          API_BASE_URL: https://api.example
          PORT: 3000
        service:
          targetPort: 3000
        """)},
    ["storefront on 8080, 9.4.1", ["apps/storefront.yaml", "9.4.0", "9.4.1"], ["apps/storefront.yaml", "    port: 3000", "    port: 8080"], ["apps/storefront.yaml", "PORT: 3000", "PORT: 8080"]],
    "the Service still sends to 3000, where nothing listens; the move and the release are wanted", path="apps",
    expected=expect("service-port", *[[("Service/storefront spec.ports[name=http].targetPort", value(to))] for to in (8080, "http")]))

PRICER = chart("pricer", tag="2.4.6", port=9000, probes={"liveness": {"path": "/healthz"}, "readiness": {"path": "/readyz"}})
scenario("pricer-first", "argocd",
    {**PRICER, "charts/pricer/templates/serviceaccount.yaml": text("""
        {{- if .Values.serviceAccount.create }}
        apiVersion: v1
        kind: ServiceAccount
        metadata:
          name: {{ .Chart.Name }}
          labels:
            {{- include "app.labels" . | nindent 4 }}
        {{- end }}
        """), "charts/pricer/values-prod.yaml": "image:\n  tag: 2.4.7\nserviceAccount:\n  create: true\n  name: pricer-sa\nenv:\n  REGION: eu-central-1\n"},
    [], "the chart's account is called pricer, the values name pricer-sa: from the first release on", path="charts/pricer", source=prod("pricer"), never_worked=True,
    expected=expect("service-account-missing", [(pod("Deployment", "pricer", "serviceAccountName"), value("pricer"))]))

scenario("wishlist-values", "argocd",
    {**chart("storefront", tag="9.4.0", port=3000, args=["dist/server.js"], probes={"liveness": {"path": "/api/health"}, "readiness": {"path": "/api/health"}}),
     "charts/storefront/values-prod.yaml": "# prod\nimage:\n  tag: 9.4.0\nenv:\n  API_BASE_URL: https://api.example\n  PAGE_SIZE: 24\nreplicas: 2\n"},
    ["storefront 9.4.1 with the wish list", ["charts/storefront/values-prod.yaml", "9.4.0", "9.4.1"], ["charts/storefront/values-prod.yaml", "  PAGE_SIZE: 24\n", "   FEATURE_WISHLIST: \"on\"\n  PAGE_SIZE: 24\n"]],
    "one space too many before FEATURE_WISHLIST, the values are no YAML any more; release and variable are wanted", path="charts/storefront", source=prod("storefront"),
    expected=expect("helm-failed render-failed", keep=[(c("Deployment", "storefront", "storefront", "image"), value("acme/storefront:9.4.1")), (c("Deployment", "storefront", "storefront", "env[name=FEATURE_WISHLIST]"), value({"name": "FEATURE_WISHLIST", "value": "on"}))]))

scenario("schema-23", "argocd",
    {**chart("portal", tag="2.0.0", port=4000, probes={"liveness": {"path": "/health"}, "readiness": {"path": "/health"}}, schema={"image": "acme/schema:22", "url": "jdbc:postgresql://10.20.0.5:5432/portal", "locations": "filesystem:/app/sql"}), "charts/portal/templates/schema.yaml": text("""
        apiVersion: batch/v1
        kind: Job
        metadata:
          name: {{ .Chart.Name }}-schema
          annotations:
            helm.sh/hook: pre-install,pre-upgrade
            helm.sh/hook-delete-policy: before-hook-creation
        spec:
          backoffLimit: 1
          template:
            spec:
              restartPolicy: Never
              containers:
                - name: flyway
                  image: {{ .Values.schema.image }}
                  env:
                    - name: FLYWAY_URL
                      value: {{ .Values.schema.url }}
                    - name: FLYWAY_LOCATIONS
                      value: {{ .Values.schema.locations }}
                  resources:
                    requests: {cpu: 10m, memory: 16Mi}
                    limits: {memory: 64Mi}
        """), "charts/portal/values-prod.yaml": "image:\n  tag: 2.0.0\nenv:\n  SESSION_STORE: memory\nschema:\n  image: acme/schema:22\n  locations: filesystem:/app/sql\n"},
    ["portal 2.0.1 with schema 23", ["charts/portal/values-prod.yaml", "2.0.0", "2.0.1"], ["charts/portal/values-prod.yaml", "schema:22", "schema:23"], ["charts/portal/values-prod.yaml", "filesystem:/app/sql", "filesystem:/app/sql/migrations"], ["charts/portal/values-prod.yaml", "  SESSION_STORE: memory\n", "  SESSION_STORE: memory\n  FEATURE_TRIAL: \"true\"\n"]],
    "the image has its migrations in /app/sql; both releases and the variable are wanted", path="charts/portal", source={"helm": {"releaseName": "portal", "valueFiles": ["values-prod.yaml"], "parameters": [{"name": "replicas", "value": "2"}]}},
    expected=expect("job-failed crash-on-start", [(c("Job", "portal-schema", "flyway", "env[name=FLYWAY_LOCATIONS].value"), BEFORE)]))

scenario("mail-threads", "argocd",
    chart("mailroom", repository="acme/backoffice", tag="7.2.0", port=3000, probes={"liveness": {"path": "/up"}, "readiness": {"path": "/up"}}),
    ["mailroom: 7.2.1, fifty more megabytes", ["charts/mailroom/values.yaml", "7.2.0", "7.2.1"], ["charts/mailroom/values.yaml", "memory: 96Mi", "memory: 146Mi"]],
    "the Redis outside of the cluster went away; the address, which is in the Application's values, is right", HUMAN, path="charts/mailroom",
    source={"helm": {"releaseName": "mailroom", "valuesObject": {"env": {"SECRET_KEY_BASE": "only-for-tests", "REDIS_URL": "redis://10.99.0.1:16379/0"}}}},
    then=[[-4, "kill $(cat /tmp/batch-e-redis.pid)"]], expected=expect("dependency-address crash-on-start"))

DEPOT = {**chart("stock", "charts/depot/charts/stock", repository="acme/inventory", tag="1.9", env={"WARMUP_SECONDS": "25"}, probes={"liveness": {"path": "/livez"}, "readiness": {"path": "/readyz"}}), **chart("intake", "charts/depot/charts/intake", repository="acme/inventory", tag="1.9"),
         "charts/depot/Chart.yaml": "apiVersion: v2\nname: depot\ndescription: The depot\ntype: application\nversion: 0.2.0\ndependencies:\n  - name: stock\n    version: 1.4.2\n    condition: stock.enabled\n  - name: intake\n    version: 1.4.2\n",
         "charts/depot/values.yaml": "stock:\n  enabled: false\nintake:\n  replicas: 1\n"}
DEPOT["charts/depot/charts/stock/templates/deployment.yaml"] = DEPOT["charts/depot/charts/stock/templates/deployment.yaml"].replace("initialDelaySeconds: 8", "initialDelaySeconds: 120")
scenario("stock-service", "flux",
    {**DEPOT, "apps/depot.yaml": release("depot", """
        stock:
          enabled: false
        intake:
          image:
            tag: "1.9"
          env:
            CACHE_TTL: 30s
        """, timeout="4m")},
    ["depot: stock as a service of its own", ["apps/depot.yaml", "enabled: false", "enabled: true"], ["apps/depot.yaml", "CACHE_TTL: 30s", "CACHE_TTL: 30s\n        STOCK_ADDR: stock:80"], ["apps/depot.yaml", 'tag: "1.9"', 'tag: "1.10"']],
    "nothing is wrong: the intake starts before the stock service answers, ends a few times and then works", NONE, path="apps", expected=expect("healthy unknown crash-on-start"))

# ================================================================ several workloads, other kinds
lot = lambda name, program, **more: workload("Deployment", name, container(name, program, envFrom=[{"configMapRef": {"name": "cart-settings"}}], **more), deadline=60)
scenario("one-checkout", "argocd",
    {"deploy/settings.yaml": dump({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "cart-settings"}, "data": {"CURRENCY": "EUR", "POOL_SIZE": "5"}}), "deploy/cart.yaml": dump(lot("cart", "node"), service("cart")), "deploy/quotes.yaml": dump(lot("quotes", "pydantic"), service("quotes")),
     "deploy/expiry.yaml": dump(workload("CronJob", "expiry", {k: v for k, v in container("expiry", "kafka", env={"ONCE": "1"}, probes=False, envFrom=[{"configMapRef": {"name": "cart-settings"}}]).items() if k != "ports"}))},
    ["checkout: cart and quotes are one product now (#640)", ["deploy/settings.yaml", "name: cart-settings", "name: checkout-settings"], ["deploy/settings.yaml", "POOL_SIZE: '5'", "POOL_SIZE: '8'"],
        ["deploy/cart.yaml", "name: cart-settings", "name: checkout-settings"], ["deploy/cart.yaml", "9.4.0", "9.4.1"], ["deploy/expiry.yaml", "name: cart-settings", "name: checkout-settings"], ["deploy/expiry.yaml", "'* * * * *'" , "'*/2 * * * *'"],
        ["deploy/quotes.yaml", "1.12.0", "1.12.1"], ["deploy/quotes.yaml", "    app.kubernetes.io/name: quotes\n", "    app.kubernetes.io/name: quotes\n    app.kubernetes.io/part-of: checkout\n"]],
    "quotes still refers to cart-settings, which is now called checkout-settings; everything else is wanted",
    expected=expect("config-missing", [(c("Deployment", "quotes", "quotes", "envFrom[0].configMapRef.name"), value("checkout-settings"))]))

scenario("tiers", "argocd",
    {"app.yaml": dump(configmap("orders", level="info"), service("orders", selector={"app": "orders", "tier": "api"}), workload("Deployment", "orders", container("orders", "zap"), labels={"tier": "api"}, replicas=2), service("orders-cache", port=6379), workload("StatefulSet", "orders-cache", container("redis", "redis")))},
    ["orders: 1.10, tiers as in the handbook", ["app.yaml", "acme/inventory:1.9", "acme/inventory:1.10"], ["app.yaml", "        tier: api\n", "        tier: backend\n        data: internal\n"], ["app.yaml", "level: info", "level: warn"]],
    "the Service still selects tier api, the pods now have tier backend; release and labels are wanted", path=".",
    expected=expect("service-no-endpoints", [("Service/orders spec.selector.tier", value("backend"))], [("Service/orders spec.selector.tier", GONE)], [("Deployment/orders spec.template.metadata.labels.tier", BEFORE)]))

COMMON = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "backoffice"}, "data": {"REDIS_URL": "redis://cache:6379/0", "RAILS_MAX_THREADS": "5"}}
rails = lambda name, port, **more: workload("Deployment", name, container(name, "rails", port=port, envFrom=[{"configMapRef": {"name": "backoffice"}}], **more), deadline=60)
scenario("jobs-and-web", "flux",
    {"apps/common.yaml": dump(COMMON), "apps/web.yaml": dump(rails("web", 3000), service("web")), "apps/jobs.yaml": dump(rails("jobs", 7433, args=["sidekiq"])), "apps/cache.yaml": dump(workload("StatefulSet", "cache", container("redis", "redis")), service("cache", port=6379))},
    ["backoffice 7.2.1, more threads, cache 7.4.2", ["apps/common.yaml", "redis://cache:6379/0", "redis://cache-master:6379/0"], ["apps/common.yaml", "'5'", "'10'"], ["apps/web.yaml", "7.2.0", "7.2.1"], ["apps/jobs.yaml", "7.2.0", "7.2.1"], ["apps/cache.yaml", "7.4.1", "7.4.2"]],
    "the Service is called cache, not cache-master; threads and releases are wanted", path="apps",
    expected=expect("dependency-address crash-on-start", [("ConfigMap/backoffice data.REDIS_URL", BEFORE)]))

scenario("admin-port", "argocd",
    {"deploy/storefront.yaml": dump(workload("StatefulSet", "storefront", container("web", "node"), container("admin", "node", args=["dist/server.js"], port=3001, env={"PORT": "3001", "HTTP_ROOT": "/tmp/admin"}, ready={"httpGet": {"path": "/api/health", "port": 3001}}, live={"httpGet": {"path": "/api/health", "port": 3001}, "initialDelaySeconds": 8})),
        service("storefront", clusterIP="None")).replace("- name: http\n          containerPort: 3001", "- name: admin\n          containerPort: 3001")},
    ["storefront: page size, one way to set ports, 9.4.1", ["deploy/storefront.yaml", ":9.4.0", ":9.4.1"], ["deploy/storefront.yaml", "          value: '3001'\n", "          value: '3000'\n        - name: PAGE_SIZE\n          value: '24'\n"]],
    "both containers of the pod now listen on 3000; release and page size are wanted",
    expected=expect("port-conflict crash-on-start", [(c("StatefulSet", "storefront", "admin", "env[name=PORT].value"), BEFORE)]))
