import { extract } from '../extract.js';
import { observe } from '../observe.js';
import { languageOf, select } from '../select.js';
import { parseToolCalls } from '../tool-calls.js';
import type { Block, RunResult } from '../types.js';
import { Failure } from './failure.js';
import { toPrintable } from './format.js';
import { readText } from './input.js';
import { buildRequest, checkToolCalls, openSandbox, type SandboxOptions } from './options.js';

interface RunOptions extends SandboxOptions {
  all?: boolean;
  json?: boolean;
  stdin?: string;
  toolCalls?: string;
}

/** What runs, and the block that it stands in, unless a tool call brought it. */
interface Program {
  code: string;
  language: string;
  block: Block | undefined;
}

/** `fencerun run`: runs the code of a text and prints what it printed. */
export async function runCommand(path: string, options: RunOptions, signal: AbortSignal): Promise<number> {
  checkToolCalls(options.toolCalls);
  const text = await readText(path);
  const stdin = options.stdin === undefined ? undefined : await readText(options.stdin);
  const sandbox = openSandbox(options);
  try {
    const { toolCalls } = options;
    const faults: string[] = [];
    const programs =
      toolCalls === undefined ? findBlocks(text, sandbox.languages) : findCalls(text, toolCalls, faults);
    for (const fault of faults)
      process.stderr.write(`fencerun: a tool call cannot be read: ${toPrintable(fault)}\n`);
    if (programs.length === 0) {
      const what =
        toolCalls === undefined ? `code block in ${sandbox.languages.join(' or ')}` : 'tool call with `code`';
      throw new Failure(`nothing to run in ${path}: no ${what}`);
    }
    for (const program of options.all ? programs : programs.slice(0, 1)) {
      const request = buildRequest(program.code, program.language, options);
      const result = await sandbox.runCode(stdin === undefined ? request : { ...request, stdin }, { signal });
      report(program, result, options);
    }
    return faults.length === 0 ? 0 : 1;
  } finally {
    await sandbox.close?.();
  }
}

function findBlocks(text: string, languages: readonly string[]): Program[] {
  const programs = select(extract(text), { languages, choice: 'all' });
  return programs.map(({ code, language, blocks: [block] }) => ({ code, language, block }));
}

/**
 * The programs in the calls of any tool that takes `code`, and a `language` where it is not Python. What is wrong with calls
 * that cannot be read goes to `faults`.
 */
function findCalls(text: string, format: string, faults: string[]): Program[] {
  return parseToolCalls(text, { format }).calls.flatMap((call) => {
    if (call.kind === 'unreadable') faults.push(call.reason);
    if (call.kind !== 'call') return [];
    const { code, language = 'python' } = readArguments(call.arguments);
    if (typeof code !== 'string') return [];
    return [{ code, language: languageOf(String(language)) ?? String(language), block: undefined }];
  });
}

/** Arguments that are no object, and those with a number that JSON does not have, hold no code. */
function readArguments(json: string): Partial<Record<string, unknown>> {
  try {
    return Object(JSON.parse(json));
  } catch {
    return {};
  }
}

function report({ block, language }: Program, result: RunResult, { json, timeout }: RunOptions): void {
  const observation = observe(result);
  if (json) {
    process.stdout.write(`${JSON.stringify({ block: block ?? null, language, result, observation })}\n`);
    return;
  }
  // A pipe gets the bytes as they are; a terminal must not obey what a model wrote.
  process.stdout.write(process.stdout.isTTY ? toPrintable(observation.text) : observation.text);
  if (result.run?.status === 'time_limit_exceeded') {
    process.stderr.write(`fencerun: the program was stopped after ${timeout} s\n`);
  }
  if (observation.truncated) process.stderr.write('fencerun: the output was cut at the bound of 1 MiB\n');
}
