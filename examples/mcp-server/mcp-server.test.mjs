// `fencerun mcp` with the official clients of both versions, over both transports.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { Client as V1Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as V1Stdio } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport as V1Http } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

const cli = fileURLToPath(new URL('cli.js', import.meta.resolve('fencerun')));
const info = { name: 'test', version: '1' };
const command = (...args) => ({ command: process.execPath, args: [cli, 'mcp', ...args], stderr: 'inherit' });

/** Starts a server over HTTP; answers its address and how to end it. */
async function startHttp(...args) {
  const child = spawn(process.execPath, [cli, 'mcp', '--http', '--port', '0', ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const lines = createInterface({ input: child.stderr });
  const [line] = await once(lines, 'line');
  const url = new URL(/http:\S+$/.exec(line)[0]);
  const stop = async () => {
    child.kill('SIGTERM');
    const [code] = await once(child, 'exit');
    return code;
  };
  return { url, stop };
}

const connections = [
  {
    name: 'version 2 over stdio',
    async open(...args) {
      const client = new Client(info);
      await client.connect(new StdioClientTransport(command(...args)));
      return {
        client,
        call: (request, options) => client.callTool(request, options),
        close: () => client.close(),
      };
    },
  },
  {
    name: 'version 1 over stdio',
    async open(...args) {
      const client = new V1Client(info);
      await client.connect(new V1Stdio(command(...args)));
      const call = (request, options) => client.callTool(request, undefined, options);
      return { client, call, close: () => client.close() };
    },
  },
  {
    name: 'version 2 over HTTP',
    async open(...args) {
      const { url, stop } = await startHttp(...args);
      const client = new Client(info);
      await client.connect(new StreamableHTTPClientTransport(url));
      const close = async () => {
        await client.close();
        assert.equal(await stop(), 0);
      };
      return { client, call: (request, options) => client.callTool(request, options), close };
    },
  },
  {
    name: 'version 2 of the protocol of 2026 over HTTP',
    async open(...args) {
      const { url, stop } = await startHttp(...args);
      const client = new Client(info, { versionNegotiation: { mode: 'auto' } });
      await client.connect(new StreamableHTTPClientTransport(url));
      const close = async () => {
        await client.close();
        assert.equal(await stop(), 0);
      };
      return { client, call: (request, options) => client.callTool(request, options), close };
    },
  },
  {
    name: 'version 1 over HTTP',
    async open(...args) {
      const { url, stop } = await startHttp(...args);
      const client = new V1Client(info);
      await client.connect(new V1Http(url));
      const close = async () => {
        await client.close();
        assert.equal(await stop(), 0);
      };
      return { client, call: (request, options) => client.callTool(request, undefined, options), close };
    },
  },
];

const textOf = ({ content }) => content.map(({ text }) => text);

for (const { name, open } of connections) {
  test(`${name}: the tools run, extract and refuse`, async () => {
    const { client, call, close } = await open();
    const { tools } = await client.listTools();
    assert.deepEqual(
      tools.map((tool) => tool.name),
      ['run_code', 'extract_code', 'run_blocks'],
    );

    const ran = await call({ name: 'run_code', arguments: { code: 'print(2**61 - 1)', language: 'python' } });
    assert.deepEqual(textOf(ran), ['2305843009213693951\n']);

    const text = 'So:\n```python\nprint(1)\n```\nand\n```js\nconsole.log([2])\n```\n```text\nno\n```\n';
    const blocks = await call({ name: 'run_blocks', arguments: { text } });
    assert.deepEqual(textOf(blocks), ['1\n', '[ 2 ]\n']);

    const found = await call({ name: 'extract_code', arguments: { text } });
    assert.deepEqual(
      JSON.parse(textOf(found)[0]).map(({ lang }) => lang),
      ['python', 'js', 'text'],
    );
    const retool = await call({
      name: 'extract_code',
      arguments: { text: '```python\nx = 1\nx\n```', profile: 'verl/retool' },
    });
    assert.equal(JSON.parse(textOf(retool)[0]).programs[0].code, 'x = 1\nprint(x)');

    const nothing = await call({ name: 'run_blocks', arguments: { text: 'prose' } });
    assert.deepEqual(
      [nothing.isError, textOf(nothing)],
      [true, ['nothing to run: no code block in python or nodejs']],
    );
    const unknown = await call({ name: 'extract_code', arguments: { text, profile: 'none' } });
    assert.equal(unknown.isError, true);
    const bad = await call({ name: 'run_code', arguments: { code: 1 } });
    assert.equal(bad.isError, true);
    assert.match(textOf(bad)[0], /code: expected a string, found a number/);
    await close();
  });

  test(`${name}: output arrives while the program runs`, async () => {
    const { call, close } = await open();
    const seen = [];
    const controller = new AbortController();
    // The program has no end of its own: what is seen was seen while it ran.
    const onprogress = ({ message }) => {
      seen.push(message);
      controller.abort(new Error('enough'));
    };
    const code = 'print("running", flush=True)\nwhile True: pass';
    const running = call(
      { name: 'run_code', arguments: { code, language: 'python' } },
      { onprogress, signal: controller.signal },
    );
    await assert.rejects(running);
    assert.deepEqual(seen, ['running\n']);
    await close();
  });

  test(`${name}: a call that is cancelled frees the only worker it could have kept`, async () => {
    const { call, close } = await open('--timeout', '600');
    const controller = new AbortController();
    const endless = { name: 'run_code', arguments: { code: 'while True: pass', language: 'python' } };
    const cancelled = [1, 2, 3].map(() => call(endless, { signal: controller.signal }));
    const quick = await call({ name: 'extract_code', arguments: { text: '' } });
    assert.deepEqual(textOf(quick), ['[]']);
    controller.abort(new Error('enough'));
    for (const one of cancelled) await assert.rejects(one, /enough|abort/i);
    // Were one of the two workers still busy for 600 s, this would wait as long.
    const codes = [1, 2, 3].map((number) => ({
      name: 'run_code',
      arguments: { code: `print(${number})`, language: 'python' },
    }));
    assert.deepEqual((await Promise.all(codes.map((one) => call(one)))).flatMap(textOf), [
      '1\n',
      '2\n',
      '3\n',
    ]);
    await close();
  });
}

test('the profile words observations, and only the languages named run', async () => {
  const { client, call, close } = await connections[0].open('--profile', 'torl', '--languages', 'py');
  const { tools } = await client.listTools();
  assert.deepEqual(Object.keys(tools[0].inputSchema.properties), ['code']);
  const ran = await call({ name: 'run_code', arguments: { code: 'print(42)' } });
  assert.deepEqual(textOf(ran), ['```output\n42\n```\n']);
  const blocks = await call({ name: 'run_blocks', arguments: { text: '```js\n1\n```' } });
  assert.deepEqual(textOf(blocks), ['nothing to run: no code block in python']);
  await close();
});

test('with an address programs run there, and clients are not told that they are harmless', async () => {
  const requests = [];
  const sandbox = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    requests.push(JSON.parse(body));
    const run_result = { status: 'Finished', execution_time: 0.1, return_code: 0, stdout: '7\n', stderr: '' };
    const answer = {
      status: 'Success',
      message: '',
      compile_result: null,
      run_result,
      executor_pod_name: null,
      files: {},
    };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  });
  sandbox.listen(0, '127.0.0.1');
  await once(sandbox, 'listening');
  const url = `http://127.0.0.1:${sandbox.address().port}`;
  const { client, call, close } = await connections[0].open(
    '--url',
    url,
    '--languages',
    'c++,py',
    '--timeout',
    '3',
  );
  const { tools } = await client.listTools();
  assert.equal(tools[0].annotations.readOnlyHint, undefined);
  const ran = await call({ name: 'run_code', arguments: { code: 'int main() {}', language: 'cpp' } });
  assert.deepEqual(textOf(ran), ['7\n']);
  const [{ language, code, run_timeout }] = requests;
  assert.deepEqual([language, code, run_timeout], ['cpp', 'int main() {}', 3]);
  await close();
  sandbox.close();
});

test('the server over stdio ends with the client', async () => {
  const child = spawn(process.execPath, [cli, 'mcp'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const request = {
    jsonrpc: '2.0',
    id: 1,
    method: 'initialize',
    params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: info },
  };
  child.stdin.write(`${JSON.stringify(request)}\n`);
  const [answer] = await once(createInterface({ input: child.stdout }), 'line');
  assert.equal(JSON.parse(answer).result.serverInfo.name, 'fencerun');
  child.stdin.end();
  assert.deepEqual(await once(child, 'exit'), [0, null]);
});

test('pages of other sites and rebound names are refused', async () => {
  const { url, stop } = await startHttp();
  const ping = { method: 'POST', body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' }) };
  const headers = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
  const ask = async (extra) => (await fetch(url, { ...ping, headers: { ...headers, ...extra } })).status;
  assert.equal(await ask({ origin: 'https://example.com' }), 403);
  assert.notEqual(await ask({ origin: 'http://localhost:3000' }), 403);
  assert.equal((await fetch(new URL('/', url))).status, 404);
  assert.equal(await ask({ 'mcp-session-id': 'none' }), 404);
  assert.equal(await statusWithHost(url, 'example.com'), 403);
  assert.equal(await stop(), 0);
});

/** `fetch` does not let one choose the `Host`. */
async function statusWithHost(url, host) {
  const { request } = await import('node:http');
  const [response] = await once(request(url, { method: 'GET', headers: { host } }).end(), 'response');
  response.resume();
  return response.statusCode;
}

test('a wrong option is told and ends with 2', async () => {
  for (const [args, code, message] of [
    [['--port', '70000'], 2, /expected a port from 0 to 65535/],
    [['--languages', 'python,ruby'], 2, /--languages: expected some of python, nodejs, found ruby/],
    [['--profile', 'none'], 2, /--profile: expected one of .*torl.*, found none/],
  ]) {
    const child = spawn(process.execPath, [cli, 'mcp', ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
    let text = '';
    child.stderr.on('data', (chunk) => {
      text += chunk;
    });
    const [exitCode] = await once(child, 'close');
    assert.equal(exitCode, code, text);
    assert.match(text, message);
  }
});
