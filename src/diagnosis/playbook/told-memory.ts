import { type KubeObject, listAt } from "../../cluster/objects.ts";
import { doubled, moreThan } from "../../cluster/quantity.ts";
import type { DiagnosisInput } from "../diagnosis.ts";
import { variablesOf } from "../environment.ts";
import type { ContainerAt } from "../workload.ts";

/** Words that call a number an amount of memory, and those that end with its unit. */
const MEMORY = /(?:^|[_.-])(?:mem(?:ory)?|heap|cache|buffers?|maxmemory|memlimit|gomemlimit)(?:[_.-]|$)/i;
const UNIT = /(?:[_.-]|^)(mi?b|gi?b)$/i;
const AMOUNT = /^(\d{1,6})\s?([kmg])?i?b?$/i;
/** `-Xmx80m`, `--max-old-space-size=80` (in megabytes). */
const OPTIONS: readonly RegExp[] = [
  /(?:^|\s)-Xmx(\d{1,6})([kmg])\b/gi,
  /max[-_]old[-_]space[-_]size[= ](\d{1,6})()\b/gi,
  /--?max-?memory[= ](\d{1,6})([kmg])i?b?\b/gi,
];
const MEBIBYTES: Readonly<Record<string, number>> = { k: 1 / 1024, m: 1, g: 1024 };
const STEP = 16;

/**
 * The limit, in whole steps of mebibytes, that leaves room for what the container's own settings tell its program to use, and for the program itself. Undefined where
 * they tell nothing, less than `least`, or more than twice as much: then the number is hardly about that (the largest upload, the size of a disk).
 */
export function limitTold(input: DiagnosisInput, workload: KubeObject, container: ContainerAt, least: string): string | undefined {
  const named = variablesOf(input, workload, container).flatMap(({ name, value }) => amountNamed(name, value));
  const most = Math.max(0, ...named, ...heapsTold(input, workload, container));
  const room = roomFor(most);
  return most > 0 && moreThan(room, least) && !moreThan(room, doubled(least)) ? room : undefined;
}

/** A heap for which not even this much has room, in the option that a runtime has for it: one of both is wrong, and nobody knows which. Undefined where there is none. */
export function heapBeyond(input: DiagnosisInput, workload: KubeObject, container: ContainerAt, limit: string): string | undefined {
  const most = Math.max(0, ...heapsTold(input, workload, container));
  return most > 0 && moreThan(roomFor(most), doubled(limit)) ? `${most}Mi` : undefined;
}

function roomFor(mebibytes: number): string {
  return `${Math.ceil((mebibytes * 1.25 + STEP) / STEP) * STEP}Mi`;
}

/** What runtimes are told of their heap, in mebibytes. */
function heapsTold(input: DiagnosisInput, workload: KubeObject, container: ContainerAt): number[] {
  const words = ["command", "args"].flatMap((list) => listAt(container.value, list).map(String));
  const texts = [words.join(" "), ...variablesOf(input, workload, container).map(({ value }) => value)];
  return texts.flatMap((text) =>
    OPTIONS.flatMap((option) => [...text.slice(0, 2000).matchAll(option)].map(([, amount = "", unit = ""]) => inMebibytes(amount, unit || "m"))),
  );
}

function amountNamed(name: string, value: string): number[] {
  const unit = UNIT.exec(name)?.[1]?.[0];
  const [, amount, written] = AMOUNT.exec(value.trim()) ?? [];
  if (amount === undefined || (unit === undefined && (!MEMORY.test(name) || written === undefined))) return [];
  return [inMebibytes(amount, written ?? unit ?? "m")];
}

function inMebibytes(amount: string, unit: string): number {
  return Number(amount) * (MEBIBYTES[unit.toLowerCase()] ?? 0);
}
