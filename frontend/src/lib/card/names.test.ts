import { describe, expect, it } from 'vitest';
import { Names } from './names';

function signal(name: string, label: string, unit: string, decimals: number, meaning = '') {
  return { name, label, unit, decimals, meaning };
}

const names = new Names({
  personas: [{ id: 'low_savings', name: 'Low savings', rationale: 'One repair becomes debt.' }],
  signals: [
    signal('use_pct', 'use of the cards', '%', 1),
    signal('fund', 'emergency fund', 'months', 2),
    signal('limits', 'sum of the limits', 'US dollars', 2),
    signal('claims_count', 'number of claims', 'claims', 0),
    signal('miles_flown', 'distance flown', 'miles', 0),
    signal('cover_ratio', 'ratio of cover to income', 'times', 1),
    signal('children', 'number of children under 19', 'children', 0, 'children under 19'),
    signal('share_pct', 'share of spending', 'percent', 1, 'use_pct against other_thing'),
  ],
});

describe('figures', () => {
  it.each([
    ['use_pct', 62.24, '62.2%'],
    ['fund', 20.29, '20.29 months'],
    ['fund', 1, '1 month'],
    ['limits', 17000, '$17,000'],
    ['limits', -1234.5, '-$1,234.50'],
    ['claims_count', 1, '1'],
    ['miles_flown', 12000, '12,000 miles'],
    ['cover_ratio', 0, '0 times'],
  ])('%s of %d is spelled %s', (name, value, shown) => {
    expect(names.figure(name, value)).toBe(shown);
  });

  it('a limit is as fine as its rule', () => {
    expect(names.limit('use_pct', 12.25)).toBe('12.25%');
  });

  it.each([
    ['use_pct', -1, '1 point'],
    ['share_pct', 12.2, '12.2 points'],
    ['limits', -14000, '$14,000'],
    ['fund', 2.5, '2.5 months'],
  ])('%s may be %d away: %s', (name, value, shown) => {
    expect(names.distance(name, value)).toBe(shown);
  });
});

describe('words', () => {
  it('are those of the mode', () => {
    expect(names.signal('fund')).toBe('Emergency fund');
    expect(names.persona('low_savings')).toBe('Low savings');
    expect(names.rationale('low_savings')).toBe('One repair becomes debt.');
  });

  it('name other signals by their labels too', () => {
    expect(names.meaning('share_pct')).toBe('Use of the cards against other_thing');
  });

  it('are not said twice', () => {
    expect(names.meaning('children')).toBe('');
  });
});

describe('a mode that nothing is known of', () => {
  const bare = new Names(null);

  it.each([
    ['card_use_pct', 62.25, 'Card use', '62.25%'],
    ['fund_months', 1, 'Fund', '1 month'],
    ['history_days', 30, 'History', '30 days'],
    ['total_limits', 3000, 'Total limits', '$3,000'],
    ['visit_count', 3, 'Visit count', '3'],
  ])('%s of %d is read by its ending', (name, value, label, shown) => {
    expect([bare.signal(name), bare.figure(name, value)]).toEqual([label, shown]);
  });

  it('has its identifiers as words, and no meanings', () => {
    expect(bare.persona('refill_gap')).toBe('Refill gap');
    expect([bare.rationale('refill_gap'), bare.meaning('visit_count')]).toEqual(['', '']);
  });
});
