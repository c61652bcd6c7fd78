// Packs recorded failures into <name>.json.gz files beside this script: `node test/recordings/pack.ts <folder of recordings>` (format: README.md).
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";

const source = process.argv[2];
if (!source) {
  console.error("usage: node test/recordings/pack.ts <folder of recordings>");
  process.exit(2);
}

const truthFile = join(import.meta.dirname, "truth.json");
const truth: Record<string, unknown> = JSON.parse(readFileSync(truthFile, "utf8"));
let packedNow = 0;
let bytes = 0;
for (const entry of readdirSync(source, { withFileTypes: true })) {
  if (!entry.isDirectory()) continue;
  const folder = join(source, entry.name);
  const scenario = JSON.parse(readFileSync(join(folder, "scenario.json"), "utf8"));
  const id: string = scenario.name;
  truth[id] = { scenario: scenario.id, ...scenario.truth };
  const packed = gzipSync(
    JSON.stringify({
      id,
      tool: scenario.tool,
      path: scenario.path,
      good: scenario.good,
      bad: scenario.bad,
      subject: scenario.subject,
      delivery: scenario.delivery,
      objects: JSON.parse(readFileSync(join(folder, "objects.json"), "utf8")).items,
      logs: Object.fromEntries([...texts(join(folder, "logs"))].map(([path, text]) => [path.replace(/\.log$/, ""), text])),
      sequence: gunzipSync(readFileSync(join(folder, "sequence.jsonl.gz")))
        .toString("utf8")
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => JSON.parse(line)),
      before: Object.fromEntries(texts(join(folder, "repository/before"))),
      after: Object.fromEntries(texts(join(folder, "repository/after"))),
    }),
    { level: 9 },
  );
  bytes += packed.length;
  packedNow++;
  writeFileSync(join(import.meta.dirname, `${id}.json.gz`), packed);
}
const sorted = Object.fromEntries(Object.entries(truth).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(truthFile, `${JSON.stringify(sorted, null, 1)}\n`);
console.error(`${packedNow} recordings, ${Math.round(bytes / 1024)} KB`);

function texts(folder: string): Map<string, string> {
  const found = new Map<string, string>();
  const names = statSync(folder, { throwIfNoEntry: false }) ? readdirSync(folder, { recursive: true, encoding: "utf8" }).sort() : [];
  for (const name of names) {
    const path = join(folder, name);
    if (statSync(path).isFile()) found.set(relative(folder, path), readFileSync(path, "utf8"));
  }
  return found;
}
