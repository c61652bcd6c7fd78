import { type Json, type KubeObject, listAt, refOf, textAt } from "../../../cluster/objects.ts";
import { type FieldPath, sameJson } from "../../../source/edit/field-path.ts";
import type { DiagnosisInput, Finding } from "../../diagnosis.ts";
import { pastOf } from "../../history.ts";
import { quoteFirst } from "../../quotes.ts";
import { type ContainerAt, containerOf, containersOf } from "../../workload.ts";
import { CONFIDENCE, escalate, fix, place } from "../entry.ts";

/** Server-side apply (structured-merge-diff), and the strategic merge patch with which Argo CD compares. */
const TWICE = [/duplicate entries for key \[name=\\?"(?<name>[\w.-]{1,253})\\?"\]/, /doesn't match \$setElementOrder list:\s{0,10}(?<list>\[[^\n]{1,4000})/];
const LISTS = ["env", "ports", "volumeMounts"] as const;

interface Twins {
  object: KubeObject;
  container: ContainerAt;
  list: string;
  name: string;
  /** The positions of both. */
  at: [number, number];
}

/** A list holds two items of one name, which neither the API server nor Argo CD takes: the one that came goes, and of two that say the same the second. */
export function duplicateItem(input: DiagnosisInput, message: string): Finding | undefined {
  const groups = TWICE.map((words) => words.exec(message)?.groups).find((found) => found !== undefined);
  if (!groups) return undefined;
  const named = groups.name === undefined ? namesTwice(groups.list ?? "") : [groups.name];
  const [twins, ...more] = input.rendered.flatMap((object) => twinsIn(object)).filter(({ name }) => named.includes(name));
  if (!twins || more.length > 0) return undefined;
  const { object, container, list, name } = twins;
  const statement = {
    failureClass: "invalid-manifest" as const,
    rootCause: `${place(refOf(object), container.name)} has ${name} twice in ${list}, which cannot be applied.`,
    object: refOf(object),
    container: container.name,
    quotes: quoteFirst(input.evidence, [message, ...message.split(": ").reverse(), name]),
    confidence: CONFIDENCE.likely,
  };
  const gone = needless(input, twins);
  if (gone === undefined) return escalate(statement, "which of the two is meant is not known", `Take one of both ${name} out.`);
  const path: FieldPath = [...container.path, list, gone];
  return fix(
    statement,
    [{ object: refOf(object), path, before: listAt(container.value, list)[gone] ?? null, after: undefined }],
    [`Take the ${gone === twins.at[0] ? "first" : "second"} ${name} out of ${list}`],
  );
}

function namesTwice(list: string): string[] {
  const names = [...list.matchAll(/\bname:([\w.-]{1,253})/g)].map(([, name = ""]) => name);
  return [...new Set(names.filter((name, i) => names.indexOf(name) !== i))];
}

function twinsIn(object: KubeObject): Twins[] {
  return containersOf(object).flatMap((container) =>
    LISTS.flatMap((list): Twins[] => {
      const names = listAt(container.value, list).map((item) => textAt(item, "name"));
      return names.flatMap((name, i): Twins[] => {
        const first = names.indexOf(name);
        return name !== "" && first < i ? [{ object, container, list, name, at: [first, i] }] : [];
      });
    }),
  );
}

/** Which of the two nobody needs: the one that the last good revision did not have, or the second of two that are the same. */
function needless(input: DiagnosisInput, { object, container, list, name, at: [first, second] }: Twins): number | undefined {
  const items = listAt(container.value, list);
  const past = pastOf(input, refOf(object));
  const then = past?.from === "revision" ? listAt(containerOf(past.object, container.name)?.value ?? null, list) : [];
  const [known, ...more] = then.filter((item) => textAt(item, "name") === name);
  const isOne = (at: number, item: Json | undefined) => item !== undefined && sameJson(items[at], item);
  if (isOne(first, items[second])) return second;
  if (known === undefined || more.length > 0) return undefined;
  return isOne(first, known) ? second : isOne(second, known) ? first : undefined;
}
