// What the rollout viewer saves after a replay, beside what the command line writes for the same log.

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createCommand } from '../node/command.mjs';
import { openPage, press, readColumn, startViewer, writeRun, writeVerl } from './viewer.mjs';

const folder = mkdtempSync(join(tmpdir(), 'fencerun-save-'));
const fencerun = createCommand(folder);
let viewer;
before(async () => {
  viewer = await startViewer();
});
after(async () => {
  await viewer?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** What a page hands over as a file. */
async function download(page, act) {
  const [file] = await Promise.all([page.waitForEvent('download'), act()]);
  return { name: file.suggestedFilename(), bytes: readFileSync(await file.path()) };
}

async function replayAll(page) {
  await press(page, 'A');
  await page.waitForSelector('.replay[data-state="done"]');
}

const message = (role, content) => ({ role, content });
const conversation = [
  message('user', 'q'),
  message('assistant', '```python\nprint(1)\n```'),
  message('tool', '1'),
  message('assistant', 'One.'),
];
const session = [
  { type: 'session', harness: 'h', id: 's' },
  ...conversation.map((one) => ({ type: 'message', message: one })),
]
  .map((line) => `${JSON.stringify(line)}\n`)
  .join('');

/** A log of all that can become of a line, and of lines that are none; the last one is half written. */
const dump = Buffer.concat([
  Buffer.from(`\ufeff${writeVerl({ output: writeRun('print(1)', '1'), note: 'é' })}`),
  Buffer.from(writeVerl({ score: 'NaN', output: `${writeRun('print(2)', '3')}\n${writeRun('1/0', 'x')}` })),
  Buffer.from(writeVerl({ output: 'prose' }).replace('\n', '\r\n\n')),
  Buffer.from(writeVerl({ output: '```python\nprint("new")\n```', replay: [{ outcome: 'text' }], last: 1 })),
  Buffer.from(writeVerl({ output: '```bash\nls\n```\n```output\nfile\n```' })),
  Buffer.from('no JSON at all\n{"unknown": 1}\n'),
  Buffer.from('{"output": "not \xff UTF-8"}\n', 'latin1'),
  Buffer.from(`${JSON.stringify({ messages: conversation, reward: 1 })}\n`),
  Buffer.from('{"output": "half'),
]);

for (const [name, content, args] of [
  ['dump.jsonl', dump, []],
  ['document.json', Buffer.from(JSON.stringify([{ messages: conversation }, { output: 'b' }], null, 2)), []],
  ['sessions.jsonl', Buffer.from(session + session), []],
  ['answer.txt', Buffer.from(writeRun('print(1)', '1')), ['--format', 'text']],
]) {
  test(`${name} is saved with the bytes of the command line`, async () => {
    const [log, output] = [join(folder, name), join(folder, `${name}.out`)];
    writeFileSync(log, content);
    await fencerun(['replay', ...args, '-o', output, log]);
    const expected = readFileSync(output, 'utf8');
    assert.ok(expected.includes('"replay": [{"outcome":"identical"'), expected);
    const page = await openPage(viewer, content, { log: name });
    await replayAll(page);
    const saved = await download(page, () => press(page, 'S'));
    assert.equal(saved.name, `${name.split('.')[0]}.replayed.jsonl`);
    assert.equal(saved.bytes.toString('latin1'), readFileSync(output, 'latin1'));
  });
}

const block = (code) => `\`\`\`python\n${code}\n\`\`\`\n`;
const call = (code) => `<tool_call>${JSON.stringify({ name: 'python', arguments: { code } })}</tool_call>\n`;
const answered = (...texts) => `${texts.map((text) => `tool\n${text}\n`).join('')}assistant\nDone.`;

/** Several programs in a step that run one after the other until one fails, and several calls, each with its answer. */
const several = [
  `${block('print(1)')}${block('print(2)')}${answered('1\n2')}`,
  `${block('print(3)\n1 / 0')}${block('print(4)')}${answered('3')}`,
  `${call('print(1)')}${call('5')}${answered('1', '6')}`,
  `${call('print(1)')}<tool_call>{</tool_call>\n${call('7')}${answered('1', '7')}`,
];

for (const profile of ['autogen', 'verl/retool']) {
  test(`several programs of a step, or calls of a turn, are saved as the command line replays them by ${profile}`, async () => {
    const name = `${profile.replace('/', '-')}.jsonl`;
    const [log, output] = [join(folder, name), join(folder, `${name}.out`)];
    const content = several.map((text) => writeVerl({ output: text })).join('');
    writeFileSync(log, content);
    const { stdout } = await fencerun(['replay', '--profile', profile, '-o', output, log]);
    const page = await openPage(viewer, content, { log: name });
    await page.selectOption('[name="profile"]', profile);
    await press(page, 'Escape W');
    await replayAll(page);
    // Both count alike.
    const [identical] = /identical \d+ of \d+/.exec(stdout);
    const [programs] = /\d+ programs?/.exec(stdout);
    const summary = await page.textContent('.replay');
    assert.ok(summary.includes(identical) && summary.includes(programs), `${summary}\n${stdout}`);
    const saved = await download(page, () => press(page, 'S'));
    assert.equal(saved.bytes.toString(), readFileSync(output, 'utf8'));
  });
}

test('the other formats are those that the command line converts to', async () => {
  const [log, output] = [join(folder, 'rollouts.jsonl'), join(folder, 'rollouts.out')];
  writeFileSync(log, dump);
  await fencerun(['replay', '-o', output, log]);
  const page = await openPage(viewer, dump);
  await replayAll(page);
  for (const [format, button] of [
    ['verl', "as verl's dump"],
    ['openai', 'as OpenAI messages'],
  ]) {
    const { stdout } = await fencerun(['convert', '--to', format, output]);
    await press(page, 'E');
    const saved = await download(page, () => page.getByRole('button', { name: button }).click());
    assert.equal(saved.bytes.toString(), stdout, format);
    assert.equal(saved.name, `rollouts.replayed.${format}.jsonl`);
    await page.getByText('could not be written so').waitFor();
  }
});

test('what was not run is saved as it is, and only what the list shows', async () => {
  const lines = [
    writeVerl({ score: 0, output: writeRun('print(1)', '1') }),
    writeVerl({ score: 1, output: `${writeRun('print(2)', '2')}\n${writeRun('print(3)', '3')}` }),
    writeVerl({ score: 1, output: writeRun('print(4)', '4') }),
  ];
  const page = await openPage(viewer, lines);
  await page.getByLabel('score at least').fill('1');
  await page.waitForFunction(() => document.querySelectorAll('.list .body').length === 2);
  assert.deepEqual(await readColumn(page, 'row'), ['2', '3']);
  await page.locator('.list .body').first().click();
  await press(page, 'r');
  await page.waitForSelector('.observation.same');
  const saved = await download(page, () => press(page, 'S'));
  const [second, third] = saved.bytes.toString().trimEnd().split('\n');
  const replay = [
    { outcome: 'identical', observed: '2\n', status: 'finished', exit_code: 0 },
    { outcome: 'not_run' },
    { outcome: 'text' },
  ];
  assert.deepEqual(JSON.parse(second), { ...JSON.parse(lines[1]), replay });
  assert.equal(`${third}\n`, lines[2]);
});

test('what ran with edited code is told apart', async () => {
  const page = await openPage(viewer, writeVerl({ output: writeRun('print(1)', '2') }));
  await press(page, 'e');
  await page.locator('.editor .cm-content').waitFor();
  await press(page, 'Control+a');
  await page.keyboard.insertText('print(2)');
  await press(page, 'Control+Enter');
  await page.waitForSelector('.observation.same');
  await press(page, 'Escape');
  await page.waitForSelector('.editor', { state: 'detached' });
  const { bytes } = await download(page, () => press(page, 'S'));
  assert.deepEqual(JSON.parse(bytes).replay, [
    { outcome: 'identical', observed: '2\n', status: 'finished', exit_code: 0, edited_code: 'print(2)' },
    { outcome: 'text' },
  ]);
});

test('what the command line wrote opens with the observations of its replay', async () => {
  const [log, output] = [join(folder, 'earlier.jsonl'), join(folder, 'earlier.out.jsonl')];
  writeFileSync(log, writeVerl({ output: writeRun('print(1)\nprint(2)', '1\n3'), note: 'kept' }));
  await fencerun(['replay', '-o', output, log]);
  const page = await openPage(viewer, readFileSync(output));
  await page.waitForSelector('.observation.differs');
  assert.match(await page.textContent('.observation.differs .title'), /in an earlier replay · exit code 0$/);
  assert.deepEqual(
    await page.$$eval('.diff span', (spans) => spans.map((span) => [span.className, span.textContent])),
    [
      ['kept', '  1\n'],
      ['removed', '− 3\n'],
      ['added', '+ 2\n'],
    ],
  );
  await page.click('.fields summary');
  assert.deepEqual(await page.$$eval('.fields th', (names) => names.map((name) => name.textContent)), [
    'format',
    'note',
  ]);
  // The raw text has them too, and a new run takes their place.
  await press(page, 'v');
  await page.waitForSelector('.observation.differs');
  await press(page, 'r');
  await page.getByText('in an earlier replay').waitFor({ state: 'detached' });
  await page.waitForSelector('.observation.differs');
});

test('the page never complained', () => {
  assert.deepEqual(viewer.complaints, []);
});
