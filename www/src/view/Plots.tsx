// The plots of what the list shows. A click on a bar or a point filters the list.

import { useEffect, useMemo, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import { type Bar, countBars, traceRates, traceScores } from '../model/plots.js';
import type { Filter } from '../model/query.js';
import { useApp } from './context.js';
import { formatScore } from './format.js';

const HEIGHT = 190;
const WHOLE_STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000];

function readColour(name: string): string {
  return (
    getComputedStyle(document.querySelector('.viewer') ?? document.documentElement)
      .getPropertyValue(name)
      .trim() || 'gray'
  );
}

interface PlotProps {
  title: string;
  data: uPlot.AlignedData;
  series: uPlot.Series[];
  onPick(index: number): void;
  unit: string;
  /** Whether the horizontal axis has whole numbers only. */
  isWhole: boolean;
  /** The ends of the horizontal axis. */
  range?: [number, number];
}

function Plot({ title, data, series, onPick, unit, isWhole, range }: PlotProps) {
  const host = useRef<HTMLDivElement>(null);
  const pick = useRef(onPick);
  pick.current = onPick;
  useEffect(() => {
    const element = host.current;
    if (!element) return;
    const axis = {
      stroke: readColour('--text-soft'),
      grid: { stroke: readColour('--line'), width: 1 },
      ticks: { show: false },
    };
    const plot = new uPlot(
      {
        title: '',
        width: Math.max(240, element.clientWidth),
        height: HEIGHT,
        scales: {
          x: { time: false, ...(range && { range }) },
          y: { range: (_, min, max) => [Math.min(0, min), max > 0 ? max * 1.1 : 1] },
        },
        legend: { live: true },
        cursor: { drag: { x: false, y: false } },
        axes: [
          {
            ...axis,
            label: unit,
            labelSize: 16,
            labelGap: 0,
            size: 32,
            ...(isWhole && { incrs: WHOLE_STEPS }),
          },
          { ...axis, size: 48 },
        ],
        series: [{ label: unit }, ...series],
      },
      data,
      element,
    );
    const onClick = () => {
      const { idx } = plot.cursor;
      if (typeof idx === 'number') pick.current(idx);
    };
    plot.over.addEventListener('click', onClick);
    const observer = new ResizeObserver(() =>
      plot.setSize({ width: Math.max(240, element.clientWidth), height: HEIGHT }),
    );
    observer.observe(element);
    return () => {
      observer.disconnect();
      plot.destroy();
    };
  }, [data, series, unit, isWhole, range]);
  return (
    <figure>
      <figcaption>{title}</figcaption>
      <div ref={host} />
    </figure>
  );
}

/** The middle of a bar, where it stands: a bar for one whole number stands on it. */
function findMiddle({ from, to, isWhole }: Bar): number {
  return isWhole ? from : (from + to) / 2;
}

function BarPlot({ title, unit, bars }: { title: string; unit: string; bars: Bar[] }) {
  const app = useApp();
  const data = useMemo<uPlot.AlignedData>(
    () => [bars.map(findMiddle), bars.map(({ count }) => count)],
    [bars],
  );
  const series = useMemo<uPlot.Series[]>(
    () => [
      {
        label: 'rollouts',
        fill: readColour('--accent'),
        stroke: readColour('--accent'),
        paths: uPlot.paths.bars?.({ size: [0.9, 60] }) as uPlot.Series.PathBuilder,
        points: { show: false },
      },
    ],
    [],
  );
  const range = useMemo<[number, number]>(() => {
    const [first, last] = [bars[0], bars.at(-1)];
    if (!first || !last) return [0, 1];
    const margin = first.isWhole || first.from === last.to ? 0.6 : (first.to - first.from) * 0.1;
    return [first.from - margin, (last.isWhole ? last.from : last.to) + margin];
  }, [bars]);
  if (bars.length === 0) return null;
  return (
    <div>
      <Plot
        title={title}
        unit={unit}
        data={data}
        series={series}
        isWhole={bars[0]?.isWhole ?? false}
        range={range}
        onPick={(index) => show(app, bars[index]?.filter)}
      />
      <ul class="bars" aria-label={`${title}: show the rollouts of a bar`}>
        {bars.map(
          ({ from, to, count, filter, isWhole }) =>
            count > 0 && (
              <li key={from}>
                <button type="button" class="link" onClick={() => show(app, filter)}>
                  {from === to || isWhole ? formatScore(from) : `${formatScore(from)}–${formatScore(to)}`}:{' '}
                  {count}
                </button>
              </li>
            ),
        )}
      </ul>
    </div>
  );
}

function show(app: ReturnType<typeof useApp>, filter: Partial<Filter> | undefined) {
  if (!filter) return;
  app.refine(filter);
  app.dialog.value = null;
}

export default function Plots() {
  const app = useApp();
  const order = app.order.value;
  const { rows } = app;
  const [scores, tools, written] = useMemo(
    () => [
      countBars(rows, order, 'score'),
      countBars(rows, order, 'tools'),
      countBars(rows, order, 'written'),
    ],
    [rows, order],
  );
  const curve = useMemo(() => traceScores(rows, order), [rows, order]);
  const rates = useMemo(() => traceRates(rows, order), [rows, order]);
  const curveData = useMemo<uPlot.AlignedData>(
    () => [curve.steps, curve.mean, curve.low, curve.high],
    [curve],
  );
  const curveSeries = useMemo<uPlot.Series[]>(
    () => [
      { label: 'mean', stroke: readColour('--accent'), width: 2 },
      { label: 'lowest', stroke: readColour('--text-soft'), dash: [4, 4] },
      { label: 'highest', stroke: readColour('--text-soft'), dash: [4, 4] },
    ],
    [],
  );
  const rateData = useMemo<uPlot.AlignedData>(() => [rates.steps, rates.error, rates.timeout], [rates]);
  const rateSeries = useMemo<uPlot.Series[]>(
    () => [
      { label: 'error', stroke: readColour('--bad'), width: 2 },
      { label: 'time-out', stroke: readColour('--warn'), width: 2 },
    ],
    [],
  );
  const pickStep = (steps: number[]) => (index: number) => {
    const step = steps[index];
    if (step !== undefined) show(app, { stepMin: step, stepMax: step });
  };
  return (
    <div class="plots">
      <BarPlot title="Score" unit="score" bars={scores} />
      {curve.steps.length > 0 && (
        <Plot
          title="Score over training steps"
          unit="training step"
          isWhole
          data={curveData}
          series={curveSeries}
          onPick={pickStep(curve.steps)}
        />
      )}
      <BarPlot title="Programs a rollout" unit="programs" bars={tools} />
      <BarPlot title="Length of what was written" unit="bytes" bars={written} />
      {rates.steps.length > 0 && (
        <Plot
          title="Errors and time-outs, share of rollouts"
          unit="training step"
          isWhole
          data={rateData}
          series={rateSeries}
          onPick={pickStep(rates.steps)}
        />
      )}
    </div>
  );
}
