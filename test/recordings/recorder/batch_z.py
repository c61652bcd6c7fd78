"""Written by somebody who knows the playbook, to find what it lacks: shop-940 and on, units, types, and names of kustomizations. Played like batch_f.py, from which
its repositories come; nothing else is needed. Argo CD takes up to four minutes to notice a push that cannot be rendered: CAP=420 for shop-940 and shop-942."""
import pathlib, runpy

HERE = pathlib.Path(__file__).parent
globals().update(runpy.run_path(str(HERE / "kit.py")))
BUILT = runpy.run_path(str(HERE / "batch_f.py"), {"DELETE": object()})
globals().update({name: BUILT[name] for name in ("deployment", "service", "plain", "overlay", "helm", "release", "main", "D", "S", "K", "PROD")})
SCENARIOS, scenario = batch(940)
P=lambda n,rest: f"Deployment/{n} spec.template.spec.{rest}"
R=lambda n: f"releases/{n}.yaml"
scenario("replicas-name","argocd",overlay("ash",more="replicas:\n  - name: ash\n    count: 2\n"),["Scale the right one, 1.4.2",[K,"  - name: ash\n    count: 2\n","  - name: ashes\n    count: 3\n"],[K,"1.4.1","1.4.2"]],"nothing is called ashes",path="overlays/prod",
  expected=expect("render-failed",keep=[(main("ash","image"),value("acme/catalog:1.4.2")),("Deployment/ash spec.replicas",ANY)]))
scenario("images-name","flux",overlay("beech"),["Catalog 1.4.2",[K,"  - name: acme/catalog\n    newTag: 1.4.1\n","  - name: acme/catalogue\n    newTag: 1.4.2\n"]],"the image is acme/catalog",path="overlays/prod",
  expected=expect("image-not-found",[(main("beech","image"),value("acme/catalog:1.4.2"))],[(main("beech","image"),BEFORE)]))
scenario("patch-index","argocd",{**overlay("chestnut",more="patches:\n  - target: {kind: Deployment}\n    path: memory.yaml\n"),"overlays/prod/memory.yaml":"- op: replace\n  path: /spec/template/spec/containers/0/resources/limits/memory\n  value: 160Mi\n"},
  ["More memory, 1.4.2",["overlays/prod/memory.yaml","containers/0/resources/limits/memory\n  value: 160Mi","containers/1/resources/limits/memory\n  value: 192Mi"],[K,"1.4.1","1.4.2"]],"there is one container",path="overlays/prod",
  expected=expect("render-failed",keep=[(main("chestnut","image"),value("acme/catalog:1.4.2")),(main("chestnut","resources.limits.memory"),value("192Mi"))]))
init="initContainers:\n  - name: warm\n    image: acme/worker:1.4.1\n    args: [migrate]\n    resources:\n      limits: {memory: 64Mi}\n"
scenario("init-memory","flux",plain("dill",pod=init.replace("    args: [migrate]\n","    command: [sh, -c, \"head -c 20000000 /dev/zero | tail > /dev/null\"]\n").replace("acme/worker:1.4.1","busybox:1.36")),["Save memory, 1.4.2",[D,"limits: {memory: 64Mi}","limits: {memory: 16Mi}"],[D,"1.4.1","1.4.2"]],"20 MB do not fit",
  expected=expect("out-of-memory",[("Deployment/dill spec.template.spec.initContainers[name=warm].resources.limits.memory",at_least("24Mi"))]))
scenario("cpu-unit","argocd",plain("elder"),["A bit more CPU",[D,"cpu: 10m","cpu: 250"],[D,"1.4.1","1.4.2"]],"250 CPUs",
  expected=expect("unschedulable-resources",[(main("elder","resources.requests.cpu"),BEFORE)],[(main("elder","resources.requests.cpu"),value("250m"))]))
scenario("memory-unit","flux",plain("fern"),["More memory",[D,"limits: {memory: 128Mi}","limits: {memory: 256}"],[D,"memory: 24Mi","memory: 48"],[D,"1.4.1","1.4.2"]],"256 bytes",
  expected=expect("out-of-memory invalid-manifest command-not-found",[(main("fern","resources.limits.memory"),BEFORE)],[(main("fern","resources.limits.memory"),BEFORE),(main("fern","resources.requests.memory"),BEFORE)],[(main("fern","resources.limits.memory"),value("256Mi"))],[(main("fern","resources.limits.memory"),value("256Mi")),(main("fern","resources.requests.memory"),value("48Mi"))]))
scenario("volume-gone","argocd",plain("grape",container="volumeMounts:\n  - {name: cache, mountPath: /cache}\n",pod="volumes:\n  - {name: cache, emptyDir: {}}\n"),["No cache any more",[D,"      volumes:\n        - {name: cache, emptyDir: {}}\n",""],[D,"1.4.1","1.4.2"]],"the mount is left",
  expected=expect("invalid-manifest volume-mount",[(P("grape","volumes"),BEFORE)],[(main("grape","volumeMounts"),GONE)]))
scenario("selector-label","flux",plain("holly"),["Names as elsewhere",[D,"      labels:\n        app: holly\n","      labels:\n        app: holly-web\n"],[D,"1.4.1","1.4.2"]],"the selector wants app=holly",
  expected=expect("invalid-manifest",[("Deployment/holly spec.template.metadata.labels.app",BEFORE)]))
scenario("interval","flux",release("iris","replicas: 2\nimage:\n  tag: 1.4.1\n"),["Look less often, three of them",[R("iris"),"  interval: 30s\n","  interval: 5\n"],[R("iris"),"replicas: 2","replicas: 3"]],"no unit",path="releases",
  expected=expect("invalid-manifest",[("HelmRelease/iris spec.interval",BEFORE)],[("HelmRelease/iris spec.interval",value("5m"))],[("HelmRelease/iris spec.interval",value("5s"))]))
scenario("tag-float","argocd",helm(),["1.10 at last",["env/prod-values.yaml","tag: 1.4.1","tag: 1.10"],["env/prod-values.yaml","replicas: 2","replicas: 3"]],"1.10 is a number",**PROD,
  expected=expect("image-not-found",[("Deployment/shop-949 spec.template.spec.containers[name=shop].image",BEFORE)],[("Deployment/shop-949 spec.template.spec.containers[name=shop].image",value("acme/payments:1.10"))]))
cm="apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: juni-settings\ndata:\n  PAGE_SIZE: \"20\"\n  THEME: light\n"
scenario("map-number","flux",{**plain("juni",container="envFrom:\n  - configMapRef: {name: juni-settings}\n"),"deploy/settings.yaml":cm},["More on a page, dark",["deploy/settings.yaml","PAGE_SIZE: \"20\"","PAGE_SIZE: 40"],["deploy/settings.yaml","light","dark"]],"must be a text",
  expected=expect("invalid-manifest",[('ConfigMap/juni-settings data.PAGE_SIZE',value("40"))],[('ConfigMap/juni-settings data.PAGE_SIZE',BEFORE)]))
scenario("ports-scalar","argocd",plain("kale"),["Shorter",[D,"          ports:\n            - name: http\n              containerPort: 8080\n","          ports: 8080\n"],[D,"1.4.1","1.4.2"]],"a list is wanted",
  expected=expect("invalid-manifest",[(main("kale","ports"),BEFORE)]))
scenario("one-string","flux",plain("leek",pod="initContainers:\n  - name: wait\n    image: busybox:1.36\n    command: [sh, -c, \"echo waited\"]\n"),["Simpler",[D,"command: [sh, -c, \"echo waited\"]","command: [\"sh -c 'echo waited long'\"]"],[D,"1.4.1","1.4.2"]],"one word",
  expected=expect("command-not-found",[("Deployment/leek spec.template.spec.initContainers[name=wait].command",BEFORE)],[("Deployment/leek spec.template.spec.initContainers[name=wait].command",value(["sh","-c","echo waited long"]))]))
scenario("no-class","flux",{**plain("mint"),"deploy/ingress.yaml":"apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: mint\nspec:\n  rules:\n    - host: mint.example.com\n      http:\n        paths:\n          - path: /\n            pathType: Prefix\n            backend:\n              service:\n                name: mint\n                port: {name: http}\n"},["Ports as elsewhere",[S,"    - name: http\n      port: 80\n","    - name: web\n      port: 80\n"],[D,"1.4.1","1.4.2"]],"the Ingress asks for http",
  expected=expect("ingress-backend",[("Ingress/mint spec.rules",ANY)],[("Service/mint spec.ports",ANY)]))
