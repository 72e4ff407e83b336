import { readOpenAiUsage } from '../../dialects';
import type { ReportedUsage } from '../spec';

/** Reads OpenAI's `usage`, in classes of which none is billed twice. */
export function readUsage(usage: unknown): ReportedUsage {
  const tokens = readOpenAiUsage(usage);
  return tokens ? { kind: 'reported', tokens } : { kind: 'absent' };
}

/** Reads the `usage` of embeddings, which have nothing but a prompt. */
export function readPromptUsage(usage: unknown): ReportedUsage {
  return readUsage(
    typeof usage === 'object' && usage !== null
      ? { completion_tokens: 0, ...usage }
      : usage,
  );
}
