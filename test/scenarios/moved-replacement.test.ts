import { describe, expect, test } from "vitest";
import { type Breakage, broken, play, RENDERERS } from "./unrenderable.ts";

const MAPS = "base/settings.yaml";
const LISTED = "base/kustomization.yaml";
const LIST = "overlays/prod/kustomization.yaml";
const map = (name: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\ndata:\n  locale: de\n`;
const COPIES = `replacements:
  - source: {kind: ConfigMap, name: outbox-settings, fieldPath: data.locale}
    targets:
      - select: {kind: Deployment}
        fieldPaths: [spec.template.metadata.annotations.locale]
        options: {create: true}
`;

/** The overlay of shop-28 copies a value out of a ConfigMap of the base. */
const GOOD: Breakage = {
  [MAPS]: map("outbox-settings"),
  [LISTED]: (text) => text.replace("resources:\n", "resources:\n  - settings.yaml\n"),
  [LIST]: (text) => `${text}${COPIES}`,
};

describe.skipIf(RENDERERS.kind === "unavailable")("a replacement whose ConfigMap was renamed", () => {
  test("follows it: kustomize says only that nothing was selected", async () => {
    const recording = broken("shop-28", {}, GOOD);
    const { outcome } = await play({ ...recording, after: { ...recording.before, [MAPS]: map("outbox-config") } });
    expect(outcome.split("\n").slice(1)).toEqual([
      "-   - source: {kind: ConfigMap, name: outbox-settings, fieldPath: data.locale}",
      "+   - source: {kind: ConfigMap, name: outbox-config, fieldPath: data.locale}",
    ]);
  });
});
