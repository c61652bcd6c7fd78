"""Batch AZ, written by somebody who knew neither the playbook nor the batches before: shop-1588 to shop-1603, Helm and Kustomize as teams use them. No program of this folder is needed."""
import pathlib, runpy, textwrap
globals().update(runpy.run_path(str(pathlib.Path(__file__).parent / "kit.py")))
SCENARIOS, scenario = batch(1588)


def chart(name, app_version="1.4.1", version="0.6.2", at="charts", **templates):
    """Chart.yaml, values.yaml and templates (key: file name with __ for a dot and ___ for a leading underscore)."""
    files = {f"{at}/{name}/Chart.yaml": text(f"""
        apiVersion: v2
        name: {name}
        description: Chart of the {name} service
        type: application
        version: {version}
        appVersion: "{app_version}"
        """)}
    for key, body in templates.items():
        file = {"values": "values.yaml", "helpers": "templates/_helpers.tpl"}.get(key, f"templates/{key}.yaml")
        files[f"{at}/{name}/{file}"] = text(body)
    return files


def helpers(name):
    return text("""
        {{/* Names and labels, the same in all our charts */}}
        {{- define "NAME.fullname" -}}
        {{- default .Release.Name .Values.fullnameOverride | trunc 63 | trimSuffix "-" -}}
        {{- end }}

        {{- define "NAME.selector" -}}
        app: {{ include "NAME.fullname" . }}
        {{- end }}

        {{- define "NAME.labels" -}}
        app.kubernetes.io/name: {{ .Chart.Name }}
        app.kubernetes.io/managed-by: {{ .Release.Service }}
        {{ include "NAME.selector" . }}
        {{- end }}

        {{- define "NAME.image" -}}
        {{- $tag := .Values.image.tag | default .Chart.AppVersion -}}
        {{- printf "%s:%s" (required "image.repository is needed" .Values.image.repository) $tag -}}
        {{- end }}
        """).replace("NAME", name)


def svc(name):
    return text("""
        apiVersion: v1
        kind: Service
        metadata:
          name: {{ include "NAME.fullname" . }}
          labels:
            {{- include "NAME.labels" . | nindent 4 }}
        spec:
          selector:
            {{- include "NAME.selector" . | nindent 4 }}
          ports:
            - name: http
              port: {{ .Values.service.port | default 80 }}
              targetPort: {{ .Values.service.targetPort | default "http" }}
        """).replace("NAME", name)


def release(name, values="", extra="", remediate=True, timeout="60s"):
    r = text(f"""
        apiVersion: helm.toolkit.fluxcd.io/v2
        kind: HelmRelease
        metadata:
          name: {name}
        spec:
          interval: 30s
          timeout: {timeout}
          chart:
            spec:
              chart: ./charts/{name}
              reconcileStrategy: Revision
              sourceRef: {{kind: GitRepository, name: "@NAME@", namespace: flux-system}}
        """)
    if remediate:
        r += "  install:\n    remediation: {retries: 1}\n  upgrade:\n    remediation: {retries: 1, strategy: rollback}\n"
    return r + textwrap.indent(text(extra), "  ") + ("  values:\n" + textwrap.indent(text(values), "    ") if values else "")


def argo(name, *files):
    return {"helm": {"releaseName": name, "valueFiles": list(files)}}


# 1 --- a list in a later values file replaces the list of the chart
scenario("helm-env-list-replaced", "argocd", {
    **chart("storefront", helpers=helpers("storefront"), service=svc("storefront"), deployment="""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: {{ include "storefront.fullname" . }}
          labels:
            {{- include "storefront.labels" . | nindent 4 }}
        spec:
          replicas: {{ .Values.replicas }}
          progressDeadlineSeconds: {{ .Values.progressDeadlineSeconds }}
          selector:
            matchLabels:
              {{- include "storefront.selector" . | nindent 6 }}
          template:
            metadata:
              labels:
                {{- include "storefront.selector" . | nindent 8 }}
            spec:
              containers:
                - name: web
                  image: {{ include "storefront.image" . | quote }}
                  env:
                    {{- range $name, $value := .Values.env }}
                    - name: {{ $name }}
                      value: {{ $value | quote }}
                    {{- end }}
                    {{- with .Values.extraEnv }}
                    {{- tpl (toYaml .) $ | nindent 12 }}
                    {{- end }}
                  ports:
                    - name: http
                      containerPort: 8080
                  resources:
                    {{- toYaml .Values.resources | nindent 12 }}
                  livenessProbe:
                    httpGet: {path: /healthz, port: http}
                    periodSeconds: 10
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 5
        """, values="""
        image:
          repository: acme/checkout
          tag: ""            # appVersion of the chart
        replicas: 1
        progressDeadlineSeconds: 75
        service: {}
        env:
          LOG_FORMAT: logfmt
          REQUIRED_ENV: CATALOG_URL,CURRENCY
        extraEnv:
          - name: CATALOG_URL
            value: "http://{{ .Release.Name }}-catalog:80"
          - name: CURRENCY
            value: EUR
        resources:
          requests: {cpu: 10m, memory: 24Mi}
          limits: {memory: 96Mi}
        """),
    "environments/prod.yaml": text("""
        # production: what differs from the chart's defaults
        replicas: 2
        env:
          LOG_FORMAT: json
        """)},
    ["Recommendations for the production shop",
     ["environments/prod.yaml", "replicas: 2\n", "replicas: 2\nextraEnv:\n  - name: RECOMMENDATIONS_URL\n    value: https://reco.example/v1\n"]],
    "extraEnv in environments/prod.yaml replaces the chart's list (lists are not merged): CATALOG_URL and CURRENCY, which the program requires, are gone",
    expected=expect("crash-on-start", [(c("Deployment", "storefront", "web", "env[name=CATALOG_URL]"), BEFORE), (c("Deployment", "storefront", "web", "env[name=CURRENCY]"), BEFORE)]),
    path="charts/storefront", source=argo("storefront", "values.yaml", "../../environments/prod.yaml"))

# 2 --- the last of three values files still has the old memory limit
scenario("helm-last-file-keeps-limit", "argocd", {
    **chart("pricing", helpers=helpers("pricing"), service=svc("pricing"), statefulset="""
        apiVersion: apps/v1
        kind: StatefulSet
        metadata:
          name: {{ include "pricing.fullname" . }}
          labels:
            {{- include "pricing.labels" . | nindent 4 }}
        spec:
          serviceName: {{ include "pricing.fullname" . }}
          replicas: {{ .Values.replicas | default 1 }}
          selector:
            matchLabels:
              {{- include "pricing.selector" . | nindent 6 }}
          template:
            metadata:
              labels:
                {{- include "pricing.selector" . | nindent 8 }}
            spec:
              containers:
                - name: pricing
                  image: {{ include "pricing.image" . | quote }}
                  env:
                    - name: CACHE_MB
                      value: {{ required "cache.megabytes is needed" .Values.cache.megabytes | quote }}
                    {{- if .Values.region }}
                    - name: REGION
                      value: {{ .Values.region }}
                    {{- end }}
                  ports:
                    - name: http
                      containerPort: 8080
                  resources:
                    {{- toYaml .Values.resources | nindent 12 }}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 5
        """, values="""
        image:
          repository: acme/catalog
        service: {}
        cache:
          megabytes: 8
        resources:
          requests: {cpu: 10m, memory: 24Mi}
          limits: {memory: 64Mi}
        """),
    "values/prod.yaml": text("""
        cache:
          megabytes: 40
        resources:
          limits:
            memory: 128Mi
        """),
    "values/prod-eu.yaml": text("""
        region: eu-central
        resources:
          requests:
            cpu: 20m
          limits:
            memory: 112Mi   # EU has the smaller assortment
        """)},
    ["Full price list in memory, in all regions",
     ["values/prod.yaml", "megabytes: 40", "megabytes: 180"], ["values/prod.yaml", "memory: 128Mi", "memory: 256Mi"]],
    "cache of 180 MB; the commit raised the limit in values/prod.yaml but values/prod-eu.yaml, read after it, keeps 112Mi: OOMKilled",
    expected=expect("out-of-memory", [(c("StatefulSet", "pricing", "pricing", "resources.limits.memory"), at_least("200Mi"))],
                    [(c("StatefulSet", "pricing", "pricing", "env[name=CACHE_MB].value"), BEFORE)]),
    path="charts/pricing", source=argo("pricing", "values.yaml", "../../values/prod.yaml", "../../values/prod-eu.yaml"))

# 3 --- never worked: the second workload of the chart asks for an account of another name
scenario("helm-worker-account", "argocd", {
    **chart("tills", helpers=helpers("tills") + text("""

        {{- define "tills.serviceAccountName" -}}
        {{- if .Values.serviceAccount.create -}}
        {{- default (include "tills.fullname" .) .Values.serviceAccount.name -}}
        {{- else -}}
        {{- default "default" .Values.serviceAccount.name -}}
        {{- end -}}
        {{- end }}
        """), serviceaccount="""
        {{- if .Values.serviceAccount.create }}
        apiVersion: v1
        kind: ServiceAccount
        metadata:
          name: {{ include "tills.serviceAccountName" . }}
          labels:
            {{- include "tills.labels" . | nindent 4 }}
        automountServiceAccountToken: false
        {{- end }}
        """, service=svc("tills"), deployment="""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: {{ include "tills.fullname" . }}
          labels:
            {{- include "tills.labels" . | nindent 4 }}
        spec:
          replicas: 1
          progressDeadlineSeconds: 80
          selector:
            matchLabels:
              {{- include "tills.selector" . | nindent 6 }}
          template:
            metadata:
              labels:
                {{- include "tills.selector" . | nindent 8 }}
            spec:
              serviceAccountName: {{ include "tills.serviceAccountName" . }}
              containers:
                - name: api
                  image: {{ include "tills.image" . | quote }}
                  ports:
                    - {name: http, containerPort: 8080}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
        """, worker="""
        {{- if .Values.worker.enabled }}
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: {{ include "tills.fullname" . }}-worker
          labels:
            app.kubernetes.io/name: {{ .Chart.Name }}-worker
        spec:
          replicas: {{ .Values.worker.replicas | default 1 }}
          progressDeadlineSeconds: 80
          selector:
            matchLabels:
              app: {{ include "tills.fullname" . }}-worker
          template:
            metadata:
              labels:
                app: {{ include "tills.fullname" . }}-worker
            spec:
              serviceAccountName: {{ .Values.worker.serviceAccountName | default (include "tills.fullname" .) }}
              containers:
                - name: worker
                  image: "{{ .Values.worker.image }}:{{ .Chart.AppVersion }}"
                  ports:
                    - {name: http, containerPort: 8080}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
        {{- end }}
        """, values="""
        image:
          repository: acme/payments
        service: {}
        serviceAccount:
          create: true
          name: ""
        worker:
          enabled: false
          image: acme/worker
          serviceAccountName: ""   # the same account as the API
        """),
    "charts/tills/values-prod.yaml": text("""
        serviceAccount:
          name: tills-runner
        worker:
          enabled: true
          replicas: 2
        """)}, [],
    "first release: production names the account tills-runner; the worker's template falls back to the full name (tills) instead of the chart's account, which nobody creates",
    expected=expect("service-account-missing", [(pod("Deployment", "tills-worker", "serviceAccountName"), value("tills-runner"))]),
    path="charts/tills", source=argo("tills", "values.yaml", "values-prod.yaml"), never_worked=True)

# 4 --- HUMAN: a credential nobody has put there
scenario("helm-partner-token", "argocd", {
    **chart("settlement", helpers=helpers("settlement"), deployment="""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: {{ include "settlement.fullname" . }}
          labels:
            {{- include "settlement.labels" . | nindent 4 }}
        spec:
          replicas: 1
          progressDeadlineSeconds: 75
          selector:
            matchLabels:
              {{- include "settlement.selector" . | nindent 6 }}
          template:
            metadata:
              labels:
                {{- include "settlement.selector" . | nindent 8 }}
            spec:
              containers:
                - name: settlement
                  image: {{ include "settlement.image" . | quote }}
                  env:
                    - name: REQUIRED_ENV
                      value: {{ keys .Values.secretEnv | sortAlpha | join "," | quote }}
                    {{- range $name, $from := .Values.secretEnv }}
                    - name: {{ $name }}
                      valueFrom:
                        secretKeyRef: {name: {{ $from.secret }}, key: {{ $from.key }}}
                    {{- end }}
                  ports:
                    - {name: http, containerPort: 8080}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
        """, values="""
        image:
          repository: acme/payments
        secretEnv: {}   # NAME: {secret, key}; the secrets are put into the namespace by the platform team
        """),
    "env/live.yaml": text("""
        image:
          tag: 1.4.1
        secretEnv:
          DATABASE_URL: {secret: settlement-db, key: url}
        """)},
    ["Settle Nordbank transfers",
     ["env/live.yaml", "tag: 1.4.1", "tag: 1.4.2"],
     ["env/live.yaml", "key: url}\n", "key: url}\n  NORDBANK_TOKEN: {secret: nordbank-api, key: token}\n"]],
    "NORDBANK_TOKEN comes from Secret nordbank-api, which the platform team has not created: a credential only people can bring",
    answer=HUMAN, expected=expect("secret-missing"), path="charts/settlement", source=argo("settlement", "values.yaml", "../../env/live.yaml"),
    given=dump({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "settlement-db"}, "stringData": {"url": "postgresql://settlement@10.20.0.9/settlement"}}))

# 5 --- the port was renamed in the values, the probes of the chart look for the old name
KIOSK = chart("kiosk", helpers=helpers("kiosk") + text("""

    {{/* One probe: path and the chart's probe port */}}
    {{- define "kiosk.probe" -}}
    httpGet:
      path: {{ .path }}
      port: {{ .root.Values.probes.port }}
    periodSeconds: {{ .period | default 5 }}
    {{- end }}
    """), service=svc("kiosk"), deployment="""
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: {{ include "kiosk.fullname" . }}
      labels:
        {{- include "kiosk.labels" . | nindent 4 }}
    spec:
      replicas: {{ .Values.replicas }}
      progressDeadlineSeconds: 75
      selector:
        matchLabels:
          {{- include "kiosk.selector" . | nindent 6 }}
      template:
        metadata:
          labels:
            {{- include "kiosk.selector" . | nindent 8 }}
        spec:
          containers:
            - name: kiosk
              image: {{ include "kiosk.image" . | quote }}
              {{- with .Values.env }}
              env:
                {{- range $name, $value := . }}
                - name: {{ $name }}
                  value: {{ $value | quote }}
                {{- end }}
              {{- end }}
              ports:
                {{- range .Values.ports }}
                - name: {{ .name }}
                  containerPort: {{ .port }}
                {{- end }}
              livenessProbe:
                {{- include "kiosk.probe" (dict "root" $ "path" .Values.probes.liveness "period" 10) | nindent 12 }}
              readinessProbe:
                {{- include "kiosk.probe" (dict "root" $ "path" .Values.probes.readiness) | nindent 12 }}
              resources:
                {{- toYaml .Values.resources | nindent 12 }}
    """, values="""
    image:
      repository: acme/catalog
    replicas: 1
    env: {}
    service:
      port: 80
      targetPort: http
    ports:
      - {name: http, port: 8080}
    probes:
      port: http
      liveness: /healthz
      readiness: /readyz
    resources:
      requests: {cpu: 10m, memory: 24Mi}
      limits: {memory: 96Mi}
    """)
VALUES_MAP = ('ConfigMap/kiosk-values-# data["values.yaml"]', ANY)
WEB = [(c("Deployment", "kiosk", "kiosk", "livenessProbe.httpGet.port"), value("web")), (c("Deployment", "kiosk", "kiosk", "readinessProbe.httpGet.port"), value("web"))]
NUMBER = [(field, value(8080)) for field, _ in WEB]
BACK = [(c("Deployment", "kiosk", "kiosk", "ports[name=http]"), BEFORE), (c("Deployment", "kiosk", "kiosk", "ports[name=web]"), GONE), ("Service/kiosk spec.ports[name=http].targetPort", BEFORE)]
scenario("helm-port-renamed-in-values", "flux", {
    **KIOSK,
    "releases/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources:
          - kiosk.yaml
        configMapGenerator:
          - name: kiosk-values
            files:
              - values.yaml=values/kiosk.yaml
        configurations:
          - name-reference.yaml
        """),
    "releases/name-reference.yaml": text("""
        nameReference:
          - kind: ConfigMap
            version: v1
            fieldSpecs:
              - path: spec/valuesFrom/name
                kind: HelmRelease
        """),
    "releases/kiosk.yaml": release("kiosk", extra="""
        valuesFrom:
          - kind: ConfigMap
            name: kiosk-values
        """),
    "releases/values/kiosk.yaml": text("""
        replicas: 2
        ports:
          - {name: http, port: 8080}
        service:
          port: 80
          targetPort: http
        env:
          LOG_FORMAT: json
        """)},
    ["Mesh conventions: name the ports web and metrics",
     ["releases/values/kiosk.yaml", "  - {name: http, port: 8080}\n", "  - {name: web, port: 8080}\n  - {name: metrics, port: 9102}\n"],
     ["releases/values/kiosk.yaml", "targetPort: http", "targetPort: web"]],
    "the container's port is called web now; the chart's probes look for the port http (probes.port), which no container has: probes cannot run, the pod is never ready",
    expected=expect("readiness-probe liveness-probe readiness liveness", WEB, [*WEB, VALUES_MAP], NUMBER, [*NUMBER, VALUES_MAP], BACK, [*BACK, VALUES_MAP]), path="releases")

# 6 --- the hook job reads the old place of a value
scenario("helm-hook-old-value", "flux", {
    **chart("orders", version="1.8.0", helpers=helpers("orders"), service=svc("orders"), migrate="""
        apiVersion: batch/v1
        kind: Job
        metadata:
          name: {{ include "orders.fullname" . }}-migrate
          annotations:
            helm.sh/hook: pre-install,pre-upgrade
            helm.sh/hook-delete-policy: before-hook-creation
        spec:
          backoffLimit: 1
          template:
            metadata:
              labels:
                app: {{ include "orders.fullname" . }}-migrate
            spec:
              restartPolicy: Never
              containers:
                - name: migrate
                  image: {{ include "orders.image" . | quote }}
                  args: [migrate]
                  env:
                    - name: LOG_LEVEL
                      value: {{ .Values.logLevel | default "info" }}
                    {{- with .Values.databaseUrl }}
                    - name: DATABASE_URL
                      value: {{ . | quote }}
                    {{- end }}
        """, deployment="""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: {{ include "orders.fullname" . }}
          labels:
            {{- include "orders.labels" . | nindent 4 }}
        spec:
          replicas: 1
          progressDeadlineSeconds: 75
          selector:
            matchLabels:
              {{- include "orders.selector" . | nindent 6 }}
          template:
            metadata:
              labels:
                {{- include "orders.selector" . | nindent 8 }}
            spec:
              containers:
                - name: orders
                  image: {{ include "orders.image" . | quote }}
                  env:
                    - name: REQUIRED_ENV
                      value: DATABASE_URL
                    - name: DATABASE_URL
                      value: {{ .Values.databaseUrl | quote }}
                  ports:
                    - {name: http, containerPort: 8080}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 5
        """, values="""
        image:
          repository: acme/checkout
        logLevel: info
        service: {}
        databaseUrl: ""
        """),
    "releases/orders.yaml": release("orders", values="""
        image:
          tag: 1.4.1
        databaseUrl: postgresql://orders@10.20.0.5/orders
        """)},
    ["Group the database settings, add a pool size",
     ["charts/orders/values.yaml", 'databaseUrl: ""\n', 'database:\n  url: ""\n  pool: 5\n'],
     ["charts/orders/Chart.yaml", "version: 1.8.0", "version: 2.0.0"],
     ["charts/orders/templates/deployment.yaml", "value: {{ .Values.databaseUrl | quote }}\n", "value: {{ .Values.database.url | quote }}\n            - name: DATABASE_POOL\n              value: {{ .Values.database.pool | quote }}\n"],
     ["releases/orders.yaml", "databaseUrl: postgresql://orders@10.20.0.5/orders", "database:\n      url: postgresql://orders@10.20.0.5/orders\n      pool: 10"]],
    "the value databaseUrl became database.url; the pre-upgrade job's template still asks for databaseUrl inside a with block, so that it gets no DATABASE_URL and the upgrade fails",
    expected=expect("job-failed helm-failed crash-on-start", [(c("Job", "orders-migrate", "migrate", "env[name=DATABASE_URL]"), BEFORE)]), path="releases")

# 7 --- the tag is the chart's appVersion
scenario("helm-app-version", "flux", {
    **chart("catalogue", version="3.1.0", helpers=helpers("catalogue"), service=svc("catalogue"), deployment="""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: {{ include "catalogue.fullname" . }}
          labels:
            {{- include "catalogue.labels" . | nindent 4 }}
        spec:
          replicas: {{ .Values.replicas }}
          progressDeadlineSeconds: 75
          selector:
            matchLabels:
              {{- include "catalogue.selector" . | nindent 6 }}
          template:
            metadata:
              labels:
                {{- include "catalogue.selector" . | nindent 8 }}
            spec:
              terminationGracePeriodSeconds: {{ .Values.terminationGracePeriodSeconds }}
              containers:
                - name: catalogue
                  image: {{ include "catalogue.image" . | quote }}
                  {{- with .Values.env }}
                  env:
                    {{- range $name, $value := . }}
                    - name: {{ $name }}
                      value: {{ tpl $value $ | quote }}
                    {{- end }}
                  {{- end }}
                  ports:
                    - {name: http, containerPort: 8080}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 5
        """, values="""
        image:
          repository: acme/catalog
          tag: ""
        replicas: 1
        service: {}
        terminationGracePeriodSeconds: 30
        env:
          SELF_URL: "http://{{ .Release.Name }}"
        """),
    "releases/catalogue.yaml": release("catalogue", values="""
        replicas: 2
        env:
          LOG_FORMAT: json
        """)},
    ["catalogue 3.2.0: quicker shutdown, app 1.4.2",
     ["charts/catalogue/Chart.yaml", "version: 3.1.0", "version: 3.2.0"],
     ["charts/catalogue/Chart.yaml", 'appVersion: "1.4.1"', 'appVersion: "v1.4.2"'],
     ["charts/catalogue/values.yaml", "terminationGracePeriodSeconds: 30", "terminationGracePeriodSeconds: 10"]],
    "the image's tag is the chart's appVersion, which got a v: acme/catalog:v1.4.2 does not exist (1.4.2 does)",
    expected=expect("image-not-found", [(c("Deployment", "catalogue", "catalogue", "image"), value("acme/catalog:1.4.2"))], [(c("Deployment", "catalogue", "catalogue", "image"), BEFORE)]), path="releases")

# 8 --- HUMAN: the licence in a hand-made Secret has run out
scenario("helm-licence-expired", "flux", {
    **chart("reporting", helpers=helpers("reporting"), service=svc("reporting"), deployment="""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: {{ include "reporting.fullname" . }}
          labels:
            {{- include "reporting.labels" . | nindent 4 }}
        spec:
          replicas: 1
          progressDeadlineSeconds: 75
          selector:
            matchLabels:
              {{- include "reporting.selector" . | nindent 6 }}
          template:
            metadata:
              labels:
                {{- include "reporting.selector" . | nindent 8 }}
            spec:
              initContainers:
                - name: licence
                  image: busybox:1.36
                  command: [sh, -c]
                  args:
                    - |
                      until=$(cat /licence/valid-until)
                      if [ "$(date +%Y%m%d)" -gt "$until" ]; then
                        echo "licence {{ .Values.licence.product }} expired on $until, contact licensing@vendor.example for a renewal"
                        exit 1
                      fi
                      echo "licence {{ .Values.licence.product }} valid until $until"
                  volumeMounts:
                    - {name: licence, mountPath: /licence, readOnly: true}
              containers:
                - name: reporting
                  image: {{ include "reporting.image" . | quote }}
                  ports:
                    - {name: http, containerPort: 8080}
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 5
              volumes:
                - name: licence
                  secret:
                    secretName: {{ required "licence.secret is needed" .Values.licence.secret }}
        """, values="""
        image:
          repository: acme/worker
        service: {}
        licence:
          product: REPORTING-ENT
          secret: ""
        """),
    "releases/reporting.yaml": release("reporting", remediate=False, values="""
        image:
          tag: 1.4.1
        licence:
          secret: reporting-licence   # by hand, from the vendor's portal
        """)},
    ["reporting 1.4.2", ["releases/reporting.yaml", "tag: 1.4.1", "tag: 1.4.2"]],
    "the licence in the hand-made Secret reporting-licence has expired; any new pod stops in its init container, whatever its image: a new licence must be bought",
    answer=HUMAN, expected=expect("crash-on-start"), path="releases",
    given=dump({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "reporting-licence"}, "stringData": {"valid-until": "20991231"}}),
    then=[[-5, """kubectl -n "$NAMESPACE" patch secret reporting-licence --type merge -p '{"stringData":{"valid-until":"20251031"}}'"""]])


def shop(name, image="acme/checkout:1.4.1", env=None, kind="Deployment", cname=None, **more):
    variables = [{"name": k, "value": v} if isinstance(v, str) else {"name": k, "valueFrom": v} for k, v in (env or {}).items()]
    box = {"name": cname or name, "image": image, **({"env": variables} if variables else {}), "ports": [{"name": "http", "containerPort": 8080}],
           "resources": {"requests": {"cpu": "10m", "memory": "24Mi"}, "limits": {"memory": "96Mi"}},
           "readinessProbe": {"httpGet": {"path": "/readyz", "port": "http"}, "periodSeconds": 5}}
    extra = {k: more.pop(k) for k in ("volumeMounts", "envFrom") if k in more}
    return workload(kind, name, {**box, **extra}, **more)


# 9 --- a replacement's target is gone
scenario("replacement-target-renamed", "argocd", {
    "base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
    "base/deployment.yaml": dump(shop("account", "acme/checkout:1.4.1", {"LOG_LEVEL": "info", "REQUIRED_ENV": "BASE_URL", "BASE_URL": "http://localhost"})),
    "base/service.yaml": dump(service("account")),
    "overlays/prod/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources:
          - ../../base
          - site.yaml
        replicas:
          - name: account
            count: 2
        replacements:
          - path: replacements/site.yaml
        """),
    "overlays/prod/site.yaml": dump(configmap("site", host="account.shop.example", url="https://account.shop.example")),
    "overlays/prod/replacements/site.yaml": text("""
        # the site's address, in one place
        - source:
            kind: ConfigMap
            name: site
            fieldPath: data.url
          targets:
            - select:
                kind: Deployment
                name: account
              fieldPaths:
                - spec.template.spec.containers.[name=account].env.[name=BASE_URL].value
        - source:
            kind: ConfigMap
            name: site
            fieldPath: data.host
          targets:
            - select:
                kind: Service
                name: account
              fieldPaths:
                - metadata.annotations.[acme.example/host]
              options:
                create: true
        """).replace("annotations.[acme.example/host]", "annotations.host")},
    ["account reads PUBLIC_URL since 1.4.2",
     ["base/deployment.yaml", "acme/checkout:1.4.1", "acme/checkout:1.4.2"],
     ["base/deployment.yaml", "BASE_URL", "PUBLIC_URL"]],
    "the base renamed the variable BASE_URL to PUBLIC_URL; the overlay's replacement still aims at BASE_URL: kustomize cannot build",
    expected=expect("render-failed", [], keep=[
        (c("Deployment", "account", "account", "image"), value("acme/checkout:1.4.2")), (c("Deployment", "account", "account", "env[name=REQUIRED_ENV].value"), value("PUBLIC_URL")),
        (c("Deployment", "account", "account", "env[name=BASE_URL]"), GONE), (c("Deployment", "account", "account", "env[name=PUBLIC_URL]"), value({"name": "PUBLIC_URL", "value": "https://account.shop.example"}))]),
    path="overlays/prod")

# 10 --- a component's sidecar listens where the service listens
scenario("component-port-taken", "argocd", {
    "base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
    "base/deployment.yaml": dump(shop("shelf", "acme/catalog:1.4.1", {"PORT": "8080", "LOG_LEVEL": "info"}, deadline=75)),
    "base/service.yaml": dump(service("shelf")),
    "components/audit/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1alpha1
        kind: Component
        patches:
          - target: {kind: Deployment, name: shelf}
            patch: |-
              - op: add
                path: /spec/template/metadata/annotations
                value: {acme.example/audit: "yes"}
        """),
    "overlays/prod/kustomization.yaml": kustomization("../../base", components=["../../components/audit"], images=[{"name": "acme/catalog", "newTag": "1.4.2"}])},
    ["Stock exporter beside the shelf",
     ["components/exporter/kustomization.yaml", None, text("""
        apiVersion: kustomize.config.k8s.io/v1alpha1
        kind: Component
        patches:
          - path: sidecar.yaml
            target:
              kind: Deployment
              name: shelf
          - path: service.yaml
        """)],
     ["components/exporter/sidecar.yaml", None, text("""
        - op: add
          path: /spec/template/spec/containers/-
          value:
            name: exporter
            image: acme/worker:1.4.1
            env:
              - name: PORT
                value: "8080"
              - name: LOG_LEVEL
                value: warn
            ports:
              - name: metrics
                containerPort: 9100
            resources:
              requests: {cpu: 5m, memory: 16Mi}
              limits: {memory: 64Mi}
            readinessProbe:
              httpGet: {path: /readyz, port: metrics}
        """)],
     ["components/exporter/service.yaml", None, text("""
        apiVersion: v1
        kind: Service
        metadata:
          name: shelf
        spec:
          ports:
            - name: metrics
              port: 9100
              targetPort: metrics
        """)],
     ["overlays/prod/kustomization.yaml", "  - ../../components/audit\n", "  - ../../components/audit\n  - ../../components/exporter\n"]],
    "the new sidecar's PORT is 8080, which the main container of the same pod has: address already in use; its port is 9100 everywhere else",
    expected=expect("port-conflict crash-on-start", [(c("Deployment", "shelf", "exporter", "env[name=PORT].value"), value("9100"))]), path="overlays/prod")

# 11 --- the overlay's generator no longer merges
scenario("generator-replaces", "argocd", {
    "base/kustomization.yaml": kustomization("deployment.yaml", configMapGenerator=[{"name": "dispatch-settings", "literals": ["LOG_LEVEL=debug", "QUEUE_URL=amqp://queue.acme.example/dispatch"]}]),
    "base/deployment.yaml": dump(shop("dispatch", "acme/worker", {
        "LOG_LEVEL": {"configMapKeyRef": {"name": "dispatch-settings", "key": "LOG_LEVEL"}},
        "QUEUE_URL": {"configMapKeyRef": {"name": "dispatch-settings", "key": "QUEUE_URL"}},
        "BATCH_SIZE": {"configMapKeyRef": {"name": "dispatch-settings", "key": "BATCH_SIZE", "optional": True}}}, deadline=75)),
    "overlays/live/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources:
          - ../../base
        images:
          - name: acme/worker
            newTag: 1.4.1
        configMapGenerator:
          - name: dispatch-settings
            behavior: merge
            literals:
              - LOG_LEVEL=info
        """)},
    ["Own settings for live",
     ["overlays/live/kustomization.yaml", "    behavior: merge\n    literals:\n      - LOG_LEVEL=info\n", "    behavior: replace\n    literals:\n      - LOG_LEVEL=warn\n      - BATCH_SIZE=50\n"]],
    "the overlay's generator replaces the base's ConfigMap instead of merging: QUEUE_URL is gone from it",
    expected=expect("config-key-missing", [("ConfigMap/dispatch-settings-# data.QUEUE_URL", BEFORE)]), path="overlays/live")

# 12 --- NONE: the init container fails until its dependency is up
scenario("init-waits-for-stock", "argocd", {
    "base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
    "base/deployment.yaml": dump(shop("basket", "acme/checkout:1.4.1", {"LOG_LEVEL": "info"}, deadline=200)),
    "base/service.yaml": dump(service("basket")),
    "overlays/prod/kustomization.yaml": kustomization("../../base")},
    ["Baskets check the stock",
     ["components/stock/kustomization.yaml", None, text("""
        apiVersion: kustomize.config.k8s.io/v1alpha1
        kind: Component
        resources:
          - stock.yaml
        patches:
          - path: check.yaml
        """)],
     ["components/stock/stock.yaml", None, dump(service("stock"), shop("stock", "acme/catalog:1.4.1", {"START_SECONDS": "40"}, deadline=200))],
     ["components/stock/check.yaml", None, text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: basket
        spec:
          template:
            spec:
              initContainers:
                - name: stock-is-there
                  image: busybox:1.36
                  command: [sh, -c]
                  args:
                    - |
                      wget -q -O /dev/null "http://$STOCK_SERVICE_HOST:$STOCK_SERVICE_PORT/readyz" || { echo "stock does not answer yet"; exit 1; }
                      echo "stock answers"
        """)],
     ["overlays/prod/kustomization.yaml", "  - ../../base\n", "  - ../../base\ncomponents:\n  - ../../components/stock\n"]],
    "the init container fails while the new stock service loads for 40 s; its next try succeeds and everything is well",
    answer=NONE, expected=expect("healthy recovering"), path="overlays/prod")

# 13 --- a JSON patch by index, and the base got an item before it
scenario("json-patch-index", "flux", {
    "base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
    "base/deployment.yaml": dump(shop("depot", "acme/payments:1.4.1", {"REGION": "eu-central", "CONFIG_FILE": "/etc/depot/default.properties"}, deadline=75,
                                      volumeMounts=[{"name": "config", "mountPath": "/etc/depot"}], pod={"volumes": [{"name": "config", "configMap": {"name": "depot-config"}}]})),
    "base/service.yaml": dump(service("depot")),
    "overlays/prod/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources:
          - ../../base
        configMapGenerator:
          - name: depot-config
            files:
              - prod.properties
        patches:
          - path: config-file.yaml
            target:
              kind: Deployment
              name: depot
        """),
    "overlays/prod/prod.properties": "warehouse=hamburg\nslots=40\n",
    "overlays/prod/config-file.yaml": text("""
        - op: replace
          path: /spec/replicas
          value: 2
        - op: replace
          path: /spec/template/spec/containers/0/env/1/value
          value: /etc/depot/prod.properties
        """)},
    ["Trace requests of the depot",
     ["base/deployment.yaml", "        env:\n        - name: REGION\n", "        env:\n        - name: TRACE_SAMPLE\n          value: '0.05'\n        - name: REGION\n"]],
    "the base got a variable before the others; the overlay's JSON patch replaces env/1, which is REGION now: CONFIG_FILE keeps the default, which prod does not have, and REGION holds a path",
    expected=expect("crash-on-start", [(c("Deployment", "depot", "depot", "env[name=CONFIG_FILE].value"), BEFORE), (c("Deployment", "depot", "depot", "env[name=REGION].value"), BEFORE)]), path="overlays/prod")

# 14 --- one of two users of a generated ConfigMap got the new prefix
MIGRATE = workload("CronJob", "vouchers-upkeep", {"name": "upkeep", "image": "acme/payments:1.4.1", "args": ["migrate"], "envFrom": [{"configMapRef": {"name": "vouchers-db"}}]})
scenario("prefix-for-one", "flux", {
    "base/kustomization.yaml": kustomization("deployment.yaml", "upkeep.yaml"),
    "base/deployment.yaml": dump(shop("vouchers", "acme/payments:1.4.1", {"REQUIRED_ENV": "DATABASE_URL"}, deadline=75, envFrom=[{"configMapRef": {"name": "vouchers-db"}}])),
    "base/upkeep.yaml": dump(MIGRATE),
    "overlays/prod/kustomization.yaml": kustomization("../../base", configMapGenerator=[{"name": "vouchers-db", "envs": ["db.env"]}]),
    "overlays/prod/db.env": "DATABASE_URL=postgresql://vouchers@10.20.0.7/vouchers\nDATABASE_POOL=4\n"},
    ["db.env in the form the platform's tooling writes",
     ["overlays/prod/db.env", "DATABASE_URL=", "URL="], ["overlays/prod/db.env", "DATABASE_POOL=4", "POOL=8"],
     ["base/deployment.yaml", "        - configMapRef:\n            name: vouchers-db\n", "        - prefix: DATABASE_\n          configMapRef:\n            name: vouchers-db\n"]],
    "the keys of the generated ConfigMap lost DATABASE_ and the Deployment adds it by a prefix; the CronJob has no prefix and so no DATABASE_URL",
    expected=expect("job-failed crash-on-start", [("CronJob/vouchers-upkeep spec.jobTemplate.spec.template.spec.containers[name=upkeep].envFrom[0].prefix", value("DATABASE_"))]), path="overlays/prod")

# 15 --- never worked: cores instead of millicores
scenario("daemon-cores", "flux", {
    "base/kustomization.yaml": kustomization("daemonset.yaml"),
    "base/daemonset.yaml": dump(shop("shipper", "acme/worker", {"LOG_LEVEL": "info"}, kind="DaemonSet")),
    "overlays/staging/kustomization.yaml": kustomization("../../base", images=[{"name": "acme/worker", "newTag": "1.4.2"}]),
    "overlays/prod/kustomization.yaml": kustomization("../../base", images=[{"name": "acme/worker", "newTag": "1.4.1"}], patches=[{"path": "resources.yaml"}]),
    "overlays/prod/resources.yaml": text("""
        apiVersion: apps/v1
        kind: DaemonSet
        metadata:
          name: shipper
        spec:
          template:
            spec:
              containers:
                - name: shipper
                  resources:
                    requests:
                      cpu: "50"        # millicores, measured at peak
                      memory: 32Mi
                    limits:
                      memory: 128Mi
        """)}, [],
    "first release: the overlay requests 50 cores where 50 millicores are meant: no node has them",
    expected=expect("unschedulable-resources", [(c("DaemonSet", "shipper", "shipper", "resources.requests.cpu"), value("50m"))]), path="overlays/prod", never_worked=True)

# 16 --- NONE: slow, and meant to be
scenario("preload-takes-time", "flux", {
    "base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
    "base/deployment.yaml": dump(shop("browse", "acme/catalog:1.4.1", {"LOG_LEVEL": "info", "START_SECONDS": "2"}, deadline=200)),
    "base/service.yaml": dump(service("browse")),
    "overlays/prod/kustomization.yaml": kustomization("../../base", patches=[{"path": "preload.yaml"}]),
    "overlays/prod/preload.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: browse
        spec:
          template:
            spec:
              containers:
                - name: browse
                  env:
                    - name: START_SECONDS
                      value: "3"
        """)},
    ["Preload the whole catalogue",
     ["overlays/prod/preload.yaml", '              value: "3"\n', '              value: "75"\n          startupProbe:\n            httpGet: {path: /healthz, port: http}\n            periodSeconds: 5\n            failureThreshold: 30\n']],
    "the new pods load for 75 s, longer than Flux waits the first time; the startup probe allows it and the rollout ends well",
    answer=NONE, expected=expect("healthy recovering"), path="overlays/prod")
