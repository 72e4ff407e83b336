import { chat, message } from '../__testUtils__/exchange';
import { startProviderSimulator, type ProviderSimulator } from '../server';

describe('/__sim/behaviour', () => {
  let simulator: ProviderSimulator;

  beforeEach(async () => {
    simulator = await startProviderSimulator();
  });
  afterEach(() => simulator.close());

  const set = (behaviour: object) =>
    fetch(`${simulator.url}/__sim/behaviour`, {
      method: 'POST',
      body: JSON.stringify(behaviour),
    });

  it('scripts a storm of 429 and the recovery after it, in every dialect', async () => {
    await set({ model: 'sim-instant', failNext: 2, retryAfterSeconds: 3 });
    const first = await chat(simulator.url, {});
    const second = await message(simulator.url, {});
    expect([first.status, second.status]).toEqual([429, 429]);
    expect(second.headers['retry-after']).toBe('3');
    expect((await chat(simulator.url, {})).status).toBe(200);
    expect((await message(simulator.url, {})).status).toBe(200);
    const shown = await fetch(`${simulator.url}/__sim/behaviour`);
    expect(await shown.json()).toEqual({
      behaviours: [
        {
          model: 'sim-instant',
          failNext: 2,
          retryAfterSeconds: 3,
          requests: 4,
          failed: 2,
        },
      ],
    });
  });

  it('lets a request that names its own fault have that, without using up the script', async () => {
    simulator.setBehaviour({ model: 'sim-instant', failNext: 1 });
    const own = await chat(simulator.url, {}, { 'x-sim-fault': 'status-418' });
    expect(own.status).toBe(418);
    expect((await chat(simulator.url, {})).status).toBe(503);
  });

  it('slows a model down', async () => {
    simulator.setBehaviour({ model: 'slow', firstTokenMs: 60 });
    const startedAt = performance.now();
    await chat(simulator.url, { model: 'slow' });
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(59);
  });

  it('is forgotten on reset', async () => {
    simulator.setBehaviour({ model: '*', fault: 'status-500' });
    await fetch(`${simulator.url}/__sim/reset`, { method: 'POST' });
    expect(simulator.behaviours()).toEqual([]);
    expect((await chat(simulator.url, {})).status).toBe(200);
  });

  it('refuses what makes no sense', async () => {
    const refused = await set({ model: 'm', fault: 'explode' });
    expect(refused.status).toBe(400);
    expect(await refused.json()).toEqual({
      error: { message: expect.stringContaining('Unknown fault') },
    });
    expect((await set([])).status).toBe(400);
    expect(() => simulator.setBehaviour({ model: 'm', failEvery: 0 })).toThrow(
      RangeError,
    );
  });
});
