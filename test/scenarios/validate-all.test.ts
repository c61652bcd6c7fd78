import { afterEach, describe, expect, test, vi } from "vitest";
import type { KubeObject } from "../../src/cluster/objects.ts";
import { fetchRenderers } from "../standins/renderers.ts";
import { loadRecording, type Recording } from "../world/recording.ts";
import { startWorld, type World } from "../world/world.ts";

// Several looks of the whole App each; machines that are busy need longer.
vi.setConfig({ testTimeout: 120_000 });

const renderers = await fetchRenderers();
const rendered = renderers.kind === "ready" ? test : (name: string, _: () => Promise<void>) => test.skip(`${name} (skipped: ${renderers.reason})`);

let world: World;

afterEach(() => world.close());

const SETTINGS = ".github/autofix.yml";
const DEPLOYMENT = "deploy/deployment.yaml";
const NAME = "kube-autofix / validation";

interface Options {
  recording?: Recording;
  settings?: string;
}

async function start({ recording = loadRecording("shop-01"), settings = "" }: Options = {}): Promise<void> {
  world = await startWorld(recording, { state: "good", files: { [SETTINGS]: `validate: all\n${settings}` } });
  await world.allLookedAt();
}

/** A file of the default branch with some of its text replaced. */
async function edited(path: string, ...changes: [from: string | RegExp, to: string][]): Promise<Record<string, string>> {
  const text = (await world.repository.tree())[path] ?? "";
  const changed = changes.reduce((now, [from, to]) => now.replace(from, to), text);
  if (changed === text) throw new Error(`nothing of ${path} changed`);
  return { [path]: changed };
}

/** Somebody's pull request; gives its head. */
async function propose(files: Record<string, string | null>, branch = "change"): Promise<string> {
  const sha = await world.repository.commit(files, { branch, as: "ada" });
  await world.repository.propose(branch, "ada");
  return sha;
}

const runsOf = async (sha: string) => (await world.repository.checkRuns(sha)).filter(({ name }) => name === NAME);

/** The check of a head, once it is there, with its annotations. */
async function checkOf(sha: string, count = 1) {
  await expect.poll(() => runsOf(sha), { timeout: 60_000 }).toHaveLength(count);
  const run = (await runsOf(sha)).at(-1);
  const remarks = await world.repository.annotations(run?.id ?? 0);
  // Some versions of kubectl begin so, and others not.
  return { ...run, remarks: remarks.map((remark) => remark.replace(": error: ", ": ")) };
}

/** The App's requests for a pull request since they were last forgotten. */
function requestsAbout(): string[] {
  const own = world.github.requests.filter(({ path }) => path.startsWith("/repos/") && !path.includes("/pulls?"));
  return own.map(({ method, path }) => `${method} ${path.replace("/repos/acme/shop-01/", "").replace(/[0-9a-f]{40}/g, "SHA")}`);
}

const NEW_IMAGE = [/acme\/checkout:1\.4\.1/, "acme/checkout:1.4.2"] as [RegExp, string];

describe("with validate: all, somebody's pull request", () => {
  test("that changes what is delivered in order is a success, and tells what changes", async () => {
    await start();
    await world.lookAgain();
    world.github.requests.length = 0;
    const run = await checkOf(await propose(await edited(DEPLOYMENT, NEW_IMAGE)));
    expect(run).toMatchObject({ status: "completed", conclusion: "success", output: { title: "One delivery in order" }, remarks: [] });
    expect(run.output?.summary).toMatchInlineSnapshot(`
      "Rendered where this branch left its base, and at its head. What the cluster would not take, and what the team's policies forbid, fails; what is worse than before is remarked only.

      ### \`Application/argocd/shop-01\`

      ✅ One object would change: \`Deployment shop-01/checkout\`."
    `);
    expect(run.output?.text).toContain("+          image: acme/checkout:1.4.2");
    expect(world.github.buttons(run.id ?? 0)).toEqual([]);
    expect(requestsAbout()).toMatchInlineSnapshot(`
      [
        "GET pulls/1",
        "GET pulls/1/files?per_page=100&page=1",
        "GET compare/main...SHA?per_page=1",
        "GET git/trees/SHA?recursive=1",
        "GET git/blobs/SHA",
        "GET git/blobs/SHA",
        "GET git/blobs/SHA",
        "GET commits/SHA/check-runs?check_name=kube-autofix%20%2F%20validation&filter=latest&per_page=100",
        "POST check-runs",
      ]
    `);
  });

  test("with a manifest that is no YAML fails at its line", async () => {
    await start();
    const run = await checkOf(await propose(await edited(DEPLOYMENT, ["  replicas: 2", "  replicas: 2\n   paused: [}"])));
    expect(run).toMatchObject({ conclusion: "failure", output: { title: "One problem in what would be delivered" } });
    expect(run.remarks).toMatchInlineSnapshot(`
      [
        "deploy/deployment.yaml:9 failure: Application/argocd/shop-01 cannot be rendered any more: deploy/deployment.yaml: line 9: Nested mappings are not allowed in compact mappings",
      ]
    `);
  });

  test("with a field that Kubernetes does not know, and a value of the wrong type, fails at their lines", async () => {
    await start();
    const run = await checkOf(
      await propose(
        await edited(DEPLOYMENT, ["  replicas: 2", "  replicas: two"], ["          ports:", "          imagePullPolice: Always\n          ports:"]),
      ),
    );
    expect(run).toMatchObject({ conclusion: "failure", output: { title: "2 problems in what would be delivered" } });
    expect(run.remarks).toMatchInlineSnapshot(`
      [
        "deploy/deployment.yaml:9 failure: Deployment shop-01/checkout /spec/replicas must be integer.",
        "deploy/deployment.yaml:22 failure: Deployment shop-01/checkout /spec/template/spec/containers/0 has an unknown field imagePullPolice.",
      ]
    `);
  });

  test("that violates a policy of the team fails with the team's words", async () => {
    const policy =
      'policies:\n  - name: two-replicas\n    match: {kinds: [Deployment]}\n    expression: "object.spec.replicas >= 2"\n    message: Two of everything, please.\n';
    await start({ settings: policy });
    const run = await checkOf(await propose(await edited(DEPLOYMENT, ["  replicas: 2", "  replicas: 1"])));
    expect(run).toMatchObject({ conclusion: "failure" });
    expect(run.remarks).toMatchInlineSnapshot(`
      [
        "deploy/deployment.yaml:9 failure: Deployment shop-01/checkout would violate the policy two-replicas: Two of everything, please.",
        "deploy/deployment.yaml:9 warning: Deployment shop-01/checkout: there are fewer replicas, which it was not before.",
      ]
    `);
  });

  test("that makes something worse is told so, and not kept from it", async () => {
    await start();
    const run = await checkOf(await propose(await edited(DEPLOYMENT, ["          ports:", "          securityContext: {privileged: true}\n          ports:"])));
    expect(run).toMatchObject({ conclusion: "neutral", output: { title: expect.stringContaining("nothing that fails") } });
    expect(run.remarks).toMatchInlineSnapshot(`
      [
        "deploy/deployment.yaml:22 warning: Deployment shop-01/checkout: containers/checkout is privileged, which it was not before.",
      ]
    `);
  });

  test("that touches nothing delivered has nothing to validate: a check that is required would wait for ever", async () => {
    await start();
    const run = await checkOf(await propose({ "README.md": "# Other words\n" }));
    expect(run).toMatchObject({ conclusion: "neutral", output: { title: "Nothing to validate" } });
  });

  test("into a branch that nothing is delivered from has nothing to validate, until it gets another base", async () => {
    await start();
    await world.repository.commit({ "README.md": "# Later\n" }, { branch: "next", as: "ada" });
    const sha = await world.repository.commit(await edited(DEPLOYMENT, ["  replicas: 2", "  replicas: two"]), { branch: "change", as: "ada" });
    const number = await world.repository.propose("change", "ada", "next");
    expect(await checkOf(sha)).toMatchObject({ conclusion: "neutral", output: { title: "Nothing to validate" } });
    await world.repository.rebase(number, "main", "ada");
    await expect.poll(async () => (await runsOf(sha)).at(-1)?.conclusion, { timeout: 60_000 }).toBe("failure");
  });

  test("is not blamed for what others committed to its base", async () => {
    await start();
    const sha = await world.repository.commit(await edited(DEPLOYMENT, NEW_IMAGE), { branch: "change", as: "ada" });
    // Better than what the branch has: compared with the base as it is now, the branch would take that away.
    await world.repository.commit(await edited(DEPLOYMENT, ["          ports:", "          securityContext: {runAsNonRoot: true}\n          ports:"]), {
      as: "ada",
    });
    await world.repository.propose("change", "ada");
    expect(await checkOf(sha)).toMatchObject({ conclusion: "success", remarks: [] });
  });

  test("that mends what could not be rendered is judged by what it renders", async () => {
    await start();
    await world.repository.commit({ "deploy/broken.yaml": "kind: [\n" }, { as: "ada" });
    const run = await checkOf(await propose({ "deploy/broken.yaml": null }));
    expect(run).toMatchObject({ conclusion: "success", output: { title: "One delivery in order" } });
  });

  test("that brings a file which cannot be read is not judged, and says why", async () => {
    await start();
    const run = await checkOf(await propose({ "deploy/kustomization.yaml": `# ${"x".repeat(3_000_000)}\nresources: []\n` }));
    expect(run).toMatchObject({
      conclusion: "neutral",
      output: { title: "One delivery could not be judged", summary: expect.stringContaining("kustomization.yaml") },
    });
  });

  test("that brings what a delivery waits for answers for it", async () => {
    const recording = loadRecording("shop-01");
    await start({ recording: { ...recording, before: { "README.md": "# shop-01\n" } } });
    const sha = await propose({ [DEPLOYMENT]: "kind: [\n", "deploy/service.yaml": recording.before["deploy/service.yaml"] ?? "" });
    expect(await checkOf(sha)).toMatchObject({ conclusion: "failure", remarks: [expect.stringMatching(/^deploy\/deployment\.yaml:1 failure/)] });
  });

  test("that takes away the whole path fails", async () => {
    await start();
    const run = await checkOf(await propose({ [DEPLOYMENT]: null, "deploy/service.yaml": null }));
    expect(run).toMatchObject({ conclusion: "failure" });
  });

  test("is checked again with every push, and when somebody asks for it", async () => {
    await start();
    const broken = await propose(await edited(DEPLOYMENT, ["  replicas: 2", "  replicas: two"]));
    const run = await checkOf(broken);
    expect(run.conclusion).toBe("failure");
    await world.repository.rerun(run.id ?? 0);
    expect(await checkOf(broken, 2)).toMatchObject({ conclusion: "failure" });
    await world.repository.rerunAll(run.check_suite?.id ?? 0);
    expect(await checkOf(broken, 3)).toMatchObject({ conclusion: "failure" });
    const mended = await world.repository.commit(await edited(DEPLOYMENT, NEW_IMAGE), { branch: "change", as: "ada" });
    expect(await checkOf(mended)).toMatchObject({ conclusion: "success" });
  });

  test("from a fork is checked at the fork's commit, and again when all checks are asked for", async () => {
    await start();
    const sha = await world.repository.commit(await edited(DEPLOYMENT, ["  replicas: 2", "  replicas: two"]), { branch: "patch", as: "ada", fork: true });
    world.github.fork("zoe", "patch", sha);
    await world.repository.propose("zoe:patch", "ada");
    const run = await checkOf(sha);
    expect(run).toMatchObject({ conclusion: "failure" });
    await world.repository.rerunAll(run.check_suite?.id ?? 0);
    expect(await checkOf(sha, 2)).toMatchObject({ conclusion: "failure" });
  });

  test("gets its check after a restart, where nobody heard of it, and once", async () => {
    await start();
    let sha = "";
    await world.restart(async () => {
      sha = await propose(await edited(DEPLOYMENT, NEW_IMAGE));
    });
    await checkOf(sha);
    await world.restart();
    await world.allLookedAt();
    await world.lookAgain();
    expect(await runsOf(sha)).toHaveLength(1);
  });

  test("gets its check when the setting arrives", async () => {
    world = await startWorld(loadRecording("shop-01"), { state: "good" });
    await world.allLookedAt();
    const sha = await propose(await edited(DEPLOYMENT, NEW_IMAGE));
    await world.lookAgain();
    expect(await runsOf(sha)).toEqual([]);
    await world.repository.commit({ [SETTINGS]: "validate: all\n" }, { as: "ada" });
    expect(await checkOf(sha)).toMatchObject({ conclusion: "success" });
  });
});

describe("with validate: own", () => {
  test("somebody's pull request gets no check, and costs what looking for settings costs", async () => {
    world = await startWorld(loadRecording("shop-01"), { state: "good" });
    await world.allLookedAt();
    await world.lookAgain();
    const from = world.github.requests.length;
    const sha = await propose(await edited(DEPLOYMENT, ["  replicas: 2", "  replicas: two"]));
    const asked = () => world.github.requests.slice(from).filter(({ path }) => path.includes("/pulls/"));
    await expect.poll(asked, { timeout: 60_000 }).toHaveLength(2);
    await world.lookAgain();
    expect(await world.repository.checkRuns(sha)).toEqual([]);
    expect(world.github.requests.slice(from).filter(({ path }) => /\/(?:compare|git\/trees|pulls\?)/.test(path))).toEqual([]);
  });

  test("settings that a branch brings count as little as ever", async () => {
    world = await startWorld(loadRecording("shop-01"), { state: "good" });
    await world.allLookedAt();
    const sha = await propose({ [SETTINGS]: "validate: all\n", ...(await edited(DEPLOYMENT, NEW_IMAGE)) });
    await expect.poll(() => world.repository.checkRuns(sha), { timeout: 60_000 }).toHaveLength(1);
    await world.lookAgain();
    expect(await runsOf(sha)).toEqual([]);
  });
});

describe("what is delivered through a renderer", () => {
  rendered("a kustomization: the line of the patch, the image's tag, or the base that decides", async () => {
    await start({ recording: loadRecording("shop-03") });
    const base = await edited("base/deployment.yaml", ["replicas: 2", "replicas: two"]);
    const overlay = await edited("overlays/prod/kustomization.yaml", ["images:", "namePrefixes: x\nimages:"]);
    expect((await checkOf(await propose(base, "base"))).remarks).toMatchInlineSnapshot(`
      [
        "base/deployment.yaml:9 failure: Deployment shop-03/listing /spec/replicas must be integer.",
      ]
    `);
    expect((await checkOf(await propose(overlay, "overlay"))).remarks).toMatchInlineSnapshot(`
      [
        "overlays/prod/kustomization.yaml:5 failure: Application/argocd/shop-03 cannot be rendered any more: invalid Kustomization: json: unknown field "namePrefixes"",
      ]
    `);
  });

  rendered("a chart: the value's line, and the template's", async () => {
    await start({ recording: loadRecording("shop-08") });
    const values = await edited("env/prod-values.yaml", ["replicas: 2", "replicas: two"]);
    expect((await checkOf(await propose(values, "values"))).remarks).toMatchInlineSnapshot(`
      [
        "env/prod-values.yaml:4 failure: Deployment shop-08/shop-08 /spec/replicas must be integer.",
      ]
    `);
    const template = await edited("chart/templates/deployment.yaml", ["replicas:", "replica:"]);
    expect((await checkOf(await propose(template, "template"))).remarks).toMatchInlineSnapshot(`
      [
        "chart/templates/deployment.yaml:6 failure: Deployment shop-08/shop-08 /spec has an unknown field replica.",
      ]
    `);
    const broken = await edited("chart/templates/deployment.yaml", ["replicas: {{", "replicas: {{ {"]);
    expect((await checkOf(await propose(broken, "broken"))).remarks).toMatchInlineSnapshot(`
      [
        "chart/templates/deployment.yaml:6 failure: Application/argocd/shop-08 cannot be rendered any more: Error: parse error at (shop/templates/deployment.yaml:6): unexpected "{" in command

      Use --debug flag to render out invalid YAML",
      ]
    `);
  });

  rendered("several deliveries of one base: one check with a section for each, a shared remark once", async () => {
    const recording = loadRecording("shop-03");
    const staging = (object: KubeObject): KubeObject => JSON.parse(JSON.stringify(object).replaceAll("overlays/prod", "overlays/staging"));
    const copies = recording.sequence.flatMap((event) => {
      if (event.object.kind !== "Application" || event.seconds >= 0) return [];
      const object = staging(event.object);
      return [{ ...event, object: { ...object, metadata: { ...object.metadata, name: "staging", uid: `${String(object.metadata.uid)}-2` } } }];
    });
    const files = { ...recording.before, "overlays/staging/kustomization.yaml": "resources: [../../base]\n" };
    await start({ recording: { ...recording, before: files, sequence: [...copies, ...recording.sequence] } });
    const run = await checkOf(await propose(await edited("base/deployment.yaml", ["replicas: 2", "replicas: two"])));
    expect(run.output?.summary?.match(/^### .*$/gm)).toHaveLength(2);
    expect(run.remarks).toHaveLength(1);
    expect(run.output?.title).toBe("2 problems in what would be delivered");
  });
});
