// The plots of what the list shows. A click on a bar or a point filters the list.

import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import uPlot from 'uplot';
import type { App } from '../app.js';
import {
  type Bar,
  type Curve,
  countBars,
  countTroubles,
  TROUBLES,
  traceScores,
  traceTroubles,
} from '../model/plots.js';
import type { Filter } from '../model/query.js';
import { useApp } from './context.js';
import { formatAxis, formatCount, formatScore, formatShare, plural } from './format.js';

const HEIGHT = 180;
const MIN_WIDTH = 240;
/** How far apart the lines of an axis of whole numbers may be. */
const WHOLE_STEPS = Array.from({ length: 10 }, (_, power) =>
  [1, 2, 5].map((one) => one * 10 ** power),
).flat();

/** A colour of the style sheet. */
type Colour = 'accent' | 'text-soft' | 'bad' | 'warn';

/** One line of a plot, or its bars. */
interface Series {
  label: string;
  colour: Colour;
  values: (number | null)[];
  isDashed?: boolean;
}

interface Axis {
  unit: string;
  format(value: number): string;
  /** Whether it has whole numbers only. */
  isWhole: boolean;
}

interface PlotProps {
  title: string;
  /** Where the values stand on the horizontal axis. */
  places: number[];
  series: Series[];
  across: Axis;
  up: Axis;
  /** The ends of the horizontal axis; where it is given, the values are bars. */
  range?: [number, number];
  /** What stands at one place, in words. */
  describe(index: number): string;
  onPick(index: number): void;
}

/** A colour as a canvas takes it: that of a custom property is worked out only where something is painted in it. */
function readColour(element: HTMLElement, name: Colour | 'line'): string {
  element.style.color = `var(--${name})`;
  const { color } = getComputedStyle(element);
  element.style.color = '';
  return color;
}

function draw(
  element: HTMLElement,
  { places, series, across, up, range }: PlotProps,
  onPoint: (index: number | null) => void,
): uPlot {
  const soft = readColour(element, 'text-soft');
  const grid = { stroke: readColour(element, 'line'), width: 1 };
  const describeAxis = ({ unit, format, isWhole }: Axis, size: number): uPlot.Axis => ({
    stroke: soft,
    grid,
    ticks: { show: false },
    label: unit,
    labelSize: 18,
    labelGap: 0,
    labelFont: '12px system-ui, sans-serif',
    size,
    values: (_, splits) => splits.map(format),
    ...(isWhole && { incrs: WHOLE_STEPS }),
  });
  return new uPlot(
    {
      width: Math.max(MIN_WIDTH, element.clientWidth),
      height: HEIGHT,
      padding: [8, 18, 0, 0],
      scales: {
        x: { time: false, ...(range && { range }) },
        y: { range: (_, min, max) => [Math.min(0, min), max > 0 ? max * 1.05 : 1] },
      },
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false } },
      hooks: { setCursor: [({ cursor }) => onPoint(cursor.idx ?? null)] },
      axes: [describeAxis(across, 28), describeAxis(up, 44)],
      series: [
        {},
        ...series.map(({ colour, isDashed }): uPlot.Series => {
          const stroke = readColour(element, colour);
          if (!range) return { stroke, width: isDashed ? 1 : 2, ...(isDashed && { dash: [4, 4] }) };
          const paths = uPlot.paths.bars?.({ size: [0.9, 60, 2] }) as uPlot.Series.PathBuilder;
          return { stroke, fill: stroke, paths, points: { show: false } };
        }),
      ],
    },
    [places, ...series.map(({ values }) => values)],
    element,
  );
}

function Plot(props: PlotProps) {
  const { title, places, series, describe, onPick } = props;
  const host = useRef<HTMLDivElement>(null);
  const pick = useRef(onPick);
  pick.current = onPick;
  const [point, setPoint] = useState<number | null>(null);
  useEffect(() => {
    const element = host.current;
    if (!element) return;
    const plot = draw(element, props, setPoint);
    plot.over.addEventListener('click', () => {
      const { idx } = plot.cursor;
      if (typeof idx === 'number') pick.current(idx);
    });
    const observer = new ResizeObserver(() =>
      plot.setSize({ width: Math.max(MIN_WIDTH, element.clientWidth), height: HEIGHT }),
    );
    observer.observe(element);
    return () => {
      observer.disconnect();
      plot.destroy();
    };
  }, [places, series]);
  return (
    <figure>
      <figcaption>
        {title}
        <span class="facts">{point !== null && point < places.length && describe(point)}</span>
      </figcaption>
      <div ref={host} />
      {series.length > 1 && (
        <p class="legend">
          {series.map(({ label, colour, isDashed }) => (
            <span key={label} class={`swatch ${colour} ${isDashed ? 'dashed' : ''}`}>
              {label}
            </span>
          ))}
        </p>
      )}
    </figure>
  );
}

interface BarPlotProps {
  title: string;
  unit: string;
  bars: Bar[];
  /** Whether what is counted are whole numbers. */
  isWhole: boolean;
}

function BarPlot({ title, unit, bars, isWhole }: BarPlotProps) {
  const app = useApp();
  const places = useMemo(() => bars.map(({ from, to }) => (from + to) / 2), [bars]);
  const series = useMemo<Series[]>(
    () => [{ label: 'rollouts', colour: 'accent', values: bars.map(({ count }) => count) }],
    [bars],
  );
  if (bars.length === 0) return null;
  const name = ({ from, to }: Bar) => {
    if (from === to) return isWhole ? formatCount(from) : formatScore(from);
    return isWhole
      ? `${formatCount(from)}–${formatCount(to - 1)}`
      : `${formatScore(from)}–${formatScore(to)}`;
  };
  const pick = (index: number) => {
    const bar = bars[index];
    if (bar && bar.count > 0) show(app, bar.filter);
  };
  const count = (bar: Bar) => `${name(bar)}: ${plural(bar.count, 'rollout')}`;
  return (
    <div>
      <Plot
        title={title}
        places={places}
        series={series}
        across={{ unit, format: formatAxis, isWhole }}
        up={{ unit: 'rollouts', format: formatAxis, isWhole: true }}
        range={findEnds(bars)}
        describe={(index) => count(bars[index] as Bar)}
        onPick={pick}
      />
      <details class="bars">
        <summary>as a list</summary>
        <ul aria-label={`${title}: show the rollouts of a bar`}>
          {bars.map(
            (bar, index) =>
              bar.count > 0 && (
                <li key={bar.from}>
                  <button type="button" class="link" onClick={() => pick(index)}>
                    {count(bar)}
                  </button>
                </li>
              ),
          )}
        </ul>
      </details>
    </div>
  );
}

/** Where the axis of bars begins and ends: bars of one value stand in the middle of what is theirs. */
function findEnds(bars: Bar[]): [number, number] {
  const [first, last] = [bars[0] as Bar, bars.at(-1) as Bar];
  if (first.from !== first.to) return [first.from, last.to];
  const gaps = bars.slice(1).map(({ from }, place) => from - (bars[place] as Bar).from);
  const margin = gaps.length === 0 ? 1 : Math.min(...gaps) * 0.6;
  return [first.from - margin, last.to + margin];
}

interface CurvePlotProps {
  title: string;
  curve: Curve;
  /** What the lines are, in their order. */
  lines: Omit<Series, 'values'>[];
  up: Axis;
}

function CurvePlot({ title, curve, lines, up }: CurvePlotProps) {
  const app = useApp();
  const series = useMemo(
    () => curve.lines.map((values, place): Series => ({ ...(lines[place] as Series), values })),
    [curve],
  );
  if (curve.steps.length === 0) return null;
  return (
    <Plot
      title={title}
      places={curve.steps}
      series={series}
      across={{ unit: 'training step', format: formatAxis, isWhole: true }}
      up={up}
      describe={(index) =>
        [
          `step ${formatCount(curve.steps[index] as number)}`,
          ...series.map(({ label, values }) => {
            const value = values[index] ?? null;
            return `${label} ${value === null ? '–' : up.format(value)}`;
          }),
        ].join(' · ')
      }
      onPick={(index) => {
        const step = curve.steps[index] as number;
        show(app, { stepMin: step, stepMax: step });
      }}
    />
  );
}

function show(app: App, filter: Partial<Filter>) {
  app.refine(filter);
  app.dialog.value = null;
}

const SCORE_LINES: CurvePlotProps['lines'] = [
  { label: 'mean', colour: 'accent' },
  { label: 'lowest', colour: 'text-soft', isDashed: true },
  { label: 'highest', colour: 'text-soft', isDashed: true },
];
const TROUBLE_LINES: CurvePlotProps['lines'] = [
  { label: 'error', colour: 'bad' },
  { label: 'time-out', colour: 'warn' },
];

export default function Plots() {
  const app = useApp();
  const order = app.order.value;
  const { rows } = app;
  const plots = useMemo(
    () => ({
      score: countBars(rows, order, 'score'),
      tools: countBars(rows, order, 'tools'),
      written: countBars(rows, order, 'written'),
      scores: traceScores(rows, order),
      troubles: traceTroubles(rows, order),
      counts: countTroubles(rows, order),
    }),
    [rows, order],
  );
  if (order.length === 0) return <p class="facts">There is no rollout to plot.</p>;
  return (
    <div class="plots">
      <BarPlot title="Score" unit="score" bars={plots.score} isWhole={false} />
      <CurvePlot
        title="Score over training steps"
        curve={plots.scores}
        lines={SCORE_LINES}
        up={{ unit: 'score', format: formatScore, isWhole: false }}
      />
      <BarPlot title="Programs per rollout" unit="programs" bars={plots.tools} isWhole />
      <BarPlot title="Length of what was written" unit="bytes" bars={plots.written} isWhole />
      <div>
        <CurvePlot
          title="Rollouts with an error or a time-out"
          curve={plots.troubles}
          lines={TROUBLE_LINES}
          up={{ unit: 'share of rollouts', format: formatShare, isWhole: false }}
        />
        <p class="legend">
          {TROUBLES.map((trouble, place) => (
            <button
              key={trouble}
              type="button"
              class="link"
              disabled={plots.counts[trouble] === 0}
              onClick={() => show(app, { [trouble]: true })}
            >
              {TROUBLE_LINES[place]?.label}: {formatCount(plots.counts[trouble])} of{' '}
              {plural(order.length, 'rollout')} ({formatShare(plots.counts[trouble] / order.length)})
            </button>
          ))}
        </p>
      </div>
    </div>
  );
}
