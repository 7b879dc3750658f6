import { once } from 'node:events';
import { writeRollout } from '../rollout.js';
import { readRollouts } from '../rollout-reader.js';
import type { LogFormat } from '../types.js';
import { readChunks } from './input.js';

interface ConvertOptions {
  to: 'verl' | 'openai';
  format?: LogFormat;
}

/** `fencerun convert`: rollout logs in another format, a rollout a line. */
export async function convertCommand(
  paths: readonly string[],
  { to, format }: ConvertOptions,
): Promise<number> {
  let exitCode = 0;
  for (const path of paths) {
    for await (const { line, rollout, fault } of readRollouts(readChunks(path), format ? { format } : {})) {
      if (rollout === null) {
        process.stderr.write(`fencerun: unreadable line ${path}:${line} (${fault})\n`);
        exitCode = 1;
      } else if (!process.stdout.write(`${writeRollout(rollout, to)}\n`)) {
        await once(process.stdout, 'drain');
      }
    }
  }
  return exitCode;
}
