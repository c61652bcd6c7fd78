import type { Ending } from "../src/reconcile.ts";
import { pushBreakingCommit, type Told } from "../test/world/world.ts";
import { glimpse, isUnhealthy } from "./glimpse.ts";
import type { Narrator } from "./narrator.ts";
import { SPEED } from "./playback.ts";
import type { Shop, Stage } from "./stage.ts";

/** What came of a broken release. */
export interface Broken {
  /** The delivery itself said that it fails. */
  unhealthy: boolean;
  /** What the App did about it. */
  ending: Ending;
}

/** Pushes a shop's breaking commit and plays what followed, telling each turn once, until the delivery is unhealthy and the App is done. */
export async function breakShop(stage: Stage, narrator: Narrator, shop: Shop): Promise<Broken> {
  const { repository, playback, name, key } = shop;
  const { recording } = playback;
  const told = new Set(playback.held.flatMap((object) => glimpse(object) ?? []));
  const tell = (actor: "cluster" | "autofix", topic: string, words: string) => {
    if (!told.has(topic)) narrator.event(actor, name, words, playback.seconds);
    told.add(topic);
  };
  const isDone = ({ delivery, ending }: Told) => delivery === key && (ending.kind === "proposed" || ending.kind === "handed-over");
  const ended = stage.ending(`the App's answer to ${key}`, isDone, stage.endings.length);
  let [unhealthy, done] = [false, false];
  playback.onChange = ({ object }) => {
    const seen = glimpse(object);
    if (seen) tell("cluster", seen, seen);
    unhealthy ||= isUnhealthy(object);
  };
  const stop = stage.listen((one) => {
    const { ending } = one;
    const words = one.delivery === key ? wordsOf(ending) : undefined;
    if (words) tell("autofix", ending.kind === "waiting" ? ending.why : words, words);
    done ||= isDone(one);
  });
  narrator.event("git", name, `Dana Developer pushes “${recording.scenario.subject}” to main`, 0);
  await pushBreakingCommit(repository, recording);
  try {
    const [{ ending }] = await Promise.all([ended, playback.play(() => unhealthy && done)]);
    return { unhealthy, ending };
  } finally {
    stop();
    playback.stop();
  }
}

/** What a look at a delivery meant, for people; undefined where nothing came of it. */
export function wordsOf(ending: Ending): string | undefined {
  switch (ending.kind) {
    case "waiting":
      return `waits ${Math.max(1, Math.round((ending.again / 1000) * SPEED))} s: ${ending.why}`;
    case "proposed":
      return `pull request ${ending.how}: ${placeOf(ending.url)}`;
    case "handed-over":
      return `makes no pull request, but asks people: ${ending.url ? placeOf(ending.url) : ending.why}`;
    case "verdict":
      return `verdict on #${ending.pull}: ${ending.verdict}`;
    default:
      return undefined;
  }
}

/** `acme/shop-01/pull/1`. */
function placeOf(url: string): string {
  return new URL(url).pathname.slice(1);
}
