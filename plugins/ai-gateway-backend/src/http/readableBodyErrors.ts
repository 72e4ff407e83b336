import { InputError } from '@backstage/errors';
import type { ErrorRequestHandler } from 'express';

/** Says what is wrong with a body that could not be read, in words and without quoting it: it may hold something private. */
export const readableBodyErrors: ErrorRequestHandler = (
  error: unknown,
  _req,
  _res,
  next,
) => {
  const type =
    typeof error === 'object' && error !== null && 'type' in error
      ? error.type
      : undefined;
  switch (type) {
    case 'entity.parse.failed':
      next(new InputError('The body is not valid JSON'));
      return;
    case 'entity.too.large':
      next(
        Object.assign(new InputError('The body is too large'), {
          statusCode: 413,
        }),
      );
      return;
    default:
      next(error);
  }
};
