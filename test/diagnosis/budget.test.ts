import { expect, it } from "vitest";
import { Spending } from "../../src/diagnosis/budget.ts";

it("gives each incident its budget", () => {
  const spending = new Spending({ perIncident: 100, perDay: 1000 }, () => new Date("2026-11-28T10:00:00Z"));
  spending.spend("one", 60);
  expect(spending.objection("one", 40)).toBeUndefined();
  expect(spending.objection("one", 41)).toMatchInlineSnapshot(`"the incident's budget of 100 tokens is used up"`);
  expect(spending.objection("another", 100)).toBeUndefined();
});

it("gives all incidents of a day one budget, and the next day its own", () => {
  let now = new Date("2026-11-28T23:59:00Z");
  const spending = new Spending({ perIncident: 100, perDay: 150 }, () => now);
  spending.spend("one", 90);
  expect(spending.objection("another", 61)).toMatchInlineSnapshot(`"the day's budget of 150 tokens is used up; it starts anew at midnight UTC"`);
  now = new Date("2026-11-29T00:00:00Z");
  expect(spending.objection("another", 61)).toBeUndefined();
  // What an incident has cost does not lapse at midnight.
  expect(spending.objection("one", 11)).toMatchInlineSnapshot(`"the incident's budget of 100 tokens is used up"`);
});
