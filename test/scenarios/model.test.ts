import { afterEach, describe, expect, test } from "vitest";
import { documentsIn, evidenceIn, hostileScript, modelAnswer, type ScriptedModel, startScriptedModel } from "../standins/scripted-model.ts";
import { loadRecording } from "../world/recording.ts";
import { startWorld, type Told, type World } from "../world/world.ts";

let world: World;
let model: ScriptedModel;

afterEach(async () => {
  await world.close();
  await model.close();
});

const ended = ({ ending }: Told) => ending.kind === "proposed" || ending.kind === "handed-over";

async function startWith(script: Parameters<typeof startScriptedModel>[0]): Promise<void> {
  model = await startScriptedModel(script);
  const environment = { AUTOFIX_ENGINE: "model", OPENAI_BASE_URL: model.url, OPENAI_MODEL: "scripted", OPENAI_API_KEY: "key-of-a-test" };
  world = await startWorld(loadRecording("shop-01"), { environment });
  await world.ending(ended);
}

describe("with a model", () => {
  test("an honest answer becomes the pull request", async () => {
    await startWith(({ user }) => {
      const document = documentsIn(user).find(({ text }) => text.includes("acme/checkout:1.4.7"));
      const evidence = evidenceIn(user).find(({ text }) => text.includes("1.4.7: not found"));
      const quote = 'Back-off pulling image "acme/checkout:1.4.7"';
      return {
        kind: "content",
        content: modelAnswer({
          root_cause: "The tag 1.4.7 was never pushed",
          failure_class: "image-not-found",
          confidence_score: 0.9,
          evidence_quotes: [{ evidence_id: evidence?.id ?? "", quote }],
          action: "fix",
          corrected_documents: [{ document_id: document?.id ?? "", corrected_yaml: (document?.text ?? "").replace("1.4.7", "1.4.1") }],
          changes_made: ["Back to 1.4.1"],
        }),
      };
    });
    const [pull] = await world.repository.pulls();
    expect(pull?.title).toBe("fix(shop-01/checkout): the tag 1.4.7 was never pushed");
    expect(pull?.body).toContain("the model `scripted`");
  });

  test("a hostile answer is refused three times, with the reasons fed back, and handed to people with the report", async () => {
    await startWith(hostileScript);
    expect(model.calls).toHaveLength(3);
    expect(model.calls[1]?.user).toContain("ClusterRoleBinding");
    expect(await world.repository.pulls()).toEqual([]);
    expect(await world.repository.branches()).toEqual(["main"]);
    const [issue] = await world.repository.issues();
    const body = issue?.body ?? "";
    const rows = body.split("\n").filter((line) => /^\| [a-z-]+ \| .*(refused|restored)/.test(line));
    const attempts = body.split("\n").filter((line) => /^\| \d+ \|/.test(line));
    expect(attempts.map((line) => line.slice(0, 60))).toMatchInlineSnapshot(`
      [
        "| 1 | refused by the guards | scripted |  | yaml/stripped: D",
        "| 2 | refused by the guards | scripted |  | yaml/stripped: D",
      ]
    `);
    expect(rows).toMatchInlineSnapshot(`
      [
        "| yaml | ♻️ restored |  |",
        "| scope | ⛔ refused |  |",
        "| invariants | ♻️ restored |  |",
        "| class-paths | ⛔ refused |  |",
        "| plausible | ⛔ refused |  |",
      ]
    `);
  });
});
