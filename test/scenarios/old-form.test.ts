import { describe, expect, test } from "vitest";
import { fixOf, withoutOldPods } from "./recorded-fix.ts";
import { type Breakage, broken, RENDERERS } from "./unrenderable.ts";

const LIST = "deploy/kustomization.yaml";
const FILE = "deploy/settings.env";
const WORKLOAD = "deploy/deployment.yaml";

/** The program of shop-853 opens /etc/lime/settings.env; its generator has the file in another form after a commit. */
function outcome(breakage: Breakage, good: Breakage = {}): Promise<string[]> {
  return fixOf(broken("shop-853", breakage, good));
}

const asVariables: Breakage = { [LIST]: (text) => text.replace("files:", "envs:") };
const renamed = (text: string): Breakage => ({ [LIST]: (list) => list.replace("- settings.env", "- lime.env"), [FILE]: undefined, "deploy/lime.env": text });

describe.skipIf(RENDERERS.kind === "unavailable")("a file of a generator that the program misses", () => {
  test("is a file again where its lines became variables, with the values of today", async () => {
    expect(await outcome({ ...asVariables, [FILE]: "THEME=dark\nLIMIT=30\nPAGE=5\n" })).toMatchInlineSnapshot(`
      [
        "crash-on-start",
        "- envs:",
        "+ files:",
      ]
    `);
  });

  test("keeps its key where it has another name in git", async () => {
    expect(await outcome(renamed("THEME=dark\nLIMIT=20\n"))).toMatchInlineSnapshot(`
      [
        "crash-on-start",
        "- - lime.env",
        "+ - settings.env=lime.env",
      ]
    `);
  });

  test("gets its key back where only that changed", async () => {
    expect(
      await outcome({ [LIST]: (list) => list.replace("- settings.env", "- lime.env=settings.env"), [FILE]: "THEME=dark\nLIMIT=20\n" }),
    ).toMatchInlineSnapshot(`
      [
        "crash-on-start",
        "- - lime.env=settings.env",
        "+ - settings.env",
      ]
    `);
  });

  test("the variable follows where an argument says the new name already", async () => {
    const also: Breakage = { [WORKLOAD]: (text) => text.replace(/( +)volumeMounts:/, "$1args: [--also=/etc/lime/lime.env]\n$1volumeMounts:") };
    expect(await outcome({ ...renamed("THEME=dark\nLIMIT=20\n"), ...also })).toMatchInlineSnapshot(`
      [
        "crash-on-start",
        "- value: /etc/lime/settings.env",
        "+ value: /etc/lime/lime.env",
      ]
    `);
  });

  test.each<[string, Breakage]>([
    [
      "where a container reads the variables",
      { ...asVariables, [WORKLOAD]: (text) => text.replace(/( +)volumeMounts:/, "$1envFrom: [{configMapRef: {name: lime-files}}]\n$1volumeMounts:") },
    ],
    ["where the new file is another one", renamed("nothing: of this\n")],
    ["where most of the variables are others", { ...asVariables, [FILE]: "COLOUR=dark\nMOST=30\nPAGE=5\n" }],
  ])("is left to people %s", async (_, breakage) => {
    expect(await outcome(breakage)).toEqual([expect.stringMatching(/^people: /)]);
  });
});

/** The program of shop-963 misses SMTP_PASSWORD; here it reads it from a generated ConfigMap. */
function variableOutcome(breakage: Breakage): Promise<string[]> {
  const list = "resources: [mailing.yaml, secrets.yaml, web.yaml]\nconfigMapGenerator:\n  - name: mail\n    envs: [mail.env]\n";
  const reads = (text: string) => text.replace(/secretRef:\n +name: .*\n +optional: true/, "configMapRef: {name: mail}");
  const good: Breakage = { [LIST]: list, "deploy/mail.env": "SMTP_PASSWORD=only-for-tests\nSMTP_PORT=25\n", "deploy/mailing.yaml": reads };
  return fixOf(withoutOldPods(broken("shop-963", breakage, good), '"mailing-smtp"'));
}

describe.skipIf(RENDERERS.kind === "unavailable")("a variable of a generator that the program misses", () => {
  const asFile: Breakage = { [LIST]: "resources: [mailing.yaml, secrets.yaml, web.yaml]\nconfigMapGenerator:\n  - name: mail\n    files: [mail.env]\n" };

  test("is a variable again where it became a line of a file", async () => {
    expect(await variableOutcome({ ...asFile, "deploy/mail.env": "SMTP_PASSWORD=for-tests-only\nSMTP_PORT=25\nSMTP_TLS=yes\n" })).toMatchInlineSnapshot(`
      [
        "crash-on-start",
        "- files: [mail.env]",
        "+ envs: [mail.env]",
      ]
    `);
  });

  test("is left to people where the file is none of variables", async () => {
    expect(await variableOutcome({ ...asFile, "deploy/mail.env": "SMTP_PASSWORD: for-tests-only\nSMTP_PORT: 25\n" })).toEqual([
      expect.stringMatching(/^people: /),
    ]);
  });
});
