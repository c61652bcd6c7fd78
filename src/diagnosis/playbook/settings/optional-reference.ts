import { type Json, type JsonObject, listAt, objectAt, textAt } from "../../../cluster/objects.ts";
import { thenAndNow } from "../../../source/delivery/manifests-beside.ts";
import { type FieldChange, type FieldPath, samePath } from "../../../source/edit/field-path.ts";
import { renamedSecret, secretKeys, secretMakers, secretNameOf } from "../../../source/meant/renamed-secret.ts";
import { withoutHash } from "../../../source/plan/differences.ts";
import type { Finding } from "../../diagnosis.ts";
import { configMapIn, isConfigMap } from "../../history.ts";
import { nearMatch, nearOrKindred, onlyAlike } from "../../near-match.ts";
import type { LogLine } from "../../pods.ts";
import { type CrashCase, complaints, withLine } from "../crash/crash-case.ts";
import { CONFIDENCE, fix, place, restoring } from "../entry.ts";
import { namesVariable } from "../words.ts";
import { UNSET } from "./unset.ts";

/** A source of variables without which the container starts all the same. */
interface Optional {
  kind: "ConfigMap" | "Secret";
  name: string;
  /** Where its name stands. */
  path: FieldPath;
  /** What of it the container gets under this name; undefined where it does not give that. */
  keyOf(variable: string): string | undefined;
}

/**
 * The program misses a variable, and an optional reference that would give it leads nowhere: only the program complains then. The reference goes back to what the
 * last good revision had, follows a Secret that has another name now, or gets the name of the one ConfigMap that is called nearly so and has what is missed.
 */
export function optionalReference(crashCase: CrashCase): Finding | undefined {
  const all = optionalsOf(crashCase);
  const open = all.filter((optional) => !isMade(crashCase, optional));
  for (const line of complaints(crashCase).reverse()) {
    if (!UNSET.test(line.text.slice(0, 1000))) continue;
    for (const optional of open) {
      const finding = goneBack(crashCase, line, optional) ?? followed(crashCase, line, optional) ?? misnamed(crashCase, line, optional);
      if (finding) return finding;
    }
    const [finding] = all.flatMap((optional) => keyMisspelt(crashCase, line, optional) ?? []);
    if (finding) return finding;
  }
  return undefined;
}

function optionalsOf({ found }: CrashCase): Optional[] {
  const kinds = [
    ["ConfigMap", "configMapRef", "configMapKeyRef"],
    ["Secret", "secretRef", "secretKeyRef"],
  ] as const;
  const isOptional = (reference: JsonObject) => reference.optional === true && textAt(reference, "name") !== "";
  return kinds.flatMap(([kind, whole, single]) => [
    ...listAt(found.value, "envFrom").flatMap((from, i): Optional[] => {
      const [reference, prefix] = [objectAt(from, whole), textAt(from, "prefix")];
      const keyOf = (variable: string) => (variable.startsWith(prefix) ? variable.slice(prefix.length) : undefined);
      return isOptional(reference) ? [{ kind, name: textAt(reference, "name"), path: [...found.path, "envFrom", i, whole, "name"], keyOf }] : [];
    }),
    ...listAt(found.value, "env").flatMap((item): Optional[] => {
      const [reference, name] = [objectAt(item, "valueFrom", single), textAt(item, "name")];
      const keyOf = (variable: string) => (variable === name ? textAt(reference, "key") : undefined);
      const path = [...found.path, "env", { key: "name", value: name }, "valueFrom", single, "name"];
      return isOptional(reference) ? [{ kind, name: textAt(reference, "name"), path, keyOf }] : [];
    }),
  ]);
}

/** Secrets are known by what the delivery renders to make them. One from elsewhere may be there: then it does not hold what is missed. */
function isMade({ input, statement }: CrashCase, { kind, name }: Optional): boolean {
  const { namespace } = statement.object;
  if (kind === "ConfigMap") return configMapIn([...input.rendered, ...input.observation.surroundings], namespace, name) !== undefined;
  return secretMakers(input.rendered, namespace).some((maker) => secretNameOf(maker) === name);
}

/** The commit changed the reference, and what it was before is still made and has what the program misses. */
function goneBack(crashCase: CrashCase, line: LogLine, optional: Optional): Finding | undefined {
  const { changed, past } = crashCase;
  const change = changed.find((one) => isAt(one, optional.path) && typeof one.before === "string" && one.after === optional.name);
  if (past?.from !== "revision" || !change) return undefined;
  const missed = missedOf(line, optional, keysOf(crashCase, optional.kind, String(change.before)));
  if (missed === undefined) return undefined;
  return restoring(said(crashCase, line, optional, missed), past, [change]);
}

function isAt({ path }: FieldChange, wanted: FieldPath): boolean {
  return samePath(path, wanted);
}

/** The only Secret that went and had this name is made under another one now. */
function followed(crashCase: CrashCase, line: LogLine, optional: Optional): Finding | undefined {
  const { input, statement, changed } = crashCase;
  const renamed = optional.kind === "Secret" ? renamedSecret(...thenAndNow(input.lastGood?.objects, input), statement.object.namespace) : undefined;
  if (!renamed || ![renamed.from, withoutHash(renamed.from)].includes(optional.name) || changed.some((one) => isAt(one, optional.path))) return undefined;
  const missed = missedOf(line, optional, renamed.keys);
  if (missed === undefined) return undefined;
  const change = { object: statement.object, path: optional.path, before: optional.name, after: renamed.to };
  return fix(
    said(crashCase, line, optional, missed),
    [change],
    [`Refer to Secret ${renamed.to} instead of ${optional.name}: the only one that came when that one went`],
  );
}

/** The delivery has one ConfigMap with what is missed, and its name is nearly the one that is asked for. */
function misnamed(crashCase: CrashCase, line: LogLine, optional: Optional): Finding | undefined {
  const { input, statement } = crashCase;
  if (optional.kind !== "ConfigMap") return undefined;
  const maps = input.rendered.filter((object) => isConfigMap(object, statement.object.namespace)).map((map) => textAt(map, "metadata", "name"));
  const missedIn = (name: string) => missedOf(line, optional, keysOf(crashCase, "ConfigMap", name));
  const holding = maps.filter((name) => missedIn(name) !== undefined);
  const meant = nearOrKindred(optional.name, holding) ?? onlyAlike(optional.name, holding);
  const missed = meant === undefined ? undefined : missedIn(meant);
  if (meant === undefined || missed === undefined) return undefined;
  const change = { object: statement.object, path: optional.path, before: optional.name, after: meant };
  const words = `Refer to ConfigMap ${meant} instead of ${optional.name}: the only one with a name like it that has ${missed}`;
  return fix({ ...said(crashCase, line, optional, missed), confidence: CONFIDENCE.suggested }, [change], [words]);
}

/** The ConfigMap is there, and has one key that is nearly the one that is asked for. */
function keyMisspelt(crashCase: CrashCase, line: LogLine, optional: Optional): Finding | undefined {
  const { statement, found } = crashCase;
  const item = listAt(found.value, "env").find((one) => namesVariable(line.text, textAt(one, "name")) && optional.path.some((step) => isItem(step, one)));
  const key = textAt(item, "valueFrom", "configMapKeyRef", "key");
  const keys = optional.kind === "ConfigMap" && key !== "" ? keysOf(crashCase, "ConfigMap", optional.name) : [];
  const meant = keys.includes(key) ? undefined : nearMatch(key, keys);
  if (meant === undefined) return undefined;
  const variable = textAt(item, "name");
  const rootCause = `${place(statement.object, statement.container)} does not get ${variable}: ConfigMap ${optional.name} has no key ${key}, and the reference is optional.`;
  const said = withLine(crashCase, line, { ...statement, rootCause, confidence: CONFIDENCE.suggested });
  const change = { object: statement.object, path: [...optional.path.slice(0, -1), "key"], before: key, after: meant };
  return fix(said, [change], [`Take ${variable} from key ${meant} instead of ${key}: the only one with a name like it`]);
}

function isItem(step: FieldPath[number], item: Json): boolean {
  return typeof step === "object" && step.key === "name" && step.value === textAt(item, "name");
}

/** Names of the keys of what has this name today, as manifests write them out. */
function keysOf({ input, statement }: CrashCase, kind: Optional["kind"], name: string): string[] {
  const { namespace } = statement.object;
  if (kind === "Secret")
    return secretMakers(input.rendered, namespace)
      .filter((maker) => secretNameOf(maker) === name)
      .flatMap(secretKeys);
  return Object.keys(objectAt(configMapIn(input.rendered, namespace, name), "data"));
}

/** The variable that the line names and that one of the keys would be. */
function missedOf({ text }: LogLine, { keyOf }: Optional, keys: readonly string[]): string | undefined {
  const variables = [...new Set(text.slice(0, 1000).match(/[A-Za-z_][A-Za-z0-9_]{2,}/g) ?? [])];
  return variables.find((variable) => namesVariable(text, variable) && keys.includes(keyOf(variable) ?? ""));
}

function said(crashCase: CrashCase, line: LogLine, { kind, name }: Optional, variable: string): CrashCase["statement"] {
  const { statement } = crashCase;
  const rootCause = `${place(statement.object, statement.container)} does not get ${variable}: ${kind} ${name} is nothing that this delivery makes, and the reference to it is optional.`;
  const failureClass = kind === "Secret" ? ("secret-missing" as const) : ("config-missing" as const);
  return withLine(crashCase, line, { ...statement, failureClass, rootCause, confidence: CONFIDENCE.likely });
}
