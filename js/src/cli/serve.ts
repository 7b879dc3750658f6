import { openSync, writeSync } from 'node:fs';
import { Option } from 'commander';
import { RunError } from '../error.js';
import type { AccessEntry, ServerOptions } from '../server/index.js';
import { describe, describeListenError, Failure, WrongOption } from './failure.js';
import { readCount, readPort, readPositive, readWhole } from './options.js';

/** What `serve` is called with. */
export interface ServeOptions {
  host: string;
  port: number;
  token?: string;
  corsOrigin?: string[];
  workers?: number;
  queue: number;
  maxBody: number;
  maxTimeout: number;
  maxMemory: number;
  upstream?: string;
  log?: string | false;
  drain: number;
}

/** Its options, as the command line takes them. */
export function serveOptions(): Option[] {
  return [
    new Option('--host <address>', 'where to listen; 127.0.0.1 is this machine alone').default('127.0.0.1'),
    new Option('--port <port>', 'the port to listen on; 0 is one that is free')
      .argParser(readPort)
      .default(8080),
    new Option('--token <token>', 'ask for this bearer token').env('FENCERUN_TOKEN'),
    new Option('--cors-origin <origin...>', 'let pages of these origins in, or of all with *'),
    new Option(
      '--workers <programs>',
      'how many programs run at a time (default: the number of cores)',
    ).argParser(readCount),
    new Option('--queue <requests>', 'how many requests may wait; the next is answered with 503')
      .argParser(readWhole)
      .default(1024),
    new Option('--max-body <MB>', 'the largest request').argParser(readCount).default(32),
    new Option('--max-timeout <seconds>', 'the longest time a program gets, whatever it asks for')
      .argParser(readPositive)
      .default(300),
    new Option('--max-memory <MB>', 'the most memory a program gets, whatever it asks for')
      .argParser(readCount)
      .default(1024),
    new Option('--upstream <url>', 'run nothing here, and pass all requests on to this SandboxFusion server'),
    new Option('--log <file>', 'add the access log to this file (default: standard output)'),
    new Option('--no-log', 'write no access log'),
    new Option('--drain <seconds>', 'how long programs may go on after SIGTERM or SIGINT')
      .argParser(readPositive)
      .default(30),
  ];
}

/** `fencerun serve`: answers SandboxFusion's requests until it is told to stop. */
export async function serveCommand(options: ServeOptions, signal: AbortSignal): Promise<number> {
  // Loaded here, as no other command needs an HTTP server.
  const { createServer, formatAccess } = await import('../server/index.js');
  const server = fromOptions(() => createServer(toServerOptions(options, formatAccess)));
  let url: string;
  try {
    url = await server.listen({ host: options.host, port: options.port });
    await server.warmUp();
  } catch (thrown) {
    await server.close();
    throw describeListenError(options.host, options.port, thrown);
  }
  const what = options.upstream === undefined ? '' : `, passing on to ${options.upstream}`;
  process.stderr.write(`fencerun: listening on ${url}${what}\n`);
  if (!isLoopback(options.host) && options.token === undefined) {
    process.stderr.write('fencerun: whoever reaches this address can run programs: --token asks for one\n');
  }
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
  process.stderr.write('fencerun: stopping when the programs under way have ended; again to stop now\n');
  await server.close({ signal: AbortSignal.timeout(options.drain * 1000) });
  return 0;
}

/** What `make` makes of the options; a value that it cannot use is a wrong option. */
function fromOptions<Made>(make: () => Made): Made {
  try {
    return make();
  } catch (thrown) {
    if (!(thrown instanceof RunError)) throw thrown;
    throw new WrongOption(thrown.message);
  }
}

function toServerOptions(options: ServeOptions, format: (entry: AccessEntry) => string): ServerOptions {
  const { token, corsOrigin, workers, queue, maxBody, maxTimeout, maxMemory, upstream, log } = options;
  const file = log === false ? undefined : openLog(log);
  return {
    queue,
    maxBodyBytes: maxBody * 2 ** 20,
    maxTimeoutSeconds: maxTimeout,
    maxMemoryLimitMb: maxMemory,
    ...(token !== undefined && { token }),
    ...(corsOrigin && { corsOrigins: corsOrigin }),
    ...(workers !== undefined && { workers }),
    ...(upstream !== undefined && { upstream }),
    ...(file !== undefined && { onAccess: (entry) => writeLine(file, format(entry)) }),
  };
}

function openLog(path: string | undefined): number {
  if (path === undefined || path === '-') return process.stdout.fd;
  try {
    return openSync(path, 'a');
  } catch (thrown) {
    throw new Failure(`cannot write ${path}: ${describe(thrown)}`);
  }
}

/** A line that cannot be written, as the disk is full or the reader has gone, is lost; the server goes on. */
function writeLine(file: number, line: string): void {
  try {
    writeSync(file, line);
  } catch {
    // Nobody is left to be told.
  }
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}
