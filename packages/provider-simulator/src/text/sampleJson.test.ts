import { gistOf } from './prompt';
import { sampleJson } from './sampleJson';

const gist = gistOf([{ role: 'user', text: 'Weather in Oslo' }]);

describe('sampleJson', () => {
  it('follows types, enumerations, constants, defaults, bounds and items', () => {
    const schema = {
      type: 'object',
      properties: {
        city: { type: 'string', maxLength: 7 },
        unit: { enum: ['celsius', 'fahrenheit'] },
        version: { const: 2 },
        language: { type: 'string', default: 'no' },
        days: { type: 'integer', minimum: 5, maximum: 5 },
        exact: { type: ['boolean', 'null'] },
        hours: {
          type: 'array',
          minItems: 2,
          items: { type: 'number', exclusiveMinimum: 10, maximum: 11 },
        },
        nothing: { type: 'null' },
      },
    };
    expect(sampleJson(schema, gist)).toEqual({
      city: 'Weather',
      unit: 'celsius',
      version: 2,
      language: 'no',
      days: 5,
      exact: true,
      hours: [11, 11],
      nothing: null,
    });
  });

  it('follows references and the first of several variants', () => {
    const schema = {
      $defs: {
        place: {
          anyOf: [
            { type: 'object', properties: { name: { type: 'string' } } },
            { type: 'null' },
          ],
        },
      },
      type: 'object',
      properties: { place: { $ref: '#/$defs/place' } },
    };
    expect(sampleJson(schema, gist)).toEqual({
      place: { name: 'Weather in Oslo' },
    });
  });

  it('comes to an end where a schema refers to itself', () => {
    const schema = {
      type: 'object',
      properties: { child: { $ref: '#' } },
      required: ['child'],
    };
    expect(JSON.stringify(sampleJson(schema, gist)).length).toBeLessThan(200);
  });

  it('joins what several schemas demand together', () => {
    const schema = {
      $defs: {
        named: { type: 'object', properties: { name: { const: 'a' } } },
      },
      allOf: [
        { $ref: '#/$defs/named' },
        { type: 'object', properties: { size: { const: 2 } } },
      ],
    };
    expect(sampleJson(schema, gist)).toEqual({ name: 'a', size: 2 });
  });

  it('honours formats, least lengths, multiples and bounds below zero', () => {
    const schema = {
      type: 'object',
      properties: {
        day: { type: 'string', format: 'date' },
        long: { type: 'string', minLength: 40 },
        tens: { type: 'integer', multipleOf: 10, minimum: 25, maximum: 39 },
        cold: { type: 'number', maximum: -5 },
        few: { type: 'integer', exclusiveMaximum: 1, minimum: 0 },
      },
    };
    expect(sampleJson(schema, gist)).toEqual({
      day: '2025-01-01',
      long: expect.stringMatching(/^Weather in Oslo\.{25}$/),
      tens: 30,
      cold: -5,
      few: 0,
    });
  });
});
