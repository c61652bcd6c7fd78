import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { guardCommand } from "../../src/cli/guard.ts";
import { modelAnswer } from "../standins/scripted-model.ts";
import { loadRecording } from "../world/recording.ts";

const { before: working, after: broken } = loadRecording("shop-01");
const manifest = broken["deploy/deployment.yaml"] ?? "";
const fixed = manifest.replace("1.4.7", "1.4.1");

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "kube-autofix-guard-"));
  write("broken", broken);
  write("working", working);
});

afterEach(() => rmSync(folder, { recursive: true }));

function write(name: string, files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name, path)), { recursive: true });
    writeFileSync(join(folder, name, path), text);
  }
}

/** The command as a shell runs it, with the proposal on standard input. */
async function guard(proposal: string, ...options: string[]): Promise<{ code: number; text: string }> {
  const printed: string[] = [];
  const standardInput = Readable.from([Buffer.from(proposal)]);
  const all = ["--before", join(folder, "broken"), "--path", "deploy", "--proposal", "-", ...options];
  const code = await guardCommand(all, { env: { PATH: process.env.PATH }, print: (text) => printed.push(text), standardInput });
  return { code, text: printed.join("\n") };
}

const good = () => ["--good", join(folder, "working")];

function answer(yaml: string, id = "D1"): string {
  return modelAnswer({ action: "fix", failure_class: "image-not-found", corrected_documents: [{ document_id: id, corrected_yaml: yaml }] });
}

/** The program itself. */
function program(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync("node", ["src/cli.ts", "guard", ...args], { encoding: "utf8", env: { PATH: process.env.PATH } });
  return { status, stdout, stderr };
}

describe("kube-autofix guard, with no cluster, no GitHub and no model", () => {
  test("as a program: 0 approved, 1 refused, 2 wrong usage; what is wrong goes to standard error", { timeout: 180_000 }, () => {
    write("proposals", { "right.yaml": fixed });
    const judge = (...options: string[]) =>
      program("--before", join(folder, "broken"), "--path", "deploy", "--proposal", join(folder, "proposals", "right.yaml"), ...good(), ...options);
    expect(judge("--class", "image-not-found")).toMatchObject({ status: 0, stdout: expect.stringContaining("APPROVED"), stderr: "" });
    expect(judge("--class", "replicas-zero")).toMatchObject({ status: 1, stdout: expect.stringContaining("REFUSED"), stderr: "" });
    expect(program("--before", folder)).toMatchObject({ status: 2, stdout: "", stderr: expect.stringContaining("--proposal") });
  });

  test("says which document is which", async () => {
    const { code, text } = await guard("", "--list");
    expect(code).toBe(0);
    expect(text).toMatchInlineSnapshot(`
      "D1  deploy/deployment.yaml#0  object    Deployment checkout
      D2  deploy/service.yaml#0     object    Service checkout"
    `);
  });

  test("approves an honest answer, and prints what would be committed", async () => {
    const { code, text } = await guard(answer(fixed), ...good());
    expect(code).toBe(0);
    expect(text).toMatchInlineSnapshot(`
      "Failing object: Deployment checkout
      Failure class:  image-not-found
      Rendered as:    what Argo CD would make of this folder

      Guards
        envelope        passed
        yaml            passed
        scope           passed
        invariants      passed
        class-paths     passed
        grounding       skipped   no evidence offline: quotes and confidence are not judged
        plausible       passed
        schema          passed    schemas of Kubernetes 1.36
        not-worse       passed
        blast-radius    passed    changes Deployment checkout
        secrets         passed
        server-dry-run  skipped   not switched on

      APPROVED. This is what would be committed:

      --- a/deploy/deployment.yaml
      +++ b/deploy/deployment.yaml
      @@ -18,7 +18,7 @@
           spec:
             containers:
               - name: checkout
      -          image: acme/checkout:1.4.7   # keep in step with the changelog
      +          image: acme/checkout:1.4.1   # keep in step with the changelog
                 ports:
                   - name: http
                     containerPort: 8080
      "
    `);
  });

  test("puts back what does not belong to the fix", async () => {
    const { code, text } = await guard(fixed.replace("replicas: 2", "replicas: 9"), "--class", "image-not-found", ...good());
    expect(code).toBe(0);
    expect(text).toContain("before 2, proposed 9, stays 2");
    expect(text).not.toContain("+  replicas");
  });

  test("refuses what no honest fix needs, and names it", async () => {
    const hostile = fixed.replace("          image:", "          securityContext: { privileged: true }\n          image:");
    const { code, text } = await guard(answer(hostile), ...good(), "--json");
    expect(code).toBe(1);
    const result = JSON.parse(text);
    expect(result).toMatchObject({ verdict: "refused", diff: "", failureClass: "image-not-found" });
    expect(result.report.findings).toContainEqual(expect.objectContaining({ guard: "class-paths", rule: "privileged", verdict: "refused" }));
  });

  test("refuses an image that nothing shows to exist", async () => {
    const { code, text } = await guard(answer(manifest.replace("1.4.7", "1.4.6")), ...good());
    expect(code).toBe(1);
    expect(text).toContain("Nothing shows that acme/checkout:1.4.6 exists.");
  });

  test("permits nothing where no class is named", async () => {
    const { code, text } = await guard(fixed, ...good());
    expect(code).toBe(1);
    expect(text).toContain("without one nothing is permitted");
  });

  test.each([
    ["a further object", `${fixed}\n---\napiVersion: v1\nkind: Pod\nmetadata: { name: evil }\nspec: {}\n`, "scope"],
    ["an unknown id", answer(fixed, "D9"), "D9"],
    ["a fenced answer", `\`\`\`json\n${answer(fixed)}\n\`\`\``, "envelope/fenced"],
    ["thoughts before the answer", `<think>hm</think>${answer(fixed)}`, "envelope/thinking"],
    ["an answer in another shape", '{"answer": "yes"}', "envelope/out-of-schema"],
    ["an answer that proposes nothing", modelAnswer(), "envelope/escalates"],
    ["an anchor", fixed.replace("replicas: 2", "replicas: &n 2"), "yaml/"],
    ["nothing", "", "document-count"],
  ])("refuses %s", async (_, proposal, named) => {
    const { code, text } = await guard(proposal, "--class", "image-not-found", "--target", "Deployment/checkout", ...good());
    expect(code).toBe(1);
    expect(text).toContain(named);
    expect(text).toContain("REFUSED");
  });

  test("judges documents as they are where the folder cannot be rendered", async () => {
    write("broken", { "deploy/notes.yaml": "just: notes\n" });
    const { code, text } = await guard(fixed, "--class", "image-not-found", ...good());
    expect(text).toContain("the documents as they are");
    expect(code).toBe(0);
  });

  test("judges by the team's own rules", async () => {
    write("rules", {
      "list.yaml":
        "- name: no-fourth-patch\n  message: 1.4.1 is recalled\n  expression: '!object.spec.template.spec.containers.exists(c, c.image.endsWith(\":1.4.1\"))'\n",
      "autofix.yml": "confidence: 1\npolicies:\n  - { name: two, expression: object.spec.replicas >= 2 }\n",
      "broken.yaml": "- { name: broken, expression: object.spec.replicas >= }\n",
    });
    const by = (file: string) => guard(answer(fixed), ...good(), "--policies", join(folder, "rules", file));
    const refused = await by("list.yaml");
    expect(refused.code).toBe(1);
    expect(refused.text).toContain("Deployment checkout would violate the policy no-fourth-patch: 1.4.1 is recalled");
    const approved = await by("autofix.yml");
    expect(approved.code).toBe(0);
    expect(approved.text).toMatch(/not-worse +passed +1 policy of the team/);
    expect((await by("broken.yaml")).text).toContain("not-worse/policy-invalid");
  });

  test("judges by the schemas of a cluster that were saved", async () => {
    const group = [{ group: "apps", version: "v1", kind: "Deployment" }];
    const schema = (spec: object) => ({ components: { schemas: { D: { type: "object", "x-kubernetes-group-version-kind": group, properties: { spec } } } } });
    write("open", { "apps.json": JSON.stringify(schema({ type: "object", "x-kubernetes-preserve-unknown-fields": true })) });
    const { code, text } = await guard(answer(fixed), ...good(), "--openapi", join(folder, "open"));
    expect(code).toBe(0);
    expect(text).toContain(`schemas of ${join(folder, "open")}`);
  });

  test("judges several documents at once, whatever their order, comments and line ends", async () => {
    const both = `# corrected\n---\n${broken["deploy/service.yaml"]}\n---\n# the fix\n${fixed}\n`;
    for (const text of [both, both.replaceAll("\n", "\r\n"), `\uFEFF${both}`]) {
      const judged = await guard(text, "--class", "image-not-found", ...good());
      expect(judged.code, judged.text).toBe(0);
      expect(judged.text).toContain("+          image: acme/checkout:1.4.1");
    }
  });

  test("gives every value in JSON: before, proposed and final", async () => {
    const { text } = await guard(fixed.replace("replicas: 2", "replicas: 9"), "--class", "image-not-found", "--json", ...good());
    const { verdict, failureClass, target, diff, report } = JSON.parse(text);
    expect({ verdict, failureClass, target: target.name, guards: report.verdicts.length }).toEqual({
      verdict: "approved",
      failureClass: "image-not-found",
      target: "checkout",
      guards: 12,
    });
    expect(diff).toContain("+          image: acme/checkout:1.4.1");
    expect(report.findings).toEqual([
      {
        guard: "invariants",
        verdict: "restored",
        rule: "replicas",
        message: expect.any(String),
        document: "D1",
        path: "spec.replicas",
        before: 2,
        proposed: 9,
        final: 2,
      },
    ]);
  });

  test("tells what is wrong with its arguments", async () => {
    const wrong = (...args: string[]) => expect(guard("", ...args)).rejects.toMatchObject({ code: "cli/usage" });
    await wrong("--colour");
    await wrong("--class", "magic");
    await wrong("--target", "Deployment/nobody");
    await wrong("--proposal", join(folder, "missing.json"));
    await wrong("--policies", join(folder, "missing.yaml"));
    await wrong("--openapi", join(folder, "missing"));
    await wrong("--openapi", folder);
    write("rules", { "wrong.yaml": "- { name: A, expresion: x }\n", "torn.yaml": "- { name", "list/a.json": "{" });
    await wrong("--policies", join(folder, "rules", "wrong.yaml"));
    await wrong("--policies", join(folder, "rules", "torn.yaml"));
    await wrong("--openapi", join(folder, "rules", "list"));
  });
});
