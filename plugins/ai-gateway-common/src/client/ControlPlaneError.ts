import type { FieldProblem } from '../contract';

/**
 * A refusal of the control plane, with what a page needs to explain it.
 *
 * @public
 */
export class ControlPlaneError extends Error {
  /** The error's name on the backend: `InputError`, `NotAllowedError`, `NotFoundError`, `ConflictError`, … */
  readonly name: string;
  readonly status: number;
  /** The fields at fault, to be shown beside them. */
  readonly fields: readonly FieldProblem[];
  /** What to quote to whoever runs the portal; `undefined` when the answer did not say. */
  readonly requestId: string | undefined;

  constructor(options: {
    name: string;
    message: string;
    status: number;
    fields?: readonly FieldProblem[];
    requestId?: string;
  }) {
    super(options.message);
    this.name = options.name;
    this.status = options.status;
    this.fields = options.fields ?? [];
    this.requestId = options.requestId;
  }

  /** Reads the error out of an answer that is not a success, whatever its body is. */
  static async fromResponse(response: Response): Promise<ControlPlaneError> {
    const requestId = response.headers.get('x-request-id') ?? undefined;
    const body: unknown = await response.json().catch(() => undefined);
    const error =
      typeof body === 'object' && body !== null && 'error' in body
        ? body.error
        : undefined;
    const record: Record<string, unknown> =
      typeof error === 'object' && error !== null ? { ...error } : {};
    return new ControlPlaneError({
      name: typeof record.name === 'string' ? record.name : 'ResponseError',
      message:
        typeof record.message === 'string'
          ? record.message
          : `The control plane answered ${response.status} ${response.statusText}`,
      status: response.status,
      fields: Array.isArray(record.fields)
        ? record.fields.filter(isFieldProblem)
        : [],
      requestId,
    });
  }
}

function isFieldProblem(value: unknown): value is FieldProblem {
  return (
    typeof value === 'object' &&
    value !== null &&
    'path' in value &&
    typeof value.path === 'string' &&
    'message' in value &&
    typeof value.message === 'string'
  );
}
