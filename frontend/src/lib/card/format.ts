/** A customer's values as a person reads them. US conventions: the customers live there. */

import type { Figure } from '../wire/frames.gen';

const LOCALE = 'en-US';
const MONEY = new Intl.NumberFormat(LOCALE, { style: 'currency', currency: 'USD' });
const WHOLE_MONEY = new Intl.NumberFormat(LOCALE, {
  style: 'currency',
  currency: 'USD',
  maximumFractionDigits: 0,
});
const NUMBER = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 2 });
const DATE = new Intl.DateTimeFormat(LOCALE, { dateStyle: 'medium', timeZone: 'UTC' });
const TIME = new Intl.DateTimeFormat(LOCALE, { timeStyle: 'short', timeZone: 'UTC' });

const ISO_DATE = /^\d{4}-\d{2}-\d{2}$/;
const CLOCK_TIME = /^\d{2}:\d{2}(:\d{2})?$/;
/** what a record spells small: an identifier, or a plain phrase */
const SPELT_SMALL = /^[a-z][a-z0-9]*([_ -][a-z0-9]+)*$/;

const PLAIN: ReadonlySet<Figure['format']> = new Set(['text', 'time']);
const ABSENT = '–';

/** Returns `value` for reading; a dash where there is none. */
export function format(value: unknown, as: Figure['format']): string {
  if (value === null || value === undefined || value === '') return ABSENT;
  if (typeof value === 'boolean') return value ? 'Yes' : 'No';
  if (Array.isArray(value)) return value.map((item) => format(item, as)).join(', ') || ABSENT;
  if (typeof value === 'number') return formatNumber(value, as);
  return formatText(String(value), as);
}

function formatNumber(value: number, as: Figure['format']): string {
  switch (as) {
    case 'money':
      return money(value);
    case 'percent':
      return `${NUMBER.format(value)}%`;
    case 'text':
      return String(value);
    default:
      return NUMBER.format(value);
  }
}

function formatText(value: string, as: Figure['format']): string {
  if (ISO_DATE.test(value)) return DATE.format(new Date(`${value}T00:00:00Z`));
  if (as === 'time' && CLOCK_TIME.test(value)) return TIME.format(new Date(`1970-01-01T${value}Z`));
  return SPELT_SMALL.test(value) ? words(value) : value;
}

/** Returns whole dollars without cents from a hundred thousand up, where cents say nothing. */
export function money(value: number): string {
  return (Math.abs(value) >= 100_000 && Number.isInteger(value) ? WHOLE_MONEY : MONEY).format(
    value,
  );
}

/** Returns an identifier as words: `high_utilization` as "High utilization". */
export function words(identifier: string): string {
  return capital(identifier.replaceAll('_', ' ').trim());
}

/** Returns `text` with its first letter large. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Returns a number with up to `decimals` places; cents stand in pairs or not at all. */
export function plainNumber(value: number, decimals: number, cents: boolean): string {
  const least = cents && !Number.isInteger(value) ? decimals : 0;
  return new Intl.NumberFormat(LOCALE, {
    minimumFractionDigits: least,
    maximumFractionDigits: decimals,
  }).format(value);
}

/** Returns the age in whole years on `asOf`; both are ISO dates. */
export function ageOn(birth: string, asOf: string): number | null {
  if (!ISO_DATE.test(birth) || !ISO_DATE.test(asOf)) return null;
  const years = Number(asOf.slice(0, 4)) - Number(birth.slice(0, 4));
  return asOf.slice(5) < birth.slice(5) ? years - 1 : years;
}

/** Returns the known details of a row; a figure says what it is, a name or a plain date need not. */
export function detailsIn(
  row: Readonly<Record<string, unknown>>,
  details: readonly Figure[],
): string[] {
  return details.flatMap((figure) => {
    const value = fieldOf(row, figure.field);
    if (value === null || value === undefined || value === '') return [];
    const shown = format(value, figure.format);
    return [
      PLAIN.has(figure.format) || figure.label === 'Date' ? shown : `${figure.label} ${shown}`,
    ];
  });
}

/** Returns the field that `path` names; dots lead into sub-objects. */
export function fieldOf(customer: Readonly<Record<string, unknown>>, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (value, name) =>
        typeof value === 'object' && value !== null
          ? (value as Record<string, unknown>)[name]
          : undefined,
      customer,
    );
}
