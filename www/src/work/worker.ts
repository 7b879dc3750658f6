// The worker: reads files, so that the page never waits for one.

import { FactsBuilder } from './facts.js';
import { type Line, readLines } from './lines.js';
import type { FromWorker, Place, ToWorker } from './protocol.js';
import { openReader, type Reader } from './reader.js';

const scope = globalThis as unknown as DedicatedWorkerGlobalScope;

interface DedicatedWorkerGlobalScope {
  postMessage(message: FromWorker): void;
  addEventListener(type: 'message', listener: (event: MessageEvent<ToWorker>) => void): void;
}

/** The first rollouts are sent at once, the others in larger batches. */
const FIRST_BATCH = 50;
const BATCH = 2000;
/** A longer line is shown as unreadable: it would take the page's memory. */
const MAX_LINE_BYTES = 256 << 20;

interface OpenFile {
  reader: Reader;
  /** How far whole lines have been read. */
  position: number;
  lines: number;
  total: number;
}

let files: OpenFile[] = [];
let opening = 0;
const cancelled = new Set<number>();

scope.addEventListener('message', ({ data }) => {
  if (data.type === 'open') void open(data.sources);
  else if (data.type === 'grow') void grow(data.source);
  else if (data.type === 'read') void read(data.id, data.place);
  else if (data.type === 'search') void search(data);
  else cancelled.add(data.id);
});

async function open(sources: Extract<ToWorker, { type: 'open' }>['sources']) {
  opening += 1;
  const turn = opening;
  files = sources.map((source) => ({ reader: openReader(source), position: 0, lines: 0, total: 0 }));
  await Promise.all(
    files.map(async (file, source) => {
      try {
        file.total = await file.reader.size();
      } catch (thrown) {
        fail(source, thrown);
      }
    }),
  );
  for (const [source, file] of files.entries()) await index(source, file, turn);
  if (turn === opening) report(new FactsBuilder(), true);
}

async function grow(source: number) {
  const file = files[source];
  if (!file) return;
  try {
    file.total = await file.reader.size();
    await index(source, file, opening);
    report(new FactsBuilder(), true);
  } catch (thrown) {
    fail(source, thrown);
  }
}

async function index(source: number, file: OpenFile, turn: number) {
  const batch = new FactsBuilder();
  const decoder = new TextDecoder();
  try {
    for await (const lines of readLines(file.reader, file.position, file.total)) {
      for (const line of lines) {
        if (turn !== opening) return;
        addLine(batch, decoder, source, file, line);
        if (batch.length >= (file.lines <= FIRST_BATCH ? FIRST_BATCH : BATCH)) report(batch, false);
      }
      if (batch.length > 0) report(batch, false);
    }
  } catch (thrown) {
    fail(source, thrown);
  }
  if (batch.length > 0) report(batch, false);
}

function addLine(batch: FactsBuilder, decoder: TextDecoder, source: number, file: OpenFile, line: Line) {
  file.lines += 1;
  file.position = Math.min(file.total, line.offset + line.bytes.length + 1);
  const place = { source, offset: line.offset, bytes: line.bytes.length, line: file.lines };
  if (line.bytes.length > MAX_LINE_BYTES) return batch.add(place, `a line of ${line.bytes.length} bytes`);
  const text = decoder.decode(line.bytes);
  if (text.trim() !== '') batch.add(place, text);
}

function report(batch: FactsBuilder, done: boolean) {
  const readBytes = files.reduce((sum, file) => sum + file.position, 0);
  const totalBytes = files.reduce((sum, file) => sum + file.total, 0);
  scope.postMessage({ type: 'facts', facts: batch.take(), progress: { readBytes, totalBytes, done } });
}

function describe(thrown: unknown) {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

function fail(source: number, thrown: unknown) {
  scope.postMessage({ type: 'failed', source, reason: describe(thrown) });
}

async function readPlace({ source, offset, bytes }: Place) {
  const file = files[source];
  if (!file) throw new Error('the file is no longer open');
  return new TextDecoder().decode(await file.reader.read(offset, offset + bytes));
}

async function read(id: number, place: Place) {
  try {
    scope.postMessage({ type: 'line', id, text: await readPlace(place) });
  } catch (thrown) {
    scope.postMessage({ type: 'refused', id, reason: describe(thrown) });
  }
}

/** How often hits are sent, in rollouts. */
const SEARCH_BATCH = 500;

async function search({ id, pattern, isRegex, places }: Extract<ToWorker, { type: 'search' }>) {
  const totalBytes = places.reduce((sum, place) => sum + place.bytes, 0);
  let doneBytes = 0;
  let hits: number[] = [];
  const send = (done: boolean) => {
    scope.postMessage({ type: 'hits', id, rows: Uint32Array.from(hits), doneBytes, totalBytes, done });
    hits = [];
  };
  try {
    const expression = new RegExp(isRegex ? pattern : pattern.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'), 'iu');
    for (const [row, place] of places.entries()) {
      if (cancelled.delete(id)) return;
      if (matches(await readPlace(place), expression)) hits.push(row);
      doneBytes += place.bytes;
      if (row % SEARCH_BATCH === SEARCH_BATCH - 1) send(false);
    }
    send(true);
  } catch (thrown) {
    scope.postMessage({ type: 'refused', id, reason: describe(thrown) });
  }
}

/** Whether a text of the line matches: in the JSON itself, line ends and quotes would stand escaped. */
function matches(line: string, expression: RegExp) {
  const strings = line.match(/"(?:[^"\\]|\\.)*"/g) ?? [];
  return strings.some((text) => {
    try {
      return expression.test(JSON.parse(text));
    } catch {
      return expression.test(text);
    }
  });
}
