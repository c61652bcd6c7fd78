/** Runs work under one name strictly one after the other, and work under different names side by side. */
export type OneAtATime = <T>(name: string, work: () => Promise<T>) => Promise<T>;

/** For looking and then writing where another run of this process must not write in between. What failed does not hold up what comes after it. */
export function oneAtATime(): OneAtATime {
  const last = new Map<string, Promise<unknown>>();
  return (name, work) => {
    const before = last.get(name) ?? Promise.resolve();
    const result = before.then(work);
    const ended = result
      .catch(() => undefined)
      .then(() => {
        if (last.get(name) === ended) last.delete(name);
      });
    last.set(name, ended);
    return result;
  };
}
