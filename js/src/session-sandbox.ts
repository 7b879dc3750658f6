import { RunError } from './error.js';
import { languageOf } from './select.js';
import type { PhaseResult, RunOptions, RunRequest, RunResult, Sandbox } from './types.js';

/** What is used of a sandbox session of the AI SDK (`experimental_sandbox`, since version 7). */
export interface SandboxSession {
  readonly writeTextFile: (options: FileOptions & { content: string }) => PromiseLike<void>;
  readonly writeBinaryFile: (options: FileOptions & { content: Uint8Array }) => PromiseLike<void>;
  readonly readBinaryFile: (options: FileOptions) => PromiseLike<Uint8Array | null>;
  readonly run: (options: {
    command: string;
    workingDirectory?: string;
    abortSignal?: AbortSignal;
  }) => PromiseLike<{ exitCode: number; stdout: string; stderr: string }>;
}

interface FileOptions {
  path: string;
  abortSignal?: AbortSignal;
}

/** How a session starts a program: the name of its file, and the command in front of it. */
const STARTS: Readonly<Record<string, readonly [file: string, command: string]>> = {
  python: ['main.py', 'python3'],
  nodejs: ['main.js', 'node'],
  bash: ['main.sh', 'bash'],
};

/**
 * A sandbox session of the AI SDK as a {@link Sandbox}: each program is written into a folder of its own and started
 * with `python3`, `node` or `bash` of the session. A session tells no output of a command that was stopped, so a run
 * that meets its time-out has none; memory is the session's own affair, and programs share its files.
 */
export function sessionSandbox(session: SandboxSession): Sandbox {
  return {
    languages: Object.keys(STARTS),
    runCode: (request, options) => runInSession(session, request, options),
  };
}

async function runInSession(
  session: SandboxSession,
  { code, language = 'python', runTimeoutMs = 10_000, stdin, files = {}, fetchFiles = [] }: RunRequest,
  { signal }: RunOptions = {},
): Promise<RunResult> {
  signal?.throwIfAborted();
  const [file, command] = STARTS[languageOf(language) ?? language] ?? [];
  if (!file) throw new RunError('sandbox', `the session does not run \`${language}\``);
  const limit = AbortSignal.timeout(runTimeoutMs);
  const folder = `fencerun/${crypto.randomUUID()}`;
  const abortSignal = signal ?? new AbortController().signal;
  const started = performance.now();
  try {
    for (const [name, content] of Object.entries({
      ...files,
      [file]: code,
      ...(stdin && { '.stdin': stdin }),
    })) {
      const path = `${folder}/${name}`;
      if (typeof content === 'string') await session.writeTextFile({ path, content, abortSignal });
      else await session.writeBinaryFile({ path, content, abortSignal });
    }
    const ran = await session.run({
      command: `${command} ${file}${stdin ? ' < .stdin' : ' < /dev/null'}`,
      workingDirectory: folder,
      abortSignal: AbortSignal.any([abortSignal, limit]),
    });
    const run = toPhase('finished', performance.now() - started, ran.exitCode, ran.stdout, ran.stderr);
    const fetched = await readFiles(session, folder, fetchFiles, abortSignal);
    return toResult(run, ran.exitCode === 0 ? 'success' : 'failed', fetched);
  } catch (cause) {
    signal?.throwIfAborted();
    if (limit.aborted)
      return toResult(toPhase('time_limit_exceeded', runTimeoutMs, null, '', ''), 'failed', {});
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new RunError('sandbox', `the sandbox failed: ${message}`, { attempts: 1, cause });
  }
}

async function readFiles(
  session: SandboxSession,
  folder: string,
  names: readonly string[],
  abortSignal: AbortSignal,
): Promise<Record<string, Uint8Array>> {
  const found: [string, Uint8Array][] = [];
  for (const name of names) {
    const content = await session.readBinaryFile({ path: `${folder}/${name}`, abortSignal });
    if (content) found.push([name, content]);
  }
  return Object.fromEntries(found);
}

function toPhase(
  status: PhaseResult['status'],
  executionTimeMs: number,
  exitCode: number | null,
  stdout: string,
  stderr: string,
): PhaseResult {
  return {
    status,
    executionTimeMs,
    exitCode,
    stdout,
    stderr,
    stdoutTruncated: false,
    stderrTruncated: false,
  };
}

function toResult(run: PhaseResult, status: RunResult['status'], files: RunResult['files']): RunResult {
  return { status, message: '', compile: null, run, executorPodName: null, files };
}
