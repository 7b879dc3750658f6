// The rollout viewer in a real browser, under the headers it is served with: what a person does with it.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import {
  openLog,
  openPage,
  press,
  readColumn,
  startViewer,
  untilOpen,
  untilRead,
  writeRun,
  writeVerl,
} from './viewer.mjs';

let viewer;
before(async () => {
  viewer = await startViewer();
});
after(() => viewer?.close());

/** A page that has opened a log. */
const open = (log, options) => openPage(viewer, log, options);

test('scores sort as numbers, those that are missing last', async () => {
  const scores = ['10', '9.5', '-1', '0.5', '1e-05', '2', 'NaN', 'null', '-Infinity'];
  const page = await open(scores.map((score) => writeVerl({ score })));
  await page.click('.list .head .of-score button');
  assert.deepEqual(await readColumn(page, 'score'), [
    'NaN',
    '−∞',
    '-1',
    '0.00001',
    '0.5',
    '2',
    '9.5',
    '10',
    '–',
  ]);
  await page.click('.list .head .of-score button');
  assert.deepEqual(await readColumn(page, 'score'), [
    '10',
    '9.5',
    '2',
    '0.5',
    '0.00001',
    '-1',
    '−∞',
    'NaN',
    '–',
  ]);
});

test('filters narrow the list, and clearing them brings it back', async () => {
  const page = await open([
    writeVerl({ score: 0, output: 'no code' }),
    writeVerl({ score: 0.5, output: writeRun('print(1)', '1') }),
    writeVerl({ score: 1, output: writeRun('1/0', 'ZeroDivisionError: division by zero') }),
  ]);
  const numbers = () => readColumn(page, 'row');
  await page.getByRole('button', { name: 'code: either' }).click();
  assert.deepEqual(await numbers(), ['2', '3']);
  await page.getByRole('button', { name: 'error: either' }).click();
  assert.deepEqual(await numbers(), ['3']);
  await page.getByRole('button', { name: 'error: only with' }).first().click();
  assert.deepEqual(await numbers(), ['2']);
  await page.getByRole('button', { name: 'clear' }).click();
  await page.getByLabel('score at least').fill('0.5');
  assert.deepEqual(await numbers(), ['2', '3']);
  await page.getByLabel('score at most').fill('0.9');
  assert.deepEqual(await numbers(), ['2']);
});

/** Presses the key that chooses columns, and waits until the first choice has the focus. */
async function chooseColumns(page) {
  await press(page, 'C');
  await page.waitForFunction(() => document.activeElement?.matches('.columns-choice button'));
}

test('a number of the log beside its score gets a column, which sorts and filters as numbers', async () => {
  // As a reward function returns them, and as texts, as older versions of verl wrote numbers of numpy.
  const page = await open([
    writeVerl({ acc: 10 }),
    writeVerl({ acc: '9.5' }),
    writeVerl({ acc: -2, parts: { format: 0.25 } }),
    writeVerl({}),
    writeVerl({ acc: true, pred: 'x' }),
  ]);
  await chooseColumns(page);
  const choices = await page.$$eval('.columns-choice button', (buttons) =>
    buttons.map((one) => one.textContent),
  );
  assert.deepEqual(choices, ['acc', 'parts.format']);
  await press(page, 'Enter');
  const column = () => readColumn(page, 'extra');
  assert.deepEqual(await column(), ['10', '9.5', '-2', '–', '1']);
  const head = page.getByRole('columnheader', { name: 'acc' });
  await head.getByRole('button').click();
  assert.deepEqual(await column(), ['-2', '1', '9.5', '10', '–']);
  await head.getByRole('button').click();
  assert.deepEqual(await column(), ['10', '9.5', '1', '-2', '–']);
  assert.equal(await head.getAttribute('aria-sort'), 'descending');
  await page.getByLabel('acc at least').fill('1');
  await page.getByLabel('acc at most').fill('9.5');
  assert.deepEqual(await readColumn(page, 'row'), ['2', '5']);
});

test('the columns that were chosen are there again, and taking one away shows all', async () => {
  const log = writeVerl({ acc: 1 }) + writeVerl({ acc: 0 });
  const page = await open(log);
  await chooseColumns(page);
  await press(page, 'Enter');
  await page.reload();
  await openLog(page, log);
  assert.deepEqual(await readColumn(page, 'extra'), ['1', '0']);
  await page.getByLabel('acc at least').fill('1');
  assert.deepEqual(await readColumn(page, 'row'), ['1']);
  await press(page, 'Escape');
  await chooseColumns(page);
  await press(page, 'Enter');
  assert.deepEqual(await readColumn(page, 'row'), ['1', '2']);
  assert.equal(await page.$('.list .of-extra'), null);
});

test('search finds texts as they read, not as they stand in JSON, and marks them', async () => {
  const page = await open([
    writeVerl({ output: 'a "quoted"\nline' }),
    writeVerl({ output: 'nothing' }),
    writeVerl({ output: 'größe' }),
  ]);
  const search = async (text, rows) => {
    await page.fill('[name="search"]', text);
    await page.waitForFunction((wanted) => {
      const found = document.querySelector('.search .facts')?.textContent;
      return found === `${wanted} found`;
    }, rows.length);
    assert.deepEqual(await readColumn(page, 'row'), rows);
  };
  await search('"quoted"', ['1']);
  assert.equal(await page.textContent('.pane mark'), '"quoted"');
  await search('GRÖSSE', []);
  await search('GRÖßE', ['3']);
  await page.click('.search .toggle');
  await search('quoted"\\nl|noth', ['1', '2']);
  await page.fill('[name="search"]', '(');
  await page.waitForSelector('[name="search"][aria-invalid="true"]');
});

test('what is typed right after the switch is searched for as it says', async () => {
  const page = await open([writeVerl({ output: 'a1' }), writeVerl({ output: 'b' })]);
  await page.evaluate(() => {
    const box = document.querySelector('[name="search"]');
    document.querySelector('.search .toggle').click();
    box.value = '[0-9]\\b|a.$';
    box.dispatchEvent(new Event('input', { bubbles: true }));
  });
  await page.waitForFunction(() => document.querySelector('.search .facts')?.textContent === '1 found');
  assert.equal(await page.getAttribute('.search .toggle', 'aria-pressed'), 'true');
});

test('the places that were found are gone through by key', async () => {
  const page = await open(writeVerl({ input: 'user\nq\nassistant\n', output: 'first word\n\nsecond word' }));
  await page.fill('[name="search"]', 'word');
  await page.waitForSelector('.pane mark:nth-of-type(1)');
  await press(page, 'Escape ]');
  const current = () =>
    page.$$eval('.pane mark', (marks) => marks.map((mark) => mark.classList.contains('current')));
  assert.deepEqual(await current(), [true, false]);
  await press(page, ']');
  assert.deepEqual(await current(), [false, true]);
  await press(page, ']');
  assert.deepEqual(await current(), [true, false]);
  await press(page, '[');
  assert.deepEqual(await current(), [false, true]);
});

test('the filters can be put away', async () => {
  const page = await open(writeVerl({}));
  await press(page, 'F');
  assert.equal(await page.$('.filters'), null);
  await press(page, 'f');
  await page.waitForFunction(() => document.querySelector('.filters button') === document.activeElement);
});

test('a link to what is open is copied', async () => {
  const page = await open(writeVerl({}) + writeVerl({}), {
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  await press(page, 'j');
  await untilOpen(page, 2);
  await press(page, 'y');
  await page.getByText('the link is copied').waitFor();
  assert.match(await page.evaluate(() => navigator.clipboard.readText()), /#rollout=2&step=1$/);
});

test('a step runs, and its observation is compared with the recorded one', async () => {
  const page = await open(
    writeVerl({ output: writeRun('print(6 * 7)', '42') }) +
      writeVerl({ output: writeRun('print(1)\nprint(2)', '1\n3') }),
  );
  await press(page, 'r');
  await page.waitForSelector('.observation.same');
  assert.match(await page.textContent('.observation.same'), /the same as recorded *exit code 0/);
  await press(page, 'j');
  await untilOpen(page, 2);
  await press(page, 'r');
  await page.waitForSelector('.observation.differs');
  const lines = await page.$$eval('.diff span', (spans) =>
    spans.map((span) => [span.className, span.textContent]),
  );
  assert.deepEqual(lines, [
    ['kept', '  1\n'],
    ['removed', '− 3\n'],
    ['added', '+ 2\n'],
  ]);
});

test('code can be edited and run again', async () => {
  const page = await open(writeVerl({ output: writeRun('def f(): print(1)\nf()', '1') }));
  await press(page, 'e');
  const editor = page.locator('.editor .cm-content');
  await editor.waitFor();
  await page.keyboard.press('Control+a');
  await page.keyboard.insertText('print("edited", 2)');
  await page.keyboard.press('Control+Enter');
  await page.waitForSelector('.observation.differs');
  assert.match(await page.textContent('.observation.differs'), /edited code/);
  assert.match(await page.textContent('.diff .added'), /edited 2/);
});

test('one key replays all that is shown, and the differing one is a key away', async () => {
  const page = await open([
    writeVerl({ output: writeRun('print(1)', '1') }),
    writeVerl({ output: writeRun('print(2)', '3') }),
    writeVerl({ output: 'prose' }),
    writeVerl({ output: '```python\nprint(4)\n```' }),
  ]);
  await press(page, 'A');
  await page.waitForSelector('.replay[data-state="done"]');
  assert.match(
    await page.textContent('.replay'),
    /^done: 4 rollouts, 3 programs · identical 1 of 2 · 1 differ · nothing recorded for 1/,
  );
  await press(page, 'D');
  await untilOpen(page, 2);
  await page.waitForSelector('.diff .added');
  await page.getByRole('button', { name: 'show only these' }).click();
  assert.deepEqual(await readColumn(page, 'row'), ['2']);
});

test('a replay can be paused and stopped', async () => {
  const page = await open(
    // More than could run before it is stopped.
    Array.from({ length: 500 }, () => writeVerl({ output: writeRun('import time\ntime.sleep(0.2)', '') })),
  );
  await press(page, 'A');
  await page.waitForSelector('.replay[data-state="running"]');
  await press(page, 'Space');
  await page.waitForSelector('.replay[data-state="paused"]');
  await press(page, 'Space');
  await page.waitForSelector('.replay[data-state="running"]');
  await press(page, 'x');
  await page.waitForSelector('.replay[data-state="stopped"]');
});

test('a link leads to a rollout and a step, and follows what is chosen', async () => {
  const page = await viewer.newPage();
  await page.goto(`${viewer.site.url}?open=samples/fences.jsonl#rollout=2&step=2`);
  await untilOpen(page, 2);
  assert.match(await page.textContent('.pane dl'), /2 of \d/);
  await press(page, 'j');
  await page.waitForFunction(() => location.hash === '#rollout=3&step=1');
  // The page may write its address between the change and the event that tells it of the change.
  await page.evaluate(() => {
    location.hash = '#rollout=1&step=1';
    history.replaceState(null, '', '#rollout=3&step=1');
  });
  await untilOpen(page, 1);
  await page.waitForFunction(() => location.hash === '#rollout=1&step=1');
});

test('the rollouts of one prompt stand side by side', async () => {
  const page = await open([
    writeVerl({ input: 'user\nA\nassistant\n', output: 'first' }),
    writeVerl({ input: 'user\nB\nassistant\n', output: 'other' }),
    writeVerl({ input: 'user\nA\nassistant\n', output: 'second' }),
  ]);
  await press(page, 'b');
  await page.waitForSelector('.columns .column');
  const columns = await page.$$eval('.columns .column', (all) =>
    all.map((one) => one.querySelector('.prose').textContent.trim()),
  );
  assert.deepEqual(columns, ['first', 'second']);
  await page.getByRole('button', { name: 'only these in the list' }).click();
  assert.deepEqual(await readColumn(page, 'row'), ['1', '3']);
});

test('what each framework would run is shown for the step', async () => {
  // An untagged block is code to SandboxFusion's extractors and not to verl's retool.
  const page = await open(writeVerl({ output: '```\nprint(1)\n```\n' }));
  await press(page, 'c');
  await page.waitForSelector('.compare table');
  const rows = await page.$$eval('.compare tr', (all) =>
    all.map((row) => [row.querySelector('th').textContent, row.querySelector('td').textContent]),
  );
  const of = (profile) => rows.find(([names]) => names.split(', ').includes(profile))[1];
  assert.match(of('sandbox-fusion/v1'), /print\(1\)/);
  assert.notEqual(of('verl/retool'), of('sandbox-fusion/v1'));
});

test('the raw text shows what a profile reads as code', async () => {
  const page = await open(writeVerl({ output: 'see\n```python\nprint(1)\n```\nend' }));
  await press(page, 'v');
  await page.waitForSelector('.step .raw');
  assert.equal(await page.textContent('.step .raw'), 'see\n```python\nprint(1)\n```\nend');
  assert.equal(await page.textContent('.step .raw .span'), 'print(1)\n');
});

/** Waits until a note is in the database of the browser. */
const untilKept = (page, note) =>
  page.waitForFunction(
    (wanted) =>
      new Promise((resolve) => {
        const opening = indexedDB.open('fencerun-viewer');
        opening.onsuccess = () => {
          const all = opening.result.transaction('annotations').objectStore('annotations').getAll();
          all.onsuccess = () => {
            opening.result.close();
            resolve(all.result.some((one) => one.note === wanted));
          };
        };
      }),
    note,
  );

test('an annotation is there after a reload, and comes back from every export', async () => {
  const log = writeVerl({ output: 'a' }) + writeVerl({ output: 'b' });
  const page = await open(log);
  await press(page, 'j');
  await untilOpen(page, 2);
  await press(page, '4');
  await page.waitForSelector('.star.set:nth-child(4)');
  await press(page, 'l');
  await page.keyboard.type('odd "one"');
  await press(page, 'Enter Escape m');
  await page.keyboard.type('first\u2028ünd');
  await press(page, 'Tab');
  await untilKept(page, 'first\u2028ünd');
  await page.reload();
  await openLog(page, log);
  await page.waitForSelector('.list .badge.note');
  await press(page, 'E');
  const exported = {};
  for (const name of ['annotations.jsonl', 'annotations.argilla.json', 'annotations.label-studio.json']) {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name, exact: true }).click(),
    ]);
    exported[name] = readFileSync(await download.path(), 'utf8');
  }
  const [kept] = exported['annotations.jsonl'].trim().split('\n').map(JSON.parse);
  assert.deepEqual(
    { ...kept, fingerprint: '', changed: '' },
    {
      file: 'rollouts.jsonl',
      line: 2,
      step: null,
      labels: ['odd "one"'],
      rating: 4,
      note: 'first\u2028ünd',
      fingerprint: '',
      changed: '',
    },
  );
  for (const [name, text] of Object.entries(exported)) {
    const other = await open(log);
    await press(other, 'E');
    await other.setInputFiles('dialog input[type="file"]', {
      name,
      mimeType: 'application/json',
      buffer: Buffer.from(text),
    });
    await other.getByText('1 annotation read').waitFor();
    const [download] = await Promise.all([
      other.waitForEvent('download'),
      other.getByRole('button', { name: 'annotations.jsonl', exact: true }).click(),
    ]);
    assert.equal(readFileSync(await download.path(), 'utf8'), exported['annotations.jsonl'], name);
  }
});

test('what a model writes never becomes active', async () => {
  const hostile = [
    '<script>document.title = "hacked"</script>',
    '<img src=x onerror="document.title=\'hacked\'">',
    '[click](javascript:document.title="hacked") <svg/onload=document.title="hacked">',
    '![picture](https://example.org/tracker.png)',
    '\u001b[31mred\u001b[0m \u202egnitirw\u202c \u0000',
  ];
  const page = await open(writeVerl({ input: hostile.join('\n\n'), output: hostile.join('\n\n') }));
  assert.equal(await page.$('.pane script, .pane img, .pane svg, .pane iframe'), null);
  assert.deepEqual(
    await page.$$eval('.pane a', (links) => [...new Set(links.map((link) => link.protocol))]),
    ['https:'],
  );
  const text = await page.textContent('.pane .scroll');
  assert.match(text, /<script>document\.title = "hacked"<\/script>/);
  assert.match(text, /␛\[31mred␛\[0m ⟨U\+202E⟩gnitirw⟨U\+202C⟩ ␀/);
  await page.mouse.click(700, 300);
  assert.equal(await page.title(), 'Fencerun: rollouts');
});

test('a line of 10 MB is read and shown, and the page goes on', async () => {
  const page = await open(writeVerl({ output: 'x'.repeat(10_000_000) }) + writeVerl({ output: 'small' }));
  await page.waitForFunction(() => document.querySelector('.step')?.textContent.length >= 10_000_000);
  await press(page, 'j');
  await untilOpen(page, 2);
  assert.equal((await page.textContent('.step .prose')).trim(), 'small');
});

test('a line that is no rollout is shown with the reason', async () => {
  const page = await open(
    `${writeVerl({ output: 'a' })}{"output": "half\n{"other": 1}\n${writeVerl({ output: 'b' })}`,
  );
  assert.deepEqual(await readColumn(page, 'row'), ['1', '2', '3', '4']);
  await press(page, 'j');
  await untilOpen(page, 2);
  assert.match(await page.textContent('.unreadable [role="alert"]'), /^This line is no rollout: not JSON/);
  assert.equal(await page.textContent('.unreadable pre'), '{"output": "half');
});

test('turns stand under their roles, and an answer of a tool with its code', async () => {
  const call = { id: 'c', type: 'function', function: { name: 'python', arguments: '{"code": "print(1)"}' } };
  const look = { id: 'd', type: 'function', function: { name: 'search', arguments: '{"query": "pi"}' } };
  const page = await open(
    `${JSON.stringify({
      messages: [
        { role: 'system', content: 'be brief' },
        { role: 'user', content: 'count' },
        { role: 'assistant', content: 'I run it.', tool_calls: [call] },
        { role: 'tool', tool_call_id: 'c', content: '1' },
        { role: 'user', content: 'and now look' },
        { role: 'assistant', content: 'I look.', tool_calls: [look] },
      ],
    })}\n`,
  );
  await untilOpen(page, 1);
  const roles = await page.$$eval('.turn .role', (all) => all.map((one) => one.textContent));
  assert.deepEqual(roles, ['system', 'user', 'user']);
  assert.equal((await page.textContent('[role="row"] .of-preview[role="cell"]')).trim(), 'count');
  assert.equal((await page.textContent('.step .observation.recorded pre')).trim(), '1');
  assert.match(await page.textContent('.step .card.runs'), /print\(1\)/);
  assert.match(await page.textContent('.step .card:not(.runs)'), /search.*query.*pi/s);
});

test('what else the log has is a table of fields', async () => {
  const page = await open(writeVerl({ uid: 'a_0_1', acc: true, reward_extra: { format: 0.5 }, note: '<b>' }));
  await untilOpen(page, 1);
  await page.click('.fields summary');
  const rows = await page.$$eval('.fields tr', (all) =>
    all.map((row) => [row.querySelector('th').textContent, row.querySelector('td').textContent]),
  );
  assert.deepEqual(rows, [
    ['format', 'verl'],
    ['id', 'a_0_1'],
    ['task', 'a'],
    ['acc', 'true'],
    ['reward_extra', '{"format": 0.5}'],
    ['note', '<b>'],
  ]);
});

test('rollouts of one uid are a group', async () => {
  const page = await open([
    writeVerl({ uid: 'a_0_0', output: 'first' }),
    writeVerl({ uid: 'b_0_0', output: 'other' }),
    writeVerl({ uid: 'a_0_1', output: 'second' }),
  ]);
  await press(page, 'b');
  await page.waitForSelector('.columns .column:nth-child(2)');
  const columns = await page.$$eval('.columns .column', (all) =>
    all.map((one) => one.querySelector('.prose').textContent.trim()),
  );
  assert.deepEqual(columns, ['first', 'second']);
});

/** Two sessions as Hugging Face's traces have them, the second of which says `found it`. */
const sessions = [
  { type: 'session', harness: 'h', id: 's' },
  { type: 'message', message: { role: 'user', content: 'q' } },
  { type: 'message', message: { role: 'assistant', content: 'lost' } },
  { type: 'session', harness: 'h', id: 't' },
  { type: 'message', message: { role: 'user', content: 'q' } },
  { type: 'message', message: { role: 'assistant', content: 'found it' } },
]
  .map((line) => `${JSON.stringify(line)}\n`)
  .join('');

const trajectory = {
  schema_version: 'ATIF-v1.4',
  session_id: 's',
  agent: { name: 'a', version: '1' },
  steps: [
    { step_id: 1, source: 'user', message: 'q' },
    { step_id: 2, source: 'agent', message: 'found it' },
  ],
};

for (const [name, file, text, count, row] of [
  ['sessions of several lines', 'sessions.jsonl', sessions, 2, 2],
  ['a document of one rollout', 'atif.json', JSON.stringify(trajectory, null, 2), 1, 1],
  [
    'a document of several rollouts',
    'rows.json',
    JSON.stringify([{ output: '1' }, { output: 'found it' }], null, 2),
    2,
    2,
  ],
  ['a text', 'answer.txt', 'It says:\n\n```python\nprint("found it")\n```\n', 1, 1],
]) {
  test(`${name} can be opened and searched`, async () => {
    const page = await viewer.newPage();
    await page.goto(viewer.site.url);
    await openLog(page, text, file);
    assert.equal((await readColumn(page, 'row')).length, count);
    await page.fill('[name="search"]', 'found it');
    await page.getByText('1 found').waitFor();
    assert.deepEqual(await readColumn(page, 'row'), [String(row)]);
    await page.click('.list .body');
    await untilOpen(page, row);
    assert.equal(await page.textContent('.pane .step mark'), 'found it');
  });
}

test('text can be pasted and files dropped', async () => {
  const page = await open();
  await page.evaluate(
    (text) => {
      const data = new DataTransfer();
      data.setData('text/plain', text);
      document
        .querySelector('.viewer')
        .dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true }));
    },
    writeVerl({ output: 'pasted' }),
  );
  await untilRead(page);
  await untilOpen(page, 1);
  assert.equal((await page.textContent('.step .prose')).trim(), 'pasted');
  await page.evaluate(
    (text) => {
      const data = new DataTransfer();
      data.items.add(new File([text], 'dropped.jsonl'));
      document
        .querySelector('.viewer')
        .dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
    },
    writeVerl({ output: 'dropped' }),
  );
  await page.getByText('dropped.jsonl · 1 rollout').waitFor();
});

test('only the rows in sight exist, however long the list', async () => {
  const page = await open(Array.from({ length: 20_000 }, (_, index) => writeVerl({ output: String(index) })));
  await page.getByText('20,000 of 20,000').waitFor();
  assert.ok((await page.$$('.list .body')).length < 60);
  await press(page, 'G');
  await untilOpen(page, '20,000');
  await page.waitForSelector('.list .body[data-row="19999"]');
});

test('a click on a bar of a plot filters the list', async () => {
  const page = await open([writeVerl({ score: 0 }), writeVerl({ score: 0 }), writeVerl({ score: 1 })]);
  await press(page, 'P');
  // Of the three bars of the scores that there could be, two are there: the left half is that of 0.
  const plot = page.locator('.plots .u-over').first();
  const { width, height } = await plot.boundingBox();
  await plot.click({ position: { x: width / 4, y: height / 2 } });
  assert.deepEqual(await readColumn(page, 'row'), ['1', '2']);
});

test('the bars of a plot are a list too, and each shows as many rollouts as it says', async () => {
  const texts = Array.from({ length: 60 }, (_, length) => 'x'.repeat(7 * length));
  const page = await open(texts.map((output) => writeVerl({ output })));
  await press(page, 'P');
  const bars = page.locator('.bars').last();
  await bars.locator('summary').click();
  const names = await bars.getByRole('button').allTextContents();
  const counts = names.map((name) => Number(/: (\d+) rollouts?$/.exec(name)[1]));
  assert.equal(
    counts.reduce((sum, count) => sum + count),
    texts.length,
  );
  await bars.getByRole('button').nth(1).click();
  await page.getByText(`${counts[1]} of ${texts.length}`).waitFor();
});

test('without training steps the plots say how many rollouts have an error', async () => {
  const fails = writeRun('1/0', 'ZeroDivisionError: division by zero');
  const page = await open([
    writeVerl({ step: null, output: fails }),
    writeVerl({ step: null, output: 'prose' }),
  ]);
  await press(page, 'P');
  await page.getByRole('button', { name: 'error: 1 of 2 rollouts (50 %)' }).click();
  assert.deepEqual(await readColumn(page, 'row'), ['1']);
});

test('the theme and the width of the list are remembered', async () => {
  const page = await open(writeVerl({}));
  await press(page, 't');
  const theme = await page.getAttribute('.viewer', 'data-theme');
  await page.reload();
  assert.equal(await page.getAttribute('.viewer[data-theme]', 'data-theme'), theme);
});

test('the page works without a network once it has been loaded', async () => {
  const page = await open();
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.reload();
  await page.context().setOffline(true);
  await page.reload();
  await openLog(page, writeVerl({ output: 'offline' }));
  await untilOpen(page, 1);
  await press(page, 'P');
  await page.locator('.plots canvas').first().waitFor();
});

for (const theme of ['light', 'dark']) {
  test(`nothing stands in the way of assistive technology, ${theme}`, async () => {
    const page = await open(
      writeVerl({ output: `# Title\n\n${writeRun('print(1)', '2')}\n\n| a |\n|---|\n| b |` }),
      { colorScheme: theme },
    );
    await page.evaluate(readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'));
    const check = async () => {
      const { violations } = await page.evaluate(() => window.axe.run());
      return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`);
    };
    assert.deepEqual(await check(), []);
    await press(page, 'r');
    await page.waitForSelector('.observation.differs');
    await press(page, 'c');
    assert.deepEqual(await check(), []);
    for (const key of ['?', 'P', 'E', ',']) {
      await press(page, key);
      await page.waitForSelector('dialog[open]');
      assert.deepEqual(await check(), [], key);
      await press(page, 'Escape');
      // A dialog that is being closed still takes the keys.
      await page.waitForSelector('dialog', { state: 'detached' });
    }
  });
}

test('the page never complained', () => {
  assert.deepEqual(viewer.complaints, []);
});
