// A file that a program is told and that its ConfigMap does not hold, and the only one of the folder that could be meant.
import { type Json, textAt } from "../cluster/objects.ts";
import { type FieldChange, getIn } from "../source/edit/field-path.ts";
import { fileMeant, mountedFolders, mountMissing, withFile } from "../source/meant/mounted-files.ts";
import type { Grounds } from "./grounds.ts";
import { editDistance } from "./nearness.ts";
import { containersOf, inContainer, podSpecOf } from "./pod-template.ts";
import { findTarget } from "./target-match.ts";

const PATH = /\/[\w.@-]{1,100}(?:\/[\w.@-]{1,100}){1,12}/g;

/** The paths of files that a text names. */
export function filesNamed(text: string): string[] {
  return text.match(PATH) ?? [];
}

/** Whether all that differs between two texts is that file, as the rendered objects have it. */
export function isMountedFile({ input, object }: Grounds, before: Json | undefined, after: Json | undefined): boolean {
  const workload = findTarget(input.rendered, object);
  if (!workload || typeof before !== "string" || typeof after !== "string") return false;
  const folders = containersOf(workload).flatMap(({ container }) => mountedFolders(podSpecOf(workload), container, input.rendered, input.lastGood));
  return filesNamed(before.slice(0, 2000)).some((file) => {
    const meant = fileMeant(file, folders);
    return meant !== undefined && withFile(before, file, meant) === after;
  });
}

/** Files and folders below /etc that belong to the system of an image. */
const OF_SYSTEM =
  /^(?:passwd|shadow|group|gshadow|sub[ug]id|hosts\S*|hostname|resolv\.conf|nsswitch\.conf|environment|profile|fstab|shells|ca-certificates\S*|ssl|pki|ssh|security|pam\.d|cron\S*|ld\.so\S*|sudoers\.d|profile\.d|init\.d|rc\S*\.d|alternatives|apt|apk|systemd|default|skel)$/;

/** Whether a mount goes from one folder of an application right below /etc to another of almost that name, neither of which is the system's. */
export function isBesideOwn(before: Json | undefined, after: string): boolean {
  const [wrong, right] = [before, after].map((folder) => (typeof folder === "string" ? /^\/etc\/([\w.-]+)(?:\/|$)/.exec(folder)?.[1] : undefined));
  if (typeof before !== "string" || wrong === undefined || right === undefined || OF_SYSTEM.test(wrong) || OF_SYSTEM.test(right)) return false;
  return editDistance(before, after, 2) <= 2;
}

/**
 * Whether a container that misses a file of a folder of its own (also one right below /etc) gets the only volume there that holds such a file and that nobody
 * mounts.
 * @param folder where it is mounted
 */
export function isMissingMount({ input, object, after }: Grounds, { path, before }: FieldChange, folder: string): boolean {
  const workload = findTarget(input.rendered, object);
  const place = inContainer(object.kind, path);
  const name = textAt(getIn(after, path.slice(0, -1)), "name");
  if (!workload || !place || before !== undefined || OF_SYSTEM.test(/^\/etc\/([^/]+)/.exec(folder)?.[1] ?? "")) return false;
  if (!/^\/(?:etc|opt|srv|app|config|data|var\/lib)\/[\w.-]+/.test(folder) && !/^\/(?:config|app|settings)$/.test(folder)) return false;
  const files = input.evidence.items.flatMap(({ kind, text }) => (kind === "log" ? filesNamed(text.slice(0, 20_000)) : []));
  return files.some((file) => {
    const mount = mountMissing({ object: workload, spec: podSpecOf(workload) }, getIn(workload, place.container) ?? null, file, input.rendered);
    return mount?.name === name && mount.mountPath === folder;
  });
}
