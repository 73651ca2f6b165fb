/** A figure over days, as a chart shows it and as it is said aloud. */

import type { Chart } from '../wire/frames.gen';
import { format } from './format';

const ISO_DATE = /^\d{4}-\d{2}-\d{2}$/;
const DAY_MS = 86_400_000;
/** one value has no course */
const FEWEST = 2;

/** One value a day from `start` on, without gaps. */
export interface Series {
  readonly start: string;
  readonly values: readonly number[];
}

/** Returns `value` as a series, and null where it is none or too short to draw. */
export function seriesOf(value: unknown): Series | null {
  if (typeof value !== 'object' || value === null) return null;
  const { start, values } = value as Partial<Series>;
  if (typeof start !== 'string' || !ISO_DATE.test(start)) return null;
  if (!Array.isArray(values) || values.length < FEWEST) return null;
  return values.every(Number.isFinite) ? { start, values } : null;
}

/** Returns the ISO date of the value at `index`. */
export function dayAt({ start }: Series, index: number): string {
  return new Date(Date.parse(`${start}T00:00:00Z`) + index * DAY_MS).toISOString().slice(0, 10);
}

/** Returns where the highest and the lowest value stand; of equal ones, the latest. */
export function peaksOf({ values }: Series): { highest: number; lowest: number } {
  return {
    highest: values.lastIndexOf(Math.max(...values)),
    lowest: values.lastIndexOf(Math.min(...values)),
  };
}

/** Returns what the value at `index` is called: amount and day. */
export function sayAt(series: Series, index: number, as: Chart['format']): string {
  return `${format(series.values[index], as)} on ${format(dayAt(series, index), 'date')}`;
}

/** Returns the course in words, for those who do not see it. */
export function summaryOf(series: Series, as: Chart['format']): string {
  const { highest, lowest } = peaksOf(series);
  const [first, last] = [0, series.values.length - 1];
  const course = `From ${sayAt(series, first, as)} to ${sayAt(series, last, as)}.`;
  if (series.values[highest] === series.values[lowest]) return `${course} The same on every day.`;
  const peaks = `Highest ${sayAt(series, highest, as)}; lowest ${sayAt(series, lowest, as)}.`;
  return [course, peaks, belowZero(series)].filter(Boolean).join(' ');
}

function belowZero({ values }: Series): string {
  const days = values.filter((value) => value < 0).length;
  if (days === 0) return '';
  return days === 1 ? 'Below zero on one day.' : `Below zero on ${days} days.`;
}
