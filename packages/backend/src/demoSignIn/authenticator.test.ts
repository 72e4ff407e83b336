import { demoAuthenticator } from './authenticator';

function asking(header: string | undefined) {
  const authenticator = demoAuthenticator(['user:default/amira']);
  return authenticator.authenticate(
    { req: { header: () => header } as never },
    undefined,
  );
}

describe('demo sign-in', () => {
  it('signs in a listed demo user', async () => {
    await expect(asking('user:default/amira')).resolves.toEqual({
      result: { userRef: 'user:default/amira' },
    });
  });

  it.each([undefined, '', 'user:default/root'])('refuses %p', async header => {
    await expect(asking(header)).rejects.toThrow('Choose one of the demo');
  });
});
