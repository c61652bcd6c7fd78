"""Building blocks of the scenarios: programs with their ports and probes, manifests as text, expectations."""
import textwrap

import yaml

FIX, HUMAN, NONE = "manifest fix", "escalate", "nothing to do"
#            image                  port  live                          ready                          environment it needs
PROGRAMS = {
    "java": ("acme/ledger:3.1.4", 8080, "/actuator/health/liveness", "/actuator/health/readiness", {"LEDGER_GATEWAY_URL": "https://gateway.example/v2"}),
    "python": ("acme/reports:5.0.2", 8000, "/healthz", "/ready", {"REDIS_URL": "redis://cache:6379/0"}),
    "node": ("acme/storefront:9.4.0", 3000, "/api/health", "/api/health", {"API_BASE_URL": "https://api.example"}),
    "nginx": ("acme/edge:1.27.2", 80, "/healthz", "/healthz", {}),
    "go": ("acme/pricer:2.4.6", 9000, "/healthz", "/readyz", {}),
    "rust": ("acme/indexer:0.9.1", 7700, "/health", "/health", {"INDEX_BUCKET": "acme-index"}),
    "dotnet": ("acme/invoicing:8.1.0", 8080, "/healthz", "/healthz", {"ConnectionStrings__Orders": "Server=orders-db;Database=orders"}),
    "ruby": ("acme/mailer:7.0.5", 3000, "/up", "/up", {"SMTP_HOST": "smtp.example"}),
    "operator": ("acme/operator:1.2.0", 8080, "/healthz", "/healthz", {}),
    "redis": ("acme/cache:7.4.1", 6379, "/ping", "/ping", {}),
    "haproxy": ("acme/balancer:3.1.0", 8404, "/healthz", "/healthz", {}),
    "prometheus": ("acme/metrics:3.0.1", 9090, "/-/healthy", "/-/ready", {}),
    "pydantic": ("acme/quotes:1.12.0", 8000, "/healthz", "/healthz", {"DATABASE_URL": "postgresql://quotes@10.20.0.5/quotes"}),
    "envalid": ("acme/portal:2.0.0", 4000, "/health", "/health", {"SESSION_STORE": "memory"}),
    "postgres": ("acme/postgres:16.4", 5432, "/healthz", "/healthz", {"POSTGRES_PASSWORD": "only-for-tests"}),
    "router": ("acme/router:0.38.0", 8080, "/livez", "/readyz", {"ROUTER_UPSTREAM": "http://10.20.0.5:80"}),
    "shop": ("acme/checkout:1.4.1", 8080, "/healthz", "/readyz", {}),
}
ARGS = {"python": ["reports.wsgi:application", "--bind", "0.0.0.0:8000", "--workers", "2"], "node": ["dist/server.js"]}


class Text(str):
    """Written as a block."""


yaml.add_representer(Text, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|"), Dumper=yaml.SafeDumper)


def dump(*documents, indented=False):
    class Dumper(yaml.SafeDumper):
        def increase_indent(self, flow=False, indentless=False):
            return super().increase_indent(flow, indentless and not indented)
    return "---\n".join(yaml.dump(document, Dumper=Dumper, sort_keys=False, width=200) for document in documents)


def container(name, program, image=None, port=None, env=None, probes=True, limits=None, **more):
    default, own_port, live, ready, needs = PROGRAMS[program]
    port = port or own_port
    variables = [{"name": k, "value": v} if isinstance(v, str) else {"name": k, "valueFrom": v} for k, v in {**needs, **(env or {})}.items() if v is not None]
    c = {"name": name, "image": image or default}
    if program in ARGS and "args" not in more:
        c["args"] = ARGS[program]
    for key in ("command", "args", "workingDir"):
        if more.get(key) is not None:
            c[key] = more.pop(key)
        else:
            more.pop(key, None)
    if variables:
        c["env"] = variables
    if "envFrom" in more:
        c["envFrom"] = more.pop("envFrom")
    c["ports"] = [{"name": "http", "containerPort": port}]
    c["resources"] = more.pop("resources", {"requests": {"cpu": "10m", "memory": "24Mi"}, "limits": {"memory": limits or "96Mi"}})
    if probes:
        c["livenessProbe"] = more.pop("live", {"httpGet": {"path": live, "port": "http"}, "initialDelaySeconds": 8, "periodSeconds": 10})
        c["readinessProbe"] = more.pop("ready", {"httpGet": {"path": ready, "port": "http"}, "periodSeconds": 5})
    return {**c, **more}


def workload(kind, name, *containers, replicas=1, labels=None, deadline=90, pod=None, spec=None, meta=None):
    labels = {"app": name, **(labels or {})}
    api = "batch/v1" if kind in ("Job", "CronJob") else "apps/v1"
    template = {"metadata": {"labels": labels}, "spec": {**(pod or {}), "containers": list(containers)}}
    body = {"selector": {"matchLabels": {"app": name}}, "template": template}
    if kind == "Deployment":
        body = {"replicas": replicas, "progressDeadlineSeconds": deadline, **body}
    if kind == "StatefulSet":
        body = {"serviceName": name, "replicas": replicas, **body}
    if kind == "Job":
        body = {"backoffLimit": 1, "template": {**template, "spec": {"restartPolicy": "Never", **template["spec"]}}}
    if kind == "CronJob":
        job = {"backoffLimit": 1, "template": {**template, "spec": {"restartPolicy": "Never", **template["spec"]}}}
        body = {"schedule": "* * * * *", "concurrencyPolicy": "Forbid", "jobTemplate": {"spec": job}}
    return {"apiVersion": api, "kind": kind, "metadata": {"name": name, "labels": {"app.kubernetes.io/name": name}, **(meta or {})}, "spec": {**body, **(spec or {})}}


def service(name, target="http", port=80, selector=None, **spec):
    return {"apiVersion": "v1", "kind": "Service", "metadata": {"name": name}, "spec": {"selector": selector or {"app": name}, "ports": [{"name": "http", "port": port, "targetPort": target}], **spec}}


def configmap(name, **data):
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "data": {k.replace("__", "."): Text(v) if "\n" in v else v for k, v in data.items()}}


def kustomization(*resources, **more):
    return dump({"apiVersion": "kustomize.config.k8s.io/v1beta1", "kind": "Kustomization", "resources": list(resources), **more}, indented=True)


def text(block):
    return textwrap.dedent(block).lstrip("\n")


BEFORE, ANY, GONE = "before", "any", "gone"


def value(v):
    return {"value": v}


def at_least(quantity):
    return {"atLeast": quantity}


def expect(classes, *fixes, keep=()):
    """Each fix is a list of (field, to) that a right fix does completely. `keep`: what of the commit stays, where the broken state cannot be rendered."""
    expected = {"class": classes.split(), "fixes": [[{"field": field, "to": to} for field, to in fix] for fix in fixes]}
    return {**expected, "keep": [{"field": field, "to": to} for field, to in keep]} if keep else expected


def c(kind, name, container, rest, init=False):
    template = "spec.jobTemplate.spec.template.spec" if kind == "CronJob" else "spec.template.spec"
    return f"{kind}/{name} {template}.{'initContainers' if init else 'containers'}[name={container}].{rest}"


def pod(kind, name, rest):
    return f"{kind}/{name} {'spec.jobTemplate.spec' if kind == 'CronJob' else 'spec'}.template.spec.{rest}"


def one(name, *documents):
    return {f"deploy/{name}.yaml": dump(*documents)}


def batch(first):
    """The list of a batch whose first scenario is shop-`first`, and what adds one to it."""
    scenarios = []

    def scenario(id, tool, files, commits, cause, answer=FIX, expected=None, path="deploy", **more):
        """`commits`: [subject, [path, old, new] …] for one commit, or a list of dicts."""
        if commits and isinstance(commits[0], str):
            commits = [{"subject": commits[0], "edit": commits[1:]}]
        scenarios.append(dict(id=id, name=f"shop-{first + len(scenarios)}", tool=tool, files=files, commits=commits, cause=cause, answer=answer, path=path, expected=expected, **more))

    return scenarios, scenario
