import { expect, test } from "vitest";
import { isAlikeKey } from "../../src/diagnosis/near-match.ts";
import { misnamedValues } from "../../src/source/slips/misnamed-values.ts";

const TEMPLATE = `env:
  {{- range $name, $value := .Values.env }}
  - {{ $name }}: {{ $value | quote }}
  {{- end }}
image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
{{- with .Values.probes }}
probes: {{ .liveness }}
{{- end }}
`;
const CHART = {
  "chart/Chart.yaml": "apiVersion: v2\nname: shop\nversion: 1.0.0\n",
  "chart/values.yaml": "env: {}\nimage: {repository: acme/shop, tag: 1.4.1}\nunread: true\n",
  "chart/templates/shop.yaml": TEMPLATE,
};
const VALUES = "env/prod.yaml";

/** What is misnamed, and the files with the right names. */
function misnamed(texts: Record<string, string>) {
  const files = Object.entries({ ...CHART, ...texts }).map(([path, text]) => ({ path, text, lastGood: undefined }));
  return misnamedValues(files, isAlikeKey).map(({ wrong, right, change }) => [`${wrong} → ${right}`, `${change.path}\n${change.after}`]);
}

test("a key that no template reads gets the name of the one that is read and not set", () => {
  const values = "environment:   # of production\n  PORT: 8080\n";
  expect(misnamed({ [VALUES]: values })).toEqual([["environment → env", `${VALUES}\n${values.replace("environment", "env")}`]]);
});

test("also within a map, and in a HelmRelease", () => {
  expect(misnamed({ [VALUES]: "image:\n  tags: 1.4.2\n" })).toEqual([["image.tags → image.tag", `${VALUES}\nimage:\n  tag: 1.4.2\n`]]);
  const release = (key: string) => `apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: shop}\nspec:\n  values:\n    ${key}: {A: b}\n`;
  expect(misnamed({ "releases/shop.yaml": release("envs") })).toEqual([["envs → env", `releases/shop.yaml\n${release("env")}`]]);
});

test("and of charts that it depends on, under every alias", () => {
  const umbrella = {
    "chart/Chart.yaml": "name: shop\nversion: 1.0.0\ndependencies:\n  - {name: part, alias: web}\n  - {name: part, alias: search, condition: search.enabled}\n",
    "chart/charts/part/Chart.yaml": "name: part\nversion: 1.0.0\n",
    "chart/charts/part/values.yaml": "replicas: 1\n",
    "chart/charts/part/templates/part.yaml": "{{ .Values.replicas }} {{ .Values.global.tag }}\n",
  };
  const values = (text: string) => misnamed({ ...umbrella, [VALUES]: text }).map(([name]) => name);
  expect(values("globals: {tag: 1.4.2}\nweb: {replicas: 2}\n")).toEqual(["globals → global"]);
  expect(values("serch: {replicas: 2}\n")).toEqual(["serch → search"]);
  expect(values("web: {replica: 2}\nsearch: {enabled: false}\n")).toEqual(["web.replica → web.replicas"]);
});

test("and the key of a dependency that is called otherwise now", () => {
  const chart = (alias: string) => `name: shop\nversion: 1.0.0\ndependencies:\n  - {name: part, alias: ${alias}}\n`;
  const files = [
    { path: "chart/Chart.yaml", text: chart("consumer"), lastGood: chart("queue") },
    { path: "chart/charts/part/Chart.yaml", text: "name: part\nversion: 1.0.0\n", lastGood: "name: part\nversion: 1.0.0\n" },
    { path: "chart/charts/part/templates/part.yaml", text: "{{ .Values.replicas }}\n", lastGood: undefined },
    { path: VALUES, text: "queue: {replicas: 2}\n", lastGood: "queue: {replicas: 2}\n" },
  ];
  expect(misnamedValues(files, isAlikeKey).map(({ wrong, right }) => `${wrong} → ${right}`)).toEqual(["queue → consumer"]);
});

test("and a key that is grouped otherwise", () => {
  expect(misnamed({ [VALUES]: "imageTag: 1.4.2   # of today\nenv: {A: b}\n" })).toEqual([
    ["imageTag → image.tag", `${VALUES}\nimage:\n  tag: 1.4.2\nenv: {A: b}\n`],
  ]);
  expect(misnamed({ [VALUES]: "image: {repository: acme/x}\nimageTag: 1.4.2\n" })).toEqual([
    ["imageTag → image.tag", `${VALUES}\nimage: {repository: acme/x, tag: 1.4.2}\n`],
  ]);
});

test("and a key of what templates go into first: by with, range, and variables that merge defaults", () => {
  expect(misnamed({ [VALUES]: "probes: {livenes: /healthz}\n" })).toEqual([["probes.livenes → probes.liveness", `${VALUES}\nprobes: {liveness: /healthz}\n`]]);
  const services = `{{- range $name, $given := .Values.services }}
{{- $one := mergeOverwrite (deepCopy $.Values.defaults) $given }}
{{ $name }}: "{{ $one.image }}:{{ $one.tag | default $.Chart.AppVersion }}"
{{- range $key, $value := $one.env }}
{{ $key }}: {{ $value | quote }}
{{- end }}
{{- end }}
`;
  const chart = { "chart/templates/services.yaml": services };
  const values = (key: string) => `services:\n  till:\n    image: till\n    ${key}: {REGION: eu}\n`;
  expect(misnamed({ ...chart, [VALUES]: values("environment") })).toEqual([["services.till.environment → services.till.env", `${VALUES}\n${values("env")}`]]);
  expect(misnamed({ ...chart, [VALUES]: "services: {till: {env: {ENVIRONMENT: eu}}}\ndefaults: {tags: 1.4.1}\n" })).toEqual([
    ["defaults.tags → defaults.tag", `${VALUES}\nservices: {till: {env: {ENVIRONMENT: eu}}}\ndefaults: {tag: 1.4.1}\n`],
  ]);
});

const WITH = "chart/templates/with.yaml";

test.each([
  ["a key that is read", { [VALUES]: "env: {A: b}\nimage: {tag: 1}\n" }],
  ["what stands in a map that a template reads as a whole", { [VALUES]: "probes: {livenes: a}\n", [WITH]: "{{ toYaml .Values.probes }}" }],
  ["what a dot hands on", { [VALUES]: "probes: {livenes: a}\n", [WITH]: '{{- with .Values.probes }}{{ include "probe" . }}{{ end }}' }],
  ["what a variable hands on", { [VALUES]: "probes: {livenes: a}\n", [WITH]: "{{ $all := .Values.probes }}{{ if true }}{{ toYaml $all }}{{ end }}" }],
  ["what a function makes of values", { [VALUES]: "probes: {livenes: a}\n", [WITH]: "{{ $all := fromYaml (tpl .Values.probes .) }}{{ $all.x }}" }],
  ["one that the chart's own defaults have", { [VALUES]: "unread: false\n" }],
  ["one that is like no other", { [VALUES]: "replicas: 2\n" }],
  ["one beside the right one", { [VALUES]: "envs: {A: b}\nenv: {C: d}\n" }],
  ["a list where the chart has a map", { [VALUES]: "envs: [a]\n" }],
  ["anything where templates read all values", { [VALUES]: "envs: {A: b}\n", "chart/templates/all.yaml": "{{ toYaml .Values }}" }],
  [
    "anything of a chart of whose dependencies one is not there",
    { [VALUES]: "envs: {A: b}\n", "chart/Chart.yaml": "name: shop\ndependencies:\n  - name: envs\n" },
  ],
])("not %s", (_, texts) => {
  expect(misnamed(texts)).toEqual([]);
});

test("and the key of the one dependency that reads all of it and is given nothing, where no earlier revision is known", () => {
  const umbrella = {
    "chart/Chart.yaml": "name: shop\nversion: 1.0.0\ndependencies:\n  - {name: part, alias: consumer}\n  - {name: other}\n",
    "chart/charts/part/Chart.yaml": "name: part\nversion: 1.0.0\n",
    "chart/charts/part/templates/part.yaml": "{{ .Values.replicas }} {{ .Values.image.tag }}\n",
    "chart/charts/other/Chart.yaml": "name: other\nversion: 1.0.0\n",
    "chart/charts/other/templates/other.yaml": "{{ .Values.replicas }}\n",
  };
  const values = (text: string) => misnamed({ ...umbrella, [VALUES]: text }).map(([name]) => name);
  expect(values("queue: {replicas: 2, image: {tag: 1.4.1}}\n")).toEqual(["queue → consumer"]);
  expect(values("queue: {replicas: 2}\n")).toEqual([]);
  expect(values("queue: {replicas: 2, image: {tag: 1.4.1}, burst: 3}\n")).toEqual([]);
  expect(values("queue: {replicas: 2, image: {tag: 1.4.1}}\nconsumer: {replicas: 1}\n")).toEqual([]);
});

test("what stands at another depth, or below another group, goes to the one group whose key it is", () => {
  const moved = (text: string) => misnamed({ [VALUES]: text }).map(([name, file]) => [name, file?.slice(VALUES.length + 1)]);
  expect(moved('probes: {readiness: /ready}\nimage:\n  repository: acme/web\ntag: "1.10"\n')).toEqual([
    ["tag → image.tag", 'probes: {readiness: /ready}\nimage:\n  repository: acme/web\n  tag: "1.10"\n'],
  ]);
  const deep = "image:\n  tag: 1.4.2\n  labels:\n    team: web\n    liveness: /live\nprobes:\n  readiness: /ready\n";
  expect(moved(deep).map(([name]) => name)).toEqual([]);
  expect(moved("image:\n  tag: 1.4.2\nother:\n  team: web\n  deep:\n    repository: acme/web\n")).toEqual([]);
});

test("but not where the group is not there, has the key already, or several groups have one of that name", () => {
  expect(misnamed({ [VALUES]: "tag: 1.4.2\n" })).toEqual([]);
  expect(misnamed({ [VALUES]: "image: {tag: 1.4.2}\ntag: 1.4.3\n" })).toEqual([]);
  const two = { "chart/templates/side.yaml": "{{ .Values.sidecar.tag }}\n" };
  expect(misnamed({ ...two, [VALUES]: "image: {repository: acme/web}\ntag: 1.4.3\n" })).toEqual([]);
});

test("what stands in a group that does not read it, and is read at the root, goes there", () => {
  const deep = "image:\n  tag: 1.4.2\n  env:\n    PORT: 8080\n";
  expect(misnamed({ [VALUES]: deep })).toEqual([["image.env → env", `${VALUES}\nimage:\n  tag: 1.4.2\nenv:\n  PORT: 8080\n`]]);
  // The root has its own, or wants something else there.
  expect(misnamed({ [VALUES]: `${deep}env: {A: b}\n` })).toEqual([]);
  expect(misnamed({ [VALUES]: "image:\n  tag: 1.4.2\n  env: prod\n" })).toEqual([]);
});

test("and values that stood under a key that is read stand there again", () => {
  const grouped = "mail:\n  SMTP_HOST: smtp.example\n  SMTP_PORT: '587'\n";
  const moved = (lastGood: string) => {
    const files = Object.entries({ ...CHART, [VALUES]: grouped }).map(([path, text]) => ({ path, text, lastGood: path === VALUES ? lastGood : text }));
    return misnamedValues(files, isAlikeKey).map(({ change }) => change.after);
  };
  expect(moved("env:\n  SMTP_HOST: smtp.example\n")).toEqual([grouped.replace("mail", "env")]);
  expect(moved("env:\n  SMTP_HOST: other.example\n")).toEqual([]);
  expect(moved("unread:\n  SMTP_HOST: smtp.example\n")).toEqual([]);
});
