import { BlockList, isIP } from 'node:net';
import { lookup as dnsLookup, type LookupAddress } from 'node:dns';

const always = new BlockList();
// Link-local: where clouds serve machine credentials (169.254.169.254, fd00:ec2::254, 169.254.170.2), and never a provider.
always.addSubnet('169.254.0.0', 16, 'ipv4');
always.addSubnet('fe80::', 10, 'ipv6');
always.addAddress('fd00:ec2::254', 'ipv6');
always.addAddress('100.100.100.200', 'ipv4');
always.addAddress('168.63.129.16', 'ipv4');
// "This" network, multicast, reserved and broadcast: no server has such an address.
always.addSubnet('0.0.0.0', 8, 'ipv4');
always.addSubnet('224.0.0.0', 4, 'ipv4');
always.addSubnet('240.0.0.0', 4, 'ipv4');
always.addAddress('::', 'ipv6');
always.addSubnet('ff00::', 8, 'ipv6');

const inside = new BlockList();
inside.addSubnet('127.0.0.0', 8, 'ipv4');
inside.addSubnet('10.0.0.0', 8, 'ipv4');
inside.addSubnet('172.16.0.0', 12, 'ipv4');
inside.addSubnet('192.168.0.0', 16, 'ipv4');
inside.addSubnet('100.64.0.0', 10, 'ipv4');
inside.addSubnet('198.18.0.0', 15, 'ipv4');
inside.addAddress('::1', 'ipv6');
inside.addSubnet('fc00::', 7, 'ipv6');

const METADATA_NAMES = new Set([
  'metadata',
  'metadata.google.internal',
  'metadata.azure.internal',
  'instance-data',
  'instance-data.ec2.internal',
]);

/** Whether an address may be connected to, and why not. @public */
export type AddressVerdict =
  { readonly ok: true } | { readonly ok: false; readonly reason: string };

type LookupCallback = (
  error: NodeJS.ErrnoException | null,
  address: string | LookupAddress[],
  family?: number,
) => void;

/**
 * Decides which addresses the control plane and the gateway connect to on behalf of whoever registers a provider.
 *
 * Link-local and metadata addresses are always refused; loopback and private ranges only where the operator's configuration allows
 * them. A name is judged by what it resolves to, at the moment of connecting: pass {@link AddressPolicy.lookup} to the socket, so that
 * a name cannot answer one thing when it is checked and another when it is used.
 *
 * @public
 */
export class AddressPolicy {
  readonly #allowPrivate: boolean;

  static create(options: { allowPrivateAddresses: boolean }): AddressPolicy {
    return new AddressPolicy(options.allowPrivateAddresses);
  }

  private constructor(allowPrivate: boolean) {
    this.#allowPrivate = allowPrivate;
  }

  /** Judges a URL by what it says, without asking a name server. */
  checkUrl(url: string): AddressVerdict {
    if (!URL.canParse(url)) return refuse(`'${url}' is not a URL`);
    const parsed = new URL(url);
    if (parsed.protocol !== 'https:' && parsed.protocol !== 'http:') {
      return refuse('Only http and https URLs can be reached');
    }
    // WHATWG URLs normalise decimal, octal and hexadecimal IPv4 forms, so that 0x7f.1 is seen as 127.0.0.1 here.
    const host = parsed.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
    if (isIP(host)) return this.checkAddress(host);
    if (METADATA_NAMES.has(host)) {
      return refuse(`${host} is a metadata service and is never reached`);
    }
    if (host === 'localhost' || host.endsWith('.localhost')) {
      return this.checkAddress('127.0.0.1');
    }
    return { ok: true };
  }

  /** Judges one IP address. */
  checkAddress(address: string): AddressVerdict {
    const { ip, family } = unmapped(address);
    if (always.check(ip, family)) {
      return refuse(
        `${address} is a link-local, metadata or reserved address and is never reached`,
      );
    }
    if (!this.#allowPrivate && inside.check(ip, family)) {
      return refuse(
        `${address} is a loopback or private address; an operator can allow these with aiGateway.network.allowPrivateAddresses`,
      );
    }
    return { ok: true };
  }

  /**
   * A `lookup` for sockets that resolves as usual and fails with `EADDRREFUSED` when any of the addresses is refused.
   *
   * Sockets that connect to an IP address do not look anything up: {@link AddressPolicy.checkUrl} has judged those.
   */
  readonly lookup = (
    hostname: string,
    options: { all?: boolean; family?: number | 'IPv4' | 'IPv6' },
    callback: LookupCallback,
  ): void => {
    dnsLookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) {
        callback(error, []);
        return;
      }
      for (const { address } of addresses) {
        const verdict = this.checkAddress(address);
        if (!verdict.ok) {
          callback(
            Object.assign(new Error(`${hostname}: ${verdict.reason}`), {
              code: 'EADDRREFUSED',
            }),
            [],
          );
          return;
        }
      }
      if (options.all) callback(null, addresses);
      else callback(null, addresses[0].address, addresses[0].family);
    });
  };
}

function refuse(reason: string): AddressVerdict {
  return { ok: false, reason };
}

/** IPv4 in IPv6 clothes (`::ffff:10.0.0.1`, `64:ff9b::a00:1`) is judged as the IPv4 address that it reaches. */
function unmapped(address: string): { ip: string; family: 'ipv4' | 'ipv6' } {
  if (isIP(address) === 4) return { ip: address, family: 'ipv4' };
  const dotted = /^(?:::ffff:|64:ff9b::)(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  if (dotted) return { ip: dotted[1], family: 'ipv4' };
  const hex = /^(?:::ffff:|64:ff9b::)([0-9a-f]{1,4}):([0-9a-f]{1,4})$/i.exec(
    address,
  );
  if (hex) {
    const high = parseInt(hex[1], 16);
    const low = parseInt(hex[2], 16);
    return {
      ip: [high >> 8, high & 255, low >> 8, low & 255].join('.'),
      family: 'ipv4',
    };
  }
  return { ip: address, family: 'ipv6' };
}
