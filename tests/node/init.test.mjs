// How the core is made ready: each case in a process of its own, as a program has one core.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const execute = promisify(execFile);
const locate = (name) => fileURLToPath(new URL(`../../pkg/dist/${name}`, import.meta.url));
const wasm = locate('fencerun_bg.wasm');
const ofRollouts = locate('rollouts_bg.wasm');
const entry = (name) => JSON.stringify(new URL(`../../pkg/dist/${name}.js`, import.meta.url).href);

/** Serves the core at /typed with its type and at /untyped without, and that of rollouts; nothing else is there. */
const server = createServer(({ url }, response) => {
  const type = url === '/untyped' ? 'application/octet-stream' : 'application/wasm';
  const file = { '/typed': wasm, '/untyped': wasm, '/rollouts': ofRollouts }[url];
  if (!file) response.writeHead(404).end();
  else response.writeHead(200, { 'content-type': type }).end(readFileSync(file));
});
let address;
before(async () => {
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${server.address().port}`;
});
after(() => server.close());

const prelude = (name) => `import { readFileSync } from 'node:fs';
const { extract, init, initSync, languages, profiles, readRolloutLine, RunError } = await import(${entry(name)});
const bytes = readFileSync(${JSON.stringify(wasm)});
const rollouts = readFileSync(${JSON.stringify(ofRollouts)});
const works = () => languages().includes('python') && profiles().some(({ name }) => name === 'torl');
const reads = () => readRolloutLine('{"text": "A"}').steps[0].text === 'A';
const codeOf = async (act) => {
  try {
    await act();
    return 'none';
  } catch (error) {
    return error instanceof RunError ? error.code : String(error);
  }
};
`;

/** What the expression `ask` comes to in a fresh process; it sees what the prelude has. */
async function askFresh(ask, name = 'slim') {
  const program = `${prelude(name)}console.log(JSON.stringify(await (async () => (${ask}))()));`;
  const { stdout } = await execute(process.execPath, ['--input-type=module', '--eval', program]);
  return JSON.parse(stdout);
}

const inputs = {
  'the bytes': 'bytes',
  'an ArrayBuffer': 'bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length)',
  'a module': 'new WebAssembly.Module(bytes)',
  'a promise of a module': 'WebAssembly.compile(bytes)',
  'a response': "new Response(bytes, { headers: { 'content-type': 'application/wasm' } })",
};
for (const [title, input] of Object.entries(inputs)) {
  test(`init takes ${title}`, async () => {
    assert.equal(await askFresh(`(await init(${input}), works())`), true);
  });
}

for (const path of ['typed', 'untyped']) {
  test(`init fetches an address whose server calls the module ${path}`, async () => {
    assert.equal(await askFresh(`(await init(new URL('${address}/${path}')), works())`), true);
    assert.equal(await askFresh(`(await init('${address}/${path}'), works())`), true);
  });
}

test('initSync takes bytes and a module', async () => {
  assert.equal(await askFresh('(initSync(bytes), works())'), true);
  assert.equal(await askFresh('(initSync(new WebAssembly.Module(bytes)), works())'), true);
});

test('init needs no input where the entry brings the module', async () => {
  assert.equal(await askFresh('(await init(), works())', 'index'), true);
  assert.equal(await askFresh('(initSync(), works())', 'index'), true);
});

test('init called twice is one start, and called later does nothing', async () => {
  assert.equal(await askFresh('init(bytes) === init()'), true);
  assert.equal(await askFresh("(await init(bytes), await init('none:'), initSync(), works())"), true);
});

test('a call that comes before init is done does not disturb it', async () => {
  const ask =
    '(() => { const started = init(); const before = works(); return started.then(() => before && works()); })()';
  assert.equal(await askFresh(ask, 'index'), true);
});

test('the slim entry without a module says what is missing', async () => {
  assert.equal(await askFresh('codeOf(works)'), 'invalid_options');
  assert.equal(await askFresh('codeOf(() => init())'), 'invalid_options');
  assert.equal(await askFresh('codeOf(() => initSync())'), 'invalid_options');
});

test('what is no module is refused, and init can be tried again', async () => {
  assert.equal(await askFresh('codeOf(() => initSync(new Uint8Array(8)))'), 'invalid_options');
  const ask = '[await codeOf(() => init(new Uint8Array(8))), await codeOf(() => init(bytes)), works()]';
  assert.deepEqual(await askFresh(ask), ['invalid_options', 'none', true]);
});

test('a module of something else is refused', async () => {
  const empty = 'new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]))';
  assert.equal(await askFresh(`codeOf(() => initSync(${empty}))`), 'invalid_options');
});

test('an address that answers with an error is an http error', async () => {
  assert.equal(await askFresh(`codeOf(() => init('${address}/nothing'))`), 'http');
});

test('an address that cannot be reached is a network error', async () => {
  // Port 1 is reserved and nobody listens there.
  assert.equal(await askFresh("codeOf(() => init('http://127.0.0.1:1/'))"), 'network');
});

test('a promise that the caller lets fail keeps its reason', async () => {
  assert.equal(await askFresh("codeOf(() => init(Promise.reject('mine')))"), 'mine');
});

for (const input of ['NAME', 'new WebAssembly.Module(NAME)', 'Promise.resolve(NAME)']) {
  test(`init starts a further module, given as ${input}`, async () => {
    const further = `{ rollouts: ${input.replace('NAME', 'rollouts')} }`;
    assert.equal(await askFresh(`(await init(bytes, ${further}), reads() && works())`), true);
  });
}

test('init fetches a further module', async () => {
  const further = `{ rollouts: '${address}/rollouts' }`;
  assert.equal(await askFresh(`(await init('${address}/typed', ${further}), reads())`), true);
});

test('initSync starts a further module', async () => {
  assert.equal(await askFresh('(initSync(bytes, { rollouts }), reads() && works())'), true);
});

test('a further module may come later, also where the core has grown its memory', async () => {
  const grow = "extract('x'.repeat(1 << 22) + '\\n  ```py\\n1\\n```\\n')";
  assert.equal(
    await askFresh(`(initSync(bytes), ${grow}, initSync(undefined, { rollouts }), reads())`),
    true,
  );
  const given = `await init(undefined, { rollouts })`;
  assert.equal(await askFresh(`(await init(bytes), ${grow}, ${given}, reads())`), true);
});

test('a call that needs a further module is refused with what is missing, and all else works', async () => {
  const ask = '(() => { try { reads(); } catch (error) { return [error.code, error.message, works()]; } })()';
  const message =
    'this entry brings no module for rollouts: give that of `fencerun/wasm/rollouts` to init or initSync as `rollouts`';
  assert.deepEqual(await askFresh(`(await init(bytes), ${ask})`), ['invalid_options', message, true]);
});

test('the core in the place of a further module is refused, and the core goes on', async () => {
  const wrong = '{ rollouts: bytes }';
  const ask = `[codeOf(() => initSync(bytes, ${wrong})), codeOf(() => init(undefined, ${wrong}))]`;
  const rest = 'works(), (initSync(undefined, { rollouts }), reads())';
  assert.deepEqual(await askFresh(`[...(await Promise.all(${ask})), ${rest}]`), [
    'invalid_options',
    'invalid_options',
    true,
    true,
  ]);
});

test('a further module in the place of the core is refused', async () => {
  assert.equal(await askFresh('codeOf(() => initSync(rollouts))'), 'invalid_options');
});

test('a further module of another build is refused', async () => {
  // The name of the memory tells the build.
  const other = "Buffer.from(rollouts.toString('latin1').replace(/memory of ../, 'memory of zz'), 'latin1')";
  assert.equal(await askFresh(`codeOf(() => initSync(bytes, { rollouts: ${other} }))`), 'invalid_options');
});
