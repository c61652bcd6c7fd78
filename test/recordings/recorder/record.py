#!/usr/bin/env python3
"""Plays scenarios on a real cluster with Argo CD and Flux, and records what the controllers, the node and the programs said.

Usage: record.py SCENARIOS.py OUT [ID…]     OUT/<id>/ gets what ../README.md describes. Environment: KUBECONFIG, GIT_ROOT (bare repositories), GIT_URL (where
the controllers reach them), WORK (an empty folder); kubectl and git on PATH. A scenario is a dict:

  id, tool (argocd | flux), path, files {path: text}, cause, answer, expected {class, fixes}
  commits   the breaking commit, or several: [{subject, edit [[path, old, new] | [path, None, text] | [path, text-now, DELETE]], wait seconds}]; none: no commit breaks it
  earlier   commits that still work, in the same form; each is waited for
  given     manifests that are applied before, by hand: nothing of them is in git
  then      [[seconds after the breaking push, shell command]] with $NAMESPACE: what people and machines do besides; before the push where negative
  source, spec, meta, extra    of the delivery: fields that replace those of the Application's source, of the spec and of the metadata, and further objects
"""
import copy, datetime, gzip, json, os, pathlib, runpy, shutil, subprocess, sys, threading, time

GIT_ROOT, GIT_URL, WORK = os.environ["GIT_ROOT"], os.environ["GIT_URL"], pathlib.Path(os.environ["WORK"])
NAMED = ["deployments.apps", "statefulsets.apps", "daemonsets.apps", "replicasets.apps", "jobs.batch", "cronjobs.batch", "pods", "events.events.k8s.io", "services", "endpointslices.discovery.k8s.io",
         "configmaps", "serviceaccounts", "persistentvolumeclaims", "resourcequotas", "limitranges", "ingresses.networking.k8s.io", "networkpolicies.networking.k8s.io", "poddisruptionbudgets.policy",
         "horizontalpodautoscalers.autoscaling", "applications.argoproj.io", "kustomizations.kustomize.toolkit.fluxcd.io", "gitrepositories.source.toolkit.fluxcd.io", "helmreleases.helm.toolkit.fluxcd.io",
         "helmcharts.source.toolkit.fluxcd.io"]
CLUSTER = ["nodes", "storageclasses.storage.k8s.io", "ingressclasses.networking.k8s.io"]
SETTLE, CAP = 90, int(os.environ.get("CAP", 420))  # seconds: the good state at most, the failing state
DELETE = object()


def run(*command, check=True, **options):
    return subprocess.run([str(c) for c in command], check=check, capture_output=True, text=True, **options).stdout


def kubectl(*arguments, **options):
    return run("kubectl", *arguments, **options)


def git(repo, *arguments, who="Dana Developer"):
    env = {**os.environ, "GIT_AUTHOR_NAME": who, "GIT_AUTHOR_EMAIL": "dev@example.com", "GIT_COMMITTER_NAME": who, "GIT_COMMITTER_EMAIL": "dev@example.com"}
    return run("git", "-C", repo, *arguments, env=env).strip()


def filled(s, value):
    """@NAME@ and @URL@ in texts and objects."""
    return json.loads(json.dumps(value).replace("@NAME@", s["name"]).replace("@URL@", f"{GIT_URL}/{s['name']}.git"))


def delivery(s):
    name, namespace, url = s["name"], s["name"], f"{GIT_URL}/{s['name']}.git"
    if s["tool"] == "argocd":
        source = {"repoURL": url, "targetRevision": "main", "path": s["path"], **s.get("source", {})}
        spec = {"project": "default", "source": source, "destination": {"server": "https://kubernetes.default.svc", "namespace": namespace},
                "syncPolicy": {"automated": {"prune": True, "selfHeal": True}, "retry": {"limit": 2, "backoff": {"duration": "5s", "factor": 2, "maxDuration": "20s"}}}, **s.get("spec", {})}
        if "sources" in spec:
            del spec["source"]
        main = [{"apiVersion": "argoproj.io/v1alpha1", "kind": "Application", "metadata": {"name": name, "namespace": "argocd", **s.get("meta", {})}, "spec": spec}]
    else:
        spec = {"interval": "30s", "retryInterval": "20s", "timeout": "60s", "path": "./" + s["path"], "prune": True, "wait": True, "targetNamespace": namespace, "sourceRef": {"kind": "GitRepository", "name": name}, **s.get("spec", {})}
        main = [{"apiVersion": "source.toolkit.fluxcd.io/v1", "kind": "GitRepository", "metadata": {"name": name, "namespace": "flux-system"}, "spec": {"interval": "10s", "url": url, "ref": {"branch": "main"}}},
                {"apiVersion": "kustomize.toolkit.fluxcd.io/v1", "kind": "Kustomization", "metadata": {"name": name, "namespace": "flux-system"}, "spec": {k: v for k, v in spec.items() if v is not None}}]
    return filled(s, [*s.get("extra", []), *main])


def write(s, tree, files):
    for path, text in files.items():
        target = tree / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text.replace("@NAME@", s["name"]).replace("@URL@", f"{GIT_URL}/{s['name']}.git"))


def commit(s, subject, edit, who="Dana Developer"):
    tree = WORK / s["name"]
    for path, old, new in edit:
        target = tree / path
        if new is DELETE:
            target.unlink()
        elif old is None:
            write(s, tree, {path: new})
        else:
            text, old = target.read_text(), old.replace("@NAME@", s["name"])
            assert old in text, f"{s['id']}: {path} does not hold {old!r}"
            write(s, tree, {path: text.replace(old, new)})
    git(tree, "add", "-A"); git(tree, "commit", "-qm", subject, who=who); git(tree, "push", "-q", "origin", "main")
    return git(tree, "rev-parse", "HEAD")


def begin(s):
    bare, tree = pathlib.Path(GIT_ROOT) / f"{s['name']}.git", WORK / s["name"]
    shutil.rmtree(bare, ignore_errors=True); shutil.rmtree(tree, ignore_errors=True)
    run("git", "init", "--quiet", "--bare", "-b", "main", bare)
    git(bare, "config", "http.receivepack", "true")
    run("git", "clone", "--quiet", bare, tree)
    write(s, tree, {"README.md": "# Delivery\n", **s["files"]})
    git(tree, "checkout", "-q", "-B", "main")
    s["head"] = s["good"] = commit(s, "First release", [], who="Robin Release")
    namespace = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": s["name"], "labels": s.get("labels", {})}}
    kubectl("apply", "-f", "-", input=json.dumps(namespace))
    if s.get("given"):
        kubectl("-n", s["name"], "apply", "-f", "-", input=s["given"].replace("@NAME@", s["name"]))
    kubectl("apply", "-f", "-", input=json.dumps({"apiVersion": "v1", "kind": "List", "items": delivery(s)}))


def status(s):
    if s["tool"] == "argocd":
        o = json.loads(kubectl("-n", "argocd", "get", "applications.argoproj.io", s["name"], "-o", "json", check=False) or "{}").get("status", {})
        revision = o.get("sync", {}).get("revision") or (o.get("sync", {}).get("revisions") or [""])[0]
        return o.get("sync", {}).get("status"), o.get("health", {}).get("status"), revision == s["head"]
    o = json.loads(kubectl("-n", "flux-system", "get", "kustomizations.kustomize.toolkit.fluxcd.io", s["name"], "-o", "json", check=False) or "{}").get("status", {})
    ready = next((c for c in o.get("conditions", []) if c["type"] == "Ready"), {})
    return ready.get("status"), ready.get("reason"), s["head"] in str(o.get("lastAttemptedRevision"))


def works(s):
    sync, health, current = status(s)
    return current and sync in ("Synced", "True") and health in ("Healthy", "ReconciliationSucceeded")


def settle(chosen, seconds):
    deadline = time.time() + seconds
    while time.time() < deadline and not all(works(s) for s in chosen):
        time.sleep(3)


def break_it(s):
    s["broken_at"] = time.time()
    for i, change in enumerate(s.get("commits", [])):
        if i:
            time.sleep(change.get("wait", 45))
        s["head"] = commit(s, change["subject"], change["edit"])
    s["bad"] = s["head"]


def steps(s, before):
    for seconds, command in sorted((step for step in s.get("then", []) if (step[0] < 0) == before), key=lambda step: step[0]):
        if not before:
            time.sleep(max(0, s["broken_at"] + seconds - time.time()))
        done = subprocess.run(command, shell=True, capture_output=True, text=True, env={**os.environ, "NAMESPACE": s["name"]})
        if done.returncode:
            print("then", s["id"], command, done.stderr.strip(), flush=True)


def watch(kind, sink):
    while True:
        process = subprocess.Popen(["kubectl", "get", kind, "-A", "--watch", "--output-watch-events", "-o", "json"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        for line in process.stdout:
            sink(time.time(), kind, json.loads(line))
        time.sleep(1)


def neutral(text):
    """Paths of the machine that recorded say nothing about the failure."""
    return text.replace(os.environ.get("CLUSTER_HOME", "\0"), "/var/lib/cluster")


def scrub(o):
    o = copy.deepcopy(o)
    o.get("metadata", {}).pop("managedFields", None)
    o.get("metadata", {}).get("annotations", {}).pop("kubectl.kubernetes.io/last-applied-configuration", None)
    return o


def belongs(s, o):
    meta, name = o.get("metadata", {}), s["name"]
    if o.get("kind") == "ConfigMap" and meta.get("name") == "kube-root-ca.crt":
        return False
    inside = meta.get("namespace") in ("argocd", "flux-system")
    about = o.get("regarding", {}).get("name", "") if o.get("kind") == "Event" else meta.get("name", "")
    return meta.get("namespace") == name or (inside and (about == name or about.startswith(name + "-")))


def everything():
    """All objects of all kinds, and those of the cluster itself. A busy API server is asked again."""
    def items(*arguments):
        for _ in range(10):
            if text := kubectl("get", *arguments, "-o", "json", check=False):
                return json.loads(text)["items"]
            time.sleep(6)
        raise SystemExit(f"the API server does not answer: {arguments}")
    of_cluster = [o for kind in CLUSTER for o in items(kind)]
    for o in of_cluster:
        o.get("status", {}).pop("images", None)
    return [o for kind in NAMED for o in items(kind, "-A")], of_cluster


def record(s, out, events, held):
    folder = out / s["id"]
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "logs").mkdir(parents=True)
    named, of_cluster = held
    objects = [scrub(o) for o in [o for o in named if belongs(s, o)] + of_cluster]
    (folder / "objects.json").write_text(neutral(json.dumps({"apiVersion": "v1", "kind": "List", "items": objects}, indent=1)) + "\n")
    for pod in (o for o in objects if o["kind"] == "Pod"):
        for container in pod["status"].get("initContainerStatuses", []) + pod["status"].get("containerStatuses", []):
            for previous in (False, True):
                text = kubectl("-n", s["name"], "logs", pod["metadata"]["name"], "-c", container["name"], "--timestamps", *(["--previous"] if previous else []), check=False)
                if text:
                    (folder / "logs" / f"{pod['metadata']['name']}.{container['name']}{'.previous' if previous else ''}.log").write_text(neutral(text))
    with gzip.open(folder / "sequence.jsonl.gz", "wt") as file:
        for at, _, event in events:
            if belongs(s, event["object"]):
                file.write(neutral(json.dumps({"seconds": round(at - s["broken_at"], 2), "type": event["type"], "object": scrub(event["object"])})) + "\n")
    tree = WORK / s["name"]
    commits = [line.split("\t") for line in git(tree, "log", "--format=%H%x09%an%x09%aI%x09%s").splitlines()]
    shas = [sha for sha, *_ in commits]
    between = shas[1:shas.index(s["good"])] if s["bad"] != s["good"] else []
    for name, sha in (("before", s["good"]), ("after", s["bad"]), *((f"commits/{sha}", sha) for sha in between)):
        target = folder / "repository" / name
        target.mkdir(parents=True)
        subprocess.run(f"git -C '{tree}' archive {sha} | tar -x -C '{target}'", shell=True, check=True)
    subjects = s.get("commits") or [{"subject": ""}]
    scenario = {k: s[k] for k in ("id", "name", "tool", "path", "good", "bad")} | {"subject": subjects[0]["subject"], "truth": {"cause": s["cause"], "answer": s["answer"]}, "delivery": delivery(s)[-1], "recorded": datetime.date.today().isoformat()}
    if len(shas) != 2 or between:
        scenario["commits"] = [dict(zip(("sha", "author", "date", "subject"), commit)) for commit in commits]
    (folder / "scenario.json").write_text(json.dumps(scenario, indent=1) + "\n")
    if s.get("expected"):
        (folder / "expected.json").write_text(json.dumps(s["expected"], indent=1) + "\n")


def main():
    scenarios, out = runpy.run_path(sys.argv[1], {"DELETE": DELETE})["SCENARIOS"], pathlib.Path(sys.argv[2]).resolve()
    wanted = sys.argv[3:]
    chosen = [s for s in scenarios if not wanted or s["id"] in wanted or s["name"] in wanted]
    WORK.mkdir(parents=True, exist_ok=True)
    events, lock = [], threading.Lock()
    def sink(*event):
        with lock:
            events.append(event)
    for kind in NAMED:
        threading.Thread(target=watch, args=(kind, sink), daemon=True).start()
    for s in chosen:
        begin(s)
    settle([s for s in chosen if not s.get("never_worked")], SETTLE + 4 * len(chosen))
    for i in range(max((len(s.get("earlier", [])) for s in chosen), default=0)):
        moving = [s for s in chosen if len(s.get("earlier", [])) > i]
        for s in moving:
            s["head"] = s["good"] = commit(s, s["earlier"][i]["subject"], s["earlier"][i]["edit"], who="Robin Release")
        settle(moving, SETTLE)
    for s in chosen:
        print("good  ", s["id"], *status(s), flush=True)
    threads = []
    for s in chosen:
        thread = threading.Thread(target=lambda s=s: (steps(s, True), break_it(s), steps(s, False)), daemon=True)
        thread.start(); threads.append(thread); time.sleep(0.3)
    while not all("broken_at" in s for s in chosen) or time.time() < max(s["broken_at"] for s in chosen) + CAP:
        time.sleep(5)
    for thread in threads:
        thread.join()
    held = everything()
    for s in chosen:
        print("broken", s["id"], *status(s), flush=True)
        with lock:
            seen = list(events)
        record(s, out, seen, held)


main()
