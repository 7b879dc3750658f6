// Next: the package in a server component, a client component, a route of Node and a route of the edge runtime.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { openPage } from './page.mjs';
import { run } from './place.mjs';
import { answer, probeFunction } from './probe.mjs';

const files = {
  'lib/ask.js': probeFunction,
  'app/layout.jsx': 'export default ({ children }) => <html><body>{children}</body></html>;\n',
  'app/server/page.jsx': "import { ask } from '../../lib/ask.js';\nexport default () => <p>{ask()}</p>;\n",
  'app/client/page.jsx': `'use client';
import { useEffect, useState } from 'react';
import { ask } from '../../lib/ask.js';
export default function Page() {
  const [text, setText] = useState('');
  useEffect(() => setText(ask()), []);
  return <p>{text}</p>;
}\n`,
  'app/node/route.js':
    "import { ask } from '../../lib/ask.js';\nexport const GET = () => new Response(ask());\n",
  'app/edge/route.js': `import { ask } from '../../lib/ask.js';
export const runtime = 'edge';
export const dynamic = 'force-dynamic';
export const GET = () => new Response(ask());\n`,
};

function next(bundler, flags) {
  return {
    row: `Next, ${bundler}: server, client, Node route, edge route`,
    run: async (place) => {
      // The packages are found above the project, so that is where the bundler's root is.
      const root = JSON.stringify(place.tools);
      const config = `export default { outputFileTracingRoot: ${root}, turbopack: { root: ${root} } };\n`;
      const folder = place.project({ ...files, 'next.config.mjs': config });
      const command = place.tool('next', 'dist', 'bin', 'next');
      await run(process.execPath, [command, 'build', ...flags], { cwd: folder });
      const server = await startServer(command, folder);
      try {
        for (const path of ['node', 'edge']) {
          assert.equal(await (await fetch(`${server.url}${path}`)).text(), answer, path);
        }
        for (const path of ['server', 'client']) {
          const { text, close } = await openPage({ url: `${server.url}${path}`, select: 'p' });
          await close();
          assert.equal(text, answer, path);
        }
      } finally {
        await server.close();
      }
    },
  };
}

/** Starts the built application on a free port; `url` is what Next says that it is. */
function startServer(command, cwd) {
  const env = { ...process.env, NEXT_TELEMETRY_DISABLED: '1', NODE_ENV: undefined };
  const args = [command, 'start', '--port', '0', '--hostname', '127.0.0.1'];
  const child = spawn(process.execPath, args, { cwd, env, stdio: ['ignore', 'pipe', 'inherit'] });
  const close = () =>
    new Promise((resolve) => {
      child.once('exit', resolve);
      child.kill();
    });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`next start ended with code ${code}`)));
    createInterface(child.stdout).on('line', (line) => {
      const url = /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0];
      if (url) resolve({ url: `${url}/`, close });
    });
  });
}

export const frameworks = [next('webpack', []), next('Turbopack', ['--turbopack'])];
