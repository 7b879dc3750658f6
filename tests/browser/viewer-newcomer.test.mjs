// What somebody does who has never seen the rollout viewer before, and what it answers where there is nothing to show.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  openLog,
  openPage,
  press,
  readColumn,
  startViewer,
  untilOpen,
  writeRun,
  writeVerl,
} from './viewer.mjs';

let viewer;
before(async () => {
  viewer = await startViewer();
});
after(() => viewer?.close());

const clipboard = { permissions: ['clipboard-read', 'clipboard-write'] };
const copy = (page, text) => page.evaluate((copied) => navigator.clipboard.writeText(copied), text);

test('what is pasted is opened, wherever the focus is', async () => {
  const page = await openPage(viewer, null, clipboard);
  await copy(page, writeVerl({ output: 'pasted' }));
  await press(page, 'Control+v');
  await untilOpen(page, 1);
  assert.equal((await page.textContent('.step .prose')).trim(), 'pasted');
});

test('what is pasted into the editor stays there', async () => {
  const page = await openPage(viewer, writeVerl({ output: writeRun('print(1)', '1') }), clipboard);
  await copy(page, 'print("pasted")');
  await press(page, 'e');
  await page.locator('.editor .cm-content').click();
  await press(page, 'Control+a Control+v Control+Enter');
  await page.waitForSelector('.observation.differs');
  assert.match(await page.textContent('.diff .added'), /pasted/);
});

test('the same file can be opened again when it has changed', async () => {
  const page = await openPage(viewer, writeVerl({ output: 'first' }));
  await untilOpen(page, 1);
  await openLog(page, writeVerl({ output: 'second' }));
  await page.getByText('second').waitFor();
});

test('files that are dragged over the page and away again leave no trace', async () => {
  const page = await openPage(viewer, writeVerl({}));
  const drag = (type) =>
    page.evaluate((kind) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File(['{}'], 'dragged.jsonl'));
      const event = new DragEvent(kind, { dataTransfer, bubbles: true, cancelable: true });
      document.querySelector('.list').dispatchEvent(event);
    }, type);
  await drag('dragover');
  await page.waitForSelector('.viewer.dropping');
  await drag('dragleave');
  await page.waitForSelector('.viewer:not(.dropping)');
});

test('a search ends with the log that it was made in', async () => {
  const page = await openPage(viewer, writeVerl({ output: 'this' }) + writeVerl({ output: 'that' }));
  await page.fill('[name="search"]', 'this');
  await page.getByText('1 of 2').waitFor();
  await openLog(page, writeVerl({ output: 'other' }), 'other.jsonl');
  await page.getByText('1 of 1').waitFor();
  assert.equal(await page.inputValue('[name="search"]'), '');
});

test('what is typed is searched for as an expression as soon as the button says so', async () => {
  const page = await openPage(viewer, writeVerl({ output: 'abc' }) + writeVerl({ output: 'a.c' }));
  await page.fill('[name="search"]', 'a.c');
  await page.getByRole('button', { name: '.*' }).click();
  await page.getByText('2 found').waitFor();
  await page.getByRole('button', { name: '.*' }).click();
  await page.getByText('1 found').waitFor();
});

test('a list without rows says why', async () => {
  const page = await openPage(viewer, '');
  await page.getByText('There is no rollout in what was opened.').waitFor();
  await openLog(page, writeVerl({}), 'one.jsonl');
  await page.getByLabel('score at least').fill('2');
  await page.getByText('No rollout passes the search and the filters.').waitFor();
});

test('a link to a rollout that there is not opens the first, and says so', async () => {
  const page = await viewer.newPage();
  await page.goto(`${viewer.site.url}?open=samples/fences.jsonl#rollout=99&step=9`);
  await page.getByText('there is no rollout 99').waitFor();
  await untilOpen(page, 1);
});

test('a link to a step that there is not opens the last', async () => {
  const page = await viewer.newPage();
  await page.goto(`${viewer.site.url}?open=samples/fences.jsonl#rollout=1&step=9`);
  await untilOpen(page, 1);
  await page.waitForFunction(() => location.hash === '#rollout=1&step=2');
});

test('a step runs in the column of its rollout, which is then the one that is open', async () => {
  const page = await openPage(
    viewer,
    [1, 2].map((number) => writeVerl({ output: writeRun(`print(${number})`, number) })),
  );
  await untilOpen(page, 1);
  await press(page, 'b');
  const second = page.locator('.column').nth(1);
  await second.getByRole('button', { name: 'run', exact: true }).click();
  await second.locator('.observation.same').waitFor();
  assert.equal(await page.locator('.column').first().locator('.observation.same').count(), 0);
  assert.equal(await page.getAttribute('.list .body[data-row="1"]', 'aria-selected'), 'true');
});

test('the next difference is brought into sight, however far down it is', async () => {
  const long = 'word\n\n'.repeat(100);
  const page = await openPage(viewer, [
    writeVerl({ output: writeRun('print(1)', '1') }),
    writeVerl({ output: `${long}${writeRun('print(2)', '3')}` }),
  ]);
  await press(page, 'A');
  await page.waitForSelector('.replay[data-state="done"]');
  await press(page, 'D');
  await untilOpen(page, 2);
  await page.waitForFunction(() => {
    const { top, bottom } = document.querySelector('.observation.differs').getBoundingClientRect();
    const pane = document.querySelector('.pane .scroll').getBoundingClientRect();
    return top >= pane.top && bottom <= pane.bottom;
  });
});

test('answers of frameworks that look the same say in what they are not', async () => {
  // ToRL runs what stands in the fence with its last line feed, rllm strips it.
  const page = await openPage(viewer, writeVerl({ output: '```python\nprint(1)\n```\n' }));
  await press(page, 'c');
  await page.waitForSelector('.compare table');
  const unseen = (profile) =>
    page.$$eval(
      '.compare tr',
      (rows, name) =>
        rows
          .find((row) => row.querySelector('th').textContent.split(/,\s*/).includes(name))
          .querySelector('.unseen-facts')?.textContent,
      profile,
    );
  assert.equal(await unseen('torl'), 'python · ends with "\\n"');
  assert.equal(await unseen('rllm'), 'python · ends without a line feed');
});

test('bytes that are no text are no rollout', async () => {
  const page = await openPage(viewer, Buffer.from([0xff, 0xfe, 0x00, 0x80, 0x0a]), { log: 'weights.bin' });
  await page.getByText('This line is no rollout: it is not UTF-8').waitFor();
});

test('what would hide or turn a text round is visible in the list too', async () => {
  const page = await openPage(viewer, writeVerl({ input: 'user\n\u202egnitirw\u001b[31m\nassistant\n' }));
  const [preview] = await readColumn(page, 'preview');
  assert.equal(preview, '⟨U+202E⟩gnitirw␛[31m');
});

test('the page never complained', () => {
  assert.deepEqual(viewer.complaints, []);
});
