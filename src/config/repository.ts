import { z } from "zod";
import { boundsSettings } from "./bounds.ts";
import { policiesSettings } from "./policies.ts";
import { type JsonSchema, problemsOf, type SettingProblem } from "./problems.ts";
import { quietHours } from "./quiet-hours.ts";

/** The closed lists of words that settings may name. They are made in rooms below this one, so whoever builds the schema hands them in. */
export interface Words {
  /** Kinds of objects that a fix may change at all. */
  kinds: readonly string[];
  failureClasses: readonly string[];
}

/** Some of many: all but `never`, or only `only` without `never`. */
export interface Choice {
  only?: readonly string[] | undefined;
  never?: readonly string[] | undefined;
}

/** A repository's own settings, as `.github/autofix.yml` says them. What is not said is left to the operator. */
export type RepositorySettings = z.infer<ReturnType<typeof repositorySchema>>;

const LOGIN = /^[A-Za-z\d](?:[A-Za-z\d]|-(?=[A-Za-z\d])){0,38}$/;
const REVIEWER = /^[A-Za-z\d](?:[A-Za-z\d]|-(?=[A-Za-z\d])){0,38}(?:\/[A-Za-z\d][\w.-]{0,99})?$/;
const DELIVERY = /^(?:[A-Za-z*?{},]{1,60}\/)?[a-z\d.*?{},-]{1,253}\/[a-z\d.*?{},-]{1,253}$/;
/** A path from the repository's root: no leading slash, no `.` and no `..`. Without the flag `u`, which not every reader of the published schema sets. */
const PATH = /^(?!\/)(?!(?:.*\/)?\.{1,2}(?:\/|$))[^\\\n]{1,300}$/;

/** `only` and `never` of one kind of thing. */
function choice<Item extends z.ZodType<string>>(item: Item, about: string, only: string, never: string) {
  const list = z.array(item).min(1).max(100);
  return z
    .strictObject({ only: list.optional().describe(only), never: list.optional().describe(never) })
    .optional()
    .describe(about);
}

const pattern = (form: RegExp, example: string, about: string) =>
  z
    .string()
    .max(300)
    .regex(form)
    .meta({ description: about, examples: [example] });

/**
 * The schema of `.github/autofix.yml`. Strict: an unknown setting is an error, since a misspelled one would silently be the default. Every property has a
 * description, for docs/configuration.md and for editors.
 */
function repositorySchema({ kinds, failureClasses }: Words) {
  return z
    .strictObject({
      enabled: z.boolean().optional().describe("false: Kube AutoFix does nothing for this repository. true unless said."),
      deliveries: choice(
        pattern(DELIVERY, "Application/argocd/shop", "KIND/NAMESPACE/NAME or NAMESPACE/NAME; `*`, `?` and `{a,b}` inside each part."),
        "Which Argo CD Applications, Flux Kustomizations and HelmReleases are looked after. All unless said.",
        "These and no others.",
        "Not these, whatever `only` says.",
      ),
      paths: choice(
        pattern(PATH, "apps/shop", "A file, or a folder with all that is below it; `*` and `?` inside a name, `**` for any number of folders, `{a,b}`."),
        "Which paths are looked after: the path that a delivery reads has to be among them, and every file that a fix changes. All unless said.",
        "These and no others.",
        "Not these, whatever `only` says.",
      ),
      kinds: choice(
        z.enum(kinds).describe("A kind of Kubernetes object."),
        "Kinds of objects that a fix may change. All that the guards know unless said.",
        "These and no others.",
        "Not these.",
      ),
      classes: choice(
        z.enum(failureClasses).describe("A failure class; pull requests and issues name theirs."),
        "Failure classes that are looked after. All unless said.",
        "These and no others. What has no class (`unknown`) is then left alone too, unless it is named.",
        "Not these.",
      ),
      bounds: boundsSettings.optional().describe("How far a fix may go, and how sure it has to be."),
      policies: policiesSettings.optional(),
      engine: z
        .enum(["playbook", "auto", "model"])
        .optional()
        .describe(
          "Who diagnoses. playbook: the built-in playbook alone, and nothing of this repository is sent to a model. auto: a model where the playbook is not certain. model: always a model. Nothing beyond what the operator's AUTOFIX_ENGINE allows.",
        ),
      pullRequests: pullRequests.optional().describe("How pull requests are opened, and how many."),
      quietHours: quietHours
        .optional()
        .describe("When nothing is written that notifies people. It comes afterwards. What people ask for is answered at any time."),
      validate: z
        .enum(["own", "all"])
        .optional()
        .describe(
          "Which pull requests get the check `kube-autofix / validation`: the bot's own, or everybody's, for what they would change in what is delivered. own unless said.",
        ),
    })
    .meta({
      title: "Kube AutoFix",
      description: "Settings of one repository: .github/autofix.yml on the default branch. They can only restrict what the operator allows.",
    });
}

const pullRequests = z.strictObject({
  labels: z
    .array(
      z
        .string()
        .min(1)
        .max(50)
        .meta({ description: "A label; made where it does not exist.", examples: ["team/shop"] }),
    )
    .max(20)
    .optional()
    .describe("Labels besides `autofix` and `autofix:<class>`."),
  reviewers: z
    .array(
      z
        .string()
        .regex(REVIEWER)
        .meta({ description: "LOGIN, or ORGANISATION/TEAM.", examples: ["ada", "acme/platform"] }),
    )
    .max(10)
    .optional()
    .describe("Who is asked for a review, once, when the pull request is opened. For teams the App needs the organisation permission `members: read`."),
  assignees: z
    .array(
      z
        .string()
        .regex(LOGIN)
        .meta({ description: "LOGIN of somebody with write access.", examples: ["ada"] }),
    )
    .max(10)
    .optional()
    .describe("Who the pull request is assigned to, once, when it is opened."),
  draft: z.boolean().optional().describe("Pull requests are opened as drafts, where GitHub has drafts for this repository. false unless said."),
  maxOpen: z
    .int()
    .min(1)
    .max(100)
    .optional()
    .describe("At most so many of the bot's pull requests are open at once; the rest waits. Counts where it is lower than the operator's AUTOFIX_MAX_OPEN."),
  maxPerHour: z
    .int()
    .min(1)
    .max(100)
    .optional()
    .describe("At most so many are opened within an hour; the rest waits. Counts where it is lower than the operator's AUTOFIX_MAX_PER_HOUR."),
});

/** Where editors find the schema of the newest version; a running App serves its own under `/schema/autofix.json`. */
export const SCHEMA_ID = "https://raw.githubusercontent.com/kube-autofix/kube-autofix/main/schema/autofix.schema.json";

/** What a parsed settings file comes to. */
export type JudgedSettings = { kind: "valid"; settings: RepositorySettings } | { kind: "invalid"; problems: SettingProblem[] };

export interface SettingsReader {
  /** The schema as JSON Schema (draft 7, which editors know best): what `schema/autofix.schema.json` holds. */
  published: JsonSchema;
  /** Judges plain data, as YAML gives it; null (a file without settings) is an empty mapping. Never throws. */
  judge(value: unknown): JudgedSettings;
}

export function settingsReader(words: Words): SettingsReader {
  const schema = repositorySchema(words);
  const published = { ...z.toJSONSchema(schema, { target: "draft-7", io: "input" }), $id: SCHEMA_ID };
  return {
    published,
    judge(value) {
      const parsed = schema.safeParse(value ?? {});
      return parsed.success ? { kind: "valid", settings: parsed.data } : { kind: "invalid", problems: problemsOf(parsed.error, published) };
    },
  };
}
