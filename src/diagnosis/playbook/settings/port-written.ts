import { type Json, listAt, numberAt, textAt } from "../../../cluster/objects.ts";
import type { Finding } from "../../diagnosis.ts";
import { type Variable, variablesOf } from "../../environment.ts";
import type { LogLine } from "../../pods.ts";
import { type CrashCase, complaints, withLine } from "../crash/crash-case.ts";
import { CONFIDENCE, fix, place, shown } from "../entry.ts";
import { namesVariable, namesWord } from "../words.ts";

/** A variable that holds a declared port, but not as the number that the program wants: by its name, or as an address. */
export function portWrittenOut(crashCase: CrashCase): Finding | undefined {
  return guessed(crashCase, (value, ports) => ports.filter((port) => textAt(port, "name") === value || isAddressOf(value, numberAt(port, "containerPort"))));
}

/** A variable that holds what is no port at all, and a container that declares one. */
export function portUnreadable(crashCase: CrashCase): Finding | undefined {
  return guessed(crashCase, (value, ports, name) => (IS_PORT.test(name) && isNoPort(value) ? ports : []));
}

function guessed(crashCase: CrashCase, meantBy: (value: string, ports: readonly Json[], name: string) => readonly Json[]): Finding | undefined {
  const { input, now, statement, found } = crashCase;
  const ports = listAt(found.value, "ports").filter((port) => numberAt(port, "containerPort") !== undefined);
  const guesses = variablesOf(input, now, found).flatMap((variable) => {
    const [port, ...others] = meantBy(variable.value, ports, variable.name);
    const line = port && complaints(crashCase).findLast(({ text }) => isAbout(text, variable));
    return line && others.length === 0 ? [{ variable, line, number: String(numberAt(port, "containerPort")), port: textAt(port, "name") }] : [];
  });
  const [guess, ...more] = guesses;
  return guess && more.length === 0 ? corrected(crashCase, guess, statement) : undefined;
}

interface Guess {
  variable: Variable;
  line: LogLine;
  number: string;
  /** The name of the port. */
  port: string;
}

function corrected(crashCase: CrashCase, { variable, line, number, port }: Guess, statement: CrashCase["statement"]): Finding {
  const { name, value, object, path } = variable;
  const what = value === port ? `the name of its port, ${value}` : shown(value);
  const rootCause = `${place(statement.object, statement.container)} wants a number in ${name}, which holds ${what}.`;
  return fix(
    withLine(crashCase, line, { ...statement, rootCause, confidence: CONFIDENCE.suggested }),
    [{ object, path, before: value, after: number }],
    [`Set ${name} to ${number}, the number of the container's port${port === "" ? "" : ` ${port}`}`],
  );
}

const IS_PORT = /(?:^|_)PORT$/;

/** A line about the variable, or one that says that a program cannot listen there. Loggers escape what a value has of quotes and ends of lines. */
function isAbout(text: string, { name, value }: Variable): boolean {
  const said = text
    .slice(0, 1000)
    .replaceAll(/\\[nrt]/g, " ")
    .replaceAll("\\", "");
  const isOfPort = IS_PORT.test(name) && /\blisten\b/i.test(said);
  return value.trim() !== "" && namesWord(said, value.trim()) && (namesVariable(said, name) || isOfPort);
}

/** `:8080`, `0.0.0.0:8080`, `8080/tcp`, or the number in quotes or with blanks around it. */
function isAddressOf(value: string, port: number | undefined): boolean {
  const written = /^["'\s]{0,5}(?:(?:tcp|http):(?:\/\/)?)?(?:0\.0\.0\.0|\*|localhost|127\.0\.0\.1|\[::\])?:?(\d{1,5})(?:\/tcp)?["'\s]{0,5}$/.exec(value);
  return port !== undefined && value !== String(port) && written?.[1] === String(port);
}

function isNoPort(value: string): boolean {
  return /^\d+$/.test(value) ? Number(value) > 65535 : /^[A-Za-z][\w-]*$/.test(value);
}
