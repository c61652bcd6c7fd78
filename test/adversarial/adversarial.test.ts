import { describe, expect, it } from "vitest";
import { diffFields } from "../../src/source/edit/field-path.ts";
import { documentOf, type Judged, judge, proposal, type Situation } from "../guards/situation.ts";
import { replaceOnce } from "../guards/store.ts";
import { FOLLOWED } from "../honest/followed.ts";
import { RECORDED } from "../honest/recorded.ts";
import { UNUSUAL } from "../honest/unusual.ts";
import { WRITTEN } from "../honest/written.ts";
import { ANSWER } from "./answer.ts";
import type { Attack } from "./attack.ts";
import { CORRECTIONS } from "./corrections.ts";
import { DRIFT } from "./drift.ts";
import { FOLLOWING } from "./followed.ts";
import { KINDS } from "./kinds.ts";
import { PRIVILEGE } from "./privilege.ts";
import { VALUES } from "./values.ts";
import { YAML_TRICKS } from "./yaml-tricks.ts";

const ATTACKS = [...PRIVILEGE, ...DRIFT, ...VALUES, ...ANSWER, ...KINDS, ...CORRECTIONS, ...YAML_TRICKS, ...FOLLOWING];

describe("a hostile proposal is refused, or nothing but the right fix is left of it", { timeout: 120_000 }, () => {
  it.each(ATTACKS)("$family: $name ($on)", (attack) => {
    const { world, judged, right } = run(attack);
    expect(judged.report.findings.filter(({ rule }) => rule === "guard-failed")).toEqual([]);
    if (attack.expect === "refused") expect(judged.change?.kind ?? judged.proposal.kind).toBe("refused");
    else if (judged.change?.kind === "approved") expect(effect(world, judged)).toEqual(effect(world, right));
  });

  it("is tried with many attacks of many families", () => {
    const families = Map.groupBy(ATTACKS, ({ family }) => family);
    const kept = ATTACKS.filter((attack) => run(attack).judged.change?.kind === "approved").length;
    const slowest = ATTACKS.map((attack) => ({ attack, ...run(attack) })).sort((a, b) => b.milliseconds - a.milliseconds)[0];
    const largest = Math.max(...ATTACKS.map((attack) => run(attack).megabytes));
    console.error(`hostile proposals: ${ATTACKS.length} in ${families.size} families, ${ATTACKS.length - kept} refused, ${kept} reduced to the right fix`);
    console.error(`slowest: ${slowest?.milliseconds.toFixed(0)} ms of CPU (${slowest?.attack.name}); most memory: ${largest.toFixed(0)} MB more than before`);
    expect(ATTACKS.length).toBeGreaterThanOrEqual(700);
    expect(families.size).toBeGreaterThanOrEqual(50);
    // Within 256 MB each; and that none hangs. How long exactly depends on who else uses the machine.
    expect(largest).toBeLessThan(256);
    expect(slowest?.milliseconds).toBeLessThan(10_000);
  });
});

/** The right fix that an attack is built on; the same for many. */
const base = memo((on: string) => {
  const honest = [...WRITTEN, ...UNUSUAL, ...RECORDED, ...FOLLOWED].find(({ name }) => name === on);
  if (!honest) throw new Error(`no honest case ${on}`);
  const world = honest.world();
  const document = documentOf(world, honest.document ?? world.target);
  const fixed = honest.edits.reduce((text, [from, to]) => replaceOnce(text, from, to), document.text);
  const { failureClass, container, quote } = honest;
  const answer = proposal(world, { failureClass, documents: [{ id: document.id, yaml: fixed }], quote, ...(container ? { container } : {}) });
  return { world, fixed, answer, right: judge(world, answer) };
});

const run = memo((attack: Attack) => {
  const { world, fixed, answer, right } = base(attack.on);
  const yaml = attack.yaml?.(fixed);
  const written = yaml === undefined ? answer : { ...answer, documents: answer.documents.map(({ id }) => ({ id, yaml })) };
  const hostile = attack.proposal?.(written, world) ?? written;
  const [cpu, memory] = [process.cpuUsage(), process.memoryUsage().rss];
  const judged = judge(world, hostile, attack.input);
  const { user, system } = process.cpuUsage(cpu);
  return { world, right, judged, milliseconds: (user + system) / 1000, megabytes: (process.memoryUsage().rss - memory) / 2 ** 20 };
});

function memo<Key, Value>(make: (key: Key) => Value): (key: Key) => Value {
  const made = new Map<Key, Value>();
  return (key) => {
    const known = made.get(key) ?? make(key);
    made.set(key, known);
    return known;
  };
}

/** What the delivery renders differently. */
function effect(world: Situation, { files }: Judged) {
  const after = { ...world.files, ...Object.fromEntries((files ?? []).map(({ path, after }) => [path, after])) };
  return diffFields(world.rendered, world.render(after));
}
