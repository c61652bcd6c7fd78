import { describe, expect, test } from "vitest";
import type { KubeObject } from "../../src/cluster/objects.ts";
import { badgesOf, deployment } from "./badges.ts";
import { RENDERERS } from "./unrenderable.ts";

const MAP = `apiVersion: v1
kind: ConfigMap
metadata: {name: badges-conf}
data:
  {{- range $key, $value := .Values.settings }}
  {{ $key }}: {{ $value | quote }}
  {{- end }}
`;
const LEVELS = `          env:
            {{- range $name, $value := .Values.env }}
            - name: {{ $name }}
              value: {{ $value | quote }}
            {{- end }}
`;
const OWN = "env: {}\nsettings:\n  PAGE_SIZE: '24'\n  LOCALE: de\n";
const PROD = "env:\n  LOG_LEVEL: info\nsettings:\n  PAGE_SIZE: '48'\n  DB_HOST: 10.20.0.5\n";
const TEMPLATE = deployment({ envFrom: [{ configMapRef: { name: "badges-conf" } }] }).replace(/^ +ports:/m, (ports) => LEVELS + ports);

const CHART = {
  "deploy/Chart.yaml": "apiVersion: v2\nname: badges\nversion: 0.1.0\n",
  "deploy/templates/badges.yaml": TEMPLATE,
  "deploy/templates/map.yaml": MAP,
  "deploy/values.yaml": OWN,
  "prod.yaml": PROD,
  "stage.yaml": PROD,
};

const given = (object: KubeObject): KubeObject[] => {
  const text = JSON.stringify(object).replaceAll('"path":"deploy"', '"path":"deploy","helm":{"valueFiles":["../prod.yaml"]}');
  return [object.kind === "Application" ? JSON.parse(text) : object];
};

/** The fix of a commit to the chart, or to a file of values for it, after which the program misses DB_HOST. */
function outcome(change: Partial<typeof CHART>): Promise<string[]> {
  return badgesOf({ good: CHART, bad: { ...CHART, ...change }, says: "fatal: DB_HOST is not set", live: given });
}

describe.skipIf(RENDERERS.kind === "unavailable")("a group of values that the chart does not find, which makes a ConfigMap", () => {
  test("goes by the name that templates read, where one file of values calls it otherwise", async () => {
    expect(await outcome({ "prod.yaml": PROD.replace("settings:", "config:").replace("info", "debug") })).toEqual([
      "crash-on-start",
      "- config:",
      "+ settings:",
    ]);
  });

  test("follows the templates, where they and the chart's own values call it otherwise", async () => {
    const own = { "deploy/values.yaml": OWN.replace("settings:", "config:"), "deploy/templates/map.yaml": MAP.replace(".settings", ".config") };
    expect(await outcome({ ...own, "prod.yaml": PROD.replace("info", "debug") })).toEqual(["crash-on-start", "- settings:", "+ config:"]);
  });

  test("comes out of the group that it slid into, of which the template takes whatever is there", async () => {
    const slid = PROD.replace(/settings:(?:.|\n)*/, (lines) => lines.replace(/^(?=.)/gm, "  "));
    expect(await outcome({ "prod.yaml": slid.replace("info", "debug") })).toMatchInlineSnapshot(`
      [
        "crash-on-start",
        "- settings:",
        "+ settings:",
        "- PAGE_SIZE: '48'",
        "+ PAGE_SIZE: '48'",
        "- DB_HOST: 10.20.0.5",
        "+ DB_HOST: 10.20.0.5",
      ]
    `);
  });

  test("comes back as a whole, where no other value makes the ConfigMap", async () => {
    const alone = { ...CHART, "prod.yaml": "env:\n  LOG_LEVEL: info\n", "deploy/values.yaml": `${OWN}  DB_HOST: 10.20.0.5\n` };
    const bad = { ...alone, "deploy/values.yaml": alone["deploy/values.yaml"].replace("settings:", "config:") };
    expect(await badgesOf({ good: alone, bad, says: "fatal: DB_HOST is not set", live: given })).toEqual(["crash-on-start", "- config:", "+ settings:"]);
  });
});
