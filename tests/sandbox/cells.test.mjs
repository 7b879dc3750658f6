// Cells: what a recorded Jupyter kernel answered, and what sessions keep and lose.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { createSandbox } from '../../sandbox/dist/node.js';
import { useSandbox } from './sandbox.mjs';

const { exchanges } = JSON.parse(
  await readFile(new URL('vectors/run-jupyter.json', import.meta.url), 'utf8'),
);
const { sandbox, print, runResult } = useSandbox({ workers: 1 });
const runCells = (cells, request = {}) => sandbox.runJupyter({ cells, ...request });
const useSession = (t, options) => {
  const session = sandbox.createSession(options);
  t.after(() => session.close());
  return session;
};

for (const { note, request, response } of exchanges) {
  test(`recorded_${note.replaceAll(/\W+/g, '_')}`, async () => {
    const answer = await sandbox.runJupyter(request);
    const { execution_time, stderr, ...driver } = answer.driver;
    assert.equal(typeof execution_time, 'number');
    assert.equal(stderr, '');
    assert.deepEqual({ ...answer, driver }, response);
  });
}

for (const [field, value, message] of [
  ['cells', undefined, 'cells must be an array of code, not missing'],
  ['cells', [1], 'cells[0] must be a string, not number 1'],
  ['kernel', 'python2', "kernel must be 'python3', not string python2"],
  ['cell_timeout', 'soon', 'cell_timeout must be a number, not string soon'],
  ['total_timeout', null, 'total_timeout must be a number, not null'],
  ['memory_limit_MB', 1.5, 'memory_limit_MB must be an integer, not 1.5'],
]) {
  test(`wrong_${field}_${JSON.stringify(value) ?? 'missing'}_is_a_type_error`, async () => {
    await assert.rejects(sandbox.runJupyter({ cells: [], [field]: value }), { name: 'TypeError', message });
  });
}

test('await_stands_at_the_top_of_a_cell', async () => {
  const { cells } = await runCells(['import asyncio\nawait asyncio.sleep(0)\n7']);
  assert.deepEqual(cells[0].display, [{ 'text/plain': '7' }]);
});

test('a_task_of_an_earlier_cell_goes_on_in_a_later_one', async () => {
  const { cells } = await runCells([
    'import asyncio\nasync def later():\n    await asyncio.sleep(0)\n    print("later")\ntask = asyncio.ensure_future(later())',
    'await task',
  ]);
  assert.deepEqual(
    cells.map(({ stdout }) => stdout),
    ['', 'later\n'],
  );
});

test('rich_representations_are_shown_where_ipython_shows_them', async () => {
  const { cells } = await runCells([
    'class Rich:\n    def __repr__(self): return "plain"\n    def _repr_html_(self): return "<i>rich</i>"\n    def _repr_png_(self): return b"\\x89PNG"\nRich()',
  ]);
  assert.deepEqual(cells[0].display, [
    { 'text/plain': 'plain', 'text/html': '<i>rich</i>', 'image/png': 'iVBORw==' },
  ]);
});

test('earlier_inputs_and_outputs_have_their_names', async () => {
  const { cells } = await runCells(['40 + 2', '_ + 1', 'Out[2], In[2], _3']);
  assert.deepEqual(cells[2].display, [{ 'text/plain': "(42, '40 + 2', 43)" }]);
});

test('a_process_is_refused_in_a_sentence', async () => {
  for (const cell of ['!ls', 'x = !ls', '%%bash\nls', '%pip install x']) {
    const { cells } = await runCells([cell]);
    assert.equal(cells[0].error[0].ename, 'OSError', cell);
    assert.match(cells[0].error[0].evalue, /^\[Errno 52\] the sandbox starts no processes: /, cell);
  }
});

test('magics_that_need_nobody_work', async () => {
  const { cells } = await runCells(['%%writefile m.py\nanswer = 42', '%run m.py', 'answer']);
  assert.deepEqual(cells[2].display, [{ 'text/plain': '42' }]);
});

test('input_is_refused_as_by_a_kernel_without_a_frontend', async () => {
  const { cells } = await runCells(['input()']);
  assert.equal(cells[0].error[0].ename, 'StdinNotImplementedError');
});

test('finished_cells_are_kept_when_a_cell_takes_too_long', async () => {
  const { status, driver, cells, files } = await runCells(['print(1)', 'print(2)\nwhile True: pass', '3'], {
    cell_timeout: 0.5,
    fetch_files: ['x'],
  });
  assert.equal(status, 'Failed');
  assert.equal(driver.status, 'TimeLimitExceeded');
  assert.equal(driver.return_code, null);
  assert.deepEqual(
    cells.map(({ stdout, error }) => [stdout, error.map(({ ename }) => ename)]),
    [
      ['1\n', []],
      ['2\n', ['TimeLimitExceeded']],
    ],
  );
  assert.deepEqual(files, {});
});

test('all_cells_together_have_a_time_limit', async () => {
  const { driver, cells } = await runCells(['1', 'while True: pass'], { total_timeout: 0.5 });
  assert.equal(driver.status, 'TimeLimitExceeded');
  assert.equal(cells.length, 2);
});

test('a_cell_that_ends_the_process_fails_the_driver', async () => {
  const { status, driver, cells } = await runCells(['print(1)', 'import os; os._exit(3)', '3']);
  assert.equal(status, 'Failed');
  assert.equal(driver.return_code, 1);
  assert.deepEqual(cells[1].error, [
    {
      ename: 'DeadKernelError',
      evalue: 'the process ended with code 3',
      traceback: ['DeadKernelError: the process ended with code 3'],
    },
  ]);
});

test('output_and_displays_are_bounded_and_say_so', async (t) => {
  const small = createSandbox({ workers: 1, maxOutputBytes: 1000 });
  t.after(() => small.close());
  const { cells } = await small.runJupyter({
    cells: ['print("x" * 5000)\nfor _ in range(100): display("y" * 50)'],
  });
  assert.equal(cells[0].stdout.length, 1000);
  assert.equal(cells[0].stdout_truncated, true);
  assert.equal(cells[0].display_truncated, true);
  assert.ok(cells[0].display.length > 0 && cells[0].display.length < 20);
});

test('an_aborted_request_rejects_with_its_reason', async () => {
  const reason = new Error('enough');
  const controller = new AbortController();
  const running = sandbox.runJupyter(
    { cells: ['print(1)\nwhile True: pass'] },
    { signal: controller.signal, onOutput: () => controller.abort(reason) },
  );
  await assert.rejects(running, reason);
  assert.equal(await print('print(2)'), '2\n');
});

test('what_only_a_hostile_cell_can_show_is_left_out', async () => {
  const code = `import sys
frame = sys._getframe()
while "_show" not in frame.f_globals: frame = frame.f_back
show = frame.f_globals["_show"]
for error in (5, None, [], {"traceback": 1}, {"ename": "", "evalue": "", "traceback": [1]}): show(error=error)
for display in (5, None, [], "x"): show(display=display)
show()
print("shown")`;
  const { cells } = await runCells([code]);
  const { stdout, display, error } = cells[0];
  assert.deepEqual([stdout, display, error], ['shown\n', [], []]);
});

test('nothing_of_cells_is_left_for_programs_or_other_cells', async () => {
  const survey =
    'import sys, builtins, mpmath\nimport IPython\nprint(hasattr(sys, "ps1"), "display" in vars(builtins), IPython.get_ipython(), sys.displayhook, input)';
  const before = await print(survey);
  assert.match(before, /^False False None <built-in function displayhook>/);
  await runCells(['leak = 1\nimport builtins, sys\nbuiltins.leak = 2\nopen("leak", "w").close()\n1/0']);
  assert.equal(await print(survey), before);
  const { cells } = await runCells([
    'import os, builtins\n("leak" in globals(), hasattr(builtins, "leak"), os.listdir("."), Out)',
  ]);
  assert.deepEqual(cells[0].display, [{ 'text/plain': '(False, False, [], {})' }]);
});

test('a_session_keeps_variables_and_files_between_cells', async (t) => {
  const session = useSession(t, { files: { 'in.txt': 'aGV5' } });
  await session.runCell('text = open("in.txt").read()\nopen("out.txt", "w").write(text * 2)');
  const { status, display } = await session.runCell('text');
  assert.equal(status, 'Finished');
  assert.deepEqual(display, [{ 'text/plain': "'hey'" }]);
  await session.writeFiles({ 'more.txt': 'eA==' });
  assert.deepEqual(await session.readFiles(['out.txt', 'more.txt', 'none']), {
    'out.txt': 'aGV5aGV5',
    'more.txt': 'eA==',
  });
});

test('sessions_share_nothing', async (t) => {
  const [first, second] = [useSession(t), useSession(t)];
  await first.runCell('x = 1');
  const { error } = await second.runCell('x');
  assert.equal(error[0].evalue, "name 'x' is not defined");
});

test('cells_of_a_session_wait_for_one_another', async (t) => {
  const session = useSession(t);
  const cells = ['x = 1', 'x += 1', 'x *= 10', 'x'].map((code) => session.runCell(code));
  assert.deepEqual((await Promise.all(cells)).at(-1).display, [{ 'text/plain': '20' }]);
});

test('a_session_begins_anew_after_a_cell_was_stopped', async (t) => {
  const session = useSession(t, { files: { kept: '' } });
  await session.runCell('x = 1; open("lost", "w").close()');
  assert.equal(
    (await session.runCell('while True: pass', { timeoutSeconds: 0.3 })).status,
    'TimeLimitExceeded',
  );
  const { display } = await session.runCell('import os\n("x" in globals(), os.listdir("."))');
  assert.deepEqual(display, [{ 'text/plain': "(False, ['kept'])" }]);
});

test('an_aborted_cell_rejects_and_one_that_waits_is_not_run', async (t) => {
  const session = useSession(t);
  const [running, waiting] = [new AbortController(), new AbortController()];
  const first = session.runCell('print(1)\nwhile True: pass', {
    signal: running.signal,
    onOutput: () => {
      waiting.abort(new Error('second'));
      running.abort(new Error('first'));
    },
  });
  const second = session.runCell('print(2)', { signal: waiting.signal });
  await assert.rejects(first, { message: 'first' });
  await assert.rejects(second, { message: 'second' });
  assert.equal((await session.runCell('print(3)')).stdout, '3\n');
});

test('a_closed_session_rejects_what_runs_and_what_comes', async () => {
  const session = sandbox.createSession();
  let started;
  const isRunning = new Promise((resolve) => {
    started = resolve;
  });
  const running = session.runCell('print(1)\nwhile True: pass', { onOutput: started });
  await isRunning;
  const rejected = assert.rejects(running, { message: 'the session is closed' });
  await session.close();
  await rejected;
  await assert.rejects(session.runCell('1'), { message: 'the session is closed' });
  assert.equal(session.closed, true);
});

test('a_session_that_is_closed_before_its_interpreter_is_there_runs_nothing_and_keeps_no_worker', async (t) => {
  const small = createSandbox({ maxSessions: 1 });
  t.after(() => small.close());
  const session = small.createSession();
  const heard = [];
  const running = session.runCell('print(1)', { onOutput: (_stream, text) => heard.push(text) });
  // The call has begun to open the interpreter, which takes longer than a turn of the loop.
  await new Promise((resolve) => setImmediate(resolve));
  await session.close();
  await assert.rejects(running, { message: 'the session is closed' });
  assert.equal((await small.createSession().runCell('print(2)')).stdout, '2\n');
  assert.deepEqual(heard, []);
});

test('the_number_of_sessions_is_bounded', async (t) => {
  const small = createSandbox({ maxSessions: 1 });
  t.after(() => small.close());
  const session = small.createSession();
  assert.throws(() => small.createSession(), {
    name: 'RangeError',
    message: 'there are 1 sessions already, which is the most at a time',
  });
  await session.close();
  await small.createSession().close();
});

test('an_idle_session_closes_itself', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const session = sandbox.createSession();
  t.mock.timers.tick(600_000);
  assert.equal(session.closed, true);
  await assert.rejects(session.runCell('1'), { message: 'the session is closed: nothing ran for 600 s' });
});

test('output_is_heard_while_a_program_runs_and_adds_up_to_the_result', async () => {
  const heard = { stdout: '', stderr: '' };
  const onOutput = (stream, text) => {
    heard[stream] += text;
  };
  const code =
    'import os, sys\nfor byte in "a€😀".encode(): os.write(1, bytes([byte]))\nprint("e", file=sys.stderr)';
  const { run_result } = await sandbox.runCode({ code, language: 'python' }, { onOutput });
  assert.deepEqual(heard, { stdout: 'a€😀', stderr: 'e\n' });
  assert.equal(run_result.stdout, heard.stdout);
});

test('heard_bytes_that_are_no_text_are_replaced', async () => {
  let heard = '';
  const onOutput = (_stream, text) => {
    heard += text;
  };
  const code = 'import os\nos.write(1, b"a\\xff")\nos.write(1, b"\\xe2\\x82")';
  await sandbox.runCode({ code, language: 'python' }, { onOutput });
  assert.equal(heard, 'a\ufffd\ufffd');
});

test('a_listener_that_throws_stops_the_run', async () => {
  const reason = new Error('listener');
  const onOutput = () => {
    throw reason;
  };
  const code = 'print(1, flush=True)\nwhile True: pass';
  await assert.rejects(sandbox.runCode({ code, language: 'python' }, { onOutput }), reason);
  await assert.rejects(sandbox.runJupyter({ cells: [code] }, { onOutput }), reason);
  assert.equal((await runResult('print(2)')).stdout, '2\n');
});
