import { expect, test } from "vitest";
import { answerFor, edited } from "./retold.ts";

const bad = edited("deploy/deployment.yaml", /command: \[sh, -c, "echo waited"\]/, `command: ["sh -c 'echo waited long'"]`);
const written = ['initContainers[name=wait].command = ["sh","-c","echo waited long"]'];

test("a command that never worked is written as the words that it is made of", async () => {
  expect(await answerFor({ id: "shop-952", bad, isFirst: true })).toEqual(written);
});

test("what the commit wrote stays, where it is only written as one word", async () => {
  expect(await answerFor({ id: "shop-952", bad })).toEqual(written);
});
