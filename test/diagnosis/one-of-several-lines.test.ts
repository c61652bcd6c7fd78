import { expect, test } from "vitest";
import { answerFor, edited } from "./retold.ts";

const CONF = "deploy/conf.yaml";
const good = edited(CONF, "LIMIT=20", "LIMIT=20\n    PORT=8080");

/** A file of settings changes in these lines, and the program ends with a complaint that names none of them. */
const story = (from: string, to: string, said: string) => answerFor({ id: "shop-67", good, bad: edited(CONF, from, to), said });

test("of several lines that changed, the one goes back whose number the program says", async () => {
  expect(await story("LIMIT=20\n    PORT=8080", "LIMIT=30\n    PORT=80", 'level=fatal msg="listen tcp :80: bind: permission denied"')).toEqual([
    'data["app.conf"] = "THEME=dark\\nLIMIT=30\\nPORT=8080\\n"',
  ]);
});

test("where it says none of them, people look", async () => {
  expect(await story("LIMIT=20\n    PORT=8080", "LIMIT=30\n    PORT=80", "level=fatal msg=giving-up")).toBe("escalate");
});
