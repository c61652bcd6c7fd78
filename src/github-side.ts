import type { AppConfig } from "./config/operator.ts";
import { Book } from "./pull-request/book.ts";
import { findNotices, type Notice } from "./pull-request/notice.ts";
import { findOurs, type Ours } from "./pull-request/ours.ts";
import type { Home } from "./reconcile.ts";
import { type FoundSettings, NOTHING_SAID, readSettings } from "./settings.ts";
import { createGitHub, type GitHub } from "./source/git/github-client.ts";
import { createGitHubObjects, createGitHubRepository } from "./source/git/github-repository.ts";
import type { Repository } from "./source/git/repository.ts";
import { repositoryOf, repositoryScope } from "./source/git/repository-name.ts";
import type { Log } from "./telemetry/log.ts";

/** GitHub as the App sees it: its repositories, and what each of them holds that matters to it, believed for a while. */
export interface GitHubSide extends Pick<GitHub, "app" | "botLogin" | "forgetInstallations"> {
  /** `owner/name` of a URL that a delivery names; undefined where it is none of this GitHub. */
  nameOf(url: string): string | undefined;
  /** Undefined where the App is not installed. */
  homeOf(fullName: string | undefined): Promise<Home | undefined>;
  repositoryAt(home: Home): Repository;
  /** The bot's own pull requests and issues. */
  ours: Book<Ours>;
  notices: Book<Notice[]>;
  /** What `.github/autofix.yml` says on the default branch. */
  settings: Book<FoundSettings>;
}

export interface GitHubSideOptions {
  /** PEM text of the App's key. */
  privateKey: string;
  throttle?: boolean;
  /** Milliseconds for which what was read of a repository is believed. */
  believeMilliseconds?: number;
  clock(): number;
  log: Log;
}

export function connectGitHub(config: AppConfig, { privateKey, throttle, believeMilliseconds, clock, log }: GitHubSideOptions): GitHubSide {
  const { appId, github, repositoryAliases } = config;
  const client = createGitHub({ appId, privateKey, baseUrl: github.apiUrl, log, now: clock, ...(throttle === undefined ? {} : { throttle }) });
  const objects = createGitHubObjects();
  const scope = repositoryScope(github.host, repositoryAliases);
  const repositoryAt = ({ octokit, repository }: Home) => createGitHubRepository({ octokit, fullName: repository, objects });

  async function homeOf(fullName: string | undefined): Promise<Home | undefined> {
    const octokit = fullName ? await client.repository(fullName) : undefined;
    return octokit && fullName ? { octokit, repository: fullName, botLogin: await client.botLogin() } : undefined;
  }

  /** `nothing` is what a repository holds where the App is not installed. */
  function book<Found>(find: (home: Home) => Promise<Found>, nothing: Found): Book<Found> {
    const read = async (repository: string) => {
      const home = await homeOf(repository);
      return home ? find(home) : nothing;
    };
    return new Book(read, { now: clock, ...(believeMilliseconds === undefined ? {} : { milliseconds: believeMilliseconds }) });
  }

  return {
    app: client.app,
    botLogin: () => client.botLogin(),
    forgetInstallations: () => client.forgetInstallations(),
    nameOf: (url) => repositoryOf(url, scope),
    homeOf,
    repositoryAt,
    ours: book(({ octokit, repository, botLogin }) => findOurs(octokit, repository, botLogin, new Date(clock())), { pulls: [], issues: [] }),
    notices: book(({ octokit, repository, botLogin }) => findNotices(octokit, repository, botLogin), []),
    settings: book((home) => readSettings(repositoryAt(home)), NOTHING_SAID),
  };
}
