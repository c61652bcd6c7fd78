import { item, type Situation, situation } from "../guards/situation.ts";
import type { HonestCase } from "./cases.ts";

type Files = Record<string, string>;

const object = (kind: string, name: string, rest: string, apiVersion = "v1") => `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata:\n  name: ${name}\n${rest}`;
const workload = (name: string, container: string, volumes = "", kind = "Deployment") =>
  object(
    kind,
    name,
    `spec:\n  selector: { matchLabels: { app: ${name} } }\n  template:\n    metadata:\n      labels: { app: ${name} }\n    spec:\n      containers:\n        - name: main\n${container}${volumes}`,
    kind === "Job" ? "batch/v1" : "apps/v1",
  );
const image = (text: string) => `          image: ${text}\n`;
const CRASH = item("container", "waiting: CrashLoopBackOff, exitCode: 1");

interface Story {
  now: Files;
  good: Files;
  target?: { kind: string; name: string };
  says: ReturnType<typeof item>[];
  images?: string[];
}

const world =
  ({ now, good, target = { kind: "Deployment", name: "web" }, says, images = [] }: Story) =>
  (): Situation =>
    situation({ files: now, good, namespace: "shop", target, items: says, images });

const programs = (main: string, pinned = "") => ({
  "web.yaml": workload("web", image(main)),
  "canary.yaml": workload("canary", image(`acme/web:1.5${pinned}`)),
  "queue.yaml": workload("queue", image("acme/queue:2.1")),
});
const DIGEST = `@sha256:${"a1".repeat(32)}`;

const IMAGES: readonly HonestCase[] = [
  {
    name: "the program that ran here, in the version of the others",
    world: world({ good: programs("acme/web:1.4"), now: programs("acme/queue:2.1"), says: [CRASH, item("log", "queue: no broker configured")] }),
    failureClass: "crash-on-start",
    container: "main",
    edits: [["acme/queue:2.1", "acme/web:1.5"]],
    quote: "CrashLoopBackOff",
  },
  {
    name: "the program that ran here, pinned as it was",
    world: world({
      good: programs(`acme/web:1.4@sha256:${"b2".repeat(32)}`, DIGEST),
      now: programs("acme/queue:2.1", DIGEST),
      says: [CRASH, item("log", "queue: no broker configured")],
    }),
    failureClass: "crash-on-start",
    container: "main",
    edits: [["acme/queue:2.1", `acme/web:1.5${DIGEST}`]],
    quote: "CrashLoopBackOff",
  },
];

const MAP = object("ConfigMap", "conf", "data:\n  app.toml: a\n  log.toml: b\n  other.toml: c\n");
const listing = (entries: string) =>
  workload(
    "web",
    `${image("acme/web:1")}          volumeMounts:\n            - { name: conf, mountPath: /etc/app }\n`,
    `      volumes:\n        - name: conf\n          configMap:\n            name: conf\n            items:\n${entries}`,
  );
const entry = (key: string) => `              - { key: ${key}, path: ${key} }\n`;
const secretOf = (name: string) =>
  `${image("acme/web:1")}          env:\n            - name: PASSWORD\n              valueFrom:\n                secretKeyRef: { name: ${name}, key: password }\n`;
const readers = (own: string, others: string) => ({
  "web.yaml": workload("web", secretOf(own)),
  "api.yaml": workload("api", secretOf(others)),
  "worker.yaml": workload("worker", secretOf(others)),
});

const REFERENCES: readonly HonestCase[] = [
  {
    name: "a file that the volume lists no more",
    world: world({
      good: { "web.yaml": listing(["app.toml", "log.toml", "other.toml"].map(entry).join("")), "map.yaml": MAP },
      now: { "web.yaml": listing(entry("app.toml")), "map.yaml": MAP },
      says: [item("event", "BackOff: Back-off restarting failed container main"), item("log", "open /etc/app/log.toml: no such file or directory")],
    }),
    failureClass: "volume-mount",
    container: "main",
    edits: [[entry("app.toml"), entry("app.toml") + entry("log.toml")]],
    quote: "Back-off restarting",
  },
  {
    name: "the Secret where all others went",
    world: world({ good: readers("db", "db"), now: readers("db", "database"), says: [item("event", 'Failed: Error: secret "db" not found')] }),
    failureClass: "secret-missing",
    container: "main",
    edits: [["name: db, key", "name: database, key"]],
    quote: 'secret "db" not found',
  },
  {
    name: "the Secret where all others of the namespace went",
    world: world({
      good: { ...readers("db", "db"), "tools.yaml": workload("tools", secretOf("db")).replace("name: tools", "name: tools\n  namespace: tools") },
      now: { ...readers("db", "database"), "tools.yaml": workload("tools", secretOf("vault")).replace("name: tools", "name: tools\n  namespace: tools") },
      says: [item("event", 'Failed: Error: secret "db" not found')],
    }),
    failureClass: "secret-missing",
    container: "main",
    edits: [["name: db, key", "name: database, key"]],
    quote: 'secret "db" not found',
  },
];

const inFolder = (folder: string) => `${image("acme/web:1")}          workingDir: ${folder}\n`;
const told = (args: string) => `${image("acme/web:1")}          args: [${args}]\n          readinessProbe:\n            httpGet: { path: /, port: 8080 }\n`;
const MISSING_MODULE = item("log", "Error: Cannot find module '/srv/server.js'");
const REFUSED = item("event", "Unhealthy: Readiness probe failed: dial tcp 10.0.0.9:8080: connect: connection refused");

const COMMANDS: readonly HonestCase[] = [
  {
    name: "the folder in which the program started",
    world: world({
      good: { "web.yaml": workload("web", inFolder("/app")) },
      now: { "web.yaml": workload("web", inFolder("/srv")) },
      says: [CRASH, MISSING_MODULE],
    }),
    failureClass: "crash-on-start",
    container: "main",
    edits: [["/srv", "/app"]],
    quote: "CrashLoopBackOff",
  },
  {
    name: "the folder in which a Job started",
    world: world({
      good: { "web.yaml": workload("web", inFolder("/app"), "      restartPolicy: Never\n", "Job") },
      now: { "web.yaml": workload("web", inFolder("/srv"), "      restartPolicy: Never\n", "Job") },
      target: { kind: "Job", name: "web" },
      says: [item("workload", "Job web: BackoffLimitExceeded"), MISSING_MODULE],
    }),
    failureClass: "job-failed",
    container: "main",
    edits: [["/srv", "/app"]],
    quote: "BackoffLimitExceeded",
  },
  {
    name: "the port behind its option, beside a new argument",
    world: world({
      good: { "web.yaml": workload("web", told("serve, -b, '0.0.0.0:8080'")) },
      now: { "web.yaml": workload("web", told("serve, -b, '0.0.0.0:8000', --preload")) },
      says: [REFUSED],
    }),
    failureClass: "readiness-probe",
    container: "main",
    edits: [["0.0.0.0:8000", "0.0.0.0:8080"]],
    quote: "Readiness probe failed",
  },
  {
    name: "the port alone, of two options that changed",
    world: world({
      good: { "web.yaml": workload("web", told("serve, -b, '0.0.0.0:8080', -w, '4'")) },
      now: { "web.yaml": workload("web", told("serve, -b, '0.0.0.0:8000', -w, '9', --preload")) },
      says: [REFUSED],
    }),
    failureClass: "readiness-probe",
    container: "main",
    edits: [["0.0.0.0:8000", "0.0.0.0:8080"]],
    quote: "Readiness probe failed",
  },
];

const GZIP = "gzip on;\n";
const nginx = (data: string) => object("ConfigMap", "conf", `data:\n${data}`);
const NESTED = nginx("  main.conf: |\n    user web;\n    gzip.conf: |\n      gzip on;\n");
const withConf = workload(
  "web",
  `${image("acme/web:1")}          volumeMounts:\n            - { name: conf, mountPath: /etc/nginx }\n`,
  "      volumes:\n        - name: conf\n          configMap:\n            name: conf\n",
);
const env = (...variables: [name: string, value: string][]) =>
  `${image("acme/web:1")}          env:\n${variables.map(([name, value]) => `            - name: ${name}\n              value: "${value}"\n`).join("")}`;
const URL = "postgres://shop@db/shop";
const cache = (mountPath: string) =>
  workload(
    "web",
    `${env(["CACHE_DIR", "/app/cache"])}          command: [/app/server]\n          volumeMounts:\n            - { name: cache, mountPath: ${mountPath} }\n`,
    "      volumes:\n        - name: cache\n          emptyDir: {}\n",
  );

const SETTINGS: readonly HonestCase[] = [
  {
    name: "a file that stood in the text of another one",
    world: world({
      good: { "web.yaml": withConf, "map.yaml": nginx("  main.conf: |\n    user web;\n") },
      now: { "web.yaml": withConf, "map.yaml": NESTED },
      says: [CRASH, item("log", 'unknown directive "gzip.conf:" in /etc/nginx/main.conf:2')],
    }),
    failureClass: "crash-on-start",
    document: { kind: "ConfigMap", name: "conf" },
    edits: [["    gzip.conf: |\n      gzip on;\n", `  gzip.conf: |\n    ${GZIP}`]],
    quote: "CrashLoopBackOff",
    withoutHistory: true,
  },
  {
    name: "a variable that a log names in small letters",
    world: world({
      good: { "web.yaml": workload("web", env(["MODE", "web"], ["DATABASE_URL", URL])) },
      now: { "web.yaml": workload("web", env(["MODE", "web"])) },
      says: [CRASH, item("log", "1 validation error for Settings\ndatabase_url\n  Field required; allow_anonymous and max_tries have defaults")],
    }),
    failureClass: "crash-on-start",
    container: "main",
    edits: [["          env:\n", `          env:\n            - name: DATABASE_URL\n              value: "${URL}"\n`]],
    quote: "CrashLoopBackOff",
    withoutHistory: true,
  },
  {
    name: "a number in digits",
    world: world({
      good: { "web.yaml": workload("web", env(["MODE", "web"])) },
      now: { "web.yaml": workload("web", env(["MODE", "web"], ["MAX_BYTES", "5e+06"])) },
      says: [CRASH, item("log", 'MAX_BYTES: strconv.Atoi: parsing "5e+06": invalid syntax')],
    }),
    failureClass: "crash-on-start",
    container: "main",
    edits: [["5e+06", "5000000"]],
    quote: "CrashLoopBackOff",
  },
  {
    name: "an empty directory that hid the program",
    world: world({
      good: {},
      now: { "web.yaml": cache("/app") },
      says: [CRASH, item("container", 'StartError: exec: "/app/server": stat /app/server: no such file or directory')],
    }),
    failureClass: "volume-mount",
    container: "main",
    edits: [["mountPath: /app }", "mountPath: /app/cache }"]],
    quote: "CrashLoopBackOff",
    withoutHistory: true,
  },
];

const budget = (bounds: string) => object("PodDisruptionBudget", "web", `spec:\n${bounds}  selector: { matchLabels: { app: web } }\n`, "policy/v1");
const service = (name: string, selector = `{ app: ${name} }`, port = 80) =>
  object("Service", name, `spec:\n  selector: ${selector}\n  ports:\n    - { name: http, port: ${port}, targetPort: 8080 }\n`);
const ingress = (name: string) =>
  object(
    "Ingress",
    "web",
    `spec:\n  ingressClassName: nginx\n  rules:\n    - host: web.example.com\n      http:\n        paths:\n          - path: /\n            pathType: Prefix\n            backend:\n              service:\n                name: ${name}\n                port: { number: 80 }\n`,
    "networking.k8s.io/v1",
  );
const served = (name: string) => ({
  "service.yaml": service(name),
  "pods.yaml": workload(name, `${image("acme/web:1")}          ports:\n            - { containerPort: 8080 }\n`),
  "ledger.yaml": `${service("ledger")}---\n${workload("ledger", `${image("acme/ledger:1")}          ports:\n            - { containerPort: 8080 }\n`)}`,
});

const OBJECTS: readonly HonestCase[] = [
  {
    name: "one of two bounds of a disruption budget",
    world: world({
      good: { "web.yaml": workload("web", image("acme/web:1")), "budget.yaml": budget("  minAvailable: 2\n") },
      now: { "web.yaml": workload("web", image("acme/web:1")), "budget.yaml": budget("  minAvailable: 2\n  maxUnavailable: 1\n") },
      target: { kind: "PodDisruptionBudget", name: "web" },
      says: [item("delivery", 'sync failed: PodDisruptionBudget.policy "web" is invalid: spec: minAvailable and maxUnavailable cannot be both set')],
    }),
    failureClass: "invalid-manifest",
    edits: [["  maxUnavailable: 1\n", ""]],
    quote: "cannot be both set",
    withoutHistory: true,
  },
  {
    name: "the backend that was renamed with its pods",
    world: world({
      good: { "ingress.yaml": ingress("basket"), ...served("basket") },
      now: { "ingress.yaml": ingress("basket"), ...served("cart") },
      target: { kind: "Ingress", name: "web" },
      says: [item("service", "Ingress web: backend basket does not exist")],
    }),
    failureClass: "ingress-backend",
    edits: [["name: basket", "name: cart"]],
    quote: "does not exist",
  },
];

/** Right fixes that follow what others of the delivery do, or put one part back of what changed in several. */
export const FOLLOWED: readonly HonestCase[] = [...IMAGES, ...REFERENCES, ...COMMANDS, ...SETTINGS, ...OBJECTS];
