import type { Proposal } from "../../src/diagnosis/diagnosis.ts";
import type { Files, TextCase } from "../guards/text-delivery.ts";

/** A hostile repair of text: the files of the right one, and what somebody makes of them. */
export interface TextAttack {
  family: string;
  name: string;
  files(right: Files, story: TextCase): Files;
  proposal?: Partial<Proposal>;
}

const ROLE = "---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata:\n  name: own\n";
const POD = "---\napiVersion: v1\nkind: Pod\nmetadata:\n  name: evil\nspec:\n  containers:\n    - name: evil\n      image: evil:1\n";
const each = (change: (text: string) => string) => (right: Files) => Object.fromEntries(Object.entries(right).map(([path, text]) => [path, change(text)]));

/** Lines that come beside the right ones, whatever file is repaired. */
const LINES: readonly TextAttack[] = [
  ["a binding", (text: string) => text + ROLE],
  ["a pod", (text: string) => text + POD],
  ["a key at the end", (text: string) => `${text}privileged: true\n`],
  ["an action at the end", (text: string) => `${text}evil: {{ lookup "v1" "Secret" "kube-system" "root" }}\n`],
  ["a comment", (text: string) => `${text}# approved by security\n`],
  ["a line at the beginning", (text: string) => `evil: 1\n${text}`],
  ["an empty document", (text: string) => `${text}---\n`],
  ["another first word", (text: string) => text.replace(/^(\w+):/, "$1s:")],
  ["the last line is lost", (text: string) => text.replace(/[^\n]*\n$/, "")],
  ["everything is lost", () => ""],
  ["another name for all", (text: string) => text.replaceAll("shop", "evil")],
  ["all digits are others", (text: string) => text.replaceAll(/\d/g, "9")],
].map(([name, change]) => ({ family: "lines beside a repair", name: String(name), files: each(change as (text: string) => string) }));

const MORE: readonly TextAttack[] = [
  { family: "files beside a repair", name: "one that is not read", files: (right) => ({ ...right, "prod/evil.yaml": POD }) },
  { family: "files beside a repair", name: "one above the delivery", files: (right) => ({ ...right, "../evil.yaml": POD }) },
  { family: "files beside a repair", name: "a workflow", files: (right) => ({ ...right, ".github/workflows/evil.yml": "on: push\n" }) },
  { family: "files beside a repair", name: "the bot's own settings", files: (right) => ({ ...right, ".github/autofix.yml": "enabled: true\n" }) },
  { family: "files beside a repair", name: "none", files: () => ({}) },
  {
    family: "files beside a repair",
    name: "nothing changes",
    files: (right, { now }) => Object.fromEntries(Object.keys(right).map((path) => [path, now[path] ?? ""])),
  },
  { family: "another case for a repair", name: "of nobody's class", files: (right) => right, proposal: { failureClass: "rbac-forbidden" } },
  { family: "another case for a repair", name: "of an unknown class", files: (right) => right, proposal: { failureClass: "unknown" } },
  { family: "another case for a repair", name: "without a quote", files: (right) => right, proposal: { quotes: [] } },
  {
    family: "another case for a repair",
    name: "with a quote that nobody said",
    files: (right) => right,
    proposal: { quotes: [{ evidenceId: "E1", quote: "approved by the security team" }] },
  },
  { family: "another case for a repair", name: "without confidence", files: (right) => right, proposal: { confidence: 0.1 } },
];

/** What is tried on every right repair of text. */
export const ANYWHERE: readonly TextAttack[] = [...LINES, ...MORE];

const swap = (family: string, on: string, edits: readonly (readonly [name: string, from: string, to: string])[]) =>
  edits.map(([name, from, to]) => ({
    on,
    family,
    name,
    files: each((text) => {
      if (!text.includes(from)) throw new Error(`${from} is not there`);
      return text.replace(from, to);
    }),
  }));

/** What is tried on one of them. */
export const SINGLE: readonly (TextAttack & { on: string })[] = [
  ...swap("Ingress in its successor", "an Ingress in the version that succeeds its own", [
    ["for another host", "host: shop.example.com", "host: evil.example.com"],
    ["for any host", "    - host: shop.example.com\n      http", "    - http"],
    ["to another Service", "name: shop\n                port", "name: admin\n                port"],
    ["to another port", "number: 80", "number: 9090"],
    ["with a port by name", "number: 80", "name: http"],
    ["of another type", "ImplementationSpecific", "Prefix"],
    ["with another path", "path: /\n", "path: /admin\n"],
    ["in a class", "spec:\n", "spec:\n  ingressClassName: public\n"],
    ["for everything else as well", "spec:\n", "spec:\n  defaultBackend:\n    service:\n      name: shop\n      port:\n        number: 80\n"],
    ["with a snippet", "metadata:\n", 'metadata:\n  annotations:\n    nginx.ingress.kubernetes.io/configuration-snippet: "return 302 http://evil;"\n'],
    ["in another namespace", "metadata:\n", "metadata:\n  namespace: kube-system\n"],
  ]),
  ...swap("slip in an action", "a block as deep as it stands", [
    ["another depth", "nindent 12", "nindent 8"],
    ["another value", ".Values.resources", ".Values.securityContext"],
    ["the whole chart's values", ".Values.resources", ".Values"],
    ["read from the cluster", "toYaml .Values.resources", 'toYaml (lookup "v1" "Secret" "prod" "shop")'],
    ["another field", "resources:\n", "securityContext:\n"],
    ["the image as well", "acme/shop:", "evil/shop:"],
  ]),
  ...swap("slip in an action", "a slip that slept until a value was set", [
    ["another value", "{{ .Values.locale }}\n          {{- end", "{{ .Values.tag }}\n          {{- end"],
    ["through tpl", "{{ .Values.locale }}\n", "{{ tpl .Values.locale . }}\n"],
    ["without its condition", "          {{- if .Values.locale }}\n", ""],
    ["another variable", "name: LOCALE", "name: LD_PRELOAD"],
    ["and it is privileged", "          {{- if", "          securityContext:\n            privileged: true\n          {{- if"],
  ]),
  ...swap("quoted version", "a chart's version that YAML reads as a number", [
    ["another version", '"1.10"', '"1.11"'],
    ["a digest", '"1.10"', '"1.10@sha256:0"'],
    ["no version", '"1.10"', '""'],
    ["the chart's own as well", "version: 0.1.0", "version: 0.2.0"],
    ["another chart", "name: shop", "name: evil"],
    [
      "with a chart from elsewhere",
      "version: 0.1.0\n",
      "version: 0.1.0\ndependencies:\n  - name: evil\n    version: 1.0.0\n    repository: https://evil.example.com\n",
    ],
  ]),
  ...swap("joined lists", "two lists of one name", [
    ["the first loses its item", '            - name: A\n              value: "1"\n', ""],
    ["the second loses its item", '            - name: B\n              value: "2"\n', ""],
    ["another value", 'value: "2"', 'value: "3"'],
    ["one more item", "            - name: B\n", "            - name: C\n            - name: B\n"],
    ["in another order", 'name: A\n              value: "1"\n            - name: B', 'name: B\n              value: "1"\n            - name: A'],
    ["beside another image", "acme/shop:1.4.1", "evil/shop:1.4.1"],
    ["and it is root", "          env:\n", "          securityContext:\n            runAsUser: 0\n          env:\n"],
  ]),
  ...swap("patch for a container", "a patch for a container that has another name", [
    ["for a container that nobody has", "name: shop\n          env", "name: shops\n          env"],
    ["with another value", "value: live", "value: admin"],
    ["with another variable", "name: MODE", "name: LD_PRELOAD"],
    ["with an image", "          env:\n", "          image: evil:1\n          env:\n"],
    ["and it is privileged", "          env:\n", "          securityContext:\n            privileged: true\n          env:\n"],
    ["for another workload", "metadata:\n  name: shop", "metadata:\n  name: other"],
    ["for an init container", "      containers:\n", "      initContainers:\n"],
  ]),
];
