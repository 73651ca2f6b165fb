import { describe, expect, it } from 'vitest';
import { nearest, plotOf } from './plot';

describe('the drawing', () => {
  it('runs from the highest value at the top to zero at the bottom', () => {
    const plot = plotOf([0, 50, 100]);
    expect(plot.zero).toBe(100);
    expect([0, 1, 2].map(plot.placeOf)).toEqual([
      { x: 0, y: 100 },
      { x: 50, y: 50 },
      { x: 100, y: 0 },
    ]);
  });

  it('keeps zero in the box, however far away the values are', () => {
    expect(plotOf([900, 1000]).placeOf(0).y).toBe(10);
    expect(plotOf([-900, -1000]).zero).toBe(0);
    expect(plotOf([300, -100]).zero).toBe(75);
  });

  it('steps halfway between two days, where the nearest day changes', () => {
    expect(plotOf([100, 100, 50]).line).toBe('M0,0H75V50H100');
    expect(nearest(74, 3)).toBe(1);
    expect(nearest(76, 3)).toBe(2);
  });

  it('fills down to the zero line and comes back', () => {
    expect(plotOf([100, -100]).area).toBe('M0,0H50V100H100V50H0Z');
  });

  it('lies on the floor where everything is zero', () => {
    const plot = plotOf([0, 0]);
    expect([plot.zero, plot.placeOf(1).y, plot.line]).toEqual([100, 100, 'M0,100H100']);
  });

  it.each(Array.from({ length: 200 }, (_, seed) => seed))('stays in the box: %i', (seed) => {
    const values = Array.from({ length: 2 + seed }, (_, day) => {
      return Math.round(Math.sin(day * 12.9898 + seed) * 1e7) / 100;
    });
    const plot = plotOf(values);
    const numbers = [...plot.area.matchAll(/-?\d+(\.\d+)?/g)].map(([found]) => Number(found));
    expect(Math.min(...numbers)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...numbers)).toBeLessThanOrEqual(100);
  });
});

it('every day is the nearest one to its own place, and places outside are at the ends', () => {
  const days = Array.from({ length: 180 }, (_, day) => day);
  const plot = plotOf(days);
  expect(days.map((day) => nearest(plot.placeOf(day).x, 180))).toEqual(days);
  expect([nearest(-3, 180), nearest(104, 180)]).toEqual([0, 179]);
});
