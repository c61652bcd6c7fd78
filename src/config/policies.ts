import { z } from "zod";

const MOST = { policies: 50, variables: 20, kinds: 30, namespaces: 50, expression: 4000, message: 500 };

const expression = (about: string) => z.string().trim().min(1).max(MOST.expression).describe(about);
const name = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/)
  .describe("lower-case letters, digits and dashes");

/**
 * One rule of a team, in the manner of a ValidatingAdmissionPolicy: a CEL expression over `object` (the rendered object after the change) and `oldObject`
 * (before it; null where there was none) that is true where all is well.
 */
const policySettings = z
  .strictObject({
    name: name.describe("how reports call the rule: lower-case letters, digits and dashes"),
    expression: expression("CEL over object, oldObject and variables; true where all is well"),
    message: z.string().trim().min(1).max(MOST.message).optional().describe("said where the rule is violated"),
    messageExpression: expression("CEL that makes the message; where it fails, message is said").optional(),
    match: z
      .strictObject({
        kinds: z
          .array(
            z
              .string()
              .regex(/^[A-Z][A-Za-z0-9]{0,62}$/)
              .describe("a kind, such as Deployment"),
          )
          .min(1)
          .max(MOST.kinds)
          .optional()
          .describe("only objects of these kinds"),
        namespaces: z
          .array(
            z
              .string()
              .regex(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/)
              .describe("a namespace's name"),
          )
          .min(1)
          .max(MOST.namespaces)
          .optional()
          .describe("only objects in these namespaces"),
      })
      .optional()
      .describe("which objects the rule is about; all without it"),
    variables: z
      .array(
        z
          .strictObject({
            name: z
              .string()
              .regex(/^[a-zA-Z_][a-zA-Z0-9_]{0,62}$/)
              .describe("letters, digits and underscores"),
            expression: expression("CEL; may use the variables above it"),
          })
          .describe("a named part of the expressions"),
      )
      .max(MOST.variables)
      .optional()
      .describe("named parts of the expressions, read as variables.NAME"),
  })
  .describe("a rule, in the manner of a ValidatingAdmissionPolicy");

/** `policies:` of `.github/autofix.yml`: the team's own rules on what a fix may lead to. Whether the expressions compile is for the guards to say. */
export const policiesSettings = z
  .array(policySettings)
  .max(MOST.policies)
  .refine((policies) => new Set(policies.map((policy) => policy.name)).size === policies.length, "two policies have the same name")
  .describe("rules in CEL that no fix may newly violate");

export type Policy = z.infer<typeof policySettings>;
