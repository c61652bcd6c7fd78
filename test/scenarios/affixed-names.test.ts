import { describe, expect, test } from "vitest";
import { loadRecording, type Recording } from "../world/recording.ts";
import { fixOf } from "./recorded-fix.ts";
import { RENDERERS } from "./unrenderable.ts";

/** The recorded failure of plain manifests, as an overlay renders it that puts a prefix before every name. */
function prefixed(id: string, name: string, instead: (files: Record<string, string>) => Record<string, string> = (files) => files): Recording {
  const recording = loadRecording(id);
  const path = recording.scenario.path;
  const moved = (files: Record<string, string>) => {
    const own = Object.entries(files).filter(([file]) => file.startsWith(`${path}/`));
    const base = Object.fromEntries(own.map(([file, text]) => [file.replace(`${path}/`, `${path}/base/`), text]));
    const listed = own.map(([file]) => file.slice(path.length + 1)).join(", ");
    return {
      ...base,
      [`${path}/base/kustomization.yaml`]: `resources: [${listed}]\n`,
      [`${path}/kustomization.yaml`]: "namePrefix: prod-\nresources: [base]\n",
    };
  };
  const live = JSON.stringify(recording.objects).replaceAll(new RegExp(`"${name}(?=["-])`, "g"), `"prod-${name}`);
  return { ...recording, objects: JSON.parse(live), before: moved(recording.before), after: moved(instead(recording.after)) };
}

describe.skipIf(RENDERERS.kind === "unavailable")("a reference that leads nowhere has lost the prefix, too", () => {
  test("of the Service behind an Ingress", async () => {
    expect(await fixOf(prefixed("shop-118", "shopfront"))).toEqual(["ingress-backend", "- name: shopfront", "+ name: shopfront-svc"]);
  });

  test("also where the Service is called quite otherwise now", async () => {
    const unlike = (files: Record<string, string>) =>
      Object.fromEntries(Object.entries(files).map(([file, text]) => [file, text.replaceAll("shopfront-svc", "window")]));
    expect(await fixOf(prefixed("shop-118", "shopfront", unlike))).toEqual(["ingress-backend", "- name: shopfront", "+ name: window"]);
  });
});
