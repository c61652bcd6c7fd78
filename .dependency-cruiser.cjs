// The rooms in import order (ARCHITECTURE.md): a room imports only rooms above it, plus errors.ts. Sole owners of packages are checked below.
const rooms = ["config", "telemetry", "cluster", "source", "incident", "evidence", "diagnosis", "guards", "pull-request", "verification", "queue", "web"];

const order = rooms.slice(0, -1).map((room, i) => ({
  name: `${room}-imports-only-rooms-above`,
  severity: "error",
  from: { path: `^src/${room}/` },
  to: { path: `^src/(${rooms.slice(i + 1).join("|")})/` },
}));

const inRooms = `^src/(${rooms.join("|")})/`;

const owner = (packageName, allowed) => ({
  name: `only-${allowed.replaceAll(/\W+/g, "-").replaceAll(/^-|-$/g, "")}-uses-${packageName.replaceAll(/\W+/g, "-")}`,
  severity: "error",
  from: { path: "^src/", pathNot: `^src/(${allowed})` },
  to: { path: `(^|/)node_modules/${packageName}/` },
});

module.exports = {
  forbidden: [
    { name: "no-cycles", severity: "error", from: { path: "^src/" }, to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } } },
    ...order,
    { name: "rooms-do-not-import-the-root", severity: "error", from: { path: inRooms }, to: { path: "^src/[^/]+\\.ts$", pathNot: "^src/errors\\.ts$" } },
    { name: "production-does-not-import-tests", severity: "error", from: { path: "^src/" }, to: { path: "^(test|demo|bench)/" } },
    owner("@kubernetes/client-node", "cluster/"),
    owner("yaml", "source/"),
    owner("diff", "source/"),
    owner("openai", "diagnosis/"),
    owner("@marcbachmann/cel-js", "guards/"),
    owner("@secretlint", "evidence/"),
    owner("@octokit", "source/|pull-request/|reconcile\\.ts"),
    owner("probot", "app\\.ts|compose\\.ts"),
    { name: "not-to-unresolvable", severity: "error", from: {}, to: { couldNotResolve: true } },
    { name: "not-to-dev-dep", severity: "error", from: { path: "^src/" }, to: { dependencyTypes: ["npm-dev"] } },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "node", "default"] },
  },
};
