import { z } from "zod";

/** What people read about a variable: in docs/configuration.md, and in the message when it is wrong. */
export interface VariableText {
  /** What it is for; one sentence. */
  about: string;
  /** What a right value is; follows "set it to". */
  expected: string;
  /** What happens without it. */
  otherwise: string;
  /** Belongs where secrets are kept. */
  secret?: true;
}

const texts = new Map<z.ZodType, VariableText>();

/** What people read about a variable. */
export function textOf(schema: z.ZodType): VariableText {
  return texts.get(schema) ?? { about: "", expected: "a right value", otherwise: "" };
}

/** A variable with what people read about it. */
export function variable<S extends z.ZodType>(schema: S, text: VariableText): S {
  texts.set(schema, text);
  return schema;
}

/** A decimal number within these bounds, as text. */
export const number = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d{1,9}(?:\.\d{1,6})?$/)
    .transform(Number)
    .refine((value) => value >= least && value <= most);

export const webAddress = z.string().refine((text) => URL.canParse(text) && ["https:", "http:"].includes(new URL(text).protocol));
