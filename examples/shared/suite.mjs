// What holds for the code tool in every harness. Each harness says how its scripted model calls the tool once.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EmbeddedClient, RunError } from 'fencerun';

/**
 * @typedef {object} Call
 * @property {unknown} args what the model sends the tool
 * @property {import('fencerun').HarnessToolOptions} [options]
 * @property {AbortSignal} [signal]
 */

/**
 * @typedef {object} Answer
 * @property {string} text what the model then reads as the tool's result
 * @property {boolean} [isError] whether it is told that this is an error, where the harness has such a mark
 * @property {{ name: string, parameters: any }} [shown] how the harness shows the tool to the model
 */

/**
 * Registers the tests of a harness.
 *
 * @param {string} harness its name and version
 * @param {(call: Call) => Promise<Answer>} converse
 * @param {{ refusal?: RegExp, stop?: (harness: Promise<Answer>, reason: Error) => Promise<unknown> }} [differences] what
 *   the model reads of an input that cannot be used, where the harness itself refuses it; how an abort ends
 */
export function testCodeTool(harness, converse, differences = {}) {
  const { refusal = /code: expected a string, found a number/ } = differences;
  const stop =
    differences.stop ?? ((ended, reason) => assert.rejects(ended, (thrown) => isCausedBy(thrown, reason)));

  test(`${harness}: what the program prints reaches the model untouched`, async () => {
    const { text, isError, shown } = await converse({ args: { code: 'print("é 😀")\nprint(2**61 - 1)' } });
    assert.equal(text, 'é 😀\n2305843009213693951\n');
    assert.ok(!isError);
    if (!shown) return;
    assert.equal(shown.name, 'run_code');
    assert.equal(String(shown.parameters.properties.code.type).toLowerCase(), 'string');
    assert.deepEqual(shown.parameters.required, ['code']);
    assert.ok(!JSON.stringify(shown).includes('~standard'));
  });

  test(`${harness}: output that is JSON stays as it was printed`, async () => {
    const { text } = await converse({ args: { code: 'print("1e400")' } });
    assert.equal(text, '1e400\n');
  });

  test(`${harness}: a program that fails is a result with its traceback`, async () => {
    const { text, isError } = await converse({ args: { code: 'print("before")\n1/0' } });
    assert.match(
      text,
      /^before\nTraceback \(most recent call last\):\n[\s\S]*ZeroDivisionError: division by zero\n$/,
    );
    assert.ok(!isError);
  });

  test(`${harness}: a program that is stopped at its time-out shows what it had printed`, async () => {
    const { text, isError } = await converse({
      args: { code: 'print("part", flush=True)\nwhile True: pass' },
      options: { request: { runTimeoutMs: 500 } },
    });
    assert.equal(text, 'part\n');
    assert.ok(!isError);
  });

  test(`${harness}: why there is no result reaches the model`, async () => {
    const sandbox = {
      languages: ['python'],
      runCode: async () => {
        throw new RunError('sandbox', 'the sandbox failed: no room');
      },
    };
    const { text, isError } = await converse({ args: { code: 'print(1)' }, options: { sandbox } });
    assert.ok(text.includes('the sandbox failed: no room'), text);
    assert.notEqual(isError, false);
  });

  test(`${harness}: what is wrong with an input reaches the model`, async () => {
    const { text, isError } = await converse({ args: { code: 1 } });
    assert.match(text, refusal);
    assert.notEqual(isError, false);
  });

  test(`${harness}: the observation is worded as the profile words it`, async () => {
    const { text } = await converse({ args: { code: 'print(6 * 7)' }, options: { profile: 'torl' } });
    assert.equal(text, '```output\n42\n```\n');
  });

  test(`${harness}: the model may choose among the languages`, async () => {
    const options = { languages: ['python', 'nodejs'] };
    const { text, shown } = await converse({
      args: { code: 'console.log([1, 2].map((x) => x * 2))', language: 'nodejs' },
      options,
    });
    assert.equal(text, '[ 2, 4 ]\n');
    if (shown) assert.deepEqual(shown.parameters.properties.language.enum, ['python', 'nodejs']);
  });

  test(`${harness}: an abort stops the program`, async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const embedded = new EmbeddedClient();
    /** @type {(thrown: unknown) => void} */
    let tell;
    const stopped = new Promise((resolve) => {
      tell = resolve;
    });
    /** @type {import('fencerun').Sandbox} */
    const sandbox = {
      languages: embedded.languages,
      async runCode(request, options) {
        // Once it has written something it is certain to run.
        const onOutput = () => controller.abort(reason);
        const run = embedded.runCode(request, { ...options, onOutput });
        run.catch(tell);
        return run;
      },
    };
    const code = 'print("running", flush=True)\nwhile True: pass';
    const call = { args: { code }, options: { sandbox }, signal: controller.signal };
    await stop(converse(call), reason);
    assert.ok(isCausedBy(await stopped, reason));
    await embedded.close();
  });
}

/** Harnesses wrap what stopped them, say it anew as an AbortError, or send its text to another process. */
function isCausedBy(thrown, reason) {
  if (typeof thrown === 'string') return thrown.includes(reason.message);
  for (let error = thrown; error instanceof Error; error = error.cause) {
    if (error === reason || error.name === 'AbortError') return true;
    if (error.message.includes(reason.message) || /abort/i.test(error.message)) return true;
  }
  return false;
}
