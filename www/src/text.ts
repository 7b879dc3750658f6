// The page of one text: text in, blocks and observation out. The core and the sandbox do the work; here is
// only what a person sees. Everything that a model or a program wrote goes in as text.

import {
  type Block,
  CodeTool,
  type Comparison,
  compareProfiles,
  EmbeddedClient,
  extract,
  init,
  RunError,
  select,
} from 'fencerun';
import { loadSandbox } from './load/runner.js';
import { describeNothing } from './model/profile.js';
import { describeThrown } from './thrown.js';

const EXAMPLE = `The sum of the first squares, checked by a program:

\`\`\`python
from sympy import symbols, summation, factor

k, n = symbols('k n')
print(factor(summation(k**2, (k, 1, n))))
print(sum(i**2 for i in range(1, 11)))
\`\`\`
`;

const find = (id: string): HTMLElement => {
  const element = document.getElementById(id);
  if (!element) throw new Error(`the page has no #${id}`);
  return element;
};

const text = find('text') as HTMLTextAreaElement;
const runButton = find('run') as HTMLButtonElement;
const stopButton = find('stop') as HTMLButtonElement;
const timeout = find('timeout') as HTMLInputElement;
const status = find('status');

// Back to what the viewer was opened with, if its link led here.
(find('viewer-link') as HTMLAnchorElement).href = `./${location.search}`;

await init(new URL('fencerun_bg.wasm', import.meta.url));
const sandbox = new EmbeddedClient(() => loadSandbox('sandbox/'));
let running: AbortController | undefined;

function showBlocks() {
  const blocks = extract(text.value);
  const chosen = select(blocks, { languages: sandbox.languages })[0]?.blocks[0];
  find('count').textContent = blocks.length === 0 ? '' : String(blocks.length);
  find('empty').hidden = blocks.length > 0;
  find('blocks').replaceChildren(...blocks.map((block) => showBlock(block, block === chosen)));
}

function showBlock(block: Block, runs: boolean) {
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

function showAnswer({ profiles, extracted, reason }: Comparison) {
  const { programs } = extracted;
  const row = document.createElement('tr');
  const languages = new Set(programs.map(({ language }) => language ?? '–'));
  row.insertCell().textContent = profiles.join(', ');
  row.insertCell().textContent = [...languages].join(', ');
  const code = row.insertCell();
  const nothing = describeNothing(extracted, reason);
  if (nothing !== null) code.textContent = nothing;
  else {
    const listing = code.appendChild(document.createElement('pre'));
    listing.textContent = programs.map((program) => program.code).join('\n\n');
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

async function execute(signal: AbortSignal) {
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

function describe(thrown: unknown): string {
  if (thrown instanceof RunError) return `No result: ${thrown.message}`;
  return describeThrown(thrown);
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
