import { expect, test } from "vitest";
import { type KubeObject, listAt, objectAt, textAt } from "../../src/cluster/objects.ts";
import { consultPlaybook } from "../../src/diagnosis/playbook/playbook.ts";
import { formatPath } from "../../src/source/edit/field-path.ts";
import { loadRecording } from "../world/recording.ts";
import { caseOf } from "./case.ts";

const RAN = "badges-57c84d459";
const FILE = "deploy/deployment.yaml";
const CONTAINERS = "      containers:\n";

interface Story {
  /** What the pod spec says of its resolver, before and after the commit. */
  was: readonly string[];
  is: readonly string[];
  said: readonly string[];
  /** It asks again and again, instead of ending. */
  isWaiting?: boolean;
  /** What else the commit changed of the probe, and of a variable. */
  period?: number;
  host?: string;
}

/** shop-67, in which other things changed, and whose program says something else. */
async function answerFor({ was, is, said, isWaiting = false, period = 3, host = "/etc/shop/app.conf" }: Story): Promise<unknown> {
  const recording = loadRecording("shop-67");
  const text = (lines: readonly string[]) =>
    (recording.after[FILE] ?? "").replace(CONTAINERS, `${lines.map((line) => `      ${line}\n`).join("")}${CONTAINERS}`);
  const log = said.map((line) => `2026-11-23T00:24:55.000000000Z ${line}\n`).join("");
  const logs = Object.fromEntries(Object.keys(recording.logs).map((name) => [name, log]));
  const files = {
    before: { ...recording.after, [FILE]: text(was) },
    after: { ...recording.after, [FILE]: text(is).replace("periodSeconds: 3", `periodSeconds: ${period}`).replace("/etc/shop/app.conf", host) },
  };
  // What ran before had other mounts than what `was` says.
  const objects = recording.objects.filter((object) => !JSON.stringify(object.metadata).includes(RAN) && !textAt(object, "regarding", "name").startsWith(RAN));
  const input = await caseOf({ ...recording, ...files, objects: isWaiting ? objects.map(waiting) : objects, logs });
  const finding = input && consultPlaybook(input)[0]?.finding;
  if (finding?.action.kind !== "fix") return finding?.action.kind;
  return [finding.failureClass, ...finding.action.changes.map(({ path, after }) => `${formatPath(path.slice(3))} = ${JSON.stringify(after)}`)];
}

/** The same container, which runs and does not get ready. */
function waiting(object: KubeObject): KubeObject {
  if (object.kind !== "Pod") return object;
  const state = { running: { startedAt: "2026-11-23T00:20:00Z" } };
  const statuses = listAt(object, "status", "containerStatuses").map((one) => ({ ...objectAt(one), ready: false, restartCount: 0, state, lastState: {} }));
  return { ...object, status: { ...objectAt(object, "status"), containerStatuses: statuses } };
}

const NONE = "dnsPolicy: None";
const [GOOD, BAD] = ["nameservers: [10.99.0.1]", "nameservers: [10.9.0.1]"];
const NDOTS = 'options: [{name: ndots, value: "1"}]';
const SEARCHES = "searches: [acme.internal]";
const config = (...entries: string[]) => `dnsConfig: {${entries.join(", ")}}`;
const NSLOOKUP = ["Server:\t\t10.9.0.1", "Address:\t10.9.0.1:53", "** server can't find mail.acme.example: NXDOMAIN"];
const SERVER_BACK = ["dns-policy", 'dnsConfig.nameservers[0] = "10.99.0.1"'];

test.each([
  ["busybox' nslookup", NSLOOKUP],
  ["a script alone", ["waiting for the mail server", "cannot resolve mail.acme.example"]],
  ["glibc", ['psycopg2.OperationalError: could not translate host name "db" to address: Temporary failure in name resolution']],
  ["musl", ["nc: bad address 'db.shop'"]],
  ["Go", ['level=ERROR msg=failed error="dial tcp: lookup db.shop.svc on 10.9.0.1:53: no such host"']],
  ["Node", ["Error: getaddrinfo EAI_AGAIN db.shop"]],
  ["Java", ['Exception in thread "main" java.net.UnknownHostException: db.shop: Name or service not known']],
])("the nameserver goes back and what else the commit set of the resolver stays, in the words of %s", async (_, said) => {
  expect(await answerFor({ was: [NONE, config(GOOD)], is: [NONE, config(BAD, NDOTS)], said })).toEqual(SERVER_BACK);
});

test("a resolver of its own goes as a whole, and options that came with it stay", async () => {
  expect(await answerFor({ was: [], is: [NONE, config(BAD, NDOTS)], said: NSLOOKUP })).toEqual([
    "dns-policy",
    "dnsPolicy = undefined",
    "dnsConfig.nameservers = undefined",
  ]);
  expect(await answerFor({ was: [], is: [NONE, config(BAD)], said: NSLOOKUP })).toEqual(["dns-policy", "dnsPolicy = undefined", "dnsConfig = undefined"]);
});

test("search domains go back with the rest, unless a new nameserver was asked for a whole name", async () => {
  const story = { was: [NONE, config(GOOD)], is: [NONE, config(BAD, SEARCHES)] };
  expect(await answerFor({ ...story, said: NSLOOKUP })).toEqual(SERVER_BACK);
  expect(await answerFor({ ...story, said: ["dial tcp: lookup db on 10.9.0.1:53: no such host"] })).toEqual([...SERVER_BACK, "dnsConfig.searches = undefined"]);
});

test("where only options changed, the one goes back that decides about what is said", async () => {
  const ndots = { was: [NONE, config(GOOD)], is: [NONE, config(GOOD, NDOTS)] };
  expect(await answerFor({ ...ndots, said: ["nc: bad address 'db.shop'"] })).toEqual(["dns-policy", "dnsConfig.options = undefined"]);
  expect(await answerFor({ ...ndots, said: ["lookup db.shop on 10.99.0.1:53: read udp: i/o timeout"] })).toBe("escalate");
});

test("so it is where the program does not end, but waits for the name", async () => {
  const story = { was: [NONE, config(GOOD)], is: [NONE, config(BAD, NDOTS)], said: ["waiting for mail.acme.example", ...NSLOOKUP], isWaiting: true };
  expect(await answerFor(story)).toEqual(SERVER_BACK);
  expect(await answerFor({ ...story, period: 1 })).not.toEqual(SERVER_BACK);
  expect(await answerFor({ ...story, said: ["waiting for mail.acme.example"] })).not.toEqual(SERVER_BACK);
});

test.each<[string, Story]>([
  ["a name is found and nobody answers", { was: [NONE, config(GOOD)], is: [NONE, config(BAD)], said: ["dial tcp 10.4.0.7:5432: connect: connection refused"] }],
  ["a module is not resolved", { was: [NONE, config(GOOD)], is: [NONE, config(BAD)], said: ["Error: Cannot resolve module './settings'"] }],
  [
    "the name changed as well",
    { was: [NONE, config(GOOD)], is: [NONE, config(BAD)], said: ["cannot resolve mail.acme.example"], host: "smtp://mail.acme.example:25", isWaiting: true },
  ],
  ["nothing changed in how names are resolved", { was: [NONE, config(BAD)], is: [NONE, config(BAD)], said: NSLOOKUP }],
])("people look at it where %s", async (_, story) => {
  expect(await answerFor(story)).not.toContain("dns-policy");
});
