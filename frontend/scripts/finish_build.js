// After the build: the page's only inline script becomes a file, so that the CSP needs no hash; the
// API browser's files and the fonts' licences are laid beside it.
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const BUILD = fileURLToPath(new URL('../build', import.meta.url));
const INLINE = /<script>([\s\S]*?)<\/script>/g;

function takeOut(source) {
  const hash = createHash('sha256').update(source).digest('hex').slice(0, 8);
  const name = `_app/immutable/start.${hash}.js`;
  writeFileSync(join(BUILD, name), `${source.trim()}\n`);
  return `<script src="/${name}"></script>`;
}

function externalise() {
  const page = join(BUILD, 'index.html');
  const html = readFileSync(page, 'utf8').replace(INLINE, (_, source) => takeOut(source));
  if (/<script>|\sstyle="|\son[a-z]+="/.test(html)) {
    throw new Error('index.html still holds inline script or style, which the CSP forbids.');
  }
  writeFileSync(page, html);
}

function folderOf(name) {
  return dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
}

function layOut(name, files, folder) {
  mkdirSync(join(BUILD, folder), { recursive: true });
  for (const file of files) copyFileSync(join(folderOf(name), file), join(BUILD, folder, file));
}

externalise();
layOut(
  'swagger-ui-dist',
  ['swagger-ui.css', 'swagger-ui-bundle.js', 'LICENSE', 'NOTICE'],
  'swagger',
);
for (const font of ['bricolage-grotesque', 'instrument-sans']) {
  layOut(`@fontsource-variable/${font}`, ['LICENSE'], `licenses/${font}`);
}
