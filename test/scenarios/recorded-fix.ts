import { play } from "../../bench/diagnosis/play.ts";
import { parseOperatorConfig } from "../../src/config/operator.ts";
import { createRepairParts } from "../../src/parts.ts";
import { hunksBetween } from "../../src/source/edit/hunks.ts";
import { findRenderers } from "../../src/source/render/renderers.ts";
import type { Recording } from "../world/recording.ts";
import { RENDERERS } from "./unrenderable.ts";

/** A recorded failure, or one made from it, through all rooms: the class and the lines of the fix, or the class and the reason why people are asked. */
export async function fixOf(recording: Recording, history = true): Promise<string[]> {
  const parts = createRepairParts(parseOperatorConfig({ AUTOFIX_ENGINE: "playbook" }), { cluster: { logs: async () => "" }, now: () => new Date() });
  const renderers = RENDERERS.kind === "ready" ? RENDERERS.renderers : findRenderers({ path: "" });
  const played = await play(recording, { parts, renderers, history });
  return played.flatMap((one) => {
    if (one.kind === "silence") return ["silence"];
    if (one.kind === "escalate") return [`people: ${one.failureClass}, ${one.why}`];
    const hunks = one.files.flatMap(({ path, before, after }) => hunksBetween(path, before, after));
    const lines = hunks.flatMap((hunk) => [...hunk.before.map((line) => `- ${line.trim()}`), ...hunk.after.map((line) => `+ ${line.trim()}`)]);
    return [one.failureClass, ...lines];
  });
}

/** Without the pods that still run as the recorded good commit had them, where a test has another one; `word`: what their spec holds. */
export function withoutOldPods(recording: Recording, word: string): Recording {
  const isOld = ({ kind, spec }: Recording["objects"][number]) => ["ReplicaSet", "Pod"].includes(kind) && JSON.stringify(spec ?? null).includes(word);
  return { ...recording, objects: recording.objects.filter((object) => !isOld(object)) };
}
