import { extract } from '../extract.js';
import { observe } from '../observe.js';
import { type Program, select } from '../select.js';
import type { RunResult } from '../types.js';
import { Failure } from './failure.js';
import { toPrintable } from './format.js';
import { readText } from './input.js';
import { buildRequest, openSandbox, type SandboxOptions } from './options.js';

interface RunOptions extends SandboxOptions {
  all?: boolean;
  json?: boolean;
  stdin?: string;
}

/** `fencerun run`: runs the code of a text and prints what it printed. */
export async function runCommand(path: string, options: RunOptions, signal: AbortSignal): Promise<number> {
  const text = await readText(path);
  const stdin = options.stdin === undefined ? undefined : await readText(options.stdin);
  const sandbox = openSandbox(options);
  try {
    const choice = options.all ? 'all' : 'first';
    const programs = select(extract(text), { languages: sandbox.languages, choice });
    if (programs.length === 0) {
      throw new Failure(`nothing to run in ${path}: no code block in ${sandbox.languages.join(' or ')}`);
    }
    for (const program of programs) {
      const request = buildRequest(program.code, program.language, options);
      const result = await sandbox.runCode(stdin === undefined ? request : { ...request, stdin }, { signal });
      report(program, result, options);
    }
    return 0;
  } finally {
    await sandbox.close?.();
  }
}

function report(
  { blocks: [block], language }: Program,
  result: RunResult,
  { json, timeout }: RunOptions,
): void {
  const observation = observe(result);
  if (json) {
    process.stdout.write(`${JSON.stringify({ block, language, result, observation })}\n`);
    return;
  }
  // A pipe gets the bytes as they are; a terminal must not obey what a model wrote.
  process.stdout.write(process.stdout.isTTY ? toPrintable(observation.text) : observation.text);
  if (result.run?.status === 'time_limit_exceeded') {
    process.stderr.write(`fencerun: the program was stopped after ${timeout} s\n`);
  }
  if (observation.truncated) process.stderr.write('fencerun: the output was cut at the bound of 1 MiB\n');
}
