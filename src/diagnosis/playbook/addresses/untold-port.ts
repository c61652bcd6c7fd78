import { listAt, numberAt, textAt } from "../../../cluster/objects.ts";
import type { Finding } from "../../diagnosis.ts";
import { type ContainerAt, containerOf, containersOf } from "../../workload.ts";
import type { CrashCase } from "../crash/crash-case.ts";
import { CONFIDENCE, fix, place } from "../entry.ts";
import { namesWord } from "../words.ts";

/**
 * A new container declares a port and is not told to use it, so that its program takes its default, which another container of the pod has: it gets the
 * variable by which the others of the delivery are told theirs. Undefined where several containers could be meant, or the others have several names for it.
 */
export function portUntold(crashCase: CrashCase, said: CrashCase["statement"], port: string): Finding | undefined {
  const { input, now, past } = crashCase;
  const containers = containersOf(now).filter(({ init }) => !init);
  const isRival = containers.some((container) => declares(container).includes(Number(port)));
  const untold = containers.flatMap((container) => {
    const [declared, ...more] = declares(container);
    const isNew = !past || containerOf(past.object, container.name) === undefined;
    const isOpen =
      declared !== undefined && more.length === 0 && declared >= 1024 && String(declared) !== port && !told(container).some((text) => namesWord(text, port));
    return isNew && isOpen ? [{ container, declared }] : [];
  });
  const [only, ...others] = untold;
  const isOther = (container: ContainerAt) => container.value !== only?.container.value;
  const [name, ...otherNames] = new Set(input.rendered.flatMap(containersOf).filter(isOther).flatMap(portVariables));
  if (!only || !isRival || name === undefined || others.length + otherNames.length > 0 || has(only.container, name)) return undefined;
  const { container, declared } = only;
  const path = [...container.path, "env", { key: "name", value: name }];
  const rootCause = `${place(said.object, container.name)} declares port ${declared} and is not told to use it: its program takes ${port}, which another container of the pod has.`;
  return fix(
    { ...said, rootCause, container: container.name, confidence: CONFIDENCE.suggested },
    [{ object: said.object, path, before: undefined, after: { name, value: String(declared) } }],
    [`Tell container ${container.name} its port ${declared} in ${name}, as the others of this delivery are told theirs`],
  );
}

function declares({ value }: ContainerAt): number[] {
  return listAt(value, "ports").flatMap((port) => numberAt(port, "containerPort") ?? []);
}

function told({ value }: ContainerAt): string[] {
  const words = ["command", "args"].flatMap((list) => listAt(value, list));
  return [...words, ...listAt(value, "env").map((item) => textAt(item, "value"))].filter((word) => typeof word === "string");
}

/** The names of variables that hold a port which their container declares. */
function portVariables(container: ContainerAt): string[] {
  const ports = declares(container).map(String);
  return listAt(container.value, "env").flatMap((item) =>
    /PORT$/.test(textAt(item, "name")) && ports.includes(textAt(item, "value")) ? [textAt(item, "name")] : [],
  );
}

function has({ value }: ContainerAt, name: string): boolean {
  return listAt(value, "env").some((item) => textAt(item, "name") === name);
}
