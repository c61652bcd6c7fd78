import { describe, expect, test } from "vitest";
import { messageIn } from "../../src/diagnosis/playbook/blame/log-message.ts";
import { answerFor, both, edited, type Retold } from "./retold.ts";

const DEPLOYMENT = "deploy/deployment.yaml";
const CONFIG = "deploy/config.yaml";
const FILE = "server:\n  port: 8080\nlogging:\n  level: info\ndb:\n  timeout: 30s";
const MAP = `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: rating-config\ndata:\n  app.yaml: |\n${FILE.replaceAll(/^/gm, "    ")}\n`;

/** shop-31, whose program reads a file of settings. The image is new as well, unless a story says otherwise. */
const mounted: Retold = {
  id: "shop-31",
  good: both(
    edited(DEPLOYMENT, "          resources:", "          volumeMounts:\n            - {name: config, mountPath: /etc/app}\n          resources:"),
    edited(DEPLOYMENT, /\n$/, "\n      volumes:\n        - name: config\n          configMap: {name: rating-config}\n"),
    (files) => ({ ...files, [CONFIG]: MAP }),
  ),
};
const release = edited(DEPLOYMENT, "1.4.1 ", "1.5.0 ");
const lines = (from: string, to: string) => both(release, edited(CONFIG, from, to));

describe("an everyday word of a settings file", () => {
  const level = { ...mounted, bad: lines("level: info", "level: debug") };
  const timeout = { ...mounted, bad: lines("timeout: 30s", "timeout: 60s") };
  const IMAGE = ['containers[name=rating].image = "acme/checkout:1.4.1"'];
  const back = (line: string) => [`data.app.yaml = ${JSON.stringify(`${FILE}\n`.replace(/timeout: .*/, line))}`.replace("data.app.yaml", 'data["app.yaml"]')];

  test.each<[string, Retold, unknown]>([
    ["is no field of a logger", { ...level, said: 'time=2026-11-22T22:13:16.065Z level=ERROR msg="migration 0042 failed"' }, "escalate"],
    ["is no field of a logger that writes JSON", { ...level, said: '{"level":"error","ts":1700000000,"msg":"migration 0042 failed"}' }, "escalate"],
    ["is no other use of the word", { ...timeout, said: 'level=ERROR msg="cannot connect to pg.prod.example.com:5432: i/o timeout"' }, "escalate"],
    [
      "is meant where its value is named",
      { ...mounted, bad: lines("level: info", "level: verbose"), said: "FATAL no such level: verbose" },
      back("timeout: 30s"),
    ],
    ["is meant where it is quoted", { ...timeout, said: 'FATAL field "timeout" out of range' }, back("timeout: 30s")],
    ["is meant where its section stands before it", { ...timeout, said: "FATAL db.timeout out of range" }, back("timeout: 30s")],
    ["is meant where it is found wrong", { ...timeout, said: "FATAL timeout must be less than a minute" }, back("timeout: 30s")],
    ["is meant where its line is named", { ...timeout, said: "FATAL app.yaml line 6: out of range" }, back("timeout: 30s")],
  ])("%s", async (_, story, answer) => expect(await answerFor(story)).toEqual(answer));

  test("leaves the release to blame", async () => expect(await answerFor({ ...mounted, bad: release, said: "level=ERROR msg=failed" })).toEqual(IMAGE));
});

test.each([
  ['time=2026-11-22T22:13:16.065Z level=ERROR msg="migration failed"', '"migration failed"'],
  ['{"level":"error","ts":1700000000.1,"caller":"db/pool.go:88","msg":"level of pool: timeout"}', '{ , , , "level of pool: timeout"}'],
  ["2026-11-29 13:00:44 ERROR level=verbose is unknown", "2026-11-29 13:00:44 level=verbose is unknown"],
])("what a logger adds to %s is left out", (line, message) => expect(messageIn(line).trim().replaceAll(/ +/g, " ")).toBe(message));
