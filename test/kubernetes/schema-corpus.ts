import { isKubeObject, type KubeObject } from "../../src/cluster/objects.ts";
import { parseYaml } from "../../src/source/edit/yaml-documents.ts";

/** A manifest, and who can tell that something is wrong with it: nobody, the schema, or only the API server's own validation. */
export interface Sample {
  name: string;
  object: KubeObject;
  wrong: "nothing" | "schema" | "validation";
}

const DEPLOYMENT = `apiVersion: apps/v1
kind: Deployment
metadata: { name: web, labels: { app: web } }
spec:
  replicas: 2
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers:
        - name: web
          image: acme/web:1.0
          args: [serve]
          env: [{ name: MODE, value: "1" }]
          ports: [{ name: http, containerPort: 8080 }]
          resources: { limits: { cpu: 1, memory: 64Mi } }
          readinessProbe: { httpGet: { path: /, port: http } }
`;
const SERVICE = "apiVersion: v1\nkind: Service\nmetadata: { name: web }\nspec: { selector: { app: web }, ports: [{ port: 80, targetPort: http }] }\n";
const CRON_JOB = `apiVersion: batch/v1
kind: CronJob
metadata: { name: report }
spec:
  schedule: "30 4 * * *"
  jobTemplate: { spec: { template: { spec: { restartPolicy: Never, containers: [{ name: report, image: acme/report:1 }] } } } }
`;
const JOB =
  "apiVersion: batch/v1\nkind: Job\nmetadata: { name: once }\nspec: { template: { spec: { restartPolicy: Never, containers: [{ name: once, image: acme/once:1 }] } } }\n";
const INGRESS = `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: web }
spec: { rules: [{ http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }] } }] }
`;
const AUTOSCALER = `apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: web }
spec: { scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: web }, maxReplicas: 4 }
`;
const CLAIM =
  "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: { name: data }\nspec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } }\n";
const STATEFUL_SET = `apiVersion: apps/v1
kind: StatefulSet
metadata: { name: queue }
spec:
  serviceName: queue
  selector: { matchLabels: { app: queue } }
  template:
    metadata: { labels: { app: queue } }
    spec: { containers: [{ name: queue, image: acme/queue:1, volumeMounts: [{ name: state, mountPath: /state }] }] }
  volumeClaimTemplates:
    - metadata: { name: state }
      spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1.5Gi } } }
`;
const CONFIG_MAP = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: settings }\ndata: { MODE: "on" }\n';

function read(text: string): KubeObject {
  const parsed = parseYaml(text);
  const [document] = parsed.kind === "parsed" ? parsed.documents : [];
  if (!document || !isKubeObject(document.value)) throw new Error(`no object: ${text}`);
  return document.value;
}

function variant(wrong: Sample["wrong"], base: string, changes: readonly (readonly [name: string, from: string, to: string])[]): Sample[] {
  return changes.map(([name, from, to]) => {
    if (base.split(from).length !== 2) throw new Error(`${from} is not there once`);
    return { name, wrong, object: read(base.replace(from, to)) };
  });
}

const whole = (name: string, text: string): Sample => ({ name, wrong: "nothing", object: read(text) });

export const SAMPLES: readonly Sample[] = [
  whole("Deployment", DEPLOYMENT),
  whole("Service", SERVICE),
  whole("CronJob", CRON_JOB),
  whole("Job", JOB),
  whole("Ingress", INGRESS),
  whole("HorizontalPodAutoscaler", AUTOSCALER),
  whole("PersistentVolumeClaim", CLAIM),
  whole("StatefulSet", STATEFUL_SET),
  whole("ConfigMap", CONFIG_MAP),
  ...variant("nothing", DEPLOYMENT, [
    ["quantity as fraction", "cpu: 1,", "cpu: 0.5,"],
    ["quantity with exponent", "memory: 64Mi", "memory: 1e8"],
    ["empty list is null", 'env: [{ name: MODE, value: "1" }]', "env:"],
    ["port as number", "port: http } }", "port: 8080 } }"],
    ["share of pods", "replicas: 2", "replicas: 2\n  strategy: { rollingUpdate: { maxSurge: 25%, maxUnavailable: 1 } }"],
    ["sidecar", "      containers:", "      initContainers: [{ name: proxy, image: acme/proxy:1, restartPolicy: Always }]\n      containers:"],
    ["empty object", "replicas: 2", "replicas: 2\n  strategy: {}"],
    [
      "spread",
      "      containers:",
      "      topologySpreadConstraints: [{ maxSkew: 1, topologyKey: zone, whenUnsatisfiable: ScheduleAnyway }]\n      containers:",
    ],
  ]),
  ...variant("nothing", SERVICE, [["headless", "selector:", "clusterIP: None, selector:"]]),
  ...variant("schema", DEPLOYMENT, [
    ["unknown field of the spec", "replicas: 2", "replica: 2"],
    ["unknown field at depth", "containerPort: 8080", "containerPort: 8080, hostport: 1"],
    ["field one level too high", "      containers:", "      ports: []\n      containers:"],
    ["letters of a field", "image:", "Image:"],
    ["no selector", "  selector: { matchLabels: { app: web } }\n", ""],
    ["container without name", "- name: web\n          image", "- image"],
    ["port of a container lacks its number", "{ name: http, containerPort: 8080 }", "{ name: http }"],
    ["probe without port", "{ path: /, port: http }", "{ path: / }"],
    ["replicas as text", "replicas: 2", 'replicas: "2"'],
    ["replicas as fraction", "replicas: 2", "replicas: 1.5"],
    ["arguments as text", "args: [serve]", "args: serve"],
    ["argument as number", "args: [serve]", "args: [serve, 8080]"],
    ["variable as number", 'value: "1"', "value: 1"],
    ["variable as switch", 'value: "1"', "value: true"],
    ["variables as mapping", 'env: [{ name: MODE, value: "1" }]', "env: { MODE: '1' }"],
    ["label as number", "labels: { app: web } }\nspec", "labels: { app: 1 } }\nspec"],
    ["quantity with a wrong unit", "memory: 64Mi", "memory: 64MB"],
    ["quantity with a space", "memory: 64Mi", "memory: 64 Mi"],
    ["containers as mapping", "      containers:\n        - name: web", "      containers:\n          name: web"],
  ]),
  ...variant("schema", SERVICE, [
    ["port lacks its number", "{ port: 80, targetPort: http }", "{ targetPort: http }"],
    ["selector of a Deployment", "selector: { app: web }", "selector: { matchLabels: { app: web } }"],
  ]),
  ...variant("schema", CRON_JOB, [
    ["no schedule", '  schedule: "30 4 * * *"\n', ""],
    ["template of a Job", "jobTemplate: { spec: {", "jobTemplate: { template: {"],
  ]),
  ...variant("schema", JOB, [["backoff as text", "spec: { template", 'spec: { backoffLimit: "3", template']]),
  ...variant("schema", INGRESS, [
    ["no path type", "pathType: Prefix, ", ""],
    ["backend of an old API", "backend: { service: { name: web, port: { number: 80 } } }", "backend: { serviceName: web, servicePort: 80 }"],
  ]),
  ...variant("schema", AUTOSCALER, [["no maximum", ", maxReplicas: 4", ""]]),
  ...variant("schema", STATEFUL_SET, [["claim without list", "  volumeClaimTemplates:\n    - metadata", "  volumeClaimTemplates:\n      metadata"]]),
  ...variant("schema", CONFIG_MAP, [["data as number", 'MODE: "on"', "MODE: 1"]]),
  ...variant("validation", DEPLOYMENT, [
    ["port out of range", "containerPort: 8080", "containerPort: 80800"],
    ["name that is none", "name: web\n          image", "name: Web_1\n          image"],
    ["no image", "          image: acme/web:1.0\n", ""],
    ["selector of other pods", "labels: { app: web } }\n    spec", "labels: { app: other } }\n    spec"],
    ["mount without volume", "args: [serve]", "volumeMounts: [{ name: ghost, mountPath: /g }]"],
    ["request above the limit", "limits: { cpu: 1, memory: 64Mi }", "limits: { cpu: 1, memory: 64Mi }, requests: { memory: 1Gi }"],
  ]),
];

/** Values outside of a closed set: the schema tells, and so does the server's validation. */
export const CLOSED: readonly Sample[] = [
  ...variant("schema", DEPLOYMENT, [
    ["pull policy", "image: acme/web:1.0", "image: acme/web:1.0\n          imagePullPolicy: Alway"],
    ["protocol", "containerPort: 8080", "containerPort: 8080, protocol: tcp"],
    ["strategy", "replicas: 2", "replicas: 2\n  strategy: { type: Rolling }"],
    ["DNS policy", "      containers:", "      dnsPolicy: ClusterFirs\n      containers:"],
  ]),
  ...variant("schema", INGRESS, [["path type", "pathType: Prefix", "pathType: prefix"]]),
  ...variant("schema", CRON_JOB, [["concurrency", "  jobTemplate:", "  concurrencyPolicy: Never\n  jobTemplate:"]]),
  ...variant("schema", CLAIM, [["access mode", "accessModes: [ReadWriteOnce]", "accessModes: [RWO]"]]),
];
