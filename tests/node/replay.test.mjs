// `fencerun replay --output` as a user calls it, killed as a machine would.

import assert from 'node:assert/strict';
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { createCommand } from './command.mjs';
import { sendJson, withServer } from './exchanges.mjs';

const folder = mkdtempSync(join(tmpdir(), 'fencerun-replay-'));
after(() => rmSync(folder, { recursive: true }));
const fencerun = createCommand(folder);

let files = 0;
const newPath = () => join(folder, `${++files}.jsonl`);

function write(content) {
  const path = newPath();
  writeFileSync(path, content);
  return path;
}

/** What SandboxFusion answers to a program that printed `stdout`. */
function finished(stdout) {
  const run = { status: 'Finished', execution_time: 0.01, return_code: 0, stdout, stderr: '' };
  return {
    status: 'Success',
    message: '',
    compile_result: null,
    run_result: run,
    executor_pod_name: null,
    files: {},
  };
}

/** What the sandbox of these tests prints for a program: the program, backwards. */
const printed = (code) => [...code.trim()].reverse().join('');
const answer = ({ body, response }) => sendJson(response, 200, finished(printed(JSON.parse(body).code)));

const step = (code, recorded) => `\`\`\`python\n${code}\n\`\`\`\n\`\`\`output\n${recorded}\n\`\`\`\n`;

/** SplitMix64's little brother (Steele, Lea and Flood 2014): the same numbers in every run. */
function createRandom(seed) {
  let state = seed;
  return (bound) => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    return ((mixed ^ (mixed >>> 16)) >>> 0) % bound;
  };
}

/** A log of every kind of line, and what is wrong with lines. */
function buildLog(count) {
  const random = createRandom(7);
  const lines = [];
  for (let index = 0; index < count; index += 1) {
    const code = `print(${index}) # ${'é'.repeat(random(200))}`;
    const recorded = random(3) === 0 ? 'other' : printed(code);
    const message = (role, content) => ({ role, content });
    const messages = [
      message('user', 'q'),
      message('assistant', `\`\`\`python\n${code}\n\`\`\``),
      message('tool', recorded),
    ];
    switch (random(9)) {
      case 0:
        lines.push(JSON.stringify({ messages, reward: 1 }));
        break;
      case 1:
        lines.push('{"type": "session", "harness": "h", "id": "s"}');
        lines.push(...messages.map((one) => JSON.stringify({ type: 'message', message: one })));
        break;
      case 2:
        lines.push(['', 'no JSON at all', '{"output": "torn', '{"unknown": 1}', '[]'][random(5)]);
        break;
      default:
        lines.push(
          `{"input": "q",  "output": ${JSON.stringify(step(code, recorded) + step(code, 'b'))}, "score": NaN, "n": 1.50, "step": 1}`,
        );
    }
  }
  return lines;
}

const lines = buildLog(300);

/** The line as it was in the log, and what was added to it. */
function takeApart(line) {
  const at = line.lastIndexOf(', "replay": ');
  return at === -1 ? [line] : [`${line.slice(0, at)}}`, JSON.parse(line.slice(at + 12, -1))];
}

test('each line comes out byte for byte, with the new observations added', async () => {
  const log = write(`${lines.join('\n')}\n{"output": "half`);
  const output = newPath();
  await withServer(answer, (url) => fencerun(['replay', '--url', url, '-o', output, log]));
  const written = readFileSync(output, 'utf8').split('\n');
  assert.equal(written.pop(), '');
  const parts = written.map(takeApart);
  assert.deepEqual(
    parts.map(([line]) => line),
    lines.filter((line) => line !== ''),
  );
  const added = parts.flatMap(([, outcomes]) => outcomes ?? []);
  assert.ok(added.length > 400);
  for (const { outcome, observed } of added.filter(({ observed }) => observed !== undefined)) {
    assert.match(observed, /\)\d+\(tnirp$/);
    assert.ok(outcome === 'identical' || outcome === 'different');
  }
  const { stdout } = await withServer(answer, (url) => fencerun(['replay', '--url', url, log]));
  const identical = added.filter(({ outcome }) => outcome === 'identical').length;
  const recorded = added.filter(({ outcome }) => outcome !== 'text').length;
  assert.match(stdout, new RegExp(`^identical ${identical} of ${recorded} recorded observations$`, 'm'));
});

test('a replay killed ten times ends with the bytes of one that was not', async () => {
  const log = write(`${lines.join('\n')}\n`);
  const expected = newPath();
  const args = (url, output) => ['replay', '--url', url, '--concurrency', '4', '-o', output, log];
  const whole = await withServer(answer, (url) => fencerun(args(url, expected)));
  const size = statSync(expected).size;
  const random = createRandom(11);
  const moments = Array.from({ length: 10 }, () => random(size)).sort((one, other) => one - other);
  const output = newPath();
  let runs = 0;
  for (const moment of moments) {
    let child;
    const answerUntil = (exchange) => {
      if (existsSync(output) && statSync(output).size >= moment) child.kill('SIGKILL');
      runs += 1;
      answer(exchange);
    };
    const { signal } = await withServer(answerUntil, (url) =>
      fencerun([...args(url, output), '--resume'], {
        onStart: (started) => {
          child = started;
        },
      }),
    );
    // Near its end a replay may have nothing more to ask for.
    if (signal !== 'SIGKILL') assert.ok(moment > size * 0.8);
    assert.ok(readFileSync(expected).subarray(0, statSync(output).size).equals(readFileSync(output)));
    // A machine that goes down may lose the end of the last line.
    if (random(2) === 0) truncateSync(output, Math.max(0, statSync(output).size - random(40)));
  }
  const last = await withServer(answer, (url) => fencerun([...args(url, output), '--resume']));
  assert.ok(readFileSync(output).equals(readFileSync(expected)));
  const summary = (text) =>
    text.split('\n').filter((line) => /^(identical|unreadable|different: \d+, at )/.test(line));
  assert.deepEqual(summary(last.stdout), summary(whole.stdout));
  // Only what was on its way is run again: at most 4 programs and 64 rollouts of two, ten times.
  assert.ok(runs < 600 + 10 * 136, `${runs} runs`);
});

test('what is done is not run again', async () => {
  const log = write(`${lines.join('\n')}\n`);
  const output = newPath();
  let runs = 0;
  const count = (exchange) => {
    runs += 1;
    answer(exchange);
  };
  await withServer(count, async (url) => {
    await fencerun(['replay', '--url', url, '-o', output, '--limit', '100', log]);
    const before = readFileSync(output);
    runs = 0;
    const { stdout } = await fencerun([
      'replay',
      '--url',
      url,
      '-o',
      output,
      '--resume',
      '--limit',
      '100',
      log,
    ]);
    assert.equal(runs, 0);
    assert.match(stdout, /^\d+ rollouts, \d+ programs in .*, \d+ rollouts of them replayed before$/m);
    assert.ok(readFileSync(output).equals(before));
  });
});

test('a log that grew is gone on with, its half-written line included', async () => {
  const [first, second] = [step('1', '1'), step('2', '2')].map((output) => JSON.stringify({ output }));
  const log = write(`${first}\n${second.slice(0, 9)}`);
  const output = newPath();
  await withServer(answer, async (url) => {
    const { code } = await fencerun(['replay', '--url', url, '-o', output, log]);
    assert.equal(code, 0);
    appendFileSync(log, `${second.slice(9)}\n`);
    await fencerun(['replay', '--url', url, '-o', output, '--resume', log]);
  });
  const parts = readFileSync(output, 'utf8').trimEnd().split('\n').map(takeApart);
  assert.deepEqual(
    parts.map(([line]) => line),
    [first, second],
  );
});

test('what takes several lines of a log is one line of the output', async () => {
  const conversation = {
    messages: [
      { role: 'assistant', content: '```python\nab\n```' },
      { role: 'tool', content: 'ba' },
    ],
  };
  const output = newPath();
  const log = write(JSON.stringify(conversation, null, 2));
  await withServer(answer, (url) => fencerun(['replay', '--url', url, '-o', output, log]));
  const { replay, ...rest } = JSON.parse(readFileSync(output, 'utf8'));
  assert.deepEqual(rest, conversation);
  assert.deepEqual(replay, [{ outcome: 'identical', observed: 'ba', status: 'finished', exit_code: 0 }]);
});

test('carriage returns stay where they are', async () => {
  const log = write(`${JSON.stringify({ output: step('ab', 'ba') })}\r\n`);
  const output = newPath();
  await withServer(answer, (url) => fencerun(['replay', '--url', url, '-o', output, log]));
  assert.ok(readFileSync(output, 'utf8').endsWith(']}\r\n'));
});

test('a file that is one text becomes a line', async () => {
  const text = step('ab', 'ba');
  const output = newPath();
  const args = (url) => ['replay', '--url', url, '--format', 'text', '-o', output, write(text)];
  await withServer(answer, (url) => fencerun(args(url)));
  const { replay, ...rest } = JSON.parse(readFileSync(output, 'utf8'));
  assert.deepEqual([rest, replay[0].outcome], [{ text }, 'identical']);
});

test('a replayed log can be replayed again', async () => {
  const log = write(`${JSON.stringify({ output: step('ab', 'ba') })}\n`);
  const [once, twice] = [newPath(), newPath()];
  await withServer(answer, async (url) => {
    await fencerun(['replay', '--url', url, '-o', once, log]);
    await fencerun(['replay', '--url', url, '-o', twice, once]);
  });
  assert.ok(readFileSync(twice).equals(readFileSync(once)));
});

test('a run that gave no result is tried again', async () => {
  const log = `${JSON.stringify({ output: step('ab', 'ba') })}\n`;
  let runs = 0;
  const failing = (times) => (exchange) => {
    runs += 1;
    if (runs <= times) sendJson(exchange.response, 500, { detail: 'busy' });
    else answer(exchange);
  };
  const replay = (times, ...more) =>
    withServer(failing(times), (url) => fencerun(['replay', '--url', url, ...more, '-'], { input: log }));
  assert.match((await replay(2)).stdout, /^identical 1 of 1 /);
  assert.equal(runs, 3);
  runs = 0;
  const { code, stdout } = await replay(1, '--retries', '0');
  assert.deepEqual([runs, code], [1, 1]);
  assert.match(stdout, /^no result: 1, at -:1 /m);
});

const output = write('{"a": 1}\n{"b": 1}\n');
const log = write(`${JSON.stringify({ output: 'x' })}\n`);
for (const [name, args, sentence] of [
  ['an output that is there', ['-o', output, log], `${output} is there already: --resume goes on with it`],
  [
    'an output of another log',
    ['-o', output, '--resume', log],
    `cannot go on with ${output}: its line 1 is not line 1 of ${log}`,
  ],
  ['an output that is a log', ['-o', log, '--resume', log], `${log} is one of the logs`],
]) {
  test(`${name} is refused, and nothing is lost`, async () => {
    const before = readFileSync(output);
    const { code, stderr } = await fencerun(['replay', ...args]);
    assert.equal(code, 1);
    assert.equal(stderr.split('\n')[0], `fencerun: ${sentence}`);
    assert.ok(readFileSync(output).equals(before));
  });
}

test('an output that another replay writes is refused, and free when that one is killed', async () => {
  const log = write(`${JSON.stringify({ output: step('ab', 'ba') })}\n`);
  const output = newPath();
  let tellAsked;
  const asked = new Promise((resolve) => {
    tellAsked = resolve;
  });
  let isHeld = true;
  await withServer(
    (exchange) => {
      if (!isHeld) answer(exchange);
      else tellAsked();
    },
    async (url) => {
      const args = ['replay', '--url', url, '-o', output];
      let kill;
      const onStart = (child) => {
        kill = () => child.kill('SIGKILL');
      };
      const ended = fencerun([...args, log], { onStart });
      await asked;
      const second = await fencerun([...args, '--resume', log]);
      assert.deepEqual(
        [second.code, second.stderr],
        [1, `fencerun: ${output} is being written by another replay\n`],
      );
      kill();
      await ended;
      isHeld = false;
      assert.equal((await fencerun([...args, '--resume', log])).code, 0);
    },
  );
  assert.equal(readFileSync(output, 'utf8').split('\n').length, 2);
});

test('an option that needs another is a wrong option', async () => {
  const { code, stderr } = await fencerun(['replay', '--resume', log]);
  assert.equal(code, 2);
  assert.equal(stderr.split('\n')[0], "fencerun: option '--resume' goes with '--output <file>'");
});

test('convert writes one format as another', async () => {
  const row = '{"input": "user\\nq\\nassistant\\n", "output": "a", "gts": null, "score": 1.0, "step": 1}';
  const { code, stdout, stderr } = await fencerun(['convert', '--to', 'openai'], {
    input: `${row}\nno JSON\n`,
  });
  assert.equal(
    stdout,
    '{"messages": [{"role": "user", "content": "q"}, {"role": "assistant", "content": "a"}], "score": 1.0, "step": 1}\n',
  );
  assert.equal(
    stderr,
    'fencerun: unreadable line -:2 (not JSON: Expecting value: line 1 column 1 (char 0))\n',
  );
  assert.equal(code, 1);
  const back = await fencerun(['convert', '--to', 'verl'], { input: stdout });
  assert.equal(back.stdout, `${row}\n`);
});
