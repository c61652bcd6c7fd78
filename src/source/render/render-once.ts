import { createHash } from "node:crypto";
import type { Renderer } from "./renderers.ts";
import { type RunOutcome, runRenderer } from "./run-renderer.ts";

/**
 * Runs a renderer, or gives what it printed for the same arguments and files before: most looks at a delivery find nothing new in git, and a search for the
 * place of a field renders the same base again and again. What failed is tried again, since the machine may have been the reason.
 */
export async function renderOnce(renderer: Renderer, args: readonly string[], files: ReadonlyMap<string, string | Uint8Array>): Promise<RunOutcome> {
  if (!renderer.printed) return runRenderer(renderer, args, files);
  return renderer.printed.get(keyOf(args, files), async () => {
    const value = await runRenderer(renderer, args, files);
    return { value, bytes: value.kind === "printed" ? 2 * value.text.length : Number.POSITIVE_INFINITY };
  });
}

function keyOf(args: readonly string[], files: ReadonlyMap<string, string | Uint8Array>): string {
  const hash = createHash("sha256").update(JSON.stringify(args));
  for (const path of [...files.keys()].sort()) {
    const content = Buffer.from(files.get(path) ?? "");
    hash.update(`\n${JSON.stringify(path)} ${content.byteLength}\n`).update(content);
  }
  return hash.digest("base64");
}
