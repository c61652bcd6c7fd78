import { describe, expect, test } from "vitest";
import { consultPlaybook } from "../../src/diagnosis/playbook/playbook.ts";
import { identify } from "../../src/incident/identify.ts";
import { loadRecording, type Recording } from "../world/recording.ts";
import { caseOf } from "./case.ts";

type Files = Record<string, string>;

/** What the playbook would change, or what else it does; `retold` makes of a recording what the test is about, in git, in the cluster and in the logs. */
async function changesIn(id: string, retold: (recording: Recording) => Recording): Promise<unknown> {
  const input = await caseOf(retold(loadRecording(id)));
  const found = input && consultPlaybook(input)[0]?.finding;
  if (found?.action.kind !== "fix") return found?.action.kind ?? "nothing";
  return found.action.changes.map(({ before, after }) => `${found.target.container ?? "*"} ${String(before)} → ${String(after)}`);
}

function told(recording: Recording, replaced: readonly (readonly [string | RegExp, string])[]): Recording {
  const say = (text: string) => replaced.reduce((all, [from, to]) => all.replaceAll(from, to), text);
  const files = (all: Files) => Object.fromEntries(Object.entries(all).map(([path, text]) => [path, say(text)]));
  return {
    ...recording,
    before: files(recording.before),
    after: files(recording.after),
    logs: Object.fromEntries(Object.entries(recording.logs).map(([name, text]) => [name, say(text)])),
    objects: JSON.parse(say(JSON.stringify(recording.objects))),
  };
}

const LOOP = "until wget -q -T 2 -O /dev/null http://larder:80/readyz; do echo waiting for larder; sleep 2; done";
const looping = (script: string, line: string) => (recording: Recording) =>
  told(recording, [
    [LOOP, script],
    ["waiting for larder", line],
    ["Segmentation fault", line],
  ]);

describe("an init container that waits for ever for a Service of another name", () => {
  test("is shown by the incident, though it does not fail", async () => {
    const input = await caseOf(loadRecording("shop-849"));
    expect(input && identify(input.observation)[0]?.symptoms.map(({ reason, container }) => [reason, container])).toEqual([
      ["rollout-stuck", undefined],
      ["not-ready", "wait"],
    ]);
    expect(input?.evidence.items.some(({ kind, text }) => kind === "log" && text.includes("waiting for larder"))).toBe(true);
  });

  test.each([
    [LOOP, "waiting for larder", LOOP.replace("larder:80", "larder-svc:80")],
    ["until nc -z -w 2 larder 80; do sleep 1; done", "waiting for larder", "until nc -z -w 2 larder-svc 80; do sleep 1; done"],
    ["until nslookup larder; do echo; sleep 1; done", "server can't find larder: NXDOMAIN", "until nslookup larder-svc; do echo; sleep 1; done"],
    ["until getent hosts larder; do sleep 1; done", "not ready yet", "until getent hosts larder-svc; do sleep 1; done"],
    ["until curl -s larder:80; do sleep 1; done", "waiting", "until curl -s larder-svc:80; do sleep 1; done"],
  ])("follows: %s", async (script, line, after) => {
    expect(await changesIn("shop-849", looping(script, line))).toEqual([`wait ${script} → ${after}`]);
  });

  test("follows where no earlier revision is known, by the workload that the Service leads to", async () => {
    const input = await caseOf(loadRecording("shop-849"), { lastGood: true });
    const action = input && consultPlaybook(input)[0]?.finding.action;
    expect(action?.kind === "fix" ? action.changes.map(({ after }) => after) : action).toEqual([LOOP.replace("larder:80", "larder-svc:80")]);
  });

  test.each([
    ["it is busy with something else", looping(LOOP, "copied 3 of 100 files")],
    ["it asks for something else", looping(LOOP.replaceAll("larder", "pantry"), "waiting for pantry")],
    ["the name is no host", looping("until test -f /larder; do echo waiting for larder; sleep 1; done", "waiting for larder")],
    ["it asks for another port than the Service has", looping("until nc -z larder 5432; do sleep 1; done", "waiting for larder")],
    ["the old Service may still be there, since nothing is pruned", (one: Recording) => told(one, [[/"prune":true/g, '"prune":false']])],
  ])("does not where %s", async (_, retold) => expect(await changesIn("shop-849", retold)).toBe("nothing"));
});

const ADDRESS = "http://olive:80/readyz";
const asking = (address: string) => (recording: Recording) => told(recording, [[ADDRESS, address]]);

describe("a program that ends without a word and asks a Service at a port where it is no more", () => {
  test.each([
    [ADDRESS, "http://olive:8080/readyz"],
    ["http://olive/readyz", "http://olive:8080/readyz"],
    ["olive.shop-857.svc:80", "olive.shop-857.svc:8080"],
    ["$(OLIVE_SERVICE_HOST):80", "$(OLIVE_SERVICE_HOST):8080"],
  ])("follows in every container: %s", async (before, after) => {
    expect(await changesIn("shop-857", asking(before))).toEqual([`* ${before} → ${after}`, `* ${before} → ${after}`]);
  });

  test("follows in a command, and in a variable for the port beside the one for the host", async () => {
    const script = (recording: Recording) =>
      told(recording, [
        ["-O /dev/null $PEER", "-O /dev/null http://olive:80/readyz"],
        [/- name: PEER\n +value: .*/g, "- {name: A, value: b}"],
      ]);
    const after = "wget -q -T 3 -O /dev/null http://olive:8080/readyz";
    expect(await changesIn("shop-857", script)).toEqual([`greet wget -q -T 3 -O /dev/null http://olive:80/readyz → ${after}`]);
    const pair = (recording: Recording) =>
      told(recording, [
        [/- name: PEER\n( +)value: .*/g, '- {name: PEER_HOST, value: olive}\n$1- {name: PEER_PORT, value: "80"}'.replace("\n$1", "\n            ")],
      ]);
    expect(await changesIn("shop-857", pair)).toEqual(["* 80 → 8080", "* 80 → 8080"]);
  });

  test.each([
    [
      "the program says what is wrong",
      (one: Recording) => ({ ...one, logs: Object.fromEntries(Object.keys(one.logs).map((name) => [name, "2026-11-29T05:15:04Z error: no space left\n"])) }),
    ],
    ["it asks for something else", asking("http://pine:80/readyz")],
    ["the port is the Service's", asking("http://olive:8080/readyz")],
    ["the value is no address", asking("olive-80")],
    ["the value is the version of an image", asking("olive:7")],
    ["the cluster's Service still has that port", (one: Recording) => told(one, [['"port":8080,"protocol"', '"port":80,"protocol"']])],
    [
      "the Service is headless",
      (one: Recording) => told(one, [["spec:\n  selector:\n    app: olive", "spec:\n  clusterIP: None\n  selector:\n    app: olive"]]),
    ],
    ["the container changed as well", (one: Recording) => ({ ...one, before: told(one, [["busybox:1.36", "busybox:1.35"]]).before })],
  ])("does not where %s", async (_, retold) => expect(JSON.stringify(await changesIn("shop-857", retold))).not.toEqual(expect.stringContaining("olive")));
});
