// The page in a real browser, under the headers it is served with: what a person does with it.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { servePage } from '../../scripts/page/serve.mjs';
import { launchBrowser, PATIENCE_MS } from './launch.mjs';

let browser;
let site;
let page;
const complaints = [];

before(async () => {
  [browser, site] = await Promise.all([launchBrowser(), servePage()]);
  page = await browser.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.goto(`${site.url}text.html`);
});

after(async () => {
  await browser?.close();
  await site?.close();
});

async function run(text) {
  await page.fill('#text', text);
  await page.click('#run');
  await page.waitForSelector('#status:not([data-state="running"])');
  const read = (selector) => page.textContent(selector);
  return {
    status: await read('#status'),
    observation: await read('#observation'),
    facts: await read('#facts'),
  };
}

test('the example is there and runs, sympy included', async () => {
  await page.click('#run');
  await page.waitForSelector('#status[data-state="done"]');
  // The closed form of the sum of squares, and 1 + 4 + … + 100.
  assert.equal(await page.textContent('#observation'), 'n*(n + 1)*(2*n + 1)/6\n385\n');
});

test('the blocks of the text are shown, and which of them runs', async () => {
  await page.fill('#text', '```output\n1\n```\n```python\nprint(2)\n```\n```py\nprint(3)\n');
  const blocks = await page.$$eval('#blocks li', (items) =>
    items.map((item) => [item.querySelector('p').textContent, item.dataset.runs]),
  );
  assert.deepEqual(blocks, [
    ['output · 0–15', 'false'],
    ['python · 16–38 · runs', 'true'],
    ['py · 39–54 · not closed', 'false'],
  ]);
});

test('what each framework would run is compared', async () => {
  // An untagged block is code to SandboxFusion's extractors and not to verl's retool.
  await page.fill('#text', '```\nprint(1)\n```\n');
  const isShown = () => {
    const rows = [...document.querySelectorAll('#comparison tbody tr')];
    const row = rows.find((one) => one.textContent.includes('sandbox-fusion/v1'));
    return rows.length > 2 && row?.querySelector('pre')?.textContent.trim() === 'print(1)';
  };
  await page.waitForFunction(isShown);
});

test('a failing program shows its traceback and exit code', async () => {
  const { observation, facts } = await run('```python\nprint("é")\n1/0\n```');
  assert.match(observation, /^é\nTraceback [\s\S]*ZeroDivisionError: division by zero\n$/);
  assert.match(facts, /^exit code 1 · \d+ ms$/);
});

test('JavaScript runs too', async () => {
  const { observation } = await run('```js\nconsole.log("a", { b: [1] })\n```');
  assert.equal(observation, 'a { b: [ 1 ] }\n');
});

test('a text without code says so', async () => {
  const { status, observation } = await run('prose only');
  assert.equal(status, 'There is no code to run.');
  assert.equal(observation, '');
});

test('a run can be stopped, and the next one works', async () => {
  await page.fill('#text', '```python\nwhile True: pass\n```');
  await page.click('#run');
  await page.click('#stop');
  await page.waitForSelector('#status[data-state="stopped"]');
  assert.equal((await run('```python\nprint(1)\n```')).observation, '1\n');
});

test('what a model or a program writes stays text', async () => {
  const html = '<img src=x onerror="document.title=1"><script>document.title=2</script>';
  const { observation } = await run(`\`\`\`python ${html}\nprint('''${html}''')\n\`\`\``);
  assert.equal(observation, `${html}\n`);
  assert.equal(await page.$('main img, main script'), null);
  assert.equal(await page.title(), "Fencerun: run the code in a model's output");
});

test('a program reaches nothing of the page', async () => {
  const code = [
    'for name in ("js", "pyodide_js", "ctypes"):',
    '    try: __import__(name); print(name, "is there")',
    '    except ImportError as error: print(type(error).__name__)',
    'import urllib.request',
    `try: urllib.request.urlopen("${site.url}"); print("reached")`,
    'except OSError as error: print("OSError")',
  ];
  const { observation } = await run(`\`\`\`python\n${code.join('\n')}\n\`\`\``);
  assert.equal(observation, `${'ModuleNotFoundError\n'.repeat(3)}OSError\n`);
});

test('the page never complained', () => {
  assert.deepEqual(complaints, []);
});
