import { describe, expect, test } from "vitest";
import { badgesOf, deployment } from "./badges.ts";
import { RENDERERS } from "./unrenderable.ts";

const map = (made: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: badges-conf}\ndata:\n  ${made}\n`;
const BY_TPL = `badges.cfg: |\n    {{- tpl (.Files.Get "files/badges.cfg") . | nindent 4 }}`;
const AS_WRITTEN = `{{- (.Files.Glob "files/*").AsConfig | nindent 2 }}`;
const CHART = {
  "deploy/Chart.yaml": "apiVersion: v2\nname: badges\nversion: 0.1.0\n",
  "deploy/values.yaml": "port: 8404\nupstream: 10.20.0.5:8080\n",
  "deploy/templates/badges.yaml": deployment({
    container: { volumeMounts: [{ name: "conf", mountPath: "/etc/badges" }] },
    pod: { volumes: [{ name: "conf", configMap: { name: "badges-conf" } }] },
  }),
  "deploy/templates/map.yaml": map(BY_TPL),
  "deploy/files/badges.cfg": "bind *:{{ .Values.port }}\ntimeout 30s\nserver shop {{ .Values.upstream }} check\n",
};
const SAYS = "[ALERT] config : parsing [/etc/badges/badges.cfg:3] : 'server shop' : invalid address: '{{' in '{{'";

describe.skipIf(RENDERERS.kind === "unavailable")("a file whose expressions a chart does not fill in any more", () => {
  test("keeps them: what they stand for is written out in no line of it", async () => {
    expect(await badgesOf({ good: CHART, bad: { ...CHART, "deploy/templates/map.yaml": map(AS_WRITTEN) }, says: SAYS })).toEqual([
      "people: crash-on-start, how a chart reads the file is what changed, and no line of the file",
    ]);
  });

  test("goes back as before where a line of it is to blame", async () => {
    const bad = { ...CHART, "deploy/files/badges.cfg": CHART["deploy/files/badges.cfg"].replace("timeout 30s", "timeuot 30s") };
    const says = "[ALERT] config : parsing [/etc/badges/badges.cfg:2] : unknown keyword 'timeuot'";
    expect(await badgesOf({ good: CHART, bad, says })).toEqual(["crash-on-start", "- timeuot 30s", "+ timeout 30s"]);
  });
});
