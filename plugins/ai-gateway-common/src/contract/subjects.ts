import { z } from 'zod';
import { apiKeyIdSchema } from './apiKeys';
import { entityRefSchema, slugSchema } from './fields';

/** The only organisation there is. @public */
export const ORGANISATION_ID = 'default';

const keySubject = z.strictObject({
  kind: z.literal('key'),
  id: apiKeyIdSchema,
});
const userSubject = z.strictObject({
  kind: z.literal('user'),
  id: entityRefSchema.startsWith(
    'user:',
    'Name a user, such as user:default/alice',
  ),
});
const appSubject = z.strictObject({
  kind: z.literal('app'),
  id: entityRefSchema.startsWith(
    'component:',
    'Name a component, such as component:default/checkout',
  ),
});
const subscriptionSubject = z.strictObject({
  kind: z.literal('subscription'),
  /** The project and the model. */
  id: z
    .string()
    .max(127)
    .refine(
      id => id.split('/').length === 2 && id.split('/').every(isSlug),
      'Name a project and a model, such as checkout/small-chat',
    )
    .meta({ example: 'checkout/small-chat' }),
});
const projectSubject = z.strictObject({
  kind: z.literal('project'),
  id: slugSchema,
});
const businessUnitSubject = z.strictObject({
  kind: z.literal('business-unit'),
  id: z.string().trim().min(1).max(120, 'Use at most 120 characters'),
});
const organisationSubject = z.strictObject({
  kind: z.literal('organisation'),
  id: z
    .string()
    .refine(
      (id): boolean => id === ORGANISATION_ID,
      `The organisation is called '${ORGANISATION_ID}'`,
    )
    .default(ORGANISATION_ID)
    .meta({ example: ORGANISATION_ID }),
});

/** What a limit or a budget is put on, from the narrowest to the widest; every level holds for every request. @public */
export const subjectSchema = z
  .discriminatedUnion('kind', [
    keySubject,
    userSubject,
    appSubject,
    subscriptionSubject,
    projectSubject,
    businessUnitSubject,
    organisationSubject,
  ])
  .meta({ id: 'Subject' });

/** {@inheritDoc subjectSchema} @public */
export type Subject = z.output<typeof subjectSchema>;

/** {@inheritDoc subjectSchema} @public */
export type SubjectKind = Subject['kind'];

/** What a policy is put on. @public */
export const policySubjectSchema = z
  .discriminatedUnion('kind', [keySubject, projectSubject, organisationSubject])
  .meta({ id: 'PolicySubject' });

/** {@inheritDoc policySubjectSchema} @public */
export type PolicySubject = z.output<typeof policySubjectSchema>;

/** Whose limits, budgets or policies. @public */
export const subjectQueryShape = {
  subjectKind: z
    .enum([
      'key',
      'user',
      'app',
      'subscription',
      'project',
      'business-unit',
      'organisation',
    ])
    .optional(),
  subjectId: z.string().trim().min(1).max(300).optional(),
};

function isSlug(text: string): boolean {
  return slugSchema.safeParse(text).success;
}
