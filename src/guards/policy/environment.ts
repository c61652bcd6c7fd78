import { Environment } from "@marcbachmann/cel-js";
import { registerLists } from "./lists.ts";
import { registerQuantity } from "./quantity.ts";
import { registerTexts } from "./texts.ts";

/** Parts of one expression; a team's rules are far below. */
const LIMITS = { maxAstNodes: 2000, maxDepth: 60, maxListElements: 500, maxMapEntries: 200, maxCallArguments: 16 };

/**
 * CEL with what a ValidatingAdmissionPolicy has of variables and functions, as far as it can be had without a cluster. Not there: `params`, `request`,
 * `authorizer`, `namespaceObject`, the ip, cidr, semver and named-format libraries, comprehensions with two variables, `has(list[0].field)` (use `.?`).
 */
export function policyEnvironment(): Environment {
  const environment = new Environment({ enableOptionalTypes: true, homogeneousAggregateLiterals: false, limits: LIMITS });
  environment.registerVariable("object", "dyn").registerVariable("oldObject", "dyn").registerVariable("variables", "dyn");
  registerQuantity(environment);
  registerLists(environment);
  registerTexts(environment);
  return environment;
}
