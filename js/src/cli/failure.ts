import { RunError } from '../error.js';

/** A failure that the user can do something about: one clear sentence and no stack. */
export class Failure extends Error {
  override readonly name = 'Failure';
}

/** An option whose value cannot be used. */
export class WrongOption extends Failure {}

/** The reasons of Node's file errors, in words. */
const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'it may not be read',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of its path is not a folder',
};

/** The failure to read a file, as a sentence. */
export function describeFileError(path: string, thrown: unknown): Failure {
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
  const reason = REASONS[code] ?? (thrown instanceof Error ? thrown.message : String(thrown));
  return new Failure(`cannot read ${path}: ${reason}`);
}

/** The reasons of Node's errors about addresses, in words. */
const ADDRESS_REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'the address is in use',
  EADDRNOTAVAIL: 'this machine has no such address',
  EACCES: 'this user may not listen there',
  ENOTFOUND: 'there is no such host',
};

/** The failure to listen at an address, as a sentence. */
export function describeListenError(host: string, port: number, thrown: unknown): Failure {
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
  return new Failure(`cannot serve at ${host}:${port}: ${ADDRESS_REASONS[code] ?? describe(thrown)}`);
}

/** Anything that was thrown, as one sentence. */
export function describe(thrown: unknown): string {
  if (thrown instanceof Failure || thrown instanceof RunError) return thrown.message;
  return thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
}
