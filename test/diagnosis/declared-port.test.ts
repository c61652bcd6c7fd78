import { expect, test } from "vitest";
import { textAt } from "../../src/cluster/objects.ts";
import { consultPlaybook } from "../../src/diagnosis/playbook/playbook.ts";
import { saidToListenOn } from "../../src/evidence/listening.ts";
import { loadRecording } from "../world/recording.ts";
import { caseOf } from "./case.ts";

const ASKED = "httpGet: {path: /readyz, port: http, scheme: HTTPS}";
const OLD = "themes-dc9984dc9";

/** shop-69 as a first release: nothing ran before, nothing answers on the port called http, and the program was told to use another one. */
async function answerFor({ env = '{name: PORT, value: "9000"}', listens = ":9000", probe = "http" } = {}): Promise<unknown> {
  const recording = loadRecording("shop-69");
  const objects = recording.objects.filter((object) => !JSON.stringify(object.metadata).includes(OLD) && !textAt(object, "regarding", "name").startsWith(OLD));
  const refused = JSON.stringify(objects).replaceAll(
    "http: server gave HTTP response to HTTPS client",
    "dial tcp 10.244.0.144:8080: connect: connection refused",
  );
  const after = Object.fromEntries(
    Object.entries(recording.after).map(([path, text]) => [
      path,
      text.replace(ASKED, `httpGet: {path: /readyz, port: ${probe}}`).replace(/^( +)readinessProbe:/m, `$1env: [${env}]\n$1readinessProbe:`),
    ]),
  );
  const logs = Object.fromEntries(Object.entries(recording.logs).map(([name, text]) => [name, text.replaceAll("address=:8080", `address=${listens}`)]));
  const input = await caseOf({ ...recording, objects: JSON.parse(refused), after, before: {}, logs }, { lastGood: true });
  const action = input && consultPlaybook(input)[0]?.finding.action;
  return action?.kind === "fix" ? action.words : action?.kind;
}

test("the port that is called http moves to where the program was told to listen, and says that it does", async () => {
  expect(await answerFor()).toEqual(["Set port http to 9000, where the program listens"]);
});

test.each([
  ["nothing told the program to", { env: "{name: THEME, value: light}" }],
  ["it listens where it is asked", { listens: ":8080" }],
  ["it says nothing of a port", { listens: "/run/app.sock" }],
  ["the probe asks by number", { probe: "8080" }],
])("people look at it where %s", async (_, story) => {
  expect(await answerFor(story)).toBe("escalate");
});

test.each([
  ["time=2026-11-28T22:07:33.988Z level=INFO msg=listening address=:9000", 9000],
  ["Server listening on http://[::]:3000/\nServing on port 3000", 3000],
  ["listening on :9000\nmetrics listening on :9000", undefined],
  ["listening on :9000\nlistening on :9001", undefined],
  ["listening on :9000, :9001", undefined],
  ["connected to broker:9092", undefined],
  ["", undefined],
])("a log that says %j", (log, port) => {
  expect(saidToListenOn(log)).toBe(port);
});
