// JSON Schema, as Pydantic writes it, to TypeScript types and to the tables that parse.ts checks by.

const HEADER = `// Made from backend/wire.py and backend/web/api.py by \`npm run wire\`. Do not edit.\n`;

/** What a reader of a frame needs of its schema: no prose, no bounds that only the server sets. */
const KEPT = ['$ref', 'type', 'const', 'enum', 'anyOf', 'items', 'properties', 'required'];

export function render(schemas) {
  const defs = {};
  for (const side of ['server', 'client', 'mode_page']) collect(defs, schemas[side]);
  const outgoing = names(schemas.client);
  const parts = [
    HEADER,
    `export const PROTOCOL = ${schemas.protocol};\n`,
    `export const CLOSE_CODES = ${literal(schemas.close_codes)} as const;\n`,
    ...Object.keys(defs)
      .sort()
      .map((name) => declaration(name, defs[name], outgoing.includes(name))),
    union('ClientFrame', outgoing),
    union('ServerFrame', names(schemas.server)),
    union(
      'LogEvent',
      names(schemas.server).filter((name) => 'offset' in defs[name].properties),
    ),
    `/** Frame type to the name of its schema. */\n`,
    `export const SERVER_FRAMES: Readonly<Record<string, string>> = ${literal(types(schemas.server))};\n`,
    `/** What the server sends, without prose; see parse.ts. */\n`,
    `export const SCHEMAS: Readonly<Record<string, unknown>> = ${literal(tables(defs, outgoing))};\n`,
  ];
  return parts.join('\n');
}

function collect(defs, schema) {
  for (const [name, found] of Object.entries(schema.$defs ?? {})) add(defs, name, found);
  if (schema.properties) add(defs, schema.title, without(schema, '$defs'));
}

function add(defs, name, schema) {
  if (defs[name] && JSON.stringify(defs[name]) !== JSON.stringify(schema)) {
    throw new Error(`Two different schemas are called ${name}.`);
  }
  defs[name] = schema;
}

function without(object, key) {
  return Object.fromEntries(Object.entries(object).filter(([name]) => name !== key));
}

const refName = (ref) => ref.slice(ref.lastIndexOf('/') + 1);
const names = (schema) => schema.oneOf.map((one) => refName(one.$ref));
const literal = (value) => JSON.stringify(value, null, 2);

function types(schema) {
  const mapping = Object.entries(schema.discriminator.mapping);
  return Object.fromEntries(mapping.map(([type, ref]) => [type, refName(ref)]));
}

function union(name, members) {
  return `export type ${name} =\n${members.map((member) => `  | ${member}`).join('\n')};\n`;
}

function declaration(name, schema, outgoing) {
  const doc = schema.description ? `/** ${schema.description.replaceAll('``', '`')} */\n` : '';
  if (schema.type !== 'object') return `${doc}export type ${name} = ${typeOf(schema)};\n`;
  const fields = Object.entries(schema.properties).map(([field, inner]) => {
    const optional = outgoing && !isTag(inner) && !(schema.required ?? []).includes(field);
    const note = inner.description ? `  /** ${inner.description} */\n` : '';
    return `${note}  readonly ${field}${optional ? '?' : ''}: ${typeOf(inner)};`;
  });
  return `${doc}export interface ${name} {\n${fields.join('\n')}\n}\n`;
}

const isTag = (schema) => 'const' in schema;

function typeOf(schema) {
  if (schema.$ref) return refName(schema.$ref);
  if ('const' in schema) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  if (schema.anyOf) return schema.anyOf.map(typeOf).join(' | ');
  if (schema.type === 'array') return `readonly (${typeOf(schema.items ?? {})})[]`;
  if (schema.type === 'object') return mapOf(schema.additionalProperties);
  return (
    { string: 'string', integer: 'number', number: 'number', boolean: 'boolean', null: 'null' }[
      schema.type
    ] ?? 'unknown'
  );
}

function mapOf(values) {
  const inner = typeof values === 'object' ? typeOf(values) : 'unknown';
  return `{ readonly [key: string]: ${inner} }`;
}

function tables(defs, outgoing) {
  const entries = Object.entries(defs).filter(([name]) => !outgoing.includes(name));
  return Object.fromEntries(entries.sort().map(([name, schema]) => [name, table(schema)]));
}

function table(schema) {
  const kept = Object.fromEntries(
    KEPT.filter((key) => key in schema).map((key) => [key, schema[key]]),
  );
  if ('default' in schema && !isTag(schema)) kept.default = schema.default;
  if (kept.$ref) kept.$ref = refName(kept.$ref);
  if (kept.items) kept.items = table(kept.items);
  if (kept.anyOf) kept.anyOf = kept.anyOf.map(table);
  if (kept.properties) {
    const fields = Object.entries(kept.properties).map(([name, inner]) => [name, table(inner)]);
    kept.properties = Object.fromEntries(fields);
  }
  if (typeof schema.additionalProperties === 'object') {
    kept.values = table(schema.additionalProperties);
  }
  return kept;
}
