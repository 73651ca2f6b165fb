// Writes (--write) or compares (--check) src/lib/wire/frames.gen.ts with the Python frames.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { render } from './typescript.js';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const TARGET = here('../src/lib/wire/frames.gen.ts');

function python() {
  const own = here('../../.venv/bin/python');
  return process.env.WALKIN_PYTHON ?? (existsSync(own) ? own : 'python3');
}

const schemas = JSON.parse(
  execFileSync(python(), [here('frames_schema.py')], { encoding: 'utf8', maxBuffer: 1 << 24 }),
);
const text = render(schemas);

if (process.argv.includes('--write')) {
  writeFileSync(TARGET, text);
} else if (!existsSync(TARGET) || readFileSync(TARGET, 'utf8') !== text) {
  console.error('src/lib/wire/frames.gen.ts differs from the Python frames: run `npm run wire`.');
  process.exit(1);
}
