"""Written by somebody who knows the playbook, to find what it lacks: shop-900 and on, what Flux says of releases that wait, limits of the API server, mounts. Played like batch_f.py, from which
its repositories come; nothing else is needed."""
import pathlib, runpy

HERE = pathlib.Path(__file__).parent
globals().update(runpy.run_path(str(HERE / "kit.py")))
BUILT = runpy.run_path(str(HERE / "batch_f.py"), {"DELETE": object()})
globals().update({name: BUILT[name] for name in ("deployment", "service", "plain", "release", "main", "block", "D", "S")})
SCENARIOS, scenario = batch(900)
def rel(name, values="replicas: 2\nimage:\n  tag: 1.4.1\n"): return release(name, values)
R=lambda n: f"releases/{n}.yaml"
scenario("chart-path","flux",rel("alpha"),["Charts in a folder of their own, three of them",[R("alpha"),"chart: ./chart\n","chart: ./charts/shop\n"],[R("alpha"),"replicas: 2","replicas: 3"]],"the chart was not moved",path="releases",
  expected=expect("helm-failed render-failed", keep=[("Deployment/alpha spec.replicas",value(3))]))
scenario("release-needs","flux",rel("bravo"),["After the database",[R("bravo"),"  timeout: 60s\n","  timeout: 60s\n  dependsOn:\n    - name: database\n"],[R("bravo"),"replicas: 2","replicas: 3"]],"there is no release database",path="releases",
  expected=expect("helm-failed render-failed invalid-manifest", [("HelmRelease/bravo spec.dependsOn",BEFORE)]))
scenario("release-source","flux",rel("charlie"),["Tidy names",[R("charlie"),'name: "@NAME@"','name: shops'],[R("charlie"),"replicas: 2","replicas: 3"]],"no such source",path="releases",
  expected=expect("helm-failed render-failed invalid-manifest", [("HelmRelease/charlie spec.chart.spec.sourceRef.name",BEFORE)]))
scenario("values-key","flux",{**rel("delta"),"releases/values.yaml":"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: delta-values\ndata:\n  values.yaml: |\n    replicas: 2\n"} | {R("delta"): rel("delta")[R("delta")].replace("  values:\n","  valuesFrom:\n    - kind: ConfigMap\n      name: delta-values\n  values:\n")},
  ["Values per stage",["releases/values.yaml","  values.yaml: |","  prod.yaml: |"]],"the release reads values.yaml",path="releases",
  expected=expect("helm-failed config-key-missing render-failed",[],keep=[]))
p=plain("echo")
scenario("priority","argocd",p,["Priorities, and three of them",[D,"      containers:\n","      priorityClassName: critical\n      containers:\n"],[D,"replicas: 2","replicas: 3"]],"no such class",
  expected=expect("invalid-manifest",[("Deployment/echo spec.template.spec.priorityClassName",BEFORE)]))
scenario("unit","argocd",plain("foxtrot"),["More memory",[D,"memory: 128Mi","memory: 256m"],[D,"cpu: 10m","cpu: 15m"]],"m is milli",
  expected=expect("out-of-memory invalid-manifest command-not-found",[(main("foxtrot","resources.limits.memory"),BEFORE)],[(main("foxtrot","resources.limits.memory"),value("256Mi"))],[(main("foxtrot","resources.limits.memory"),value("256M"))]))
scenario("surge","flux",plain("golf"),["Never more than two",[D,"  selector:\n","  strategy:\n    rollingUpdate: {maxSurge: 0, maxUnavailable: 0}\n  selector:\n"],[D,"1.4.1","1.4.2"]],"both zero",
  expected=expect("invalid-manifest",[("Deployment/golf spec.strategy",BEFORE)],[("Deployment/golf spec.strategy.rollingUpdate.maxUnavailable",value(1))],[("Deployment/golf spec.strategy.rollingUpdate.maxSurge",value(1))]))
scenario("port-name","argocd",plain("hotel",container="",env=""),["Metrics port",[D,"              containerPort: 8080\n","              containerPort: 8080\n            - name: prometheus-metrics\n              containerPort: 9102\n"],[D,"1.4.1","1.4.2"]],"16 characters at most",
  expected=expect("invalid-manifest",[(main("hotel","ports[name=prometheus-metrics]"),GONE)]))
scenario("post-start","argocd",plain("india",container=""),["Warm up",[D,"          resources:\n","          lifecycle:\n            postStart:\n              exec: {command: [/bin/warmup, --fast]}\n          resources:\n"],[D,"1.4.1","1.4.2"]],"no such program",
  expected=expect("command-not-found crash-on-start",[(main("india","lifecycle"),BEFORE)]))
scenario("mode-400","argocd",{**plain("juliet",env="env:\n  - {name: CONFIG_FILE, value: /etc/shop/shop.conf}\n",container="volumeMounts:\n  - {name: config, mountPath: /etc/shop}\n",pod="securityContext: {runAsUser: 1000, runAsNonRoot: true}\nvolumes:\n  - name: config\n    configMap:\n      name: juliet-config\n"),"deploy/config.yaml":"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: juliet-config\ndata:\n  shop.conf: |\n    A=1\n"},
  ["Least privilege",[D,"            name: juliet-config\n","            name: juliet-config\n            defaultMode: 0400\n"],[D,"1.4.1","1.4.2"]],"root owns it",
  expected=expect("volume-mount crash-on-start",[("Deployment/juliet spec.template.spec.volumes[name=config].configMap.defaultMode",BEFORE)]))
scenario("mount-over","argocd",plain("kilo",container="volumeMounts:\n  - {name: cache, mountPath: /cache}\n",pod="volumes:\n  - {name: cache, emptyDir: {}}\n"),["Cache where the program is",[D,"mountPath: /cache","mountPath: /"],[D,"1.4.1","1.4.2"]],"hides the program",
  expected=expect("volume-mount command-not-found",[(main("kilo","volumeMounts[name=cache].mountPath"),BEFORE)],[(main("kilo","volumeMounts[mountPath=/].mountPath"),BEFORE)],[(main("kilo","volumeMounts"),BEFORE)]))
scenario("headless","flux",{D:deployment("lima","acme/checkout:1.4.1"),S:service("lima").replace("spec:\n","spec:\n  clusterIP: None\n")},["A virtual address",[S,"  clusterIP: None\n","  clusterIP: 10.96.7.7\n"],[D,"1.4.1","1.4.2"]],"clusterIP cannot change",
  expected=expect("invalid-manifest",[("Service/lima spec.clusterIP",BEFORE)]))
scenario("claim-template","argocd",{D:deployment("mike","acme/checkout:1.4.1",kind="StatefulSet"),S:service("mike")},["Room for uploads",[D,"  template:\n","  minReadySeconds: 5\n  serviceName: mike-peers\n  template:\n"],[D,"  serviceName: mike\n","",]] ,"serviceName cannot change",
  expected=expect("invalid-manifest",[("StatefulSet/mike spec.serviceName",BEFORE)]))
cron="apiVersion: batch/v1\nkind: CronJob\nmetadata:\n  name: november\nspec:\n  schedule: \"*/5 * * * *\"\n  jobTemplate:\n    spec:\n      template:\n        spec:\n          restartPolicy: OnFailure\n          containers:\n            - name: november\n              image: acme/worker:1.4.1\n"
scenario("cron-restart","flux",{"deploy/cron.yaml":cron},["Restart it always",["deploy/cron.yaml","restartPolicy: OnFailure","restartPolicy: Always"],["deploy/cron.yaml","*/5","*/10"]],"Always is not for Jobs",
  expected=expect("invalid-manifest job-failed",[("CronJob/november spec.jobTemplate.spec.template.spec.restartPolicy",BEFORE)],[("CronJob/november spec.jobTemplate.spec.template.spec.restartPolicy",value("Never"))]))
ing="apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: oscar\nspec:\n  ingressClassName: nginx\n  rules:\n    - host: oscar.example.com\n      http:\n        paths:\n          - path: /\n            pathType: Prefix\n            backend:\n              service:\n                name: oscar\n                port: {name: http}\n"
scenario("ingress-path","flux",{**plain("oscar"),"deploy/ingress.yaml":ing},["A path of its own",["deploy/ingress.yaml","- path: /\n            pathType: Prefix\n","- path: mail\n            pathType: Prefix\n"],[D,"1.4.1","1.4.2"]],"must begin with a slash",
  expected=expect("invalid-manifest ingress-backend",[("Ingress/oscar spec.rules",ANY)],[("Ingress/oscar spec.rules[host=oscar.example.com].http.paths",ANY)]))
