// Memory, output, files and time have limits, and reaching one is an ordinary result.

import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { test } from 'node:test';
import { createSandbox } from '../../sandbox/dist/node.js';
import { useSandbox } from './sandbox.mjs';

const { sandbox, print, run, runResult } = useSandbox({ workers: 1 });
const MIB = 1 << 20;

test('memory_beyond_the_limit_is_a_memory_error', async () => {
  const { return_code, stderr } = await runResult('x = bytearray(300 << 20)');
  assert.equal(return_code, 1);
  assert.match(stderr, /\nMemoryError\n$/);
});

test('a_memory_error_is_printed_although_there_is_no_memory', async () => {
  const { return_code, stderr } = await runResult('a = []\nwhile True: a.append([0] * 1000)', {
    memory_limit_MB: 96,
  });
  assert.equal(return_code, 1);
  // Python notes the place of an error in objects of its own: where not even those fit, as it may be with the last
  // bytes of the heap, it gives the error without its place.
  assert.match(
    stderr,
    /^(?:Traceback \(most recent call last\):\n {2}File "\/sandbox\/main\.py", line 2,(?:.*\n)*)?MemoryError\n$/,
  );
});

test('a_request_can_ask_for_more_memory', async () => {
  assert.equal(
    await print('x = bytearray(300 << 20); print(len(x))', { memory_limit_MB: 512 }),
    `${300 * MIB}\n`,
  );
});

test('a_request_cannot_ask_for_less_than_the_interpreter_needs', async () => {
  assert.equal(await print('print(1)', { memory_limit_MB: 1 }), '1\n');
  assert.match((await runResult('x = bytearray(80 << 20)', { memory_limit_MB: 1 })).stderr, /MemoryError/);
});

test('javascript_memory_is_limited', async () => {
  const { return_code, stderr } = await runResult('const a = []; for (;;) a.push(new Array(1000).fill(1))', {
    language: 'nodejs',
    memory_limit_MB: 32,
  });
  assert.equal(return_code, 1);
  assert.match(stderr, /out of memory/);
});

test('output_beyond_the_limit_is_cut_and_flagged', async () => {
  const result = await runResult('import sys; print("x" * (3 << 20)); print("e", file=sys.stderr)');
  assert.equal(result.stdout, 'x'.repeat(MIB));
  assert.equal(result.stdout_truncated, true);
  assert.equal(result.stderr, 'e\n');
  assert.ok(!('stderr_truncated' in result));
});

test('cut_output_ends_at_a_character', async () => {
  const result = await runResult('import sys; sys.stderr.write("a" + "€" * (1 << 20))');
  assert.equal(result.stderr, `a${'€'.repeat(Math.floor((MIB - 1) / 3))}`);
  assert.equal(result.stderr_truncated, true);
});

test('a_flood_of_small_writes_keeps_its_order', async () => {
  const code = 'import sys\nfor i in range(20_000): print(i, flush=True)';
  const expected = Array.from({ length: 20_000 }, (_, i) => `${i}\n`).join('');
  assert.equal(await print(code), expected);
});

test('a_full_file_system_is_enospc', async () => {
  const code = `
import errno
f = open("big", "wb")
try:
    for _ in range(100): f.write(bytes(1 << 20))
    f.flush()
except OSError as e:
    print(errno.errorcode[e.errno])
`;
  const { stdout, stderr } = await runResult(code);
  assert.equal(stdout, 'ENOSPC\n', stderr);
});

test('deleted_files_give_their_space_back', async () => {
  const code = `
import os
for _ in range(5):
    with open("big", "wb") as f: f.write(bytes(30 << 20))
    os.remove("big")
print("ok")
`;
  assert.equal(await print(code), 'ok\n');
});

test('endless_nesting_is_a_recursion_error', async () => {
  const { stderr } = await runResult('import json; json.loads("[" * 100_000)');
  assert.match(stderr, /\nRecursionError: [^\n]+\n$/);
});

test('endless_recursion_in_javascript_is_a_range_error', async () => {
  const code = 'function f() { f() }\ntry { f() } catch (e) { console.log(e instanceof RangeError) }';
  assert.equal(await print(code, { language: 'nodejs' }), 'true\n');
});

test('a_stopped_javascript_program_keeps_what_it_wrote', async () => {
  const { status, stdout } = await runResult('console.log("part"); for (;;);', {
    language: 'nodejs',
    run_timeout: 0.3,
  });
  assert.deepEqual([status, stdout], ['TimeLimitExceeded', 'part\n']);
});

test('abort_rejects_with_the_reason_itself_and_removes_its_listener', async () => {
  const controller = new AbortController();
  const reason = { not: 'an error' };
  const running = sandbox.runCode(
    { code: 'while True: pass', language: 'python' },
    { signal: controller.signal },
  );
  setImmediate(() => controller.abort(reason));
  await assert.rejects(running, (thrown) => thrown === reason);
  assert.equal(getEventListeners(controller.signal, 'abort').length, 0);
  assert.equal(await print('print(1)'), '1\n');
});

test('a_signal_that_has_fired_starts_nothing', async () => {
  const reason = new Error('never');
  const running = sandbox.runCode({ code: '1', language: 'python' }, { signal: AbortSignal.abort(reason) });
  await assert.rejects(running, (thrown) => thrown === reason);
});

test('a_finished_run_keeps_no_listener', async () => {
  const { signal } = new AbortController();
  await sandbox.runCode({ code: 'print(1)', language: 'python' }, { signal });
  assert.equal(getEventListeners(signal, 'abort').length, 0);
});

test('an_aborted_run_in_the_queue_does_not_disturb_the_others', async () => {
  const controller = new AbortController();
  const first = run('import time; time.sleep(0.1); print(1)');
  const second = sandbox.runCode({ code: 'print(2)', language: 'python' }, { signal: controller.signal });
  const third = run('print(3)');
  controller.abort(new Error('no longer needed'));
  await assert.rejects(second, { message: 'no longer needed' });
  assert.deepEqual([(await first).run_result.stdout, (await third).run_result.stdout], ['1\n', '3\n']);
});

test('close_is_idempotent_and_rejects_what_runs', async () => {
  const closing = createSandbox({ workers: 1 });
  await closing.warmUp();
  const running = closing.runCode({ code: 'while True: pass', language: 'python' });
  const waiting = closing.runCode({ code: 'print(1)', language: 'python' });
  setImmediate(() => closing.close());
  await assert.rejects(running, { message: 'the sandbox is closed' });
  await assert.rejects(waiting, { message: 'the sandbox is closed' });
  await closing.close();
  await assert.rejects(closing.runCode({ code: '1', language: 'python' }), {
    message: 'the sandbox is closed',
  });
});
