// The rollout viewer by keyboard alone: the focus goes into what a key opens, Esc leaves it, and the focus comes back.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { openPage, press, startViewer, untilOpen, writeRun, writeVerl } from './viewer.mjs';

let viewer;
before(async () => {
  viewer = await startViewer();
});
after(() => viewer?.close());

const log = [
  writeVerl({ output: `${writeRun('print(1)', '1')}\n${writeRun('print(2)', '2')}` }),
  writeVerl({ output: 'prose' }),
];

/** The name of what has the focus, as assistive technology tells it. */
const readFocus = (page) =>
  page.evaluate(() => {
    const element = document.activeElement;
    return element.getAttribute('aria-label') ?? element.id ?? element.textContent;
  });

/** Whether what has the focus stands in what a selector finds. */
const isFocusIn = (page, selector) =>
  page.evaluate((wanted) => document.activeElement.closest(wanted) !== null, selector);

/** A page whose focus is on the button for light and dark. */
async function openFocused() {
  const page = await openPage(viewer, log);
  await page.waitForSelector('.step .card.runs');
  await page.getByRole('button', { name: 'light or dark' }).focus();
  return page;
}

for (const [key, name] of [
  ['?', 'Keys'],
  ['P', 'Plots of the rollouts that are shown'],
  [',', 'Settings'],
  ['E', 'Export and import'],
]) {
  test(`the dialog of ${key} takes the focus, keeps it, and gives it back`, async () => {
    const page = await openFocused();
    for (const leave of [
      () => press(page, 'Escape'),
      () => page.locator('dialog').getByRole('button', { name: 'close' }).press('Enter'),
    ]) {
      await press(page, key);
      await page.waitForSelector(`dialog[open][aria-label="${name}"]`);
      assert.ok(await isFocusIn(page, 'dialog'));
      await press(page, 'Shift+Tab');
      // Beyond the last there is the browser's own bar, and no part of the page.
      assert.ok(await isFocusIn(page, 'dialog, body:not(:has(:focus))'));
      await leave();
      await page.waitForSelector('dialog', { state: 'detached' });
      assert.equal(await readFocus(page), 'light or dark');
    }
  });
}

for (const [key, selector] of [
  ['/', '[name="search"]'],
  ['f', '.filters'],
  ['w', '[name="profile"]'],
  ['l', '[name="label"]'],
  ['m', '[name="note"]'],
]) {
  test(`the field of ${key} takes the focus and gives it back`, async () => {
    const page = await openFocused();
    await press(page, key);
    await page.waitForFunction((wanted) => document.activeElement.closest(wanted), selector);
    await press(page, 'Escape');
    assert.equal(await readFocus(page), 'light or dark');
  });
}

for (const [key, selector] of [
  ['c', '.compare'],
  ['b', '.pane.group'],
]) {
  test(`what ${key} lays over a rollout takes the focus and gives it back`, async () => {
    const page = await openFocused();
    await press(page, key);
    await page.waitForSelector(selector);
    assert.ok(await isFocusIn(page, selector));
    await press(page, 'Escape');
    await page.waitForSelector(selector, { state: 'detached' });
    assert.equal(await readFocus(page), 'light or dark');
    await page.waitForSelector('.step');
  });
}

test('a search stays when it is left, and the keys work again', async () => {
  const page = await openPage(viewer, log);
  await press(page, '/');
  await page.keyboard.type('prose');
  await page.getByText('1 found').waitFor();
  await press(page, 'Escape');
  assert.equal(await page.inputValue('[name="search"]'), 'prose');
  await press(page, 'j');
  await untilOpen(page, 2);
  assert.equal(await page.textContent('.pane mark'), 'prose');
});

test('the editor takes the focus and gives it to its button', async () => {
  const page = await openPage(viewer, log);
  await page.waitForSelector('.step .card.runs');
  await press(page, 'n e');
  await page.locator('.editor .cm-content').waitFor();
  assert.ok(await isFocusIn(page, '[data-step="2"] .editor'));
  await press(page, 'Escape');
  await page.waitForSelector('.editor', { state: 'detached' });
  await page.waitForFunction(() => document.activeElement.textContent === 'edit');
  assert.ok(await isFocusIn(page, '[data-step="2"]'));
  await press(page, 'j');
  await untilOpen(page, 2);
  await press(page, 'e');
  await page.getByText('this step has no code to edit').waitFor();
});

test('a step is annotated by the keys of a rollout, once a key says so', async () => {
  const page = await openPage(viewer, log);
  await page.waitForSelector('.step .card.runs');
  await press(page, 'a n 4 l');
  await page.keyboard.type('odd');
  await press(page, 'Enter Escape m');
  await page.keyboard.type('look here');
  await press(page, 'Escape');
  await page.waitForSelector('[data-step="2"] .marks');
  assert.equal(await page.textContent('[data-step="2"] .marks'), '★★★★ 4 of 5oddlook here');
  await press(page, 'a 2');
  await page.waitForSelector('.star.set:nth-child(2)');
  await press(page, 'E');
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'annotations.jsonl', exact: true }).click(),
  ]);
  const lines = readFileSync(await download.path(), 'utf8')
    .trim()
    .split('\n')
    .map(JSON.parse);
  assert.deepEqual(
    lines.map(({ line, step, rating, labels, note }) => ({ line, step, rating, labels, note })),
    [
      { line: 1, step: null, rating: 2, labels: [], note: '' },
      { line: 1, step: 2, rating: 4, labels: ['odd'], note: 'look here' },
    ],
  );
});

test('every key of the help does one thing', async () => {
  const page = await openPage(viewer, log);
  await press(page, '?');
  const keys = await page.$$eval('.help kbd', (all) => all.map((one) => one.textContent));
  assert.deepEqual(
    keys.filter((key, place) => keys.indexOf(key) !== place),
    [],
  );
  for (const key of ['W', 'w', 'S', 'T', 'a', 'r', 'R', 'A']) assert.ok(keys.includes(key), key);
});

test('the page of one text is a key away, and leads back', async () => {
  const page = await openPage(viewer);
  await page.goto(`${viewer.site.url}?open=samples/fences.jsonl`);
  await untilOpen(page, 1);
  const [text] = await Promise.all([page.context().waitForEvent('page'), press(page, 'T')]);
  await text.waitForSelector('#blocks li');
  assert.equal(await text.title(), "Fencerun: run the code in a model's output");
  await text.getByRole('link', { name: 'rollout viewer' }).click();
  await untilOpen(text, 1);
  assert.match(text.url(), /\?open=samples%2Ffences\.jsonl|\?open=samples\/fences\.jsonl/);
  const start = await openPage(viewer);
  assert.match(
    await start.getByRole('link', { name: 'one text of a model' }).getAttribute('href'),
    /^text\.html/,
  );
});

for (const colorScheme of ['light', 'dark']) {
  test(`the new states stand in nobody's way, ${colorScheme}`, async () => {
    const page = await openPage(
      viewer,
      writeVerl({ output: `${writeRun('print(1)', '1')}\n\`\`\`sh\nls\n\`\`\`` }),
      {
        colorScheme,
      },
    );
    await page.evaluate(readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'));
    const check = async () => {
      const { violations } = await page.evaluate(() => window.axe.run());
      return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`);
    };
    await page.selectOption('[name="profile"]', 'torl');
    await press(page, 'Escape W a 3 c n');
    await page.waitForSelector('.card.passed');
    assert.deepEqual(await check(), []);
    await press(page, ',');
    await page.getByLabel('Where code runs').selectOption('server');
    await page.getByLabel('Its address').fill('nowhere');
    await page.keyboard.press('Tab');
    await page.getByText('expected http').waitFor();
    assert.deepEqual(await check(), []);
    await page.getByLabel('Its address').fill('http://127.0.0.1:9');
    await press(page, 'Tab Escape');
    await page.waitForSelector('dialog', { state: 'detached' });
    await page.waitForSelector('.where');
    assert.deepEqual(await check(), []);
  });
}

test('the page never complained', () => {
  assert.deepEqual(viewer.complaints, []);
});
