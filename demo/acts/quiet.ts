import { type Act, botPulls } from "../act.ts";

const IS_QUIET = "The App looked at every delivery, found all of them healthy, and wrote nothing";

export const quiet: Act = {
  title: "Everything is healthy",
  words:
    "A cluster delivers three small services from git: one with Argo CD, two with Flux. Kube AutoFix starts, and watches deliveries and their pods with read access only. While nothing is wrong it stays silent.",
  promises: [IS_QUIET],
  async play({ stage, narrator, prove }) {
    await stage.startApp({ AUTOFIX_ENGINE: "playbook" });
    const looks = await Promise.all(
      stage.all.map(async ({ key, name }) => {
        const { ending } = await stage.ending(`a look at ${key}`, ({ delivery }) => delivery === key);
        narrator.event("autofix", name, ending.kind === "quiet" ? `looked at ${key}: ${ending.why}` : `looked at ${key}: ${ending.kind}`);
        return ending;
      }),
    );
    const written = await Promise.all(stage.all.map(async (shop) => [...(await botPulls(stage, shop)), ...(await shop.repository.issues())]));
    prove(IS_QUIET, looks.every((ending) => ending.kind === "quiet" && ending.why === "healthy") && written.flat().length === 0);
  },
};
