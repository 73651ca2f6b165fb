/** What a mode calls its signals and personas, and how it spells their figures. */

import type { ModePage, PersonaInfo, SignalInfo } from '../wire/frames.gen';
import { capital, plainNumber, words } from './format';

export type Glossary = Pick<ModePage, 'signals' | 'personas'>;

const IDENTIFIER = /[a-z]+(?:_[a-z0-9]+)+/g;
/** A label that counts says what it counts, so that its figure need not. */
const COUNTS = /^number of /;
const ONE: Readonly<Record<string, string>> = {
  days: 'day',
  weeks: 'week',
  months: 'month',
  years: 'year',
  points: 'point',
};

/** Where a mode says nothing of a signal, the end of its name tells the unit. */
const ENDINGS: readonly (readonly [RegExp, string])[] = [
  [/_pct(_|$)/, 'percent'],
  [/_months$|_months_/, 'months'],
  [/_days$/, 'days'],
  [/_years$/, 'years'],
  [/_(spend|limits|charges|amount|balance)$/, 'US dollars'],
];
const GUESSED_DECIMALS = 2;

export class Names {
  readonly #signals: ReadonlyMap<string, SignalInfo>;
  readonly #personas: ReadonlyMap<string, PersonaInfo>;

  /** With null, of a mode that the page knows nothing of, names are made of identifiers. */
  constructor(glossary: Glossary | null) {
    this.#signals = new Map(glossary?.signals.map((signal) => [signal.name, signal]));
    this.#personas = new Map(glossary?.personas.map((persona) => [persona.id, persona]));
  }

  persona(id: string): string {
    return this.#personas.get(id)?.name ?? words(id);
  }

  /** Returns why the persona matters; empty where that is not known. */
  rationale(id: string): string {
    return this.#personas.get(id)?.rationale ?? '';
  }

  signal(name: string): string {
    return capital(this.#info(name).label);
  }

  /** Returns what the signal measures; empty where its name says as much. */
  meaning(name: string): string {
    const { label, meaning } = this.#info(name);
    return label.includes(meaning) ? '' : capital(this.spoken(meaning));
  }

  /** Returns a measured value with its unit. */
  figure(name: string, value: number): string {
    const info = this.#info(name);
    return spelled(info, value, info.decimals);
  }

  /** Returns a limit with its unit, as finely as its rule was written. */
  limit(name: string, value: number): string {
    const info = this.#info(name);
    return spelled(info, value, Math.max(info.decimals, GUESSED_DECIMALS));
  }

  /** Returns how far two values are apart; percentages are points apart. */
  distance(name: string, value: number): string {
    const info = this.#info(name);
    const unit = isPercent(info.unit) ? 'points' : info.unit;
    return spelled({ ...info, unit }, Math.abs(value), Math.max(info.decimals, GUESSED_DECIMALS));
  }

  /** Returns a sentence with the signals that it names by their labels. */
  spoken(sentence: string): string {
    return sentence.replace(IDENTIFIER, (name) => this.#signals.get(name)?.label ?? name);
  }

  #info(name: string): SignalInfo {
    return this.#signals.get(name) ?? guess(name);
  }
}

function guess(name: string): SignalInfo {
  const unit = ENDINGS.find(([ending]) => ending.test(name))?.[1] ?? '';
  const label = name.replace(/_(pct|days|months|years)$/, '').replaceAll('_', ' ');
  return { name, label, unit, decimals: GUESSED_DECIMALS, meaning: '' };
}

function spelled({ label, unit }: SignalInfo, value: number, decimals: number): string {
  const isMoney = unit === 'US dollars' || unit === 'USD';
  const number = plainNumber(Math.abs(value), decimals, isMoney);
  const sign = value < 0 ? '-' : '';
  if (isMoney) return `${sign}$${number}`;
  if (isPercent(unit)) return `${sign}${number}%`;
  if (unit === '' || COUNTS.test(label)) return `${sign}${number}`;
  return `${sign}${number} ${(number === '1' && ONE[unit]) || unit}`;
}

function isPercent(unit: string): boolean {
  return unit === '%' || unit === 'percent';
}
