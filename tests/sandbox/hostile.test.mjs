// Programs that take all they can get, side by side with programs that want little: they slow them and fail none.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { useSandbox } from './sandbox.mjs';

const { sandbox, run } = useSandbox({ workers: 2 });

/** What each comes to. A limit of a second is far less than any of the endless ones wants. */
const HOSTILE = [
  ['while True: pass', 'TimeLimitExceeded', null],
  ['x = []\nwhile True: x.append(bytearray(1 << 20))', 'Finished', 1],
  ['import os\nos.fork()', 'Finished', 1],
  ['print("x" * (100 << 20))', 'Finished', 0],
  ['while True: print("x" * 1000)', 'TimeLimitExceeded', null],
  ['import os; os._exit(9)', 'Finished', 9],
  ['open("big", "wb").write(bytes(200 << 20))', 'Finished', 1],
  ['def f(): f()\nf()', 'Finished', 1],
];

test('hostile_programs_fail_nobody_else', async () => {
  const endings = [];
  const others = [];
  for (const [code, ...ending] of HOSTILE) {
    const running = run(code, { run_timeout: code.startsWith('while') ? 0.5 : 30 });
    endings.push(
      running.then(({ run_result }) => [[run_result?.status, run_result?.return_code], ending, code]),
    );
    others.push(run(`print(${endings.length})`, { run_timeout: 30 }));
    others.push(sandbox.runJupyter({ cells: [`print(${endings.length})`] }));
  }
  for (const [found, expected, code] of await Promise.all(endings)) assert.deepEqual(found, expected, code);
  const answers = await Promise.all(others);
  answers.forEach((answer, index) => {
    const stdout = 'cells' in answer ? answer.cells[0].stdout : answer.run_result.stdout;
    assert.equal(stdout, `${Math.floor(index / 2) + 1}\n`);
    assert.equal(answer.status, 'Success');
  });
});
