import { describe, expect, test } from "vitest";
import { answerFor, both, edited, type Retold } from "./retold.ts";

const FILE = "deploy/deployment.yaml";
const RELEASE = edited(FILE, "1.4.1 ", "1.5.0 ");
const OPTIONAL = "\n            - name: BETA_FLAGS\n              valueFrom:\n                configMapKeyRef: {name: beta-flags, key: list, optional: true}";
const optional = edited(FILE, "          env:", `          env:${OPTIONAL}`);
const plain = edited(FILE, "          env:", "          env:\n            - {name: BETA_FLAGS, value: none}");
const PANIC = "panic: runtime error: invalid memory address or nil pointer dereference";

const MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: beta-flag}\ndata: {list: none}\n";
const listed = (files: Record<string, string>) => ({ ...files, "deploy/flags.yaml": MAP });

describe("a variable that an optional reference does not give", () => {
  const gone = ["[name=rating].env[name=BETA_FLAGS] = undefined"];

  test.each<[string, Omit<Retold, "id">, unknown]>([
    ["is wanted like that where nobody misses it", { bad: both(RELEASE, optional), said: PANIC }, ['containers[name=rating].image = "acme/checkout:1.4.1"']],
    ["is to blame where the program misses it", { bad: both(RELEASE, optional), said: "FATAL BETA_FLAGS: unexpected end of input" }, gone],
    [
      "gets the name of the map that holds it and is called nearly so",
      { bad: both(RELEASE, optional, listed), said: "FATAL BETA_FLAGS is not set" },
      ['valueFrom.configMapKeyRef.name = "beta-flag"'],
    ],
    [
      "is to blame where it had a value",
      { good: plain, bad: both(edited(FILE, /\n.*BETA_FLAGS, value: none}/, ""), optional), said: PANIC },
      ['env[name=BETA_FLAGS].value = "none"', "env[name=BETA_FLAGS].valueFrom = undefined"],
    ],
  ])("%s", async (_, story, answer) => expect(await answerFor({ id: "shop-31", ...story })).toEqual(answer));
});
