// The recorded answers of SandboxFusion: the embedded sandbox gives the same.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { useSandbox } from './sandbox.mjs';

const { exchanges } = JSON.parse(await readFile(new URL('vectors/run-code.json', import.meta.url), 'utf8'));
const { run, runResult } = useSandbox();

/** The recorded Python is 3.11, which marks fewer places; the path of the program is the sandbox's own. */
function normalise(text) {
  return text
    .replaceAll(/\/tmp\/tmpDIR\/tmpFILE\.py|\/sandbox\/main\.py/g, 'PROGRAM')
    .split('\n')
    .filter((line) => !/^[\s|]*[~^]+[~^ ]*$/.test(line))
    .join('\n');
}

for (const { note, request, response } of exchanges) {
  test(`recorded_${note.replaceAll(/\W+/g, '_')}`, async () => {
    const { run_result, ...rest } = await run(request.code, request);
    const { execution_time, ...result } = run_result;
    const { run_result: expected, ...expectedRest } = response;
    assert.equal(typeof execution_time, 'number');
    assert.deepEqual(rest, expectedRest);
    assert.deepEqual(
      { ...result, stdout: normalise(result.stdout), stderr: normalise(result.stderr) },
      { ...expected, stdout: normalise(expected.stdout), stderr: normalise(expected.stderr) },
    );
  });
}

test('unknown_language_names_what_it_runs', async () => {
  assert.deepEqual(await run('x', { language: 'cobol' }), {
    status: 'SandboxError',
    message: 'the embedded sandbox runs python and nodejs, not "cobol"',
    compile_result: null,
    run_result: null,
    executor_pod_name: null,
    files: {},
  });
});

for (const [field, value, message] of [
  ['code', 5, 'code must be a string, not number 5'],
  ['language', undefined, 'language must be a string, not missing'],
  ['run_timeout', 'soon', 'run_timeout must be a number, not string soon'],
  ['memory_limit_MB', 1.5, 'memory_limit_MB must be an integer, not 1.5'],
  ['stdin', 5, 'stdin must be a string, not number 5'],
  ['files', ['a'], 'files must be an object of paths and base64, not an array'],
  ['fetch_files', 'a', 'fetch_files must be an array of paths, not string a'],
]) {
  test(`wrong_${field}_is_a_type_error`, async () => {
    await assert.rejects(run('x', { [field]: value }), { name: 'TypeError', message });
  });
}

test('wrong_padding_is_a_sandbox_error', async () => {
  const { status, message } = await run('1', { files: { 'a.txt': 'abc' } });
  assert.equal(`${status}: ${message}`, 'SandboxError: files["a.txt"] is not base64: incorrect padding');
});

test('time_limit_is_counted_from_the_start_of_the_program', async () => {
  const results = await Promise.all(
    [1, 2, 3, 4].map(() => runResult('import time; time.sleep(0.2)', { run_timeout: 5 })),
  );
  assert.deepEqual(
    results.map(({ status }) => status),
    ['Finished', 'Finished', 'Finished', 'Finished'],
  );
});

test('a_thread_cannot_be_started', async () => {
  const { stderr } = await runResult('import threading; threading.Thread(target=print).start()');
  assert.match(stderr, /RuntimeError: can't start new thread\n$/);
});
