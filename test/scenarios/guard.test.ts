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

describe("kube-autofix guard, with no cluster, no GitHub and no model", () => {
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

  test("tells what is wrong with its arguments", async () => {
    const wrong = (...args: string[]) => expect(guard("", ...args)).rejects.toMatchObject({ code: "cli/usage" });
    await wrong("--colour");
    await wrong("--class", "magic");
    await wrong("--target", "Deployment/nobody");
    await wrong("--proposal", join(folder, "missing.json"));
  });
});
