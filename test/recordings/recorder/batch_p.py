"""Two syncs of Argo CD that wait for an earlier wave, for ever: shop-886 and on, written to see what Argo CD says then. Played like batch_f.py; nothing else is needed."""
import pathlib, runpy

HERE = pathlib.Path(__file__).parent
globals().update(runpy.run_path(str(HERE / "kit.py")))
BUILT = runpy.run_path(str(HERE / "batch_f.py"), {"DELETE": object()})
globals().update({name: BUILT[name] for name in ("deployment", "service", "configmap", "plain", "main", "D", "S")})
SCENARIOS, scenario = batch(886)


def in_wave(wave, text):
    return text.replace("metadata:\n", f'metadata:\n  annotations:\n    argocd.argoproj.io/sync-wave: "{wave}"\n', 1)


def waves(name):
    store = in_wave(0, deployment("store", "acme/worker:1.4.1", kind="StatefulSet", replicas=1, env="env:\n  - name: REQUIRED_ENV\n    value: REGION\n  - name: REGION\n    value: eu\n"))
    return {"deploy/store.yaml": store + "---\n" + in_wave(0, service("store")), D: in_wave(1, deployment(name, "acme/checkout:1.4.1")), S: in_wave(1, service(name))}


IMAGE = "StatefulSet/store spec.template.spec.containers[name=store].image"
scenario("store-first-tag", "argocd", waves("sorrel"), ["Store 1.4.9, checkout 1.4.2", ["deploy/store.yaml", "worker:1.4.1", "worker:1.4.9"], [D, "checkout:1.4.1", "checkout:1.4.2"]], "there is no 1.4.9; what comes in the next wave was never applied",
  expected=expect("image-not-found", [(IMAGE, BEFORE)]))
scenario("store-first-env", "argocd", waves("teasel"), ["Regions elsewhere, checkout 1.4.2", ["deploy/store.yaml", "            - name: REGION\n              value: eu\n", ""], [D, "checkout:1.4.1", "checkout:1.4.2"]], "the store needs REGION; what comes in the next wave was never applied",
  expected=expect("crash-on-start", [("StatefulSet/store spec.template.spec.containers[name=store].env[name=REGION]", value({"name": "REGION", "value": "eu"}))]))
