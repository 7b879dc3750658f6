// The code tool against a server over the embedded sandbox: what `new CodeTool({ url })` makes of `fencerun serve`.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CodeTool } from '../../pkg/dist/index.js';
import { listen } from './server.mjs';

test('the programs of an instance find what those before have left, and show their own output alone', async (t) => {
  const { url } = await listen(t, { workers: 1 });
  const tool = new CodeTool({ url, stateful: true });
  const instanceId = await tool.create();
  const read = async (code) => (await tool.execute({ code }, { instanceId })).observation.text;
  assert.equal(await read('x = 6\nprint("set")'), 'set\n');
  assert.equal(await read('x * 7'), '42\n');
  assert.match(await read('x / 0'), /ZeroDivisionError: division by zero\n$/);
  assert.equal(await read('print(x)'), '6\n');
  await tool.release(instanceId);
});

test('a cell that is stopped is a result, and leaves what the cells before it have made', async (t) => {
  const { url } = await listen(t, { workers: 1 });
  const tool = new CodeTool({ url, stateful: true });
  const instanceId = await tool.create();
  await tool.execute({ code: 'x = 1' }, { instanceId });
  const stopped = await tool.execute({ code: 'x = 2\nwhile True: pass', timeout: 1 }, { instanceId });
  assert.equal(stopped.result.status, 'failed');
  const next = await tool.execute({ code: 'print(x)' }, { instanceId });
  assert.equal(next.observation.text, '1\n');
});

test('a text of a model runs, in a fresh interpreter each time', async (t) => {
  const { url } = await listen(t, { workers: 1 });
  const tool = new CodeTool({ url });
  const texts = [];
  for (const code of ['x = 1\nprint(x)', 'print(x)']) {
    const { observation } = await tool.execute(`So:\n\`\`\`python\n${code}\n\`\`\`\n`);
    texts.push(observation.text);
  }
  assert.equal(texts[0], '1\n');
  assert.match(texts[1], /NameError: name 'x' is not defined\n$/);
});
