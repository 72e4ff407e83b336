import { AddressPolicy } from './AddressPolicy';

const strict = AddressPolicy.create({ allowPrivateAddresses: false });
const relaxed = AddressPolicy.create({ allowPrivateAddresses: true });

describe('AddressPolicy', () => {
  it.each([
    'http://169.254.169.254/latest/meta-data',
    'http://[fe80::1]/',
    'http://[fd00:ec2::254]/',
    'http://[::ffff:169.254.169.254]/',
    'http://0xa9fea9fe/',
    'http://2852039166/',
    'http://169.254.169.254./',
    'http://metadata.google.internal/computeMetadata/v1',
    'http://METADATA/',
    'http://0.0.0.0/',
    'http://224.0.0.1/',
    'http://100.100.100.200/',
    'file:///etc/passwd',
    'nonsense',
  ])('never lets %s be reached', url => {
    expect(strict.checkUrl(url).ok).toBe(false);
    expect(relaxed.checkUrl(url).ok).toBe(false);
  });

  it.each([
    'http://127.0.0.1:4010/v1',
    'http://localhost:4010/v1',
    'http://api.localhost/',
    'http://10.1.2.3/v1',
    'http://172.20.0.1/v1',
    'http://192.168.1.1/v1',
    'http://100.64.0.1/',
    'http://[::1]/v1',
    'http://[fd12::1]/v1',
    'http://[::ffff:10.0.0.1]/',
    'http://[64:ff9b::10.0.0.1]/',
    'http://0x7f.1/',
  ])('lets %s be reached only where the operator allows it', url => {
    expect(strict.checkUrl(url)).toEqual({
      ok: false,
      reason: expect.stringContaining('allowPrivateAddresses'),
    });
    expect(relaxed.checkUrl(url)).toEqual({ ok: true });
  });

  it.each([
    'https://api.openai.com/v1',
    'http://8.8.8.8/v1',
    'https://[2606:4700::1]/v1',
  ])('lets %s be reached', url => {
    expect(strict.checkUrl(url)).toEqual({ ok: true });
  });

  it('judges a name by what it resolves to at the moment of connecting', async () => {
    const resolve = (policy: AddressPolicy, all: boolean) =>
      new Promise((done, fail) => {
        policy.lookup('localhost', { all }, (error, address) =>
          error ? fail(error) : done(address),
        );
      });

    await expect(resolve(strict, true)).rejects.toMatchObject({
      code: 'EADDRREFUSED',
    });
    await expect(resolve(relaxed, true)).resolves.toContainEqual(
      expect.objectContaining({ family: expect.any(Number) }),
    );
    await expect(resolve(relaxed, false)).resolves.toEqual(expect.any(String));
  });
});
