import { expect, test } from "vitest";
import { isServing } from "../../src/source/meant/serving.ts";

test.each([
  "db-proxy: accepting on 127.0.0.1:5432",
  "2026/11/30 09:09:47 Listening on 127.0.0.1:5432",
  "The proxy has started successfully and is ready for new connections!",
  "listening on port 9090",
])("%s: a program that serves", (line) => expect(isServing(line)).toBe(true));

test.each([
  "waiting for 10.0.0.7:5432, which is not listening on it yet",
  "dial tcp 10.0.0.7:5432: connect: connection refused",
  "migration 14 of 20 done",
  "nothing is listening on port 5432, trying again",
])("%s: one that waits or works", (line) => expect(isServing(line)).toBe(false));
