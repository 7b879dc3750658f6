// `fencerun mcp` on the Node that the package promises; what official clients make of it is in examples/mcp-server.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createCommand } from './command.mjs';

const call = createCommand(tmpdir());
const cli = fileURLToPath(new URL('../../pkg/dist/cli.js', import.meta.url));
const revision = '2025-06-18';

test('a client that opens the protocol over standard streams runs code, and the server ends with it', async () => {
  const child = spawn(process.execPath, [cli, 'mcp'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const tell = (message) => child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  const ask = async (id, method, params) => {
    tell({ id, method, params });
    return JSON.parse((await lines.next()).value).result;
  };
  const clientInfo = { name: 'test', version: '1' };
  const opened = await ask(1, 'initialize', { protocolVersion: revision, capabilities: {}, clientInfo });
  assert.equal(opened.protocolVersion, revision);
  tell({ method: 'notifications/initialized' });
  const { tools } = await ask(2, 'tools/list');
  assert.deepEqual(
    tools.map(({ name }) => name),
    ['run_code', 'extract_code', 'run_blocks'],
  );
  const call = { name: 'run_code', arguments: { code: 'print(6 * 7)', language: 'python' } };
  assert.deepEqual((await ask(3, 'tools/call', call)).content, [{ type: 'text', text: '42\n' }]);
  child.stdin.end();
  assert.deepEqual(await once(child, 'exit'), [0, null]);
});

test('a body over HTTP that is longer than 4 MiB is refused, with a length or without', async () => {
  const child = spawn(process.execPath, [cli, 'mcp', '--http', '--port', '0'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const [line] = await once(createInterface({ input: child.stderr }), 'line');
  const [url] = /http:\S+$/.exec(line);
  const headers = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
  const long = 'x'.repeat((4 << 20) + 1);
  const stream = new Blob([long]).stream();
  for (const init of [{ body: long }, { body: stream, duplex: 'half' }]) {
    const response = await fetch(url, { method: 'POST', headers, ...init });
    assert.equal(response.status, 413);
    await response.body.cancel();
  }
  child.kill('SIGTERM');
  assert.deepEqual(await once(child, 'exit'), [0, null]);
});

test('a port that is taken is told in one sentence', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  for (const args of [
    ['mcp', '--http'],
    ['view', '--no-open', cli],
  ]) {
    const { code, stderr } = await call([...args, '--port', String(port)]);
    const sentence = `fencerun: cannot serve at 127.0.0.1:${port}: the address is in use\n`;
    assert.deepEqual([code, stderr], [1, sentence]);
  }
  server.close();
});
