import { at, type Json, type JsonObject, listAt, type ObjectRef, textAt } from "../../../cluster/objects.ts";
import { type FieldPath, getIn, listKey } from "../../../source/edit/field-path.ts";
import type { ObjectChange } from "../../../source/workspace.ts";
import type { Finding } from "../../diagnosis.ts";
import { podSpecOf, podSpecPath } from "../../workload.ts";
import type { CrashCase } from "../crash/crash-case.ts";
import { CONFIDENCE, escalate, fix, place } from "../entry.ts";

/** The path before the error (C, shells, Python, nginx, Java), or behind it (Go, Python, Node, Ruby). */
const READ_ONLY =
  /(\/[\w./-]{1,200})['"]?(?:: | failed \(30: | \()read-only file ?system|read-only file ?system(?:,? @? ?\w{1,30}(?: -)?|:)? ['"]?(\/[\w./-]{1,200})/i;
/** Folders that hold nothing of the image's own: an empty volume there hides nothing. Below /run are secrets. */
const SCRATCH = /^\/((var\/)?tmp(\/[\w.-]+)*|(var\/)?run(\/(?!secrets)[\w.-]+)*|var\/cache(\/[\w.-]+)*|var\/log(\/[\w.-]+)*|var\/lib\/[\w.-]+\/tmp)$/;
/** nginx makes several of these side by side. */
const ONE_OF_MANY = /^\/var\/cache\/[\w.-]+\/[\w.-]+_temp$/;

/**
 * Where a volume lets a file be made. Without its folder the error would be another, so that is in the image and must stay; of folders below one for temporary
 * files nobody knows which is the first that is missing.
 */
function folderFor(file: string, text: string): string {
  const parent = file.slice(0, file.lastIndexOf("/"));
  const [, root] = /^(\/(?:var\/)?(?:tmp|run))\//.exec(file) ?? [];
  if (root !== undefined) return /\bmkdir|create directory/i.test(text) ? root : parent;
  return SCRATCH.test(file) && !ONE_OF_MANY.test(file) && !/\.\w{1,5}$/.test(file) ? file : parent;
}

/** The program writes to its root file system, which is read-only: it gets an emptyDir there. The root stays read-only. */
export function readOnly({ log, now, found, changed, statement, past }: CrashCase): Finding | undefined {
  const match = log.map(({ text }) => READ_ONLY.exec(text.slice(0, 1000))).find((found) => found !== null);
  const file = match?.[1] ?? match?.[2];
  if (file === undefined || at(found.value, "securityContext", "readOnlyRootFilesystem") !== true) return undefined;
  const folder = folderFor(file, match?.input ?? "");
  const said = { ...statement, rootCause: `${place(statement.object, statement.container)} writes ${file}, but its root file system is read-only.` };
  const mounted = listAt(found.value, "volumeMounts").some((mount) => textAt(mount, "mountPath") === folder);
  if (!SCRATCH.test(folder) || mounted) {
    return escalate(
      said,
      `${folder === "" ? "/" : folder} may hold files of the image`,
      `Mount a writable volume where the program writes (${file}), or let it write elsewhere.`,
    );
  }
  const switchedOn = changed.some(({ path, before }) => path.includes("securityContext") && before !== true);
  const changes = emptyDirAt(statement.object, found.path, folder, now);
  const words = [`Mount an emptyDir at ${folder}, where the program writes; the root file system stays read-only`];
  return fix({ ...said, confidence: past && switchedOn ? CONFIDENCE.likely : CONFIDENCE.suggested }, changes, words);
}

function emptyDirAt(object: ObjectRef, container: FieldPath, folder: string, now: CrashCase["now"]): ObjectChange[] {
  const spec = podSpecPath(object.kind) ?? [];
  const volumes = listAt(podSpecOf(now), "volumes");
  const taken = new Set(volumes.map((volume) => textAt(volume, "name")));
  const wish = folder.slice(1).replaceAll(/[/.]/g, "-").toLowerCase();
  const name = [wish, `${wish}-scratch`, `${wish}-writable`].find((candidate) => !taken.has(candidate)) ?? `${wish}-autofix`;
  return [
    addTo(object, [...spec, "volumes"], volumes, { name, emptyDir: {} }),
    addTo(object, [...container, "volumeMounts"], listAt(getIn(now, container) ?? null, "volumeMounts"), { name, mountPath: folder }),
  ];
}

/** An item of a list, by the key that differences of that list go by; or the list with that item where there is no list yet. */
function addTo(object: ObjectRef, list: FieldPath, items: readonly Json[], item: JsonObject): ObjectChange {
  if (items.length === 0) return { object, path: list, before: undefined, after: [item] };
  const key = listKey([...items, item]);
  const segment = key === undefined ? items.length : { key, value: String(item[key]) };
  return { object, path: [...list, segment], before: undefined, after: item };
}
