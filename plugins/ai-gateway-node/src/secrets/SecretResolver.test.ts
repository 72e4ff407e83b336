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

  it('finds what a variable is now, however often it was looked up', () => {
    const env: Record<string, string | undefined> = { A_API_KEY: 'first' };
    const changing = SecretResolver.create({
      env,
      allowedEnvironment: ['*_API_KEY'],
    });
    const secret = () => changing.resolve('env://A_API_KEY');
    expect(secret()).toEqual({ ok: true, secret: 'first' });
    env.A_API_KEY = 'second';
    expect(secret()).toEqual({ ok: true, secret: 'second' });
    delete env.A_API_KEY;
    expect(secret().ok).toBe(false);
    env.A_API_KEY = 'third';
    expect(secret()).toEqual({ ok: true, secret: 'third' });
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
