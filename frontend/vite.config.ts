import { sveltekit } from '@sveltejs/kit/vite';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

const SERVER = process.env['WALKIN_SERVER'] ?? 'http://127.0.0.1:8000';

/** The kit's generated root carries one style attribute, which the page's CSP forbids; app.css has the rule. */
function withoutStyleAttributes(): Plugin {
  return {
    name: 'walkin-without-style-attributes',
    enforce: 'pre',
    transform(code, id) {
      if (!id.endsWith('/generated/root.svelte')) return null;
      return { code: code.replace(/ style="[^"]*"/g, ''), map: null };
    },
  };
}

export default defineConfig({
  plugins: [withoutStyleAttributes(), sveltekit()],
  // a data: URL would need its own word in the CSP
  build: { assetsInlineLimit: 0 },
  server: {
    proxy: {
      '/api': SERVER,
      '/ws': { target: SERVER, ws: true },
      '/openapi.json': SERVER,
      '/docs': SERVER,
    },
  },
  test: { include: ['src/**/*.test.ts', 'tests/**/*.test.ts'], environment: 'node' },
});
