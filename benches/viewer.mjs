// The viewer on a large log, in a real browser: the first rows, the index, scrolling, memory. `npm run bench:viewer`.
//
// FENCERUN_BENCH_MB sets the size of the log, 1000 by default; its rollouts are some 5 kB long. It is made once in the folder for
// temporary files.

import { createWriteStream, existsSync, readdirSync, readFileSync, renameSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { servePage } from '../scripts/page/serve.mjs';
import { launchBrowser } from '../tests/browser/launch.mjs';
import { makeText } from './texts.mjs';

const megabytes = Number(process.env.FENCERUN_BENCH_MB ?? 1000);
/** How long the list is scrolled, in frames. */
const FRAMES = 300;

/** A log of verl with rollouts as models write them, 64 of them over and over with other scores and prompts. */
async function makeLog(path, bytes) {
  const texts = Array.from({ length: 64 }, (_, seed) => {
    const text = makeText(seed % 8 === 7 ? 'multilingual' : 'ascii', 4500, seed + 1);
    return `${text}\n\`\`\`output\n${seed * 17}\n\`\`\`\nThe answer is ${seed * 17}.`;
  });
  const unfinished = `${path}.part`;
  const file = createWriteStream(unfinished);
  let written = 0;
  for (let index = 0; written < bytes; index += 1) {
    const input = `user\nTask ${index >> 3}: how many are there below ${index * 7}?\nassistant\n`;
    const line = `${JSON.stringify({ input, output: texts[index % 64], gts: null, score: (index % 11) / 10, step: index >> 10 })}\n`;
    written += Buffer.byteLength(line);
    if (!file.write(line)) await new Promise((resolve) => file.once('drain', resolve));
  }
  file.end();
  await finished(file);
  renameSync(unfinished, path);
}

/** The memory that the processes of a browser hold together, in megabytes: each one's own part of what is shared. */
function measureMemory(pid) {
  const parents = new Map();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const status = readFileSync(`/proc/${name}/status`, 'utf8');
      parents.set(Number(name), Number(/^PPid:\s+(\d+)/m.exec(status)?.[1]));
    } catch {
      // It has ended.
    }
  }
  const isOurs = (one) => one === pid || (parents.has(one) && isOurs(parents.get(one)));
  let kilobytes = 0;
  for (const one of parents.keys()) {
    if (!isOurs(one)) continue;
    try {
      const commandLine = readFileSync(`/proc/${one}/cmdline`, 'utf8');
      if (!commandLine.includes('--type=renderer')) continue;
      kilobytes += Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${one}/smaps_rollup`, 'utf8'))?.[1] ?? 0);
    } catch {
      // It has ended.
    }
  }
  return kilobytes / 1000;
}

const path = join(tmpdir(), `fencerun-bench-${megabytes}.jsonl`);
if (!existsSync(path)) await makeLog(path, megabytes * 1e6);
const { size } = statSync(path);
const [browser, site] = await Promise.all([launchBrowser(), servePage()]);
try {
  const page = await browser.newPage({ viewport: { width: 1366, height: 768 } });
  await page.goto(site.url);
  await page.waitForSelector('[name="open-files"]');
  await page.evaluate(() => {
    window.times = {};
    document.querySelector('input[type="file"]').addEventListener('change', () => {
      window.times.opened = performance.now();
    });
    new MutationObserver(() => {
      if (!window.times.opened) return;
      const rows = document.querySelectorAll('.list .body').length;
      if (rows > 0) window.times.first ??= performance.now();
      const bar = document.querySelector('.bar .facts')?.textContent ?? '';
      if (rows > 0 && !bar.includes('reading')) window.times.indexed ??= performance.now();
    }).observe(document.body, { childList: true, subtree: true, characterData: true });
  });
  let peak = 0;
  const memory = setInterval(() => {
    peak = Math.max(peak, measureMemory(process.pid));
  }, 250);
  await page.setInputFiles('input[type="file"]', path);
  await page.waitForFunction(() => window.times.indexed !== undefined, undefined, {
    timeout: 600_000,
    polling: 200,
  });
  const times = await page.evaluate(() => window.times);
  const rollouts = await page.getAttribute('.list', 'aria-rowcount');
  // A frame's work runs from its beginning, which its time stamp tells, to the first task behind its drawing.
  const scroll = (frames, step) =>
    page.evaluate(
      ([count, pixels]) =>
        new Promise((resolve) => {
          const list = document.querySelector('.list .scroll');
          const [spans, work] = [[], []];
          const { port1, port2 } = new MessageChannel();
          let last;
          port1.onmessage = ({ data }) => work.push(performance.now() - data);
          const tick = (now) => {
            if (last !== undefined) spans.push(now - last);
            last = now;
            if (spans.length === count) return resolve({ spans, work });
            list.scrollTop += pixels;
            port2.postMessage(now);
            requestAnimationFrame(tick);
          };
          requestAnimationFrame(tick);
        }),
      [frames, step],
    );
  const slow = await scroll(FRAMES, 90);
  const fast = await scroll(FRAMES, 9000);
  const searched = performance.now();
  await page.fill('[name="search"]', 'The answer is 1071.');
  await page.waitForFunction(
    () => /found$/.test(document.querySelector('.search .facts')?.textContent ?? ''),
    undefined,
    {
      timeout: 600_000,
      polling: 200,
    },
  );
  const searchSeconds = (performance.now() - searched) / 1000;
  clearInterval(memory);
  const percentile = (spans, share) => {
    const sorted = [...spans].sort((left, right) => left - right);
    return `${sorted[Math.floor(sorted.length * share)].toFixed(1)} ms`;
  };
  const describe = ({ spans, work }) => {
    // A screen of 60 Hz shows one every 16.7 ms.
    const missed = spans.filter((span) => span > 25).length;
    return `${percentile(work, 0.5)}, 95th percentile ${percentile(work, 0.95)}; ${missed} of ${spans.length} missed`;
  };
  const indexSeconds = (times.indexed - times.opened) / 1000;
  const rows = [
    ['rollouts', `${Number(rollouts) - 1} in ${(size / 1e6).toFixed(0)} MB`],
    ['first rows', `${(times.first - times.opened).toFixed(0)} ms`],
    ['index', `${indexSeconds.toFixed(2)} s, ${(size / 1e6 / indexSeconds).toFixed(0)} MB/s`],
    ['work of a frame, slow scrolling', describe(slow)],
    ['work of a frame, fast scrolling', describe(fast)],
    [
      'search through everything',
      `${searchSeconds.toFixed(2)} s, ${(size / 1e6 / searchSeconds).toFixed(0)} MB/s`,
    ],
    ['memory of the page and its workers, peak', `${peak.toFixed(0)} MB`],
  ];
  for (const [name, value] of rows) process.stdout.write(`${name.padEnd(42)} ${value}\n`);
} finally {
  await browser.close();
  await site.close();
}
