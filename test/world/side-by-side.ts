import type { KubeObject } from "../../src/cluster/objects.ts";
import type { RecordedEvent, Recording } from "./recording.ts";

/** One recorded failure as several: a delivery for each name, each with its own namespace, objects and folder, all of them in the recording's repository. */
export function sideBySide(recording: Recording, names: readonly string[]): Recording {
  const { id, scenario, objects, sequence, before, after } = recording;
  const copies = names.map((name, i) => copyAs({ objects, sequence }, { id, folder: scenario.path, name, i }));
  const nodes = objects.filter(({ kind }) => kind === "Node");
  return {
    ...recording,
    objects: [...nodes, ...copies.flatMap((copy) => copy.objects.filter(({ kind }) => kind !== "Node"))],
    sequence: copies.flatMap((copy) => copy.sequence).sort((a, b) => a.seconds - b.seconds),
    before: inFolders(before, scenario.path, names),
    after: inFolders(after, scenario.path, names),
  };
}

interface Copied {
  objects: KubeObject[];
  sequence: RecordedEvent[];
}

/** Names and folders are renamed, UIDs made different; the repository's URL stays. */
function copyAs(copied: Copied, { id, folder, name, i }: { id: string; folder: string; name: string; i: number }): Copied {
  const text = JSON.stringify(copied)
    .replaceAll(id, name)
    .replaceAll(`${name}.git`, `${id}.git`)
    .replaceAll(`"path":"${folder}"`, `"path":"${name}"`)
    .replaceAll(/[0-9a-f]{8}(?=-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})/g, (head) => `${head.slice(0, 7)}${i}`);
  return JSON.parse(text);
}

function inFolders(files: Record<string, string>, folder: string, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    Object.entries(files).flatMap(([path, text]) =>
      path.startsWith(`${folder}/`) ? names.map((name): [string, string] => [`${name}/${path.slice(folder.length + 1)}`, text]) : [[path, text]],
    ),
  );
}
