// The body of `/run_code`, field by field: what a plain program sends is what one sends that goes through the core.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SandboxClient } from '../../pkg/dist/index.js';

/** The body that a request is sent with, or what is thrown instead. */
async function bodyOf(request) {
  let body;
  const fetch = async (_url, init) => {
    body = init.body;
    return Response.error();
  };
  const client = new SandboxClient({ url: 'http://sandbox', fetch, retry: 'none' });
  const error = await client.runCode(request).catch((thrown) => thrown);
  return body ?? `${error.code}: ${error.message}`;
}

const TEXTS = [
  '',
  'print(1)\n',
  '"\\/\b\f\r\t\u0000\u001f\u007f',
  'é\u2028\u2029😀\ufeff\uffff',
  '$& $1 "", "stdin": ""',
];
const REQUESTS = [
  ...TEXTS.flatMap((code) => TEXTS.map((stdin) => ({ code, stdin }))),
  ...TEXTS.map((code) => ({ code })),
  { code: 'x', language: 'C++' },
  { code: 'x', language: 'py', compileTimeoutMs: 1, runTimeoutMs: 3_600_000, memoryLimitMb: 256 },
  ...[0.5, 1.5, 1e-7, -1, 0, 2 ** 32, Number.NaN, Number.POSITIVE_INFINITY].flatMap((value) =>
    ['compileTimeoutMs', 'runTimeoutMs', 'memoryLimitMb'].map((name) => ({ code: 'x', [name]: value })),
  ),
  ...['', 'nonsense', 'python,1'].map((language) => ({ code: 'x', language })),
];

test('a plain program has the body that the core writes', async () => {
  for (const request of REQUESTS) {
    // With a list of files, though an empty one, a request is none of the plain ones.
    const expected = await bodyOf({ ...request, fetchFiles: [] });
    for (const round of ['first', 'second']) {
      assert.equal(await bodyOf(request), expected, `${round}: ${JSON.stringify(request)}`);
    }
  }
});

test('a body holds its request, as another reader of JSON sees it', async () => {
  for (const code of TEXTS) {
    const body = JSON.parse(await bodyOf({ code, stdin: code, language: 'cpp', runTimeoutMs: 1_500 }));
    assert.deepEqual(body, {
      compile_timeout: 10,
      run_timeout: 1.5,
      code,
      stdin: code,
      memory_limit_MB: -1,
      language: 'cpp',
      files: {},
      fetch_files: [],
    });
  }
});

test('half a character is replaced, with files and without', async () => {
  const { code } = JSON.parse(await bodyOf({ code: 'a\ud800b' }));
  assert.equal(code, 'a\ufffdb');
  assert.equal(await bodyOf({ code: 'a\ud800b' }), await bodyOf({ code: 'a\ud800b', fetchFiles: [] }));
});

test('limits that differ are kept apart', async () => {
  const seconds = [];
  for (let runTimeoutMs = 1_000; runTimeoutMs <= 100_000; runTimeoutMs += 1_000) {
    seconds.push(JSON.parse(await bodyOf({ code: 'x', runTimeoutMs })).run_timeout);
  }
  assert.deepEqual(
    seconds,
    Array.from({ length: 100 }, (_, index) => index + 1),
  );
});
