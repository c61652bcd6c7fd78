import { textAt } from "../../../src/cluster/objects.ts";
import { type Answer, answer } from "../github/exchange.ts";
import { addComment, sendComment } from "./issues.ts";
import { created, NOT_FOUND, nothing, ok, page, type RepositoryCall, type RepositoryRoute } from "./route.ts";
import { onIssue } from "./routes-issues.ts";
import { commentShape, reactionShape } from "./shapes-issues.ts";
import { type FakeComment, stamp } from "./state.ts";

const ISSUES = "/repos/{owner}/{repo}/issues";
const READ = ["issues:read", "pull_requests:read"] as const;
const WRITE = ["issues:write", "pull_requests:write"] as const;
const COMMENT = `${ISSUES}/comments/{comment_id}`;

/** docs.github.com/rest/issues/comments and docs.github.com/rest/reactions */
export const COMMENT_ROUTES: RepositoryRoute[] = [
  { operation: `GET ${ISSUES}/{issue_number}/comments`, needs: READ, serve: (call) => onIssue(call, ({ number }) => listComments(call, number)) },
  { operation: `POST ${ISSUES}/{issue_number}/comments`, needs: WRITE, serve: createComment },
  { operation: `GET ${ISSUES}/comments`, needs: READ, serve: (call) => listComments(call) },
  { operation: `GET ${COMMENT}`, needs: READ, serve: (call) => onComment(call, (comment) => ok(commentShape(call.world, call.repository, comment))) },
  { operation: `PATCH ${COMMENT}`, needs: WRITE, serve: (call) => onComment(call, (comment) => editComment(call, comment)) },
  { operation: `DELETE ${COMMENT}`, needs: WRITE, serve: (call) => onComment(call, (comment) => deleteComment(call, comment)) },
  { operation: `GET ${COMMENT}/reactions`, needs: READ, serve: (call) => onComment(call, ({ id }) => listReactions(call, `comment ${id}`)) },
  { operation: `POST ${COMMENT}/reactions`, needs: WRITE, serve: (call) => onComment(call, ({ id }) => react(call, `comment ${id}`)) },
  { operation: `DELETE ${COMMENT}/reactions/{reaction_id}`, needs: WRITE, serve: (call) => onComment(call, () => unreact(call)) },
];

function onComment(call: RepositoryCall, serve: (comment: FakeComment) => Answer): Answer {
  const comment = call.repository.comments.get(Number(call.params.comment_id));
  return comment ? serve(comment) : NOT_FOUND;
}

/** Of one issue in the order of their ids; of a repository as `sort` and `direction` say. */
function listComments(call: RepositoryCall, issue?: number): Answer {
  const { world, repository, query } = call;
  const since = query.get("since") ?? "";
  const found = [...repository.comments.values()].filter((comment) => (issue === undefined || comment.issue === issue) && comment.updatedAt >= since);
  const by = ({ createdAt, updatedAt }: FakeComment) => (query.get("sort") === "updated" ? updatedAt : createdAt);
  const ascending = issue === undefined && query.has("sort") ? found.toSorted((a, b) => by(a).localeCompare(by(b)) || a.id - b.id) : found;
  const all = query.get("direction") === "desc" && query.has("sort") ? ascending.reverse() : ascending;
  return page(call, all, (comment) => commentShape(world, repository, comment));
}

function createComment(call: RepositoryCall): Answer {
  const { world, repository, body, login } = call;
  return onIssue(call, (issue) => created(commentShape(world, repository, addComment(world, repository, issue, textAt(body, "body"), login))));
}

function editComment({ world, repository, body, login }: RepositoryCall, comment: FakeComment): Answer {
  const before = comment.body;
  comment.body = textAt(body, "body");
  comment.updatedAt = stamp(comment.createdAt);
  sendComment(world, repository, comment, "edited", login, { changes: { body: { from: before } } });
  return ok(commentShape(world, repository, comment));
}

function deleteComment({ world, repository, login }: RepositoryCall, comment: FakeComment): Answer {
  sendComment(world, repository, comment, "deleted", login);
  repository.comments.delete(comment.id);
  return nothing();
}

function listReactions(call: RepositoryCall, target: string): Answer {
  const { world, repository } = call;
  return page(
    call,
    repository.reactions.filter((reaction) => reaction.target === target),
    (reaction) => reactionShape(world, reaction),
  );
}

/** The second one of a kind by the same user is 200 instead of 201. */
function react({ world, repository, body, login }: RepositoryCall, target: string): Answer {
  const content = textAt(body, "content");
  const known = repository.reactions.find((one) => one.target === target && one.content === content && one.login === login);
  if (known) return answer(200, reactionShape(world, known));
  const reaction = { id: world.id(), target, content, login, createdAt: stamp() };
  repository.reactions.push(reaction);
  return created(reactionShape(world, reaction));
}

function unreact({ repository, params }: RepositoryCall): Answer {
  const index = repository.reactions.findIndex(({ id }) => id === Number(params.reaction_id));
  if (index < 0) return NOT_FOUND;
  repository.reactions.splice(index, 1);
  return nothing();
}
