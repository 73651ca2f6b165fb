/** What every mode knows of a customer, read without trusting that it is there. */

import { ageOn, fieldOf } from './format';

type Customer = Readonly<Record<string, unknown>>;

export interface Face {
  readonly initials: string;
  readonly hue: number;
  readonly pattern: number;
}

export interface Person {
  readonly name: string;
  readonly face: Face;
  /** age, work and town: as much of them as is known */
  readonly about: readonly string[];
  readonly contact: readonly { readonly label: string; readonly value: string }[];
}

export function personOf(customer: Customer, asOf: string): Person {
  const name = textAt(customer, 'name') ?? 'Customer';
  return {
    name,
    face: faceOf(customer, name),
    about: aboutOf(customer, asOf),
    contact: contactOf(customer),
  };
}

function textAt(customer: Customer, path: string): string | null {
  const value = fieldOf(customer, path);
  return typeof value === 'string' && value !== '' ? value : null;
}

function numberAt(customer: Customer, path: string): number {
  const value = fieldOf(customer, path);
  return typeof value === 'number' ? value : 0;
}

function faceOf(customer: Customer, name: string): Face {
  const initials = name.split(/\s+/).map((word) => word.charAt(0));
  return {
    initials: textAt(customer, 'avatar.initials') ?? initials.slice(0, 2).join(''),
    hue: numberAt(customer, 'avatar.hue'),
    pattern: numberAt(customer, 'avatar.pattern'),
  };
}

function aboutOf(customer: Customer, asOf: string): string[] {
  const age = ageOn(textAt(customer, 'date_of_birth') ?? '', asOf);
  const city = textAt(customer, 'address.city');
  const state = textAt(customer, 'address.state');
  const town = city && state ? `${city}, ${state}` : city;
  const known = [age === null ? null : String(age), textAt(customer, 'occupation'), town];
  return known.filter((item) => item !== null);
}

function contactOf(customer: Customer): Person['contact'] {
  const found = [
    ['Address', addressOf(customer)],
    ['Phone', textAt(customer, 'phone')],
    ['Mail', textAt(customer, 'email')],
  ] as const;
  return found.flatMap(([label, value]) => (value ? [{ label, value }] : []));
}

function addressOf(customer: Customer): string | null {
  const [street, city] = [textAt(customer, 'address.street'), textAt(customer, 'address.city')];
  if (!street || !city) return null;
  const state = textAt(customer, 'address.state') ?? '';
  const zip = textAt(customer, 'address.zip_code') ?? '';
  return `${street}, ${city}, ${state} ${zip}`.trim();
}
