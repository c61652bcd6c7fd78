import { test } from "vitest";
import { startEmulatedGitHub } from "../standins/emulated-github/start.ts";
import { startGitHub } from "../standins/github.ts";

/** What only GitHub itself and the fake do. */
type Feature = "hook deliveries";

/** A GitHub to play scenarios on. */
export interface GitHubKind {
  name: string;
  start: typeof startGitHub;
  /** Why a feature is missing. */
  lacks: Partial<Record<Feature, string>>;
}

/** The fake says what we believe of GitHub; the emulator was written by others, so that a mistake in our belief shows. */
export const GITHUBS: readonly GitHubKind[] = [
  { name: "on the fake", start: startGitHub, lacks: {} },
  {
    name: "on emulate",
    start: startEmulatedGitHub,
    lacks: { "hook deliveries": "emulate has no /app/hook/deliveries" },
  },
];

/** A test that is skipped, with the reason in its name, where this GitHub lacks something. */
export function needing(github: GitHubKind, feature: Feature): (name: string, play: () => Promise<void>) => void {
  const reason = github.lacks[feature];
  return reason === undefined ? test : (name, play) => test.skip(`${name} (skipped: ${reason})`, play);
}
