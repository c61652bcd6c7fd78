import { describe, expect, test } from "vitest";
import { type Breakage, broken, play, RENDERERS } from "./unrenderable.ts";

const VALUES = "env/prod-values.yaml";
const TEMPLATE = "chart/templates/deployment.yaml";
const SCHEMA: Breakage = {
  "chart/values.schema.json": JSON.stringify({
    type: "object",
    additionalProperties: false,
    properties: {
      image: { type: "object", additionalProperties: false, properties: { repository: { type: "string" }, tag: { type: "string" } } },
      ...Object.fromEntries(["replicas", "port"].map((name) => [name, { type: "integer" }])),
      ...Object.fromEntries(["probes", "resources", "env"].map((name) => [name, { type: "object" }])),
    },
  }),
};

/** A commit to the chart of shop-30, whose values have a schema. */
async function outcome(change: Breakage, good: Breakage = SCHEMA): Promise<string> {
  const before = broken("shop-30", {}, good).before;
  const changed = Object.entries(change).map(([path, edit]) => [path, typeof edit === "function" ? edit(before[path] ?? "") : edit]);
  return (await play({ ...broken("shop-30", {}, good), after: { ...before, ...Object.fromEntries(changed) } })).outcome;
}

const tag = (text: string) => text.replace("1.4.2", "1.4.3");

describe.skipIf(RENDERERS.kind === "unavailable")("values that a slip of white space gave to another key", () => {
  test("a raised value goes to where its key was, and stays raised", async () => {
    expect(await outcome({ [VALUES]: (text) => tag(text).replace("replicas: 2", "  replicas: 3") })).toMatchInlineSnapshot(`
      "render-failed 0.75: Line 4 of env/prod-values.yaml is indented so that what is said there belongs to something else: Error: values don't meet the specifications of the schema(s) in the following chart(s): shop: - at '/image': addition....
      -   replicas: 3
      + replicas: 3"
    `);
  });

  test("a value that left its group comes back to it", async () => {
    expect(await outcome({ [VALUES]: (text) => tag(text).replace("  tag", "tag") })).toMatchInlineSnapshot(`
      "render-failed 0.75: Line 3 of env/prod-values.yaml is indented so that what is said there belongs to something else: Error: values don't meet the specifications of the schema(s) in the following chart(s): shop: - at '': additional pro....
      - tag: 1.4.3
      +   tag: 1.4.3"
    `);
  });

  test("new lines go to where the schema knows them", async () => {
    const change = (text: string) => tag(text).replace("replicas", "  resources:\n    limits: {memory: 160Mi}\nreplicas");
    expect(await outcome({ [VALUES]: change })).toMatchInlineSnapshot(`
      "render-failed 0.75: Lines 4 to 5 of env/prod-values.yaml are indented so that what is said there belongs to something else: Error: values don't meet the specifications of the schema(s) in the following chart(s): shop: - at '/image': addition....
      -   resources:
      + resources:
      -     limits: {memory: 160Mi}
      +   limits: {memory: 160Mi}"
    `);
  });

  test("pairs that became items, and say something else, are not taken back for their form", async () => {
    const good: Breakage = { ...SCHEMA, [VALUES]: (text) => `${text}env:\n  PAGE_SIZE: "24"\n` };
    const items = (value: string) => (text: string) => tag(text).replace('  PAGE_SIZE: "24"', `  - name: PAGE_SIZE\n    value: "${value}"`);
    expect(await outcome({ [VALUES]: items("48") }, good)).toMatch(/^issue: /);
    expect(await outcome({ [VALUES]: items("24") }, good)).toMatch(/^render-failed 0\.95: /);
  });

  test("what the schema knows nowhere is left to people", async () => {
    const change = (text: string) => tag(text).replace("replicas", "  nodeSelector: {disk: ssd}\nreplicas");
    expect(await outcome({ [VALUES]: change })).toMatch(/^issue: /);
  });
});

describe.skipIf(RENDERERS.kind === "unavailable")("a slip in an action that came with the commit", () => {
  const annotations = (action: string) => (text: string) =>
    text.replace(
      "      labels:\n        app",
      `      {{- with .Values.podAnnotations }}\n      annotations:\n        ${action}\n      {{- end }}\n      labels:\n        app`,
    );
  const values: Breakage = { "chart/values.yaml": (text) => `${text}podAnnotations: {acme.example/scrape: "true"}\n`, [VALUES]: tag };

  test.each([
    ["indent, where only nindent begins a line", "{{- toYaml . | indent 8 }}"],
    ["nindent with the depth of another place", "{{- toYaml . | nindent 4 }}"],
    ["a brace too few at its end", "{{- toYaml . | nindent 8 }"],
    ["a brace too few at its beginning", "{- toYaml . | nindent 8 }}"],
  ])("%s", async (_, action) => {
    const said = await outcome({ ...values, [TEMPLATE]: annotations(action) }, {});
    expect(
      said
        .split("\n")
        .slice(1)
        .map((line) => line.trim()),
    ).toEqual([`-         ${action}`, "+         {{- toYaml . | nindent 8 }}"]);
  });

  test("what was right before is put back as it was", async () => {
    const said = await outcome({ [TEMPLATE]: (text) => text.replace("nindent 12", "indent 12"), [VALUES]: tag }, {});
    expect(said).toMatch(/^render-failed 0\.95: Line 30 .+ changed/);
  });
});

describe.skipIf(RENDERERS.kind === "unavailable")("a block that a commit put around lines of a template", () => {
  const block = (text: string) => {
    const [head, rest] = text.split("          resources:\n");
    const [own, tail] = (rest ?? "").split("          readinessProbe:\n");
    return `${head}          {{- with .Values.limits }}\n          resources:\n            {{- toYaml . | nindent 12 }}\n${(own ?? "").split("\n").slice(1).join("\n")}          {{- end }}\n          readinessProbe:\n${tail}`;
  };

  test("changes what `.` is: the root is `$` there", async () => {
    const values: Breakage = { "chart/values.yaml": (text) => `${text}limits: {limits: {memory: 128Mi}}\n`, [VALUES]: tag };
    const said = await outcome({ ...values, [TEMPLATE]: block }, {});
    expect(said.split("\n").slice(1)).toEqual([
      "-             httpGet: {path: {{ .Values.probes.liveness }}, port: http}",
      "+             httpGet: {path: {{ $.Values.probes.liveness }}, port: http}",
    ]);
  });
});
