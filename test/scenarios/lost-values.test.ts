import { describe, expect, test } from "vitest";
import type { KubeObject } from "../../src/cluster/objects.ts";
import { badgesOf, deployment } from "./badges.ts";
import { RENDERERS } from "./unrenderable.ts";

const MAP = `apiVersion: v1
kind: ConfigMap
metadata: {name: badges-conf}
data:
  {{- range $key, $value := .Values.config }}
  {{ $key }}: {{ $value | quote }}
  {{- end }}
`;
const OWN = "config:\n  DB_HOST: 10.20.0.5\n  LOCALE: de\n";
const COMMON = "config:\n  QUEUE_URL: amqp://10.20.0.9\n  ZONE: a\n";
const PROD = "size: 2\nconfig:\n  DB_HOST: 10.20.7.5\n  LEVEL: info\n";

const CHART = {
  "deploy/Chart.yaml": "apiVersion: v2\nname: badges\nversion: 0.1.0\n",
  "deploy/templates/badges.yaml": deployment({ envFrom: [{ configMapRef: { name: "badges-conf" } }] }),
  "deploy/templates/map.yaml": MAP,
  "deploy/values.yaml": OWN,
  "common.yaml": COMMON,
  "prod.yaml": PROD,
};

const given = (object: KubeObject): KubeObject[] => {
  const text = JSON.stringify(object).replaceAll('"path":"deploy"', '"path":"deploy","helm":{"valueFiles":["../common.yaml","../prod.yaml"]}');
  return [object.kind === "Application" ? JSON.parse(text) : object];
};

/** The fix of a commit to these files, which wants another size as well. */
function outcome(change: Partial<typeof CHART>, says: string): Promise<string[]> {
  const bad = { ...CHART, ...change };
  return badgesOf({ good: CHART, bad: { ...bad, "prod.yaml": bad["prod.yaml"].replace("size: 2", "size: 3") }, says, live: given });
}

const UNREACHED = 'could not translate host name "10.20.0.5" to address: Name or service not known';
const MISSES_QUEUE = "fatal: QUEUE_URL is not set";

describe.skipIf(RENDERERS.kind === "unavailable")("a value that a file for an environment lost", () => {
  test("comes back under its own name, where that was misspelt and the chart's default came in its place", async () => {
    expect(await outcome({ "prod.yaml": PROD.replace("DB_HOST", "DB_HOTS") }, UNREACHED)).toEqual([
      "dependency-address",
      "- DB_HOTS: 10.20.7.5",
      "+ DB_HOST: 10.20.7.5",
    ]);
  });

  test("comes back to that file, and not to the default that all have, where the line went", async () => {
    expect(await outcome({ "prod.yaml": PROD.replace("  DB_HOST: 10.20.7.5\n", "") }, UNREACHED)).toEqual(["dependency-address", "+ DB_HOST: 10.20.7.5"]);
  });

  test("keeps what is set anew under the misspelt name", async () => {
    const bad = PROD.replace("DB_HOST: 10.20.7.5", "DB_HOSTT: 10.20.7.6");
    expect(await outcome({ "prod.yaml": bad }, UNREACHED)).toEqual(["dependency-address", "- DB_HOSTT: 10.20.7.6", "+ DB_HOST: 10.20.7.6"]);
  });
});

describe.skipIf(RENDERERS.kind === "unavailable")("a value that a file of several environments lost", () => {
  test("is spelt as it was there, although the last file changed as well", async () => {
    expect(await outcome({ "common.yaml": COMMON.replace("QUEUE_URL", "QUEUE__URL") }, MISSES_QUEUE)).toEqual([
      "crash-on-start",
      "- QUEUE__URL: amqp://10.20.0.9",
      "+ QUEUE_URL: amqp://10.20.0.9",
    ]);
  });

  test("comes back there, and not to the last file", async () => {
    const bad = { "common.yaml": COMMON.replace("  QUEUE_URL: amqp://10.20.0.9\n", ""), "prod.yaml": "size: 2\nconfig: {DB_HOST: 10.20.7.5, LEVEL: info}\n" };
    expect(await outcome(bad, MISSES_QUEUE)).toEqual(["crash-on-start", "+ QUEUE_URL: amqp://10.20.0.9"]);
  });

  test("comes back with all that went, where its mapping stands twice and only the last one counts", async () => {
    expect(await outcome({ "common.yaml": `${COMMON}config:\n  TZ: Europe/Dublin\n` }, MISSES_QUEUE)).toMatchInlineSnapshot(`
      [
        "crash-on-start",
        "- config:",
      ]
    `);
  });
});
