import { describe, expect, test } from "vitest";
import { consultPlaybook } from "../../src/diagnosis/playbook/playbook.ts";
import { loadRecording } from "../world/recording.ts";
import { caseOf } from "./case.ts";

const file = "deploy/deployment.yaml";
const POD = { rule: "runAsNonRoot: true", user: "runAsNonRoot: true\n        runAsUser: 1000", root: "runAsNonRoot: true\n        runAsUser: 0" };

/** In shop-19 the kubelet does not start a container, here since its manifest says root since a release. `pod`, `own`: the security contexts. */
async function changesFor(was: { pod?: string; own?: string }, is: { pod?: string; own?: string }): Promise<unknown> {
  const recording = loadRecording("shop-19");
  const written = ({ pod, own }: { pod?: string; own?: string }, tag = "1.4.1") => ({
    ...recording.after,
    [file]: (recording.after[file] ?? "")
      .replace("checkout:1.4.1", `checkout:${tag}`)
      .replace(/ +securityContext:\n.*\n/, pod ? `      securityContext:\n        ${pod}\n` : "")
      .replace("          ports:", own ? `          securityContext: {${own}}\n          ports:` : "          ports:"),
  });
  const said = JSON.stringify(recording.objects).replaceAll(
    "container has runAsNonRoot and image will run as root",
    "container's runAsUser breaks non-root policy",
  );
  const input = await caseOf({ ...recording, objects: JSON.parse(said), before: written(was), after: written(is, "1.4.2") });
  const finding = input && consultPlaybook(input)[0]?.finding;
  expect(finding?.failureClass).toBe("run-as-root-image");
  const action = finding?.action;
  return action?.kind === "fix" ? action.changes.map(({ path, before, after }) => [path.includes("containers") ? "own" : "pod", before, after]) : action?.kind;
}

describe("root's user goes where the container ran without it", () => {
  test("though the pod gives another user", async () => {
    expect(await changesFor({ pod: POD.user }, { pod: POD.user, own: "runAsUser: 0" })).toEqual([["own", 0, undefined]]);
  });

  test("though the image gives the user", async () => {
    expect(await changesFor({ pod: POD.rule }, { pod: POD.root })).toEqual([["pod", 0, undefined]]);
  });

  test("though there was another", async () => {
    expect(await changesFor({ pod: POD.rule, own: "runAsUser: 1000" }, { pod: POD.rule, own: "runAsUser: 0" })).toEqual([["own", 0, 1000]]);
  });
});

describe("it stays", () => {
  test("where the rule came with it: nobody knows whether the image is fit for that", async () => {
    expect(await changesFor({}, { pod: POD.root })).toBe("escalate");
  });

  test("where the rule came and root was there", async () => {
    expect(await changesFor({ own: "runAsUser: 0" }, { pod: POD.rule, own: "runAsUser: 0" })).toBe("escalate");
  });

  test("and another user of the pod's, which was wanted, stays beside it", async () => {
    const other = POD.user.replace("1000", "2000");
    expect(await changesFor({ pod: POD.user }, { pod: other, own: "runAsUser: 0" })).toEqual([["own", 0, undefined]]);
  });
});
