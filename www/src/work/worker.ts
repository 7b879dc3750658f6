// A worker: reads ranges of files, so that the page never waits for one.

import { EntryIndexer, guessLayout, LineFinder, LineIndexer } from '../generated/viewer_core.js';
import { describeThrown } from '../thrown.js';
import { startViewerCore } from './core.js';
import { buildMatcher, chooseNeedle } from './match.js';
import type { Answer, Facts, FromWorker, Layout, Place, Range, ToWorker } from './protocol.js';
import { openReader, type Reader } from './reader.js';

const scope = globalThis as unknown as DedicatedWorkerGlobalScope;

interface DedicatedWorkerGlobalScope {
  postMessage(message: FromWorker, transfer: Transferable[]): void;
  addEventListener(type: 'message', listener: (event: MessageEvent<ToWorker>) => void): void;
}

const started = startViewerCore();
// Whoever waits for it says what is wrong.
started.catch(() => {});

/** The page hears of so many bytes at a time; at first of fewer, so that it has something to show. */
const TELL_BYTES = 4 << 20;
const TELL_FIRST_BYTES = 64 << 10;

/** How much is read at a time behind the end of a part, where its last line goes on. */
const TAIL_BYTES = 64 << 10;

let readers: Reader[] = [];
/** Counts the openings; work that began before the last one stops. */
let turn = 0;

scope.addEventListener('message', ({ data }) => {
  if (data.type === 'open') {
    turn += 1;
    readers = data.sources.map(openReader);
  } else if (data.type === 'add') readers.push(openReader(data.source));
  else void answer(data);
});

async function answer(message: Exclude<ToWorker, { type: 'open' | 'add' }>) {
  const post = (one: Answer) => scope.postMessage({ ...one, id: message.id }, listBuffers(one));
  try {
    if (message.type === 'size') post(await measure(find(message.source)));
    else if (message.type === 'read') post({ type: 'line', text: await readPlace(message.place) });
    else if (message.type === 'bytes') post({ type: 'bytes', bytes: await readBytes(message.place) });
    else if (message.type === 'index') await index(message, post);
    else await search(message, post);
  } catch (thrown) {
    post({ type: 'refused', reason: describeThrown(thrown) });
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
  const indexer = new LineIndexer(range.start, range.end);
  try {
    let told = range.start;
    const tell = () => {
      post({ type: 'facts', facts: indexer.take() as Facts, readBytes: indexer.end - told });
      told = indexer.end;
    };
    for await (const chunk of readLines(range)) {
      if (turn !== begun) return;
      indexer.push(chunk);
      if (indexer.isDone) break;
      if (indexer.end - told >= (told === 0 ? TELL_FIRST_BYTES : TELL_BYTES)) tell();
    }
    // What is still being written may end in half of a line.
    indexer.finish(isLive);
    tell();
    post({ type: 'indexed', lines: indexer.lines, end: indexer.end, readBytes: 0 });
  } finally {
    indexer.free();
  }
}

/** What the lines that begin in a range need, until nobody asks for more: the file from the byte before it on. */
async function* readLines({ source, start, end }: Range): AsyncGenerator<Uint8Array> {
  const reader = find(source);
  yield* reader.stream(Math.max(0, start - 1), end);
  for (let [position, bytes] = [end, TAIL_BYTES]; ; bytes *= 2) {
    const tail = await reader.read(position, position + bytes);
    if (tail.length === 0) return;
    yield tail;
    position += tail.length;
  }
}

/** Reads a file whose rollouts take several lines from its beginning, as only that tells where one begins. */
async function indexEntries({ range, layout }: Extract<ToWorker, { type: 'index' }>, post: Post) {
  const begun = turn;
  const indexer = new EntryIndexer(layout === 'text');
  try {
    for await (const bytes of find(range.source).stream(range.start, range.end)) {
      if (turn !== begun) return;
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
  const finder = new LineFinder(range.start, range.end, needle ?? '');
  // Where each line begins, and its text, one after the other.
  const look = (found: unknown[]) => {
    for (let index = 0; index < found.length; index += 2) {
      if (matches(found[index + 1] as string)) offsets.push(found[index] as number);
    }
  };
  try {
    for await (const chunk of readLines(range)) {
      if (turn !== begun) return;
      look(finder.push(chunk));
      if (finder.isDone) break;
    }
    look(finder.finish());
  } finally {
    finder.free();
  }
  post({ type: 'hits', offsets: Float64Array.from(offsets) });
}

/** What a message hands over instead of copying it. */
function listBuffers(answer: Answer): Transferable[] {
  if (answer.type === 'bytes') return [answer.bytes.buffer as ArrayBuffer];
  if (answer.type !== 'facts') return [];
  const { extras, ...columns } = answer.facts;
  const parts = [...Object.values(columns), ...extras.flatMap(({ rows, values }) => [rows, values])];
  return parts.map(({ buffer }) => buffer as ArrayBuffer);
}
