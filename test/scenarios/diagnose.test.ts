import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { diagnoseCommand } from "../../src/cli/diagnose.ts";
import { type ReplayCluster, startReplayCluster } from "../standins/replay-cluster.ts";
import { loadRecording, type Recording } from "../world/recording.ts";

const folders: string[] = [];
let cluster: ReplayCluster;

afterEach(async () => {
  await cluster.close();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** A clone of the recorded repository with both commits, and the cluster at the end of the recording, naming this clone's commits. */
async function clone(recording: Recording): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "kube-autofix-clone-"));
  folders.push(folder);
  const git = (...args: string[]) =>
    execFileSync("git", ["-C", folder, "-c", "user.name=Dana", "-c", "user.email=dana@example.com", ...args], { encoding: "utf8" }).trim();
  git("init", "-q", "-b", "main");
  const commit = (files: Record<string, string>, subject: string): string => {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    git("add", "-A");
    git("commit", "-q", "-m", subject);
    return git("rev-parse", "HEAD");
  };
  const { good, bad, subject } = recording.scenario;
  const rewrite: [string, string][] = [
    [good, commit(recording.before, "First release")],
    [bad, commit(recording.after, subject)],
  ];
  cluster = await startReplayCluster({ objects: recording.objects, logs: recording.logs, shiftTime: true, rewrite });
  return folder;
}

async function diagnose(...args: string[]): Promise<{ code: number; text: string }> {
  const printed: string[] = [];
  const env = { PATH: process.env.PATH, HOME: process.env.HOME };
  const code = await diagnoseCommand(["--kubeconfig", cluster.kubeconfig, ...args], { env, print: (text) => printed.push(text), now: () => new Date() });
  return { code, text: printed.join("\n") };
}

describe("kube-autofix diagnose, with no GitHub at all", () => {
  test("goes by the repository's settings, as far as they concern what is proposed", async () => {
    const folder = await clone(loadRecording("shop-01"));
    mkdirSync(join(folder, ".github"));
    const withSettings = (text: string) => {
      writeFileSync(join(folder, ".github/autofix.yml"), text);
      return diagnose("--delivery", "argocd/shop-01", "--checkout", folder);
    };
    expect(await withSettings("classes: {never: [image-not-found]}\n")).toMatchObject({
      code: 3,
      text: expect.stringContaining("failures of class image-not-found are switched off"),
    });
    expect(await withSettings("deliveries: {never: [argocd/*]}\n")).toMatchObject({ code: 3, text: expect.stringContaining("switched off (deliveries)") });
    expect(await withSettings("bounds: {minimumConfidence: 1}\n")).toMatchObject({ code: 1 });
    expect(await withSettings("enabled: 7\n")).toMatchObject({
      code: 3,
      text: expect.stringContaining(".github/autofix.yml, line 1: enabled must be true or false."),
    });
  });

  test("prints the pull request that the App would open", async () => {
    const folder = await clone(loadRecording("shop-01"));
    const { code, text } = await diagnose("--delivery", "argocd/shop-01", "--checkout", folder);
    expect(code).toBe(0);
    expect(text).toContain("# fix(shop-01/checkout): container checkout asks for image acme/checkout:1.4.7, which does not exist");
    expect(text).toContain("+          image: acme/checkout:1.4.1   # keep in step with the changelog");
    expect(text).toContain("“Release checkout 1.4.7” by Dana");
    expect(cluster.requests.every(({ method }) => method === "GET")).toBe(true);
  });

  test("says why where only a person can help", async () => {
    const folder = await clone(loadRecording("shop-07"));
    const { code, text } = await diagnose("--delivery", "argocd/shop-07", "--checkout", folder);
    expect(code).toBe(1);
    expect(text).toContain("secret values are never written by the bot");
  });

  test("has nothing to say of a healthy delivery", async () => {
    const folder = await clone(loadRecording("shop-45"));
    const { code, text } = await diagnose("--delivery", "flux-system/shop-45", "--checkout", folder, "--json");
    expect(code).toBe(3);
    expect(JSON.parse(text)).toEqual([{ outcome: "nothing", delivery: "Kustomization/flux-system/shop-45", reason: "nothing fails; the delivery is healthy" }]);
  });

  test("tells what is wrong with its arguments", async () => {
    const folder = await clone(loadRecording("shop-45"));
    await expect(diagnose("--delivery", "shop-45", "--checkout", folder)).rejects.toMatchObject({ code: "cli/usage" });
    await expect(diagnose("--delivery", "argocd/nobody", "--checkout", folder)).rejects.toMatchObject({ code: "cli/usage" });
    await expect(diagnose("--checkout", folder)).rejects.toMatchObject({ code: "cli/usage" });
    await expect(diagnose("--colour")).rejects.toMatchObject({ code: "cli/usage" });
  });
});
