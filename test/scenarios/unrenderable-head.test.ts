import { afterEach, expect, test } from "vitest";
import { loadRecording } from "../world/recording.ts";
import { startWorld, type Told, type World } from "../world/world.ts";

let world: World;

afterEach(() => world.close());

const proposed = ({ ending }: Told) => ending.kind === "proposed";

/** The validation of a head, once the App has looked at it. */
async function conclusionOf(sha: string): Promise<string | null | undefined> {
  await world.lookAgain();
  return (await world.repository.checkRuns(sha)).at(-1)?.conclusion;
}

test("the repair of a broken file is validated, asked again too, and nothing that somebody pushes on top of it", async () => {
  const id = "shop-27";
  world = await startWorld(loadRecording(id));
  await world.ending(proposed);
  const { ref, sha } = (await world.repository.pull(1)).head;
  const [own] = await world.repository.checkRuns(sha);
  expect(own).toMatchObject({ conclusion: "success" });
  await world.repository.rerun(own?.id ?? 0);
  expect(await conclusionOf(sha)).toBe("success");

  const file = "deploy/deployment.yaml";
  const text = (await world.repository.tree(ref))[file] ?? "";
  const pushes: Record<string, string>[] = [
    { [file]: text.replace("acme/checkout:1.4.1", "evil/checkout:1.4.1") },
    { [file]: text.replace("          ports:", "          securityContext: {privileged: true}\n          ports:") },
    { [file]: text, "deploy/role.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: extra\n" },
    { [file]: text, "deploy/role.yaml": "", "deploy/service.yaml": "apiVersion: v1\nkind: Service\nmetadata:\n  name: inbox\n" },
  ];
  for (const push of pushes) {
    const head = await world.repository.commit(push, { branch: ref, as: "ada" });
    expect(await conclusionOf(head)).toBe("failure");
  }
});
