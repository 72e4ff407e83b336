// @ts-check
import { Refusal } from './terminal.mjs';

/** A refusal of the control plane, with what it says about it. */
export class ControlPlaneRefusal extends Refusal {
  /**
   * @param {string} request
   * @param {number} status
   * @param {string} message
   * @param {string[]} fields paths of the fields at fault
   */
  constructor(request, status, message, fields) {
    super(`The control plane answered ${request} with ${status}.`, [message]);
    this.name = 'ControlPlaneRefusal';
    this.status = status;
    this.fields = fields;
  }
}

/**
 * Calls of the control plane's HTTP API as an external service.
 *
 * Paths and shapes are those of `plugins/ai-gateway-common/src/contract`; they
 * are checked there, by the backend.
 *
 * @typedef {object} ControlPlane
 * @property {(path: string) => Promise<any>} get undefined when there is none
 * @property {(path: string, body?: unknown, headers?: Record<string, string>) => Promise<any>} post
 * @property {(path: string, body: unknown) => Promise<any>} patch
 */

/**
 * @param {object} options
 * @param {string} options.url such as `http://127.0.0.1:7007/api/ai-gateway`
 * @param {string} options.token
 * @param {AbortSignal} options.signal
 * @returns {ControlPlane}
 */
export const connectControlPlane = ({ url, token, signal }) => {
  /**
   * @param {string} method
   * @param {string} path
   * @param {unknown} [body]
   * @param {Record<string, string>} [headers]
   */
  const call = async (method, path, body, headers = {}) => {
    const response = await fetch(`${url}${path}`, {
      method,
      signal,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    if (response.ok) {
      return text === '' ? undefined : JSON.parse(text);
    }
    const { message, fields } = readError(text);
    throw new ControlPlaneRefusal(
      `${method} ${path}`,
      response.status,
      message,
      fields,
    );
  };
  return {
    get: async path => {
      try {
        return await call('GET', path);
      } catch (error) {
        if (error instanceof ControlPlaneRefusal && error.status === 404) {
          return undefined;
        }
        throw error;
      }
    },
    post: (path, body, headers) => call('POST', path, body, headers),
    patch: (path, body) => call('PATCH', path, body),
  };
};

/** @param {string} text of the body, Backstage's error shape where possible */
const readError = text => {
  try {
    const { error } = JSON.parse(text);
    return {
      message: String(error.message),
      fields: (error.fields ?? []).map(
        (/** @type {{ path: string }} */ field) => field.path,
      ),
    };
  } catch {
    return { message: text.slice(0, 500), fields: [] };
  }
};
