import { describe, expect, test } from "vitest";
import { digitsOf } from "../../src/source/meant/float-number.ts";
import { loadRecording } from "../world/recording.ts";
import { fixOf } from "./recorded-fix.ts";
import { RENDERERS } from "./unrenderable.ts";

describe.skipIf(RENDERERS.kind === "unavailable")("a larger number that a commit wanted, and that Helm writes as a float", () => {
  test.each([
    ["in a chart's values", "shop-1574", "- recycleAfterSeconds: 2592000", '+ recycleAfterSeconds: "2592000"'],
    ["in an environment's values", "shop-1767", "- MAX_UPLOAD: 5000000", '+ MAX_UPLOAD: "5000000"'],
    ["in a HelmRelease", "shop-1413", "- MAX_UPLOAD_BYTES: 10485760", '+ MAX_UPLOAD_BYTES: "10485760"'],
  ])("%s stays, as a text", async (_, id, ...lines) => {
    expect((await fixOf(loadRecording(id), true)).map((line) => line.replace(/ +#.*/, ""))).toEqual(["crash-on-start", ...lines]);
  });
});

test.each([
  ["5e+06", "5000000"],
  ["1.2096e+06", "1209600"],
  ["1.048576e+07", "10485760"],
  ["5000000", undefined],
  ["1.5e+00", undefined],
  ["1e+30", undefined],
  ["e+06", undefined],
])("%s is %s", (text, digits) => expect(digitsOf(text)).toBe(digits));
