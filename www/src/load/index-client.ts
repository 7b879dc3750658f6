// The page's end of the workers. Files are cut into ranges, the workers read several at once, and what they find is put back into the
// order of the file.

import { describeThrown } from '../thrown.js';
import type {
  Answer,
  Facts,
  FromWorker,
  Layout,
  Place,
  Range,
  SourceSpec,
  ToWorker,
} from '../work/protocol.js';

export interface IndexProgress {
  readBytes: number;
  totalBytes: number;
  done: boolean;
}

/** Facts with the number of the first line of their range in its file. */
export interface PlacedFacts {
  source: number;
  firstLine: number;
  facts: Facts;
}

export interface IndexListener {
  onFacts(facts: PlacedFacts[], progress: IndexProgress): void;
  /** A file is read anew: the facts of it that follow take the place of those before. */
  onRestart(source: number): void;
  /** It has been, to its end. */
  onReread(source: number): void;
  onFailed(source: number, reason: string): void;
}

export interface SearchListener {
  /** The lines that match, by source and offset. */
  onHits(source: number, offsets: Float64Array, share: number): void;
  onFailed(reason: string): void;
  onDone(): void;
}

/** The first range is small, so that the first rollouts are there at once. */
const FIRST_RANGE_BYTES = 1 << 20;
const RANGE_BYTES = 24 << 20;

type Request = Exclude<ToWorker, { type: 'open' | 'add' }>;
type WithoutId<Message> = Message extends unknown ? Omit<Message, 'id'> : never;

/** One worker, with what it was asked. */
class Reader {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #nextId = 1;

  constructor(worker: Worker) {
    this.#worker = worker;
    worker.addEventListener('message', ({ data }: MessageEvent<FromWorker>) =>
      this.#waiting.get(data.id)?.(data),
    );
    worker.addEventListener('error', ({ message }) => {
      for (const tell of [...this.#waiting.values()]) tell({ type: 'refused', reason: message });
    });
  }

  post(message: ToWorker) {
    this.#worker.postMessage(message);
  }

  /** Asks, and answers the last word of the worker; `onPart` hears the others. */
  ask(request: WithoutId<Request>, onPart: (answer: Answer) => void = () => {}): Promise<Answer> {
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, (answer) => {
        if (answer.type === 'facts') return onPart(answer);
        this.#waiting.delete(id);
        if (answer.type === 'refused') reject(new Error(answer.reason));
        else resolve(answer);
      });
      this.#worker.postMessage({ ...request, id });
    });
  }

  forget() {
    this.#waiting.clear();
  }

  terminate() {
    this.#worker.terminate();
  }
}

interface Part {
  range: Range;
  facts: Facts[];
  lines: number | null;
  /** Where what was read of it ends: half of a line at its end is left to be read again. */
  end: number;
}

interface ReadFile {
  layout: Layout;
  /** How far it is read, and how far of that has been told. */
  end: number;
  told: number;
  /** How many lines have been told. */
  lines: number;
}

/** A search that goes on with whatever is read. */
interface Search {
  pattern: string;
  isRegex: boolean;
  listener: SearchListener;
  /** What is still to be looked through. */
  ranges: Range[];
  /** The readers that look through one. */
  busy: Set<Reader>;
  doneBytes: number;
  totalBytes: number;
}

export class IndexClient {
  readonly #readers: Reader[];
  readonly #listener: IndexListener;
  /** What is read now, which ends without a failure. */
  #work: Promise<void> = Promise.resolve();
  #next = 0;
  #turn = 0;
  #search: Search | null = null;
  #sources: SourceSpec[] = [];
  #read: ReadFile[] = [];
  #progress: IndexProgress = { readBytes: 0, totalBytes: 0, done: true };

  constructor(startWorker: () => Worker, count: number, listener: IndexListener) {
    this.#readers = Array.from({ length: Math.max(1, count) }, () => new Reader(startWorker()));
    this.#listener = listener;
  }

  open(sources: SourceSpec[]): Promise<void> {
    this.#work = this.#readAll(sources);
    return this.#work;
  }

  async #readAll(sources: SourceSpec[]) {
    const turn = ++this.#turn;
    this.#search = null;
    this.#sources = sources;
    this.#read = sources.map(startFile);
    for (const reader of this.#readers) {
      reader.forget();
      reader.post({ type: 'open', sources });
    }
    const sizes = await Promise.all(sources.map((_, source) => this.#measure(source)));
    if (turn !== this.#turn) return;
    this.#progress = { readBytes: 0, totalBytes: sizes.reduce((sum, size) => sum + size, 0), done: false };
    await this.#index(
      sizes.flatMap((size, source) => this.#cut(source, size)),
      turn,
    );
  }

  layout(source: number): Layout {
    return this.#read[source]?.layout ?? 'lines';
  }

  /** Reads one more file. */
  add(source: SourceSpec): Promise<void> {
    const place = this.#sources.length;
    this.#sources = [...this.#sources, source];
    this.#read.push(startFile());
    for (const reader of this.#readers) reader.post({ type: 'add', source });
    return this.#enqueue(() => this.#readAgain(place));
  }

  /** Reads a file that has changed: what has been added where it has one rollout a line and `hasGrown`, else all of it. */
  change(source: number, hasGrown: boolean): Promise<void> {
    return this.#enqueue(() => (hasGrown ? this.#readMore(source) : this.#readAgain(source)));
  }

  /** One after the other: what is under way knows an older end. */
  #enqueue(read: () => Promise<void>): Promise<void> {
    const turn = this.#turn;
    this.#work = this.#work.then(() => (turn === this.#turn ? read() : undefined));
    return this.#work;
  }

  async #readMore(source: number) {
    const turn = this.#turn;
    if (this.layout(source) !== 'lines') return this.#readAgain(source);
    const [size, read] = [await this.#measure(source), this.#read[source]];
    if (turn !== this.#turn || !read || size <= read.end) return;
    if (read.layout !== 'lines') return this.#readAgain(source);
    this.#progress = {
      readBytes: this.#progress.readBytes,
      totalBytes: this.#progress.totalBytes + size - read.end,
      done: false,
    };
    await this.#index([{ source, start: read.end, end: size }], turn);
  }

  async #readAgain(source: number) {
    const turn = this.#turn;
    const before = this.#read[source];
    this.#read[source] = startFile();
    const size = await this.#measure(source);
    if (turn !== this.#turn) return;
    // What is about to be written anew is shown until there is something else.
    if (size === 0 && before) {
      this.#read[source] = before;
      return;
    }
    this.#progress = { readBytes: 0, totalBytes: size, done: false };
    this.#listener.onRestart(source);
    await this.#index(this.#cut(source, size), turn, () => this.#listener.onReread(source));
  }

  #cut(source: number, size: number): Range[] {
    // Where a rollout begins is told by nothing but what stands before it.
    const isOne = this.layout(source) !== 'lines' && size > 0;
    return isOne ? [{ source, start: 0, end: size }] : cutRanges(source, 0, size);
  }

  async #measure(source: number): Promise<number> {
    try {
      const answer = await this.#choose().ask({ type: 'size', source });
      if (answer.type !== 'size') return 0;
      const read = this.#read[source];
      // A file that had nothing in it yet has its first line now.
      if (read?.end === 0) read.layout = answer.layout;
      return answer.bytes;
    } catch (thrown) {
      this.#fail(source, thrown);
      return 0;
    }
  }

  #fail(source: number, thrown: unknown) {
    this.#listener.onFailed(source, describeThrown(thrown));
  }

  #choose(): Reader {
    this.#next = (this.#next + 1) % this.#readers.length;
    return this.#readers[this.#next] as Reader;
  }

  /** Reads ranges; `onWhole` is called when there was no failure, before the end is told. */
  async #index(ranges: Range[], turn: number, onWhole = () => {}) {
    const parts = ranges.map((range): Part => ({ range, facts: [], lines: null, end: range.start }));
    let [next, told, isWhole] = [0, 0, true];
    // Facts are told in the order of the file: those of the first part that is not told whole, as far as they are there.
    const tell = (readBytes: number) => {
      if (turn !== this.#turn) return;
      this.#progress = { ...this.#progress, readBytes: this.#progress.readBytes + readBytes };
      const placed: PlacedFacts[] = [];
      const found: Range[] = [];
      for (let part = parts[told]; part; part = parts[told]) {
        const read = this.#read[part.range.source];
        if (!read) break;
        for (const facts of part.facts.splice(0)) {
          placed.push({ source: part.range.source, firstLine: read.lines + 1, facts });
        }
        if (part.lines === null) break;
        read.lines += part.lines;
        read.told = Math.max(read.told, part.end);
        found.push({ ...part.range, end: part.end });
        told += 1;
      }
      this.#listener.onFacts(placed, this.#progress);
      this.#lookThrough(found);
    };
    const work = async (reader: Reader) => {
      for (let part = parts[next++]; part && turn === this.#turn; part = parts[next++]) {
        const { range, facts } = part;
        const source = this.#sources[range.source];
        const isLive = source?.kind === 'url' && source.isLive;
        try {
          const answer = await reader.ask(
            { type: 'index', range, layout: this.layout(range.source), isLive },
            (some) => {
              if (some.type !== 'facts') return;
              facts.push(some.facts);
              tell(some.readBytes);
            },
          );
          part.lines = answer.type === 'indexed' ? answer.lines : 0;
          const read = this.#read[range.source];
          if (read && answer.type === 'indexed') {
            read.end = Math.max(read.end, answer.end);
            part.end = Math.min(range.end, answer.end);
          }
        } catch (thrown) {
          part.lines = 0;
          isWhole = false;
          if (turn === this.#turn) this.#fail(range.source, thrown);
        }
        tell(0);
      }
    };
    await Promise.all(this.#readers.map(work));
    if (turn !== this.#turn) return;
    if (isWhole) onWhole();
    this.#progress = { ...this.#progress, readBytes: this.#progress.totalBytes, done: true };
    this.#listener.onFacts([], this.#progress);
  }

  /** The text of one line. */
  async read(place: Place): Promise<string> {
    const answer = await this.#choose().ask({ type: 'read', place });
    return answer.type === 'line' ? answer.text : '';
  }

  /** The bytes at a place, fewer when the file ends before. */
  async readBytes(place: Place): Promise<Uint8Array> {
    const answer = await this.#choose().ask({ type: 'bytes', place });
    return answer.type === 'bytes' ? answer.bytes : new Uint8Array();
  }

  /** Looks for a pattern in everything that has been read, and that is read from now on; answers a function that gives up. */
  search(pattern: string, isRegex: boolean, listener: SearchListener): () => void {
    const search = {
      pattern,
      isRegex,
      listener,
      ranges: [],
      busy: new Set<Reader>(),
      doneBytes: 0,
      totalBytes: 0,
    };
    this.#search = search;
    this.#lookThrough(this.#read.flatMap(({ told }, source) => cutRanges(source, 0, told)));
    return () => {
      if (this.#search === search) this.#search = null;
    };
  }

  /** Has the search that is under way look through more. */
  #lookThrough(ranges: Range[]) {
    const search = this.#search;
    if (!search) return;
    search.ranges.push(...ranges);
    for (const { start, end } of ranges) search.totalBytes += end - start;
    for (const reader of this.#readers) {
      if (!search.busy.has(reader)) void this.#searchWith(reader, search);
    }
  }

  async #searchWith(reader: Reader, search: Search) {
    const { pattern, isRegex, listener, ranges, busy } = search;
    busy.add(reader);
    try {
      // All readers are busy before the first is done.
      await null;
      for (let range = ranges.shift(); range && this.#search === search; range = ranges.shift()) {
        const layout = this.layout(range.source);
        const answer = await reader.ask({ type: 'search', range, pattern, isRegex, layout });
        if (this.#search !== search || answer.type !== 'hits') return;
        search.doneBytes += range.end - range.start;
        listener.onHits(range.source, answer.offsets, search.doneBytes / Math.max(1, search.totalBytes));
      }
    } catch (thrown) {
      if (this.#search !== search) return;
      this.#search = null;
      listener.onFailed(describeThrown(thrown));
    } finally {
      busy.delete(reader);
      if (this.#search === search && busy.size === 0 && ranges.length === 0) listener.onDone();
    }
  }

  close() {
    this.#turn += 1;
    for (const reader of this.#readers) reader.terminate();
  }
}

function startFile(): ReadFile {
  return { layout: 'lines', end: 0, told: 0, lines: 0 };
}

function cutRanges(source: number, start: number, end: number): Range[] {
  const ranges: Range[] = [];
  for (let from = start; from < end; ) {
    const to = Math.min(end, from + (from === 0 ? FIRST_RANGE_BYTES : RANGE_BYTES));
    ranges.push({ source, start: from, end: to });
    from = to;
  }
  return ranges;
}
