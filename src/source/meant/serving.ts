/** Words of a program that serves others from now on, as servers and proxies have them: `Listening on 127.0.0.1:5432`, `ready for new connections`. */
const SERVING =
  /\b(?:listening|accepting(?: connections)?|serving)\b.{0,40}(?::\d{2,5}\b|\bport \d{2,5}\b|\bon\b)|\bready (?:for|to accept) (?:new )?connections\b/i;
/** One that only waits for somebody else says so. */
const WAITING = /\bwait|\bretry|\bsleep|\bnot\b|refused|failed|again/i;

/** Whether a line of a log says that its program serves others now. */
export function isServing(line: string): boolean {
  const text = line.slice(0, 500);
  return SERVING.test(text) && !WAITING.test(text);
}
