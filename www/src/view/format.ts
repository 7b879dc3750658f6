// Numbers and times as people read them.

/** A score as it stands in the log: `1`, `0.25`, `NaN`, `∞`. */
export function formatScore(score: number | null): string {
  if (score === null) return '–';
  if (Number.isNaN(score)) return 'NaN';
  if (!Number.isFinite(score)) return score > 0 ? '∞' : '−∞';
  return Number.isInteger(score) ? String(score) : String(Number(score.toPrecision(4)));
}

const counts = new Intl.NumberFormat('en');

export function formatCount(count: number): string {
  return counts.format(count);
}

const compact = new Intl.NumberFormat('en', { notation: 'compact' });

/** A number beside an axis, where there is little room. */
export function formatAxis(value: number): string {
  if (Math.abs(value) >= 100_000) return compact.format(value);
  return Number.isInteger(value) ? formatCount(value) : formatScore(value);
}

/** A share from 0 to 1 in per cent. */
export function formatShare(share: number): string {
  return `${Number((share * 100).toPrecision(3))} %`;
}

export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const units = ['kB', 'MB', 'GB', 'TB'];
  let [value, unit] = [bytes / 1000, 0];
  while (value >= 1000 && unit < units.length - 1) [value, unit] = [value / 1000, unit + 1];
  return `${value.toFixed(value < 10 ? 1 : 0)} ${units[unit]}`;
}

export function formatSeconds(seconds: number): string {
  if (seconds < 60) return `${Math.max(1, Math.round(seconds))} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** A value of a log: a text as it is, everything else as Python's JSON has it. */
export function formatValue(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  if (Array.isArray(value)) return `[${value.map(formatInner).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? '';
  const members = Object.entries(value).map(
    ([name, item]) => `${JSON.stringify(name)}: ${formatInner(item)}`,
  );
  return `{${members.join(', ')}}`;
}

function formatInner(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value) : formatValue(value);
}
