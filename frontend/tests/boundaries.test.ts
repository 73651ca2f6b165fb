import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const LIB = join(import.meta.dirname, '../src/lib');
/** What each folder may import from its siblings; none of these may know the view library. */
const FLOORS: Readonly<Record<string, readonly string[]>> = {
  wire: [],
  socket: ['wire'],
  state: ['wire'],
  card: ['wire'],
};

function sources(folder: string): string[] {
  return readdirSync(join(LIB, folder), { recursive: true, encoding: 'utf8' }).filter(
    (name) => /\.(ts|svelte)$/.test(name) && !name.endsWith('.test.ts'),
  );
}

function imports(path: string): string[] {
  const text = readFileSync(path, 'utf8');
  return [...text.matchAll(/(?:from|import)\s*\(?\s*['"]([^'"]+)['"]/g)].map(
    (match) => match[1] ?? '',
  );
}

const files = Object.keys(FLOORS).flatMap((folder) =>
  sources(folder).map((name) => [folder, name] as const),
);

describe.each(files)('%s/%s', (folder, name) => {
  it('knows nothing of the view, the browser or a higher floor', () => {
    const path = join(LIB, folder, name);
    const allowed = ['./', ...(FLOORS[folder] ?? []).map((other) => `../${other}/`)];
    const strangers = imports(path).filter(
      (found) => !allowed.some((prefix) => found.startsWith(prefix)),
    );
    expect(strangers).toEqual([]);
    expect(readFileSync(path, 'utf8')).not.toMatch(
      /\b(document|window|localStorage|sessionStorage)\./,
    );
  });
});

it('there is something to look at', () => {
  expect(files.length).toBeGreaterThan(8);
});

it('controls know no domain words', () => {
  const texts = sources('ui').map((name) => readFileSync(join(LIB, 'ui', name), 'utf8'));
  expect(
    texts.filter((text) => /customer|persona|banking|insurance|conversation/i.test(text)),
  ).toEqual([]);
});

it('nothing is rendered from unchecked HTML', () => {
  const texts = ['ui', 'chat'].flatMap((folder) =>
    sources(folder).map((name) => readFileSync(join(LIB, folder, name), 'utf8')),
  );
  expect(texts.filter((text) => /\{@html|innerHTML/.test(text))).toEqual([]);
});
