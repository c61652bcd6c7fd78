import { describe, expect, test } from "vitest";
import { loadRecording } from "../world/recording.ts";
import { fixOf } from "./recorded-fix.ts";

describe("a StatefulSet that exists keeps the name of its Service", () => {
  const recording = loadRecording("shop-912");

  test("which goes back", async () => expect(await fixOf(recording)).toContain("+ serviceName: mike"));

  test("but not where that Service has another name now, too", async () => {
    const file = "deploy/service.yaml";
    const after = { ...recording.after, [file]: (recording.after[file] ?? "").replace("name: mike\n", "name: mike-peers\n") };
    const live = JSON.parse(JSON.stringify(recording.objects)).filter((one: { kind: string }) => one.kind !== "Service");
    expect((await fixOf({ ...recording, objects: live, after }))[0]).toContain("was renamed along with it");
  });
});
