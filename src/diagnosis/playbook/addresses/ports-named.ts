const PORT = /(?::|port[ =:]{1,3}|\b0\.0\.0\.0:|\[?::\]?:?|\('[^']{0,60}', )(\d{2,5})\b/gi;
/** The line of the program that says so: `main.go:142:`, `"caller":"server/http.go:88"`. */
const PLACE = /[\w./@-]{1,200}\.(?:go|rs|py|js|mjs|cjs|ts|rb|java|kt|php|cs|cc?|cpp|ex):\d{1,6}(?::\d{1,5})?/g;
/** When it was: `22:07:33.988` holds no port. */
const TIME = /(?<!\d)\d\d:\d\d:\d\d(?:[.,]\d{1,9})?/g;

/** The ports that a line of a log names, and no lines of programs or times of the day. */
export function portsIn(text: string): string[] {
  return [...text.slice(0, 1000).replaceAll(TIME, "").replaceAll(PLACE, "").matchAll(PORT)].map(([, port = ""]) => port);
}
