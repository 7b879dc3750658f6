// A worker: reads ranges of files, so that the page never waits for one.

import { EntryIndexer, findLines, guessLayout, readFacts } from '../generated/viewer_core.js';
import { startViewerCore } from './core.js';
import { type Lines, readLines } from './lines.js';
import { buildMatcher, chooseNeedle } from './match.js';
import {
  type Answer,
  type Facts,
  FLAGS,
  type FromWorker,
  type Layout,
  type Place,
  type ToWorker,
} from './protocol.js';
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

/** How much is read at a time. */
const PIECE_BYTES = 1 << 20;

let readers: Reader[] = [];
/** Counts the openings; work that began before the last one stops. */
let turn = 0;

scope.addEventListener('message', ({ data }) => {
  if (data.type === 'open') {
    turn += 1;
    readers = data.sources.map(openReader);
  } else void answer(data);
});

async function answer(message: Exclude<ToWorker, { type: 'open' }>) {
  const post = (one: Answer) => scope.postMessage({ ...one, id: message.id });
  try {
    if (message.type === 'size') post(await measure(find(message.source)));
    else if (message.type === 'read') post({ type: 'line', text: await readPlace(message.place) });
    else if (message.type === 'bytes') post({ type: 'bytes', bytes: await readBytes(message.place) });
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

/** How much of a file is read to see how it is laid out: enough for the first line of a document. */
const HEAD_BYTES = 64 << 10;

async function measure(reader: Reader): Promise<Answer> {
  const bytes = await reader.size();
  await started;
  const guess = guessLayout(await reader.read(0, HEAD_BYTES), bytes <= HEAD_BYTES) as Layout;
  const isLog = /\.(?:jsonl|ndjson|json)$/i.test(reader.name);
  const isText = /\.(?:txt|md)$/i.test(reader.name);
  return { type: 'size', bytes, layout: isText ? 'text' : isLog && guess === 'text' ? 'lines' : guess };
}

async function readPlace(place: Place) {
  return new TextDecoder().decode(await readBytes(place));
}

function readBytes({ source, offset, bytes }: Place) {
  return find(source).read(offset, offset + bytes);
}

type Post = (answer: Answer) => void;

async function index(message: Extract<ToWorker, { type: 'index' }>, post: Post) {
  await started;
  if (message.layout === 'lines') await indexLines(message, post);
  else await indexEntries(message, post);
}

async function indexLines({ range, isLive }: Extract<ToWorker, { type: 'index' }>, post: Post) {
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

/** Reads a file whose rollouts take several lines from its beginning, as only that tells where one begins. */
async function indexEntries({ range, layout }: Extract<ToWorker, { type: 'index' }>, post: Post) {
  const begun = turn;
  const reader = find(range.source);
  const indexer = new EntryIndexer(layout === 'text');
  try {
    for (let position = range.start; position < range.end; ) {
      const bytes = await reader.read(position, Math.min(range.end, position + PIECE_BYTES));
      if (turn !== begun) return;
      if (bytes.length === 0) break;
      position += bytes.length;
      post({ type: 'facts', facts: indexer.push(bytes) as Facts, readBytes: bytes.length });
    }
    post({ type: 'facts', facts: indexer.finish() as Facts, readBytes: 0 });
  } finally {
    indexer.free();
  }
  post({ type: 'indexed', lines: 0, end: range.end, readBytes: 0 });
}

async function search(
  { range, pattern, isRegex, layout }: Extract<ToWorker, { type: 'search' }>,
  post: Post,
) {
  const begun = turn;
  const matches = buildMatcher(pattern, isRegex, layout === 'text');
  const needle = chooseNeedle(pattern, isRegex);
  await started;
  const offsets: number[] = [];
  for await (const some of readLines(find(range.source), range.start, range.end)) {
    if (turn !== begun) return;
    const lines = needle === null ? some : keepLines(some, needle);
    for (const { text, offset } of decodeLines(lines)) if (matches(text)) offsets.push(offset);
  }
  post({ type: 'hits', offsets: Float64Array.from(offsets) });
}

/** Those lines that may match. */
function keepLines({ places, ...rest }: Lines, needle: string): Lines {
  const found = findLines(rest.bytes, Uint32Array.from(places), needle);
  const kept = [...found].flatMap((line) => places.slice(2 * line, 2 * line + 2));
  return { ...rest, places: kept };
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
