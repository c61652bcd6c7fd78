/** Something that the demo promised did not happen. */
export class Missed extends Error {}

/** How often GitHub is asked again, in milliseconds. */
const AGAIN = 200;
/** Patience for one step, in seconds: far more than it takes, for machines that are busy with other things. */
const PATIENCE = 60;

export function pause(milliseconds: number): Promise<void> {
  return new Promise((done) => setTimeout(done, milliseconds));
}

/** @throws Missed, naming what was waited for */
export async function within<T>(what: string, work: Promise<T>, seconds = PATIENCE): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Missed(`Waited ${seconds} s in vain for ${what}.`)), seconds * 1000);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Looks again and again until there is something to see. @throws Missed, naming what was waited for */
export async function until<T>(what: string, look: () => Promise<T | undefined>, seconds = PATIENCE): Promise<T> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const seen = await look();
    if (seen !== undefined) return seen;
    if (Date.now() > end) throw new Missed(`Waited ${seconds} s in vain for ${what}.`);
    await pause(AGAIN);
  }
}
