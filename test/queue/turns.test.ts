import { describe, expect, it } from "vitest";
import { Turns } from "../../src/queue/turns.ts";

describe("turns", () => {
  it("runs work under one name in order, and work under another beside it", async () => {
    const turns = new Turns();
    const said: string[] = [];
    const first = Promise.withResolvers<void>();
    const runs = [
      turns.take("shop", async () => {
        said.push("first begins");
        await first.promise;
        said.push("first ends");
      }),
      turns.take("shop", async () => said.push("second")),
    ];
    await turns.take("cart", async () => said.push("other"));
    first.resolve();
    await Promise.all(runs);
    expect(said).toEqual(["first begins", "other", "first ends", "second"]);
  });

  it("gives what the work gives, and goes on after work that failed", async () => {
    const turns = new Turns();
    const failed = turns.take("shop", () => Promise.reject(new Error("no")));
    const after = turns.take("shop", async () => 7);
    await expect(failed).rejects.toThrow("no");
    expect(await after).toBe(7);
  });
});
