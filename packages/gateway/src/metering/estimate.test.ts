import {
  estimateInputTokens,
  estimateTokens,
  TOKENS_PER_IMAGE,
} from './estimate';

describe('estimates', () => {
  it('takes four bytes for a token, and part of one for one', () => {
    expect([0, 1, 4, 5].map(estimateTokens)).toEqual([0, 1, 1, 2]);
  });

  it('counts an embedded image as an image, not by its bytes', () => {
    const messages = (url: string) =>
      Buffer.from(JSON.stringify([{ content: [{ image_url: { url } }] }]));
    const bare = estimateInputTokens(messages(''));
    const image = estimateInputTokens(
      messages(`data:image/png;base64,${'A'.repeat(1_000_000)}`),
    );
    expect(image - bare).toBeLessThanOrEqual(TOKENS_PER_IMAGE);
    expect(image).toBeGreaterThanOrEqual(TOKENS_PER_IMAGE);
  });
});
