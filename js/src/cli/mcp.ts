import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { type HttpServer, serveHttp } from '../mcp/http.js';
import { createMcpServer } from '../mcp/server.js';
import { languageOf } from '../select.js';
import type { Sandbox } from '../types.js';
import { describeListenError, WrongOption } from './failure.js';
import { checkProfile, openSandbox, type SandboxOptions } from './options.js';

export interface McpOptions extends SandboxOptions {
  http?: boolean;
  port: number;
  profile?: string;
  languages: string;
}

/** `fencerun mcp`: serves the Model Context Protocol until the client or `signal` ends it. */
export async function mcpCommand(options: McpOptions, version: string, signal: AbortSignal): Promise<number> {
  const sandbox = openSandbox(options);
  const { url, timeout, memory, profile } = options;
  checkProfile(profile, 'observes');
  const settings = {
    sandbox,
    isEmbedded: url === undefined,
    version,
    languages: readLanguages(options.languages, sandbox),
    profile,
    request: { runTimeoutMs: timeout * 1000, ...(memory !== undefined && { memoryLimitMb: memory }) },
  };
  const makeServer = () => createMcpServer(settings);
  // A bad option ends the command now, not the first call of a client.
  makeServer();
  try {
    if (options.http) await untilAborted(await openHttp(options.port, makeServer), signal);
    else await serveStandardStreams(makeServer, signal);
    return 0;
  } finally {
    await sandbox.close?.();
  }
}

async function openHttp(port: number, makeServer: Parameters<typeof serveHttp>[1]): Promise<HttpServer> {
  try {
    return await serveHttp(port, makeServer);
  } catch (thrown) {
    throw describeListenError('127.0.0.1', port, thrown);
  }
}

async function untilAborted(server: HttpServer, signal: AbortSignal): Promise<void> {
  process.stderr.write(`fencerun: serving MCP at ${server.url}\n`);
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
  await server.close();
}

/** The client ends by closing our standard input. */
async function serveStandardStreams(
  makeServer: Parameters<typeof serveStdio>[0],
  signal: AbortSignal,
): Promise<void> {
  const onerror = (error: Error): void => void process.stderr.write(`fencerun: ${error.message}\n`);
  const handle = serveStdio(makeServer, { onerror });
  await new Promise<void>((resolve) => {
    process.stdin.once('close', resolve);
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
  await handle.close();
}

function readLanguages(text: string, sandbox: Sandbox): string[] {
  return text.split(',').map((word) => {
    const language = languageOf(word.trim());
    if (language !== undefined && sandbox.languages.includes(language)) return language;
    throw new WrongOption(
      `--languages: expected some of ${sandbox.languages.join(', ')}, found ${word.trim()}`,
    );
  });
}
