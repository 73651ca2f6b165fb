import { describe, expect, it } from 'vitest';
import { dayAt, peaksOf, sayAt, seriesOf, summaryOf } from './series';

const series = { start: '2024-02-27', values: [10, 30.5, -5, 30.5, -1] };

describe('a series', () => {
  it('is a first day and numbers', () => {
    expect(seriesOf(series)).toEqual(series);
  });

  it.each([
    null,
    undefined,
    'x',
    [1, 2],
    { start: '2024-02-27' },
    { start: '2024-02-27', values: 7 },
    { start: '2024-02-27', values: [] },
    { start: '2024-02-27', values: [1] },
    { start: '2024-02-27', values: [1, null] },
    { start: '2024-02-27', values: [1, '2'] },
    { start: '27 February', values: [1, 2] },
    { values: [1, 2] },
  ])('is not %o', (value) => {
    expect(seriesOf(value)).toBeNull();
  });

  it('has a day for each value, over leap days and changes of the clock', () => {
    expect(series.values.map((_, index) => dayAt(series, index))).toEqual([
      '2024-02-27',
      '2024-02-28',
      '2024-02-29',
      '2024-03-01',
      '2024-03-02',
    ]);
    expect(dayAt({ start: '2025-07-20', values: [] }, 179)).toBe('2026-01-15');
  });

  it('has its peaks where they were last', () => {
    expect(peaksOf(series)).toEqual({ highest: 3, lowest: 2 });
  });
});

describe('in words', () => {
  it('a value is an amount and a day', () => {
    expect(sayAt(series, 1, 'money')).toBe('$30.50 on Feb 28, 2024');
  });

  it('the course has its ends, its peaks and how long it was below zero', () => {
    expect(summaryOf(series, 'money')).toBe(
      'From $10.00 on Feb 27, 2024 to -$1.00 on Mar 2, 2024. ' +
        'Highest $30.50 on Mar 1, 2024; lowest -$5.00 on Feb 29, 2024. Below zero on 2 days.',
    );
  });

  it('says nothing of zero where it was never below it', () => {
    expect(summaryOf({ start: '2026-01-14', values: [1, 2] }, 'number')).toBe(
      'From 1 on Jan 14, 2026 to 2 on Jan 15, 2026. ' +
        'Highest 2 on Jan 15, 2026; lowest 1 on Jan 14, 2026.',
    );
  });

  it('a level course is the same on every day', () => {
    expect(summaryOf({ start: '2026-01-14', values: [5, 5] }, 'money')).toBe(
      'From $5.00 on Jan 14, 2026 to $5.00 on Jan 15, 2026. The same on every day.',
    );
  });
});
