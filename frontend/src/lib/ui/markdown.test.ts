import { expect, it } from 'vitest';
import { parseMarkdown, plainText, safeLink, sections } from './markdown';

it.each([
  ['https://example.com', true],
  ['http://example.com', true],
  ['mailto:a@example.com', true],
  ['javascript:alert(1)', false],
  [' javascript:alert(1)', false],
  ['data:text/html,x', false],
  ['//example.com', false],
])('a link to %s may be followed: %s', (url, safe) => {
  expect(safeLink(url) !== null).toBe(safe);
});

it('what looks like HTML is a node of text, never an element', () => {
  const root = parseMarkdown('<img src=x onerror=alert(1)>');
  expect(root.children).toMatchObject([{ type: 'html', value: '<img src=x onerror=alert(1)>' }]);
});

it('is read aloud without its marks', () => {
  expect(plainText(parseMarkdown('You have **$5**:\n\n- one\n- `two`'))).toBe(
    'You have $5: one two',
  );
});

it('takes any beginning of a text, as it streams in', () => {
  const text = 'a **b** [c](http://d) `e`\n\n| f | g |\n|---|---|\n| 1 | 2 |\n\n1. h\n';
  for (let end = 0; end <= text.length; end += 1) {
    expect(parseMarkdown(text.slice(0, end)).type).toBe('root');
  }
});

const LONG = [
  'One.\n\nTwo\nthree.',
  '1. a\n\n   more\n\n2. b\n\nAfter.',
  '- a\n\n- b\n\n    code\n\nEnd.',
  '```\na\n\nb\n```\n\nAfter.',
  '~~~\n```\n\nb\n~~~\n\nAfter.',
  '| a |\n|---|\n| 1 |\n\nAfter **this**.',
  '> a\n\n> b\n\n# Head\n\n---\n\nEnd.',
  '\n\nLate.\n\n\n\nLater.\n',
].map((text) => [text]);

it.each(LONG)('%j comes out the same whole and in sections', (text) => {
  const shape = (part: string) =>
    parseMarkdown(part).children.map((node) => [node.type, plainText(node)]);
  expect(sections(text).flatMap(shape)).toEqual(shape(text));
  expect(sections(text).join('\n')).toBe(text);
});

it('only the last section changes while a text grows', () => {
  const text = 'One.\n\nTwo.\n\n- a\n- b\n\nThree.\n\nFour.';
  const whole = sections(text);
  for (let end = 1; end < text.length; end += 1) {
    const grown = sections(text.slice(0, end));
    const settled = grown.slice(0, -1).map((section) => section.trim());
    expect(settled).toEqual(whole.slice(0, settled.length).map((section) => section.trim()));
  }
});
