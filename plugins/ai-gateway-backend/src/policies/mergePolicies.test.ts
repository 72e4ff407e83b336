import type { PolicySubject } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import type { PolicyFields } from '../database/policies/PolicyStore';
import { mergePolicies } from './mergePolicies';

const nothing: PolicyFields = {
  allowedModels: null,
  deniedModels: [],
  allowedEndpoints: null,
  deniedEndpoints: [],
  maxContextTokens: null,
  maxOutputTokens: null,
  whenExceeded: 'refuse',
  bodyCapture: null,
  bodyCaptureMaxBytes: null,
  note: '',
};
const key: PolicySubject = { kind: 'key', id: 'aaaaaaaaaaaa' };
const project: PolicySubject = { kind: 'project', id: 'checkout' };

describe('mergePolicies', () => {
  it('of none allows everything', () => {
    expect(mergePolicies([])).toEqual({
      allowedModels: null,
      deniedModels: [],
      allowedEndpoints: null,
      deniedEndpoints: [],
      maxContextTokens: null,
      maxOutputTokens: null,
      bodyCapture: null,
    });
  });

  it('allows what all allow, denies what any denies, and takes the lowest cap', () => {
    expect(
      mergePolicies([
        {
          ...nothing,
          subject: key,
          allowedModels: ['a', 'b'],
          deniedEndpoints: ['embeddings'],
          maxOutputTokens: 100,
          whenExceeded: 'clamp',
        },
        {
          ...nothing,
          subject: project,
          allowedModels: ['b', 'c'],
          deniedModels: ['d'],
          deniedEndpoints: ['completions'],
          maxOutputTokens: 100,
          maxContextTokens: 9000,
        },
      ]),
    ).toMatchObject({
      allowedModels: ['b'],
      deniedModels: ['d'],
      deniedEndpoints: ['completions', 'embeddings'],
      maxOutputTokens: {
        tokens: 100,
        whenExceeded: 'refuse',
        subject: project,
      },
      maxContextTokens: { tokens: 9000, subject: project },
    });
  });

  it('keeps bodies as the narrowest that says so has it', () => {
    expect(
      mergePolicies([
        { ...nothing, subject: key },
        { ...nothing, subject: project, bodyCapture: 'metadata' },
        {
          ...nothing,
          subject: { kind: 'organisation', id: 'default' },
          bodyCapture: 'full',
        },
      ]).bodyCapture,
    ).toEqual({ mode: 'metadata', maxBytes: null, subject: project });
  });
});
