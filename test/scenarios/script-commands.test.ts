import { describe, expect, test } from "vitest";
import { type Json, type KubeObject, listAt, objectAt } from "../../src/cluster/objects.ts";
import { badgesFix, literals, type Program } from "./badges.ts";

// A script of a ConfigMap that calls what is not there: the shell ends with 127.

const script = (text: string, THEME: string, args: string[] = []): Program => ({
  env: literals({ THEME }),
  container: { command: ["/bin/bash", "/scripts/run.sh"], ...(args.length > 0 ? { args } : {}), volumeMounts: [{ name: "scripts", mountPath: "/scripts" }] },
  pod: { volumes: [{ name: "scripts", configMap: { name: "badges" } }] },
  maps: { badges: { "run.sh": text } },
});

/** Its newest pod ended with the exit code of a shell that found no command. */
function notFound(object: KubeObject): KubeObject[] {
  if (object.kind !== "Pod") return [object];
  const containerStatuses = listAt(object, "status", "containerStatuses").map((one): Json => {
    const last = objectAt(one, "lastState", "terminated");
    return { ...objectAt(one), lastState: { terminated: { ...last, reason: "Error", exitCode: 127 } } };
  });
  return [{ ...object, status: { ...objectAt(object, "status"), containerStatuses } }];
}

const GOOD = "set -e\ncurl -fsS http://stock.acme:8080/warm\nexec /app/run\n";
const BAD = "set -e\ncrul -fsS http://stock.acme:8080/warm\necho warm\nexec /app/run\n";
const SAID = "/scripts/run.sh: line 2: crul: command not found";
const BACK = ["crash-on-start", "- crul -fsS http://stock.acme:8080/warm", "+ curl -fsS http://stock.acme:8080/warm"];

describe("a command that a script calls and that is not there", () => {
  test.each([
    SAID,
    "/scripts/run.sh: 2: crul: not found",
    "sh: crul: not found",
    "env: 'crul': No such file or directory",
    "/scripts/run.sh:2: command not found: crul",
  ])("goes back, and what else the script does stays: %s", async (says) => {
    expect(await badgesFix({ good: script(GOOD, "light"), bad: script(BAD, "dark"), says, live: notFound })).toEqual(BACK);
  });

  test("goes back where arguments changed as well", async () => {
    const [good, bad] = [script(GOOD, "light", ["--theme", "light"]), script(BAD, "dark", ["--theme", "dark"])];
    expect(await badgesFix({ good, bad, says: SAID, live: notFound })).toEqual(BACK);
  });

  test("goes back in a variable that the shell expands", async () => {
    const of = (START: string, THEME: string): Program => ({ env: literals({ START, THEME }), container: { command: ["/bin/sh", "-c", "exec $START"] } });
    const fix = await badgesFix({
      good: of("gunicorn shop.wsgi", "light"),
      bad: of("gunicron shop.wsgi", "dark"),
      says: "/bin/sh: 1: exec: gunicron: not found",
      live: notFound,
    });
    expect(fix).toEqual(["crash-on-start", "- value: gunicron shop.wsgi", "+ value: gunicorn shop.wsgi"]);
  });

  test.each<[name: string, good: string, bad: string, says: string]>([
    ["that a new line calls", GOOD, GOOD.replace("exec", "jq . /etc/app.json\nexec"), "/scripts/run.sh: line 3: jq: command not found"],
    ["that the script called before", GOOD, GOOD.replace("/warm", "/warm/all"), "/scripts/run.sh: line 2: curl: command not found"],
    ["that nothing in git calls", GOOD, BAD, "/app/run: line 7: tput: command not found"],
  ])("is for people where it is one %s", async (_, good, bad, says) => {
    const fix = await badgesFix({ good: script(good, "light"), bad: script(bad, "dark"), says, live: notFound });
    expect(fix[0]).toMatch(/^people/);
  });
});
