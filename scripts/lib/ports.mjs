// @ts-check
import { createServer } from 'node:net';
import { Refusal } from './terminal.mjs';

/** A port counts as taken when someone has it on any of these. */
const hosts = ['127.0.0.1', '::1', '0.0.0.0', '::'];

/**
 * @param {number} port
 * @param {string} host
 * @returns {Promise<boolean>}
 */
const canListen = (port, host) =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (/** @type {NodeJS.ErrnoException} */ error) => {
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') {
        resolve(false);
      } else if (
        error.code === 'EADDRNOTAVAIL' ||
        error.code === 'EAFNOSUPPORT' ||
        error.code === 'EINVAL'
      ) {
        resolve(true); // no such address here, so nobody listens there
      } else {
        reject(error);
      }
    });
    server.listen(
      { port, host, exclusive: true, ipv6Only: host === '::' },
      () => server.close(() => resolve(true)),
    );
  });

/**
 * @param {number} port
 * @returns {Promise<boolean>} true when nobody listens on it on this machine
 */
export const isPortFree = async port => {
  for (const host of hosts) {
    if (!(await canListen(port, host))) {
      return false;
    }
  }
  return true;
};

/**
 * The preferred port, or the next free one above it.
 *
 * @param {number} preferred
 * @param {ReadonlySet<number>} [spokenFor] ports that others will take
 * @returns {Promise<number>}
 */
export const findPort = async (preferred, spokenFor = new Set()) => {
  for (let port = preferred; port <= 65_535; port += 1) {
    if (!spokenFor.has(port) && (await isPortFree(port))) {
      return port;
    }
  }
  throw new Refusal(`There is no free port from ${preferred} on.`);
};

/**
 * One free port for each name, no port twice.
 *
 * @template {string} Name
 * @param {Readonly<Record<Name, number>>} preferred
 * @returns {Promise<Record<Name, number>>}
 */
export const choosePorts = async preferred => {
  /** @type {Set<number>} */
  const spokenFor = new Set();
  const chosen = /** @type {Record<Name, number>} */ ({});
  for (const name of /** @type {Name[]} */ (Object.keys(preferred))) {
    chosen[name] = await findPort(preferred[name], spokenFor);
    spokenFor.add(chosen[name]);
  }
  return chosen;
};
