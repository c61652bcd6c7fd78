import { z } from "zod";

/** How far a fix may go. The operator sets it; a repository may only make it tighter. */
export interface Bounds {
  /** Below this the incident is escalated instead; 0 to 1. */
  minimumConfidence: number;
  /** A memory limit may grow at most by this factor over what it is (out-of-memory, limit-range). */
  memoryFactor: number;
  /** No fix sets a memory request or limit above this, in GiB, unless it puts an earlier value back. */
  maxMemoryGi: number;
  /** A CPU request or limit may grow at most by this factor, where a limit range asks for more (limit-range). */
  cpuFactor: number;
  /** No fix sets a CPU request or limit above this, in cores, unless it puts an earlier value back. */
  maxCpu: number;
  /** Longest time in seconds for which a probe that a fix changes may go without noticing anything. */
  probeSeconds: number;
  /** A deadline of a Job or CronJob may grow at most by this factor (job-failed, cron-invalid). */
  deadlineFactor: number;
}

/** For each bound: its range, what holds without it, and which end is the tighter one. */
const BOUNDS = {
  minimumConfidence: { least: 0, most: 1, otherwise: 0.6, tighter: Math.max, about: "below this confidence people are told instead" },
  memoryFactor: { least: 1, most: 64, otherwise: 4, tighter: Math.min, about: "a fix may multiply a memory limit by no more than this" },
  maxMemoryGi: { least: 0.0625, most: 4096, otherwise: 64, tighter: Math.min, about: "a fix sets no memory request or limit above this, in GiB" },
  cpuFactor: { least: 1, most: 64, otherwise: 4, tighter: Math.min, about: "a fix may multiply a CPU request or limit by no more than this" },
  maxCpu: { least: 0.05, most: 1024, otherwise: 16, tighter: Math.min, about: "a fix sets no CPU request or limit above this, in cores" },
  probeSeconds: { least: 10, most: 3600, otherwise: 600, tighter: Math.min, about: "a fix lets a probe's failures go unnoticed no longer than this" },
  deadlineFactor: { least: 1, most: 64, otherwise: 4, tighter: Math.min, about: "a fix may multiply a job's deadline by no more than this" },
} satisfies Record<keyof Bounds, { least: number; most: number; otherwise: number; tighter: (a: number, b: number) => number; about: string }>;

const setting = (name: keyof Bounds) => {
  const { least, most, about } = BOUNDS[name];
  return z.number().min(least).max(most).optional().describe(`${about} (${least} to ${most}); only ever tighter than the operator's`);
};

/** `bounds:` of `.github/autofix.yml`. What is left out stays as the operator set it. */
export const boundsSettings = z.strictObject({
  minimumConfidence: setting("minimumConfidence"),
  memoryFactor: setting("memoryFactor"),
  maxMemoryGi: setting("maxMemoryGi"),
  cpuFactor: setting("cpuFactor"),
  maxCpu: setting("maxCpu"),
  probeSeconds: setting("probeSeconds"),
  deadlineFactor: setting("deadlineFactor"),
});

export type BoundsSettings = z.infer<typeof boundsSettings>;

/** Range and default of one bound, for the operator's variable. */
export function rangeOf(name: keyof Bounds): { least: number; most: number; otherwise: number } {
  const { least, most, otherwise } = BOUNDS[name];
  return { least, most, otherwise };
}

/** The operator's bounds, made tighter where a repository asks for it. A repository's looser value, or one that is no number, changes nothing. */
export function tighten(operator: Bounds, repository: BoundsSettings | undefined): Bounds {
  const bound = (name: keyof Bounds): number => {
    const wanted = repository?.[name];
    return wanted === undefined || Number.isNaN(wanted) ? operator[name] : BOUNDS[name].tighter(operator[name], wanted);
  };
  return {
    minimumConfidence: bound("minimumConfidence"),
    memoryFactor: bound("memoryFactor"),
    maxMemoryGi: bound("maxMemoryGi"),
    cpuFactor: bound("cpuFactor"),
    maxCpu: bound("maxCpu"),
    probeSeconds: bound("probeSeconds"),
    deadlineFactor: bound("deadlineFactor"),
  };
}

/** Whether every bound lies in its range: bounds that make no sense would let anything through. */
export function areSensible(bounds: Bounds): boolean {
  const names: readonly (keyof Bounds)[] = ["minimumConfidence", "memoryFactor", "maxMemoryGi", "cpuFactor", "maxCpu", "probeSeconds", "deadlineFactor"];
  return names.every((name) => bounds[name] >= BOUNDS[name].least && bounds[name] <= BOUNDS[name].most);
}
