// The page: text in, blocks and observation out. The core and the sandbox do the work; here is
// only what a person sees. Everything that a model or a program wrote goes in as text.

import { CodeTool, compareProfiles, EmbeddedClient, extract, RunError, select } from '/pkg/dist/index.js';
import { createSandbox } from '/sandbox/browser.js';

const EXAMPLE = `The sum of the first squares, checked by a program:

\`\`\`python
from sympy import symbols, summation, factor

k, n = symbols('k n')
print(factor(summation(k**2, (k, 1, n))))
print(sum(i**2 for i in range(1, 11)))
\`\`\`
`;

/** @param {string} id */
const find = (id) => {
  const element = document.getElementById(id);
  if (!element) throw new Error(`the page has no #${id}`);
  return element;
};

const text = /** @type {HTMLTextAreaElement} */ (find('text'));
const runButton = /** @type {HTMLButtonElement} */ (find('run'));
const stopButton = /** @type {HTMLButtonElement} */ (find('stop'));
const timeout = /** @type {HTMLInputElement} */ (find('timeout'));
const status = find('status');

const sandbox = new EmbeddedClient(() => createSandbox());
/** @type {AbortController | undefined} */
let running;

function showBlocks() {
  const blocks = extract(text.value);
  const chosen = select(blocks, { languages: sandbox.languages })[0]?.blocks[0];
  find('count').textContent = blocks.length === 0 ? '' : String(blocks.length);
  find('empty').hidden = blocks.length > 0;
  find('blocks').replaceChildren(...blocks.map((block) => showBlock(block, block === chosen)));
}

/**
 * @param {import('../js/src/types.js').Block} block
 * @param {boolean} runs
 */
function showBlock(block, runs) {
  const { start, end } = block.span;
  const facts = [block.info || 'untagged', `${start}–${end}`];
  if (!block.closed) facts.push('not closed');
  if (runs) facts.push('runs');
  const item = document.createElement('li');
  item.dataset.runs = String(runs);
  const title = document.createElement('p');
  title.textContent = facts.join(' · ');
  const code = document.createElement('pre');
  code.textContent = block.code;
  item.append(title, code);
  return item;
}

function showComparison() {
  const answers = compareProfiles(text.value);
  find('answers').textContent = answers.length === 1 ? '' : `${answers.length} different answers`;
  find('comparison')
    .querySelector('tbody')
    ?.replaceChildren(...answers.map(showAnswer));
}

/** @param {import('../js/src/compare.js').Comparison} answer */
function showAnswer({ profiles, extracted }) {
  const { programs, reply, raised } = extracted;
  const nothing = raised ? `raises ${raised.type}` : `nothing${reply?.trim() ? `: ${reply.trim()}` : ''}`;
  const row = document.createElement('tr');
  const languages = new Set(programs.map(({ language }) => language ?? '–'));
  const code = programs.length === 0 ? nothing : programs.map((program) => program.code).join('\n\n');
  for (const [cell, isCode] of [
    [profiles.join(', ')],
    [[...languages].join(', ')],
    [code, programs.length > 0],
  ]) {
    const data = row.insertCell();
    const holder = isCode ? data.appendChild(document.createElement('pre')) : data;
    holder.textContent = cell;
  }
  return row;
}

/** Comparing takes longer than a keystroke may, so it waits for a pause in typing. */
const COMPARE_AFTER_MS = 150;
let comparison = 0;

function showText() {
  showBlocks();
  clearTimeout(comparison);
  comparison = setTimeout(showComparison, COMPARE_AFTER_MS);
}

async function run() {
  if (running) return;
  running = new AbortController();
  runButton.disabled = true;
  stopButton.disabled = false;
  find('observation').textContent = '';
  find('facts').textContent = '';
  status.dataset.state = 'running';
  status.textContent = 'Running…';
  try {
    await execute(running.signal);
  } catch (thrown) {
    const stopped = running.signal.aborted;
    status.dataset.state = stopped ? 'stopped' : 'failed';
    status.textContent = stopped ? 'Stopped.' : describe(thrown);
  } finally {
    running = undefined;
    runButton.disabled = false;
    stopButton.disabled = true;
  }
}

/** @param {AbortSignal} signal */
async function execute(signal) {
  const runTimeoutMs = timeout.valueAsNumber * 1000;
  const tool = new CodeTool({ sandbox, request: { runTimeoutMs } });
  const { result, observation } = await tool.execute(text.value, { signal });
  status.dataset.state = 'done';
  if (!result?.run || !observation) {
    status.textContent = 'There is no code to run.';
    return;
  }
  status.textContent = result.run.status === 'time_limit_exceeded' ? 'Stopped at the time-out.' : 'Done.';
  find('observation').textContent = observation.text;
  const { exitCode, executionTimeMs } = result.run;
  const facts = [exitCode === null ? '' : `exit code ${exitCode}`];
  if (executionTimeMs !== null) facts.push(`${executionTimeMs.toFixed(0)} ms`);
  if (observation.truncated) facts.push('cut at 1 MiB');
  find('facts').textContent = facts.filter((fact) => fact !== '').join(' · ');
}

/** @param {unknown} thrown */
function describe(thrown) {
  if (thrown instanceof RunError) return `No result: ${thrown.message}`;
  return thrown instanceof Error ? thrown.message : String(thrown);
}

text.addEventListener('input', showText);
runButton.addEventListener('click', run);
stopButton.addEventListener('click', () => running?.abort());
document.addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    void run();
  }
});
if (text.value === '') text.value = EXAMPLE;
showText();
