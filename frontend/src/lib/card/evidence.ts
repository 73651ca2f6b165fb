/** Why a behavioural persona was given: comparisons as a person reads them. */

import type { Assignment, Leaf } from '../wire/frames.gen';
import { format, words } from './format';

export interface Comparison {
  readonly signal: string;
  readonly actual: string;
  readonly rule: string;
  readonly outcome: Leaf['outcome'];
  readonly remark: string;
}

export interface Verdict {
  readonly id: string;
  readonly name: string;
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

/** The end of a signal's name tells its unit. */
const UNITS: readonly (readonly [RegExp, (figure: string) => string])[] = [
  [/_pct(_|$)/, (figure) => `${figure}%`],
  [/_months$|_months_|_fund_months/, (figure) => `${figure} months`],
  [/_days$/, (figure) => `${figure} days`],
  [/_years$/, (figure) => `${figure} years`],
  [/_(spend|limits|charges|amount|balance)$/, (figure) => `$${figure}`],
];

/** Returns every persona of the rulebook, those that were given first. */
export function verdicts(assignment: Assignment): readonly Verdict[] {
  return Object.entries(assignment.evidence)
    .map(([id, evidence]) => ({
      id,
      name: id === assignment.primary ? assignment.title : words(id),
      matched: evidence.matched,
      role: roleOf(assignment, id),
      comparisons: evidence.leaves.map(comparison),
    }))
    .sort((a, b) => ROLES[a.role] - ROLES[b.role]);
}

function roleOf(assignment: Assignment, id: string): Verdict['role'] {
  if (id === assignment.primary) return 'primary';
  if (id === assignment.secondary) return 'secondary';
  return assignment.qualifying.includes(id) ? 'also' : 'no';
}

export function comparison(leaf: Leaf): Comparison {
  return {
    signal: signalName(leaf.signal),
    actual: leaf.actual === null ? 'not known' : figure(leaf.signal, leaf.actual),
    rule: ruleOf(leaf),
    outcome: leaf.outcome,
    remark: leaf.why === null ? remarkOf(leaf) : reasonFor(leaf.signal, leaf.why),
  };
}

/** Returns why it could not be decided, with the signal by the name that stands before it. */
function reasonFor(signal: string, why: string): string {
  const reason = why.replace(/^could not be decided: /, '');
  return reason.replace(signal, signalName(signal).toLowerCase());
}

/** Returns a signal's name without the unit that its figure shows. */
export function signalName(signal: string): string {
  return words(signal.replace(/_(pct|days|months)$/, ''));
}

function figure(signal: string, value: number): string {
  const plain = format(value, 'number');
  const unit = UNITS.find(([pattern]) => pattern.test(signal));
  return unit ? unit[1](plain) : plain;
}

function ruleOf({ signal, operator, threshold }: Leaf): string {
  const wanted = OPERATORS[operator];
  if (threshold === null) return wanted;
  const values = typeof threshold === 'number' ? [threshold] : threshold;
  return `${wanted} ${values.map((value) => figure(signal, value)).join(', ')}`;
}

/** Returns how far from the line; the margin is signed by what passes. */
function remarkOf({ signal, operator, margin, outcome }: Leaf): string {
  if (margin === null) return '';
  if (margin === 0) return 'exactly on the line';
  const distance = figure(signal, Math.abs(margin)).replace('%', ' points');
  if (outcome === 'true') return `${distance} to spare`;
  return MISSED[operator] ? `${distance} ${MISSED[operator]}` : '';
}

/** Returns the reason for the persona, without the name that already stands above it. */
export function reasonIn({ summary, title }: Assignment): string {
  const rest = summary.startsWith(`${title}, `) ? summary.slice(title.length + 2) : summary;
  return rest.charAt(0).toUpperCase() + rest.slice(1);
}
