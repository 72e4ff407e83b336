import type { createDocument } from 'zod-openapi';

/** An OpenAPI 3.1 document, ready to be written as JSON. @public */
export type OpenApiDocument = ReturnType<typeof createDocument>;
