import { describe, expect, test } from "vitest";
import { isRewordedTemplate, reworded } from "../../src/source/slips/template-words.ts";

describe("a word that a template writes out", () => {
  test.each([
    ["                subPath: nats.conf\n", "nats.conf", "bus.conf", "                subPath: bus.conf\n"],
    ["  name: {{ .Release.Name }}-config\n", "-config", "-settings", "  name: {{ .Release.Name }}-settings\n"],
    ['  path: "/healthz" # {{ .Chart.Name }}\n', "/healthz", "/health", '  path: "/health" # {{ .Chart.Name }}\n'],
    ["  path: /etc/nats.conf\n", "nats.conf", "bus.conf", undefined],
    ["  name: {{ .Values.config }}\n", "config", "settings", undefined],
    ["  args: [a, a]\n", "a", "b", undefined],
    ["  # subPath: nats.conf\n", "nats.conf", "bus.conf", undefined],
  ])("%s", (line, wrong, right, after) => expect(reworded(line, wrong, right)).toBe(after));
});

describe("a template in which nothing but words changed", () => {
  const PATH = "chart/templates/web.yaml";
  const TEXT = "kind: Deployment\nspec:\n  path: /healthz\n  image: {{ .Values.image }}\n  name: {{ .Release.Name }}-web\n";
  const is = (after: string, path = PATH) => isRewordedTemplate(path, TEXT, after);

  test("is one", () => {
    expect(is(TEXT.replace("/healthz", "/health"))).toBe(true);
    expect(is(TEXT.replace("-web", "-api"))).toBe(true);
  });

  test.each([
    ["a line more", is(`${TEXT}  privileged: true\n`)],
    ["a line less", is(TEXT.replace("  path: /healthz\n", ""))],
    ["another action", is(TEXT.replace(".Values.image", ".Values.other"))],
    ["an action in a word's place", is(TEXT.replace("/healthz", "{{ .Values.path }}"))],
    ["two words of a line", is(TEXT.replace("path: /healthz", "port: 8080"))],
    ["no words", is(TEXT.replace("/healthz", "{ a: b }"))],
    ["another file", is(TEXT.replace("/healthz", "/health"), "deploy/web.yaml")],
    ["nothing", is(TEXT)],
  ])("is none with %s", (_, judged) => expect(judged).toBe(false));
});
