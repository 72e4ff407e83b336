import type { z } from 'zod';

/**
 * One route of the control plane, as data: the backend mounts it, the client calls it, the OpenAPI document describes it.
 *
 * @public
 */
export interface Endpoint {
  readonly operationId: string;
  readonly method: 'get' | 'post' | 'patch' | 'delete';
  /** Below `/api/ai-gateway`, with parameters in braces: `/models/{modelId}`. */
  readonly path: string;
  readonly tag: string;
  readonly summary: string;
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly headers?: z.ZodObject;
  readonly body?: z.ZodType;
  readonly status: 200 | 201 | 204;
  readonly response?: z.ZodType;
}

/**
 * Keeps the literal types of an endpoint while checking its shape.
 *
 * @public
 */
export function defineEndpoint<const T extends Endpoint>(endpoint: T): T {
  return endpoint;
}
