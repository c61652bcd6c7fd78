"""The rarer classes: scheduling, admission, storage, hooks, quotas, policies."""
import pathlib, runpy, textwrap
globals().update(runpy.run_path(str(pathlib.Path(__file__).parent / "kit.py")))
SCENARIOS, scenario = batch(1844)

SMALL = {"requests": {"cpu": "10m", "memory": "24Mi"}, "limits": {"memory": "96Mi"}}
BOUNDED = text("""
    {{- define "app.labels" -}}
    app: {{ .Release.Name }}
    {{- end }}
""")


def shop(name, image, **more):
    return container(name, "shop", image, **more)


def chart(name, deployment, values, extra=None):
    return {
        "chart/Chart.yaml": f"apiVersion: v2\nname: {name}\nversion: 1.7.0\n",
        "chart/values.yaml": text(values),
        "chart/templates/_helpers.tpl": BOUNDED,
        "chart/templates/deployment.yaml": text(deployment),
        **{f"chart/templates/{path}": text(body) for path, body in (extra or {}).items()},
    }


def release(name, values="", more=""):
    head = text(f"""
        apiVersion: helm.toolkit.fluxcd.io/v2
        kind: HelmRelease
        metadata:
          name: {name}
        spec:
          interval: 30s
          timeout: 60s
          releaseName: {name}
          chart:
            spec:
              chart: ./chart
              reconcileStrategy: Revision
              sourceRef: {{kind: GitRepository, name: "@NAME@", namespace: flux-system}}
    """)
    return head + more + (("  values:\n" + textwrap.indent(text(values), "    ")) if values else "")


DEPLOYMENT = """
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: {{ .Release.Name }}
    spec:
      replicas: {{ .Values.replicas }}
      progressDeadlineSeconds: 80
      {{- with .Values.strategy }}
      strategy:
        {{- toYaml . | nindent 4 }}
      {{- end }}
      selector:
        matchLabels:
          {{- include "app.labels" . | nindent 6 }}
      template:
        metadata:
          labels:
            {{- include "app.labels" . | nindent 8 }}
            {{- with .Values.podLabels }}
            {{- toYaml . | nindent 8 }}
            {{- end }}
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
              livenessProbe:
                httpGet: {path: /healthz, port: http}
                periodSeconds: 10
              readinessProbe:
                httpGet: {path: /readyz, port: http}
                periodSeconds: 3
"""
SERVICE = """
    apiVersion: v1
    kind: Service
    metadata:
      name: {{ .Release.Name }}
    spec:
      selector:
        {{- include "app.labels" . | nindent 4 }}
      ports:
        - {name: http, port: 80, targetPort: http}
"""
VALUES = """
    replicas: 1
    image:
      repository: acme/catalog
      tag: 1.4.1
    strategy: {}
    podLabels: {}
    env: {}
    resources:
      requests: {cpu: 10m, memory: 24Mi}
      limits: {memory: 96Mi}
"""

# 1 — scheduling: topology spread with more domains than there are
scenario("spread-min-domains", "flux", {
    "base/deployment.yaml": dump(workload("Deployment", "recommend", shop("recommend", "acme/catalog"), replicas=2, deadline=80)),
    "base/service.yaml": dump(service("recommend")),
    "base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
    "components/spread/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1alpha1
        kind: Component
        patches:
          - path: spread.yaml
            target: {kind: Deployment}
    """),
    "components/spread/spread.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: any
        spec:
          template:
            spec:
              topologySpreadConstraints:
                - topologyKey: kubernetes.io/hostname
                  maxSkew: 1
                  whenUnsatisfiable: DoNotSchedule
                  labelSelector:
                    matchLabels:
                      app: recommend
    """),
    "overlays/prod/kustomization.yaml": kustomization("../../base", components=["../../components/spread"], images=[{"name": "acme/catalog", "newTag": "1.4.1"}]),
}, ["Production hardening for the season, catalog 1.4.2",
    ["components/spread/spread.yaml", "          maxSkew: 1\n", "          maxSkew: 1\n          minDomains: 3\n"],
    ["overlays/prod/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.2"]],
    "minDomains 3 of the topology spread asks for three nodes; the cluster has one, the new pods stay Pending",
    expected=expect("unschedulable-placement",
                    [(pod("Deployment", "recommend", "topologySpreadConstraints[0].minDomains"), GONE)],
                    [(pod("Deployment", "recommend", "topologySpreadConstraints[0].minDomains"), value(1))]), path="overlays/prod")

# 2 — quota: the init container lost its memory limit
migrate = {"name": "migrate", "image": "acme/checkout:1.4.1", "args": ["migrate"], "env": [{"name": "DATABASE_URL", "value": "postgres://orders@10.20.0.5/orders"}],
           "resources": {"requests": {"cpu": "10m", "memory": "16Mi"}, "limits": {"cpu": "300m", "memory": "64Mi"}}}
orders = shop("orders", "acme/checkout:1.4.1", resources={"requests": {"cpu": "10m", "memory": "32Mi"}, "limits": {"cpu": "500m", "memory": "128Mi"}})
scenario("quota-init-limit", "argocd", {
    "deploy/orders.yaml": dump(workload("Deployment", "orders", orders, replicas=2, deadline=80, pod={"initContainers": [migrate]})),
    "deploy/service.yaml": dump(service("orders")),
    "deploy/team-quota.yaml": dump({"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "team-orders"}, "spec": {"hard": {"limits.memory": "2Gi", "pods": "12"}}}),
}, ["No CPU limits any more, they only throttle; checkout 1.4.2",
    ["deploy/orders.yaml", "            cpu: 500m\n            memory: 128Mi\n", "            memory: 128Mi\n"],
    ["deploy/orders.yaml", "          limits:\n            cpu: 300m\n            memory: 64Mi\n", ""],
    ["deploy/orders.yaml", "image: acme/checkout:1.4.1", "image: acme/checkout:1.4.2"]],
    "with the CPU limit the whole limits of the init container went; the quota on limits.memory refuses pods whose containers have no memory limit",
    expected=expect("quota", [(c("Deployment", "orders", "migrate", "resources.limits", init=True), value({"memory": "64Mi"}))],
                    [(c("Deployment", "orders", "migrate", "resources.limits", init=True), ANY)]))

# 3 — limit range: ratio of limit to request; the first release
scenario("limit-request-ratio", "flux", {
    **chart("pricing", DEPLOYMENT, VALUES, {"service.yaml": SERVICE}),
    "releases/limits.yaml": dump({"apiVersion": "v1", "kind": "LimitRange", "metadata": {"name": "fair-share"}, "spec": {"limits": [
        {"type": "Container", "maxLimitRequestRatio": {"memory": "4"}, "max": {"memory": "512Mi"}}]}}),
    "releases/pricing.yaml": release("pricing", """
        image:
          repository: acme/payments
          tag: 1.4.2
        env:
          CACHE_MB: "90"   # the price list, held in memory
        resources:
          requests: {cpu: 10m, memory: 16Mi}
          limits: {memory: 160Mi}
    """),
}, [], "the LimitRange allows a memory limit of at most 4 times the request; 160Mi to 16Mi is 10 times: no pod is admitted",
    expected=expect("limit-range", [(c("Deployment", "pricing", "app", "resources.requests.memory"), at_least("40Mi"))]), path="releases", never_worked=True)

# 4 — pod security: a host port under the baseline level, in a DaemonSet
agent = shop("agent", "acme/worker:1.4.1", env={"PORT": "9102"}, port=9102)
scenario("baseline-host-port", "argocd", {
    "deploy/agent.yaml": dump(workload("DaemonSet", "node-agent", agent, pod={"terminationGracePeriodSeconds": 5})),
    "deploy/service.yaml": dump(service("node-agent", port=9102)),
}, ["Agent 1.4.2, scraped under the node's address",
    ["deploy/agent.yaml", "acme/worker:1.4.1", "acme/worker:1.4.2"],
    ["deploy/agent.yaml", "          containerPort: 9102\n", "          containerPort: 9102\n          hostPort: 9102\n"]],
    "the namespace enforces Pod Security baseline, which forbids hostPort: the DaemonSet cannot create its pod",
    expected=expect("pod-security", [(c("DaemonSet", "node-agent", "agent", "ports[name=http].hostPort"), GONE)]), labels={"pod-security.kubernetes.io/enforce": "baseline"})

# 5 — hook: unit of a deadline changed, the environment's value did not
scenario("hook-deadline-unit", "argocd", {
    **chart("ledger", DEPLOYMENT, VALUES.replace("acme/catalog", "acme/payments") + """
    migration:
      enabled: true
      deadline: 2   # minutes
""", {"service.yaml": SERVICE, "migration.yaml": """
        {{- if .Values.migration.enabled }}
        apiVersion: batch/v1
        kind: Job
        metadata:
          name: {{ .Release.Name }}-migration
          annotations:
            helm.sh/hook: pre-install,pre-upgrade
            helm.sh/hook-delete-policy: before-hook-creation
        spec:
          backoffLimit: 0
          activeDeadlineSeconds: {{ mul .Values.migration.deadline 60 }}
          template:
            spec:
              restartPolicy: Never
              terminationGracePeriodSeconds: 2
              containers:
                - name: migration
                  image: busybox:1.37
                  command: [sh, -c, "echo rebuilding 3 indexes; for i in 1 2 3; do sleep 5; echo index $i done; done; echo migrated"]
                  resources:
                    limits: {memory: 32Mi}
        {{- end }}
    """}),
    "env/prod.yaml": text("""
        replicas: 2
        migration:
          deadline: 5
    """),
    "env/staging.yaml": "replicas: 1\n",
}, ["Payments 1.4.2; deadline of the migration can be finer than minutes",
    ["chart/templates/migration.yaml", "{{ mul .Values.migration.deadline 60 }}", "{{ .Values.migration.deadline }}"],
    ["chart/values.yaml", "deadline: 2   # minutes", "deadline: 120   # seconds"],
    ["chart/values.yaml", "tag: 1.4.1", "tag: 1.4.2"]],
    "the chart now reads migration.deadline as seconds, env/prod.yaml still says 5 (minutes): the hook Job is ended after 5 s and the sync fails",
    expected=expect("job-failed", [("Job/ledger-migration spec.activeDeadlineSeconds", BEFORE)], [("Job/ledger-migration spec.activeDeadlineSeconds", at_least("25"))]),
    path="chart", source={"helm": {"releaseName": "ledger", "valueFiles": ["../env/prod.yaml"]}})

# 6 — admission policy: a label that the pod template must carry
POLICY = text("""
    apiVersion: admissionregistration.k8s.io/v1
    kind: ValidatingAdmissionPolicy
    metadata:
      name: "@NAME@-costcentre"
    spec:
      failurePolicy: Fail
      matchConstraints:
        resourceRules:
          - apiGroups: [apps]
            apiVersions: [v1]
            operations: [CREATE, UPDATE]
            resources: [deployments]
      validations:
        - expression: "has(object.spec.template.metadata.labels) && 'costcentre' in object.spec.template.metadata.labels"
          message: "the pod template must carry the label costcentre"
    ---
    apiVersion: admissionregistration.k8s.io/v1
    kind: ValidatingAdmissionPolicyBinding
    metadata:
      name: "@NAME@-costcentre"
    spec:
      policyName: "@NAME@-costcentre"
      validationActions: [Deny]
      matchResources:
        namespaceSelector:
          matchLabels:
            kubernetes.io/metadata.name: "@NAME@"
""")
scenario("policy-template-label", "argocd", {
    "base/deployment.yaml": dump(workload("Deployment", "wishlist", shop("wishlist", "acme/catalog"), replicas=2, deadline=80)),
    "base/service.yaml": dump(service("wishlist")),
    "base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
    "overlays/prod/kustomization.yaml": text("""
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources:
          - ../../base
        labels:
          - pairs:
              costcentre: cc-4711
            includeTemplates: true
        images:
          - name: acme/catalog
            newTag: 1.4.1
    """),
}, ["Catalog 1.4.2 with three replicas; shorter overlay",
    ["overlays/prod/kustomization.yaml", "  - pairs:\n      costcentre: cc-4711\n    includeTemplates: true\n", "  - pairs: {costcentre: cc-4711}\n"],
    ["overlays/prod/kustomization.yaml", "    newTag: 1.4.1\n", "    newTag: 1.4.2\nreplicas:\n  - name: wishlist\n    count: 3\n"]],
    "includeTemplates went, so the pod template has no label costcentre, which an admission policy of the cluster demands",
    expected=expect("invalid-manifest pod-security", [("Deployment/wishlist spec.template.metadata.labels.costcentre", BEFORE)]), path="overlays/prod", given=POLICY)

# 7 — autoscaler: the target changed its kind
ranking = workload("Deployment", "ranking", shop("ranking", "acme/catalog:1.4.1"), deadline=80)
scenario("autoscaler-target-kind", "flux", {
    "deploy/ranking.yaml": dump(ranking),
    "deploy/service.yaml": dump(service("ranking")),
    "deploy/autoscaling.yaml": dump({"apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler", "metadata": {"name": "ranking"}, "spec": {
        "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "ranking"}, "minReplicas": 1, "maxReplicas": 3,
        "metrics": [{"type": "Resource", "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 70}}}]}}),
}, ["Stable pod names for the ranking shards",
    ["deploy/ranking.yaml", "kind: Deployment", "kind: StatefulSet"],
    ["deploy/ranking.yaml", "  progressDeadlineSeconds: 80\n", "  serviceName: ranking\n  podManagementPolicy: Parallel\n"]],
    "ranking is a StatefulSet now, the HorizontalPodAutoscaler still targets a Deployment of that name: FailedGetScale",
    expected=expect("autoscaler", [("HorizontalPodAutoscaler/ranking spec.scaleTargetRef.kind", value("StatefulSet"))]))

# 8 — service account renamed everywhere but in the CronJob
nightly = {"name": "export", "image": "acme/worker:1.4.1", "args": ["migrate"], "env": [{"name": "DATABASE_URL", "value": "postgres://reports@10.20.0.5/reports"}], "resources": SMALL}
scenario("account-renamed-cronjob", "argocd", {
    "deploy/access.yaml": dump(
        {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "report-runner"}},
        {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role", "metadata": {"name": "read-settings"}, "rules": [{"apiGroups": [""], "resources": ["configmaps"], "verbs": ["get", "list"]}]},
        {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding", "metadata": {"name": "read-settings"},
         "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "read-settings"}, "subjects": [{"kind": "ServiceAccount", "name": "report-runner", "namespace": "@NAME@"}]}),
    "deploy/reports.yaml": dump(workload("Deployment", "reports", shop("reports", "acme/worker:1.4.1"), deadline=80, pod={"serviceAccountName": "report-runner"})),
    "deploy/export.yaml": dump(workload("CronJob", "export", nightly, pod={"serviceAccountName": "report-runner"})),
    "deploy/service.yaml": dump(service("reports")),
}, ["Accounts are called as their team; worker 1.4.2",
    ["deploy/access.yaml", "name: report-runner", "name: team-reports"],
    ["deploy/reports.yaml", "serviceAccountName: report-runner", "serviceAccountName: team-reports"],
    ["deploy/reports.yaml", "worker:1.4.1", "worker:1.4.2"]],
    "the ServiceAccount is called team-reports now; the CronJob export still names report-runner: its Jobs cannot create pods",
    expected=expect("service-account-missing", [(pod("CronJob", "export", "serviceAccountName"), value("team-reports"))]))

# 9 — cron: the time zone inside of the schedule
scenario("cron-zone-in-schedule", "flux", {
    "base/settlement.yaml": dump(workload("CronJob", "settlement", {"name": "settle", "image": "acme/payments", "args": ["migrate"],
        "env": [{"name": "DATABASE_URL", "value": "postgres://ledger@10.20.0.5/ledger"}], "resources": SMALL}, spec={"schedule": "0 3 * * *"})),
    "base/payments.yaml": dump(workload("Deployment", "payments", shop("payments", "acme/payments"), deadline=80), service("payments")),
    "base/kustomization.yaml": kustomization("settlement.yaml", "payments.yaml"),
    "overlays/eu/kustomization.yaml": kustomization("../../base", images=[{"name": "acme/payments", "newTag": "1.4.1"}], patches=[{"path": "settlement.yaml"}]),
    "overlays/eu/settlement.yaml": text("""
        apiVersion: batch/v1
        kind: CronJob
        metadata:
          name: settlement
        spec:
          schedule: "30 5 * * 1-5"
          successfulJobsHistoryLimit: 3
    """),
}, ["Settle before the banks open, summer and winter; keep a week of runs",
    ["overlays/eu/settlement.yaml", '"30 5 * * 1-5"', '"CRON_TZ=Europe/Berlin 30 5 * * 1-5"'],
    ["overlays/eu/settlement.yaml", "HistoryLimit: 3", "HistoryLimit: 5"]],
    "a time zone is not allowed inside of spec.schedule: the API server refuses the CronJob; the field is timeZone",
    expected=expect("cron-invalid invalid-manifest", [("CronJob/settlement spec.schedule", value("30 5 * * 1-5")), ("CronJob/settlement spec.timeZone", value("Europe/Berlin"))],
                    [("CronJob/settlement spec.schedule", BEFORE)]), path="overlays/eu")

# 10 — storage: an emptyDir in memory that is too small, in the first release
scenario("memory-volume-small", "argocd", {
    "base/statefulset.yaml": dump(workload("StatefulSet", "search", shop("search", "acme/catalog:1.4.2", limits="160Mi", volumeMounts=[{"name": "index", "mountPath": "/index"}]), pod={
        "initContainers": [{"name": "load-index", "image": "busybox:1.37",
            "command": ["sh", "-c", 'echo "copying an index of $INDEX_MB MiB to /index"; dd if=/dev/zero of=/index/segments bs=1M count=$INDEX_MB && echo copied'],
            "env": [{"name": "INDEX_MB", "value": "8"}], "resources": {"requests": {"cpu": "10m", "memory": "32Mi"}, "limits": {"memory": "160Mi"}}, "volumeMounts": [{"name": "index", "mountPath": "/index"}]}],
        "volumes": [{"name": "index", "emptyDir": {"medium": "Memory", "sizeLimit": "16Mi"}}]})),
    "base/service.yaml": dump(service("search")),
    "base/kustomization.yaml": kustomization("statefulset.yaml", "service.yaml"),
    "overlays/prod/kustomization.yaml": kustomization("../../base", patches=[{"path": "index.yaml"}]),
    "overlays/prod/index.yaml": text("""
        apiVersion: apps/v1
        kind: StatefulSet
        metadata:
          name: search
        spec:
          template:
            spec:
              initContainers:
                - name: load-index
                  env:
                    - name: INDEX_MB
                      value: "48"   # size of the production index, as exported
    """),
}, [], "the emptyDir in memory has a sizeLimit of 16Mi, the production index has 48 MiB: the init container ends with No space left on device",
    expected=expect("volume-mount crash-on-start", [(pod("StatefulSet", "search", "volumes[name=index].emptyDir.sizeLimit"), at_least("48Mi"))],
                    [(pod("StatefulSet", "search", "volumes[name=index].emptyDir.sizeLimit"), GONE)]), path="overlays/prod", never_worked=True)

# 11 — quota: no room for the surge pod
scenario("quota-no-room-to-surge", "flux", {
    **chart("basket", DEPLOYMENT, VALUES, {"service.yaml": SERVICE}),
    "releases/quota.yaml": dump({"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "namespace-size"}, "spec": {"hard": {"pods": "3"}}}),
    "releases/basket.yaml": release("basket", """
        replicas: 3
        image:
          repository: acme/checkout
          tag: 1.4.1
        strategy:
          type: RollingUpdate
          rollingUpdate:
            maxSurge: 0
            maxUnavailable: 1
    """),
}, ["Basket 1.4.2, rolled out without losing capacity",
    ["releases/basket.yaml", "tag: 1.4.1", "tag: 1.4.2"],
    ["releases/basket.yaml", "maxSurge: 0\n        maxUnavailable: 1", "maxSurge: 1\n        maxUnavailable: 0"]],
    "the quota allows the 3 pods that run; maxUnavailable 0 needs a fourth for the rollout, which the quota refuses: the rollout never moves",
    expected=expect("quota", [("Deployment/basket spec.strategy.rollingUpdate.maxSurge", BEFORE), ("Deployment/basket spec.strategy.rollingUpdate.maxUnavailable", BEFORE)],
                    [("Deployment/basket spec.strategy.rollingUpdate.maxUnavailable", BEFORE)]), path="releases")

# 12 — selector drift between the values and the chart
scenario("track-label-gone", "flux", {
    **chart("offers", DEPLOYMENT, VALUES, {"service.yaml": SERVICE.replace('nindent 4 }}\n', 'nindent 4 }}\n        track: stable\n')}),
    "releases/offers.yaml": release("offers", more="  valuesFrom:\n    - kind: ConfigMap\n      name: offers-values\n"),
    "releases/values.yaml": text("""
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: offers-values
          labels:
            reconcile.fluxcd.io/watch: Enabled
        data:
          values.yaml: |
            replicas: 2
            image:
              repository: acme/catalog
              tag: 1.4.1
            podLabels:
              track: stable
              squad: promotions
    """),
}, ["Canary is over, offers 1.4.2 for everybody",
    ["releases/values.yaml", "      track: stable\n", ""],
    ["releases/values.yaml", "tag: 1.4.1", "tag: 1.4.2"]],
    "the pods no longer carry track=stable, the chart's Service still selects it: no endpoints",
    expected=expect("service-no-endpoints", [("Service/offers spec.selector.track", GONE)], [("Deployment/offers spec.template.metadata.labels.track", BEFORE)]), path="releases")

# 13 — people: the deployer's role does not cover what the commit adds
scenario("deployer-role", "flux", {
    "deploy/tracking.yaml": dump(workload("Deployment", "tracking", shop("tracking", "acme/worker:1.4.1"), replicas=2, deadline=80)),
    "deploy/service.yaml": dump(service("tracking")),
}, ["Keep one pod during node upgrades, worker 1.4.2",
    ["deploy/tracking.yaml", "worker:1.4.1", "worker:1.4.2"],
    ["deploy/disruption.yaml", None, dump({"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": {"name": "tracking"}, "spec": {"minAvailable": 1, "selector": {"matchLabels": {"app": "tracking"}}}})]],
    "the account that Flux deploys with may not manage poddisruptionbudgets: somebody has to extend its role, or to say no", HUMAN,
    expect("rbac-forbidden"), spec={"serviceAccountName": "@NAME@-deployer"}, extra=[
        {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "@NAME@-deployer", "namespace": "flux-system"}},
        {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role", "metadata": {"name": "deployer", "namespace": "@NAME@"}, "rules": [
            {"apiGroups": ["", "apps", "batch"], "resources": ["*"], "verbs": ["*"]}]},
        {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding", "metadata": {"name": "deployer", "namespace": "@NAME@"},
         "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "deployer"}, "subjects": [{"kind": "ServiceAccount", "name": "@NAME@-deployer", "namespace": "flux-system"}]}])

# 14 — people: an admission webhook without a server
WEBHOOK = """kubectl apply -f - <<END
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata:
  name: $NAMESPACE-image-policy
webhooks:
  - name: images.policy.acme.example
    admissionReviewVersions: [v1]
    sideEffects: None
    failurePolicy: Fail
    timeoutSeconds: 5
    clientConfig:
      service: {namespace: policy-system, name: image-policy, path: /validate}
    namespaceSelector:
      matchLabels:
        kubernetes.io/metadata.name: $NAMESPACE
    rules:
      - {apiGroups: [apps], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [deployments]}
END
"""
scenario("webhook-unavailable", "argocd", {
    "base/deployment.yaml": dump(workload("Deployment", "vouchers", shop("vouchers", "acme/payments"), replicas=2, deadline=80)),
    "base/service.yaml": dump(service("vouchers")),
    "base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
    "overlays/prod/kustomization.yaml": kustomization("../../base", images=[{"name": "acme/payments", "newTag": "1.4.1"}],
        patches=[{"target": {"kind": "Deployment", "name": "vouchers"}, "patch": "- op: add\n  path: /spec/revisionHistoryLimit\n  value: 4\n"}]),
}, ["Vouchers 1.4.2, fewer old ReplicaSets",
    ["overlays/prod/kustomization.yaml", "newTag: 1.4.1", "newTag: 1.4.2"],
    ["overlays/prod/kustomization.yaml", "value: 4", "value: 2"]],
    "an admission webhook of the cluster (image-policy in policy-system) does not answer: no Deployment can be written; nothing in this repository is wrong", HUMAN,
    expect("node control-plane"), path="overlays/prod", then=[[-4, WEBHOOK]])

# 15 — nothing to do: the Secret came late
scenario("secret-arrives-late", "flux", {
    "base/deployment.yaml": dump(workload("Deployment", "shipping", shop("shipping", "acme/worker", env={"CARRIER": "north"}), replicas=2, deadline=40)),
    "base/service.yaml": dump(service("shipping")),
    "base/kustomization.yaml": kustomization("deployment.yaml", "service.yaml"),
    "overlays/prod/kustomization.yaml": kustomization("../../base", images=[{"name": "acme/worker", "newTag": "1.4.1"}]),
}, ["Second carrier, with its token from the vault; worker 1.4.2",
    ["overlays/prod/kustomization.yaml", "newTag: 1.4.1\n", "newTag: 1.4.2\npatches:\n  - path: carrier.yaml\n"],
    ["overlays/prod/carrier.yaml", None, text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: shipping
        spec:
          template:
            spec:
              containers:
                - name: shipping
                  env:
                    - name: REQUIRED_ENV
                      value: CARRIER_TOKEN
                    - name: CARRIER_TOKEN
                      valueFrom:
                        secretKeyRef: {name: carrier-south, key: token}
    """)]],
    "the Secret was copied from the vault a minute after the push: the rollout missed its deadline, then went through by itself", NONE, expect("healthy recovering"), path="overlays/prod",
    then=[[75, "kubectl -n $NAMESPACE create secret generic carrier-south --from-literal=token=only-for-tests"]])

# 16 — nothing to do: refusals of the quota on the way of a rollout that succeeds
scenario("quota-only-in-passing", "argocd", {
    **chart("gifts", DEPLOYMENT, VALUES, {"service.yaml": SERVICE, "quota.yaml": """
        apiVersion: v1
        kind: ResourceQuota
        metadata:
          name: {{ .Release.Name }}-size
          annotations:
            argocd.argoproj.io/sync-wave: "-1"
        spec:
          hard:
            pods: {{ .Values.maxPods | quote }}
    """}),
    "env/prod.yaml": text("""
        replicas: 2
        maxPods: 2
        strategy:
          type: RollingUpdate
          rollingUpdate:
            maxSurge: 1
            maxUnavailable: 1
    """),
}, ["Gifts 1.4.2 and a log level",
    ["env/prod.yaml", "replicas: 2\n", "replicas: 2\nimage:\n  tag: 1.4.2\nenv:\n  LOG_LEVEL: info\n"]],
    "the quota refuses the surge pod until an old one has gone; the rollout may take one away and completes: warnings only", NONE, expect("healthy recovering"), path="chart",
    source={"helm": {"releaseName": "gifts", "valueFiles": ["../env/prod.yaml"]}})
