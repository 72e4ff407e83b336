import {
  estimateInputTokens,
  estimateTokens,
  TOKENS_PER_IMAGE,
} from './estimate';

const tokensOf = (json: Buffer) =>
  estimateInputTokens(json, [{ start: 0, end: json.length }]);

describe('estimates', () => {
  it('takes four bytes for a token, and part of one for one', () => {
    expect([0, 1, 4, 5].map(estimateTokens)).toEqual([0, 1, 1, 2]);
  });

  it('counts an embedded image as an image, not by its bytes', () => {
    const messages = (url: string) =>
      Buffer.from(JSON.stringify([{ content: [{ image_url: { url } }] }]));
    const bare = tokensOf(messages(''));
    const image = tokensOf(
      messages(`data:image/png;base64,${'A'.repeat(1_000_000)}`),
    );
    expect(image - bare).toBeLessThanOrEqual(TOKENS_PER_IMAGE);
    expect(image).toBeGreaterThanOrEqual(TOKENS_PER_IMAGE);
  });

  it("counts images and documents of Anthropic's dialect, several of them among text", () => {
    const source = (data: string) => ({ source: { type: 'base64', data } });
    const json = (...content: unknown[]) =>
      Buffer.from(JSON.stringify([{ role: 'user', content }]));
    const text = { type: 'text', text: '"data": "' };
    const bare = tokensOf(json(text, source(''), source('')));
    const both = tokensOf(
      json(
        source('A'.repeat(200_000)),
        text,
        source(`JVBERi${'A'.repeat(100_000)}`),
      ),
    );
    // Two pages, by their bytes.
    const expected = bare + TOKENS_PER_IMAGE + 2 * 2_000;
    expect(Math.abs(both - expected)).toBeLessThanOrEqual(2);
  });

  it('counts what is in the parts, and nothing that stands between or behind them', () => {
    const image = `"data:image/png;base64,${'A'.repeat(1_000)}"`;
    const json = Buffer.from(
      `{"a":[1,2],"x":${image},"b":"1234","y":${image}}`,
    );
    const part = (text: string) => {
      const start = json.indexOf(text);
      return { start, end: start + text.length };
    };
    const parts = [part('[1,2]'), part('"1234"')];
    // Rounded once, for all of them.
    expect(estimateInputTokens(json, parts)).toBe(estimateTokens(11));
    expect(estimateInputTokens(json, [...parts, part(image)])).toBe(
      estimateTokens(11) + TOKENS_PER_IMAGE,
    );
  });
});
