import { createHash } from "node:crypto";

/** Git's object store in memory: blobs, trees and commits under the names that git gives them (git-hash-object(1)). */
export interface TreeEntry {
  name: string;
  mode: string;
  sha: string;
}

export interface Person {
  name: string;
  email: string;
  /** Seconds since the epoch; written as UTC. */
  seconds: number;
}

export interface CommitObject {
  sha: string;
  tree: string;
  parents: string[];
  author: Person;
  committer: Person;
  message: string;
  /** The GitHub accounts behind author and committer. */
  authorLogin?: string;
  committerLogin?: string;
  /** GitHub signed it: made by an App that named neither author nor committer. */
  signed: boolean;
}

export interface TagObject {
  sha: string;
  tag: string;
  message: string;
  target: { sha: string; type: string };
}

/** One file of a tree, by its whole path. */
export interface FileEntry {
  mode: string;
  sha: string;
}

export class GitObjects {
  readonly blobs = new Map<string, Buffer>();
  readonly trees = new Map<string, TreeEntry[]>();
  readonly commits = new Map<string, CommitObject>();
  readonly tags = new Map<string, TagObject>();

  addBlob(content: Buffer): string {
    const sha = nameOf("blob", content);
    this.blobs.set(sha, content);
    return sha;
  }

  /** A tree and all that is in it, from whole paths. */
  addTree(files: ReadonlyMap<string, FileEntry>): string {
    const entries = new Map<string, TreeEntry>();
    const folders = new Map<string, Map<string, FileEntry>>();
    for (const [path, file] of files) {
      const slash = path.indexOf("/");
      if (slash < 0) entries.set(path, { name: path, ...file });
      else {
        const folder = folders.get(path.slice(0, slash)) ?? new Map<string, FileEntry>();
        folders.set(path.slice(0, slash), folder.set(path.slice(slash + 1), file));
      }
    }
    for (const [name, inside] of folders) entries.set(name, { name, mode: "040000", sha: this.addTree(inside) });
    const sorted = [...entries.values()].sort((a, b) => Buffer.compare(sortKey(a), sortKey(b)));
    const sha = nameOf("tree", Buffer.concat(sorted.map(treeLine)));
    this.trees.set(sha, sorted);
    return sha;
  }

  addCommit(commit: Omit<CommitObject, "sha">): string {
    const lines = [
      `tree ${commit.tree}`,
      ...commit.parents.map((parent) => `parent ${parent}`),
      `author ${personLine(commit.author)}`,
      `committer ${personLine(commit.committer)}`,
    ];
    const sha = nameOf("commit", Buffer.from(`${lines.join("\n")}\n\n${commit.message}`));
    this.commits.set(sha, { ...commit, sha });
    return sha;
  }

  addTag(tag: string, message: string, target: TagObject["target"]): string {
    const sha = nameOf("tag", Buffer.from(`object ${target.sha}\ntype ${target.type}\ntag ${tag}\n\n${message}`));
    this.tags.set(sha, { sha, tag, message, target });
    return sha;
  }

  /** Every file below a tree. */
  filesOf(tree: string, prefix = ""): Map<string, FileEntry> {
    const files = new Map<string, FileEntry>();
    for (const { name, mode, sha } of this.trees.get(tree) ?? []) {
      if (mode === "040000") for (const [path, file] of this.filesOf(sha, `${prefix}${name}/`)) files.set(path, file);
      else files.set(prefix + name, { mode, sha });
    }
    return files;
  }

  filesAt(commit: string): Map<string, FileEntry> {
    return this.filesOf(this.commits.get(commit)?.tree ?? "");
  }

  textOf(sha: string): string {
    return this.blobs.get(sha)?.toString("utf8") ?? "";
  }
}

function nameOf(type: string, content: Buffer): string {
  return createHash("sha1").update(`${type} ${content.length}\0`).update(content).digest("hex");
}

function treeLine({ mode, name, sha }: TreeEntry): Buffer {
  return Buffer.concat([Buffer.from(`${mode.replace(/^0/, "")} ${name}\0`), Buffer.from(sha, "hex")]);
}

/** Git sorts a folder as if its name ended with a slash. */
function sortKey({ name, mode }: TreeEntry): Buffer {
  return Buffer.from(mode === "040000" ? `${name}/` : name);
}

function personLine({ name, email, seconds }: Person): string {
  return `${name} <${email}> ${seconds} +0000`;
}
