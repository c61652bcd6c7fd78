"""Batch AU, written to find what of the API server's words the playbook does not follow yet: shop-1508 to shop-1517. No program of this folder is needed."""
import pathlib, runpy, textwrap
globals().update(runpy.run_path(str(pathlib.Path(__file__).parent / "kit.py")))
SCENARIOS, scenario = batch(1508)
yaml.SafeDumper.ignore_aliases = lambda self, data: True


def shop(name, image="acme/checkout:1.4.1", **more):
    return container(name, "shop", image=image, **more)


def deploy(name, *containers, pod=None, **more):
    return workload("Deployment", name, *containers, deadline=70, pod=pod, **more)


# 1 an overlay asks by a command; the base's probe by HTTP stays beside it
scenario("probe-by-command", "flux", {
    "base/basket.yaml": dump(deploy("basket", shop("basket")), service("basket")),
    "base/kustomization.yaml": kustomization("basket.yaml"),
    "overlays/staging/kustomization.yaml": kustomization("../../base"),
    "overlays/prod/basket.yaml": text("""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: basket
        spec:
          replicas: 2
        """),
    "overlays/prod/kustomization.yaml": kustomization("../../base", patches=[{"path": "basket.yaml"}]),
}, ["Liveness without the network, three replicas",
    ["overlays/prod/basket.yaml", "  replicas: 2\n", "  replicas: 3\n  template:\n    spec:\n      containers:\n        - name: basket\n          livenessProbe:\n            exec:\n              command: [\"/bin/sh\", \"-c\", \"true\"]\n"]],
    "the probe of the base stays beside the one that the overlay adds, of which the API takes one", path="overlays/prod",
    expected=expect("invalid-manifest liveness-probe", [(c("Deployment", "basket", "basket", "livenessProbe.httpGet"), GONE)], [(c("Deployment", "basket", "basket", "livenessProbe.exec"), GONE)]))

# 2 the overlay sets a variable that the base takes from a ConfigMap
scenario("value-beside-reference", "argocd", {
    "base/quote.yaml": dump(deploy("quote", shop("quote", "acme/catalog:1.4.1", env={"LOG_LEVEL": {"configMapKeyRef": {"name": "quote-settings", "key": "level"}}})), service("quote"), configmap("quote-settings", level="info")),
    "base/kustomization.yaml": kustomization("quote.yaml"),
    "overlays/qa/kustomization.yaml": kustomization("../../base"),
    "overlays/prod/quote.yaml": dump({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "quote"}, "spec": {"template": {"spec": {"containers": [{"name": "quote", "env": [{"name": "REGION", "value": "eu"}]}]}}}}),
    "overlays/prod/kustomization.yaml": kustomization("../../base", patches=[{"path": "quote.yaml"}]),
}, ["Quieter logs in production",
    ["overlays/prod/quote.yaml", "        - name: REGION\n          value: eu\n", "        - name: REGION\n          value: eu\n        - name: LOG_LEVEL\n          value: warn\n"]],
    "the variable has a value and, from the base, a reference", path="overlays/prod",
    expected=expect("invalid-manifest", [(c("Deployment", "quote", "quote", "env[name=LOG_LEVEL].valueFrom"), GONE)], [(c("Deployment", "quote", "quote", "env[name=LOG_LEVEL].value"), GONE)]))

# 3 a mode without the 0 in front, never worked
scenario("mode-in-decimal", "flux", {
    "apps/hooks.yaml": dump(deploy("hooks", shop("hooks", "acme/worker:1.4.1", volumeMounts=[{"name": "scripts", "mountPath": "/scripts"}]),
        pod={"volumes": [{"name": "scripts", "configMap": {"name": "hooks-scripts", "defaultMode": 755}}]}), configmap("hooks-scripts", run__sh="#!/bin/sh\necho hooked\n")),
    "apps/other.yaml": dump(deploy("mailer", shop("mailer", "acme/worker:1.4.1"))),
}, [], "the mode is octal, and more than there is as a decimal number", path="apps", never_worked=True,
    expected=expect("invalid-manifest", [("Deployment/hooks spec.template.spec.volumes[name=scripts].configMap.defaultMode", value(493))]))

# 4 a second port, and neither has a name
PORTS = service("stock")
del PORTS["spec"]["ports"][0]["name"]
STOCK = shop("stock", "acme/catalog:1.4.1")
STOCK["ports"].append({"name": "metrics", "containerPort": 9102})
scenario("second-port", "argocd", {
    "stock/service.yaml": dump(PORTS),
    "stock/deployment.yaml": dump(deploy("stock", STOCK)),
    "pricing/all.yaml": dump(deploy("pricing", shop("pricing", "acme/checkout:1.4.1")), service("pricing")),
}, ["Metrics of the stock service for Prometheus",
    ["stock/service.yaml", "    targetPort: http\n", "    targetPort: http\n  - port: 9102\n    targetPort: metrics\n"],
    ["stock/service.yaml", "  name: stock\n", "  name: stock\n  annotations:\n    prometheus.io/scrape: \"true\"\n"]],
    "several ports of a Service need names", path="stock",
    expected=expect("invalid-manifest service-port", [("Service/stock spec.ports[port=80].name", ANY), ("Service/stock spec.ports[port=9102].name", ANY)]))

# 5 what the node port leaves
NODE = service("gate", type="NodePort")
NODE["spec"]["ports"][0]["nodePort"] = 31999
NODE["spec"]["externalTrafficPolicy"] = "Local"
scenario("not-from-outside", "flux", {
    "gate/service.yaml": dump(NODE),
    "gate/gate.yaml": dump(deploy("gate", shop("gate", "acme/checkout:1.4.1"))),
}, ["The gate is for the cluster only now",
    ["gate/service.yaml", "  type: NodePort\n", "  type: ClusterIP\n"],
    ["gate/gate.yaml", "  replicas: 1\n", "  replicas: 2\n"]],
    "externalTrafficPolicy and nodePort do not go with a ClusterIP", path="gate",
    expected=expect("invalid-manifest", [("Service/gate spec.externalTrafficPolicy", GONE), ("Service/gate spec.ports[name=http].nodePort", GONE)], [("Service/gate spec.type", BEFORE)]))

# 6 a time zone in the schedule, never worked
scenario("zone-in-schedule", "argocd", {
    "jobs/report.yaml": dump(workload("CronJob", "report", box := {"name": "report", "image": "busybox:1.36", "command": ["sh", "-c", "echo report written"]}, spec={"schedule": "TZ=Europe/Berlin 0 5 * * *"})),
    "jobs/api.yaml": dump(deploy("api", shop("api")), service("api")),
}, [], "a time zone has a field of its own", path="jobs", never_worked=True,
    expected=expect("invalid-manifest cron-invalid", [("CronJob/report spec.schedule", value("0 5 * * *")), ("CronJob/report spec.timeZone", value("Europe/Berlin"))]))

# 7 midnight as the 24th hour, in a chart
scenario("midnight", "flux", {
    "charts/nightly/Chart.yaml": "apiVersion: v2\nname: nightly\nversion: 0.1.0\n",
    "charts/nightly/values.yaml": "image: busybox:1.36\nschedule: '30 23 * * *'\ncommand: echo counted\n",
    "charts/nightly/templates/cronjob.yaml": text("""
        apiVersion: batch/v1
        kind: CronJob
        metadata:
          name: nightly
        spec:
          schedule: {{ .Values.schedule | quote }}
          jobTemplate:
            spec:
              template:
                spec:
                  restartPolicy: Never
                  containers:
                    - name: count
                      image: {{ .Values.image }}
                      command: ["sh", "-c", {{ .Values.command | quote }}]
        """),
    "releases/nightly.yaml": text("""
        apiVersion: helm.toolkit.fluxcd.io/v2
        kind: HelmRelease
        metadata:
          name: nightly
        spec:
          interval: 30s
          timeout: 60s
          chart:
            spec:
              chart: ./charts/nightly
              reconcileStrategy: Revision
              sourceRef: {kind: GitRepository, name: "@NAME@", namespace: flux-system}
          values:
            command: echo counted all
        """),
}, ["Count at midnight",
    ["releases/nightly.yaml", "    command: echo counted all\n", "    command: echo counted all of the day\n    schedule: 0 24 * * *\n"]],
    "there is no hour 24", path="releases",
    expected=expect("cron-invalid helm-failed invalid-manifest", [("CronJob/nightly spec.schedule", value("0 0 * * *"))], [("CronJob/nightly spec.schedule", BEFORE)]))

# 8 memory by its short name, never worked
scenario("short-memory", "flux", {
    "base/rates.yaml": dump(deploy("rates", shop("rates", "acme/payments:1.4.1", resources={"requests": {"cpu": "10m", "memory": "24Mi"}})), service("rates")),
    "base/kustomization.yaml": kustomization("rates.yaml"),
    "overlays/prod/limits.yaml": dump({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "rates"}, "spec": {"template": {"spec": {"containers": [{"name": "rates", "resources": {"limits": {"mem": "96Mi"}}}]}}}}),
    "overlays/prod/kustomization.yaml": kustomization("../../base", patches=[{"path": "limits.yaml"}]),
}, [], "the resource is called memory", path="overlays/prod", never_worked=True,
    expected=expect("invalid-manifest", [(c("Deployment", "rates", "rates", "resources.limits.memory"), value("96Mi")), (c("Deployment", "rates", "rates", "resources.limits.mem"), GONE)]))

# 9 a volume of another kind beside the base's
scenario("two-kinds-of-volume", "argocd", {
    "base/index.yaml": dump(deploy("index", shop("index", "acme/worker:1.4.1", volumeMounts=[{"name": "lists", "mountPath": "/lists"}]), pod={"volumes": [{"name": "lists", "emptyDir": {}}]})),
    "base/kustomization.yaml": kustomization("index.yaml"),
    "overlays/dev/kustomization.yaml": kustomization("../../base"),
    "overlays/prod/lists.yaml": dump(configmap("index-lists", stop="the\na\nof\n")),
    "overlays/prod/index.yaml": dump({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "index"}, "spec": {"replicas": 1}}),
    "overlays/prod/kustomization.yaml": kustomization("../../base", "lists.yaml", patches=[{"path": "index.yaml"}]),
}, ["Stop words from configuration",
    ["overlays/prod/index.yaml", "  replicas: 1\n", "  replicas: 1\n  template:\n    spec:\n      volumes:\n      - name: lists\n        configMap:\n          name: index-lists\n"]],
    "the volume is an emptyDir and a ConfigMap at once", path="overlays/prod",
    expected=expect("invalid-manifest volume-mount", [("Deployment/index spec.template.spec.volumes[name=lists].emptyDir", GONE)], [("Deployment/index spec.template.spec.volumes[name=lists].configMap", GONE)]))

# 10 the most that an autoscaler waits
scenario("waits-too-long", "argocd", {
    "web/web.yaml": dump(deploy("web", shop("web")), service("web")),
    "web/hpa.yaml": text("""
        apiVersion: autoscaling/v2
        kind: HorizontalPodAutoscaler
        metadata:
          name: web
        spec:
          scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
          minReplicas: 1
          maxReplicas: 2
          behavior:
            scaleDown:
              stabilizationWindowSeconds: 7200
          metrics:
            - type: Resource
              resource: {name: cpu, target: {type: Utilization, averageUtilization: 80}}
        """),
}, [], "an autoscaler waits an hour at most", path="web", never_worked=True,
    expected=expect("invalid-manifest autoscaler", [("HorizontalPodAutoscaler/web spec.behavior.scaleDown.stabilizationWindowSeconds", value(3600))]))
