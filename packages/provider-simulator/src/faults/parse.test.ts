import { parseFault, parseModelName } from './parse';

describe('parseFault', () => {
  it('fills in the defaults of what is not said', () => {
    expect(parseFault('cut')).toEqual({
      type: 'fault',
      fault: { kind: 'cut', parameters: { chunks: 3, bytes: 0 } },
    });
  });

  it('reads parameters with or without spaces', () => {
    expect(parseFault('status; code=429 ;retry-after=2')).toEqual({
      type: 'fault',
      fault: { kind: 'status', parameters: { code: 429, 'retry-after': 2 } },
    });
  });

  it('takes a number after the kind for its first parameter', () => {
    expect(parseFault('error-in-stream-5')).toEqual({
      type: 'fault',
      fault: { kind: 'error-in-stream', parameters: { chunks: 5 } },
    });
  });

  it.each([
    ['explode', "Unknown fault 'explode'"],
    ['toString', "Unknown fault 'toString'"],
    ['hang-3', "'hang' takes no parameter"],
    ['cut;size=3', "'cut' has no parameter 'size'"],
    ['cut;chunks=many', "'chunks' must be a whole number"],
    ['cut;chunks', "'chunks' must be a whole number"],
    ['status;code=42', "'code' must be a status"],
    ['status;code=200', "'code' must be a status"],
    ['html;code=204', "'code' must be a status"],
    ['giant;size=999999999', "'size' must be from 1 to"],
  ])('refuses %p and says why', (text, reason) => {
    expect(parseFault(text)).toEqual({
      type: 'unknown',
      reason: expect.stringContaining(reason),
    });
  });
});

describe('parseModelName', () => {
  it.each([
    ['sim-small', 'sim-small', 'none'],
    ['sim-small+no-usage', 'sim-small', 'fault'],
    ['org/model+v2', 'org/model+v2', 'none'],
    ['org/model+v2+cut-1', 'org/model+v2', 'fault'],
    ['fault-status-503', 'fault-status-503', 'fault'],
    ['fault-explode', 'fault-explode', 'unknown'],
  ])('finds in %p the model %p and a fault of type %p', (name, model, type) => {
    expect(parseModelName(name)).toMatchObject({ model, fault: { type } });
  });
});
