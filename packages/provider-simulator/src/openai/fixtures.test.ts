import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventsOf } from '../__testUtils__/events';
import { chat } from '../__testUtils__/exchange';
import { shapeOf } from '../__testUtils__/shape';
import { startProviderSimulator, type ProviderSimulator } from '../server';

const tool = (name: string) => ({
  type: 'function',
  function: {
    name,
    parameters: { type: 'object', properties: { place: { type: 'string' } } },
  },
});

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
      'toolCalls',
      {
        tools: [tool('get_weather'), tool('get_time')],
        messages: [
          { role: 'user', content: 'Use get_weather and get_time for Oslo' },
        ],
      },
    ],
  ])(
    'has the chunks and the fields of %s, in their order',
    async (name, body) => {
      const published = readFileSync(
        join(__dirname, '__fixtures__', `${name}.sse`),
        'utf8',
      );
      const { text } = await chat(simulator.url, { ...body, stream: true });
      const shape = shapeOf(eventsOf(text));
      const wanted = shapeOf(eventsOf(published));
      expect(shape).toHaveLength(wanted.length);
      for (const [index, fields] of wanted.entries())
        expect(shape[index]).toEqual(expect.arrayContaining(fields));
    },
  );
});
