import { extract, languageOf } from '../extract.js';
import { observe } from '../observe.js';
import type { Block, RunResult } from '../types.js';
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
    const runnable = extract(text).flatMap((block) => {
      const language = block.lang === null ? 'python' : languageOf(block.lang);
      return language !== undefined && sandbox.languages.includes(language) ? [{ block, language }] : [];
    });
    if (runnable.length === 0) {
      throw new Failure(`nothing to run in ${path}: no code block in ${sandbox.languages.join(' or ')}`);
    }
    for (const { block, language } of options.all ? runnable : runnable.slice(0, 1)) {
      const request = buildRequest(block.code, language, options);
      const result = await sandbox.runCode(stdin === undefined ? request : { ...request, stdin }, { signal });
      report(block, language, result, options);
    }
    return 0;
  } finally {
    await sandbox.close?.();
  }
}

function report(block: Block, language: string, result: RunResult, { json, timeout }: RunOptions): void {
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
