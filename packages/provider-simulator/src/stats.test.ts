import { StatsCollector, type RequestRecord } from './stats';

const record: RequestRecord = {
  id: 'chatcmpl-1',
  model: 'm',
  stream: true,
  includeUsage: false,
  promptTokens: 3,
  cachedTokens: 0,
  completionTokens: 5,
  reasoningTokens: 0,
  fault: null,
  status: 200,
  outcome: 'completed',
  authorization: false,
};

describe('StatsCollector', () => {
  it('keeps the last 1000 requests and counts all', () => {
    const stats = new StatsCollector();
    for (let i = 0; i < 2_500; i++)
      stats.begin().end({ ...record, id: String(i) });
    const { requests, recent, tokens } = stats.read();
    expect(requests).toBe(2_500);
    expect(tokens).toEqual({ prompt: 7_500, completion: 12_500 });
    expect(recent).toHaveLength(1_000);
    expect(recent[0].id).toBe('1500');
    expect(recent[999].id).toBe('2499');
  });

  it('counts models beyond the bound together', () => {
    const stats = new StatsCollector();
    for (let i = 0; i < 1_005; i++)
      stats.begin().end({ ...record, model: `m${i}` });
    expect(stats.read().byModel['(other)'].requests).toBe(5);
  });

  it('discards on reset what began before it, but not that it is in flight', () => {
    const stats = new StatsCollector();
    const early = stats.begin();
    early.streamStarted();
    stats.reset();
    expect(stats.read()).toMatchObject({
      inFlight: 1,
      streams: { started: 0 },
    });
    early.end(record);
    expect(stats.read()).toMatchObject({
      inFlight: 0,
      requests: 0,
      streams: { completed: 0 },
    });
  });
});
