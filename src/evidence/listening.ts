/** Ports of other purposes than the program's own: nobody wants its users led there. */
const SIDE_DOOR = /metric|prometheus|admin|debug|pprof|profil|manage|health|internal|actuator/i;
const LISTENS = /\b(?:listen|listens|listening|serving)\b/i;
const PORT = /(?::|\bport[ =:]{1,3})(\d{4,5})\b/gi;

/**
 * The one port that a log says that its program listens on. Undefined where lines disagree, name none or several, or speak of a side door. A log is written
 * by anybody: it is a claim, which something else has to bear out.
 */
export function saidToListenOn(log: string): number | undefined {
  const said = log.split("\n").filter((line) => LISTENS.test(line.slice(0, 500)));
  const ports = said.map((line) => [...new Set([...line.slice(0, 500).matchAll(PORT)].map(([, port]) => Number(port)))]);
  const [first] = ports;
  const isClear = ports.every((each) => each.length === 1 && each[0] === first?.[0]) && !said.some(isSideDoor);
  return isClear ? first?.[0] : undefined;
}

/** The same of lines, or of whole logs, together. */
export function listeningPort(logs: readonly { text: string }[]): number | undefined {
  return saidToListenOn(logs.map(({ text }) => text).join("\n"));
}

/** Whether a log line, or the name of a variable, speaks of such a port. */
export function isSideDoor(text: string): boolean {
  return SIDE_DOOR.test(text.slice(0, 500));
}
