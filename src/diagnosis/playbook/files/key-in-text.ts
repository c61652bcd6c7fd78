import { objectAt } from "../../../cluster/objects.ts";
import { keyWithin } from "../../../source/meant/key-within.ts";
import type { ObjectChange } from "../../../source/workspace.ts";
import type { Finding } from "../../diagnosis.ts";
import { settingsOf } from "../../settings.ts";
import { type CrashCase, complaints, withLine } from "../crash/crash-case.ts";
import { CONFIDENCE, fix, place, shown } from "../entry.ts";

/** A file of a ConfigMap is indented one level too far, and so became text of the file before it, which the program cannot read. */
export function keyInText(crashCase: CrashCase): Finding | undefined {
  const { input, now, found, statement } = crashCase;
  const within = complaints(crashCase).flatMap((line) =>
    settingsOf(input, now, found).flatMap(({ map, key: owner, value }) => {
      const inner = typeof value === "string" ? keyWithin(value, line.text.slice(0, 2000)) : undefined;
      return inner ? [{ line, map, owner, before: value, ...inner }] : [];
    }),
  );
  const [first] = within;
  if (!first || within.some(({ map, owner }) => map.name !== first.map.name || owner !== first.owner)) return undefined;
  const { line, map, owner, key, before, rest, value } = first;
  const rendered = input.rendered.find(({ kind, metadata }) => kind === "ConfigMap" && metadata.name === map.name);
  if (!rendered || Object.hasOwn(objectAt(rendered, "data"), key)) return undefined;
  const rootCause = `${place(statement.object, statement.container)} cannot read ${owner} of ConfigMap ${map.name}: ${key} is indented too far and became a part of its text.`;
  const changes: ObjectChange[] = [
    { object: map, path: ["data", owner], before, after: rest },
    { object: map, path: ["data", key], before: undefined, after: value },
  ];
  return fix(withLine(crashCase, line, { ...statement, rootCause, confidence: CONFIDENCE.likely }), changes, [
    `Make ${shown(key)} a file of its own beside ${shown(owner)}: one level less of indentation`,
  ]);
}
