import { expect, it } from 'vitest';
import { assignment } from '../../../tests/frames';
import type { Evidence, Leaf } from '../wire/frames.gen';
import { comparison, reasonsIn, verdicts } from './evidence';
import { Names } from './names';

const leaf: Leaf = {
  signal: 'credit_max_utilization_pct',
  actual: 62.2,
  operator: '>=',
  threshold: 50,
  margin: 12.2,
  outcome: 'true',
  why: null,
};

const names = new Names({
  personas: [],
  signals: [
    {
      name: 'credit_max_utilization_pct',
      label: 'highest card utilisation',
      unit: 'percent',
      decimals: 1,
      meaning: 'balance as a part of the limit',
    },
  ],
});

it('a comparison reads like a sentence', () => {
  expect(comparison(leaf, names)).toEqual({
    signal: 'Highest card utilisation',
    meaning: 'Balance as a part of the limit',
    actual: '62.2%',
    rule: 'at least 50%',
    outcome: 'true',
    remark: 'by 12.2 points',
  });
});

it('what could not be decided says why', () => {
  const unknown = {
    ...leaf,
    actual: null,
    margin: null,
    outcome: 'unknown',
    why: 'could not be decided: credit_max_utilization_pct is missing (there is no card)',
  } as const;
  expect(comparison(unknown, names)).toMatchObject({
    actual: 'not known',
    remark: 'there is no card',
  });
  const other = { ...unknown, why: 'could not be decided: credit_max_utilization_pct is odd' };
  expect(comparison(other, names).remark).toBe('highest card utilisation is odd');
});

it.each([
  ['>=', -3, 'false', '3 months short'],
  ['<', -3, 'false', '3 months over'],
  ['<', 3, 'true', 'by 3 months'],
  ['>=', 0, 'true', 'exactly on the line'],
  ['==', 0, 'true', ''],
  ['!=', 3, 'true', ''],
] as const)(
  '%s with a margin of %d that came out %s is "%s"',
  (operator, margin, outcome, remark) => {
    const fund = { ...leaf, signal: 'savings_emergency_fund_months', operator, margin, outcome };
    expect(comparison(fund, new Names(null)).remark).toBe(remark);
  },
);

it('the personas stand in the order in which they were given', () => {
  const evidence: Evidence = {
    matched: true,
    evidence: {},
    matched_conditions: [],
    leaves: [leaf],
  };
  const reasons = {
    ...assignment,
    title: 'High utilisation',
    primary: 'c',
    secondary: 'd',
    qualifying: ['c', 'd', 'b'],
    evidence: { a: { ...evidence, matched: false }, b: evidence, d: evidence, c: evidence },
  };
  const glossary = {
    signals: [],
    personas: [{ id: 'b', name: 'Tight month', rationale: 'Money runs out.' }],
  };
  const given = verdicts(reasons, glossary);
  expect(given.map(({ id, role }) => [id, role])).toEqual([
    ['c', 'primary'],
    ['d', 'secondary'],
    ['b', 'also'],
    ['a', 'no'],
  ]);
  expect(given.map(({ name }) => name)).toEqual(['High utilisation', 'D', 'Tight month', 'A']);
  expect(given[2]?.rationale).toBe('Money runs out.');
  expect(verdicts(reasons, null)[2]).toMatchObject({ name: 'B', rationale: '' });
});

it.each([
  [
    'Low savings, because it is so; it would be B if not.',
    ['Because it is so.', 'It would be B if not.'],
  ],
  ['Low savings, as no criteria are met.', ['No criteria are met.']],
  ['Nothing stands out.', ['Nothing stands out.']],
])('the reasons in "%s" do not repeat the name that stands above them', (summary, reasons) => {
  expect(reasonsIn({ ...assignment, title: 'Low savings', summary })).toEqual(reasons);
});
