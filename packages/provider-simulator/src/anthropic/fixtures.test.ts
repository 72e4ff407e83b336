import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventsOf } from '../__testUtils__/events';
import { message } from '../__testUtils__/exchange';
import { shapeOf } from '../__testUtils__/shape';
import { startProviderSimulator, type ProviderSimulator } from '../server';

const tool = {
  name: 'get_weather',
  input_schema: {
    type: 'object',
    properties: { location: { type: 'string' } },
  },
};

/** Streams as the API reference shows them, each kind of delta once. */
describe('streams in the published format', () => {
  let simulator: ProviderSimulator;

  beforeAll(async () => {
    simulator = await startProviderSimulator();
  });
  afterAll(() => simulator.close());

  it.each([
    ['text', {}],
    [
      'toolUse',
      {
        tools: [tool],
        messages: [{ role: 'user', content: 'Call get_weather for Oslo' }],
      },
    ],
    [
      'thinking',
      {
        max_tokens: 4_000,
        thinking: { type: 'enabled', budget_tokens: 2_000 },
      },
    ],
  ])(
    'has the events and the fields of %s, in their order',
    async (name, body) => {
      const published = readFileSync(
        join(__dirname, '__fixtures__', `${name}.sse`),
        'utf8',
      );
      const { text } = await message(simulator.url, { ...body, stream: true });
      const shape = shapeOf(eventsOf(text));
      const wanted = shapeOf(eventsOf(published));
      expect(shape.map(([event]) => event)).toEqual(
        wanted.map(([event]) => event),
      );
      // More may be told (the cache's part of usage, the service tier), but nothing published may be missing.
      for (const [index, fields] of wanted.entries())
        expect(shape[index]).toEqual(expect.arrayContaining(fields));
    },
  );
});
