import { listAt, numberAt, textAt } from "../../../cluster/objects.ts";
import { isProbed } from "../../../cluster/probed-ports.ts";
import type { ObjectChange } from "../../../source/workspace.ts";
import { otherReaders, type Variable, variablesOf } from "../../environment.ts";
import { type ContainerAt, containerOf, containersOf } from "../../workload.ts";
import type { CrashCase } from "../crash/crash-case.ts";
import { namesWord } from "../words.ts";

/** A container that is told to use a port that is another's, and declares one that is nobody's. */
export interface ToldOtherwise {
  container: ContainerAt;
  /** Whose port it is. */
  rival: string;
  change: ObjectChange;
  declared: number;
}

/**
 * Two containers of a pod that never ran together want one port, and one of them declares another: what tells it its port was meant to say that. Which of the two
 * fails is a matter of who comes first. Undefined where both, or neither, contradict themselves.
 */
export function toldOtherwise(crashCase: CrashCase, port: string): ToldOtherwise | undefined {
  const { now, past, statement } = crashCase;
  const containers = containersOf(now);
  const users = containers.filter((container) => declares(container).includes(Number(port)) || listens(crashCase, container, port).length > 0);
  const [found, ...others] = users.flatMap((container) => {
    const isNew = !past || containerOf(past.object, container.name) === undefined;
    const told = isNew ? contradiction(crashCase, container, port) : undefined;
    return told ? [{ container, ...told }] : [];
  });
  const rivals = users.filter(({ name }) => name !== found?.container.name);
  const [rival] = rivals;
  const areRight = rivals.every((one) => declares(one).length === 0 || declares(one).includes(Number(port)));
  if (!found || !rival || others.length > 0 || !areRight || !users.some(({ name }) => name === statement.container)) return undefined;
  return { ...found, rival: rival.name };
}

/** What tells a container this one port, and the one port that it declares, that nothing tells it, and that no other container knows. */
function contradiction(crashCase: CrashCase, container: ContainerAt, port: string): Pick<ToldOtherwise, "change" | "declared"> | undefined {
  const [told, ...more] = listens(crashCase, container, port);
  const own = settingsOf(crashCase, container);
  const isKnownTo = (other: ContainerAt, declared: number) =>
    declares(other).includes(declared) || settingsOf(crashCase, other).some(({ value }) => namesWord(value, String(declared)));
  const others = containersOf(crashCase.now).filter(({ name }) => name !== container.name);
  const unclaimed = declares(container).filter((one) => !own.some(({ value }) => namesWord(value, String(one))));
  const probed = unclaimed.filter((one) =>
    listAt(container.value, "ports").some((port) => numberAt(port, "containerPort") === one && isProbed(container.value, port)),
  );
  const [declared, ...several] = probed.length > 0 ? probed : unclaimed;
  if (!told || more.length > 0 || declared === undefined || several.length > 0 || declared < 1024 || declares(container).includes(Number(port)))
    return undefined;
  if (others.some((one) => isKnownTo(one, declared)) || otherReaders(crashCase.input, told, crashCase.now, container).length > 0) return undefined;
  const { object, path, value } = told;
  return { change: { object, path, before: value, after: value.replace(new RegExp(`${port}$`), String(declared)) }, declared };
}

function declares({ value }: ContainerAt): number[] {
  return listAt(value, "ports").flatMap((port) => numberAt(port, "containerPort") ?? []);
}

/** Where other programs are, and not where this one listens. */
const ELSEWHERE = /upstream|target|backend|remote|forward|proxy_to|peer|url|dest|server_host|_host$/i;

/** The settings of a container that make it listen on this port: the number, behind a flag or an address of its own at most. */
export function listens(crashCase: Pick<CrashCase, "input" | "now" | "statement">, container: ContainerAt, port: string): Variable[] {
  const isAddress = new RegExp(`^(?:-{1,2}([\\w.-]{1,60})[= ])?(?:(?:0\\.0\\.0\\.0|\\*|\\[::\\])?:)?${port}$`);
  return settingsOf(crashCase, container).filter(({ name, value }) => {
    const match = isAddress.exec(value);
    return match !== null && !ELSEWHERE.test(`${name} ${match[1] ?? ""}`);
  });
}

/** Variables, and words of the command line: of `--port 9102` the word before is the name. */
function settingsOf({ input, now, statement }: Pick<CrashCase, "input" | "now" | "statement">, container: ContainerAt): Variable[] {
  const words = ["command", "args"].flatMap((list) =>
    listAt(container.value, list).map(
      (word, i, all): Variable => ({ name: textAt(all[i - 1]), value: textAt(word), object: statement.object, path: [...container.path, list, i] }),
    ),
  );
  return [...variablesOf(input, now, container), ...words];
}
