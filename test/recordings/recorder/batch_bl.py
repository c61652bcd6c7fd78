"""As hard as is still fair: values put together, comparisons, first releases, unusual fields."""
import pathlib, runpy, textwrap
globals().update(runpy.run_path(str(pathlib.Path(__file__).parent / "kit.py")))
SCENARIOS, scenario = batch(1780)

PROBES = """
livenessProbe:
  httpGet: {path: /healthz, port: http}
  periodSeconds: 10
readinessProbe:
  httpGet: {path: /readyz, port: http}
  periodSeconds: 3
"""


def app(name, image, env="", pod="", spec="", more="", kind="Deployment", limit="96Mi", port=8080, ports=None, probes=PROBES, mounts=""):
    """A workload of one shop container called app, as YAML text."""
    head = {"Deployment": "replicas: 1\nprogressDeadlineSeconds: 75\n", "StatefulSet": f"serviceName: {name}\nreplicas: 2\n", "DaemonSet": ""}[kind]
    box = f"- name: app\n  image: {image}\n  ports:\n    - name: http\n      containerPort: {port}\n" + (textwrap.indent(ports, "      ") if ports else "")
    if env:
        box += "  env:\n" + textwrap.indent(text(env), "    ")
    if mounts:
        box += "  volumeMounts:\n" + textwrap.indent(text(mounts), "    ")
    box += f"  resources:\n    requests: {{cpu: 10m, memory: 24Mi}}\n    limits: {{memory: {limit}}}\n" + textwrap.indent(probes.lstrip("\n"), "  ")
    if more:
        box += textwrap.indent(text(more), "  ")
    body = head + (text(spec) if spec else "") + f"selector:\n  matchLabels:\n    app: {name}\ntemplate:\n  metadata:\n    labels:\n      app: {name}\n  spec:\n"
    body += (textwrap.indent(text(pod), "    ") if pod else "") + "    containers:\n" + textwrap.indent(box, "      ")
    return f"apiVersion: apps/v1\nkind: {kind}\nmetadata:\n  name: {name}\n  labels:\n    app.kubernetes.io/name: {name}\nspec:\n" + textwrap.indent(body, "  ")


def svc(name, extra=""):
    return f"apiVersion: v1\nkind: Service\nmetadata:\n  name: {name}\nspec:\n{extra}  selector:\n    app: {name}\n  ports:\n    - name: http\n      port: 80\n      targetPort: http\n"


# 1780 ------------------------------------------------------------------------------------------------ enableServiceLinks by a component
scenario("links-off", "argocd", {
    "base/orders.yaml": app("orders", "acme/checkout", env="""
        - name: REQUIRED_ENV
          value: PRICING_SERVICE_HOST,PRICING_SERVICE_PORT
        - name: CURRENCY
          value: EUR
        """) + "---\n" + svc("orders"),
    "base/pricing.yaml": app("pricing", "acme/catalog", env="""
        - name: CACHE_MB
          value: "16"
        """) + "---\n" + svc("pricing"),
    "base/kustomization.yaml": kustomization("orders.yaml", "pricing.yaml"),
    "components/hardened/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1alpha1
        kind: Component
        patches:
          - path: pod.yaml
            target:
              kind: Deployment
        """),
    "components/hardened/pod.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: any
        spec:
          template:
            spec:
              securityContext:
                runAsNonRoot: true
                runAsUser: 10001
        """),
    "overlays/prod/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources:
          - ../../base
        components:
          - ../../components/hardened
        images:
          - name: acme/checkout
            newTag: 1.4.1
          - name: acme/catalog
            newTag: 1.4.1
        """),
}, [
    {"subject": "Pod baseline, second part (#311)", "edit": [
        ["components/hardened/pod.yaml", "        runAsUser: 10001\n", "        runAsUser: 10001\n        runAsGroup: 10001\n      automountServiceAccountToken: false\n      enableServiceLinks: false\n      terminationGracePeriodSeconds: 20\n"],
    ]},
    {"subject": "Catalog 1.4.2", "wait": 30, "edit": [["overlays/prod/kustomization.yaml", "acme/catalog\n    newTag: 1.4.1", "acme/catalog\n    newTag: 1.4.2"]]},
    {"subject": "More room for the price cache", "wait": 30, "edit": [["base/pricing.yaml", 'value: "16"', 'value: "24"']]},
], "component hardened turns enableServiceLinks off for all Deployments; orders needs PRICING_SERVICE_HOST of the Service pricing", expected=expect("crash-on-start dependency-address",
    [("Deployment/orders spec.template.spec.enableServiceLinks", BEFORE), ("Deployment/pricing spec.template.spec.enableServiceLinks", BEFORE)],
    [("Deployment/orders spec.template.spec.enableServiceLinks", value(True)), ("Deployment/pricing spec.template.spec.enableServiceLinks", value(True))],
    [("Deployment/orders spec.template.spec.enableServiceLinks", BEFORE)],
    [("Deployment/orders spec.template.spec.enableServiceLinks", value(True))]), path="overlays/prod")

# 1781 ------------------------------------------------------------------------------------------------ Flux substitutes in the script
SCRIPT = text("""
    #!/bin/sh
    set -u
    if [ ! -d "$SPOOL_DIR" ]; then
      echo "outbox: no spool directory '$SPOOL_DIR'" >&2
      exit 1
    fi
    echo "outbox: watching $SPOOL_DIR every $INTERVAL s"
    while true; do
      for file in "$SPOOL_DIR"/*.msg; do
        [ -e "$file" ] && echo "outbox: sent $file" && rm "$file"
      done
      sleep "$INTERVAL"
    done
    """)
BRACED = SCRIPT.replace("$SPOOL_DIR", "${SPOOL_DIR}").replace("$INTERVAL", "${INTERVAL}").replace("$file", "${file}")
RUN = 'ConfigMap/outbox-scripts data["run.sh"]'
scenario("braces", "flux", {
    "deploy/scripts.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: outbox-scripts\ndata:\n  run.sh: |\n" + textwrap.indent(SCRIPT, "    "),
    "deploy/outbox.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: outbox
          labels:
            environment: ${environment}
        spec:
          replicas: 1
          minReadySeconds: 5
          progressDeadlineSeconds: 60
          selector:
            matchLabels:
              app: outbox
          template:
            metadata:
              labels:
                app: outbox
            spec:
              terminationGracePeriodSeconds: 3
              containers:
                - name: outbox
                  image: busybox:1.36
                  command: [sh, /scripts/run.sh]
                  env:
                    - name: SPOOL_DIR
                      value: /var/spool/outbox
                    - name: INTERVAL
                      value: "5"
                    - name: ENVIRONMENT
                      value: ${environment}
                  resources:
                    requests: {cpu: 10m, memory: 8Mi}
                    limits: {memory: 32Mi}
                  volumeMounts:
                    - name: scripts
                      mountPath: /scripts
                    - name: spool
                      mountPath: /var/spool/outbox
              volumes:
                - name: scripts
                  configMap:
                    name: outbox-scripts
                - name: spool
                  emptyDir: {}
        """),
    "deploy/kustomization.yaml": kustomization("scripts.yaml", "outbox.yaml"),
}, ["Make shellcheck happy (SC2250), busybox 1.37",
    ["deploy/scripts.yaml", "$SPOOL_DIR", "${SPOOL_DIR}"], ["deploy/scripts.yaml", "$INTERVAL", "${INTERVAL}"], ["deploy/scripts.yaml", "$file", "${file}"],
    ["deploy/outbox.yaml", "busybox:1.36", "busybox:1.37"]],
    "Flux's postBuild substitution replaces the script's ${SPOOL_DIR} … by nothing; they have to be $SPOOL_DIR or $${SPOOL_DIR}, or the ConfigMap excluded from substitution",
    expected=expect("crash-on-start render-failed", [], keep=[(c("Deployment", "outbox", "outbox", "image"), value("busybox:1.37"))]),
    spec={"postBuild": {"substitute": {"environment": "prod"}}})

# 1782 ------------------------------------------------------------------------------------------------ token switched off at the ServiceAccount
TOKEN = "ServiceAccount/node-agent automountServiceAccountToken"
scenario("account-token", "argocd", {
    "deploy/accounts.yaml": text("""
        # one account per workload
        apiVersion: v1
        kind: ServiceAccount
        metadata:
          name: node-agent
        ---
        apiVersion: v1
        kind: ServiceAccount
        metadata:
          name: digest
        """),
    "deploy/node-agent.yaml": app("node-agent", "acme/worker:1.4.1", kind="DaemonSet", pod="serviceAccountName: node-agent\n", env="""
        - name: CONFIG_FILE
          value: /var/run/secrets/kubernetes.io/serviceaccount/namespace
        - name: NODE_NAME
          valueFrom:
            fieldRef:
              fieldPath: spec.nodeName
        """),
    "deploy/digest.yaml": app("digest", "acme/catalog:1.4.1", pod="serviceAccountName: digest\n") + "---\n" + svc("digest"),
}, ["CIS 5.1.5, 5.1.6, 5.2.x: findings of October (squashed)",
    ["deploy/accounts.yaml", "  name: node-agent\n", "  name: node-agent\nautomountServiceAccountToken: false\n"],
    ["deploy/accounts.yaml", "  name: digest\n", "  name: digest\nautomountServiceAccountToken: false\n"],
    ["deploy/node-agent.yaml", "          resources:\n", "          securityContext:\n            allowPrivilegeEscalation: false\n            readOnlyRootFilesystem: true\n            capabilities:\n              drop: [ALL]\n          resources:\n"],
    ["deploy/digest.yaml", "          resources:\n", "          securityContext:\n            allowPrivilegeEscalation: false\n            readOnlyRootFilesystem: true\n            capabilities:\n              drop: [ALL]\n          resources:\n"],
    ["deploy/node-agent.yaml", "acme/worker:1.4.1", "acme/worker:1.4.2"],
    ["deploy/digest.yaml", "    spec:\n      serviceAccountName: digest\n", "    spec:\n      serviceAccountName: digest\n      terminationGracePeriodSeconds: 15\n"]],
    "ServiceAccount node-agent no longer mounts its token, and the agent reads its namespace from that volume; digest does not need it",
    expected=expect("crash-on-start volume-mount config-missing", [(TOKEN, BEFORE)], [(TOKEN, value(True))],
        [(pod("DaemonSet", "node-agent", "automountServiceAccountToken"), value(True))]))

# 1783 ------------------------------------------------------------------------------------------------ a helper divides
STARTUP = c("Deployment", "search", "app", "startupProbe.")
scenario("division", "argocd", {
    "charts/search/Chart.yaml": "apiVersion: v2\nname: search\nversion: 1.8.0\n",
    "charts/search/values.yaml": text("""
        image:
          repository: acme/catalog
          tag: 1.4.1
        replicas: 1
        warmupSeconds: 5
        probes:
          periodSeconds: 3
          graceSeconds: 30   # how long a start may take
        resources:
          requests: {cpu: 10m, memory: 24Mi}
          limits: {memory: 96Mi}
        """),
    "charts/search/values-prod.yaml": text("""
        # prod holds the whole index
        warmupSeconds: 30
        probes:
          graceSeconds: 45
        """),
    "charts/search/templates/_helpers.tpl": text("""
        {{- define "search.labels" -}}
        app.kubernetes.io/name: search
        app.kubernetes.io/instance: {{ .Release.Name }}
        {{- end }}

        {{- define "search.probe" -}}
        httpGet: {path: {{ .path }}, port: http}
        periodSeconds: {{ .periodSeconds }}
        {{- end }}

        {{- define "search.startup" -}}
        {{ include "search.probe" (dict "path" "/healthz" "periodSeconds" .Values.probes.periodSeconds) }}
        failureThreshold: {{ div .Values.probes.graceSeconds .Values.probes.periodSeconds }}
        {{- end }}
        """),
    "charts/search/templates/deployment.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: search
          labels:
            {{- include "search.labels" . | nindent 4 }}
        spec:
          replicas: {{ .Values.replicas }}
          progressDeadlineSeconds: 90
          selector:
            matchLabels:
              {{- include "search.labels" . | nindent 6 }}
          template:
            metadata:
              labels:
                {{- include "search.labels" . | nindent 8 }}
            spec:
              containers:
                - name: app
                  image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
                  ports:
                    - name: http
                      containerPort: 8080
                  env:
                    - name: START_SECONDS
                      value: {{ .Values.warmupSeconds | quote }}
                  resources:
                    {{- toYaml .Values.resources | nindent 12 }}
                  startupProbe:
                    {{- include "search.startup" . | nindent 12 }}
                  livenessProbe:
                    {{- include "search.probe" (dict "path" "/healthz" "periodSeconds" .Values.probes.periodSeconds) | nindent 12 }}
                  readinessProbe:
                    {{- include "search.probe" (dict "path" "/readyz" "periodSeconds" 5) | nindent 12 }}
        """),
    "charts/search/templates/service.yaml": "apiVersion: v1\nkind: Service\nmetadata:\n  name: search\nspec:\n  selector:\n    {{- include \"search.labels\" . | nindent 4 }}\n  ports:\n    - {name: http, port: 80, targetPort: http}\n",
}, ["Quieter access log: 1.4.2, and probe less often",
    ["charts/search/values.yaml", "tag: 1.4.1", "tag: 1.4.2"], ["charts/search/values.yaml", "periodSeconds: 3\n", "periodSeconds: 25\n"], ["charts/search/Chart.yaml", "1.8.0", "1.8.1"]],
    "the startup threshold is graceSeconds (45, prod) divided by periodSeconds (now 25) = 1: the first failed probe kills a start that takes 30 s",
    expected=expect("startup-probe liveness-probe",
        [(STARTUP + "periodSeconds", BEFORE), (STARTUP + "failureThreshold", BEFORE)],
        [(STARTUP + "periodSeconds", BEFORE), (STARTUP + "failureThreshold", BEFORE), (c("Deployment", "search", "app", "livenessProbe.periodSeconds"), BEFORE)],
        [(STARTUP + "periodSeconds", ANY), (STARTUP + "failureThreshold", at_least("3")), (c("Deployment", "search", "app", "livenessProbe.periodSeconds"), ANY)],
        [(STARTUP + "failureThreshold", at_least("3"))]),
    path="charts/search", source={"helm": {"valueFiles": ["values.yaml", "values-prod.yaml"]}})

# 1784 / 1785 / 1791 ---------------------------------------------------------------------------------- a chart released by Flux
CHART = {
    "chart/Chart.yaml": "apiVersion: v2\nname: web\nversion: 0.6.2\n",
    "chart/values.yaml": text("""
        image:
          repository: acme/catalog
          tag: 1.4.1
        replicas: 1
        regions: eu
        memory: 96Mi
        cacheMb: 16
        """),
    "chart/templates/deployment.yaml": text("""
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
              containers:
                - name: app
                  image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
                  ports:
                    - name: http
                      containerPort: 8080
                  env:
                    - name: REGIONS
                      value: {{ .Values.regions | quote }}
                    - name: REQUIRED_ENV
                      value: REGIONS
                    - name: CACHE_MB
                      value: {{ .Values.cacheMb | default 64 | quote }}
                  resources:
                    requests: {cpu: 10m, memory: 24Mi}
                    limits: {memory: {{ .Values.memory }}}
                  livenessProbe:
                    httpGet: {path: /healthz, port: http}
                    periodSeconds: 10
                  readinessProbe:
                    httpGet: {path: /readyz, port: http}
                    periodSeconds: 3
        """),
    "chart/templates/service.yaml": "apiVersion: v1\nkind: Service\nmetadata:\n  name: {{ .Release.Name }}\nspec:\n  selector:\n    app: {{ .Release.Name }}\n  ports:\n    - {name: http, port: 80, targetPort: http}\n",
}


def release(name, rest):
    return text("""
        apiVersion: helm.toolkit.fluxcd.io/v2
        kind: HelmRelease
        metadata:
          name: NAME
        spec:
          interval: 30s
          timeout: 60s
          chart:
            spec:
              chart: ./chart
              reconcileStrategy: Revision
              sourceRef: {kind: GitRepository, name: "@NAME@", namespace: flux-system}
        """).replace("  name: NAME", f"  name: {name}") + textwrap.indent(text(rest), "  ")


scenario("regions", "flux", {
    **CHART,
    "releases/vars.yaml": text("""
        # what differs between our clusters
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: cluster-vars
        data:
          regions: eu
          cluster: fra-1
        """),
    "releases/storefront.yaml": release("storefront", """
        valuesFrom:
          - kind: ConfigMap
            name: cluster-vars
            valuesKey: regions
            targetPath: regions
        values:
          image:
            tag: 1.4.1
          memory: 96Mi
        """),
}, ["Serve the US from here as well", ["releases/vars.yaml", "regions: eu\n", "regions: eu,us\n"], ["releases/storefront.yaml", "tag: 1.4.1", "tag: 1.4.2"], ["releases/storefront.yaml", "memory: 96Mi", "memory: 128Mi"]],
    "valuesFrom with a targetPath is parsed like --set: the comma in eu,us has to be escaped (eu\\,us), or the value given as values",
    expected=expect("helm-failed render-failed", [], keep=[
        (c("Deployment", "storefront", "app", "image"), value("acme/catalog:1.4.2")), (c("Deployment", "storefront", "app", "resources.limits.memory"), value("128Mi")),
        (c("Deployment", "storefront", "app", "env[name=REGIONS].value"), value("eu,us"))]), path="releases")

# 1785
scenario("cache-off", "flux", {
    **CHART,
    "releases/recommender.yaml": release("recommender", """
        values:
          image:
            tag: 1.4.1
          replicas: 1
          cacheMb: 80
          memory: 160Mi
        """),
}, ["Recommender: no cache of its own any more, it asks the shared one", ["releases/recommender.yaml", "cacheMb: 80\n", "cacheMb: 0\n"], ["releases/recommender.yaml", "memory: 160Mi", "memory: 32Mi"], ["releases/recommender.yaml", "tag: 1.4.1", "tag: 1.4.2"]],
    "cacheMb: 0 is empty for the template's `default 64`: CACHE_MB is 64, far beyond the new limit of 32Mi",
    expected=expect("out-of-memory", [(c("Deployment", "recommender", "app", "env[name=CACHE_MB].value"), value("0"))], [(c("Deployment", "recommender", "app", "resources.limits.memory"), at_least("88Mi"))],
        [(c("Deployment", "recommender", "app", "env[name=CACHE_MB].value"), value("0")), (c("Deployment", "recommender", "app", "resources.limits.memory"), at_least("32Mi"))]),
    path="releases")

# 1786 ------------------------------------------------------------------------------------------------ a native sidecar without restartPolicy
PROXY = pod("Deployment", "payments", "initContainers[name=db-proxy]")
scenario("sidecar-first", "argocd", {
    "charts/payments/Chart.yaml": "apiVersion: v2\nname: payments\nversion: 0.1.0\n",
    "charts/payments/values.yaml": text("""
        image: acme/payments:1.4.1
        replicas: 1
        # native sidecars: up before the app starts, and beside it as long as it runs
        sidecars:
          - name: db-proxy
            image: busybox:1.37
            command: [sh, -c]
            args:
              - |
                echo "db-proxy: accepting on 127.0.0.1:5432"
                trap 'exit 0' TERM
                while true; do sleep 1; done
            resources:
              requests: {cpu: 10m, memory: 8Mi}
              limits: {memory: 24Mi}
        """),
    "charts/payments/templates/_pod.tpl": text("""
        {{- define "payments.pod" -}}
        terminationGracePeriodSeconds: 5
        {{- with .Values.sidecars }}
        initContainers:
          {{- toYaml . | nindent 2 }}
        {{- end }}
        containers:
          - name: app
            image: {{ .Values.image }}
            ports:
              - name: http
                containerPort: 8080
            env:
              - name: REQUIRED_ENV
                value: DATABASE_ADDRESS
              - name: DATABASE_ADDRESS
                value: 127.0.0.1:5432
            resources:
              requests: {cpu: 10m, memory: 24Mi}
              limits: {memory: 96Mi}
            livenessProbe:
              httpGet: {path: /healthz, port: http}
              periodSeconds: 10
            readinessProbe:
              httpGet: {path: /readyz, port: http}
              periodSeconds: 3
        {{- end }}
        """),
    "charts/payments/templates/payments.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: payments
        spec:
          replicas: {{ .Values.replicas }}
          progressDeadlineSeconds: 60
          selector:
            matchLabels:
              app: payments
          template:
            metadata:
              labels:
                app: payments
            spec:
              {{- include "payments.pod" . | nindent 6 }}
        ---
        apiVersion: v1
        kind: Service
        metadata:
          name: payments
        spec:
          selector:
            app: payments
          ports:
            - {name: http, port: 80, targetPort: http}
        """),
}, [], "db-proxy is meant as a native sidecar but has no restartPolicy: Always, so it is an init container that never ends and the app never starts",
    expected=expect("crash-on-start invalid-manifest", [(PROXY + ".restartPolicy", value("Always"))],
        [(PROXY, GONE), (pod("Deployment", "payments", "containers[name=db-proxy]"), ANY)],
        [(pod("Deployment", "payments", "initContainers"), GONE), (pod("Deployment", "payments", "containers[name=db-proxy]"), ANY)]),
    path="charts/payments", never_worked=True)

# 1787 ------------------------------------------------------------------------------------------------ surge and a host port
GATE = "Deployment/gateway spec.strategy."
scenario("surge", "flux", {
    "base/gateway.yaml": app("gateway", "acme/checkout", ports="hostPort: 28787\n", spec="""
        strategy:
          type: RollingUpdate
          rollingUpdate:
            maxSurge: 0
            maxUnavailable: 1
        """),
    "base/api.yaml": app("api", "acme/catalog") + "---\n" + svc("api"),
    "base/kustomization.yaml": kustomization("gateway.yaml", "api.yaml"),
    "components/zero-downtime/kustomization.yaml": text("""
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
                strategy:
                  type: RollingUpdate
                  rollingUpdate:
                    maxSurge: 1
                    maxUnavailable: 0
        """),
    "overlays/prod/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources:
          - ../../base
        images:
          - name: acme/checkout
            newTag: 1.4.1
          - name: acme/catalog
            newTag: 1.4.1
        """),
}, ["Release 2026.48", ["overlays/prod/kustomization.yaml", "images:\n", "components:\n  - ../../components/zero-downtime\nimages:\n"], ["overlays/prod/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.2"]],
    "component zero-downtime also hits gateway, which has a host port on the only node: the new pod can be placed only when the old one is gone (maxSurge 0, maxUnavailable 1)",
    expected=expect("port-conflict unschedulable-placement",
        [(GATE + "rollingUpdate.maxSurge", BEFORE), (GATE + "rollingUpdate.maxUnavailable", BEFORE)],
        [(GATE + "rollingUpdate.maxUnavailable", BEFORE)],
        [(GATE + "type", value("Recreate")), (GATE + "rollingUpdate", GONE)],
        [(GATE + "rollingUpdate.maxSurge", BEFORE), (GATE + "rollingUpdate.maxUnavailable", BEFORE), ("Deployment/api spec.strategy", BEFORE)]),
    path="overlays/prod")

# 1788 ------------------------------------------------------------------------------------------------ prod lacks what staging has
scenario("no-scratch", "flux", {
    "base/cart.yaml": app("cart", "acme/checkout", kind="StatefulSet", pod="""
        securityContext:
          runAsNonRoot: true
          runAsUser: 10001
        volumes:
          - name: settings
            configMap:
              name: cart-settings
        """, env="""
        - name: CONFIG_FILE
          value: /etc/cart/cart.env
        - name: WRITE_FILE
          value: /var/lib/cart/journal
        """, mounts="""
        - name: settings
          mountPath: /etc/cart
          readOnly: true
        """, more="""
        securityContext:
          readOnlyRootFilesystem: true
          allowPrivilegeEscalation: false
        """).replace("replicas: 2", "replicas: 1") + "---\n" + svc("cart", "  clusterIP: None\n"),
    "base/settings.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: cart-settings\ndata:\n  cart.env: |\n    CURRENCY=EUR\n    BASKET_TTL=1h\n",
    "base/kustomization.yaml": kustomization("cart.yaml", "settings.yaml"),
    "components/journal/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1alpha1
        kind: Component
        patches:
          - path: journal.yaml
        """),
    "components/journal/journal.yaml": text("""
        apiVersion: apps/v1
        kind: StatefulSet
        metadata:
          name: cart
        spec:
          template:
            spec:
              containers:
                - name: app
                  volumeMounts:
                    - name: journal
                      mountPath: /var/lib/cart
              volumes:
                - name: journal
                  emptyDir: {}
        """),
    "components/small/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1alpha1
        kind: Component
        patches:
          - target: {kind: StatefulSet}
            patch: |-
              - {op: replace, path: /spec/replicas, value: 1}
        """),
    "overlays/staging/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources:
          - ../../base
        components:
          - ../../components/journal
          - ../../components/small
        images:
          - name: acme/checkout
            newTag: 1.4.2
        """),
    "overlays/prod/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources:
          - ../../base
        replicas:
          - name: cart
            count: 2
        images:
          - name: acme/checkout
            newTag: 1.4.1
        """),
}, [], "overlay prod lacks the component journal, which staging has: nothing writable at /var/lib/cart",
    expected=expect("volume-mount crash-on-start", [(pod("StatefulSet", "cart", "volumes[name=journal]"), ANY), (c("StatefulSet", "cart", "app", "volumeMounts[name=journal]"), ANY)]),
    path="overlays/prod", never_worked=True)

# 1789 ------------------------------------------------------------------------------------------------ kustomize replacement takes a part of an address
scenario("listen-part", "argocd", {
    "base/catalog.yaml": app("catalog", "acme/catalog", pod="""
        volumes:
          - name: settings
            configMap:
              name: catalog-settings
        """, env="""
        - name: PORT
          value: from-settings
        - name: CONFIG_FILE
          value: /etc/catalog/catalog.env
        - name: CACHE_MB
          value: "8"
        """, mounts="""
        - name: settings
          mountPath: /etc/catalog
        """) + "---\n" + svc("catalog"),
    "base/settings.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: catalog-settings\ndata:\n  listen: 0.0.0.0:8080\n  catalog.env: |\n    PAGE_SIZE=50\n    IMAGES=on\n",
    "base/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources:
          - catalog.yaml
          - settings.yaml
        replacements:
          - path: port.yaml
        """),
    "base/port.yaml": text("""
        # the port is written once, in the settings
        - source:
            kind: ConfigMap
            name: catalog-settings
            fieldPath: data.listen
            options:
              delimiter: ":"
              index: 1
          targets:
            - select:
                kind: Deployment
                name: catalog
              fieldPaths:
                - spec.template.spec.containers.[name=app].env.[name=PORT].value
        """),
    "overlays/prod/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources:
          - ../../base
        images:
          - name: acme/catalog
            newTag: 1.4.1
        labels:
          - pairs:
              acme.example/tier: web
        """),
}, ["Dual stack, bigger pages, 1.4.2, owner and tier labels (#96)",
    ["base/settings.yaml", "listen: 0.0.0.0:8080", 'listen: "[::]:8080"'], ["base/settings.yaml", "PAGE_SIZE=50", "PAGE_SIZE=80"],
    ["base/catalog.yaml", 'value: "8"', 'value: "16"'], ["base/catalog.yaml", "limits: {memory: 96Mi}", "limits: {memory: 128Mi}"],
    ["base/catalog.yaml", "kind: Service\nmetadata:\n  name: catalog\nspec:\n", "kind: Service\nmetadata:\n  name: catalog\nspec:\n  ipFamilyPolicy: PreferDualStack\n"],
    ["overlays/prod/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.2"], ["overlays/prod/kustomization.yaml", "tier: web\n", "tier: web\n      acme.example/owner: storefront\n"]],
    "the replacement takes the second part of `listen` between colons; of [::]:8080 that is empty, so PORT is empty and the program listens on a random port",
    expected=expect("readiness-probe liveness-probe port-conflict",
        [(c("Deployment", "catalog", "app", "env[name=PORT].value"), BEFORE)],
        [(c("Deployment", "catalog", "app", "env[name=PORT].value"), BEFORE), ("ConfigMap/catalog-settings data.listen", BEFORE)],
        [(c("Deployment", "catalog", "app", "env[name=PORT].value"), BEFORE), ("ConfigMap/catalog-settings data.listen", ANY)]), path="overlays/prod")

# 1790 ------------------------------------------------------------------------------------------------ an Indexed Job counts from zero
NORDICS = "REGION=nordics\nCURRENCY=SEK\n"
scenario("index-three", "flux", {
    "deploy/export.yaml": text("""
        apiVersion: batch/v1
        kind: CronJob
        metadata:
          name: export
        spec:
          schedule: "* * * * *"
          concurrencyPolicy: Forbid
          successfulJobsHistoryLimit: 2
          failedJobsHistoryLimit: 2
          jobTemplate:
            spec:
              completionMode: Indexed
              completions: 2
              parallelism: 2
              backoffLimit: 1
              template:
                metadata:
                  labels:
                    app: export
                spec:
                  restartPolicy: Never
                  containers:
                    - name: export
                      image: busybox:1.36
                      command: [sh, -ec]
                      args:
                        - |
                          . "/shards/shard-$JOB_COMPLETION_INDEX.env"
                          echo "export: $REGION in $CURRENCY"
                          sleep 2
                          echo "export: done"
                      resources:
                        requests: {cpu: 10m, memory: 8Mi}
                        limits: {memory: 32Mi}
                      volumeMounts:
                        - name: shards
                          mountPath: /shards
                  volumes:
                    - name: shards
                      configMap:
                        name: export-shards
        """),
    "deploy/shards.yaml": text("""
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: export-shards
        data:
          shard-0.env: |
            REGION=dach
            CURRENCY=EUR
          shard-1.env: |
            REGION=uk
            CURRENCY=GBP
        """),
    "deploy/kustomization.yaml": kustomization("export.yaml", "shards.yaml"),
}, ["Export the nordics, too", ["deploy/export.yaml", "completions: 2", "completions: 3"], ["deploy/export.yaml", "parallelism: 2", "parallelism: 3"], ["deploy/export.yaml", "busybox:1.36", "busybox:1.37"],
    ["deploy/shards.yaml", "    CURRENCY=GBP\n", "    CURRENCY=GBP\n  shard-3.env: |\n    REGION=nordics\n    CURRENCY=SEK\n"]],
    "the third shard has index 2, but the file of the nordics is called shard-3.env",
    expected=expect("job-failed config-key-missing crash-on-start",
        [('ConfigMap/export-shards data["shard-2.env"]', value(NORDICS)), ('ConfigMap/export-shards data["shard-3.env"]', GONE)],
        [('ConfigMap/export-shards data["shard-2.env"]', value(NORDICS))]))

# 1791 ------------------------------------------------------------------------------------------------ the ordinals are dropped
scenario("from-one", "argocd", {
    "deploy/broker.yaml": app("broker", "acme/worker:1.4.1", kind="StatefulSet", spec="""
        podManagementPolicy: OrderedReady
        ordinals:
          start: 1
        revisionHistoryLimit: 5
        """, pod="""
        volumes:
          - name: nodes
            configMap:
              name: broker-nodes
        """, env="""
        - name: POD_NAME
          valueFrom:
            fieldRef:
              fieldPath: metadata.name
        - name: CONFIG_FILE
          value: /etc/broker/$(POD_NAME).env
        """, mounts="""
        - name: nodes
          mountPath: /etc/broker
        """) + "---\n" + svc("broker", "  clusterIP: None\n"),
    "deploy/nodes.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: broker-nodes\ndata:\n  broker-1.env: |\n    NODE_ID=1\n    RACK=a\n  broker-2.env: |\n    NODE_ID=2\n    RACK=b\n",
}, ["Bring broker in line with the platform template",
    ["deploy/broker.yaml", "  ordinals:\n    start: 1\n  revisionHistoryLimit: 5\n", "  revisionHistoryLimit: 3\n  persistentVolumeClaimRetentionPolicy:\n    whenDeleted: Retain\n    whenScaled: Retain\n"],
    ["deploy/broker.yaml", "        app: broker\n    spec:\n", "        app: broker\n        app.kubernetes.io/part-of: messaging\n    spec:\n      terminationGracePeriodSeconds: 20\n"],
    ["deploy/broker.yaml", "acme/worker:1.4.1", "acme/worker:1.4.2"], ["deploy/broker.yaml", "limits: {memory: 96Mi}", "limits: {memory: 112Mi}"],
    ["deploy/broker.yaml", "            periodSeconds: 3\n", "            periodSeconds: 5\n            timeoutSeconds: 2\n"],
    ["deploy/nodes.yaml", "  name: broker-nodes\n", "  name: broker-nodes\n  labels:\n    app.kubernetes.io/part-of: messaging\n"]],
    "ordinals.start: 1 is gone, so there is a broker-0 now, for which broker-nodes holds no file",
    expected=expect("config-key-missing crash-on-start config-missing", [("StatefulSet/broker spec.ordinals", BEFORE)]))

# 1792 ------------------------------------------------------------------------------------------------ people: the licence
scenario("licence", "flux", {
    **{k: v for k, v in CHART.items() if "deployment" not in k},
    "chart/templates/deployment.yaml": CHART["chart/templates/deployment.yaml"].replace("      containers:\n", text("""
              initContainers:
                - name: licence
                  image: busybox:1.37
                  command: [sh, -c]
                  args:
                    - |
                      today=$(date +%Y%m%d)
                      if [ "$LICENCE_NOT_AFTER" -lt "$today" ]; then
                        echo "licence: expired on $LICENCE_NOT_AFTER (today is $today)" >&2
                        exit 1
                      fi
                      echo "licence: valid until $LICENCE_NOT_AFTER"
                  env:
                    - name: LICENCE_NOT_AFTER
                      valueFrom:
                        secretKeyRef:
                          name: {{ .Values.licence.secret }}
                          key: not-after
                  resources:
                    requests: {cpu: 10m, memory: 8Mi}
                    limits: {memory: 24Mi}
        """).replace("\n", "\n      ").rstrip(" ").join(["      ", "      containers:\n"])),
    "chart/values.yaml": CHART["chart/values.yaml"] + "licence:\n  secret: engine-licence   # made by procurement, not in git\n",
    "releases/billing.yaml": release("billing", """
        values:
          image:
            repository: acme/payments
            tag: 1.4.1
          memory: 96Mi
        """),
}, ["Billing 1.4.2", ["releases/billing.yaml", "tag: 1.4.1", "tag: 1.4.2"], ["releases/billing.yaml", "memory: 96Mi", "memory: 128Mi"]],
    "the Secret engine-licence, which is not in git, was replaced by one that has expired; every new pod stops at the check, whatever the commit", answer=HUMAN,
    expected=expect("secret-missing crash-on-start"), path="releases",
    given="apiVersion: v1\nkind: Secret\nmetadata:\n  name: engine-licence\nstringData:\n  not-after: \"20331231\"\n",
    then=[[-5, """kubectl -n $NAMESPACE patch secret engine-licence -p '{"stringData":{"not-after":"20250630"}}'"""]])

# 1793 ------------------------------------------------------------------------------------------------ people: a key of a Secret that nobody made
scenario("callback-key", "argocd", {
    "deploy/psp.yaml": app("psp", "acme/payments:1.4.1", env="""
        - name: REQUIRED_ENV
          value: API_KEY
        - name: API_KEY
          valueFrom:
            secretKeyRef:
              name: psp-credentials
              key: api-key
        """) + "---\n" + svc("psp"),
    "deploy/README.md": "psp-credentials comes from the vault by hand: ask payments-security.\n",
}, ["Verify callbacks with a key of their own", ["deploy/psp.yaml", "acme/payments:1.4.1", "acme/payments:1.4.2"], ["deploy/psp.yaml", "              value: API_KEY\n", "              value: API_KEY,CALLBACK_KEY\n"],
    ["deploy/psp.yaml", "                  key: api-key\n", "                  key: api-key\n            - name: CALLBACK_KEY\n              valueFrom:\n                secretKeyRef:\n                  name: psp-credentials\n                  key: callback-key\n"],
    ["deploy/psp.yaml", "limits: {memory: 96Mi}", "limits: {memory: 128Mi}"]],
    "the wanted key callback-key has not been added to the Secret psp-credentials, which people keep; the api-key must not stand in for it", answer=HUMAN, expected=expect("secret-missing"),
    given="apiVersion: v1\nkind: Secret\nmetadata:\n  name: psp-credentials\nstringData:\n  api-key: only-for-tests\n")

# 1794 ------------------------------------------------------------------------------------------------ nothing: it waits and recovers
scenario("waits", "argocd", {
    "base/ledger.yaml": app("ledger", "acme/payments", spec="strategy:\n  type: Recreate\n", env="""
        - name: START_SECONDS
          value: "8"
        """).replace("progressDeadlineSeconds: 75", "progressDeadlineSeconds: 180") + "---\n" + svc("ledger"),
    "base/importer.yaml": app("importer", "acme/worker", spec="strategy:\n  type: Recreate\n", pod="""
        initContainers:
          - name: ledger-up
            image: busybox:1.37
            command: [sh, -c]
            args:
              - wget -qO- "http://$LEDGER_SERVICE_HOST:80/healthz" || { echo "importer needs the ledger first" >&2; exit 1; }
            resources:
              requests: {cpu: 10m, memory: 8Mi}
              limits: {memory: 24Mi}
        """).replace("progressDeadlineSeconds: 75", "progressDeadlineSeconds: 240"),
    "base/kustomization.yaml": kustomization("ledger.yaml", "importer.yaml"),
    "overlays/prod/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources:
          - ../../base
        images:
          - name: acme/payments
            newTag: 1.4.1
          - name: acme/worker
            newTag: 1.4.1
        """),
}, ["Ledger replays its log on start, 1.4.2", ["overlays/prod/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.2"], ["base/ledger.yaml", 'value: "8"', 'value: "40"'],
    ["base/ledger.yaml", "            periodSeconds: 10\n", "            periodSeconds: 10\n            initialDelaySeconds: 60\n"]],
    "the ledger takes 40 s to start and importer's init container fails meanwhile; both are up after about a minute and a half", answer=NONE, expected=expect("healthy recovering"), path="overlays/prod")

# 1795 ------------------------------------------------------------------------------------------------ nothing: already corrected
scenario("corrected", "flux", {
    "base/profile.yaml": app("profile", "acme/catalog", env="""
        - name: REQUIRED_ENV
          value: LOCALE
        - name: LOCALE
          value: de-DE
        """) + "---\n" + svc("profile"),
    "base/kustomization.yaml": kustomization("profile.yaml"),
    "overlays/prod/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources:
          - ../../base
        replicas:
          - name: profile
            count: 2
        images:
          - name: acme/catalog
            newTag: 1.4.1
        """),
}, [
    {"subject": "Profile takes its locale from the browser", "edit": [["base/profile.yaml", "name: LOCALE\n", "name: DEFAULT_LOCALE\n"], ["overlays/prod/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.2"]]},
    {"subject": "Same name in the list of required settings", "wait": 60, "edit": [["base/profile.yaml", "value: LOCALE\n", "value: DEFAULT_LOCALE\n"]]},
    {"subject": "Three of profile", "wait": 40, "edit": [["overlays/prod/kustomization.yaml", "count: 2", "count: 3"]]},
], "the second commit has already corrected the first; what is left are its old events", answer=NONE, expected=expect("healthy recovering"), path="overlays/prod")
