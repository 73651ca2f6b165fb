/** Values to places in a box of 100 by 100, y downwards: a drawing of any size scales it. */

export interface Place {
  readonly x: number;
  readonly y: number;
}

export interface Plot {
  /** height of the zero line, which is always in the box: an area shows amounts from there */
  readonly zero: number;
  /** the values as steps, each as wide as what lies nearest to it */
  readonly line: string;
  /** what lies between the steps and the zero line */
  readonly area: string;
  placeOf(index: number): Place;
}

/** Returns the drawing of at least two values. */
export function plotOf(values: readonly number[]): Plot {
  const bottom = Math.min(0, ...values);
  // where all is zero, the line lies on the floor
  const top = Math.max(0, ...values) || (bottom === 0 ? 1 : 0);
  const last = values.length - 1;
  const across = (index: number) => round((index / last) * 100);
  const down = (value: number) => round(((top - value) / (top - bottom)) * 100);
  const zero = down(0);
  const placeOf = (index: number) => ({ x: across(index), y: down(values[index] ?? 0) });
  const steps = values.slice(1).map((value, before) => {
    return value === values[before] ? '' : `H${across(before + 0.5)}V${down(value)}`;
  });
  const line = `M0,${placeOf(0).y}${steps.join('')}H100`;
  return { zero, line, area: `${line}V${zero}H0Z`, placeOf };
}

/** Returns the index of the value nearest to `x`, which runs from 0 to 100. */
export function nearest(x: number, count: number): number {
  const index = Math.round((x / 100) * (count - 1));
  return Math.min(Math.max(index, 0), count - 1);
}

function round(percent: number): number {
  return Math.round(percent * 100) / 100;
}
