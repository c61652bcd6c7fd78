"""shop-960 and on: what a platform team's on-call engineer met in two years, written without knowledge of the playbook. Common causes whose evidence, or whose
place in git, is not the textbook one. No program of the recorder's folder is needed.

"""
import pathlib, runpy, textwrap
globals().update(runpy.run_path(str(pathlib.Path(__file__).parent / "kit.py")))

FIRST = 960
SCENARIOS, scenario = batch(FIRST)


def here():
    return f"shop-{FIRST + len(SCENARIOS)}"


def ind(text, n):
    return textwrap.indent(textwrap.dedent(text).strip("\n"), " " * n) + "\n" if text else ""


PROBES = """\
readinessProbe:
  httpGet:
    path: /readyz
    port: http
  periodSeconds: 3
livenessProbe:
  httpGet:
    path: /healthz
    port: http
  periodSeconds: 6
"""
SIZES = "resources:\n  requests:\n    cpu: 10m\n    memory: 24Mi\n  limits:\n    memory: 96Mi\n"


def app(name, image="acme/checkout:1.4.1", *, kind="Deployment", port=8080, env="", more="", sidecars="", pod="", inits="", replicas=1, deadline=60, probes=PROBES, sizes=SIZES, labels="", spec=""):
    """A workload. `env`, `more`: in the container; `sidecars`, `inits`: lists of containers; `pod`: in the pod's spec; `spec`: in the workload's."""
    head = {"Deployment": f"  replicas: {replicas}\n  progressDeadlineSeconds: {deadline}\n", "StatefulSet": f"  replicas: {replicas}\n  serviceName: {name}\n", "DaemonSet": ""}[kind]
    return (f"apiVersion: apps/v1\nkind: {kind}\nmetadata:\n  name: {name}\n  labels:\n    app.kubernetes.io/name: {name}\n    app.kubernetes.io/part-of: platform\nspec:\n{head}" + ind(spec, 2)
            + f"  selector:\n    matchLabels:\n      app.kubernetes.io/name: {name}\n  template:\n    metadata:\n      labels:\n        app.kubernetes.io/name: {name}\n" + ind(labels, 8)
            + "    spec:\n" + ind(pod, 6) + ("      initContainers:\n" + ind(inits, 8) if inits else "")
            + f"      containers:\n        - name: {name}\n          image: {image}\n" + (f"          ports:\n            - name: http\n              containerPort: {port}\n" if port else "")
            + ind(env, 10) + ind(sizes, 10) + ind(probes, 10) + ind(more, 10) + ind(sidecars, 8))


def svc(name, target="http", port=80, selector=None, more=""):
    return f"apiVersion: v1\nkind: Service\nmetadata:\n  name: {name}\nspec:\n" + ind(more, 2) + f"  selector:\n    app.kubernetes.io/name: {selector or name}\n  ports:\n    - name: http\n      port: {port}\n      targetPort: {target}\n"


def cm(name, **data):
    return f"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {name}\ndata:\n" + "".join(f'  {k}: "{v}"\n' for k, v in data.items())


def kust(*resources, more=""):
    return "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n" + "".join(f"  - {r}\n" for r in resources) + textwrap.dedent(more)


def component(more):
    return "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n" + textwrap.dedent(more)


def docs(*texts):
    return "---\n".join(texts)


def m(name, rest, kind="Deployment", init=False, of=None):
    return c(kind, of or name, name, rest, init=init)


def hr(name, values="", more=""):
    return (f"apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata:\n  name: {name}\nspec:\n  interval: 20s\n  timeout: 50s\n  chart:\n    spec:\n      chart: ./charts/service\n      reconcileStrategy: Revision\n"
            "      sourceRef:\n        kind: GitRepository\n        name: \"@NAME@\"\n        namespace: flux-system\n  install:\n    remediation:\n      retries: 1\n  upgrade:\n    remediation:\n      retries: 1\n" + ind(more, 2) + ("  values:\n" + ind(values, 4) if values else ""))


def chart(path="charts/service", values_more="", extra_env=""):
    return {
        f"{path}/Chart.yaml": "apiVersion: v2\nname: service\ndescription: what all our services share\ntype: application\nversion: 2.3.0\nappVersion: 1.4.1\n",
        f"{path}/values.yaml": "replicaCount: 1\nimage:\n  repository: acme/payments\n  tag: \"\"\nservice:\n  port: 80\ncontainerPort: 8080\nprobes:\n  liveness: /healthz\n  readiness: /readyz\nresources:\n  requests:\n    cpu: 10m\n    memory: 24Mi\n  limits:\n    memory: 96Mi\nserviceAccount:\n  create: true\nenv: {}\n" + values_more,
        f"{path}/templates/_helpers.tpl": "{{- define \"service.labels\" -}}\napp.kubernetes.io/name: {{ .Chart.Name }}\napp.kubernetes.io/instance: {{ .Release.Name }}\n{{- end }}\n",
        f"{path}/templates/serviceaccount.yaml": "{{- if .Values.serviceAccount.create }}\napiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: {{ .Release.Name }}\n  labels:\n    {{- include \"service.labels\" . | nindent 4 }}\n{{- end }}\n",
        f"{path}/templates/service.yaml": "apiVersion: v1\nkind: Service\nmetadata:\n  name: {{ .Release.Name }}\nspec:\n  selector:\n    {{- include \"service.labels\" . | nindent 4 }}\n    component: web\n  ports:\n    - name: http\n      port: {{ .Values.service.port }}\n      targetPort: http\n",
        f"{path}/templates/deployment.yaml": """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}
  labels:
    {{- include "service.labels" . | nindent 4 }}
spec:
  replicas: {{ .Values.replicaCount }}
  progressDeadlineSeconds: 60
  selector:
    matchLabels:
      {{- include "service.labels" . | nindent 6 }}
      component: web
  template:
    metadata:
      labels:
        {{- include "service.labels" . | nindent 8 }}
        component: web
    spec:
      serviceAccountName: {{ .Release.Name }}
      containers:
        - name: app
          image: "{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}"
          ports:
            - name: http
              containerPort: {{ .Values.containerPort }}
          {{- with .Values.env }}
          env:
            {{- range $name, $value := . }}
            - name: {{ $name }}
              value: {{ $value | quote }}
            {{- end }}
          {{- end }}
          livenessProbe:
            httpGet:
              path: {{ .Values.probes.liveness }}
              port: http
            periodSeconds: 6
          readinessProbe:
            httpGet:
              path: {{ .Values.probes.readiness }}
              port: http
            periodSeconds: 3
          resources:
            {{- toYaml .Values.resources | nindent 12 }}
""",
    }


def patched(name, body, kind="Deployment"):
    return f"apiVersion: apps/v1\nkind: {kind}\nmetadata:\n  name: {name}\nspec:\n  template:\n    spec:\n" + ind(body, 6)


D, B, P = "deploy/deployment.yaml", "base/deployment.yaml", "overlays/prod/kustomization.yaml"

# ---- images
scenario("mirror-tier", "argocd", {
    B: app("storefront", "acme/catalog", replicas=2), "base/service.yaml": svc("storefront"), "base/kustomization.yaml": kust("deployment.yaml", "service.yaml"),
    "tiers/web/kustomization.yaml": kust("../../base", more="labels:\n  - pairs:\n      tier: web\n"),
    P: kust("../../tiers/web", more="images:\n  - name: acme/catalog\n    newTag: 1.4.1\n")},
    ["Web tier pulls through the mirror", ["tiers/web/kustomization.yaml", "      tier: web\n", "      tier: web\nimages:\n  - name: acme/catalog\n    newName: mirror.acme.dev/acme/catalog\n"]],
    "the tier renames the image, so prod's images entry does not match any more and no tag is set: latest is pulled; the mirror is wanted", path="overlays/prod",
    expected=expect("image-not-found", *[[(m("storefront", "image"), to)] for to in (value("mirror.acme.dev/acme/catalog:1.4.1"), BEFORE)]))

n = here()
scenario("chart-build", "argocd", {**chart(), "envs/prod/values.yaml": "replicaCount: 2\nenv:\n  REGION: eu-west-1\n"},
    ["Release 1.4.2 (build 311)", ["charts/service/Chart.yaml", "version: 2.3.0\nappVersion: 1.4.1\n", "version: 2.3.1\nappVersion: 1.4.2+311\n"], ["envs/prod/values.yaml", "eu-west-1", "eu-west-2"]],
    "appVersion with build metadata becomes the image's tag, which may not hold a plus; REGION is wanted", path="charts/service", source={"helm": {"valueFiles": ["../../envs/prod/values.yaml"]}},
    expected=expect("image-not-found", *[[(c("Deployment", n, "app", "image"), to)] for to in (value("acme/payments:1.4.2"), BEFORE)]))

# ---- Secrets, ConfigMaps
SECRET = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: {}\nstringData:\n  {}: {}\n"
scenario("orders-cleanup", "flux", {"apps/orders/all.yaml": docs(app("orders", "acme/payments:1.4.1", env="env:\n  - name: DATABASE_URL\n    valueFrom:\n      secretKeyRef:\n        name: orders-database\n        key: url\n"), svc("orders"), SECRET.format("orders-database", "url", "postgres://orders@db.internal/orders")),
    "apps/orders/kustomization.yaml": kust("all.yaml"), "apps/kustomization.yaml": kust("orders")},
    ["Nightly clean-up of old orders", ["apps/orders/kustomization.yaml", "  - all.yaml\n", "  - all.yaml\n  - cleanup.yaml\n"], ["apps/orders/cleanup.yaml", None, """\
apiVersion: batch/v1
kind: CronJob
metadata:
  name: orders-cleanup
spec:
  schedule: "* * * * *"
  concurrencyPolicy: Forbid
  jobTemplate:
    spec:
      backoffLimit: 1
      template:
        spec:
          restartPolicy: Never
          containers:
            - name: cleanup
              image: acme/payments:1.4.1
              args: [migrate]
              env:
                - name: DATABASE_URL
                  valueFrom:
                    secretKeyRef:
                      name: orders-db
                      key: url
"""]], "the new CronJob asks for Secret orders-db; it is called orders-database", path="apps",
    expected=expect("secret-missing", [(c("CronJob", "orders-cleanup", "cleanup", "env[name=DATABASE_URL].valueFrom.secretKeyRef.name"), value("orders-database"))]))

scenario("smtp-optional", "argocd", {"deploy/mailing.yaml": docs(app("mailing", "acme/worker:1.4.1", env="env:\n  - name: REQUIRED_ENV\n    value: SMTP_PASSWORD,SMTP_FROM\n  - name: SMTP_FROM\n    value: shop@acme.example\nenvFrom:\n  - secretRef:\n      name: mailing-smtp\n      optional: true\n"), svc("mailing")),
    "deploy/secrets.yaml": SECRET.format("mailing-smtp", "SMTP_PASSWORD", "only-for-tests"), "deploy/web.yaml": docs(app("web"), svc("web"))},
    ["Sprint 41", ["deploy/mailing.yaml", "name: mailing-smtp\n", "name: mailing-smtp-credentials\n"], ["deploy/mailing.yaml", "worker:1.4.1", "worker:1.4.2"], ["deploy/web.yaml", "checkout:1.4.1", "checkout:1.4.2"], ["deploy/web.yaml", "memory: 96Mi", "memory: 112Mi"]],
    "the Secret is called mailing-smtp, and because the reference is optional only the program complains; releases and memory are wanted",
    expected=expect("secret-missing crash-on-start", [(m("mailing", "envFrom[0].secretRef.name"), BEFORE)]))

scenario("tariffs-first", "flux", {"services/tariffs/deployment.yaml": app("tariffs", "acme/catalog:1.4.1", env="envFrom:\n  - configMapRef:\n      name: tariffs-settings\n"), "services/tariffs/service.yaml": svc("tariffs"),
    "services/tariffs/settings.yaml": cm("tariffs-settings", THEME="dark", CACHE_MB="12"), "services/tariffs/kustomization.yaml": kust("deployment.yaml", "service.yaml"), "services/kustomization.yaml": kust("tariffs")}, [],
    "the first release never worked: settings.yaml, which holds the ConfigMap, is not listed in kustomization.yaml", never_worked=True, path="services",
    expected=expect("config-missing", [("ConfigMap/tariffs-settings metadata.name", value("tariffs-settings"))], [("ConfigMap/tariffs-settings", ANY)]))

scenario("labels-envfile", "flux", {B: app("labels", "acme/worker:1.4.1", env="envFrom:\n  - configMapRef:\n      name: labels-env\n"), "base/service.yaml": svc("labels"), "base/kustomization.yaml": kust("deployment.yaml", "service.yaml"),
    P: kust("../../base", more="configMapGenerator:\n  - name: labels-env\n    envs:\n      - settings/prod.env\n"), "overlays/prod/settings/prod.env": "# shared with docker compose\nTHEME=light\nCACHE_MB=12\nREGION=eu-west-1\n"},
    ["Quote values so that the shell can source the file", ["overlays/prod/settings/prod.env", "THEME=light\nCACHE_MB=12\n", "THEME=\"light\"\nCACHE_MB=\"16\"\n"], ["overlays/prod/settings/prod.env", "eu-west-1", "eu-west-2"]],
    "kustomize keeps quotes of an env file: CACHE_MB is no number with them; 16 and REGION are wanted", path="overlays/prod",
    expected=expect("crash-on-start", *[[("ConfigMap/labels-env-# data.CACHE_MB", to), *more] for to in (value("16"), BEFORE) for more in ([], [("ConfigMap/labels-env-# data.THEME", BEFORE)])]))

scenario("terms-subpath", "argocd", {B: app("terms", "acme/checkout:1.4.1", env="env:\n  - name: CONFIG_FILE\n    value: /etc/shop/app.yaml\n", more="volumeMounts:\n  - name: config\n    mountPath: /etc/shop/app.yaml\n    subPath: app.yaml\n", pod="volumes:\n  - name: config\n    configMap:\n      name: terms-config\n"),
    "base/service.yaml": svc("terms"), "base/kustomization.yaml": kust("deployment.yaml", "service.yaml"), P: kust("../../base", more="configMapGenerator:\n  - name: terms-config\n    files:\n      - config/app.yaml\n"), "overlays/prod/config/app.yaml": "year: 2026\nlocale: de\n"},
    ["Say in the file name what it is for", [P, "config/app.yaml", "config/app-prod.yaml"], ["overlays/prod/config/app.yaml", "", DELETE], ["overlays/prod/config/app-prod.yaml", None, "year: 2026\nlocale: de\n"]],
    "the generated key is app-prod.yaml now, the subPath app.yaml becomes an empty directory", path="overlays/prod",
    expected=expect("config-key-missing volume-mount crash-on-start", [('ConfigMap/terms-config-# data["app.yaml"]', ANY), ('ConfigMap/terms-config-# data["app-prod.yaml"]', GONE)], [(m("terms", "volumeMounts[name=config].subPath"), value("app-prod.yaml"))]))
