import { describe, expect, it } from 'vitest';
import { ageOn, detailsIn, fieldOf, format, words } from './format';

describe('format', () => {
  it.each([
    [1234.5, 'money', '$1,234.50'],
    [-3, 'money', '-$3.00'],
    [250000, 'money', '$250,000'],
    [250000.5, 'money', '$250,000.50'],
    [62.25, 'percent', '62.25%'],
    [1234, 'number', '1,234'],
    [2016, 'text', '2016'],
    ['2026-01-15', 'date', 'Jan 15, 2026'],
    ['2026-01-15', 'text', 'Jan 15, 2026'],
    ['09:15', 'time', '9:15 AM'],
    ['wind_and_hail', 'text', 'Wind and hail'],
    ['credit card', 'text', 'Credit card'],
    ['10 mg', 'text', '10 mg'],
    ['****4821', 'text', '****4821'],
    ['Dr. Ruth Salinas', 'text', 'Dr. Ruth Salinas'],
    [['peanuts', 'latex'], 'text', 'Peanuts, Latex'],
    [null, 'money', '–'],
    [undefined, 'text', '–'],
    [[], 'text', '–'],
    [0, 'money', '$0.00'],
    [true, 'text', 'Yes'],
  ] as const)('shows %o as %s: %s', (value, as, shown) => {
    expect(format(value, as)).toBe(shown);
  });
});

it.each([
  ['1988-04-17', '2026-04-16', 37],
  ['1988-04-17', '2026-04-17', 38],
  ['1988-02-29', '2026-02-28', 37],
  ['1988-02-29', '2026-03-01', 38],
  ['', '2026-03-01', null],
])('who was born on %s is on %s aged %s', (birth, asOf, age) => {
  expect(ageOn(birth, asOf)).toBe(age);
});

it('fields are found by dotted names, and missing ones are undefined', () => {
  expect(fieldOf({ a: { b: 1 } }, 'a.b')).toBe(1);
  expect(fieldOf({ a: null }, 'a.b.c')).toBeUndefined();
});

it('details are those that are known, figures with their labels', () => {
  const details = [
    { field: 'on', label: 'Date', format: 'date' },
    { field: 'renews', label: 'Renews', format: 'date' },
    { field: 'cover', label: 'Coverage', format: 'money' },
    { field: 'who', label: 'Provider', format: 'text' },
    { field: 'none', label: 'None', format: 'text' },
  ] as const;
  const row = { on: '2026-01-15', renews: '2026-02-01', cover: 500, who: 'Dr. Frost', none: null };
  expect(detailsIn(row, details)).toEqual([
    'Jan 15, 2026',
    'Renews Feb 1, 2026',
    'Coverage $500.00',
    'Dr. Frost',
  ]);
});

it('identifiers become words', () => {
  expect(words('high_utilization')).toBe('High utilization');
});
