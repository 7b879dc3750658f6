import { InvalidArgumentError, Option } from 'commander';
import { SandboxClient } from '../client.js';
import { EmbeddedClient } from '../embedded.js';
import { profiles } from '../profiles.js';
import { LOG_FORMATS } from '../rollout.js';
import { toolCallFormats } from '../tool-calls.js';
import type { RunRequest, Sandbox } from '../types.js';
import { WrongOption } from './failure.js';

/** The options of everything that runs programs. */
export interface SandboxOptions {
  url?: string;
  token?: string;
  timeout: number;
  memory?: number;
}

/** Reads a number above 0. */
export function readPositive(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value < Number.POSITIVE_INFINITY)) {
    throw new InvalidArgumentError('expected a number above 0.');
  }
  return value;
}

/** Reads a whole number above 0. */
export function readCount(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) {
    throw new InvalidArgumentError('expected a whole number above 0.');
  }
  return value;
}

/** Reads a whole number, 0 or above. */
export function readWhole(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isSafeInteger(value) || value < 0) {
    throw new InvalidArgumentError('expected a whole number.');
  }
  return value;
}

/** Reads the number of a port. */
export function readPort(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isInteger(value) || value < 0 || value > 65_535) {
    throw new InvalidArgumentError('expected a port from 0 to 65535.');
  }
  return value;
}

/** Reads the address of a server. */
function readUrl(text: string): string {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text;
  throw new InvalidArgumentError('expected http://HOST or https://HOST.');
}

/** The format that logs are in. */
export function formatOption(): Option {
  const about = 'the only format to read; with text, each file is one text (default: what each line is)';
  return new Option('--format <name>', about).choices(LOG_FORMATS);
}

/** The format to convert logs to. */
export function toOption(): Option {
  return new Option('--to <name>', 'the format to write').choices(['verl', 'openai']).makeOptionMandatory();
}

/** The options that name a server to run programs at, instead of another sandbox. */
export function serverOptions(other: string): Option[] {
  return [
    new Option('--url <url>', `run at a SandboxFusion server instead of ${other}`).argParser(readUrl),
    new Option('--token <token>', 'the bearer token of that server').env('FENCERUN_TOKEN'),
  ];
}

/** The options of everything that runs programs, for a command. */
export function sandboxOptions(): Option[] {
  return [
    ...serverOptions('the embedded sandbox'),
    new Option('--timeout <seconds>', 'how long a program may run').argParser(readPositive).default(10),
    new Option('--memory <MB>', 'how much memory a program may use').argParser(readCount),
  ];
}

/** The sandbox that the options ask for. */
export function openSandbox({ url, token }: SandboxOptions): Sandbox {
  if (url === undefined) return new EmbeddedClient();
  return new SandboxClient({ url, ...(token !== undefined && { token }) });
}

/** Checks that `name`, where there is one, is a profile that does `what`. */
export function checkProfile(name: string | undefined, what: 'extracts' | 'observes'): void {
  if (name === undefined) return;
  const known = profiles().flatMap((profile) => (profile[what] ? [profile.name] : []));
  if (known.includes(name)) return;
  throw new WrongOption(`--profile: expected one of ${known.join(', ')}, found ${name}`);
}

/** Checks that `name`, where there is one, is a format of tool calls. */
export function checkToolCalls(name: string | undefined): void {
  if (name === undefined) return;
  const known = toolCallFormats().map((format) => format.name);
  if (known.includes(name)) return;
  throw new WrongOption(`--tool-calls: expected one of ${known.join(', ')}, found ${name}`);
}

/** The request of a program, with the limits that the options ask for. */
export function buildRequest(code: string, language: string, options: SandboxOptions): RunRequest {
  const request: RunRequest = { code, language, runTimeoutMs: options.timeout * 1000 };
  return options.memory === undefined ? request : { ...request, memoryLimitMb: options.memory };
}
