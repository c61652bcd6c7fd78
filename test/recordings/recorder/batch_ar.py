"""Batch AR, written by somebody who knew neither the playbook nor the batches before: shop-1460 to shop-1475, mistakes of copying, renaming, merging and half-done migrations. No program of this folder is needed."""
import pathlib, runpy, textwrap
globals().update(runpy.run_path(str(pathlib.Path(__file__).parent / "kit.py")))
SCENARIOS, scenario = batch(1460)


def shop(name, image="acme/payments:1.4.1", port=8080, env=None, extra="", limits="96Mi", replicas=1, deadline=80, live=True, label=None):
    """A Deployment and its Service as a team writes them."""
    variables = "".join(f"            - name: {k}\n              value: {v!r}\n".replace("'", '"') for k, v in {"PORT": str(port), **(env or {})}.items())
    probe = "          livenessProbe:\n            httpGet:\n              path: /healthz\n              port: http\n            initialDelaySeconds: 5\n            periodSeconds: 10\n" if live else ""
    return f"""\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {name}
spec:
  replicas: {replicas}
  progressDeadlineSeconds: {deadline}
  selector:
    matchLabels:
      app: {name}
  template:
    metadata:
      labels:
        app: {label or name}
    spec:
      containers:
        - name: {name}
          image: {image}
          ports:
            - name: http
              containerPort: {port}
          env:
{variables}          resources:
            requests:
              cpu: 10m
              memory: 24Mi
            limits:
              memory: {limits}
{probe}          readinessProbe:
            httpGet:
              path: /readyz
              port: http
            periodSeconds: 3
{extra}"""


def svc(name, target="http"):
    return f"""\
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
      targetPort: {target}
"""


def chart(name, image, probes="probes", extra_env="", helpers="shop", startup="", deadline=80):
    """A chart in the repository."""
    return {
        "chart/Chart.yaml": f"apiVersion: v2\nname: {name}\nversion: 0.6.1\n",
        "chart/values.yaml": text(f"""
            image:
              repository: {image.split(":")[0]}
              tag: "{image.split(":")[1]}"
            replicas: 1
            probes:
              liveness: /healthz
              readiness: /readyz
            resources:
              requests: {{cpu: 10m, memory: 24Mi}}
              limits: {{memory: 96Mi}}
            env: {{}}
            """),
        "chart/templates/_helpers.tpl": text("""
            {{- define "HELP.fullname" -}}
            {{ .Release.Name }}
            {{- end }}
            {{- define "HELP.selector" -}}
            app.kubernetes.io/name: {{ .Chart.Name }}
            app.kubernetes.io/instance: {{ .Release.Name }}
            {{- end }}
            """).replace("HELP", helpers),
        "chart/templates/deployment.yaml": text("""
            apiVersion: apps/v1
            kind: Deployment
            metadata:
              name: {{ include "HELP.fullname" . }}
            spec:
              replicas: {{ .Values.replicas }}
              progressDeadlineSeconds: DEADLINE
              selector:
                matchLabels:
                  {{- include "HELP.selector" . | nindent 6 }}
              template:
                metadata:
                  labels:
                    {{- include "HELP.selector" . | nindent 8 }}
                spec:
                  containers:
                    - name: app
                      image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
                      ports:
                        - name: http
                          containerPort: 8080
                      env:
                        - name: RELEASE
                          value: {{ .Release.Name | quote }}
                        {{- range $name, $value := .Values.env }}
                        - name: {{ $name }}
                          value: {{ $value | quote }}
                        {{- end }}
            EXTRAENV          resources:
                        {{- toYaml .Values.resources | nindent 12 }}
                      livenessProbe:
                        httpGet:
                          path: {{ .Values.probes.liveness }}
                          port: http
                        initialDelaySeconds: 5
                        periodSeconds: 10
                      readinessProbe:
                        httpGet:
                          path: {{ .Values.probes.readiness }}
                          port: http
                        periodSeconds: 3
            """).replace("HELP", helpers).replace("DEADLINE", str(deadline)).replace("EXTRAENV", extra_env) + startup,
        "chart/templates/service.yaml": text("""
            apiVersion: v1
            kind: Service
            metadata:
              name: {{ include "HELP.fullname" . }}
            spec:
              selector:
                {{- include "HELP.selector" . | nindent 4 }}
              ports:
                - name: http
                  port: 80
                  targetPort: http
            """).replace("HELP", helpers),
    }


def helm(release, *files):
    return {"helm": {"releaseName": release, "valueFiles": list(files)}}


# 1460: a Deployment copied from another: the pod template still carries the other's label
scenario("copied-template-label", "argocd",
         {"deploy/payments.yaml": shop("payments") + "---\n" + svc("payments")},
         ["Refunds become a service of their own",
          ["deploy/refunds.yaml", None, shop("refunds", label="payments", env={"LEDGER": "refunds"}) + "---\n" + svc("refunds")],
          ["deploy/payments.yaml", 'value: "8080"\n', 'value: "8080"\n            - name: REFUNDS_PATH\n              value: "/refunds"\n']],
         "Deployment refunds was copied from payments: its pod template is still labelled app=payments, its selector is app=refunds; the API server refuses it",
         expected=expect("invalid-manifest", [("Deployment/refunds spec.template.metadata.labels.app", value("refunds"))]))

# 1461: what is left of a merge conflict, in a file that a CronJob reads as shell
SETTINGS = "SHARDS=4\nBATCH=200\n"
scenario("merge-marker-in-settings", "flux",
         {"base/cronjob.yaml": text("""
            apiVersion: batch/v1
            kind: CronJob
            metadata:
              name: reindex
            spec:
              schedule: "* * * * *"
              concurrencyPolicy: Forbid
              jobTemplate:
                spec:
                  backoffLimit: 0
                  template:
                    metadata:
                      labels:
                        app: reindex
                    spec:
                      restartPolicy: Never
                      containers:
                        - name: reindex
                          image: busybox:1.36
                          command:
                            - sh
                            - -euc
                            - |
                              . /etc/reindex/settings.env
                              echo "reindexing $SHARDS shards in batches of $BATCH"
                              sleep 2
                              echo "done"
                          resources:
                            requests: {cpu: 10m, memory: 16Mi}
                            limits: {memory: 32Mi}
                          volumeMounts:
                            - name: settings
                              mountPath: /etc/reindex
                      volumes:
                        - name: settings
                          configMap:
                            name: reindex-settings
            """),
          "base/kustomization.yaml": kustomization("cronjob.yaml"),
          "overlays/prod/kustomization.yaml": kustomization("../../base", configMapGenerator=[{"name": "reindex-settings", "files": ["settings.env"]}]),
          "overlays/prod/settings.env": SETTINGS},
         ["Merge branch 'bigger-batches' into main", ["overlays/prod/settings.env", SETTINGS, "SHARDS=4\nBATCH=500\nTENANT=eu\n>>>>>>> 4be1c07 (Bigger batches for the eu tenant)\n"]],
         "the last line of a merge conflict stayed in settings.env, which the job's shell reads: syntax error in every run",
         expected=expect("job-failed crash-on-start", [('ConfigMap/reindex-settings-# data["settings.env"]', value("SHARDS=4\nBATCH=500\nTENANT=eu\n"))]),
         path="overlays/prod")

# 1462: the chart's values were renamed, the environment's values file was not
basket = chart("basket", "acme/checkout:1.4.1")
scenario("chart-values-renamed", "argocd",
         {**basket, "chart/values-prod.yaml": text("""
            replicas: 1
            probes:
              readiness: /ready
            env:
              READY_PATH: /ready
              CURRENCY: EUR
            """)},
         ["Chart 0.7: value names of the platform's library chart",
          ["chart/Chart.yaml", "version: 0.6.1", "version: 0.7.0"],
          ["chart/values.yaml", "probes:\n", "health:\n"],
          ["chart/templates/deployment.yaml", ".Values.probes.", ".Values.health."],
          ["chart/values-prod.yaml", "  CURRENCY: EUR\n", "  CURRENCY: EUR\n  ROUNDING: bank\n"]],
         "the chart now reads health.readiness; values-prod.yaml still sets probes.readiness, so the probe asks /readyz while the program serves /ready",
         expected=expect("readiness readiness-probe", [(c("Deployment", "basket", "app", "readinessProbe.httpGet.path"), BEFORE)]),
         path="chart", source=helm("basket", "values-prod.yaml"))

# 1463: an environment renamed in the HelmRelease, not in the ConfigMap that holds its values
scenario("values-key-renamed", "flux",
         {**chart("parcel", "acme/payments:1.4.1"),
          "releases/parcel.yaml": text("""
            apiVersion: helm.toolkit.fluxcd.io/v2
            kind: HelmRelease
            metadata:
              name: parcel
              labels:
                acme.example/environment: prod
            spec:
              interval: 30s
              timeout: 60s
              releaseName: parcel
              chart:
                spec:
                  chart: ./chart
                  reconcileStrategy: Revision
                  sourceRef: {kind: GitRepository, name: "@NAME@", namespace: flux-system}
              install:
                remediation: {retries: 1}
              upgrade:
                remediation: {retries: 1, strategy: rollback}
              valuesFrom:
                - kind: ConfigMap
                  name: parcel-values
                  valuesKey: common.yaml
                - kind: ConfigMap
                  name: parcel-values
                  valuesKey: prod.yaml
              values:
                image:
                  tag: "1.4.1"
            """),
          "releases/values.yaml": text("""
            apiVersion: v1
            kind: ConfigMap
            metadata:
              name: parcel-values
            data:
              common.yaml: |
                env:
                  CARRIER: dhl
              prod.yaml: |
                env:
                  DEPOT: hamburg
            """)},
         ["Environments carry their full names; parcel 1.4.2",
          ["releases/parcel.yaml", "acme.example/environment: prod\n", "acme.example/environment: production\n"],
          ["releases/parcel.yaml", "valuesKey: prod.yaml", "valuesKey: production.yaml"],
          ["releases/parcel.yaml", 'tag: "1.4.1"', 'tag: "1.4.2"']],
         "the HelmRelease asks for key production.yaml of ConfigMap parcel-values, which has prod.yaml",
         expected=expect("helm-failed config-key-missing", [],
                         [('ConfigMap/parcel-values data["prod.yaml"]', GONE), ('ConfigMap/parcel-values data["production.yaml"]', ANY)],
                         keep=[(c("Deployment", "parcel", "app", "image"), value("acme/payments:1.4.2"))]),
         path="releases")

# 1464: patchesStrategicMerge became patches, its items did not
scenario("patches-half-migrated", "argocd",
         {"base/deployment.yaml": shop("quotes", "acme/catalog:1.4.0"), "base/service.yaml": svc("quotes"),
          "base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
          "overlays/prod/kustomization.yaml": text("""
            apiVersion: kustomize.config.k8s.io/v1beta1
            kind: Kustomization
            resources:
              - ../../base
            patchesStrategicMerge:
              - memory.yaml
              - region.yaml
            images:
              - name: acme/catalog
                newTag: 1.4.1
            """),
          "overlays/prod/memory.yaml": text("""
            apiVersion: apps/v1
            kind: Deployment
            metadata:
              name: quotes
            spec:
              template:
                spec:
                  containers:
                    - name: quotes
                      resources:
                        limits:
                          memory: 128Mi
            """),
          "overlays/prod/region.yaml": text("""
            apiVersion: apps/v1
            kind: Deployment
            metadata:
              name: quotes
            spec:
              template:
                spec:
                  containers:
                    - name: quotes
                      env:
                        - name: REGION
                          value: eu-central
            """)},
         ["Get rid of the deprecation warning, catalog 1.4.2",
          ["overlays/prod/kustomization.yaml", "patchesStrategicMerge:\n", "patches:\n"], ["overlays/prod/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.2"]],
         "patchesStrategicMerge was renamed to patches, whose items must be objects (path: …), not file names: kustomize refuses the file",
         expected=expect("render-failed", [], keep=[(c("Deployment", "quotes", "quotes", "image"), value("acme/catalog:1.4.2"))]),
         path="overlays/prod")

# 1465: an Ingress brought over to networking.k8s.io/v1, one path without its type
scenario("ingress-path-type", "flux",
         {"deploy/storefront.yaml": shop("storefront", "acme/checkout:1.4.2") + "---\n" + svc("storefront"),
          "deploy/api.yaml": shop("api", "acme/catalog:1.4.2") + "---\n" + svc("api"),
          "deploy/ingress.yaml": text("""
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata:
              name: public
            spec:
              rules:
                - host: shop.example.com
                  http:
                    paths:
                      - path: /
                        pathType: Prefix
                        backend:
                          service:
                            name: storefront
                            port:
                              name: http
                      - path: /api
                        backend:
                          service:
                            name: api
                            port:
                              name: http
            """)},
         [], "the Ingress was written for the old API: its second path has no pathType, which networking.k8s.io/v1 requires; nothing of the delivery is applied",
         expected=expect("invalid-manifest", [("Ingress/public spec.rules[0].http.paths[1].pathType", value("Prefix"))],
                         [("Ingress/public spec.rules[0].http.paths[1].pathType", value("ImplementationSpecific"))]),
         never_worked=True)

# 1466: the label convention reached the Service, not the pods
scenario("label-convention-half", "flux",
         {"base/deployment.yaml": shop("cart", "acme/checkout:1.4.1", replicas=2), "base/service.yaml": svc("cart"),
          "base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
          "overlays/prod/kustomization.yaml": kustomization("../../base", images=[{"name": "acme/checkout", "newTag": "1.4.2"}])},
         ["Recommended labels (ADR 31)",
          ["base/kustomization.yaml", "resources:\n", "labels:\n  - pairs:\n      app.kubernetes.io/name: cart\nresources:\n"],
          ["base/service.yaml", "    app: cart\n", "    app.kubernetes.io/name: cart\n"]],
         "Service cart selects app.kubernetes.io/name=cart, which Kustomize puts on the objects but not on the pods (includeTemplates is not set): no endpoints",
         expected=expect("service-no-endpoints",
                         [("Service/cart spec.selector.app", BEFORE), ('Service/cart spec.selector["app.kubernetes.io/name"]', GONE)],
                         [('Deployment/cart spec.template.metadata.labels["app.kubernetes.io/name"]', value("cart"))]),
         path="overlays/prod")

# 1467: a new port everywhere but in the overlay's probe
scenario("port-convention-overlay", "argocd",
         {"base/deployment.yaml": shop("tariff", "acme/catalog:1.4.1", live=False).replace("spec:\n  replicas", "spec:\n  minReadySeconds: 25\n  replicas"), "base/service.yaml": svc("tariff", target=8080),
          "base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
          "overlays/prod/kustomization.yaml": kustomization("../../base", patches=[{"path": "liveness.yaml"}]),
          "overlays/prod/liveness.yaml": text("""
            apiVersion: apps/v1
            kind: Deployment
            metadata:
              name: tariff
            spec:
              template:
                spec:
                  containers:
                    - name: tariff
                      livenessProbe:
                        httpGet:
                          path: /healthz
                          port: 8080
                        initialDelaySeconds: 5
                        periodSeconds: 4
                        failureThreshold: 2
            """)},
         ["HTTP services listen on 9000",
          ["base/deployment.yaml", 'value: "8080"', 'value: "9000"'], ["base/deployment.yaml", "containerPort: 8080", "containerPort: 9000"], ["base/service.yaml", "targetPort: 8080", "targetPort: 9000"]],
         "the port moved to 9000 in the base; the liveness probe of the prod overlay still asks 8080, the kubelet restarts the container",
         expected=expect("liveness liveness-probe", [(c("Deployment", "tariff", "tariff", "livenessProbe.httpGet.port"), value(9000))],
                         [(c("Deployment", "tariff", "tariff", "livenessProbe.httpGet.port"), value("http"))]),
         path="overlays/prod")

# 1468: the chart's helpers renamed, one template forgotten
invoice = chart("invoice", "acme/payments:1.4.1", helpers="invoice")
scenario("helper-renamed", "argocd",
         {**invoice,
          "chart/templates/pdb.yaml": text("""
            {{- if .Values.disruptionBudget }}
            apiVersion: policy/v1
            kind: PodDisruptionBudget
            metadata:
              name: {{ include "invoice.fullname" . }}
            spec:
              maxUnavailable: 1
              selector:
                matchLabels:
                  {{- include "invoice.selector" . | nindent 6 }}
            {{- end }}
            """),
          "env/staging.yaml": "replicas: 1\nenv:\n  STAGE: staging\n", "env/prod.yaml": 'replicas: 2\ndisruptionBudget: true\nimage:\n  tag: "1.4.1"\nenv:\n  STAGE: prod\n'},
         ["Helpers without the service's name, to share them between charts",
          ["chart/templates/_helpers.tpl", '"invoice.', '"service.'], ["chart/templates/deployment.yaml", '"invoice.', '"service.'], ["chart/templates/service.yaml", '"invoice.', '"service.'],
          ["env/prod.yaml", 'tag: "1.4.1"', 'tag: "1.4.2"']],
         "the helpers are now service.fullname and service.selector; pdb.yaml, which only prod renders, still includes invoice.fullname and invoice.selector",
         expected=expect("render-failed helm-failed", [], keep=[(c("Deployment", "invoice", "app", "image"), value("acme/payments:1.4.2"))]),
         path="chart", source=helm("invoice", "../env/prod.yaml"))

# 1469: a container inserted before the one that a JSON patch counts as the first
scenario("json-patch-index", "argocd",
         {"base/deployment.yaml": shop("search", "acme/catalog:1.4.2", limits="48Mi", extra="          envFrom:\n            - configMapRef:\n                name: search-settings\n"), "base/service.yaml": svc("search"),
          "base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml", configMapGenerator=[{"name": "search-settings", "literals": ["CACHE_MB=8", "LANGUAGES=de,en"]}]),
          "overlays/prod/kustomization.yaml": kustomization("../../base", configMapGenerator=[{"name": "search-settings", "behavior": "merge", "literals": ["CACHE_MB=110"]}], patches=[{"path": "memory.json", "target": {"kind": "Deployment", "name": "search"}}]),
          "overlays/prod/memory.json": '[\n  {"op": "replace", "path": "/spec/template/spec/containers/0/resources/limits/memory", "value": "224Mi"}\n]\n'},
         ["Relay the access log",
          ["base/deployment.yaml", "      containers:\n        - name: search\n", textwrap.indent(text("""
            containers:
              - name: access-log
                image: busybox:1.37
                command:
                  - sh
                  - -c
                  - trap 'exit 0' TERM; echo relaying; while true; do sleep 5 & wait $!; done
                resources:
                  requests:
                    cpu: 5m
                    memory: 8Mi
                  limits:
                    memory: 32Mi
              - name: search
            """), "      ")]],
         "the prod overlay's JSON patch raises the memory of containers/0, which is the new sidecar now: search keeps the base's 48Mi and is killed out of memory",
         expected=expect("out-of-memory",
                         [(c("Deployment", "search", "search", "resources.limits.memory"), BEFORE), (c("Deployment", "search", "access-log", "resources.limits.memory"), value("32Mi"))],
                         [(c("Deployment", "search", "search", "resources.limits.memory"), at_least("160Mi"))],
                         [(c("Deployment", "search", "search", "resources.limits.memory"), at_least("160Mi")), (c("Deployment", "search", "access-log", "resources.limits.memory"), value("32Mi"))]),
         path="overlays/prod")

# 1470: a setting moved to the ConfigMap that only the main container reads
URL = "postgres://orders@db.internal/orders"
DBENV = f'            - name: DATABASE_URL\n              value: "{URL}"\n'
scenario("setting-moved-init-forgotten", "flux",
         {"deploy/orders.yaml": f"""\
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: orders
spec:
  serviceName: orders
  replicas: 1
  podManagementPolicy: Parallel
  selector:
    matchLabels:
      app: orders
  template:
    metadata:
      labels:
        app: orders
    spec:
      initContainers:
        - name: migrate
          image: acme/worker:1.4.1
          args: ["migrate"]
          env:
            - name: LOCK_TIMEOUT
              value: "30"
{DBENV}          resources:
            requests: {{cpu: 10m, memory: 16Mi}}
            limits: {{memory: 64Mi}}
      containers:
        - name: orders
          image: acme/payments:1.4.1
          ports:
            - name: http
              containerPort: 8080
          env:
            - name: SHARD
              value: "0"
{DBENV}          envFrom:
            - configMapRef:
                name: orders-settings
          resources:
            requests: {{cpu: 10m, memory: 24Mi}}
            limits: {{memory: 96Mi}}
          readinessProbe:
            httpGet: {{path: /readyz, port: http}}
            periodSeconds: 3
""",
          "deploy/service.yaml": svc("orders").replace("spec:\n", "spec:\n  clusterIP: None\n"),
          "deploy/settings.yaml": dump(configmap("orders-settings", REQUIRED_ENV="DATABASE_URL,SHARD", CURRENCY="EUR"))},
         ["Settings live in the ConfigMap, once",
          ["deploy/orders.yaml", DBENV, ""], ["deploy/settings.yaml", "  CURRENCY: EUR\n", f"  CURRENCY: EUR\n  DATABASE_URL: {URL}\n"]],
         "DATABASE_URL moved to ConfigMap orders-settings, which the init container migrate does not read: the migration aborts",
         expected=expect("crash-on-start", [(c("StatefulSet", "orders", "migrate", "env[name=DATABASE_URL]", init=True), BEFORE)],
                         [(c("StatefulSet", "orders", "migrate", "envFrom", init=True), value([{"configMapRef": {"name": "orders-settings"}}]))],
                         [(c("StatefulSet", "orders", "migrate", "env[name=DATABASE_URL]", init=True), value({"name": "DATABASE_URL", "valueFrom": {"configMapKeyRef": {"name": "orders-settings", "key": "DATABASE_URL"}}}))]))

# 1471: an account renamed with its binding, not in the DaemonSet
scenario("account-renamed", "flux",
         {"deploy/rbac.yaml": text("""
            apiVersion: v1
            kind: ServiceAccount
            metadata:
              name: agent
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: Role
            metadata:
              name: node-agent
            rules:
              - apiGroups: [""]
                resources: [configmaps]
                verbs: [get, list]
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: RoleBinding
            metadata:
              name: node-agent
            roleRef:
              apiGroup: rbac.authorization.k8s.io
              kind: Role
              name: node-agent
            subjects:
              - kind: ServiceAccount
                name: agent
                namespace: "@NAME@"
            """),
          "deploy/daemonset.yaml": text("""
            apiVersion: apps/v1
            kind: DaemonSet
            metadata:
              name: node-agent
            spec:
              selector:
                matchLabels:
                  app: node-agent
              template:
                metadata:
                  labels:
                    app: node-agent
                spec:
                  serviceAccountName: agent
                  terminationGracePeriodSeconds: 20
                  containers:
                    - name: agent
                      image: busybox:1.36
                      command: ["sh", "-c", "echo agent started; while true; do sleep 5; done"]
                      resources:
                        requests: {cpu: 5m, memory: 8Mi}
                        limits: {memory: 32Mi}
            """)},
         ["Accounts are named after their workload; busybox 1.37",
          ["deploy/rbac.yaml", "kind: ServiceAccount\nmetadata:\n  name: agent\n", "kind: ServiceAccount\nmetadata:\n  name: node-agent\n"],
          ["deploy/rbac.yaml", "    name: agent\n    namespace", "    name: node-agent\n    namespace"],
          ["deploy/daemonset.yaml", "busybox:1.36", "busybox:1.37"]],
         "ServiceAccount agent is called node-agent now, as its RoleBinding says; the DaemonSet still asks for agent: its pods cannot be created",
         expected=expect("service-account-missing", [(pod("DaemonSet", "node-agent", "serviceAccountName"), value("node-agent"))]))

# 1472: people: the data of the import is wrong
def importer(month, claim):
    return text(f"""
        apiVersion: batch/v1
        kind: Job
        metadata:
          name: import-{month}
        spec:
          backoffLimit: 1
          template:
            metadata:
              labels:
                app: import
            spec:
              restartPolicy: Never
              containers:
                - name: import
                  image: busybox:1.37
                  command:
                    - sh
                    - -ec
                    - |
                      file=/export/customers.csv
                      twice=$(cut -d, -f1 $file | sort | uniq -d | tr '\\n' ' ')
                      if [ -n "$twice" ]; then
                        echo "ERROR $file: customer ids used twice: $twice"
                        echo "ERROR nothing imported: which of the rows is right must be decided in the CRM, then export again"
                        exit 1
                      fi
                      echo "imported $(wc -l <$file) customers"
                  resources:
                    requests: {{cpu: 10m, memory: 16Mi}}
                    limits: {{memory: 32Mi}}
                  volumeMounts:
                    - name: export
                      mountPath: /export
              volumes:
                - name: export
                  configMap:
                    name: {claim}
        """)


scenario("import-data-wrong", "flux",
         {"deploy/customers.yaml": shop("customers", "acme/worker:1.4.2"), "deploy/import-2026-10.yaml": importer("2026-10", "crm-export-2026-10")},
         ["Import of November", ["deploy/import-2026-11.yaml", None, importer("2026-11", "crm-export-2026-11")], ["deploy/customers.yaml", 'value: "8080"\n', 'value: "8080"\n            - name: NEWEST_IMPORT\n              value: "2026-11"\n']],
         "the export that the new Job reads (made outside git) holds two customers with one id: the data must be corrected by people", HUMAN,
         expected=expect("job-failed"),
         given=dump(configmap("crm-export-2026-10", customers__csv="1040,Ada\n1041,Grace\n1042,Edsger\n"), configmap("crm-export-2026-11", customers__csv="1041,Grace\n1042,Edsger\n1042,Barbara\n1043,Donald\n")))

# 1473: people: a copied service wants a Secret that nobody made
SECRET_ENV = textwrap.indent(text("""
    - name: GATEWAY_TOKEN
      valueFrom:
        secretKeyRef:
          name: {{ .Values.gateway.existingSecret }}
          key: token
    """), " " * 12)
payouts = chart("payouts", "acme/payments:1.4.2", extra_env=SECRET_ENV)
scenario("secret-of-copied-service", "argocd",
         {**payouts, "chart/values-prod.yaml": text("""
            gateway:
              # made by the payment provider, see the runbook
              existingSecret: payouts-gateway
            env:
              REQUIRED_ENV: GATEWAY_TOKEN
              CURRENCY: EUR
            """)},
         [], "the first release of payouts reads its gateway token from Secret payouts-gateway, which nobody has created: a credential, for people", HUMAN,
         expected=expect("secret-missing"), path="chart", source=helm("payouts", "values-prod.yaml"), never_worked=True)

# 1474: nothing: a slower start, within its startup probe
STARTUP = "          startupProbe:\n            httpGet:\n              path: /healthz\n              port: http\n            periodSeconds: 4\n            failureThreshold: 30\n"
scenario("warm-up-copied", "argocd",
         {**chart("ranking", "acme/catalog:1.4.1", startup=STARTUP, deadline=240), "env/prod.yaml": 'image:\n  tag: "1.4.1"\nenv:\n  START_SECONDS: "1"\n'},
         ["Warm-up as in search, catalog 1.4.2", ["env/prod.yaml", 'START_SECONDS: "1"', 'START_SECONDS: "45"'], ["env/prod.yaml", 'tag: "1.4.1"', 'tag: "1.4.2"']],
         "a slow start that its startup probe allows: the new pods become ready after 45 s", NONE,
         expected=expect("healthy recovering"), path="chart", source=helm("ranking", "../env/prod.yaml"))

# 1475: nothing: the first try of a Job fails, the second does its work
def backfill(table, again):
    trial = '[ -e /state/tried ] || { touch /state/tried; echo "ERROR lock on table %s is held by another session, giving up"; exit 1; }\n' % table if again else ""
    return dump({"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "backfill-" + table}, "spec": {"backoffLimit": 4, "template": {"metadata": {"labels": {"app": "backfill"}}, "spec": {
        "restartPolicy": "OnFailure",
        "containers": [{"name": "backfill", "image": "busybox:1.36", "command": ["sh", "-ec", Text(f'echo "backfill of {table}"\n{trial}sleep 2\necho "{table}: 1204 rows written"\n')],
                        "resources": {"requests": {"cpu": "10m", "memory": "16Mi"}, "limits": {"memory": "32Mi"}}, "volumeMounts": [{"name": "state", "mountPath": "/state"}]}],
        "volumes": [{"name": "state", "emptyDir": {}}]}}}})


scenario("backfill-second-try", "flux",
         {"base/deployment.yaml": shop("accounts", "acme/worker:1.4.1"), "base/kustomization.yaml": kustomization("deployment.yaml"),
          "overlays/prod/kustomization.yaml": kustomization("../../base", "backfill-invoices.yaml"), "overlays/prod/backfill-invoices.yaml": backfill("invoices", False)},
         ["Backfill the credits, too",
          ["overlays/prod/backfill-credits.yaml", None, backfill("credits", True)], ["overlays/prod/kustomization.yaml", "  - backfill-invoices.yaml\n", "  - backfill-invoices.yaml\n  - backfill-credits.yaml\n"]],
         "the first try of the new Job met a lock, the second did the work: the Job is complete", NONE,
         expected=expect("healthy recovering"), path="overlays/prod")
