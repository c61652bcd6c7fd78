import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { type ByteCache, createByteCache } from "../git/byte-cache.ts";
import type { RunOutcome } from "./run-renderer.ts";

/** A renderer's binary and what comes before its own arguments. */
export interface Renderer {
  command: string;
  args: readonly string[];
  /** What it printed lately; see render-once.ts. */
  printed?: ByteCache<RunOutcome>;
}

/** The binaries that turn sources into manifests; undefined where there is none. */
export interface Renderers {
  /** Takes a folder as its last argument. */
  kustomize: Renderer | undefined;
  helm: Renderer | undefined;
}

export interface RendererSettings {
  /** `KUSTOMIZE_BIN`: kustomize, or kubectl (told by its name). */
  kustomizeBin?: string;
  /** `HELM_BIN`. */
  helmBin?: string;
  /** The value of PATH. */
  path: string;
  /** A per-user folder that may hold kubectl and helm. */
  cache?: string;
}

/** What each renderer printed is kept up to this. */
const KEPT_BYTES = 64 * 1024 * 1024;

/** Looks for the binaries: the configured one, PATH, the cache. A configured one that cannot be run counts as missing, never replaced by another. */
export function findRenderers({ kustomizeBin, helmBin, path, cache }: RendererSettings): Renderers {
  const folders = [...path.split(delimiter).filter(Boolean), ...(cache ? [cache] : [])];
  const find = (name: string) => folders.map((folder) => join(folder, name)).find(isExecutable);
  const kustomize = kustomizeBin ? (isExecutable(kustomizeBin) ? kustomizeBin : undefined) : (find("kustomize") ?? find("kubectl"));
  const helm = helmBin ? (isExecutable(helmBin) ? helmBin : undefined) : find("helm");
  const renderer = (command: string, args: readonly string[]): Renderer => ({ command, args, printed: createByteCache(KEPT_BYTES) });
  return {
    kustomize: kustomize ? renderer(kustomize, [/kubectl(?:\.exe)?$/.test(kustomize) ? "kustomize" : "build"]) : undefined,
    helm: helm ? renderer(helm, []) : undefined,
  };
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

export const MISSING_KUSTOMIZE =
  "Rendering this source needs kustomize, and neither kustomize nor kubectl was found: install one of them on PATH, or set KUSTOMIZE_BIN to it";
export const MISSING_HELM = "Rendering this source needs helm, which was not found: install it on PATH, or set HELM_BIN to it";
