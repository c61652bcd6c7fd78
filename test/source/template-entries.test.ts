import { describe, expect, test } from "vitest";
import { linesOf } from "../../src/source/edit/hunks.ts";
import {
  hasOtherEntries,
  type OtherLines,
  placesForItem,
  placesForKey,
  placesOfItem,
  placesOfKey,
  placesOfMapping,
} from "../../src/source/slips/template-entries.ts";

const PATH = "chart/templates/web.yaml";
const TEXT = `kind: Deployment
spec:
  {{- if .Values.calm }}
  paused: true
  {{- end }}
  template:
    spec:
      hostNetwork: true
      containers:
        - name: web
          image: {{ .Values.image }}
          securityContext:
            privileged: true
          env:
            - name: MODE
              value: dark
            - name: PORT
              value: {{ .Values.port | quote }}
`;

/** The templates that the places make, as the lines that differ. */
function told(places: readonly OtherLines[]): string[] {
  return places.map(({ at, count, lines }) => {
    const all = linesOf(TEXT);
    return [...all.slice(at, at + count).map((line) => `- ${line}`), ...linesOf(lines).map((line) => `+ ${line}`)].join("");
  });
}

describe("an entry that a template writes out", () => {
  test("comes beside one of the same mapping, behind the first of an item", () => {
    expect(told(placesForKey(TEXT, { name: "web", env: [] }, "resources", { limits: { memory: "64Mi" } }))).toMatchInlineSnapshot(`
      [
        "-         - name: web
      +         - name: web
      +           resources:
      +             limits:
      +               memory: 64Mi
      ",
        "-             - name: MODE
      +             - name: MODE
      +               resources:
      +                 limits:
      +                   memory: 64Mi
      ",
        "-             - name: PORT
      +             - name: PORT
      +               resources:
      +                 limits:
      +                   memory: 64Mi
      ",
        "-           env:
      +           resources:
      +             limits:
      +               memory: 64Mi
      +           env:
      ",
      ]
    `);
    expect(told(placesForKey(TEXT, { hostNetwork: true }, "enableServiceLinks", false))).toMatchInlineSnapshot(`
      [
        "-       hostNetwork: true
      +       enableServiceLinks: false
      +       hostNetwork: true
      ",
      ]
    `);
  });

  test("comes as one more item", () => {
    expect(told(placesForItem(TEXT, [{ name: "MODE", value: "dark" }], { name: "LEVEL", value: "7" }))).toMatchInlineSnapshot(`
      [
        "-             - name: MODE
      +             - name: LEVEL
      +               value: "7"
      +             - name: MODE
      ",
      ]
    `);
  });

  test("goes with all that is below it, but not with an action", () => {
    expect(told(placesOfKey(TEXT, "hostNetwork"))).toMatchInlineSnapshot(`
      [
        "-       hostNetwork: true
      ",
      ]
    `);
    expect(told(placesOfMapping(TEXT, "securityContext"))).toMatchInlineSnapshot(`
      [
        "-           securityContext:
      -             privileged: true
      +           securityContext: {}
      ",
      ]
    `);
    expect(told(placesOfItem(TEXT, { name: "MODE", value: "dark" }))).toMatchInlineSnapshot(`
      [
        "-             - name: MODE
      -               value: dark
      ",
      ]
    `);
    expect(placesOfKey(TEXT, "image")).toEqual([]);
    expect(placesOfItem(TEXT, { name: "PORT", value: "8080" })).toEqual([]);
  });

  test("holds nothing that a template would take for an action", () => {
    expect(placesForKey(TEXT, { hostNetwork: true }, "hostname", "{{ .Release.Name }}")).toEqual([]);
    expect(placesForItem(TEXT, [{ name: "MODE" }], { name: "A", value: "}}" })).toEqual([]);
  });
});

describe("a template in which nothing but entries came or went", () => {
  const is = (after: string, path = PATH) => hasOtherEntries(path, TEXT, after);

  test("is one", () => {
    expect(is(TEXT.replace("      hostNetwork: true\n", "      enableServiceLinks: false\n      hostNetwork: true\n"))).toBe(true);
    expect(is(TEXT.replace("      hostNetwork: true\n", ""))).toBe(true);
  });

  test.each([
    ["another action", is(TEXT.replace(".Values.image", ".Values.other"))],
    ["an action less", is(TEXT.replace("  {{- if .Values.calm }}\n  paused: true\n  {{- end }}\n", ""))],
    ["a line with an action", is(TEXT.replace("      hostNetwork: true\n", "      hostname: {{ .Release.Name }}\n"))],
    ["another kind", is(TEXT.replace("kind: Deployment", "kind: ClusterRole"))],
    ["a document more", is(`${TEXT}---\nspec: {}\n`)],
    ["a comment", is(TEXT.replace("spec:\n", "# as people want it\nspec:\n"))],
    ["more than anybody reads", is(TEXT.replace("spec:\n", `spec:\n${"  paused: true\n".repeat(80)}`))],
    ["another file", is(TEXT.replace("      hostNetwork: true\n", ""), "deploy/web.yaml")],
    ["nothing", is(TEXT)],
  ])("is none with %s", (_, judged) => expect(judged).toBe(false));
});
