import { describe, expect, it } from "vitest";
import { parseSettingsFile } from "../../src/source/edit/settings-file.ts";

function parsed(text: string) {
  const file = parseSettingsFile(text);
  if (file.kind === "refused") throw new Error(file.message);
  return file;
}

function refusal(text: string): string {
  const file = parseSettingsFile(text);
  return file.kind === "refused" ? `line ${file.line}: ${file.message}` : "accepted";
}

const TEXT = `# settings
---
bounds: {memoryFactor: 2,
  probeSeconds: 60}
quietHours:
  windows:
    - from: 22:00
      to: 07:00
    - days:
        - sat
        - sun
`;

describe("a settings file", () => {
  it("is plain data; times of day are text without quotation marks", () => {
    expect(parsed(TEXT).value).toEqual({
      bounds: { memoryFactor: 2, probeSeconds: 60 },
      quietHours: { windows: [{ from: "22:00", to: "07:00" }, { days: ["sat", "sun"] }] },
    });
  });

  it.each([
    [[], 3],
    [["bounds"], 3],
    [["bounds", "probeSeconds"], 4],
    [["quietHours", "windows", 0], 7],
    [["quietHours", "windows", 0, "to"], 8],
    [["quietHours", "windows", 1, "days", 1], 11],
    [["quietHours", "timeZone"], 5],
    [["quietHours", "windows", 7, "from"], 6],
    [["nothing", "of", "this"], 3],
  ])("knows the line of %j, or of what is nearest above it", (path, line) => {
    expect(parsed(TEXT).lineOf(path)).toBe(line);
  });

  it.each(["", "\n", "# nothing but a comment\n", "---\n", "\uFEFF"])("may be empty: %j", (text) => {
    expect(parsed(text).value).toBeNull();
    expect(parsed(text).lineOf(["enabled"])).toBeGreaterThan(0);
  });

  it("says what YAML it does not take, and where", () => {
    const texts = [
      "enabled: true\nenabled: false\n",
      "kinds: &kinds\n  only: [Pod]\nclasses: *kinds\n",
      "kinds:\n  <<: {only: [Pod]}\n",
      "engine: !!str playbook\n",
      "enabled: true\n---\nenabled: true\n",
      "paths:\n\tonly: [a]\n",
      "pullRequests:\n  reviewers: [@ada]\n",
      "labels: [one\n",
      `deep: ${"[".repeat(100)}${"]".repeat(100)}\n`,
      `# ${"x".repeat(70_000)}\n`,
    ];
    expect(texts.map(refusal).join("\n")).toMatchInlineSnapshot(`
      "line 2: The key "enabled" is there twice.
      line 2: Anchors and aliases are not accepted here.
      line 2: Merge keys are not accepted here.
      line 1: The tag tag:yaml.org,2002:str is not accepted here.
      line 2: There is more than one document: settings are one mapping.
      line 2: Tabs are not allowed as indentation.
      line 2: Plain value cannot start with reserved character @.
      line 1: Flow sequence in block collection must be sufficiently indented and end with a ].
      line 1: Nested deeper than 64 levels.
      line 1: The file is longer than 64 KiB."
    `);
  });
});
