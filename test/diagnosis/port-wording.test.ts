import { expect, test } from "vitest";
import { findingFor } from "./retold.ts";

test.each([
  "2026/11/29 13:00:44 listen tcp :8080: bind: address already in use",
  "2026/11/29 13:00:44 main.go:142: listen tcp :8080: bind: address already in use",
  'Address already in use - bind(2) for "0.0.0.0" port 8080 (Errno::EADDRINUSE)',
  '{"level":"fatal","ts":1700000000.123,"caller":"server/http.go:88","msg":"failed to listen","error":"listen tcp :8080: bind: address already in use"}',
  "[2026-11-29 13:00:44 +0000] [1] [ERROR] Connection in use: ('0.0.0.0', 8080)",
  "ERROR:    [Errno 98] error while attempting to bind on address ('0.0.0.0', 8080): address already in use",
  "Web server failed to start. Port 8080 was already in use.",
  "Error: listen EADDRINUSE: address already in use :::8080",
  "Error: listen EADDRINUSE: address already in use :::8080\n  code: 'EADDRINUSE',\n  port: 8080",
])("%s: port 8080 is taken", async (said) => {
  const finding = await findingFor({ id: "shop-1047", said });
  expect(finding).toMatchObject({ failureClass: "port-conflict", rootCause: expect.stringContaining("port 8080") });
});
