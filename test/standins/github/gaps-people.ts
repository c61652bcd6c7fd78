import { isObject, type Json, type JsonObject, listAt } from "../../../src/cluster/objects.ts";
import { dress } from "./dress.ts";
import { answer, type Gap, repositoryPath } from "./exchange.ts";
import { ask, type World } from "./world.ts";

/** Who is asked for a review of a pull request or assigned to it. */
export interface Invited {
  reviewers: Set<string>;
  teams: Set<string>;
  assignees: Set<string>;
}

/**
 * Reviews are requested from people with access and from known teams, all of a request or nothing of it (rest/pulls/review-requests); the emulator takes anybody.
 * Assignees without write access are left out without a word (rest/issues/assignees); the emulator has none for pull requests.
 */
export function invitations(world: World): Gap {
  return async (exchange, next) => {
    const place = repositoryPath(exchange.path);
    const match = /^(?:pulls\/(\d+)\/requested_reviewers|issues\/(\d+)\/assignees)$/.exec(place?.rest ?? "");
    if (exchange.method !== "POST" || !place || !match) return next(exchange);
    const number = match[1] ?? match[2];
    const pull = await ask(world, "GET", `/repos/${place.fullName}/pulls/${number}`);
    const found = pull.status === 200 || match[1] ? pull : await ask(world, "GET", `/repos/${place.fullName}/issues/${number}`);
    if (found.status !== 200) return found;
    const invited = invitedTo(world, `${place.fullName}#${number}`);
    if (match[2]) {
      for (const login of texts(exchange.body, "assignees")) if (["write", "admin"].includes(world.people.get(login) ?? "")) invited.assignees.add(login);
      return answer(201, withAssignees(found.body, invited));
    }
    const [reviewers, teams] = [texts(exchange.body, "reviewers"), texts(exchange.body, "team_reviewers")];
    if (reviewers.some((login) => (world.people.get(login) ?? "none") === "none"))
      return answer(422, {
        message: "Reviews may only be requested from collaborators. One or more of the users or teams you specified is not a collaborator.",
      });
    if (teams.some((team) => !world.teams.includes(team))) return answer(422, { message: "Could not resolve to a node with the global id of 'T_x'." });
    for (const login of reviewers) invited.reviewers.add(login);
    for (const team of teams) invited.teams.add(team);
    return answer(201, (await dress(world, found.body)) ?? null);
  };
}

function invitedTo(world: World, key: string): Invited {
  const invited = world.invited.get(key) ?? { reviewers: new Set(), teams: new Set(), assignees: new Set() };
  world.invited.set(key, invited);
  return invited;
}

/** A pull request with those who were invited to it. */
export function dressInvited(pull: JsonObject, invited: Invited | undefined): JsonObject {
  if (!invited) return pull;
  return {
    ...withAssignees(pull, invited),
    requested_reviewers: [...invited.reviewers].map((login) => ({ login, type: "User" })),
    requested_teams: [...invited.teams].map((slug) => ({ slug, name: slug })),
  };
}

function withAssignees(body: Json | undefined, { assignees }: Invited): JsonObject {
  return { ...(isObject(body) ? body : {}), assignees: [...assignees].map((login) => ({ login, type: "User" })) };
}

function texts(body: Json | undefined, field: string): string[] {
  return listAt(body, field).filter((one) => typeof one === "string");
}
