import { ConflictError, InputError, NotFoundError } from '@backstage/errors';
import type { FieldProblem } from '@ai-gateway/backstage-plugin-ai-gateway-common';

/**
 * A request that breaks the contract or a rule, with the fields at fault.
 *
 * Backstage's error middleware answers it as 400, and writes `fields` into the body because it is a property of the error.
 */
export class ValidationError extends InputError {
  readonly fields: readonly FieldProblem[];

  constructor(fields: readonly FieldProblem[]) {
    super(summaryOf(fields));
    this.fields = fields;
  }

  /** One field at fault. */
  static of(path: string, message: string): ValidationError {
    return new ValidationError([{ path, message }]);
  }
}

/** Something that the request would create exists, with the field that says so. Answered as 409. */
export class FieldConflictError extends ConflictError {
  readonly fields: readonly FieldProblem[];

  constructor(path: string, message: string) {
    super(message);
    this.fields = [{ path, message }];
  }
}

/**
 * A field names something that does not exist, or that the caller may not know to exist: both are told with the same words. Answered as
 * 404.
 */
export class HiddenReferenceError extends NotFoundError {
  readonly fields: readonly FieldProblem[];

  constructor(path: string, message: string) {
    super(message);
    this.fields = [{ path, message }];
  }
}

function summaryOf(fields: readonly FieldProblem[]): string {
  const shown = fields
    .slice(0, 3)
    .map(field =>
      field.path ? `${field.path}: ${field.message}` : field.message,
    );
  const rest = fields.length - shown.length;
  return [...shown, ...(rest > 0 ? [`and ${rest} more`] : [])].join('; ');
}
