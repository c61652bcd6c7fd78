import { type Json, listAt, numberAt, textAt } from "../../../cluster/objects.ts";
import type { FieldPath } from "../../../source/edit/field-path.ts";
import { mountedFolders, withFile } from "../../../source/meant/mounted-files.ts";
import { movedFiles, withMovedFile } from "../../../source/meant/moved-file.ts";
import { portsToday } from "../../../source/meant/moved-service.ts";
import { type ContainerAt, podSpecOf } from "../../workload.ts";
import type { CrashCase } from "../crash/crash-case.ts";
import { namesWord } from "../words.ts";
import type { ProbeField } from "./probe-blame.ts";
import { askedPort } from "./probe-port.ts";

/** The container's own port moved with the program, and only the probe still asks the old one. */
export function leftBehind(found: ContainerAt, field: ProbeField, to: string): number | undefined {
  const asked = askedPort(found, field);
  const numbers = listAt(found.value, "ports").flatMap((port) => numberAt(port, "containerPort") ?? []);
  return typeof asked === "number" && !numbers.includes(asked) ? numbers.find((number) => namesWord(to, String(number))) : undefined;
}

/** What the port is called today by whose old name the probe asks, told by its number. */
export function renamedTo(past: ContainerAt | undefined, found: ContainerAt, field: ProbeField): string | undefined {
  const asked = askedPort(found, field);
  const isAsked = (port: Json) => typeof asked === "string" && textAt(port, "name") === asked;
  const today = listAt(found.value, "ports");
  if (!past || today.some(isAsked)) return undefined;
  const numbers = listAt(past.value, "ports")
    .filter(isAsked)
    .map((port) => numberAt(port, "containerPort"));
  const [name, ...more] = today.filter((port) => numbers.includes(numberAt(port, "containerPort"))).map((port) => textAt(port, "name"));
  return more.length > 0 || name === "" ? undefined : name;
}

/** One word of a command that another takes the place of. */
export interface WordChange {
  path: FieldPath;
  before: string;
  after: string;
}

/** Such a word that names a port; `port` is the one of today. */
interface PortChange extends WordChange {
  port: number;
}

/** The probe's own command names a file of a ConfigMap that has another name there now: `sh /scripts/alive.sh`. */
export function commandNamesOldFile({ input, now, found }: Pick<CrashCase, "input" | "now" | "found">, field: ProbeField): WordChange | undefined {
  const folders = mountedFolders(podSpecOf(now), found.value, input.rendered, input.lastGood?.objects).filter(({ renamed }) => renamed.size > 0);
  const changes = listAt(found.value, field, "exec", "command").flatMap((word, i): WordChange[] => {
    const before = textAt(word);
    const moves = folders.flatMap(({ folder, renamed }) => [...renamed].map(([old, name]) => withFile(before, `${folder}/${old}`, `${folder}/${name}`)));
    const [after, ...more] = moves.filter((move) => move !== undefined);
    return after !== undefined && more.length === 0 ? [{ path: [...found.path, field, "exec", "command", i], before, after }] : [];
  });
  return changes.length === 1 ? changes[0] : undefined;
}

/** The probe's own command reads a file that the program is told to keep elsewhere now, and says that it does not find it. */
export function commandReadsMovedFile(past: ContainerAt | undefined, found: ContainerAt, field: ProbeField, note: string): WordChange | undefined {
  const moved = movedFiles(past?.value ?? null, found.value).filter(({ before }) => note.includes(before));
  const changes = listAt(found.value, field, "exec", "command").flatMap((word, i): WordChange[] => {
    const [before, after] = [textAt(word), withMovedFile(textAt(word), moved)];
    return after === undefined ? [] : [{ path: [...found.path, field, "exec", "command", i], before, after }];
  });
  return changes.length === 1 ? changes[0] : undefined;
}

/** The probe's own command asks the number that the container's port had before it moved: nothing else of the container knows it any more. */
export function commandAsksOldPort(past: ContainerAt | undefined, found: ContainerAt, field: ProbeField): PortChange | undefined {
  const command = listAt(found.value, field, "exec", "command");
  const [then, today] = [listAt(past?.value ?? null, "ports"), listAt(found.value, "ports")];
  const moves = then.flatMap((port) => {
    const old = numberAt(port, "containerPort");
    const [now, ...more] = portsToday(then, today, (one) => one === port).map((one) => numberAt(one, "containerPort"));
    const isMove = old !== undefined && now !== undefined && old !== now && more.length === 0 && !today.some((one) => numberAt(one, "containerPort") === old);
    return isMove ? [{ old, now }] : [];
  });
  const changes = moves.flatMap(({ old, now }) =>
    command.flatMap((word, i): PortChange[] => {
      const before = textAt(word);
      const parts = before.split(new RegExp(`\\b${old}\\b`));
      return parts.length === 2 && namesWord(before, String(old))
        ? [{ path: [...found.path, field, "exec", "command", i], before, after: parts.join(String(now)), port: now }]
        : [];
    }),
  );
  return changes.length === 1 ? changes[0] : undefined;
}
