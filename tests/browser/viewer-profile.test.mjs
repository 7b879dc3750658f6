// A profile in the rollout viewer: what its framework would run is marked in the text, and may be what runs.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { openLog, openPage, press, startViewer, untilOpen, writeVerl } from './viewer.mjs';

let viewer;
before(async () => {
  viewer = await startViewer();
});
after(() => viewer?.close());

/** What an original function made of an input, as it was recorded: the first that the test can use. */
function findVector(name, isWanted) {
  const text = readFileSync(new URL(`../vectors/semantics/${name}.jsonl`, import.meta.url), 'utf8');
  return text.trimEnd().split('\n').map(JSON.parse).find(isWanted);
}

/** Passes over the shell and runs the block of Python. */
const torl = findVector(
  'torl_extract_program',
  ({ input, output }) => input.startsWith('```bash\n') && output.startsWith('import math\n'),
);

/** The cards of code: the code, what the profile makes of it, and whether it is what runs. */
const readCards = (page) =>
  page.$$eval('.step .card', (cards) =>
    cards.map((card) => [
      card.querySelector('pre').textContent,
      card.querySelector('.fate')?.textContent ?? null,
      card.classList.contains('runs'),
    ]),
  );

const shell = 'pip install numpy\n';

test('a profile marks what its framework would run, and what it would pass over', async () => {
  const page = await openPage(viewer, writeVerl({ output: torl.input }));
  await press(page, 'w');
  assert.equal(await page.evaluate(() => document.activeElement.name), 'profile');
  await page.selectOption('[name="profile"]', 'torl');
  assert.deepEqual(await readCards(page), [
    [shell, 'torl would not run this', true],
    [torl.output, 'torl would run this', false],
  ]);
  await press(page, 'Escape v');
  assert.equal(await page.textContent('.step .raw .span'), torl.output);
});

test('code that a framework makes of several blocks stands by itself', async () => {
  const { input, output } = findVector(
    'verltool_python_parse_action',
    ({ input: text, output: [code] }) => text.split('```python\n').length === 3 && code === 'a = 1\nb = 2',
  );
  const page = await openPage(viewer, writeVerl({ output: input }));
  await page.selectOption('[name="profile"]', 'verl-tool/python');
  const cards = await readCards(page);
  assert.deepEqual(
    cards.map(([, fate]) => fate),
    [
      'part of what verl-tool/python would run',
      'part of what verl-tool/python would run',
      'verl-tool/python would run this',
    ],
  );
  assert.equal(cards[2][0], output[0]);
});

test('a profile that reads arguments reads those of the tool call, and runs them', async () => {
  const { input, output } = findVector(
    'verl_retool_code',
    ({ input: code, output: made }) => code?.startsWith?.('```python\n') && made.endsWith('\nprint(x)'),
  );
  const call = JSON.stringify({ name: 'code_interpreter', arguments: { code: input } });
  const page = await openPage(viewer, writeVerl({ output: `I run it.\n<tool_call>\n${call}\n</tool_call>` }));
  await page.selectOption('[name="profile"]', 'verl/retool');
  await press(page, 'Escape W');
  await page.waitForSelector('.card.runs .fate.runs');
  assert.deepEqual(await readCards(page), [
    [input, 'part of what verl/retool would run', false],
    [output, 'verl/retool would run this', true],
  ]);
});

test('where a framework would run nothing, that is said', async () => {
  const page = await openPage(viewer, writeVerl({ output: 'prose' }));
  await page.selectOption('[name="profile"]', 'torl');
  assert.equal(await page.textContent('.step p.fate'), 'torl would run nothing');
});

test('the profile says what runs when it is told to, and both are remembered', async () => {
  const log = writeVerl({ output: `${torl.input}\n\`\`\`output\n4.0\n\`\`\`` });
  const page = await openPage(viewer, log);
  await page.selectOption('[name="profile"]', 'torl');
  await press(page, 'Escape W');
  await page.waitForSelector('.card.runs .fate.runs');
  assert.match(await page.textContent('.card.runs .actions'), /^by torl/);
  await page.reload();
  await openLog(page, log);
  await page.waitForSelector('.card.runs .fate.runs');
  await press(page, 'r');
  await page.waitForSelector('.observation.same');
  await page.waitForSelector('.list .dot.same');
  // What ran by one rule is not what ran by another.
  await press(page, 'W');
  await page.getByText('as logged').waitFor();
  assert.equal(await page.$('.observation.same, .list .dot'), null);
  await press(page, 'W');
  await page.waitForSelector('.observation.same');
});

test('a replay runs what the profile says and tells so', async () => {
  const page = await openPage(viewer, writeVerl({ output: `${torl.input}\n\`\`\`output\n4.0\n\`\`\`` }));
  await page.selectOption('[name="profile"]', 'torl');
  await press(page, 'Escape W A');
  await page.waitForSelector('.replay[data-state="done"]');
  assert.match(await page.textContent('.replay'), /^done: 1 rollout, 1 program by torl · identical 1 of 1/);
});

test('a reading that finds every block says nothing of what runs', async () => {
  const page = await openPage(viewer, writeVerl({ output: torl.input }));
  await press(page, 'W');
  await page.getByText('llm finds every block').waitFor();
  assert.ok(await page.isDisabled('.profile button'));
});

test('a profile is chosen from the comparison', async () => {
  const page = await openPage(viewer, writeVerl({ output: torl.input }));
  await press(page, 'c');
  await page.getByRole('button', { name: 'torl', exact: true }).click();
  assert.equal(await page.inputValue('[name="profile"]'), 'torl');
  await untilOpen(page, 1);
});

test('the page never complained', () => {
  assert.deepEqual(viewer.complaints, []);
});
