import { expect, test } from "vitest";
import { textAt } from "../../src/cluster/objects.ts";
import { consultPlaybook } from "../../src/diagnosis/playbook/playbook.ts";
import { formatPath } from "../../src/source/edit/field-path.ts";
import { loadRecording } from "../world/recording.ts";
import { caseOf } from "./case.ts";

const FILE = "deploy/deployment.yaml";
const RAN = "badges-57c84d459";
const TAKEN = 'time=2026-11-29T00:19:18.275Z level=ERROR msg="cannot listen" error="listen tcp :9102: bind: address already in use"';

interface Container {
  ports?: readonly number[];
  env?: Readonly<Record<string, string>>;
  args?: readonly string[];
}

interface Story {
  badges?: Container;
  beside?: Container;
  said?: string;
  /** A ConfigMap that both read. */
  shared?: string;
  worked?: boolean;
}

/** shop-67 as a first release of two containers, of which badges fails. */
async function answerFor({ badges = { ports: [9103], env: { PORT: "9102" } }, beside = { ports: [9102] }, ...story }: Story = {}): Promise<unknown> {
  const recording = loadRecording("shop-67");
  const [head = ""] = (recording.after[FILE] ?? "").split("      containers:\n");
  const whole = (own: Container) => `${head}      containers:\n${container("badges", own, story.shared)}${container("exporter", beside, story.shared)}`;
  const files = (own: Container) => ({ ...recording.after, [FILE]: whole(own), ...(story.shared ? { "deploy/shared.yaml": story.shared } : {}) });
  const logs = Object.fromEntries(Object.keys(recording.logs).map((name) => [name, `2026-11-29T00:19:18.275000000Z ${story.said ?? TAKEN}\n`]));
  const objects = recording.objects.filter((object) => !JSON.stringify(object.metadata).includes(RAN) && !textAt(object, "regarding", "name").startsWith(RAN));
  // What ran before had another release beside it, and the same settings.
  const before = story.worked ? { ...files(badges), [FILE]: whole(badges).replace("exporter:1.4.1", "exporter:1.4.0") } : {};
  const input = await caseOf({ ...recording, objects, logs, before, after: files(badges) }, { lastGood: !story.worked });
  const finding = input && consultPlaybook(input)[0]?.finding;
  if (finding?.action.kind !== "fix") return finding?.action.kind;
  const changes = finding.action.changes.map(({ object, path, after }) => `${object.kind} ${formatPath(path.slice(-3))} = ${JSON.stringify(after)}`);
  return [finding.failureClass, finding.target.container, ...changes];
}

function container(name: string, { ports = [], env = {}, args }: Container, shared?: string): string {
  const own = {
    name,
    image: `acme/${name}:1.4.1`,
    ports: ports.map((containerPort) => ({ containerPort })),
    env: Object.entries(env).map(([key, value]) => ({ name: key, value })),
    ...(args ? { args } : {}),
    ...(shared ? { envFrom: [{ configMapRef: { name: "shared" } }] } : {}),
  };
  return `        - ${JSON.stringify(own)}\n`;
}

const variable = (container: string, value: string) => ["port-conflict", container, `Deployment env[name=PORT].value = "${value}"`];

test.each<[string, Story, unknown]>([
  ["a variable", {}, variable("badges", "9103")],
  ["an address", { badges: { ports: [8443], env: { PORT: "0.0.0.0:9102" } } }, variable("badges", "0.0.0.0:8443")],
  ["a flag", { badges: { ports: [9103], args: ["--verbose", "--listen=:9102"] } }, ["port-conflict", "badges", `Deployment badges.args[1] = "--listen=:9103"`]],
  ["a word after a flag", { badges: { ports: [9103], args: ["--port", "9102"] } }, ["port-conflict", "badges", `Deployment badges.args[1] = "9103"`]],
  ["one of two settings", { badges: { ports: [8080, 9103], env: { PORT: "9102", USERS: "8080" } } }, variable("badges", "9103")],
  [
    "a variable of the container that came first",
    { badges: { ports: [9102] }, beside: { ports: [9103], env: { PORT: "9102" } } },
    variable("exporter", "9103"),
  ],
])("what tells a container another's port follows the port that it declares: %s", async (_, story, answer) => {
  const said = await answerFor(story);
  expect(JSON.stringify(said).replace("[name=badges].args", "badges.args")).toEqual(JSON.stringify(answer));
});

const MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: shared}\ndata: {PORT: '9102'}\n";

test.each<[string, Story]>([
  ["it declares no other port", { badges: { ports: [9102], env: { PORT: "9102" } } }],
  ["it declares none", { badges: { env: { PORT: "9102" } } }],
  ["it declares two that nothing speaks of", { badges: { ports: [9103, 9104], env: { PORT: "9102" } } }],
  ["another container has the declared port", { beside: { ports: [9102], env: { ADMIN: "9103" } } }],
  ["both contradict themselves", { beside: { ports: [9200], env: { PORT: "9102" } } }],
  ["nobody beside it knows the port", { beside: { ports: [9200] } }],
  ["two settings name it", { badges: { ports: [9103], env: { PORT: "9102", METRICS_PORT: "9102" } } }],
  ["it is where another program is", { badges: { ports: [9103], env: { UPSTREAM_PORT: "9102" } } }],
  ["it connects there", { badges: { ports: [9103], env: { PORT: "http://localhost:9102" } } }],
  ["both read the same setting", { badges: { ports: [9103] }, shared: MAP }],
  ["it ran like this before", { worked: true }],
  ["the log speaks of another port", { said: TAKEN.replace("9102", "7000") }],
])("people look at it where %s", async (_, story) => {
  expect(await answerFor(story)).toBe("escalate");
});
