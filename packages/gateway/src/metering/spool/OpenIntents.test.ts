import { OpenIntents } from './OpenIntents';

describe('OpenIntents', () => {
  it('keeps what is open, in its order, however many come and go', () => {
    const intents = new OpenIntents();
    for (let i = 0; i < 5_000; i++) {
      intents.open(`${i}`, `payload ${i}`);
      if (i >= 10 && i % 1_000 !== 0) intents.close(`${i - 5}`);
    }
    const open = [...intents.payloads()];
    const expected = Array.from({ length: 5_000 }, (_, i) => i).filter(
      i => i < 5 || i >= 4_995 || (i + 5) % 1_000 === 0,
    );
    expect(open).toEqual(expected.map(i => `payload ${i}`));
  });

  it('opens one again that is open', () => {
    const intents = new OpenIntents();
    intents.open('a', 'first');
    intents.open('b', 'second');
    intents.open('a', 'third');
    expect([...intents.payloads()]).toEqual(['third', 'second']);
  });

  it('closes only what is open', () => {
    const intents = new OpenIntents();
    intents.close('a');
    expect([...intents.payloads()]).toEqual([]);
  });
});
