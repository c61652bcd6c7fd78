import { describe, expect, test } from "vitest";
import { traceText } from "../../src/guards/text/trace.ts";

const GOOD = "spec:\n  values:\n    image:\n      repository: acme/shop\n      tag: 1.4.1\n    old: 1\n";
const HEAD = "spec:\n  values:\n    image:\n      repository: acme/shop\n      version: 1.4.2\n    new: 2\n";

/** The ground of a repair of the file, or the rule that refuses it. */
function groundOf(text: string): string | undefined {
  const texts = {
    files: [{ path: "apps/release.yaml", text: HEAD, lastGood: GOOD }],
    paths: new Set<string>(),
    configMaps: new Set<string>(),
    hasLastGood: true,
  };
  const proposal = { failureClass: "helm-failed" as const, files: [{ path: "apps/release.yaml", text }] };
  const input = { proposal, texts, evidence: { items: [] }, rendered: [], lastGood: [] } as unknown as Parameters<typeof traceText>[0];
  const { files, findings } = traceText(input);
  return files[0]?.ground ?? findings[0]?.rule;
}

describe("the old key of a line", () => {
  test("may come back with the value of today", () => expect(groundOf(HEAD.replace("version", "tag"))).toBe("key"));
  test("comes back with the old value as a restoration", () => expect(groundOf(HEAD.replace("version: 1.4.2", "tag: 1.4.1"))).toBe("last-good"));

  test.each([
    ["another value", HEAD.replace("version: 1.4.2", "tag: 6.6.6")],
    ["another key than the old one", HEAD.replace("version", "digest")],
    ["a second line", HEAD.replace("version", "tag").replace("new: 2", "new: 3")],
    ["another place", HEAD.replace("      repository", "      tag: 1.4.2\n      repository")],
  ])("does not with %s", (_, text) => expect(groundOf(text)).toBe("untraced-line"));
});
