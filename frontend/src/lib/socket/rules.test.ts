import { describe, expect, it } from 'vitest';
import { comesBack, waitBefore } from './rules';

describe('comesBack', () => {
  it.each([1001, 1005, 1006, 1011, 1012, 4000, 4002, 4003, 4499])('after %i', (code) => {
    expect(comesBack(code)).toBe(true);
  });
  it.each([1000, 4500, 4501, 4502, 4505, 4999])('not by itself after %i', (code) => {
    expect(comesBack(code)).toBe(false);
  });
});

describe('waitBefore', () => {
  it('climbs and stays on the highest rung', () => {
    const waits = [0, 1, 2, 3, 4, 5, 6, 50].map((attempt) => waitBefore(attempt, 0.5));
    expect(waits).toEqual([300, 1000, 2000, 4000, 8000, 15000, 30000, 30000]);
  });
  it('is spread by half to both sides', () => {
    expect([waitBefore(1, 0), waitBefore(1, 0.999)]).toEqual([500, 1499]);
  });
});
