// Search and filters above the list.

import { languages } from 'fencerun';
import type { TargetedEvent, TargetedInputEvent } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { type Bounds, NO_FILTER } from '../model/query.js';
import { useApp } from './context.js';
import { formatCount } from './format.js';
import { Toggle } from './Toggle.js';

const SEARCH_AFTER_MS = 250;

export function SearchBox() {
  const app = useApp();
  const { isRegex, error, share, hits } = app.search.value;
  const input = useRef<HTMLInputElement>(null);
  const timer = useRef(0);
  const search = (regex: boolean) => {
    clearTimeout(timer.current);
    app.lookFor(input.current?.value ?? '', regex);
  };
  const searchSoon = () => {
    clearTimeout(timer.current);
    timer.current = window.setTimeout(() => search(app.search.peek().isRegex), SEARCH_AFTER_MS);
  };
  const sources = app.sources.value;
  useEffect(() => {
    // Nothing is searched for in what has just been opened.
    clearTimeout(timer.current);
    if (input.current) input.current.value = '';
    return () => clearTimeout(timer.current);
  }, [sources]);
  return (
    <div class="search">
      <input
        ref={input}
        name="search"
        type="search"
        placeholder="search everything  ( / )"
        aria-label="search in all texts of all rollouts"
        aria-invalid={error !== null}
        spellcheck={false}
        onInput={searchSoon}
      />
      <Toggle
        isOn={isRegex}
        title="read the search as a regular expression"
        // At once, so that what is typed right after it is searched for as it says.
        onClick={() => search(!app.search.peek().isRegex)}
      >
        .*
      </Toggle>
      <Toggle
        isOn={app.settings.value.filters}
        title="show or hide the filters (F)"
        onClick={() => app.set({ filters: !app.settings.peek().filters })}
      >
        filters
      </Toggle>
      {hits && (
        <span class="facts" role="status">
          {error ?? `${formatCount(hits.size)} found${share < 1 ? `, ${Math.floor(share * 100)} %` : ''}`}
        </span>
      )}
      {!hits && error && (
        <span class="facts bad" role="status">
          {error}
        </span>
      )}
    </div>
  );
}

type RangeName = 'score' | 'step' | 'tools' | 'written';

function FactRange({ name, title }: { name: RangeName; title: string }) {
  const app = useApp();
  const { [`${name}Min` as const]: min, [`${name}Max` as const]: max } = app.filter.value;
  return (
    <Range
      title={title}
      bounds={{ min, max }}
      onChange={(end, value) => app.refine({ [end === 'min' ? `${name}Min` : `${name}Max`]: value })}
    />
  );
}

interface RangeProps {
  title: string;
  bounds: Bounds;
  onChange: (end: keyof Bounds, value: number | null) => void;
}

function Range({ title, bounds, onChange }: RangeProps) {
  const bound = (end: keyof Bounds) => (
    <input
      type="number"
      step="any"
      aria-label={`${title} ${end === 'min' ? 'at least' : 'at most'}`}
      placeholder={end}
      value={bounds[end] ?? ''}
      onInput={(event: TargetedInputEvent<HTMLInputElement>) => {
        const number = event.currentTarget.valueAsNumber;
        onChange(end, Number.isNaN(number) ? null : number);
      }}
    />
  );
  return (
    <fieldset class="range">
      <legend>{title}</legend>
      {bound('min')}
      {bound('max')}
    </fieldset>
  );
}

/** The numbers that the log has beside the score: which have a column, and between what they lie. */
function Extras() {
  const app = useApp();
  const names = app.extraNames.value;
  const columns = app.columns.value;
  const bounds = app.filter.value.extras ?? {};
  if (names.length === 0) return null;
  return (
    <>
      <details class="line columns-choice">
        <summary title="choose the numbers that have a column (C)">
          columns: {columns.length} of {names.length}
        </summary>
        {names.map((name) => (
          <button
            key={name}
            type="button"
            class={`chip ${columns.includes(name) ? 'yes' : ''}`}
            aria-pressed={columns.includes(name)}
            onClick={() => app.toggleColumn(name)}
          >
            {name}
          </button>
        ))}
      </details>
      {columns.length > 0 && (
        <div class="line">
          {columns.map((name) => (
            <Range
              key={name}
              title={name}
              bounds={bounds[name] ?? { min: null, max: null }}
              onChange={(end, value) => app.refineExtra(name, { [end]: value })}
            />
          ))}
        </div>
      )}
    </>
  );
}

const CHOICES: {
  key: 'code' | 'error' | 'timeout' | 'unreadable' | 'annotated' | 'differs';
  title: string;
}[] = [
  { key: 'code', title: 'code' },
  { key: 'error', title: 'error' },
  { key: 'timeout', title: 'time-out' },
  { key: 'differs', title: 'differs' },
  { key: 'annotated', title: 'annotated' },
  { key: 'unreadable', title: 'unreadable' },
];

/** Each button goes round: either, with, without. */
function Choice({ name, title }: { name: (typeof CHOICES)[number]['key']; title: string }) {
  const app = useApp();
  const value = app.filter.value[name];
  const next = value === null ? true : value ? false : null;
  const mark = value === null ? '' : value ? '✓ ' : '✗ ';
  const state = value === null ? 'either' : value ? 'only with' : 'only without';
  return (
    <button
      type="button"
      class={`chip ${value === null ? '' : value ? 'yes' : 'no'}`}
      aria-label={`${title}: ${state}`}
      title={`${title}: ${state}`}
      onClick={() => app.refine({ [name]: next })}
    >
      {mark}
      {title}
    </button>
  );
}

export function Filters() {
  const app = useApp();
  const filter = app.filter.value;
  void app.annotating.count.value;
  const labels = app.annotating.annotations.listLabels();
  const sources = app.sources.value;
  const isFiltered = Object.values(filter).some((value) => value !== null);
  const choose = (key: 'language' | 'source') => (event: TargetedEvent<HTMLSelectElement>) => {
    const { value } = event.currentTarget;
    app.refine({ [key]: value === '' ? null : Number(value) });
  };
  return (
    <div class="filters">
      <div class="line">
        {CHOICES.map(({ key, title }) => (
          <Choice key={key} name={key} title={title} />
        ))}
      </div>
      <div class="line">
        <FactRange name="score" title="score" />
        <FactRange name="step" title="step" />
        <FactRange name="tools" title="runs" />
        <FactRange name="written" title="bytes" />
      </div>
      <Extras />
      <div class="line">
        <select aria-label="language" value={filter.language ?? ''} onChange={choose('language')}>
          <option value="">any language</option>
          {languages().map((name, place) => (
            <option key={name} value={place}>
              {name}
            </option>
          ))}
        </select>
        {sources.length > 1 && (
          <select aria-label="file" value={filter.source ?? ''} onChange={choose('source')}>
            <option value="">any file</option>
            {sources.map(({ name }, place) => (
              <option key={name} value={place}>
                {name}
              </option>
            ))}
          </select>
        )}
        {labels.length > 0 && (
          <select
            aria-label="label"
            value={filter.label ?? ''}
            onChange={(event) => app.refine({ label: event.currentTarget.value || null })}
          >
            <option value="">any label</option>
            {labels.map((label) => (
              <option key={label}>{label}</option>
            ))}
          </select>
        )}
        {filter.group !== null && (
          <button type="button" class="chip yes" onClick={() => app.refine({ group: null })}>
            task {formatCount(filter.group + 1)} ✕
          </button>
        )}
        <span class="facts" role="status">
          {formatCount(app.order.value.length)} of {formatCount(app.rowCount.value)}
        </span>
        {isFiltered && (
          <button
            type="button"
            class="link"
            onClick={() => {
              app.filter.value = NO_FILTER;
            }}
          >
            clear
          </button>
        )}
      </div>
    </div>
  );
}
