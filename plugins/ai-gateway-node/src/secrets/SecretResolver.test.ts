import { SecretResolver } from './SecretResolver';

const resolver = SecretResolver.create({
  env: { OPENAI_API_KEY: 'sk-1', PGPASSWORD: 'pw', EMPTY_API_KEY: '' },
  allowedEnvironment: ['*_API_KEY'],
});

describe('SecretResolver', () => {
  it('finds a variable that the operator allows', () => {
    expect(resolver.resolve('env://OPENAI_API_KEY')).toEqual({
      ok: true,
      secret: 'sk-1',
    });
  });

  it.each(['env://PGPASSWORD', 'env://OPENAI_API_KEY_X'])(
    'does not read %s, which no pattern allows',
    ref => {
      expect(resolver.resolve(ref)).toEqual({
        ok: false,
        reason: expect.stringContaining('allowedEnvironment'),
      });
    },
  );

  it.each(['env://MISSING_API_KEY', 'env://EMPTY_API_KEY'])(
    'says that %s is not set',
    ref => {
      expect(resolver.resolve(ref)).toEqual({
        ok: false,
        reason: expect.stringContaining('is not set'),
      });
    },
  );

  it.each(['OPENAI_API_KEY', 'file:///etc/passwd', 'env://lower', ''])(
    'refuses %p, which is no reference',
    ref => {
      expect(resolver.resolve(ref).ok).toBe(false);
    },
  );
});
