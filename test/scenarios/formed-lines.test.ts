import { describe, expect, test } from "vitest";
import { badgesOf, deployment } from "./badges.ts";
import { RENDERERS } from "./unrenderable.ts";

const FILE = "server:\n  read_timeout: 5s\nbatch:\n  size: 500\n  flush: 2s\n";
const CHART = {
  "deploy/Chart.yaml": "apiVersion: v2\nname: badges\nversion: 0.1.0\n",
  "deploy/templates/badges.yaml": deployment({
    container: { volumeMounts: [{ name: "conf", mountPath: "/etc/badges" }] },
    pod: { volumes: [{ name: "conf", configMap: { name: "badges-conf" } }] },
  }),
  "deploy/templates/map.yaml": `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: badges-conf}\ndata:\n  {{- (.Files.Glob "files/*").AsConfig | nindent 2 }}\n`,
  "deploy/files/badges.yaml": FILE,
};

function outcome(file: string, says: string): Promise<string[]> {
  return badgesOf({ good: CHART, bad: { ...CHART, "deploy/files/badges.yaml": file }, says });
}

describe.skipIf(RENDERERS.kind === "unavailable")("a file of a chart whose new value was wanted, and is written in a form that the program cannot read", () => {
  test.each([
    [
      "the known key",
      FILE.replace("flush: 2s", "flush_interval: 5s").replace("500", "700"),
      'unknown key "batch.flush_interval"',
      ["- flush_interval: 5s", "+ flush: 5s"],
    ],
    [
      "blanks for the tab",
      FILE.replace("  size: 500", "\tsize: 1000").replace("5s", "9s"),
      "yaml: line 4: found character that cannot start any token",
      ["- size: 1000", "+ size: 1000"],
    ],
  ])("keeps the value and gets %s", async (_, file, words, lines) => {
    expect(await outcome(file, `error: /etc/badges/badges.yaml: ${words}`)).toEqual(["crash-on-start", ...lines]);
  });

  test("goes back where it has no unit: which was meant, nobody can tell", async () => {
    const says = 'error: /etc/badges/badges.yaml: server.read_timeout: time: missing unit in duration "15"';
    expect(await outcome(FILE.replace("5s", "15").replace("500", "700"), says)).toEqual(["crash-on-start", "- read_timeout: 15", "+ read_timeout: 5s"]);
  });

  test("goes back where the value itself is refused", async () => {
    const says = "error: /etc/badges/badges.yaml: server.read_timeout: 15m is more than the limit of 10m";
    expect(await outcome(FILE.replace("5s", "15m").replace("500", "700"), says)).toEqual(["crash-on-start", "- read_timeout: 15m", "+ read_timeout: 5s"]);
  });
});
