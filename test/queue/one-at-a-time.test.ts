import { describe, expect, it } from "vitest";
import { oneAtATime } from "../../src/queue/one-at-a-time.ts";

describe("one at a time", () => {
  it("runs work under one name in order, and work under another beside it", async () => {
    const alone = oneAtATime();
    const said: string[] = [];
    const first = Promise.withResolvers<void>();
    const runs = [
      alone("shop", async () => {
        said.push("first begins");
        await first.promise;
        said.push("first ends");
      }),
      alone("shop", async () => said.push("second")),
    ];
    await alone("cart", async () => said.push("other"));
    first.resolve();
    await Promise.all(runs);
    expect(said).toEqual(["first begins", "other", "first ends", "second"]);
  });

  it("gives what the work gives, and goes on after work that failed", async () => {
    const alone = oneAtATime();
    const failed = alone("shop", () => Promise.reject(new Error("no")));
    const after = alone("shop", async () => 7);
    await expect(failed).rejects.toThrow("no");
    expect(await after).toBe(7);
  });
});
