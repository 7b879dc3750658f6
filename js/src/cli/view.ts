import { spawn } from 'node:child_process';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Option } from 'commander';
import { describeListenError } from './failure.js';
import { readPort, serverOptions } from './options.js';
import { SharedFiles } from './shared-files.js';

/** What `view` is called with. */
export interface ViewOptions {
  host: string;
  port: number;
  open: boolean;
  /** The SandboxFusion server that programs run at, and its bearer token. */
  url?: string;
  token?: string;
}

/** Its options, as the command line takes them. */
export function viewOptions(): Option[] {
  return [
    new Option('--host <address>', 'where to listen; 127.0.0.1 is this machine alone').default('127.0.0.1'),
    new Option('--port <port>', 'the port to listen on; 0 is one that is free')
      .argParser(readPort)
      .default(0),
    new Option('--no-open', 'do not open a browser'),
    ...serverOptions('the sandbox of the page'),
  ];
}

/** `fencerun view`: serves the rollout viewer with local files until it is told to stop. */
export async function viewCommand(
  paths: readonly string[],
  { host, port, open, url: upstream, token }: ViewOptions,
  signal: AbortSignal,
): Promise<number> {
  const files = new SharedFiles(paths);
  // Loaded here, as no other command needs an HTTP server.
  const [{ createAdaptorServer }, { buildViewApp }] = await Promise.all([
    import('@hono/node-server'),
    import('./view-server.js'),
  ]);
  const app = buildViewApp(
    files,
    host,
    upstream === undefined ? undefined : { url: new URL(upstream), token },
  );
  const server = createAdaptorServer({ fetch: app.fetch }) as Server;
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, resolve);
    });
  } catch (thrown) {
    throw describeListenError(host, port, thrown);
  }
  const { address, family, port: own } = server.address() as AddressInfo;
  const url = `http://${family === 'IPv6' ? `[${address}]` : address}:${own}/?files=files.json${upstream === undefined ? '' : '&server=server/'}`;
  process.stdout.write(`${url}\n`);
  if (open) openBrowser(url);
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
  server.close();
  server.closeAllConnections();
  return 0;
}

/** Asks the desktop for its browser; where there is none, the address has been printed. */
function openBrowser(url: string): void {
  const [command, ...args] =
    process.platform === 'darwin'
      ? ['open', url]
      : process.platform === 'win32'
        ? ['cmd', '/c', 'start', '', url]
        : ['xdg-open', url];
  spawn(command as string, args, { stdio: 'ignore', detached: true })
    .on('error', () => {})
    .unref();
}
