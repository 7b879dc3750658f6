// The list of rollouts: only the rows that are in sight exist.

import { useSignalEffect } from '@preact/signals';
import { elementScroll, observeElementOffset, observeElementRect, Virtualizer } from '@tanstack/virtual-core';
import type { VNode } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { App } from '../app.js';
import type { SortKey } from '../model/query.js';
import { useApp } from './context.js';
import { formatAxis, formatCount, formatScore } from './format.js';
import { Visible } from './Marked.js';

const ROW_HEIGHT = 30;
const OVERSCAN = 5;
/** So many rows are remembered as they were drawn. */
const MAX_DRAWN = 512;
/** Elements that scroll out of sight are used again, whatever comes into it: there are a multiple of this many. */
const POOL_STEP = 16;

const COLUMNS: { key: SortKey; title: string; hint: string }[] = [
  { key: 'row', title: '#', hint: 'in the order of the file' },
  { key: 'score', title: 'score', hint: 'reward' },
  { key: 'step', title: 'step', hint: 'training step' },
  { key: 'tools', title: 'runs', hint: 'programs that were run' },
  { key: 'written', title: 'written', hint: 'bytes that the model wrote' },
  { key: 'group', title: 'task', hint: 'rollouts of one prompt together' },
];

function useVirtualizer(count: number, element: { current: HTMLDivElement | null }) {
  const [, redraw] = useState({});
  const [virtualizer] = useState(
    () =>
      new Virtualizer<HTMLDivElement, HTMLDivElement>({
        count,
        getScrollElement: () => element.current,
        estimateSize: () => ROW_HEIGHT,
        overscan: OVERSCAN,
        observeElementRect,
        observeElementOffset,
        scrollToFn: elementScroll,
        onChange: () => redraw({}),
      }),
  );
  virtualizer.setOptions({ ...virtualizer.options, count });
  useEffect(() => virtualizer._didMount(), [virtualizer]);
  useEffect(() => virtualizer._willUpdate());
  return virtualizer;
}

function sortState(app: App, key: SortKey) {
  const { key: current, descending } = app.sort.value;
  if (key !== current) return 'none';
  return descending ? 'descending' : 'ascending';
}

export function List() {
  const app = useApp();
  const element = useRef<HTMLDivElement>(null);
  const order = app.order.value;
  const columns = app.columns.value;
  const virtualizer = useVirtualizer(order.length, element);
  const selected = app.selectedRow;
  const items = virtualizer.getVirtualItems();
  // The rows in sight follow each other, so that no two of them have one element.
  const pool = Math.ceil(items.length / POOL_STEP) * POOL_STEP;
  // A row that is what it was is not looked at again while the list scrolls.
  const drawn = useMemo(
    () => new Map<number, VNode>(),
    [order, columns, selected, pool, app.running.count.value, app.annotating.count.value],
  );
  if (drawn.size > MAX_DRAWN) drawn.clear();
  const draw = (index: number, start: number) => {
    const row = order[index];
    if (row === undefined) return null;
    const known = drawn.get(index);
    if (known) return known;
    const isSelected = row === selected;
    const node = <Row key={index % pool} {...{ row, index, start, isSelected, columns }} />;
    drawn.set(index, node);
    return node;
  };
  const heads = [
    ...COLUMNS,
    ...columns.map((name) => ({ key: `extra:${name}` as const, title: name, hint: `${name}, of the log` })),
  ];

  useSignalEffect(() => {
    const row = app.selectedRow;
    const place = row === null ? -1 : app.order.value.indexOf(row);
    if (place >= 0) virtualizer.scrollToIndex(place, { align: 'auto' });
  });

  return (
    <div
      class="list"
      role="table"
      aria-label="rollouts"
      aria-rowcount={order.length + 1}
      style={{ '--extras': columns.length > 0 ? `repeat(${columns.length}, 76px)` : '' }}
    >
      <div class="row head" role="row">
        {heads.map(({ key, title, hint }) => (
          <div
            key={key}
            role="columnheader"
            aria-sort={sortState(app, key)}
            class={`cell of-${key.startsWith('extra:') ? 'extra' : key}`}
          >
            <button type="button" title={`sort: ${hint}`} onClick={() => app.sortBy(key)}>
              {title}
              <span class="arrow" aria-hidden="true">
                {{ none: '', ascending: '▲', descending: '▼' }[sortState(app, key)]}
              </span>
            </button>
          </div>
        ))}
        <div role="columnheader" class="cell of-preview">
          prompt
        </div>
      </div>
      {order.length === 0 && (
        <p class="facts none" role="status">
          {!app.progress.value.done
            ? 'reading…'
            : app.rowCount.value === 0
              ? 'There is no rollout in what was opened.'
              : 'No rollout passes the search and the filters.'}
        </p>
      )}
      <div class="scroll" ref={element} tabIndex={-1} role="rowgroup">
        <div style={{ height: `${virtualizer.getTotalSize()}px`, position: 'relative' }} role="presentation">
          {items.map(({ index, start }) => draw(index, start))}
        </div>
      </div>
    </div>
  );
}

function Row({
  row,
  index,
  start,
  isSelected,
  columns,
}: {
  row: number;
  index: number;
  start: number;
  isSelected: boolean;
  columns: readonly string[];
}) {
  const app = useApp();
  const { rows } = app;
  void app.rowCount.value;
  void app.running.count.value;
  void app.annotating.count.value;
  const state = app.running.runs.state(row);
  const annotations = app.annotating.annotations.ofRollout(app.fileOf(row), rows.line(row));
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: j and k select by key
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-selected={isSelected}
      data-row={row}
      class={`row body ${isSelected ? 'selected' : ''} ${rows.has(row, 'unreadable') ? 'unreadable' : ''}`}
      style={{ transform: `translateY(${start}px)` }}
      onClick={() => void app.select(row)}
    >
      <div role="cell" class="cell of-row">
        {formatCount(row + 1)}
      </div>
      <div role="cell" class="cell of-score">
        {formatScore(rows.score(row))}
      </div>
      <div role="cell" class="cell of-step">
        {rows.step(row) ?? '–'}
      </div>
      <div role="cell" class="cell of-tools">
        {rows.tools(row) || '–'}
        {rows.has(row, 'error') && (
          <span class="badge error" title="an observation has an error">
            !
          </span>
        )}
        {rows.has(row, 'timeout') && (
          <span class="badge timeout" title="an observation tells of a time-out">
            ⏱
          </span>
        )}
      </div>
      <div role="cell" class="cell of-written">
        {formatAxis(rows.written(row))}
      </div>
      <div role="cell" class="cell of-group" title={`${rows.groupSize(row)} of one prompt`}>
        {formatCount(rows.group(row) + 1)}
        {rows.groupSize(row) > 1 && <small>×{formatAxis(rows.groupSize(row))}</small>}
      </div>
      {columns.map((name) => (
        <div key={name} role="cell" class="cell of-extra" data-name={name}>
          {formatScore(rows.extra(name, row))}
        </div>
      ))}
      <div role="cell" class="cell of-preview">
        {state && <span class={`dot ${state}`} title={`replayed: ${state}`} />}
        {annotations.length > 0 && (
          <span class="badge note" title="annotated">
            ✎
          </span>
        )}
        <Visible text={rows.preview(row)} />
      </div>
    </div>
  );
}
