import { afterEach, describe, expect, test } from "vitest";
import { documentsIn, evidenceIn, modelAnswer, startScriptedModel } from "../standins/scripted-model.ts";
import { GITHUBS } from "../world/githubs.ts";
import { loadRecording } from "../world/recording.ts";
import { startWorld, type World } from "../world/world.ts";

let world: World;

afterEach(() => world.close());

/** What the bot answers to a comment on the issue. */
async function say(text: string, as = "ada"): Promise<string> {
  const before = await world.botSaid(1);
  await world.repository.comment(1, text, as);
  await world.lookAgain();
  const said = await world.botSaid(1);
  expect(said.length).toBeGreaterThan(before.length);
  return said.find((words) => words.startsWith(`> \`${text}`) && !before.includes(words)) ?? "";
}

describe.each(GITHUBS)("/autofix on an issue, $name", ({ start }) => {
  test("looks again with a hint, explains, closes and opens again, and helps", async () => {
    world = await startWorld(loadRecording("shop-07"), { startGitHub: start });
    await world.ending(({ ending }) => ending.kind === "handed-over");
    expect(await say("/autofix retry ask the platform team")).toMatchInlineSnapshot(`
      "> \`/autofix retry ask the platform team\`

      Tried again; there is no safe fix that I would stand for. secret values are never written by the bot"
    `);
    expect((await world.repository.issues())[0]?.body).toContain("ask the platform team");
    expect(await say("/autofix explain")).toMatchInlineSnapshot(`
      "> \`/autofix explain\`

      **What fails now**

      - Deployment \`shop-07/ledger\`: \`CreateContainerConfigError: secret "ledger-credentials" not found\`
      - Deployment \`shop-07/ledger\`: \`ReplicaSet "ledger-667dbf8d5d" has timed out progressing.\`

      **What explains it** (\`secret-missing\`, 95 %)

      Container ledger of Deployment shop-07/ledger refers to Secret ledger-credentials, which does not exist.

      **What speaks for it**

      - \`secret "ledger-credentials" not found\`

      **What was ruled out**

      - The manifests can be built.
      - Every pod has a node.
      - No container was killed for its memory.
      - Nothing in the evidence speaks for: fields that the API server refuses; quotas, limit ranges and admission rules; nodes in trouble; volumes and claims; image names, tags and registries; the user that a container runs as; commands that cannot start; probes; init containers that wait for ever; deadlines of Jobs; crashes that a change explains; Services, ports and endpoints; Ingress classes and backends; autoscalers and their targets.

      **What was tried**

      - Attempt 1, by config: no safe fix. secret values are never written by the bot

      All evidence, and every guard's verdict, are in the description above."
    `);
    expect(await say("/autofix rebase")).toMatchInlineSnapshot(`
      "> \`/autofix rebase\`

      An issue has no branch. \`/autofix retry\` looks again."
    `);
    expect(await say("/autofix close")).toMatchInlineSnapshot(`
      "> \`/autofix close\`

      Closed. I take it as a no: this failure is left alone until \`/autofix reopen\`, or until something else is deployed."
    `);
    expect(await world.repository.issues()).toMatchObject([{ state: "closed" }]);
    await world.restart();
    await world.lookAgain();
    expect(await world.repository.issues()).toMatchObject([{ state: "closed" }]);
    expect(await say("/autofix reopen")).toMatchInlineSnapshot(`
      "> \`/autofix reopen\`

      Opened again: it is kept up to date from now on."
    `);
    expect(await world.repository.issues()).toMatchObject([{ state: "open" }]);
    expect(await say("/autofix dance")).toContain("I do not know this command");
    expect(await say("/autofix retry", "mallory")).toContain("only people with write access");
    const { body } = (await world.repository.issues())[0] ?? {};
    await world.restart();
    await world.lookAgain();
    expect(await world.repository.issues()).toMatchObject([{ state: "open", body }]);
  });
});

describe("an issue for which a hint leads to a fix", () => {
  test("is closed by the pull request that it becomes", async () => {
    const model = await startScriptedModel(({ user }) => {
      const document = documentsIn(user).find(({ text }) => text.includes("acme/checkout:1.4.7"));
      const evidence = evidenceIn(user).find(({ text }) => text.includes("1.4.7: not found"));
      const knows = user.includes("1.4.1 was fine");
      const content = modelAnswer({
        root_cause: knows ? "The tag 1.4.7 was never pushed" : "I cannot tell",
        failure_class: knows ? "image-not-found" : "unknown",
        confidence_score: knows ? 0.9 : 0.2,
        evidence_quotes: [{ evidence_id: evidence?.id ?? "", quote: 'Back-off pulling image "acme/checkout:1.4.7"' }],
        action: knows ? "fix" : "escalate",
        corrected_documents: knows ? [{ document_id: document?.id ?? "", corrected_yaml: (document?.text ?? "").replace("1.4.7", "1.4.1") }] : [],
        changes_made: knows ? ["Back to 1.4.1"] : [],
      });
      return { kind: "content", content };
    });
    const environment = { AUTOFIX_ENGINE: "model", OPENAI_BASE_URL: model.url, OPENAI_MODEL: "scripted", OPENAI_API_KEY: "key-of-a-test" };
    world = await startWorld(loadRecording("shop-01"), { environment });
    await world.ending(({ ending }) => ending.kind === "handed-over");
    expect(await say("/autofix retry 1.4.1 was fine")).toContain("Looked again, and found a fix: #2.");
    expect(await world.repository.pulls()).toMatchObject([{ number: 2, state: "open" }]);
    expect(await world.repository.issues()).toMatchObject([{ number: 1, state: "closed" }]);
    expect(await world.botSaid(1)).toContain("There is a fix now: pull request 2.");
    await model.close();
  });
});
