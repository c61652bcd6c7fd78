import { spawnSync } from "node:child_process";
import { performance } from "node:perf_hooks";
import { parseArgs } from "node:util";
import { isKubeObject, type KubeObject } from "../src/cluster/objects.ts";
import { BUILT_IN } from "../src/cluster/schema-errors.ts";
import { type GateInput, guardChange, guardProposal, type MadeChange } from "../src/guards/gate.ts";
import { parseYaml } from "../src/source/edit/yaml-documents.ts";
import { BOUNDS, item, make, proposal, type Situation, situation, targetDocument } from "../test/guards/situation.ts";
import { broken, replaceOnce } from "../test/guards/store.ts";

/** Milliseconds: the middle of all rounds, and of the slowest twentieth the fastest. */
interface Timing {
  median: number;
  p95: number;
}

interface Sized {
  kilobytes: number;
  gate: Timing;
  /** Parsing the corrected document and checking it against its schema, nothing else. */
  plain: Timing;
  ratio: number;
  perKilobyte: number;
}

const ROUNDS = 100;
const WARM = 30;
/** Variables beside the typical Deployment's own; the largest document is near the cap on what is read of a proposal. */
const VARIABLES = [0, 50, 200, 400, 800, 1600];

/** How long the whole gate takes without rendering, beside a plain parse with schema validation, and beside kubeconform where it is installed. */
export async function run(args: readonly string[]): Promise<number> {
  const { json } = parseArgs({ args: [...args], options: { json: { type: "boolean", default: false } } }).values;
  const typical = timed(prepared(typicalFailure(), ["5.2.0", "5.1.2"], "ErrImagePull"));
  const sizes = VARIABLES.map((count) => timed(prepared(largeFailure(count), ["5.2.0", "5.1.2"], "ErrImagePull")));
  const kubeconform = besideKubeconform(targetDocument(typicalFailure()).text);
  const report = { rounds: ROUNDS, typical, sizes, kubeconform };
  console.log(json ? JSON.stringify(report, null, 1) : asText(report));
  return 0;
}

/** A delivery of fifteen objects; its Deployment has three containers, and asks for a tag that does not exist. */
function typicalFailure(): Situation {
  return broken({ kind: "Deployment", name: "store" }, ["store:5.1.2", "store:5.2.0"], [["event", "Failed: Error: ErrImagePull"]]);
}

function largeFailure(variables: number): Situation {
  const env = Array.from({ length: variables }, (_, i) => `            - { name: SETTING_${i}, value: "of some length, as settings have it: ${i}" }\n`);
  const of = (tag: string) => `apiVersion: apps/v1
kind: Deployment
metadata: { name: large }
spec:
  replicas: 2
  selector: { matchLabels: { app: large } }
  template:
    metadata: { labels: { app: large } }
    spec:
      containers:
        - name: large
          image: registry.example.com/shop/large:${tag}
          resources: { limits: { memory: 128Mi } }
          env:
            - { name: FIRST, value: one }
${env.join("")}`;
  const items = [item("event", "Failed: Error: ErrImagePull")];
  return situation({ files: { "large.yaml": of("5.2.0") }, good: { "large.yaml": of("5.1.2") }, namespace: "shop", target: { kind: "Deployment" }, items });
}

interface Prepared {
  input: GateInput;
  made: MadeChange;
  yaml: string;
}

/** Everything that is not the gate, done beforehand: the evidence, the answer, what the edit did, and how it renders. */
function prepared(world: Situation, [from, to]: readonly [string, string], quote: string): Prepared {
  const yaml = replaceOnce(targetDocument(world).text, from, to);
  const { target, evidence, offered, rendered, knownImages, lastGood } = world;
  const answer = proposal(world, { failureClass: "image-not-found", yaml, quote });
  const input: GateInput = { proposal: answer, target, evidence, offered, permitted: [], rendered, knownImages, lastGood, tried: [], bounds: BOUNDS };
  const verdict = guardProposal(input);
  if (verdict.kind === "refused") throw new Error(`refused: ${JSON.stringify(verdict.report.findings)}`);
  return { input, made: make(world, verdict.edits), yaml };
}

/** Both take turns, so that whatever else the machine does slows both. */
function timed({ input, made, yaml }: Prepared): Sized {
  const gate: number[] = [];
  const plain: number[] = [];
  for (let i = 0; i < ROUNDS + WARM; i++) {
    const [ours, theirs] = [clock(() => judge(input, made)), clock(() => parseAndCheck(yaml))];
    if (i < WARM) continue;
    gate.push(ours);
    plain.push(theirs);
  }
  const kilobytes = yaml.length / 1024;
  const [own, other] = [timingOf(gate), timingOf(plain)];
  return { kilobytes, gate: own, plain: other, ratio: own.median / other.median, perKilobyte: own.median / kilobytes };
}

function judge(input: GateInput, made: MadeChange): void {
  const verdict = guardProposal(input);
  if (verdict.kind === "refused" || guardChange(input, verdict, made).kind === "refused") throw new Error("an honest fix was refused");
}

function parseAndCheck(yaml: string): void {
  const parsed = parseYaml(yaml);
  const objects: KubeObject[] = parsed.kind === "parsed" ? parsed.documents.map(({ value }) => value).filter(isKubeObject) : [];
  if (objects.length !== 1 || objects.some((object) => BUILT_IN.errors(object).length > 0)) throw new Error("a right manifest was refused");
}

function clock(work: () => void): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

function timingOf(milliseconds: readonly number[]): Timing {
  const sorted = milliseconds.toSorted((a, b) => a - b);
  return { median: sorted[Math.floor(sorted.length / 2)] ?? 0, p95: sorted[Math.floor(sorted.length * 0.95)] ?? 0 };
}

type Kubeconform = { kind: "timed"; timing: Timing; works: boolean } | { kind: "absent" };

/** A process for each document, as in a hook or a pipeline. Without its schemas (it fetches them) it takes its time for saying so. */
function besideKubeconform(yaml: string): Kubeconform {
  if (spawnSync("kubeconform", ["-v"]).error) return { kind: "absent" };
  const rounds = Array.from({ length: 20 }, () => {
    let works = false;
    const milliseconds = clock(() => {
      works = spawnSync("kubeconform", ["-strict", "-"], { input: yaml }).status === 0;
    });
    return { milliseconds, works };
  });
  return { kind: "timed", timing: timingOf(rounds.map(({ milliseconds }) => milliseconds)), works: rounds.every(({ works }) => works) };
}

function asText({ rounds, typical, sizes, kubeconform }: { rounds: number; typical: Sized; sizes: readonly Sized[]; kubeconform: Kubeconform }): string {
  const row = (name: string, { gate, plain, ratio, perKilobyte, kilobytes }: Sized) =>
    [
      name.padEnd(22),
      `${kilobytes.toFixed(1)} KB`.padStart(9),
      ms(gate.median),
      ms(gate.p95),
      ms(plain.median),
      `${ratio.toFixed(1)}×`.padStart(7),
      ms(perKilobyte),
    ].join("  ");
  return [
    `The gate without rendering, ${rounds} rounds in turn with a plain parse and schema validation of the corrected document; milliseconds`,
    "",
    [
      "document".padEnd(22),
      "size".padStart(9),
      "median".padStart(8),
      "p95".padStart(8),
      "CPU".padStart(8),
      "plain".padStart(8),
      "ratio".padStart(7),
      "per KB".padStart(8),
    ].join("  "),
    row("a typical Deployment", typical),
    ...sizes.map((sized, i) => row(`${VARIABLES[i]} variables more`, sized)),
    "",
    kubeconform.kind === "absent"
      ? "kubeconform is not installed here, so it is not compared."
      : `kubeconform -strict, a process for the typical Deployment: median ${kubeconform.timing.median.toFixed(1)} ms${kubeconform.works ? "" : " (it did not validate: its schemas could not be fetched)"}, ${(kubeconform.timing.median / typical.gate.median).toFixed(1)}× the gate.`,
  ].join("\n");
}

function ms(value: number): string {
  return value.toFixed(2).padStart(8);
}
