import { describe, expect, test } from "vitest";
import { answerFor, both, edited } from "./retold.ts";

const CHART = "charts/storefront/templates/deployment.yaml";
const SERVICE = "charts/storefront/templates/service.yaml";
const VALUES = "charts/storefront/values.yaml";
const PROD = "charts/storefront/values-prod.yaml";

/** shop-1802: the chart's port moves from 8080 to 8081, and production still tells the program to use 8080. */
const said = (port: number) => `time=2026-11-30T11:29:34.514Z level=INFO msg=listening address=:${port}`;
const moves = edited(VALUES, "port: 8080", "port: 8081");
const byNumber = edited(SERVICE, "targetPort: http", "targetPort: {{ .Values.port }}");
const inProgram = (env: string) => edited(PROD, 'PORT: "8080"', env);

describe("a declared port moves, and the program stays where it was", () => {
  test("the port goes back where nobody needs the new one", async () => {
    expect(await answerFor({ id: "shop-1802", bad: moves, said: said(8080) })).toEqual(["ports[name=http].containerPort = 8080"]);
  });

  test("the program follows where a Service asks for the new one by its number", async () => {
    expect(await answerFor({ id: "shop-1802", good: byNumber, bad: moves, said: said(8080) })).toEqual(['env[name=PORT].value = "8081"']);
  });

  test("the program follows where another container has the old one now", async () => {
    const proxy = edited(
      CHART,
      "      containers:\n",
      "      containers:\n        - name: mesh\n          image: acme/worker:1.4.1\n          ports: [{containerPort: 8080}]\n",
    );
    expect(await answerFor({ id: "shop-1802", bad: both(moves, proxy), said: said(8080) })).toEqual(['env[name=PORT].value = "8081"']);
  });

  test("people look at it where two settings tell the program the old one", async () => {
    const twice = both(byNumber, inProgram('PORT: "8080"\n  LISTEN: ":8080"'));
    expect(await answerFor({ id: "shop-1802", good: twice, bad: moves, said: said(8080) })).toBe("escalate");
  });

  test("the port goes back where the program says nothing, and is told the old one", async () => {
    expect(await answerFor({ id: "shop-1802", bad: moves, said: "level=INFO msg=starting" })).toEqual(["ports[name=http].containerPort = 8080"]);
  });

  test("people look at it where the program listens elsewhere", async () => {
    expect(await answerFor({ id: "shop-1802", bad: moves, said: said(9000) })).toBe("escalate");
  });
});
