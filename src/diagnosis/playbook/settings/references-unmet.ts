import { type Json, listAt, objectAt, textAt } from "../../../cluster/objects.ts";
import type { FieldChange, FieldPath } from "../../../source/edit/field-path.ts";
import { type Expansion, expansionOf, openReferences } from "../../../source/meant/expansion.ts";
import { followedExpansion, followedVariable } from "../../../source/meant/followed-expansion.ts";
import type { Finding } from "../../diagnosis.ts";
import { isConfigMap } from "../../history.ts";
import { containerOf } from "../../workload.ts";
import { ledBack, straysOf } from "../addresses/stray-address.ts";
import { type CrashCase, complaints, withLine } from "../crash/crash-case.ts";
import { CONFIDENCE, escalate, fix, place, restoring, shown } from "../entry.ts";
import { namesVariable } from "../words.ts";

/**
 * A variable that a container does not get, though nothing refuses to start it: a reference to an optional key that is not there. Somebody may want it like that: it
 * is to blame where the variable had a value before, or where the program complains about it.
 */
export function optionalGone(crashCase: CrashCase): Finding | undefined {
  const { input, changed, past, found, statement } = crashCase;
  const isMissed = (path: FieldPath) => {
    const name = textAt(itemOf(found.value, path), "name");
    const then = past && containerOf(past.object, found.name)?.value;
    return listAt(then ?? null, "env").some((item) => textAt(item, "name") === name) || complaints(crashCase).some(({ text }) => namesVariable(text, name));
  };
  const gone = changed.filter(({ path, after }) => {
    const item = itemOf(found.value, path);
    const reference = objectAt(item, "valueFrom", "configMapKeyRef");
    const [name, key] = [textAt(reference, "name"), textAt(reference, "key")];
    if (after === undefined || reference.optional !== true || name === "") return false;
    const maps = [...input.rendered, ...input.observation.surroundings].filter((map) => isConfigMap(map, statement.object.namespace));
    const named = maps.filter((map) => textAt(map, "metadata", "name") === name);
    return isMissed(path) && !named.some((map) => Object.hasOwn(objectAt(map, "data"), key) || Object.hasOwn(objectAt(map, "binaryData"), key));
  });
  const [first] = gone;
  if (!past || !first) return undefined;
  const item = itemOf(found.value, first.path);
  const key = textAt(item, "valueFrom", "configMapKeyRef", "key");
  const rootCause = `${place(statement.object, statement.container)} does not get ${textAt(item, "name")}: ConfigMap ${textAt(item, "valueFrom", "configMapKeyRef", "name")} has no key ${key}, and the reference is optional.`;
  const items = gone.map(({ path }) => itemOf(found.value, path));
  // What the reference took the place of comes back with it.
  const whole = changed.filter(({ path }) => items.includes(itemOf(found.value, path)));
  return restoring({ ...statement, rootCause, confidence: CONFIDENCE.likely }, past, whole);
}

/** The item of `env` that a path leads into. */
function itemOf(container: CrashCase["found"]["value"], path: FieldPath): Json {
  const name = path.find((segment, i) => typeof segment === "object" && path[i - 1] === "env");
  return listAt(container, "env").find((item) => typeof name === "object" && textAt(item, "name") === name.value) ?? null;
}

/** The commit gave a variable another name, and the command or another variable still refers to it by the old one, which the program gets word for word. */
function leftBehind(crashCase: CrashCase): Finding | undefined {
  const { found, past, statement } = crashCase;
  const then = past && containerOf(past.object, found.name)?.value;
  if (!then) return undefined;
  const words = ["command", "args"].flatMap((list) =>
    listAt(found.value, list).flatMap((word, i) => {
      const after = typeof word === "string" ? followedExpansion(then, found.value, word) : undefined;
      return after === undefined ? [] : [{ object: statement.object, path: [...found.path, list, i], before: word, after }];
    }),
  );
  const variables = listAt(found.value, "env").flatMap((item) => {
    const [name, before] = [textAt(item, "name"), textAt(item, "value")];
    const after = followedVariable(then, found.value, name);
    return after === undefined ? [] : [{ object: statement.object, path: [...found.path, "env", { key: "name", value: name }, "value"], before, after }];
  });
  const changes = [...words, ...variables];
  const open = changes.flatMap(({ before }) => String(before).match(/\$\(\w{1,100}\)/g) ?? []);
  const line = complaints(crashCase).findLast(({ text }) => open.some((reference) => text.includes(reference)));
  if (!line || changes.length === 0) return undefined;
  const rootCause = `${place(statement.object, statement.container)} gets a reference to a variable word for word, which has another name now.`;
  const told = changes.map(({ before, after }) => `Write ${shown(after)} instead of ${shown(before)}: what the variable is called now`);
  return fix({ ...withLine(crashCase, line, { ...statement, rootCause }), confidence: CONFIDENCE.likely }, changes, told);
}

/** A `$(NAME)` stays as it is written where NAME is not defined before it, and the program says so. */
export function unexpanded(crashCase: CrashCase): Finding | undefined {
  const { changed, past, found, statement } = crashCase;
  const followed = leftBehind(crashCase);
  if (followed) return followed;
  const env = listAt(found.value, "env");
  const open = env.flatMap((item, i) => openReferences(env, i).map((name) => ({ item, name })));
  for (const { item, name } of open) {
    const line = complaints(crashCase).findLast(({ text }) => text.includes(`$(${name})`));
    if (!line) continue;
    const later = env.some((other) => textAt(other, "name") === name);
    const why = later ? `which is defined only after it` : `which is not defined`;
    const rootCause = `${place(statement.object, statement.container)} gets "$(${name})" word for word in ${textAt(item, "name")}: it refers to ${name}, ${why}.`;
    const said = withLine(crashCase, line, { ...statement, rootCause });
    // Where it is defined, though too late, what it holds does not matter.
    const blamed = changed.filter((change) => isAbout(change, textAt(item, "name")) || (!later && isAbout(change, name)));
    if (past && blamed.length > 0) return restoring(said, past, blamed);
    const inlined = expansionOf(textAt(item, "name"), env);
    if (inlined !== undefined) return writtenOut(crashCase, said, textAt(item, "name"), inlined);
    // The variables of a Service that is gone: its clients follow it to the one that took its place.
    const strays = /_SERVICE_(?:HOST|PORT)/.test(name) ? straysOf(crashCase.input, crashCase) : undefined;
    if (strays) return ledBack({ ...said, confidence: CONFIDENCE.suggested }, strays, crashCase.now);
    return escalate(
      said,
      "the order of a list is nothing that a fix changes",
      `Define ${name} before ${textAt(item, "name")}: a reference only sees what stands above it.`,
    );
  }
  return undefined;
}

/** The order of a list is nothing that a fix changes; what the reference stands for can be written in its place. */
function writtenOut({ found }: CrashCase, statement: CrashCase["statement"], name: string, { before, after }: Expansion): Finding {
  const change = { object: statement.object, path: [...found.path, "env", { key: "name", value: name }, "value"], before, after };
  return fix({ ...statement, confidence: CONFIDENCE.likely }, [change], [`Write out in ${name} what it refers to: a reference only sees what stands above it`]);
}

function isAbout({ path }: FieldChange, name: string): boolean {
  return path.some((segment, i) => typeof segment === "object" && path[i - 1] === "env" && segment.value === name);
}
