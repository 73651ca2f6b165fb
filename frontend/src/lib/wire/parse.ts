/** Text to server frames. What the page does not know it ignores; what is malformed it refuses. */

import { SCHEMAS, SERVER_FRAMES } from './frames.gen';
import type { ServerFrame } from './frames.gen';

/** An event of a type that a newer server has: it counts in the log and shows nothing. */
export interface UnknownFrame {
  readonly type: 'unknown';
  readonly offset: number | null;
}

export class FrameError extends Error {
  override readonly name = 'FrameError';
}

interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly values?: Schema;
  readonly default?: unknown;
}

type Json = Record<string, unknown>;

/** Returns the frame that `data` spells; throws a `FrameError` that says where it is malformed. */
export function parseFrame(data: unknown): ServerFrame | UnknownFrame {
  const value = fromJson(data);
  if (!isObject(value) || typeof value['type'] !== 'string') {
    throw new FrameError('A frame is an object with a type.');
  }
  const name = Object.hasOwn(SERVER_FRAMES, value['type'])
    ? SERVER_FRAMES[value['type']]
    : undefined;
  if (name === undefined) return { type: 'unknown', offset: offsetOf(value) };
  return read(named(name), value, value['type']) as ServerFrame;
}

/** Returns `value` as the generated type called `name`; throws a `FrameError` otherwise. */
export function parseAs<T>(name: string, value: unknown): T {
  return read(named(name), value, name) as T;
}

function fromJson(data: unknown): unknown {
  if (typeof data !== 'string') throw new FrameError('A frame is text; this one is binary.');
  try {
    return JSON.parse(data);
  } catch {
    throw new FrameError('The frame is not JSON.');
  }
}

function offsetOf(value: Json): number | null {
  const offset = value['offset'];
  return typeof offset === 'number' && Number.isInteger(offset) ? offset : null;
}

function named(name: string): Schema {
  return SCHEMAS[name] as Schema;
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function read(schema: Schema, value: unknown, where: string): unknown {
  if (schema.$ref !== undefined) return read(named(schema.$ref), value, where);
  if (schema.anyOf) return readAny(schema.anyOf, value, where);
  if ('const' in schema) return expect(value === schema.const, value, where, String(schema.const));
  if (schema.enum) return expect(schema.enum.includes(value), value, where, schema.enum.join(', '));
  if (schema.type === 'array') return readArray(schema, value, where);
  if (schema.type === 'object') return readObject(schema, value, where);
  return expect(matches(schema.type, value), value, where, `a ${schema.type}`);
}

function expect(holds: boolean, value: unknown, where: string, what: string): unknown {
  if (!holds) throw new FrameError(`${where}: expected ${what}, got ${kind(value)}.`);
  return value;
}

function kind(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'an array' : `a ${typeof value}`;
}

function matches(type: string | undefined, value: unknown): boolean {
  switch (type) {
    case undefined:
      return true;
    case 'null':
      return value === null;
    case 'integer':
      return Number.isInteger(value);
    default:
      return typeof value === type;
  }
}

function readAny(choices: readonly Schema[], value: unknown, where: string): unknown {
  let first: unknown;
  for (const choice of choices) {
    try {
      return read(choice, value, where);
    } catch (error) {
      first ??= error;
    }
  }
  throw first;
}

function readArray(schema: Schema, value: unknown, where: string): unknown {
  if (!Array.isArray(value)) return expect(false, value, where, 'an array');
  const { items } = schema;
  return items ? value.map((item, index) => read(items, item, `${where}[${index}]`)) : value;
}

function readObject(schema: Schema, value: unknown, where: string): unknown {
  if (!isObject(value)) return expect(false, value, where, 'an object');
  if (schema.properties) return readFields(schema, schema.properties, value, where);
  const { values } = schema;
  if (!values) return value;
  const entries = Object.entries(value).map(([key, item]) => [
    key,
    read(values, item, `${where}.${key}`),
  ]);
  return Object.fromEntries(entries);
}

function readFields(
  schema: Schema,
  properties: Readonly<Record<string, Schema>>,
  value: Json,
  where: string,
): Json {
  const result: Json = { ...value };
  for (const [name, inner] of Object.entries(properties)) {
    const place = `${where}.${name}`;
    if (Object.hasOwn(value, name)) result[name] = read(inner, value[name], place);
    else if ('default' in inner) result[name] = inner.default;
    else if (schema.required?.includes(name) || 'const' in inner) {
      throw new FrameError(`${place} is missing.`);
    }
  }
  return result;
}
