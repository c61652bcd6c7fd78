import { describe, expect, test } from "vitest";
import { badgesOf, deployment, literals, mapsRead } from "./badges.ts";
import { RENDERERS } from "./unrenderable.ts";

const MISSING = 'level=ERROR msg="required environment variable is not set" name=DATABASE_URL';
const URL = "postgres://shop@10.20.0.5/shop";

/** A chart that takes `settings` of its values for variables, in capitals with underscores, and one variable by its own name. */
function chart({ name = "THEME", settings = {} as { [key: string]: string }, tag = "1.4.1" }) {
  const [head = "", tail = ""] = deployment({ envFrom: mapsRead("settings"), env: literals({ [name]: "VALUE" }) })
    .replace("acme/checkout:1.4.1", "acme/checkout:{{ .Values.tag }}")
    .split("VALUE");
  const lines = Object.entries(settings).map(([key, value]) => `  ${key}: ${value}\n`);
  return {
    "deploy/Chart.yaml": "apiVersion: v2\nname: badges\nversion: 0.1.0\n",
    "deploy/values.yaml": `tag: ${tag}\ndatabase: ${URL}\nsettings:\n  region: eu\n${lines.join("")}`,
    "deploy/templates/deployment.yaml": `${head}{{ .Values.database | quote }}${tail}`,
    "deploy/templates/settings.yaml":
      "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata:\n  {{- range $key, $value := .Values.settings }}\n  {{ $key | snakecase | upper }}: {{ $value | quote }}\n  {{- end }}\n",
  };
}

describe.skipIf(RENDERERS.kind === "unavailable")("a variable that a chart's commit called otherwise", () => {
  test("gets its name back in the values of which a template makes the name", async () => {
    const good = chart({ settings: { databaseUrl: URL } });
    const bad = chart({ settings: { dbUrl: URL }, tag: "1.4.2" });
    expect(await badgesOf({ good, bad, says: MISSING })).toEqual(["crash-on-start", `- dbUrl: ${URL}`, `+ databaseUrl: ${URL}`]);
  });

  test("gets its name back in the template that writes it", async () => {
    const [good, bad] = [chart({ name: "DATABASE_URL" }), chart({ name: "DATABASE_DSN", tag: "1.4.2" })];
    expect(await badgesOf({ good, bad, says: MISSING })).toEqual(["crash-on-start", "- - name: DATABASE_DSN", "+ - name: DATABASE_URL"]);
  });
});
