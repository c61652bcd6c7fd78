import { expect, test } from "vitest";
import { commandMeant } from "../../src/source/meant/command-meant.ts";

const meant = (command: string[], { image = "busybox:1.36", args = [] as string[], others = [] as { image: string; command: string[] }[] } = {}) =>
  commandMeant({ image, command, args }, command[0] ?? "", others)?.command;

test("words in one item are the words that they are made of", () => {
  expect(meant(["npm start"], { image: "acme/web:1" })).toEqual(["npm", "start"]);
  expect(meant(["sh -c", "echo a && echo b"])).toEqual(["sh", "-c", "echo a && echo b"]);
  expect(meant(["sh -c 'echo a && echo b'"])).toEqual(["sh", "-c", "echo a && echo b"]);
});

test.each([["npm run migrate && npm start"], ["cat $FILE"], ["/bin/shop"], ["shop | tee log"], ['sh -c "date"'], ["it's gone"]])(
  "%s needs a shell, or is one word",
  (line) => expect(meant([line], { image: "acme/web:1" })).toBeUndefined(),
);

test("where the image has sh and no bash, sh runs what is no script of bash's own", () => {
  expect(meant(["bash", "-c", "while true; do date; sleep 5; done"])).toEqual(["sh", "-c", "while true; do date; sleep 5; done"]);
  expect(meant(["/bin/bash", "-euo", "pipefail"], { args: ["-c", "find /spool -type f -exec rm {} +"] })).toEqual(["/bin/sh", "-euo", "pipefail"]);
  expect(meant(["bash", "-c", "date"], { image: "node:22-alpine3.20" })).toEqual(["sh", "-c", "date"]);
  expect(meant(["bash", "-c", "date"], { image: "acme/web:1", others: [{ image: "acme/web:1", command: ["/bin/sh"] }] })).toEqual(["sh", "-c", "date"]);
});

test.each([
  "[[ -f /x ]] && echo there",
  "for i in {1..5}; do echo $i; done",
  "source /etc/profile; date",
  'echo "${NAME^^}"',
  "diff <(date) <(date)",
  "a=(1 2); echo $a",
  "exec bash /scripts/run.sh",
])("bash's own script stays: %s", (script) => expect(meant(["bash", "-c", script])).toBeUndefined());

test("nothing is known of a script in a file, nor of another image's shells", () => {
  expect(meant(["bash", "/scripts/run.sh"])).toBeUndefined();
  expect(meant(["bash", "-lic", "date"])).toBeUndefined();
  expect(meant(["bash", "-c", "date"], { image: "acme/web:1" })).toBeUndefined();
  expect(meant(["bash", "-c", "date"], { image: "acme/alpine-tools:1" })).toBeUndefined();
});
