/** Why a behavioural persona was given: comparisons as a person reads them. */

import type { Assignment, Leaf } from '../wire/frames.gen';
import { capital } from './format';
import { Names } from './names';
import type { Glossary } from './names';

export interface Comparison {
  readonly signal: string;
  /** what the signal measures; empty where that is not known */
  readonly meaning: string;
  readonly actual: string;
  readonly rule: string;
  readonly outcome: Leaf['outcome'];
  readonly remark: string;
}

export interface Verdict {
  readonly id: string;
  readonly name: string;
  /** why the persona matters; empty where that is not known */
  readonly rationale: string;
  readonly matched: boolean;
  readonly role: 'primary' | 'secondary' | 'also' | 'no';
  readonly comparisons: readonly Comparison[];
}

const ROLES = { primary: 0, secondary: 1, also: 2, no: 3 } as const;

const OPERATORS: Readonly<Record<Leaf['operator'], string>> = {
  '>=': 'at least',
  '<=': 'at most',
  '<': 'under',
  '>': 'over',
  '==': 'exactly',
  '!=': 'other than',
  in: 'one of',
  is_missing: 'not known',
};

const MISSED: Readonly<Partial<Record<Leaf['operator'], string>>> = {
  '>=': 'short',
  '>': 'short',
  '<=': 'over',
  '<': 'over',
};

/** Returns every persona of the rulebook, those that were given first; null is an unknown mode. */
export function verdicts(assignment: Assignment, glossary: Glossary | null): readonly Verdict[] {
  const names = new Names(glossary);
  return Object.entries(assignment.evidence)
    .map(([id, evidence]) => ({
      id,
      name: id === assignment.primary ? assignment.title : names.persona(id),
      rationale: names.rationale(id),
      matched: evidence.matched,
      role: roleOf(assignment, id),
      comparisons: evidence.leaves.map((leaf) => comparison(leaf, names)),
    }))
    .sort((a, b) => ROLES[a.role] - ROLES[b.role]);
}

function roleOf(assignment: Assignment, id: string): Verdict['role'] {
  if (id === assignment.primary) return 'primary';
  if (id === assignment.secondary) return 'secondary';
  return assignment.qualifying.includes(id) ? 'also' : 'no';
}

/** Returns a comparison in words; `names` are those of the mode. */
export function comparison(leaf: Leaf, names: Names): Comparison {
  return {
    signal: names.signal(leaf.signal),
    meaning: names.meaning(leaf.signal),
    actual: leaf.actual === null ? 'not known' : names.figure(leaf.signal, leaf.actual),
    rule: ruleOf(leaf, names),
    outcome: leaf.outcome,
    remark: leaf.why === null ? remarkOf(leaf, names) : reasonFor(leaf.why, names),
  };
}

/** Returns why it could not be decided, without the signal, which stands before it. */
function reasonFor(why: string, names: Names): string {
  const missing = / is missing \((.+)\)$/.exec(why)?.[1];
  return names.spoken(missing ?? why.replace(/^could not be decided: /, ''));
}

function ruleOf({ signal, operator, threshold }: Leaf, names: Names): string {
  const wanted = OPERATORS[operator];
  if (threshold === null) return wanted;
  const values = typeof threshold === 'number' ? [threshold] : threshold;
  return `${wanted} ${values.map((value) => names.limit(signal, value)).join(', ')}`;
}

/** Returns how far from the line; the margin is signed by what passes. */
function remarkOf({ signal, operator, margin, outcome }: Leaf, names: Names): string {
  const missed = MISSED[operator];
  if (margin === null || missed === undefined) return '';
  if (margin === 0) return 'exactly on the line';
  const distance = names.distance(signal, margin);
  return outcome === 'true' ? `by ${distance}` : `${distance} ${missed}`;
}

/**
 * Returns the sentences on why the persona was given and what would turn it, without the name that
 * already stands above them.
 */
export function reasonsIn({ summary, title }: Assignment): readonly string[] {
  const rest = summary.startsWith(`${title}, `) ? summary.slice(title.length + 2) : summary;
  const parts = rest.replace(/^as /, '').split('; ');
  return parts.map((part) => capital(part.replace(/\.?$/, '.')));
}
