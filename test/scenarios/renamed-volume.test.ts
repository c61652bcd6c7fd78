import { describe, expect, test } from "vitest";
import { complaintsIn } from "../../src/cluster/refused-values.ts";
import { toldValues } from "../../src/diagnosis/playbook/apply/told-values.ts";
import { formatPath } from "../../src/source/edit/field-path.ts";
import { fixOf } from "./recorded-fix.ts";
import { broken, RENDERERS } from "./unrenderable.ts";

const FILE = "deploy/deployment.yaml";

/** Both containers use the volume; the commit calls it otherwise for one of them. */
const init = (text: string) =>
  text.replace(
    "      containers:\n",
    "      initContainers:\n        - name: warm\n          image: acme/checkout:1.4.1\n          volumeMounts:\n            - {name: cache, mountPath: /warm}\n      containers:\n",
  );
const renamed = (text: string) => init(text).replace("cache, mountPath: /warm", "scratch, mountPath: /warm").replace("cache, emptyDir", "scratch, emptyDir");

describe("a mount of a volume that has another name now", () => {
  test.skipIf(RENDERERS.kind === "unavailable")("follows it", async () => {
    const recording = broken("shop-946", {}, { [FILE]: init });
    const after = { ...recording.after, [FILE]: renamed(broken("shop-946", {}).before[FILE] ?? "") };
    expect(await fixOf({ ...recording, after })).toEqual([
      "invalid-manifest",
      "- - {name: cache, mountPath: /cache}",
      "+ - {name: scratch, mountPath: /cache}",
    ]);
  });

  test("follows the claim of a StatefulSet, which is missed when the pod is made", () => {
    const message = 'create Pod db-0 in StatefulSet db failed error: Pod "db-0" is invalid: spec.containers[0].volumeMounts[0].name: Not found: "data"';
    const spec = { containers: [{ name: "db", volumeMounts: [{ name: "data", mountPath: "/data" }] }] };
    const claims = [{ metadata: { name: "db-data" } }];
    const set = { apiVersion: "apps/v1", kind: "StatefulSet", metadata: { name: "db" }, spec: { template: { spec }, volumeClaimTemplates: claims } };
    expect(complaintsIn(message).map(({ field }) => field)).toEqual(["spec.template.spec.containers[0].volumeMounts[0].name"]);
    const told = toldValues(set, message, { rendered: [set], documents: [] });
    expect(told?.changes.map(({ path, after }) => `${formatPath(path.slice(-2))} = ${String(after)}`)).toEqual(["[name=data].name = db-data"]);
  });
});
