// A worker: reads ranges of files, so that the page never waits for one.

import { readFacts } from '../generated/viewer_core.js';
import { startViewerCore } from './core.js';
import { type Lines, readLines } from './lines.js';
import { buildMatcher } from './match.js';
import { type Answer, type Facts, FLAGS, type FromWorker, type Place, type ToWorker } from './protocol.js';
import { openReader, type Reader } from './reader.js';

const scope = globalThis as unknown as DedicatedWorkerGlobalScope;

interface DedicatedWorkerGlobalScope {
  postMessage(message: FromWorker): void;
  addEventListener(type: 'message', listener: (event: MessageEvent<ToWorker>) => void): void;
}

const started = startViewerCore();
// Whoever waits for it says what is wrong.
started.catch(() => {});

/** A longer line is shown as unreadable: it would take the page's memory. */
const MAX_LINE_BYTES = 256 << 20;

let readers: Reader[] = [];
/** Counts the calls to give up; work that began before the last one stops. */
let turn = 0;

scope.addEventListener('message', ({ data }) => {
  if (data.type === 'open') {
    turn += 1;
    readers = data.sources.map(openReader);
  } else if (data.type === 'cancel') turn += 1;
  else void answer(data);
});

async function answer(message: Exclude<ToWorker, { type: 'open' | 'cancel' }>) {
  const post = (one: Answer) => scope.postMessage({ ...one, id: message.id });
  try {
    if (message.type === 'size') post({ type: 'size', bytes: await find(message.source).size() });
    else if (message.type === 'read') post({ type: 'line', text: await readPlace(message.place) });
    else if (message.type === 'index') await index(message, post);
    else await search(message, post);
  } catch (thrown) {
    post({ type: 'refused', reason: thrown instanceof Error ? thrown.message : String(thrown) });
  }
}

function find(source: number): Reader {
  const reader = readers[source];
  if (!reader) throw new Error('the file is no longer open');
  return reader;
}

async function readPlace({ source, offset, bytes }: Place) {
  return new TextDecoder().decode(await find(source).read(offset, offset + bytes));
}

type Post = (answer: Answer) => void;

async function index({ range, isLive }: Extract<ToWorker, { type: 'index' }>, post: Post) {
  await started;
  const begun = turn;
  let lines = 0;
  let end = range.start;
  for await (const some of readLines(find(range.source), range.start, range.end)) {
    if (turn !== begun) return;
    const { bytes, places, offset } = some;
    if (places.length === 0) continue;
    const facts = readFacts(bytes, Uint32Array.from(places), offset, lines) as Facts;
    // What is still being written may be half of a line.
    if (some.isCut && isLive && facts.flags.some((flags) => (flags & FLAGS.unreadable) !== 0)) break;
    const before = end;
    lines += places.length / 2;
    end = offset + (places.at(-1) ?? -1) + 1;
    post({ type: 'facts', facts, readBytes: end - before });
  }
  post({ type: 'indexed', lines, end, readBytes: 0 });
}

async function search({ range, pattern, isRegex }: Extract<ToWorker, { type: 'search' }>, post: Post) {
  const begun = turn;
  const matches = buildMatcher(pattern, isRegex);
  const offsets: number[] = [];
  for await (const some of readLines(find(range.source), range.start, range.end)) {
    if (turn !== begun) return;
    for (const { text, offset } of decodeLines(some)) if (matches(text)) offsets.push(offset);
  }
  post({ type: 'hits', offsets: Float64Array.from(offsets) });
}

const decoder = new TextDecoder();

function* decodeLines({ places, bytes, offset }: Lines) {
  for (let index = 0; index < places.length; index += 2) {
    const [begin, stop] = [places[index] ?? 0, places[index + 1] ?? 0];
    const length = stop - begin;
    const text =
      length > MAX_LINE_BYTES ? `a line of ${length} bytes` : decoder.decode(bytes.subarray(begin, stop));
    yield { text, offset: offset + begin, bytes: length };
  }
}
