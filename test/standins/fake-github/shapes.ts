import type { JsonObject } from "../../../src/cluster/objects.ts";
import { ADMIN, BOT } from "../github/people.ts";
import type { FakeApp, FakeRepository, FakeWorld } from "./state.ts";

/** How GitHub shows users, repositories and Apps, with all fields that its OpenAPI description requires. */

const USER_LINKS = {
  followers_url: "/followers",
  following_url: "/following{/other_user}",
  gists_url: "/gists{/gist_id}",
  starred_url: "/starred{/owner}{/repo}",
  subscriptions_url: "/subscriptions",
  organizations_url: "/orgs",
  repos_url: "/repos",
  events_url: "/events{/privacy}",
  received_events_url: "/received_events",
};

export function userShape({ url }: Pick<FakeWorld, "url">, login: string): JsonObject {
  const own = `${url}/users/${encodeURIComponent(login)}`;
  return {
    login,
    id: numberOf(login),
    node_id: `U_${numberOf(login)}`,
    avatar_url: `${url}/avatars/${numberOf(login)}`,
    gravatar_id: "",
    url: own,
    html_url: `${url}/${login}`,
    ...links(own, USER_LINKS),
    type: login === BOT || login.endsWith("[bot]") ? "Bot" : "User",
    site_admin: false,
  };
}

export function organisationShape(world: Pick<FakeWorld, "url">, login: string): JsonObject {
  return { ...userShape(world, login), type: "Organization" };
}

/** A team of the organisation (docs.github.com/rest/teams/teams). */
export function teamShape({ url }: Pick<FakeWorld, "url">, organisation: string, slug: string): JsonObject {
  const own = `${url}/organizations/${numberOf(organisation)}/team/${numberOf(slug)}`;
  return {
    id: numberOf(slug),
    node_id: `T_${numberOf(slug)}`,
    name: slug,
    slug,
    description: null,
    privacy: "closed",
    notification_setting: "notifications_enabled",
    permission: "push",
    type: "organization",
    organization_id: numberOf(organisation),
    url: own,
    html_url: `${url}/orgs/${organisation}/teams/${slug}`,
    members_url: `${own}/members{/member}`,
    repositories_url: `${own}/repos`,
    parent: null,
  };
}

/** The same number for the same name, in every run. */
function numberOf(login: string): number {
  return [...login].reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) % 1_000_000_007, 7);
}

const REPOSITORY_LINKS = {
  archive_url: "/{archive_format}{/ref}",
  assignees_url: "/assignees{/user}",
  blobs_url: "/git/blobs{/sha}",
  branches_url: "/branches{/branch}",
  collaborators_url: "/collaborators{/collaborator}",
  comments_url: "/comments{/number}",
  commits_url: "/commits{/sha}",
  compare_url: "/compare/{base}...{head}",
  contents_url: "/contents/{+path}",
  contributors_url: "/contributors",
  deployments_url: "/deployments",
  downloads_url: "/downloads",
  events_url: "/events",
  forks_url: "/forks",
  git_commits_url: "/git/commits{/sha}",
  git_refs_url: "/git/refs{/sha}",
  git_tags_url: "/git/tags{/sha}",
  hooks_url: "/hooks",
  issue_comment_url: "/issues/comments{/number}",
  issue_events_url: "/issues/events{/number}",
  issues_url: "/issues{/number}",
  keys_url: "/keys{/key_id}",
  labels_url: "/labels{/name}",
  languages_url: "/languages",
  merges_url: "/merges",
  milestones_url: "/milestones{/number}",
  notifications_url: "/notifications{?since,all,participating}",
  pulls_url: "/pulls{/number}",
  releases_url: "/releases{/id}",
  stargazers_url: "/stargazers",
  statuses_url: "/statuses/{sha}",
  subscribers_url: "/subscribers",
  subscription_url: "/subscription",
  tags_url: "/tags",
  teams_url: "/teams",
  trees_url: "/git/trees{/sha}",
};

export function repositoryUrl({ url }: Pick<FakeWorld, "url">, { fullName }: FakeRepository): string {
  return `${url}/repos/${fullName}`;
}

export function repositoryShape(world: Pick<FakeWorld, "url">, repository: FakeRepository): JsonObject {
  const own = repositoryUrl(world, repository);
  const open = [...repository.issues.values()].filter(({ state }) => state === "open").length;
  const html = `${world.url}/${repository.fullName}`;
  return {
    id: repository.id,
    node_id: `R_${repository.id}`,
    name: repository.name,
    full_name: repository.fullName,
    owner: organisationShape(world, repository.owner),
    private: true,
    visibility: "private",
    html_url: html,
    description: null,
    fork: false,
    url: own,
    ...links(own, REPOSITORY_LINKS),
    git_url: `git://github.example/${repository.fullName}.git`,
    ssh_url: `git@github.example:${repository.fullName}.git`,
    clone_url: `${html}.git`,
    svn_url: html,
    mirror_url: null,
    homepage: null,
    language: null,
    forks_count: 0,
    stargazers_count: 0,
    watchers_count: 0,
    size: 1,
    default_branch: repository.defaultBranch,
    open_issues_count: open,
    has_issues: true,
    has_projects: true,
    has_wiki: true,
    has_pages: false,
    has_downloads: true,
    has_discussions: false,
    is_template: false,
    topics: [],
    allow_forking: false,
    web_commit_signoff_required: false,
    archived: false,
    disabled: false,
    pushed_at: repository.createdAt,
    created_at: repository.createdAt,
    updated_at: repository.createdAt,
    license: null,
    forks: 0,
    open_issues: open,
    watchers: 0,
  };
}

export function fullRepositoryShape(world: Pick<FakeWorld, "url">, repository: FakeRepository): JsonObject {
  return { ...repositoryShape(world, repository), subscribers_count: 0, network_count: 0 };
}

export function appShape(world: Pick<FakeWorld, "url">, app: FakeApp): JsonObject {
  return {
    id: app.id,
    slug: app.slug,
    node_id: `A_${app.id}`,
    owner: organisationShape(world, ADMIN),
    name: "Kube AutoFix",
    description: "",
    external_url: `${world.url}/external`,
    html_url: `${world.url}/apps/${app.slug}`,
    created_at: app.createdAt,
    updated_at: app.createdAt,
    permissions: app.permissions,
    events: app.events,
  };
}

function links(own: string, paths: Record<string, string>): JsonObject {
  return Object.fromEntries(Object.entries(paths).map(([name, path]) => [name, own + path]));
}
