"""Written by somebody who knows the playbook, to find what it lacks: shop-967 and on, what stops to match, values at the wrong depth, and first releases. Played like batch_f.py, from which its repositories
come; nothing else is needed."""
import pathlib, runpy

HERE = pathlib.Path(__file__).parent
globals().update(runpy.run_path(str(HERE / "kit.py")))
BUILT = runpy.run_path(str(HERE / "batch_f.py"), {"DELETE": object()})
globals().update({name: BUILT[name] for name in ("deployment", "service", "configmap", "kustomization", "plain", "overlay", "helm", "release", "main", "D", "S", "K", "PROD", "CHART")})
SCENARIOS, scenario = batch(967)
P=lambda n,rest: f"Deployment/{n} spec.template.spec.{rest}"
V="env/prod-values.yaml"
SHOP=lambda n,rest: f"Deployment/shop-{n} spec.template.spec.containers[name=shop].{rest}"
# 967
scenario("scheduler","argocd",plain("acorn"),["Scheduler by name, 1.4.2",[D,"      containers:\n","      schedulerName: default-schedular\n      containers:\n"],[D,"1.4.1","1.4.2"]],"no scheduler is called so: the pods stay Pending without an event",
  expected=expect("unschedulable-placement",[(P("acorn","schedulerName"),GONE)],[(P("acorn","schedulerName"),value("default-scheduler"))]))
# 968
scenario("images-miss","flux",overlay("birch"),["Images by their full name",["base/deployment.yaml","image: acme/catalog ","image: docker.io/acme/catalog "],["base/deployment.yaml","memory: 128Mi","memory: 160Mi"]],"the overlay's images: still says acme/catalog, so no tag is set any more",path="overlays/prod",
  expected=expect("image-not-found",[(main("birch","image"),BEFORE)],[(main("birch","image"),value("docker.io/acme/catalog:1.4.1"))]))
# 969
patch="apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: any\nspec:\n  template:\n    spec:\n      containers:\n        - name: clover\n          env:\n            - name: REQUIRED_ENV\n              value: CURRENCY\n            - name: CURRENCY\n              value: EUR\n"
scenario("target-misses","argocd",overlay("clover",patch=patch,more="patches:\n  - path: patch.yaml\n    target: {kind: Deployment, name: clover}\n",env="env:\n  - name: REQUIRED_ENV\n    value: CURRENCY\n"),
  ["A new name for the workload",["base/deployment.yaml","metadata:\n  name: clover\n","metadata:\n  name: clover-web\n"],[K,"1.4.1","1.4.2"]],"the patch's target is still called clover, so CURRENCY is not set",path="overlays/prod",
  expected=expect("crash-on-start",[("Deployment/clover-web spec.template.spec.containers[name=clover].env[name=CURRENCY]",value({"name":"CURRENCY","value":"EUR"}))]))
# 970
scenario("tag-too-deep","argocd",{**CHART,"chart/values.yaml":CHART["chart/values.yaml"].replace("tag: 1.4.1","tag: 0.0.0"),V:"image:\n  tag: 1.4.1\nreplicas: 2\n"},
  ["Three of them",[V,"image:\n  tag: 1.4.1\nreplicas: 2\n","image:\n  repository: acme/payments\ntag: 1.4.1\nreplicas: 3\n"]],"tag is no longer under image, so the chart's own counts, which does not exist",**PROD,
  expected=expect("image-not-found",[(SHOP(970,"image"),BEFORE)]))
# 971
conf="apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: dogwood-files\ndata:\n  app.env: |\n    THEME=light\n    %s\n"
scenario("dollar","flux",{**plain("dogwood",env='env:\n  - name: CONFIG_FILE\n    value: /etc/dogwood/app.env\n',container="volumeMounts:\n  - {name: files, mountPath: /etc/dogwood}\n",pod="volumes:\n  - name: files\n    configMap: {name: dogwood-files}\n"),"deploy/files.yaml":conf%"$${LINE}=20"},
  ["One dollar is enough",["deploy/files.yaml","$${LINE}=20","${LINE}=20"],["deploy/files.yaml","light","dark"],[D,"1.4.1","1.4.2"]],"Flux puts nothing in the place of ${LINE}",spec={"postBuild":{"substitute":{"region":"eu"}}},
  expected=expect("crash-on-start render-failed config-key-missing",[("ConfigMap/dogwood-files data",ANY)],keep=[("ConfigMap/dogwood-files data",ANY),(main("dogwood","image"),ANY)]))
# 972
scenario("milli-memory","argocd",{D:deployment("elder","acme/checkout:1.4.1",memory="128m").replace("memory: 24Mi","memory: 64m"),S:service("elder")},
  [],"128m of memory are less than a byte",never_worked=True,
  expected=expect("out-of-memory invalid-manifest",[(main("elder","resources.limits.memory"),value("128Mi")),(main("elder","resources.requests.memory"),value("64Mi"))],[(main("elder","resources.limits.memory"),at_least("24Mi")),(main("elder","resources.requests.memory"),ANY)]))
# 973
scenario("host-network","flux",plain("fig",replicas=2),["Faster network, 1.4.2",[D,"      containers:\n","      hostNetwork: true\n      containers:\n"],[D,"1.4.1","1.4.2"]],"two pods want the node's port 8080",
  expected=expect("port-conflict unschedulable-placement",[(P("fig","hostNetwork"),GONE)],[(P("fig","hostNetwork"),value(False))]))
# 974
scenario("late-but-well","argocd",plain("gingko",env='env:\n  - name: START_SECONDS\n    value: "4"\n',deadline=60,probes="readinessProbe:\n  httpGet: {path: /readyz, port: http}\n  periodSeconds: 3\n"),["Warm up longer",[D,'value: "4"','value: "40"'],[D,"progressDeadlineSeconds: 60","progressDeadlineSeconds: 30"]],"it takes 40 seconds, after 30 the rollout counts as failed, and then it is well",answer=NONE,
  expected=expect("healthy startup"))
# 975
spread="topologySpreadConstraints:\n  - maxSkew: 1\n    topologyKey: %s\n    whenUnsatisfiable: DoNotSchedule\n    labelSelector:\n      matchLabels: {app: hazelnut}\n"
scenario("spread-key","flux",plain("hazelnut",pod=spread%"kubernetes.io/host-name"),[],"nodes have kubernetes.io/hostname",never_worked=True,
  expected=expect("unschedulable-placement",[(P("hazelnut","topologySpreadConstraints"),ANY)]))
# 976
scenario("load-balancer","flux",plain("iva"),["Reachable from outside, 1.4.2",[S,"spec:\n","spec:\n  type: LoadBalancer\n"],[D,"1.4.1","1.4.2"]],"nobody gives this cluster's Services an address",
  expected=expect("service-no-endpoints service-port ingress-backend unknown",[("Service/iva spec.type",GONE)],[("Service/iva spec.type",value("ClusterIP"))]))
# 977
claim="volumeClaimTemplates:\n  - metadata: {name: data}\n    spec:\n      accessModes: [ReadWriteOnce]\n      storageClassName: standrad\n      resources: {requests: {storage: 64Mi}}\n"
scenario("class-first","argocd",{"deploy/statefulset.yaml":deployment("jasmine","acme/worker:1.4.1",kind="StatefulSet",container="volumeMounts:\n  - {name: data, mountPath: /data}\n")+"  "+claim.replace("\n","\n  ").rstrip(" "),S:service("jasmine")},[],"there is no storage class standrad, and the claims are there: they have to be deleted by hand",never_worked=True,answer=HUMAN,
  expected=expect("volume-unbound"))
# 978
scenario("twice","argocd",plain("kale",env='env:\n  - name: CACHE_MB\n    value: "20"\n  - name: THEME\n    value: light\n'),["Dark, and a bigger cache",[D,"value: light\n",'value: dark\n            - name: CACHE_MB\n              value: "20MB"\n'],[D,"1.4.1","1.4.2"]],"the second CACHE_MB counts, and is no number",
  expected=expect("crash-on-start invalid-manifest",[(main("kale","env[name=CACHE_MB]"),ANY)],[(main("kale","env"),ANY)]))
# 979
files=lambda name: f"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: larch-files\ndata:\n  {name}: |\n    THEME=light\n    LIMIT=20\n"
scenario("key-in-path","flux",{**plain("larch",env='env:\n  - name: CONFIG_FILE\n    value: /etc/larch/shop.env\n',container="volumeMounts:\n  - {name: files, mountPath: /etc/larch}\n",pod="volumes:\n  - name: files\n    configMap: {name: larch-files}\n"),"deploy/files.yaml":files("shop.env")},
  ["Files as in the other teams",["deploy/files.yaml","shop.env","app.env"],["deploy/files.yaml","LIMIT=20","LIMIT=25"],[D,"1.4.1","1.4.2"]],"the program asks for shop.env",
  expected=expect("crash-on-start volume-mount config-key-missing",[(main("larch","env[name=CONFIG_FILE].value"),value("/etc/larch/app.env"))],[("ConfigMap/larch-files data",ANY)],[('ConfigMap/larch-files data["shop.env"]',ANY),('ConfigMap/larch-files data["app.env"]',GONE)]))
# 980
scenario("mount-moved","argocd",{**plain("mallow",env='env:\n  - name: CONFIG_FILE\n    value: /etc/mallow/shop.env\n',container="volumeMounts:\n  - {name: files, mountPath: /etc/mallow}\n",pod="volumes:\n  - name: files\n    configMap: {name: mallow-files}\n"),"deploy/files.yaml":files("shop.env").replace("larch","mallow")},
  ["Files under /config, 1.4.2",[D,"mountPath: /etc/mallow","mountPath: /config"],[D,"1.4.1","1.4.2"]],"the program looks in /etc/mallow",
  expected=expect("crash-on-start volume-mount",[(P("mallow","containers[name=mallow].volumeMounts[mountPath=/etc/mallow]"),ANY),(P("mallow","containers[name=mallow].volumeMounts[mountPath=/config]"),GONE)],[(P("mallow","containers[name=mallow].volumeMounts"),ANY)],[(main("mallow","env[name=CONFIG_FILE].value"),value("/config/shop.env"))]))
# 981
gen={"base/kustomization.yaml":kustomization("deployment.yaml","service.yaml",more="configMapGenerator:\n  - name: nutmeg-settings\n    literals:\n      - THEME=light\n      - CURRENCY=EUR\n"),"base/deployment.yaml":deployment("nutmeg","acme/checkout:1.4.1",env="env:\n  - name: REQUIRED_ENV\n    value: CURRENCY\n",container="envFrom:\n  - configMapRef: {name: nutmeg-settings}\n"),"base/service.yaml":service("nutmeg"),
  K:kustomization("../../base",more="configMapGenerator:\n  - name: nutmeg-settings\n    behavior: merge\n    literals:\n      - CURRENCY=USD\n")}
scenario("merge-into-nothing","flux",gen,["Settings are called config, 1.4.2",["base/kustomization.yaml","nutmeg-settings","nutmeg-config"],["base/deployment.yaml","nutmeg-settings","nutmeg-config"],["base/deployment.yaml","1.4.1","1.4.2"]],"the overlay still merges into nutmeg-settings",path="overlays/prod",
  expected=expect("render-failed",[(main("nutmeg","image"),BEFORE)],keep=[(main("nutmeg","image"),ANY),(main("nutmeg","envFrom"),ANY)]))
# 982
scenario("resources-too-deep","flux",{**CHART,**{"releases/olive.yaml":BUILT["release"]("olive",'image:\n  tag: 1.4.1\nresources:\n  limits:\n    memory: 256Mi\nenv:\n  CACHE_MB: "120"\n')["releases/olive.yaml"]},"chart/values.yaml":CHART["chart/values.yaml"].replace("memory: 128Mi","memory: 64Mi")},
  ["Sorted by name, 1.4.2",["releases/olive.yaml",'    image:\n      tag: 1.4.1\n    resources:\n      limits:\n        memory: 256Mi\n    env:\n      CACHE_MB: "120"\n','    env:\n      CACHE_MB: "120"\n    image:\n      tag: 1.4.2\n      resources:\n        limits:\n          memory: 256Mi\n']],"resources is under image, where the chart does not look",path="releases",
  expected=expect("out-of-memory",[("Deployment/olive spec.template.spec.containers[name=shop].resources.limits.memory",BEFORE)],[("Deployment/olive spec.template.spec.containers[name=shop].resources.limits.memory",at_least("140Mi"))]))
# 983
scenario("probe-without-port","argocd",plain("pine",probes="readinessProbe:\n  httpGet: {path: /readyz, port: http}\n  periodSeconds: 3\n"),["Ports by number, one for metrics, 1.4.2",[D,"            - name: http\n              containerPort: 8080\n","            - containerPort: 8080\n            - name: http\n              containerPort: 9090\n"],[D,"1.4.1","1.4.2"]],"http is the port for metrics now, on which nobody listens",
  expected=expect("readiness readiness-probe service-port",[(P("pine","containers[name=pine].ports"),ANY)],[(main("pine","readinessProbe.httpGet.port"),value(8080)),("Service/pine spec.ports",ANY)]))
# 984
scenario("beside-a-sidecar","flux",{D:deployment("quince","acme/checkout:1.4.1",memory="256Mi",env='env:\n  - name: CACHE_MB\n    value: "120"\n'),S:service("quince")},
  ["A fifth for the sidecar, 1.4.2",[D,"limits: {memory: 256Mi}","limits: {memory: 64Mi}"],[D,'            - name: CACHE_MB\n              value: "120"\n','            - name: CACHE_MB\n              value: "120"\n        - name: relay\n          image: acme/worker:1.4.1\n          env:\n            - name: PORT\n              value: "8081"\n          resources:\n            limits: {memory: 64Mi}\n'],[D,"1.4.1","1.4.2"]],"the cache needs 120 MB, and the sidecar is wanted",
  expected=expect("out-of-memory",[(main("quince","resources.limits.memory"),BEFORE)],[(main("quince","resources.limits.memory"),at_least("140Mi"))]))
