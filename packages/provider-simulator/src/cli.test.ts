import { parseCli } from './cli';

describe('parseCli', () => {
  it('has a default port and leaves the pace to the models', () => {
    expect(parseCli([], {})).toEqual({
      type: 'run',
      options: { port: 4010, unlistedModels: 'answer' },
    });
  });

  it('reads the environment, and lets flags decide over it', () => {
    const env = {
      SIMULATOR_PORT: '4123',
      SIMULATOR_FIRST_TOKEN_MS: '7',
      SIMULATOR_TOKENS_PER_SECOND: '0',
      SIMULATOR_API_KEY: 'key',
      SIMULATOR_REFUSE_UNLISTED: '1',
    };
    expect(parseCli(['--port', '0', '--tokens-per-chunk=4'], env)).toEqual({
      type: 'run',
      options: {
        port: 0,
        firstTokenMs: 7,
        tokensPerSecond: Infinity,
        tokensPerChunk: 4,
        apiKey: 'key',
        unlistedModels: 'refuse',
      },
    });
  });

  it.each([
    [['--port', '99999'], '--port'],
    [['--port', 'http'], '--port'],
    [['--speed', '3'], '--speed'],
    [['extra'], 'extra'],
  ])('refuses %p and names what is wrong', (args, reason) => {
    expect(parseCli(args, {})).toEqual({
      type: 'invalid',
      reason: expect.stringContaining(reason),
    });
  });

  it('names the variable that makes no sense', () => {
    expect(parseCli([], { SIMULATOR_FIRST_TOKEN_MS: '-5' })).toEqual({
      type: 'invalid',
      reason: expect.stringContaining('SIMULATOR_FIRST_TOKEN_MS'),
    });
  });
});
