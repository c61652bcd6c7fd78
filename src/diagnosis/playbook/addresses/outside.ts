import type { Finding } from "../../diagnosis.ts";
import type { LogLine } from "../../pods.ts";
import { messageIn } from "../blame/log-message.ts";
import { isStanding, names } from "../blame/named-change.ts";
import { type CrashCase, complaints, isHarmless, withLine } from "../crash/crash-case.ts";
import { CONFIDENCE, escalate, oneStop, place, shown } from "../entry.ts";

/** What a program reports that lies outside of the manifests, and who has to do what about it. */
interface Outside extends ForPeople {
  words: RegExp;
}

interface ForPeople {
  /** Completes "container x …". */
  what: string;
  reason: string;
  advice: string;
}

/** In the words of databases, brokers, clouds and clients. */
const OUTSIDE: readonly Outside[] = [
  {
    words:
      /AccessDenied\b|Access Denied\b|AuthorizationFailed|PermissionDenied|Permission '[^']{1,100}' denied|AADSTS\d{4,}|ClientAuthenticationError|not authorized to perform|InvalidAccessKeyId|SignatureDoesNotMatch|InvalidClientTokenId|Expired ?Token|token (?:has |is )?expired|token_expired|client secret keys?.{0,60}expired|invalid_grant|invalid_client|NOPERM\b|SASL authentication|(?:status(?: ?code)?|code|HTTP(?:\/[\d.]{1,3})?)[:= ]{1,3}40[13]\b|\b40[13] (?:Forbidden|Unauthorized)/i,
    what: "is refused by something that it asks",
    reason: "what an account may do, and whether its credential is valid, is decided outside of the manifests",
    advice: "Renew the credential, or grant the permission, where it is kept; the bot touches neither.",
  },
  {
    words:
      /x509: |certificate has expired|certificate verify failed|CERTIFICATE_VERIFY_FAILED|CERT_HAS_EXPIRED|PKIX path (?:building|validation) failed|unable to (?:get local issuer|verify the first) certificate|SSLHandshakeException|CertificateExpiredException/i,
    what: "does not trust the certificate of something that it asks",
    reason: "a certificate is not valid: that is mended where it is made",
    advice: "Renew the certificate, or give the program the authority that signed it.",
  },
  {
    words: /\blicen[cs]e\b.{0,80}\b(?:expired|invalid|revoked|exceeded|not valid)|\b(?:expired|invalid|revoked) licen[cs]e\b/i,
    what: "has no valid licence",
    reason: "a licence ran out or is not accepted: people renew it",
    advice: "Get a new licence.",
  },
  {
    words:
      /\b429\b|too many requests|rate ?limit(?:ed)? |rate limit exceeded|ThrottlingException|Throttling: |RESOURCE_EXHAUSTED|quota exceeded|sorry, too many clients|too many connections|connection slots/i,
    what: "gets no more from something that it asks, because it or others ask for too much",
    reason: "a limit outside of the manifests is reached",
    advice: "Look who uses the limit up, or have it raised.",
  },
  {
    words:
      /duplicate key|could not create unique index|violates (?:\S{1,20} ){1,2}constraint|Duplicate entry '|Migration checksum mismatch|Migrations have failed validation|Dirty database version|Can't locate revision|(?:relation|column|table) \S{1,130} does not exist|UndefinedColumn|UndefinedTable|no such (?:table|column):|Unknown column '|Table '[^']{1,130}' doesn't exist|database is locked|lock wait timeout|deadlock detected|could not obtain lock|lock timeout|state corrupt|is corrupt(?:ed)?\b|corrupt(?:ed)? (?:index|data|file|state|record|segment|wal)|unexpected EOF in (?:wal|segment)|pending migrations?\b|migrations? (?:are|is) pending/i,
    what: "fails on what is in its database or its files",
    reason: "data, or the state of a database, is not as the program needs it: people mend that",
    advice: "Look into the data that the log names; no manifest changes it.",
  },
  {
    words:
      /database system is (?:starting up|shutting down|in recovery mode|not yet accepting)|READONLY You can't write|read[- ]only (?:replica|transaction)|LOADING Redis|MASTERDOWN|CLUSTERDOWN|No primary found|NotPrimaryError|not (?:the )?(?:leader|primary|master)\b|NotLeaderOrFollower|LEADER_NOT_AVAILABLE|NOT_ENOUGH_REPLICAS|node assignment|ClusterBlockException|(?:Vault|core) is sealed|could not extend file|no space left on device|ENOSPC|disk quota exceeded|flood-stage watermark|another instance (?:holds|is running)|service unavailable|bad gateway|gateway time-?out|under maintenance|maintenance mode/i,
    what: "needs something that is not in a state to serve it",
    reason: "what it needs is ill or full, and no manifest of this delivery says so",
    advice: "Look after what the log names first; the program starts when that is well.",
  },
];

/** Clouds that refuse what an identity asks for: they name the resource, which may well be what a commit wants to be used. */
const NOT_ALLOWED =
  /not authorized to perform|AccessDenied\b|Access ?Denied(?:Exception)? .{0,40}when calling|AuthorizationFailed|PermissionDenied: 403|Permission '[^']{1,100}' denied on resource/i;

/** A cloud does not allow what the program does there: grants are given by people, whatever of the commit the refusal names. */
export function notAllowed(crashCase: CrashCase): Finding | undefined {
  const [refused] = OUTSIDE;
  return refused && found(crashCase, { ...refused, words: NOT_ALLOWED });
}

/** How many lines from the end may say it without a word for an error. */
const LAST = 3;

/**
 * The log tells of something outside of the manifests, and nothing that was changed is named: a change of the same time is innocent of it. Credentials, certificates,
 * limits, data, and the state of servers are for people.
 */
export function outsideTrouble(crashCase: CrashCase): Finding | undefined {
  for (const outside of OUTSIDE) {
    const finding = found(crashCase, outside);
    if (finding) return finding;
  }
  return undefined;
}

function found(crashCase: CrashCase, outside: Outside): Finding | undefined {
  const line = spoken(crashCase).findLast(({ text }) => outside.words.test(text.slice(0, 1000)));
  return line && forPeople(crashCase, line, CONFIDENCE.circumstantial, outside);
}

/** A line tells of something that people have to see to, and no manifest. */
export function forPeople(crashCase: CrashCase, line: LogLine, confidence: number, { what, reason, advice }: ForPeople): Finding {
  const { statement } = crashCase;
  const rootCause = `${place(statement.object, statement.container)} ${what}: ${shown(line.text)}.`;
  return escalate(withLine(crashCase, line, { ...statement, rootCause: oneStop(rootCause), confidence }), reason, advice);
}

function spoken({ log }: CrashCase): LogLine[] {
  return [...log.slice(-LAST).filter(({ text }) => !isHarmless(text)), ...complaints({ log })];
}

/** In what state something else is, in the words of databases, clouds and licences: said so plainly that a change counts only where the line names it. */
const ELSEWHERE =
  /SQLSTATE 53|could not extend file|space quota|quota (?:has been |was |is )?exceeded|exceeded (?:\w{1,20} ){0,3}quota|read-only transaction|in recovery mode|database system is (?:starting up|shutting down|in)|already locked|could not (?:acquire|obtain) (?:\w{1,20} ){0,3}lock|licen[cs]e (?:\w{1,20} ){0,4}(?:expired|invalid|exceeded)|expired licen[cs]e|\b50[0234] (?:internal server error|bad gateway|service unavailable|gateway)|\b(?:status(?: code)?|code)[:= ]{1,2}50[0234]\b|vault is sealed|max_user_connections|maxclients|OOM command not allowed|cluster_block_exception|MISCONF|CLUSTERDOWN|NOREPLICAS|READONLY You can/i;

/** Something else is full, locked, expired or not itself: nothing that git says of this program changes that. */
export function stateElsewhere(crashCase: CrashCase): Finding | undefined {
  const line = complaints(crashCase).findLast(({ text }) => ELSEWHERE.test(text.slice(0, 2000)));
  if (!line || crashCase.changed.some((change) => names(messageIn(line.text), change) && !isStanding(crashCase, change, line))) return undefined;
  return forPeople(crashCase, line, CONFIDENCE.likely, {
    what: "fails for the state of something that it uses",
    reason: "what it uses is full, locked, expired or not itself, and git does not say how it is",
    advice: "Look after what the message names; nothing about this program has to change for it.",
  });
}
