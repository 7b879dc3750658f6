// The state of one viewer and what can be done with it. Views read its signals and call its methods; the loaders bring what it asks for.

import { batch, computed, effect, type Signal, signal } from '@preact/signals';
import { type Rollout, readRolloutLine, readRollouts, readRolloutText } from 'fencerun';
import { type Annotated, Annotating } from './annotating.js';
import { AnnotationStore } from './load/annotation-store.js';
import { IndexClient, type IndexProgress } from './load/index-client.js';
import type { GivenServer } from './load/server.js';
import { isFramework } from './model/profile.js';
import { type Bounds, type Filter, listRows, NO_FILTER, type RowMarks, type Sort } from './model/query.js';
import type { Runs } from './model/replay.js';
import { Rows } from './model/rows.js';
import { nameSaved, type SavedRow, type SaveFormat } from './model/save.js';
import { type Runnable, Running } from './running.js';
import { type Saving, saveRows } from './saving.js';
import { keepSettings, readSettings, type Settings } from './settings.js';
import { describeThrown } from './thrown.js';
import { buildExpression } from './work/match.js';
import type { SourceSpec } from './work/protocol.js';

export interface ViewerOptions {
  /** Starts a worker that reads files. */
  startWorker(): Worker;
  /** How many of them. Default: as many as there are cores, up to 4. */
  workers?: number;
  /** Where the files of `fencerun-sandbox` are. Default `sandbox/`, beside the page. */
  sandboxUrl?: string;
  /** A server that programs run at, unless a person chooses something else. Default: the sandbox of the page. */
  server?: GivenServer;
  /** The address of the page that runs the code of one text; there is none where the viewer is a guest. */
  textUrl?: string;
  /** The name of the browser's database for annotations. */
  storeName?: string;
  /** Where settings are remembered; nowhere when it is missing. */
  settings?: Storage;
}

/** A step, or how what it printed differs from what was recorded. */
type Aim = 'step' | 'difference';

/** The rollout that is open, or why it cannot be. */
export type OpenRollout =
  | { state: 'none' }
  | { state: 'loading'; row: number }
  | { state: 'read'; row: number; line: string; rollout: Rollout }
  | { state: 'unreadable'; row: number; line: string; reason: string };

export interface Search {
  pattern: string;
  isRegex: boolean;
  /** `null` while nothing is searched for. */
  hits: Set<number> | null;
  /** From 0 to 1. */
  share: number;
  error: string | null;
}

const NO_SEARCH: Search = { pattern: '', isRegex: false, hits: null, share: 1, error: null };
const NO_PROGRESS: IndexProgress = { readBytes: 0, totalBytes: 0, done: true };
/** The longest line that is opened, in bytes: the page shows no more than that. */
const MAX_OPEN_BYTES = 64 << 20;
/** The list grows with each column that is chosen, so that the prompts can still be read. */
const COLUMN_PIXELS = 76;
const MIN_LIST_PIXELS = 280;
/** How often the list shows what has been read. */
const SHOW_EVERY_MS = 200;

export class App implements Annotated, Runnable {
  rows = new Rows();
  readonly annotating: Annotating;
  readonly running: Running;

  readonly sources = signal<SourceSpec[]>([]);
  readonly progress = signal<IndexProgress>(NO_PROGRESS);
  readonly failures = signal<string[]>([]);
  readonly filter = signal<Filter>(NO_FILTER);
  readonly sort = signal<Sort>({ key: 'row', descending: false });
  readonly search = signal<Search>(NO_SEARCH);
  readonly opened = signal<OpenRollout>({ state: 'none' });
  readonly step = signal(0);
  readonly saving = signal<Saving | null>(null);
  readonly settings: Signal<Settings>;
  /** What lies over the page. */
  readonly dialog = signal<'help' | 'plots' | 'settings' | 'exchange' | null>(null);
  readonly notice = signal('');
  readonly editing = signal(false);
  readonly comparing = signal(false);
  /** What is brought into sight when a rollout is opened. */
  readonly aim = signal<Aim>('step');
  readonly grouping = signal(false);

  /** The profile that says what runs; `null` when the log's own rules do: what the command line does without `--profile`. */
  readonly runsBy = computed(() => {
    const { profile, runsByProfile } = this.settings.value;
    return runsByProfile && isFramework(profile) ? profile : null;
  });

  /** The server that programs run at; `null` for the sandbox of the page. */
  readonly server = computed((): GivenServer | null => {
    const { runsAt, url } = this.settings.value;
    if (runsAt === 'given') return this.#options.server ?? null;
    return runsAt === 'server' && url !== '' ? { url, name: url } : null;
  });

  /** Counts what is in `rows`, which is no signal itself. */
  readonly rowCount = signal(0);
  /** Counts the changes to `rows`. */
  readonly rowTurn = signal(0);

  /** The rows to show, in their order. */
  readonly order = computed(() => {
    void this.rowTurn.value;
    return listRows(this.rows, this.filter.value, this.sort.value, this.#marks());
  });

  /** The numbers that the logs have beside the score, by name, and those of them that have a column. */
  readonly extraNames = computed(() => {
    void this.rowTurn.value;
    return this.rows.extraNames;
  });
  readonly columns = computed(() => {
    const names = this.extraNames.value;
    return this.settings.value.columns.filter((name) => names.includes(name));
  });

  readonly #index: IndexClient;
  readonly #options: ViewerOptions;
  readonly #disposers: (() => void)[] = [];
  /** When the list was made the last time. */
  #shownMs = -Infinity;
  #stopSearch = () => {};
  #selecting: Promise<void> = Promise.resolve();
  /** The rollout that a link named and that is not read yet, with its step. */
  #wanted: { row: number; step: number } | null = null;

  constructor(options: ViewerOptions) {
    this.#options = options;
    this.annotating = new Annotating(this, new AnnotationStore(options.storeName));
    this.running = new Running(this, options.sandboxUrl ?? 'sandbox/');
    this.settings = signal(readSettings(options.settings, options.server !== undefined));
    this.#index = new IndexClient(options.startWorker, options.workers ?? defaultWorkers(), {
      onFacts: (placed, progress) => {
        for (const one of placed) this.rows.append(one);
        // The list is made of all rows each time, so that is done a few times a second while a file is read.
        const now = performance.now();
        const isSoon = this.rowCount.peek() > 0 && now < this.#shownMs + SHOW_EVERY_MS;
        if (isSoon && !progress.done) return;
        this.#shownMs = now;
        batch(() => {
          this.rowCount.value = this.rows.count;
          this.rowTurn.value += 1;
          this.progress.value = progress;
        });
        this.#openWanted();
      },
      onRestart: (source) => this.rows.restart(source),
      onReread: (source) => {
        this.rows.finish(source);
        void this.#refresh(source);
        // What was found may be gone, and there may be more.
        const { pattern, isRegex, hits } = this.search.peek();
        if (hits) this.lookFor(pattern, isRegex);
      },
      onFailed: (source, reason) => {
        const name = this.sources.peek()[source]?.name ?? 'the file';
        this.failures.value = [...this.failures.peek(), `${name} could not be read: ${reason}`];
      },
    });
    this.#disposers.push(
      effect(() => {
        keepSettings(options.settings, this.settings.value);
      }),
    );
    void this.annotating.load();
  }

  /** Gives up the worker, the sandbox and everything that runs. */
  dispose() {
    this.#index.close();
    this.annotating.close();
    this.running.close();
    for (const dispose of this.#disposers) dispose();
  }

  set(settings: Partial<Settings>) {
    const runsBy = this.runsBy.peek();
    batch(() => {
      this.settings.value = { ...this.settings.value, ...settings };
      if (this.runsBy.peek() !== runsBy) this.running.count.value += 1;
    });
    if (this.runsBy.peek() !== runsBy) void this.#readAgain();
    if (['runsAt', 'url', 'timeoutSeconds'].some((name) => name in settings)) this.running.startAnew();
  }

  /** The address of the page of one text, which leads back to what this one was opened with; `null` where there is none. */
  get textLink(): string | null {
    const { textUrl } = this.#options;
    return textUrl === undefined ? null : `${textUrl}${location.search}`;
  }

  /** Opens the page of one text beside this one, which keeps what is open in it. */
  openText() {
    const link = this.textLink;
    if (link !== null) window.open(link, '_blank', 'noopener');
  }

  /** The server that was given with the page. */
  get givenServer(): GivenServer | null {
    return this.#options.server ?? null;
  }

  open(sources: SourceSpec[], wanted: { row: number; step: number } | null = null) {
    if (sources.length === 0) {
      this.notice.value = 'there is no file in what was given';
      return;
    }
    this.running.stop();
    this.#stopSearch();
    this.rows = new Rows();
    this.#wanted = wanted;
    batch(() => {
      this.sources.value = sources;
      this.progress.value = { readBytes: 0, totalBytes: 0, done: false };
      this.failures.value = [];
      this.filter.value = NO_FILTER;
      this.search.value = NO_SEARCH;
      this.opened.value = { state: 'none' };
      this.step.value = 0;
      this.grouping.value = false;
      this.rowCount.value = 0;
      this.rowTurn.value += 1;
      this.running.clear();
    });
    void this.#index.open(sources);
  }

  /** Opens one more file beside those that are; answers what is open now. */
  add(source: SourceSpec): SourceSpec[] {
    this.sources.value = [...this.sources.peek(), source];
    void this.#index.add(source);
    return this.sources.peek();
  }

  /** Reads a file that has changed: what was added to it when it `hasGrown`, if that can be told from the rest. */
  change(source: number, hasGrown: boolean) {
    void this.#index.change(source, hasGrown);
  }

  /** Reads the open rollout again when it is of this file, which has been written anew. A step that changed has not been run. */
  async #refresh(source: number) {
    const before = this.opened.peek();
    const row = before.state === 'none' || this.rows.source(before.row) !== source ? null : before.row;
    for (const [one] of [...this.running.runs.entries()]) {
      if (one !== row && this.rows.source(one) === source) this.running.runs.forget(one);
    }
    this.running.count.value += 1;
    if (row === null) return;
    const opened: OpenRollout = this.rows.isGone(row) ? { state: 'none' } : await this.read(row);
    if (this.opened.peek() !== before) return;
    const stepsOf = (one: OpenRollout) => (one.state === 'read' ? one.rollout.steps : []);
    const [old, now] = [stepsOf(before), stepsOf(opened)];
    const isSame = (step: number) =>
      old[step]?.program?.code === now[step]?.program?.code && old[step]?.recorded === now[step]?.recorded;
    batch(() => {
      this.running.runs.forget(row, isSame);
      this.running.count.value += 1;
      this.step.value = Math.max(0, Math.min(this.step.peek(), now.length - 1));
      this.opened.value = opened;
    });
  }

  #openWanted() {
    const { rows } = this;
    const first = { row: 0, step: 0 };
    let wanted = this.#wanted ?? (this.opened.peek().state === 'none' ? first : null);
    if (wanted && wanted.row >= rows.length && this.progress.peek().done) {
      if (wanted.row > 0) this.notice.value = `there is no rollout ${wanted.row + 1}`;
      wanted = first;
    }
    if (!wanted || wanted.row >= rows.length) return;
    this.#wanted = null;
    void this.select(wanted.row, wanted.step);
  }

  // Choosing

  get selectedRow(): number | null {
    const opened = this.opened.value;
    return opened.state === 'none' ? null : opened.row;
  }

  select(row: number, step = 0, aim: Aim = 'step'): Promise<void> {
    this.aim.value = aim;
    this.#selecting = this.#select(row, step);
    return this.#selecting;
  }

  async #select(row: number, step: number) {
    if (row < 0 || row >= this.rows.length || this.rows.isGone(row)) return;
    batch(() => {
      this.opened.value = { state: 'loading', row };
      this.step.value = step;
      this.editing.value = false;
    });
    const opened = await this.read(row);
    const current = this.opened.peek();
    if (current.state !== 'loading' || current.row !== row) return;
    batch(() => {
      this.opened.value = opened;
      // A link may name a step that there is not.
      this.moveStep(0);
    });
  }

  /** Chooses a step of a rollout, and opens it if another one is open. */
  async choose(row: number, step: number) {
    const opened = this.opened.peek();
    if (opened.state === 'none' || opened.row !== row) return this.select(row, step);
    this.step.value = step;
    await this.#selecting;
  }

  /** Reads the rollout that is open anew, as something else says what runs in it. */
  async #readAgain() {
    const before = this.opened.peek();
    if (before.state !== 'read') return;
    this.editing.value = false;
    const opened = await this.read(before.row);
    if (this.opened.peek() !== before) return;
    batch(() => {
      this.opened.value = opened;
      if (opened.state === 'read')
        this.step.value = Math.min(this.step.peek(), opened.rollout.steps.length - 1);
    });
  }

  /** Chooses whether the profile says what runs, if it can. */
  toggleRunsBy() {
    const { profile, runsByProfile } = this.settings.peek();
    if (isFramework(profile)) this.set({ runsByProfile: !runsByProfile });
    else
      this.notice.value = `${profile} finds every block; choose the profile of a framework to say which runs`;
  }

  /** A rollout with the steps that a profile says, or its log. */
  async read(row: number, runsBy = this.runsBy.peek()): Promise<OpenRollout> {
    const place = this.rows.place(row);
    if (place.bytes > MAX_OPEN_BYTES) {
      return {
        state: 'unreadable',
        row,
        line: '',
        reason: `a line of ${place.bytes} bytes is too long to show`,
      };
    }
    let line = '';
    try {
      line = await this.#index.read(place);
      const rollout = await this.#readRollout(line, place.source, runsBy);
      // Bytes that are no UTF-8 came here as replacement characters; the index says what is wrong with them.
      if (line.includes('\ufffd') && this.rows.has(row, 'unreadable'))
        throw new Error(this.rows.preview(row));
      return { state: 'read', row, line, rollout };
    } catch (thrown) {
      return {
        state: 'unreadable',
        row,
        line,
        reason: describeThrown(thrown),
      };
    }
  }

  async #readRollout(text: string, source: number, runsBy: string | null): Promise<Rollout> {
    const layout = this.#index.layout(source);
    const options = runsBy === null ? {} : { profile: runsBy };
    if (layout === 'lines') return readRolloutLine(text, options);
    if (layout === 'text') return readRolloutText(text, options);
    for await (const { rollout, fault } of readRollouts(new TextEncoder().encode(text), options)) {
      if (rollout) return rollout;
      throw new Error(fault);
    }
    throw new Error('there is nothing in it');
  }

  /** Selects the rollout `by` places further in the list; as far as there are any. */
  move(by: number) {
    const order = this.order.peek();
    if (order.length === 0) return;
    const selected = this.selectedRow;
    const place = selected === null ? -1 : order.indexOf(selected);
    const next = place < 0 ? 0 : Math.min(order.length - 1, Math.max(0, place + by));
    void this.select(order[next] as number);
  }

  moveStep(by: number) {
    const opened = this.opened.peek();
    if (opened.state !== 'read') return;
    const last = opened.rollout.steps.length - 1;
    this.step.value = Math.min(last, Math.max(0, this.step.peek() + by));
    this.editing.value = false;
  }

  /** Selects the next rollout, from the one that is open on, whose runs differ from what was recorded. */
  moveToDiffering() {
    const order = this.order.peek();
    const selected = this.selectedRow;
    const start = selected === null ? 0 : order.indexOf(selected) + 1;
    for (let count = 0; count < order.length; count += 1) {
      const row = order[(start + count) % order.length] as number;
      if (!this.running.runs.differs(row)) continue;
      return void this.select(row, this.#firstDiffering(row), 'difference');
    }
    this.notice.value = 'no run differs from what was recorded';
  }

  #firstDiffering(row: number): number {
    for (const [one, step, { state }] of this.running.runs.entries()) {
      if (one === row && (state === 'differs' || state === 'failed')) return step;
    }
    return 0;
  }

  /** Shows the rollouts of one prompt side by side, or the one that is open again. */
  toggleGroup() {
    const row = this.selectedRow;
    if (this.grouping.peek()) this.grouping.value = false;
    else if (row !== null && this.rows.groupSize(row) > 1) this.grouping.value = true;
    else this.notice.value = 'there is one rollout of this prompt';
  }

  /** Hands a link to what is open to the clipboard, if the page is the viewer's own. */
  async copyLink() {
    try {
      await navigator.clipboard.writeText(location.href);
      this.notice.value = 'the link is copied';
    } catch {
      this.notice.value = `the link is ${location.href}`;
    }
  }

  refine(filter: Partial<Filter>) {
    this.filter.value = { ...this.filter.value, ...filter };
  }

  sortBy(key: Sort['key']) {
    const { key: old, descending } = this.sort.peek();
    this.sort.value = { key, descending: old === key ? !descending : false };
  }

  /** Bounds an extra, from below or from above. */
  refineExtra(name: string, bounds: Partial<Bounds>) {
    const { [name]: old = { min: null, max: null }, ...others } = this.filter.peek().extras ?? {};
    const { min, max } = { ...old, ...bounds };
    const extras = min === null && max === null ? others : { ...others, [name]: { min, max } };
    this.refine({ extras: Object.keys(extras).length > 0 ? extras : null });
  }

  /** Gives an extra a column, or takes it away with the filter and the order by it. */
  toggleColumn(name: string) {
    const { columns, listWidth } = this.settings.peek();
    if (!columns.includes(name)) {
      return this.set({ columns: [...columns, name], listWidth: listWidth + COLUMN_PIXELS });
    }
    batch(() => {
      const left = columns.filter((one) => one !== name);
      this.set({ columns: left, listWidth: Math.max(MIN_LIST_PIXELS, listWidth - COLUMN_PIXELS) });
      this.refineExtra(name, { min: null, max: null });
      if (this.sort.peek().key === `extra:${name}`) this.sort.value = { key: 'row', descending: false };
    });
  }

  lookFor(pattern: string, isRegex: boolean) {
    this.#stopSearch();
    if (pattern === '') {
      this.search.value = { ...NO_SEARCH, isRegex };
      return;
    }
    try {
      buildExpression(pattern, isRegex, 'u');
    } catch (thrown) {
      const error = describeThrown(thrown);
      this.search.value = { ...NO_SEARCH, pattern, isRegex, error };
      return;
    }
    const hits = new Set<number>();
    this.search.value = { pattern, isRegex, hits, share: 0, error: null };
    this.#stopSearch = this.#index.search(pattern, isRegex, {
      onHits: (source, offsets, share) => {
        for (const offset of offsets) {
          const row = this.rows.find(source, offset);
          if (row !== null) hits.add(row);
        }
        // A new object around the same set: the list is made anew.
        this.search.value = { ...this.search.peek(), hits, share };
      },
      onFailed: (error) => {
        this.search.value = { ...this.search.peek(), error, share: 1 };
      },
      onDone: () => {
        this.search.value = { ...this.search.peek(), share: 1 };
      },
    });
  }

  whenOpen(): Promise<void> {
    return this.#selecting;
  }

  readAsLogged(row: number): Promise<OpenRollout> {
    return this.read(row, null);
  }

  #marks(): RowMarks {
    const { hits } = this.search.value;
    void this.annotating.count.value;
    const { annotated, label, differs } = this.filter.value;
    if (differs !== null) void this.running.count.value;
    const ofRow = (row: number) =>
      this.annotating.annotations.ofRollout(this.fileOf(row), this.rows.line(row));
    return {
      isHit: hits ? (row) => hits.has(row) : null,
      isAnnotated: annotated === null ? () => false : (row) => ofRow(row).length > 0,
      hasLabel:
        label === null
          ? () => false
          : (row, wanted) => ofRow(row).some(({ labels }) => labels.includes(wanted)),
      differs: (row) => this.running.runs.differs(row),
    };
  }

  fileOf(row: number): string {
    return this.sources.peek()[this.rows.source(row)]?.name ?? '';
  }

  lineOf(row: number): number {
    return this.rows.line(row);
  }

  findRow(file: string, line: number): number | null {
    for (let row = 0; row < this.rows.length; row += 1) {
      if (this.rows.line(row) === line && this.fileOf(row) === file && !this.rows.isGone(row)) return row;
    }
    return null;
  }

  /** Opens the editor on the code of the step that is chosen. */
  async edit() {
    await this.#selecting;
    const opened = this.opened.peek();
    const hasCode = opened.state === 'read' && opened.rollout.steps[this.step.peek()]?.program;
    if (!hasCode) {
      this.notice.value = 'this step has no code to edit';
      return;
    }
    batch(() => {
      this.set({ mode: 'rendered' });
      this.grouping.value = false;
      this.editing.value = true;
    });
  }

  // Saving

  /** Hands over the rollouts that are shown as a file, in the order of their logs and as `fencerun replay -o` writes them. */
  async saveShown(format: SaveFormat) {
    const rows = this.order.peek().slice().sort();
    const [first] = rows;
    if (first === undefined || this.saving.peek() !== null) return;
    this.notice.value = await saveRows(nameSaved(this.fileOf(first), format), this.saving, {
      rows: this.#listSaved(rows, this.running.runs),
      total: rows.length,
      format,
      runsBy: this.runsBy.peek(),
      readBytes: (place) => this.#index.readBytes(place),
    });
  }

  *#listSaved(list: Uint32Array, runs: Runs): Generator<SavedRow> {
    const { rows } = this;
    for (const row of list) {
      const place = rows.place(row);
      const layout = this.#index.layout(place.source);
      const isUnreadable = rows.has(row, 'unreadable');
      yield { place, layout, line: rows.line(row), isUnreadable, runs: runs.ofRow(row) };
    }
  }
}

function defaultWorkers(): number {
  return Math.min(4, navigator.hardwareConcurrency || 2);
}
