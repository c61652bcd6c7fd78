import { describeRef, type JsonObject, type KubeObject, listAt, type ObjectRef, objectAt, textAt } from "../../../cluster/objects.ts";
import { folderOf } from "../../../source/git/repository-paths.ts";
import { withFile } from "../../../source/meant/mounted-files.ts";
import { type OldForm, oldForm } from "../../../source/meant/old-form.ts";
import type { ObjectChange } from "../../../source/workspace.ts";
import type { DiagnosisInput, Finding } from "../../diagnosis.ts";
import { configMapIn } from "../../history.ts";
import type { LogLine } from "../../pods.ts";
import { changedSettings, pastOfMap, type SettingChange } from "../../settings.ts";
import { containersOf } from "../../workload.ts";
import { holdersOf } from "../addresses/addresses.ts";
import { type CrashCase, complaints, withLine } from "../crash/crash-case.ts";
import { CONFIDENCE, fix, orElse, place, restoringAll } from "../entry.ts";
import { ABSENT } from "../files/volume-file.ts";
import { referencesOf } from "../references/references.ts";
import { namesVariable, namesWord } from "../words.ts";
import { UNSET } from "./unset.ts";

/**
 * The program misses a file, or a variable, that its ConfigMap had and that is there in another form now: as variables, as a file, or under another key (`files` of a
 * generator became `envs`, a file that it names was renamed). The old form comes back, with the values of today.
 */
export function otherForm(crashCase: CrashCase): Finding | undefined {
  const { input, now, found, past, statement } = crashCase;
  const missed = past?.from === "revision" ? changedSettings(input, now, found).filter(({ before, after }) => before !== undefined && after === undefined) : [];
  for (const setting of missed) {
    const line = complaints(crashCase).findLast((one) => misses(one, setting));
    const form = line && formOf(input, setting);
    if (!past || !line || !form || isAskedFor(input, setting, form)) continue;
    const { map, key, file, variable = key } = setting;
    const rootCause = `${place(statement.object, statement.container)} misses ${file ?? variable}: what ${describeRef(map)} held as ${key} is there as ${form.go.join(", ")} now.`;
    const said = withLine(crashCase, line, { ...statement, rootCause, confidence: CONFIDENCE.likely });
    const back = restoringAll(said, past, changesTo(map, form.today, form));
    const follow = followingName(crashCase, setting, form);
    return follow.length === 0 ? back : orElse(back, fix(said, follow, [`Read ${form.go[0]}, as the file is called now`]));
  }
  return undefined;
}

/** Where the container is told the file by its old name, with the one that it has now: for a chart whose file was renamed, of which ConfigMaps are made whole. */
function followingName({ input, now, found }: CrashCase, { file }: SettingChange, { go }: OldForm): ObjectChange[] {
  const [name, ...more] = go;
  if (file === undefined || name === undefined || more.length > 0) return [];
  const path = `${folderOf(file)}/${name}`;
  const { own } = holdersOf(input, now, found, ({ value }) => withFile(value, file, path));
  return own.filter(({ object }) => object.kind !== "ConfigMap");
}

function misses({ text }: LogLine, { file, key, variable = key }: SettingChange): boolean {
  const start = text.slice(0, 1000);
  return file === undefined ? UNSET.test(start) && namesVariable(text, variable) : ABSENT.test(start) && namesWord(text, file);
}

function formOf(input: DiagnosisInput, { map, key }: SettingChange): (OldForm & { today: JsonObject }) | undefined {
  const now = configMapIn(input.rendered, map.namespace, map.name);
  const today = objectAt(now, "data");
  const form = now && oldForm(objectAt(pastOfMap(input, now), "data"), today, key);
  return form && { ...form, today };
}

/** Whether something reads the ConfigMap in the way in which it is now: then that was wanted, and people decide. */
function isAskedFor(input: DiagnosisInput, { map, file }: SettingChange, { go }: OldForm): boolean {
  const references = input.rendered.flatMap(referencesOf).filter(({ kind, name }) => kind === "ConfigMap" && name === map.name);
  const isOtherWay = references.some(({ volume, key }) => (volume === undefined) !== (file === undefined) || (key !== undefined && go.includes(key)));
  return isOtherWay || (file !== undefined && input.rendered.some((object) => isMounted(object, go) || isTold(object, go)));
}

function isMounted(object: KubeObject, keys: readonly string[]): boolean {
  return containersOf(object).some(({ value }) => listAt(value, "volumeMounts").some((mount) => keys.includes(textAt(mount, "subPath"))));
}

/** Whether a container is told the name of a file, in its arguments or its environment. */
function isTold(object: KubeObject, keys: readonly string[]): boolean {
  const told = containersOf(object).map(({ value }) => JSON.stringify(["command", "args", "env"].map((field) => listAt(value, field))));
  return keys.some((key) => key.includes(".") && told.some((text) => text.includes(key)));
}

/** What comes goes first: one edit (a key in front of a file's path) may do both. */
function changesTo(map: ObjectRef, today: JsonObject, { come, go }: OldForm): ObjectChange[] {
  const added = Object.entries(come).map(([key, after]): ObjectChange => ({ object: map, path: ["data", key], before: undefined, after }));
  return [...added, ...go.map((key): ObjectChange => ({ object: map, path: ["data", key], before: today[key], after: undefined }))];
}
