"""Written by somebody who knows the playbook, to find what it lacks: shop-840 and on, values that come from elsewhere, and patches that hit too little or too much. Played like batch_f.py, from which
its repositories come; nothing else is needed."""
import pathlib, runpy

HERE = pathlib.Path(__file__).parent
globals().update(runpy.run_path(str(HERE / "kit.py")))
BUILT = runpy.run_path(str(HERE / "batch_f.py"), {"DELETE": object()})
globals().update({name: BUILT[name] for name in ("deployment", "service", "configmap", "kustomization", "plain", "overlay", "helm", "release", "main", "D", "S", "K", "PROD", "CHART")})
SCENARIOS, scenario = batch(840)
P=lambda n,rest: f"Deployment/{n} spec.template.spec.{rest}"
R=lambda n: f"releases/{n}.yaml"
# 840
vars_={"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"cluster-840","namespace":"flux-system"},"data":{"region":"eu-west-1","aster_tag":"1.4.1"}}
scenario("substitute-from","flux",plain("aster","acme/checkout:${aster_tag}",env='env:\n  - name: REGION\n    value: ${region}\n'),
  ["Names of variables as elsewhere, a page holds 20",[D,"${aster_tag}","${aster_version}"],[D,"value: ${region}\n",'value: ${region}\n            - name: PAGE_SIZE\n              value: "20"\n']],"nothing sets aster_version",
  extra=[vars_],spec={"postBuild":{"substituteFrom":[{"kind":"ConfigMap","name":"cluster-840"}]}},
  expected=expect("image-not-found render-failed invalid-manifest",[(main("aster","image"),BEFORE)]))
# 841
patch="apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: any\nspec:\n  template:\n    spec:\n      containers:\n        - name: basil\n          resources:\n            limits: {memory: 256Mi}\n"
scenario("patch-misses","argocd",overlay("basil",patch=patch,more="patches:\n  - path: patch.yaml\n    target:\n      kind: Deployment\n      name: basil\n",env='env:\n  - name: CACHE_MB\n    value: "150"\n'),
  ["Catalog 1.4.2, targets by their label",[K,"      name: basil\n","      name: basil\n      labelSelector: app=basil\n"],[K,"1.4.1","1.4.2"]],"the Deployment itself has no label app: the patch is not applied any more",path="overlays/prod",
  expected=expect("out-of-memory",[(main("basil","resources.limits.memory"),BEFORE)],[(main("basil","resources.limits.memory"),at_least("170Mi"))]))
# 842
scenario("port-in-settings","flux",{**plain("cedar",container="envFrom:\n  - configMapRef: {name: cedar-settings}\n"),"deploy/settings.yaml":configmap("cedar-settings",PORT="8080",THEME="light")},
  ["Dark, and a port of its own",["deploy/settings.yaml","8080","8090"],["deploy/settings.yaml","light","dark"],[D,"1.4.1","1.4.2"]],"the program listens on 8090, everything asks 8080",
  expected=expect("readiness liveness readiness-probe liveness-probe port-conflict",[("ConfigMap/cedar-settings data.PORT",BEFORE)],[(main("cedar","ports[name=http].containerPort"),value(8090))]))
# 843
scenario("ready-path-in-settings","argocd",{**plain("dahlia",container="envFrom:\n  - configMapRef: {name: dahlia-settings}\n"),"deploy/settings.yaml":configmap("dahlia-settings",READY_PATH="/readyz",THEME="light")},
  ["Paths as in the handbook",["deploy/settings.yaml","/readyz","/ready"],["deploy/settings.yaml","light","dark"],[D,"1.4.1","1.4.2"]],"the probe asks /readyz",
  expected=expect("readiness-probe readiness",[("ConfigMap/dahlia-settings data.READY_PATH",BEFORE)],[(main("dahlia","readinessProbe.httpGet.path"),value("/ready"))]))
# 844
conf="apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: erica-files\ndata:\n  app.env: |\n    THEME=light\n    LIMIT=20\n"
scenario("subpath-key","flux",{**plain("erica",env='env:\n  - name: CONFIG_FILE\n    value: /etc/erica/app.env\n',container="volumeMounts:\n  - {name: files, mountPath: /etc/erica/app.env, subPath: app.env}\n",pod="volumes:\n  - name: files\n    configMap: {name: erica-files}\n"),"deploy/files.yaml":conf},
  ["Files by their purpose, 30 at most",["deploy/files.yaml","  app.env: |","  settings.env: |"],["deploy/files.yaml","LIMIT=20","LIMIT=30"],[D,"1.4.1","1.4.2"]],"the mount asks for app.env",
  expected=expect("volume-mount config-key-missing crash-on-start",[(P("erica","containers[name=erica].volumeMounts[mountPath=/etc/erica/app.env].subPath"),value("settings.env"))],[(P("erica","containers[name=erica].volumeMounts[name=files].subPath"),value("settings.env"))],[("ConfigMap/erica-files data",ANY)]))
# 845
writer="initContainers:\n  - name: index\n    image: busybox:1.36\n    command: [sh, -c, 'head -c 30000000 /dev/zero > /tmp/index && sleep 25']\n    resources:\n      limits: {ephemeral-storage: 64Mi}\n"
scenario("ephemeral","argocd",plain("fennel",pod=writer,replicas=1,deadline=90),["Disk is dear, 1.4.2",[D,"ephemeral-storage: 64Mi","ephemeral-storage: 16Mi"],[D,"1.4.1","1.4.2"]],"the index needs 30 MB",
  expected=expect("out-of-memory node crash-on-start volume-mount",[("Deployment/fennel spec.template.spec.initContainers[name=index].resources.limits.ephemeral-storage",BEFORE)]))
# 846
scenario("env-as-list","flux",release("gorse",'image:\n  tag: 1.4.1\nenv:\n  REQUIRED_ENV: HARBOUR\n  HARBOUR: north\n'),
  ["Variables as in the other releases, 1.4.2",[R("gorse"),"      REQUIRED_ENV: HARBOUR\n      HARBOUR: north\n","      - name: REQUIRED_ENV\n        value: HARBOUR\n      - name: HARBOUR\n        value: north\n"],[R("gorse"),"1.4.1","1.4.2"]],"the chart reads a map",path="releases",
  expected=expect("helm-failed invalid-manifest crash-on-start render-failed",[(main("gorse","env[name=0]").replace("[name=gorse]","[name=shop]"),GONE),(main("gorse","env[name=1]").replace("[name=gorse]","[name=shop]"),GONE),(main("gorse","env[name=REQUIRED_ENV]").replace("[name=gorse]","[name=shop]"),value({"name":"REQUIRED_ENV","value":"HARBOUR"})),(main("gorse","env[name=HARBOUR]").replace("[name=gorse]","[name=shop]"),value({"name":"HARBOUR","value":"north"}))]))
# 847
aff="affinity:\n  podAffinity:\n    requiredDuringSchedulingIgnoredDuringExecution:\n      - topologyKey: kubernetes.io/hostname\n        labelSelector:\n          matchLabels: {app: store}\n"
two={"deploy/deployment.yaml":deployment("hazel","acme/checkout:1.4.1",pod=aff),"deploy/store.yaml":deployment("store","acme/catalog:1.4.1",replicas=1),"deploy/service.yaml":service("hazel")}
scenario("affinity-label","argocd",two,["Next to the session store, 1.4.2",[D,"{app: store}","{app: session-store}"],[D,"1.4.1","1.4.2"]],"no pod is called session-store",
  expected=expect("unschedulable-placement",[("Deployment/hazel spec.template.spec.affinity",BEFORE)]))
# 848
chart={**CHART,"chart/templates/deployment.yaml":CHART["chart/templates/deployment.yaml"].replace("          livenessProbe:","          {{- with .Values.startup }}\n          startupProbe:\n            httpGet: {path: /healthz, port: http}\n            periodSeconds: {{ .period }}\n            failureThreshold: {{ .tries }}\n          {{- end }}\n          livenessProbe:").replace("progressDeadlineSeconds: 60","progressDeadlineSeconds: 90")}
scenario("startup-tries","argocd",{**chart,"env/prod-values.yaml":"image:\n  tag: 1.4.1\nreplicas: 2\nenv:\n  START_SECONDS: \"14\"\nstartup:\n  period: 3\n  tries: 10\n"},
  ["Find out sooner, 1.4.2",["env/prod-values.yaml","tries: 10","tries: 2"],["env/prod-values.yaml","1.4.1","1.4.2"]],"it takes 14 seconds",**PROD,
  expected=expect("startup-probe startup",[("Deployment/shop-848 spec.template.spec.containers[name=shop].startupProbe.failureThreshold",BEFORE)],[("Deployment/shop-848 spec.template.spec.containers[name=shop].startupProbe",ANY)]))
# 849
wait="initContainers:\n  - name: wait\n    image: busybox:1.36\n    command: [sh, -c, 'until wget -q -T 2 -O /dev/null http://larder:80/readyz; do echo waiting for larder; sleep 2; done']\n"
scenario("waits-for-ever","flux",{**plain("iris",pod=wait),"deploy/larder.yaml":deployment("larder","acme/catalog:1.4.1",replicas=1)+"---\n"+service("larder")},
  ["Services end in -svc, 1.4.2",["deploy/larder.yaml","kind: Service\nmetadata:\n  name: larder\n","kind: Service\nmetadata:\n  name: larder-svc\n"],[D,"1.4.1","1.4.2"]],"the init container asks larder",
  expected=expect("dependency-address",[("Deployment/iris spec.template.spec.initContainers[name=wait].command",ANY)],[("Service/larder metadata.name",ANY)]))
# 850
lowpatch="- op: replace\n  path: /spec/template/spec/containers/0/resources/limits/memory\n  value: 48Mi\n"
base={"base/kustomization.yaml":kustomization("api.yaml","worker.yaml"),"base/api.yaml":deployment("api","acme/checkout:1.4.1",memory="192Mi",env='env:\n  - name: CACHE_MB\n    value: "100"\n')+"---\n"+service("api"),"base/worker.yaml":deployment("worker","acme/worker:1.4.1"),
  K:kustomization("../../base",more="patches:\n  - path: small.yaml\n    target:\n      kind: Deployment\n      name: worker\n"),"overlays/prod/small.yaml":lowpatch}
scenario("patch-hits-all","flux",base,["Simpler targets",[K,"      kind: Deployment\n      name: worker\n","      kind: Deployment\n"],["base/api.yaml","1.4.1","1.4.2"]],"the patch is for the worker alone",path="overlays/prod",
  expected=expect("out-of-memory",[(main("api","resources.limits.memory"),BEFORE)],[(main("api","resources.limits.memory"),at_least("120Mi"))]))
# 851
scenario("prefix","argocd",{**plain("juniper",env='env:\n  - name: REQUIRED_ENV\n    value: REGION\n',container="envFrom:\n  - configMapRef: {name: juniper-settings}\n"),"deploy/settings.yaml":configmap("juniper-settings",REGION="eu",THEME="light")},
  ["Tell settings apart",[D,"  - configMapRef: {name: juniper-settings}","  - prefix: SHOP_\n              configMapRef: {name: juniper-settings}"],[D,"1.4.1","1.4.2"]],"REGION is SHOP_REGION now",
  expected=expect("crash-on-start",[(main("juniper","envFrom"),BEFORE)],[(main("juniper","envFrom[0].prefix"),GONE)],[(main("juniper","envFrom"),ANY)]))
# 852
scenario("field-path","flux",plain("kiwi",env='env:\n  - name: NODE\n    valueFrom: {fieldRef: {fieldPath: spec.nodeName}}\n'),["Name of the pod too, 1.4.2",[D,"spec.nodeName}}\n","spec.nodeName}}\n            - name: POD\n              valueFrom: {fieldRef: {fieldPath: metadata.podName}}\n"],[D,"1.4.1","1.4.2"]],"there is no metadata.podName",
  expected=expect("invalid-manifest",[(main("kiwi","env[name=POD]"),GONE)],[(main("kiwi","env[name=POD].valueFrom.fieldRef.fieldPath"),value("metadata.name"))]))
# 853
gen={"deploy/kustomization.yaml":kustomization("deployment.yaml","service.yaml",more="configMapGenerator:\n  - name: lime-files\n    files:\n      - settings.env\n"),"deploy/settings.env":"THEME=light\nLIMIT=20\n",
  **plain("lime",env='env:\n  - name: CONFIG_FILE\n    value: /etc/lime/settings.env\n',container="volumeMounts:\n  - {name: files, mountPath: /etc/lime}\n",pod="volumes:\n  - name: files\n    configMap: {name: lime-files}\n")}
scenario("files-as-envs","argocd",gen,["Settings as variables",["deploy/kustomization.yaml","    files:\n","    envs:\n"],["deploy/settings.env","LIMIT=20","LIMIT=30"],[D,"1.4.1","1.4.2"]],"the program reads a file",
  expected=expect("crash-on-start config-missing config-key-missing",[('ConfigMap/lime-files-# data["settings.env"]',ANY),("ConfigMap/lime-files-# data.LIMIT",GONE),("ConfigMap/lime-files-# data.THEME",GONE)]))
# 854
scenario("env-list-replaced","flux",overlay("maple",env='env:\n  - name: REQUIRED_ENV\n    value: CURRENCY\n  - name: CURRENCY\n    value: EUR\n',more="patches:\n  - path: env.yaml\n    target: {kind: Deployment}\n"
  ) | {"overlays/prod/env.yaml":"- op: add\n  path: /spec/template/spec/containers/0/env/-\n  value: {name: REGION, value: eu}\n"},
  ["All settings of prod in one place, 1.4.2",["overlays/prod/env.yaml","containers/0/env/-\n  value: {name: REGION, value: eu}\n","containers/0/env\n  value:\n    - {name: REQUIRED_ENV, value: CURRENCY}\n    - {name: REGION, value: eu}\n    - {name: TIER, value: prod}\n"],[K,"1.4.1","1.4.2"]],"the list takes the place of the base's",path="overlays/prod",
  expected=expect("crash-on-start",[(main("maple","env[name=CURRENCY]"),value({"name":"CURRENCY","value":"EUR"}))]))
# 855
chart2={**CHART,"chart/values.yaml":CHART["chart/values.yaml"]+"extra:\n  - name: REQUIRED_ENV\n    value: CURRENCY\n  - name: CURRENCY\n    value: EUR\n","chart/templates/deployment.yaml":CHART["chart/templates/deployment.yaml"].replace("          {{- with .Values.env }}\n          env:\n","          env:\n            {{- toYaml .Values.extra | nindent 12 }}\n          {{- with .Values.env }}\n")}
scenario("values-list-replaced","argocd",{**chart2,"env/prod-values.yaml":"image:\n  tag: 1.4.1\nreplicas: 2\n"},["Region in prod, 1.4.2",["env/prod-values.yaml","replicas: 2\n","replicas: 2\nextra:\n  - name: REQUIRED_ENV\n    value: CURRENCY\n  - name: REGION\n    value: eu\n"],["env/prod-values.yaml","1.4.1","1.4.2"]],"a list of values replaces the chart's",**PROD,
  expected=expect("crash-on-start",[("Deployment/shop-855 spec.template.spec.containers[name=shop].env[name=CURRENCY]",value({"name":"CURRENCY","value":"EUR"}))]))
# 856
scenario("toleration","flux",plain("nettle",pod="priorityClassName: system-cluster-critical\n",replicas=1),["Nodes for the shop, 1.4.2",[D,"      priorityClassName: system-cluster-critical\n","      priorityClassName: shop-critical\n"],[D,"1.4.1","1.4.2"]],"there is no such class",
  expected=expect("invalid-manifest unschedulable-placement quota pod-security service-account-missing",[(P("nettle","priorityClassName"),BEFORE)]))
# 857
ss={"deploy/statefulset.yaml":deployment("olive","acme/worker:1.4.1",kind="StatefulSet"),"deploy/service.yaml":service("olive"),"deploy/client.yaml":deployment("press","acme/checkout:1.4.1",replicas=1,env='env:\n  - name: PEER\n    value: http://olive:80/readyz\n',pod="initContainers:\n  - name: greet\n    image: busybox:1.36\n    command: [sh, -c, 'wget -q -T 3 -O /dev/null $PEER']\n    env:\n      - name: PEER\n        value: http://olive:80/readyz\n")}
scenario("service-port-moved","argocd",ss,["Services listen on 8080 like the pods, press 1.4.2",["deploy/service.yaml","port: 80\n","port: 8080\n"],["deploy/client.yaml","1.4.1","1.4.2"]],"press asks port 80",
  expected=expect("dependency-address",[("Deployment/press spec.template.spec.initContainers[name=greet].env[name=PEER].value",value("http://olive:8080/readyz"))],[("Service/olive spec.ports",ANY)],
   [("Deployment/press spec.template.spec.initContainers[name=greet].env[name=PEER].value",value("http://olive:8080/readyz")),("Deployment/press spec.template.spec.containers[name=press].env[name=PEER].value",value("http://olive:8080/readyz"))]))
