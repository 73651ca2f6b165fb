import { expect, it } from 'vitest';
import { assignment } from '../../../tests/frames';
import type { Evidence, Leaf } from '../wire/frames.gen';
import { comparison, reasonIn, verdicts } from './evidence';

const leaf: Leaf = {
  signal: 'credit_max_utilization_pct',
  actual: 62.2,
  operator: '>=',
  threshold: 50,
  margin: 12.2,
  outcome: 'true',
  why: null,
};

it('a comparison reads like a sentence', () => {
  expect(comparison(leaf)).toEqual({
    signal: 'Credit max utilization',
    actual: '62.2%',
    rule: 'at least 50%',
    outcome: 'true',
    remark: '12.2 points to spare',
  });
});

it('what could not be decided says why', () => {
  const unknown = {
    ...leaf,
    actual: null,
    margin: null,
    outcome: 'unknown',
    why: 'could not be decided: credit_max_utilization_pct is missing (no card)',
  } as const;
  expect(comparison(unknown)).toMatchObject({
    actual: 'not known',
    remark: 'credit max utilization is missing (no card)',
  });
});

it.each([
  ['>=', -3, 'false', '3 months short'],
  ['<', -3, 'false', '3 months over'],
  ['<', 3, 'true', '3 months to spare'],
  ['>=', 0, 'true', 'exactly on the line'],
] as const)(
  '%s with a margin of %d that came out %s is "%s"',
  (operator, margin, outcome, remark) => {
    const fund = { ...leaf, signal: 'savings_emergency_fund_months', operator, margin, outcome };
    expect(comparison(fund).remark).toBe(remark);
  },
);

it('the personas stand in the order in which they were given', () => {
  const evidence: Evidence = {
    matched: true,
    evidence: {},
    matched_conditions: [],
    leaves: [leaf],
  };
  const given = verdicts({
    ...assignment,
    title: 'High utilisation',
    primary: 'c',
    secondary: 'd',
    qualifying: ['c', 'd', 'b'],
    evidence: { a: { ...evidence, matched: false }, b: evidence, d: evidence, c: evidence },
  });
  expect(given.map(({ id, role }) => [id, role])).toEqual([
    ['c', 'primary'],
    ['d', 'secondary'],
    ['b', 'also'],
    ['a', 'no'],
  ]);
  expect(given[0]?.name).toBe('High utilisation');
});

it('the reason does not repeat the name that stands above it', () => {
  const given = { ...assignment, title: 'Low savings', summary: 'Low savings, because it is so.' };
  expect(reasonIn(given)).toBe('Because it is so.');
  expect(reasonIn(assignment)).toBe('Nothing stands out.');
});
