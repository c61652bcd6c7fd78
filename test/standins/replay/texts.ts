const TIME = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?=(?:\.\d+)?Z)/g;

/** The newest RFC 3339 time anywhere in a value, in whole seconds. */
export function newestTime(value: unknown): Date {
  const times = [...JSON.stringify(value).matchAll(TIME)].map(([text]) => Date.parse(`${text}Z`));
  return new Date(times.reduce((newest, time) => Math.max(newest, time), 0));
}

/** Moves every time in a text by whole seconds; fractions stay as they are. */
export function shiftTimes(text: string, seconds: number): string {
  if (seconds === 0) return text;
  return text.replace(TIME, (time) => new Date(Date.parse(`${time}Z`) + seconds * 1000).toISOString().slice(0, 19));
}
