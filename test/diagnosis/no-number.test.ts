import { expect, test } from "vitest";
import { textAt } from "../../src/cluster/objects.ts";
import { withoutUnit } from "../../src/diagnosis/playbook/crash/units.ts";
import { consultPlaybook } from "../../src/diagnosis/playbook/playbook.ts";
import { formatPath } from "../../src/source/edit/field-path.ts";
import { loadRecording } from "../world/recording.ts";
import { caseOf } from "./case.ts";

const FILE = "deploy/deployment.yaml";
const RAN = "badges-57c84d459";
const ENV = "          env:\n";

interface Story {
  /** The settings that came, in the container's own list or in a ConfigMap that it reads as a whole. */
  env?: Readonly<Record<string, string>>;
  map?: Readonly<Record<string, string>>;
  said: readonly string[];
  /** What the settings were before, where it worked before. */
  was?: Readonly<Record<string, string>>;
  /** The image of a second program that reads the ConfigMap. */
  beside?: string;
}

/** shop-67, in which other things changed, and whose program complains of a setting. */
async function answerFor({ env = {}, map, said, was, beside }: Story): Promise<unknown> {
  const recording = loadRecording("shop-67");
  const files = (own: Readonly<Record<string, string>>) => ({
    ...recording.after,
    [FILE]: deployment(recording.after[FILE] ?? "", own, map !== undefined, beside),
    ...(map ? { "deploy/limits.yaml": JSON.stringify({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "limits" }, data: map }) } : {}),
  });
  const log = said.map((line) => `2026-11-23T00:24:55.000000000Z ${line}\n`).join("");
  const logs = Object.fromEntries(Object.keys(recording.logs).map((name) => [name, log]));
  const objects = recording.objects.filter((object) => !JSON.stringify(object.metadata).includes(RAN) && !textAt(object, "regarding", "name").startsWith(RAN));
  const input = await caseOf({ ...recording, objects, logs, before: was ? files(was) : {}, after: files(env) }, { lastGood: !was });
  const finding = input && consultPlaybook(input)[0]?.finding;
  if (finding?.action.kind !== "fix") return finding?.action.kind;
  const changes = finding.action.changes.map(({ object, path, after }) => `${object.kind} ${formatPath(path.slice(-3))} = ${JSON.stringify(after)}`);
  return [finding.confidence, ...changes];
}

function deployment(text: string, env: Readonly<Record<string, string>>, readsMap: boolean, beside = ""): string {
  const items = Object.entries(env).map(([name, value]) => `            - ${JSON.stringify({ name, value })}\n`);
  const from = "          envFrom: [{configMapRef: {name: limits}}]\n";
  const other = beside === "" ? "" : `        - name: other\n          image: ${beside}\n${from}`;
  return text.replace(ENV, `${readsMap ? from : ""}${ENV}${items.join("")}`).replace("      containers:\n", `      containers:\n${other}`);
}

const variable = (name: string, value: string) => [0.65, `Deployment env[name=${name}].value = "${value}"`];
const GO = ['level=ERROR msg="invalid setting" name=START_SECONDS error="strconv.Atoi: parsing \\"5s\\": invalid syntax"'];

test.each<[string, Story, unknown]>([
  ["Go", { env: { START_SECONDS: "5s" }, said: GO }, variable("START_SECONDS", "5")],
  ["Go, of a ConfigMap", { map: { START_SECONDS: "5s" }, said: GO }, [0.65, 'ConfigMap data.START_SECONDS = "5"']],
  [
    "Python",
    {
      env: { CACHE_MB: "64Mi" },
      said: ["Traceback (most recent call last):", '  limit = int(os.environ["CACHE_MB"])', "ValueError: invalid literal for int() with base 10: '64Mi'"],
    },
    variable("CACHE_MB", "64"),
  ],
  [
    "pydantic",
    {
      env: { SCALE_UP_PERCENT: "80%" },
      said: [
        "1 validation error for Settings",
        "scale_up_percent",
        "  Input should be a valid integer, unable to parse string as an integer [type=int_parsing, input_value='80%', input_type=str]",
      ],
    },
    variable("SCALE_UP_PERCENT", "80"),
  ],
  [
    "Spring",
    {
      env: { POOL_WAIT_MS: "200ms" },
      said: [
        "Failed to bind properties under 'pool.wait.ms' to int:",
        '    Value: "200ms"',
        '    Reason: failed to convert java.lang.String to int (caused by java.lang.NumberFormatException: For input string: "200ms")',
      ],
    },
    variable("POOL_WAIT_MS", "200"),
  ],
  ["Node", { env: { CACHE_MB: "64MB" }, said: ['Error: "CACHE_MB" must be a number'] }, variable("CACHE_MB", "64")],
  [
    "another unit that comes out exactly",
    { env: { TIMEOUT_MS: "5s" }, said: ['Error: TIMEOUT_MS: Invalid number input: "5s"'] },
    variable("TIMEOUT_MS", "5000"),
  ],
  ["a setting that came with the commit", { env: { START_SECONDS: "5s" }, was: { START: "5" }, said: GO }, variable("START_SECONDS", "5")],
  ["two programs of one image", { map: { START_SECONDS: "5s" }, beside: "acme/checkout:1.4.1", said: GO }, [0.65, 'ConfigMap data.START_SECONDS = "5"']],
])("a number says no unit that its name says already, in the words of %s", async (_, story, answer) => {
  expect(await answerFor(story)).toEqual(answer);
});

test.each<[string, Story]>([
  ["the name says no unit", { env: { START_DELAY: "5s" }, said: [GO[0]?.replace("START_SECONDS", "START_DELAY") ?? ""] }],
  [
    "the unit does not come out exactly",
    { env: { START_SECONDS: "500ms" }, said: ['name=START_SECONDS error="strconv.Atoi: parsing \\"500ms\\": invalid syntax"'] },
  ],
  ["the program names another setting", { env: { START_SECONDS: "5s" }, said: [GO[0]?.replace("START_SECONDS", "STOP_SECONDS") ?? ""] }],
  ["it says something else of it", { env: { START_SECONDS: "5s" }, said: ["fatal: START_SECONDS is out of range"] }],
  ["it went on after that", { env: { START_SECONDS: "5s" }, said: [...GO, ...Array.from({ length: 9 }, (_, i) => `step ${i}`), "panic: index out of range"] }],
  ["another program reads it too", { map: { START_SECONDS: "5s" }, beside: "acme/other:2.0.0", said: GO }],
])("people look at it where %s", async (_, story) => {
  expect(await answerFor(story)).toBe("escalate");
});

test("a number that worked comes back: nothing is to be guessed", async () => {
  const back = await answerFor({ env: { START_SECONDS: "5s" }, was: { START_SECONDS: "30" }, said: GO });
  expect(back).toEqual([0.85, 'Deployment env[name=START_SECONDS].value = "30"']);
});

test.each([
  ["START_SECONDS", "5s", "5"],
  ["startTimeoutSeconds", "2m", "120"],
  ["CACHE_TTL_MINUTES", "2h", "120"],
  ["WAIT_SECONDS", "1500ms", undefined],
  ["WAIT_SECONDS", "3000ms", "3"],
  ["WAIT_SECONDS", "64Mi", undefined],
  ["WAIT_SECONDS", "1m30s", undefined],
  ["UPLOAD_BYTES", "64Mi", "67108864"],
  ["UPLOAD_BYTES", "64MB", undefined],
  ["CACHE_MB", "1Gi", undefined],
  ["CACHE_MIB", "1Gi", "1024"],
  ["CACHE_MB", "64m", "64"],
  ["REQUESTS_PER_SECONDS", "5s", undefined],
  ["MIN_REPLICAS", "5m", undefined],
  ["SECONDS_OR_MINUTES", "5s", undefined],
  ["TIMEOUT_S", "5s", "5"],
  ["S_TIMEOUT", "5s", undefined],
  ["START_SECONDS", "5", undefined],
])("%s of %s is %s", (name, value, number) => {
  expect(withoutUnit(name, value)).toBe(number);
});

test("a number in quotation marks that are a part of it", async () => {
  const said = ['invalid CACHE_MB: strconv.Atoi: parsing "\\"16\\"": invalid syntax'];
  expect(await answerFor({ env: { CACHE_MB: '"16"' }, said })).toEqual(
    [0.65, 'env[name=CACHE_MB].value = "16"'].map((one) => (typeof one === "string" ? expect.stringContaining(one) : one)),
  );
  expect(await answerFor({ env: { THEME: '"dark"' }, said: ["invalid THEME: not a number"] })).not.toEqual(expect.arrayContaining([0.65]));
});
