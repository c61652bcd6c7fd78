// Packs recorded failures into <name>.json.gz files beside this script: `node test/recordings/pack.ts [--ends] <folder of recordings>` (format: README.md).
// `--ends`: into ends/, without the sequence and so with a tenth of the size; that of a HelmRelease is always kept.
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { parseArgs } from "node:util";
import { gunzipSync, gzipSync } from "node:zlib";

const { values, positionals } = parseArgs({ options: { ends: { type: "boolean", default: false } }, allowPositionals: true });
const [source] = positionals;
if (!source) {
  console.error("usage: node test/recordings/pack.ts [--ends] <folder of recordings>");
  process.exit(2);
}

const target = values.ends ? join(import.meta.dirname, "ends") : import.meta.dirname;
const truthFile = join(target, "truth.json");
const expectedFile = join(target, "expected.json");
const truth: Record<string, unknown> = JSON.parse(readFileSync(truthFile, "utf8"));
const expected: Record<string, unknown> = JSON.parse(readFileSync(expectedFile, "utf8"));
let packedNow = 0;
let bytes = 0;
for (const entry of readdirSync(source, { withFileTypes: true })) {
  if (!entry.isDirectory()) continue;
  const folder = join(source, entry.name);
  const scenario = JSON.parse(readFileSync(join(folder, "scenario.json"), "utf8"));
  const id: string = scenario.name;
  truth[id] = { scenario: scenario.id, ...scenario.truth };
  if (existsSync(join(folder, "expected.json"))) expected[id] = JSON.parse(readFileSync(join(folder, "expected.json"), "utf8"));
  const objects: { kind: string }[] = JSON.parse(readFileSync(join(folder, "objects.json"), "utf8")).items;
  const watched = !values.ends || objects.some(({ kind }) => kind === "HelmRelease");
  const packed = gzipSync(
    JSON.stringify({
      id,
      tool: scenario.tool,
      path: scenario.path,
      good: scenario.good,
      bad: scenario.bad,
      subject: scenario.subject,
      delivery: scenario.delivery,
      objects,
      logs: Object.fromEntries([...texts(join(folder, "logs"))].map(([path, text]) => [path.replace(/\.log$/, ""), text])),
      sequence: watched ? sequenceOf(join(folder, "sequence.jsonl.gz")) : [],
      before: Object.fromEntries(texts(join(folder, "repository/before"))),
      after: Object.fromEntries(texts(join(folder, "repository/after"))),
      ...(scenario.commits ? { commits: scenario.commits, trees: treesOf(join(folder, "repository/commits")) } : {}),
    }),
    { level: 9 },
  );
  bytes += packed.length;
  packedNow++;
  writeFileSync(join(target, `${id}.json.gz`), packed);
}
writeFileSync(truthFile, `${JSON.stringify(sorted(truth), null, 1)}\n`);
writeFileSync(expectedFile, `${JSON.stringify(sorted(expected), null, 1)}\n`);
console.error(`${packedNow} recordings, ${Math.round(bytes / 1024)} KB`);

function sorted(byId: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(byId).sort(([a], [b]) => a.localeCompare(b, "en", { numeric: true })));
}

function sequenceOf(file: string): unknown[] {
  const lines = gunzipSync(readFileSync(file)).toString("utf8").split("\n");
  return lines.filter((line) => line !== "").map((line) => JSON.parse(line));
}

function treesOf(folder: string): Record<string, Record<string, string>> {
  const shas = existsSync(folder) ? readdirSync(folder) : [];
  return Object.fromEntries(shas.map((sha) => [sha, Object.fromEntries(texts(join(folder, sha)))]));
}

function texts(folder: string): Map<string, string> {
  const found = new Map<string, string>();
  const names = statSync(folder, { throwIfNoEntry: false }) ? readdirSync(folder, { recursive: true, encoding: "utf8" }).sort() : [];
  for (const name of names) {
    const path = join(folder, name);
    if (statSync(path).isFile()) found.set(relative(folder, path), readFileSync(path, "utf8"));
  }
  return found;
}
