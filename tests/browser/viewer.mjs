// A page with the viewer open, and rollouts to open in it.

import { servePage } from '../../scripts/page/serve.mjs';
import { launchBrowser, PATIENCE_MS } from './launch.mjs';

/** A browser, a server of the page with these options, and what the page complained of. */
export async function startViewer(options) {
  const [browser, site] = await Promise.all([launchBrowser(), servePage(options)]);
  const complaints = [];
  const contexts = [];
  return {
    site,
    complaints,
    /** A page of a person of its own: nothing is remembered from the others. */
    async newPage(options = {}) {
      const context = await browser.newContext({ viewport: { width: 1366, height: 768 }, ...options });
      contexts.push(context);
      context.setDefaultTimeout(PATIENCE_MS);
      const page = await context.newPage();
      page.on('console', (message) => {
        if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
      });
      page.on('pageerror', (error) => complaints.push(String(error)));
      return page;
    },
    async close() {
      // One that is closed already stays so.
      for (const context of contexts) await context.close();
      await browser.close();
      await site.close();
    },
  };
}

/** A page that has opened a log, `log` by name: a text, bytes, or lines. */
export async function openPage(viewer, content, { log, ...options } = {}) {
  const page = await viewer.newPage(options);
  await page.goto(viewer.site.url);
  await page.waitForSelector('[name="open-files"]');
  if (content !== undefined && content !== null)
    await openLog(page, Array.isArray(content) ? content.join('') : content, log);
  return page;
}

/** Presses keys one after the other. */
export async function press(page, keys) {
  for (const key of keys.split(' ')) await page.keyboard.press(key);
}

/** Waits until the rollout of a row, from 1, is open and has been read. */
export const untilOpen = (page, row) =>
  page.waitForFunction(
    (wanted) =>
      document.querySelector('.pane:not([aria-busy="true"]) h2')?.firstChild?.nextSibling?.textContent ===
      wanted,
    String(row),
  );

/** Opens a log by the file chooser and waits until it has been read. */
export async function openLog(page, text, name = 'rollouts.jsonl') {
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.click('[name="open-files"]')]);
  await chooser.setFiles({ name, mimeType: 'application/jsonl', buffer: Buffer.from(text) });
  await untilRead(page);
}

/** Waits until what was opened has been read, and its first rollout is open. */
export async function untilRead(page) {
  await page.waitForFunction(() => {
    const bar = document.querySelector('.bar .facts')?.textContent ?? '';
    if (bar === '' || bar.includes('reading')) return false;
    if (/ 0 rollouts/.test(bar)) return true;
    return document.querySelector('.list .body') && document.querySelector('.pane[aria-busy="false"]');
  });
}

/** What stands in a column of the list, in its order. */
export function readColumn(page, column) {
  return page.$$eval(`.list .body .of-${column}`, (cells) =>
    cells
      .map((cell) => [Number(cell.parentElement.getAttribute('aria-rowindex')), cell.textContent])
      .sort((left, right) => left[0] - right[0])
      .map(([, text]) => text),
  );
}

/** A line of verl's dump. Numbers that JSON cannot write are put in as Python does. */
export function writeVerl({ input = 'user\nq\nassistant\n', output = '', score = 1, step = 1, ...rest }) {
  const line = JSON.stringify({ input, output, gts: null, score: '@score', step, ...rest });
  return `${line.replace('"@score"', String(score))}\n`;
}

/** What a model writes that runs code and has the observation in its text. */
export function writeRun(code, observation) {
  return `\`\`\`python\n${code}\n\`\`\`\n\`\`\`output\n${observation}\n\`\`\`\nDone.`;
}
