import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isObject, type Json } from "../../src/cluster/objects.ts";
import { quietAt } from "../../src/config/quiet-hours.ts";
import { settingsReader } from "../../src/config/repository.ts";
import { type OperatorLimits, overruled, rulesFor } from "../../src/config/rules.ts";
import { NOTHING_SAID, refuseUnknownWords, SETTINGS_SCHEMA, settingsAt } from "../../src/settings.ts";
import type { RepositoryTree } from "../../src/source/git/repository.ts";

const PATH = ".github/autofix.yml";

function treeOf(files: Record<string, string>, mode: "file" | "symlink" = "file"): RepositoryTree {
  const entries = Object.entries(files).map(([path, text]) => ({ path, size: Buffer.byteLength(text), mode }));
  const bytes = async (path: string) => (path in files ? Buffer.from(files[path] ?? "") : undefined);
  return { commit: "c".repeat(40), files: entries, read: async (path) => files[path], bytes };
}

/** What people read about a file: each problem at its line. */
async function problemsOf(text: string): Promise<string> {
  const found = await settingsAt(treeOf({ [PATH]: text }));
  return found.kind === "valid" ? "valid" : found.problems.map(({ line, message }) => `${line}: ${message}`).join("\n");
}

async function settingsOf(text: string) {
  const found = await settingsAt(treeOf({ [PATH]: text }));
  if (found.kind === "invalid") throw new Error(JSON.stringify(found.problems));
  return found.settings;
}

describe("what people read about a wrong settings file", () => {
  it("unknown settings, with those that there are", async () => {
    expect(await problemsOf("enable: true\nbounds:\n  memoryfactor: 2\nquietHours:\n  windows:\n    - day: mon\n")).toMatchInlineSnapshot(`
      "1: enable is no setting. There are: enabled, deliveries, paths, kinds, classes, bounds, policies, engine, pullRequests, quietHours, validate.
      3: bounds.memoryfactor is no setting. bounds has: minimumConfidence, memoryFactor, maxMemoryGi, cpuFactor, maxCpu, probeSeconds, deadlineFactor.
      6: quietHours.windows[0].day is no setting. quietHours.windows[0] has: days, from, to."
    `);
  });

  it("values of a wrong type or out of range", async () => {
    const text = `
enabled: "yes"
kinds: [Deployment]
classes:
  only: []
  never:
    - out-of-memory
    - out-of-memries
bounds:
  minimumConfidence: 60
engine: chatbot
pullRequests:
  labels: bug
  reviewers: ["@ada", acme/platform, 7]
  draft:
  maxOpen: 0
  maxPerHour: 1.5
validate: some
`.trimStart();
    expect(await problemsOf(text)).toMatchInlineSnapshot(`
      "1: enabled must be true or false.
      2: kinds must be a mapping of only, never.
      4: classes.only must be a list of 1 to 100 entries.
      7: classes.never[1] must be one of image-not-found, image-registry, image-unauthorized, command-not-found, crash-on-start, config-missing, config-key-missing, secret-missing, out-of-memory, liveness-probe, readiness-probe, startup-probe, unschedulable-resources, unschedulable-placement, volume-unbound, volume-mount, service-no-endpoints, service-port, ingress-backend, service-account-missing, quota, limit-range, pod-security, run-as-root-image, rbac-forbidden, job-failed, cron-invalid, autoscaler, invalid-manifest, render-failed, helm-failed, dependency-address, port-conflict, dns-policy, network-policy, replicas-zero, node, unknown.
      9: bounds.minimumConfidence must be a number from 0 to 1.
      10: engine must be one of playbook, auto, model.
      12: pullRequests.labels must be a list of at most 20 entries.
      13: pullRequests.reviewers[0] must be text such as ada or acme/platform.
      13: pullRequests.reviewers[2] must be text such as ada or acme/platform.
      14: pullRequests.draft must be true or false.
      15: pullRequests.maxOpen must be a whole number from 1 to 100.
      16: pullRequests.maxPerHour must be a whole number from 1 to 100.
      17: validate must be one of own, all."
    `);
  });

  it("the team's own rules, where they do not compile", async () => {
    const rule = (expression: string) => `policies:\n  - name: small\n    expression: ${JSON.stringify(expression)}\n`;
    expect(await problemsOf(rule("object.spec.replicas <= 3"))).toBe("valid");
    expect(await problemsOf(rule("object.spec.replicas <= "))).toMatchInlineSnapshot(
      `"2: The policy small does not compile: expression: Unexpected token: EOF."`,
    );
    expect(await problemsOf(rule("1 + 1"))).toMatchInlineSnapshot(`"2: The policy small does not compile: expression is of type int, not bool."`);
    expect(await problemsOf(rule("oject.spec.replicas <= 3"))).toMatchInlineSnapshot(
      `"2: The policy small does not compile: expression: Unknown variable: oject."`,
    );
  });

  it("patterns that could never match anything", async () => {
    const text = "paths:\n  only:\n    - /apps\n    - ./apps\n    - apps/../base\ndeliveries:\n  never: [shop]\n";
    expect(await problemsOf(text)).toMatchInlineSnapshot(`
      "3: paths.only[0] must be text such as apps/shop, at most 300 characters.
      4: paths.only[1] must be text such as apps/shop, at most 300 characters.
      5: paths.only[2] must be text such as apps/shop, at most 300 characters.
      7: deliveries.never[0] must be text such as Application/argocd/shop, at most 300 characters."
    `);
  });

  it("quiet hours", async () => {
    const text = "quietHours:\n  timeZone: Berlin\n  windows:\n    - {days: [monday], from: 7:00, to: 24:00}\n    - from: 24:00\n";
    expect(await problemsOf(text)).toMatchInlineSnapshot(`
      "2: quietHours.timeZone must be a time zone's name, such as Europe/Berlin or UTC.
      4: quietHours.windows[0].days[0] must be one of mon, tue, wed, thu, fri, sat, sun.
      4: quietHours.windows[0].from must be text such as 22:00.
      5: quietHours.windows[1].from must be text such as 22:00."
    `);
    expect(await problemsOf("quietHours: {windows: [{}]}\n")).toMatchInlineSnapshot(
      `"1: quietHours.windows leave no time at all; \`enabled: false\` switches the bot off."`,
    );
    expect(await problemsOf("quietHours: {timeZone: UTC}\n")).toMatchInlineSnapshot(`"1: quietHours.windows must be a list of 1 to 20 entries."`);
  });

  it("something else than a mapping", async () => {
    expect(await problemsOf("- enabled\n")).toMatchInlineSnapshot(
      `"1: The file must be a mapping of enabled, deliveries, paths, kinds, classes, bounds, policies, engine, pullRequests, quietHours, validate."`,
    );
    expect(await problemsOf("enabled\n")).toMatchInlineSnapshot(
      `"1: The file must be a mapping of enabled, deliveries, paths, kinds, classes, bounds, policies, engine, pullRequests, quietHours, validate."`,
    );
  });

  it("keys of attackers are shown as text, and no more than fifty problems", async () => {
    expect(await problemsOf('"@all <b>\\u202e\\n::error::x": 1\n')).toMatchInlineSnapshot(
      `"1: "@all <b>‮\\n::error::x" is no setting. There are: enabled, deliveries, paths, kinds, classes, bounds, policies, engine, pullRequests, quietHours, validate."`,
    );
    const many = Array.from({ length: 200 }, (_, i) => `a${i}: 1\n`).join("");
    expect((await problemsOf(many)).split("\n")).toHaveLength(50);
  });
});

describe("where settings are read from", () => {
  it("no file says nothing, and an empty one neither", async () => {
    expect(await settingsAt(treeOf({}))).toBe(NOTHING_SAID);
    expect(await settingsOf("# later\n")).toEqual({});
  });

  it("the other spelling of the name is an error, so that nobody believes in settings that do not hold", async () => {
    const problem = { file: ".github/autofix.yaml", line: 1, message: expect.stringContaining("settings are read from .github/autofix.yml only") };
    expect(await settingsAt(treeOf({ ".github/autofix.yaml": "enabled: false\n" }))).toEqual({ kind: "invalid", problems: [problem] });
    expect(await settingsAt(treeOf({ ".github/autofix.yaml": "", [PATH]: "" }))).toEqual({ kind: "invalid", problems: [problem] });
  });

  it("a link is not followed", async () => {
    expect(await settingsAt(treeOf({ [PATH]: "/etc/passwd" }, "symlink"))).toMatchObject({ kind: "invalid", problems: [{ line: 1 }] });
  });

  it("a file that is too long is not even read", async () => {
    const tree = { ...treeOf({ [PATH]: " ".repeat(70_000) }), read: () => Promise.reject(new Error("read")) };
    expect(await settingsAt(tree)).toMatchObject({ kind: "invalid", problems: [{ line: 1 }] });
  });
});

const operator: OperatorLimits = {
  bounds: { minimumConfidence: 0.7, memoryFactor: 4, maxMemoryGi: 64, cpuFactor: 4, maxCpu: 16, probeSeconds: 600, deadlineFactor: 4 },
  engine: "auto",
  caps: { open: 5, perHour: 5 },
};

describe("the operator's configuration above a repository's", () => {
  it("what is not said is the operator's", () => {
    expect(rulesFor(operator, {})).toEqual({
      ...operator,
      enabled: true,
      policies: [],
      deliveries: {},
      paths: {},
      kinds: {},
      failureClasses: {},
      pullRequests: { labels: [], reviewers: [], assignees: [], draft: false },
      quietHours: undefined,
      validate: "own",
    });
  });

  it("of two values the stricter one counts, whichever says it", () => {
    const rules = rulesFor(operator, { bounds: { minimumConfidence: 0.5, memoryFactor: 2 }, pullRequests: { maxOpen: 9, maxPerHour: 1 } });
    expect(rules.bounds).toMatchObject({ minimumConfidence: 0.7, memoryFactor: 2, probeSeconds: 600 });
    expect(rules.caps).toEqual({ open: 5, perHour: 1 });
  });

  it.each([
    ["playbook", "model", "playbook"],
    ["playbook", "auto", "playbook"],
    ["auto", "playbook", "playbook"],
    ["auto", "model", "auto"],
    ["model", "auto", "auto"],
    ["model", "model", "model"],
    ["model", undefined, "model"],
  ] as const)("engine %s with a repository's %s is %s: never more for a model than both want", (allowed, wished, engine) => {
    expect(rulesFor({ ...operator, engine: allowed }, wished ? { engine: wished } : {}).engine).toBe(engine);
  });

  it("kinds and classes are only ever fewer", () => {
    const narrow = { ...operator, kinds: ["Deployment", "Service"], failureClasses: ["image-not-found"] };
    expect(rulesFor(narrow, {}).kinds).toEqual({ only: ["Deployment", "Service"] });
    expect(rulesFor(narrow, { kinds: { only: ["Service", "Pod"] }, classes: { never: ["image-not-found"] } })).toMatchObject({
      kinds: { only: ["Service"] },
      failureClasses: { only: ["image-not-found"], never: ["image-not-found"] },
    });
  });

  it("whatever a repository says, nothing becomes looser", () => {
    const factor = fc.option(fc.double({ min: 1, max: 64, noNaN: true }), { nil: undefined });
    const cap = fc.option(fc.integer({ min: 1, max: 100 }), { nil: undefined });
    fc.assert(
      fc.property(factor, cap, cap, (memoryFactor, maxOpen, maxPerHour) => {
        const { bounds, caps } = rulesFor(operator, { bounds: { memoryFactor }, pullRequests: { maxOpen, maxPerHour } });
        expect(bounds.memoryFactor).toBeLessThanOrEqual(operator.bounds.memoryFactor);
        expect(caps.open).toBeLessThanOrEqual(operator.caps.open);
        expect(caps.perHour).toBeLessThanOrEqual(operator.caps.perHour);
      }),
    );
  });

  it("tells who wrote it what has no effect", () => {
    const settings = { engine: "model", bounds: { minimumConfidence: 0.2, memoryFactor: 2 }, pullRequests: { maxOpen: 50 } } as const;
    expect(overruled(operator, settings).map(({ message }) => message)).toMatchInlineSnapshot(`
      [
        "bounds.minimumConfidence has no effect: the operator's configuration is stricter, and 0.7 counts.",
        "engine has no effect: the operator's configuration is stricter, and auto counts.",
        "pullRequests.maxOpen has no effect: the operator's configuration is stricter, and 5 counts.",
      ]
    `);
  });

  it("the operator's own words are checked at the start", () => {
    expect(() => refuseUnknownWords({ kinds: ["Deployment"], failureClasses: ["out-of-memory"] })).not.toThrow();
    expect(() => refuseUnknownWords({ failureClasses: ["out-of-memries"] })).toThrow(expect.objectContaining({ code: "config/invalid" }));
  });
});

describe("quiet hours", () => {
  const nights =
    "quietHours:\n  timeZone: Europe/Berlin\n  windows:\n    - {days: [mon, tue, wed, thu, fri], from: 22:00, to: 07:00}\n    - days: [sat, sun]\n";

  it.each([
    ["2026-11-27T20:59:59Z", undefined],
    ["2026-11-27T21:00:00Z", "mon 00:00 Europe/Berlin"],
    ["2026-11-28T12:00:00Z", "mon 00:00 Europe/Berlin"],
    ["2026-11-29T23:00:00Z", undefined],
    ["2026-12-01T03:30:30Z", "tue 07:00 Europe/Berlin"],
    ["2026-07-01T04:59:59Z", "wed 07:00 Europe/Berlin"],
    ["2026-07-01T05:00:00Z", undefined],
  ])("at %s: %s", async (at, until) => {
    const { quietHours } = await settingsOf(nights);
    const quiet = quietHours && quietAt(quietHours, new Date(at));
    expect(quiet?.until).toBe(until);
    if (quiet && quietHours) expect(quietAt(quietHours, new Date(new Date(at).getTime() + quiet.milliseconds))).toBeUndefined();
  });
});

describe("the published schema", () => {
  it("is schema/autofix.schema.json; `npm run schema` writes it anew", async () => {
    await expect(`${JSON.stringify(SETTINGS_SCHEMA, null, 2)}\n`).toMatchFileSnapshot("../../schema/autofix.schema.json");
  });

  it("says of every setting what it is for", () => {
    expect(undescribed(JSON.parse(JSON.stringify(SETTINGS_SCHEMA)), "")).toEqual([]);
  });

  it("accepts and refuses what the bot does", () => {
    const isValid = new Ajv({ strict: false }).compile(SETTINGS_SCHEMA);
    const reader = settingsReader({ kinds: ["Deployment"], failureClasses: ["unknown"] });
    for (const value of [
      {},
      { enabled: false },
      { enabled: "no" },
      { kinds: { only: ["Deployment"] } },
      { kinds: { only: [] } },
      { paths: { never: ["apps/a b"] } },
      { x: 1 },
    ]) {
      expect(isValid(value), JSON.stringify(value)).toBe(reader.judge(value).kind === "valid");
    }
  });

  it("fits the example in the documentation, which the bot takes too", async () => {
    const example = readFileSync(new URL("../../docs/autofix.example.yml", import.meta.url), "utf8");
    const settings = await settingsOf(example);
    expect(new Ajv({ strict: false }).compile(SETTINGS_SCHEMA)(settings)).toBe(true);
    const published = isObject(JSON.parse(JSON.stringify(SETTINGS_SCHEMA)).properties) ? Object.keys(SETTINGS_SCHEMA.properties ?? {}) : [];
    expect(Object.keys(settings).sort()).toEqual(published.sort());
  });
});

/** Paths of properties and entries without a description. */
function undescribed(node: Json, path: string): string[] {
  if (!isObject(node)) return [];
  const own = typeof node.description === "string" && node.description !== "" ? [] : [path];
  const properties = isObject(node.properties) ? Object.entries(node.properties) : [];
  const entries = isObject(node.items) ? undescribed(node.items, `${path}[]`) : [];
  return [...own, ...properties.flatMap(([name, child]) => undescribed(child, `${path}.${name}`)), ...entries];
}
